"""The pictures of the fact sheet, and the analyses behind them.

What these catch: a bar, line or axis that says something else than the number beside it; an alternative that is not what
the plan answers under it; a page that a phone has to scroll sideways.
"""

import re
import subprocess
from html import escape
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ukraineplan as up
from ukraineplan.analysis.alternatives import alternatives, rivals
from ukraineplan.report import fact_sheet
from ukraineplan.report.build import content
from ukraineplan.report.content import Content
from ukraineplan.report.figures import BOTTOM, TOP, years_shown
from ukraineplan.report.show import Scale, apart

FINITE = st.floats(-1e12, 1e12).filter(lambda x: x == 0 or abs(x) > 1e-9)


@pytest.fixture(scope="module")
def plan() -> up.Plan:
    return up.load()


@pytest.fixture(scope="module")
def whole(plan: up.Plan) -> Content:
    return content(plan)


@given(st.lists(FINITE, min_size=1, max_size=6), st.integers(3, 6))
def test_a_scale_holds_its_numbers_and_zero(numbers: list[float], most: int) -> None:
    """Catches an axis that does not start from zero, that a bar runs out of, or that is crowded with labels."""
    scale = Scale.over(numbers, most)
    assert all(0 <= scale.place(x) <= 100 for x in (*numbers, 0.0))
    assert 2 <= len(scale.at()) <= most + 1 and 0.0 in scale.at()
    ordered = [scale.place(x) for x in sorted(numbers)]
    assert ordered == sorted(ordered)


@pytest.mark.parametrize(
    ("display", "figure", "words"),
    [
        ("280,000 persons", "280,000", " persons"),
        ("−$60bn", "−$60bn", ""),
        ("UAH 720bn a year", "UAH 720bn", " a year"),
        ("31.8\u202f%", "31.8\u202f%", ""),
        ("5.0\u202f% a year", "5.0\u202f%", " a year"),
        ("950 MW a reactor", "950", " MW a reactor"),
        ("16.8 Mt a year", "16.8", " Mt a year"),
    ],
)
def test_a_figure_comes_apart_from_its_words(display: str, figure: str, words: str) -> None:
    """Catches a figure on the sheet that loses its sign, its currency or its scale."""
    assert apart(display) == (figure, words)


def test_the_tornado_is_drawn_as_it_is_told(plan: up.Plan, whole: Content) -> None:
    """Catches bars out of order, or a bar whose place is not that of its number."""
    (drawn,) = [s.swings for s in whole.sections if s.id == "p-asset_vehicle"]
    found = [row for row in up.tornado(plan, "us_profit_total").rows if row.swing]
    assert drawn is not None and [r.label for r in drawn.rows] == [r.label for r in found]
    widths = [r.bar.high - r.bar.low for r in drawn.rows]
    assert widths == sorted(widths, reverse=True)
    full = drawn.ticks[-1].label  # "$40bn"
    for row, swing in zip(drawn.rows, found, strict=True):
        assert row.bar.high == pytest.approx(100 * swing.high / float(full.strip("$bn")), abs=0.1)


def test_the_fan_is_the_plans_numbers(plan: up.Plan, whole: Content) -> None:
    """Catches a curve or a band that is not the yearly number, and the wrong numbers to draw."""
    assert years_shown(plan, "asset_vehicle") == ["vehicle_net_asset_value", "us_profit", "vehicle_money_for_ukraine"]
    assert years_shown(plan, "znpp")[0] == "znpp_output" and years_shown(plan, "force_cap") == []
    (figure,) = [s.years for s in whole.sections if s.id == "p-asset_vehicle"]
    assert figure is not None
    panel, number = figure.panels[0], plan["vehicle_net_asset_value"]
    heights = {round(BOTTOM - (BOTTOM - TOP) * v / 100, 0) for v in number.value}  # its scale ends at $100bn
    drawn = {round(float(point.partition(",")[2]), 0) for point in panel.line.split()}
    assert panel.ticks[-1].label == "$100bn" and drawn <= heights and min(heights) in drawn and max(heights) in drawn
    assert len(panel.band.split()) == len(panel.low.split()) + len(panel.high.split())


def test_alternatives_are_the_plan_under_another_reading(plan: up.Plan) -> None:
    """Catches a reading that is left out, or that changes more than one convention."""
    found = alternatives(plan, "us_profit_total")
    needed = {"profit_base", "profit_after_fees", "losses_carried_forward", "ukraine_profit_reinvested"}
    assert {r.name for r in found.rows} == needed
    for row in found.rows:
        assert row.number.value == plan.with_values(**{row.name: row.choice})["us_profit_total"].value
        assert row.option != row.default
    assert found.moving[0].name == "profit_base" and "$25bn instead of $12bn" in found.sentence
    frame = found.to_frame()
    assert frame.loc[("profit_base", "both_200bn"), "value"] == pytest.approx(found.moving[0].number.value)
    assert not alternatives(plan, "force_reduction").rows
    with pytest.raises(up.UnknownName, match="did you mean 'us_profit_total'"):
        alternatives(plan, "us_proft_total")


def test_alternatives_of_what_is_not_there(plan: up.Plan) -> None:
    """Catches an analysis that answers where the number is unset, and one of what the reader has settled."""
    with pytest.raises(up.NotStated):
        alternatives(up.load(as_of="2020-01-01"), "force_reduction")
    settled = plan.with_values(profit_base="both_200bn")
    assert "profit_base" not in {r.name for r in alternatives(settled, "us_profit_total").rows}


def test_rivals_are_single_public_figures(plan: up.Plan) -> None:
    """Catches a figure that was not public at the vintage, an average, and a result of another figure."""
    found = rivals(plan, "force_reduction", "force_strength")
    assert [r.used for r in found].count(True) == 1 and len(found) > 2
    for r in found:
        assert r.citation.fact.is_public(plan.as_of)
        assert r.number.value == r.citation.fact.value - 600_000
    assert [r.number.value for r in found] == sorted((r.number.value for r in found), reverse=True)
    assert rivals(plan, "ukraine_znpp_output", "znpp_units_available") == ()  # nobody has published a figure


def test_ranges_side_by_side_start_from_zero(plan: up.Plan, whole: Content) -> None:
    """Catches a front page whose bars are not to the scale that its note names."""
    picture = whole.picture
    assert picture is not None and picture.ticks[0].label == "0" and picture.line == pytest.approx(10.0)
    for row, name in zip(picture.rows, ("force_reduction", "us_profit_total"), strict=False):
        value, low, high = plan[name].shown
        assert row.bar is not None
        assert np.allclose([row.bar.low, row.bar.high], [10 * low / value, 10 * high / value], atol=0.06)


@pytest.mark.needs_chromium
@pytest.mark.parametrize("width", [320, 360, 760, 1280])
def test_nothing_sticks_out_at_any_width(plan: up.Plan, tmp_path: Path, chromium: str, width: int) -> None:
    """Catches a word, table or chart that makes a phone scroll sideways."""
    probe = "<script>parent.document.title = document.documentElement.scrollWidth</script></body>"
    inside = re.sub(r"<meta http-equiv[^>]*>", "", fact_sheet(plan).text).replace("</body>", probe)
    page = tmp_path / "probe.html"
    frame = f'<iframe style="width:{width}px;height:900px;border:0" srcdoc="{escape(inside)}"></iframe>'
    page.write_text(f"<title>none</title>{frame}", encoding="utf-8")
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=3000", "--dump-dom", page.as_uri()]
    seen = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    found = re.search(r"<title>(\d+)</title>", seen)
    assert found and int(found[1]) <= width
