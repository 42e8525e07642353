"""Parameters: numbers with a unit, a range, and a reason to believe them, at one text and one vintage."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import numpy as np

from ukraineplan import words
from ukraineplan.distributions import Distribution
from ukraineplan.errors import InvalidValue, UnitError, did_you_mean
from ukraineplan.specs import Role
from ukraineplan.texts import State
from ukraineplan.units import CHOICE, DATE, conversion, in_formulas

Value = float | str | date | None

_NUMBER = re.compile(r"([+\-−]?\d[\d_]*(?:\.\d+)?(?:[eE][+\-]?\d{1,3})?)\s*(.*)", re.DOTALL)
_LONGEST = 100
CURRENCIES = ("USD", "EUR", "UAH", "RUB")


@dataclass(frozen=True)
class Parameter:
    """A number that formulas use, in the unit of its data file (50 and "%").

    Of the library's parameters this is the state at one text and one vintage; of your own it is all there is. A
    convention that is answered with a label has the unit "choice".

    Attributes
    ----------
    value : float, str or None
        None where the text does not state it or no fact was public; `reason` then says so.
    range : tuple or None
        Two numbers, which claim no probability.
    limits : tuple
        What is possible at all.
    facts : tuple of str
        Ids of the facts that the value comes from, the leading one first.
    competing : tuple of str
        Rival measurements that were public.
    basis : str
        stated, sourced, assumed or set.
    state : str or None
        What the text does to a lever: set, removed, not stated, open or unknown; None for what no text settles.
    distribution : Distribution or None
        Where somebody says that it lies, and who; in place of a range, whose two ends are then those of the distribution.
    """

    name: str
    label: str
    unit: str
    value: Value = None
    role: Role = "uncertainty"
    range: tuple[float, float] | None = None
    limits: tuple[float, float] = (-math.inf, math.inf)
    choices: tuple[str | float, ...] = ()
    whole: bool = False
    facts: tuple[str, ...] = ()
    competing: tuple[str, ...] = ()
    assumption: str | None = None
    basis: str = "assumed"
    reason: str | None = None
    provision: str | None = None
    note: str | None = None
    range_because: str | None = None
    range_facts: tuple[str, ...] = ()
    benchmarks: tuple[str, ...] = ()
    choice_labels: Mapping[str, str] | None = None
    review_by: date | None = None
    together: tuple[str, ...] = ()
    together_at_most: float | None = None
    distribution: Distribution | None = None
    state: State | None = None

    @property
    def labelled(self) -> bool:
        """Whether the answer is a label, not a number."""
        return self.unit == CHOICE

    @property
    def why(self) -> str:
        """Why a reader may believe it: the assumption, the reason of the range, and what to mind."""
        ends = self.range_because if self.role != "lever" else None  # a lever is held, so its ends are not printed
        parts = filter(None, (self.reason, self.assumption, ends, self.note))
        return " ".join(part if part.endswith((".", "?")) else f"{part}." for part in parts)

    @property
    def unit_in_formulas(self) -> str:
        """The unit in which formulas see it: a share, not per cent."""
        return in_formulas(self.unit)

    def in_formulas(self, value: Any) -> Any:
        """A value in the unit in which formulas see it; labels and None stay."""
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, date):
            return float(value.toordinal())
        return value / conversion(self.unit_in_formulas, self.unit)  # 57 / 100 is 0.57, 57 * 0.01 is not

    def in_words(self, value: Any) -> str:
        """A value of it for people: an option of a convention by its label, a number with its unit."""
        if isinstance(value, str):
            return (self.choice_labels or {}).get(value, words.plain_name(value))
        return words.display(value, self.unit)

    def with_value(self, given: object) -> Parameter:
        """The same with a value set by the user; the range collapses to it."""
        return replace(
            self, value=read_value(self, given), range=None, basis="set", reason="set by the user", facts=(), competing=(),
            assumption=None, range_because=None, range_facts=(), benchmarks=(), distribution=None, state=None,
        )  # fmt: skip


# ------------------------------------------------------------------------------------------------------
# Reading what a user typed


def read_value(parameter: Parameter, given: object) -> Value:
    """A value in the parameter's unit.

    Parameters
    ----------
    parameter : Parameter
    given : float, str or pint.Quantity
        A bare number is in the parameter's unit; text may carry another unit of the same dimension.

    Raises
    ------
    InvalidValue
        For text that is no value, nan, infinity, a value outside the limits or choices, a fraction of a whole
        number, and a bare share between -1 and 1 (is 0.5 half or half a per cent?).
    UnitError
        For a unit that does not exist or does not fit.
    """
    if parameter.labelled:
        return _among_choices(parameter, given, given)
    if parameter.unit == DATE:
        return _read_date(parameter, given)
    if hasattr(given, "magnitude") and hasattr(given, "units"):
        try:
            given = f"{float(given.magnitude)!r} {given.units}"
        except (TypeError, ValueError):
            raise InvalidValue(f"{parameter.name} takes one number, got {shown_as_given(given)}") from None
    number, unit = _split(parameter, given)
    bare_share = not unit and parameter.unit.startswith("%") and 0 < abs(number) < 1
    if bare_share:
        rate = parameter.unit.removeprefix("%")
        raise InvalidValue(f"{parameter.name}={number:g} is ambiguous: write '{number:g} %{rate}' or '{number * 100:g} %{rate}'")
    if unit and unit != parameter.unit:
        number *= _factor(parameter, unit, given)
    number = _within_limits(parameter, number)
    return _among_choices(parameter, number, given) if parameter.choices else number


def _read_date(parameter: Parameter, given: object) -> date:
    if isinstance(given, date):
        return given.date() if isinstance(given, datetime) else given
    try:
        return date.fromisoformat(str(given).strip())
    except ValueError:
        raise InvalidValue(f"{parameter.name} is a date, such as '{example(parameter)}', got {shown_as_given(given)}") from None


def _among_choices(parameter: Parameter, value: Any, given: object) -> Value:
    if isinstance(given, bool) or value not in parameter.choices:
        options = ", ".join(map(str, parameter.choices))
        near = did_you_mean(str(given), map(str, parameter.choices))
        raise InvalidValue(f"{parameter.name} is one of {options}, got {shown_as_given(given)}{near}")
    found: Value = value
    return found


def _split(parameter: Parameter, given: object) -> tuple[float, str]:
    if isinstance(given, str):
        match = _NUMBER.fullmatch(given.strip()) if len(given) <= _LONGEST else None
        if not match:
            wanted = f"a number with a unit, such as '{example(parameter)}'"
            raise InvalidValue(f"{parameter.name} needs {wanted}, got {shown_as_given(given)}")
        number, unit = float(match[1].replace("_", "").replace("−", "-")), match[2].strip()
        if re.match(r"[,.\s]\d", match[2]):
            plain = re.sub(r"(?<=\d)[,\s](?=\d)", "", given.strip())
            wanted = f"a number without separators, such as '{plain}'"
            raise InvalidValue(f"{parameter.name}: write {wanted}, got {shown_as_given(given)}")
    elif isinstance(given, (bool, np.bool_)) or not hasattr(given, "__float__"):
        raise InvalidValue(f"{parameter.name} needs a number, such as '{example(parameter)}', got {shown_as_given(given)}")
    else:
        try:
            number, unit = float(given), ""
        except (TypeError, ValueError, OverflowError):
            raise InvalidValue(f"{parameter.name} takes one number, got {shown_as_given(given)}") from None
    if not math.isfinite(number):
        raise InvalidValue(f"{parameter.name} needs a finite number, got {shown_as_given(given)}")
    return number, unit


def _factor(parameter: Parameter, unit: str, given: object) -> float:
    try:
        return conversion(unit, parameter.unit)
    except UnitError as error:
        why = "" if "does not convert" in str(error) else f" ({error})"
        money = [{c for c in CURRENCIES if re.search(rf"\b{c}\b", text)} for text in (unit, parameter.unit)]
        if all(money) and money[0] != money[1]:
            why = ": one currency becomes another by an exchange rate, which is a parameter; convert it first"
        like = "written like" if all(money) else "try"
        raise UnitError(f"{parameter.name} is in {words.unit_words(parameter.unit)}, got {shown_as_given(given)}{why}; "
                        f"{like} '{example(parameter)}'") from None  # fmt: skip


def _within_limits(parameter: Parameter, number: float) -> float:
    low, high = parameter.limits
    if not low <= number <= high:
        shown = [words.display(end, parameter.unit) for end in (low, high) if math.isfinite(end)]
        side = "at least" if math.isfinite(low) else "at most"
        bounds = f"from {shown[0]} to {shown[1]}" if len(shown) == 2 else f"{side} {shown[0]}"
        raise InvalidValue(f"{parameter.name} is {bounds}, got {words.display(number, parameter.unit)}")
    if parameter.whole and number != int(number):
        raise InvalidValue(f"{parameter.name} is a whole number, got {number:g}")
    return number


def example(parameter: Parameter) -> str:
    """A value that the parameter would take, as a user would type it."""
    if parameter.unit == DATE:
        return str(parameter.value or date(2025, 11, 21))
    value = parameter.value if isinstance(parameter.value, (int, float)) else (parameter.range or (1,))[0]
    return f"{value:.12g} {parameter.unit}"


def shown_as_given(given: object) -> str:
    """What a user gave, as a message repeats it."""
    text = repr(given)
    return text if len(text) <= 60 else text[:57] + "..."


def check_together(parameters: Mapping[str, Parameter]) -> None:
    """Refuse shares of one thing that add up to more than the whole.

    Raises
    ------
    InvalidValue
    """
    for p in parameters.values():
        parts = {n: parameters[n].value for n in p.together}
        if p.together_at_most is not None and None not in parts.values():
            found = sum(v for v in parts.values() if isinstance(v, (int, float)))
            if found > p.together_at_most:
                said = " and ".join(f"{n}={v:g}" for n, v in parts.items())
                most = words.display(p.together_at_most, p.unit)
                raise InvalidValue(f"{said} add up to {found:g}, more than {most}: lower one of them")
