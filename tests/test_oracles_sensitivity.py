"""The figures of `oracles/sensitivity.py` found a second time, by another way than the one they were derived by.

Nothing of the library is used: these tests would catch a wrong oracle, not a wrong formula.
"""

import csv
import math
import tomllib
from collections.abc import Callable
from fractions import Fraction
from itertools import combinations, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from oracles import sensitivity as oracle
from oracles.sensitivity import CENTRAL, ISHIGAMI, MODELS, RANGES, Choice, Model, Uniform
from scipy import integrate, optimize, stats

F = Fraction
DATASETS = Path(__file__).resolve().parents[1] / "datasets"
LEAK = "2025-11-21"
DRAWS = 2**17


def draw(kind: Uniform | Choice, rng: np.random.Generator, size: int) -> np.ndarray:
    if isinstance(kind, Choice):
        return rng.choice([float(v) for v in kind.values], size, p=[float(w) for w in kind.weights])
    return rng.uniform(float(kind.low), float(kind.high), size)


def within_five_errors(samples: np.ndarray, exact: Fraction) -> None:
    error = samples.std() / math.sqrt(samples.size)
    assert abs(samples.mean() - float(exact)) <= 5 * error + 1e-12 * abs(float(exact))


# ------------------------------------------------------------------------------------------------------
# The tools: pi, logarithm, normal quantile


def test_constants_are_right_to_fifty_digits() -> None:
    """Catches a wrong digit of pi, ln, exp, sqrt or of the normal quantile."""

    def arctan_of_inverse(n: int) -> Fraction:
        return sum(F((-1) ** k, (2 * k + 1) * n ** (2 * k + 1)) for k in range(60))

    tiny = F(1, 10**50)
    assert abs(16 * arctan_of_inverse(5) - 4 * arctan_of_inverse(239) - oracle.PI) < tiny  # Machin
    assert abs(oracle.exp(oracle.ln(F(7, 3))) - F(7, 3)) < tiny
    assert abs(oracle.sqrt(F(2)) ** 2 - 2) < tiny
    assert float(oracle.ln(F(7, 3))) == pytest.approx(math.log(7 / 3), rel=1e-15)
    assert float(oracle.Z95) == pytest.approx(stats.norm.ppf(0.95), rel=1e-14)


# ------------------------------------------------------------------------------------------------------
# Means, variances, shares


