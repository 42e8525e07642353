"""Parameters: what a file says, what was public, and what a user types.

Would catch a fact of the future that slips into a range, a rival figure that leads, a unit that is taken for
another, and a number that is read as a tenth or a hundred times itself.
"""

import math
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import numpy as np
import pint
import pytest
from support import parameters

import ukraineplan as up
from ukraineplan.errors import DataError, InvalidValue, UnitError
from ukraineplan.library import shipped_library
from ukraineplan.parameters import Parameter, Value, read_value
from ukraineplan.resolving import facts_named, resolve
from ukraineplan.specs import ParameterSpec
from ukraineplan.texts import Clause, Setting, Text

# ------------------------------------------------------------------------------------------------------
# The table of the modelling done by hand: value, then range, at 21 November 2025. None where the notes name no
# range: numbers of law and of nature. A lever's range is what negotiators have put on the
# table; its value is held. Rounded as there: the text is the number as the notes print it.

BY_HAND: Final[dict[str, tuple[str, str, str | None, str | None]]] = {
    # name: (basis, value, low, high)
    "force_cap": ("stated", "600000", "400000", "800000"),
    "force_strength": ("sourced", "880000", "800000", "980000"),
    "prewar_strength": ("sourced", "250000", "196000", "261000"),
    "population": ("sourced", "31500000", "31500000", "37900000"),
    "labour_force": ("sourced", "15200000", "15200000", "17300000"),
    "soldier_cost_wartime": ("sourced", "1200000", "1150000", "1259100"),
    "soldier_pay_peacetime": ("sourced", "660000", "272797", "720000"),
    "gross_domestic_product": ("sourced", "10294", "10092", "10497"),
    "hryvnias_per_dollar": ("sourced", "41.97", "41.7565", "45.7"),
    "affordable_defence_share": ("assumed", "3.4", "2.3", "4.48"),
    "demobilisation_cost_per_head": ("sourced", "1500", "1000", "17500"),
    "demobilisation_pace": ("assumed", "100000", "37500", "280000"),
    "vehicle_principal": ("stated", "100", "0", "100"),
    "european_contribution": ("stated", "100", "0", "100"),
    "us_profit_share": ("stated", "50", "0", "50"),
    "vehicle_return": ("assumed", "5", "-5", "10"),
    "vehicle_fee": ("assumed", "1.5", "0", "2"),
    "vehicle_life": ("assumed", "10", "5", "20"),
    "vehicle_drawdown_years": ("assumed", "5", "1", "7"),
    "discount_rate": ("sourced", "4.06", "4.06", "15.94"),
    "reconstruction_needs": ("sourced", "524", "486", "524"),
    "euroclear_assets": ("sourced", "193", "180", "195"),
    "eu_assets": ("sourced", "210", "200", "210"),
    "euros_per_dollar": ("sourced", "0.859", "0.8453", "0.9603"),
    "deposit_rate": ("sourced", "2.00", "1.5", "2.5"),
    "yield_spread": ("assumed", "0.30", "0.07", "0.44"),
    "belgian_tax": ("sourced", "25", "24.1", "25"),
    "central_bank_share": ("sourced", "86.4", "86.4", "93.3"),
    "windfall_rate": ("sourced", "99.7", None, None),
    "windfall_retention": ("sourced", "10", None, None),
    "era_loan": ("sourced", "45", "30.9", "45"),
    "ukraine_share_of_znpp": ("stated", "50", "33", "100"),
    "united_states_share_of_znpp": ("stated", "0", "0", "50"),
    "znpp_units_available": ("assumed", "6", "1", "6"),
    "znpp_restart_delay": ("sourced", "1", "0.17", "5"),
    "znpp_units_restarted_per_year": ("assumed", "2", "1", "6"),
    "znpp_unit_capacity_net": ("sourced", "950", None, None),
    "znpp_unit_capacity_gross": ("sourced", "1000", None, None),
    "znpp_capacity_factor": ("sourced", "67.541857", "53.4", "73.1"),
    "ukraine_power_price": ("sourced", "4522.87", "4522.87", "5409.89"),
    "russia_power_price_energy_only": ("sourced", "2000", "1800", "2000"),
    "russia_power_price_one_part": ("sourced", "2530", "2530", "3134"),
    "roubles_per_euro": ("sourced", "92.6047", "92.6047", "104.75"),
    "ukraine_power_demand": ("sourced", "108.08", "104.2", "111.61"),
    "grid_emission_factor": ("sourced", "0.499", "0.250", "1.045"),
}
CONVENTIONS: Final = {
    "soldier_cost_basis": ("wartime", {"wartime", "peacetime_pay"}),
    "profit_base": ("first_100bn", {"first_100bn", "both_200bn"}),
    "profit_after_fees": ("yes", {"no", "yes"}),
    "losses_carried_forward": ("yes", {"no", "yes"}),
    "ukraine_profit_reinvested": ("no", {"no", "yes"}),
    "ukraine_owns_vehicle_at_close": ("no", {"no", "yes"}),
    "immobilised_scope": ("euroclear", {"euroclear", "eu_total"}),
    "windfall_basis": ("due", {"due", "paid"}),
    "output_basis": ("net", {"net", "gross"}),
    "power_price_basis": ("energy_only", {"energy_only", "one_part"}),
    "hours_per_year": (8760.0, {8760.0, 8766.0, 8784.0}),
}
LIMITS: Final = {
    "us_profit_share": (0, 100),
    "vehicle_life": (1, 30),
    "vehicle_drawdown_years": (1, math.inf),
    "vehicle_return": (-100, math.inf),
    "znpp_units_available": (0, 6),
    "znpp_units_restarted_per_year": (1, 6),
    "force_cap": (0, math.inf),
    "vehicle_fee": (0, 100),
    "ukraine_share_of_znpp": (0, 100),
    "united_states_share_of_znpp": (0, 100),
    "belgian_tax": (0, 100),
    "affordable_defence_share": (0, 100),
}


