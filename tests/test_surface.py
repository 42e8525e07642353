"""The whole public surface: what is built, what the design still holds, and nothing else.

The tables below are the surface. A name is `built` (it exists, with exactly this signature), `later` (the design has it, and
it must not exist before its row says so) or `beyond` (built, not in the design, with the reason behind `#`). What the tests
catch: a name, an argument, a default, a flag, a key or a column that changes under people who rely on it.
"""

import csv
import importlib
import importlib.util
import inspect
import json
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple, get_args

import pytest

import ukraineplan as up
from ukraineplan import errors
from ukraineplan.cli import main
from ukraineplan.evidence import datasets_folder
from ukraineplan.scenario import Scenario
from ukraineplan.specs import ParameterSpec, Provision, Role
from ukraineplan.texts import Clause, Coverage, Text

# `also` of sample and sobol, which the design has in words alone, names the levers and conventions to draw too.
FRONT: Final = """
built   load(text='us28', *, as_of=None, extra=None)
built   texts()
built   provisions()
built   sources()
built   facts(word=None, *, topic=None, text=None)
built   coverage(text='us28')
built   Plan
built   Number
built   Parameter
built   bounds(plan, target)
built   tornado(plan, target)
built   fact_sheet(plan, provision=None, *, format='html', language='en')
built   sample(plan, targets=None, *, draws=16384, seed=0, method='sobol', sources='leading', also=(), executor=None,
               progress=None)
built   sobol(plan, target, *, method='auto', sources='leading', also=(), draws=16384, seed=0)
built   switching_value(plan, target, value, *, over)
built   frontier(plan, target, *, over)
built   compare(a, b, targets=None, *, as_of=None)
built   decompose(a, b, target, *, as_of=None)
later   check_claim(claim, *, text=None, as_of=None)
later   validate()
later   assumptions_log(plan, target)
later   workbook(plan, path)
later   live_page(plan, targets, path)
"""

PLAN: Final = """
built   text
built   as_of
built   parameters
built   formulas
built   table(provision=None)
built   to_frame()
built   explain(name)
built   with_values(**values)
built   with_formula(function, *, traced=True)  # a function beyond the vocabulary runs untraced, and says so
built   with_parameter(parameter)
"""

NUMBER: Final = """
built   name
built   label
built   value
built   low
built   high
built   unit
built   display
built   basis
built   reason
built   text
built   as_of
built   sources
built   years
built   quantity
built   m_as(unit)
built   sentence
built   explain()
built   cite()
built   to_frame()
beyond  required     # the value where an analysis has to have one, else NotStated
beyond  plan         # a number explains itself, so it knows the plan it stands in
beyond  shown        # of a yearly number: value, low and high of the year that tables take
beyond  shown_value  # the first of them, without computing the other two
beyond  when         # the calendar year that a yearly number is shown at
beyond  span         # low to high for people, as `display` is the value for people
"""

PARAMETER: Final = """
built   name
built   label
built   role
built   unit
built   value
built   range
built   limits
built   choices
built   whole
built   facts
built   competing
built   assumption
"""

SHEET: Final = """
built   save(path, *, force=False)
"""

RESULT: Final = """
built   to_frame()
built   sentence
built   method
built   error
built   plot()
"""

COMMANDS: Final = """
built   list         --text --as-of --set --scenario --extra --json --output --force --inputs
built   run          --text --as-of --set --scenario --extra --json --output --force
built   explain      --text --as-of --set --scenario --extra --json --output --force
built   sources      --text --as-of --set --scenario --extra --json --output --force
built   facts        --text --as-of --json --output --force
built   factsheet    --text --as-of --set --scenario --extra --output --force --all --output-dir --format --language
built   sensitivity  --text --as-of --set --scenario --extra --json --output --force --draws --seed --method --also
built   compare      --as-of --set --scenario --extra --json --output --force
later   claim        --text --as-of --set --scenario --extra --json --output --force --examples
later   assumptions  --text --as-of --set --scenario --extra --json --output --force
later   workbook     --text --as-of --set --scenario --extra --output --force
later   live         --text --as-of --set --scenario --extra --output --force
later   validate     --json --output --force
later   check        --text --as-of --extra --json
"""

