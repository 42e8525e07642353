"""Explanations read back: the printed arithmetic is parsed and computed again, with names and with numbers.

The parser (`printed.py`) knows print alone. Would catch an operand that prints in another unit or with too few digits, a
bracket that is missing, a sign that got lost, a branch that is shown and not the one taken, a date that moved by a day.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from html.parser import HTMLParser
from typing import Any, Final

import numpy as np
import pytest
from printed import DATE, DAY, NAME, Amount, Kind, Reader, counts, floats, interval, product, tokens
from support import central, conventions, formula, formulas, graph, parameters, setting, toy

import ukraineplan as up
from ukraineplan.explain import NEAREST_DAY, latex, step
from ukraineplan.formula import source
from ukraineplan.graph import Graph
from ukraineplan.library import shipped_library

NAMES: Final = [f.name for f in formulas()]
YEARLY: Final = [n for n in NAMES if graph().yearly(n)]
SEEDS: Final = range(10)
YEARS: Final = (1, 2, 5, 10, 11, 30)


@pytest.fixture(scope="module")
def plan() -> up.Plan:
    return up.load("us28")


@pytest.fixture(scope="module")
def full(plan: up.Plan) -> up.Plan:
    """The plan with everything set that the text leaves open, so that every number has its arithmetic."""
    open_ends = [n for n, p in parameters().items() if p.value is None and n not in shipped_library().calendars]
    return plan.with_values(**{n: in_file(n, central()[n]) for n in open_ends})


def in_file(name: str, value: Any) -> Any:
    """A value that formulas see as a user types it: a date, per cent."""
    unit = parameters()[name].unit
    return date.fromordinal(int(value)) if unit == "date" else f"{value * 100!r} {unit}" if unit.startswith("%") else value


SCALES: Final = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "TWh": 1e6, "TW": 1e6, "Mt": 1e6, "%": 0.01}


def base(unit: str) -> float:
    """How many base units one of a unit is; written by hand, so that a wrong scale in print cannot hide in the library's."""
    over, *under = unit.split("/")
    found = 1.0
    for word in over.split():
        found *= SCALES.get(word, 1.0)
    for part in under:
        for word in part.split():
            found /= SCALES.get(word, 1.0)
    return found


POWER: Final[dict[str, Kind]] = dict.fromkeys(["MWh", "TWh"], (("MW", 1), ("hour", 1))) | {"TW": (("MW", 1),), "Mt": (("t", 1),)}
PLAIN: Final = {"share", "ratio", "reactor", "1"}


def counted(unit: str) -> Kind:
    """What a unit counts; by hand, like `base`."""
    over, *under = unit.replace("km^2", "km²").split("/")
    words = [(w, 1) for w in over.split()] + [(w, -1) for part in under for w in part.split()]
    return product(*((POWER.get(w, ((w, 1),)), sign) for w, sign in words if w not in SCALES.keys() - POWER.keys() | PLAIN))


def in_base(g: Graph, known: dict[str, Any]) -> Callable[[str], Any]:
    def look(name: str) -> Any:
        if name.startswith("previous_"):
            (start,) = {f.starts[name] for f in g.formulas.values() if name in f.starts}
            series = np.broadcast_to(known[source(name)], (30,))
            return np.concatenate([[start], series[:-1]]) * base(g.unit(source(name)))
        found = known[name]
        return found if isinstance(found, str) else found * base(g.unit(name))

    return look


# ------------------------------------------------------------------------------------------------------
# The parser can fail