def prints(found: float, written: str) -> bool:
    """Whether a number rounds to the one in the notes, to as many decimals as stand there."""
    half = Fraction(1, 2 * 10 ** len(written.partition(".")[2]))
    return abs(Fraction(found) - Fraction(written)) <= half * (1 + Fraction(1, 10**9))


@pytest.mark.parametrize("name", BY_HAND)
def test_value_and_range_at_the_leak_are_those_worked_out_by_hand(name: str) -> None:
    basis, value, low, high = BY_HAND[name]
    p = parameters()[name]
    assert p.basis == basis and isinstance(p.value, float) and prints(p.value, value), (p.basis, p.value)
    if low is None or high is None:
        assert p.range is None
    else:
        assert p.range is not None and prints(p.range[0], low) and prints(p.range[1], high), p.range
        assert p.range[0] <= p.value <= p.range[1]


@pytest.mark.parametrize("name", CONVENTIONS)
def test_conventions_have_the_options_and_defaults_worked_out_by_hand(name: str) -> None:
    p = parameters()[name]
    value, choices = CONVENTIONS[name]
    assert p.role == "convention" and p.value == value and set(p.choices) == choices and p.range is None and p.basis == "assumed"
    assert p.assumption and (not p.labelled or set(p.choice_labels or {}) == choices)


def test_nothing_of_these_provisions_is_left_out() -> None:
    """The others have tables of their own, beside their sums done by hand."""
    of = {"force_cap", "asset_vehicle", "immobilised_assets", "znpp"}
    assert {n for n, p in parameters().items() if p.provision in of} == BY_HAND.keys() | CONVENTIONS.keys()


@pytest.mark.parametrize("name", LIMITS)
def test_what_is_possible_at_all(name: str) -> None:
    assert parameters()[name].limits == LIMITS[name]


