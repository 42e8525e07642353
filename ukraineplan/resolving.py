"""From a specification, or from a user's hand, to a parameter at one text and one vintage."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

import numpy as np

from ukraineplan.dates import RULES
from ukraineplan.distributions import SHAPES, Distribution
from ukraineplan.errors import DataError, InvalidValue, UnitError, did_you_mean
from ukraineplan.evidence import Evidence, arithmetic, unit_factor
from ukraineplan.parameters import Parameter, Value, read_value, shown_as_given
from ukraineplan.specs import VINTAGE, Calendar, DistributionSpec, ParameterSpec
from ukraineplan.texts import Setting
from ukraineplan.units import CHOICE, DATE, parse

_FACT_ID = re.compile(r"(?<![\w.])[A-Za-z_]\w*")

RARE: Final = 1e-6
"""The part of all cases beyond which a distribution may reach outside the limits of its parameter."""


def resolve(spec: ParameterSpec, evidence: Evidence, as_of: date, setting: Setting, text: str) -> Parameter:
    """A parameter at a vintage: the latest of its facts that was public leads.

    Parameters
    ----------
    spec : ParameterSpec
    evidence : Evidence
    as_of : date
        Only facts that were public on that day count.
    setting : Setting
        What the text does to it; of a parameter that is no lever only a value counts, else its own stands.
    text : str
        The text's name, for messages.
    """
    for cited in {*spec.facts, *spec.competing, *spec.benchmarks}:
        if cited not in evidence.facts:
            near = did_you_mean(cited, evidence.facts)
            raise DataError(f"{spec.provision}.toml: {spec.name}: no fact '{cited}'{near}")
    public = [i for i in spec.facts if evidence.facts[i].is_public(as_of)]
    low, high = [*spec.limits, math.inf][:2] if spec.limits else (-math.inf, math.inf)
    bare = Parameter(
        name=spec.name, label=spec.label, role=spec.role, unit=CHOICE if spec.labelled else spec.unit or "",
        value=float(spec.value) if isinstance(spec.value, int) else spec.value,
        range=None, limits=(low, high), choices=tuple(spec.choices),
        whole=spec.whole or spec.unit == DATE, facts=tuple(public),
        competing=tuple(i for i in spec.competing if evidence.facts[i].is_public(as_of)), assumption=spec.assumption,
        basis="assumed", reason=None, provision=spec.provision, note=spec.note, range_because=spec.range_because,
        benchmarks=tuple(i for i in spec.benchmarks if evidence.facts[i].is_public(as_of)),
        choice_labels=spec.choice_labels, review_by=spec.review_by, together=tuple(spec.together),
        together_at_most=spec.together_at_most,
    )  # fmt: skip
    if spec.role == "lever" or setting.state == "set":
        return _settled(bare, spec, evidence, as_of, setting, text)
    if spec.facts or spec.derivation:
        bare = _from_facts(bare, spec, evidence, as_of)
    elif spec.unit == DATE:
        bare = replace(bare, value=as_of if spec.value == VINTAGE else spec.value)
    return bare if bare.value is None else _with_range(bare, spec, evidence, as_of)


UNSET: Final = {
    "not stated": "the text '{text}' does not state it",
    "unknown": "it is unknown in the text '{text}'",
    "open": "the text '{text}' leaves it open",
    "removed": "the text '{text}' removes it, which leaves no limit",
    "set": "",
}
"""Why a lever has no value, by its state."""


def _settled(
    bare: Parameter, spec: ParameterSpec, evidence: Evidence, as_of: date, setting: Setting, text: str
) -> Parameter:
    """A parameter as a text settles it, with its state and the reason."""
    late = [i for i in setting.facts if setting.beside and not evidence.facts[i].is_public(as_of)]
    bare = replace(bare, basis="stated", state=setting.state, facts=setting.facts, competing=(), assumption=None)
    value = setting.value if setting.state == "set" else spec.if_removed if setting.state == "removed" else None
    if late:
        since = max(evidence.facts[i].public_since for i in late)
        beside = text.partition(":")[0]
        return replace(bare, value=None, reason=f"the document beside '{beside}' that has it was not public before {since}")
    if value is None:
        said = f"{UNSET[setting.state].format(text=text)} ({setting.reason.rstrip('.')})"
        return replace(bare, value=None, reason="; ".join([said, *setting.rivals]))
    if setting.state == "removed":
        reason = "the text removes the clause, which is read as " + (bare.in_words(value) if bare.labelled else "zero")
        return replace(bare, value=read_value(bare, value), reason=reason)
    bare = replace(bare, value=read_value(bare, value), range_because=None if spec.role != "lever" else spec.range_because)
    return _with_range(bare, spec, evidence, as_of) if spec.role == "lever" else bare


def _from_facts(bare: Parameter, spec: ParameterSpec, evidence: Evidence, as_of: date) -> Parameter:
    basis = "sourced" if spec.facts else "assumed"
    value: Value
    if spec.unit == DATE:
        late = [] if bare.facts else list(spec.facts)
        value = _date(bare.facts[0], spec, evidence) if bare.facts else None
    elif spec.calendar:
        return replace(bare, basis=basis)  # `derive` fills it in
    elif spec.derivation:
        needed = facts_named(spec.derivation)
        late = [i for i in needed if not _fact(i, spec, evidence).is_public(as_of)]
        value = None if late else _amount(spec.derivation, spec, evidence)
    else:
        late = [] if bare.facts else list(spec.facts)
        value = _amount(bare.facts[0], spec, evidence) if bare.facts else None
    if late:
        first = min(evidence.facts[i].public_since for i in late)
        return replace(bare, value=None, basis=basis, reason=f"no fact about it was public on {as_of}; the first is of {first}")
    return replace(bare, value=value, basis=basis)


def _with_range(bare: Parameter, spec: ParameterSpec, evidence: Evidence, as_of: date) -> Parameter:
    """The range at the vintage; an end whose facts were not public yet is the value itself."""
    if spec.distribution is not None and _fact(spec.distribution.claimed_by, spec, evidence).is_public(as_of):
        try:
            drawn = _distribution(bare, spec.distribution)
        except InvalidValue as error:
            raise DataError(f"{spec.provision}.toml: {spec.name}: distribution: {error}") from None
        return replace(drawn, range_facts=(spec.distribution.claimed_by,))
    if spec.range is None or isinstance(bare.value, str):
        return bare
    ends: list[Any] = []
    cited: list[str] = []
    for end in spec.range:
        named = facts_named(end) if isinstance(end, str) else ()
        if all(_fact(i, spec, evidence).is_public(as_of) for i in named):
            read = _date if spec.unit == DATE else _amount
            ends.append(read(end, spec, evidence) if isinstance(end, str) else end)
            cited += named
    low, high = min([*ends, bare.value]), max([*ends, bare.value])
    because = bare.range_because
    if len(ends) < len(spec.range):
        because = f"What an end of the range rests on was not public on {as_of}; the value stands in its place."
    ends_or_none = (low, high) if low < high else None
    return replace(bare, range=ends_or_none, range_facts=tuple(dict.fromkeys(cited)), range_because=because)


def _distribution(bare: Parameter, spec: DistributionSpec) -> Parameter:
    """The parameter with a distribution as its data file describes it."""
    given = spec.model_dump(exclude={"shape"}, exclude_none=True)
    try:
        shape = SHAPES[spec.shape](**given)
    except TypeError:
        wanted = {"uniform": "low and high", "triangular": "low, mode and high", "pert": "low, mode and high"}
        raise InvalidValue(f"{spec.shape} is given by {wanted.get(spec.shape, 'low, high and level')}") from None
    return with_distribution(bare, shape)


def with_distribution(parameter: Parameter, shape: Distribution) -> Parameter:
    """The parameter with a distribution, whose ends become its range.

    Raises
    ------
    InvalidValue
        If it says nobody's name, leaves out the value, or reaches beyond what the parameter may be at all.
    """
    if not isinstance(shape, Distribution):
        raise InvalidValue(f"{parameter.name}: a distribution is one of ukraineplan.distributions, got {shown_as_given(shape)}")
    if parameter.role != "uncertainty" or parameter.range:
        raise InvalidValue(f"{parameter.name}: a distribution stands in place of a range, and only an uncertainty has one")
    if not shape.claimed_by:
        raise InvalidValue(f"{parameter.name}: a distribution says whose claim it is: claimed_by=...")
    if parameter.whole or parameter.choices:
        raise InvalidValue(f"{parameter.name}: whole numbers and options have no density: give a range instead")
    if not shape.low <= _bare(parameter.value) <= shape.high:
        raise InvalidValue(f"{parameter.name}: the distribution, {shape.low:g} to {shape.high:g}, leaves out the value")
    drawn = [shape.low, shape.high, *shape.at(np.array([RARE, 1 - RARE]))]
    if min(drawn) < parameter.limits[0] or max(drawn) > parameter.limits[1]:
        instead = "use a pert, triangular or lognormal one, or wider limits"
        raise InvalidValue(f"{parameter.name}: a {shape.name} number would leave the limits: {instead}")
    return replace(parameter, distribution=shape, range=(shape.low, shape.high))


def facts_named(expression: str) -> tuple[str, ...]:
    """The facts that an expression over facts names, such as ``"12 * pay_peace.high"``."""
    return tuple(dict.fromkeys(_FACT_ID.findall(expression)))


def _fact(name: str, spec: ParameterSpec, evidence: Evidence) -> Any:
    if name not in evidence.facts:
        raise DataError(f"{spec.provision}.toml: {spec.name}: no fact '{name}'{did_you_mean(name, evidence.facts)}")
    return evidence.facts[name]


def _date(name: str, spec: ParameterSpec, evidence: Evidence) -> date:
    """The day that a fact gives in words."""
    said = _fact(name, spec, evidence).value_text
    try:
        return date.fromisoformat(said or "")
    except ValueError:
        raise DataError(f"{spec.provision}.toml: {spec.name}: the fact '{name}' gives no date, but {said!r}") from None


def derive(parameters: Mapping[str, Parameter], calendars: Mapping[str, Calendar]) -> dict[str, Parameter]:
    """The parameters with the days that follow from the calendar, by the rules of `ukraineplan.dates`.

    Parameters
    ----------
    parameters : mapping
        All of a plan; one that a user has set stays.
    calendars : mapping
        What each follows from, by name.

    Raises
    ------
    InvalidValue
        If a day that one counts from has a range, which a wait cannot follow, or is no day.
    """
    found = dict(parameters)
    for name, calendar in calendars.items():
        p = found.get(name)
        if p is None or p.basis == "set":
            continue
        _check_calendar(name, [found[n] for n in calendar.of])
        unset = next((found[n] for n in calendar.of if found[n].value is None), None)
        if unset is not None:
            found[name] = replace(p, value=None, reason=f"{unset.reason}: {unset.label} ({unset.name})")
        else:
            days = RULES[calendar.rule](*(found[n].value for n in calendar.of))
            found[name] = replace(p, value=float(days), reason=None)
    return found


def _check_calendar(name: str, of: Sequence[Parameter]) -> None:
    day, *durations = of
    if not isinstance(day.value, date | None) or not all(isinstance(p.value, int | float | None) for p in durations):
        raise InvalidValue(f"{name} counts days of the calendar from {', '.join(p.name for p in of)}: a date, then numbers")
    for p in of:
        if p.range and p.role == "uncertainty":
            raise InvalidValue(f"{p.name} has a range, and {name} counts from it by the calendar, which takes one day: leave the "
                               "range out, and set other days with with_values or frontier")  # fmt: skip


def _amount(expression: str, spec: ParameterSpec, evidence: Evidence) -> float:
    """A fact in the parameter's unit; arithmetic on facts is in that unit already."""
    named = facts_named(expression)
    facts = {i: _fact(i, spec, evidence) for i in named}
    try:
        amount = arithmetic(expression, facts)
    except DataError as error:
        raise DataError(f"{spec.provision}.toml: {spec.name}: {error}") from None
    alone = len(named) == 1 and re.fullmatch(r"\w+(?:\.(?:low|high|value))?", expression.strip())
    if not alone:
        return float(amount)
    try:
        factor = unit_factor(evidence.facts[named[0]].unit, spec.unit or "ratio")
    except UnitError as error:
        raise DataError(f"{spec.provision}.toml: {spec.name}: {expression}: {error}") from None
    return float(amount) * factor if factor != 1 else float(amount)


