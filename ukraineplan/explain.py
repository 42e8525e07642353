"""A formula shown: its arithmetic with names, the same with numbers and units put in, and as LaTeX.

All three are printed from the trace, so they cannot differ from what is computed. Of a switch or a mask, the
arithmetic with numbers shows the branch that is taken and says why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ukraineplan import words
from ukraineplan.formula import source
from ukraineplan.graph import Graph
from ukraineplan.inference import infer
from ukraineplan.trace import LEAVES, NUMPY, REDUCTIONS, Op, Trace, run
from ukraineplan.units import CHOICE, DATE, measure

# Each kind: a template, how tightly it binds, and how tightly each operand must bind to stand without brackets.
Style = Mapping[str, tuple[str, int, tuple[int, ...]]]
LIST, LOOSE, SUM, PRODUCT, SIGN, POWER, ATOM = range(7)  # a list has commas of its own

INFIX: Style = {
    "add": ("{} + {}", SUM, (SUM, SUM)),
    "sub": ("{} − {}", SUM, (SUM, PRODUCT)),
    "mul": ("{} × {}", PRODUCT, (PRODUCT, PRODUCT)),
    "div": ("{} ÷ {}", PRODUCT, (PRODUCT, SIGN)),
    "ratio": ("{} ÷ {}", PRODUCT, (PRODUCT, SIGN)),
    "neg": ("−{}", LOOSE, (SIGN,)),  # a sign stands in brackets beside another
    "pow": ("{} ^ {}", POWER, (ATOM, ATOM)),
    "max": ("max({}, {})", ATOM, (LOOSE, LOOSE)),
    "min": ("min({}, {})", ATOM, (LOOSE, LOOSE)),
    "floor": ("floor({})", ATOM, (LIST,)),
    "abs": ("abs({})", ATOM, (LIST,)),
    "exp": ("exp({})", ATOM, (LIST,)),
    "log": ("log({})", ATOM, (LIST,)),
    "sqrt": ("sqrt({})", ATOM, (LIST,)),
    "lt": ("{} < {}", LOOSE, (SUM, SUM)),
    "le": ("{} ≤ {}", LOOSE, (SUM, SUM)),
    "gt": ("{} > {}", LOOSE, (SUM, SUM)),
    "ge": ("{} ≥ {}", LOOSE, (SUM, SUM)),
    "eq": ("{} = {}", LOOSE, (SUM, SUM)),
    "ne": ("{} ≠ {}", LOOSE, (SUM, SUM)),
    "where": ("{1} if {0}, else {2}", LIST, (SUM, SUM, LIST)),
}  # fmt: skip

LATEX: Style = dict(INFIX) | {
    "sub": ("{} - {}", SUM, (SUM, PRODUCT)),
    "mul": (r"{} \cdot {}", PRODUCT, (PRODUCT, PRODUCT)),
    "div": (r"\frac{{{}}}{{{}}}", ATOM, (LOOSE, LOOSE)),
    "ratio": (r"\frac{{{}}}{{{}}}", ATOM, (LOOSE, LOOSE)),
    "neg": ("-{}", LOOSE, (SIGN,)),
    "pow": ("{{{}}}^{{{}}}", POWER, (ATOM, LOOSE)),
    "max": (r"\max\left({},\, {}\right)", ATOM, (LOOSE, LOOSE)),
    "min": (r"\min\left({},\, {}\right)", ATOM, (LOOSE, LOOSE)),
    "floor": (r"\left\lfloor {} \right\rfloor", ATOM, (LOOSE,)),
    "abs": (r"\left| {} \right|", ATOM, (LOOSE,)),
    "exp": (r"\exp\left({}\right)", ATOM, (LOOSE,)),
    "log": (r"\ln\left({}\right)", ATOM, (LOOSE,)),
    "sqrt": (r"\sqrt{{{}}}", ATOM, (LOOSE,)),
    "le": (r"{} \le {}", LOOSE, (SUM, SUM)),
    "ge": (r"{} \ge {}", LOOSE, (SUM, SUM)),
    "ne": (r"{} \ne {}", LOOSE, (SUM, SUM)),
    "where": (r"\begin{{cases}} {1} & \text{{if }} {0} \\ {2} & \text{{otherwise}} \end{{cases}}", ATOM, (LOOSE,) * 3),
}
JOINS = {"total": " + ", "highest": ", ", "lowest": ", "}
NOISE = 1e-6  # a tenth of a second: less of a day is of floats, not of somebody's
NEAREST_DAY = "dates are shown to the nearest day"
OVER_YEARS = {"total": "the sum over the years of", "highest": "the highest year of", "lowest": "the lowest year of",
              "last": "the last year of"}  # fmt: skip
SIGMA = {"total": r"\sum_{t}", "highest": r"\max_{t}", "lowest": r"\min_{t}", "last": r"\operatorname{last}_{t}"}


@dataclass(frozen=True)
class Step:
    """The arithmetic of one formula: with names, with numbers, its result to six digits, and what decided a branch.

    `year` is the place on the projection axis (1, 2, ...) that a yearly number is shown at, else None.
    """

    name: str
    names: str
    numbers: str
    result: str
    because: tuple[str, ...]
    year: int | None


def step(graph: Graph, name: str, known: Mapping[str, Any], *, year: int = 1) -> Step:
    """The arithmetic of a formula at known values.

    Parameters
    ----------
    graph : Graph
    name : str
        A formula.
    known : mapping
        The value of every number the formula asks for, as formulas see them, yearly ones with shape ``(years,)``.
    year : int
        Where to show a yearly number: 1, 2, ...
    """
    shown = _Shown(graph, name, known)
    at = year - 1 if graph.yearly(name) else None
    value, when = float(known[name][at] if at is not None else known[name]), None if at is None else year
    if np.isnan(value):  # of an option that is not taken: a parameter below it has no value
        nothing = words.operand(None, graph.unit(name))
        return Step(name, _names(graph, name), nothing, nothing, (), when)
    numbers, result = shown.text(shown.root, LOOSE, at), shown.number(value, graph.unit(name))
    return Step(name, _names(graph, name), numbers, result, tuple(shown.because), when)


class _Printer:
    """Prints the expression of one formula; what a leaf looks like is up to the child class."""

    style: Style = INFIX
    brackets = "({})"
    minus = words.MINUS

    def __init__(self, graph: Graph, name: str) -> None:
        self.graph, self.trace, self.root = graph, graph.trace, graph.trace.body(name)
        self.units = {n: graph.unit(n) for n in (name, *map(source, graph.formulas[name].arguments))}

    def text(self, place: int, least: int, at: int | None = None) -> str:
        """An operation, in brackets if it binds less tightly than `least`."""
        shown, binds = self.piece(place, at)
        return shown if binds >= least else self.brackets.format(shown)

    def piece(self, place: int, at: int | None) -> tuple[str, int]:
        """An operation and how tightly it binds; scales and years as factors say nothing to a reader."""
        op = self.trace.ops[place]
        if op.kind == "scale":
            return self.piece(op.args[0], at)
        if op.kind in ("mul", "div") and (rest := self._without_one_year(op)) is not None:
            return self.piece(rest, at)
        return self.shape(op, place, at)

    def shape(self, op: Op, place: int, at: int | None) -> tuple[str, int]:
        """The text of an operation and how tightly it binds."""
        if op.kind == "constant":
            return f"{op.detail:g}".replace("-", self.minus), ATOM if op.detail >= 0 else LOOSE
        if op.kind in ("input", "name", "previous"):
            return self.leaf(op, place, at)
        if op.kind in REDUCTIONS:
            return self.reduction(op, at)
        if op.kind == "choose":
            return self.switch(op, at)
        if op.kind == "call":
            return f"{self.called(op.detail)}({', '.join(self.text(a, LOOSE, at) for a in op.args)})", ATOM
        template, binds, operands = self.style[op.kind]
        if op.kind == "add" and self._is_date(op.args[0]):
            operands = (SUM, PRODUCT)  # day + (other day - first day): two dates have no sum
        return template.format(*(self.text(a, n, at) for a, n in zip(op.args, operands, strict=True))), binds

    def _is_date(self, place: int) -> bool:
        """Whether an operation gives a date."""
        return DATE in self.units.values() and infer(self.trace, place, self.units) == measure(DATE)

    def _without_one_year(self, op: Op) -> int | None:
        """The other operand where a flow becomes a stock."""
        for here, other in ((1, 0), (0, 1)):
            if self.trace.ops[op.args[here]] == Op("input", (), "one_year") and (here == 1 or op.kind == "mul"):
                return op.args[other]
        return None

    def called(self, name: str) -> str:
        """The function of a formula that cannot be traced."""
        return name

    def leaf(self, op: Op, place: int, at: int | None) -> tuple[str, int]:
        raise AssertionError

    def reduction(self, op: Op, at: int | None) -> tuple[str, int]:
        raise AssertionError

    def switch(self, op: Op, at: int | None) -> tuple[str, int]:
        raise AssertionError


class _Named(_Printer):
    """The arithmetic with names."""

    def leaf(self, op: Op, place: int, at: int | None) -> tuple[str, int]:
        return (f"previous_{op.detail[0]}" if op.kind == "previous" else str(op.detail)), ATOM

    def reduction(self, op: Op, at: int | None) -> tuple[str, int]:
        return f"{OVER_YEARS[op.kind]} {self.text(op.args[0], ATOM, at)}", LOOSE

    def switch(self, op: Op, at: int | None) -> tuple[str, int]:
        asked = self.text(op.args[0], ATOM, at)
        options = [f"{self.text(a, SUM, at)} if {asked} is {label}" for label, a in zip(op.detail, op.args[1:], strict=True)]
        return ", ".join(options), LIST


class _Shown(_Printer):
    """The arithmetic with numbers put in, only the branches that are taken."""

    def __init__(self, graph: Graph, name: str, known: Mapping[str, Any]) -> None:
        super().__init__(graph, name)
        self.known = known
        self.because: dict[str, None] = {}
        self._memo: dict[int, Any] = {}
        self._named = _Named(graph, name)

    def value(self, place: int, at: int | None) -> Any:
        """What an operation comes to, in one year if it is yearly."""
        found = run(self.trace, place, self._known_leaf, NUMPY, self._memo)
        return found[at] if self.trace.yearly[place] and at is not None else found

    def _known_leaf(self, op: Op) -> Any:
        if op.kind != "previous":
            return self.known[op.detail]
        name, start = op.detail
        earlier = np.broadcast_to(self.known[name], np.shape(self.known["year"]))
        return np.concatenate([[start], earlier[:-1]])

    def leaf(self, op: Op, place: int, at: int | None) -> tuple[str, int]:
        name = op.detail[0] if op.kind == "previous" else op.detail
        value = self.value(place, at)
        if self.graph.unit(name) == CHOICE:
            return str(value), ATOM
        return self.number(float(value), self.graph.unit(name)), ATOM if value >= 0 else LOOSE

    def number(self, value: float, unit: str) -> str:
        """A number to six digits; of a date with a part of a day, the nearest day, and a word on it."""
        if unit == DATE and NOISE < value % 1 < 1 - NOISE:
            self.because[NEAREST_DAY] = None
        return words.operand(value, unit)

    def shape(self, op: Op, place: int, at: int | None) -> tuple[str, int]:
        if op.kind == "where":
            test, yes, no = op.args
            taken = bool(self.value(test, at))
            self.because[f"{self._named.text(test, LOOSE)}: {'yes' if taken else 'no'}"] = None
            return self.piece(yes if taken else no, at)
        if op.kind == "ratio" and self.value(op.args[1], at) == 0:
            self.because[f"{self._named.text(op.args[1], LOOSE)} is 0, so the part counts as 0"] = None
            return "0", ATOM
        return super().shape(op, place, at)

    def reduction(self, op: Op, at: int | None) -> tuple[str, int]:
        (inner,) = op.args
        series = self.value(inner, None)
        if op.kind == "last":
            return self.piece(inner, len(series) - 1)
        places = [t for t in range(len(series)) if op.kind != "total" or series[t] != 0]
        if len(places) < len(series):
            self.because["years that add nothing are left out"] = None
        terms = [self.text(inner, SUM if op.kind == "total" else LOOSE, t) for t in places]
        if op.kind == "total":
            return " + ".join(terms) or "0", SUM if len(terms) > 1 else PRODUCT if terms else ATOM
        return f"{'max' if op.kind == 'highest' else 'min'}({', '.join(terms)})", ATOM

    def switch(self, op: Op, at: int | None) -> tuple[str, int]:
        name = self.trace.ops[op.args[0]].detail
        label = self.known[name]
        self.because[f"{name}: {label}"] = None
        return self.piece(op.args[1 + op.detail.index(label)], at)


class _Latex(_Printer):
    """The same as one display equation."""

    style = LATEX
    brackets = r"\left({}\right)"
    minus = "-"

    def called(self, name: str) -> str:
        return r"\operatorname{" + name.replace("_", " ") + "}"

    def symbol(self, name: str, earlier: bool = False) -> str:
        """A number's name; yearly ones carry the year as an index."""
        if name == "year":
            return "t"
        index = ("_{t-1}" if earlier else "_{t}") if earlier or self.graph.yearly(name) else ""
        return r"\text{" + name.replace("_", " ") + "}" + index

    def leaf(self, op: Op, place: int, at: int | None) -> tuple[str, int]:
        return self.symbol(op.detail[0] if op.kind == "previous" else op.detail, op.kind == "previous"), ATOM

    def reduction(self, op: Op, at: int | None) -> tuple[str, int]:
        return f"{SIGMA[op.kind]} {self.text(op.args[0], PRODUCT, at)}", PRODUCT

    def switch(self, op: Op, at: int | None) -> tuple[str, int]:
        options = [self.text(a, LOOSE, at) for a in op.args[1:]]
        rows = [rf"{o} & \text{{{words.plain_name(label)}}}" for o, label in zip(options, op.detail, strict=True)]
        return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}", ATOM


