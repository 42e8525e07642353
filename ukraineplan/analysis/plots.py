"""Pictures of analyses for notebooks, in one style; matplotlib is imported only here, and only when asked for."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ukraineplan import words
from ukraineplan.errors import MissingExtra, NotStated
from ukraineplan.units import DATE, conversion, in_print

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ukraineplan.analysis.bounds import Bounds
    from ukraineplan.analysis.compare import Comparison
    from ukraineplan.analysis.decompose import Decomposition
    from ukraineplan.analysis.frontier import Frontier
    from ukraineplan.analysis.sample import Sample
    from ukraineplan.analysis.sobol import Sobol
    from ukraineplan.analysis.switching_value import SwitchingValue
    from ukraineplan.analysis.switching_values import SwitchingValues
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
    told = [f"{r.label} ({r.role})\n" + "\n".join(wrap(f"{r.at_low} \u2192 {r.at_high}", 48)) for r in rows]
    axes.set_yticks(range(len(rows)), told, fontsize=7)
    return axes


def bounds(found: Bounds) -> Axes:
    """The range as a bar with a dot at the central value, or as a band over the years."""
    n = found.number
    axes = _axes(n.label, n.unit, height=1.6 if n.years is None else 3.2)
    if n.years is None:
        axes.barh(0, found.high - found.low, left=found.low, color=BAND, edgecolor=ACCENT, height=0.5)
        axes.plot(n.shown_value, 0, "o", color=INK, label="in the plan")
        axes.set_yticks([])
    else:
        shape = np.shape(n.value)
        low, high = np.broadcast_to(found.low, shape), np.broadcast_to(found.high, shape)
        _years(axes, n.unit)
        axes.fill_between(n.years, low, high, color=BAND, edgecolor=ACCENT, label="lowest to highest of each year")
        axes.plot(n.years, n.value, color=INK, label="in the plan")
    _legend(axes)
    return axes


def sample(found: Sample, name: str) -> Axes:
    """A histogram with the range of nine draws in ten, or the same range over the years."""
    n = found.plan[name]
    axes = _axes(n.label, n.unit, height=3.2)
    if n.years is None:
        bars = found.histogram(name)
        widths = bars["high"] - bars["low"]
        axes.bar(bars["low"], bars["share"], widths, align="edge", color=BAND, edgecolor="white", linewidth=0.4)
        for p, style, label in (("p5", "--", None), ("p50", "-", "median"), ("p95", "--", "nine draws in ten lie between")):
            axes.axvline(found.statistics[name][p].value, color=INK, linewidth=1.5, linestyle=style, label=label)
        axes.axvline(n.shown_value, color=WARM, linewidth=1.5, linestyle=":", label="in the plan")
        _printed(axes.yaxis, "share")
        axes.set_ylabel("per cent of the draws")
        _legend(axes)
        return axes
    fan = found.fan(name)
    axes.fill_between(fan.index, fan["p5"], fan["p95"], color=BAND, label="nine draws in ten")
    axes.fill_between(fan.index, fan["p25"], fan["p75"], color=ACCENT, alpha=0.35, label="the middle half")
    axes.plot(fan.index, fan["p50"], color=INK, label="median")
    axes.plot(fan.index, n.value, color=WARM, linestyle=":", label="in the plan")
    _years(axes, n.unit)
    _legend(axes)
    return axes


def sobol(found: Sobol) -> Axes:
    """Two bars an input, its part of the variance alone and with others, each with its error."""
    rows = [d for d in found.rows if d.effect.total.value > 0][:MOST_ROWS][::-1]
    axes = _axes(found.number.label, "share", height=0.5 * len(rows) + 1.6)
    for y, d in enumerate(rows):
        both = (d.effect.total, 0.18, BAND, "with others"), (d.effect.first, -0.18, ACCENT, "by itself")
        for e, place, colour, label in both:
            axes.barh(y + place, max(e.value, 0), 0.34, color=colour, edgecolor=ACCENT, label=label if y == 0 else None,
                      xerr=e.error, error_kw={"ecolor": INK, "elinewidth": 1})  # fmt: skip
    axes.set_yticks(range(len(rows)), [d.label for d in rows], fontsize=8)
    axes.set_xlim(0, 1)
    axes.set_xlabel("per cent of the variance")
    _legend(axes, loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    return axes


def switching_value(found: SwitchingValue) -> Axes:
    """The number over the unknown, the value as a level line, the solutions as dots or thick lines on it."""
    n, p = found.number, found.parameter
    axes = _axes(n.label + n.when, p.unit, height=3.2)
    x, y = found.curve()
    axes.plot(x, np.where(np.isfinite(y), y, np.nan), "o-" if p.choices else "-", color=ACCENT)
    axes.axhline(found.value, color=WARM, linewidth=1, label=words.display(found.value, n.unit))
    for s in found.solutions:
        axes.plot([s.low, s.high], [found.value] * 2, "o-", color=WARM, linewidth=4)
    if isinstance(p.value, float) and found.searched[0] <= p.value <= found.searched[1]:
        axes.axvline(p.value, color=INK, linewidth=1, linestyle=":", label="in the plan")
    axes.set_xlabel(f"{p.label} ({words.unit_words(p.unit)})")
    _upright(axes, n.unit)
    _legend(axes)
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
    worded = [p.labelled or p.unit == DATE for p in found.parameters]
    names = [[p.in_words(v) if told else f"{v:,g}" for v in tried] for (p, tried), told in zip(both, worded, strict=True)]
    labels = [p.label if p.labelled else f"{p.label} ({words.unit_words(p.unit)})" for p in found.parameters]
    if len(labels) == 1:
        axes = _axes(n.label + n.when, n.unit, height=3.2)
        x = np.arange(len(names[0])) if worded[0] else np.array(values[0], float)
        if found.ends is not None:
            axes.fill_between(x, *found.ends, color=BAND, edgecolor=ACCENT, label="lowest to highest over all that is uncertain")
        axes.plot(x, found.values, "o-", color=INK, label="in the plan, but for this")
        if worded[0]:
            axes.set_xticks(x, names[0])
        else:
            _printed(axes.xaxis, found.parameters[0].unit)
        axes.set_xlabel(labels[0])
        _upright(axes, n.unit)
        _legend(axes)
        return axes
    axes = _axes(n.label + n.when, n.unit, height=4.5)
    shown = axes.imshow(found.values, aspect="auto", cmap="cividis", origin="lower")
    for axis, (ticks, label) in zip((axes.yaxis, axes.xaxis), zip(names, labels, strict=True), strict=True):
        every = _every(len(ticks))
        axis.set_ticks(range(0, len(ticks), every), ticks[::every], fontsize=8)
        axis.set_label_text(label)
    bar = axes.figure.colorbar(shown, ax=axes, label=words.unit_words(n.unit))
    _printed(bar.ax.yaxis, n.unit)
    return axes


def comparison(found: Comparison) -> Axes:
    """Of the first number that both sides have and that differs: a range and a dot a side."""
    both = [r for r in found.results if r.difference is not None]
    if not both:
        raise NotStated(f"{found.a.text} and {found.b.text} have no number in common: nothing can be drawn")
    row = next((r for r in both if r.differs), both[0])
    axes = _axes(row.number.label + row.number.when, row.number.unit, height=2.4)
    for y, n in enumerate((row.b, row.a)):
        value, low, high = n.shown if n is not None else (np.nan, None, None)
        if low is not None:
            axes.barh(y, high - low, left=low, color=BAND, edgecolor=ACCENT, height=0.5)
        axes.plot(value, y, "o", color=INK)
    axes.set_yticks([0, 1], [found.b.text, found.a.text])
    axes.set_ylim(-0.6, 1.6)
    return axes


def decomposition(found: Decomposition) -> Axes:
    """A bar a clause from the value of A to that of B: what lowers the number is hatched."""
    n, height = found.a, 0.5 * len(found.rows) + 1.6
    axes = _axes(f"{n.label}{n.when}: {n.text} to {found.b.text}", n.unit, height)
    start, top = n.shown_value, len(found.rows) - 1
    axes.axvline(start, color=INK, linewidth=1, linestyle=":")
    for place, r in enumerate(found.rows):
        fill, edge, hatch = (PALE, WARM, "////") if r.contribution < 0 else (ACCENT, ACCENT, "")
        axes.barh(top - place, r.contribution, left=start, height=0.55, color=fill, edgecolor=edge, hatch=hatch)
        start += r.contribution
    axes.axvline(found.b.shown_value, color=INK, linewidth=1.5)
    axes.set_yticks(range(top + 1), ["\n".join(wrap(f"{r.clause}: {r.after}", 48)) for r in reversed(found.rows)], fontsize=7)
    return axes


def _every(count: int) -> int:
    """Which of many ticks get a label: a dozen at most."""
    return -(-count // 12)


def _axes(title: str, unit: str, height: float) -> Axes:
    """Empty axes; the horizontal one carries the number in the unit of print."""
    try:
        from matplotlib import pyplot
    except ImportError:
        raise MissingExtra("a picture needs matplotlib: pip install 'ukraineplan[plot]'") from None
    figure, axes = pyplot.subplots(figsize=(7, height), layout="constrained")
    figure.suptitle("\n".join(wrap(title, 75)), x=0.01, ha="left", fontsize=11, fontweight="bold", color=INK)
    axes.set_xlabel(words.unit_words(unit))
    _printed(axes.xaxis, unit)
    axes.spines[["top", "right"]].set_visible(False)
    drawn: Axes = axes
    return drawn


def _printed(axis: Any, unit: str) -> None:
    """Numbers of an axis as they print: shares in per cent, thousands apart."""
    if unit == DATE:
        axis.set_major_formatter(lambda value, _: words.display(float(value), unit))
        return
    factor = 1.0 if unit == "choice" else conversion(unit, in_print(unit))
    axis.set_major_formatter(lambda value, _: f"{value * factor:,.10g}".replace("-", words.MINUS))


def _upright(axes: Axes, unit: str) -> None:
    """The number on the vertical axis, years or an input on the other."""
    axes.set_ylabel(words.unit_words(unit))
    _printed(axes.yaxis, unit)


def _years(axes: Axes, unit: str) -> None:
    """Years on the horizontal axis, the number on the other."""
    axes.set_xlabel("")
    axes.xaxis.set_major_formatter("{x:.0f}")
    _upright(axes, unit)


def _legend(axes: Axes, **where: Any) -> None:
    axes.legend(frameon=False, fontsize=8, **where)
