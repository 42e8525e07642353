"""Tornado, bounds and "if instead" rows against brute force; would catch an input that is moved too far or not at all."""

import dataclasses
import pickle
import sys
from datetime import date
from importlib.util import find_spec
from typing import Any, Final

import numpy as np
import pandas as pd
import pytest
from support import central, graph, parameters

import ukraineplan as up
from ukraineplan import words
from ukraineplan.analysis.alternatives import alternatives, rivals
from ukraineplan.analysis.tornado import Swing
from ukraineplan.units import BillionUSDPerYear

TARGETS: Final = (
    "force_reduction",
    "force_upkeep",
    "force_external_financing",
    "demobilisation_duration",
    "us_profit_total",
    "us_profit_present_value",
    "vehicle_money_for_ukraine_present_value",
    "break_even_return",
    "reconstruction_coverage",
    "vehicle_share_of_immobilised",
    "windfall_forgone",
    "era_loan_cover_years",
    "ukraine_znpp_output",
    "russia_znpp_value",
    "znpp_equal_value_share",
    "znpp_emissions_avoided",
)
YEARLY: Final = ("us_profit", "vehicle_net_asset_value", "vehicle_profit", "znpp_output", "znpp_units_running")
STEPS: Final = 41


@pytest.fixture(scope="module")
def plan() -> up.Plan:
    return up.load("us28")


def shown(name: str, found: Any) -> Any:
    """The headline year of a yearly number: year 10 in all four provisions."""
    return found[9] if graph().yearly(name) else found


def brute(target: str, name: str) -> tuple[float, float]:
    """Lowest and highest result over a fine grid of one input, all else central."""
    p = parameters()[name]
    if p.choices:
        tried: Any = [p.in_formulas(c) for c in p.choices]
    else:
        low, high = p.range or (p.value, p.value)
        grid = np.arange(low, high + 1) if p.whole and high - low < 1000 else np.linspace(low, high, STEPS)
        tried = [p.in_formulas(float(x)) for x in grid]
    results = [float(shown(target, graph().run(central() | {name: x}, [target])[target])) for x in tried]
    return np.nanmin(results), np.nanmax(results)  # where it divides by zero there is no result


# ------------------------------------------------------------------------------------------------------
# Tornado


@pytest.mark.parametrize("target", [*TARGETS, *YEARLY])
def test_each_swing_is_that_of_a_fine_grid_of_one_input(target: str, plan: up.Plan) -> None:
    found = up.tornado(plan, target)
    assert found.value == plan[target].shown_value
    for row in (*found.rows, *found.levers):
        low, high = brute(target, row.name)
        assert row.low == pytest.approx(low, rel=1e-9, abs=1e-12) and row.high == pytest.approx(high, rel=1e-9, abs=1e-12), (
            row.name
        )
        assert row.low <= found.value + 1e-12 and found.value <= row.high + 1e-12 and row.swing == row.high - row.low, row.name


@pytest.mark.parametrize("target", [*TARGETS, *YEARLY])
def test_every_input_has_a_row_and_the_largest_comes_first(target: str, plan: up.Plan) -> None:
    found = up.tornado(plan, target)
    needed = {n for n in plan.parameters if n in graph().needs(target)}
    free = {n for n in needed if plan.parameters[n].role != "lever"}
    movable = {n for n in free if plan.parameters[n].role == "convention" or plan.parameters[n].range}
    assert {row.name for row in found.rows} == movable
    assert {row.name for row in found.levers} <= {n for n in needed if plan.parameters[n].role == "lever"}
    swings = [row.swing for row in found.rows]
    assert swings == sorted(swings, reverse=True)
    for row in found.rows:
        p = plan.parameters[row.name]
        assert (row.label, row.role, row.basis) == (p.label, p.role, p.basis)


def test_levers_move_through_what_has_been_on_the_table(plan: up.Plan) -> None:
    # "levers included and tagged": the frame has a row for the share that negotiators argue about
    frame = up.tornado(plan, "us_profit_total").to_frame()
    assert frame.loc["us_profit_share", "role"] == "lever"
    assert frame.loc["us_profit_share", "low"] == pytest.approx(0) and frame.loc["us_profit_share", "high"] == pytest.approx(
        12.486875
    )


