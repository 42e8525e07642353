"""A tape of array operations against the trace and the plain functions it stands for, bit for bit.

Would catch a buffer that is used again too early, a step that is dropped or joined wrongly, a year or a label off by one, and
a branch that is not taken but leaves its nan behind.
"""

import pickle
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import TOY, body, conventions, draws, formulas, graph, made, parameters, setting, toy, worst

from ukraineplan.formula import Formula
from ukraineplan.graph import Graph, Input, wire
from ukraineplan.tape import Buffer, Column, Tape, record
from ukraineplan.trace import Algebra
from ukraineplan.uncertainty.factors import Labels
from ukraineplan.years import HORIZON

NAMES: Final = [f.name for f in formulas()]
LABELS: Final = {n: tuple(map(str, p.choices)) for n, p in parameters().items() if p.labelled}


def as_drawn(drawn: Mapping[str, Any], algebra: Algebra) -> Mapping[str, Any]:
    """What is drawn is what formulas ask for; labels are drawn by their place."""
    return {n: Labels(n, LABELS[n])(drawn, algebra) if n in LABELS else v for n, v in drawn.items()}


def columns_of(values: Mapping[str, Any], names: Sequence[str]) -> Any:
    """Draws as a tape takes them."""
    found = [[LABELS[n].index(x) for x in values[n]] if n in LABELS else values[n] for n in names]
    return np.array(found, float).reshape(len(names), -1)


def parts(tape: Tape, found: Any) -> dict[str, Any]:
    """The rows of a run by target: one of shape (draws,), or (years, draws)."""
    ends = np.cumsum(list(tape.rows.values()))
    return {
        t: found[end - count : end] if count == HORIZON else found[end - 1]
        for (t, count), end in zip(tape.rows.items(), ends, strict=True)
    }


def alike(found: Any, wanted: Any) -> bool:
    """Bit for bit, except that one nan is like another; a number without draws is the same in each."""
    return np.array_equal(found, np.broadcast_to(wanted, np.shape(found)), equal_nan=True)


@cache
def everything() -> tuple[dict[str, Any], Any, Tape]:
    """Random settings of all parameters, every switch included, and a tape of all formulas over them."""
    values, _ = draws(600, 0)
    names = list(values)
    return values, columns_of(values, names), record(graph(), NAMES, {}, names, as_drawn)


# ------------------------------------------------------------------------------------------------------
# Every shipped formula


def test_the_settings_take_every_option_of_every_switch() -> None:
    values = everything()[0]
    for name, options in conventions().items():
        assert set(values[name]) == set(options), name


@pytest.mark.parametrize("name", NAMES)
def test_a_formula_is_the_trace_and_the_plain_function(name: str) -> None:
    """On a tape with all others, and on one of its own."""
    values, columns, tape = everything()
    found = parts(tape, all_results())[name]
    alone = record(graph(), [name], {}, list(values), as_drawn)
    assert alike(found, evaluated()[name]), "trace"
    assert alike(found, computed()[name]), "plain functions"
    assert alike(parts(alone, alone.run(columns))[name], found), "alone"
    assert np.shape(found) == ((HORIZON, 600) if graph().yearly(name) else (600,))


@cache
def all_results() -> Any:
    _, columns, tape = everything()
    return tape.run(columns)


@cache
def evaluated() -> dict[str, Any]:
    return graph().evaluate(everything()[0], NAMES)


@cache
def computed() -> dict[str, Any]:
    return graph().run(everything()[0], NAMES)


@pytest.mark.parametrize("seed", range(6))
def test_what_is_held_is_computed_once_and_equals_the_same_drawn(seed: int) -> None:
    """Levers and conventions held at a random setting: catches a switch that is answered wrongly while recording."""
    drawn = [n for n, p in parameters().items() if p.role == "uncertainty" and not p.choices]
    values, held = draws(50, 100 * seed)[0], setting(seed)
    columns = columns_of(values, drawn)
    tape = record(graph(), NAMES, held, drawn, as_drawn)
    found = parts(tape, tape.run(columns))
    wanted = graph().run({**held, **{n: values[n] for n in drawn}}, NAMES)
    for name in NAMES:
        if np.shape(wanted[name])[-1:] == (50,):
            assert alike(found[name], wanted[name]), name
        else:  # the same in every draw: numpy sums thirty years in another order
            assert worst(found[name], wanted[name]) < 1e-15, name


