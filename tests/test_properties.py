"""Properties of every formula, wherever in the ranges: would catch what no single sum done by hand can.

Settings are drawn anew by Hypothesis: uncertainties and levers in their ranges, conventions among their choices.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from support import central, formulas, graph, parameters, worst

import ukraineplan as up
from ukraineplan.analysis import bounds as up_bounds
from ukraineplan.library import shipped_library
from ukraineplan.units import measure
from ukraineplan.years import HORIZON

NAMES: Final = [f.name for f in formulas()]
LEVERS: Final = [n for n, p in parameters().items() if p.role == "lever"]
WITHOUT_SHRINKING: Final = (Phase.explicit, Phase.reuse, Phase.generate)  # of some two hundred inputs it takes minutes
STEADY: Final = settings(max_examples=60, deadline=None, derandomize=True, phases=WITHOUT_SHRINKING)  # the same draws each time

BEYOND_ALL: Final = {"era_loan_per_principal", "reconstruction_coverage", "reconstruction_money_coverage"}
"""Sums of money in per cent of another sum, which is no whole that they are part of."""

SIGNED: Final = {"vehicle_profit", "vehicle_gross_return", "exchange_net_area"}
"""What may be below zero beside days from one date to another and margins of votes: a loss, and a net area."""


def span_of(name: str) -> tuple[float, float]:
    """Ends of a range in the data file's unit: a lever's from its file, none of a number that has none; of a date its day."""
    p = parameters()[name]
    ends = shipped_library().specs[name].range if p.role == "lever" else p.range
    if ends is None:
        middle = float(central()[name]) / p.in_formulas(1.0)
        return middle, middle
    low, high = (float(end.toordinal()) if isinstance(end, date) else end for end in ends)
    assert isinstance(low, (int, float)) and isinstance(high, (int, float))
    return float(low), float(high)


def one(name: str, *, zero: bool = False) -> st.SearchStrategy[Any]:
    """A value as formulas see it. A lever's zero removes the clause: some numbers are then unset, see below."""
    p = parameters()[name]
    if p.choices:
        return st.sampled_from([p.in_formulas(c) for c in p.choices])
    low, high = span_of(name)
    if p.role == "lever" and not zero:
        low = low or high / 100
    drawn = st.integers(int(low), int(high)).map(float) if p.whole else st.floats(low, high)
    return drawn.map(p.in_formulas)


def parties_fit(values: Mapping[str, Any]) -> bool:
    return bool(values["ukraine_share_of_znpp"] + values["united_states_share_of_znpp"] <= 1)


SOMEWHERE: Final = st.fixed_dictionaries({n: one(n) for n in parameters()}).filter(parties_fit)


@pytest.fixture(scope="module")
def plan() -> up.Plan:
    return up.load("us28")


# ------------------------------------------------------------------------------------------------------
# Every formula


@STEADY
@given(SOMEWHERE)
def test_every_formula_is_finite_everywhere_in_range(values: dict[str, Any]) -> None:
    found = graph().run(values)
    assert [n for n in NAMES if not np.all(np.isfinite(found[n]))] == []


@STEADY
@given(SOMEWHERE)
def test_shares_of_a_whole_lie_between_nothing_and_all_of_it(values: dict[str, Any]) -> None:
    found = graph().run(values)
    shares = [n for n in NAMES if graph().unit(n) == "share" and n not in BEYOND_ALL]
    assert len(shares) > 8
    assert {n: found[n] for n in shares if np.min(found[n]) < -1e-12 or np.max(found[n]) > 1 + 1e-12} == {}


@STEADY
@given(SOMEWHERE)
def test_persons_sums_and_energy_are_never_below_zero(values: dict[str, Any]) -> None:
    found = graph().run(values)
    counted = [n for n in NAMES if graph().unit(n) not in ("day", "day/chapter") and not n.endswith("_vote_margin")]
    assert {n: found[n] for n in counted if n not in SIGNED and np.min(found[n]) < -1e-9} == {}


