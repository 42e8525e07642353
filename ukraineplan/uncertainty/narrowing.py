"""How much narrower the range of a number would be if one of its factors were known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ukraineplan.uncertainty.indices import Estimate
from ukraineplan.uncertainty.statistics import half_width

Array = NDArray[Any]

RANGE: Final = (0.05, 0.95)
"""Between these quantiles a number is taken to lie: nine draws in ten."""


def narrowing(points: Array, results: Array, replicate: Array, levels: Sequence[int | None]) -> list[Estimate]:
    """Width of the 5-95 % range of a number, less the width to be expected once a factor is known; factor by factor.

    Parameters
    ----------
    points : array
        Uniform points, shape ``(factors, n)``, each between 0 and 1; the factors are independent.
    results : array
        The finite number at each, shape ``(n,)``.
    replicate : array of int
        The independent part of the sample that each draw belongs to, shape ``(n,)``; at least two parts.
    levels : sequence of (int or None)
        Of each factor, how many equally probable values it has; None where it is continuous.

    Returns
    -------
    list of Estimate
        In the unit of the number. Below 0 where a known factor leaves a wider range in the mean, which can happen, or where
        it does next to nothing. The error is half the width of a 95 % interval, from leaving out each replicate in turn;
        for a continuous factor twice the difference that half the bins make is added, for the bias of bins.

    Notes
    -----
    A continuous factor is cut into equally probable bins, and inside a bin it counts as known: one sample serves all factors
    (Plischke, Borgonovo and Smith 2013, European Journal of Operational Research 226, for moments and densities; Kucherenko,
    Song and Wang 2019, "Quantile based global sensitivity measures", for quantiles). There are about as many bins as draws
    in each: with fewer a strong factor is only half known, with more its bins have too few draws for their tails. Quantiles
    are Hazen's, midway between the steps of the distribution; the usual ones make the range of few draws too narrow.

    Limits: a factor that is nearly all of the number leaves about its own range over the number of bins; a jump leaves the
    bin that holds it half known, which the added difference may miss by a part of the whole width over the number of bins;
    below some 2**10 draws, bins are coarse and so is the error.
    """
    ascending = np.argsort(results, kind="stable")  # a stable sort by bin then leaves each bin sorted
    results, replicate = results[ascending], replicate[ascending]
    parts = np.unique(replicate)
    samples = [np.ones(len(results), dtype=bool), *(replicate != part for part in parts)]
    wholes = [_mean_width(results[s], np.zeros(np.count_nonzero(s), dtype=np.uint16)) for s in samples]
    bins = 1 << (len(results).bit_length() - 1) // 2
    found = []
    for row, count in zip(points, levels, strict=True):
        known = count if count is not None and count <= bins else None
        cut = _bin(row[ascending], known or bins)
        value, *without = [whole - _mean_width(results[s], cut[s]) for whole, s in zip(wholes, samples, strict=True)]
        error = half_width((len(parts) - 1) * np.array(without))  # that of the pseudo-values
        coarse = value if known else wholes[0] - _mean_width(results, _bin(row[ascending], bins // 2))
        found.append(Estimate(value, error + 2 * abs(value - coarse)))
    return found


def _bin(points: Array, count: int) -> Array:
    """The bin of each point; in 16 bits, which are sorted without comparing."""
    return (points * count).astype(np.uint16)


def _mean_width(results: Array, cut: Array) -> float:
    """The mean width of the range over the bins; results ascend."""
    size = np.bincount(cut)
    size = size[size > 0]
    start = np.cumsum(size) - size
    by_bin = results[np.argsort(cut, kind="stable")]
    at = [start + np.clip(quantile * size - 0.5, 0, size - 1) for quantile in RANGE]
    low, high = np.interp(at, np.arange(len(by_bin)), by_bin)
    return float(np.mean(high - low))
