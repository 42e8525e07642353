"""Dates in formulas, and days that follow from the calendar.

What these catch: two dates that are added, a date in days of the wrong kind, a wait that stays when the day it counts from has
moved, and a date that prints as a number.
"""

import json
import pickle
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import formula

import ukraineplan as up
from ukraineplan import words
from ukraineplan.cli import main
from ukraineplan.distributions import Triangular
from ukraineplan.errors import FormulaError, InvalidValue
from ukraineplan.formula import Formula
from ukraineplan.graph import Graph, Input, wire
from ukraineplan.units import DATE

INPUTS = {
    "start": Input("date"), "end": Input("date"), "wait": Input("day"), "years": Input("year"), "people": Input("person"),
    "answer": Input("choice", ("yes", "no")),
}  # fmt: skip
ARGUMENTS = "start: Date, end: Date, wait: Days, years: Years, people: Persons, answer: Choice"


def wired(expression: str, unit: str) -> Graph:
    return wire([Formula.of(formula(f'def x({ARGUMENTS}) -> {unit}:\n    "Label"\n    return {expression}\n'))], INPUTS)


@pytest.mark.parametrize(
    ("expression", "unit"),
    [
        ("start + wait", "Date"), ("wait + start", "Date"), ("start - wait", "Date"), ("end - start", "Days"),
        ("end - start + wait", "Days"), ("np.maximum(start, end)", "Date"), ("np.minimum(start, end) + 2 * wait", "Date"),
        ("np.where(start < end, start, end + wait)", "Date"), ("choose(answer, yes=start, no=end)", "Date"),
        ("np.maximum(end - start, 0)", "Days"), ("start + (end - start) / 2", "Date"),
    ],
)  # fmt: skip
def test_a_date_is_moved_compared_and_chosen(expression: str, unit: str) -> None:
    assert wired(expression, unit).unit("x")


@pytest.mark.parametrize(
    ("expression", "unit", "said"),
    [
        ("start + end", "Date", "a date is moved by days"),
        ("start + years", "Date", "a date is moved by days"),
        ("wait - start", "Days", "a date is moved by days"),
        ("start * 2", "Date", "a date is moved by days"),
        ("start / end", "Ratio", "a date is moved by days"),
        ("ratio(start, end)", "Ratio", "a date is moved by days"),
        ("-start", "Date", "a date is moved by days"),
        ("np.floor(start)", "Date", "a date is moved by days"),
        ("np.sqrt(start)", "Date", "a date is moved by days"),
        ("start + people", "Date", "a date is moved by days"),
        ("np.maximum(start, wait)", "Date", "'date' and 'day'"),
        ("np.where(start < wait, start, end)", "Date", "'date' and 'day'"),
        ("end - start", "Date", "day"),
        ("end - start", "Years", "day"),
        ("start + wait", "Days", "date"),
    ],
)  # fmt: skip
def test_any_other_sum_with_a_date_is_refused(expression: str, unit: str, said: str) -> None:
    with pytest.raises(FormulaError, match=said):
        wired(expression, unit)


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.integers(-20_000, 20_000))
def test_days_count_as_the_standard_library_counts_them(day: date, days: int) -> None:
    graph = wired("start + wait", "Date")
    values = {"start": float(day.toordinal()), "wait": float(days), "end": 1.0, "years": 1.0, "people": 1.0, "answer": "yes"}
    assert words.day(float(graph.run(values)["x"])) == day + timedelta(days=days)


# ------------------------------------------------------------------------------------------------------
# In a plan


@pytest.fixture(scope="module")
def plan() -> up.Plan:
    return up.load("us28")


def test_the_day_of_the_vintage_stands_in_for_a_day_that_nobody_knows(plan: up.Plan) -> None:
    assert plan["signature_date"].value == date(2025, 11, 21) and plan["signature_date"].display == "2025-11-21"
    assert up.load("us28", as_of="2026-03-01")["signature_date"].value == date(2026, 3, 1)
    assert plan["signature_date"].basis == "assumed" and plan["signature_date"].reason


@pytest.mark.parametrize("given", ["2026-02-03", date(2026, 2, 3), datetime(2026, 2, 3, 12), " 2026-02-03 "])
def test_a_date_is_read_as_a_date(plan: up.Plan, given: Any) -> None:
    assert plan.with_values(signature_date=given)["signature_date"].value == date(2026, 2, 3)


@pytest.mark.parametrize("given", ["3 Feb 2026", "2026-02-30", 2026, 0.5, True, "tomorrow", None, [], "2026-02-03 day"])
def test_what_is_no_date_is_refused_in_one_line(plan: up.Plan, given: Any) -> None:
    with pytest.raises(InvalidValue, match="signature_date is a date, such as '2025-11-21'"):
        plan.with_values(signature_date=given)


def waits(plan: up.Plan) -> list[str]:
    return list(plan._library.calendars)


