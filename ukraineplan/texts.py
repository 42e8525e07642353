"""Texts: what each document says, clause by clause, and which levers it sets."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field

from ukraineplan.errors import DataError, unknown
from ukraineplan.evidence import Evidence
from ukraineplan.specs import Spec, checked, read_toml

Coverage = Literal["quantified", "numeric, not modelled", "no number", "wording not seen"]


class Clause(Spec):
    """A clause in one sentence of our own.

    `facts` are the ids of its short quotes, `sets` the levers and conventions it sets, `provision` what computes it
    (or would: not every provision is built), `standing` what kind of copy its wording comes from.
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
    sets: dict[str, float | str] = Field(default_factory=dict)

    @property
    def place(self) -> str:
        """Point and letter, as in "14 a"."""
        return f"{self.point} {self.letter}" if self.letter else self.point


class Text(Spec):
    """A document with its clauses; `date` is the default vintage of a plan made from it."""

    id: str
    title: str
    date: date
    description: str = ""
    clause: list[Clause]

    @property
    def clauses(self) -> list[Clause]:
        """The clauses in the text's order."""
        return self.clause

    def setting(self, name: str) -> tuple[float | str, Clause] | None:
        """What the text sets a parameter to and in which clause, or None where it is silent."""
        return next(((c.sets[name], c) for c in self.clause if name in c.sets), None)


def read_texts(folder: Path, evidence: Evidence) -> dict[str, Text]:
    """All texts of a folder of TOML files, by id.

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
    return found


def find(texts: dict[str, Text], name: str) -> Text:
    """A text by its id.

    Raises
    ------
    UnknownName
        With the nearest id.
    """
    if not isinstance(name, str) or name not in texts:
        raise unknown("text", name, texts)
    return texts[name]


def _check(text: Text, evidence: Evidence, path: Path) -> None:
    levers: set[str] = set()
    for clause in text.clauses:
        for fact in clause.facts:
            if fact not in evidence.facts:
                raise DataError(f"{path.name}: clause {clause.place}: {unknown('fact', fact, evidence.facts)}")
        for lever in clause.sets:
            if lever in levers:
                raise DataError(f"{path.name}: clause {clause.place}: '{lever}' is set twice")
            levers.add(lever)
