"""Point 19 by hand: the Zaporizhzhia plant's output, its restart, and the split.

"the electricity generated will be shared equally between Russia and Ukraine – 50:50"
"""

from fractions import Fraction
from math import floor

from .case import YEARS, Case, assert_prints, percent

# Central values for us28 on 21 November 2025, each from the quote beside it.
UNITS = Fraction(6)  # assumption: the whole plant
MW_NET, MW_GROSS = Fraction(950), Fraction(1000)  # a reactor: "net capacity of 950", "gross ... 1,000MW each"
HOURS = Fraction(8760)
FACTOR = Fraction(35_500_000) / (6 * 1000 * 8760)  # "35.5 billion kWh in 2021", of six gross gigawatts
DELAY, PACE = Fraction(1), Fraction(2)  # restart: two months to two years; two units a year (assumption)
UKRAINE_SHARE = percent("50")  # "shared equally"
UAH_PER_MWH = Fraction("4522.87")  # "4,522.87 hryvnias per MWh", mean of 2024
UAH_PER_USD = Fraction("41.97")  # "put the dollar at 41.97 hryvnias"
EUR_PER_USD = Fraction("0.859")  # "2025-10-01,Euro,0.859"
RUB_ENERGY_ONLY, RUB_ONE_PART = Fraction(2000), Fraction(2530)  # a MWh: "above 2000 roubles", "2.53 thousand"
RUB_PER_EUR = Fraction("92.6047")  # "to 92.6047 roubles"
DEMAND = Fraction("154.4") * Fraction("0.70")  # TWh of 2021, of which "we have lost about 30%"
TONNES_PER_MWH = Fraction("0.499")


def units_running(
    units: Fraction | int, delay: Fraction | int, pace: Fraction | int
) -> tuple[Fraction, ...]:
    """Reactors that run in each of the thirty years.

    The first starts once the delay is over; each later one follows after 1/pace of a year. A reactor
    counts for a whole year if it is back when that year begins.
    """
    exact = [(Fraction(year) - 1 - Fraction(delay)) * Fraction(pace) + 1 for year in YEARS]
    return tuple(Fraction(floor(min(max(started, Fraction(0)), Fraction(units)))) for started in exact)


def output(
    units: Fraction, megawatts: Fraction = MW_NET, hours: Fraction = HOURS, factor: Fraction = FACTOR
) -> Fraction:
    """TWh a year: megawatts x hours are MWh, and a million of them one TWh."""
    return units * megawatts * hours * factor / 1_000_000


def ukraine_price_in_euros(
    hryvnias: Fraction = UAH_PER_MWH, per_dollar: Fraction = UAH_PER_USD, euros: Fraction = EUR_PER_USD
) -> Fraction:
    """Euros a MWh: hryvnias to dollars, dollars to euros."""
    return hryvnias / per_dollar * euros


def value(energy: Fraction, euros_per_mwh: Fraction) -> Fraction:
    """Billion euros a year: TWh x EUR/MWh are millions."""
    return energy * euros_per_mwh / 1000


def equal_value_share(ukraine_price: Fraction, russia_price: Fraction) -> Fraction:
    """Ukraine's share u of the energy at which u x its price = (1 - u) x the other price."""
    return russia_price / (ukraine_price + russia_price)


FULL, FULL_GROSS = output(UNITS), output(UNITS, MW_GROSS)
UKRAINE, RUSSIA = FULL * UKRAINE_SHARE, FULL * (1 - UKRAINE_SHARE)
UA_EUR = ukraine_price_in_euros()
RU_EUR, RU_EUR_ONE_PART = RUB_ENERGY_ONLY / RUB_PER_EUR, RUB_ONE_PART / RUB_PER_EUR
RAMP = units_running(UNITS, DELAY, PACE)

_PRICES = {"ukraine_power_price": "4954.3 UAH/MWh", "hryvnias_per_dollar": "41.97 UAH/USD",
           "euros_per_dollar": "0.859 EUR/USD", "roubles_per_euro": "90.8 RUB/EUR"}
_EUR_101_4 = ukraine_price_in_euros(Fraction("4954.3"))
_GROSS, _NET = {"output_basis": "gross"}, {"output_basis": "net"}
_ENERGY, _ONE_PART = {"power_price_basis": "energy_only"}, {"power_price_basis": "one_part"}

