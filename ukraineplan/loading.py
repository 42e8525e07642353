"""From a text's id to a plan: the library read, every parameter settled at the vintage."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ukraineplan.library import Library, read_library, vintage
from ukraineplan.parameters import check_together
from ukraineplan.plan import Plan
from ukraineplan.resolving import derive, resolve
from ukraineplan.texts import Text, find


def load(text: str = "us28", *, as_of: str | date | None = None, extra: str | Path | None = None) -> Plan:
    """A plan: a text with the evidence that was public at a vintage.

    Parameters
    ----------
    text : str
        A text's id; `ukraineplan.texts` lists them. ``"dec20:option_a,ukrainian_proposal"`` chooses alternatives that it
        leaves open, or that stand in documents beside it.
    as_of : str or date, optional
        Only evidence public on that day counts; "latest" for all of it. The text's own date if left out.
    extra : path, optional
        A folder of your own with ``parameters/*.toml``, ``provisions/*.py`` and ``facts/*.csv``. Its code is run.

    Raises
    ------
    UnknownName
        For a text or an alternative that does not exist.
    InvalidValue
        For a vintage that is no date, and for two alternatives that are rivals.
    DataError, FormulaError
        If a data file or a formula does not hold together, naming file and line or key.
    """
    library = read_library(extra)
    chosen = find(library.texts, text)
    return plan_of(library, chosen, vintage(as_of, chosen, library.evidence))


def plan_of(library: Library, text: Text, as_of: date) -> Plan:
    """The plan of a text with the evidence of a day."""
    settled = {n: resolve(s, library.evidence, as_of, text.setting(n), text.name) for n, s in library.specs.items()}
    parameters = derive(settled, library.calendars)
    check_together(parameters)
    return Plan(library, text, as_of, parameters, {f.name: f for f in library.formulas}, graph=library.graph)
