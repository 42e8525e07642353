"""How low and how high can a number be?"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from ukraineplan import words
from ukraineplan.bounds import Extremes
from ukraineplan.distributions import Normal
from ukraineplan.number import Number
from ukraineplan.plan import Plan

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False)
class Bounds:
    """Lowest and highest value of a number over all uncertainties together; levers and conventions are held.

    `low` and `high` are in the number's unit, yearly ones with shape ``(years,)``; where the text leaves nothing
    uncertain, both are the value.
    """

    number: Number
    extremes: Extremes

    @property
    def low(self) -> Any:
        """The lowest value."""
        return self.extremes.low

    @property
    def high(self) -> Any:
        """The highest value."""
        return self.extremes.high

    @property
    def method(self) -> str:
        """How they are known: "proven", or "largest found at the ends of the ranges"."""
        return self.extremes.method

    @property
    def error(self) -> str:
        """What is known of their error."""
        if self.extremes.proven:
            return "none beyond rounding: no value inside the ranges lies outside"
        return f"unknown: {self.extremes.combinations} combinations of range ends were tried, the inside was not"

    @property
    def sentence(self) -> str:
        """One sentence with both ends and how they are known."""
        n = self.number
        if n.span == words.NO_RANGE:
            return f"{n.label}{n.when}: {n.display}; nothing that is uncertain moves it."
        return f"{n.label}{n.when}: {n.display}, from {n.span} over all that is uncertain ({self.method}).{self._beyond}"

    @property
    def _beyond(self) -> str:
        """Whose range is an interval that does not hold all cases."""
        plan, name = self.number.plan, self.number.name
        inputs = [name] if name in plan.parameters else plan._active_leaves(name)
        open_ended = [p for p in map(plan.parameters.__getitem__, inputs) if isinstance(p.distribution, Normal)]
        said = words.join(f"'{p.label}' may lie outside the interval that {p.distribution.claimed_by} states" for p in open_ended)
        return f" {said[:1].upper()}{said[1:]}, and the number then outside of this." if said else ""

    def to_frame(self) -> pd.DataFrame:
        """Value, low and high, a row a calendar year or one row, with method and error."""
        return self.number.to_frame().assign(method=self.method, error=self.error)

    def inputs(self) -> pd.DataFrame:
        """The uncertain inputs at which low and high are reached, as formulas see them; empty for a yearly number."""
        import pandas as pd

        return pd.DataFrame({"at low": dict(self.extremes.at_low), "at high": dict(self.extremes.at_high)}).rename_axis("name")

    def plot(self) -> Axes:
        """The range as a bar, or as a band over the years."""
        from ukraineplan.analysis import plots

        drawn: Axes = plots.bounds(self)
        return drawn

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.sentence}>"

    def _repr_html_(self) -> str:
        return f"<p>{escape(self.sentence)}</p>"


def bounds(plan: Plan, target: str) -> Bounds:
    """Lowest and highest value of a number, and how that is known.

    Parameters
    ----------
    plan : Plan
    target : str
        A formula or an uncertain parameter.

    Raises
    ------
    UnknownName
        For a name that does not exist.
    NotStated
        If the text does not determine the number.

    Notes
    -----
    One pass over intervals with slopes (Moore, Kearfott and Cloud, *Introduction to Interval Analysis*, 2009), else every
    combination of range ends. Of a yearly number each year has its own ends.

    Examples
    --------
    >>> import ukraineplan as up
    >>> found = up.bounds(up.load(), "force_reduction")
    >>> found.low, found.high, found.method
    (200000.0, 380000.0, 'proven')
    """
    number = plan[target]
    number.required  # raises where there is no number  # noqa: B018
    if target in plan.parameters:
        value, *ends = (number.value, number.low, number.high) if number.years else number.shown
        low, high = (value if end is None else end for end in ends)
        return Bounds(number, Extremes(low, high, proven=True, combinations=0))
    return Bounds(number, plan._extremes(target))


