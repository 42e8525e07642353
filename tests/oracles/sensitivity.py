"""What a study of uncertainty must find: figures from definitions and closed forms, none from sampling.

All arithmetic is in `Fraction`. Where a logarithm, a root or pi comes in, it is taken to sixty digits first and the
sum goes on exactly; a figure that needs a numerical integral says so. Definitions of the shares: Sobol' (1993, 2001) for
first order and total, Owen (2014) for Shapley. Whole-number parameters (`whole = true`) are taken as continuous here;
for persons the variance then differs by one part in a hundred thousand.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from fractions import Fraction
from functools import cached_property
from itertools import chain, combinations, pairwise
from math import comb, factorial, pi, prod
from types import SimpleNamespace
from typing import Any

import numpy as np

F = Fraction
Closed = Callable[[frozenset[int]], Fraction]
SIXTY_DIGITS = Context(prec=60)
PI = F("3.14159265358979323846264338327950288419716939937510582097494")  # the tests rebuild it by Machin's formula


def _decimal(x: Fraction) -> Decimal:
    return SIXTY_DIGITS.divide(Decimal(x.numerator), Decimal(x.denominator))


def ln(x: Fraction) -> Fraction:
    return F(SIXTY_DIGITS.ln(_decimal(x)))


def exp(x: Fraction) -> Fraction:
    return F(SIXTY_DIGITS.exp(_decimal(x)))


def sqrt(x: Fraction) -> Fraction:
    return F(SIXTY_DIGITS.sqrt(_decimal(x)))


def point_where(rising: Callable[[Fraction], Fraction], level: Fraction, low: Fraction, high: Fraction) -> Fraction:
    """The x between low and high at which a rising function reaches the level, by halving to forty digits."""
    for _ in range(140):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < level else (low, middle)
    return (low + high) / 2


# ------------------------------------------------------------------------------------------------------
# Inputs, and shares of variance from the variances of conditional means


@dataclass(frozen=True)
class Uniform:
    low: Fraction
    high: Fraction

    @property
    def mean(self) -> Fraction:
        return (self.low + self.high) / 2

    @property
    def square(self) -> Fraction:
        """Mean of the square."""
        return (self.low**2 + self.low * self.high + self.high**2) / 3

    @property
    def variance(self) -> Fraction:
        return (self.high - self.low) ** 2 / 12

    def inverse(self) -> SimpleNamespace:
        """Moments of 1/x: the integral of 1/x is ln, that of 1/x^2 is -1/x."""
        return SimpleNamespace(mean=ln(self.high / self.low) / (self.high - self.low), square=1 / (self.low * self.high))


@dataclass(frozen=True)
class Choice:
    values: tuple[Fraction, ...]
    weights: tuple[Fraction, ...]

    @property
    def mean(self) -> Fraction:
        return sum((w * x for w, x in zip(self.weights, self.values, strict=True)), F(0))

    @property
    def variance(self) -> Fraction:
        return sum((w * (x - self.mean) ** 2 for w, x in zip(self.weights, self.values, strict=True)), F(0))


def span(low: str | int, high: str | int) -> Uniform:
    return Uniform(F(low), F(high))


def subsets(of: Sequence[int]) -> list[frozenset[int]]:
    return [frozenset(s) for s in chain.from_iterable(combinations(of, size) for size in range(len(of) + 1))]


@dataclass(frozen=True)
class Shares:
    """Parts of the variance, from 0 to 1, in the order of the inputs; `second` is the pure interaction of two."""

    first: tuple[Fraction, ...]
    total: tuple[Fraction, ...]
    shapley: tuple[Fraction, ...]
    second: Mapping[tuple[int, int], Fraction]


def shares(closed: Closed, players: Sequence[frozenset[int]]) -> Shares:
    """Shares by brute force over all coalitions of players (inputs, or groups of inputs).

    `closed(S)` is the variance of the mean of y given the inputs in S. First: closed of one; total: what is left
    unexplained when all others are known; Shapley: what a player adds, averaged over all orders of arrival.
    """
    everyone, n = range(len(players)), len(players)
    known = {s: closed(frozenset().union(*(players[i] for i in s))) for s in subsets(everyone)}
    variance, one = known[frozenset(everyone)], [frozenset({i}) for i in everyone]

    def shapley(i: int) -> Fraction:
        others = subsets([j for j in everyone if j != i])
        weight = [F(factorial(len(s)) * factorial(n - 1 - len(s)), factorial(n)) for s in others]
        return sum((w * (known[s | one[i]] - known[s]) for w, s in zip(weight, others, strict=True)), F(0))

    return Shares(
        first=tuple(known[one[i]] / variance for i in everyone),
        total=tuple(1 - known[frozenset(everyone) - one[i]] / variance for i in everyone),
        shapley=tuple(shapley(i) / variance for i in everyone),
        second={
            (i, j): (known[one[i] | one[j]] - known[one[i]] - known[one[j]]) / variance
            for i, j in combinations(everyone, 2)
        },
    )


@dataclass(frozen=True)
class Model:
    """A function of independent inputs, of which everything is known. Inputs in the order of its arguments."""

    id: str
    inputs: Mapping[str, Uniform | Choice]
    function: Callable[..., Any]  # of numbers or of arrays
    mean: Fraction
    closed: Closed
    because: str

    @property
    def variance(self) -> Fraction:
        return self.closed(frozenset(range(len(self.inputs))))

    @cached_property
    def shares(self) -> Shares:
        return shares(self.closed, [frozenset({i}) for i in range(len(self.inputs))])

    def grouped(self, *groups: set[int]) -> Shares:
        return shares(self.closed, [frozenset(g) for g in groups])


def of_parts(parts: Mapping[frozenset[int], Fraction]) -> Closed:
    """From the pieces of the decomposition: what a set explains is the sum of the pieces inside it."""
    return lambda known: sum((v for inside, v in parts.items() if inside <= known), F(0))


def of_product(factors: Sequence[Any], scale: Fraction | int = 1) -> Closed:
    """Of scale x f1(x1) x f2(x2) ...: a known factor enters with its mean square, another with its squared mean."""
    squared_mean = prod((f.mean**2 for f in factors), start=F(1))
    return lambda known: scale**2 * (
        prod((f.square if i in known else f.mean**2 for i, f in enumerate(factors)), start=F(1)) - squared_mean
    )


def of_sum(inputs: Sequence[Uniform | Choice], weights: Sequence[Fraction]) -> Closed:
    """Of w1 x1 + w2 x2 + ...: variances add, each with its squared weight."""
    return of_parts({frozenset({i}): w * w * x.variance for i, (w, x) in enumerate(zip(weights, inputs, strict=True))})


# ------------------------------------------------------------------------------------------------------
# Ishigami and Homma (1990): y = sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1, each uniform on [-pi, pi]

A, B = F(7), F(1, 10)
_V1, _V2, _V13 = (1 + B * PI**4 / 5) ** 2 / 2, A**2 / 8, B**2 * PI**8 * (F(1, 9) - F(1, 25)) / 2
ISHIGAMI = Model(
    "ishigami", dict.fromkeys(("x1", "x2", "x3"), Uniform(-PI, PI)),
    lambda x1, x2, x3: np.sin(x1) + 7 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1), A / 2,
    of_parts({frozenset({0}): _V1, frozenset({1}): _V2, frozenset({0, 2}): _V13}),
    "sin^2 has mean 1/2 and variance 1/8, x3^4 mean pi^4/5 and mean square pi^8/9; y = sin x1 (1 + b x3^4) + a sin^2 x2,"
    " so V1 = (1 + b pi^4/5)^2/2, V2 = a^2/8, V13 = b^2 Var(x3^4)/2 and nothing else.",
)  # fmt: skip

# Mean squared slope, as SALib scales it: E[(dy/dx)^2] (2 pi)^2 / (pi^2 Var y) (Sobol' and Kucherenko 2009).
ISHIGAMI_DGSM = tuple(
    4 * slope / ISHIGAMI.variance
    for slope in ((1 + 2 * B * PI**4 / 5 + B**2 * PI**8 / 9) / 2, A**2 / 2, 8 * B**2 * PI**6 / 7)
)  # of cos x1 (1 + b x3^4), a sin 2 x2, 4 b x3^3 sin x1
# Morris (1991) on the grid 0, 1/3, 2/3, 1 with steps of 2/3: sin x1 is 0, -h, h, 0 with h = sqrt(3)/2, x3^4 is
# pi^4 or pi^4/81. Mean of the absolute elementary effects over the whole grid, and their standard deviation.
_STEP, _H, _FALL = F(2, 3), sqrt(F(3)) / 2, PI**4 * F(80, 81)
ISHIGAMI_MU_STAR = (_H / _STEP * (1 + B * PI**4 * F(41, 81)), A * F(3, 4) / _STEP, B * _FALL * _H / 2 / _STEP)
ISHIGAMI_SIGMA = (_H / _STEP * B * _FALL / 2, A * F(3, 4) / _STEP, B * _FALL * sqrt(F(3, 8)) / _STEP)
# Moment-independent measures, by numerical integration on a fine grid (the tests do it again), good to 0.001:
# Borgonovo's delta (2007), and PAWN (Pianosi and Wagener 2018) as the median over ten equal parts of an input's range of
# the largest gap between the distribution of y and that of y in the part.
ISHIGAMI_DELTA = (0.263, 0.425, 0.210)
ISHIGAMI_PAWN = (0.238, 0.391, 0.081)
ISHIGAMI_PAWN_A2_B1 = (0.460, 0.100, 0.239)  # a = 2 and b = 1, as in Pianosi and Wagener (2018)
# The same for x1 + x2, both uniform on [0, 1], in closed form, for x1 and for x2. Given x the gap of the distributions
# is largest at y = x or y = x + 1, max(x, 1 - x)^2/2; the densities differ in area by x^2 + (1 - x)^2.
UNIT_SUM_DELTA, UNIT_SUM_GAP_MEAN, UNIT_SUM_GAP_MEDIAN, UNIT_SUM_GAP_MAX = F(1, 3), F(7, 24), F(9, 32), F(1, 2)

# ------------------------------------------------------------------------------------------------------
# Sobol's g: the product of (|4x - 2| + a)/(1 + a), each factor with mean 1 and variance 1/(3 (1 + a)^2)


def g_function(name: str, a: Sequence[Fraction]) -> Model:
    weights = [float(x) for x in a]
    return Model(
        name, {f"x{i + 1}": span(0, 1) for i in range(len(a))},
        lambda *x: np.prod([(np.abs(4 * xi - 2) + w) / (1 + w) for xi, w in zip(x, weights, strict=True)], axis=0), F(1),
        of_product([SimpleNamespace(mean=F(1), square=1 + 1 / (3 * (1 + w) ** 2)) for w in a]),
        "|4x - 2| is uniform on [0, 2]; the factors are independent, so mean squares multiply (Saltelli and Sobol' 1995).",
    )  # fmt: skip


G3 = g_function("g_3", [F(0), F(1), F(9, 2)])
G8 = g_function("g_8", [F(0), F(1), F(9, 2), F(9), *[F(99)] * 4])
G6 = g_function("g_6_of_salib", [F(78), F(12), F(1, 2), F(2), F(97), F(33)])  # the weights in SALib's tests

# ------------------------------------------------------------------------------------------------------
# Sums, products, quotients, a kink. Ranges are those of datasets/parameters at the leak, in the unit of the file.

STOCK, RATE, SPREAD = span(180, 195), span("1.5", "2.5"), span("0.07", "0.44")  # euroclear_assets, deposit_rate, ...
EUR_PER_USD, UAH_PER_USD = span("0.8453", "0.9603"), span("41.7565", "45.7")
STRENGTH, PER_HEAD, PACE = span(800_000, 980_000), span(1000, 17_500), span(37_500, 280_000)
COST = span(1_150_000, 1_259_100)  # the high end is 30,000 dollars at 41.97
_LEAVING = span(200_000, 380_000)  # strength less a ceiling of 600,000, which is never above it


def _interest(known: frozenset[int]) -> Fraction:
    """Of stock x (rate + spread): a product of the stock and a sum of two."""
    whole = RATE.mean + SPREAD.mean
    rates = whole**2 + sum((x.variance for i, x in ((1, RATE), (2, SPREAD)) if i in known), F(0))
    return ((STOCK.square if 0 in known else STOCK.mean**2) * rates - (STOCK.mean * whole) ** 2) / 10_000


SHIPPED = (  # ids are formulas of the library and inputs its parameters: all that moves while levers are held
    Model("windfall_yield", {"deposit_rate": RATE, "yield_spread": SPREAD}, lambda d, s: (d + s) / 100,
          (RATE.mean + SPREAD.mean) / 100, of_sum([RATE, SPREAD], [F(1, 100)] * 2),
          "A sum: no interaction, so first, total and Shapley are one."),
    Model("windfall_interest", {"euroclear_assets": STOCK, "deposit_rate": RATE, "yield_spread": SPREAD},
          lambda a, d, s: a * (d + s) / 100, STOCK.mean * (RATE.mean + SPREAD.mean) / 100, _interest,
          "Stock x (rate + spread)."),
    Model("immobilised_in_dollars", {"euroclear_assets": STOCK, "euros_per_dollar": EUR_PER_USD},
          lambda a, e: a / e, STOCK.mean * EUR_PER_USD.inverse().mean, of_product([STOCK, EUR_PER_USD.inverse()]),
          "x/y is the product of x and 1/y."),
    Model("immobilised_remainder", {"euroclear_assets": STOCK, "euros_per_dollar": EUR_PER_USD},
          lambda a, e: np.maximum(a / e - 100, 0), STOCK.mean * EUR_PER_USD.inverse().mean - 100,
          of_product([STOCK, EUR_PER_USD.inverse()]), "At least 180/0.9603 - 100 is left, so the floor at zero is never met."),
    Model("vehicle_share_of_immobilised", {"euros_per_dollar": EUR_PER_USD, "euroclear_assets": STOCK},
          lambda e, a: 100 * e / a, 100 * EUR_PER_USD.mean * STOCK.inverse().mean,
          of_product([EUR_PER_USD, STOCK.inverse()], F(100)), "100 billion dollars in euros over the stock."),
    Model("demobilisation_cost", {"force_strength": STRENGTH, "demobilisation_cost_per_head": PER_HEAD},
          lambda n, c: np.maximum(n - 600_000, 0) * c / 1e9, _LEAVING.mean * PER_HEAD.mean / 10**9,
          of_product([_LEAVING, PER_HEAD], F(1, 10**9)), "The reduction is uniform on 200,000 to 380,000."),
    Model("demobilisation_duration", {"force_strength": STRENGTH, "demobilisation_pace": PACE},
          lambda n, p: np.maximum(n - 600_000, 0) / p, _LEAVING.mean * PACE.inverse().mean,
          of_product([_LEAVING, PACE.inverse()]), "The reduction over the pace."),
    Model("force_upkeep_in_dollars", {"soldier_cost_wartime": COST, "hryvnias_per_dollar": UAH_PER_USD},
          lambda c, u: 600_000 * c / u / 1e9, 600_000 * COST.mean * UAH_PER_USD.inverse().mean / 10**9,
          of_product([COST, UAH_PER_USD.inverse()], F(600_000, 10**9)),
          "The ceiling is below every strength in the range, so strength has no part in it."),
)  # fmt: skip


def boole(f: Callable[[Fraction], Fraction], *knots: Fraction) -> Fraction:
    """Integral over the knots in turn; Boole's rule is exact where f is a polynomial of degree five or less."""
    return sum((
        (b - a) / 90 * sum(w * f(a + (b - a) * F(k, 4)) for k, w in enumerate((7, 32, 12, 32, 7)))
        for a, b in pairwise(knots)
    ), F(0))  # fmt: skip


