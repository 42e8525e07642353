"""Numbers as sums of products: each factor a function of one input, or of a few, held on a small quadrature grid.

A *cluster* is one input, or the few that some operation ties together; a *vector* is a function on the grid of one cluster.
Sums and products of such numbers are of the same kind, and so is much else after common factors are taken out. Where an
operation does not come apart, `Tied` names the inputs that have to share a grid.

On one cluster, everything is computed as the formula does it, value by value: a rearranged sum may fall off a floor.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ukraineplan.errors import PlanError
from ukraineplan.trace import NUMPY
from ukraineplan.uncertainty.variance import Block

Array = NDArray[np.float64]

MOST_TERMS: Final = 100
MOST_HELD: Final = 2**22  # values of all terms on the grid of one cluster
MOST_FACTORS: Final = 4  # of a whole power that is written out as a product

ORDERED: Final = frozenset({"lt", "le", "gt", "ge"})
COMPARED: Final = ORDERED | {"eq", "ne"}
BENT: Final = ORDERED | {"max", "min", "abs", "floor"}
"""Operations with a kink or a jump where two numbers cross, or where one crosses zero or a whole number."""

CLOSE: Final = 1e-13
"""Two numbers that differ by less, relative to their size, count as equal where it is asked what they have in common."""


class NotSeparable(PlanError):
    """A number that the exact route cannot do, or not well: sampling is the better way."""


class Tied(Exception):
    """Inputs that an operation needs on one grid."""

    def __init__(self, kind: str, names: frozenset[str]) -> None:
        self.kind, self.names = kind, names


class Cluster(NamedTuple):
    """Inputs on one grid: an axis each, with its values, its weights, and whether the input is continuous."""

    names: tuple[str, ...]
    values: tuple[Array, ...]
    weights: tuple[Array, ...]
    continuous: tuple[bool, ...]


@dataclass(frozen=True, eq=False)
class Vector:
    """A function on one cluster's grid; an axis along which it does not change has length 1."""

    cluster: int
    values: Array
    low: float
    high: float

    @property
    def finite(self) -> bool:
        """Whether it is a number everywhere."""
        return math.isfinite(self.low) and math.isfinite(self.high)


class Term(NamedTuple):
    """A coefficient times at most one vector a cluster."""

    coefficient: float
    vectors: Mapping[int, Vector]

    def times(self, factor: float, *, without: int | None = None) -> Term:
        """The term times a number, and without one of its vectors."""
        return Term(self.coefficient * factor, {j: v for j, v in self.vectors.items() if j != without})

    @property
    def finite(self) -> bool:
        """Whether it is a number everywhere."""
        return math.isfinite(self.coefficient) and all(v.finite for v in self.vectors.values())

    @property
    def bounds(self) -> tuple[float, float]:
        """Two numbers between which it lies on the grid."""
        if not self.finite:
            return -math.inf, math.inf
        low = high = self.coefficient
        for v in self.vectors.values():
            ends = low * v.low, low * v.high, high * v.low, high * v.high
            low, high = min(ends), max(ends)
        return low, high


@dataclass(frozen=True, eq=False)
class Sum:
    """A number that varies: a sum of terms, of which on one cluster there is only one."""

    terms: tuple[Term, ...]

    @cached_property
    def clusters(self) -> frozenset[int]:
        """The clusters that it depends on."""
        return frozenset(j for t in self.terms for j in t.vectors)


Value = Sum | float
Watch = Callable[[str, Cluster, Sequence[Any]], None]


