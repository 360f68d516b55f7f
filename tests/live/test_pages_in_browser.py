"""The overview as a real browser shows it, on a desk and on a telephone."""

from __future__ import annotations

import os
import shutil
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import numpy as np
import pdfplumber
import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.cli.conftest import Monitor
from tests.cli.test_sample_job import lists, targets

pytestmark = pytest.mark.live

WIDTHS = (1280, 390)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if not program:
        if os.environ.get("CI") == "true":
            pytest.fail("chromium is missing")
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def file(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The overview of the samples at the end of October 2025."""
    folder = tmp_path_factory.mktemp("pages")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("MONITOR_DATABASE", raising=False)
        patch.setenv("MONITOR_WORKSPACE", str(folder / "office"))
        monitor = Monitor(folder / "office")
        monitor.ok("init", monitor.folder)
        monitor.ok("targets", "import", *targets(samples))
        monitor.ok("payments", "import", *lists(samples, "yutian-2025"))
        monitor.ok("check", "--as-of", "2025-10-31")
        monitor.ok("report", "overview", "--as-of", "2025-10-31", "--out", folder / "总览.html")
    return folder / "总览.html"


@dataclass
class Seen:
    """An open page, what it complained of and what it asked for."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def names(self) -> list[str]:
        """The projects shown, from top to bottom."""
        rows = self.page.locator("#projects tbody tr:not([hidden]) td:nth-child(2)")
        return rows.all_inner_texts()

    def paid(self) -> list[int]:
        cells = self.page.locator("#projects tbody td:nth-child(5)")
        return [int(cells.nth(each).get_attribute("data-v") or 0) for each in range(cells.count())]


@pytest.fixture(params=WIDTHS)
def seen(browser: Browser, file: Path, request: pytest.FixtureRequest) -> Iterator[Seen]:
    page = browser.new_page(viewport={"width": request.param, "height": 900})
    seen = Seen(page)
    page.on("console", lambda message: seen.complaints.append(message.text))
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    page.on("request", lambda asked: seen.requests.append(asked.url))
    page.goto(file.as_uri())
    yield seen
    page.close()


def test_the_page_complains_of_nothing_and_asks_for_nothing_else(seen: Seen, file: Path) -> None:
    assert seen.complaints == []
    assert [url for url in seen.requests if not url.startswith("data:")] == [file.as_uri()]


def test_the_page_does_not_scroll_sideways(seen: Seen) -> None:
    width = seen.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")

    assert width <= 0


def test_a_screenshot_shows_words_and_colours_down_to_the_end(seen: Seen) -> None:
    picture = Image.open(BytesIO(seen.page.screenshot(full_page=True))).convert("RGB")
    dots = np.asarray(picture).astype(int)
    height = seen.page.evaluate("document.documentElement.scrollHeight")
    parts = np.array_split(dots, dots.shape[0] // 700)

    assert picture.size == (seen.page.evaluate("window.innerWidth"), height)
    assert all((part.min(axis=2) < 140).mean() > 0.002 for part in parts[:-1])
    assert (abs(dots - (140, 29, 24)).max(axis=2) < 12).sum() > 300  # the red of a severity
    assert (abs(dots - (28, 79, 130)).max(axis=2) < 12).sum() > 300  # the blue of payments


def test_every_chart_is_painted(seen: Seen) -> None:
    charts = seen.page.locator("svg.chart").all()

    assert len(charts) == 4
    for chart in charts:
        dots = np.asarray(Image.open(BytesIO(chart.screenshot())).convert("L"))
        assert 0.005 < (dots < 200).mean() < 0.6


def test_no_word_reaches_out_of_its_cell(seen: Seen) -> None:
    out = seen.page.evaluate(
        """() => [...document.querySelectorAll("td, main th:not(.vh)")]
        .filter(cell => cell.scrollWidth > cell.clientWidth + 1).map(cell => cell.textContent)"""
    )

    assert out == []


def test_the_words_of_the_charts_stay_large_enough_to_read(seen: Seen) -> None:
    boxes = [chart.bounding_box() for chart in seen.page.locator("svg.chart").all()]

    assert boxes
    assert all(box and box["width"] > 500 for box in boxes)


def test_the_search_box_leaves_the_rows_that_fit(seen: Seen) -> None:
    everything = seen.names()
    seen.page.get_by_label("查找").fill("热线")

    assert seen.names() == [name for name in everything if "热线" in name]
    assert 0 < len(seen.names()) < len(everything)
    assert seen.page.locator("#shown").inner_text() == f"显示 1 / {len(everything)} 个项目"


def test_the_choice_of_a_unit_leaves_its_rows(seen: Seen) -> None:
    everything = seen.names()
    options = seen.page.locator("#unit option").all_inner_texts()
    seen.page.locator("#unit").select_option(index=1)

    assert options[0] == "全部"
    assert len(options) > 1
    assert 0 < len(seen.names()) <= len(everything)
    assert (
        seen.page.locator("#projects tbody tr:not([hidden])").evaluate_all(
            "rows => new Set(rows.map(row => row.dataset.unit)).size"
        )
        == 1
    )


def test_the_choice_of_a_severity_leaves_its_rows(seen: Seen) -> None:
    seen.page.locator("#state").select_option("red")
    marks = seen.page.locator("#projects tbody tr:not([hidden]) td:nth-child(1)")

    assert set(marks.all_inner_texts()) <= {"红色"}


def test_the_table_is_sorted_by_keyboard_alone(seen: Seen) -> None:
    seen.page.get_by_role("button", name="已支付").focus()
    seen.page.keyboard.press("Enter")
    rising = seen.paid()
    seen.page.keyboard.press("Space")
    falling = seen.paid()

    assert seen.page.locator("#projects th[aria-sort]").get_attribute("aria-sort") == "descending"
    assert rising == sorted(rising)
    assert falling == sorted(falling, reverse=True)
    assert rising != falling


def test_the_first_key_leads_past_the_head_of_the_page(seen: Seen) -> None:
    seen.page.keyboard.press("Tab")
    focused = seen.page.evaluate("document.activeElement.textContent")
    outline = seen.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    seen.page.keyboard.press("Enter")

    assert (focused, outline) == ("跳到正文", "solid")
    assert seen.page.evaluate("document.activeElement.id") == "main"


def test_a_link_of_a_unit_leads_to_its_part(seen: Seen) -> None:
    link = seen.page.locator("#units + .box tbody a").first
    name = link.inner_text()
    link.click()
    target = seen.page.locator(":target")

    assert target.get_by_role("heading").inner_text().startswith(name)
    box = target.bounding_box()
    assert box
    assert 0 <= box["y"] < 900


def test_what_scrolls_sideways_can_be_reached_by_keyboard_and_has_a_name(seen: Seen) -> None:
    scrolling = seen.page.evaluate(
        """() => [...document.querySelectorAll("*")]
        .filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX === "auto")
        .map(e => [e.tabIndex, e.getAttribute("role"), !!e.getAttribute("aria-label")])"""
    )

    assert all(each == [0, "region", True] for each in scrolling)
    assert scrolling or seen.page.viewport_size == {"width": 1280, "height": 900}


def test_tables_charts_and_fields_have_names_for_those_who_do_not_see_them(seen: Seen) -> None:
    nameless = seen.page.evaluate(
        """() => [...document.querySelectorAll("table, svg[role=img], input, select")].filter(e =>
          !(e.caption || e.getAttribute("aria-label") || e.getAttribute("aria-labelledby")
            || e.closest("label"))).map(e => e.outerHTML.slice(0, 80))"""
    )
    heads = seen.page.locator("th:not([scope])").count()

    assert nameless == []
    assert heads == 0


def test_without_scripts_everything_can_be_read(browser: Browser, file: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())

    assert page.locator("#tools").is_hidden()
    assert page.locator("#projects tbody tr").first.is_visible()
    context.close()


def test_it_prints_on_a4_with_its_heads_on_every_page_and_nothing_cut(
    browser: Browser, file: Path, tmp_path: Path
) -> None:
    page = browser.new_page()
    page.goto(file.as_uri())
    codes = page.locator("#projects tbody td:nth-child(2) small").all_inner_texts()
    page.evaluate(LONG_TABLE)
    page.pdf(path=tmp_path / "总览.pdf", prefer_css_page_size=True)
    page.close()
    with pdfplumber.open(tmp_path / "总览.pdf") as printed:
        texts = [unicodedata.normalize("NFKC", each.extract_text()) for each in printed.pages]
        sizes = {(round(each.width), round(each.height)) for each in printed.pages}
        edges = [word["x1"] for each in printed.pages for word in each.extract_words()]
    of_projects = [text for text in texts if sum(text.count(code) for code in codes) > 15]

    assert sizes == {(842, 595)}
    assert len(of_projects) >= 2
    assert all("到期时点计划" in text and "已支付" in text for text in of_projects)
    assert max(edges) <= 842
    assert "查找" not in "".join(texts)
    assert all(code in "".join(texts) for code in codes)


LONG_TABLE = """() => {
  const body = document.querySelector("#projects tbody"), rows = [...body.rows];
  for (let i = 0; i < 8; i += 1) { rows.forEach(row => body.append(row.cloneNode(true))); }
}"""
