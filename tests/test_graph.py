"""Wiring: order, blocks, years and scales, each against a loop written out by hand."""

import linecache
import math
from typing import Any

import numpy as np
import pytest
from support import TOY, TOY_VALUES, body, central, formula, formulas, graph, inputs, made, toy

from ukraineplan.errors import FormulaError
from ukraineplan.formula import Formula, formulas_of, source
from ukraineplan.graph import Graph, Input, wire
from ukraineplan.provisions import znpp
from ukraineplan.years import HORIZON

YEARS = np.arange(1.0, HORIZON + 1)
NUMERIC = {n: v for n, v in TOY_VALUES.items() if not isinstance(v, str)}


def every_face(g: Graph, name: str, values: dict[str, Any] | None = None) -> Any:
    """The value of a number, which must be the same from the functions and from the trace, alone and among draws."""
    values = TOY_VALUES | (values or {})
    plain, traced = g.run(values)[name], g.evaluate(values)[name]
    np.testing.assert_array_equal(plain, traced)
    for held in ({}, {n: v for n, v in NUMERIC.items() if n != "b"}):  # all drawn; only b drawn
        many = {n: v if isinstance(v, str) or n in held else np.array([v, v, v]) for n, v in values.items()}
        for found in (g.run(many)[name], g.evaluate(many)[name]):
            shape = (HORIZON, 3) if g.yearly(name) else (3,)
            np.testing.assert_array_equal(np.broadcast_to(found, shape), np.stack([plain] * 3, axis=-1))
    return plain


def loop(step: Any, start: float) -> list[float]:
    """Thirty years of a recurrence by hand; `step` takes the year and the value before."""
    found, before = [], start
    for year in range(1, HORIZON + 1):
        before = step(year, before)
        found.append(before)
    return found


# ------------------------------------------------------------------------------------------------------
# Reading a function


def test_formula_is_read_from_its_signature() -> None:
    f = {f.name: f for f in formulas()}["losses_to_recover"]
    assert f.unit == "billion USD"
    assert f.arguments == {"vehicle_profit": "billion USD/year", "one_year": "year", "previous_losses_to_recover": "billion USD"}
    assert f.starts == {"previous_losses_to_recover": 0.0}
    assert f.label == "Losses that later profit has not yet made good" and f.note == ""
    assert f.provision == "asset_vehicle"
    assert f.where.startswith("provisions/asset_vehicle.py:") and f.where.endswith(": losses_to_recover()")
    line = int(f.where.split(":")[1])
    assert linecache.getline(f.function.__code__.co_filename, line).startswith("def losses_to_recover(")


def test_note_is_what_follows_the_label() -> None:
    f = Formula.of(
        formula('def x(a: BillionUSD) -> BillionUSD:\n    """Label\n\n    First line\n    and second.\n    """\n    return a')
    )
    assert (f.label, f.note) == ("Label", "First line\nand second.")


def test_label_may_have_sixty_characters() -> None:
    assert Formula.of(formula(f'def x(a: BillionUSD) -> BillionUSD:\n """{"n" * 60}"""\n return a')).label == "n" * 60


def test_a_function_without_a_source_file_is_a_formula() -> None:
    f = Formula.of(body("return a + b"))
    assert f.where == "<string>:1: x()"
    assert every_face(wire([f], TOY), "x") == 5.0


def test_annotations_may_be_strings() -> None:
    future = "from __future__ import annotations\n"
    f = formula(future + 'def x(a: BillionUSD, previous_x: BillionUSD = 0) -> BillionUSD:\n """L"""\n return a + previous_x')
    assert f.__annotations__["a"] == "BillionUSD"
    np.testing.assert_array_equal(every_face(toy(f), "x"), 3.0 * YEARS)


def test_keyword_only_arguments_work() -> None:
    assert every_face(toy(body("return a + b", arguments="*, a: BillionUSD, b: BillionUSD")), "x") == 5.0


def test_private_functions_of_a_module_may_be_used() -> None:
    twice = formula("def _twice(x):\n    return 2 * x")
    assert every_face(toy(body("return _twice(a)", _twice=twice)), "x") == 6.0


def test_every_public_function_of_a_module_is_a_formula() -> None:
    found = formulas_of(znpp)
    assert {f.name for f in found} >= {"znpp_output", "russia_share_of_znpp"}
    assert {"choose", "np"}.isdisjoint(f.name for f in found)
    assert all(f.provision == "znpp" for f in found)


