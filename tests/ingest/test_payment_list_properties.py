"""Whatever the bytes: a list or a refusal, and every data row accounted for."""

from __future__ import annotations

import tomllib

from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import InputError
from monitor.ingest.payment_list import read_payment_list
from monitor.ingest.profiles import Columns
from monitor.ingest.shipped import shipped

COLUMNS = Columns.from_toml(tomllib.loads(shipped("rules/columns.toml")))
HEADER = "序号,支付申请编号,支付日期,预算单位,项目编码,项目名称,金额,退款金额,用途,业务类型,状态"
CELLS = st.sampled_from(
    [
        "", "-", "1", "V1", "6.22E+18", "###", "2025-03-05", "2025-02-30", "45678", "430001-甲",
        "13022925P00JXC4198951", "合计", "小计：", "制表人：张三", "1,234.50", "(5)", "-5.00", "0",
        "9" * 5000, "１２．５", "1.5万元", "²", "①", "退款", "退回重付", "已支付",
        "已退款（上年）", "作废", "审核中", "2024年货款", "上年结转", '"',
        "单位：元", "第1页", "\ufeff", "\u200b",
    ]
)  # fmt: skip
ROWS = st.lists(st.lists(CELLS, max_size=12), max_size=12)


@settings(max_examples=300)
@given(st.binary(max_size=300))
def test_any_bytes_give_a_list_or_a_refusal(data: bytes) -> None:
    try:
        listed = read_payment_list(data, "a.csv", columns=COLUMNS)
    except InputError:
        return
    assert listed.rows == len(listed.payments) + len(listed.rejections)


@settings(max_examples=300)
@given(st.text(st.characters(codec="gb18030"), max_size=300), st.sampled_from(["utf-8", "gb18030"]))
def test_any_text_under_a_header_gives_a_list_or_a_refusal(text: str, encoding: str) -> None:
    data = f"{HEADER}\n{text}".encode(encoding)
    try:
        listed = read_payment_list(data, "a.csv", columns=COLUMNS)
    except InputError:
        return
    assert listed.rows == len(listed.payments) + len(listed.rejections)


@settings(max_examples=300)
@given(ROWS)
def test_every_row_ends_as_payment_or_rejection_or_is_counted_as_passed_over(
    rows: list[list[str]],
) -> None:
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows]
    data = "\n".join([HEADER, *quoted]).encode()
    listed = read_payment_list(data, "a.csv", columns=COLUMNS)

    empty_end = bool(rows and not rows[-1])  # a last line without a character is no line
    assert listed.rows + sum(listed.passed_over.values()) == len(rows) - empty_end
    assert {each.line for each in listed.payments}.isdisjoint(
        each.line for each in listed.rejections
    )


@settings(max_examples=200)
@given(ROWS)
def test_nothing_with_a_readable_date_is_passed_over(rows: list[list[str]]) -> None:
    dated = [[*row[:2], "2025-03-05", *row[3:]] for row in rows if len(row) > 2]
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in dated]
    listed = read_payment_list("\n".join([HEADER, *quoted]).encode(), "a.csv", columns=COLUMNS)

    assert listed.rows == len(dated)