LISTS: Final = ("texts", "provisions", "numbers", "points")

ERRORS: Final = {
    "DataError": (), "UnknownName": (KeyError,), "UnitError": (ValueError,), "FormulaError": (), "InvalidValue": (ValueError,),
    "NotStated": (), "OutputError": (), "MissingExtra": (ImportError,), "NotTraceable": (),
}  # fmt: skip
"""The children of PlanError, and what else each is, so that code which expects Python's own errors works."""

KINDS: Final = {"NotTraceable": errors.FormulaError}
"""Errors that are a kind of another one: a formula that runs untraced, if it is asked to."""

JSON_KEYS: Final = (
    "schema_version", "name", "label", "value", "low", "high", "unit", "display", "basis", "reason", "text", "as_of", "years",
    "sources",
)  # fmt: skip

FACT_COLUMNS: Final = (
    "id,topic,text,statement,value,value_text,low,high,low_high,unit,as_of,public_since,public_since_basis,quote,lang,quote_en,"
    "source,locator,status,verification,derivation,derivation_note,superseded_by,remark"
)

KEYS: Final = {
    Provision: """
built   title
built   points
built   headline
built   not_modelled
built   show_year
beyond  key             # which numbers the first page shows, in which order
beyond  silent_on       # what the clause leaves open, printed beside its quote
""",
    ParameterSpec: """
built   label
built   role
built   unit
built   value
built   range
built   limits
built   whole
built   choices
built   facts
built   competing
built   benchmarks
built   assumption
built   review_by
built   distribution
beyond  calendar        # a wait that follows from a rule about weekdays, sessions or calendar years
beyond  if_removed      # what a text that removes the clause leaves: zero of an amount or a share
beyond  range_because   # the reason for an end of the range that is a number, which the design asks for
beyond  derivation      # arithmetic on facts where no single fact is the value
beyond  choice_labels   # a convention's labels in words
beyond  note            # the traps that a reader of the number has to know
beyond  together        # shares of one whole, which cannot add up to more than it
beyond  together_at_most  # the whole of `together`
""",
    Clause: """
built   point
built   summary
built   facts
built   coverage
built   sets
built   removed
built   open
built   unknown
beyond  beside          # documents beside the text, whose terms can be chosen and never stand by themselves
beyond  because         # a lever's own reason where the clause's does not say it
beyond  subjects        # the points of the 28-point draft that it takes up
beyond  letter          # a point with several sentences has a row for each
beyond  standing        # what kind of copy its wording comes from
beyond  reason          # why it computes or does not
beyond  provision       # what computes it, or would
beyond  variants        # how copies differ
""",
    Text: """
built   title
built   date
built   clause
beyond  description     # one sentence on where the text comes from
beyond  undated         # no text stands behind it, so that it takes the other side's date
beyond  companion       # it completes the 28-point draft, and has no column beside it
beyond  silent          # the state of a lever that no clause mentions
beyond  silence         # and its reason
beyond  not_stated      # reasons of single levers on which the text is silent
beyond  unknown         # and of those whose wording was not seen
beyond  elsewhere       # the reason of a point of the 28-point draft that no clause takes up
beyond  elsewhere_coverage  # and its coverage
beyond  grid            # the same of single points
beyond  subjects        # what the points of the 28-point draft are about
beyond  front           # the provisions whose numbers stand on the first page of its sheet
beyond  chosen          # filled in by `load("dec20:option_a")`
""",
    Scenario: """
built   text
built   as_of
built   values
""",
}
"""The keys that data files may have; `name`, `provision` and `id` come from the table and the file itself."""

SUBMODULES: Final = """
later   testing
later   strategies
built   interop
beyond  distributions   # the shapes a user gives a parameter of their own: uniform, triangular, pert, normal, lognormal
"""

TEXTS: Final = ("early400", "us28", "us28_security", "e3_reuters", "e3_wapo", "geneva19", "dec20", "status_quo")


class Row(NamedTuple):
    """One line of a table."""

    mark: str
    rest: str
    reason: str

    @property
    def built(self) -> bool:
        return self.mark != "later"


