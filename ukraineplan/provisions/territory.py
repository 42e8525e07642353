"""Territory: what each side would leave, what a text recognises or freezes, and the people of before the war."""

import numpy as np

from ukraineplan.units import Choice, Persons, Ratio, Regions, Share, SquareKm, choose

# ------------------------------------------------------------------------------------------------------
# What each side would leave


def donetsk_held_area(
    area_count: Choice, donetsk_held_afp: SquareKm, donetsk_area: SquareKm, donetsk_occupied_share: Share
) -> SquareKm:
    """Part of Donetsk oblast that Ukraine holds"""
    return choose(area_count, afp_isw=donetsk_held_afp, deepstate=donetsk_area * (1 - donetsk_occupied_share))


def donetsk_held_share(donetsk_held_area: SquareKm, donetsk_area: SquareKm) -> Share:
    """Share of Donetsk oblast that Ukraine holds"""
    return donetsk_held_area / donetsk_area


def donetsk_held_official(donetsk_area: SquareKm, donetsk_official_share: Share) -> SquareKm:
    """Held part of Donetsk by the official count, July 2025

    Another method and another day: it stands beside the count taken above and is not mixed with it.
    """
    return donetsk_area * donetsk_official_share


def luhansk_held_area(
    area_count: Choice, luhansk_held_afp: SquareKm, luhansk_area: SquareKm, luhansk_occupied_share: Share
) -> SquareKm:
    """Part of Luhansk oblast that Ukraine holds"""
    return choose(area_count, afp_isw=luhansk_held_afp, deepstate=luhansk_area * (1 - luhansk_occupied_share))


def luhansk_pocket(luhansk_pocket_counted: Choice, luhansk_held_area: SquareKm) -> SquareKm:
    """Part of Luhansk that is left together with Donetsk"""
    return choose(luhansk_pocket_counted, yes=luhansk_held_area, no=0)


def area_ukraine_leaves(
    donetsk_withdrawal_share: Share, donetsk_held_area: SquareKm, luhansk_pocket: SquareKm
) -> SquareKm:
    """Area that Ukraine leaves"""
    return donetsk_withdrawal_share * (donetsk_held_area + luhansk_pocket)


def area_left_by_official_count(donetsk_withdrawal_share: Share, donetsk_held_official: SquareKm) -> SquareKm:
    """Area left in Donetsk by the official count, July 2025"""
    return donetsk_withdrawal_share * donetsk_held_official


def area_russia_leaves(regions_returned: Regions, area_outside_five_regions: SquareKm) -> SquareKm:
    """Area that Russia leaves

    All that it is counted to hold outside five regions, where the text has it leave oblasts at all; an oblast that
    the count does not measure adds nothing.
    """
    return np.where(regions_returned > 0, area_outside_five_regions, 0)


def area_outside_by_afp(
    fourth_oblast_counted: Choice, outside_held_afp: SquareKm, chernihiv_held_afp: SquareKm
) -> SquareKm:
    """Area Russia holds outside five regions, by AFP's count"""
    return choose(fourth_oblast_counted, yes=outside_held_afp, no=outside_held_afp - chernihiv_held_afp)


def area_outside_by_shares(
    kharkiv_area: SquareKm,
    kharkiv_occupied_share: Share,
    sumy_area: SquareKm,
    sumy_occupied_share: Share,
    dnipropetrovsk_area: SquareKm,
    dnipropetrovsk_occupied_share: Share,
) -> SquareKm:
    """Area Russia holds outside five regions, by shares

    Kharkiv, Sumy and Dnipropetrovsk; of other oblasts no share is in the record.
    """
    kharkiv, sumy = kharkiv_area * kharkiv_occupied_share, sumy_area * sumy_occupied_share
    return kharkiv + sumy + dnipropetrovsk_area * dnipropetrovsk_occupied_share


def area_outside_five_regions(
    area_count: Choice, area_outside_by_afp: SquareKm, area_outside_by_shares: SquareKm
) -> SquareKm:
    """Area that Russia holds outside five regions

    Outside Crimea, Donetsk, Luhansk, Kherson and Zaporizhzhia; what a text has Russia leave of it is another number.
    """
    return choose(area_count, afp_isw=area_outside_by_afp, deepstate=area_outside_by_shares)


def area_ukraine_leaves_share(area_ukraine_leaves: SquareKm, ukraine_area: SquareKm) -> Share:
    """Area that Ukraine leaves, of all Ukraine"""
    return area_ukraine_leaves / ukraine_area


def area_outside_five_regions_share(area_outside_five_regions: SquareKm, ukraine_area: SquareKm) -> Share:
    """Area Russia holds outside five regions, of all Ukraine"""
    return area_outside_five_regions / ukraine_area


def exchange_area_ratio(area_ukraine_leaves: SquareKm, area_outside_five_regions: SquareKm) -> Ratio:
    """Area Ukraine leaves over what Russia holds outside

    A ratio of two areas; whether Russia leaves all it holds outside five regions, a text has to say.
    """
    return area_ukraine_leaves / area_outside_five_regions


def exchange_net_area(area_ukraine_leaves: SquareKm, area_outside_five_regions: SquareKm) -> SquareKm:
    """Area Ukraine leaves less what Russia holds outside

    A difference of two areas; whether Russia leaves all it holds outside five regions, a text has to say. Below zero
    where Ukraine leaves less than that.
    """
    return area_ukraine_leaves - area_outside_five_regions


