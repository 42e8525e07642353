"""The US-led vehicle for frozen Russian assets: capital, fees, profit over the years, and who receives it.

Capital called works from the start of its year; return, fee and payouts fall at its end; present values are as
of the start of year 1. States go on as if the vehicle never closed; receipts stop after `vehicle_life`.
"""

import numpy as np

from ukraineplan.units import (
    BillionEUR,
    BillionEURPerYear,
    BillionUSD,
    BillionUSDPerYear,
    Choice,
    PerYear,
    Share,
    Years,
    choose,
)
from ukraineplan.years import total


def vehicle_capital(profit_base: Choice, vehicle_principal: BillionUSD, european_contribution: BillionUSD) -> BillionUSD:
    """Capital whose profit is shared"""
    return choose(
        profit_base,
        first_100bn=vehicle_principal,
        both_200bn=vehicle_principal + european_contribution,
    )


def vehicle_paid_in(vehicle_capital: BillionUSD, year: Years, vehicle_drawdown_years: Years) -> BillionUSD:
    """Capital paid in so far

    In equal parts over the years of drawdown.
    """
    return vehicle_capital * np.minimum(year / vehicle_drawdown_years, 1)


def vehicle_capital_call(vehicle_paid_in: BillionUSD, previous_vehicle_paid_in: BillionUSD = 0) -> BillionUSD:
    """Capital called at the start of the year"""
    return vehicle_paid_in - previous_vehicle_paid_in


def vehicle_capital_at_work(
    vehicle_capital_call: BillionUSD, previous_vehicle_net_asset_value: BillionUSD = 0
) -> BillionUSD:
    """Capital at work during the year"""
    return previous_vehicle_net_asset_value + vehicle_capital_call


def vehicle_gross_return(vehicle_capital_at_work: BillionUSD, vehicle_return: PerYear) -> BillionUSDPerYear:
    """Return before fees"""
    return vehicle_capital_at_work * vehicle_return


def vehicle_fee_charged(
    vehicle_capital: BillionUSD,
    vehicle_fee: PerYear,
    vehicle_capital_at_work: BillionUSD,
    vehicle_gross_return: BillionUSDPerYear,
    one_year: Years,
) -> BillionUSDPerYear:
    """Fee on committed capital

    The vehicle pays no more than it holds.
    """
    held = np.maximum(vehicle_capital_at_work / one_year + vehicle_gross_return, 0)
    return np.minimum(vehicle_fee * vehicle_capital, held)


def vehicle_profit(
    profit_after_fees: Choice, vehicle_gross_return: BillionUSDPerYear, vehicle_fee_charged: BillionUSDPerYear
) -> BillionUSDPerYear:
    """Profit or loss of the vehicle"""
    return choose(profit_after_fees, yes=vehicle_gross_return - vehicle_fee_charged, no=vehicle_gross_return)


def losses_to_recover(
    vehicle_profit: BillionUSDPerYear, one_year: Years, previous_losses_to_recover: BillionUSD = 0
) -> BillionUSD:
    """Losses that later profit has not yet made good"""
    return np.maximum(previous_losses_to_recover - vehicle_profit * one_year, 0)


def profit_to_share(
    losses_carried_forward: Choice,
    vehicle_profit: BillionUSDPerYear,
    one_year: Years,
    previous_losses_to_recover: BillionUSD = 0,
) -> BillionUSDPerYear:
    """Profit to be shared out

    Of the year alone, or only what is left after earlier losses are made good.
    """
    owed = choose(losses_carried_forward, yes=previous_losses_to_recover / one_year, no=0)
    return np.maximum(vehicle_profit - owed, 0)


def profit_to_us(profit_to_share: BillionUSDPerYear, us_profit_share: Share) -> BillionUSDPerYear:
    """United States' part of the profit, as if the vehicle went on"""
    return profit_to_share * us_profit_share


def profit_to_ukraine(profit_to_share: BillionUSDPerYear, us_profit_share: Share) -> BillionUSDPerYear:
    """The other part of the profit, as if the vehicle went on

    Who receives it, the text does not say; here it is counted as money for Ukraine.
    """
    return profit_to_share * (1 - us_profit_share)


def profit_paid_to_ukraine(ukraine_profit_reinvested: Choice, profit_to_ukraine: BillionUSDPerYear) -> BillionUSDPerYear:
    """The other part of the profit, where it is paid out"""
    return choose(ukraine_profit_reinvested, yes=0, no=profit_to_ukraine)