def gauss_grid(model: Model, nodes: int = 64) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Points and weights of every input, its weights summing to one."""
    z, w = np.polynomial.legendre.leggauss(nodes)
    points, weights = [], []
    for kind in model.inputs.values():
        if isinstance(kind, Choice):
            points.append(np.array([float(v) for v in kind.values]))
            weights.append(np.array([float(v) for v in kind.weights]))
        else:
            points.append(float(kind.mean) + z * float(kind.high - kind.low) / 2)
            weights.append(w / 2)
    return points, weights


SMOOTH = [m for m in MODELS if len(m.inputs) < 4 and not m.id.startswith(("g_", "excess"))]


@pytest.mark.parametrize("model", SMOOTH, ids=lambda m: m.id)
def test_quadrature_finds_mean_and_every_conditional_variance(model: Model) -> None:
    """Catches a wrong closed form: 64 Gauss points an input and plain weighted sums find the same to 1e-9."""
    points, weights = gauss_grid(model)
    y = model.function(*np.meshgrid(*points, indexing="ij"))
    whole = np.einsum(y, range(y.ndim), *(x for i, w in enumerate(weights) for x in (w, [i])), [])
    assert whole == pytest.approx(float(model.mean), rel=1e-11, abs=1e-12)
    for known in oracle.subsets(range(y.ndim)):
        rest = [x for i, w in enumerate(weights) if i not in known for x in (w, [i])]
        conditional = np.einsum(y, range(y.ndim), *rest, sorted(known))
        squares = np.einsum(
            (conditional - whole) ** 2, sorted(known), *(x for i in sorted(known) for x in (weights[i], [i])), []
        )
        assert squares == pytest.approx(float(model.closed(known)), rel=1e-9, abs=1e-9 * float(model.variance))


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.id)
def test_sampling_finds_mean_variance_first_and_total(model: Model) -> None:
    """Catches a function that is not the one the closed form is of, kinks included: pick-freeze within five errors."""
    rng = np.random.default_rng(20251121)
    a, b = ([draw(kind, rng, DRAWS) for kind in model.inputs.values()] for _ in range(2))
    y, inputs = model.function(*a), range(len(a))
    within_five_errors(y, model.mean)
    within_five_errors((y - float(model.mean)) ** 2, model.variance)
    for i in inputs:
        one = model.function(*(a[j] if j == i else b[j] for j in inputs))
        others = model.function(*(b[j] if j == i else a[j] for j in inputs))
        centred = (y - float(model.mean)) * (one - float(model.mean))
        within_five_errors(centred, model.shares.first[i] * model.variance)
        within_five_errors((y - others) ** 2 / 2, model.shares.total[i] * model.variance)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.id)
def test_shapley_effects_share_every_interaction_equally(model: Model) -> None:
    """Catches wrong weights: with independent inputs a Shapley effect is the sum of the pieces an input is in, each
    divided by the number of inputs in it, exactly; effects sum to one and lie between first order and total."""
    names = range(len(model.inputs))
    piece: dict[frozenset[int], Fraction] = {}
    for inside in oracle.subsets(names):
        piece[inside] = model.closed(inside) - sum(v for s, v in piece.items() if s < inside)
    shares, everything = model.shares, model.variance
    assert all(v >= -everything / 10**14 for v in piece.values())
    for i in names:
        assert shares.shapley[i] == sum(v / len(s) for s, v in piece.items() if i in s) / everything
        assert shares.total[i] == sum(v for s, v in piece.items() if i in s) / everything
        assert shares.first[i] <= shares.shapley[i] <= shares.total[i] or shares.total[i] - shares.first[i] < F(1, 10**14)
    assert sum(shares.shapley) == 1
    assert all(shares.second[p] == piece[frozenset(p)] / everything for p in combinations(names, 2))


def test_additive_models_have_one_share_each() -> None:
    """Catches an interaction where there is none: for a sum first order, Shapley and total are one number."""
    for name in ("windfall_yield", "linear"):
        shares = next(m for m in MODELS if m.id == name).shares
        assert shares.first == shares.shapley == shares.total and not any(shares.second.values())


def test_groups_of_ishigami() -> None:
    """Catches a wrong union of groups: x1 with x3 explain all that x2 does not, with nothing between the groups."""
    grouped = ISHIGAMI.grouped({0, 2}, {1})
    assert grouped.first == grouped.total == grouped.shapley == (ISHIGAMI.shares.total[0], ISHIGAMI.shares.first[1])


def test_known_figures_of_the_kink() -> None:
    """Catches a slip in the piecewise integrals: on [0, 1] the figures can be had in the head."""
    kink = next(m for m in MODELS if m.id == "excess_on_unit")
    assert (kink.mean, kink.variance) == (F(1, 6), F(1, 18))
    assert kink.shares == oracle.Shares((F(2, 5),) * 2, (F(3, 5),) * 2, (F(1, 2),) * 2, {(0, 1): F(1, 5)})


# ------------------------------------------------------------------------------------------------------
# The peers: figures they publish, and what they find on the same functions


@pytest.mark.parametrize("published", oracle.PUBLISHED, ids=lambda p: p.what)
def test_exact_figures_agree_with_the_published(published: oracle.Published) -> None:
    """Catches an oracle that contradicts what others state, within the tolerance stated beside each."""
    np.testing.assert_allclose(published.exact, published.figures, atol=published.atol, rtol=published.rtol)


def test_scipy_writes_the_same_formulas_for_ishigami() -> None:
    """Catches a slip in the pieces: scipy/stats/tests/test_sensitivity_analysis.py expands them otherwise."""
    a, b, pi = 7.0, 0.1, math.pi
    variance = 0.5 + a**2 / 8 + b * pi**4 / 5 + b**2 * pi**8 / 18
    v1, v2, v13 = 0.5 + b * pi**4 / 5 + b**2 * pi**8 / 50, a**2 / 8, b**2 * pi**8 * 8 / 225
    np.testing.assert_allclose(oracle.floats(ISHIGAMI.shares.first), np.array([v1, v2, 0]) / variance, rtol=1e-13)
    np.testing.assert_allclose(oracle.floats(ISHIGAMI.shares.total), np.array([v1 + v13, v2, v13]) / variance, rtol=1e-13)
    assert float(ISHIGAMI.variance) == pytest.approx(variance, rel=1e-13)


CONTINUOUS = [m for m in MODELS if all(isinstance(kind, Uniform) for kind in m.inputs.values())]


@pytest.mark.parametrize("model", CONTINUOUS, ids=lambda m: m.id)
def test_scipy_finds_the_same_shares(model: Model) -> None:
    """Catches what a shared mistake in our own sampling would hide; 1e-2 is what scipy asks of itself at 4,096."""
    inputs = [stats.uniform(float(k.low), float(k.high - k.low)) for k in model.inputs.values()]
    found = stats.sobol_indices(func=lambda x: model.function(*x), n=4096, dists=inputs, rng=np.random.default_rng(7))
    np.testing.assert_allclose(found.first_order, oracle.floats(model.shares.first), atol=1e-2)
    np.testing.assert_allclose(found.total_order, oracle.floats(model.shares.total), atol=1e-2)


@pytest.mark.parametrize("model", [ISHIGAMI, oracle.G3], ids=lambda m: m.id)
def test_salib_finds_the_same_shares(model: Model) -> None:
    """Catches the same with SALib: all four shares within five of its own standard errors (2.5 half-widths)."""
    pytest.importorskip("SALib")
    from SALib.analyze import shapley, sobol
    from SALib.sample import shapley as shapley_sample
    from SALib.sample import sobol as sobol_sample

    problem = {"num_vars": 3, "names": list(model.inputs),
               "bounds": [[float(k.low), float(k.high)] for k in model.inputs.values()]}  # fmt: skip
    x = sobol_sample.sample(problem, 4096, seed=1)
    found = sobol.analyze(problem, model.function(*x.T), seed=1)
    for key, exact in (("S1", model.shares.first), ("ST", model.shares.total)):
        assert np.all(np.abs(found[key] - oracle.floats(exact)) <= 2.5 * found[f"{key}_conf"] + 1e-12)
    for (i, j), exact in model.shares.second.items():
        assert abs(found["S2"][i, j] - float(exact)) <= 2.5 * found["S2_conf"][i, j]
    x = shapley_sample.sample(problem, 20_000, seed=1)
    found = shapley.analyze(problem, x, model.function(*x.T))
    off = np.abs(found["shapley_normalized"] - oracle.floats(model.shares.shapley))
    assert np.all(off <= 2.5 * found["shapley_normalized_conf"])


def test_elementary_effects_of_ishigami_over_the_whole_grid() -> None:
    """Catches a wrong mean or spread of effects: all steps of two levels on a grid of four, one after the other."""
    levels = np.linspace(0, 1, 4)
    for i in range(3):
        effects = []
        for start, *others in product(levels[:2], levels, levels):
            low, high = ([*others[:i], at, *others[i:]] for at in (start, start + 2 / 3))
            f_low, f_high = (ISHIGAMI.function(*(2 * math.pi * np.array(x) - math.pi)) for x in (low, high))
            effects.append((f_high - f_low) / (2 / 3))
        assert np.mean(np.abs(effects)) == pytest.approx(float(oracle.ISHIGAMI_MU_STAR[i]), rel=1e-12)
        assert np.std(effects) == pytest.approx(float(oracle.ISHIGAMI_SIGMA[i]), rel=1e-12)


def test_mean_squared_slopes_of_ishigami() -> None:
    """Catches a wrong derivative: central differences on a dense grid."""
    side, h = (np.arange(60) + 0.5) / 60 * 2 * np.pi - np.pi, 1e-5
    x = np.meshgrid(side, side, side, indexing="ij")
    for i, exact in enumerate(oracle.ISHIGAMI_DGSM):
        up, down = ([v + (j == i) * s * h for j, v in enumerate(x)] for s in (1, -1))
        slope = (ISHIGAMI.function(*up) - ISHIGAMI.function(*down)) / (2 * h)
        assert 4 * np.mean(slope**2) / float(ISHIGAMI.variance) == pytest.approx(float(exact), rel=5e-3)


def test_morris_exercise_prints_as_published() -> None:
    """Catches a mistyped run: effects from the eighteen outputs, one input moving at a time."""
    steps, rises = np.diff(oracle.MORRIS_RUNS, axis=1), np.diff(oracle.MORRIS_OUTPUTS, axis=1)
    effects = np.array([rises[np.abs(steps[..., i]) > 0.1] / steps[np.abs(steps[..., i]) > 0.1, i] for i in (0, 1)])
    assert effects.shape == (2, 6)
    found = {"mu": effects.mean(axis=1), "mu_star": np.abs(effects).mean(axis=1), "sigma": effects.std(axis=1, ddof=1)}
    for name, tolerance in (("mu", 1e-1), ("mu_star", 1e-2), ("sigma", 1e-2)):
        np.testing.assert_allclose(found[name], oracle.MORRIS_PUBLISHED[name], rtol=tolerance)


def distributions_of_ishigami(a: float, b: float, bins: int = 2048, nodes: int = 300) -> tuple[np.ndarray, list[np.ndarray]]:
    """Probabilities of y in fine bins, and those given each of many values of x1, x2, x3.

    sin^2 of a uniform angle, sin of one and a fourth power have distributions in closed form; the sum of the two
    independent terms is a convolution.
    """
    top = 1 + b * np.pi**4
    edges = np.linspace(-top - 0.02, top + a + 0.02, bins + 1)
    width = edges[1] - edges[0]
    squared_sine = np.fft.rfft(np.diff(2 / np.pi * np.arcsin(np.sqrt(np.clip(np.arange(bins + 1) * width / a, 0, 1)))), 4 * bins)

    def plus_squared_sine(below: np.ndarray) -> np.ndarray:
        return np.fft.irfft(np.fft.rfft(np.diff(below), 4 * bins) * squared_sine, 4 * bins)[:bins]

    def given_x1(x: float) -> np.ndarray:
        part = np.clip(np.maximum((edges / np.sin(x) - 1) / b, 0) ** 0.25 / np.pi, 0, 1)
        return part if np.sin(x) > 0 else 1 - part

    def given_x3(x: float) -> np.ndarray:
        return 0.5 + np.arcsin(np.clip(edges / (1 + b * x**4), -1, 1)) / np.pi

    first = np.mean([given_x3(x) for x in (np.arange(20_000) + 0.5) / 20_000 * np.pi], axis=0)
    angles = (np.arange(nodes) + 0.5) / nodes * 2 * np.pi - np.pi
    shifted = [np.interp(edges + width / 2 - a * np.sin(x) ** 2, edges, first) for x in angles]
    conditional = [np.array([plus_squared_sine(given_x1(x)) for x in angles]), np.diff(shifted, axis=1),
                   np.array([plus_squared_sine(given_x3(x)) for x in angles])]  # fmt: skip
    return plus_squared_sine(first), conditional


def largest_gaps(whole: np.ndarray, given: np.ndarray, parts: int = 10) -> list[float]:
    return [np.abs(np.cumsum(part.mean(axis=0) - whole)).max() for part in np.split(given, parts)]


def test_moment_independent_measures_of_ishigami() -> None:
    """Catches a wrong delta or PAWN: distributions of y with and without a known input, on a fine grid."""
    whole, conditional = distributions_of_ishigami(7, 0.1)
    for i, given in enumerate(conditional):
        assert np.abs(given - whole).sum(axis=1).mean() / 2 == pytest.approx(oracle.ISHIGAMI_DELTA[i], abs=1e-3)
        assert np.median(largest_gaps(whole, given)) == pytest.approx(oracle.ISHIGAMI_PAWN[i], abs=1e-3)
    whole, conditional = distributions_of_ishigami(2, 1, bins=4096)
    for i, given in enumerate(conditional):
        assert np.median(largest_gaps(whole, given)) == pytest.approx(oracle.ISHIGAMI_PAWN_A2_B1[i], abs=1e-3)


def test_moment_independent_measures_of_a_sum() -> None:
    """Catches a slip in the integrals by hand: densities and distributions of x1 + x2 on a grid."""
    y, known = np.linspace(0, 2, 4001), (np.arange(1000) + 0.5) / 1000
    density, below = np.minimum(y, 2 - y), np.where(y <= 1, y**2 / 2, 1 - (2 - y) ** 2 / 2)
    gap = np.array([np.abs(below - np.clip(y - x, 0, 1)).max() for x in known])
    area = np.array([np.abs(density - ((y >= x) & (y <= x + 1))).mean() for x in known])  # half of 2 x the mean
    assert area.mean() == pytest.approx(float(oracle.UNIT_SUM_DELTA), abs=1e-3)
    assert gap.mean() == pytest.approx(float(oracle.UNIT_SUM_GAP_MEAN), abs=1e-3)
    assert np.median(gap) == pytest.approx(float(oracle.UNIT_SUM_GAP_MEDIAN), abs=1e-3)
    assert gap.max() == pytest.approx(float(oracle.UNIT_SUM_GAP_MAX), abs=1e-3)


# ------------------------------------------------------------------------------------------------------
# Distributions and narrowing


def as_scipy(d: oracle.Distribution) -> Any:
    p = {k: float(v) for k, v in d.parameters.items() if isinstance(v, Fraction)}
    low, width = p["low"], p["high"] - p["low"]
    mode, z = (p.get("mode", low) - low) / width, stats.norm.ppf(0.95)
    return {
        "uniform": lambda: stats.uniform(low, width),
        "triangular": lambda: stats.triang(mode, low, width),
        "pert": lambda: stats.beta(1 + 4 * mode, 5 - 4 * mode, low, width),
        "normal": lambda: stats.norm(low + width / 2, width / 2 / z),
        "lognormal": lambda: stats.lognorm(math.log(p["high"] / low) / 2 / z, scale=math.sqrt(low * p["high"])),
    }[d.kind]()


LEVELS = (0.05, 0.5, 0.95)


@pytest.mark.parametrize("d", oracle.DISTRIBUTIONS, ids=lambda d: d.kind)
def test_distributions(d: oracle.Distribution) -> None:
    """Catches a wrong mean, spread or quantile: scipy's own distribution, a sorted list, or an integral."""
    quantiles = oracle.floats(d.quantiles)
    if d.kind == "choice":
        pool = np.repeat([float(v) for v in d.parameters["values"]], [int(w * 60) for w in d.parameters["weights"]])
        assert pool.size == 60
        assert (pool.mean(), pool.std()) == (pytest.approx(float(d.mean)), pytest.approx(float(d.sd)))
        assert tuple(np.quantile(pool, LEVELS, method="inverted_cdf")) == quantiles
    elif d.kind in ("sum", "product"):
        a, b = (stats.uniform(float(u.low), float(u.high - u.low)) for u in d.parameters.values())
        below = {"sum": lambda x, y: b.cdf(y - x), "product": lambda x, y: b.cdf(y / x)}[d.kind]  # given x
        found = [integrate.quad(below, *a.support(), args=(q,), limit=200)[0] / np.ptp(a.support()) for q in quantiles]
        np.testing.assert_allclose(found, LEVELS, atol=1e-7)
        sums, products = (a.mean() + b.mean(), a.var() + b.var()), (a.mean() * b.mean(), a.moment(2) * b.moment(2))
        mean, variance = sums if d.kind == "sum" else (products[0], products[1] - products[0] ** 2)
        assert (mean, math.sqrt(variance)) == (pytest.approx(float(d.mean)), pytest.approx(float(d.sd)))
    else:
        known = as_scipy(d)
        np.testing.assert_allclose([known.mean(), known.std(), *known.ppf(LEVELS)],
                                   oracle.floats([d.mean, d.sd, *d.quantiles]), rtol=1e-10, atol=1e-12)  # fmt: skip


