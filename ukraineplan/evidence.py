"""The evidence: facts, each with its own words and its source, read from a folder and checked.

A fact is one observation in one row of `facts/*.csv`; its source is one item of `sources.json`. A folder
that does not hold together is refused whole: the error names the file, the line or the key, and the repair.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, StringConstraints, ValidationError, model_validator

from ukraineplan.errors import DataError, UnitError, did_you_mean, unknown
from ukraineplan.names import Names
from ukraineplan.units import conversion

if TYPE_CHECKING:
    import pandas as pd
    from pydantic_core import ErrorDetails

# --- Arithmetic written as text

LONGEST_ARITHMETIC = 400  # characters: the longest derivation has about a hundred
LARGEST_POWER = 4096  # bits of a power's result, so that 9**9**9 is refused and not computed

OPERATIONS: dict[type, Callable[..., Fraction]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.UAdd: operator.pos, ast.USub: operator.neg,
}  # fmt: skip


def _shown(given: object) -> str:
    """What was given, short enough for a message of one line."""
    text = repr(given)
    return text if len(text) <= 60 else text[:57] + "..."


def unit_factor(have: str | None, want: str) -> float:
    """What turns a fact's number into another unit; that a figure is a year's, publications often leave out.

    Raises
    ------
    UnitError
    """
    have = (have or "ratio").replace("-year", "/year").replace("km2", "km^2")
    try:
        return conversion(have, want)
    except UnitError:
        if want.endswith("/year") and not have.endswith("/year"):
            return conversion(f"{have}/year", want)
        raise


def arithmetic(text: str, names: Mapping[str, Any] | None = None) -> Fraction:
    """The exact value of arithmetic written as text: numbers, `+ - * / **` and brackets.

    Parameters
    ----------
    text : str
        For example "100 - 100 / 4" or "12 * new_contract_pay.high".
    names : mapping, optional
        The numbers or facts that names stand for; `.low` and `.high` of a fact may be asked for too.

    Anything else is a DataError, and so is what would take long to compute.
    """
    if len(text) > LONGEST_ARITHMETIC:
        raise DataError(f"arithmetic of {len(text)} characters is too long; {LONGEST_ARITHMETIC} are allowed")
    try:
        return _value(ast.parse(text.strip(), mode="eval").body, names)
    except ZeroDivisionError:
        raise DataError(f"{_shown(text)} divides by zero; correct it") from None
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise DataError(f"{_shown(text)} is not arithmetic; write numbers, + - * / ** and brackets") from None


def _value(node: ast.expr, names: Mapping[str, Any] | None) -> Fraction:
    """The value of one piece of parsed arithmetic; what is not listed here is refused."""
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return Fraction(repr(number))  # the decimal as written: 0.1 is a tenth
        case ast.UnaryOp(op=op, operand=operand) if type(op) in OPERATIONS:
            return OPERATIONS[type(op)](_value(operand, names))
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return _power(_value(left, names), _value(right, names))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATIONS:
            return OPERATIONS[type(op)](_value(left, names), _value(right, names))
        case ast.Name(id=name) if names is not None:
            return _named(name, "value", names)
        case ast.Attribute(value=ast.Name(id=name), attr="low" | "high" as end) if names is not None:
            return _named(name, end, names)
    allowed = "numbers, + - * / ** and brackets" + (", and names, also with .low or .high" if names else "")
    raise DataError(f"{_shown(ast.unparse(node))} may not stand in arithmetic; write {allowed}")


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    """A power whose size is known before it is computed."""
    bits = max(base.numerator.bit_length(), base.denominator.bit_length())
    if exponent.denominator != 1 or bits * abs(exponent) > LARGEST_POWER:
        raise DataError("a power in arithmetic needs a small whole exponent, as in 10**6")
    return Fraction(base**exponent.numerator)


def _named(name: str, end: str, names: Mapping[str, Any]) -> Fraction:
    """The number that a name stands for, or one end of its range."""
    if name not in names:
        raise unknown("fact", name, names)
    found = names[name]
    number = found if isinstance(found, int | float | Fraction) else getattr(found, end)
    if number is None:
        raise DataError(f"'{name}' has no {end}; use another of its numbers, or another fact")
    return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)


# --- One source, one fact
def _day(given: object) -> object:
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", str(given)):
        raise ValueError("is no date; write year-month-day, as in 2025-11-21")
    return given


def _number(given: object) -> int | float:
    text = str(given)
    if not re.fullmatch(r"-?\d{1,30}(\.\d{1,30})?", text):
        raise ValueError("is not a number; write digits with a decimal point, no separators and no unit")
    return float(text) if "." in text else int(text)


Number = Annotated[int | float, BeforeValidator(_number)]
Day = Annotated[date, BeforeValidator(_day)]


class Source(BaseModel, frozen=True):
    """Who published something, when and where; `quality` says what kind of page it is."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    type: str
    title: str
    publisher: str
    issued: str | None = None
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")] | None = None
    language: str | None = None
    quality: Literal["official", "international-organisation", "dataset", "company", "news", "news-secondary",
                     "think-tank", "academic", "state-media", "aggregator", "mirror", "seed"]  # fmt: skip
    terms: str


