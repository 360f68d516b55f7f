"""The Word document of a self-assessment, opened again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from zipfile import ZipFile

import docx as word
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.table import Table

from monitor.domain.scoring import ScoringRules
from monitor.domain.target import Project
from monitor.reports.docx_writer import docx
from monitor.reports.draft import Draft
from monitor.reports.facts import ProjectFacts
from monitor.reports.self_assessment import draft

Make = Callable[..., ProjectFacts]


def opened(form: Draft) -> Document:
    return word.Document(BytesIO(docx(form)))


def rows(table: Table) -> list[list[str]]:
    """Each row's cells, a merged one once."""
    return [
        [cell.text for cell in {cell._tc: cell for cell in row.cells}.values()]
        for row in table.rows
    ]


def everything(document: Document) -> str:
    paragraphs = [paragraph.text for paragraph in document.paragraphs]
    return "\n".join(paragraphs + [t for table in document.tables for r in rows(table) for t in r])


@pytest.fixture
def form(make_facts: Make, rules: ScoringRules) -> Draft:
    return draft(make_facts(paid=8_600_000), rules)


def test_the_funds_stand_in_the_rows_of_the_national_form(form: Draft) -> None:
    table = rows(opened(form).tables[0])

    assert table[0] == ["项目名称", "文化下乡经费"]
    assert table[1] == ["主管部门", "待填\n部门编码 623", "实施单位", "623001-测试县文化馆"]
    assert table[2][2:] == [
        "年初预算数",
        "全年预算数(A)",
        "全年执行数(B)",
        "分值",
        "执行率(B/A)",
        "得分",
    ]
    assert table[3] == [
        "项目资金（万元）",
        "年度资金总额",
        "10.00",
        "10.00",
        "8.60\n系统测算",
        "10",
        "86.00%\n系统测算",
        "8.60\n系统测算",
    ]
    assert table[4][1:3] == ["其中：当年财政拨款", "10.00"]
    assert table[7][1:] == ["执行偏差原因", "待填\n执行率低于90%，须说明原因"]
    assert table[9][1:] == ["1. 演出十二场\n2. 观众满意", "待填"]


def test_each_indicator_has_its_row_under_its_levels(form: Draft) -> None:
    table = rows(opened(form).tables[1])

    assert table[0][1:] == [
        "一级指标",
        "二级指标",
        "三级指标",
        "年度指标值",
        "实际完成值",
        "分值",
        "得分",
        "偏差原因分析及改进措施",
    ]
    levels = ["绩效指标", "产出指标(90分)"]
    assert table[1] == [*levels, "数量指标", "演出场次", "≥12场", "待填", "45", "待填", "待填"]
    assert table[4][2:6] == [
        "成本指标",
        "控制在预算资金内",
        "是/否",
        "是\n系统测算：支出8.60万元，预算10.00万元",
    ]
    assert table[-1] == ["总分", "100", "待填", "已评 53.60 / 55 分"]


def test_the_head_of_the_indicators_is_repeated_and_every_cell_has_its_width(form: Draft) -> None:
    general, indicators = opened(form).tables

    assert indicators.rows[0]._tr.findall(f".//{qn('w:tblHeader')}")
    for table in (general, indicators):
        for row in table.rows:
            assert sum(tc.width or 0 for tc in row._tr.tc_lst) == pytest.approx(6480000, abs=20000)


def test_chinese_and_latin_text_have_the_fonts_of_official_papers(form: Draft) -> None:
    document = opened(form)
    normal = document.styles["Normal"].element.rPr.rFonts
    title = document.paragraphs[0].runs[0]

    assert (normal.get(qn("w:eastAsia")), normal.get(qn("w:ascii"))) == ("仿宋", "Times New Roman")
    assert title.font.size is not None
    assert title.font.size.pt == 22
    assert 'w:eastAsia="方正小标宋简体"' in title._r.xml
    with ZipFile(BytesIO(docx(form))) as parts:
        assert "小标宋;" in parts.read("word/fontTable.xml").decode()


def test_what_is_open_is_italic_and_what_is_computed_has_a_colour(form: Draft) -> None:
    table = opened(form).tables[1]
    paragraphs = [p for row in table.rows for cell in row.cells for p in cell.paragraphs]
    runs = {p.text: p.runs[0] for p in paragraphs if p.runs}

    assert runs["待填"].italic
    assert runs["是"].font.color.rgb is not None
    assert runs["演出场次"].font.color.rgb is None


def test_the_chart_has_an_alternative_text_and_the_foot_counts_the_pages(form: Draft) -> None:
    document = opened(form)
    footer = document.sections[0].footer._element
    picture = document.inline_shapes[0]._inline.docPr

    assert picture.get("descr") == (
        "文化下乡经费支出进度图：全年预算数 10.00 万元，累计支出 8.60 万元。"
    )
    assert [each.text.strip() for each in footer.iter(qn("w:instrText"))] == ["PAGE", "NUMPAGES"]
    assert "数据截至 2025年12月31日" in document.sections[0].footer.paragraphs[0].text


def test_equal_drafts_give_equal_bytes_without_a_time_in_them(form: Draft) -> None:
    content = docx(form)

    with ZipFile(BytesIO(content)) as parts:
        assert {entry.date_time for entry in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert content == docx(replace(form))
    assert word.Document(BytesIO(content)).core_properties.created == datetime(
        2025, 12, 31, tzinfo=UTC
    )


def test_hostile_texts_are_printed_as_they_are_without_control_characters(
    make_facts: Make, rules: ScoringRules
) -> None:
    name = "<A&B> 〔\x00\x0b\ud800〕㙍𠮷 $x$ {{ y }} ${z}"
    hostile = replace(make_facts().project, project_name=name, goals=("目" * 600, "<w:p/>\x1f"))
    document = opened(draft(make_facts(of=hostile), rules))

    assert rows(document.tables[0])[0][1] == "<A&B> 〔〕㙍𠮷 $x$ {{ y }} ${z}"
    assert f"1. {'目' * 600}\n2. <w:p/>" in everything(document)


@pytest.mark.parametrize("count", [0, 1, 60])
def test_any_number_of_indicators_is_printed(
    make_facts: Make, rules: ScoringRules, count: int
) -> None:
    project = make_facts().project
    many = tuple(replace(project.indicators[0], level3=f"第{i}项") for i in range(count))
    facts = make_facts(of=replace(project, indicators=many), as_of=date(2025, 5, 3))
    text = everything(opened(draft(facts, rules)))

    assert all(f"第{i}项" in text for i in range(count))


def test_every_sample_project_opens_again_with_all_its_texts(
    sample_projects: list[Project], make_facts: Make, rules: ScoringRules
) -> None:
    for project in sample_projects[::6]:
        text = everything(opened(draft(make_facts(of=project), rules)))
        wanted = [project.project_name, *project.goals]
        wanted += [
            t for each in project.indicators for t in (each.level2, each.level3, each.target)
        ]
        assert [each for each in wanted if each not in text] == []
