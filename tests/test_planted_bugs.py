"""Mistakes planted in good formulas: would catch a check that went missing.

Each is put in the place of the formula of the same name and the whole plan is wired. The message must hold file,
line and name of the formula, and both units in words where units are what is wrong.
"""

import inspect
import math
from collections.abc import Callable
from types import FunctionType
from typing import Annotated, Any

import numpy as np
import pytest
from support import TOY, body, formula, formulas, graph, inputs, made, parameters, refusal, toy, with_formulas

from ukraineplan.errors import FormulaError
from ukraineplan.formula import Formula
from ukraineplan.graph import Input, wire
from ukraineplan.units import (
    BillionEUR,
    BillionEURPerYear,
    BillionUAHPerYear,
    BillionUSD,
    BillionUSDPerYear,
    Choice,
    EURPerMWh,
    Persons,
    PerYear,
    RUBPerMWh,
    Share,
    TWhPerReactorYear,
    TWhPerYear,
    TWPerReactor,
    Years,
    choose,
)
from ukraineplan.years import total

MWhPerYear = Annotated[Any, "MWh/year"]

BUGS: list[tuple[FunctionType, tuple[str, ...]]] = []


def refused_with(*words: str) -> Callable[[Any], Any]:
    """Note a planted bug and what the message about it must hold."""

    def note(function: Any) -> Any:
        BUGS.append((function, words))
        return function

    return note


# ------------------------------------------------------------------------------------------------------
# The mistakes


@refused_with("'billion UAH/year'", "'billion USD/year'")
def force_upkeep_in_dollars(force_upkeep: BillionUAHPerYear) -> BillionUSDPerYear:
    """No exchange rate"""
    return force_upkeep


@refused_with("`+`", "'billion USD'", "'billion USD/year'")
def vehicle_net_asset_value(
    vehicle_capital_at_work: BillionUSD,
    vehicle_gross_return: BillionUSDPerYear,
    vehicle_fee_charged: BillionUSDPerYear,
    profit_to_us: BillionUSDPerYear,
    profit_paid_to_ukraine: BillionUSDPerYear,
) -> BillionUSD:
    """A flow added to a stock"""
    return vehicle_capital_at_work + (vehicle_gross_return - vehicle_fee_charged - profit_to_us - profit_paid_to_ukraine)


@refused_with("`+`", "a plain number", "'share/year'")
def discount_factor(discount_rate: PerYear, previous_discount_factor: Share = 1) -> Share:
    """One and a rate"""
    return previous_discount_factor / (1 + discount_rate)


@refused_with("`<=`", "'year'", "a plain number")
def vehicle_paid_in(vehicle_capital: BillionUSD, year: Years, vehicle_drawdown_years: Years) -> BillionUSD:
    """A bare threshold on the year"""
    return np.where(year <= 5, vehicle_capital * year / vehicle_drawdown_years, vehicle_capital)


@refused_with("`-`", "'person'", "a plain number")
def force_reduction(force_strength: Persons) -> Persons:
    """People written into the formula"""
    return np.maximum(force_strength - 600_000, 0)


@refused_with("'TW/reactor'", "'TWh/reactor/year'")
def znpp_unit_output(znpp_unit_capacity: TWPerReactor, znpp_capacity_factor: Share) -> TWhPerReactorYear:
    """Hours of a year written into the formula"""
    return znpp_unit_capacity * znpp_capacity_factor * 8760


@refused_with("hour MW year^-1", "'TWh/year'")
def ukraine_znpp_output(znpp_output_full_year: MWhPerYear, ukraine_share_of_znpp: Share) -> TWhPerYear:
    """Asks for megawatt hours, declares terawatt hours"""
    return znpp_output_full_year * ukraine_share_of_znpp


@refused_with("`**`", "'year'", "plain number")
def us_profit_present_value(us_profit: BillionUSDPerYear, discount_rate: PerYear, year: Years, one_year: Years) -> BillionUSD:
    """An exponent with a unit"""
    return total(us_profit / (1 + discount_rate * one_year) ** year)