def test_competing_figures_at_the_leak_are_those_worked_out_by_hand() -> None:
    competing = {n: set(p.competing) for n, p in parameters().items()}
    assert competing["force_strength"] >= {"uaf_980k_jan2025", "uaf_880k_jan2024", "gfp2025_ukraine_900k"}
    assert competing["force_strength"].isdisjoint(
        {"iiss_2026_ukraine_677k", "bi_2025_ukraine_730k", "uaf_900k_nov2025"}
    )  # known later
    assert competing["prewar_strength"] >= {"law_ceiling_261k_2021_rada", "uaf_preinvasion_261k_umerov", "iiss_2022_active_196k"}
    assert competing["population"] >= {"pop_imf_2025_32_9m", "pop_un_wpp_37_9m", "pop_uif_29m"}
    assert competing["euros_per_dollar"] == {"fx_eur_per_usd_2024_avg"}


def test_every_number_is_backed_by_facts_or_by_a_sentence_and_never_by_both() -> None:
    for name, p in parameters().items():
        if p.role != "lever" and p.value is not None:  # of a number that is not public yet, the facts are left out
            assert bool(p.facts) != bool(p.assumption), name
        assert p.why, name
        assert p.role != "lever" or p.value is None or p.facts, name  # the quotes of the clause


# ------------------------------------------------------------------------------------------------------
# Vintages


def spec(**more: Any) -> ParameterSpec:
    given: dict[str, Any] = {"name": "x", "provision": "toll", "label": "Toll", "role": "uncertainty", "unit": "EUR/USD"}
    return ParameterSpec.model_validate(given | more)


def at(day: str, stated: tuple[Value, tuple[str, ...]] | Setting | None = None, **more: Any) -> Parameter:
    """A parameter of a text that is silent on it, that sets it in a clause with these facts, or that does something else."""
    setting = Setting("x", "not stated", "It says nothing.") if stated is None else stated
    if isinstance(setting, tuple):
        clause = Clause(point="1", summary="A clause.", facts=list(setting[1]), coverage="quantified")
        setting = Setting("x", "set", "It says so.", setting[0], clause)  # type: ignore[arg-type]
    return resolve(spec(**more), shipped_library().evidence, date.fromisoformat(day), setting, "us28")


SERIES: Final = ["fx_eur_per_usd_2025_12", "fx_eur_per_usd_2025_11", "fx_eur_per_usd_2025_10", "fx_eur_per_usd_2025_02"]


def public(fact: str) -> date:
    return shipped_library().evidence.facts[fact].public_since


@pytest.mark.parametrize("fact", SERIES)
def test_the_latest_fact_that_is_public_leads_from_its_first_day(fact: str) -> None:
    on = at(str(public(fact)), facts=SERIES)
    assert on.facts[0] == fact and on.value == float(shipped_library().evidence.facts[fact].value or 0)
    before = at(str(date.fromordinal(public(fact).toordinal() - 1)), facts=SERIES)
    assert fact not in before.facts


def test_before_the_first_fact_there_is_no_value_and_the_reason_names_the_day() -> None:
    first = public(SERIES[-1])
    p = at("2020-01-01", facts=SERIES, range=[0.5, 0.9], range_because="x")
    assert p.value is None and p.range is None and p.facts == () and p.basis == "sourced"
    assert p.reason == f"no fact about it was public on 2020-01-01; the first is of {first}"


def test_an_end_of_a_range_appears_once_its_fact_is_public() -> None:
    ends = {"facts": [SERIES[-1]], "range": [SERIES[-2], "0.99 * fx_eur_per_usd_2025_02"]}
    known, new = public(SERIES[-1]), public(SERIES[-2])
    before = at(str(known), **ends)
    assert before.range is not None and before.value is not None
    assert before.range == (pytest.approx(0.99 * 0.9603), 0.9603)  # the other end is the value itself until it is known
    after = at(str(new), **ends)
    assert after.range == (0.859, 0.9603) and SERIES[-2] in after.range_facts and SERIES[-2] not in before.range_facts


