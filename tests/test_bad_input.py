"""Bad input, by the library and by the command line: one clear line of our own error, and nothing half-done.

Would catch a traceback in a reader's face, a message that names no place, a guess where a question was in order,
and a file that is left behind after a failure.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import pytest

import ukraineplan as up
from ukraineplan import cli, output

ROOT: Final = Path(__file__).parent.parent
SOON: Final = 5.0  # seconds: what must not hang is done in hundredths of that


@pytest.fixture(scope="module")
def plan() -> up.Plan:
    return up.load("us28")


def one_line(text: str) -> str:
    assert text and "\n" not in text.rstrip("\n") and "\r" not in text and "Traceback" not in text, text
    assert len(text) < 1200, f"{len(text)} characters are no line"
    return text


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """What the command line says, after making sure that it says one line, on standard error alone, with 2."""
    began = time.monotonic()
    code = cli.main(arguments)
    printed = capsys.readouterr()
    assert code == 2, (code, printed)
    assert printed.out == ""
    assert time.monotonic() - began < SOON
    assert printed.err.startswith("ukraineplan: ") and printed.err.endswith("\n")
    return one_line(printed.err).removeprefix("ukraineplan: ").rstrip("\n")


# ------------------------------------------------------------------------------------------------------
# Values

VALUES: Final[list[tuple[str, Any, type[up.PlanError], str]]] = [
    ("vehicle_retrun", "8 %/year", up.UnknownName, "no number 'vehicle_retrun'; did you mean 'vehicle_return'?"),
    ("nonsense", 1, up.UnknownName, "no number 'nonsense'"),
    ("year", 3, up.UnknownName, "no number 'year'"),
    ("vehicle_return", "5 USD", up.UnitError, "vehicle_return is in per cent a year, got '5 USD'; try '5 %/year'"),
    ("vehicle_return", "5 %", up.UnitError, "per cent a year"),
    ("vehicle_principal", "100 billion EUR", up.UnitError, "billion US dollars, got '100 billion EUR'"),
    ("force_cap", "5 year", up.UnitError, "force_cap is in persons"),
    ("us_profit_share", "130 %", up.InvalidValue, "us_profit_share is from 0\u202f% to 100\u202f%, got 130\u202f%"),
    ("us_profit_share", "1.3 share", up.InvalidValue, "got 130\u202f%"),
    ("us_profit_share", "-1 %", up.InvalidValue, "got −1\u202f%"),
    ("force_cap", -1, up.InvalidValue, "force_cap is at least 0 persons, got −1 person"),
    ("force_strength", "-600000 person", up.InvalidValue, "at least 0 persons"),
    ("vehicle_life", 31, up.InvalidValue, "from 1 year to 30 years"),
    ("vehicle_life", 2.5, up.InvalidValue, "whole number"),
    ("vehicle_return", "nan", up.InvalidValue, "number"),
    ("vehicle_return", "inf", up.InvalidValue, "number"),
    ("vehicle_return", "-inf %/year", up.InvalidValue, "number"),
    ("vehicle_return", "1e999 %/year", up.InvalidValue, "finite"),
    ("vehicle_return", "five", up.InvalidValue, "vehicle_return needs a number with a unit, such as '5 %/year', got 'five'"),
    ("vehicle_return", "per cent 5", up.InvalidValue, "needs a number"),
    ("vehicle_principal", "$5", up.InvalidValue, "needs a number with a unit, such as '100 billion USD', got '$5'"),
    ("vehicle_principal", "€100bn", up.InvalidValue, "such as '100 billion USD'"),
    ("vehicle_principal", "5 mUSD", up.UnitError, "no unit 'mUSD'"),
    ("vehicle_principal", "5 MUSD", up.UnitError, "no unit 'MUSD'"),
    ("vehicle_principal", "100bnUSD", up.UnitError, "no unit 'bnUSD'"),
    ("us_profit_share", 0.5, up.InvalidValue, "us_profit_share=0.5 is ambiguous: write '0.5 %' or '50 %'"),
    ("us_profit_share", "0.5", up.InvalidValue, "write '0.5 %' or '50 %'"),
    ("vehicle_return", -0.05, up.InvalidValue, "write '-0.05 %/year' or '-5 %/year'"),
    ("vehicle_return", "5 " + "x" * 10_000, up.PlanError, "vehicle_return"),
    ("vehicle_return", "5 " + "m/" * 5_000 + "m", up.PlanError, "vehicle_return"),
    ("vehicle_return", "x" * 10_000, up.PlanError, "vehicle_return"),
    ("vehicle_return", "9" * 10_000, up.PlanError, "vehicle_return"),
    ("vehicle_return", "9**9**9", up.PlanError, "vehicle_return"),
    ("vehicle_return", "5 %**9**9", up.PlanError, "vehicle_return"),
    ("vehicle_return", "5 year^9", up.PlanError, "vehicle_return"),
    ("vehicle_return", "5 (%/year)", up.PlanError, "vehicle_return"),
    ("vehicle_return", "__import__('os')", up.PlanError, "vehicle_return"),
    ("vehicle_return", "5 %/year; 6", up.PlanError, "vehicle_return"),
    ("vehicle_return", "5 %\n/year\n6", up.PlanError, "vehicle_return"),
    ("profit_base", "both", up.InvalidValue, "profit_base is one of first_100bn, both_200bn, got 'both'"),
    ("profit_base", "x" * 10_000, up.InvalidValue, "profit_base is one of"),
    ("hours_per_year", 8000, up.InvalidValue, "hours_per_year is one of 8760"),
    ("us_profit_total", "5 person", up.UnitError, "us_profit_total is in billion US dollars"),
    ("znpp_equal_value_share", 0.5, up.InvalidValue, "ambiguous"),
]
IDS: Final = [f"{n}={str(v)[:24]}" for n, v, *_ in VALUES]


@pytest.mark.parametrize(("name", "value", "kind", "message"), VALUES, ids=IDS)
def test_a_bad_value_is_refused_by_the_library(
    name: str, value: Any, kind: type[up.PlanError], message: str, plan: up.Plan
) -> None:
    began = time.monotonic()
    with pytest.raises(kind) as error:
        plan.with_values(**{name: value})
    assert time.monotonic() - began < SOON
    assert message in one_line(str(error.value)) and error.value.__cause__ is None


@pytest.mark.parametrize(("name", "value", "kind", "message"), VALUES, ids=IDS)
@pytest.mark.parametrize("command", ["run", "explain", "sources"])
def test_a_bad_value_is_refused_on_the_command_line(
    command: str, name: str, value: Any, kind: type[up.PlanError], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused(capsys, command, "us_profit_total", "--set", f"{name}={value}")
    assert message.replace("got 0.5", "got '0.5'") in said or isinstance(value, float), said


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), -float("inf"), None, [], {}, object(), 5j, True, b"5", 10**400],
    ids=lambda x: repr(x)[:20],
)
def test_a_value_that_is_no_number_is_refused(value: Any, plan: up.Plan) -> None:
    with pytest.raises(up.InvalidValue, match="vehicle_return"):
        plan.with_values(vehicle_return=value)


@pytest.mark.parametrize("given", ["vehicle_return", "vehicle_return=", "=5", "=", "", " = ", "vehicle_return = "])
def test_set_without_name_and_value_is_refused(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(capsys, "run", "us_profit_total", "--set", given) == f"--set takes NAME=VALUE, got '{given}'"


# ------------------------------------------------------------------------------------------------------
# Names


@pytest.mark.parametrize("command", ["run", "explain", "sources"])
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("us_profit_totl", "no number 'us_profit_totl'; did you mean 'us_profit_total'?"),
        ("", "no number ''"),
        ("x" * 10_000, "no number 'xxx"),
        ("two\nlines", "no number"),
        ("\x1b[31mred", "no number"),
        ("us profit", "no number"),
    ],
)
def test_an_unknown_number(command: str, name: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = refused(capsys, command, name)
    assert message in said and "\x1b" not in said


@pytest.mark.parametrize("command", [["run", "us_profit"], ["list"], ["list", "points"], ["facts"], ["explain", "us_profit"]])
def test_an_unknown_text(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert "no text 'us29'; did you mean 'us28'?" in refused(capsys, *command, "--text", "us29")


@pytest.mark.parametrize("day", ["yesterday", "2025-13-45", "21.11.2025", "9" * 10_000, "two\nlines"])
def test_a_vintage_that_is_no_date(day: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "as_of is a date such as '2025-11-21' or 'latest', got" in refused(capsys, "run", "us_profit", "--as-of", day)


@pytest.mark.parametrize("flag", ["--as-of", "--text", "--scenario", "--extra", "--output"])
def test_an_empty_argument_is_not_taken_for_none(flag: str, capsys: pytest.CaptureFixture[str]) -> None:
    # a script with an empty variable would get an answer to another question
    refused(capsys, "run", "us_profit", flag, "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "COMMAND"),
        (["run"], "NAME"),
        (["rum", "us_profit"], "no command 'rum'; did you mean 'run'?"),
        (["list", "number"], "did you mean 'numbers'?"),
        (["run", "us_profit", "--jsn"], "--jsn"),
        (["run", "a", "b"], "b"),
        (["run", "us_profit", "--set"], "--set"),
        (["factsheet", "--format", "pdf"], "pdf"),
    ],
)
def test_wrong_usage(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = refused(capsys, *arguments)
    assert message in said and said.endswith("--help")


# ------------------------------------------------------------------------------------------------------
# A user's folder


class Folder:
    """A folder of a user's own, whole until one file of it is spoilt."""

    HEADER: Final = "id,topic,statement,value,unit,public_since,public_since_basis,quote,lang,source,status,verification\n"
    ROW: Final = "toll_2025,toll,A toll.,5,%,2025-01-01,release,a toll of 5 percent,en,toll-office,official-statement,exact\n"
    SOURCE: Final = {
        "id": "toll-office",
        "type": "webpage",
        "title": "Tolls",
        "publisher": "Toll Office",
        "issued": {"date-parts": [[2025, 1, 1]]},
        "URL": "https://example.org/toll",
        "language": "en",
        "custom": {"quality": "official", "terms": "public"},
    }
    TOML: Final = (
        '[provision]\ntitle = "Toll"\n\n'
        '[toll]\nlabel = "Toll"\nunit = "%"\nrole = "uncertainty"\nfacts = ["toll_2025"]\nlimits = [0, 100]\n'
    )
    MODULE: Final = (
        "from ukraineplan.units import BillionUSD, Share\n\n\n"
        "def tolled(us_profit_total: BillionUSD, toll: Share) -> BillionUSD:\n"
        '    """Profit less toll"""\n    return us_profit_total * (1 - toll)\n'
    )

    def __init__(self, path: Path) -> None:
        self.path = path
        for name in ("facts", "parameters", "provisions"):
            (path / name).mkdir(parents=True)
        self.write("facts/toll.csv", self.HEADER + self.ROW)
        self.write("sources.json", json.dumps([self.SOURCE]))
        self.write("parameters/toll.toml", self.TOML)
        self.write("provisions/toll.py", self.MODULE)

    def write(self, name: str, content: str | bytes) -> None:
        (self.path / name).write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.fixture
