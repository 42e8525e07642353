"""Point 14 by hand: the US-led vehicle, year by year.

"$100 billion in frozen Russian assets will be invested in U.S.-led efforts to rebuild and invest in Ukraine"
"The U.S. will receive 50 percent of the profits from this venture"
"Europe will add $100 billion to increase the amount of investment available for Ukraine’s reconstruction"

A call falls at the start of its year; return, fee, split and close fall at its end; present values are
taken at the start of year 1. Money is in billions of dollars.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import Any

from .case import YEARS, Case, assert_prints, percent
from .immobilised_assets import EUR_PER_USD, TAX, YIELD, forgone

# Central values for us28 on 21 November 2025, each from the quote or for the reason beside it.
PRINCIPAL = Fraction(100)  # "$100 billion in frozen Russian assets"
CONTRIBUTION = Fraction(100)  # "Europe will add $100 billion"
US_SHARE = percent("50")  # "50 percent of the profits"
RETURN = percent("5")  # assumption: about a point above the ten-year yield
FEE = percent("1.5")  # assumption: of committed capital, a year
LIFE = 10  # assumption, whole years
DRAWDOWN = Fraction(5)  # assumption, years
DISCOUNT = percent("4.06")  # the US ten-year yield of October 2025: "2025-10-01,4.06"
NEEDS = Fraction(524)  # "$524 billion over 10 years"

Series = tuple[Fraction, ...]


@dataclass(frozen=True)
class Vehicle:
    """Every yearly number of a vehicle (thirty values each), and the totals over its life."""

    capital: Fraction
    paid_in: Series
    calls: Series
    gross_return: Series
    fees: Series
    profit: Series
    losses_to_recover: Series
    shared: Series
    us_profit: Series
    ukraine_half: Series
    reinvested_account: Series
    paid_out: Series
    net_asset_value: Series
    money_for_ukraine: Series
    discount_factor: Series

    @property
    def us_profit_total(self) -> Fraction:
        return sum(self.us_profit, Fraction(0))

    @property
    def us_profit_present_value(self) -> Fraction:
        return self._today(self.us_profit)

    @property
    def money_for_ukraine_total(self) -> Fraction:
        return sum(self.money_for_ukraine, Fraction(0))

    @property
    def money_for_ukraine_present_value(self) -> Fraction:
        return self._today(self.money_for_ukraine)

    def _today(self, flow: Series) -> Fraction:
        return sum((v * amount for v, amount in zip(self.discount_factor, flow, strict=True)), Fraction(0))


def committed(profit_base: str, principal: Fraction, contribution: Fraction) -> Fraction:
    """The capital that earns, bears fees and shares profit."""
    return {"first_100bn": principal, "both_200bn": principal + contribution}[profit_base]


def vehicle(
    *,
    vehicle_principal: Fraction | int = PRINCIPAL,
    european_contribution: Fraction | int = CONTRIBUTION,
    us_profit_share: Fraction | int = US_SHARE,
    vehicle_return: Fraction | int = RETURN,
    vehicle_fee: Fraction | int = FEE,
    vehicle_life: int = LIFE,
    vehicle_drawdown_years: Fraction | int = DRAWDOWN,
    discount_rate: Fraction | int = DISCOUNT,
    profit_base: str = "first_100bn",
    profit_after_fees: str = "yes",
    losses_carried_forward: str = "yes",
    ukraine_profit_reinvested: str = "no",
    ukraine_owns_vehicle_at_close: str = "no",
) -> Vehicle:
    """Run the vehicle for thirty years. Arguments are the library's own; shares and rates from 0 to 1."""
    zero = Fraction(0)
    capital = committed(profit_base, Fraction(vehicle_principal), Fraction(european_contribution))
    drawdown, share = Fraction(vehicle_drawdown_years), Fraction(us_profit_share)
    paid_before = losses = account = nav = zero
    factor, rows = Fraction(1), []
    for year in YEARS:
        # Capital is called evenly over the drawdown, each call at the start of its year.
        paid_in = capital * min(year / drawdown, Fraction(1))
        call = paid_in - paid_before

        # At the year's end: the return, then a fee on committed capital, no more than is held.
        gross = Fraction(vehicle_return) * (nav + call)
        fee = min(Fraction(vehicle_fee) * capital, max(nav + call + gross, zero))
        profit = gross - fee if profit_after_fees == "yes" else gross

        # What is shared: profit beyond the losses still to be made good, or each year by itself.
        shared = max(profit - losses, zero) if losses_carried_forward == "yes" else max(profit, zero)
        losses = max(losses - profit, zero)

        # The United States' part is paid out; Ukraine's is paid out or stays and earns.
        us_part, ukraine_half = share * shared, (1 - share) * shared
        reinvested = ukraine_profit_reinvested == "yes"
        account, paid_out = (account + ukraine_half, zero) if reinvested else (zero, ukraine_half)
        nav = nav + call + gross - fee - us_part - paid_out

        # Receipts end with the vehicle's life; at its close comes the account, or the whole vehicle.
        held = max(nav, zero)
        closing = held if ukraine_owns_vehicle_at_close == "yes" else min(account, held)
        us_profit, to_ukraine = (us_part, paid_out) if year <= vehicle_life else (zero, zero)
        to_ukraine += closing if year == vehicle_life else zero

        paid_before, factor = paid_in, factor / (1 + Fraction(discount_rate))
        rows.append((paid_in, call, gross, fee, profit, losses, shared, us_profit, ukraine_half, account,
                     paid_out, nav, to_ukraine, factor))

    run = Vehicle(capital, *zip(*rows, strict=True))
    _assert_identities(run, share, carried=losses_carried_forward == "yes")
    return run


