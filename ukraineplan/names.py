"""A read-only mapping from names to things, which offers the nearest name for one that does not exist."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

from ukraineplan.errors import unknown

Item = TypeVar("Item")


class Names(Mapping[str, Item], Generic[Item]):
    """A mapping whose unknown names are answered with the nearest one, and whose known ones complete in a notebook.

    Parameters
    ----------
    kind : str
        What the things are, for messages: "fact", "parameter".
    items : mapping
    """

    def __init__(self, kind: str, items: Mapping[str, Item]) -> None:
        self._kind, self._items = kind, dict(items)

    def __getitem__(self, name: str) -> Item:
        if name not in self._items:
            raise unknown(self._kind, name, self._items)
        return self._items[name]

    def __contains__(self, name: object) -> bool:
        return name in self._items

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return f"<{len(self)} {self._kind}s: {', '.join([*self._items][:3])}{', ...' if len(self) > 3 else ''}>"

    def _ipython_key_completions_(self) -> list[str]:
        return list(self)
