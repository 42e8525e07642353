"""Point 14 by hand: the immobilised assets, what they earn, and what the vehicle would take of them.

"$100 billion in frozen Russian assets will be invested in U.S.-led efforts to rebuild and invest in Ukraine"
"""

from fractions import Fraction

from .case import Case, assert_prints, percent

# Central values for us28 on 21 November 2025, each from the quote beside it. Money in billions.
PRINCIPAL = Fraction(100)  # dollars: "$100 billion in frozen Russian assets"
EUROCLEAR = Fraction(193)  # euros: "193bn were Russian assets under sanctions"
EU_TOTAL = Fraction(210)  # euros: "about 210 billion euros"
EUR_PER_USD = Fraction("0.859")  # "2025-10-01,Euro,0.859"
DEPOSIT_RATE = percent("2.00")  # "decreased to 2.00%"
SPREAD = percent("0.30")  # assumption: between 0.24 and 0.37
YIELD = DEPOSIT_RATE + SPREAD
TAX = percent("25")  # "a 25% corporate tax in Belgium"
CENTRAL_BANK_SHARE = Fraction(127, 147)  # 1.27 of interest on the bank's assets, 0.20 on the rest
WINDFALL_RATE = percent("99.7")  # "equivalent to 99,7 % of the ensuing net profits"
RETENTION = percent("10")  # "retain 10% of the financial contribution"
ERA_LOAN = Fraction(45)  # euros: "loans of up to €45 billion"


def after_tax_and_contribution(interest: Fraction, tax: Fraction, *, paid: bool) -> Fraction:
    """What the contribution takes of an interest: net of tax, 99.7 % of it, less 10 % where held back."""
    due = interest * (1 - tax) * WINDFALL_RATE
    return due * (1 - RETENTION) if paid else due


def contribution(stock: Fraction, bank_share: Fraction, *, paid: bool) -> Fraction:
    """Euros a year on the central bank's part of the interest."""
    return after_tax_and_contribution(stock * YIELD * bank_share, TAX, paid=paid)


def forgone(
    principal_in_euros: Fraction, interest_rate: Fraction = YIELD, tax: Fraction = TAX, *, paid: bool = False
) -> Fraction:
    """Euros a year that end with the principal. It is all the central bank's, so no share is taken."""
    return after_tax_and_contribution(principal_in_euros * interest_rate, tax, paid=paid)


IN_EUROS = PRINCIPAL * EUR_PER_USD
DUE = contribution(EUROCLEAR, CENTRAL_BANK_SHARE, paid=False)
PAID = contribution(EUROCLEAR, CENTRAL_BANK_SHARE, paid=True)
FORGONE = forgone(IN_EUROS)

_NOVEMBER = {"vehicle_principal": "100 billion USD", "euros_per_dollar": "0.8652 EUR/USD"}
_LEAK = {"vehicle_principal": "100 billion USD", "euros_per_dollar": "0.859 EUR/USD"}
_CHECKS = (
    Case("check_principal_86_52bn_euros", "vehicle_principal_in_euros", _NOVEMBER, Fraction("86.52"),
         "100 billion dollars at 0.8652 euros a dollar."),
    Case("check_principal_one_cent_more", "vehicle_principal_in_euros",
         {**_NOVEMBER, "euros_per_dollar": "0.8752 EUR/USD"}, Fraction("87.52"),
         "One cent more on the rate is one billion euros more."),
    Case("check_principal_44_83_percent", "vehicle_share_of_immobilised",
         {**_NOVEMBER, "immobilised_scope": "euroclear", "euroclear_assets": "193 billion EUR"},
         Fraction("86.52") / 193, "86.52 of 193 billion euros."),
    Case("check_principal_85_9bn_at_the_leak", "vehicle_principal_in_euros", _LEAK, Fraction("85.9"),
         "100 billion dollars at 0.859 euros a dollar."),
    Case("check_principal_44_5_percent_at_the_leak", "vehicle_share_of_immobilised", _LEAK,
         Fraction("85.9") / 193, "85.9 of 193 billion euros."),
    Case("check_forgone_1_48bn_due", "windfall_forgone", {"windfall_basis": "due"},
         Fraction("85.9") * Fraction("0.023") * Fraction("0.75") * Fraction("0.997"),
         "Principal in euros x yield x (1 - tax) x 99.7 %; the retained tenth is deferred, so counted."),
    Case("check_forgone_1_33bn_paid", "windfall_forgone", {"windfall_basis": "paid"},
         Fraction("85.9") * Fraction("0.023") * Fraction("0.75") * Fraction("0.997") * Fraction("0.9"),
         "The same, less the tenth that is retained."),
    Case("check_euroclear_share_91_9_percent", "euroclear_share_of_immobilised", {}, Fraction(193, 210),
         "Of the EU total always, whatever the scope."),
)

