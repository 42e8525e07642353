"""The lowest and highest value of a number over all uncertain inputs together, proven where its trace allows it.

The trace is run on intervals that carry slopes: between which two numbers a value lies everywhere in the ranges, and
how it may change with each input. Only the sign of a slope matters. An input that can only raise the number is put at
the end where the extreme lies; if every input can be put somewhere, one evaluation an end is the proof. Slopes bound
every chord ``(f(x + t) - f(x)) / t``, not derivatives, so they hold across kinks and jumps: a jump upwards is a slope
between 0 and infinity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import reduce
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ukraineplan.graph import Graph
from ukraineplan.trace import NUMPY, Algebra, stack_years
from ukraineplan.years import HORIZON

Array = NDArray[Any]

CHUNK: Final = 2**14
MOST_COMBINATIONS: Final = 2**22
MOST_SPLITS: Final = 2**8
"""Up to this many combinations of whole numbers, a proof is looked for at each of them by itself."""


@dataclass(frozen=True)
class Extremes:
    """Lowest and highest value of a number, and how they are known.

    Where the number is infinite, as after a division by zero, that infinity is the extreme; a combination at which it
    is undefined, as 0 / 0 is, is passed over and nothing is called proven.

    Attributes
    ----------
    low, high : float or array
        Of a yearly number, every year's own, shape ``(years,)``.
    proven : bool
        Whether no value inside the ranges lies outside; if not, one between the ends of the ranges may.
    combinations : int
        How many combinations of inputs were evaluated.
    at_low, at_high : mapping
        Where they are reached; inputs that cannot move the number are left out. Empty for a yearly number.
    searched : bool
        Whether there were too many combinations to evaluate them all.
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
        if self.proven:
            return "proven"
        return f"largest found {'in a search over' if self.searched else 'at'} the ends of the ranges"


def extremes(
    graph: Graph,
    target: str,
    values: Mapping[str, Any],
    ranges: Mapping[str, tuple[float, float]],
    whole: Set[str] = frozenset(),
) -> Extremes:
    """The lowest and highest value of a number over all uncertain inputs together.

    Parameters
    ----------
    graph : Graph
    target : str
        A formula or an input.
    values : mapping
        All inputs as formulas see them; those without a range stay as they are here.
    ranges : mapping
        The two ends of each uncertain input, as formulas see them; what the target does not need is ignored.
    whole : set of str
        Inputs that take whole numbers only.
    """
    names = tuple(n for n in ranges if n in graph.needs(target))
    problem = _Problem(graph, target, values, names, np.array([n in whole for n in names], bool))
    low, high = np.array([ranges[n] for n in names], float).reshape(-1, 2).T
    low, high = np.where(problem.whole, np.ceil(low), low), np.where(problem.whole, np.floor(high), high)
    first = problem.slopes(low[:, None], high[:, None])
    idle = ((first.low[1:] == 0) & (first.high[1:] == 0)).all(axis=(1, 2)) & (low < high)
    centre = np.array([values[n] for n in names], float)
    low, high = np.where(idle, centre, low), np.where(idle, centre, high)
    bottom, top = (_lowest(problem, low, high, first, sign) for sign in (1.0, -1.0))
    plain = not graph.yearly(target)
    at_low, at_high = ({n: float(x) for n, x, i in zip(names, end.points[:, 0], idle, strict=True) if plain and not i}
                       for end in (bottom, top))  # fmt: skip
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

    @property
    def years(self) -> int:
        return HORIZON if self.graph.yearly(self.target) else 1

    def at(self, points: Array) -> Array:
        """The target at each point, shape (years, points)."""
        rows = {n: row if np.any(row != row[0]) else row[:1] for n, row in zip(self.names, points, strict=True)}
        given = {n: v if isinstance(v, str) else np.atleast_1d(v) for n, v in {**self.values, **rows}.items()}
        found = self.graph.evaluate(given, [self.target], DRAWS)[self.target]
        return np.broadcast_to(found, (self.years, points.shape[1]))

    def slopes(self, low: Array, high: Array) -> Interval:
        """The target on each box with its slopes, shape (1 + inputs, years, boxes)."""
        size = 1 + len(self.names)
        known = {n: v if isinstance(v, str) else _lift(v, size) for n, v in self.values.items()}
        for j, name in enumerate(self.names):
            known[name] = box = Interval(np.zeros((size, 1, low.shape[1])), np.zeros((size, 1, low.shape[1])))
            box.low[0], box.high[0], box.low[1 + j], box.high[1 + j] = low[j], high[j], low[j] < high[j], low[j] < high[j]
        found = _lift(self.graph.evaluate(known, [self.target], _algebra(size))[self.target], size)
        shape = (size, self.years, low.shape[1])
        return Interval(np.broadcast_to(found.low, shape), np.broadcast_to(found.high, shape))


