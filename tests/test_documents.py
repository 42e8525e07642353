"""What documents and examples show is what the library does: their code runs, their output is its output.

Catches a README that promises a name, a number or a message that the library no longer has.
"""

import doctest
import os
import re
import runpy
import shlex
from pathlib import Path
from typing import Final

import pytest

import ukraineplan as up
from ukraineplan.cli import main

ROOT: Final = Path(__file__).parents[1]
DOCUMENTS: Final = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
EXAMPLES: Final = sorted((ROOT / "examples").glob("*.py"))


def blocks(path: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\s*\n(.*?)^```", path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def sessions(path: Path) -> list[tuple[str, str]]:
    """Each command of the console blocks of a document, with the output shown beneath it."""
    found = []
    for block in blocks(path, "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output.strip("\n")))
    return found


NEEDS: Final = {"peers.md": "ema_workbench"}
"""What the code of a page needs beside the library and its tests."""

WITH_CODE: Final = [path for path in DOCUMENTS if blocks(path, "python")]
COMMANDS: Final = [(path, *session) for path in DOCUMENTS for session in sessions(path)]


@pytest.mark.filterwarnings("ignore:The inplace keyword in DataFrame.drop:DeprecationWarning")  # ema_workbench 2.5.3
@pytest.mark.parametrize("path", WITH_CODE, ids=lambda path: path.name)
def test_code_of_a_document_runs(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if path.name in NEEDS:
        pytest.importorskip(NEEDS[path.name], reason=f"{path.name} shows it: pip install '.[peers]'")
    monkeypatch.chdir(tmp_path)
    space: dict[str, object] = {"__name__": "document"}
    for block in blocks(path, "python"):
        exec(compile(block, path.name, "exec"), space)


@pytest.mark.parametrize("path", [p for p in DOCUMENTS if blocks(p, "pycon")], ids=lambda path: path.name)
def test_session_of_a_document_answers_what_it_shows(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a sentence or a figure in the documents that the library no longer says."""
    monkeypatch.chdir(tmp_path)
    session = "\n".join(blocks(path, "pycon"))
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    test = doctest.DocTestParser().get_doctest(session, {}, path.name, str(path), 0)
    told: list[str] = []
    doctest.DocTestRunner(optionflags=flags).run(test, out=told.append)
    assert test.examples
    assert told == [], "".join(told)


def test_figures_of_the_documents_are_drawn_by_their_script(tmp_path: Path) -> None:
    """Catches a figure that nobody can draw again, one that no page shows, and one that a page misses."""
    script = runpy.run_path(str(ROOT / "docs" / "make_figures.py"))
    names = {f"{name}.svg" for name in script["FIGURES"]}
    assert {path.name for path in (ROOT / "docs" / "figures").iterdir()} == names
    shown = {name for path in DOCUMENTS for name in re.findall(r"\(figures/([\w.]+)\)", path.read_text(encoding="utf-8"))}
    assert shown == names
    script["main"](tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == names


@pytest.mark.parametrize("path, command, shown", COMMANDS, ids=lambda value: str(value)[:40])
def test_console_shows_what_the_command_prints(
    path: Path, command: str, shown: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    program, *arguments = shlex.split(command)
    assert program == "ukraineplan"
    main(arguments)
    out, err = capsys.readouterr()
    pattern = re.escape(shown).replace(re.escape("..."), ".*")
    assert re.fullmatch(pattern, (out + err).strip("\n"), re.DOTALL), f"{path.name}: {command} prints\n{out}{err}"


def test_readme_shows_a_real_fact_sheet() -> None:
    """The excerpt stands word for word in the Markdown sheet."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    excerpt = re.search(r"<!-- from the fact sheet -->\n(.*?)\n<!-- end -->", readme, re.DOTALL)
    assert excerpt, "README.md has no excerpt between its marks"
    assert excerpt[1].strip() in str(up.fact_sheet(up.load(), format="markdown"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_example_runs(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(os.environ, "MPLBACKEND", "Agg")
    runpy.run_path(str(path))
    assert capsys.readouterr().out.strip()
    assert path.read_text(encoding="utf-8").startswith("# %% [markdown]"), "examples are percent-format scripts"


def test_worked_example_of_contributing(tmp_path: Path) -> None:
    """The three files that CONTRIBUTING.md shows work as they stand, and the test in it passes."""
    path = ROOT / "CONTRIBUTING.md"
    (data,), (module, test) = blocks(path, "toml"), blocks(path, "python")
    name = re.search(r"`datasets/parameters/(\w+)\.toml`", path.read_text(encoding="utf-8"))
    assert name
    for folder, suffix, text in (("parameters", "toml", data), ("provisions", "py", module)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / f"{name[1]}.{suffix}").write_text(text, encoding="utf-8")
    plan = up.load("us28", extra=tmp_path)
    space: dict[str, object] = {}
    exec(compile(test.replace("import ukraineplan as up", ""), path.name, "exec"), space)
    space["up"] = Loads(plan)
    tests = [f for n, f in space.items() if n.startswith("test_") and callable(f)]
    assert tests
    for each in tests:
        each()


class Loads:
    """Stands for the library in the test of CONTRIBUTING.md: its plan has the three files."""

    def __init__(self, plan: up.Plan) -> None:
        self.plan = plan

    def load(self, text: str) -> up.Plan:
        assert text == self.plan.text
        return self.plan
