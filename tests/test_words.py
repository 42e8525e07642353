"""Numbers, ranges and units as people read them."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ukraineplan import words
from ukraineplan.errors import InvalidValue

# Every unit of the library: the print of a number of it, and what a unit column says. `#` is the number.
UNITS = {
    "billion USD": ("$#bn", "billion US dollars"),
    "billion EUR": ("€#bn", "billion euros"),
    "billion UAH": ("UAH #bn", "billion hryvnias"),
    "USD": ("$#", "US dollars"),
    "EUR": ("€#", "euros"),
    "UAH": ("UAH #", "hryvnias"),
    "RUB": ("RUB #", "roubles"),
    "billion USD/year": ("$#bn a year", "billion US dollars a year"),
    "billion EUR/year": ("€#bn a year", "billion euros a year"),
    "billion UAH/year": ("UAH #bn a year", "billion hryvnias a year"),
    "UAH/person/year": ("UAH # a person a year", "hryvnias a person a year"),
    "billion UAH/person/year": ("UAH #bn a person a year", "billion hryvnias a person a year"),
    "USD/person": ("$# a person", "US dollars a person"),
    "billion USD/person": ("$#bn a person", "billion US dollars a person"),
    "person": ("# persons", "persons"),
    "person/year": ("# persons a year", "persons a year"),
    "thousand person": ("# thousand persons", "thousand persons"),
    "1/thousand": ("# per thousand", "per thousand"),
    "share": ("#\u202f%", "per cent"),
    "share/year": ("#\u202f% a year", "per cent a year"),
    "%": ("#\u202f%", "per cent"),
    "%/year": ("#\u202f% a year", "per cent a year"),
    "ratio": ("#", "ratio"),
    "year": ("# years", "years"),
    "hour/year": ("# hours a year", "hours a year"),
    "MW/reactor": ("# MW a reactor", "MW a reactor"),
    "TW/reactor": ("# TW a reactor", "TW a reactor"),
    "reactor": ("# reactors", "reactors"),
    "reactor/year": ("# reactors a year", "reactors a year"),
    "TWh/year": ("# TWh a year", "TWh a year"),
    "TWh/reactor/year": ("# TWh a reactor a year", "TWh a reactor a year"),
    "UAH/MWh": ("UAH # a MWh", "hryvnias a MWh"),
    "RUB/MWh": ("RUB # a MWh", "roubles a MWh"),
    "EUR/MWh": ("€# a MWh", "euros a MWh"),
    "billion EUR/TWh": ("€#bn a TWh", "billion euros a TWh"),
    "EUR/USD": ("€# a dollar", "euros a dollar"),
    "UAH/USD": ("UAH # a dollar", "hryvnias a dollar"),
    "RUB/EUR": ("RUB # a euro", "roubles a euro"),
    "t/MWh": ("# t a MWh", "tonnes a MWh"),
    "Mt/year": ("# Mt a year", "million tonnes a year"),
}
SHARES = {"share", "share/year"}
DIGITS = r"\d{1,3}(?:,\d{3})*(?:\.\d+)?"


def parse(text: str, unit: str) -> Fraction:
    """The number that a printed text says, in the scale of the unit, which must stand in the print."""
    one = UNITS[unit][0].replace("persons", "persons?").replace("reactors", "reactors?")
    one = one.replace("years", "years?").replace("hours", "hours?")
    pattern = re.sub(r"([$.])", r"\\\1", one).replace("#", f"({DIGITS})")
    found = re.fullmatch(f"(\u2212?){pattern}", text)
    assert found, f"{text!r} is no number of {unit}"
    number = Fraction(found[2].replace(",", "")) * (-1 if found[1] else 1)
    return number / 100 if unit in SHARES else number


def decimals(text: str) -> int:
    """How many digits stand after the point."""
    return len(re.search(r"\d(?:\.(\d+))?(?!.*\d)", text)[1] or "")


def plain(text: str) -> str:
    """The print with an ordinary space before the per cent sign, so that the tables below can be read."""
    assert not re.search(r"[^\u202f]%", text)
    return text.replace("\u202f", " ")


@pytest.mark.parametrize(("value", "unit", "expected"), [
    (600_000, "person", "600,000 persons"),
    (-280_000, "person", "−280,000 persons"),
    (32_862_000, "person", "32,862,000 persons"),
    (1_234_567_891.0, "person", "1,234,567,891 persons"),
    (100, "billion USD", "$100bn"),
    (-60, "billion USD", "−$60bn"),
    (193, "billion EUR", "€193bn"),
    (720, "billion UAH", "UAH 720bn"),
    (10_294, "billion UAH/year", "UAH 10,294bn a year"),
    (-8, "billion UAH", "−UAH 8bn"),
    (1.5, "billion EUR/year", "€1.5bn a year"),
    (0.42, "billion USD", "$0.42bn"),
    (0.859, "EUR/USD", "€0.859 a dollar"),
    (41.97, "UAH/USD", "UAH 41.97 a dollar"),
    (92.6047, "RUB/EUR", "RUB 92.6047 a euro"),
    (4522.87, "UAH/MWh", "UAH 4,522.87 a MWh"),
    (0.5, "share", "50 %"),
    (0.07, "share", "7 %"),
    (0.0406, "share/year", "4.06 % a year"),
    (4.06, "%/year", "4.06 % a year"),
    (10, "year", "10 years"),
    (1, "year", "1 year"),
    (1, "reactor/year", "1 reactor a year"),
    (1, "thousand person", "1 thousand persons"),
    (8760, "hour/year", "8,760 hours a year"),
    (950, "MW/reactor", "950 MW a reactor"),
    (0.499, "t/MWh", "0.499 t a MWh"),
    (2.4, "ratio", "2.4"),
    (-0.0, "billion USD", "$0bn"),
])
def test_a_number_without_a_range_prints_as_it_was_written(value, unit, expected):
    """Catches digits that the quote does not have, and a sign, symbol or plural in the wrong place."""
    assert plain(words.display(value, unit)) == expected


@pytest.mark.parametrize(("value", "unit", "expected"), [
    (280_000 / 880_000, "share", "31.8 %"),
    (600_000 / 31_500, "1/thousand", "19.0 per thousand"),
    (720 / 41.97, "billion USD/year", "$17.2bn a year"),
    (0.1 + 0.2, "billion USD", "$0.3bn"),
    (float(Fraction(67_541_857, 10**8)) * 6 * 8.76, "TWh/year", "35.5 TWh a year"),
    (12.34567, "ratio", "12.3"),
    (1e15 / 3, "UAH", "UAH 333,000,000,000,000"),
])
def test_a_computed_number_without_a_range_prints_three_digits(value, unit, expected):
    """Catches seventeen digits in print, and the noise of floats taken for digits."""
    assert plain(words.display(value, unit)) == expected


@pytest.mark.parametrize(("value", "low", "high", "unit", "shown", "between"), [
    # The design's two examples, then central values and bounds of the hand-made model.
    (24.974, 0, 60, "billion USD", "$25bn", "$0bn to $60bn"),
    (0.4483, 0.44, 0.52, "share", "44.8 %", "44.0 % to 52.0 %"),
    (280_000, 200_000, 380_000, "person", "280,000 persons", "200,000 to 380,000"),
    (0.31818, 0.25, 0.38776, "share", "31.8 %", "25.0 % to 38.8 %"),
    (-30, -60, 0, "billion USD", "−$30bn", "−$60bn to $0bn"),
    (-0.2, -60, 0, "billion USD", "$0bn", "−$60bn to $0bn"),
    (0.05, -0.05, 0.10, "share/year", "5.0 % a year", "−5.0 % to 10.0 %"),
    (0.02, 0.015, 0.025, "share/year", "2.00 % a year", "1.50 % to 2.50 %"),
    (5, 1.8, 8, "%/year", "5.0 % a year", "1.8 % to 8.0 %"),
    (0.189, 0.12, 0.21, "share", "18.9 %", "12.0 % to 21.0 %"),
    (17.75, 14.1, 19.2, "TWh/year", "17.8 TWh a year", "14.1 to 19.2"),
    (35.5 * 0.49999999999999994, 14.1, 19.2, "TWh/year", "17.8 TWh a year", "14.1 to 19.2"),
    (1.48, 1.0, 2.1, "billion EUR/year", "€1.48bn a year", "€1.00bn to €2.10bn"),
    (0.42, 0.2, 6.7, "billion USD", "$0.4bn", "$0.2bn to $6.7bn"),
    (10_294, 10_092, 10_497, "billion UAH/year", "UAH 10,294bn a year", "UAH 10,092bn to UAH 10,497bn"),
    (1_200_000, 1_150_000, 1_259_100, "UAH/person/year", "UAH 1,200,000 a person a year",
     "UAH 1,150,000 to UAH 1,259,000"),
    (0.859, 0.8453, 0.9603, "EUR/USD", "€0.859 a dollar", "€0.845 to €0.960"),
    (41.97, 41.7565, 45.7, "UAH/USD", "UAH 41.97 a dollar", "UAH 41.76 to UAH 45.70"),
    (2.8, 0.7, 10.1, "year", "2.8 years", "0.7 to 10.1"),
    (10, 5, 20, "year", "10 years", "5 to 20"),
    (1, 0.17, 5, "year", "1.00 years", "0.17 to 5.00"),
    (6, 1, 6, "reactor", "6 reactors", "1 to 6"),
    (19.0476, 15.8311, 19.0476, "1/thousand", "19.05 per thousand", "15.83 to 19.05"),
    (31_500, 31_500, 37_900, "thousand person", "31,500 thousand persons",
     "31,500 thousand to 37,900 thousand"),
    (5, 5, 5, "year", "5 years", "–"),
    (0.1 + 0.2, 0.3, 0.1 + 0.2, "ratio", "0.3", "–"),
    (5, None, None, "year", "5 years", "–"),
    (None, None, None, "billion USD", "unset", "–"),
    ("first_100bn", None, None, "choice", "first 100bn", "–"),
    (date(2026, 1, 1), None, None, "date", "2026-01-01", "–"),
])
def test_the_width_of_the_range_decides_the_precision(value, low, high, unit, shown, between):
    """Catches a value more precise than its ends, "10.0 years", "−$0bn" and a range of noise."""
    assert plain(words.display(value, unit, low=low, high=high)) == shown
    assert plain(words.span(low, high, unit, value=value)) == between


@pytest.mark.parametrize(("unit", "form", "column"), [(unit, *said) for unit, said in UNITS.items()])
def test_every_unit_prints_in_words(unit, form, column):
    """Catches a unit of the library that prints as a symbol or a text for programs."""
    five = 0.05 if unit in SHARES else 5
    assert words.display(five, unit) == form.replace("#", "5")
    assert words.operand(five, unit) == form.replace("#", "5")
    assert words.unit_words(unit) == column


@pytest.mark.parametrize(("unit", "shown", "column"), [
    ("USD bn", "$7bn", "billion US dollars"),
    ("EUR bn/year", "€7bn a year", "billion euros a year"),
    ("USD m/day", "$7m a day", "million US dollars a day"),
    ("GBP bn", "GBP 7bn", "billion GBP"),
    ("UAH/person-year", "UAH 7 a person a year", "hryvnias a person a year"),
    ("UAH/(person*year)", "UAH 7 a person a year", "hryvnias a person a year"),
    ("billion USD_2024 / year", "$7bn a year in prices of 2024",
     "billion US dollars a year in prices of 2024"),
    ("persons", "7 persons", "persons"),
    ("persons/soldier", "7 persons a soldier", "persons a soldier"),
    ("reactor/thousand person", "7 reactors per thousand persons", "reactors per thousand persons"),
    ("% of GDP", "7 % of GDP", "per cent of GDP"),
    ("member states", "7 member states", "member states"),
    ("km/hour", "7 km an hour", "km an hour"),
    ("", "7", "ratio"),
])
def test_units_of_the_evidence_and_of_strangers_print_sensibly(unit, shown, column):
    """Catches the spellings of the collected facts, and of a reader's own parameters, printed raw."""
    assert plain(words.display(7, unit)) == shown
    assert words.unit_words(unit) == column


