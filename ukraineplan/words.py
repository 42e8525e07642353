"""The one formatter: numbers, ranges, units and names, written for people.

Nothing but print is rounded, half up (below zero, away from it), and one quantity prints with one precision:
its value and both ends of its range. A share is held from 0 to 1 and printed in per cent.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from string import Formatter
from typing import Any, NamedTuple

from ukraineplan.errors import InvalidValue
from ukraineplan.units import DATE

Real = float | Fraction | Decimal
Printable = Real | str | date | None

MINUS = "\u2212"
PER_CENT = "\u202f%"  # a narrow no-break space keeps the sign at its number
NO_RANGE = "–"
SPECS = ("value", "range", "low", "high")
WIDTH = 80  # columns of plain text

_QUOTED = 6  # a number of at most so many digits was written by somebody: it prints as it is
_COMPUTED = 3  # significant digits of a longer one that has no range

# No float is wider than a thousand digits; twelve wipe the noise of floats, so that 17.749999999999996 rounds
# as the 17.75 that it is.
_WIDE = Context(prec=1000, rounding=ROUND_HALF_UP)
_CLEAN = Context(prec=12, rounding=ROUND_HALF_UP)
_SIX = Context(prec=6, rounding=ROUND_HALF_UP)  # of an operand

# ------------------------------------------------------------------------------------------------------
# How each part of a unit prints

_MONEY = {  # before the number, several of them in a unit column, one of them after "a"
    "USD": ("$", "US dollars", "dollar"),
    "EUR": ("€", "euros", "euro"),
    "UAH": ("UAH ", "hryvnias", "hryvnia"),
    "RUB": ("RUB ", "roubles", "rouble"),
}
_SCALES = {"thousand": " thousand", "million": "m", "billion": "bn", "trillion": "tn"}
_OTHER_SPELLINGS = {"bn": "billion", "m": "million", "percent": "%", "h": "hour", "d": "day"}
_REGULAR = ("person", "year", "reactor", "hour", "day", "month", "unit", "region", "chapter", "oblast", "point", "missile",
            "warhead", "site")  # fmt: skip
_COUNTED = {name: f"{name}s" for name in _REGULAR} | {
    "deputy": "deputies", "ally": "allies", "party": "parties", "body": "bodies",
}  # fmt: skip
_SYMBOLS = {"t": "tonnes", "Mt": "million tonnes", "km^2": "square kilometres"}  # in a unit column; symbols at a number
_PLAIN = ("1", "ratio", "choice", "")


class _Parts(NamedTuple):
    """A unit text taken apart: "billion USD_2024/year" is billion, (USD,), a year, in prices of 2024."""

    scale: str
    nouns: tuple[str, ...]
    per: str
    prices: str


class _Printed(NamedTuple):
    """What stands around a number: before it, right at it (also in ranges), and after it."""

    before: str
    tight: str
    one: str
    many: str
    factor: int


@lru_cache(maxsize=512)
def _parts(unit: str) -> _Parts:
    """Read a unit text; a word nobody knows stays as it is."""
    over, *under = (part.strip("() ") for part in unit.split("/"))
    over, year = _without_year(over)
    names = [_name(word) for word in re.split(r"[\s*]+", over)]
    scale = next((name for name in names[:2] if name in _SCALES), "")  # "billion USD", and "USD bn" in facts
    nouns = tuple(name for name in names if name not in (scale, *_PLAIN))
    below = [word for part in under for word in re.split(r"\s*[*-]\s*", part) if word not in _PLAIN]
    return _Parts(scale, nouns, "".join(map(_per, below)), f" in prices of {year}" if year else "")


def _without_year(text: str) -> tuple[str, str]:
    """A unit, and the year in whose prices it is: "billion USD" and "2024"."""
    year = re.search(r"[A-Z]{3}_(\d{4})", text)
    return re.sub(r"([A-Z]{3})_\d{4}", r"\1", text), year[1] if year else ""


def _name(word: str) -> str:
    """The one spelling of a unit's name: persons and person are one."""
    known = _OTHER_SPELLINGS.get(word, word)
    return next((one for one, many in _COUNTED.items() if many == known), known)