def excess(name: str, x: Uniform, y: Uniform) -> Model:
    """max(x - y, 0) with overlapping ranges. Conditional means are polynomials between the ends of the ranges."""

    def ramp(t: Fraction, power: int) -> Fraction:
        return max(t, F(0)) ** power

    def moment(k: int) -> Fraction:
        """E max(x - y, 0)^k, by integrating t^k twice."""
        ends = ((x.high, y.low, 1), (x.low, y.low, -1), (x.high, y.high, -1), (x.low, y.high, 1))
        area = sum((sign * ramp(a - b, k + 2) for a, b, sign in ends), F(0)) / ((k + 1) * (k + 2))
        return area / ((x.high - x.low) * (y.high - y.low))

    def over_y(t: Fraction) -> Fraction:
        return (ramp(t - y.low, 2) - ramp(t - y.high, 2)) / (2 * (y.high - y.low))

    def over_x(t: Fraction) -> Fraction:
        return (ramp(x.high - t, 2) - ramp(x.low - t, 2)) / (2 * (x.high - x.low))

    knots, mean = sorted({x.low, x.high, y.low, y.high}), moment(1)

    def spread_of(inner: Callable[[Fraction], Fraction], over: Uniform) -> Fraction:
        inside = [k for k in knots if over.low <= k <= over.high]
        return boole(lambda t: inner(t) ** 2, *inside) / (over.high - over.low) - mean**2

    known = {frozenset(): F(0), frozenset({0}): spread_of(over_y, x), frozenset({1}): spread_of(over_x, y),
             frozenset({0, 1}): moment(2) - mean**2}  # fmt: skip
    return Model(name, {"x": x, "y": y}, lambda a, b: np.maximum(a - b, 0), mean, known.__getitem__,
                 "On [0, 1]: mean 1/6, variance 1/18, first 2/5 each, total 3/5 each.")  # fmt: skip


