"""One sum done by hand: what is asked, with which inputs, what comes out, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

YEARS = tuple(range(1, 31))
"""Years 1 to 30 of a yearly number; year 1 is 2026, the calendar year after the draft's date."""


@dataclass(frozen=True)
class Case:
    """A number computed by hand, to compare with the library's formula of the same name.

    Parameters
    ----------
    id
        A name of its own; those that begin with ``check_`` are the check values in print.
    target
        The public name of the formula.
    values
        Inputs set by hand. What is not named stands at the central value for the text `us28`
        on 21 November 2025.
    expected
        In the formula's unit: money in billions, shares from 0 to 1, energy in TWh, emissions in Mt,
        prices plain. A yearly number is a tuple of thirty, a date a date.
    because
        Where the sum comes from, and which reading of a word it takes.
    """

    id: str
    target: str
    values: Mapping[str, object]
    expected: Fraction | date | tuple[Fraction, ...]
    because: str


def billions(amount: Fraction) -> Fraction:
    """An amount counted one by one (hryvnias, dollars), in billions."""
    return amount / 1_000_000_000


def percent(number: str) -> Fraction:
    """A share or a rate printed in per cent: ``percent("4.06")`` is 0.0406."""
    return Fraction(number) / 100


def prints_as(exact: Fraction, printed: str) -> bool:
    """Whether an exact number rounds to a printed one, to as many decimals as are printed."""
    decimals = len(printed.partition(".")[2])
    half_a_step = Fraction(1, 2 * 10**decimals)
    return abs(exact - Fraction(printed)) <= half_a_step


def assert_prints(what: str, exact: Fraction, printed: str) -> None:
    """Fail, naming both numbers, where an exact result does not round to the printed one."""
    assert prints_as(exact, printed), f"{what}: computed {float(exact):.8g}, printed {printed}"