@refused_with("`choose`", "'billion USD'", "'billion USD/year'")
def profit_to_share(
    losses_carried_forward: Choice,
    vehicle_profit: BillionUSDPerYear,
    one_year: Years,
    previous_losses_to_recover: BillionUSD = 0,
) -> BillionUSDPerYear:
    """A wrong unit in the option that is not chosen"""
    gain = np.maximum(vehicle_profit, 0)
    return choose(losses_carried_forward, yes=np.maximum(gain - previous_losses_to_recover / one_year, 0), no=gain * one_year)


@refused_with("`<=`", "'year'", "'billion USD'")
def us_profit(profit_to_us: BillionUSDPerYear, year: Years, vehicle_principal: BillionUSD) -> BillionUSDPerYear:
    """Years compared with dollars"""
    return np.where(year <= vehicle_principal, profit_to_us, 0)


@refused_with("1e+09 USD year", "'billion USD'")
def us_profit_total(us_profit: BillionUSDPerYear, one_year: Years) -> BillionUSD:
    """The year counted twice"""
    return total(us_profit * one_year)


@refused_with("'billion USD'", "'billion USD/year'")
def vehicle_money_for_ukraine_total(vehicle_money_for_ukraine: BillionUSDPerYear) -> BillionUSDPerYear:
    """A sum over years that keeps the unit of a flow"""
    return total(vehicle_money_for_ukraine)


@refused_with("`+`", "'share/year'", "a plain number")
def windfall_yield(deposit_rate: PerYear) -> PerYear:
    """A unit stripped, then a number added"""
    return getattr(deposit_rate, "magnitude", deposit_rate) + 0.003


@refused_with("`choose`", "both", "both_200bn", "first", "first_100bn")
def vehicle_capital(profit_base: Choice, vehicle_principal: BillionUSD, european_contribution: BillionUSD) -> BillionUSD:
    """Labels other than the data file's"""
    return choose(profit_base, first=vehicle_principal, both=vehicle_principal + european_contribution)


@refused_with("`total`", "no years")
def windfall_forgone(windfall_contribution: BillionEURPerYear) -> BillionEUR:
    """The total of a number that has no years"""
    return total(windfall_contribution)


@refused_with("`+`", "'EUR/MWh'", "'RUB/MWh'")
def znpp_equal_value_share(ukraine_power_price_in_euros: EURPerMWh, russia_power_price: RUBPerMWh) -> Share:
    """Roubles and euros"""
    return russia_power_price / (ukraine_power_price_in_euros + russia_power_price)


@refused_with("branch", "np.where")
def force_reduction_share(force_reduction: Persons, force_strength: Persons) -> Share:
    """A branch that depends on the data"""
    return force_reduction / force_strength if force_strength > force_reduction else 0


@refused_with("0.999316", "parameter with a unit and a source")
def profit_to_us(profit_to_share: BillionUSDPerYear, us_profit_share: Share) -> BillionUSDPerYear:
    """A wrong plain factor"""
    return profit_to_share * us_profit_share * (8760 / 8766)


@refused_with("'USD'", "'billion USD'")
def demobilisation_cost(
    force_reduction: Persons, demobilisation_cost_per_head: Annotated[Any, "USD/person"]
) -> Annotated[Any, "billion USD"]:
    """A scale forgotten"""
    return force_reduction * demobilisation_cost_per_head


# ------------------------------------------------------------------------------------------------------


def test_no_shipped_formula_is_refused() -> None:
    assert set(graph().formulas) == {f.name for f in formulas()}


