"""Votes, sessions and allies against sums done by hand, and sessions against a calendar turned over day by day."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import ratification as hand
from oracles.case import Case
from oracles.elections import term
from support import graph

import ukraineplan as up
from ukraineplan.dates import RULES

SIGNATURES = st.dates(date(2025, 10, 1), date(2035, 12, 31))
SOME = settings(max_examples=60, deadline=None)


@pytest.fixture(scope="module")
def plan() -> up.Plan:
    return up.load("us28")


def test_sums_done_by_hand_print_as_published() -> None:
    hand.check_published()


@pytest.mark.parametrize("case", hand.CASES, ids=lambda case: case.id)
def test_formula_equals_the_sum_done_by_hand(case: Case, plan: up.Plan) -> None:
    """Catches wrong arithmetic, a majority of another kind, and a session too early or too late."""
    found = plan.with_values(**case.values)[case.target].value
    if isinstance(case.expected, Fraction):
        assert found == pytest.approx(float(case.expected), rel=1e-12, abs=0), case.because
    else:
        expected: Any = case.expected
        assert found == expected, case.because


def test_every_formula_has_a_sum_done_by_hand(plan: up.Plan) -> None:
    """Catches a formula that nobody has worked out on paper."""
    mine = {name for name, f in plan.formulas.items() if f.provision == "ratification"}
    assert mine == {case.target for case in hand.CASES}


# ------------------------------------------------------------------------------------------------------
# Sessions


@SOME
@given(signature=SIGNATURES, further=st.integers(0, 4), court=st.integers(0, 365))
def test_readings_are_those_of_the_calendar(plan: up.Plan, signature: date, further: int, court: int) -> None:
    """Catches a second reading in the session of the first, and a session that is passed over."""
    found = plan.with_values(signature_date=signature, further_extensions=further, constitutional_court_step=court)
    end = term(signature, further=further)
    first, second = hand.readings(end, court)
    assert found["amendment_first_reading"].value == first
    assert found["amendment_second_reading"].value == second
    assert found["amendment_days"].value == (second - end).days
    assert found["amendment_days_from_signature"].value == (second - signature).days
    assert found["amendment_new_attempt"].value == second + timedelta(days=365)


@SOME
@given(signature=st.dates(date(1997, 1, 1), date(2035, 12, 31)), court=st.integers(0, 365))
def test_without_martial_law_readings_follow_signature(plan: up.Plan, signature: date, court: int) -> None:
    """Catches a calendar that knows only the years of the plan."""
    found = plan.with_values(signature_date=signature, martial_law_end_basis="at_signature", constitutional_court_step=court)
    assert found["amendment_second_reading"].value == hand.readings(signature, court)[1]


@given(signature=SIGNATURES)
def test_the_sessions_reach_as_far_as_the_limits(plan: up.Plan, signature: date) -> None:
    """Catches limits that let a first reading fall after the last session that is known."""
    limits = {
        n: plan.parameters[n].limits[1] for n in ("further_extensions", "martial_law_extension", "constitutional_court_step")
    }
    known = max((hand.TERM_END - signature).days, limits["martial_law_extension"])
    longest = known + limits["further_extensions"] * limits["martial_law_extension"] + limits["constitutional_court_step"]
    assert longest < RULES["days_to_sixth_session"](signature)


def test_beyond_the_sixth_session_no_second_reading_comes_before_the_first(plan: up.Plan) -> None:
    """Catches the last known session given for a reading that comes years after it."""
    found = plan.with_values(signature_date=date(2018, 9, 20))
    assert found["amendment_second_reading"].value == found["amendment_first_reading"].value


def test_every_drawn_second_reading_opens_a_session(plan: up.Plan) -> None:
    """Catches a wait for the session that stays while the Court's days are drawn."""
    drawn = up.sample(plan, ["amendment_second_reading"], draws=256).to_frame()["amendment_second_reading"]
    days = {d if isinstance(d, date) else date.fromordinal(round(d)) for d in drawn}
    assert len(days) > 1 and all(hand.opens(d) for d in days)


def test_the_range_of_the_second_reading_is_a_session_apart(plan: up.Plan) -> None:
    """Catches a range of days where only sessions are possible."""
    found = plan["amendment_second_reading"]
    assert (found.low, found.value, found.high) == (date(2026, 9, 1), date(2026, 9, 1), date(2027, 2, 2))


# ------------------------------------------------------------------------------------------------------
# Votes


def test_majorities_follow_from_the_seats(plan: up.Plan) -> None:
    """Catches a majority of the deputies who sit."""
    seats = plan["rada_seats"].value
    assert plan["amendment_initiative_votes"].value == seats / 3
    assert plan["ordinary_majority"].value == seats / 2 + 1
    assert plan["constitutional_majority"].value == seats * 2 / 3


