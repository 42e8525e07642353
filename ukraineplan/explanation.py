"""What `explain` answers: a number derived top down, then what it rests on, with sources and quotes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Final

from ukraineplan.evidence import Fact, Source
from ukraineplan.explain import Step
from ukraineplan.words import NO_RANGE, wrapped

MARKS: Final = {"stated": "■", "sourced": "●", "assumed": "○", "computed": "=", "set": "◆"}
"""The mark of each basis: filled where somebody said it, hollow where we did."""

FLAGGED: Final = {"state-media": "state media", "aggregator": "aggregator", "mirror": "mirror", "seed": "secondary article"}
"""Qualities of a source that a reader is told about in words."""


@dataclass(frozen=True)
class Citation:
    """A fact together with its source."""

    fact: Fact
    source: Source

    @property
    def entry(self) -> str:
        """Publisher, title and date, as a list of sources prints them."""
        parts = [self.source.publisher, self.source.title, self.source.issued or "no date"]
        return ", ".join(p.strip() for p in parts if p)

    @property
    def standing(self) -> str:
        """Evidence status, how it was checked, and the kind of source where a reader must know it."""
        flag = FLAGGED.get(self.source.quality)
        return f"{self.fact.status.replace('-', ' ')}; {self.fact.verification.replace('-', ' ')}" + (f"; {flag}" if flag else "")

    def to_dict(self) -> dict[str, str | None]:
        """The keys that JSON output has for a source."""
        return {
            "fact": self.fact.id, "quote": self.fact.quote, "lang": self.fact.lang, "as_of": self.fact.as_of,
            "public_since": str(self.fact.public_since),
            "status": self.fact.status, "verification": self.fact.verification, "source": self.source.id,
            "title": self.source.title, "publisher": self.source.publisher, "issued": self.source.issued,
            "url": self.source.url, "quality": self.source.quality,
        }  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A number as a line of a table, ready to print; `citations` are places in the list of sources, from 1."""

    name: str
    label: str
    display: str
    span: str
    basis: str
    reason: str
    citations: tuple[int, ...]

    @property
    def mark(self) -> str:
        """Mark and word of the basis."""
        return f"{MARKS[self.basis]} {self.basis}"


@dataclass(frozen=True)
class Derivation:
    """One step of an explanation: a formula's line and its arithmetic."""

    line: Line
    note: str
    step: Step
    when: str


@dataclass(frozen=True)
class Explanation:
    """A number derived from what it rests on; prints as text, and shows itself in a notebook."""

    line: Line
    context: str
    unset: str | None
    derivations: tuple[Derivation, ...]
    inputs: tuple[Line, ...]
    sources: tuple[Citation, ...]

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"{self.line.label}  ({self.line.name}; {self.context})"
        if self.unset:
            yield f"  unset: {self.unset}"
        else:
            yield f"  {self.line.display}" + (f", {self.line.span}" if self.line.span != NO_RANGE else "")
        for d in self.derivations:
            yield ""
            yield f"{d.line.name}: {d.line.label}{d.when}"
            yield from (f"  {sentence}" for sentence in d.note.splitlines() if sentence)
            yield f"  = {d.step.names}"
            yield f"  = {d.step.numbers}"
            yield f"  = {d.step.result}"
            yield from (f"    ({why})" for why in d.step.because)
        yield ""
        yield "Numbers it rests on"
        for line in self.inputs:
            numbers = " ".join(f"[{n}]" for n in line.citations)
            span = f", {line.span}" if line.span != NO_RANGE else ""
            yield f"  {line.name} = {line.display}{span}  {line.mark} {numbers}".rstrip()
            yield from wrapped(line.reason, " " * 4, " " * 4)
        if self.sources:
            yield ""
            yield "Sources"
        for n, citation in enumerate(self.sources, 1):
            quoted = f"“{citation.fact.quote}”" + (f" [{citation.fact.quote_en}]" if citation.fact.quote_en else "")
            told = f"{citation.entry}. {citation.standing.capitalize()}."
            yield from wrapped(f"[{n}] {quoted}", "  ", " " * 6)
            yield from wrapped(told, " " * 6, " " * 6)
            if citation.source.url:
                yield f"      {citation.source.url}"

    def _repr_html_(self) -> str:
        steps = "".join(
            f"<dt><b>{escape(d.line.label)}</b> <code>{escape(d.line.name)}</code>{escape(d.when)}</dt>"
            f"<dd>= {escape(d.step.names)}<br>= {escape(d.step.numbers)}<br>= <b>{escape(d.step.result)}</b>"
            + "".join(f"<br><small>{escape(why)}</small>" for why in d.step.because) + "</dd>"
            for d in self.derivations
        )  # fmt: skip
        inputs = "".join(
            f"<tr><td>{escape(x.label)} <code>{escape(x.name)}</code></td><td>{escape(x.display)}</td><td>{escape(x.span)}</td>"
            f"<td>{escape(x.mark)}</td><td>{escape(x.reason)} {' '.join(f'[{n}]' for n in x.citations)}</td></tr>"
            for x in self.inputs
        )
        sources = "".join(
            f"<li><q lang={escape(c.fact.lang)}>{escape(c.fact.quote)}</q> {escape(c.entry)}. {escape(c.standing)}</li>"
            for c in self.sources
        )
        head = escape(self.unset or f"{self.line.display}, {self.line.span}")
        return (f"<p><b>{escape(self.line.label)}</b>: {head} <small>({escape(self.context)})</small></p><dl>{steps}</dl>"
                f"<table><tr><th>Number</th><th>Value</th><th>Low to high</th><th>Basis</th><th>Reason, sources</th></tr>"
                f"{inputs}</table><ol>{sources}</ol>")  # fmt: skip


class Bibliography:
    """Numbers citations in order of first use."""

    def __init__(self) -> None:
        self.citations: list[Citation] = []
        self._numbers: dict[str, int] = {}

    def cite(self, citations: Iterable[Citation]) -> tuple[int, ...]:
        """The numbers of some citations, given out where they are new."""
        found = []
        for citation in citations:
            if citation.fact.id not in self._numbers:
                self.citations.append(citation)
                self._numbers[citation.fact.id] = len(self.citations)
            found.append(self._numbers[citation.fact.id])
        return tuple(dict.fromkeys(found))
