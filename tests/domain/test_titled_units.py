"""A list titled with one unit's name covers that unit alone; an office-wide one covers all."""

from __future__ import annotations

import pytest

from monitor.domain.titled_units import units_in_title

UNITS = {
    "205001": "某某县财政局本级",
    "360001": "某某县教育局本级",
    "360002": "某某县教育局第一小学",
    "360003": "某某县第一小学（分校）",
    "434001": "某某县人民政府办公室（本级）",
    "202001": "某某县卫生健康局",
}
PLAIN = "国库集中支付明细表"


@pytest.mark.parametrize(
    ("title", "rows", "units"),
    [
        ("某某县人民政府办公室本级2025年3月支付明细", ["434001"], ["434001"]),
        ("某某县人民政府办公室 2025年3月支付明细", ["434001"], ["434001"]),
        ("预算单位：434001-某某县人民政府办公室", ["434001"], ["434001"]),
        ("单位编码：４３４００１", [" 434001"], ["434001"]),
        ("某某县人民政府办公室支付明细", [], ["434001"]),
        ("某某县教育局第一小学支付明细", ["360002"], ["360002"]),
        ("某某县第一小学(分校)支付明细", ["360003"], ["360003"]),
        ("某某县教育局支付明细", ["360001"], ["360001"]),
    ],
)
def test_a_list_titled_with_a_unit_covers_it_alone(
    title: str, rows: list[str], units: list[str]
) -> None:
    assert units_in_title([PLAIN, title], "2025-03.csv", UNITS, rows) == frozenset(units)


@pytest.mark.parametrize(
    "file", ["434001.csv", "in\\支付明细_434001_202503.csv", "某某县人民政府办公室.2025-03.xls"]
)
def test_a_file_named_after_a_unit_covers_it_alone(file: str) -> None:
    assert units_in_title([PLAIN], file, UNITS, ["434001"]) == frozenset({"434001"})


@pytest.mark.parametrize(
    ("title", "rows"),
    [
        ("2025年3月国库集中支付明细表", ["434001"]),
        ("某某县国库集中支付明细表", ["434001", "360001"]),
        ("某某县财政局国库集中支付明细表", ["434001", "360001", "205001"]),
        ("某某县财政局国库集中支付明细表", ["434001"]),
        ("凭证 14340012", ["434001"]),
        ("单位：元", []),
        ("999001 某某县国库", ["434001"]),
        ("", []),
    ],
)
def test_an_office_wide_list_covers_the_whole_office(title: str, rows: list[str]) -> None:
    assert units_in_title([title], "2025-03.csv", UNITS, rows) is None


def test_a_department_s_list_covers_the_units_that_it_shows_and_the_one_it_names() -> None:
    titles = ["某某县教育局国库集中支付明细表"]

    assert units_in_title(titles, "3月.csv", UNITS, ["360002", "360003"]) == frozenset(
        {"360001", "360002", "360003"}
    )


def test_several_units_may_be_named_together() -> None:
    titles = ["某某县教育局第一小学、434001 支付明细"]

    assert units_in_title(titles, "3月.csv", UNITS, ["434001"]) == frozenset({"434001", "360002"})


def test_two_units_of_one_name_are_both_meant() -> None:
    units = {"360001": "某某县教育局", "360009": "某某县教育局（本级）"}

    found = units_in_title(["某某县教育局支付明细"], "3月.csv", units, ["360001"])

    assert found == frozenset({"360001", "360009"})


@pytest.mark.parametrize(
    ("rows", "units"), [(["202001"], frozenset({"202001"})), ([], None), (["434001"], None)]
)
def test_six_digits_that_may_be_a_month_are_a_unit_only_where_all_rows_are_of_it(
    rows: list[str], units: frozenset[str] | None
) -> None:
    assert units_in_title([PLAIN], "202001.csv", UNITS, rows) == units