def test_a_range_whose_ends_are_both_unknown_is_no_range() -> None:
    p = at(str(public(SERIES[-1])), facts=[SERIES[-1]], range=[SERIES[0], SERIES[1]])
    assert p.value == 0.9603 and p.range is None and p.range_facts == ()


def test_a_value_outside_the_published_ends_widens_the_range() -> None:
    p = at("2025-11-21", facts=["fx_eur_per_usd_2025_02"], range=[0.7, 0.9], range_because="x")
    assert p.range == (0.7, 0.9603)


def test_rivals_and_benchmarks_count_only_once_they_are_public_and_never_lead() -> None:
    p = at(
        "2025-11-21",
        facts=["fx_eur_per_usd_2025_10"],
        competing=["fx_eur_per_usd_2025_12", "fx_eur_per_usd_2024_avg"],
        benchmarks=[SERIES[1]],
    )
    assert p.value == 0.859 and p.competing == ("fx_eur_per_usd_2024_avg",) and p.benchmarks == ()


def test_a_derivation_needs_all_its_facts() -> None:
    both = {
        "facts": ["fx_eur_per_usd_2025_10", "fx_eur_per_usd_2025_11"],
        "derivation": "(fx_eur_per_usd_2025_10 + fx_eur_per_usd_2025_11) / 2",
    }
    assert at("2025-11-21", **both).value is None
    assert at("2026-01-15", **both).value == pytest.approx((0.859 + 0.8652) / 2, abs=1e-3)


@pytest.mark.parametrize(
    ("expression", "names"),
    [("12 * pay.high", ("pay",)), ("a_1 + b - 1e6", ("a_1", "b")), ("a / a.low", ("a",)), ("100", ()), ("1.5e3 * x", ("x",))],
)
def test_facts_that_an_expression_names(expression: str, names: tuple[str, ...]) -> None:
    assert facts_named(expression) == names


def test_the_series_of_a_parameter_run_from_new_to_old() -> None:
    # "the latest that is public leads" holds only if the file is in that order
    facts = shipped_library().evidence.facts
    for name, found in shipped_library().specs.items():
        if not found.derivation:
            days = [facts[i].public_since for i in found.facts]
            assert days == sorted(days, reverse=True), name


# ------------------------------------------------------------------------------------------------------
# Levers


LEVER: Final = {"role": "lever", "unit": "%", "range": [0, 50], "range_because": "x", "limits": [0, 100]}


def test_a_lever_has_its_value_from_the_text_alone() -> None:
    set_to = at("2025-11-21", ("50 %", ("us28_p14_profit_verbatim",)), **LEVER)
    assert (set_to.value, set_to.basis, set_to.facts, set_to.range) == (50, "stated", ("us28_p14_profit_verbatim",), (0, 50))
    silent = at("2025-11-21", None, **LEVER)
    assert (silent.value, silent.basis, silent.reason) == (
        None, "stated", "the text 'us28' does not state it (It says nothing)",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("unknown", "it is unknown in the text 'us28' (Why); 1 or 2"),
        ("open", "the text 'us28' leaves it open (Why); 1 or 2"),
        ("removed", "the text 'us28' removes it, which leaves no limit (Why); 1 or 2"),
        ("not stated", "the text 'us28' does not state it (Why); 1 or 2"),
    ],
)
def test_a_lever_without_a_value_says_in_which_of_four_ways(state: Any, said: str) -> None:
    """Catches an unknown that reads like silence, and rival values that are lost."""
    found = at("2025-11-21", Setting("x", state, "Why.", rivals=("1 or 2",)), **LEVER)
    assert (found.value, found.state, found.reason) == (None, state, said)


def test_a_lever_that_a_text_removes_reads_as_its_file_says() -> None:
    """Catches a clause that is gone and whose share stays, and a limit that is gone and reads as zero."""
    gone = Setting("x", "removed", "Gone.")
    share = at("2025-11-21", gone, **LEVER, if_removed=0)
    assert (share.value, share.state, share.basis) == (0, "removed", "stated") and "read as zero" in (share.reason or "")
    assert at("2025-11-21", gone, **LEVER).value is None


