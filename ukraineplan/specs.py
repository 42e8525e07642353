"""The data files of provisions and texts as they are written: reading and checking, no decisions.

A file of ``datasets/parameters/`` describes one provision and its parameters.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeVar

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    Strict,
    StrictFloat,
    StrictInt,
    StrictStr,
    ValidationError,
    model_validator,
)

from ukraineplan.dates import RULES
from ukraineplan.errors import DataError, UnitError, did_you_mean
from ukraineplan.units import DATE, parse
from ukraineplan.years import HORIZON

Role = Literal["lever", "uncertainty", "convention"]
Day = Annotated[date, Strict()]

VINTAGE: Final = "vintage"
"""The value of a date that is the day of the vintage."""

Model = TypeVar("Model", bound="Spec")


class Spec(BaseModel):
    """A table of a data file: unknown keys are refused, nothing changes after reading."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Provision(Spec):
    """What a file of parameters says of its provision.

    `points` are the points of each text it computes; `headline` is filled in by the numbers of a plan; `key` names
    the formulas that matter most, the headline's first; of a yearly number, tables take `show_year`.
    """

    name: str
    title: str
    points: dict[str, list[str]] = Field(default_factory=dict)
    headline: str = ""
    key: list[str] = Field(default_factory=list)
    silent_on: list[str] = Field(default_factory=list)
    not_modelled: list[str] = Field(default_factory=list)
    show_year: int = Field(default=1, ge=1, le=HORIZON)


class DistributionSpec(Spec):
    """Where a source says that a number lies, in the parameter's unit; `claimed_by` is the fact that says so."""

    shape: Literal["uniform", "triangular", "pert", "normal", "lognormal"]
    low: StrictFloat | StrictInt
    high: StrictFloat | StrictInt
    mode: StrictFloat | StrictInt | None = None
    level: StrictFloat | StrictInt | None = None
    claimed_by: str


class Calendar(Spec):
    """A wait that follows from the calendar: a rule of `ukraineplan.dates` and the parameters it looks at."""

    rule: str
    of: list[str] = Field(min_length=1)

    @model_validator(mode="after")
    def _rule_exists(self) -> Calendar:
        if self.rule not in RULES:
            raise ValueError(f"no rule '{self.rule}'{did_you_mean(self.rule, RULES)}; there are {', '.join(RULES)}")
        return self


