"""Pictures of analyses for notebooks, in one style; matplotlib is imported only here, and only when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from ukraineplan import words
from ukraineplan.errors import MissingExtra

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ukraineplan.analysis.bounds import Bounds
    from ukraineplan.analysis.tornado import Tornado

INK: Final = "#1a2227"
ACCENT: Final = "#0b5a70"
BAND: Final = "#bcdbe3"
WARM: Final = "#8a4a06"
PALE: Final = "#f6e7d2"


def tornado(found: Tornado) -> Axes:
    """Bars around the central value: lower results hatched, higher ones solid."""
    rows = [r for r in found.rows if r.swing][::-1]
    axes = _axes(found.number.label, found.number.unit, height=0.5 * len(rows) + 1.2)
    for y, r in enumerate(rows):
        axes.barh(y, r.low - found.value, left=found.value, color=PALE, edgecolor=WARM, hatch="////", height=0.55)
        axes.barh(y, r.high - found.value, left=found.value, color=ACCENT, edgecolor=ACCENT, height=0.55)
    axes.axvline(found.value, color=INK, linewidth=1.5)
    axes.set_yticks(range(len(rows)), [f"{r.label}\n{r.at_low} to {r.at_high}" for r in rows], fontsize=8)
    return axes


def bounds(found: Bounds) -> Axes:
    """The range as a bar with a dot at the central value, or as a band over the years."""
    n = found.number
    axes = _axes(n.label, n.unit, height=1.6 if n.years is None else 3.2)
    if n.years is None:
        axes.barh(0, found.high - found.low, left=found.low, color=BAND, edgecolor=ACCENT, height=0.5)
        axes.plot(n.value, 0, "o", color=INK)
        axes.set_yticks([])
    else:
        shape = np.shape(n.value)
        low, high = np.broadcast_to(found.low, shape), np.broadcast_to(found.high, shape)
        axes.fill_between(n.years, low, high, color=BAND, edgecolor=ACCENT)
        axes.plot(n.years, n.value, color=INK)
        axes.set_xlabel("")
        axes.set_ylabel(words.unit_words(n.unit))
    return axes


def _axes(title: str, unit: str, height: float) -> Axes:
    try:
        from matplotlib import pyplot
    except ImportError:
        raise MissingExtra("a picture needs matplotlib: pip install 'ukraineplan[plot]'") from None
    _, axes = pyplot.subplots(figsize=(7, height), layout="constrained")
    axes.set_title(title, loc="left", fontsize=11, fontweight="bold", color=INK)
    axes.set_xlabel(words.unit_words(unit))
    axes.spines[["top", "right"]].set_visible(False)
    drawn: Axes = axes
    return drawn
