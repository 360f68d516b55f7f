"""Use case: the workbook of unmatched payments comes back with a project chosen in each line."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import Connection, Engine

from monitor.domain.codes import normalise_code
from monitor.errors import Diagnostic, InputError, Place
from monitor.ingest import match_kinds as kinds
from monitor.ingest.alike import Alike, AlikeKey, unmatched_alike
from monitor.ingest.ignoring import Deciding, record_decision
from monitor.ingest.importing import Incoming
from monitor.ingest.returned_workbook import headers, returned_sheet
from monitor.store import matches, projects
from monitor.store.engine import writing
from monitor.store.matches import Change

SHEET, CHOICES = "待匹配支付", "候选"
PROPERTY_VALUE = "unmatched/1"
KEY, CHOICE, REASON = "识别码", "选择项目", "理由"
SHOWN = ("年度", "单位", "项目编码", "项目名称")
OUTSIDE, LATER = "不属监控范围", "暂不处理"
_REMEDY = "请交回 monitor payments unmatched --out 生成的工作簿（.xlsx）。"
_MOST_UNPACKED = 256 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class SheetReceipt:
    """What a returned workbook did, or (`dry_run`) would do.

    Of its `lines`, `decided` say something for payments that wait; the payments of `settled`
    ones have been dealt with meanwhile; `left` say nothing. `matched`, `ignored`: payments.
    """

    file: str
    lines: int
    decided: int
    settled: int
    left: int
    matched: int
    ignored: int
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class _Line:
    """A line with a decision: its payments, the project's id (None: outside), and why."""

    alike: Alike
    project_id: int | None
    reason: str
    row: int


@dataclass(slots=True)
class _Read:
    lines: int = 0
    settled: int = 0
    left: int = 0
    decided: list[_Line] = field(default_factory=list)
    wrong: list[Diagnostic] = field(default_factory=list)


def line_key(key: AlikeKey, shown: Sequence[str]) -> str:
    """What a line is about, and a check of the cells that say so to people."""
    return f"{key.year}|{_digest(*map(str, key))}|{_digest(*shown)[:8]}"


def _digest(*texts: str) -> str:
    return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()[:20]


def take_back(
    engine: Engine, incoming: Incoming, *, by: Deciding, dry_run: bool = False
) -> SheetReceipt:
    """Records the decisions of a returned workbook, all or none, each for all alike payments.

    Raises InputError with all diagnostics where a cell cannot be used. Lines whose payments do
    not wait any more are counted only.
    """
    sheet, _ = returned_sheet(
        incoming.data,
        incoming.name,
        sheet=SHEET,
        is_ours=lambda said: said == PROPERTY_VALUE,
        what="待匹配支付的清单",
        remedy=_REMEDY,
        most=_MOST_UNPACKED,
    )
    with writing(engine) as connection:
        read = _read(connection, sheet, incoming.name)
        if read.wrong:
            raise InputError(
                f"{incoming.name} 没有交回，任何支付都没有改动。",
                "请按以下各条改正后重新交回。",
                None,
                read.wrong,
            )
        matched = _match(connection, read.decided, incoming.name, by)
        ignored = _leave_out(connection, read.decided, incoming.name, by)
        if dry_run:
            connection.rollback()
    return SheetReceipt(
        incoming.name,
        read.lines,
        len(read.decided),
        read.settled,
        read.left,
        matched,
        ignored,
        dry_run,
    )


def _match(connection: Connection, lines: Sequence[_Line], file: str, by: Deciding) -> int:
    moved = 0
    for line in lines:
        if line.project_id is not None:
            ids = line.alike.ids(connection)
            changes = [Change(each, line.project_id, "manual") for each in ids]
            moved += matches.change(
                connection, changes, at=by.at, actor=by.actor, reason=_why(line, file)
            )
    return moved


def _leave_out(connection: Connection, lines: Sequence[_Line], file: str, by: Deciding) -> int:
    """A code of which nothing else waits is left out as such, for later lists too."""
    outside = [line for line in lines if line.project_id is None]
    others = {each.key for each in unmatched_alike(connection)} if outside else set()
    others -= {line.alike.key for line in outside}
    known = {
        year: frozenset(projects.codes(connection, year))
        for year in {line.alike.key.year for line in outside}
    }
    rows = 0
    for line in outside:
        key, why = line.alike.key, _why(line, file)
        if key.project_code and not (
            key.project_code in known[key.year] or any(_shares_code(key, each) for each in others)
        ):
            rows += record_decision(
                connection,
                key.project_code,
                year=key.year,
                unit=key.unit_code,
                reason=why,
                by=by,
            ).rows
        else:
            changes = [Change(id_, None, matches.EXCLUDED) for id_ in line.alike.ids(connection)]
            rows += matches.change(connection, changes, at=by.at, actor=by.actor, reason=why)
    return rows


