"""The exact route to mean, variance and effects, against closed forms, and against every combination on a dense grid.

What these catch: a term lost or joined wrongly, a common factor taken out with the wrong sign, a kink that is missed, a share
of the variance that falls to the wrong factor, an error smaller than the true one, a refusal that does not say why.
"""

import itertools
import math
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
import pytest
from support import made, toy

import ukraineplan as up
from ukraineplan.formula import Formula
from ukraineplan.graph import Graph, Input, wire
from ukraineplan.trace import Algebra
from ukraineplan.uncertainty import exact
from ukraineplan.uncertainty.exact import Gridded, NotSeparable, exact_indices
from ukraineplan.uncertainty.indices import Effect, Indices

# ------------------------------------------------------------------------------------------------------
# Stand-ins for distributions, small formulas, and the same by brute force


@dataclass(frozen=True)
class Even:
    """Uniform between two ends."""

    low: float
    high: float

    @property
    def possible(self) -> tuple[float, float]:
        return self.low, self.high

    def grid(self, nodes: int, breaks: tuple[float, ...] = ()) -> tuple[Any, Any]:
        ends = [self.low, *sorted(b for b in breaks if self.low < b < self.high), self.high]
        t, w = np.polynomial.legendre.leggauss(nodes)
        panels = list(itertools.pairwise(ends))
        values = np.concatenate([a + (b - a) * (t + 1) / 2 for a, b in panels])
        return values, np.concatenate([(b - a) * w / 2 for a, b in panels]) / (self.high - self.low)


@dataclass(frozen=True)
class Levels:
    """Some values, each alike."""

    values: tuple[float, ...]

    def grid(self, nodes: int, breaks: tuple[float, ...] = ()) -> tuple[Any, Any]:
        return np.array(self.values), np.full(len(self.values), 1 / len(self.values))


class Sine:
    """The sine of an angle that is uniform from -pi to pi."""

    def grid(self, nodes: int, breaks: tuple[float, ...] = ()) -> tuple[Any, Any]:
        angle, weights = Even(-math.pi, math.pi).grid(nodes)
        return np.sin(angle), weights


def as_drawn(drawn: Mapping[str, Any], algebra: Algebra) -> Mapping[str, Any]:
    return drawn


def graph_of(expression: str, names: str) -> Graph:
    """One formula `y` of numbers without units."""
    arguments = ", ".join(f"{name}: Share" for name in names.split())
    return wire([Formula.of(made(f"y({arguments}) -> Share", expression))], {n: Input("share") for n in names.split()})


def found(expression: str, factors: Mapping[str, Gridded], groups: Mapping[str, frozenset[str]] = {}, **held: float) -> Indices:
    graph = graph_of(expression, " ".join([*factors, *held]))
    return exact_indices(graph, "y", held, factors, as_drawn, groups)


@dataclass(frozen=True)
class Brute:
    """Every combination of the values of all factors, and every set of factors."""

    names: tuple[str, ...]
    tensor: Any
    weights: tuple[Any, ...]

    @classmethod
    def of(cls, run: Callable[[Mapping[str, Any]], Any], factors: Mapping[str, Gridded], nodes: int = 24) -> "Brute":
        values, weights = zip(*(f.grid(nodes) for f in factors.values()), strict=True)
        points = np.meshgrid(*values, indexing="ij")
        flat = run({n: p.ravel() for n, p in zip(factors, points, strict=True)})
        return cls(tuple(factors), np.broadcast_to(flat, points[0].size).reshape(points[0].shape), weights)

    def given(self, names: frozenset[str]) -> Any:
        """The expectation given some factors, on all of the grid."""
        tensor = self.tensor
        for axis, name in enumerate(self.names):
            if name not in names:
                weights = self.weights[axis].reshape([-1 if k == axis else 1 for k in range(len(self.names))])
                tensor = np.broadcast_to((tensor * weights).sum(axis=axis, keepdims=True), tensor.shape)
        return tensor

    @property
    def mean(self) -> float:
        return float(self.given(frozenset()).flat[0])

    def closed(self, names: frozenset[str]) -> float:
        """The variance of the expectation given some factors."""
        weights = np.ones(())
        for w in self.weights:
            weights = np.multiply.outer(weights, w)
        return float((weights * (self.given(names) - self.mean) ** 2).sum())