_CHECKS = (
    Case("check_gross_35_5_twh", "znpp_output_full_year", _GROSS, Fraction("35.5"), "The output of 2021."),
    Case("check_gross_17_75_ukraine", "ukraine_znpp_output", _GROSS, Fraction("17.75"), "Half of 35.5."),
    Case("check_gross_17_75_russia", "russia_znpp_output", _GROSS, Fraction("17.75"), "Half of 35.5."),
    Case("check_equal_value_17_8_percent", "znpp_equal_value_share",
         {**_PRICES, **_ENERGY, "russia_power_price_energy_only": "2000 RUB/MWh"},
         equal_value_share(_EUR_101_4, Fraction(2000) / Fraction("90.8")),
         "Ukraine's share of the energy at equal values: Russia's price over the sum of both, in euros."),
    Case("check_equal_value_26_8_percent", "znpp_equal_value_share",
         {**_PRICES, **_ONE_PART, "russia_power_price_one_part": "3372 RUB/MWh"},
         equal_value_share(_EUR_101_4, Fraction(3372) / Fraction("90.8")), "The same at 3,372 roubles."),
    Case("check_equal_value_18_9_percent_at_the_leak", "znpp_equal_value_share", _ENERGY,
         equal_value_share(UA_EUR, RU_EUR), "92.57 and 21.60 euros a MWh."),
    Case("check_equal_value_22_8_percent_at_the_leak", "znpp_equal_value_share", _ONE_PART,
         equal_value_share(UA_EUR, RU_EUR_ONE_PART), "92.57 and 27.32 euros a MWh."),
)

_CENTRAL = tuple(
    Case(f"central_{target}", target, {}, expected, because)
    for target, expected, because in (
        ("znpp_units_running", RAMP, "0, 1, 3, 5, then 6: the first after a year, then two a year."),
        ("znpp_output", tuple(output(units) for units in RAMP), "Reactors x 950 MW x 8,760 h x factor."),
        ("znpp_output_full_year", FULL, "All six: 35.5 x 950/1000."),
        ("ukraine_znpp_output", UKRAINE, "Half of it."),
        ("russia_znpp_output", RUSSIA, "What Ukraine and the United States (0 %) leave."),
        ("russia_power_price", RUB_ENERGY_ONLY, "The convention names the energy-only price."),
        ("ukraine_znpp_value", value(UKRAINE, UA_EUR), "At Ukraine's price, billion euros a year."),
        ("russia_znpp_value", value(RUSSIA, RU_EUR), "At Russia's price, billion euros a year."),
        ("znpp_equal_value_share", equal_value_share(UA_EUR, RU_EUR), "Ukraine's share of the energy."),
        ("znpp_share_of_ukraine_demand", UKRAINE / DEMAND, "Ukraine's part, not the whole plant's output."),
        ("znpp_emissions_avoided", FULL * TONNES_PER_MWH, "By the whole plant: TWh x t/MWh are Mt."),
    )
)

_LONGER = "The factor keeps the 8,760 hours of 2021; only the year is longer."
_CONVENTIONS = (
    Case("net_full_year", "znpp_output_full_year", _NET, FULL, "The label set by hand: central value."),
    Case("gross_output", "znpp_output", _GROSS, tuple(output(units, MW_GROSS) for units in RAMP),
         "Reactors of 1,000 MW."),
    Case("gross_emissions", "znpp_emissions_avoided", _GROSS, FULL_GROSS * TONNES_PER_MWH, "35.5 x 0.499."),
    Case("gross_share_of_demand", "znpp_share_of_ukraine_demand", _GROSS, FULL_GROSS / 2 / DEMAND,
         "17.75 of 108.08."),
    Case("energy_only_price", "russia_power_price", _ENERGY, RUB_ENERGY_ONLY, "Roubles a MWh."),
    Case("one_part_price", "russia_power_price", _ONE_PART, RUB_ONE_PART, "Contains capacity pay."),
    Case("one_part_russia_value", "russia_znpp_value", _ONE_PART, value(RUSSIA, RU_EUR_ONE_PART),
         "At 2,530 roubles a MWh, 27.32 euros."),
    Case("one_part_ukraine_value", "ukraine_znpp_value", _ONE_PART, value(UKRAINE, UA_EUR),
         "The basis of Russia's price does not move Ukraine's value."),
    Case("hours_8760_full_year", "znpp_output_full_year", {"hours_per_year": 8760}, FULL, "Central value."),
    Case("hours_8766_full_year", "znpp_output_full_year", {"hours_per_year": 8766},
         output(UNITS, hours=Fraction(8766)), _LONGER),
    Case("hours_8784_full_year", "znpp_output_full_year", {"hours_per_year": 8784},
         output(UNITS, hours=Fraction(8784)), _LONGER),
    Case("hours_8784_gross_ukraine", "ukraine_znpp_output", {**_GROSS, "hours_per_year": 8784},
         Fraction("17.75") * 8784 / 8760, "17.75 over 8,760 hours, for 8,784."),
)


