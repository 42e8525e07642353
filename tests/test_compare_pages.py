"""The pages that compare two sides: what a machine can check of them. What they look like, people look at.

What these catch: a link to nowhere, a page that loads something, a table that a screen reader cannot follow, markup that
somebody's words break, a figure that differs between HTML and Markdown, a command that makes another sheet.
"""

import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pytest
from page import Element, Page, links, plain
from two_sides import MADE, sides_of

import ukraineplan as up
from ukraineplan.analysis.compare import Comparison
from ukraineplan.cli import main
from ukraineplan.report import compare_sheet
from ukraineplan.report.comparison import comparison_content

ROOT: Final = Path(__file__).parents[1]
BANNED: Final = re.compile(r"\b(could cost|as much as|just|concessions?|loses|gains|fair|will|deported)\b", re.IGNORECASE)


@pytest.fixture(scope="module", params=MADE)
def found(request: pytest.FixtureRequest) -> Comparison:
    return MADE[request.param]()


@pytest.fixture(scope="module")
def page(found: Comparison) -> Page:
    return Page(compare_sheet(found).text)


@pytest.fixture(scope="module")
def texts() -> Comparison:
    return MADE["two texts"]()


# ------------------------------------------------------------------------------------------------------
# The page


def test_links_resolve_and_sources_are_in_order(page: Page) -> None:
    """Catches a link to nowhere, an id twice, a source that nobody cites, and numbers that jump."""
    assert not [i for i, n in Counter(e.attributes["id"] for e in page.root.all() if "id" in e.attributes).items() if n > 1]
    for href in links(page.root):
        assert href.startswith("https://") or href.startswith("http://") or href[1:] in page.ids, href
    cited = [href[2:] for href in links(page.root) if re.fullmatch(r"#s\d+", href)]
    listed = [i[1:] for i in page.ids if re.fullmatch(r"s\d+", i)]
    assert list(dict.fromkeys(cited)) == listed == [str(n) for n in range(1, len(listed) + 1)]


def test_the_page_is_whole_by_itself(page: Page) -> None:
    """Catches a script, a handler, or anything that a browser would fetch."""
    assert not page.root.all("script") + page.root.all("link") + page.root.all("img") + page.root.all("iframe")
    assert not [a for e in page.root.all() for a in e.attributes if a.startswith("on") or a in ("src", "srcset", "action")]
    assert not re.search(r"url\(|@import|@font-face", "".join(e.text for e in page.root.all("style")))


def test_a_screen_reader_finds_its_way(page: Page) -> None:
    """Catches a jump of headings, a table without caption or scopes, and one that loses its roles where it is restyled."""
    assert links(page.root)[:2] == ["#main", "#sources"]
    levels = [int(e.tag[1]) for e in page.root.all() if re.fullmatch(r"h[1-6]", e.tag)]
    assert levels[0] == 1 and levels.count(1) == 1 and all(b - a <= 1 for a, b in pairwise(levels))
    for table in page.root.all("table"):
        assert table.attributes["role"] == "table" and table.all("caption")
        assert all("scope" in th.attributes for th in table.all("th"))
        assert all("role" in e.attributes for e in table.all("tr") + table.all("th"))
        assert not [a for caption in table.all("caption") for a in caption.all("a")]


def test_our_own_words_are_plain(page: Page) -> None:
    """Catches a word that judges or foretells, outside of quotes."""
    assert not BANNED.findall("\n".join(_ours(e) for e in page.root.all("main") + page.root.all("header")))


def _ours(element: Element) -> str:
    """The text without quotes, their translations and titles of sources."""
    if element.tag in ("q", "cite", "blockquote") or "lang" in element.attributes or element.attributes.get("class") == "english":
        return ""
    return "".join(re.sub("“[^”]*”", "", x) if isinstance(x, str) else _ours(x) for x in element.inside)


EVIL: Final = "</td><script>alert(1)</script>\" onload='x' & | [a](javascript:b) `c` {{ d }}"


@pytest.fixture
def hostile() -> Comparison:
    """Two sides whose titles, clauses, reasons and labels try to be markup."""
    found = up.compare("us28", "dec20")
    for plan in (found.a, found.b):
        spoiled = {"summary": EVIL, "variants": [EVIL], "reason": EVIL, "standing": EVIL}
        clauses = [c.model_copy(update=spoiled | {"because": dict.fromkeys(c.because, EVIL)}) for c in plan._text.clauses]
        silent = {"silence": EVIL, "elsewhere": EVIL, "not_stated": dict.fromkeys(plan._text.not_stated, EVIL)}
        plan._text = plan._text.model_copy(update={"clause": clauses, "title": EVIL, "description": EVIL} | silent)
        for name in ("vehicle_principal", "us_profit_share"):
            plan._parameters[name] = replace(plan._parameters[name], label=EVIL)
        provisions = {n: p.model_copy(update={"title": EVIL}) for n, p in plan._library.provisions.items()}
        plan._library = replace(plan._library, provisions=provisions)
    return found


