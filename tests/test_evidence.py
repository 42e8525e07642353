"""The evidence is read whole and found again; what does not hold together is refused in one line."""

from __future__ import annotations

import csv
import io
import json
import pickle
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from ukraineplan.errors import DataError, UnknownName
from ukraineplan.evidence import Evidence, Fact, Source, arithmetic, datasets_folder, frame, read_evidence

FOLDER = datasets_folder()
TABLES = sorted(FOLDER.glob("facts/*.csv"))


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    return read_evidence(FOLDER)


# --- The shipped files


def test_every_source_is_cited(evidence: Evidence) -> None:
    """Catches a source left behind when its last fact went; the reader itself refuses the reverse."""
    assert {fact.source for fact in evidence.facts.values()} == set(evidence.sources)


def test_files_are_named_sorted_and_complete(evidence: Evidence) -> None:
    """Catches rows in the wrong file, in an order that makes large diffs, or with columns of their own."""
    for path in TABLES:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert list(rows[0]) == list(Fact.model_fields), path.name
        assert {row["topic"] for row in rows} == {path.stem}
        assert [row["id"] for row in rows] == sorted(row["id"] for row in rows), path.name
    assert len(evidence.facts) > 900 and len(evidence.sources) > 600


SAME_FACT_TWICE = {
    "plan_immobilised_assets_europe_seed", "e3_counter_znpp_split", "znpp_ukraine_us_offer",
    "e3_counter_znpp_return", "ml_vote_16_320", "pow_ua_7000", "pow_ru_4000", "children_19546",
    "prosperity_framework_500", "prosperity_eu_budget_100", "prosperity_eu_leverage_207",
}  # fmt: skip


def test_records_that_must_not_be_used_are_absent(evidence: Evidence) -> None:
    """Catches a record that came back: the first of two equal ones, or a seed where a better one exists."""
    assert not SAME_FACT_TWICE & set(evidence.facts)
    seeds = [fact for fact in evidence.facts.values() if fact.verification == "seed"]
    assert all(fact.superseded_by is None for fact in seeds)
    assert "unverified" not in get_args(Fact.model_fields["verification"].annotation)


def labels_of(annotation: Any) -> list[str]:
    """The labels of a Literal, also of one that may be empty."""
    inner = [arg for arg in get_args(annotation) if arg is not type(None)]
    return [label for arg in inner for label in ([arg] if isinstance(arg, str) else labels_of(arg))]


def test_the_descriptor_describes_the_files() -> None:
    """Catches a descriptor that drifts: a table it does not list, a column or a label it does not know."""
    package = json.loads((FOLDER / "datapackage.json").read_text(encoding="utf-8"))
    resources = {resource["name"]: resource for resource in package["resources"]}
    assert list(resources) == ["facts", "sources", "parameters", "texts"]
    assert resources["facts"]["path"] == [f"facts/{path.name}" for path in TABLES]
    assert package["licenses"][0]["name"] == "CC-BY-4.0" and "quotations" in package["description"]
    columns = {field["name"]: field for field in resources["facts"]["schema"]["fields"]}
    assert list(columns) == list(Fact.model_fields)
    for name, field in Fact.model_fields.items():
        constraints = columns[name].get("constraints", {})
        labels = labels_of(field.annotation)
        assert constraints.get("required", False) == field.is_required(), name
        assert constraints.get("enum", []) == labels, name


def test_vintages(evidence: Evidence) -> None:
    """Catches an average that was known before its month was over."""
    leak = date(2025, 11, 21)
    assert evidence.facts["fx_eur_per_usd_2025_10"].is_public(leak)
    assert not evidence.facts["fx_eur_per_usd_2025_11"].is_public(leak)
    assert evidence.facts["fx_eur_per_usd_2025_11"].is_public(
        evidence.facts["fx_eur_per_usd_2025_11"].public_since
    )


# --- Using the evidence


