"""The command line: every check value comes out of it, its JSON keeps its keys, and its exit codes tell what happened."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from oracles import ALL, Case

from ukraineplan.cli import main

KEYS: Final = ["schema_version", "name", "label", "value", "low", "high", "unit", "display", "basis", "reason", "text", "as_of",
               "years", "sources"]  # fmt: skip
CHECKS: Final = [case for case in ALL if case.id.startswith("check_")]


@pytest.fixture
def answer(capsys: pytest.CaptureFixture[str]) -> Any:
    """Run a command that has to succeed; its standard output."""

    def run(*arguments: str) -> str:
        assert main(arguments) == 0, capsys.readouterr().err
        return capsys.readouterr().out

    return run


def settings(case: Case) -> list[str]:
    return [part for name, value in case.values.items() for part in ("--set", f"{name}={value}")]


def test_there_are_check_values() -> None:
    assert len(CHECKS) >= 25


@pytest.mark.parametrize("case", CHECKS, ids=lambda case: case.id)
def test_check_value_comes_out_of_run(case: Case, answer: Any) -> None:
    found = json.loads(answer("run", case.target, "--json", *settings(case)))
    assert found["value"] == pytest.approx(float(case.expected), rel=1e-12), case.because


def test_a_real_process_answers_the_same() -> None:
    case = next(c for c in CHECKS if c.target == "us_profit_present_value")
    command = [sys.executable, "-m", "ukraineplan", "run", case.target, "--json", *settings(case)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    assert json.loads(done.stdout)["value"] == pytest.approx(float(case.expected), rel=1e-12)
    assert done.stderr == ""


def test_json_has_the_keys_of_the_design(answer: Any) -> None:
    found = json.loads(answer("run", "force_reduction_share", "--json"))
    assert list(found) == KEYS
    assert (found["value"], found["display"]) == (pytest.approx(7 / 22), "31.8\u202f%")
    assert found["low"] < found["value"] < found["high"] and found["years"] is None and found["as_of"] == "2025-11-21"
    assert {"quote", "url", "quality", "public_since"} <= found["sources"][0].keys()


def test_a_yearly_number_is_a_list_with_its_calendar_years(answer: Any) -> None:
    found = json.loads(answer("run", "us_profit", "--json"))
    assert found["years"] == list(range(2026, 2056))
    assert len(found["value"]) == len(found["low"]) == len(found["high"]) == 30


def test_unset_is_an_answer(answer: Any) -> None:
    found = json.loads(answer("run", "break_even_return", "--json", "--set", "vehicle_principal=0 billion USD"))
    assert found["value"] is None and "is 0" in found["reason"]
    assert "unset" in answer("run", "break_even_return", "--set", "vehicle_principal=0 billion USD")


def test_explain_adds_the_derivation(answer: Any) -> None:
    found = json.loads(answer("explain", "force_reduction_share", "--json"))
    assert list(found) == [*KEYS, "derivation"]
    assert found["derivation"][0]["names"] == "force_reduction ÷ force_strength"
    assert "880,000 persons" in answer("explain", "force_reduction_share")


@pytest.mark.parametrize("what", ["numbers", "texts", "provisions", "points"])
def test_lists_are_tables_and_json(what: str, answer: Any) -> None:
    rows = json.loads(answer("list", what, "--json"))
    assert rows and isinstance(rows[0], dict)
    assert len(answer("list", what).splitlines()) > len(rows)


def test_list_points_covers_all_28(answer: Any) -> None:
    places = {row["point"].split()[0] for row in json.loads(answer("list", "points", "--json"))}
    assert places == {str(n) for n in range(29)}  # point 0 is the count of points


def test_inputs_sources_and_facts(answer: Any) -> None:
    assert {row["name"] for row in json.loads(answer("list", "--inputs", "--json"))} >= {"force_cap", "deposit_rate"}
    quotes = [row["quote"] for row in json.loads(answer("sources", "force_cap", "--json"))]
    assert any("600,000" in quote for quote in quotes)
    assert all("euroclear" in json.dumps(row).lower() for row in json.loads(answer("facts", "Euroclear", "--json"))[:3])
    assert "600,000" in answer("sources", "force_cap")
    assert "0 facts" in answer("facts", "no such word anywhere")


def test_scenario_file_and_what_is_typed_wins(tmp_path: Path, answer: Any) -> None:
    path = tmp_path / "low.toml"
    path.write_text('text = "us28"\nas_of = 2025-11-21\n[values]\nvehicle_return = "2 %/year"\nforce_cap = 700000\n')
    assert json.loads(answer("run", "force_reduction", "--json", "--scenario", str(path)))["value"] == 180_000
    typed = answer("run", "force_reduction", "--json", "--scenario", str(path), "--set", "force_cap=800000")
    assert json.loads(typed)["value"] == 80_000
    assert json.loads(answer("run", "vehicle_return", "--json", "--scenario", str(path)))["basis"] == "set"


def test_output_goes_to_a_file_and_never_over_one(tmp_path: Path, answer: Any, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "one.json"
    assert answer("run", "force_reduction", "--output", str(path)) == ""
    assert json.loads(path.read_text(encoding="utf-8"))["value"] == 280_000
    assert main(["run", "force_cap", "--output", str(path)]) == 2
    assert "exists" in capsys.readouterr().err and json.loads(path.read_text(encoding="utf-8"))["name"] == "force_reduction"
    assert main(["run", "force_cap", "--output", str(path), "--force"]) == 0
    assert json.loads(path.read_text(encoding="utf-8"))["name"] == "force_cap"


def test_factsheet_follows_suffix_and_all_fills_a_folder(tmp_path: Path, answer: Any) -> None:
    answer("factsheet", "force_cap", "--output", str(tmp_path / "a.html"))
    assert (tmp_path / "a.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert answer("factsheet", "force_cap").startswith("# ")
    answer("factsheet", "--all", "--output-dir", str(tmp_path / "new" / "sheets"), "--format", "html")
    assert {p.stem for p in (tmp_path / "new" / "sheets").iterdir()} == {"force_cap", "asset_vehicle", "immobilised_assets", "znpp"}


def test_interrupted_is_130(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ukraineplan.plan.load", stop)
    assert main(["run", "force_reduction"]) == 130
    assert capsys.readouterr().err.count("\n") == 1


def test_a_reader_that_leaves_early_is_no_error() -> None:
    listing = subprocess.Popen([sys.executable, "-m", "ukraineplan", "facts"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert listing.stdout and listing.stderr
    listing.stdout.read(10)
    listing.stdout.close()
    listing.wait(60)
    assert listing.stderr.read() == b""
    listing.stderr.close()


def test_version_and_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("ukraineplan ")
    assert main(["run", "--help"]) == 0
