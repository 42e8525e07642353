"""A number over values that may be negotiated: against hand arithmetic, and cell by cell against plans with those values.

These would catch a table that is turned around, rows in another order, a cell of another plan, a share typed as a fraction.
"""

import dataclasses
import pickle
from fractions import Fraction
from importlib.util import find_spec
from itertools import count
from typing import Any

import numpy as np
import pytest
from support import made

import ukraineplan as up
from ukraineplan.analysis.frontier import MOST_BOUNDED, MOST_CELLS, Frontier, frontier

CAPS = range(400_000, 900_001, 100_000)


@pytest.fixture(scope="module")
def plan() -> up.Plan:
    return up.load("us28")


def exact(plan: up.Plan, name: str) -> Fraction:
    """A parameter's value in the unit of its data file, as the decimal that it prints."""
    return Fraction(repr(plan.parameters[name].value))


# ------------------------------------------------------------------------------------------------------
# By hand


def test_a_reduction_over_ceilings(plan: up.Plan) -> None:
    found = frontier(plan, "force_reduction", over={"force_cap": CAPS})
    assert found.values.tolist() == [max(880_000 - cap, 0) for cap in CAPS]
    frame = found.to_frame()
    assert list(frame.columns) == ["force_cap", "value", "low", "high", "unit"]
    assert frame["force_cap"].tolist() == list(CAPS) and set(frame["unit"]) == {"person"}
    assert frame["low"].tolist() == [max(800_000 - cap, 0) for cap in CAPS]
    assert frame["high"].tolist() == [max(980_000 - cap, 0) for cap in CAPS]
    assert found.sentence == ("Persons above the ceiling: from 0 persons (900,000 persons) to 480,000 persons (400,000 persons) "
                              "over 'Ceiling on Ukraine's armed forces', all else as it is.")  # fmt: skip


def test_a_split_of_an_output_from_none_to_all(plan: up.Plan) -> None:
    full = (exact(plan, "znpp_units_available") * exact(plan, "znpp_unit_capacity_net") * exact(plan, "znpp_capacity_factor")
            / 100 * exact(plan, "hours_per_year") / 10**6)  # fmt: skip
    found = frontier(plan, "ukraine_znpp_output", over={"ukraine_share_of_znpp": np.linspace(0, 100, 11)})
    assert found.values == pytest.approx([float(full * s / 100) for s in range(0, 101, 10)], rel=1e-12)
    other = frontier(plan, "russia_znpp_output", over={"ukraine_share_of_znpp": np.linspace(0, 100, 11)})
    assert found.values + other.values == pytest.approx(float(full), rel=1e-12)


def test_a_profit_over_shares_from_none_to_half(plan: up.Plan) -> None:
    found = frontier(plan, "us_profit_total", over={"us_profit_share": [0, 10, "20 %", "0.5 ratio"]})
    at_half = Fraction("12.486875")  # of the text, with all else as it is
    assert found.values == pytest.approx([0, float(at_half / 5), float(at_half / 5 * 2), float(at_half)], rel=1e-12)
    assert found.to_frame()["us_profit_share"].tolist() == [0, 10, 20, 50]


def test_text_with_a_unit_is_in_the_unit_of_the_number(plan: up.Plan) -> None:
    found = frontier(plan, "vehicle_capital", over={"vehicle_principal": ["50000 million USD", 80]})
    assert found.over == {"vehicle_principal": (50, 80)} and found.values.tolist() == [50, 80]


# ------------------------------------------------------------------------------------------------------
# Cell by cell


GRIDS: dict[str, dict[str, Any]] = {
    "force_external_financing": {"force_cap": CAPS, "soldier_cost_basis": ["wartime", "peacetime_pay"]},
    "us_profit_present_value": {"profit_base": ["both_200bn", "first_100bn"], "us_profit_share": [0, 50], "vehicle_life": [5, 9]},
    "us_profit": {"vehicle_return": [-5, 10], "vehicle_drawdown_years": [1, 3.5]},
    "ukraine_znpp_output": {"hours_per_year": [8784, 8760], "output_basis": ["gross", "net"]},
    "us_profit_total": {"vehicle_capital": [50, "200 billion USD"], "us_profit_share": [10, 50]},
    "windfall_forgone": {"windfall_basis": ["paid", "due"], "vehicle_principal": [0, 100]},
}


