"""What a sheet that compares two sides says, before anybody decides how it looks.

Every number is text already, written by the one formatter, as on a fact sheet; A is one side, B the other.
"""

from __future__ import annotations

from dataclasses import dataclass

from ukraineplan.report.content import Cites, Quote, Reference, Shown, SpreadFigure


@dataclass(frozen=True)
class Side:
    """A side: its letter, its title, what else tells it from other sides, and what kind of text it is."""

    letter: str
    name: str
    title: str
    added: str  # what the reader chose and set, for the title of the sheet
    detail: str
    standing: str

    @property
    def head(self) -> str:
        """Letter and title, as columns say it."""
        return f"{self.letter}: {self.title}"

    @property
    def said(self) -> str:
        """The same in a sentence, what stands in brackets left out."""
        return f"{self.letter} ({self.title.partition(' (')[0]})"


@dataclass(frozen=True)
class Cell:
    """A number of one side, or the word for why there is none; `note` explains either."""

    shown: Shown
    note: str = ""
    mark: str = ""
    basis: str = ""
    cites: Cites = ()


@dataclass(frozen=True)
class ComparedRow:
    """A number of both sides and its difference; `kind` is lever, uncertainty, convention or result."""

    name: str
    label: str
    unit: str
    kind: str
    a: Cell
    b: Cell
    difference: Cell


@dataclass(frozen=True)
class ComparedGroup:
    """The rows of a provision."""

    title: str
    link: str
    rows: tuple[ComparedRow, ...]


@dataclass(frozen=True)
class Changed:
    """A result on the front page: A, B and the difference as text."""

    link: str
    provision: str
    label: str
    a: str
    b: str
    difference: Shown


@dataclass(frozen=True)
class Lacking:
    """Inputs that a side gives no value for, by the word that says so, each with the results that need it counted."""

    side: str
    word: str
    inputs: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class SaidClause:
    """A clause in our words, with the quote that leads, the sources of further copies, and its standing."""

    place: str
    summary: str
    lead: Quote | None
    others: Cites
    standing: str


@dataclass(frozen=True)
class SideOfSection:
    """What one side says on a provision; where no clause does, a word and a reason say so."""

    heads: tuple[str, ...]  # both where the two sides say the same
    clauses: tuple[SaidClause, ...]
    word: str
    reason: str


@dataclass(frozen=True)
class Shares:
    """A difference shared out over the clauses that differ: clause of A and of B, before, after, and what it adds."""

    title: str
    note: str
    rows: tuple[tuple[str, str, str, str, str], ...]  # the last is empty where the order does not matter
    total: tuple[str, str, str]  # of A, of B, and the difference
    in_order: bool


@dataclass(frozen=True)
class ComparedSection:
    """A provision on both sides."""

    id: str
    title: str
    sentences: tuple[str, ...]
    sides: tuple[SideOfSection, ...]
    strips: tuple[SpreadFigure, ...]
    shares: tuple[Shares, ...]
    remarks: tuple[str, ...]  # why a difference is not shared out


@dataclass(frozen=True)
class SaidTerm:
    """What a side does to a lever, in words."""

    said: str
    word: str
    reason: str


@dataclass(frozen=True)
class TermRow:
    """A lever in the words of both sides."""

    lever: str
    label: str
    point: str
    a: SaidTerm
    b: SaidTerm


@dataclass(frozen=True)
class SaidSubject:
    """The clauses of a side on a point of the 28-point draft; where there are none, whether it was seen, and why."""

    clauses: tuple[tuple[str, str], ...]
    word: str
    reason: str


@dataclass(frozen=True)
class SubjectRow:
    """A point of the 28-point draft on each side; once where the sides have one text."""

    point: str
    title: str
    sides: tuple[SaidSubject, ...]


@dataclass(frozen=True)
class Beyond:
    """The clauses of a side that take up none of the 28 points."""

    side: str
    clauses: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ComparisonContent:
    """A whole sheet that compares two sides; every difference is B less A."""

    title: str
    over: str
    intro: str
    sides: tuple[Side, Side]
    counted: str
    changed: tuple[Changed, ...]
    lacking: tuple[Lacking, ...]
    words: tuple[tuple[str, str], ...]
    marks: tuple[tuple[str, str, str], ...]
    table: str
    groups: tuple[ComparedGroup, ...]
    sections: tuple[ComparedSection, ...]
    terms_title: str
    terms: tuple[TermRow, ...]
    subjects_title: str
    subjects_heads: tuple[str, ...]
    subjects: tuple[SubjectRow, ...]
    untouched: tuple[str, ...]
    beyond: tuple[Beyond, ...]
    method: str
    error: str
    references: tuple[Reference, ...]
    reproduce: tuple[str, ...]
    scenarios: tuple[tuple[str, str], ...]  # the file that a side with values of the reader's own is read from
    command: str
    foot: str
