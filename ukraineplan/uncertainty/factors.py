"""What is drawn of a plan, and how the inputs of its formulas follow from it.

A factor is drawn independently of every other. Most are parameters themselves. A parameter whose sources compete has a
second one, the source that is right; of shares that belong together, each after the first is a part of what is left.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, Final, Literal

import numpy as np

from ukraineplan.distributions import Distribution, Range, Whole, choice
from ukraineplan.errors import InvalidValue, unknown
from ukraineplan.parameters import Parameter
from ukraineplan.plan import Plan
from ukraineplan.trace import NUMPY, Algebra
from ukraineplan.units import DATE, conversion

Sources = Literal["leading", "compete"]

SOURCE: Final = "_source"
"""Ends the name of the factor that says which source of a parameter is right, and of no other factor."""


@dataclass(frozen=True)
class Factor:
    """One thing that is drawn; its distribution is in the unit in which formulas see it.

    `parameter` is the one whose value, or whose source, it is; `origin` is who the number comes from: the publisher of its
    leading fact, or that it is assumed or stated.
    """

    name: str
    parameter: str
    label: str
    role: str
    basis: str
    provision: str
    origin: str
    distribution: Distribution

    @property
    def is_source(self) -> bool:
        """Whether it says which source of its parameter is right, and not what the parameter is."""
        return self.name != self.parameter


@dataclass(frozen=True)
class Labels:
    """A convention answered with a label: drawn as the place of the label."""

    name: str
    labels: tuple[str, ...]

    def __call__(self, drawn: Mapping[str, Any], algebra: Algebra) -> Any:
        code = drawn[self.name]
        if algebra is NUMPY:
            return np.array(self.labels)[np.asarray(code, int)]
        return {label: algebra.apply["eq"](code, algebra.constant(k)) for k, label in enumerate(self.labels)}


@dataclass(frozen=True)
class Rivals:
    """A number that its leading source gives, with that source's range, or one of its competing sources."""

    name: str
    leading: float | None
    rivals: tuple[float, ...]
    facts: tuple[str, ...]  # the leading one and its rivals

    def __call__(self, drawn: Mapping[str, Any], algebra: Algebra) -> Any:
        found = drawn[self.name] if self.leading is None else algebra.constant(self.leading)
        for k, rival in enumerate(self.rivals, 1):
            chosen = algebra.apply["eq"](drawn[self.name + SOURCE], algebra.constant(k))
            found = algebra.apply["where"](chosen, algebra.constant(rival), found)
        return found


@dataclass(frozen=True)
class Rest:
    """A share of what others leave: its factor runs from 0, its low end, to 1, its high end or all that is left."""

    name: str
    others: tuple[str, ...]
    low: float
    high: float
    whole: float

    def __call__(self, drawn: Mapping[str, Any], algebra: Algebra) -> Any:
        do = algebra.apply
        left = reduce(do["sub"], (drawn[n] for n in self.others), algebra.constant(self.whole))
        room = do["sub"](do["min"](algebra.constant(self.high), left), algebra.constant(self.low))
        return do["add"](algebra.constant(self.low), do["mul"](drawn[self.name], room))


Rule = Labels | Rivals | Rest


@dataclass(frozen=True)
class Factors:
    """The factors of some targets, sorted by name, and the rules by which inputs follow that are not factors themselves."""

    factors: tuple[Factor, ...]
    rules: Mapping[str, Rule]

    @property
    def names(self) -> tuple[str, ...]:
        """Their names, in the order of the columns of draws."""
        return tuple(f.name for f in self.factors)

    def place(self, drawn: Mapping[str, Any], algebra: Algebra) -> dict[str, Any]:
        """The inputs of the formulas, over any kind of number."""
        plain = {f.name: drawn[f.name] for f in self.factors if f.name not in self.rules and not f.is_source}
        done = dict(drawn)
        for name, rule in self.rules.items():
            done[name] = rule(done if isinstance(rule, Rest) else drawn, algebra)
        return plain | {name: done[name] for name in self.rules}

    def groups(self, by: Literal["provision", "source", "role"]) -> dict[str, frozenset[str]]:
        """The names of the factors that belong together, by provision, by who their number comes from, or by role."""
        attribute = "origin" if by == "source" else by
        keys = sorted({getattr(f, attribute) for f in self.factors})
        return {k: frozenset(f.name for f in self.factors if getattr(f, attribute) == k) for k in keys}


