"""A fifth provision is three files and nothing else: in a folder of one's own, and in the places where ours lie.

Would catch a list of provisions that somebody has to keep, and a part of the library that knows only the four.
"""

import json
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

import ukraineplan as up
from ukraineplan import cli
from ukraineplan.analysis.alternatives import alternatives

ROOT: Final = Path(__file__).parent.parent

TOML: Final = """
[provision]
title = "Toll on the vehicle's profit"
points = { us28 = ["14"] }
headline = "If the toll were {toll}, it would come to {toll_revenue}; over the ranges {toll_revenue:range}."
key = ["toll_revenue", "toll_a_year"]
show_year = 7
not_modelled = ["Who pays the toll."]

[toll]
label = "Toll on the profit"
unit = "%"
role = "uncertainty"
value = 5
range = [1, 9]
range_because = "A toll for a test."
limits = [0, 100]
assumption = "No text names a toll; this one is for a test."

[toll_payers]
label = "Who pays the toll"
role = "convention"
choices = ["one", "both"]
choice_labels = { one = "the United States alone", both = "both parties" }
value = "one"
assumption = "A toll for a test."

[toll_agreed]
label = "Toll that was agreed"
unit = "%"
role = "lever"
range = [0, 10]
range_because = "A toll for a test."
limits = [0, 100]
"""

MODULE: Final = '''
"""A toll on the vehicle's profit."""

from ukraineplan.units import BillionUSD, BillionUSDPerYear, Choice, Share, choose
from ukraineplan.years import total


def toll_a_year(
    toll: Share, toll_payers: Choice, us_profit: BillionUSDPerYear, vehicle_money_for_ukraine: BillionUSDPerYear
) -> BillionUSDPerYear:
    """Toll of a year

    On what is received.
    """
    return toll * choose(toll_payers, one=us_profit, both=us_profit + vehicle_money_for_ukraine)


def toll_revenue(toll_a_year: BillionUSDPerYear) -> BillionUSD:
    """Toll over the vehicle's life"""
    return total(toll_a_year)


def toll_agreed_revenue(us_profit_total: BillionUSD, toll_agreed: Share) -> BillionUSD:
    """Toll at the rate that was agreed"""
    return us_profit_total * toll_agreed
'''

TEST: Final = '''
"""The toll, by hand."""

import pytest

import ukraineplan as up

PLAN = up.load("us28", extra=EXTRA)


def test_toll() -> None:
    assert PLAN["toll_revenue"].value == pytest.approx(0.05 * 12.486875)
    assert PLAN["toll_revenue"].low == pytest.approx(0)
    assert PLAN.with_values(toll_payers="both")["toll_revenue"].value == pytest.approx(2 * 0.05 * 12.486875)
'''

