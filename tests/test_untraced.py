"""Formulas beyond the vocabulary: called as they are, on arrays or draw by draw, in every analysis, and said to be so.

Would catch a draw that takes part in another draw's number, a year lost on the way, a function that fails without its name,
and a word like "proven" where nothing is.
"""

import math
import pickle
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, Final

import numpy as np
import pytest
from scipy import optimize, stats

import ukraineplan as up
from ukraineplan.analysis.sample import Sample
from ukraineplan.errors import FormulaError, InvalidValue, NotTraceable
from ukraineplan.units import (
    BillionUSD,
    BillionUSDPerYear,
    Choice,
    Persons,
    PersonsPerYear,
    PerYear,
    Ratio,
    Share,
    ThousandPersons,
    Years,
)
from ukraineplan.untraced import call

DRAWS: Final = 64


@cache
def shipped() -> up.Plan:
    return up.load("us28")


def untraced(*functions: Callable[..., Any]) -> up.Plan:
    plan = shipped()
    for function in functions:
        plan = plan.with_formula(function, traced=False)
    return plan


def drawn(plan: up.Plan, name: str | list[str], draws: int = DRAWS, **more: Any) -> Sample:
    return up.sample(plan, name, draws=draws, **more)


# ------------------------------------------------------------------------------------------------------
# Functions that people write


def with_if(force_strength: Persons, force_cap: Persons) -> Persons:
    """Persons above the ceiling, with a branch"""
    if force_strength > force_cap:
        return force_strength - force_cap
    return 0.0


def with_math(vehicle_return: PerYear) -> Ratio:
    """Growth over a year, continuously"""
    return math.exp(float(vehicle_return))


def with_a_loop(vehicle_return: PerYear, vehicle_life: Years) -> Ratio:
    """Growth over the life, year by year"""
    grown = 1.0
    for _ in range(int(vehicle_life)):
        grown *= 1 + vehicle_return
    return grown


def with_more_of_numpy(force_strength: Persons, population: Persons) -> Ratio:
    """Logarithm of one and the share"""
    return np.log1p(np.hypot(force_strength, 0.0) / population)


def with_a_root(vehicle_return: PerYear, vehicle_fee: PerYear) -> Ratio:
    """Root of an equation, by scipy"""
    return optimize.brentq(lambda x: x**3 + x - 1 - vehicle_return + vehicle_fee, -5, 5)


def with_a_distribution(force_strength: Persons) -> Share:
    """Part below the strength, by scipy"""
    return stats.norm.cdf((force_strength - 880_000) / 100_000)


def with_a_table(znpp_units_available: Ratio) -> Ratio:
    """From a table"""
    return {1: 10.0, 2: 18.0, 3: 25.0, 4: 31.0, 5: 36.0, 6: 40.0}[int(znpp_units_available)]


def with_a_label(soldier_cost_basis: Choice, force_strength: Persons) -> Persons:
    """Compares a label with text"""
    return force_strength if soldier_cost_basis == "wartime" else force_strength / 2


PEOPLE: Final = (
    with_if, with_math, with_a_loop, with_more_of_numpy, with_a_root, with_a_distribution, with_a_table, with_a_label,
)  # fmt: skip
each = pytest.mark.parametrize("function", PEOPLE, ids=lambda f: f.__name__)


@each
def test_a_function_is_called_as_it_is(function: Any) -> None:
    plan = untraced(function)
    number = plan[function.__name__]
    given = {n: plan._values[n] for n in plan.formulas[function.__name__].arguments}
    assert number.value == float(function(**given)) and number.basis == "computed" and number.label == function.__doc__


@each
def test_every_draw_is_the_function_at_that_draw(function: Any) -> None:
    """Catches draws that are shifted, repeated or mixed, whichever way the function was called."""
    found = drawn(untraced(function), function.__name__)
    inputs, arguments = found.to_frame(), list(found.plan.formulas[function.__name__].arguments)
    held = found.plan._values
    for i, value in enumerate(found.values(function.__name__)):
        assert value == function(**{n: inputs[n][i] if n in inputs else held[n] for n in arguments}), i


