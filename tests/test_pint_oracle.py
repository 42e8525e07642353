"""The whole plan on pint quantities: would catch a wrong unit or scale that both the annotations and the trace let pass.

Nothing of the engine is used. The plain functions are rebuilt on quantities, year by year, by a walk of this file's
own: a number asks for its arguments, these for theirs. Every argument arrives in the unit of its annotation, every
result must convert to its own. The parameters go in as they stand in the data files, per cent and all.
"""

from collections.abc import Callable
from functools import cache
from inspect import signature
from types import FunctionType
from typing import Annotated, Any

import numpy as np
import pytest
from support import conventions, every_answer, formula, formulas, graph, inputs, parameters, setting, worst

from ukraineplan.errors import FormulaError
from ukraineplan.formula import Formula
from ukraineplan.graph import wire
from ukraineplan.units import parse, registry
from ukraineplan.years import HORIZON

pint = pytest.importorskip("pint")
Quantity = registry().Quantity


def quantity(value: Any, unit: str) -> Any:
    """A number as a quantity; a bare 0 fits any unit, a bare number only a plain one."""
    if hasattr(value, "units"):
        return value.to(parse(unit))
    if np.all(np.asarray(value) == 0):
        return Quantity(value, parse(unit))
    return Quantity(value, "dimensionless").to(parse(unit))


def choose(switch: str, **options: Any) -> Any:
    return options[switch]


def ratio(part: Any, whole: Any) -> Any:
    return 0 * (part / Quantity(1, whole.units)) if whole.magnitude == 0 else part / whole


def total(yearly: Any) -> Any:
    return np.sum(yearly) * Quantity(1, "year")


OURS = {
    "choose": choose, "ratio": ratio, "total": total, "last": lambda yearly: yearly[-1], "highest": np.max, "lowest": np.min,
}  # fmt: skip


@cache
def on_quantities(function: FunctionType) -> Callable[..., Any]:
    """The same code with the words of the library in versions that know quantities."""
    known = {**function.__globals__, **{name: ours for name, ours in OURS.items() if name in function.__globals__}}
    return FunctionType(function.__code__, known, function.__name__, function.__defaults__, function.__closure__)


class Walk:
    """Numbers on quantities at one setting, found by asking; `values` are those of the data files, labels included."""

    def __init__(self, named: dict[str, Formula], values: dict[str, Any]) -> None:
        self.named, self.known = named, {}
        self.inputs = {
            name: given if isinstance(given, str) else Quantity(given, parse(parameters()[name].unit))
            for name, given in values.items()
        }
        self.yearly = {name: self._is_yearly(name, ()) for name in named}

    def _is_yearly(self, name: str, above: tuple[str, ...]) -> bool:
        """Whether a number asks for the year, for a year before, or for a number that does, and does not sum it up."""
        if name == "year" or name.startswith("previous_"):
            return True
        if name in self.inputs or name == "one_year" or name in above:
            return False
        f = self.named[name]
        reduces = {"total", "last", "highest", "lowest"} & {*f.function.__code__.co_names}
        return not reduces and any(self._is_yearly(a, (*above, name)) for a in f.arguments)

    def at(self, name: str, year: int) -> Any:
        """A number in one year."""
        if name == "year":
            return Quantity(float(year), "year")
        if name == "one_year":
            return Quantity(1.0, "year")
        if name in self.inputs:
            return self.inputs[name]
        year = year if self.yearly[name] else 0
        if (name, year) not in self.known:
            f = self.named[name]
            given = {a: self._argument(f, a, year) for a in f.arguments}
            self.known[name, year] = quantity(on_quantities(f.function)(**given), f.unit)
        return self.known[name, year]

    def _argument(self, f: Formula, argument: str, year: int) -> Any:
        unit, name = f.arguments[argument], argument.removeprefix("previous_")
        if argument != name:
            found = quantity(signature(f.function).parameters[argument].default, unit) if year == 1 else self.at(name, year - 1)
        elif year == 0 and self.yearly.get(name, name == "year"):
            return Quantity.from_list([self.at(name, t) for t in range(1, HORIZON + 1)]).to(parse(unit))
        else:
            found = self.at(name, year)
        return found if unit == "choice" else found.to(parse(unit))

    def bare(self, name: str) -> Any:
        """A number in the unit of its formula, as the engine gives it."""
        unit = parse(self.named[name].unit)
        if not self.yearly[name]:
            return self.at(name, 0).m_as(unit)
        return np.array([self.at(name, t).m_as(unit) for t in range(1, HORIZON + 1)])