def shapley(names: tuple[str, ...], closed: Callable[[frozenset[str]], float]) -> dict[str, float]:
    """By the definition: what a factor adds, over all orders in which factors may come."""
    worth = {s: closed(s) for size in range(len(names) + 1) for s in map(frozenset, itertools.combinations(names, size))}
    n = len(names)
    share = dict.fromkeys(names, 0.0)
    for s, v in worth.items():
        for name in set(names) - s:
            orders = math.factorial(len(s)) * math.factorial(n - len(s) - 1) / math.factorial(n)
            share[name] += orders * (worth[s | {name}] - v)
    return share


def values(effect: Effect) -> tuple[float, float, float]:
    return effect.first.value, effect.total.value, effect.shapley.value


def assert_like_brute_force(indices: Indices, brute: Brute, tolerance: float = 1e-12) -> None:
    everything = frozenset(brute.names)
    variance = brute.closed(everything)
    shares = shapley(brute.names, brute.closed)
    assert indices.mean.value == pytest.approx(brute.mean, rel=tolerance, abs=tolerance)
    assert indices.variance.value == pytest.approx(variance, rel=tolerance * 10)
    for name in brute.names:
        alone, others = brute.closed(frozenset({name})), brute.closed(everything - {name})
        wanted = alone / variance, 1 - others / variance, shares[name] / variance
        assert values(indices.effects[name]) == pytest.approx(wanted, rel=0, abs=tolerance), name


# ------------------------------------------------------------------------------------------------------
# The two functions that everybody tests on


def test_ishigami() -> None:
    """sin(x1) + a sin(x2)^2 + b x3^4 sin(x1): its moments are integrals of sines and powers over [-pi, pi]."""
    a, b, pi = 7.0, 0.1, math.pi
    factors = {"s1": Sine(), "s2": Sine(), "x3": Even(-pi, pi)}
    indices = found("s1 + a * s2**2 + b * (x3**2)**2 * s1", factors, a=a, b=b)
    first = {"s1": (1 + b * pi**4 / 5) ** 2 / 2, "s2": a**2 / 8, "x3": 0.0}
    together = b**2 * (pi**8 / 9 - pi**8 / 25) / 2
    variance = sum(first.values()) + together
    assert indices.mean.value == pytest.approx(a / 2, abs=1e-12)
    assert indices.variance.value == pytest.approx(variance, rel=1e-12)
    for name, alone in first.items():
        shared = 0.0 if name == "s2" else together
        wanted = alone / variance, (alone + shared) / variance, (alone + shared / 2) / variance
        assert values(indices.effects[name]) == pytest.approx(wanted, abs=1e-12), name


def test_g_function() -> None:
    """Eight factors (|4x - 2| + a) / (1 + a), each with a kink in its middle, multiplied."""
    a = dict(zip("abcdefgh", (0, 1, 4.5, 9, 99, 99, 99, 99), strict=True))
    expression = " * ".join(f"(2 * abs(2 * {n} - 1) + {n}0) / (1 + {n}0)" for n in a)
    indices = found(expression, {n: Even(0, 1) for n in a}, **{f"{n}0": value for n, value in a.items()})
    alone = {n: 1 / 3 / (1 + value) ** 2 for n, value in a.items()}

    def closed(names: frozenset[str]) -> float:
        return math.prod(1 + alone[n] for n in names) - 1

    variance, shares = closed(frozenset(a)), shapley(tuple(a), closed)
    assert indices.mean.value == pytest.approx(1, abs=1e-12)
    assert indices.variance.value == pytest.approx(variance, rel=1e-12)
    for n in a:
        wanted = alone[n] / variance, alone[n] * (1 + closed(frozenset(a) - {n})) / variance, shares[n] / variance
        assert values(indices.effects[n]) == pytest.approx(wanted, abs=1e-12), n


# ------------------------------------------------------------------------------------------------------
# Closed forms, one operation after the other


def powers(low: float, high: float, n: float) -> tuple[float, float]:
    """Mean and variance of x**n where x is uniform."""

    def mean(n: float) -> float:
        whole = math.log(high / low) if n == -1 else (high ** (n + 1) - low ** (n + 1)) / (n + 1)
        return whole / (high - low)

    return mean(n), mean(2 * n) - mean(n) ** 2


