"""Intervals that carry slopes: where a number lies on a box of inputs, and how it may change with each of them.

Only the sign of a slope matters to who asks. Slopes bound every chord ``(f(x + t) - f(x)) / t``, not derivatives, so they
hold across kinks; a jump upwards is one from 0 to infinity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ukraineplan.trace import Algebra
from ukraineplan.years import HORIZON

Array = NDArray[Any]


class Interval:
    """Bounds of a number on many boxes: shape (1 + inputs, years, boxes), the value first, then a slope an input."""

    def __init__(self, low: Array, high: Array) -> None:
        self.low, self.high = low, high  # the same array for a constant

    @property
    def value(self) -> tuple[Array, Array]:
        """Its two ends."""
        low = self.low[:1]
        return low, low if self.low is self.high else self.high[:1]

    @property
    def slopes(self) -> tuple[Array, Array]:
        """Lowest and highest slope, a row an input."""
        return self.low[1:], self.high[1:]

    def constant(self, number: float) -> Interval:
        """A literal on the same boxes."""
        return lift(number, len(self.low))

    def __neg__(self) -> Interval:
        return Interval(-self.high, -self.low)

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.low - other.high, self.high - other.low)

    def __mul__(self, other: Interval) -> Interval:
        if self.low is self.high:
            self, other = other, self
        low, high = _product(self.low, self.high, *other.value)
        if other.low is not other.high:
            more = _product(*other.slopes, *self.value)
            low[1:] += more[0]
            high[1:] += more[1]
        return Interval(low, high)

    def __truediv__(self, other: Interval) -> Interval:
        """A chord of x / y is (chord of x - x / y * chord of y) / y."""
        low, high = _hull(x / y for x in self.value for y in other.value)
        change = Interval(*self.slopes) - Interval(*_product(*other.slopes, low, high))
        found = _join(low, high, *_product(change.low, change.high, *(1 / y for y in other.value[::-1])))
        return _if((other.low[0] <= 0) & (other.high[0] >= 0), _unbounded(self, other), found)

    def power(self, other: Interval) -> Interval:
        """Chord by chord a product of itself, or exp(other * log(self)); the value is extreme at an end or next to 0."""
        n = other.low[0].flat[0]
        if n in range(9) and np.all(other.low[0] == n) and np.all(other.high[0] == n):
            found = reduce(Interval.__mul__, [self] * int(n), self.constant(1))
        else:
            found = (other * self.smooth(np.log)).smooth(np.exp)
        value = _hull(x**y for x in (*self.value, np.clip(0, *self.value)) for y in other.value)
        low, high = (np.where(np.isfinite(end), exact, end) for end, exact in zip(found.value, value, strict=True))
        return _join(low, high, *found.slopes)

    def either(self, other: Interval) -> Interval:
        """What holds both."""
        return Interval(np.minimum(self.low, other.low), np.maximum(self.high, other.high))

    def at_least(self, other: Interval) -> Interval:
        """The larger of the two."""
        found = _if(self.low[0] >= other.high[0], self, _if(other.low[0] >= self.high[0], other, self.either(other)))
        found.low[0] = np.maximum(self.low[0], other.low[0])
        return found

    def step(self, low: Array, high: Array) -> Interval:
        """What stays or jumps upwards as this rises."""
        still = low == high
        found = Interval(np.where(still | (self.low >= 0), 0.0, -np.inf), np.where(still | (self.high <= 0), 0.0, np.inf))
        found.low[0], found.high[0] = low, high
        return found

    def less(self, other: Interval) -> Interval:
        """The mask of self < other."""
        gap = other - self
        return gap.step(1.0 * (gap.low[0] > 0), 1.0 - (gap.high[0] <= 0))

    def at_most(self, other: Interval) -> Interval:
        """The mask of self <= other."""
        return self.constant(1) - other.less(self)

    def where(self, yes: Interval, no: Interval) -> Interval:
        """no + mask (yes - no): a jump of the mask moves it by the whole of yes - no."""
        either, jump = yes.either(no), _product(*self.slopes, *(yes - no).value)
        mixed = _join(*either.value, either.low[1:] + jump[0], either.high[1:] + jump[1])
        return _if(self.low[0] == 1, yes, _if(self.high[0] == 0, no, mixed))

    def smooth(self, f: Callable[[Array], Array]) -> Interval:
        """A rising function whose derivative is largest and smallest at the ends."""
        low, high = self.value
        derivative = _hull(DERIVATIVES[f](x + 0.0) for x in (low, high))  # + 0.0 turns -0, whose inverse is negative, into 0
        found = _join(f(low), f(high), *_product(*self.slopes, *derivative))
        return found if f is np.exp else _if(low[0] < 0, _unbounded(self), found)

    def highest(self) -> Interval:
        """Its slopes are those of the years that may be the highest."""
        found = Interval(self.low.max(axis=1, keepdims=True), self.high.max(axis=1, keepdims=True))
        never = self.high[0] < found.low[0]
        found.low[1:] = np.where(never, np.inf, self.low[1:]).min(axis=1, keepdims=True)
        found.high[1:] = np.where(never, -np.inf, self.high[1:]).max(axis=1, keepdims=True)
        return found


def lift(x: Any, size: int) -> Interval:
    """A plain number, or one a year, as a constant."""
    if isinstance(x, Interval):
        return x
    both = np.zeros((size, np.size(x), 1))
    both[0] = np.reshape(x, (-1, 1))
    return Interval(both, both)


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


def _join(low: Array, high: Array, slope_low: Array, slope_high: Array) -> Interval:
    both = np.empty((2, 1 + len(slope_low), *np.broadcast_shapes(low.shape[1:], slope_low.shape[1:])))
    both[0, :1], both[1, :1], both[0, 1:], both[1, 1:] = low, high, slope_low, slope_high
    return Interval(both[0], both[1])


def _if(sure: Array, x: Interval, y: Interval) -> Interval:
    return Interval(np.where(sure, x.low, y.low), np.where(sure, x.high, y.high))


def _unbounded(*numbers: Interval) -> Interval:
    """Anything at all, as far as an input moves one of the numbers."""
    wild = np.where(reduce(np.logical_or, [(x.low != 0) | (x.high != 0) for x in numbers]), np.inf, 0.0)
    wild[0] = np.inf
    return Interval(-wild, wild)


DERIVATIVES: Final[dict[Any, Any]] = {np.exp: np.exp, np.log: lambda x: 1 / x, np.sqrt: lambda x: 0.5 / np.sqrt(x)}

FUNCTIONS: Final[Mapping[str, Callable[..., Interval]]] = {
    "add": Interval.__add__, "sub": Interval.__sub__, "mul": Interval.__mul__, "div": Interval.__truediv__,
    "ratio": lambda x, y: _if((y.low[0] == 0) & (y.high[0] == 0), x.constant(0), x / y),
    "neg": Interval.__neg__, "abs": lambda x: x.at_least(-x).at_least(x.constant(0)), "pow": Interval.power,
    "exp": lambda x: x.smooth(np.exp), "log": lambda x: x.smooth(np.log), "sqrt": lambda x: x.smooth(np.sqrt),
    "max": Interval.at_least, "min": lambda x, y: -(-x).at_least(-y), "where": Interval.where,
    "floor": lambda x: x.step(np.floor(x.low[0]), np.floor(x.high[0])),
    "lt": Interval.less, "gt": lambda x, y: y.less(x), "le": Interval.at_most, "ge": lambda x, y: y.at_most(x),
    "eq": lambda x, y: x.at_most(y) * y.at_most(x), "ne": lambda x, y: x.constant(1) - x.at_most(y) * y.at_most(x),
    "total": lambda x: Interval(*(HORIZON // x.low.shape[1] * end.sum(axis=1, keepdims=True) for end in (x.low, x.high))),
    "highest": Interval.highest, "lowest": lambda x: -(-x).highest(),
    "last": lambda x: Interval(x.low[:, -1:], x.high[:, -1:]),
}  # fmt: skip


def algebra(size: int) -> Algebra:
    """How intervals with `size` - 1 slopes compute."""

    def lifted(f: Callable[..., Interval]) -> Callable[..., Interval]:
        return lambda *numbers: f(*[lift(x, size) for x in numbers])

    def at(yearly: Any, t: int) -> Interval:
        x = lift(yearly, size)
        return x if x.low.shape[1] == 1 else Interval(x.low[:, t : t + 1], x.high[:, t : t + 1])

    def stack(years: list[Any]) -> Interval:
        ends = zip(*((x.low, x.high) for x in (lift(year, size) for year in years)), strict=True)
        return Interval(*(np.concatenate(np.broadcast_arrays(*end), axis=1) for end in ends))

    return Algebra(
        apply={kind: lifted(f) for kind, f in FUNCTIONS.items()},
        choose=lambda labels, switch, *options: options[labels.index(switch)],
        constant=lambda x: lift(x, size), at=at, stack=stack,
    )  # fmt: skip