def test_nothing_drawn_is_a_tape_without_steps() -> None:
    held = setting(3)
    tape = record(graph(), NAMES, held, [], as_drawn)
    assert tape.steps == () and tape.buffers == 0
    found, wanted = parts(tape, tape.run(np.empty((0, 4)))), graph().run(held, NAMES)
    for name in NAMES:
        one = wanted[name][:, None] if graph().yearly(name) else wanted[name]
        assert worst(found[name], one) < 1e-15, name


def test_a_tape_travels() -> None:
    _, columns, tape = everything()
    copied = pickle.loads(pickle.dumps(tape))
    assert copied == tape and alike(copied.run(columns), all_results())


def test_chunks_are_parts_of_the_whole() -> None:
    _, columns, tape = everything()
    for start, stop in ((0, 1), (0, 7), (7, 200), (599, 600), (600, 600)):
        assert worst(tape.run(columns[:, start:stop]), all_results()[:, start:stop]) < 1e-14


def test_a_run_leaves_the_draws_and_the_runs_before_it_alone() -> None:
    _, columns, tape = everything()
    given_, first = columns[:, :40].copy(), tape.run(columns[:, :40])
    given_.flags.writeable = False
    kept = first.copy()
    second = tape.run(given_)
    tape.run(columns[:, 40:80])
    assert alike(first, kept) and alike(second, kept) and alike(given_, columns[:, :40])


def test_buffers_are_shared() -> None:
    """As a tape says of itself: what no later step reads is written over."""
    tape = record(graph(), ["us_profit_total"], {}, list(parameters()), as_drawn)
    assert tape.buffers < len(tape.steps) / 3


def test_a_tape_has_only_the_steps_that_are_needed_each_once() -> None:
    one = record(graph(), ["us_profit_total"], {}, list(parameters()), as_drawn)
    both = record(graph(), ["us_profit_total", "vehicle_money_for_ukraine_total"], {}, list(parameters()), as_drawn)
    apart = record(graph(), ["vehicle_money_for_ukraine_total"], {}, list(parameters()), as_drawn)
    assert len(one.steps) < len(both.steps) < len(one.steps) + len(apart.steps)
    twice = record(graph(), ["force_reduction", "force_reduction"], {}, list(parameters()), as_drawn)
    assert len(twice.steps) == 2  # a difference and a maximum


def test_an_input_is_a_target_too() -> None:
    held = setting(0)
    tape = record(graph(), ["force_strength", "force_cap", "force_reduction"], held, ["force_strength"], as_drawn)
    strength = np.array([[700_000.0, 900_000.0]])
    assert tape.rows == {"force_strength": 1, "force_cap": 1, "force_reduction": 1}
    assert tape.outputs[0] == Column(0) and isinstance(tape.outputs[2], Buffer)
    wanted = [strength[0], [held["force_cap"]] * 2, np.maximum(strength[0] - held["force_cap"], 0)]
    assert alike(tape.run(strength), np.array(wanted))


# ------------------------------------------------------------------------------------------------------
# Small formulas: nan, zero, years, labels


def run(of: Graph, target: str, held: Mapping[str, Any], **drawn: Any) -> tuple[Any, Any]:
    """A number by its tape and by the plain functions."""
    def placed(columns: Mapping[str, Any], algebra: Algebra) -> Mapping[str, Any]:
        return {n: Labels(n, of.inputs[n].labels)(columns, algebra) if of.inputs[n].labels else v for n, v in columns.items()}

    tape = record(of, [target], held, list(drawn), placed)
    labels = {n: of.inputs[n].labels for n in drawn}
    columns = np.array([[labels[n].index(x) for x in v] if labels[n] else v for n, v in drawn.items()], float)
    found = tape.run(columns)
    plain = of.run({**held, **{n: np.array(v) for n, v in drawn.items()}}, [target])[target]
    return (found if of.yearly(target) else found[0]), plain


@pytest.mark.parametrize(
    "lines",
    [
        "return np.where(share_a > 2, np.log(share_a / share_b), share_a / share_b)",
        "return np.where(share_a <= 0, share_b, share_b / share_a)",
        "return np.where(share_b > share_a, np.sqrt(share_b - share_a), 0) + share_b",
        "return np.where(share_a == 0, 0, np.where(share_a < 0, np.log(-share_a), np.log(share_a)))",
    ],
)
def test_a_branch_that_is_not_taken_leaves_nothing_behind(lines: str) -> None:
    """Its log of a negative or its division by zero happens, and is not seen."""
    of = toy(body(lines, unit="Share"))
    found, plain = run(of, "x", {}, share_a=[-1.0, 0.0, 1.0, 3.0, 5.0], share_b=[2.0, 2.0, 2.0, 2.0, 2.0])
    assert alike(found, plain) and np.isfinite(found).all()