def test_a_document_beside_a_text_counts_once_it_is_public() -> None:
    """Catches a later document that is read into an earlier vintage, as the text's own clauses may be."""
    clause = Clause(point="1", summary="A clause.", facts=["fx_eur_per_usd_2025_11"], coverage="quantified")
    beside = Setting("x", "set", "It says so.", "50 %", clause, beside=True)
    assert at("2026-06-01", beside, **LEVER).value == 50
    early = at("2025-11-21", beside, **LEVER)
    assert early.value is None and "was not public before 2025-12-01" in (early.reason or "")


@pytest.mark.parametrize("given", ["130 %", "-1 %", "0.5", 0.5, "$5", "5 USD", "half", math.nan])
def test_a_text_cannot_set_what_is_not_possible(given: Any) -> None:
    with pytest.raises((InvalidValue, UnitError)):
        at("2025-11-21", (given, ()), **LEVER)


def test_the_text_exempts_its_own_clauses_from_the_vintage() -> None:
    early = up.load("us28", as_of="2000-01-01")
    for name, p in early.parameters.items():
        if p.role == "lever" and p.state == "set":
            assert p.value is not None and p.basis == "stated" and early[name].sources, name


def test_a_text_may_set_a_convention_and_the_vintage_does_not_matter() -> None:
    word = {"role": "convention", "unit": None, "choices": ["a", "b"], "value": "a", "assumption": "x"}
    assert (at("2000-01-01", **word).value, at("2000-01-01", **word).basis) == ("a", "assumed")
    assert (at("2000-01-01", ("b", ()), **word).value, at("2000-01-01", ("b", ()), **word).basis) == ("b", "stated")
    with pytest.raises(InvalidValue, match="one of a, b"):
        at("2000-01-01", ("c", ()), **word)


def test_a_text_is_a_list_of_clauses_of_which_one_at_most_sets_a_lever() -> None:
    text = shipped_library().texts["us28"]
    assert isinstance(text, Text)
    set_by = [name for clause in text.clauses for name in clause.sets]
    assert len(set_by) == len(set(set_by)) and set(set_by) >= {n for n, p in parameters().items() if p.state == "set"}


# ------------------------------------------------------------------------------------------------------
# What a user types


def p(name: str) -> Parameter:
    return parameters()[name]


foreign = pint.UnitRegistry()
foreign.define("USD = [currency]")
foreign.define("person = [people]")
ours: Any = up.load("us28")

SAME: Final[list[tuple[str, list[Any], float]]] = [
    (
        "vehicle_return",
        [
            "5 %/year",
            "5%/year",
            "5 % / year",
            "0.05 share/year",
            "5 percent/year",
            5,
            5.0,
            "5",
            np.float64(5),
            np.int32(5),
            Decimal(5),
            Fraction(5),
            foreign.Quantity(5, "percent/year"),
            foreign.Quantity(0.05, "1/year"),
            ours["vehicle_return"].quantity,
            "+5 %/year",
            "5.0e0 %/year",
            np.array(5.0),
        ],
        5.0,
    ),
    ("us_profit_share", ["50 %", "0.5 share", 50, foreign.Quantity(50, "percent"), ours["us_profit_share"].quantity], 50.0),
    (
        "vehicle_principal",
        [
            "100 billion USD",
            "1e11 USD",
            "100000 million USD",
            100,
            "100 bn USD",
            foreign.Quantity(1e11, "USD"),
            "100_000_000_000 USD",
        ],
        100.0,
    ),
    (
        "force_cap",
        [
            "600000",
            600_000,
            "600000 person",
            "600 thousand person",
            "600000 persons",
            "600_000",
            "6e5 person",
            foreign.Quantity(600_000, "person"),
        ],
        600_000.0,
    ),
    ("vehicle_life", ["10 year", "10 years", 10, "10", foreign.Quantity(10, "year"), np.float32(10)], 10.0),
    ("ukraine_power_price", ["4500 UAH/MWh", "4.5 thousand UAH/MWh", 4500], 4500.0),
    ("euros_per_dollar", ["0.859 EUR/USD", 0.859, "0.859"], 0.859),
    ("hours_per_year", ["8766 hour/year", 8766, "8766", 8766.0, "8766 h/year"], 8766.0),
    ("gross_domestic_product", ["10294 billion UAH/year", "10294 bn UAH/year", 10294], 10294.0),
    ("yield_spread", ["0.3 %/year", "0.003 share/year"], 0.3),
    ("znpp_unit_capacity_net", ["950 MW/reactor", "0.95 GW/reactor", 950], 950.0),
]