@pytest.mark.parametrize(
    ("text", "holds", "fails"),
    [
        ("$100bn × €0.859 a dollar", 85.9e9, 85.8e9),
        ("UAH 1,200,000 a person a year × 600,000 persons", 720e9, 720e6),
        ("600,000 persons ÷ 31,500 thousand persons", 600 / 31500, 600 / 31.5),
        ("$10bn a year − −$0.5bn a year", 10.5e9, 9.5e9),
        ("31.8182\u202f% + 1", 1.318182, 1.3182),
        ("max($1bn − $3bn, 0)", 0, -2e9),
        ("17.4 TWh a year × 0.499 t a MWh", 17.4e6 * 0.499, 17.4 * 0.499),
        ("950 MW a reactor × 8,760 hours a year × 67.5419\u202f%", 950 * 8760 * 0.675419, 950 * 8760 * 0.6754),
        ("$8bn ÷ $2bn ÷ $2bn × $1bn", 2, 8),
        ("floor(min(max(10 years × 2 reactors a year, 0), 6 reactors))", 6, 20),
        ("19.0476 per thousand persons", 0.0190476, 19.0476),
        ("2026-02-03 − 2025-11-21", 74, 2026 - 2 - 3 - (2025 - 11 - 21)),
        ("2024-02-03 + 28 days − 2024-03-01", 1, 2),
        ("max(2026-02-03, 2025-11-21 + 75 days) − 2026-02-03", 1, 0),
        ("max(−floor((2026-02-03 − 2026-08-07) ÷ 90 days), 0)", 3, 2),
        ("26,517 km² × 32.8 %", 8697.576, 869757.6),
        ("$349bn in prices of 2022 × $1.06511 a dollar of 2022 in prices of 2024", 371.72339e9, 371.8e9),
        ("6.75926 days a chapter × 54 chapters", 365, 364.99),
        ("450 deputies − 399 deputies", 51, 52),
    ],
)
def test_the_parser_reads_print_and_tells_right_from_wrong(text: str, holds: float, fails: float) -> None:
    low, high = interval(Reader(text, numbers=True).whole())
    assert low <= Fraction(holds) + Fraction(1, 10**15) and Fraction(holds) <= high + Fraction(1, 10**15)
    assert not low <= Fraction(fails) <= high


@pytest.mark.parametrize(
    "text",
    [
        "$1bn +", "(1 + 2", "1 2", "$1bn × rabbit", "1 + 2)", "max(1 if (1 < 2), else 2, 3)",
        "2026-02-03-01", "2026-2-3", "2026 - 2", "2026-02-03 days",
    ],
)  # fmt: skip
def test_the_parser_refuses_what_is_no_arithmetic(text: str) -> None:
    with pytest.raises(AssertionError):
        interval(Reader(text, numbers=True).whole())


@pytest.mark.parametrize("text", ["2025-02-29", "2026-13-01", "2026-00-10"])
def test_the_parser_refuses_a_day_that_no_calendar_has(text: str) -> None:
    with pytest.raises(ValueError, match=r"day|month"):
        Reader(text, numbers=True)


def test_a_date_is_exact_unless_it_is_the_nearest_one() -> None:
    day = date(2026, 2, 3).toordinal()
    assert interval(Reader("2026-02-03", numbers=True).whole()) == (day, day)
    assert interval(Reader("2026-02-03", numbers=True, nearest_day=True).whole()) == (day - Fraction(1, 2), day + Fraction(1, 2))


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("2026-02-03 − 2025-11-21", (("day", 1),)),
        ("2025-11-21 + 100 days − 7 days", DATE),
        ("min(2026-02-03, 2025-11-21)", DATE),
        ("floor((2026-02-03 − 2025-11-21) ÷ 7 days) × 7 days", (("day", 1),)),
        ("$349bn in prices of 2022 × $1.06511 a dollar of 2022 in prices of 2024", (("USD_2024", 1),)),
        ("365 days ÷ 54 chapters", (("chapter", -1), ("day", 1))),
        ("950 MW a reactor × 8,760 hours a year", (("MW", 1), ("hour", 1), ("year", -1))),
        ("19.0476 per thousand persons × 3 persons + 0", ()),
        ("max($3bn − $2bn, 0) ÷ $2bn", ()),
    ],
)
def test_the_parser_knows_what_is_counted(text: str, counted: Kind) -> None:
    assert counts(Reader(text, numbers=True).whole()) == counted


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-03 + 2025-11-21", "2026-02-03 × 2", "−2026-02-03", "2026-02-03 + 1", "2026-02-03 + 3 years",
        "7 days − 2026-02-03", "max(2026-02-03, 7 days)", "floor(7 days)", "$1bn + €1bn", "450 deputies − 32 allies",
        "$1bn + $1bn in prices of 2024",
        "$1bn in prices of 2022 + $1bn in prices of 2024", "5 km² − 3 regions", "$1bn a year + $1bn", "6 days a chapter + 7 days",
    ],
)  # fmt: skip
def test_the_parser_refuses_sums_of_unlike_things(text: str) -> None:
    with pytest.raises(AssertionError):
        counts(Reader(text, numbers=True).whole())


