"""Sampled indices: would catch an estimator that is off, an error that says too little, and a walk that shares unevenly.

Every truth is a closed form, a dense grid, a nested plain Monte Carlo or scipy; none comes from the code under test.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from math import factorial
from typing import Final, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import qmc, sobol_indices, uniform

from ukraineplan.uncertainty.indices import Effect, Estimate, Indices
from ukraineplan.uncertainty.narrowing import narrowing
from ukraineplan.uncertainty.pick_freeze import AT_ONCE, NotFinite, pick_freeze

Array = NDArray[np.float64]
KINDS: Final = ("first", "total", "shapley")


class Known(NamedTuple):
    """A function of uniform points whose effects are known; `closed` gives the variance of a set of factors by itself."""

    model: Callable[[Array], Array]
    factors: int
    mean: float
    closed: Callable[[frozenset[int]], float]

    @property
    def names(self) -> list[str]:
        return [f"x{i}" for i in range(self.factors)]

    @property
    def variance(self) -> float:
        return self.closed(frozenset(range(self.factors)))

    def effects(self, members: frozenset[int]) -> tuple[float, float, float]:
        """First (closed), total and Shapley effect, all from their definitions."""
        others = frozenset(range(self.factors)) - members
        orders = permutations(range(self.factors))
        cuts = [(frozenset(order[:i]), order[i]) for order in orders for i in range(self.factors) if order[i] in members]
        gain = sum(self.closed(before | {factor}) - self.closed(before) for before, factor in cuts) / factorial(self.factors)
        return self.closed(members) / self.variance, 1 - self.closed(others) / self.variance, gain / self.variance


def ishigami() -> Known:
    """Ishigami and Homma (1990): sin x0 + 7 sin² x1 + 0.1 x2⁴ sin x0 on (-π, π)."""
    v0, v1 = 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2, 49 / 8
    v02 = 0.01 * np.pi**8 * (1 / 18 - 1 / 50)

    def model(u: Array) -> Array:
        x = np.pi * (2 * u - 1)
        return np.asarray(np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0]))

    return Known(model, 3, 3.5, lambda s: v0 * (0 in s) + v1 * (1 in s) + v02 * ({0, 2} <= s))


def g_function(*a: float) -> Known:
    """Sobol's g-function, its kinks moved to where no Sobol point favours them."""
    weights, parts = np.array(a)[:, None], (1 / 3) / (1 + np.array(a)) ** 2
    moved = (0.1234 + 0.6180339887 * np.arange(len(a)))[:, None]

    def model(u: Array) -> Array:
        return np.asarray(np.prod((np.abs(4 * ((u + moved) % 1) - 2) + weights) / (1 + weights), axis=0))

    return Known(model, len(a), 1.0, lambda s: float(np.prod(1 + parts[list(s)])) - 1)


def sum_of(*slopes: float) -> Known:
    """A weighted sum: nothing but effects of single factors."""
    weights = np.array(slopes)
    return Known(lambda u: weights @ u, len(slopes), float(weights.sum() / 2),
                 lambda s: float((weights[list(s)] ** 2).sum() / 12))  # fmt: skip


def product_of_three() -> Known:
    """(u0 - ½)(u1 - ½)(u2 - ½): nothing but an interaction of three factors."""
    return Known(lambda u: np.asarray(np.prod(u - 0.5, axis=0)), 3, 0.0, lambda s: float(len(s) == 3) / 12**3)


def steps() -> Known:
    """A whole number of three values, times whether another factor passes 0.37, plus a third."""
    both, first, second = 5 / 3 * 0.63 - 0.63**2, 2 / 3 * 0.63**2, 0.63 * 0.37

    def closed(s: frozenset[int]) -> float:
        return (both if {0, 1} <= s else first * (0 in s) + second * (1 in s)) + (2 in s) / 12

    return Known(lambda u: np.floor(3 * u[0]) * (u[1] > 0.37) + u[2], 3, 0.63 + 0.5, closed)


KNOWN: Final = {
    "ishigami": ishigami(),
    "g": g_function(0, 0.5, 3, 9, 99),
    "sum": sum_of(1, 2, 5),
    "product": product_of_three(),
    "steps": steps(),
}


def run(known: Known, **options: object) -> Indices:
    return pick_freeze(known.model, known.names, **options)  # type: ignore[arg-type]