@pytest.mark.parametrize(("name", "given", "value"), [(n, g, v) for n, given, v in SAME for g in given], ids=str)
def test_many_ways_to_write_one_value(name: str, given: Any, value: float) -> None:
    found = read_value(p(name), given)
    assert isinstance(found, float) and found == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("name", [n for n in CONVENTIONS if n != "hours_per_year"])
def test_a_convention_is_set_by_its_label(name: str) -> None:
    for choice in p(name).choices:
        assert read_value(p(name), choice) == choice
    for wrong in ("maybe", "", 1, True, None, 0.5, str(p(name).value).upper(), f"{p(name).value} "):
        with pytest.raises(InvalidValue, match=f"{name} is one of {', '.join(map(str, p(name).choices))}"):
            read_value(p(name), wrong)


def test_a_misspelt_label_offers_the_nearest() -> None:
    with pytest.raises(InvalidValue, match="did you mean 'both_200bn'"):
        read_value(p("profit_base"), "both_20bn")


@pytest.mark.parametrize("given", [8761, "8761", "8760 hour", "a year", True, "8760 %"])
def test_a_numeric_choice_takes_its_options_alone(given: Any) -> None:
    with pytest.raises((InvalidValue, UnitError)):
        read_value(p("hours_per_year"), given)


@pytest.mark.parametrize("given", [0.5, "0.5", -0.5, 0.999, "-.5", 1e-9, np.float64(0.5), Fraction(1, 2), "+0.25"])
@pytest.mark.parametrize("name", ["us_profit_share", "vehicle_return", "belgian_tax"])
def test_a_bare_number_below_one_for_per_cent_is_refused_with_both_readings(name: str, given: Any) -> None:
    if given == "-.5":  # no digit before the point: no number to begin with
        with pytest.raises(InvalidValue):
            read_value(p(name), given)
        return
    rate = p(name).unit.removeprefix("%")
    with pytest.raises(InvalidValue) as error:
        read_value(p(name), given)
    number = float(given)
    assert f"write '{number:g} %{rate}' or '{number * 100:g} %{rate}'" in str(error.value)


@pytest.mark.parametrize("given", [0, "0", 0.0, 1, "1", "0.5 %", "0.5 share"])
def test_zero_one_and_what_has_a_unit_are_not_ambiguous(given: Any) -> None:
    read_value(p("us_profit_share"), given)


@pytest.mark.parametrize("given", [2.5, "2.5", "2.5 year", 10.000001, Fraction(21, 2)])
def test_a_fraction_of_a_whole_number_is_refused(given: Any) -> None:
    with pytest.raises(InvalidValue, match="vehicle_life is a whole number"):
        read_value(p("vehicle_life"), given)