# ------------------------------------------------------------------------------------------------------
# Every formula, with numbers


EDGES: Final = [("donetsk_withdrawal_share", 0), *(("constitutional_court_step", days) for days in (200, 400, 600, 800, 1000))]
"""Values that take a branch which none of the ranges reaches."""


def settings() -> Iterator[tuple[str, dict[str, Any]]]:
    yield "central", central()
    yield from ((f"setting {seed}", setting(seed)) for seed in SEEDS)
    for name, choices in conventions().items():
        yield from ((f"{name}={choice}", central() | {name: choice}) for choice in choices)
    yield from ((f"{name}={value}", central() | {name: float(value)}) for name, value in EDGES)


SETTINGS: Final = [(label, graph().run(values)) for label, values in settings()]


def slack(value: float) -> Fraction:
    """Floats are computed to some sixteen digits, print wipes all beyond twelve."""
    return abs(Fraction(value)) / 10**11


@pytest.mark.parametrize("name", NAMES)
def test_arithmetic_with_numbers_comes_to_the_printed_result(name: str) -> None:
    scale = base(graph().unit(name))
    for label, known in SETTINGS:
        for year in YEARS if name in YEARLY else (1,):
            shown = step(graph(), name, known, year=year)
            value = float(known[name][year - 1] if name in YEARLY else known[name]) * scale
            exact, told = Fraction(value), f"{name}, {label}, year {year}: {shown.numbers} = {shown.result}"
            assert shown.year == (year if name in YEARLY else None)
            nearest = NEAREST_DAY in shown.because
            low, high = interval(Reader(shown.result, numbers=True, nearest_day=nearest).whole())
            assert low - slack(value) <= exact <= high + slack(value), f"{told}: the result is {value!r}"
            low, high = interval(Reader(shown.numbers, numbers=True, nearest_day=nearest).whole())
            rest = slack(max(abs(float(low)), abs(float(high)), largest(shown.numbers)))
            assert low - rest <= exact <= high + rest, f"{told}: redone it lies from {float(low)!r} to {float(high)!r}"


def largest(line: str) -> float:
    """The largest operand: differences of large numbers are no more exact than these."""
    found = [float(max(abs(t.low), abs(t.high))) for t in tokens(line, numbers=True) if isinstance(t, Amount)]
    return max(found, default=0.0)


@pytest.mark.parametrize("name", NAMES)
def test_arithmetic_with_numbers_counts_what_the_result_counts(name: str) -> None:
    # would catch prices of another year, days called a date, and a word that stands at one operand alone
    names = step(graph(), name, SETTINGS[0][1]).names
    timeless = "one_year" in graph().formulas[name].arguments or "the sum over the years of" in names
    for label, known in SETTINGS:
        for year in YEARS if name in YEARLY else (1,):
            shown = step(graph(), name, known, year=year)
            printed, result = (Reader(text, numbers=True).whole() for text in (shown.numbers, shown.result))
            assert counts(result) in (counted(graph().unit(name)), None), f"{name}: {shown.result}"
            found, wanted = counts(printed, timeless=timeless), counts(result, timeless=timeless)
            assert found in (wanted, None) or (wanted is None and not found), f"{name}, {label}: {shown.numbers} = {shown.result}"


COUNTED: Final = {"date", "day", "deputy", "ally", "region"}


def whole(values: dict[str, Any]) -> dict[str, Any]:
    """Values with everything that is counted rounded: no part of a day, of a deputy, of an ally."""
    return {n: float(round(v)) if parameters()[n].unit in COUNTED else v for n, v in values.items()}


WHOLE: Final = [(f"whole {label}", graph().run(whole(values))) for label, values in settings()]


@pytest.mark.parametrize("name", [n for n in NAMES if {graph().unit(n), *graph().formulas[n].arguments.values()} & COUNTED])
def test_whole_days_and_votes_are_redone_without_any_rounding(name: str) -> None:
    # would catch a vote that moves to the next Sunday too late by a week, where six digits of a day leave the week open
    asked = {*graph().formulas[name].arguments.values()}
    for label, known in WHOLE:
        shown = step(graph(), name, known)
        told = f"{name}, {label}: {shown.numbers} = {shown.result}"
        assert NEAREST_DAY not in shown.because, told
        if graph().unit(name) in COUNTED | {"ratio"} and asked <= COUNTED | {"choice", "ratio"}:
            found, printed = (interval(Reader(text, numbers=True, exact=True).whole()) for text in (shown.numbers, shown.result))
            assert found == printed and found[0] == found[1] == Fraction(float(known[name])), told


