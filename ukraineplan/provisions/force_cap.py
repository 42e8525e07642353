"""A ceiling on the size of Ukraine's armed forces: persons, their upkeep, and leaving service."""

import numpy as np

from ukraineplan.units import (
    BillionUAHPerPersonYear,
    BillionUAHPerYear,
    BillionUSD,
    BillionUSDPerPerson,
    BillionUSDPerYear,
    Choice,
    Persons,
    PersonsPerYear,
    PerThousand,
    Ratio,
    Share,
    ThousandPersons,
    UAHPerPersonYear,
    UAHPerUSD,
    Years,
    choose,
)


def force_reduction(force_strength: Persons, force_cap: Persons) -> Persons:
    """Persons above the ceiling

    Zero where the strength is below the ceiling.
    """
    return np.maximum(force_strength - force_cap, 0)


def force_reduction_share(force_reduction: Persons, force_strength: Persons) -> Share:
    """Reduction as a share of present strength"""
    return force_reduction / force_strength


def force_cap_headroom(force_cap: Persons, force_strength: Persons) -> Persons:
    """Persons that the ceiling leaves room for

    Zero where the strength is above the ceiling.
    """
    return np.maximum(force_cap - force_strength, 0)


def force_cap_multiple_of_prewar(force_cap: Persons, prewar_strength: Persons) -> Ratio:
    """Ceiling as a multiple of the strength before the invasion"""
    return force_cap / prewar_strength


def force_cap_per_thousand_people(force_cap: Persons, population: ThousandPersons) -> PerThousand:
    """Ceiling per thousand people"""
    return force_cap / population


def force_cap_share_of_labour_force(force_cap: Persons, labour_force: Persons) -> Share:
    """Ceiling as a share of the labour force

    Whether soldiers are counted in the labour force, the statistics do not say.
    """
    return force_cap / labour_force


def soldier_cost(
    soldier_cost_basis: Choice, soldier_cost_wartime: UAHPerPersonYear, soldier_pay_peacetime: UAHPerPersonYear
) -> UAHPerPersonYear:
    """Cost of a soldier in a year

    The wartime figure contains combat pay and excludes weapons; the peacetime figure is pay alone.
    """
    return choose(soldier_cost_basis, wartime=soldier_cost_wartime, peacetime_pay=soldier_pay_peacetime)


def force_upkeep(force_strength: Persons, force_cap: Persons, soldier_cost: BillionUAHPerPersonYear) -> BillionUAHPerYear:
    """Upkeep of the force under the ceiling

    Of the smaller of strength and ceiling: a ceiling above the strength brings no soldiers.
    """
    return np.minimum(force_strength, force_cap) * soldier_cost


def force_upkeep_in_dollars(force_upkeep: BillionUAHPerYear, hryvnias_per_dollar: UAHPerUSD) -> BillionUSDPerYear:
    """Upkeep of the force under the ceiling in dollars"""
    return force_upkeep / hryvnias_per_dollar


def force_upkeep_share_of_gdp(force_upkeep: BillionUAHPerYear, gross_domestic_product: BillionUAHPerYear) -> Share:
    """Upkeep as a share of gross domestic product"""
    return force_upkeep / gross_domestic_product


def affordable_upkeep(affordable_defence_share: Share, gross_domestic_product: BillionUAHPerYear) -> BillionUAHPerYear:
    """Upkeep that the stated share of GDP pays for"""
    return affordable_defence_share * gross_domestic_product


def force_external_financing(
    force_upkeep: BillionUAHPerYear, affordable_upkeep: BillionUAHPerYear, hryvnias_per_dollar: UAHPerUSD
) -> BillionUSDPerYear:
    """Upkeep beyond the affordable share of GDP

    Zero where the share pays for all of it. Upkeep leaves out weapons, which the observed shares contain, so
    the need for money from outside is understated.
    """
    return np.maximum(force_upkeep - affordable_upkeep, 0) / hryvnias_per_dollar


def demobilisation_cost(force_reduction: Persons, demobilisation_cost_per_head: BillionUSDPerPerson) -> BillionUSD:
    """Cost of demobilising the reduction"""
    return force_reduction * demobilisation_cost_per_head


def demobilisation_duration(force_reduction: Persons, demobilisation_pace: PersonsPerYear) -> Years:
    """Years that demobilising the reduction takes"""
    return force_reduction / demobilisation_pace
