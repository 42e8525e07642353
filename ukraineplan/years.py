"""The projection axis, and all that a formula may say about it.

Two inputs exist in every plan: ``year`` (1, 2, ... up to the horizon; year 1 is the calendar year after
the text's date) and ``one_year``, by which a flow becomes a stock inside a recurrence. An argument named
``previous_x`` is ``x`` one year earlier; its default is the value before year 1. Capital called works from
the start of its year; profit, fees and payouts fall at its end.

The year is the first axis of an array: ``(years,)`` or ``(years, draws)``; numbers without years are ``()``
or ``(draws,)``. The four functions below turn a yearly number into a plain one; they are refused on a
number that has no years when a formula is traced.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

HORIZON: Final = 30
"""Years that a plan projects."""

AXIS: Final = {"year": "year", "one_year": "year"}
"""The inputs that exist in every plan, with their units."""

PREVIOUS: Final = "previous_"
"""The prefix of an argument that asks for the value one year earlier."""


def total(yearly: Any) -> Any:
    """Integral over the years: a flow in USD/year gives USD."""
    return yearly.reduced("total") if hasattr(yearly, "reduced") else np.sum(yearly, axis=0)


def last(yearly: Any) -> Any:
    """The value in the last year of the projection."""
    return yearly.reduced("last") if hasattr(yearly, "reduced") else yearly[-1]


def highest(yearly: Any) -> Any:
    """The highest value of any year."""
    return yearly.reduced("highest") if hasattr(yearly, "reduced") else np.max(yearly, axis=0)


def lowest(yearly: Any) -> Any:
    """The lowest value of any year."""
    return yearly.reduced("lowest") if hasattr(yearly, "reduced") else np.min(yearly, axis=0)
