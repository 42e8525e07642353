"""Answers of the command line as plain text, 80 columns wide."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from ukraineplan import words
from ukraineplan.evidence import Fact
from ukraineplan.explanation import MARKS, Bibliography, Citation
from ukraineplan.number import Number
from ukraineplan.units import CHOICE

if TYPE_CHECKING:
    import pandas as pd

    from ukraineplan.analysis.compare import Comparison, Row
    from ukraineplan.analysis.decompose import Decomposition
    from ukraineplan.analysis.differences import Difference
    from ukraineplan.analysis.sobol import Sobol
    from ukraineplan.plan import Plan


def number(found: Number) -> str:
    """One number: value, range, unit, sentence, basis and sources, and the command that goes on from here."""
    lines = [_heading(found), _value_line(found)]
    if found.value is None:
        lines += ["", *words.wrapped(f"Set one yourself: --set NAME=VALUE (printed as {MARKS['set']} set)", "  ", "  ")]
        return "\n".join(lines)
    if found.low is not None and all(map(math.isfinite, found.shown)):
        lines.append(_bar(found))
    lines += ["", *words.wrapped(found.sentence, "  ", "  "), "", *_basis(found)]
    if found.years is not None:
        lines += ["", *_years(found)]
    books = Bibliography()
    books.cite(found.sources)
    for n, citation in enumerate(books.citations[:3], 1):
        lines += _labelled("Source" if n == 1 else "", f"[{n}] {citation.entry}. {citation.standing.capitalize()}.")
    more = len(books.citations) - 3
    if more > 0:
        lines += _labelled("", f"and {more} more: ukraineplan sources {found.name}")
    return "\n".join([*lines, "", f"  Arithmetic and quotes: ukraineplan explain {found.name}"])


def citations(found: Iterable[Citation]) -> str:
    """Sources with quotes, numbered."""
    lines = []
    for n, c in enumerate(found, 1):
        quote = f"“{c.fact.quote}”" + (f" [{c.fact.quote_en}]" if c.fact.quote_en else "")
        lines += words.wrapped(f"[{n}] {quote}", "  ", " " * 6)
        told = f"{c.entry}. {c.standing.capitalize()}. Public since {c.fact.public_since}."
        lines += words.wrapped(told, " " * 6, " " * 6) + ([f"      {c.source.url}"] if c.source.url else [])
    return "\n".join(lines) if lines else "  no source: the number is assumed or set"


def numbers(plan: Plan, names: Sequence[str], footer: str) -> str:
    """Several numbers, one a line."""
    rows = []
    for found in (plan[n] for n in names):
        mark = "" if found.name in plan.formulas else MARKS[found.basis]
        rows.append((found.name, found.display + found.when, found.span, mark))
    return f"{table(('Name', 'Value', 'Low to high', ''), rows)}\n\n  {footer}"


def facts(found: Sequence[Fact], footer: str) -> str:
    """Facts: value and date, then what it says."""
    lines = []
    for f in found:
        value = f.value_text or "" if f.value is None else f"{f.value:,}"
        lines.append(f"  {f.id}: {f'{value} {f.unit or str()}'.strip() or 'no number'}" + (f" ({f.as_of})" if f.as_of else ""))
        lines += words.wrapped(f.statement, " " * 6, " " * 6)
    return "\n".join([*lines, "", f"  {footer}"])


def points(coverage: pd.DataFrame, footer: str) -> str:
    """The clauses of a text: whether each computes, and what it says."""
    lines = []
    for place, row in coverage.iterrows():
        lines.append(f"  {place:<6}{row.coverage}" + (f", {row.provision}" if row.provision else ""))
        lines += words.wrapped(row.summary, " " * 8, " " * 8)
    return "\n".join([*lines, "", f"  {footer}"])


def frame(found: pd.DataFrame, columns: Sequence[str], footer: str) -> str:
    """Some columns of a table, its index first."""
    rows = [tuple(map(str, row)) for row in found.reset_index()[list(columns)].itertuples(index=False)]
    return f"{table([c.capitalize() for c in columns], rows)}\n\n  {footer}"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns as wide as they need."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    lines = ["  ".join(f"{cell:<{w}}" for cell, w in zip(row, widths, strict=True)).rstrip() for row in (header, *rows)]
    return "\n".join(f"  {line}" for line in [lines[0], "─" * max(map(len, lines)), *lines[1:]])


def sensitivity(found: Sobol) -> str:
    """What drives a number: the sentence, the ranked table, and how it was found."""
    from ukraineplan.analysis.sobol import GROUPINGS

    n = found.number
    lines = [_heading(n), "", *words.wrapped(found.sentence, "  ", "  ")]
    if found.moving:
        lines += ["", *_drivers(found)]
        for by in GROUPINGS:
            if len(rows := found.groups(by)) > 1:
                effects = ((key, words.estimate(r.shapley, r.shapley_error, "share")) for key, r in rows.iterrows())
                shares = (f"{_group(n, by, key)} {effect}" for key, effect in effects)
                lines += ["", *words.wrapped(f"Shapley effects by {by}: {'; '.join(shares)}.", "  ", "    ")]
        lines += ["", *words.wrapped(found.held, "  ", "  ")] if found.held else []
    lines += ["", *_labelled("Method", found.method), *_labelled("Error", found.error)]
    return "\n".join(lines)


def _group(number: Number, by: str, key: Any) -> str:
    """A group for people: a provision by the title of its file."""
    provisions = number.plan._library.provisions
    return provisions[key].title if by == "provision" and key in provisions else str(key)


def _drivers(found: Sobol) -> list[str]:
    """The ranked inputs, a label above its figures where both do not fit in a line."""
    header = ("", "By itself", "With others", "Shapley", "Narrows by", "Basis")
    rows = []
    for d in found.moving:
        shares = (words.estimate(*e, "share") for e in d.effect)
        narrower = words.narrower(*d.narrows_by, found.number.unit).replace(" percentage", "")
        rows.append((d.label, *shares, narrower, MARKS[d.factor.basis]))
    widths = [max(map(len, column)) for column in list(zip(header, *rows, strict=True))[1:]]
    room = words.WIDTH - 2 - sum(w + 2 for w in widths)
    lines = []
    for label, *cells in (header, *rows):
        told = words.wrapped(label, "", "", width=room) or [""]
        figures = "".join(f"  {cell:>{w}}" for cell, w in zip(cells, widths, strict=True))
        lines += [f"  {part}" for part in told[:-1]] + [f"  {told[-1]:<{room}}{figures}"]
    return [lines[0], "  " + "─" * (words.WIDTH - 2), *lines[1:]]


def sensitivity_as_json(found: Sobol) -> dict[str, Any]:
    """The same for programs: parts of the variance, and `narrows_by` in the number's unit."""
    drivers = [
        {"name": d.name, "label": d.label, "role": d.factor.role, "basis": d.factor.basis,
         **{k: {"value": e.value, "error": e.error} for k, e in {**d.effect._asdict(), "narrows_by": d.narrows_by}.items()}}
        for d in found.rows
    ]  # fmt: skip
    n, ends = found.number, words.days(found.span, found.number.unit)
    return {
        "schema_version": 1, "name": n.name, "label": n.label, "unit": n.unit, "text": n.text, "as_of": str(n.as_of),
        "sentence": found.sentence, "method": found.method, "error": found.error, "draws": found.draws, "seed": found.seed,
        "p5": ends[0], "p95": ends[1], "drivers": drivers,
    }  # fmt: skip


