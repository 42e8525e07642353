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

BITS: Final = 32
"""Binary digits of a Sobol point."""

LAINE_KARRAS: Final = tuple(map(np.uint32, (0x6C50B47C, 0xB82F1E52, 0xC7AFE638, 0x8D22F6E6)))
"""Even, so that no digit depends on a later one."""

BLOCK: Final = 2**13
"""Points made at once."""

MOST_DRAWS: Final = 2**30
"""Draws that are made at most."""


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
        raise InvalidValue(f"draws is a whole number above 0, such as 16384, got {draws!r}")
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
        ``"sobol"``: Sobol points with a coordinate a name, as in `order`, each scrambled by itself, keyed by seed and name.
        ``"random"``: independent draws, a stream a name, keyed by the SHA-256 of seed and name.
    order : sequence of str
        Every name that has a coordinate, the shipped ones first: more names after them leave theirs where they are.
    """
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)) or seed < 0:
        raise InvalidValue(f"the seed is a whole number from 0 up, got {seed!r}")
    if method == "random":
        rows = [_stream(name, int(seed)).random(draws) for name in names]
        return np.maximum(rows, 2.0**-54).reshape(len(names), draws)
    found, parts = np.empty((len(names), draws)), min(REPLICATES, draws)
    whole = sobol([order.index(name) for name in names], draws // parts)
    for part in range(parts):
        found[:, part::REPLICATES] = scrambled(whole, [f"{seed}:{part}:{name}" for name in names])
    return found


def sobol(coordinates: Sequence[int], count: int) -> Array:
    """Some coordinates of the first Sobol points, as whole numbers below 2**32: shape ``(coordinates, count)``.

    Direction numbers of Joe and Kuo (2008), as `scipy.stats.qmc` has them.
    """
    from scipy.stats import qmc

    engine = qmc.Sobol(max(coordinates, default=0) + 1, scramble=False, bits=BITS)
    found = np.empty((len(coordinates), count), np.uint32)
    for start in range(0, count, BLOCK):
        block = engine.random(min(BLOCK, count - start))[:, list(coordinates)]
        found[:, start : start + len(block)] = (block.T * 2.0**BITS).astype(np.uint32)
    return found


def scrambled(whole: Array, keys: Sequence[str]) -> Array:
    """Sobol points scrambled coordinate by coordinate, each by its key, and moved between 0 and 1, neither included.

    Nested uniform scrambling (Owen 1995) by a hash in which a digit depends on those before it (Laine and Karras 2011, as
    Burley 2020, Journal of Computer Graphics Techniques 9(4), has it). Unlike the linear scrambling of scipy it leaves no
    number nearly exact by chance, so that how far independent scrambles differ says how sure they are.
    """
    seeds = np.array([int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") for key in keys], np.uint32)
    x = _mirrored(whole) + seeds[:, None]
    for factor in LAINE_KARRAS:
        x ^= x * factor
    return (_mirrored(x) + 0.5) / 2.0**BITS


def _mirrored(x: Array) -> Array:
    """The binary digits of whole numbers in reverse."""
    for shift, mask in ((1, 0x55555555), (2, 0x33333333), (4, 0x0F0F0F0F), (8, 0x00FF00FF), (16, 0x0000FFFF)):
        kept = np.uint32(mask)
        x = ((x >> np.uint32(shift)) & kept) | ((x & kept) << np.uint32(shift))
    return x


def _stream(name: str, seed: int) -> np.random.Generator:
    key = hashlib.sha256(f"{seed}:{name}".encode()).digest()
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence(int.from_bytes(key, "big"))))
