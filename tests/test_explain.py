"""Explanations read back: the printed arithmetic is parsed and computed again, with names and with numbers.

The parser below knows print alone, nothing of the library. Would catch an operand that prints in another unit or
with too few digits, a bracket that is missing, a sign that got lost, a branch that is shown and not the one taken.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from html.parser import HTMLParser
from typing import Any, Final

import numpy as np
import pytest
from support import central, conventions, formula, formulas, graph, parameters, setting, toy

import ukraineplan as up
from ukraineplan.explain import latex, step
from ukraineplan.formula import source
from ukraineplan.graph import Graph

NAMES: Final = [f.name for f in formulas()]
YEARLY: Final = [n for n in NAMES if graph().yearly(n)]
SEEDS: Final = range(10)
YEARS: Final = (1, 2, 5, 10, 11, 30)


@pytest.fixture(scope="module")
def plan() -> up.Plan:
    return up.load("us28")


# ------------------------------------------------------------------------------------------------------
# A parser of printed arithmetic. Everything becomes a tree of tuples; leaves are ("quantity", low, high) or
# ("name", text). Amounts are in base units: single dollars and persons, shares from 0 to 1, MW, MWh, tonnes.

BEFORE: Final = {"$": 1, "€": 1, "UAH ": 1, "RUB ": 1, "": 1}
TIGHT: Final = {"\u202f%": Fraction(1, 100), " thousand": 10**3, "m": 10**6, "bn": 10**9, "tn": 10**12, "": 1}
AFTER: Final = {
    "person": 1,
    "persons": 1,
    "year": 1,
    "years": 1,
    "hour": 1,
    "hours": 1,
    "reactor": 1,
    "reactors": 1,
    "dollar": 1,
    "euro": 1,
    "MW": 1,
    "TW": 10**6,
    "MWh": 1,
    "GWh": 10**3,
    "TWh": 10**6,
    "t": 1,
    "Mt": 10**6,
}
UNIT_WORD: Final = "|".join(sorted(AFTER, key=len, reverse=True))
QUANTITY: Final = re.compile(
    rf"(?P<before>\$|€|UAH |RUB |)"
    rf"(?P<number>(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?)(?P<tight>\u202f%| thousand\b|bn\b|tn\b|m\b|)"
    rf"(?P<over>(?: (?:{UNIT_WORD})\b)?)(?P<under>(?: an? (?:{UNIT_WORD})\b| per thousand(?: persons)?)*)"
)
WORDS: Final = re.compile(r"the sum over the years of|the highest year of|the lowest year of|the last year of|if|else|is\b")
NAME: Final = re.compile(r"[A-Za-z_]\w*")
LITERALS: Final = {Fraction(0), Fraction(1), Fraction(2), Fraction(1, 2)}

Tree = tuple[Any, ...]
Interval = tuple[Fraction, Fraction]


@dataclass(frozen=True)
class Amount:
    """A printed quantity: all numbers that print so, to six significant digits, lie from `low` to `high`."""

    low: Fraction
    high: Fraction


def amount(match: re.Match[str]) -> Amount:
    text = match["number"].replace(",", "")
    number, digits = Fraction(text), text.replace(".", "").lstrip("0")
    if not digits or (number in LITERALS and match[0] == match["number"]):
        half = Fraction(0)  # nothing, or a number that stands in the formula itself
    else:
        whole, _, decimals = text.partition(".")
        first = len(whole) - 1 if whole.strip("0") else len(decimals.lstrip("0")) - len(decimals) - 1
        half = Fraction(10) ** (first - 5) / 2
    scale = Fraction(BEFORE[match["before"]]) * TIGHT[match["tight"]] * AFTER.get(match["over"].strip(), 1)
    for below in re.findall(rf" an? ({UNIT_WORD})\b", match["under"]):
        scale /= AFTER[below]
    scale /= 1000 if "per thousand" in match["under"] else 1
    return Amount((number - half) * scale, (number + half) * scale)


def tokens(text: str, *, numbers: bool) -> Iterator[Any]:
    at = 0
    while at < len(text):
        if text[at] == " ":
            at += 1
            continue
        word = WORDS.match(text, at)
        found = (
            word
            or (QUANTITY if numbers else NAME).match(text, at)
            or (NAME.match(text, at) if numbers else re.compile(r"\d+").match(text, at))
        )
        if found is None:
            yield text[at]
            at += 1
        else:
            assert found.end() > at
            yield amount(found) if found.re is QUANTITY else found[0]
            at = found.end()


class Reader:
    """Recursive descent: conditions bind loosest, then sums, products, signs, powers."""

    def __init__(self, text: str, *, numbers: bool) -> None:
        self.text, self.left = text, list(tokens(text, numbers=numbers))

    def next(self, *expected: str) -> Any:
        found = self.left.pop(0) if self.left else None
        assert found is not None and (not expected or found in expected), f"{found!r} instead of {expected} in {self.text!r}"
        return found

    def peek(self, *any_of: str) -> bool:
        return bool(self.left) and isinstance(self.left[0], str) and self.left[0] in any_of

    def whole(self) -> Tree:
        found = self.loose()
        assert not self.left, f"{self.left} is left over in {self.text!r}"
        return found

    def loose(self) -> Tree:
        """A sum; or `yes if (test), else no`; or `a if switch is x, b if switch is y`."""
        found = self.sum()
        if not self.peek("if"):
            return found
        self.next("if")
        if self.peek("("):
            self.next("(")
            test = self.compare()
            self.next(")")
            self.next(",")
            self.next("else")
            return ("where", test, found, self.loose())
        options, switch = {}, self.next()
        self.next("is")
        options[self.next()] = found
        while self.peek(","):
            self.next(",")
            option = self.sum()
            self.next("if")
            assert self.next() == switch
            self.next("is")
            options[self.next()] = option
        return ("choose", switch, options)

    def compare(self) -> Tree:
        left = self.sum()
        return (self.next("<", "≤", ">", "≥", "=", "≠"), left, self.sum())

    def sum(self) -> Tree:
        found = self.product()
        while self.peek("+", "−"):
            found = (self.next(), found, self.product())
        return found

    def product(self) -> Tree:
        found = self.sign()
        while self.peek("×", "÷"):
            found = (self.next(), found, self.sign())
        return found

    def sign(self) -> Tree:
        if self.peek("−"):
            self.next()
            return ("negative", self.sign())
        found = self.atom()
        return (self.next(), found, self.sign()) if self.peek("^") else found

    def atom(self) -> Tree:
        token = self.next()
        if isinstance(token, Amount):
            return ("amount", token)
        if token == "(":
            found = self.loose()
            self.next(")")
            return found
        if token in ("max", "min", "floor", "abs", "exp", "log", "sqrt"):
            self.next("(")
            given = [self.loose()]
            while self.peek(","):
                self.next()
                given.append(self.loose())
            self.next(")")
            return (token, *given)
        if token.startswith("the "):
            return (token.split()[1], self.atom())
        return ("literal", int(token)) if token.isdigit() else ("name", token)


# -- read with numbers: interval arithmetic in fractions


def interval(tree: Tree) -> Interval:
    """All results that the printed operands allow."""
    kind, *rest = tree
    if kind == "amount":
        return rest[0].low, rest[0].high
    assert kind not in ("name", "choose", "where"), f"{tree} stands in arithmetic with numbers"
    given = [interval(part) for part in rest]
    a, b = given[0], given[-1]
    if kind == "+":
        return a[0] + b[0], a[1] + b[1]
    if kind == "−":
        return a[0] - b[1], a[1] - b[0]
    if kind == "negative":
        return -a[1], -a[0]
    if kind in ("×", "÷"):
        assert kind == "×" or b[0] > 0 or b[1] < 0, f"divides by {b}"
        ends = [x * y if kind == "×" else x / y for x in a for y in b]
        return min(ends), max(ends)
    if kind in ("max", "min"):
        pick = max if kind == "max" else min
        return pick(x[0] for x in given), pick(x[1] for x in given)
    if kind == "floor":
        return Fraction(a[0] // 1), Fraction(a[1] // 1)
    raise AssertionError(f"{kind} stands in arithmetic with numbers")


# -- read with names: floats and arrays over the years, in base units

FLOATS: Final[dict[str, Callable[..., Any]]] = {
    "+": np.add,
    "−": np.subtract,
    "×": np.multiply,
    "÷": np.divide,
    "^": np.power,
    "negative": np.negative,
    "max": np.maximum,
    "min": np.minimum,
    "floor": np.floor,
    "<": np.less,
    "≤": np.less_equal,
    ">": np.greater,
    "≥": np.greater_equal,
    "=": np.equal,
    "≠": np.not_equal,
    "where": np.where,
    "sum": np.sum,
    "highest": np.max,
    "lowest": np.min,
    "last": lambda x: x[-1],
}


def floats(tree: Tree, known: Callable[[str], Any]) -> Any:
    kind, *rest = tree
    if kind == "name":
        return known(rest[0])
    if kind == "literal":
        return rest[0]
    if kind == "choose":
        return floats(rest[1][known(rest[0])], known)
    return FLOATS[kind](*(floats(part, known) for part in rest))


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
    ],
)
def test_the_parser_reads_print_and_tells_right_from_wrong(text: str, holds: float, fails: float) -> None:
    low, high = interval(Reader(text, numbers=True).whole())
    assert low <= Fraction(holds) + Fraction(1, 10**15) and Fraction(holds) <= high + Fraction(1, 10**15)
    assert not low <= Fraction(fails) <= high


@pytest.mark.parametrize("text", ["$1bn +", "(1 + 2", "1 2", "$1bn × rabbit", "1 + 2)"])
def test_the_parser_refuses_what_is_no_arithmetic(text: str) -> None:
    with pytest.raises(AssertionError):
        interval(Reader(text, numbers=True).whole())


# ------------------------------------------------------------------------------------------------------
# Every formula, with numbers


def settings() -> Iterator[tuple[str, dict[str, Any]]]:
    yield "central", central()
    yield from ((f"setting {seed}", setting(seed)) for seed in SEEDS)
    for name, choices in conventions().items():
        yield from ((f"{name}={choice}", central() | {name: choice}) for choice in choices)


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
            low, high = interval(Reader(shown.result, numbers=True).whole())
            assert low - slack(value) <= exact <= high + slack(value), f"{told}: the result is {value!r}"
            low, high = interval(Reader(shown.numbers, numbers=True).whole())
            rest = slack(max(abs(float(low)), abs(float(high)), largest(shown.numbers)))
            assert low - rest <= exact <= high + rest, f"{told}: redone it lies from {float(low)!r} to {float(high)!r}"


def largest(line: str) -> float:
    """The largest operand: differences of large numbers are no more exact than these."""
    found = [float(max(abs(t.low), abs(t.high))) for t in tokens(line, numbers=True) if isinstance(t, Amount)]
    return max(found, default=0.0)


@pytest.mark.parametrize("name", NAMES)
def test_printed_operands_have_six_digits_at_most_and_no_noise(name: str) -> None:
    # would catch "−0.00000000000000555 %" where floats cancel, and operands rounded by the width of a range
    for label, known in SETTINGS:
        for year in YEARS if name in YEARLY else (1,):
            shown = step(graph(), name, known, year=year)
            for found in re.findall(r"\d[\d,]*(?:\.\d+)?", f"{shown.numbers} {shown.result}"):
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
def test_explanation_is_top_down(name: str, plan: up.Plan) -> None:
    order = [d.line.name for d in plan.explain(name).derivations]
    assert order[0] == name and len(order) == len(set(order))
    needed = graph().needs(name)
    assert set(order) == {n for n in NAMES if n in needed}
    for place, current in enumerate(order[1:], 1):
        before = {source(a) for n in order[:place] for a in graph().formulas[n].arguments}
        assert current in before, f"{current} is explained before anything asks for it"


@pytest.mark.parametrize("name", NAMES)
def test_explanation_prints_each_quote_as_it_was_written(name: str, plan: up.Plan) -> None:
    told = plan.explain(name)
    text = squeezed(str(told))
    assert {c.fact.id for c in told.sources} >= {c.fact.id for c in plan[name].sources}
    for citation in told.sources:
        assert squeezed(citation.fact.quote) in text, citation.fact.id
        assert citation.source.url is None or citation.source.url in text
    for derivation in told.derivations:
        assert squeezed(derivation.step.names) in text and squeezed(derivation.step.numbers) in text
    for leaf in [n for n in parameters() if n in graph().needs(name)]:
        assert f"{leaf} = {plan[leaf].display}" in text


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
