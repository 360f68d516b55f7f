"""Pay dates as lists print them, and the months that titles and file names state."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.ingest.pay_date import NotADate, months_in_name, months_in_title, parse_pay_date

STYLES = [
    "{0:04d}-{1:02d}-{2:02d}",
    "{0}/{1}/{2}",
    "{0}.{1:02d}.{2}",
    "{0}{1:02d}{2:02d}",
    "{0}年{1}月{2}日",
    " {0}年{1:02d}月{2:02d}日 ",
    "{0}-{1}-{2} 00:00:00",
    "{0}-{1:02d}-{2:02d}T08:30:00.000+08:00",
    "{0}/{1}/{2} 下午 3:20",
    "{0}{1:02d}{2:02d}153000",
]
FULL_WIDTH = str.maketrans("0123456789-/.", "０１２３４５６７８９－／．")


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(STYLES), st.booleans())
def test_every_style_of_every_date_is_read(day: date, style: str, wide: bool) -> None:
    text = style.format(day.year, day.month, day.day)

    assert parse_pay_date(text.translate(FULL_WIDTH) if wide else text) == day


@pytest.mark.parametrize(
    "text",
    [
        "2025-02-30",
        "2025-13-01",
        "20250000",
        "25-01-15",
        "1/5/2025",
        "45678",
        "45678.5",
        "2025-01",
        "2025年1-5",
        "2025-01/15",
        "1925-01-15",
        "20250115253000",
        "一月五日",
        "2025-01-15Z",
        "",
        "٢٠٢٥-٠١-١٥",
        "2025-01-1⑤",
    ],
)
def test_what_is_no_certain_date_is_refused(text: str) -> None:
    with pytest.raises(NotADate):
        parse_pay_date(text)


@pytest.mark.parametrize(
    ("title", "months"),
    [
        ("2025年3月国库集中支付明细表", ["2025-03"]),
        ("2025年１－３月份支付明细", ["2025-01", "2025-02", "2025-03"]),
        ("2025 年 1 至 2 月", ["2025-01", "2025-02"]),
        ("2025年11月至2026年1月", ["2025-11", "2025-12", "2026-01"]),
        ("2025年1月1日至2025年2月28日", ["2025-01", "2025-02"]),
        ("支付日期：2025-01-01至2025-02-28", ["2025-01", "2025-02"]),
        ("2025年第二季度", ["2025-04", "2025-05", "2025-06"]),
        ("截至2025年2月底", ["2025-01", "2025-02"]),
        ("打印日期：2025年4月3日", []),
        ("制表时间 2025年4月", []),
        ("2025年3月31日", []),
        ("2025年13月", []),
        ("2025年度国库集中支付明细表", []),
        ("", []),
    ],
)
def test_a_title_says_which_months_it_covers(title: str, months: list[str]) -> None:
    assert list(months_in_title(title)) == months


def test_half_a_year_is_six_months() -> None:
    assert months_in_title("2025年上半年") == tuple(f"2025-{n:02d}" for n in range(1, 7))
    assert months_in_title("2025年下半年") == tuple(f"2025-{n:02d}" for n in range(7, 13))


@pytest.mark.parametrize(
    ("name", "months"),
    [
        ("2025-03.csv", ["2025-03"]),
        ("支付明细202503.csv", ["2025-03"]),
        ("in/2025年3月.csv", ["2025-03"]),
        ("202501-202502.csv", ["2025-01", "2025-02"]),
        ("支付20250403.csv", []),
        ("2025-04-03.csv", []),
        ("导出202504.csv", []),
        ("2025.csv", []),
        ("123202503456.csv", []),
    ],
)
def test_a_file_name_says_which_months_it_covers(name: str, months: list[str]) -> None:
    assert list(months_in_name(name)) == months