@pytest.mark.parametrize("n", oracle.NARROWING, ids=lambda n: n.id)
def test_narrowing(n: oracle.Narrowing) -> None:
    """Catches a wrong width: quantiles of a dense grid, then of each of its rows and columns."""
    sides = [float(x.low) + (np.arange(2000) + 0.5) / 2000 * float(x.high - x.low) for x in n.inputs]
    y = n.function(*np.meshgrid(*sides, indexing="ij"))
    scale = float(n.width)
    assert np.diff(np.quantile(y, (0.05, 0.95)))[0] == pytest.approx(scale, abs=2e-3 * scale)
    for axis, left in ((1, n.when_known[0]), (0, n.when_known[1])):
        rows = np.diff(np.quantile(y, (0.05, 0.95), axis=axis), axis=0)
        assert rows.mean() == pytest.approx(float(left), abs=2e-3 * scale)


# ------------------------------------------------------------------------------------------------------
# Switching values and the numbers they rest on


def forgone(p: dict[str, float]) -> float:
    """As a part of the principal: interest, less tax, times the rate of the regulation."""
    return (p["deposit_rate"] + p["yield_spread"]) / 100 * (1 - p["belgian_tax"] / 100) * p["windfall_rate"] / 100


def prices(p: dict[str, float]) -> tuple[float, float]:
    ukraine = p["ukraine_power_price"] / p["hryvnias_per_dollar"] * p["euros_per_dollar"]
    return ukraine, p["russia_power_price_energy_only"] / p["roubles_per_euro"]


