"""Point 17 and the terms beside the text, by hand: days between dates, and the day a guarantee ends.

"agree to extend the nuclear non-proliferation and arms control treaties, including START I"
"""

from datetime import date
from fractions import Fraction

from .case import Case, assert_prints

# Central values for us28 on 21 November 2025, each from the quote beside it.
VINTAGE = date(2025, 11, 21)  # the day of signature stands for no day that a text names
PUBLISHED = date(2025, 11, 20)  # assumption: the first of the two days on which media printed the wording
NEW_START_END = date(2026, 2, 5)  # "Date Expired: 5 February 2026", fixed since 2021
START1_END = date(2009, 12, 31)  # "expired in December 2009"; assumption: the month's last day
DEADLINE = date(2025, 11, 27)  # "The date falls on November 27"
COMPANION_YEARS = 10  # "remain valid for ten years"

# Known later than the leak: set by hand in the cases that need them.
WITHDRAWN = date(2025, 11, 25)  # "on Tuesday backed away from a Thursday deadline"
ACCESSION = date(2027, 1, 1)  # "EU accession by January 1, 2027"
REPORTED = date(2025, 12, 12)  # the day of that report
CHAPTERS = 36  # "any of the 36 complex stages"


def days(start: date, end: date) -> Fraction:
    """Days from one day to another; negative if the second comes first."""
    return Fraction((end - start).days)


def years_later(day: date, years: int) -> date:
    """The same day that many years later."""
    return day.replace(year=day.year + years)


_ACCESSION = {"eu_accession_date": "2027-01-01", "eu_chapters": "36 chapter"}

_CHECKS = (
    Case("check_77_days_to_the_end_of_new_start", "new_start_days_left",
         {"draft_published": "2025-11-20", "new_start_end": "2026-02-05"}, Fraction(10 + 31 + 31 + 5),
         "10 days of November, December, January, 5 days of February."),
    Case("check_7_days_to_the_deadline", "days_to_answer_deadline",
         {"draft_published": "2025-11-20", "answer_deadline": "2025-11-27"}, Fraction(7), "27 less 20 November."),
    Case("check_385_days_to_accession", "eu_accession_days", {**_ACCESSION, "signature_date": "2025-12-12"},
         Fraction(365 + 20), "To 12 December 2026, and 20 days more."),
    Case("check_385_days_for_36_chapters", "eu_accession_days_per_chapter",
         {**_ACCESSION, "signature_date": "2025-12-12"}, Fraction(385, 36), "385 days over 36 chapters."),
)

_CENTRAL = (
    Case("central_new_start_days_left", "new_start_days_left", {}, days(PUBLISHED, NEW_START_END), "20 November to 5 February."),
    Case("central_start1_days_since_end", "start1_days_since_end", {}, days(START1_END, PUBLISHED),
         "31 December 2009 to 20 November 2025."),
    Case("central_companion_guarantee_expiry", "companion_guarantee_expiry", {},
         years_later(VINTAGE, COMPANION_YEARS), "21 November 2035."),
)


def guarantee(years: int) -> tuple[Case, Case]:
    """The guarantee's end after so many years, from 21 November 2025 and from 29 February 2028."""
    leap = date(2028 + years, 2, 29) if years % 4 == 0 else date(2028 + years, 3, 1)
    return (
        Case(f"guarantee_of_{years}_years", "guarantee_expiry", {"guarantee_duration": f"{years} year"},
             date(2025 + years, 11, 21), "The same day of the later year."),
        Case(f"guarantee_of_{years}_years_from_a_leap_day", "guarantee_expiry",
             {"guarantee_duration": f"{years} year", "signature_date": "2028-02-29"}, leap,
             "29 February where the later year has one, else 1 March."),
    )


_GUARANTEES = (
    *(case for years in (10, 15, 30, 40, 50) for case in guarantee(years)),
    Case("bilateral_guarantee", "bilateral_guarantee_expiry", {"bilateral_guarantee_duration": "15 year"},
         date(2040, 11, 21), "15 years on."),
    Case("shortest_guarantee_asked_for", "shortest_requested_guarantee_expiry",
         {"shortest_requested_guarantee_duration": "30 year"}, date(2055, 11, 21), "30 years on."),
    Case("longest_guarantee_asked_for", "longest_requested_guarantee_expiry",
         {"longest_requested_guarantee_duration": "50 year"}, date(2075, 11, 21), "50 years on."),
)

_DEADLINE = {"answer_deadline": "2025-11-27", "answer_deadline_withdrawn": "2025-11-25"}
_EDGES = (
    Case("days_to_withdrawal", "days_to_deadline_withdrawal", _DEADLINE, days(PUBLISHED, WITHDRAWN), "25 less 20 November."),
    Case("days_left_at_withdrawal", "deadline_days_left_at_withdrawal", _DEADLINE, days(WITHDRAWN, DEADLINE),
         "27 less 25 November."),
    Case("counted_from_21_november", "new_start_days_left", {"draft_published": "2025-11-21"}, Fraction(76),
         "One day fewer."),
    Case("start1_by_the_first_of_the_month", "start1_days_since_end", {"start1_end": "2009-12-01"},
         days(date(2009, 12, 1), PUBLISHED), "Thirty days more."),
    Case("accession_from_the_vintage", "eu_accession_days", _ACCESSION, days(VINTAGE, ACCESSION),
         "385 days and 21 more."),
    Case("accession_at_33_chapters", "eu_accession_days_per_chapter",
         {"eu_accession_date": "2027-01-01", "eu_chapters": "33 chapter"}, days(VINTAGE, ACCESSION) / 33,
         "Other pages count 33."),
    Case("accession_before_signature", "eu_accession_days", {**_ACCESSION, "signature_date": "2027-01-31"}, Fraction(-30),
         "A date that has passed shows as days below zero."),
)

CASES: tuple[Case, ...] = _CHECKS + _CENTRAL + _GUARANTEES + _EDGES


def check_published() -> None:
    """Every figure in print for this provision comes out of the sums above."""
    assert_prints("New START, days", days(PUBLISHED, NEW_START_END), "77")
    assert_prints("the deadline, days", days(PUBLISHED, DEADLINE), "7")
    assert_prints("accession, days", days(REPORTED, ACCESSION), "385")
    assert_prints("accession, days a chapter", days(REPORTED, ACCESSION) / CHAPTERS, "10.7")
    assert_prints("START I, years", days(START1_END, PUBLISHED) / Fraction("365.25"), "15.9")
