"""What is drawn: points that belong to names, the factors of a number, and the inputs that follow from them.

Would catch a parameter whose draws move because another is drawn, a lever that is drawn unasked, an uncertainty that is
forgotten, a rival source in the wrong place, shares that add up to more than the whole, and a request that no machine can hold.
"""

import math
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import ukraineplan as up
from ukraineplan import distributions as d
from ukraineplan.distributions import Distribution, Range
from ukraineplan.errors import InvalidValue, NotStated, UnknownName
from ukraineplan.library import shipped_library
from ukraineplan.uncertainty import draws, model
from ukraineplan.uncertainty.draws import REPLICATES, Method, balanced, points
from ukraineplan.uncertainty.factors import SOURCE, factors_of
from ukraineplan.uncertainty.model import coordinates, model_of
from ukraineplan.units import Persons, Share

METHODS: Final[tuple[Method, ...]] = ("sobol", "random")
SHIPPED: Final = coordinates(up.load())
OWN: Final = ["aaa", "vehicle_return_of_mine", "zzz"]
both = pytest.mark.parametrize("method", METHODS)


@cache
def shipped_plan() -> up.Plan:
    return up.load("us28")


@pytest.fixture
def plan() -> up.Plan:
    return shipped_plan()


def drawn(names: list[str], count: int = 64, seed: int = 0, method: Method = "sobol") -> Any:
    order = [*SHIPPED, *sorted(set(OWN + list(names)) - set(SHIPPED))]
    return points(names, count, seed=seed, method=method, order=order)


@cache
def all_drawn(method: Method) -> Mapping[str, Any]:
    return dict(zip(SHIPPED, drawn(SHIPPED, 64, 0, method), strict=True))


# ------------------------------------------------------------------------------------------------------
# Draws belong to names


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.sampled_from(METHODS), st.lists(st.sampled_from(SHIPPED), unique=True, max_size=12))
def test_a_name_has_the_same_draws_whatever_else_is_drawn(method: Method, names: list[str]) -> None:
    """Catches a coordinate given out by place among those asked for, in either order."""
    found = drawn(names, 64, 0, method)
    assert found.shape == (len(names), 64)
    for name, row in zip(names, found, strict=True):
        assert np.array_equal(row, all_drawn(method)[name]), name


@both
def test_a_name_of_ones_own_moves_no_shipped_one(method: Method) -> None:
    own = ["aaa", "zzz", "vehicle_return_of_mine"]
    found = drawn(["vehicle_return", *own, "znpp_capacity_factor"], 64, 0, method)
    assert np.array_equal(found[0], all_drawn(method)["vehicle_return"])
    assert np.array_equal(found[-1], all_drawn(method)["znpp_capacity_factor"])
    assert len({tuple(row) for row in found}) == 5


@both
def test_names_of_ones_own_keep_their_draws_too(method: Method) -> None:
    """As `sample` promises: draws depend on seed and name alone, whatever else is drawn."""
    assert np.array_equal(drawn(["zzz"], 64, 0, method)[0], drawn(["aaa", "zzz"], 64, 0, method)[1])


def test_many_names_of_ones_own_move_no_shipped_one() -> None:
    many = [f"own_{k:03}" for k in range(300)]
    found = drawn(["vehicle_return", *many], 16)
    assert np.array_equal(found[0], all_drawn("sobol")["vehicle_return"][:16])
    assert ((found > 0) & (found < 1)).all() and len({tuple(row) for row in found}) == len(many) + 1


@both
def test_more_draws_keep_the_first_ones(method: Method) -> None:
    names = ["force_strength", "vehicle_return"]
    most = drawn(names, 1024, 3, method)
    for count in (1, 2, 4, 8, 16, 64, 512):
        assert np.array_equal(drawn(names, count, 3, method), most[:, :count]), count


def test_points_made_in_blocks_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = drawn(["force_strength", "vehicle_return"], 512)
    monkeypatch.setattr(draws, "BLOCK", 8)
    assert np.array_equal(drawn(["force_strength", "vehicle_return"], 512), whole)


