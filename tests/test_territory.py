"""Territory: would catch a count mixed with another, a fact of the future, a side without its row, a list that nobody named."""

import pytest

import ukraineplan as up
from ukraineplan.errors import InvalidValue, NotStated

SHARES = ("donetsk", "luhansk", "kherson", "zaporizhzhia", "kharkiv", "sumy", "dnipropetrovsk")


@pytest.fixture(scope="module")
def plan() -> up.Plan:
    return up.load("us28")


@pytest.fixture(scope="module")
def later() -> up.Plan:
    return up.load("us28", as_of="2026-06-30")


def test_the_exchange_of_the_draft_at_the_leak(plan: up.Plan) -> None:
    """Catches a headline that rests on the disputed number of oblasts, or on a count made later."""
    assert plan["area_ukraine_leaves"].value == 5045
    assert plan["area_outside_five_regions"].value == 2770
    assert plan["exchange_area_ratio"].value == pytest.approx(5045 / 2770, rel=1e-12)
    assert plan["exchange_net_area"].value == 2275
    assert "5,045 km²" in plan["area_ukraine_leaves"].sentence and "2,770 km²" in plan["area_ukraine_leaves"].sentence


def test_what_the_draft_leaves_disputed_is_unset_with_both_readings(plan: up.Plan) -> None:
    """Catches an area that Russia leaves where the text names no oblast."""
    left = plan["area_russia_leaves"]
    assert left.value is None and "3" in str(left.reason) and "4" in str(left.reason)
    with pytest.raises(NotStated):
        left.m_as("km^2")
    assert plan.with_values(regions_returned=4)["area_russia_leaves"].value == 2770
    assert plan.with_values(regions_returned=3, fourth_oblast_counted="no")["area_russia_leaves"].value == 2750


def test_shares_made_public_later_do_not_count_at_the_leak(plan: up.Plan, later: up.Plan) -> None:
    for oblast in SHARES:
        assert plan[f"{oblast}_occupied_share"].value is None
        assert later[f"{oblast}_occupied_share"].value is not None
    assert plan["frozen_area"].value == 28_461 + 27_180
    assert plan["frozen_area_held"].value is None
    assert later["frozen_area_held"].value == pytest.approx(28_461 * 0.28 + 27_180 * 0.252)
    assert plan.with_values(area_count="deepstate")["area_ukraine_leaves"].value is None


def test_a_count_is_taken_whole(later: up.Plan) -> None:
    """Catches a ratio of one source's land over another's."""
    other = later.with_values(area_count="deepstate")
    assert other["exchange_area_ratio"].value == pytest.approx(3.1022761548505, rel=1e-10)
    moved = other.with_values(donetsk_held_afp="9000 km^2", luhansk_held_afp="900 km^2", outside_held_afp="1 km^2")
    assert moved["exchange_area_ratio"].value == other["exchange_area_ratio"].value
    shares = {f"{oblast}_occupied_share": "50 %" for oblast in SHARES}
    assert later.with_values(**shares)["exchange_area_ratio"].value == later["exchange_area_ratio"].value


def test_counts_of_what_ukraine_held_stay_apart(plan: up.Plan, later: up.Plan) -> None:
    """Catches an average, and a published rival that has no row."""
    held = {
        plan["donetsk_held_area"].value, plan["donetsk_held_official"].value,
        later.with_values(area_count="deepstate")["donetsk_held_area"].value,
    }  # fmt: skip
    assert {round(float(x)) for x in held} == {5000, 8698, 5807}
    rivals = {"remaining_donetsk_5180_feb2026", "remaining_donetsk_2250sqmi", "remaining_donetsk_5000_dec2025"}
    assert set(later.parameters["donetsk_held_afp"].competing) == rivals
    assert not plan.parameters["donetsk_held_afp"].competing


def test_a_list_of_regions_that_no_text_gives_is_refused(plan: up.Plan) -> None:
    """Catches an area for two recognised regions: which two, nobody can say."""
    for name, count in (("regions_recognised", 2), ("regions_frozen", 3), ("regions_returned", 5)):
        with pytest.raises(InvalidValue):
            plan.with_values(**{name: count})


