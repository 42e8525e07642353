"""Samples: many draws of a plan, what is said of them, how sure it is, and what a ranking of drivers rests on.

Would catch a statistic of the wrong target, an error that is too small, a draw that cannot be done again, an average over
draws that have no number, a result that depends on who computed it, and a range stretched beyond what is possible.
"""

import math
import pickle
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any, Final

import numpy as np
import pandas as pd
import pytest
from oracles import sensitivity as oracle

import ukraineplan as up
from ukraineplan import distributions as d
from ukraineplan import words
from ukraineplan.analysis.ranking import resting_on, standing, stretched
from ukraineplan.analysis.sample import Sample
from ukraineplan.errors import InvalidValue, NotStated, UnknownName
from ukraineplan.uncertainty import model
from ukraineplan.uncertainty.draws import Method, points
from ukraineplan.uncertainty.indices import Estimate
from ukraineplan.uncertainty.model import model_of
from ukraineplan.uncertainty.statistics import estimate, half_width, summary
from ukraineplan.units import Persons, PerYear, Ratio, Share, Years

METHODS: Final[tuple[Method, ...]] = ("sobol", "random")
both = pytest.mark.parametrize("method", METHODS)
STATISTICS: Final = ("mean", "sd", "p5", "p50", "p95")


@cache
def shipped() -> up.Plan:
    return up.load("us28")


@pytest.fixture(scope="module")
def plan() -> up.Plan:
    return shipped()


@pytest.fixture(scope="module")
def everything() -> Sample:
    return up.sample(shipped(), draws=256)


def ratio_of_two() -> up.Plan:
    """The product of two numbers that are uniform from 0 to 1."""

    def product(x: Ratio, y: Ratio) -> Ratio:
        """Product"""
        return x * y

    one = up.Parameter("x", "One", "ratio", 0.5, range=(0.0, 1.0), assumption="For a test.")
    return shipped().with_parameter(one).with_parameter(replace(one, name="y", label="Other")).with_formula(product)


# ------------------------------------------------------------------------------------------------------
# Against closed forms


@both
@pytest.mark.parametrize("known", oracle.SHIPPED, ids=lambda m: m.id)
def test_mean_and_spread_are_those_of_the_closed_form(known: oracle.Model, method: Method) -> None:
    """Within three times the stated error (an interval of 95 % is not of 100 %), and not by a large error."""
    found = up.sample(shipped(), known.id, draws=2**12, method=method).statistics[known.id]
    spread = math.sqrt(known.variance)
    for name, wanted in (("mean", float(known.mean)), ("sd", spread)):
        value, error = found[name]
        assert error < spread / 10
        assert abs(value - wanted) <= 3 * error + 2e-5 * spread, name  # whole persons are not a continuum


QUANTILES: Final = {
    "windfall_yield": next(x for x in oracle.DISTRIBUTIONS if x.kind == "sum" and x.parameters["x"] == oracle.RATE),
    "force_strength": next(x for x in oracle.DISTRIBUTIONS if x.kind == "uniform" and x.mean == 890_000),
}


@both
@pytest.mark.parametrize("name", QUANTILES)
def test_percentiles_are_those_of_the_closed_form(name: str, method: Method) -> None:
    found = up.sample(shipped(), name, draws=2**12, method=method).statistics[name]
    scale, whole = (100, 0) if name == "windfall_yield" else (1, 1)  # the oracle is in per cent; persons are whole
    for statistic, wanted in zip(("p5", "p50", "p95"), map(float, QUANTILES[name].quantiles), strict=True):
        value, error = (scale * x for x in found[statistic])
        assert abs(value - wanted) <= 3 * error + whole and error < wanted / 50, statistic


@cache
def coverage(method: Method, count: int = 2**10, seeds: int = 1000) -> dict[str, float]:
    """In which part of all seeds the interval of each statistic of x y contains its exact value."""
    known = oracle.UNIT_PRODUCT
    exact = dict(zip(STATISTICS, map(float, (known.mean, known.sd, *known.quantiles)), strict=True))
    made = model_of(ratio_of_two(), ["product"])
    names, hits = list(made.factors.names), dict.fromkeys(STATISTICS, 0)
    for seed in range(seeds):
        u = points(names, count, seed=seed, method=method, order=names)
        found = summary(made.at(made.columns(u))[0], even=method == "sobol")
        for name, wanted in exact.items():
            hits[name] += abs(found[name].value - wanted) <= found[name].error
    return {name: n / seeds for name, n in hits.items()}


