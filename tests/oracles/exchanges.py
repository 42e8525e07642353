"""Point 24 by hand: prisoners all for all, civilians and children, and the pace of past returns.

"All remaining prisoners and bodies are exchanged on the principle 'all for all'"; "All civilian prisoners and
hostages, including children, are released" (both from the German).
"""

from datetime import date
from fractions import Fraction

from .case import Case, assert_prints, percent

# Central values for us28 on 21 November 2025, each from the quote beside it.
SHARE = percent("100")  # "alle für alle"
CHILDREN_SHARE = percent("100")  # "Alle zivilen Gefangenen und Geiseln, einschließlich Kinder"
REGISTERED = Fraction(19_546)  # "19,546 children have been deported or forcibly moved"
CHILDREN_RETURNED = Fraction(1_378)  # "1378 children ... have been successfully returned home", 2 July 2025
CIVILIANS = Fraction(16_000)  # "over 16,000 Ukrainian civilians", preliminary data of December 2024
RETURNED = Fraction(6_235)  # "in the course of exchanges 6,235 citizens of Ukraine", 15 October 2025
RETURNED_ALL = Fraction(7_000)  # "more than 7 thousand of our people", 2 October 2025
RETURNED_BEFORE = Fraction(3_956)  # "3,956 people have been released, including 1,358 in 2024", 30 December 2024

# Said on 14 February 2026 and not known at the leak: set by hand in the cases that need them.
HELD_BY_RUSSIA = Fraction(7_000)  # "approximately 7,000 Ukrainian prisoners of war"
HELD_BY_UKRAINE = Fraction(4_000)  # "We currently have over 4,000"
RUSSIANS_TAKEN = Fraction(10_000)  # "over 10,000 Russian prisoners of war in Ukraine over almost four years"
_HELD = {"prisoners_held_by_russia": "7000 person", "prisoners_held_by_ukraine": "4000 person"}


def days(start: str, end: str) -> Fraction:
    """Days from one day to another."""
    return Fraction((date.fromisoformat(end) - date.fromisoformat(start)).days)


def a_year(people: Fraction | int, in_days: Fraction) -> Fraction:
    """People a year of 365 days."""
    return people * 365 / in_days


PACE = a_year(RETURNED - RETURNED_BEFORE, days("2024-12-30", "2025-10-15"))
PACE_OF_2024 = Fraction(1_358)
PACE_OF_ALL = a_year(RETURNED_ALL - RETURNED_BEFORE, days("2024-12-30", "2025-10-02"))
# assumption: 387 by the end of February 2024, by the page that gives the register
CHILDREN_PACE = a_year(CHILDREN_RETURNED - 387, days("2024-02-29", "2025-07-02"))
CHILDREN_PACE_SINCE_2022 = a_year(CHILDREN_RETURNED, days("2022-02-24", "2025-07-02"))
CHILDREN_PACE_LATER = a_year(2_000 - 1_378, days("2025-07-02", "2026-02-17"))  # "two thousand children"

LEFT = REGISTERED - CHILDREN_RETURNED

_CHECKS = (
    Case("check_children_left_18168", "children_not_returned",
         {"children_registered": "19546 person", "children_returned": "1378 person"},
         Fraction(18_168), "19,546 less 1,378."),
    Case("check_children_returned_7_percent", "children_returned_share", {"children_returned": "1378 person"},
         Fraction(1_378, 19_546), "1,378 of 19,546."),
    Case("check_children_returned_10_2_percent", "children_returned_share", {"children_returned": "2000 person"},
         Fraction(2_000, 19_546), "2,000 of 19,546, the count of February 2026."),
    Case("check_one_for_one_leaves_3000", "ukrainians_beyond_equal_numbers", _HELD, Fraction(3_000),
         "4,000 for 4,000 leaves 3,000 of 7,000 Ukrainians."),
    Case("check_one_for_one_leaves_no_russian", "russians_beyond_equal_numbers", _HELD, Fraction(0),
         "4,000 for 4,000 leaves no Russian; never negative."),
)

_CENTRAL = tuple(
    Case(f"central_exchanges_{target}", target, {}, expected, because)
    for target, expected, because in (
        ("children_not_returned", LEFT, "Registered less returned."),
        ("children_to_return", CHILDREN_SHARE * LEFT, "All of them."),
        ("children_returned_share", CHILDREN_RETURNED / REGISTERED, "Of the registered, not of the rest."),
        ("children_return_duration", CHILDREN_SHARE * LEFT / CHILDREN_PACE,
         "18,168 at 991 in 489 days, in years of 365 days."),
        ("civilians_to_return", CHILDREN_SHARE * CIVILIANS, "All of 16,000."),
        ("prisoners_returned", RETURNED, "The convention counts the numbered exchanges."),
    )
)