def reinvested_account(
    ukraine_profit_reinvested: Choice,
    profit_to_ukraine: BillionUSDPerYear,
    one_year: Years,
    previous_reinvested_account: BillionUSD = 0,
) -> BillionUSD:
    """The other part of the profit left in the vehicle so far

    The nominal sum; what it earns is profit of the vehicle and is split again.
    """
    return choose(ukraine_profit_reinvested, yes=previous_reinvested_account + profit_to_ukraine * one_year, no=0)


def vehicle_net_asset_value(
    vehicle_capital_at_work: BillionUSD,
    vehicle_gross_return: BillionUSDPerYear,
    vehicle_fee_charged: BillionUSDPerYear,
    profit_to_us: BillionUSDPerYear,
    profit_paid_to_ukraine: BillionUSDPerYear,
    one_year: Years,
) -> BillionUSD:
    """Net asset value of the vehicle

    At the end of the year, after fee and payouts, as if the vehicle went on.
    """
    paid_out = vehicle_fee_charged + profit_to_us + profit_paid_to_ukraine
    return vehicle_capital_at_work + (vehicle_gross_return - paid_out) * one_year


def us_profit(profit_to_us: BillionUSDPerYear, year: Years, vehicle_life: Years) -> BillionUSDPerYear:
    """Profit for the United States"""
    return np.where(year <= vehicle_life, profit_to_us, 0)


def us_profit_total(us_profit: BillionUSDPerYear) -> BillionUSD:
    """Profit for the United States over the vehicle's life"""
    return total(us_profit)


def discount_factor(discount_rate: PerYear, one_year: Years, previous_discount_factor: Share = 1) -> Share:
    """Present value of one dollar at the end of the year"""
    return previous_discount_factor / (1 + discount_rate * one_year)


def us_profit_present_value(us_profit: BillionUSDPerYear, discount_factor: Share) -> BillionUSD:
    """Profit for the United States, present value

    As of the start of year 1.
    """
    return total(us_profit * discount_factor)


def ukraine_closing_value(
    ukraine_owns_vehicle_at_close: Choice, vehicle_net_asset_value: BillionUSD, reinvested_account: BillionUSD
) -> BillionUSD:
    """What Ukraine would receive if the vehicle closed this year

    The reinvested account as far as the vehicle still holds it; or the whole vehicle, which contains that account.
    """
    held = np.maximum(vehicle_net_asset_value, 0)
    return choose(ukraine_owns_vehicle_at_close, yes=held, no=np.minimum(reinvested_account, held))


def vehicle_money_for_ukraine(
    profit_paid_to_ukraine: BillionUSDPerYear,
    ukraine_closing_value: BillionUSD,
    year: Years,
    vehicle_life: Years,
    one_year: Years,
) -> BillionUSDPerYear:
    """Money from the vehicle for Ukraine

    The other part of the profit where it is paid out, and what Ukraine receives at the close.
    """
    at_close = np.where(year == vehicle_life, ukraine_closing_value / one_year, 0)
    return np.where(year <= vehicle_life, profit_paid_to_ukraine, 0) + at_close


def vehicle_money_for_ukraine_total(vehicle_money_for_ukraine: BillionUSDPerYear) -> BillionUSD:
    """Money from the vehicle for Ukraine over its life"""
    return total(vehicle_money_for_ukraine)


def vehicle_money_for_ukraine_present_value(
    vehicle_money_for_ukraine: BillionUSDPerYear, discount_factor: Share
) -> BillionUSD:
    """Money from the vehicle for Ukraine, present value

    As of the start of year 1.
    """
    return total(vehicle_money_for_ukraine * discount_factor)


def break_even_return(
    windfall_forgone: BillionEURPerYear,
    vehicle_principal_in_euros: BillionEUR,
    vehicle_principal: BillionUSD,
    vehicle_capital: BillionUSD,
    us_profit_share: Share,
    profit_after_fees: Choice,
    vehicle_fee: PerYear,
) -> PerYear:
    """Return at which the other half equals the windfall (steady)

    The vehicle fully drawn, the half paid out each year, no losses to recover. The exchange rate cancels. It is not
    the return at which the present values of the projection are equal.
    """
    windfall_rate = windfall_forgone / vehicle_principal_in_euros
    fee = choose(profit_after_fees, yes=vehicle_fee, no=0)
    return windfall_rate * vehicle_principal / ((1 - us_profit_share) * vehicle_capital) + fee


def reconstruction_coverage(vehicle_capital: BillionUSD, reconstruction_needs: BillionUSD) -> Share:
    """Capital as a share of reconstruction needs

    A stock of capital against needs over ten years.
    """
    return vehicle_capital / reconstruction_needs
