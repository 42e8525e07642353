"""The numbers of two sides as cells of a table, and the words for those that are not there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ukraineplan import words
from ukraineplan.analysis.compare import Comparison, Row
from ukraineplan.explanation import MARKS
from ukraineplan.number import PROPER
from ukraineplan.parameters import Parameter
from ukraineplan.plan import Plan
from ukraineplan.report.compare_content import Cell, ComparedRow, Side
from ukraineplan.report.content import Cites, Shown
from ukraineplan.report.references import Bibliography
from ukraineplan.report.section import STANDING
from ukraineplan.report.shared import Shared
from ukraineplan.report.show import apart, day_said, sentence, shown, stop, unit_said
from ukraineplan.units import CHOICE, DATE

MISSING: Final = ("not stated", "open", "unknown", "removed")
"""What a text does to a lever that it gives no value for."""

RIVALS: Final = {"open": "Alternatives", "unknown": "Reported"}
NOT_HERE: Final = "not a number of this side"
EVERYWHERE: Final = "at every value in the ranges"


class Pair:
    """The two plans of a comparison, and what their sheet has in common while it is put together."""

    def __init__(self, found: Comparison) -> None:
        self.found, self.plans = found, (found.a, found.b)
        self.shared = Shared(found.a, ())
        self.books = Bibliography(dict(found.b._library.evidence.sources) | dict(found.a._library.evidence.sources))
        one, other = (_side(*side) for side in zip("AB", self.plans, found.names, strict=True))
        self.sides = (one, other)

    def owner(self, name: str) -> str | None:
        """The provision that a number belongs to."""
        plan = self.having(name)
        return (plan.formulas.get(name) or plan.parameters[name]).provision

    def having(self, name: str) -> Plan:
        """The first side that has a number."""
        return next(plan for plan in self.plans if name in plan)

    def cite(self, plan: Plan, facts: tuple[str, ...] | list[str]) -> Cites:
        """The sources of those facts that were public."""
        known = plan._library.evidence.facts
        return self.books.cite(known[i] for i in facts if known[i].is_public(plan.as_of))


def _side(letter: str, plan: Plan, name: str) -> Side:
    text = plan._text
    own = sum(p.basis == "set" for p in plan.parameters.values())
    values = [f"{own} value{'s' if own > 1 else ''} set by you"] if own else []
    dated = [] if text.undated else [day_said(text.date)]
    chosen = [f"with {words.join(text.chosen)}"] if text.chosen else []
    few = list(text.chosen) if len(text.chosen) < 3 else [text.chosen[0], f"{len(text.chosen) - 1} other alternatives"]
    added = f" with {words.join(few + values)}" if few + values else ""
    standing = " ".join(filter(None, [text.description, STANDING.get(text.id, "")]))
    return Side(letter, name, text.title.partition(":")[0], added, ", ".join(dated + chosen + values), sentence(standing))


QUESTIONS: Final = ("who", "which", "what", "whether", "when", "where", "how")


def inside(label: str) -> str:
    """A label inside a sentence: with an article, unless it opens with a name; a question in quotation marks."""
    word = label.split(" ", 1)[0]
    name = word.removesuffix("'s").rstrip("'")
    if word.lower() in QUESTIONS:
        return f"“{label}”"
    if (name in PROPER and word != "United") or name != word:
        return label
    return f"the {label if word[:2].isupper() or name in PROPER else label[:1].lower() + label[1:]}"


# ------------------------------------------------------------------------------------------------------
# Why a number is not there


def why_missing(plan: Plan, name: str) -> tuple[str, str]:
    """The word for an input without a value, and the reason in a sentence."""
    p = plan.parameters[name]
    if p.state not in MISSING:
        return "unset", stop(p.reason or "")
    setting = plan._text.setting(name)
    rivals = f"{RIVALS.get(p.state, 'Said')}: {'; '.join(setting.rivals)}." if setting.rivals else ""
    return p.state, sentence(f"{stop(setting.reason.rstrip('.'))} {rivals}")


def lacking(plan: Plan, name: str) -> list[Parameter]:
    """The inputs without a value that a number rests on."""
    found = (plan.parameters[n] for n in plan._active_leaves(name) if n not in plan._library.calendars)
    return [p for p in found if p.value is None]


def needs(plan: Plan, name: str) -> str:
    """What a result without a number would need: "needs “Ceiling” (not stated)"."""
    by_word: dict[str, list[str]] = {}
    for p in lacking(plan, name):
        by_word.setdefault(why_missing(plan, p.name)[0], []).append(f"“{p.label}”")
    said = [f"{words.join(labels)} ({word})" for word, labels in by_word.items()]
    return f"needs {words.join(said)}" if said else sentence(_with_labels(plan, plan[name].reason or ""))


def _with_labels(plan: Plan, reason: str) -> str:
    """A reason with the labels of numbers in place of their names."""
    return re.sub(r"[a-z]\w*_\w+", lambda found: f"“{plan[found[0]].label}”" if found[0] in plan else found[0], reason)


# ------------------------------------------------------------------------------------------------------
# Cells


def row(pair: Pair, found: Row) -> ComparedRow:
    """A row of a comparison, ready to print."""
    plan = pair.having(found.name)
    a, b = (_cell(pair, side, found.name) for side in pair.plans)
    unit = "in words" if found.number.unit == CHOICE else unit_said(plan, found.name)
    return ComparedRow(found.name, found.number.label, unit, found.kind, a, b, _difference(found))


def _cell(pair: Pair, plan: Plan, name: str) -> Cell:
    if name not in plan:
        return Cell(_missing("unset", NOT_HERE), NOT_HERE)
    if name in plan.parameters:
        return _input(pair, plan, plan.parameters[name])
    number = plan[name]
    if number.value is None:
        note = needs(plan, name)
        return Cell(_missing("unset", note), note)
    return Cell(shown(number))


def _input(pair: Pair, plan: Plan, p: Parameter) -> Cell:
    cites = pair.cite(plan, p.facts)
    if p.value is None:
        word, reason = why_missing(plan, p.name)
        return Cell(_missing(word, reason), reason, cites=cites)
    note = "removed" if p.state == "removed" else ""
    return Cell(shown(plan[p.name]), note, MARKS[p.basis], p.basis, cites)


def _missing(word: str, reason: str) -> Shown:
    return Shown("", "", words.NO_RANGE, word, reason)


def stays_everywhere(found: Row) -> bool:
    """Whether uncertain inputs move a result of both sides and leave its difference."""
    numbers = [n for n in (found.a, found.b) if n is not None and n.name in n.plan.formulas]
    moved = any(n.span != words.NO_RANGE for n in numbers)
    return moved and len(numbers) == 2 and found.difference is not None and found.difference.span == words.NO_RANGE


def _difference(found: Row) -> Cell:
    change, sides = found.difference, [n and n.value for n in (found.a, found.b)]
    if change is None:
        empty = [letter for letter, value in zip("AB", sides, strict=True) if value is None]
        if empty:
            note = f"{words.join(empty)} {'has' if len(empty) == 1 else 'have'} none"
            return Cell(_missing("unset", note), note)
        return _quiet("no difference" if not found.differs else "other words")
    if change.low == change.high == 0:
        return _quiet("no difference")
    figure, rest = apart(change.display)
    kept = rest if "percentage point" in rest or found.number.unit == DATE else ""
    return Cell(Shown(figure, kept, bare_span(change.span)), EVERYWHERE if stays_everywhere(found) else "")


def _quiet(said: str) -> Cell:
    return Cell(Shown("", said, words.NO_RANGE))


def bare_span(span: str) -> str:
    """A range of differences without the words after its ends."""
    return " to ".join(_figures(span))


def _figures(span: str) -> Iterator[str]:
    return (apart(end)[0] for end in span.split(" to "))