def test_a_whole_number_in_another_unit_stays_whole() -> None:
    # 600.001 thousand is 600,001 persons, whatever floats make of it
    for thousands in (600.001, 677.123, 880.003, 999.999):
        assert read_value(p("force_cap"), f"{thousands} thousand person") == pytest.approx(thousands * 1000, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("us_profit_share", "101 %"),
        ("us_profit_share", -1),
        ("force_cap", -1),
        ("vehicle_life", 31),
        ("vehicle_life", 0),
        ("vehicle_drawdown_years", 0),
        ("znpp_units_available", 7),
        ("vehicle_return", "-101 %/year"),
        ("euros_per_dollar", 0),
        ("population", 0),
        ("discount_rate", "-100 %/year"),
        ("vehicle_fee", "-0.1 %/year"),
    ],
)
def test_outside_a_limit_is_refused_with_the_limit(name: str, given: Any) -> None:
    with pytest.raises(InvalidValue, match=f"^{name} is (from|at least) ") as error:
        read_value(p(name), given)
    assert ", got " in str(error.value)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("us_profit_share", "100 %"),
        ("us_profit_share", 0),
        ("vehicle_life", 30),
        ("vehicle_life", 1),
        ("force_cap", 0),
        ("vehicle_return", "-100 %/year"),
        ("vehicle_drawdown_years", 1),
        ("znpp_units_available", 0),
    ],
)
def test_the_limit_itself_is_inside(name: str, given: Any) -> None:
    read_value(p(name), given)


@pytest.mark.parametrize(
    "given",
    [
        True,
        False,
        np.True_,
        np.array([5.0]),
        np.array([5.0, 6.0]),
        [5],
        {"a": 1},
        None,
        object(),
        5 + 0j,
        b"5",
        date(2025, 1, 1),
        10**400,
        Decimal("NaN"),
        Decimal("sNaN"),
        Decimal("1e999"),
        foreign.Quantity([1.0, 2.0], "percent/year"),
        ours["vehicle_return"],
    ],
)
def test_what_is_no_plain_number_is_refused_in_words(given: Any) -> None:
    with pytest.raises((InvalidValue, UnitError), match="vehicle_return"):
        read_value(p("vehicle_return"), given)


@pytest.mark.parametrize("given", ["600,000", "600,000 persons", "600.000,5"])
def test_a_number_as_print_writes_it_says_what_is_wrong_with_it(given: str) -> None:
    # people copy "600,000 persons" from the sheet: a unit ",000 persons" helps nobody
    with pytest.raises((InvalidValue, UnitError)) as error:
        read_value(p("force_cap"), given)
    assert "',000" not in str(error.value).replace(repr(given), "") and "separators" in str(error.value)


@pytest.mark.parametrize("name", list(BY_HAND))
def test_the_example_in_a_message_is_itself_accepted(name: str) -> None:
    with pytest.raises(InvalidValue) as error:
        read_value(p(name), "rabbit")
    example = str(error.value).split("such as '")[1].split("'")[0]
    found = read_value(p(name), example)
    assert isinstance(found, float) and found == pytest.approx(p(name).value, rel=1e-9)


@pytest.mark.parametrize("name", list(BY_HAND))
def test_what_a_parameter_shows_is_what_it_takes(name: str) -> None:
    value = p(name).value
    assert read_value(p(name), f"{value!r} {p(name).unit}") == value
    quantity = ours[name].quantity
    assert read_value(p(name), quantity) == pytest.approx(value, rel=1e-12)


# ------------------------------------------------------------------------------------------------------
# Shares of one thing


@pytest.mark.parametrize(("ukraine", "united_states"), [(50, 51), (100, 1), (34, 67), (50, 60)])
def test_shares_that_add_up_to_more_than_the_whole_are_refused(ukraine: int, united_states: int) -> None:
    with pytest.raises(InvalidValue, match=r"add up to 1\d\d, more than 100"):
        up.load("us28").with_values(ukraine_share_of_znpp=ukraine, united_states_share_of_znpp=united_states)


@pytest.mark.parametrize("tenths", range(0, 1001, 13))
def test_shares_that_add_up_to_the_whole_are_taken(tenths: int) -> None:
    typed = {"ukraine_share_of_znpp": f"{tenths / 10} %", "united_states_share_of_znpp": f"{(1000 - tenths) / 10} %"}
    plan = up.load("us28").with_values(**typed)
    assert plan["russia_share_of_znpp"].value == pytest.approx(0, abs=1e-12)


