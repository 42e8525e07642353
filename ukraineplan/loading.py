"""From a text's id to a plan: the library read, every parameter settled at the vintage."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ukraineplan.errors import DataError, did_you_mean
from ukraineplan.library import read_library, vintage
from ukraineplan.parameters import check_together
from ukraineplan.plan import Plan
from ukraineplan.resolving import resolve
from ukraineplan.texts import find


def load(text: str = "us28", *, as_of: str | date | None = None, extra: str | Path | None = None) -> Plan:
    """A plan: a text with the evidence that was public at a vintage.

    Parameters
    ----------
    text : str
        A text's id; `ukraineplan.texts` lists them.
    as_of : str or date, optional
        Only evidence public on that day counts; "latest" for all of it. The text's own date if left out.
    extra : path, optional
        A folder of your own with ``parameters/*.toml``, ``provisions/*.py`` and ``facts/*.csv``. Its code is run.

    Raises
    ------
    UnknownName
        For a text that does not exist.
    InvalidValue
        For a vintage that is no date.
    DataError, FormulaError
        If a data file or a formula does not hold together, naming file and line or key.
    """
    library = read_library(extra)
    chosen = find(library.texts, text)
    day = vintage(as_of, chosen, library.evidence)
    for clause in chosen.clauses:
        for name in clause.sets:
            if name not in library.specs:
                near = did_you_mean(name, library.specs)
                raise DataError(f"{text}.toml: clause {clause.place} sets '{name}', which is no parameter{near}")
    parameters = {}
    for name, spec in library.specs.items():
        setting = chosen.setting(name)
        stated = (setting[0], tuple(setting[1].facts)) if setting else None
        parameters[name] = resolve(spec, library.evidence, day, stated, text)
    check_together(parameters)
    return Plan(library, chosen, day, parameters, {f.name: f for f in library.formulas})