@each
def test_it_says_that_it_ran_plain_functions(function: Any) -> None:
    found = drawn(untraced(function), function.__name__)
    assert found.method.endswith(f"; plain functions in chunks, as {function.__name__} cannot be traced")


@pytest.mark.parametrize("function", PEOPLE, ids=lambda f: f.__name__)
def test_a_traced_formula_that_rests_on_it_runs_too(function: Any) -> None:
    name, unit = function.__name__, function.__annotations__["return"]
    space: dict[str, Any] = {"Unit": unit}
    exec(f'def twice({name}: Unit) -> Unit:\n    """Twice"""\n    return 2 * {name}', space)
    plan = untraced(function).with_formula(space["twice"])
    assert plan["twice"].value == 2 * plan[name].value
    found = drawn(plan, ["twice", name])
    assert np.array_equal(found.values("twice"), 2 * found.values(name))
    assert f"as {name} cannot be traced" in found.method


def test_numbers_that_do_not_rest_on_it_are_as_before() -> None:
    plan = untraced(with_if)
    for name in ("force_reduction", "us_profit_total"):
        assert plan[name].value == shipped()[name].value
        assert up.bounds(plan, name).method == up.bounds(shipped(), name).method
        assert "cannot be traced" not in drawn(plan, name).method
        assert np.array_equal(drawn(plan, name).results, drawn(shipped(), name).results)


def test_it_stands_in_for_a_shipped_formula() -> None:
    def force_reduction(force_strength: Persons, force_cap: Persons) -> Persons:
        """Persons above the ceiling"""
        return max(float(force_strength) - float(force_cap), 0.0)

    plan = untraced(force_reduction)
    for name in ("force_reduction", "force_reduction_share", "demobilisation_cost", "demobilisation_duration"):
        assert plan[name].value == shipped()[name].value
        assert np.array_equal(drawn(plan, name).results, drawn(shipped(), name).results), name
    found = up.bounds(plan, "force_reduction")
    assert found.method == "largest found at the ends of the ranges" and (found.low, found.high) == (200_000, 380_000)


def test_units_are_converted_on_its_way_in_and_out() -> None:
    """Catches a conversion that only traced formulas get: 880,000 persons are 880 thousand."""
    def in_thousands(force_strength: ThousandPersons) -> ThousandPersons:
        """Strength in thousands"""
        return float(force_strength)

    def back(in_thousands: Persons) -> Persons:
        """Strength again"""
        return in_thousands

    plan = untraced(in_thousands)
    assert plan["in_thousands"].value == 880 and plan["in_thousands"].unit == "thousand person"
    for again in (plan.with_formula(back), plan.with_formula(back, traced=False)):
        assert again["back"].value == 880_000
        assert drawn(again, "back").values("back") == pytest.approx(drawn(again, "back").columns[0], rel=1e-15)


# ------------------------------------------------------------------------------------------------------
# On arrays or draw by draw


def counted(function: Callable[..., Any]) -> tuple[Callable[..., Any], list[Any]]:
    """The same function, which notes the shape of its first argument."""
    shapes: list[Any] = []

    def noted(**given: Any) -> Any:
        shapes.append(np.shape(next(iter(given.values()))))
        return function(**given)

    return noted, shapes


def at_draws(function: Callable[..., Any], **given: Any) -> Any:
    return call(function, given, "here:1: f()", draws=True)


def test_one_that_takes_arrays_is_called_draw_by_draw_too() -> None:
    """Nobody could tell whether it keeps the draws apart."""
    noted, shapes = counted(lambda x: 2 * x + 1)
    x = np.linspace(1, 2, 1000)
    assert np.array_equal(at_draws(noted, x=x), 2 * x + 1)
    assert shapes == [()] * 1000


