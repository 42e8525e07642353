"""From a formula to an expression that can be read, checked, printed and bounded.

A formula is called once with stand-ins (`Traced`) for its arguments; what it does to them is recorded in one
`Trace` that all formulas share, equal sub-expressions once. A yearly number is one operation, whatever the
horizon: a ``previous`` operation looks one year back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, NoReturn

import numpy as np

from ukraineplan.errors import FormulaError
from ukraineplan.units import choose, ratio

COMPARISONS = {"lt", "le", "gt", "ge", "eq", "ne"}
REDUCTIONS = {"total", "last", "highest", "lowest"}
LEAVES = {"constant", "input", "name", "previous"}

UFUNCS: dict[Any, str] = {
    np.add: "add", np.subtract: "sub", np.multiply: "mul", np.true_divide: "div", np.power: "pow",
    np.negative: "neg", np.absolute: "abs", np.maximum: "max", np.minimum: "min", np.floor: "floor",
    np.exp: "exp", np.log: "log", np.sqrt: "sqrt", np.less: "lt", np.less_equal: "le", np.greater: "gt",
    np.greater_equal: "ge", np.equal: "eq", np.not_equal: "ne",
}  # fmt: skip
VOCABULARY = ("formulas know arithmetic, comparisons, np.where, maximum, minimum, clip, floor, exp, log, sqrt, "
              "choose, ratio, total, last, highest, lowest")  # fmt: skip

ACROSS_YEARS = "use total, last, highest or lowest from ukraineplan.years, or an argument named previous_..."
INSTEAD = {
    "bool": "a formula does not branch (if, and, or, max, min): use np.where, np.maximum or choose",
    "float int index": "a formula does not use math or float(): use np.exp, np.log, np.sqrt, np.floor",
    "iter len contains": "a formula does not loop over years: use an argument named previous_...",
    "getitem": "a formula does not ask for a year by its place: use last, or np.where(year == ..., x, 0)",
    "floordiv rfloordiv mod rmod divmod rdivmod": "a formula does not use // or %: use np.floor(a / b)",
    "and rand or ror xor rxor invert": "a formula does not use &, |, ^ or ~: put one np.where inside another; a power is **",
    "matmul rmatmul": "a formula does not multiply matrices: use * and total",
    "round": "a formula does not round, numbers are rounded where they are printed; for whole numbers use np.floor",
    "iadd isub imul itruediv ipow": "a formula changes nothing in place: write x = x + y instead of x += y",
    "str format": "a formula handles numbers, not text: use choose(switch, label=...) for what a convention says",
    "array": "a formula builds no arrays (np.array, np.sum([...])): use +, np.maximum or an argument named previous_...",
}
"""Python that a formula might use, by special method, and what to write instead."""

NUMPY_INSTEAD = {
    "clip": "write np.clip(x, low, high)",
    "where": "write np.where(comparison, x, y)",
    "select": "put one np.where inside another, or use choose",
    "round": INSTEAD["round"],
    "rint": INSTEAD["round"],
    "floor_divide": "use np.floor(a / b)",
    "remainder": "use a - b * np.floor(a / b)",
} | dict.fromkeys(["logical_and", "logical_or", "logical_not"], "put one np.where inside another")
"""The same for numpy."""


class Op(NamedTuple):
    """One operation of a trace.

    `kind` is an elementwise operation (``add``, ``where``, ``ratio`` ...), a reduction over the years, or one of

    ========== ========================================= ==================================
    kind       args                                      detail
    ========== ========================================= ==================================
    constant                                             the literal
    input                                                the parameter's name
    name       the formula's expression                  the formula's name
    previous                                             (name, value before year 1)
    scale      what is converted                         the factor between two units
    choose     the switch, then an option a label        the labels
    call       the arguments of a formula without trace  the formula's name
    ========== ========================================= ==================================
    """

    kind: str
    args: tuple[int, ...] = ()
    detail: Any = None


class Trace:
    """The expressions of many formulas; an operation is known by its place in `ops`."""

    def __init__(self) -> None:
        self.ops: list[Op] = []
        self.yearly: list[bool] = []
        self.names: dict[str, int] = {}
        self._places: dict[Op, int] = {}

    def add(self, kind: str, *args: int, detail: Any = None, yearly: bool = False) -> int:
        """The place of an operation, recorded if it is new. `yearly` is for inputs: does it change over the years?"""
        op = Op(kind, args, detail)
        if op in self._places:
            return self._places[op]
        if kind in REDUCTIONS and not self.yearly[args[0]]:
            raise FormulaError(f"`{kind}` of a number that has no years")
        place = self._places[op] = len(self.ops)
        self.ops.append(op)
        self.yearly.append(yearly or kind == "previous" or (kind not in REDUCTIONS and any(self.yearly[a] for a in args)))
        if kind == "name":
            self.names[detail] = place
        return place

    def body(self, name: str) -> int:
        """The expression of a formula."""
        return self.ops[self.names[name]].args[0]

    def below(self, place: int) -> list[int]:
        """The operations of one formula from an operation down, leaves included, operands first."""
        found: dict[int, None] = {}

        def visit(i: int) -> None:
            if i not in found:
                for arg in () if self.ops[i].kind in LEAVES else self.ops[i].args:
                    visit(arg)
                found[i] = None

        visit(place)
        return list(found)


class Traced:
    """Stands for a number while a formula is traced."""

    __array_priority__ = 1000
    __hash__ = None  # type: ignore[assignment]  # == records a comparison, so equality cannot mean identity

    def __init__(self, trace: Trace, place: int) -> None:
        self.trace, self.place = trace, place

    def _record(self, kind: str, *args: Any, detail: Any = None) -> Traced:
        return Traced(self.trace, self.trace.add(kind, *(place_of(self.trace, a) for a in args), detail=detail))

    def __add__(self, other: Any) -> Traced: return self._record("add", self, other)
    def __radd__(self, other: Any) -> Traced: return self._record("add", other, self)
    def __sub__(self, other: Any) -> Traced: return self._record("sub", self, other)
    def __rsub__(self, other: Any) -> Traced: return self._record("sub", other, self)
    def __mul__(self, other: Any) -> Traced: return self._record("mul", self, other)
    def __rmul__(self, other: Any) -> Traced: return self._record("mul", other, self)
    def __truediv__(self, other: Any) -> Traced: return self._record("div", self, other)
    def __rtruediv__(self, other: Any) -> Traced: return self._record("div", other, self)
    def __pow__(self, other: Any) -> Traced: return self._record("pow", self, other)
    def __rpow__(self, other: Any) -> Traced: return self._record("pow", other, self)
    def __neg__(self) -> Traced: return self._record("neg", self)
    def __abs__(self) -> Traced: return self._record("abs", self)
    def __lt__(self, other: Any) -> Traced: return self._record("lt", self, other)
    def __le__(self, other: Any) -> Traced: return self._record("le", self, other)
    def __gt__(self, other: Any) -> Traced: return self._record("gt", self, other)
    def __ge__(self, other: Any) -> Traced: return self._record("ge", self, other)
    def __eq__(self, other: object) -> Traced: return self._record("eq", self, other)  # type: ignore[override]
    def __ne__(self, other: object) -> Traced: return self._record("ne", self, other)  # type: ignore[override]

    def reduced(self, kind: str) -> Traced:
        """The answer to `ukraineplan.years.total` and its kin."""
        return self._record(kind, self)

    def chosen(self, options: Mapping[str, Any]) -> Traced:
        """The answer to `ukraineplan.units.choose`."""
        return self._record("choose", self, *options.values(), detail=tuple(options))

    def ratio_of(self, part: Any, whole: Any) -> Traced:
        """The answer to `ukraineplan.units.ratio`."""
        return self._record("ratio", part, whole)

    def __array_ufunc__(self, ufunc: Any, method: str, *args: Any, **kwargs: Any) -> Traced:
        if method == "__call__" and not kwargs and ufunc in UFUNCS:
            return self._record(UFUNCS[ufunc], *args)
        if ufunc is np.add and method == "reduce":
            raise FormulaError(f"np.sum does not know years from draws: {ACROSS_YEARS}")
        if method != "__call__":
            raise FormulaError(f"np.{ufunc.__name__}.{method} does not know years from draws: {ACROSS_YEARS}")
        raise _unknown(ufunc.__name__)

    def __array_function__(self, function: Any, types: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Traced:
        if function is np.where and len(args) == 3:
            return self._record("where", *args)
        if function is np.clip and len(args) == 3 and not kwargs:
            value, low, high = args
            return self._record("min", self._record("max", value, low), high)
        if function in (np.sum, np.max, np.min, np.cumsum, np.mean, np.prod):
            raise FormulaError(f"np.{function.__name__} does not know years from draws: {ACROSS_YEARS}")
        raise _unknown(function.__name__)

    def __getattr__(self, name: str) -> NoReturn:
        if hasattr(np.ndarray, name) and not name.startswith("_"):
            raise FormulaError(f"a formula handles numbers, which have no .{name}: {ACROSS_YEARS}")
        raise AttributeError(name)


def _refusing(sentence: str) -> Callable[..., NoReturn]:
    def method(self: Traced, *args: object, **kwargs: object) -> NoReturn:
        raise FormulaError(sentence)

    return method


for _names, _sentence in INSTEAD.items():
    for _name in _names.split():
        setattr(Traced, f"__{_name}__", _refusing(_sentence))


def _unknown(name: str) -> FormulaError:
    """What to write instead of a function of numpy."""
    hint = NUMPY_INSTEAD.get(name, VOCABULARY)
    return FormulaError(f"np.{name} in this form is not in the vocabulary: {hint}")


def place_of(trace: Trace, value: Any) -> int:
    """The place of what a formula handles: a traced number, or a literal."""
    if isinstance(value, Traced):
        return value.place
    if isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool):
        return trace.add("constant", detail=float(value))
    instead = {
        str: "a convention is asked with choose(switch, label=...), not compared with text",
        bool: "write 1 and 0 for True and False",
        type(None): "end it with `return` and a number",
        tuple: "return one number, and make each other one a formula of its own",
        list: INSTEAD["array"], np.ndarray: INSTEAD["array"],
    }.get(type(value), VOCABULARY)  # fmt: skip
    raise FormulaError(f"a formula handles its arguments and plain numbers, not {type(value).__name__}: {instead}")


# ------------------------------------------------------------------------------------------------------
# Running an expression over any kind of number


class Algebra(NamedTuple):
    """How one kind of number computes; yearly numbers have the year as their first axis.

    `apply` maps each elementwise kind, and each reduction, to a function; `choose` takes labels, switch and options;
    `constant` lifts a literal; `at` is one year of a yearly number; `stack` joins the years.
    """

    apply: Mapping[str, Callable[..., Any]]
    choose: Callable[..., Any]
    constant: Callable[[float], Any]
    at: Callable[[Any, int], Any]
    stack: Callable[[list[Any]], Any]


def run(trace: Trace, place: int, leaf: Callable[[Op], Any], algebra: Algebra, memo: dict[int, Any]) -> Any:
    """The value of an operation; `leaf` answers for inputs, names and previous years; `memo` keeps what is known."""
    if place not in memo:
        op = trace.ops[place]
        if op.kind == "constant":
            memo[place] = algebra.constant(op.detail)
        elif op.kind in LEAVES:
            memo[place] = leaf(op)
        else:
            args = [run(trace, a, leaf, algebra, memo) for a in op.args]
            if op.kind == "scale":
                memo[place] = algebra.apply["mul"](args[0], algebra.constant(op.detail))
            elif op.kind == "choose":
                memo[place] = algebra.choose(op.detail, *args)
            else:
                memo[place] = algebra.apply[op.kind](*args)
    return memo[place]


def stack_years(rows: list[Any]) -> Any:
    """Years joined along a new first axis; a year without draws is the same in every draw."""
    return np.stack(np.broadcast_arrays(*rows))


NUMPY = Algebra(
    apply={kind: ufunc for ufunc, kind in UFUNCS.items()}
    | {"where": np.where, "ratio": ratio, "last": lambda x: x[-1]}
    | {k: lambda x, f=f: f(x, axis=0) for k, f in {"total": np.sum, "highest": np.max, "lowest": np.min}.items()},
    choose=lambda labels, switch, *options: choose(switch, **dict(zip(labels, options, strict=True))),
    constant=np.float64,
    at=lambda yearly, t: yearly[t],
    stack=stack_years,
)
"""Floats and arrays of draws."""