@both
@pytest.mark.parametrize("statistic", STATISTICS)
def test_95_in_100_intervals_hold_the_exact_value(method: Method, statistic: str) -> None:
    """From 93 to 97 %: of a thousand seeds, chance alone moves the part by 0.7 points."""
    assert 0.93 <= coverage(method)[statistic] <= 0.97


def test_the_spread_of_a_sum_lies_within_its_error() -> None:
    """Of 200 seeds at 4,096 draws; chance alone leaves more than nine in ten."""
    known = QUANTILES["windfall_yield"]
    made = model_of(shipped(), ["windfall_yield"])
    names, inside = list(made.factors.names), 0
    for seed in range(200):
        u = points(names, 2**12, seed=seed, method="sobol", order=names)
        value, error = summary(made.at(made.columns(u))[0], even=True)["sd"]
        inside += abs(100 * value - float(known.sd)) <= 100 * error
    assert inside / 200 > 0.9


# ------------------------------------------------------------------------------------------------------
# Statistics


def test_an_error_is_students_of_eight_parts() -> None:
    values = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0]
    assert half_width(values) == pytest.approx(2.364624 * math.sqrt(6) / math.sqrt(8), rel=1e-6)
    assert half_width([3.0] * 8) == 0


def test_a_statistic_is_that_of_all_draws_and_its_error_that_of_the_parts() -> None:
    x = np.arange(64.0) ** 2
    found = summary(x, even=False)
    assert list(found) == list(STATISTICS)
    assert found["mean"].value == x.mean()
    parts = [x[r::8].mean() for r in range(8)]
    assert found["mean"].error == pytest.approx(half_width(parts)) and found["mean"].error > 0
    assert found["p5"].value < found["p50"].value < found["p95"].value


@pytest.mark.parametrize("count", [1, 2, 8, 15])
def test_of_too_few_draws_no_error_is_told(count: int) -> None:
    found = up.sample(shipped(), "force_reduction", draws=count, method="random")
    assert math.isnan(found.statistics["force_reduction"]["mean"].error) and found.error == "unknown: too few draws to tell"
    assert math.isfinite(found.statistics["force_reduction"]["mean"].value)
    assert not math.isnan(up.sample(shipped(), "force_reduction", draws=16).statistics["force_reduction"]["p95"].error)


def test_what_is_not_finite_is_not_averaged_over() -> None:
    for bad in (math.nan, math.inf, -math.inf):
        found = summary(np.array([*np.arange(63.0), bad]), even=False)
        assert all(math.isnan(x) for e in found.values() for x in e)


def test_more_draws_leave_a_smaller_error() -> None:
    name = "immobilised_in_dollars"
    errors = [up.sample(shipped(), name, draws=n, method="random").statistics[name]["mean"].error for n in (2**8, 2**14)]
    assert errors[1] < errors[0] / 3


def test_estimate_takes_any_statistic() -> None:
    x = np.arange(80.0)
    assert estimate(x, np.max) == Estimate(79.0, half_width([x[r::8].max() for r in range(8)]))


# ------------------------------------------------------------------------------------------------------
# Which numbers


def test_left_out_the_targets_are_all_that_the_text_determines(plan: up.Plan, everything: Sample) -> None:
    known = tuple(n for n in plan.formulas if plan[n].value is not None)
    assert everything.targets == known and len(known) > 68
    assert everything.results.shape == (sum(30 if plan[t].years else 1 for t in known), 256)


def test_what_is_unset_is_left_out_and_refused_by_name() -> None:
    early = up.load(as_of="2024-06-30")
    unset = [n for n in early.formulas if early[n].value is None]
    known = [n for n in early.formulas if early[n].value is not None]
    assert unset and known
    assert up.sample(early, draws=8).targets == tuple(known)
    with pytest.raises(NotStated, match=f"{unset[0]} is unset"):
        up.sample(early, [known[0], unset[0]], draws=8)


def test_every_target_has_its_own_rows(plan: up.Plan, everything: Sample) -> None:
    """Catches rows counted wrongly after a yearly target: each is sampled again by itself."""
    for name in ("force_reduction", "us_profit", "us_profit_total", "znpp_output", "russia_znpp_value", "era_loan_cover_years"):
        alone = up.sample(plan, name, draws=256)
        assert np.array_equal(alone.values(name), everything.values(name)), name


def test_constants_stand_among_the_targets(plan: up.Plan, everything: Sample) -> None:
    """No room is left below the ceiling at any strength in the range."""
    assert np.array_equal(everything.values("force_cap_headroom"), np.zeros(256))
    found = everything.statistics["force_cap_headroom"]
    assert all(e == Estimate(0.0, 0.0) for e in found.values())
    assert everything.histogram("force_cap_headroom")["share"].sum() == 1


