"""The fact sheet: what a machine can check of it. What it looks like, people look at.

What these catch: a row without unit, range or basis; a source or a derivation that is named but not there; markup that
somebody else's words break; a page that loads something; a figure that differs between HTML and Markdown; half a file.
"""

import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Final

import pytest
from page import Element, Page, links, plain

import ukraineplan as up
from ukraineplan.evidence import Evidence
from ukraineplan.explain import step
from ukraineplan.names import Names
from ukraineplan.report import Sheet, fact_sheet

ROOT: Final = Path(__file__).parents[1]
BASES: Final = {"stated", "sourced", "assumed", "computed", "set"}
PROVISIONS: Final = tuple(up.provisions().index)
BANNED: Final = re.compile(r"\b(could cost|as much as|just|concessions?|loses|gains|fair|will|deported)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def plan() -> up.Plan:
    return up.load()


@pytest.fixture(scope="module", params=[None, *PROVISIONS])
def sheet(plan: up.Plan, request: pytest.FixtureRequest) -> Sheet:
    return fact_sheet(plan, request.param)


@pytest.fixture(scope="module")
def page(sheet: Sheet) -> Page:
    return Page(sheet.text)


@pytest.fixture(scope="module")
def whole(plan: up.Plan) -> Page:
    return Page(fact_sheet(plan).text)


# ------------------------------------------------------------------------------------------------------
# The structure that machines read


def check(page: Page) -> int:
    """What every row of every sheet must have; the number of rows."""
    for row in page.rows():
        name, basis = row.attributes["data-name"], row.attributes["data-basis"]
        assert basis in BASES, name
        assert row.cell("unit").text, f"{name} has no unit"
        assert row.cell("span").text, f"{name} says nothing of low to high"
        told = row.cell("bs").text
        not_in_the_text = basis == "stated" and "data-unset" in row.attributes
        assert told == "–" if not_in_the_text else basis in told and len(told) > len(basis), f"{name}: mark and word of its basis"
        sources = [href for href in links(row) if re.fullmatch(r"#s\d+", href)]
        if basis in ("stated", "sourced") and "data-unset" not in row.attributes:
            assert sources, f"{name} links no source"
        if basis == "assumed":
            assert [e.text for e in row.all("small") if e.attributes.get("class") == "reason" and e.text], f"{name}: no reason"
        if basis == "computed":
            assert f"#how-{name}" in links(row), f"{name} does not link how it is computed"
            block = page.ids[f"how-{name}"]
            assert "data-unset" in row.attributes or block.text.count("=") >= 3, f"{name}: names, numbers, result"
        if "data-unset" in row.attributes:
            assert row.attributes["data-unset"] in row.text and row.all("small"), f"{name}: the word and the reason"
    return len(page.rows())


def test_every_row_says_what_it_rests_on(page: Page) -> None:
    """Catches a number without unit, range, basis, source, reason or derivation."""
    assert check(page) > 20


def test_every_number_of_the_plan_is_on_the_sheet(plan: up.Plan, whole: Page) -> None:
    """Catches a formula or a parameter that no section prints."""
    assert {row.attributes["data-name"] for row in whole.rows()} >= set(plan)


def test_rows_print_what_the_plan_prints(plan: up.Plan, page: Page) -> None:
    """Catches a figure or a range that is not the plan's."""
    for row in page.rows():
        number, words = plan[row.attributes["data-name"]], "words" in str([e.attributes for e in row.all("td")])
        value = row.cell("words" if words else "value").text
        assert plain(number.display).startswith(value) or value in ("not stated", "unknown", "open", "removed")
        assert row.cell("span").text.removesuffix("no range") == plain(number.span)


def test_links_resolve_and_ids_are_unique(page: Page) -> None:
    """Catches a source, a row or a derivation that is linked but not there, and an id that two elements claim."""
    assert not [i for i, n in Counter(e.attributes["id"] for e in page.root.all() if "id" in e.attributes).items() if n > 1]
    for href in links(page.root):
        assert href.startswith("https://") or href.startswith("http://") or href[1:] in page.ids, href
    for element in page.root.all():
        for name in ("aria-labelledby", "for"):
            assert element.attributes.get(name, "main") in page.ids


def test_sources_are_numbered_in_order_of_first_use(page: Page) -> None:
    """Catches sources that nobody cites, and numbers that jump."""
    cited = [href[2:] for href in links(page.root) if re.fullmatch(r"#s\d+", href)]
    listed = [i[1:] for i in page.ids if re.fullmatch(r"s\d+", i)]
    assert list(dict.fromkeys(cited)) == listed == [str(n) for n in range(1, len(listed) + 1)]


def test_sources_carry_quote_language_and_standing(plan: up.Plan, whole: Page) -> None:
    """Catches a quote without its language, and state media or copies that are not named as such."""
    text = {e.text: e for e in whole.root.all("q")}
    for citation in plan["us_profit_total"].sources:
        quote = text[" ".join(citation.fact.quote.split())]
        assert quote.attributes["lang"] == citation.fact.lang
    flags = [e.text for e in whole.root.all("span") if e.attributes.get("class") == "flag"]
    assert {"state media", "aggregator", "mirror"} <= set(flags)


def test_the_page_is_whole_by_itself(sheet: Sheet, page: Page) -> None:
    """Catches a script, a handler, or anything that a browser would fetch."""
    assert not page.root.all("script") + page.root.all("link") + page.root.all("img") + page.root.all("iframe")
    assert not [a for e in page.root.all() for a in e.attributes if a.startswith("on") or a in ("src", "srcset", "action")]
    assert not re.search(r"url\(|@import|@font-face", "".join(e.text for e in page.root.all("style")))
    assert "default-src 'none'" in sheet.text


def test_the_page_says_its_language_and_lets_readers_skip(page: Page) -> None:
    """Catches a page that a screen reader cannot find its way in."""
    (root,) = page.root.all("html")
    assert root.attributes["lang"] == "en"
    assert links(page.root)[:2] == ["#main", "#sources"]
    levels = [int(e.tag[1]) for e in page.root.all() if re.fullmatch(r"h[1-6]", e.tag)]
    assert levels[0] == 1 and levels.count(1) == 1 and all(b - a <= 1 for a, b in pairwise(levels))
    for table in page.root.all("table"):
        assert table.all("caption") and all("scope" in th.attributes for th in table.all("th"))
    assert all(svg.attributes["role"] == "img" and svg.attributes["aria-label"] for svg in page.root.all("svg"))


def test_our_own_words_are_plain(page: Page) -> None:
    """Catches a word that judges or foretells, outside of quotes."""
    ours = "\n".join(_ours(e) for e in page.root.all("main") + page.root.all("header"))
    assert not BANNED.findall(ours)


def _ours(element: Element) -> str:
    """The text without quotes, their translations and titles of sources."""
    if element.tag in ("q", "cite", "blockquote") or "lang" in element.attributes or element.attributes.get("class") == "english":
        return ""
    return "".join(re.sub("“[^”]*”", "", x) if isinstance(x, str) else _ours(x) for x in element.inside)


# ------------------------------------------------------------------------------------------------------
# What it says


def test_the_front_page_has_at_most_five_numbers(plan: up.Plan, whole: Page) -> None:
    """Catches a front page that answers no longer in ten seconds."""
    (glance,) = [e for e in whole.root.all("div") if e.attributes.get("class") == "glance"]
    shown = [e.text for e in glance.all("span") if e.attributes.get("class") == "figure"]
    assert 0 < len(shown) <= 5
    assert shown[1] == "$12bn" and "$0bn to $100bn" in glance.text and "if the vehicle earned" in glance.text


def test_other_readings_stand_on_the_front_page_and_in_their_section(plan: up.Plan, whole: Page) -> None:
    """Catches a convention that moves a headline and is not told, or is told with another number."""
    instead = plan.with_values(profit_base="both_200bn")["us_profit_total"]
    (panel,) = [e for e in whole.root.all("div") if e.attributes.get("class") == "panel"]
    assert "Depends on what the words mean" in panel.text and f"{instead.display} instead of $12bn" in panel.text
    rows = [e.text for e in whole.root.all("tr") if "one venture of the frozen assets and Europe's money" in e.text]
    assert any(instead.display in row and plain(instead.span) in row and "$12bn" in row for row in rows)


def test_every_party_has_its_row(whole: Page) -> None:
    """Catches a split that is shown for one party alone: both halves of a profit, all three parts of an output."""
    names = [row.attributes["data-name"] for row in whole.rows()]
    place = names.index("ukraine_znpp_output")
    assert names[place : place + 3] == ["ukraine_znpp_output", "russia_znpp_output", "united_states_znpp_output"]
    assert names[names.index("us_profit_total") + 1] == "vehicle_money_for_ukraine_total"


def test_derivations_are_the_plans(plan: up.Plan, whole: Page) -> None:
    """Catches arithmetic on the sheet that is not that of `explain`."""
    for name in ("force_reduction", "us_profit_total", "znpp_equal_value_share"):
        s, block = step(plan._graph, name, plan._known), whole.ids[f"how-{name}"].text
        for line in (s.names, s.numbers, s.result):
            assert plain(f"= {line}") in block


def test_coverage_tells_every_clause_and_what_is_not_built(whole: Page) -> None:
    """Catches a point that the sheet passes over in silence."""
    (strip,) = [e for e in whole.root.all("ol") if e.attributes.get("class") == "strip"]
    assert len(strip.all("li")) == 28
    assert [e.text for e in strip.all("li") if e.attributes["class"] == "here"] == [
        f"Point {n}: on this sheet" for n in (6, 7, 12, 14, 17, 19, 21, 24, 25)
    ]
    assert "is not built yet" not in whole.ids["covered"].text


def test_the_sheet_can_be_made_again(plan: up.Plan) -> None:
    """Catches a reproducibility line without the reader's own values, the vintage or the dates of the rates."""
    changed = up.load(as_of="2026-01-15").with_values(vehicle_return="8 %/year", profit_base="both_200bn", force_cap=800_000)
    again = Page(fact_sheet(changed).text).ids["again"].text
    assert "--as-of 2026-01-15" in again and "--set 'vehicle_return=8 %/year'" in again
    assert "--set profit_base=both_200bn" in again and "--set 'force_cap=800000 person'" in again
    assert re.search(r"data sha256 [0-9a-f]{12}", again) and f"ukraineplan {up.__version__}" in again
    assert "Euros per US dollar" in again and re.search(r"a dollar of 20\d\d-", again)


def test_values_of_the_reader_are_marked(plan: up.Plan) -> None:
    """Catches a reader's own number that prints as if somebody had published it, also where it replaces a formula."""
    page = Page(fact_sheet(plan.with_values(vehicle_return=8, us_profit_total=7), "asset_vehicle").text)
    check(page)
    row = {r.attributes["data-name"]: r for r in page.rows()}
    assert row["vehicle_return"].attributes["data-basis"] == "set" and "set by the user" in row["vehicle_return"].text
    assert row["us_profit_total"].attributes["data-basis"] == "set" and "◆" in row["us_profit_total"].text
    assert "8 %" in row["vehicle_return"].text.replace("\u202f", " ")


# ------------------------------------------------------------------------------------------------------
# Numbers that are not there


@pytest.mark.parametrize("provision", [None, *PROVISIONS])
@pytest.mark.parametrize("as_of", ["2020-01-01", "2024-06-30"])
def test_an_early_vintage_still_prints(provision: str | None, as_of: str) -> None:
    """Catches a sheet that breaks, prints a zero or prints nothing where no fact was public."""
    early = up.load(as_of=as_of)
    page = Page(fact_sheet(early, provision).text)
    check(page)
    unset = [row for row in page.rows() if early[row.attributes["data-name"]].value is None]
    assert all(row.attributes.get("data-unset") for row in unset)
    assert len(unset) > (10 if as_of == "2020-01-01" else 0)
    assert not [e for e in page.root.all("p") if e.text.strip("= ") == "" and e.text]  # no arithmetic of nothing
    assert up.fact_sheet(early, provision, format="markdown").text


def test_a_lever_that_the_text_does_not_state_is_said_in_words(plan: up.Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches "not stated" that turns into a zero, a blank, or a page without the provision."""
    silent = plan._text.model_copy(update={"clause": [c.model_copy(update={"sets": {}}) for c in plan._text.clause]})
    library = plan._library
    monkeypatch.setitem(library.texts, "us28", silent)
    page = Page(fact_sheet(up.load(), "force_cap").text)
    check(page)
    row = {r.attributes["data-name"]: r for r in page.rows()}
    assert row["force_cap"].attributes["data-unset"] == "not stated" and "does not state it" in row["force_cap"].text
    assert row["force_reduction"].attributes["data-unset"] == "unset"
    assert "cannot be computed" in page.ids["p-force_cap"].text
    assert "unset" in page.ids["how-force_reduction"].text


# ------------------------------------------------------------------------------------------------------
# Hostile words


EVIL: Final = "</td><script>alert(1)</script>\" onload='x' & | [a](javascript:b) `c` {{ d }}"


@pytest.fixture(scope="module")
def hostile() -> up.Plan:
    """A plan whose labels, notes, assumptions, quotes, titles and clauses try to be markup."""
    plan = up.load()
    library, text = plan._library, plan._text
    for name in ("vehicle_return", "vehicle_life", "profit_base"):
        plan._parameters[name] = replace(plan._parameters[name], label=EVIL, assumption=EVIL, note=EVIL)
    facts = [f.model_copy(update={"quote": EVIL, "quote_en": EVIL}) for f in library.evidence.facts.values()]
    sources = [s.model_copy(update={"title": EVIL, "publisher": EVIL, "issued": EVIL}) for s in library.evidence.sources.values()]
    evidence = Evidence(Names("fact", {f.id: f for f in facts}), Names("source", {s.id: s for s in sources}))
    spoiled = {"title": EVIL, "silent_on": [EVIL], "not_modelled": [EVIL], "headline": EVIL}
    vehicle = library.provisions["asset_vehicle"].model_copy(update=spoiled)
    plan._library = replace(library, evidence=evidence, provisions=library.provisions | {"asset_vehicle": vehicle})
    spoiled = {"summary": EVIL, "variants": [EVIL], "reason": EVIL, "standing": EVIL}
    clauses = [c.model_copy(update=spoiled) for c in text.clauses]
    plan._text = text.model_copy(update={"clause": clauses, "title": EVIL, "description": EVIL})
    return plan


def test_words_of_others_stay_words_in_html(hostile: up.Plan) -> None:
    """Catches a label, reason, quote, title or summary that becomes markup."""
    text = fact_sheet(hostile).text
    page = Page(text)
    check(page)
    assert "<script" not in text and "javascript:b)" in page.root.text
    assert not page.root.all("script") and not [a for e in page.root.all() for a in e.attributes if a.startswith("on")]
    assert all(not href.startswith("javascript") for href in links(page.root))
    assert EVIL.replace("`", "") in " ".join(page.root.text.split()).replace("`", "")


def test_words_of_others_stay_words_in_markdown(hostile: up.Plan) -> None:
    """Catches the same in Markdown: HTML, a link, or a bar that splits a cell."""
    text = fact_sheet(hostile, format="markdown").text
    assert "<script" not in text and "alert(1)" in text and not re.search(r"(?<!\\)\]\(javascript", text)
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        bars = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(bars) == 1, table


# ------------------------------------------------------------------------------------------------------
# Formats, files


def test_markdown_has_the_same_numbers(plan: up.Plan, whole: Page) -> None:
    """Catches a row that one of the formats leaves out or prints in another way."""
    text = fact_sheet(plan, format="markdown").text
    cells = [[c.strip() for c in re.split(r"(?<!\\)\|", line)[1:-1]] for line in text.splitlines() if line.startswith("| ")]
    table = [" ".join(c[1:4]) for c in cells if len(c) == 6]
    for row in whole.rows():
        words = "words" in str([e.attributes for e in row.all("td")])
        expected = [row.cell("words" if words else "value"), row.cell("span"), row.cell("unit")]
        assert " ".join(e.text.removesuffix("no range") for e in expected) in [" ".join(t.split()) for t in table]
    anchors = set(re.findall(r'<a id="([^"]+)">', text))
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= anchors


@pytest.mark.parametrize("given", ["html", "markdown"])
def test_the_same_bytes_twice(given: str) -> None:
    """Catches an order that hangs on hashing, a time stamp or a random number: two processes, two seeds, one text."""
    code = f"import sys, ukraineplan as up; sys.stdout.buffer.write(up.fact_sheet(up.load(), format={given!r}).text.encode())"

    def run(seed: str) -> bytes:
        environment = os.environ | {"PYTHONHASHSEED": seed}
        return subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT, env=environment).stdout

    first, second = run("1"), run("2")
    assert first == second and len(first) > 10_000


def test_the_page_stays_small(plan: up.Plan) -> None:
    """Catches a page that grows heavy without anybody deciding so: 80 kB for each provision of the whole sheet."""
    assert len(fact_sheet(plan).text.encode()) < 80_000 * len(PROVISIONS)


@pytest.mark.parametrize(
    ("keywords", "error", "says"),
    [
        ({"provision": "znp"}, up.UnknownName, "did you mean 'znpp'"),
        ({"format": "pdf"}, up.InvalidValue, "'html' or 'markdown'"),
        ({"format": None}, up.InvalidValue, "'html' or 'markdown'"),
        ({"language": "uk"}, up.InvalidValue, "there is 'en'"),
    ],
)
def test_what_does_not_exist_is_refused(plan: up.Plan, keywords: dict[str, str], error: type[Exception], says: str) -> None:
    """Catches a wrong name, format or language that is let through."""
    with pytest.raises(error, match=re.escape(says)):
        fact_sheet(plan, **keywords)  # type: ignore[arg-type]


def test_saving_writes_the_text(plan: up.Plan, tmp_path: Path) -> None:
    """Catches another encoding, another line ending, a path that is not returned, and a file left beside."""
    sheet = fact_sheet(plan, "force_cap")
    written = sheet.save(str(tmp_path / "x.html"))
    assert written == tmp_path / "x.html" and written.read_bytes() == sheet.text.encode()
    assert list(tmp_path.iterdir()) == [written]


def test_saving_refuses(tmp_path: Path) -> None:
    """Catches a file that is overwritten unasked, and a path error that is not ours."""
    sheet = Sheet("new", "html")
    (tmp_path / "old").write_text("old")
    refused = {
        tmp_path: "is a folder",
        tmp_path / "no" / "x": "no folder",
        tmp_path / "old" / "x": "no folder",
        tmp_path / "old": "exists",
    }
    for path, says in refused.items():
        with pytest.raises(up.OutputError, match=says):
            sheet.save(path)
    assert (tmp_path / "old").read_text() == "old"
    assert sheet.save(tmp_path / "old", force=True).read_text() == "new"


def test_nothing_is_left_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a write that breaks off and leaves a torn or stray file."""
    (tmp_path / "old").write_text("old")

    def broken(source: str, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", broken)
    with pytest.raises(up.OutputError, match="No space left"):
        Sheet("new", "html").save(tmp_path / "old", force=True)
    assert [p.read_text() for p in tmp_path.iterdir()] == ["old"]


def test_it_shows_itself_in_a_notebook(plan: up.Plan) -> None:
    """Catches a sheet that a notebook prints as text, or whose page leaks its styles into the notebook."""
    sheet = fact_sheet(plan, "force_cap")
    shown = sheet._repr_html_() or ""
    (frame,) = Page(shown).root.all("iframe")
    assert frame.attributes["srcdoc"] == sheet.text and "allow-scripts" not in frame.attributes["sandbox"]
    assert str(sheet) == sheet.text and sheet._repr_markdown_() is None
    text = fact_sheet(plan, "force_cap", format="markdown")
    assert text._repr_markdown_() == text.text and text._repr_html_() is None