@settings(max_examples=10, deadline=None, derandomize=True, phases=WITHOUT_SHRINKING)
@given(st.lists(SOMEWHERE, min_size=2, max_size=5))
def test_many_at_once_equals_one_at_a_time(rows: list[dict[str, Any]]) -> None:
    many = graph().run({n: np.array([row[n] for row in rows]) for n in rows[0]})
    for place, row in enumerate(rows):
        alone = graph().run(row)
        for n in NAMES:
            found = many[n][..., place if np.shape(many[n])[-1] > 1 else 0]
            assert worst(found, alone[n]) <= 1e-12, n


DIMENSIONS: Final = ("us_dollar", "us_dollar_2022", "us_dollar_2023", "us_dollar_2024", "us_dollar_2025", "euro", "hryvnia",
                     "rouble", "people", "power", "mass", "length", "seats", "allies", "chapters")  # fmt: skip


def power(name: str, dimension: str) -> float:
    unit = graph().unit(name)
    return dict(measure(unit).dimensions).get(dimension, 0.0)


@pytest.mark.parametrize("dimension", DIMENSIONS)
@settings(max_examples=8, deadline=None, derandomize=True, phases=WITHOUT_SHRINKING)
@given(values=SOMEWHERE, factor=st.sampled_from([0.01, 3.0, 100.0]))
def test_counting_in_another_unit_changes_nothing_but_the_count(dimension: str, values: dict[str, Any], factor: float) -> None:
    # cents for dollars in every input: each result moves by that power of a hundred that its unit says, or not at all
    other = {n: v if isinstance(v, str) else v * factor ** power(n, dimension) for n, v in values.items()}
    here, there = graph().run(values), graph().run(other)
    for n in NAMES:
        wanted = here[n] * factor ** power(n, dimension)
        scale = float(np.max(np.abs(wanted), initial=0.0))
        np.testing.assert_allclose(there[n], wanted, rtol=1e-9, atol=1e-11 * scale, err_msg=n)


def test_every_dimension_of_the_inputs_is_tried() -> None:
    found = {d for n in parameters() for d, _ in measure(graph().unit(n)).dimensions}
    # years and hours are the axis and a convention; a date has no zero; regions are counted against a list
    assert found - {"year", "hour", "choice", "date", "regions"} == set(DIMENSIONS)


# ------------------------------------------------------------------------------------------------------
# Low and high


def changed_plans() -> Iterator[tuple[str, dict[str, Any]]]:
    yield "central", {}
    for name, p in parameters().items():
        yield from ((f"{name}={c}", {name: c}) for c in p.choices if c != p.value)
    yield "no vehicle", dict.fromkeys(["vehicle_principal", "european_contribution", "us_profit_share"], 0)
    yield "no ceiling", {"force_cap": 900_000}


def outside(plan: up.Plan) -> list[str]:
    """The numbers resting on what was set, or all, whose value does not lie between their low and their high."""
    found, changed = [], {n for n, p in plan.parameters.items() if p.basis == "set"}
    for n in (n for n in plan if not changed or changed & plan._graph.needs(n)):
        low, high, value = plan[n].low, plan[n].high, plan[n].value
        if isinstance(value, date):
            value, low, high = plan[n].shown
        if low is not None and value is not None:
            room = 1e-9 * np.abs(value)
            found += [] if np.all(low - room <= value) and np.all(value <= high + room) else [n]
    return found


def test_a_value_lies_between_its_low_and_its_high_whatever_the_words_mean(plan: up.Plan) -> None:
    found = {label: outside(plan.with_values(**change)) for label, change in changed_plans()}
    assert len(found) > 12 and {label: names for label, names in found.items() if names} == {}


@pytest.mark.parametrize("day", ["2025-06-01", "2026-01-15", "latest"])
def test_a_value_lies_between_its_low_and_its_high_at_every_vintage(day: str) -> None:
    assert outside(up.load("us28", as_of=day)) == []