def rows(table: str) -> dict[str, Row]:
    """A table by name."""
    found = {}
    for line in re.sub(r"\n {9,}", " ", table).strip().splitlines():
        entry, _, reason = line.partition("#")
        match = re.fullmatch(r"(built|later|beyond)\s+(\w+)(.*)", entry.strip())
        assert match, f"not a row of the surface: {line}"
        found[match[2]] = Row(match[1], match[3].strip(), reason.strip())
    return found


def names(table: str, built: bool = True) -> list[str]:
    return [name for name, row in rows(table).items() if row.built is built]


def signature(function: Callable[..., Any]) -> str:
    """Names, kinds and defaults of the arguments, without annotations."""
    found = inspect.signature(function)
    bare = [p.replace(annotation=p.empty) for p in found.parameters.values()]
    return str(found.replace(parameters=bare, return_annotation=found.empty))


def check_members(thing: object, table: str, inherited: type = object) -> None:
    """Exactly the members of a table, methods with their signatures, the rest without call brackets."""
    found = {n for n in dir(thing) if not n.startswith("_")} - set(dir(inherited))
    assert sorted(found) == sorted(names(table))
    for name, row in rows(table).items():
        if row.built:
            member = getattr(thing, name)
            assert (signature(member) if inspect.isroutine(member) else "") == row.rest, name


@pytest.fixture(scope="module")
def plan() -> up.Plan:
    return up.load()


# ------------------------------------------------------------------------------------------------------
# Names


@pytest.mark.parametrize("table", [FRONT, PLAN, NUMBER, PARAMETER, SHEET, RESULT, SUBMODULES, *KEYS.values()])
def test_what_the_design_does_not_have_gives_its_reason(table: str) -> None:
    """Catches a name that enters without a reason."""
    assert [name for name, row in rows(table).items() if row.mark == "beyond" and not row.reason] == []


def test_front_door_lists_what_is_built() -> None:
    """Catches a public name that is in no table, and a row for a name that does not exist."""
    expected = sorted([*names(FRONT), "PlanError", *ERRORS])
    assert sorted(up.__all__) == expected
    assert [n for n in dir(up) if not n.startswith("_")] == expected


@pytest.mark.parametrize("name", [n for n, row in rows(FRONT).items() if row.built and row.rest])
def test_functions_have_their_signature(name: str) -> None:
    """Catches an argument that is renamed, moved, added or given another default."""
    assert signature(getattr(up, name)) == rows(FRONT)[name].rest


@pytest.mark.parametrize("name", names(FRONT, built=False))
def test_later_names_do_not_exist(name: str) -> None:
    """Catches a name that came without its row in the table, and the tests that a new name needs."""
    with pytest.raises(AttributeError, match=name):
        getattr(up, name)


@pytest.mark.parametrize("name", names(SUBMODULES, built=False))
def test_later_submodules_do_not_exist(name: str) -> None:
    """Catches the same for submodules."""
    assert importlib.util.find_spec(f"ukraineplan.{name}") is None


