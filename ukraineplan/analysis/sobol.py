"""What drives a number: how much of its variance falls to each uncertain input, by itself, with others, and shared out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from ukraineplan import words
from ukraineplan.analysis.ranking import STRETCHES, is_assumed, resting_on, standing, stretched
from ukraineplan.errors import InvalidValue
from ukraineplan.number import Number
from ukraineplan.plan import Plan
from ukraineplan.uncertainty.draws import REPLICATES, balanced
from ukraineplan.uncertainty.exact import NotSeparable, exact_indices
from ukraineplan.uncertainty.factors import Factor, Sources, drawn_as
from ukraineplan.uncertainty.indices import Effect, Estimate, Indices, has_effect
from ukraineplan.uncertainty.model import Model, model_of
from ukraineplan.uncertainty.narrowing import narrowing
from ukraineplan.uncertainty.pick_freeze import NotFinite, pick_freeze

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

Array = NDArray[Any]
By = Literal["provision", "source", "role"]
Route = Literal["auto", "exact", "pick-freeze"]

GROUPINGS: Final[tuple[By, ...]] = ("provision", "source", "role")
FEWEST: Final = 64  # draws that pick-freeze needs
RANKING_DRAWS: Final = 2**12  # draws with which the ranking is tried on other ranges


@dataclass(frozen=True)
class Driver:
    """One thing that is drawn and what it does to the number; effects are parts of the variance.

    `narrows_by` is how much narrower the range of nine draws in ten would be if this one were known, in the number's unit.
    """

    factor: Factor
    effect: Effect
    narrows_by: Estimate

    @property
    def name(self) -> str:
        """Its name."""
        return self.factor.name

    @property
    def label(self) -> str:
        """Its label."""
        return self.factor.label


@dataclass(frozen=True, eq=False)
class Sobol:
    """Variance-based indices of a number, the largest total effect first.

    `span` is where nine draws in ten lie, in the number's unit.
    """

    model: Model
    number: Number
    indices: Indices
    rows: tuple[Driver, ...]
    span: tuple[float, float]
    draws: int
    seed: int

    @property
    def method(self) -> str:
        """How the indices were found, and how `narrows_by`."""
        drawn = drawn_as(self.model.factors.factors)
        return (f"Indices {self.indices.method}; narrowing from {self.draws:,} Sobol draws, seed {self.seed}; {drawn}"
                f"{self.model.how}")  # fmt: skip

    @property
    def error(self) -> str:
        """What the error beside each figure means."""
        if self.indices.method == "exact":
            return "of an index a bound from a second, finer grid; of a narrowing half the width of its 95 % interval"
        return "beside each figure: half the width of its 95 % interval, from eight independent parts of the sample"

    @property
    def varies(self) -> bool:
        """Whether the number varies at all."""
        return self.indices.variance.value > 0

    @property
    def moving(self) -> tuple[Driver, ...]:
        """The inputs that have an effect."""
        return tuple(d for d in self.rows if has_effect(d.effect))

    # -- tables ------------------------------------------------------------------------------------

    def to_frame(self) -> pd.DataFrame:
        """A row an input: effects as parts of the variance and `narrows_by` in the number's unit, each with its error."""
        import pandas as pd

        rows = [
            {"name": d.name, "label": d.label, "role": d.factor.role, "basis": d.factor.basis, **_columns(d.effect),
             "narrows_by": d.narrows_by.value, "narrows_by_error": d.narrows_by.error, "unit": self.number.unit,
             "method": self.indices.method} for d in self.rows
        ]  # fmt: skip
        return pd.DataFrame(rows).set_index("name")

    def groups(self, by: By) -> pd.DataFrame:
        """A row a group of inputs: by provision, by the source of their number, or by role.

        `first` holds what its members do among themselves, `total` adds what they do with others.

        Raises
        ------
        InvalidValue
        """
        import pandas as pd

        if by not in GROUPINGS:
            raise InvalidValue(f"inputs are grouped by {words.join(GROUPINGS, 'or')}, not by {by!r}")
        members = self.model.factors.groups(by)
        rows = [
            {by: key, "inputs": len(names), **_columns(self.indices.groups[_key(by, key)])} for key, names in members.items()
        ]
        return pd.DataFrame(rows).set_index(by).sort_values("total", ascending=False, kind="stable")

    # -- words -------------------------------------------------------------------------------------

    @property
    def sentence(self) -> str:
        """What drives the number most, what the ranking rests on, and whether it stands on other ranges."""
        n = self.number
        if not self.varies:
            return f"{n.label}{n.when}: nothing that was drawn moves it."
        if not self.moving:
            return f"{n.label}{n.when}: {self.draws:,} draws are too few to tell what drives it."
        span, most = words.span(*self.span, n.unit), self.rows[0]
        if len(self.moving) == 1:
            return f"{n.label}{n.when}: '{most.label}' ({most.factor.basis}) alone moves it; nine draws in ten lie from {span}."
        alone, total = (words.estimate(*e, "share") for e in (most.effect.first, most.effect.total))
        inputs = resting_on(d.factor.basis for d in self.moving)
        narrower = words.narrower(*most.narrows_by, n.unit)
        return (f"{n.label}{n.when}: of {inputs} '{most.label}' drives it most, {alone} of the variance by itself and {total} "
                f"together with others; if it were known, the range of nine draws in ten, {span}, would on average be narrower "
                f"by {narrower}. {self.standing}")  # fmt: skip

    @property
    def held(self) -> str:
        """What was not drawn, in words: levers and readings of the words stay as they are unless they are named."""
        drawn, plan = {d.factor.parameter for d in self.rows}, self.model.plan
        rest = [plan.parameters[n].role for n in plan._active_leaves(self.number.name) if n not in drawn]
        levers, readings = rest.count("lever"), rest.count("convention")
        told = [f"{levers} lever{'s' if levers > 1 else ''}"] if levers else []
        told += [f"{readings} reading{'s' if readings > 1 else ''} of the words"] if readings else []
        return f"Held as they are: {words.join(told)}." if told else ""

    @cached_property
    def standing(self) -> str:
        """Whether the inputs that drive it most stay the same when the assumed ranges are halved and doubled."""
        parameters = self.model.plan.parameters
        if not any(is_assumed(parameters[d.factor.parameter]) for d in self.moving):
            return "None of their ranges is assumed."
        tried = {said: _ranking(self._on(stretched(self.model.plan, by))) for said, by in STRETCHES.items()}
        return standing(_ranking(self.indices.effects), tried)

    def _on(self, plan: Plan) -> Mapping[str, Effect]:
        """The effects in a plan with other ranges."""
        route: Route = "auto" if self.indices.method == "exact" else "pick-freeze"
        return _indices(self.model.of(plan), self.number.name, {}, route, RANKING_DRAWS, self.seed).effects

    def plot(self) -> Axes:
        """Bars of first-order and total effects with their errors."""
        from ukraineplan.analysis import plots

        drawn: Axes = plots.sobol(self)
        return drawn

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.sentence}>"

    def _repr_html_(self) -> str:
        return f"<p>{escape(self.sentence)}</p>{self.to_frame().to_html()}<p><small>{escape(self.method)}</small></p>"


