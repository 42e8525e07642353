"""The lowest and highest value of a number over all uncertain inputs together, proven where its trace allows it.

The trace is run on intervals that carry slopes: between which two numbers a value lies everywhere in the ranges, and how
it may change with each input. Only the sign of a slope matters: an input that can only raise the number is put at the end
where the extreme lies, and if every input can be put somewhere, one evaluation an end is the proof. Slopes bound every
chord ``(f(x + t) - f(x)) / t``, not derivatives, so they hold across kinks; a jump upwards is one from 0 to infinity.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ukraineplan.graph import Graph
from ukraineplan.trace import Algebra
from ukraineplan.years import HORIZON

Array = NDArray[Any]
CHUNK: Final = 2**14
MOST_COMBINATIONS: Final = 2**22  # that are all evaluated
MOST_WHOLE: Final = 2**8  # whole numbers, or combinations of them, that are taken one by one in a proof or a search


@dataclass(frozen=True)
class Extremes:
    """Lowest and highest value of a number, and how they are known.

    Attributes
    ----------
    low, high : float or array
        Of a yearly number, every year's own, shape ``(years,)``. A combination at which the number is infinite counts as
        that infinity; one at which it is undefined, as 0 / 0 is, is passed over, and nothing is called proven.
    proven : bool
        Whether no value inside the ranges lies outside; if not, one between the ends of the ranges may.
    combinations : int
        How many combinations of inputs were evaluated; where `searched`, there were too many to evaluate them all.
    at_low, at_high : mapping
        Where they are reached; inputs that cannot move the number are left out. Empty for a yearly number.
    """

    low: Any
    high: Any
    proven: bool
    combinations: int
    at_low: Mapping[str, float] = field(default_factory=dict)
    at_high: Mapping[str, float] = field(default_factory=dict)
    searched: bool = False

    @property
    def method(self) -> str:
        """How they are known, in words."""
        how = "in a search over" if self.searched else "at"
        return "proven" if self.proven else f"largest found {how} the ends of the ranges"


def extremes(
    graph: Graph, target: str, values: Mapping[str, Any], ranges: Mapping[str, tuple[float, float]], whole: Set[str] = frozenset()
) -> Extremes:
    """The lowest and highest value of a number over all uncertain inputs together.

    Parameters
    ----------
    graph, target : Graph, str
        A formula or an input.
    values : mapping
        All inputs as formulas see them; those without a range stay as they are here.
    ranges : mapping
        The two ends of each uncertain input, as formulas see them; what the target does not need is ignored.
    whole : set of str
        Inputs that take whole numbers only.
    """
    names = tuple(n for n in ranges if n in graph.needs(target))
    held = {n: v for n, v in values.items() if n in graph.needs(target)}
    plain = not graph.yearly(target)
    problem = _Problem(graph, target, held, names, np.array([n in whole for n in names], bool), 1 if plain else HORIZON)
    low, high = np.array([ranges[n] for n in names], float).reshape(-1, 2).T
    low, high = np.where(problem.whole, [np.ceil(low), np.floor(high)], [low, high])
    first = problem.slopes(low[:, None], high[:, None])
    idle = ((first.low[1:] == 0) & (first.high[1:] == 0)).all(axis=(1, 2))
    low, high = np.where(idle, np.clip(np.array([held[n] for n in names], float), low, high), [low, high])
    bottom, top = (_lowest(problem, low, high, first, sign) for sign in (1.0, -1.0))
    moving = [j for j in range(len(names)) if plain and not idle[j]]
    at_low, at_high = ({names[j]: float(end.points[j, 0]) for j in moving} for end in (bottom, top))
    return Extremes(
        low=float(bottom.values[0]) if plain else bottom.values, high=float(-top.values[0]) if plain else -top.values,
        proven=bottom.proven and top.proven, combinations=bottom.combinations + top.combinations,
        at_low=at_low, at_high=at_high, searched=bottom.searched or top.searched,
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------------
# Looking for one end


@dataclass(frozen=True)
class _Problem:
    """A target over its uncertain inputs; points and boxes are arrays with a row an input."""

    graph: Graph
    target: str
    values: Mapping[str, Any]
    names: tuple[str, ...]
    whole: Array
    years: int

    def at(self, points: Array) -> Array:
        """The target at each point, shape (years, points)."""
        rows = {n: row if np.any(row != row[0]) else row[:1] for n, row in zip(self.names, points, strict=True)}
        given = {n: v if isinstance(v, str) else np.atleast_1d(v) for n, v in {**self.values, **rows}.items()}
        found = self.graph.evaluate(given, [self.target])[self.target]
        return np.broadcast_to(found, (self.years, points.shape[1]))

    def slopes(self, low: Array, high: Array) -> _Interval:
        """The target on each box with its slopes, shape (1 + inputs, years, boxes)."""
        size, boxes = 1 + len(self.names), low.shape[1]
        known = {n: v if isinstance(v, str) else _lift(v, size) for n, v in self.values.items()}
        for j, name in enumerate(self.names):
            known[name] = x = _Interval(np.zeros((size, 1, boxes)), np.zeros((size, 1, boxes)))
            x.low[0], x.high[0] = low[j], high[j]
            x.low[1 + j] = x.high[1 + j] = low[j] < high[j]
        found = _lift(self.graph.evaluate(known, [self.target], _algebra(size))[self.target], size)
        return _Interval(*(np.broadcast_to(end, (size, self.years, boxes)) for end in (found.low, found.high)))


class _End(NamedTuple):
    """The lowest values found, one a year, and where."""

    values: Array
    points: Array
    combinations: int = 0
    undefined: bool = False
    proven: bool = False
    searched: bool = False


def _lowest(problem: _Problem, low: Array, high: Array, first: _Interval, sign: float) -> _End:
    """The lowest value of `sign` times the target in a box on which its slopes are known."""
    found, (lows, highs, sure) = first, _pull(first, low[:, None], high[:, None], sign)
    if not sure.all():
        boxes = _split(problem.whole, lows.min(axis=(1, 2)), highs.max(axis=(1, 2)))
        found = problem.slopes(*boxes)
        lows, highs, sure = _pull(found, *boxes, sign)
    if sure.all():
        end = _best(problem, [np.unique(lows.reshape(len(low), lows[:1].size or 1), axis=1)], sign)
        return end._replace(proven=not end.undefined)
    every = problem.whole & ~sure.all(axis=(1, 2))  # every whole number, not the ends alone
    options = [np.arange(a.min(), b.max() + 1) if e else np.unique([a, b]) for a, b, e in zip(lows, highs, every, strict=True)]
    if (count := math.prod(map(len, options))) > MOST_COMBINATIONS:
        end = _search(problem, options, sign)
    else:
        chunks = (range(i, min(i + CHUNK, count)) for i in range(0, count, CHUNK))
        end = _best(problem, (_combinations(options, places) for places in chunks), sign)
    bound = np.where(sure.all(axis=0), np.inf, found.low[0] if sign > 0 else -found.high[0]).min(axis=1)
    closed = np.all((end.values <= bound) | np.isclose(end.values, bound, rtol=1e-9, atol=0))
    return end._replace(proven=bool(closed) and not end.undefined)


def _pull(found: _Interval, low: Array, high: Array, sign: float) -> tuple[Array, Array, Array]:
    """Boxes with every input put at its end where its slope is sure, and where it is: shape (inputs, years, boxes)."""
    signs = found.low[1:] >= 0, found.high[1:] <= 0
    rises, falls = signs if sign > 0 else signs[::-1]
    to_high = falls & (~rises | falls.all(axis=(1, 2), keepdims=True))
    low, high = low[:, None], high[:, None]
    return np.where(to_high, high, low), np.where(rises & ~to_high, low, high), rises | falls


def _split(whole: Array, low: Array, high: Array) -> tuple[Array, Array]:
    """Boxes in which each number of whole inputs that are still open stands by itself."""
    lows, highs, boxes = [*low[:, None]], [*high[:, None]], 1
    for j in np.flatnonzero(whole & (low < high)):
        if boxes * len(every := np.arange(low[j], high[j] + 1)) <= MOST_WHOLE:
            boxes, lows[j], highs[j] = boxes * len(every), every, every
    return _combinations(lows, range(boxes)), _combinations(highs, range(boxes))


def _combinations(options: Sequence[Array], places: range) -> Array:
    """Some of all combinations of options, by their places in a fixed order: a column each."""
    left, rows = np.array(places), []
    for tried in options:
        rows.append(tried[left % len(tried)])
        left = left // len(tried)
    return np.array(rows).reshape(len(options), len(places))


def _best(problem: _Problem, chunks: Iterable[Array], sign: float, start: _End | None = None) -> _End:
    """The lowest of many points, a chunk at a time."""
    end = start or _End(np.full(problem.years, np.nan), np.zeros((len(problem.names), problem.years)))
    for points in chunks:
        found = sign * problem.at(points)
        lowest = np.fmin.reduce(found, axis=1)
        better = (lowest < end.values) | (np.isnan(end.values) & ~np.isnan(lowest))
        places = points[:, np.argmax(found == lowest[:, None], axis=1)]
        end = end._replace(
            values=np.where(better, lowest, end.values), points=np.where(better, places, end.points),
            combinations=end.combinations + points.shape[1], undefined=end.undefined or bool(np.isnan(found).any()),
        )  # fmt: skip
    return end


def _search(problem: _Problem, options: Sequence[Array], sign: float) -> _End:
    """From the best of random combinations, change the one input that helps most until none does."""
    options = [o[np.linspace(0, len(o) - 1, min(len(o), MOST_WHOLE)).astype(int)] for o in options]
    start, before = np.array([np.random.default_rng(j).choice(o, CHUNK) for j, o in enumerate(options)]), None
    end = _best(problem, [start], sign)
    while before is None or not np.array_equal(end.values, before, equal_nan=True):
        before, start = end.values, end.points
        for j, tried in enumerate(options):
            points = np.repeat(start, len(tried), axis=1)
            points[j] = np.tile(tried, start.shape[1])
            end = _best(problem, [points], sign, end)
    return end._replace(searched=True)


# ------------------------------------------------------------------------------------------------------
# Intervals with slopes


class _Interval:
    """Bounds of a number on many boxes: shape (1 + inputs, years, boxes), the value first, then a slope an input."""

    def __init__(self, low: Array, high: Array) -> None:
        self.low, self.high = low, high  # the same array for a constant

    @property
    def value(self) -> tuple[Array, Array]:
        low = self.low[:1]
        return low, low if self.low is self.high else self.high[:1]

    @property
    def slopes(self) -> tuple[Array, Array]:
        return self.low[1:], self.high[1:]

    def constant(self, number: float) -> _Interval:
        return _lift(number, len(self.low))

    def __neg__(self) -> _Interval:
        return _Interval(-self.high, -self.low)

    def __add__(self, other: _Interval) -> _Interval:
        return _Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: _Interval) -> _Interval:
        return _Interval(self.low - other.high, self.high - other.low)

    def __mul__(self, other: _Interval) -> _Interval:
        if self.low is self.high:
            self, other = other, self
        low, high = _product(self.low, self.high, *other.value)
        if other.low is not other.high:
            more = _product(*other.slopes, *self.value)
            low[1:] += more[0]
            high[1:] += more[1]
        return _Interval(low, high)

    def __truediv__(self, other: _Interval) -> _Interval:
        """A chord of x / y is (chord of x - x / y * chord of y) / y."""
        low, high = _hull(x / y for x in self.value for y in other.value)
        change = _Interval(*self.slopes) - _Interval(*_product(*other.slopes, low, high))
        found = _join(low, high, *_product(change.low, change.high, *(1 / y for y in other.value[::-1])))
        return _if((other.low[0] <= 0) & (other.high[0] >= 0), _unbounded(self, other), found)

    def power(self, other: _Interval) -> _Interval:
        """Chord by chord a product of itself, or exp(other * log(self)); the value is extreme at an end or next to 0."""
        n = other.low[0].flat[0]
        if n in range(9) and np.all(other.low[0] == n) and np.all(other.high[0] == n):
            found = reduce(_Interval.__mul__, [self] * int(n), self.constant(1))
        else:
            found = (other * self.smooth(np.log)).smooth(np.exp)
        value = _hull(x**y for x in (*self.value, np.clip(0, *self.value)) for y in other.value)
        low, high = (np.where(np.isfinite(end), exact, end) for end, exact in zip(found.value, value, strict=True))
        return _join(low, high, *found.slopes)

    def either(self, other: _Interval) -> _Interval:
        return _Interval(np.minimum(self.low, other.low), np.maximum(self.high, other.high))

    def at_least(self, other: _Interval) -> _Interval:
        """The larger of the two."""
        found = _if(self.low[0] >= other.high[0], self, _if(other.low[0] >= self.high[0], other, self.either(other)))
        found.low[0] = np.maximum(self.low[0], other.low[0])
        return found

    def step(self, low: Array, high: Array) -> _Interval:
        """What stays or jumps upwards as this rises."""
        still = low == high
        found = _Interval(np.where(still | (self.low >= 0), 0.0, -np.inf), np.where(still | (self.high <= 0), 0.0, np.inf))
        found.low[0], found.high[0] = low, high
        return found

    def less(self, other: _Interval) -> _Interval:
        gap = other - self
        return gap.step(1.0 * (gap.low[0] > 0), 1.0 - (gap.high[0] <= 0))

    def at_most(self, other: _Interval) -> _Interval:
        return self.constant(1) - other.less(self)

    def where(self, yes: _Interval, no: _Interval) -> _Interval:
        """no + mask (yes - no): a jump of the mask moves it by the whole of yes - no."""
        either, jump = yes.either(no), _product(*self.slopes, *(yes - no).value)
        mixed = _join(*either.value, either.low[1:] + jump[0], either.high[1:] + jump[1])
        return _if(self.low[0] == 1, yes, _if(self.high[0] == 0, no, mixed))

    def smooth(self, f: Callable[[Array], Array]) -> _Interval:
        """A rising function whose derivative is largest and smallest at the ends."""
        low, high = self.value
        derivative = _hull(DERIVATIVES[f](x + 0.0) for x in (low, high))  # + 0.0 turns -0, whose inverse is negative, into 0
        found = _join(f(low), f(high), *_product(*self.slopes, *derivative))
        return found if f is np.exp else _if(low[0] < 0, _unbounded(self), found)

    def highest(self) -> _Interval:
        """Its slopes are those of the years that may be the highest."""
        found = _Interval(self.low.max(axis=1, keepdims=True), self.high.max(axis=1, keepdims=True))
        never = self.high[0] < found.low[0]
        found.low[1:] = np.where(never, np.inf, self.low[1:]).min(axis=1, keepdims=True)
        found.high[1:] = np.where(never, -np.inf, self.high[1:]).max(axis=1, keepdims=True)
        return found


def _lift(x: Any, size: int) -> _Interval:
    """A plain number, or one a year, as a constant."""
    if isinstance(x, _Interval):
        return x
    both = np.zeros((size, np.size(x), 1))
    both[0] = np.reshape(x, (-1, 1))
    return _Interval(both, both)


def _product(a: Array, b: Array, c: Array, d: Array) -> tuple[Array, Array]:
    """The interval [a, b] times [c, d]; 0 times an unbounded number is 0."""
    pairs = [(a, c), (b, c)] if c is d else [(a, c), (b, c), (a, d), (b, d)]
    low, high = _hull(x * y for x, y in pairs)
    if np.isnan(low).any():
        return _hull(np.where((x == 0) | (y == 0), 0.0, x * y) for x, y in pairs)
    return low, high


def _hull(ends: Iterable[Array]) -> tuple[Array, Array]:
    every = [*ends]
    return reduce(np.minimum, every), reduce(np.maximum, every)


def _join(low: Array, high: Array, slope_low: Array, slope_high: Array) -> _Interval:
    both = np.empty((2, 1 + len(slope_low), *np.broadcast_shapes(low.shape[1:], slope_low.shape[1:])))
    both[0, :1], both[1, :1], both[0, 1:], both[1, 1:] = low, high, slope_low, slope_high
    return _Interval(both[0], both[1])


def _if(sure: Array, x: _Interval, y: _Interval) -> _Interval:
    return _Interval(np.where(sure, x.low, y.low), np.where(sure, x.high, y.high))


def _unbounded(*numbers: _Interval) -> _Interval:
    """Anything at all, as far as an input moves one of the numbers."""
    wild = np.where(reduce(np.logical_or, [(x.low != 0) | (x.high != 0) for x in numbers]), np.inf, 0.0)
    wild[0] = np.inf
    return _Interval(-wild, wild)


DERIVATIVES: Final[dict[Any, Any]] = {np.exp: np.exp, np.log: lambda x: 1 / x, np.sqrt: lambda x: 0.5 / np.sqrt(x)}

FUNCTIONS: Final[Mapping[str, Callable[..., _Interval]]] = {
    "add": _Interval.__add__, "sub": _Interval.__sub__, "mul": _Interval.__mul__, "div": _Interval.__truediv__,
    "ratio": lambda x, y: _if((y.low[0] == 0) & (y.high[0] == 0), x.constant(0), x / y),
    "neg": _Interval.__neg__, "abs": lambda x: x.at_least(-x).at_least(x.constant(0)), "pow": _Interval.power,
    "exp": lambda x: x.smooth(np.exp), "log": lambda x: x.smooth(np.log), "sqrt": lambda x: x.smooth(np.sqrt),
    "max": _Interval.at_least, "min": lambda x, y: -(-x).at_least(-y), "where": _Interval.where,
    "floor": lambda x: x.step(np.floor(x.low[0]), np.floor(x.high[0])),
    "lt": _Interval.less, "gt": lambda x, y: y.less(x), "le": _Interval.at_most, "ge": lambda x, y: y.at_most(x),
    "eq": lambda x, y: x.at_most(y) * y.at_most(x), "ne": lambda x, y: x.constant(1) - x.at_most(y) * y.at_most(x),
    "total": lambda x: _Interval(*(HORIZON // x.low.shape[1] * end.sum(axis=1, keepdims=True) for end in (x.low, x.high))),
    "highest": _Interval.highest, "lowest": lambda x: -(-x).highest(),
    "last": lambda x: _Interval(x.low[:, -1:], x.high[:, -1:]),
}  # fmt: skip


def _algebra(size: int) -> Algebra:
    """How intervals with `size` - 1 slopes compute."""

    def lifted(f: Callable[..., _Interval]) -> Callable[..., _Interval]:
        return lambda *numbers: f(*[_lift(x, size) for x in numbers])

    def at(yearly: Any, t: int) -> _Interval:
        x = _lift(yearly, size)
        return x if x.low.shape[1] == 1 else _Interval(x.low[:, t : t + 1], x.high[:, t : t + 1])

    def stack(years: list[Any]) -> _Interval:
        ends = zip(*((x.low, x.high) for x in (_lift(year, size) for year in years)), strict=True)
        return _Interval(*(np.concatenate(np.broadcast_arrays(*end), axis=1) for end in ends))

    return Algebra(
        apply={kind: lifted(f) for kind, f in FUNCTIONS.items()},
        choose=lambda labels, switch, *options: options[labels.index(switch)],
        constant=lambda x: _lift(x, size), at=at, stack=stack,
    )  # fmt: skip