@pytest.mark.parametrize("target", [*TARGETS, "us_profit"])
def test_the_places_of_the_ends_give_the_ends(target: str, plan: up.Plan) -> None:
    found = up.tornado(plan, target)
    for row in found.rows:
        p = plan.parameters[row.name]
        if p.choices or not row.swing:
            continue
        assert p.range is not None
        ends = {plan.with_values(**{row.name: f"{end!r} {p.unit}"})[row.name].display: end for end in p.range}
        for place, result in ((row.at_low, row.low), (row.at_high, row.high)):
            if place in ends:
                value = plan.with_values(**{row.name: f"{ends[place]!r} {p.unit}"})[target].shown_value
                assert value == pytest.approx(result, rel=1e-9, abs=1e-12), (row.name, place)


def test_what_is_set_does_not_move(plan: up.Plan) -> None:
    names = {row.name for row in up.tornado(plan.with_values(vehicle_return=8, profit_base="both_200bn"), "us_profit_total").rows}
    assert "vehicle_return" not in names and "profit_base" not in names and "vehicle_life" in names


def test_the_sentence_of_a_tornado(plan: up.Plan) -> None:
    found = up.tornado(plan, "us_profit_total")
    moving = [row for row in found.rows if row.swing]
    assert found.sentence.startswith(f"{plan['us_profit_total'].label}: of {len(moving)} inputs ({len(moving)} assumed) ")
    assert "'Return of the vehicle before fees' moves it most, from $" in found.sentence
    assert "(−5\u202f% a year to 10\u202f% a year). " in found.sentence
    assert found.sentence.endswith("The top three change when the assumed ranges are doubled.")


def test_the_standing_of_a_tornado_is_that_of_other_ranges(plan: up.Plan) -> None:
    """Catches a standing that is claimed and not computed: the ranges doubled by hand, with parameters of one's own."""
    wide = plan
    for name in ("vehicle_return", "vehicle_fee", "vehicle_life", "vehicle_drawdown_years"):
        p = plan.parameters[name]
        low, high = (p.value + 2 * (end - p.value) for end in p.range)
        ends = max(low, p.limits[0]), min(high, p.limits[1])
        wide = wide.with_parameter(dataclasses.replace(p, range=ends, range_facts=(), benchmarks=()))
    top, other = ([r.name for r in up.tornado(of, "us_profit_total").rows[:3]] for of in (plan, wide))
    assert set(top) != set(other)


def test_a_ranking_of_sourced_ranges_has_none_to_halve(plan: up.Plan) -> None:
    """Catches a promise about ranges that are not assumed."""
    assert up.tornado(plan, "znpp_equal_value_share").sentence.endswith("None of their ranges is assumed.")
    assert up.tornado(plan, "force_reduction").standing == ""
    assert "of 1 input (1 assumed)" in up.tornado(plan, "vehicle_capital").sentence
    held = plan.with_values(profit_base="first_100bn")
    assert up.tornado(held, "vehicle_capital").sentence == "Capital whose profit is shared: nothing that is uncertain moves it."


def test_the_frame_of_a_tornado(plan: up.Plan) -> None:
    found = up.tornado(plan, "us_profit_total")
    frame = found.to_frame()
    assert {"label", "role", "basis", "low", "high", "swing", "at_low", "at_high", "unit"} <= set(
        frame.columns
    ) and frame.index.name == "name"
    assert set(frame["unit"]) == {"billion USD"} and list(frame.index) == [r.name for r in (*found.rows, *found.levers)]
    assert found.method and found.error and "<table" in found._repr_html_()


# ------------------------------------------------------------------------------------------------------
# Bounds


@pytest.mark.parametrize("target", TARGETS)
def test_no_draw_lies_outside_bounds(target: str, plan: up.Plan) -> None:
    found = up.bounds(plan, target)
    rng = np.random.default_rng(1)
    values = central()
    for name, p in parameters().items():
        if p.role == "uncertainty" and p.range:
            low, high = p.range
            if isinstance(low, date):  # a date is drawn by its number
                low, high = low.toordinal(), high.toordinal()
            drawn = rng.integers(int(low), int(high) + 1, 2000).astype(float) if p.whole else rng.uniform(low, high, 2000)
            values[name] = p.in_formulas(drawn)
    results = graph().run(values, [target])[target]
    room = 1e-9 * max(abs(found.low), abs(found.high))
    assert found.low - room <= np.min(results) and np.max(results) <= found.high + room
    assert found.method in (
        "proven",
        "largest found at the ends of the ranges",
        "largest found in a search over the ends of the ranges",
    )


@pytest.mark.parametrize("target", TARGETS)
def test_bounds_are_reached_where_they_say(target: str, plan: up.Plan) -> None:
    found = up.bounds(plan, target)
    for end, places in ((found.low, found.extremes.at_low), (found.high, found.extremes.at_high)):
        result = graph().run(central() | dict(places), [target])[target]
        assert result == pytest.approx(end, rel=1e-9, abs=1e-12)
    inputs = found.inputs()
    assert list(inputs.columns) == ["at low", "at high"] and set(inputs.index) == set(found.extremes.at_low)


