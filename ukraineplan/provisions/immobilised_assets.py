"""Russian state assets immobilised in Europe: how much the vehicle takes, and the interest that then stops."""

import numpy as np

from ukraineplan.units import (
    BillionEUR,
    BillionEURPerYear,
    BillionUSD,
    Choice,
    EURPerUSD,
    PerYear,
    Share,
    Years,
    choose,
)


def vehicle_principal_in_euros(vehicle_principal: BillionUSD, euros_per_dollar: EURPerUSD) -> BillionEUR:
    """Frozen assets placed in the US-led vehicle, in euros"""
    return vehicle_principal * euros_per_dollar


def immobilised_assets(immobilised_scope: Choice, euroclear_assets: BillionEUR, eu_assets: BillionEUR) -> BillionEUR:
    """Assets immobilised in Europe"""
    return choose(immobilised_scope, euroclear=euroclear_assets, eu_total=eu_assets)


def immobilised_in_dollars(immobilised_assets: BillionEUR, euros_per_dollar: EURPerUSD) -> BillionUSD:
    """Assets immobilised in Europe, in dollars"""
    return immobilised_assets / euros_per_dollar


def euroclear_share_of_immobilised(euroclear_assets: BillionEUR, eu_assets: BillionEUR) -> Share:
    """Euroclear's share of the assets immobilised in the EU

    Of the EU total, whatever the scope chosen elsewhere.
    """
    return euroclear_assets / eu_assets


def vehicle_share_of_immobilised(vehicle_principal_in_euros: BillionEUR, immobilised_assets: BillionEUR) -> Share:
    """Share of the immobilised assets that the vehicle takes"""
    return vehicle_principal_in_euros / immobilised_assets


def immobilised_remainder(immobilised_in_dollars: BillionUSD, vehicle_principal: BillionUSD) -> BillionUSD:
    """Remainder for the separate US-Russian vehicle

    Zero where the first vehicle takes all of it.
    """
    return np.maximum(immobilised_in_dollars - vehicle_principal, 0)


def windfall_yield(deposit_rate: PerYear, yield_spread: PerYear) -> PerYear:
    """Yield on the cash at Euroclear"""
    return deposit_rate + yield_spread


def windfall_interest(euroclear_assets: BillionEUR, windfall_yield: PerYear) -> BillionEURPerYear:
    """Interest that Euroclear earns on the assets"""
    return euroclear_assets * windfall_yield


def windfall_contribution_rate(
    windfall_basis: Choice, windfall_rate: Share, windfall_retention: Share
) -> Share:
    """Part of the net interest that is contributed

    Due: all of the statutory rate. Paid: without the part that is retained for five years.
    """
    return choose(windfall_basis, due=windfall_rate, paid=windfall_rate * (1 - windfall_retention))


def windfall_net_interest(
    windfall_interest: BillionEURPerYear, central_bank_share: Share, belgian_tax: Share
) -> BillionEURPerYear:
    """Interest on the central bank's part, after tax"""
    return windfall_interest * central_bank_share * (1 - belgian_tax)


def windfall_contribution(windfall_net_interest: BillionEURPerYear, windfall_contribution_rate: Share) -> BillionEURPerYear:
    """Windfall contribution in a year

    Council Regulation (EU) 2024/1469: a share of the net profit on the central bank's assets. The costs of
    managing them are left out.
    """
    return windfall_net_interest * windfall_contribution_rate


def windfall_forgone(
    vehicle_principal_in_euros: BillionEUR,
    windfall_yield: PerYear,
    belgian_tax: Share,
    windfall_contribution_rate: Share,
) -> BillionEURPerYear:
    """Windfall contribution that stops when the assets leave

    The assets taken are the central bank's, so all of their interest counts.
    """
    return vehicle_principal_in_euros * windfall_yield * (1 - belgian_tax) * windfall_contribution_rate


def era_loan_cover_years(era_loan: BillionEUR, windfall_net_interest: BillionEURPerYear, windfall_rate: Share) -> Years:
    """Years in which contributions cover the ERA loan

    Principal only, against the contribution due in a year before anything leaves for the vehicle.
    """
    return era_loan / (windfall_net_interest * windfall_rate)
