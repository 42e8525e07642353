"""The difference of a number in words: condition, then result."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ukraineplan import words
from ukraineplan.analysis.compare import Row
from ukraineplan.analysis.differences import Difference
from ukraineplan.number import MOST_CONDITIONS, Number
from ukraineplan.report.compare_cells import EVERYWHERE, Pair, inside, needs, stays_everywhere
from ukraineplan.report.show import apart, sentence
from ukraineplan.units import DATE

WAYS: Final = {"date": ("earlier", "later"), "share": ("lower", "higher")}
SIZES: Final = ("smaller", "larger")


def difference_in_words(pair: Pair, row: Row) -> str:
    """One sentence: "If the ceiling is 800,000 persons instead of 600,000, then ..."; or why there is no difference."""
    if row.a is None or row.b is None or row.a.value is None or row.b.value is None:
        return sentence(_unset(pair, row))
    given = _conditions(pair, row)
    label = f"{inside(row.number.label) if given else row.number.label}{row.number.when}"
    if not row.differs and (row.difference is None or row.difference.low == row.difference.high == 0):
        stays = f"{label} stays at {row.b.display}" if given else f"{label}: {row.b.display} on both sides"
        said = f"{stays}." if given else f"{stays}; nothing that it rests on differs."
    else:
        values = _instead(row.b, row.a) if _other(row) else f"{row.b.display} on both sides"
        said = f"{label}: {values}{_by(row)}."
    return sentence(f"If {words.join(given)}, then {said}" if given else said)


def _conditions(pair: Pair, row: Row) -> list[str]:
    """The inputs below a number whose values differ, levers first: "the ceiling is 800,000 persons instead of 600,000"."""
    below = {n for plan in pair.plans if row.name in plan for n in plan._active_leaves(row.name)}
    rows = [r for r in pair.found.rows if r.kind != "result" and r.name in below]
    rows.sort(key=lambda r: r.kind != "lever")
    said = [f"{inside(r.number.label)} is {_instead(r.b, r.a)}" for r in rows if _stated(r.a) and _stated(r.b) and _other(r)]
    rest = len(said) - MOST_CONDITIONS
    return said[:MOST_CONDITIONS] + ([f"{rest} other number{'s' if rest > 1 else ''} as in the table"] if rest > 0 else [])


def _stated(number: Number | None) -> bool:
    return number is not None and number.value is not None


def _other(row: Row) -> bool:
    return row.a is not None and row.b is not None and row.a.display != row.b.display


def _instead(new: Number | None, old: Number | None) -> str:
    """Two numbers, the words after them once."""
    assert new is not None and old is not None
    figure, rest = apart(old.display)
    return f"{new.display} instead of {figure if rest == apart(new.display)[1] else old.display}"


def _by(row: Row) -> str:
    """By how much: the difference without its sign, and what the uncertain numbers make of it."""
    change = row.difference
    if change is None or change.low == change.high == 0:
        return ""
    said = f", {_size(change.value, change.display, row)}" if change.value else ""
    if change.span == words.NO_RANGE:
        return said + (f", {EVERYWHERE} of what is uncertain" if stays_everywhere(row) else "")
    return f"{said}; over the ranges of what is uncertain{_over(change, row)}"


def _over(change: Difference, row: Row) -> str:
    """The range of a difference: by how much smaller or larger, or from one to the other."""
    if change.low < 0 < change.high or not change.value:
        return f" the difference is {change.span}"
    ends = [apart(_unsigned(end)) for end in change.span.split(" to ")]
    (first, _), (second, _) = ends[::-1] if change.value < 0 else ends
    return f" {_size(change.value, f'{first} to {second}{ends[1][1]}', row)}"


def _size(value: float, display: str, row: Row) -> str:
    way = WAYS["date"] if row.number.unit == DATE else WAYS.get(row.number.unit, SIZES)
    return f"{way[value > 0]} by {_unsigned(display)}"


def _unsigned(display: str) -> str:
    return display.lstrip("+" + words.MINUS)


def _unset(pair: Pair, row: Row) -> str:
    """For which side a number cannot be computed, and what is missing."""
    reasons = dict(_reasons(pair, row))
    if len(reasons) == 1:
        ((head, reason),) = reasons.items()
        return f"For {head} {inside(row.number.label)} cannot be computed: it {reason}."
    both = reasons.values()
    if len(set(both)) == 1:
        return f"{row.number.label} cannot be computed for either side: it {next(iter(both))}."
    return f"{row.number.label} cannot be computed: " + "; ".join(f"for {h} it {r}" for h, r in reasons.items()) + "."


def _reasons(pair: Pair, row: Row) -> Iterator[tuple[str, str]]:
    for side, plan in zip(pair.sides, pair.plans, strict=True):
        if row.name not in plan:
            yield side.said, "is no number of this side"
        elif plan[row.name].value is None:
            said = needs(plan, row.name)
            yield side.said, said if said.startswith("needs") else f"is unset, as {said}"
