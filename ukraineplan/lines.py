"""Straight lines: numbers of which it is known that they are one in some input, and which."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ukraineplan.trace import Algebra
from ukraineplan.unrolled import unrolled

Array = NDArray[Any]


class Line:
    """``start + slope * input``, an entry a column; nan where the number is no straight line."""

    def __init__(self, start: Any, slope: Any = 0.0) -> None:
        self.start, self.slope = (x if isinstance(x, np.ndarray) else np.float64(x) for x in (start, slope))

    @property
    def known(self) -> Any:
        """Where it is one."""
        return np.isfinite(self.start) & np.isfinite(self.slope)


NONE: Final = Line(np.nan, np.nan)


def straight(low: Array, high: Array) -> Algebra:
    """How straight lines between two ends compute; a comparison has an answer where it is the same on the whole range."""

    def pick(mask: Any, yes: Line, no: Line) -> Line:
        return Line(np.where(mask, yes.start, no.start), np.where(mask, yes.slope, no.slope))

    def add(x: Line, y: Line) -> Line:
        return Line(x.start + y.start, x.slope + y.slope)

    def neg(x: Line) -> Line:
        return Line(-x.start, -x.slope)

    def mul(x: Line, y: Line) -> Line:
        curved = (x.slope != 0) & (y.slope != 0)
        return pick(curved, NONE, Line(x.start * y.start, x.start * y.slope + x.slope * y.start))

    def div(x: Line, y: Line) -> Line:
        return pick(y.slope != 0, NONE, Line(x.start / y.start, x.slope / y.start))

    def ends(x: Line) -> tuple[Any, Any]:
        return x.start + x.slope * low, x.start + x.slope * high

    def above(x: Line, y: Line) -> Any:
        a, b = ends(add(x, neg(y)))
        return np.where((a > 0) & (b > 0), 1.0, np.where((a <= 0) & (b <= 0), 0.0, np.nan))

    def equal(x: Line, y: Line) -> Any:
        return (1 - above(x, y)) * (1 - above(y, x))

    def larger(x: Line, y: Line) -> Line:
        return pick(above(y, x) == 0, x, pick(above(x, y) == 0, y, NONE))

    def floor(x: Line) -> Line:
        a, b = map(np.floor, ends(x))
        return pick(a == b, Line(a), NONE)

    def fixed(f: Callable[..., Any]) -> Callable[..., Line]:
        return lambda *xs: pick(np.any([x.slope != 0 for x in xs], axis=0), NONE, Line(f(*(x.start for x in xs))))

    functions: dict[str, Callable[..., Line]] = {
        "add": add, "sub": lambda x, y: add(x, neg(y)), "neg": neg, "mul": mul, "div": div,
        "ratio": lambda x, y: pick((y.start == 0) & (y.slope == 0), Line(0.0), div(x, y)),
        "max": larger, "min": lambda x, y: neg(larger(neg(x), neg(y))), "abs": lambda x: larger(x, neg(x)),
        "gt": lambda x, y: Line(above(x, y)), "lt": lambda x, y: Line(above(y, x)), "le": lambda x, y: Line(1 - above(x, y)),
        "ge": lambda x, y: Line(1 - above(y, x)), "eq": lambda x, y: Line(equal(x, y)), "ne": lambda x, y: Line(1 - equal(x, y)),
        "where": lambda mask, x, y: pick(mask.start == 1, x, pick(mask.start == 0, y, NONE)), "floor": floor,
        **{kind: fixed(f) for kind, f in {"pow": np.power, "exp": np.exp, "log": np.log, "sqrt": np.sqrt}.items()},
    }  # fmt: skip
    return unrolled({kind: lambda *xs, f=f: f(*map(as_line, xs)) for kind, f in functions.items()}, Line)


def as_line(x: Any) -> Line:
    """A number that does not depend on the input is a line too."""
    return x if isinstance(x, Line) else Line(x)