def extra(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "mine")


def test_the_folder_is_whole_before_it_is_spoilt(extra: Folder) -> None:
    assert up.load("us28", extra=extra.path)["tolled"].value == pytest.approx(12.486875 * 0.95)


def toml(**more: str | None) -> str:
    """The user's parameter with keys changed or, where None, left out."""
    keys: dict[str, str | None] = {
        "label": '"Toll"',
        "unit": '"%"',
        "role": '"uncertainty"',
        "facts": '["toll_2025"]',
        "limits": "[0, 100]",
    } | more
    return '[provision]\ntitle = "Toll"\n\n[toll]\n' + "".join(f"{k} = {v}\n" for k, v in keys.items() if v is not None)


def cut(what: str) -> str:
    """A fact with one column of the row empty."""
    cells = Folder.ROW.strip().split(",")
    cells[Folder.HEADER.strip().split(",").index(what)] = ""
    return Folder.HEADER + ",".join(cells) + "\n"


SPOILT: Final[list[tuple[str, str, str | bytes, str]]] = [
    # what is wrong, the file, its content, what the message says
    ("broken TOML", "parameters/toll.toml", Folder.TOML + "unit = \n", r"toll.toml: not valid TOML: .*line 10"),
    (
        "TOML twice the same key",
        "parameters/toll.toml",
        Folder.TOML + 'unit = "%"\n',
        r"toll.toml: not valid TOML: .*(line 10|overwrite)",
    ),
    ("TOML twice the same table", "parameters/toll.toml", Folder.TOML + "[toll]\n", r"toll.toml: not valid TOML: .*line 10"),
    ("TOML not UTF-8", "parameters/toll.toml", b"\xff\xfe", r"toll.toml: .*utf-8"),
    ("TOML nested too deeply", "parameters/toll.toml", "a = " + "[" * 5000 + "]" * 5000, r"toll.toml: "),
    ("TOML with a number too long", "parameters/toll.toml", Folder.TOML + "x = " + "1" * 5000, r"toll.toml: "),
    ("no provision", "parameters/toll.toml", Folder.TOML.partition("\n\n")[2], r"toll.toml: the table \[provision\] is missing"),
    ("a provision without title", "parameters/toll.toml", Folder.TOML.replace("title", "titel"), r"toll.toml: provision: "),
    ("a stray value", "parameters/toll.toml", "x = 1\n" + Folder.TOML, r"toll.toml: x: expected a table"),
    ("an unknown key", "parameters/toll.toml", toml(lable='"x"'), r"toll.toml: toll: lable: no such key; did you mean 'label'"),
    ("no label", "parameters/toll.toml", toml(label=None), r"toll.toml: toll: label: "),
    ("an unknown role", "parameters/toll.toml", toml(role='"levver"'), r"toll.toml: toll: role: .*'lever'"),
    ("an unknown unit", "parameters/toll.toml", toml(unit='"mUSD"'), r"toll.toml: toll: no unit 'mUSD'"),
    ("a long unit", "parameters/toll.toml", toml(unit=f'"{"x" * 10_000}"'), r"toll.toml: toll: 'x+\.\.\.' is not a unit"),
    (
        "a unit that is arithmetic",
        "parameters/toll.toml",
        toml(unit='"9**9**9"'),
        r"toll.toml: toll: '9\*\*9\*\*9' is not a unit",
    ),
    ("both fact and assumption", "parameters/toll.toml", toml(assumption='"x"'), r"toll.toml: toll: .*exactly one of the two"),
    ("neither fact nor assumption", "parameters/toll.toml", toml(facts=None), r"toll.toml: toll: .*exactly one of the two"),
    ("neither, with a value", "parameters/toll.toml", toml(facts=None, value="5"), r"toll.toml: toll: .*exactly one of the two"),
    (
        "a lever with a value",
        "parameters/toll.toml",
        toml(facts=None, role='"lever"', value="5"),
        r"toll.toml: toll: a lever has no value of its own",
    ),
    ("a lever with a fact", "parameters/toll.toml", toml(role='"lever"'), r"toll.toml: toll: a lever has no value"),
    (
        "a fact that is not there",
        "parameters/toll.toml",
        toml(facts='["toll_2026"]'),
        r"toll.toml: toll: no fact 'toll_2026'; did you mean 'toll_2025'",
    ),
    ("a range without reason", "parameters/toll.toml", toml(range="[1, 9]"), r"toll.toml: toll: .*range_because"),
    (
        "an end that is no fact",
        "parameters/toll.toml",
        toml(range='["toll_2026", "toll_2025"]'),
        r"toll.toml: toll: no fact 'toll_2026'",
    ),
    (
        "a choice that is none",
        "parameters/toll.toml",
        toml(facts=None, unit=None, role='"convention"', choices='["a"]', value='"b"', assumption='"x"'),
        r"toll.toml: toll: .*'b'",
    ),
    ("a value beyond the limits", "parameters/toll.toml", toml(facts=None, value="130", assumption='"x"'), r"toll.*130"),
    ("a value that is no number", "parameters/toll.toml", toml(facts=None, value="nan", assumption='"x"'), r"toll.toml: toll: "),
    (
        "an infinite value",
        "parameters/toll.toml",
        toml(facts=None, value="inf", limits=None, assumption='"x"'),
        r"toll.toml: toll: ",
    ),
    ("a value in words", "parameters/toll.toml", toml(facts=None, value='"five"', assumption='"x"'), r"toll.*(number|five)"),
    (
        "a year beyond the projection",
        "parameters/toll.toml",
        Folder.TOML.replace('"Toll"\n\n', '"Toll"\nshow_year = 31\n\n', 1),
        r"toll.toml: provision: show_year",
    ),
    (
        "the year zero",
        "parameters/toll.toml",
        Folder.TOML.replace('"Toll"\n\n', '"Toll"\nshow_year = 0\n\n', 1),
        r"toll.toml: provision: show_year",
    ),
    ("a derivation that hangs", "parameters/toll.toml", toml(derivation='"toll_2025 * 9**9**9"'), r"toll.toml: toll: .*power"),
    ("a derivation by zero", "parameters/toll.toml", toml(derivation='"toll_2025 / 0"'), r"toll.toml: toll: .*zero"),
    (
        "a name that a parameter has",
        "parameters/toll.toml",
        Folder.TOML.replace("[toll]", "[force_cap]"),
        r"the name 'force_cap' is taken",
    ),
    (
        "a name that a formula has",
        "parameters/toll.toml",
        Folder.TOML.replace("[toll]", "[force_reduction]"),
        r"force_reduction.* taken",
    ),
    ("the name of the year", "parameters/toll.toml", Folder.TOML.replace("[toll]", "[year]").replace('"%"', '"year"'), r"year"),
    ("a name that is none", "parameters/toll.toml", Folder.TOML.replace("[toll]", '["my toll"]'), r"my toll"),
    ("the name of a provision", "parameters/znpp.toml", Folder.TOML, r"'znpp' is taken|taken by"),
    ("a parameter in two files", "parameters/tolls.toml", Folder.TOML, r"tolls.toml: toll: the name is taken by toll.toml"),
    ("a fact without quote", "facts/toll.csv", cut("quote"), r"toll.csv, line 2: a fact without quote"),
    ("a fact without source", "facts/toll.csv", cut("source"), r"toll.csv, line 2: a fact without source"),
    ("a fact without day", "facts/toll.csv", cut("public_since"), r"toll.csv, line 2: a fact without public_since"),
    (
        "a fact of an unknown source",
        "facts/toll.csv",
        Folder.HEADER + Folder.ROW.replace("toll-office", "tol-office"),
        r"toll.csv, line 2: no source 'tol-office'; did you mean 'toll-office'",
    ),
    (
        "a fact twice",
        "facts/toll.csv",
        Folder.HEADER + Folder.ROW * 2,
        r"toll.csv, line 3: the id 'toll_2025' is taken by .*line 2",
    ),
    (
        "a fact of the library",
        "facts/toll.csv",
        Folder.HEADER + Folder.ROW.replace("toll_2025", "us28_cap_600k"),
        r"toll.csv, line 2: the id 'us28_cap_600k' is taken",
    ),
    ("a cell too many", "facts/toll.csv", Folder.HEADER + Folder.ROW.strip() + ",x\n", r"toll.csv, line 2: 13 cells, not 12"),
    ("a quotation mark left open", "facts/toll.csv", Folder.HEADER + '"' + Folder.ROW, r"toll.csv, line \d: "),
    (
        "an unknown column",
        "facts/toll.csv",
        Folder.HEADER.replace("quote", "qoute") + Folder.ROW,
        r"toll.csv, line 1: column 'qoute' is unknown.*did you mean 'quote'",
    ),
    (
        "a value that is words",
        "facts/toll.csv",
        Folder.HEADER + Folder.ROW.replace(",5,", ",five,"),
        r"toll.csv, line 2: value 'five' is not a number",
    ),
    (
        "a day that is none",
        "facts/toll.csv",
        Folder.HEADER + Folder.ROW.replace("2025-01-01", "1.1.2025"),
        r"toll.csv, line 2: public_since '1.1.2025' is no date",
    ),
    (
        "a day that does not exist",
        "facts/toll.csv",
        Folder.HEADER + Folder.ROW.replace("2025-01-01", "2025-02-30"),
        r"toll.csv, line 2: public_since",
    ),
    (
        "an unknown status",
        "facts/toll.csv",
        Folder.HEADER + Folder.ROW.replace("official-statement", "rumour"),
        r"toll.csv, line 2: status 'rumour' is not one of",
    ),
    ("a file that is not UTF-8", "facts/toll.csv", b"\xff\xfe" * 9, r"toll.csv: cannot be read"),
    ("broken JSON", "sources.json", '[{"id": "toll-office",\n', r"sources.json, line \d: broken JSON"),
    ("JSON that is no list", "sources.json", '{"id": "toll-office"}', r"sources.json: not a list"),
    ("JSON nested too deeply", "sources.json", "[" * 100_000, r"sources.json, line 1: broken JSON"),
    (
        "a source without title",
        "sources.json",
        json.dumps([{k: v for k, v in Folder.SOURCE.items() if k != "title"}]),
        r"sources.json, item 1 \('toll-office'\): a source without title",
    ),
    (
        "a source of unknown quality",
        "sources.json",
        json.dumps([Folder.SOURCE | {"custom": {"quality": "good", "terms": "x"}}]),
        r"item 1 \('toll-office'\): custom.quality 'good' is not one of",
    ),
    ("a source twice", "sources.json", json.dumps([Folder.SOURCE] * 2), r"sources.json, item 2 .* 'toll-office' is taken"),
    ("Python that is none", "provisions/toll.py", "def x(:\n", r"toll.py: cannot be run \(SyntaxError: .*line 1"),
    ("Python that fails", "provisions/toll.py", 'raise ValueError("two\\nlines")\n', r"toll.py: cannot be run \(ValueError: two"),
    ("Python that leaves", "provisions/toll.py", 'import sys\nsys.exit("bye")\n', r"toll.py"),
    ("a missing module", "provisions/toll.py", "import no_such_module\n", r"toll.py: cannot be run \(ModuleNotFoundError"),
    (
        "a formula that exists",
        "provisions/toll.py",
        Folder.MODULE.replace("tolled", "us_profit_share"),
        r"us_profit_share.*taken by the parameter",
    ),
    ("a formula twice", "provisions/tolls.py", Folder.MODULE, r"tolled\(\): the name is taken by .*toll.py"),
    (
        "a formula of the library",
        "provisions/toll.py",
        Folder.MODULE.replace("tolled", "us_profit_present_value"),
        r"us_profit_present_value\(\): the name is taken",
    ),
    (
        "a wrong unit",
        "provisions/toll.py",
        Folder.MODULE.replace("-> BillionUSD", "-> Share"),
        r"provisions/toll.py:4: tolled\(\): computes 'billion USD', but declares ",
    ),
    (
        "an unknown argument",
        "provisions/toll.py",
        Folder.MODULE.replace("toll: Share", "tol: Share").replace("- toll", "- tol"),
        r"toll.py:4: tolled\(\): no number is called 'tol'; did you mean 'toll'",
    ),
    (
        "a literal",
        "provisions/toll.py",
        Folder.MODULE.replace("1 - toll", "7 * toll"),
        r"toll.py:4: tolled\(\): the number 7 stands in the formula",
    ),
    (
        "a branch",
        "provisions/toll.py",
        Folder.MODULE.replace("(1 - toll)", "(1 if toll > 0 else 0)"),
        r"toll.py:4: tolled\(\): a formula does not branch",
    ),
    (
        "a circle",
        "provisions/toll.py",
        Folder.MODULE.replace("us_profit_total:", "back:").replace("us_profit_total", "back")
        + '\n\ndef back(tolled: BillionUSD) -> BillionUSD:\n    """Back"""\n    return tolled\n',
        r"toll.py:4: tolled\(\): a circle within one year: .*tolled.*back.*tolled",
    ),
]


