"""How uncertain are the numbers? Draws of all that is uncertain, together."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from ukraineplan import words
from ukraineplan.errors import InvalidValue, unknown
from ukraineplan.number import Number
from ukraineplan.plan import Plan
from ukraineplan.uncertainty.draws import Method, balanced
from ukraineplan.uncertainty.factors import Sources, drawn_as
from ukraineplan.uncertainty.indices import Estimate
from ukraineplan.uncertainty.model import Model, Progress, model_of
from ukraineplan.uncertainty.statistics import summary
from ukraineplan.units import DATE, parse, registry

if TYPE_CHECKING:
    import pandas as pd
    import pint
    from matplotlib.axes import Axes

Array = NDArray[Any]

FAN: Final = (5, 25, 50, 75, 95)
"""Percentiles of a fan of years."""


@dataclass(frozen=True)
class Undefined:
    """A number that is not finite in some draws: in how many, the first of them, and the formula where it starts."""

    name: str
    count: int
    draw: int
    formula: str


@dataclass(frozen=True, eq=False)
class Sample:
    """Numbers of a plan at many draws of what is uncertain; levers and conventions are held unless they were named.

    `columns` are the factors drawn, shape ``(factors, draws)``, as formulas see them; `results` the targets one under
    the other, shape ``(rows, draws)``, a yearly target with a row a year. Neither can be changed.
    """

    model: Model
    asked: int
    seed: int
    kind: Method
    columns: Array
    results: Array

    @property
    def plan(self) -> Plan:
        """The plan that was drawn."""
        return self.model.plan

    @property
    def targets(self) -> tuple[str, ...]:
        """The names of the numbers."""
        return self.model.targets

    @property
    def draws(self) -> int:
        """How many draws were made."""
        return int(self.results.shape[1])

    # -- the numbers -------------------------------------------------------------------------------

    def values(self, name: str) -> Array:
        """The bare draws of a target in its unit: shape ``(draws,)``, yearly ones ``(years, draws)``.

        Raises
        ------
        UnknownName
        """
        if name not in self.targets:
            raise unknown("target of this sample", name, self.targets)
        rows, start = self.model.rows, 0
        for target in self.targets[: self.targets.index(name)]:
            start += rows[target]
        found = self.results[start : start + rows[name]]
        return found if self.plan[name].years else found[0]

    def quantity(self, name: str) -> pint.Quantity[Any]:
        """The draws of a target with their unit, as a quantity of the library's own pint registry."""
        return registry().Quantity(self.values(name), parse(self.plan[name].unit))

    def shown(self, name: str) -> Array:
        """The draws that tables take: of a yearly target those of its headline year, shape ``(draws,)``."""
        found = self.values(name)
        return found[self.plan._show_year(name) - 1] if found.ndim == 2 else found

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self.columns.flags.writeable = self.results.flags.writeable = False  # which a pickle forgets

    def plan_at(self, draw: int) -> Plan:
        """The plan with the values of one draw: its numbers are those of the sample at that draw.

        Raises
        ------
        InvalidValue
        """
        if not isinstance(draw, (int, np.integer)) or not 0 <= draw < self.draws:
            raise InvalidValue(f"draws run from 0 to {self.draws - 1}, got {draw}")
        found = self.model.inputs(self.columns[:, draw : draw + 1])
        return self.plan.with_values(**{n: self._typed(n, v) for n, v in found.items() if n in self.plan.parameters})

    def _typed(self, name: str, value: Any) -> Any:
        """A drawn value as `with_values` takes it."""
        p, one = self.plan.parameters[name], np.reshape(value, -1)[0]
        if p.labelled:
            return str(one)
        if p.unit == DATE:
            return words.day(float(one))
        found = float(one) / p.in_formulas(1.0)
        if p.choices:
            return min(p.choices, key=lambda c: abs(float(c) - found))
        low, high = p.limits
        return f"{min(max(found, low), high)!r} {p.unit}"

    # -- what they say -----------------------------------------------------------------------------

    @cached_property
    def statistics(self) -> dict[str, dict[str, Estimate]]:
        """By target: mean, sd, p5, p50 and p95, each with its error; nan where the target is undefined in some draws."""
        bad = {u.name for u in self.undefined}
        shown = {t: np.full(self.draws, np.nan) if t in bad else self.shown(t) for t in self.targets}
        return {t: summary(draws, even=self.kind == "sobol") for t, draws in shown.items()}

    @cached_property
    def undefined(self) -> tuple[Undefined, ...]:
        """The targets that are not finite in some draws; nothing is averaged over those."""
        found = []
        for name in self.targets:
            bad = ~np.isfinite(np.atleast_2d(self.values(name))).all(axis=0)
            if bad.any():
                draw = int(np.argmax(bad))
                formula = self.model.first_undefined(name, self.columns[:, draw])
                found.append(Undefined(name, int(bad.sum()), draw, formula))
        return tuple(found)

    def summary(self) -> pd.DataFrame:
        """A row a target: mean, sd and percentiles in its unit, each with its error; and in how many draws it is undefined."""
        import pandas as pd

        counts = {u.name: u.count for u in self.undefined}
        rows: dict[str, dict[str, Any]] = {}
        for name, found in self.statistics.items():
            rows[name] = {"label": self.plan[name].label}
            for statistic, (value, error) in found.items():
                (told,) = words.days([value], self.plan[name].unit if statistic != "sd" else "day")
                rows[name] |= {statistic: told, f"{statistic}_error": error}
            rows[name] |= {"undefined": counts.get(name, 0), "unit": self.plan[name].unit}
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("name")

    def to_frame(self) -> pd.DataFrame:
        """A row a draw: the drawn inputs, then the targets, yearly ones in their headline year."""
        import pandas as pd

        columns = {n: np.broadcast_to(v, self.draws) for n, v in self.model.inputs(self.columns).items()}
        shown = {t: words.days(self.shown(t), self.plan[t].unit) for t in self.targets}
        return pd.DataFrame(columns | shown).rename_axis("draw")

    def histogram(self, name: str, bins: int = 40) -> pd.DataFrame:
        """A row a bar: `low`, `high` in the target's unit, and the part of all draws between them; undefined ones are in none.

        Raises
        ------
        UnknownName, InvalidValue
        """
        import pandas as pd

        if not isinstance(bins, (int, np.integer)) or bins < 1:
            raise InvalidValue(f"bins is a whole number above 0, got {bins!r}")

        shown = self.shown(name)
        counts, edges = np.histogram(shown[np.isfinite(shown)], bins=bins)
        bars = {"low": edges[:-1], "high": edges[1:], "share": counts / self.draws, "unit": self.plan[name].unit}
        return pd.DataFrame(bars)

    def fan(self, name: str) -> pd.DataFrame:
        """Percentiles of a yearly target, a row a calendar year.

        Raises
        ------
        UnknownName
        InvalidValue
            If the target has no years.
        """
        import pandas as pd

        found, years = self.values(name), self.plan[name].years
        if years is None:
            raise InvalidValue(f"{name} has no years: its spread is in summary() and histogram()")
        quantiles = np.quantile(found, np.array(FAN) / 100, axis=1, method="hazen")
        columns = {f"p{p}": row for p, row in zip(FAN, quantiles, strict=True)}
        return pd.DataFrame(columns, index=pd.Index(years, name="year")).assign(unit=self.plan[name].unit)

    @property
    def method(self) -> str:
        """How it was drawn."""
        kind = "scrambled Sobol points" if self.kind == "sobol" else "independent random draws"
        asked = "" if self.asked == self.draws else f" ({self.asked:,} were asked for; Sobol points come in powers of two)"
        return f"{self.draws:,} {kind}{asked}, seed {self.seed}; {drawn_as(self.model.factors.factors)}{self.model.how}"

    @property
    def error(self) -> str:
        """What is known of its error."""
        if all(np.isnan(found["mean"].error) for found in self.statistics.values()):
            return "unknown: too few draws to tell" if not self.undefined else "none told where a number is not defined"
        return "beside each figure: half the width of its 95 % interval, from eight independent parts of the sample"

    @property
    def sentence(self) -> str:
        """One sentence about the first target that moves: where nine draws in ten lie, and what was drawn."""
        return self.sentence_of(next((t for t in self.targets if np.ptp(self.shown(t))), self.targets[0]))

    def sentence_of(self, name: str) -> str:
        """The same about any target."""
        n: Number = self.plan[name]
        if name in (bad := {u.name: u for u in self.undefined}):
            u = bad[name]
            return (f"{n.label}: not defined in {u.count:,} of {self.draws:,} draws, so nothing is averaged; it starts at "
                    f"{u.formula}, and plan_at({u.draw}) is such a draw.")  # fmt: skip
        if np.ptp(self.shown(name)) == 0:
            return f"{n.label}{n.when}: {n.display}; nothing that was drawn moves it."
        found = self.statistics[name]
        low, high = found["p5"].value, found["p95"].value
        span = words.span(low, high, n.unit)
        middle = words.display(found["mean"].value, n.unit, low=low, high=high)
        moving = self.model.below(name)
        kind = "uncertain input" if all(f.role == "uncertainty" for f in moving) else "input"
        inputs = f"{len(moving)} {kind}{'s' if len(moving) > 1 else ''}"
        median = words.display(found["p50"].value, n.unit, low=low, high=high)
        return (f"{n.label}{n.when}: {n.display} in the plan; over {self.draws:,} draws of {inputs} the median is {median}, the "
                f"mean {middle}, and nine draws in ten lie from {span}; {drawn_as(moving)}.")  # fmt: skip

    def plot(self, name: str | None = None) -> Axes:
        """A histogram of a target, or its fan of years; of the first one if none is named."""
        from ukraineplan.analysis import plots

        drawn: Axes = plots.sample(self, name or self.targets[0])
        return drawn

    def __repr__(self) -> str:
        return f"<Sample of {len(self.targets)} target{'s' if len(self.targets) > 1 else ''}, {self.draws:,} draws>"

    def _repr_html_(self) -> str:
        return f"<p>{escape(self.sentence)}</p>{self.summary().to_html()}<p><small>{escape(self.method)}</small></p>"


