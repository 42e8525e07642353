"""Gauss nodes and weights: few points that sum a smooth function over a range, or over many whole numbers."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@cache
def gauss(nodes: int, left: float, right: float) -> tuple[Array, Array]:
    """Gauss nodes and weights on [-1, 1] for the weight (1 + t)**left * (1 - t)**right."""
    if left == right == 0:
        t, w = np.polynomial.legendre.leggauss(nodes)
    else:
        from scipy.special import roots_jacobi

        t, w = roots_jacobi(nodes, right, left)
    return np.asarray(t), np.asarray(w)


def gauss_of_whole(first: int, count: int, nodes: int) -> tuple[Array, Array]:
    """Nodes and weights that sum a polynomial over `count` whole numbers from `first` on exactly.

    Those of the discrete Chebyshev polynomials, by the eigenvalues of their recurrence (Golub and Welsch 1969).
    """
    if count <= nodes:
        return first + np.arange(count, dtype=float), np.ones(count)
    k = np.arange(1, nodes)
    beside = np.sqrt(count**2 / 4 * (1 - (k / count) ** 2) / (4 - 1 / k**2))
    places, vectors = np.linalg.eigh(np.diag(beside, 1) + np.diag(beside, -1))
    return first + (count - 1) / 2 + places, count * vectors[0] ** 2
