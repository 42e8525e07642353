"""The fact sheet of a plan or of a comparison: shown in a notebook, saved as one file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from html import escape
from pathlib import Path
from typing import Final

from ukraineplan import words
from ukraineplan.analysis.compare import Comparison
from ukraineplan.errors import InvalidValue
from ukraineplan.output import write
from ukraineplan.plan import Plan
from ukraineplan.report import html, markdown
from ukraineplan.report.build import content
from ukraineplan.report.comparison import comparison_content
from ukraineplan.report.content import Content

FORMATS: Final[dict[str, Callable[[Content], str]]] = {"html": html.html, "markdown": markdown.markdown}
COMPARED: Final[dict[str, Callable[..., str]]] = {
    "html": partial(html.rendered, "compare.html.j2"),
    "markdown": partial(markdown.rendered, "compare.md.j2"),
}
LANGUAGES: Final = ("en",)


@dataclass(frozen=True)
class Sheet:
    """A finished fact sheet: its whole text, and the format it is in."""

    text: str
    format: str

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"<Sheet {self.format}, {len(self.text):,} characters>"

    def save(self, path: str | Path, *, force: bool = False) -> Path:
        """Write the sheet to a file, whole or not at all.

        Parameters
        ----------
        path : path
        force : bool
            Whether a file that exists is replaced.

        Returns
        -------
        Path
            Where it is.

        Raises
        ------
        OutputError
            If the path is a folder, lies in no folder, exists, or cannot be written.
        """
        return write(path, self.text, force=force)

    def _repr_html_(self) -> str | None:
        if self.format != "html":
            return None
        return (f'<iframe title="Fact sheet" srcdoc="{escape(self.text)}" sandbox="allow-popups" '
                'style="width:100%;height:44rem;border:1px solid #cfd6d4"></iframe>')  # fmt: skip

    def _repr_markdown_(self) -> str | None:
        return self.text if self.format == "markdown" else None


def fact_sheet(plan: Plan, provision: str | None = None, *, format: str = "html", language: str = "en") -> Sheet:
    """A fact sheet: clause, headline, arithmetic, table, what moves it, and sources.

    Parameters
    ----------
    plan : Plan
    provision : str, optional
        Its name; every provision of the plan's text if left out.
    format : str
        "html", one self-contained page, or "markdown".
    language : str
        "en".

    Raises
    ------
    UnknownName
        For a provision that does not exist.
    InvalidValue
        For a format or a language that does not exist.
    """
    _check(format)
    if language not in LANGUAGES:
        raise InvalidValue(f"no fact sheet in language {language!r}; there is {words.join(map(repr, LANGUAGES), 'or')}")
    return Sheet(FORMATS[format](content(plan, provision)), format)


def compare_sheet(found: Comparison, *, format: str = "html") -> Sheet:
    """Two sides on one sheet: levers, results and differences, clauses, the 28 points, and sources.

    Parameters
    ----------
    found : Comparison
        What `compare` answers.
    format : str
        "html", one self-contained page, or "markdown".

    Raises
    ------
    InvalidValue
        For a format that does not exist.
    """
    _check(format)
    return Sheet(COMPARED[format](c=comparison_content(found)), format)


def _check(format: str) -> None:
    if format not in FORMATS:
        raise InvalidValue(f"no format {format!r} of a fact sheet; there is {words.join(map(repr, FORMATS), 'or')}")
