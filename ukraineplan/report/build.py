"""The content of a fact sheet: front page, sections, what is covered, sources, how to make it again."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

from ukraineplan import __version__, words
from ukraineplan.errors import unknown
from ukraineplan.evidence import datasets_folder
from ukraineplan.explanation import MARKS
from ukraineplan.number import Number
from ukraineplan.plan import Plan
from ukraineplan.report import figures
from ukraineplan.report.content import Content, Covered, Glance, InsteadRow, Point
from ukraineplan.report.section import SectionBuilder
from ukraineplan.report.shared import Shared, flags
from ukraineplan.report.show import day_said, sentence, shown
from ukraineplan.texts import Clause

MEANING: Final = {
    "stated": "in the text",
    "sourced": "measured or said by others",
    "assumed": "by us, with a reason",
    "computed": "from other rows",
    "set": "by you",
}
NOW: Final = {"us28": "a leaked draft"}
HELD: Final = ("euros_per_dollar", "hryvnias_per_dollar")
"""The exchange rates whose dates the sheet names."""

COUNTS: Final = ("No", "One", "Two", "Three", "Four", "Five")
MOST_NUMBERS: Final = 5
MOST_READINGS: Final = 6
KINDS: Final = {
    "here": "on this sheet",
    "elsewhere": "on another sheet",
    "later": "not built yet",
    "counted": "not modelled",
    "none": "no number",
}
"""What becomes of a point: that of its clause which comes first here."""
INTRO: Final = (
    "This sheet does conditional arithmetic on {}: if the clause, under these assumptions, then this number. "
    "It is no forecast, and it does not assess the plan."
)


def content(plan: Plan, provision: str | None = None) -> Content:
    """Everything a sheet says.

    Parameters
    ----------
    plan : Plan
    provision : str, optional
        Its name; all provisions that the plan's text has points for if left out.

    Raises
    ------
    UnknownName
    """
    known = plan._library.provisions
    if provision is not None and provision not in known:
        raise unknown("provision", provision, known)
    chosen = [provision] if provision is not None else _in_order_of_points(plan)
    shared = Shared(plan, chosen)
    builders = [SectionBuilder(plan, known[name], shared) for name in chosen]
    sections = tuple(b.build() for b in builders)
    first = [b for b in builders if b.provision.name in plan._text.front] or builders
    front = [(plan[b.key], _glance(b, plan[b.key])) for b in first if b.key is not None][:MOST_NUMBERS]
    depends, settled = _depends(first)
    return Content(
        title=_title(plan, chosen),
        over=f"ukraineplan · fact sheet · evidence to {day_said(plan.as_of)}",
        description=plan._text.description,
        intro=INTRO.format(NOW.get(plan.text, "a text")),
        glance=tuple(g for _, g in front),
        picture=figures.beside(front, "How wide each range is, beside its own number"),
        depends=depends,
        settled=settled,
        marks=_marks(plan),
        sections=sections,
        points=tuple(_points(plan, builders)),
        coverage=tuple(_covered(plan, builders)),
        references=shared.books.references(),
        reproduce=tuple(_reproduce(plan)),
        command=_command(plan, provision),
        foot=f"ukraineplan fact sheet · {plan.text} · evidence to {plan.as_of}",
    )


def _in_order_of_points(plan: Plan) -> list[str]:
    """The provisions that the text has points for, in the order of the points."""
    found = {n: p.points[plan.text] for n, p in plan._library.provisions.items() if p.points.get(plan.text)}
    return sorted(found, key=lambda n: (0, int(found[n][0])) if found[n][0].isdigit() else (1, 0))


def _title(plan: Plan, chosen: Sequence[str]) -> str:
    """Names the matter, never a finding."""
    text = plan._text.title
    if len(chosen) == 1:
        return f"{plan._library.provisions[chosen[0]].title}: the {text} in numbers"
    count = COUNTS[len(chosen)] if len(chosen) < len(COUNTS) else str(len(chosen))
    return f"{count} provisions of the {text} in numbers"


def _marks(plan: Plan) -> tuple[tuple[str, str, str], ...]:
    """Mark, word and meaning of each basis; that of the reader's own values only where there are some."""
    changed = any(p.basis == "set" for p in plan.parameters.values())
    return tuple((MARKS[basis], basis, meaning) for basis, meaning in MEANING.items() if basis != "set" or changed)


# ------------------------------------------------------------------------------------------------------
# The front page


def _glance(builder: SectionBuilder, number: Number) -> Glance:
    return Glance(builder.id, builder.point, number.label, builder.condition(), shown(number))


