"""What changes from one text to another: clauses, levers and results side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from html import escape
from itertools import product
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ukraineplan import words
from ukraineplan.analysis.sample import sample
from ukraineplan.analysis.sides import sides
from ukraineplan.errors import InvalidValue
from ukraineplan.number import Number
from ukraineplan.parameters import Parameter
from ukraineplan.plan import Plan
from ukraineplan.texts import Clause, Setting
from ukraineplan.uncertainty.factors import names_in
from ukraineplan.uncertainty.model import model_of
from ukraineplan.units import DATE

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

DRAWS: Final = 2**13
"""Common draws from which the range of a difference is taken."""

MOST_CORNERS: Final = 10
"""Uncertain inputs all of whose combinations of range ends are tried: 1,024."""


class Difference(NamedTuple):
    """B less A, with its lowest and highest value over the common draws, in `unit`: of two dates in days.

    `widest` is the widest range among its own and those of both sides: by that it is rounded, so that it is no finer than what
    it is the difference of.
    """

    value: float
    low: float
    high: float
    unit: str
    widest: tuple[float, float] = (0.0, 0.0)

    @property
    def display(self) -> str:
        """The difference for people, with its sign."""
        return self._shown(self.value)

    def _shown(self, value: float) -> str:
        low, high = self.widest
        return words.difference(value, self.unit, low=low, high=high) if low < high else words.difference(value, self.unit)

    @property
    def span(self) -> str:
        """Its range for people; a dash where nothing that is uncertain moves it."""
        if self.low == self.high:
            return words.NO_RANGE
        low, high = map(self._shown, (self.low, self.high))
        said = high.partition(" ")[2]  # the words of the unit stand once
        return f"{low.removesuffix(said).rstrip()} to {high}"


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
        return [n and (n.display, n.span, n.reason if n.value is None else "") for n in (self.a, self.b)][::-1] != [
            n and (n.display, n.span, n.reason if n.value is None else "") for n in (self.a, self.b)
        ]


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
            value, low, high, unit = r.difference[:4] if r.difference else (None, None, None, _unit(r.number))
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
    found = _differences(one, other, [n for n in names if _comparable(one, other, n)])
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


def _differences(one: Plan, other: Plan, names: list[str]) -> dict[str, Difference]:
    """B less A at the values of the plans, at common draws, and where either side is lowest or highest."""
    formulas = [n for n in names if n in one.formulas or n in other.formulas]
    drawn = _drawn(one, other, formulas) if formulas else {}
    found = {}
    for name in names:
        first, second = one[name], other[name]
        value = second.shown_value - first.shown_value
        tried = np.array([value, *drawn.get(name, ()), *_at_corners(one, other, name)])
        tried = tried[np.isfinite(tried)]
        noise = 1e-9 * max(abs(first.shown_value), abs(second.shown_value))
        low, high = float(tried.min()), float(tried.max())
        if high - low <= noise:
            low = high = value
        spans = [(low, high), *(n.shown[1:] for n in (first, second) if n.low is not None)]
        widest = max(spans, key=lambda ends: ends[1] - ends[0])
        found[name] = Difference(value, low, high, _unit(first), widest)
    return found


def _unit(number: Number) -> str:
    """The unit of a difference: days between two dates."""
    return "day" if number.unit == DATE else number.unit


def _drawn(one: Plan, other: Plan, names: list[str]) -> dict[str, Any]:
    """The differences at common draws; a side on which nothing is uncertain is a constant."""
    shown = []
    for plan in (one, other):
        moving = [n for n in names if n in plan.formulas and model_of(plan, [n]).factors.factors]
        drawn = sample(plan, moving, draws=DRAWS) if moving else None
        shown.append({n: drawn.shown(n) if drawn is not None and n in moving else plan[n].shown_value for n in names})
    return {n: np.atleast_1d(shown[1][n] - shown[0][n]) for n in names}


def _at_corners(one: Plan, other: Plan, name: str) -> Iterable[float]:
    """The differences at the corners of all that is uncertain on either side, or, of many inputs, where a side is extreme."""
    if name not in one.formulas and name not in other.formulas:
        return _between_ranges(one.parameters[name], other.parameters[name])
    moving = {n: p for plan in (other, one) for n, p in plan.parameters.items() if _moves(plan, name, p)}
    if not moving:
        return ()
    if len(moving) > MOST_CORNERS:
        sides_of = [plan for plan in (one, other) if name in plan.formulas]
        ends = [end for plan in sides_of for end in (plan._extremes(name).at_low, plan._extremes(name).at_high) if end]
        points = {n: np.array([end.get(n, np.nan) for end in ends]) for n in moving}
    else:
        corners = np.array(list(product((0, 1), repeat=len(moving)))).reshape(-1, len(moving)).T
        ends_of = {n: np.array([p.in_formulas(end) for end in p.range or ()]) for n, p in moving.items()}
        points = {n: ends[row] for (n, ends), row in zip(ends_of.items(), corners, strict=True)}
    found: NDArray[Any] = _at(other, name, points) - _at(one, name, points)
    return np.atleast_1d(found)


def _moves(plan: Plan, name: str, p: Parameter) -> bool:
    return p.role == "uncertainty" and p.range is not None and name in plan.formulas and p.name in plan._active_leaves(name)


def _between_ranges(p: Parameter, q: Parameter) -> list[float]:
    """An input less the same input of the other side: both at their lower ends, both at their upper ones."""
    ends = [x.range if x.role == "uncertainty" and x.range else (x.value, x.value) for x in (p, q)]
    return [q.in_formulas(b) - p.in_formulas(a) for a, b in zip(*ends, strict=True)]


def _at(plan: Plan, name: str, points: Mapping[str, NDArray[Any]]) -> Any:
    """A number with its uncertain inputs elsewhere; what the plan has settled stays."""
    if name in plan.parameters:
        return plan[name].shown_value
    held = {n: np.nan for n in plan.parameters} | plan._values
    moved = {n: np.where(np.isnan(v), held[n], v) for n, v in points.items() if _moves(plan, name, plan.parameters[n])}
    if not moved:
        return plan[name].shown_value
    found = plan._graph.run(held | moved, [name])[name]
    return found if plan[name].years is None else found[plan._show_year(name) - 1]