def test_bounds_worked_out_by_hand(plan: up.Plan) -> None:
    total, present = up.bounds(plan, "us_profit_total"), up.bounds(plan, "us_profit_present_value")
    assert (total.low, round(total.high)) == (pytest.approx(0, abs=1e-9), 100) and round(present.high) == 68
    held = up.bounds(plan.with_values(vehicle_return="5 %/year"), "us_profit_total")
    assert round(held.low, 1) == 0.2 and round(held.high) == 50
    demobilisation = up.bounds(plan, "demobilisation_cost")
    assert (round(demobilisation.low, 2), round(demobilisation.high, 1)) == (0.20, 6.7)  # 6.65
    duration = up.bounds(plan, "demobilisation_duration")
    assert (round(duration.low, 1), round(duration.high, 1)) == (0.7, 10.1)
    held = up.bounds(plan.with_values(force_strength=880_000), "demobilisation_duration")
    assert (round(held.low, 1), round(held.high, 1)) == (1.0, 7.5)
    forgone = up.bounds(plan, "windfall_forgone")
    assert (round(forgone.low, 1), round(forgone.high, 1)) == (1.0, 2.1)
    for basis, low, high in (("energy_only", 12, 21), ("one_part", 16, 29)):
        share = up.bounds(plan.with_values(power_price_basis=basis), "znpp_equal_value_share")
        assert (round(100 * share.low), round(100 * share.high)) == (low, high)


@pytest.mark.parametrize(
    "target", ["us_profit_total", "us_profit", "vehicle_return", "force_cap", "vehicle_capital", "era_loan_cover_years"]
)
def test_the_fields_of_bounds(target: str, plan: up.Plan) -> None:
    found = up.bounds(plan, target)
    assert found.number == plan[target] and found.method and found.error and isinstance(found.extremes.proven, bool)
    assert np.all(np.asarray(found.low) <= plan[target].value) and np.all(plan[target].value <= np.asarray(found.high))
    said = found.sentence
    assert plan[target].label in said and plan[target].display in said and "–" not in said, said
    frame = found.to_frame()
    assert list(frame.columns) == ["value", "low", "high", "unit", "method", "error"] and len(frame) == (
        30 if graph().yearly(target) else 1
    )
    assert found._repr_html_().startswith("<p>")


def test_the_sentence_of_yearly_bounds_names_its_year(plan: up.Plan) -> None:
    assert "2035" in up.bounds(plan, "us_profit").sentence and "2035" in up.tornado(plan, "us_profit").sentence


def test_bounds_of_an_uncertain_parameter_are_its_range(plan: up.Plan) -> None:
    found = up.bounds(plan, "vehicle_return")
    assert (found.low, found.high, found.method) == (-0.05, 0.10, "proven")
    held = up.bounds(plan, "force_cap")
    assert (held.low, held.high) == (600_000, 600_000)


# ------------------------------------------------------------------------------------------------------
# If instead


@pytest.mark.parametrize("target", TARGETS)
def test_each_other_option_has_a_row_with_its_value(target: str, plan: up.Plan) -> None:
    rows = alternatives(plan, target).rows
    expected = {
        (n, c)
        for n, p in plan.parameters.items()
        if p.role == "convention" and n in graph().needs(target)
        for c in p.choices
        if c != p.value
    }
    assert {(row.name, row.choice) for row in rows} == expected
    for row in rows:
        wanted = graph().run(central() | {row.name: plan.parameters[row.name].in_formulas(row.choice)}, [target])[target]
        assert row.number.value == pytest.approx(wanted, rel=1e-12), row.name


def test_an_option_without_a_public_fact_says_so() -> None:
    early = up.load("us28", as_of="2025-06-01").with_values(gross_domestic_product=10_294)
    (row,) = [r for r in alternatives(early, "force_upkeep").rows if r.name == "soldier_cost_basis"]
    assert row.number.value is None and "no fact about it was public on 2025-06-01" in (row.number.reason or "")


def test_each_published_figure_has_its_result(plan: up.Plan) -> None:
    found = rivals(plan, "force_reduction", "force_strength")
    results = {r.citation.fact.id: r.number.value for r in found}
    assert (
        results["uaf_980k_jan2025"] == 380_000
        and results["uaf_over_800k_umerov_2023"] == 200_000
        and results["gfp2025_ukraine_900k"] == 300_000
    )
    assert "iiss_2026_ukraine_677k" not in results  # known later
    assert [r.citation.fact.id for r in found if r.used] == ["uaf_880k_jan2025"]
    assert [r.number.value for r in found] == sorted((r.number.value for r in found), reverse=True)
    assert rivals(plan, "us_profit_total", "vehicle_return") == ()


