"""Votes and sessions that an amendment of Ukraine's constitution needs, and the allies that NATO's refusal needs."""

import numpy as np

from ukraineplan.units import Allies, Choice, Date, Days, Deputies, Share, choose

# ------------------------------------------------------------------------------------------------------
# Seats and majorities


def vacant_seats(rada_seats: Deputies, sitting_deputies: Deputies) -> Deputies:
    """Vacant seats in parliament"""
    return rada_seats - sitting_deputies


def initiative_share_of_sitting(amendment_initiative_votes: Deputies, sitting_deputies: Deputies) -> Share:
    """Share of sitting deputies that may propose an amendment"""
    return amendment_initiative_votes / sitting_deputies


def ordinary_share_of_sitting(ordinary_majority: Deputies, sitting_deputies: Deputies) -> Share:
    """Ordinary majority as a share of sitting deputies

    For laws, and for the first reading of an amendment.
    """
    return ordinary_majority / sitting_deputies


def ordinary_tolerable_absences(sitting_deputies: Deputies, ordinary_majority: Deputies) -> Deputies:
    """Sitting deputies that an ordinary majority can miss"""
    return sitting_deputies - ordinary_majority


# ------------------------------------------------------------------------------------------------------
# The amendment: votes


def amendment_votes_needed(nato_constitutional_bar: Choice, constitutional_majority: Deputies) -> Deputies:
    """Votes that the bar on NATO membership needs

    At the second reading; counted on all seats, not on sitting deputies. None where no amendment is needed.
    """
    return choose(nato_constitutional_bar, required=constitutional_majority, not_required=0)


def amendment_share_of_sitting(amendment_votes_needed: Deputies, sitting_deputies: Deputies) -> Share:
    """Share of sitting deputies that the bar needs"""
    return amendment_votes_needed / sitting_deputies


def amendment_tolerable_absences(sitting_deputies: Deputies, amendment_votes_needed: Deputies) -> Deputies:
    """Sitting deputies that the bar can miss

    All of them where no amendment is needed.
    """
    return sitting_deputies - amendment_votes_needed


def amendment_attendance_margin(deputies_present: Deputies, amendment_votes_needed: Deputies) -> Deputies:
    """Deputies usually present beyond the votes needed"""
    return deputies_present - amendment_votes_needed


def martial_law_vote_margin(martial_law_vote: Deputies, constitutional_majority: Deputies) -> Deputies:
    """Latest vote on martial law less two thirds

    An ordinary law, measured against the votes that an amendment needs; so are the other recorded votes.
    """
    return martial_law_vote - constitutional_majority


def contested_vote_margin(contested_vote: Deputies, constitutional_majority: Deputies) -> Deputies:
    """Latest contested vote less two thirds"""
    return contested_vote - constitutional_majority


def amendment_first_vote_margin(amendment_first_vote: Deputies, constitutional_majority: Deputies) -> Deputies:
    """First vote on the amendment of 2018-19 less two thirds

    That vote needed an ordinary majority only.
    """
    return amendment_first_vote - constitutional_majority


def amendment_final_vote_margin(amendment_final_vote: Deputies, constitutional_majority: Deputies) -> Deputies:
    """Last vote on the amendment of 2018-19 less two thirds"""
    return amendment_final_vote - constitutional_majority


def decentralisation_vote_margin(decentralisation_vote: Deputies, constitutional_majority: Deputies) -> Deputies:
    """Vote on the amendment of 2015 less two thirds

    Its first reading; it was never put to a second one.
    """
    return decentralisation_vote - constitutional_majority


# ------------------------------------------------------------------------------------------------------
# The amendment: sessions


def amendment_first_reading(martial_law_end: Date, constitutional_court_step: Days) -> Date:
    """Earliest first reading of any bill sent after martial law

    Of any amendment, whether or not the text asks for one. The constitution may not be changed under martial law, and the
    days of the Constitutional Court are counted from its end; a bill that goes there before can be read earlier.
    """
    return martial_law_end + constitutional_court_step


