"""Point 21 by hand: areas that each side would leave, areas recognised and frozen, and the people of before the war.

"Ukrainian forces will withdraw from the part of Donetsk Oblast that they currently control"
"Crimea, Luhansk, and Donetsk will be recognized de facto as Russian, including by the United States"
"Kherson and Zaporizhzhia will be frozen along the line of contact"

Areas are in square kilometres. A count is the work of one source on one day: AFP's, from data of the Institute for the
Study of War, on 20 November 2025; DeepState's on 1 January 2026. They are never mixed in one exchange.
"""

from fractions import Fraction

from .case import Case, assert_prints, percent

# Areas of the oblasts, each from the row of one table.
CRIMEA = Fraction(26_081)  # "Autonomous Republic of Crimea[nb 1] | 26,081"
SEVASTOPOL = Fraction(864)  # "relatively small at 864 square kilometres"
DONETSK = Fraction(26_517)  # "Donetsk Oblast | 26,517"
LUHANSK = Fraction(26_684)  # "Luhansk Oblast | 26,684"
KHERSON = Fraction(28_461)  # "Kherson Oblast | 28,461"
ZAPORIZHZHIA = Fraction(27_180)  # "Zaporizhia Oblast | 27,180"
UKRAINE = Fraction(603_628)  # "roughly 603,628 square kilometers"
KHARKIV = Fraction(31_415)  # "Kharkiv Oblast | 31,415"
SUMY = Fraction(23_834)  # "Sumy Oblast | 23,834"
DNIPROPETROVSK = Fraction(31_914)  # "Dnipropetrovsk Oblast | 31,914"

# AFP's count at the leak.
HELD_DONETSK = Fraction(5_000)  # "nearly 5,000 sq km currently under its control in the Donetsk Oblast"
HELD_LUHANSK = Fraction(45)  # "a 45 sq km pocket in the Lugansk Oblast"
CHERNIHIV_PART = Fraction(20)  # "20 sq km in the Chernigiv Oblast"
OUTSIDE = 2_000 + 450 + 300 + CHERNIHIV_PART  # Kharkiv, Dnipropetrovsk, Sumy and Chernihiv in the same sentence
OFFICIAL_HELD = DONETSK * percent("32.8")  # "32.8% of the region is controlled by the Ukrainian government"

# People.
CITIES = Fraction(105_141 + 147_145 + 53_977)  # Sloviansk, Kramatorsk, Druzhkivka, 1 January 2022
LIVING_THERE = Fraction(198_500)  # "about 198,500 civilians", 12 November 2025
CRIMEA_PEOPLE, WITH_SEVASTOPOL = Fraction(1_958_504), Fraction(2_342_400)  # 1 January 2014, permanent residents
DONETSK_PEOPLE, LUHANSK_PEOPLE = Fraction(4_059_372), Fraction(2_102_921)  # 1 January 2022

LEFT = HELD_DONETSK + HELD_LUHANSK
THREE = CRIMEA + SEVASTOPOL + LUHANSK + DONETSK
DONBAS = DONETSK + LUHANSK


def left(share: Fraction, donetsk: Fraction, luhansk: Fraction) -> Fraction:
    """What Ukraine leaves: the same share of both parts that it holds."""
    return share * (donetsk + luhansk)


def net(given: Fraction, received: Fraction) -> Fraction:
    """What one side leaves beyond the other: below zero where it leaves less, or nothing."""
    return given - received


