"""`monitor payments coverage`: the grid of what has come, and what is settled by hand."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

import monitor as program
from monitor.domain.coverage import Span
from monitor.store import coverage as covering
from monitor.store import imports
from monitor.store.engine import writing
from monitor.store.imports import Source
from tests.cli.conftest import Monitor
from tests.cli.test_public_interface import TARGET

COVERAGE = "payments", "coverage"
UNIT, OTHER = "434001", "434002"
LANDED = datetime(2026, 1, 8, 2, tzinfo=UTC)
Write = Callable[..., Path]


@pytest.fixture
def office(monitor: Monitor, write: Write) -> Monitor:
    """Two units with a project each in 2025."""
    other = (
        TARGET.replace(UNIT, OTHER).replace("某办公室", "某档案馆").replace("4198855", "4198951")
    )
    monitor.ok("targets", "import", write("目标.txt", TARGET), write("目标二.txt", other))
    return monitor


def land(office: Monitor, file: str, *spans: Span, units: set[str] | None = None) -> None:
    """An import as `payments import` records it, without its rows."""
    app = program.open(office.folder)
    try:
        with writing(app.engine) as connection:
            source = Source("payments", "", file, file, 1)
            import_id = imports.record(connection, source, at=LANDED, actor="王某")
            covering.record(connection, import_id, spans, units)
    finally:
        app.engine.dispose()


def cells(office: Monitor, *args: str) -> dict[tuple[str, str], dict[str, Any]]:
    rows = office.json(*COVERAGE, *args)
    found = {(row["unit_code"], row["month"]): row for row in rows}
    assert len(found) == len(rows)
    return found


def confirm(office: Monitor, *args: str) -> str:
    return office.ok(*COVERAGE, "confirm", "--unit", UNIT, *args).err


def test_before_anything_came_every_month_of_every_unit_is_missing(office: Monitor) -> None:
    found = cells(office)

    assert set(found) == {
        (unit, f"2025-{month:02d}") for unit in (UNIT, OTHER) for month in range(1, 13)
    }
    assert found[UNIT, "2025-03"] == {
        "unit_code": UNIT,
        "unit_name": "某办公室本级",
        "month": "2025-03",
        "state": "missing",
        "files": [],
        "uncovered": [{"first": "2025-03-01", "last": "2025-03-31"}],
        "confirmed": None,
    }


def test_lists_of_the_office_and_of_a_unit_cover_what_they_are_for(office: Monitor) -> None:
    land(office, "1-2月.csv", Span("2025-01"), Span("2025-02", through=date(2025, 2, 20)))
    land(office, "434001.csv", Span("2025-03"), units={UNIT})

    found = cells(office)

    assert [found[OTHER, f"2025-0{n}"]["state"] for n in (1, 2, 3)] == [
        "complete",
        "partial",
        "missing",
    ]
    assert found[UNIT, "2025-03"]["state"] == "complete"
    assert found[UNIT, "2025-03"]["files"] == ["434001.csv"]
    assert found[OTHER, "2025-02"]["uncovered"] == [{"first": "2025-02-21", "last": "2025-02-28"}]


def test_the_table_is_a_line_a_unit_and_a_sign_a_month(office: Monitor) -> None:
    land(office, "1-2月.csv", Span("2025-01"), Span("2025-02", through=date(2025, 2, 20)))
    confirm(office, "--month", "2025-04", "--nil")

    result = office.ok(*COVERAGE)

    lines = [line.split() for line in result.out.splitlines()]
    assert ["2025", "年"] in lines
    header = next(line for line in lines if "单位编码" in line)
    assert header[2:] == [f"{month}月" for month in range(1, 13)]
    signs = {line[0]: "".join(line[2:]) for line in lines if line and line[0] in (UNIT, OTHER)}
    assert signs == {UNIT: "✓◐✗☑✗✗✗✗✗✗✗✗", OTHER: "✓◐✗✗✗✗✗✗✗✗✗✗"}
    assert "2025 年 2 个单位：✓ 全 2，☑ 人工确认 1，◐ 部分 2，✗ 缺 19" in result.err
    assert f"2025-02 {UNIT} 等 2 个单位：1-2月.csv 没有覆盖 2月21日至28日。" in result.err
    assert "coverage confirm" in result.err


def test_one_unit_and_one_year_may_be_asked(office: Monitor, write: Write) -> None:
    later = TARGET.replace("13022925", "13022926")
    office.ok("targets", "import", "--year", "2024", write("目标三.txt", later))

    assert {unit for unit, _ in cells(office, "--unit", OTHER)} == {OTHER}
    assert {month[:4] for _, month in cells(office)} == {"2024", "2025"}
    assert {month[:4] for _, month in cells(office, "--year", "2024")} == {"2024"}
    assert re.findall(r"^\s*(\d{4}) 年", office.ok(*COVERAGE).out, re.MULTILINE) == ["2024", "2025"]


def test_only_the_first_of_many_partial_months_are_told(office: Monitor) -> None:
    for month in range(1, 13):
        for unit in (UNIT, OTHER):
            span = Span(f"2025-{month:02d}", through=date(2025, month, 20))
            land(office, f"{unit}-{month}.csv", span, units={unit})

    said = office.ok(*COVERAGE).err

    assert len(re.findall("没有覆盖", said)) == 20
    assert f"2025-01 {UNIT}：{UNIT}-1.csv 没有覆盖 1月21日至31日。" in said
    assert "另有 4 处" in said


def test_csv_has_a_row_a_month_in_words(office: Monitor) -> None:
    land(office, "1月.csv", Span("2025-01"))
    confirm(office, "--month", "2025-02", "--nil", "--note", "电话核实")

    listed = list(csv.DictReader(io.StringIO(office.ok(*COVERAGE, "--format", "csv").out)))

    first, second, third = listed[:3]
    assert (first["月份"], first["数据"], first["清单"]) == ("2025-01", "全", "1月.csv")
    assert second["人工确认"].startswith("当月没有支付（电话核实），")
    assert (third["数据"], third["清单没有覆盖的日子"]) == ("缺", "2025-03-01 至 2025-03-31")


def test_a_confirmation_settles_a_month_and_can_be_withdrawn(office: Monitor) -> None:
    said = confirm(office, "--month", "2025-03", "--nil", "--note", "电话核实")
    assert "434001 某办公室本级 2025-03：当月没有支付，已确认。" in said

    cell = cells(office)[UNIT, "2025-03"]
    assert cell["state"] == "complete"
    assert {"nil": True, "note": "电话核实"}.items() <= cell["confirmed"].items()
    assert "没有改动" in confirm(office, "--month", "03", "--nil", "--note", "电话核实")

    office.ok(*COVERAGE, "withdraw", "--unit", UNIT, "--month", "3")
    assert cells(office)[UNIT, "2025-03"]["state"] == "missing"


def test_several_months_are_confirmed_at_once_and_withdrawn_all_or_none(office: Monitor) -> None:
    confirm(office, "--month", "01", "--month", "02", "--month", "1")

    refused = office(*COVERAGE, "withdraw", "--unit", UNIT, "--month", "02", "--month", "03")

    assert refused.status == 1
    assert "2025-03 没有人工确认" in refused.err
    found = cells(office)
    assert [found[UNIT, f"2025-0{n}"]["state"] for n in (1, 2, 3)] == [
        *("complete", "complete", "missing"),
    ]


@pytest.mark.parametrize(
    ("args", "status", "words"),
    [
        (("--unit", "999001", "--month", "03"), 1, "没有单位 999001 的项目"),
        (("--unit", UNIT, "--month", "2024-03"), 1, "2024 年没有单位 434001 的项目"),
        (("--unit", UNIT, "--month", "13"), 2, "“13”不是月份"),
        (("--unit", UNIT, "--month", "2025-3-1"), 2, "不是月份"),
        (("--unit", UNIT, "--month", "2025-03", "--year", "2024"), 2, "不是同一年"),
        (("--unit", UNIT), 2, "--month"),
    ],
)
def test_a_wrong_call_changes_nothing_and_says_why(
    office: Monitor, args: tuple[str, ...], status: int, words: str
) -> None:
    refused = office(*COVERAGE, "confirm", *args)

    assert (refused.status, words in refused.err) == (status, True), refused.err
    assert all(row["confirmed"] is None for row in cells(office).values())


def test_a_month_that_has_not_ended_cannot_be_confirmed(office: Monitor, write: Write) -> None:
    office.ok("targets", "import", "--year", "2099", write("目标三.txt", TARGET + "\n"))

    refused = office(*COVERAGE, "confirm", "--unit", UNIT, "--month", "2099-12")

    assert refused.status == 2
    assert "2099-12 还没有过完" in refused.err
    assert "请写明年度" in office(*COVERAGE, "confirm", "--unit", UNIT, "--month", "12").err


def test_open_months_await_settling(office: Monitor) -> None:
    assert office(*COVERAGE, "--strict").status == 3
    land(office, "全年.csv", *(Span(f"2025-{month:02d}") for month in range(1, 13)))

    result = office.ok(*COVERAGE, "--strict")

    assert "confirm" not in result.err


def test_an_office_without_units_is_told_what_comes_first(monitor: Monitor) -> None:
    result = monitor.ok(*COVERAGE)

    assert result.out.strip() == ""
    assert "先导入绩效目标文本" in result.err
    assert monitor.json(*COVERAGE) == []