def sample(
    plan: Plan, targets: str | Iterable[str] | None = None, *, draws: int = 2**14, seed: int = 0, method: Method = "sobol",
    sources: Sources = "leading", also: str | Iterable[str] = (), executor: Executor | None = None,
    progress: Progress | None = None,
) -> Sample:  # fmt: skip
    """Numbers of a plan at many draws of all that is uncertain, together.

    Parameters
    ----------
    plan : Plan
    targets : str or iterable of str, optional
        Formulas; every one that the text determines if left out.
    draws : int
        Under ``"sobol"`` a number that is no power of two is rounded up to one. More draws keep the first ones.
    seed : int
        0 is a seed like others.
    method : str
        ``"sobol"``: scrambled Sobol points (Owen 1995), in eight independent parts; ``"random"``: independent draws. Either
        way a parameter's draws depend on seed and name alone, whatever else is drawn.
    sources : str
        ``"compete"`` lets a parameter with competing facts be drawn from any of its sources, each alike.
    also : str or iterable of str
        Levers and conventions to draw too: levers from their range, conventions each option alike.
    executor : concurrent.futures.Executor, optional
        Computes chunks of draws; results do not depend on it.
    progress : function, optional
        Called with the draws done and the draws in all.

    Returns
    -------
    Sample

    Raises
    ------
    UnknownName, NotStated
    InvalidValue
        For a number of draws, a seed or a method that is none; where nothing is uncertain; where memory would not do.

    Examples
    --------
    >>> import ukraineplan as up
    >>> drawn = up.sample(up.load(), "force_reduction", draws=2**10)
    >>> round(drawn.statistics["force_reduction"]["mean"].value, -2)
    290000.0
    """
    made, named = balanced(draws, method), _names(plan, targets)
    model = model_of(plan, named, also=also, sources=sources)
    if not model.factors.names:
        raise InvalidValue(f"{words.join(named)} rests on nothing uncertain: name a lever or a convention with also=...")
    columns = model.columns(model.points(made, seed=seed, method=method))
    results = model.at(columns, executor=executor, progress=progress)
    columns.flags.writeable = results.flags.writeable = False
    return Sample(model, int(draws), int(seed), method, columns, results)


def _names(plan: Plan, targets: str | Iterable[str] | None) -> tuple[str, ...]:
    if targets is None:
        return tuple(n for n in plan.formulas if plan[n].value is not None)
    if not isinstance(targets, Iterable):
        raise InvalidValue(f"targets is the name of a formula or a list of names, got {targets!r}")
    found = (targets,) if isinstance(targets, str) else tuple(dict.fromkeys(targets))
    if not found:
        raise InvalidValue("targets is empty: name a formula, or leave targets out for all of them")
    return found
