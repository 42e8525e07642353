"""The targets of a plan as one function of what is drawn, run in chunks that fit the processor's cache."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ukraineplan.errors import InvalidValue
from ukraineplan.library import shipped_library
from ukraineplan.plan import Plan
from ukraineplan.tape import Tape, record
from ukraineplan.trace import NUMPY
from ukraineplan.uncertainty.draws import Method, points
from ukraineplan.uncertainty.factors import SOURCE, Factor, Factors, Rivals, factors_of, names_in
from ukraineplan.years import HORIZON

Array = NDArray[Any]
Progress = Callable[[int, int], None]

CHUNK: Final = 2**13
"""Draws that are computed at once, whoever computes them."""

MEMORY_SHARE: Final = 0.5
"""The part of the machine's memory that one answer may take."""


@dataclass(frozen=True)
class Model:
    """Some targets of a plan over their factors; `drawn` says which those are, as `factors_of` takes it."""

    plan: Plan
    targets: tuple[str, ...]
    factors: Factors
    drawn: Mapping[str, Any] = field(default_factory=dict)

    def of(self, plan: Plan) -> Model:
        """The same targets over the same factors of another plan."""
        return model_of(plan, self.targets, **self.drawn)

    @cached_property
    def untraced(self) -> list[str]:
        """Formulas below the targets that cannot be traced: then plain functions run, chunk by chunk."""
        return [n for n in self.plan.formulas if any(n in self.plan._graph.untraced(t) for t in self.targets)]

    def below(self, target: str) -> list[Factor]:
        """The factors that one of the targets rests on."""
        needed = self.plan._graph.needs(target)
        return [f for f in self.factors.factors if f.parameter in needed]

    @property
    def how(self) -> str:
        """How the targets are computed, where that is not from their trace."""
        if not self.untraced:
            return ""
        return f"; plain functions in chunks, as {', '.join(self.untraced)} cannot be traced"

    @cached_property
    def held(self) -> dict[str, Any]:
        """The inputs that are not drawn; those without a value are of options that are not taken."""
        return {n: np.nan for n in self.plan.parameters} | self.plan._values

    @cached_property
    def rows(self) -> dict[str, int]:
        """How many numbers each target has: one, or one a year."""
        return {t: HORIZON if self.plan._graph.yearly(t) else 1 for t in self.targets}

    @cached_property
    def _tape(self) -> Tape | None:
        """The targets as array operations; None where a formula cannot be traced."""
        if self.untraced:
            return None
        return record(self.plan._graph, self.targets, self.held, self.factors.names, self.factors.place)

    def _plain(self, columns: Array) -> Array:
        drawn = self.factors.place(dict(zip(self.factors.names, columns, strict=True)), NUMPY)
        found = self.plan._graph.run({**self.held, **drawn}, self.targets)
        return np.concatenate([np.broadcast_to(found[t], (self.rows[t], columns.shape[1])) for t in self.targets])

    def points(self, draws: int, *, seed: int, method: Method = "sobol") -> Array:
        """Uniform points of the factors, shape ``(factors, draws)``.

        Raises
        ------
        InvalidValue
            For a seed that is none; where they and the results would not fit into memory.
        """
        check_memory(sum(self.rows.values()) + 6 * len(self.factors.names), draws)
        return points(self.factors.names, draws, seed=seed, method=method, order=coordinates(self.plan))

    def columns(self, u: Array) -> Array:
        """What is drawn at uniform points, shape ``(factors, draws)``, as formulas see it."""
        return np.array([f.distribution.at(row) for f, row in zip(self.factors.factors, u, strict=True)]).reshape(u.shape)

    def inputs(self, columns: Array) -> dict[str, Array]:
        """The inputs that vary, and which source is right, by name."""
        drawn = dict(zip(self.factors.names, columns, strict=True))
        return self.factors.place(drawn, NUMPY) | dict(self._sources(drawn))

    def _sources(self, drawn: Mapping[str, Array]) -> Iterator[tuple[str, Array]]:
        """The fact that is right in each draw, where sources compete."""
        for f in self.factors.factors:
            rule = self.factors.rules.get(f.parameter)
            if f.is_source and isinstance(rule, Rivals):
                yield f.name, np.array(rule.facts)[drawn[f.name].astype(int)]

    def at(self, columns: Array, *, executor: Executor | None = None, progress: Progress | None = None) -> Array:
        """The targets at drawn values: shape ``(rows, draws)``.

        Parameters
        ----------
        columns : array
            Shape ``(factors, draws)``.
        executor : concurrent.futures.Executor, optional
            Computes the chunks. Chunks do not depend on it, so neither do results. Plain functions stay here.
        progress : function, optional
            Called with the draws done and the draws in all.
        """
        if progress is not None and not callable(progress):
            raise InvalidValue(f"progress is a function of the draws done and the draws in all, got {progress!r}")
        draws = columns.shape[1]
        found = np.empty((sum(self.rows.values()), draws))
        parts = [slice(start, min(start + CHUNK, draws)) for start in range(0, draws, CHUNK)]
        for part, result in zip(parts, self._results(columns, parts, executor), strict=True):
            found[:, part] = result
            if progress is not None:
                progress(part.stop, draws)
        return found

    def _results(self, columns: Array, parts: Sequence[slice], executor: Executor | None) -> Iterator[Array]:
        run = self._plain if self._tape is None else self._tape.run
        if executor is None or self._tape is None:
            yield from (run(columns[:, part]) for part in parts)
            return
        if not isinstance(executor, Executor):
            raise InvalidValue(f"executor is a concurrent.futures.Executor, got {executor!r}")
        try:
            waiting: list[Future[Array]] = [executor.submit(run, columns[:, part]) for part in parts]
        except RuntimeError as error:
            raise InvalidValue(f"the executor takes no work ({error}): give one that is open") from None
        try:
            yield from (future.result() for future in waiting)
        finally:  # interrupted, or one failed: the others need not start
            for future in waiting:
                future.cancel()

    def first_undefined(self, target: str, column: Array) -> str:
        """The first formula below a target that is not finite at one draw."""
        drawn = self.factors.place(dict(zip(self.factors.names, column, strict=True)), NUMPY)
        plain = {n: v[()] if np.ndim(v) == 0 and not isinstance(v, str) else v for n, v in drawn.items()}
        values = {**self.held, **{n: str(v) if isinstance(v, np.str_) else v for n, v in plain.items()}}
        known = self.plan._graph.run(values, [target])
        return next(n for n in self.plan._graph.formulas if n in known and not np.all(np.isfinite(known[n])))


