"""Reconstruction: needs by assessment in prices of one year, and what the money of a text is beside them."""

import numpy as np

from ukraineplan.units import (
    BillionEUR,
    BillionUSD,
    BillionUSD2022,
    BillionUSD2023,
    BillionUSD2024,
    BillionUSD2025,
    BillionUSDPerYear,
    Choice,
    EURPerUSD,
    Share,
    USD2024PerUSD2022,
    USD2024PerUSD2023,
    USD2024PerUSD2025,
    Years,
    choose,
)

# ------------------------------------------------------------------------------------------------------
# The money that a text names, beside the needs


def amounts_named_for_reconstruction(
    money_counted: Choice,
    vehicle_principal: BillionUSD,
    european_contribution: BillionUSD,
    reconstruction_package: BillionUSD,
    reconstruction_fund: BillionUSD,
) -> BillionUSD:
    """Amounts for reconstruction in the text, of the kind counted

    Zero where the text has taken the clause out, whatever else it says of rebuilding.
    """
    return choose(
        money_counted,
        point_14_sums=vehicle_principal + european_contribution,
        package=reconstruction_package,
        fund=reconstruction_fund,
    )


def reconstruction_money(amounts_named_for_reconstruction: BillionUSD) -> BillionUSD:
    """Money for reconstruction that the text names

    Paid in once and in full, whoever owns what it buys. Unset where the text names no amount of the kind counted: a
    promise without a sum is not a sum of nothing.
    """
    one_if_any = amounts_named_for_reconstruction / amounts_named_for_reconstruction
    return amounts_named_for_reconstruction * one_if_any


def reconstruction_money_coverage(reconstruction_money: BillionUSD, reconstruction_needs: BillionUSD) -> Share:
    """Money named as a share of reconstruction needs

    Above 100 % where it is more than the needs assessed.
    """
    return reconstruction_money / reconstruction_needs


def reconstruction_gap(reconstruction_needs: BillionUSD, reconstruction_money: BillionUSD) -> BillionUSD:
    """Reconstruction needs beyond the money named

    Zero where the money covers all of them.
    """
    return np.maximum(reconstruction_needs - reconstruction_money, 0)


def reconstruction_needs_a_year(reconstruction_needs: BillionUSD, needs_horizon: Years) -> BillionUSDPerYear:
    """Reconstruction needs in a year

    In equal parts over the years of the assessment.
    """
    return reconstruction_needs / needs_horizon


def reconstruction_money_years(reconstruction_money: BillionUSD, reconstruction_needs_a_year: BillionUSDPerYear) -> Years:
    """Years of needs that the money named pays for"""
    return reconstruction_money / reconstruction_needs_a_year


def deployment_years(reconstruction_money: BillionUSD, absorption_pace: BillionUSDPerYear) -> Years:
    """Years of needs that the money named would meet, at a pace

    Arithmetic on the needs met in past years, a lower bound; more money or a peace may change the pace.
    """
    return reconstruction_money / absorption_pace


# ------------------------------------------------------------------------------------------------------
# Pledged already


def era_loan_in_dollars(era_loan: BillionEUR, euros_per_dollar: EURPerUSD) -> BillionUSD:
    """ERA loans repaid from the assets' proceeds, in dollars"""
    return era_loan / euros_per_dollar


def era_loan_per_principal(era_loan_in_dollars: BillionUSD, vehicle_principal: BillionUSD) -> Share:
    """ERA loans over the frozen assets put into the vehicle

    The proceeds of the same stock of assets repay these loans.
    """
    return era_loan_in_dollars / vehicle_principal


def ukraine_facility_in_dollars(ukraine_facility: BillionEUR, euros_per_dollar: EURPerUSD) -> BillionUSD:
    """Ukraine Facility in dollars"""
    return ukraine_facility / euros_per_dollar


def eu_loan_in_dollars(eu_loan: BillionEUR, euros_per_dollar: EURPerUSD) -> BillionUSD:
    """Further loan of the European Union in dollars"""
    return eu_loan / euros_per_dollar


def support_committed(era_loan_in_dollars: BillionUSD, ukraine_facility_in_dollars: BillionUSD) -> BillionUSD:
    """ERA loans and Ukraine Facility together

    For scale: what part of them pays for reconstruction no source here says, so nothing is taken off the needs.
    """
    return era_loan_in_dollars + ukraine_facility_in_dollars


def support_committed_per_needs(support_committed: BillionUSD, reconstruction_needs: BillionUSD) -> Share:
    """ERA loans and Facility over reconstruction needs"""
    return support_committed / reconstruction_needs


# ------------------------------------------------------------------------------------------------------
# Assessments in prices of one year


def needs_of_mid_2022_in_2024_prices(
    needs_of_mid_2022: BillionUSD2022, prices_2024_per_mid_2022: USD2024PerUSD2022
) -> BillionUSD2024:
    """Needs of mid-2022 in prices of December 2024"""
    return needs_of_mid_2022 * prices_2024_per_mid_2022


def needs_of_february_2023_in_2024_prices(
    needs_of_february_2023: BillionUSD2023, prices_2024_per_february_2023: USD2024PerUSD2023
) -> BillionUSD2024:
    """Needs of February 2023 in prices of December 2024"""
    return needs_of_february_2023 * prices_2024_per_february_2023


def needs_of_end_2023_in_2024_prices(
    needs_of_end_2023: BillionUSD2023, prices_2024_per_end_2023: USD2024PerUSD2023
) -> BillionUSD2024:
    """Needs of December 2023 in prices of December 2024"""
    return needs_of_end_2023 * prices_2024_per_end_2023


def needs_of_end_2025_in_2024_prices(
    needs_of_end_2025: BillionUSD2025, prices_2024_per_end_2025: USD2024PerUSD2025
) -> BillionUSD2024:
    """Needs of December 2025 in prices of December 2024"""
    return needs_of_end_2025 * prices_2024_per_end_2025


def needs_growth_at_constant_prices(
    needs_of_end_2024: BillionUSD2024, needs_of_mid_2022_in_2024_prices: BillionUSD2024
) -> Share:
    """Growth of needs from mid-2022 to the end of 2024

    In prices of one date, so that inflation does not count as need.
    """
    return needs_of_end_2024 / needs_of_mid_2022_in_2024_prices - 1
