"""Reconstruction: would catch prices of two years in one sum, money of a later day, a package read as money found."""

import pytest

import ukraineplan as up
from ukraineplan.errors import UnitError


@pytest.fixture(scope="module")
def plan() -> up.Plan:
    return up.load("us28")


@pytest.fixture(scope="module")
def later() -> up.Plan:
    return up.load("us28", as_of="2026-06-30")


def test_the_two_sums_beside_the_needs_in_force(plan: up.Plan, later: up.Plan) -> None:
    """Catches an assessment of the future at the leak, and an old one that goes on after a new one."""
    assert plan["reconstruction_money"].value == later["reconstruction_money"].value == 200
    assert plan["reconstruction_money_coverage"].value == pytest.approx(200 / 524)
    assert later["reconstruction_money_coverage"].value == pytest.approx(200 / 588)
    assert plan["reconstruction_gap"].value == 324
    assert "$200bn" in plan["reconstruction_money"].sentence


def test_half_of_the_money_is_the_number_that_the_vehicle_has(plan: up.Plan) -> None:
    """Catches two answers to one question: the vehicle's coverage counts the frozen assets alone unless told otherwise."""
    both = plan.with_values(profit_base="both_200bn")
    assert both["reconstruction_coverage"].value == plan["reconstruction_money_coverage"].value
    alone = plan.with_values(european_contribution=0)
    assert alone["reconstruction_money_coverage"].value == plan["reconstruction_coverage"].value


def test_a_package_without_a_total_is_unset(plan: up.Plan) -> None:
    """Catches a package that borrows the sums of another clause."""
    for counted in ("package", "fund"):
        assert plan.with_values(money_counted=counted)["reconstruction_money"].value is None
    stated = plan.with_values(money_counted="package", reconstruction_package=800)
    assert stated["reconstruction_money_coverage"].value == pytest.approx(800 / 524)
    assert stated["reconstruction_gap"].value == 0
    fund = plan.with_values(money_counted="fund", reconstruction_fund=200)
    assert fund["reconstruction_gap"].value == 324


@pytest.mark.parametrize("text", ["e3_reuters", "e3_wapo", "status_quo", "geneva19"])
@pytest.mark.parametrize("as_of", [None, "2026-06-30"])
def test_a_text_that_names_no_amount_has_no_money_and_no_gap(text: str, as_of: str | None) -> None:
    """Catches a clause taken out that reads as $0bn named, beside a promise to rebuild in full."""
    plan = up.load(text, as_of=as_of)
    for name in ("reconstruction_money", "reconstruction_money_coverage", "reconstruction_gap", "deployment_years"):
        assert plan[name].value is None and plan[name].reason


def test_assessments_are_compared_in_prices_of_one_date(plan: up.Plan, later: up.Plan) -> None:
    """Catches growth that is inflation: 50 % in dollars of each date, 41 % in dollars of one."""
    names = [f"needs_of_{date}_in_2024_prices" for date in ("mid_2022", "february_2023", "end_2023")]
    assert [round(float(plan[n].value), 1) for n in names] == [371.7, 431.2, 500.0]
    assert all(plan[n].unit == "billion USD_2024" for n in names)
    assert plan["needs_growth_at_constant_prices"].value == pytest.approx(524 / 371.7246 - 1, rel=1e-5)
    assert plan["needs_of_end_2025_in_2024_prices"].value is None
    assert later["needs_of_end_2025_in_2024_prices"].value == pytest.approx(588 * 315.605 / 324.054)


def test_dollars_of_another_year_are_refused(plan: up.Plan) -> None:
    with pytest.raises(UnitError):
        plan.with_values(needs_of_mid_2022="349 billion USD_2024")
    with pytest.raises(UnitError):
        plan.with_values(needs_of_mid_2022="349 billion USD")


def test_money_that_was_agreed_later_is_unset_at_the_leak(plan: up.Plan, later: up.Plan) -> None:
    assert plan["eu_loan_in_dollars"].value is None and plan["deployment_years"].value is None
    assert later["eu_loan_in_dollars"].value == pytest.approx(90 / later["euros_per_dollar"].value)
    assert later["deployment_years"].value == 40
    assert later["deployment_years"].low == pytest.approx(200 / 15)


def test_loans_repaid_from_the_same_assets(plan: up.Plan) -> None:
    """Catches a rate turned upside down, and a division by assets that are not there."""
    assert plan["era_loan_per_principal"].value == pytest.approx(45 / 0.859 / 100)
    assert plan["support_committed"].value == pytest.approx(95 / 0.859)
    without = plan.with_values(vehicle_principal=0)["era_loan_per_principal"]
    assert without.value is None and without.reason
