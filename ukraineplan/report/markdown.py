"""A fact sheet as Markdown: the same content, tables as GitHub prints them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ukraineplan.report.content import Cites, Content

TEMPLATES = Path(__file__).parent / "templates"
MEANT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "\\|", "[": "\\[", "]": "\\]", "*": "\\*", "\\": "\\\\"})


def markdown(content: Content) -> str:
    """The text."""
    return rendered("sheet.md.j2", c=content)


def rendered(template: str, **given: object) -> str:
    """A text from its template."""
    text = _environment().get_template(template).render(**given)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", text)).strip() + "\n"


@cache
def _environment() -> Environment:
    # HTML escaping would be wrong in Markdown: `finalize` escapes whatever a template prints, for Markdown.
    found = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=False, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        finalize=_escaped,
    )  # fmt: skip
    found.filters["cites"] = _cites
    found.filters["url"] = _url
    found.filters["plain"] = Plain
    return found


class Plain(str):
    """Text that is Markdown already."""


def _escaped(value: object) -> str:
    if isinstance(value, Plain):
        return value
    return " ".join(str(value).split()).translate(MEANT) if value is not None else ""


def _cites(numbers: Cites) -> Plain:
    """Links to the sources; an anchor stands before each of them."""
    return Plain(" ".join(f"[\\[{n}\\]](#s{n})" for n in numbers))


def _url(address: str) -> Plain:
    """An address that no bracket can close."""
    return Plain("<" + address.replace("<", "%3C").replace(">", "%3E").replace("\\", "%5C") + ">")