class Space:
    """Clusters, and what can be computed on them.

    Parameters
    ----------
    clusters : sequence of Cluster
    watch : function
        Told of every operation in `BENT` on one cluster, before it is done: its kind, the cluster, the values.
    """

    def __init__(self, clusters: Sequence[Cluster], watch: Watch) -> None:
        self.clusters, self.watch = clusters, watch
        self._vectors: dict[tuple[int, tuple[int, ...], bytes], Vector] = {}
        self._products: dict[tuple[int, int], Vector | float] = {}
        self.inputs = {
            name: self._lifted(j, values.reshape([-1 if k == axis else 1 for k in range(len(cluster.names))]))
            for j, cluster in enumerate(clusters)
            for axis, (name, values) in enumerate(zip(cluster.names, cluster.values, strict=True))
        }

    def apply(self, kind: str, *args: Value) -> Value:
        """An operation of the trace.

        Raises
        ------
        Tied
            If it does not come apart.
        NotSeparable
            If it leaves too many terms.
        """
        clusters = _clusters(args)
        if not clusters:
            return float(NUMPY.apply[kind](*map(_dense, args)))
        if len(clusters) == 1:
            return self._on_one(kind, args, *clusters)
        return self._on_several(kind, args)

    def terms_and_blocks(self, value: Sum) -> tuple[Array, list[Block]]:
        """The coefficients of the terms, and their functions cluster by cluster, points without weight left out.

        Raises
        ------
        NotSeparable
            If something is infinite or undefined, or does not fit.
        """
        found = []
        for j in sorted(value.clusters):
            names, axes, weights, _ = self.clusters[j]
            shape = tuple(map(len, axes))
            if len(value.terms) * math.prod(shape) > MOST_HELD:
                raise NotSeparable(f"it has {len(value.terms)} terms on the grid of {', '.join(names)}")
            rows = [np.broadcast_to(t.vectors[j].values if j in t.vectors else 1.0, shape) for t in value.terms]
            weighted = np.ix_(np.arange(len(rows)), *(np.flatnonzero(w) for w in weights))
            block = Block(names, np.stack(rows)[weighted], tuple(w[w != 0] for w in weights))
            if not np.isfinite(block.values).all():
                raise NotSeparable(f"it is infinite or undefined somewhere in the range of {', '.join(names)}")
            found.append(block)
        coefficients = np.array([t.coefficient for t in value.terms])
        if not np.isfinite(coefficients).all():
            raise NotSeparable("it is infinite or undefined")
        return coefficients, found

    # -- on one cluster ----------------------------------------------------------------------------

    def _on_one(self, kind: str, args: Sequence[Value], cluster: int) -> Value:
        values = [_dense(a) for a in args]
        if kind in BENT:
            self.watch(kind, self.clusters[cluster], values)
        return self._lifted(cluster, np.asarray(NUMPY.apply[kind](*values), float))

    def _lifted(self, cluster: int, values: Array) -> Value:
        kept = self._kept(cluster, values)
        return Sum((Term(1.0, {cluster: kept}),)) if isinstance(kept, Vector) else kept

    def _kept(self, cluster: int, values: Array) -> Vector | float:
        """The one copy of equal vectors, so that `is` finds common factors; a number where all values are the same."""
        low, high = float(values.min()), float(values.max())
        if low == high:
            return low
        key = cluster, values.shape, values.tobytes()
        if key not in self._vectors:
            self._vectors[key] = Vector(cluster, values, low, high)
        return self._vectors[key]

    # -- on several clusters -----------------------------------------------------------------------

    def _on_several(self, kind: str, args: Sequence[Value]) -> Value:
        match kind, args:
            case "add", (a, b):
                return self._collected([*_terms(a), *_terms(b)])
            case "sub", (a, b):
                return self._collected([*_terms(a), *_terms(_scaled(b, -1.0))])
            case "neg", (a,):
                return _scaled(a, -1.0)
            case "mul", (a, b):
                return self._mul(a, b)
            case "div", (a, Sum() as b):
                return self._mul(a, self._multiplicative(lambda x: self._together("div", 1.0, x), b, lambda v: True))
            case "div", (a, b):
                return _scaled(a, float(1.0 / _dense(b)))
            case "pow", (a, float(power)):
                return self._power(a, power)
            case "exp", (Sum(terms),):
                return self._exponential(terms)
            case "log", (a,):
                return self._multiplicative(lambda x: self._together("log", x), a, lambda v: v.low > 0, "add")
            case "sqrt", (a,):
                return self._multiplicative(lambda x: self._together("sqrt", x), a, lambda v: v.low >= 0)
            case "abs", (a,):
                return self._absolute(a)
            case "where", (mask, a, b):
                return self._where(mask, a, b)
            case "max" | "min", (a, b):
                return self._extreme(kind, a, b)
            case _ if kind in COMPARED:
                return self._compared(kind, *args)
        return self._together(kind, *args)

    def _together(self, kind: str, *args: Value) -> Value:
        """An operation that needs everything on one grid."""
        clusters = _clusters(args)
        if len(clusters) > 1:
            raise self._tied(kind, clusters)
        return self.apply(kind, *args)

    def _tied(self, kind: str, clusters: Iterable[int]) -> Tied:
        return Tied(kind, frozenset(name for j in clusters for name in self.clusters[j].names))

    def _collected(self, terms: Iterable[Term]) -> Value:
        """The sum of some terms, where those that differ on one cluster only have become one."""
        left = [t for t in terms if t.coefficient or not t.finite]
        before = len(left) + 1
        while len(left) < before:
            before = len(left)
            for j in sorted({j for t in left for j in t.vectors}):
                left = self._joined_on(j, left)
        if len(left) > MOST_TERMS:
            raise NotSeparable(f"it is a sum of more than {MOST_TERMS} products")
        return Sum(tuple(left)) if any(t.vectors for t in left) else float(sum(t.coefficient for t in left))

    def _joined_on(self, cluster: int, terms: list[Term]) -> list[Term]:
        """The same sum, with one term for all that differ on one cluster only."""
        alike: dict[frozenset[int], list[Term]] = {}
        for t in terms:
            alike.setdefault(frozenset(id(v) for j, v in t.vectors.items() if j != cluster), []).append(t)
        return [t for group in alike.values() for t in self._joined(group, cluster)] if len(alike) < len(terms) else terms

    def _joined(self, group: list[Term], cluster: int) -> list[Term]:
        if len(group) == 1:
            return group
        rest = group[0].times(1.0, without=cluster)
        added = sum(t.coefficient * (t.vectors[cluster].values if cluster in t.vectors else 1.0) for t in group)
        kept = self._kept(cluster, np.asarray(added))
        if isinstance(kept, Vector):
            return [Term(1.0, {**rest.vectors, cluster: kept})]
        return [Term(kept, rest.vectors)] if kept or not rest.finite else []

    def _mul(self, a: Value, b: Value) -> Value:
        return self._collected(self._times(s, t) for s in _terms(a) for t in _terms(b))

    def _times(self, s: Term, t: Term) -> Term:
        coefficient, vectors = s.coefficient * t.coefficient, {**t.vectors, **s.vectors}
        for j in s.vectors.keys() & t.vectors.keys():
            product = self._product(s.vectors[j], t.vectors[j])
            if isinstance(product, Vector):
                vectors[j] = product
            else:
                coefficient *= product
                del vectors[j]
        return Term(coefficient, vectors)

    def _product(self, u: Vector, v: Vector) -> Vector | float:
        """On one cluster; a factor times its own reciprocal is a number again."""
        key = id(u), id(v)
        if key not in self._products:
            values = u.values * v.values
            same = np.ptp(values) <= 2**-50 * abs(values.flat[0])
            self._products[key] = float(values.flat[0]) if same else self._kept(u.cluster, values)
        return self._products[key]

    def _factored(self, args: Sequence[Value], allowed: Callable[[Vector], bool]) -> tuple[list[Sum], list[Value]]:
        """The vectors that every term of every argument is a multiple of, as far as allowed, and what they leave of each."""
        groups = [[t for t in _terms(a) if t.coefficient or not t.finite] for a in args]
        shared = []
        for j, vector in next(t for group in groups for t in group).vectors.items():
            ratios = [[_multiple(t.vectors.get(j), vector) for t in group] for group in groups]
            if allowed(vector) and all(r is not None for row in ratios for r in row):
                shared.append(Sum((Term(1.0, {j: vector}),)))
                groups = [
                    [t.times(r or 0.0, without=j) for t, r in zip(group, row, strict=True)]
                    for group, row in zip(groups, ratios, strict=True)
                ]
        return shared, [self._collected(group) for group in groups]

    def _multiplicative(
        self, function: Callable[[Value], Value], a: Value, allowed: Callable[[Vector], bool], join: str = "mul"
    ) -> Value:
        """A function of one number that makes a product of a product; `log` makes a sum of it."""
        common, rest = self._factored((a,), allowed)
        return reduce(lambda x, y: self.apply(join, x, y), map(function, (*common, *rest)))

    def _power(self, a: Value, power: float) -> Value:
        if power in range(2, MOST_FACTORS + 1):
            return reduce(self._mul, [a] * int(power))
        whole = power.is_integer()
        return self._multiplicative(lambda x: self._together("pow", x, power), a, lambda v: whole or v.low >= 0)

    def _exponential(self, terms: Sequence[Term]) -> Value:
        """Of a sum, the product of what its terms give."""
        for t in terms:
            if len(t.vectors) > 1:
                raise self._tied("exp", t.vectors)
        parts = [self.apply("exp", Sum((t,)) if t.vectors else t.coefficient) for t in terms]
        return reduce(lambda x, y: self.apply("mul", x, y), parts)

    def _absolute(self, a: Value) -> Value:
        low, high = _bounds(a)
        if low >= 0 or high <= 0:
            return a if low >= 0 else _scaled(a, -1.0)
        return self._multiplicative(lambda x: self._together("abs", x), a, lambda v: True)

    def _extreme(self, kind: str, a: Value, b: Value) -> Value:
        low, high = _bounds(self.apply("sub", a, b))
        if low >= 0 or high <= 0:
            return a if (low >= 0) == (kind == "max") else b
        common, rest = self._factored((a, b), lambda v: v.low >= 0)
        return reduce(lambda x, y: self.apply("mul", x, y), common, self._together(kind, *rest))

    def _compared(self, kind: str, a: Value, b: Value) -> Value:
        low, high = _bounds(self.apply("sub", a, b))
        at_ends = {float(NUMPY.apply[kind](end, 0.0)) for end in (low, high)}
        if len(at_ends) == 1 and (kind in ORDERED or low > 0 or high < 0):
            return at_ends.pop()
        _, rest = self._factored((a, b), lambda v: v.low > 0)
        return self._together(kind, *rest)

    def _where(self, mask: Value, a: Value, b: Value) -> Value:
        if not isinstance(mask, Sum):
            return a if mask else b
        if not all(t.finite for x in (a, b) for t in _terms(x)):
            return self._together("where", mask, a, b)
        holds = self.apply("ne", mask, 0.0)
        fails = self.apply("sub", 1.0, holds)
        return self.apply("add", self.apply("mul", holds, a), self.apply("mul", fails, b))


