"""The shape of the house: imports point down, provisions stay plain, start-up stays light, nothing is private to a machine.

What these catch: a report that a formula comes to need, a circle of modules, a function borrowed by its private name,
an `import pandas` that everybody pays for, an address that works on one machine only.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

import pytest

ROOT: Final = Path(__file__).parents[1]
PACKAGE: Final = ROOT / "ukraineplan"
NAME: Final = PACKAGE.name

ORDER: Final = (
    "errors", "units", "words", "years", "provisions", "dates", "names", "quadrature", "distributions", "evidence", "specs",
    "texts", "parameters", "resolving", "trace", "unrolled", "inference", "untraced", "formula", "graph", "tape", "library",
    "intervals", "bounds", "lines", "roots", "explain", "explanation", "number", "plan", "loading", "output", "scenario",
    "uncertainty", "analysis", "report", "testing", "strategies", "interop", "terminal", "cli", "__main__",
)  # fmt: skip
"""A module or package may import only from those before it; docs/decisions/0001 says why each one exists."""

NO_START_UP: Final = ("numpy", "pandas", "scipy", "pint", "pydantic", "jinja2", "matplotlib")
"""Each takes longer to import than the whole of the library."""

PLACES: Final = re.compile(r"(?<![\w.])/(?:work|root|home|Users|mnt)/|\bC:\\", re.IGNORECASE)
HOSTS: Final = re.compile(
    r"\b(?:pypi|pythonhosted|npmjs|(?:deb|ftp|security)\.debian|anaconda)\.(?:org|com)\b|--(?:extra-)?index-url", re.IGNORECASE
)


class Import(NamedTuple):
    """One import: where it stands, whether it runs, and the module it asks, or a name in that."""

    file: str
    line: int
    runs: bool
    module: str
    name: str | None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


MODULES: Final = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


def imports(module: str) -> Iterator[Import]:
    """Every import of a module, inside functions and for type checkers too; relative ones spelled out."""
    path = MODULES[module]
    parents = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
    file = str(path.relative_to(ROOT))
    blocks = [n for n in ast.walk(tree(module)) if isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING"]
    typing = {n for block in blocks for n in ast.walk(block)}
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            yield from (Import(file, node.lineno, node not in typing, alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = parents[: len(parents) - node.level + 1] if node.level else []
            source = ".".join([*above, *filter(None, [node.module])])
            for alias in node.names:
                inside = f"{source}.{alias.name}"
                named = (inside, None) if inside in MODULES else (source, alias.name)
                yield Import(file, node.lineno, node not in typing, *named)


def room(module: str) -> str:
    """The module or package directly under the library: 'report' for 'ukraineplan.report.charts'."""
    return module.split(".")[1] if "." in module else ""


INSIDE: Final = sorted(set(MODULES) - {NAME})


def test_every_module_has_a_place_in_the_order() -> None:
    """Catches a new module that nobody has decided about."""
    strangers = {room(m) for m in INSIDE} - set(ORDER)
    assert not strangers, f"give a place in ORDER, and a sentence in docs/decisions/, to: {', '.join(sorted(strangers))}"


@pytest.mark.parametrize("module", INSIDE)
def test_imports_point_down(module: str) -> None:
    """Catches an import from a floor above, wherever in the file it hides; the front door `__init__` alone may look up."""
    floor = ORDER.index(room(module))
    for found in imports(module):
        if found.module == NAME:
            assert found.name == "__version__", f"{found}: ask the module that has '{found.name}', not the front door"
        elif found.module.startswith(f"{NAME}."):
            asked = room(found.module)
            assert asked == room(module) or ORDER.index(asked) < floor, f"{found}: '{room(module)}' stands below '{asked}'"


def test_no_import_goes_in_a_circle() -> None:
    """Catches circles inside one package (analysis, report), where the order of floors says nothing; types may go in one."""
    needs = {m: {i.module for i in imports(m) if i.runs and i.module in MODULES and i.module != m} for m in INSIDE}
    while ends := {m for m, below in needs.items() if not below} | (needs.keys() - set().union(*needs.values())):
        needs = {m: below - ends for m, below in needs.items() if m not in ends}
    assert not needs, f"these import each other: {', '.join(sorted(needs))}"


@pytest.mark.parametrize("module", [m for m in INSIDE if room(m) == "provisions"])
def test_provisions_know_little(module: str) -> None:
    """Catches a formula that reads data, formats words or looks into a plan."""
    allowed = {"numpy", f"{NAME}.units", f"{NAME}.years"}
    for found in imports(module):
        assert found.module in allowed, f"{found}: a provision sees numpy, units and years, not '{found.module}'"


@pytest.mark.parametrize("module", sorted(MODULES))
def test_private_names_stay_home(module: str) -> None:
    """Catches a function borrowed by its private name, imported or reached through its module."""
    known = {}
    for found in imports(module):
        if found.module.startswith(NAME):
            assert not (found.name or "").startswith("_") or found.name == "__version__", f"{found}: '{found.name}' is private"
            if found.name is None:
                known[found.module.rpartition(".")[2]] = found
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in known:
            private = node.attr.startswith("_") and not node.attr.startswith("__")
            assert not private, f"{MODULES[module].relative_to(ROOT)}:{node.lineno}: '{node.value.id}.{node.attr}' is private"


@pytest.mark.parametrize("module", sorted(MODULES))
def test_whatever_is_public_says_what_it_is(module: str) -> None:
    """Catches a public module, class, function or method without a docstring."""
    assert ast.get_docstring(tree(module)), f"{module} has no docstring"
    for where, node in public(tree(module)):
        assert ast.get_docstring(node), f"{MODULES[module].relative_to(ROOT)}:{node.lineno}: {where} has no docstring"


def public(scope: ast.Module | ast.ClassDef, prefix: str = "") -> Iterator[tuple[str, ast.FunctionDef | ast.ClassDef]]:
    """Public classes, functions and methods, with their names."""
    for node in scope.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield prefix + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from public(node, f"{prefix}{node.name}.")


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("import ukraineplan", id="import"),
        pytest.param("import ukraineplan; dir(ukraineplan); ukraineplan.__version__", id="dir"),
        pytest.param("from ukraineplan.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass", id="help"),
    ],
)
def test_start_up_is_light(code: str) -> None:
    """Catches a heavy import at the front door: everybody who types `ukraineplan --help` would wait for it."""
    look = f"import sys\n{code}\nprint('loaded:', *sorted(set({NO_START_UP!r}) & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1].split() == ["loaded:"]


def kept() -> Iterator[Path]:
    """The files of the project that people wrote, without the evidence (whose quotes and addresses are others')."""
    yield from (p for p in ROOT.iterdir() if p.is_file())
    for folder in ("ukraineplan", "tests", "docs", "examples", ".ci"):
        yield from (p for p in (ROOT / folder).rglob("*") if p.is_file() and "__pycache__" not in p.parts)


def test_nothing_is_tied_to_one_machine() -> None:
    """Catches a path or a package index that exists on one machine only."""
    for path in kept():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for number, line in enumerate(text.splitlines(), 1):
            found = PLACES.search(line) or HOSTS.search(line)
            assert not found, f"{path.relative_to(ROOT)}:{number}: names '{found[0] if found else ''}'"


@pytest.mark.parametrize(
    ("line", "caught"),
    [
        ("cd /" + "home/me/plan", True),
        ("see /" + "work/x", True),
        ("py" + "pi.org", True),
        ("pip install --" + "index-url X", True),
        ("/usr/bin/chromium", False),
        ("docs/work/home.md", False),
        ("https://example.org/home/page", False),
    ],
)
def test_the_two_patterns_see_what_they_should(line: str, caught: bool) -> None:
    """Catches a pattern that no longer matches anything."""
    assert bool(PLACES.search(line) or HOSTS.search(line)) is caught
