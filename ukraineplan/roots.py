"""All values of one input at which a number takes a value.

Where the number is a straight line in the input, the root is one division. Elsewhere the range of the input is cut into
boxes: those in which the number cannot take the value are dropped, those in which it can only rise or only fall hold one
root at most, and the others are cut again. A jump over the value is no root, and neither is a pole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, Literal, NamedTuple

import numpy as np

from ukraineplan.errors import NotTraceable
from ukraineplan.graph import Graph
from ukraineplan.intervals import Array, Interval, algebra, lift
from ukraineplan.lines import NONE, Line, as_line, straight
from ukraineplan.tape import Tape, record

TOLERANCE: Final = 1e-9
"""How near to the value a number has to come at a root, relative to the value, or to the number's usual size near 0."""

ROUNDING: Final = 1e-12  # a difference that may be the rounding of floats, relative to the same
SAME: Final = 1e-11  # roots that are no further apart than this part of the range are one
FLAT: Final = 1e-3  # the part of the range that a plateau is wide where rounding blurs it
GRID: Final = 32  # cells of the range in which roots of single draws are looked for
PIECES: Final = 16  # into how many an open box is cut
LEVELS: Final = 8  # how often
FINER: Final = 20  # how often places are tried around the best one, eight times nearer each time
MOST_BOXES: Final = 2**12  # how many there may be at once
HALVINGS: Final = 100  # to the last bit, some sixty suffice unless that lies next to 0
CHUNK: Final = 2**13  # points evaluated at once


@dataclass(frozen=True)
class Curve:
    """A number, the `target`, as a function of the input `name`, all others held at `values`.

    The values are as formulas see them: plain numbers, labels, or arrays with an entry a point. `year` is the place of the
    year at which a yearly number is taken.
    """

    graph: Graph
    target: str
    values: Mapping[str, Any]
    name: str
    year: int | None = None

    def at(self, x: Array) -> Array:
        """The number at many values of the input, shape ``(points,)``."""
        found = np.empty(len(x))
        for part in (slice(i, i + CHUNK) for i in range(0, len(x), CHUNK)):
            drawn = {**self._drawn, self.name: x}
            if self._tape is not None:
                here = self._tape.run(np.array([v[part] for v in drawn.values()]))
                found[part] = here[0 if self.year is None else self.year]
                continue
            here = self.graph.evaluate({**self.only(part).values, self.name: x[part]}, [self.target])[self.target]
            found[part] = here if self.year is None else here[self.year]
        return found

    @cached_property
    def _drawn(self) -> dict[str, Array]:
        """The inputs with an entry a point."""
        return {n: v for n, v in self.values.items() if np.ndim(v) and n != self.name}

    @cached_property
    def _tape(self) -> Tape | None:
        """How the number is computed at many points; None where it cannot be traced."""
        if self.graph.untraced(self.target) or any(v.dtype.kind not in "biuf" for v in self._drawn.values()):
            return None
        held = {n: v for n, v in self.values.items() if n not in self._drawn}
        return record(self.graph, [self.target], held, [*self._drawn, self.name], lambda drawn, _: drawn)

    def only(self, points: Any) -> Curve:
        """The same for some of the points."""
        some = {n: v[points] for n, v in self.values.items() if np.ndim(v)}
        return replace(self, values={**self.values, **some}) if some else self

    def line(self, low: Array, high: Array) -> Line:
        """The number as a straight line in the input on each box; none where a formula cannot be traced."""
        held = {n: v if isinstance(v, str) else Line(v) for n, v in self.values.items()}
        try:
            found = self.graph.evaluate({**held, self.name: Line(0.0, 1.0)}, [self.target], straight(low, high))[self.target]
        except NotTraceable:
            found = NONE
        one = as_line(found if self.year is None or isinstance(found, Line) else found[self.year])
        return Line(*(np.broadcast_to(part, low.shape) for part in (one.start, one.slope)))

    def box(self, low: Array, high: Array) -> Interval:
        """Bounds of the number and of its slope on each box, shape ``(2, boxes)``; anything where it cannot be traced."""
        x = Interval(*(np.stack([end, np.ones(len(low))])[:, None] for end in (low, high)))
        held = {n: v if isinstance(v, str) else lift(v, 2) for n, v in self.values.items()}
        try:
            found = lift(self.graph.evaluate({**held, self.name: x}, [self.target], algebra(2))[self.target], 2)
        except NotTraceable:
            found = Interval(np.full((2, 1, 1), -np.inf), np.full((2, 1, 1), np.inf))
        year = 0 if self.year is None or found.low.shape[1] == 1 else self.year
        return Interval(*(np.broadcast_to(end[:, year], (2, len(low))) for end in (found.low, found.high)))