_CENTRAL = tuple(
    Case(f"central_{target}", target, {}, expected, because)
    for target, expected, because in (
        ("vehicle_principal_in_euros", IN_EUROS, "100 billion dollars at 0.859."),
        ("immobilised_assets", EUROCLEAR, "The scope is Euroclear."),
        ("immobilised_in_dollars", EUROCLEAR / EUR_PER_USD, "193 billion euros at 0.859 euros a dollar."),
        ("vehicle_share_of_immobilised", IN_EUROS / EUROCLEAR, "Of the immobilised assets in the scope."),
        ("immobilised_remainder", EUROCLEAR / EUR_PER_USD - PRINCIPAL,
         "In dollars: the assets in the scope less the principal. The ERA loan is not taken off."),
        ("windfall_interest", EUROCLEAR * YIELD, "193 at 2.30 %, billion euros a year."),
        ("windfall_contribution", DUE, "Interest x 127/147 x 0.75 x 0.997, due."),
        ("windfall_forgone", FORGONE, "85.9 x 2.30 % x 0.75 x 0.997, due: no central bank share."),
        ("era_loan_cover_years", ERA_LOAN / DUE, "45 over the yearly contribution due, before the vehicle."),
    )
)

_EU, _PAID = {"immobilised_scope": "eu_total"}, {"windfall_basis": "paid"}
_CONVENTIONS = (
    Case("euroclear_scope_assets", "immobilised_assets", {"immobilised_scope": "euroclear"}, EUROCLEAR,
         "The label set by hand gives the central value."),
    Case("eu_scope_assets", "immobilised_assets", _EU, EU_TOTAL, "The EU total."),
    Case("eu_scope_in_dollars", "immobilised_in_dollars", _EU, EU_TOTAL / EUR_PER_USD, "210 at 0.859."),
    Case("eu_scope_vehicle_share", "vehicle_share_of_immobilised", _EU, IN_EUROS / EU_TOTAL,
         "85.9 of the scope's 210."),
    Case("eu_scope_remainder", "immobilised_remainder", _EU, EU_TOTAL / EUR_PER_USD - PRINCIPAL,
         "In dollars, of the scope's 210."),
    Case("eu_scope_euroclear_share", "euroclear_share_of_immobilised", _EU, EUROCLEAR / EU_TOTAL,
         "The scope does not move it."),
    Case("eu_scope_interest", "windfall_interest", _EU, EUROCLEAR * YIELD,
         "Windfall formulas use Euroclear whatever the scope: banks owe no contribution."),
    Case("eu_scope_contribution", "windfall_contribution", _EU, DUE,
         "Windfall formulas use Euroclear whatever the scope."),
    Case("due_contribution", "windfall_contribution", {"windfall_basis": "due"}, DUE,
         "The label set by hand gives the central value."),
    Case("paid_contribution", "windfall_contribution", _PAID, PAID, "Nine tenths of the contribution due."),
    Case("paid_era_loan_cover", "era_loan_cover_years", _PAID, ERA_LOAN / DUE,
         "Read as the contribution due whatever the basis, so `paid` does not move it."),
)

