"""Two texts side by side: differences, their ranges on common draws, and the laws of both sides."""

import json
import pickle
from datetime import date
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

import ukraineplan as up
from ukraineplan.analysis.compare import Comparison
from ukraineplan.analysis.differences import Difference
from ukraineplan.cli import main
from ukraineplan.library import shipped_library

TEXTS = sorted(shipped_library().texts)
PAIRS = list(combinations(TEXTS, 2))


@pytest.fixture(scope="module")
def found() -> Comparison:
    return up.compare("us28", "dec20")


def test_the_cut_under_both_ceilings_by_hand() -> None:
    """880,000 less 600,000 against 880,000 less 800,000; over 800,000 to 980,000 the cuts differ by 200,000 throughout."""
    row = up.compare("us28", "e3_reuters", "force_reduction").results[0]
    cuts = [max(Fraction(880_000) - cap, Fraction(0)) for cap in (600_000, 800_000)]
    assert row.difference == Difference(float(cuts[1] - cuts[0]), -200_000.0, -200_000.0, "person", (200_000.0, 380_000.0))
    assert (row.difference.display, row.difference.span) == ("−200,000 persons", "–")


def test_a_range_that_common_draws_have_and_separate_ones_have_not() -> None:
    """Shares of the cut: 200,000 over 800,000 to 980,000, so 25 to 20.4 points; apart, the ends would cross."""
    difference = up.compare("us28", "e3_reuters", "force_reduction_share").results[0].difference
    assert difference is not None
    assert difference.low == pytest.approx(-200_000 / 800_000) and difference.high == pytest.approx(-200_000 / 980_000)


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_swapping_the_sides_negates_every_difference(a: str, b: str) -> None:
    there, back = up.compare(a, b), up.compare(b, a)
    assert [r.name for r in there.results] == [r.name for r in back.results]
    for one, other in zip(there.results, back.results, strict=True):
        assert (one.difference is None) == (other.difference is None), one.name
        if one.difference is not None and other.difference is not None:
            assert (one.difference.value, one.difference.low, one.difference.high) == pytest.approx(
                (-other.difference.value, -other.difference.high, -other.difference.low)
            ), one.name


@pytest.mark.parametrize(("a", "b"), PAIRS)
def test_a_number_is_compared_or_has_its_reason(a: str, b: str) -> None:
    """Catches a blank: where a side has no number, the row names the side and says why."""
    for row in up.compare(a, b).results:
        assert (row.difference is None) == bool(row.reason), row.name
        if row.difference is not None:
            assert row.difference.low <= row.difference.value <= row.difference.high


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_beside_itself_differs_in_nothing(name: str) -> None:
    same = up.compare(name, name)
    assert not same.terms
    for row in same.rows:
        assert row.kind == "result" and (row.difference is None or row.difference[:3] == (0, 0, 0)), row.name


def test_both_sides_have_the_evidence_of_the_later_text() -> None:
    found = up.compare("us28", "dec20")
    assert (found.a.as_of, found.b.as_of) == (date(2025, 12, 24),) * 2
    assert up.compare("dec20", "us28").a.as_of == date(2025, 12, 24)
    assert up.compare("status_quo", "early400").a.as_of == date(2025, 11, 20)
    assert up.compare("us28", "dec20", as_of="2025-11-21").b.as_of == date(2025, 11, 21)
    assert up.compare("us28", up.load("us28", as_of="2026-01-05").with_values(force_cap=700_000)).a.as_of == date(2026, 1, 5)


def test_plans_of_different_vintages_are_refused() -> None:
    with pytest.raises(up.InvalidValue, match="compared at one vintage, not at 2025-11-21 and 2026-01-05"):
        up.compare(up.load(), up.load(as_of="2026-01-05"))
    with pytest.raises(up.InvalidValue, match="compared at one vintage"):
        up.compare(up.load(), "dec20", as_of="2026-01-05")


def test_a_number_that_neither_side_has_is_refused() -> None:
    with pytest.raises(up.UnknownName, match="did you mean 'force_reduction'"):
        up.compare("us28", "dec20", "force_reductoin")


def test_a_plan_of_ones_own_is_called_so(found: Comparison) -> None:
    own = up.compare("us28", up.load().with_values(force_cap=700_000), ["force_reduction", "us_profit_total"])
    assert own.names == ("us28", "us28, 1 value set by you")
    assert [(r.name, r.kind, r.differs) for r in own.rows] == [
        ("force_cap", "lever", True), ("force_reduction", "result", True), ("us_profit_total", "result", False),
    ]  # fmt: skip
    assert [(t.lever, t.said_a, t.said_b) for t in own.terms] == [("force_cap", "600,000 persons", "700,000 persons")]


def test_a_date_differs_by_days() -> None:
    """Catches a difference of two dates that prints as a date."""
    plan = up.load("us28")
    later = plan.with_values(signature_date="2025-12-01")
    difference = up.compare(plan, later, "signature_date").results[0].difference
    assert difference is not None and (difference.value, difference.unit, difference.display) == (10, "day", "+10 days")


