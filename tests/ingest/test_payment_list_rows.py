"""What the rows of a payment list mean: numbers, amounts, dates, statuses, refunds, totals."""

from __future__ import annotations

import tomllib

import pytest

from monitor.domain.payment import Status
from monitor.errors import InputError
from monitor.ingest.payment_list import PaymentList, read_payment_list
from monitor.ingest.profiles import Columns
from monitor.ingest.shipped import shipped

COLUMNS = Columns.from_toml(tomllib.loads(shipped("rules/columns.toml")))
HEADER = "支付凭证号,支付日期,单位编码,项目编码,项目名称,金额（元）,用途,状态"


def _read(*lines: str, file: str = "清单.csv", months: tuple[str, ...] = ()) -> PaymentList:
    data = "".join(f"{line}\n" for line in lines).encode()
    return read_payment_list(data, file, columns=COLUMNS, months=months)


def _row(
    number: str = "V1",
    day: str = "2025-03-05",
    code: str = "P1",
    name: str = "甲",
    amount: str = "100.00",
    purpose: str = "",
    status: str = "已支付",
) -> str:
    return f"{number},{day},430001,{code},{name},{amount},{purpose},{status}"


def _ids(listed: PaymentList) -> list[str]:
    return [found.id for found in listed.diagnostics]


def test_a_payment_keeps_its_line_and_its_cells_as_they_stood() -> None:
    listed = _read("2025年3月明细", HEADER, _row(code="\tp1 ", amount='"1,234.50"'))

    (payment,) = listed.payments
    assert (payment.line, payment.project_code, payment.amount_fen) == (3, "P1", 123450)
    assert payment.cells[3] == "\tp1 "
    assert listed.passed_over == {"title": 1}


@pytest.mark.parametrize(
    ("status", "amount", "meant", "fen"),
    [
        ("已支付", "100", Status.PAID, 100_00),
        ("", "100", Status.PAID, 100_00),
        ("支 付 成 功", "100", Status.PAID, 100_00),
        ("已支付", "-100", Status.REFUNDED, -100_00),
        ("已支付", "(100)", Status.REFUNDED, -100_00),
        ("已退款", "100", Status.REFUNDED, -100_00),
        ("已退款", "-100", Status.REFUNDED, -100_00),
        ("退回", "￥１００．００", Status.REFUNDED, -100_00),
        ("已退款（上年）", "100", Status.EARLIER_YEAR, -100_00),
        ("2024年退回", "100", Status.EARLIER_YEAR, -100_00),
        ("2025年退回", "100", Status.REFUNDED, -100_00),
        ("审核中", "100", Status.IN_TRANSIT, 100_00),
        ("退票", "100", Status.VOIDED, 100_00),
    ],
)
def test_status_and_sign_decide_what_a_row_means(
    status: str, amount: str, meant: Status, fen: int
) -> None:
    (payment,) = _read(HEADER, _row(amount=amount, status=status)).payments

    assert (payment.status, payment.amount_fen) == (meant, fen)


@pytest.mark.parametrize(
    ("name", "purpose", "meant"),
    [
        ("甲", "退回上年度货款", Status.EARLIER_YEAR),
        ("甲", "2024年取暖费退款", Status.EARLIER_YEAR),
        ("甲", "二〇二四年取暖费退款", Status.EARLIER_YEAR),
        ("甲", "２０２４ 年取暖费", Status.EARLIER_YEAR),
        ("甲", "2025年取暖费退款", Status.REFUNDED),
        ("甲", "上年结转资金货款退回", Status.REFUNDED),
        ("甲", "80岁以上年老补贴退回", Status.REFUNDED),
        ("2021年生活补贴", "2021年生活补贴退款", Status.REFUNDED),
        ("“2021年”补贴", "2021年货款", Status.EARLIER_YEAR),
    ],
)
def test_a_refund_that_names_an_earlier_year_does_not_count(
    name: str, purpose: str, meant: Status
) -> None:
    listed = _read(HEADER, _row(name=name, purpose=purpose, status="已退款"))

    assert listed.payments[0].status is meant
    assert ("P108" in _ids(listed)) == (meant is Status.EARLIER_YEAR)


