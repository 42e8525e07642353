"""The analyses against figures that their authors never computed: `oracles/sensitivity.py`, committed before them.

Each test says what it catches.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pytest
from oracles import sensitivity as oracle

import ukraineplan as up
from ukraineplan.uncertainty.draws import points
from ukraineplan.uncertainty.narrowing import narrowing
from ukraineplan.uncertainty.pick_freeze import pick_freeze
from ukraineplan.units import Ratio

WIDER: Final = 2.5
"""Of some hundred 95 % intervals a few miss; all hold once they are this much wider (1 - 0.00006 by Student's t)."""


def of_points(model: Any) -> Callable[[Any], Any]:
    """A model of the oracle as a function of uniform points."""
    inputs = list(model.inputs.values()) if hasattr(model.inputs, "values") else list(model.inputs)

    def at(x: Any, u: Any) -> Any:
        if hasattr(x, "values"):
            return np.array([float(v) for v in x.values])[np.searchsorted(np.cumsum([float(w) for w in x.weights]), u)]
        return float(x.low) + (float(x.high) - float(x.low)) * u

    return lambda u: model.function(*(at(x, row) for x, row in zip(inputs, u, strict=True)))


@pytest.mark.parametrize("model", [*oracle.MODELS, oracle.G6], ids=lambda m: m.id)
def test_sampled_indices_of_known_functions(model: oracle.Model) -> None:
    """Catches an estimator that converges to something else, or an error that is too small."""
    names = list(model.inputs)
    found = pick_freeze(of_points(model), names, draws=2**12)
    assert found.mean.value == pytest.approx(float(model.mean), abs=WIDER * found.mean.error + 1e-12)
    assert found.variance.value == pytest.approx(float(model.variance), abs=WIDER * found.variance.error)
    for kind in ("first", "total", "shapley"):
        for name, truth in zip(names, getattr(model.shares, kind), strict=True):
            estimate = getattr(found.effects[name], kind)
            assert abs(estimate.value - float(truth)) <= WIDER * estimate.error + 1e-9, (name, kind)


def kind_of(published: oracle.Published) -> str:
    """ "first", "total" or something else."""
    return published.what.removesuffix(", printed").rpartition(", ")[2]


OF_FUNCTIONS: Final = [
    p for p in oracle.PUBLISHED if p.what.startswith(("Ishigami, ", "g, ")) and kind_of(p) in ("first", "total")
]


@pytest.mark.parametrize("published", OF_FUNCTIONS, ids=lambda p: p.what)
def test_published_figures_of_salib_and_scipy(published: oracle.Published) -> None:
    """Catches indices that the packages' own tests would refuse: their figures, their tolerance, plus our error."""
    model = {3: oracle.ISHIGAMI, 8: oracle.G8, 6: oracle.G6}[len(published.figures)]
    found = pick_freeze(of_points(model), list(model.inputs), draws=2**14)
    for effect, figure in zip(found.effects.values(), published.figures, strict=True):
        estimate = getattr(effect, kind_of(published))
        room = published.atol + published.rtol * abs(figure) + WIDER * estimate.error
        assert abs(estimate.value - figure) <= room
        assert estimate.error < 0.01


@pytest.mark.parametrize("case", oracle.NARROWING, ids=lambda c: c.id)
def test_narrowing_of_known_functions(case: oracle.Narrowing) -> None:
    """Catches a narrowing that is that of a standard deviation, or of one known value instead of all of them."""
    draws = 2**14
    u = points(["x", "y"], draws, seed=0, method="sobol", order=["x", "y"])
    found = narrowing(u, of_points(case)(u), np.arange(draws) % 8, [None, None])
    for estimate, truth in zip(found, case.narrows_by, strict=True):
        assert abs(estimate.value - float(truth)) <= estimate.error
        assert estimate.error < 0.06 * float(case.width)


@pytest.mark.parametrize("switch", oracle.SWITCHES, ids=lambda s: f"{s.formula} {float(s.value):g} over {s.over}")
def test_switching_values_by_hand(switch: oracle.Switch) -> None:
    """Catches a root that is missed, invented, or in another unit; outside the range there is none."""
    plan = up.load()
    value = f"{float(switch.value)!r} {plan[switch.formula].unit}".replace("share", "ratio")
    if plan[switch.formula].unit.startswith("share"):
        value = f"{float(100 * switch.value)!r} {plan[switch.formula].unit.replace('share', '%')}"
    found = up.switching_value(plan, switch.formula, value, over=switch.over)
    assert found.roots == pytest.approx([float(r) for r in switch.within], rel=1e-9)
    low, high = plan.parameters[switch.over].limits
    if not switch.within and low <= switch.root <= high < float("inf") and not plan.parameters[switch.over].whole:
        assert [s.low for s in found.elsewhere] == pytest.approx([float(switch.root)], rel=1e-9)


def test_a_plateau_is_an_interval() -> None:
    """Catches the first place at which no reduction is left given as the only one."""
    plan = up.load()
    cap = up.Parameter("force_cap", "Ceiling", "person", 600_000.0, "lever", range=(400_000, 900_000), whole=True)
    (solution,) = up.switching_value(plan.with_parameter(cap), "force_reduction", 0, over="force_cap").solutions
    assert (solution.low, solution.high) == (float(oracle.FLAT_FROM), 900_000)


def test_switching_values_per_draw() -> None:
    """Catches a distribution of switching values around the central one: it is as spread out as the strength."""
    found = up.switching_value(up.load(), "force_reduction", 200_000, over="force_cap").per_draw()
    summary, known = found.summary(), oracle.CAP_PER_DRAW
    for level, quantile in zip(("p5", "p50", "p95"), known.quantiles, strict=True):
        row = summary.loc[level]
        assert abs(row["value"] - float(quantile)) <= WIDER * row["error"] + 20, level


@pytest.mark.parametrize("roots, bottom", [(oracle.TWO_ROOTS, 0.0), (oracle.TOUCHING_ROOT, -4.0)])
def test_two_roots_and_one_that_touches(roots: Any, bottom: float) -> None:
    """Catches a search that stops at the first root, or that needs a change of sign."""

    def product(place: Ratio, three: Ratio, seven: Ratio) -> Ratio:
        """Product of two distances"""
        return (place - three) * (place - seven)

    plan = up.load()
    for name, value, ends in (("place", 1.0, (0.0, 10.0)), ("three", 3.0, None), ("seven", 7.0, None)):
        plan = plan.with_parameter(up.Parameter(name, name, "ratio", value, range=ends, assumption="For a test."))
    found = up.switching_value(plan.with_formula(product), "product", bottom, over="place")
    assert found.roots == pytest.approx([float(r) for r in roots], abs=1e-6)
