"""The unit of every operation of a trace: dimension and scale, both sides of every sum, every option of a switch."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any, get_args

from ukraineplan import units
from ukraineplan.errors import FormulaError
from ukraineplan.trace import COMPARISONS, LEAVES, REDUCTIONS, Trace
from ukraineplan.units import CHOICE, DATE, Measure, measure

YES_OR_NO = ("a comparison answers yes or no and is no number: write np.where(comparison, 1, 0); "
             "for two conditions put one np.where inside another")  # fmt: skip
PLAIN = Measure((), 1.0)
YEAR = Measure((("year", 1.0),), 1.0)
MOVED = ("a date is moved by days, subtracted from a date, compared or chosen, and nothing else: "
         "write date + days, date - days or date - date")  # fmt: skip
ALIKE = {"add", "sub", "max", "min"} | COMPARISONS
KEEPS = {"neg", "abs", "last", "highest", "lowest"}
MAY_HOLD_DATES = (ALIKE - {"add", "sub"}) | {"where", "choose", "last", "highest", "lowest"}
WORDS = {"add": "+", "sub": "-", "max": "np.maximum", "min": "np.minimum", "lt": "<", "le": "<=", "gt": ">", "ge": ">=",
         "eq": "==", "ne": "!=", "pow": "**", "where": "np.where"}  # fmt: skip


def infer(trace: Trace, place: int, units_of: dict[str, str]) -> Measure:
    """The measure of an operation.

    Parameters
    ----------
    trace, place
        The expression.
    units_of : dict
        Unit text by name, for every input and formula that the expression mentions.

    Raises
    ------
    FormulaError
        Where two sides of a sum or comparison differ in dimension or scale, and the like; both units in words.
    """
    known: dict[int, Measure] = {}
    for i in trace.below(place):
        _check_place(trace, i, known)
        known[i] = _measure_of(trace, i, known, units_of)
    if trace.ops[place].kind in COMPARISONS:
        raise FormulaError(YES_OR_NO)
    return known[place]


def _check_place(trace: Trace, i: int, known: dict[int, Measure]) -> None:
    """Comparisons stand first in `np.where`, conventions first in `choose`, and neither anywhere else."""
    op = trace.ops[i]
    for n, arg in enumerate(() if op.kind in LEAVES else op.args):
        if trace.ops[arg].kind in COMPARISONS and (op.kind, n) != ("where", 0):
            raise FormulaError(YES_OR_NO)
        if CHOICE in dict(known[arg].dimensions) and ((op.kind, n) != ("choose", 0) or trace.ops[arg].kind != "input"):
            raise FormulaError("a convention is asked with `choose`, first and by its own name: "
                               "not compared, added or passed on")  # fmt: skip


def fits(found: Measure, declared: str, trace: Trace, place: int) -> bool:
    """Whether a result has the declared unit; a literal 0 fits anything."""
    return _is_zero(trace, place) or _same(found, measure(declared))


def say(unit: Measure) -> str:
    """A measure in words: the unit of the vocabulary that it is, else its parts."""
    texts = [t for alias in vars(units).values() if isinstance(t := (get_args(alias) or (None, None))[1], str)]
    for text in sorted(texts, key=len):  # the shortest: a reactor is a plain number
        if _same(measure(text), unit):
            return "a plain number" if text in ("share", "ratio") else f"'{text}'"
    base = {"us_dollar": "USD", "euro": "EUR", "hryvnia": "UAH", "rouble": "RUB", "people": "person", "power": "MW", "mass": "t"}
    parts = [base.get(d, d) + (f"^{p:g}" if p != 1 else "") for d, p in unit.dimensions]
    scale = f"{unit.factor:g} " if unit.factor != 1 or not parts else ""
    return f"'{scale}{' '.join(parts)}'".replace(" '", "'")


def _same(one: Measure, other: Measure) -> bool:
    return one.dimensions == other.dimensions and math.isclose(one.factor, other.factor, rel_tol=1e-12)


def _is_zero(trace: Trace, place: int) -> bool:
    return trace.ops[place].kind == "constant" and trace.ops[place].detail == 0


def _power(unit: Measure, exponent: float) -> Measure:
    return Measure(tuple((d, p * exponent) for d, p in unit.dimensions if p * exponent), unit.factor**exponent)


def _product(one: Measure, other: Measure) -> Measure:
    powers: defaultdict[str, float] = defaultdict(float)
    for dimension, power in (*one.dimensions, *other.dimensions):
        powers[dimension] += power
    return Measure(tuple(sorted((d, p) for d, p in powers.items() if p)), one.factor * other.factor)


def _measure_of(trace: Trace, i: int, known: dict[int, Measure], units_of: dict[str, str]) -> Measure:
    op = trace.ops[i]
    args = [known[a] for a in op.args] if op.kind != "name" else []

    def alike(places: tuple[int, ...]) -> Measure:
        found = [known[p] for p in places if not _is_zero(trace, p)]
        for other in found[1:]:
            if not _same(found[0], other):
                raise FormulaError(f"`{WORDS.get(op.kind, op.kind)}` of {say(found[0])} and {say(other)}")
        return found[0] if found else PLAIN

    if any(_same(a, measure(DATE)) for a in args) and op.kind not in MAY_HOLD_DATES:
        return _moved(op.kind, *args)
    match op.kind:
        case "constant":
            return PLAIN
        case "input" | "name":
            return measure(units_of[op.detail])
        case "previous":
            return measure(units_of[op.detail[0]])
        case "scale":
            return Measure(args[0].dimensions, args[0].factor / op.detail)
        case "mul":
            return _product(*args)
        case "div" | "ratio":
            return _product(args[0], _power(args[1], -1))
        case "where":
            if trace.ops[op.args[0]].kind not in COMPARISONS:
                raise FormulaError("`np.where` needs a comparison first: np.where(a < b, x, y)")
            return alike(op.args[1:])
        case "choose":
            if args[0].dimensions != measure(CHOICE).dimensions:
                raise FormulaError("`choose` needs an argument of unit Choice first; to choose by a number use np.where")
            return alike(op.args[1:])
        case "sqrt":
            return _power(args[0], 0.5)
        case "pow" if trace.ops[op.args[1]].kind == "constant":
            return _power(args[0], trace.ops[op.args[1]].detail)
    if op.kind in ALIKE:
        unit = alike(op.args)
        return PLAIN if op.kind in COMPARISONS else unit
    if op.kind in KEEPS:
        return args[0]
    if op.kind in REDUCTIONS:
        return _product(args[0], YEAR)
    return _plain_only(op.kind, args)  # pow, exp, log, floor


def _moved(kind: str, *sides: Measure) -> Measure:
    """A date and days, or two dates: the one sum in which unlike things stand."""
    day, date = measure("day"), measure(DATE)
    shape = [*("date" if _same(side, date) else "day" if _same(side, day) else "other" for side in sides)]
    match kind, shape:
        case "sub", ["date", "date"]:
            return day
        case ("add" | "sub", ["date", "day"]) | ("add", ["day", "date"]):
            return date
    raise FormulaError(MOVED)


def _plain_only(kind: str, args: list[Any]) -> Measure:
    for unit in args:
        if not _same(unit, PLAIN):
            name = WORDS.get(kind, f"np.{kind}")
            raise FormulaError(f"`{name}` of {say(unit)}: it needs a plain number, divide by a unit first")
    return PLAIN