def drawn_as(factors: Iterable[Factor]) -> str:
    """What the draws claim, in words: nothing where ranges are drawn; what a source says where it states a distribution."""
    claimed = sorted({(f.distribution.claimed_by, f.distribution.name) for f in factors if f.distribution.claimed_by})
    whose = [f"{shape} on the word of {who}" for who, shape in claimed]
    plain = "ranges are drawn uniformly because draws were asked for, which is no claim about them"
    bare = any(not f.distribution.claimed_by for f in factors)
    return "; ".join(([plain] if bare else []) + ([f"drawn as claimed: {', '.join(whose)}"] if whose else []))


def names_in(also: str | Iterable[str]) -> tuple[str, ...]:
    """Levers and conventions that a caller names, one or several.

    Raises
    ------
    InvalidValue
    """
    if not isinstance(also, Iterable):
        raise InvalidValue(f"also is the name of a lever or a convention, or a list of them, got {also!r}")
    return (also,) if isinstance(also, str) else tuple(also)


def factors_of(
    plan: Plan, targets: Collection[str], *, also: str | Iterable[str] = (), without: Collection[str] = (),
    sources: Sources = "leading",
) -> Factors:  # fmt: skip
    """What is drawn of a plan for some targets: its uncertainties, and what else is named.

    Parameters
    ----------
    plan : Plan
    targets : collection of str
        Only what they rest on is drawn.
    also : str or iterable of str
        Levers and conventions to draw too: levers from their range, conventions each option alike.
    without : collection of str
        Parameters to hold at their value.
    sources : str
        ``"compete"`` lets each parameter with competing facts be drawn from one of its sources, each alike.

    Raises
    ------
    UnknownName, InvalidValue
    """
    if sources not in ("leading", "compete"):
        raise InvalidValue(f"sources is 'leading' or 'compete', got {sources!r}")
    also = names_in(also)
    for name in also:
        if name not in plan.parameters:
            raise unknown("parameter", name, plan.parameters)
    leaves = dict.fromkeys(n for t in targets for n in plan._active_leaves(t, also) if n in plan._graph.needs(t))
    for name in also:
        if name not in leaves and any(name in plan._leaves(t) for t in targets):
            raise InvalidValue(f"{name} moves {' and '.join(targets)} through the calendar, which takes one day: leave it out of "
                               "also, and use frontier for a value at each")  # fmt: skip
        if name not in leaves:
            raise InvalidValue(f"{' and '.join(targets)} do{'es' * (len(targets) == 1)} not rest on {name}: leave it out of also")
    drawn = [plan.parameters[n] for n in leaves if n not in without and (plan.parameters[n].role == "uncertainty" or n in also)]
    found: dict[str, Factor] = {}
    rules: dict[str, Rule] = {}
    for p in drawn:
        for factor, rule in _drawn(plan, p, named=p.name in also, compete=sources == "compete"):
            if factor.name in found:
                raise InvalidValue(f"'{factor.name}' is a parameter and the choice among sources at once: give it another name")
            found[factor.name] = factor
            rules |= {p.name: rule} if rule else {}
    shares = dict(_shares_left(plan, found))
    rules |= {n: rule for n, (_, rule) in shares.items() if rule}
    found |= {n: factor for n, (factor, _) in shares.items()}
    return Factors(tuple(found[n] for n in sorted(found)), rules)