def test_a_value_lies_between_its_ends_where_the_range_holds_a_division_by_zero(plan: up.Plan) -> None:
    # the yield runs from -0.13 to 0.24 %: through zero, on whose two sides the cover years run away
    other = plan.with_values(deposit_rate="-0.2 %/year")
    number = other["era_loan_cover_years"]
    assert number.low <= number.value <= number.high
    assert np.isinf(number.high) or not up.bounds(other, "era_loan_cover_years").extremes.proven


@cache
def all_bounds() -> Mapping[str, up_bounds.Bounds]:
    plan = up.load("us28")
    return {n: up.bounds(plan, n) for n in NAMES if plan[n].value is not None}


def test_most_bounds_are_proven() -> None:
    assert sum(b.extremes.proven for b in all_bounds().values()) > 0.8 * len(all_bounds())  # else the next test looks at little


@STEADY
@given(SOMEWHERE)
def test_no_draw_of_the_uncertainties_lies_outside_proven_bounds(values: dict[str, Any]) -> None:
    here = graph().run(central() | {n: v for n, v in values.items() if parameters()[n].role == "uncertainty"})
    for n, found in all_bounds().items():
        if found.extremes.proven:
            room = 1e-9 * np.maximum(np.abs(found.low), np.abs(found.high))
            assert np.all(here[n] >= found.low - room) and np.all(here[n] <= found.high + room), n


# ------------------------------------------------------------------------------------------------------
# A clause that is removed


def ends() -> Iterator[tuple[str, float]]:
    for name in LEVERS:
        p = parameters()[name]
        if p.choices or p.unit == "date" or p.state != "set":
            continue  # options and dates have no zero; what the text does not state is set in the provision's own tests
        yield from ((name, end) for end in sorted({0.0, *span_of(name), *(x for x in p.limits if np.isfinite(x))}))


@pytest.mark.parametrize(("name", "end"), list(ends()))
def test_at_the_ends_of_a_lever_a_number_is_finite_or_names_the_zero_it_divides_by(name: str, end: float, plan: up.Plan) -> None:
    p = parameters()[name]
    change: dict[str, Any] = {name: f"{end!r} {p.unit}"}
    if name == "united_states_share_of_znpp":
        change["ukraine_share_of_znpp"] = 0
    other = plan.with_values(**change)
    known = graph().run(central() | other._values)
    for n in NAMES:
        number = other[n]
        if number.value is not None:
            assert isinstance(number.value, date) or np.all(np.isfinite(number.value)), n
            continue
        if (missing := other._missing(n)) is not None:
            assert other.parameters[missing].label in (number.reason or ""), n
            continue
        match = (number.reason or "").removeprefix("it divides by ").removesuffix(", which is 0")
        assert number.reason == f"it divides by {match}, which is 0"
        code = compile(match.replace("×", "*").replace("−", "-").replace("÷", "/"), "reason", "eval")
        assert eval(code, {k: v for k, v in known.items() if not isinstance(v, str)}) == 0, (n, number.reason)


def test_only_what_is_counted_per_dollar_of_the_assets_needs_a_clause_that_may_be_zero(plan: up.Plan) -> None:
    unset = {
        (name, n)
        for name, end in ends()
        if not end and name in LEVERS
        for n in NAMES
        if plan[n].value is not None and plan.with_values(**{name: 0})[n].value is None
    }
    assert unset == {("vehicle_principal", "break_even_return"), ("vehicle_principal", "era_loan_per_principal")}


# ------------------------------------------------------------------------------------------------------
# The plant