FORMULAS: dict[str, Callable[[dict[str, float]], float]] = {  # forwards, one by one, as the provisions define them
    "force_reduction": lambda p: max(p["force_strength"] - p["force_cap"], 0),
    "demobilisation_duration": lambda p: max(p["force_strength"] - p["force_cap"], 0) / p["demobilisation_pace"],
    "break_even_return": lambda p: forgone(p) / (1 - p["us_profit_share"] / 100) + p["vehicle_fee"] / 100,
    "znpp_equal_value_share": lambda p: prices(p)[1] / sum(prices(p)),
    "ukraine_znpp_value": lambda p: 35.5 * 0.95 * p["ukraine_share_of_znpp"] / 100 * prices(p)[0] / 1000,
    "immobilised_remainder": lambda p: max(p["euroclear_assets"] / p["euros_per_dollar"] - p["vehicle_principal"], 0),
    "vehicle_share_of_immobilised": lambda p: p["vehicle_principal"] * p["euros_per_dollar"] / p["euroclear_assets"],
    "era_loan_cover_years": lambda p: p["era_loan"] / (forgone(p) * p["euroclear_assets"] * p["central_bank_share"] / 100),
}


@pytest.mark.parametrize("switch", oracle.SWITCHES, ids=lambda s: f"{s.formula}-{s.over}-{float(s.value):.4g}")
def test_switching_values_put_back_give_the_target(switch: oracle.Switch) -> None:
    """Catches a root solved wrongly by hand: the formula forwards, and a root finder over a wide bracket."""
    formula, central = FORMULAS[switch.formula], {k: float(v) for k, v in CENTRAL.items()}

    def miss(x: float) -> float:
        return formula({**central, switch.over: x}) - float(switch.value)

    root = float(switch.root)
    assert formula({**central, switch.over: root}) == pytest.approx(float(switch.value), rel=1e-12)
    assert optimize.brentq(miss, root * 0.7, root * 1.2 + 1e-9, xtol=1e-10) == pytest.approx(root, rel=1e-9)
    low, high = map(float, RANGES[switch.over])
    inside = min(miss(low), miss(high)) <= 1e-9 and max(miss(low), miss(high)) >= -1e-9  # all are monotone
    assert bool(switch.within) == inside