DRAWS: Final = NUMPY._replace(stack=lambda rows: stack_years([np.atleast_1d(row) for row in rows]))
"""Arrays that keep an axis of draws where a number is the same in all of them."""


class _Pulled(NamedTuple):
    """Boxes after every input with a sure slope was put at its end: shape (inputs, years, boxes)."""

    low: Array
    high: Array
    rises: Array
    falls: Array

    @property
    def sure(self) -> Array:
        """The boxes of which a single point is left to look at, shape (years, boxes)."""
        return (self.rises | self.falls).all(axis=0)


class _End(NamedTuple):
    """The lowest values found, one a year, and where."""

    values: Array
    points: Array
    combinations: int = 0
    undefined: bool = False
    proven: bool = False
    searched: bool = False


def _pull(found: Interval, low: Array, high: Array, sign: float) -> _Pulled:
    rises, falls = found.low[1:] >= 0, found.high[1:] <= 0
    if sign < 0:
        rises, falls = falls, rises
    low, high = low[:, None], high[:, None]
    return _Pulled(np.where(falls & ~rises, high, low), np.where(rises, low, high), rises, falls)


def _lowest(problem: _Problem, low: Array, high: Array, first: Interval, sign: float) -> _End:
    """The lowest value of `sign` times the target in a box whose slopes are known."""
    found, pulled = first, _pull(first, low[:, None], high[:, None], sign)
    if not pulled.sure.all():
        low, high = _split(problem, low, high, pulled)
        found = problem.slopes(low, high)
        pulled = _pull(found, low, high, sign)
    if pulled.sure.all():
        end = _best(problem, [np.unique(pulled.low.reshape(len(low), pulled.sure.size), axis=1)], sign)
        return end._replace(proven=not end.undefined)
    options = [_options(problem, j, pulled) for j in range(len(low))]
    many = np.prod([float(len(o)) for o in options]) > MOST_COMBINATIONS
    end = (_search if many else _all_corners)(problem, options, sign)
    bound = np.where(pulled.sure, np.inf, found.low[0] if sign > 0 else -found.high[0]).min(axis=1)
    closed = (end.values <= bound) | np.isclose(end.values, bound, rtol=1e-9, atol=0)
    return end._replace(proven=bool(closed.all()) and not end.undefined)


def _split(problem: _Problem, low: Array, high: Array, pulled: _Pulled) -> tuple[Array, Array]:
    """The box pulled as far as all years agree, and whole inputs that are still open taken number by number."""
    rises, falls = pulled.rises.all(axis=(1, 2)), pulled.falls.all(axis=(1, 2))
    low, high = np.where(falls & ~rises, high, low), np.where(rises, low, high)
    ends = [(np.array([a]), np.array([b])) for a, b in zip(low, high, strict=True)]
    for j in np.flatnonzero(problem.whole & (low < high)):
        if np.prod([len(a) for a, _ in ends]) * (high[j] - low[j] + 1) <= MOST_SPLITS:
            ends[j] = (np.arange(low[j], high[j] + 1),) * 2
    low, high = (np.array(np.meshgrid(*(e[k] for e in ends), indexing="ij")).reshape(len(ends), -1) for k in (0, 1))
    return low, high