@pytest.mark.parametrize("target", GRIDS)
def test_each_cell_is_the_plan_with_its_values(target: str, plan: up.Plan) -> None:
    found = frontier(plan, target, over=GRIDS[target])
    frame = found.to_frame()
    assert found.values.shape == tuple(len(list(values)) for values in GRIDS[target].values()) and not found.blanks
    for _, row in frame.iterrows():
        given = {n: row[n] if isinstance(row[n], str) else f"{row[n]!r} {unit(plan, n)}" for n in GRIDS[target]}
        value, low, high = plan.with_values(**given)[target].shown
        wanted = [value, value if low is None else low, value if high is None else high]
        assert row[["value", "low", "high"]].tolist() == pytest.approx(wanted, rel=1e-12, abs=1e-15), given


def unit(plan: up.Plan, name: str) -> str:
    return plan.parameters[name].unit if name in plan.parameters else plan[name].unit


def test_rows_come_in_the_order_given_the_last_name_first(plan: up.Plan) -> None:
    over = {"soldier_cost_basis": ["peacetime_pay", "wartime"], "force_cap": [800_000, 400_000]}
    found = frontier(plan, "force_upkeep", over=over)
    frame = found.to_frame()
    assert list(zip(frame["soldier_cost_basis"], frame["force_cap"], strict=True)) == [
        ("peacetime_pay", 800_000), ("peacetime_pay", 400_000), ("wartime", 800_000), ("wartime", 400_000),
    ]  # fmt: skip
    table = found.table()
    assert table.index.name == "soldier_cost_basis" and table.columns.name == "force_cap"
    assert table.loc["wartime", 400_000] == plan.with_values(force_cap=400_000)["force_upkeep"].value
    peacetime = plan.with_values(soldier_cost_basis="peacetime_pay", force_cap=800_000)
    assert table.loc["peacetime_pay", 800_000] == peacetime["force_upkeep"].value
    assert "from UAH 264bn a year (the planned pay of a soldier in peacetime and 400,000 persons)" in found.sentence


def test_a_value_given_twice_counts_once(plan: up.Plan) -> None:
    found = frontier(plan, "ukraine_znpp_output", over={"ukraine_share_of_znpp": [50, "50 %", 60, 50.0]})
    assert found.over["ukraine_share_of_znpp"] == (50, 60) and found.values.shape == (2,)


def test_a_yearly_number_is_that_of_its_headline_year(plan: up.Plan) -> None:
    found = frontier(plan, "us_profit", over={"vehicle_return": [6]})
    assert found.values[0] == plan.with_values(vehicle_return=6)["us_profit"].value[9]
    assert found.sentence == ("Profit for the United States in 2035: $2.25bn a year at every combination of 'Return of the "
                              "vehicle before fees'.")  # fmt: skip


def test_a_large_grid_has_no_ends(plan: up.Plan) -> None:
    caps = np.linspace(400_000, 900_000, MOST_BOUNDED + 1).round()
    found = frontier(plan, "force_reduction", over={"force_cap": caps})
    assert found.ends is None and list(found.to_frame().columns) == ["force_cap", "value", "unit"]
    assert found.values == pytest.approx(np.maximum(880_000 - caps, 0)) and "low" not in found.method
    assert "low and high" in frontier(plan, "force_reduction", over={"force_cap": caps[1:]}).method


# ------------------------------------------------------------------------------------------------------
# Blank cells


