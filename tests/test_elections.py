"""Elections after martial law against sums done by hand, and against a calendar that is turned over day by day."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import elections as hand
from oracles.case import Case

import ukraineplan as up

SIGNATURES = st.dates(date(2023, 1, 1), date(2032, 12, 31))
SOME = settings(max_examples=60, deadline=None)


@pytest.fixture(scope="module")
def plan() -> up.Plan:
    return up.load("us28")


def test_sums_done_by_hand_print_as_published() -> None:
    hand.check_published()


@pytest.mark.parametrize("case", hand.CASES, ids=lambda case: case.id)
def test_formula_equals_the_sum_done_by_hand(case: Case, plan: up.Plan) -> None:
    """Catches wrong arithmetic, a day counted twice, and a convention that takes another branch."""
    found = plan.with_values(**case.values)[case.target].value
    wanted: Any = float(case.expected) if isinstance(case.expected, Fraction) else case.expected
    assert found == wanted, case.because


def test_every_formula_has_a_sum_done_by_hand(plan: up.Plan) -> None:
    """Catches a formula that nobody has worked out on paper."""
    mine = {name for name, f in plan.formulas.items() if f.provision == "elections"}
    assert mine == {case.target for case in hand.CASES}


# ------------------------------------------------------------------------------------------------------
# Against a calendar turned over day by day


@SOME
@given(
    signature=SIGNATURES, further=st.integers(0, 4), at_signature=st.booleans(), on_sunday=st.booleans(), call=st.integers(0, 60)
)
def test_dates_are_those_of_the_calendar(
    plan: up.Plan, signature: date, further: int, at_signature: bool, on_sunday: bool, call: int
) -> None:
    """Catches a term, a leap day or a Sunday that is missed, for any day of signature."""
    found = plan.with_values(
        signature_date=signature,
        further_extensions=further,
        martial_law_end_basis="at_signature" if at_signature else "end_of_term",
        voting_day="sunday" if on_sunday else "any_day",
        election_call=call,
    )
    end = signature if at_signature else hand.term(signature, further=further)
    parliament, president = hand.day(end, call, 60), hand.day(end, call, 90)
    if on_sunday:
        parliament, president = hand.sunday(parliament), hand.sunday(president)
    assert found["martial_law_end"].value == end
    assert found["earliest_parliamentary_election"].value == parliament
    assert found["earliest_presidential_election"].value == president
    assert found["election_deadline_end"].value == signature + timedelta(days=100)
    assert found["election_slack"].value == (signature - president).days + 100


@SOME
@given(
    signature=SIGNATURES, deadline=st.integers(0, 400), call=st.integers(0, 60), parliamentary=st.integers(0, 200),
    presidential=st.integers(0, 200), preparation=st.integers(0, 400),
)  # fmt: skip
def test_from_the_end_of_martial_law_only_durations_count(
    plan: up.Plan, signature: date, deadline: int, call: int, parliamentary: int, presidential: int, preparation: int
) -> None:
    """Catches a date where a duration is meant: the closed form knows no calendar."""
    found = plan.with_values(
        signature_date=signature, election_clock_start="end_of_martial_law", election_deadline=deadline, election_call=call,
        parliamentary_election_process=parliamentary, presidential_election_process=presidential,
        election_preparation=preparation,
    )  # fmt: skip
    assert found["parliamentary_election_slack"].value == deadline - call - parliamentary
    assert found["presidential_election_slack"].value == deadline - call - presidential
    assert found["election_slack"].value == deadline - call - max(parliamentary, presidential)
    assert found["election_days_needed"].value == call + max(parliamentary, presidential)
    assert found["parliamentary_slack_after_preparation"].value == deadline - preparation - parliamentary
    assert found["presidential_slack_after_preparation"].value == deadline - preparation - presidential


@SOME
@given(signature=SIGNATURES, ceasefire=st.integers(0, 200), later=st.integers(0, 100), anew=st.booleans())
def test_a_referendum_waits_for_the_later_of_two(plan: up.Plan, signature: date, ceasefire: int, later: int, anew: bool) -> None:
    """Catches days of ceasefire and days after martial law that are added."""
    found = plan.with_values(
        signature_date=signature, referendum_ceasefire=ceasefire, ceasefire_after_signature=later,
        referendum_restart_counted="yes" if anew else "no",
    )  # fmt: skip
    after_martial_law = hand.day(hand.term(signature), 30 if anew else 0)
    assert found["earliest_referendum"].value == max(hand.day(signature, later, ceasefire), after_martial_law)


# ------------------------------------------------------------------------------------------------------
# Vintages, ranges, and what a text does not state


@pytest.mark.parametrize(
    ("as_of", "end"),
    [
        ("2025-06-30", date(2025, 8, 6)),
        ("2025-07-15", date(2025, 11, 5)),
        ("2025-10-20", date(2025, 11, 5)),
        ("2025-10-21", date(2026, 2, 3)),
        ("2026-01-13", date(2026, 2, 3)),
        ("2026-01-14", date(2026, 5, 4)),
        ("2026-05-04", date(2026, 5, 4)),
        ("2026-05-05", date(2026, 8, 2)),
        ("2026-08-02", date(2026, 8, 2)),
        ("2026-08-03", date(2026, 10, 31)),
    ],
)
def test_martial_law_ends_as_was_known_on_the_day(as_of: str, end: date) -> None:
    """Catches an extension that is known before its vote; after 4 May 2026 the terms are counted off."""
    found = up.load("us28", as_of=as_of)
    assert found["martial_law_end"].value == end
    assert found["signature_date"].value == date.fromisoformat(as_of)
    assert found["martial_law_term_end"].value == min(end, date(2026, 5, 4))


def test_the_presidential_process_is_contested_once_it_was(plan: up.Plan) -> None:
    """Catches a reading of January 2026 that stands in a sheet of November 2025, or none afterwards."""
    later = up.load("us28", as_of="2026-01-06")
    assert plan.parameters["presidential_election_process"].range is None
    assert later.parameters["presidential_election_process"].range == (60, 90)
    assert "two readings" in str(later.parameters["presidential_election_process"].range_because).lower()
    assert "two readings" not in str(plan.parameters["presidential_election_process"].range_because).lower()


def test_the_range_of_a_duration_is_that_of_a_date(plan: up.Plan) -> None:
    """Catches a date without the range of what it rests on: a call on the first day brings the vote 30 days forward."""
    vote = plan["earliest_parliamentary_election"]
    assert (vote.low, vote.value, vote.high) == (date(2026, 4, 4), date(2026, 5, 4), date(2026, 5, 4))
    slack = plan["election_slack"]
    assert (slack.low, slack.value, slack.high) == (-94, -94, -64)


def test_six_months_by_calendar_lie_inside_the_range(plan: up.Plan) -> None:
    """Catches the overview's -170 without the -171 to -174 that real months give."""
    slack = plan.with_values(election_clock_start="end_of_martial_law")["presidential_slack_after_preparation"]
    assert (slack.low, slack.value, slack.high) == (-174, -170, -170)