def test_targets_come_in_any_iterable_each_once(plan: up.Plan) -> None:
    names = ["force_reduction", "us_profit", "force_reduction"]
    for given in (names, tuple(names), iter(names), dict.fromkeys(names)):
        found = up.sample(plan, given, draws=8)
        assert found.targets == ("force_reduction", "us_profit") and found.results.shape == (31, 8)


@pytest.mark.parametrize("given", [[], (), iter(()), ""])
def test_no_targets_are_refused(plan: up.Plan, given: Any) -> None:
    with pytest.raises((InvalidValue, UnknownName)) as refused:
        up.sample(plan, given)
    assert "\n" not in str(refused.value)


def test_what_is_no_name_is_refused_in_words(plan: up.Plan) -> None:
    with pytest.raises((InvalidValue, UnknownName)):
        up.sample(plan, 5)  # type: ignore[arg-type]


def test_nothing_uncertain_is_refused_with_what_to_do(plan: up.Plan) -> None:
    with pytest.raises(InvalidValue, match="vehicle_capital rests on nothing uncertain: name a lever or a convention"):
        up.sample(plan, "vehicle_capital")
    assert up.sample(plan, "vehicle_capital", also=["vehicle_principal"], draws=8).draws == 8


def test_a_name_that_was_not_sampled_is_refused(everything: Sample) -> None:
    for ask in (everything.values, everything.quantity, everything.shown, everything.histogram, everything.fan):
        with pytest.raises(UnknownName, match="no target of this sample 'force_reductions'; did you mean"):
            ask("force_reductions")


# ------------------------------------------------------------------------------------------------------
# Every draw can be done again


@both
def test_a_draw_is_a_plan(plan: up.Plan, method: Method) -> None:
    """Catches a column of another input, a per cent for a share, a year off by one."""
    found = up.sample(plan, draws=32, method=method, also=["force_cap", "profit_base", "hours_per_year"], sources="compete")
    for draw in (0, 1, 7, 31):
        one = found.plan_at(draw)
        for name in found.targets:
            value = found.values(name)[..., draw]
            if one[name].unit == "date":
                assert one[name].value == words.day(float(value)), (name, draw)
                continue
            assert one[name].value == pytest.approx(value, rel=1e-11, abs=1e-12), (name, draw)


def test_its_inputs_are_those_of_the_frame(plan: up.Plan) -> None:
    found = up.sample(plan, "us_profit_total", also=["profit_base", "us_profit_share"], draws=16)
    frame = found.to_frame()
    for draw in range(16):
        one = found.plan_at(draw)
        for name in set(frame) - {"us_profit_total"}:
            value = frame[name][draw]
            assert one[name].value == (value if isinstance(value, str) else pytest.approx(value, rel=1e-15)), name
            assert one.parameters[name].basis == "set"


def test_shares_of_a_draw_fit_together(plan: up.Plan) -> None:
    names = ["ukraine_share_of_znpp", "united_states_share_of_znpp"]
    found = up.sample(plan, "russia_znpp_output", also=names, draws=64)
    for draw in range(64):
        one = found.plan_at(draw)
        assert one["russia_znpp_output"].value == pytest.approx(found.values("russia_znpp_output")[..., draw], abs=1e-12)
        assert sum(one[n].value for n in names) <= 1


@pytest.mark.parametrize("draw", [-1, 256, 10**9])
def test_a_draw_that_there_is_not_is_refused(everything: Sample, draw: int) -> None:
    with pytest.raises(InvalidValue, match=f"draws run from 0 to 255, got {draw}"):
        everything.plan_at(draw)


def test_half_a_draw_is_refused_in_words(everything: Sample) -> None:
    with pytest.raises(InvalidValue):
        everything.plan_at(1.5)  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------------------------
# Tables and pictures


def test_summary_has_a_row_a_target_each_figure_with_its_error(plan: up.Plan, everything: Sample) -> None:
    table = everything.summary()
    columns = ["label", *(c for s in STATISTICS for c in (s, f"{s}_error")), "undefined", "unit"]
    assert list(table.columns) == columns and list(table.index) == list(everything.targets) and table.index.name == "name"
    row, found = table.loc["force_reduction"], everything.statistics["force_reduction"]
    assert row["label"] == plan["force_reduction"].label and row["unit"] == "person" and row["undefined"] == 0
    assert all((row[s], row[f"{s}_error"]) == found[s] for s in STATISTICS)
    year = plan["us_profit"].years[9]  # type: ignore[index]  # the headline year, the tenth
    assert plan["us_profit"].when == f" in {year}"
    assert table.loc["us_profit", "mean"] == everything.values("us_profit")[9].mean()


