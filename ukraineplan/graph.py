"""Wiring plain functions by name: what needs what, in which order, and whether every unit works out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any, Final, NamedTuple

import numpy as np

from ukraineplan.errors import FormulaError, NotTraceable, UnitError, did_you_mean
from ukraineplan.formula import Formula, source
from ukraineplan.inference import fits, infer, say
from ukraineplan.trace import NUMPY, REDUCTIONS, VOCABULARY, Algebra, Op, Trace, Traced, place_of, run
from ukraineplan.units import conversion
from ukraineplan.untraced import call
from ukraineplan.years import AXIS, HORIZON, PREVIOUS

LITERALS: Final = {0.0, 1.0, 2.0, 0.5}
"""Numbers that any formula may contain."""

ALLOWED_LITERALS: Final[frozenset[tuple[str, float]]] = frozenset()
"""Other numbers a formula may contain, as (formula, number): no unit system can tell whether they are right."""

PEEKS: Final = frozenset({"isinstance", "issubclass", "type", "hasattr", "getattr", "callable", "random", "open", "eval", "exec"})
"""Words that look behind a number, or outside of the formula."""


class Input(NamedTuple):
    """A number that formulas may ask for: its unit as they see it, its labels if it is a choice."""

    unit: str
    labels: tuple[str, ...] = ()
    yearly: bool = False


@dataclass(frozen=True)
class Graph:
    """Formulas in an order in which they can be computed, with their trace.

    `blocks` are formulas computed together: one, or those of one recurrence. `scales` hold the factor between the
    unit a formula asks for and the unit its argument comes in.
    """

    formulas: Mapping[str, Formula]
    inputs: Mapping[str, Input]
    blocks: tuple[tuple[str, ...], ...]
    scales: Mapping[str, Mapping[str, float]]
    trace: Trace
    _needs: dict[str, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)

    def yearly(self, name: str) -> bool:
        """Whether a number has a value for every year."""
        return self.trace.yearly[self.trace.names[name]] if name in self.formulas else self.inputs[name].yearly

    def unit(self, name: str) -> str:
        """The unit in which formulas see a number."""
        return self.formulas[name].unit if name in self.formulas else self.inputs[name].unit

    def needs(self, name: str) -> frozenset[str]:
        """Every number that a number rests on, itself included."""
        if name not in self._needs:
            found, todo = set(), [name]
            while todo:
                if (current := todo.pop()) not in found:
                    found.add(current)
                    todo += map(source, self.formulas[current].arguments) if current in self.formulas else ()
            self._needs[name] = frozenset(found)
        return self._needs[name]

    def run(self, values: Mapping[str, Any], targets: Iterable[str] | None = None) -> dict[str, Any]:
        """Every number that the targets need, by calling the plain functions: the reference for all else.

        Parameters
        ----------
        values : mapping
            The inputs as formulas see them: floats or arrays of draws, shape ``(draws,)``; labels of conventions.
        targets : iterable of str, optional
            Formulas; all of them if left out.

        Returns
        -------
        dict
            By name; yearly numbers have shape ``(years,)`` or ``(years, draws)``.
        """

        many = _many(values)

        def compute(name: str, look: Callable[[str], Any]) -> Any:
            return self._call(name, look, many)

        with np.errstate(all="ignore"):
            return self._walk(values, targets, compute, NUMPY)

    def evaluate(
        self, values: Mapping[str, Any], targets: Iterable[str] | None = None, algebra: Algebra = NUMPY
    ) -> dict[str, Any]:
        """The same from the trace, over any kind of number.

        Raises
        ------
        NotTraceable
            If a formula has no trace and the algebra is not that of plain numbers.
        """
        many = _many(values)

        def compute(name: str, look: Callable[[str], Any]) -> Any:
            if not self.formulas[name].traced:
                if algebra is not NUMPY:
                    raise NotTraceable(f"'{name}' cannot be traced")
                return self._call(name, look, many)

            def leaf(op: Op) -> Any:
                return look(PREVIOUS + op.detail[0] if op.kind == "previous" else op.detail)

            return run(self.trace, self.trace.body(name), leaf, algebra, {})

        with np.errstate(all="ignore"):
            return self._walk(values, targets, compute, algebra)

    def _call(self, name: str, look: Callable[[str], Any], many: bool) -> Any:
        """A formula by its plain function."""
        scales, formula = self.scales[name], self.formulas[name]
        given = {a: look(a) * scales[a] if a in scales else look(a) for a in formula.arguments}
        if formula.traced:
            return formula.function(**given)
        return call(formula.function, given, formula.where, draws=many)

    def untraced(self, name: str) -> list[str]:
        """The formulas without a trace that a number rests on."""
        return [n for n in self.formulas if not self.formulas[n].traced and n in self.needs(name)]

    def _walk(
        self, values: Mapping[str, Any], targets: Iterable[str] | None, compute: Callable[..., Any], algebra: Algebra
    ) -> dict[str, Any]:
        wanted = frozenset().union(*(self.needs(t) for t in (self.formulas if targets is None else targets)))
        many = _many(values)
        axis = np.arange(1.0, HORIZON + 1)[:, None] if many else np.arange(1.0, HORIZON + 1)
        # numpy's floats divide by zero without stopping, as its arrays do
        known = {n: np.float64(v) if isinstance(v, (int, float)) else v for n, v in values.items()}

        def earlier(name: str, start: float, t: int) -> Any:
            if t == 0:
                return algebra.constant(start)
            return algebra.at(known[name], t - 1) if self.yearly(name) else known[name]

        def joined(years: list[Any]) -> Any:
            """Years as one number; with draws, one that no draw reaches has the shape (years, 1)."""
            series = algebra.stack(years)
            return series[:, None] if many and np.ndim(series) == 1 else series

        known |= {n: joined([v] * HORIZON) for n, v in known.items() if n in self.inputs and self.inputs[n].yearly}
        known |= {"year": axis, "one_year": np.float64(1)}
        for block in (b for b in self.blocks if b[0] in wanted):
            if self._recurrent(block):
                rows: dict[str, list[Any]] = {name: [] for name in block}
                for t in range(HORIZON):
                    for name in block:
                        rows[name].append(compute(name, self._looker(name, rows, t, known, earlier, algebra)))
                known |= {name: joined(series) for name, series in rows.items()}
            else:
                (name,) = block
                starts = self.formulas[name].starts
                lagged = {a: joined([earlier(source(a), start, t) for t in range(HORIZON)]) for a, start in starts.items()}
                known[name] = compute(name, lambda a, now=known | lagged: now[a])
        return known

    def _looker(self, name: str, rows: Any, t: int, known: Any, earlier: Any, algebra: Algebra) -> Callable[[str], Any]:
        """How an argument is answered in year `t` of a recurrence."""
        starts = self.formulas[name].starts

        def look(argument: str) -> Any:
            wanted = source(argument)
            if argument in starts:
                if t and wanted in rows:
                    return rows[wanted][t - 1]
                return earlier(wanted, starts[argument], t)
            if wanted in rows:
                return rows[wanted][t]
            return algebra.at(known[wanted], t) if self.yearly(wanted) else known[wanted]

        return look

    def _recurrent(self, block: tuple[str, ...]) -> bool:
        return len(block) > 1 or block[0] in map(source, self.formulas[block[0]].arguments)


def _many(values: Mapping[str, Any]) -> bool:
    """Whether some inputs hold draws."""
    return any(np.ndim(v) for v in values.values())


def wire(formulas: Iterable[Formula], inputs: Mapping[str, Input]) -> Graph:
    """Order the formulas, trace them, and check every name, unit, literal and label on the way.

    Raises
    ------
    FormulaError
        For the first formula that does not fit; the message starts with its file, line and name.
    """
    if clash := sorted(AXIS.keys() & inputs.keys()):
        raise FormulaError(f"the parameter '{clash[0]}' has the name of the projection's own year: give it another")
    inputs = dict(inputs) | {name: Input(unit, yearly=name == "year") for name, unit in AXIS.items()}
    named: dict[str, Formula] = {}
    for f in formulas:
        if f.name in named or f.name in inputs:
            taken = named[f.name].where if f.name in named else f"the parameter '{f.name}'"
            raise FormulaError(f"{f.where}: the name is taken by {taken}")
        named[f.name] = f
    for f in named.values():
        for argument in f.arguments:
            if source(argument) not in named and source(argument) not in inputs:
                near = did_you_mean(source(argument), [*named, *inputs])
                raise FormulaError(f"{f.where}: no number is called '{source(argument)}'{near}")
    blocks = _blocks(named)
    ordered = {name: named[name] for block in blocks for name in block}
    graph = Graph(ordered, inputs, blocks, {name: {} for name in ordered}, Trace())
    for block in blocks:
        for name in block:
            try:
                _trace(graph, named[name], block)
            except FormulaError as error:
                raise type(error)(f"{named[name].where}: {error}") from None
    return graph


def _trace(graph: Graph, formula: Formula, block: tuple[str, ...]) -> None:
    trace, scales = graph.trace, graph.scales[formula.name]
    stand_ins = {}
    for argument, want in formula.arguments.items():
        name, have = source(argument), graph.unit(source(argument))
        try:
            factor = conversion(have, want)
        except UnitError:
            raise FormulaError(f"'{argument}' is in '{have}', but the formula asks for '{want}'") from None
        if argument in formula.starts:
            place = trace.add("previous", detail=(name, formula.starts[argument]))
        elif name in graph.formulas:
            place = trace.names[name]
        else:
            place = trace.add("input", detail=name, yearly=graph.inputs[name].yearly)
        if factor != 1:
            scales[argument] = factor  # type: ignore[index]
            place = trace.add("scale", place, detail=factor)
        stand_ins[argument] = Traced(trace, place)
        if factor != 1 and formula.starts.get(argument):
            start = f"{formula.starts[argument]:g}"
            raise FormulaError(f"'{argument}' starts from {start}, so ask for it in its own unit, '{have}'")
    if not formula.traced:
        trace.add("name", trace.add("call", *(s.place for s in stand_ins.values()), detail=formula.name), detail=formula.name)
        return
    root = _record(formula, stand_ins, trace)
    asked = {formula.name, *map(source, formula.arguments)}
    found = infer(trace, root, {name: graph.unit(name) for name in asked})
    if not fits(found, formula.unit, trace, root):
        raise FormulaError(f"computes {say(found)}, but declares '{formula.unit}'")
    _check_body(graph, formula, root, block)
    if peeks := PEEKS & {*formula.function.__code__.co_names}:
        hidden = f"{min(peeks)}, which hides a branch or a dice from the trace"
        raise NotTraceable(f"a formula does not use {hidden}: {VOCABULARY}")
    used = {*trace.below(root)}
    for argument, stand_in in stand_ins.items():
        if argument in formula.starts and stand_in.place not in used:
            raise FormulaError(f"'{argument}' is asked for but not used: leave it out")
    trace.add("name", root, detail=formula.name)


def _record(formula: Formula, stand_ins: Mapping[str, Traced], trace: Trace) -> int:
    """Call the function on stand-ins; whatever it trips over is a word outside the vocabulary."""
    try:
        return place_of(trace, formula.function(**stand_ins))
    except FormulaError as error:
        raise NotTraceable(str(error)) from None
    except Exception as error:
        raise NotTraceable(f"cannot be traced ({type(error).__name__}: {error}): {VOCABULARY}") from error


def _check_body(graph: Graph, formula: Formula, root: int, block: tuple[str, ...]) -> None:
    for place in graph.trace.below(root):
        op = graph.trace.ops[place]
        if op.kind == "constant" and abs(op.detail) not in LITERALS and (formula.name, op.detail) not in ALLOWED_LITERALS:
            raise FormulaError(f"the number {op.detail:g} stands in the formula: make it a parameter with a unit and a source")
        if op.kind == "choose":
            switch = graph.trace.ops[op.args[0]]
            labels = graph.inputs[switch.detail].labels if switch.kind == "input" else ()
            if set(labels) != set(op.detail):
                raise FormulaError(f"`choose` names the options {', '.join(sorted(op.detail))}, "
                                   f"but '{switch.detail}' has {', '.join(sorted(labels)) or 'none'}")  # fmt: skip
        if op.kind in REDUCTIONS and graph._recurrent(block):
            raise FormulaError(f"`{op.kind}` inside a recurrence: give it a formula of its own")


def _blocks(formulas: Mapping[str, Formula]) -> tuple[tuple[str, ...], ...]:
    """Formulas that need each other, in an order in which they can be computed."""
    below = {n: [s for s in map(source, f.arguments) if s in formulas] for n, f in formulas.items()}
    reach: dict[str, set[str]] = {}
    for name in formulas:
        found: set[str] = set()
        todo = list(below[name])
        while todo:
            if (current := todo.pop()) not in found:
                found.add(current)
                todo += below[current]
        reach[name] = found
    leader = {n: next(m for m in formulas if m == n or (m in reach[n] and n in reach[m])) for n in formulas}
    order = TopologicalSorter({n: () for n in leader.values()})
    for name in formulas:
        order.add(leader[name], *(leader[s] for s in below[name] if leader[s] != leader[name]))
    return tuple(_within_a_year([n for n in formulas if leader[n] == head], formulas) for head in order.static_order())


def _within_a_year(block: list[str], formulas: Mapping[str, Formula]) -> tuple[str, ...]:
    """Order inside a block, where only arguments of the same year count."""
    try:
        return tuple(TopologicalSorter({n: [a for a in formulas[n].arguments if a in block] for n in block}).static_order())
    except CycleError as error:
        circle = " -> ".join(reversed(error.args[1]))
        raise FormulaError(f"{formulas[block[0]].where}: a circle within one year: {circle}; "
                           f"only an argument named {PREVIOUS}... may close one") from None  # fmt: skip