def _per(text: str) -> str:
    """What is divided by, in words: " a year", " an hour", " per thousand persons", " a dollar of 2022"."""
    text, year = _without_year(text)
    names, of = [_name(word) for word in text.split()], f" of {year}" if year else ""
    if names and names[0] in _SCALES:
        return " per " + " ".join([names[0], *(_plural(name) for name in names[1:])]) + of
    words = " ".join(_MONEY[name][2] if name in _MONEY else name for name in names)
    return f" {'an' if words[:1] in {'a', 'i', 'o'} or words == 'hour' else 'a'} {words}{of}"


def _plural(name: str) -> str:
    """Several of them, as a unit column says it."""
    if name in _MONEY:
        return _MONEY[name][1]
    return _COUNTED.get(name) or _SYMBOLS.get(name, name)


@lru_cache(maxsize=512)
def _printed(unit: str) -> _Printed:
    """What stands around a number of this unit."""
    scale, nouns, per, prices = _parts(unit)
    first, before, tight, factor = (nouns or ("",))[0], "", _SCALES.get(scale, ""), 1
    if first in ("share", "%"):
        tight, factor = PER_CENT, 100 if first == "share" else 1
    elif re.fullmatch("[A-Z]{3}", first):  # money; a code that the table lacks stands as it is
        before = _MONEY[first][0] if first in _MONEY else f"{first} "
    said = nouns[1:] if before or tight == PER_CENT else nouns  # the sign says it, no word repeats it
    said = tuple(noun.replace("^2", "²") for noun in said)
    one = "".join(f" {noun}" for noun in said) + per + prices
    many = "".join(f" {_COUNTED.get(noun, noun)}" for noun in said) + per + prices
    return _Printed(before, tight, one, many, factor)


def unit_words(unit: str) -> str:
    """What a unit column says: "billion US dollars a year", "per cent", "hryvnias a person a year"."""
    parts = _parts(unit)
    if not parts.nouns and not parts.scale:
        return parts.per.strip() or unit or "ratio"
    named = ["per cent" if noun in {"share", "%"} else _plural(noun) for noun in parts.nouns]
    return " ".join(filter(None, [parts.scale, *named])) + parts.per + parts.prices


# ------------------------------------------------------------------------------------------------------
# Rounding


def step(low: Real, high: Real) -> Decimal:
    """The largest power of ten not above a fiftieth of the width of a range as it prints; 0 without width."""
    width = _WIDE.subtract(_exact(high), _exact(low)).copy_abs()
    return Decimal(1).scaleb(_WIDE.divide(width, Decimal(50)).adjusted()) if width else Decimal(0)


def _exact(number: Real) -> Decimal:
    """The number as a decimal, without the noise of floats."""
    if isinstance(number, Decimal):
        return number
    if isinstance(number, int | Fraction):
        return _WIDE.divide(Decimal(number.numerator), Decimal(number.denominator))
    return _CLEAN.plus(Decimal(repr(float(number))))


def _in_print(value: Printable, unit: str) -> Decimal | None:
    """A number in the scale that prints (a share in per cent, a date as its day); None for what is no number."""
    if unit == DATE and isinstance(value, date):
        return Decimal(value.toordinal())
    if value is None or isinstance(value, str | date):
        return None
    return _WIDE.multiply(_exact(value), Decimal(_printed(unit).factor))


