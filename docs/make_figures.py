"""The figures of the pages beside this file, drawn anew: python docs/make_figures.py [FOLDER]"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib

import ukraineplan as up

matplotlib.use("svg")
matplotlib.rcParams["svg.hashsalt"] = "ukraineplan"  # the same figure is the same file

PLAN = up.load("us28")
FIGURES: dict[str, Callable[[], Any]] = {
    "comparison": lambda: up.compare("us28", "dec20", "force_reduction").plot(),
    "decomposition": lambda: up.decompose("us28", "e3_reuters", "vehicle_money_for_ukraine_present_value").plot(),
    "sample": lambda: up.sample(PLAN, "us_profit_total").plot(),
    "fan": lambda: up.sample(PLAN, "us_profit").plot(),
    "bounds": lambda: up.bounds(PLAN, "us_profit").plot(),
    "tornado": lambda: up.tornado(PLAN, "us_profit_total").plot(),
    "sobol": lambda: up.sobol(PLAN, "us_profit_total").plot(),
    "switching_value": lambda: up.switching_value(PLAN, "us_profit_total", 20, over="vehicle_return").plot(),
    "switching_values": lambda: up.switching_value(PLAN, "us_profit_total", 20, over="vehicle_return").per_draw().plot(),
    "frontier": lambda: up.frontier(PLAN, "force_reduction", over={"force_cap": range(400_000, 900_001, 50_000)}).plot(),
    "frontier_of_two": lambda: up.frontier(
        PLAN, "us_profit_total",
        over={"us_profit_share": [f"{s} %" for s in range(0, 51, 5)], "vehicle_return": [f"{r} %/year" for r in range(-5, 11)]},
    ).plot(),
}  # fmt: skip


def main(folder: Path) -> None:
    """Write every figure as SVG."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, draw in FIGURES.items():
        draw().figure.savefig(folder / f"{name}.svg", metadata={"Date": None})


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("figures"))
