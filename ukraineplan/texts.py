"""Texts: what each document says, clause by clause, and what it does to each lever."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal, get_args

from pydantic import Field

from ukraineplan.errors import DataError, InvalidValue, unknown
from ukraineplan.evidence import Evidence
from ukraineplan.specs import Day, Spec, checked, read_toml

Coverage = Literal["quantified", "numeric, not modelled", "no number", "wording not seen"]
COVERAGE: Final = get_args(Coverage)
State = Literal["set", "removed", "not stated", "open", "unknown"]
Value = float | str | Day

NOT_STATED: Final = "not stated"
"""The value of a lever on which an alternative is silent."""


class LeverSpec(Spec):
    """A term of the texts that no formula uses: it is compared in words, and computes nothing."""

    name: str
    label: str
    unit: str
    point: str | None = None
    if_removed: float | str | None = None


class Cell(Spec):
    """What a text does with a point of the 28-point draft: whether something computes, and why."""

    coverage: Coverage
    reason: str


class Clause(Spec):
    """A clause in one sentence of our own.

    `facts` are the ids of its short quotes, `provision` what computes it (or would), `standing` what kind of copy its
    wording comes from, `subjects` the points of the 28-point draft that it takes up.

    It `sets` levers and conventions, has `removed` some of an earlier text, leaves them `open` between named
    alternatives, or leaves them `unknown`, with the reported values in words; `beside` are documents beside the text.
    `because` gives a lever's own reason.
    """

    point: str
    letter: str | None = None
    summary: str
    facts: list[str] = Field(default_factory=list)
    standing: str | None = None
    coverage: Coverage
    reason: str | None = None
    provision: str | None = None
    variants: list[str] = Field(default_factory=list)
    subjects: list[str] | None = None
    sets: dict[str, Value] = Field(default_factory=dict)
    removed: list[str] = Field(default_factory=list)
    open: dict[str, dict[str, Value | list[str]]] = Field(default_factory=dict)
    beside: dict[str, dict[str, Value | list[str]]] = Field(default_factory=dict)
    unknown: dict[str, list[str]] = Field(default_factory=dict)
    because: dict[str, str] = Field(default_factory=dict)

    @property
    def place(self) -> str:
        """Point and letter, as in "14 a"."""
        return f"{self.point} {self.letter}" if self.letter else self.point

    @property
    def alternatives(self) -> dict[str, dict[str, Value | list[str]]]:
        """What its named alternatives do, those inside the text and those beside it."""
        return self.open | self.beside

    @property
    def levers(self) -> list[str]:
        """Every lever that it settles or leaves open, in its own order."""
        open_ones = (name for done in self.alternatives.values() for name in done)
        return list(dict.fromkeys([*self.sets, *self.removed, *self.unknown, *open_ones]))


@dataclass(frozen=True)
class Setting:
    """What a text does to one lever.

    `value` is what it sets, `rivals` the values that reports or alternatives give, in words, `clause` where it stands.
    """

    lever: str
    state: State
    reason: str
    value: Value | None = None
    clause: Clause | None = None
    rivals: tuple[str, ...] = ()
    beside: bool = False  # from a document beside the text, whose quotes count only once they are public

    @property
    def facts(self) -> tuple[str, ...]:
        """The quotes of its clause."""
        return tuple(self.clause.facts) if self.clause else ()


class Text(Spec):
    """A document with its clauses; `date` is the default vintage of a plan made from it.

    `silent` is the state of a lever that no clause mentions and `silence` the reason; `not_stated` and `unknown` give
    better ones. `elsewhere` says the same of points of the 28-point draft that no clause takes up, `grid` of single points
    before their clauses do; `subjects` name these points. `front` are the provisions whose numbers stand on page one of
    its sheet. `undated` is true where no text stands behind it, so that a comparison takes the other side's date; a
    `companion` is no rival of the 28-point draft and has no column beside it. `chosen` are the alternatives that a user
    chose: ``dec20:option_a``.
    """

    id: str
    title: str
    date: date
    undated: bool = False
    companion: bool = False
    description: str = ""
    silent: Literal["not stated", "unknown"] = "not stated"
    silence: str = "The text says nothing about it."
    elsewhere: str = "Not among the points of this text."
    elsewhere_coverage: Coverage = "no number"
    clause: list[Clause]
    not_stated: dict[str, str] = Field(default_factory=dict)
    unknown: dict[str, str] = Field(default_factory=dict)
    grid: dict[str, Cell] = Field(default_factory=dict)
    subjects: dict[str, str] = Field(default_factory=dict)
    front: list[str] = Field(default_factory=list)
    chosen: tuple[str, ...] = ()

    @property
    def clauses(self) -> list[Clause]:
        """The clauses in the text's order; those of a document beside it only once that has been chosen."""
        return [c for c in self.clause if not c.beside or {*c.beside} & {*self.chosen}]

    @property
    def name(self) -> str:
        """The id, with the alternatives that were chosen: "dec20:option_a"."""
        return f"{self.id}:{','.join(self.chosen)}" if self.chosen else self.id

    @cached_property
    def alternatives(self) -> dict[str, list[Clause]]:
        """The clauses of each named alternative, those beside the text too."""
        found: dict[str, list[Clause]] = {}
        for clause in self.clause:
            for name in clause.alternatives:
                found.setdefault(name, []).append(clause)
        return found

    def choosing(self, *names: str) -> Text:
        """The text with some of its alternatives chosen.

        Raises
        ------
        UnknownName
            For an alternative that it does not have.
        InvalidValue
            For two alternatives of one point.
        """
        names = tuple(dict.fromkeys(names))
        points: dict[str, str] = {}
        settled: dict[str, str] = {}
        for name in names:
            if name not in self.alternatives:
                known = self.alternatives or {"(none)": []}
                raise unknown(f"alternative of '{self.id}'", name, known)
            for point in {c.point for c in self.alternatives[name] if name in c.open}:
                if point in points:
                    both = f"'{points[point]}' and '{name}'"
                    raise InvalidValue(f"{self.id}: {both} are rivals in point {point}: choose one of them")
                points[point] = name
            for lever in {n for c in self.alternatives[name] for n in c.alternatives[name]}:
                if settled.setdefault(lever, name) != name:
                    raise InvalidValue(f"{self.id}: '{settled[lever]}' and '{name}' both speak of {lever}: choose one of them")
        return self.model_copy(update={"chosen": names})

    def setting(self, lever: str) -> Setting:
        """What the text does to a lever, with the reason; every lever has one of the five states."""
        return self._chosen(lever) or self._written(lever) or self._silent(lever)

    def _chosen(self, lever: str) -> Setting | None:
        for name in self.chosen:
            for clause in self.alternatives[name]:
                done = clause.alternatives[name]
                if lever in done:
                    return _alternative(lever, done[lever], clause, name, beside=name in clause.beside)
        rivals = {c.point for name in self.chosen for c in self.alternatives[name] if name in c.open}
        if any(lever in done for c in self.clause if c.point in rivals for done in c.open.values()):
            return Setting(lever, "not stated", f"The alternative {' and '.join(self.chosen)} says nothing about it.")
        return None

    def _written(self, lever: str) -> Setting | None:
        for clause in self.clause:
            reason = clause.because.get(lever) or clause.reason or clause.summary
            if lever in clause.sets:
                return Setting(lever, "set", reason, clause.sets[lever], clause)
            if lever in clause.removed:
                return Setting(lever, "removed", clause.because.get(lever, "The text removes the clause."), None, clause)
            if lever in clause.unknown:
                return Setting(lever, "unknown", reason, None, clause, tuple(clause.unknown[lever]))
        rivals = [(name, done[lever], c) for c in self.clause for name, done in c.open.items() if lever in done]
        if rivals:
            said = tuple(f"{name}: {_in_words(value)}" for name, value, _ in rivals)
            first = rivals[0][2]
            return Setting(lever, "open", first.because.get(lever, "The text leaves rival alternatives."), None, first, said)
        return None

    def _silent(self, lever: str) -> Setting:
        near = next((c for c in self.clause if lever in c.because), None)
        if near is not None:  # a clause that speaks of the matter and leaves the lever out
            return Setting(lever, self.silent, near.because[lever], None, near)
        if lever in self.not_stated:
            return Setting(lever, "not stated", self.not_stated[lever])
        if lever in self.unknown:
            return Setting(lever, "unknown", self.unknown[lever])
        return Setting(lever, self.silent, self.silence)

    def cell(self, point: str) -> Cell:
        """Whether something computes on a point of the 28-point draft, and why."""
        if point in self.grid:
            return self.grid[point]
        clauses = self.on(point)
        if not clauses:
            return Cell(coverage=self.elsewhere_coverage, reason=self.elsewhere)
        first = min(clauses, key=lambda c: COVERAGE.index(c.coverage))
        return Cell(coverage=first.coverage, reason=first.reason or first.summary)

    def on(self, point: str) -> list[Clause]:
        """The clauses that take up a point of the 28-point draft."""
        return [c for c in self.clause if point in ([c.point] if c.subjects is None else c.subjects)]