@both
def test_every_seed_is_another_sample_and_zero_is_one_of_them(method: Method) -> None:
    rows = [tuple(drawn(["force_strength"], 64, seed, method)[0]) for seed in (0, 1, 2, 7, 2**31, 2**70)]
    assert len(set(rows)) == len(rows)
    assert tuple(drawn(["force_strength"], 64, np.int64(7), method)[0]) == rows[3]  # type: ignore[arg-type]
    assert tuple(drawn(["force_strength"], 64, 0, method)[0]) == rows[0]


def test_no_two_seeds_share_a_part_of_the_sample() -> None:
    one, other = (drawn(["force_strength"], 64, seed)[0] for seed in (0, 2**32))
    shared = {tuple(one[r::REPLICATES]) for r in range(REPLICATES)} & {tuple(other[r::REPLICATES]) for r in range(REPLICATES)}
    assert not shared


# ------------------------------------------------------------------------------------------------------
# Draws are uniform, independent, inside


@both
def test_no_point_is_an_end(method: Method) -> None:
    found = drawn(SHIPPED, 1024, 5, method)
    assert found.min() > 0 and found.max() < 1


def test_sobol_points_lie_in_every_cell_once() -> None:
    """Of each part of the sample, for every name: catches a part that is cut short or interleaved wrongly."""
    found = drawn(SHIPPED, 512)
    for r in range(REPLICATES):
        cells = np.floor(found[:, r::REPLICATES] * 64).astype(int)
        assert (np.sort(cells, axis=1) == np.arange(64)).all(), r


def test_random_points_are_uniform() -> None:
    found = drawn(SHIPPED, 2048, 11, "random")
    assert min(stats.kstest(row, "uniform").pvalue for row in found) > 1e-5


@both
def test_names_are_independent_of_each_other(method: Method) -> None:
    """Of 2,346 pairs; two Sobol coordinates may be as far from it as the points of one part are few."""
    count = 2**12
    r = np.corrcoef(drawn(SHIPPED, count, 1, method)) - np.eye(len(SHIPPED))
    assert np.abs(r).max() < 6 / math.sqrt(count if method == "random" else count / REPLICATES)
    assert abs(r.mean()) < 1e-3


@both
def test_the_parts_of_a_sample_are_independent(method: Method) -> None:
    """Catches parts that share a scramble: their errors go together, and the stated error is too small."""
    names, seeds = ["x", "y"], 400
    off = np.empty((REPLICATES, seeds))
    for seed in range(seeds):
        x, y = points(names, 128, seed=seed, method=method, order=names)
        off[:, seed] = [(x[r::REPLICATES] * y[r::REPLICATES]).mean() - 0.25 for r in range(REPLICATES)]
    assert np.abs(np.corrcoef(off) - np.eye(REPLICATES)).max() < 4.5 / math.sqrt(seeds)
    assert np.abs(off.mean(axis=1) / off.std(axis=1)).max() < 4.5 / math.sqrt(seeds)  # and none is biased


# ------------------------------------------------------------------------------------------------------
# How many


ROUNDED: Final = [(1, 1), (2, 2), (3, 4), (5, 8), (1000, 1024), (1024, 1024), (1025, 2048), (2**30, 2**30)]


@pytest.mark.parametrize("asked, made", ROUNDED)
def test_sobol_draws_are_rounded_up_to_a_power_of_two(asked: int, made: int) -> None:
    assert balanced(asked, "sobol") == made and balanced(asked, "random") == asked
    assert balanced(np.int32(asked), "sobol") == made and type(balanced(np.int64(asked), "random")) is int


@both
@pytest.mark.parametrize("count", [0, -1, 1.5, 1024.0, True, "8", None, math.nan, 2**40, 2**30 + 1, [8], np.bool_(True)])
def test_draws_that_are_no_number_of_draws_are_refused(count: Any, method: Method, plan: up.Plan) -> None:
    with pytest.raises(InvalidValue, match=r"^draws is ") as refused:
        up.sample(plan, "force_reduction", draws=count, method=method)
    assert "\n" not in str(refused.value)


@both
@pytest.mark.parametrize("seed", [-1, 1.5, True, "0", None, [1], math.nan])
def test_seeds_that_are_none_are_refused(seed: Any, method: Method, plan: up.Plan) -> None:
    with pytest.raises(InvalidValue, match=r"^the seed is a whole number from 0 up"):
        up.sample(plan, "force_reduction", draws=8, seed=seed, method=method)


