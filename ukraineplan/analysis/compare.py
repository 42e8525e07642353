"""What changes from one text to another: clauses, levers and results side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

from ukraineplan.analysis.differences import DRAWS, MOST_CORNERS, Difference, differences, unit_of
from ukraineplan.analysis.sides import sides
from ukraineplan.errors import InvalidValue
from ukraineplan.number import Number
from ukraineplan.plan import Plan
from ukraineplan.texts import Clause, Setting
from ukraineplan.uncertainty.factors import names_in

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False)
class Row:
    """A number of both sides: a lever, another input that differs, or a result.

    `difference` is None where a side has no number, or where it is answered in words; `reason` then says why.
    """

    name: str
    kind: str
    a: Number | None
    b: Number | None
    difference: Difference | None
    reason: str

    @property
    def number(self) -> Number:
        """The number of the side that has it."""
        found = self.a or self.b
        assert found is not None
        return found

    @property
    def differs(self) -> bool:
        """Whether the two sides print something else."""
        printed = [n and (n.display, n.span, n.reason if n.value is None else "") for n in (self.a, self.b)]
        return printed[0] != printed[1]


class Term(NamedTuple):
    """A lever in the words of both texts, whether or not a formula uses it."""

    lever: str
    label: str
    a: Setting
    b: Setting
    said_a: str
    said_b: str


class Subject(NamedTuple):
    """A point of the 28-point draft and the clauses of both texts that take it up."""

    point: str
    title: str
    a: tuple[Clause, ...]
    b: tuple[Clause, ...]


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two plans side by side, at one vintage; every difference is B less A.

    `rows` are the levers and other inputs that differ below the targets, then the targets; `whole` says whether they are the
    first-page numbers of every provision, so that every lever of both texts belongs to the comparison.
    """

    a: Plan
    b: Plan
    targets: tuple[str, ...]
    rows: tuple[Row, ...]
    whole: bool = True

    @property
    def names(self) -> tuple[str, str]:
        """What each side is called: its text, and how many values you set yourself."""
        return _called(self.a), _called(self.b)

    @property
    def results(self) -> tuple[Row, ...]:
        """The rows of the targets."""
        return tuple(row for row in self.rows if row.kind == "result")

    @cached_property
    def terms(self) -> tuple[Term, ...]:
        """The levers on which the two texts do not do the same, in the words of each; all of them, or those below the targets."""
        library, found = self.a._library, []
        specs: dict[str, Any] = library.specs | library.levers
        below = {row.name for row in self.rows}
        specs = {name: spec for name, spec in specs.items() if self.whole or name in below}
        for name, spec in specs.items():
            one, other = (plan._text.setting(name) for plan in (self.a, self.b))
            said = in_words(self.a, name, one), in_words(self.b, name, other)
            if said[0] != said[1] and (getattr(spec, "role", "lever") == "lever" or "set" in (one.state, other.state)):
                found.append(Term(name, spec.label, one, other, *said))
        return tuple(found)

    @cached_property
    def subjects(self) -> tuple[Subject, ...]:
        """The points of the 28-point draft that either text takes up."""
        titles = self.a._library.subjects
        found = (Subject(p, t, tuple(self.a._text.on(p)), tuple(self.b._text.on(p))) for p, t in titles.items())
        return tuple(s for s in found if s.a or s.b)

    @property
    def method(self) -> str:
        """How it was done."""
        return (f"both sides with the evidence to {self.a.as_of}; the range of a difference is the lowest and highest of "
                f"{DRAWS:,} draws that both sides share, and of all combinations of range ends (of more than {MOST_CORNERS} "
                "inputs, where either side is lowest or highest)")  # fmt: skip

    @property
    def error(self) -> str:
        """What is known of its error."""
        return "none beyond rounding for the values; an end of a range may lie a little further out than the draws found"

    @property
    def sentence(self) -> str:
        """One sentence: how many results differ, and where a side has none."""
        both = [r for r in self.results if r.difference is not None]
        moved = sum(r.difference is not None and (r.difference.low, r.difference.high) != (0, 0) for r in both)
        unset = [r for r in self.results if r.difference is None]
        lacking = f"; {len(unset)} cannot be compared, each with its reason" if unset else ""
        counted = f"{moved} of {len(both)} results differ" if both else "no result is determined by both"
        return f"{' and '.join(self.names)}, evidence to {self.a.as_of}: {counted}{lacking}."

    def to_frame(self) -> pd.DataFrame:
        """A row a number: both values, the difference (b less a) with its unit and range, and the reason where there is none."""
        import pandas as pd

        rows = []
        for r in self.rows:
            value, low, high, unit = r.difference[:4] if r.difference else (None, None, None, unit_of(r.number))
            rows.append({
                "name": r.name, "kind": r.kind, "label": r.number.label, "a": _shown(r.a), "b": _shown(r.b),
                "difference": value, "low": low, "high": high, "unit": unit,
                "a_display": "" if r.a is None else r.a.display, "b_display": "" if r.b is None else r.b.display,
                "difference_display": "" if r.difference is None else r.difference.display, "reason": r.reason,
            })  # fmt: skip
        return pd.DataFrame(rows).set_index("name")

    def levers(self) -> pd.DataFrame:
        """A row a lever that differs: its state and what it says in each text, with the reason of each."""
        import pandas as pd

        columns = ["lever", "label", "a_state", "a", "b_state", "b", "a_reason", "b_reason"]
        rows = [(t.lever, t.label, t.a.state, t.said_a, t.b.state, t.said_b, t.a.reason, t.b.reason) for t in self.terms]
        return pd.DataFrame(rows, columns=columns).set_index("lever")

    def clauses(self) -> pd.DataFrame:
        """A row a point of the 28-point draft: what each text says on it."""
        import pandas as pd

        def said(clauses: tuple[Clause, ...]) -> str:
            return " ".join(f"{c.place}: {c.summary}" for c in clauses) or "no clause seen"

        rows = [(s.point, s.title, said(s.a), said(s.b)) for s in self.subjects]
        return pd.DataFrame(rows, columns=["point", "subject", "a", "b"]).set_index("point")

    def plot(self) -> Axes:
        """Both sides of the first target that differs, with their ranges."""
        from ukraineplan.analysis import plots

        drawn: Axes = plots.comparison(self)
        return drawn

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.sentence}>"

    def _repr_html_(self) -> str:
        frame = self.to_frame()[["label", "a_display", "b_display", "difference_display", "reason"]]
        return f"<p>{escape(self.sentence)}</p>{frame.to_html()}<p><small>{escape(self.method)}</small></p>"


