"""Every formula against sums done by hand; would catch any wrong arithmetic, unit, timing or central value."""

from datetime import date

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
    if isinstance(case.expected, date):
        assert found == case.expected, case.because
        return
    expected = np.array([float(x) for x in case.expected]) if isinstance(case.expected, tuple) else float(case.expected)
    np.testing.assert_allclose(found, expected, rtol=1e-11, atol=1e-12, err_msg=case.because)


def test_every_formula_has_a_sum_done_by_hand(plan: up.Plan) -> None:
    """Catches a formula that nobody has computed by hand; those below are steps whose results others cover."""
    assert set(plan.formulas) - {c.target for c in ALL} == STEPS


STEPS = set("""
affordable_upkeep discount_factor losses_to_recover profit_paid_to_ukraine profit_to_share profit_to_ukraine profit_to_us
reinvested_account russia_power_price_in_euros russia_share_of_znpp ukraine_closing_value ukraine_power_price_in_euros
united_states_znpp_output vehicle_capital_at_work vehicle_capital_call vehicle_fee_charged vehicle_gross_return
vehicle_money_for_ukraine_total vehicle_paid_in windfall_contribution_rate windfall_net_interest windfall_yield
znpp_unit_capacity znpp_unit_output
""".split())
