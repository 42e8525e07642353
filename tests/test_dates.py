"""The calendar's rules against Python's own calendar, looked through day by day."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from itertools import count, islice

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ukraineplan.dates import RULES, days_of_years, days_to_nth_session, days_to_session, days_to_sunday, session
from ukraineplan.errors import InvalidValue

DAYS = st.dates(date(1900, 1, 1), date(2200, 12, 31))
DURATIONS = st.lists(st.integers(0, 700), max_size=3)
YEARS = st.integers(-80, 80)


def after(day: date, days: float) -> date:
    """The day that lies whole days after another."""
    assert days == int(days)
    return day + timedelta(days=int(days))


def is_opening(day: date) -> bool:
    """Whether a calendar sheet of the month shows this day as the first Tuesday of February or September."""
    sheet = calendar.monthcalendar(day.year, day.month)
    return day.month in (2, 9) and day.day == next(week[calendar.TUESDAY] for week in sheet if week[calendar.TUESDAY])


def openings(day: date, n: int) -> list[date]:
    """The first n openings on or after a day, found by looking at every day."""
    return list(islice((d for d in (day + timedelta(days=i) for i in count()) if is_opening(d)), n))


# ------------------------------------------------------------------------------------------------------
# Sessions


@pytest.mark.parametrize(
    ("day", "opening"),
    [
        (date(2018, 11, 22), date(2019, 2, 5)),
        (date(2019, 8, 30), date(2019, 9, 3)),
        (date(2025, 11, 21), date(2026, 2, 3)),
        (date(2026, 2, 3), date(2026, 2, 3)),
        (date(2026, 2, 4), date(2026, 9, 1)),
        (date(2027, 9, 8), date(2028, 2, 1)),
        (date(2028, 2, 29), date(2028, 9, 5)),
        (date(2025, 12, 31), date(2026, 2, 3)),
    ],
)
def test_the_next_session_of_known_days(day: date, opening: date) -> None:
    """Catches a session of the wrong month, weekday or week, and one that opens today taken for past."""
    assert after(day, days_to_session(day)) == opening


@given(DAYS, DURATIONS, st.integers(1, 6))
def test_sessions_are_those_of_the_calendar(day: date, durations: list[int], n: int) -> None:
    """Catches any first Tuesday that is missed or invented, and durations that do not move the day."""
    start = day + timedelta(days=sum(durations))
    assert after(start, days_to_nth_session(n, day, *durations)) == openings(start, n)[-1]


@given(DAYS)
def test_the_rules_of_later_sessions_follow_each_other(day: date) -> None:
    """Catches a rule under another's name: the second session called the third."""
    names = ["session", "second_session", "third_session", "fourth_session", "fifth_session", "sixth_session"]
    assert [after(day, RULES[f"days_to_{name}"](day)) for name in names] == openings(day, 6)


@given(st.integers(1900, 2200))
def test_a_year_has_two_openings_147_to_217_days_apart(year: int) -> None:
    """Catches an opening in the second week: the longest wait is 31 weeks, the shortest 21."""
    spring, autumn, next_spring = session(year, 2), session(year, 9), session(year + 1, 2)
    assert (autumn - spring).days in (210, 217)
    assert (next_spring - autumn).days in (147, 154)
    assert (next_spring - spring).days in (364, 371)


@given(DAYS, st.floats(0, 700))
def test_a_part_of_a_day_counts(day: date, duration: float) -> None:
    """Catches durations cut to whole days: the day after all of them is that of an opening."""
    landed = day.toordinal() + duration + days_to_session(day, duration)
    assert landed == pytest.approx(round(landed), abs=1e-6)
    assert is_opening(date.fromordinal(round(landed)))
    assert days_to_session(day, duration) >= 0


def test_just_after_an_opening_the_next_one_counts() -> None:
    """Catches a comparison of days where moments are meant."""
    assert days_to_session(date(2026, 2, 3), 0.25) == 209.75
    assert days_to_session(date(2026, 2, 2), 0.25) == 0.75


