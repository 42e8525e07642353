"""The command line: arguments in, one answer out.

Results go to standard output, messages to standard error. Exit 0: answered, whatever the answer; 2: wrong usage or
bad data; 130: interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys

from ukraineplan import __version__
from ukraineplan.errors import InvalidValue, NotStated, OutputError, PlanError, did_you_mean

TYPE_CHECKING = False  # `--help` imports argparse and little else
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Final, NoReturn

    from ukraineplan.plan import Plan

FORMATS: Final = {".html": "html", ".htm": "html", ".md": "markdown"}
ROUTES: Final = ("auto", "exact", "pick-freeze")
TABLES: Final = (".csv", ".xlsx", ".xls", ".html", ".htm", ".pdf", ".docx")
LISTS: Final = ("numbers", "texts", "provisions", "points")


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        """Print one line and leave with 2."""
        if "invalid choice" in message and "'" in message:
            given = message.split("'")[1]
            known = message.rpartition("choose from ")[2].replace("'", "").rstrip(")").split(", ")
            kind = f"no command '{given}'" if "COMMAND" in message else f"'{given}' is not one of {', '.join(known)}"
            message = kind + did_you_mean(given, known)
        print(f"ukraineplan: {message}; see {self.prog} --help", file=sys.stderr)
        sys.exit(2)


def parser() -> Parser:
    """The commands and their flags."""
    what = "What the numbers of the 28-point draft for Ukraine imply, and where each comes from."
    top = Parser(prog="ukraineplan", description=what)
    top.add_argument("--version", action="version", version=f"ukraineplan {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)

    listing = _command(commands, "list", "what there is: numbers (the default), texts, provisions or points", _list)
    listing.add_argument("what", nargs="?", default="numbers", choices=LISTS, metavar="numbers|texts|provisions|points")
    listing.add_argument("--inputs", action="store_true", help="the parameters instead of the results")

    running = _command(commands, "run", "one number with range, basis and sources", _run)
    running.add_argument("name", metavar="NAME")
    explaining = _command(commands, "explain", "how a number is computed, from quote to result", _explain)
    explaining.add_argument("name", metavar="NAME")
    citing = _command(commands, "sources", "what a number rests on, with quotes", _sources)
    citing.add_argument("name", metavar="NAME")

    driving = _command(commands, "sensitivity", "what drives a number, and how sure that is", _sensitivity)
    driving.add_argument("name", metavar="NAME")
    driving.add_argument("--method", default="auto", choices=ROUTES, help="auto (the default), exact or pick-freeze")
    driving.add_argument("--draws", type=int, default=2**14, metavar="N", help="draws of the sampled parts, 16384 if left out")
    driving.add_argument("--also", action="append", default=[], metavar="NAME", help="a lever or a convention to draw too")
    driving.add_argument("--seed", type=int, default=0, metavar="N", help="seed of the draws, 0 if left out")

    what = "two texts side by side: levers, results, and which clause does what"
    comparing = _command(commands, "compare", what, _compare, text=False)
    comparing.add_argument("a", metavar="A", help="a text's id, text:alternative, or a scenario FILE.toml")
    comparing.add_argument("b", metavar="B", help="the other side; every difference is B less A")
    comparing.add_argument("targets", nargs="*", default=[], metavar="NAME",
                           help="numbers to compare; one alone is shared out by clause")  # fmt: skip

    searching = _command(commands, "facts", "search the evidence", _facts, plan=False)
    searching.add_argument("--as-of", metavar="DATE", help="facts public on that day; all of them if left out")
    searching.add_argument("word", nargs="?", metavar="WORD")

    sheet = _command(commands, "factsheet", "a fact sheet of one provision, or of all", _factsheet, json=False)
    sheet.add_argument("provision", nargs="?", metavar="PROVISION")
    sheet.add_argument("--all", action="store_true", help="one sheet a provision, into --output-dir")
    sheet.add_argument("--output-dir", metavar="DIR", help="folder for --all, created if needed")
    sheet.add_argument("--format", choices=("html", "markdown"), help="if not clear from the suffix of --output")
    sheet.add_argument("--language", default="en", metavar="LANGUAGE", help="language of the sheet (en)")
    return top


def _command(
    commands: Any, name: str, does: str, function: Any, *, plan: bool = True, json: bool = True, text: bool = True
) -> argparse.ArgumentParser:
    added: argparse.ArgumentParser = commands.add_parser(name, help=does, description=does)
    added.set_defaults(function=function)
    if text:
        added.add_argument("--text", metavar="TEXT", help="a text's id, or text:alternative; us28 if left out")
    if plan:
        added.add_argument("--as-of", metavar="DATE", help="evidence public on that day, or 'latest'; else the text's date")
        added.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="set a number; may be repeated")
        added.add_argument("--scenario", metavar="FILE.toml", help="text, as_of and [values] from a file")
        added.add_argument("--extra", metavar="FOLDER", help="your own parameters/ and provisions/; runs their code")
    if json:
        added.add_argument("--json", action="store_true", help="JSON instead of text")
    added.add_argument("--output", metavar="FILE", help="write there instead of to standard output")
    added.add_argument("--force", action="store_true", help="replace a file that exists")
    return added


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : sequence of str, optional
        What follows the program's name; the process's own if left out.

    Returns
    -------
    int
        The exit code.
    """
    try:
        _speak_utf8()
        args = _parsed(arguments)
        args.function(args)
        sys.stdout.flush()
    except SystemExit as done:
        return int(done.code or 0)
    except PlanError as error:
        print(f"ukraineplan: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("ukraineplan: interrupted; nothing was written", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of a pipe left early, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:  # a full disk behind standard output
        print(f"ukraineplan: the answer cannot be written ({error.strerror})", file=sys.stderr)
        return 2
    return 0


def _parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    """The arguments; names of `compare` may follow its flags, which argparse does not know by itself."""
    args, rest = parser().parse_known_args(arguments)
    if rest and (args.command != "compare" or any(r.startswith("-") for r in rest)):
        parser().error(f"unrecognized arguments: {' '.join(rest)}")
    if rest:
        args.targets += rest
    return args


def _speak_utf8() -> None:
    """Files and pipes get UTF-8 whatever the machine's habit; a terminal that lacks a sign shows a question mark."""
    if sys.stdout is None:
        raise OutputError("there is no standard output to answer on")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


def _plan(args: argparse.Namespace) -> Plan:
    from ukraineplan.loading import load
    from ukraineplan.scenario import Scenario, read_scenario

    scenario = read_scenario(args.scenario) if args.scenario is not None else Scenario()
    values = dict(scenario.values) | _set(args)
    plan = load(
        next(t for t in (args.text, scenario.text, "us28") if t is not None),
        as_of=scenario.as_of if args.as_of is None else args.as_of, extra=args.extra,
    )  # fmt: skip
    return plan.with_values(**values) if values else plan


def _set(args: argparse.Namespace) -> dict[str, Any]:
    """The values of --set, as they were typed."""
    values = {}
    for given in args.set:
        name, equals, value = given.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise InvalidValue(f"--set takes NAME=VALUE, got '{given}'")
        values[name.strip()] = value.strip()
    return values


def _sides(args: argparse.Namespace) -> tuple[Plan, Plan]:
    """Both sides at one vintage: texts, or scenario files; what --scenario and --set say holds on both."""
    from ukraineplan.analysis.sides import sides
    from ukraineplan.scenario import Scenario, read_scenario

    given = [read_scenario(side) if side.endswith(".toml") else Scenario(text=side) for side in (args.a, args.b)]
    both = read_scenario(args.scenario) if args.scenario is not None else Scenario()
    if both.text is not None:
        raise InvalidValue(f"{args.scenario}: its values hold on both sides, so it names no text: give it as A or B instead")
    days = {str(s.as_of) for s in (*given, both) if s.as_of is not None} if args.as_of is None else {args.as_of}
    if len(days) > 1:
        raise InvalidValue(f"the scenarios are of different vintages, {' and '.join(sorted(days))}: give --as-of")
    one, other = (s.text or "us28" for s in given)
    a, b = sides(one, other, as_of=next(iter(days), None), extra=args.extra)
    first, second = (dict(s.values) | dict(both.values) | _set(args) for s in given)
    return a.with_values(**first) if first else a, b.with_values(**second) if second else b


def _emit(args: argparse.Namespace, text: str, data: Any) -> None:
    """The answer as text, or as JSON where that is asked for or the file's suffix says so."""
    suffix = os.path.splitext(args.output or "")[1]
    if suffix in TABLES:
        instead = f"write .txt, .md or .json, or call to_frame() in Python for {suffix}"
        raise OutputError(f"{args.output}: this command answers with text or JSON: {instead}")
    as_json = args.json or (args.output is not None and args.output.endswith(".json"))
    _answer(args, _json(data) if as_json else text)


def _answer(args: argparse.Namespace, content: str) -> None:
    """Print the answer, or write it to a file."""
    from ukraineplan.output import write

    content = content.rstrip("\n") + "\n"
    if args.output is None:
        sys.stdout.write(content)
    else:
        print(f"ukraineplan: wrote {write(args.output, content, force=args.force)}", file=sys.stderr)


def _json(data: Any) -> str:
    import json
    from datetime import date

    return json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False, default=date.isoformat)


