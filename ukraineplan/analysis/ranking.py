"""What a ranking of drivers has to say: what it rests on, and whether it stands when the assumed ranges are others."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

from ukraineplan import words
from ukraineplan.explanation import MARKS
from ukraineplan.parameters import Parameter
from ukraineplan.plan import Plan

STRETCHES: Final = {"halved": 0.5, "doubled": 2.0}
"""Assumed ranges with which a ranking is tried again."""

TOP: Final = 3
"""Drivers that are looked at, and not their order among themselves."""


def resting_on(bases: Iterable[str]) -> str:
    """How many inputs there are, and how many of them are stated, sourced, assumed."""
    counted = Counter(bases)
    kinds = words.join(f"{counted[b]} {b}" for b in MARKS if counted[b])
    many = counted.total()
    return f"{many} input{'s' if many > 1 else ''} ({kinds})"


def stretched(plan: Plan, by: float) -> Plan:
    """The plan with every assumed range `by` times as wide about its value, as far as the limits allow.

    A distribution is left as it is: somebody claims it.
    """
    parameters = {n: _stretched(p, by) if is_assumed(p) else p for n, p in plan.parameters.items()}
    return plan._with(parameters, plan.formulas, plan._yearly, plan._graph)


def is_assumed(p: Parameter) -> bool:
    """Whether its range is an assumption of ours."""
    return p.basis == "assumed" and p.role == "uncertainty" and p.range is not None and p.distribution is None


def _stretched(p: Parameter, by: float) -> Parameter:
    if isinstance(p.value, date) and p.range:
        at, ends = p.value.toordinal(), [p.in_formulas(end) for end in p.range]
        stretched_ends: Any = tuple(words.day(at + by * (end - at)) for end in ends)
        return replace(p, range=stretched_ends)
    value, (low, high), (least, most) = p.value if isinstance(p.value, float) else 0.0, p.range or (0, 0), p.limits
    low, high = max(value - by * (value - low), least), min(value + by * (high - value), most)
    if p.whole:
        low, high = math.ceil(low), math.floor(high)
    return replace(p, range=(low, high) if low < high else None)


def standing(ranking: Sequence[str], tried: Mapping[str, Sequence[str]]) -> str:
    """Whether a ranking is the same on other ranges, in a sentence.

    Parameters
    ----------
    ranking : sequence of str
        The names, the strongest driver first.
    tried : mapping
        The ranking where the assumed ranges are what the key says: "halved", "doubled".
    """

    def top(names: Sequence[str]) -> object:
        return frozenset(names[:TOP]) if len(names) > TOP else tuple(names)

    changes = [said for said, other in tried.items() if top(other) != top(ranking)]
    few = len(ranking) <= TOP
    if not changes:
        stays = "Their order stays" if few else "The top three stay the top three"
        return f"{stays}{' the same' if few else ''} when the assumed ranges are {words.join(tried)}."
    subject = "Their order changes" if few else "The top three change"
    return f"{subject} when the assumed ranges are {words.join(changes)}."