def _assert_identities(run: Vehicle, share: Fraction, *, carried: bool) -> None:
    """Each year: paid in + earned = fees + paid out + still held; and sharing follows the high-water mark."""
    earned = fees = paid = gained = highest = total_shared = Fraction(0)
    for i in range(len(YEARS)):
        earned += run.gross_return[i]
        fees += run.fees[i]
        paid += share * run.shared[i] + run.paid_out[i]
        assert run.paid_in[i] + earned == fees + paid + run.net_asset_value[i]

        gained += run.profit[i]
        highest = max(highest, gained)
        total_shared += run.shared[i]
        assert run.losses_to_recover[i] == highest - gained
        assert not carried or total_shared == highest


def break_even_return(
    *, yield_: Fraction = YIELD, tax: Fraction = TAX, windfall_basis: str = "due", fee: Fraction = FEE,
    profit_base: str = "first_100bn", profit_after_fees: str = "yes", us_share: Fraction = US_SHARE,
) -> Fraction:
    """Steady state: the return at which Ukraine's half equals the windfall forgone (both in dollars)."""
    in_euros = PRINCIPAL * EUR_PER_USD
    replaced = forgone(in_euros, yield_, tax, paid=windfall_basis == "paid") / in_euros * PRINCIPAL
    net = replaced / ((1 - us_share) * committed(profit_base, PRINCIPAL, CONTRIBUTION))
    return net + fee if profit_after_fees == "yes" else net