class ParameterSpec(Spec):
    """A parameter as its data file describes it, for every vintage.

    `if_removed` is what a text that removes the clause leaves of a lever (0 where the clause gave an amount or a share);
    the value "vintage" is the day of the vintage.
    """

    name: str
    provision: str
    label: str
    role: Role
    unit: str | None = None
    value: StrictFloat | StrictInt | StrictStr | Day | None = None
    range: tuple[float | str | Day, float | str | Day] | None = None
    range_because: str | None = None
    distribution: DistributionSpec | None = None
    calendar: Calendar | None = None
    if_removed: StrictFloat | StrictInt | StrictStr | None = None
    limits: list[float] = Field(default_factory=list, max_length=2)
    whole: bool = False
    choices: list[str | float] = Field(default_factory=list)
    choice_labels: dict[str, str] = Field(default_factory=dict)
    facts: list[str] = Field(default_factory=list)
    derivation: str | None = None
    competing: list[str] = Field(default_factory=list)
    benchmarks: list[str] = Field(default_factory=list)
    assumption: str | None = None
    note: str | None = None
    review_by: date | None = None
    together: list[str] = Field(default_factory=list)
    together_at_most: float | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> ParameterSpec:
        if self.role == "lever" and (self.value is not None or self.facts or self.assumption):
            raise ValueError("a lever has no value of its own, no facts and no assumption: a text sets it")
        if self.role != "lever" and bool(self.facts) == bool(self.assumption):
            raise ValueError("name its facts or give an assumption: exactly one of the two")
        if self.assumption and self.value is None and not self.derivation and not self.calendar:
            raise ValueError("an assumption needs a value")
        beside = (self.value is not None, self.range, self.derivation, self.limits, self.choices, self.whole, self.distribution)
        if self.calendar and (self.unit != "day" or self.role != "uncertainty" or any(beside)):
            raise ValueError("a calendar gives days: an uncertainty in 'day', with no value, range, derivation, limits, choices, "
                             "whole or distribution beside it")  # fmt: skip
        if self.if_removed is not None and self.role != "lever":
            raise ValueError("'if_removed' is of a lever, which a text can remove")
        if self.derivation and self.facts and not {*self.facts} <= {*re.findall(r"[A-Za-z_]\w*", self.derivation)}:
            raise ValueError("the derivation does not name all of its facts")
        if self.facts and self.value is not None:
            raise ValueError("the value comes from the facts: leave 'value' out, or give a 'derivation'")
        if self.role == "convention" and not self.choices:
            raise ValueError("a convention needs choices")
        if self.choices and self.value is not None and self.value not in self.choices:
            raise ValueError(f"the value '{self.value}' is not among the choices")
        if self.unit is None and not self.labelled:
            raise ValueError("a unit is missing")
        if self.distribution and (self.range or self.role != "uncertainty"):
            raise ValueError("a distribution stands in place of a range, and only an uncertainty has one")
        numbers = [end for end in self.range or () if isinstance(end, float | date)]
        if numbers and not self.range_because:
            raise ValueError("an end of the range that is a number needs 'range_because'")
        if self.unit != DATE:
            self._check_numbers([*numbers, *self.limits, *([] if self.value is None or self.choices else [self.value])])
        elif not (self.value in (None, VINTAGE) or isinstance(self.value, date)):
            raise ValueError(f"'{self.value}' is no date: write year-month-day without quotation marks, or \"{VINTAGE}\"")
        elif self.limits or any(isinstance(end, float) for end in self.range or ()):
            raise ValueError("a date has no limits, and the ends of its range are dates or facts")
        elif self.range and all(isinstance(end, date) for end in self.range) and self.range[0] > self.range[1]:  # type: ignore[operator]
            raise ValueError("low and high of the range are the wrong way round")
        return self

    def _check_numbers(self, numbers: list[Any]) -> None:
        """Refuse a value, an end or a limit that is no number, or outside the limits."""
        low, high = [*self.limits, math.inf][:2] if self.limits else (-math.inf, math.inf)
        if low > high:
            raise ValueError("the limits are the wrong way round")
        if self.range and all(isinstance(end, float) for end in self.range) and self.range[0] > self.range[1]:  # type: ignore[operator]
            raise ValueError("low and high of the range are the wrong way round")
        if self.whole and isinstance(self.value, float) and self.value != int(self.value):
            raise ValueError(f"{self.value:g} is not a whole number")
        for number in numbers:
            if isinstance(number, str | date) or not math.isfinite(number):
                raise ValueError(f"'{number}' is not a number: write digits, without a unit")
            if not low <= number <= high:
                raise ValueError(f"{number:g} is outside the limits")

    @property
    def labelled(self) -> bool:
        """Whether the answer is a label, not a number."""
        return bool(self.choices) and all(isinstance(c, str) for c in self.choices)


def read_parameters(folder: Path) -> tuple[dict[str, Provision], dict[str, ParameterSpec]]:
    """All provisions and parameters of a folder of TOML files, one a provision.

    Raises
    ------
    DataError
        Naming file and key, for the first thing that does not hold together.
    """
    provisions: dict[str, Provision] = {}
    specs: dict[str, ParameterSpec] = {}
    for path in sorted(folder.glob("*.toml")):
        for key, table in read_toml(path).items():
            if not isinstance(table, dict):
                raise DataError(f"{path.name}: {key}: expected a table, [{key}]")
            if key == "provision":
                provisions[path.stem] = checked(Provision, {"name": path.stem} | table, f"{path.name}: {key}")
                continue
            if not key.isidentifier():
                raise DataError(f"{path.name}: {key}: not a name; use letters, digits and _")
            if key in specs:
                raise DataError(f"{path.name}: {key}: the name is taken by {specs[key].provision}.toml")
            specs[key] = checked(ParameterSpec, {"name": key, "provision": path.stem} | table, f"{path.name}: {key}")
            if specs[key].unit:
                try:
                    parse(specs[key].unit or "")
                except UnitError as error:
                    raise DataError(f"{path.name}: {key}: {error}") from None
        if path.stem not in provisions:
            raise DataError(f"{path.name}: the table [provision] is missing")
    return provisions, specs


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file as a dictionary.

    Raises
    ------
    DataError
        If it cannot be read or is not TOML; the message has the line.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise DataError(f"{path.name}: not valid TOML: {error}") from None
    except (OSError, ValueError, RecursionError) as error:  # not UTF-8, a number of 5,000 digits, brackets 5,000 deep
        raise DataError(f"{path.name}: cannot be read ({error}); correct it, save it as UTF-8") from None


def checked(model: type[Model], table: Mapping[str, Any], where: str) -> Model:
    """A table as a model, or a DataError that says where and what is wrong."""
    try:
        return model.model_validate(table)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        what = str(first["msg"]).removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            what = f"no such key{did_you_mean(key, model.model_fields)}"
        raise DataError(f"{where}: {key + ': ' if key else ''}{what}") from None
