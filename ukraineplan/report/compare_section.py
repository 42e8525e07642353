"""One provision of a comparison: what each side says, both ranges on one axis, and which clause contributes what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ukraineplan import words
from ukraineplan.analysis.compare import Row
from ukraineplan.analysis.decompose import Contribution, Decomposition, decompose
from ukraineplan.errors import InvalidValue, NotStated
from ukraineplan.number import Number
from ukraineplan.plan import Plan
from ukraineplan.report.compare_cells import NOT_HERE, Pair, needs, why_missing
from ukraineplan.report.compare_content import ComparedSection, SaidClause, Shares, Side, SideOfSection
from ukraineplan.report.compare_sentences import difference_in_words
from ukraineplan.report.content import SpreadFigure, SpreadRow
from ukraineplan.report.references import standing
from ukraineplan.report.show import Scale, apart, scale_over, sentence, unit_said
from ukraineplan.specs import Provision
from ukraineplan.texts import Clause
from ukraineplan.units import DATE

MOST_TOLD: Final = 2
NOISE: Final = 1e-9
"""The part of a difference below which a contribution is rounding."""


def section_id(provision: str) -> str:
    """Where a provision stands on the page."""
    return "p-" + re.sub(r"\W+", "-", provision)


def section(pair: Pair, provision: Provision, rows: Sequence[Row]) -> ComparedSection:
    """The section of a provision; `rows` are its results."""
    told = _told(rows)
    inputs = {n for plan in pair.plans for n, p in plan.parameters.items() if p.provision == provision.name}
    sides = [_side(pair, *side, provision.name, inputs) for side in zip(pair.sides, pair.plans, strict=True)]
    if sides[0].clauses and sides[0].clauses == sides[1].clauses:
        sides = [SideOfSection(tuple(s.head for s in pair.sides), sides[0].clauses, "", "")]
    found = [(row, _decomposed(pair, row)) for row in told if row.difference and row.difference.value]
    return ComparedSection(
        id=section_id(provision.name),
        title=provision.title,
        sentences=tuple(difference_in_words(pair, row) for row in told),
        sides=tuple(sides),
        strips=tuple(_strip(pair, row) for row in told if any(_shown(row))),
        shares=tuple(_shares(pair, row, d) for row, d in found if isinstance(d, Decomposition) and len(_moving(d)) > 1),
        remarks=tuple(filter(None, (_remark(row, d) for row, d in found))),
    )


def _told(rows: Sequence[Row]) -> list[Row]:
    """The results that sentences and pictures take: the first, and where that does not differ the first that does."""
    changed = [r for r in rows if r.difference is not None and (r.difference.low, r.difference.high) != (0, 0)]
    return list(dict.fromkeys([rows[0], *changed[:1]]))[:MOST_TOLD]


# ------------------------------------------------------------------------------------------------------
# What each side says


def _side(pair: Pair, side: Side, plan: Plan, provision: str, inputs: set[str]) -> SideOfSection:
    clauses = [c for c in plan._text.clauses if c.provision == provision or not inputs.isdisjoint(c.levers)]
    said = tuple(_said(pair, plan, clause) for clause in clauses)
    if said:
        return SideOfSection((side.head,), said, "", "")
    levers = [p.name for p in plan.parameters.values() if p.name in inputs and p.role == "lever"]
    missing = next((why_missing(plan, n) for n in levers if plan.parameters[n].value is None), None)
    return SideOfSection((side.head,), (), *(missing or ("not stated", sentence(plan._text.silence))))


def _said(pair: Pair, plan: Plan, clause: Clause) -> SaidClause:
    facts = plan._library.evidence.facts
    public = [facts[f] for f in clause.facts if facts[f].is_public(plan.as_of)]
    lead = pair.books.quote(public[0]) if public else None
    others = pair.books.cite(public[1:])
    kind = [clause.standing or "", standing(public[0]) if public else "no quote is kept"]
    copies = [f"Copies differ: {' '.join(clause.variants)}"] if clause.variants else []
    told = " ".join([f"{'; '.join(filter(None, kind)).capitalize()}.", *copies])
    return SaidClause(clause.place, sentence(clause.summary), lead, others, sentence(told))


# ------------------------------------------------------------------------------------------------------
# Both ranges on one axis


def _numeric(number: Number | None) -> bool:
    return number is not None and number.value is not None and not isinstance(number.value, str)


def _shown(row: Row) -> list[float]:
    """What a picture of both sides has to hold."""
    return [x for n in (row.a, row.b) if n is not None and _numeric(n) for x in n.shown if x is not None]


def _strip(pair: Pair, row: Row) -> SpreadFigure:
    scale = scale_over(_shown(row), row.number.unit, most=4)
    rows = tuple(_bar(*side, row, scale) for side in zip(pair.sides, pair.plans, (row.a, row.b), strict=True))
    unit = unit_said(pair.having(row.name), row.name)
    measured = "Dates" if row.number.unit == DATE else f"In {unit}"
    note = f"{measured}. Bar: lowest to highest over all that is uncertain, no probability. Dot: the value."
    note += "" if _numeric(row.a) and _numeric(row.b) else " Hatched: no number."
    title = pair.shared.next("Figure", f"{row.number.label}{row.number.when}, side by side")
    return SpreadFigure(title, note, ("Side", "Value", "Low to high"), scale.ticks(row.number.unit), rows)


def _bar(side: Side, plan: Plan, number: Number | None, row: Row, scale: Scale) -> SpreadRow:
    if number is None or number.value is None or isinstance(number.value, str):
        why = needs(plan, row.name) if row.name in plan else NOT_HERE
        return SpreadRow(side.head, why, "unset", "no number", None)
    value, low, high = number.shown
    after = "one figure" if number.span == words.NO_RANGE else number.span
    return SpreadRow(side.head, "", apart(number.display)[0], after, scale.bar(low, value, high))


# ------------------------------------------------------------------------------------------------------
# Which clause contributes what


def _decomposed(pair: Pair, row: Row) -> Decomposition | str:
    """The difference shared out over the clauses; or why it is not."""
    try:
        return decompose(pair.found.a, pair.found.b, row.name)
    except (NotStated, InvalidValue) as error:
        return str(error)


def _moving(found: Decomposition) -> list[Contribution]:
    return [r for r in found.rows if max(abs(r.contribution), abs(r.stacked)) > NOISE * abs(found.difference)]


def _remark(row: Row, found: Decomposition | str) -> str:
    """Where the difference is one clause's, or is not shared out."""
    if isinstance(found, str):
        return sentence(f"The difference of “{row.number.label}” is not shared out by clause: {found}.")
    if len(_moving(found)) != 1:
        return ""
    return sentence(f"The whole difference of “{row.number.label}” comes from {_clauses(_moving(found)[0], found)}.")


