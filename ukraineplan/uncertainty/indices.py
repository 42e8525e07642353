"""What either route to variance-based indices answers with: estimates, each with its error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple


class Estimate(NamedTuple):
    """A number and its error: half the width of its 95 % interval; of an exact one, a bound from a second, finer grid."""

    value: float
    error: float


class Effect(NamedTuple):
    """What one factor, or one group of factors, does to the variance of a number, as parts of that variance.

    `first` is its part alone (of a group: all that its members do among themselves), `total` that with every
    interaction it takes part in, `shapley` the part that falls to it when interactions are shared out evenly.
    """

    first: Estimate
    total: Estimate
    shapley: Estimate


NOTHING: Final = Effect(Estimate(0.0, 0.0), Estimate(0.0, 0.0), Estimate(0.0, 0.0))
"""The effect of what does not move the number."""


def has_effect(effect: Effect) -> bool:
    """Whether it can be told from none."""
    return effect.total.value > effect.total.error


@dataclass(frozen=True)
class Indices:
    """Mean, variance and effects of a number, and the method that gave them.

    `effects` are by factor, `groups` by the name of the group. A number that does not vary has a variance of 0 and
    effects of 0, without error.
    """

    mean: Estimate
    variance: Estimate
    effects: Mapping[str, Effect]
    groups: Mapping[str, Effect]
    method: str
