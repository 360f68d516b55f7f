"""Headers of two lines: groups of columns above, their names below."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest

from monitor.domain.money import MoneyUnit
from monitor.errors import InputError
from monitor.ingest.payment_header import Header, find_header
from monitor.ingest.payment_lines import OtherLines
from monitor.ingest.profiles import Columns, Meaning
from monitor.ingest.readers.delimited import Row, read_delimited
from monitor.ingest.readers.sheet_rows import read_sheet_rows
from monitor.ingest.shipped import shipped
from tests.ingest import sheet_files

SHARED = Path(os.environ.get("MONITOR_SHARED", Path(__file__).parents[3] / "shared"))
LISTS = sorted((SHARED / "samples/payments").glob("*/*.csv"))
COLUMNS = Columns.from_toml(tomllib.loads(shipped("rules/columns.toml")))
UPPER = "序号,支付凭证号,支付日期,预算单位,,项目,,支付金额,收款人,,,用途"
LOWER = ",,,编码,名称,编码,名称,,全称,账号,开户银行,"
DATA = "1,V1,2025-03-05,430001,某局,P1,甲,100.00,某公司,6222,工行,办公"
ALL = {
    "index": 0, "voucher": 1, "pay_date": 2, "unit_code": 3, "unit_name": 4, "project_code": 5,
    "project_name": 6, "amount": 7, "payee": 8, "account": 9, "bank": 10, "purpose": 11,
}  # fmt: skip


def _rows(*lines: str) -> list[Row]:
    return read_delimited("".join(f"{line}\n" for line in lines).encode(), "清单.csv").rows


def _found(*lines: str) -> tuple[int, Header]:
    return find_header(_rows(*lines), COLUMNS, "清单.csv")


def _at(header: Header) -> dict[str, int]:
    return {meaning.value: index for meaning, index in header.at.items()}


def test_the_names_of_both_lines_together_tell_the_columns() -> None:
    position, header = _found("2025年3月明细", "单位：万元", UPPER, LOWER, DATA)

    assert (position, header.lines, header.line) == (3, (3, 4), 4)
    assert _at(header) == ALL
    assert header.names[3:7] == ("预算单位编码", "预算单位名称", "项目编码", "项目名称")
    assert header.units == {Meaning.AMOUNT: MoneyUnit.TEN_THOUSAND_YUAN}
    assert not header.diagnostics


def test_a_header_that_would_do_alone_is_completed_by_the_line_below() -> None:
    """支付日期, 预算单位 and 支付金额 are a header, but 编码 and 名称 below are no payment."""
    position, header = _found("支付日期,预算单位,,支付金额,收款人,", ",编码,名称,,全称,账号", DATA)

    assert (position, header.lines) == (1, (1, 2))
    assert _at(header) == {
        "pay_date": 0, "unit_code": 1, "unit_name": 2, "amount": 3, "payee": 4, "account": 5,
    }  # fmt: skip


@pytest.mark.parametrize("form", sheet_files.FORMS)
def test_two_lines_are_read_in_every_form_of_sheet(form: str) -> None:
    cells = [line.split(",") for line in ("明细表", UPPER, LOWER, DATA)]
    (sheet,) = read_sheet_rows(sheet_files.FORMS[form](cells), "清单.xls")

    position, header = find_header(sheet.rows, COLUMNS, "清单.xls")

    assert (position, header.lines, _at(header)) == (2, (2, 3), ALL)


def test_groups_that_only_gather_columns_leave_the_names_below_as_they_are() -> None:
    _, header = _found(
        "支付信息,,项目信息,,收款人信息,,支付状态",
        "支付日期,金额,编码,名称,全称,账号,",
    )

    assert _at(header) == {
        "pay_date": 0, "amount": 1, "project_code": 2, "project_name": 3, "payee": 4, "account": 5,
        "status": 6,
    }  # fmt: skip


def test_the_status_above_a_line_that_is_a_header_alone_is_not_lost() -> None:
    _, header = _found(
        "基本信息,,,支付状态", "支付日期,支付金额,项目编码,", "2025-01-01,1,P,已支付"
    )

    assert (header.lines, _at(header)["status"]) == ((1, 2), 3)


def test_the_money_unit_may_stand_in_the_lower_line() -> None:
    _, header = _found("支付日期,项目,,支付金额", ",编码,名称,（万元）")

    assert header.units == {Meaning.AMOUNT: MoneyUnit.TEN_THOUSAND_YUAN}


def test_the_amount_of_a_budget_is_not_taken_for_what_was_paid() -> None:
    with pytest.raises(InputError, match="缺少支付金额"):
        _found("支付日期,项目,,预算指标,", ",编码,名称,文号,金额", "2025-01-01,P1,甲,1,5")


def test_the_unit_of_a_payee_is_not_taken_for_the_unit_that_pays() -> None:
    _, header = _found("支付日期,项目,,支付金额,收款人,", ",编码,名称,,单位名称,账号")

    assert Meaning.UNIT_NAME not in header.at


@pytest.mark.parametrize(
    "row",
    [
        "2025-01-02,某局,5.00,某公司",
        ",某局,,名称",
        "二月,编码,壹佰元,全称",
        ",合计,100.00,",
        ",,,全称如下",
        ",,,",
        "制表人：张三,,,",
        "支付日期,预算单位,支付金额,收款人",
    ],
)
def test_a_line_that_is_no_second_header_line_stays_a_row(row: str) -> None:
    position, header = _found("支付日期,预算单位,支付金额,收款人", row, "2025-01-02,某局,5.00,甲")

    assert (position, header.lines) == (0, (1,))


@pytest.mark.parametrize(
    "title",
    [
        "单位：万元,,,,打印日期：2025-10-03",
        "某县财政局,,支付明细表",
        "支付,,,,第一页",
        "2025年,,支付,,",
        ",,,合计",
        "收款人,,,,",
        "预算单位,,,,某局",
    ],
)
def test_a_line_of_a_title_is_not_part_of_the_header_below(title: str) -> None:
    names = ("支付日期", "项目编码", "项目名称", "金额（万元）", "用途", "状态", "备注")

    position, header = _found("明细", title, ",".join(names), "2025-01-02,P1,甲,1,办公,已支付,")

    assert (position, header.lines, header.names) == (2, (3,), names)
    assert header.at[Meaning.STATUS] == 5


def test_conditions_above_a_header_are_not_part_of_it() -> None:
    _, header = _found("预算单位,某某局,,支付日期,起", "支付日期,支付金额,项目编码,项目名称,用途")

    assert header.lines == (2,)
    assert header.names == ("支付日期", "支付金额", "项目编码", "项目名称", "用途")


def test_both_lines_are_passed_over_where_a_page_repeats_them() -> None:
    rows = _rows(UPPER, LOWER, DATA, UPPER + ",,", LOWER.replace("全称", " 全 称"))
    _, header = find_header(rows, COLUMNS, "清单.csv")
    lines = OtherLines(header, COLUMNS, "清单.csv")

    assert [lines.kind(*row) for row in rows[3:]] == ["header", "header"]


def test_another_header_further_down_refuses_the_file() -> None:
    rows = _rows(UPPER, LOWER, DATA, "支付日期,支付金额,项目编码")
    _, header = find_header(rows, COLUMNS, "清单.csv")

    with pytest.raises(InputError, match="又有一个表头"):
        OtherLines(header, COLUMNS, "清单.csv").kind(*rows[3])


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("支出类别", Meaning.CATEGORY),
        ("项目类别", Meaning.CATEGORY),
        ("部门预算支出经济分类", Meaning.ECONOMIC),
        ("支出功能分类科目", Meaning.FUNCTION),
        ("收款人开户银行", Meaning.BANK),
        ("结算方式", Meaning.METHOD),
        ("原支付申请编号", Meaning.ORIGINAL),
    ],
)
def test_columns_that_describe_never_refuse_a_list_even_twice(name: str, meaning: Meaning) -> None:
    _, header = _found(f"支付日期,项目编码,支付金额,{name},{name}")

    assert header.at[meaning] == 3
    assert [found.id for found in header.diagnostics] == ["P109"]


def test_the_classes_of_the_government_are_not_those_of_the_department() -> None:
    _, header = _found("支付日期,项目编码,支付金额,政府预算支出经济分类")

    assert Meaning.ECONOMIC not in header.at


def test_a_file_of_words_of_an_earlier_version_is_still_read() -> None:
    table = tomllib.loads(shipped("rules/columns.toml"))
    del table["columns"]["category"]

    assert Columns.from_toml(table).recognise("支出类别") is None


@pytest.mark.skipif(not LISTS, reason="the shared samples are not on this machine")
def test_the_sample_lists_have_headers_of_one_line_with_columns_all_known() -> None:
    for path in LISTS:
        rows = read_delimited(path.read_bytes(), path.name).rows
        _, header = find_header(rows, COLUMNS, path.name)

        assert len(header.lines) == 1, path
        assert sorted(header.at.values()) == list(range(len(header.names))), path