@pytest.mark.parametrize("name", [n for n in NAMES if "date" in {graph().unit(n), *graph().formulas[n].arguments.values()}])
def test_a_part_of_a_day_is_told_where_a_date_hides_it(name: str) -> None:
    dates = [n for n in (name, *map(source, graph().formulas[name].arguments)) if graph().unit(n) == "date"]
    told = 0
    for _, known in SETTINGS + WHOLE:
        shown = step(graph(), name, known)
        if NEAREST_DAY in shown.because:
            assert any(known[n] != round(known[n]) for n in dates) and DAY.search(f"{shown.numbers} {shown.result}")
            told += 1
        elif graph().unit(name) == "date":
            assert known[name] == pytest.approx(round(known[name]), rel=0, abs=1e-6)
    assert told <= len(SETTINGS)


@pytest.mark.parametrize("name", NAMES)
def test_printed_operands_have_six_digits_at_most_and_no_noise(name: str) -> None:
    # would catch "−0.00000000000000555 %" where floats cancel, and operands rounded by the width of a range
    for label, known in SETTINGS:
        for year in YEARS if name in YEARLY else (1,):
            shown = step(graph(), name, known, year=year)
            line = DAY.sub("", f"{shown.numbers} {shown.result}")
            assert not re.search("not a number|unset|∞", line), f"{name}, {label}: {line}"
            for found in re.findall(r"\d[\d,]*(?:\.\d+)?", line):
                digits = found.replace(",", "").replace(".", "").lstrip("0")
                assert len(digits.rstrip("0")) <= 6, f"{name}, {label}: {shown.numbers}"
                assert len(found.partition(".")[2]) <= 12, f"{name}, {label}: {shown.numbers} = {shown.result}"


# ------------------------------------------------------------------------------------------------------
# Every formula, with names


@pytest.mark.parametrize("name", NAMES)
def test_arithmetic_with_names_comes_to_the_value(name: str) -> None:
    for label, known in SETTINGS:
        shown = step(graph(), name, known)
        with np.errstate(all="ignore"):
            found = floats(Reader(shown.names, numbers=False).whole(), in_base(graph(), known))
        wanted = np.asarray(known[name], float) * base(graph().unit(name))
        scale = np.max(np.abs(wanted), initial=0.0)
        np.testing.assert_allclose(
            np.broadcast_to(found, np.shape(wanted)),
            wanted,
            rtol=1e-9,
            atol=1e-12 * scale + 1e-300,
            err_msg=f"{name}, {label}: {shown.names}",
        )


@pytest.mark.parametrize("name", NAMES)
def test_names_in_the_arithmetic_are_those_that_the_formula_asks_for(name: str, plan: up.Plan) -> None:
    shown = step(graph(), name, SETTINGS[0][1])
    labels = {str(c) for choices in conventions().values() for c in choices}
    printed = {t for t in tokens(shown.names, numbers=False) if isinstance(t, str) and NAME.fullmatch(t)}
    words = {"if", "is", "else", "max", "min", "floor", *labels}
    asked = set(graph().formulas[name].arguments)
    assert asked - {"one_year"} <= printed <= asked | words
    for n in printed - words:
        assert source(n) in plan or n in ("year", "one_year"), n


# ------------------------------------------------------------------------------------------------------
# Why a branch was taken


@pytest.mark.parametrize("name", [n for n in NAMES if conventions().keys() & graph().formulas[n].arguments.keys()])
def test_because_names_the_option_that_was_taken(name: str) -> None:
    for argument in graph().formulas[name].arguments:
        for choice in conventions().get(argument, ()):
            if not isinstance(choice, str):  # a number, such as the hours of a year, stands in the arithmetic itself
                continue
            shown = step(graph(), name, graph().run(central() | {argument: choice}))
            assert f"{argument}: {choice}" in shown.because
            assert [w for w in shown.because if w.startswith(f"{argument}: ")] == [f"{argument}: {choice}"]


