"""Pay dates as lists print them, and the months and days that titles and file names state."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.ingest.pay_date import (
    NotADate,
    months_in_name,
    months_in_title,
    parse_pay_date,
    period_said,
)

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


@pytest.mark.parametrize(
    ("title", "first", "last"),
    [
        ("2025年3月1日至3月20日支付明细", "2025-03-01", "2025-03-20"),
        ("２０２５年３月１日—３月２０日", "2025-03-01", "2025-03-20"),
        ("2025年3月1日起至20日止", "2025-03-01", "2025-03-20"),
        ("2025年3月1-20日", "2025-03-01", "2025-03-20"),
        ("3月5日至4月10日（2025年）", "2025-03-05", "2025-04-10"),
        ("2025年11月5日至2026年1月10日", "2025-11-05", "2026-01-10"),
        ("支付日期：2025-03-01 至 2025-03-20", "2025-03-01", "2025-03-20"),
        ("2025.3.1-2025.3.20", "2025-03-01", "2025-03-20"),
        ("20250301-20250320", "2025-03-01", "2025-03-20"),
        ("截至2025年3月20日", "2025-01-01", "2025-03-20"),
        ("2025年国库集中支付明细表（截止3月20日）", "2025-01-01", "2025-03-20"),
        ("截止日期：2025-03-20", "2025-01-01", "2025-03-20"),
        ("截至20250320", "2025-01-01", "2025-03-20"),
        ("2025年3月上旬", "2025-03-01", "2025-03-10"),
        ("2025年3月中旬", "2025-03-11", "2025-03-20"),
        ("2025年2月下旬", "2025-02-21", "2025-02-28"),
        ("2025年2月1日至2月30日", "2025-02-01", "2025-02-28"),
    ],
)
def test_a_title_says_from_which_to_which_day_it_runs(title: str, first: str, last: str) -> None:
    period = period_said([title], "list.csv")

    assert period is not None
    assert (str(period.first), str(period.last)) == (first, last)


@pytest.mark.parametrize(
    "title",
    [
        "2025年3月国库集中支付明细表",
        "2025年1-6月",
        "2025年11月至2026年1月",
        "截至2025年2月底",
        "2025年3月31日",
        "打印日期：2025年3月1日至3月20日",
        "3月1日至3月20日",
        "2025年3月20日至3月1日",
        "2025年13月1日至20日",
        "2025年度",
        "",
    ],
)
def test_a_title_of_whole_months_or_of_one_day_says_no_days(title: str) -> None:
    assert period_said([title], "list.csv") is None


def test_a_period_without_its_year_is_of_the_year_in_the_other_texts() -> None:
    wanted = (date(2025, 3, 1), date(2025, 3, 20))
    for titles, file in [
        (["2025年国库集中支付明细表", "3月1日至3月20日"], "list.csv"),
        (["3月1日至3月20日"], "2025-03.csv"),
        (["打印日期：2026年1月3日", "3月1日至3月20日"], "支付明细202503.csv"),
    ]:
        period = period_said(titles, file)
        assert period is not None
        assert (period.first, period.last) == wanted


@pytest.mark.parametrize(
    "file", ["支付20250301_20250320.csv", "in/2025-03-01至2025-03-20.csv", "2025年3月1-20日.xls"]
)
def test_a_file_name_says_from_which_to_which_day_its_list_runs(file: str) -> None:
    period = period_said([], file)

    assert period is not None
    assert (period.first, period.last) == (date(2025, 3, 1), date(2025, 3, 20))


@given(
    st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.dates(date(2000, 1, 1), date(2099, 12, 31))
)
def test_every_pair_of_days_is_read_as_its_period(one: date, other: date) -> None:
    first, last = min(one, other), max(one, other)
    chinese = "{0.year}年{0.month}月{0.day}日至{1.year}年{1.month}月{1.day}日"
    for style in (chinese, "{0:%Y-%m-%d}至{1:%Y-%m-%d}", "{0:%Y%m%d}-{1:%Y%m%d}"):
        period = period_said([style.format(first, last)], "list.csv")
        assert period is not None, style
        assert (period.first, period.last) == (first, last)