_PRISONERS = (
    Case("all_for_all_by_russia", "prisoners_exchanged_by_russia", _HELD, SHARE * HELD_BY_RUSSIA, "All of 7,000."),
    Case("all_for_all_by_ukraine", "prisoners_exchanged_by_ukraine", _HELD, SHARE * HELD_BY_UKRAINE, "All of 4,000."),
    Case("held_ratio", "prisoners_held_ratio", _HELD, Fraction(7, 4), "7,000 over 4,000."),
    Case("prisoners_at_past_pace", "prisoner_return_duration", _HELD, HELD_BY_RUSSIA / PACE,
         "7,000 at 2,279 in 289 days, in years of 365 days."),
    Case("russians_no_longer_held", "russian_prisoners_no_longer_held",
         {**_HELD, "russian_prisoners_taken": "10000 person"}, RUSSIANS_TAKEN - HELD_BY_UKRAINE,
         "10,000 taken less 4,000 held: each of them an \"over\"."),
    Case("all_returns", "prisoners_returned", {"prisoner_count_basis": "all_returns"}, RETURNED_ALL,
         "The exchange agreed at Istanbul included."),
    Case("numbered_exchanges", "prisoners_returned", {"prisoner_count_basis": "numbered_exchanges"}, RETURNED,
         "The label set by hand gives the central value."),
)

_MANY_RUSSIANS = {"prisoners_held_by_russia": "1000 person", "prisoners_held_by_ukraine": "2500 person"}
_EDGES = (
    Case("half_of_the_children", "children_to_return", {"civilian_return_share": "50 %"}, LEFT / 2, "Half of 18,168."),
    Case("half_of_the_prisoners", "prisoners_exchanged_by_russia", {**_HELD, "prisoner_exchange_share": "50 %"},
         Fraction(3_500), "Half of 7,000."),
    Case("half_beyond_equal_numbers", "ukrainians_beyond_equal_numbers",
         {**_HELD, "prisoner_exchange_share": "50 %"}, Fraction(1_500), "3,500 less 2,000."),
    Case("nobody_exchanged", "prisoner_return_duration", {**_HELD, "prisoner_exchange_share": "0 %"}, Fraction(0),
         "No one to return takes no time."),
    Case("more_russians_held", "russians_beyond_equal_numbers", _MANY_RUSSIANS, Fraction(1_500), "2,500 less 1,000."),
    Case("more_russians_held_ukrainians", "ukrainians_beyond_equal_numbers", _MANY_RUSSIANS, Fraction(0),
         "Never negative."),
    Case("all_children_returned", "children_to_return", {"children_returned": "19546 person"}, Fraction(0),
         "None left."),
    Case("more_returned_than_registered", "children_not_returned", {"children_returned": "20000 person"},
         Fraction(0), "Never negative: registers are not closed."),
    Case("children_at_the_pace_since_2022", "children_return_duration",
         {"children_return_pace": f"{float(CHILDREN_PACE_SINCE_2022)!r} person/year"},
         LEFT / CHILDREN_PACE_SINCE_2022, "1,378 in the 1,224 days since 24 February 2022."),
    Case("prisoners_at_the_pace_of_2024", "prisoner_return_duration",
         {**_HELD, "prisoner_return_pace": "1358 person/year"}, HELD_BY_RUSSIA / PACE_OF_2024, "1,358 in 2024."),
)

CASES: tuple[Case, ...] = _CHECKS + _CENTRAL + _PRISONERS + _EDGES


def check_published() -> None:
    """Every figure in print for this provision comes out of the sums above."""
    assert days("2024-12-30", "2025-10-15") == 289 and days("2024-12-30", "2025-10-02") == 276
    assert days("2024-02-29", "2025-07-02") == 489 and days("2022-02-24", "2025-07-02") == 1_224
    assert days("2025-07-02", "2026-02-17") == 230
    assert_prints("children returned, per cent", CHILDREN_RETURNED / REGISTERED * 100, "7.1")
    assert_prints("children returned by February 2026", Fraction(2_000) / REGISTERED * 100, "10.2")
    assert_prints("children returned by February 2024", Fraction(387) / REGISTERED * 100, "2.0")
    assert_prints("prisoners a day", PACE / 365, "7.9")
    assert_prints("prisoners a year", PACE, "2878")
    assert_prints("prisoners a year, all returns", PACE_OF_ALL, "4026")
    assert_prints("children a year", CHILDREN_PACE, "740")
    assert_prints("children a year since 2022", CHILDREN_PACE_SINCE_2022, "411")
    assert_prints("children a year, later", CHILDREN_PACE_LATER, "987")
    assert_prints("years for the children", LEFT / CHILDREN_PACE, "24.6")
    assert_prints("years since 2022", LEFT / CHILDREN_PACE_SINCE_2022, "44.2")
    assert_prints("days for the prisoners", HELD_BY_RUSSIA / PACE * 365, "888")
    to_november = (6_266 - RETURNED_BEFORE) / days("2024-12-30", "2025-11-27")
    assert_prints("prisoners a day to 27 November 2025", to_november, "7")
    assert_prints("days at that pace, about 1,000", HELD_BY_RUSSIA / to_november / 1_000, "1")