def model_of(plan: Plan, targets: Collection[str], **what: Any) -> Model:
    """Some targets over what is drawn of them; `what` goes to `factors_of`.

    Raises
    ------
    UnknownName, InvalidValue
    NotStated
        If the text does not determine a target.
    """
    for target in targets:
        plan[target].required  # raises where there is no number  # noqa: B018
    what["also"] = names_in(what.get("also", ()))  # kept, so that another plan can be asked the same
    return Model(plan, tuple(targets), factors_of(plan, targets, **what), what)


def check_memory(rows: int, draws: int) -> None:
    """Refuse what cannot fit, before anything is computed.

    Raises
    ------
    InvalidValue
    """
    wanted, there = 8.0 * rows * draws, _memory()
    if wanted > MEMORY_SHARE * there:
        raise InvalidValue(f"{draws:,} draws of {rows:,} numbers need {wanted / 2**30:,.1f} GiB, and this machine has "
                           f"{there / 2**30:,.1f}: ask for fewer draws, or for fewer numbers")  # fmt: skip


def _memory() -> float:
    """The memory of this machine in bytes; where it does not say, 8 GiB."""
    try:
        return float(os.sysconf("SC_PAGE_SIZE")) * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 8 * 2.0**30


def coordinates(plan: Plan) -> list[str]:
    """Every name of a plan that can be drawn, the library's own first, so that a parameter of yours moves none of theirs.

    Among those the uncertainties with a range lead: the first coordinates of a Sobol sequence are its best.
    """
    specs = shipped_library().specs
    leading = {n for n, s in specs.items() if s.role == "uncertainty" and (s.range or s.distribution)}
    names = [*specs, *(n + SOURCE for n, s in specs.items() if s.competing)]
    shipped = sorted(names, key=lambda name: (name not in leading, name))
    own = [*plan.parameters, *(n + SOURCE for n, p in plan.parameters.items() if p.competing)]
    return shipped + sorted(set(own) - set(shipped))