# The notes' table: after fees, carried, reinvested -> US total, US present value, Ukraine total, Ukraine
# present value, net asset value at close, on the first hundred billion; then the same on both.
TABLE = {
    ("first_100bn", "yes", "yes", "no"): ("12.487", "9.528", "12.487", "9.528", "100.000"),
    ("first_100bn", "yes", "yes", "yes"): ("13.504", "10.262", "13.504", "9.070", "113.504"),
    ("first_100bn", "yes", "no", "no"): ("12.637", "9.682", "12.637", "9.682", "99.500"),
    ("first_100bn", "yes", "no", "yes"): ("13.700", "10.451", "13.700", "9.202", "113.200"),
    ("first_100bn", "no", "yes", "no"): ("18.312", "14.330", "18.312", "14.330", "85.000"),
    ("first_100bn", "no", "yes", "yes"): ("20.110", "15.650", "20.110", "13.507", "105.110"),
    ("first_100bn", "no", "no", "no"): ("18.312", "14.330", "18.312", "14.330", "85.000"),
    ("first_100bn", "no", "no", "yes"): ("20.110", "15.650", "20.110", "13.507", "105.110"),
    ("both_200bn", "yes", "yes", "no"): ("24.974", "19.057", "24.974", "19.057", "200.000"),
    ("both_200bn", "yes", "yes", "yes"): ("27.008", "20.525", "27.008", "18.141", "227.008"),
    ("both_200bn", "yes", "no", "no"): ("25.275", "19.364", "25.275", "19.364", "199.000"),
    ("both_200bn", "yes", "no", "yes"): ("27.400", "20.902", "27.400", "18.404", "226.400"),
    ("both_200bn", "no", "yes", "no"): ("36.625", "28.661", "36.625", "28.661", "170.000"),
    ("both_200bn", "no", "yes", "yes"): ("40.219", "31.299", "40.219", "27.014", "210.219"),
    ("both_200bn", "no", "no", "no"): ("36.625", "28.661", "36.625", "28.661", "170.000"),
    ("both_200bn", "no", "no", "yes"): ("40.219", "31.299", "40.219", "27.014", "210.219"),
}
CONVENTIONS = ("profit_base", "profit_after_fees", "losses_carried_forward", "ukraine_profit_reinvested")


def _cases(name: str, values: dict[str, object], run: Vehicle, because: str) -> Iterator[Case]:
    """Every public number of one run."""
    for target, expected in (
        ("vehicle_capital", run.capital),
        ("vehicle_profit", run.profit),
        ("us_profit", run.us_profit),
        ("us_profit_total", run.us_profit_total),
        ("us_profit_present_value", run.us_profit_present_value),
        ("vehicle_net_asset_value", run.net_asset_value),
        ("vehicle_money_for_ukraine", run.money_for_ukraine),
        ("vehicle_money_for_ukraine_present_value", run.money_for_ukraine_present_value),
    ):
        yield Case(f"{name}_{target}", target, values, expected, because)


def _sixteen() -> Iterator[Case]:
    """The central numbers at all sixteen settings, and each again with the vehicle Ukraine's at the close."""
    for setting, owns in product(TABLE, ("no", "yes")):
        choices: dict[str, Any] = dict(zip(CONVENTIONS, setting, strict=True))
        base, after, carried, again = setting
        name = f"table_{base}_fees_{after}_carried_{carried}_reinvested_{again}"
        if owns == "yes":
            name = name.replace("table", "owned", 1)
        why = (f"Base {base}; profit after fees: {after}; losses carried: {carried}; Ukraine's half "
               f"reinvested: {again}; vehicle Ukraine's at the close: {owns}. Net asset value is after the "
               "split, and goes on beyond the life; receipts do not.")
        values: dict[str, object] = {**choices, "ukraine_owns_vehicle_at_close": owns}
        yield from _cases(name, values, vehicle(**choices, ukraine_owns_vehicle_at_close=owns), why)


_CHECK_PV = vehicle(vehicle_return=percent("5"), vehicle_life=10, vehicle_fee=0, vehicle_drawdown_years=1,
                    discount_rate=percent("4.09"))
