"""What is claimed about where an uncertain number lies: shapes to draw from, and grids to integrate on.

A range claims no probability; it is drawn uniformly only because draws were asked for. Every other shape is somebody's
claim, and `claimed_by` says whose. Values are in the unit of whoever holds the distribution.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, ClassVar, Final, Self

import numpy as np
from numpy.typing import NDArray

from ukraineplan.errors import InvalidValue
from ukraineplan.quadrature import gauss, gauss_of_whole

Array = NDArray[Any]

MOST_LEVELS: Final = 512
"""Whole numbers that are taken one by one; more of them are a range with a grid of its own."""

PANEL: Final = 3.0
"""Standard deviations of a normal number in one panel of a grid."""

TAIL: Final = 9.0
"""Standard deviations beyond which a normal tail is left out of a grid: it holds less than one in 10**18."""


@dataclass(frozen=True, kw_only=True)
class Distribution:
    """Where a number lies, from `low` to `high`.

    Of a bounded shape the two ends are all that is possible; of a normal or lognormal one they are the ends of the
    interval that is stated, and `level` is the part of all cases inside it.

    Raises
    ------
    InvalidValue
        If an end is no finite number, or low is above high.
    """

    low: float
    high: float
    claimed_by: str = ""
    name: ClassVar[str] = ""
    levels: ClassVar[int | None] = None

    def __post_init__(self) -> None:
        for given in self._numbers:
            if isinstance(given, bool) or not isinstance(given, (int, float, np.integer, np.floating)):
                raise InvalidValue(f"a {self.name} distribution is given by numbers, got {given!r}")
        if not all(map(math.isfinite, self._numbers)):
            raise InvalidValue(f"a {self.name} distribution needs finite ends, got {', '.join(f'{x:g}' for x in self._numbers)}")
        if self.low > self.high:
            raise InvalidValue(f"a {self.name} distribution runs from low to high, got {self.low:g} to {self.high:g}")

    @property
    def _numbers(self) -> tuple[float, ...]:
        """What it is given by."""
        return self.low, self.high

    @property
    def possible(self) -> tuple[float, float]:
        """The ends of what can be drawn at all."""
        return self.low, self.high

    def at(self, u: Array) -> Array:
        """The value below which a part `u` of all cases lies, elementwise; `u` is between 0 and 1."""
        return np.asarray(self._at(np.asarray(u, float)))

    def grid(self, nodes: int, breaks: Sequence[float] = ()) -> tuple[Array, Array]:
        """Values and weights of a quadrature: a sum of weight x function is the function's mean.

        Parameters
        ----------
        nodes : int
            Gauss nodes on each panel.
        breaks : sequence of float
            Values at which the function has a kink or a jump: panels end there. Discrete shapes need neither.
        """
        return self._grid(nodes, breaks)

    def scaled(self, factor: float) -> Self:
        """The same in another unit."""
        return replace(self, low=self.low * factor, high=self.high * factor)

    def _at(self, u: Array) -> Any:
        raise NotImplementedError

    def _grid(self, nodes: int, breaks: Sequence[float]) -> tuple[Array, Array]:
        raise NotImplementedError



class _Continuous(Distribution):
    """A shape with a density: a smooth function, times a power of the distance from each end."""

    left: float = 0.0
    right: float = 0.0

    @property
    def _corners(self) -> tuple[float, ...]:
        """Values inside at which the density has a kink."""
        return ()

    def _density(self, x: Array) -> Array:
        """The density without the powers, up to a factor."""
        return np.ones_like(x)

    def _grid(self, nodes: int, breaks: Sequence[float]) -> tuple[Array, Array]:
        low, high = self.possible
        if low == high:
            return np.array([low]), np.ones(1)
        ends = sorted({low, high, *(b for b in (*self._corners, *breaks) if low < b < high)})
        parts = [self._panel(a, b, nodes) for a, b in pairwise(ends)]
        values, weights = (np.concatenate(column) for column in zip(*parts, strict=True))
        return values, weights / weights.sum()

    def _panel(self, a: float, b: float, nodes: int) -> tuple[Array, Array]:
        low, high = self.possible
        left, right = (self.left if a == low else 0.0), (self.right if b == high else 0.0)
        t, w = gauss(nodes, left, right)
        x = a + (b - a) * (t + 1) / 2
        w = w * ((b - a) / 2) ** (left + right + 1) * self._density(x)
        if left != self.left:
            w = w * (x - low) ** self.left
        return x, w if right == self.right else w * (high - x) ** self.right


@dataclass(frozen=True, kw_only=True)
class Uniform(_Continuous):
    """Every value between the two ends alike."""

    name: ClassVar[str] = "uniform"

    def _at(self, u: Array) -> Any:
        return self.low + (self.high - self.low) * u


@dataclass(frozen=True, kw_only=True)
class Range(Uniform):
    """Two ends and no claim of probability: drawn uniformly because draws were asked for."""

    name: ClassVar[str] = "range"



@dataclass(frozen=True, kw_only=True)
class Whole(Range):
    """A range of whole numbers, each of them alike."""

    name: ClassVar[str] = "whole numbers"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.count < 1:
            raise InvalidValue(f"there is no whole number from {self.low:g} to {self.high:g}")

    @property
    def count(self) -> int:
        """How many there are."""
        return math.floor(self.high) - math.ceil(self.low) + 1

    @property
    def levels(self) -> int | None:  # type: ignore[override]
        """How many there are, where they are taken one by one."""
        return self.count if self.count <= MOST_LEVELS else None

    def scaled(self, factor: float) -> Any:
        """The same in another unit, in which they need not be whole."""
        return self if factor == 1 else choice(*(factor * (math.ceil(self.low) + np.arange(self.count))))

    def _at(self, u: Array) -> Any:
        return math.ceil(self.low) + np.minimum(np.floor(u * self.count), self.count - 1)

    def _grid(self, nodes: int, breaks: Sequence[float]) -> tuple[Array, Array]:
        first, count = math.ceil(self.low), self.count
        if self.levels is not None:
            return first + np.arange(count, dtype=float), np.full(count, 1 / count)
        # a number at which something jumps stands alone: which side it belongs to, the function knows
        cuts = {n for b in breaks for n in ({math.ceil(b), math.floor(b) + 1})}
        starts = sorted({first, *(n for n in cuts if first < n <= self.high)})
        parts = [gauss_of_whole(a, b - a, nodes) for a, b in pairwise([*starts, first + count])]
        values, weights = (np.concatenate(column) for column in zip(*parts, strict=True))
        return values, weights / count



@dataclass(frozen=True, kw_only=True)
class Choice(Distribution):
    """Some numbers, each of them alike, as nobody claims a probability for one: options, or competing sources.

    Made by `choice`; a labelled convention is drawn as the places of its labels.
    """

    options: tuple[float, ...]
    name: ClassVar[str] = "choice"

    @property
    def _numbers(self) -> tuple[float, ...]:
        return self.options

    @property
    def levels(self) -> int:  # type: ignore[override]
        """How many there are."""
        return len(self.options)

    def _at(self, u: Array) -> Any:
        places = np.minimum(np.floor(u * self.levels), self.levels - 1)
        return np.array(self.options)[places.astype(int)]

    def _grid(self, nodes: int, breaks: Sequence[float]) -> tuple[Array, Array]:
        return np.array(self.options, float), np.full(self.levels, 1 / self.levels)

    def scaled(self, factor: float) -> Self:
        """The same in another unit."""
        return replace(super().scaled(factor), options=tuple(factor * x for x in self.options))



@dataclass(frozen=True, kw_only=True)
class Triangular(_Continuous):
    """Most likely at `mode`, falling in straight lines to nothing at the ends."""

    mode: float
    name: ClassVar[str] = "triangular"

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.low <= self.mode <= self.high or self.low == self.high:
            ends = f"{self.low:g}, {self.mode:g}, {self.high:g}"
            raise InvalidValue(f"a {self.name} distribution needs low <= mode <= high, got {ends}")

    @property
    def _numbers(self) -> tuple[float, ...]:
        return self.low, self.mode, self.high

    @property
    def _corners(self) -> tuple[float, ...]:
        return (self.mode,)

    def _density(self, x: Array) -> Array:
        up = (x - self.low) / (self.mode - self.low or 1)
        down = (self.high - x) / (self.high - self.mode or 1)
        return np.where(x < self.mode, up, down)

    def _at(self, u: Array) -> Any:
        width = self.high - self.low
        up = np.sqrt(u * width * (self.mode - self.low))
        down = np.sqrt((1 - u) * width * (self.high - self.mode))
        return np.where(u * width < self.mode - self.low, self.low + up, self.high - down)

    def scaled(self, factor: float) -> Self:
        """The same in another unit."""
        return replace(self, low=self.low * factor, mode=self.mode * factor, high=self.high * factor)


@dataclass(frozen=True, kw_only=True)
class Pert(Triangular):
    """A smooth hump with its top at `mode` and the mean (low + 4 mode + high) / 6: a beta distribution.

    Malcolm, Roseboom, Clark and Fazar (1959), Application of a technique for research and development program
    evaluation, Operations Research.
    """

    name: ClassVar[str] = "PERT"

    @cached_property
    def left(self) -> float:  # type: ignore[override]
        """The power of the distance from the low end in the density."""
        return 4 * (self.mode - self.low) / (self.high - self.low)

    @property
    def right(self) -> float:  # type: ignore[override]
        """The power of the distance from the high end."""
        return 4 - self.left

    @property
    def _corners(self) -> tuple[float, ...]:
        return ()

    def _density(self, x: Array) -> Array:
        return np.ones_like(x)

    def _at(self, u: Array) -> Any:
        from scipy.special import betaincinv

        return self.low + (self.high - self.low) * betaincinv(self.left + 1, self.right + 1, u)


@dataclass(frozen=True, kw_only=True)
class Normal(Distribution):
    """Normal, given by the interval from `low` to `high` that holds a part `level` of all cases, as much on each side."""

    level: float = 0.9
    name: ClassVar[str] = "normal"

    def __post_init__(self) -> None:
        super().__post_init__()
        if not (isinstance(self.level, (int, float)) and 0 < self.level < 1):
            raise InvalidValue(f"the level of a {self.name} interval is a part of all cases, as 0.9, got {self.level!r}")

    @property
    def possible(self) -> tuple[float, float]:
        """All numbers."""
        return -math.inf, math.inf

    @property
    def centre_and_spread(self) -> tuple[float, float]:
        """Mean and standard deviation."""
        from scipy.special import ndtri

        return (self.low + self.high) / 2, (self.high - self.low) / 2 / float(ndtri((1 + self.level) / 2))

    def _at(self, u: Array) -> Any:
        from scipy.special import ndtri

        centre, spread = self.centre_and_spread
        return centre + spread * ndtri(u)

    def _grid(self, nodes: int, breaks: Sequence[float], beyond: float = 0.0) -> tuple[Array, Array]:
        centre, spread = self.centre_and_spread
        if spread == 0:
            return np.array([centre]), np.ones(1)
        top = TAIL + beyond * spread
        inside = [z for z in ((b - centre) / spread for b in breaks) if -TAIL < z < top]
        ends = sorted({*np.linspace(-TAIL, top, math.ceil((TAIL + top) / PANEL) + 1).tolist(), *inside})
        t, w = gauss(nodes, 0, 0)
        z = np.concatenate([a + (b - a) * (t + 1) / 2 for a, b in pairwise(ends)])
        weights = np.concatenate([(b - a) * w for a, b in pairwise(ends)]) * np.exp(-(z**2) / 2)
        return centre + spread * z, weights / weights.sum()


@dataclass(frozen=True, kw_only=True)
class Lognormal(Normal):
    """The exponential of a normal number, given by the interval from `low` to `high`, both above 0."""

    name: ClassVar[str] = "lognormal"

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.low <= 0:
            raise InvalidValue(f"a lognormal number is above 0, got an interval from {self.low:g}")

    @property
    def possible(self) -> tuple[float, float]:
        """All numbers above 0."""
        return 0.0, math.inf

    @cached_property
    def _log(self) -> Normal:
        return Normal(low=math.log(self.low), high=math.log(self.high), level=self.level)

    @property
    def centre_and_spread(self) -> tuple[float, float]:
        """Mean and standard deviation."""
        mu, sigma = self._log.centre_and_spread
        mean = math.exp(mu + sigma**2 / 2)
        return mean, mean * math.sqrt(math.expm1(sigma**2))

    def _at(self, u: Array) -> Any:
        return np.exp(self._log.at(u))

    def _grid(self, nodes: int, breaks: Sequence[float], beyond: float = 0.0) -> tuple[Array, Array]:
        # the square of a lognormal has its weight two spreads further up
        z, weights = self._log._grid(nodes, [math.log(b) for b in breaks if b > 0], beyond=beyond + 2.0)
        return np.exp(z), weights


SHAPES: Final = {d.name.lower(): d for d in (Uniform, Triangular, Pert, Normal, Lognormal)}
"""The shapes that a data file may name."""


# ------------------------------------------------------------------------------------------------------
# As a user writes them


def fixed(value: float, *, claimed_by: str = "") -> Uniform:
    """One value and no other."""
    return Uniform(low=value, high=value, claimed_by=claimed_by)


def uniform(low: float, high: float, *, claimed_by: str = "") -> Uniform:
    """Every value from `low` to `high` alike."""
    return Uniform(low=low, high=high, claimed_by=claimed_by)


def triangular(low: float, mode: float, high: float, *, claimed_by: str = "") -> Triangular:
    """Most likely at `mode`, nothing outside the ends."""
    return Triangular(low=low, mode=mode, high=high, claimed_by=claimed_by)


def pert(low: float, mode: float, high: float, *, claimed_by: str = "") -> Pert:
    """A smooth hump at `mode`, nothing outside the ends."""
    return Pert(low=low, mode=mode, high=high, claimed_by=claimed_by)


def normal(low: float, high: float, *, level: float = 0.9, claimed_by: str = "") -> Normal:
    """Normal, with a part `level` of all cases from `low` to `high`."""
    return Normal(low=low, high=high, level=level, claimed_by=claimed_by)


def lognormal(low: float, high: float, *, level: float = 0.9, claimed_by: str = "") -> Lognormal:
    """Lognormal, with a part `level` of all cases from `low` to `high`."""
    return Lognormal(low=low, high=high, level=level, claimed_by=claimed_by)


def choice(*options: float, claimed_by: str = "") -> Choice:
    """One of some numbers, each alike. The options of a convention are the `choices` of its parameter."""
    if not options:
        raise InvalidValue("a choice needs at least one option")
    if any(isinstance(x, str) for x in options):
        raise InvalidValue("a choice is among numbers: labels are the `choices` of a convention, drawn with also=...")
    return Choice(low=min(options), high=max(options), options=tuple(map(float, options)), claimed_by=claimed_by)
