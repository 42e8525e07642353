"""Point 25 by hand: 100 days against the calendar that the law leaves after martial law.

"In der Ukraine werden innerhalb von 100 Tagen Wahlen abgehalten" (in Ukraine elections are held within 100 days)
"The martial law will be extended from November 5, 2025, for a period of 90 days, i.e. until February 3, 2026."

All days are calendar days. The day on which martial law ends is day 0, and so is the day on which the 100 days start.
Slack is the last day of the deadline less the day of the vote: below zero the vote comes after the deadline.
"""

from datetime import date, timedelta
from fractions import Fraction

from .case import Case, assert_prints

# Central values for us28 on 21 November 2025, each from the quote beside it.
SIGNATURE = date(2025, 11, 21)  # assumption: the day of the vintage
TERM_END = date(2026, 2, 3)  # "for a period of 90 days, i.e. until February 3, 2026"
EXTENSION = 90  # the same quote: "for a period of 90 days"
DEADLINE = 100  # "innerhalb von 100 Tagen"
CALL = 30  # "within a month after the end of martial law", read as 30 days
PARLIAMENTARY = 60  # "the election process itself must last 60 days"
PRESIDENTIAL = 90  # "90 days for the presidential elections in Ukraine and 60 days for the parliamentary elections"
PREPARATION = 6 * 30  # "at least 6 months", months of thirty days
RESTART = 30  # "starts anew 30 days after martial law or the state of emergency ends or is lifted"


def day(start: date, *days: int) -> date:
    """The day that lies so many days after another."""
    return start + timedelta(days=sum(days))


def term(signature: date, end: date = TERM_END, further: int = 0, extension: int = EXTENSION) -> date:
    """The end of the latest known term of martial law, extended one by one up to signature, and further."""
    while end < signature:
        end += timedelta(days=extension)
    return end + timedelta(days=further * extension)


def sunday(on_or_after: date) -> date:
    """The next Sunday, looked for day by day."""
    while on_or_after.weekday() != 6:
        on_or_after += timedelta(days=1)
    return on_or_after


def days(one: date, other: date) -> Fraction:
    """Days from one day to another."""
    return Fraction((other - one).days)


PARLIAMENT = day(TERM_END, CALL, PARLIAMENTARY)
PRESIDENT = day(TERM_END, CALL, PRESIDENTIAL)
LAST = day(SIGNATURE, DEADLINE)

_AT_THE_END = {"election_clock_start": "end_of_martial_law"}
_AT_SIGNATURE = {"martial_law_end_basis": "at_signature"}
_PREPARED = {"election_preparation_counted": "yes"}
_SUNDAY = {"voting_day": "sunday"}
_ASKED = {"signature_date": date(2025, 11, 27)}  # the day by which an answer was asked

_CHECKS = (
    Case("check_parliament_plus_10", "parliamentary_election_slack", _AT_THE_END, Fraction(100 - (30 + 60)),
         "Call and process of 90 days fit into 100."),
    Case("check_president_minus_20", "presidential_election_slack", _AT_THE_END, Fraction(100 - (30 + 90)),
         "Call and process of 120 days do not."),
    Case("check_president_after_six_months_minus_170", "presidential_slack_after_preparation", _AT_THE_END,
         Fraction(100 - (180 + 90)), "Six months of preparation in place of the call."),
    Case("check_parliament_after_six_months_minus_140", "parliamentary_slack_after_preparation", _AT_THE_END,
         Fraction(100 - (180 + 60)), "Six months of preparation in place of the call."),
    Case("check_27_november_and_100_days", "election_deadline_end", _ASKED, date(2026, 3, 7),
         "3 days of November, 31, 31 and 28 make 93; 7 of March the hundred."),
    Case("check_3_february_and_100_days", "election_deadline_end", _AT_THE_END, date(2026, 5, 14),
         "25 days of February, 31 and 30 make 86; 14 of May the hundred."),
    Case("check_both_at_60_days_plus_10", "election_slack", {**_AT_THE_END, "presidential_election_process": "60 day"},
         Fraction(100 - (30 + 60)), "The contested reading: 30 and 60 days for both votes."),
)  # fmt: skip

