"""First-order and total indices: error and time beside SALib and scipy, on the same work in one interleaved run.

    python tests/benchmarks/sensitivity.py [ROUNDS]

Needs SALib. Each round has a fresh seed and calls all contenders in shuffled order; the table has the median of the time as a
ratio to ours by pick-freeze, and the root mean square error over all indices and rounds. Truths are closed forms, the exact
route, or (`us_profit_total`) our own pick-freeze with 2**20 points. Nothing here is a test: clocks do not decide.
"""

import random
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy import stats

sys.path.insert(0, str(Path(__file__).parents[1]))

from oracles import sensitivity as oracle

import ukraineplan as up
from ukraineplan.uncertainty.exact import exact_indices
from ukraineplan.uncertainty.model import model_of
from ukraineplan.uncertainty.pick_freeze import pick_freeze

DRAWS = 2**14
TRUTH_DRAWS = 2**20


class Work(NamedTuple):
    """A function of uniform points (factors, n) -> (n,), and its first-order and total indices."""

    name: str
    factors: int
    function: Callable[[Any], Any]
    truth: Any
    exact: Callable[[], Any] | None = None


def of_oracle(name: str, model: Any) -> Work:
    ends = [(float(x.low), float(x.high)) for x in model.inputs.values()]
    low, wide = np.array([[a] for a, _ in ends]), np.array([[b - a] for a, b in ends])
    truth = np.array([[float(x) for x in model.shares.first], [float(x) for x in model.shares.total]])
    return Work(name, len(ends), lambda u: model.function(*(low + wide * u)), truth)


def of_plan(target: str) -> Work:
    plan = up.load()
    model = model_of(plan, [target])
    names, shapes = model.factors.names, {f.name: f.distribution for f in model.factors.factors}

    def exact() -> Any:
        return exact_indices(plan._graph, target, model.held, shapes, model.factors.place)

    def function(u: Any) -> Any:
        return model.at(model.columns(u))[0]

    exactly = exact if target == "windfall_forgone" else None
    found = exactly() if exactly else pick_freeze(function, names, draws=TRUTH_DRAWS, seed=1, shapley=False)
    return Work(target, len(names), function, _table(found, names), exactly and (lambda: _table(exact(), names)))


def _table(found: Any, names: Any) -> Any:
    return np.array([[getattr(found.effects[n], kind).value for n in names] for kind in ("first", "total")])


def ours(work: Work, seed: int) -> Any:
    names = [f"x{i}" for i in range(work.factors)]
    return _table(pick_freeze(work.function, names, draws=DRAWS, seed=seed, shapley=False), names)


def salib(work: Work, seed: int) -> Any:
    from SALib.analyze import sobol as analyze
    from SALib.sample import sobol as sample

    names = [f"x{i}" for i in range(work.factors)]
    problem = {"num_vars": work.factors, "names": names, "bounds": [[0, 1]] * work.factors}
    points = sample.sample(problem, DRAWS, calc_second_order=False, seed=seed)
    found = analyze.analyze(problem, work.function(points.T), calc_second_order=False, seed=seed)
    return np.array([found["S1"], found["ST"]])


def scipy(work: Work, seed: int) -> Any:
    dists = [stats.uniform()] * work.factors
    found = stats.sobol_indices(func=lambda u: work.function(u)[None], n=DRAWS, dists=dists, rng=seed)
    return np.array([found.first_order, found.total_order]).reshape(2, -1)


CONTENDERS: dict[str, Callable[[Work, int], Any]] = {
    "pick-freeze, 95 % intervals": ours, "SALib, 100 resamples": salib, "scipy, no intervals": scipy,
}  # fmt: skip


def main(rounds: int) -> None:
    """Print the table in Markdown."""
    works = [of_oracle("Ishigami", oracle.ISHIGAMI), of_oracle("g-function, 8 inputs", oracle.G8),
             of_plan("windfall_forgone"), of_plan("us_profit_total")]  # fmt: skip
    print(f"{rounds} rounds, {DRAWS:,} points\n\n| work | by | time | ratio | error of an index |\n|---|---|---:|---:|---:|")
    for work in works:
        calls = dict(CONTENDERS) | ({"exact": lambda w, seed: w.exact()} if work.exact else {})
        times: dict[str, list[float]] = {name: [] for name in calls}
        errors: dict[str, list[Any]] = {name: [] for name in calls}
        for turn in range(-1, rounds):
            seed = random.SystemRandom().randrange(2**31)
            for name in random.sample(list(calls), len(calls)):
                start = time.perf_counter()
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    answer = calls[name](work, seed)
                took = time.perf_counter() - start
                if turn >= 0:  # the first turn imports
                    times[name].append(took)
                    errors[name].append(answer - work.truth)
        for name in calls:
            ratio = np.median(np.array(times[name]) / np.array(times["pick-freeze, 95 % intervals"]))
            error = "reference" if name == "exact" else f"{np.sqrt(np.mean(np.square(errors[name]))):.1e}"
            print(f"| {work.name} | {name} | {np.median(times[name]) * 1000:.0f} ms | {ratio:.2f} | {error} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