@pytest.mark.parametrize("method", ["Sobol", "halton", "", None, 1])
def test_an_unknown_method_is_refused(method: Any, plan: up.Plan) -> None:
    with pytest.raises(InvalidValue, match="'sobol' or 'random'"):
        up.sample(plan, "force_reduction", method=method)


def test_a_rounded_count_is_said(plan: up.Plan) -> None:
    found = up.sample(plan, "force_reduction", draws=1000)
    assert (found.draws, found.asked) == (1024, 1000)
    assert "1,024 scrambled Sobol points (1,000 were asked for; Sobol points come in powers of two)" in found.method
    as_asked = up.sample(plan, "force_reduction", draws=1024), up.sample(plan, "force_reduction", draws=1000, method="random")
    for exact in as_asked:
        assert "asked for;" not in exact.method and exact.draws == exact.asked


def test_more_than_memory_holds_is_refused_before_anything_is_made(plan: up.Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "_memory", lambda: 2.0**20)
    monkeypatch.setattr(draws, "sobol", None)  # would stop with a TypeError if it were called
    with pytest.raises(InvalidValue, match=r"this machine has .*: ask for fewer draws, or for fewer numbers") as refused:
        up.sample(plan, draws=2**16)
    assert "65,536 draws" in str(refused.value) and "\n" not in str(refused.value)
    monkeypatch.undo()
    monkeypatch.setattr(model, "_memory", lambda: 2.0**20)
    assert up.sample(plan, "force_reduction", draws=2**10).draws == 2**10  # a smaller request still fits


def test_a_machine_that_does_not_say_how_much_memory_it_has_is_taken_for_a_small_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert model._memory() > 2**28

    def silent(name: str) -> int:
        raise ValueError(name)

    monkeypatch.setattr(model.os, "sysconf", silent, raising=False)
    assert model._memory() == 8 * 2**30


# ------------------------------------------------------------------------------------------------------
# Two plans share their draws


@both
def test_two_vintages_share_the_draws_of_what_they_have_in_common(method: Method) -> None:
    """Catches draws that follow the plan: the difference of two vintages would then be noise."""
    first, second = up.load(), up.load(as_of="2026-09-01")
    one, other = (up.sample(p, "windfall_forgone", draws=64, method=method) for p in (first, second))
    assert one.model.factors.names == other.model.factors.names
    same = moved = 0
    for a, b, x, y in zip(one.model.factors.factors, other.model.factors.factors, one.columns, other.columns, strict=True):
        ends = [(f.distribution.low, f.distribution.high) for f in (a, b)]
        same, moved = same + (ends[0] == ends[1]), moved + (ends[0] != ends[1])
        places = [(v - low) / (high - low) for v, (low, high) in zip((x, y), ends, strict=True)]
        assert places[0] == pytest.approx(places[1], abs=1e-9)
    assert same > 1


@both
def test_setting_one_number_moves_no_draw_of_another(plan: up.Plan, method: Method) -> None:
    before = up.sample(plan, "us_profit_total", draws=64, method=method).to_frame()
    changed = plan.with_values(vehicle_fee="1 %/year", us_profit_share="20 %")
    after = up.sample(changed, "us_profit_total", draws=64, method=method).to_frame()
    assert set(before) - set(after) == {"vehicle_fee"} and len(set(after) & set(before)) > 3
    for name in set(after) & set(before) - {"us_profit_total"}:
        assert np.array_equal(before[name], after[name]), name
    assert not np.array_equal(before["us_profit_total"], after["us_profit_total"])


@both
def test_a_parameter_of_ones_own_moves_no_shipped_draw(plan: up.Plan, method: Method) -> None:
    def reduction_with_absent(force_reduction: Persons, absent: Persons) -> Persons:
        """Reduction with those who are absent"""
        return force_reduction + absent

    absent = up.Parameter("absent", "Absent", "person", 200_000.0, range=(100_000.0, 300_000.0), assumption="For a test.")
    mine = plan.with_parameter(absent).with_formula(reduction_with_absent)
    one = up.sample(plan, "force_reduction", draws=64, method=method)
    two = up.sample(mine, ["force_reduction", "reduction_with_absent"], draws=64, method=method)
    assert np.array_equal(one.values("force_reduction"), two.values("force_reduction"))
    frame = two.to_frame()
    assert np.array_equal(frame["reduction_with_absent"], frame["force_reduction"] + frame["absent"])


