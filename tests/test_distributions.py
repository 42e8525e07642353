"""Distributions: where a number is said to lie, drawn from and integrated on, in code, in a data file, in one's own parameter.

Would catch a quantile that belongs to another shape, a grid whose sums are not the mean, a kink that is not cut, a claim
without a name, a claim used before it was made, and a number drawn where it cannot be.
"""

import math
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import sensitivity as oracle
from scipy import integrate, stats

import ukraineplan as up
from ukraineplan import distributions as d
from ukraineplan.distributions import Choice, Distribution, Lognormal, Normal, Pert, Range, Triangular, Uniform, Whole
from ukraineplan.errors import DataError, InvalidValue
from ukraineplan.units import Persons, Share

F = Fraction
STEADY: Final = settings(max_examples=80, deadline=None, derandomize=True)

# ------------------------------------------------------------------------------------------------------
# The same distribution three times: ours, the oracle's figures, scipy's functions


def of(case: oracle.Distribution) -> Distribution:
    """The library's distribution for a case of the oracle; a choice with weights repeats its options."""
    p = {name: value if isinstance(value, tuple) else float(value) for name, value in case.parameters.items()}
    if case.kind == "choice":
        whole = math.lcm(*(w.denominator for w in p["weights"]))
        return d.choice(*(float(v) for v, w in zip(p["values"], p["weights"], strict=True) for _ in range(int(w * whole))))
    made: Distribution = {"uniform": d.uniform, "triangular": d.triangular, "pert": d.pert, "normal": d.normal,
                          "lognormal": d.lognormal}[case.kind](**p)  # fmt: skip
    return made


CASES: Final = [c for c in oracle.DISTRIBUTIONS if c.kind not in ("sum", "product")]
CONTINUOUS: Final = [c for c in CASES if c.kind != "choice"]


def name_of(case: oracle.Distribution) -> str:
    return "_".join([case.kind, *(f"{float(v):g}" for v in case.parameters.values() if not isinstance(v, tuple))])


def scipy_of(shape: Distribution) -> Any:
    """The same in scipy, made from the definition of the shape and not from ours."""
    low, high, width = shape.low, shape.high, shape.high - shape.low
    if isinstance(shape, Pert):
        up_, down = 4 * (shape.mode - low) / width, 4 * (high - shape.mode) / width
        return stats.beta(1 + up_, 1 + down, low, width)
    if isinstance(shape, Triangular):
        return stats.triang((shape.mode - low) / width, low, width)
    if isinstance(shape, Normal):
        sd = stats.norm.ppf(0.5 + shape.level / 2)
        if isinstance(shape, Lognormal):
            return stats.lognorm(s=math.log(high / low) / 2 / sd, scale=math.sqrt(low * high))
        return stats.norm((low + high) / 2, width / 2 / sd)
    return stats.uniform(low, width)


SHAPES: Final[tuple[Distribution, ...]] = (
    d.uniform(1.5, 2.5), Range(low=-5.0, high=10.0), d.triangular(1000, 1500, 17_500), d.triangular(0, 0, 1),
    d.triangular(-2, 3, 3), d.pert(-5, 2, 10), d.pert(0, 0, 1), d.pert(1, 4, 4), d.pert(0, 0.137, 1),
    d.normal(-5, 10), d.normal(1, 2, level=0.5), d.normal(800_000, 980_000, level=0.99), d.lognormal(1, 100),
    d.lognormal(1000, 17_500, level=0.8),
)  # fmt: skip


