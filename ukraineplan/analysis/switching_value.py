"""What would it take: at which values of one input does a number take a given value?"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Final

import numpy as np

from ukraineplan import words
from ukraineplan.analysis.switching_values import SwitchingValues
from ukraineplan.bounds import extremes
from ukraineplan.distributions import MOST_LEVELS
from ukraineplan.errors import InvalidValue, PlanError, unknown
from ukraineplan.intervals import Array
from ukraineplan.number import Number
from ukraineplan.parameters import Parameter, read_value
from ukraineplan.plan import Plan
from ukraineplan.roots import ROUNDING, TOLERANCE, Curve, Roots, among, find, per_draw
from ukraineplan.uncertainty.draws import balanced
from ukraineplan.uncertainty.factors import drawn_as
from ukraineplan.uncertainty.model import model_of
from ukraineplan.units import DATE, conversion, in_print

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

MOST_WHOLE: Final = 2**22  # whole numbers in a range that are all tried
MOST_PUT_BACK: Final = 50  # solutions with which the whole plan is computed again; of more, the number alone
MOST_NAMED: Final = 5  # solutions that a sentence names


@dataclass(frozen=True)
class Solution:
    """Where the number takes the value, in the unknown's unit: from `low` to `high`, which are equal for a point."""

    low: float
    high: float

    def distance(self, present: float) -> float:
        """How far the unknown is from it: above 0 where it would have to rise, 0 where it is there already."""
        return self.low - present if present < self.low else min(self.high - present, 0.0)


