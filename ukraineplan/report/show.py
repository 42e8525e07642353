"""Numbers as a sheet shows them: figure and words apart, units spelled out, axes and places on them.

Nothing is computed here that a reader reads; the formatter of the library writes every figure, and a scale from 0 to 100
only says where a mark is drawn.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from ukraineplan import words
from ukraineplan.number import Number
from ukraineplan.plan import Plan
from ukraineplan.report.content import Bar, Shown, Tick
from ukraineplan.trace import Op
from ukraineplan.units import DATE

FIGURE: Final = re.compile(r"\d{4}-\d\d-\d\d|[^\d∞]*[\d,.∞]+(?:\u202f%|bn|tn|m(?![a-z])| thousand)?")
"""The part of a printed number that stands before its words: "280,000" of "280,000 persons"."""

MONEY: Final = ("USD", "EUR", "UAH", "RUB")
UNIT_SAID: Final = {"choice": "a reading of the words", "ratio": "times"}
MOST_TICKS: Final = 5
MONTHS: Final = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 12_000, 120_000)
"""Between two labels on an axis of dates."""


def shown(number: Number, missing: str = "unset") -> Shown:
    """A number of a plan, ready to print."""
    if number.value is None:
        return Shown("", "", words.NO_RANGE, missing, stop(number.reason or ""))
    if isinstance(number.value, str):
        return Shown(number.display, "", words.NO_RANGE)
    figure, rest = apart(number.display)
    return Shown(figure, rest, number.span)


def apart(display: str) -> tuple[str, str]:
    """A printed number as its figure and the words after it."""
    found = FIGURE.match(display)
    return (found[0], display[found.end() :]) if found else (display, "")


def unit_said(plan: Plan, name: str) -> str:
    """What the unit column says: the unit, what kind of sum it is, and the calendar year of a yearly number."""
    number = plan[name]
    said = UNIT_SAID.get(number.unit) or words.unit_words(number.unit)
    over, _, per = number.unit.partition("/")
    money = any(code in over for code in MONEY)
    kind = ""
    if money and not any(code in per for code in MONEY) and not re.search(r"_\d{4}", number.unit):
        kind = _kind_of_money(plan, name, per)
    year = f"in {number.years[plan._show_year(name) - 1]}" if number.years else ""
    return ", ".join(filter(None, [said, kind, year]))


def _kind_of_money(plan: Plan, name: str, per: str) -> str:
    """Nominal, and whether it is a flow (the unit says so), a sum over years, a present value or one sum."""
    if "present value" in plan[name].label:
        return "present value"
    if per or plan[name].years:
        return "nominal"
    return "nominal, sum of the years" if _operation(plan, name).kind == "total" else "nominal, one sum"


def _operation(plan: Plan, name: str) -> Op:
    trace = plan._graph.trace
    return trace.ops[trace.body(name)] if name in plan.formulas else Op("input", (), name)


def sentence(text: str) -> str:
    """Our own prose on one line, per cent signs kept at their numbers."""
    return re.sub(r"(?<=\d) %", "\u202f%", " ".join(text.split()))


def stop(reason: str) -> str:
    """A reason as a sentence of its own."""
    return f"{reason[:1].upper()}{reason[1:]}." if reason else ""


def day_said(day: date) -> str:
    """A day in prose: "21 November 2025"."""
    return f"{day.day} {day:%B %Y}"


# ------------------------------------------------------------------------------------------------------
# Scales


@dataclass(frozen=True)
class Scale:
    """A linear scale with round ends; places on it run from 0 to 100."""

    low: float
    high: float
    step: float

    @classmethod
    def over(cls, numbers: Iterable[float], most: int = MOST_TICKS) -> Scale:
        """A scale from zero that holds all the numbers, in steps of 1, 2 or 5 times a power of ten."""
        low, high = min(0.0, *(found := list(numbers)), 0.0), max(0.0, *found, 0.0)
        high = high if high > low else 1.0
        width = high - low
        power = 10.0 ** math.floor(math.log10(width / most))
        step = next(power * s for s in (1, 2, 5, 10, 20) if _intervals(low, high, power * s) <= most)
        return cls(math.floor(_clean(low / step)) * step, math.ceil(_clean(high / step)) * step, step)

    def place(self, number: float) -> float:
        """Where a number stands."""
        return round(100 * (number - self.low) / (self.high - self.low), 1)

    def bar(self, low: float | None, value: float, high: float | None) -> Bar:
        """A range and its value."""
        return Bar(*(self.place(value if x is None else x) for x in (low, value, high)))

    def at(self) -> list[float]:
        """The numbers that carry a label."""
        count = round((self.high - self.low) / self.step)
        return [_clean(self.low + i * self.step) for i in range(count + 1)]

    def ticks(self, unit: str) -> tuple[Tick, ...]:
        """The labels of the axis."""
        return tuple(Tick(self.place(x), axis_label(x, unit)) for x in self.at())


@dataclass(frozen=True)
class DateScale(Scale):
    """A scale of days from one first of a month to another; `step` is in months. It has no zero."""

    @classmethod
    def over(cls, numbers: Iterable[float], most: int = MOST_TICKS) -> DateScale:
        """A scale that holds all the days, as formulas see them."""
        found = sorted(numbers) or [1.0]
        first, last = (12 * day.year + day.month - 1 for day in (words.day(found[0]), words.day(found[-1])))
        step = next(n for n in MONTHS if last // n + 1 - first // n <= most)
        return cls(_first_of(first // step * step), _first_of((last // step + 1) * step), float(step))

    def at(self) -> list[float]:
        """The first days of the months that carry a label."""
        first, last = (12 * day.year + day.month - 1 for day in (words.day(self.low), words.day(self.high)))
        return [_first_of(month) for month in range(first, last + 1, int(self.step))]

    def ticks(self, unit: str) -> tuple[Tick, ...]:
        """The labels of the axis: year and month."""
        return tuple(Tick(self.place(x), f"{words.day(x):%Y-%m}") for x in self.at())


def scale_over(numbers: Iterable[float], unit: str, most: int = MOST_TICKS) -> Scale:
    """The scale that fits a unit: of dates a calendar, of everything else one from zero."""
    return (DateScale if unit == DATE else Scale).over(numbers, most)


def _first_of(month: int) -> float:
    """The first day of a month, counted from the year 0, as formulas see it."""
    return float(date(min(max(month // 12, 1), 9999), month % 12 + 1, 1).toordinal())


def _intervals(low: float, high: float, step: float) -> int:
    return math.ceil(_clean(high / step)) - math.floor(_clean(low / step))


def _clean(number: float) -> float:
    return float(f"{number:.12g}")


def axis_label(number: float, unit: str) -> str:
    """A round number on an axis, without the words that its title says."""
    return apart(words.display(number, unit.partition("/")[0]))[0]