@given(st.text(max_size=80))
def test_no_unit_text_breaks_the_print(unit):
    """Catches an exception inside an error message, where a unit is whatever a user typed."""
    assert "7" in words.display(7, unit)
    assert isinstance(words.unit_words(unit), str)


@pytest.mark.parametrize(("value", "unit", "expected"), [
    (200_000, "person", "+200,000 persons"),
    (-280_000, "person", "−280,000 persons"),
    (0, "person", "0 persons"),
    (-60, "billion USD", "−$60bn"),
    (25, "billion USD", "+$25bn"),
    (-0.5, "share", "−50 percentage points"),
    (0.01, "share", "+1 percentage point"),
    (0.015, "share/year", "+1.5 percentage points a year"),
    (-11.5, "%", "−11.5 percentage points"),
    (None, "share", "unset"),
])
def test_differences_are_signed_and_shares_differ_by_points(value, unit, expected):
    """Catches "50 % lower" where 50 percentage points are meant."""
    assert words.difference(value, unit) == expected


def test_a_difference_takes_the_precision_of_its_range_or_the_digits_asked_for():
    assert words.difference(0.31818, "share", low=0.1, high=0.5) == "+31.8 percentage points"
    assert words.display(123_456, "person", digits=2) == "120,000 persons"
    assert words.span(12.345, 99.9, "ratio", digits=3) == "12.3 to 99.9"


