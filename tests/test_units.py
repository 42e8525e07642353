"""Unit texts, conversions, `choose` and `ratio`: would catch a unit that means something else than it says."""

import re
import subprocess
import sys
import time
from typing import Any, get_args

import numpy as np
import pint
import pytest

from ukraineplan import units
from ukraineplan.errors import PlanError, UnitError
from ukraineplan.units import CHOICE, choose, conversion, in_formulas, measure, parse, ratio, registry

ALIASES = {
    name: get_args(alias)[1] for name, alias in vars(units).items() if get_args(alias)[1:] and isinstance(get_args(alias)[1], str)
}


def test_there_are_aliases() -> None:
    assert len(ALIASES) > 30
    assert {"Share", "Years", "BillionUSD", "TWhPerYear"} <= set(ALIASES)


@pytest.mark.parametrize("alias", ALIASES)
def test_every_alias_is_a_unit_that_pint_reads_the_same(alias: str) -> None:
    text = ALIASES[alias]
    found = measure(text)
    if text == CHOICE:
        assert found.dimensions == ((CHOICE, 1.0),)
        return
    base = registry().Quantity(1, parse(text)).to_base_units()
    assert found.factor == pytest.approx(float(base.magnitude), rel=1e-15)
    assert registry().Quantity(1, text.replace(" ", " * ").replace("* *", "*")).dimensionality == base.dimensionality
    assert conversion(text, text) == 1.0


def test_no_two_aliases_share_a_text() -> None:
    assert len(set(ALIASES.values())) == len(ALIASES)


def test_no_alias_holds_per_cent() -> None:
    assert [name for name, text in ALIASES.items() if "%" in text or "percent" in text] == []


# ------------------------------------------------------------------------------------------------------
# What converts and what does not


@pytest.mark.parametrize(
    ("have", "want", "factor"),
    [
        ("billion USD", "USD", 1e9), ("USD", "billion USD", 1e-9), ("million USD", "billion USD", 1e-3), ("bn USD",
        "billion USD", 1.0),
        ("%", "share", 0.01), ("%/year", "share/year", 0.01), ("share", "%", 100.0), ("thousand person", "person", 1000.0),
        ("1/thousand", "share", 1e-3), ("1/thousand", "%", 0.1), ("EUR/MWh", "billion EUR/TWh", 1e-3), ("t/MWh", "Mt/TWh", 1.0),
        ("MW/reactor", "TW/reactor", 1e-6), ("UAH/person/year", "billion UAH/person/year", 1e-9), ("day", "hour", 24.0),
        ("GWh", "MWh", 1000.0), ("MW hour", "MWh", 1.0), ("MW*hour/year", "MWh/year", 1.0), ("persons/year", "person/year", 1.0),
        ("share", "ratio", 1.0), ("Mt/year", "t/year", 1e6),
    ],
)  # fmt: skip
def test_conversion(have: str, want: str, factor: float) -> None:
    assert conversion(have, want) == factor
    assert conversion(want, have) == pytest.approx(1 / factor, rel=1e-15)


FORBIDDEN = [
    ("USD", "EUR"), ("EUR", "UAH"), ("UAH", "RUB"), ("RUB", "USD"), ("billion USD", "billion EUR"),
    ("year", "hour"), ("year", "day"), ("hour/year", "share"), ("share", "person"), ("share", "year"), ("share", "share/year"),
    ("person", "1/thousand"), ("person", "thousand"), ("billion USD/year", "billion USD"), ("USD/person", "USD"),
    ("EUR/USD", "USD/EUR"),
    ("MW", "MWh"), ("TWh/year", "MW"), ("TWh/year", "TWh"), ("t", "MWh"), ("Mt/year", "t/MWh"), ("UAH/person", "UAH/person/year"),
    ("choice", "share"), ("share", "choice"), ("EUR/MWh", "RUB/MWh"), ("MW", "t"), ("USD^2", "USD"),
]  # fmt: skip


