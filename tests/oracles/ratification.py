"""Point 7 by hand: an amendment of Ukraine's constitution, and what NATO would have to agree on.

"NATO agrees to include in its statutes a provision that Ukraine will not be admitted in the future"
"is deemed adopted if at the next regular session of the Verkhovna Rada not less than two thirds of the constitutional
composition voted for it"
"Regular sessions of the Verkhovna Rada begin on the first Tuesday of February and the first Tuesday of September"
"The Constitution of Ukraine may not be changed under martial law or a state of emergency."

The days of the Constitutional Court are counted from the end of martial law; the first reading falls on their last day, and
the second on the opening of the first regular session that begins after that day.
"""

from datetime import date, timedelta
from fractions import Fraction

from .case import Case, assert_prints
from .elections import SIGNATURE, TERM_END, days

# Central values for us28 on 21 November 2025, each from the quote beside it.
SEATS = Fraction(450)  # "four hundred and fifty deputies"
SITTING = Fraction(399)  # "now has 399 members, the lowest number in its history"
PRESENT = Fraction(340 + 350, 2)  # "around 340-350 deputies who are constantly in the hall": the middle
INITIATIVE = SEATS / 3  # "not less than one third of the deputies of the constitutional composition"
MAJORITY = SEATS / 2 + 1  # "the required 226"
TWO_THIRDS = SEATS * 2 / 3  # "which requires 300 votes to pass"
COURT = 63  # "on September 20, 2018 sent to the Constitutional Court", first vote on 22 November 2018
BAR = 365  # "not earlier than a year after the day of the decision", read as 365 days
ALLIES = Fraction(32)  # "by unanimous agreement"; "Sweden the 32nd member as of 7 March 2024"
SLOWEST = 601  # Hungary on Sweden: 5 July 2022 to 26 February 2024
JOINED = 611  # Sweden: 5 July 2022 to 7 March 2024

# Votes recorded up to 21 November 2025.
MARTIAL_LAW_VOTE = Fraction(317)  # "Some 317 MPs voted for corresponding bill (No. 14128)"
FIRST_VOTE = Fraction(311)  # "in support of which 311 deputies voted"
FINAL_VOTE = Fraction(334)  # "A total of 334 deputies of 385 registered"
CONTESTED_VOTE = Fraction(268)  # "268 MPs voted for the draft resolution."
DECENTRALISATION_VOTE = Fraction(265)  # "Parliament mustered just 265 votes"


def opens(day: date) -> bool:
    """Whether a regular session opens: a Tuesday among the first seven days of February or of September."""
    return day.month in (2, 9) and day.day <= 7 and day.weekday() == 1


def next_session(after: date) -> date:
    """The first opening after a day, looked for day by day."""
    after += timedelta(days=1)
    while not opens(after):
        after += timedelta(days=1)
    return after


def readings(end_of_martial_law: date, court: int = COURT) -> tuple[date, date]:
    """The earliest first and second reading."""
    first = end_of_martial_law + timedelta(days=court)
    return first, next_session(first)


FIRST, SECOND = readings(TERM_END)

_NO_BAR = {"nato_constitutional_bar": "not_required"}
_NO_REFUSAL = {"nato_accession_refusal": "not_required"}
_FEWER = {"sitting_deputies": "393 deputy"}

_CHECKS = (
    Case("check_share_of_399", "amendment_share_of_sitting", {"sitting_deputies": "399 deputy"}, Fraction(300, 399),
         "300 of 399."),
    Case("check_share_of_393", "amendment_share_of_sitting", _FEWER, Fraction(300, 393), "300 of 393."),
    Case("check_absences_of_399", "amendment_tolerable_absences", {}, Fraction(399 - 300), "399 less 300."),
    Case("check_absences_of_393", "amendment_tolerable_absences", _FEWER, Fraction(393 - 300), "393 less 300."),
    Case("check_317_plus_17", "martial_law_vote_margin", {}, Fraction(317 - 300), "317 less 300."),
    Case("check_333_plus_33", "martial_law_vote_margin", {"martial_law_vote": "333 deputy"}, Fraction(333 - 300),
         "The vote of 14 January 2026."),
    Case("check_257_minus_43", "contested_vote_margin", {"contested_vote": "257 deputy"}, Fraction(257 - 300),
         "The budget of 2026."),
    Case("check_precedent_140_days", "amendment_precedent_days", {}, Fraction(63 + 77), "63 to the first vote, 77 to the last."),
    Case("check_32_allies", "allies_needed_for_refusal", {}, ALLIES, "All of them."),
)

