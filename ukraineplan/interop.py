"""The model in the form in which its peers take it: SALib, the EMA Workbench and scipy run their own methods on it.

Every value that goes in or comes out is a bare number as formulas see it, in the unit that `plan[name].unit` names: 57 % is
0.57. Of a yearly target its headline year is taken. Of shares that belong together each after the first is drawn as a part,
from 0 to 1, of what the others leave; `inputs` of the model says what share that is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ukraineplan import words
from ukraineplan.distributions import Choice, Distribution, Lognormal, Normal, Pert, Triangular, Uniform, Whole
from ukraineplan.errors import InvalidValue, MissingExtra, unknown
from ukraineplan.plan import Plan
from ukraineplan.resolving import RARE
from ukraineplan.trace import NUMPY
from ukraineplan.uncertainty.factors import Factor, Labels, Rest, Sources
from ukraineplan.uncertainty.model import Model, model_of

Array = NDArray[Any]


@dataclass(frozen=True)
class Targets:
    """Some targets of a plan, a number each, as a function of what is drawn."""

    model: Model

    @cached_property
    def _rows(self) -> list[int]:
        """Where the model has them: of a yearly target the row of its headline year."""
        plan, rows = self.model.plan, self.model.rows
        ends = accumulate(rows.values())
        return [end - rows[t] + (plan._show_year(t) - 1 if plan[t].years else 0) for t, end in zip(rows, ends, strict=True)]

    def at(self, columns: Array) -> Array:
        """The targets, shape ``(targets, draws)``, at values of the factors, ``(factors, draws)``."""
        return self.model.at(columns)[self._rows]

    def finite(self, columns: Array) -> Array:
        """The same for a method that averages: what is not finite is refused, as an index would be wrong without a word.

        Raises
        ------
        InvalidValue
        """
        if columns.shape[:1] != (len(self.model.factors.names),) or columns.ndim != 2:
            wanted = f"{len(self.model.factors.names)} factors ({', '.join(self.model.factors.names)})"
            raise InvalidValue(f"samples have a value for each of {wanted}; these have the shape {columns.shape}")
        if not np.all(np.isfinite(columns)):
            raise InvalidValue("a row of the samples holds a value that is no finite number: leave it out")
        found = self.at(columns)
        if (bad := ~np.isfinite(found)).any():
            row, draw = np.argwhere(bad)[0]
            target, count = self.model.targets[row], int(bad[row].sum())
            formula = self.model.first_undefined(target, columns[:, draw])
            raise InvalidValue(f"{target} is not finite in {count:,} of {found.shape[1]:,} rows; {formula} is the first that is "
                               "not: narrow the ranges")  # fmt: skip
        return found


def _targets(plan: Plan, targets: str | Iterable[str], **what: Any) -> Model:
    """The model of some targets; `what` goes to `factors_of`."""
    names = (targets,) if isinstance(targets, str) else tuple(dict.fromkeys(targets))
    if not names:
        raise InvalidValue("targets is empty: name a formula")
    model = model_of(plan, names, **what)
    if not model.factors.names:
        raise InvalidValue(f"{words.join(names)} rests on nothing uncertain: name a lever or a convention too")
    return model


def _package(name: str, command: str) -> Any:
    try:
        return import_module(name)
    except ImportError:
        raise MissingExtra(f"this needs {name}: {command}") from None


# ------------------------------------------------------------------------------------------------------
# SALib


class SalibModel(Targets):
    """Some targets over rows of samples as SALib makes them: numbers drawn evenly, and parts of all cases for what is not."""

    @property
    def provisions(self) -> list[str]:
        """The provision of each factor: what SALib takes as `groups`."""
        return [f.provision for f in self.model.factors.factors]

    def columns(self, rows: Array) -> Array:
        """Samples, shape ``(rows, factors)``, as values of the factors, ``(factors, rows)``."""
        shapes = [f.distribution for f in self.model.factors.factors]
        return np.array([x if _in_its_unit(d) else d.at(np.clip(x, RARE, 1 - RARE)) for d, x in zip(shapes, rows.T, strict=True)])

    def inputs(self, rows: Array) -> dict[str, Array]:
        """The inputs of the formulas at samples, by name."""
        return self.model.inputs(self.columns(rows))

    def __call__(self, rows: Array) -> Array:
        """The target at every row; of several targets a column each.

        Raises
        ------
        InvalidValue
            If one is not finite somewhere.
        """
        rows = np.asarray(rows, float)
        known = rows.ndim == 2 and rows.shape[1] == len(self.model.factors.names)
        found = self.finite(self.columns(rows) if known else rows.T)
        return found.T if len(found) > 1 else found[0]


def salib(
    plan: Plan, targets: str | Iterable[str], *, also: str | Iterable[str] = (), sources: Sources = "leading"
) -> tuple[Any, SalibModel]:
    """The plan as SALib takes it: what is drawn, and the model for `evaluate`.

    Parameters
    ----------
    plan : Plan
    targets : str or iterable of str
        Formulas; they are the `outputs`.
    also : iterable of str
        Levers and conventions to draw too: levers from their range, conventions each option alike.
    sources : str
        ``"compete"`` makes the choice among competing sources a factor of its own.

    Returns
    -------
    problem : SALib.ProblemSpec
        Every factor is uniform and independent, so that each method of SALib applies: one drawn evenly from a range has the
        bounds of that range, every other (another distribution, whole numbers, options, a choice of sources) the bounds 0 and
        1, the part of all cases below its value. It has no groups; ``model.provisions`` can be set as such.
    model : SalibModel
        From samples, shape ``(rows, factors)``, to ``(rows,)``, or ``(rows, targets)`` of several. ``model.inputs(samples)``
        are the inputs behind them. A millionth at either end of 0 to 1 is cut off, where a normal number has no end.

    Raises
    ------
    MissingExtra
        Without SALib.
    UnknownName, NotStated
    InvalidValue
        Where nothing is uncertain, or a lever has no range.

    Examples
    --------
    >>> import ukraineplan as up
    >>> from ukraineplan import interop
    >>> problem, model = interop.salib(up.load(), "windfall_forgone")  # doctest: +SKIP
    >>> problem.sample_sobol(1024, seed=1).evaluate(model).analyze_sobol(seed=1)  # doctest: +SKIP
    """
    package = _package("SALib", "pip install SALib")
    model = _targets(plan, targets, also=also, sources=sources)
    shapes = [f.distribution for f in model.factors.factors]
    bounds = [[d.low, d.high] if _in_its_unit(d) else [0.0, 1.0] for d in shapes]
    return package.ProblemSpec(names=list(model.factors.names), bounds=bounds, outputs=list(model.targets)), SalibModel(model)


def _in_its_unit(d: Distribution) -> bool:
    """Whether a number is drawn evenly between two ends."""
    return isinstance(d, Uniform) and not isinstance(d, Whole) and d.low < d.high


# ------------------------------------------------------------------------------------------------------
# scipy


@dataclass(frozen=True)
class Quantiles:
    """A distribution with the one method that scipy asks of it."""

    distribution: Distribution

    def ppf(self, u: Array) -> Array:
        """The value below which a part `u` of all cases lies."""
        return self.distribution.at(u)


class ScipyFunction(Targets):
    """Some targets over columns of samples as `scipy.stats.sobol_indices` makes them."""

    def __call__(self, x: Array) -> Array:
        """The targets, shape ``(targets, n)``, at values of the factors, shape ``(factors, n)``.

        Raises
        ------
        InvalidValue
            If one is not finite somewhere, of which scipy would make indices of 0.
        """
        return self.finite(np.asarray(x))


class ScipyProblem(NamedTuple):
    """What `scipy.stats.sobol_indices` takes, and the names of the factors in the order of its answer."""

    func: ScipyFunction
    dists: Sequence[Quantiles]
    names: tuple[str, ...]


def scipy(
    plan: Plan, targets: str | Iterable[str], *, also: str | Iterable[str] = (), sources: Sources = "leading"
) -> ScipyProblem:
    """The plan as `scipy.stats.sobol_indices` takes it.

    Parameters
    ----------
    plan : Plan
    targets : str or iterable of str
    also, sources
        As in `salib`.

    Returns
    -------
    ScipyProblem
        `func` and `dists` for scipy, and `names`: the columns of its indices. The rows are the targets; of a single one scipy
        leaves them out.

    Raises
    ------
    UnknownName, NotStated
    InvalidValue
        Where nothing is uncertain, or a lever has no range.

    Examples
    --------
    >>> import numpy as np, ukraineplan as up
    >>> from scipy.stats import sobol_indices
    >>> from ukraineplan import interop
    >>> problem = interop.scipy(up.load(), "windfall_forgone")
    >>> found = sobol_indices(func=problem.func, dists=problem.dists, n=1024, rng=np.random.default_rng(1))
    >>> problem.names[found.total_order.argmax()]
    'deposit_rate'
    """
    model = _targets(plan, targets, also=also, sources=sources)
    return ScipyProblem(ScipyFunction(model), [Quantiles(f.distribution) for f in model.factors.factors], model.factors.names)


# ------------------------------------------------------------------------------------------------------
# EMA Workbench


@dataclass(frozen=True)
class EmaFunction(Targets):
    """Some targets over the inputs of one experiment, by name; it pickles as its plan does.

    `held` is what the plan itself says of each factor: it stands in for whatever an experiment leaves out.
    """

    held: Mapping[str, Any]

    def columns(self, experiments: Mapping[str, Any]) -> Array:
        """One experiment, or a table with a row an experiment, as values of the factors: shape ``(factors, experiments)``."""
        given = [self._drawn(n, experiments[n] if n in experiments else self.held[n]) for n in self.model.factors.names]
        return np.array(np.broadcast_arrays(*given))

    def inputs(self, experiments: Mapping[str, Any]) -> dict[str, Array]:
        """The inputs of the formulas in a table of experiments, by name."""
        return self.model.inputs(self.columns(experiments))

    def _drawn(self, name: str, given: Any) -> Array:
        rule = self.model.factors.rules.get(name)
        if not isinstance(rule, Labels):
            return np.atleast_1d(np.asarray(given, float))
        places = {label: float(k) for k, label in enumerate(rule.labels)}
        for label in np.atleast_1d(given):
            if label not in places:
                raise unknown(f"option of {name}", label, places)
        return np.array([places[label] for label in np.atleast_1d(given)])

    def __call__(self, **experiment: Any) -> dict[str, float]:
        """The targets by name; nan or infinite where one is undefined.

        Raises
        ------
        UnknownName
            For an input or an option that there is not.
        """
        for name in experiment:
            if name not in self.held:
                raise unknown("input of this model", name, self.held)
        return dict(zip(self.model.targets, map(float, self.at(self.columns(experiment))[:, 0]), strict=True))


def ema_workbench(
    plan: Plan, targets: str | Iterable[str], *, levers: Iterable[str] = (), conventions: Iterable[str] = ()
) -> Any:
    """The plan as a model of the EMA Workbench.

    Parameters
    ----------
    plan : Plan
    targets : str or iterable of str
        Formulas: a `ScalarOutcome` each.
    levers : iterable of str
        Its levers, each with its range or, where it has none, its limits.
    conventions : iterable of str
        Conventions to vary, categorical uncertainties.

    Returns
    -------
    ema_workbench.Model
        Named after the text, so that several texts can be run together. A range is a `RealParameter`, whole numbers an
        `IntegerParameter`, options a `CategoricalParameter`, another distribution a `RealParameter` with scipy's form of it.
        The default of each is the plan's own value, which holds wherever an experiment does not name it. An outcome that is
        undefined is nan or infinite. ``model.function.inputs(experiments)`` are the inputs behind a table of experiments.

    Raises
    ------
    MissingExtra
        Without the EMA Workbench.
    UnknownName, NotStated
    InvalidValue
        Where a lever is none, has no range, or does not matter to any target.

    Notes
    -----
    The workbench's own Sobol, Morris and FAST samplers draw every number evenly between its bounds, whatever its distribution:
    where somebody claims one, leave it to the Latin hypercube, or use `salib`.

    Examples
    --------
    >>> import ema_workbench, ukraineplan as up  # doctest: +SKIP
    >>> from ukraineplan import interop
    >>> model = interop.ema_workbench(up.load(), "us_profit_total", levers=["us_profit_share"])  # doctest: +SKIP
    >>> experiments, outcomes = ema_workbench.perform_experiments(model, scenarios=100, policies=2)  # doctest: +SKIP
    """
    package = _package("ema_workbench", "pip install ema-workbench")
    levers, conventions = tuple(levers), tuple(conventions)
    model = _targets(plan, targets, also=levers + conventions)
    _check_roles(model, {"lever": levers, "convention": conventions})
    held = {name: _held(model, name) for name in model.factors.names}
    found = package.Model("".join(filter(str.isalnum, plan.text)), function=EmaFunction(model, held))
    varied = [f for f in model.factors.factors if f.distribution.low < f.distribution.high]
    found.uncertainties = [_parameter(package, model, f, held[f.name]) for f in varied if f.role != "lever"]
    found.levers = [_parameter(package, model, f, held[f.name]) for f in varied if f.role == "lever"]
    found.outcomes = [package.ScalarOutcome(name) for name in model.targets]
    return found


def _check_roles(model: Model, named: Mapping[str, Sequence[str]]) -> None:
    for role, name in ((role, name) for role, names in named.items() for name in names):
        if (is_a := model.plan.parameters[name].role) != role:
            raise InvalidValue(f"{name} is no {role}: its role is '{is_a}'")
        if name not in model.factors.names:
            raise InvalidValue(f"{words.join(model.targets)} does not rest on {name}: leave it out")


def _held(model: Model, name: str) -> Any:
    """What the plan says of a factor; of one that is a part of what others leave, the part that gives the plan's share."""
    values, rule = model.plan._values, model.factors.rules.get(name)
    if not isinstance(rule, Rest):
        return values.get(name, np.nan)
    lowest, highest = (float(rule({**values, name: part}, NUMPY)) for part in (0.0, 1.0))
    return (values[name] - lowest) / (highest - lowest) if lowest < highest else 0.0