class Fact(BaseModel, frozen=True):
    """One observation: a number, what it is about, the words that say it and the page they stand on."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
    topic: str
    text: str | None = None
    statement: str
    value: Number | None = None
    value_text: str | None = None
    low: Number | None = None
    high: Number | None = None
    low_high: Literal["range", "related numbers"] | None = None
    unit: str | None = None
    as_of: str | None = None
    public_since: Day
    public_since_basis: Literal["release", "period-end", "citing-page", "law"]
    quote: str
    lang: str
    quote_en: str | None = None
    source: str
    locator: str | None = None
    status: Literal["plan-text", "law", "official-statistic", "official-statement", "company-report",
                    "leaked-draft", "press-report", "expert-estimate", "forecast",
                    "general-knowledge"]  # fmt: skip
    verification: Literal["exact", "corrected", "supported-elsewhere", "machine-checked", "seed"]
    derivation: str | None = None
    derivation_note: str | None = None
    superseded_by: str | None = None
    remark: str | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> Fact:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low {self.low} is above high {self.high}; exchange them")
        if (self.low is not None or self.high is not None) and self.low_high is None:
            raise ValueError("low or high without low_high; write 'range' or 'related numbers' there")
        for of, written in self.derivations.items():
            if getattr(self, of) is None:
                raise ValueError(f"the derivation gives a {of} that the row does not have; fill in {of}")
            arithmetic(written)
        return self

    def amount(self, unit: str) -> float | None:
        """Its number in another unit; None where it has none, or is another kind of thing."""
        try:
            return None if self.value is None else self.value * unit_factor(self.unit, unit)
        except UnitError:
            return None

    @property
    def derivations(self) -> dict[str, str]:
        """The arithmetic of value, low and high: "30 + 60" is the value's, others read "low: 5; high: 7"."""
        if not self.derivation or ":" not in self.derivation:
            return {"value": self.derivation} if self.derivation else {}
        pairs = [part.partition(":") for part in self.derivation.split(";")]
        parts = {label.strip(): written.strip() for label, _, written in pairs}
        if len(parts) < len(pairs) or not parts.keys() <= {"value", "low", "high"}:
            raise DataError("a derivation reads 'value: ...; low: ...; high: ...', each once at most")
        return parts

    def is_public(self, day: date) -> bool:
        """Whether the number could be known on that day."""
        return self.public_since <= day


# --- All of them together
Item = TypeVar("Item", Source, Fact)