def grid(found: pd.DataFrame) -> str:
    """The points of the 28-point draft, and beneath each what every text sets there, or why it sets nothing."""
    width = max(map(len, found.columns)) + 2
    lines = []
    for point, row in found.iterrows():
        lines += ["", f"  {point}  {row.subject}"]
        for text in found.columns[1:]:
            lines += words.wrapped(row[text], f"      {text:<{width}}", " " * (6 + width))
    return "\n".join([*lines[1:], "", f"  {len(found)} points, {len(found.columns) - 1} texts"])


def comparison(found: Comparison, shared: Decomposition | None = None) -> str:
    """Two texts: the levers that differ, the results side by side, and why some cannot be compared."""
    a, b = found.names
    lines = words.wrapped(found.sentence, "", "")
    if found.terms:
        lines += ["", f"  Levers: {a} | {b}", "  " + "─" * (words.WIDTH - 2)]
        for t in found.terms:
            lines += words.wrapped(f"{t.label}: {t.said_a} | {t.said_b}", "  ", "      ")
    both = [r for r in found.results if r.difference]
    moved = [r for r in both if r.difference and (r.difference.low, r.difference.high) != (0, 0)]
    if moved:
        lines += ["", *_beside(("", a, b, "Difference"), moved)]
    if same := [r.name for r in both if r not in moved]:
        lines += ["", *words.wrapped(f"The same on both sides: {', '.join(same)}.", "  ", "  ")]
    unset = [r for r in found.results if r.difference is None]
    if unset:
        lines += ["", "  Not comparable", "  " + "─" * (words.WIDTH - 2)]
        for reason in dict.fromkeys(r.reason for r in unset):
            names = ", ".join(r.name for r in unset if r.reason == reason)
            lines += words.wrapped(f"{names}: {reason}", "  ", "      ")
    lines += ["", *_labelled("Method", found.method)]
    return "\n".join(lines + (["", *_by_clause(shared)] if shared is not None and shared.rows else []))


