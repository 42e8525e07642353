"""The difference of a number between two plans, and how far it moves over all that is uncertain on either side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ukraineplan import words
from ukraineplan.analysis.sample import sample
from ukraineplan.number import Number
from ukraineplan.parameters import Parameter
from ukraineplan.plan import Plan
from ukraineplan.uncertainty.model import model_of
from ukraineplan.units import DATE

DRAWS: Final = 2**13
"""Common draws from which the range of a difference is taken."""

MOST_CORNERS: Final = 10
"""Uncertain inputs all of whose combinations of range ends are tried: 1,024."""


class Difference(NamedTuple):
    """B less A, with its lowest and highest value over the common draws, in `unit`: of two dates in days.

    `widest` is the widest range among its own and those of both sides: by that it is rounded, so that it is no finer than what
    it is the difference of.
    """

    value: float
    low: float
    high: float
    unit: str
    widest: tuple[float, float] = (0.0, 0.0)

    @property
    def display(self) -> str:
        """The difference for people, with its sign."""
        return self._shown(self.value)

    def _shown(self, value: float) -> str:
        low, high = self.widest
        return words.difference(value, self.unit, low=low, high=high) if low < high else words.difference(value, self.unit)

    @property
    def span(self) -> str:
        """Its range for people; a dash where nothing that is uncertain moves it."""
        if self.low == self.high:
            return words.NO_RANGE
        low, high = map(self._shown, (self.low, self.high))
        said = high.partition(" ")[2]  # the words of the unit stand once
        return f"{low.removesuffix(said).rstrip()} to {high}"


def differences(one: Plan, other: Plan, names: list[str]) -> dict[str, Difference]:
    """B less A of each number that both sides have: at the values of the plans, at common draws, and at the corners."""
    formulas = [n for n in names if n in one.formulas or n in other.formulas]
    drawn = _drawn(one, other, formulas) if formulas else {}
    found = {}
    for name in names:
        first, second = one[name], other[name]
        value = second.shown_value - first.shown_value
        tried = np.array([value, *drawn.get(name, ()), *_at_corners(one, other, name)])
        tried = tried[np.isfinite(tried)]
        noise = 1e-9 * max(abs(first.shown_value), abs(second.shown_value))
        low, high = float(tried.min()), float(tried.max())
        if high - low <= noise:
            low = high = value
        spans = [(low, high), *(n.shown[1:] for n in (first, second) if n.low is not None)]
        widest = max(spans, key=lambda ends: ends[1] - ends[0])
        found[name] = Difference(value, low, high, unit_of(first), widest)
    return found


def unit_of(number: Number) -> str:
    """The unit of a difference: days between two dates."""
    return "day" if number.unit == DATE else number.unit


def _drawn(one: Plan, other: Plan, names: list[str]) -> dict[str, Any]:
    """The differences at common draws; a side on which nothing is uncertain is a constant."""
    shown = []
    for plan in (one, other):
        moving = [n for n in names if n in plan.formulas and model_of(plan, [n]).factors.factors]
        drawn = sample(plan, moving, draws=DRAWS) if moving else None
        shown.append({n: drawn.shown(n) if drawn is not None and n in moving else plan[n].shown_value for n in names})
    return {n: np.atleast_1d(shown[1][n] - shown[0][n]) for n in names}


def _at_corners(one: Plan, other: Plan, name: str) -> Iterable[float]:
    """The differences at the corners of all that is uncertain on either side, or, of many inputs, where a side is extreme."""
    if name not in one.formulas and name not in other.formulas:
        return _between_ranges(one.parameters[name], other.parameters[name])
    moving = {n: p for plan in (other, one) for n, p in plan.parameters.items() if _moves(plan, name, p)}
    if not moving:
        return ()
    if len(moving) > MOST_CORNERS:
        sides_of = [plan for plan in (one, other) if name in plan.formulas]
        ends = [end for plan in sides_of for end in (plan._extremes(name).at_low, plan._extremes(name).at_high) if end]
        points = {n: np.array([end.get(n, np.nan) for end in ends]) for n in moving}
    else:
        corners = np.array(list(product((0, 1), repeat=len(moving)))).reshape(-1, len(moving)).T
        ends_of = {n: np.array([p.in_formulas(end) for end in p.range or ()]) for n, p in moving.items()}
        points = {n: ends[row] for (n, ends), row in zip(ends_of.items(), corners, strict=True)}
    found: NDArray[Any] = _at(other, name, points) - _at(one, name, points)
    return np.atleast_1d(found)


def _moves(plan: Plan, name: str, p: Parameter) -> bool:
    return p.role == "uncertainty" and p.range is not None and name in plan.formulas and p.name in plan._active_leaves(name)


def _between_ranges(p: Parameter, q: Parameter) -> list[float]:
    """An input less the same input of the other side: both at their lower ends, both at their upper ones."""
    ends = [x.range if x.role == "uncertainty" and x.range else (x.value, x.value) for x in (p, q)]
    return [q.in_formulas(b) - p.in_formulas(a) for a, b in zip(*ends, strict=True)]


def _at(plan: Plan, name: str, points: Mapping[str, NDArray[Any]]) -> Any:
    """A number with its uncertain inputs elsewhere; what the plan has settled stays."""
    if name in plan.parameters:
        return plan[name].shown_value
    held = {n: np.nan for n in plan.parameters} | plan._values
    moved = {n: np.where(np.isnan(v), held[n], v) for n, v in points.items() if _moves(plan, name, plan.parameters[n])}
    if not moved:
        return plan[name].shown_value
    found = plan._graph.run(held | moved, [name])[name]
    return found if plan[name].years is None else found[plan._show_year(name) - 1]
