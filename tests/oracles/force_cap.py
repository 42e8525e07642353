"""Point 6 by hand: the cap on the armed forces, their upkeep, and those who would leave.

"The size of the Ukrainian Armed Forces will be limited to 600,000 personnel."
"""

from fractions import Fraction

from .case import Case, assert_prints, billions, percent

# Central values for us28 on 21 November 2025, each from the quote beside it.
CAP = Fraction(600_000)  # "limited to 600,000 personnel"
STRENGTH = Fraction(880_000)  # "Ukraine's military now comprises 880,000 soldiers"
PREWAR = Fraction(250_000)  # law of 2015: "the army numbers up to 250 thousand"
POPULATION = Fraction(31_500_000)  # "in government-controlled territory ... about 31.5 million"
LABOUR_FORCE = Fraction(15_200_000)  # "bringing the total labor force down to 15.2 million"
COST_WARTIME = Fraction(1_200_000)  # "about 1.2 million hryvnias a year"
PAY_PEACETIME = Fraction(12 * 55_000)  # "50-60 thousand hryvnias" a month: the middle, twelve months
GDP = Fraction(10_294) * 10**9  # hryvnias: 2.8 trillion is "about 27.2% of the GDP"
UAH_PER_USD = Fraction("41.97")  # "put the dollar at 41.97 hryvnias"
AFFORDABLE = percent("3.4")  # assumption: the middle of 2.3 and 4.48 % of GDP
DEMOBILISATION_PER_HEAD = Fraction(450_000_000, 300_000)  # "USD 450 million ... over 300,000 ex-combatants"
DEMOBILISATION_PACE = Fraction(100_000)  # assumption, persons a year


def reduction(strength: Fraction, cap: Fraction) -> Fraction:
    """Persons above the cap; none where the strength is below it."""
    return max(strength - cap, Fraction(0))


def headroom(strength: Fraction, cap: Fraction) -> Fraction:
    """Persons that the cap still leaves room for; none where the strength is above it."""
    return max(cap - strength, Fraction(0))


def upkeep(strength: Fraction, cap: Fraction, cost: Fraction) -> Fraction:
    """Hryvnias a year for the smaller of strength and cap: a cap above the strength pays nobody."""
    return min(strength, cap) * cost


def external(upkeep_uah: Fraction, affordable: Fraction) -> Fraction:
    """Hryvnias a year of upkeep beyond the affordable share of GDP; none where it covers all."""
    return max(upkeep_uah - affordable * GDP, Fraction(0))


UPKEEP = upkeep(STRENGTH, CAP, COST_WARTIME)
UPKEEP_PAY = upkeep(STRENGTH, CAP, PAY_PEACETIME)
REDUCTION = reduction(STRENGTH, CAP)

_CHECKS = (
    Case("check_reduction_280000", "force_reduction",
         {"force_cap": "600000 person", "force_strength": "880000 person"},
         Fraction(880_000 - 600_000), "880,000 less 600,000."),
    Case("check_reduction_share_31_8_percent", "force_reduction_share",
         {"force_cap": "600000 person", "force_strength": "880000 person"},
         Fraction(280_000, 880_000), "280,000 of 880,000."),
    Case("check_multiple_of_prewar_2_4", "force_cap_multiple_of_prewar",
         {"prewar_strength": "250000 person"}, Fraction(600_000, 250_000),
         "600,000 over the 250,000 of the law of 2015."),
    Case("check_19_05_per_thousand", "force_cap_per_thousand_people",
         {"population": "31500000 person"}, Fraction(600_000, 31_500),
         "600,000 over 31,500 thousand people."),
    Case("check_18_26_per_thousand", "force_cap_per_thousand_people",
         {"population": "32862000 person"}, Fraction(600_000, 32_862),
         "600,000 over 32,862 thousand people, not over the rounded 32.9 million."),
    Case("check_15_83_per_thousand", "force_cap_per_thousand_people",
         {"population": "37900000 person"}, Fraction(600_000, 37_900),
         "600,000 over 37,900 thousand people (borders of 1991)."),
    Case("check_upkeep_720bn_at_1_2m", "force_upkeep",
         {"soldier_cost_wartime": "1.2e6 UAH/person/year"}, Fraction(600_000 * 1_200_000, 10**9),
         "600,000 persons at 1.2 million hryvnias a year: 720 billion."),
)

