"""The content of a sheet that compares two sides: front page, table, sections, the 28 points, sources."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from ukraineplan import __version__
from ukraineplan.analysis.compare import Comparison, Row, Term
from ukraineplan.explanation import MARKS
from ukraineplan.plan import Plan
from ukraineplan.report.build import MEANING, MOST_NUMBERS, made_from
from ukraineplan.report.compare_cells import Pair, bare_span, lacking, row, why_missing
from ukraineplan.report.compare_content import (
    Beyond,
    Changed,
    ComparedGroup,
    ComparedSection,
    ComparisonContent,
    Lacking,
    SaidSubject,
    SaidTerm,
    Side,
    SubjectRow,
    TermRow,
)
from ukraineplan.report.compare_section import section, section_id
from ukraineplan.report.content import Shown
from ukraineplan.report.shared import flags
from ukraineplan.report.show import apart, day_said, sentence, stop
from ukraineplan.specs import Provision
from ukraineplan.texts import Clause
from ukraineplan.units import DATE

WORDS: Final = (
    ("not stated", "the text is public and silent"),
    ("unknown", "the text is not public, or reports differ"),
    ("open", "rival alternatives stand in the text"),
    ("removed", "the text removes a clause, and no zero can be read from that"),
    ("unset", "a result that needs one of these, or a number about which no fact was public"),
)
INTRO: Final = (
    "This sheet does conditional arithmetic on two sides, A and B. The same formulas and the same evidence run on both, so a "
    "difference comes from {}. Every difference is B less A. Where a side gives no number the result stays empty, with the "
    "reason; no number is carried over from the other side. It is no forecast, and it does not assess either text."
)
TABLE_NOTE: Final = "What the sides set, and what follows"


def comparison_content(found: Comparison) -> ComparisonContent:
    """Everything that the sheet of a comparison says."""
    pair = Pair(found)
    grouped = _grouped(pair)
    table = pair.shared.next("Table", TABLE_NOTE)
    groups = tuple(_group(pair, provision, rows) for provision, rows in grouped)
    sections = tuple(_sections(pair, grouped))
    subjects, terms = pair.shared.next("Table", "The points of the 28-point draft on both sides"), tuple(_terms(pair))
    own = any(p.basis == "set" for plan in pair.plans for p in plan.parameters.values())
    return ComparisonContent(
        title=_title(*pair.sides),
        over=f"ukraineplan · two texts side by side · evidence to {day_said(found.a.as_of)}",
        intro=INTRO.format("the texts and the values set by you" if own else "the texts alone"),
        sides=pair.sides,
        counted=_counted(found),
        changed=tuple(_changed(pair)),
        lacking=tuple(_lacking(pair)),
        words=WORDS,
        marks=tuple(_marks(groups)),
        table=table,
        groups=groups,
        sections=sections,
        terms_title=pair.shared.next("Table", "Further terms, in words") if terms else "",
        terms=terms,
        subjects_title=subjects,
        subjects_heads=_heads(pair),
        subjects=tuple(_subjects(pair)),
        untouched=tuple(p for p in found.a._library.subjects if p not in {s.point for s in found.subjects}),
        beyond=tuple(_beyond(pair)),
        method=stop(found.method),
        error=stop(found.error),
        references=pair.books.references(),
        reproduce=tuple(_reproduce(pair)),
        scenarios=tuple(_scenarios(pair)),
        command=_command(pair),
        foot=f"ukraineplan comparison · {' and '.join(found.names)} · evidence to {found.a.as_of}",
    )


def _title(a: Side, b: Side) -> str:
    """Names the matter, never a finding."""
    other = "the same" if a.title == b.title else b.title
    return f"{a.title}{a.added} and {other}{b.added}: what changes in numbers"


# ------------------------------------------------------------------------------------------------------
# The table, provision by provision


def _grouped(pair: Pair) -> list[tuple[Provision | None, list[Row]]]:
    """The rows by the provision they belong to, in the order of the points of the 28-point draft."""
    provisions = pair.found.a._library.provisions | pair.found.b._library.provisions
    found: dict[str | None, list[Row]] = {}
    for each in pair.found.rows:
        owner = pair.owner(each.name)
        found.setdefault(owner if owner in provisions else None, []).append(each)
    names = sorted(found, key=lambda n: _place(provisions[n]) if n in provisions else (10**6, ""))
    return [(provisions.get(n or ""), found[n]) for n in names]


def _place(provision: Provision) -> tuple[int, str]:
    """Its first point in the 28-point draft, else in another text."""
    texts = sorted(provision.points, key=lambda text: text != "us28")
    points = [int(p) for text in texts for p in provision.points[text] if p.isdigit()]
    return (points[0] if points else 10**5), provision.name


def _group(pair: Pair, provision: Provision | None, rows: Sequence[Row]) -> ComparedGroup:
    """The levers of a provision, then its results."""
    ordered = sorted(rows, key=lambda r: ("lever", "convention", "uncertainty", "result").index(r.kind))
    link = section_id(provision.name) if provision and any(r.kind == "result" for r in rows) else ""
    return ComparedGroup(provision.title if provision else "Other numbers", link, tuple(row(pair, r) for r in ordered))


def _sections(pair: Pair, grouped: Sequence[tuple[Provision | None, list[Row]]]) -> Iterator[ComparedSection]:
    for provision, rows in grouped:
        results = [r for r in rows if r.kind == "result"]
        if provision is not None and results:
            yield section(pair, provision, results)


def _marks(groups: Sequence[ComparedGroup]) -> Iterator[tuple[str, str, str]]:
    """Mark, word and meaning of each basis that the table has."""
    used = {cell.basis for g in groups for r in g.rows for cell in (r.a, r.b)}
    yield from ((MARKS[basis], basis, meaning) for basis, meaning in MEANING.items() if basis in used)


# ------------------------------------------------------------------------------------------------------
# The front page


def _counted(found: Comparison) -> str:
    """How many results differ, and how many a side has no number for."""
    both = [r for r in found.results if all(n is not None and n.value is not None for n in (r.a, r.b))]
    moved = sum(_moves(r) for r in both)
    lack = len(found.results) - len(both)
    differ = f"{moved or 'none'} of them differ{'s' if moved == 1 else ''}"
    counted = f"{len(both)} of {len(found.results)} results have an answer on both sides; {differ}."
    return counted + (f" {lack} {'has' if lack == 1 else 'have'} none on at least one side." if lack else "")


def _moves(found: Row) -> bool:
    """Whether a result is another one on the other side, somewhere in the ranges."""
    if found.difference is None:
        return found.differs
    return (found.difference.low, found.difference.high) != (0, 0)


def _changed(pair: Pair) -> Iterator[Changed]:
    """The results that differ most: of each provision its first, the largest difference for its size first; then others."""
    ranked: list[tuple[int, float, int, Row, str | None]] = []
    places: dict[str | None, int] = {}
    for each in (r for r in pair.found.results if r.difference is not None and r.difference.value):
        owner = pair.owner(each.name)
        places[owner] = places.get(owner, -1) + 1
        ranked.append((places[owner], -_size(each), len(ranked), each, owner))
    for *_, each, owner in sorted(ranked, key=lambda r: r[:3])[:MOST_NUMBERS]:
        assert each.a is not None and each.b is not None and each.difference is not None
        provision = pair.having(each.name)._library.provisions.get(owner or "")
        link, title = (section_id(provision.name), provision.title) if provision else ("", "Other numbers")
        figure, rest = apart(each.difference.display)
        difference = Shown(figure, rest, bare_span(each.difference.span))
        yield Changed(link, title, f"{each.number.label}{each.number.when}", each.a.display, each.b.display, difference)


def _size(found: Row) -> float:
    """How large a difference is for the numbers it is between; of dates in years."""
    assert found.a is not None and found.b is not None and found.difference is not None
    if found.number.unit == DATE:
        return min(abs(found.difference.value) / 365, 1.0)
    return float(abs(found.difference.value) / max(abs(found.a.shown_value), abs(found.b.shown_value)))


def _lacking(pair: Pair) -> Iterator[Lacking]:
    """The inputs whose values results miss, by word and by the sides that give none, each with the results that need it."""
    found: dict[tuple[str, str], dict[str, set[str]]] = {}  # by word and input: the sides, and the results of each
    for side, plan in zip(pair.sides, pair.plans, strict=True):
        for each in pair.found.results:
            if each.name in plan and plan[each.name].value is None:
                for p in lacking(plan, each.name):
                    results = found.setdefault((why_missing(plan, p.name)[0], p.label), {})
                    results.setdefault(side.head, set()).add(each.name)
    grouped: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for (word, label), results in found.items():
        sides = next(iter(results)) if len(results) == 1 else "A and B"
        grouped.setdefault((sides, word), []).append((label, len(set().union(*results.values()))))
    yield from (Lacking(side, word, tuple(inputs)) for (side, word), inputs in grouped.items())


# ------------------------------------------------------------------------------------------------------
# The texts in words


def _terms(pair: Pair) -> Iterator[TermRow]:
    """The levers on which the texts differ and that stand in no row of the table."""
    library, shown = pair.found.a._library, {r.name for r in pair.found.rows}
    for term in (t for t in pair.found.terms if t.lever not in shown):
        point = library.levers[term.lever].point if term.lever in library.levers else None
        yield TermRow(term.lever, term.label, point or "", _term(term, "a"), _term(term, "b"))


def _term(term: Term, side: str) -> SaidTerm:
    setting, said = (term.a, term.said_a) if side == "a" else (term.b, term.said_b)
    reason = sentence(stop(setting.reason.rstrip(".")))
    if said.partition(":")[0] == setting.state:
        return SaidTerm(sentence(said.partition(":")[2].strip()), setting.state, reason)
    return SaidTerm(sentence(said), "", reason)


def _subjects(pair: Pair) -> Iterator[SubjectRow]:
    plans = pair.plans[: len(_heads(pair))]
    for s in pair.found.subjects:
        said = tuple(_subject(plan, s.point, clauses) for plan, clauses in zip(plans, (s.a, s.b), strict=False))
        yield SubjectRow(s.point, s.title, said)


def _heads(pair: Pair) -> tuple[str, ...]:
    """The columns of what the texts say: one where both sides have one text."""
    a, b = pair.sides
    return (f"{a.title}, both sides",) if pair.found.a._text.id == pair.found.b._text.id else (a.head, b.head)


def _subject(plan: Plan, point: str, clauses: Sequence[Clause]) -> SaidSubject:
    if clauses:
        return SaidSubject(tuple((c.place, sentence(c.summary)) for c in clauses), "", "")
    cell = plan._text.cell(point)
    return SaidSubject((), "unknown" if cell.coverage == "wording not seen" else "not stated", sentence(cell.reason))


def _beyond(pair: Pair) -> Iterator[Beyond]:
    """The clauses that no point of the 28-point draft has a place for, the text as a whole left out."""
    for head, plan in zip(_heads(pair), pair.plans, strict=False):
        points = plan._library.subjects
        others = [c for c in plan._text.clauses if points.keys().isdisjoint([c.point] if c.subjects is None else c.subjects)]
        said = tuple((c.place, sentence(c.summary)) for c in others if c.place != "0")
        if said and not plan._text.subjects:
            yield Beyond(head, said)


# ------------------------------------------------------------------------------------------------------
# How to make it again


def _reproduce(pair: Pair) -> Iterator[str]:
    yield f"ukraineplan {__version__}"
    yield from (f"{side.letter} {side.name}" for side in pair.sides)
    yield from dict.fromkeys(line for plan in pair.plans for line in made_from(plan))


def _set(plan: Plan) -> list[str]:
    """The values of the reader's own, as `--set` takes them."""
    return [value for flag, value in pairwise(flags(plan)) if flag == "--set"]


