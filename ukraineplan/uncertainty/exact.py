"""Mean, variance, first-order, total and Shapley effects without sampling.

A number is computed once over sums of products of functions held on small Gauss grids (`products`); its moments follow from
sums over those grids (`variance`). Inputs that an operation ties together share a grid; where a `max`, a comparison or a
`floor` bends or jumps as one input varies, its grid is cut there. Both are found as they turn up: the computation then starts
again. Two grids, one finer, say how far the answer can be trusted.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, Final, Protocol

import numpy as np

from ukraineplan.graph import Graph
from ukraineplan.tape import Buffer, Column, Operand, Place, Step, record
from ukraineplan.uncertainty.indices import NOTHING, Effect, Estimate, Indices
from ukraineplan.uncertainty.products import BENT, COMPARED, Array, Cluster, NotSeparable, Space, Sum, Tied, Value
from ukraineplan.uncertainty.variance import ROUNDING, Moments

__all__ = ["Gridded", "NotSeparable", "exact_indices"]

METHOD: Final = "exact"

NODES: Final = {0: (1, 1), 1: (16, 24), 2: (16, 24), 3: (10, 16), 4: (7, 10), 5: (6, 8)}
"""Gauss nodes a panel, on the coarser and on the finer grid, by how many continuous inputs share the grid."""

MOST_TIED: Final = {True: 3, False: 5}
"""Continuous inputs on one grid: where the operation that ties them may bend or jump, and where it is smooth."""

MOST_POINTS: Final = 2**17  # on the grid of one cluster
MOST_BREAKS: Final = 64  # of one input
TOLERANCE: Final = 1e-6  # of an index; beyond it, sampling is the better way
SAME: Final = 1e-12  # relative distance of two kinks that are one
EQUAL: Final = 1e-13  # relative distance of two numbers that do not cross
BETWEEN: Final = (1 - np.cos(np.linspace(0, np.pi, 12))) / 2
"""Chebyshev points from 0 to 1: where to look between two nodes."""

SIGNS: Final = {"add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "**", "lt": "<", "le": "<=", "gt": ">", "ge": ">=",
                "eq": "==", "ne": "!="}  # fmt: skip


class Gridded(Protocol):
    """What the exact route asks of a distribution.

    One that also has finite ends, `possible`, is looked at there too: Gauss nodes do not reach the ends of a range, where
    a kink could hide.
    """

    def grid(self, nodes: int, breaks: tuple[float, ...] = ()) -> tuple[Array, Array]:
        """Values in formulas' units and weights that sum to 1.

        Parameters
        ----------
        nodes : int
            Gauss nodes a panel; a discrete distribution ignores both arguments and enumerates its values.
        breaks : tuple of float
            Values at which the grid is split into panels, as a kink or a jump lies there.
        """
        ...


class _Kink(Exception):
    """One continuous input has a kink between some neighbouring nodes."""

    def __init__(self, step: int, name: str, brackets: Sequence[tuple[float, float]]) -> None:
        self.step, self.name, self.brackets = step, name, brackets


def exact_indices(
    graph: Graph, target: str, values: Mapping[str, Any], factors: Mapping[str, Gridded], place: Place,
    groups: Mapping[str, frozenset[str]] = {}, *, year: int | None = None,
) -> Indices:  # fmt: skip
    """What independent factors do to the variance of a number, without sampling.

    What is narrower than the distance between two nodes of either grid is not seen, and the error does not hold what the
    formula's own subtractions lose to rounding.

    Parameters
    ----------
    graph, target : Graph, str
        A formula or an input.
    values : mapping
        The inputs that are held, as formulas see them.
    factors : mapping
        What varies, by name.
    place : function
        From the factors' values and an algebra to the inputs that they set, as `ukraineplan.tape.record` asks it.
    groups : mapping, optional
        Names of sets of factors; factors that are not there have no effect.
    year : int, optional
        Of a yearly number the year that is meant, from 1; the first one if left out.

    Returns
    -------
    Indices
        Values from the finer of two grids, errors from their difference plus what rounding may do.

    Raises
    ------
    NotSeparable
        Where sampling is the better way; the sentence says why.
    """
    tape = record(graph, [target], values, list(factors), place)
    output = tape.outputs[(year or 1) - 1 if tape.rows[target] > 1 else 0]
    with np.errstate(all="ignore"):
        coarse, fine = _Search(_needed(tape.steps, output), output, factors).on_two_grids()
        return _indices(coarse, fine, factors, groups)


def _needed(steps: Sequence[Step], output: Operand) -> list[Step]:
    """The steps that one output needs."""
    wanted, kept = {output}, []
    for step in reversed(steps):
        if Buffer(step.into) in wanted:
            wanted.remove(Buffer(step.into))
            wanted.update(step.operands)
            kept.append(step)
    return kept[::-1]


class _Search:
    """One number on grids that are tied and cut as it turns out to need."""

    def __init__(self, steps: Sequence[Step], output: Operand, factors: Mapping[str, Gridded]) -> None:
        self.steps, self.output, self.factors = steps, output, factors
        self.columns = list(factors)
        used = {self.columns[o.place] for o in (output, *(o for s in steps for o in s.operands)) if isinstance(o, Column)}
        self.ties: dict[str, tuple[str, ...]] = {name: (name,) for name in self.columns if name in used}
        self.continuous = {name for name in self.ties if len(factors[name].grid(1)[0]) < len(factors[name].grid(2)[0])}
        self.kinks: dict[tuple[int, str], list[float]] = {}
        self._grids: dict[tuple[str, int, tuple[float, ...]], tuple[Array, Array]] = {}

    def on_two_grids(self) -> tuple[Moments | float, Moments | float]:
        """Moments on a coarser and on a finer grid, with the same ties and the same panels; a number does not vary."""
        while True:
            fine = self._moments(1)
            known = dict(self.ties), {at: list(found) for at, found in self.kinks.items()}
            coarse = self._moments(0)
            if known == (self.ties, self.kinks):
                return coarse, fine

    def _moments(self, level: int) -> Moments | float:
        while True:
            try:
                space = Space(self._clusters(level), self._look)
                value = self._run(space, self.steps)(self.output)
                break
            except Tied as tied:
                self._tie(tied.kind, tied.names)
            except _Kink as kink:
                self._locate(kink, level)
        if isinstance(value, Sum):
            return Moments(*space.terms_and_blocks(value))
        if math.isfinite(value):
            return value
        raise NotSeparable("it is infinite or undefined")

    def _run(self, space: Space, steps: Sequence[Step]) -> Callable[[Operand], Value]:
        """Compute some steps; answers with where to find what they gave."""
        buffers: dict[int, Value] = {}

        def at(operand: Operand) -> Value:
            if isinstance(operand, Column):
                return space.inputs[self.columns[operand.place]]
            return buffers[operand.place] if isinstance(operand, Buffer) else float(operand)

        for n, (kind, operands, into) in enumerate(steps):
            self.now = n
            buffers[into] = space.apply(kind, *map(at, operands))
        return at

    # -- grids -------------------------------------------------------------------------------------

    def _clusters(self, level: int, instead: Mapping[str, Array] = {}) -> list[Cluster]:
        found = []
        for names in dict.fromkeys(self.ties.values()):
            nodes = NODES[sum(n in self.continuous for n in names)][level]
            grids = [(instead[n], np.ones(len(instead[n]))) if n in instead else self._grid(n, nodes) for n in names]
            values, weights = tuple(x for x, _ in grids), tuple(w for _, w in grids)
            if (points := math.prod(map(len, values))) > MOST_POINTS:
                raise NotSeparable(f"it needs a grid of {points:,} points over {', '.join(names)}")
            found.append(Cluster(names, values, weights, tuple(n in self.continuous for n in names)))
        return found

    def _grid(self, name: str, nodes: int) -> tuple[Array, Array]:
        key = name, nodes, self._breaks(name)
        if key not in self._grids:
            values, weights = self.factors[name].grid(*key[1:])
            ends = getattr(self.factors[name], "possible", (-math.inf, math.inf))
            if name in self.continuous and all(map(math.isfinite, ends)):
                values, weights = np.array([ends[0], *values, ends[1]]), np.array([0.0, *weights, 0.0])
            self._grids[key] = values, weights
        return self._grids[key]

    def _breaks(self, name: str) -> tuple[float, ...]:
        """Where the kinks of one input lie, those that are the same up to rounding once."""
        found = sorted(k for (_, n), kinks in self.kinks.items() if n == name for k in kinks)
        return (*found[:1], *(b for a, b in pairwise(found) if b - a > SAME * max(abs(a), abs(b))))

    def _tie(self, kind: str, names: frozenset[str]) -> None:
        tied = tuple(n for n in self.columns if n in names)
        if sum(n in self.continuous for n in tied) > MOST_TIED[kind in BENT | COMPARED]:
            raise NotSeparable(f"`{SIGNS.get(kind, kind)}` ties {len(tied)} inputs: {', '.join(tied)}")
        self.ties |= dict.fromkeys(tied, tied)

    # -- kinks -------------------------------------------------------------------------------------

    def _look(self, kind: str, cluster: Cluster, operands: Sequence[Any]) -> None:
        """Raise for a kink between two nodes that no break of the grid stands for yet."""
        names, values, _, continuous = cluster
        gap = _gap(operands)
        varies = [k for k, n in enumerate(gap.shape) if n > 1 and continuous[k]]
        if not varies or not np.isfinite(gap).all():
            return
        levels = self._levels(kind, gap, [names[k] for k in varies])
        if len(varies) > 1:
            if any((gap > level).any() and (gap < level).any() for level in levels):
                raise NotSeparable(f"`{SIGNS.get(kind, kind)}` has a kink across {len(varies)} inputs: "
                                   f"{', '.join(names[k] for k in varies)}")  # fmt: skip
            return
        (axis,) = varies
        name, order = names[axis], np.argsort(values[axis])
        rows, nodes = np.moveaxis(gap, axis, -1).reshape(-1, len(order))[:, order], values[axis][order]
        crossed = np.any([np.diff(rows >= level, axis=1).any(axis=0) for level in levels], axis=0)
        known = self.kinks.get((self.now, name), [])
        between = [(nodes[i], nodes[i + 1]) for i in np.flatnonzero(crossed)]
        if new := [(a, b) for a, b in between if not any(a <= k <= b for k in known)]:
            raise _Kink(self.now, name, new)

    def _levels(self, kind: str, gap: Array, names: Sequence[str]) -> list[float]:
        """Where a difference has to cross for a kink: zero, or of `floor` every whole number."""
        if kind != "floor":
            return [0.0]
        low, high = math.floor(gap.min()) + 1, math.floor(gap.max())
        if high - low >= MOST_BREAKS:
            raise NotSeparable(f"`floor` jumps more than {MOST_BREAKS} times over {', '.join(names)}")
        return [float(n) for n in range(low, high + 1)]

    def _locate(self, kink: _Kink, level: int) -> None:
        """Compute up to the kink at points between the nodes around it, and keep where their polynomial crosses."""
        seen: list[tuple[Array, list[float]]] = []

        def look(kind: str, cluster: Cluster, operands: Sequence[Any]) -> None:
            if self.now == kink.step and kink.name in cluster.names:
                gap = _gap(operands)
                along = np.moveaxis(gap, cluster.names.index(kink.name), -1)
                seen.append((along, self._levels(kind, gap, [kink.name])))

        points = [a + (b - a) * BETWEEN for a, b in kink.brackets]
        self._run(Space(self._clusters(level, {kink.name: np.concatenate(points)}), look), self.steps[: kink.step + 1])
        found = self.kinks.setdefault((kink.step, kink.name), [])
        for gap, levels in seen:
            rows = np.broadcast_to(gap, (*gap.shape[:-1], points[0].size * len(points))).reshape(-1, len(points), len(BETWEEN))
            for place, (a, b) in enumerate(kink.brackets):
                found += [a + (b - a) * t for row in rows[:, place] for crossed in levels for t in _crossings(row - crossed)]
        # where a jump or an undefined value leaves no crossing, cut somewhere: every round has to get further
        found += [(a + b) / 2 for a, b in kink.brackets if not any(a <= k <= b for k in found)]
        if len(self._breaks(kink.name)) > MOST_BREAKS:
            raise NotSeparable(f"it has more than {MOST_BREAKS} kinks over {kink.name}")


def _gap(operands: Sequence[Any]) -> Array:
    """The difference on whose sign an operation depends; of `floor` and `abs`, the number itself."""
    if len(operands) == 1:
        return np.asarray(operands[0])
    a, b = operands
    gap = np.asarray(a - b)
    return np.where(np.abs(gap) <= EQUAL * (np.abs(a) + np.abs(b)), 0.0, gap)


def _crossings(values: Array) -> list[float]:
    """Where the polynomial through values at the points `BETWEEN` is zero, if they change sign."""
    if not (np.diff(values >= 0).any() and np.isfinite(values).all()):
        return []
    fitted = np.polynomial.Chebyshev.fit(BETWEEN, values, len(BETWEEN) - 1, domain=[0, 1])
    roots = np.asarray(fitted.trim(1e-14 * np.abs(fitted.coef).max()).roots(), complex)
    real = roots.real[(np.abs(roots.imag) < 1e-9) & (np.abs(roots.real - 0.5) <= 0.5 + 1e-9)]
    return [float(r) for r in np.clip(real, 0, 1)]


# ------------------------------------------------------------------------------------------------------
# Two grids compared

def _indices(
    coarse: Moments | float, fine: Moments | float, factors: Iterable[str], groups: Mapping[str, frozenset[str]]
) -> Indices:
    if not (isinstance(coarse, Moments) and isinstance(fine, Moments) and coarse.variance and fine.variance):
        if any(isinstance(m, Moments) and m.variance for m in (coarse, fine)):
            raise NotSeparable("it varies on one of two grids only: a kink")
        return _unvaried(coarse, fine, factors, groups)
    spread = math.sqrt(fine.variance)
    mean = _estimate(coarse.mean, fine.mean, ROUNDING * fine.size)
    variance = _estimate(coarse.variance, fine.variance, 2 * fine.noise * fine.variance)
    _check("the mean", mean.error / spread)
    _check("the variance", variance.error / fine.variance)
    sets = {name: frozenset({name}) for name in factors}
    shares = coarse.shapley(), fine.shapley()

    def effect(name: str, members: frozenset[str]) -> Effect:
        members &= coarse.factors | fine.factors
        if not members:
            return NOTHING
        rough, finer = (sum(share.get(n, 0.0) for n in members) for share in shares)
        found = Effect(
            _estimate(coarse.closed(members), fine.closed(members), fine.noise),
            _estimate(coarse.total(members), fine.total(members), fine.noise),
            _estimate(rough, finer, fine.noise),
        )
        _check(f"the effects of {name}", max(estimate.error for estimate in found))
        return found

    by_factor, by_group = ({n: effect(n, members) for n, members in named.items()} for named in (sets, groups))
    return Indices(mean, variance, by_factor, by_group, METHOD)


def _unvaried(coarse: Moments | float, fine: Moments | float, factors: Iterable[str], groups: Iterable[str]) -> Indices:
    a, b = (m.mean if isinstance(m, Moments) else m for m in (coarse, fine))
    floor = ROUNDING * (fine.size if isinstance(fine, Moments) else abs(fine))
    mean, variance = _estimate(a, b, floor), Estimate(0.0, 0.0)
    return Indices(mean, variance, dict.fromkeys(factors, NOTHING), dict.fromkeys(groups, NOTHING), METHOD)


def _estimate(coarse: float, fine: float, floor: float) -> Estimate:
    return Estimate(float(fine), float(abs(fine - coarse) + floor))


def _check(what: str, error: float) -> None:
    if not error <= TOLERANCE:
        raise NotSeparable(f"two grids leave an error of {error:.1g} in {what}: a kink, or a steep end")