def test_waits_follow_the_day_they_count_from(plan: up.Plan) -> None:
    """Catches a wait of one day of signature that stands beside another day."""
    later = plan.with_values(signature_date="2027-05-05")
    fresh = plan.with_values(signature_date="2026-12-31").with_values(signature_date="2027-05-05")
    assert any(plan[n].value != later[n].value for n in waits(plan))
    assert {n: later[n].value for n in waits(plan)} == {n: fresh[n].value for n in waits(plan)}
    assert pickle.loads(pickle.dumps(later))[waits(plan)[0]].value == later[waits(plan)[0]].value


def test_a_wait_that_is_set_stays(plan: up.Plan) -> None:
    name = waits(plan)[0]
    changed = plan.with_values(**{name: "7 day"}).with_values(signature_date="2027-05-05")
    assert (changed[name].value, changed[name].basis) == (7, "set")


def dated(plan: up.Plan) -> list[str]:
    return [n for n, f in plan.formulas.items() if f.unit == DATE and plan[n].value is not None]


def test_a_date_prints_iso_wherever_it_prints(plan: up.Plan, capsys: pytest.CaptureFixture[str]) -> None:
    """Catches 739,590 where 2025-12-04 is meant: in a sentence, a derivation, a table, JSON and the command line."""
    assert dated(plan)
    for name in dated(plan):
        number = plan[name]
        assert isinstance(number.value, date) and number.display == number.value.isoformat()
        assert number.display in number.sentence and number.display in str(number.explain())
        assert plan.table().loc[name, "value"] == number.value
        assert main(["run", name, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["value"] == number.display
        assert main(["run", name]) == 0
        assert number.display in capsys.readouterr().out
        with pytest.raises(InvalidValue, match="is a date"):
            number.quantity  # noqa: B018
        assert number.to_frame().loc[name, "value"] == number.value


MY_DATE = """
def my_date(signature_date: Date, my_days: Days) -> Date:
    "My date"
    return signature_date + my_days
"""


def test_a_duration_with_a_distribution_makes_the_date_one_too(plan: up.Plan) -> None:
    """Catches a date that stays where it is while the days before it are drawn; nothing here says that anybody will act."""
    days = up.Parameter("my_days", "Days of mine", "day", 30.0, assumption="For this test.",
                        distribution=Triangular(low=20, mode=30, high=60, claimed_by="this test"))  # fmt: skip
    mine = formula(MY_DATE)
    changed = plan.with_parameter(days).with_formula(mine)
    number, drawn = changed["my_date"], up.sample(changed, "my_date", draws=2**10)
    assert (number.value, number.low, number.high) == (date(2025, 12, 21), date(2025, 12, 11), date(2026, 1, 20))
    found = drawn.values("my_date") - date(2025, 11, 21).toordinal()
    assert found.mean() == pytest.approx((20 + 30 + 60) / 3, abs=0.05) and 20 <= found.min() < found.max() <= 60
    assert "2025-12-2" in drawn.sentence and "739" not in drawn.sentence
    assert up.sobol(changed, "my_date").rows[0].effect.total.value == pytest.approx(1, abs=1e-6)
    assert up.tornado(changed, "my_date").sentence and up.bounds(changed, "my_date").method == "proven"
    assert all(found.plot() is not None for found in (drawn, up.tornado(changed, "my_date"), up.bounds(changed, "my_date")))


def test_dates_may_be_the_question_and_not_the_unknown(plan: up.Plan) -> None:
    mine = formula(MY_DATE)
    days = up.Parameter("my_days", "Days of mine", "day", 30.0, range=(0, 400), limits=(0, 1000), assumption="For this test.")
    changed = plan.with_parameter(days).with_formula(mine)
    assert up.switching_value(changed, "my_date", "2026-03-01", over="my_days").roots == (100.0,)
    with pytest.raises(InvalidValue, match="signature_date is a date"):
        up.switching_value(changed, "my_date", "2026-03-01", over="signature_date")
    found = up.frontier(changed, "my_date", over={"signature_date": ["2025-12-01", "2026-01-01"]})
    assert found.to_frame() is not None and found.values[1] - found.values[0] == 31


# ------------------------------------------------------------------------------------------------------
# What a wait of the calendar cannot follow


def test_a_day_that_a_wait_counts_from_takes_no_range(plan: up.Plan) -> None:
    """Catches a "proven" range whose wait stays where it was while the day moves."""
    ranged = replace(plan.parameters["signature_date"], range=(date(2025, 11, 21), date(2026, 6, 30)))
    with pytest.raises(InvalidValue, match=r"signature_date has a range, and \w+ counts from it by the calendar"):
        plan.with_parameter(ranged)


def test_a_wait_is_set_and_not_replaced(plan: up.Plan) -> None:
    """Catches a value of one's own that the rule overwrites in silence."""
    mine = up.Parameter(waits(plan)[0], "Mine", "day", 5.0, assumption="For this test.")
    with pytest.raises(up.DataError, match="follows from the calendar: set it with with_values"):
        plan.with_parameter(mine)


def test_a_day_that_becomes_a_number_is_refused(plan: up.Plan) -> None:
    number = up.Parameter("signature_date", "Mine", "day", 5.0, assumption="For this test.")
    with pytest.raises(InvalidValue, match="a date, then numbers"):
        plan.with_parameter(number)


def test_a_date_of_ones_own_agrees_with_the_fact_that_it_cites(plan: up.Plan) -> None:
    said = up.Parameter("my_end", "My end", "date", date(2026, 2, 3), facts=("ml_end_20260203",))
    assert plan.with_parameter(said)["my_end"].basis == "sourced"
    with pytest.raises(up.DataError, match="differs from that of its fact"):
        plan.with_parameter(replace(said, value=date(2030, 1, 1)))


CALENDAR = """
[provision]
title = "Mine"
[my_day]
label = "My day"
unit = "date"
role = "uncertainty"
value = "vintage"
assumption = "For this test."
[my_second_wait]
label = "My second wait"
unit = "day"
role = "uncertainty"
assumption = "For this test."
calendar = { rule = "days_to_sunday", of = ["my_day", "my_wait"] }
[my_wait]
label = "My wait"
unit = "day"
role = "uncertainty"
assumption = "For this test."
calendar = { rule = "days_to_session", of = ["my_day"] }
"""


def mine(folder: Path, text: str) -> Path:
    (folder / "parameters").mkdir(exist_ok=True)
    (folder / "parameters" / "mine.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_wait_behind_a_wait_does_not_depend_on_the_order_of_the_file(tmp_path: Path) -> None:
    found = up.load(extra=mine(tmp_path, CALENDAR))
    session = found["my_day"].value + timedelta(days=found["my_wait"].value)
    end = formula("def my_end(my_day: Date, my_second_wait: Days) -> Date:\n    'My'\n    return my_day + my_second_wait\n")
    assert found.with_formula(end)._leaves("my_end") == ["my_day", "my_second_wait", "my_wait"]
    assert session == date(2026, 2, 3) and (session + timedelta(days=found["my_second_wait"].value)).isoweekday() == 7


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('of = ["my_day"]', 'of = ["my_day", "my_second_wait"]', "calendar: a circle: my_"),
        ('of = ["my_day"]', 'of = ["my_wait"]', "a circle|takes date"),
        ('of = ["my_day"]', 'of = ["force_cap"]', "days_to_session takes date, got person"),
        ('of = ["my_day"]', 'of = ["my_dya"]', "did you mean 'my_day'"),
        ('"days_to_sunday", of = ["my_day", "my_wait"]', '"days_of_years", of = ["my_day"]', "takes date and year, got date"),
        ('of = ["my_day", "my_wait"]', 'of = ["my_day", "vehicle_life"]', "takes date and day"),
        ("days_to_sunday", "days_to_sundae", "did you mean 'days_to_sunday'"),
        ('calendar = { rule = "days_to_session"', 'value = 3\ncalendar = { rule = "days_to_session"', "a calendar gives days"),
        ('value = "vintage"', "value = 2026", "is no date"),
        ('value = "vintage"', "value = 2025-11-21\nrange = [1, 2]\nrange_because = 'x'", "ends of its range are dates or facts"),
        ('value = "vintage"', "value = 2025-11-21\nrange = [2026-01-01, 2025-01-01]\nrange_because = 'x'", "wrong way round"),
        ("[my_wait]", "[sanctions_relief]", "is taken by the library"),
    ],
)
def test_what_does_not_hold_together_in_a_folder_is_one_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    """Catches a traceback, or a wait in years that counts as days."""
    assert old in CALENDAR
    with pytest.raises(up.DataError, match=said) as refused:
        up.load(extra=mine(tmp_path, CALENDAR.replace(old, new)))
    assert "\n" not in str(refused.value)


def test_a_lever_behind_a_wait_says_so_where_it_cannot_be_drawn() -> None:
    plan = up.load("us28_security")
    assert "guarantee_duration" in plan._leaves("guarantee_expiry")
    with pytest.raises(InvalidValue, match="moves guarantee_expiry through the calendar"):
        up.sobol(plan, "guarantee_expiry", also="guarantee_duration")
    years = up.frontier(plan, "guarantee_expiry", over={"guarantee_duration": [10, 15]}).to_frame()["value"]
    assert list(years) == [date(2035, 11, 21), date(2040, 11, 21)]


def test_a_width_of_dates_prints_in_days(plan: up.Plan) -> None:
    assert words.narrower(26.8, 0.3, "date") == "26.8 days"
    found = up.tornado(plan, "earliest_election").to_frame()
    assert all(isinstance(end, date) for end in [*found["low"], *found["high"]])