_AT_2_26: dict[str, object] = {
    "deposit_rate": "2 %/year", "yield_spread": "0.26 %/year", "belgian_tax": "25 %", "windfall_basis": "due",
    "profit_after_fees": "yes", "profit_base": "first_100bn",
}
_STEADY = "Windfall forgone over Ukraine's half of the capital, both in dollars, in the current basis"
_CHECKS = (
    Case("check_us_present_value_20_187", "us_profit_present_value",
         {"vehicle_return": "5 %/year", "vehicle_life": "10 year", "vehicle_fee": "0 %/year",
          "vehicle_drawdown_years": "1 year", "discount_rate": "4.09 %/year",
          "ukraine_profit_reinvested": "no"},
         _CHECK_PV.us_profit_present_value, "Half of 5 % of 100 at each of ten years' ends."),
    Case("check_break_even_3_38_percent", "break_even_return", {**_AT_2_26, "vehicle_fee": "0 %/year"},
         break_even_return(yield_=percent("2.26"), fee=Fraction(0)), f"{_STEADY}; no fee."),
    Case("check_break_even_5_38_percent", "break_even_return", {**_AT_2_26, "vehicle_fee": "2 %/year"},
         break_even_return(yield_=percent("2.26"), fee=percent("2")), f"{_STEADY}; plus the fee."),
    Case("check_break_even_3_44_percent_at_the_leak", "break_even_return", {"vehicle_fee": "0 %/year"},
         break_even_return(fee=Fraction(0)), f"{_STEADY}; no fee; yield 2.30 %."),
    Case("check_break_even_5_44_percent_at_the_leak", "break_even_return", {"vehicle_fee": "2 %/year"},
         break_even_return(fee=percent("2")), f"{_STEADY}; plus the fee; yield 2.30 %."),
)

_STEADY_CASES = (
    Case("central_break_even_return", "break_even_return", {}, break_even_return(),
         f"{_STEADY}; plus the fee."),
    Case("central_reconstruction_coverage", "reconstruction_coverage", {}, PRINCIPAL / NEEDS,
         "Capital of the vehicle, here the first hundred, over the needs of ten years."),
    Case("both_reconstruction_coverage", "reconstruction_coverage", {"profit_base": "both_200bn"},
         (PRINCIPAL + CONTRIBUTION) / NEEDS, "Both hundreds over the needs of ten years."),
    Case("before_fees_break_even", "break_even_return", {"profit_after_fees": "no"},
         break_even_return(profit_after_fees="no"), f"{_STEADY}; before fees the fee does not enter."),
    Case("paid_break_even", "break_even_return", {"windfall_basis": "paid"},
         break_even_return(windfall_basis="paid"), f"{_STEADY}: nine tenths of the contribution due."),
    Case("both_break_even", "break_even_return", {"profit_base": "both_200bn"},
         break_even_return(profit_base="both_200bn"), f"{_STEADY}; windfall of the first hundred only."),
    Case("both_break_even_no_fee", "break_even_return",
         {"profit_base": "both_200bn", "vehicle_fee": "0 %/year"},
         break_even_return(profit_base="both_200bn", fee=Fraction(0)), f"{_STEADY}; no fee."),
    Case("us_share_zero_break_even", "break_even_return", {"us_profit_share": "0 %"},
         break_even_return(us_share=Fraction(0)), f"{_STEADY}: the other half is then the whole."),
    Case("rate_cancels_break_even", "break_even_return", {"euros_per_dollar": "0.9603 EUR/USD"},
         break_even_return(), "The exchange rate cancels: the central value at any rate."),
    Case("forgone_set_as_a_formula_break_even", "break_even_return",
         {"windfall_forgone": "0.859 billion EUR/year"}, Fraction(1, 50) + FEE,
         "The formula windfall_forgone replaced by a constant: one billion dollars, over half of 100."),
)


def _edge(name: str, because: str, **inputs: str) -> Iterator[Case]:
    """A run at inputs set by hand; text such as "5 %/year" becomes the number the sums use."""
    numbers: dict[str, Any] = {}
    for key, text in inputs.items():
        number, _, unit = text.partition(" ")
        if not unit:
            numbers[key] = text  # a convention's label
        elif key == "vehicle_life":
            numbers[key] = int(number)
        else:
            numbers[key] = percent(number) if unit.startswith("%") else Fraction(number)
    yield from _cases(name, dict(inputs), vehicle(**numbers), because)


_NO_VEHICLE = ("No vehicle: every amount is zero. `break_even_return` has no value then (a division by zero, "
               "which makes it unset with a reason).")
_THIN = {"vehicle_return": "3 %/year", "vehicle_fee": "2 %/year", "vehicle_drawdown_years": "7 year",
         "vehicle_life": "20 year"}
