"""Comparisons that the tests of their sheet look at, and what they ask of a row."""

from collections.abc import Callable
from typing import Any, Final

from page import Element

import ukraineplan as up
from ukraineplan.analysis.compare import Comparison

VALUES: Final[dict[str, Any]] = {
    "us_profit_share": 25, "vehicle_principal": 140, "profit_base": "both_200bn", "force_cap": 700_000,
}  # fmt: skip
YEARLY: Final = ("us_profit", "vehicle_net_asset_value", "znpp_output")


def own(**values: Any) -> up.Plan:
    """The 28-point draft with values of one's own."""
    return up.load().with_values(**values)


MADE: Final[dict[str, Callable[[], Comparison]]] = {
    "two texts": lambda: up.compare("us28", "dec20"),
    "removed": lambda: up.compare("us28", "e3_reuters"),
    "unknown": lambda: up.compare("us28", "geneva19"),
    "nothing known": lambda: up.compare("geneva19", "early400"),
    "alternatives": lambda: up.compare("status_quo", "dec20:option_a,ukrainian_proposal"),
    "own values": lambda: up.compare("us28", own(**VALUES)),
    "own result": lambda: up.compare("us28", own(us_profit_total=7), ["us_profit_total", "vehicle_return"]),
    "the same": lambda: up.compare("us28", "us28"),
    "yearly": lambda: up.compare("us28", own(vehicle_principal=50), YEARLY),
    "early": lambda: up.compare("us28", "dec20", as_of="2020-01-01"),
    "dates": lambda: up.compare("us28", own(signature_date="2026-03-01", nato_constitutional_bar="not_required")),
}
"""All kinds of sides: public and unknown texts, alternatives, values of one's own, equal ones, years, days, words."""


def sides_of(row: Element) -> list[Element]:
    """The cells of a row: A, B and the difference."""
    return [e for e in row.all("td") if "side" in e.attributes.get("class", "").split()]
