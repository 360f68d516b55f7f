"""The overview: one page, safe, self-contained, and its sums."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pandas as pd
import pytest

from monitor.domain.calendar import month_end
from monitor.domain.progress import Account, Standing, stand
from monitor.domain.target import PlanPoint
from monitor.reports.facts import OverviewFacts, Source, UnmatchedGroup
from monitor.reports.overview import overview
from monitor.reports.pivots import leads, ranked_projects, totals, units_by_severity
from monitor.reports.rows import progress_frame

PLAN = tuple(PlanPoint(month, bp) for month, bp in ((3, 2500), (6, 5000), (12, 10000)))
HOSTILE = "<script>alert(1)</script>&\"'\x07</head>"


def standing(
    code: str,
    paid: int,
    unit: str = "623001",
    budget: int | None = 1_000_000,
    plan: tuple[PlanPoint, ...] = PLAN,
    as_of: date = date(2025, 6, 30),
    name: str = "项目",
) -> Standing:
    account = Account(2025, unit, f"单位{unit}", code, name, budget, budget, paid, 2, plan)
    return stand(account, as_of)


@pytest.fixture
def facts() -> OverviewFacts:
    return OverviewFacts(
        office="测试县财政局",
        year=2025,
        as_of=date(2025, 6, 30),
        progress=progress_frame(
            [
                standing("P1", 0),
                standing("P2", 350_000),
                standing("P3", 480_000, unit="623002"),
                standing("P4", 500_000, unit="623002"),
                standing("P5", 100, unit="623002", budget=None),
            ]
        ),
        at_checkpoints={
            3: progress_frame([standing("P1", 0, as_of=month_end(2025, 3))]),
            6: progress_frame([standing("P1", 0), standing("P4", 700_000, unit="623002")]),
        },
        unmatched=(
            UnmatchedGroup("13030321JBZC", "623002", "单位623002", 7, 12_345),
            UnmatchedGroup("", "623001", "单位623001", 2, -99_999_900),
        ),
        sources=(
            Source("目标.txt", "ab" * 32, "targets", date(2025, 1, 10)),
            Source("3月.csv", "cd" * 32, "payments", date(2025, 4, 2), ("2025-03",), 12, 34_500),
        ),
    )


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


def test_totals_count_the_rate_of_those_projects_that_have_a_budget(facts: OverviewFacts) -> None:
    sums = totals(facts.progress)

    assert (sums.projects, sums.budget_fen, sums.paid_fen) == (5, 4_000_000, 1_330_100)
    assert sums.rate_bp == 3325
    assert sums.counts == (1, 1, 1, 1, 1)


def test_units_with_the_worst_lags_come_first(facts: OverviewFacts) -> None:
    assert [(unit.code, unit.counts) for unit in units_by_severity(facts.progress)] == [
        ("623001", (1, 1, 0, 0, 0)),
        ("623002", (0, 0, 1, 1, 1)),
    ]


def test_projects_are_ranked_by_severity_and_gap_and_blanks_are_none(facts: OverviewFacts) -> None:
    rows = ranked_projects(facts.progress)

    assert [row["project_code"] for row in rows] == ["P1", "P2", "P3", "P4", "P5"]
    assert [row["state"] for row in rows] == ["red", "yellow", "notice", "none", "undue"]
    assert rows[-1]["budget_fen"] is None
    assert type(rows[0]["gap_fen"]) is int


def test_the_heat_map_holds_paid_less_planned_of_what_was_due(facts: OverviewFacts) -> None:
    table = leads(facts.at_checkpoints, ["623001", "623002", "623003"])

    assert table == [[-2500, -5000], [None, 2000], [None, None]]


def test_a_project_without_that_checkpoint_is_no_part_of_its_column() -> None:
    later = standing("P1", 0, plan=PLAN[1:], as_of=date(2025, 9, 30))

    assert leads({9: progress_frame([later])}, ["623001"]) == [[None]]


def test_large_sums_stay_exact() -> None:
    frame = progress_frame([standing(f"P{i}", 10**16 + 1, budget=10**16 + 3) for i in range(3)])

    assert totals(frame).paid_fen == 3 * 10**16 + 3


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
        progress=progress_frame([standing("P1", 0, name=HOSTILE)]),
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

    assert {"3月 已到", "2月 缺", "7月 未到期"} <= set(texts)


def test_charts_are_described_in_words(facts: OverviewFacts) -> None:
    page = overview(facts)

    assert page.count('<svg viewBox="') == 2
    assert "单位623001：红色 1 个，黄色 1 个" in page
    assert "单位623001：3月底-25.00%，6月底-50.00%；单位623002：3月底无到期计划" in page


def test_ids_are_unique(facts: OverviewFacts) -> None:
    ids = [attributes["id"] for _, attributes in read(overview(facts)).tags if "id" in attributes]

    assert len(ids) == len(set(ids))


def test_rare_characters_are_named(facts: OverviewFacts) -> None:
    rare = replace(facts, progress=progress_frame([standing("P1", 0, name="𠮷祥㙍项目")]))

    assert "个别电脑可能无法显示：㙍𠮷" in overview(rare)


def test_the_page_is_whole_without_projects_and_files(facts: OverviewFacts) -> None:
    empty = replace(facts, progress=progress_frame([]), at_checkpoints={}, unmatched=(), sources=())
    page = overview(empty)

    assert "没有项目" in page
    assert "没有未匹配的支付" in page
    assert "<svg" not in page


def test_frames_of_plain_objects_give_the_same_page(facts: OverviewFacts) -> None:
    def plain(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.astype(object).where(frame.notna(), None)

    same = replace(
        facts,
        progress=plain(facts.progress),
        at_checkpoints={month: plain(each) for month, each in facts.at_checkpoints.items()},
    )
    assert overview(same) == overview(facts)


def test_equal_facts_give_equal_pages(facts: OverviewFacts) -> None:
    assert overview(facts) == overview(facts)