def donbas_area(donetsk_area: SquareKm, luhansk_area: SquareKm) -> SquareKm:
    """Area of Donetsk and Luhansk oblasts"""
    return donetsk_area + luhansk_area


def donbas_area_ceded(donbas_share_ceded: Share, donbas_area: SquareKm) -> SquareKm:
    """Area of Donbas that changes hands, by a stated share"""
    return donbas_share_ceded * donbas_area


# ------------------------------------------------------------------------------------------------------
# Recognised, and frozen


def crimea_area_counted(sevastopol_counted: Choice, crimea_area: SquareKm, sevastopol_area: SquareKm) -> SquareKm:
    """Area of Crimea"""
    return choose(sevastopol_counted, yes=crimea_area + sevastopol_area, no=crimea_area)


def three_regions_area(crimea_area_counted: SquareKm, donbas_area: SquareKm) -> SquareKm:
    """Area of Crimea, Luhansk and Donetsk"""
    return crimea_area_counted + donbas_area


def recognised_area(regions_recognised: Regions, three_regions_area: SquareKm) -> SquareKm:
    """Area recognised as Russian

    The whole of the regions, whoever holds them.
    """
    return np.where(regions_recognised > 0, three_regions_area, 0)


def recognised_area_share(recognised_area: SquareKm, ukraine_area: SquareKm) -> Share:
    """Area recognised as Russian, of all Ukraine"""
    return recognised_area / ukraine_area


def kherson_zaporizhzhia_area(kherson_area: SquareKm, zaporizhzhia_area: SquareKm) -> SquareKm:
    """Area of Kherson and Zaporizhzhia oblasts"""
    return kherson_area + zaporizhzhia_area


def kherson_zaporizhzhia_occupied(
    kherson_area: SquareKm,
    kherson_occupied_share: Share,
    zaporizhzhia_area: SquareKm,
    zaporizhzhia_occupied_share: Share,
) -> SquareKm:
    """Occupied part of Kherson and Zaporizhzhia"""
    return kherson_area * kherson_occupied_share + zaporizhzhia_area * zaporizhzhia_occupied_share


def donbas_occupied(
    donetsk_area: SquareKm, donetsk_occupied_share: Share, luhansk_area: SquareKm, luhansk_occupied_share: Share
) -> SquareKm:
    """Occupied part of Donetsk and Luhansk"""
    return donetsk_area * donetsk_occupied_share + luhansk_area * luhansk_occupied_share


def frozen_area(
    regions_frozen: Regions,
    regions_of_point_21b: Regions,
    kherson_zaporizhzhia_area: SquareKm,
    donbas_area: SquareKm,
) -> SquareKm:
    """Area of the regions frozen along the line

    Whole oblasts: Kherson and Zaporizhzhia, and Donetsk and Luhansk where a text freezes more than these two.
    """
    further = np.where(regions_frozen > regions_of_point_21b, donbas_area, 0)
    return np.where(regions_frozen > 0, kherson_zaporizhzhia_area, 0) + further


def frozen_area_occupied(
    regions_frozen: Regions,
    regions_of_point_21b: Regions,
    kherson_zaporizhzhia_occupied: SquareKm,
    donbas_occupied: SquareKm,
) -> SquareKm:
    """Part of the frozen regions on Russia's side

    By the occupied shares of one source and one day, whichever count is chosen for the rest.
    """
    further = np.where(regions_frozen > regions_of_point_21b, donbas_occupied, 0)
    return np.where(regions_frozen > 0, kherson_zaporizhzhia_occupied, 0) + further


def frozen_area_held(frozen_area: SquareKm, frozen_area_occupied: SquareKm) -> SquareKm:
    """Part of the frozen regions on Ukraine's side"""
    return frozen_area - frozen_area_occupied


# ------------------------------------------------------------------------------------------------------
# People


def cities_people_before_war(
    donetsk_withdrawal_share: Share,
    sloviansk_people: Persons,
    kramatorsk_people: Persons,
    druzhkivka_people: Persons,
) -> Persons:
    """People of 2022 in three cities that Ukraine leaves

    Sloviansk, Kramatorsk and Druzhkivka; a part of the area is taken as the same part of the people.
    """
    return donetsk_withdrawal_share * (sloviansk_people + kramatorsk_people + druzhkivka_people)


def people_where_ukraine_leaves(donetsk_withdrawal_share: Share, held_donetsk_people: Persons) -> Persons:
    """Civilians living where Ukraine leaves

    In Donetsk oblast; a part of the area is taken as the same part of the people.
    """
    return donetsk_withdrawal_share * held_donetsk_people


def three_regions_people(
    sevastopol_counted: Choice,
    crimea_people: Persons,
    sevastopol_people: Persons,
    donetsk_people: Persons,
    luhansk_people: Persons,
) -> Persons:
    """People of 2014 and 2022 in the three regions

    Crimea of January 2014, Donetsk and Luhansk of January 2022: each before the war reached it in full. Crimea's are
    permanent residents; of the other two the source does not say, so two kinds of count may be added up here.
    """
    crimea = choose(sevastopol_counted, yes=crimea_people + sevastopol_people, no=crimea_people)
    return crimea + donetsk_people + luhansk_people


def recognised_people(regions_recognised: Regions, three_regions_people: Persons) -> Persons:
    """People of 2014 and 2022 in the area recognised"""
    return np.where(regions_recognised > 0, three_regions_people, 0)
