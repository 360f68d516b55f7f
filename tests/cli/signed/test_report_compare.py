"""`monitor report compare`: what has changed since a year was signed."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import update

import monitor as package
from monitor.store.engine import writing
from monitor.store.form_tables import frozen_projects
from tests.cli.conftest import Monitor
from tests.cli.form_office import TARGETS
from tests.cli.signed_office import (
    COMPARE,
    OTHER,
    SECOND,
    YEAR,
    Write,
    changes,
    pay,
    reports,
    signed,
)
from tests.cli.small_office import CODE, line


def test_without_a_change_compare_finds_nothing(office: Monitor) -> None:
    signed(office)
    result = office.ok(*COMPARE, "--strict")

    assert "没有变化" in result.err
    assert office.json(*COMPARE) == []


def test_a_payment_that_came_is_told_with_its_place_and_each_figure_that_it_changes(
    office: Monitor, write: Write
) -> None:
    signed(office)
    pay(office, write, "补.csv", line("A2", "200.00", day="2025-12-30"))
    result = office(*COMPARE, "--strict")
    figures = {
        row["what"]: (row["frozen"], row["now"])
        for row in office.json(*COMPARE)
        if row["kind"] == "figure"
    }

    assert result.status == 3
    assert changes(office) == [
        ("payment-added", CODE, "A2", "2025-12-30", 200_00, "补.csv", 2, None, "计入")
    ]
    assert figures["全年执行数（元）"] == ("400.00", "600.00")
    assert figures["年度资金总额执行率"] == ("40.00%", "60.00%")
    assert figures["年度资金总额得分"] == ("4.00", "6.00")
    assert "全年预算数（元）" not in figures


def test_a_payment_whose_list_is_taken_back_is_told_where_it_stood(
    office: Monitor, write: Write
) -> None:
    pay(office, write, "2025年4月.csv", line("A3", "30.00", day="2025-04-01"))
    signed(office)
    [number] = [r["id"] for r in office.json("imports", "list") if r["file"] == "2025年4月.csv"]
    office.ok("imports", "undo", str(number), "--reason", "重复")

    [(kind, code, number, day, fen, file, row, was, now)] = changes(office)
    assert (kind, code, number, day, fen) == ("payment-gone", CODE, "A3", "2025-04-01", 30_00)
    assert (file, row, was) == ("2025年4月.csv", 2, "计入")
    assert now.startswith("已撤销")


def test_a_payment_that_changed_its_project_is_told_once_with_both(office: Monitor) -> None:
    signed(office)
    office.ok("payments", "match", "A1", SECOND, "--reason", "记错")

    place = ("2025年3月.csv", 2)
    moved = ("payment-moved", CODE, "A1", "2025-03-20", 400_00, *place)
    assert changes(office) == [(*moved, f"项目 {CODE}", f"项目 {SECOND}")]


def test_a_payment_that_lost_its_project_is_gone(office: Monitor) -> None:
    signed(office)
    office.ok("payments", "unmatch", "A1", "--reason", "待查")

    assert [(row[0], row[2], row[-1]) for row in changes(office)] == [
        ("payment-gone", "A1", "没有匹配项目")
    ]


def test_a_payment_whose_amount_was_corrected_is_told_with_both_amounts(
    office: Monitor, write: Write
) -> None:
    signed(office)
    pay(office, write, "更正.csv", line("A1", "410.00"))
    office.ok("payments", "resolve", "A1", "--keep", "new", "--reason", "更正")

    [(kind, *_, was, now)] = changes(office)
    assert (kind, was, now) == ("payment-changed", "400.00", "410.00")


def test_a_project_that_went_or_came_is_told(office: Monitor, write: Write) -> None:
    signed(office)
    office.ok("targets", "retire", SECOND, *YEAR, "--reason", "取消")
    third = TARGETS.replace(CODE, OTHER).replace("热线服务", "新项目")
    office.ok("targets", "import", write("目标三.txt", third), *YEAR)

    rows = {r["project_code"]: r["now"] for r in office.json(*COMPARE) if r["kind"] == "project"}
    assert rows == {SECOND: "本单位已没有这个项目", OTHER: "定稿以后新增"}


def test_altered_and_missing_documents_are_found_by_their_checksums(
    office: Monitor, tmp_path: Path
) -> None:
    signed(office)
    reports(office, tmp_path)
    verified = office.ok(*COMPARE, "--documents", tmp_path, "--strict")
    [altered] = tmp_path.rglob(f"{CODE}*.docx")
    altered.write_bytes(altered.read_bytes() + b"\0")
    for path in tmp_path.rglob("单位自评报告*"):
        path.unlink()
    found = office(*COMPARE, "--documents", tmp_path, "--strict", "--format", "json")

    assert "文件 6 个相同，0 个不符" in verified.err
    assert found.status == 3
    assert {(row["kind"], Path(row["file"]).name[:6]) for row in found.rows} == {
        ("document-altered", CODE[:6]),
        ("document-missing", "单位自评报告"),
    }


def test_a_record_that_was_tampered_with_does_not_fit_its_seal(office: Monitor) -> None:
    signed(office)
    app = package.open(office.folder)
    with writing(app.engine) as connection:
        connection.execute(
            update(frozen_projects)
            .where(frozen_projects.c.project_code == CODE)
            .values(payments=[])
        )
    app.engine.dispose()

    assert "seal" in {row["kind"] for row in office.json(*COMPARE)}