_CENTRAL = tuple(
    Case(f"central_{target}", target, {}, expected, because)
    for target, expected, because in (
        ("force_reduction", REDUCTION, "Strength less cap, never below zero."),
        ("force_reduction_share", REDUCTION / STRENGTH, "Of the present strength, not of the cap."),
        ("force_cap_headroom", Fraction(0), "Cap less strength, never below zero: the strength is above."),
        ("force_cap_multiple_of_prewar", CAP / PREWAR, "The cap over the prewar ceiling."),
        ("force_cap_per_thousand_people", CAP / (POPULATION / 1000),
         "Population in thousands, so 19.05 and not 0.019."),
        ("force_cap_share_of_labour_force", CAP / LABOUR_FORCE, "The cap over the labour force."),
        ("soldier_cost", COST_WARTIME, "The convention names the wartime figure."),
        ("force_upkeep", billions(UPKEEP), "The smaller of strength and cap, at the wartime cost."),
        ("force_upkeep_in_dollars", billions(UPKEEP / UAH_PER_USD), "720 billion hryvnias at 41.97."),
        ("force_upkeep_share_of_gdp", UPKEEP / GDP, "720 of 10,294 billion hryvnias."),
        ("force_external_financing", billions(external(UPKEEP, AFFORDABLE) / UAH_PER_USD),
         "Upkeep beyond 3.4 % of GDP. Read in billions of dollars a year."),
        ("demobilisation_cost", billions(REDUCTION * DEMOBILISATION_PER_HEAD),
         "280,000 persons at 1,500 dollars. Read in billions of dollars."),
        ("demobilisation_duration", REDUCTION / DEMOBILISATION_PACE,
         "280,000 persons at 100,000 a year, in years."),
    )
)

_PAY = {"soldier_cost_basis": "peacetime_pay"}
_CONVENTIONS = (
    Case("wartime_soldier_cost", "soldier_cost", {"soldier_cost_basis": "wartime"}, COST_WARTIME,
         "1.2 million hryvnias a year, weapons excluded, combat pay included."),
    Case("wartime_upkeep", "force_upkeep", {"soldier_cost_basis": "wartime"}, billions(UPKEEP),
         "The label set by hand gives the central value."),
    Case("peacetime_soldier_cost", "soldier_cost", _PAY, PAY_PEACETIME, "12 x 55,000: pay only."),
    Case("peacetime_upkeep", "force_upkeep", _PAY, billions(UPKEEP_PAY), "600,000 x 660,000."),
    Case("peacetime_upkeep_in_dollars", "force_upkeep_in_dollars", _PAY,
         billions(UPKEEP_PAY / UAH_PER_USD), "396 billion hryvnias at 41.97."),
    Case("peacetime_upkeep_share_of_gdp", "force_upkeep_share_of_gdp", _PAY, UPKEEP_PAY / GDP,
         "396 of 10,294 billion hryvnias."),
    Case("peacetime_external_financing", "force_external_financing", _PAY,
         billions(external(UPKEEP_PAY, AFFORDABLE) / UAH_PER_USD), "396 less 349.996 billion, at 41.97."),
    Case("peacetime_upkeep_at_pay_of_2022", "force_upkeep",
         {**_PAY, "soldier_pay_peacetime": "272797 UAH/person/year"}, Fraction(600_000 * 272_797, 10**9),
         "The low end: 71.2 billion hryvnias over 261,000 posts."),
    Case("peacetime_upkeep_at_60000_a_month", "force_upkeep",
         {**_PAY, "soldier_pay_peacetime": "720000 UAH/person/year"}, Fraction(600_000 * 720_000, 10**9),
         "The high end: 12 x 60,000."),
)

