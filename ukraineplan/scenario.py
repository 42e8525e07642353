"""Scenario files: a text, a vintage and values of one's own, kept in TOML."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field, Strict, StrictFloat, StrictInt, StrictStr

from ukraineplan.specs import Spec, checked, read_toml

Day = Annotated[date, Strict()]


class Scenario(Spec):
    """What a scenario file holds; all of it is optional."""

    text: str | None = None
    as_of: Day | StrictStr | None = None
    values: dict[str, StrictInt | StrictFloat | StrictStr] = Field(default_factory=dict)


def read_scenario(path: str | Path) -> Scenario:
    """A scenario file.

    Raises
    ------
    DataError
        If it cannot be read, is not TOML, or has a key that does not exist; with file and line or key.
    """
    return checked(Scenario, read_toml(Path(path)), Path(path).name)
