"""The 绩效填报表: what is locked, what is open, what each cell offers and explains."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook

from monitor.domain.entry import Entry, Field, Form, Key, items
from monitor.domain.scoring_rules import AtMost, ScoringRules
from monitor.domain.target import Project
from monitor.errors import InputError
from monitor.ingest.form_book import (
    CHOICES,
    FUNDS,
    HELP,
    INDICATORS,
    PROJECTS,
    TOP,
    UNIT,
    Book,
    Round,
    Slot,
)
from monitor.ingest.form_return import read_form
from monitor.reports.forms.lines_monitoring import monitoring_book
from monitor.reports.forms.lines_self import self_book
from monitor.reports.forms.notes import actual_rule
from monitor.reports.forms.workbook import file_name, write
from tests.reports.conftest import MakeFacts, indicator, project

KINDS = (
    indicator("产出指标", "数量指标", "演出场次", "≥12场"),
    indicator("产出指标", "时效指标", "完成时间", "2025年11月底前"),
    indicator("产出指标", "成本指标", "每场费用", "≤5000元"),
    indicator("效益指标", "社会效益指标", "文化氛围", "进一步推动"),
    indicator("满意度指标", "服务对象满意度指标", "是否满意", "是/否"),
)


@pytest.fixture
def book(make_facts: MakeFacts, rules: ScoringRules) -> Book:
    return self_book([make_facts(of=project(indicators=KINDS))], rules)


@pytest.fixture
def sheets(book: Book) -> Workbook:
    return load_workbook(io.BytesIO(write(book, author="王五")))


def at(sheets: Workbook, sheet: str, row: int, header: str) -> Any:
    """The cell of the row so many below the headers, from 1."""
    page = sheets[sheet]
    [column] = [c.column for c in page[TOP + 1] if str(c.value).replace("\n", "") == header]
    return page.cell(TOP + 1 + row, int(column or 0))


def test_figures_are_locked_and_what_people_know_is_open(sheets: Workbook) -> None:
    assert all(sheets[name].protection.sheet for name in (HELP, PROJECTS, INDICATORS, UNIT))
    for header in ("项目编码", "年度指标值", "分值", "系统测算"):
        assert at(sheets, INDICATORS, 1, header).protection.locked, header
    for header in ("实际完成值", "偏差原因分析及改进措施", "佐证资料"):
        assert not at(sheets, INDICATORS, 1, header).protection.locked, header
    assert at(sheets, PROJECTS, 1, "全年执行数（元）").value == 86000
    assert not at(sheets, PROJECTS, 1, "年度总体目标实际完成情况").protection.locked
    assert not at(sheets, UNIT, 1, "填写内容").protection.locked


def test_points_are_asked_where_the_result_alone_does_not_make_them(sheets: Workbook) -> None:
    shown = [at(sheets, INDICATORS, row, "得分") for row in range(1, 6)]
    assert [cell.protection.locked for cell in shown] == [True, False, True, False, False]
    assert [cell.value for cell in shown] == ["由系统计算", None, "由系统计算", None, None]


def test_open_cells_are_marked_and_the_legend_says_so(sheets: Workbook) -> None:
    def colour(sheet: str, row: int, header: str) -> str:
        return str(at(sheets, sheet, row, header).fill.start_color.rgb)[2:]

    assert colour(INDICATORS, 1, "实际完成值") == "FFE699"
    assert colour(INDICATORS, 1, "佐证资料") == "FFF9DB"
    assert colour(INDICATORS, 1, "分值") == "F2F2F2"
    told = {str(c.value): r[0].fill.start_color.rgb for r in sheets[HELP].iter_rows() for c in r}
    assert told["须填写"] == "FFFFE699"
    assert told["锁定，不能改动"] == "FFF2F2F2"


def validations(sheets: Workbook, sheet: str) -> dict[str, Any]:
    """The validation of each cell."""
    rules = sheets[sheet].data_validations.dataValidation
    return {
        f"{get_column_letter(column)}{row}": rule
        for rule in rules
        for span in rule.sqref.ranges
        for row, column in span.cells
    }


def test_fixed_choices_are_offered_from_the_hidden_sheet(sheets: Workbook) -> None:
    offered = validations(sheets, INDICATORS)[at(sheets, INDICATORS, 5, "实际完成值").coordinate]

    assert offered.type == "list"
    name, _, span = offered.formula1.partition("!")
    assert name == CHOICES
    assert sheets[CHOICES].sheet_state == "hidden"
    assert [c[0].value for c in sheets[CHOICES][span]] == ["是", "部分达成", "否"]
    assert offered.showErrorMessage


def test_points_are_limited_to_the_weight_and_explained(sheets: Workbook) -> None:
    cell, weight = at(sheets, INDICATORS, 4, "得分"), at(sheets, INDICATORS, 4, "分值").value
    limit = validations(sheets, INDICATORS)[cell.coordinate]

    assert (limit.type, limit.operator) == ("decimal", None)  # between is the default
    assert [Decimal(limit.formula1), Decimal(limit.formula2)] == [0, weight]
    assert f"请填 0 到 {weight}" in limit.prompt
    assert "达成年度指标得分值的 100.00%—80.00%" in limit.prompt


def test_a_cell_says_the_rule_of_its_kind(sheets: Workbook, rules: ScoringRules) -> None:
    said = validations(sheets, INDICATORS)
    prompts = [
        said[at(sheets, INDICATORS, row, "实际完成值").coordinate].prompt for row in range(1, 6)
    ]
    assert "实际完成值÷指标值×分值" in prompts[0]
    assert "2025-11-30" in prompts[1]
    assert "到指标值的两倍为 0" in prompts[2]
    assert "自评得分" in prompts[3]
    assert "“是”得满分" in prompts[4]
    other = actual_rule(KINDS[2].value, replace(rules, at_most=AtMost.RATIO), None)
    assert "分值×指标值÷实际完成值" in other


def test_headers_carry_the_rule_of_their_column(sheets: Workbook) -> None:
    page = sheets[INDICATORS]
    noted = {str(c.value): c.comment.text for c in page[TOP + 1] if c.comment}
    assert "不得高于分值" in noted["得分"]
    assert {"分值", "系统测算", "实际完成值"} <= noted.keys()


def test_the_key_column_is_hidden_and_the_book_known_by_its_property(
    sheets: Workbook, book: Book
) -> None:
    assert sheets[INDICATORS].column_dimensions["A"].hidden
    [mark] = [each.value for each in sheets.custom_doc_props if each.name == "monitor_round"]  # type: ignore[attr-defined]
    said = Round.from_property(str(mark))
    assert said == book.round
    assert (said.year, said.unit_code, said.form) == (2025, "623001", Form.SELF_ASSESSMENT)


def test_the_sheets_print_on_a4_with_their_headers_repeated(sheets: Workbook) -> None:
    for name in (PROJECTS, INDICATORS, UNIT):
        page = sheets[name]
        assert (page.page_setup.paperSize, page.page_setup.orientation) == (9, "landscape")
        fitted = page.sheet_properties.pageSetUpPr
        assert fitted is not None
        assert fitted.fitToPage
        assert page.page_setup.fitToHeight == 0  # as many pages down as it takes
        assert page.print_title_rows == f"${TOP + 1}:${TOP + 1}"


def test_the_same_book_gives_the_same_bytes(book: Book) -> None:
    assert write(book) == write(book)
    with zipfile.ZipFile(io.BytesIO(write(book))) as archive:
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def entry(key: Key, value: str) -> Entry:
    return Entry(key, value, "", "王五", datetime(2026, 1, 9, tzinfo=UTC), "王五")


def own(field: Field, item: str = "") -> Key:
    return Key(Form.SELF_ASSESSMENT, field, item)


def test_what_was_entered_is_filled_in_beside_what_the_program_computes(
    make_facts: MakeFacts, rules: ScoringRules
) -> None:
    item = items(KINDS)[3]
    said = {own(Field.ACTUAL, item): "很热闹", own(Field.POINTS, item): "26.5"}
    facts = make_facts(
        of=project(indicators=KINDS), entries={k: entry(k, v) for k, v in said.items()}
    )
    sheets = load_workbook(io.BytesIO(write(self_book([facts], rules))))

    assert at(sheets, INDICATORS, 4, "实际完成值").value == "很热闹"
    assert at(sheets, INDICATORS, 4, "得分").value == 26.5


def test_money_that_is_not_known_is_asked_in_yuan(
    make_facts: MakeFacts, rules: ScoringRules
) -> None:
    known = self_book([make_facts()], rules)
    assert not [line for line in known.lines if line.sheet == FUNDS]

    some = project(other_fen=None, fiscal_fen=None)
    asked = self_book([make_facts(of=some)], rules)
    slots = {
        (line.about, name): cell
        for line in asked.lines
        if line.sheet == FUNDS
        for name, cell in line.cells.items()
        if isinstance(cell, Slot)
    }
    assert any(slot.is_open for slot in slots.values())
    paid = slots["fiscal_initial", "全年执行数（元）"]
    assert (paid.is_open, paid.closed) == (False, Decimal(86000))


def test_the_first_sheet_says_what_is_missing_in_the_figures(
    make_facts: MakeFacts, rules: ScoringRules
) -> None:
    facts = make_facts(missing_months=("2025-11",), unmatched_rows=2, unmatched_fen=1_000_00)
    sheets = load_workbook(io.BytesIO(write(self_book([facts], rules))))
    told = " ".join(str(c.value) for row in sheets[HELP].iter_rows() for c in row if c.value)
    assert "2025-11 的支付明细尚未到齐" in told
    assert "2 笔支付（合计 1,000.00 元）未与项目匹配" in told


def test_weights_that_nobody_knows_are_asked(make_facts: MakeFacts, rules: ScoringRules) -> None:
    strange = project(indicators=(indicator("其他", "其他", "说不清", "≥1个"),))
    [line] = [x for x in self_book([make_facts(of=strange)], rules).lines if x.sheet == INDICATORS]
    weight = line.cells["分值"]
    assert isinstance(weight, Slot)
    assert (weight.is_open, weight.most) == (True, Decimal(90))


def test_the_monitoring_book_asks_for_the_official_columns(
    make_facts: MakeFacts, rules: ScoringRules
) -> None:
    facts = make_facts(of=project(indicators=KINDS), as_of=datetime(2025, 7, 31, tzinfo=UTC).date())
    book = monitoring_book([facts], rules, 10_000, 7)
    sheets = load_workbook(io.BytesIO(write(book)))

    assert book.title == "项目支出绩效目标执行监控填报表（2025年1—7月）"
    assert file_name(book) == "623001-2025-监控7月填报表.xlsx"
    headers = [str(c.value).replace("\n", "") for c in sheets[INDICATORS][TOP + 1]]
    assert headers[-10:] == [
        *("执行情况", "全年预计完成情况", "经费保障", "制度保障", "人员保障", "硬件条件保障"),
        *("其他", "原因说明", "完成目标可能性", "备注"),
    ]
    chosen = at(sheets, INDICATORS, 1, "完成目标可能性").coordinate
    span = validations(sheets, INDICATORS)[chosen].formula1.partition("!")[2]
    assert [c[0].value for c in sheets[CHOICES][span]] == ["确定能", "有可能", "完全不可能"]


def test_a_text_that_looks_like_a_formula_or_cannot_be_printed_does_no_harm(
    make_facts: MakeFacts, rules: ScoringRules
) -> None:
    hostile = project(project_name="=1+1\x0b演出\x00", goals=("=cmd|' /C calc'!A0",))
    data = write(self_book([make_facts(of=hostile)], rules))
    sheets = load_workbook(io.BytesIO(data))

    name = at(sheets, PROJECTS, 1, "项目名称")
    assert (name.data_type, name.value) == ("s", "=1+1演出")
    assert not read_form(data, "表.xlsx").wrong


def test_every_sample_project_comes_back_as_it_went_out(
    sample_projects: list[Project], make_facts: Callable[..., Any], rules: ScoringRules
) -> None:
    books = [self_book([make_facts(of=each)], rules) for each in sample_projects]
    for book in books:
        returned = read_form(write(book), "表.xlsx")
        assert (returned.wrong, returned.notes) == ((), ())
        assert [line.subject for line in returned.lines] == [line.subject for line in book.lines]
        assert not any(line.touched for line in returned.lines)


def test_a_change_of_any_cell_is_noticed(book: Book) -> None:
    """Each cell below the headers, one after the other: locked ones are refused, open ones read."""
    data = write(book)
    names = [c.value for c in load_workbook(io.BytesIO(data))[INDICATORS][TOP + 1]]
    for column, header in enumerate(names, 1):
        changed = load_workbook(io.BytesIO(data))
        cell = changed[INDICATORS].cell(TOP + 2, column)
        was_open, cell.value = not cell.protection.locked, "另一个"
        target = io.BytesIO()
        changed.save(target)
        returned = read_form(target.getvalue(), "表.xlsx")
        first = next(line for line in returned.lines if line.subject[0] == INDICATORS)
        if was_open:
            assert first.touched == {header}
        else:
            assert {each.id for each in returned.wrong} & {"F203", "F207"}, header


def test_a_book_of_another_program_is_refused() -> None:
    target = io.BytesIO()
    Workbook().save(target)
    with pytest.raises(InputError, match="这不是绩效填报表"):
        read_form(target.getvalue(), "表.xlsx")


def test_a_long_word_of_the_program_does_not_cost_a_line_its_key(book: Book) -> None:
    line = next(each for each in book.lines if each.sheet == INDICATORS)
    cells = {
        name: replace(cell, own="\U0002070e长\x0b" * 20_000) if isinstance(cell, Slot) else cell
        for name, cell in line.cells.items()
    }
    returned = read_form(write(replace(book, lines=(replace(line, cells=cells),))), "表.xlsx")
    assert not returned.wrong
    assert returned.lines[0].own["佐证资料"].startswith("\U0002070e长\x0b")
