"""Sums done by hand, against which the library's formulas are tested. See README.md."""

from . import asset_vehicle, force_cap, immobilised_assets, znpp
from .case import Case

ALL: tuple[Case, ...] = force_cap.CASES + asset_vehicle.CASES + immobilised_assets.CASES + znpp.CASES

__all__ = ["ALL", "Case", "check_published"]


def check_published() -> None:
    """Fail, naming both numbers, where a sum done by hand does not round to the figure in print."""
    for module in (force_cap, asset_vehicle, immobilised_assets, znpp):
        module.check_published()