@dataclass(frozen=True, eq=False)
class SwitchingValue:
    """All values of one input at which a number takes a given value, within the input's range.

    `value` is in ``number.unit`` (a share is 0.318), and so is `reach`, the lowest and highest value of the number there;
    `solutions`, the lowest first, and `searched`, the ends of the range, are in the unit of the unknown, `parameter`.
    `within` says what that range is: its "range", its "limits" or its "options". `left_out` says why a solution was
    dropped: put back, it did not give the value, or is not possible. `found` is the same as formulas see it. `elsewhere` are
    solutions outside of the range, but inside of the limits, where the range has none.
    """

    number: Number
    value: float
    parameter: Parameter
    solutions: tuple[Solution, ...]
    searched: tuple[float, float]
    within: str
    reach: tuple[float, float]
    reach_proven: bool
    left_out: tuple[str, ...]
    found: Roots
    elsewhere: tuple[Solution, ...] = ()

    @property
    def roots(self) -> tuple[float, ...]:
        """The low end of each solution."""
        return tuple(s.low for s in self.solutions)

    @property
    def method(self) -> str:
        """How it was done."""
        width = words.operand(self.found.resolution * _scale(self.parameter), self.parameter.unit)
        return {
            "line": "one division: the number is a straight line in the unknown over the whole range",
            "proven": "the range was cut until every part of it was decided: all solutions, proven",
            "resolution": f"solutions found at a resolution of {width}; a closer pair could be missed",
            "tried": f"every value that the unknown may take in its {self.within} was tried",
        }[self.found.how]

    @property
    def error(self) -> str:
        """What is known of its error."""
        known = "a pair of solutions may be missing" if self.found.how == "resolution" else "none beyond rounding"
        return f"{known}; each solution, put back, gives the value to within {TOLERANCE:g} of it"

    @property
    def sentence(self) -> str:
        """One sentence: where it takes the value; or that it does not, and what it reaches instead."""
        n, p = self.number, self.parameter
        wanted = words.display(self.value, n.unit)
        if self.solutions:
            more = len(self.solutions) - MOST_NAMED
            others = [f"{more:,} other values"] if more > 0 else []
            places = words.join([_place(s, p.unit) for s in self.solutions[:MOST_NAMED]] + others, "or")
            present = [] if p.value is None else [f"in the plan it is {words.display(p.value, p.unit)}"]
            said = [f"{n.label}{n.when}: {wanted} where '{p.label}' is {places}", *present]
        else:
            reached, goes = words.span(*self.reach, n.unit), "goes" if self.reach_proven else "was found"
            moves = f"stays at {words.display(self.reach[0], n.unit)}" if reached == words.NO_RANGE else f"{goes} from {reached}"
            searched = words.span(*self.searched, p.unit)
            said = [f"{n.label}{n.when}: no such value as {wanted} within {searched} of '{p.label}'", f"there it {moves}"]
            places = words.join([_place(s, p.unit) for s in self.elsewhere[:MOST_NAMED]], "or")
            said += [f"outside of that range, within what is possible at all, it does at {places}"] if places else []
        return "; ".join([*said, *self._jumped, *self.left_out]) + "."

    @property
    def _jumped(self) -> list[str]:
        """The first jump over the value, in words."""
        tried = self.found.how == "tried"
        if not self.found.jumps or (self.solutions and tried):
            return []
        jump, n, p = self.found.jumps[0], self.number, self.parameter
        at, beyond = (_printed(x * _scale(p), p.unit, self.searched) for x in (jump.low, jump.high))
        before, after = (_printed(x, n.unit, self.reach) for x in (jump.before, jump.after))
        return [f"at {at} it is {before}, at {beyond} {after}" if tried else f"at {beyond} it jumps from {before} to {after}"]

    def to_frame(self) -> pd.DataFrame:
        """A row a solution, in the unknown's unit, with its distance from the present value and what it lies within."""
        import pandas as pd

        present = self.parameter.value
        start = present if isinstance(present, float) else 0.0
        rows = [(s.low, s.high, self.parameter.unit, s.distance(start), self.within) for s in self.solutions]
        frame = pd.DataFrame(rows, columns=["low", "high", "unit", "distance", "within"])
        return frame if present is not None else frame.assign(distance=np.nan)

    def curve(self) -> tuple[Array, Array]:
        """Values of the unknown, and the number at them: shape ``(points,)`` each."""
        p, count = self.parameter, len(self.found.seen)
        low, high = self.searched if not p.whole else (np.ceil(self.searched[0]), np.floor(self.searched[1]))
        return np.array(_floats(p)) if p.choices else np.linspace(low, high, count), self.found.seen

    def per_draw(self, draws: int = 2**14, seed: int = 0) -> SwitchingValues:
        """The same for every draw of the uncertainties, made as by `sample`; levers and conventions are held.

        Raises
        ------
        InvalidValue
            For an unknown with options; where nothing else is uncertain; for draws or a seed that are none.
        """
        plan, p, name = self.number.plan, self.parameter, self.number.name
        few = p.whole and self.searched[1] - self.searched[0] < MOST_LEVELS
        if p.choices or few:
            takes = _options(p) if p.choices else "whole numbers"
            raise InvalidValue(f"{p.name} takes {takes} only, so not every draw has a value of it: use frontier")
        model = model_of(plan, [name], without=(p.name,))
        if not model.factors.names:
            raise InvalidValue(f"{name} rests on nothing uncertain beside {p.name}: every draw has the same solutions")
        drawn = model.inputs(model.columns(model.points(balanced(draws, "sobol"), seed=seed)))
        (low, high), held = map(p.in_formulas, self.searched), _curve(plan, name, p)
        found = per_draw(plan._graph, name, {**held.values, **drawn}, p.name, low, high, self.value, held.year)
        found = found._replace(roots=found.roots * _scale(p))
        return SwitchingValues(self.number, self.value, p, self.searched, *found, drawn_as(model.factors.factors))

    def plot(self) -> Axes:
        """The number over the unknown, with the value and the solutions."""
        from ukraineplan.analysis import plots

        drawn: Axes = plots.switching_value(self)
        return drawn

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.sentence}>"

    def _repr_html_(self) -> str:
        return f"<p>{escape(self.sentence)}</p>{self.to_frame().to_html()}"


