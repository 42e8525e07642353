"""Which input moves a number most, one at a time?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

from ukraineplan import words
from ukraineplan.analysis.ranking import STRETCHES, is_assumed, resting_on, standing, stretched
from ukraineplan.number import Number
from ukraineplan.parameters import Parameter
from ukraineplan.plan import Plan

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


@dataclass(frozen=True)
class Swing:
    """What one input does to the number while all others stay: its lowest and highest result, and where they are.

    `at_low` and `at_high` are the inputs in words; `role` tells an uncertainty from a convention or a lever.
    """

    name: str
    label: str
    role: str
    basis: str
    low: float
    high: float
    at_low: str
    at_high: str

    @property
    def swing(self) -> float:
        """Highest less lowest result."""
        return self.high - self.low


@dataclass(frozen=True, eq=False)
class Tornado:
    """Swings of a number, the largest first.

    Of a yearly number, those of its provision's headline year. Uncertainties go through their range, conventions
    through their options, levers through what negotiators have put on the table; `rows` leave the levers out.
    """

    number: Number
    value: float
    rows: tuple[Swing, ...]
    levers: tuple[Swing, ...]

    @property
    def method(self) -> str:
        """How it was done."""
        return "one at a time, all else at its central value"

    @property
    def error(self) -> str:
        """What is known of its error."""
        return "none beyond rounding for each input alone; joint effects are not in it"

    @property
    def sentence(self) -> str:
        """One sentence: what moves the number most, and on what that rests."""
        moving = [r for r in self.rows if r.swing]
        if not moving:
            return f"{self.number.label}: nothing that is uncertain moves it."
        most = moving[0]
        ends = words.span(most.low, most.high, self.number.unit)
        inputs = resting_on(r.basis for r in moving)
        return (f"{self.number.label}{self.number.when}: of {inputs} '{most.label}' moves it most, "
                f"from {ends} ({most.at_low} to {most.at_high}). {self.standing}").rstrip()  # fmt: skip

    @cached_property
    def standing(self) -> str:
        """Whether the inputs that move it most stay the same when the assumed ranges are halved and doubled."""
        moving, plan = [r.name for r in self.rows if r.swing], self.number.plan
        if len(moving) < 2:
            return ""
        if not any(is_assumed(plan.parameters[name]) for name in moving):
            return "None of their ranges is assumed."
        tried = {said: tornado(stretched(plan, by), self.number.name).rows for said, by in STRETCHES.items()}
        return standing(moving, {said: [r.name for r in rows if r.swing] for said, rows in tried.items()})

    def to_frame(self) -> pd.DataFrame:
        """A row an input, levers included and tagged, in the number's unit."""
        import pandas as pd

        columns = ["name", "label", "role", "basis", "low", "high", "swing", "at_low", "at_high"]
        rows = [[getattr(r, column) for column in columns] for r in (*self.rows, *self.levers)]
        frame = pd.DataFrame(rows, columns=columns).assign(unit=self.number.unit).set_index("name")
        return frame.assign(**{end: words.days(frame[end], self.number.unit) for end in ("low", "high")})

    def plot(self) -> Axes:
        """Bars around the central value, lower results hatched."""
        from ukraineplan.analysis import plots

        drawn: Axes = plots.tornado(self)
        return drawn

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.sentence}>"

    def _repr_html_(self) -> str:
        return f"<p>{escape(self.sentence)}</p>{self.to_frame().to_html()}"


def tornado(plan: Plan, target: str) -> Tornado:
    """What each input alone does to a number.

    Parameters
    ----------
    plan : Plan
    target : str
        A formula; of a yearly one the headline year is taken, in the number's unit.

    Raises
    ------
    UnknownName, NotStated

    Notes
    -----
    One-way sensitivity analysis: each input runs through its range or its options while all others stay.

    Examples
    --------
    >>> import ukraineplan as up
    >>> found = up.tornado(up.load(), "force_reduction")
    >>> [(r.name, r.low, r.high) for r in found.rows]
    [('force_strength', 200000.0, 380000.0)]
    """
    number = plan[target]
    number.required  # raises where there is no number  # noqa: B018
    value = number.shown[0]
    swings = sorted(_swings(plan, target), key=lambda s: (-s.swing, s.name))
    return Tornado(number, value, tuple(s for s in swings if s.role != "lever"), tuple(s for s in swings if s.role == "lever"))


def _swings(plan: Plan, target: str) -> Iterator[Swing]:
    for name in plan._leaves(target):
        p = plan.parameters[name]
        if p.basis == "set" or target == name:
            continue
        if p.role == "convention":
            yield _options(plan, target, p)
        elif p.range:
            yield _range(plan, target, p)


def _range(plan: Plan, target: str, parameter: Parameter) -> Swing:
    """A number with a range: the lowest and the highest result inside it, and where they are."""
    if parameter.name not in plan._graph.needs(target):  # it moves a wait of the calendar
        return _ends(plan, target, parameter)
    found = plan._extremes(target, over=parameter.name)
    low, high = (plan[target]._in_headline_year(end) for end in (found.low, found.high))
    if plan[target].years is None:
        scale = parameter.in_formulas(1.0)
        at = (found.at_low.get(parameter.name), found.at_high.get(parameter.name))
        low_at, high_at = (parameter.value if x is None else x / scale for x in at)
    else:  # a yearly number reaches its extremes year by year: see which end of the range does it in this one
        ends = parameter.range or ()
        results = [plan.with_values(**{parameter.name: f"{e!r} {parameter.unit}"})[target].shown_value for e in ends]
        low_at, high_at = ends[results.index(min(results))], ends[results.index(max(results))]
    shown = [words.display(x, parameter.unit) for x in (low_at, high_at)]
    return Swing(parameter.name, parameter.label, parameter.role, parameter.basis, low, high, shown[0], shown[1])


def _ends(plan: Plan, target: str, parameter: Parameter) -> Swing:
    """A number behind a wait of the calendar: the results at both ends of its range."""
    ends = {e: plan.with_values(**{parameter.name: f"{e!r} {parameter.unit}"}) for e in parameter.range or ()}
    tried = [(other[target].shown_value, e) for e, other in ends.items()]
    (low, at_low), (high, at_high) = min(tried), max(tried)
    shown = [words.display(x, parameter.unit) for x in (at_low, at_high)]
    return Swing(parameter.name, parameter.label, parameter.role, parameter.basis, low, high, shown[0], shown[1])


def _options(plan: Plan, target: str, parameter: Parameter) -> Swing:
    """A convention: the lowest and the highest result among its options."""
    results: list[tuple[float, str]] = []
    for choice in parameter.choices:
        value = plan.with_values(**{parameter.name: choice})[target].shown_value
        if value is not None:
            results.append((value, parameter.in_words(choice)))
    (low, at_low), (high, at_high) = min(results), max(results)
    return Swing(parameter.name, parameter.label, parameter.role, parameter.basis, low, high, at_low, at_high)