def test_equal_values_at_the_split() -> None:
    """Catches a split that does not split equally; and the flat and per-draw answers."""
    ukraine, russia = prices({k: float(v) for k, v in CENTRAL.items()})
    split = float(oracle.EQUAL_VALUE_SPLIT)
    assert split * ukraine == pytest.approx((1 - split) * russia, rel=1e-14)
    assert {max(880_000 - cap, 0) for cap in (oracle.FLAT_FROM, 890_000, 900_000)} == {0}
    strengths = np.linspace(800_000, 980_000, 1001)
    assert tuple(np.quantile(strengths - 200_000, LEVELS)) == oracle.floats(oracle.CAP_PER_DRAW.quantiles)
    assert [(x - 3) * (x - 7) for x in (*oracle.TWO_ROOTS, *oracle.TOUCHING_ROOT)] == [0, 0, -4]


class Number(Fraction):
    """A fact's value, with its ends where the record has them."""

    low: Fraction
    high: Fraction


def read_facts() -> dict[str, tuple[Number, str]]:
    """Value (where a record has only ends, the one that stands there) and public date of every fact with a number."""
    facts = {}
    for file in (DATASETS / "facts").glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                if any_number := row["value"] or row["low"] or row["high"]:
                    number = Number(row["value"] or any_number)
                    number.low, number.high = (F(row[end] or any_number) for end in ("low", "high"))
                    facts[row["id"]] = (number, row["public_since"])
    return facts