def test_to_frame_has_a_row_a_draw_inputs_first(plan: up.Plan) -> None:
    found = up.sample(plan, ["force_reduction", "us_profit"], also=["profit_base"], sources="compete", draws=16)
    frame = found.to_frame()
    assert len(frame) == 16 and frame.index.name == "draw" and list(frame.index) == list(range(16))
    assert list(frame.columns[-2:]) == ["force_reduction", "us_profit"]
    assert set(frame.columns[:-2]) == set(found.model.factors.names)
    assert np.array_equal(frame["us_profit"], found.values("us_profit")[9])
    assert frame["profit_base"].isin(["first_100bn", "both_200bn"]).all()
    assert frame["vehicle_return"].between(-0.05, 0.10).all()  # as formulas see it


@pytest.mark.parametrize("bins", [1, 7, 40])
def test_a_histogram_holds_every_draw_once(everything: Sample, bins: int) -> None:
    for name in ("force_reduction", "us_profit", "force_cap_headroom"):
        table = everything.histogram(name, bins)
        assert table["share"].sum() == pytest.approx(1, rel=1e-12) and len(table) == bins
        assert list(table.columns) == ["low", "high", "share", "unit"] and (table["low"] < table["high"]).all()
        assert np.array_equal(table["low"][1:], table["high"][:-1])
        shown = everything.shown(name)
        inside = (shown >= table["low"][0]) & (shown < table["high"][0])
        assert bins == 1 or table["share"][0] == inside.mean()


@pytest.mark.parametrize("bins", [0, -1, 1.5, "many"])
def test_bars_that_are_no_number_are_refused_in_words(everything: Sample, bins: Any) -> None:
    with pytest.raises(InvalidValue):
        everything.histogram("force_reduction", bins)


def test_a_fan_has_a_row_a_year_and_its_lines_do_not_cross(plan: up.Plan, everything: Sample) -> None:
    fan = everything.fan("us_profit")
    assert list(fan.columns) == ["p5", "p25", "p50", "p75", "p95", "unit"] and fan.index.name == "year"
    assert tuple(fan.index) == plan["us_profit"].years and set(fan["unit"]) == {"billion USD/year"}
    assert (fan.drop(columns="unit").diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)
    assert fan.loc[2035, "p50"] == np.percentile(everything.values("us_profit")[9], 50)
    with pytest.raises(InvalidValue, match="force_reduction has no years"):
        everything.fan("force_reduction")


def test_a_quantity_has_the_unit_of_the_number(plan: up.Plan, everything: Sample) -> None:
    assert everything.quantity("us_profit").to("million USD/year").magnitude[9, 3] == pytest.approx(
        1000 * everything.values("us_profit")[9, 3])  # fmt: skip
    assert everything.quantity("force_reduction_share").to("%").magnitude.max() < 50
    assert str(everything.quantity("force_reduction").units) == str(plan["force_reduction"].quantity.units)


def test_pictures_are_axes(plan: up.Plan, everything: Sample) -> None:
    pyplot = pytest.importorskip("matplotlib.pyplot")
    pyplot.switch_backend("Agg")
    for name in (None, "force_reduction", "us_profit", "force_cap_headroom"):
        axes = everything.plot(name)
        shown = plan[name or everything.targets[0]]
        assert axes.figure.get_suptitle() == shown.label
        axes.figure.canvas.draw()
        pyplot.close(axes.figure)
    bars = everything.plot("force_reduction")
    assert sum(p.get_height() for p in bars.patches) == pytest.approx(1) and len(bars.lines) == 4
    pyplot.close("all")
    with pytest.raises(UnknownName):
        everything.plot("force_reductions")


# ------------------------------------------------------------------------------------------------------
# In words


def test_the_sentence_says_how_many_what_and_on_which_ground(plan: up.Plan) -> None:
    found = up.sample(plan, "force_reduction", draws=1024)
    ground = "ranges are drawn uniformly because draws were asked for, which is no claim about them"
    assert found.sentence == (
        "Persons above the ceiling: 280,000 persons in the plan; over 1,024 draws of 1 uncertain input the median is 290,000 "
        f"persons, the mean 290,000 persons, and nine draws in ten lie from 209,000 to 371,000; {ground}."
    )
    assert found.method == f"1,024 scrambled Sobol points, seed 0; {ground}"
    assert "independent random draws, seed 5;" in up.sample(plan, "force_reduction", draws=8, seed=5, method="random").method
    yearly = up.sample(plan, "us_profit", draws=64)
    assert " in 2035: $1.8bn a year in the plan; over 64 draws of 4 uncertain inputs the median is " in yearly.sentence
    assert yearly.sentence == yearly.sentence_of("us_profit")


