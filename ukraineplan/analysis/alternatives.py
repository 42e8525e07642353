"""What would a number be if the words meant something else, or if another published figure were right?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from ukraineplan import words
from ukraineplan.errors import PlanError
from ukraineplan.explanation import Citation
from ukraineplan.number import Number
from ukraineplan.plan import Plan

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Alternative:
    """The number under one other option of one convention: `option` instead of `default`, both in words.

    `name` and `label` are the convention's; `choice` is the option as `with_values` takes it.
    """

    name: str
    label: str
    choice: str | float
    option: str
    default: str
    number: Number


@dataclass(frozen=True)
class Alternatives:
    """The "if instead" rows of a number: one for each other option of each convention that it needs."""

    number: Number
    rows: tuple[Alternative, ...]

    @property
    def moving(self) -> tuple[Alternative, ...]:
        """The rows that print another value or another range, the largest change of the value first."""
        here = (self.number.display, self.number.span)
        changed = [row for row in self.rows if (row.number.display, row.number.span) != here]
        return tuple(sorted(changed, key=lambda row: (-self._change(row), row.name)))

    def _change(self, row: Alternative) -> float:
        value, other = self.number.shown_value, row.number.shown_value
        return 0.0 if value is None or other is None else abs(float(other - value))

    @property
    def method(self) -> str:
        """How it was done."""
        return "one convention at a time, all else as it is; the range is over all uncertainties under that option"

    @property
    def error(self) -> str:
        """What is known of its error."""
        return "none beyond rounding for the values; the ranges are as good as the bounds of each number"

    @property
    def sentence(self) -> str:
        """One sentence: which reading of the words moves the number most."""
        if not self.moving:
            return f"{self.number.label}: no other reading of the words moves it."
        most = self.moving[0]
        return f"{self.number.label}: {most.number.display} instead of {self.number.display}, if instead {most.option}."

    def to_frame(self) -> pd.DataFrame:
        """A row an option: value, low and high in the number's unit."""
        import pandas as pd

        columns = ["convention", "choice", "option", "value", "low", "high", "unit"]
        rows = [(r.name, r.choice, r.option, *r.number.shown, r.number.unit) for r in self.rows]
        return pd.DataFrame(rows, columns=columns).set_index(["convention", "choice"])

    def _repr_html_(self) -> str:
        return f"<p>{escape(self.sentence)}</p>{self.to_frame().to_html()}"


def alternatives(plan: Plan, target: str) -> Alternatives:
    """A number under each other option of each convention that it needs.

    Parameters
    ----------
    plan : Plan
    target : str
        A formula.

    Raises
    ------
    UnknownName, NotStated
    """
    number = plan[target]
    number.required  # raises where there is no number  # noqa: B018
    return Alternatives(number, tuple(_alternatives(plan, target)))


def _alternatives(plan: Plan, target: str) -> Iterator[Alternative]:
    for name in plan._leaves(target):
        p = plan.parameters[name]
        if p.role != "convention" or p.basis == "set" or name == target:
            continue
        for choice in p.choices:
            if choice != p.value:
                changed = plan.with_values(**{name: choice})[target]
                yield Alternative(name, p.label, choice, p.in_words(choice), p.in_words(p.value), changed)


@dataclass(frozen=True)
class Rival:
    """The number if one published figure for one of its inputs were right; `used` marks the figure in use."""

    citation: Citation
    figure: str
    number: Number
    used: bool


def rivals(plan: Plan, target: str, name: str) -> tuple[Rival, ...]:
    """A number under each public figure for one of its inputs, the largest figure first; no figures are averaged.

    Parameters
    ----------
    plan : Plan
    target : str
        A formula.
    name : str
        A parameter that it needs. Where fewer than two single figures were public, the answer is empty.

    Raises
    ------
    UnknownName
    """
    p, evidence = plan.parameters[name], plan._library.evidence
    found = []
    for i in dict.fromkeys([*p.facts, *p.range_facts, *p.competing]):
        fact = evidence.facts[i]
        amount = fact.amount(p.unit)
        if amount is not None:
            changed = _tried(plan, name, amount, target)
            if changed is not None:
                cited = Citation(fact, evidence.sources[fact.source])
                found.append((-amount, i, Rival(cited, words.display(amount, p.unit), changed, i == p.facts[0])))
    leads = [rival for *_, rival in sorted(found, key=lambda row: row[:2])]
    return tuple(leads) if len(leads) > 1 and any(r.used for r in leads) else ()


def _tried(plan: Plan, name: str, amount: Any, target: str) -> Number | None:
    try:
        changed = plan.with_values(**{name: amount})[target]
    except PlanError:  # outside what the parameter may be at all
        return None
    return None if changed.value is None else changed