# ------------------------------------------------------------------------------------------------------
# Order and blocks


def test_every_formula_comes_after_what_it_needs_this_year() -> None:
    seen: set[str] = {*inputs(), "year", "one_year"}
    for name in graph().formulas:
        assert {a for a in graph().formulas[name].arguments if not a.startswith("previous_")} <= seen, name
        seen.add(name)
    assert [n for block in graph().blocks for n in block] == list(graph().formulas)


def test_the_order_in_which_formulas_are_given_does_not_matter() -> None:
    backwards = wire(reversed(formulas()), inputs())
    one, other = graph().run(central()), backwards.run(central())
    assert all(np.array_equal(one[n], other[n]) for n in graph().formulas)


def test_the_one_recurrence_of_the_vehicle_is_one_block() -> None:
    long = [set(block) for block in graph().blocks if len(block) > 1]
    assert len(long) == 1
    assert {"vehicle_net_asset_value", "vehicle_capital_at_work", "losses_to_recover", "profit_to_share"} <= long[0]
    assert {"vehicle_capital_call", "discount_factor", "reinvested_account", "us_profit"}.isdisjoint(long[0])


def test_needs_hold_every_number_below_and_nothing_else() -> None:
    assert graph().needs("force_reduction_share") == {"force_reduction_share", "force_reduction", "force_strength", "force_cap"}
    assert graph().needs("force_cap") == {"force_cap"}
    assert graph().needs("vehicle_capital_call") == {
        "vehicle_capital_call", "vehicle_paid_in", "vehicle_capital", "vehicle_drawdown_years", "year", "profit_base",
        "vehicle_principal", "european_contribution",
    }  # fmt: skip
    assert "losses_to_recover" in graph().needs("losses_to_recover") and "deposit_rate" not in graph().needs("us_profit")
    assert "deposit_rate" in graph().needs("break_even_return")


def test_a_number_needs_what_moves_it() -> None:
    # values that are not needed may be anything
    for name in ("us_profit_total", "znpp_equal_value_share", "windfall_forgone", "force_external_financing"):
        needed = graph().needs(name)
        alone = {n: v for n, v in central().items() if n in needed}
        np.testing.assert_array_equal(graph().run(alone, [name])[name], graph().run(central(), [name])[name])


# ------------------------------------------------------------------------------------------------------
# Years


def test_years_count_from_one() -> None:
    g = toy(body("return a * year / one_year"))
    np.testing.assert_array_equal(every_face(g, "x"), 3.0 * YEARS)
    assert g.yearly("x") and g.yearly("year") and not g.yearly("one_year") and not g.yearly("a")


def test_running_total() -> None:
    g = toy(
        body(
            "return previous_x + a * year / one_year",
            arguments="a: BillionUSD, year: Years, one_year: Years, previous_x: BillionUSD = 0",
        )
    )
    np.testing.assert_array_equal(every_face(g, "x"), loop(lambda year, before: before + 3.0 * year, 0))


def test_lag_of_a_yearly_number() -> None:
    flow = made("y(a: BillionUSD, year: Years, one_year: Years) -> BillionUSD", "a * year / one_year")
    g = toy(flow, body("return previous_y", arguments="previous_y: BillionUSD = 0"))
    np.testing.assert_array_equal(every_face(g, "x"), [0.0, *(3.0 * YEARS[:-1])])
    assert all(len(block) == 1 for block in g.blocks)


def test_lag_of_the_year_itself() -> None:
    g = toy(body("return previous_year", "Years", arguments="previous_year: Years = 0"))
    np.testing.assert_array_equal(every_face(g, "x"), YEARS - 1)


def test_lag_of_a_plain_number_starts_before_year_one() -> None:
    g = toy(body("return previous_a", arguments="previous_a: BillionUSD = 0"))
    np.testing.assert_array_equal(every_face(g, "x"), [0.0] + [3.0] * 29)
    assert g.yearly("x")


def test_lag_of_a_plain_formula_beside_the_number_itself() -> None:
    y = made("y(a: BillionUSD, b: BillionUSD) -> BillionUSD", "a + b")
    g = toy(y, body("return y - previous_y", arguments="y: BillionUSD, previous_y: BillionUSD = 0"))
    np.testing.assert_array_equal(every_face(g, "x"), [5.0] + [0.0] * 29)
    assert not g.yearly("y")