@STEADY
@given(st.integers(0, 1000), st.integers(0, 1000))
def test_shares_of_the_parties_sum_to_one_and_none_is_below_zero(a: int, b: int) -> None:
    ukraine, united_states = min(a, b), abs(a - b)
    known = graph().run(
        central() | {"ukraine_share_of_znpp": ukraine / 1000, "united_states_share_of_znpp": united_states / 1000}
    )
    russia = known["russia_share_of_znpp"]
    assert ukraine / 1000 + united_states / 1000 + russia == pytest.approx(1, abs=1e-15)
    parts = [known[f"{party}_znpp_output"] for party in ("ukraine", "russia", "united_states")]
    assert sum(parts) == pytest.approx(known["znpp_output_full_year"], rel=1e-12)


def test_where_two_parties_take_all_the_third_has_nothing_at_all(plan: up.Plan) -> None:
    # 1 - 0.7 - 0.3 is -5.6e-17 in floats: Russia would get "−0.00000000000000187 TWh a year"
    left = {}
    for ukraine in range(101):
        other = plan.with_values(ukraine_share_of_znpp=f"{ukraine} %", united_states_share_of_znpp=f"{100 - ukraine} %")
        if other["russia_share_of_znpp"].display != "0\u202f%" or other["russia_znpp_output"].value != 0:
            left[ukraine] = other["russia_znpp_output"].display
    assert left == {}


def test_a_share_typed_in_per_cent_is_the_float_that_reads_so(plan: up.Plan) -> None:
    # 57 * 0.01 is 0.5700000000000001, which JSON would print
    typed = {n: plan.with_values(us_profit_share=f"{n} %")["us_profit_share"].value for n in range(101)}
    assert {n: v for n, v in typed.items() if v != float(f"{n / 100:.2f}")} == {}


@STEADY
@given(SOMEWHERE)
def test_the_ramp_never_falls_and_reaches_the_units_available(values: dict[str, Any]) -> None:
    known = graph().run(values)
    units = known["znpp_units_running"]
    assert np.all(np.diff(units) >= 0) and np.all(units == np.floor(units)) and np.all(units <= values["znpp_units_available"])
    assert np.all(np.diff(units)[np.flatnonzero(units[:-1])] <= values["znpp_units_restarted_per_year"] + 1)
    assert units[-1] == np.floor(values["znpp_units_available"])  # the slowest ramp of the ranges takes eleven years
    assert known["znpp_output"][-1] == pytest.approx(known["znpp_output_full_year"])


@STEADY
@given(SOMEWHERE)
def test_the_equal_value_share_gives_equal_value(values: dict[str, Any]) -> None:
    share = float(graph().run(values)["znpp_equal_value_share"])
    known = graph().run(values | {"ukraine_share_of_znpp": share, "united_states_share_of_znpp": 0.0})
    assert known["ukraine_znpp_value"] == pytest.approx(known["russia_znpp_value"], rel=1e-9)


# ------------------------------------------------------------------------------------------------------
# The vehicle

WIDER: Final = {
    "vehicle_return": st.floats(-0.4, 0.6),
    "vehicle_fee": st.floats(0, 0.2),
    "us_profit_share": st.floats(0, 1),
    "vehicle_drawdown_years": st.floats(1, 30),
    "vehicle_life": st.integers(1, 30).map(float),
    "discount_rate": st.floats(-0.5, 0.5),
}
"""Far outside what is likely, inside what is possible."""

VEHICLE: Final = st.builds(lambda here, more: here | more, SOMEWHERE, st.fixed_dictionaries(WIDER))


@STEADY
@given(VEHICLE)
def test_every_dollar_that_comes_in_goes_out_or_is_still_there(values: dict[str, Any]) -> None:
    k = graph().run(values)
    came = np.cumsum(k["vehicle_capital_call"] + k["vehicle_gross_return"])
    went = np.cumsum(k["vehicle_fee_charged"] + k["profit_to_us"] + k["profit_paid_to_ukraine"])
    held = k["vehicle_net_asset_value"]
    np.testing.assert_allclose(came, went + held, atol=1e-12 * (1 + np.max(np.abs(held))), rtol=1e-9)