_EDGES = (
    *_edge("losing_carried", "Five per cent down a year: nothing is ever shared.",
           vehicle_return="-5 %/year", losses_carried_forward="yes"),
    *_edge("losing_not_carried", "No year has a profit, so carrying losses changes nothing.",
           vehicle_return="-5 %/year", losses_carried_forward="no"),
    *_edge("losing_owned", "What is left of the capital at the close is Ukraine's.",
           vehicle_return="-5 %/year", ukraine_owns_vehicle_at_close="yes"),
    *_edge("emptied_by_fees", "The value reaches zero within thirty years: the fee is no more than is held.",
           vehicle_return="-5 %/year", vehicle_fee="2 %/year", vehicle_life="30 year"),
    *_edge("all_lost", "A return of -100 % leaves nothing at any year's end, and no fee can be paid.",
           vehicle_return="-100 %/year"),
    *_edge("thin_return_carried", "Fees of the ramp exceed its returns; profit makes that good first.",
           **_THIN, losses_carried_forward="yes"),
    *_edge("thin_return_not_carried", "The same, each year by itself: early losses stay in the capital.",
           **_THIN, losses_carried_forward="no"),
    *_edge("thin_return_reinvested", "The same, with Ukraine's half kept in the vehicle.",
           **_THIN, ukraine_profit_reinvested="yes"),
    *_edge("account_above_the_value", "The account is more than the vehicle holds: it pays what is held.",
           vehicle_return="4 %/year", vehicle_fee="6 %/year", vehicle_life="17 year",
           profit_after_fees="no", ukraine_profit_reinvested="yes"),
    *_edge("drawn_at_once", "All capital called at the start of year 1.", vehicle_drawdown_years="1 year"),
    *_edge("drawn_in_half_years", "Calls of 40, 40 and 20.", vehicle_drawdown_years="2.5 year"),
    *_edge("life_one_year", "It closes at the end of its first year, a fifth drawn.", vehicle_life="1 year"),
    *_edge("life_one_year_owned", "The value after a year: 20 + 1 - 1.5.",
           vehicle_life="1 year", ukraine_owns_vehicle_at_close="yes"),
    *_edge("life_thirty_years", "It closes in the last year of the projection.", vehicle_life="30 year"),
    *_edge("life_thirty_years_reinvested", "The account of thirty years, paid in the last of them.",
           vehicle_life="30 year", ukraine_profit_reinvested="yes"),
    *_edge("us_share_zero", "All profit is Ukraine's.", us_profit_share="0 %"),
    *_edge("us_share_all", "All profit is the United States'.", us_profit_share="100 %"),
    *_edge("us_share_thirty", "Seven tenths are Ukraine's.", us_profit_share="30 %"),
    *_edge("risky_discount", "Discounted at 15.94 %, 4.06 plus a spread for Ukraine of 11.88.",
           discount_rate="15.94 %/year"),
    *_edge("no_principal", _NO_VEHICLE, vehicle_principal="0 billion USD"),
    *_edge("no_principal_both", "Only Europe's hundred is in it; `break_even_return` is 0/0, so no case.",
           vehicle_principal="0 billion USD", profit_base="both_200bn"),
    Case("no_principal_coverage", "reconstruction_coverage", {"vehicle_principal": "0 billion USD"},
         Fraction(0), "Zero of 524. " + _NO_VEHICLE),
    *_edge("no_europe_both", "Europe adds nothing: the first hundred alone.",
           european_contribution="0 billion USD", profit_base="both_200bn"),
)

CASES: tuple[Case, ...] = (
    *_CHECKS,
    *_cases("central", {}, vehicle(),
            "Conventions: first_100bn, after fees, carried, paid out, not Ukraine's at the close."),
    *_STEADY_CASES,
    *_sixteen(),
    *_EDGES,
)


def check_published() -> None:
    """Every figure in print for this provision comes out of the sums above."""
    _check_table()
    _check_closed_forms()
    _check_break_even()


