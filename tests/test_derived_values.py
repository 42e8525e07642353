"""Values derived in the notes made when the evidence was gathered: each by hand in fractions, and through the library.

`oracles/derived_values.csv` has a row for each: what it is, the formula in words, the value as the notes print it, the sum by
hand from facts by id, and what the library is asked (a number or several, at a text and a vintage, with some values set). A
further row of the same id is the same value with another input. These tests would catch a library that no longer gives a
value, a disagreement that nobody explains, and a row of docs/derived-values.md that says something else.
"""

import csv
import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, Final

import pytest

import ukraineplan as up

TABLE: Final = Path(__file__).parent / "oracles" / "derived_values.csv"
PAGE: Final = Path(__file__).parents[1] / "docs" / "derived-values.md"

# ------------------------------------------------------------------------------------------------------
# Sums by hand, and the library's numbers: in both a day is its ordinal number


class Look(dict[str, Any]):
    """Names in an expression, looked up when they are needed; `x.low` and `x.high` are the ends of `x`."""

    def __init__(self, find: Callable[[str, str], Any]) -> None:
        super().__init__(rounded=lambda x: round(x, 4))
        self.find = find

    def __missing__(self, name: str) -> Any:
        base, _, end = name.partition("__")
        found = self.find(base, end or "value")
        return found.toordinal() if isinstance(found, date) else found

    def work_out(self, expression: str) -> Any:
        """What an expression comes to."""
        return eval(re.sub(r"([a-z]\w*)\.(low|high)\b", r"\1__\2", expression), {"__builtins__": {}, "Fraction": Fraction}, self)


@cache
def facts() -> dict[str, dict[str, Any]]:
    return {end: dict(up.facts()[end]) for end in ("value", "low", "high")}


FACTS: Final = Look(lambda name, end: Fraction(str(facts()[end][name])))


def by_hand(expression: str) -> Fraction:
    """A sum of facts and numbers, exact: no number passes through floating point, unless a root is taken."""
    days = re.sub(r"\d{4}-\d\d-\d\d", lambda day: str(date.fromisoformat(day[0]).toordinal()), expression)
    return Fraction(FACTS.work_out(re.sub(r"(?<![\w.])\d+(\.\d+)?(?![\w.])", r"Fraction('\g<0>')", days)))


@cache
def loaded(text: str, as_of: str) -> up.Plan:
    return up.load(text or "us28", as_of=as_of or None)


def number(text: str) -> Any:
    """A value to be set: a number where it is one."""
    return float(text) if re.fullmatch(r"[\d.]+", text) else text


@dataclass(frozen=True)
class Ask:
    """What the library is asked."""

    numbers: str
    text: str
    as_of: str
    settings: dict[str, str]

    def answer(self) -> float:
        """The value, in the unit of the formula."""
        plan = loaded(self.text, self.as_of).with_values(**{n: number(v) for n, v in self.settings.items()})
        look = Look(lambda name, end: plan[name].required if end == "value" else getattr(plan[name], end))
        return float(look.work_out(self.numbers))

    def words(self, before: "Ask | None" = None) -> str:
        """All of it, or what is other than in an ask before."""
        known = before.settings if before else {}
        new = [f"`{n} = {v}`" for n, v in self.settings.items() if known.get(n) != v]
        parts = [
            f"`{self.numbers}`" if not before else f"by `{self.numbers}`" if before.numbers != self.numbers else "",
            "with " + ", ".join(new) if new else "",
            f"text `{self.text}`" if self.text and not before else "",
            f"on evidence to {self.as_of}" if self.as_of and (not before or before.as_of != self.as_of) else "",
        ]
        return ", ".join(filter(None, parts))


# ------------------------------------------------------------------------------------------------------
# Numbers as they are printed

PRINTED: Final = re.compile(r"(?P<sign>[+−<]?)(?P<before>\D*?)(?P<number>[\d,]+(?:\.\d+)?)(?P<after>.*)")
ISO: Final = re.compile(r"\d{4}-\d\d-\d\d")
SCALE: Final = {"k": Fraction(1000), " %": Fraction(1, 100), " points": Fraction(1, 100)}
"""One of the printed number, in the unit of formulas."""


def meets(exact: Fraction, printed: str, step: str = "") -> bool:
    """Whether an exact number rounds to the printed one: to the digits printed, or to a coarser step."""
    if ISO.fullmatch(printed):
        return exact == date.fromisoformat(printed).toordinal()
    found = PRINTED.fullmatch(printed)
    assert found, printed
    scale, digits = SCALE.get(found["after"], Fraction(1)), len(found["number"].partition(".")[2])
    printed_number = Fraction(found["number"].replace(",", "")) * scale * (-1 if found["sign"] == "−" else 1)
    if found["sign"] == "<":
        return exact < printed_number
    return abs(exact - printed_number) <= Fraction(step or Fraction(1, 10**digits)) * scale / 2


def shown(exact: Fraction, printed: str, step: str = "") -> str:
    """An exact number in the style of the printed one, with one digit more."""
    if ISO.fullmatch(printed):
        return date.fromordinal(int(exact)).isoformat()
    found = PRINTED.fullmatch(printed)
    assert found, printed
    digits = 0 if step else len(found["number"].partition(".")[2]) + 1
    text = f"{float(abs(exact) / SCALE.get(found['after'], Fraction(1))):,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if digits else text
    return f"{'−' if exact < 0 else '+' if found['sign'] == '+' else ''}{found['before']}{text}{found['after']}"


# ------------------------------------------------------------------------------------------------------
# The table


@dataclass(frozen=True)
class Row:
    """A row of the table."""

    id: str
    what: str
    formula: str
    printed: str
    step: str
    exact: Fraction
    ask: Ask | None
    differs: str
    none: str