@STEADY
@given(VEHICLE)
def test_capital_is_called_once_and_whole(values: dict[str, Any]) -> None:
    k = graph().run(values)
    assert np.all(k["vehicle_capital_call"] >= 0)
    assert np.sum(k["vehicle_capital_call"]) == pytest.approx(k["vehicle_capital"])
    assert np.count_nonzero(k["vehicle_capital_call"] > 1e-9) <= np.ceil(values["vehicle_drawdown_years"])


@STEADY
@given(VEHICLE)
def test_profit_is_shared_in_the_stated_parts(values: dict[str, Any]) -> None:
    k = graph().run(values)
    np.testing.assert_allclose(k["profit_to_us"] + k["profit_to_ukraine"], k["profit_to_share"], rtol=1e-12)
    np.testing.assert_allclose(k["profit_to_us"], values["us_profit_share"] * k["profit_to_share"], rtol=1e-12)
    assert np.all(k["profit_to_share"] <= np.maximum(k["vehicle_profit"], 0) + 1e-12)


@STEADY
@given(VEHICLE)
def test_nothing_is_received_after_the_close(values: dict[str, Any]) -> None:
    k, life = graph().run(values), int(values["vehicle_life"])
    assert np.all(k["us_profit"][life:] == 0) and np.all(k["vehicle_money_for_ukraine"][life:] == 0)
    np.testing.assert_array_equal(k["us_profit"][:life], k["profit_to_us"][:life])


@STEADY
@given(VEHICLE)
def test_losses_to_recover_are_the_distance_to_the_highest_profit_so_far(values: dict[str, Any]) -> None:
    k = graph().run(values)
    profit = np.cumsum(k["vehicle_profit"])
    high = np.maximum.accumulate(np.maximum(profit, 0))
    np.testing.assert_allclose(k["losses_to_recover"], high - profit, atol=1e-9 * (1 + np.max(np.abs(profit))))


@STEADY
@given(SOMEWHERE)
def test_both_hundreds_give_twice_the_first(values: dict[str, Any]) -> None:
    values = values | {"vehicle_principal": 100.0, "european_contribution": 100.0}
    first, both = (graph().run(values | {"profit_base": base}) for base in ("first_100bn", "both_200bn"))
    for n in (
        "vehicle_capital",
        "vehicle_profit",
        "vehicle_net_asset_value",
        "us_profit",
        "us_profit_total",
        "us_profit_present_value",
        "vehicle_money_for_ukraine",
        "vehicle_money_for_ukraine_present_value",
        "reconstruction_coverage",
    ):
        np.testing.assert_allclose(both[n], 2 * first[n], rtol=1e-12, err_msg=n)


@STEADY
@given(SOMEWHERE)
def test_how_the_conventions_order_the_united_states_total(values: dict[str, Any]) -> None:
    def us_total(**given: Any) -> float:
        return float(graph().run(values | given, ["us_profit_total"])["us_profit_total"])

    room = 1e-9
    assert (
        us_total(losses_carried_forward="yes", ukraine_profit_reinvested="no")
        <= us_total(losses_carried_forward="no", ukraine_profit_reinvested="no") + room
    )
    assert us_total(ukraine_profit_reinvested="no") <= us_total(ukraine_profit_reinvested="yes") + room
    if values["vehicle_return"] >= 0:
        gross = {"profit_after_fees": "no"}
        assert us_total(losses_carried_forward="yes", **gross) == pytest.approx(
            us_total(losses_carried_forward="no", **gross), abs=room
        )
        assert us_total(profit_after_fees="yes") <= us_total(profit_after_fees="no") + room


@STEADY
@given(SOMEWHERE)
def test_owning_the_vehicle_at_the_close_gives_ukraine_no_less(values: dict[str, Any]) -> None:
    without, owning = (
        graph().run(values | {"ukraine_owns_vehicle_at_close": x})["vehicle_money_for_ukraine"] for x in ("no", "yes")
    )
    assert np.all(without <= owning + 1e-9)