def _records(frame: Any) -> list[dict[str, Any]]:
    """A table as a list of its rows; what is missing is null."""
    rows = frame.reset_index()
    return [{k: None if v != v else v for k, v in row.items()} for row in rows.astype(object).to_dict("records")]


def _list(args: argparse.Namespace) -> None:
    from ukraineplan import library, terminal

    if args.what == "points" and args.text == library.ALL:
        rows = library.coverage_of(library.read_library(args.extra), library.ALL)
        _emit(args, terminal.grid(rows), _records(rows))
        return
    plan = _plan(args)
    if args.what == "numbers":
        names = list(plan.parameters) if args.inputs else list(plan.formulas)
        kind = "inputs" if args.inputs else "results"
        other = "" if args.inputs else ". Inputs: ukraineplan list --inputs"
        footer = f"{len(names)} {kind}, text {plan.text}, evidence to {plan.as_of}{other}"
        _emit(args, terminal.numbers(plan, names, footer), [terminal.as_json(plan[n]) for n in names])
        return
    if args.what == "points":
        rows = library.coverage_of(plan._library, plan.text)
        shown = terminal.points(rows, f"{len(rows)} points and clauses")
    elif args.what == "texts":
        rows = library.texts_of(plan._library)
        shown = terminal.frame(rows, ("text", "date", "clauses", "title"), f"{len(rows)} text{'s' if len(rows) > 1 else ''}")
    else:
        rows = library.provisions_of(plan._library)
        shown = terminal.frame(rows, ("provision", "points", "formulas", "title"), f"{len(rows)} provisions")
    _emit(args, shown, _records(rows))


