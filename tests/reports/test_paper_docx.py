"""The Word document of a paper, opened again and compared cell by cell."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from zipfile import ZipFile

import docx as word
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.table import Table as WordTable
from lxml import etree

from monitor.reports.assessment.draft import Cell, Draft, to_fill
from monitor.reports.assessment.layout import paper
from monitor.reports.paper.blocks import Box, Paper, Paragraph, Row, Style, Table, label
from monitor.reports.paper.docx import docx
from tests.reports.papers import INDICATORS, a_draft, indicator_row

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def opened(of: Draft | Paper) -> Document:
    return word.Document(BytesIO(docx(paper(of) if isinstance(of, Draft) else of)))


def full(table: WordTable) -> list[list[str]]:
    """Each row of the grid; a merged cell is in every place that it covers."""
    return [[cell.text for cell in row.cells] for row in table.rows]


def parts(of: Draft) -> dict[str, bytes]:
    with ZipFile(BytesIO(docx(paper(of)))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


HEADS = ["绩效指标", "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"]


def test_the_general_part_is_that_of_the_national_form_place_by_place() -> None:
    general, _ = opened(a_draft()).tables
    heads = ["年初预算数", "全年预算数(A)", "全年执行数(B)", "分值", "执行率(B/A)", "得分"]
    money, goals, open_ = "项目资金（万元）", "1. 演出十二场\n2. 观众满意", "待填"

    assert full(general) == [
        ["项目名称"] * 2 + ["文化下乡经费"] * 7,
        ["主管部门"] * 2 + ["待填\n部门编码 623"] * 3 + ["实施单位"] + ["623001-测试县文化馆"] * 3,
        [money, "", "", *heads],
        [money, *["年度资金总额"] * 2, "10.00", "10.00", "8.60\n系统测算", "10",
         "86.00%\n系统测算", "8.60\n系统测算"],
        [money, *["其中：当年财政拨款"] * 2, "10.00", "10.00", "8.60\n系统测算", "－", "", "－"],
        [money, *["　　　上年结转资金"] * 2, "0.00", "0.00", "0.00", "－", "", "－"],
        [money, *["　　　其他资金"] * 2, "0.00", "0.00", "0.00", "－", "", "－"],
        [money, *["执行偏差原因"] * 2, *["待填\n执行率低于90%，须说明原因"] * 6],
        ["年度总体目标", *["预期目标"] * 4, *["实际完成情况"] * 4],
        ["年度总体目标", *[goals] * 4, *[open_] * 4],
    ]  # fmt: skip


def test_each_indicator_stands_under_its_levels_which_run_down() -> None:
    _, table = opened(a_draft()).tables
    output, given = "产出指标(50分)", "10\n系统分配"
    money = "是\n系统测算：支出8.60万元，预算10.00万元"

    assert full(table) == [
        [*HEADS, "偏差原因分析及改进措施"],
        ["", output, "数量指标", "演出场次", "≥12场", "待填", given, "待填", "待填"],
        ["", output, "数量指标", "受益村数", "≥6个", "待填", given, "待填", "待填"],
        ["", output, "质量指标", "—", "—", "—", "—", "—", "—"],
        ["", output, "成本指标", "控制在预算资金内", "是/否", money, given, "10\n系统测算", "—"],
        ["", "效益指标(30分)", "社会效益指标", "丰富群众文化生活", "≥12场", "待填", given, "待填",
         "待填"],
        ["", "满意度指标(10分)", "服务对象满意度指标", "观众满意度", "≥95%", "待填", given, "待填",
         "待填"],
        [*["总分"] * 6, "100", "待填", ""],
    ]  # fmt: skip


def test_neighbours_of_the_same_level_are_one_merged_cell_and_others_are_not() -> None:
    _, table = opened(a_draft()).tables
    cells = [[cell._tc for cell in row.cells] for row in table.rows]

    assert cells[1][1] is cells[4][1]
    assert cells[1][2] is cells[2][2]
    assert cells[2][2] is not cells[3][2]
    assert cells[4][1] is not cells[5][1]


def test_only_heads_at_the_top_of_a_table_are_repeated_and_rows_stay_whole() -> None:
    general, table = opened(a_draft()).tables
    repeated = [bool(row._tr.findall(f".//{W}tblHeader")) for row in table.rows]

    assert repeated == [True] + [False] * 7
    assert not general._tbl.findall(f".//{W}tblHeader")
    assert all(row._tr.findall(f".//{W}cantSplit") for row in table.rows)
    assert not general.rows[-1]._tr.findall(f".//{W}cantSplit")


def test_every_row_is_as_wide_as_the_page_between_its_margins() -> None:
    for table in opened(a_draft()).tables:
        for row in table.rows:
            width = sum(tc.width or 0 for tc in row._tr.tc_lst)
            assert width == pytest.approx(180 * 36_000, abs=5000)


def test_every_style_and_every_run_names_its_chinese_font_and_no_theme() -> None:
    files = parts(a_draft(stamp="阶段数据，截至10月31日"))
    for name in ("document", "header1", "footer1"):
        root = etree.fromstring(files[f"word/{name}.xml"])
        found = [run.find(f"{W}rPr/{W}rFonts") for run in root.iter(f"{W}r")]
        assert found
        assert all(fonts is not None and fonts.get(f"{W}eastAsia") for fonts in found)
    styles = etree.fromstring(files["word/styles.xml"])
    found = [style.find(f"{W}rPr/{W}rFonts") for style in styles.iter(f"{W}style")]
    assert all(fonts is not None and fonts.get(f"{W}eastAsia") for fonts in found)
    assert not any(b"Theme" in content for content in files.values())


def test_the_fonts_are_those_of_official_papers_with_fallbacks() -> None:
    document = opened(a_draft(notices=()))
    title = document.paragraphs[0]
    table = parts(a_draft())["word/fontTable.xml"].decode()

    assert title.text == "项目支出绩效自评表"
    assert title.style is not None
    assert title.style.font.size is not None
    assert title.style.font.size.pt == 22
    assert 'w:eastAsia="方正小标宋简体"' in title.runs[0]._r.xml
    assert document.styles["Normal"].font.size.pt == 10.5
    assert re.search('w:name="方正小标宋简体"><w:altName w:val="[^"]*黑体[^"]*宋体', table)
    assert re.search('w:name="仿宋"><w:altName w:val="[^"]*宋体', table)


def test_tables_and_pictures_are_described_for_those_who_cannot_see_them() -> None:
    document = opened(a_draft())
    captions = [t._tbl.tblPr.find(f"{W}tblCaption").get(f"{W}val") for t in document.tables]
    picture = document.inline_shapes[0]._inline.docPr

    assert captions == [
        "项目支出绩效自评表：项目、资金和年度总体目标",
        "项目支出绩效自评表：绩效指标、得分和偏差原因",
    ]
    assert all(t._tbl.tblPr.find(f"{W}tblDescription") is not None for t in document.tables)
    assert picture.get("descr") == (
        "文化下乡经费支出进度图：全年预算数 10.00 万元，累计支出 8.60 万元。"
    )


def test_the_stamp_the_date_and_the_digest_stand_on_every_page() -> None:
    draft = a_draft(stamp="阶段数据，截至10月31日", digest="3F9A-77C2")
    document = opened(draft)
    section = document.sections[0]
    fields = [each.text.strip() for each in section.footer._element.iter(qn("w:instrText"))]

    assert section.header.paragraphs[0].text == "阶段数据，截至10月31日"
    assert fields == ["PAGE", "NUMPAGES"]
    assert "数据截至 2025年12月31日　　校验码 3F9A-77C2" in section.footer.paragraphs[0].text
    assert "定稿校验码：3F9A-77C2" in [p.text for p in document.paragraphs]


def test_what_must_be_known_first_stands_above_the_title_and_the_rest_below_the_form() -> None:
    texts = [p.text for p in opened(a_draft()).paragraphs if p.text]

    assert texts == [
        "本表为草稿：尚有 16 处待填。",
        "项目支出绩效自评表",
        "（2025年度）",
        "项目编码：13030325P00000000001X",
        "已评 18.60 / 20 分",
        "备注",
        "1. 数据截至2025年12月31日。",
        "2. 指标分值按规则分配，可按规定调整。",
        "评审提示",
        "1. “演出场次”缺少佐证资料。",
        "佐证资料",
        "1. 控制在预算资金内：用途“演出”支出8.60万元（系统测算）",
        "附图",
        "图　2025年度支出进度：计划与实际（按月，万元）",
        "数据来源",
        "1. 绩效目标文本：目标.txt（SHA-256 abababababab）",
    ]


def test_what_is_open_is_italic_and_what_is_computed_has_a_colour() -> None:
    _, table = opened(a_draft()).tables
    found = {
        p.text: p.runs[0] for row in table.rows for c in row.cells for p in c.paragraphs if p.runs
    }

    assert found["待填"].italic
    assert found["是"].font.color.rgb is not None
    assert found["演出场次"].font.color.rgb is None


def test_equal_drafts_give_equal_bytes_without_a_time_in_them() -> None:
    content = docx(paper(a_draft()))

    with ZipFile(BytesIO(content)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert content == docx(paper(a_draft()))
    assert content != docx(paper(a_draft(scored="已评 18.61 / 20 分")))
    assert word.Document(BytesIO(content)).core_properties.created == datetime(
        2025, 12, 31, tzinfo=UTC
    )


def test_hostile_texts_are_printed_as_they_are_without_control_characters() -> None:
    name = Cell('<A&B> "〔\x00\x0b\ud800〕㙍𠮷 $x$ {{ y }} ${z}')
    draft = a_draft(project_name=name, expected=(Cell("目" * 600), Cell("<w:p/>\x1f\n]]>")))
    document = opened(draft)

    assert full(document.tables[0])[0][2] == '<A&B> "〔〕㙍𠮷 $x$ {{ y }} ${z}'
    assert full(document.tables[0])[-1][1] == f"{'目' * 600}\n<w:p/>\n]]>"


@pytest.mark.parametrize("count", [0, 1, 60])
def test_any_number_of_indicators_is_printed(count: int) -> None:
    rows = tuple(indicator_row("产出指标", "数量指标", f"第{i}项") for i in range(count))
    _, table = opened(a_draft(indicators=rows)).tables

    assert [row[3] for row in full(table)[1:-1]] == [f"第{i}项" for i in range(count)]


def test_the_same_level_two_under_two_level_ones_is_not_merged() -> None:
    rows = (
        replace(INDICATORS[0], level1="甲", level2="同名"),
        replace(INDICATORS[1], level1="乙", level2="同名"),
    )
    _, table = opened(a_draft(indicators=rows)).tables

    assert table.rows[1].cells[2]._tc is not table.rows[2].cells[2]._tc


def test_the_total_stays_on_one_page_with_the_last_indicator() -> None:
    _, table = opened(a_draft()).tables
    kept = [bool(row._tr.findall(f".//{W}keepNext")) for row in table.rows]

    assert kept == [False] * 6 + [True, False]


def test_a_text_has_the_margins_and_lines_of_an_official_paper() -> None:
    body = Paragraph(Cell("正文。"), Style.BODY)
    document = opened(Paper("报告", date(2025, 6, 30), (body,)))
    section, style = document.sections[0], document.paragraphs[0].style

    assert section.left_margin is not None
    assert round(section.left_margin.mm) == 26
    assert style is not None
    assert (style.font.size.pt, style.paragraph_format.line_spacing.pt) == (16, 30)


def test_tables_that_are_not_joined_are_kept_apart() -> None:
    table = Table((90.0, 90.0), (Row((label("甲"), Box((to_fill(),)))),), "甲")
    blocks = (table, table, Paragraph(Cell("末"), Style.BODY))
    document = opened(Paper("两表", date(2025, 6, 30), blocks, landscape=True))

    assert [full(each) for each in document.tables] == [[["甲", "待填"]]] * 2
    section = document.sections[0]
    assert section.page_width is not None
    assert section.page_height is not None
    assert section.page_width > section.page_height


def test_a_table_with_a_gap_is_refused() -> None:
    table = Table((90.0, 90.0), (Row((label("甲"),)),), "缺一格")

    with pytest.raises(ValueError, match="缺一格"):
        docx(Paper("坏表", date(2025, 6, 30), (table,)))
