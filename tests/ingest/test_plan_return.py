"""The workbook of plans in doubt: written, filled as users fill it, and read back exactly."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import Engine, select

from monitor.domain.money import MoneyUnit
from monitor.domain.plan_review import PlanRules, review
from monitor.domain.target import PlanPoint, Project
from monitor.errors import InputError, Place
from monitor.ingest.importing import Incoming
from monitor.ingest.plan_notes import plan_notes
from monitor.ingest.plan_return import PlanReceipt, return_plans
from monitor.ingest.plan_sheet import KEY, REASON, SHEET, new_header
from monitor.ingest.shipped import shipped
from monitor.reports.plan_workbook import plan_workbook
from monitor.store import imports, projects, tables
from monitor.store.engine import open_engine, reading, writing
from monitor.store.imports import Source

AT = datetime(2025, 1, 20, tzinfo=UTC)
RULES = PlanRules.from_toml(tomllib.loads(shipped("rules/plans.toml")))
QUARTERS = tuple(map(PlanPoint, (3, 6, 9, 12), (2500, 5000, 7500, 10_000)))
FIRST = Project(
    year=2025,
    unit_code="434001",
    unit_name="某办公室本级",
    project_code="13022925P00JXC4198855",
    project_name="=车辆保险",
    money_unit=MoneyUnit.YUAN,
    budget_fen=59_410_001,
    fiscal_fen=None,
    other_fen=None,
    purpose="=HYPERLINK(1)",
    plan=QUARTERS,
    goals=(),
    indicators=(),
    place=Place("目标.txt", 7),
)
HALVES = replace(
    FIRST,
    project_code="13022925P00JXC419610D",
    project_name="取暖费",
    budget_fen=None,
    plan=(PlanPoint(6, 5000), PlanPoint(12, 10_000)),
)
Fill = Callable[[Worksheet, dict[str, int], int], None]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'monitor.db'}")
    tables.metadata.create_all(engine)
    with writing(engine) as connection:
        source = Source("targets", "2025", "目标.txt", "0" * 64, 1)
        import_id = imports.record(connection, source, at=AT, actor="甲")
        for each in (FIRST, HALVES):
            projects.record(
                connection, each, replacing=None, import_id=import_id, at=AT, actor="甲"
            )
    yield engine
    engine.dispose()


def written(*listed: Project) -> bytes:
    doubts = [review(each, RULES) for each in listed or (FIRST, HALVES)]
    return plan_workbook([each for each in doubts if each is not None])


def headers_of(sheet: Worksheet) -> tuple[dict[str, int], int]:
    for row in sheet.iter_rows():
        headers = {str(cell.value): int(cell.column or 0) for cell in row}
        if KEY in headers:
            return headers, int(row[0].row or 0)
    raise AssertionError("no headers")


def edited(data: bytes, fill: Fill) -> bytes:
    """The workbook after a user has opened, edited and saved it; `fill` gets the header's row."""
    book = load_workbook(io.BytesIO(data))
    fill(book[SHEET], *headers_of(book[SHEET]))
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def answered(month: int, value: Any, *, format_: str = "0.00%", row: int = 1) -> bytes:
    def fill(sheet: Worksheet, headers: dict[str, int], top: int) -> None:
        cell = sheet.cell(top + row, headers[new_header(month)])
        cell.value, cell.number_format = value, format_

    return edited(written(), fill)


def land(engine: Engine, data: bytes, folder: Path, *, dry_run: bool = False) -> PlanReceipt:
    incoming = Incoming("清单.xlsx", data, AT, "乙")
    return return_plans(engine, incoming, folder=folder, dry_run=dry_run)


def plans(engine: Engine) -> dict[str, tuple[PlanPoint, ...]]:
    with reading(engine) as connection:
        found = projects.load(connection)
        return {each.project.project_code: each.project.plan for each in found}


def refused(engine: Engine, data: bytes, folder: Path) -> InputError:
    before = plans(engine)
    with pytest.raises(InputError) as error:
        land(engine, data, folder)
    assert plans(engine) == before
    assert not folder.exists()
    return error.value


@pytest.mark.parametrize(
    ("value", "format_", "bp"),
    [
        (0.3, "0.00%", 3000),
        (0.3, "0%", 3000),
        (0.29, "0.00%", 2900),
        (0.1 + 0.2, "0.00%", 3000),
        (0.3333, "0.00%", 3333),
        (0, "0.00%", 0),
        (30, "General", 3000),
        (33.33, "General", 3333),
        ("30%", "0.00%", 3000),
        ("３０％", "@", 3000),
        ("30", "@", 3000),
        ("0.5%", "@", 50),
    ],
)
def test_a_share_is_read_exactly_however_it_was_typed(
    value: Any, format_: str, bp: int, engine: Engine, tmp_path: Path
) -> None:
    receipt = land(engine, answered(3, value, format_=format_), tmp_path / "archive")

    expected = (PlanPoint(3, bp), *QUARTERS[1:])
    assert [each.project.plan for each in receipt.corrections] == [expected]
    assert plans(engine)[FIRST.project_code] == expected


