"""Which clause contributes how much: against brute force over all orders in fractions, and the laws of sharing out."""

import math
import pickle
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import formula

import ukraineplan as up
from ukraineplan.formula import Formula
from ukraineplan.library import shipped_library
from ukraineplan.loading import plan_of
from ukraineplan.specs import ParameterSpec
from ukraineplan.texts import Text

DAY = date(2025, 11, 21)
LEVERS = ("toy_sum", "toy_share", "toy_bonus", "toy_floor")
TOY = """
def toy_result(toy_sum: BillionUSD, toy_share: Share, toy_bonus: BillionUSD, toy_floor: BillionUSD) -> BillionUSD:
    "Toy"
    return np.maximum(toy_sum * toy_share + toy_bonus, toy_floor)
"""

Values = Sequence[Fraction]


def result(values: Values) -> Fraction:
    """The same by hand."""
    amount, share, bonus, floor = values
    return max(amount * share + bonus, floor)


def brute_force(of: Callable[[Values], Fraction], a: Values, b: Values, groups: Sequence[Sequence[int]]) -> list[Fraction]:
    """What each group adds, averaged over every order in which the groups can change, one order after the other."""
    found = [Fraction(0)] * len(groups)
    orders = list(permutations(range(len(groups))))
    for order in orders:
        now = list(a)
        for g in order:
            before = of(now)
            for place in groups[g]:
                now[place] = b[place]
            found[g] += of(now) - before
    return [total / len(orders) for total in found]


def toy_plan(name: str, values: Values, clauses: Sequence[Sequence[int]]) -> up.Plan:
    """A plan of a text made up here, its clauses setting the toy's levers."""
    library = shipped_library()
    units = ("billion USD", "%", "billion USD", "billion USD")
    specs = {
        n: ParameterSpec(name=n, provision="toy", label=n.replace("_", " "), role="lever", unit=u)
        for n, u in zip(LEVERS, units, strict=True)
    }
    shown = [f"{float(100 * values[i])!r} %" if i == 1 else float(values[i]) for i in range(4)]
    clause = [
        {"point": str(n), "summary": "A clause.", "coverage": "quantified", "sets": {LEVERS[i]: shown[i] for i in places}}
        for n, places in enumerate(clauses, 1)
    ]
    text = Text.model_validate({"id": name, "title": name, "date": DAY, "clause": clause})
    made = replace(library, texts={name: text}, provisions={}, specs=specs, levers={}, formulas=(TOY_FORMULA,))
    return plan_of(made, text, DAY)


TOY_FORMULA = Formula.of(formula(TOY))

number = st.integers(0, 16).map(lambda n: Fraction(n, 4))
share = st.integers(0, 8).map(lambda n: Fraction(n, 8))
side = st.tuples(number, share, number, number)


@given(side, side)
def test_contributions_are_those_of_every_order_in_fractions(a: Values, b: Values) -> None:
    """Catches a wrong weight, a subset that is left out, and a mixture that takes a lever from the wrong side."""
    alone = [[0], [1], [2], [3]]
    found = up.decompose(toy_plan("one", a, alone), toy_plan("other", b, alone), "toy_result")
    changed = [i for i in range(4) if a[i] != b[i]]
    wanted = brute_force(result, a, b, [[i] for i in changed])
    assert [r.levers for r in found.rows] == [(LEVERS[i],) for i in changed]
    assert [r.contribution for r in found.rows] == pytest.approx([float(x) for x in wanted], abs=1e-13)
    assert math.fsum(r.contribution for r in found.rows) == pytest.approx(float(result(b) - result(a)), abs=1e-13)


def test_two_clauses_that_act_together_by_hand() -> None:
    """100 at 50 % against 40 at 25 %: 50 and 10, 40 apart; the sum alone takes 30, the share alone 25, together 40."""
    a, b = (Fraction(100), Fraction(1, 2), Fraction(0), Fraction(0)), (Fraction(40), Fraction(1, 4), Fraction(0), Fraction(0))
    found = up.decompose(toy_plan("one", a, [[0], [1], [2, 3]]), toy_plan("other", b, [[0], [1], [2, 3]]), "toy_result")
    assert [r.contribution for r in found.rows] == [-22.5, -17.5]
    assert [r.stacked for r in found.rows] == [-30.0, -10.0]
    assert found.order_matters and "stacked" in found.to_frame()
    assert found.difference == -40.0


def test_a_clause_that_differs_in_two_levers_moves_them_together() -> None:
    """Catches a share for each lever where one clause of both texts sets both."""
    a, b = (Fraction(100), Fraction(1, 2), Fraction(0), Fraction(0)), (Fraction(40), Fraction(1, 4), Fraction(3), Fraction(0))
    found = up.decompose(toy_plan("one", a, [[0, 1], [2], [3]]), toy_plan("other", b, [[0, 1], [2], [3]]), "toy_result")
    wanted = brute_force(result, a, b, [[0, 1], [2]])
    assert [r.levers for r in found.rows] == [("toy_sum", "toy_share"), ("toy_bonus",)]
    assert [r.contribution for r in found.rows] == pytest.approx([float(x) for x in wanted])
    assert not found.order_matters and "stacked" not in found.to_frame()