def test_lag_with_a_start_that_is_not_zero() -> None:
    g = toy(body("return previous_share_a * share_b", "Share", arguments="share_b: Share, previous_share_a: Share = 1"))
    np.testing.assert_array_equal(every_face(g, "x"), [0.75] + [0.25 * 0.75] * 29)


def test_lag_of_two_years_by_a_formula_between() -> None:
    y = made("y(previous_year: Years = 0) -> Years", "previous_year")
    g = toy(y, body("return previous_y", "Years", arguments="previous_y: Years = 0"))
    np.testing.assert_array_equal(every_face(g, "x"), [0.0, 0.0, *YEARS[:-2]])


def test_compounding() -> None:
    g = toy(
        body(
            "return previous_x / (1 + rate * one_year)",
            "Share",
            arguments="rate: PerYear, one_year: Years, previous_x: Share = 1",
        )
    )
    np.testing.assert_allclose(every_face(g, "x"), 1.1**-YEARS, rtol=1e-14)


def test_a_count_that_rests_on_nothing() -> None:
    g = toy(
        body("return previous_x + 1", "Ratio", arguments="previous_x: Ratio = 2"),
        made("y(x: Ratio, b: BillionUSD) -> BillionUSD", "x * b"),
    )
    np.testing.assert_array_equal(every_face(g, "x"), YEARS + 2)
    np.testing.assert_array_equal(every_face(g, "y"), 2.0 * (YEARS + 2))


def test_high_water_mark() -> None:
    wave = made(
        "y(a: BillionUSD, b: BillionUSD, year: Years, one_year: Years) -> BillionUSD",
        "a * np.where(year <= 2 * one_year, year / one_year, 1) - b",
    )
    g = toy(wave, body("return np.maximum(y, previous_x)", arguments="y: BillionUSD, previous_x: BillionUSD = 0"))
    np.testing.assert_array_equal(every_face(g, "x"), [1.0] + [4.0] * 29)


def test_two_formulas_in_one_recurrence() -> None:
    hares = made(
        "hares(share_a: Share, previous_hares: Share = 1, previous_foxes: Share = 0.5) -> Share",
        "previous_hares * (1 + share_a - previous_foxes)",
    )
    foxes = made("foxes(hares: Share, previous_foxes: Share = 0.5) -> Share", "previous_foxes * (hares + previous_foxes) / 2")
    g = toy(foxes, hares)
    h, f, expected = 1.0, 0.5, []
    for _ in range(HORIZON):
        h = h * (1 + 0.25 - f)
        f = f * (h + f) / 2
        expected.append((h, f))
    assert g.blocks == (("hares", "foxes"),)
    np.testing.assert_array_equal(every_face(g, "hares"), [e[0] for e in expected])
    np.testing.assert_array_equal(every_face(g, "foxes"), [e[1] for e in expected])


def test_each_argument_has_a_start_of_its_own() -> None:
    # two formulas may see the same number from different starts
    y = made("y(previous_share_a: Share = 0) -> Share", "previous_share_a")
    g = toy(y, body("return previous_share_a", "Share", arguments="previous_share_a: Share = 2"))
    assert (every_face(g, "x")[0], every_face(g, "y")[0]) == (2.0, 0.0)


def test_a_recurrence_may_look_back_at_a_number_outside_it() -> None:
    g = toy(body("return previous_x + previous_a", arguments="previous_x: BillionUSD = 0, previous_a: BillionUSD = 0"))
    np.testing.assert_array_equal(every_face(g, "x"), 3.0 * (YEARS - 1))


@pytest.mark.parametrize(
    ("word", "unit", "expected"),
    [("total", "BillionUSD", 3.0 * 465), ("last", "BillionUSDPerYear", 90.0), ("highest", "BillionUSDPerYear", 90.0),
    ("lowest", "BillionUSDPerYear", 3.0)],
)  # fmt: skip
def test_reductions(word: str, unit: str, expected: float) -> None:
    flow = made("y(a: BillionUSD, year: Years, one_year: Years) -> BillionUSDPerYear", "a * year / one_year / one_year")
    g = toy(flow, body(f"return {word}(y)", unit, arguments="y: BillionUSDPerYear"))
    assert every_face(g, "x") == expected
    assert not g.yearly("x")