# ------------------------------------------------------------------------------------------------------
# What is drawn


def names_of(plan: up.Plan, *targets: str, **more: Any) -> tuple[str, ...]:
    return factors_of(plan, targets, **more).names


def test_every_uncertainty_that_moves_a_number_is_drawn_and_nothing_held_is() -> None:
    """An input is put to both ends of its range by the plain functions: catches one that is left out."""
    plan = shipped_plan()
    missing: list[tuple[str, str]] = []
    found = {target: set(names_of(plan, target)) for target in plan.formulas if plan[target].value is not None}
    held = {n: np.nan for n in plan.parameters} | plan._values
    middle = plan._graph.run(held)
    for name, p in plan.parameters.items():
        for end in p.range or () if p.role == "uncertainty" else ():
            moved = plan._graph.run(held | {name: p.in_formulas(end)})
            missing += [(t, name) for t in found if not np.array_equal(moved[t], middle[t]) and name not in found[t]]
    assert not missing
    roles = {plan.parameters[n].role for names in found.values() for n in names}
    assert roles == {"uncertainty"}


def test_only_the_option_that_a_convention_names_is_drawn(plan: up.Plan) -> None:
    assert names_of(plan, "soldier_cost") == ("soldier_cost_wartime",)
    assert names_of(plan.with_values(soldier_cost_basis="peacetime_pay"), "soldier_cost") == ("soldier_pay_peacetime",)
    either = ("soldier_cost_basis", "soldier_cost_wartime", "soldier_pay_peacetime")
    assert names_of(plan, "soldier_cost", also=["soldier_cost_basis"]) == either


def test_levers_and_conventions_are_drawn_where_they_are_named(plan: up.Plan) -> None:
    assert names_of(plan, "force_reduction") == ("force_strength",)
    assert names_of(plan, "force_reduction", also=["force_cap"]) == ("force_cap", "force_strength")
    cap = factors_of(plan, ["force_reduction"], also=["force_cap"]).factors[0]
    assert (cap.distribution.low, cap.distribution.high, cap.role) == (400_000, 800_000, "lever")
    with pytest.raises(InvalidValue, match="force_reduction does not rest on us_profit_share: leave it out of also"):
        names_of(plan, "force_reduction", also=["us_profit_share"])


def test_names_are_sorted_and_there_once(plan: up.Plan) -> None:
    targets = ["windfall_forgone", "us_profit_total", "windfall_contribution"]
    found = names_of(plan, *targets)
    assert list(found) == sorted(set(found)) == sorted({n for t in targets for n in names_of(plan, t)})


def test_a_set_number_is_not_drawn(plan: up.Plan) -> None:
    assert names_of(plan.with_values(force_strength=900_000), "force_reduction") == ()
    with pytest.raises(InvalidValue, match="force_reduction rests on nothing uncertain"):
        up.sample(plan.with_values(force_strength=900_000), "force_reduction")


def test_a_set_number_is_not_drawn_by_naming_it_either(plan: up.Plan) -> None:
    for name, value in (("force_cap", 500_000), ("force_strength", 900_000)):
        with pytest.raises(InvalidValue, match=f"{name} has no range to draw from"):
            up.sample(plan.with_values(**{name: value}), "force_reduction", also=[name])


def test_a_set_convention_is_not_drawn_by_naming_it_either(plan: up.Plan) -> None:
    with pytest.raises(InvalidValue):
        up.sample(plan.with_values(soldier_cost_basis="peacetime_pay"), "soldier_cost", also=["soldier_cost_basis"])


def test_an_unknown_name_is_refused_with_the_nearest(plan: up.Plan) -> None:
    with pytest.raises(UnknownName, match="no parameter 'force_caps'; did you mean 'force_cap'"):
        up.sample(plan, "force_reduction", also=["force_caps"])
    with pytest.raises(UnknownName, match="no parameter 'force_reduction'"):
        up.sample(plan, "force_reduction", also=["force_reduction"])