def _split(name: str, ukraine: str, united_states: str) -> tuple[Case, ...]:
    """The plant shared by three, in per cent; Russia has what the others leave."""
    values = {"ukraine_share_of_znpp": f"{ukraine} %", "united_states_share_of_znpp": f"{united_states} %"}
    share = percent(ukraine)
    rest = 1 - share - percent(united_states)
    why = f"Ukraine {ukraine} %, United States {united_states} %, Russia the rest, {float(rest * 100):g} %."
    return (
        Case(f"{name}_ukraine_output", "ukraine_znpp_output", values, FULL * share, why),
        Case(f"{name}_russia_output", "russia_znpp_output", values, FULL * rest, why),
        Case(f"{name}_ukraine_value", "ukraine_znpp_value", values, value(FULL * share, UA_EUR), why),
        Case(f"{name}_russia_value", "russia_znpp_value", values, value(FULL * rest, RU_EUR), why),
        Case(f"{name}_share_of_demand", "znpp_share_of_ukraine_demand", values, FULL * share / DEMAND, why),
        Case(f"{name}_equal_value", "znpp_equal_value_share", values, equal_value_share(UA_EUR, RU_EUR),
             why + " The share at equal values is of Ukraine's and Russia's prices alone."),
        Case(f"{name}_emissions", "znpp_emissions_avoided", values, FULL * TONNES_PER_MWH,
             why + " The whole plant's, however it is shared."),
    )


def _ramp(name: str, units: int, delay: str, pace: int, why: str) -> tuple[Case, ...]:
    """A restart set by hand: the reactors that run, and their output."""
    values: dict[str, object] = {
        "znpp_units_available": f"{units} reactor",
        "znpp_restart_delay": f"{delay} year",
        "znpp_units_restarted_per_year": f"{pace} reactor/year",
    }
    running = units_running(units, Fraction(delay), pace)
    return (
        Case(f"{name}_units", "znpp_units_running", values, running, why),
        Case(f"{name}_output", "znpp_output", values, tuple(output(number) for number in running), why),
        Case(f"{name}_full_year", "znpp_output_full_year", values, output(Fraction(units)),
             why + " A full year has all available units running, whatever the ramp."),
    )