def test_unknown_ids_are_answered_with_the_nearest(evidence: Evidence) -> None:
    """Catches a bare KeyError, and a search for the nearest id where only membership was asked."""
    with pytest.raises(UnknownName, match="did you mean 'us28_cap_600k'"):
        evidence.facts["us28_cap_600"]
    with pytest.raises(UnknownName, match="no topic 'money-energy'; did you mean 'money_energy'"):
        evidence.search(topic="money-energy")
    assert "us28_cap_600" not in evidence.facts
    assert evidence.sources.get("nowhere") is None


def test_search_looks_in_ids_words_and_publishers(evidence: Evidence) -> None:
    """Catches a search that minds capitals, misses a column, or joins its conditions with 'or'."""
    assert evidence.facts["us28_cap_600k"] in evidence.search("LIMITED TO 600,000")
    assert evidence.facts["us28_cap_600k"] in evidence.search("us28_cap", topic="plan_text", text="us28")
    assert {fact.source for fact in evidence.search("TASS")} & {
        id for id, source in evidence.sources.items() if source.publisher == "TASS"
    }
    assert all(fact.text == "dec20" for fact in evidence.search(text="dec20"))
    assert not evidence.search("euroclear", text="us28", topic="timelines")
    assert len(evidence.search()) == len(evidence.facts)


def test_evidence_is_immutable_and_picklable(evidence: Evidence) -> None:
    """Catches evidence that one plan could change under another, or that workers cannot receive."""
    with pytest.raises(ValidationError):
        evidence.facts["us28_cap_600k"].value = 1  # type: ignore[misc]
    with pytest.raises(TypeError):
        evidence.facts["us28_cap_600k"] = None  # type: ignore[index]
    assert pickle.loads(pickle.dumps(evidence)) == evidence


def test_frames(evidence: Evidence) -> None:
    """Catches a table without columns when nothing is found, and one that loses rows."""
    assert list(frame([], Fact).reset_index().columns) == list(Fact.model_fields)
    assert frame(evidence.facts.values(), Fact).loc["us28_cap_600k", "value"] == 600000
    assert len(frame(evidence.sources.values(), Source)) == len(evidence.sources)


# --- Arithmetic


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("100 - 100 / 4", Fraction(75)),
        ("1.2 * 10**6", Fraction(1200000)),
        ("10000 / 1e9", Fraction(1, 100000)),
        ("28.162 / (1 - 0.267)", Fraction(28162, 733)),
        ("-69 * +2", Fraction(-138)),
        ("0.1 + 0.2", Fraction(3, 10)),
        ("2**-2", Fraction(1, 4)),
        ("12 * pay.high - pay.low", Fraction(670000)),
        ("rate / 2", Fraction(1, 20)),
    ],
)
def test_arithmetic_is_exact(text: str, value: Fraction) -> None:
    """Catches binary floats in between, and a wrong precedence."""
    pay = Fact.model_construct(id="pay", value=None, low=50000, high=60000)
    assert arithmetic(text, {"pay": pay, "rate": 0.1}) == value


@pytest.mark.parametrize(
    "text",
    [
        "", "1 +", "9**9**9", "(9**99)**99", "2**0.5", "1 / (1 - 1)", "0**-1", "1 < 2", "7 // 2", "7 % 2",
        "~1", "True", "1j", "'1'", "[1]", "abs(1)", "().__class__", "pay", "pay.quote", "pay.high.real",
        "pay.value", "lambda: 1", "1 if 1 else 2", "1e999", "1" * 5000, "+".join("1" * 5000), "(" * 300,
        "1\0",
    ],
)  # fmt: skip
def test_arithmetic_refuses_everything_else_at_once(text: str) -> None:
    """Catches code run from data, a text that hangs, and an error of another kind than our own."""
    pay = Fact.model_construct(id="pay", value=None, low=1, high=2)
    with pytest.raises(DataError) as caught:
        arithmetic(text, {"pay": pay})
    assert "\n" not in str(caught.value)


def test_names_in_arithmetic() -> None:
    """Catches names let in where none were given, and a misspelt one reported without help."""
    with pytest.raises(DataError, match="may not stand in arithmetic"):
        arithmetic("pay")
    with pytest.raises(UnknownName, match="did you mean 'pay'"):
        arithmetic("12 * pya", {"pay": 1})


# --- Bad input: one line with the file, the place and the repair