def equal_value(u: Uniform, r: Uniform) -> Model:
    """r/(u + r), the form of znpp_equal_value_share. Mean and variance in closed form, by parts; the first-order
    terms are one-dimensional Gauss-Legendre integrals of a smooth function, good to fifteen digits."""

    def double(antiderivative: Callable[[Fraction, Fraction], Fraction]) -> Fraction:
        f, area = antiderivative, (u.high - u.low) * (r.high - r.low)
        return (f(r.high, u.high) - f(r.low, u.high) - f(r.high, u.low) + f(r.low, u.low)) / area

    mean = double(lambda t, c: (t * t - c * c) / 2 * ln(t + c) - t * t / 4 + c * t / 2)  # of t ln(t + c)
    square = double(lambda t, c: -(t * t / 2 - c * t + c * c * ln(t + c)))  # of -t^2/(t + c)

    def spread_of(given: Callable[[Fraction], Fraction], over: Uniform) -> Fraction:
        nodes, weights = np.polynomial.legendre.leggauss(40)
        half = (over.high - over.low) / 2
        terms = [F(w) / 2 * (given(over.mean + half * F(z)) - mean) ** 2 for z, w in zip(nodes, weights, strict=True)]
        return sum(terms, F(0))

    known = {
        frozenset(): F(0), frozenset({0, 1}): square - mean**2,
        frozenset({0}): spread_of(lambda t: 1 - t * ln((t + r.high) / (t + r.low)) / (r.high - r.low), u),
        frozenset({1}): spread_of(lambda t: t * ln((t + u.high) / (t + u.low)) / (u.high - u.low), r),
    }  # fmt: skip
    return Model("equal_value", {"u": u, "r": r}, lambda a, b: b / (a + b), mean, known.__getitem__,
                 "Integrate over one input by hand, then over the other.")  # fmt: skip