def product(*factors: tuple[float, float]) -> tuple[float, float]:
    """Mean and variance of a product of independent numbers."""
    mean = math.prod(m for m, _ in factors)
    return mean, math.prod(v + m**2 for m, v in factors) - mean**2


def total(*numbers: tuple[float, float]) -> tuple[float, float]:
    """Mean and variance of a sum of independent numbers."""
    return sum(m for m, _ in numbers), sum(v for _, v in numbers)


def of(mean: float, square: float) -> tuple[float, float]:
    """Mean and variance from the means of a number and of its square."""
    return mean, square - mean**2


A, B, K = Even(1, 3), Even(2, 5), math.sqrt(2.3)  # K lies in the range of a, and on no node
EXP = of((math.exp(3) - math.exp(1)) / 2, (math.exp(6) - math.exp(2)) / 4)
LOG = of((3 * math.log(3) - 2) / 2, (3 * math.log(3) ** 2 - 6 * math.log(3) + 4) / 2)
AT_LEAST_K = of((K * (K - 1) + (9 - K**2) / 2) / 2, (K**2 * (K - 1) + (27 - K**3) / 3) / 2)
FROM_K = of(((K - 1) ** 2 + (3 - K) ** 2) / 4, ((K - 1) ** 3 + (3 - K) ** 3) / 6)
CLOSED: Final = {
    "a * b": product(powers(1, 3, 1), powers(2, 5, 1)),
    "a / b": product(powers(1, 3, 1), powers(2, 5, -1)),
    "1 / (a * b)": product(powers(1, 3, -1), powers(2, 5, -1)),
    "a / b / 2 - 1 / b": product(total(powers(1, 3, 1), (-2, 0)), powers(2, 5, -1), (0.5, 0)),
    "a + 1 / b": total(powers(1, 3, 1), powers(2, 5, -1)),
    "-(a + b)": product(total(powers(1, 3, 1), powers(2, 5, 1)), (-1, 0)),
    "np.sqrt(a * b)": product(powers(1, 3, 0.5), powers(2, 5, 0.5)),
    "(a * b)**half": product(powers(1, 3, 0.5), powers(2, 5, 0.5)),
    "(a * b)**2": product(powers(1, 3, 2), powers(2, 5, 2)),
    "(a * b)**power": product(powers(1, 3, -2), powers(2, 5, -2)),
    "np.exp(np.log(a) + np.log(b))": product(powers(1, 3, 1), powers(2, 5, 1)),
    "np.exp(np.log(a * b) + 1)": product(powers(1, 3, 1), powers(2, 5, 1), (math.e, 0)),
    "np.exp(a) * b": product(EXP, powers(2, 5, 1)),
    "np.log(a * np.exp(b))": total(LOG, powers(2, 5, 1)),
    "np.abs(a * (0 - b))": product(powers(1, 3, 1), powers(2, 5, 1)),
    "np.maximum(a * b, b)": product(powers(1, 3, 1), powers(2, 5, 1)),
    "np.maximum(a, k) * b": product(AT_LEAST_K, powers(2, 5, 1)),
    "np.maximum(a * b, k * b)": product(AT_LEAST_K, powers(2, 5, 1)),
    "np.abs(a - k) + b": total(FROM_K, powers(2, 5, 1)),
    "np.abs((k - a) * b)": product(FROM_K, powers(2, 5, 1)),
    "np.where(a < k, a, 0) * b": product(of((K**2 - 1) / 4, (K**3 - 1) / 6), powers(2, 5, 1)),
    "np.where(a * b >= k * b, b, 0)": product(of((3 - K) / 2, (3 - K) / 2), powers(2, 5, 1)),
    "np.minimum(k / a, 1) * b": product(of((K - 1 + K * math.log(3 / K)) / 2, (K - 1 + K - K**2 / 3) / 2), powers(2, 5, 1)),
    "np.floor(2 * a) * b": product((3.5, 1.25), powers(2, 5, 1)),
    "np.maximum(a - late, 0)": of(0.003**2 / 4, 0.003**3 / 6),  # beyond the last node of either grid
}
"""Formulas of a, uniform in [1, 3], and b, uniform in [2, 5], and numbers that are held, with their means and variances."""


