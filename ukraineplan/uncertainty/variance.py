"""Mean, variance and effects of a sum of products of functions of independent factors, from small sums alone.

With m the outer products of the means of the terms on one block and C(S) the covariances of their conditional expectations
given the factors S, the part of the variance that the factors A account for is the sum over pairs of terms of
``prod(m + C(A)) - prod(m)``, the products running over the blocks. That difference is taken block by block, so the square
of the mean is never subtracted from anything.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence, Set
from functools import cached_property, reduce
from itertools import chain, combinations
from typing import Final, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Item = TypeVar("Item")

ROUNDING: Final = 16 * 2.0**-52
"""What a handful of operations may lose, relative to the numbers that go in."""

UNVARIED: Final = 2.0**-44
"""A standard deviation that small, relative to the numbers it comes from, is rounding."""


class Block(NamedTuple):
    """The functions of a few factors that the terms contain: shape (terms, nodes of the first factor, ...)."""

    factors: tuple[str, ...]
    values: Array
    weights: tuple[Array, ...]


class Moments:
    """Moments of a sum of products.

    Parameters
    ----------
    coefficients : array
        One a term, shape ``(terms,)``.
    blocks : sequence of Block
        Independent of one another; their functions are multiplied.
    """

    def __init__(self, coefficients: Array, blocks: Sequence[Block]) -> None:
        self._pairs = np.outer(coefficients, coefficients)
        self._blocks = blocks
        means = [_mean(b.values, b.weights, range(len(b.weights))).reshape(-1) for b in blocks]
        self._means = [np.outer(m, m) for m in means]
        self._covariances = [_covariances(b, m) for b, m in zip(blocks, means, strict=True)]
        self.factors = frozenset(chain.from_iterable(b.factors for b in blocks))
        self.mean = float(coefficients @ reduce(np.multiply, means, np.ones(len(coefficients))))
        largest = [np.abs(b.values).reshape(len(coefficients), -1).max(axis=1) for b in blocks]
        self.size = float(np.abs(coefficients) @ reduce(np.multiply, largest, np.ones(len(coefficients))))

    @cached_property
    def variance(self) -> float:
        """The variance; 0 where what is left of it is rounding."""
        found = self._spread([c[frozenset(b.factors)] for b, c in zip(self._blocks, self._covariances, strict=True)])
        return found if found > (UNVARIED * self.size) ** 2 else 0.0

    @property
    def noise(self) -> float:
        """What rounding may do to a standard deviation, relative to it."""
        return ROUNDING * (1 + self.size / math.sqrt(self.variance)) if self.variance else 0.0

    def closed(self, factors: Set[str]) -> float:
        """The part of the variance that some factors account for among themselves: of the conditional expectation."""
        found = [c[frozenset(factors) & frozenset(b.factors)] for b, c in zip(self._blocks, self._covariances, strict=True)]
        return self._spread(found) / self.variance

    def total(self, factors: Set[str]) -> float:
        """The part of the variance that some factors account for with every interaction."""
        return 1 - self.closed(self.factors - factors)

    def shapley(self) -> Mapping[str, float]:
        """The part of the variance that falls to each factor when interactions are shared out evenly.

        A Shapley effect (A. B. Owen (2014), Sobol' indices and Shapley value, SIAM/ASA Journal on Uncertainty
        Quantification 2(1), 245-251) as the integral over q of what a factor adds to a set that each other factor is in
        with probability q (G. Owen (1972), Multilinear extensions of games, Management Science 18(5), 64-79). The
        integrand is a polynomial in q of a degree below the number of factors, so Gauss nodes give its integral exactly,
        and as blocks are independent, the cost grows with the number of blocks, not with that of the sets.
        """
        nodes, weights = np.polynomial.legendre.leggauss(max(1, (len(self.factors) + 1) // 2))
        found = dict.fromkeys(sorted(self.factors), 0.0)
        for q, weight in zip((nodes + 1) / 2, weights / 2, strict=True):
            inside = [m + _expected(b.factors, c, q) for b, m, c in self._parts()]
            for place, (block, _, covariances) in enumerate(self._parts()):
                others = reduce(np.multiply, inside[:place] + inside[place + 1 :], self._pairs)
                for name in block.factors:
                    added = float(np.vdot(others, _gain(block.factors, name, covariances, q)))
                    found[name] += weight * added / self.variance
        return found

    def _parts(self) -> list[tuple[Block, Array, Mapping[frozenset[str], Array]]]:
        return list(zip(self._blocks, self._means, self._covariances, strict=True))

    def _spread(self, covariances: Sequence[Array]) -> float:
        """Sum over pairs of terms of prod(m + C) - prod(m)."""
        centre, spread = self._pairs, np.zeros_like(self._pairs)
        for m, c in zip(self._means, covariances, strict=True):
            spread = spread * (m + c) + centre * c
            centre = centre * m
        return float(spread.sum())


def _covariances(block: Block, means: Array) -> Mapping[frozenset[str], Array]:
    """For every subset of a block's factors, the covariances of the terms' expectations given those factors."""
    centred = block.values - means.reshape(-1, *[1] * len(block.weights))
    found = {}
    for kept in subsets(range(len(block.factors))):
        given = _mean(centred, block.weights, [k for k in range(len(block.factors)) if k not in kept])
        weighted = given
        for axis, k in enumerate(kept):
            weighted = weighted * block.weights[k].reshape([-1 if a == axis else 1 for a in range(len(kept))])
        flat, other = given.reshape(len(means), -1), weighted.reshape(len(means), -1)
        found[frozenset(block.factors[k] for k in kept)] = other @ flat.T if kept else np.zeros((len(means), len(means)))
    return found


def _mean(values: Array, weights: Sequence[Array], axes: Sequence[int]) -> Array:
    """The mean over some factors; shape (terms, nodes of the others)."""
    for k in sorted(axes, reverse=True):
        values = np.tensordot(values, weights[k], (k + 1, 0))
    return values


def _expected(factors: Sequence[str], covariances: Mapping[frozenset[str], Array], q: float) -> Array:
    """The mean of C(S) where each factor is in S with probability q."""
    n = len(factors)
    return np.asarray(sum(q ** len(s) * (1 - q) ** (n - len(s)) * c for s, c in covariances.items()))


def _gain(factors: Sequence[str], name: str, covariances: Mapping[frozenset[str], Array], q: float) -> Array:
    """The mean of what one factor adds to C(S) where each of the others is in S with probability q."""
    rest = [f for f in factors if f != name]
    return np.asarray(sum(
        q ** len(s) * (1 - q) ** (len(rest) - len(s)) * (covariances[frozenset({*s, name})] - covariances[frozenset(s)])
        for s in subsets(rest)
    ))  # fmt: skip


def subsets(items: Sequence[Item]) -> list[tuple[Item, ...]]:
    """Every subset, the smaller ones first."""
    return [s for size in range(len(items) + 1) for s in combinations(items, size)]