_CENTRAL = tuple(
    Case(f"central_{target}", target, {}, Fraction(expected), because)
    for target, expected, because in (
        ("area_ukraine_leaves", LEFT, "All of 5,000 in Donetsk and of 45 in Luhansk."),
        ("area_ukraine_leaves_share", LEFT / UKRAINE, "5,045 of 603,628."),
        ("area_outside_five_regions", OUTSIDE, "2,000 + 450 + 300 + 20."),
        ("area_outside_five_regions_share", OUTSIDE / UKRAINE, "2,770 of 603,628: AFP's \"less than 0.5 percent\"."),
        ("exchange_area_ratio", LEFT / OUTSIDE, "5,045 over 2,770."),
        ("exchange_net_area", LEFT - OUTSIDE, "5,045 less 2,770; AFP prints about 2,300."),
        ("donetsk_held_area", HELD_DONETSK, "AFP's count."),
        ("donetsk_held_share", HELD_DONETSK / DONETSK, "5,000 of 26,517."),
        ("donetsk_held_official", OFFICIAL_HELD, "32.8 % of 26,517, July 2025."),
        ("area_left_by_official_count", OFFICIAL_HELD, "All of it."),
        ("luhansk_held_area", HELD_LUHANSK, "AFP's count."),
        ("area_outside_by_afp", OUTSIDE, "2,000 + 450 + 300 + 20."),
        ("luhansk_pocket", HELD_LUHANSK, "Counted, as AFP does."),
        ("crimea_area_counted", CRIMEA + SEVASTOPOL, "The peninsula: with the city."),
        ("three_regions_area", THREE, "26,081 + 864 + 26,684 + 26,517."),
        ("recognised_area", THREE, "All three regions of point 21 a."),
        ("recognised_area_share", THREE / UKRAINE, "80,146 of 603,628."),
        ("three_regions_people", WITH_SEVASTOPOL + LUHANSK_PEOPLE + DONETSK_PEOPLE, "Crimea of 2014, the others of 2022."),
        ("recognised_people", WITH_SEVASTOPOL + LUHANSK_PEOPLE + DONETSK_PEOPLE, "All three regions of point 21 a."),
        ("frozen_area", KHERSON + ZAPORIZHZHIA, "Two regions of point 21 b, whole oblasts."),
        ("kherson_zaporizhzhia_area", KHERSON + ZAPORIZHZHIA, "28,461 + 27,180."),
        ("donbas_area", DONBAS, "26,517 + 26,684."),
        ("cities_people_before_war", CITIES, "105,141 + 147,145 + 53,977."),
        ("people_where_ukraine_leaves", LIVING_THERE, "All of the part of Donetsk that is left."),
    )
)

# DeepState's shares of 1 January 2026, set by hand: at the leak they were not public.
_SHARES = {"donetsk": "78.1", "luhansk": "99.6", "kherson": "72", "zaporizhzhia": "74.8", "kharkiv": "4.7",
           "sumy": "1.0", "dnipropetrovsk": "0.6"}  # fmt: skip
_DEEPSTATE = {"area_count": "deepstate"} | {f"{oblast}_occupied_share": f"{share} %" for oblast, share in _SHARES.items()}
DS_DONETSK = DONETSK * (1 - percent("78.1"))
DS_LUHANSK = LUHANSK * (1 - percent("99.6"))
DS_LEFT = DS_DONETSK + DS_LUHANSK
DS_OUTSIDE = KHARKIV * percent("4.7") + SUMY * percent("1.0") + DNIPROPETROVSK * percent("0.6")
SOUTH_OCCUPIED = KHERSON * percent("72") + ZAPORIZHZHIA * percent("74.8")
DONBAS_OCCUPIED = DONETSK * percent("78.1") + LUHANSK * percent("99.6")
_FOUR = {**_DEEPSTATE, "regions_frozen": "4 region"}

