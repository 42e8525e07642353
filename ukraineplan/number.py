"""A number of a plan: value, unit, range, basis, sources, and how it shows itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from html import escape
from operator import getitem
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ukraineplan import words
from ukraineplan.errors import InvalidValue, NotStated
from ukraineplan.explanation import Citation, Explanation
from ukraineplan.units import conversion, parse, registry

if TYPE_CHECKING:
    import pandas as pd
    import pint

PROPER: Final = {"United", "Ukraine", "Russia", "Euroclear", "Europe", "European", "Russian", "Belgian", "Bank", "ERA"}
"""Words that keep their capital inside a sentence."""

MOST_CONDITIONS: Final = 4
"""Numbers that a sentence names as its condition."""


@dataclass(frozen=True, eq=False)
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

    def __reduce__(self) -> tuple[Any, ...]:
        return getitem, (self.plan, self.name)

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
    def when(self) -> str:
        """The calendar year that a yearly number is shown at, as " in 2035"; nothing for others."""
        return f" in {self.years[self.plan._show_year(self.name) - 1]}" if self.years else ""

    @property
    def shown_value(self) -> Any:
        """The value that a table prints: of a yearly number, that of its provision's headline year; of a date its day."""
        return self._in_headline_year(self.value)

    @property
    def shown(self) -> tuple[Any, Any, Any]:
        """Value, low and high that a table prints."""
        return self.shown_value, self._in_headline_year(self.low), self._in_headline_year(self.high)

    def _in_headline_year(self, found: Any) -> Any:
        if isinstance(found, date):
            return float(found.toordinal())
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
    def required(self) -> Any:
        """The value, where there has to be one.

        Raises
        ------
        NotStated
            If the text does not determine the number.
        InvalidValue
            If it is answered with a label.
        """
        if self.value is None:
            raise NotStated(f"{self.name} is unset: {self.reason}")
        if isinstance(self.value, str):
            raise InvalidValue(f"{self.name} is answered with a label ({self.value}), not with a quantity")
        return self.value

    @property
    def _determined(self) -> Any:
        if isinstance(self.required, date):
            raise InvalidValue(f"{self.name} is a date ({self.value}), not a quantity: subtract dates, or ask for its value")
        return self.value

    @property
    def sentence(self) -> str:
        """One conditional sentence with the number, its range and its condition."""
        if self.value is None:
            return f"{self.label} cannot be computed: {self.reason}."
        if isinstance(self.value, str):
            return f"{self.label}: {self.display}."
        if headline := self.plan._headline(self.name):
            return words.fill(headline, self.plan)
        over = "" if self.span == words.NO_RANGE else f"; over the ranges of what is uncertain it is {self.span}"
        given = self._conditions() if self.name in self.plan.formulas else []
        named = f"If {words.join(given)}, then {_inside(self.label)}" if given else self.label
        return f"{named}{self.when} is {self.display}{over}."

    def _conditions(self) -> list[str]:
        """What it rests on, levers first, conventions left out."""
        parameters = self.plan.parameters
        names = [n for n in self.plan._active_leaves(self.name) if parameters[n].role != "convention"]
        names.sort(key=lambda n: parameters[n].role != "lever")
        rest = len(names) - MOST_CONDITIONS
        others = [f"{rest} other number{'s' if rest > 1 else ''} as in the table"] if rest > 0 else []
        return [f"{_inside(parameters[n].label)} is {self.plan[n].display}" for n in names[:MOST_CONDITIONS]] + others

    def explain(self) -> Explanation:
        """The derivation, top down."""
        found: Explanation = self.plan.explain(self.name)
        return found

    def cite(self) -> str:
        """The number as one would print it in a footnote: what, how much, on which basis, from where."""
        place = f"text {self.text}, evidence to {self.as_of}"
        cited = "; ".join(dict.fromkeys(c.entry for c in self.sources))
        ends = "" if self.span == words.NO_RANGE else f" ({self.span})"
        figure = f"{self.label}: {self.display}{ends}, {self.basis}"
        return ". ".join(filter(None, [f"{figure}; ukraineplan, {place}", cited])) + "."

    def to_frame(self) -> pd.DataFrame:
        """Value, low and high: a row a calendar year, or one row.

        Raises
        ------
        NotStated
        """
        import pandas as pd

        value = self.required
        low, high = (value if end is None else end for end in self._ends)
        index = pd.Index([self.name], name="name") if self.years is None else pd.Index(self.years, name="year")
        columns = {name: np.atleast_1d(x) for name, x in (("value", value), ("low", low), ("high", high))}
        return pd.DataFrame(columns, index=index).assign(unit=self.unit)

    def __format__(self, spec: str) -> str:
        value, low, high = self.shown
        nothing_uncertain = spec == "range" and self.span == words.NO_RANGE
        if value is None or isinstance(value, str) or nothing_uncertain:
            return self.display
        return words.format_number(value, low, high, self.unit, spec)

    def __str__(self) -> str:
        return self.display

    def _repr_html_(self) -> str:
        range_or_reason = self.span if self.value is not None else self.reason or ""
        context = f"{escape(self.basis)}; <code>{self.name}</code>, {self.text}"
        return (f"<b>{escape(self.label)}</b>: {escape(self.display)} <small>{escape(range_or_reason)}</small> "
                f"<small>({context})</small>")  # fmt: skip


def _inside(label: str) -> str:
    """A label inside a sentence: its first letter small, unless it is a name or an abbreviation."""
    first = label.split(" ", 1)[0].removesuffix("'s").rstrip("'")
    return label if first in PROPER or first.isupper() else label[:1].lower() + label[1:]