def switching_value(plan: Plan, target: str, value: object, *, over: str) -> SwitchingValue:
    """All values of one input, within its range, at which a number takes a given value; all other inputs are held.

    Parameters
    ----------
    plan : Plan
    target : str
        A formula. A yearly one is taken at its provision's headline year.
    value : float, str or pint.Quantity
        What it should be: a bare number is in the unit that is printed, text may carry another: ``"20 billion USD"``.
    over : str
        The unknown, a parameter that is a number. It is looked for in its range, else between its limits. Of one that
        takes whole numbers, or some options, only those count.

    Raises
    ------
    UnknownName, NotStated, InvalidValue, UnitError
        For an unknown that the number does not depend on, or that has neither a range nor two limits; for a value that
        `with_values` would refuse.

    Examples
    --------
    >>> import ukraineplan as up
    >>> up.switching_value(up.load("us28"), "force_reduction", 200_000, over="force_cap").roots
    (680000.0,)
    """
    number = plan[target]
    number.required  # raises where there is no number  # noqa: B018
    p = _unknown(plan, target, over)
    (searched, within), curve, wanted = _range(p), _curve(plan, target, p), _wanted(number, value)
    found = _roots(curve, p, searched, wanted)
    kept, left_out = _put_back(number, curve, p, _solutions(p, found), wanted, found.size)
    elsewhere = () if kept or within != "range" else _elsewhere(number, curve, p, wanted)
    reach = _reach(curve, p, searched, found)
    return SwitchingValue(number, wanted, p, kept, searched, within, *reach, left_out, found, elsewhere)


def _elsewhere(number: Number, curve: Curve, p: Parameter, wanted: float) -> tuple[Solution, ...]:
    """Solutions outside of the range, but inside of two finite limits."""
    if p.choices or p.whole or not np.all(np.isfinite(p.limits)):
        return ()
    found = find(curve, p.in_formulas(p.limits[0]), p.in_formulas(p.limits[1]), wanted)
    return _put_back(number, curve, p, _solutions(p, found), wanted, found.size)[0]


def _unknown(plan: Plan, target: str, over: str) -> Parameter:
    if not isinstance(over, str) or over not in plan:
        raise unknown("number", over, list(plan))
    if over == target:
        raise InvalidValue(f"{target} is the target itself: name a parameter that it depends on in over")
    if over in plan.formulas:
        raise InvalidValue(f"{over} is computed: name a parameter that it depends on, such as {plan._active_leaves(over)[0]}")
    p = plan.parameters[over]
    if p.labelled:
        raise InvalidValue(f"{over} is answered with a label ({_options(p)}): use frontier for a value under each")
    if p.unit == DATE:
        raise InvalidValue(f"{over} is a date: name a number of days that {target} depends on, or set it with with_values")
    needed = plan._graph.needs(target)
    active = [n for n in plan._active_leaves(target) if n != target and n in needed and not plan.parameters[n].labelled]
    if over in plan._leaves(target) and over not in needed:
        raise InvalidValue(f"{target} depends on {over} through the calendar: use frontier for a value at each")
    if over not in active:
        held = ", as the conventions stand," if over in plan._leaves(target) else ""
        raise InvalidValue(f"{target} does not depend on {over}{held}: it depends on {words.join(active) or 'no number'}")
    return p


def _wanted(number: Number, value: object) -> float:
    """The value in the number's own unit, read as `with_values` reads it."""
    unit = in_print(number.unit)
    present = number.value if unit == DATE else number.shown_value * conversion(number.unit, unit)
    stand_in = Parameter(number.name, number.label, unit, value=present)
    return float(stand_in.in_formulas(read_value(stand_in, value)))


def _range(p: Parameter) -> tuple[tuple[float, float], str]:
    if p.choices:
        return (_floats(p)[0], _floats(p)[-1]), "options"
    searched, within = (p.range, "range") if p.range else (p.limits, "limits")
    if not np.all(np.isfinite(searched)) or not searched[0] < searched[1]:
        raise InvalidValue(f"{p.name} has no range to look in: give it one with with_parameter")
    return searched, within


def _options(p: Parameter) -> str:
    return words.join([c if isinstance(c, str) else f"{c:g}" for c in p.choices], "or")


def _floats(p: Parameter) -> list[float]:
    return sorted(float(c) for c in p.choices)


def _scale(p: Parameter) -> float:
    """What turns a number as formulas see it into one of the data file."""
    return conversion(p.unit_in_formulas, p.unit)