@pytest.mark.parametrize(("bug", "words"), BUGS, ids=lambda x: x.__name__ if callable(x) else "")
def test_planted_bug_is_refused(bug: FunctionType, words: tuple[str, ...]) -> None:
    with pytest.raises(FormulaError) as refused:
        with_formulas(bug)
    message = str(refused.value)
    assert message.startswith(f"tests/test_planted_bugs.py:{bug.__code__.co_firstlineno}: {bug.__name__}(): ")
    assert "\n" not in message
    for word in words:
        assert word in message, message


def test_every_bug_stands_in_the_place_of_a_shipped_formula() -> None:
    # else it would be refused as a stranger, or not at all
    shipped = {f.name: f for f in formulas()}
    assert len({bug.__name__ for bug, _ in BUGS}) == len(BUGS) >= 17
    for bug, _ in BUGS:
        assert bug.__name__ in shipped
        named = {a for a in inspect.signature(bug).parameters}
        assert all(a.removeprefix("previous_") in {*shipped, *inputs(), "year", "one_year"} for a in named)


def test_the_good_formula_under_the_same_treatment_passes() -> None:
    # else the tests above would be satisfied by a wire() that refuses everything
    for f in formulas():
        with_formulas(f.function)


# ------------------------------------------------------------------------------------------------------
# Signatures, names and labels


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('def x(aa: BillionUSD, peopel: Persons) -> Share:\n """L"""\n return 0', ("'aa'", "did you mean 'a'?")),
        ('def x(previous_peopel: Persons = 0) -> Persons:\n """L"""\n return previous_peopel',
         ("'peopel'", "did you mean 'people'?")),
        ("def x(a: BillionUSD) -> BillionUSD:\n return a", ("docstring", "label")),
        ('def x(a: BillionUSD) -> BillionUSD:\n """A label."""\n return a', ("full stop",)),
        (f'def x(a: BillionUSD) -> BillionUSD:\n """{"long " * 12}x"""\n return a', ("60",)),
        ('def a(b: BillionUSD) -> BillionUSD:\n """L"""\n return b', ("the name is taken by the parameter 'a'",)),
        ('def year(b: Years) -> Years:\n """L"""\n return b', ("the name is taken by the parameter 'year'",)),
        ('def x(a) -> BillionUSD:\n """L"""\n return a', ("'a'", "ukraineplan.units")),
        ('def x(a: BillionUSD):\n """L"""\n return a', ("the result", "ukraineplan.units")),
        ('def x(a: float) -> BillionUSD:\n """L"""\n return a', ("'a'", "has no unit", "ukraineplan.units")),
        ('def x(a: BillionUSD) -> "NoSuchAlias":\n """L"""\n return a', ("annotations cannot be read", "NoSuchAlias")),
        ('def x(a: BillionUSD) -> Annotated[Any, "furlong"]:\n """L"""\n return a', ("no unit 'furlong'",)),
        ('def x(a: BillionUSD) -> Annotated[Any, "billion USS"]:\n """L"""\n return a', ("no unit 'USS'", "did you mean 'USD'?")),
        ('def x(*args: BillionUSD) -> BillionUSD:\n """L"""\n return args', ("without *",)),
        ('def x(**more: BillionUSD) -> BillionUSD:\n """L"""\n return more', ("without *",)),
        ('def x(a: BillionUSD, /) -> BillionUSD:\n """L"""\n return a', ("without * or /",)),
        ('def x(a: BillionUSD = 0) -> BillionUSD:\n """L"""\n return a', ("'a' has a default", "previous_")),
        ('def x(previous_x: BillionUSD) -> BillionUSD:\n """L"""\n return previous_x',
         ("'previous_x' needs a default", "year 1")),
        ('def x(previous_x: BillionUSD = 1) -> BillionUSD:\n """L"""\n return previous_x', ("'previous_x' has a unit", "0")),
        ('def x(previous_x: Share = None) -> Share:\n """L"""\n return previous_x', ("a number",)),
        ('def x(previous_x: Share = True) -> Share:\n """L"""\n return previous_x', ("a number",)),
        ('def x(previous_x: Share = "1") -> Share:\n """L"""\n return previous_x', ("a number",)),
        ('def x(previous_x: Share = float("nan")) -> Share:\n """L"""\n return previous_x', ("a number",)),
        ('def x(previous_x: Share = float("inf")) -> Share:\n """L"""\n return previous_x', ("a number",)),
        ('def x(a: BillionUSD, previous_answer: Choice = 0) -> BillionUSD:\n """L"""\n return a', ("convention", "'answer'")),
        ('def previous_x(a: BillionUSD) -> BillionUSD:\n """L"""\n return a', ("previous_", "another name")),
        ('def x(answer: Choice) -> Choice:\n """L"""\n return answer', ("a number", "choose(")),
        ('def x(answer: Share) -> Share:\n """L"""\n return answer', ("'choice'", "asks for 'share'")),
        ('def x(a: Choice) -> Share:\n """L"""\n return choose(a, yes=1, no=0)', ("'billion USD'", "'choice'")),
        ('def x(people: BillionUSD) -> BillionUSD:\n """L"""\n return people',
         ("'people' is in 'person'", "asks for 'billion USD'")),
        ('def x(a: BillionUSD, previous_x: BillionUSD = 0) -> BillionUSD:\n """L"""\n return a', ("'previous_x'", "not used")),
        ('def x(previous_per_thousand: Share = 1) -> Share:\n """L"""\n return previous_per_thousand',
         ("starts from 1", "'1/thousand'")),
        ('async def x(a: BillionUSD) -> BillionUSD:\n """L"""\n return a', ("coroutine", "formulas know arithmetic")),
        ('def x(a: BillionUSD) -> BillionUSD:\n """L"""\n yield a', ("generator", "formulas know arithmetic")),
    ],
    ids=lambda x: x.replace("\n", ";") if isinstance(x, str) else "",
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:coroutine:RuntimeWarning")
def test_signature_is_refused(text: str, words: tuple[str, ...]) -> None:
    message = refusal(formula(text, Annotated=Annotated, Any=Any))
    assert message.startswith("<string>:1: ")
    for word in words:
        assert word in message, message