_CENTRAL = tuple(
    Case(f"central_{target}", target, {}, expected, because)
    for target, expected, because in (
        ("martial_law_extensions_to_signature", Fraction(0), "21 November 2025 lies in the term that runs to 3 February 2026."),
        ("martial_law_end_of_term", TERM_END, "The term in force at the leak."),
        ("martial_law_end", TERM_END, "At the end of its term."),
        ("martial_law_after_signature", Fraction(9 + 31 + 31 + 3), "9 days of November, 31, 31 and 3."),
        ("election_clock_day", SIGNATURE, "The clock starts at signature."),
        ("election_deadline_end", date(2026, 3, 1), "9, 31, 31 and 28 days make 99; 1 March the hundred."),
        ("days_before_election_process", Fraction(30), "The month in which the vote has to be called."),
        ("parliamentary_election_days", Fraction(30 + 60), "Call and process."),
        ("presidential_election_days", Fraction(30 + 90), "Call and process."),
        ("earliest_parliamentary_election", date(2026, 5, 4), "3 February and 90 days: 25, 31 and 30 make 86, and 4 of May."),
        ("earliest_presidential_election", date(2026, 6, 3), "30 days after 4 May."),
        ("earliest_election", date(2026, 6, 3), "Both kinds: the later of the two."),
        ("election_days_needed", Fraction(74 + 120), "74 days to the end of martial law, 120 days from there."),
        ("parliamentary_election_slack", Fraction(100 - 74 - 90), "74 days pass before the lawful calendar starts."),
        ("presidential_election_slack", Fraction(100 - 74 - 120), "74 days pass before the lawful calendar starts."),
        ("election_slack", Fraction(100 - 74 - 120), "Both kinds: the smaller of the two."),
        ("parliamentary_slack_after_preparation", Fraction(100 - 74 - 240), "180 and 60 days."),
        ("presidential_slack_after_preparation", Fraction(100 - 74 - 270), "180 and 90 days."),
    )
)

_CONVENTIONS = (
    Case("clock_at_entry_into_force", "election_deadline_end",
         {"election_clock_start": "entry_into_force", "days_to_entry_into_force": "30 day"},
         day(SIGNATURE, 30, DEADLINE), "30 days from signature to entry into force."),
    Case("clock_at_entry_into_force_slack", "presidential_election_slack",
         {"election_clock_start": "entry_into_force", "days_to_entry_into_force": "30 day"},
         Fraction(30 + 100 - 74 - 120), "The clock starts 30 days later; the lawful calendar does not move."),
    Case("clock_at_end_does_not_move_the_vote", "earliest_election", _AT_THE_END, PRESIDENT,
         "The lawful calendar does not ask when the 100 days start."),
    Case("ended_at_signature_parliament", "parliamentary_election_slack", _AT_SIGNATURE, Fraction(10), "100 less 90."),
    Case("ended_at_signature_president", "presidential_election_slack", _AT_SIGNATURE, Fraction(-20), "100 less 120."),
    Case("ended_at_signature_days_left", "martial_law_after_signature", _AT_SIGNATURE, Fraction(0), "None is left."),
    Case("parliament_alone", "election_slack", {"election_kinds": "parliamentary"}, days(PARLIAMENT, LAST),
         "Only the parliamentary vote counts."),
    Case("president_alone", "earliest_election", {"election_kinds": "presidential"}, PRESIDENT,
         "Only the presidential vote counts."),
    Case("prepared_president", "presidential_election_slack", {**_AT_THE_END, **_PREPARED}, Fraction(-170),
         "The convention gives the same as the row of its own."),
    Case("prepared_parliament", "earliest_parliamentary_election", _PREPARED,
         day(TERM_END, 180, 60), "180 days take the place of the call."),
    Case("prepared_by_calendar_months", "presidential_slack_after_preparation",
         {**_AT_THE_END, "election_preparation": "181 day"}, Fraction(100 - (181 + 90)),
         "3 February to 3 August 2026 are 181 days."),
    Case("sunday_parliament", "earliest_parliamentary_election", _SUNDAY, date(2026, 5, 10),
         "4 May 2026 is a Monday."),
    Case("sunday_president", "earliest_presidential_election", _SUNDAY, date(2026, 6, 7),
         "3 June 2026 is a Wednesday."),
    Case("sunday_slack", "election_slack", _SUNDAY, Fraction(-94 - 4), "Four days later than without the Sunday."),
    Case("sunday_after_preparation", "presidential_slack_after_preparation", {**_AT_THE_END, **_SUNDAY},
         Fraction(-171), "270 days after 3 February is 31 October 2026, a Saturday."),
)  # fmt: skip