@pytest.mark.parametrize("name", NAMES)
def test_because_tells_the_truth(name: str) -> None:
    # would catch a mask that is named and not the one that was asked, and a yes that is a no
    told = set()
    for label, known in SETTINGS:
        for year in YEARS if name in YEARLY else (1,):
            for why in step(graph(), name, known, year=year).because:
                test, _, answer = why.rpartition(": ")
                if answer in ("yes", "no") and re.search("[<≤>≥=≠]", test):
                    found = floats(Reader(test, numbers=False).whole(comparison=True), in_base(graph(), known))
                    found = found[year - 1] if np.ndim(found) else found
                    assert bool(found) is (answer == "yes"), f"{name}, {label}, year {year}: {why}"
                    told.add((test, answer))
    assert all({(test, "yes"), (test, "no")} <= told for test, _ in told), f"{name} never shows the other branch: {told}"


@pytest.mark.parametrize(("year", "answer"), [(1, "yes"), (9, "yes"), (10, "yes"), (11, "no"), (30, "no")])
def test_because_names_the_mask(year: int, answer: str) -> None:
    shown = step(graph(), "us_profit", SETTINGS[0][1], year=year)
    assert shown.because == (f"year ≤ vehicle_life: {answer}",)
    assert (shown.result == "$0bn a year") == (year in (1, 11, 30))
    money = step(graph(), "vehicle_money_for_ukraine", SETTINGS[0][1], year=year)
    assert money.because == (f"year ≤ vehicle_life: {answer}", f"year = vehicle_life: {'yes' if year == 10 else 'no'}")


def test_a_ratio_of_nothing_says_why_it_is_nothing() -> None:
    g = toy(formula('def x(a: BillionUSD, b: BillionUSD) -> Share:\n    """Label"""\n    return ratio(a, b)'))
    shown = step(g, "x", g.run({"a": 3.0, "b": 0.0}))
    assert (shown.numbers, shown.result, shown.because) == ("0", "0\u202f%", ("b is 0, so the part counts as 0",))
    assert step(g, "x", g.run({"a": 3.0, "b": 4.0})).numbers == "$3bn ÷ $4bn"


@pytest.mark.parametrize(
    ("body", "numbers"),
    [
        ("return a - (b - a)", "$3bn − ($2bn − $3bn)"),
        ("return a - b - a", "$3bn − $2bn − $3bn"),
        ("return -(a + b)", "−($3bn + $2bn)"),
        ("return a / (b / a)", "$3bn ÷ ($2bn ÷ $3bn)"),
        ("return a / b / (1 / a)", "$3bn ÷ $2bn ÷ (1 ÷ $3bn)"),
        ("return (a + b) * (b / a)", "($3bn + $2bn) × $2bn ÷ $3bn"),
        ("return np.maximum(a - b, b) * 2", "max($3bn − $2bn, $2bn) × 2"),
        ("return (a / b) ** 2 * a", "($3bn ÷ $2bn) ^ 2 × $3bn"),
        ("return a * (1 - b / a)", "$3bn × (1 − $2bn ÷ $3bn)"),
    ],
)
def test_brackets_stand_where_they_are_needed_and_nowhere_else(body: str, numbers: str) -> None:
    g = toy(formula(f'def x(a: BillionUSD, b: BillionUSD) -> BillionUSD:\n    """Label"""\n    {body}'))
    assert step(g, "x", g.run({"a": 3.0, "b": 2.0})).numbers == numbers


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("return np.maximum(a, choose(s, yes=b, no=a))", "max(a, (b if s is yes, a if s is no))"),
        ("return np.minimum(np.where(a < b, a, b), a)", "min((a if (a < b), else b), a)"),
        ("return np.where(a < b, a, np.where(a > b, b, a))", "a if (a < b), else b if (a > b), else a"),
        ("return choose(s, yes=a, no=b)", "a if s is yes, b if s is no"),
    ],
)
def test_a_list_stands_in_brackets_beside_other_commas(body: str, names: str) -> None:
    # "max(a, b if s is yes, a if s is no)" reads as a maximum of three
    arguments = "a: BillionUSD, b: BillionUSD" + (", answer: Choice" if "(s" in body else "")
    body, names = re.sub(r"\bs\b", "answer", body), re.sub(r"\bs\b", "answer", names)
    g = toy(formula(f'def x({arguments}) -> BillionUSD:\n    """Label"""\n    {body}'))
    assert step(g, "x", g.run({"a": 3.0, "b": 2.0, "answer": "yes"})).names == names


