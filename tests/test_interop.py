"""The model handed to its peers: SALib, scipy and the EMA Workbench run on it, and find what the library finds itself.

A row that a peer draws is put back into the plan by hand, so a factor in the wrong place or in the wrong unit shows.
"""

import pickle
import sys
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pytest
from scipy import stats
from support import made

import ukraineplan as up
from ukraineplan import interop
from ukraineplan.distributions import Distribution, lognormal, normal, pert, triangular, uniform

WINDFALL: Final = "windfall_forgone"
PROFIT: Final = "us_profit_total"
DRIVERS: Final = {WINDFALL: "deposit_rate", PROFIT: "vehicle_return"}
"""What moves each number most, and by far: its range spans most of what the number can be."""

SHAPES: Final = [
    pert(-5, 5, 10, claimed_by="somebody"),
    triangular(-5, 6, 10, claimed_by="somebody"),
    normal(-5, 10, claimed_by="somebody"),
    lognormal(1, 10, level=0.8, claimed_by="somebody"),
]
"""Claims about vehicle_return, in per cent a year."""


@pytest.fixture(scope="module")
def plan() -> up.Plan:
    return up.load()


def claimed(plan: up.Plan, shape: Distribution) -> up.Plan:
    """The plan with somebody's claim about the yearly return."""
    given = replace(plan.parameters["vehicle_return"], distribution=shape, range=None, limits=(-np.inf, np.inf))
    return plan.with_parameter(given)


def divides(plan: up.Plan) -> up.Plan:
    """The plan with a number that is infinite wherever the return is not above 0."""
    return plan.with_formula(made("years_to_repay(vehicle_return: PerYear) -> Years", "1 / np.maximum(vehicle_return, 0)"))


def put_back(plan: up.Plan, values: Mapping[str, Any], target: str) -> float:
    """A number of the plan with some inputs set, each with its unit as formulas see it."""
    said = {n: v if isinstance(v, str) else f"{float(v)!r} {plan.parameters[n].unit_in_formulas}" for n, v in values.items()}
    return float(plan.with_values(**said)[target].shown_value)


def drawn(problem: Any, rows: int, seed: int = 0) -> np.ndarray:
    """Rows between the bounds of a problem."""
    low, high = np.transpose(problem["bounds"])
    return np.random.default_rng(seed).uniform(low, high, (rows, len(low)))


# ------------------------------------------------------------------------------------------------------
# SALib