_DECEMBER = {"referendum_ceasefire": "60 day", "signature_date": date(2025, 12, 24)}
_EDGES = (
    Case("two_further_extensions", "martial_law_end", {"further_extensions": 2}, date(2026, 8, 2),
         "3 February, 4 May, 2 August 2026."),
    Case("three_further_extensions", "martial_law_end", {"further_extensions": 3}, date(2026, 10, 31),
         "90 days after 2 August."),
    Case("four_further_extensions", "martial_law_end", {"further_extensions": 4}, date(2027, 1, 29),
         "90 days after 31 October."),
    Case("further_extension_slack", "presidential_election_slack", {"further_extensions": 1}, Fraction(-94 - 90),
         "The vote moves by 90 days, the deadline does not."),
    Case("further_extension_ended_at_signature", "presidential_election_slack", {**_AT_SIGNATURE, "further_extensions": 1},
         Fraction(-20), "What ended at signature is not extended."),
    Case("signed_on_the_last_day_of_a_term", "martial_law_end", {"signature_date": date(2026, 2, 3)}, TERM_END,
         "The last day belongs to the term."),
    Case("signed_a_day_after_the_term", "martial_law_end", {"signature_date": date(2026, 2, 4)},
         date(2026, 5, 4), "Extended once, to 4 May 2026."),
    Case("signed_in_the_term_before", "martial_law_end", {"signature_date": date(2025, 11, 4)},
         TERM_END, "It had been extended already, by the vote of 21 October 2025."),
    Case("signed_in_may_2027", "martial_law_end", {"signature_date": date(2027, 5, 15)},
         term(date(2027, 5, 15)), "Six extensions, counted off."),
    Case("call_on_the_first_day", "presidential_election_slack", {**_AT_THE_END, "election_call": "0 day"}, Fraction(10),
         "100 less the 90 days of the process alone."),
    Case("no_days_allowed", "parliamentary_election_slack", {**_AT_THE_END, "election_deadline": "0 day"}, Fraction(-90),
         "A deadline of no days."),
    Case("referendum_of_december", "earliest_referendum", _DECEMBER, date(2026, 2, 22),
         "60 days of ceasefire: 7, 31 and 22; martial law ends earlier, on 3 February."),
    Case("referendum_waits_for_martial_law", "earliest_referendum", {**_DECEMBER, "further_extensions": 1},
         date(2026, 5, 4), "None under martial law."),
    Case("referendum_stopped_and_started_anew", "earliest_referendum", {**_DECEMBER, "referendum_restart_counted": "yes"},
         day(TERM_END, RESTART), "30 days after 3 February come after the 60 days: the two are not added."),
    Case("referendum_of_a_later_ceasefire", "earliest_referendum", {**_DECEMBER, "ceasefire_after_signature": "20 day"},
         date(2026, 3, 14), "80 days after 24 December: 7, 31, 28 and 14."),
    Case("across_29_february", "earliest_parliamentary_election",
         {"signature_date": date(2027, 12, 15), "martial_law_end_basis": "at_signature"},
         date(2028, 3, 14), "16, 31, 29 and 14 days: 2028 has a 29 February."),
)  # fmt: skip

CASES: tuple[Case, ...] = _CHECKS + _CENTRAL + _CONVENTIONS + _EDGES


def check_published() -> None:
    """Every figure in print for this provision comes out of the sums above."""
    by_id = {case.id: case.expected for case in CASES}
    for name, printed in (
        ("check_parliament_plus_10", "10"),
        ("check_president_minus_20", "-20"),
        ("check_president_after_six_months_minus_170", "-170"),
    ):
        exact = by_id[name]
        assert isinstance(exact, Fraction)
        assert_prints(name, exact, printed)

    assert day(date(2025, 11, 27), DEADLINE) == date(2026, 3, 7)
    assert day(TERM_END, DEADLINE) == date(2026, 5, 14)
    assert days(TERM_END, date(2026, 3, 7)) == 32
    assert [day(date(2026, 5, 4), EXTENSION * n) for n in (1, 2, 3)] == [date(2026, 8, 2), date(2026, 10, 31), date(2027, 1, 29)]
    assert (date(2026, 5, 4), date(2026, 6, 3), date(2026, 3, 1)) == (PARLIAMENT, PRESIDENT, LAST)
    assert (sunday(PARLIAMENT), sunday(PRESIDENT)) == (date(2026, 5, 10), date(2026, 6, 7))
    # Six months by calendar have 181 to 184 days, so the slack lies between -171 and -174.
    half_years = {_six_months(date(year, month, 1)) for year in range(2025, 2029) for month in range(1, 13)}
    assert (min(half_years), max(half_years)) == (181, 184)
    assert DEADLINE - 181 - PRESIDENTIAL == -171 and DEADLINE - 184 - PRESIDENTIAL == -174


def _six_months(first: date) -> int:
    """Days from the first of a month to the first of the sixth month after."""
    year, month = divmod(first.year * 12 + first.month - 1 + 6, 12)
    return (date(year, month + 1, 1) - first).days