def _names(graph: Graph, name: str) -> str:
    printer = _Named(graph, name)
    return printer.text(printer.root, LIST)


def latex(graph: Graph, name: str) -> str:
    """A formula as LaTeX, without dollar signs: one display equation."""
    printer = _Latex(graph, name)
    return f"{printer.symbol(name)} = {printer.text(printer.root, LOOSE)}"


def divided_by_zero(graph: Graph, name: str, known: Mapping[str, Any]) -> str | None:
    """Why a number is not finite, in words: what it divides by that is 0; None if it is finite."""
    if np.all(np.isfinite(known[name])):
        return None
    needed = graph.needs(name)
    for formula in (n for n in graph.formulas if n in needed):
        shown = _Shown(graph, formula, known)
        for place in graph.trace.below(shown.root):
            op = graph.trace.ops[place]
            if op.kind == "div" and np.any(np.equal(shown.value(op.args[1], None), 0)):
                printer = _Named(graph, formula)
                return f"it divides by {printer.text(op.args[1], LOOSE)}, which is 0"
    return "it is too large, or not defined, at these values"


def taken(trace: Trace, place: int, labels: Mapping[str, Any]) -> set[str]:
    """The numbers that an expression asks for when its switches stand at some labels."""
    op = trace.ops[place]
    if op.kind in LEAVES:
        return {op.detail[0] if op.kind == "previous" else op.detail} if op.kind != "constant" else set()
    if op.kind == "choose" and (label := labels.get(trace.ops[op.args[0]].detail)) in op.detail:
        return {trace.ops[op.args[0]].detail} | taken(trace, op.args[1 + op.detail.index(label)], labels)
    return set().union(*(taken(trace, arg, labels) for arg in op.args))
