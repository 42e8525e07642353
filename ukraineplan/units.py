"""Units: one small registry, the aliases that formulas are annotated with, and two functions they may use.

Formulas compute with bare numbers; the annotation says in which unit. pint parses unit texts and converts,
and is imported only when that is asked for. Percent exists in data files and in print, never in a formula:
a `Share` runs from 0 to 1.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import numpy as np

from ukraineplan.errors import UnitError, did_you_mean

if TYPE_CHECKING:
    import pint

CHOICE = "choice"
"""The unit text of a convention that is answered with a label."""

DATE = "date"
"""The unit text of a calendar day; formulas see its number, day 1 being 1 January of year 1."""

# ------------------------------------------------------------------------------------------------------
# The vocabulary of annotations. The text is the only spelling of a unit; `Any` because a formula runs on
# floats, on arrays and on the nodes of a trace alike.

Choice = Annotated[Any, CHOICE]
Share = Annotated[Any, "share"]
Ratio = Annotated[Any, "ratio"]
PerThousand = Annotated[Any, "1/thousand"]
Years = Annotated[Any, "year"]
Days = Annotated[Any, "day"]
Date = Annotated[Any, "date"]
PerYear = Annotated[Any, "share/year"]
HoursPerYear = Annotated[Any, "hour/year"]

Persons = Annotated[Any, "person"]
ThousandPersons = Annotated[Any, "thousand person"]
PersonsPerYear = Annotated[Any, "person/year"]

Deputies = Annotated[Any, "deputy"]
Allies = Annotated[Any, "ally"]
Regions = Annotated[Any, "region"]
SquareKm = Annotated[Any, "km^2"]
Chapters = Annotated[Any, "chapter"]
DaysPerChapter = Annotated[Any, "day/chapter"]
PersonsPerDay = Annotated[Any, "person/day"]

USD = Annotated[Any, "USD"]
BillionUSD = Annotated[Any, "billion USD"]
BillionUSDPerYear = Annotated[Any, "billion USD/year"]
BillionEUR = Annotated[Any, "billion EUR"]
BillionEURPerYear = Annotated[Any, "billion EUR/year"]
BillionUAHPerYear = Annotated[Any, "billion UAH/year"]
USDPerPerson = Annotated[Any, "USD/person"]
BillionUSDPerPerson = Annotated[Any, "billion USD/person"]
UAHPerPersonYear = Annotated[Any, "UAH/person/year"]
BillionUAHPerPersonYear = Annotated[Any, "billion UAH/person/year"]
EURPerUSD = Annotated[Any, "EUR/USD"]
UAHPerUSD = Annotated[Any, "UAH/USD"]
RUBPerEUR = Annotated[Any, "RUB/EUR"]
EURPerMWh = Annotated[Any, "EUR/MWh"]
UAHPerMWh = Annotated[Any, "UAH/MWh"]
RUBPerMWh = Annotated[Any, "RUB/MWh"]
BillionEURPerTWh = Annotated[Any, "billion EUR/TWh"]

Reactors = Annotated[Any, "reactor"]
ReactorsPerYear = Annotated[Any, "reactor/year"]
MWPerReactor = Annotated[Any, "MW/reactor"]
TWPerReactor = Annotated[Any, "TW/reactor"]
TWhPerReactorYear = Annotated[Any, "TWh/reactor/year"]
TWhPerYear = Annotated[Any, "TWh/year"]
TonnesPerMWh = Annotated[Any, "t/MWh"]
MtPerYear = Annotated[Any, "Mt/year"]

BillionUSD2022 = Annotated[Any, "billion USD_2022"]
BillionUSD2023 = Annotated[Any, "billion USD_2023"]
BillionUSD2024 = Annotated[Any, "billion USD_2024"]
BillionUSD2025 = Annotated[Any, "billion USD_2025"]
USD2024PerUSD2022 = Annotated[Any, "USD_2024/USD_2022"]
USD2024PerUSD2023 = Annotated[Any, "USD_2024/USD_2023"]
USD2024PerUSD2025 = Annotated[Any, "USD_2024/USD_2025"]


def choose(switch: Any, /, **options: Any) -> Any:
    """The option that a convention names: ``choose(profit_base, first_100bn=a, both_200bn=b)``.

    Parameters
    ----------
    switch : str or array of str
        The label of a convention, a `Choice` argument of the formula.
    **options
        One value a label; the labels are those of the data file, in any order (compared at load).
    """
    if hasattr(switch, "chosen"):
        return switch.chosen(options)
    if isinstance(switch, str):  # a plain option beside a yearly one is the same in every year
        chosen, shape = options[switch], np.broadcast_shapes(*map(np.shape, options.values()))
        return chosen if np.shape(chosen) == shape else np.broadcast_to(chosen, shape)
    return np.select([np.asarray(switch) == label for label in options], list(options.values()), default=np.nan)


def ratio(part: Any, whole: Any) -> Any:
    """``part / whole``, and 0 where the whole is 0."""
    for number in (part, whole):
        if hasattr(number, "ratio_of"):
            return number.ratio_of(part, whole)
    nothing = np.equal(whole, 0)
    return np.where(nothing, 0.0, part / np.where(nothing, 1.0, whole))


# ------------------------------------------------------------------------------------------------------
# Reading unit texts


class Measure(NamedTuple):
    """What checking a unit needs: its dimensions, and how many base units one of it is."""

    dimensions: tuple[tuple[str, float], ...]
    factor: float


_WORD = re.compile(r"%|[A-Za-z]+(?:_[0-9]{4})?")
_NAME = rf"(?:{_WORD.pattern})(?:\^[1-9])?"
# After a '/' only a '/' may follow: "USD/person year" is read in two ways.
_UNIT = re.compile(rf"(?:1|{_NAME})(?: *[ *] *{_NAME})*(?: */ *{_NAME})*")
_LONGEST = 60


@cache
def registry() -> pint.UnitRegistry[Any]:
    """The library's own pint registry; pint's application registry stays untouched."""
    import pint

    return pint.UnitRegistry(
        str(Path(__file__).with_name("units.txt")), preprocessors=[lambda text: text.replace("%", " percent ")]
    )


@cache
def parse(text: str) -> pint.Unit:
    """A unit text as a pint unit.

    Parameters
    ----------
    text : str
        Unit names joined by spaces, ``*`` and ``/``, such as ``"billion USD/year"`` or ``"%/year"``.

    Raises
    ------
    UnitError
        If the text is not of that form or names a unit that does not exist.
    """
    if len(text) > _LONGEST or not _UNIT.fullmatch(text.strip()):
        shown = text if len(text) <= _LONGEST else text[:20] + "..."
        raise UnitError(f"'{shown}' is not a unit: write names joined by '/' or a space, such as 'billion USD/year'")
    known = registry()
    for word in _WORD.findall(text):
        if word == "nan" or (word not in known and word != "%"):
            raise UnitError(f"no unit '{word}' in '{text}'{did_you_mean(word, known)}")
    return known.Unit(text.strip())


@cache
def measure(text: str) -> Measure:
    """Dimensions and scale of a unit text; `choice` is a dimension of its own."""
    if text == CHOICE:
        return Measure(((CHOICE, 1.0),), 1.0)
    base: Any = registry().Quantity(1.0, parse(text)).to_base_units()
    dimensions = tuple(sorted((name.strip("[]"), float(power)) for name, power in base.dimensionality.items()))
    return Measure(dimensions, float(base.magnitude))


@cache
def conversion(have: str, want: str) -> float:
    """The factor that turns a number in one unit into a number in another.

    Raises
    ------
    UnitError
        If the two differ in dimension, for example dollars and euros.
    """
    if have == want:
        return 1.0
    one, other = measure(have), measure(want)
    if one.dimensions != other.dimensions:
        raise UnitError(f"'{have}' does not convert to '{want}'")
    return float(f"{one.factor / other.factor:.15g}")


def in_formulas(text: str) -> str:
    """The unit in which formulas see a number of a data file: shares instead of per cent."""
    return text.replace("%", "share")


def in_print(text: str) -> str:
    """The unit in which people read and type a number that formulas see as a share: per cent."""
    return text.replace("share", "%")
