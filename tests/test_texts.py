"""What each text does to each lever: against tables made by hand before the code, and the laws of states and vintages.

What these catch: silence that reads as zero, a removed clause that keeps its share, an alternative that stands by default, a
value that falls back to another text's, and a later fact in an earlier vintage.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

import ukraineplan as up
from ukraineplan.evidence import datasets_folder
from ukraineplan.library import check_settings, shipped_library
from ukraineplan.texts import Clause, Setting, Text, read_texts

GOLDEN: Final = Path(__file__).parent / "golden"
LEAK: Final = date(2025, 11, 21)
STATES: Final = {"set", "removed", "not stated", "open", "unknown"}
RESULTS: Final = {"russia_share_of_znpp"}
"""What the table has as a lever and the library computes."""

READINGS: Final = {("e3_wapo", "united_states_share_of_znpp")}
"""Set to 0 as a reading, together with Ukraine's whole output: the table has the words alone, which state no share."""


NO_NUMBER: Final = {"no limit", "as soon as possible"}
"""What the table says of a removed clause in words: nothing that computes is left."""

LATER: Final = {("dec20", "5"), ("dec20", "28"), ("early400", "21"), ("status_quo", "17"), ("us28", "8"), ("us28", "24")}
"""Cells whose reason in the table tells of a day after the text, or leaves out that a number is not public yet."""