# ------------------------------------------------------------------------------------------------------
# Sundays


@given(DAYS, DURATIONS)
def test_sundays_are_those_of_the_calendar(day: date, durations: list[int]) -> None:
    """Catches a week that starts on another day."""
    start = day + timedelta(days=sum(durations))
    assert after(start, days_to_sunday(day, *durations)) == next(
        d for d in (start + timedelta(days=i) for i in range(7)) if d.isoweekday() == 7
    )


@given(DAYS, st.floats(0, 700))
def test_the_wait_for_a_sunday_is_less_than_a_week(day: date, duration: float) -> None:
    """Catches a Sunday that is skipped, also from within a day."""
    assert 0 <= days_to_sunday(day, duration) < 7


# ------------------------------------------------------------------------------------------------------
# Years


@pytest.mark.parametrize(
    ("day", "years", "end"),
    [
        (date(2025, 11, 21), 10, date(2035, 11, 21)),
        (date(2025, 11, 21), 15, date(2040, 11, 21)),
        (date(2024, 2, 29), 1, date(2025, 3, 1)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(2096, 2, 29), 4, date(2100, 3, 1)),  # 2100 has no 29 February
        (date(2025, 11, 21), 0, date(2025, 11, 21)),
        (date(2025, 11, 21), -1, date(2024, 11, 21)),
    ],
)
def test_the_same_day_of_known_years(day: date, years: int, end: date) -> None:
    """Catches years of 365 or 365.25 days, and a 29 February that ends the world."""
    assert after(day, days_of_years(day, years)) == end


@given(DAYS, YEARS)
@example(date(2000, 2, 29), 1)
def test_the_same_day_has_the_same_place_in_its_year(day: date, years: int) -> None:
    """Catches a leap day counted twice or not at all; counted month by month here."""
    end = after(day, days_of_years(day, years))
    assert end.year == day.year + years
    missing = (day.month, day.day) == (2, 29) and not calendar.isleap(end.year)
    assert (end.month, end.day) == ((3, 1) if missing else (day.month, day.day))


@given(DAYS, st.floats(-50, 50), st.floats(0, 5))
def test_more_years_are_not_fewer_days(day: date, years: float, more: float) -> None:
    """Catches a part of a year that jumps where the year ends; a year has at least 365 days and at most 366."""
    gained = days_of_years(day, years + more) - days_of_years(day, years)
    assert 365 * more - 2 <= gained <= 366 * more + 2


def test_a_part_of_a_year_is_that_part_of_its_days() -> None:
    """Catches half of 365 days where the year has 366."""
    assert days_of_years(date(2025, 3, 1), 0.5) == 365 / 2
    assert days_of_years(date(2027, 3, 1), 0.5) == 366 / 2
    assert days_of_years(date(2027, 3, 1), 1.5) == 366 + 365 / 2


# ------------------------------------------------------------------------------------------------------
# The ends of the calendar


@pytest.mark.parametrize(
    ("rule", "arguments"),
    [
        ("days_to_session", (date(9999, 9, 30),)),
        ("days_to_sixth_session", (date(9998, 1, 1),)),
        ("days_to_session", (date(2025, 1, 1), 1e9)),
        ("days_to_sunday", (date(2025, 1, 1), -1e9)),
        ("days_of_years", (date(2025, 1, 1), 9000)),
        ("days_of_years", (date(2025, 1, 1), -3000.5)),
    ],
)
def test_a_day_beyond_the_calendar_is_refused_in_words(rule: str, arguments: tuple[date | float, ...]) -> None:
    """Catches an OverflowError of Python's in place of a sentence."""
    with pytest.raises(InvalidValue, match="leave the calendar"):
        RULES[rule](*arguments)


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_answers_a_date_in_days(rule: str) -> None:
    """Catches a rule that is no rule: each takes a date, and those of years how many."""
    arguments = (date(2025, 11, 21), 1.0) if rule == "days_of_years" else (date(2025, 11, 21),)
    assert RULES[rule](*arguments) >= 0
