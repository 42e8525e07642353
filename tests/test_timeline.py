"""Dates and terms: would catch a day too many, a withdrawal before its day, and a guarantee that nobody stated."""

from datetime import date
from typing import Final

import pytest
from oracles import timeline as by_hand

import ukraineplan as up

TERMS: Final = {
    # row: (years, the first day on which its fact was public)
    "companion_guarantee_expiry": (10, date(2025, 11, 21)),
    "bilateral_guarantee_expiry": (15, date(2025, 12, 29)),
    "shortest_requested_guarantee_expiry": (30, date(2025, 12, 29)),
    "longest_requested_guarantee_expiry": (50, date(2025, 12, 29)),
}


@pytest.fixture(scope="module")
def leak() -> up.Plan:
    return up.load("us28")


def test_figures_in_print_come_out_of_the_sums() -> None:
    by_hand.check_published()


def test_the_headline_computes_at_the_leak(leak: up.Plan) -> None:
    """Catches a headline that needs what happened after the leak."""
    said = leak["new_start_days_left"].sentence
    assert "77 days" in said and "5,803 days" in said and "2025-11-20" in said and "unset" not in said


def test_the_ends_of_the_treaties_were_public_at_the_leak(leak: up.Plan) -> None:
    """Catches an end of New START that counts from the day it happened: it was fixed in 2021."""
    assert leak["new_start_end"].value == date(2026, 2, 5) and leak["new_start_end"].basis == "sourced"
    assert (leak["new_start_days_left"].low, leak["new_start_days_left"].high) == (76, 77)
    assert (leak["start1_days_since_end"].low, leak["start1_days_since_end"].high) == (5_803, 5_834)


@pytest.mark.parametrize("as_of", ["2025-11-21", "2026-06-30"])
def test_days_to_a_treatys_end_count_from_the_draft(as_of: str) -> None:
    """Catches a count that runs from the vintage."""
    assert up.load("us28", as_of=as_of)["new_start_days_left"].value == 77


def test_the_deadline_and_its_withdrawal(leak: up.Plan) -> None:
    """Catches the withdrawal of 25 November at the leak, and the 28 November that some outlets printed."""
    assert leak["answer_deadline"].value == date(2025, 11, 27) and leak["days_to_answer_deadline"].value == 7
    late = ("days_to_deadline_withdrawal", "deadline_days_left_at_withdrawal")
    for name in late:
        assert leak[name].value is None and "2025-11-25" in (leak[name].reason or "")
    assert [up.load("us28", as_of="2025-11-24")[n].value for n in late] == [None, None]
    assert [up.load("us28", as_of="2025-11-25")[n].value for n in late] == [5, 2]


def test_a_text_without_a_term_has_no_end_of_the_guarantee(leak: up.Plan) -> None:
    """Catches the companion draft's ten years in a text that states none."""
    number = leak["guarantee_expiry"]
    assert number.value is None and "guarantee_duration" in (number.reason or "")
    assert leak["companion_guarantee_expiry"].value == date(2035, 11, 21)


@pytest.mark.parametrize("name", TERMS)
def test_terms_beside_the_text_count_from_their_day(name: str) -> None:
    years, since = TERMS[name]
    before = up.load("us28", as_of=date.fromordinal(since.toordinal() - 1))[name]
    after = up.load("us28", as_of=since)[name]
    assert before.value is None and str(since) in (before.reason or "")
    assert after.value == since.replace(year=since.year + years) and after.sources


def test_the_guarantees_end_moves_with_signature_and_with_the_term(leak: up.Plan) -> None:
    """Catches a calendar that is read once and stays as it was."""
    ten = leak.with_values(guarantee_duration=10)
    assert ten["guarantee_expiry"].value == date(2035, 11, 21)
    assert ten.with_values(signature_date="2026-01-01")["guarantee_expiry"].value == date(2036, 1, 1)
    assert ten.with_values(guarantee_duration="15 year")["guarantee_expiry"].value == date(2040, 11, 21)
    assert ten.with_values(signature_date="2028-02-29")["guarantee_expiry"].value == date(2038, 3, 1)


def test_accession_counts_from_signature_over_the_chapters(leak: up.Plan) -> None:
    """Catches days from another start than the one that is said, and chapters that were counted later."""
    dated = leak.with_values(eu_accession_date="2027-01-01")
    assert leak["eu_accession_days"].value is None and dated["eu_accession_days"].value == 406
    assert dated["eu_accession_days_per_chapter"].value is None  # the count of chapters is of December
    later = up.load("us28", as_of="2025-12-12").with_values(eu_accession_date="2027-01-01")
    assert later["eu_accession_days"].value == 385
    assert later["eu_accession_days_per_chapter"].value == pytest.approx(385 / 36)
    assert later["eu_accession_days_per_chapter"].high == pytest.approx(385 / 33)


@pytest.mark.parametrize(
    ("text", "as_of", "ends"),
    [
        ("us28_security", None, date(2035, 11, 21)),
        ("dec20", None, None),
        ("dec20:bilateral_security_draft", None, None),  # public five days after the framework
        ("dec20:bilateral_security_draft", "2025-12-29", date(2040, 12, 29)),
        ("dec20:ukrainian_request", "2025-12-29", None),
    ],
)
def test_each_text_has_its_own_end_of_the_guarantee(text: str, as_of: str | None, ends: date | None) -> None:
    """Catches a document beside a text that counts before its day, or one of three terms taken for the answer."""
    number = up.load(text, as_of=as_of)["guarantee_expiry"]
    assert number.value == ends and (ends is not None or number.reason)


def test_a_request_shows_each_of_its_terms() -> None:
    reason = up.load("dec20:ukrainian_request", as_of="2025-12-29")["guarantee_expiry"].reason or ""
    assert all(f"{years} years" in reason for years in (30, 40, 50))


def test_the_date_of_accession_stands_beside_the_framework_only() -> None:
    """Catches a date of the draft of 12 December in the framework of 24 December."""
    assert up.load("dec20")["eu_accession_days"].value is None
    beside = up.load("dec20:draft_of_12_december")
    assert beside["eu_accession_days"].value == 373
    assert beside["eu_accession_days_per_chapter"].value == pytest.approx(373 / 36)