def test_a_reduction_inside_an_expression_is_plain_beside_yearly_numbers() -> None:
    g = toy(body("return year / highest(year)", "Share"))
    np.testing.assert_array_equal(every_face(g, "x"), YEARS / 30)


def test_a_yearly_input_is_the_same_in_every_year() -> None:
    g = wire([Formula.of(body("return total(share_a) / one_year", "Ratio", arguments="share_a: Share, one_year: Years"))],
             TOY | {"share_a": Input("share", yearly=True)})  # fmt: skip
    assert every_face(g, "x") == pytest.approx(7.5)


# ------------------------------------------------------------------------------------------------------
# Scales at the edges


def scaled(argument: str, annotation: str, given: str, value: float) -> float:
    """What a formula sees of an input in one unit when it asks in another."""
    f = made(f"x({argument}: {annotation}) -> {annotation}", f"{argument}")
    g = wire([Formula.of(f)], {argument: Input(given)})
    one, other = g.run({argument: value})["x"], g.evaluate({argument: value})["x"]
    assert one == other
    return float(one)


@pytest.mark.parametrize(
    ("annotation", "given", "value", "expected"),
    [
        ("ThousandPersons", "person", 31_500_000, 31_500), ("Persons", "thousand person", 31_500, 31_500_000),
        ("BillionEURPerTWh", "EUR/MWh", 92.57, 0.09257), ("BillionUSD", "USD", 1e11, 100), ("USD", "billion USD", 100, 1e11),
        ("TWPerReactor", "MW/reactor", 950, 0.00095), ("Share", "%", 50, 0.5), ("PerYear", "%/year", 4.09, 0.0409),
        ("Share", "1/thousand", 19.05, 0.01905), ("BillionUAHPerPersonYear", "UAH/person/year", 1.2e6, 0.0012), ("Share",
        "share", 0.3, 0.3),
        ("Ratio", "share", 0.3, 0.3),
    ],
)  # fmt: skip
def test_a_number_is_seen_in_the_unit_that_is_asked_for(annotation: str, given: str, value: float, expected: float) -> None:
    assert scaled("thing", annotation, given, value) == pytest.approx(expected, rel=1e-15)


def test_scales_hold_between_formulas_and_in_recurrences() -> None:
    y = made("y(a: BillionUSD, year: Years, one_year: Years) -> BillionUSD", "a * year / one_year")
    g = toy(y, body("return previous_x + y - previous_y", "USD", arguments="y: USD, previous_x: USD = 0, previous_y: USD = 0"))
    np.testing.assert_array_equal(every_face(g, "x"), 3e9 * YEARS)
    assert g.scales["x"] == {"y": 1e9, "previous_y": 1e9} and g.scales["y"] == {}


def test_a_number_may_look_back_at_itself_in_another_scale() -> None:
    g = toy(
        body(
            "return 2 * previous_x * (1 - share_a) + a",
            "BillionUSD",
            arguments="share_a: Share, a: BillionUSD, previous_x: BillionUSD = 0",
        )
    )
    h = toy(made("x(share_a: Share, a: USD, previous_y: USD = 0) -> USD", "2 * previous_y * (1 - share_a) + a"),
            made("y(x: BillionUSD) -> BillionUSD", "x"))  # fmt: skip
    np.testing.assert_allclose(every_face(h, "y"), every_face(g, "x"), rtol=1e-14)


def test_shipped_scales_are_powers_of_ten() -> None:
    found = {factor for scales in graph().scales.values() for factor in scales.values()}
    assert found
    assert all(math.isclose(math.log10(f), round(math.log10(f)), abs_tol=1e-12) and f != 1 for f in found)


# ------------------------------------------------------------------------------------------------------
# Labels of people's own


def test_labels_may_have_the_name_of_any_word() -> None:
    g = wire(
        [Formula.of(body("return choose(answer, switch=a, options=b)"))], TOY | {"answer": Input("choice", ("switch", "options"))}
    )
    assert g.run(TOY_VALUES | {"answer": "switch"})["x"] == 3.0
    assert g.evaluate(TOY_VALUES | {"answer": "options"})["x"] == 2.0


def test_argument_without_its_prefix() -> None:
    assert source("previous_x") == "x" and source("x") == "x"
    with pytest.raises(FormulaError, match="no number is called 'previous_x'"):
        toy(body("return previous_previous_x + a", arguments="a: BillionUSD, previous_previous_x: BillionUSD = 0"))
