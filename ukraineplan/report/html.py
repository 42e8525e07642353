"""A fact sheet as one self-contained page: no script, nothing loaded from elsewhere, everything escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from ukraineplan.report.content import Content, Covered, InsteadRow

TEMPLATES = Path(__file__).parent / "templates"


def html(content: Content) -> str:
    """The page."""
    known = {w.name for s in content.sections for w in s.workings}
    rows = {(s.id, r.name): f"{s.id}-{r.name}" for s in content.sections for g in s.groups for r in g.rows if r.how is None}
    return rendered("sheet.html.j2", c=content, known=known, row_ids=rows, linked=_linked)


def rendered(template: str, **given: object) -> str:
    """A page from its template."""
    return re.sub(r"\n\s*\n+", "\n", _environment().get_template(template).render(**given)).strip() + "\n"


@cache
def _environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    found.filters["prose"] = _prose
    found.filters["unbroken"] = _unbroken
    found.filters["signed"] = _signed
    found.filters["by_reading"] = _by_reading
    found.filters["by_number"] = _by_number
    found.filters["by_status"] = _by_status
    return found


def _unbroken(text: str) -> Markup:
    """Text in which a line never breaks inside "28-point"."""
    return Markup(re.sub(r"\d+-\w+", r'<span class="nb">\g<0></span>', str(escape(text))))


def _signed(text: str) -> Markup:
    """Text in which a line never breaks between a minus and its number."""
    return Markup(re.sub(r"\u2212[^\s;,]*[^\s;,.]", r'<span class="nb">\g<0></span>', str(escape(text))))


def _by_number(rows: Sequence[InsteadRow]) -> list[list[InsteadRow]]:
    """Rows of one number together, the number of the first row first."""
    return [[r for r in rows if r.label == label] for label in dict.fromkeys(r.label for r in rows)]


def _by_status(clauses: Sequence[Covered]) -> list[tuple[str, list[str]]]:
    """The clauses of one status together."""
    return [(status, [c.place for c in clauses if c.status == status]) for status in dict.fromkeys(c.status for c in clauses)]


def _by_reading(rows: Sequence[InsteadRow]) -> list[list[InsteadRow]]:
    """Rows of one reading together, in their order."""
    return [list(same) for _, same in groupby(rows, key=lambda r: (r.question, r.option))]


def _prose(text: str) -> Markup:
    """Text in which `backticks` mark a name."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def _linked(names: str, section: str, known: set[str], rows: dict[tuple[str, str], str]) -> Markup:
    """Arithmetic with names, each linked to where it is computed or to its row in the table of its section."""

    def link(found: re.Match[str]) -> Markup | str:
        name = found[0].removeprefix("previous_")
        target = f"how-{name}" if name in known else rows.get((section, name))
        return Markup('<a href="#{}">{}</a>').format(target, found[0]) if target else found[0]

    parts = re.split(r"([A-Za-z_]\w*)", names)
    return Markup("").join(link(found) if (found := re.fullmatch(r"[A-Za-z_]\w*", part)) else part for part in parts)