def table(name: str) -> list[dict[str, str]]:
    with (GOLDEN / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


LEVERS: Final = table("lever_states.csv")
GRID: Final = table("coverage_grid.csv")


def setting(row: Mapping[str, str]) -> Setting:
    text = shipped_library().texts[row["text"]]
    return (text.choosing(row["alternative"]) if row["alternative"] else text).setting(row["lever"])


def said(value: object) -> str:
    """A value as the table has it: a number without its unit, an option without underscores."""
    text = str(value).removesuffix(" %").removesuffix(" billion USD").replace("_", " ").strip()
    try:
        return f"{float(text):g}" if "-" not in text[1:] else text
    except ValueError:
        return text


def ids(row: Mapping[str, str]) -> str:
    return ":".join(filter(None, [row["text"], row["alternative"], row["lever"]]))


STATED: Final = [r for r in LEVERS if r["lever"] not in RESULTS and (r["text"], r["lever"]) not in READINGS]


@pytest.mark.parametrize("row", STATED, ids=ids)
def test_lever_states_are_those_of_the_table_made_by_hand(row: Mapping[str, str]) -> None:
    found = setting(row)
    assert found.state == row["state"]
    if row["clause"]:  # no deal has no points, and documents beside a text have clauses of their own
        assert found.clause is not None and found.clause.place == row["clause"]
    if row["state"] == "set":
        assert said(found.value) == said(row["value"])
    if row["state"] == "removed":
        library = shipped_library()
        left = (library.specs.get(row["lever"]) or library.levers[row["lever"]]).if_removed
        assert said("" if left is None else left) == said("" if row["value"] in NO_NUMBER else row["value"])


@pytest.mark.parametrize("row", [r for r in LEVERS if r["lever"] in RESULTS], ids=ids)
def test_what_the_two_others_leave_is_russias_share(row: Mapping[str, str]) -> None:
    """The table's share of the third party is a result; where it has no value, neither has the result."""
    name = row["text"] + (f":{row['alternative']}" if row["alternative"] else "")
    found = up.load(name)["russia_share_of_znpp"].value
    assert (found is None) == (row["value"] == "")
    assert found is None or found == pytest.approx(float(row["value"]) / 100)


def test_a_reading_is_marked_as_one() -> None:
    for text, lever in READINGS:
        found = shipped_library().texts[text].setting(lever)
        assert (found.state, found.value) == ("set", "0 %") and "read" in found.reason


@pytest.mark.parametrize("row", GRID, ids=lambda row: f"{row['us28_point']}:{row['text']}")
def test_the_28_points_beside_each_text_are_those_of_the_table_made_by_hand(row: Mapping[str, str]) -> None:
    library = shipped_library()
    text = library.texts[row["text"]]
    assert library.subjects[row["us28_point"]] == row["subject"]
    assert {c.place.replace(" ", "") for c in text.on(row["us28_point"])} == set(row["points"].split())
    cell = text.cell(row["us28_point"])
    assert cell.coverage == row["coverage"]
    if (row["text"], row["us28_point"]) not in LATER:
        assert cell.reason == row["reason"].replace("NotStated", "unset")


def test_28_points_of_7_texts_print_as_one_table_without_a_blank_cell() -> None:
    """Catches a cell that nobody can explain."""
    found = up.coverage("all")
    assert found.shape == (28, 8) and list(found.columns[1:]) == [
        "early400", "us28", "e3_reuters", "e3_wapo", "geneva19", "dec20", "status_quo",
    ]  # fmt: skip
    assert all(str(cell).strip() and str(cell) != "nan" for cell in found.to_numpy().ravel())
    assert "600,000 persons" in found.loc["6", "us28"] and "800,000" in found.loc["6", "dec20"]


# ------------------------------------------------------------------------------------------------------
# Every text as a plan


def every_text() -> Iterator[str]:
    for name, text in shipped_library().texts.items():
        yield name
        for alternative in text.alternatives:
            yield f"{name}:{alternative}"


@pytest.mark.parametrize("name", list(every_text()))
def test_every_lever_of_every_text_has_a_state_and_a_number_or_its_reason(name: str) -> None:
    plan = up.load(name)
    for lever, p in plan.parameters.items():
        if p.role == "lever":
            assert p.state in STATES
            assert (p.value is None) <= bool(plan[lever].reason)
            assert p.value is None or p.state in ("set", "removed")
    for number in plan.values():
        assert number.value is not None or number.reason, number.name


@pytest.mark.parametrize("name", list(every_text()))
def test_no_text_takes_a_lever_of_another(name: str) -> None:
    """Catches a silent fall-back: a value stands only where this text's own clause sets or removes it."""
    plan = up.load(name)
    for lever, p in plan.parameters.items():
        if p.role == "lever" and p.value is not None:
            found = plan._text.setting(lever)
            assert found.state in ("set", "removed") and found.clause in plan._text.clauses, lever


def used_facts(plan: up.Plan) -> dict[str, date]:
    """Every fact that some number of a plan cites, with the day it became public."""
    return {c.fact.id: c.fact.public_since for name in plan for c in plan[name].sources}


@pytest.mark.parametrize("name", list(shipped_library().texts))
def test_at_the_leak_no_fact_is_used_that_became_public_later(name: str) -> None:
    """Beside a text's own clauses, nothing that a reader of 21 November 2025 did not have."""
    plan = up.load(name, as_of="2025-11-21")
    own = {fact for clause in plan._text.clauses for fact in clause.facts}
    late = {fact for fact, since in used_facts(plan).items() if since > LEAK and fact not in own}
    assert not late


def test_at_the_leak_every_headline_of_the_28_points_computes() -> None:
    plan = up.load("us28", as_of="2025-11-21")
    heads = {name: p.key[0] for name, p in shipped_library().provisions.items()}
    assert len(heads) == 10
    unset = {name: plan[head].reason for name, head in heads.items() if plan[head].value is None}
    assert not unset
    for head in heads.values():
        assert plan[head].sentence


def test_prose_of_a_text_does_not_know_what_came_after_it() -> None:
    """Catches a date in the reasons of a text that lies after the text."""
    import re

    for text in shipped_library().texts.values():
        prose = [text.silence, text.elsewhere, *text.not_stated.values(), *text.unknown.values()]
        prose += [cell.reason for cell in text.grid.values()]
        for clause in text.clauses:
            if not clause.beside:
                prose += [clause.summary, clause.reason or "", *clause.because.values(), *clause.variants]
        for year in re.findall(r"\b(20(?:2[6-9]|3\d))\b", " ".join(prose)):
            assert int(year) <= text.date.year or year in ("2026", "2027"), (text.id, year)


# ------------------------------------------------------------------------------------------------------
# Alternatives


def test_alternatives_are_chosen_by_name_and_never_by_default() -> None:
    assert up.load("dec20")["ukraine_share_of_znpp"].value is None
    chosen = up.load("dec20:ukrainian_proposal")
    assert chosen.text == "dec20:ukrainian_proposal" and chosen["ukraine_share_of_znpp"].value == 0.5
    assert chosen["united_states_share_of_znpp"].value == 0.5 and chosen["russia_share_of_znpp"].value == 0
    both = up.load("dec20:option_a,ukrainian_proposal")
    assert both["donetsk_withdrawal_share"].value == 0 and both["ukraine_share_of_znpp"].value == 0.5


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("dec20:option_a,option_b", "are rivals in point 14: choose one of them"),
        ("dec20:option_c", "did you mean 'option_"),
        ("us28:option_a", "no alternative of 'us28'"),
        ("dec21", "did you mean 'dec20'"),
        ("dec20:", "alternative of 'dec20'"),
    ],
)
def test_alternatives_that_do_not_go_together_are_refused(name: str, said: str) -> None:
    with pytest.raises(up.PlanError, match=said):
        up.load(name)