def test_a_payment_for_an_earlier_year_counts() -> None:
    (payment,) = _read(HEADER, _row(purpose="付2024年尾款")).payments

    assert payment.status is Status.PAID


@pytest.mark.parametrize(
    ("kind", "void", "amount", "meant", "fen"),
    [
        ("退款", "", "100", Status.REFUNDED, -100_00),
        ("以前年度退款", "否", "100", Status.EARLIER_YEAR, -100_00),
        ("更正", "", "-100", Status.REFUNDED, -100_00),
        ("更正", "", "100", Status.PAID, 100_00),
        ("授权支付", "否", "100", Status.PAID, 100_00),
        ("退款", "是", "100", Status.VOIDED, 100_00),
    ],
)
def test_business_kind_and_void_mark_are_heard(
    kind: str, void: str, amount: str, meant: Status, fen: int
) -> None:
    listed = _read(
        "凭证号,支付日期,项目编码,金额（元）,业务类型,是否作废,用途",
        f"V1,2025-03-05,P1,{amount},{kind},{void},更正2024年货款"
        if kind == "更正"
        else f"V1,2025-03-05,P1,{amount},{kind},{void},货款",
    )

    assert [(each.status, each.amount_fen) for each in listed.payments] == [(meant, fen)]


@pytest.mark.parametrize(
    ("paid", "refund", "fen"),
    [
        ("100", "", 100_00),
        ("", "20", -20_00),
        ("", "-20", -20_00),
        ("-", "（20）", -20_00),
        ("0.00", "20", -20_00),
        ("100", "30", 70_00),
        ("100", "0.00", 100_00),
    ],
)
def test_a_refund_column_lowers_what_was_paid(paid: str, refund: str, fen: int) -> None:
    (payment,) = _read(
        "凭证号,支付日期,项目编码,支付金额（元）,退款金额（元）",
        f"V1,2025-03-05,P1,{paid},{refund}",
    ).payments

    assert payment.amount_fen == fen
    assert payment.status is (Status.PAID if fen > 0 else Status.REFUNDED)


def test_a_refund_column_alone_is_a_list_of_refunds() -> None:
    (payment,) = _read("凭证号,支付日期,项目编码,退款金额（元）", "V1,2025-03-05,P1,20").payments

    assert (payment.amount_fen, payment.status) == (-20_00, Status.REFUNDED)


@pytest.mark.parametrize("refund", ["", "0", "0.00", "-"])
def test_a_blank_amount_beside_no_refund_is_rejected(refund: str) -> None:
    listed = _read(
        "凭证号,支付日期,项目编码,支付金额（元）,退款金额（元）", f"V1,2025-03-05,P1,,{refund}"
    )

    assert [each.reason_id for each in listed.rejections] == ["P001"]


@pytest.mark.parametrize(
    ("header", "above", "amount", "fen"),
    [
        ("金额（万元）", "", "1.5", 15_000_00),
        ("金额", "单位：万元", "1.5", 15_000_00),
        ("金额", "（金额单位: 千元）", "1.5", 1_500_00),
        ("金额（元）", "单位：元", "1.5", 1_50),
        ("金额", "单位：元氏县财政局", "1.5", 1_50),
        ("金额（万元）", "", "1.5元", 1_50),
    ],
)
def test_the_money_unit_comes_from_the_header_or_the_line_above(
    header: str, above: str, amount: str, fen: int
) -> None:
    (payment,) = _read(above, f"支付日期,项目编码,{header}", f"2025-03-05,P1,{amount}").payments

    assert payment.amount_fen == fen