class TestSalib:
    @pytest.fixture(autouse=True)
    def package(self) -> None:
        pytest.importorskip("SALib", reason="pip install SALib")

    def test_the_model_is_the_plan(self, plan: up.Plan) -> None:
        """Catches factors in another order than their names, per cent for shares, and a whole number rounded elsewhere."""
        problem, model = interop.salib(plan, PROFIT)
        assert dict(zip(problem["names"], problem["bounds"], strict=True)) == {
            "vehicle_drawdown_years": [1, 7], "vehicle_fee": [0, 0.02], "vehicle_life": [0, 1], "vehicle_return": [-0.05, 0.1],
        }  # fmt: skip
        rows = drawn(problem, 5)
        for row, found in zip(rows, model(rows), strict=True):
            values = dict(zip(problem["names"], row, strict=True))
            values["vehicle_life"] = 5 + np.floor(16 * values["vehicle_life"])  # 5 to 20 alike
            assert found == pytest.approx(put_back(plan, values, PROFIT), rel=1e-12)
        assert set(model.inputs(np.array([[1, 0, 0, 0], [1, 0, 1, 0]]))["vehicle_life"]) == {5, 20}

    def test_several_targets_are_columns_and_yearly_ones_their_headline_year(self, plan: up.Plan) -> None:
        """Catches a target in another's column, and the first year in place of the headline year."""
        targets = ["us_profit", WINDFALL, PROFIT]
        problem, model = interop.salib(plan, targets)
        assert problem["outputs"] == targets
        rows = drawn(problem, 3)
        found = model(rows)
        assert found.shape == (3, 3)
        values = {n: float(v[0]) for n, v in model.inputs(rows[:1]).items()}
        assert found[0] == pytest.approx([put_back(plan, values, t) for t in targets], rel=1e-12)
        assert found[:, 2] == pytest.approx(interop.salib(plan, PROFIT)[1](rows[:, _places(problem, plan, PROFIT)]))

    @pytest.mark.parametrize("shape", SHAPES, ids=lambda s: s.name)
    def test_a_claimed_distribution_is_drawn_as_the_part_of_all_cases(self, plan: up.Plan, shape: Distribution) -> None:
        """Catches a claim replaced by a range, and an infinite number at the ends where Morris looks."""
        changed = claimed(plan, shape)
        problem, model = interop.salib(changed, PROFIT)
        at = problem["names"].index("vehicle_return")
        assert problem["bounds"][at] == [0, 1]
        rows = drawn(problem, 5)
        assert model.inputs(rows)["vehicle_return"] == pytest.approx(shape.at(rows[:, at]) / 100, rel=1e-12)
        rows[:2, at] = 0, 1
        assert np.all(np.isfinite(model(rows)))

    def test_a_range_without_width_is_still_a_problem(self, plan: up.Plan) -> None:
        """Catches bounds that SALib refuses: low must be below high."""
        value = plan.parameters["vehicle_return"].value
        problem, model = interop.salib(claimed(plan, uniform(value, value, claimed_by="somebody")), PROFIT)
        assert problem["bounds"][problem["names"].index("vehicle_return")] == [0, 1]
        problem.sample_sobol(8, seed=1).evaluate(model)
        assert set(model.inputs(problem.samples)["vehicle_return"]) == {0.05}

    def test_conventions_and_the_choice_of_a_source_are_factors(self, plan: up.Plan) -> None:
        """Catches options that are left out, or taken for a number."""
        competing = next(p for p in plan.parameters.values() if p.competing and p.role == "uncertainty" and not p.choices)
        target = next(t for t in plan.formulas if competing.name in plan._active_leaves(t) and not plan[t].years)
        problem, _ = interop.salib(plan, target, sources="compete")
        assert f"{competing.name}_source" in problem["names"]
        problem, model = interop.salib(plan, PROFIT, also=["profit_base", "us_profit_share"])
        rows = drawn(problem, 6)
        inputs = model.inputs(rows)
        assert set(inputs["profit_base"]) == {"first_100bn", "both_200bn"}
        for i, found in enumerate(model(rows)):
            values = {n: v[i] if v.dtype == float else str(v[i]) for n, v in inputs.items()}
            assert found == pytest.approx(put_back(plan, values, PROFIT), rel=1e-12)

    @pytest.mark.parametrize("target", DRIVERS)
    def test_sobol_finds_what_the_library_finds(self, plan: up.Plan, target: str) -> None:
        """Catches a wrong distribution or order: both indices within five standard errors (2.5 half-widths) of both."""
        problem, model = interop.salib(plan, target)
        found = problem.sample_sobol(1024, calc_second_order=False, seed=1).evaluate(model)
        found = found.analyze_sobol(calc_second_order=False, seed=1).analysis
        own = up.sobol(plan, target, draws=2**10).indices.effects
        for i, name in enumerate(problem["names"]):
            for key, (value, error) in (("S1", own[name].first), ("ST", own[name].total)):
                assert abs(found[key][i] - value) <= 2.5 * (found[f"{key}_conf"][i] + error), (name, key)

    @pytest.mark.parametrize("target", DRIVERS)
    def test_morris_ranks_the_driver_first(self, plan: up.Plan, target: str) -> None:
        """Catches a model that Morris cannot walk on its grid, ends included."""
        problem, model = interop.salib(plan, target)
        found = problem.sample_morris(20, seed=1).evaluate(model).analyze_morris(seed=1).analysis
        assert problem["names"][np.argmax(found["mu_star"])] == DRIVERS[target]

    @pytest.mark.parametrize("target", DRIVERS)
    def test_pawn_ranks_the_driver_first(self, plan: up.Plan, target: str) -> None:
        """Catches samples and results that do not belong together."""
        problem, model = interop.salib(plan, target)
        found = problem.sample_latin(500, seed=1).evaluate(model).analyze_pawn(seed=1).analysis
        assert problem["names"][np.argmax(found["median"])] == DRIVERS[target]

    @pytest.mark.parametrize("target", DRIVERS)
    def test_delta_ranks_the_driver_first(self, plan: up.Plan, monkeypatch: pytest.MonkeyPatch, target: str) -> None:
        """Catches the same for a method that looks at the whole distribution."""
        problem, model = interop.salib(plan, target)
        problem.sample_latin(200, seed=1).evaluate(model)
        monkeypatch.setattr(warnings, "formatwarning", warnings.formatwarning)  # both are changed by SALib 1.6 for good
        with warnings.catch_warnings(record=True):
            found = problem.analyze_delta(num_resamples=2, seed=1).analysis
        assert problem["names"][np.argmax(found["delta_raw"])] == DRIVERS[target]

    def test_provisions_are_groups(self, plan: up.Plan) -> None:
        """Catches groups in another order than the factors: no input of the vehicle moves the windfall."""
        problem, model = interop.salib(plan, [WINDFALL, PROFIT])
        problem["groups"] = model.provisions
        problem.sample_sobol(64, calc_second_order=False, seed=1).evaluate(model)
        found = problem.analyze_sobol(calc_second_order=False, seed=1).analysis[WINDFALL].to_df()[0]["ST"]
        assert found["asset_vehicle"] == 0
        assert found["immobilised_assets"] == pytest.approx(1, abs=0.2)

    def test_what_is_undefined_is_refused(self, plan: up.Plan) -> None:
        """Catches indices made of infinite numbers, without a word."""
        problem, model = interop.salib(divides(plan), "years_to_repay")
        said = r"years_to_repay is not finite in \d+ of 50 rows; years_to_repay is the first that is not"
        with pytest.raises(up.InvalidValue, match=said):
            model(drawn(problem, 50))