def test_what_it_says_is_in_every_page(everything: Sample) -> None:
    page = everything._repr_html_()
    assert "scrambled Sobol points" in page and "force_reduction" in page and page.count("<table") == 1
    assert repr(everything) == f"<Sample of {len(everything.targets)} targets, 256 draws>"
    assert repr(up.sample(shipped(), "force_reduction", draws=8)) == "<Sample of 1 target, 8 draws>"


def test_the_sentence_of_a_constant_has_no_empty_range(everything: Sample) -> None:
    assert "from –" not in everything.sentence_of("force_cap_headroom")


def test_the_sentence_counts_the_inputs_of_its_own_number(everything: Sample) -> None:
    assert "draws of 1 uncertain input " in everything.sentence_of("force_reduction")


def test_the_sentence_speaks_of_ranges_only_where_there_are_some() -> None:
    """A distribution on somebody's word is a claim, and is not drawn uniformly."""
    claimed = d.pert(-5, 5, 10, claimed_by="a study")
    plan = shipped().with_parameter(replace(shipped().parameters["vehicle_return"], distribution=claimed, range=None))

    def twice(vehicle_return: PerYear) -> PerYear:
        """Twice the return"""
        return 2 * vehicle_return

    assert "drawn uniformly" not in up.sample(plan.with_formula(twice), "twice", draws=64).sentence


# ------------------------------------------------------------------------------------------------------
# Draws in which there is no number


def logarithm(vehicle_return: PerYear, one_year: Years) -> Ratio:
    """Logarithm of the return"""
    return np.log(vehicle_return * one_year)


def over_the_return(force_strength: Persons, vehicle_return: PerYear, one_year: Years) -> Persons:
    """Strength over the return"""
    return force_strength / (vehicle_return * one_year)


def undefined() -> Sample:
    def carried_on(logarithm: Ratio, force_reduction: Persons) -> Persons:
        """Reduction times the logarithm"""
        return logarithm * force_reduction

    plan = shipped().with_formula(logarithm).with_formula(carried_on)
    return up.sample(plan, ["force_reduction", "carried_on"], draws=1024)


def test_draws_without_a_number_are_counted_with_the_formula_and_a_draw() -> None:
    found = undefined()
    (told,) = found.undefined
    returns = found.to_frame()["vehicle_return"]
    assert told.name == "carried_on" and told.formula == "logarithm"
    assert told.count == int((returns <= 0).sum()) and 330 < told.count < 350
    assert told.draw == int(np.argmax(returns <= 0)) and np.isnan(found.values("carried_on")[told.draw])
    again = found.plan_at(told.draw)
    assert again["carried_on"].value is None and again["logarithm"].value is None
    assert again["force_reduction"].value == found.values("force_reduction")[told.draw]


def test_nothing_is_averaged_over_them_and_all_others_are_as_usual() -> None:
    found = undefined()
    assert all(math.isnan(x) for e in found.statistics["carried_on"].values() for x in e)
    assert found.statistics["force_reduction"]["mean"].value == pytest.approx(290_000, rel=1e-3)
    table = found.summary()
    assert table.loc["carried_on", "undefined"] == found.undefined[0].count and table.loc["force_reduction", "undefined"] == 0
    assert pd.isna(table.loc["carried_on", "mean"])
    count, draw = found.undefined[0].count, found.undefined[0].draw
    assert found.sentence_of("carried_on") == (
        f"Reduction times the logarithm: not defined in {count} of 1,024 draws, so nothing is averaged; it starts at logarithm, "
        f"and plan_at({draw}) is such a draw.")  # fmt: skip
    assert ", the mean " in found.sentence_of("force_reduction")
    assert found.histogram("carried_on")["share"].sum() == pytest.approx(1 - count / 1024)


def test_division_by_a_range_that_holds_zero_is_counted() -> None:
    """Whole numbers, so that 0 is one of them."""
    crew = up.Parameter("crew", "Crew", "person", 2.0, range=(0.0, 3.0), whole=True, limits=(0, 9), assumption="For a test.")

    def each(force_strength: Persons, crew: Persons) -> Ratio:
        """Strength for each of the crew"""
        return force_strength / crew

    found = up.sample(shipped().with_parameter(crew).with_formula(each), "each", draws=64)
    assert found.undefined[0].count == 16 and np.isposinf(found.values("each")).sum() == 16
    assert math.isnan(found.statistics["each"]["mean"].value)
    assert found.plan_at(found.undefined[0].draw)["each"].reason == "it divides by crew, which is 0"


