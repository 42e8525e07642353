"""The sheet that compares two sides: what it says, beside the comparison that it is made from.

What these catch: a cell that is blank, or zero where a side gives no number; a difference, bar or share that is not the
comparison's; a sentence that turns the sides around; a text or a point that is passed over.
"""

import re
from datetime import date, timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from page import Page, plain
from two_sides import MADE, own, sides_of

import ukraineplan as up
from ukraineplan.analysis.compare import Comparison
from ukraineplan.report import compare_sheet
from ukraineplan.report.compare_content import ComparedSection, ComparisonContent
from ukraineplan.report.comparison import comparison_content
from ukraineplan.report.content import Bar
from ukraineplan.report.show import DateScale, apart, scale_over

WORDS: Final = {"not stated", "unknown", "open", "removed", "unset"}


@pytest.fixture(scope="module", params=MADE)
def found(request: pytest.FixtureRequest) -> Comparison:
    return MADE[request.param]()


@pytest.fixture(scope="module")
def page(found: Comparison) -> Page:
    return Page(compare_sheet(found).text)


@pytest.fixture(scope="module")
def texts() -> Comparison:
    return MADE["two texts"]()


@pytest.fixture(scope="module")
def values() -> Comparison:
    return MADE["own values"]()


def section(content: ComparisonContent, provision: str) -> ComparedSection:
    return next(s for s in content.sections if s.id == f"p-{provision}")


# ------------------------------------------------------------------------------------------------------
# The table


def test_every_row_is_on_the_sheet_as_the_comparison_has_it(found: Comparison, page: Page) -> None:
    """Catches a row that is left out, and a figure, range or difference that is not the comparison's."""
    rows = {e.attributes["data-name"]: e for e in page.rows()}
    assert set(rows) == {r.name for r in found.rows}
    for r in found.rows:
        a, b, change = sides_of(rows[r.name])
        for number, cell in ((r.a, a), (r.b, b)):
            if number is not None and number.value is not None:
                figure = number.display if isinstance(number.value, str) else apart(number.display)[0]
                assert cell.all("b")[0].text == plain(figure)
                assert plain(number.span) in cell.text or number.span == "–"
        if r.difference is not None and (r.difference.low, r.difference.high) != (0, 0):
            assert change.all("b")[0].text == plain(apart(r.difference.display)[0])
            ends = "" if r.difference.span == "–" else " to ".join(apart(e)[0] for e in r.difference.span.split(" to "))
            assert plain(ends) in change.text


def test_what_is_not_there_is_a_word_with_a_reason(found: Comparison, page: Page) -> None:
    """Catches a blank cell, a zero in place of a missing number, and a word without its reason."""
    rows = {e.attributes["data-name"]: e for e in page.rows()}
    for r in found.rows:
        cells = sides_of(rows[r.name])
        assert all(cell.text for cell in cells) and len(cells) == 3
        for number, cell in zip((r.a, r.b), cells, strict=False):
            lacks = number is None or number.value is None
            assert lacks == ("data-unset" in cell.attributes), r.name
            if lacks:
                assert cell.attributes["data-unset"] in WORDS and not cell.all("b")
                assert any(len(e.text) > 5 for e in cell.all("small")), f"{r.name}: no reason"
        if r.difference is None and any(n is None or n.value is None for n in (r.a, r.b)):
            assert cells[2].attributes["data-unset"] == "unset" and re.search("(A|B|A and B) ha(s|ve) none", cells[2].text)


def test_the_state_of_each_lever_is_that_of_its_text(texts: Comparison) -> None:
    """Catches a lever that is open in the text and reads "unset", and a removed one whose zero has lost the word."""
    shown = {r.name: r for g in comparison_content(texts).groups for r in g.rows}
    for name, r in shown.items():
        for plan, cell in zip((texts.a, texts.b), (r.a, r.b), strict=True):
            p = plan.parameters.get(name)
            if p is not None and p.role == "lever" and p.state != "set":
                assert p.state in (cell.shown.missing, cell.note), name
    assert shown["ukraine_share_of_znpp"].b.shown.missing == "open"
    assert "ukrainian_proposal" in shown["ukraine_share_of_znpp"].b.note


def test_a_clause_that_is_removed_prints_zero_and_the_word() -> None:
    """Catches the zero of a removed clause that looks as if the text had stated it."""
    content = comparison_content(MADE["removed"]())
    principal = next(r for g in content.groups for r in g.rows if r.name == "vehicle_principal")
    assert (principal.b.shown.figure, principal.b.note) == ("$0bn", "removed")


def test_rows_of_a_provision_stand_together(found: Comparison) -> None:
    """Catches a lever below the results that rest on it, and a provision that is split or out of the order of the points."""
    content = comparison_content(found)
    for group in content.groups:
        kinds = [r.kind == "result" for r in group.rows]
        assert kinds == sorted(kinds)
    assert len({g.title for g in content.groups}) == len(content.groups)
    order = [s.id for s in content.sections if s.id in ("p-force_cap", "p-asset_vehicle", "p-znpp")]
    assert order == [i for i in ("p-force_cap", "p-asset_vehicle", "p-znpp") if i in order]