def _places(problem: Any, plan: up.Plan, target: str) -> list[int]:
    return [problem["names"].index(n) for n in interop.scipy(plan, target).names]


# ------------------------------------------------------------------------------------------------------
# scipy


def test_scipy_finds_the_exact_indices(plan: up.Plan) -> None:
    """Catches wrong distributions or a wrong order: within five standard errors, as eight runs of its own show them."""
    problem = interop.scipy(plan, WINDFALL)
    streams = map(np.random.default_rng, range(8))
    runs = [stats.sobol_indices(func=problem.func, dists=problem.dists, n=256, rng=rng) for rng in streams]
    exact = up.sobol(plan, WINDFALL, method="exact").indices.effects
    for key, attribute in (("first_order", "first"), ("total_order", "total")):
        found = np.array([getattr(run, key) for run in runs])
        error = found.std(axis=0, ddof=1) / np.sqrt(len(runs))
        wanted = [getattr(exact[n], attribute).value for n in problem.names]
        assert np.all(np.abs(found.mean(axis=0) - wanted) <= 5 * error), key


def test_scipy_takes_several_targets_and_every_shape(plan: up.Plan) -> None:
    """Catches a shape that scipy does not accept, and factors that move a number they do not enter."""
    problem = interop.scipy(claimed(plan, SHAPES[0]), [WINDFALL, PROFIT], also=["profit_base"])
    found = stats.sobol_indices(func=problem.func, dists=problem.dists, n=64, rng=np.random.default_rng(1))
    assert found.total_order.shape == (2, len(problem.names))
    enters = [n in interop.scipy(plan, WINDFALL).names for n in problem.names]
    assert np.all((found.total_order[0] > 0) == enters)


def test_scipy_is_not_given_what_is_undefined(plan: up.Plan) -> None:
    """Catches scipy's answer to infinite numbers, which is that nothing has an effect."""
    problem = interop.scipy(divides(plan), "years_to_repay")
    with pytest.raises(up.InvalidValue, match="not finite"):
        stats.sobol_indices(func=problem.func, dists=problem.dists, n=64, rng=np.random.default_rng(1))


# ------------------------------------------------------------------------------------------------------
# EMA Workbench