@pytest.mark.parametrize(
    ("value", "format_", "said"),
    [
        (0.33333, "0.00%", "细于 0.01%"),
        (0.3, "General", "分不清"),
        (1, "General", "分不清"),
        ("0.3", "@", "分不清"),
        ("约三成", "@", "不是百分比"),
        ("-5%", "@", "不是百分比"),
        (-0.05, "0.00%", "不是百分比"),
        (True, "General", "不是百分比"),
        (date(2025, 3, 1), "yyyy-mm-dd", "不是百分比"),
        (30, "0.00%", "超过 100%"),
        (0.6, "0.00%", "由高到低"),
        ("=1/4", "0.00%", "是公式"),
    ],
)
def test_what_is_no_share_is_refused_with_its_cell(
    value: Any, format_: str, said: str, engine: Engine, tmp_path: Path
) -> None:
    error = refused(engine, answered(3, value, format_=format_), tmp_path / "archive")

    [told] = error.diagnostics
    assert said in told.meaning
    assert str(told.place) == f"清单.xlsx 工作表“{SHEET}”{told.place.cell}"
    assert told.place.cell == "M5"


def test_the_last_checkpoint_must_be_the_whole(engine: Engine, tmp_path: Path) -> None:
    error = refused(engine, answered(12, 0.9), tmp_path / "archive")

    assert [each.id for each in error.diagnostics] == ["T087"]


def test_a_share_for_a_checkpoint_that_the_plan_lacks_is_refused(
    engine: Engine, tmp_path: Path
) -> None:
    error = refused(engine, answered(3, 0.1, row=2), tmp_path / "archive")

    assert "没有这个时点" in error.diagnostics[0].meaning


def test_all_mistakes_of_a_workbook_come_together(engine: Engine, tmp_path: Path) -> None:
    def fill(sheet: Worksheet, headers: dict[str, int], top: int) -> None:
        sheet.cell(top + 1, headers[new_header(3)]).value = "约三成"
        sheet.cell(top + 1, headers[REASON]).value = "=1+1"
        sheet.cell(top + 2, headers[new_header(6)]).value = "=A1"

    error = refused(engine, edited(written(), fill), tmp_path / "archive")

    assert [each.id for each in error.diagnostics] == ["T085", "T086", "T086"]


@pytest.mark.parametrize("column", [KEY, "项目编码"])
def test_rows_that_no_longer_fit_their_key_are_refused(
    column: str, engine: Engine, tmp_path: Path
) -> None:
    def fill(sheet: Worksheet, headers: dict[str, int], top: int) -> None:
        sheet.cell(top + 1, headers[new_header(3)]).value = 0.1
        sheet.cell(top + 1, headers[column]).value = "改过"

    error = refused(engine, edited(written(), fill), tmp_path / "archive")

    assert [each.id for each in error.diagnostics] == ["T088"]


def test_a_project_that_stands_twice_is_refused(engine: Engine, tmp_path: Path) -> None:
    def fill(sheet: Worksheet, headers: dict[str, int], top: int) -> None:
        for column in (KEY, "项目编码"):
            first = sheet.cell(top + 1, headers[column])
            sheet.cell(top + 2, headers[column]).value = first.value
        for row, share in ((1, 0.3), (2, 0.2)):
            sheet.cell(top + row, headers[new_header(6)]).value = share

    error = refused(engine, edited(written(), fill), tmp_path / "archive")

    assert "出现两次" in error.diagnostics[0].meaning


def test_rows_may_be_sorted_and_removed(engine: Engine, tmp_path: Path) -> None:
    def fill(sheet: Worksheet, headers: dict[str, int], top: int) -> None:
        sheet.delete_rows(top + 1)
        sheet.cell(top + 1, headers[new_header(6)]).value = 0.1

    receipt = land(engine, edited(written(), fill), tmp_path / "archive")

    assert [each.project.project_code for each in receipt.corrections] == [HALVES.project_code]


def test_a_project_that_is_no_longer_recorded_is_refused(engine: Engine, tmp_path: Path) -> None:
    gone = replace(FIRST, project_code="13022925P00JXC419999X")

    def fill(sheet: Worksheet, headers: dict[str, int], top: int) -> None:
        sheet.cell(top + 1, headers[new_header(3)]).value = 0.1

    error = refused(engine, edited(written(gone), fill), tmp_path / "archive")

    assert "没有记录这个项目" in error.diagnostics[0].meaning


