"""The pictures of a sheet as data: tornado, published figures side by side, ranges side by side, fans over the years."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from ukraineplan import words
from ukraineplan.analysis.alternatives import Rival, rivals
from ukraineplan.analysis.bounds import bounds
from ukraineplan.analysis.sobol import Sobol
from ukraineplan.analysis.tornado import Swing, Tornado
from ukraineplan.formula import source
from ukraineplan.number import Number
from ukraineplan.plan import Plan
from ukraineplan.report.content import (
    DriverRow,
    DriversFigure,
    Glance,
    Panel,
    SpreadFigure,
    SpreadRow,
    SwingFigure,
    SwingRow,
    Tick,
    YearsFigure,
)
from ukraineplan.report.references import described, standing
from ukraineplan.report.shared import Shared
from ukraineplan.report.show import Scale, apart, axis_label
from ukraineplan.years import AXIS

TAGS: Final = {"uncertainty": "uncertain", "convention": "open reading"}
PANELS: Final = 3
LEFT, RIGHT, TOP, BOTTOM = 46, 224, 20, 124  # of a panel that is 232 units wide and 144 high
LABELLED_YEARS: Final = (1, 10, 20, 30)

# ------------------------------------------------------------------------------------------------------
# One input at a time


def swings(found: Tornado, shared: Shared) -> SwingFigure:
    """A tornado, of the inputs that move the number."""
    number, moving = found.number, [row for row in found.rows if row.swing]
    scale = Scale.over([found.value, *(x for row in moving for x in (row.low, row.high))], most=4)
    still = [f"“{row.label}”" for row in found.rows if not row.swing]
    note = (
        f"{number.label}, {words.unit_words(number.unit)}. One input changes at a time, all others stay at their value; the "
        f"vertical line is {number.display}. Hatched: lower result. Solid: higher result."
    )
    note += f" Without any effect here: {words.join(still)}." if still else ""
    title = shared.next("Figure", f"“{moving[0].label}” moves the result most")
    return SwingFigure(title, note, scale.ticks(number.unit), tuple(_swing(row, found, scale) for row in moving))


def _swing(row: Swing, found: Tornado, scale: Scale) -> SwingRow:
    value, low, high = found.number.shown
    ends = [apart(words.display(x, found.number.unit, low=low, high=high))[0] for x in (row.low, row.high)]
    where = [f"{'if' if row.role == 'convention' else 'at'} {x}" for x in (row.at_low, row.at_high)]
    bar = scale.bar(row.low, value, row.high)
    return SwingRow(row.label, TAGS.get(row.role, row.role), ends[0], where[0], ends[1], where[1], bar)


def drivers(found: Sobol, shared: Shared) -> DriversFigure | None:
    """Ranked drivers, where more than one input drives the number."""
    if len(found.moving) < 2:
        return None
    scale = Scale.over([0, 1], most=4)
    title = shared.next("Figure", f"“{found.rows[0].label}” drives the result most, where all is drawn together")
    note = (
        f"{found.sentence} {found.held} The variance says how far the draws scatter; solid is the part of it that falls to an "
        "input by itself, pale what it adds together with others. Shapley effects share the latter out evenly."
    )
    rows = []
    for d in found.moving:
        alone, together, shapley = (words.estimate(*e, "share") for e in d.effect)
        first, total = (min(max(e.value, 0), 1) for e in (d.effect.first, d.effect.total))
        narrower = words.narrower(*d.narrows_by, found.number.unit)
        narrower = "no narrower, within error" if narrower.startswith("0 ") else f"narrower by {narrower}"
        bar = scale.bar(0, first, max(first, total))
        rows.append(DriverRow(d.label, d.factor.basis, alone, together, shapley, narrower, bar))
    method = f"{found.method}. A figure has the digits that its error leaves."
    return DriversFigure(title, note, method, scale.ticks("share"), tuple(rows))


def only_rivals(plan: Plan, found: Tornado, shared: Shared) -> SpreadFigure | None:
    """Where one measured input alone moves the number: the number under each published figure for it."""
    moving = [row for row in found.rows if row.swing]
    if len(moving) != 1 or moving[0].basis != "sourced":
        return None
    number, published = found.number, rivals(plan, found.number.name, moving[0].name)
    if not published:
        return None
    scale = Scale.over([r.number.shown_value for r in published], most=4)
    note = (
        f"{number.label}, {words.unit_words(number.unit)}, under each published figure for “{moving[0].label}” that was public. "
        "The dot is the result. No figure is averaged with another."
    )
    rows = tuple(_published(r, scale, shared) for r in published)
    title = shared.next("Figure", f"Published figures for “{moving[0].label}” decide the result")
    return SpreadFigure(title, note, ("Who published it", "Figure", "Result"), scale.ticks(number.unit), rows)


def _published(rival: Rival, scale: Scale, shared: Shared) -> SpreadRow:
    value, fact = rival.number.shown_value, rival.citation.fact
    return SpreadRow(
        label=described(rival.citation),
        tag=standing(fact).partition(";")[0],
        before=apart(rival.figure)[0],
        after=apart(rival.number.display)[0] + (" (used here)" if rival.used else ""),
        bar=scale.bar(0, value, value),
        cites=shared.books.cite([fact]),
    )


def beside(numbers: Sequence[tuple[Number, Glance]], title: str) -> SpreadFigure | None:
    """The ranges of several numbers, each on a scale of its own number, so that their widths can be compared."""
    known = [(n, g) for n, g in numbers if n.value is not None and n.shown_value > 0 and n.low is not None]
    if len(known) < 2:
        return None
    ratios = [(n.shown[1] / n.shown_value, n.shown[2] / n.shown_value) for n, _ in known]
    scale = Scale.over([1.0, *(x for pair in ratios for x in pair)])
    rows = []
    for (number, glance), (low, high) in zip(known, ratios, strict=True):
        ends = number.span.split(" to ")
        rows.append(SpreadRow(number.label, glance.point, ends[0], ends[1], scale.bar(low, 1.0, high), link=glance.link))
    ticks = tuple(Tick(scale.place(x), "0" if x == 0 else f"{words.display(x, 'ratio')} ×") for x in scale.at())
    note = (
        "Each bar runs from the low to the high end of a number, drawn as a multiple of that number. The dot and the vertical "
        "line are the number itself (1 ×)."
    )
    return SpreadFigure(title, note, ("Number", "Low", "High"), ticks, tuple(rows), scale.place(1.0))


# ------------------------------------------------------------------------------------------------------
# Over the years


def years_shown(plan: Plan, provision: str) -> list[str]:
    """The yearly numbers of a provision that a sheet draws, at most three.

    First the state that a projection carries from year to year through other numbers, then what no other yearly number
    is made of, then what those are made of; no shares.
    """
    own = {n: f for n, f in plan.formulas.items() if f.provision == provision and plan._graph.yearly(n)}
    asked = {n: [a for a in f.arguments if source(a) in own] for n, f in own.items()}
    carried = {source(a) for n, names in asked.items() for a in names if a != source(a) and n in plan._graph.needs(source(a))}
    states = [x for x in own if x in carried and all(source(a) != x for a in asked[x])]  # no mere running totals
    sinks = [x for x in own if not any(source(a) == x for n, names in asked.items() if n != x for a in names)]
    below = [source(a) for x in sinks for a in asked[x]]
    chosen = [n for n in dict.fromkeys([*states, *sinks, *below]) if n not in AXIS and "share" not in own[n].unit]
    return [n for n in chosen if plan[n].value is not None][:PANELS]


def fans(plan: Plan, provision: str, shared: Shared) -> YearsFigure | None:
    """Small multiples of the yearly numbers of a provision; None where it has none."""
    numbers = [plan[n] for n in years_shown(plan, provision)]
    if not numbers:
        return None
    scales = {
        unit: Scale.over([x for n in numbers if n.unit == unit for end in _ends(n) for x in end], most=4)
        for unit in dict.fromkeys(n.unit for n in numbers)
    }
    years, at = numbers[0].years or (), plan._show_year(numbers[0].name) - 1
    known = words.join(dict.fromkeys(bounds(plan, n.name).method for n in numbers if n.name in plan.formulas))
    note = (
        f"Line: central value. Band: lowest to highest over all that is uncertain ({known}), not a probability. "
        f"Dotted line and dot: {years[at]}. Charts in the same unit share one scale."
    )
    places = sorted({0, 4, at, *range(9, len(years), 10)} & set(range(len(years))))
    rows = tuple((str(years[t]), tuple(_cells(n, t) for n in numbers)) for t in places)
    title = shared.next("Figure", "Year by year")
    return YearsFigure(title, note, tuple(_panel(n, scales[n.unit], at) for n in numbers), rows)


def _ends(number: Number) -> tuple[list[float], list[float], list[float]]:
    """Value, low and high, a list each."""
    ends = (number.value, number.low, number.high)
    value, low, high = (np.asarray(number.value if x is None else x, dtype=float).tolist() for x in ends)
    return value, low, high


def _cells(number: Number, t: int) -> tuple[str, str]:
    value, low, high = (x[t] for x in _ends(number))
    unit = number.unit.partition("/")[0]
    return words.display(value, unit, low=low, high=high), words.span(low, high, unit, value=value)


def _panel(number: Number, scale: Scale, at: int) -> Panel:
    value, low, high = _ends(number)
    years = number.years or ()
    figure, span = _cells(number, at)
    edges = (_path(low, scale), _path(high, scale)) if low != high else ("", "")
    return Panel(
        label=number.label,
        unit=words.unit_words(number.unit),
        spoken=f"{number.label}: {figure} in {years[at]}, low to high {span}; the table below has more years",
        line=_path(value, scale),
        low=edges[0],
        high=edges[1],
        band=" ".join([edges[1], *reversed(edges[0].split())]).strip(),
        ticks=tuple(Tick(_down(v, scale), axis_label(v, number.unit)) for v in scale.at()),
        years=tuple(Tick(_across(n - 1, len(years)), str(years[n - 1])) for n in LABELLED_YEARS if n <= len(years)),
        dot=(_across(at, len(years)), _down(value[at], scale)),
        figure=figure,
        span=span,
    )


def _across(t: int, years: int) -> float:
    return round(LEFT + (RIGHT - LEFT) * t / max(years - 1, 1), 1)


def _down(value: float, scale: Scale) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * scale.place(value) / 100, 1)


def _path(series: list[float], scale: Scale) -> str:
    """The points of a curve, those inside a level stretch left out."""
    points = [(_across(t, len(series)), _down(v, scale)) for t, v in enumerate(series)]
    bends = [b for a, b, c in zip(points, points[1:], points[2:], strict=False) if not a[1] == b[1] == c[1]]
    return " ".join(f"{x:g},{y:g}" for x, y in [points[0], *bends, points[-1]])