def test_a_range_that_crosses_zero_without_meeting_it_is_defined() -> None:
    found = up.sample(shipped().with_formula(over_the_return), "over_the_return", draws=1024)
    assert found.undefined == () and found.results.min() < -1e6 < 1e6 < found.results.max()


def test_the_formula_where_it_starts_is_named_though_it_was_added_later() -> None:
    """`logarithm` comes last in the plan, and what rests on it first."""
    def force_reduction(logarithm: Ratio, force_strength: Persons) -> Persons:
        """Persons above the ceiling"""
        return logarithm * force_strength

    plan = shipped().with_formula(logarithm).with_formula(force_reduction)
    assert up.sample(plan, "force_reduction_share", draws=64).undefined[0].formula == "logarithm"


def yearly_undefined() -> Sample:
    def logarithm_by_year(vehicle_return: PerYear, year: Years, one_year: Years) -> Ratio:
        """Logarithm, in the first year that of a number below nothing"""
        return np.where(year > one_year, 1, np.log(vehicle_return * one_year))

    return up.sample(shipped().with_formula(logarithm_by_year), "logarithm_by_year", draws=256)


def test_a_fan_with_years_that_have_no_number_says_so_without_a_warning() -> None:
    found = yearly_undefined()
    fan = found.fan("logarithm_by_year")
    assert fan.iloc[0, :5].isna().all() and (fan.iloc[1:, :5] == 1).all(axis=None)
    assert found.undefined[0].formula == "logarithm_by_year" and 80 < found.undefined[0].count < 90


def test_an_infinity_in_a_year_does_not_reach_the_other_years() -> None:
    def over_by_year(crew: Persons, year: Years, one_year: Years) -> Persons:
        """Over a number that may be nothing"""
        return np.where(year > one_year, crew, crew * crew / crew / crew * crew)

    crew = up.Parameter("crew", "Crew", "person", 2.0, range=(0.0, 3.0), whole=True, limits=(0, 9), assumption="For a test.")
    found = up.sample(shipped().with_parameter(crew).with_formula(over_by_year), "over_by_year", draws=64)
    fan = found.fan("over_by_year")
    assert fan.iloc[0, :5].isna().all() and fan.iloc[1, 2] == pytest.approx(1.5)


def test_a_picture_of_undefined_draws_is_one_all_the_same() -> None:
    pyplot = pytest.importorskip("matplotlib.pyplot")
    pyplot.switch_backend("Agg")
    for axes in (undefined().plot("carried_on"), yearly_undefined().plot()):
        axes.figure.canvas.draw()
        pyplot.close(axes.figure)


def test_all_undefined_is_a_histogram_of_nothing() -> None:
    def never(vehicle_return: PerYear, vehicle_fee: PerYear, one_year: Years) -> Ratio:
        """Defined at the central value alone"""
        return np.where(vehicle_return == vehicle_fee, 1, np.log(-np.abs(vehicle_return - vehicle_fee) * one_year))

    plan = shipped().with_values(vehicle_fee="1.5 %/year").with_formula(never)
    p = replace(plan.parameters["vehicle_return"], value=1.5, facts=(), assumption="For a test.")
    found = up.sample(plan.with_parameter(p), "never", draws=16)
    assert found.undefined[0].count == 16 and found.histogram("never")["share"].sum() == 0


# ------------------------------------------------------------------------------------------------------
# Nothing can be changed, everything can be sent


def test_draws_cannot_be_changed(everything: Sample) -> None:
    for array in (everything.columns, everything.results, everything.values("us_profit"), everything.shown("us_profit"),
                  everything.values("force_reduction")):  # fmt: skip
        with pytest.raises(ValueError, match="read-only"):
            array[..., 0] = 0


def test_a_sample_can_be_sent(plan: up.Plan) -> None:
    found = up.sample(plan, ["force_reduction", "us_profit"], also=["profit_base"], sources="compete", draws=64)
    found.statistics, found.undefined  # what is kept travels too  # noqa: B018
    copied = pickle.loads(pickle.dumps(found))
    assert copied.sentence == found.sentence and copied.method == found.method and copied.targets == found.targets
    pd.testing.assert_frame_equal(copied.to_frame(), found.to_frame())
    pd.testing.assert_frame_equal(copied.summary(), found.summary())
    assert copied.plan_at(3)["us_profit"].value == pytest.approx(found.plan_at(3)["us_profit"].value)