def _beside(header: Sequence[str], rows: Sequence[Row]) -> list[str]:
    """Results, the label above its figures: both sides, the difference, and its range beneath."""
    figures = [(r.name, r.a.display if r.a else "–", r.b.display if r.b else "–", r.difference.display if r.difference else "–",
                r.difference.span if r.difference else "–") for r in rows]  # fmt: skip
    widths = [max(map(len, column)) for column in list(zip(header, *(f[:4] for f in figures), strict=True))[1:]]

    def line(cells: Sequence[str]) -> str:
        return "    " + "  ".join(f"{cell:<{w}}" for cell, w in zip(cells, widths, strict=True)).rstrip()

    lines = [line(header[1:]), "  " + "─" * (words.WIDTH - 2)]
    for r, (_, *cells, span) in zip(rows, figures, strict=True):
        lines += words.wrapped(f"{r.number.label}{r.number.when} ({r.name})", "  ", "  ")
        lines.append(line(cells))
        lines += [] if span == words.NO_RANGE else [f"    difference over all that is uncertain: {span}"]
    return lines


def _by_clause(found: Decomposition) -> list[str]:
    """Which clause contributes what to a difference."""
    rows = []
    for r in found.rows:
        shares = (r.contribution, r.stacked) if found.order_matters else (r.contribution,)
        rows.append((f"{r.clause}: {', '.join(r.levers)}", *map(found.shown, shares)))
    header = ("By clause, A → B", "Contribution") + (("In this order",) if found.order_matters else ())
    return [table(header, rows), "", *_labelled("Method", found.method)]


def comparison_as_json(found: Comparison, shared: Decomposition | None = None) -> dict[str, Any]:
    """The same for programs."""

    def side(number: Number | None) -> dict[str, Any] | None:
        return None if number is None else as_json(number)

    rows = [{"name": r.name, "kind": r.kind, "label": r.number.label, "a": side(r.a), "b": side(r.b), "reason": r.reason,
             "difference": r.difference and _difference_as_json(r.difference)} for r in found.rows]  # fmt: skip
    levers = [{"lever": t.lever, "label": t.label, "a": {"state": t.a.state, "said": t.said_a, "reason": t.a.reason},
               "b": {"state": t.b.state, "said": t.said_b, "reason": t.b.reason}} for t in found.terms]  # fmt: skip
    return {
        "schema_version": 1, "a": found.a.text, "b": found.b.text, "as_of": str(found.a.as_of), "sentence": found.sentence,
        "method": found.method, "error": found.error, "levers": levers, "rows": rows, "by_clause": shared and _records(shared),
    }  # fmt: skip