def amendment_second_reading(
    amendment_first_reading: Date,
    signature_date: Date,
    days_to_first_session: Days,
    days_to_second_session: Days,
    days_to_third_session: Days,
    days_to_fourth_session: Days,
    days_to_fifth_session: Days,
    days_to_sixth_session: Days,
) -> Date:
    """Earliest second reading of any bill sent after martial law

    Of any amendment, whether or not the text asks for one: on the opening of the first regular session that begins after
    the day of the first reading. Later than the sixth session after signature, it is no earlier than the first reading.
    """
    read = amendment_first_reading - signature_date
    later = np.where(read < days_to_sixth_session, days_to_sixth_session, read)
    later = np.where(read < days_to_fifth_session, days_to_fifth_session, later)
    later = np.where(read < days_to_fourth_session, days_to_fourth_session, later)
    later = np.where(read < days_to_third_session, days_to_third_session, later)
    later = np.where(read < days_to_second_session, days_to_second_session, later)
    return signature_date + np.where(read < days_to_first_session, days_to_first_session, later)


def amendment_days(amendment_second_reading: Date, martial_law_end: Date) -> Days:
    """Days from martial law to the second reading of any bill

    Of any amendment that goes to the Constitutional Court at the end of martial law, whether or not the text asks for one.
    """
    return amendment_second_reading - martial_law_end


def amendment_precedent_days(amendment_precedent_court: Days, amendment_precedent_wait: Days) -> Days:
    """Days that the amendment of 2018-19 took

    From the referral to the Constitutional Court to the last vote, without martial law for most of the time.
    """
    return amendment_precedent_court + amendment_precedent_wait


def amendment_days_from_signature(nato_constitutional_bar: Choice, amendment_second_reading: Date, signature_date: Date) -> Days:
    """Days that the bar takes, signature to second reading

    None where no amendment is needed.
    """
    return choose(nato_constitutional_bar, required=amendment_second_reading - signature_date, not_required=0)


def amendment_new_attempt(amendment_second_reading: Date, amendment_resubmission_bar: Days) -> Date:
    """Earliest new bill if any bill's second reading fails

    Of any amendment, whether or not the text asks for one.
    """
    return amendment_second_reading + amendment_resubmission_bar


# ------------------------------------------------------------------------------------------------------
# NATO


def allies_needed_for_refusal(nato_accession_refusal: Choice, nato_allies: Allies) -> Allies:
    """Allies that have to agree to a written refusal

    All of them, by a change of the treaty as by a decision of the Council; none where no refusal is asked for.
    """
    return choose(nato_accession_refusal, required=nato_allies, not_required=0)


def allies_that_may_decline(nato_allies: Allies, allies_needed_for_refusal: Allies) -> Allies:
    """Allies whose agreement the refusal does not need

    All of them where no refusal is asked for; nobody where one is.
    """
    return nato_allies - allies_needed_for_refusal


def allies_needed_for_invitation(nato_allies: Allies) -> Allies:
    """Allies that have to agree to an invitation

    All of them, by Article 10 of the treaty, whatever the text asks for: one that declines suffices to stop it.
    """
    return nato_allies


def national_ratifications_needed(nato_refusal_route: Choice, allies_needed_for_refusal: Allies) -> Allies:
    """National ratifications that the refusal needs"""
    return choose(nato_refusal_route, treaty_change=allies_needed_for_refusal, council_decision=0)


def nato_last_ratification(signature_date: Date, nato_slowest_ratification: Days) -> Date:
    """Last ratification of any treaty change, at a recent pace

    If the slowest ally took as long as the slowest one on a recent accession; whether or not the text asks for a change.
    """
    return signature_date + nato_slowest_ratification


def nato_change_in_force(signature_date: Date, nato_accession_time: Days) -> Date:
    """Any treaty change in force, at a recent pace

    If it took as long as a recent accession, from signature to membership; whether or not the text asks for a change.
    """
    return signature_date + nato_accession_time