def _options(problem: _Problem, j: int, pulled: _Pulled) -> Array:
    """What is tried of an input: the ends it was pulled to; where it is not sure both, or every whole number."""
    ends = np.unique([pulled.low[j], pulled.high[j]])
    if problem.whole[j] and not (pulled.rises[j] | pulled.falls[j]).all():
        return np.arange(ends[0], ends[-1] + 1)
    return ends


def _best(problem: _Problem, chunks: Iterable[Array], sign: float, start: _End | None = None) -> _End:
    """The lowest of many points, a chunk at a time."""
    years, inputs = problem.years, len(problem.names)
    end = start or _End(np.full(years, np.nan), np.zeros((inputs, years)))
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


def _all_corners(problem: _Problem, options: list[Array], sign: float) -> _End:
    """The lowest over every combination of options."""

    def chunks() -> Iterator[Array]:
        shape = tuple(map(len, options))
        for start in range(0, int(np.prod(shape)), CHUNK):
            places = np.unravel_index(np.arange(start, min(start + CHUNK, int(np.prod(shape)))), shape)
            yield np.array([o[place] for o, place in zip(options, places, strict=True)])

    return _best(problem, chunks(), sign)


def _search(problem: _Problem, options: list[Array], sign: float) -> _End:
    """From the best of random combinations, change the one input that helps most until none does."""
    random = np.random.default_rng(0)
    end = _best(problem, [np.array([random.choice(o, CHUNK) for o in options])], sign)
    while True:
        starts = np.unique(end.points, axis=1)
        tries = []
        for j, tried in enumerate(options):
            tries.append(np.repeat(starts, len(tried), axis=1))
            tries[-1][j] = np.tile(tried, starts.shape[1])
        points = np.concatenate(tries, axis=1)
        after = _best(problem, (points[:, i : i + CHUNK] for i in range(0, points.shape[1], CHUNK)), sign, end)
        if np.array_equal(after.values, end.values, equal_nan=True):
            return after._replace(searched=True)
        end = after


# ------------------------------------------------------------------------------------------------------
# Intervals with slopes


class Interval:
    """Bounds of a number on many boxes: shape (1 + inputs, years, boxes), the value first, then a slope an input."""

    __slots__ = ("high", "low")

    def __init__(self, low: Array, high: Array) -> None:
        self.low, self.high = low, high


def _lift(x: Any, size: int) -> Interval:
    """A plain number, or one a year, as an interval of no width that nothing moves."""
    if isinstance(x, Interval):
        return x
    both = np.zeros((size, np.size(x), 1))
    both[0] = np.reshape(x, (-1, 1))
    return Interval(both, both)


def _product(a: Array, b: Array, c: Array, d: Array) -> tuple[Array, Array]:
    """The interval [a, b] times [c, d]; nothing times an unbounded number is nothing."""
    ends = [a * c, a * d, b * c, b * d]
    low, high = reduce(np.minimum, ends), reduce(np.maximum, ends)
    if np.isnan(low).any():
        ends = [np.where((x == 0) | (y == 0), 0.0, e) for e, (x, y) in zip(ends, ((a, c), (a, d), (b, c), (b, d)), strict=True)]
        low, high = reduce(np.minimum, ends), reduce(np.maximum, ends)
    return low, high


def _join(value: tuple[Array, Array], slopes: tuple[Array, Array]) -> Interval:
    def one(first: Array, rest: Array) -> Array:
        shape = np.broadcast_shapes(first.shape, rest.shape[1:])
        return np.concatenate([np.broadcast_to(first, shape)[None], np.broadcast_to(rest, (len(rest), *shape))])

    return Interval(one(value[0], slopes[0]), one(value[1], slopes[1]))


def _if(sure: Array, x: Interval, y: Interval) -> Interval:
    return Interval(np.where(sure, x.low, y.low), np.where(sure, x.high, y.high))


