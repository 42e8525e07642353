"""Everything that is shipped, read once: evidence, texts, provisions with their parameters and formulas."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property
from graphlib import CycleError, TopologicalSorter
from hashlib import sha256
from pathlib import Path
from string import Formatter
from types import ModuleType
from typing import TYPE_CHECKING, Final

from ukraineplan import words
from ukraineplan.dates import AFTER_THE_DAY
from ukraineplan.errors import DataError, FormulaError, InvalidValue, did_you_mean, unknown
from ukraineplan.evidence import Evidence, Fact, Source, datasets_folder, frame, read_evidence
from ukraineplan.formula import Formula, formulas_of
from ukraineplan.graph import Graph, Input, wire
from ukraineplan.resolving import resolve
from ukraineplan.specs import Calendar, ParameterSpec, Provision, read_parameters
from ukraineplan.texts import LeverSpec, Setting, Text, find, read_levers, read_texts
from ukraineplan.units import CHOICE, DATE, in_formulas

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Library:
    """What plans are made from; `extra` is the folder that a user added, if any."""

    evidence: Evidence
    texts: dict[str, Text]
    provisions: dict[str, Provision]
    specs: dict[str, ParameterSpec]
    levers: dict[str, LeverSpec]
    formulas: tuple[Formula, ...]
    extra: Path | None

    @cached_property
    def calendars(self) -> dict[str, Calendar]:
        """The parameters that follow from the calendar, and what from; one that follows from another comes after it.

        Raises
        ------
        DataError
            If they follow from each other in a circle.
        """
        found = {name: spec.calendar for name, spec in self.specs.items() if spec.calendar}
        order = TopologicalSorter({name: [n for n in calendar.of if n in found] for name, calendar in found.items()})
        try:
            return {name: found[name] for name in order.static_order()}
        except CycleError as error:
            circle = " -> ".join(reversed(error.args[1]))
            raise DataError(f"{self.specs[error.args[1][0]].provision}.toml: calendar: a circle: {circle}") from None

    @cached_property
    def graph(self) -> Graph:
        """The formulas wired with the parameters: the same at every text and vintage."""
        labelled = {n: Input(CHOICE, tuple(map(str, s.choices))) for n, s in self.specs.items() if s.labelled}
        return wire(self.formulas, {n: Input(in_formulas(s.unit or "")) for n, s in self.specs.items()} | labelled)

    @property
    def compared(self) -> list[Text]:
        """The texts that stand beside the 28-point draft as a whole; a companion of it does not."""
        return [t for t in self.texts.values() if not t.companion]

    def label(self, lever: str) -> str:
        """What a lever is, whether or not a formula uses it."""
        return (self.specs.get(lever) or self.levers[lever]).label

    def in_words(self, lever: str, setting: Setting) -> str:
        """What a text does to a lever, for people: its value with its unit, or its state and the rival values."""
        if setting.state in ("set", "removed"):
            said = self._value_in_words(lever, setting)
            return said if setting.state == "set" else f"{said} (removed)" if said else "removed"
        return ": ".join(filter(None, [setting.state, " or ".join(setting.rivals)]))

    def _value_in_words(self, lever: str, setting: Setting) -> str:
        if lever in self.levers:
            value = setting.value if setting.state == "set" else self.levers[lever].if_removed
            if isinstance(value, float | int):
                return words.display(value, self.levers[lever].unit)
            return "" if value is None else words.plain_name(str(value))
        p = resolve(self.specs[lever], self.evidence, date.max, setting, "")
        return "" if p.value is None else p.in_words(p.value)

    @property
    def subjects(self) -> dict[str, str]:
        """The points of the 28-point draft and what each is about."""
        return next(t.subjects for t in self.texts.values() if t.subjects)

    def points(self, text: str) -> dict[str, list[str]]:
        """The provisions that compute each point of a text."""
        found: dict[str, list[str]] = {}
        for provision in self.provisions.values():
            for point in provision.points.get(text, ()):
                found.setdefault(point, []).append(provision.name)
        return found


@cache
def shipped_library() -> Library:
    """The library without anything of a user's."""
    folder = datasets_folder()
    evidence = read_evidence(folder)
    found, specs = read_parameters(folder / "parameters")
    home = importlib.import_module("ukraineplan.provisions")
    modules = [importlib.import_module(f"{home.__name__}.{m.name}") for m in pkgutil.iter_modules(home.__path__)]
    formulas = tuple(f for module in modules for f in formulas_of(module))
    texts, levers = read_texts(folder / "texts", evidence), read_levers(folder / "levers.toml")
    return _checked(Library(evidence, texts, found, specs, levers, formulas, None), found)