def test_four_frozen_regions_are_two_more_than_two(later: up.Plan) -> None:
    two, four = later.with_values(regions_frozen=2), later.with_values(regions_frozen=4)
    assert four["frozen_area"].value - two["frozen_area"].value == later["donbas_area"].value == 53_201
    for p in (two, four, later.with_values(regions_frozen=0)):
        assert p["frozen_area_held"].value + p["frozen_area_occupied"].value == pytest.approx(p["frozen_area"].value)


def test_where_ukraine_leaves_nothing_russia_may_still_leave(plan: up.Plan) -> None:
    """Catches a net of zero beside 2,750 km² that Russia leaves: option A of the December text."""
    none = plan.with_values(donetsk_withdrawal_share=0)
    zero = ("area_ukraine_leaves", "exchange_area_ratio", "cities_people_before_war", "people_where_ukraine_leaves",
            "area_left_by_official_count")  # fmt: skip
    assert [none[name].value for name in zero] == [0] * len(zero)
    option_a = up.load("dec20:option_a")
    assert (option_a["area_ukraine_leaves"].value, option_a["area_russia_leaves"].value) == (0, 2750)
    assert option_a["exchange_net_area"].value == -option_a["area_russia_leaves"].value


@pytest.mark.parametrize("text", ["us28", "status_quo", "e3_reuters", "dec20:option_a"])
@pytest.mark.parametrize("as_of", [None, "2026-06-30"])
def test_the_headline_has_one_unit_and_no_empty_range(text: str, as_of: str | None) -> None:
    """Catches a range of nothing in print, and a unit written twice."""
    sentence = up.load(text, as_of=as_of)["area_ukraine_leaves"].sentence
    assert "–" not in sentence and "km² km²" not in sentence and "in km², is" in sentence


def test_the_range_of_a_count_is_of_that_count(plan: up.Plan, later: up.Plan) -> None:
    """Catches more land than the "nearly 5,000" that was counted, and a later count beside an earlier one of the other side."""
    for p in (plan, later):
        assert p["donetsk_held_afp"].value == p["donetsk_held_afp"].high == 5000
        assert p["donetsk_held_afp"].low == pytest.approx(26_517 * 0.185)
    assert plan["people_where_ukraine_leaves"].high is None  # counts of other days are no range


def test_every_oblast_has_its_area_from_the_table(plan: up.Plan) -> None:
    """Catches an area from memory."""
    for oblast in (*SHARES, "crimea"):
        assert plan.parameters[f"{oblast}_area"].facts and plan.parameters[f"{oblast}_area"].assumption is None


def test_people_before_the_war_and_at_the_leak(plan: up.Plan, later: up.Plan) -> None:
    assert plan["cities_people_before_war"].value == 105_141 + 147_145 + 53_977 == 306_263
    assert plan["people_where_ukraine_leaves"].value == 198_500
    assert later["people_where_ukraine_leaves"].value == 187_000
    assert plan["recognised_people"].value == 2_342_400 + 4_059_372 + 2_102_921


def test_old_observations_name_their_year(plan: up.Plan) -> None:
    """Catches a row of people of another year that does not say so."""
    for name in ("sloviansk_people", "kramatorsk_people", "druzhkivka_people", "donetsk_people", "luhansk_people",
                 "cities_people_before_war", "recognised_people", "three_regions_people"):  # fmt: skip
        assert "2022" in plan[name].label
    for name in ("crimea_people", "sevastopol_people", "recognised_people"):
        assert "2014" in plan[name].label
    assert "July 2025" in plan["area_left_by_official_count"].label and "July 2025" in plan["donetsk_held_official"].label


def test_each_side_has_its_row_beside_the_other(plan: up.Plan) -> None:
    names = [n for n, f in plan.formulas.items() if f.provision == "territory"]
    pairs = (("area_ukraine_leaves_share", "area_outside_five_regions_share"), ("frozen_area_occupied", "frozen_area_held"))
    for one, other in pairs:
        assert names.index(other) == names.index(one) + 1
    assert {"area_ukraine_leaves", "area_russia_leaves"} <= set(names)
