"""Variance-based indices from draws: the number at a point, and again with some of its factors redrawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ukraineplan.errors import PlanError
from ukraineplan.uncertainty.draws import REPLICATES, scrambled, sobol
from ukraineplan.uncertainty.indices import NOTHING, Effect, Estimate, Indices
from ukraineplan.uncertainty.statistics import half_width

Array = NDArray[Any]

Function = Callable[[Array], Array]
"""Uniform points, shape ``(factors, n)``, each between 0 and 1 -> the number at each, shape ``(n,)``."""

AT_ONCE: Final = 2**15
"""Points that are put to the model together, unless a replicate has more."""

ROUNDING: Final = 1e-12
"""Nothing is known better than to this part of itself; a number whose spread is smaller does not vary."""

WHOLE: Final = Effect(Estimate(1.0, 0.0), Estimate(1.0, 0.0), Estimate(1.0, 0.0))
UNKNOWN: Final = Estimate(np.nan, np.nan)


class NotFinite(PlanError):
    """The number is nan or infinite somewhere; whoever asked knows what the factors are called and tells people.

    Attributes
    ----------
    count, asked : int
        At how many points, of how many that were looked at together.
    point : array
        The first of them, shape ``(factors,)``.
    """

    def __init__(self, count: int, point: Array, asked: int) -> None:
        super().__init__(f"undefined at {count} of {asked} points, first at {point}")
        self.count, self.point, self.asked = count, point, asked


def pick_freeze(
    model: Function,
    names: Sequence[str],
    groups: Mapping[str, frozenset[str]] = {},
    *,
    draws: int = 2**14,
    seed: int = 0,
    shapley: bool = True,
) -> Indices:
    """First-order, total and Shapley effects of factors, and of groups of factors, by sampling.

    Parameters
    ----------
    model : callable
        The number at uniform points ``(factors, n)``, whose rows are the factors in the order of `names`. The factors
        are independent of each other.
    names : sequence of str
        The factors; at least one.
    groups : mapping, optional
        Members, all among `names`, by the name of the group. The `first` of a group is its closed effect, all that the
        members do among themselves; its `shapley` is the sum of theirs.
    draws : int, optional
        A power of two from 64. The model is run at ``draws * (2 * factors + groups)`` points.
    seed : int, optional
        Equal seeds give equal results.
    shapley : bool, optional
        Without, the Shapley effects are nan and the model is run at ``draws * (2 + factors + groups)`` points.

    Returns
    -------
    Indices
        An error is half the width of a 95 % interval; infinite where the number was seen to vary in one replicate only.
        All factors together have effects of exactly 1.

    Raises
    ------
    NotFinite
        If the number is nan or infinite at any point that the model is run at.

    Notes
    -----
    Each draw is a pair of points. The first-order effect is the estimator of Saltelli et al. (2010, Computer Physics
    Communications 181), centred; the total effect that of Jansen (1999, Computer Physics Communications 117).

    For the Shapley effects a walk leads from one point of the pair to the other, a factor at a time in random order (Goda
    2021, Reliability Engineering & System Safety 213, 107702). Here it counts in both directions, which costs nothing and
    is never less precise: a factor's part is the change of the number at its step, times half the change over the walk.
    Interactions of two factors are then shared out evenly in any order; orders matter from three on. So neighbouring draws
    share an order, which keeps the evenness of the points, and there are more orders with more draws. The parts are divided
    by their sum: Shapley effects add up to 1.

    The points are scrambled Sobol points in independent replicates. Estimates come from all of them together, errors from
    leaving out each in turn (jackknife) and Student's t, which L'Ecuyer et al. (2023, Winter Simulation Conference) compare
    with other intervals from replicates.
    """
    sets = {name: frozenset([name]) for name in names}
    apart = [s for s in dict.fromkeys([*sets.values(), *groups.values()]) if 0 < len(s) < len(names)]
    swaps = np.array([[name in s for name in names] for s in apart], dtype=bool).reshape(len(apart), len(names))
    whole = sobol(range(2 * len(names)), draws // REPLICATES)
    replicates = [_replicate(model, swaps, whole, f"{seed}:{part}", shapley) for part in range(REPLICATES)]
    mean, variance, *rest = _estimates(Sums(*map(np.array, zip(*replicates, strict=True))), swaps)

    effects = {frozenset[str](): NOTHING, frozenset(names): WHOLE}
    kinds = (rest[i : i + len(apart)] for i in range(0, len(rest), len(apart) or 1))
    effects |= {s: Effect(f, t, h if shapley else UNKNOWN) for s, f, t, h in zip(apart, *kinds, strict=True)}
    if variance.value <= (ROUNDING * mean.value) ** 2:
        variance, effects = Estimate(0.0, 0.0), dict.fromkeys(effects, NOTHING)
    return Indices(
        mean=mean,
        variance=variance,
        effects={name: effects[s] for name, s in sets.items()},
        groups={group: effects[s] for group, s in groups.items()},
        method=f"pick-freeze on {draws:,} scrambled Sobol points in {REPLICATES} replicates",
    )


class Sums(NamedTuple):
    """What is kept of a replicate; of several, each with the replicate as its first axis. A swap redraws a set of factors."""

    mean: Array  # of the number, at both points of the pairs
    square: Array  # of its distance from that mean
    product: Array  # of that distance at the second point and of the change by a swap at the first; a set each
    change: Array  # by a swap
    half_square: Array  # of the change by a swap
    part: Array  # of the walk; a factor each


def _replicate(model: Function, swaps: Array, whole: Array, key: str, shapley: bool) -> Sums:
    """One replicate: pairs of points, scrambled by its key. Swaps: (sets, factors), True where a factor is redrawn."""
    factors = swaps.shape[1]
    points = scrambled(whole, [f"{key}:{row}" for row in range(len(whole))])
    pair = points[:factors], points[factors:]
    first, second = (_finite(model, p) for p in pair)
    swapped = _mixed(model, *pair, swaps[:, :, None])
    dice = np.random.default_rng([ord(c) for c in key])
    part = _walk(model, pair, (first, second), swapped[:factors], dice) if shapley and factors > 1 else np.ones(factors)
    mean = (first.mean() + second.mean()) / 2
    changes = swapped - first
    return Sums(
        mean=mean,
        square=(np.square(first - mean).mean() + np.square(second - mean).mean()) / 2,
        product=((second - mean) * changes).mean(axis=1),
        change=changes.mean(axis=1),
        half_square=np.square(changes).mean(axis=1) / 2,
        part=part,
    )


def _walk(
    model: Function, pair: tuple[Array, Array], ends: tuple[Array, Array], swapped: Array, rng: np.random.Generator
) -> Array:
    """The part of each factor: the mean of its step, times half the whole walk.

    The results at both ends of the walk, and after the first step, whichever it is, are known.
    """
    factors, n = pair[0].shape
    together = min(n, 4 << (n.bit_length() - 1) // 2)  # draws that share an order: about four times the root of all
    place = np.argsort(rng.random((factors, n // together)), axis=0)  # of a factor on the walk: (factors, orders)
    steps = np.arange(1, factors - 1)
    between = _mixed(model, *pair, place <= steps[:, None, None])
    start = np.take_along_axis(_by_order(swapped, place), np.argmin(place, axis=0)[None, :, None], axis=0)
    way = np.concatenate([ends[0][None], start.reshape(1, n), between, ends[1][None]])
    step = np.take_along_axis(_by_order(np.diff(way, axis=0), place), place[:, :, None], axis=0).reshape(factors, n)
    part: Array = (step * (ends[1] - ends[0])).mean(axis=1) / 2
    return part


def _by_order(rows: Array, place: Array) -> Array:
    """The same with the draws of an order apart: (rows, orders, draws of one)."""
    return rows.reshape(len(rows), place.shape[1], -1)


def _mixed(model: Function, first: Array, second: Array, masks: Array) -> Array:
    """The number at mixtures of two points: (mixtures, n).

    Masks: (mixtures, factors, blocks of draws), True where a factor is that of the second point.
    """
    factors, n = first.shape
    here, there = (p.reshape(factors, 1, masks.shape[2], -1) for p in (first, second))
    found = np.empty((len(masks), n))
    size = max(1, AT_ONCE // n)
    for start in range(0, len(masks), size):
        some = masks[start : start + size].transpose(1, 0, 2)[..., None]
        found[start : start + size] = _finite(model, np.where(some, there, here).reshape(factors, -1)).reshape(-1, n)
    return found


def _finite(model: Function, points: Array) -> Array:
    """The number at the points, or NotFinite."""
    results = model(points)
    wrong = np.flatnonzero(~np.isfinite(results))
    if wrong.size:
        raise NotFinite(wrong.size, points[:, wrong[0]], results.size)
    return results


def _estimates(replicates: Sums, swaps: Array) -> list[Estimate]:
    """Mean and variance, then the first, the total and the Shapley effects of all sets; each from all replicates."""
    with np.errstate(invalid="ignore", divide="ignore"):  # nothing varies, or only in the replicate that is left out
        values = _statistics(replicates, swaps)
        others = ~np.eye(REPLICATES, dtype=bool)
        without = [_statistics(Sums(*(m[kept] for m in replicates)), swaps) for kept in others]
        errors = [half_width((REPLICATES - 1) * each) for each in np.array(without).T]  # that of the pseudo-values
    known = np.where(np.isfinite(errors), errors, np.inf)
    return [Estimate(float(v), float(max(e, ROUNDING * abs(v)))) for v, e in zip(values, known, strict=True)]


def _statistics(replicates: Sums, swaps: Array) -> Array:
    """What `_estimates` answers, without errors."""
    mean = replicates.mean.mean()
    off = replicates.mean - mean  # the moments of each are about its own mean
    variance = (replicates.square + off**2).mean()
    first = (replicates.product + off[:, None] * replicates.change).mean(axis=0) / variance
    total = replicates.half_square.mean(axis=0) / variance
    part = replicates.part.mean(axis=0)
    return np.concatenate([[mean, variance], first, total, swaps @ (part / part.sum())])