def test_a_document_beside_the_text_counts_from_its_own_day() -> None:
    early = up.load("dec20:bilateral_security_draft")["guarantee_duration"]
    assert early.value is None and "was not public before 2025-12-29" in (early.reason or "")
    assert up.load("dec20:bilateral_security_draft", as_of="2026-01-15")["guarantee_duration"].value == 15


def test_a_document_beside_the_text_is_no_clause_of_it_until_it_is_chosen() -> None:
    """Catches words of 29 December on the sheet of a text of the 24th."""
    late = "15 years, with a possibility for extension"
    assert late not in str(up.fact_sheet(up.load("dec20"), "timeline", format="markdown"))
    chosen = up.load("dec20:bilateral_security_draft", as_of="2026-01-15")
    assert "15 years" in str(up.fact_sheet(chosen, "timeline", format="markdown"))
    used = {f for c in up.load("dec20")._text.clauses for f in c.facts}
    assert "guarantee_15y" not in used


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("guarantee_duration = 15", "guarantee_duratoin = 15", "no lever 'guarantee_duratoin'; did you mean 'guarantee_dur"),
        ('["guarantee_15y"]', '["guarantee_15yr"]', "clause 3 draft: no fact 'guarantee_15yr'; did you mean 'guarantee_15y'"),
    ],
)
def test_a_document_beside_the_text_is_checked_like_its_clauses(tmp_path: Path, old: str, new: str, said: str) -> None:
    """Catches a misspelt lever or quote that nobody sees until the alternative is chosen."""
    source = (datasets_folder() / "texts" / "dec20.toml").read_text(encoding="utf-8")
    assert old in source
    (tmp_path / "dec20.toml").write_text(source.replace(old, new), encoding="utf-8")
    library = shipped_library()
    with pytest.raises(up.DataError, match=said):
        check_settings(replace(library, texts=read_texts(tmp_path, library.evidence)))


def made(**more: Any) -> Text:
    clauses = [
        Clause(point="1", letter="A", summary="One.", coverage="quantified", open={"x": {"a": 1}}),
        Clause(point="1", letter="B", summary="Other.", coverage="quantified", open={"y": {"b": 2}}),
        Clause(point="2", summary="Two.", coverage="quantified", sets={"c": 3}, because={"d": "It names c alone."}),
    ]
    return Text(id="made", title="Made", date=LEAK, clause=clauses, **more)


def test_an_alternative_silences_its_rivals() -> None:
    """Catches a lever that stays open after one of two rivals, which does not mention it, has been chosen."""
    text = made()
    assert [text.setting(n).state for n in "abcd"] == ["open", "open", "set", "not stated"]
    chosen = text.choosing("x")
    assert [chosen.setting(n).state for n in "abcd"] == ["set", "not stated", "set", "not stated"]
    assert text.setting("d").clause == text.clauses[2] and text.setting("d").reason == "It names c alone."


def test_silence_is_what_the_text_says_it_is() -> None:
    text = made(silent="unknown", silence="Not published.", not_stated={"e": "It is public and silent."})
    assert (text.setting("z").state, text.setting("z").reason) == ("unknown", "Not published.")
    assert text.setting("e").state == "not stated"