def _check_table() -> None:
    columns = ("US total", "US today", "Ukraine total", "Ukraine today", "value at close")
    for setting, printed in TABLE.items():
        choices: dict[str, Any] = dict(zip(CONVENTIONS, setting, strict=True))
        run = vehicle(**choices)
        computed = (run.us_profit_total, run.us_profit_present_value, run.money_for_ukraine_total,
                    run.money_for_ukraine_present_value, run.net_asset_value[LIFE - 1])
        for column, exact, text in zip(columns, computed, printed, strict=True):
            assert_prints(f"{setting} {column}", exact, text)

    first = vehicle()
    printed_years = (("-0.5", "0", "19.5"), ("0.475", "0", "39.975"), ("1.499", "1.474", "60"),
                     ("2.5", "2.5", "80"), ("3.5", "3.5", "100"), ("3.5", "3.5", "100"))
    for year, (profit, shared, nav) in enumerate(printed_years):
        assert_prints(f"profit of year {year + 1}", first.profit[year], profit)
        assert_prints(f"shared in year {year + 1}", first.shared[year], shared)
        assert_prints(f"value of year {year + 1}", first.net_asset_value[year], nav)

    for reinvested, printed_value in (("no", "76.70"), ("yes", "76.24")):
        owned = vehicle(ukraine_owns_vehicle_at_close="yes", ukraine_profit_reinvested=reinvested)
        assert_prints("owned at the close", owned.money_for_ukraine_present_value, printed_value)


def _check_closed_forms() -> None:
    assert_prints("paid out at 4.09 %", _CHECK_PV.us_profit_present_value, "20.187")
    annuity = (1 - 1 / (1 + percent("4.09")) ** 10) / percent("4.09")
    assert _CHECK_PV.us_profit_present_value == Fraction(5, 2) * annuity

    at_once = vehicle(vehicle_fee=0, vehicle_drawdown_years=1)
    assert_prints("paid out at 4.06 %", at_once.us_profit_present_value, "20.217")
    kept = vehicle(vehicle_fee=0, vehicle_drawdown_years=1, discount_rate=percent("4.09"),
                   ukraine_profit_reinvested="yes")
    assert_prints("reinvested, US", kept.us_profit_total, "28.008")
    assert kept.us_profit_total == kept.money_for_ukraine_total == 100 * ((1 + percent("2.5")) ** 10 - 1)
    assert_prints("reinvested, today at 4.09 %", kept.money_for_ukraine_present_value, "18.759")

    widest = vehicle(vehicle_return=percent("10"), vehicle_fee=0, vehicle_drawdown_years=1, vehicle_life=20)
    assert_prints("highest US total", widest.us_profit_total, "100")
    assert_prints("highest US present value", widest.us_profit_present_value, "68")
    level = vehicle(vehicle_fee=0, vehicle_drawdown_years=1, vehicle_life=20)
    assert_prints("highest US total at 5 %", level.us_profit_total, "50")
    low = vehicle(vehicle_fee=percent("2"), vehicle_drawdown_years=7, vehicle_life=5)
    assert_prints("lowest US total at 5 %", low.us_profit_total, "0.2")


def _check_break_even() -> None:
    by_id = {case.id: case.expected for case in _CHECKS + _STEADY_CASES}
    for name, printed in (
        ("check_break_even_3_38_percent", "3.38"), ("check_break_even_5_38_percent", "5.38"),
        ("check_break_even_3_44_percent_at_the_leak", "3.44"),
        ("check_break_even_5_44_percent_at_the_leak", "5.44"),
        ("central_break_even_return", "4.94"), ("both_break_even_no_fee", "1.72"),
    ):
        exact = by_id[name]
        assert isinstance(exact, Fraction)
        assert_prints(name, exact * 100, printed)
    assert_prints("coverage of the first hundred, %", PRINCIPAL / NEEDS * 100, "19")
    assert_prints("coverage of both, %", (PRINCIPAL + CONTRIBUTION) / NEEDS * 100, "38")