def near(found: Estimate, truth: float, errors: float = 2.0) -> bool:
    """Within twice the stated error: of a 95 % interval from 8 replicates, one in 500 is further off."""
    return abs(found.value - truth) <= errors * found.error + 1e-12


# ------------------------------------------------------------------------------------------------------
# Effects known beforehand


@pytest.mark.parametrize("name", KNOWN)
def test_known_effects(name: str) -> None:
    """Catches a wrong estimator, factors in the wrong order, and an error that hides everything."""
    known = KNOWN[name]
    found = run(known)
    assert near(found.mean, known.mean)
    assert near(found.variance, known.variance)
    for i, effect in enumerate(found.effects.values()):
        for kind, part, truth in zip(KINDS, effect, known.effects(frozenset([i])), strict=True):
            assert near(part, truth), f"{kind} of factor {i}: {part} against {truth}"
            assert part.error < (0.1 if name == "product" else 0.015)


@pytest.mark.parametrize("name", ["ishigami", "g of three"])
def test_stated_intervals_cover_the_truth(name: str) -> None:
    """Catches errors that say too little or too much: of 1,000 seeds, 93 to 97 % of the 95 % intervals hold the truth.

    So over all factors; of each by itself 92 to 98 %, as chance alone moves a thousand seeds by up to two points.
    """
    known = ishigami() if name == "ishigami" else g_function(0, 0.5, 3)
    truths = np.array([known.effects(frozenset([i])) for i in range(known.factors)])
    hits, by_factor = [], []
    for seed in range(1000):
        found = run(known, draws=2**9, seed=seed)
        values, errors = np.moveaxis(np.array([*found.effects.values()]), -1, 0)
        whole = [near(found.mean, known.mean, 1), near(found.variance, known.variance, 1)]
        by_factor.append(np.abs(values - truths) <= errors)
        hits.append([*whole, *by_factor[-1].mean(axis=0)])
    covered = dict(zip(["mean", "variance", *KINDS], np.mean(hits, axis=0), strict=True))
    assert all(0.93 <= part <= 0.97 for part in covered.values()), covered
    each = np.mean(by_factor, axis=0)
    assert ((each >= 0.92) & (each <= 0.98)).all(), each


def test_few_draws_are_not_biased() -> None:
    """Catches distances from the mean of few draws, not of all: the variance too small, the first-order effect too large.

    So fast a zigzag that the points lie in it as if by chance; its variance is 1 / 144, all of it an interaction.
    """
    fast = np.array([[123456.7], [76543.2]])
    found = [pick_freeze(lambda u: np.prod(fast * u % 1 - 0.5, axis=0), ["a", "b"], draws=64, seed=s) for s in range(200)]
    assert np.mean([f.variance.value for f in found]) * 144 == pytest.approx(1, abs=0.03)
    assert np.mean([f.effects["a"].first.value * f.variance.value for f in found]) * 144 == pytest.approx(0, abs=0.03)


def test_more_draws_leave_smaller_errors() -> None:
    """Catches a walk whose few orders leave an error that no number of draws lowers."""
    few, many = (run(product_of_three(), draws=draws) for draws in (2**10, 2**16))
    for kind in KINDS:
        assert getattr(many.effects["x1"], kind).error < getattr(few.effects["x1"], kind).error / 2


@pytest.mark.parametrize("name", KNOWN)
def test_shapley_effects_add_up(name: str) -> None:
    """Catches a step of the walk that is left out, counted twice or given to another factor's neighbour."""
    found = run(KNOWN[name], draws=2**8)
    assert sum(e.shapley.value for e in found.effects.values()) == pytest.approx(1, abs=1e-12)


def test_in_a_sum_all_three_effects_agree() -> None:
    """Catches interactions seen where there are none."""
    for effect in run(sum_of(1, 2, 5, 0.5), draws=2**12).effects.values():
        assert near(effect.first, effect.total.value) or near(effect.total, effect.first.value)
        assert near(effect.shapley, effect.total.value) or near(effect.total, effect.shapley.value)


# ------------------------------------------------------------------------------------------------------
# Groups


