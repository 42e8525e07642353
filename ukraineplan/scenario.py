"""Scenario files: a text, a vintage and values of one's own, kept in TOML."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, StrictFloat, StrictInt, StrictStr

from ukraineplan.specs import Day, Spec, checked, read_toml


class Scenario(Spec):
    """What a scenario file holds; all of it is optional."""

    text: str | None = None
    as_of: Day | StrictStr | None = None
    values: dict[str, StrictInt | StrictFloat | StrictStr | Day] = Field(default_factory=dict)


def read_scenario(path: str | Path) -> Scenario:
    """A scenario file.

    Raises
    ------
    DataError
        If it cannot be read, is not TOML, or has a key that does not exist; with file and line or key.
    """
    return checked(Scenario, read_toml(Path(path)), Path(path).name)