class TestEmaWorkbench:
    @pytest.fixture(autouse=True)
    def package(self) -> Iterator[Any]:
        """The package; it draws from numpy's global stream, which is seeded here and put back."""
        state = np.random.get_state()
        np.random.seed(1)
        yield pytest.importorskip("ema_workbench", reason="pip install ema-workbench")
        np.random.set_state(state)

    def test_a_hundred_experiments_are_the_plan(self, plan: up.Plan, package: Any) -> None:
        """Catches inputs under another's name or in another unit, levers that do nothing, labels taken for numbers."""
        model = interop.ema_workbench(plan, [PROFIT, "us_profit"], levers=["us_profit_share"], conventions=["profit_base"])
        experiments, outcomes = package.perform_experiments(model, scenarios=100, policies=2, log_progress=True)
        assert len(experiments) == 200
        assert set(experiments["profit_base"]) == {"first_100bn", "both_200bn"}
        assert experiments["us_profit_share"].nunique() == 2
        life, base = model.uncertainties["vehicle_life"], model.uncertainties["profit_base"]
        assert (life.lower_bound, life.upper_bound, base.default) == (5, 20, "first_100bn")
        names = [*model.uncertainties.keys(), *model.levers.keys()]
        for i in range(0, 200, 20):
            values = {n: experiments[n][i] for n in names}
            for target in (PROFIT, "us_profit"):
                assert outcomes[target][i] == pytest.approx(put_back(plan, values, target), rel=1e-12)
        at_once = model.function.at(model.function.columns(experiments))
        assert np.array_equal(at_once, [outcomes[PROFIT], outcomes["us_profit"]])

    def test_an_experiment_that_names_nothing_is_the_plan_itself(self, plan: up.Plan, package: Any) -> None:
        """Catches a lever that is nan, or at an end of its range, where no policy sets it."""
        model = interop.ema_workbench(plan, PROFIT, levers=["us_profit_share"], conventions=["profit_base"])
        assert model.function() == {PROFIT: pytest.approx(plan[PROFIT].value, rel=1e-12)}
        policies = [package.Policy("as the text has it"), package.Policy("half of it", us_profit_share=0.25)]
        _, outcomes = package.perform_experiments(model, policies=policies, log_progress=True)
        half = put_back(plan, {"us_profit_share": 0.25}, PROFIT)
        assert outcomes[PROFIT] == pytest.approx([plan[PROFIT].value, half], rel=1e-12)

    @pytest.mark.filterwarnings("ignore:The inplace keyword in DataFrame.drop:DeprecationWarning")  # ema_workbench 2.5.3
    def test_prim_finds_the_box_of_high_profits(self, plan: up.Plan, package: Any) -> None:
        """Catches outcomes that do not belong to their experiments: then no input would be restricted in this direction."""
        pytest.importorskip("ema_workbench.analysis.prim")
        from ema_workbench.analysis import prim

        model = interop.ema_workbench(plan, PROFIT)
        experiments, outcomes = package.perform_experiments(model, scenarios=100, log_progress=True)
        profit = outcomes[PROFIT]
        inputs = experiments[list(model.uncertainties.keys())].astype(float)
        box = prim.Prim(inputs, profit > np.median(profit), threshold=0.8).find_box()
        low, high = box.box_lims[-1]["vehicle_return"]
        assert low > 0, "half of all profits are made at a negative return"
        assert high == pytest.approx(inputs["vehicle_return"].max())
        inside = (inputs["vehicle_return"] >= low) & (inputs["vehicle_return"] <= high)
        assert np.mean(profit[inside] > np.median(profit)) > 0.5

    @pytest.mark.parametrize("shape", SHAPES, ids=lambda s: s.name)
    def test_a_claimed_distribution_is_scipys_form_of_it(self, plan: up.Plan, package: Any, shape: Distribution) -> None:
        """Catches parameters of a distribution that mean another thing to scipy."""
        model = interop.ema_workbench(claimed(plan, shape), PROFIT)
        parts = np.linspace(0.01, 0.99, 9)
        assert model.uncertainties["vehicle_return"].dist.ppf(parts) == pytest.approx(shape.at(parts) / 100, rel=1e-9)
        experiments, _ = package.perform_experiments(model, scenarios=10, log_progress=True)
        assert np.all(np.isfinite(experiments["vehicle_return"]))

    def test_what_cannot_vary_is_no_parameter(self, plan: up.Plan, package: Any) -> None:
        """Catches a parameter without width, whose draws would be nan."""
        value = plan.parameters["vehicle_return"].value
        model = interop.ema_workbench(claimed(plan, uniform(value, value, claimed_by="somebody")), PROFIT)
        assert "vehicle_return" not in model.uncertainties
        assert model.function()[PROFIT] == pytest.approx(plan[PROFIT].value, rel=1e-12)

    def test_shares_that_belong_together_are_parts_of_what_is_left(self, plan: up.Plan, package: Any) -> None:
        """Catches shares that add up to more than a whole, and a default that is not the plan's own."""
        shares = ["ukraine_share_of_znpp", "united_states_share_of_znpp"]
        model = interop.ema_workbench(plan, "russia_share_of_znpp", levers=shares)
        assert model.function() == {"russia_share_of_znpp": 0.5}
        experiments, outcomes = package.perform_experiments(model, policies=20, log_progress=True)
        left = 1 - experiments[shares[0]]
        theirs = experiments[shares[1]] * np.minimum(left, 0.5)
        assert model.function.inputs(experiments)[shares[1]] == pytest.approx(theirs)
        assert outcomes["russia_share_of_znpp"] == pytest.approx(left - theirs, abs=1e-12)
        a_fifth = replace(plan.parameters[shares[1]], value=20.0, role="uncertainty", facts=(), assumption="A fifth.")
        model = interop.ema_workbench(plan.with_parameter(a_fifth), "russia_share_of_znpp", levers=shares[:1])
        assert model.uncertainties[shares[1]].default == pytest.approx(0.2 / 0.5)
        assert model.function() == {"russia_share_of_znpp": pytest.approx(0.3)}

    def test_it_travels_to_a_worker(self, plan: up.Plan, package: Any) -> None:
        """Catches a model that cannot be pickled, so that experiments run on one processor only."""
        model = interop.ema_workbench(plan, PROFIT, levers=["us_profit_share"], conventions=["profit_base"])
        model.function()
        there = pickle.loads(pickle.dumps(model))
        case = {"vehicle_return": 0.07, "us_profit_share": 0.3, "profit_base": "both_200bn"}
        assert there.function(**case) == model.function(**case)

    def test_what_is_undefined_is_nan_or_infinite_there_alone(self, plan: up.Plan, package: Any) -> None:
        """Catches a run that breaks off at the first experiment that divides by zero."""
        model = interop.ema_workbench(divides(plan), "years_to_repay")
        experiments, outcomes = package.perform_experiments(model, scenarios=50, log_progress=True)
        assert np.array_equal(np.isfinite(outcomes["years_to_repay"]), experiments["vehicle_return"] > 0)

    def test_names_that_do_not_fit_are_refused(self, plan: up.Plan, package: Any) -> None:
        """Catches a lever that silently does nothing, and an option that does not exist."""
        model = interop.ema_workbench(plan, PROFIT, conventions=["profit_base"])
        with pytest.raises(up.UnknownName, match="no input of this model 'vehicle_retrun'; did you mean 'vehicle_return'"):
            model.function(vehicle_retrun=0.07)
        with pytest.raises(up.UnknownName, match="no option of profit_base 'first_100'; did you mean 'first_100bn'"):
            model.function(profit_base="first_100")
        with pytest.raises(up.InvalidValue, match="us_profit_total does not rest on force_cap: leave it out"):
            interop.ema_workbench(plan, PROFIT, levers=["force_cap"])
        with pytest.raises(up.InvalidValue, match="profit_base is no lever: its role is 'convention'"):
            interop.ema_workbench(plan, PROFIT, levers=["profit_base"])
        with pytest.raises(up.InvalidValue, match="vehicle_return is no lever: its role is 'uncertainty'"):
            interop.ema_workbench(plan, PROFIT, levers=["vehicle_return"])