_BY_DEEPSTATE = (
    Case("check_deepstate_left_5914", "area_ukraine_leaves", _DEEPSTATE, DS_LEFT, "21.9 % of Donetsk and 0.4 % of Luhansk."),
    Case("check_deepstate_donetsk_5807", "donetsk_held_area", _DEEPSTATE, DS_DONETSK, "26,517 x 21.9 %."),
    Case("check_deepstate_outside_1906", "area_outside_five_regions", _DEEPSTATE, DS_OUTSIDE, "Three oblasts by their shares."),
    Case("outside_by_shares", "area_outside_by_shares", _DEEPSTATE, DS_OUTSIDE, "Three oblasts by their shares."),
    Case("check_deepstate_ratio_3_10", "exchange_area_ratio", _DEEPSTATE, DS_LEFT / DS_OUTSIDE, "5,914 over 1,906."),
    Case("deepstate_net", "exchange_net_area", _DEEPSTATE, DS_LEFT - DS_OUTSIDE, "5,914 less 1,906."),
    Case("south_occupied", "kherson_zaporizhzhia_occupied", _DEEPSTATE, SOUTH_OCCUPIED, "28,461 x 72 % + 27,180 x 74.8 %."),
    Case("donbas_occupied", "donbas_occupied", _DEEPSTATE, DONBAS_OCCUPIED, "26,517 x 78.1 % + 26,684 x 99.6 %."),
    Case("frozen_two_occupied", "frozen_area_occupied", _DEEPSTATE, SOUTH_OCCUPIED, "Two regions at the line."),
    Case("frozen_two_held", "frozen_area_held", _DEEPSTATE, KHERSON + ZAPORIZHZHIA - SOUTH_OCCUPIED, "55,641 less the occupied."),
    Case("frozen_four", "frozen_area", _FOUR, KHERSON + ZAPORIZHZHIA + DONBAS, "With Donetsk and Luhansk."),
    Case("frozen_four_occupied", "frozen_area_occupied", _FOUR, SOUTH_OCCUPIED + DONBAS_OCCUPIED, "All four by their shares."),
    Case("frozen_four_held", "frozen_area_held", _FOUR,
         KHERSON + ZAPORIZHZHIA + DONBAS - SOUTH_OCCUPIED - DONBAS_OCCUPIED, "What is left of the four."),
)  # fmt: skip

_NONE, _HALF = {"donetsk_withdrawal_share": "0 %"}, {"donetsk_withdrawal_share": "50 %"}
_PLAIN_CRIMEA = {"sevastopol_counted": "no"}
_THREE_OBLASTS = {"fourth_oblast_counted": "no"}
_EDGES = (
    Case("none_left", "area_ukraine_leaves", _NONE, Fraction(0), "No withdrawal."),
    Case("none_left_ratio", "exchange_area_ratio", _NONE, Fraction(0), "Nothing over 2,770."),
    Case("none_left_net", "exchange_net_area", _NONE, net(Fraction(0), OUTSIDE), "0 less 2,770: Russia alone would leave."),
    Case("none_left_net_of_three", "exchange_net_area", {**_NONE, **_THREE_OBLASTS}, Fraction(-2_750), "Less 2,750."),
    Case("none_left_people", "people_where_ukraine_leaves", _NONE, Fraction(0), "No withdrawal."),
    Case("none_left_cities", "cities_people_before_war", _NONE, Fraction(0), "No withdrawal."),
    Case("none_left_official", "area_left_by_official_count", _NONE, Fraction(0), "No withdrawal."),
    Case("half_left", "area_ukraine_leaves", _HALF, left(Fraction(1, 2), HELD_DONETSK, HELD_LUHANSK), "Half of both parts."),
    Case("half_left_net", "exchange_net_area", _HALF, net(LEFT / 2, OUTSIDE), "2,522.5 less 2,770: below zero."),
    Case("without_pocket", "area_ukraine_leaves", {"luhansk_pocket_counted": "no"}, HELD_DONETSK, "Point 21 d names Donetsk."),
    Case("without_fourth_oblast", "area_outside_five_regions", _THREE_OBLASTS, OUTSIDE - CHERNIHIV_PART, "2,000 + 450 + 300."),
    Case("afp_without_fourth_oblast", "area_outside_by_afp", _THREE_OBLASTS, OUTSIDE - CHERNIHIV_PART, "2,000 + 450 + 300."),
    Case("russia_leaves_four", "area_russia_leaves", {"regions_returned": "4 region"}, OUTSIDE, "All that is counted."),
    Case("russia_leaves_three", "area_russia_leaves", {"regions_returned": "3 region", **_THREE_OBLASTS},
         OUTSIDE - CHERNIHIV_PART, "Three oblasts, without Chernihiv."),
    Case("russia_leaves_none", "area_russia_leaves", {"regions_returned": "0 region"}, Fraction(0), "None is returned."),
    Case("recognised_none", "recognised_area", {"regions_recognised": "0 region"}, Fraction(0), "None is recognised."),
    Case("recognised_none_people", "recognised_people", {"regions_recognised": "0 region"}, Fraction(0), "None is recognised."),
    Case("recognised_without_sevastopol", "recognised_area", _PLAIN_CRIMEA, THREE - SEVASTOPOL, "26,081 + 26,684 + 26,517."),
    Case("people_without_sevastopol", "recognised_people", _PLAIN_CRIMEA, CRIMEA_PEOPLE + LUHANSK_PEOPLE + DONETSK_PEOPLE,
         "Permanent residents of the republic alone."),
    Case("frozen_none", "frozen_area", {"regions_frozen": "0 region"}, Fraction(0), "None is frozen."),
    Case("donbas_12_percent", "donbas_area_ceded", {"donbas_share_ceded": "12 %"}, DONBAS * percent("12"), "12 % of 53,201."),
    Case("donbas_14_5_percent", "donbas_area_ceded", {"donbas_share_ceded": "14.5 %"}, DONBAS * percent("14.5"),
         "14.5 % of 53,201."),
)  # fmt: skip