def test_one_name_need_not_be_a_list(plan: up.Plan) -> None:
    """As with targets."""
    assert up.sample(plan, "force_reduction", also="force_cap", draws=8).model.factors.names == ("force_cap", "force_strength")


@pytest.mark.parametrize("sources", ["rival", "", None, True])
def test_unknown_sources_are_refused(plan: up.Plan, sources: Any) -> None:
    with pytest.raises(InvalidValue, match="'leading' or 'compete'"):
        up.sample(plan, "force_reduction", sources=sources)


def test_what_is_held_by_name_is_not_drawn(plan: up.Plan) -> None:
    both = [model_of(plan, ["us_profit_total"], without=held) for held in ((), ("vehicle_return",))]
    every, kept = (dict(zip(m.factors.names, m.points(8, seed=0), strict=True)) for m in both)
    assert set(kept) == set(every) - {"vehicle_return"}
    assert all(np.array_equal(row, every[name]) for name, row in kept.items())


def test_a_factor_knows_what_it_is(plan: up.Plan) -> None:
    found = {f.name: f for f in factors_of(plan, ["force_reduction", "us_profit_total"], also=["force_cap"]).factors}
    strength, cap, returns = found["force_strength"], found["force_cap"], found["vehicle_return"]
    assert (strength.role, strength.basis, strength.provision) == ("uncertainty", "sourced", "force_cap")
    assert strength.label == plan["force_strength"].label and strength.parameter == "force_strength"
    assert strength.origin in {s.publisher or s.title for s in shipped_library().evidence.sources.values()}
    assert (returns.basis, returns.origin) == ("assumed", "assumed here") and cap.basis == "stated"
    assert returns.distribution == Range(low=-0.05, high=0.1)  # as formulas see it: not in per cent


@pytest.mark.parametrize("by", ["provision", "source", "role"])
def test_groups_part_the_factors(plan: up.Plan, by: Any) -> None:
    """Catches a factor in two groups or in none."""
    found = factors_of(plan, list(plan.formulas), also=["force_cap", "profit_base"], sources="compete")
    groups = found.groups(by)
    members = [n for names in groups.values() for n in names]
    assert len(members) == len(set(members)) and set(members) == set(found.names) and all(groups.values()) and len(groups) > 2


# ------------------------------------------------------------------------------------------------------
# From what is drawn to what formulas see


@both
def test_a_convention_is_drawn_as_its_labels(plan: up.Plan, method: Method) -> None:
    """Catches a label off by one: the number is that of the option with this label, by the plain function."""
    found = up.sample(plan, "soldier_cost", also=["soldier_cost_basis"], draws=256, method=method)
    frame = found.to_frame()
    label = frame["soldier_cost_basis"]
    assert set(label) == {"wartime", "peacetime_pay"}
    if method == "sobol":
        assert (label == "wartime").sum() == 128
    wanted = np.where(label == "wartime", frame["soldier_cost_wartime"], frame["soldier_pay_peacetime"])
    assert np.array_equal(frame["soldier_cost"], wanted)


def test_a_convention_of_numbers_takes_its_numbers(plan: up.Plan) -> None:
    found = up.sample(plan, "ukraine_znpp_output", also=["hours_per_year"], draws=512)
    hours = found.to_frame()["hours_per_year"]
    counts = hours.value_counts()
    assert set(counts.index) == {8760, 8766, 8784} and counts.min() > 160
    for draw in (0, 1, 2, 3):
        assert found.plan_at(draw)["hours_per_year"].value == hours[draw]


def test_two_conventions_are_drawn_apart(plan: up.Plan) -> None:
    names = ["profit_base", "losses_carried_forward", "profit_after_fees"]
    frame = up.sample(plan, "us_profit_total", also=names, draws=1024).to_frame()
    assert frame.groupby(names).size().between(108, 148).all() and len(frame.groupby(names)) == 8


