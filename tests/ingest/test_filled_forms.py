"""Filled forms read from files of each kind and layout (domain notes, 1a and 1b)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.domain.filled_form import FilledForm
from monitor.domain.money import MoneyUnit
from monitor.domain.scoring_rules import ScoringRules
from monitor.ingest.filled_form_reading import check_forms, read_forms
from tests.domain.filled_forms import RULES
from tests.ingest.filled_form_files import (
    FUNDS,
    HEADS,
    LEFT,
    UP,
    Rows,
    as_bars,
    as_cells,
    as_docx,
    as_tabs,
    as_xlsx,
    national,
    sichuan,
    texts,
)

KINDS: list[Callable[[Rows], bytes]] = [
    as_docx,
    lambda rows: as_docx(rows, repeated=True),
    as_xlsx,
    lambda rows: as_xlsx(rows, numbers=True),
    lambda rows: as_tabs(rows).encode(),
    lambda rows: as_tabs(rows, full=False).encode(),
    lambda rows: as_bars(rows).encode(),
    lambda rows: as_cells(rows).encode("gb18030"),
]
NAMES = ["docx", "docx-repeated", "xlsx", "xlsx-numbers", "tabs", "fewer-tabs", "bars", "cells"]

WHOLE = (as_docx(national()), as_xlsx(national()))


def only(data: bytes, file: str = "自评表") -> FilledForm:
    read = read_forms(data, file)
    assert read.diagnostics == ()
    assert len(read.forms) == 1
    return read.forms[0]


def complaints(data: bytes, file: str = "自评表.docx") -> list[str]:
    return [str(each) for each in check_forms(data, file, lambda *_: RULES, year=2022).diagnostics]


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
def test_a_correct_national_form_of_any_kind_is_clean(kind: Callable[[Rows], bytes]) -> None:
    assert complaints(kind(national())) == []


@pytest.mark.parametrize("kind", KINDS, ids=NAMES)
def test_a_correct_sichuan_form_of_any_kind_is_clean(kind: Callable[[Rows], bytes]) -> None:
    assert complaints(kind(sichuan())) == []


@pytest.mark.parametrize("kind", [k for n, k in enumerate(KINDS) if n not in (0, 3)])
def test_all_kinds_say_the_same(kind: Callable[[Rows], bytes]) -> None:
    assert texts(only(kind(national()))) == texts(only(as_docx(national())))


def test_each_part_of_the_national_form_is_found() -> None:
    form = only(as_docx(national()))

    assert (form.title, form.year, form.money_unit) == (
        "农村饮水工程",
        2022,
        MoneyUnit.TEN_THOUSAND_YUAN,
    )
    assert form.unit is not None
    assert form.unit.text == "219001-测试镇人民政府"
    assert [row.name.text for row in form.funds] == [row[0].strip() for row in FUNDS]
    water = form.indicators[0]
    assert (water.level1.text, water.level3.text, water.actual.text) == (
        "产出指标(50分)",
        "修建水窖",
        "20座",
    )
    assert [row.is_printed_only for row in form.indicators] == [False] * 3 + [True] + [False] * 2
    assert form.total_points is not None
    assert form.total_points.text == "96.60"


def test_a_cell_says_where_it_stands() -> None:
    word, book = only(as_docx(national()), "表.docx"), only(as_xlsx(national()), "表.xlsx")

    assert str(word.indicators[0].points.place) == "表.docx 第 13 行（表格 1 第 11 行）“得分”"
    assert str(book.indicators[0].points.place) == "表.xlsx 工作表“自评表1”H13“得分”"


def test_two_sides_of_the_sichuan_form_are_put_together() -> None:
    form = only(as_docx(sichuan()))

    assert form.expected is not None
    assert form.expected.text == "完成乡村公路日常养护，保证畅通"
    assert [each.text for each in form.texts] == ["总体完成较好", "结算较慢", "提前组织结算"]
    assert form.indicators[0].nature is not None
    assert form.indicators[0].nature.text == "≥"


def test_a_missed_target_in_parts_is_found() -> None:
    rows = [["≤" if text == "≥" else text for text in row] for row in sichuan()]

    found = complaints(as_docx(rows))

    assert any("F137" in each and "≤95%" in each for each in found)


def test_columns_in_another_order_say_the_same() -> None:
    def moved(row: list[str]) -> list[str]:
        return [*row[:4], row[6], row[7], row[4], row[5], row[8]]

    rows = national()
    start = rows.index(list(HEADS))
    rows = [*rows[:start], *map(moved, rows[start:-1]), rows[-1]]
    rows[-1] = ["总分", LEFT, LEFT, LEFT, "100", "96.60", "", "", ""]

    assert texts(only(as_docx(rows))) == texts(only(as_docx(national())))


def test_a_form_without_initial_budget_and_with_other_names_is_clean() -> None:
    rows = national()
    names = {"全年预算数(A)": "调整后预算数", "全年执行数(B)": "执行数", "年初预算数": "指标文号"}
    rows[2] = [names.get(text, text) for text in rows[2]]
    rows[4] = [text.replace("当年财政拨款", "本年财政拨款") for text in rows[4]]

    assert complaints(as_docx(rows)) == []
    assert only(as_docx(rows)).funds[0].initial is None


def test_goals_below_each_other_are_told_apart() -> None:
    rows = national()
    at = next(n for n, row in enumerate(rows) if row[0] == "年度总体目标")
    rows[at : at + 2] = [
        ["年度总体目标", "预期目标", "通水", *[LEFT] * 6],
        [UP, "实际完成情况", "已通水", *[LEFT] * 6],
    ]

    form = only(as_docx(rows))

    assert (form.expected and form.expected.text) == "通水"
    assert (form.achieved and form.achieved.text) == "已通水"


def test_goals_in_several_rows_belong_together() -> None:
    rows = national(goals=("1.通水", "1.已通水"))
    at = next(n for n, row in enumerate(rows) if row[1] == "1.通水")
    rows.insert(at + 1, [UP, "2.达标", *[LEFT] * 3, "2.已达标", *[LEFT] * 3])

    form = only(as_docx(rows))

    assert (form.expected and form.expected.text) == "1.通水\n2.达标"
    assert (form.achieved and form.achieved.text) == "1.已通水\n2.已达标"


def test_a_part_of_a_part_is_not_counted_twice() -> None:
    nested = ("其中：一般公共预算", "60.00", "60.00", "60.00", "－", "", "－")
    rows = national(funds=(*FUNDS[:2], nested, *FUNDS[2:]))

    assert complaints(as_docx(rows)) == []


def test_the_total_may_be_the_last_row() -> None:
    rows = national(funds=(*FUNDS[1:], ("合计", *FUNDS[0][1:])))

    assert complaints(as_docx(rows)) == []


def test_several_forms_in_a_file_are_checked_each() -> None:
    wrong = national(name="另一工程", total=("100", "90"))

    found = check_forms(as_xlsx(national(), wrong), "表.xlsx", lambda *_: RULES, year=2022)

    assert [form.title for form in found.forms] == ["农村饮水工程", "另一工程"]
    assert [each.id for each in found.diagnostics] == ["F132"]
    assert found.diagnostics[0].place.sheet == "自评表2"


def test_the_rule_set_is_that_of_the_forms_year_and_unit() -> None:
    asked = []

    def rules(year: int, unit_code: str) -> ScoringRules:
        asked.append((year, unit_code))
        return RULES

    check_forms(as_docx(national(), sichuan()), "表.docx", rules, year=2030)

    assert asked == [(2022, "219001"), (2022, "")]


def test_a_row_that_fits_no_columns_is_named() -> None:
    text = as_tabs(national(), full=False).replace("\t20座\t20\t20", "\t20座\t另外\t20\t20\t多\t余")

    read = read_forms(text.encode(), "表.txt")

    assert [each.id for each in read.diagnostics] == ["F103"]


def test_a_header_printed_again_is_no_indicator() -> None:
    rows = national()
    rows.insert(-3, list(HEADS))

    assert len(only(as_docx(rows)).indicators) == len(only(as_docx(national())).indicators)


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04damaged", "没有表格".encode(), b"\xd0\xcf\x11\xe0"]
)
def test_what_is_no_form_is_said_to_be_none(data: bytes) -> None:
    read = read_forms(data, "表")

    assert read.forms == ()
    assert len(read.diagnostics) == 1


@given(st.data())
@settings(max_examples=25)
def test_a_damaged_file_gives_diagnostics_and_no_error(data: st.DataObject) -> None:
    whole = data.draw(st.sampled_from(WHOLE))
    at = data.draw(st.integers(0, len(whole) - 1))
    cut = data.draw(st.booleans())
    damaged = whole[:at] if cut else whole[:at] + b"\xff" + whole[at + 1 :]

    check_forms(damaged, "表", lambda *_: RULES, year=2022)


LABELS = [*HEADS, *FUNDS[0], "项目名称", "", "总分", "x", "预期目标", "实际完成情况"]
LABELS += ["年度总体目标", "年初预算数", "全年执行数"]


@given(st.lists(st.lists(st.sampled_from(LABELS), min_size=1, max_size=9), max_size=12))
@settings(max_examples=100)
def test_any_table_of_labels_is_read_without_an_error(rows: Rows) -> None:
    text = "\n".join("\t".join(row) for row in rows)

    check_forms(text.encode(), "表.txt", lambda *_: RULES, year=2022)