def _alternative(lever: str, value: Any, clause: Clause, name: str, *, beside: bool) -> Setting:
    reason = clause.because.get(lever) or clause.reason or clause.summary
    if value == NOT_STATED:
        return Setting(lever, "not stated", f"The alternative {name} says nothing about it.", None, clause, (), beside)
    if isinstance(value, list):
        return Setting(lever, "unknown", reason, None, clause, tuple(value), beside)
    return Setting(lever, "set", reason, value, clause, (), beside)


def _in_words(value: Any) -> str:
    if isinstance(value, list):
        return " or ".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def read_texts(folder: Path, evidence: Evidence) -> dict[str, Text]:
    """All texts of a folder of TOML files by id: the oldest first, those that no text stands behind last.

    Raises
    ------
    DataError
        Naming file and key: a clause with an unknown fact, a lever set twice, a key that does not exist.
    """
    found = {}
    for path in sorted(folder.glob("*.toml")):
        text = checked(Text, {"id": path.stem} | read_toml(path), path.name)
        _check(text, evidence, path)
        found[text.id] = text
    return dict(sorted(found.items(), key=lambda item: (item[1].undated, item[1].date, item[1].companion, item[0])))


def read_levers(path: Path) -> dict[str, LeverSpec]:
    """The terms of the texts that no formula uses, by name."""
    return {name: checked(LeverSpec, {"name": name} | table, f"{path.name}: {name}") for name, table in read_toml(path).items()}


def find(texts: Mapping[str, Text], name: str) -> Text:
    """A text by its id, with alternatives where they are named: "dec20:option_a,ukrainian_proposal".

    Raises
    ------
    UnknownName
        With the nearest id or alternative.
    InvalidValue
        For two alternatives that are rivals.
    """
    text, colon, chosen = name.partition(":") if isinstance(name, str) else ("", "", "")
    if text not in texts:
        raise unknown("text", name, texts)
    return texts[text].choosing(*(part.strip() for part in chosen.split(","))) if colon else texts[text]


def _check(text: Text, evidence: Evidence, path: Path) -> None:
    levers: set[str] = set()
    for clause in text.clause:  # those of documents beside it too
        where = f"{path.name}: clause {clause.place}"
        for fact in clause.facts:
            if fact not in evidence.facts:
                raise DataError(f"{where}: {unknown('fact', fact, evidence.facts)}")
        for lever in [*clause.sets, *clause.removed, *clause.unknown]:
            if lever in levers:
                raise DataError(f"{where}: '{lever}' is settled twice")
            levers.add(lever)
