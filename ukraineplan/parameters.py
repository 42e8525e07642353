"""Parameters: numbers with a unit, a range, and a reason to believe them, at one text and one vintage."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from ukraineplan import words
from ukraineplan.errors import DataError, InvalidValue, UnitError, did_you_mean
from ukraineplan.evidence import Evidence, arithmetic
from ukraineplan.specs import ParameterSpec, Role
from ukraineplan.units import CHOICE, conversion, in_formulas, parse

Value = float | str | None

_FACT_ID = re.compile(r"(?<![\w.])[A-Za-z_]\w*")
_NUMBER = re.compile(r"([+\-−]?\d[\d_]*(?:\.\d+)?(?:[eE][+\-]?\d{1,3})?)\s*(.*)", re.DOTALL)
_LONGEST = 100


@dataclass(frozen=True)
class Parameter:
    """A number that formulas use, in the unit of its data file (50 and "%").

    Of the library's parameters this is the state at one text and one vintage; of your own it is all there is. A
    convention that is answered with a label has the unit "choice".

    Attributes
    ----------
    value : float, str or None
        None where the text does not state it or no fact was public; `reason` then says so.
    range : tuple or None
        Two numbers, which claim no probability.
    limits : tuple
        What is possible at all.
    facts : tuple of str
        Ids of the facts that the value comes from, the leading one first.
    competing : tuple of str
        Rival measurements that were public.
    basis : str
        stated, sourced, assumed or set.
    """

    name: str
    label: str
    unit: str
    value: Value = None
    role: Role = "uncertainty"
    range: tuple[float, float] | None = None
    limits: tuple[float, float] = (-math.inf, math.inf)
    choices: tuple[str | float, ...] = ()
    whole: bool = False
    facts: tuple[str, ...] = ()
    competing: tuple[str, ...] = ()
    assumption: str | None = None
    basis: str = "assumed"
    reason: str | None = None
    provision: str | None = None
    note: str | None = None
    range_because: str | None = None
    range_facts: tuple[str, ...] = ()
    benchmarks: tuple[str, ...] = ()
    choice_labels: Mapping[str, str] | None = None
    review_by: date | None = None
    together: tuple[str, ...] = ()
    together_at_most: float | None = None

    @property
    def labelled(self) -> bool:
        """Whether the answer is a label, not a number."""
        return self.unit == CHOICE

    @property
    def why(self) -> str:
        """Why a reader may believe it: the assumption, the reason of the range, and what to mind."""
        ends = self.range_because if self.role != "lever" else None  # a lever is held, so its ends are not printed
        parts = filter(None, (self.reason, self.assumption, ends, self.note))
        return " ".join(part if part.endswith((".", "?")) else f"{part}." for part in parts)

    @property
    def unit_in_formulas(self) -> str:
        """The unit in which formulas see it: a share, not per cent."""
        return in_formulas(self.unit)

    def in_formulas(self, value: Any) -> Any:
        """A value in the unit in which formulas see it; labels and None stay."""
        if value is None or isinstance(value, str):
            return value
        return value / conversion(self.unit_in_formulas, self.unit)  # 57 / 100 is 0.57, 57 * 0.01 is not

    def with_value(self, given: object) -> Parameter:
        """The same with a value set by the user; the range collapses to it."""
        return replace(
            self, value=read_value(self, given), range=None, basis="set", reason="set by the user", facts=(), competing=(),
            assumption=None, range_because=None, range_facts=(), benchmarks=(),
        )  # fmt: skip


# ------------------------------------------------------------------------------------------------------
# From a specification to a parameter at one vintage


def resolve(
    spec: ParameterSpec, evidence: Evidence, as_of: date, stated: tuple[Value, tuple[str, ...]] | None, text: str
) -> Parameter:
    """A parameter at a vintage: the latest of its facts that was public leads.

    Parameters
    ----------
    spec : ParameterSpec
    evidence : Evidence
    as_of : date
        Only facts that were public on that day count.
    stated : tuple or None
        What the text sets it to, and the ids of the facts that quote it.
    text : str
        The text's id, for messages.
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
        range=None, limits=(low, high), choices=tuple(spec.choices), whole=spec.whole, facts=tuple(public),
        competing=tuple(i for i in spec.competing if evidence.facts[i].is_public(as_of)), assumption=spec.assumption,
        basis="assumed", reason=None, provision=spec.provision, note=spec.note, range_because=spec.range_because,
        benchmarks=tuple(i for i in spec.benchmarks if evidence.facts[i].is_public(as_of)),
        choice_labels=spec.choice_labels, review_by=spec.review_by, together=tuple(spec.together),
        together_at_most=spec.together_at_most,
    )  # fmt: skip
    if stated is not None:
        bare = replace(bare, value=read_value(bare, stated[0]), basis="stated", facts=stated[1], competing=(), assumption=None)
    elif spec.role == "lever":
        bare = replace(bare, basis="stated", reason=f"the text '{text}' does not state it", competing=())
    elif spec.facts or spec.derivation:
        bare = _from_facts(bare, spec, evidence, as_of)
    return bare if bare.value is None else _with_range(bare, spec, evidence, as_of)