def test_three_thirds_fit() -> None:
    plan = up.load("us28").with_values(
        ukraine_share_of_znpp="33.333333333333336 %", united_states_share_of_znpp="33.333333333333336 %"
    )
    assert plan["russia_share_of_znpp"].value == pytest.approx(1 / 3)


# ------------------------------------------------------------------------------------------------------
# What the data file cannot say


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ({"role": "lever", "value": 5}, "lever has no value"),
        ({"role": "lever", "assumption": "x"}, "lever"),
        ({"role": "lever", "facts": SERIES}, "lever"),
        ({}, "exactly one of the two"),
        ({"value": 5, "facts": SERIES, "assumption": "x"}, "exactly one of the two"),
        ({"assumption": "x"}, "needs a value"),
        ({"facts": SERIES, "value": 1}, "comes from the facts"),
        ({"role": "convention", "assumption": "x", "value": 1}, "needs choices"),
        ({"assumption": "x", "value": 1, "unit": None}, "unit"),
        ({"assumption": "x", "value": 1, "range": [0, 2]}, "range_because"),
        ({"role": "lever", "choices": ["a"], "value": "b"}, "lever"),
        ({"assumption": "x", "value": math.nan}, "finite|number|nan"),
        ({"assumption": "x", "value": math.inf}, "finite|number|inf"),
        ({"assumption": "x", "value": "five"}, "number"),
        ({"assumption": "x", "value": True}, "number|valid"),
        ({"assumption": "x", "value": 5, "range": [9, 1], "range_because": "x"}, "range|low|above"),
        ({"assumption": "x", "value": 130, "limits": [0, 100]}, "limit|from 0|outside|at most"),
        ({"assumption": "x", "value": 2.5, "whole": True}, "whole"),
        ({"assumption": "x", "value": 5, "range": [0, 130], "range_because": "x", "limits": [0, 100]}, "limit|from 0|outside"),
        ({"assumption": "x", "value": 5, "limits": [100, 0]}, "limit"),
        ({"assumption": "x", "value": 5, "nonsense": 1}, "nonsense|Extra"),
    ],
)
def test_a_specification_that_does_not_hold_is_refused(more: dict[str, Any], what: str) -> None:
    # at reading, or at the latest when a plan is made of it
    with pytest.raises((ValueError, DataError), match=what):
        at("2025-11-21", **more)


def test_a_fact_in_another_dimension_is_refused_with_file_and_name() -> None:
    with pytest.raises(DataError, match=r"toll\.toml: x: uaf_880k_jan2025: 'persons' does not convert to 'EUR/USD'"):
        at("2025-11-21", facts=["uaf_880k_jan2025"])


@pytest.mark.parametrize(
    "derivation",
    [
        "fx_eur_per_usd_2025_10 * 9**9**9",
        "fx_eur_per_usd_2025_10 / 0",
        "fx_eur_per_usd_2025_10 +",
        "__import__('fx_eur_per_usd_2025_10')",
        "fx_eur_per_usd_2025_10.hihg",
        "fx_eur_per_usd_2025_10" + " + 1" * 10_000,
    ],
    ids=lambda text: text[:40],
)
def test_a_derivation_that_is_no_arithmetic_is_refused_with_file_and_name(derivation: str) -> None:
    with pytest.raises(DataError, match=r"toll\.toml: x: "):
        at("2025-11-21", facts=["fx_eur_per_usd_2025_10"], derivation=derivation)


def test_another_currency_is_refused_with_the_way_from_one_to_the_other() -> None:
    """Catches advice to type the number that stands there already."""
    with pytest.raises(up.UnitError, match=r"got '86 billion EUR': one currency becomes another by an exchange rate"):
        up.load().with_values(vehicle_principal="86 billion EUR")