def test_functions_survive_modules_of_the_same_name() -> None:
    """Catches `up.texts` turning from a function into a module once `ukraineplan.texts` has been imported."""
    code = f"""
import importlib, pkgutil, types
import ukraineplan as up
up.load()
for module in pkgutil.walk_packages(up.__path__, "ukraineplan."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
print("modules:", *(n for n in {names(FRONT)} if isinstance(getattr(up, n), types.ModuleType)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["modules:"]


def test_plan_has_its_members(plan: up.Plan) -> None:
    """Catches a member that changes or that nobody listed; a plan is a mapping beside."""
    assert isinstance(plan, Mapping)
    check_members(plan, PLAN, Mapping)


@pytest.mark.parametrize("name", ["us_profit_share", "force_reduction", "us_profit", "profit_base"])
def test_number_has_its_members(plan: up.Plan, name: str) -> None:
    """Catches the same for numbers: parameters, formulas, yearly numbers and conventions alike."""
    found = {n for n in dir(type(plan[name])) if not n.startswith("_")} | set(vars(plan[name]))
    assert sorted(found) == sorted(names(NUMBER))
    for member, row in rows(NUMBER).items():
        if row.rest:
            assert signature(getattr(plan[name], member)) == row.rest


def test_parameter_has_its_members(plan: up.Plan) -> None:
    """Catches a member of the design that is missing; what else it holds may change."""
    for name in names(PARAMETER):
        assert hasattr(plan.parameters["us_profit_share"], name)


def test_sheet_and_results_have_their_members(plan: up.Plan) -> None:
    """Catches an analysis without a method, an error or a table of its own."""
    sheet = up.fact_sheet(plan, "force_cap")
    for name, row in rows(SHEET).items():
        assert signature(getattr(sheet, name)) == row.rest
    switching = up.switching_value(plan, "force_reduction", 200_000, over="force_cap")
    results = (
        up.bounds(plan, "force_reduction"), up.tornado(plan, "force_reduction"), up.sample(plan, "force_reduction", draws=64),
        up.sobol(plan, "force_reduction", draws=64), switching, switching.per_draw(draws=64),
        up.frontier(plan, "force_reduction", over={"force_cap": [600_000, 700_000]}),
    )  # fmt: skip
    for result in results:
        assert [n for n in rows(RESULT) if hasattr(result, n)] == names(RESULT), type(result).__name__


def test_errors_have_one_parent() -> None:
    """Catches an error that `except PlanError` would miss, or one that is no longer the ValueError it was."""
    found = {n: c for n, c in vars(errors).items() if inspect.isclass(c) and issubclass(c, Exception)}
    assert sorted(found) == sorted(["PlanError", *ERRORS])
    assert errors.PlanError.__bases__ == (Exception,)
    for name, others in ERRORS.items():
        assert found[name].__bases__ == (KINDS.get(name, errors.PlanError), *others)
        assert getattr(up, name) is found[name]


# ------------------------------------------------------------------------------------------------------
# The command line


class Ran(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run the command line in this process."""

    def ran(*arguments: str) -> Ran:
        try:
            code = main(list(arguments))
        except SystemExit as end:
            code = end.code
        out, err = capsys.readouterr()
        return Ran(int(code or 0), out, err)

    return ran


@pytest.mark.parametrize("name", names(COMMANDS))
def test_commands_have_their_flags(name: str, run: Callable[..., Ran]) -> None:
    """Catches a flag that goes, comes or is spelled anew."""
    code, out, _ = run(name, "--help")
    assert code == 0
    assert sorted(set(re.findall(r"(?<![\w-])--[a-z-]+", out)) - {"--help"}) == sorted(rows(COMMANDS)[name].rest.split())


@pytest.mark.parametrize("name", names(COMMANDS, built=False))
def test_later_commands_do_not_exist(name: str, run: Callable[..., Ran]) -> None:
    """Catches a command that came without its row."""
    assert run(name).code == 2
    assert name not in run("--help").out.split()


@pytest.mark.parametrize("what", LISTS)
def test_list_takes_its_four_words(what: str, run: Callable[..., Ran]) -> None:
    """Catches one of them going missing."""
    code, out, err = run("list", what)
    assert (code, err) == (0, "")
    assert out


def test_version_is_the_librarys(run: Callable[..., Ran]) -> None:
    """Catches a --version that tells something else."""
    code, out, _ = run("--version")
    assert code == 0
    assert up.__version__ in out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param(("run", "force_reduction"), 0, id="answered"),
        pytest.param(("run", "force_reduction", "--as-of", "2000-01-01"), 0, id="unset is an answer"),
        pytest.param(("run", "force_reductoin"), 2, id="unknown name"),
        pytest.param(("run", "force_reduction", "--set", "force_cap=5 USD"), 2, id="wrong unit"),
        pytest.param(("run", "force_reduction", "--as-of", "soon"), 2, id="no date"),
        pytest.param(("run", "force_reduction", "--scenario", "nowhere.toml"), 2, id="no such file"),
        pytest.param(("run",), 2, id="wrong usage"),
        pytest.param((), 2, id="no command"),
    ],
)
def test_exit_codes(arguments: tuple[str, ...], code: int, run: Callable[..., Ran]) -> None:
    """Catches a failure that a script would take for an answer, and the other way round."""
    done = run(*arguments)
    assert done.code == code, done.err
    assert bool(done.out) is (code == 0), "results on standard output alone"
    assert bool(done.err) is (code != 0), "messages on standard error alone"