def test_numbers_are_those_of_the_data_files() -> None:
    """Catches a central value or a range that moved in the data and not here, or was mistyped here."""
    facts = read_facts()
    names = {name: number for name, (number, _) in facts.items()}
    files = [tomllib.loads(f.read_text(encoding="utf-8"), parse_float=F) for f in (DATASETS / "parameters").glob("*.toml")]
    parameters = {name: p for file in files for name, p in file.items()}

    def number(entry: Any) -> Fraction:
        return F(eval(entry, {"__builtins__": {}}, names)) if isinstance(entry, str) else F(entry)

    def ends(parameter: str) -> tuple[Fraction, ...]:
        return tuple(number(end) for end in parameters[parameter]["range"])

    set_by_text = {"force_cap", "vehicle_principal", "us_profit_share", "ukraine_share_of_znpp"}
    for name in CENTRAL.keys() - set_by_text:
        p = parameters[name]
        leading = [f for f in p.get("facts", []) if facts[f][1] <= LEAK]
        found = number(p.get("value", p.get("derivation", leading[0] if leading else None)))
        assert found == CENTRAL[name], name
    for name in RANGES:
        low, high = ends(name)
        assert (low, float(high)) == (RANGES[name][0], pytest.approx(float(RANGES[name][1]))), name
    for model in oracle.SHIPPED:
        for name, kind in model.inputs.items():
            assert isinstance(kind, Uniform) and ends(name) == (kind.low, kind.high), name
