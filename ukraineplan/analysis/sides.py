"""Two sides of a comparison: texts or plans, both at one vintage."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ukraineplan.errors import InvalidValue
from ukraineplan.library import Library, read_library, vintage
from ukraineplan.loading import load
from ukraineplan.plan import Plan
from ukraineplan.texts import find


def sides(
    a: str | Plan, b: str | Plan, as_of: str | date | None = None, extra: str | Path | None = None
) -> tuple[Plan, Plan]:
    """Two plans with the evidence of one day: the one that is given, that of a plan, else the later text's date.

    Parameters
    ----------
    a, b : str or Plan
        A text's id, with alternatives as `load` takes them, or a plan of your own.
    as_of : str or date, optional
    extra : path, optional
        A user's folder, for texts; of a plan, its own counts for both sides.

    Raises
    ------
    UnknownName
        For a text that does not exist.
    InvalidValue
        If a plan has the evidence of another day than the other side, or of another than the one that is asked for.
    """
    library = _library(a, b, extra)
    texts = [side._text if isinstance(side, Plan) else find(library.texts, side) for side in (a, b)]
    days = {side.as_of for side in (a, b) if isinstance(side, Plan)}
    if as_of is not None:
        days.add(vintage(as_of, texts[0], library.evidence))
    if len(days) > 1:
        said = " and ".join(map(str, sorted(days)))
        raise InvalidValue(f"both sides are compared at one vintage, not at {said}: load the plans with the same as_of")
    dated = [text.date for text in texts if not text.undated] or [text.date for text in texts]
    day = next(iter(days)) if days else max(dated)
    return _side(a, day, library.extra), _side(b, day, library.extra)


def _library(a: str | Plan, b: str | Plan, extra: str | Path | None) -> Library:
    """The library of the side that has a user's folder, else the one that is named, else the shipped one."""
    own = [side._library for side in (a, b) if isinstance(side, Plan) and side._library.extra]
    return own[0] if own else read_library(extra)


def _side(side: str | Plan, day: date, extra: Path | None) -> Plan:
    return side if isinstance(side, Plan) else load(side, as_of=day, extra=extra)
