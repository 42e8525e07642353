"""The whole plan on pint quantities: would catch a wrong unit or scale that both the annotations and the trace let pass.

Nothing of the engine is used. The plain functions are rebuilt on quantities, year by year, by a walk of this file's
own: a number asks for its arguments, these for theirs. Every argument arrives in the unit of its annotation, every
result must convert to its own. The parameters go in as they stand in the data files, per cent, dates and all.

pint has no calendar: a date is a `Day` of this file beside the quantities, counted by Python's own calendar.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from inspect import signature
from types import FunctionType
from typing import Annotated, Any

import numpy as np
import pytest
from support import conventions, every_answer, formula, formulas, graph, inputs, parameters, setting, worst

from ukraineplan.errors import FormulaError
from ukraineplan.formula import Formula
from ukraineplan.graph import Input, wire
from ukraineplan.units import parse, registry
from ukraineplan.years import HORIZON

pint = pytest.importorskip("pint")
Quantity = registry().Quantity
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, order=True)
class Day:
    """A moment of the calendar: moved by a time, subtracted, compared, the later or earlier of two; Python refuses the rest."""

    when: datetime

    def __add__(self, days: Any) -> "Day":
        return Day(self.when + _length(days))

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        return Quantity((self.when - other.when) / ONE_DAY, "day") if isinstance(other, Day) else Day(self.when - _length(other))

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **_: Any) -> Any:
        pick = {np.maximum: max, np.minimum: min}.get(ufunc)
        return pick(inputs) if pick and all(isinstance(x, Day) for x in inputs) else NotImplemented

    def __array_function__(self, function: Any, types: Any, given: Any, _: Any) -> Any:
        """Only np.where: of two days, the one that a comparison picks."""
        if function is not np.where or not all(isinstance(x, Day) for x in given[1:]):
            return NotImplemented
        test, yes, no = given
        return yes if test else no

    @property
    def number(self) -> float:
        """The same as formulas see it: day 1 is 1 January of year 1."""
        return (self.when - datetime.min) / ONE_DAY + 1


pint.compat.upcast_type_map[f"{Day.__module__}.Day"] = Day  # so that days + date is asked of the date


def _length(days: Any) -> timedelta:
    if not hasattr(days, "units"):
        raise pint.DimensionalityError("date", "a bare number")
    return timedelta(days=float(days.m_as("day")))


def day(text: date | str) -> Day:
    """The start of a day."""
    return Day(datetime.combine(date.fromisoformat(str(text)), time()))


def quantity(value: Any, unit: str) -> Any:
    """A number as a quantity; a bare 0 fits any unit, a bare number only a plain one; a date is one or is none."""
    if isinstance(value, Day) or unit == "date":
        if not isinstance(value, Day) or unit != "date":
            raise pint.DimensionalityError(getattr(value, "units", "date"), unit)
        return value
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


def helpers(function: FunctionType) -> dict[str, FunctionType]:
    """The private functions of its own file that a formula calls."""
    found = {n: function.__globals__.get(n) for n in function.__code__.co_names if n.startswith("_")}
    return {n: f for n, f in found.items() if isinstance(f, FunctionType)}


def spoken(function: FunctionType) -> set[str]:
    """Every name in the code of a formula and of its helpers."""
    return {*function.__code__.co_names}.union(*map(spoken, helpers(function).values()))


@cache
def on_quantities(function: FunctionType) -> Callable[..., Any]:
    """The same code with the words of the library, and the helpers beside it, in versions that know quantities."""
    known = {**function.__globals__, **{name: ours for name, ours in OURS.items() if name in function.__globals__}}
    known |= {name: on_quantities(helper) for name, helper in helpers(function).items()}
    return FunctionType(function.__code__, known, function.__name__, function.__defaults__, function.__closure__)


class Walk:
    """Numbers on quantities at one setting, found by asking; `values` are those of the data files, labels included."""

    def __init__(self, named: dict[str, Formula], values: dict[str, Any]) -> None:
        self.named, self.known = named, {}
        self.inputs = {name: self._input(name, given) for name, given in values.items()}
        self.yearly = {name: self._is_yearly(name, ()) for name in named}

    def _input(self, name: str, given: Any) -> Any:
        if isinstance(given, date):
            return day(given)
        return given if isinstance(given, str) else Quantity(given, parse(parameters()[name].unit))

    def _is_yearly(self, name: str, above: tuple[str, ...]) -> bool:
        """Whether a number asks for the year, for a year before, or for a number that does, and does not sum it up."""
        if name == "year" or name.startswith("previous_"):
            return True
        if name in self.inputs or name == "one_year" or name in above:
            return False
        f = self.named[name]
        reduces = {"total", "last", "highest", "lowest"} & spoken(f.function)
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
        return found if unit == "choice" else quantity(found, unit)

    def bare(self, name: str) -> Any:
        """A number in the unit of its formula, as the engine gives it."""
        if self.named[name].unit == "date":
            return self.at(name, 0).number
        unit = parse(self.named[name].unit)
        if not self.yearly[name]:
            return self.at(name, 0).m_as(unit)
        return np.array([self.at(name, t).m_as(unit) for t in range(1, HORIZON + 1)])


def in_files(values: dict[str, Any]) -> dict[str, Any]:
    """Values that formulas see, back in the units of the data files, by hand: 0.5 is 50 %, 739211 is 21 November 2024."""

    def back(unit: str, value: Any) -> Any:
        if unit == "date":
            assert value == int(value)
            return date.fromordinal(int(value))
        return value * 100 if "%" in unit and not isinstance(value, str) else value

    return {n: back(parameters()[n].unit, v) for n, v in values.items()}


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


REFUSED = "Cannot convert|unsupported operand|bad operand|operand type|not supported|no implementation found"
"""What pint says of a unit, and Python of a date."""


@pytest.mark.parametrize(
    "text",
    [
        "def force_upkeep_in_dollars(force_upkeep: BillionUAHPerYear) -> BillionUSDPerYear: return force_upkeep",
        "def discount_factor(discount_rate: PerYear, previous_discount_factor: Share = 1) -> Share: "
        "return previous_discount_factor / (1 + discount_rate)",
        "def us_profit_total(us_profit: BillionUSDPerYear, one_year: Years) -> BillionUSD: return total(us_profit * one_year)",
        "def force_reduction(force_strength: Persons) -> Persons: return np.maximum(force_strength - 600_000, 0)",
        # -- dates: added, scaled, negated, taken for days, moved by years, by a bare number, by a share
        "def election_slack(election_deadline_end: Date, earliest_election: Date) -> Date: "
        "return election_deadline_end - earliest_election",
        "def election_slack(election_deadline_end: Date, earliest_election: Date) -> Days: "
        "return election_deadline_end + earliest_election",
        "def election_slack(election_deadline_end: Date) -> Days: return election_deadline_end",
        "def election_deadline_end(election_clock_day: Date) -> Date: return election_clock_day * 2",
        "def election_deadline_end(election_clock_day: Date) -> Date: return -election_clock_day",
        "def election_deadline_end(election_clock_day: Date) -> Date: return election_clock_day + 1",
        "def election_deadline_end(election_clock_day: Date, vehicle_life: Years) -> Date: "
        "return election_clock_day + vehicle_life",
        "def election_deadline_end(election_clock_day: Date, us_profit_share: Share) -> Date: "
        "return election_clock_day - us_profit_share",
        "def election_deadline_end(election_clock_day: Date, election_deadline: Days) -> Date: "
        "return election_deadline - election_clock_day",
        "def election_deadline_end(election_deadline: Days) -> Date: return election_deadline",
        "def earliest_election(martial_law_end: Date, election_call: Days) -> Date: "
        "return np.maximum(martial_law_end, election_call)",
        "def earliest_election(martial_law_end: Date, election_call: Days) -> Date: "
        "return np.where(martial_law_end < election_call, martial_law_end, martial_law_end)",
        "def earliest_election(martial_law_end: Date, election_call: Days) -> Date: "
        "return np.where(election_call > 0, martial_law_end, election_call)",
        "def martial_law_extensions_to_signature(martial_law_term_end: Date, martial_law_extension: Days) -> Ratio: "
        "return np.floor(martial_law_term_end / martial_law_extension)",
        # -- counts and prices that look alike
        "def vacant_seats(rada_seats: Deputies, nato_allies: Allies) -> Deputies: return rada_seats - nato_allies",
        "def vacant_seats(rada_seats: Deputies) -> Persons: return rada_seats",
        "def eu_accession_days_per_chapter(eu_accession_days: Days, eu_chapters: Chapters) -> Days: "
        "return eu_accession_days / eu_chapters",
        "def donbas_area_ceded(regions_frozen: Regions, donbas_area: SquareKm) -> SquareKm: return regions_frozen * donbas_area",
        "def area_russia_leaves(regions_returned: Regions, donbas_area: SquareKm) -> SquareKm: "
        "return np.where(regions_returned > donbas_area, donbas_area, 0)",
        "def needs_growth_at_constant_prices(needs_of_end_2024: BillionUSD2024, needs_of_mid_2022: BillionUSD2022) -> Share: "
        "return needs_of_end_2024 / needs_of_mid_2022 - 1",
        "def needs_of_mid_2022_in_2024_prices(needs_of_mid_2022: BillionUSD2022, prices_2024_per_end_2023: USD2024PerUSD2023)"
        " -> BillionUSD2024: return needs_of_mid_2022 * prices_2024_per_end_2023",
    ],
)
def test_pint_refuses_a_planted_bug_and_so_does_the_trace(text: str) -> None:
    bad = formula(text.replace(": return", ':\n    """Label"""\n    return'))
    named = {f.name: f for f in formulas()} | {bad.__name__: Formula.of(bad)}
    walk = Walk(named, in_files(setting(0)))
    with pytest.raises((pint.DimensionalityError, TypeError), match=REFUSED):
        walk.bare(bad.__name__)
    with pytest.raises(FormulaError, match=bad.__name__):
        wire(named.values(), inputs())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("martial_law_end + election_call", day("2024-03-01")),
        ("election_call + martial_law_end", day("2024-03-01")),
        ("martial_law_end - election_call", day("2024-02-26")),
        ("martial_law_end - signature_date", Quantity(366, "day")),
        ("signature_date - martial_law_end", Quantity(-366, "day")),
        ("np.maximum(signature_date, martial_law_end - election_call)", day("2024-02-26")),
        ("np.minimum(signature_date, martial_law_end)", day("2023-02-27")),
        ("np.where(signature_date < martial_law_end, signature_date, martial_law_end)", day("2023-02-27")),
        ("np.where(signature_date >= martial_law_end, election_call, election_call * 2)", Quantity(4, "day")),
        ("np.floor((martial_law_end - signature_date) / election_call)", Quantity(183, "")),
    ],
)
def test_both_let_pass_what_dates_can_do(text: str, found: Any) -> None:
    # a year with a leap day on the way; an oracle that refuses everything is none either
    alias = "Date" if isinstance(found, Day) else "Ratio" if found.dimensionless else "Days"
    signature_of = "martial_law_end: Date, signature_date: Date, election_call: Days"
    good = formula(f'def moved({signature_of}) -> {alias}:\n    """Label"""\n    return {text}')
    given = {"martial_law_end": day("2024-02-28"), "signature_date": day("2023-02-27"), "election_call": Quantity(2, "day")}
    assert on_quantities(good)(**given) == found
    seen = {name: Input("day" if isinstance(value, Quantity) else "date") for name, value in given.items()}
    bare = {name: value.number if isinstance(value, Day) else value.m_as("day") for name, value in given.items()}
    wanted = found.number if isinstance(found, Day) else found.magnitude
    assert wire([Formula.of(good)], seen).run(bare)["moved"] == wanted


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