def _clauses(part: Contribution, found: Decomposition) -> str:
    """A pair of clauses in words; a value of the reader's own by what it is."""
    a, arrow, b = part.clause.partition(" → ")
    if not arrow:
        return f"“{words.join(found.a.plan.parameters[n].label for n in part.levers)}”, set by you"
    said = (f"no clause of {letter}" if place == "–" else f"clause {place} of {letter}" for letter, place in (("A", a), ("B", b)))
    return " → ".join(said)


def _shares(pair: Pair, row: Row, found: Decomposition) -> Shares:
    ordered = found.order_matters
    rows = tuple(
        (_clauses(r, found), r.before, r.after, _signed(found, r.contribution), _signed(found, r.stacked) if ordered else "")
        for r in _moving(found)
    )
    note = f"{found.method[:1].upper()}{found.method[1:]}. Error: {found.error}. Contributions are rounded one by one."
    if ordered:
        note += " Clauses act together: the last column is what each adds when they change in the order of the table."
    title = pair.shared.next("Table", f"Which clause contributes what: {row.number.label}{row.number.when}")
    total = (found.a.display, found.b.display, _signed(found, found.difference))
    return Shares(title, sentence(note), rows, total, ordered)


def _signed(found: Decomposition, value: float) -> str:
    return words.difference(value, found.unit, low=-abs(found.difference), high=abs(found.difference))
