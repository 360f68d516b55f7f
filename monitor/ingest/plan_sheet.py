"""The workbook of plans in doubt, as both its writer and its reader know it; and its reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl.cell.cell import Cell

from monitor.domain.calendar import checkpoint_name
from monitor.domain.target import PlanPoint, Project
from monitor.errors import Place
from monitor.ingest.returned_workbook import headers, returned_sheet

SHEET = "支出计划核对"
ROUND_PREFIX = "plan-review/"
KEY, CODE, REASON = "识别码", "项目编码", "更正理由"
_REMEDY = "请交回 monitor targets plan-review --out 生成的工作簿（.xlsx）。"
_MOST_UNPACKED = 64 * 1024 * 1024
_MOST_ROWS = 100_000


def new_header(month: int) -> str:
    """The header of the cells in which a checkpoint's share is corrected."""
    return f"更正\n{checkpoint_name(month)}"


def key_of(project: Project) -> str:
    """What a row is about: year, code and the plan as it was when the workbook was written."""
    return f"{project.year}|{project.project_code}|{plan_key(project.plan)}"


def plan_key(plan: Sequence[PlanPoint]) -> str:
    return ",".join(f"{p.month}={'' if p.planned_bp is None else p.planned_bp}" for p in plan)


@dataclass(frozen=True, slots=True)
class Answer:
    """A row that came back: its cells by checkpoint month, and the reason, unread as yet."""

    year: int
    project_code: str
    plan: str
    code_cell: Cell
    shares: Mapping[int, Cell]
    reason: Cell

    @property
    def row(self) -> int:
        return int(self.reason.row)


@dataclass(frozen=True, slots=True)
class Returned:
    """A workbook that came back. `spoiled` are the rows whose key can no longer be read."""

    round: str
    answers: tuple[Answer, ...]
    spoiled: tuple[Cell, ...] = field(default=())


def place_of(cell: Cell, file: str) -> Place:
    return Place(file, int(cell.row), sheet=SHEET, cell=cell.coordinate)


def read_answers(data: bytes, file: str) -> Returned:
    """The rows of a returned workbook. Raises InputError for any other file."""
    sheet, said = returned_sheet(
        data,
        file,
        sheet=SHEET,
        is_ours=lambda said: said.startswith(ROUND_PREFIX),
        what="支出计划核对清单",
        remedy=_REMEDY,
        most=_MOST_UNPACKED,
    )
    columns, top = headers(sheet, file, (KEY, CODE, REASON), _REMEDY)
    answers, spoiled = [], []
    for row in sheet.iter_rows(min_row=top + 1, max_row=min(sheet.max_row, _MOST_ROWS)):
        by_column = {int(each.column): each for each in row if isinstance(each, Cell)}
        answer = _answer(by_column, columns)
        if answer is not None:
            answers.append(answer)
        elif any(each.value is not None for each in by_column.values()):
            spoiled.append(by_column[columns[KEY]])
    return Returned(said, tuple(answers), tuple(spoiled))


def _answer(cells: Mapping[int, Cell], columns: Mapping[str, int]) -> Answer | None:
    """The row's answer; None where its key is gone or says nothing."""
    key: Any = cells[columns[KEY]].value
    year, _, rest = str(key or "").partition("|")
    code, _, plan = rest.rpartition("|")
    if not code or not (year.isascii() and year.isdigit()):
        return None
    months = {m: columns[new_header(m)] for m in range(1, 13) if new_header(m) in columns}
    return Answer(
        year=int(year),
        project_code=code,
        plan=plan,
        code_cell=cells[columns[CODE]],
        shares={month: cells[column] for month, column in months.items()},
        reason=cells[columns[REASON]],
    )
