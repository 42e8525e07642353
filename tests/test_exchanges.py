"""Prisoners, civilians and children: would catch a count of the future, an averaged count, and a side that is left out."""

from datetime import date
from typing import Final

import pytest
from oracles import exchanges as by_hand

import ukraineplan as up
from ukraineplan.errors import NotStated

BOTH_SIDES: Final = ("prisoners_exchanged_by_russia", "prisoners_exchanged_by_ukraine")
ON_THE_HELD: Final = (
    *BOTH_SIDES, "prisoners_held_ratio", "ukrainians_beyond_equal_numbers", "russians_beyond_equal_numbers",
    "russian_prisoners_no_longer_held", "prisoner_return_duration",
)  # fmt: skip
SAID_ON: Final = date(2026, 2, 14)  # the day of the statement on prisoners held


@pytest.fixture(scope="module")
def leak() -> up.Plan:
    return up.load("us28")


@pytest.fixture(scope="module")
def later() -> up.Plan:
    return up.load("us28", as_of="2026-06-30")


def test_figures_in_print_come_out_of_the_sums() -> None:
    by_hand.check_published()


def test_the_headline_computes_at_the_leak(leak: up.Plan) -> None:
    """Catches a headline that needs a count of 2026."""
    said = leak["children_to_return"].sentence
    assert "18,168" in said and "19,546" in said and "24.6 to 44.2 years" in said and "unset" not in said


@pytest.mark.parametrize("name", ON_THE_HELD)
def test_the_prisoners_held_were_not_public_at_the_leak(leak: up.Plan, name: str) -> None:
    """Catches a count of February 2026 that slips into November 2025, or a zero in its place."""
    number = leak[name]
    assert number.value is None and "2026-02-14" in (number.reason or "")
    with pytest.raises(NotStated):
        _ = number.quantity


@pytest.mark.parametrize(("as_of", "known"), [(SAID_ON.replace(day=13), False), (SAID_ON, True)])
def test_the_prisoners_held_count_from_the_day_of_the_statement(as_of: date, known: bool) -> None:
    plan = up.load("us28", as_of=as_of)
    assert {plan[name].value is not None for name in ON_THE_HELD} == {known}


def test_each_side_has_its_row(later: up.Plan) -> None:
    """Catches a number that moves between the two sides and prints one of them."""
    assert [later[n].value for n in BOTH_SIDES] == [7_000, 4_000]
    assert later["ukrainians_beyond_equal_numbers"].value == 3_000 and later["russians_beyond_equal_numbers"].value == 0
    rows = later.table("exchanges").index
    assert {*ON_THE_HELD} <= {*rows}


@pytest.mark.parametrize(
    ("as_of", "numbered", "in_all"),
    [
        ("2025-01-06", 3_956, None),
        ("2025-10-02", 5_857, 7_000),
        ("2025-10-15", 6_235, 7_000),
        ("2025-11-26", 6_235, 7_000),
        ("2025-11-27", 6_266, 7_000),
        ("2026-03-05", 6_266, 7_000),
        ("2026-03-11", 6_266, 8_000),
        ("2026-03-12", 6_266, 8_050),
    ],
)
def test_the_latest_public_count_leads_in_each_of_the_two_series(as_of: str, numbered: float, in_all: float | None) -> None:
    """Catches a series in the wrong order, a count before its day, and a mean of two definitions."""
    plan = up.load("us28", as_of=as_of)
    assert plan["prisoners_returned_in_numbered_exchanges"].value == numbered
    assert plan["prisoners_returned_in_all"].value == in_all
    assert plan["prisoners_returned"].value == numbered  # the convention; the other count may be unset
    assert plan.with_values(prisoner_count_basis="all_returns")["prisoners_returned"].value == in_all


@pytest.mark.parametrize(("as_of", "returned", "left"), [("2026-02-16", 1_378, 18_168), ("2026-02-17", 2_000, 17_546)])
def test_children_returned_by_date(as_of: str, returned: float, left: float) -> None:
    plan = up.load("us28", as_of=as_of)
    assert plan["children_returned"].value == returned and plan["children_to_return"].value == left


def test_paces_are_those_between_two_counts(leak: up.Plan, later: up.Plan) -> None:
    """Catches days that are miscounted, and a later count in the range at the leak."""
    low, high = float(by_hand.CHILDREN_PACE_SINCE_2022), float(by_hand.CHILDREN_PACE)
    assert leak.parameters["children_return_pace"].range == pytest.approx((low, high))
    assert later.parameters["children_return_pace"].range == pytest.approx((low, float(by_hand.CHILDREN_PACE_LATER)))
    for plan in (leak, later):
        pace = plan.parameters["prisoner_return_pace"]
        assert pace.value == pytest.approx(float(by_hand.PACE)) and pace.basis == "sourced"
        assert pace.range == pytest.approx((float(by_hand.PACE_OF_2024), float(by_hand.PACE_OF_ALL)))
    assert leak.parameters["children_return_pace"].basis == "assumed"  # its first count stands in no quote


def test_a_pace_is_called_past_wherever_it_prints(leak: up.Plan) -> None:
    """Catches arithmetic on the past that reads like a forecast."""
    for name in ("children_return_duration", "prisoner_return_duration"):
        assert "past pace" in leak[name].label
    for name in ("children_return_pace", "prisoner_return_pace"):
        p = leak.parameters[name]
        assert "Past arithmetic" in p.why and "20" in p.label  # the label names the years


def test_civilians_verified_are_a_rival_and_an_end_once_public(leak: up.Plan, later: up.Plan) -> None:
    """Catches the later "about 2,000 verified" at the leak, where only the ombudsman's estimate was public."""
    assert leak["civilians_to_return"].value == 16_000 and leak.parameters["civilians_held"].range is None
    assert later.parameters["civilians_held"].range == (2_000, 16_000)
    assert later.parameters["civilians_held"].competing == ("civilians_held_verified_2000",)


def test_what_has_happened_so_far_does_not_hang_on_the_clause(leak: up.Plan) -> None:
    """Catches a count of the past that a lever moves."""
    nobody = leak.with_values(civilian_return_share=0, prisoner_exchange_share=0)
    for name in ("prisoners_returned", "children_returned_share", "children_not_returned"):
        assert nobody[name].value == leak[name].value
    assert nobody["children_to_return"].value == nobody["civilians_to_return"].value == 0


@pytest.mark.parametrize(
    ("text", "prisoners", "children"),
    [
        ("us28", 7_000, 17_546),
        ("e3_wapo", 7_000, 17_546),
        ("dec20", 7_000, None),
        ("e3_reuters", None, None),
        ("status_quo", None, None),
    ],
)
def test_each_text_computes_what_it_states(text: str, prisoners: float | None, children: float | None) -> None:
    """Catches "all" read into a text that says it of prisoners alone, and a rule where exchanges go by batches."""
    plan = up.load(text, as_of="2026-06-30")
    assert plan["prisoners_exchanged_by_russia"].value == prisoners and plan["children_to_return"].value == children
    assert plan["children_returned_share"].value == pytest.approx(2_000 / 19_546)