_LEFT = (STOCK, span(0, 100), span("30.9", "45"))
_READINGS = Choice((F(0), F("0.2"), F(1)), (F(1, 2), F(1, 3), F(1, 6)))
MODELS = (
    ISHIGAMI, G3, G8, *SHIPPED,
    Model("linear", dict(zip(("stock", "principal", "loans"), _LEFT, strict=True)), lambda a, p, n: a - 0.859 * p - n,
          STOCK.mean - F("0.859") * 50 - _LEFT[2].mean, of_sum(_LEFT, [F(1), F("-0.859"), F(-1)]),
          "Euros left at Euroclear after the principal at 0.859 and the loans: squared weight x range squared / 12."),
    Model("interaction_only", {"x": span(-1, 1), "y": span(-1, 1)}, lambda x, y: x * y, F(0),
          of_product([span(-1, 1)] * 2), "Factors with mean zero: first order 0, total 1, Shapley 1/2 each."),
    Model("product_and_choice", {"x": STOCK, "y": span("1.57", "2.94"), "z": _READINGS}, lambda x, y, z: x * y / 100 + z,
          STOCK.mean * span("1.57", "2.94").mean / 100 + _READINGS.mean,
          lambda known: of_product([STOCK, span("1.57", "2.94")], F(1, 100))(known)
          + (_READINGS.variance if 2 in known else 0), "x y and z are independent, so their variances add."),
    excess("excess_on_unit", span(0, 1), span(0, 1)),
    excess("excess_strength_over_cap", STRENGTH, span(400_000, 900_000)),
    equal_value(span(90, 115), span(17, 22)),  # euros a MWh, about the shipped prices
)  # fmt: skip

# ------------------------------------------------------------------------------------------------------
# Distributions: mean, standard deviation, and the quantiles at 5, 50 and 95 %

LEVELS = (F(1, 20), F(1, 2), F(19, 20))


def normal_below(z: Fraction) -> Fraction:
    """Part of a standard normal below z: 1/2 + the power series of exp(-t^2/2), integrated, over sqrt(2 pi)."""
    with localcontext(SIXTY_DIGITS):
        term = total = _decimal(z)
        for k in range(1, 80):
            term *= -_decimal(z) ** 2 / (2 * k)
            total += term / (2 * k + 1)
    return F(1, 2) + F(total) / sqrt(2 * PI)


Z95 = point_where(normal_below, LEVELS[2], F(1), F(2))  # 1.6448536...


@dataclass(frozen=True)
class Distribution:
    """`kind` and `parameters` say which; the figures are exact. Of a choice, a quantile is the least value at or
    below which at least that part of the weight lies (numpy's "inverted_cdf", after Hyndman and Fan 1996)."""

    kind: str
    parameters: Mapping[str, Any]
    mean: Fraction
    sd: Fraction
    quantiles: tuple[Fraction, ...]


def uniform(x: Uniform) -> Distribution:
    quantiles = tuple(x.low + p * (x.high - x.low) for p in LEVELS)
    return Distribution("uniform", {"low": x.low, "high": x.high}, x.mean, sqrt(x.variance), quantiles)