def test_groups() -> None:
    """Catches a group whose rows are swapped one at a time, and one whose Shapley effect is not its members'."""
    known = ishigami()
    members = {"some": frozenset(["x0", "x2"]), "one": frozenset(["x1"]), "all": frozenset(known.names), "none": frozenset[str]()}
    found = run(known, groups=members, draws=2**13)
    for part, truth in zip(found.groups["some"], known.effects(frozenset([0, 2])), strict=True):
        assert near(part, truth)
        assert part.error < 0.02
    assert found.groups["some"].shapley.value == pytest.approx(sum(found.effects[n].shapley.value for n in ("x0", "x2")))
    assert found.groups["one"] == found.effects["x1"]
    assert found.groups["all"] == Effect(*[Estimate(1, 0)] * 3)
    assert found.groups["none"] == Effect(*[Estimate(0, 0)] * 3)


def test_groups_do_not_change_the_factors() -> None:
    """Catches groups that use up random numbers of the factors."""
    without, grouped = (run(ishigami(), draws=2**8, groups=g) for g in ({}, {"some": frozenset(["x0", "x2"])}))
    assert without.effects == grouped.effects


# ------------------------------------------------------------------------------------------------------
# Against others


def test_agrees_with_scipy() -> None:
    """Catches what a slip in a closed form above would hide. The error of scipy's indices is taken from eight of its runs."""
    known = g_function(0, 0.5, 3)
    theirs = [sobol_indices(func=known.model, n=2**11, dists=[uniform()] * 3, rng=np.random.default_rng(s)) for s in range(8)]
    ours = run(known, draws=2**14)
    for kind, name in (("first", "first_order"), ("total", "total_order")):
        runs = np.array([getattr(t, name) for t in theirs])
        error = 2.365 * runs.std(axis=0, ddof=1) / np.sqrt(8)
        for part, value, e in zip((getattr(x, kind) for x in ours.effects.values()), runs.mean(axis=0), error, strict=True):
            assert abs(part.value - value) <= 2 * np.hypot(part.error, e)


def test_agrees_with_nested_plain_monte_carlo() -> None:
    """Catches an estimator that only holds for smooth functions: the variance of conditional means, from plain draws."""

    def model(u: Array) -> Array:
        return np.asarray(np.maximum(u[0] * u[1] - 0.3, 0) * u[2] + 0.1 * u[3])

    rng = np.random.default_rng(1)
    outer, inner = 4000, 250
    u = rng.random((4, outer * inner))
    u[0] = np.repeat(rng.random(outer), inner)
    y = model(u).reshape(outer, inner)
    means, noise = y.mean(axis=1), y.var(axis=1, ddof=1) / inner
    index = (np.square(means - means.mean()) - noise) / y.var()  # of each outer draw: their mean is the first-order index
    error = 1.96 * index.std() / np.sqrt(outer)
    found = pick_freeze(model, ["a", "b", "c", "d"]).effects["a"].first
    assert abs(found.value - index.mean()) <= 2 * np.hypot(found.error, error)
    assert error < 0.02


# ------------------------------------------------------------------------------------------------------
# Seeds, points and cost


def test_seeds() -> None:
    """Catches a generator that is not seeded, and replicates that repeat each other."""
    same, again, other = (run(ishigami(), draws=2**8, seed=s) for s in (3, 3, 4))
    assert same == again
    assert same.mean != other.mean
    assert same.mean.error > 0


@pytest.mark.parametrize(("shapley", "groups", "evaluations"), [(True, 0, 10), (False, 0, 7), (True, 2, 12), (False, 2, 9)])
def test_points_and_cost(shapley: bool, groups: int, evaluations: int) -> None:
    """Catches a point at 0 or 1, where a distribution may be infinite, and evaluations beyond those documented."""
    asked = []

    def model(u: Array) -> Array:
        asked.append(u.copy())
        return np.asarray(u.sum(axis=0))

    members = {f"g{i}": frozenset([f"x{i}", f"x{i + 1}"]) for i in range(groups)}
    pick_freeze(model, [f"x{i}" for i in range(5)], members, draws=2**16, shapley=shapley)
    points = np.concatenate(asked, axis=1)
    assert points.shape == (5, evaluations * 2**16)
    assert np.all(points * 2**33 % 2 == 1), "every point lies in the middle of a cell of the grid of 2**-32"
    assert max(u.shape[1] for u in asked) <= AT_ONCE