@dataclass(frozen=True)
class Case:
    """A value, and the same with other inputs."""

    first: Row
    others: tuple[Row, ...]
    subject: str

    @property
    def line(self) -> str:
        """Its line in the page."""
        row = self.first
        route = row.ask.words() if row.ask else f"by hand, {row.none}"
        others = "".join(
            f"; {shown(o.exact, o.printed)} {o.ask.words(row.ask) if o.ask and row.ask else o.ask.words() if o.ask else o.what}"
            for o in self.others
        )
        verdict = f"differs, {row.differs}" if row.differs else "agrees"
        cells = [f"{row.what} (`{row.id}`)", row.formula, row.printed, shown(row.exact, row.printed, row.step)]
        return f"| {' | '.join([*cells, f'{verdict}: {route}{others}'])} |".replace(" %", "\u202f%")


def read() -> list[Case]:
    """The cases, in the order of the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    cases = []
    for _, group in groupby(lines, key=itemgetter("id")):
        line, *others = group
        first = row(line, None)
        cases.append(Case(first, tuple(row(other, first.ask) for other in others), line["subject"]))
    return cases


def row(line: dict[str, str], first: Ask | None) -> Row:
    """A line of the table; a further one changes what the first one asks, or says in words what its sum takes instead."""
    settings = dict(setting.split(" = ") for setting in line["values"].split("; ") if setting)
    ask = Ask(line["library"], line["text"], line["as_of"], settings) if line["library"] or settings or line["as_of"] else None
    if ask and first:
        before = {name: getattr(first, name) for name in ("numbers", "text", "as_of")}
        after = {name: getattr(ask, name) for name in before if getattr(ask, name)}
        ask = Ask(**before | after, settings=first.settings | ask.settings)
    told = {name: line[name] for name in ("id", "what", "formula", "printed", "step", "differs", "none")}
    return Row(**told, exact=by_hand(line["by_hand"]), ask=ask)


CASES: Final = read()
ROWS: Final = [row for case in CASES for row in (case.first, *case.others)]

# ------------------------------------------------------------------------------------------------------
# The tests


@pytest.mark.parametrize(
    ("exact", "printed", "met"),
    [
        ("280000", "280k", True), ("280600", "280k", False), ("7/22", "31.8 %", True), ("0.3186", "31.8 %", False),
        ("-43", "−43", True), ("43", "−43", False), ("0.0179", "<2 %", True), ("0.0201", "<2 %", False),
        ("5045", "5,045 km²", True), ("5046", "5,045 km²", False), ("1.3", "€1bn", True), ("0.0044", "0.4 points", True),
    ],
)  # fmt: skip
def test_a_printed_value_is_met_to_its_last_digit(exact: str, printed: str, met: bool) -> None:
    """Catches a measure that lets anything pass."""
    assert meets(Fraction(exact), printed) is met


@pytest.mark.parametrize("row", [r for r in ROWS if r.ask], ids=lambda r: r.id)
def test_the_library_gives_the_sum_done_by_hand(row: Row) -> None:
    """Catches a formula, a central value or a vintage that moved, and a disagreement explained by what does not explain it."""
    assert row.ask
    found = row.ask.answer()
    assert math.isclose(found, float(row.exact), rel_tol=1e-9, abs_tol=1e-12), f"{row.ask.words()}: {found}, by hand {row.exact}"


@pytest.mark.parametrize("row", ROWS, ids=lambda r: r.id)
def test_the_printed_value_is_met_or_the_row_says_why_not(row: Row) -> None:
    """Catches a disagreement that is passed over, and one that is no longer there."""
    assert meets(row.exact, row.printed, row.step) is not bool(row.differs), shown(row.exact, row.printed)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.first.id)
def test_the_library_is_asked_or_a_reason_says_why_it_cannot_be(case: Case) -> None:
    assert bool(case.first.ask) is not bool(case.first.none)


def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def part(title: str) -> str:
    """What stands under a heading of the page."""
    return page().partition(f"\n## {title}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("subject", list(dict.fromkeys(c.subject for c in CASES)))
def test_every_case_has_its_line_in_the_page(subject: str) -> None:
    """Catches a page that drifts from the table, in either direction."""
    lines = [line for line in part(subject).splitlines() if re.match(r"\|.*\(`\w+`\) \|", line)]
    assert lines == [c.line for c in CASES if c.subject == subject]


def test_no_line_of_the_page_is_without_a_case() -> None:
    assert re.findall(r"^\|[^|]*\(`(\w+)`\) \|", page(), re.MULTILINE) == [c.first.id for c in CASES]


@pytest.mark.parametrize("title, key", [("Why some differ", "differs"), ("Numbers that the library does not have", "none")])
def test_every_reason_is_explained(title: str, key: str) -> None:
    """Catches a disagreement, or a number that the library lacks, without a sentence that says why; and an idle sentence."""
    told = dict(re.findall(r"^- \*\*(.+?)\*\*: (.*?)(?=^- |\Z)", part(title), re.MULTILINE | re.DOTALL))
    assert told.keys() == {getattr(c.first, key) for c in CASES} - {""}
    assert all(len(words.split()) > 10 for words in told.values())


def test_the_page_counts_as_the_tests_do() -> None:
    """Catches a summary that is out of date."""
    differ, alone = sum(bool(c.first.differs) for c in CASES), sum(bool(c.first.none) for c in CASES)
    said = f"{len(CASES)} values: {len(CASES) - differ} agree and {differ} differ; {len(CASES) - alone} go through the library"
    assert f"{said}, {alone} by hand alone" in " ".join(page().split())
