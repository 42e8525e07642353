"""A page of HTML as a tree, read with nothing but the standard library; it complains about markup that does not nest."""

from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from typing import Final

VOID: Final = {"meta", "br", "col", "link", "img", "input", "hr", "path", "polyline", "polygon", "circle", "base"}
"""Elements that hold nothing and are not closed, those of SVG that we write with a slash among them."""


@dataclass
class Element:
    """An element with what it holds; strings between the elements."""

    tag: str
    attributes: dict[str, str]
    inside: "list[Element | str]" = field(default_factory=list)

    def all(self, tag: str | None = None) -> "list[Element]":
        """Every element below, in the order of the page."""
        here = [e for e in self.inside if isinstance(e, Element)]
        return [x for e in here for x in ([e] if tag in (None, e.tag) else []) + e.all(tag)]

    @property
    def text(self) -> str:
        """What a reader reads, on one line."""
        return " ".join(self._raw().split())

    def _raw(self) -> str:
        return "".join(x if isinstance(x, str) else x._raw() for x in self.inside)

    def cell(self, name: str) -> "Element":
        """The one cell of a row with a class."""
        (found,) = [e for e in self.all("td") if name in e.attributes.get("class", "").split()]
        return found


class Page(HTMLParser):
    """A page as a tree; complains about markup that does not nest."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("page", {})
        self._open = [self.root]
        self.feed(text)
        self.close()
        assert self._open == [self.root], f"never closed: {[e.tag for e in self._open[1:]]}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(set(names)) == len(names), f"<{tag}> has an attribute twice: {names}"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].inside.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1].tag == tag, f"</{tag}> closes <{self._open[-1].tag}> at {self.getpos()}"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].inside.append(data)

    @cached_property
    def ids(self) -> dict[str, Element]:
        """Elements by id."""
        return {e.attributes["id"]: e for e in self.root.all() if "id" in e.attributes}

    def rows(self) -> list[Element]:
        """The rows of the tables of numbers."""
        return [e for e in self.root.all("tr") if "data-name" in e.attributes]


def plain(text: str) -> str:
    """Text as `Element.text` has it: on one line, every space an ordinary one."""
    return " ".join(text.split())


def links(element: Element) -> list[str]:
    return [a.attributes["href"] for a in element.all("a")]
