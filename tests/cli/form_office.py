"""A unit with one project of five kinds of indicators, and its 绩效填报表 filled by openpyxl."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

import monitor as package
from monitor.cli.form import form_rules
from monitor.domain.entry import Entry, Field, Form, Key
from monitor.ingest.form_book import INDICATORS, KEY, PROJECTS, TOP
from monitor.ingest.form_book import UNIT as UNIT_SHEET
from monitor.reports.assessment.draft import Draft
from monitor.reports.assessment.drafting import draft
from monitor.reports.forms.asking import gather
from monitor.store import entries
from monitor.store.engine import writing
from tests.cli.conftest import Monitor
from tests.cli.small_office import CODE, TARGET

UNIT = "434001"
_MORE = (
    ("产出指标", "质量指标", "接通率", "接通率", "≥95%", "计划"),
    ("产出指标", "时效指标", "完成时间", "完成时间", "2025年11月30日前", "计划"),
    ("效益指标", "社会效益指标", "服务群众", "服务群众", "进一步推动", "计划"),
    ("满意度指标", "服务对象满意度指标", "是否满意", "是否满意", "是/否", "计划"),
)
TARGETS = TARGET + "\n" + "\n".join("".join(f"\t{cell}\n" for cell in row) for row in _MORE)
TIMES, RATE, WHEN, PEOPLE, PLEASED = "次数", "接通率", "完成时间", "服务群众", "是否满意"


def export(office: Monitor, path: Path, *more: str) -> Path:
    office.ok("form", "export", "--unit", UNIT, "--year", "2025", "--out", path, *more)
    return path


def header_columns(sheet: Worksheet) -> dict[str, int]:
    headers = {str(cell.value).replace("\n", ""): int(cell.column or 0) for cell in sheet[TOP + 1]}
    assert KEY in headers
    return headers


def row_of(sheet: Worksheet, named: str) -> int:
    """The row in which a cell says exactly this."""
    [row] = [r for r in range(TOP + 2, sheet.max_row + 1) if _has(sheet, r, named)]
    return row


def _has(sheet: Worksheet, row: int, named: str) -> bool:
    return any(cell.value == named for cell in sheet[row])


def cell_at(path: Path, sheet: str, named: str, header: str) -> Any:
    """A cell of a workbook, by its row's name and its header."""
    page = load_workbook(path)[sheet]
    return page.cell(row_of(page, named), header_columns(page)[header])


def fill(path: Path, cells: dict[tuple[str, str, str], Any], target: Path | None = None) -> Path:
    """Writes cells, addressed by sheet, the row's name and header, into a copy or in place."""
    book = load_workbook(path)
    for (sheet, named, header), value in cells.items():
        page = book[sheet]
        page.cell(row_of(page, named), header_columns(page)[header]).value = value
    book.save(target or path)
    return target or path


ACTUAL, POINTS, REASON = "实际完成值", "得分", "偏差原因分析及改进措施"
FILLED: dict[tuple[str, str, str], Any] = {
    (INDICATORS, TIMES, ACTUAL): "4次",
    (INDICATORS, TIMES, REASON): "设备检修停了一次，明年错开。",
    (INDICATORS, PEOPLE, ACTUAL): "达成年度指标",
    (INDICATORS, PEOPLE, POINTS): 28.5,
    (PROJECTS, CODE, "年度总体目标实际完成情况"): "热线全年运行。",
    (UNIT_SHEET, "主管部门", "填写内容"): "434-某办公室",
}


def recorded(office: Monitor) -> dict[tuple[str, Field], Entry]:
    app = package.open(office.folder)
    with app.reading() as connection:
        found = entries.load(connection, year=2025)
    app.engine.dispose()
    return {
        (project, key.field): entry
        for (_, project), each in found.items()
        for key, entry in each.items()
    }


def drafted(office: Monitor) -> Draft:
    """The self-assessment of the project."""
    app = package.open(office.folder)
    rules = form_rules(app)
    with app.reading() as connection:
        [facts] = gather(connection, rules, year=2025, as_of=date(2025, 12, 31), unit_code=UNIT)
    app.engine.dispose()
    return draft(facts, rules.scoring.of(2025, UNIT))


def notes(office: Monitor) -> list[str]:
    return [cell.note for cell in drafted(office).cells()]


def cells(office: Monitor) -> dict[str, str]:
    """Every cell of the form, by its place in it."""
    made = drafted(office)
    listed = {f"{row.name} {n}": c.text for row in made.funds for n, c in enumerate(row.cells)}
    for row in made.indicators:
        if row.item:
            named = ("三级", "目标", ACTUAL, "分值", POINTS, REASON)
            shown = zip(named, row.cells, strict=True)
            listed |= {f"{row.level3.text} {n}": c.text for n, c in shown}
    whole = {"完成": made.achieved, "部门": made.department, "总分": made.total_points}
    return listed | {name: cell.text for name, cell in whole.items()}


def refused(office: Monitor, path: Path, *ids: str) -> str:
    """The words by which an import is refused; nothing is recorded."""
    before = recorded(office)
    result = office("form", "import", path, "--yes")
    assert result.status == 1
    for id_ in ids:
        assert f"错误 {id_} " in result.err, result.err
    assert recorded(office) == before
    return result.err


def by_hand(office: Monitor, key: Key, value: str) -> None:
    app = package.open(office.folder)
    entry = Entry(key, value, "", "李四", app.now(), "李四")
    with writing(app.engine) as connection:
        entries.record(connection, year=2025, unit_code=UNIT, project_code=CODE, entries=[entry])
    app.engine.dispose()


ACHIEVED = Key(Form.SELF_ASSESSMENT, Field.ACHIEVED)
