"""The overview: one page, safe, self-contained, and its sums."""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from io import BytesIO

import pytest
from fontTools.ttLib import TTFont

from monitor.domain.coverage import State
from monitor.reports.assessment.facts import Source
from monitor.reports.overview.facts import OverviewFacts, UnmatchedGroup
from monitor.reports.overview.page import overview
from tests.reports.overview_case import curve, small_office, standing

HOSTILE = "<script>alert(1)</script>&\"'\x07</head>"


@pytest.fixture
def facts() -> OverviewFacts:
    return small_office()


class _Reader(HTMLParser):
    """Tags, their attributes, and the texts of cells and other elements."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data.strip())


def read(page: str) -> _Reader:
    reader = _Reader()
    reader.feed(page)
    return reader


def said(page: str) -> str:
    """All texts of the page, one blank between any two."""
    return " ".join(" ".join(read(page).texts).split())


def test_the_page_needs_nothing_from_outside(facts: OverviewFacts) -> None:
    page = overview(facts)
    sources = [
        value
        for _, attributes in read(page).tags
        for name, value in attributes.items()
        if name in ("src", "href", "xlink:href", "action", "srcset")
    ]

    assert not re.search(r"https?://|//cdn|@import", page)
    assert all(value is not None and value.startswith("#") for value in sources)
    assert re.findall(r"url\((?!#)([^;)]{0,20})", page) == ['"data:font/woff']


def test_hostile_names_are_shown_and_do_nothing(facts: OverviewFacts) -> None:
    hostile = replace(
        facts,
        office=HOSTILE,
        standings=(standing("P1", 0, name=HOSTILE),),
        unmatched=(UnmatchedGroup(HOSTILE, HOSTILE, HOSTILE, 1, 1),),
        sources=(Source(HOSTILE, "ab" * 32, "payments", date(2025, 4, 2)),),
    )
    page = overview(hostile)
    reader = read(page)

    assert [tag for tag, _ in reader.tags].count("script") == 1
    assert page.count("</head>") == 1
    assert "\x07" not in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 5


def test_the_page_shows_totals_units_projects_and_unmatched_payments(facts: OverviewFacts) -> None:
    texts = read(overview(facts)).texts

    for wanted in (
        "5 个",
        "4.00",
        "1.33",
        "33.25%",
        "单位623002",
        "P5",
        "13030321JBZC",
        "123.45",
    ):
        assert wanted in texts
    assert texts.index("（空）") < texts.index("13030321JBZC")  # the largest sum first
    assert "-999,875.55" in texts


def test_the_page_says_which_months_have_arrived(facts: OverviewFacts) -> None:
    texts = read(overview(facts)).texts

    assert any("数据不全" in text for text in texts)
    assert "支付明细未到全的月份有 2月（1 个单位）、3月（1 个单位），以下数字" in " ".join(texts)
    months = texts[texts.index("各单位各月的支付明细是否到齐") :]
    first = months.index("623001")
    assert [text for text in months[first + 1 :] if text][:12] == [
        *("全", "缺", "部分", "全", "全", "全"),
        *["未到期"] * 6,
    ]


def test_the_page_says_what_the_latest_lists_changed(facts: OverviewFacts) -> None:
    texts = said(overview(facts))

    assert "新计入 3 笔，1.20 万元，涉及 2 个项目，其中 1 个的程度有变化" in texts
    assert "3,000.00 2 黄色 → 不滞后" in texts
    assert "9,000.00 1 黄色，未变" in texts
    assert "此后的预警：发生 1 次。" in texts


def test_open_warnings_stand_with_their_unit_and_those_of_the_office_are_counted(
    facts: OverviewFacts,
) -> None:
    texts = said(overview(facts))

    assert "未消除的预警：红色 1 条。支付明细未到全：2月、3月。" in texts
    assert "红色 1 条，黄色 0 条，提示 2 条" in texts


def test_each_unit_has_a_part_with_its_projects_the_most_behind_first(
    facts: OverviewFacts,
) -> None:
    page = overview(facts)
    part = page[page.index('<section class="unit" id="u2"') :]
    part = part[: part.index("</section>")]

    assert re.findall(r"<small>(P\d)</small>", part) == ["P3", "P4", "P5"]
    assert 'aria-label="3月底不滞后，6月底提示"' in part
    assert len(re.findall(r'<svg class="d"', part)) == 3
    assert "未匹配的支付 7 笔，123.45 元：13030321JBZC 123.45 元。" in part


def test_every_link_leads_to_a_place_on_the_page(facts: OverviewFacts) -> None:
    tags = read(overview(facts)).tags
    ids = {attributes["id"] for _, attributes in tags if "id" in attributes}
    links = {str(a["href"]) for _, a in tags if str(a.get("href", "")).startswith("#")}

    assert len(links) > 10
    assert {link[1:] for link in links} <= ids


def test_a_month_that_is_all_there_is_not_called_missing(facts: OverviewFacts) -> None:
    there = (State.COMPLETE,) * 6 + (None,) * 6
    page = overview(replace(facts, coverage={"623001": there, "623002": there}))

    assert "数据不全" not in page
    assert "已过各月的支付明细全部到齐" in page


def test_charts_are_described_in_words(facts: OverviewFacts) -> None:
    page = overview(facts)

    assert page.count('class="chart"') == 4
    assert "单位623001：红色 1 个，黄色 1 个" in page
    assert "项目 50.0 红色；项目 15.0 黄色；项目 2.0 提示；项目 0.0 不滞后" in page
    assert "预算数 4.00 万元，累计支付 1.33 万元；3月底计划 25.00%" in page
    assert "单位623001：3月底-25.00%，6月底-50.00%；单位623002：3月底无到期计划" in page


def test_ids_are_unique(facts: OverviewFacts) -> None:
    ids = [attributes["id"] for _, attributes in read(overview(facts)).tags if "id" in attributes]

    assert len(ids) == len(set(ids))


def test_rare_characters_are_named(facts: OverviewFacts) -> None:
    rare = replace(facts, standings=(standing("P1", 0, name="𠮷祥㙍项目"),))

    assert "个别电脑可能无法显示：㙍𠮷" in overview(rare)


def test_the_page_is_whole_without_projects_and_files(facts: OverviewFacts) -> None:
    empty = replace(
        facts,
        standings=(),
        at_checkpoints={},
        curves={},
        unmatched=(),
        sources=(),
        coverage={},
        warnings={},
        changes=None,
    )
    page = overview(empty)

    assert "没有项目" in page
    assert "没有未匹配的支付" in page
    assert 'class="chart"' not in page


def test_equal_facts_give_equal_pages(facts: OverviewFacts) -> None:
    assert overview(facts) == overview(facts)


def test_the_embedded_font_draws_every_word_of_the_charts(facts: OverviewFacts) -> None:
    named = (standing("P1", 0, name="𠮷野家水库除险加固"), *facts.standings)
    page = overview(replace(facts, standings=named))
    words = re.findall(r"<text[^>]*>([^<]*)</text>", page)
    [data] = re.findall(r"font/woff;base64,([^\"]*)", page)
    with TTFont(BytesIO(b64decode(data))) as font:
        drawn = font.getBestCmap()

    assert "〓野家水库除险加固" in words
    assert {c for c in "".join(words) if ord(c) not in drawn and not c.isspace()} == set()


def test_200_projects_of_50_units_with_2000_different_characters_stay_below_2_mb(
    facts: OverviewFacts,
) -> None:
    def name(number: int, length: int) -> str:
        return "".join(COMMON[(number * length + n) % len(COMMON)] for n in range(length))

    standings = tuple(
        standing(f"13030325P{n:012d}", n * 5_000, f"{430 + n // 4}001", name=name(n, 30))
        for n in range(200)
    )
    groups = tuple(
        UnmatchedGroup(f"13030321JBZC{n:05d}", f"{430 + n % 50}001", name(n, 18), 3, n * 100)
        for n in range(1_500)
    )
    page = overview(
        replace(
            facts,
            standings=standings,
            at_checkpoints={3: standings, 6: standings},
            curves={each.account.project_code: curve(each) for each in standings},
            unmatched=groups,
        )
    )

    assert len(page.encode()) < 2_000_000


COMMON = [
    bytes((lead, trail)).decode("gb2312")
    for lead in range(0xB0, 0xC6)
    for trail in range(0xA1, 0xFF)
]
"""The first 2,068 characters of GB2312, which are common ones."""