def test_without_shapley() -> None:
    """Catches Shapley effects that look like numbers though nobody walked."""
    found = run(ishigami(), draws=2**8, shapley=False)
    assert all(np.isnan(e.shapley.value) and np.isnan(e.shapley.error) for e in found.effects.values())
    assert all(e.total.error > 0 for e in found.effects.values())


# ------------------------------------------------------------------------------------------------------
# Edges


def test_one_factor_is_all() -> None:
    """Catches effects of 0.998 ± 0.01 where there is nothing to find out."""
    found = pick_freeze(lambda u: u[0] ** 2, ["only"], {"group": frozenset(["only"])}, draws=2**12)
    assert found.effects["only"] == found.groups["group"] == Effect(*[Estimate(1, 0)] * 3)
    assert near(found.mean, 1 / 3)
    assert near(found.variance, 4 / 45)


@pytest.mark.parametrize("constant", [0.0, 3.0, -1e12])
def test_a_constant_does_not_vary(constant: float) -> None:
    """Catches a division by a variance of 0, or of rounding alone."""
    noise = 1e-15 * constant
    found = pick_freeze(lambda u: constant + noise * (u[0] > 0.5), ["a", "b"], {"both": frozenset("ab")}, draws=2**8)
    assert found.variance == Estimate(0, 0)
    assert all(effect == Effect(*[Estimate(0, 0)] * 3) for effect in (*found.effects.values(), *found.groups.values()))
    assert found.mean.value == pytest.approx(constant)


def test_a_large_offset_changes_nothing() -> None:
    """Catches a variance from the difference of two large squares."""
    known = ishigami()
    plain = run(known, draws=2**10)
    offset = pick_freeze(lambda u: known.model(u) + 1e9, known.names, draws=2**10)
    assert offset.variance.value == pytest.approx(plain.variance.value, rel=1e-6)
    for a, b in zip(plain.effects.values(), offset.effects.values(), strict=True):
        assert np.allclose(a, b, atol=1e-6)


def test_an_idle_factor_has_no_effect() -> None:
    """Catches noise where a factor is not used at all."""
    found = pick_freeze(lambda u: u[0] + u[1], ["a", "b", "idle"], draws=2**8)
    assert found.effects["idle"] == Effect(*[Estimate(0, 0)] * 3)


def test_what_one_replicate_alone_saw_has_no_known_error() -> None:
    """Catches a rare event, seen once, that is reported with a small error."""
    seen: list[int] = []

    def model(u: Array) -> Array:
        seen.append(1)
        return np.asarray(u[0] * (len(seen) <= 3))  # the calls of the first replicate: both ends, and the swaps

    found = pick_freeze(model, ["a", "b"], draws=64)
    assert found.variance.value > 0
    assert found.effects["a"].first.error == np.inf


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_undefined(bad: float) -> None:
    """Catches an average over nan; the point that comes with the error gives the same again."""

    def model(u: Array) -> Array:
        return np.where(u[1] > 0.9, bad, u[0])

    with pytest.raises(NotFinite) as error:
        pick_freeze(model, ["a", "b"], draws=2**9)
    assert error.value.point.shape == (2,)
    assert not np.isfinite(model(error.value.point[:, None])).any()
    assert 0 < error.value.count < error.value.asked == 2**6
    assert "\n" not in str(error.value)


# ------------------------------------------------------------------------------------------------------
# Narrowing: the width of the 5-95 % range