def test_a_rival_source_takes_the_place_of_the_leading_one(plan: up.Plan) -> None:
    """Against the facts: source 0 leaves the draw of the range, source k is the k-th rival that was public."""
    facts = shipped_library().evidence.facts
    led, competed = (up.sample(plan, "force_cap_per_thousand_people", draws=512, sources=s) for s in ("leading", "compete"))
    assert competed.model.factors.names == ("population", "population_source")
    frame, own = competed.to_frame(), led.to_frame()["population"]
    rivals = {i: facts[i].value for i in ("pop_imf_2025_32_9m", "pop_un_wpp_37_9m", "pop_uif_29m")}
    which, leading = frame["population_source"], plan.parameters["population"].facts[0]
    assert set(which) == {leading, *rivals} and (which.value_counts() == 128).all()
    assert np.array_equal(frame["population"][which == leading], own[which == leading])
    for fact, rival in rivals.items():
        assert set(frame["population"][which == fact]) == {rival}
    cap = plan["force_cap"].value
    assert frame["force_cap_per_thousand_people"].to_numpy() == pytest.approx(cap / (frame["population"] / 1000).to_numpy())


def test_a_source_competes_from_the_day_on_which_it_was_public() -> None:
    early, late = (factors_of(up.load(as_of=day), ["force_reduction"], sources="compete").rules["force_strength"].rivals
                   for day in ("2025-11-21", "latest"))  # fmt: skip
    assert 677_000 not in early and 677_000 in late and set(early) < set(late)


def test_a_number_with_rivals_and_no_range_is_one_of_them() -> None:
    facts = shipped_library().evidence.facts
    people = up.Parameter("people", "People", "person", 31_500_000.0, facts=("pop_govt_controlled_31_5m",),
                          competing=("pop_imf_2025_32_9m", "pop_uif_29m"))  # fmt: skip

    def twice(people: Persons) -> Persons:
        """Twice as many"""
        return 2 * people

    plan = up.load().with_parameter(people).with_formula(twice)
    with pytest.raises(InvalidValue, match="nothing uncertain"):
        up.sample(plan, "twice")
    found = up.sample(plan, "twice", draws=64, sources="compete")
    assert found.model.factors.names == ("people_source",)
    assert set(found.values("twice")) == {2 * float(facts[i].value or 0) for i in (*people.facts, *people.competing)}


def test_a_rival_beyond_what_is_possible_does_not_compete() -> None:
    people = up.Parameter("people", "People", "person", 31_500_000.0, facts=("pop_govt_controlled_31_5m",),
                          competing=("pop_imf_2025_32_9m", "pop_uif_29m"), limits=(30e6, 40e6))  # fmt: skip
    found = factors_of(up.load().with_parameter(people), ["people"], sources="compete")
    assert found.rules["people"].rivals == (32_862_000.0,)


def test_every_rival_with_a_number_competes(plan: up.Plan) -> None:
    """The same print is read as a year's where it leads: ukraine_gdp_2026_draft_budget."""
    facts = shipped_library().evidence.facts
    for name, p in plan.parameters.items():
        wanted = sum(facts[i].value is not None for i in p.competing)
        rule: Any = factors_of(plan, [name], sources="compete").rules.get(name)
        assert wanted == (len(rule.rivals) if rule else 0), name


def test_a_set_number_has_no_rivals(plan: up.Plan) -> None:
    assert names_of(plan.with_values(population=30e6), "force_cap_per_thousand_people", sources="compete") == ()


def test_two_answers_are_drawn_apart_from_their_source(plan: up.Plan) -> None:
    found = up.sample(plan, "force_cap_per_thousand_people", draws=4096, sources="compete")
    assert abs(np.corrcoef(found.columns)[0, 1]) < 0.05


# ------------------------------------------------------------------------------------------------------
# Shares of one whole

SHARES: Final = ("ukraine_share_of_znpp", "united_states_share_of_znpp")


@both
def test_shares_drawn_together_never_exceed_the_whole(plan: up.Plan, method: Method) -> None:
    found = up.sample(plan, "russia_znpp_output", also=SHARES, draws=2**12, method=method)
    frame = found.to_frame()
    ukraine, america = (frame[n] for n in SHARES)
    assert (ukraine + america).max() <= 1 and (ukraine + america).max() > 0.99
    assert ukraine.between(0.33, 1).all() and america.between(0, 0.5).all() and america.max() > 0.49
    assert (found.values("russia_znpp_output") >= 0).all()
    part = found.columns[found.model.factors.names.index(SHARES[1])]
    assert np.array_equal(america, part * np.minimum(0.5, 1 - ukraine))


