"""Rules about weekdays, sessions and calendar years: dates in, days out.

They run outside the formulas, when a plan loads and after every change of its values. Each counts from a day, and from
as many days after it as the durations add up to; a part of a day counts as a part.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial
from math import ceil, floor
from typing import Final

from ukraineplan.errors import InvalidValue

WEEK: Final = 7
TUESDAY: Final = 1
SESSION_MONTHS: Final = (2, 9)  # "the first Tuesday of February and the first Tuesday of September"


def days_to_session(day: date, *durations: float) -> float:
    """Days to the opening of the next regular session of parliament, 0 on a day that opens one.

    Parameters
    ----------
    day : date
    *durations : float
        Days after it from which to look.
    """
    return days_to_nth_session(1, day, *durations)


def days_to_nth_session(n: int, day: date, *durations: float) -> float:
    """The same to the n-th opening: the first is the next one."""
    start = _moment(day, durations)
    openings = (session(year, month).toordinal() for year in range(_year(start), date.max.year + 1) for month in SESSION_MONTHS)
    ahead = (opening for opening in openings if opening >= start)
    for _ in range(n - 1):
        next(ahead, None)
    found = next(ahead, None)
    if found is None:
        raise _beyond(day)
    return found - start


def days_to_sunday(day: date, *durations: float) -> float:
    """Days to the next Sunday, 0 on a Sunday."""
    start = _moment(day, durations)
    return ceil(start / WEEK) * WEEK - start  # day 7, 7 January of year 1, was a Sunday


def days_of_years(day: date, years: float) -> float:
    """Days to the same day so many years later; from 29 February, where there is none, to 1 March.

    Of a part of a year, the same part of the days of that year.
    """
    whole = floor(years)
    start, end = _years_later(day, whole), _years_later(day, whole + 1) if years > whole else None
    part = (years - whole) * (end - start).days if end else 0
    return (start - day).days + part


def session(year: int, month: int) -> date:
    """The first Tuesday of a month, on which a regular session opens."""
    first = date(year, month, 1)
    return first + timedelta(days=(TUESDAY - first.weekday()) % WEEK)


def _moment(day: date, durations: tuple[float, ...]) -> float:
    """The number of the day from which a rule looks."""
    moment = day.toordinal() + sum(durations)
    if not date.min.toordinal() <= moment <= date.max.toordinal():
        raise _beyond(day)
    return moment


def _year(moment: float) -> int:
    return date.fromordinal(floor(moment)).year


def _years_later(day: date, years: int) -> date:
    year = day.year + years
    if not date.min.year <= year <= date.max.year:
        raise _beyond(day)
    try:
        return day.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def _beyond(day: date) -> InvalidValue:
    return InvalidValue(f"the days counted from {day} leave the calendar, which runs from year 1 to year 9999")


RULES: Final[Mapping[str, Callable[..., float]]] = {
    "days_to_session": days_to_session,
    "days_to_second_session": partial(days_to_nth_session, 2),
    "days_to_third_session": partial(days_to_nth_session, 3),
    "days_to_fourth_session": partial(days_to_nth_session, 4),
    "days_to_fifth_session": partial(days_to_nth_session, 5),
    "days_to_sixth_session": partial(days_to_nth_session, 6),
    "days_to_sunday": days_to_sunday,
    "days_of_years": days_of_years,
}
"""The rules by name, as the data files call them."""

AFTER_THE_DAY: Final[Mapping[str, tuple[str, ...]]] = {"days_of_years": ("year",)}
"""The units of what a rule takes beside its day; of any other rule, any number of days."""
