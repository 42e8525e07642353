"""What the sections of a sheet have in common while it is put together."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from ukraineplan.parameters import Parameter
from ukraineplan.plan import Plan
from ukraineplan.report.references import Bibliography


class Shared:
    """Sources, numbers of tables and figures, and what stands on the sheet already; filled in the order of the page."""

    def __init__(self, plan: Plan, provisions: Iterable[str]) -> None:
        self.books = Bibliography(plan._library.evidence.sources)
        self.provisions = frozenset(provisions)
        self.quoted: set[str] = set()  # clauses
        self.explained: dict[str, str] = {}  # parameters, and the table that has their row in full
        self.worked: set[str] = set()  # formulas whose arithmetic is shown
        self._last = {"Table": 0, "Figure": 0}

    def next(self, kind: str, title: str) -> str:
        """The next number of a kind with a title: "Figure 3. ..."."""
        self._last[kind] += 1
        return f"{kind} {self._last[kind]}. {title}"


def flags(plan: Plan) -> list[str]:
    """What a command needs to answer for this plan and no other."""
    found = ["--text", plan.text]
    found += [] if plan.as_of == plan._text.date else ["--as-of", str(plan.as_of)]
    for p in plan.parameters.values():
        found += ["--set", setting(p)] if p.basis == "set" else []
    return found + ([] if plan._library.extra is None else ["--extra", plan._library.extra.name])


def setting(p: Parameter) -> str:
    """A value as `--set` takes it, to its last digit."""
    if isinstance(p.value, str | date):
        return f"{p.name}={p.value}"
    return f"{p.name}={p.value:.15g}" + ("" if p.choices or p.unit == "ratio" else f" {p.unit}")