def _hull(x: Interval, y: Interval) -> Interval:
    return Interval(np.minimum(x.low, y.low), np.maximum(x.high, y.high))


def _unbounded(*numbers: Interval) -> Interval:
    """Anything at all, as far as an input moves one of the numbers."""
    moved = reduce(np.logical_or, [(x.low != 0) | (x.high != 0) for x in numbers])
    wild = np.where(moved, np.inf, 0.0)
    wild[0] = np.inf
    return Interval(-wild, wild)


def _step(x: Interval, low: Array, high: Array) -> Interval:
    """A function that jumps upwards, or stays, as `x` rises."""
    still = low == high
    up, down = np.where(still | (x.high <= 0), 0.0, np.inf), np.where(still | (x.low >= 0), 0.0, -np.inf)
    up[0], down[0] = high, low
    return Interval(down, up)


def _smooth(x: Interval, f: Callable[[Array], Array], derivative: Callable[[Array], Array]) -> Interval:
    """A rising function whose derivative is rising or falling."""
    ends = derivative(x.low[0]), derivative(x.high[0])
    return _join((f(x.low[0]), f(x.high[0])), _product(x.low[1:], x.high[1:], np.minimum(*ends), np.maximum(*ends)))


def _add(x: Interval, y: Interval) -> Interval:
    return Interval(x.low + y.low, x.high + y.high)


def _neg(x: Interval) -> Interval:
    return Interval(-x.high, -x.low)


def _sub(x: Interval, y: Interval) -> Interval:
    return Interval(x.low - y.high, x.high - y.low)


def _mul(x: Interval, y: Interval) -> Interval:
    low, high = _product(x.low, x.high, y.low[:1], y.high[:1])
    more = _product(y.low[1:], y.high[1:], x.low[:1], x.high[:1])
    return _join((low[0], high[0]), (low[1:] + more[0], high[1:] + more[1]))


def _div(x: Interval, y: Interval) -> Interval:
    """A chord of x / y is (chord of x - x / y * chord of y) / y."""
    inverse = 1 / y.high[:1], 1 / y.low[:1]
    low, high = _product(x.low[:1], x.high[:1], *inverse)
    less = _product(y.low[1:], y.high[1:], low, high)
    found = _join((low[0], high[0]), _product(x.low[1:] - less[1], x.high[1:] - less[0], *inverse))
    return _if((y.low[0] <= 0) & (y.high[0] >= 0), _unbounded(x, y), found)


def _ratio(x: Interval, y: Interval) -> Interval:
    nothing = (y.low[0] == 0) & (y.high[0] == 0)
    return _if(nothing, _lift(0.0, len(x.low)), _div(x, y))


def _max(x: Interval, y: Interval) -> Interval:
    found = _if(x.low[0] >= y.high[0], x, _if(y.low[0] >= x.high[0], y, _hull(x, y)))
    found.low[0] = np.maximum(x.low[0], y.low[0])
    return found


def _abs(x: Interval) -> Interval:
    found = _max(x, _neg(x))
    found.low[0] = np.maximum(found.low[0], 0)
    return found


def _lt(x: Interval, y: Interval) -> Interval:
    gap = _sub(y, x)
    return _step(gap, 1.0 * (gap.low[0] > 0), 1.0 - (gap.high[0] <= 0))


def _le(x: Interval, y: Interval) -> Interval:
    return _not(_lt(y, x))


def _not(mask: Interval) -> Interval:
    return _sub(_lift(1.0, len(mask.low)), mask)


def _where(mask: Interval, x: Interval, y: Interval) -> Interval:
    """y + mask (x - y): the mask moves it by the whole of x - y, or x and y move it."""
    gap, between = _sub(x, y), _hull(x, y)
    jump = _product(mask.low[1:], mask.high[1:], gap.low[:1], gap.high[:1])
    mixed = _join((between.low[0], between.high[0]), (between.low[1:] + jump[0], between.high[1:] + jump[1]))
    return _if(mask.low[0] == 1, x, _if(mask.high[0] == 0, y, mixed))