def test_clauses_split_as_finely_as_either_text_splits_them() -> None:
    """Catches a grouping that depends on which text comes first: one sets both levers in one clause, the other in two."""
    a, b = (Fraction(100), Fraction(1, 2), Fraction(0), Fraction(0)), (Fraction(40), Fraction(1, 4), Fraction(0), Fraction(0))
    one, other = toy_plan("one", a, [[0, 1], [2], [3]]), toy_plan("other", b, [[0], [1], [2, 3]])
    there, back = up.decompose(one, other, "toy_result"), up.decompose(other, one, "toy_result")
    assert [r.clause for r in there.rows] == ["1 → 1", "1 → 2"]
    assert {r.levers: r.contribution for r in there.rows} == {r.levers: -r.contribution for r in back.rows}


@given(side, side)
def test_swapping_the_sides_negates(a: Values, b: Values) -> None:
    """Catches an order that leaks into the shares."""
    alone = [[0], [1], [2], [3]]
    one, other = toy_plan("one", a, alone), toy_plan("other", b, alone)
    there, back = up.decompose(one, other, "toy_result"), up.decompose(other, one, "toy_result")
    forth = {r.levers: r.contribution for r in there.rows}
    assert forth == pytest.approx({r.levers: -r.contribution for r in back.rows}, abs=1e-13)
    assert there.difference == -back.difference


@given(side)
def test_a_clause_that_does_not_differ_has_no_row(values: Values) -> None:
    alone = [[0], [1], [2], [3]]
    found = up.decompose(toy_plan("one", values, alone), toy_plan("other", values, alone), "toy_result")
    assert found.rows == () and found.difference == 0 and "no clause" in found.sentence


def test_values_of_your_own_are_rows_of_their_own() -> None:
    """Catches values set by a user that hide in the clause they replace."""
    plan = up.load()
    found = up.decompose(plan, plan.with_values(us_profit_share="20 %", vehicle_return="8 %/year"), "us_profit_total")
    assert {r.levers for r in found.rows} == {("us_profit_share",), ("vehicle_return",)}
    assert math.fsum(r.contribution for r in found.rows) == pytest.approx(found.difference, rel=1e-12)


def test_what_it_says_and_its_picture() -> None:
    """Catches a sentence without the numbers, and a result that cannot travel."""
    plan = up.load()
    found = up.decompose(plan, plan.with_values(force_cap=800_000), "force_reduction")
    assert found.sentence.startswith("Persons above the ceiling: 280,000 persons in us28, 80,000 persons in us28; ")
    assert "−200,000 persons of −200,000 persons comes from force_cap" in found.sentence
    assert found.method and found.error and found.plot() is not None
    assert pickle.loads(pickle.dumps(found)).to_frame().equals(found.to_frame())


def test_what_cannot_be_shared_out_is_refused() -> None:
    """Catches a share of a difference that no clause explains."""
    plan = up.load()
    with pytest.raises(up.InvalidValue, match="is an input"):
        up.decompose(plan, plan, "force_cap")
    with pytest.raises(up.UnknownName, match="force_reduction"):
        up.decompose(plan, plan, "force_reductoin")
    with pytest.raises(up.InvalidValue, match="different formulas"):
        up.decompose(plan, plan.with_values(vehicle_capital=150), "us_profit_total")
    with pytest.raises(up.InvalidValue, match="one vintage, not at 2025-11-21 and 2026-06-30"):
        up.decompose(plan, up.load(as_of="2026-06-30"), "force_reduction")


def test_days_of_the_calendar_that_were_set_are_rows_of_their_own() -> None:
    """Catches a difference that no row explains, or that a lever is blamed for which moves nothing."""
    plan = up.load("us28_security")
    found = up.decompose(plan, plan.with_values(guarantee_days=1000), "guarantee_expiry")
    assert [(r.levers, r.contribution) for r in found.rows] == [(("guarantee_days",), 1000.0 - 3652.0)]
    found = up.decompose(plan, plan.with_values(guarantee_duration=12), "guarantee_expiry")
    assert [r.levers for r in found.rows] == [("guarantee_duration",)] and found.rows[0].contribution == found.difference


SWITCHED = """
def switched(election_kinds: Choice, guarantee_duration: Years, vehicle_life: Years) -> Ratio:
    "Switched"
    late = np.where(guarantee_duration > vehicle_life, 0.5, 2)
    return choose(election_kinds, both=1, parliamentary=2, presidential=late)
"""


def test_a_mixture_that_needs_what_a_side_does_not_state_is_refused() -> None:
    """Catches a comparison that swallows a missing lever: the switch of one side with the silence of the other."""
    function = formula(SWITCHED)
    one = up.load("us28").with_formula(function)
    other = up.load("us28_security").with_formula(function).with_values(election_kinds="presidential", guarantee_duration=15)
    assert (one["switched"].value, other["switched"].value) == (1, 0.5)
    with pytest.raises(up.NotStated, match="a mixture of the clauses of us28 and us28_security needs guarantee_duration"):
        up.decompose(one, other, "switched")