# ------------------------------------------------------------------------------------------------------
# The front page


def test_at_most_five_results_stand_on_the_front_page(found: Comparison) -> None:
    """Catches a front page that is too long, tells of what does not differ, or leaves a provision out for a second of another."""
    content = comparison_content(found)
    moved = [r for r in found.results if r.difference is not None and r.difference.value]
    assert len(content.changed) == min(5, len(moved))
    named = {r.name: r for r in moved}
    provisions = {found.a.formulas[n].provision for n in named if n in found.a.formulas}
    assert len({c.provision for c in content.changed}) >= min(5, len(provisions))
    for c in content.changed:
        assert any((c.a, c.b, c.difference.display) == (r.a.display, r.b.display, r.difference.display)
                   for r in moved if r.a and r.b and r.difference)  # fmt: skip


def test_counts_add_up(texts: Comparison) -> None:
    """Catches a count of results that is not that of the table."""
    content = comparison_content(texts)
    both, every, lack = (int(re.search(p, content.counted)[1])  # type: ignore[index]
                         for p in (r"^(\d+) of", r"of (\d+) results", r"(\d+) (?:has|have) none"))  # fmt: skip
    assert both + lack == every == len(texts.results)
    counted = {label: count for x in content.lacking for label, count in x.inputs}
    needing = sum("vehicle_principal" in texts.b._active_leaves(r.name) for r in texts.results)
    assert counted["Frozen Russian assets put into the US-led vehicle"] == needing


def test_the_title_names_the_sides(found: Comparison) -> None:
    """Catches a finding in the title, and two sides that cannot be told apart."""
    content = comparison_content(found)
    assert content.title.endswith(": what changes in numbers") and found.a._text.title.partition(":")[0] in content.title
    if found.names[0] != found.names[1]:
        assert len({(s.title, s.detail) for s in content.sides}) == 2
    assert all(s.standing for s in content.sides)


# ------------------------------------------------------------------------------------------------------
# Sentences, pictures, shares


def test_the_sentence_says_condition_then_result(texts: Comparison) -> None:
    """Catches a sentence with the sides turned around, or without what stays uncertain."""
    (said,) = section(comparison_content(texts), "force_cap").sentences
    assert said.startswith("If the ceiling on Ukraine's armed forces is 800,000 persons instead of 600,000, then ")
    assert "then the persons above the ceiling: 80,000 persons instead of 280,000, smaller by 200,000 persons, at every" in said
    back = up.compare("dec20", "us28", "force_reduction")
    (said,) = section(comparison_content(back), "force_cap").sentences
    assert "is 600,000 persons instead of 800,000" in said and "larger by 200,000 persons" in said


@pytest.mark.parametrize(
    ("values", "name", "says"),
    [
        ({"us_profit_share": 25}, "us_profit_total", r"is 25 % instead of 50 %, then .*; over .* smaller by \$0bn to \$\d+bn\."),
        ({"us_profit_share": 25}, "vehicle_share_of_immobilised", r"on both sides; nothing that it rests on differs\."),
        ({"vehicle_principal": 50}, "vehicle_share_of_immobilised", r"lower by [\d.]+ percentage points; over"),
        ({"profit_base": "both_200bn"}, "us_profit_total", r"If “What the share .*” is one venture .* instead of the frozen"),
        ({"vehicle_principal": 50}, "us_profit", r"profits in a year in 20\d\d: |in 20\d\d: \$"),
        ({"signature_date": "2026-03-01"}, "nato_change_in_force", r"2026-03-01 instead of .* later by 100 days, at every"),
        ({"signature_date": "2025-11-01"}, "nato_change_in_force", r"earlier by 20 days"),
    ],
)  # fmt: skip
def test_sentences_of_all_kinds(values: dict[str, Any], name: str, says: str) -> None:
    """Catches a share told in per cent, a date told in size, a range with its ends turned around, a year that is not said."""
    content = comparison_content(up.compare("us28", own(**values), name))
    assert re.search(says, content.sections[0].sentences[0].replace("\u202f", " "))


def test_what_cannot_be_computed_is_told(texts: Comparison) -> None:
    """Catches a side without a number about which the section is silent."""
    content = comparison_content(texts)
    for s in content.sections:
        rows = [r for r in texts.results if f"p-{texts.a.formulas[r.name].provision}" == s.id]
        lacks = rows[0].difference is None and any(n is None or n.value is None for n in (rows[0].a, rows[0].b))
        assert ("cannot be computed" in s.sentences[0]) == lacks
    assert "needs “Ukraine's share of the plant's output” (open)" in section(content, "znpp").sentences[0]