@pytest.mark.parametrize("thing", [len, int, "force_cap", Formula, np.sin, lambda: 1, type("Call", (), {"__call__": len})()])
def test_what_is_no_function_with_a_name_is_refused(thing: Any) -> None:
    with pytest.raises(FormulaError):
        Formula.of(thing)


def test_a_name_taken_twice_is_refused_with_the_place_of_the_other() -> None:
    one, two = body("return a"), body("return b")
    assert "the name is taken by <string>:1: x()" in refusal(one, two)


def test_a_parameter_may_not_take_the_name_of_the_year() -> None:
    for name in ("year", "one_year"):
        with pytest.raises(FormulaError, match=name):
            wire([], TOY | {name: Input("share")})


def test_a_circle_within_a_year_is_refused_with_its_path() -> None:
    f = made("first(third: Share) -> Share", "third")
    g = made("second(first: Share) -> Share", "first")
    h = made("third(second: Share, previous_first: Share = 0) -> Share", "second + previous_first")
    message = refusal(f, g, h)
    assert "previous_" in message
    assert any(
        path in message
        for path in (
            "first -> third -> second -> first",
            "third -> second -> first -> third",
            "second -> first -> third -> second",
        )
    )
    assert "x -> x" in refusal(body("return x + a", arguments="x: BillionUSD, a: BillionUSD"))


@pytest.mark.parametrize("name", ["total", "last", "highest", "lowest"])
def test_a_reduction_inside_a_recurrence_is_refused(name: str) -> None:
    over = " / one_year" if name == "total" else ""
    unit = "BillionUSDPerYear"
    alone = body(
        f"return a / one_year + {name}(previous_x){over}", unit, f"a: BillionUSD, one_year: Years, previous_x: {unit} = 0"
    )
    around = body("return a / one_year + previous_y", unit, f"a: BillionUSD, one_year: Years, previous_y: {unit} = 0")
    through = formula(
        f'def y(x: {unit}, one_year: Years) -> {unit}:\n """L"""\n return {name}(x){over or " * one_year / one_year"}'
    )
    for message in (refusal(alone), refusal(around, through)):
        assert f"`{name}` inside a recurrence: give it a formula of its own" in message


