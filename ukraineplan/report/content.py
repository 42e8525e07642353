"""What a fact sheet says, before anybody decides how it looks.

Every number is text already, written by the one formatter; places on a scale run from 0 to 100. Renderers read these
and nothing else, so HTML and Markdown cannot differ in a figure.
"""

from __future__ import annotations

from dataclasses import dataclass

Cites = tuple[int, ...]
"""Numbers of sources, in order."""


@dataclass(frozen=True)
class Shown:
    """A number ready to print: its figure, the words after it, its range; or why there is none."""

    figure: str
    words: str
    span: str
    missing: str | None = None  # the word that stands in the frame instead: "not stated", "unset"
    reason: str = ""

    @property
    def display(self) -> str:
        """Figure and words."""
        return self.missing or self.figure + self.words


@dataclass(frozen=True)
class Bar:
    """A range with its value on a scale from 0 to 100."""

    low: float
    value: float
    high: float


@dataclass(frozen=True)
class Tick:
    """A label on a scale."""

    place: float
    label: str


@dataclass(frozen=True)
class Quote:
    """Somebody's words: in which language, in English where they are foreign, and where they stand."""

    text: str
    lang: str
    english: str
    standing: str
    cites: Cites


@dataclass(frozen=True)
class ClauseQuoted:
    """A clause as copies print it: the first quote leads, `others` are further copies."""

    place: str
    lead: Quote
    others: tuple[Quote, ...]
    variants: tuple[str, ...]


@dataclass(frozen=True)
class Headline:
    """The number a reader came for, and the sentence with its condition."""

    name: str
    label: str
    shown: Shown
    unit: str
    sentence: str
    bar: Bar | None
    zero: str  # the label at the left end of the bar, where zero is not in the range
    known: str  # how low and high are known


@dataclass(frozen=True)
class Working:
    """One formula shown: with names, with numbers, its result, and what decided a branch."""

    name: str
    label: str
    note: str
    when: str
    names: str
    numbers: str
    result: str
    because: tuple[str, ...]
    reason: str = ""  # why it cannot be computed


@dataclass(frozen=True)
class Row:
    """A line of the table; `how` is the working it links to, `cites` are its sources."""

    name: str
    label: str
    note: str
    shown: Shown
    unit: str
    basis: str
    mark: str
    cites: Cites
    how: str | None
    labelled: bool  # its value is words, not a figure
    key: bool


@dataclass(frozen=True)
class Group:
    """Rows under one heading."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class SwingRow:
    """What one input does to the number: both ends as text, and their places beside the central value."""

    label: str
    tag: str
    low: str
    at_low: str
    high: str
    at_high: str
    bar: Bar


@dataclass(frozen=True)
class SwingFigure:
    """A tornado."""

    title: str
    note: str
    ticks: tuple[Tick, ...]
    rows: tuple[SwingRow, ...]


@dataclass(frozen=True)
class DriverRow:
    """What one input does to the spread of the number: parts of the variance as text, and drawn from 0 to 100."""

    label: str
    tag: str
    alone: str
    together: str
    shared: str
    narrower: str
    bar: Bar  # from nothing by `alone` to `together`


@dataclass(frozen=True)
class DriversFigure:
    """Ranked drivers, all that is uncertain drawn together."""

    title: str
    note: str
    method: str
    ticks: tuple[Tick, ...]
    rows: tuple[DriverRow, ...]


@dataclass(frozen=True)
class SpreadRow:
    """A number with its range as a bar; without a bar where there is no range or no number."""

    label: str
    tag: str
    before: str
    after: str
    bar: Bar | None
    cites: Cites = ()
    link: str = ""


@dataclass(frozen=True)
class SpreadFigure:
    """Ranges or single values on one scale."""

    title: str
    note: str
    heads: tuple[str, str, str]
    ticks: tuple[Tick, ...]
    rows: tuple[SpreadRow, ...]
    line: float | None = None  # a vertical line at this place


@dataclass(frozen=True)
class InsteadRow:
    """A number under another reading of the words."""

    question: str
    option: str
    label: str
    shown: Shown
    instead_of: str


@dataclass(frozen=True)
class Panel:
    """One curve over the years, in the units of its drawing."""

    label: str
    unit: str
    spoken: str
    line: str
    low: str
    high: str
    band: str
    ticks: tuple[Tick, ...]  # on the value axis
    years: tuple[Tick, ...]
    dot: tuple[float, float]
    figure: str
    span: str


@dataclass(frozen=True)
class YearsFigure:
    """Small multiples over the years, with their table: a row a year, two cells a panel."""

    title: str
    note: str
    panels: tuple[Panel, ...]
    rows: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


@dataclass(frozen=True)
class Section:
    """A provision."""

    id: str
    title: str
    point: str
    of_text: str
    summary: tuple[str, ...]
    clauses: tuple[ClauseQuoted, ...]
    elsewhere: str  # where further clauses of the point are quoted
    standing: tuple[str, ...]
    silent_on: tuple[str, ...]
    headline: Headline
    check: Working | None
    command: str
    table: str
    groups: tuple[Group, ...]
    swings: SwingFigure | None
    rivals: SpreadFigure | None
    drivers: DriversFigure | None
    instead: str
    insteads: tuple[InsteadRow, ...]
    unmoved: str
    years: YearsFigure | None
    not_modelled: tuple[str, ...]
    workings: tuple[Working, ...]


@dataclass(frozen=True)
class Glance:
    """One number on the front page."""

    link: str
    point: str
    label: str
    condition: str
    shown: Shown


@dataclass(frozen=True)
class Point:
    """A point of the text in the strip: `kind` is here, elsewhere, later or none."""

    number: str
    kind: str
    said: str


@dataclass(frozen=True)
class Covered:
    """A clause and what becomes of it."""

    place: str
    summary: str
    status: str
    reason: str
    link: str


@dataclass(frozen=True)
class Reference:
    """An entry in the list of sources."""

    number: int
    title: str
    lang: str
    publisher: str
    issued: str
    host: str
    url: str
    flag: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True)
class Content:
    """A whole fact sheet."""

    title: str
    over: str
    description: str
    intro: str
    glance: tuple[Glance, ...]
    picture: SpreadFigure | None
    depends: tuple[InsteadRow, ...]
    settled: str  # the headline numbers that no reading of the words moves
    marks: tuple[tuple[str, str, str], ...]
    sections: tuple[Section, ...]
    points: tuple[Point, ...]
    coverage: tuple[Covered, ...]
    references: tuple[Reference, ...]
    reproduce: tuple[str, ...]
    command: str
    foot: str