def _from_facts(bare: Parameter, spec: ParameterSpec, evidence: Evidence, as_of: date) -> Parameter:
    basis = "sourced" if spec.facts else "assumed"
    if spec.derivation:
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
    if spec.range is None or not isinstance(bare.value, (int, float)):
        return bare
    ends: list[float] = []
    cited: list[str] = []
    for end in spec.range:
        named = facts_named(end) if isinstance(end, str) else ()
        if all(_fact(i, spec, evidence).is_public(as_of) for i in named):
            ends.append(_amount(end, spec, evidence) if isinstance(end, str) else end)
            cited += named
    low, high = min([*ends, bare.value]), max([*ends, bare.value])
    because = bare.range_because
    if len(ends) < len(spec.range):
        because = f"What an end of the range rests on was not public on {as_of}; the value stands in its place."
    ends_or_none = (low, high) if low < high else None
    return replace(bare, range=ends_or_none, range_facts=tuple(dict.fromkeys(cited)), range_because=because)


def facts_named(expression: str) -> tuple[str, ...]:
    """The facts that an expression over facts names, such as ``"12 * pay_peace.high"``."""
    return tuple(dict.fromkeys(_FACT_ID.findall(expression)))


def _fact(name: str, spec: ParameterSpec, evidence: Evidence) -> Any:
    if name not in evidence.facts:
        raise DataError(f"{spec.provision}.toml: {spec.name}: no fact '{name}'{did_you_mean(name, evidence.facts)}")
    return evidence.facts[name]


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
        factor = _fact_factor(evidence.facts[named[0]].unit, spec.unit or "ratio")
    except UnitError as error:
        raise DataError(f"{spec.provision}.toml: {spec.name}: {expression}: {error}") from None
    return float(amount) * factor if factor != 1 else float(amount)


def _fact_factor(have: str | None, want: str) -> float:
    """What turns a fact's number into the parameter's unit; that a figure is a year's, publications often leave out."""
    have = (have or "ratio").replace("-year", "/year")
    try:
        return conversion(have, want)
    except UnitError:
        if want.endswith("/year") and not have.endswith("/year"):
            return conversion(f"{have}/year", want)
        raise


# ------------------------------------------------------------------------------------------------------
# Reading what a user typed


def read_value(parameter: Parameter, given: object) -> Value:
    """A value in the parameter's unit.

    Parameters
    ----------
    parameter : Parameter
    given : float, str or pint.Quantity
        A bare number is in the parameter's unit; text may carry another unit of the same dimension.

    Raises
    ------
    InvalidValue
        For text that is no value, nan, infinity, a value outside the limits or choices, a fraction of a whole
        number, and a bare share between -1 and 1 (is 0.5 half or half a per cent?).
    UnitError
        For a unit that does not exist or does not fit.
    """
    if parameter.labelled:
        return _among_choices(parameter, given, given)
    if hasattr(given, "magnitude") and hasattr(given, "units"):
        try:
            given = f"{float(given.magnitude)!r} {given.units}"
        except (TypeError, ValueError):
            raise InvalidValue(f"{parameter.name} takes one number, got {_shown(given)}") from None
    number, unit = _split(parameter, given)
    bare_share = not unit and parameter.unit.startswith("%") and 0 < abs(number) < 1
    if bare_share:
        rate = parameter.unit.removeprefix("%")
        raise InvalidValue(f"{parameter.name}={number:g} is ambiguous: write '{number:g} %{rate}' or '{number * 100:g} %{rate}'")
    if unit and unit != parameter.unit:
        number *= _factor(parameter, unit, given)
    number = _within_limits(parameter, number)
    return _among_choices(parameter, number, given) if parameter.choices else number


def _among_choices(parameter: Parameter, value: Any, given: object) -> Value:
    if isinstance(given, bool) or value not in parameter.choices:
        options = ", ".join(map(str, parameter.choices))
        near = did_you_mean(str(given), map(str, parameter.choices))
        raise InvalidValue(f"{parameter.name} is one of {options}, got {_shown(given)}{near}")
    found: Value = value
    return found