@pytest.mark.parametrize(("have", "want"), FORBIDDEN)
def test_forbidden_conversion_raises_in_both_directions(have: str, want: str) -> None:
    for one, other in ((have, want), (want, have)):
        with pytest.raises(UnitError) as refused:
            conversion(one, other)
        assert f"'{one}'" in str(refused.value) and f"'{other}'" in str(refused.value)


def test_every_two_aliases_convert_only_within_a_dimension() -> None:
    for one in ALIASES.values():
        for other in ALIASES.values():
            if measure(one).dimensions == measure(other).dimensions:
                assert conversion(one, other) * conversion(other, one) == pytest.approx(1, rel=1e-14)
            else:
                with pytest.raises(UnitError):
                    conversion(one, other)


def test_formulas_see_shares() -> None:
    assert in_formulas("%") == "share"
    assert in_formulas("%/year") == "share/year"
    assert in_formulas("billion USD/year") == "billion USD/year"


# ------------------------------------------------------------------------------------------------------
# Hostile texts

HOSTILE = [
    "", " ", "\n", "a" * 10_000, "USD/" * 2_500 + "year", " " * 10_000, "9" * 10_000, "(" * 10_000, "USD" + " " * 55 + "!",
    "9**9**9", "9^9^9", "USD**9**9", "USD^99", "USD^-1", "USD^.5", "USD^0", "10**400 USD", "1e400 USD",
    "__import__('os')", "__class__", "os.system('x')", "lambda: 0", "USD; EUR", "USD\x00", "USD\\n", "{USD}",
    "[us_dollar]", "delta_USD",
    "USD//year", "/year", "USD/", "*USD", "USD*", "USD year/", "USD/1", "2/year", "-USD", "+USD", "1/1", "1 1",
    "5 USD", "5USD", "USD 5", "5", "5 %", "%%", "USD%", "%USD", "0.01 share",
    "mUSD", "kUSD", "MUSD", "GUSD", "kperson", "kW", "kWh", "cMW", "dayUSD", "USDEUR", "millionUSD", "µUSD",
    "usd", "Usd", "dollar", "eur", "$", "€", "₴", "$/year", "USD·h", "USD×h", "USD−h", "m²", "ＵＳＤ", "USD^２", "USD^³",
    "USD_２０２４", "USD_1924",
    "USD\n/year", "USD/\nyear", "\tUSD\t/ year", "billion \u00a0USD", "USD\u2009/year", "UЅD",
    "nan", "inf", "e", "pi", "None", "True", "USD or EUR", "not USD", "USD per year", "USD to EUR", "m", "s", "k", "K",
    "degC", "dB",
    "USD/person year", "USD/person*year", "MW/reactor hour", "UAH/person-year", "(USD/year)", "USD/(person year)",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:20]))
def test_hostile_text_is_refused_at_once_in_one_line(text: str) -> None:
    start = time.perf_counter()
    for reader in (parse, measure, lambda t: conversion(t, "USD")):
        with pytest.raises(UnitError) as refused:
            reader(text)
        message = str(refused.value)
        assert len(message) < 250
        assert "\n" not in message.replace(text, "")
    assert time.perf_counter() - start < 0.5


def test_spaces_around_a_unit_do_not_matter() -> None:
    for text in (" billion USD/year ", "billion  USD / year", "billion*USD/year", "billion USD /year"):
        assert measure(text) == measure("billion USD/year")


@pytest.mark.parametrize(
    ("text", "near"), [("USS", "USD"), ("billions USDD", "USD"), ("yaer", "year"), ("MWhh", "MWh"), ("persn", "person")]
)
def test_the_nearest_unit_is_offered(text: str, near: str) -> None:
    with pytest.raises(UnitError, match=f"did you mean '{near}'"):
        parse(text)


def test_refusals_can_be_caught_as_ours_and_as_value_errors() -> None:
    for kind in (PlanError, ValueError):
        with pytest.raises(kind):
            parse("mUSD")