def test_each_share_is_an_independent_factor(plan: up.Plan) -> None:
    found = up.sample(plan, "russia_znpp_output", also=SHARES, draws=2**12)
    factors = {f.name: f for f in found.model.factors.factors}
    assert factors[SHARES[0]].distribution == Range(low=0.33, high=1.0)
    assert factors[SHARES[1]].distribution == Range(low=0, high=1)
    assert factors[SHARES[1]].label == f"{plan[SHARES[1]].label}, as a part of what is left"
    assert np.abs(np.corrcoef(found.columns) - np.eye(len(factors))).max() < 0.05


def test_a_share_drawn_alone_leaves_room_for_the_one_that_is_held(plan: up.Plan) -> None:
    found = up.sample(plan.with_values(ukraine_share_of_znpp=70), "russia_znpp_output", also=[SHARES[1]], draws=1024).to_frame()
    assert 0.29 < found[SHARES[1]].max() <= 0.3 and found[SHARES[1]].min() < 0.01


def two_shares(low: float = 0.0, distribution: Distribution | None = None, **more: Any) -> up.Plan:
    """Two shares of one's own: the second from `low`, the two at most the whole."""

    def sum_of_both(one: Share, two: Share) -> Share:
        """Sum of both"""
        return one + two

    one = up.Parameter("one", "One", "%", 20.0, range=(0.0, 100.0), limits=(0, 100), assumption="For a test.")
    two = up.Parameter("two", "Two", "%", 30.0, range=(low, 60.0), limits=(0, 100), assumption="For a test.",
                       together=("one", "two"), together_at_most=100)  # fmt: skip
    two = replace(two, distribution=distribution, range=None if distribution else two.range)
    return up.load().with_parameter(one).with_parameter(replace(two, **more)).with_formula(sum_of_both)


def test_uncertain_shares_of_ones_own_are_drawn_together() -> None:
    found = up.sample(two_shares(), "sum_of_both", draws=1024)
    assert found.results.max() <= 1 and up.sample(two_shares(), "sum_of_both", draws=1024).plan_at(7)["sum_of_both"].value <= 1


def test_a_share_with_a_low_end_stays_above_it_and_the_sum_within_the_whole() -> None:
    found = up.sample(two_shares(low=20.0), "sum_of_both", draws=1024).to_frame()
    assert found["two"].min() >= 0.2 and found["sum_of_both"].max() <= 1


def test_shares_with_a_distribution_are_refused_with_what_to_do() -> None:
    plan = two_shares(distribution=d.pert(0, 30, 60, claimed_by="a study"))
    with pytest.raises(InvalidValue, match=r"one and two add up to at most 100 %.*draw one of them, or give each a range"):
        up.sample(plan, "sum_of_both")


LEFT_OPEN: Final = """
[provision]
title = "Two parts"
headline = ""
key = ["three_parts"]

[open_part]
label = "Part that no text states"
unit = "%"
role = "lever"
range = [0, 50]
range_because = "For a test."
limits = [0, 100]

[known_part]
label = "Part that is assumed"
unit = "%"
role = "uncertainty"
value = 30
range = [20, 40]
range_because = "For a test."
limits = [0, 100]
assumption = "For a test."
together = ["open_part", "known_part"]
together_at_most = 100
"""
PARTS: Final = '''
"""Parts."""

from ukraineplan.units import Share


def three_parts(known_part: Share) -> Share:
    """Three times the known part"""
    return known_part + 2 * known_part
'''


def test_a_share_beside_one_that_is_unset_is_drawn_from_its_range(tmp_path: Path) -> None:
    for name, content in (("parameters/parts.toml", LEFT_OPEN), ("provisions/parts.py", PARTS)):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(content, encoding="utf-8")
    found = up.sample(up.load(extra=tmp_path), "three_parts", draws=256)
    assert found.statistics["three_parts"]["mean"].value == pytest.approx(0.9, abs=0.01)