def test_a_referendum_is_unset_where_no_text_asks_for_a_ceasefire(plan: up.Plan) -> None:
    """Catches a ceasefire of zero days where the text is silent."""
    found = plan["earliest_referendum"]
    assert found.value is None and "referendum_ceasefire" in (found.reason or "")


@pytest.mark.parametrize("name", ["election_slack", "earliest_parliamentary_election", "election_deadline_end"])
def test_an_extension_moves_the_votes_and_not_the_deadline(plan: up.Plan, name: str) -> None:
    """Catches an extension that moves both, or that goes on after martial law was lifted at signature."""
    moved = plan.with_values(further_extensions=1)
    gained = {"election_slack": -90, "earliest_parliamentary_election": timedelta(days=90), "election_deadline_end": timedelta(0)}
    assert moved[name].value - plan[name].value == gained[name]
    lifted = plan.with_values(martial_law_end_basis="at_signature")
    assert lifted.with_values(further_extensions=1)[name].value == lifted[name].value


@pytest.mark.parametrize(
    ("name", "value"), [("further_extensions", 5), ("further_extensions", 1.5), ("election_deadline", -1), ("week", 8)]
)
def test_impossible_values_are_refused(plan: up.Plan, name: str, value: float) -> None:
    """Catches half an extension, more of them than the sessions reach, and a week of eight days."""
    with pytest.raises(up.InvalidValue, match=name):
        plan.with_values(**{name: value})


def test_the_headline_is_a_sentence_of_conditions(plan: up.Plan) -> None:
    """Catches a headline that loses its condition or one of its dates."""
    said = plan["election_slack"].sentence
    assert said.startswith("If 100 days run from 2025-11-21 and martial law ends on 2026-02-03, with 0 further extensions, then")
    assert "−94 days from" in said and "−94 to −64 days" in said
    extended = plan.with_values(further_extensions=1)["election_slack"].sentence
    assert "2026-05-04, with 1 further extensions" in extended and "−184 to −154 days" in extended


def test_the_premises_of_the_law_stand_beside_what_rests_on_them(plan: up.Plan) -> None:
    """Catches a ban on votes, or an extension of 90 days, that no source on the sheet says."""
    assert plan.parameters["martial_law_end_basis"].benchmarks == ("martial_law_art19", "art157_no_martial_law")
    assert "ml_end_20260203" in plan.parameters["martial_law_extension"].benchmarks
    assert "90 days" in up.facts().loc["ml_end_20260203", "quote"]
