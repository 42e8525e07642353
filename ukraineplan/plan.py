"""A plan: one text, one vintage, one set of values; and the numbers that follow from them."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ukraineplan import words
from ukraineplan.bounds import Extremes, extremes
from ukraineplan.errors import DataError, FormulaError, InvalidValue, NotTraceable, unknown
from ukraineplan.explain import divided_by_zero, step, taken
from ukraineplan.explanation import Bibliography, Citation, Derivation, Explanation, Line
from ukraineplan.formula import Formula, source
from ukraineplan.graph import Graph, Input, wire
from ukraineplan.library import Library, read_library, shipped_library
from ukraineplan.names import Names
from ukraineplan.number import Number
from ukraineplan.parameters import Parameter, check_together
from ukraineplan.resolving import derive, own_parameter
from ukraineplan.texts import Text, find
from ukraineplan.units import DATE, in_print
from ukraineplan.years import HORIZON

if TYPE_CHECKING:
    import pandas as pd

class Plan(Mapping[str, Number]):
    """A read-only, lazily evaluated mapping from names to numbers, for formulas and parameters alike.

    Made by `load`. Iterates over the formulas first, then the parameters; each change makes a new plan.
    """

    def __init__(
        self, library: Library, text: Text, as_of: date, parameters: Mapping[str, Parameter],
        formulas: Mapping[str, Formula], yearly: frozenset[str] = frozenset(), graph: Graph | None = None,
    ) -> None:  # fmt: skip
        self._library, self._text, self._as_of = library, text, as_of
        self._parameters, self._formulas, self._yearly = dict(parameters), dict(formulas), yearly
        self._graph = graph or wire(self._formulas.values(), {n: _input(p, n in yearly) for n, p in parameters.items()})
        self._cache: dict[str, Any] = {}
        self._check_own_formulas()

    @property
    def text(self) -> str:
        """The id of the text, with the alternatives that were chosen: "dec20:option_a"."""
        return self._text.name

    @property
    def as_of(self) -> date:
        """The vintage: evidence that became public later does not count."""
        return self._as_of

    # -- a mapping ---------------------------------------------------------------------------------

    def __getitem__(self, name: str) -> Number:
        if not isinstance(name, str) or name not in self:
            raise unknown("number", name, list(self))
        if name not in self._cache:
            self._cache[name] = self._number(name)
        found: Number = self._cache[name]
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._formulas or name in self._parameters

    def __iter__(self) -> Iterator[str]:
        return iter([*self._formulas, *self._parameters])

    def __len__(self) -> int:
        return len(self._formulas) + len(self._parameters)

    def _ipython_key_completions_(self) -> list[str]:
        return list(self)

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """The parameters at this text and vintage, by name, as in their data files."""
        return Names("parameter", self._parameters)

    @property
    def formulas(self) -> Mapping[str, Formula]:
        """The formulas, by name."""
        return Names("formula", self._formulas)

    # -- other plans -------------------------------------------------------------------------------

    def with_values(self, /, **values: object) -> Plan:
        """The plan with some numbers set; their basis is `set`, their range collapses to the value.

        Parameters
        ----------
        **values
            By name of a parameter, or of a formula, which is then replaced by that constant. A bare number is in
            the unit that is printed; text may carry a unit: ``vehicle_return="8 %/year"``.

        Raises
        ------
        UnknownName, InvalidValue, UnitError
        """
        parameters, formulas, yearly = dict(self._parameters), dict(self._formulas), set(self._yearly)
        for name, given in values.items():
            if name in formulas:
                f = formulas.pop(name)
                yearly |= {name} if self._graph.yearly(name) else set()
                parameters[name] = Parameter(name, f.label, in_print(f.unit), provision=f.provision, limits=_limits(f.unit))
            elif name not in parameters:
                raise unknown("number", name, list(self))
            parameters[name] = parameters[name].with_value(given)
        parameters = derive(parameters, self._library.calendars)
        check_together(parameters)
        graph = self._graph if len(formulas) == len(self._formulas) else None
        return self._with(parameters, formulas, frozenset(yearly), graph)

    def with_formula(self, function: Callable[..., Any], *, traced: bool = True) -> Plan:
        """The plan with a formula of your own, in place of the one of that name or beside the others.

        Parameters
        ----------
        function : function
            Typed in a notebook or imported; its annotations say the units, as in
            ``def f(us_profit_total: BillionUSD) -> BillionUSD``.
        traced : bool
            False for a function that uses more than the vocabulary of formulas. It is then called as it is, draw by draw:
            its unit is taken on trust, nothing about it is proven, its arithmetic is not shown.

        Raises
        ------
        FormulaError
            If it cannot be read, traced or wired.
        """
        formula = Formula.of(function, traced=traced)
        try:
            return self._with(self._parameters, self._formulas | {formula.name: formula}, self._yearly)
        except NotTraceable as error:
            raise NotTraceable(f"{error}; or pass traced=False, which takes its unit on trust and proves nothing") from None

    def with_parameter(self, parameter: Parameter) -> Plan:
        """The plan with a parameter of your own, in place of the one of that name or beside the others.

        Raises
        ------
        DataError
            If it has both or neither of facts and an assumption, or cites a fact that does not exist.
        InvalidValue, UnitError
            If its value or its unit does not hold.
        """
        checked = own_parameter(parameter, self._library.evidence, self.as_of)
        if checked.name in self._formulas:
            raise DataError(f"the name '{checked.name}' is taken by a formula: set it with with_values, or choose another")
        if checked.name in self._library.calendars:
            raise DataError(f"'{checked.name}' follows from the calendar: set it with with_values, or choose another name")
        parameters = derive(self._parameters | {checked.name: checked}, self._library.calendars)
        check_together(parameters)
        return self._with(parameters, self._formulas, self._yearly)

    def _with(
        self, parameters: Mapping[str, Parameter], formulas: Mapping[str, Formula], yearly: frozenset[str],
        graph: Graph | None = None,
    ) -> Plan:  # fmt: skip
        return Plan(self._library, self._text, self.as_of, parameters, formulas, yearly, graph)

    def __reduce__(self) -> tuple[Any, ...]:
        shipped = {f.name: f for f in self._library.formulas}
        own = {n: f for n, f in self._formulas.items() if shipped.get(n) is not f}
        gone = [n for n in shipped if n not in self._formulas]
        for f in own.values():
            home = sys.modules.get(f.function.__module__ or "")
            if getattr(home, f.name, None) is not f.function:
                raise FormulaError(f"{f.where}: a plan with this formula cannot be pickled: put the function into a module")
        return _restored, (self._library.extra, self.text, self.as_of, self._parameters, own, gone, self._yearly)

    # -- answers -----------------------------------------------------------------------------------

    def explain(self, name: str) -> Explanation:
        """A number derived top down: sentence, arithmetic with names, arithmetic with numbers, sources and quotes."""
        number, books = self[name], Bibliography()
        formulas = self._top_down(name) if number.value is not None else []
        leaves = self._leaves(name)
        inputs = tuple(self._line(n, books) for n in leaves)
        derivations = tuple(self._derivation(n, books) for n in formulas)
        context = f"text {self.text}, evidence to {self.as_of}"
        unset = number.reason if number.value is None else None
        return Explanation(self._line(name, books), context, unset, derivations, inputs, tuple(books.citations))

    def _derivation(self, name: str, books: Bibliography) -> Derivation:
        shown = step(self._graph, name, self._known, year=self._show_year(name))
        when = "" if shown.year is None else f", in {self._start + shown.year - 1} (year {shown.year})"
        return Derivation(self._line(name, books), self._formulas[name].note, shown, when)

    def table(self, provision: str | None = None) -> pd.DataFrame:
        """The numbers of a provision with what they rest on: one a row, parameters first.

        Parameters
        ----------
        provision : str, optional
            Its name; every number of the plan if left out.

        Raises
        ------
        UnknownName
        """
        import pandas as pd

        rows = [self._row(name) for name in self._names_of(provision)]
        return pd.DataFrame(rows).set_index("name")

    def to_frame(self) -> pd.DataFrame:
        """Every number of the plan: the same as `table()`."""
        return self.table()

    def __repr__(self) -> str:
        return f"<Plan {self.text}, evidence to {self.as_of}: {len(self._formulas)} formulas, {len(self._parameters)} parameters>"

    def _repr_html_(self) -> str:
        keys = [n for p in self._library.provisions.values() for n in p.key if n in self]
        cells = [(escape(self[n].label), f"<b>{self[n].display}</b>", self[n].span, f"<code>{n}</code>") for n in keys]
        rows = "".join(f"<tr><td>{'</td><td>'.join(row)}</td></tr>" for row in cells)
        return (f"<p>{escape(self._text.title)} <small>(text {self.text}, evidence to {self.as_of})</small></p>"
                f"<table><tr><th>Number</th><th>Value</th><th>Low to high</th><th>Name</th></tr>{rows}</table>")  # fmt: skip

    # -- how they are found ------------------------------------------------------------------------

    @property
    def _start(self) -> int:
        """The calendar year that is year 1."""
        return self._text.date.year + 1

    @cached_property
    def _values(self) -> dict[str, Any]:
        """The parameters as formulas see them, those without a value left out."""
        return {n: p.in_formulas(p.value) for n, p in self._parameters.items() if p.value is not None}

    @cached_property
    def _known(self) -> dict[str, Any]:
        """Every number that the text determines, by the plain functions."""
        computable = [n for n in self._graph.formulas if self._missing(n) is None]
        return self._run(computable)

    def _run(self, names: Iterable[str]) -> dict[str, Any]:
        """Numbers at the values of the plan by the plain functions; parameters without a value are of options not taken."""
        values = {n: np.nan for n in self._parameters} | self._values
        names = list(names)
        try:
            return self._graph.run(values, names)
        except FormulaError:  # a function of the user's stops: what does not rest on it stands
            standing = [n for n in names if not self._graph.untraced(n)]
            if standing == names or len(names) == 1:
                raise
            return self._graph.run(values, standing)

    def _known_with(self, name: str) -> dict[str, Any]:
        """The same with one number that may rest on a function which stops: then its error says so."""
        return self._known if name in self._known else self._run([name])

    def _missing(self, name: str) -> str | None:
        """The first parameter without a value that a number rests on."""
        return next((n for n in self._active_leaves(name) if self._parameters[n].value is None), None)

    def _leaves(self, name: str) -> list[str]:
        """The parameters that a number rests on, those behind a wait of the calendar too, in the order of their files."""
        return self._with_calendars(self._graph.needs(name))

    def _with_calendars(self, needed: Collection[str]) -> list[str]:
        found = {*needed}
        for name, calendar in reversed(self._library.calendars.items()):  # a wait behind a wait comes after it
            found |= {*calendar.of} if name in found and self._parameters[name].basis != "set" else set()
        return [n for n in self._parameters if n in found]

    def _check_own_formulas(self) -> None:
        """Refuse a formula of a user's that computes something else than its trace says, as a hidden branch does."""
        shipped = {f.name: f for f in shipped_library().formulas}
        own = [n for n, f in self._formulas.items() if shipped.get(n) is not f and self._missing(n) is None]
        own = [n for n in own if not self._graph.untraced(n)]  # which may not take values that the plan does not have
        random = np.random.default_rng(0)
        for _ in range(3 if own else 0):
            moved = {n: v if isinstance(v, str) else v * random.uniform(0.5, 1.5) for n, v in self._values.items()}
            values = {n: np.nan for n in self._parameters} | moved
            by_function, by_trace = self._graph.run(values, own), self._graph.evaluate(values, own)
            for name in own:
                if not np.allclose(by_function[name], by_trace[name], rtol=1e-9, atol=0, equal_nan=True):
                    where = self._formulas[name].where
                    raise FormulaError(f"{where}: it branches where the trace cannot see: use np.where or choose")

    def _active_leaves(self, name: str, either: Collection[str] = ()) -> list[str]:
        """Those among them that the conventions leave in: of a switch, the option that it names; every one of `either`."""
        found: dict[str, None] = {}
        values = {n: v for n, v in self._values.items() if n not in either}
        todo, trace = [name], self._graph.trace
        while todo:
            if (current := todo.pop()) in found:
                continue
            found[current] = None
            todo += taken(trace, trace.body(current), values) if current in self._formulas else ()
        return self._with_calendars(found)

    def _top_down(self, name: str) -> list[str]:
        """The formulas below a number, itself first, each level before the next."""
        found = dict.fromkeys([name] if name in self._formulas else [])
        for current in (todo := list(found)):
            fresh = [n for n in map(source, self._formulas[current].arguments) if n in self._formulas and n not in found]
            found |= dict.fromkeys(fresh)
            todo += dict.fromkeys(fresh)
        return list(found)

    def _number(self, name: str) -> Number:
        years = tuple(range(self._start, self._start + HORIZON)) if self._graph.yearly(name) else None
        if name in self._parameters:
            p, value = self._parameters[name], self._values.get(name)
            value = _settled(np.full(HORIZON, value)) if years and value is not None else value
            reason = p.reason or p.assumption
            value = _printed(value, p.unit)
            return Number(name, p.label, p.unit_in_formulas, value, p.basis, reason, self.text, self.as_of, years, self)
        value, reason = None, None
        if (missing := self._missing(name)) is not None:
            reason = self._parameters[missing].reason
            reason = f"{reason}: {self._parameters[missing].label} ({missing})" if reason else missing
        elif (zero := divided_by_zero(self._graph, name, known := self._known_with(name))) is not None:
            reason = zero
        else:
            value = _settled(known[name])
        f = self._formulas[name]
        try:
            value = _printed(value, f.unit)
        except InvalidValue as error:  # a date beyond the calendar
            value, reason = None, str(error)
        return Number(name, f.label, f.unit, value, "computed", reason, self.text, self.as_of, years, self)

    def _extremes(self, name: str, over: str | None = None) -> Extremes:
        """Lowest and highest value over all uncertainties, or over one parameter alone."""
        key = f"extremes of {name} over {over}"
        if key not in self._cache:
            moved = [self._parameters[over]] if over else [p for p in self._parameters.values() if p.role == "uncertainty"]
            ranges = {p.name: (p.in_formulas(p.range[0]), p.in_formulas(p.range[1])) for p in moved if p.range}
            whole = frozenset(p.name for p in moved if p.whole)
            unset = {n: np.nan for n in self._parameters if n not in self._values}
            years = frozenset(p.name for p in moved if p.unit == "year")
            found = extremes(self._graph, name, unset | self._values, ranges, whole, years)
            found = found if found.proven else found.including(self._known[name], self._values)
            self._cache[key] = replace(found, low=_settled(found.low), high=_settled(found.high))
        kept: Extremes = self._cache[key]
        return kept

    def _ends(self, name: str) -> tuple[Any, Any]:
        if name in self._parameters:
            p = self._parameters[name]
            ends = (p.in_formulas(p.range[0]), p.in_formulas(p.range[1])) if p.role == "uncertainty" and p.range else (None, None)
            return _printed(ends[0], p.unit), _printed(ends[1], p.unit)
        if self[name].value is None:
            return None, None
        found, unit = self._extremes(name), self._formulas[name].unit
        if np.array_equal(found.low, found.high):
            return None, None
        try:
            return _printed(found.low, unit), _printed(found.high, unit)
        except InvalidValue:  # a date beyond the calendar: no range that could be printed
            return None, None

    def _show_year(self, name: str) -> int:
        """The year of the projection that tables and analyses take of a yearly number."""
        owner = (self._formulas.get(name) or self._parameters[name]).provision
        if owner in self._library.provisions:
            return self._library.provisions[owner].show_year
        below = map(source, self._formulas[name].arguments) if name in self._formulas else ()
        years = [self._show_year(n) for n in below if n in self and n != name and self._graph.yearly(n)]
        return max(years, default=1)  # a formula of your own is shown where what it rests on is

    def _label_of(self, name: str, value: str) -> str:
        labels = self._parameters[name].choice_labels or {}
        return labels.get(value, words.plain_name(value))

    def _citations(self, name: str) -> tuple[Citation, ...]:
        """What a parameter cites, or what the parameters below a formula rest on."""
        if name in self._parameters:
            p = self._parameters[name]
            cited = list(p.facts) if p.role == "lever" else [*p.facts, *p.range_facts, *p.competing, *p.benchmarks]
        else:
            return tuple(dict.fromkeys(c for n in self._active_leaves(name) for c in self._citations(n)))
        facts, sources = self._library.evidence.facts, self._library.evidence.sources
        return tuple(Citation(facts[i], sources[facts[i].source]) for i in dict.fromkeys(cited))

    def _line(self, name: str, books: Bibliography) -> Line:
        number = self[name]
        leaf = name in self._parameters
        reason = self._parameters[name].why if leaf else number.reason or ""
        cited = books.cite(number.sources) if leaf else ()
        return Line(name, number.label, number.display, number.span, number.basis, reason, cited)

    def _headline(self, name: str) -> str | None:
        """The sentence of the provision that this number heads."""
        return next((p.headline for p in self._library.provisions.values() if p.key[:1] == [name] and p.headline), None)

    def _names_of(self, provision: str | None) -> list[str]:
        if provision is None:
            return [*self._parameters, *self._formulas]
        if provision not in self._library.provisions:
            raise unknown("provision", provision, self._library.provisions)
        formulas = [n for n, f in self._formulas.items() if f.provision == provision]
        return self._with_calendars(frozenset().union(*map(self._graph.needs, formulas))) + formulas

    def _row(self, name: str) -> dict[str, Any]:
        n = self[name]
        value, low, high = (_printed(x, n.unit) for x in n.shown)
        return {
            "name": name, "label": n.label, "value": value, "low": low, "high": high, "unit": n.unit, "display": n.display,
            "span": n.span, "basis": n.basis, "reason": n.reason or "", "sources": "; ".join(c.fact.id for c in n.sources),
        }  # fmt: skip


