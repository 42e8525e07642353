"""Calling a function that is no expression: once for a single scenario, else once a draw.

Never on whole arrays, even if it takes them: nobody could tell whether it keeps one draw apart from another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import repeat
from typing import Any

import numpy as np

from ukraineplan.errors import FormulaError, PlanError


def call(function: Callable[..., Any], given: Mapping[str, Any], where: str, *, draws: bool) -> Any:
    """What a function returns: a number, or one a year where its arguments have years; with draws, along the last axis.

    Parameters
    ----------
    function : function
    given : mapping
        Its arguments; with `draws` the last axis of each array is the draws, or has length one.
    where : str
        File, line and name, for messages.
    draws : bool
        Whether there are any.

    Raises
    ------
    FormulaError
        If the function raises, or returns no number, or not one a year where its arguments have years.
    """
    count = max((np.shape(v)[-1] for v in given.values() if draws and np.ndim(v)), default=0)
    if not count:
        return _once(function, given, where)
    rows = zip(*(_by_draw(v, count) for v in given.values()), strict=True)
    return np.stack([_once(function, dict(zip(given, row, strict=True)), where) for row in rows], axis=-1)


def _by_draw(value: Any, count: int) -> Iterable[Any]:
    """One argument, draw by draw."""
    if not np.ndim(value):
        return repeat(value, count)
    return np.moveaxis(value, -1, 0) if value.shape[-1] == count else repeat(value[..., 0], count)


def _once(function: Callable[..., Any], given: Mapping[str, Any], where: str) -> Any:
    """One call; a yearly argument asks for a number a year."""
    years = max((np.shape(v) for v in given.values()), default=())
    try:
        found = np.asarray(function(**given))
    except PlanError:
        raise
    except Exception as error:
        raise FormulaError(f"{where}: it stops with {type(error).__name__}: {error}") from error
    if found.dtype.kind not in "biuf":
        raise FormulaError(f"{where}: it returns {found.tolist()!r:.40} where a number would follow: return one, with its unit")
    if found.shape != years:
        wanted = f"{years[0]} numbers, one a year" if years else "one number"
        raise FormulaError(f"{where}: it returns {found.size} numbers where {wanted} would follow: "
                           "reduce years with total, last, highest or lowest in a formula of its own")  # fmt: skip
    return found.astype(float)[()]