@pytest.mark.parametrize("name", ["total", "last", "highest", "lowest"])
def test_a_reduction_of_a_plain_number_is_refused(name: str) -> None:
    message = refusal(body(f"return {name}(a)"))
    assert f"`{name}` of a number that has no years" in message


def test_reduction_of_something_reduced_is_refused() -> None:
    assert "no years" in refusal(body("return a * highest(highest(year)) / year"))


# ------------------------------------------------------------------------------------------------------
# Words outside the vocabulary: the message says what to write instead

OUTSIDE = [
    ("return a // b", "np.floor"),
    ("return 1 // share_a * a", "np.floor"),
    ("return a % b", "np.floor"),
    ("return divmod(a, b)[0]", "np.floor"),
    ("return np.floor_divide(a, b) * a", "np.floor"),
    ("return np.mod(a, b)", "np.floor"),
    ("return round(a)", "np.floor"),
    ("return np.round(a)", "np.floor"),
    ("return a.round()", "total"),
    ("return a ^ 2", "**"),
    ("return np.where((a < b) & (b < a), a, b)", "np.where"),
    ("return np.where(~(a < b), a, b)", "np.where"),
    ("return np.where(np.logical_and(a < b, b < a), a, b)", "one np.where inside another"),
    ("return np.where(np.logical_not(a < b), a, b)", "one np.where inside another"),
    ("return np.where((a < b) * (b < a), a, b)", "one np.where inside another"),
    ("return np.where(a, a, b)", "comparison"),
    ("return np.where(a < b)", "np.where(comparison, x, y)"),
    ("return np.where(True, a, b)", "True"),
    ("return a * True", "1 and 0"),
    ("return (a < b) * a", "np.where(comparison, 1, 0)"),
    ("return -(a < b) * a", "np.where(comparison, 1, 0)"),
    ("return a * ((a < b) + (a <= b))", "np.where(comparison, 1, 0)"),
    ("return a * np.maximum(a < b, 0)", "np.where(comparison, 1, 0)"),
    ("return np.where(a < b, a < b, 1) * a", "np.where(comparison, 1, 0)"),
    ("return a @ b", "*"),
    ("return np.dot(a, share_a)", "formulas know arithmetic"),
    ("return np.sum(year) * a", "total"),
    ("return np.add.reduce(year) * a", "total"),
    ("return np.maximum.reduce(year) * a", "highest"),
    ("return np.add.accumulate(year) * a", "previous_"),
    ("return np.cumsum(year) * a", "previous_"),
    ("return np.max(year) * a", "highest"),
    ("return np.mean(year) * a", "total"),
    ("return np.diff(year) * a", "formulas know arithmetic"),
    ("return a.sum()", "total"),
    ("return year.max() * a", "highest"),
    ("return a.T", "total"),
    ("return year.shape[0] * a", "total"),
    ("return a.astype(float)", "total"),
    ("return np.sum([a, b])", "+"),
    ("return np.max([a, b])", "np.maximum"),
    ("return np.array([a, b]).sum()", "+"),
    ("return np.asarray(a) + b", "arrays"),
    ("return np.array([1.0, 2.0]) * a", "arrays"),
    ("return a * np.array(2.0)", "arrays"),
    ("return a * [1, 2]", "arrays"),
    ("return [1, 2] * a", "arrays"),
    ("return np.zeros_like(a)", "formulas know arithmetic"),
    ("return np.concatenate([a, b])", "formulas know arithmetic"),
    ("return np.select([a < b], [a], b)", "np.where"),
    ("return np.clip(a, a_min=0, a_max=b)", "np.clip(x, low, high)"),
    ("return np.add(a, b, out=a)", "formulas know arithmetic"),
    ("return np.sin(share_a) * a", "formulas know arithmetic"),
    ("return np.isnan(a)", "formulas know arithmetic"),
    ("return np.any(a > b) * a", "formulas know arithmetic"),
    ("return math.exp(share_a) * a", "np.exp"),
    ("return math.floor(share_a) * a", "np.floor"),
    ("return float(a)", "np."),
    ("return int(share_a) * a", "np.floor"),
    ("return range(share_a)[0] * a", "np.floor"),
    ("return complex(a)", "np."),
    ("return a if a > b else b", "np.where"),
    ("if a > b:\n    return a\nreturn b", "np.where"),
    ("return a and b", "np.where"),
    ("return not a", "np.where"),
    ("return max(a, b)", "np.maximum"),
    ("return min(a, b)", "np.where"),
    ("return sorted([a, b])[0]", "np.maximum"),
    ("return a if 0 < a < b else b", "np.where"),
    ("while a > b:\n    pass\nreturn a", "np.where"),
    ("match share_a:\n    case 0:\n        return b\nreturn a", "np.where"),
    ("return a if share_a in (0, 1) else b", "np.where"),
    ("assert a > b\nreturn a", "np.where"),
    ("for y in year:\n    pass\nreturn a", "previous_"),
    ("return sum(y for y in year) * a", "previous_"),
    ("first, *rest = year\nreturn a * first", "previous_"),
    ("return a * len(year)", "previous_"),
    ("return a if 1 in year else b", "previous_"),
    ("return a * year[0]", "last"),
    ("return a * year[-1]", "last"),
    ("return float(f'{a}') * b", "choose"),
    ("return float(f'{a:.2f}') * b", "choose"),
    ("return float(str(a)) * b", "choose"),
    ("return a * float('%s' % b)", "choose"),
    ("return np.where(answer == 'yes', a, b)", "choose("),
    ("return np.where('yes' == answer, a, b)", "choose("),
    ("return a if answer == 'yes' else b", "choose("),
    ("return {'yes': a, 'no': b}[answer]", "formulas know arithmetic"),
    ("return a + '1'", "choose"),
    ("return choose(share_a, yes=a, no=b)", "np.where"),
    ("return choose(answer, yes=a)", "no, yes"),
    ("return choose(answer, yes=a, no=b, perhaps=a)", "no, yes"),
    ("return choose(answer, Yes=a, no=b)", "no, yes"),
    ("return a * choose(answer)", "no, yes"),
    ("return choose(answer, a, b)", "choose"),
    ("return choose(answer, {'yes': a, 'no': b})", "choose"),
    ("return choose(np.where(a < b, answer, other_answer), yes=a, no=b)", "choose"),
    ("return choose(choose(answer, yes=other_answer, no=answer), yes=a, no=b)", "choose"),
    ("return np.where(answer == other_answer, a, b)", "choose"),
    ("return a * (answer / other_answer)", "choose"),
    ("return a * answer ** 0", "choose"),
    ("return a * ratio(answer, answer)", "choose"),
    ("return np.maximum(answer, 0) * a", "choose"),
    ("return a * np.floor(-answer)", "choose"),
    ("return a * last(year * answer / answer) / last(year)", "choose"),
    ("c = a\nc += b\nreturn c", "x = x + y"),
    ("c = share_a\nc *= 2\nreturn c * a", "x = x + y"),
    ("c = a\nc /= 2\nreturn c", "x = x + y"),
    ("return", "return"),
    ("a + b", "return"),
    ("return a, b", "one number"),
    ("return a * np.inf", "parameter"),
    ("return a * np.nan", "parameter"),
    ("return a * np.pi", "parameter"),
    ("return a * math.pi", "parameter"),
    ("return a * 3", "parameter"),
    ("return a * 0.25", "parameter"),
    ("return a * -3", "parameter"),
    ("return np.where(share_a > 0.3, a, b)", "parameter"),
    ("return share_a ** 3 * a", "parameter"),
    ("return np.clip(share_a, 0, 100) * a", "parameter"),
    ("return a * choose(answer, yes=1, no=0.7)", "parameter"),
    ("return a * 1j", "plain numbers"),
    ("return a * np.complex128(2 + 1j)", "plain numbers"),
    ("return a * 10**400", "formulas know arithmetic"),
    ("return a + c", "formulas know arithmetic"),
    ("return a + UNSET", "plain numbers"),
    ("return a * TABLE", "arrays"),
    ("return a * TABLE[0]", "parameter"),
    ("return a * np.random.randint(2, 3)", "random"),
    ("return a if isinstance(a, float) else b", "isinstance"),
    ("return b if type(a) is float else a", "type"),
    ("return b if hasattr(a, 'trace') else a", "hasattr"),
    ("return getattr(a, 'magnitude', a)", "getattr"),
    ("return a + year", "'billion USD' and 'year'"),
    ("return a * 2 ** year", "'year'"),
    ("return a * np.exp(a)", "'billion USD'"),
    ("return np.floor(a)", "'billion USD'"),
    ("return np.sqrt(a)", "'billion USD'"),
    ("return a ** 2", "'billion USD'"),
    ("return a ** share_a", "'billion USD'"),
    ("return np.clip(a, 0, 1)", "a plain number"),
    ("return a + 1", "a plain number"),
    ("return np.where(a < b, a, 1)", "a plain number"),
    ("return a == b", "np.where(comparison, 1, 0)"),
    ("return ratio(a, b)", "a plain number"),
    ("return per_thousand * a", "1e+06 USD"),
]