def _split(parameter: Parameter, given: object) -> tuple[float, str]:
    if isinstance(given, str):
        match = _NUMBER.fullmatch(given.strip()) if len(given) <= _LONGEST else None
        if not match:
            wanted = f"a number with a unit, such as '{example(parameter)}'"
            raise InvalidValue(f"{parameter.name} needs {wanted}, got {_shown(given)}")
        number, unit = float(match[1].replace("_", "").replace("−", "-")), match[2].strip()
        if re.match(r"[,.\s]\d", match[2]):
            plain = re.sub(r"(?<=\d)[,\s](?=\d)", "", given.strip())
            raise InvalidValue(f"{parameter.name}: write a number without separators, such as '{plain}', got {_shown(given)}")
    elif isinstance(given, (bool, np.bool_)) or not hasattr(given, "__float__"):
        raise InvalidValue(f"{parameter.name} needs a number, such as '{example(parameter)}', got {_shown(given)}")
    else:
        try:
            number, unit = float(given), ""
        except (TypeError, ValueError, OverflowError):
            raise InvalidValue(f"{parameter.name} takes one number, got {_shown(given)}") from None
    if not math.isfinite(number):
        raise InvalidValue(f"{parameter.name} needs a finite number, got {_shown(given)}")
    return number, unit


def _factor(parameter: Parameter, unit: str, given: object) -> float:
    try:
        return conversion(unit, parameter.unit)
    except UnitError as error:
        why = "" if "does not convert" in str(error) else f" ({error})"
        raise UnitError(f"{parameter.name} is in {words.unit_words(parameter.unit)}, got {_shown(given)}{why}; "
                        f"try '{example(parameter)}'") from None  # fmt: skip


def _within_limits(parameter: Parameter, number: float) -> float:
    low, high = parameter.limits
    if not low <= number <= high:
        shown = [words.display(end, parameter.unit) for end in (low, high) if math.isfinite(end)]
        side = "at least" if math.isfinite(low) else "at most"
        bounds = f"from {shown[0]} to {shown[1]}" if len(shown) == 2 else f"{side} {shown[0]}"
        raise InvalidValue(f"{parameter.name} is {bounds}, got {words.display(number, parameter.unit)}")
    if parameter.whole and number != int(number):
        raise InvalidValue(f"{parameter.name} is a whole number, got {number:g}")
    return number


def example(parameter: Parameter) -> str:
    """A value that the parameter would take, as a user would type it."""
    value = parameter.value if isinstance(parameter.value, (int, float)) else (parameter.range or (1,))[0]
    return f"{value:.12g} {parameter.unit}"


def _shown(given: object) -> str:
    text = repr(given)
    return text if len(text) <= 60 else text[:57] + "..."


def check_together(parameters: Mapping[str, Parameter]) -> None:
    """Refuse shares of one thing that add up to more than the whole.

    Raises
    ------
    InvalidValue
    """
    for p in parameters.values():
        parts = {n: parameters[n].value for n in p.together}
        if p.together_at_most is not None and None not in parts.values():
            found = sum(v for v in parts.values() if isinstance(v, (int, float)))
            if found > p.together_at_most:
                said = " and ".join(f"{n}={v:g}" for n, v in parts.items())
                most = words.display(p.together_at_most, p.unit)
                raise InvalidValue(f"{said} add up to {found:g}, more than {most}: lower one of them")


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
        read_value(parameter, f"{float(end)!r} {parameter.unit}")
    low, high = parameter.range or (-math.inf, math.inf)
    at = _bare(parameter.value)  # one that is no number is refused below
    if low > high or not (parameter.choices or math.isnan(at) or low <= at <= high):
        raise InvalidValue(f"{parameter.name}: the range runs from low to high and holds the value")
    value = read_value(parameter, parameter.value if parameter.choices else _typed(parameter.value, parameter.unit))
    if parameter.role == "lever":
        return replace(parameter, value=value, basis="set", facts=())
    if parameter.facts and isinstance(value, float):
        fact = evidence.facts[parameter.facts[0]]
        said = None if fact.value is None else fact.value * _fact_factor(fact.unit, parameter.unit)
        if said is None or not math.isclose(value, said, rel_tol=1e-9):
            raise DataError(f"{parameter.name}: the value differs from that of its fact '{fact.id}'; give an assumption instead")
    return replace(parameter, value=value, basis="sourced" if parameter.facts else "assumed")


def _typed(value: Any, unit: str) -> Any:
    """A value as text with its unit, so that a bare share is not ambiguous; what is no number stays for the check."""
    return value if math.isnan(_bare(value)) else f"{_bare(value)!r} {unit}"


def _bare(value: Any) -> float:
    """A number to compare; what is none is left to the check of values."""
    if isinstance(value, (bool, str)) or not hasattr(value, "__float__"):
        return math.nan
    return float(value)
