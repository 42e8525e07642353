"""Prisoners exchanged all for all, civilians and children who return: counts by date, and past pace."""

import numpy as np

from ukraineplan.units import Choice, Persons, PersonsPerYear, Ratio, Share, Years, choose


def prisoners_exchanged_by_russia(prisoner_exchange_share: Share, prisoners_held_by_russia: Persons) -> Persons:
    """Ukrainian prisoners whom Russia releases"""
    return prisoner_exchange_share * prisoners_held_by_russia


def prisoners_exchanged_by_ukraine(prisoner_exchange_share: Share, prisoners_held_by_ukraine: Persons) -> Persons:
    """Russian prisoners whom Ukraine releases"""
    return prisoner_exchange_share * prisoners_held_by_ukraine


def prisoners_held_ratio(prisoners_held_by_russia: Persons, prisoners_held_by_ukraine: Persons) -> Ratio:
    """Ukrainian prisoners held for each Russian prisoner held"""
    return prisoners_held_by_russia / prisoners_held_by_ukraine


def ukrainians_beyond_equal_numbers(prisoners_exchanged_by_russia: Persons, prisoners_exchanged_by_ukraine: Persons) -> Persons:
    """Ukrainians whom an exchange one for one leaves out

    What "all for all" releases beyond equal numbers; zero where Ukraine releases as many or more.
    """
    return np.maximum(prisoners_exchanged_by_russia - prisoners_exchanged_by_ukraine, 0)


def russians_beyond_equal_numbers(prisoners_exchanged_by_ukraine: Persons, prisoners_exchanged_by_russia: Persons) -> Persons:
    """Russians whom an exchange one for one leaves out

    What "all for all" releases beyond equal numbers; zero where Russia releases as many or more.
    """
    return np.maximum(prisoners_exchanged_by_ukraine - prisoners_exchanged_by_russia, 0)


def prisoners_returned(
    prisoner_count_basis: Choice, prisoners_returned_in_numbered_exchanges: Persons, prisoners_returned_in_all: Persons
) -> Persons:
    """People returned to Ukraine from captivity so far

    Soldiers and civilians. Two official counts stand side by side and are never averaged.
    """
    return choose(
        prisoner_count_basis,
        numbered_exchanges=prisoners_returned_in_numbered_exchanges,
        all_returns=prisoners_returned_in_all,
    )


def russian_prisoners_no_longer_held(russian_prisoners_taken: Persons, prisoners_held_by_ukraine: Persons) -> Persons:
    """Russian prisoners taken and no longer held

    The difference of two lower bounds, hence no bound itself; no count of those returned to Russia is in the evidence.
    """
    return np.maximum(russian_prisoners_taken - prisoners_held_by_ukraine, 0)


def prisoner_return_duration(prisoners_exchanged_by_russia: Persons, prisoner_return_pace: PersonsPerYear) -> Years:
    """Years that the Ukrainian prisoners take at the past pace

    Arithmetic on a pace of the past, for scale: the clause asks for an exchange of all, at no stated pace. The pace counts
    everybody who returned, civilians among them; the prisoners are servicemen alone.
    """
    return prisoners_exchanged_by_russia / prisoner_return_pace


def civilians_to_return(civilian_return_share: Share, civilians_held: Persons) -> Persons:
    """Ukrainian civilians who are released"""
    return civilian_return_share * civilians_held


def children_not_returned(children_registered: Persons, children_returned: Persons) -> Persons:
    """Registered children less those returned

    Supposes that every child who returned was in the register.
    """
    return np.maximum(children_registered - children_returned, 0)


def children_to_return(civilian_return_share: Share, children_not_returned: Persons) -> Persons:
    """Registered children still to return under the clause"""
    return civilian_return_share * children_not_returned


def children_returned_share(children_returned: Persons, children_registered: Persons) -> Share:
    """Children returned as a share of those registered"""
    return children_returned / children_registered


def children_return_duration(children_to_return: Persons, children_return_pace: PersonsPerYear) -> Years:
    """Years that the children take at the past pace

    Arithmetic on a pace of the past, for scale: the clause asks for the return of all, at no stated pace.
    """
    return children_to_return / children_return_pace