def test_days_that_are_added_to_a_date_stand_in_brackets_where_they_come_from_dates() -> None:
    # "2025-11-21 + 2028-10-30 − 2025-11-21" adds two dates
    shown = step(graph(), "amendment_second_reading", graph().run(central() | {"constitutional_court_step": 1000.0}))
    assert (shown.numbers, shown.result) == ("2025-11-21 + (2028-10-30 − 2025-11-21)", "2028-10-30")


def test_a_number_of_an_option_not_taken_is_unset_not_nan() -> None:
    # "31,415 km² × (not a number %)" stood in the arithmetic of an area that another count had given
    shown = step(graph(), "area_outside_by_shares", graph().run(central() | {"sumy_occupied_share": np.nan}))
    assert (shown.numbers, shown.result, shown.because) == ("unset", "unset", ())


def test_a_taken_option_that_is_a_sum_has_brackets_inside_a_product_alone() -> None:
    # "= ($5bn a year − $1.5bn a year)" has brackets around nothing
    shown = step(graph(), "vehicle_profit", SETTINGS[0][1], year=10)
    assert shown.numbers == "$5bn a year − $1.5bn a year"


def test_a_negative_operand_is_not_written_minus_minus() -> None:
    g = toy(formula('def x(a: BillionUSD, b: BillionUSD) -> BillionUSD:\n    """Label"""\n    return a - b'))
    assert "− −" not in step(g, "x", g.run({"a": 3.0, "b": -2.0})).numbers


# ------------------------------------------------------------------------------------------------------
# LaTeX


@pytest.mark.parametrize("name", NAMES)
def test_latex_is_balanced_and_names_what_the_formula_asks_for(name: str) -> None:
    text = latex(graph(), name)
    bare = text.replace("\\{", "").replace("\\}", "")
    depth = 0
    for letter in bare:
        depth += (letter == "{") - (letter == "}")
        assert depth >= 0
    assert depth == 0
    assert len(re.findall(r"\\left\b", text)) == len(re.findall(r"\\right\b", text))
    assert re.findall(r"\\begin\{(\w+)\}", text) == re.findall(r"\\end\{(\w+)\}", text)
    assert text.startswith(r"\text{" + name.replace("_", " ") + "}")
    assert text.isascii(), "a minus that LaTeX does not know"
    right = text.split(" = ", 1)[1]
    for argument, _ in graph().formulas[name].arguments.items():
        if argument in ("one_year", *(n for n, c in conventions().items() if isinstance(c[0], str))):
            continue
        index = "_{t-1}" if argument.startswith("previous_") else "_{t}" if graph().yearly(source(argument)) else ""
        symbol = "t" if argument == "year" else r"\text{" + source(argument).replace("_", " ") + "}" + index
        assert symbol in right, (argument, text)


def test_latex_of_a_literal_below_zero_is_ascii() -> None:
    g = toy(formula('def x(a: BillionUSD) -> BillionUSD:\n    """Label"""\n    return a * -1'))
    assert latex(g, "x").isascii()


# ------------------------------------------------------------------------------------------------------
# The whole explanation


def squeezed(text: str) -> str:
    return re.sub(r"[ \t\r\n]+", " ", text)  # a narrow space is no place to break a line


@pytest.mark.parametrize("name", NAMES)
def test_explanation_is_top_down(name: str, plan: up.Plan, full: up.Plan) -> None:
    order = [d.line.name for d in full.explain(name).derivations]
    assert order[0] == name and len(order) == len(set(order))
    needed = graph().needs(name)
    assert set(order) == {n for n in NAMES if n in needed}
    for place, current in enumerate(order[1:], 1):
        before = {source(a) for n in order[:place] for a in graph().formulas[n].arguments}
        assert current in before, f"{current} is explained before anything asks for it"
    told = [d.line.name for d in plan.explain(name).derivations]
    assert set(told) <= set(order) and told == [n for n in order if n in told]
    assert told[:1] == ([] if plan[name].value is None else [name])