def triangular(low: Fraction, mode: Fraction, high: Fraction) -> Distribution:
    """The area below x is (x - low)^2/(range (mode - low)) up to the mode; from above likewise."""

    def quantile(p: Fraction) -> Fraction:
        if p * (high - low) <= mode - low:
            return low + sqrt(p * (high - low) * (mode - low))
        return high - sqrt((1 - p) * (high - low) * (high - mode))

    variance = (low**2 + mode**2 + high**2 - low * mode - low * high - mode * high) / 18
    parameters = {"low": low, "mode": mode, "high": high}
    return Distribution("triangular", parameters, (low + mode + high) / 3, sqrt(variance), tuple(map(quantile, LEVELS)))


def pert(low: Fraction, mode: Fraction, high: Fraction) -> Distribution:
    """Beta on [low, high] with shapes 1 + 4 (mode - low)/range and 1 + 4 (high - mode)/range (Vose's "PERT distribution").

    Quantiles where the first is a whole number a: the part below x is that of five throws with at least a hits.
    """
    a, mean = 1 + 4 * (mode - low) / (high - low), (low + 4 * mode + high) / 6
    if a.denominator != 1:
        raise ValueError(f"shape {a} is not whole")

    def below(x: Fraction) -> Fraction:
        return sum((comb(5, j) * x**j * (1 - x) ** (5 - j) for j in range(int(a), 6)), F(0))

    quantiles = tuple(low + (high - low) * point_where(below, p, F(0), F(1)) for p in LEVELS)
    return Distribution("pert", {"low": low, "mode": mode, "high": high}, mean, sqrt((mean - low) * (high - mean) / 7), quantiles)


def normal(low: Fraction, high: Fraction) -> Distribution:
    """With 90 % between low and high, 5 % outside at either end."""
    middle = (low + high) / 2
    return Distribution("normal", {"low": low, "high": high}, middle, (high - low) / (2 * Z95), (low, middle, high))


def lognormal(low: Fraction, high: Fraction) -> Distribution:
    """Its logarithm is normal with 90 % between ln low and ln high; the ends are quantiles, and so is sqrt(low high)."""
    sigma = ln(high / low) / (2 * Z95)
    mean = exp((ln(low) + ln(high)) / 2 + sigma**2 / 2)
    quantiles = (low, sqrt(low * high), high)
    return Distribution("lognormal", {"low": low, "high": high}, mean, mean * sqrt(exp(sigma**2) - 1), quantiles)


def choice(values: Sequence[int], weights: Sequence[Fraction]) -> Distribution:
    of = Choice(tuple(map(F, values)), tuple(weights))
    quantiles = tuple(
        next(x for i, x in enumerate(of.values) if sum(of.weights[: i + 1]) >= p) for p in LEVELS  # values rise
    )
    return Distribution("choice", {"values": of.values, "weights": of.weights}, of.mean, sqrt(of.variance), quantiles)


def uniform_sum(x: Uniform, y: Uniform) -> Distribution:
    """A trapezium: with ranges L >= l the part below t is t^2/(2 L l) up to l, then (t - l/2)/L, then the mirror image."""
    short, long = sorted((x.high - x.low, y.high - y.low))

    def quantile(p: Fraction) -> Fraction:
        if p > F(1, 2):
            return short + long - quantile(1 - p)
        return sqrt(2 * p * short * long) if 2 * p * long <= short else p * long + short / 2

    quantiles = tuple(x.low + y.low + quantile(p) for p in LEVELS)
    return Distribution("sum", {"x": x, "y": y}, x.mean + y.mean, sqrt(x.variance + y.variance), quantiles)


UNIT_PRODUCT = Distribution(  # of two uniforms on [0, 1]: the part below y is y (1 - ln y)
    "product", {"x": span(0, 1), "y": span(0, 1)}, F(1, 4), sqrt(F(1, 9) - F(1, 16)),
    tuple(point_where(lambda y: y * (1 - ln(y)), p, F(1, 10**6), F(1)) for p in LEVELS),
)  # fmt: skip
DISTRIBUTIONS = (
    uniform(RATE), uniform(STRENGTH), uniform(span(-5, 10)),
    triangular(F(1000), F(1500), F(17_500)), triangular(F(0), F(1, 2), F(1)), triangular(F(0), F(0), F(1)),
    triangular(F(0), F(1), F(1)),
    pert(F(0), F(1, 2), F(1)), pert(F(-5), F(5, 2), F(10)), pert(F(1000), F(5125), F(17_500)), pert(F(0), F(0), F(1)),
    pert(F(0), F(3, 4), F(1)),
    normal(F(-5), F(10)), normal(F(800_000), F(980_000)), lognormal(F(1000), F(17_500)), lognormal(F(1), F(100)),
    choice([800_000, 880_000, 980_000], [F(1, 10), F(3, 5), F(3, 10)]), choice([1, 2, 3, 4, 5, 6], [F(1, 6)] * 6),
    choice([880_000, 900_000, 980_000], [F(1, 3)] * 3),
    uniform_sum(span(0, 1), span(0, 1)), uniform_sum(RATE, SPREAD), uniform_sum(span(0, 10), span(0, 1)), UNIT_PRODUCT,
)  # fmt: skip

# ------------------------------------------------------------------------------------------------------
# Figures that SALib and scipy publish in their tests, beside the exact ones


@dataclass(frozen=True)
class Published:
    """`figures` as printed, and how near the exact ones must lie: |exact - figure| <= atol + rtol |figure|.

    The tolerance is the source's own where it states one (both SALib's and scipy's tests do). Where it prints decimals
    only ("printed"), it is half a unit of the last; four entries say beside them that the tolerance is ours.
    """

    what: str
    figures: tuple[float, ...]
    exact: tuple[float, ...]
    atol: float
    rtol: float
    source: str


def floats(numbers: Sequence[Fraction]) -> tuple[float, ...]:
    return tuple(map(float, numbers))