@STEADY
@given(SOMEWHERE)
def test_present_values_at_no_discount_are_totals_and_fall_as_the_rate_rises(values: dict[str, Any]) -> None:
    flat = graph().run(values | {"discount_rate": 0.0})
    assert flat["us_profit_present_value"] == pytest.approx(flat["us_profit_total"])
    assert flat["vehicle_money_for_ukraine_present_value"] == pytest.approx(flat["vehicle_money_for_ukraine_total"])
    rates = graph().run(values | {"discount_rate": np.linspace(0, 0.2, 9)})["us_profit_present_value"]
    assert np.all(np.diff(rates) <= 1e-12)


def rising(values: dict[str, Any], name: str, steps: Any, target: str) -> bool:
    found = np.broadcast_to(graph().run(values | {name: steps}, [target])[target], np.shape(steps))
    return bool(np.all(np.diff(found) >= -1e-9 * (1 + np.max(np.abs(found)))))


@STEADY
@given(SOMEWHERE)
def test_the_united_states_total_rises_with_return_share_principal_and_life(values: dict[str, Any]) -> None:
    assert rising(values, "vehicle_return", np.linspace(-0.05, 0.10, 31), "us_profit_total")
    assert rising(values, "vehicle_life", np.arange(1.0, 31.0), "us_profit_total")
    assert rising(values, "vehicle_principal", np.linspace(0, 100, 11), "us_profit_total")
    if values["ukraine_profit_reinvested"] == "no":  # else a larger share leaves less in the vehicle to earn more
        assert rising(values, "us_profit_share", np.linspace(0, 0.5, 11), "us_profit_total")


@STEADY
@given(SOMEWHERE)
def test_break_even_is_where_the_steady_other_half_equals_the_windfall(values: dict[str, Any]) -> None:
    k = graph().run(values)
    fee = values["vehicle_fee"] if values["profit_after_fees"] == "yes" else 0.0
    half = (1 - values["us_profit_share"]) * k["vehicle_capital"] * (k["break_even_return"] - fee)
    assert half * values["euros_per_dollar"] == pytest.approx(k["windfall_forgone"], rel=1e-9)


# ------------------------------------------------------------------------------------------------------
# The ceiling and the assets


@STEADY
@given(SOMEWHERE)
def test_reduction_or_headroom_and_never_both(values: dict[str, Any]) -> None:
    k = graph().run(values)
    assert k["force_reduction"] * k["force_cap_headroom"] == 0
    assert values["force_strength"] - k["force_reduction"] + k["force_cap_headroom"] == values["force_cap"]
    assert k["force_upkeep"] <= min(values["force_strength"], values["force_cap"]) * k["soldier_cost"] / 1e9 * (1 + 1e-12)


@STEADY
@given(SOMEWHERE)
def test_what_the_vehicle_takes_and_the_remainder_are_the_whole_stock(values: dict[str, Any]) -> None:
    k = graph().run(values)
    taken = min(values["vehicle_principal"], float(k["immobilised_in_dollars"]))
    assert taken + k["immobilised_remainder"] == pytest.approx(k["immobilised_in_dollars"])
    assert k["vehicle_share_of_immobilised"] * k["immobilised_assets"] == pytest.approx(k["vehicle_principal_in_euros"])


@STEADY
@given(SOMEWHERE)
def test_paid_is_due_less_what_is_kept_and_cover_years_ignore_it(values: dict[str, Any]) -> None:
    due, paid = (graph().run(values | {"windfall_basis": x}) for x in ("due", "paid"))
    for n in ("windfall_contribution", "windfall_forgone"):
        assert paid[n] == pytest.approx(due[n] * (1 - values["windfall_retention"]))
    assert paid["era_loan_cover_years"] == due["era_loan_cover_years"]
    assert due["era_loan_cover_years"] * due["windfall_contribution"] == pytest.approx(values["era_loan"])


def test_the_horizon_is_as_long_as_the_longest_life() -> None:
    assert parameters()["vehicle_life"].limits[1] == HORIZON  # else a vehicle would never close
