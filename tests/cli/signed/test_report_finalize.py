"""`monitor report finalize`: a signed year stays as it was signed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from docx import Document
from openpyxl import load_workbook

from monitor.ingest.form_book import UNIT as UNIT_PAGE
from monitor.reports.signed import finalizing
from tests.cli.conftest import Monitor
from tests.cli.form_office import TARGETS, UNIT, export, fill, refused
from tests.cli.signed_office import (
    COMPARE,
    FINALIZE,
    OTHER,
    SECOND,
    YEAR,
    Write,
    history,
    pay,
    reports,
    signed,
)
from tests.cli.small_office import CODE, line


def test_a_year_of_which_months_have_not_come_is_not_finalized(
    monitor: Monitor, write: Write
) -> None:
    monitor.ok("targets", "import", write("目标.txt", TARGETS), *YEAR)
    pay(monitor, write, "2025年3月.csv", line("A1"))
    result = monitor(*FINALIZE, "--allow-open")

    assert result.status == 1
    assert "单位 434001 缺 1月至2月、4月至12月" in result.err
    assert history(monitor) == []


def test_a_form_with_open_cells_is_not_finalized_and_they_are_listed(office: Monitor) -> None:
    result = office(*FINALIZE)

    assert result.status == 1
    assert f"434001 {CODE} 热线服务：指标“次数”的实际完成值" in result.err
    assert "单位自评报告：六、改进措施和结果应用" in result.err or "共" in result.err
    assert "--allow-open" in result.err
    assert history(office) == []


def test_what_is_signed_is_written_again_byte_for_byte_whatever_lands_later(
    office: Monitor, tmp_path: Path, write: Write
) -> None:
    row = signed(office)
    before = reports(office, tmp_path / "甲")
    pay(office, write, "补.csv", line("A2", "200.00", day="2025-12-30"))
    day = ("--on", "2025-07-15", "--document", "财预〔2025〕12号")
    office.ok("targets", "adjust", CODE, *YEAR, "--kind", "追加", "--amount", "100", *day)
    office.ok("targets", "retire", SECOND, *YEAR, "--reason", "取消")
    after = reports(office, tmp_path / "乙")

    assert after == before
    assert len(before) == 6
    for path, digest in before.items():
        if path != "汇总.xlsx":
            assert row["documents"][path] == digest
    assert before["汇总.xlsx"] in row["documents"].values()
    assert office.json("progress", "--as-of", "2025-12-31")[0]["paid_fen"] == 600_00


def test_the_page_to_be_signed_carries_the_seal_and_the_sources_tell_of_it(
    office: Monitor, tmp_path: Path
) -> None:
    row = signed(office)
    reports(office, tmp_path)
    told = f"定稿：{row['finalized_at'][:10]}，校验码 {row['seal']}"
    forms = [*tmp_path.rglob(f"{CODE}*.docx"), *tmp_path.rglob("单位自评报告*.docx")]

    assert len(forms) == 2
    for path in forms:
        lines = [each.text for each in Document(str(path)).paragraphs]
        assert f"定稿校验码：{row['seal']}" in lines
        assert lines[-1].endswith(told)
    sources = load_workbook(tmp_path / "汇总.xlsx")["数据来源"]
    assert f"单位 434001 {told}" in [cell.value for cell in sources["A"]]
    assert row["seal"] == "-".join(row["sha256"][n : n + 4] for n in (0, 4, 8))


def test_finalizing_twice_changes_nothing(office: Monitor) -> None:
    signed(office)
    again = office.ok(*FINALIZE)

    assert "以前已定稿" in again.err
    assert len(history(office)) == 1


def test_forms_do_not_land_any_more(office: Monitor, tmp_path: Path) -> None:
    form = export(office, tmp_path / "f.xlsx")
    signed(office)

    assert "定稿" in refused(
        office, fill(form, {(UNIT_PAGE, "主管部门", "填写内容"): "县府办"}), "F228"
    )


def test_no_form_goes_out_of_a_signed_year(office: Monitor, tmp_path: Path) -> None:
    signed(office)
    out = tmp_path / "f.xlsx"

    result = office("form", "export", "--unit", UNIT, "--year", "2025", "--out", str(out))

    assert result.status == 1
    assert "已定稿" in result.err
    assert not out.exists()


def test_a_finalization_is_taken_back_with_a_reason_and_made_again(
    office: Monitor, tmp_path: Path, write: Write
) -> None:
    first = signed(office)
    assert office(*FINALIZE, "--undo").status == 2
    office.ok(*FINALIZE, "--undo", "--reason", "补登支付")
    assert office(*COMPARE).status == 1
    pay(office, write, "补.csv", line("A2", "200.00", day="2025-12-30"))
    second = signed(office)

    states = [(row["seal"], row["state"], row["undone_reason"]) for row in history(office)]
    assert states == [(first["seal"], "undone", "补登支付"), (second["seal"], "in-force", None)]
    assert first["seal"] != second["seal"]
    assert office.json(*COMPARE) == []


def test_the_same_record_gives_the_same_seal(office: Monitor) -> None:
    first = signed(office)
    office.ok(*FINALIZE, "--undo", "--reason", "试")

    assert signed(office)["seal"] == first["seal"]


def test_a_summary_has_signed_units_beside_those_that_are_not(
    office: Monitor, tmp_path: Path, write: Write
) -> None:
    texts = (("434001", "434002"), (CODE, OTHER), ("热线服务", "巡查"))
    other = TARGETS
    for old, new in texts:
        other = other.replace(old, new)
    office.ok("targets", "import", write("目标四.txt", other), *YEAR)
    months = [word for n in range(1, 13) for word in ("--month", f"2025-{n:02d}")]
    office.ok("payments", "coverage", "confirm", "--unit", "434002", *months, "--note", "已核对")
    office.ok(*FINALIZE, "--unit", UNIT, "--allow-open")
    pay(office, write, "补.csv", line("A2", "200.00", day="2025-12-30"))
    office.ok("report", "summary", *YEAR, "--out", tmp_path / "s.xlsx")
    office.ok("report", "self-assessment", *YEAR, "--project", OTHER, "--out", tmp_path)

    rows = list(load_workbook(tmp_path / "s.xlsx", data_only=True)["项目汇总"].iter_rows(min_row=4))
    paid = {row[3].value: row[7].value for row in rows if row[3].value in (CODE, SECOND, OTHER)}
    assert paid == {CODE: 400, SECOND: 50, OTHER: 0}
    assert [path.name[:21] for path in tmp_path.rglob("*.docx")] == [OTHER]


def test_of_a_signed_unit_one_project_is_written_and_an_unknown_one_refused(
    office: Monitor, tmp_path: Path, write: Write
) -> None:
    signed(office)
    third = TARGETS.replace(CODE, OTHER).replace("热线服务", "新项目")
    office.ok("targets", "import", write("目标三.txt", third), *YEAR)
    asked = ("report", "self-assessment", *YEAR, "--out", tmp_path, "--project")
    office.ok(*asked, SECOND)
    result = office(*asked, OTHER)

    assert [path.name[:21] for path in tmp_path.rglob("*.docx")] == [SECOND]
    assert result.status == 1
    assert "定稿里没有项目" in result.err


def test_what_lands_while_the_documents_are_made_stops_the_finalization(
    office: Monitor, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = finalizing.documents

    def meanwhile(*args: Any) -> Any:
        pay(office, write, "补.csv", line("A2", "200.00", day="2025-12-30"))
        return made(*args)

    monkeypatch.setattr(finalizing, "documents", meanwhile)
    result = office(*FINALIZE, "--allow-open")

    assert result.status == 1
    assert "记录又有变化" in result.err
    assert history(office) == []


def test_points_explained_of_a_signed_year_say_that_they_are_those_of_now(
    office: Monitor,
) -> None:
    asked = ("report", "score", CODE, *YEAR)
    assert "定稿" not in office.ok(*asked).err
    row = signed(office)

    assert row["seal"] in office.ok(*asked).err