@pytest.mark.parametrize(
    ("unit", "project", "read"),
    [
        ("430001-某某局", "13022925P00JXC4198951-业务费", ("430001", "某某局", "业务费")),
        ("[430001]某某局", "13022925P00JXC4198951业务费", ("430001", "某某局", "业务费")),
        ("430001某某局", "13022925p00jxc4198951 业务费", ("430001", "某某局", "业务费")),
        ("430001", "13022925P00JXC4198951", ("430001", "", "")),
    ],
)
def test_code_and_name_in_one_cell_are_told_apart(
    unit: str, project: str, read: tuple[str, str, str]
) -> None:
    (payment,) = _read(
        "支付日期,预算单位,预算项目,金额（元）", f"2025-03-05,{unit},{project},1"
    ).payments

    assert (payment.unit_code, payment.unit_name, payment.project_name) == read
    assert payment.project_code == "13022925P00JXC4198951"


def test_a_name_alone_in_such_a_cell_is_a_name() -> None:
    (payment,) = _read(
        "支付日期,预算单位,预算项目,金额（元）", "2025-03-05,12345热线中心,2021年补贴-二期,1"
    ).payments

    assert (payment.unit_code, payment.unit_name) == ("", "12345热线中心")
    assert (payment.project_code, payment.project_name) == ("", "2021年补贴-二期")


def test_the_application_number_goes_before_the_voucher_cell_by_cell() -> None:
    listed = _read(
        "支付申请编号,支付凭证号,支付日期,项目编码,金额（元）",
        "A1,V1,2025-03-05,P1,1",
        ",V2,2025-03-05,P1,1",
        "-,V3,2025-03-05,P1,1",
        "无,,2025-03-05,P1,1",
    )

    assert [each.document for each in listed.payments] == ["A1", "V2", "V3", ""]


def test_the_actual_amount_and_date_go_before_the_others_whatever_their_order() -> None:
    (payment,) = _read(
        "支付日期,金额,支付确认日期,实际支付金额,项目编码", "2025-03-05,1,2025-03-07,2,P1"
    ).payments

    assert (f"{payment.pay_date}", payment.amount_fen) == ("2025-03-07", 200)


def test_lines_that_are_no_payments_are_counted_by_what_they_are() -> None:
    listed = _read(
        "某某县国库集中支付明细,,,,,,,",
        "",
        HEADER,
        _row("V1"),
        "本页小计,,,,,100.00,,",
        HEADER,
        _row("V2"),
        ",,,,,,,",
        "7,,,,,,,".replace("7", " "),
        "第2页 共2页,,,,,,,",
        "合  计,,,,,200.00,,",
        "总计（大写）贰佰元整,,,,,,,",
        "制表人：张三,,审核人：李四,,,打印日期：2025-04-03,,",
    )

    assert listed.passed_over == {
        "title": 1,
        "blank": 3,
        "total": 3,
        "header": 1,
        "remark": 2,
    }
    assert (listed.rows, _ids(listed)) == (2, [])


@pytest.mark.parametrize(
    "row",
    [
        "V1,2025-03-05,430001,,小计,5,,",
        "V1,,,,,,,",
        ",2025-03-05,,,,,,",
        ",,,,,5.00,,",
        ",,430001,P1,合同款,,,",
        ",,,,合同款,,货款,",
        ",,430001,P1,合同款,5.00,综合计划,",
    ],
)
def test_a_row_that_may_be_money_is_never_passed_over(row: str) -> None:
    listed = _read(HEADER, row)

    assert (listed.rows, listed.passed_over) == (1, {})


@pytest.mark.parametrize("total", ["150.00", "100.00", "50.00"])
def test_a_total_may_be_of_all_rows_or_of_the_counted_ones_or_of_a_part(total: str) -> None:
    listed = _read(
        HEADER,
        _row("V1"),
        "小计,,,,,100,,",
        _row("V2", amount="50", status="已作废"),
        f"合计,,,,,{total},,",
    )

    assert "P106" not in _ids(listed)


def test_a_total_in_front_of_its_rows_is_understood() -> None:
    listed = _read(HEADER, "合计,,,,,150,,", _row("V1"), _row("V2", amount="50"))

    assert _ids(listed) == []


def test_refunds_printed_without_a_sign_may_be_added_up_in_the_total() -> None:
    listed = _read(HEADER, _row("V1"), _row("V2", amount="30", status="已退款"), "合计,,,,,130,,")

    assert _ids(listed) == []