def _drawn(plan: Plan, p: Parameter, *, named: bool, compete: bool) -> Iterator[tuple[Factor, Rule | None]]:
    """The factors of one parameter, each with the rule that makes an input of it."""
    shape = _shape(p, named)
    if named and shape is None:
        raise InvalidValue(f"{p.name} has no range to draw from: leave it out, or give it one with with_parameter")
    rivals = _rivals(plan, p) if compete and p.role == "uncertainty" and not p.choices else []
    rule = Labels(p.name, tuple(map(str, p.choices))) if p.labelled else None
    if rivals:
        held = None if shape else p.in_formulas(p.value)
        ids, said = zip(*rivals, strict=True)
        leading = p.facts[0] if p.facts else "leading"
        yield _factor(plan, p, SOURCE, choice(*range(len(rivals) + 1))), Rivals(p.name, held, said, (leading, *ids))
    elif shape is not None:
        yield _factor(plan, p, "", shape), rule
    if rivals and shape is not None:
        yield _factor(plan, p, "", shape), None


def _shape(p: Parameter, named: bool) -> Distribution | None:
    """From where a parameter is drawn, as formulas see it; None where nothing about it is uncertain."""
    if p.basis == "set" and not p.range:
        return None
    if p.choices:
        options = range(len(p.choices)) if p.labelled else p.choices
        return choice(*map(float, options)).scaled(1.0 if p.labelled else _factor_of(p)) if named else None
    if p.distribution is not None:
        return p.distribution.scaled(_factor_of(p))
    ends = p.range if p.range or not (named and all(map(math.isfinite, p.limits))) else p.limits
    if not ends:
        return None
    if p.unit == DATE:
        return Whole(low=p.in_formulas(ends[0]), high=p.in_formulas(ends[1]))
    if p.whole:
        whole: Distribution = Whole(low=ends[0], high=ends[1]).scaled(_factor_of(p))
        return whole
    return Range(low=p.in_formulas(ends[0]), high=p.in_formulas(ends[1]))


def _factor_of(p: Parameter) -> float:
    return 1 / conversion(p.unit_in_formulas, p.unit)


def _rivals(plan: Plan, p: Parameter) -> list[tuple[str, float]]:
    """Competing facts and what they say, as formulas see it; what is not possible at all is left out."""
    facts = plan._library.evidence.facts
    said = ((i, facts[i].amount(p.unit)) for i in p.competing)
    return [(i, p.in_formulas(x)) for i, x in said if x is not None and p.limits[0] <= x <= p.limits[1]]


def _factor(plan: Plan, p: Parameter, suffix: str, shape: Distribution) -> Factor:
    cited = plan[p.name].sources[:1] if p.facts else ()
    origin = cited[0].source.publisher or cited[0].source.title if cited else None
    origin = origin or {"stated": "the text", "set": "set by the user"}.get(p.basis, "assumed here")
    label = f"Which source is right: {p.label}" if suffix else p.label
    return Factor(p.name + suffix, p.name, label, p.role, p.basis, p.provision or "your own", origin, shape)


def _shares_left(plan: Plan, found: Mapping[str, Factor]) -> Iterator[tuple[str, tuple[Factor, Rule | None]]]:
    """Shares of one whole, re-parametrised so that they can be drawn independently of each other."""
    for p in plan.parameters.values():
        drawn = [n for n in p.together if n in found]
        if p.together_at_most is None or not drawn:
            continue
        held = sum(plan._values.get(n, 0.0) for n in p.together if n not in found)
        whole = p.in_formulas(p.together_at_most) - held
        said = f"{' and '.join(drawn)} add up to at most {p.together_at_most:g} {p.unit}"
        for k, name in enumerate(drawn):
            factor = found[name]
            if type(factor.distribution) is not Range:
                raise InvalidValue(f"{said}, so they depend on each other, and {name} is not drawn from a range: "
                                   "draw one of them, or give each a range")  # fmt: skip
            low, high = factor.distribution.low, factor.distribution.high
            later = sum(found[n].distribution.low for n in drawn[k + 1 :])  # which have to find room too
            if low + later > whole:
                raise InvalidValue(f"{said}, which leaves no room for the low ends of what is drawn: lower them")
            high = min(high, whole - later)
            if k == 0:
                yield name, (replace(factor, distribution=Range(low=low, high=high)), None)
            else:
                part = replace(factor, label=f"{factor.label}, as a part of what is left", distribution=Range(low=0, high=1))
                yield name, (part, Rest(name, tuple(drawn[:k]), low, high, whole - later))
