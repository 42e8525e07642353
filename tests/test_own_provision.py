"""A fifth provision takes exactly three files: its data, its formulas, its test; and a folder of one's own does too."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

import ukraineplan as up

ROOT: Final = Path(__file__).parents[1]

FILES: Final = {
    "datasets/parameters/toll.toml": '''
[provision]
title = "A toll on the cap"
points = { us28 = ["6"] }
headline = "If the toll is {toll_per_person}, then {toll_due} is due."
key = ["toll_due"]

[toll_per_person]
label = "Toll for each person above the ceiling"
unit = "USD/person"
role = "uncertainty"
value = 1000
range = [500, 2000]
range_because = "Half and twice the middle."
assumption = "A toy, to show how a provision is added."
''',
    "ukraineplan/provisions/toll.py": '''
"""A toy provision."""

from ukraineplan.units import BillionUSD, BillionUSDPerPerson, Persons


def toll_due(force_reduction: Persons, toll_per_person: BillionUSDPerPerson) -> BillionUSD:
    """Toll on persons above the ceiling"""
    return force_reduction * toll_per_person
''',
    "tests/test_toll.py": '''
"""The toy provision by hand: 280,000 persons at $1,000."""

import pytest

import ukraineplan as up


def test_toll_due() -> None:
    assert up.load()["toll_due"].value == pytest.approx(0.28, rel=1e-12)
''',
}
COVERED: Final = '''
import ukraineplan as up
plan = up.load()
assert "toll" in up.provisions().index
assert "toll_due" in plan.explain("toll_due").derivations[0].line.name
assert [row.name for row in up.tornado(plan, "toll_due").rows][0] in ("toll_per_person", "force_strength")
assert up.bounds(plan, "toll_due").method == "proven"
assert "Toll on persons above the ceiling" in str(up.fact_sheet(plan, "toll"))
assert "toll_per_person" in plan.table("toll").index
'''


def test_three_files_and_nothing_else_add_a_provision(tmp_path: Path) -> None:
    """In a copy of the project: the new files are all that changes, and everything covers the new number."""
    for folder in ("ukraineplan", "datasets"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "tests").mkdir()
    for name, content in FILES.items():
        assert not (tmp_path / name).exists()
        (tmp_path / name).write_text(content, encoding="utf-8")
    assert len(FILES) == 3
    environment = os.environ | {"PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    for command in (["-c", COVERED], ["-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/test_toll.py"],
                    ["-m", "ukraineplan", "run", "toll_due", "--json"]):  # fmt: skip
        done = subprocess.run([sys.executable, *command], cwd=tmp_path, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
def extra(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        if not name.startswith("tests"):
            path = tmp_path / Path(name).parent.name / Path(name).name
            path.parent.mkdir()
            path.write_text(content, encoding="utf-8")
    return tmp_path


def test_a_folder_of_ones_own_does_the_same(extra: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from ukraineplan.cli import main

    plan = up.load(extra=extra)
    assert plan["toll_due"].value == pytest.approx(0.28)
    assert plan["toll_due"].sentence == "If the toll is $1,000 a person, then $0.28bn is due."
    assert "toll_due" not in up.load(), "a folder of one's own stays in its own plans"
    assert main(["run", "toll_due", "--extra", str(extra), "--set", "toll_per_person=2000"]) == 0
    assert "$0.560bn" in capsys.readouterr().out


def test_own_facts_come_with_the_folder(extra: Path) -> None:
    header = (ROOT / "datasets/facts/demobilisation.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    row = dict.fromkeys(header, "") | {
        "id": "toll_2025", "topic": "toll", "statement": "A toll", "value": "1200", "unit": "USD/person", "as_of": "2025-01-01",
        "public_since": "2025-01-02", "public_since_basis": "release", "quote": "a toll of 1200", "lang": "en",
        "source": "toll-office-2025", "status": "official-statement", "verification": "exact",
    }  # fmt: skip
    (extra / "facts").mkdir()
    (extra / "facts" / "toll.csv").write_text(",".join(header) + "\n" + ",".join(row[h] for h in header) + "\n", encoding="utf-8")
    (extra / "sources.json").write_text(
        '[{"id": "toll-office-2025", "type": "webpage", "title": "Tolls", "publisher": "Toll Office",'
        ' "URL": "https://example.org/tolls", "language": "en", "custom": {"quality": "official", "terms": "quoted briefly"}}]',
        encoding="utf-8",
    )
    path = extra / "parameters" / "toll.toml"
    text = path.read_text(encoding="utf-8").replace('assumption = "A toy, to show how a provision is added."', 'facts = ["toll_2025"]')
    path.write_text(text.replace("value = 1000\n", ""), encoding="utf-8")
    number = up.load(extra=extra)["toll_per_person"]
    assert (number.value, number.basis, number.sources[0].source.publisher) == (1200, "sourced", "Toll Office")