@dataclass(frozen=True)
class Evidence:
    """Everything that is known and who said so: facts and sources by id, in the order of their files."""

    facts: Names[Fact]
    sources: Names[Source]

    def search(
        self, word: str | None = None, *, topic: str | None = None, text: str | None = None
    ) -> list[Fact]:
        """Facts that contain a word in any case, and belong to a topic and a text where those are given.

        Parameters
        ----------
        word : str, optional
            Looked for in ids, statements, quotes, remarks, publishers and titles.
        topic : str, optional
            For example "money_energy"; a topic that does not exist is an error.
        text : str, optional
            The id of a text, for example "us28".
        """
        if topic is not None and topic not in (topics := {fact.topic for fact in self.facts.values()}):
            raise unknown("topic", topic, topics)
        found = (f for f in self.facts.values() if topic in (None, f.topic) and text in (None, f.text))
        return [fact for fact in found if (word or "").casefold() in self._words(fact)]

    def _words(self, fact: Fact) -> str:
        source = self.sources[fact.source]
        words = [fact.id, fact.statement, fact.quote, fact.quote_en, fact.remark]
        return "\n".join(filter(None, [*words, source.title, source.publisher])).casefold()


def frame(items: Iterable[Item], model: type[Item]) -> pd.DataFrame:
    """Facts or sources as a table with a row each, their ids as its index."""
    import pandas as pd  # heavy, so only where a table is asked for

    return pd.DataFrame([dict(item) for item in items], columns=list(model.model_fields)).set_index("id")


# --- Reading a folder
Row = tuple[str, dict[str, Any]]  # where it stands, in words, and what stands there
CSL_KEYS = {"url": "URL", "quality": "custom.quality", "terms": "custom.terms"}  # where they differ from ours