_CENTRAL = tuple(
    Case(f"central_{target}", target, {}, expected, because)
    for target, expected, because in (
        ("vacant_seats", SEATS - SITTING, "450 less 399."),
        ("initiative_share_of_sitting", INITIATIVE / SITTING, "150 of 399."),
        ("ordinary_share_of_sitting", MAJORITY / SITTING, "226 of 399."),
        ("ordinary_tolerable_absences", SITTING - MAJORITY, "399 less 226."),
        ("amendment_votes_needed", TWO_THIRDS, "Two thirds of 450, whoever sits."),
        ("amendment_share_of_sitting", TWO_THIRDS / SITTING, "300 of 399."),
        ("amendment_tolerable_absences", SITTING - TWO_THIRDS, "399 less 300."),
        ("amendment_attendance_margin", PRESENT - TWO_THIRDS, "345 less 300."),
        ("martial_law_vote_margin", MARTIAL_LAW_VOTE - TWO_THIRDS, "317 less 300."),
        ("amendment_first_vote_margin", FIRST_VOTE - TWO_THIRDS, "311 less 300."),
        ("amendment_final_vote_margin", FINAL_VOTE - TWO_THIRDS, "334 less 300."),
        ("contested_vote_margin", CONTESTED_VOTE - TWO_THIRDS, "268 less 300."),
        ("decentralisation_vote_margin", DECENTRALISATION_VOTE - TWO_THIRDS, "265 less 300."),
        ("amendment_first_reading", date(2026, 4, 7), "63 days after 3 February: 25, 31 and 7."),
        ("amendment_second_reading", date(2026, 9, 1), "The first Tuesday of September 2026."),
        ("amendment_days", Fraction(63 + 23 + 31 + 30 + 31 + 31 + 1), "63 days to 7 April, and from there to 1 September."),
        ("amendment_days_from_signature", Fraction(74 + 63 + 147), "74 days to the end of martial law before them."),
        ("amendment_new_attempt", date(2027, 9, 1), "A year of 365 days after 1 September 2026."),
        ("amendment_precedent_days", Fraction(140), "20 September 2018 to 7 February 2019."),
        ("allies_needed_for_refusal", ALLIES, "All of them."),
        ("allies_that_may_decline", Fraction(0), "None: one refusal suffices."),
        ("allies_needed_for_invitation", ALLIES, "All of them."),
        ("national_ratifications_needed", ALLIES, "A change of the treaty is ratified by each."),
        ("nato_last_ratification", SIGNATURE + timedelta(days=SLOWEST), "At the pace of the slowest ally on Sweden."),
        ("nato_change_in_force", SIGNATURE + timedelta(days=JOINED), "At the pace of Sweden's accession."),
    )
)

_CONVENTIONS = (
    Case("no_bar_votes", "amendment_votes_needed", _NO_BAR, Fraction(0), "No amendment, no votes."),
    Case("no_bar_share", "amendment_share_of_sitting", _NO_BAR, Fraction(0), "None of 399."),
    Case("no_bar_absences", "amendment_tolerable_absences", _NO_BAR, SITTING, "Nobody has to be there."),
    Case("no_bar_days", "amendment_days_from_signature", _NO_BAR, Fraction(0), "Nothing to wait for."),
    Case("no_bar_calendar", "amendment_second_reading", _NO_BAR, SECOND, "The calendar of any amendment stays."),
    Case("no_bar_margin", "martial_law_vote_margin", _NO_BAR, Fraction(17), "Recorded votes are measured against 300 still."),
    Case("no_refusal_allies", "allies_needed_for_refusal", _NO_REFUSAL, Fraction(0), "Nothing to agree on."),
    Case("no_refusal_decline", "allies_that_may_decline", _NO_REFUSAL, ALLIES, "All may."),
    Case("no_refusal_invitation", "allies_needed_for_invitation", _NO_REFUSAL, ALLIES, "An invitation needs all of them still."),
    Case("no_refusal_ratifications", "national_ratifications_needed", _NO_REFUSAL, Fraction(0), "Nothing to ratify."),
    Case("council_allies", "allies_needed_for_refusal", {"nato_refusal_route": "council_decision"}, ALLIES,
         "The Council decides by consensus: all of them again."),
    Case("council_ratifications", "national_ratifications_needed", {"nato_refusal_route": "council_decision"}, Fraction(0),
         "A decision of the Council is not ratified."),
    Case("ended_at_signature_first", "amendment_first_reading", {"martial_law_end_basis": "at_signature"},
         date(2026, 1, 23), "63 days after 21 November 2025: 9, 31 and 23."),
    Case("ended_at_signature_second", "amendment_second_reading", {"martial_law_end_basis": "at_signature"}, TERM_END,
         "3 February 2026 is the first Tuesday of that month."),
)