def _curve(plan: Plan, target: str, p: Parameter) -> Curve:
    values = {n: plan._values.get(n, np.nan) for n in plan._leaves(target)}
    return Curve(plan._graph, target, values, p.name, plan._show_year(target) - 1 if plan._graph.yearly(target) else None)


def _roots(curve: Curve, p: Parameter, searched: tuple[float, float], wanted: float) -> Roots:
    if p.choices:
        return among(curve, p.in_formulas(np.array(_floats(p))), wanted)
    if not p.whole:
        return find(curve, p.in_formulas(searched[0]), p.in_formulas(searched[1]), wanted)
    low, high = np.ceil(searched[0]), np.floor(searched[1])
    if not 1 <= (count := high - low + 1) <= MOST_WHOLE:
        raise InvalidValue(f"{p.name} has {count:,.0f} whole numbers in its range: from 1 to {MOST_WHOLE:,} are tried")
    return among(curve, p.in_formulas(np.arange(low, high + 1)), wanted)


def _solutions(p: Parameter, found: Roots) -> list[Solution]:
    """The solutions in the unknown's unit; options make no interval."""
    spans = [(_typed(p, low), _typed(p, high)) for low, high in found.solutions]
    if p.choices:
        spans = [(c, c) for c in _floats(p) if any(low <= c <= high for low, high in spans)]
    return [Solution(low, high) for low, high in spans]


def _typed(p: Parameter, x: float) -> float:
    """The number in the unknown's unit of which formulas see exactly this one, as short as it can be written."""
    near = x * _scale(p)
    tried = (float(f"{near:.15g}"), near, float(np.nextafter(near, -np.inf)), float(np.nextafter(near, np.inf)))
    return next((y for y in tried if p.in_formulas(y) == x), near)


def _put_back(
    number: Number, curve: Curve, p: Parameter, solutions: list[Solution], wanted: float, size: float
) -> tuple[tuple[Solution, ...], tuple[str, ...]]:  # fmt: skip
    """The solutions that give the value when it is computed with them, and why the others are left out."""
    alone = curve.at(p.in_formulas(np.array([[s.low, s.high] for s in solutions]).ravel())).reshape(-1, 2)
    reasons = {}
    for i, (s, found) in enumerate(zip(solutions, alone.tolist(), strict=True)):
        for x, here in {s.low: found[0], s.high: found[1]}.items():
            given = here if i >= MOST_PUT_BACK else _given(number, p, x)
            if isinstance(given, str) or given is None or not abs(given - wanted) <= TOLERANCE * size:
                why = given if isinstance(given, str) else "put back, it does not give the value"
                reasons[s] = f"{words.operand(x, p.unit)} is left out: {why}"
    return tuple(s for s in solutions if s not in reasons), tuple(reasons.values())


def _given(number: Number, p: Parameter, x: float) -> float | str | None:
    """The number of the plan with a solution, or why that is not possible."""
    try:
        given: float | None = number.plan.with_values(**{p.name: f"{x!r} {p.unit}"})[number.name].shown_value
    except PlanError as error:
        return str(error)
    return given


def _reach(curve: Curve, p: Parameter, searched: tuple[float, float], found: Roots) -> tuple[tuple[float, float], bool]:
    """The lowest and the highest value of the number where it was looked for, and whether that is proven."""
    low, high = float(np.fmin.reduce(found.seen)), float(np.fmax.reduce(found.seen))
    if found.how == "tried":
        return (low, high), True
    ends = extremes(curve.graph, curve.target, curve.values, {p.name: (p.in_formulas(searched[0]), p.in_formulas(searched[1]))})
    lowest, highest = (float(end if curve.year is None else end[curve.year]) for end in (ends.low, ends.high))
    return (float(np.fmin(low, lowest)), float(np.fmax(high, highest))), ends.proven


def _place(s: Solution, unit: str) -> str:
    return words.operand(s.low, unit) if s.low == s.high else f"from {words.span(s.low, s.high, unit)}"


def _printed(x: float, unit: str, ends: tuple[float, float]) -> str:
    """A number to six digits; what is 0 but for the last digits of a range is 0."""
    return words.operand(x if abs(x) > ROUNDING * (ends[1] - ends[0]) else 0.0, unit)