def _shares_code(key: AlikeKey, other: AlikeKey) -> bool:
    """Whether leaving out the code of `key`, in its unit if that is known, concerns `other`."""
    return (key.year, key.project_code) == (other.year, other.project_code) and (
        key.unit_code in ("", other.unit_code)
    )


def _why(line: _Line, file: str) -> str:
    """The reason as it is kept: with where it was written."""
    place = f"{file} 第 {line.row} 行"
    return f"{line.reason}（{place}）" if line.reason else place


def _read(connection: Connection, sheet: Worksheet, file: str) -> _Read:
    columns, top = headers(sheet, file, (KEY, *SHOWN, CHOICE, REASON), _REMEDY)
    waiting = {_key_digest(each.key): each for each in unmatched_alike(connection)}
    codes: dict[int, dict[str, int]] = {}
    read = _Read()
    seen: set[str] = set()
    for cells in _lines(sheet, columns, top):
        read.lines += 1
        key = _text(cells[KEY])
        if why := _spoiled(cells, key, seen):
            shown = " ".join(_text(cells[name]) for name in SHOWN)
            place = _place(cells[SHOWN[0]], file)
            read.wrong.append(kinds.LINE_CHANGED.at(place, shown, why=why))
            continue
        seen.add(key)
        year, digest, _ = key.split("|")
        if int(year) not in codes:
            known = projects.known(connection, int(year))
            codes[int(year)] = {normalise_code(each.project_code): each.key for each in known}
        _decide(read, cells, waiting.get((int(year), digest)), int(year), codes[int(year)], file)
    return read


def _key_digest(key: AlikeKey) -> tuple[int, str]:
    return key.year, _digest(*map(str, key))


def _decide(
    read: _Read,
    cells: Mapping[str, Cell],
    alike: Alike | None,
    year: int,
    codes: Mapping[str, int],
    file: str,
) -> None:
    """What one line says, or what is wrong with it."""
    chosen, reason = cells[CHOICE], cells[REASON]
    formulas = [cell for cell in (chosen, reason) if cell.data_type == "f"]
    if formulas:
        read.wrong += [kinds.CHOICE_FORMULA.at(_place(c, file), _text(c)) for c in formulas]
        return
    said, why = _text(chosen).strip(), _text(reason).strip()
    if said in ("", LATER):
        read.left += 1
        return
    if said != OUTSIDE and _code(said) not in codes:
        read.wrong.append(kinds.CHOICE_UNKNOWN.at(_place(chosen, file), said, year=year))
    elif said == OUTSIDE and not why:
        read.wrong.append(kinds.REASON_MISSING.at(_place(reason, file), said))
    elif alike is None:
        read.settled += 1
    else:
        project_id = None if said == OUTSIDE else codes[_code(said)]
        read.decided.append(_Line(alike, project_id, why, int(chosen.row)))


def _code(said: str) -> str:
    """The code of `编码 名称`."""
    return normalise_code(said.split(maxsplit=1)[0])


def _spoiled(cells: Mapping[str, Cell], key: str, seen: Collection[str]) -> str:
    """Why a line cannot be what the workbook was written with; '' where it can."""
    parts = key.split("|")
    if len(parts) != 3 or not (parts[0].isascii() and parts[0].isdigit()):
        return "隐藏的识别码已被改动或清除"
    if key in seen:
        return "同一行出现两次"
    if _digest(*(_text(cells[name]) for name in SHOWN))[:8] != parts[2]:
        return "年度、单位、项目编码或项目名称已被改动，或各栏错了行"
    return ""


def _lines(sheet: Worksheet, columns: Mapping[str, int], top: int) -> Iterator[Mapping[str, Cell]]:
    """The cells of each line by header; lines that say nothing at all are passed over."""
    wanted = {columns[name]: name for name in (KEY, *SHOWN, CHOICE, REASON)}
    for row in sheet.iter_rows(min_row=top + 1, max_col=max(wanted)):
        by_name: dict[str, Any] = {
            wanted[int(cell.column or 0)]: cell for cell in row if cell.column in wanted
        }
        if any(_text(cell).strip() for cell in by_name.values()):
            yield by_name


def _place(cell: Cell, file: str) -> Place:
    return Place(file, int(cell.row), sheet=SHEET, cell=cell.coordinate)


def _text(cell: Cell) -> str:
    value = cell.value
    if value is None:
        return ""
    return str(getattr(value, "text", value))  # an array formula is an object with its text