def _salib_groups_with_distributions() -> tuple[float, ...]:
    """Ishigami with x1 uniform, ln x2 normal(1, 0.2), x3 triangular on [0, 3] with its peak in the middle; groups
    {x1, x3} and {x2}. x3 is a sum of two uniforms: E x3^n = 1.5^n 2 (2^(n+1) - 1)/((n+1)(n+2)). Of x2 only the mean
    of cos needs an integral (Gauss-Hermite): sin^2 = (1 - cos 2x)/2. The groups only add up, so total = first."""
    fourth, eighth = (F(3, 2) ** n * 2 * F(2 ** (n + 1) - 1, (n + 1) * (n + 2)) for n in (4, 8))
    nodes, weights = np.polynomial.hermite_e.hermegauss(80)
    mean_cos = {k: np.average(np.cos(k * np.exp(1 + 0.2 * nodes)), weights=weights) for k in (2, 4)}
    one, two = float((1 + 2 * B * fourth + B**2 * eighth) / 2), 49 / 4 * ((1 + mean_cos[4]) / 2 - mean_cos[2] ** 2)
    return one / (one + two), two / (one + two)


_SHARES, _GROUPS, _MIXED = ISHIGAMI.shares, ISHIGAMI.grouped({0, 2}, {1}), _salib_groups_with_distributions()
_REGRESSION = "SALib/SALib tests/test_regression.py, "
_TEST_FUNCTIONS = "SALib/SALib tests/test_test_functions.py, weights 78, 12, 0.5, 2, 97, 33: "
PUBLISHED = (
    Published("Ishigami, first", (0.31, 0.44, 0.00), floats(_SHARES.first), 5e-2, 1e-1,
              _REGRESSION + "test_regression_sobol, _fast, _rbd_fast, _delta, _hdmr_ishigami; tests/test_sobol.py"),
    Published("Ishigami, total", (0.55, 0.44, 0.24), floats(_SHARES.total), 5e-2, 1e-1, _REGRESSION + "test_regression_sobol"),
    Published("Ishigami, second", (0.00, 0.25, 0.00), floats([_SHARES.second[p] for p in ((0, 1), (0, 2), (1, 2))]), 5e-2, 1e-1,
              _REGRESSION + "test_regression_sobol"),
    Published("Ishigami in groups, first", (0.55, 0.44), floats(_GROUPS.first), 5e-2, 1e-1,
              _REGRESSION + "test_regression_sobol_groups"),
    Published("Ishigami in groups, other inputs, first", (0.427, 0.573), _MIXED, 5e-2, 1e-1,
              _REGRESSION + "test_regression_sobol_groups_dists"),
    Published("Ishigami, dgsm", (2.229, 7.066, 3.180), floats(ISHIGAMI_DGSM), 5e-2, 1e-1, _REGRESSION + "test_regression_dgsm"),
    Published("Ishigami, delta", (0.210, 0.358, 0.155), ISHIGAMI_DELTA, 5e-2, 1e-1,
              _REGRESSION + "test_regression_delta; its kernel estimate lies below the integral in all three"),
    # Ours: a seeded estimate, which the source repeats to 1e-5, scatters about the whole grid by sigma/sqrt(10,000).
    Published("Ishigami, Morris mu*", (7.682808, 7.875, 6.256295), floats(ISHIGAMI_MU_STAR),
              5 * float(ISHIGAMI_SIGMA[0]) / 100, 0.0, _REGRESSION + "TestMorris.test_regression_morris_vanilla"),
    # Ours: a formula in double precision.
    Published("Ishigami, Shapley in units of variance", (0.5 + 0.1 * pi**4 / 5 + 0.1**2 * pi**8 / 50 + 4 * pi**8 * 0.1**2 / 225,
              7**2 / 8, 4 * pi**8 * 0.1**2 / 225), floats([s * ISHIGAMI.variance for s in _SHARES.shapley]), 1e-12, 0.0,
              "SALib/SALib tests/test_analyze_shapley.py, test_ishigami_regression: its formula; of its estimate it asks 0.18"),
    # Ours: the source allows its own bootstrap interval. Of 500 points, 50 in a tenth, 0.87/sqrt(50) = 0.12 is chance.
    Published("Ishigami a = 2, b = 1, PAWN", (0.5, 0.16, 0.29), ISHIGAMI_PAWN_A2_B1, 0.12, 0.0,
              "SALib/SALib tests/test_pawn.py, test_pawn_analyze (an early version)"),
    Published("Ishigami, first, printed", (0.3139, 0.4424, 0.0), floats(_SHARES.first), 5e-5, 0.0,
              "SALib/SALib src/SALib/test_functions/Ishigami.py, docstring, after Saltelli and others (2008)"),
    Published("Ishigami, total, printed", (0.55758886, 0.44241114, 0.24368366), floats(_SHARES.total), 5e-9, 0.0,
              "Simulation-Decomposition/simdec-python tests/test_sensitivity_indices.py; scipy/scipy scipy/stats/tests/"
              "test_sensitivity_analysis.py has the same formulas, atol 1e-2 at n = 4,096 and 1e-4 at 2^19"),
    # Ours: the first figure is three units of the last place away from the exact one.
    Published("g, eight inputs, first, printed", (0.7165, 0.1791, 0.0237, 0.0072, *[0.0001] * 4), floats(G8.shares.first),
              5e-4, 0.0, "SALib/SALib src/SALib/test_functions/Sobol_G.py, comment; the first is 0.7162"),
    Published("g, eight inputs, total, printed", (0.787144, 0.242198, 0.034317, 0.010460, *[0.000105] * 4),
              floats(G8.shares.total), 5e-7, 0.0, "github.com/SALib/SALib issues 335 and 461, after Sobol' and others (2007)"),
    Published("g, six inputs, variance", (0.19347,), (float(G6.variance),), 0.0, 1e-4, _TEST_FUNCTIONS + "test_total_variance"),
    Published("g, six inputs, first", (0.000276, 0.010195, 0.765743, 0.191436, 0.000179, 0.001490), floats(G6.shares.first),
              1e-2, 1e-6, _TEST_FUNCTIONS + "test_sensitivity_index"),
    Published("g, six inputs, total", (3.294577e-04, 1.214324e-02, 7.959698e-01, 2.203131e-01, 2.140966e-04, 1.778255e-03),
              floats(G6.shares.total), 1e-2, 1e-6,
              _TEST_FUNCTIONS + "test_total_sensitivity_index (before 2021 it stated 0.0310, ... of a wrong formula, issue 461)"),
    Published("linear_model_1, first and total", (0.20,) * 5, floats(shares(of_sum([span(0, 1)] * 5, [F(1)] * 5),
              [frozenset({i}) for i in range(5)]).first), 5e-2, 1e-1, _REGRESSION + "test_regression_hdmr_case1"),
)  # fmt: skip