# ------------------------------------------------------------------------------------------------------
# All analyses


ANALYSES: Final = {"tornado": up.tornado, "bounds": up.bounds, "alternatives": alternatives}


@pytest.mark.parametrize("name", ANALYSES)
def test_an_analysis_is_frozen_pickles_and_shows_itself(name: str, plan: up.Plan) -> None:
    found = ANALYSES[name](plan, "us_profit_total")
    assert dataclasses.is_dataclass(found) and isinstance(found.to_frame(), pd.DataFrame)
    field = dataclasses.fields(found)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(found, field, None)
    copied = pickle.loads(pickle.dumps(found))
    pd.testing.assert_frame_equal(copied.to_frame(), found.to_frame())
    assert (
        found.sentence == copied.sentence
        and found.sentence.endswith(".")
        and found.method
        and found.error
        and "<" in found._repr_html_()
    )


@pytest.mark.parametrize("name", ANALYSES)
def test_an_analysis_refuses_what_has_no_number(name: str, plan: up.Plan) -> None:
    with pytest.raises(up.NotStated, match="is unset"):
        ANALYSES[name](up.load("us28", as_of="2000-01-01"), "force_reduction")
    with pytest.raises(up.UnknownName, match="did you mean 'force_reduction'"):
        ANALYSES[name](plan, "force_reductoin")
    with pytest.raises(up.InvalidValue, match="label"):
        ANALYSES[name](plan, "profit_base")


def test_a_swing_is_a_plain_record() -> None:
    assert Swing("x", "X", "uncertainty", "assumed", 1.0, 3.0, "a", "b").swing == 2.0


# ------------------------------------------------------------------------------------------------------
# Pictures

drawing = pytest.mark.skipif(find_spec("matplotlib") is None, reason="matplotlib is missing: pip install 'ukraineplan[plot]'")


@drawing
@pytest.mark.parametrize("target", ["us_profit_total", "us_profit"])
def test_pictures_are_drawn(target: str, plan: up.Plan) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    for found in (up.tornado(plan, target), up.bounds(plan, target)):
        axes = found.plot()
        assert plan[target].label in axes.figure.get_suptitle() and axes.has_data()
        pyplot.close(axes.figure)


def test_without_matplotlib_a_picture_says_what_to_install(plan: up.Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    for found in (up.tornado(plan, "us_profit_total"), up.bounds(plan, "us_profit_total")):
        with pytest.raises(up.MissingExtra, match=r"pip install 'ukraineplan\[plot\]'"):
            found.plot()


def test_a_claimed_interval_is_no_hard_bound(plan: up.Plan) -> None:
    """Catches bounds that pass a 90 % interval off as all that is possible."""
    from ukraineplan import distributions

    claimed = distributions.normal(2, 8, claimed_by="a panel")
    p = up.Parameter("vehicle_return", "Return", "%/year", 5.0, assumption="For a test.", distribution=claimed)
    said = up.bounds(plan.with_parameter(p), "us_profit_total").sentence
    assert said.endswith("'Return' may lie outside the interval that a panel states, and the number then outside of this.")


def test_a_yearly_formula_of_ones_own_is_shown_in_the_year_of_what_it_rests_on(plan: up.Plan) -> None:
    """Catches two numbers of one subtraction printed for two different years."""

    def twice(us_profit: BillionUSDPerYear) -> BillionUSDPerYear:
        """Twice the profit"""
        return 2 * us_profit

    own = plan.with_formula(twice)
    assert own["twice"].when == own["us_profit"].when == " in 2035"
    assert own["twice"].shown_value == 2 * own["us_profit"].shown_value


@pytest.mark.parametrize("target", ["force_reduction_share", "windfall_yield"])
def test_pictures_of_shares_print_per_cent(plan: up.Plan, target: str) -> None:
    """Catches an axis that says per cent and counts in parts of one."""
    pyplot = pytest.importorskip("matplotlib.pyplot")
    pyplot.switch_backend("Agg")
    for axes in (up.sample(plan, target, draws=64).plot(), up.bounds(plan, target).plot(), up.tornado(plan, target).plot()):
        axes.figure.canvas.draw()
        shown = [float(t.get_text().replace(words.MINUS, "-")) for t in axes.get_xticklabels()]
        assert shown == pytest.approx([100 * x for x in axes.get_xticks()], rel=1e-6)
        pyplot.close(axes.figure)