def compare(
    a: str | Plan, b: str | Plan, targets: str | Iterable[str] | None = None, *, as_of: str | date | None = None
) -> Comparison:
    """Two texts, or a text and a plan of your own, side by side.

    Parameters
    ----------
    a, b : str or Plan
        A text's id (``"dec20:option_a"`` with an alternative), or a plan.
    targets : str or iterable of str, optional
        Numbers to compare; the first-page numbers of every provision if left out.
    as_of : str or date, optional
        The vintage of both sides; that of a plan, else the later text's date, if left out.

    Returns
    -------
    Comparison
        Every difference is b less a, with its lowest and highest value over draws that both sides share.

    Raises
    ------
    UnknownName
        For a text or a number that does not exist.
    InvalidValue
        For two plans with the evidence of different days.

    Examples
    --------
    >>> import ukraineplan as up
    >>> found = up.compare("us28", "e3_reuters", "force_reduction")
    >>> print(found.results[0].difference.display, "/", found.results[0].difference.span)
    −200,000 persons / –
    """
    one, other = sides(a, b, as_of)
    keys = [n for p in one._library.provisions.values() for n in p.key]
    if targets is not None and not isinstance(targets, Iterable):
        raise InvalidValue(f"targets are names of numbers, got {targets!r}")
    wanted = dict.fromkeys(keys if targets is None else names_in(targets))
    if not wanted:
        raise InvalidValue("targets name no number: leave them out for the first-page numbers of every provision")
    for name in wanted:
        if name not in one:
            other[name]  # raises where neither side has it
    names = list(_inputs(one, other, wanted)) + list(wanted)
    found = differences(one, other, [n for n in names if _comparable(one, other, n)])
    rows = tuple(
        Row(n, _kind(one, other, n, n in wanted), one.get(n), other.get(n), found.get(n), _reason(one, other, n)) for n in names
    )
    return Comparison(one, other, tuple(wanted), rows, targets is None)


def in_words(plan: Plan, name: str, setting: Setting) -> str:
    """What a side does to a lever, for people; what the user has set themselves stands before the text."""
    p, said = plan.parameters.get(name), plan._library.in_words(name, setting)
    if p is not None and p.basis == "set":
        return plan[name].display
    own = p is not None and p.role != "lever" and setting.state != "set"
    return f"{said}, taken as {plan[name].display}" if own else said


def _called(plan: Plan) -> str:
    own = sum(p.basis == "set" for p in plan.parameters.values())
    return f"{plan.text}, {own} value{'s' if own > 1 else ''} set by you" if own else plan.text


def _inputs(one: Plan, other: Plan, targets: Iterable[str]) -> Iterable[str]:
    """The inputs below the targets that are not the same on both sides."""
    needed = {n for plan in (one, other) for t in targets if t in plan for n in plan._leaves(t)} - set(targets)
    for name in dict.fromkeys([*one.parameters, *other.parameters]):
        p, q = one.parameters.get(name), other.parameters.get(name)
        follows = name in one._library.calendars and "set" not in (p and p.basis, q and q.basis)
        differ = p is None or q is None or (p.value, p.range, p.state) != (q.value, q.range, q.state)
        if name in needed and differ and not follows:
            yield name


def _kind(one: Plan, other: Plan, name: str, wanted: bool) -> str:
    if wanted:
        return "result"
    return (one.parameters.get(name) or other.parameters[name]).role


def _comparable(one: Plan, other: Plan, name: str) -> bool:
    found = one.get(name), other.get(name)
    return all(n is not None and n.value is not None and not isinstance(n.value, str) for n in found)


def _reason(one: Plan, other: Plan, name: str) -> str:
    """Why there is no difference; said once where it holds on both sides."""
    said = []
    for plan in (one, other):
        if name not in plan:
            said.append((plan.text, "not a number of this plan"))
        elif plan[name].value is None:
            said.append((plan.text, plan[name].reason or ""))
    if len({reason for _, reason in said}) == 1 and len(said) > 1:
        return said[0][1]
    return "; ".join(f"{text}: {reason}" for text, reason in said)


def _shown(number: Number | None) -> Any:
    """The value of a table: of a yearly number that of its headline year, of a date the date."""
    if number is None or isinstance(number.value, str | date):
        return number and number.value
    return number.shown_value