@pytest.mark.parametrize("name", NAMES)
def test_explanation_prints_each_quote_as_it_was_written(name: str, plan: up.Plan, full: up.Plan) -> None:
    for stated in (plan, full):
        told = stated.explain(name)
        text = squeezed(str(told))
        assert {c.fact.id for c in told.sources} >= {c.fact.id for c in stated[name].sources}
        for citation in told.sources:
            assert squeezed(citation.fact.quote) in text, citation.fact.id
            assert citation.source.url is None or citation.source.url in text
        for derivation in told.derivations:
            assert squeezed(derivation.step.names) in text and squeezed(derivation.step.numbers) in text
        for leaf in [n for n in parameters() if n in graph().needs(name)]:
            assert f"{leaf} = {stated[leaf].display}" in text


@pytest.mark.parametrize("name", NAMES)
def test_explanation_of_what_the_text_leaves_open_says_so(name: str, plan: up.Plan, full: up.Plan) -> None:
    told = plan.explain(name)
    assert full.explain(name).unset is None
    assert told.unset == (plan[name].reason if plan[name].value is None else None)
    assert (told.derivations == ()) == (told.unset is not None)
    for derivation in told.derivations:  # of an option that is not taken
        assert "not a number" not in f"{derivation.step.numbers} {derivation.step.result}"
        assert (derivation.step.result == "unset") == (plan[derivation.line.name].value is None)
    if told.unset:
        (missing,) = re.findall(r"\((\w+)\)$", told.unset)
        behind = {n for waits, c in shipped_library().calendars.items() if waits in graph().needs(name) for n in c.of}
        assert parameters()[missing].value is None and missing in graph().needs(name) | behind
        assert f"  unset: {told.unset}" in str(told) and f"{missing} = unset" in str(told)


@pytest.mark.parametrize("name", ["us_profit_total", "force_reduction", "znpp_equal_value_share", "immobilised_remainder"])
def test_numbers_in_square_brackets_are_those_of_the_sources(name: str, plan: up.Plan) -> None:
    told = plan.explain(name)
    for line in told.inputs:
        assert [told.sources[n - 1].fact.id for n in line.citations] == [c.fact.id for c in plan[line.name].sources]


@pytest.mark.parametrize("name", ["force_cap", "vehicle_return", "profit_base", "euros_per_dollar"])
def test_a_parameter_explains_itself(name: str, plan: up.Plan) -> None:
    told = plan.explain(name)
    assert told.derivations == () and [line.name for line in told.inputs] == [name]
    assert plan.parameters[name].label in str(told) and told.unset is None
    assert (told.inputs[0].basis, told.inputs[0].display) == (plan[name].basis, plan[name].display)


def test_an_unset_number_is_explained_by_what_is_missing() -> None:
    early = up.load("us28", as_of="2000-01-01")
    told = early.explain("force_upkeep_in_dollars")
    assert told.derivations == ()
    assert told.unset is not None and "no fact about it was public on 2000-01-01" in told.unset
    assert "unset: no fact" in str(told) and "hryvnias_per_dollar = unset" in str(told)
    assert "force_cap = 600,000 persons" in str(told)  # what the text does state is still shown
    assert "unset" in told._repr_html_() or "no fact" in told._repr_html_()


def test_a_set_number_is_marked_as_set(plan: up.Plan) -> None:
    told = str(plan.with_values(vehicle_return="8 %/year").explain("us_profit_total"))
    assert re.search(r"vehicle_return = 8\u202f% a year  ◆ set", told)


def test_a_formula_that_is_set_has_no_arithmetic(plan: up.Plan) -> None:
    told = plan.with_values(windfall_forgone=2).explain("break_even_return")
    assert "windfall_forgone" not in [d.line.name for d in told.derivations]
    assert "windfall_forgone" in [line.name for line in told.inputs]
    assert "deposit_rate" not in [line.name for line in told.inputs]


class Tags(HTMLParser):
    """Whether every tag that opens also closes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in ("br", "meta"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, tag


@pytest.mark.parametrize("name", NAMES)
def test_notebook_display_is_well_formed(name: str, plan: up.Plan) -> None:
    for shown in (plan.explain(name)._repr_html_(), plan[name]._repr_html_()):
        tags = Tags()
        tags.feed(shown)
        assert tags.open == []
        assert plan[name].label.split("'")[0] in shown