# Saltelli and others (2008), exercise 4 of chapter 3, in SALib/SALib tests/test_analyze_morris.py,
# test_analysis_of_morris_results: two inputs, six trajectories of three runs each, steps of 2/3. Effect = difference
# over step, with the sign of the step; the figures in print follow from the outputs, given to two decimals.
MORRIS_RUNS = np.array([
    [[0, 1 / 3], [0, 1], [2 / 3, 1]], [[0, 1 / 3], [2 / 3, 1 / 3], [2 / 3, 1]], [[2 / 3, 0], [2 / 3, 2 / 3], [0, 2 / 3]],
    [[1 / 3, 1], [1, 1], [1, 1 / 3]], [[1 / 3, 1], [1 / 3, 1 / 3], [1, 1 / 3]], [[1 / 3, 2 / 3], [1 / 3, 0], [1, 0]],
])  # fmt: skip
MORRIS_OUTPUTS = np.array([
    [0.97, 0.71, 2.39], [0.97, 2.30, 2.39], [1.87, 2.40, 0.87], [2.15, 1.71, 1.54], [2.15, 2.17, 1.54], [2.20, 1.87, 1.0],
])  # fmt: skip
MORRIS_PUBLISHED = {"mu": (0.66, 0.21), "mu_star": (1.62, 0.35), "sigma": (1.79, 0.41)}  # rtol 1e-1, 1e-2, 1e-2

# ------------------------------------------------------------------------------------------------------
# Narrowing: the width from 5 to 95 %, less the mean width that is left when one input is known


@dataclass(frozen=True)
class Narrowing:
    id: str
    inputs: tuple[Uniform, Uniform]
    function: Callable[..., Any]
    width: Fraction
    when_known: tuple[Fraction, Fraction]  # mean width once the first, or the second, is known

    @property
    def narrows_by(self) -> tuple[Fraction, ...]:
        return tuple(self.width - w for w in self.when_known)


def _narrowing_of_sum(name: str, x: Uniform, y: Uniform) -> Narrowing:
    """Once one is known the sum is as wide as the other: nine tenths of its range, whatever the known value."""
    low, _, high = uniform_sum(x, y).quantiles
    nine = F(9, 10)
    return Narrowing(name, (x, y), lambda a, b: a + b, high - low, (nine * (y.high - y.low), nine * (x.high - x.low)))


NARROWING = (
    # Width 9 (from 1 to 10), 0.9 left when x is known, 9 when y is: knowing y narrows by nothing at all, because a
    # trapezium's tails below 5 % end where its straight part begins.
    _narrowing_of_sum("ten_and_one", span(0, 10), span(0, 1)),
    _narrowing_of_sum("ten_and_five", span(0, 10), span(0, 5)),  # 15 - 2 sqrt(5), 4.5, 9
    _narrowing_of_sum("deposit_rate_and_yield_spread", RATE, SPREAD),  # windfall_yield, in points
    # Once x is known the product is uniform on [0, x] and 0.9 x wide: 0.45 in the mean.
    Narrowing("unit_product", (span(0, 1), span(0, 1)), lambda a, b: a * b,
              UNIT_PRODUCT.quantiles[2] - UNIT_PRODUCT.quantiles[0], (F(9, 20), F(9, 20))),
)  # fmt: skip

# ------------------------------------------------------------------------------------------------------
# Switching values of shipped formulas. Numbers at the leak, from datasets/parameters and the facts they name.


@dataclass(frozen=True)
class Switch:
    """The `over` at which the formula equals `value`, all else as the draft and the leak have it.

    `value` is in the formula's unit as in `Case` (shares and rates from 0 to 1, money in billions), `root` in the
    parameter's own (persons, %). The root is the only one on the whole line.
    """

    formula: str
    over: str
    value: Fraction
    root: Fraction
    because: str

    @property
    def within(self) -> tuple[Fraction, ...]:
        """The root if the parameter's range contains it, ends included; else nothing."""
        low, high = RANGES[self.over]
        return (self.root,) if low <= self.root <= high else ()