def test_one_that_takes_none_is_called_draw_by_draw() -> None:
    noted, shapes = counted(lambda x: math.sqrt(x) if x > 1.5 else 0.0)
    x = np.linspace(1, 2, 50)
    assert np.array_equal(at_draws(noted, x=x), np.where(x > 1.5, np.sqrt(x), 0))
    assert shapes.count(()) >= 50


MIXING: Final[dict[str, Callable[..., Any]]] = {
    "less the mean": lambda x: x - np.mean(x),
    "over the sum": lambda x: x / np.sum(x),
    "sorted": lambda x: np.sort(np.atleast_1d(x)).reshape(np.shape(x)),
    "reversed": lambda x: np.atleast_1d(x)[::-1].reshape(np.shape(x)),
    "running sum": lambda x: np.cumsum(x).reshape(np.shape(x)),
    "rank": lambda x: stats.rankdata(x).reshape(np.shape(x)),
    "any": lambda x: x * 2 if np.any(x > 1.99) else x,
    "all": lambda x: x * 2 if np.all(x < 1.99) else x,
    "first": lambda x: x + np.ravel(x)[0],
    "highest": lambda x: x / np.max(x),
}
UNNOTICED: Final[dict[str, Callable[..., Any]]] = {
    "mean decides": lambda x: x * 2 if np.mean(x) > 1.5 else x,
    "tails clipped": lambda x: np.clip(x, np.percentile(x, 1), np.percentile(x, 99)),
    "middle decides": lambda x: np.where(x > np.median(x) + 0.49, 0.0, x),
}


def apart(function: Callable[..., Any], x: Any) -> Any:
    return np.array([float(function(np.float64(v))) for v in x])


@pytest.mark.parametrize("name", MIXING)
def test_one_that_mixes_draws_is_computed_draw_by_draw(name: str) -> None:
    x = np.random.default_rng(4).uniform(1, 2, 501)
    assert np.array_equal(at_draws(MIXING[name], x=x), apart(MIXING[name], x))


@pytest.mark.parametrize("name", UNNOTICED)
def test_one_that_mixes_draws_here_and_there_is_found_out_too(name: str) -> None:
    """A branch on the mean, or a clipped tail: the first, a middle and the last draw may all be right by chance."""
    function, wrong = UNNOTICED[name], 0
    for seed in range(40):
        x = np.random.default_rng(seed).uniform(1, 2, 501)
        wrong += not np.array_equal(at_draws(function, x=x), apart(function, x))
    assert wrong == 0


def test_a_draw_without_a_number_stays_one() -> None:
    x = np.array([-1.0, 1.0, 2.0, -3.0])
    with np.errstate(invalid="ignore"):
        assert np.array_equal(at_draws(lambda x: np.log(x), x=x), np.log(x), equal_nan=True)


def test_arguments_without_draws_stand_beside_those_with() -> None:
    """Catches a held number of shape (1,) that is looked up at draw 7."""
    x, held, label = np.arange(1.0, 9.0), np.array([3.0]), "yes"

    def function(x: Any, held: Any, label: Any, plain: Any) -> Any:
        return x * held + plain if label == "yes" else math.nan

    def branching(x: Any, held: Any, label: Any, plain: Any) -> Any:
        return float(x) * float(held) + plain if label == "yes" and x > 0 else math.nan

    for f in (function, branching):
        assert np.array_equal(at_draws(f, x=x, held=held, label=label, plain=2.0), x * 3 + 2)


def test_labels_may_be_drawn() -> None:
    labels, x = np.array(["yes", "no", "yes"]), np.array([1.0, 2.0, 3.0])
    assert at_draws(lambda label, x: x if label == "yes" else -x, label=labels, x=x).tolist() == [1, -2, 3]
    plan = untraced(with_a_label)
    frame = up.sample(plan, "with_a_label", also=["soldier_cost_basis"], draws=DRAWS).to_frame()
    wartime = frame["soldier_cost_basis"] == "wartime"
    assert np.array_equal(frame["with_a_label"], np.where(wartime, frame["force_strength"], frame["force_strength"] / 2))