def _clusters(args: Iterable[Value]) -> set[int]:
    return {j for a in args if isinstance(a, Sum) for j in a.clusters}


def _terms(a: Value) -> tuple[Term, ...]:
    return a.terms if isinstance(a, Sum) else (Term(a, {}),)


def _scaled(a: Value, factor: float) -> Value:
    return Sum(tuple(t.times(factor) for t in a.terms)) if isinstance(a, Sum) else a * factor


def _dense(a: Value) -> Any:
    """The values of a number on the one cluster it depends on."""
    if not isinstance(a, Sum):
        return np.float64(a)
    ((coefficient, vectors),) = a.terms
    (vector,) = vectors.values()
    return vector.values if coefficient == 1 else coefficient * vector.values


def _multiple(v: Vector | None, of: Vector) -> float | None:
    """How many times one vector another is, if it is so everywhere."""
    if v is of:
        return 1.0
    if v is None or v.values.shape != of.values.shape:
        return None
    largest = np.argmax(np.abs(of.values))
    ratio = float(v.values.flat[largest] / of.values.flat[largest])
    return ratio if np.allclose(v.values, ratio * of.values, rtol=CLOSE, atol=0) else None


def _bounds(a: Value) -> tuple[float, float]:
    """Two numbers between which it lies on the grid."""
    ends = [t.bounds for t in _terms(a)]
    return sum(low for low, _ in ends), sum(high for _, high in ends)