def _place(unit: str, value: Printable, low: Printable, high: Printable, digits: int | None = None) -> int:
    """The power of ten of the last digit that prints: one for a value and both ends of its range."""
    given = [_in_print(number, unit) for number in (value, low, high)]
    known = [number for number in given if number is not None and number.is_finite()]
    ends = [number for number in given[1:] if number is not None and number.is_finite()]
    if digits is not None:
        return max((number.adjusted() for number in known if number), default=0) - digits + 1
    if len(ends) < 2 or ends[0] == ends[1]:
        return min(map(_own_place, known), default=0)
    place = step(*ends).adjusted()
    # Years, persons and reactors are counted: where all three are whole, "10.0 years" says nothing more.
    counted = _parts(unit).nouns[:1] and _parts(unit).nouns[0] in _COUNTED
    return max(place, 0) if counted and all(n == n.to_integral_value() for n in known) else place


def _own_place(number: Decimal) -> int:
    """The last digit of a number without a range: its own if it was written so, else the third."""
    short = number.normalize(_WIDE)
    whole = number == number.to_integral_value() and number.adjusted() < _CLEAN.prec
    if len(short.as_tuple().digits) > _QUOTED and not whole:
        return short.adjusted() - _COMPUTED + 1
    return min(int(short.as_tuple().exponent), 0)


def _write(value: Printable, unit: str, place: int, *, words: bool = True, plus: bool = False) -> str:
    """A number rounded at a place, with sign and unit, with or without words after it; a label as words."""
    printed, number = _printed(unit), _in_print(value, unit)
    if number is None:
        return "unset" if value is None else plain_name(str(value))
    if unit == DATE:
        return day(number).isoformat()
    text = "not a number" if number.is_nan() else "∞"
    if number.is_finite():
        number = number.quantize(Decimal((0, (1,), place)), context=_WIDE)
        text = f"{number.copy_abs():,f}"
    sign = "" if number.is_nan() or number == 0 else MINUS if number < 0 else "+" if plus else ""
    after = printed.one if text == "1" and not printed.tight else printed.many
    return f"{sign}{printed.before}{text}{printed.tight}{after if words else ''}"


def day(number: Real) -> date:
    """The calendar day of a number that formulas see; of a part of a day, the nearest.

    A day that no calendar has raises InvalidValue.
    """
    exact = _exact(number)
    if not (exact.is_finite() and 1 <= (nearest := exact.quantize(Decimal(1), context=_WIDE)) <= date.max.toordinal()):
        raise InvalidValue("a date leaves the calendar, which runs from year 1 to year 9999")
    return date.fromordinal(int(nearest))


def days(numbers: Iterable[Any], unit: str) -> Any:
    """Numbers of a unit as tables take them: of dates their calendar days, what is missing left out."""
    if unit != DATE:
        return numbers
    return [None if number != number else day(number) for number in numbers]


# ------------------------------------------------------------------------------------------------------
# What others call


def display(
    value: Printable, unit: str, *, low: Printable = None, high: Printable = None, digits: int | None = None
) -> str:
    """A value with its unit: "$100bn", "31.8 %", "−280,000 persons".

    With a range, its last digit is the `step` of the range as it prints. Without one, a whole number and one
    of at most six significant digits print as they were written, a longer one with three.

    Parameters
    ----------
    value : number, str, date or None
        In the scale of the unit. A label prints with spaces, a date as ISO, None as "unset".
    unit : str
        A unit text. Parts that the library does not know print as they are.
    low, high : number, optional
        The range that decides the precision.
    digits : int, optional
        Significant digits (of the largest of the three) to print instead.
    """
    return _write(value, unit, _place(unit, value, low, high, digits))


def span(
    low: Printable, high: Printable, unit: str, *, value: Printable = None, digits: int | None = None
) -> str:
    """A range as it stands beside its value: "200,000 to 380,000", "−$60bn to $0bn"; "–" where there is none.

    Signs of money and per cent stay, words such as "persons" and "a year" do not. Give the value too, so that
    all three share one precision.
    """
    ends = _in_print(low, unit), _in_print(high, unit)
    if None in ends or ends[0] == ends[1]:
        return NO_RANGE
    place = _place(unit, value, low, high, digits)
    return f"{_write(low, unit, place, words=False)} to {_write(high, unit, place, words=False)}"


