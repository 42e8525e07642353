"""The trace against the plain functions: would catch an operation recorded wrongly, and years taken for draws."""

import numpy as np
import pytest
from support import TOY_VALUES, body, central, draws, formulas, graph, made, parameters, setting, toy, worst

from ukraineplan.errors import FormulaError
from ukraineplan.trace import UFUNCS, Trace
from ukraineplan.years import HORIZON

SEEDS = range(20)
NAMES = [f.name for f in formulas()]


def test_every_shipped_formula_is_traced() -> None:
    assert set(graph().trace.names) == set(NAMES)
    assert len(NAMES) > 60


# ------------------------------------------------------------------------------------------------------
# The same numbers


@pytest.mark.parametrize("seed", SEEDS)
def test_trace_equals_functions_at_a_random_setting_of_everything(seed: int) -> None:
    values = setting(seed)
    plain, traced = graph().run(values), graph().evaluate(values)
    apart = {n: worst(traced[n], plain[n]) for n in NAMES}
    assert max(apart.values()) <= 1e-12, {n: a for n, a in apart.items() if a > 1e-12}


def test_random_settings_move_every_number() -> None:
    # else the test above would compare the same values twenty times
    runs = [graph().run(setting(seed)) for seed in SEEDS]
    still = [n for n in NAMES if all(np.array_equal(r[n], runs[0][n]) for r in runs)]
    assert still == []


def test_random_settings_give_both_signs_of_profit_and_every_label() -> None:
    settings = [setting(seed) for seed in SEEDS]
    profits = np.array([graph().run(s, ["vehicle_profit"])["vehicle_profit"] for s in settings])
    assert (profits < 0).any() and (profits > 0).any()
    for name, p in parameters().items():
        if p.choices:
            assert {s[name] for s in settings} == {p.in_formulas(c) for c in p.choices}, name


@pytest.mark.parametrize("face", ["run", "evaluate"])
@pytest.mark.parametrize("count", [1, 7, HORIZON])  # as many draws as years would hide an axis mixed up
def test_many_at_once_equals_one_at_a_time(face: str, count: int) -> None:
    arrays, rows = draws(count, seed=100)
    many = getattr(graph(), face)(arrays)
    one = [getattr(graph(), face)(row) for row in rows]
    for name in NAMES:
        assert worst(many[name], np.stack([r[name] for r in one], axis=-1)) <= 1e-12, name


@pytest.mark.parametrize("face", ["run", "evaluate"])
@pytest.mark.parametrize("count", [7, HORIZON])
@pytest.mark.parametrize("name", list(parameters()))
def test_draws_of_one_input_alone_equal_one_at_a_time(face: str, count: int, name: str) -> None:
    # the others are held as plain numbers, so that some yearly numbers are the same in every draw
    values = [central() | {name: setting(seed)[name]} for seed in range(count)]
    many = getattr(graph(), face)(central() | {name: np.array([v[name] for v in values])})
    first, last = (getattr(graph(), face)(values[i]) for i in (0, -1))
    for n in NAMES:
        shape = (HORIZON, count) if graph().yearly(n) else (count,)
        found = np.broadcast_to(many[n], shape)
        assert worst(found[..., 0], first[n]) <= 1e-12 and worst(found[..., -1], last[n]) <= 1e-12, n


# ------------------------------------------------------------------------------------------------------
# Shapes


@pytest.mark.parametrize("face", ["run", "evaluate"])
def test_the_year_is_the_first_axis(face: str) -> None:
    one, many = getattr(graph(), face)(central()), getattr(graph(), face)(draws(5, seed=1)[0])
    for name in NAMES:
        years = (HORIZON,) if graph().yearly(name) else ()
        assert np.shape(one[name]) == years, name
        varies = len(np.shape(many[name])) == len(years) + 1 and np.shape(many[name])[-1] == 5
        same_in_all = np.shape(many[name]) == (*years, 1)
        assert varies or same_in_all, (name, np.shape(many[name]))


def test_values_given_are_not_changed() -> None:
    arrays, _ = draws(3, seed=1)
    kept = {n: v.copy() for n, v in arrays.items()}
    graph().run(arrays)
    graph().evaluate(arrays)
    assert all(np.array_equal(arrays[n], kept[n]) for n in arrays)


def test_a_convention_may_be_an_array_of_labels() -> None:
    labels = np.array(["first_100bn", "both_200bn", "first_100bn"])
    for dtype in (labels.dtype, object):
        values = central() | {"profit_base": labels.astype(dtype)}
        for face in (graph().run, graph().evaluate):
            found = face(values, ["vehicle_net_asset_value", "vehicle_capital"])
            np.testing.assert_array_equal(found["vehicle_capital"], [100, 200, 100])
            both = face(central() | {"profit_base": "both_200bn"}, ["vehicle_net_asset_value"])
            np.testing.assert_allclose(found["vehicle_net_asset_value"][:, 1], both["vehicle_net_asset_value"], rtol=1e-12)


def test_only_what_the_targets_need_is_computed() -> None:
    values = {"force_cap": 6e5, "force_strength": 8.8e5}
    for face in (graph().run, graph().evaluate):
        found = face(values, ["force_reduction_share"])
        assert found["force_reduction_share"] == 2.8e5 / 8.8e5
        assert set(found) & set(NAMES) == {"force_reduction", "force_reduction_share"}