def _limits(unit: str) -> tuple[float, float]:
    """What a number of a unit can be at all: a share of a whole, a number of persons."""
    if unit == "share":
        return 0.0, 100.0
    return (0.0, math.inf) if unit.split("/")[0] in ("person", "reactor") else (-math.inf, math.inf)


def _input(parameter: Parameter, yearly: bool) -> Input:
    labels = tuple(map(str, parameter.choices)) if parameter.labelled else ()
    return Input(parameter.unit_in_formulas, labels, yearly)


def _printed(value: Any, unit: str) -> Any:
    """A number as users get it: a date as a date."""
    return words.day(value) if unit == DATE and isinstance(value, float) else value


def _settled(value: Any) -> Any:
    """A float, or an array that cannot be changed."""
    if np.ndim(value) == 0:
        return float(value)
    settled = np.array(value, float)
    settled.flags.writeable = False
    return settled


def _restored(
    extra: Path | None, text: str, as_of: date, parameters: dict[str, Parameter], own: dict[str, Formula], gone: list[str],
    yearly: frozenset[str],
) -> Plan:  # fmt: skip
    """A plan out of a pickle: the library is read again, what was changed is put back."""
    library = read_library(extra)
    formulas = {f.name: f for f in library.formulas if f.name not in gone} | own
    return Plan(library, find(library.texts, text), as_of, parameters, formulas, yearly)
