"""A number of a plan: value, unit, range, basis, sources, and how it shows itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from ukraineplan import words
from ukraineplan.errors import InvalidValue, NotStated
from ukraineplan.explanation import Citation, Explanation
from ukraineplan.units import conversion, parse, registry

if TYPE_CHECKING:
    import pandas as pd
    import pint


@dataclass(frozen=True)
class Number:
    """A number of a plan with its unit, range, basis and sources.

    `value` is in `unit`, as formulas see it (a share is 0.318); a yearly number has an array, one value a calendar
    year of `years`. It is None where the text does not determine it; `reason` then says why. `low` and `high` are
    the ends over all uncertainties together, levers and conventions held.
    """

    name: str
    label: str
    unit: str
    value: Any
    basis: str
    reason: str | None
    text: str
    as_of: date
    years: tuple[int, ...] | None
    plan: Any = field(repr=False, compare=False)  # the Plan it belongs to

    @property
    def low(self) -> Any:
        """The lowest value, or None for a number that has no range."""
        return self._ends[0]

    @property
    def high(self) -> Any:
        """The highest value, or None for a number that has no range."""
        return self._ends[1]

    @property
    def _ends(self) -> tuple[Any, Any]:
        ends: tuple[Any, Any] = self.plan._ends(self.name)
        return ends

    @property
    def sources(self) -> tuple[Citation, ...]:
        """Facts and their sources, in the order in which the number rests on them."""
        found: tuple[Citation, ...] = self.plan._citations(self.name)
        return found

    @property
    def shown_value(self) -> Any:
        """The value that a table prints: of a yearly number, that of its provision's headline year."""
        return self._in_headline_year(self.value)

    @property
    def shown(self) -> tuple[Any, Any, Any]:
        """Value, low and high that a table prints."""
        return self.shown_value, self._in_headline_year(self.low), self._in_headline_year(self.high)

    def _in_headline_year(self, found: Any) -> Any:
        if self.years is None or found is None:
            return found
        return float(found[self.plan._show_year(self.name) - 1])

    @property
    def display(self) -> str:
        """The value for people, rounded by the width of its range; "unset" where there is none."""
        value, low, high = self.shown
        if value is None:
            return "unset"
        if isinstance(value, str):
            return str(self.plan._label_of(self.name, value))
        return words.display(value, self.unit, low=low, high=high)

    @property
    def span(self) -> str:
        """Low to high for people; a dash where there is no range."""
        value, low, high = self.shown
        return words.span(low, high, self.unit, value=value)

    @property
    def quantity(self) -> pint.Quantity[Any]:
        """The value with its unit, as a quantity of the library's own pint registry.

        Raises
        ------
        NotStated
            If the text does not determine the number.
        """
        return registry().Quantity(self._determined, parse(self.unit))

    def m_as(self, unit: str) -> Any:
        """The bare value in another unit, such as ``"%"`` or ``"million EUR/year"``.

        Raises
        ------
        NotStated, UnitError
        """
        value = self._determined
        return value * conversion(self.unit, unit)

    @property
    def _determined(self) -> Any:
        if self.value is None:
            raise NotStated(f"{self.name} is unset: {self.reason}")
        if isinstance(self.value, str):
            raise InvalidValue(f"{self.name} is answered with a label ({self.value}), not with a quantity")
        return self.value

    @property
    def sentence(self) -> str:
        """One conditional sentence with the number, its range and its condition."""
        return str(self.plan._sentence(self.name))

    def explain(self) -> Explanation:
        """The derivation, top down."""
        found: Explanation = self.plan.explain(self.name)
        return found

    def cite(self) -> str:
        """The number as one would print it in a footnote: what, how much, on which basis, from where."""
        place = f"text {self.text}, evidence to {self.as_of}"
        cited = "; ".join(dict.fromkeys(c.entry for c in self.sources))
        return f"{self.label}: {self.display} ({self.span}), {self.basis}; ukraineplan, {place}" + (f". {cited}." if cited else ".")

    def to_frame(self) -> pd.DataFrame:
        """Value, low and high: a row a calendar year, or one row.

        Raises
        ------
        NotStated
        """
        import pandas as pd

        value = self._determined
        ends = {k: value if x is None else x for k, x in (("low", self.low), ("high", self.high))}
        index = pd.Index([self.name], name="name") if self.years is None else pd.Index(self.years, name="year")
        return pd.DataFrame({"value": np.atleast_1d(value), **{k: np.atleast_1d(x) for k, x in ends.items()}, "unit": self.unit}, index=index)

    def __format__(self, spec: str) -> str:
        value, low, high = self.shown
        if value is None or isinstance(value, str):
            return self.display
        return words.format_number(value, low, high, self.unit, spec)

    def __str__(self) -> str:
        return self.display

    def _repr_html_(self) -> str:
        shown = f"{self.display} <small>{escape(self.span)}</small>" if self.value is not None else f"unset <small>{escape(self.reason or '')}</small>"
        return f"<b>{escape(self.label)}</b>: {shown} <small>({escape(self.basis)}; <code>{self.name}</code>, {self.text})</small>"