def _depends(builders: Sequence[SectionBuilder]) -> tuple[tuple[InsteadRow, ...], str]:
    """The readings that change a headline number, the largest change first; and the numbers that none changes."""
    found: list[tuple[float, int, InsteadRow]] = []
    settled = []
    for builder in builders:
        under = builder.instead()
        if under is None:
            continue
        here, value = under.number, under.number.shown_value
        changed = [r for r in under.moving if r.number.display != here.display and r.number.value is not None]
        settled += [] if changed else [f"“{here.label}”"]
        for row in changed:
            size = abs(row.number.shown_value - value) / abs(value) if row.number.value is not None and value else 1.0
            found.append((-size, len(found), InsteadRow(row.label, row.option, here.label, shown(row.number), here.display)))
    rows = tuple(row for *_, row in sorted(found, key=lambda r: r[:2])[:MOST_READINGS])
    return rows, f"No reading of the words changes {words.join(settled)}." if settled else ""


# ------------------------------------------------------------------------------------------------------
# What is covered


def _here(clause: Clause, builders: Sequence[SectionBuilder]) -> SectionBuilder | None:
    """The section that computes a clause, or takes a number from it."""
    return next((b for b in builders if b.uses(clause)), None)


def _kind(plan: Plan, clause: Clause, builders: Sequence[SectionBuilder]) -> str:
    if _here(clause, builders) and clause.coverage == "quantified":
        return "here"
    if clause.provision:
        return "elsewhere" if clause.provision in plan._library.provisions else "later"
    return "counted" if clause.coverage == "numeric, not modelled" else "none"


def _status(plan: Plan, clause: Clause, builders: Sequence[SectionBuilder]) -> str:
    kind = _kind(plan, clause, builders)
    if kind == "here":
        return f"{clause.coverage}, on this sheet"
    if kind == "elsewhere":
        return f"{clause.coverage}, in the fact sheet {clause.provision}"
    return f"{clause.coverage}; {clause.provision} is not built yet" if kind == "later" else clause.coverage


def _covered(plan: Plan, builders: Sequence[SectionBuilder]) -> Iterator[Covered]:
    for clause in plan._text.clauses:
        here = _here(clause, builders)
        status, reason = _status(plan, clause, builders), sentence(clause.reason or "")
        yield Covered(clause.place, clause.summary, status, reason, here.id if here else "")


def _points(plan: Plan, builders: Sequence[SectionBuilder]) -> Iterator[Point]:
    """The points of the text with the best that becomes of their clauses."""
    kinds: dict[str, str] = {}
    for clause in plan._text.clauses:
        kind = _kind(plan, clause, builders)
        if clause.point != "0":  # the text as a whole
            kinds[clause.point] = min(kinds.get(clause.point, kind), kind, key=list(KINDS).index)
    for point, kind in kinds.items():
        yield Point(point, kind, KINDS[kind])


# ------------------------------------------------------------------------------------------------------
# How to make it again


def _reproduce(plan: Plan) -> Iterator[str]:
    yield f"ukraineplan {__version__}"
    yield f"text {plan.text}"
    yield from made_from(plan)
    yield "no random draws"


def made_from(plan: Plan) -> Iterator[str]:
    """The evidence that a plan is made from: its day, the data, what the reader added, the exchange rates."""
    yield f"evidence to {plan.as_of}"
    yield f"data sha256 {_digest(datasets_folder())[:12]}"
    if plan._library.extra is not None:
        yield f"with a folder of the reader's own, sha256 {_digest(plan._library.extra)[:12]}"
    facts = plan._library.evidence.facts
    for name in (n for n in HELD if n in plan.parameters):
        p = plan.parameters[name]
        dated = ", set by you" if p.basis == "set" else ""
        if p.facts:
            dated = f" of {facts[p.facts[0]].as_of or facts[p.facts[0]].public_since}"
        yield f"{p.label}: {plan[name]}{dated}"
    shipped = {f.name: f for f in plan._library.formulas}
    if own := [n for n, f in plan.formulas.items() if shipped.get(n) is not f]:
        yield f"with formulas of the reader's own: {', '.join(own)}"


def _digest(folder: Path) -> str:
    """One hash over the names and bytes of the data files of a folder, whatever the order in which it lists them."""
    found = sha256()
    files = (p for p in folder.rglob("*") if p.is_file() and p.suffix in (".csv", ".json", ".toml", ".py"))
    for path in sorted(files, key=lambda p: p.relative_to(folder).as_posix()):
        found.update(path.relative_to(folder).as_posix().encode() + b"\0" + sha256(path.read_bytes()).digest())
    return found.hexdigest()


def _command(plan: Plan, provision: str | None) -> str:
    parts = ["ukraineplan", "factsheet", *([provision] if provision else []), *flags(plan)]
    return shlex.join([*parts, "--output", f"{provision or 'factsheet'}.html"])
