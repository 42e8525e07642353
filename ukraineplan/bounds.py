"""The lowest and highest value of a number over all uncertain inputs together, proven where its trace allows it.

The trace is run on intervals that carry slopes: between which two numbers a value lies everywhere in the ranges, and how
it may change with each input. Only the sign of a slope matters: an input that can only raise the number is put at the end
where the extreme lies, and if every input can be put somewhere, one evaluation an end is the proof.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple

import numpy as np

from ukraineplan.errors import NotTraceable
from ukraineplan.graph import Graph
from ukraineplan.intervals import Array, Interval, algebra, lift
from ukraineplan.years import HORIZON

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

    def including(self, value: Any, inputs: Mapping[str, float]) -> Extremes:
        """The same, widened where a value found at some inputs inside the ranges lies outside."""
        found = replace(self, low=np.fmin(self.low, value)[()], high=np.fmax(self.high, value)[()])
        if np.ndim(value) == 0 and value < self.low:
            found = replace(found, at_low={n: inputs[n] for n in self.at_low})
        if np.ndim(value) == 0 and value > self.high:
            found = replace(found, at_high={n: inputs[n] for n in self.at_high})
        return found

    @property
    def method(self) -> str:
        """How they are known, in words."""
        how = "in a search over" if self.searched else "at"
        return "proven" if self.proven else f"largest found {how} the ends of the ranges"


def extremes(
    graph: Graph, target: str, values: Mapping[str, Any], ranges: Mapping[str, tuple[float, float]],
    whole: Set[str] = frozenset(), stops: Set[str] = frozenset(),
) -> Extremes:  # fmt: skip
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
    stops : set of str
        Inputs with kinks at whole numbers, such as years: where nothing is proven, those are tried beside the ends.
    """
    names = tuple(n for n in ranges if n in graph.needs(target))
    held = {n: v for n, v in values.items() if n in graph.needs(target)}
    plain = not graph.yearly(target)
    is_whole, has_stops = (np.array([n in some for n in names], bool) for some in (whole, stops))
    problem = _Problem(graph, target, held, names, is_whole, has_stops, 1 if plain else HORIZON)
    low, high = np.array([ranges[n] for n in names], float).reshape(-1, 2).T
    low, high = np.where(problem.whole, [np.ceil(low), np.floor(high)], [low, high])
    first = problem.slopes(low[:, None], high[:, None])
    idle = ((first.low[1:] == 0) & (first.high[1:] == 0)).all(axis=(1, 2))
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
    stops: Array
    years: int

    def at(self, points: Array) -> Array:
        """The target at each point, shape (years, points)."""
        rows = {n: row if np.any(row != row[0]) else row[:1] for n, row in zip(self.names, points, strict=True)}
        given = {n: v if isinstance(v, str) else np.atleast_1d(v) for n, v in {**self.values, **rows}.items()}
        found = self.graph.evaluate(given, [self.target])[self.target]
        return np.broadcast_to(found, (self.years, points.shape[1]))

    def slopes(self, low: Array, high: Array) -> Interval:
        """The target on each box with its slopes, shape (1 + inputs, years, boxes)."""
        size, boxes = 1 + len(self.names), low.shape[1]
        known = {n: v if isinstance(v, str) else lift(v, size) for n, v in self.values.items()}
        for j, name in enumerate(self.names):
            known[name] = x = Interval(np.zeros((size, 1, boxes)), np.zeros((size, 1, boxes)))
            x.low[0], x.high[0] = low[j], high[j]
            x.low[1 + j] = x.high[1 + j] = low[j] < high[j]
        try:
            found = lift(self.graph.evaluate(known, [self.target], algebra(size))[self.target], size)
        except NotTraceable:  # anything may happen between two points
            found = Interval(np.full((size, 1, 1), -np.inf), np.full((size, 1, 1), np.inf))
        return Interval(*(np.broadcast_to(end, (size, self.years, boxes)) for end in (found.low, found.high)))


class _End(NamedTuple):
    """The lowest values found, one a year, and where."""

    values: Array
    points: Array
    combinations: int = 0
    undefined: bool = False
    proven: bool = False
    searched: bool = False


def _lowest(problem: _Problem, low: Array, high: Array, first: Interval, sign: float) -> _End:
    """The lowest value of `sign` times the target in a box on which its slopes are known."""
    found, (lows, highs, sure) = first, _pull(first, low[:, None], high[:, None], sign)
    if not sure.all():
        boxes = _split(problem.whole, lows.min(axis=(1, 2)), highs.max(axis=(1, 2)))
        found = problem.slopes(*boxes)
        lows, highs, sure = _pull(found, *boxes, sign)
    if sure.all():
        end = _best(problem, [np.unique(lows.reshape(len(low), lows[:1].size or 1), axis=1)], sign)
        return end._replace(proven=not end.undefined)
    is_open = ~sure.all(axis=(1, 2))
    every = problem.whole & is_open & (not problem.graph.untraced(problem.target))  # whole numbers one by one, not the ends alone
    options = [np.arange(a.min(), b.max() + 1) if e else np.unique([a, b]) for a, b, e in zip(lows, highs, every, strict=True)]
    for j in np.flatnonzero(problem.stops & is_open):
        options[j] = np.unique([*options[j], *np.arange(np.ceil(options[j].min()), options[j].max())])
    if (count := math.prod(map(len, options))) > MOST_COMBINATIONS:
        end = _search(problem, options, sign)
    else:
        chunks = (range(i, min(i + CHUNK, count)) for i in range(0, count, CHUNK))
        end = _best(problem, (_combinations(options, places) for places in chunks), sign)
    bound = np.where(sure.all(axis=0), np.inf, found.low[0] if sign > 0 else -found.high[0]).min(axis=1)
    closed = np.all((end.values <= bound) | np.isclose(end.values, bound, rtol=1e-9, atol=0))
    return end._replace(proven=bool(closed) and not end.undefined)


def _pull(found: Interval, low: Array, high: Array, sign: float) -> tuple[Array, Array, Array]:
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