def test_a_division_by_zero_is_no_exception() -> None:
    values = central() | {"population": 0.0}
    for face in (graph().run, graph().evaluate):
        assert np.isinf(face(values, ["force_cap_per_thousand_people"])["force_cap_per_thousand_people"])


def test_a_division_by_the_zero_before_year_one_is_no_exception() -> None:
    g = toy(made("x(a: BillionUSD, previous_x: BillionUSD = 0) -> BillionUSD", "a * (a / previous_x)"))
    for face in (g.run, g.evaluate):
        assert np.isinf(face(TOY_VALUES)["x"][0])


# ------------------------------------------------------------------------------------------------------
# What the trace holds


def test_equal_parts_are_stored_once() -> None:
    g = toy(
        body("return (a + b) * (share_a - 1) + (a + b)"),
        made("y(a: BillionUSD, b: BillionUSD) -> BillionUSD", "a + b"),
    )
    kinds = [op.kind for op in g.trace.ops]
    assert kinds.count("add") == 2  # a + b once, for both formulas; and the sum around it
    assert kinds.count("input") == 3 and kinds.count("constant") == 1
    assert len(set(g.trace.ops)) == len(g.trace.ops)


def test_a_name_stands_at_the_border_of_every_formula() -> None:
    trace = graph().trace
    for f in formulas():
        asked = {trace.ops[i].detail for i in trace.below(trace.body(f.name)) if trace.ops[i].kind in ("name", "input")}
        looked_back = {trace.ops[i].detail[0] for i in trace.below(trace.body(f.name)) if trace.ops[i].kind == "previous"}
        assert asked == {a for a in f.arguments if a not in f.starts}, f.name
        assert {f"previous_{n}" for n in looked_back} == set(f.starts), f.name


def test_the_trace_does_not_grow_with_the_years() -> None:
    # a recurrence over thirty years is one operation for each word of its formula
    assert len(graph().trace.ops) < 6 * len(NAMES)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("a + b", 5.0), ("a - b", 1.0), ("1 - share_a", 0.75), ("share_a + 1", 1.25), ("1 + share_a", 1.25),
        ("2 * a", 6.0), ("a * 2", 6.0),
        ("a / b", 1.5), ("1 / share_a", 4.0), ("share_a ** 2", 0.0625), ("2 ** share_a", 2**0.25), ("-a", -3.0),
        ("abs(b - a)", 1.0),
        ("sum([a, b])", 5.0), ("np.where(a < b, a, b)", 2.0), ("np.where(b < a, a, b)", 3.0), ("np.where(a <= a, a, b)", 3.0),
        ("np.where(a > b, a, b)", 3.0), ("np.where(a >= b, a, b)", 3.0), ("np.where(a == b, a, b)", 2.0),
        ("np.where(a != b, a, b)", 3.0),
        ("np.maximum(a, b)", 3.0), ("np.minimum(a, b)", 2.0), ("np.maximum(0, -a)", 0.0), ("np.clip(a, 0, b)", 2.0),
        ("np.clip(-a, 0, b)", 0.0),
        ("np.floor(a / b)", 1.0), ("np.exp(share_a)", float(np.exp(0.25))), ("np.log(share_a)", float(np.log(0.25))),
        ("np.sqrt(share_a)", 0.5), ("np.float64(2) * a", 6.0), ("a * np.float64(0.5)", 1.5), ("np.int64(2) * a", 6.0),
        ("np.absolute(b - a)", 1.0),
        ("choose(answer, yes=a, no=b)", 3.0), ("choose(answer, no=a, yes=b)", 2.0), ("ratio(a, b)", 1.5),
        ("ratio(a, b - b)", 0.0),
        ("0 - a", -3.0), ("a < b", None),
    ],
)  # fmt: skip
def test_every_word_of_the_vocabulary(written: str, expected: float | None) -> None:
    if expected is None:
        with pytest.raises(FormulaError, match=r"np\.where\(comparison, 1, 0\)"):
            toy(body(f"return {written}", "Share"))
        return
    plain = any(word in written for word in ("a / b", "ratio", "share_a"))
    g = toy(body(f"return {written}", "Share" if plain else "BillionUSD"))
    many = {n: v if isinstance(v, str) else np.array([v, v]) for n, v in TOY_VALUES.items()}
    for face in (g.run, g.evaluate):
        assert face(TOY_VALUES)["x"] == pytest.approx(expected, rel=1e-15)
        np.testing.assert_allclose(face(many)["x"], [expected, expected], rtol=1e-15)


def test_every_function_of_numpy_in_the_table_is_tried_above_or_is_an_operator() -> None:
    (cases,) = (m.args[1] for m in test_every_word_of_the_vocabulary.pytestmark)  # type: ignore[attr-defined]
    words = " ".join(w for w, _ in cases)
    symbols = {"add": "+", "sub": "-", "mul": "*", "div": "/", "pow": "**", "neg": "-a", "lt": "<", "le": "<=", "gt": ">",
    "ge": ">=",
               "eq": "==", "ne": "!=", "abs": "absolute", "max": "maximum", "min": "minimum"}  # fmt: skip
    assert [kind for kind in UFUNCS.values() if symbols.get(kind, f"np.{kind}") not in words] == []


def test_a_reduction_of_a_number_without_years_is_refused_where_it_is_recorded() -> None:
    trace = Trace()
    place = trace.add("input", detail="a")
    with pytest.raises(FormulaError, match="no years"):
        trace.add("total", place)