def sobol(
    plan: Plan, target: str, *, method: Route = "auto", sources: Sources = "leading", also: str | Iterable[str] = (),
    draws: int = 2**14, seed: int = 0,
) -> Sobol:  # fmt: skip
    """What drives a number: variance-based indices of everything uncertain that it rests on.

    Parameters
    ----------
    plan : Plan
    target : str
        A formula; of a yearly one its headline year is taken.
    method : str
        ``"exact"``: sums of products on quadrature grids, with the error that a second, finer grid shows; refused where the
        number does not separate. ``"pick-freeze"``: scrambled Sobol points, first order after Saltelli et al. (2010), total
        after Jansen (1999), Shapley effects after Goda (2021). ``"auto"``: exact where that holds, else pick-freeze.
    sources : str
        ``"compete"`` makes the choice among competing sources an input of its own.
    also : str or iterable of str
        Levers and conventions to draw too.
    draws : int
        Points of pick-freeze, which runs the model about twice as often as there are inputs at each; and of the narrowing.
        Rounded up to a power of two.
    seed : int
        0 is a seed like others.

    Returns
    -------
    Sobol

    Raises
    ------
    UnknownName, NotStated
    InvalidValue
        Where nothing is uncertain, the method is unknown or does not apply, or the number is not finite in some draws.

    Examples
    --------
    >>> import ukraineplan as up
    >>> found = up.sobol(up.load(), "windfall_forgone")
    >>> found.rows[0].name, round(found.rows[0].effect.first.value, 2)
    ('deposit_rate', 0.82)
    """
    if method not in ("auto", "exact", "pick-freeze"):
        raise InvalidValue(f"the method is 'auto', 'exact' or 'pick-freeze', got {method!r}")
    made = balanced(draws, "sobol")
    if made < FEWEST:
        raise InvalidValue(f"draws is at least {FEWEST} here, got {draws}")
    model = model_of(plan, [target], also=also, sources=sources)
    factors = model.factors
    if not factors.names:
        raise InvalidValue(f"{target} rests on nothing uncertain: name a lever or a convention with also=... (--also)")
    groups = {_key(by, key): names for by in GROUPINGS for key, names in factors.groups(by).items()}
    narrows, span = _narrowing(model, made, seed)
    found = _indices(model, target, groups, method, made, seed)
    rows = [Driver(f, found.effects[f.name], n) for f, n in zip(factors.factors, narrows, strict=True)]
    rows.sort(key=lambda d: (-d.effect.total.value, d.name))
    return Sobol(model, plan[target], found, tuple(rows), span, made, int(seed))