def _parameter(package: Any, model: Model, factor: Factor, held: Any) -> Any:
    """A factor as a parameter of the workbench."""
    name, d, rule = factor.name, factor.distribution, model.factors.rules.get(factor.name)
    if isinstance(d, Choice):
        return package.CategoricalParameter(name, rule.labels if isinstance(rule, Labels) else d.options, default=held)
    if isinstance(d, Whole):
        return package.IntegerParameter(name, math.ceil(d.low), math.floor(d.high), default=held)
    if isinstance(d, Triangular | Normal):
        return package.RealParameter.from_dist(name, _frozen(d), default=held, pff=False)  # it leaves pff unset itself
    return package.RealParameter(name, d.low, d.high, default=held)


def _frozen(d: Triangular | Normal) -> Any:
    """A distribution whose density is not even, in scipy's terms."""
    stats, width = import_module("scipy.stats"), d.high - d.low
    if isinstance(d, Pert):
        return stats.beta(d.left + 1, d.right + 1, d.low, width)
    if isinstance(d, Triangular):
        return stats.triang((d.mode - d.low) / width, d.low, width)
    if isinstance(d, Lognormal):
        centre, spread = d._log.centre_and_spread
        return stats.lognorm(spread, scale=math.exp(centre))
    return stats.norm(*d.centre_and_spread)
