"""Points 12 and 14 by hand: needs by assessment, in prices of one year, and what the sums of a text are beside them.

"$100 billion in frozen Russian assets will be invested in U.S.-led efforts to rebuild and invest in Ukraine"
"Europe will add $100 billion to increase the amount of investment available for Ukraine’s reconstruction"

Money is in billions.
"""

from fractions import Fraction

from .case import Case, assert_prints, percent
from .immobilised_assets import ERA_LOAN, EUR_PER_USD

RUSSIAN = Fraction(100)  # "$100 billion in frozen Russian assets"
EUROPEAN = Fraction(100)  # "Europe will add $100 billion"
NEEDS = Fraction(524)  # "$524 billion over 10 years"
HORIZON = Fraction(10)  # years, in the same quote
FACILITY = Fraction(33 + 17)  # euros: "33 billion euros ... in loans and 17 billion euros ... in grants"

# Assessments: dollars of their own date, and the United States' consumer price index of that month.
ASSESSED = {
    "needs_of_mid_2022": (Fraction(349), Fraction("296.311")),  # "not $349 billion"; "2022-06-01,296.311"
    "needs_of_february_2023": (Fraction(411), Fraction("300.84")),  # "recovery to $411 billion"; "2023-02-01,300.84"
    "needs_of_end_2023": (Fraction(486), Fraction("306.746")),  # "is $486 billion"; "2023-12-01,306.746"
    "needs_of_end_2024": (Fraction(524), Fraction("315.605")),  # "$524 billion"; "2024-12-01,315.605"
    "needs_of_end_2025": (Fraction(588), Fraction("324.054")),  # "almost $588 billion"; "2025-12-01,324.054"
}
BASE = Fraction("315.605")  # December 2024

STATED = RUSSIAN + EUROPEAN
ERA = ERA_LOAN / EUR_PER_USD
FACILITY_DOLLARS = FACILITY / EUR_PER_USD


def in_2024_prices(assessment: str) -> Fraction:
    """Needs in dollars of December 2024."""
    nominal, index = ASSESSED[assessment]
    return nominal * BASE / index


def gap(needs: Fraction, money: Fraction) -> Fraction:
    """Needs that the money leaves over; none where it covers them."""
    return max(needs - money, Fraction(0))


GROWTH = NEEDS / in_2024_prices("needs_of_mid_2022") - 1

_CENTRAL = tuple(
    Case(f"central_{target}", target, {}, expected, because)
    for target, expected, because in (
        ("amounts_named_for_reconstruction", STATED, "100 of Russian assets and 100 of Europe's."),
        ("reconstruction_money", STATED, "100 of Russian assets and 100 of Europe's."),
        ("reconstruction_money_coverage", STATED / NEEDS, "200 of 524."),
        ("reconstruction_gap", gap(NEEDS, STATED), "524 less 200."),
        ("reconstruction_needs_a_year", NEEDS / HORIZON, "524 over ten years."),
        ("reconstruction_money_years", STATED / (NEEDS / HORIZON), "200 at 52.4 a year."),
        ("era_loan_in_dollars", ERA, "45 billion euros at 0.859."),
        ("era_loan_per_principal", ERA / RUSSIAN, "52.4 of the 100 whose proceeds repay it."),
        ("ukraine_facility_in_dollars", FACILITY_DOLLARS, "50 billion euros at 0.859."),
        ("support_committed", ERA + FACILITY_DOLLARS, "95 billion euros at 0.859."),
        ("support_committed_per_needs", (ERA + FACILITY_DOLLARS) / NEEDS, "110.6 beside 524."),
        ("needs_growth_at_constant_prices", GROWTH, "524 over 349 in dollars of December 2024, less one."),
    )
)
_PRICES = tuple(
    Case(f"prices_{name}", f"{name}_in_2024_prices", {}, in_2024_prices(name), "Times 315.605 over the index of its month.")
    for name in list(ASSESSED)[:3]
)