def _sqrt(x: Interval) -> Interval:
    return _if(x.low[0] < 0, _unbounded(x), _smooth(x, np.sqrt, lambda v: 0.5 / np.sqrt(v)))


def _log(x: Interval) -> Interval:
    return _if(x.low[0] < 0, _unbounded(x), _smooth(x, np.log, lambda v: 1 / v))


def _pow(x: Interval, y: Interval) -> Interval:
    power = y.low[0].flat[0]
    if np.all(y.low[0] == power) and np.all(y.high[0] == power) and power in range(9):
        found = reduce(_mul, [x] * int(power), _lift(1.0, len(x.low)))
        if power % 2 == 0:
            found.low[0] = np.maximum(found.low[0], 0)
        return found
    return _if(x.low[0] < 0, _unbounded(x, y), _smooth(_mul(y, _log(x)), np.exp, np.exp))


def _total(x: Interval) -> Interval:
    every = HORIZON // x.low.shape[1]  # a yearly number may be the same in every year
    return Interval(every * x.low.sum(axis=1, keepdims=True), every * x.high.sum(axis=1, keepdims=True))


def _highest(x: Interval) -> Interval:
    """The slopes of those years that may be the highest."""
    found = Interval(x.low.max(axis=1, keepdims=True), x.high.max(axis=1, keepdims=True))
    never = x.high[0] < found.low[0]
    found.low[1:] = np.where(never, np.inf, x.low[1:]).min(axis=1, keepdims=True)
    found.high[1:] = np.where(never, -np.inf, x.high[1:]).max(axis=1, keepdims=True)
    return found


FUNCTIONS: Final[Mapping[str, Callable[..., Interval]]] = {
    "add": _add, "sub": _sub, "mul": _mul, "div": _div, "ratio": _ratio, "neg": _neg, "abs": _abs, "pow": _pow,
    "max": _max, "min": lambda x, y: _neg(_max(_neg(x), _neg(y))), "where": _where, "sqrt": _sqrt, "log": _log,
    "exp": lambda x: _smooth(x, np.exp, np.exp), "floor": lambda x: _step(x, np.floor(x.low[0]), np.floor(x.high[0])),
    "lt": _lt, "le": _le, "gt": lambda x, y: _lt(y, x), "ge": lambda x, y: _le(y, x),
    "eq": lambda x, y: _mul(_le(x, y), _le(y, x)), "ne": lambda x, y: _not(_mul(_le(x, y), _le(y, x))),
    "total": _total, "highest": _highest, "lowest": lambda x: _neg(_highest(_neg(x))),
    "last": lambda x: Interval(x.low[:, -1:], x.high[:, -1:]),
}  # fmt: skip


def _algebra(size: int) -> Algebra:
    """How intervals with `size` - 1 slopes compute."""

    def lifted(f: Callable[..., Interval]) -> Callable[..., Interval]:
        return lambda *numbers: f(*(_lift(x, size) for x in numbers))

    def at(x: Any, t: int) -> Any:
        if not isinstance(x, Interval):
            return x[t]
        return x if x.low.shape[1] == 1 else Interval(x.low[:, t : t + 1], x.high[:, t : t + 1])

    def stack(rows: list[Any]) -> Interval:
        rows = [_lift(x, size) for x in rows]
        shape = (size, 1, max(x.low.shape[2] for x in rows))
        low, high = (np.concatenate([np.broadcast_to(getattr(x, k), shape) for x in rows], axis=1) for k in Interval.__slots__[::-1])
        return Interval(low, high)

    return Algebra(
        apply={kind: lifted(f) for kind, f in FUNCTIONS.items()},
        choose=lambda labels, switch, *options: options[labels.index(switch)],
        constant=lambda x: _lift(x, size), at=at, stack=stack,
    )  # fmt: skip