def test_words_of_others_stay_words(hostile: Comparison) -> None:
    """Catches a title, summary, reason or label that becomes markup, in HTML or in Markdown."""
    text = compare_sheet(hostile).text
    page = Page(text)
    assert "<script" not in text and "alert(1)" in page.root.text
    assert not [a for e in page.root.all() for a in e.attributes if a.startswith("on")]
    assert all(not href.startswith("javascript") for href in links(page.root))
    text = compare_sheet(hostile, format="markdown").text
    assert "<script" not in text and "alert(1)" in text and not re.search(r"(?<!\\)\]\(javascript", text)


# ------------------------------------------------------------------------------------------------------
# Formats, and the way to the same sheet


def test_markdown_has_the_same_numbers(found: Comparison, page: Page) -> None:
    """Catches a row that Markdown leaves out or prints in another way, a table whose bars do not match, a link to nowhere."""
    text = compare_sheet(found, format="markdown").text
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}) == 1, table
    cells = [[plain(c) for c in re.split(r"(?<!\\)\|", line)[1:-1]] for line in text.splitlines() if line.startswith("| ")]
    for row in page.rows():
        (told,) = [c for c in cells if len(c) == 4 and c[0] == plain(", ".join(_label(row)))]
        for cell, said in zip(sides_of(row), told[1:], strict=True):
            assert (cell.attributes.get("data-unset") or (cell.all("b") or cell.all("span"))[0].text) in said
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= set(re.findall(r'<a id="([^"]+)">', text))


def _label(row: Element) -> list[str]:
    (head,) = row.all("th")
    return ["".join(x for x in head.inside if isinstance(x, str)).strip(), head.all("small")[0].text]


@pytest.mark.parametrize("form", ["html", "markdown"])
def test_the_same_bytes_twice(form: str) -> None:
    """Catches an order that hangs on hashing, a time stamp or a random number: two processes, two seeds, one text."""
    make = f"compare_sheet(up.compare('us28', 'dec20', ['force_reduction', 'us_profit_total']), format={form!r}).text"
    code = "import sys, ukraineplan as up\nfrom ukraineplan.report import compare_sheet\n"
    code += f"sys.stdout.buffer.write({make}.encode())"

    def run(seed: str) -> bytes:
        environment = os.environ | {"PYTHONHASHSEED": seed}
        return subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT, env=environment).stdout

    first, second = run("1"), run("2")
    assert first == second and len(first) > 10_000


@pytest.mark.parametrize(
    "sides",
    [
        ("us28", "dec20:option_a", "2026-01-15", {}),
        ("us28", "us28", None, {"vehicle_return": "8 %/year", "profit_base": "both_200bn", "signature_date": "2026-02-03"}),
    ],
)
def test_the_command_makes_the_same_sheet(
    sides: tuple[str, str, str | None, dict[str, Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Catches a reproduce line that leaves out a value, an alternative, a target or the vintage."""
    a, b, as_of, values = sides
    other = up.load(b, as_of=as_of).with_values(**values) if values else b
    found = up.compare(a, other, ["force_reduction", "us_profit_total"], as_of=as_of)
    content = comparison_content(found)
    monkeypatch.chdir(tmp_path)
    for name, text in content.scenarios:
        Path(name).write_text(text, encoding="utf-8")
    assert bool(content.scenarios) == bool(values)
    command = re.sub("compare.html$", "again.html", content.command).split()
    assert command[:2] == ["ukraineplan", "compare"] and main(command[1:]) == 0
    assert Path("again.html").read_text(encoding="utf-8") == compare_sheet(found).text


def test_one_command_writes_either_format(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Catches a suffix that makes the wrong format."""
    monkeypatch.chdir(tmp_path)
    assert main(["compare", "us28", "dec20", "force_reduction", "--output", "x.html"]) == 0
    assert main(["compare", "us28", "dec20", "force_reduction", "--output", "x.md"]) == 0
    assert Path("x.html").read_text(encoding="utf-8").startswith("<!doctype html>")
    assert Path("x.md").read_text(encoding="utf-8").startswith("# 28-point draft and ")


def test_a_format_that_does_not_exist_is_refused(texts: Comparison) -> None:
    """Catches a wrong format that is let through."""
    with pytest.raises(up.InvalidValue, match="'html' or 'markdown'"):
        compare_sheet(texts, format="pdf")


@pytest.mark.needs_chromium
@pytest.mark.parametrize("width", [320, 360, 760, 1280])
def test_nothing_sticks_out_at_any_width(texts: Comparison, tmp_path: Path, chromium: str, width: int) -> None:
    """Catches a word, table or chart that makes a phone scroll sideways."""
    probe = "<script>parent.document.title = document.documentElement.scrollWidth</script></body>"
    inside = re.sub(r"<meta http-equiv[^>]*>", "", compare_sheet(texts).text).replace("</body>", probe)
    page = tmp_path / "probe.html"
    frame = f'<iframe style="width:{width}px;height:900px;border:0" srcdoc="{escape(inside)}"></iframe>'
    page.write_text(f"<title>none</title>{frame}", encoding="utf-8")
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=3000", "--dump-dom", page.as_uri()]
    seen = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    shown = re.search(r"<title>(\d+)</title>", seen)
    assert shown and int(shown[1]) <= width
