"""The Zaporizhzhia nuclear power plant: restart, output, and its split between parties."""

import numpy as np

from ukraineplan.units import (
    BillionEURPerTWh,
    BillionEURPerYear,
    Choice,
    EURPerMWh,
    EURPerUSD,
    HoursPerYear,
    MtPerYear,
    MWPerReactor,
    Reactors,
    ReactorsPerYear,
    RUBPerEUR,
    RUBPerMWh,
    Share,
    TonnesPerMWh,
    TWhPerReactorYear,
    TWhPerYear,
    TWPerReactor,
    UAHPerMWh,
    UAHPerUSD,
    Years,
    choose,
)


def znpp_unit_capacity(
    output_basis: Choice, znpp_unit_capacity_net: MWPerReactor, znpp_unit_capacity_gross: MWPerReactor
) -> MWPerReactor:
    """Capacity of a unit"""
    return choose(output_basis, net=znpp_unit_capacity_net, gross=znpp_unit_capacity_gross)


def znpp_unit_output(
    znpp_unit_capacity: TWPerReactor, znpp_capacity_factor: Share, hours_per_year: HoursPerYear
) -> TWhPerReactorYear:
    """Output of a unit in a year"""
    return znpp_unit_capacity * znpp_capacity_factor * hours_per_year


def znpp_units_running(
    year: Years,
    one_year: Years,
    znpp_restart_delay: Years,
    znpp_units_restarted_per_year: ReactorsPerYear,
    znpp_units_available: Reactors,
) -> Reactors:
    """Units running

    The first unit starts after the delay, the others at the stated pace, up to the units that water allows;
    a unit counts in a year only if it runs in the whole of it.
    """
    pace = znpp_units_restarted_per_year
    restarted = (year - one_year) * pace - znpp_restart_delay * pace + 1  # in this order whole numbers stay whole
    return np.floor(np.clip(restarted, 0, znpp_units_available))


def znpp_output(znpp_units_running: Reactors, znpp_unit_output: TWhPerReactorYear) -> TWhPerYear:
    """Output of the plant"""
    return znpp_units_running * znpp_unit_output


def znpp_output_full_year(znpp_units_available: Reactors, znpp_unit_output: TWhPerReactorYear) -> TWhPerYear:
    """Output of the plant with all available units running"""
    return znpp_units_available * znpp_unit_output


def russia_share_of_znpp(ukraine_share_of_znpp: Share, united_states_share_of_znpp: Share) -> Share:
    """Russia's share of the plant's output

    What Ukraine and the United States leave, so that the shares sum to one.
    """
    return 1 - (ukraine_share_of_znpp + united_states_share_of_znpp)


def ukraine_znpp_output(znpp_output_full_year: TWhPerYear, ukraine_share_of_znpp: Share) -> TWhPerYear:
    """Electricity for Ukraine

    Entitlement to energy at the plant's gate, before losses in the grid.
    """
    return znpp_output_full_year * ukraine_share_of_znpp


def russia_znpp_output(znpp_output_full_year: TWhPerYear, russia_share_of_znpp: Share) -> TWhPerYear:
    """Electricity for Russia

    Entitlement to energy at the plant's gate, before losses in the grid.
    """
    return znpp_output_full_year * russia_share_of_znpp


def united_states_znpp_output(znpp_output_full_year: TWhPerYear, united_states_share_of_znpp: Share) -> TWhPerYear:
    """Electricity for the United States

    Entitlement to energy at the plant's gate, before losses in the grid.
    """
    return znpp_output_full_year * united_states_share_of_znpp


def ukraine_power_price_in_euros(
    ukraine_power_price: UAHPerMWh, hryvnias_per_dollar: UAHPerUSD, euros_per_dollar: EURPerUSD
) -> EURPerMWh:
    """Power price in Ukraine, in euros

    Through the dollar: of the three exchange rates between hryvnia, dollar and euro only two are free.
    """
    return ukraine_power_price / hryvnias_per_dollar * euros_per_dollar


def russia_power_price(
    power_price_basis: Choice, russia_power_price_energy_only: RUBPerMWh, russia_power_price_one_part: RUBPerMWh
) -> RUBPerMWh:
    """Power price in Russia

    The one-part price contains pay for capacity, the energy-only price does not.
    """
    return choose(power_price_basis, energy_only=russia_power_price_energy_only, one_part=russia_power_price_one_part)


def russia_power_price_in_euros(russia_power_price: RUBPerMWh, roubles_per_euro: RUBPerEUR) -> EURPerMWh:
    """Power price in Russia, in euros"""
    return russia_power_price / roubles_per_euro


def ukraine_znpp_value(
    ukraine_znpp_output: TWhPerYear, ukraine_power_price_in_euros: BillionEURPerTWh
) -> BillionEURPerYear:
    """Ukraine's part at Ukraine's price"""
    return ukraine_znpp_output * ukraine_power_price_in_euros


def russia_znpp_value(russia_znpp_output: TWhPerYear, russia_power_price_in_euros: BillionEURPerTWh) -> BillionEURPerYear:
    """Russia's part at Russia's price"""
    return russia_znpp_output * russia_power_price_in_euros


def znpp_equal_value_share(ukraine_power_price_in_euros: EURPerMWh, russia_power_price_in_euros: EURPerMWh) -> Share:
    """Share of energy for Ukraine that gives equal value

    Two parties, each at its own market's price: s x Ukraine's price = (1 - s) x Russia's price.
    """
    return russia_power_price_in_euros / (ukraine_power_price_in_euros + russia_power_price_in_euros)


def znpp_share_of_ukraine_demand(ukraine_znpp_output: TWhPerYear, ukraine_power_demand: TWhPerYear) -> Share:
    """Ukraine's part as a share of its electricity demand"""
    return ukraine_znpp_output / ukraine_power_demand


def znpp_emissions_avoided(znpp_output_full_year: TWhPerYear, grid_emission_factor: TonnesPerMWh) -> MtPerYear:
    """Emissions avoided by the whole plant

    At the average emissions of the grid that its output replaces.
    """
    return znpp_output_full_year * grid_emission_factor