_BELOW = {"force_strength": "500000 person"}
_FEW = Fraction(500_000)
_FEW_UPKEEP = upkeep(_FEW, CAP, COST_WARTIME)
_EDGES = (
    Case("below_cap_reduction", "force_reduction", _BELOW, Fraction(0), "No one leaves; never negative."),
    Case("below_cap_reduction_share", "force_reduction_share", _BELOW, Fraction(0), "Zero of 500,000."),
    Case("below_cap_headroom", "force_cap_headroom", _BELOW, headroom(_FEW, CAP), "600,000 less 500,000."),
    Case("below_cap_upkeep", "force_upkeep", _BELOW, billions(_FEW_UPKEEP),
         "Upkeep of the 500,000 who serve, not of the 600,000 allowed."),
    Case("below_cap_upkeep_in_dollars", "force_upkeep_in_dollars", _BELOW,
         billions(_FEW_UPKEEP / UAH_PER_USD), "600 billion hryvnias at 41.97."),
    Case("below_cap_upkeep_share_of_gdp", "force_upkeep_share_of_gdp", _BELOW, _FEW_UPKEEP / GDP,
         "600 of 10,294 billion hryvnias."),
    Case("below_cap_external_financing", "force_external_financing", _BELOW,
         billions(external(_FEW_UPKEEP, AFFORDABLE) / UAH_PER_USD), "600 less 349.996 billion, at 41.97."),
    Case("below_cap_demobilisation_cost", "demobilisation_cost", _BELOW, Fraction(0), "No one leaves."),
    Case("below_cap_demobilisation_duration", "demobilisation_duration", _BELOW, Fraction(0),
         "No one leaves."),
    Case("below_cap_per_thousand", "force_cap_per_thousand_people", _BELOW, CAP / (POPULATION / 1000),
         "The cap per thousand does not depend on the strength."),
    Case("at_cap_reduction", "force_reduction", {"force_strength": "600000 person"}, Fraction(0),
         "Strength equal to the cap: neither reduction nor headroom."),
    Case("at_cap_headroom", "force_cap_headroom", {"force_strength": "600000 person"}, Fraction(0),
         "Strength equal to the cap: neither reduction nor headroom."),
    Case("cap_800000_reduction", "force_reduction", {"force_cap": "800000 person"}, Fraction(80_000),
         "880,000 less the 800,000 of the other side's text."),
    Case("cap_800000_upkeep", "force_upkeep", {"force_cap": "800000 person"},
         Fraction(800_000 * 1_200_000, 10**9), "800,000 x 1.2 million."),
    Case("cap_zero_reduction_share", "force_reduction_share", {"force_cap": "0 person"}, Fraction(1),
         "All of the strength is above a cap of zero."),
    Case("affordable_covers_all", "force_external_financing", {"affordable_defence_share": "8 %"},
         Fraction(0), "8 % of GDP is 823.5 billion hryvnias, above 720: nothing is left, never negative."),
    Case("soldier_cost_set_as_a_formula", "force_upkeep", {"soldier_cost": "1000000 UAH/person/year"},
         Fraction(600), "The formula soldier_cost replaced by a constant: 600,000 x 1 million."),
    Case("prewar_261000", "force_cap_multiple_of_prewar", {"prewar_strength": "261000 person"},
         Fraction(600, 261), "The law of July 2021, in force in February 2022."),
    Case("prewar_196000", "force_cap_multiple_of_prewar", {"prewar_strength": "196000 person"},
         Fraction(600, 196), "Active personnel."),
)

CASES: tuple[Case, ...] = _CHECKS + _CENTRAL + _CONVENTIONS + _EDGES


def check_published() -> None:
    """Every figure in print for this provision comes out of the sums above."""
    by_id = {case.id: case.expected for case in CASES}
    for name, scale, printed in (
        ("check_reduction_280000", 1, "280000"),
        ("check_reduction_share_31_8_percent", 100, "31.8"),
        ("check_multiple_of_prewar_2_4", 1, "2.4"),
        ("check_19_05_per_thousand", 1, "19.05"),
        ("check_18_26_per_thousand", 1, "18.26"),
        ("check_15_83_per_thousand", 1, "15.83"),
        ("check_upkeep_720bn_at_1_2m", 1, "720"),
        ("central_force_cap_per_thousand_people", 1, "19.0"),
        ("central_force_cap_share_of_labour_force", 100, "3.9"),
        ("central_force_upkeep_in_dollars", 1, "17.2"),
        ("central_force_upkeep_share_of_gdp", 100, "7.0"),
        ("central_force_external_financing", 1, "8.8"),
        ("central_demobilisation_cost", 1, "0.42"),
        ("central_demobilisation_duration", 1, "2.8"),
        ("peacetime_upkeep_at_pay_of_2022", 1, "164"),
        ("peacetime_upkeep", 1, "396"),
        ("peacetime_upkeep_at_60000_a_month", 1, "432"),
        ("prewar_261000", 1, "2.3"),
        ("prewar_196000", 1, "3.1"),
    ):
        exact = by_id[name]
        assert isinstance(exact, Fraction)
        assert_prints(name, exact * scale, printed)

    assert_prints("external, billion hryvnias", billions(external(UPKEEP, AFFORDABLE)), "370")
    assert_prints("share of the GDP of 2023", UPKEEP / (6_538 * 10**9) * 100, "11.0")
    assert_prints("pay of 2022", Fraction(71_200_000_000, 261_000), "272797")
    assert_prints("GDP", Fraction(2_800, 1) / percent("27.2"), "10294")
    few, many = reduction(Fraction(800_000), CAP), reduction(Fraction(980_000), CAP)
    assert_prints("lowest cost", billions(few * 1_000), "0.20")
    assert_prints("highest cost", billions(many * 17_500), "6.7")
    assert_prints("lowest cost at 880,000", billions(REDUCTION * 1_000), "0.28")
    assert_prints("highest cost at 880,000", billions(REDUCTION * 17_500), "4.9")
    assert_prints("shortest", few / 280_000, "0.7")
    assert_prints("longest", many / 37_500, "10.1")
    assert_prints("shortest at 880,000", REDUCTION / 280_000, "1.0")
    assert_prints("longest at 880,000", REDUCTION / 37_500, "7.5")
