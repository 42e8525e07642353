"""The table of a provision, and how each of its numbers is computed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ukraineplan.explain import step
from ukraineplan.explanation import MARKS
from ukraineplan.parameters import Parameter
from ukraineplan.plan import Plan
from ukraineplan.report.content import Group, Row, Working
from ukraineplan.report.shared import Shared
from ukraineplan.report.show import sentence, shown, stop, unit_said
from ukraineplan.specs import Provision

PARTY: Final = re.compile(r"(?:^|_)(us|united_states|ukraine|russia|europe)(?:_|$)")
"""Who a number is for, by its name."""


class Table:
    """The numbers of a provision: what the text sets, what others measured, what we assumed, what follows.

    `names` are its own numbers and all parameters that they rest on; `results` the key numbers, each with the same
    kind of number for every other party; `steps` the formulas in between.
    """

    def __init__(self, plan: Plan, provision: Provision, shared: Shared) -> None:
        self.plan, self.provision, self.shared = plan, provision, shared
        self.names = plan._names_of(provision.name)
        self.names += [n for n in provision.key if n in plan and n not in self.names]  # formulas that the reader has set
        self.points = provision.points.get(plan.text, [])
        own = [n for n in self.names if n in plan.formulas]
        main: dict[str, None] = {}
        for key in (n for n in provision.key if n in own):
            main |= dict.fromkeys([key, *(n for n in own if self._alike(key, n))])
        self.results, self.steps = list(main), [n for n in own if n not in main]

    @property
    def key(self) -> str | None:
        """The headline number."""
        return next((n for n in self.provision.key if n in self.plan), None)

    def _alike(self, a: str, b: str) -> bool:
        """Whether two numbers are of one kind, each for a party: same unit, same last word, both or neither yearly."""
        one, other = self.plan[a], self.plan[b]
        same = (one.unit, one.years, a.rpartition("_")[2]) == (other.unit, other.years, b.rpartition("_")[2])
        return same and bool(PARTY.search(a)) and bool(PARTY.search(b))

    # -- rows

    def groups(self, title: str) -> Iterator[Group]:
        """The rows under their headings, those that are empty left out."""
        inputs: dict[str, list[Parameter]] = {
            "Set by you": [],
            "The text sets": [],
            "The text does not set": [],
            "What the words mean, where the text leaves it open": [],
        }
        you, text, others, meaning = inputs.values()
        for p in (self.plan.parameters[n] for n in self.names if n in self.plan.parameters):
            {"set": you, "stated": text}.get(p.basis, meaning if p.role == "convention" else others).append(p)
        for heading, members in inputs.items():
            if members:
                yield Group(heading, tuple(self._input(p, title.partition(".")[0]) for p in members))
        for heading, names in (("What follows", self.results), ("Steps on the way", self.steps)):
            if names:
                yield Group(heading, tuple(self._result(n) for n in names))

    def missing(self, name: str) -> str:
        """The word that stands for a value that is not there."""
        p = self.plan.parameters.get(name)
        return "unset" if p is None or p.state in (None, "set") else p.state

    def _input(self, p: Parameter, table: str) -> Row:
        return Row(
            name=p.name,
            label=p.label,
            note=self._why(p, table),
            shown=shown(self.plan[p.name], self.missing(p.name)),
            unit=unit_said(self.plan, p.name),
            basis=p.basis,
            mark=MARKS[p.basis],
            cites=self.shared.books.cite(self.plan._library.evidence.facts[i] for i in self._cited(p)),
            how=None,
            labelled=p.labelled,
            key=p.name == self.key,
        )

    def _cited(self, p: Parameter) -> dict[str, None]:
        """The facts behind a row: of a lever that the text does not state, the clauses in which it is not."""
        cited = list(p.facts)
        if p.basis in ("sourced", "assumed"):
            cited += [*p.range_facts, *p.competing, *p.benchmarks]
        elif p.value is None:
            cited += [f for c in self.plan._text.clauses if c.point in self.points for f in c.facts]
        return dict.fromkeys(cited)

    def _why(self, p: Parameter, table: str) -> str:
        """The reason and what to mind; where a table further up has it in full, the reason alone."""
        if p.value is None:
            return sentence(" ".join(filter(None, [stop(p.reason or ""), p.assumption, p.note])))
        first = self.shared.explained.setdefault(p.name, table)
        if first != table:
            return sentence(f"{p.reason or p.assumption or ''} As in {first}.")
        return sentence(p.why if p.basis in ("sourced", "assumed") else " ".join(filter(None, [p.reason, p.note])))

    def _result(self, name: str) -> Row:
        number, note = self.plan[name], self.plan.formulas[name].note
        return Row(
            name=name,
            label=number.label,
            note=sentence(note if number.value is not None else f"{stop(number.reason or '')} {note}"),
            shown=shown(number),
            unit=unit_said(self.plan, name),
            basis="computed",
            mark=MARKS["computed"],
            cites=(),
            how=f"how-{name}",
            labelled=False,
            key=name == self.key,
        )

    # -- arithmetic

    def workings(self) -> Iterator[Working]:
        """How its formulas are computed, and those of provisions that have no section on the sheet; each once."""
        own = [*self.results, *self.steps]
        needed = {n for name in own for n in self.plan._graph.needs(name)}
        elsewhere = self.shared.provisions - {self.provision.name}
        lent = [n for n in self.plan._graph.formulas if n in needed and self.plan.formulas[n].provision not in elsewhere]
        for name in dict.fromkeys([*own, *lent]):
            if name not in self.shared.worked:
                self.shared.worked.add(name)
                yield self.working(name)

    def working(self, name: str) -> Working:
        """One formula with names, with numbers, and its result."""
        number, f = self.plan[name], self.plan.formulas[name]
        if number.value is None:
            return Working(name, f.label, sentence(f.note), "", "", "", "", (), number.reason or "")
        year = self.plan._show_year(name)
        s = step(self.plan._graph, name, self.plan._known, year=year)
        when = f"in {number.years[year - 1]}" if number.years else ""
        return Working(name, f.label, sentence(f.note), when, s.names, s.numbers, s.result, s.because)
