"""Every formula against sums done by hand; would catch any wrong arithmetic, unit, timing or central value."""

import numpy as np
import pytest
from oracles import ALL, Case, check_published

import ukraineplan as up


@pytest.fixture(scope="module")
def plan() -> up.Plan:
    return up.load("us28")


def test_sums_done_by_hand_print_as_published() -> None:
    check_published()


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.id)
def test_formula_equals_the_sum_done_by_hand(case: Case, plan: up.Plan) -> None:
    found = plan.with_values(**case.values)[case.target].value
    expected = np.array([float(x) for x in case.expected]) if isinstance(case.expected, tuple) else float(case.expected)
    np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-12, err_msg=case.because)


def test_every_formula_has_a_sum_done_by_hand(plan: up.Plan) -> None:
    helpers = {"united_states_znpp_output"}  # the third party's row; its share is covered by the two others'
    steps = {n for n, f in plan.formulas.items() if n not in {c.target for c in ALL}}
    public = set(ISSUED) & set(plan.formulas)
    assert not steps & public - helpers


ISSUED = """
force_reduction force_reduction_share force_cap_headroom force_cap_multiple_of_prewar force_cap_per_thousand_people
force_cap_share_of_labour_force force_upkeep force_upkeep_in_dollars force_upkeep_share_of_gdp
force_external_financing demobilisation_cost demobilisation_duration vehicle_capital vehicle_net_asset_value
vehicle_profit us_profit us_profit_total us_profit_present_value vehicle_money_for_ukraine
vehicle_money_for_ukraine_present_value break_even_return reconstruction_coverage vehicle_principal_in_euros
immobilised_in_dollars euroclear_share_of_immobilised vehicle_share_of_immobilised immobilised_remainder
windfall_interest windfall_contribution windfall_forgone era_loan_cover_years znpp_units_running znpp_output
znpp_output_full_year ukraine_znpp_output russia_znpp_output ukraine_znpp_value russia_znpp_value
znpp_equal_value_share znpp_share_of_ukraine_demand znpp_emissions_avoided
""".split()