_NONE = {"vehicle_principal": "0 billion USD"}
_EDGES = (
    Case("no_principal_in_euros", "vehicle_principal_in_euros", _NONE, Fraction(0), "Nothing is taken."),
    Case("no_principal_share", "vehicle_share_of_immobilised", _NONE, Fraction(0), "Zero of 193."),
    Case("no_principal_remainder", "immobilised_remainder", _NONE, EUROCLEAR / EUR_PER_USD,
         "All of it remains."),
    Case("no_principal_forgone", "windfall_forgone", _NONE, Fraction(0), "No windfall ends."),
    Case("no_principal_contribution", "windfall_contribution", _NONE, DUE,
         "The contribution is the one before the vehicle; the principal does not move it."),
    Case("assets_set_as_a_formula", "immobilised_remainder", {"immobilised_assets": "200 billion EUR"},
         200 / EUR_PER_USD - PRINCIPAL, "The formula immobilised_assets replaced by a constant."),
    Case("stock_share_contribution", "windfall_contribution", {"central_bank_share": "93.3 %"},
         contribution(EUROCLEAR, percent("93.3"), paid=False), "The share of stock, 180/193, as printed."),
    Case("principal_is_the_bank_stock_contribution", "windfall_contribution", {"central_bank_share": "50 %"},
         forgone(EUROCLEAR / 2), "Half the stock is the bank's: contribution equals the forgone of 96.5."),
    Case("disbursed_era_loan_cover", "era_loan_cover_years", {"era_loan": "30.9 billion EUR"},
         Fraction("30.9") / DUE, "Only what had been paid out, over the contribution due."),
    Case("deposit_rate_four", "windfall_interest", {"deposit_rate": "4 %/year", "yield_spread": "0.3 %/year"},
         EUROCLEAR * percent("4.3"), "193 at 4.00 + 0.30 %."),
    Case("yield_below_zero", "windfall_interest",
         {"deposit_rate": "-0.5 %/year", "yield_spread": "0.2 %/year"},
         EUROCLEAR * percent("-0.3"), "A negative rate gives a negative interest; nothing is floored."),
)

CASES: tuple[Case, ...] = _CHECKS + _CENTRAL + _CONVENTIONS + _EDGES


def check_published() -> None:
    """Every figure in print for this provision comes out of the sums above."""
    by_id = {case.id: case.expected for case in CASES}
    for name, scale, printed in (
        ("check_principal_86_52bn_euros", 1, "86.52"),
        ("check_principal_44_83_percent", 100, "44.83"),
        ("check_principal_85_9bn_at_the_leak", 1, "85.9"),
        ("check_principal_44_5_percent_at_the_leak", 100, "44.5"),
        ("check_forgone_1_48bn_due", 1, "1.48"),
        ("check_forgone_1_33bn_paid", 1, "1.33"),
        ("check_euroclear_share_91_9_percent", 100, "91.9"),
        ("eu_scope_vehicle_share", 100, "40.9"),
        ("central_immobilised_in_dollars", 1, "224.7"),
        ("eu_scope_in_dollars", 1, "244.5"),
        ("central_immobilised_remainder", 1, "124.7"),
        ("eu_scope_remainder", 1, "144.5"),
        ("central_windfall_interest", 1, "4.44"),
        ("central_windfall_contribution", 1, "2.87"),
        ("paid_contribution", 1, "2.58"),
        ("central_era_loan_cover_years", 1, "15.7"),
    ):
        exact = by_id[name]
        assert isinstance(exact, Fraction)
        assert_prints(name, exact * scale, printed)

    one_cent = PRINCIPAL * Fraction("0.01")
    assert one_cent == 1, "one cent of the rate moves the principal by one billion euros"
    assert_prints("remainder after ERA", (EU_TOTAL - ERA_LOAN) / EUR_PER_USD - PRINCIPAL, "92.1")
    assert_prints("ERA after the vehicle", ERA_LOAN / (DUE - FORGONE), "32.4")
    assert_prints("share of interest", CENTRAL_BANK_SHARE * 100, "86.4")
    lowest = forgone(100 * Fraction("0.8453"), percent("1.57"), percent("25"))
    highest = forgone(100 * Fraction("0.9603"), percent("2.94"), percent("24.1"))
    assert_prints("lowest forgone", lowest, "1.0")
    assert_prints("highest forgone", highest, "2.1")
    november = forgone(Fraction("86.52"), percent("2.26"))
    assert_prints("forgone at 2.26 % and November's rate", november, "1.46")