def usual(found: Array, value: float) -> Any:
    """What tolerances are relative to: the value, or the middle size of the number where it is not 0, if that is larger."""
    sizes = np.where(np.isfinite(found) & (found != 0), np.abs(found), np.nan)
    return np.maximum(abs(value), np.nanmedian(np.where(np.isnan(sizes).all(axis=0), 0.0, sizes), axis=0))


def halve(holds: Callable[[Array], Array], low: Array, high: Array) -> tuple[Array, Array]:
    """Neighbouring floats between which something that holds at `low` stops to hold, a column a pair of ends."""
    for _ in range(HALVINGS):
        middle = low + (high - low) / 2
        if not np.any((middle != low) & (middle != high)):
            break
        still = holds(middle)
        low, high = np.where(still, middle, low), np.where(still, high, middle)
    return low, high


class Crossing(NamedTuple):
    """Two neighbouring places between which a number leaves its side of the value, and the number at both."""

    low: Any
    high: Any
    before: Any
    after: Any

    def nearer(self, value: float) -> tuple[Array, Array]:
        """The one of the two places at which the number is nearer to the value, and how far it is from it."""
        miss, beyond = np.abs(self.before - value), np.abs(self.after - value)
        return np.where(miss < beyond, self.low, self.high), np.fmin(miss, beyond)


@dataclass(frozen=True, eq=False)
class Roots:
    """Where a number takes a value: intervals, whose two ends are equal for a point, the lowest first.

    `how` is "line" (one division), "proven" (no box was left open), "resolution" (boxes of the width `resolution` were) or
    "tried" (all that the input may be). Tolerances are relative to `size`; `seen` are some values of the number, evenly placed.
    """

    solutions: tuple[tuple[float, float], ...]
    jumps: tuple[Crossing, ...]
    how: Literal["line", "proven", "resolution", "tried"]
    size: float
    seen: Array
    resolution: float = 0.0


def find(curve: Curve, low: float, high: float, value: float) -> Roots:
    """All values of an input between two ends at which a number takes a value, both as formulas see them.

    The values of `curve` are single numbers. Branch and prune with the mean value form: Moore, Kearfott and Cloud,
    *Introduction to Interval Analysis*, 2009.
    """
    seen = curve.at(np.linspace(low, high, 8 * GRID + 1))
    search = _Search(curve, low, high, value, float(usual(seen, value)))
    lows, highs = np.array([low]), np.array([high])
    for level in range(LEVELS + 1):
        is_open = search.sort_out(lows, highs)
        lows, highs = lows[is_open], highs[is_open]
        if level == LEVELS or not 0 < len(lows) * PIECES <= MOST_BOXES:
            break
        edges = np.linspace(lows, highs, PIECES + 1)
        lows, highs = edges[:-1].T.ravel(), edges[1:].T.ravel()
    search.settle(lows, highs)
    how: Any = "resolution" if len(lows) else "line" if search.only_lines else "proven"
    return Roots(search.solutions(), tuple(sorted(search.jumps)), how, search.size, seen, float(np.max(highs - lows, initial=0)))


def among(curve: Curve, points: Array, value: float) -> Roots:
    """The same where the input takes some values only, such as whole numbers; neighbours that solve it are one interval."""
    found = curve.at(points)
    gap, size = found - value, float(usual(found, value))
    solves = np.abs(gap) <= TOLERANCE * size
    edges = np.flatnonzero(np.diff(np.concatenate([[0], solves, [0]]))).reshape(-1, 2)
    runs = tuple((float(points[a]), float(points[b - 1])) for a, b in edges)
    over = np.flatnonzero((gap[:-1] * gap[1:] < 0) & ~solves[:-1] & ~solves[1:])
    jumps = tuple(Crossing(*map(float, (points[i], points[i + 1], found[i], found[i + 1]))) for i in over)
    return Roots(runs, jumps, "tried", size, found)


