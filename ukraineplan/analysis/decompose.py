"""Which clause contributes how much to the difference between two texts?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import chain
from math import factorial, fsum
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from ukraineplan import words
from ukraineplan.analysis.sides import sides
from ukraineplan.errors import InvalidValue, NotStated
from ukraineplan.number import Number
from ukraineplan.parameters import Parameter
from ukraineplan.plan import Plan
from ukraineplan.resolving import derive
from ukraineplan.units import DATE

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

Array = NDArray[Any]

MOST_CLAUSES: Final = 16
"""All combinations of so many clauses are computed: 65,536."""

NOWHERE: Final = 10**6

NOISE: Final = 1e-12
"""The part of a number below which a difference is rounding."""


@dataclass(frozen=True)
class Contribution:
    """What going from a clause of A to that of B adds to the number.

    `contribution` is the average over every order in which the clauses can change, `stacked` that of the order of the
    table, A's clauses from the first to the last. `before` and `after` are the levers in words.
    """

    clause: str
    levers: tuple[str, ...]
    before: str
    after: str
    contribution: float
    stacked: float


@dataclass(frozen=True, eq=False)
class Decomposition:
    """The difference of a number between two plans, b less a, clause by clause; the contributions add up to it."""

    a: Number
    b: Number
    rows: tuple[Contribution, ...]

    @property
    def unit(self) -> str:
        """The unit of the difference: that of the number, or days between two dates."""
        return "day" if self.a.unit == DATE else self.a.unit

    @property
    def difference(self) -> float:
        """B less A; of a yearly number in its headline year."""
        found: float = self.b.shown_value - self.a.shown_value
        return found

    @property
    def order_matters(self) -> bool:
        """Whether clauses act together, so that the order in which they change decides what each adds."""
        size = NOISE * max(1.0, abs(self.a.shown_value), abs(self.b.shown_value))
        return any(abs(r.contribution - r.stacked) > size for r in self.rows)

    @property
    def method(self) -> str:
        """How it was done."""
        if len(self.rows) < 2:
            return "one clause differs: the difference is its contribution" if self.rows else "no clause differs"
        ways = f"the average over all {factorial(len(self.rows)):,} orders"
        return f"Shapley values over the clauses that differ: {ways}, from all {2 ** len(self.rows):,} combinations"

    @property
    def error(self) -> str:
        """What is known of its error."""
        return "none beyond rounding; uncertain inputs stay at their central values"

    @property
    def sentence(self) -> str:
        """One sentence: the difference, and which clause contributes most."""
        if not self.rows:
            return f"{self.a.label}: no clause that it rests on differs between {self.a.text} and {self.b.text}."
        most = max(self.rows, key=lambda r: abs(r.contribution))
        order = "; clauses act together, so the order matters" if self.order_matters else ""
        return (f"{self.a.label}{self.a.when}: {self.a.display} in {self.a.text}, {self.b.display} in {self.b.text}; "
                f"{self.shown(most.contribution)} of {self.shown(self.difference)} comes from {most.clause}{order}.")  # fmt: skip

    def shown(self, value: float) -> str:
        """A part of the difference for people, all with one precision."""
        return words.difference(value, self.unit, low=-abs(self.difference), high=abs(self.difference), digits=4)

    def to_frame(self) -> pd.DataFrame:
        """A row a clause: its levers, before and after in words, its contribution; `stacked` beside it if the order matters."""
        import pandas as pd

        columns = ["clause", "levers", "before", "after", "contribution", "stacked"]
        rows = [(r.clause, ", ".join(r.levers), r.before, r.after, r.contribution, r.stacked) for r in self.rows]
        frame = pd.DataFrame(rows, columns=columns).set_index("clause").assign(unit=self.unit)
        return frame if self.order_matters else frame.drop(columns="stacked")

    def plot(self) -> Axes:
        """A bar a clause, between the two values."""
        from ukraineplan.analysis import plots

        drawn: Axes = plots.decomposition(self)
        return drawn

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.sentence}>"

    def _repr_html_(self) -> str:
        return f"<p>{escape(self.sentence)}</p>{self.to_frame().to_html()}<p><small>{escape(self.method)}</small></p>"


def decompose(a: str | Plan, b: str | Plan, target: str, *, as_of: str | date | None = None) -> Decomposition:
    """The difference of a number between two texts, shared out over the clauses that differ.

    Parameters
    ----------
    a, b : str or Plan
        As in `compare`; both sides have the evidence of one day.
    target : str
        A formula; of a yearly one the headline year is taken.
    as_of : str or date, optional

    Returns
    -------
    Decomposition
        A row for each pair of clauses whose levers differ, and one for each value that you set yourself.

    Raises
    ------
    UnknownName
    NotStated
        If a side does not determine the number, or a mixture of the two does not.
    InvalidValue
        For plans of different vintages, for a number that the sides compute by different formulas, for more than sixteen
        clauses.

    Notes
    -----
    Shapley (1953), *A value for n-person games*: the only way of sharing out that is complete, treats clauses alike and does
    not depend on an order.

    Examples
    --------
    >>> import ukraineplan as up
    >>> found = up.decompose("us28", "e3_reuters", "force_reduction")
    >>> [(r.clause, r.contribution) for r in found.rows]
    [('6 → 6', -200000.0)]
    """
    one, other = sides(a, b, as_of)
    first, second = one[target], other[target]
    for number in (first, second):
        number.required  # raises where there is no number  # noqa: B018
    _check_formulas(one, other, target)
    players = _players(one, other, target)
    if len(players) > MOST_CLAUSES:
        raise InvalidValue(f"{target}: {len(players)} clauses differ; all combinations are computed of {MOST_CLAUSES} at most")
    values = _mixtures(one, other, target, list(players.values()))
    told = {name: (_told(one, levers), _told(other, levers)) for name, levers in players.items()}
    rows = tuple(
        Contribution(name, tuple(levers), *told[name], _shapley(values, n), _stacked(values, n))
        for n, (name, levers) in enumerate(players.items())
    )
    return Decomposition(first, second, rows)


def _check_formulas(one: Plan, other: Plan, target: str) -> None:
    if target in one.parameters or target in other.parameters:
        raise InvalidValue(f"'{target}' is an input: decompose a result that rests on it")
    for name in one._graph.needs(target) | other._graph.needs(target):
        if (name in one.formulas) != (name in other.formulas) or one.formulas.get(name) != other.formulas.get(name):
            raise InvalidValue(f"{target}: the two sides compute '{name}' by different formulas, which no clause explains")


def _players(one: Plan, other: Plan, target: str) -> dict[str, list[str]]:
    """The levers that differ, grouped by the pair of clauses they stand in; A's clauses first to last."""
    found: dict[tuple[int, int, str], list[str]] = {}
    needed = dict.fromkeys([*one._leaves(target), *other._leaves(target)])
    for name in needed:
        p, q = one.parameters[name], other.parameters[name]
        follows = name in one._library.calendars and "set" not in (p.basis, q.basis)
        if p.value == q.value or follows:
            continue
        where = _place(one, name), _place(other, name)
        own = "" if "set" not in (p.basis, q.basis) and where != (NOWHERE, NOWHERE) else name
        found.setdefault((*where, own), []).append(name)
    return {_titled(one, other, *pair): levers for pair, levers in sorted(found.items())}


