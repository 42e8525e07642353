"""What the tests of the floors share: the shipped formulas wired, settings drawn at random, formulas from text."""

import itertools
import random
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from types import FunctionType
from typing import Any, Final

import numpy as np

from ukraineplan import units, years
from ukraineplan.errors import FormulaError
from ukraineplan.formula import Formula
from ukraineplan.graph import Graph, Input, wire
from ukraineplan.library import shipped_library
from ukraineplan.parameters import Parameter
from ukraineplan.resolving import derive, resolve

TEXT: Final = "us28"

VINTAGE: Final = date(2025, 11, 21)
LIKELY: Final = {"year": 12.0, "billion USD": 300.0}
"""About how large a number of a unit is, where the text states none."""

TOY: Final = {
    "a": Input("billion USD"),
    "b": Input("billion USD"),
    "share_a": Input("share"),
    "share_b": Input("share"),
    "per_thousand": Input("1/thousand"),
    "people": Input("person"),
    "rate": Input("share/year"),
    "answer": Input("choice", ("yes", "no")),
    "other_answer": Input("choice", ("yes", "no")),
}
"""Inputs for small formulas."""

ALIASES: Final = {
    "a": "BillionUSD", "b": "BillionUSD", "share_a": "Share", "share_b": "Share", "per_thousand": "PerThousand",
    "people": "Persons",
    "rate": "PerYear", "answer": "Choice", "other_answer": "Choice", "year": "Years", "one_year": "Years",
}  # fmt: skip
"""The annotations with which a small formula asks for them, and for the years."""

TOY_VALUES: Final = {
    "a": 3.0, "b": 2.0, "share_a": 0.25, "share_b": 0.75, "per_thousand": 5.0, "people": 40.0, "rate": 0.1,
    "answer": "yes", "other_answer": "no",
}  # fmt: skip


# ------------------------------------------------------------------------------------------------------
# What is shipped, from the files up: no plan is made


@cache
def parameters() -> Mapping[str, Parameter]:
    """The shipped parameters at the text's own vintage."""
    library = shipped_library()
    text = library.texts[TEXT]
    settled = {n: resolve(s, library.evidence, text.date, text.setting(n), TEXT) for n, s in library.specs.items()}
    return derive(settled, library.calendars)


@cache
def inputs() -> Mapping[str, Input]:
    """The shipped parameters as formulas may ask for them."""
    return {n: Input(p.unit_in_formulas, tuple(map(str, p.choices)) if p.labelled else ()) for n, p in parameters().items()}


def formulas() -> tuple[Formula, ...]:
    """The shipped formulas."""
    return shipped_library().formulas


@cache
def graph() -> Graph:
    """The shipped formulas, wired."""
    return wire(formulas(), inputs())


def with_formulas(*functions: FunctionType) -> Graph:
    """The shipped formulas with others put in the place of those of the same name, or beside them."""
    new = {f.__name__: Formula.of(f) for f in functions}
    return wire([*(f for f in formulas() if f.name not in new), *new.values()], inputs())


# ------------------------------------------------------------------------------------------------------
# Settings of everything


def central() -> dict[str, Any]:
    """Every parameter at its value, as formulas see it; what the text does not state at one of its own possible values."""
    found = setting(0)
    return {n: found[n] if p.value is None else p.in_formulas(p.value) for n, p in parameters().items()}


def setting(seed: int) -> dict[str, Any]:
    """Every parameter at random, as formulas see it.

    Uncertainties lie in their range (without one, within a tenth of their value), levers in theirs and half
    of it beyond, so that both sides of a ceiling are tried; conventions take any of their choices.
    """
    dice = random.Random(f"setting {seed}")
    specs = shipped_library().specs
    found: dict[str, Any] = {}
    for name, p in parameters().items():
        if p.choices:
            drawn: Any = dice.choice(p.choices)
        elif p.unit == "date":
            day = p.value if isinstance(p.value, date) else VINTAGE
            drawn = day + timedelta(days=dice.randint(-100, 400))
        else:
            assert not isinstance(p.value, (str, date))
            middle = LIKELY.get(p.unit, 50.0) if p.value is None else p.value
            low, high = p.range or (0.9 * middle, 1.1 * middle)
            if p.role == "lever":
                low, high = map(float, specs[name].range or (low, high))
                low, high = low - (high - low) / 2, high + (high - low) / 2
            drawn = dice.uniform(max(low, p.limits[0]), min(high, p.limits[1]))
            if p.whole:
                drawn = float(round(drawn))
        found[name] = p.in_formulas(drawn)
    return found


def conventions() -> dict[str, tuple[Any, ...]]:
    """The choices of every convention, as formulas see them."""
    return {n: tuple(p.in_formulas(c) for c in p.choices) for n, p in parameters().items() if p.choices}


def every_answer(names: list[str]) -> Iterator[dict[str, Any]]:
    """All combinations of the choices of some conventions."""
    for answers in itertools.product(*(conventions()[n] for n in names)):
        yield dict(zip(names, answers, strict=True))


def draws(count: int, seed: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Random settings of everything, once as arrays of draws and once one by one."""
    rows = [setting(seed + i) for i in range(count)]
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}, rows


# ------------------------------------------------------------------------------------------------------
# Small formulas


def formula(text: str, **more: Any) -> FunctionType:
    """A function from its text; it knows what formulas know, and has no source file."""
    known = {**vars(units), **vars(years), "np": np, **more}
    before = set(known)
    exec(text, known)
    (name,) = (n for n in known if n not in before and n != "__builtins__" and isinstance(known[n], FunctionType))
    made = known[name]
    assert isinstance(made, FunctionType)
    return made


def made(signature: str, expression: str) -> FunctionType:
    """A formula from its signature, as in ``y(a: BillionUSD) -> BillionUSD``, and what it returns."""
    return formula(f'def {signature}:\n    """Label"""\n    return {expression}')


def body(lines: str, unit: str = "BillionUSD", arguments: str | None = None, **more: Any) -> FunctionType:
    """A formula `x` with these lines as its body; left to itself it asks for the toy inputs that they mention."""
    if arguments is None:
        arguments = ", ".join(f"{name}: {alias}" for name, alias in ALIASES.items() if re.search(rf"\b{name}\b", lines))
    indented = "\n".join(f"    {line}" for line in lines.splitlines())
    return formula(f'def x({arguments}) -> {unit}:\n    """Label"""\n{indented}\n', **more)


def toy(*functions: FunctionType) -> Graph:
    """A few functions wired with the toy inputs."""
    return wire([Formula.of(f) for f in functions], TOY)


def refusal(*functions: FunctionType) -> str:
    """The sentence with which a few functions are refused."""
    try:
        toy(*functions)
    except FormulaError as error:
        return str(error)
    raise AssertionError(f"{', '.join(f.__name__ for f in functions)} is not refused")


def worst(found: Any, wanted: Any) -> float:
    """The largest relative difference of two numbers; nan and infinity equal themselves."""
    found, wanted = np.asarray(found, dtype=float), np.asarray(wanted, dtype=float)
    found, wanted = np.broadcast_arrays(found, wanted)
    same = (found == wanted) | (np.isnan(found) & np.isnan(wanted))
    with np.errstate(invalid="ignore"):
        apart = np.abs(found - wanted) / np.maximum(np.abs(wanted), np.abs(found))
    return float(np.max(np.where(same, 0.0, apart), initial=0.0))