def test_it_says_what_it_is(found: Comparison) -> None:
    assert found.sentence.startswith("us28 and dec20, evidence to 2025-12-24: ")
    assert "8,192 draws that both sides share" in found.method and found.error
    frame = found.to_frame()
    assert list(frame.columns[:8]) == ["kind", "label", "a", "b", "difference", "low", "high", "unit"]
    assert {"force_cap", "force_reduction"} <= set(frame.index) and frame.loc["force_reduction", "difference"] == -200_000
    assert {"clause", "force_cap"} & set(found.levers().index) and found.clauses().loc["6"].notna().all()
    assert pickle.loads(pickle.dumps(found)).to_frame().equals(frame)
    assert found.plot() is not None and "force_reduction" in found._repr_html_()


def test_every_end_is_reached_or_nearly(found: Comparison) -> None:
    """Catches ends that no draw supports: each side at 4,000 points of a stream of its own stays inside, but for a sliver."""
    names = [r.name for r in found.results if r.difference is not None and not r.number.years and r.number.unit != "date"]
    moving = [n for n in names if found.a[n].low is not None or found.b[n].low is not None]
    drawn = [up.sample(plan, moving, draws=4096, seed=7) for plan in (found.a, found.b)]
    for row in (r for r in found.results if r.name in moving):
        assert row.difference is not None
        apart = drawn[1].shown(row.name) - drawn[0].shown(row.name)
        slack = 0.05 * (row.difference.high - row.difference.low) + 1e-9
        assert np.min(apart) >= row.difference.low - slack and np.max(apart) <= row.difference.high + slack, row.name


# ------------------------------------------------------------------------------------------------------
# The command line


def test_scenario_files_are_sides(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Catches values of a file that reach both sides, or neither."""
    file = tmp_path / "mine.toml"
    file.write_text('text = "dec20"\n[values]\nforce_cap = 700_000\n', encoding="utf-8")
    assert main(["compare", "us28", str(file), "force_reduction", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    (row,) = [r for r in told["rows"] if r["name"] == "force_reduction"]
    assert (row["a"]["value"], row["b"]["value"], row["difference"]["value"]) == (280_000, 180_000, -100_000)
    assert told["as_of"] == "2025-12-24" and [c["levers"] for c in told["by_clause"]] == [["force_cap"]]


def test_values_of_a_flag_hold_on_both_sides(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "us28", "e3_reuters", "force_reduction", "--set", "force_strength=800000", "--json"]) == 0
    (row,) = [r for r in json.loads(capsys.readouterr().out)["rows"] if r["kind"] == "result"]
    assert (row["a"]["value"], row["b"]["value"]) == (200_000, 0)


def test_the_answer_fits_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "us28", "dec20"]) == 0
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 100 and "The same on both sides" in out and "Not comparable" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["us28"], "required: B"),
        (["us28", "dec2"], "did you mean 'dec20'"),
        (["us28", "dec20", "force_reductoin"], "did you mean 'force_reduction'"),
        (["us28", "nowhere.toml"], "cannot be read"),
        (["us28", "dec20", "--as-of", "soon"], "as_of is a date"),
        (["us28", "dec20", "--set", "force_cap"], "--set takes NAME=VALUE"),
    ],
)
def test_wrong_use_is_one_line(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", *arguments]) == 2
    captured = capsys.readouterr()
    assert said in captured.err and captured.err.count("\n") == 1 and not captured.out


# ------------------------------------------------------------------------------------------------------
# Ranges of differences


def test_a_yearly_difference_reaches_the_range_of_the_side_that_moves() -> None:
    """B is nothing, so the difference is A's range turned over: catches ends that fall short of the row beside it."""
    (row,) = up.compare("us28", "e3_reuters", "us_profit").results
    assert row.a is not None and row.difference is not None
    assert (row.difference.low, row.difference.high) == pytest.approx((-row.a.shown[2], -row.a.shown[1]))


def test_corners_are_tried() -> None:
    """The one side moves with a return that the other has settled: its ends are met to the last digit."""
    plan = up.load()
    found = up.compare(plan, plan.with_values(vehicle_return="8 %/year"), "us_profit_total")
    (row,) = found.results
    assert row.difference is not None and row.difference.high == pytest.approx(80, rel=1e-9)
    (moved,) = [r for r in found.rows if r.name == "vehicle_return"]
    assert moved.difference is not None and (moved.difference.low, moved.difference.high) == pytest.approx((-0.02, 0.13))


@pytest.mark.parametrize("name", ["force_cap", "reconstruction_money"])
def test_what_cannot_be_shared_out_is_compared_all_the_same(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "us28", "dec20", name]) == 0
    captured = capsys.readouterr()
    assert "Difference" in captured.out and "not shared out by clause" in captured.err + captured.out


def test_names_may_follow_flags(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "us28", "e3_reuters", "--set", "force_strength=800000", "force_reduction"]) == 0
    assert "force_reduction" in capsys.readouterr().out
    assert main(["run", "force_reduction", "more"]) == 2 and "unrecognized arguments: more" in capsys.readouterr().err


@pytest.mark.parametrize("targets", [[], 5])
def test_no_numbers_are_refused(targets: object) -> None:
    with pytest.raises(up.InvalidValue, match="targets"):
        up.compare("us28", "dec20", targets)