@pytest.mark.parametrize(("value", "shown"), [
    (float("inf"), "$∞"), (float("-inf"), "−$∞"), (float("nan"), "$not a number"),
])
def test_numbers_that_are_none_print_without_breaking(value, shown):
    """Catches an error message that fails on the very value it refuses."""
    assert words.display(value, "USD") == words.operand(value, "USD") == shown


# ------------------------------------------------------------------------------------------------------
# For every number

numbers = st.floats(-1e9, 1e9, allow_subnormal=False).map(lambda x: 0.0 if abs(x) < 1e-6 else x)
units = st.sampled_from(sorted(UNITS))


@given(units, st.tuples(numbers, numbers, numbers).map(sorted))
def test_value_and_ends_print_within_half_a_step_and_alike(unit, three):
    """Catches truncation, rounding twice, a scale lost in print, and a value more precise than its range."""
    low, value, high = three
    step = words.step(low, high)
    texts = [words.format_number(value, low, high, unit, spec) for spec in ("low", "value", "high")]
    for text, true in zip(texts, three, strict=True):
        noise = abs(Fraction(true)) / 10**11  # print takes twelve digits of a float for real
        if step:
            scale = 100 if unit in SHARES else 1
            shown = Fraction(words.step(low * scale, high * scale)) / scale
            shown = max(shown, step_of_whole(unit, three))
            assert abs(parse(text, unit) - Fraction(true)) <= shown / 2 + noise
    assert len({decimals(text) for text in texts}) == 1
    assert not re.search("[-e]\\d", "".join(texts))