def test_a_branch_that_is_taken_keeps_its_nan() -> None:
    of = toy(body("return np.where(share_a > 2, np.log(1 - share_a), share_a)", unit="Share"))
    found, plain = run(of, "x", {}, share_a=[1.0, 5.0])
    assert alike(found, plain) and np.isnan(found).tolist() == [False, True]


def test_division_by_zero_is_as_in_the_plain_functions() -> None:
    found, plain = run(toy(body("return a / b * a")), "x", {}, a=[1.0, -1.0, 0.0, 1.0], b=[0.0, -0.0, 0.0, 2.0])
    assert alike(found, plain) and repr(found.tolist()) == "[inf, -inf, nan, 0.5]"
    found, plain = run(toy(body("return a / b", unit="Share")), "x", {"b": 0.0}, a=[1.0, -1.0, 0.0])
    assert alike(found, plain) and repr(found.tolist()) == "[inf, -inf, nan]"


def test_a_ratio_to_nothing_is_nothing() -> None:
    of = toy(body("return ratio(a, b)", unit="Share"))
    found, plain = run(of, "x", {}, a=[1.0, 0.0, 3.0, -1.0], b=[0.0, 0.0, 2.0, 0.0])
    assert alike(found, plain) and found.tolist() == [0, 0, 1.5, 0]
    for held, drawn in (({"b": 0.0}, {"a": [1.0, 2.0]}), ({"b": 4.0}, {"a": [1.0, 2.0]}), ({"a": 3.0}, {"b": [0.0, 2.0]})):
        found, plain = run(of, "x", held, **drawn)
        assert alike(found, plain)


@pytest.mark.parametrize("answer", ["yes", "no", None])
@pytest.mark.parametrize("other", ["yes", "no", None])
def test_labels_are_drawn_or_held(answer: str | None, other: str | None) -> None:
    """Options in another order than the labels of the file; one switch inside another."""
    of = toy(body("return choose(answer, no=choose(other_answer, yes=a, no=a + b), yes=b)"))
    held: dict[str, Any] = {n: label for n, label in (("answer", answer), ("other_answer", other)) if label}
    labels: dict[str, Any] = {"answer": ["yes", "no", "yes", "no"], "other_answer": ["yes", "yes", "no", "no"]}
    drawn = {n: v for n, v in labels.items() if n not in held}
    found, plain = run(of, "x", held, a=[1.0, 2.0, 3.0, 4.0], b=[10.0, 20.0, 30.0, 40.0], **drawn)
    assert alike(found, plain)
    if not held:
        assert found.tolist() == [10, 2, 30, 44]


def test_a_branch_of_a_label_that_is_not_drawn_leaves_nothing_behind() -> None:
    of = toy(body("return choose(answer, yes=a / b * a, no=a)"))
    found, plain = run(of, "x", {}, a=[1.0, 2.0], b=[0.0, 0.0], answer=["no", "no"])
    assert alike(found, plain) and found.tolist() == [1, 2]


@pytest.mark.parametrize("reduced", ["", "total", "last"])
@pytest.mark.parametrize("answer", ["no", None, "yes"])
def test_of_a_switch_one_option_may_have_years(answer: str | None, reduced: str) -> None:
    """The plain function repeats the plain option each year; catches years that are asked of a single number."""
    flow = made(
        "flow(answer: Choice, a: BillionUSD, year: Years, one_year: Years) -> BillionUSDPerYear",
        "choose(answer, yes=a, no=a * year / one_year) / one_year",
    )
    years = {"total": "total(flow)"}.get(reduced, "last(flow) * one_year")
    last = made("x(flow: BillionUSDPerYear, one_year: Years) -> BillionUSD", years)
    of = toy(flow, last)
    held, drawn = ({"answer": answer}, {}) if answer else ({}, {"answer": ["yes", "no"]})
    found, plain = run(of, "x" if reduced else "flow", held, a=[2.0, 3.0], **drawn)
    assert worst(found, plain) < 1e-15


STOCK: Final = made(
    "stock(a: BillionUSD, rate: PerYear, one_year: Years, previous_stock: BillionUSD = 0.0) -> BillionUSD",
    "previous_stock * (1 + rate * one_year) + a",
)


@pytest.mark.parametrize("reduced", ["total", "last", "highest", "lowest"])
def test_years_are_run_and_reduced(reduced: str) -> None:
    flow = "(stock - a) / one_year" if reduced == "total" else "stock - a"
    of = toy(STOCK, made("x(stock: BillionUSD, a: BillionUSD, one_year: Years) -> BillionUSD", f"{reduced}({flow})"))
    rates = np.linspace(-0.5, 0.5, 11)
    found, plain = run(of, "x", {}, a=np.linspace(-3, 3, 11), rate=rates)
    assert alike(found, plain)
    by_year, plainly = run(of, "stock", {"a": 2.0}, rate=rates)
    assert by_year.shape == (HORIZON, 11) and alike(by_year, plainly)