def datasets_folder() -> Path:
    """The folder of the shipped evidence: inside an installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    for folder in (package / "_datasets", package.parent / "datasets"):
        if (folder / "datapackage.json").is_file():
            return folder
    raise DataError(f"{package}: the datasets are missing; install ukraineplan again")


def read_evidence(folder: str | Path, base: Evidence | None = None) -> Evidence:
    """Read `facts/*.csv` and `sources.json` of a folder, and refuse what does not hold together.

    Parameters
    ----------
    folder : str or Path
        A folder of evidence; with a base, either part may be missing.
    base : Evidence, optional
        Evidence that the folder adds to. Its facts may cite the sources of the base; no id may come twice.

    What is wrong is a DataError of one line: the file, the line or the item, the problem, what to do.
    """
    folder, path = Path(folder), Path(folder) / "sources.json"
    if not folder.is_dir() or (base is None and not path.is_file()):
        raise DataError(f"{path}: no such file; give a folder with sources.json and facts/*.csv")
    cited = _json_rows(path) if path.is_file() else []
    rows = [row for table in sorted(folder.glob("facts/*.csv")) for row in _csv_rows(table)]
    sources = _joined("source", base.sources if base else {}, cited, Source)
    facts = _joined("fact", base.facts if base else {}, rows, Fact)
    for where, row in rows:
        if row["source"] not in sources:
            raise DataError(f"{where}: {unknown('source', row['source'], sources)}; add it to sources.json")
        if row.get("superseded_by", row["id"]) not in facts:
            raise DataError(f"{where}: superseded_by: {unknown('fact', row['superseded_by'], facts)}")
    return Evidence(facts, sources)


def _joined(kind: str, base: Mapping[str, Item], rows: list[Row], model: type[Item]) -> Names[Item]:
    """The items of the base and those of the rows, each checked, no id twice."""
    items = dict(base)
    taken = dict.fromkeys(base, "the evidence that this folder adds to")
    for where, row in rows:
        try:
            item = model.model_validate(row)
        except ValidationError as error:
            raise DataError(f"{where}: {_in_words(error.errors(include_url=False)[0], kind)}") from None
        except DataError as error:
            raise DataError(f"{where}: derivation: {error}") from None
        if item.id in taken:
            raise DataError(f"{where}: the id '{item.id}' is taken by {taken[item.id]}; choose another")
        items[item.id], taken[item.id] = item, where
    return Names(kind, items)


def _in_words(error: ErrorDetails, kind: str) -> str:
    """One complaint of pydantic in the words of this library."""
    column = ".".join(CSL_KEYS.get(str(key), str(key)) for key in error["loc"])
    given, context = _shown(error["input"]), error.get("ctx", {})
    match error["type"]:
        case "missing":
            return f"a {kind} without {column}; fill it in or leave the {kind} out"
        case "literal_error":
            labels = re.findall(r"'([^']+)'", context["expected"])
            return f"{column} {given} is not one of {', '.join(labels)}{did_you_mean(given, labels)}"
        case "value_error":  # one of ours: about a cell, or about the whole row
            return f"{column} {given} {context['error']}" if column else str(context["error"])
        case "string_pattern_mismatch":
            advice = "the full web address" if column == "URL" else "small letters, digits and _ or -"
            return f"{column} {given} does not fit; write {advice}"
    return f"{column} {given}: {error['msg']}"


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")  # Excel puts a mark first
    except (UnicodeDecodeError, OSError) as error:
        raise DataError(f"{path}: cannot be read: {error}; check the file, save it as UTF-8") from None


def _csv_rows(path: Path) -> list[Row]:
    """The rows of a table of facts, empty cells left out; a quote may run over several lines."""
    reader = csv.reader(io.StringIO(_text_of(path), newline=""), strict=True)
    rows: list[Row] = []
    try:
        header = next(reader, [])
        for name in header:
            if name not in Fact.model_fields or header.count(name) > 1:
                near = did_you_mean(name, Fact.model_fields.keys() - header)
                raise DataError(f"{path}, line 1: column {_shown(name)} is unknown or comes twice{near}")
        start = reader.line_num + 1
        for cells in reader:
            where, start = f"{path}, line {start}", reader.line_num + 1
            if len(cells) not in (0, len(header)):
                raise DataError(f"{where}: {len(cells)} cells, not {len(header)}; quote cells with commas")
            if filled := {name: cell for name, cell in zip(header, cells, strict=False) if cell.strip()}:
                rows.append((where, filled))
    except csv.Error as error:
        raise DataError(f"{path}, line {reader.line_num}: {error}; check the quotation marks") from None
    return rows


def _json_rows(path: Path) -> list[Row]:
    """The items of a CSL-JSON file, as flat as a Source."""
    try:
        items = json.loads(_text_of(path))
    except (json.JSONDecodeError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise DataError(f"{path}, line {line}: broken JSON ({error}); correct it there") from None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise DataError(f"{path}: not a list of sources; write [{{...}}, {{...}}]")
    places = [f"{path}, item {n} ({_shown(item.get('id'))})" for n, item in enumerate(items, start=1)]
    return [(where, _flat(item, where)) for where, item in zip(places, items, strict=True)]


def _flat(item: dict[str, Any], where: str) -> dict[str, Any]:
    """One item of CSL-JSON with the keys of a Source; what a Source has no key for is left out."""
    custom, issued = item.get("custom", {}), item.get("issued", {"literal": ""})
    try:
        parts = issued["date-parts"][0] if "date-parts" in issued else [issued["literal"]]
        found = {key: item.get(key) for key in ("id", "type", "title", "language")} | {
            "publisher": item.get("publisher", item.get("container-title")),
            "issued": "-".join(f"{part:02d}" if isinstance(part, int) else str(part) for part in parts),
            "url": item.get("URL"),
            "quality": custom.get("quality"),
            "terms": custom.get("terms"),
        }
    except (TypeError, AttributeError, KeyError, IndexError):
        example = '"issued": {"date-parts": [[2025, 11, 21]]}, "custom": {"quality": "news", "terms": "..."}'
        raise DataError(f"{where}: issued or custom is not as in CSL-JSON; write {example}") from None
    return {key: value for key, value in found.items() if value not in (None, "")}