def step_of_whole(unit: str, three: list[float]) -> int:
    """Things that are counted, and whole in all three places, print whole."""
    counted = unit.split("/")[0] in {"person", "thousand person", "year", "hour", "reactor"}
    return int(counted and all(n == int(n) for n in three))


@given(st.integers(-10**6, 10**6), st.integers(-4, 6))
def test_halves_round_up(count, exponent):
    """Catches rounding to even, which no reader does by hand; below zero the half goes away from zero."""
    step = Decimal(10) ** exponent
    half = (count + Decimal("0.5")) * step
    printed = parse(words.display(half, "ratio", low=half - 10 * step, high=half + 50 * step), "ratio")
    assert printed == Fraction((half / step).quantize(Decimal(1), ROUND_HALF_UP) * step)
    assert abs(printed) > abs(Fraction(half))


@given(st.decimals("0.0001", 10**6, places=6), st.integers(-3, 3))
def test_the_step_is_the_largest_power_of_ten_not_above_a_fiftieth(width, shift):
    """Catches a step that is off by ten at the exact powers, where a logarithm of a float is."""
    low = Decimal(shift)
    step = words.step(low, low + width)
    assert step * 50 <= width < step * 500
    assert step.as_tuple().digits == (1,)


@pytest.mark.parametrize(("width", "step"), [
    (50, 1), (49.999, Decimal("0.1")), (500, 10), (0.05, Decimal("0.001")),
])
def test_steps_at_the_exact_powers(width, step):
    assert words.step(0, width) == step


