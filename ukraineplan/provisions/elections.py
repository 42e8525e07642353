"""Elections and a referendum after martial law: the lawful calendar against a deadline."""

import numpy as np

from ukraineplan.units import Choice, Date, Days, Ratio, choose

# ------------------------------------------------------------------------------------------------------
# The end of martial law


def martial_law_extensions_to_signature(martial_law_term_end: Date, signature_date: Date, martial_law_extension: Days) -> Ratio:
    """Extensions of martial law up to the day of signature

    Beyond the latest term that is known; none for a signature before its end.
    """
    return np.maximum(-np.floor((martial_law_term_end - signature_date) / martial_law_extension), 0)


def martial_law_end_of_term(
    martial_law_term_end: Date,
    martial_law_extensions_to_signature: Ratio,
    further_extensions: Ratio,
    martial_law_extension: Days,
) -> Date:
    """End of the term of martial law

    Of the latest one that is known, or of the one that holds the day of signature; and of any further ones.
    """
    return martial_law_term_end + (martial_law_extensions_to_signature + further_extensions) * martial_law_extension


def martial_law_end(martial_law_end_basis: Choice, martial_law_end_of_term: Date, signature_date: Date) -> Date:
    """End of martial law

    No vote is held and no constitution changed before it.
    """
    return choose(martial_law_end_basis, end_of_term=martial_law_end_of_term, at_signature=signature_date)


def martial_law_after_signature(martial_law_end: Date, signature_date: Date) -> Days:
    """Days of martial law after signature"""
    return martial_law_end - signature_date


# ------------------------------------------------------------------------------------------------------
# The text's clock


def election_clock_day(
    election_clock_start: Choice, signature_date: Date, days_to_entry_into_force: Days, martial_law_end: Date
) -> Date:
    """Day on which the election clock starts"""
    return choose(
        election_clock_start,
        signature=signature_date,
        entry_into_force=signature_date + days_to_entry_into_force,
        end_of_martial_law=martial_law_end,
    )


def election_deadline_end(election_clock_day: Date, election_deadline: Days) -> Date:
    """Last day of the deadline for elections"""
    return election_clock_day + election_deadline


# ------------------------------------------------------------------------------------------------------
# The lawful calendar


def days_before_election_process(election_preparation_counted: Choice, election_call: Days, election_preparation: Days) -> Days:
    """Days from martial law to the start of the election process

    The preparation takes the place of the days for the call.
    """
    return choose(election_preparation_counted, no=election_call, yes=election_preparation)


def parliamentary_election_days(days_before_election_process: Days, parliamentary_election_process: Days) -> Days:
    """Days from martial law to a parliamentary vote"""
    return days_before_election_process + parliamentary_election_process


def presidential_election_days(days_before_election_process: Days, presidential_election_process: Days) -> Days:
    """Days from martial law to a presidential vote"""
    return days_before_election_process + presidential_election_process


def _voting_day(voting_day: Choice, day: Date, signature_date: Date, days_to_first_sunday: Days, week: Days) -> Date:
    """The day itself, or the next Sunday: whole weeks from the first Sunday after signature."""
    first = signature_date + days_to_first_sunday
    return choose(voting_day, any_day=day, sunday=first - np.floor((first - day) / week) * week)


def earliest_parliamentary_election(
    voting_day: Choice,
    martial_law_end: Date,
    parliamentary_election_days: Days,
    signature_date: Date,
    days_to_first_sunday: Days,
    week: Days,
) -> Date:
    """Earliest parliamentary vote under the lawful calendar

    With the days for the call used up; the early end of its range has the vote called on the first day.
    """
    return _voting_day(voting_day, martial_law_end + parliamentary_election_days, signature_date, days_to_first_sunday, week)


def earliest_presidential_election(
    voting_day: Choice,
    martial_law_end: Date,
    presidential_election_days: Days,
    signature_date: Date,
    days_to_first_sunday: Days,
    week: Days,
) -> Date:
    """Earliest presidential vote under the lawful calendar

    With the days for the call used up; the early end of its range has the vote called on the first day.
    """
    return _voting_day(voting_day, martial_law_end + presidential_election_days, signature_date, days_to_first_sunday, week)


def earliest_election(
    election_kinds: Choice, earliest_presidential_election: Date, earliest_parliamentary_election: Date
) -> Date:
    """Earliest day by which the vote is held

    Where both kinds are asked for, the later of the two.
    """
    return choose(
        election_kinds,
        presidential=earliest_presidential_election,
        parliamentary=earliest_parliamentary_election,
        both=np.maximum(earliest_presidential_election, earliest_parliamentary_election),
    )


def election_days_needed(earliest_election: Date, election_clock_day: Date) -> Days:
    """Days that the lawful calendar takes from the clock's start

    The shortest deadline that it meets.
    """
    return earliest_election - election_clock_day


# ------------------------------------------------------------------------------------------------------
# The one against the other


def election_slack(election_deadline_end: Date, earliest_election: Date) -> Days:
    """Days between the earliest vote and the deadline

    Below zero where the vote comes after the deadline.
    """
    return election_deadline_end - earliest_election


def parliamentary_election_slack(election_deadline_end: Date, earliest_parliamentary_election: Date) -> Days:
    """Days between a parliamentary vote and the deadline

    Below zero where the vote comes after the deadline.
    """
    return election_deadline_end - earliest_parliamentary_election


def presidential_election_slack(election_deadline_end: Date, earliest_presidential_election: Date) -> Days:
    """Days between a presidential vote and the deadline

    Below zero where the vote comes after the deadline.
    """
    return election_deadline_end - earliest_presidential_election


def parliamentary_slack_after_preparation(
    election_deadline_end: Date,
    voting_day: Choice,
    martial_law_end: Date,
    election_preparation: Days,
    parliamentary_election_process: Days,
    signature_date: Date,
    days_to_first_sunday: Days,
    week: Days,
) -> Days:
    """Days between a prepared parliamentary vote and the deadline

    With the months of preparation in place of the days for the call, whichever is counted elsewhere.
    """
    day = martial_law_end + election_preparation + parliamentary_election_process
    return election_deadline_end - _voting_day(voting_day, day, signature_date, days_to_first_sunday, week)


def presidential_slack_after_preparation(
    election_deadline_end: Date,
    voting_day: Choice,
    martial_law_end: Date,
    election_preparation: Days,
    presidential_election_process: Days,
    signature_date: Date,
    days_to_first_sunday: Days,
    week: Days,
) -> Days:
    """Days between a prepared presidential vote and the deadline

    With the months of preparation in place of the days for the call, whichever is counted elsewhere.
    """
    day = martial_law_end + election_preparation + presidential_election_process
    return election_deadline_end - _voting_day(voting_day, day, signature_date, days_to_first_sunday, week)


# ------------------------------------------------------------------------------------------------------
# A referendum


def earliest_referendum(
    signature_date: Date,
    ceasefire_after_signature: Days,
    referendum_ceasefire: Days,
    martial_law_end: Date,
    referendum_restart_counted: Choice,
    referendum_restart_wait: Days,
) -> Date:
    """Earliest referendum after ceasefire and martial law

    The later of the two: the days of ceasefire and those after martial law run side by side and are not added.
    """
    after_martial_law = choose(referendum_restart_counted, no=martial_law_end, yes=martial_law_end + referendum_restart_wait)
    return np.maximum(signature_date + ceasefire_after_signature + referendum_ceasefire, after_martial_law)
