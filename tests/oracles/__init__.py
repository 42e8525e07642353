"""Sums done by hand, against which the library's formulas are tested. See README.md."""

from . import (
    asset_vehicle,
    elections,
    exchanges,
    force_cap,
    immobilised_assets,
    ratification,
    reconstruction,
    territory,
    timeline,
    znpp,
)
from .case import Case

MODULES = (force_cap, asset_vehicle, immobilised_assets, znpp, elections, ratification, territory, reconstruction, exchanges,
           timeline)  # fmt: skip

ALL: tuple[Case, ...] = tuple(case for module in MODULES for case in module.CASES)

__all__ = ["ALL", "Case", "check_published"]


def check_published() -> None:
    """Fail, naming both numbers, where a sum done by hand does not round to the figure in print."""
    for module in MODULES:
        module.check_published()
