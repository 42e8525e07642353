"""The wheel, as a stranger meets it: built, installed into an empty environment, run far from any checkout.

What this catches: evidence, templates or units left out of the wheel, a dependency that nobody declared, a command that works
only because the checkout lies beside it. The wheel is built from a copy, and the copy is gone before the wheel is used.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

import ukraineplan

ROOT: Final = Path(__file__).parents[1]
LEFT_BEHIND: Final = shutil.ignore_patterns(".git", ".venv*", "venv", "__pycache__", ".*_cache", ".hypothesis", "dist", "build")

Run = Callable[..., subprocess.CompletedProcess[str]]

pytestmark = pytest.mark.wheel


def succeed(*command: str | Path, cwd: Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command that has to succeed, and tell what it said where it does not."""
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env=env, capture_output=True, text=True, encoding="utf-8", stdin=subprocess.DEVNULL
    )
    assert done.returncode == 0, f"{' '.join(map(str, command))}\n{done.stdout}\n{done.stderr}"
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy of the checkout that no longer exists."""
    folder = tmp_path_factory.mktemp("wheel")
    copy = Path(shutil.copytree(ROOT, folder / "copy", ignore=LEFT_BEHIND))
    succeed(sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder, copy, cwd=folder)
    shutil.rmtree(copy)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run Python in an environment that holds the wheel and what it asks for, in an empty folder."""
    folder = tmp_path_factory.mktemp("elsewhere")
    succeed(sys.executable, "-m", "venv", folder / ".venv", cwd=folder)
    scripts = folder / ".venv" / ("Scripts" if os.name == "nt" else "bin")
    succeed(scripts / "python", "-m", "pip", "install", "-q", "-c", ROOT / "constraints.txt", wheel, cwd=folder)
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "VIRTUAL_ENV", "COV_"))}

    def run(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return succeed(scripts / program, *arguments, cwd=folder, env=clean | {"PYTHONUTF8": "1"})

    return run


def test_everything_is_inside(wheel: Path) -> None:
    """Catches a file of the evidence or of the package that does not travel, and one that should not."""
    with zipfile.ZipFile(wheel) as archive:
        inside = {name: archive.read(name) for name in archive.namelist() if ".dist-info/" not in name}
    expected = {f"ukraineplan/_datasets/{p.relative_to(ROOT / 'datasets').as_posix()}": p for p in (ROOT / "datasets").rglob("*")}
    expected |= {p.relative_to(ROOT).as_posix(): p for p in (ROOT / "ukraineplan").rglob("*") if "__pycache__" not in p.parts}
    expected = {name: path for name, path in expected.items() if path.is_file()}
    assert {"ukraineplan/units.txt", "ukraineplan/py.typed", "ukraineplan/_datasets/datapackage.json"} <= inside.keys()
    assert any(name.endswith(".j2") for name in inside)
    assert sorted(inside) == sorted(expected)
    assert [name for name, path in expected.items() if path.read_bytes() != inside[name]] == []


def test_licence_travels(wheel: Path) -> None:
    """Catches a wheel that does not say under which terms its code and its data may be used."""
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [n for n in archive.namelist() if n.endswith("licenses/LICENSE")]
        assert archive.read(name) == (ROOT / "LICENSE").read_bytes()


def test_package_is_the_installed_one(installed: Run) -> None:
    """Catches a library or evidence that is read from somewhere else."""
    code = "import ukraineplan; from ukraineplan.evidence import datasets_folder; print(ukraineplan.__file__, datasets_folder())"
    for path in installed("python", "-c", code).stdout.split():
        assert re.search(r"elsewhere\d+.\.venv\b.*\bsite-packages.ukraineplan\b", path)


def test_command_line_lists_and_runs(installed: Run) -> None:
    """Catches an entry point, a data file or a dependency that is missing."""
    assert "force_reduction" in installed("ukraineplan", "list").stdout
    found = json.loads(installed("ukraineplan", "run", "force_reduction", "--json").stdout)
    assert (found["value"], found["unit"]) == (280_000, "person")
    assert found["sources"]


def test_fact_sheet_is_written(installed: Run, tmp_path: Path) -> None:
    """Catches templates that do not travel, and `python -m ukraineplan` that does not start."""
    sheet = tmp_path / "x.html"
    installed("python", "-m", "ukraineplan", "factsheet", "force_cap", "--output", str(sheet))
    text = sheet.read_text(encoding="utf-8")
    assert "280,000" in text
    assert text.rstrip().endswith("</html>")


def test_one_version() -> None:
    """Catches a release in which the citation or the changelog speaks of another version."""
    version = re.escape(ukraineplan.__version__)
    assert re.search(rf"^version: {version}$", (ROOT / "CITATION.cff").read_text(encoding="utf-8"), re.MULTILINE)
    assert re.search(rf"^## \[?{version}\b", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