def _difference_as_json(found: Difference) -> dict[str, Any]:
    return {"value": found.value, "low": found.low, "high": found.high, "unit": found.unit, "display": found.display}


def _records(found: Decomposition) -> list[dict[str, Any]]:
    return [{**vars(r), "levers": list(r.levers), "unit": found.unit} for r in found.rows]


def _heading(found: Number) -> str:
    place = f"text {found.text}, evidence to {found.as_of}"
    gap = words.WIDTH - len(found.label) - len(place)
    return f"{found.label}{' ' * gap}{place}" if gap >= 2 else f"{found.label}\n{place:>{words.WIDTH}}"


def _value_line(found: Number) -> str:
    if found.value is None:
        return "\n".join(words.wrapped(f"unset   {found.reason}", "  ", " " * 10))
    span = "" if found.span == words.NO_RANGE else found.span
    unit = words.unit_words(found.unit)
    said = found.display.endswith((unit, "\u202f%")) or found.unit == CHOICE
    return f"  {found.display}{found.when}   {span}   {'' if said else unit}".rstrip()


def _bar(found: Number) -> str:
    value, low, high = found.shown
    ends = found.span.split(" to ")
    room = words.WIDTH - 8 - len(found.span)
    place = round((room - 1) * (value - low) / (high - low)) if high > low else 0
    bar = "─" * place + "●" + "─" * (room - 1 - place)
    return f"  {ends[0]} ├{bar}┤ {ends[-1]}"


def _basis(found: Number) -> list[str]:
    plan = found.plan
    if found.name in plan.formulas:
        counted = Counter(plan.parameters[n].basis for n in plan._leaves(found.name))
        said = words.join(f"{counted[b]} {b}" for b in MARKS if counted[b])
        lines = _labelled("Basis", f"{MARKS['computed']} computed; the numbers it rests on are {said}")
        if found.low is not None:
            method = plan._extremes(found.name).method
            lines += _labelled("Range", f"{method}, over all that is uncertain together; it claims no probability")
        return lines
    lines = _labelled("Basis", f"{MARKS[found.basis]} {found.basis}")
    why = plan.parameters[found.name].why
    return lines + (_labelled("Reason", why) if why else [])


def _years(found: Number) -> list[str]:
    value, low, high = found.value, found.low, found.high
    rows = []
    for n, year in enumerate(found.years or ()):
        a, b = (None, None) if low is None else (float(low[n]), float(high[n]))
        shown = words.display(float(value[n]), found.unit, low=a, high=b)
        rows.append((str(year), shown, words.span(a, b, found.unit, value=float(value[n]))))
    return [table(("Year", "Value", "Low to high"), rows)]


def _labelled(label: str, text: str) -> list[str]:
    return words.wrapped(text, f"  {label:<10}", " " * 12)


def as_json(found: Number) -> dict[str, Any]:
    """A number with the keys that JSON output has; values in the unit of its formula."""

    def bare(x: Any) -> Any:
        """Numbers as JSON knows them; it has none that is infinite."""
        if np.ndim(x):
            return [bare(one) for one in x]
        if isinstance(x, date):
            return x.isoformat()
        if isinstance(x, float):  # numpy's among them
            return float(x) if math.isfinite(x) else None
        return x

    return {
        "schema_version": 1, "name": found.name, "label": found.label, "value": bare(found.value), "low": bare(found.low),
        "high": bare(found.high), "unit": found.unit, "display": found.display, "basis": found.basis, "reason": found.reason,
        "text": found.text, "as_of": str(found.as_of), "years": list(found.years) if found.years else None,
        "sources": [c.to_dict() for c in found.sources],
    }  # fmt: skip