# ------------------------------------------------------------------------------------------------------
# Names and units that are easily taken for others


def with_own(name: str, **more: Any) -> up.Plan:
    """The plan with a parameter of this name, and a formula that doubles it."""
    p = up.Parameter(name, "Own", **{"unit": "person", "value": 50.0, "range": (10.0, 90.0), "assumption": "For a test."} | more)
    space: dict[str, Any] = {"Persons": Persons, "Share": Share}
    unit = "Share" if p.unit == "%" else "Persons"
    exec(f'def doubled({name}: {unit}) -> {unit}:\n    """Doubled"""\n    return 2 * {name}', space)
    return up.load().with_parameter(p).with_formula(space["doubled"])


def test_a_parameter_may_be_called_a_source() -> None:
    """Drawn, but not handed to the formulas: the number would not vary, and nobody would be told."""
    found = up.sample(with_own("power_source"), "doubled", draws=64)
    assert np.array_equal(found.values("doubled"), 2 * found.columns[0]) and np.ptp(found.columns[0]) > 50


def test_a_name_may_contain_a_source() -> None:
    found = up.sample(with_own("source_of_power"), "doubled", draws=64)
    assert np.array_equal(found.values("doubled"), 2 * found.columns[0]) and np.ptp(found.columns[0]) > 50


def test_whole_numbers_are_drawn_whole_with_both_ends() -> None:
    found = up.sample(with_own("crew", whole=True, range=(48.0, 51.0)), "doubled", draws=64)
    values, counts = np.unique(found.columns[0], return_counts=True)
    assert values.tolist() == [48, 49, 50, 51] and counts.tolist() == [16] * 4


@pytest.mark.parametrize("ends", [(10.0, 90.0), (0.0, 100.0)])
def test_whole_per_cents_are_drawn_as_such(ends: tuple[float, float]) -> None:
    found = up.sample(with_own("toll", unit="%", whole=True, range=ends, limits=(0, 100)), "doubled", draws=1024)
    assert len(np.unique(found.columns[0])) == ends[1] - ends[0] + 1


# ------------------------------------------------------------------------------------------------------
# The model


def test_targets_may_be_inputs(plan: up.Plan) -> None:
    found = up.sample(plan, ["force_strength", "force_reduction"], draws=64)
    assert np.array_equal(found.values("force_strength"), found.columns[0])
    assert np.array_equal(found.values("force_reduction"), found.columns[0] - 600_000)


def test_a_convention_is_no_target(plan: up.Plan) -> None:
    with pytest.raises(InvalidValue, match="profit_base is answered with a label"):
        up.sample(plan, "profit_base")


def test_a_number_that_the_text_does_not_state_is_no_target(plan: up.Plan) -> None:
    """At a vintage before a fact was public, whatever rests on it is unset."""
    early = up.load(as_of="2021-01-01")
    unset = next(n for n in early.formulas if early[n].value is None)
    with pytest.raises(NotStated, match=unset):
        up.sample(early, unset)
    with pytest.raises(UnknownName, match="did you mean 'force_reduction'"):
        up.sample(plan, "force_reductions")


def test_results_do_not_depend_on_where_chunks_end(plan: up.Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of every formula; to rounding, as a vector unit may round a power otherwise than what is left over at the end."""
    whole = up.sample(plan, draws=3000, method="random", also=["profit_base", "soldier_cost_basis"])
    for size in (1, 7, 1024, 3000, 4096):
        count = 3000 if size > 100 else 40
        monkeypatch.setattr(model, "CHUNK", size)
        found = whole.model.at(whole.columns[:, :count])
        np.testing.assert_allclose(found, whole.results[:, :count], rtol=1e-13, atol=1e-13)


def test_the_same_model_is_found_in_another_plan(plan: up.Plan) -> None:
    one = model_of(plan, ["force_reduction"], also=["force_cap"], sources="compete")
    other = one.of(plan.with_values(force_strength=900_000))
    assert other.factors.names == ("force_cap",)
    assert one.factors.names == ("force_cap", "force_strength", f"force_strength{SOURCE}")