def test_shares_above_the_whole_leave_a_blank_and_a_reason(plan: up.Plan) -> None:
    over = {"ukraine_share_of_znpp": [50, 80], "united_states_share_of_znpp": [0, 20, 50]}
    found = frontier(plan, "russia_znpp_output", over=over)
    full = plan["znpp_output_full_year"].value
    wanted = np.array([[0.5, 0.3, 0.0], [0.2, 0.0, np.nan]]) * full
    np.testing.assert_allclose(found.values, wanted, rtol=1e-12, atol=1e-12)
    assert list(found.blanks) == [(1, 2)] and "add up to 130, more than 100" in found.blanks[1, 2]
    assert "1 of 6 combinations left blank, the first because ukraine_share_of_znpp=80 and" in found.sentence
    frame = found.to_frame()
    assert frame[["value", "low", "high"]].isna().all(axis=1).tolist() == [False] * 5 + [True]
    lone = frontier(plan, "ukraine_znpp_output", over={"ukraine_share_of_znpp": [100]})
    assert lone.values[0] == pytest.approx(full)  # beside the present share of the United States, none
    every = frontier(plan, "russia_znpp_output", over={"ukraine_share_of_znpp": [90], "united_states_share_of_znpp": [50]})
    assert every.sentence.startswith("Electricity for Russia: no value at any combination of")


def test_a_division_by_zero_leaves_a_blank_and_a_reason(plan: up.Plan) -> None:
    found = frontier(plan, "era_loan_cover_years", over={"windfall_rate": [0, 100]})
    assert np.isnan(found.values[0]) and found.values[1] > 0 and "which is 0" in found.blanks[0,]


def test_an_option_without_a_fact_leaves_a_blank_and_a_reason() -> None:
    early = up.load("us28", as_of="2025-06-01").with_values(gross_domestic_product=10_294)
    found = frontier(early, "force_upkeep", over={"soldier_cost_basis": ["wartime", "peacetime_pay"]})
    assert len(found.blanks) == 1 and np.isnan(found.values).sum() == 1
    (reason,) = found.blanks.values()
    assert "no fact about it was public on 2025-06-01" in reason


def test_values_may_be_named_for_what_is_unset() -> None:
    early = up.load("us28", as_of="2000-01-01")
    assert early["force_reduction"].value is None
    found = frontier(early, "force_reduction", over={"force_cap": [600_000], "force_strength": [700_000, 800_000]})
    assert found.values.tolist() == [[100_000, 200_000]] and found.number.value is None
    with pytest.raises(up.NotStated, match="force_reduction is unset"):
        frontier(early, "force_reduction", over={"force_cap": [600_000, 700_000]})


# ------------------------------------------------------------------------------------------------------
# What is asked