def sample(factors: int, n: int, seed: int = 0) -> tuple[Array, NDArray[np.int64]]:
    """Sobol points in eight replicates, and which draw belongs to which."""
    parts = [qmc.Sobol(factors, rng=np.random.default_rng([seed, r])).random(n // 8).T for r in range(8)]
    return np.concatenate(parts, axis=1) + 2.0**-31, np.repeat(np.arange(8), n // 8)


def width(y: Array) -> Array:
    low, high = np.quantile(y, [0.05, 0.95], axis=-1)
    return np.asarray(high - low)


GRID: Final = 0.001
"""The error of the dense grids below, in parts of the whole width, as finer ones show it."""


def dense(model: Callable[[Array], Array], steps: tuple[int, int, int]) -> list[float]:
    """Narrowing by each of three factors on a grid of midpoints; primes, so that few results are equal."""
    grid = np.array(np.meshgrid(*[(np.arange(n) + 0.5) / n for n in steps], indexing="ij"))
    y = model(grid.reshape(3, -1)).reshape(steps)
    return [float(width(y.ravel()) - width(np.moveaxis(y, i, 0).reshape(n, -1)).mean()) for i, n in enumerate(steps)]


def kinked(u: Array) -> Array:
    return np.asarray(np.maximum(10 * u[0] - 6 * u[1] - 2, 0) + 0.5 * u[2])


def levelled(u: Array) -> Array:
    return np.asarray(np.floor(3 * u[0]) * 4 * u[1] + u[2])


def product(u: Array) -> Array:
    return np.asarray((1 + 2 * u[0]) * (2 + 3 * u[1]) * (0.5 + 0.5 * u[2]))


NARROWED: Final = {
    "sum": (lambda u: 10 * u[0] + u[1], [8.1, 0.0], [None, None]),  # by hand: 9 wide, 0.9 if u0 is known, 9 if u1 is
    "product": (product, dense(product, (97, 103, 101)), [None] * 3),
    "kink": (kinked, dense(kinked, (199, 211, 53)), [None] * 3),
    "levels": (levelled, dense(levelled, (3, 499, 503)), [3, None, None]),
}


@pytest.mark.parametrize("name", NARROWED)
def test_narrowing(name: str) -> None:
    """Catches bins that are not a factor's own, quantiles across bins, and levels cut in the middle."""
    model, truths, levels = NARROWED[name]
    points, replicate = sample(len(truths), 2**14)
    y = model(points)
    for found, truth in zip(narrowing(points, y, replicate, levels), truths, strict=True):
        assert abs(found.value - truth) <= found.error + GRID * width(y), (found, truth)
        assert found.error < 0.02 * width(y)


@pytest.mark.parametrize("name", NARROWED)
def test_the_error_of_narrowing_is_wide_enough(name: str) -> None:
    """Catches an error without the bias of bins: it may be wide, but 93 % of the intervals hold the truth."""
    model, truths, levels = NARROWED[name]
    hits = []
    for seed in range(50):
        points, replicate = sample(len(truths), 2**12, seed)
        found = np.array(narrowing(points, model(points), replicate, levels))
        hits.append(np.abs(found[:, 0] - truths) <= found[:, 1] + GRID * width(model(points)))
    assert np.mean(hits) >= 0.93


def test_levels_are_bins_of_their_own() -> None:
    """Catches a factor of three levels cut into many bins: then its error would hold a bias that it has not."""
    points, replicate = sample(3, 2**12)
    levelled_out = narrowing(points, levelled(points), replicate, [3, None, None])[0]
    cut = narrowing(points, levelled(points), replicate, [None, None, None])[0]
    assert levelled_out.error < cut.error
    many = narrowing(points, levelled(points), replicate, [5000, None, None])[0]
    assert many == cut, "levels beyond the number of bins are as good as continuous"


def test_narrowing_does_not_depend_on_the_order_of_draws() -> None:
    """Catches points, results and replicates that part ways."""
    points, replicate = sample(3, 2**10)
    shuffled = np.random.default_rng(0).permutation(2**10)
    plain = narrowing(points, kinked(points), replicate, [None] * 3)
    mixed = narrowing(points[:, shuffled], kinked(points[:, shuffled]), replicate[shuffled], [None] * 3)
    assert np.allclose(plain, mixed, rtol=1e-12)


def test_an_idle_factor_narrows_nothing() -> None:
    """Catches quantiles that lie too far inside where draws are few, so that every bin looks narrow."""
    found = []
    for seed in range(20):
        points, replicate = sample(4, 2**10, seed)
        y = points[:3].sum(axis=0)
        found.append(narrowing(points[3:], y, replicate, [None])[0].value / width(y))
    assert np.mean(found) == pytest.approx(0, abs=0.03)


def test_narrowing_of_a_constant() -> None:
    """Catches a number where there is nothing to narrow."""
    points, replicate = sample(2, 2**8)
    assert narrowing(points, np.full(2**8, 7.0), replicate, [None, 2]) == [Estimate(0, 0)] * 2


def test_a_known_only_factor_leaves_nearly_nothing() -> None:
    """Catches an error that does not own up to the width of a bin."""
    points, replicate = sample(1, 2**12)
    (found,) = narrowing(points, points[0], replicate, [None])
    assert found.value < 0.9 <= found.value + found.error
