"""Yearly numbers as lists of years: how an algebra of single numbers runs the whole projection.

A tape, a sum of products and a straight line know nothing of years; `unrolled` makes of what they can do an `Algebra`
in which a yearly number is a list, one entry a year.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any, Final

import numpy as np

from ukraineplan.trace import REDUCTIONS, Algebra
from ukraineplan.years import HORIZON

ACROSS: Final = {"total": "add", "highest": "max", "lowest": "min"}
"""What joins the years of a reduction."""


def unrolled(apply: Mapping[str, Callable[..., Any]], constant: Callable[[float], Any] = float) -> Algebra:
    """An algebra of single numbers, run year by year.

    Parameters
    ----------
    apply : mapping
        Each elementwise kind of operation with its function of single numbers.
    constant : function
        Lifts a literal.

    Returns
    -------
    Algebra
        A yearly number is a list, or an array of shape ``(years,)`` where it is known. A convention is answered with its
        label, or, where it varies, with a mapping from each label to the mask (1 or 0) of where it holds.
    """

    def by_year(function: Callable[..., Any]) -> Callable[..., Any]:
        def run(*args: Any) -> Any:
            if not any(map(_is_yearly, args)):
                return function(*args)
            return [function(*(x[t] if _is_yearly(x) else x for x in args)) for t in range(HORIZON)]

        return run

    def across(kind: str) -> Callable[..., Any]:
        join = apply[ACROSS[kind]]
        return lambda yearly: reduce(join, _years(yearly))

    def choose(labels: tuple[str, ...], switch: Any, *options: Any) -> Any:
        if isinstance(switch, str):
            return options[labels.index(switch)]
        chosen = dict(zip(labels, options, strict=True))
        *others, final = switch
        found = chosen[final]
        for label in reversed(others):
            found = every["where"](switch[label], chosen[label], found)
        return found

    every = {kind: by_year(function) for kind, function in apply.items()}
    reductions = {kind: across(kind) for kind in REDUCTIONS if kind in ACROSS} | {"last": lambda yearly: _years(yearly)[-1]}
    return Algebra(
        apply=every | reductions, choose=choose, constant=constant,
        at=lambda yearly, t: _years(yearly)[t], stack=lambda years: list(years),
    )  # fmt: skip


def _years(x: Any) -> list[Any]:
    """Every year of a number; a plain option of a switch that has yearly ones too is the same in each."""
    return list(x) if _is_yearly(x) else [x] * HORIZON


def _is_yearly(x: Any) -> bool:
    return isinstance(x, list) or (isinstance(x, np.ndarray) and x.shape == (HORIZON,))
