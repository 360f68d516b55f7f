"""The overview as a real browser shows it, on a desk and on a telephone."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
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


def test_the_charts_are_seen(seen: Seen) -> None:
    boxes = [chart.bounding_box() for chart in seen.page.locator("svg.chart, img.chart").all()]

    assert boxes
    assert all(box and box["width"] > 200 and box["height"] > 50 for box in boxes)


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

    assert rising == sorted(rising)
    assert falling == sorted(falling, reverse=True)
    assert rising != falling