HELD: Final = {"k": K, "late": 2.997, "power": -2.0, "half": 0.5}


@pytest.mark.parametrize("expression", CLOSED)
def test_closed_forms(expression: str) -> None:
    """Catches a rule of the algebra that is wrong, and an error that is smaller than the true one."""
    mean, variance = CLOSED[expression]
    used = {n: f for n, f in {"a": A, "b": B}.items() if re.search(rf"\b{n}\b", expression)}
    indices = found(expression, used, **HELD)
    assert abs(indices.mean.value - mean) <= indices.mean.error <= 1e-9 * math.sqrt(variance)
    assert abs(indices.variance.value - variance) <= indices.variance.error <= 1e-8 * variance


@pytest.mark.parametrize(
    "expression", ["a / b", "np.exp(a) * b", "np.sqrt(a * b)", "np.minimum(k / a, 1) * b", "np.log(a * np.exp(b))"]
)
def test_the_error_bounds_the_truth_on_rough_grids(expression: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches an error that is small because both grids are taken to be perfect."""
    monkeypatch.setattr(exact, "NODES", {1: (3, 5)})
    monkeypatch.setattr(exact, "TOLERANCE", 1.0)
    mean, variance = CLOSED[expression]
    indices = found(expression, {"a": A, "b": B}, **HELD)
    assert 1e-9 < abs(indices.mean.value - mean) / mean + abs(indices.variance.value - variance) / variance < 0.1
    assert abs(indices.mean.value - mean) <= indices.mean.error
    assert abs(indices.variance.value - variance) <= indices.variance.error
    true = found(expression, {"a": A, "b": B}, **HELD)
    monkeypatch.undo()
    for name, effect in found(expression, {"a": A, "b": B}, **HELD).effects.items():
        for rough, fine in zip(true.effects[name], effect, strict=True):
            assert abs(rough.value - fine.value) <= rough.error


# ------------------------------------------------------------------------------------------------------
# Every set of factors, on a dense grid


@pytest.mark.parametrize("expression", [
    "(a * b + c) * (1 + a * d) - b * e**2 + a / (2 + c)",
    "a / (a + b) * c + d * e",
    "c / (a * d + b * d) + (e * d)**2",
    "np.exp(a * b) * c - e * np.log(d + e)",
    "(a + b + c + d + e)**2",
    "np.maximum(a * b + (2 - a) * (2 - b) - 0.5, 0) + c * d",
])  # fmt: skip
def test_every_effect_like_brute_force(expression: str) -> None:
    """Catches terms joined wrongly, a tie that loses a factor, and subsets of a tied grid mixed up."""
    factors = {"a": Even(1, 2), "b": Even(0.5, 1.5), "c": Even(-1, 1), "d": Even(2, 2.5), "e": Levels((1.0, 2.0, 5.0))}
    graph = graph_of(expression, "a b c d e")
    brute = Brute.of(lambda inputs: graph.run(inputs)["y"], factors, nodes=12)
    assert_like_brute_force(found(expression, factors), brute)


class Writer:
    """Random formulas of four numbers, with every word that a formula may use."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(f"formula {seed}")

    def number(self, depth: int) -> str:
        if depth == 0:
            return self.dice.choice(["a", "b", "c", "d", "k", "m"])
        x, y, z = (self.number(depth - 1) for _ in range(3))
        return self.dice.choice([
            f"({x} + {y})", f"({x} - {y})", f"({x} * {y})", f"({x} * {y})", f"({x} / (1 + np.abs({y})))", f"(-{x})",
            f"np.maximum({x}, {y})", f"np.minimum({x}, {y})", f"np.abs({x})", f"np.floor({x} / 2)", f"{x}**2",
            f"np.sqrt(np.abs({x}))", f"np.abs({x})**k", f"np.exp(-np.abs({x}))", f"np.log(1 + np.abs({x}))",
            f"np.where({x} {self.dice.choice(['<', '<=', '>', '>=', '==', '!='])} {y}, {z}, {x})", f"ratio({x}, {y})",
        ])  # fmt: skip


@pytest.mark.parametrize("seed", range(120))
def test_random_formulas_like_brute_force(seed: int) -> None:
    """Every factor has three values, so every combination is the exact answer, kinks and jumps included."""
    factors = {
        "a": Levels((1.0, 2.0, 3.5)), "b": Levels((-1.0, 0.5, 2.0)),
        "c": Levels((0.0, 1.0, 4.0)), "d": Levels((-3.0, -0.25, 2.5)),
    }  # fmt: skip
    expression = "a * d + b * c + " + Writer(seed).number(3)
    held = {"k": 1.5, "m": -2.0}
    graph = graph_of(expression, "a b c d k m")
    brute = Brute.of(lambda inputs: graph.run({**inputs, **held})["y"], factors)
    if not np.isfinite(brute.tensor).all():
        pytest.fail("the writer is meant to write formulas that are finite everywhere")
    assert_like_brute_force(found(expression, factors, **held), brute, tolerance=1e-10)


@pytest.mark.parametrize("expression", [
    "np.maximum(plus * x, plus * w)", "np.maximum(minus * x, minus * w)", "np.minimum(mixed * x, mixed * w)",
    "np.where(zero * x < zero * w, x, w)", "np.where(zero * x <= zero * w, x, w)", "np.where(minus * x > minus * w, x, w)",
    "np.abs(minus * x - minus * w)", "np.abs(minus * x)", "np.sqrt(minus * below)", "(minus * below)**k", "(minus * below)**two",
    "np.log(minus * below)", "(plus * (0 - minus))**k + x", "1 / (minus * x + minus * w)", "ratio(zero * x, zero * w)",
    "np.floor(x**2 + x * zero + x * (1 - zero)) * w", "np.exp(x + mixed) * plus", "np.exp(x * mixed + plus)",
])  # fmt: skip
def test_common_factors_of_any_sign(expression: str) -> None:
    """Catches a common factor taken out of an operation that its sign, or its being zero, changes."""
    known = {
        "plus": (1.0, 2.5), "minus": (-2.0, -0.5), "mixed": (-1.0, 0.0, 2.0), "below": (-3.0, -1.0),
        "x": (0.5, 1.0, 3.0), "w": (0.75, 2.0), "zero": (0.0, 1.0),
    }  # fmt: skip
    factors = {n: Levels(v) for n, v in known.items() if re.search(rf"\b{n}\b", expression)}
    held = {"k": 0.7, "two": -2.0}
    graph = graph_of(expression, " ".join([*factors, *held]))
    brute = Brute.of(lambda inputs: graph.run({**inputs, **held})["y"], factors)
    assert_like_brute_force(found(expression, factors, **held), brute)


def test_a_kink_at_every_level_of_another_input() -> None:
    """Catches a grid that is cut at the kink of one level only: x against 3 levels, by hand."""
    levels = (0.2, 0.55, 0.9)
    indices = found("np.maximum(a, b)", {"a": Even(0, 1), "b": Levels(levels)})
    means = [(1 + k**2) / 2 for k in levels]
    squares = [k**3 + (1 - k**3) / 3 for k in levels]
    mean, variance = of(sum(means) / 3, sum(squares) / 3)
    assert indices.mean.value == pytest.approx(mean, abs=1e-14)
    assert indices.variance.value == pytest.approx(variance, rel=1e-13)
    assert indices.effects["b"].first.value == pytest.approx(np.var(means) / variance, abs=1e-13)


def test_a_kink_beside_a_kink_of_another_operation() -> None:
    """Catches a break that is taken to stand for every kink near it: two of them lie between the same two nodes."""
    near = 0.5 + 1e-4
    indices = found("np.maximum(a, half) + np.maximum(a, near)", {"a": Even(0, 1)}, half=0.5, near=near)
    assert indices.mean.value == pytest.approx((1 + 0.5**2) / 2 + (1 + near**2) / 2, abs=1e-14)


def test_a_convention_is_drawn_by_its_labels() -> None:
    """Catches a mask on the wrong label: the answer chooses between two functions of the same factors."""
    graph = toy(made("y(answer: Choice, a: BillionUSD, share_a: Share) -> BillionUSD", "choose(answer, yes=a * share_a, no=a)"))

    def place(drawn: Mapping[str, Any], algebra: Algebra) -> Mapping[str, Any]:
        masks = {label: algebra.apply["eq"](drawn["code"], algebra.constant(k)) for k, label in enumerate(("yes", "no"))}
        return {"a": drawn["a"], "share_a": drawn["share_a"], "answer": masks}

    factors = {"code": Levels((0.0, 1.0)), "a": Even(1, 3), "share_a": Even(0, 1)}
    brute = Brute.of(lambda d: np.where(d["code"] == 0, d["a"] * d["share_a"], d["a"]), factors)
    assert_like_brute_force(exact_indices(graph, "y", {}, factors, place), brute)


def test_groups() -> None:
    """A group has what its members do among themselves, what the others leave, and the sum of its members' Shapley effects."""
    factors = {"a": Even(1, 2), "b": Even(0.5, 1.5), "c": Even(-1, 1)}
    graph = graph_of("a * b * c + a / (a + b)", "a b c")
    brute = Brute.of(lambda inputs: graph.run(inputs)["y"], factors)
    groups = {"two": frozenset("bc"), "one": frozenset({"a", "elsewhere"}), "none": frozenset({"elsewhere"})}
    indices = found("a * b * c + a / (a + b)", factors, groups)
    variance = brute.closed(frozenset("abc"))
    share = shapley(brute.names, brute.closed)
    wanted = brute.closed(frozenset("bc")), variance - brute.closed(frozenset("a")), share["b"] + share["c"]
    assert values(indices.groups["two"]) == pytest.approx([x / variance for x in wanted], abs=1e-12)
    assert values(indices.groups["one"]) == values(indices.effects["a"])
    assert values(indices.groups["none"]) == (0, 0, 0)


@pytest.mark.parametrize(
    "expression",
    [
        "k",
        "a - a + k",
        "k + 0 * a * b",
        "a * b * k / (b * a)",
        "np.minimum(a * b, k)",
        "np.sqrt(a) * np.sqrt(a) / a * k",
        "k + np.maximum(a - four, 0)",
        "k + np.maximum(three - a, 0) * b",
    ],
)
def test_a_number_that_does_not_vary(expression: str) -> None:
    """Catches rounding that is taken for variance and shared out."""
    indices = found(expression, {"a": Even(3, 4), "b": Even(1, 2)}, {"both": frozenset("ab")}, k=0.1, three=3.0, four=4.0)
    assert indices.mean.value == pytest.approx(0.1, rel=1e-14)
    assert abs(indices.mean.value - 0.1) <= indices.mean.error < 1e-13
    assert indices.variance == (0, 0)
    assert {estimate for e in (*indices.effects.values(), *indices.groups.values()) for estimate in e} == {(0.0, 0.0)}


@pytest.mark.parametrize("expression", ["a + 0 * b", "a * b / b + c"])
def test_a_factor_that_the_number_does_not_need(expression: str) -> None:
    """Catches a factor that stays in as ones up to rounding, with an effect of its own."""
    indices = found(expression, {"a": Even(1, 2), "b": Even(0.1, 0.7), "c": Even(0, 1e-3)})
    assert indices.effects["a"].first.value == pytest.approx(1, abs=1e-5)
    assert {(e.value, e.error) for e in indices.effects["b"]} == {(0.0, 0.0)}


def test_an_input_itself() -> None:
    graph = graph_of("a", "a")
    assert exact_indices(graph, "a", {}, {"a": Even(2, 5)}, as_drawn).variance.value == pytest.approx(9 / 12, rel=1e-14)


REFUSED: Final = {
    "np.maximum(a * b, c * d)": "`max` ties 4 inputs: a, b, c, d",
    "np.where(a * b < c + d, a, b)": "`<` ties 4 inputs: a, b, c, d",
    "1 / (a * b + c * d + e + f)": "`/` ties 6 inputs: a, b, c, d, e, f",
    "np.maximum(a, b)": "`max` has a kink across 2 inputs: a, b",
    "np.floor(a * b) + c": "`floor` has a kink across 2 inputs: a, b",
    "np.floor(k * a)": "`floor` jumps more than 64 times over a",
    "np.log(a - 2) + b": "it is infinite or undefined somewhere in the range of a",
    "b / (a - a)": "it is infinite or undefined",
    "unset + 0 * a": "it is infinite or undefined",
    "0 * (a * b / (c - c))": "it is infinite or undefined",
    "1 / (a - 1)": "two grids leave an error of",
    "((a + b * c + c * d + d * e + e * f)**2 * (a * b + b * d + c * e))**2": "it is a sum of more than 100 products",
}  # fmt: skip


@pytest.mark.parametrize("expression", REFUSED)
def test_refused_with_a_sentence(expression: str) -> None:
    """Catches an answer where sampling is the better way, and a refusal that does not say why."""
    used = {n: Even(1, 2) for n in "abcdef" if re.search(rf"\b{n}\b", expression)}
    with pytest.raises(NotSeparable) as refusal:
        found(expression, used, k=1000.0, unset=math.nan)
    assert str(refusal.value).startswith(REFUSED[expression])


def test_undefined_where_it_does_not_count() -> None:
    """A logarithm of what may be negative, in a branch that is then not taken."""
    indices = found("np.where(a > 0.5, np.log(a), 0) + b", {"a": Even(-1, 1), "b": Even(0, 1)})
    assert indices.mean.value == pytest.approx(0.5 + (0.5 * math.log(2) - 0.5) / 2, abs=1e-14)
    indices = found("np.where(a > 0.5, np.log(a) * b, 0)", {"a": Even(-1, 1), "b": Even(0, 1)})
    assert indices.mean.value == pytest.approx((0.5 * math.log(2) - 0.5) / 4, abs=1e-14)


def test_a_kink_that_shows_once_the_grid_is_cut_elsewhere() -> None:
    """Catches an operation that is looked at only once: its crossing at 2 is found before the two beside `top`."""
    nodes, _ = Even(1, 3).grid(exact.NODES[1][1], (2.0,))
    top, width = float(nodes[-6]), 1e-3
    indices = found("np.maximum((a - 2) * ((a - top)**2 - width**2), 0)", {"a": Even(1, 3)}, top=top, width=width)
    t = top - 2
    mean = (1 / 4 - 2 * t / 3 + t**2 / 2 - width**2 / 2 + 4 / 3 * t * width**3) / 2
    assert indices.mean.value == pytest.approx(mean, rel=1e-12)


def test_one_kink_in_many_operations() -> None:
    """Catches a kink counted once an operation: in thirty years three operations bend at the same place."""
    d = "(a * year * rate - b * year * rate)"
    signature = "y(year: Years, a: BillionUSD, b: BillionUSD, rate: PerYear) -> BillionUSD"
    graph = toy(
        made("yearly" + signature.removeprefix("y"), f"np.maximum({d}, 0) + np.abs({d}) + np.minimum({d}, 0)"),
        made("y(yearly: BillionUSD) -> BillionUSD", "last(yearly) + highest(yearly)"),
    )
    indices = exact_indices(graph, "y", {"b": 2.3, "rate": 1.0}, {"a": Even(1, 3)}, as_drawn)
    assert indices.mean.value == pytest.approx(2 * 30 * 2 * (0.7**2 / 4), rel=1e-13)


def test_numbers_that_differ_by_rounding_do_not_cross() -> None:
    """Catches a kink seen wherever the last digit of two equal numbers flips."""
    indices = found("np.maximum(np.sqrt(a) * np.sqrt(a), a) + b", {"a": Even(1, 3), "b": Even(0, 1)})
    assert indices.mean.value == pytest.approx(2.5, rel=1e-14)


def test_a_spike_that_only_one_grid_sees() -> None:
    """Catches a number taken not to vary because the finer grid happens to miss where it does."""
    nodes, _ = Even(1, 3).grid(exact.NODES[1][0])
    with pytest.raises(NotSeparable, match="on one of two grids only"):
        found("np.exp(-((a - top) * steep)**2)", {"a": Even(1, 3)}, top=float(nodes[5]), steep=1e5)
    for level in (0, 1):
        nodes, _ = Even(1, 3).grid(exact.NODES[1][level])
        factors = {"a": Even(1, 3), "b": Even(0, 0.01)}
        with pytest.raises(NotSeparable, match="two grids leave an error"):
            found("np.exp(-((a - top) * steep)**2) + b", factors, top=float(nodes[5]), steep=1e5)


def test_a_hump_that_only_the_coarser_grid_sees() -> None:
    """Catches two grids with panels of their own: between two nodes of the finer one lies the middle of this hump."""
    nodes, _ = Even(1, 3).grid(exact.NODES[1][0])
    width = 1e-3
    indices = found("np.maximum(width**2 - (a - top)**2, 0)", {"a": Even(1, 3)}, top=float(nodes[5]), width=width)
    assert indices.mean.value == pytest.approx(4 / 3 * width**3 / 2, rel=1e-9)


def test_the_year_that_is_meant() -> None:
    """Catches years mixed up, and a refusal for the kink of another year: from year 3 on, two inputs meet."""
    graph = toy(made("y(year: Years, a: BillionUSD, b: BillionUSD, rate: PerYear, one_year: Years) -> BillionUSD",
                     "np.maximum(a * year * rate, b)"))  # fmt: skip
    factors = {"a": Even(1, 2), "b": Even(4, 5)}
    for year in (1, 2):
        assert exact_indices(graph, "y", {"rate": 1.0}, factors, as_drawn, year=year).effects["b"].total.value == 1
    with pytest.raises(NotSeparable, match="kink across 2 inputs"):
        exact_indices(graph, "y", {"rate": 1.0}, factors, as_drawn, year=3)
    late = exact_indices(graph, "y", {"rate": 1.0}, factors, as_drawn, year=10)
    assert late.mean.value == pytest.approx(15, rel=1e-14)
    assert late.effects["a"].total.value == 1


# ------------------------------------------------------------------------------------------------------
# What is shipped


SHIPPED: Final = (
    "windfall_forgone", "vehicle_share_of_immobilised", "immobilised_remainder", "force_reduction", "force_reduction_share",
    "force_upkeep_in_dollars", "ukraine_znpp_output", "znpp_equal_value_share", "era_loan_cover_years", "break_even_return",
    "znpp_units_running", "force_external_financing", "demobilisation_duration",
)  # fmt: skip


@cache
def plan() -> up.Plan:
    return up.load()


def ranges(target: str) -> dict[str, Gridded]:
    """What is uncertain below a number, as formulas see it; whole numbers one by one if there are few."""
    needed, found_ranges = plan()._graph.needs(target), {}
    for name, p in plan().parameters.items():
        if name in needed and p.role == "uncertainty" and p.range:
            low, high = (float(p.in_formulas(end)) for end in p.range)
            few = p.whole and high - low < 100
            found_ranges[name] = Levels(tuple(np.arange(low, high + 1))) if few else Even(low, high)
    return found_ranges


@pytest.mark.parametrize("target", SHIPPED)
def test_shipped(target: str) -> None:
    """Effects that cannot be, and moments that draws of the same inputs do not confirm."""
    held, factors, year = {n: math.nan for n in plan().parameters} | plan()._values, ranges(target), plan()._show_year(target)
    indices = exact_indices(plan()._graph, target, held, factors, as_drawn, year=year)
    effects = indices.effects.values()
    assert sum(e.first.value for e in effects) <= 1 + 1e-9
    assert sum(e.shapley.value for e in effects) == pytest.approx(1, abs=1e-9)
    for e in effects:
        assert -e.first.error <= e.first.value <= e.shapley.value + 1e-9 <= e.total.value + 2e-9
        assert max(estimate.error for estimate in e) < 1e-6
    dice, count = np.random.default_rng(0), 2**16
    drawn = {n: dice.choice(f.values, count) if isinstance(f, Levels) else dice.uniform(*f.possible, count)
             for n, f in factors.items()}  # fmt: skip
    numbers = plan()._graph.evaluate(held | drawn, [target])[target]
    numbers = numbers[year - 1] if plan()._graph.yearly(target) else numbers
    spread, tails = np.std(numbers), np.mean((numbers - np.mean(numbers)) ** 4)
    assert abs(indices.mean.value - np.mean(numbers)) < 5 * spread / math.sqrt(count)
    assert abs(indices.variance.value - spread**2) < 5 * math.sqrt((tails - spread**4) / count)