def test_one_draw_is_a_sample_too() -> None:
    """A number of one draw is an array of one number, which Python's math takes with a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = drawn(untraced(with_math), "with_math", draws=1)
    assert found.values("with_math").shape == (1,) and found.values("with_math")[0] == math.exp(found.columns[0, 0])


def test_one_draw_of_a_function_that_makes_a_float_of_it_gives_no_warning() -> None:
    found = []
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        found.append(at_draws(lambda x: math.exp(x), x=np.array([1.0])))
    assert found[0].tolist() == [math.e]
    assert [str(w.message) for w in given] == []


# ------------------------------------------------------------------------------------------------------
# Years


def by_year(us_profit: BillionUSDPerYear, year: Years) -> BillionUSDPerYear:
    """Profit from the tenth year on"""
    return np.array([float(p) if t >= 10 else 0.0 for p, t in zip(us_profit, year, strict=True)])


def halved(us_profit: BillionUSDPerYear) -> BillionUSDPerYear:
    """Half the profit"""
    return np.divide(us_profit, 2)


def of_the_years(year: Years) -> Years:
    """Years squared, by name alone"""
    return np.float_power(year, 1.0)


@pytest.mark.parametrize("function", [by_year, halved, of_the_years], ids=lambda f: f.__name__)
def test_years_come_in_and_go_out(function: Any) -> None:
    name = function.__name__
    plan = untraced(function)
    assert plan[name].years == shipped()["us_profit"].years and plan[name].value.shape == (30,)
    wanted = {"by_year": np.where(np.arange(1, 31) >= 10, plan["us_profit"].value, 0), "halved": plan["us_profit"].value / 2,
              "of_the_years": np.arange(1.0, 31)}[name]  # fmt: skip
    assert np.array_equal(plan[name].value, wanted)
    found = up.sample(plan, [name, "us_profit"], draws=DRAWS)
    assert found.values(name).shape == (30, DRAWS)
    profit = found.values("us_profit")
    plainly = {"by_year": np.where(np.arange(1, 31)[:, None] >= 10, profit, 0), "halved": profit / 2,
               "of_the_years": np.repeat(np.arange(1.0, 31)[:, None], DRAWS, axis=1)}[name]  # fmt: skip
    assert np.array_equal(found.values(name), plainly)


def test_years_that_no_draw_reaches_and_draws_without_years_meet() -> None:
    def grown(year: Years, vehicle_return: PerYear) -> Ratio:
        """Growth until a year"""
        return np.array([(1 + float(vehicle_return)) ** int(t) for t in year])

    found = drawn(untraced(grown), "grown")
    wanted = (1 + found.columns[0]) ** np.arange(1, 31)[:, None]
    assert found.values("grown") == pytest.approx(wanted, rel=1e-12)


def test_the_year_before_is_known_to_it() -> None:
    def balance(us_profit: BillionUSDPerYear, one_year: Years, previous_balance: BillionUSD = 0.0) -> BillionUSD:
        """Profit that was kept, at most ten billion"""
        return min(float(previous_balance) + float(us_profit) * float(one_year), 10.0)

    def in_numpy(us_profit: BillionUSDPerYear, one_year: Years, previous_in_numpy: BillionUSD = 0.0) -> BillionUSD:
        """The same on arrays"""
        return np.minimum(previous_in_numpy + us_profit * one_year, 10.0)

    plan = untraced(balance, in_numpy)
    kept = [0.0]
    for profit in plan["us_profit"].value:
        kept.append(min(kept[-1] + profit, 10.0))
    assert np.array_equal(plan["balance"].value, kept[1:]) and np.array_equal(plan["in_numpy"].value, kept[1:])
    found = up.sample(plan, ["balance", "in_numpy"], draws=DRAWS)
    assert np.array_equal(found.values("balance"), found.values("in_numpy")) and np.ptp(found.values("balance")[-1]) > 0


@pytest.mark.parametrize(
    "returned, wanted",
    [
        (lambda x, years: np.sum(years), "returns 1 numbers where 30 numbers, one a year"),
        (lambda x, years: years[:29], "returns 29 numbers where 30 numbers, one a year"),
        (lambda x, years: [*years, 0.0], "returns 31 numbers where 30"),
        (lambda x, years: np.outer(years, [1.0, 2.0]), "returns 60 numbers where 30"),
    ],
)
def test_another_number_of_years_is_refused_with_what_to_do(returned: Any, wanted: str) -> None:
    def wrong(vehicle_return: PerYear, us_profit: BillionUSDPerYear) -> BillionUSDPerYear:
        """Wrong"""
        return returned(vehicle_return, us_profit)

    with pytest.raises(FormulaError, match=wanted) as refused:
        untraced(wrong)["wrong"].value  # noqa: B018
    assert "wrong()" in str(refused.value) and "reduce years with total" in str(refused.value)


@pytest.mark.parametrize("returned", [[1.0, 2.0], (), np.zeros((2, 2)), np.arange(30.0)])
def test_more_than_one_number_without_years_is_refused(returned: Any) -> None:
    def wrong(vehicle_return: PerYear) -> Ratio:
        """Wrong"""
        return returned

    with pytest.raises(FormulaError, match=r"wrong\(\): it returns \d+ numbers where one number would follow"):
        untraced(wrong)["wrong"].value  # noqa: B018


# ------------------------------------------------------------------------------------------------------
# What goes wrong inside


def test_what_it_stops_with_is_said_with_file_line_and_name() -> None:
    def breaks(vehicle_return: PerYear) -> Ratio:
        """Breaks"""
        return {}["nothing"]

    with pytest.raises(FormulaError, match=r"test_untraced\.py:\d+: breaks\(\): it stops with KeyError: 'nothing'") as refused:
        untraced(breaks)["breaks"].value  # noqa: B018
    assert "\n" not in str(refused.value)


def test_one_that_stops_at_some_draws_stops_the_sample_with_its_name() -> None:
    def picky(vehicle_return: PerYear) -> Ratio:
        """Refuses losses"""
        if np.any(vehicle_return < 0):
            raise ValueError("a loss")
        return vehicle_return

    plan = untraced(picky)
    assert plan["picky"].value == 0.05
    with pytest.raises(FormulaError, match=r"picky\(\): it stops with ValueError: a loss"):
        drawn(plan, "picky")


def test_an_error_of_the_library_goes_through() -> None:
    def picky(vehicle_return: PerYear) -> Ratio:
        """Refuses"""
        raise InvalidValue("not here")

    with pytest.raises(InvalidValue, match=r"^not here$"):
        untraced(picky)["picky"].value  # noqa: B018


def test_numbers_that_do_not_rest_on_one_that_stops_are_there() -> None:
    def breaks(vehicle_return: PerYear) -> Ratio:
        """Breaks"""
        raise KeyError("nothing")

    assert untraced(breaks)["force_reduction"].value == 280_000


def returns(what: Any) -> up.Plan:
    def answer(vehicle_return: PerYear) -> Ratio:
        """Answer"""
        return what

    return untraced(answer)


@pytest.mark.parametrize("what", ["many", object(), {"a": 1}, 1j])
def test_what_is_no_number_is_refused(what: Any) -> None:
    with pytest.raises(FormulaError, match=r"answer\(\)"):
        returns(what)["answer"].value  # noqa: B018


def test_a_forgotten_return_is_refused() -> None:
    with pytest.raises(FormulaError, match=r"answer\(\)"):
        returns(None)["answer"].value  # noqa: B018


def test_text_that_reads_as_a_number_is_refused() -> None:
    with pytest.raises(FormulaError, match=r"answer\(\)"):
        returns("3.5")["answer"].value  # noqa: B018


def test_a_complex_number_of_numpy_is_refused() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(FormulaError, match=r"answer\(\)"):
            returns(np.complex128(1 + 2j))["answer"].value  # noqa: B018


@pytest.mark.parametrize("what", [True, 3, np.float32(0.5), np.int64(4), np.array(2.5)])
def test_any_kind_of_number_is_one(what: Any) -> None:
    plan = returns(what)
    assert plan["answer"].value == float(what)
    assert drawn(plan, ["answer", "force_reduction"]).values("answer").tolist() == [float(what)] * DRAWS


def test_not_finite_at_the_central_values_is_unset_with_a_reason() -> None:
    number = returns(math.inf)["answer"]
    assert number.value is None and "not defined" in (number.reason or "")


# ------------------------------------------------------------------------------------------------------
# Refusals that offer it, and those that do not


def branch(force_strength: Persons, force_cap: Persons) -> Persons:
    """Branch"""
    return force_strength if force_strength > force_cap else force_cap


def mathematics(vehicle_return: PerYear) -> Ratio:
    """Mathematics"""
    return math.exp(vehicle_return)


def library(force_strength: Persons, population: Persons) -> Ratio:
    """Library"""
    return np.arctan(force_strength / population)


@pytest.mark.parametrize("function", [branch, mathematics, library], ids=lambda f: f.__name__)
def test_a_function_beyond_the_vocabulary_is_offered_the_other_way(function: Any) -> None:
    with pytest.raises(NotTraceable, match=r"or pass traced=False, which takes its unit on trust and proves nothing$") as refused:
        shipped().with_formula(function)
    assert function.__name__ in str(refused.value) and "\n" not in str(refused.value)
    shipped().with_formula(function, traced=False)


def wrong_unit(force_strength: Persons, force_cap: Persons) -> Share:
    """Wrong unit"""
    return force_strength - force_cap


def wrong_sum(force_strength: Persons, vehicle_return: PerYear) -> Persons:
    """Wrong sum"""
    return force_strength + vehicle_return


def unknown_name(force_strengths: Persons) -> Persons:
    """Unknown name"""
    return force_strengths


def a_literal(force_strength: Persons) -> Persons:
    """A literal"""
    return force_strength * 1.07


@pytest.mark.parametrize("function", [wrong_unit, wrong_sum, unknown_name, a_literal], ids=lambda f: f.__name__)
def test_a_mistake_is_no_reason_to_prove_nothing(function: Any) -> None:
    with pytest.raises(FormulaError) as refused:
        shipped().with_formula(function)
    assert not isinstance(refused.value, NotTraceable) and "traced=False" not in str(refused.value)


def wrong_argument(force_strength: BillionUSD) -> BillionUSD:
    """Wrong argument"""
    return force_strength


def no_unit(force_strength) -> Persons:  # type: ignore[no-untyped-def]
    """No unit"""
    return force_strength


@pytest.mark.parametrize("function", [unknown_name, wrong_argument, no_unit], ids=lambda f: f.__name__)
def test_untraced_its_signature_is_checked_all_the_same(function: Any) -> None:
    with pytest.raises(FormulaError):
        shipped().with_formula(function, traced=False)


# ------------------------------------------------------------------------------------------------------
# In every analysis


def bowl(vehicle_return: PerYear, vehicle_fee: PerYear) -> Ratio:
    """A bowl, least in the middle of its range"""
    return math.fabs(float(vehicle_return) - 0.025) + float(vehicle_fee)


@pytest.fixture(scope="module")
def bowled() -> up.Plan:
    return untraced(bowl)


def test_bounds_are_found_and_not_proven(bowled: up.Plan) -> None:
    """Its lowest value lies inside the range: nobody may call what was found at the ends proven."""
    found = up.bounds(bowled, "bowl")
    assert found.method == "largest found at the ends of the ranges" and not found.extremes.proven
    assert found.high == pytest.approx(0.095) and found.low <= bowled["bowl"].value
    assert "proven" not in found.sentence and found.error.startswith("unknown")
    assert (bowled["bowl"].low, bowled["bowl"].high) == (found.low, found.high)


def test_tornado(bowled: up.Plan) -> None:
    rows = {r.name: r for r in up.tornado(bowled, "bowl").rows}
    assert set(rows) == {"vehicle_return", "vehicle_fee"}
    assert rows["vehicle_fee"].swing == pytest.approx(0.02) and rows["vehicle_return"].high == pytest.approx(0.075 + 0.015)
    assert up.tornado(bowled, "bowl").sentence


def test_sobol_samples_and_says_why(bowled: up.Plan) -> None:
    found = up.sobol(bowled, "bowl", draws=2**10)
    assert found.indices.method.startswith("pick-freeze") and "bowl cannot be traced" in found.method
    effects = {r.name: r.effect for r in found.rows}
    mean = (0.075**2 / 2 * 2) / 0.15  # of |x - 0.025| over -0.05 to 0.1
    square = 2 * 0.075**3 / 3 / 0.15
    one, two = square - mean**2, 0.02**2 / 12
    for name, wanted in (("vehicle_return", one / (one + two)), ("vehicle_fee", two / (one + two))):
        assert effects[name].first.value == pytest.approx(wanted, abs=0.02)
    with pytest.raises(InvalidValue, match="bowl cannot be traced: use method='pick-freeze'"):
        up.sobol(bowled, "bowl", method="exact")


def test_switching_values(bowled: up.Plan) -> None:
    found = up.switching_value(bowled, "bowl", "4 %" if bowled["bowl"].unit == "share" else 0.04, over="vehicle_return")
    assert found.roots == pytest.approx((0.0, 5.0), abs=1e-9) and not found.reach_proven
    assert "proven" not in found.method and "resolution" in found.method
    per_draw = found.per_draw(draws=DRAWS)
    fees = up.sample(bowled, "bowl", draws=DRAWS).to_frame()["vehicle_fee"]
    assert per_draw.roots == pytest.approx(2.5 - 100 * (0.04 - fees.to_numpy()), abs=1e-6)
    assert (per_draw.counts == 2).all()


def test_frontier(bowled: up.Plan) -> None:
    found = up.frontier(bowled, "bowl", over={"vehicle_return": ["0 %/year", "2.5 %/year", "10 %/year"], "vehicle_fee": [0, 2]})
    assert found.values == pytest.approx(np.array([[0.025, 0.045], [0, 0.02], [0.075, 0.095]]))


def test_explain_shows_a_call_and_no_arithmetic(bowled: up.Plan) -> None:
    told = str(bowled.explain("bowl"))
    assert "= bowl(vehicle_return, vehicle_fee)" in told and "= bowl(5 % a year, 1.5 % a year)".replace(" %", "\u202f%") in told
    assert bowled["bowl"].display in told
    assert r"\operatorname{bowl}" in str(bowled.explain("bowl")._repr_html_()) or "bowl(" in bowled.explain("bowl")._repr_html_()


def test_table_and_number(bowled: up.Plan) -> None:
    table = bowled.table()
    assert table.loc["bowl", "value"] == bowled["bowl"].value and len(table) == len(shipped().table()) + 1
    assert bowled["bowl"].sentence and bowled["bowl"].cite() and bowled["bowl"]._repr_html_() and bowled._repr_html_()


def test_a_fact_sheet_is_made_beside_it(bowled: up.Plan) -> None:
    sheets = [str(up.fact_sheet(plan, "force_cap", format="markdown")) for plan in (bowled, shipped())]
    said = " · with formulas of the reader's own: bowl"
    assert said in sheets[0] and sheets[0].replace(said, "") == sheets[1]


def test_set_it_is_a_constant(bowled: up.Plan) -> None:
    changed = bowled.with_values(bowl=0.5)
    assert changed["bowl"].value == 0.5
    with pytest.raises(InvalidValue, match="nothing uncertain"):
        drawn(changed, "bowl")


def test_set_what_it_rests_on_and_it_follows(bowled: up.Plan) -> None:
    assert bowled.with_values(vehicle_return="2.5 %/year", vehicle_fee=0)["bowl"].value == 0


def test_an_executor_is_not_asked_for_plain_functions(bowled: up.Plan) -> None:
    """A function typed in a notebook cannot be sent to another process."""
    asked: list[Any] = []

    class Noted(ThreadPoolExecutor):
        def submit(self, *args: Any, **kwargs: Any) -> Any:
            asked.append(args)
            return super().submit(*args, **kwargs)

    seen: list[tuple[int, int]] = []
    with Noted(2) as executor:
        found = drawn(bowled, "bowl", executor=executor, progress=lambda done, all_: seen.append((done, all_)))
    assert not asked and seen == [(DRAWS, DRAWS)]
    assert np.array_equal(found.results, drawn(bowled, "bowl").results)


def test_undefined_draws_are_counted_and_its_name_is_said() -> None:
    def logarithm(vehicle_return: PerYear) -> Ratio:
        """Logarithm of the return"""
        return math.log(vehicle_return) if vehicle_return > 0 else math.nan

    found = drawn(untraced(logarithm), "logarithm", draws=1024)
    (told,) = found.undefined
    assert told.formula == "logarithm" and told.count == int((found.columns[0] <= 0).sum()) > 300
    assert found.plan_at(told.draw)["logarithm"].value is None


# ------------------------------------------------------------------------------------------------------
# Copies


def test_a_plan_with_one_of_a_module_can_be_sent(bowled: up.Plan) -> None:
    copied = pickle.loads(pickle.dumps(bowled))
    assert copied["bowl"].value == bowled["bowl"].value and copied.formulas["bowl"].traced is False
    assert np.array_equal(drawn(copied, "bowl").results, drawn(bowled, "bowl").results)


def test_one_that_was_typed_cannot_be_sent_and_says_so() -> None:
    with pytest.raises(FormulaError, match=r"answer\(\): a plan with this formula cannot be pickled"):
        pickle.dumps(returns(1.0))


def test_a_traced_formula_takes_its_place_again(bowled: up.Plan) -> None:
    space: dict[str, Any] = {"PerYear": PerYear, "Ratio": Ratio, "np": np, "Years": Years}
    exec('def bowl(vehicle_return: PerYear, vehicle_fee: PerYear, one_year: Years) -> Ratio:\n    """Bowl"""\n'
         "    return np.maximum(vehicle_return - vehicle_fee, 0) * one_year", space)  # fmt: skip
    plan = bowled.with_formula(space["bowl"])
    assert plan.formulas["bowl"].traced and up.bounds(plan, "bowl").method == "proven"


def test_several_are_all_named() -> None:
    def both(with_if: Persons, with_a_distribution: Share) -> Persons:
        """Both"""
        return with_if * with_a_distribution

    plan = untraced(with_if, with_a_distribution).with_formula(both)
    assert "as with_if, with_a_distribution cannot be traced" in drawn(plan, "both").method


def test_a_number_of_persons_a_year_keeps_its_unit() -> None:
    def pace(force_reduction: Persons, one_year: Years) -> PersonsPerYear:
        """Pace"""
        return round(float(force_reduction) / float(one_year))

    plan = untraced(pace)
    assert plan["pace"].unit == "person/year" and plan["pace"].display == "280,000 persons a year"
    assert drawn(plan, "pace").quantity("pace").to("thousand person/year").magnitude.max() > 300