def difference(
    value: Printable, unit: str, *, low: Printable = None, high: Printable = None, digits: int | None = None
) -> str:
    """A signed difference: "+200,000 persons", "−$60bn"; of shares "−50 percentage points"."""
    text = _write(value, unit, _place(unit, value, low, high, digits), plus=True)
    single = text.lstrip("+" + MINUS).startswith("1" + PER_CENT)
    return text.replace(PER_CENT, " percentage point" if single else " percentage points")


def estimate(value: float, error: float, unit: str) -> str:
    """An estimate to the digits that its error leaves, three at most; "0 within error" where 0 is not ruled out."""
    if value <= error and value + error >= 0:
        return "0 within error" if value or error else display(0.0, unit)
    if unit == "share" and 0 < value < 0.0005:
        return f"under 0.1{PER_CENT}"
    left = _exact(value).adjusted() - _exact(error).adjusted() + 1 if error > 0 else _COMPUTED
    return display(value, unit, digits=min(max(left, 1), _COMPUTED))


def narrower(value: float, error: float, unit: str) -> str:
    """By how much a range would shrink: like `estimate`, of shares in percentage points, of dates in days."""
    text = estimate(value, error, "day" if unit == DATE else unit)
    single = text.startswith("1" + PER_CENT)
    return text.replace(PER_CENT, " percentage point" if single else " percentage points")


def operand(value: Printable, unit: str) -> str:
    """A number inside printed arithmetic, to six significant digits, so that a reader can redo the sum."""
    number = _in_print(value, unit)
    if number is None or not number.is_finite() or unit == DATE:
        return display(value, unit)
    short = _SIX.plus(number).normalize(_WIDE)
    return display(value, unit, digits=max(number.adjusted() - int(short.as_tuple().exponent) + 1, 1))


def format_number(value: Printable, low: Printable, high: Printable, unit: str, spec: str = "") -> str:
    """A number in prose: what ``format(number, spec)`` of a Number answers.

    The spec is nothing or ``value``, ``range``, ``low`` or ``high``; any other raises InvalidValue.
    """
    if spec not in ("", *SPECS):
        raise InvalidValue(f"no format ':{spec}' of a number; write {join([f':{s}' for s in SPECS], 'or')}")
    if spec == "range":
        return span(low, high, unit, value=value)
    if spec in ("low", "high"):
        end = low if spec == "low" else high
        return NO_RANGE if end is None else _write(end, unit, _place(unit, value, low, high))
    return display(value, unit, low=low, high=high)


def fill(template: str, numbers: Mapping[str, object]) -> str:
    """Fill a sentence with numbers: "{us_profit_total}", "{us_profit_total:range}".

    Only names and format specs stand in the braces, never an attribute or an index; anything else, or a brace
    left open, raises InvalidValue. An unknown name is the mapping's to refuse.
    """
    try:
        fields = list(Formatter().parse(template))
    except ValueError as error:
        raise InvalidValue(f"'{template}' cannot be filled: {str(error).lower()}") from None
    written = []
    for text, name, spec, conversion in fields:
        written.append(text)
        if name is None:
            continue
        if not name.isidentifier() or conversion:
            raise InvalidValue(f"'{template}' cannot be filled: write {{name}} or {{name:range}}")
        written.append(format(numbers[name], spec or ""))
    return "".join(written)


def wrapped(text: str, first: str = "", rest: str = "", width: int = WIDTH) -> list[str]:
    """Prose in lines, `first` before the first and `rest` before the others; no word and no address is broken."""
    return textwrap.wrap(
        text, width, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False, break_long_words=False
    )


def plain_name(name: str) -> str:
    """A name as words: "us profit total"."""
    return name.replace("_", " ")


def join(items: Iterable[str], conjunction: str = "and") -> str:
    """A list in a sentence: "a, b and c"."""
    *most, last = list(items) or [""]
    return f"{', '.join(most)} {conjunction} {last}" if most else last