@pytest.mark.parametrize(("lines", "instead"), OUTSIDE, ids=[lines.replace("\n", ";") for lines, _ in OUTSIDE])
def test_a_word_outside_the_vocabulary_is_refused_with_what_to_write(lines: str, instead: str) -> None:
    made = body(lines, math=math, TABLE=np.array([3.0, 4.0]), UNSET=None)
    message = refusal(made)
    assert message.startswith("<string>:1: x(): ")
    assert instead in message.removeprefix("<string>:1: x(): "), message


@pytest.mark.parametrize("numbers", ["0", "1", "2", "0.5", "-1", "-2", "1e0", "np.float64(2)"])
def test_numbers_that_need_no_source_are_let_through(numbers: str) -> None:
    toy(body(f"return a * {numbers}"))


def test_a_literal_zero_fits_any_unit_and_nothing_else_does() -> None:
    toy(body("return 0"), made("y(a: BillionUSD) -> BillionUSD", "np.maximum(a, 0)"))
    assert "a plain number" in refusal(body("return 1"))


def test_labels_that_the_data_file_changes_are_noticed() -> None:
    changed = dict(inputs()) | {"profit_base": Input("choice", ("first_100bn", "both_200bn", "neither"))}
    with pytest.raises(FormulaError, match=r"asset_vehicle\.py:\d+: vehicle_capital\(\).*neither"):
        wire(formulas(), changed)


def test_a_unit_that_the_data_file_changes_is_noticed_or_converted() -> None:
    with pytest.raises(FormulaError, match=r"'EUR'.*'billion USD'"):
        wire(formulas(), dict(inputs()) | {"vehicle_principal": Input("EUR")})
    scaled = wire(formulas(), dict(inputs()) | {"vehicle_principal": Input("USD")})
    assert scaled.scales["vehicle_capital"] == {"vehicle_principal": 1e-9}


def test_conventions_reach_formulas_with_the_labels_of_the_data_file() -> None:
    assert all(inputs()[n].labels == tuple(map(str, p.choices)) for n, p in parameters().items() if p.labelled)