_EDGES = (
    *_split("thirds", "33.3333", "33.3333"),
    *_split("three_parties_40_35_25", "40", "35"),
    *_split("all_to_ukraine", "100", "0"),
    *_split("nothing_left_for_russia", "50", "50"),
    *_ramp("ramp_of_the_notes", 6, "1", 2, "0, 1, 3, 5, 6."),
    *_ramp("ramp_without_delay", 6, "0", 2, "1, 3, 5, 6: the first runs from the first day."),
    *_ramp("ramp_two_months", 6, "0.17", 2, "Not back when year 1 begins: 0, then floor(2.66) = 2, 4, 6."),
    *_ramp("ramp_after_five_years", 6, "5", 6, "None in years 1 to 5, one in year 6, all six from year 7."),
    *_ramp("ramp_after_a_year_and_a_half", 6, "1.5", 2, "0, 0, 2, 4, 6."),
    *_ramp("ramp_longer_than_the_projection", 6, "40", 6, "None in any of the thirty years."),
    *_ramp("ramp_one_a_year", 6, "1", 1, "0, 1, 2, 3, 4, 5, 6."),
    *_ramp("ramp_water_for_two", 2, "1", 2, "0, 1, then 2: no more than the water allows."),
    *_ramp("ramp_water_for_none", 0, "1", 2, "No unit, no output."),
    Case("water_for_two_ukraine", "ukraine_znpp_output", {"znpp_units_available": "2 reactor"},
         output(Fraction(2)) / 2, "Two units, half of their output."),
    Case("water_for_none_emissions", "znpp_emissions_avoided", {"znpp_units_available": "0 reactor"},
         Fraction(0), "No output, nothing avoided."),
    Case("russia_price_set_as_a_formula", "znpp_equal_value_share",
         {**_PRICES, "russia_power_price": "3372 RUB/MWh"},
         equal_value_share(_EUR_101_4, Fraction(3372) / Fraction("90.8")),
         "The formula russia_power_price replaced by a constant."),
    Case("ukraine_power_free", "znpp_equal_value_share", {"ukraine_power_price": "0 UAH/MWh"}, Fraction(1),
         "Power worth nothing in Ukraine: only all of the energy leaves both sides with equal value, zero."),
)

CASES: tuple[Case, ...] = _CHECKS + _CENTRAL + _CONVENTIONS + _EDGES


def check_published() -> None:
    """Every figure in print for this provision comes out of the sums above."""
    by_id = {case.id: case.expected for case in CASES}
    for name, scale, printed in (
        ("check_gross_35_5_twh", 1, "35.5"),
        ("check_gross_17_75_ukraine", 1, "17.75"),
        ("check_gross_17_75_russia", 1, "17.75"),
        ("check_equal_value_17_8_percent", 100, "17.8"),
        ("check_equal_value_26_8_percent", 100, "26.8"),
        ("check_equal_value_18_9_percent_at_the_leak", 100, "18.9"),
        ("check_equal_value_22_8_percent_at_the_leak", 100, "22.8"),
        ("central_znpp_output_full_year", 1, "33.73"),
        ("central_ukraine_znpp_output", 1, "16.86"),
        ("central_russia_znpp_output", 1, "16.86"),
        ("central_ukraine_znpp_value", 1, "1.56"),
        ("central_russia_znpp_value", 1, "0.36"),
        ("one_part_russia_value", 1, "0.46"),
        ("central_znpp_share_of_ukraine_demand", 100, "15.6"),
        ("central_znpp_emissions_avoided", 1, "16.8"),
        ("water_for_two_ukraine", 1, "5.6"),
    ):
        exact = by_id[name]
        assert isinstance(exact, Fraction)
        assert_prints(name, exact * scale, printed)

    assert [int(units) for units in RAMP] == [0, 1, 3, 5] + 26 * [6]
    for year, printed in enumerate(("0", "5.6", "16.9", "28.1", "33.7")):
        assert_prints(f"output in year {year + 1}", output(RAMP[year]), printed)
    assert_prints("capacity factor, %", FACTOR * 100, "67.541857")
    assert_prints("Ukraine's price", UA_EUR, "92.57")
    assert_prints("Ukraine's price of the check value", _EUR_101_4, "101.4")
    assert_prints("demand", DEMAND, "108.08")
    assert_prints("a half's emissions", FULL * TONNES_PER_MWH / 2, "8.4")

    # The ends of the equal-value shares: prices and rates at the ends of their ranges.
    dear = ukraine_price_in_euros(Fraction("5409.89"), Fraction("41.7565"), Fraction("0.9603"))
    cheap = ukraine_price_in_euros(UAH_PER_MWH, Fraction("45.7"), Fraction("0.8453"))
    weak_rouble = Fraction("104.75")
    assert_prints("lowest, energy only", equal_value_share(dear, 1800 / weak_rouble) * 100, "12")
    assert_prints("highest, energy only", equal_value_share(cheap, 2000 / RUB_PER_EUR) * 100, "21")
    assert_prints("lowest, one part", equal_value_share(dear, 2530 / weak_rouble) * 100, "16")
    assert_prints("highest, one part", equal_value_share(cheap, 3134 / RUB_PER_EUR) * 100, "29")