_PRECEDENT = {"signature_date": date(2018, 9, 20), "martial_law_end_basis": "at_signature"}


def _court(step: int, because: str) -> tuple[Case, Case]:
    """Both readings after a Court that takes so many days."""
    values = {"constitutional_court_step": f"{step} day"}
    first, second = readings(TERM_END, step)
    return (
        Case(f"court_{step}_first", "amendment_first_reading", values, first, because),
        Case(f"court_{step}_second", "amendment_second_reading", values, second, because),
    )


_EDGES = (
    *_court(14, "The Court's days of 2015, the fewest."),
    *_court(243, "The Court's days of 2017-18, the most: into the session of February 2027."),
    *_court(0, "Read on 3 February 2026, the day a session opens: the second reading waits for the next session."),
    *_court(209, "31 August 2026, a day before a session opens."),
    *_court(210, "1 September 2026, the day a session opens."),
    *_court(365, "A year of the Court."),
    Case("precedent_of_2018", "amendment_second_reading", _PRECEDENT, date(2019, 2, 5),
         "The session opened on 5 February 2019; the vote was on the 7th, two days into it."),
    Case("precedent_of_2018_days", "amendment_days", _PRECEDENT, Fraction(63 + 75), "Two days fewer than the 140."),
    Case("four_extensions", "amendment_second_reading", {"further_extensions": 4}, readings(date(2027, 1, 29))[1],
         "29 January 2027 and 63 days: the session of September 2027."),
    Case("as_far_as_the_calendar_reaches", "amendment_second_reading",
         {"signature_date": date(2026, 2, 4), "further_extensions": 4, "constitutional_court_step": "365 day"},
         readings(date(2027, 4, 29), 365)[1], "4 May 2026, four terms and a year of the Court: September 2028."),
    Case("fewer_attendance", "amendment_attendance_margin", {"deputies_present": "340 deputy"}, Fraction(40), "340 less 300."),
    Case("more_attendance", "amendment_attendance_margin", {"deputies_present": "350 deputy"}, Fraction(50), "350 less 300."),
    Case("exactly_300", "martial_law_vote_margin", {"martial_law_vote": "300 deputy"}, Fraction(0),
         "The vote of 21 April 2022."),
    Case("finland_last_ratification", "nato_last_ratification", {"nato_slowest_ratification": "268 day"},
         SIGNATURE + timedelta(days=268), "Türkiye on Finland."),
    Case("finland_in_force", "nato_change_in_force", {"nato_accession_time": "273 day"},
         SIGNATURE + timedelta(days=273), "Finland."),
)  # fmt: skip

CASES: tuple[Case, ...] = _CHECKS + _CENTRAL + _CONVENTIONS + _EDGES


def check_published() -> None:
    """Every figure in print for this provision comes out of the sums above."""
    by_id = {case.id: case.expected for case in CASES}
    for name, scale, printed in (
        ("check_share_of_399", 100, "75.2"),
        ("check_share_of_393", 100, "76.3"),
        ("check_absences_of_393", 1, "93"),
        ("check_317_plus_17", 1, "17"),
        ("check_333_plus_33", 1, "33"),
        ("check_257_minus_43", 1, "-43"),
        ("check_precedent_140_days", 1, "140"),
    ):
        exact = by_id[name]
        assert isinstance(exact, Fraction)
        assert_prints(name, exact * scale, printed)

    assert (INITIATIVE, MAJORITY, TWO_THIRDS) == (150, 226, 300)
    sent, first, last = date(2018, 9, 20), date(2018, 11, 22), date(2019, 2, 7)
    assert (days(sent, first), days(first, last)) == (63, 77) == (10 + 31 + 22, 8 + 31 + 31 + 7)
    assert days(date(2017, 10, 19), date(2018, 6, 19)) == 243
    signed = date(2022, 7, 5)
    assert [days(signed, d) for d in (date(2023, 3, 30), date(2023, 4, 4))] == [268, 273]
    assert [days(signed, d) for d in (date(2024, 2, 26), date(2024, 3, 7))] == [SLOWEST, JOINED]
    assert (date(2026, 4, 7), date(2026, 9, 1)) == (FIRST, SECOND)
    # Unanimity of 32 who agree with a chance of 0.95 each and apart from each other is arithmetic, and in no formula.
    assert_prints("0.95 to the power of 32, %", Fraction(95, 100) ** 32 * 100, "19")