def test_interrupted_is_130(run: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a traceback, or a 0, after Ctrl-C."""

    def interrupted(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(importlib.import_module("ukraineplan.loading"), "load", interrupted)
    done = run("run", "force_reduction")
    assert (done.code, done.out) == (130, "")
    assert "Traceback" not in done.err


@pytest.mark.parametrize("name", ["force_reduction", "us_profit_share", "us_profit", "profit_base"])
def test_json_has_its_keys_in_order(name: str, run: Callable[..., Ran]) -> None:
    """Catches a key that goes or comes: other programs read this."""
    found = json.loads(run("run", name, "--json").out)
    assert tuple(found) == JSON_KEYS
    assert (found["name"], found["text"], found["as_of"]) == (name, "us28", "2025-11-21")


def test_json_values_are_in_the_unit_of_formulas(run: Callable[..., Ran]) -> None:
    """Catches a share printed as 31.8 where a program expects 0.318."""
    found = json.loads(run("run", "force_reduction_share", "--json").out)
    assert found["unit"] == "share"
    assert found["value"] == pytest.approx(280 / 880)
    assert found["years"] is None


def test_json_of_a_yearly_number_lists_its_years(run: Callable[..., Ran]) -> None:
    """Catches values without the calendar years they belong to."""
    found = json.loads(run("run", "us_profit", "--json").out)
    assert found["years"] == list(range(2026, 2056))
    assert len(found["value"]) == len(found["low"]) == len(found["high"]) == 30


def test_json_of_an_unset_number_says_why(run: Callable[..., Ran]) -> None:
    """Catches a number that the evidence does not determine printed as 0, or without a reason."""
    found = json.loads(run("run", "force_reduction", "--as-of", "2000-01-01", "--json").out)
    assert (found["value"], found["low"], found["high"]) == (None, None, None)
    assert "2000-01-01" in found["reason"]


def test_scenario_file_has_text_vintage_and_values(run: Callable[..., Ran], tmp_path: Path) -> None:
    """Catches a scenario file that is read differently from what people wrote."""
    scenario = tmp_path / "higher.toml"
    scenario.write_text('text = "us28"\nas_of = 2025-12-31\n[values]\nforce_cap = 800_000\n', encoding="utf-8")
    found = json.loads(run("run", "force_cap", "--scenario", str(scenario), "--json").out)
    assert (found["value"], found["basis"], found["as_of"]) == (800_000, "set", "2025-12-31")
    scenario.write_text('txet = "us28"\n', encoding="utf-8")
    refused = run("run", "force_cap", "--scenario", str(scenario))
    assert refused.code == 2
    assert "did you mean 'text'" in refused.err


# ------------------------------------------------------------------------------------------------------
# Formats


def test_facts_have_their_columns() -> None:
    """Catches a column that is dropped, renamed or moved: people read these files without the library."""
    files = sorted((datasets_folder() / "facts").glob("*.csv"))
    assert files
    for path in files:
        with path.open(encoding="utf-8", newline="") as file:
            assert ",".join(next(csv.reader(file))) == FACT_COLUMNS, path.name


@pytest.mark.parametrize("model", KEYS)
def test_data_files_have_their_keys(model: type[Any]) -> None:
    """Catches a key that a data file may have and that nobody listed."""
    given = {Provision: {"name"}, ParameterSpec: {"name", "provision"}, Clause: set(), Text: {"id"}, Scenario: set()}[model]
    assert sorted(set(model.model_fields) - given) == sorted(names(KEYS[model]))


def test_vocabularies() -> None:
    """Catches a word that enters the vocabulary of roles, coverage or texts unnoticed."""
    assert get_args(Role) == ("lever", "uncertainty", "convention")
    assert get_args(Coverage) == ("quantified", "numeric, not modelled", "no number", "wording not seen")
    assert tuple(up.texts().index) == TEXTS


def test_basis_is_one_of_five(plan: up.Plan) -> None:
    """Catches a sixth basis, and a computed number that claims to be sourced."""
    changed = plan.with_values(force_cap=700_000)
    assert {n.basis for n in changed.values()} == {"stated", "sourced", "assumed", "computed", "set"}
    assert {changed[name].basis for name in changed.formulas} == {"computed"}