def own_parameter(parameter: Parameter, evidence: Evidence, as_of: date) -> Parameter:
    """A user's parameter, checked like one of a data file: its basis follows from what it rests on.

    Raises
    ------
    DataError
        With both or neither of facts and an assumption, with a value that is not its fact's, or citing a fact that does
        not exist or was not public.
    InvalidValue, UnitError
        If the value, the range or the unit does not hold.
    """
    if not isinstance(parameter, Parameter) or not parameter.name.isidentifier():
        raise DataError("with_parameter takes an ukraineplan.Parameter whose name is letters, digits and _")
    if parameter.unit != CHOICE:
        parse(parameter.unit)
    if parameter.role not in ("lever", "uncertainty", "convention"):
        raise DataError(f"{parameter.name}: the role is lever, uncertainty or convention, not '{parameter.role}'")
    if parameter.role != "lever" and bool(parameter.facts) == bool(parameter.assumption):
        raise DataError(f"{parameter.name}: name its facts or give an assumption: exactly one of the two")
    for cited in (*parameter.facts, *parameter.competing):
        if not evidence.facts[cited].is_public(as_of):
            raise DataError(f"{parameter.name}: the fact '{cited}' was not public on {as_of}")
    for end in parameter.range or ():
        read_value(parameter, _typed(end, parameter.unit))
    low, high = map(_bare, parameter.range or (-math.inf, math.inf))
    at = _bare(parameter.value)  # one that is no number is refused below
    if low > high or not (parameter.choices or math.isnan(at) or low <= at <= high):
        raise InvalidValue(f"{parameter.name}: the range runs from low to high and holds the value")
    value = read_value(parameter, parameter.value if parameter.choices else _typed(parameter.value, parameter.unit))
    if parameter.distribution is not None:
        parameter = with_distribution(parameter, parameter.distribution)
    if parameter.role == "lever":
        return replace(parameter, value=value, basis="set", facts=())
    if parameter.facts and isinstance(value, date) and evidence.facts[parameter.facts[0]].value_text != value.isoformat():
        instead = f"the date differs from that of its fact '{parameter.facts[0]}'; give an assumption instead"
        raise DataError(f"{parameter.name}: {instead}")
    if parameter.facts and isinstance(value, float):
        fact = evidence.facts[parameter.facts[0]]
        said = None if fact.value is None else fact.value * unit_factor(fact.unit, parameter.unit)
        if said is None or not math.isclose(value, said, rel_tol=1e-9):
            raise DataError(f"{parameter.name}: the value differs from that of its fact '{fact.id}'; give an assumption instead")
    return replace(parameter, value=value, basis="sourced" if parameter.facts else "assumed")


def _typed(value: Any, unit: str) -> Any:
    """A value as text with its unit, so that a bare share is not ambiguous; what is no number stays for the check."""
    return value if math.isnan(_bare(value)) or unit == DATE else f"{_bare(value)!r} {unit}"


def _bare(value: Any) -> float:
    """A number to compare; what is none is left to the check of values."""
    if isinstance(value, date):
        return float(value.toordinal())
    if isinstance(value, (bool, str)) or not hasattr(value, "__float__"):
        return math.nan
    return float(value)