def test_a_range_without_width_has_no_step():
    assert words.step(3, 3) == 0


@given(units, numbers)
def test_operands_parse_back_to_six_digits(unit, value):
    """Catches a printed operand from which a reader cannot redo the sum, whatever the unit."""
    text = words.operand(value, unit)
    assert abs(parse(text, unit) - Fraction(value)) <= abs(Fraction(value)) * Fraction("5.00001e-6")
    digits = re.search(DIGITS, text)[0].replace(",", "")
    assert "." not in digits or not digits.endswith("0"), "trailing zeros say nothing"
    assert len(digits.replace(".", "").strip("0")) <= 6


@pytest.mark.parametrize(("value", "unit", "expected"), [
    (280_000 / 880_000, "share", "31.8182 %"),
    (720 / 41.97, "billion USD/year", "$17.1551bn a year"),
    (35.5 / (6 * 8.76), "share", "67.5419 %"),
    (1500e-9, "billion USD/person", "$0.0000015bn a person"),
    (999_999.5, "person", "1,000,000 persons"),
    (0.05, "share/year", "5 % a year"),
    (0.0, "share/year", "0 % a year"),
    ("both_200bn", "choice", "both 200bn"),
])
def test_operands(value, unit, expected):
    assert plain(words.operand(value, unit)) == expected


def test_print_does_not_depend_on_the_decimal_context():
    """Catches arithmetic in the thread's own context, which a user may have set to three digits."""
    with localcontext(prec=3):
        assert words.display(1_234_567, "person", low=1_200_000, high=1_200_100) == "1,234,567 persons"
        assert plain(words.display(0.123456, "share")) == "12.3456 %"


# ------------------------------------------------------------------------------------------------------
# Prose


class Return:
    """A stand-in for a number of a plan."""

    def __format__(self, spec: str) -> str:
        return words.format_number(0.05, 0.018, 0.08, "share/year", spec)


@pytest.mark.parametrize(("spec", "expected"), [
    ("", "5.0 % a year"),
    ("value", "5.0 % a year"),
    ("range", "1.8 % to 8.0 %"),
    ("low", "1.8 % a year"),
    ("high", "8.0 % a year"),
])
def test_format_specs(spec, expected):
    assert plain(format(Return(), spec)) == expected


def test_a_range_in_prose_has_the_precision_of_its_value():
    assert words.format_number(2.8, 1, 10, "year", "range") == "1.0 to 10.0"


def test_an_unset_number_has_no_range_in_prose():
    assert words.format_number(None, None, None, "USD") == "unset"
    assert {words.format_number(None, None, None, "USD", spec) for spec in ("low", "high", "range")} == {"–"}


def test_an_unknown_spec_names_those_that_exist():
    with pytest.raises(InvalidValue, match=r"no format ':\.2f' .*; write :value, :range, :low or :high"):
        format(Return(), ".2f")


def test_sentences_are_filled():
    text = words.fill("If it earned {r} ({r:range}), {{sic}}.", {"r": Return()})
    assert plain(text) == "If it earned 5.0 % a year (1.8 % to 8.0 %), {sic}."


@pytest.mark.parametrize("template", ["{r", "r}", "{}", "{0}", "{r.__class__}", "{r[0]}", "{r!r}"])
def test_sentences_hold_names_only(template):
    """Catches a data file that reaches into objects, and a brace forgotten."""
    with pytest.raises(InvalidValue, match="cannot be filled"):
        words.fill(template, {"r": Return(), "0": Return(), "": Return()})


def test_an_unknown_name_is_left_to_the_mapping():
    with pytest.raises(KeyError, match="s"):
        words.fill("{s}", {"r": Return()})


@pytest.mark.parametrize(("items", "expected"), [
    ([], ""), (["a"], "a"), (["a", "b"], "a and b"), (iter("abc"), "a, b and c"),
])
def test_lists_in_a_sentence(items, expected):
    assert words.join(items) == expected


def test_names_as_words():
    assert words.plain_name("us_profit_total") == "us profit total"