def _key(by: By, key: str) -> str:
    return f"{by}: {key}"


def _columns(effect: Effect) -> dict[str, float]:
    """Each index with its error."""
    return {name + suffix: part for name, e in effect._asdict().items() for suffix, part in (("", e.value), ("_error", e.error))}


def _indices(
    model: Model, target: str, groups: Mapping[str, frozenset[str]], method: Route, draws: int, seed: int
) -> Indices:
    """The effects by the exact route where it holds, else by pick-freeze; the method says why."""
    plan, factors = model.plan, model.factors
    year = plan._show_year(target) if plan[target].years else None
    why = f"{', '.join(model.untraced)} cannot be traced" if model.untraced else ""
    if method != "pick-freeze" and not why:
        shapes = {f.name: f.distribution for f in factors.factors}
        try:
            return exact_indices(plan._graph, target, model.held, shapes, factors.place, groups, year=year)
        except NotSeparable as error:
            why = str(error)
    if method == "exact":
        raise InvalidValue(f"{target} has no exact indices, as {why}: use method='pick-freeze'")
    row = (year or 1) - 1
    try:
        found = pick_freeze(lambda u: model.at(model.columns(u))[row], factors.names, groups, draws=draws, seed=seed)
    except NotFinite as error:
        raise _not_finite(model, target, error.point, f"at {error.count:,} of {error.asked:,} points") from None
    return replace(found, method=f"{found.method}, as {why}") if why else found


def _narrowing(model: Model, draws: int, seed: int) -> tuple[list[Estimate], tuple[float, float]]:
    """How much each factor narrows the range of nine draws in ten, and that range."""
    target = model.targets[0]
    u = model.points(draws, seed=seed)
    found = model.at(model.columns(u))
    results = found[model.plan._show_year(target) - 1 if len(found) > 1 else 0]
    if (bad := ~np.isfinite(results)).any():
        raise _not_finite(model, target, u[:, int(np.argmax(bad))], f"at {int(bad.sum()):,} of {draws:,} points")
    levels = [f.distribution.levels for f in model.factors.factors]
    low, high = np.quantile(results, (0.05, 0.95), method="hazen")
    return narrowing(u, results, np.arange(draws) % REPLICATES, levels), (float(low), float(high))


def _not_finite(model: Model, target: str, point: Array, where: str) -> InvalidValue:
    """The error that names the formula, and the values with which it happens."""
    column = model.columns(point[:, None])
    said = ", ".join(f"{n}={float(v):.6g}" for n, v in zip(model.factors.names, column[:, 0], strict=True))
    formula = model.first_undefined(target, column[:, 0])
    return InvalidValue(f"{target} is not finite {where}, so its variance is not defined; {formula} is the first that is not, "
                        f"as at {said}: narrow the ranges, or mend the formula")  # fmt: skip


def _ranking(effects: Mapping[str, Effect]) -> list[str]:
    """The names of what has an effect, by their total effect, the largest first."""
    moving = [name for name, effect in effects.items() if has_effect(effect)]
    return sorted(moving, key=lambda name: (-effects[name].total.value, name))