class _Search:
    """What has been found between two ends: `rough` intervals in which the number is the value but for rounding."""

    def __init__(self, curve: Curve, low: float, high: float, value: float, size: float) -> None:
        self.curve, self.low, self.high, self.value, self.size = curve, low, high, value, size
        self.width = high - low
        self.rough: list[tuple[float, float]] = []
        self.jumps: list[Crossing] = []
        self.only_lines = True

    def side(self, x: Array) -> Array:
        """1 above the value, -1 below it, 0 where rounding alone may keep it apart."""
        gap = self.curve.at(x) - self.value
        return np.where(np.abs(gap) <= ROUNDING * self.size, 0.0, np.sign(gap))

    def sort_out(self, low: Array, high: Array) -> Array:
        """Take from boxes what they have to give; the answer says which of them stay open."""
        line, box, middle = self.curve.line(low, high), self.curve.box(low, high), low + (high - low) / 2
        (bottom, least), (top, most), found = box.low, box.high, self.curve.at(middle)
        with np.errstate(all="ignore"):
            slack, room = ROUNDING * self.size, np.maximum(np.abs(least), np.abs(most)) * (high - low) / 2
            far = np.abs(found - self.value) > slack + room
            far |= (self.value < bottom - slack) | (self.value > top + slack)
            root = (self.value - line.start) / line.slope
        left, right, same = self.side(low), self.side(high), SAME * self.width
        flat = (line.known & (line.slope == 0)) | ((least == 0) & (most == 0) & np.isfinite(found))
        on_line = line.known & ~flat & (low - same <= root) & (root <= high + same)
        sure = ((least >= 0) | (most <= 0)) & ~np.isnan(left + right)
        is_open = ~(far | flat | line.known)
        level, crossed = flat & (self.side(middle) == 0), is_open & sure & (left * right <= 0)
        self.only_lines &= bool(np.all(line.known))
        self.rough += zip(low[level].tolist(), high[level].tolist(), strict=True)
        self.rough += [(x, x) for x in np.clip(root, low, high)[on_line].tolist()]
        self._cross(low[crossed], high[crossed], high[crossed], low[crossed])
        return np.asarray(is_open & ~sure)

    def _cross(self, low: Array, high: Array, up_to: Array, down_to: Array) -> None:
        """From `low` up and from `high` down to the first places on another side: a root, a plateau, a jump or a pole."""
        left, right = self.side(low), self.side(high)
        before, first = halve(lambda x: self.side(x) == left, low, np.where(left == 0, low, up_to))
        _, last = halve(lambda x: self.side(x) == right, high, np.where(right == 0, high, down_to))
        last = np.where((self.side(last) == 0) & (last > first), last, first)
        found = Crossing(before, first, self.curve.at(before), self.curve.at(first))
        places, misses = found.nearer(self.value)
        for i, level in enumerate(self.side(first) == 0):
            jump = Crossing(*(float(part[i]) for part in found))
            if level:
                self.rough.append((float(first[i]), float(last[i])))
            elif misses[i] <= TOLERANCE * self.size:
                self.rough.append((float(places[i]), float(places[i])))
            elif max(abs(jump.before), abs(jump.after)) < self.size / TOLERANCE:  # else it is a pole
                self.jumps.append(jump)

    def settle(self, low: Array, high: Array) -> None:
        """Boxes that stay open: where the number changes sides in them, where it stays at the value, and where it touches it."""
        low, high = np.sort(low), np.sort(high)
        breaks = np.flatnonzero(low[1:] > high[:-1]) + 1
        for a, b in zip(np.split(low, breaks), np.split(high, breaks), strict=True):
            x = np.unique(np.linspace(a, b, PIECES + 1))
            side = self.side(x)
            flips = np.flatnonzero(side[:-1] * side[1:] < 0)
            start, stop = np.flatnonzero(np.diff(np.concatenate([[0], side == 0, [0]]))).reshape(-1, 2).T
            self._cross(x[flips], x[flips + 1], x[flips + 1], x[flips])
            self._cross(x[np.maximum(start - 1, 0)], x[np.minimum(stop, len(x) - 1)], x[start], x[stop - 1])
            if len(x) and not len(flips) and not len(start):
                place, miss = self._nearest(x)
                self.rough += [(place, place)] if miss <= TOLERANCE * self.size else []

    def _nearest(self, x: Array) -> tuple[float, float]:
        """The nearest approach to the value near some places, and how near it is."""
        for _ in range(FINER):
            gap = np.nan_to_num(np.abs(self.curve.at(x) - self.value), nan=np.inf)
            i = int(np.argmin(gap))
            place, miss = float(x[i]), float(gap[i])
            x = np.linspace(x[max(i - 1, 0)], x[min(i + 1, len(x) - 1)], PIECES + 1)
        return place, miss

    def solutions(self) -> tuple[tuple[float, float], ...]:
        """The solutions in order, those that touch as one."""
        found: list[tuple[float, float]] = []
        for low, high in sorted(self.rough):
            if found and low <= found[-1][1] + SAME * self.width:
                low, high = found[-1][0], max(found.pop()[1], high)
            found.append((low, high))
        return tuple(self._refined(*ends) for ends in found)

    def _refined(self, low: float, high: float) -> tuple[float, float]:
        """A plateau, up to the last float on it; or, of a narrow interval, the point where the number is the value."""
        x = np.linspace(low, high, PIECES + 1)
        found = self.curve.at(x)
        if high - low > FLAT * self.width or (high - low > SAME * self.width and np.all(found[1:-1] == found[1])):
            return self._edge(x[PIECES // 2], low), self._edge(x[PIECES // 2], high)
        return (self._short(self._nearest(x)[0], self.value),) * 2

    def _edge(self, inside: float, end: float) -> float:
        """The last float with the very same number; where rounding blurs the plateau, the end as it was found."""
        there, same = np.array([end]), self.curve.at(np.array([inside]))
        edge, _ = halve(lambda x: self.curve.at(x) == same, np.array([inside]), there)
        exact = self.curve.at(there) != same and abs(edge[0] - end) <= FLAT**2 * self.width
        return self._short(float(edge[0]), float(same[0])) if exact else end

    def _short(self, x: float, wanted: float) -> float:
        """The place with the fewest digits that tell places of the range apart, if the number is as near there."""
        short = float(np.clip(np.round(x, int(12 - np.log10(self.width))), self.low, self.high))
        here, there = np.abs(self.curve.at(np.array([x, short])) - wanted)
        return short if there <= here else x


class Drawn(NamedTuple):
    """Of each draw the lowest root, nan where there is none, and how many were found.

    `is_line` says whether the number was a straight line, `level` whether it stays at the value beyond that root.
    """

    roots: Array
    counts: Array
    is_line: Array
    level: Array


def per_draw(
    graph: Graph, target: str, values: Mapping[str, Any], name: str, low: float, high: float, value: float,
    year: int | None = None,
) -> Drawn:  # fmt: skip
    """The lowest value of an input between two ends at which a number takes a value, draw by draw.

    Arguments are those of a `Curve` and of `find`; among the values are arrays with an entry a draw. A draw in which the
    number is a straight line is solved by one division. In another the range is cut into `GRID` cells, and two roots in one
    of them are missed.
    """
    curve = Curve(graph, target, {n: v for n, v in values.items() if n in graph.needs(target)}, name, year)
    draws = max((len(v) for v in curve.values.values() if np.ndim(v)), default=1)
    parts = [slice(i, min(i + CHUNK, draws)) for i in range(0, draws, CHUNK)]
    found = [_drawn(curve.only(part), np.full(part.stop - part.start, low), high, value) for part in parts]
    return Drawn(*map(np.concatenate, zip(*found, strict=True)))


def _drawn(curve: Curve, low: Array, high: float, value: float) -> Drawn:
    """By division where that is proven right by putting the root back, else by bisection."""
    line, same = curve.line(low, low * 0 + high), SAME * (high - low)
    with np.errstate(all="ignore"):
        size = usual(np.array([line.start + line.slope * end for end in (low, high)]), value)
        flat = (line.slope == 0) & (np.abs(line.start - value) <= ROUNDING * size)
        root = np.where(flat, low, (value - line.start) / line.slope)
    inside = line.known & (low - same <= root) & (root <= high + same)
    roots = np.where(inside, np.clip(root, low, high), np.nan)
    is_line = line.known & ~(inside & ~(np.abs(curve.at(roots) - value) <= TOLERANCE * size))
    counts = np.where(is_line, inside, 0)
    if not is_line.all():
        grid = np.linspace(low[0], high, GRID + 1)
        roots[~is_line], counts[~is_line] = _bisected(curve.only(~is_line), grid, value, np.sum(~is_line))
    beyond = np.clip(roots + FLAT * (high - low), low, high)
    with np.errstate(invalid="ignore"):
        level = (beyond > roots) & (np.abs(curve.at(beyond) - value) <= ROUNDING * usual(np.array([curve.at(beyond)]), value))
    return Drawn(roots, counts, is_line, level)


def _bisected(curve: Curve, grid: Array, value: float, draws: int) -> tuple[Array, Array]:
    """The lowest root in the cells of a grid, and how many there are."""
    found = np.array([curve.at(np.full(draws, x)) for x in grid])
    side, size = np.sign(found - value), usual(found, value)
    cell, draw = np.nonzero((side[:-1] != 0) & (side[:-1] * side[1:] <= 0))
    part, start = curve.only(draw), side[cell, draw]
    a, b = halve(lambda x: np.sign(part.at(x) - value) == start, grid[cell], grid[cell + 1])
    places, misses = Crossing(a, b, part.at(a), part.at(b)).nearer(value)
    good = np.flatnonzero(misses <= TOLERANCE * size[draw])[::-1]  # so that the lowest root is written last
    roots = np.full(draws, np.nan)
    roots[draw[good]] = places[good]
    roots[side[0] == 0] = grid[0]
    return roots, np.bincount(draw[good], minlength=draws) + (side[0] == 0)
