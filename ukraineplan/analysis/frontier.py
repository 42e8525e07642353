"""What is a number at each combination of values that may be negotiated?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from html import escape
from itertools import islice, product
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from ukraineplan import words
from ukraineplan.errors import InvalidValue, unknown
from ukraineplan.number import Number
from ukraineplan.parameters import Parameter, Value, check_together, read_value
from ukraineplan.plan import Plan

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

Array = NDArray[Any]

MOST_CELLS: Final = 10_000
"""Combinations that are computed."""

MOST_BOUNDED: Final = 50
"""Combinations up to which each is given its lowest and highest value over all that is uncertain."""


@dataclass(frozen=True, eq=False)
class Frontier:
    """A number at every combination of some values; all other inputs are held.

    `over` are the values by name, in the unit of each; `values` has an axis a name, in that order, and is in
    ``number.unit`` (a share is 0.318). Of a yearly number it is that of the headline year. A cell is nan where the values
    are not possible together or the number is not defined; `blanks` says why, by the place of the cell.
    """

    number: Number
    parameters: tuple[Parameter, ...]
    over: Mapping[str, tuple[Value, ...]]
    values: Array
    blanks: Mapping[tuple[int, ...], str]

    @cached_property
    def ends(self) -> tuple[Array, Array] | None:
        """Lowest and highest value of each cell over all that is uncertain; None for more cells than `MOST_BOUNDED`."""
        if self.values.size > MOST_BOUNDED:
            return None
        low, high = self.values.copy(), self.values.copy()
        for place, given in _cells(self.over):
            if np.isfinite(self.values[place]):
                _, lowest, highest = _changed(self.number.plan, self.parameters, given)[self.number.name].shown
                low[place], high[place] = (self.values[place] if e is None else e for e in (lowest, highest))
        return low, high

    @property
    def method(self) -> str:
        """How it was done."""
        ends = "; low and high are over all uncertainties at each of them" if self.values.size <= MOST_BOUNDED else ""
        return f"every one of {self.values.size:,} combinations, all else as it is{ends}"

    @property
    def error(self) -> str:
        """What is known of its error."""
        return "none beyond rounding for the values; low and high are as good as the bounds of each number"

    @property
    def sentence(self) -> str:
        """One sentence: its lowest and highest value, where they are, and how many combinations are blank."""
        n, found = self.number, self.values
        names = words.join([f"'{p.label}'" for p in self.parameters])
        why = next(iter(self.blanks.values()), "")
        blank = f"; {len(self.blanks):,} of {found.size:,} combinations left blank, the first because {why}" if why else ""
        if np.isnan(found).all():
            return f"{n.label}: no value at any combination of {names}{blank}."
        low, high = np.unravel_index(np.nanargmin(found), found.shape), np.unravel_index(np.nanargmax(found), found.shape)
        if found[low] == found[high]:
            return f"{n.label}{n.when}: {words.display(found[low], n.unit)} at every combination of {names}{blank}."
        ends = [f"{words.display(found[at], n.unit)} ({self._where(at)})" for at in (low, high)]
        return f"{n.label}{n.when}: from {ends[0]} to {ends[1]} over {names}, all else as it is{blank}."

    def _where(self, at: tuple[Any, ...]) -> str:
        """A combination in words."""
        chosen = zip(self.parameters, self.over.values(), at, strict=True)
        return words.join([p.in_words(values[i]) for p, values, i in chosen])

    def to_frame(self) -> pd.DataFrame:
        """A row a combination, the last name changing first: its values, the number, low and high where known, and its unit."""
        import pandas as pd

        unit = self.number.unit
        frame = pd.DataFrame([given for _, given in _cells(self.over)], columns=list(self.over))
        frame = frame.assign(value=words.days(self.values.ravel(), unit))
        if self.ends is not None:
            low, high = (words.days(end.ravel(), unit) for end in self.ends)
            frame = frame.assign(low=low, high=high)
        return frame.assign(unit=unit)

    def table(self) -> pd.DataFrame:
        """The first name down and the second across.

        Raises
        ------
        InvalidValue
            Unless there are two names.
        """
        import pandas as pd

        if len(self.over) != 2:
            raise InvalidValue(f"a table has two names, one down and one across, got {len(self.over)}: use to_frame")
        down, across = (pd.Index(values, name=name) for name, values in self.over.items())
        found = np.reshape(words.days(self.values.ravel(), self.number.unit), self.values.shape)
        return pd.DataFrame(found, index=down, columns=across)

    def plot(self) -> Axes:
        """Of one name a line, with low to high as a band where known; of two a map.

        Raises
        ------
        InvalidValue
            For more than two names.
        """
        from ukraineplan.analysis import plots

        if len(self.over) > 2:
            raise InvalidValue(f"a picture has one name or two, got {len(self.over)}: use to_frame")
        drawn: Axes = plots.frontier(self)
        return drawn

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.sentence}>"

    def _repr_html_(self) -> str:
        frame = self.table() if len(self.over) == 2 else self.to_frame()
        return f"<p>{escape(self.sentence)}</p>{frame.to_html(max_rows=60, max_cols=60)}"


def frontier(plan: Plan, target: str, *, over: Mapping[str, Iterable[object]]) -> Frontier:
    """A number at every combination of some values of its inputs.

    Parameters
    ----------
    plan : Plan
    target : str
        A formula. A yearly one is taken at its provision's headline year.
    over : mapping
        By name of a parameter, or of a formula, which is then replaced by each constant: its values, as `with_values`
        takes them, labels of conventions too. One given twice counts once.

    Raises
    ------
    UnknownName, NotStated, UnitError
    InvalidValue
        For a name that the number does not depend on, a value that is none, no values at all, or more combinations than
        `MOST_CELLS`.

    Examples
    --------
    >>> import ukraineplan as up
    >>> up.frontier(up.load("us28"), "force_reduction", over={"force_cap": [400_000, 900_000]}).values
    array([480000.,      0.])
    """
    number = plan[target]
    if isinstance(number.value, str):
        number.required  # raises for a convention  # noqa: B018
    if not isinstance(over, Mapping) or not over:
        raise InvalidValue("over takes names with their values, such as over={'force_cap': [400_000, 600_000, 800_000]}")
    for name in over:
        _check_name(plan, target, name)
    read = [_read(plan, name, values) for name, values in over.items()]
    parameters, options = tuple(p for p, _ in read), {p.name: values for p, values in read}
    if (count := math.prod(map(len, options.values()))) > MOST_CELLS:
        raise InvalidValue(f"over has {count:,} combinations, and at most {MOST_CELLS:,} are computed: name fewer values")
    found = _values(plan, number, parameters, options)
    blanks = dict(_blanks(plan, number, parameters, options, found))
    if number.value is None and len(blanks) == count:
        number.required  # raises  # noqa: B018
    for place in blanks:
        found[place] = np.nan
    found.flags.writeable = False
    return Frontier(number, parameters, options, found, blanks)


# ------------------------------------------------------------------------------------------------------
# What is asked


def _check_name(plan: Plan, target: str, name: object) -> None:
    if name not in plan:
        raise unknown("number", name, list(plan))
    if name == target:
        raise InvalidValue(f"{target} is the target itself: name in over what it depends on")
    if name not in plan._graph.needs(target) and name not in plan._leaves(target):
        raise InvalidValue(f"{target} does not depend on {name}: it depends on {words.join(plan._leaves(target)) or 'nothing'}")


def _read(plan: Plan, name: str, values: Iterable[object]) -> tuple[Parameter, tuple[Value, ...]]:
    """The parameter, which may stand for a formula, and its values in its own unit."""
    wanted = f"over: {name} takes a list of values, such as ['{plan[name].display}']"
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise InvalidValue(f"{wanted}, got {values!r:.60}")
    given = list(islice(values, MOST_CELLS + 1))
    if not given:
        raise InvalidValue(f"{wanted}, got none")
    if len(given) > MOST_CELLS:
        raise InvalidValue(f"over: {name} has more than {MOST_CELLS:,} values, which is as many combinations as are computed")
    if name in plan.parameters:
        p = plan.parameters[name]
        return p, tuple(dict.fromkeys(read_value(p, value) for value in given))
    stand_ins = [plan.with_values(**{name: value}).parameters[name] for value in given]
    return stand_ins[0], tuple(dict.fromkeys(p.value for p in stand_ins))


def _cells(over: Mapping[str, tuple[Value, ...]]) -> Iterable[tuple[tuple[int, ...], tuple[Value, ...]]]:
    """The place and the values of every combination, the last name changing first."""
    places = product(*(range(len(values)) for values in over.values()))
    return zip(places, product(*over.values()), strict=True)


# ------------------------------------------------------------------------------------------------------
# What is found


def _values(plan: Plan, number: Number, parameters: Sequence[Parameter], over: Mapping[str, tuple[Value, ...]]) -> Array:
    """The number at every combination, all of them at once; one by one where a wait of the calendar follows."""
    shape = tuple(map(len, over.values()))
    if any({*over} & {*calendar.of} for calendar in plan._library.calendars.values()):
        found = [_changed(plan, parameters, given)[number.name].shown_value for _, given in _cells(over)]
        return np.array([np.nan if value is None else value for value in found], float).reshape(shape)
    axes = [np.array([p.in_formulas(v) for v in over[p.name]]) for p in parameters]
    columns = {p.name: grid.ravel() for p, grid in zip(parameters, np.meshgrid(*axes, indexing="ij"), strict=True)}
    constants = {p.name: _typed(p, over[p.name][0]) for p in parameters if p.name in plan.formulas}
    base = plan.with_values(**constants)  # in its graph they are inputs
    values = {n: base._values.get(n, np.nan) for n in base.parameters}
    found = base._graph.evaluate({**values, **columns}, [number.name])[number.name]
    year = found if number.years is None else found[plan._show_year(number.name) - 1]
    return np.array(np.broadcast_to(year, math.prod(shape)), float).reshape(shape)


def _blanks(
    plan: Plan, number: Number, parameters: Sequence[Parameter], over: Mapping[str, tuple[Value, ...]], found: Array
) -> Iterator[tuple[tuple[int, ...], str]]:  # fmt: skip
    """Cells without a value, and why: values that are not possible together, a number that is not defined."""
    together = {n for p in plan.parameters.values() if {*p.together} & {*over} for n in (p.name, *p.together)}
    shares, explained = {n: plan.parameters[n] for n in together}, 0
    for place, given in _cells(over):
        tried = {p.name: replace(p, value=value) for p, value in zip(parameters, given, strict=True) if p.name in together}
        try:
            check_together({**shares, **tried})
        except InvalidValue as error:
            yield place, str(error)
            continue
        if not np.isfinite(found[place]):
            explained += 1
            reason = _changed(plan, parameters, given)[number.name].reason if explained <= MOST_BOUNDED else None
            yield place, reason or "it is not defined there"


def _changed(plan: Plan, parameters: Sequence[Parameter], given: tuple[Value, ...]) -> Plan:
    """The plan at one combination."""
    return plan.with_values(**{p.name: _typed(p, value) for p, value in zip(parameters, given, strict=True)})


def _typed(p: Parameter, value: Value) -> Value:
    """A value as `with_values` takes it: a bare share would be ambiguous."""
    return value if isinstance(value, str | date) else f"{float(value or 0)!r} {p.unit}"