CENTRAL = {  # parameter: value in its own unit
    "force_cap": F(600_000), "force_strength": F(880_000), "demobilisation_pace": F(100_000),
    "vehicle_principal": F(100), "us_profit_share": F(50), "vehicle_return": F(5), "vehicle_fee": F("1.5"),
    "euroclear_assets": F(193), "euros_per_dollar": F("0.859"), "deposit_rate": F(2), "yield_spread": F("0.3"),
    "central_bank_share": F(12_700, 147), "belgian_tax": F(25), "windfall_rate": F("99.7"), "era_loan": F(45),
    "ukraine_power_price": F("4522.87"), "hryvnias_per_dollar": F("41.97"), "russia_power_price_energy_only": F(2000),
    "roubles_per_euro": F("92.6047"), "ukraine_share_of_znpp": F(50),
}  # fmt: skip
_C = SimpleNamespace(**CENTRAL)
_KEPT = (1 - _C.belgian_tax / 100) * _C.windfall_rate / 100  # of interest, after tax: what is contributed
_WINDFALL = (_C.deposit_rate + _C.yield_spread) / 100 * _KEPT  # forgone a year, as a part of the principal
_FEE = _C.vehicle_fee / 100
_EUR_PER_UAH = _C.euros_per_dollar / _C.hryvnias_per_dollar
_UKRAINE, _RUSSIA = _C.ukraine_power_price * _EUR_PER_UAH, _C.russia_power_price_energy_only / _C.roubles_per_euro
_TWH = F("35.5") * F(950, 1000)  # the plant's net output: gross output of 2021 x net over gross capacity
EQUAL_VALUE_SPLIT = _RUSSIA / (_UKRAINE + _RUSSIA)  # s x Ukraine's price = (1 - s) x Russia's price
RANGES = {  # the same, low and high, for what is asked about below
    "force_cap": (F(400_000), F(800_000)), "force_strength": (F(800_000), F(980_000)), "us_profit_share": (F(0), F(50)),
    "demobilisation_pace": (F(37_500), F(280_000)), "vehicle_fee": (F(0), F(2)), "deposit_rate": (F("1.5"), F("2.5")),
    "ukraine_power_price": (F("4522.87"), F("5409.89")), "roubles_per_euro": (F("92.6047"), F("41.9") / F("0.4")),
    "ukraine_share_of_znpp": (F(33), F(100)), "euros_per_dollar": (F("0.8453"), F("0.9603")),
}  # fmt: skip

SWITCHES = (
    Switch("force_reduction", "force_cap", F(200_000), F(680_000), "880,000 less 200,000."),
    Switch("force_reduction", "force_cap", F(500_000), F(380_000), "Below the lowest ceiling in the range."),
    Switch("force_reduction", "force_strength", F(300_000), F(900_000), "600,000 and 300,000."),
    Switch("force_reduction", "force_strength", F(200_000), F(800_000), "The low end of the range itself."),
    Switch("demobilisation_duration", "demobilisation_pace", F(4), F(70_000), "280,000 in four years."),
    Switch("demobilisation_duration", "demobilisation_pace", F(10), F(28_000), "280,000 in ten: slower than the range."),
    Switch("demobilisation_duration", "force_cap", F(2), F(680_000), "200,000 at 100,000 a year."),
    # (return - fee) x (1 - s) = windfall, all on the same principal, so 1 - s = windfall / (return - fee).
    Switch("break_even_return", "us_profit_share", F(5, 100), 100 * (1 - _WINDFALL / (F(5, 100) - _FEE)),
           "At the assumed return of 5 % the other half equals the windfall where the share is 50.9 %: above the range."),
    Switch("break_even_return", "us_profit_share", F(4, 100), 100 * (1 - _WINDFALL / (F(4, 100) - _FEE)), "At 4 %: 31.2 %."),
    Switch("break_even_return", "vehicle_fee", F(5, 100), 100 * (F(5, 100) - 2 * _WINDFALL), "Linear in the fee: 1.56 %."),
    Switch("break_even_return", "deposit_rate", F(5, 100), 100 * (F(5, 100) - _FEE) / 2 / _KEPT - _C.yield_spread,
           "Linear in the rate: half of 3.5 % is (rate + spread) x 0.75 x 0.997; 2.04 %."),
    Switch("znpp_equal_value_share", "ukraine_power_price", F(18, 100), _RUSSIA * F(82, 18) / _EUR_PER_UAH,
           "Ukraine's price is 82/18 of Russia's: 4,807 hryvnias."),
    Switch("znpp_equal_value_share", "ukraine_power_price", F(20, 100), _RUSSIA * 4 / _EUR_PER_UAH,
           "Four times Russia's price: 4,221 hryvnias, below the range."),
    Switch("znpp_equal_value_share", "roubles_per_euro", F(18, 100), _C.russia_power_price_energy_only / (_UKRAINE * F(18, 82)),
           "Russia's price is 18/82 of Ukraine's: 98.4 roubles."),
    Switch("ukraine_znpp_value", "ukraine_share_of_znpp", _TWH * _UKRAINE * EQUAL_VALUE_SPLIT / 1000, 100 * EQUAL_VALUE_SPLIT,
           "Where the two parties' values are equal: 18.9 %, below the range."),
    Switch("ukraine_znpp_value", "ukraine_share_of_znpp", F(2), 100 * 2000 / (_TWH * _UKRAINE),
           "Two billion euros over the output at Ukraine's price: 64.1 %."),
    Switch("immobilised_remainder", "euros_per_dollar", F(110), F(193, 210), "193 billion euros are 210 billion dollars."),
    Switch("vehicle_share_of_immobilised", "euros_per_dollar", F(1, 2), F("0.965"), "96.5 of 193: above the range."),
    Switch("era_loan_cover_years", "deposit_rate", F(15), 100 * 3 / (193 * _C.central_bank_share / 100 * _KEPT) - _C.yield_spread,
           "45 billion in fifteen years are 3 a year, of (rate + spread) on the central bank's part: 2.11 %."),
)  # fmt: skip
# Flat: no reduction is left at any ceiling from 880,000 up, so over 400,000 to 900,000 the answer is an interval.
FLAT_FROM = CENTRAL["force_strength"]
# Per draw: the ceiling for a reduction of 200,000 is the strength less 200,000, so it is as spread out as the strength.
CAP_PER_DRAW = uniform(span(600_000, 780_000))
# Two roots, and one that only touches: (x - 3)(x - 7) is 0 at 3 and 7, and -4 at 5 alone; over 0 to 10.
TWO_ROOTS, TOUCHING_ROOT = (F(3), F(7)), (F(5),)