def test_strips_are_drawn_as_they_are_told(found: Comparison) -> None:
    """Catches a bar off its number, and a side without a number that is drawn as zero."""
    for s in comparison_content(found).sections:
        for strip in s.strips:
            assert len(strip.rows) == 2 and strip.rows[0].label.startswith("A: ")
            for r in strip.rows:
                assert (r.bar is None) == (r.before == "unset")
                assert r.bar is None or 0 <= r.bar.low <= r.bar.value <= r.bar.high <= 100
    texts = comparison_content(MADE["two texts"]())
    a, b = section(texts, "force_cap").strips[0].rows
    assert (a.bar, b.bar) == (Bar(50.0, 70.0, 95.0), Bar(0.0, 20.0, 45.0))


@given(st.lists(st.integers(700_000, 760_000), min_size=1, max_size=6), st.integers(2, 6))
def test_an_axis_of_dates_holds_its_days(days: list[int], most: int) -> None:
    """Catches a day off the axis, labels that crowd, and an axis of dates that starts from the year 0."""
    scale = scale_over([float(d) for d in days], "date", most)
    assert isinstance(scale, DateScale) and all(0 <= scale.place(float(d)) <= 100 for d in days)
    assert 2 <= len(scale.ticks("date")) <= most + 1 and {date.fromordinal(int(x)).day for x in scale.at()} == {1}
    assert scale.at()[0] > min(days) - timedelta(days=366 * 1001).days


def test_shares_are_those_of_the_decomposition(values: Comparison) -> None:
    """Catches contributions that do not add up, or that are another number's."""
    (shares,) = section(comparison_content(values), "asset_vehicle").shares
    found = up.decompose(values.a, values.b, "us_profit_total")
    assert shares.total[:2] == (found.a.display, found.b.display) and shares.in_order == found.order_matters
    numbers = [float(adds.replace("−", "-").replace("+", "").replace("$", "").removesuffix("bn")) for *_, adds, _ in shares.rows]
    assert numbers == pytest.approx([r.contribution for r in found.rows], abs=0.06)
    assert sum(numbers) == pytest.approx(found.difference, abs=0.2)


def test_one_clause_or_none_needs_no_table(texts: Comparison) -> None:
    """Catches a table of one row, and a difference that is not shared out without a reason."""
    cap = section(comparison_content(texts), "force_cap")
    assert not cap.shares and cap.remarks[0].endswith("“Persons above the ceiling” comes from clause 6 of A → clause 4 of B.")
    result = section(comparison_content(MADE["own result"]()), "asset_vehicle")
    assert not result.shares and "is not shared out by clause: 'us_profit_total' is an input" in result.remarks[0]


# ------------------------------------------------------------------------------------------------------
# The texts


def test_each_side_says_what_its_clauses_say(texts: Comparison) -> None:
    """Catches a clause of the other text, a quote that is not the clause's, and a quote of a day to come."""
    facts = texts.a._library.evidence.facts
    for s in comparison_content(texts).sections:
        for side, plan in zip(s.sides, (texts.a, texts.b), strict=True):
            clauses = {(c.place, " ".join(c.summary.split()).replace(" %", "\u202f%")): c for c in plan._text.clauses}
            assert side.clauses or (side.word in WORDS and side.reason)
            for said in side.clauses:
                clause = clauses[said.place, said.summary]
                public = [facts[f].quote for f in clause.facts if facts[f].is_public(plan.as_of)]
                assert (said.lead and said.lead.text) == (public[0] if public else None)
                assert said.standing


def test_the_28_points_are_all_accounted_for(found: Comparison) -> None:
    """Catches a point that the sheet passes over, and a cell of it that is blank."""
    content = comparison_content(found)
    points = [s.point for s in content.subjects]
    assert sorted([*points, *content.untouched], key=int) == [str(n) for n in range(1, 29)]
    for s in content.subjects:
        assert len(s.sides) == len(content.subjects_heads)
        assert all(x.clauses or (x.word and x.reason) for x in s.sides)


def test_terms_stand_once(found: Comparison, page: Page) -> None:
    """Catches a lever that differs and stands nowhere, or twice."""
    rows = {r.name for r in found.rows}
    told = [e.attributes["data-lever"] for e in page.root.all("tr") if "data-lever" in e.attributes]
    assert told == [t.lever for t in found.terms if t.lever not in rows]
    for t in comparison_content(found).terms:
        assert all((x.said or x.word) and x.reason for x in (t.a, t.b))


def test_one_text_is_printed_once(values: Comparison) -> None:
    """Catches the same clauses twice where both sides have one text."""
    content = comparison_content(values)
    assert len(content.subjects_heads) == 1 and all(len(s.sides) == 1 for s in content.sections)


def test_nothing_differs() -> None:
    """Catches a sheet of two equal sides that finds a difference, or breaks."""
    content = comparison_content(MADE["the same"]())
    assert not content.changed and not content.terms and "none of them differ" in content.counted
    for s in content.sections:
        assert not s.shares and not s.remarks
        assert re.search("nothing that it rests on differs|cannot be computed for either side", s.sentences[0])
    rows = [r for g in content.groups for r in g.rows]
    assert {r.difference.shown.words or r.difference.shown.missing for r in rows} <= {"no difference", "unset"}
