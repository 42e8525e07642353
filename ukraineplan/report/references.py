"""The list of sources of a sheet: numbered in order of first use, each once, with the words that are relied on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import urlsplit

from ukraineplan.evidence import Fact, Source
from ukraineplan.explanation import FLAGGED, Citation
from ukraineplan.report.content import Cites, Quote, Reference

CHECKED: Final = {
    "exact": "words found again",
    "corrected": "found again; record corrected",
    "supported-elsewhere": "value confirmed on this page",
    "machine-checked": "compared with the data file",
    "seed": "not checked further",
}
"""How the words of a quote were checked, for a reader."""


class Bibliography:
    """Gives sources their numbers while a sheet is put together, and collects the quotes that are used."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self._sources = sources
        self._facts: dict[str, dict[str, Fact]] = {}  # by source, in order of first use

    def cite(self, facts: Iterable[Fact]) -> Cites:
        """The numbers of the sources of some facts, given out where they are new."""
        found = []
        for fact in facts:
            self._facts.setdefault(fact.source, {})[fact.id] = fact
            found.append(list(self._facts).index(fact.source) + 1)
        return tuple(dict.fromkeys(found))

    def quote(self, fact: Fact) -> Quote:
        """A fact's words, cited."""
        return Quote(fact.quote, fact.lang, fact.quote_en or "", standing(fact), self.cite([fact]))

    def references(self) -> tuple[Reference, ...]:
        """The list as it stands."""
        return tuple(_reference(n, self._sources[i], self._facts[i].values()) for n, i in enumerate(self._facts, 1))


def standing(fact: Fact) -> str:
    """What kind of statement it is, and how its words were checked."""
    return f"{fact.status.replace('-', ' ')}; {CHECKED[fact.verification]}"


def described(citation: Citation) -> str:
    """Publisher and date of a source, in few words."""
    return ", ".join(filter(None, [citation.source.publisher, citation.fact.as_of or citation.source.issued]))


def _reference(number: int, source: Source, facts: Iterable[Fact]) -> Reference:
    ours = source.title.startswith("(") and source.title.endswith(")")  # a description in place of a title
    url = source.url if source.url and source.url.startswith(("https://", "http://")) else ""
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    quotes = tuple(Quote(f.quote, f.lang, f.quote_en or "", standing(f), ()) for f in facts)
    return Reference(
        number, f"[{source.title[1:-1]}]" if ours else source.title, "en" if ours or not source.language else source.language,
        source.publisher, source.issued or "no date", host, url, FLAGGED.get(source.quality, ""), quotes,
    )  # fmt: skip
