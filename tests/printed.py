"""A parser of printed arithmetic: it knows print alone, nothing of the library.

Everything becomes a tree of tuples; leaves are ("amount", Amount), ("literal", number) or ("name", text). Amounts are in
base units: single dollars and persons, shares from 0 to 1, MW, MWh, tonnes, days. Dates are day numbers of their own kind.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

import numpy as np

BEFORE: Final = {"$": "USD", "€": "EUR", "UAH ": "UAH", "RUB ": "RUB", "": ""}
TIGHT: Final = {"\u202f%": Fraction(1, 100), " thousand": 10**3, "m": 10**6, "bn": 10**9, "tn": 10**12, "": 1}
PLAIN: Final = "reactor reactors"  # a count that the library takes for a plain number
KINDS: Final = {"deputies": "deputy", "allies": "ally", "dollar": "USD", "euro": "EUR"}
POWERS: Final = {"MWh": (("MW", 1), ("hour", 1)), "MW": (("MW", 1),)}
PREFIXES: Final = {"TWh": (10**6, "MWh"), "GWh": (10**3, "MWh"), "TW": (10**6, "MW"), "Mt": (10**6, "t")}
WORDS: Final = (
    "person persons year years day days hour hours reactor reactors deputy deputies ally allies region regions chapter chapters "
    "km² dollar euro MW TW MWh GWh TWh t Mt"
).split()
WORD: Final = "|".join(sorted(WORDS, key=len, reverse=True))
UNDER: Final = rf" an? (?:{WORD})\b(?: of \d{{4}}\b)?| per thousand(?: persons)?"
QUANTITY: Final = re.compile(
    rf"(?P<before>\$|€|UAH |RUB |)"
    rf"(?P<number>(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?)(?P<tight>\u202f%| thousand\b|bn\b|tn\b|m\b|)"
    rf"(?P<over>(?: (?:{WORD})\b)?)(?P<under>(?:{UNDER})*)(?: in prices of (?P<prices>\d{{4}})\b)?"
)
DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}(?![\d-])")
SAID: Final = re.compile(r"the sum over the years of|the highest year of|the lowest year of|the last year of|if|else|is\b")
NAME: Final = re.compile(r"[A-Za-z_]\w*")
LITERAL: Final = re.compile(r"\d+(?:\.\d+)?")
LITERALS: Final = {Fraction(0), Fraction(1), Fraction(2), Fraction(1, 2)}
FUNCTIONS: Final = ("max", "min", "floor", "abs", "exp", "log", "sqrt")

Tree = tuple[Any, ...]
Interval = tuple[Fraction, Fraction]
Kind = tuple[tuple[str, int], ...]  # what is counted, and to which power
DATE: Final[Kind] = (("date", 1),)
DAYS: Final[Kind] = (("day", 1),)


@dataclass(frozen=True)
class Amount:
    """A printed quantity: all numbers that print so lie from `low` to `high`; `kind` is None of a bare 0, which fits any."""

    low: Fraction
    high: Fraction
    kind: Kind | None = ()


# ------------------------------------------------------------------------------------------------------
# Words into tokens


def product(*factors: tuple[Kind, int]) -> Kind:
    """Kinds multiplied, each with its power."""
    powers: Counter[str] = Counter()
    for kind, power in factors:
        for what, p in kind:
            powers[what] += p * power
    return tuple(sorted((what, p) for what, p in powers.items() if p))


def noun(word: str) -> tuple[int, Kind]:
    """A word after a number: how many base units it is, and what it counts."""
    scale, word = PREFIXES.get(word, (1, word))
    if word in PLAIN.split():
        return scale, ()
    return scale, POWERS.get(word) or ((KINDS.get(word, word.removesuffix("s")), 1),)


def amount(match: re.Match[str], exact: bool = False) -> Amount:
    """A quantity, to six significant digits, or taken as it is written."""
    text = match["number"].replace(",", "")
    number, digits = Fraction(text), text.replace(".", "").lstrip("0")
    if exact or not digits or (number in LITERALS and match[0] == match["number"]):
        half = Fraction(0)  # nothing, or a number that stands in the formula itself
    else:
        whole, _, decimals = text.partition(".")
        first = len(whole) - 1 if whole.strip("0") else len(decimals.lstrip("0")) - len(decimals) - 1
        half = Fraction(10) ** (first - 5) / 2
    scale, kind = Fraction(TIGHT[match["tight"]]), product()
    if match["before"]:
        kind = ((BEFORE[match["before"]] + (f"_{match['prices']}" if match["prices"] else ""), 1),)
    if match["over"]:
        more, counted = noun(match["over"].strip())
        scale, kind = scale * more, product((kind, 1), (counted, 1))
    below = re.findall(rf"(per thousand)( persons)?| an? ({WORD})\b(?: of (\d{{4}}))?", match["under"])
    for thousand, persons, word, year in below:
        more, counted = (1000, noun("person")[1] if persons else ()) if thousand else noun(word)
        counted = ((f"{counted[0][0]}_{year}", 1),) if year else counted
        scale, kind = scale / more, product((kind, 1), (counted, -1))
    return Amount((number - half) * scale, (number + half) * scale, None if match[0] == "0" else kind)


def day(match: re.Match[str], nearest: bool = False) -> Amount:
    """A date: that day, or all moments to which it is the nearest day."""
    number, half = Fraction(date.fromisoformat(match[0]).toordinal()), Fraction(1, 2) if nearest else 0
    return Amount(number - half, number + half, DATE)


def tokens(text: str, *, numbers: bool, exact: bool = False, nearest_day: bool = False) -> Iterator[Any]:
    """Amounts, names, words and signs, one after the other."""
    at = 0
    while at < len(text):
        if text[at] == " ":
            at += 1
            continue
        kinds = [SAID, DAY, QUANTITY, NAME] if numbers else [SAID, NAME, LITERAL]
        found = next(filter(None, (kind.match(text, at) for kind in kinds)), None)
        if found is None:
            yield text[at]
            at += 1
        else:
            assert found.end() > at
            yield day(found, nearest_day) if found.re is DAY else amount(found, exact) if found.re is QUANTITY else found[0]
            at = found.end()


# ------------------------------------------------------------------------------------------------------
# Tokens into a tree


class Reader:
    """Recursive descent: conditions bind loosest, then sums, products, signs, powers.

    `exact` takes numbers as they are written, not as all that round to them; `nearest_day` takes a date as all
    moments that are nearest to it.
    """

    def __init__(self, text: str, *, numbers: bool, exact: bool = False, nearest_day: bool = False) -> None:
        self.text, self.left = text, list(tokens(text, numbers=numbers, exact=exact, nearest_day=nearest_day))

    def next(self, *expected: str) -> Any:
        found = self.left.pop(0) if self.left else None
        assert found is not None and (not expected or found in expected), f"{found!r} instead of {expected} in {self.text!r}"
        return found

    def peek(self, *any_of: str) -> bool:
        return bool(self.left) and isinstance(self.left[0], str) and self.left[0] in any_of

    def whole(self, comparison: bool = False) -> Tree:
        found = self.compare() if comparison else self.loose()
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
        if token in FUNCTIONS:
            self.next("(")
            given = [self.sum() if token in ("max", "min") else self.loose()]  # commas of a list would be taken for theirs
            while self.peek(",") and token in ("max", "min"):
                self.next()
                given.append(self.sum())
            self.next(")")
            return (token, *given)
        if token.startswith("the "):
            return (token.split()[1], self.atom())
        return ("literal", float(token)) if LITERAL.fullmatch(token) else ("name", token)


# ------------------------------------------------------------------------------------------------------
# Read with numbers: interval arithmetic in fractions, and what each step counts


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


def counts(tree: Tree, *, timeless: bool = False) -> Kind | None:
    """What the result counts, by the words at the operands: sums add like to like, products multiply, dates move by days.

    None is a bare 0, which fits any. `timeless` leaves years out, for arithmetic that does not print the year in which a
    flow becomes a stock.
    """
    kind, *rest = tree
    if kind == "amount":
        found: Kind | None = rest[0].kind
        return found and tuple((what, p) for what, p in found if not (timeless and what == "year"))
    given = [counts(part, timeless=timeless) for part in rest]
    if kind in ("+", "−") and DATE in given:
        assert given in ([DATE, DAYS], [DAYS, DATE], [DATE, DATE]), f"{kind} of {given}"
        assert kind == "−" or given != [DATE, DATE], "a sum of dates"
        assert kind == "+" or given != [DAYS, DATE], "days less a date"
        return DAYS if given == [DATE, DATE] else DATE
    if kind in ("+", "−", "max", "min"):
        known = {found for found in given if found is not None}
        assert len(known) <= 1, f"{kind} of {known}"
        return known.pop() if known else None
    assert DATE not in given, f"{kind} of a date"
    if kind in ("×", "÷"):
        return product((given[0] or (), 1), (given[1] or (), 1 if kind == "×" else -1))
    assert kind == "negative" or not given[0], f"{kind} of {given}"
    return given[0]


# ------------------------------------------------------------------------------------------------------
# Read with names: floats and arrays over the years, in base units

FLOATS: Final[Mapping[str, Callable[..., Any]]] = {
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
    """The value at known numbers."""
    kind, *rest = tree
    if kind == "name":
        return known(rest[0])
    if kind == "literal":
        return rest[0]
    if kind == "choose":
        return floats(rest[1][known(rest[0])], known)
    return FLOATS[kind](*(floats(part, known) for part in rest))