REVENUE: Final = 0.05 * 12.486875


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mine")
    for name, content in (("parameters/toll.toml", TOML), ("provisions/toll.py", MODULE)):
        (folder / name).parent.mkdir()
        (folder / name).write_text(content, encoding="utf-8")
    (folder / "test_toll.py").write_text(TEST.replace("EXTRA", repr(str(folder))), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def plan(mine: Path) -> up.Plan:
    return up.load("us28", extra=mine)


# ------------------------------------------------------------------------------------------------------
# In a folder of one's own


def test_the_numbers_are_there_beside_all_others(plan: up.Plan) -> None:
    shipped = up.load("us28")
    assert set(plan) - set(shipped) == {
        "toll",
        "toll_payers",
        "toll_agreed",
        "toll_a_year",
        "toll_revenue",
        "toll_agreed_revenue",
    }
    assert plan["toll_revenue"].value == pytest.approx(REVENUE) and plan["toll"].value == 0.05
    assert plan["toll_a_year"].years == tuple(range(2026, 2056))
    for name in shipped.formulas:
        assert repr(plan[name].value) == repr(shipped[name].value), name
    assert "toll" not in shipped


def test_a_number_knows_its_range_its_basis_and_its_headline(plan: up.Plan) -> None:
    n = plan["toll_revenue"]
    assert n.low == pytest.approx(0) and n.high == pytest.approx(9) and n.basis == "computed"
    assert n.sentence == f"If the toll were {plan['toll']}, it would come to {n}; over the ranges {n:range}."
    assert plan["toll_a_year"].shown_value == plan["toll_a_year"].value[6]
    assert (plan["toll"].basis, plan["toll"].low, plan["toll"].high) == ("assumed", 0.01, 0.09)


def test_a_lever_that_the_text_does_not_state_is_unset(plan: up.Plan) -> None:
    for name in ("toll_agreed", "toll_agreed_revenue"):
        assert plan[name].value is None and "the text 'us28' does not state it" in (plan[name].reason or "")
    with pytest.raises(up.NotStated):
        plan["toll_agreed_revenue"].m_as("USD")
    assert plan.with_values(toll_agreed=10)["toll_agreed_revenue"].value == pytest.approx(1.2486875)


def test_explain(plan: up.Plan) -> None:
    told = str(plan.explain("toll_revenue"))
    for part in (
        "the sum over the years of toll_a_year",
        "toll × (us_profit if toll_payers is one, us_profit + vehicle_money_for_ukraine if toll_payers is both)",
        "in 2032 (year 7)",
        "No text names a toll; this one is for a test.",
        "(toll_payers: one)",
        "On what is received.",
    ):
        assert part in told, part


def test_table(plan: up.Plan) -> None:
    table = plan.table("toll")
    assert list(table.index[-3:]) == ["toll_a_year", "toll_revenue", "toll_agreed_revenue"]
    assert {"toll", "toll_payers", "vehicle_return"} <= set(table.index)
    assert table.loc["toll_agreed_revenue", "display"] == "unset" and set(plan.table().index) == set(plan)


def test_analyses(plan: up.Plan) -> None:
    swings = {row.name: row for row in up.tornado(plan, "toll_revenue").rows}
    assert (swings["toll"].low, swings["toll"].high) == (pytest.approx(REVENUE / 5), pytest.approx(REVENUE * 9 / 5))
    assert (swings["toll_payers"].low, swings["toll_payers"].high) == (pytest.approx(REVENUE), pytest.approx(REVENUE * 2))
    assert up.bounds(plan, "toll_revenue").high == pytest.approx(9)
    options = {(row.name, row.choice): row.number.value for row in alternatives(plan, "toll_revenue").rows}
    assert options[("toll_payers", "both")] == pytest.approx(REVENUE * 2)


def test_it_survives_a_pickle(plan: up.Plan) -> None:
    for changed in (plan, plan.with_values(toll=7)):
        copied = pickle.loads(pickle.dumps(changed))
        assert copied["toll_revenue"].value == changed["toll_revenue"].value and list(copied) == list(changed)


def test_the_command_line_takes_the_folder(mine: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def run(*arguments: str) -> str:
        code = cli.main([*arguments, "--extra", str(mine)])
        printed = capsys.readouterr()
        assert code == 0, printed.err
        return printed.out

    assert json.loads(run("run", "toll_revenue", "--json"))["value"] == pytest.approx(REVENUE)
    assert json.loads(run("run", "toll_revenue", "--json", "--set", "toll=10 %"))["value"] == pytest.approx(2 * REVENUE)
    assert (
        "toll_a_year" in run("explain", "toll_revenue")
        and "  toll_revenue " in run("list")
        and "  toll " in run("list", "--inputs")
    )
    assert run("sources", "toll_revenue")
    assert "toll" in run("list", "provisions")


def test_a_fact_sheet_covers_it(plan: up.Plan) -> None:
    sheet = str(up.fact_sheet(plan, "toll", format="markdown"))
    assert "Toll on the vehicle's profit" in sheet and plan["toll_revenue"].display in sheet and "Who pays the toll." in sheet
    assert "toll" in str(up.fact_sheet(plan, format="html")).lower()


def test_the_third_file_is_its_test(mine: Path) -> None:
    done = pytest_in(mine, mine, ROOT)
    assert done.returncode == 0, done.stdout[-2000:]
    assert "1 passed" in done.stdout
    assert sorted(
        str(p.relative_to(mine)) for p in mine.rglob("*.*") if "__pycache__" not in p.parts and ".pytest" not in str(p)
    ) == [
        "parameters/toll.toml",
        "provisions/toll.py",
        "test_toll.py",
    ]


def pytest_in(folder: Path, path: Path, home: Path, *more: str) -> "subprocess.CompletedProcess[str]":
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")} | {"PYTHONPATH": str(home)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(folder), *more, str(path)]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, check=False)


# ------------------------------------------------------------------------------------------------------
# Where ours lie

PROBE: Final = """
import json, sys
import ukraineplan as up
from ukraineplan.library import datasets_folder
plan = up.load("us28")
json.dump({"home": up.__file__, "data": str(datasets_folder()), "value": plan["toll_revenue"].value,
           "provisions": list(up.provisions().index),
           "points": up.provisions().loc["toll", "points"], "high": up.bounds(plan, "toll_revenue").high,
           "rows": len(up.tornado(plan, "toll_revenue").rows),
           "names": sorted(set(plan.formulas))}, sys.stdout)
"""


def test_in_the_shipped_places_three_files_are_enough(tmp_path: Path) -> None:
    ignore = shutil.ignore_patterns("__pycache__")
    for name in ("ukraineplan", "datasets"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignore)
    (tmp_path / "datasets/parameters/toll.toml").write_text(TOML, encoding="utf-8")
    (tmp_path / "ukraineplan/provisions/toll.py").write_text(MODULE, encoding="utf-8")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests/test_toll.py").write_text(TEST.replace(", extra=EXTRA", ""), encoding="utf-8")

    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", PROBE], capture_output=True, text=True, cwd=tmp_path, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, Any] = json.loads(done.stdout)
    assert Path(found["home"]).is_relative_to(tmp_path) and Path(found["data"]).is_relative_to(tmp_path)
    assert found["value"] == pytest.approx(REVENUE) and found["high"] == pytest.approx(9)
    assert "toll" in found["provisions"] and len(found["provisions"]) == len(up.provisions()) + 1 and "14" in found["points"]
    assert set(found["names"]) - set(up.load("us28").formulas) == {"toll_a_year", "toll_revenue", "toll_agreed_revenue"}
    tested = pytest_in(tmp_path, tmp_path / "tests", tmp_path)
    assert tested.returncode == 0 and "1 passed" in tested.stdout, tested.stdout[-2000:]


def test_the_tests_of_all_formulas_cover_a_provision_more(tmp_path: Path) -> None:
    # the properties, the explained arithmetic and the trace run over whatever is there
    ignore = shutil.ignore_patterns("__pycache__")
    for name in ("ukraineplan", "datasets"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignore)
    stated = TOML.partition("[toll_agreed]")[0]
    module = MODULE.partition("def toll_agreed_revenue")[0]
    (tmp_path / "datasets/parameters/toll.toml").write_text(stated, encoding="utf-8")
    (tmp_path / "ukraineplan/provisions/toll.py").write_text(module, encoding="utf-8")
    shutil.copytree(ROOT / "tests", tmp_path / "tests", ignore=ignore)
    done = pytest_in(
        tmp_path, tmp_path / "tests/test_explain.py", tmp_path, "-k", "toll_revenue or toll_a_year", "-c", os.devnull
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert "14 passed" in done.stdout or int(done.stdout.rsplit(" passed", 1)[0].split()[-1]) >= 14