@pytest.mark.parametrize(
    ("as_of", "sitting", "martial_law", "contested"),
    [
        ("2025-11-21", 399, 17, -32),
        ("2025-12-03", 399, 17, -43),
        ("2026-01-13", 399, 17, -43),
        ("2026-01-14", 393, 33, -43),
        ("2026-06-30", 393, 33, -58),
    ],
)
def test_votes_are_those_known_on_the_day(as_of: str, sitting: int, martial_law: int, contested: int) -> None:
    """Catches a vote that is known before it was taken."""
    found = up.load("us28", as_of=as_of)
    assert found["sitting_deputies"].value == sitting
    assert found["amendment_tolerable_absences"].value == sitting - 300
    assert found["amendment_share_of_sitting"].value == pytest.approx(300 / sitting)
    assert (found["martial_law_vote_margin"].value, found["contested_vote_margin"].value) == (martial_law, contested)


@SOME
@given(sitting=st.integers(1, 450), present=st.integers(0, 450), vote=st.integers(0, 450))
def test_margins_are_differences(plan: up.Plan, sitting: int, present: int, vote: int) -> None:
    """Catches a margin that is cut off at zero or turned round, and deputies counted twice."""
    found = plan.with_values(sitting_deputies=sitting, deputies_present=present, martial_law_vote=vote)
    assert found["amendment_tolerable_absences"].value == sitting - 300
    assert found["vacant_seats"].value + sitting == 450
    assert found["amendment_attendance_margin"].value == present - 300
    assert found["martial_law_vote_margin"].value == vote - 300
    assert found["amendment_share_of_sitting"].value * sitting == pytest.approx(300)


# ------------------------------------------------------------------------------------------------------
# What a text asks for


def test_without_a_bar_or_a_refusal_nothing_is_needed(plan: up.Plan) -> None:
    """Catches votes that are needed for no amendment; the calendar of an amendment stays to be read."""
    without = plan.with_values(nato_constitutional_bar="not_required", nato_accession_refusal="not_required")
    needed = ["amendment_votes_needed", "amendment_share_of_sitting", "amendment_days_from_signature",
              "allies_needed_for_refusal", "national_ratifications_needed"]  # fmt: skip
    assert [without[n].value for n in needed] == [0] * 5
    assert without["amendment_second_reading"].value == plan["amendment_second_reading"].value
    assert without["allies_needed_for_invitation"].value == plan["allies_needed_for_invitation"].value == 32


def test_one_refusal_is_enough(plan: up.Plan) -> None:
    """Catches a majority of allies: unanimity has room for nobody who declines, whichever route is taken."""
    for route in ("treaty_change", "council_decision"):
        found = plan.with_values(nato_refusal_route=route)
        assert (found["allies_needed_for_refusal"].value, found["allies_that_may_decline"].value) == (32, 0)


def test_no_formula_holds_a_chance(plan: up.Plan) -> None:
    """Catches a probability of agreement: a power, as of one chance to the number of allies, stands in no formula."""
    trace = graph().trace
    mine = [name for name, f in plan.formulas.items() if f.provision == "ratification"]
    assert not [n for n in mine for place in trace.below(trace.body(n)) if trace.ops[place].kind in ("pow", "exp", "log")]


def test_the_headline_is_a_sentence_of_conditions(plan: up.Plan) -> None:
    """Catches a headline that loses its condition, its votes or its date."""
    said = plan["amendment_votes_needed"].sentence
    assert said.startswith("If Ukraine's constitution and NATO's rules change as far as the text asks, then")
    for part in ("300 deputies", "75.2", "2026-09-01 at the earliest", "2026-09-01 to 2027-02-02", "32 allies"):
        assert part in said


@pytest.mark.parametrize("text", ["e3_reuters", "e3_wapo", "status_quo"])
def test_a_text_without_a_bar_still_needs_every_ally_for_an_invitation(text: str) -> None:
    """Catches "32 allies decide" with no number that says so, and a date of an amendment that the text does not ask for."""
    found = up.load(text)
    assert (found["allies_needed_for_invitation"].value, found["allies_needed_for_refusal"].value) == (32, 0)
    calendar = ("amendment_first_reading", "amendment_second_reading", "amendment_days", "amendment_new_attempt",
                "nato_last_ratification", "nato_change_in_force")  # fmt: skip
    assert all(" any " in f" {found[n].label.lower()}" for n in calendar)


@pytest.mark.parametrize(("as_of", "allies"), [("2024-03-06", None), ("2024-03-07", 32)])
def test_allies_are_thirty_two_from_the_day_on_which_they_were(as_of: str, allies: float | None) -> None:
    """Catches 32 allies in a vintage that had 31."""
    assert up.load("us28", as_of=as_of)["nato_allies"].value == allies


def test_the_premises_of_the_law_stand_beside_the_courts_days(plan: up.Plan) -> None:
    assert plan.parameters["constitutional_court_step"].benchmarks == ("art159_ccu_opinion", "art157_no_martial_law")