# ------------------------------------------------------------------------------------------------------
# All three


@pytest.mark.parametrize(
    ("call", "module", "command"),
    [(interop.salib, "SALib", "pip install SALib"), (interop.ema_workbench, "ema_workbench", "pip install ema-workbench")],
)
def test_a_missing_package_is_named(
    plan: up.Plan, monkeypatch: pytest.MonkeyPatch, call: Any, module: str, command: str
) -> None:
    """Catches an ImportError that does not say what to install."""
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(up.MissingExtra, match=f"this needs {module}: {command}$"):
        call(plan, PROFIT)


def test_targets_that_do_not_vary_are_refused(plan: up.Plan) -> None:
    """Catches a problem without factors, at which the peers stumble in words of their own."""
    with pytest.raises(up.InvalidValue, match="vehicle_capital rests on nothing uncertain"):
        interop.scipy(plan, "vehicle_capital")
    assert interop.scipy(plan, "vehicle_capital", also=["vehicle_principal"]).names == ("vehicle_principal",)
    with pytest.raises(up.InvalidValue, match="targets is empty"):
        interop.scipy(plan, [])
    with pytest.raises(up.UnknownName, match="did you mean 'us_profit_total'"):
        interop.scipy(plan, "us_profit_totals")
    with pytest.raises(up.UnknownName, match="did you mean 'us_profit_share'"):
        interop.scipy(plan, PROFIT, also=["us_profit_shar"])


@pytest.mark.parametrize("rows", [np.zeros((3, 2)), np.zeros(4), np.full((2, 4), np.nan)], ids=["two columns", "a row", "nan"])
def test_samples_that_are_none_are_refused(rows: Any) -> None:
    """Catches rows of another problem, and nan that a comparison with a year turns into 0."""
    pytest.importorskip("SALib", reason="pip install SALib")
    _, model = interop.salib(up.load(), "us_profit_total")
    with pytest.raises(up.InvalidValue, match=r"samples have a value for each of 4 factors|no finite number"):
        model(rows)
