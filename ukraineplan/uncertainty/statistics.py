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


def estimate(draws: Array, statistic: Callable[[Array], float]) -> Estimate:
    """A statistic of all draws; its error from the same statistic of each replicate."""
    value = float(statistic(draws))
    if len(draws) < FEWEST:
        return Estimate(value, np.nan)
    return Estimate(value, half_width([statistic(draws[r::REPLICATES]) for r in range(REPLICATES)]))


def summary(draws: Array) -> dict[str, Estimate]:
    """Mean, standard deviation and the percentiles of draws, shape ``(draws,)``."""
    if not np.all(np.isfinite(draws)):  # never averaged over: whoever asks is told where it is not defined
        return dict.fromkeys(["mean", "sd", *(f"p{p}" for p in PERCENTILES)], Estimate(np.nan, np.nan))
    found = {"mean": estimate(draws, np.mean), "sd": estimate(draws, _spread)}
    return found | {f"p{p}": estimate(draws, _percentile(p)) for p in PERCENTILES}


def _spread(draws: Array) -> float:
    return float(np.std(draws, ddof=1)) if len(draws) > 1 else np.nan


def _percentile(p: float) -> Callable[[Array], float]:
    return lambda draws: float(np.percentile(draws, p))