# What was not public at the leak is set by hand.
_LATE = {
    "needs_of_end_2025": "588 billion USD_2025",
    "prices_2024_per_end_2025": f"{float(BASE / Fraction('324.054'))!r} USD_2024/USD_2025",
}
_PACE, _PACE_15 = {"absorption_pace": "5 billion USD/year"}, {"absorption_pace": "15 billion USD/year"}
_PACKAGE = {"money_counted": "package", "reconstruction_package": "800 billion USD"}  # "$800 billion in reconstruction financing"
_FUND = {"money_counted": "fund", "reconstruction_fund": "200 billion USD"}  # "200 billion dollars", in translation
_EDGES = (
    Case("prices_needs_of_end_2025", "needs_of_end_2025_in_2024_prices", _LATE, in_2024_prices("needs_of_end_2025"),
         "588 x 315.605 / 324.054."),
    Case("eu_loan", "eu_loan_in_dollars", {"eu_loan": "90 billion EUR"}, 90 / EUR_PER_USD, "90 billion euros at 0.859."),
    Case("package_money", "reconstruction_money", _PACKAGE, Fraction(800), "The total of the package."),
    Case("package_coverage", "reconstruction_money_coverage", _PACKAGE, 800 / NEEDS, "800 of 524: above one."),
    Case("package_gap", "reconstruction_gap", _PACKAGE, Fraction(0), "The package is larger than the needs; never negative."),
    Case("package_400_gap", "reconstruction_gap", {**_PACKAGE, "reconstruction_package": "400 billion USD"}, Fraction(124),
         "524 less 400."),
    Case("fund_coverage", "reconstruction_money_coverage", _FUND, 200 / NEEDS, "200 of 524."),
    Case("fund_gap", "reconstruction_gap", _FUND, Fraction(324), "524 less 200."),
    Case("check_deployment_40_years", "deployment_years", _PACE, Fraction(40), "200 at 5 a year."),
    Case("deployment_13_years", "deployment_years", _PACE_15, STATED / 15, "200 at 15 a year."),
    Case("package_deployment", "deployment_years", {**_PACKAGE, **_PACE_15}, Fraction(800, 15), "800 at 15 a year."),
    Case("check_coverage_34_percent_of_588", "reconstruction_money_coverage", {"reconstruction_needs": "588 billion USD"},
         STATED / 588, "The same sums beside a later assessment."),
    Case("no_european_money", "reconstruction_money_coverage", {"european_contribution": "0 billion USD"}, RUSSIAN / NEEDS,
         "100 of 524."),
    Case("no_amount", "amounts_named_for_reconstruction",
         {"vehicle_principal": "0 billion USD", "european_contribution": "0 billion USD"}, Fraction(0), "0 and 0."),
    Case("more_than_needed", "reconstruction_gap", {"european_contribution": "500 billion USD"}, Fraction(0),
         "600 is more than 524; never negative."),
)  # fmt: skip

CASES: tuple[Case, ...] = _CENTRAL + _PRICES + _EDGES


def check_published() -> None:
    """Every figure in print for this provision comes out of the sums above."""
    by_id = {case.id: case.expected for case in CASES}
    for name, scale, printed in (
        ("central_reconstruction_money_coverage", 100, "38"),
        ("no_european_money", 100, "19"),
        ("check_coverage_34_percent_of_588", 100, "34"),
        ("central_reconstruction_gap", 1, "324"),
        ("central_era_loan_in_dollars", 1, "52.4"),
        ("central_support_committed", 1, "110.6"),
        ("central_needs_growth_at_constant_prices", 100, "41"),
        ("prices_needs_of_mid_2022", 1, "371.7"),
        ("prices_needs_of_february_2023", 1, "431.2"),
        ("prices_needs_of_end_2023", 1, "500.0"),
        ("prices_needs_of_end_2025", 1, "572.7"),
        ("package_coverage", 100, "153"),
        ("check_deployment_40_years", 1, "40"),
    ):
        exact = by_id[name]
        assert isinstance(exact, Fraction)
        assert_prints(name, exact * scale, printed)

    assert_prints("deflator, December 2021 to December 2025", Fraction("324.054") / Fraction("278.802"), "1.162")
    assert_prints("deflator of the first assessment", Fraction("324.054") / Fraction("296.311"), "1.0936")
    assert_prints("a third of the needs, nominal growth", (NEEDS / 349 - 1) * 100, "50")
    assert_prints("needs met in a year", Fraction(20, 4), "5")
    assert percent("38.2") > STATED / NEEDS > percent("38.1")
