"""Each number and each date of the evidence stands in the words that are quoted for it, or is derived."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

import pytest

from ukraineplan.evidence import Evidence, Fact, arithmetic, datasets_folder, read_evidence


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return read_evidence(datasets_folder())


# --- How a number may be spelled in a quote

GROUP = "[ \u00a0\u202f.,'’]?"  # what stands between thousands, if anything


def spelling(number: float) -> re.Pattern[str]:
    """Every usual way to write a number in digits, and never a part of another number."""
    whole, _, decimals = format(abs(Decimal(repr(number))), "f").partition(".")
    groups = f"{int(whole):,}".split(",")
    decimals = decimals.rstrip("0")
    tail = f"[.,]{decimals}0*" if decimals else "(?:[.,]00?)?"
    sign = "[-−–]" if number < 0 else ""
    return re.compile(rf"(?<!\d)(?<!\d[.,]){sign}{GROUP.join(groups)}{tail}(?!\d)(?![.,]\d)")


def stands_in(number: float, words: str) -> bool:
    """Whether the number stands in the words, or is a cell of the table row that they are."""
    cells = next(csv.reader([words.replace("\n", " ")]))
    is_row = len(cells) > 2 or re.match(r"\d{4}-\d\d-\d\d,", words) is not None
    in_row = is_row and any(re.fullmatch(r"-?\d+(\.\d+)?", cell) and float(cell) == number for cell in cells)
    return bool(spelling(number).search(words)) or in_row


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (600000, "limited to 600,000 men"),
        (600000, "600 000 осіб"),
        (600000, "bis 600.000."),
        (1.2, "1,2 млн"),
        (2.0, "about 2 billion"),
        (0.3, "0.30"),
        (-116, "minus −116 km2"),
        (193, "€193bn"),
        (5619911, "Finland,FIN,2024,5619911"),
        (30, "30-34 тисячі"),
        (4.06, "2025-10-01,4.06"),
    ],
)
def test_usual_spellings_are_found(number: float, words: str) -> None:
    """Catches a search so strict that honest quotes fail, which would tempt to loosen it blindly."""
    assert stands_in(number, words)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (60000, "600,000 men"),
        (600, "600,000 men"),
        (600, "600.5"),
        (5, "1.5 bn"),
        (2.5, "12.5"),
        (116, "1160"),
        (-116, "116"),
        (19, "in 2019"),
        (600000, "600 men, 000 others"),
        (6, "six units"),
    ],
)
def test_parts_of_other_numbers_are_not_found(number: float, words: str) -> None:
    """Catches a search so loose that any digits prove any number."""
    assert not stands_in(number, words)


# --- Each number stands in its quote or is derived


def numbers_of(fact: Fact) -> Iterator[tuple[str, float]]:
    """The numbers that need a proof: the value, and the ends of a range that differ from it."""
    for of in ("value", "low", "high") if fact.low_high == "range" else ("value",):
        number = getattr(fact, of)
        if number is not None and (of == "value" or number != fact.value):
            yield of, number


def rounding(number: float) -> Fraction:
    """Half a step of the number's own digits; the zeros that end a whole number are no digits.

    Never above half a per cent, or one half: 9,190 may stand for 9,187, not 600,000 for 550,001.
    """
    exponent = Decimal(repr(number)).normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    step = Fraction(10) ** exponent
    return min(step, max(abs(Fraction(number)) / 100, Fraction(1))) / 2 if step > 1 else step / 2


def derived(fact: Fact, of: str, number: float) -> bool:
    """Whether the derivation evaluates to the number, to the number's own digits."""
    written = fact.derivations.get(of)
    return written is not None and abs(arithmetic(written) - Fraction(repr(number))) <= rounding(number)


def test_every_number_stands_in_its_quote_or_is_derived(evidence: Evidence) -> None:
    """Catches a number that nobody said: a slip in a value, a quote cut too short, a range made up."""
    unproven = [
        f"{fact.id}: {of} {number} is neither in {fact.quote!r} nor {fact.derivation!r}"
        for fact in evidence.facts.values()
        for of, number in numbers_of(fact)
        if not stands_in(number, fact.quote) and not derived(fact, of, number)
    ]
    assert not unproven, "\n".join(unproven)


def test_every_derivation_evaluates_to_its_number(evidence: Evidence) -> None:
    """Catches a derivation that contradicts the number beside it, also where the quote holds the number."""
    wrong = [
        f"{fact.id}: {of} {getattr(fact, of)} is not {written} = {float(arithmetic(written))}"
        for fact in evidence.facts.values()
        for of, written in fact.derivations.items()
        if not derived(fact, of, getattr(fact, of))
    ]
    assert not wrong, "\n".join(wrong)


def accounted_for(digits: str, fact: Fact) -> bool:
    """Whether an operand stands in the row's own words, as it is, as a percentage or as thousands."""
    operand = float(digits)
    small_or_scale = operand in {*range(13), 365} or re.fullmatch(r"10*(e\d)?", digits) is not None
    words = list(filter(None, [fact.quote, fact.statement, fact.remark, fact.derivation_note]))
    readings = (operand, round(operand * 100, 9), round(operand / 1000, 9))
    return small_or_scale or any(stands_in(reading, text) for reading in readings for text in words)


def test_every_operand_is_accounted_for(evidence: Evidence) -> None:
    """Catches arithmetic on numbers that came from nowhere.

    Small numbers may stand in words ("a third"); sums over a dataset were checked by a program, and have
    too many operands to quote.
    """
    strange = [
        f"{fact.id}: {digits} of {written!r}"
        for fact in evidence.facts.values()
        for written in fact.derivations.values()
        for digits in re.findall(r"\d+(?:\.\d+)?(?:e\d+)?", written)
        if fact.verification != "machine-checked" and not accounted_for(digits, fact)
    ]
    assert not strange, "\n".join(strange)


# --- Dates

MONTHS = {
    1: "jan січ янв", 2: "feb лют фев", 3: "mar берез март", 4: "apr квіт апрел", 5: "may трав мая май",
    6: "jun черв июн", 7: "jul лип июл", 8: "aug серп август", 9: "sep верес сентяб", 10: "oct жовт октяб",
    11: "nov листоп нояб", 12: "dec груд декаб",
}  # fmt: skip


def names_date(iso: str, words: str) -> bool:
    """Whether the parts that an ISO date has (year, month, day) all stand in the words."""
    year, month, day = (*(int(part) for part in iso.split("-")), None, None)[:3]
    found = re.search(rf"\b{year}\b", words) is not None
    if month is not None:
        stems = MONTHS[month].replace(" ", "|")
        found &= re.search(rf"\b(?:{stems})", words, re.IGNORECASE) is not None
    if day is not None:
        found &= re.search(rf"(?<!\d){day}(?!\d)", words) is not None
    return found


def test_every_date_stands_in_its_quote_or_is_explained(evidence: Evidence) -> None:
    """Catches a date that nobody gave: beside the quote only a written explanation may complete it."""
    unproven = []
    for fact in evidence.facts.values():
        if fact.value_text is None or names_date(fact.value_text, fact.quote):
            continue
        words = " \n".join(filter(None, [fact.quote, fact.statement, fact.derivation_note]))
        year = f"{fact.public_since.year} {evidence.sources[fact.source].issued or ''}"
        if fact.derivation_note is None or not names_date(fact.value_text, f"{words} \n{year}"):
            unproven.append(f"{fact.id}: {fact.value_text} is not in {words!r}")
    assert not unproven, "\n".join(unproven)