def test_a_rejected_row_names_all_its_faults_and_its_number() -> None:
    (rejection,) = _read(HEADER, _row("ｖ1", day="2025-02-30", amount="")).rejections

    assert (rejection.number, rejection.line, rejection.column) == ("V1", 2, "金额（元）")
    assert "金额为空" in rejection.reason
    assert "日历上没有这一天" in rejection.reason


def test_a_rejected_row_is_known_again_under_other_columns_and_another_index() -> None:
    one = _read("序号,支付凭证号,支付日期,项目编码,金额（元）,用途", "1,V1,2025-02-30,P1,5,货款")
    other = _read(
        "序号,支付日期,支付申请编号,项目代码,支付金额（元）,摘要", "9,2025-02-30,v1 ,Ｐ1,5,货款"
    )
    different = _read("支付凭证号,支付日期,项目编码,金额（元）,用途", "V1,2025-02-30,P1,6,货款")

    assert one.rejections[0].content == other.rejections[0].content
    assert one.rejections[0].content != different.rejections[0].content


def test_a_short_row_has_blank_cells_at_its_end() -> None:
    (payment,) = _read(HEADER, "V1,2025-03-05,430001,P1,甲,7").payments

    assert (payment.amount_fen, payment.status, payment.purpose) == (700, Status.PAID, "")


def test_blank_cells_beyond_the_header_do_no_harm() -> None:
    assert len(_read(HEADER, _row() + ",, ").payments) == 1


def test_a_voided_row_that_cannot_be_read_is_rejected_and_listed() -> None:
    listed = _read(HEADER, _row(amount="", status="已作废"))

    assert [each.reason_id for each in listed.rejections] == ["P001"]


def test_lines_of_one_document_that_are_alike_both_count() -> None:
    listed = _read(HEADER, _row(), _row())

    assert (len(listed.payments), _ids(listed)) == (2, ["P105"])


def test_given_months_go_before_the_title_and_the_title_before_the_file_name() -> None:
    title = "2025年1至2月明细"

    assert _read(title, HEADER, _row(), file="2025-03.csv").months == ("2025-01", "2025-02")
    assert _read(title, HEADER, _row(), months=("2025-03",)).months == ("2025-03",)
    assert _read(HEADER, _row(), file="2025-04.csv").months == ("2025-04",)
    assert _read(HEADER, _row(), _row(day="2025-05-01")).months == ("2025-03", "2025-05")


def test_a_payment_outside_the_months_counts_and_is_told_once_a_month() -> None:
    days = ("2025-02-01", "2025-02-02", "2024-12-31", "2025-03-01")
    listed = _read(HEADER, *(_row(f"V{day}", day=day) for day in days), file="2025-03.csv")

    assert (len(listed.payments), _ids(listed)) == (4, ["P104", "P112"])


def test_a_header_below_thirty_rows_is_not_looked_for() -> None:
    with pytest.raises(InputError, match="前 30 行"):
        _read(*["说明"] * 30, HEADER, _row())


@pytest.mark.parametrize(
    "cell",
    [
        "合计：{}",
        "合计:{}元",
        "合计 {} 元整",
        "共计：2笔，{}元",
        "总计（大写）壹佰伍拾元整 ￥{}",
        "本月合计：￥{}",
    ],
)
def test_a_total_in_one_cell_with_its_word_is_checked(cell: str) -> None:
    right = _read(HEADER, _row("V1"), _row("V2", amount="50"), f'"{cell.format("150.00")}"')
    wrong = _read(HEADER, _row("V1"), _row("V2", amount="50"), f'"{cell.format("180.00")}"')

    assert right.passed_over == wrong.passed_over == {"total": 1}
    assert _ids(right) == []
    assert _ids(wrong) == ["P206"]