@pytest.mark.parametrize(("name", "content", "message"), [row[1:] for row in SPOILT], ids=[row[0] for row in SPOILT])
def test_a_spoilt_folder_is_refused(
    name: str, content: str | bytes, message: str, extra: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    extra.write(name, content)
    with pytest.raises(up.PlanError, match=message) as error:
        up.load("us28", extra=extra.path)
    assert isinstance(error.value, up.DataError | up.FormulaError | up.UnknownName | up.UnitError | up.InvalidValue)
    one_line(str(error.value))
    said = refused(capsys, "run", "us_profit_total", "--extra", str(extra.path))
    assert said == str(error.value)
    up.load("us28")  # the shipped library is none the worse


@pytest.mark.parametrize("where", ["nowhere", "file", "x" * 300, "two\nlines"])
def test_an_extra_that_is_no_folder(where: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(up.DataError):
        up.load("us28", extra=tmp_path / where)
    refused(capsys, "run", "us_profit_total", "--extra", str(tmp_path / where))


def test_a_folder_with_nothing_of_a_provision_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # a folder one level too high would be taken, and none of it used
    assert "parameters/, provisions/ or facts/" in refused(capsys, "run", "us_profit_total", "--extra", str(tmp_path))


def test_a_users_folder_is_left_as_it_was(extra: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    before = sorted(p.relative_to(extra.path) for p in extra.path.rglob("*"))
    up.load("us28", extra=extra.path)
    assert sorted(p.relative_to(extra.path) for p in extra.path.rglob("*")) == before


# ------------------------------------------------------------------------------------------------------
# Scenario files

SCENARIOS: Final[list[tuple[str, str | bytes, str]]] = [
    ("broken TOML", "[values\n", r"mine.toml: not valid TOML: .*line 1"),
    ("not UTF-8", b"\xff", r"mine.toml: cannot be read"),
    ("an unknown key", "value = 1\n", r"mine.toml: value: no such key; did you mean 'values'"),
    ("an unknown number", "[values]\nforce_capp = 1\n", r"no number 'force_capp'; did you mean 'force_cap'"),
    ("an unknown text", 'text = "us29"\n', r"no text 'us29'"),
    ("a day that is none", 'as_of = "never"\n', r"as_of is a date"),
    ("a day that is a number", "as_of = 86400\n", r"as_of"),
    ("a moment", "as_of = 2025-11-21T10:00:00\n", r"as_of"),
    ("values that are no table", "values = 5\n", r"mine.toml: values"),
    ("a value that is a table", "[values.force_cap]\na = 1\n", r"mine.toml: values.force_cap"),
    ("a value that is a list", "[values]\nforce_cap = [1]\n", r"mine.toml: values.force_cap"),
    ("a value that is yes or no", "[values]\nforce_cap = true\n", r"force_cap"),
    ("a convention that is yes or no", "[values]\nprofit_after_fees = true\n", r"profit_after_fees is one of|profit_after_fees"),
    ("nan", "[values]\nvehicle_return = nan\n", r"vehicle_return needs a finite number"),
    ("inf", "[values]\nvehicle_return = -inf\n", r"vehicle_return needs a finite number"),
    ("a bare share", "[values]\nus_profit_share = 0.5\n", r"ambiguous"),
    ("a number too long to be a float", f"[values]\nforce_cap = 1{'0' * 400}\n", r"force_cap"),
    ("a number too long for Python", f"[values]\nforce_cap = 1{'0' * 5000}\n", r"mine.toml"),
    ("nested too deeply", "values = " + "[" * 5000 + "]" * 5000, r"mine.toml"),
    ("a dimension", '[values]\nvehicle_return = "5 USD"\n', r"vehicle_return is in per cent a year"),
    ("beyond a limit", '[values]\nus_profit_share = "130 %"\n', r"us_profit_share is from"),
]


@pytest.mark.parametrize(("content", "message"), [row[1:] for row in SCENARIOS], ids=[row[0] for row in SCENARIOS])
def test_a_broken_scenario_is_refused(
    content: str | bytes, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    said = refused(capsys, "run", "us_profit_total", "--scenario", str(path))
    assert re.search(message, said), said


@pytest.mark.parametrize("where", ["nowhere.toml", ".", "x" * 300, "file/x.toml"])
def test_a_scenario_that_is_no_file(where: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("x")
    assert "cannot be read" in refused(capsys, "run", "us_profit_total", "--scenario", str(tmp_path / where))


# ------------------------------------------------------------------------------------------------------
# Where answers are written


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


PLACES: Final = [
    ("a folder", "folder", "is a folder"),
    ("a file that exists", "there.txt", "exists; choose another name, or replace it with --force"),
    ("in a folder that is missing", "nowhere/answer.txt", "is no folder; create it first"),
    ("below a file", "there.txt/answer.txt", "is no folder"),
    ("a name too long", "x" * 300, "cannot be written"),
    ("a link that leads nowhere", "dangling", "exists|cannot be written|no folder"),
]


@pytest.mark.parametrize(
    "command",
    [
        ["run", "us_profit_total"],
        ["explain", "us_profit_total"],
        ["list"],
        ["list", "points"],
        ["sources", "force_cap"],
        ["facts", "euro"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize(("where", "message"), [row[1:] for row in PLACES], ids=[row[0] for row in PLACES])
def test_an_output_that_cannot_be_written(
    command: list[str], where: str, message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "there.txt").write_text("keep me")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere" / "at all")
    before = files(tmp_path)
    if where == "dangling":
        cli.main([*command, "--output", str(tmp_path / where)])  # replaced or refused, but nothing appears elsewhere
        assert not (tmp_path / "nowhere").exists()
        return
    assert re.search(message, refused(capsys, *command, "--output", str(tmp_path / where)))
    assert files(tmp_path) == before


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc, where nothing can be written")
def test_an_output_where_nothing_can_be_written(capsys: pytest.CaptureFixture[str]) -> None:
    assert "cannot be written" in refused(capsys, "run", "us_profit_total", "--output", "/proc/answer.txt")


def test_force_replaces_a_file_and_never_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    there = tmp_path / "there.txt"
    there.write_text("old")
    assert cli.main(["run", "force_cap", "--output", str(there), "--force"]) == 0
    assert "600,000 persons" in there.read_text()
    (tmp_path / "folder").mkdir()
    capsys.readouterr()
    refused(capsys, "run", "force_cap", "--output", str(tmp_path / "folder"), "--force")
    assert [p.name for p in sorted(tmp_path.iterdir())] == ["folder", "there.txt"]


def test_a_failure_while_writing_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = tmp_path / "there.txt"
    there.write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(up.OutputError, match="No space left on device"):
        output.write(there, "new", force=True)
    assert files(tmp_path) == {"there.txt": b"old"}


def test_an_interruption_while_writing_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = tmp_path / "there.txt"
    there.write_text("old")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        output.write(there, "new", force=True)
    assert files(tmp_path) == {"there.txt": b"old"}


def test_nothing_is_written_where_the_question_is_bad(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refused(capsys, "run", "us_profit_totl", "--output", str(tmp_path / "answer.txt"))
    refused(capsys, "run", "us_profit_total", "--set", "vehicle_return=5 USD", "--output", str(tmp_path / "answer.json"))
    assert files(tmp_path) == {}


# ------------------------------------------------------------------------------------------------------
# Interrupted, cut off, and terminals that cannot print


def test_an_interrupted_run_leaves_with_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ukraineplan.loading.load", interrupted)
    assert cli.main(["run", "us_profit_total", "--output", str(tmp_path / "answer.txt")]) == 130
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err == "ukraineplan: interrupted; nothing was written\n"
    assert files(tmp_path) == {}


def command(*arguments: str, **more: Any) -> "subprocess.Popen[bytes]":
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **more.pop("environment", {})}
    return subprocess.Popen(
        [sys.executable, "-m", "ukraineplan", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, **more
    )


@pytest.fixture
def forever(tmp_path: Path) -> Iterator[Folder]:
    """A user's folder that says that it has begun, and then takes its time."""
    found = Folder(tmp_path / "mine")
    found.write(
        "provisions/toll.py", f"import pathlib, time\npathlib.Path({str(tmp_path / 'begun')!r}).touch()\ntime.sleep(60)\n"
    )
    yield found


@pytest.mark.skipif(sys.platform == "win32", reason="signals work otherwise there")
def test_a_process_that_is_interrupted_leaves_with_130_and_one_line(forever: Folder, tmp_path: Path) -> None:
    running = command("run", "us_profit_total", "--extra", str(forever.path), "--output", str(tmp_path / "answer.txt"))
    try:
        until = time.monotonic() + 20
        while not (tmp_path / "begun").exists() and time.monotonic() < until:
            time.sleep(0.02)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=20)
    finally:
        running.kill()
    assert (running.returncode, out) == (130, b"")
    assert one_line(err.decode()) == "ukraineplan: interrupted; nothing was written\n"
    assert not (tmp_path / "answer.txt").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="pipes work otherwise there")
@pytest.mark.parametrize("arguments", [["facts"], ["run", "force_cap"]])
def test_a_reader_that_leaves_early_gets_no_traceback(arguments: list[str]) -> None:
    running = command(*arguments)
    assert running.stdout is not None and running.stderr is not None
    running.stdout.close()  # as `| head -0` does
    err = running.stderr.read()
    running.stderr.close()
    assert running.wait(20) in (0, 141) and err == b""


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1", "utf-8"])
@pytest.mark.parametrize(
    "arguments",
    [
        ["run", "force_reduction_share"],
        ["explain", "force_reduction"],
        ["facts", "euroclear", "--json"],
        ["run", "us_profit_share", "--set", "us_profit_share=-1"],
    ],
    ids=lambda a: " ".join(a[:2]),
)
def test_a_stream_that_cannot_print_every_letter_gets_an_answer(encoding: str, arguments: list[str]) -> None:
    # a pipe on Windows is cp1252, which has neither "−" nor the narrow space before "%"
    running = command(*arguments, environment={"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"})
    _, err = running.communicate(timeout=20)
    assert b"Traceback" not in err, err.decode()[-300:]
    assert running.returncode == (2 if "--set" in arguments else 0)


def test_an_argument_that_is_no_text_gets_an_answer() -> None:
    running = command("facts", os.fsdecode(b"\xff"))
    _, err = running.communicate(timeout=20)
    assert b"Traceback" not in err and running.returncode in (0, 2)


def test_a_folder_whose_code_leaves_does_not_take_the_command_along(extra: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    extra.write("provisions/toll.py", "raise SystemExit(0)\n")
    refused(capsys, "run", "us_profit_total", "--extra", str(extra.path))


ASKED: Final[list[Callable[[], object]]] = [
    lambda: up.load("us28", as_of="never"),
    lambda: up.load(""),
    lambda: up.load(None),
    lambda: up.load(5),  # type: ignore[arg-type]
    lambda: up.coverage("x"),
    lambda: up.facts(topic="x"),
    lambda: up.facts(text="x"),
    lambda: up.load("us28", extra="/no/such/folder"),
]


@pytest.mark.parametrize("ask", ASKED, ids=range(len(ASKED)))
def test_the_front_door_refuses_in_one_line(ask: Callable[[], object]) -> None:
    with pytest.raises(up.PlanError) as error:
        ask()
    one_line(str(error.value))
