"""Use case: the filled workbook of plans in doubt comes back, and its corrections are recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

from openpyxl.cell.cell import Cell
from openpyxl.styles.numbers import is_date_format
from sqlalchemy import Connection, Engine

from monitor.domain.calendar import checkpoint_name
from monitor.domain.codes import normalise_code
from monitor.domain.money import WHOLE_BP, NotAShare, parse_bp, percent
from monitor.domain.revision import Change, changes
from monitor.domain.target import PlanPoint, Project, plan_faults
from monitor.errors import Diagnostic, InputError, has_errors
from monitor.ingest import plan_kinds as kinds
from monitor.ingest.importing import Incoming, archive
from monitor.ingest.plan_sheet import (
    Answer,
    Returned,
    place_of,
    plan_key,
    read_answers,
)
from monitor.store import imports, projects
from monitor.store.engine import writing
from monitor.store.projects import Stored


@dataclass(frozen=True, slots=True)
class Correction:
    """A plan as corrected: the project before and after, and the reason that was given."""

    before: Stored
    project: Project
    reason: str

    @property
    def changes(self) -> list[Change]:
        return changes(self.before.project, self.project)


@dataclass(frozen=True, slots=True)
class PlanReceipt:
    """What became of a returned workbook. `rows` counts all its projects, changed or not."""

    file: str
    known: bool
    rows: int
    corrections: tuple[Correction, ...]


def return_plans(
    engine: Engine, incoming: Incoming, *, folder: Path, dry_run: bool = False
) -> PlanReceipt:
    """Records the corrected plans as 勘误, all or none; `folder` is the archive.

    Raises InputError with all diagnostics, where a cell cannot be used or the record has changed
    since the workbook was written.
    """
    returned = read_answers(incoming.data, incoming.name)
    rows = len(returned.answers)
    with writing(engine) as connection:
        source = incoming.source("plans")
        if imports.find(connection, source) is not None:
            return PlanReceipt(incoming.name, True, rows, ())
        corrections = _corrections(connection, returned, incoming.name)
        if corrections and not dry_run:
            archive(folder, incoming)
            _record(connection, source, incoming, corrections, rows)
    return PlanReceipt(incoming.name, False, rows, corrections)


def _record(
    connection: Connection,
    source: imports.Source,
    incoming: Incoming,
    corrections: Sequence[Correction],
    rows: int,
) -> None:
    import_id = imports.record(
        connection,
        source,
        at=incoming.at,
        actor=incoming.actor,
        receipt={"rows": (rows, 0), "corrected": (len(corrections), 0)},
        diagnostics=[_told(each) for each in corrections],
    )
    for each in corrections:
        projects.record(
            connection,
            each.project,
            replacing=each.before,
            import_id=import_id,
            at=incoming.at,
            actor=incoming.actor,
            effective=_since(each.before),
            document_number=each.before.document_number,
        )


def _since(stored: Stored) -> date | None:
    """The day from which the corrected revision held, if it is a 调整: it stays one."""
    return None if stored.effective == date(stored.project.year, 1, 1) else stored.effective


def _told(correction: Correction) -> Diagnostic:
    """The correction as the import keeps it, with the reason."""
    project = correction.project
    [change] = correction.changes
    return kinds.PLAN_CORRECTED.at(
        project.place,
        f"{project.project_code} {project.project_name}",
        old=change.old,
        new=change.new,
        reason=correction.reason or "没有写明",
    )


def _corrections(connection: Connection, returned: Returned, file: str) -> tuple[Correction, ...]:
    """The rows that change a plan. Raises InputError with everything that is wrong."""
    recorded = {
        (year, stored.project.project_code): stored
        for year in sorted({each.year for each in returned.answers})
        for stored in projects.load(connection, year=year)
    }
    found = [
        kinds.ANSWER_STALE.at(place_of(cell, file), why="隐藏的识别码已被改动或清除")
        for cell in returned.spoiled
    ]
    seen: set[tuple[int, str]] = set()
    corrections = []
    for answer in returned.answers:
        key = (answer.year, answer.project_code)
        correction, wrong = _correction(answer, recorded.get(key), key in seen, file)
        seen.add(key)
        found += wrong
        if correction is not None:
            corrections.append(correction)
    if has_errors(found):
        problem = f"{file} 没有导入，任何计划都没有改动。"
        raise InputError(problem, "请按以下各条改正后重新交回。", None, found)
    return tuple(corrections)


def _correction(
    answer: Answer, stored: Stored | None, twice: bool, file: str
) -> tuple[Correction | None, list[Diagnostic]]:
    """What a row changes, if anything; else what is wrong with it."""
    filled = {month: cell for month, cell in answer.shares.items() if not _is_blank(cell)}
    shares, found = _read(filled, file)
    if answer.reason.data_type == "f":
        found.append(kinds.ANSWER_FORMULA.at(place_of(answer.reason, file), _text(answer.reason)))
    if not filled or found:
        return None, found
    place = place_of(answer.code_cell, file)
    stale = _stale(answer, stored, twice)
    if stale or stored is None:
        return None, [kinds.ANSWER_STALE.at(place, _text(answer.code_cell), why=stale)]
    own = {point.month for point in stored.project.plan}
    strange = [cell for month, cell in filled.items() if month not in own]
    if strange:
        why = "这个项目的计划没有这个时点"
        return None, [
            kinds.ANSWER_UNREADABLE.at(place_of(cell, file), _text(cell), reason=why)
            for cell in strange
        ]
    plan = tuple(PlanPoint(p.month, shares.get(p.month, p.planned_bp)) for p in stored.project.plan)
    if fault := _fault(plan):
        cell = next(iter(filled.values()))
        told = kinds.ANSWER_UNFIT.at(
            place_of(cell, file), _text(answer.code_cell), plan=_shown(plan), fault=fault
        )
        return None, [told]
    if plan == stored.project.plan:
        return None, []
    project = replace(stored.project, plan=plan, place=place)
    return Correction(stored, project, _text(answer.reason).strip()), []


def _stale(answer: Answer, stored: Stored | None, twice: bool) -> str:
    """Why the row cannot be laid on the record; empty where it can."""
    if twice:
        return "同一项目在清单中出现两次"
    if normalise_code(_text(answer.code_cell)) != normalise_code(answer.project_code):
        return f"这一行的识别码属于项目 {answer.project_code}"
    if stored is None:
        return f"{answer.year} 年没有记录这个项目"
    if plan_key(stored.project.plan) != answer.plan:
        return f"生成清单之后计划已有改动，现为{_shown(stored.project.plan)}"
    return ""


def _fault(plan: Sequence[PlanPoint]) -> str:
    faults = plan_faults(tuple(plan))
    if "over" in faults:
        return "超过 100%"
    if "falls" in faults:
        return "由高到低"
    return "" if plan[-1].planned_bp == WHOLE_BP else "最后一个时点不是 100%"


def _shown(plan: Sequence[PlanPoint]) -> str:
    return "、".join(
        f"{checkpoint_name(p.month)} {'空' if p.planned_bp is None else percent(p.planned_bp)}"
        for p in plan
    )


def _is_blank(cell: Cell) -> bool:
    return cell.data_type != "f" and not _text(cell).strip()


def _text(cell: Cell) -> str:
    value = cell.value
    if value is None:
        return ""
    return str(getattr(value, "text", value))  # an array formula is an object with its text


def _read(filled: dict[int, Cell], file: str) -> tuple[dict[int, int], list[Diagnostic]]:
    shares: dict[int, int] = {}
    found = []
    for month, cell in filled.items():
        place = place_of(cell, file)
        if cell.data_type == "f":
            found.append(kinds.ANSWER_FORMULA.at(place, _text(cell)))
            continue
        try:
            shares[month] = cell_bp(cell)
        except NotAShare as fault:
            found.append(kinds.ANSWER_UNREADABLE.at(place, _text(cell), reason=fault.reason))
    return shares, found


def cell_bp(cell: Cell) -> int:
    """The share in a cell, exact: 0.3 shown as 30%, or the texts `30%` and `30`.

    Raises NotAShare, also for a number of 1 or less that has no percent sign: 0.3 may be meant
    as 30% or as 0.3%.
    """
    value = cell.value
    if isinstance(value, bool | date | datetime | time) or is_date_format(cell.number_format):
        raise NotAShare("不是百分比")
    if isinstance(value, int | float):
        number = Decimal(f"{value:.15g}")  # the digits that a spreadsheet shows
        if "%" in cell.number_format:
            return parse_bp(f"{(number * 100).normalize():f}")
        return _unsigned(f"{number:f}")
    text = _text(cell)
    return parse_bp(text) if "%" in text or "％" in text else _unsigned(text)


def _unsigned(text: str) -> int:
    share = parse_bp(text)
    if 0 < share <= 100:
        raise NotAShare("没有百分号，分不清是小数还是百分数")
    return share