def test_the_import_keeps_who_what_and_why(engine: Engine, tmp_path: Path) -> None:
    def fill(sheet: Worksheet, headers: dict[str, int], top: int) -> None:
        sheet.cell(top + 1, headers[new_header(3)]).value = 0
        sheet.cell(top + 1, headers[REASON]).value = "六月才续保"

    data = edited(written(), fill)
    land(engine, data, tmp_path / "archive")

    with reading(engine) as connection:
        query = select(tables.imports).where(tables.imports.c.kind == "plans")
        row = connection.execute(query).one()
    assert row.actor == "乙"
    assert "3月底 25.00%" in row.diagnostics[0]["text"]
    assert "六月才续保" in row.diagnostics[0]["text"]
    assert (tmp_path / "archive" / row.sha256).read_bytes() == data


def test_the_correction_of_an_adjustment_holds_from_the_same_day(
    engine: Engine, tmp_path: Path
) -> None:
    since = date(2025, 5, 1)
    dated = replace(FIRST, budget_fen=1)
    with writing(engine) as connection:
        [stored] = projects.load(connection, project_code=FIRST.project_code)
        projects.record(
            connection,
            dated,
            replacing=stored,
            import_id=stored.import_id,
            at=AT,
            actor="甲",
            effective=since,
            document_number="财预〔2025〕12号",
        )

    land(engine, answered(3, 0), tmp_path / "archive")

    with reading(engine) as connection:
        [now] = projects.load(connection, project_code=FIRST.project_code)
    assert (now.effective, now.document_number) == (since, "财预〔2025〕12号")
    assert now.project.plan[0] == PlanPoint(3, 0)
    assert now.project.budget_fen == 1


def foreign(_: bytes) -> bytes:
    saved = io.BytesIO()
    Workbook().save(saved)
    return saved.getvalue()


@pytest.mark.parametrize(
    "spoil",
    [foreign, lambda data: data[: len(data) // 2], lambda _: b"", lambda _: b"PK\x03\x04x"],
    ids=["another workbook", "cut", "empty", "no zip"],
)
def test_another_file_is_refused(
    spoil: Callable[[bytes], bytes], engine: Engine, tmp_path: Path
) -> None:
    error = refused(engine, spoil(written()), tmp_path / "archive")

    assert "plan-review --out" in error.remedy


def test_only_the_answers_can_be_edited_and_no_text_is_a_formula() -> None:
    sheet = load_workbook(io.BytesIO(written()))[SHEET]
    headers, top = headers_of(sheet)
    row = top + 1
    open_ = {
        name for name, column in headers.items() if not sheet.cell(row, column).protection.locked
    }

    assert open_ == {REASON, *(new_header(month) for month in (3, 6, 9, 12))}
    assert sheet.protection.sheet
    assert sheet.column_dimensions["A"].hidden
    assert sheet.cell(row, headers["项目名称"]).data_type == "s"
    assert sheet.cell(row, headers["资金用途"]).value == "=HYPERLINK(1)"
    assert sheet.cell(row, headers["预算数（元）"]).value == 594_100.01
    assert sheet.cell(row, headers["现计划\n3月底"]).value == 0.25
    [rule] = sheet.data_validations.dataValidation
    assert (rule.type, rule.formula1, rule.formula2) == ("decimal", "0", "1")
    assert sheet.cell(row + 1, headers[new_header(3)]).protection.locked


@pytest.mark.parametrize(
    ("day", "count"), [(date(2024, 12, 1), 1), (date(2025, 1, 31), 1), (date(2025, 2, 1), 0)]
)
def test_a_doubtful_plan_is_noted_only_while_it_can_be_mended(day: date, count: int) -> None:
    plain = replace(FIRST, project_name="办公经费", purpose="")

    notes = plan_notes([FIRST, plain], day, RULES)

    assert [(each.id, each.place) for each in notes] == [("T084", FIRST.place)] * count


@pytest.mark.live
def test_a_workbook_saved_by_libreoffice_comes_back(engine: Engine, tmp_path: Path) -> None:
    soffice = shutil.which("soffice")
    if soffice is None:
        if os.environ.get("CI") == "true":
            pytest.fail("LibreOffice is missing: apt-get install libreoffice-calc-nogui")
        pytest.skip("LibreOffice is not on this machine")
    source = tmp_path / "清单.xlsx"
    source.write_bytes(answered(3, 0.2999))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    saved = tmp_path / "saved"
    command = [soffice, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(saved)]
    subprocess.run([*command, str(source)], check=True, timeout=120, capture_output=True)
    if not (saved / source.name).exists():
        if os.environ.get("CI") == "true":
            pytest.fail("LibreOffice has no Calc: apt-get install libreoffice-calc-nogui")
        pytest.skip("this LibreOffice has no Calc")

    receipt = land(engine, (saved / source.name).read_bytes(), tmp_path / "archive")

    assert [each.project.plan[0] for each in receipt.corrections] == [PlanPoint(3, 2999)]
