from __future__ import annotations

from datetime import date

import pytest

from monitor.alerts.contacts import read_contacts
from monitor.domain.contact import Contact, Role
from monitor.errors import ConfigError

HEAD = "unit_code,name,email,role,valid_from,valid_to\n"
DAY = date(2025, 7, 8)


def refusal(text: str) -> str:
    with pytest.raises(ConfigError) as refused:
        read_contacts(text.encode(), "contacts.csv")
    return str(refused.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_contacts_are_read_in_the_encodings_of_excel(encoding: str) -> None:
    text = (
        HEAD
        + "430001,张三,zhang@example.gov.cn,lead,2025/1/1,\r\n,李四,o@example.gov.cn,office,,\r\n"
    )

    contacts = read_contacts(text.encode(encoding), "contacts.csv")

    assert contacts.all == (
        Contact("430001", "张三", "zhang@example.gov.cn", Role.LEAD, date(2025, 1, 1), None),
        Contact("", "李四", "o@example.gov.cn", Role.OFFICE, None, None),
    )


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_of_excel_are_read(separator: str) -> None:
    text = (HEAD + "430001,张三,z@example.cn,lead,,\n").replace(",", separator)

    assert read_contacts(text.encode(), "contacts.csv").lead_of("430001", DAY)


def test_columns_stand_in_any_order_and_blank_lines_are_passed_over() -> None:
    text = (
        "email,备注,role,name,valid_to,valid_from,unit_code\n,,,,,,\n\n"
        "z@a.cn,甲,Lead,张三,,,４３０００１\n"
    )

    (contact,) = read_contacts(text.encode(), "contacts.csv").all

    assert (contact.unit_code, contact.role) == ("430001", Role.LEAD)


def test_a_lead_answers_from_the_first_to_the_last_day_of_his_term() -> None:
    text = HEAD + "430001,甲,a@b.cn,lead,,2025-06-30\n430001,乙,b@b.cn,lead,2025-07-01,2025-07-31\n"
    contacts = read_contacts(text.encode(), "contacts.csv")

    names = [
        lead and lead.name
        for day in ("2025-06-30", "2025-07-01", "2025-07-31", "2025-08-01")
        for lead in [contacts.lead_of("430001", date.fromisoformat(day))]
    ]

    assert names == ["甲", "乙", "乙", None]


def test_all_mistakes_come_at_once_with_their_lines() -> None:
    message = refusal(
        HEAD
        + "430001,张三,zhang@qq,lead,,\n"
        + "430001,,a@b.cn,boss,2025-02-30,\n"
        + ",王五,a@b.cn,deputy,2025-05-01,2025-04-01\n"
        + "4.3E+05,赵六,a b@c.cn,lead,,\n"
        + "14001,孙七,a＠b.cn,superior,,\n"
    )

    assert "contacts.csv：联系人名单有 10 处错误" in message
    for words in (
        "第 2 行：邮箱（email）“zhang@qq”",
        "第 3 行：姓名（name）为空",
        "第 3 行：角色（role）“boss”无法识别，只能是 lead、deputy、superior、office",
        "第 3 行：日期（valid_from）“2025-02-30”不存在",
        "第 4 行：单位编码（unit_code）为空",
        "第 4 行：起始日期（valid_from）晚于",
        "第 5 行：单位编码（unit_code）“4.3E+05”已被电子表格改成科学计数法",
        "第 5 行：邮箱（email）“a b@c.cn”",
        "第 6 行：单位编码（unit_code）“14001”不足 6 位",
        "第 6 行：邮箱（email）“a＠b.cn”",
    ):
        assert words in message


@pytest.mark.parametrize("email", ["a@b.cn\nBcc: x@y.cn", "a@b.cn, c@d.cn", "张三@b.cn", "a@-b.cn"])
def test_an_address_that_cannot_be_one_is_a_mistake(email: str) -> None:
    assert "不是可用的邮箱地址" in refusal(HEAD + f'430001,张三,"{email}",lead,,\n')


def test_a_line_break_in_a_name_cannot_reach_a_mail() -> None:
    message = refusal(HEAD + '430001,"张三\nBcc: x@y.cn",a@b.cn,lead,,\n')

    assert "第 2 行：姓名（name）中有换行" in message


def test_a_unit_has_one_lead_at_a_time() -> None:
    message = refusal(
        HEAD + "430001,甲,a@b.cn,lead,,2025-06-30\n430001,乙,b@b.cn,lead,2025-06-30,\n"
    )

    assert "第 3 行：单位 430001 的财务负责人（lead）与第 2 行在任时间重叠" in message


def test_missing_columns_and_an_empty_file_are_refused() -> None:
    assert "表头缺少 role、valid_from 列" in refusal("unit_code,name,email,valid_to\n")
    assert "没有表头" in refusal("\n")


def test_a_row_with_more_cells_than_the_header_is_refused() -> None:
    assert "第 2 行：列数多于表头" in refusal(HEAD + "430001,张,三,a@b.cn,lead,,2025-06-30\n")


def test_a_file_that_is_no_text_is_a_matter_of_configuration() -> None:
    with pytest.raises(ConfigError, match=r"contacts\.csv"):
        read_contacts(b"PK\x03\x04\x00\x00", "contacts.csv")