def _place(plan: Plan, lever: str) -> int:
    """The place of a lever's clause in its text; behind all of them where none mentions it."""
    clause = plan._text.setting(lever).clause
    return plan._text.clauses.index(clause) if clause else NOWHERE


def _titled(one: Plan, other: Plan, a: int, b: int, own: str) -> str:
    """A pair of clauses as in "14 a → 14"; a value of one's own by its name."""
    if own:
        return own
    return " → ".join("–" if n == NOWHERE else plan._text.clauses[n].place for plan, n in ((one, a), (other, b)))


def _told(plan: Plan, levers: Sequence[str]) -> str:
    """The levers of a clause in words."""
    return "; ".join(f"{plan.parameters[n].label}: {plan[n].display}" for n in levers)


def _mixtures(one: Plan, other: Plan, target: str, groups: Sequence[Sequence[str]]) -> Array:
    """The number at every combination of clauses, B's where the bit of the clause is 1; shape ``(2 ** clauses,)``."""
    _check_stated(one, other, target, groups)
    rows = list(_values(one, other, groups))
    names = rows[0]
    columns = {n: np.array([row[n] for row in rows]) for n in names}
    # one that is the same everywhere stays a plain number
    given = {n: v[0].item() if (v == v[0]).all() or len(rows) == 1 else v for n, v in columns.items()}
    found = one._graph.run(given, [target])[target]
    if one[target].years is not None:
        found = found[one._show_year(target) - 1]
    found = np.broadcast_to(found, len(rows))
    ends = np.array([one[target].shown_value, other[target].shown_value])
    if not np.isfinite(found).all():
        raise NotStated(f"{target}: it is not defined at a mixture of the clauses of {one.text} and {other.text}")
    return np.concatenate([ends[:1], found[1:-1], ends[1:]]) if len(rows) > 1 else found


def _check_stated(one: Plan, other: Plan, target: str, groups: Sequence[Sequence[str]]) -> None:
    """Refuse where a mixture needs what one side does not state, as a switch of one and an option of the other may."""
    needed = {*one._leaves(target), *other._leaves(target)}
    unset = any(None in (one.parameters[n].value, other.parameters[n].value) for n in needed)
    for mixed in _mixed(one, other, groups) if unset else ():
        missing = one._with(mixed, one.formulas, frozenset())._missing(target)
        if missing is not None:
            raise NotStated(f"{target}: a mixture of the clauses of {one.text} and {other.text} needs {missing}, which one of "
                            "them does not state: set it on both sides with with_values")  # fmt: skip


def _values(one: Plan, other: Plan, groups: Sequence[Sequence[str]]) -> Iterator[dict[str, Any]]:
    """The inputs of each mixture as formulas see them."""
    for mixed in _mixed(one, other, groups):
        yield {n: np.nan if p.value is None else p.in_formulas(p.value) for n, p in mixed.items()}


def _mixed(one: Plan, other: Plan, groups: Sequence[Sequence[str]]) -> Iterator[dict[str, Parameter]]:
    """The parameters of each mixture; waits of the calendar follow their inputs."""
    for mask in range(2 ** len(groups)):
        taken = set(chain.from_iterable(levers for n, levers in enumerate(groups) if mask >> n & 1))
        mixed = {n: other.parameters[n] if n in taken else p for n, p in one.parameters.items()}
        yield derive(mixed, one._library.calendars)


def _shapley(values: Array, player: int) -> float:
    """The average over all orders of what a clause adds when it changes."""
    count = len(values).bit_length() - 1
    weights = [factorial(k) * factorial(count - 1 - k) / factorial(count) for k in range(count)]
    bit, noise = 1 << player, NOISE * float(np.max(np.abs(values)))
    added = (weights[mask.bit_count()] * (values[mask | bit] - values[mask]) for mask in range(len(values)) if not mask & bit)
    found = fsum(added)
    return found if abs(found) > noise else 0.0


def _stacked(values: Array, player: int) -> float:
    """What a clause adds when those before it have changed and those after it have not."""
    before = (1 << player) - 1
    return float(values[before | 1 << player] - values[before])
