"""Quantitative impact calculator for the 28-point draft for Ukraine reported in November 2025.

>>> import ukraineplan as up
>>> plan = up.load("us28")
>>> print(plan["force_reduction"])
280,000 persons

The front door is lazy: importing the package loads nothing but the standard library.
"""

from __future__ import annotations

import sys

from ukraineplan.errors import (
    DataError,
    FormulaError,
    InvalidValue,
    MissingExtra,
    NotStated,
    NotTraceable,
    OutputError,
    PlanError,
    UnitError,
    UnknownName,
)

TYPE_CHECKING = False  # what `typing` calls so; importing it would double the time that this package takes
if TYPE_CHECKING:
    from typing import Any

    from ukraineplan.analysis.bounds import bounds
    from ukraineplan.analysis.compare import compare
    from ukraineplan.analysis.decompose import decompose
    from ukraineplan.analysis.frontier import frontier
    from ukraineplan.analysis.sample import sample
    from ukraineplan.analysis.sobol import sobol
    from ukraineplan.analysis.switching_value import switching_value
    from ukraineplan.analysis.tornado import tornado
    from ukraineplan.library import coverage, facts, provisions, sources, texts
    from ukraineplan.loading import load
    from ukraineplan.number import Number
    from ukraineplan.parameters import Parameter
    from ukraineplan.plan import Plan
    from ukraineplan.report import fact_sheet

__version__ = "0.1.0"

_HOMES = {
    "bounds": "analysis.bounds",
    "compare": "analysis.compare",
    "coverage": "library",
    "decompose": "analysis.decompose",
    "fact_sheet": "report",
    "frontier": "analysis.frontier",
    "facts": "library",
    "load": "loading",
    "Number": "number",
    "Parameter": "parameters",
    "Plan": "plan",
    "provisions": "library",
    "sample": "analysis.sample",
    "sobol": "analysis.sobol",
    "sources": "library",
    "switching_value": "analysis.switching_value",
    "texts": "library",
    "tornado": "analysis.tornado",
}

__all__ = [
    "DataError", "FormulaError", "InvalidValue", "MissingExtra", "NotStated", "NotTraceable", "Number", "OutputError",
    "Parameter", "Plan", "PlanError", "UnitError", "UnknownName", "bounds", "compare", "coverage", "decompose",
    "fact_sheet", "facts", "frontier", "load", "provisions", "sample", "sobol", "sources", "switching_value", "texts", "tornado",
]  # fmt: skip


class _FrontDoor(type(sys)):  # type: ignore[misc]  # the class of modules, without importing `types`
    """Keeps `texts`, `bounds` and `provisions` the functions they are for users, though modules bear those names too.

    Importing a submodule sets it as an attribute of its package; for a name of the front door that is left out.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOMES and isinstance(value, type(sys))):
            super().__setattr__(name, value)


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'ukraineplan' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(f"ukraineplan.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])


sys.modules[__name__].__class__ = _FrontDoor
