"""Mean, spread and quantiles of draws, each with its error as the replicates of the sample show it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ukraineplan.uncertainty.draws import REPLICATES
from ukraineplan.uncertainty.indices import Estimate

Array = NDArray[Any]

FEWEST: Final = 2 * REPLICATES
"""Draws below which no error can be told."""

PERCENTILES: Final = (5, 50, 95)


def half_width(replicates: Sequence[float] | Array) -> float:
    """Half the width of the 95 % interval of a mean of independent replicates (Student)."""
    from scipy.special import stdtrit

    count = len(replicates)
    return float(stdtrit(count - 1, 0.975) * np.std(replicates, ddof=1) / np.sqrt(count))


def summary(draws: Array, *, even: bool) -> dict[str, Estimate]:
    """Mean, standard deviation and the percentiles of draws, shape ``(draws,)``; nan where some are not finite.

    Parameters
    ----------
    draws : array
    even : bool
        Whether they are Sobol points: these know their spread without losing one of them to the mean.
    """
    names = ["mean", "sd", *(f"p{p}" for p in PERCENTILES)]
    if not np.all(np.isfinite(draws)):  # never averaged over: whoever asks is told where it is not defined
        return dict.fromkeys(names, Estimate(np.nan, np.nan))
    lost = 0 if even else 1

    def spread(some: Array) -> float:
        return float(np.std(some, ddof=lost)) if len(some) > lost else np.nan

    values = [estimate(draws, lambda some: float(np.mean(some))), estimate(draws, spread)]
    return dict(zip(names, values + [percentile(draws, p / 100) for p in PERCENTILES], strict=True))


def estimate(draws: Array, statistic: Callable[[Array], float]) -> Estimate:
    """A statistic of all draws; its error from the same statistic of each replicate."""
    value = float(statistic(draws))
    if len(draws) < FEWEST:
        return Estimate(value, np.nan)
    return Estimate(value, half_width([statistic(draws[r::REPLICATES]) for r in range(REPLICATES)]))


def percentile(draws: Array, level: float) -> Estimate:
    """The value below which a part `level` of the draws lies that are no nan.

    Hazen's, midway between the steps of the distribution: type 5 of Hyndman and Fan (1996).

    Its error: how far the parts of the sample differ in how many of their draws lie below it is the error of the level, and
    the values at both ends of that are the interval.
    """
    there = ~np.isnan(draws)
    known = draws[there]
    if not len(known):
        return Estimate(np.nan, np.nan)
    value = float(np.quantile(known, level, method="hazen"))
    parts = [draws[r::REPLICATES][there[r::REPLICATES]] for r in range(REPLICATES)]
    if len(draws) < FEWEST or not all(map(len, parts)):
        return Estimate(value, np.nan)
    off = half_width([float(np.mean(part <= value)) for part in parts])
    off = max(off, 0.5 / len(known))  # nothing is known between two draws
    low, high = np.quantile(known, np.clip([level - off, level + off], 0, 1), method="hazen")
    return Estimate(value, float(high - low) / 2)