def _run(args: argparse.Namespace) -> None:
    from ukraineplan import terminal

    found = _plan(args)[args.name]
    _emit(args, terminal.number(found), terminal.as_json(found))


def _explain(args: argparse.Namespace) -> None:
    from ukraineplan import terminal

    found = _plan(args)[args.name]
    told = found.explain()
    steps = [{"name": d.line.name, "label": d.line.label, "names": d.step.names, "numbers": d.step.numbers,
              "result": d.step.result, "because": list(d.step.because)} for d in told.derivations]  # fmt: skip
    _emit(args, str(told), terminal.as_json(found) | {"derivation": steps})


def _sources(args: argparse.Namespace) -> None:
    from ukraineplan import terminal

    found = _plan(args)[args.name]
    _emit(args, f"{found.label}\n{terminal.citations(found.sources)}", [c.to_dict() for c in found.sources])


def _sensitivity(args: argparse.Namespace) -> None:
    from ukraineplan import terminal
    from ukraineplan.analysis.sobol import sobol

    found = sobol(_plan(args), args.name, method=args.method, also=args.also, draws=args.draws, seed=args.seed)
    _emit(args, terminal.sensitivity(found), terminal.sensitivity_as_json(found))


def _compare(args: argparse.Namespace) -> None:
    from ukraineplan import terminal
    from ukraineplan.analysis.compare import compare
    from ukraineplan.analysis.decompose import decompose

    a, b = _sides(args)
    found = compare(a, b, args.targets or None)
    shared = None
    if len(args.targets) == 1 and found.results[0].difference:
        try:
            shared = decompose(a, b, args.targets[0])
        except (InvalidValue, NotStated) as error:  # the comparison stands without it
            print(f"ukraineplan: not shared out by clause: {error}", file=sys.stderr)
    form = FORMATS.get(os.path.splitext(args.output or "")[1])
    if form is not None and not args.json:
        from ukraineplan.report import compare_sheet

        _answer(args, str(compare_sheet(found, format=form)))
    else:
        _emit(args, terminal.comparison(found, shared), terminal.comparison_as_json(found, shared))


def _facts(args: argparse.Namespace) -> None:
    from ukraineplan import library, terminal

    found = library.find_facts(args.word, text=args.text, as_of=args.as_of)
    footer = f"{len(found)} facts" + (f" with '{args.word}'" if args.word else "")
    _emit(args, terminal.facts(found, footer), [fact.model_dump(mode="json") for fact in found])


def _factsheet(args: argparse.Namespace) -> None:
    from ukraineplan.output import folder, write
    from ukraineplan.report import fact_sheet

    form = args.format or (FORMATS.get(os.path.splitext(args.output)[1]) if args.output else "markdown")
    if form is None:
        raise OutputError(f"{args.output}: its suffix names no format; use {', '.join(FORMATS)}, or --format")
    if not args.all:
        if args.output_dir is not None:
            raise InvalidValue("--output-dir goes with --all; one sheet goes to --output FILE")
        sheet = fact_sheet(_plan(args), args.provision, format=form, language=args.language)
        _answer(args, str(sheet))
        return
    if args.provision or args.output or not args.output_dir:
        raise InvalidValue("--all writes a sheet a provision: give --output-dir DIR, and no provision and no --output")
    plan = _plan(args)
    sheets = {name: fact_sheet(plan, name, format=form, language=args.language) for name in plan._library.provisions}
    where = folder(args.output_dir)
    paths = {name: where / f"{name}.{'html' if form == 'html' else 'md'}" for name in sheets}
    for path in paths.values():  # all or none
        if path.exists() and not args.force:
            raise OutputError(f"{path} exists; choose another folder, or replace it with --force")
    for name, sheet in sheets.items():
        path = paths[name]
        print(f"ukraineplan: wrote {write(path, str(sheet), force=args.force)}", file=sys.stderr)
