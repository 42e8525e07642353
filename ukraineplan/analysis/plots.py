"""Pictures of analyses for notebooks, in one style; matplotlib is imported only here, and only when asked for."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Final

import numpy as np

from ukraineplan import words
from ukraineplan.errors import MissingExtra

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ukraineplan.analysis.bounds import Bounds
    from ukraineplan.analysis.frontier import Frontier
    from ukraineplan.analysis.sample import Sample
    from ukraineplan.analysis.sobol import Sobol
    from ukraineplan.analysis.switching_value import SwitchingValue, SwitchingValues
    from ukraineplan.analysis.tornado import Tornado

INK: Final = "#1a2227"
ACCENT: Final = "#0b5a70"
BAND: Final = "#bcdbe3"
WARM: Final = "#8a4a06"
PALE: Final = "#f6e7d2"

MOST_ROWS: Final = 12
"""Inputs that a picture of drivers shows."""


def tornado(found: Tornado) -> Axes:
    """Bars around the central value: lower results hatched, higher ones solid."""
    rows = [r for r in found.rows if r.swing][::-1]
    axes = _axes(found.number.label, found.number.unit, height=0.6 * len(rows) + 1.2)
    for y, r in enumerate(rows):
        axes.barh(y, r.low - found.value, left=found.value, color=PALE, edgecolor=WARM, hatch="////", height=0.55)
        axes.barh(y, r.high - found.value, left=found.value, color=ACCENT, edgecolor=ACCENT, height=0.55)
    axes.axvline(found.value, color=INK, linewidth=1.5)
    told = [f"{r.label}\n" + "\n".join(wrap(f"{r.at_low} to {r.at_high}", 48)) for r in rows]
    axes.set_yticks(range(len(rows)), told, fontsize=7)
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


def sample(found: Sample, name: str) -> Axes:
    """A histogram with the range of nine draws in ten, or the same range over the years."""
    n = found.plan[name]
    axes = _axes(n.label, n.unit, height=3.2)
    if n.years is None:
        bars = found.histogram(name)
        widths = bars["high"] - bars["low"]
        axes.bar(bars["low"], bars["share"], widths, align="edge", color=BAND, edgecolor="white", linewidth=0.4)
        for p in ("p5", "p50", "p95"):
            axes.axvline(found.statistics[name][p].value, color=INK, linewidth=1.5, linestyle="-" if p == "p50" else "--")
        axes.set_ylabel("part of the draws")
        return axes
    fan = found.fan(name)
    axes.fill_between(fan.index, fan["p5"], fan["p95"], color=BAND, label="nine draws in ten")
    axes.fill_between(fan.index, fan["p25"], fan["p75"], color=ACCENT, alpha=0.35, label="the middle half")
    axes.plot(fan.index, fan["p50"], color=INK, label="median")
    axes.set_xlabel("")
    axes.set_ylabel(words.unit_words(n.unit))
    axes.legend(frameon=False, fontsize=8)
    return axes


def sobol(found: Sobol) -> Axes:
    """Two bars an input, its part of the variance alone and with others, each with its error."""
    rows = [d for d in found.rows if d.effect.total.value > 0][:MOST_ROWS][::-1]
    axes = _axes(found.number.label, "ratio", height=0.5 * len(rows) + 1.4)
    for y, d in enumerate(rows):
        both = (d.effect.total, 0.18, BAND, "with others"), (d.effect.first, -0.18, ACCENT, "by itself")
        for e, place, colour, label in both:
            axes.barh(y + place, max(e.value, 0), 0.34, color=colour, edgecolor=ACCENT, label=label if y == 0 else None,
                      xerr=e.error, error_kw={"ecolor": INK, "elinewidth": 1})  # fmt: skip
    axes.set_yticks(range(len(rows)), [d.label for d in rows], fontsize=8)
    axes.set_xlim(0, 1)
    axes.set_xlabel("part of the variance")
    axes.legend(frameon=False, fontsize=8, loc="lower right")
    return axes


def switching_value(found: SwitchingValue) -> Axes:
    """The number over the unknown, the value as a level line, the solutions as dots or thick lines on it."""
    n, p = found.number, found.parameter
    axes = _axes(n.label + n.when, p.unit, height=3.2)
    x, y = found.curve()
    axes.plot(x, np.where(np.isfinite(y), y, np.nan), "o-" if p.choices else "-", color=ACCENT)
    axes.axhline(found.value, color=WARM, linewidth=1)
    for s in found.solutions:
        axes.plot([s.low, s.high], [found.value] * 2, "o-", color=WARM, linewidth=4)
    if isinstance(p.value, float) and found.searched[0] <= p.value <= found.searched[1]:
        axes.axvline(p.value, color=INK, linewidth=1, linestyle=":")
    axes.set_xlabel(f"{p.label} ({words.unit_words(p.unit)})")
    axes.set_ylabel(words.unit_words(n.unit))
    return axes


def switching_values(found: SwitchingValues) -> Axes:
    """A histogram of the switching values, and the middle one."""
    n, p = found.number, found.parameter
    axes = _axes(f"{n.label}{n.when}: {words.display(found.value, n.unit)}", p.unit, height=3.2)
    roots = found.roots[~np.isnan(found.roots)]
    if len(roots):
        axes.hist(roots, bins=40, color=BAND, edgecolor=ACCENT)
        axes.axvline(float(np.median(roots)), color=INK, linewidth=1.5)
    axes.set_xlabel(f"{p.label} ({words.unit_words(p.unit)})")
    axes.set_ylabel(f"draws, of {len(found.roots):,}")
    return axes


def frontier(found: Frontier) -> Axes:
    """One name: a line with its band from low to high. Two: a map, the first name down and the second across."""
    n = found.number
    values = [list(v) for v in found.over.values()]
    both = list(zip(found.parameters, values, strict=True))
    names = [[p.in_words(v) if p.labelled else f"{v:,g}" for v in tried] for p, tried in both]
    labels = [p.label if p.labelled else f"{p.label} ({words.unit_words(p.unit)})" for p in found.parameters]
    if len(labels) == 1:
        axes = _axes(n.label + n.when, n.unit, height=3.2)
        x = np.arange(len(names[0])) if found.parameters[0].labelled else np.array(values[0], float)
        if found.ends is not None:
            axes.fill_between(x, *found.ends, color=BAND, edgecolor=ACCENT)
        axes.plot(x, found.values, "o-", color=INK)
        if found.parameters[0].labelled:
            axes.set_xticks(x, names[0])
        axes.set_xlabel(labels[0])
        axes.set_ylabel(words.unit_words(n.unit))
        return axes
    axes = _axes(n.label + n.when, n.unit, height=4.5)
    shown = axes.imshow(found.values, aspect="auto", cmap="cividis", origin="lower")
    for axis, (ticks, label) in zip((axes.yaxis, axes.xaxis), zip(names, labels, strict=True), strict=True):
        every = _every(len(ticks))
        axis.set_ticks(range(0, len(ticks), every), ticks[::every], fontsize=8)
        axis.set_label_text(label)
    axes.figure.colorbar(shown, ax=axes, label=words.unit_words(n.unit))
    return axes


def _every(count: int) -> int:
    """Which of many ticks get a label: a dozen at most."""
    return -(-count // 12)


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