def in_files(values: dict[str, Any]) -> dict[str, Any]:
    """Values that formulas see, back in the units of the data files, by hand: 0.5 is 50 %."""
    return {n: v * 100 if not isinstance(v, str) and "%" in parameters()[n].unit else v for n, v in values.items()}


def groups() -> dict[tuple[str, ...], list[str]]:
    """Formulas by the conventions that they rest on."""
    found: dict[tuple[str, ...], list[str]] = {}
    for f in formulas():
        found.setdefault(tuple(n for n in conventions() if n in graph().needs(f.name)), []).append(f.name)
    return found


@pytest.mark.parametrize("asked", groups(), ids=lambda asked: "-".join(asked) or "none")
@pytest.mark.filterwarnings("error")
def test_pint_run_equals_bare_run_at_every_setting_of_the_switches(asked: tuple[str, ...]) -> None:
    names, named = groups()[asked], {f.name: f for f in formulas()}
    for seed, answers in enumerate(every_answer(list(asked))):
        values = setting(seed) | answers
        walk, bare = Walk(named, in_files(values)), graph().run(values, names)
        for name in names:
            assert walk.yearly[name] == graph().yearly(name), name
            assert worst(bare[name], walk.bare(name)) <= 1e-9, (name, answers)


def test_every_formula_and_every_switch_is_covered() -> None:
    assert sorted(n for names in groups().values() for n in names) == sorted(f.name for f in formulas())
    assert {n for asked in groups() for n in asked} == set(conventions())


# ------------------------------------------------------------------------------------------------------
# An oracle that cannot say no is none


@pytest.mark.parametrize(
    "text",
    [
        "def force_upkeep_in_dollars(force_upkeep: BillionUAHPerYear) -> BillionUSDPerYear: return force_upkeep",
        "def discount_factor(discount_rate: PerYear, previous_discount_factor: Share = 1) -> Share: "
        "return previous_discount_factor / (1 + discount_rate)",
        "def us_profit_total(us_profit: BillionUSDPerYear, one_year: Years) -> BillionUSD: return total(us_profit * one_year)",
        "def force_reduction(force_strength: Persons) -> Persons: return np.maximum(force_strength - 600_000, 0)",
    ],
)
def test_pint_refuses_a_planted_bug(text: str) -> None:
    bad = formula(text.replace(": return", ':\n    """Label"""\n    return'))
    named = {f.name: f for f in formulas()} | {bad.__name__: Formula.of(bad)}
    walk = Walk(named, in_files(setting(0)))
    with pytest.raises(pint.DimensionalityError):
        walk.bare(bad.__name__)


def test_pint_sees_a_scale_that_the_bare_run_does_not() -> None:
    # megawatt hours asked for and called terawatt hours: the bare function, run by itself, is a million times off
    bad = formula('def ukraine_znpp_output(znpp_output_full_year: MWhPerYear, ukraine_share_of_znpp: Share) -> TWhPerYear:\n'
                  '    """Label"""\n    return znpp_output_full_year * ukraine_share_of_znpp',
                  MWhPerYear=Annotated[Any, "MWh/year"])  # fmt: skip
    named = {f.name: f for f in formulas()} | {bad.__name__: Formula.of(bad)}
    right = Walk(named, in_files(setting(0))).bare(bad.__name__)
    assert right == pytest.approx(graph().run(setting(0), [bad.__name__])[bad.__name__], rel=1e-12)
    whole = graph().run(setting(0), ["znpp_output_full_year"])["znpp_output_full_year"] * 1e6
    assert bad(whole, setting(0)["ukraine_share_of_znpp"]) == pytest.approx(1e6 * right)
    with pytest.raises(FormulaError, match="ukraine_znpp_output"):
        wire(named.values(), inputs())