def test_a_number_of_years_alone_is_known_when_it_is_recorded() -> None:
    arguments = "a: BillionUSD, b: BillionUSD, year: Years, one_year: Years"
    of = toy(body("return np.where(year > 2 * one_year, a, b)", arguments=arguments))
    found, plain = run(of, "x", {}, a=[1.0, 2.0], b=[3.0, 4.0])
    assert alike(found, plain) and found[:3].tolist() == [[3, 4], [3, 4], [1, 2]]
    tape = record(of, ["x"], {}, ["a", "b"], as_drawn)
    assert tape.steps == ()  # each year is one of the two draws


def test_a_parameter_with_years_is_held_in_each() -> None:
    of = wire([Formula.of(made("x(a: BillionUSD, share_a: Share) -> BillionUSD", "a * share_a"))],
              TOY | {"a": Input("billion USD", yearly=True)})  # fmt: skip
    found, plain = run(of, "x", {"a": 3.0}, share_a=[0.5, 1.0])
    assert found.shape == (HORIZON, 2) and alike(found, plain)


# ------------------------------------------------------------------------------------------------------
# Any formula


LEAF: Final = st.sampled_from(["x", "y", "z", "half", "two", "(year / one_year)"])
ALONE: Final = ["np.floor", "np.abs", "np.sqrt", "-", "np.exp", "np.log"]
SIDES: Final = ["<", "<=", ">", ">=", "==", "!="]


def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """A step of the vocabulary around smaller expressions."""
    two = st.tuples(inner, inner)
    return st.one_of(
        st.tuples(two, st.sampled_from("+-*/")).map(lambda t: f"({t[0][0]} {t[1]} {t[0][1]})"),
        st.tuples(two, st.sampled_from(["np.maximum", "np.minimum", "ratio"])).map(lambda t: f"{t[1]}({t[0][0]}, {t[0][1]})"),
        st.tuples(inner, st.sampled_from(ALONE)).map(lambda t: f"{t[1]}({t[0]})"),
        st.tuples(two, two, st.sampled_from(SIDES)).map(lambda t: f"np.where({t[0][0]} {t[2]} {t[0][1]}, {t[1][0]}, {t[1][1]})"),
        two.map(lambda t: f"choose(answer, yes={t[0]}, no={t[1]})"),
        inner.map(lambda e: f"np.clip({e}, 0, 1)"),
        inner.map(lambda e: f"({e}) ** 2"),
    )


EXPRESSIONS: Final = st.recursive(LEAF, larger, max_leaves=14)
INPUTS: Final = {n: Input("ratio") for n in ("x", "y", "z", "half", "two")} | {"answer": Input("choice", ("yes", "no"))}
SPREAD: Final = {
    "x": [0.0, 1.0, -1.0, 0.5, 2.0, 3.7, -2.5, 1e-3], "y": [1.0, 1.0, 0.0, -0.5, 2.0, -3.7, 30.0, 7.0],
    "z": [2.0, 0.0, 0.25, 0.5, -1.0, 12.5, 31.0, -0.0], "answer": ["yes", "no", "no", "yes", "yes", "no", "yes", "no"],
}  # fmt: skip


@settings(max_examples=300, deadline=None, derandomize=True)
@given(EXPRESSIONS, st.sets(st.sampled_from(["x", "y", "z", "answer"])))
def test_any_expression_is_the_plain_function(expression: str, held: set[str]) -> None:
    """Any words of the vocabulary, any of the inputs held: catches what no shipped formula happens to do."""
    plain_numbers = "x: Ratio, y: Ratio, z: Ratio, half: Ratio, two: Ratio"
    signature = f"f({plain_numbers}, answer: Choice, year: Years, one_year: Years) -> Ratio"
    of = wire([Formula.of(made(signature, f"({expression}) + 0 * x"))], INPUTS)
    held = held - {"answer"} if "year" in expression else held  # the test below has that
    fixed = {"half": 0.5, "two": 2.0} | {n: SPREAD[n][3] for n in held}
    drawn = {n: v for n, v in SPREAD.items() if n not in held}
    if not drawn:
        return
    found, plain = run(of, "f", fixed, **drawn)
    assert worst(found, plain) < 1e-14  # numpy rounds a power of one number and of many in two ways