@pytest.mark.parametrize(
    ("target", "over", "error", "said"),
    [
        ("force_reductoin", {"force_cap": [1]}, up.UnknownName, "did you mean 'force_reduction'"),
        ("force_reduction", {"force_capp": [1]}, up.UnknownName, "did you mean 'force_cap'"),
        ("force_reduction", {3: [1]}, up.UnknownName, "no number '3'"),
        ("force_reduction", {"force_reduction": [1]}, up.InvalidValue, "is the target itself"),
        ("force_reduction", {"vehicle_return": [1]}, up.InvalidValue, "depend on vehicle_return: it depends on force_cap and"),
        ("force_strength", {"force_cap": [1]}, up.InvalidValue, "does not depend on force_cap"),
        ("profit_base", {"force_cap": [1]}, up.InvalidValue, "label"),
        ("force_reduction", {}, up.InvalidValue, "over takes names with their values"),
        ("force_reduction", None, up.InvalidValue, "over takes names with their values"),
        ("force_reduction", ["force_cap"], up.InvalidValue, "over takes names with their values"),
        ("force_reduction", {"force_cap": []}, up.InvalidValue, "takes a list of values, such as .*, got none"),
        ("force_reduction", {"force_cap": 600_000}, up.InvalidValue, "takes a list of values, such as .*, got 600000"),
        ("force_reduction", {"force_cap": "600000"}, up.InvalidValue, "takes a list of values"),
        ("force_reduction", {"force_cap": ["many"]}, up.InvalidValue, "force_cap needs a number with a unit"),
        ("force_reduction", {"force_cap": [np.nan]}, up.InvalidValue, "finite"),
        ("force_reduction", {"force_cap": [-1]}, up.InvalidValue, "force_cap is at least 0 persons"),
        ("force_reduction", {"force_cap": [0.5]}, up.InvalidValue, "whole number"),
        ("us_profit_total", {"us_profit_share": [0.5]}, up.InvalidValue, "ambiguous: write '0.5 %' or '50 %'"),
        ("us_profit_total", {"vehicle_principal": ["1 billion EUR"]}, up.UnitError, "is in billion US dollars"),
        ("us_profit_total", {"profit_base": ["first"]}, up.InvalidValue, "is one of first_100bn, both_200bn"),
        ("us_profit_total", {"vehicle_capital": ["much"]}, up.InvalidValue, "vehicle_capital needs a number"),
        ("force_reduction", {"force_cap": range(MOST_CELLS + 1)}, up.InvalidValue, "more than 10,000 values"),
        ("force_reduction", {"force_cap": count()}, up.InvalidValue, "more than 10,000 values"),
        ("force_upkeep", {"force_cap": range(200), "soldier_cost_wartime": range(51)}, up.InvalidValue, "has 10,200 combi"),
    ],
)  # fmt: skip
def test_bad_input_is_one_clear_line(target: str, over: Any, error: type[Exception], said: str, plan: up.Plan) -> None:
    with pytest.raises(error, match=said) as refused:
        frontier(plan, target, over=over)
    assert "\n" not in str(refused.value)


# ------------------------------------------------------------------------------------------------------
# What is answered


def two(plan: up.Plan) -> Frontier:
    return frontier(plan, "us_profit_total", over={"us_profit_share": [0, 50], "profit_base": ["first_100bn", "both_200bn"]})


def test_an_answer_is_frozen_pickles_and_shows_itself(plan: up.Plan) -> None:
    found = two(plan)
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.values = None  # type: ignore[misc, assignment]
    with pytest.raises(ValueError, match="read-only"):
        found.values[0, 0] = 1
    copied = pickle.loads(pickle.dumps(found))
    assert copied.to_frame().equals(found.to_frame()) and copied.sentence == found.sentence
    assert "<table" in found._repr_html_() and found.method and found.error


def test_more_than_two_names_have_a_frame_but_no_table_and_no_picture(plan: up.Plan) -> None:
    three = frontier(plan, "us_profit_total", over={"us_profit_share": [0, 50], "vehicle_return": [5, 6], "vehicle_fee": [0, 1]})
    assert len(three.to_frame()) == 8 and "<table" in three._repr_html_()
    with pytest.raises(up.InvalidValue, match="a table has two names, one down and one across, got 3: use to_frame"):
        three.table()
    with pytest.raises(up.InvalidValue, match="a picture has one name or two, got 3: use to_frame"):
        three.plot()


def test_a_formula_of_a_users_has_a_frontier(plan: up.Plan) -> None:
    own = plan.with_formula(made("y(us_profit_share: Share) -> Share", "us_profit_share * us_profit_share"))
    assert frontier(own, "y", over={"us_profit_share": [10, 50]}).values == pytest.approx([0.01, 0.25])


@pytest.mark.skipif(find_spec("matplotlib") is None, reason="matplotlib is missing: pip install 'ukraineplan[plot]'")
def test_pictures_are_drawn(plan: up.Plan) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    one = frontier(plan, "force_reduction", over={"force_cap": CAPS})
    labels = frontier(plan, "us_profit_total", over={"profit_base": ["first_100bn", "both_200bn"]})
    for found in (one, labels, two(plan)):
        axes = found.plot()
        assert found.number.label in axes.figure.get_suptitle() and axes.has_data()
        pyplot.close(axes.figure)
