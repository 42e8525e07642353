"""A formula as its signature tells it: a plain function, the number it computes, those it needs, and their units."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, Final, get_args, get_type_hints

from ukraineplan.errors import FormulaError, UnitError
from ukraineplan.units import CHOICE, measure
from ukraineplan.years import PREVIOUS

LONGEST_LABEL: Final = 60


@dataclass(frozen=True)
class Formula:
    """A plain function with what its signature says: the name and unit of the number, and of those it needs.

    One that is not `traced` is called as it is; that it computes its unit is taken on trust.
    """

    function: Callable[..., Any]
    name: str
    unit: str
    arguments: Mapping[str, str]
    starts: Mapping[str, float]
    label: str
    note: str
    provision: str | None
    where: str
    traced: bool = True

    @classmethod
    def of(cls, function: Callable[..., Any], provision: str | None = None, *, traced: bool = True) -> Formula:
        """Read a function.

        Raises
        ------
        FormulaError
            Without a unit on the result or an argument, without a label, or with arguments that wiring by name
            cannot fill.
        """
        if not isinstance(function, FunctionType):
            raise FormulaError(f"a formula is a plain function, not {type(function).__name__}")
        where = location(function)
        if function.__name__.startswith(PREVIOUS):
            raise FormulaError(f"{where}: {PREVIOUS}... is how an argument asks for the year before: give it another name")
        label, _, note = (inspect.getdoc(function) or "").partition("\n")
        if not label or len(label) > LONGEST_LABEL or label.endswith("."):
            raise FormulaError(f"{where}: the first docstring line is the label that tables print: "
                               f"a noun phrase of at most {LONGEST_LABEL} characters without a full stop")  # fmt: skip
        units = {name: _unit_of(function, name, where) for name in (*inspect.signature(function).parameters, "return")}
        if units["return"] == CHOICE:
            raise FormulaError(f"{where}: a formula computes a number, not a convention: return choose(switch, label=...)")
        starts = {}
        for name, parameter in inspect.signature(function).parameters.items():
            if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD, parameter.POSITIONAL_ONLY):
                raise FormulaError(f"{where}: name each argument after the number it needs, without * or /")
            if name.startswith(PREVIOUS):
                starts[name] = _start(name, parameter.default, units[name], where)
            elif parameter.default is not parameter.empty:
                raise FormulaError(f"{where}: '{name}' has a default; only an argument named {PREVIOUS}... starts from one")
        note = inspect.cleandoc(note)
        return cls(function, function.__name__, units.pop("return"), units, starts, label, note, provision, where, traced)


def formulas_of(module: ModuleType) -> list[Formula]:
    """Every public function that a module of provisions defines."""
    provision = module.__name__.rpartition(".")[2]
    return [
        Formula.of(f, provision)
        for name, f in vars(module).items()
        if isinstance(f, FunctionType) and f.__module__ == module.__name__ and not name.startswith("_")
    ]


def source(argument: str) -> str:
    """The number that an argument asks for, of this year or of the one before."""
    return argument.removeprefix(PREVIOUS)


def location(function: Callable[..., Any]) -> str:
    """File, line and name of a function, for messages."""
    code = function.__code__
    path = Path(code.co_filename)
    return f"{'/'.join(path.parts[-2:])}:{code.co_firstlineno}: {code.co_name}()"


def _unit_of(function: Callable[..., Any], name: str, where: str) -> str:
    try:
        hint = get_type_hints(function, include_extras=True)[name]
    except KeyError:
        raise FormulaError(f"{where}: no unit on {'the result' if name == 'return' else repr(name)}: "
                           "annotate it with an alias from ukraineplan.units") from None  # fmt: skip
    except Exception as error:
        raise FormulaError(f"{where}: its annotations cannot be read ({error})") from None
    text = next((m for m in getattr(hint, "__metadata__", ()) if isinstance(m, str)), None)
    if text is None or not get_args(hint):
        raise FormulaError(f"{where}: {'the result' if name == 'return' else repr(name)} has no unit: "
                           "annotate it with an alias from ukraineplan.units")  # fmt: skip
    try:
        measure(text)
    except UnitError as error:
        raise FormulaError(f"{where}: {error}") from None
    return text


def _start(argument: str, default: Any, unit: str, where: str) -> float:
    if default is inspect.Parameter.empty:
        raise FormulaError(f"{where}: '{argument}' needs a default, its value before year 1")
    if unit == CHOICE:
        raise FormulaError(f"{where}: '{argument}': a convention is the same in every year: ask for '{source(argument)}'")
    if not isinstance(default, (int, float)) or isinstance(default, bool) or not math.isfinite(default):
        raise FormulaError(f"{where}: the default of '{argument}' is its value before year 1, a number")
    if default != 0 and measure(unit).dimensions:
        raise FormulaError(f"{where}: '{argument}' has a unit, so before year 1 it is 0")
    return float(default)