def test_no_prefix_exists() -> None:
    known = registry()
    bases = ["USD", "EUR", "UAH", "RUB", "person", "year", "hour", "t", "MWh", "share", "percent", "reactor"]
    prefixes = ["k", "M", "G", "T", "m", "c", "d", "u", "µ", "kilo", "mega", "giga", "milli", "centi", "Ki"]
    found = {p + b for p in prefixes for b in bases if p + b in known}
    assert found == {"Mt"}  # written out in the file of units


def test_vocabulary_is_small() -> None:
    # another thirty units would let typos through
    names = [name for name in registry() if re.fullmatch(r"[A-Za-z]+", name)]
    assert 20 <= len(names) <= 50


# ------------------------------------------------------------------------------------------------------
# pint's own registry


def test_the_application_registry_is_left_alone() -> None:
    code = (
        "import pint; application = pint.get_application_registry(); before = application.get()\n"
        "from ukraineplan.units import registry, measure; registry(); measure('billion USD/year')\n"
        "assert pint.get_application_registry().get() is before is not registry()\n"
        "assert 'USD' not in application and str(pint.Quantity('3 km').to('m').units) == 'meter'"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_units_are_read_without_pint_until_asked() -> None:
    code = "import sys; import ukraineplan.units; assert 'pint' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_foreign_quantities_do_not_mix_by_accident() -> None:
    with pytest.raises(ValueError, match="registr"):
        registry().Quantity(1, "hour") + pint.Quantity(1, "hour")


# ------------------------------------------------------------------------------------------------------
# choose


def test_choose_by_a_label() -> None:
    assert choose("yes", yes=1.0, no=2.0) == 1.0
    assert choose("no", yes=1.0, no=2.0) == 2.0
    assert choose(np.str_("no"), yes=1.0, no=2.0) == 2.0
    yearly = np.arange(3.0)
    assert choose("yes", yes=yearly, no=0) is yearly


@pytest.mark.parametrize("dtype", [None, object, "U20"])
def test_choose_by_many_labels(dtype: Any) -> None:
    labels = np.array(["yes", "no", "yes"], dtype=dtype)
    np.testing.assert_array_equal(choose(labels, yes=1.0, no=2.0), [1, 2, 1])
    np.testing.assert_array_equal(choose(labels, no=2.0, yes=1.0), [1, 2, 1])
    np.testing.assert_array_equal(choose(labels, yes=np.array([10.0, 20, 30]), no=0), [10, 0, 30])
    yearly = np.array([[1.0], [2.0]])
    np.testing.assert_array_equal(choose(labels, yes=yearly, no=-yearly), [[1, -1, 1], [2, -2, 2]])
    both = np.array([[1.0, 2, 3], [4, 5, 6]])
    np.testing.assert_array_equal(choose(labels, yes=both, no=0), [[1, 0, 3], [4, 0, 6]])


def test_choose_allows_every_label_of_a_data_file() -> None:
    assert choose("switch", switch=1.0, options=2.0) == 1.0


# ------------------------------------------------------------------------------------------------------
# ratio


@pytest.mark.filterwarnings("error")
def test_ratio() -> None:
    assert ratio(1.0, 4.0) == 0.25
    assert ratio(1.0, 0.0) == 0.0
    assert ratio(0.0, 0.0) == 0.0
    assert ratio(1, 0) == 0.0
    assert ratio(-1.0, -0.0) == 0.0
    np.testing.assert_array_equal(ratio(np.array([1.0, 2, 3]), np.array([2.0, 0, -3])), [0.5, 0, -1])
    np.testing.assert_array_equal(ratio(1.0, np.array([2.0, 0])), [0.5, 0])
    np.testing.assert_array_equal(ratio(np.array([1.0, 2]), 0.0), [0, 0])
    np.testing.assert_array_equal(ratio(np.ones((2, 1)), np.array([1.0, 0, 2])), [[1, 0, 0.5]] * 2)
    assert np.isnan(ratio(np.nan, 2.0)) and np.isnan(ratio(1.0, np.nan))