def read_library(extra: str | Path | None = None) -> Library:
    """The shipped library, with a user's folder added where one is named.

    Parameters
    ----------
    extra : path, optional
        A folder with any of ``facts/*.csv``, ``sources.json``, ``parameters/*.toml`` and ``provisions/*.py``.
        Its modules are run.

    Raises
    ------
    DataError, FormulaError
        For the first thing in the folder that does not hold together or takes a name that exists.
    """
    base = shipped_library()
    if extra is None:
        return base
    folder = Path(extra)
    try:
        is_folder = bool(str(extra)) and folder.is_dir()
    except (OSError, ValueError):  # a name too long, or with a NUL
        is_folder = False
    if not is_folder:
        raise DataError(f"{str(extra)[:200]!r}: no such folder; give one with parameters/ and provisions/")
    has_facts = any(folder.glob("facts/*.csv")) or (folder / "sources.json").exists()
    evidence = read_evidence(folder, base.evidence) if has_facts else base.evidence
    found, specs = read_parameters(folder / "parameters")
    for name in (*specs, *found):
        if name in base.specs or name in base.provisions or name in base.levers:
            raise DataError(f"{folder}: the name '{name}' is taken by the library; choose another")
    modules = [_module(path) for path in sorted(folder.glob("provisions/*.py")) if path.name != "__init__.py"]
    if not (has_facts or specs or modules):
        raise DataError(f"{folder}: nothing of a provision is in it; give a folder with parameters/, provisions/ or facts/")
    added = tuple(f for module in modules for f in formulas_of(module))
    return _checked(
        Library(evidence, base.texts, base.provisions | found, base.specs | specs, base.levers, base.formulas + added,
                folder.resolve()), found,
    )  # fmt: skip


def _checked(library: Library, provisions: Mapping[str, Provision]) -> Library:
    """The library, once no formula stands twice and the given provisions name only what exists."""
    formulas: dict[str, Formula] = {}
    for f in library.formulas:
        if f.name in formulas:
            raise FormulaError(f"{f.where}: the name is taken by {formulas[f.name].where}; choose another")
        formulas[f.name] = f
    names = [*formulas, *library.specs]
    for provision in provisions.values():
        where = f"{provision.name}.toml: provision"
        for name in (*provision.key, *fields(provision.headline, where)):
            if name not in names:
                raise DataError(f"{where}: {unknown('number', name, names)}")
        for text, points in provision.points.items():
            known = {clause.point for clause in find(library.texts, text).clauses}
            for point in points:
                if point not in known:
                    raise DataError(f"{where}: the text '{text}' has no point {point}")
    check_settings(library)
    return library


def check_settings(library: Library) -> None:
    """Refuse a text that settles a lever which does not exist, and a calendar that looks at a number which does not."""
    for text in library.texts.values():
        named = {n: f"clause {c.place}" for c in text.clause for n in (*c.levers, *c.because)}
        for name, where in (named | {n: "not_stated and unknown" for n in (*text.not_stated, *text.unknown)}).items():
            if name not in library.specs and name not in library.levers:
                near = did_you_mean(name, [*library.specs, *library.levers])
                raise DataError(f"{text.id}.toml: {where}: no lever '{name}'{near}; levers stand in parameters/ and levers.toml")
    for name, calendar in library.calendars.items():
        where = f"{library.specs[name].provision}.toml: {name}: calendar"
        for each in calendar.of:
            if each not in library.specs:
                raise DataError(f"{where}: {unknown('parameter', each, library.specs)}")
        units = [library.specs[n].unit for n in calendar.of]
        wanted = [DATE, *AFTER_THE_DAY.get(calendar.rule, ("day",) * (len(units) - 1))]
        if units != wanted:
            raise DataError(f"{where}: {calendar.rule} takes {words.join(wanted)}, got {words.join(str(u) for u in units)}")


def fields(template: str, where: str) -> list[str]:
    """The names that a sentence template asks for."""
    try:
        return [name for _, name, _, _ in Formatter().parse(template) if name is not None]
    except ValueError as error:
        raise DataError(f"{where}: headline: {error}") from None


def _module(path: Path) -> ModuleType:
    """A user's module, run under a name of its own."""
    name = f"ukraineplan_extra_{sha256(str(path.resolve()).encode()).hexdigest()[:12]}.{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise FormulaError(f"{path}: cannot be read as a Python module")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True  # a user's folder stays as it was
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        raise FormulaError(f"{path}: cannot be run ({type(error).__name__}: {error})") from error
    finally:
        sys.dont_write_bytecode = writes
    return module


def vintage(as_of: str | date | None, text: Text, evidence: Evidence) -> date:
    """The day up to which evidence counts: one that was given, the newest fact's, or the text's own.

    Raises
    ------
    InvalidValue
        If it is neither a date nor "latest".
    """
    return text.date if as_of is None else _day(as_of, evidence)


def _day(as_of: str | date, evidence: Evidence) -> date:
    if as_of == "latest":
        return max(f.public_since for f in evidence.facts.values())
    if isinstance(as_of, datetime):
        return as_of.date()
    if isinstance(as_of, date):
        return as_of
    try:
        return date.fromisoformat(as_of)
    except (TypeError, ValueError):
        raise InvalidValue(f"as_of is a date such as '2025-11-21' or 'latest', got {repr(as_of)[:60]}") from None