SOURCE: dict[str, Any] = {
    "id": "a-page",
    "type": "webpage",
    "title": "A page",
    "publisher": "Somebody",
    "issued": {"date-parts": [[2025, 11, 21]]},
    "URL": "https://example.org/page",
    "custom": {"quality": "news", "terms": "quoted briefly with attribution"},
}
ROW = {
    "id": "a_fact", "topic": "toys", "statement": "There are 5 toys", "value": "5", "unit": "toys",
    "public_since": "2025-11-20", "public_since_basis": "release", "quote": "5 toys", "lang": "en",
    "source": "a-page", "status": "press-report", "verification": "exact",
}  # fmt: skip


def table(*rows: dict[str, str]) -> str:
    """CSV text with all columns."""
    file = io.StringIO()
    writer = csv.DictWriter(file, list(Fact.model_fields), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def folder_with(path: Path, facts: str, sources: Any) -> Path:
    """A folder of evidence with one table; sources as JSON text, or as what becomes it."""
    (path / "facts").mkdir(parents=True)
    (path / "facts" / "toys.csv").write_text(facts, encoding="utf-8")
    text = sources if isinstance(sources, str) else json.dumps(sources)
    (path / "sources.json").write_text(text, encoding="utf-8")
    return path


def refusal(path: Path, base: Evidence | None = None) -> str:
    """The message with which a folder is refused: always one line."""
    with pytest.raises(DataError) as caught:
        read_evidence(path, base)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_small_folder_is_read(tmp_path: Path) -> None:
    """Catches tests of bad rows that would fail for another reason than the one they name."""
    evidence = read_evidence(folder_with(tmp_path, table(ROW), [SOURCE]))
    assert evidence.facts["a_fact"].value == 5 and isinstance(evidence.facts["a_fact"].value, int)
    assert evidence.sources["a-page"].issued == "2025-11-21"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"quote": ""}, "a fact without quote"),
        ({"quote": "   "}, "a fact without quote"),
        ({"source": ""}, "a fact without source"),
        ({"source": "a-pge"}, "no source 'a-pge'; did you mean 'a-page'"),
        ({"superseded_by": "another"}, "superseded_by: no fact 'another'"),
        ({"statement": ""}, "a fact without statement"),
        ({"value": "five"}, "value 'five' is not a number"),
        ({"value": "nan"}, "value 'nan' is not a number"),
        ({"value": "1e9"}, "value '1e9' is not a number"),
        ({"value": "600,000"}, "value '600,000' is not a number"),
        ({"low": "9", "high": "4", "low_high": "range"}, "low 9 is above high 4"),
        ({"low": "4"}, "without low_high"),
        ({"low_high": "error bar"}, "low_high 'error bar' is not one of range, related numbers"),
        ({"public_since": "21.11.2025"}, "public_since '21.11.2025' is no date; write year-month-day"),
        ({"public_since": "2025-02-30"}, "public_since '2025-02-30'"),
        ({"public_since": "1763683200"}, "public_since '1763683200' is no date"),
        ({"status": "press report"}, "did you mean 'press-report'"),
        ({"verification": "unverified"}, "verification 'unverified' is not one of exact"),
        ({"public_since_basis": "guess"}, "public_since_basis 'guess' is not one of release"),
        ({"id": "A fact"}, "id 'A fact' does not fit"),
        ({"derivation": "2 +"}, "derivation: '2 +' is not arithmetic"),
        ({"derivation": "9**9**9"}, "derivation: a power"),
        ({"derivation": "low: 3"}, "the derivation gives a low that the row does not have"),
        ({"derivation": "middle: 3"}, "a derivation reads 'value: ...; low: ...; high: ...'"),
    ],
)
def test_a_bad_fact_is_refused_with_its_line(tmp_path: Path, change: dict[str, str], message: str) -> None:
    """Catches a bad row that slips through, or a message that does not lead to it."""
    good = ROW | {"id": "good", "quote": "5 toys\nin two lines"}
    refused = refusal(folder_with(tmp_path, table(good, ROW | change), [SOURCE]))
    assert refused.startswith(f"{tmp_path / 'facts' / 'toys.csv'}, line 4: ")
    assert message in refused


