"""A number of a plan as one list of array operations: no names, no years, no functions, so that it can travel to a worker.

A tape is recorded by running the trace once over stand-ins. What is known is computed at once, equal steps are kept once,
and every step writes into one of a few buffers, so that a chunk of draws stays in the processor's cache.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ukraineplan.graph import Graph
from ukraineplan.trace import NUMPY, UFUNCS, Algebra
from ukraineplan.unrolled import unrolled
from ukraineplan.years import HORIZON

Array = NDArray[Any]

CALLS: Final[Mapping[str, Any]] = {kind: ufunc for ufunc, kind in UFUNCS.items()}


@dataclass(frozen=True)
class Column:
    """A drawn input, by its place among the columns of draws."""

    place: int


@dataclass(frozen=True)
class Buffer:
    """The result of a step: before buffers are given out the step's place, afterwards the buffer's."""

    place: int


Operand = Column | Buffer | float
Place = Callable[[Mapping[str, Any], Algebra], Mapping[str, Any]]
"""From what is drawn to what the formulas ask for, over any kind of number."""


class Step(NamedTuple):
    """One operation on whole chunks."""

    kind: str
    operands: tuple[Operand, ...]
    into: int


@dataclass(frozen=True)
class Tape:
    """The targets of a plan over its drawn inputs.

    `outputs` has a row a number, a yearly target as many as there are years; `rows` says which target has how many.
    """

    steps: tuple[Step, ...]
    outputs: tuple[Operand, ...]
    rows: Mapping[str, int]
    buffers: int

    def run(self, columns: Array) -> Array:
        """Every output at a chunk of draws.

        Parameters
        ----------
        columns : array
            The drawn inputs, shape ``(inputs, draws)``.

        Returns
        -------
        array
            Shape ``(outputs, draws)``; what divides by zero is infinite or nan, as in the plain functions.
        """
        draws = columns.shape[1]
        buffers, mask = np.empty((self.buffers, draws)), np.empty(draws, bool)

        def at(operand: Operand) -> Any:
            if isinstance(operand, Column):
                return columns[operand.place]
            return buffers[operand.place] if isinstance(operand, Buffer) else operand

        with np.errstate(all="ignore"):
            for kind, operands, into in self.steps:
                args, out = [at(o) for o in operands], buffers[into]
                if kind == "where":
                    np.copyto(out, args[2])
                    np.copyto(out, args[1], where=np.not_equal(args[0], 0, out=mask))
                else:
                    CALLS[kind](*args, out=out)
        found = np.empty((len(self.outputs), draws))
        for row, operand in zip(found, self.outputs, strict=True):
            row[:] = at(operand)
        return found


def record(graph: Graph, targets: Sequence[str], values: Mapping[str, Any], drawn: Sequence[str], place: Place) -> Tape:
    """The tape of some targets.

    Parameters
    ----------
    graph : Graph
    targets : sequence of str
        Formulas or inputs.
    values : mapping
        The inputs that are held, as formulas see them.
    drawn : sequence of str
        What is drawn, in the order of the columns.
    place : function
        From what is drawn to the inputs that depend on it.
    """
    recorder = _Recorder()
    varied = place({name: Column(i) for i, name in enumerate(drawn)}, recorder.algebra)
    found = graph.evaluate({**values, **varied}, targets, recorder.algebra)
    outputs: list[Operand] = []
    rows = {}
    for target in targets:
        years = [recorder.algebra.at(found[target], t) for t in range(HORIZON)] if graph.yearly(target) else [found[target]]
        rows[target] = len(years)
        outputs += [y if isinstance(y, (Column, Buffer)) else float(y) for y in years]
    return _with_buffers(recorder.steps, outputs, rows)


class _Recorder:
    """Writes down what happens to stand-ins; numbers that are known stay numbers."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, tuple[Operand, ...]]] = []
        self._places: dict[tuple[str, tuple[Operand, ...]], Buffer] = {}
        calls = {kind: self._recording(kind) for kind in (*CALLS, "where")}
        self._calls = calls | {"ratio": self._ratio}
        self.algebra = unrolled(self._calls, np.float64)

    def _recording(self, kind: str) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            if not any(isinstance(a, (Column, Buffer)) for a in args):
                return np.float64(NUMPY.apply[kind](*args))
            if kind == "where" and not isinstance(args[0], (Column, Buffer)):
                return args[1] if args[0] else args[2]
            step = kind, tuple(a if isinstance(a, (Column, Buffer)) else float(a) for a in args)
            if step not in self._places:
                self._places[step] = Buffer(len(self.steps))
                self.steps.append(step)
            return self._places[step]

        return call

    def _ratio(self, part: Any, whole: Any) -> Any:
        nothing = self._calls["eq"](whole, 0.0)
        divided = self._calls["div"](part, self._calls["where"](nothing, 1.0, whole))
        return self._calls["where"](nothing, 0.0, divided)


def _with_buffers(steps: Sequence[tuple[str, tuple[Operand, ...]]], outputs: Iterable[Operand], rows: Mapping[str, int]) -> Tape:
    """The steps that are needed, each with a buffer, which is free again after its last reader."""
    outputs = tuple(outputs)
    last = {o: len(steps) for o in outputs if isinstance(o, Buffer)}
    for n in reversed(range(len(steps))):
        if Buffer(n) in last:
            for operand in steps[n][1]:
                if isinstance(operand, Buffer):
                    last.setdefault(operand, n)
    kept: list[Step] = []
    given: dict[Operand, Buffer] = {}
    free: list[int] = []
    buffers = 0
    for n, (kind, operands) in enumerate(steps):
        if Buffer(n) not in last:
            continue
        if not free:  # before the operands are let go: `where` writes while it reads
            free, buffers = [buffers], buffers + 1
        given[Buffer(n)] = Buffer(free.pop())
        kept.append(Step(kind, tuple(given.get(o, o) for o in operands), given[Buffer(n)].place))
        free += [given[o].place for o in dict.fromkeys(operands) if isinstance(o, Buffer) and last[o] == n]
    return Tape(tuple(kept), tuple(given.get(o, o) for o in outputs), dict(rows), buffers)
