"""Every error that the library raises on purpose.

A message is one line: what is wrong, where (file, line or name), and what to do.
"""

from __future__ import annotations

TYPE_CHECKING = False  # this module is imported at start-up: nothing but what every message needs
if TYPE_CHECKING:
    from collections.abc import Iterable


class PlanError(Exception):
    """The parent of all errors raised on purpose: catch this one to catch them all. Its message is one line."""

    def __init__(self, message: str) -> None:
        printable = (c if c.isprintable() or c in "\u202f\u00a0" else " " for c in str(message))
        super().__init__("".join(printable))


class DataError(PlanError):
    """A file of the evidence, of a text or of a scenario that cannot be read or does not hold together."""


class UnknownName(PlanError, KeyError):
    """A name that does not exist; the message offers the nearest one. Also a KeyError, so mappings behave."""

    __str__ = Exception.__str__


class UnitError(PlanError, ValueError):
    """A unit that does not exist, or that does not fit."""


class FormulaError(PlanError):
    """A formula that the library cannot accept: its units, its names or its words."""


class NotTraceable(FormulaError):
    """A formula that uses more than the vocabulary; it still runs with `traced=False`, without what a trace gives."""


class InvalidValue(PlanError, ValueError):
    """A value that is no number, or outside what is possible at all."""


class NotStated(PlanError):
    """A number that the chosen text does not determine was asked to compute."""


class OutputError(PlanError):
    """A result that cannot be written where it was asked to go."""


class MissingExtra(PlanError, ImportError):
    """Something optional is not installed; the message holds the command that installs it."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Text to append to a message: the nearest known name as a question, or nothing."""
    from difflib import get_close_matches

    original = {k.lower(): k for k in known}
    near = get_close_matches(name.lower(), original, n=1, cutoff=0.6)
    return f"; did you mean '{original[near[0]]}'?" if near else ""


def unknown(kind: str, name: object, known: Iterable[str]) -> UnknownName:
    """An UnknownName that offers the nearest known name.

    Parameters
    ----------
    kind : str
        What was looked for, in words: "number", "text", "fact".
    name : object
        What was given; anything that is not text is refused in words too.
    known : iterable of str
        The names that exist.
    """
    shown = str(name) if len(str(name)) <= 60 else str(name)[:57] + "..."
    return UnknownName(f"no {kind} '{shown}'{did_you_mean(shown, list(known))}")