def _apart(pair: Pair, plan: Plan) -> bool:
    """Whether a side has values of the reader's own that the other has not, so that it needs a file."""
    return bool(_set(plan)) and _set(pair.found.a) != _set(pair.found.b)


def _file(side: Side) -> str:
    return f"{side.letter.lower()}.toml"


def _scenarios(pair: Pair) -> Iterator[tuple[str, str]]:
    """The scenario files of sides with values of the reader's own: name and content."""
    for side, plan in zip(pair.sides, pair.plans, strict=True):
        if _apart(pair, plan):
            lines = [f"text = {json.dumps(plan.text)}", "", "[values]"]
            values = (s.partition("=") for s in _set(plan))
            lines += [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, _, value in values]
            yield _file(side), "\n".join(lines)


def _command(pair: Pair) -> str:
    """The command line that writes this sheet."""
    a, b = pair.plans
    sides = [_file(side) if _apart(pair, plan) else plan.text for side, plan in zip(pair.sides, pair.plans, strict=True)]
    keys = tuple(dict.fromkeys(n for p in a._library.provisions.values() for n in p.key))
    targets = [] if pair.found.targets == keys else list(pair.found.targets)
    texts = (a._text, b._text)
    day = max([t.date for t in texts if not t.undated] or [t.date for t in texts])
    given = [] if a.as_of == day else ["--as-of", str(a.as_of)]
    given += [part for value in _set(a) if not _apart(pair, a) for part in ("--set", value)]
    folder = next((p._library.extra for p in pair.plans if p._library.extra is not None), None)
    given += [] if folder is None else ["--extra", folder.name]
    return shlex.join(["ukraineplan", "compare", *sides, *targets, *given, "--output", "compare.html"])