# ------------------------------------------------------------------------------------------------------
# What there is, as tables


def texts() -> pd.DataFrame:
    """The texts of the library, one a row, with the alternatives that `load` can choose in each."""
    return texts_of(shipped_library())


def texts_of(library: Library) -> pd.DataFrame:
    """The same of a library with a user's folder."""
    import pandas as pd

    rows = [{"text": t.id, "title": t.title, "date": t.date, "clauses": len(t.clauses), "alternatives": ", ".join(t.alternatives)}
            for t in library.texts.values()]  # fmt: skip
    return pd.DataFrame(rows).set_index("text")


def provisions() -> pd.DataFrame:
    """The provisions that are built, one a row, with the points of each text they compute."""
    return provisions_of(shipped_library())


def provisions_of(library: Library) -> pd.DataFrame:
    """The same of a library with a user's folder."""
    import pandas as pd

    rows = [
        {
            "provision": p.name,
            "title": p.title,
            "points": "; ".join(f"{t} {', '.join(points)}" for t, points in p.points.items()),
            "formulas": sum(f.provision == p.name for f in library.formulas),
            "parameters": sum(s.provision == p.name for s in library.specs.values()),
        }
        for p in library.provisions.values()
    ]
    return pd.DataFrame(rows).set_index("provision")


def sources() -> pd.DataFrame:
    """Who published what, when, where and of what quality, one source a row."""
    return frame(shipped_library().evidence.sources.values(), Source)


def facts(word: str | None = None, *, topic: str | None = None, text: str | None = None) -> pd.DataFrame:
    """Published observations that contain a word, one a row.

    Parameters
    ----------
    word : str, optional
        Looked for, in any case, in ids, statements, quotes, remarks and names of sources.
    topic, text : str, optional
        Only facts of a topic, or of a text.

    Raises
    ------
    UnknownName
        For a topic or text that does not exist.
    """
    return frame(find_facts(word, topic=topic, text=text), Fact)


def find_facts(
    word: str | None = None, *, topic: str | None = None, text: str | None = None, as_of: str | date | None = None
) -> list[Fact]:
    """The same as a list, of those only that were public on a day if one is given."""
    evidence, word = shipped_library().evidence, "" if word is None else str(word)
    known = {f.text for f in evidence.facts.values() if f.text}
    if text is not None and text not in known:
        raise unknown("text", text, known)
    found = evidence.search(word, topic=topic, text=text)
    return found if as_of is None else [f for f in found if f.is_public(_day(as_of, evidence))]


ALL: Final = "all"
"""What `coverage` takes for every text at once."""


def coverage(text: str = "us28") -> pd.DataFrame:
    """Every clause of a text: what it says, whether it computes, and why not where it does not.

    Parameters
    ----------
    text : str
        A text's id; "all" for every text beside the points of the 28-point draft.

    Returns
    -------
    DataFrame
        A row a clause, with its summary, its quotes, who published them and the standing of its wording; `provision` is what
        computes it, followed by "(not built yet)" where that is so. Of all texts, a
        row a point of the 28-point draft and a column a text: what the text sets there, else the reason why nothing is.

    Raises
    ------
    UnknownName
        For a text that does not exist.
    """
    return coverage_of(shipped_library(), text)


def coverage_of(library: Library, text: str) -> pd.DataFrame:
    """The same of a library with a user's folder."""
    import pandas as pd

    if text == ALL:
        points = [{"point": point, "subject": subject} for point, subject in library.subjects.items()]
        rows = [row | {t.id: grid_cell(library, t, row["point"]) for t in library.compared} for row in points]
        return pd.DataFrame(rows).set_index("point")
    return pd.DataFrame(list(_coverage(library, text))).set_index("point")


def grid_cell(library: Library, text: Text, point: str) -> str:
    """What a text sets on a point of the 28-point draft, in words; else the reason why there is no number."""
    said = {}
    for clause in text.on(point):
        for name in clause.levers:
            setting = text.setting(name)
            if setting.state in ("set", "removed") or setting.rivals:
                said[name] = f"{library.label(name)}: {library.in_words(name, setting)}"
    cell = text.cell(point)
    return "; ".join(said.values()) or f"{cell.coverage}: {cell.reason}"


def _coverage(library: Library, text: str) -> Iterator[dict[str, object]]:
    for clause in find(library.texts, text).clauses:
        built, facts = clause.provision in library.provisions, [library.evidence.facts[f] for f in clause.facts]
        yield {
            "point": clause.place,
            "summary": clause.summary,
            "coverage": clause.coverage,
            "provision": "" if not clause.provision else clause.provision if built else f"{clause.provision} (not built yet)",
            "reason": clause.reason or "",
            "quote": " / ".join(dict.fromkeys(f.quote for f in facts)),
            "sources": "; ".join(dict.fromkeys(library.evidence.sources[f.source].publisher for f in facts)),
            "standing": clause.standing or "",
        }