CASES: tuple[Case, ...] = _CENTRAL + _BY_DEEPSTATE + _EDGES


def check_published() -> None:
    """Every figure in print for this provision comes out of the sums above."""
    by_id = {case.id: case.expected for case in CASES}
    for name, scale, printed in (
        ("central_area_ukraine_leaves", 1, "5045"),
        ("central_area_outside_five_regions", 1, "2770"),
        ("central_exchange_area_ratio", 1, "1.82"),
        ("central_exchange_net_area", 1, "2275"),
        ("central_area_ukraine_leaves_share", 100, "0.84"),
        ("central_area_outside_five_regions_share", 100, "0.46"),
        ("central_donetsk_held_official", 1, "8698"),
        ("central_recognised_area", 1, "80146"),
        ("central_recognised_area_share", 100, "13.3"),
        ("central_frozen_area", 1, "55641"),
        ("central_cities_people_before_war", 1, "306263"),
        ("central_recognised_people", 1, "8504693"),
        ("check_deepstate_donetsk_5807", 1, "5807"),
        ("check_deepstate_left_5914", 1, "5914"),
        ("check_deepstate_outside_1906", 1, "1906"),
        ("check_deepstate_ratio_3_10", 1, "3.10"),
        ("donbas_14_5_percent", 1, "7714"),
    ):
        exact = by_id[name]
        assert isinstance(exact, Fraction)
        assert_prints(name, exact * scale, printed)

    assert_prints("12 % of Donbas, above AFP's count", by_id["donbas_12_percent"], "6384")
    assert_prints("low end: 81.5 % of Donetsk on Russia's side", DONETSK * percent("18.5"), "4906")
    assert_prints("AFP's net gain, to the hundred", (LEFT - OUTSIDE) / 100, "23")
    assert_prints("Russia Matters, from 2,250 square miles", 2_250 * Fraction("2.589988"), "5827")
    assert_prints("a quarter of Donetsk", DONETSK / 4, "6629")
    assert_prints("three cities, of 1.9 million", CITIES / 1_900_000 * 100, "16")
    assert_prints("occupied by the official count", 26_500 * (1 - percent("32.8")), "17808")