# ------------------------------------------------------------------------------------------------------
# Quantiles


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_quantiles_are_the_oracles(case: oracle.Distribution) -> None:
    """Catches a shape drawn as another one, ends taken for 95 % where 90 % is meant, a mode on the wrong side."""
    levels = np.array([float(level) for level in oracle.LEVELS])
    if case.kind == "choice":  # at a step the oracle has the least value, ours the next: between steps both agree
        levels = np.nextafter(levels, 0)
    found, wanted = of(case).at(levels), np.array([float(q) for q in case.quantiles])
    assert found == pytest.approx(wanted, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("shape", SHAPES, ids=repr)
def test_at_is_the_inverse_of_the_cdf(shape: Distribution) -> None:
    """Catches a branch taken at the wrong place, and tails that only scipy's own functions check."""
    known = scipy_of(shape)
    u = np.concatenate([np.linspace(0.001, 0.999, 999), [1e-9, 1e-6, 1 - 1e-6, 1 - 1e-9]])
    x = shape.at(u)
    below = np.where(u < 0.5, known.cdf(x), known.sf(x))
    assert below == pytest.approx(np.where(u < 0.5, u, 1 - u), rel=1e-7)
    assert known.cdf(x)[:-4] == pytest.approx(u[:-4], rel=1e-12)


POINTS: Final = st.one_of(st.floats(2**-53, 1 - 2**-53), st.sampled_from([0.0, 1.0]))  # what can be drawn, and the ends


@STEADY
@given(st.sampled_from(SHAPES), POINTS, POINTS)
def test_at_never_falls_and_stays_inside(shape: Distribution, u: float, v: float) -> None:
    u, v = min(u, v), max(u, v)
    low, high = shape.possible
    at_u, at_v = shape.at(np.array([u, v]))
    assert low <= at_u <= at_v <= high


@pytest.mark.parametrize("shape", [s for s in SHAPES if np.isfinite(s.possible).all()], ids=repr)
def test_a_bounded_shape_reaches_its_ends_and_no_further(shape: Distribution) -> None:
    assert shape.at(np.array([0.0, 1.0])) == pytest.approx([shape.low, shape.high], rel=1e-15, abs=1e-15)
    assert shape.possible == (shape.low, shape.high)


@pytest.mark.parametrize("shape", [*SHAPES, Whole(low=1, high=6), d.choice(1, 5, 9)], ids=repr)
def test_at_answers_in_the_shape_it_is_asked_in(shape: Distribution) -> None:
    u = np.array([[0.1, 0.5, 0.9], [0.2, 0.3, 0.7]])
    assert shape.at(u).shape == u.shape and shape.at(u).dtype == float
    assert np.array_equal(shape.at(u).ravel(), shape.at(u.ravel()))


@pytest.mark.parametrize("level", [0.5, 0.8, 0.9, 0.95, 0.99])
@pytest.mark.parametrize("made", [d.normal, d.lognormal])
def test_a_stated_interval_holds_the_stated_part(made: Callable[..., Distribution], level: float) -> None:
    """Catches a level of 90 % read as 90 % below the high end."""
    shape = made(2, 6, level=level)
    assert shape.at(np.array([(1 - level) / 2, (1 + level) / 2])) == pytest.approx([2, 6], rel=1e-13)


def test_left_out_the_level_is_nine_in_ten() -> None:
    assert d.normal(0, 1).at(np.array([0.05, 0.95])) == pytest.approx([0, 1], abs=1e-14)


@pytest.mark.parametrize(
    "shape", [d.fixed(7), d.uniform(7, 7), d.normal(7, 7), d.lognormal(7, 7), Range(low=7.0, high=7.0)], ids=repr
)
def test_one_value_is_drawn_and_integrated_as_itself(shape: Distribution) -> None:
    u = np.array([1e-9, 0.3, 1 - 1e-9])
    assert shape.at(u) == pytest.approx([7.0] * 3, rel=1e-15)
    values, weights = shape.grid(16)
    assert values == pytest.approx([7.0] * len(values), rel=1e-15) and weights.sum() == pytest.approx(1, rel=1e-15)


# ------------------------------------------------------------------------------------------------------
# Grids


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_grid_gives_the_oracles_mean_and_spread(case: oracle.Distribution) -> None:
    """Catches a density without its powers, a weight from the wrong end, a tail that is cut off."""
    values, weights = of(case).grid(16)
    mean = float(weights @ values)
    assert weights.sum() == pytest.approx(1, rel=1e-14) and (weights >= 0).all() and values.shape == weights.shape
    assert mean == pytest.approx(float(case.mean), rel=1e-12, abs=1e-14)
    if case.kind != "lognormal":  # its second moment is the next test's
        assert math.sqrt(weights @ (values - mean) ** 2) == pytest.approx(float(case.sd), rel=1e-11)




@pytest.mark.parametrize(
    "low, high",
    [
        (1000, 17_500),
        (1, 100),
        (1, 10_000),
    ],
)
def test_a_grid_of_a_lognormal_gives_its_spread(low: float, high: float) -> None:
    """Catches a normal tail cut where it is negligible itself and its exponential, squared, is not."""
    values, weights = d.lognormal(low, high).grid(16)
    square = oracle.lognormal(F(low), F(high))
    assert weights @ values**2 == pytest.approx(float(square.mean**2 + square.sd**2), rel=1e-10)


def moment(shape: Distribution, power: int) -> float:
    """The mean of a power, by formulas of each shape in exact arithmetic."""
    low, high = F(shape.low), F(shape.high)

    def line(a: Fraction, b: Fraction) -> list[Fraction]:  # means of 1, x, x**2 ... where x is uniform from a to b
        return [(b ** (k + 1) - a ** (k + 1)) / ((k + 1) * (b - a)) for k in range(power + 2)]

    if isinstance(shape, Pert):
        a, b = 1 + 4 * (F(shape.mode) - low) / (high - low), 1 + 4 * (high - F(shape.mode)) / (high - low)
        of_unit = [F(1)]
        for k in range(power):
            of_unit.append(of_unit[-1] * (a + k) / (a + b + k))
        return float(sum(math.comb(power, k) * low ** (power - k) * (high - low) ** k * of_unit[k] for k in range(power + 1)))
    if isinstance(shape, Triangular):  # the part up to the mode has the density 2 (x - low)/(...), the rest the mirror image
        mode, width, total = F(shape.mode), high - low, F(0)
        if mode > low:
            m = line(low, mode)
            total += (m[power + 1] - low * m[power]) * 2 / width
        if mode < high:
            m = line(mode, high)
            total += (high * m[power] - m[power + 1]) * 2 / width
        return float(total)
    return float(line(low, high)[power])


@pytest.mark.parametrize("shape", [s for s in SHAPES if np.isfinite(s.possible).all()], ids=repr)
@pytest.mark.parametrize("nodes", [1, 2, 5, 10])
def test_a_grid_is_exact_for_polynomials(shape: Distribution, nodes: int) -> None:
    """Of degree 2 n - 1; a triangle's density, itself of degree one, takes one away."""
    degree = 2 * nodes - 1 - (type(shape) is Triangular)
    values, weights = shape.grid(nodes)
    for power in range(degree + 1):
        assert weights @ values**power == pytest.approx(moment(shape, power), rel=1e-11, abs=1e-13), power


def test_one_node_more_is_needed_for_one_degree_more() -> None:
    """The test above can fail: one degree beyond, the same grid is off."""
    values, weights = d.uniform(0, 1).grid(2)
    assert abs(weights @ values**4 - 0.2) > 1e-3


KINKED: Final = [s for s in SHAPES if s.high < 1000]


@pytest.mark.parametrize("shape", KINKED, ids=repr)
@pytest.mark.parametrize("where", [0.03, 0.47, 0.81])
def test_a_break_makes_a_kink_and_a_jump_exact(shape: Distribution, where: float) -> None:
    """Catches a panel that starts at the wrong place, or a power of the distance from an end lost in a middle panel."""
    known, kink = scipy_of(shape), float(shape.at(np.array(where)))
    values, weights = shape.grid(24, [kink])
    top = known.ppf(1 - 1e-17) if not np.isfinite(shape.possible[1]) else shape.high
    ends = sorted({kink, *[x for x in (getattr(shape, "mode", kink),) if kink < x < top], top})
    above = sum(
        integrate.quad(lambda x: (x - kink) * known.pdf(x), a, b, epsabs=0, epsrel=1e-12, limit=400)[0]
        for a, b in pairwise(ends)
    )
    if isinstance(shape, Lognormal):  # quad over a long tail: by the logarithm instead
        s, mu = known.kwds["s"], math.log(known.kwds["scale"])
        z = (math.log(kink) - mu) / s
        above = known.mean() * stats.norm.sf(z - s) - kink * stats.norm.sf(z)
    assert weights @ np.maximum(values - kink, 0) == pytest.approx(above, rel=1e-9)
    assert weights @ (values >= kink) == pytest.approx(1 - where, rel=1e-10)
    assert weights.sum() == pytest.approx(1, rel=1e-14)


def test_without_a_break_a_jump_is_not_exact() -> None:
    """The test above can fail: the same grid without the break is off."""
    values, weights = d.uniform(0, 1).grid(24)
    assert abs(weights @ (values >= 0.35) - 0.65) > 1e-3


@pytest.mark.parametrize("shape", SHAPES, ids=repr)
def test_breaks_that_cut_nothing_change_nothing(shape: Distribution) -> None:
    low, high = shape.possible
    outside = [low, high, low - 1, high + 1, math.nan, math.inf, -math.inf]
    values, weights = shape.grid(8)
    found = shape.grid(8, outside)
    assert np.array_equal(found[0], values) and np.array_equal(found[1], weights)


def test_breaks_may_come_twice_and_in_any_order() -> None:
    for shape in SHAPES:
        a, b, c = shape.at(np.array([0.2, 0.4, 0.9]))
        wanted, found = shape.grid(6, [a, b, c]), shape.grid(6, [c, a, b, a])
        assert np.array_equal(found[0], wanted[0]) and np.array_equal(found[1], wanted[1])


@pytest.mark.parametrize("shape", SHAPES, ids=repr)
def test_a_grid_lies_inside_and_is_finer_where_asked(shape: Distribution) -> None:
    low, high = shape.possible
    coarse, fine = shape.grid(5)[0], shape.grid(9)[0]
    assert len(coarse) < len(fine) and ((low < fine) & (fine < high)).all()


# ------------------------------------------------------------------------------------------------------
# Whole numbers


def test_few_whole_numbers_are_all_taken() -> None:
    values, weights = Whole(low=5, high=20).grid(2, [7.5])
    assert values.tolist() == list(range(5, 21)) and weights.tolist() == [1 / 16] * 16
    assert Whole(low=5, high=20).levels == 16


def test_ends_that_are_no_whole_numbers_are_moved_inside() -> None:
    for shape in (Whole(low=4.2, high=7.9), Whole(low=5, high=7)):
        assert shape.count == 3 and shape.grid(3)[0].tolist() == [5, 6, 7]
        assert shape.at(np.array([0, 0.3, 0.34, 0.66, 0.67, 1])).tolist() == [5, 5, 6, 6, 7, 7]
    assert Whole(low=-1.5, high=1.5).grid(3)[0].tolist() == [-1, 0, 1]


@STEADY
@given(st.integers(-50, 50), st.integers(0, 700), st.data())
def test_each_whole_number_is_drawn_from_an_equal_part_of_the_points(low: int, width: int, data: st.DataObject) -> None:
    shape = Whole(low=low, high=low + width)
    k = data.draw(st.integers(0, width))
    within = (k + np.array([1e-6, 0.5, 1 - 1e-6])) / (width + 1)
    assert shape.at(within).tolist() == [low + k] * 3


def test_the_last_point_below_one_is_the_last_whole_number() -> None:
    for count in (3, 6, 180_001, 10**9):
        assert Whole(low=1, high=count).at(np.array([np.nextafter(1, 0), 1.0])).tolist() == [count, count]


def sum_over_all(low: int, high: int, power: int) -> Fraction:
    return F(sum(k**power for k in range(low, high + 1)), high - low + 1)


@pytest.mark.parametrize("nodes", [1, 2, 5, 12, 24])
@pytest.mark.parametrize("low, high", [(0, 512), (1, 600), (-300, 700), (800, 1800)])
def test_many_whole_numbers_are_summed_exactly(low: int, high: int, nodes: int) -> None:
    """Catches a recurrence of another family of polynomials, and an integral where a sum is meant."""
    shape = Whole(low=low, high=high)
    values, weights = shape.grid(nodes)
    assert shape.levels is None and len(values) == nodes and weights.sum() == pytest.approx(1, rel=1e-13)
    for power in range(2 * nodes):
        wanted = sum_over_all(low, high, power)
        assert weights @ values**power == pytest.approx(float(wanted), rel=1e-10, abs=1e-10 * float(max(-low, high)) ** power)


def test_a_sum_over_whole_numbers_is_not_the_integral() -> None:
    """The tests above can fail: the variance of n whole numbers is (n**2 - 1)/12, the integral has n - 1 in its place."""
    values, weights = Whole(low=1, high=600).grid(5)
    assert weights @ (values - 300.5) ** 2 == pytest.approx((600**2 - 1) / 12, rel=1e-12)


@pytest.mark.parametrize("kink", [700, 700.5, 1000, 601, 1199])
def test_a_break_among_many_whole_numbers_makes_a_kink_exact(kink: float) -> None:
    every = np.arange(600, 1201)
    values, weights = Whole(low=600, high=1200).grid(6, [kink])
    assert weights @ np.maximum(values - kink, 0) == pytest.approx(np.maximum(every - kink, 0).mean(), rel=1e-12)
    assert weights @ (values >= kink) == pytest.approx((every >= kink).mean(), rel=1e-12)
    assert weights.sum() == pytest.approx(1, rel=1e-13)


def test_breaks_make_panels_of_few_whole_numbers_too() -> None:
    every = np.arange(600, 1201)
    values, weights = Whole(low=600, high=1200).grid(6, [600.5, 603, 604, 1199.5, 1200])
    assert weights.sum() == pytest.approx(1, rel=1e-13)
    for f in (lambda x: np.abs(x - 603), lambda x: (x >= 1200) * 1.0, lambda x: (x < 601) * x):
        assert weights @ f(values) == pytest.approx(f(every).mean(), rel=1e-12)


def test_whole_numbers_are_enumerated_up_to_a_limit() -> None:
    most = d.MOST_LEVELS
    assert Whole(low=1, high=most).levels == most and Whole(low=1, high=most + 1).levels is None
    for count in (most, most + 1):  # at the border either way gives the same
        values, weights = Whole(low=1, high=count).grid(8)
        assert weights @ values**3 == pytest.approx(float(sum_over_all(1, count, 3)), rel=1e-12)


def threshold_plan() -> up.Plan:
    """Whether strength is above a number, as a user might ask."""

    def above(force_strength: Persons, force_cap: Persons) -> Share:
        """Whether strength is above the ceiling"""
        return np.where(force_strength > force_cap, 1, 0)

    return up.load().with_values(force_cap=900_000).with_formula(above)


def test_a_strict_jump_at_a_whole_number_counts_every_number_once() -> None:
    """Of 180,001 numbers, 80,000 lie above 900,000; exact indices claim an error of rounding."""
    found = up.sobol(threshold_plan(), "above", method="exact", draws=64).indices.mean
    assert abs(found.value - 80_000 / 180_001) <= found.error


# ------------------------------------------------------------------------------------------------------
# Choices


def test_each_option_of_a_choice_is_alike() -> None:
    shape = d.choice(8760, 8766, 8784)
    assert shape.levels == 3 and (shape.low, shape.high) == (8760, 8784)
    assert shape.at(np.array([0, 0.33, 0.34, 0.66, 0.67, 1])).tolist() == [8760, 8760, 8766, 8766, 8784, 8784]
    values, weights = shape.grid(7, [8770.0])
    assert values.tolist() == [8760, 8766, 8784] and weights.tolist() == [1 / 3] * 3


def test_options_keep_their_order_and_may_come_twice() -> None:
    shape = d.choice(5, 1, 5)
    assert shape.at(np.array([0.1, 0.5, 0.9])).tolist() == [5, 1, 5] and (shape.low, shape.high) == (1, 5)


def test_a_choice_moves_with_its_options() -> None:
    shape = d.choice(1, 2, 4)
    assert shape.scaled(0.01).options == (0.01, 0.02, 0.04) and shape.scaled(0.01).high == 0.04


# ------------------------------------------------------------------------------------------------------
# In another unit


@STEADY
@given(st.sampled_from(SHAPES), st.floats(0.001, 1000), st.lists(st.floats(0.001, 0.999), min_size=1, max_size=4))
def test_in_another_unit_it_is_the_same(shape: Distribution, factor: float, u: list[float]) -> None:
    """Catches a mode, a level or a logarithm that stays behind."""
    points = np.array(u)
    assert shape.scaled(factor).at(points) == pytest.approx(factor * shape.at(points), rel=1e-9, abs=1e-9 * factor)


def test_what_is_claimed_and_how_it_is_kept_when_it_moves() -> None:
    for shape in (d.uniform(1, 2, claimed_by="x"), d.triangular(1, 2, 4, claimed_by="x"), d.pert(1, 2, 4, claimed_by="x"),
                  d.normal(1, 2, level=0.5, claimed_by="x"), d.lognormal(1, 2, level=0.5, claimed_by="x")):  # fmt: skip
        moved = shape.scaled(3)
        assert type(moved) is type(shape) and moved.claimed_by == "x"
        assert getattr(moved, "level", None) == getattr(shape, "level", None)


@pytest.mark.parametrize("shape", [*SHAPES, Whole(low=1, high=6), d.choice(1, 5)], ids=repr)
def test_it_can_be_compared_sent_and_not_changed(shape: Distribution) -> None:
    shape.at(np.array([0.5])), shape.grid(4)  # fill what is kept
    copied = pickle.loads(pickle.dumps(shape))
    assert copied == shape and hash(copied) == hash(shape) and np.array_equal(copied.grid(4)[0], shape.grid(4)[0])
    with pytest.raises(FrozenInstanceError):
        shape.low = 0  # type: ignore[misc]


def test_mean_and_spread_of_a_lognormal_are_its_own() -> None:
    known = oracle.lognormal(F(1), F(100))
    assert d.lognormal(1, 100).centre_and_spread == pytest.approx((float(known.mean), float(known.sd)))


# ------------------------------------------------------------------------------------------------------
# Bad input

nan, inf = math.nan, math.inf

BAD: Final[list[tuple[Callable[[], object], str]]] = [
    (lambda: d.uniform(2, 1), "low to high, got 2 to 1"),
    (lambda: d.triangular(2, 1.5, 1), "low to high"),
    (lambda: d.normal(2, 1), "low to high"),
    (lambda: Whole(low=2, high=1), "low to high"),
    (lambda: d.uniform(nan, 1), "finite ends"),
    (lambda: d.uniform(0, inf), "finite ends"),
    (lambda: d.normal(-inf, 0), "finite ends"),
    (lambda: d.lognormal(1, nan), "finite ends"),
    (lambda: d.fixed(nan), "finite ends"),
    (lambda: d.triangular(0, 2, 1), "low <= mode <= high"),
    (lambda: d.triangular(0, -1, 1), "low <= mode <= high"),
    (lambda: d.triangular(0, nan, 1), "finite ends"),
    (lambda: d.triangular(1, 1, 1), "low <= mode <= high"),
    (lambda: d.pert(0, inf, 1), "finite ends"),
    (lambda: d.pert(1, 1, 1), "low <= mode <= high"),
    (lambda: d.normal(0, 1, level=0), "a part of all cases, as 0.9, got 0"),
    (lambda: d.normal(0, 1, level=1), "a part of all cases"),
    (lambda: d.normal(0, 1, level=2), "a part of all cases"),
    (lambda: d.normal(0, 1, level=90), "a part of all cases"),
    (lambda: d.lognormal(1, 2, level=nan), "a part of all cases"),
    (lambda: d.lognormal(1, 2, level=-0.5), "a part of all cases"),
    (lambda: d.lognormal(0, 1), "above 0, got an interval from 0"),
    (lambda: d.lognormal(-1, 1), "above 0"),
    (lambda: d.choice(), "at least one option"),
    (lambda: d.choice(inf), "finite ends"),
    (lambda: Whole(low=1.2, high=1.8), "no whole number from 1.2 to 1.8"),
]


@pytest.mark.parametrize("made, said", BAD, ids=[f"{i}-{said[:20]}" for i, (_, said) in enumerate(BAD)])
def test_what_is_no_distribution_is_refused_in_one_line(made: Callable[[], object], said: str) -> None:
    with pytest.raises(InvalidValue, match=said) as refused:
        made()
    assert "\n" not in str(refused.value)


def test_an_option_that_is_no_number_is_refused() -> None:
    with pytest.raises(InvalidValue):
        d.choice(1, nan)


@pytest.mark.parametrize("made", [lambda: d.uniform("1", 2), lambda: d.normal(None, 2), lambda: d.pert(0, "1", 2)])
def test_text_as_an_end_is_refused_in_words(made: Callable[[], object]) -> None:
    with pytest.raises(InvalidValue):
        made()


# ------------------------------------------------------------------------------------------------------
# In a data file

HEAD: Final = """
[provision]
title = "Tolls"
headline = ""
key = ["twice_the_toll"]

[toll]
label = "Toll"
unit = "%"
role = "uncertainty"
value = 5
limits = [0, 100]
assumption = "A toll for a test."
"""
MODULE: Final = '''
"""A toll."""

from ukraineplan.units import Share


def twice_the_toll(toll: Share) -> Share:
    """Twice the toll"""
    return 2 * toll
'''
CLAIM: Final = "us_10y_yield_2026_06"  # public since July 2026


def toll(folder: Path, distribution: str, as_of: str = "2026-09-01", more: str = "") -> up.Plan:
    """The plan with a toll whose file has this distribution."""
    written = f"{HEAD}{more}distribution = {distribution}\n"
    for name, content in (("parameters/toll.toml", written), ("provisions/toll.py", MODULE)):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    return up.load(extra=folder, as_of=as_of)


@pytest.mark.parametrize(
    "written, wanted",
    [
        ('shape = "uniform", low = 1, high = 9', d.uniform(1, 9, claimed_by=CLAIM)),
        ('shape = "triangular", low = 1, mode = 2.5, high = 9', d.triangular(1, 2.5, 9, claimed_by=CLAIM)),
        ('shape = "pert", low = 1, mode = 2.5, high = 9', d.pert(1, 2.5, 9, claimed_by=CLAIM)),
        ('shape = "normal", low = 4, high = 6', d.normal(4, 6, claimed_by=CLAIM)),
        ('shape = "normal", low = 4.8, high = 5.2, level = 0.5', d.normal(4.8, 5.2, level=0.5, claimed_by=CLAIM)),
        ('shape = "lognormal", low = 2, high = 9, level = 0.8', d.lognormal(2, 9, level=0.8, claimed_by=CLAIM)),
    ],
)
def test_a_file_names_a_shape_and_who_claims_it(tmp_path: Path, written: str, wanted: Distribution) -> None:
    plan = toll(tmp_path, f'{{ {written}, claimed_by = "{CLAIM}" }}')
    p = plan.parameters["toll"]
    assert p.distribution == wanted and p.range == (wanted.low, wanted.high) and p.range_facts == (CLAIM,)
    assert (plan["toll"].low, plan["toll"].high) == (wanted.low / 100, wanted.high / 100)
    assert up.bounds(plan, "twice_the_toll").high == pytest.approx(2 * wanted.high / 100)
    assert CLAIM in [c.fact.id for c in plan["twice_the_toll"].sources]
    drawn = up.sample(plan, "twice_the_toll", draws=256)
    assert f"on the word of {CLAIM}" in drawn.method
    assert np.mean(drawn.columns) == pytest.approx(np.mean(wanted.at((np.arange(256) + 0.5) / 256)) / 100, rel=0.02)


def test_before_the_claim_was_public_nothing_is_known_but_the_value(tmp_path: Path) -> None:
    written = f'{{ shape = "uniform", low = 1, high = 9, claimed_by = "{CLAIM}" }}'
    plan = toll(tmp_path, written, as_of="2026-06-30")
    p = plan.parameters["toll"]
    assert p.distribution is None and p.range is None and p.value == 5 and plan["toll"].low is None
    with pytest.raises(InvalidValue, match="nothing uncertain"):
        up.sample(plan, "twice_the_toll")
    assert toll(tmp_path, written, as_of="2026-07-01").parameters["toll"].range == (1, 9)  # the day on which it was


@pytest.mark.parametrize(
    "written, said",
    [
        ('shape = "beta", low = 1, high = 9', "distribution.shape"),
        ('shape = "range", low = 1, high = 9', "distribution.shape"),
        ("low = 1, high = 9", "distribution.shape"),
        ('shape = "triangular", low = 1, high = 9', "triangular is given by low, mode and high"),
        ('shape = "pert", low = 1, high = 9', "pert is given by low, mode and high"),
        ('shape = "uniform", low = 1, high = 9, mode = 3', "uniform is given by low and high"),
        ('shape = "normal", low = 1, high = 9, mode = 3', "normal is given by low, high and level"),
        ('shape = "uniform", low = 1, high = 9, level = 0.5', "uniform is given by low and high"),
        ('shape = "uniform", low = 9, high = 1', "low to high"),
        ('shape = "uniform", low = nan, high = 9', "finite ends"),
        ('shape = "uniform", low = "1", high = 9', "distribution.low"),
        ('shape = "uniform", low = 1', "distribution.high"),
        ('shape = "uniform", low = 1, high = 9, width = 3', "distribution.width"),
        ('shape = "triangular", low = 1, mode = 12, high = 9', "low <= mode <= high"),
        ('shape = "normal", low = 1, high = 9, level = 90', "a part of all cases"),
        ('shape = "lognormal", low = 0, high = 9', "above 0"),
        ('shape = "uniform", low = 6, high = 9', "leaves out the value"),
        ('shape = "normal", low = 1, high = 9', "would leave the limits"),
        ('shape = "lognormal", low = 1, high = 60', "would leave the limits"),
        ('shape = "uniform", low = -1, high = 9', "would leave the limits"),
    ],
)
def test_a_file_that_describes_none_is_refused_by_file_and_name(tmp_path: Path, written: str, said: str) -> None:
    with pytest.raises(DataError, match=said) as refused:
        toll(tmp_path, f'{{ {written}, claimed_by = "{CLAIM}" }}')
    assert str(refused.value).startswith("toll.toml: toll: ") and "\n" not in str(refused.value)


def test_a_claim_needs_a_fact_that_exists(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"toll\.toml: toll: no fact 'us_10y_yield_2026_6'; did you mean 'us_10y_yield_2026_06'"):
        toll(tmp_path, '{ shape = "uniform", low = 1, high = 9, claimed_by = "us_10y_yield_2026_6" }')
    with pytest.raises(DataError, match="claimed_by"):
        toll(tmp_path, '{ shape = "uniform", low = 1, high = 9 }')


def test_a_distribution_stands_in_place_of_a_range(tmp_path: Path) -> None:
    written = f'{{ shape = "uniform", low = 1, high = 9, claimed_by = "{CLAIM}" }}'
    with pytest.raises(DataError, match="stands in place of a range"):
        toll(tmp_path, written, more='range = [1, 9]\nrange_because = "Both."\n')


def test_a_lever_has_no_distribution(tmp_path: Path) -> None:
    lever = HEAD.replace('role = "uncertainty"\nvalue = 5', 'role = "lever"').replace('assumption = "A toll for a test."\n', "")
    (tmp_path / "parameters").mkdir()
    written = f'distribution = {{ shape = "uniform", low = 1, high = 9, claimed_by = "{CLAIM}" }}\n'
    (tmp_path / "parameters/toll.toml").write_text(lever + written, encoding="utf-8")
    with pytest.raises(DataError, match="only an uncertainty has one"):
        up.load(extra=tmp_path)


# ------------------------------------------------------------------------------------------------------
# A parameter of one's own


def own(distribution: Any, **more: Any) -> up.Parameter:
    given: dict[str, Any] = {"unit": "%", "value": 50.0, "limits": (0.0, 100.0), "assumption": "For a test."}
    return up.Parameter("toll", "Toll", distribution=distribution, **given | more)


def with_toll(distribution: Any, **more: Any) -> up.Plan:
    def kept(toll: Share) -> Share:
        """What the toll leaves"""
        return 1 - toll

    return up.load().with_parameter(own(distribution, **more)).with_formula(kept)


def test_the_ends_of_a_distribution_are_the_range() -> None:
    plan = with_toll(d.pert(20, 40, 90, claimed_by="a study"))
    assert plan.parameters["toll"].range == (20, 90) and plan.parameters["toll"].distribution is not None
    found = up.bounds(plan, "kept")
    assert (found.low, found.high) == (pytest.approx(0.1), pytest.approx(0.8)) and found.method == "proven"
    drawn = up.sample(plan, "kept", draws=2**12)
    assert drawn.statistics["kept"]["mean"].value == pytest.approx(1 - (20 + 4 * 40 + 90) / 600, abs=1e-4)
    assert "drawn as claimed: PERT on the word of a study" in drawn.method


def test_a_distribution_replaces_the_range_of_a_shipped_parameter() -> None:
    shipped = up.load()
    claimed = d.triangular(-5, 4, 12, claimed_by="a study")
    plan = shipped.with_parameter(replace(shipped.parameters["vehicle_return"], distribution=claimed, range=None))
    assert plan.parameters["vehicle_return"].range == (-5, 12)
    drawn = up.sample(plan, "us_profit_total", draws=1024)
    at = drawn.model.factors.names.index("vehicle_return")
    assert drawn.columns[at].max() > 0.10 and drawn.columns[at].mean() == pytest.approx(11 / 300, rel=1e-3)


def test_set_a_value_has_no_distribution_left() -> None:
    plan = with_toll(d.pert(20, 40, 90, claimed_by="a study")).with_values(toll="60 %")
    assert plan.parameters["toll"].distribution is None and plan.parameters["toll"].range is None
    with pytest.raises(InvalidValue, match="nothing uncertain"):
        up.sample(plan, "kept")


@pytest.mark.parametrize(
    "distribution, more, said",
    [
        (d.uniform(20, 90), {}, "claimed_by"),
        (Range(low=20.0, high=90.0), {}, "claimed_by"),
        (d.choice(20, 50, 90), {}, "claimed_by"),
        (d.uniform(20, 40, claimed_by="a"), {}, "leaves out the value"),
        (d.normal(20, 90, claimed_by="a"), {}, "would leave the limits"),
        (d.lognormal(20, 90, claimed_by="a"), {}, "would leave the limits"),
        (d.uniform(-20, 90, claimed_by="a"), {}, "would leave the limits"),
        (d.uniform(20, 190, claimed_by="a"), {}, "would leave the limits"),
        (d.uniform(20, 90, claimed_by="a"), {"whole": True}, "whole numbers and options"),
    ],
)
def test_a_distribution_that_does_not_hold_is_refused(distribution: Distribution, more: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidValue, match=f"^toll: .*{said}"):
        with_toll(distribution, **more)


def test_a_normal_number_may_have_limits_that_it_does_not_reach() -> None:
    plan = with_toll(d.normal(45, 55, claimed_by="a study"))
    drawn = up.sample(plan, "kept", draws=1024)
    assert (drawn.columns >= 0).all() and (drawn.columns <= 1).all()
    assert drawn.statistics["kept"]["p5"].value == pytest.approx(0.45, abs=1e-3)


@pytest.mark.parametrize("shape", [d.pert(-0.4, 50, 100, claimed_by="a"), d.uniform(0, 100.00001, claimed_by="a")], ids=repr)
def test_a_bounded_shape_lies_within_the_limits_altogether(shape: Distribution) -> None:
    """Its ends become the range, so bounds would call a share below nothing proven."""
    with pytest.raises(InvalidValue, match="limits"):
        with_toll(shape)


def test_a_lever_of_ones_own_has_no_distribution() -> None:
    with pytest.raises((InvalidValue, DataError)):
        with_toll(d.uniform(20, 90, claimed_by="a"), role="lever", assumption=None)


def test_a_range_and_a_distribution_together_are_refused() -> None:
    with pytest.raises((InvalidValue, DataError)):
        with_toll(d.uniform(20, 90, claimed_by="a"), range=(45.0, 55.0))


def test_what_is_no_distribution_is_refused_in_words() -> None:
    with pytest.raises((InvalidValue, DataError)):
        with_toll("normal")


def test_choice_is_made_by_its_options_alone() -> None:
    assert isinstance(d.choice(1, 2), Choice) and isinstance(d.fixed(1), Uniform)