@pytest.mark.parametrize(
    "line",
    [
        "合计（大写）：{}",
        "总计（大写）,,,{},,,,",
        "合计,,,（大写）人民币：{},,,,",
        "合计,,,,,{},,",
        "合计：人民币{}",
    ],
)
def test_a_total_in_capital_numerals_alone_is_checked(line: str) -> None:
    rows = (HEADER, _row("V1"), _row("V2", amount="50.3"))
    right = _read(*rows, line.format("壹佰伍拾元叁角整"))
    wrong = _read(*rows, line.format("壹佰捌拾元叁角整"))

    assert right.passed_over == wrong.passed_over == {"total": 1}
    assert (_ids(right), _ids(wrong)) == ([], ["P206"])


def test_capital_numerals_are_in_yuan_whatever_the_column() -> None:
    header = HEADER.replace("元", "万元")

    assert _ids(_read(header, _row("V1", amount="1.5"), "合计（大写）壹万伍仟元整")) == []
    assert _ids(_read(header, _row("V1", amount="1.5"), "合计（大写）壹元伍角")) == ["P206"]


@pytest.mark.parametrize(
    "line",
    [
        "合计：壹佰元整，其中贰拾元整为退款",
        "合计,,,其中退款贰拾元整,,,,",
        "合计,,,累计：贰佰元整,,,,",
        "累计（大写）壹佰元整",
        "合计一百八十元",
    ],
)
def test_a_line_of_several_totals_or_none_is_no_total_of_the_list(line: str) -> None:
    assert _ids(_read(HEADER, _row("V1"), line)) == []


def test_a_total_in_one_cell_has_the_unit_that_it_states() -> None:
    header = HEADER.replace("元", "万元")

    assert _ids(_read(header, _row("V1", amount="1.5"), "合计：15000.00元")) == []
    assert _ids(_read(header, _row("V1", amount="1.5"), "合计：1.50")) == []
    assert _ids(_read(header, _row("V1", amount="1.5"), "合计：1.60")) == ["P206"]


@pytest.mark.parametrize(
    "cell",
    [
        "合计：3",
        "合计 3 笔",
        "合计：99.50%",
        "合计：1.5亿元",
        "合计：9.00元，退款2.00元",
        "合计：（9.00元）",
    ],
)
def test_what_is_no_sure_amount_beside_the_word_is_not_checked(cell: str) -> None:
    listed = _read(HEADER, _row("V1"), cell)

    assert listed.passed_over == {"total": 1}
    assert _ids(listed) == []


@pytest.mark.parametrize(
    "line",
    [
        "本年累计,,,,,900.00,,",
        "累计：900.00元",
        "本年累计：900.00元",
        "合计：100.00元,累计：900.00元",
    ],
)
def test_what_was_paid_in_the_year_so_far_is_no_total_of_the_list(line: str) -> None:
    listed = _read(HEADER, _row("V1"), line)

    assert listed.passed_over == {"total": 1}
    assert _ids(listed) == []


def test_a_total_beside_what_was_paid_so_far_is_checked() -> None:
    assert _ids(_read(HEADER, _row("V1"), "本月合计,,,,本年累计900.00元,180.00,,")) == ["P206"]


def test_a_unit_below_a_list_that_states_none_refuses_it() -> None:
    header = HEADER.replace("（元）", "")

    with pytest.raises(InputError, match="金额单位“万元”写在明细之后"):
        _read(header, _row("V1"), "单位：万元")
    assert _ids(_read(header, _row("V1"), "单位：元")) == ["P109"]
    with pytest.raises(InputError, match="前后不一：万元、元"):
        _read(HEADER, _row("V1"), "单位：万元")


def test_equal_rows_without_a_number_are_payments_of_their_own() -> None:
    header = HEADER.removeprefix("支付凭证号,")
    row = _row().removeprefix("V1,")

    listed = _read(header, row, row)

    assert len(listed.payments) == 2
    [found] = listed.diagnostics
    assert "作为又一笔照常计入" in found.meaning
    assert "同一单据" not in found.meaning


@pytest.mark.parametrize("text", ["", "\n\n", " ,\t, \n"])
def test_a_file_without_text_is_called_empty(text: str) -> None:
    with pytest.raises(InputError, match="文件是空的"):
        read_payment_list(text.encode(), "清单.csv", columns=COLUMNS)
