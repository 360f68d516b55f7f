"""Target documents of the same family as the samples, written in other ways."""

from __future__ import annotations

import pytest

from monitor.domain.target import Project
from monitor.ingest.goal_text import goals_of
from monitor.ingest.labels import default_labels
from monitor.ingest.target_form import Reading
from monitor.ingest.target_reading import read_target_document

HEADER = ("一级指标", "二级指标", "三级指标", "绩效指标描述", "指标值", "指标值确定依据")
FIRST = ("产出指标", "数量指标", "次数", "开会次数", "≥2次", "计划")
SECOND = ("", "质量指标", "合格率", "合格率", "100%", "计划")


def cells(*texts: str) -> str:
    return "".join(f"\t{text}\n" for text in texts)


def rows(*each: tuple[str, ...]) -> str:
    return "\n".join(cells(*row) for row in each)


PLAIN = rows(HEADER, FIRST, SECOND)


def reading(
    *,
    unit: str = cells("434001玉田县政府办", "单位：元"),
    code: str = "13022925P004R2810661U",
    other: str = "",
    purpose: str = "办公",
    shares: tuple[str, ...] = ("50%", "100%"),
    goals_end: str = "\n",
    table: str = PLAIN,
) -> Reading:
    parts = (
        unit,
        cells("项目编码", code, "项目名称", "甲"),
        cells("预算规模及资金用途", "预算数", "4000", "其中：财政资金", "4000", "其他资金", other),
        cells("", purpose),
        cells("资金支出计划（%）", "6月底", "12月底"),
        cells("", *shares),
        cells("绩效目标", "1.保障办公") + goals_end + table,
    )
    text = "1.甲绩效目标表\n" + "\n".join(parts)
    return read_target_document(text.encode(), "a.txt", year=2025, labels=default_labels())


def project(read: Reading) -> Project:
    assert read.document is not None
    (only,) = read.document.projects
    return only


def ids(read: Reading) -> list[str]:
    """What is found, apart from the missing first part."""
    return [each.id for each in read.diagnostics if each.id != "T071"]


@pytest.mark.parametrize(
    "unit",
    [
        cells("434001", "玉田县政府办", "单位：元"),
        cells("单位编码", "434001", "单位名称", "玉田县政府办", "单位：元"),
        cells("预算单位：434001玉田县政府办", "金额单位：元"),
        cells("单位编码：434001", "单位名称：玉田县政府办", "单位：元（人民币）"),
        cells("（434001）玉田县政府办", "【单位：元】"),
        cells("[434001]玉田县政府办", "单 位： 元"),
        "434001玉田县政府办    单位：元\n",
    ],
)
def test_the_unit_line_is_read_however_it_is_divided(unit: str) -> None:
    read = reading(unit=unit)

    assert (project(read).unit_code, project(read).unit_name) == ("434001", "玉田县政府办")
    assert project(read).money_unit == "元"
    assert ids(read) == []


def test_a_department_name_that_ends_in_the_word_department_keeps_it() -> None:
    read = reading(unit=cells("434001办事处部门玉田县办事处", "单位：元"))

    assert project(read).unit_name == "办事处部门玉田县办事处"


@pytest.mark.parametrize("unit", ["单位：元/万元", "单位：亿元", "单位：美元"])
def test_an_unclear_money_unit_is_refused(unit: str) -> None:
    assert "T015" in ids(reading(unit=cells("434001玉田县政府办", unit)))


@pytest.mark.parametrize("dash", ["—", "-", "/", "无", "－"])
def test_a_dash_for_a_figure_is_a_blank(dash: str) -> None:
    read = reading(other=dash, shares=(dash, "100%"))

    assert project(read).other_fen is None
    assert [point.planned_bp for point in project(read).plan] == [None, 10_000]
    assert ids(read) == ["T044"]


def test_a_dash_for_the_project_code_is_no_code() -> None:
    assert "T021" in ids(reading(code="无"))


def test_indicators_that_ran_into_the_header_are_read() -> None:
    table = "".join(cells(*row) for row in (HEADER, FIRST, SECOND))

    found = [each.level3 for each in project(reading(table=table)).indicators]

    assert found == ["次数", "合格率"]


def test_a_table_without_a_blank_line_after_the_goals_is_read() -> None:
    read = reading(goals_end="")

    assert project(read).goals == ("保障办公",)
    assert [each.level3 for each in project(read).indicators] == ["次数", "合格率"]


def test_a_header_before_which_the_table_is_named_is_read() -> None:
    table = rows(("绩效指标", *HEADER), ("", *FIRST), ("", *SECOND))

    found = project(reading(table=table)).indicators

    assert [each.level3 for each in found] == ["次数", "合格率"]


def test_level_two_is_carried_down_where_level_one_is_written_again() -> None:
    again = ("产出指标", "", "人数", "到会人数", "≥9人", "计划")

    found = project(reading(table=rows(HEADER, FIRST, again)))

    assert [each.level2 for each in found.indicators] == ["数量指标", "数量指标"]


@pytest.mark.parametrize("mark", ["- 12 -", "—12—", "第 3 页", "第3页 共20页"])
def test_a_page_number_between_two_rows_is_left_out(mark: str) -> None:
    table = f"{cells(*HEADER)}\n{cells(*FIRST)}\n{mark}\n\n{cells(*SECOND)}"

    read = reading(table=table)

    assert [each.basis for each in project(read).indicators] == ["计划", "计划"]
    assert ids(read) == []


@pytest.mark.parametrize("purpose", ["办公\n\n12", "办公\n\n玉田县2025年预算\n\n玉田县2025年预算"])
def test_what_may_be_a_page_number_or_running_header_is_named(purpose: str) -> None:
    assert set(ids(reading(purpose=purpose))) == {"T074"}


def test_a_link_mark_is_no_text() -> None:
    assert project(reading(purpose="用于[hyperlink: http://a.cn/b]办公")).purpose == "用于办公"


@pytest.mark.parametrize(
    "numbers",
    [
        *(("１．", "２、"), ("1：", "2："), ("1，", "2，"), ("⒈", "⒉"), ("⑴", "⑵")),
        *(("一.", "二．"), ("目标1：", "目标2："), ("目标一：", "目标二：")),
    ],
)
def test_a_goal_loses_its_number_however_it_is_written(numbers: tuple[str, str]) -> None:
    lines = [number + goal for number, goal in zip(numbers, ("保障办公", "完成会议"), strict=True)]

    assert goals_of(lines) == ("保障办公", "完成会议")