def test_draws_that_were_sent_cannot_be_changed_either(plan: up.Plan) -> None:
    copied = pickle.loads(pickle.dumps(up.sample(plan, "force_reduction", draws=8)))
    assert not copied.results.flags.writeable and not copied.columns.flags.writeable


@both
def test_the_same_call_gives_the_same_sample(method: Method) -> None:
    """From a plan loaded anew."""
    one, two = (up.sample(up.load(), ["us_profit", "force_reduction"], draws=64, seed=9, method=method) for _ in range(2))
    assert np.array_equal(one.results, two.results) and np.array_equal(one.columns, two.columns)
    assert one.sentence == two.sentence and one.statistics == two.statistics


# ------------------------------------------------------------------------------------------------------
# Somebody else computes


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "CHUNK", 100)


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("kind", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_results_do_not_depend_on_the_executor(plan: up.Plan, kind: Any) -> None:
    here = up.sample(plan, draws=1024, also=["profit_base"])
    with kind(2) as executor:
        there = up.sample(plan, draws=1024, also=["profit_base"], executor=executor)
    assert np.array_equal(here.results, there.results) and here.sentence == there.sentence


@pytest.mark.usefixtures("small_chunks")
@pytest.mark.parametrize("with_executor", [False, True])
def test_progress_is_told_to_the_end(plan: up.Plan, with_executor: bool) -> None:
    seen: list[tuple[int, int]] = []
    with ThreadPoolExecutor(2) as executor:
        up.sample(plan, "force_reduction", draws=250, method="random", executor=executor if with_executor else None,
                  progress=lambda done, all_: seen.append((done, all_)))  # fmt: skip
    assert seen == [(100, 250), (200, 250), (250, 250)]


class Slow(Executor):
    """Computes a chunk only when somebody waits for it, and keeps what was asked."""

    def __init__(self) -> None:
        self.futures: list[Future[Any]] = []

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        class Lazy(Future[Any]):
            def result(self, timeout: float | None = None) -> Any:
                if not self.done():
                    self.set_running_or_notify_cancel()
                    try:
                        self.set_result(fn(*args, **kwargs))
                    except Exception as error:
                        self.set_exception(error)
                return super().result(timeout)

        self.futures.append(Lazy())
        return self.futures[-1]


@pytest.mark.usefixtures("small_chunks")
def test_ctrl_c_leaves_no_chunk_waiting(plan: up.Plan) -> None:
    def interrupt(done: int, all_: int) -> None:
        if done >= 300:
            raise KeyboardInterrupt

    executor = Slow()
    with pytest.raises(KeyboardInterrupt):
        up.sample(plan, "force_reduction", draws=1000, method="random", executor=executor, progress=interrupt)
    assert len(executor.futures) == 10 and [f.cancelled() for f in executor.futures] == [False] * 3 + [True] * 7


@pytest.mark.usefixtures("small_chunks")
def test_a_chunk_that_fails_leaves_no_other_waiting(plan: up.Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    executor = Slow()

    def broken(self: Any, columns: Any) -> Any:
        raise MemoryError("no room")

    monkeypatch.setattr(model.Tape, "run", broken)
    with pytest.raises(MemoryError):
        up.sample(plan, "force_reduction", draws=1000, method="random", executor=executor)
    assert [f.cancelled() for f in executor.futures] == [False] + [True] * 9


def test_ctrl_c_without_an_executor_goes_through(plan: up.Plan) -> None:
    def interrupt(done: int, all_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        up.sample(plan, "force_reduction", draws=16, progress=interrupt)
    assert up.sample(plan, "force_reduction", draws=16).draws == 16


# ------------------------------------------------------------------------------------------------------
# What a ranking rests on, and whether it stands


def assumed(plan: up.Plan) -> Iterator[up.Parameter]:
    """Those whose range is ours."""
    yield from (p for p in plan.parameters.values() if p.basis == "assumed" and p.role == "uncertainty" and p.range)


@pytest.mark.parametrize("by", [0.5, 2.0, 10.0])
def test_assumed_ranges_are_stretched_within_their_limits_and_no_others(plan: up.Plan, by: float) -> None:
    other = stretched(plan, by)
    names = {p.name for p in assumed(plan)}
    assert len(names) > 5
    for name, p in plan.parameters.items():
        if name not in names:
            assert other.parameters[name] == p, name
            continue
        if isinstance(p.value, date):
            assert p.range and other.parameters[name].range
            days = [(end - p.value).days for end in p.range]
            assert [(end - p.value).days for end in other.parameters[name].range] == [math.floor(by * n + 0.5) for n in days]
            continue
        assert p.range and isinstance(p.value, float)
        least, most = p.limits
        wanted = max(least, p.value - by * (p.value - p.range[0])), min(most, p.value + by * (p.range[1] - p.value))
        if p.whole:
            wanted = math.ceil(wanted[0]), math.floor(wanted[1])
        found = other.parameters[name].range
        assert found == pytest.approx(wanted) and least <= found[0] <= p.value <= found[1] <= most, name
        assert other.parameters[name].value == p.value
        assert not p.whole or (float(found[0]).is_integer() and float(found[1]).is_integer())


def test_stretched_once_changes_the_draws_of_the_assumed_alone(plan: up.Plan) -> None:
    before, after = (up.sample(p, "us_profit_total", draws=64).to_frame() for p in (plan, stretched(plan, 0.5)))
    names = {p.name for p in assumed(plan)}
    for name in set(before) - {"us_profit_total"}:
        assert (np.ptp(after[name]) < np.ptp(before[name])) == (name in names), name


def with_toll(shape: d.Distribution, limits: tuple[float, float] = (0.0, 100.0)) -> up.Plan:
    def kept(toll: Share) -> Share:
        """What the toll leaves"""
        return 1 - toll

    toll = up.Parameter("toll", "Toll", "%", 50.0, limits=limits, assumption="For a test.", distribution=shape)
    return shipped().with_parameter(toll).with_formula(kept)


@pytest.mark.parametrize("shape", [d.uniform(20, 90, claimed_by="x"), d.normal(40, 60, claimed_by="x")], ids=lambda s: s.name)
def test_a_claimed_distribution_is_not_stretched(shape: d.Distribution) -> None:
    """Somebody said so: it is no range of ours to halve or to double."""
    p = stretched(with_toll(shape), 2.0).parameters["toll"]
    assert (p.distribution, p.range) == (shape, (shape.low, shape.high))


def test_whole_numbers_halved_to_nothing_are_held() -> None:
    crew = up.Parameter("crew", "Crew", "person", 2.0, range=(1.0, 3.0), whole=True, limits=(0, 9), assumption="For a test.")
    plan = shipped().with_parameter(crew)
    assert stretched(plan, 0.4).parameters["crew"].range is None
    assert stretched(plan, 2.0).parameters["crew"].range == (0, 4) and stretched(plan, 9.0).parameters["crew"].range == (0, 9)


def test_what_a_ranking_rests_on_is_counted() -> None:
    assert resting_on(["sourced", "assumed", "sourced", "stated"]) == "4 inputs (1 stated, 2 sourced and 1 assumed)"
    assert resting_on(["assumed"]) == "1 input (1 assumed)"


FIVE: Final = ["a", "b", "c", "d", "e"]
WHENEVER: Final = "when the assumed ranges are halved and doubled."


@pytest.mark.parametrize(
    "ranking, halved, doubled, said",
    [
        (FIVE, FIVE, FIVE, "The top three stay the top three when the assumed ranges are halved and doubled."),
        (FIVE, ["c", "a", "b", "e", "d"], FIVE, f"The top three stay the top three {WHENEVER}"),
        (FIVE, ["a", "b", "d", "c", "e"], FIVE, "The top three change when the assumed ranges are halved."),
        (FIVE, FIVE, ["a", "b", "d", "c", "e"], "The top three change when the assumed ranges are doubled."),
        (FIVE, ["d", "b", "c"], ["a", "e", "c"], "The top three change when the assumed ranges are halved and doubled."),
        (["a", "b"], ["a", "b"], ["a", "b"], "Their order stays the same when the assumed ranges are halved and doubled."),
        (["a", "b"], ["b", "a"], ["a", "b"], "Their order changes when the assumed ranges are halved."),
        (["a", "b", "c"], ["a", "c", "b"], ["b", "a", "c"], f"Their order changes {WHENEVER}"),
    ],
)
def test_whether_a_ranking_stands_is_said(ranking: list[str], halved: list[str], doubled: list[str], said: str) -> None:
    assert standing(ranking, {"halved": halved, "doubled": doubled}) == said


def test_a_driver_that_drops_out_changes_the_top_three() -> None:
    """Halved, an input may not move the number at all."""
    assert standing(FIVE, {"halved": ["a", "b"], "doubled": FIVE}) == "The top three change when the assumed ranges are halved."
