"""One provision of a sheet: its clause, its headline, its table, and what moves it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final

from ukraineplan import words
from ukraineplan.analysis.alternatives import Alternatives, alternatives
from ukraineplan.analysis.bounds import bounds
from ukraineplan.analysis.sobol import sobol
from ukraineplan.analysis.tornado import tornado
from ukraineplan.errors import InvalidValue
from ukraineplan.plan import Plan
from ukraineplan.report import figures
from ukraineplan.report.content import (
    ClauseQuoted,
    DriversFigure,
    Headline,
    InsteadRow,
    Section,
    Shown,
    SpreadFigure,
    SwingFigure,
    YearsFigure,
)
from ukraineplan.report.references import standing
from ukraineplan.report.shared import Shared, flags
from ukraineplan.report.show import Scale, axis_label, day_said, sentence, shown, unit_said
from ukraineplan.report.table import Table
from ukraineplan.specs import Provision
from ukraineplan.texts import Clause

STANDING: Final = {"us28": "Leaked draft, not agreed."}
CONDITION: Final = re.compile(r"If (.+?), then\b")


class SectionBuilder:
    """Puts one provision together, in the order of the page, so that sources get their numbers in that order."""

    def __init__(self, plan: Plan, provision: Provision, shared: Shared) -> None:
        self.plan, self.provision, self.shared = plan, provision, shared
        self.table = Table(plan, provision, shared)
        self.key, self.points = self.table.key, self.table.points
        self.id = "p-" + re.sub(r"\W+", "-", provision.name)
        points = f"Point{'s' if len(self.points) > 1 else ''} {words.join(self.points)}"
        self.point = points if self.points else "Not in this text"

    # -- what the other parts of the sheet ask for

    def condition(self) -> str:
        """The condition of the headline, filled in: "if the vehicle earned 5.0 % a year ..."."""
        found = CONDITION.match(self.provision.headline)
        return f"if {_filled(found[1], self.plan)}" if found and self._holds(found[1]) else ""

    def instead(self) -> Alternatives | None:
        """The headline number under other readings."""
        return next((found for found in self._alternatives if found.number.name == self.key), None)

    @cached_property
    def _alternatives(self) -> list[Alternatives]:
        return [alternatives(self.plan, name) for name in filter(self._computed, self.provision.key)]

    def uses(self, clause: Clause) -> bool:
        """Whether it computes a clause, or takes a number from it."""
        return clause.provision == self.provision.name or any(n in self.table.names for n in clause.sets)

    # -- the section

    def build(self) -> Section:
        """The section."""
        clauses, elsewhere = self._clauses()
        headline = self._headline()
        title = self.shared.next("Table", f"What goes in and what comes out: {self.provision.title}")
        groups = tuple(self.table.groups(title))
        swing, rival = self._moved_by()
        insteads, unmoved = self._insteads()
        return Section(
            id=self.id,
            title=self.provision.title,
            point=self.point,
            of_text=self._of_text(),
            summary=tuple(sentence(c.summary) for c in self.plan._text.clauses if c.point in self.points and self.uses(c)),
            clauses=clauses,
            elsewhere=elsewhere,
            standing=tuple(self._standing(c.place for c in clauses)),
            silent_on=tuple(self.provision.silent_on),
            headline=headline,
            check=self.table.working(headline.name) if self._computed(headline.name) else None,
            command=shlex.join(["ukraineplan", "explain", headline.name, *flags(self.plan)]),
            table=title,
            groups=groups,
            swings=swing,
            rivals=rival,
            drivers=self._drivers(),
            instead=self.shared.next("Table", "If the words mean something else") if insteads or unmoved else "",
            insteads=insteads,
            unmoved=unmoved,
            years=self._years(),
            not_modelled=tuple(self.provision.not_modelled),
            workings=tuple(self.table.workings()),
        )

    def _computed(self, name: str) -> bool:
        return name in self.plan.formulas and self.plan[name].value is not None

    # -- the clause

    def _of_text(self) -> str:
        text = self.plan._text
        said = f"{text.title} of {day_said(text.date)}"
        return f"{self.point} of the {said}." if self.points else f"The {said} has no clause on it."

    def _clauses(self) -> tuple[tuple[ClauseQuoted, ...], str]:
        """The clauses of its points that are in print; those that stand further up and that it does not use, by place."""
        facts, quote, found, before = self.plan._library.evidence.facts, self.shared.books.quote, [], []
        for clause in self.plan._text.clauses:
            if clause.point not in self.points or not clause.facts:
                continue
            if clause.place in self.shared.quoted and not self.uses(clause):
                before.append(clause.place)
                continue
            self.shared.quoted.add(clause.place)
            lead, *others = (quote(facts[f]) for f in clause.facts)
            found.append(ClauseQuoted(clause.place, lead, tuple(others), tuple(clause.variants)))
        return tuple(found), f"Further up: {words.join(before)}." if before else ""

    def _standing(self, places: Iterable[str]) -> Iterator[str]:
        """What kind of text it is, then of what kind the copies of its clauses are, like ones together."""
        quoted = set(places)
        alike: dict[str, list[str]] = {}
        if self.plan.text in STANDING:
            yield STANDING[self.plan.text]
        for clause in self.plan._text.clauses:
            if clause.place in quoted:
                lead = self.plan._library.evidence.facts[clause.facts[0]]
                alike.setdefault(f"{clause.standing or 'copy'} ({standing(lead)})", []).append(clause.place)
        for kind, which in alike.items():
            yield f"{words.join(which)}: {kind}."

    # -- the headline

    def _headline(self) -> Headline:
        if self.key is None:
            nothing = Shown("", "", words.NO_RANGE, "unset", "no number of it is computed")
            return Headline("", self.provision.title, nothing, "", "", None, "", "")
        number, bar, zero, known = self.plan[self.key], None, "", ""
        template = self.provision.headline
        if number.value is not None and number.low is not None:
            value, low, high = number.shown
            bar, zero = Scale.over([low, value, high]).bar(low, value, high), axis_label(0, number.unit) if low > 0 else ""
            method = bounds(self.plan, self.key).method if self._computed(self.key) else ""
            known = f"over the ranges in the table, {method}; they claim no probability" if method else ""
        return Headline(
            name=self.key,
            label=number.label,
            shown=shown(number, self.table.missing(self.key)),
            unit=unit_said(self.plan, self.key),
            sentence=_filled(template, self.plan) if self._holds(template) else sentence(number.sentence),
            bar=bar,
            zero=zero,
            known=known,
        )

    def _holds(self, template: str) -> bool:
        """Whether every number that a sentence asks for has a value."""
        names = re.findall(r"\{(\w+)", template)
        return bool(names) and all(n in self.plan and self.plan[n].value is not None for n in names)

    # -- what moves it

    def _moved_by(self) -> tuple[SwingFigure | None, SpreadFigure | None]:
        """A tornado; or, where one measured number alone moves the result, the published figures for it."""
        if self.key is None or not self._computed(self.key):
            return None, None
        found = tornado(self.plan, self.key)
        moving = next((row for row in found.rows if row.swing), None)
        if moving is None:
            return None, None
        rival = figures.only_rivals(self.plan, found, self.shared)
        return (None, rival) if rival else (figures.swings(found, self.shared), None)

    def _drivers(self) -> DriversFigure | None:
        """What drives the headline number where all that is uncertain is drawn together."""
        if self.key is None or not self._computed(self.key):
            return None
        try:
            return figures.drivers(sobol(self.plan, self.key), self.shared)
        except InvalidValue:  # nothing is uncertain, or the number is not defined everywhere in the ranges
            return None

    def _insteads(self) -> tuple[tuple[InsteadRow, ...], str]:
        """The key numbers under other readings, reading by reading; and those that no reading moves."""
        by_reading: dict[tuple[str, str], list[InsteadRow]] = {}
        still = []
        for found in self._alternatives:
            still += [] if found.moving else [f"“{found.number.label}”"]
            for r in found.moving:
                row = InsteadRow(r.label, r.option, found.number.label, shown(r.number), found.number.display)
                by_reading.setdefault((r.label, r.option), []).append(row)
        rows = tuple(row for rows in by_reading.values() for row in rows)
        return rows, f"No other reading of the words moves {words.join(still)}." if still else ""

    def _years(self) -> YearsFigure | None:
        return figures.fans(self.plan, self.provision.name, self.shared)


def _filled(template: str, plan: Plan) -> str:
    try:
        return sentence(words.fill(template, plan))
    except InvalidValue:  # a template of the reader's own that cannot be filled is printed as it stands
        return sentence(template)
