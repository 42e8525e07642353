"""Uniform points that belong to names, so that a name has the same draws whatever else is drawn beside it.

Draw `i` belongs to replicate `i % REPLICATES`. The replicates are independent of each other, so how far they differ says
how sure a result is; and more draws keep the first ones.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from ukraineplan.errors import InvalidValue

Array = NDArray[Any]
Method = Literal["sobol", "random"]

REPLICATES: Final = 8
"""Independent parts of a sample."""

DIMENSIONS: Final = 128
"""Coordinates of a Sobol point; a name of yours uses one that no shipped name uses. More names double it."""

BLOCK: Final = 2**13
"""Points made at once."""

MOST_DRAWS: Final = 2**30
"""Draws beyond which a Sobol sequence of 30 bits repeats itself."""


def balanced(draws: object, method: str) -> int:
    """The number of draws that are made where some number is asked for.

    Raises
    ------
    InvalidValue
        If it is no whole number above 0, or the method is unknown.

    Notes
    -----
    Sobol points are balanced only where each replicate has a power of two of them: another number is rounded up.
    """
    if method not in ("sobol", "random"):
        raise InvalidValue(f"the method is 'sobol' or 'random', got {method!r}")
    if isinstance(draws, bool) or not isinstance(draws, (int, np.integer)) or draws < 1:
        raise InvalidValue(f"draws is a whole number above 0, such as 2**14, got {draws!r}")
    if draws > MOST_DRAWS:
        raise InvalidValue(f"draws is at most 2**30, got {draws:,}")
    return 1 << (int(draws) - 1).bit_length() if method == "sobol" else int(draws)


def points(names: Sequence[str], draws: int, *, seed: int, method: Method, order: Sequence[str]) -> Array:
    """Uniform points between 0 and 1, neither end included: shape ``(names, draws)``.

    Parameters
    ----------
    names : sequence of str
    draws : int
        As `balanced` answers.
    seed : int
        Any whole number from 0 up; 0 is a seed like others.
    method : str
        ``"sobol"``: scrambled Sobol points (Owen 1995; Joe and Kuo 2008, as `scipy.stats.qmc` has them), whose coordinates
        follow `order`. ``"random"``: independent draws, a stream a name, keyed by the
        SHA-256 of seed and name.
    order : sequence of str
        Every name that has a coordinate, the shipped ones first: more names after them leave theirs where they are.
    """
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or seed < 0:
        raise InvalidValue(f"the seed is a whole number from 0 up, got {seed!r}")
    if method == "random":
        return np.array([_stream(name, int(seed)).random(draws) for name in names]).reshape(len(names), draws)
    places = [order.index(name) for name in names]
    dimensions = DIMENSIONS << max(0, (len(order) - 1) // DIMENSIONS).bit_length()
    found = np.empty((len(names), draws))
    for replicate in range(min(REPLICATES, draws)):
        part = found[:, replicate::REPLICATES]
        stream = np.random.SeedSequence(int(seed), spawn_key=(replicate,))
        _fill_with_sobol(part, dimensions, places, np.random.default_rng(stream))
    return found


def _fill_with_sobol(part: Array, dimensions: int, places: Sequence[int], rng: np.random.Generator) -> None:
    from scipy.stats import qmc

    engine = qmc.Sobol(dimensions, scramble=True, rng=rng)
    for start in range(0, part.shape[1], BLOCK):
        block = engine.random(min(BLOCK, part.shape[1] - start))
        part[:, start : start + len(block)] = block[:, places].T
    part += 0.5 / 2**30  # multiples of 2**-30: moved off 0 to the middle of their cell


def _stream(name: str, seed: int) -> np.random.Generator:
    key = hashlib.sha256(f"{seed}:{name}".encode()).digest()
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence(int.from_bytes(key, "big"))))
