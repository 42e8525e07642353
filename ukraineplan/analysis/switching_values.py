"""What would it take in every draw of what else is uncertain: a distribution of switching values."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import numpy as np

from ukraineplan import words
from ukraineplan.intervals import Array
from ukraineplan.number import Number
from ukraineplan.parameters import Parameter
from ukraineplan.roots import GRID
from ukraineplan.uncertainty.statistics import PERCENTILES, estimate, percentile

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


@dataclass(frozen=True, eq=False)
class SwitchingValues:
    """The value of one input at which a number takes a given value, draw by draw of all that is uncertain.

    `roots` are the lowest such value of each draw within `searched`, in the unknown's unit, nan where there is none;
    `counts` says how many there are, `is_line` whether one division gave it, `level`
    whether the number stays at the value from there on: shape ``(draws,)``. `drawn` says what the draws claim.
    """

    number: Number
    value: float
    parameter: Parameter
    searched: tuple[float, float]
    roots: Array
    counts: Array
    is_line: Array
    level: Array
    drawn: str

    @property
    def without(self) -> float:
        """The part of the draws that have no such value."""
        return float(np.mean(np.isnan(self.roots)))

    @property
    def method(self) -> str:
        """How it was done."""
        lines = int(np.sum(self.is_line))
        rest = len(self.roots) - lines
        cells = [f"{rest:,} by bisection in {GRID} cells of the range, where a pair in one cell is missed"] if rest else []
        fraction = ["as if the unknown might be a fraction"] if self.parameter.whole else []
        return "; ".join([f"{lines:,} of {len(self.roots):,} draws by one division", *cells, *fraction])

    @property
    def error(self) -> str:
        """What is known of its error."""
        return "beside each figure of the summary: half the width of its 95 % interval, from eight independent parts of the draws"

    @property
    def sentence(self) -> str:
        """One sentence: the middle, where most draws lie, and how many have no such value."""
        n, p, count = self.number, self.parameter, f"{len(self.roots):,} draws"
        said, searched = f"{n.label}{n.when}: {words.display(self.value, n.unit)}", words.span(*self.searched, p.unit)
        if self.without == 1:
            return f"{said} is reached in none of {count} within {searched} of '{p.label}'."
        low, middle, high = (percentile(self.roots, p / 100).value for p in PERCENTILES)
        spread = words.span(low, high, p.unit, value=middle)
        most = "" if spread == words.NO_RANGE else f", and nine in ten of these lie from {spread}"
        several = np.any(self.counts > 1) or np.any(self.level)
        lowest = " (the lowest, where there are several, or a stretch of them)" if several else ""
        none = f"all {count} have one"
        if self.without:
            none = f"{words.display(self.without, 'share', digits=2)} of {count} have none"
        shown = words.display(middle, p.unit, low=low, high=high)
        return (f"{said} where '{p.label}' is {shown}{lowest} in the middle of the draws that have such a value{most}; "
                f"{none} within {searched}; {self.drawn}.")  # fmt: skip

    def summary(self) -> pd.DataFrame:
        """The part of the draws without such a value, and percentiles of the others, each with its error."""
        import pandas as pd

        rows = [("without", *estimate(self.roots, lambda draws: float(np.mean(np.isnan(draws)))), "share")]
        rows += [(f"p{p}", *percentile(self.roots, p / 100), self.parameter.unit) for p in PERCENTILES]
        return pd.DataFrame(rows, columns=["statistic", "value", "error", "unit"]).set_index("statistic")

    def to_frame(self) -> pd.DataFrame:
        """A row a draw: the root, nan where there is none, and how many there are."""
        import pandas as pd

        columns = {self.parameter.name: self.roots, "roots": self.counts, "unit": self.parameter.unit}
        return pd.DataFrame(columns).rename_axis("draw")

    def plot(self) -> Axes:
        """A histogram of the roots."""
        from ukraineplan.analysis import plots

        drawn: Axes = plots.switching_values(self)
        return drawn

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.sentence}>"

    def _repr_html_(self) -> str:
        return f"<p>{escape(self.sentence)}</p>{self.summary().to_html()}"
