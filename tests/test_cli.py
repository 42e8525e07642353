"""The command line: what it prints, what it writes, and every check value by name.

Would catch a key that comes or goes, a share printed as per cent in JSON, a yearly number without its years, and a
flag that is taken and does nothing.
"""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest
from oracles import ALL, Case

import ukraineplan as up
from ukraineplan import cli

ROOT: Final = Path(__file__).parent.parent
KEYS: Final = [
    "schema_version",
    "name",
    "label",
    "value",
    "low",
    "high",
    "unit",
    "display",
    "basis",
    "reason",
    "text",
    "as_of",
    "years",
    "sources",
]
SOURCE_KEYS: Final = {
    "fact",
    "quote",
    "lang",
    "as_of",
    "public_since",
    "status",
    "verification",
    "source",
    "title",
    "publisher",
    "issued",
    "url",
    "quality",
}
YEARS: Final = list(range(2026, 2056))
CHECKS: Final = [case for case in ALL if case.id.startswith("check_")]


@pytest.fixture(scope="module")
def plan() -> up.Plan:
    return up.load("us28")


class Console:
    """Runs commands in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.capsys = capsys

    def __call__(self, *arguments: str) -> str:
        code = cli.main(arguments)
        printed = self.capsys.readouterr()
        assert code == 0, printed.err
        assert "--output" in arguments or printed.err == ""
        return printed.out

    def json(self, *arguments: str) -> Any:
        def refuse(constant: str) -> None:
            raise AssertionError(f"{constant} is no JSON")

        return json.loads(self(*arguments, "--json"), parse_constant=refuse)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Console:
    return Console(capsys)


# ------------------------------------------------------------------------------------------------------
# Every check value


def test_the_check_values_are_those_in_print() -> None:
    assert len(CHECKS) >= 27 and len({case.id for case in CHECKS}) == len(CHECKS)


def given(case: Case) -> list[str]:
    return [part for name, value in case.values.items() for part in ("--set", f"{name}={value}")]


@pytest.mark.parametrize("case", CHECKS, ids=lambda case: case.id)
def test_a_check_value_comes_out_of_run(case: Case, run: Console) -> None:
    found = run.json("run", case.target, *given(case))
    assert found["value"] == in_json(case), case.because
    assert found["basis"] == "computed" and found["reason"] is None


def in_json(case: Case) -> Any:
    """What a case expects of JSON: a number, or a date as ISO."""
    assert not isinstance(case.expected, tuple)
    return case.expected.isoformat() if isinstance(case.expected, date) else pytest.approx(float(case.expected), rel=1e-11)


@pytest.mark.parametrize("case", [c for c in ALL if isinstance(c.expected, tuple)], ids=lambda case: case.id)
def test_a_yearly_sum_done_by_hand_comes_out_of_run(case: Case, run: Console) -> None:
    assert isinstance(case.expected, tuple)
    found = run.json("run", case.target, *given(case))
    assert found["years"] == YEARS
    np.testing.assert_allclose(found["value"], [float(x) for x in case.expected], rtol=1e-11, atol=1e-12, err_msg=case.because)


@pytest.mark.parametrize("case", CHECKS[1::11], ids=lambda case: case.id)
def test_a_check_value_comes_out_of_a_process_of_its_own(case: Case, tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-m", "ukraineplan", "run", case.target, "--json", *given(case)]
    done = subprocess.run(command, capture_output=True, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["value"] == in_json(case)


@pytest.mark.parametrize(
    ("name", "display"),
    [
        ("force_reduction", "280,000 persons"),
        ("force_reduction_share", "31.8\u202f%"),
        ("force_cap_multiple_of_prewar", "2.40"),
        ("force_upkeep", "UAH 720bn a year"),
        ("euroclear_share_of_immobilised", "91.9\u202f%"),
        ("break_even_return", "4.94\u202f% a year"),
        ("vehicle_principal_in_euros", "€85.9bn"),
        ("windfall_forgone", "€1.48bn a year"),
    ],
)
def test_display_is_what_the_published_figures_say(name: str, display: str, run: Console) -> None:
    found = run.json("run", name)
    assert found["display"] == display and display in run("run", name)


# ------------------------------------------------------------------------------------------------------
# JSON


def test_the_keys_of_every_number_are_those_of_the_schema(plan: up.Plan, run: Console) -> None:
    for kind, names in (([], list(plan.formulas)), (["--inputs"], list(plan.parameters))):
        rows = run.json("list", *kind)
        assert [row["name"] for row in rows] == names
        for row in rows:
            assert list(row) == KEYS and row["schema_version"] == 1
            assert row["text"] == "us28" and row["as_of"] == "2025-11-21"
            assert (
                row["label"] and row["unit"] and row["display"] and row["basis"] in ("stated", "sourced", "assumed", "computed")
            )
            assert (row["years"] == YEARS) == isinstance(row["value"], list) == plan._graph.yearly(row["name"])
            assert row["years"] in (None, YEARS) and all(set(s) == SOURCE_KEYS for s in row["sources"])
            if isinstance(row["value"], list):
                assert len(row["value"]) == 30 and all(isinstance(x, float) for x in row["value"])


@pytest.mark.parametrize(
    "name",
    ["us_profit_total", "us_profit", "force_cap", "profit_base", "hours_per_year", "vehicle_return", "znpp_equal_value_share"],
)
def test_run_and_explain_have_the_same_keys_and_explain_one_more(name: str, run: Console, plan: up.Plan) -> None:
    one, told = run.json("run", name), run.json("explain", name)
    assert list(one) == KEYS and list(told) == [*KEYS, "derivation"]
    assert one == {k: told[k] for k in KEYS}
    assert [d["name"] for d in told["derivation"]] == [d.line.name for d in plan.explain(name).derivations]
    for step in told["derivation"]:
        assert set(step) == {"name", "label", "names", "numbers", "result", "because"} and step["numbers"] and step["names"]


def test_a_share_is_a_fraction_and_a_label_a_word(run: Console) -> None:
    share = run.json("run", "force_reduction_share")
    assert (share["value"], share["unit"], share["display"]) == (pytest.approx(0.3181818), "share", "31.8\u202f%")
    assert (share["low"], share["high"]) == (pytest.approx(0.25), pytest.approx(380 / 980))
    rate = run.json("run", "vehicle_return")
    assert (rate["value"], rate["unit"], rate["low"], rate["high"]) == (0.05, "share/year", -0.05, 0.10)
    label = run.json("run", "profit_base")
    assert (label["value"], label["unit"], label["low"]) == ("first_100bn", "choice", None)


def test_money_is_in_billions_and_a_yearly_number_a_list(run: Console) -> None:
    found = run.json("run", "us_profit")
    assert found["unit"] == "billion USD/year" and found["years"] == YEARS
    assert (
        found["value"][:3] == [0, 0, pytest.approx(0.736875)]
        and found["value"][9] == pytest.approx(1.75)
        and found["value"][10:] == [0] * 20
    )
    assert len(found["low"]) == len(found["high"]) == 30


def test_an_unset_number_is_an_answer(run: Console) -> None:
    found = run.json("run", "force_reduction", "--as-of", "2000-01-01")
    assert (found["value"], found["low"], found["high"], found["display"]) == (None, None, None, "unset")
    assert found["reason"].startswith("no fact about it was public on 2000-01-01") and found["as_of"] == "2000-01-01"
    assert list(found) == KEYS
    shown = run("run", "force_reduction", "--as-of", "2000-01-01")
    assert "unset" in shown and "no fact about it was public" in " ".join(shown.split()) and "--set" in shown
    assert run.json("explain", "force_reduction", "--as-of", "2000-01-01")["derivation"] == []
    zero = run.json("run", "break_even_return", "--set", "vehicle_principal=0")
    assert zero["value"] is None and zero["reason"] == "it divides by vehicle_principal_in_euros, which is 0"


@pytest.mark.parametrize(
    "given",
    [
        "deposit_rate=-0.3 %/year",
        "deposit_rate=-0.2 %/year",
        "vehicle_return=1e200 %/year",
        "force_strength=0",
        "era_loan=0",
        "vehicle_life=1",
        "us_profit_share=100",
        "znpp_units_available=0",
        "euroclear_assets=0",
        "vehicle_return=-100 %/year",
        "discount_rate=-99 %/year",
    ],
)
def test_no_allowed_value_stops_the_list_of_all_numbers(given: str, run: Console) -> None:
    assert len(run.json("list", "--set", given)) > 60


@pytest.mark.parametrize(
    "name", ["era_loan_cover_years", "break_even_return", "us_profit_total", "us_profit", "vehicle_net_asset_value"]
)
@pytest.mark.parametrize("given", ["deposit_rate=-0.2 %/year", "vehicle_return=1e200 %/year", "ukraine_profit_reinvested=yes"])
def test_no_allowed_value_stops_a_number(given: str, name: str, run: Console) -> None:
    assert run("run", name, "--set", given)
    run.json("explain", name, "--set", given)


# ------------------------------------------------------------------------------------------------------
# List


def test_list_names_every_number(plan: up.Plan, run: Console) -> None:
    results, inputs = run("list"), run("list", "--inputs")
    assert run("list", "numbers") == results
    for name in plan.formulas:
        assert f"  {name} " in results, name
    for name in plan.parameters:
        assert f"  {name} " in inputs, name
    assert f"{len(plan.formulas)} results, text us28, evidence to 2025-11-21" in results
    assert f"{len(plan.parameters)} inputs" in inputs and "■" in inputs and "○" in inputs and "●" in inputs


def test_list_texts_provisions_and_points(run: Console) -> None:
    for text in up.texts().index:
        assert text in run("list", "texts")
    for provision in up.provisions().index:
        assert provision in run("list", "provisions")
    points = run("list", "points")
    for n in range(1, 29):
        assert any(line.split()[:1] == [str(n)] for line in points.splitlines()), n
    assert "quantified, force_cap" in points and "not built yet" not in points


@pytest.mark.parametrize(
    ("what", "keys"),
    [
        ("texts", {"text", "title", "date", "clauses", "alternatives"}),
        ("provisions", {"provision", "title", "points", "formulas", "parameters"}),
        ("points", {"point", "summary", "coverage", "provision", "reason", "quote", "sources", "standing"}),
    ],
)
def test_lists_as_json(what: str, keys: set[str], run: Console) -> None:
    rows = run.json("list", what)
    assert rows and all(set(row) == keys for row in rows)


# ------------------------------------------------------------------------------------------------------
# Run, explain, sources, facts


def test_run_prints_what_a_reader_needs_first(run: Console, plan: up.Plan) -> None:
    shown = run("run", "us_profit_total")
    lines = shown.splitlines()
    assert max(map(len, lines)) <= 80 or all(line.strip().startswith("http") for line in lines if len(line) > 80)
    flat = " ".join(shown.split())
    for part in (
        plan["us_profit_total"].label,
        "$12bn",
        "$0bn to $100bn",
        "text us28, evidence to 2025-11-21",
        "= computed",
        "ukraineplan explain us_profit_total",
    ):
        assert part in flat, part
    assert " ".join(plan["us_profit_total"].sentence.split()) in flat


def test_run_does_not_say_the_unit_twice(run: Console) -> None:
    assert "600,000 persons      persons" not in run("run", "force_cap")


@pytest.mark.parametrize(
    "name", ["us_profit_total", "us_profit", "force_cap", "vehicle_return", "znpp_output", "profit_base", "hours_per_year"]
)
def test_text_is_as_wide_as_a_terminal(name: str, run: Console) -> None:
    for command in ("run", "sources"):
        wide = [line for line in run(command, name).splitlines() if len(line) > 80 and not line.strip().startswith("http")]
        assert wide == []


def test_run_of_a_yearly_number_lists_the_years(run: Console) -> None:
    shown = run("run", "us_profit")
    rows = [line.split()[0] for line in shown.splitlines() if line.strip()[:2] == "20" and "$" in line]
    assert rows == [str(y) for y in YEARS]


def test_explain_is_the_explanation_of_the_library(run: Console, plan: up.Plan) -> None:
    assert run("explain", "us_profit_total").rstrip("\n") == str(plan.explain("us_profit_total")).rstrip("\n")


def test_sources(run: Console, plan: up.Plan) -> None:
    shown, rows = run("sources", "force_reduction"), run.json("sources", "force_reduction")
    assert [row["fact"] for row in rows] == [c.fact.id for c in plan["force_reduction"].sources]
    assert all(set(row) == SOURCE_KEYS for row in rows)
    for c in plan["force_reduction"].sources:
        assert c.source.url is None or c.source.url in shown
    assert "no source" in run("sources", "soldier_cost_basis", "--set", "soldier_cost_basis=wartime")
    assert run.json("sources", "vehicle_return", "--set", "vehicle_return=5") == []


def test_facts(run: Console) -> None:
    rows = run.json("facts", "EUROCLEAR")
    assert {"id", "quote", "source", "value", "unit", "public_since"} <= set(rows[0])
    shown = run("facts", "euroclear")
    assert f"{len(rows)} facts with 'euroclear'" in shown and all(row["id"] in shown for row in rows)
    assert run.json("facts", "no such word") == [] and "0 facts" in run("facts", "no such word")
    assert len(run.json("facts")) == len(up.facts())
    assert {row["text"] for row in run.json("facts", "--text", "us28")} == {"us28"}


# ------------------------------------------------------------------------------------------------------
# Flags


def test_set_may_be_repeated_and_the_last_one_counts(run: Console) -> None:
    both = run.json("run", "us_profit_total", "--set", "vehicle_return=8 %/year", "--set", "vehicle_fee=0")
    assert both["value"] == pytest.approx(up.load("us28").with_values(vehicle_return=8, vehicle_fee=0)["us_profit_total"].value)
    last = run.json("run", "vehicle_return", "--set", "vehicle_return=8", "--set", " vehicle_return = 9 ")
    assert (last["value"], last["basis"], last["sources"]) == (0.09, "set", [])


def test_set_takes_the_name_of_a_formula(run: Console) -> None:
    assert run.json("run", "us_profit_total", "--set", "us_profit=2 billion USD/year")["value"] == 60
    assert run.json("run", "us_profit", "--set", "us_profit=2")["value"] == [2.0] * 30


def test_a_vintage(run: Console) -> None:
    assert run.json("run", "euros_per_dollar", "--as-of", "latest")["value"] != 0.859
    assert run.json("run", "euros_per_dollar", "--as-of", "2026-01-15")["as_of"] == "2026-01-15"


def test_a_scenario_is_read_and_flags_come_after_it(run: Console, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'text = "us28"\nas_of = 2026-01-15\n\n'
        '[values]\nvehicle_return = "8 %/year"\nforce_cap = 800_000\nvehicle_life = 12\nprofit_base = "both_200bn"\n'
    )
    found = run.json("run", "vehicle_return", "--scenario", str(path))
    assert (found["value"], found["basis"], found["as_of"]) == (0.08, "set", "2026-01-15")
    assert run.json("run", "force_cap", "--scenario", str(path))["value"] == 800_000
    over = run.json("run", "vehicle_return", "--scenario", str(path), "--set", "vehicle_return=9 %/year", "--as-of", "2025-11-21")
    assert (over["value"], over["as_of"]) == (0.09, "2025-11-21")
    path.write_text("")
    assert run.json("run", "vehicle_return", "--scenario", str(path))["value"] == 0.05
    path.write_text('as_of = "latest"\n')
    assert run.json("run", "vehicle_return", "--scenario", str(path))["as_of"] == str(up.load("us28", as_of="latest").as_of)


@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "us_profit"],
        ["explain", "us_profit"],
        ["list", "--inputs"],
        ["list", "points"],
        ["sources", "us_profit"],
        ["facts", "euro"],
    ],
    ids=" ".join,
)
def test_output_is_what_would_have_been_printed(arguments: list[str], run: Console, tmp_path: Path) -> None:
    assert run(*arguments, "--output", str(tmp_path / "answer.txt")) == ""
    assert (tmp_path / "answer.txt").read_text(encoding="utf-8") == run(*arguments)
    run(*arguments, "--output", str(tmp_path / "answer.json"))  # the suffix asks for JSON
    assert json.loads((tmp_path / "answer.json").read_text(encoding="utf-8")) == run.json(*arguments)
    run(*arguments, "--json", "--output", str(tmp_path / "flag.txt"))
    assert (tmp_path / "flag.txt").read_bytes() == (tmp_path / "answer.json").read_bytes()
    assert (tmp_path / "flag.txt").stat().st_mode & 0o777 == 0o666 & ~umask()


def umask() -> int:
    found = os.umask(0)
    os.umask(found)
    return found


def test_where_something_was_written_is_said_on_standard_error(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert cli.main(["run", "force_cap", "--output", str(tmp_path / "a.txt")]) == 0
    assert capsys.readouterr().err == f"ukraineplan: wrote {tmp_path / 'a.txt'}\n"


def test_the_same_question_gives_the_same_bytes(run: Console) -> None:
    for arguments in (["run", "us_profit_total"], ["explain", "us_profit_total"], ["list", "points", "--json"]):
        assert run(*arguments) == run(*arguments)


@pytest.mark.parametrize("flag", ["--set", "--scenario", "--extra", "--as-of"])
def test_a_flag_that_would_do_nothing_is_refused_or_works(flag: str, capsys: pytest.CaptureFixture[str]) -> None:
    # `list points --as-of never` answered as if all were well
    code = cli.main(["list", "points", flag, "nonsense"])
    printed = capsys.readouterr()
    assert code == 2 and printed.out == "" and printed.err.startswith("ukraineplan: ")


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--version"]) == 0
    assert capsys.readouterr().out == f"ukraineplan {up.__version__}\n"
    for command in ([], ["list"], ["run"], ["explain"], ["sources"], ["facts"], ["factsheet"]):
        assert cli.main([*command, "--help"]) == 0
        shown = capsys.readouterr().out
        assert "usage: ukraineplan" in shown and "None" not in shown


def test_help_is_quick_and_loads_nothing_heavy() -> None:
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "ukraineplan", "--help"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    loaded = {line.rpartition("|")[2].strip() for line in told.stderr.splitlines()}
    assert loaded & {"numpy", "pandas", "scipy", "pint", "pydantic", "jinja2", "rich", "matplotlib"} == set()


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "html", "pdf"])
def test_a_suffix_that_promises_another_format_is_refused(
    suffix: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Catches plain text under the name of a table, which a spreadsheet opens as nonsense."""
    path = tmp_path / f"answer.{suffix}"
    assert cli.main(["sensitivity", "windfall_forgone", "--output", str(path)]) == 2
    assert f"call to_frame() in Python for .{suffix}" in capsys.readouterr().err
    assert not path.exists()


def test_a_lever_is_drawn_where_it_is_named(run: Console) -> None:
    """Catches advice of a message that the command line cannot follow."""
    told = run.json("sensitivity", "ukraine_znpp_output", "--also", "ukraine_share_of_znpp", "--draws", "1024")
    assert {d["role"] for d in told["drivers"]} == {"uncertainty", "lever"}