@pytest.mark.parametrize(
    ("facts", "place", "message"),
    [
        (table(ROW, ROW), "line 3", "the id 'a_fact' is taken by"),
        (table(ROW) + "a,b\n", "line 3", "2 cells, not 24"),
        (table(ROW) + "\n\na,b\n", "line 5", "2 cells, not 24"),
        (table(ROW).replace("quote,", "qoute,"), "line 1", "column 'qoute' is unknown"),
        (table(ROW).replace("quote,", "unit,", 1), "line 1", "column 'unit' is unknown or comes twice"),
        (table(ROW) + '"never closed', "line 3", "check the quotation marks"),
    ],
)
def test_a_broken_table_is_refused_with_its_line(
    tmp_path: Path, facts: str, place: str, message: str
) -> None:
    """Catches shifted cells that would put a remark where the value belongs."""
    refused = refusal(folder_with(tmp_path, facts, [SOURCE]))
    assert refused.startswith(f"{tmp_path / 'facts' / 'toys.csv'}, {place}: ")
    assert message in refused


def source_with(**change: Any) -> list[dict[str, Any]]:
    return [{key: value for key, value in (SOURCE | change).items() if value is not None}]


@pytest.mark.parametrize(
    ("sources", "message"),
    [
        ('[\n{"id": "a-page",}\n]', ", line 2: broken JSON"),
        ("[" * 100000, "broken JSON"),
        ('{"id": "a-page"}', "not a list of sources"),
        ('["a-page"]', "not a list of sources"),
        ([SOURCE, SOURCE], "item 2 ('a-page'): the id 'a-page' is taken by"),
        (source_with(title=None), "item 1 ('a-page'): a source without title"),
        (source_with(publisher=None), "a source without publisher"),
        (source_with(custom={"terms": "x"}), "a source without custom.quality"),
        (source_with(custom={"quality": "rumour", "terms": "x"}), "custom.quality 'rumour' is not one of"),
        (source_with(custom="news"), "issued or custom is not as in CSL-JSON"),
        (source_with(issued="2025-11-21"), "issued or custom is not as in CSL-JSON"),
        (source_with(issued={"date-parts": []}), "issued or custom is not as in CSL-JSON"),
        (source_with(URL="javascript:alert(1)"), "URL 'javascript:alert(1)' does not fit"),
        (source_with(title=["A", "page"]), "title ['A', 'page']"),
    ],
)  # fmt: skip
def test_a_bad_source_is_refused_with_its_item(tmp_path: Path, sources: Any, message: str) -> None:
    """Catches a source that could not be cited, or whose address a page could be made to run."""
    refused = refusal(folder_with(tmp_path, table(ROW), sources))
    assert refused.startswith(str(tmp_path / "sources.json"))
    assert message in refused


def test_what_is_no_evidence_at_all_is_refused(tmp_path: Path) -> None:
    """Catches an empty answer where the folder was misspelt, and a crash on bytes of another encoding."""
    assert "no such file" in refusal(tmp_path / "nowhere")
    assert "no such file" in refusal(tmp_path)
    folder = folder_with(tmp_path, table(ROW), [SOURCE])
    (folder / "facts" / "toys.csv").write_bytes(table(ROW).replace("toys", "töys").encode("latin-1"))
    assert "save it as UTF-8" in refusal(folder)


def test_a_folder_may_add_to_the_evidence(tmp_path: Path, evidence: Evidence) -> None:
    """Catches an extra folder that replaces shipped facts, or cannot cite shipped sources."""
    shipped = next(iter(evidence.sources))
    more = read_evidence(folder_with(tmp_path / "more", table(ROW | {"source": shipped}), []), evidence)
    assert len(more.facts) == len(evidence.facts) + 1 and "a_fact" not in evidence.facts
    assert read_evidence(tmp_path, evidence) == evidence
    twice = folder_with(tmp_path / "twice", table(ROW | {"id": "us28_cap_600k"}), [SOURCE])
    assert "line 2: the id 'us28_cap_600k' is taken by the evidence" in refusal(twice, evidence)
