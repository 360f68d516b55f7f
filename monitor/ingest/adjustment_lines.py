"""A list of adjustments (CSV or .xlsx): bytes → entries, all of its mistakes together."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath
from typing import TypeVar

from monitor.domain.adjustment import Adjustment, AdjustmentKind, Fund
from monitor.domain.codes import is_mangled, normalise_code
from monitor.domain.money import MoneyUnit, NotAnAmount, parse_fen
from monitor.errors import Diagnostic, InputError, Place
from monitor.ingest import adjustment_kinds as kinds
from monitor.ingest.detect import Kind, kind_of
from monitor.ingest.readers.delimited import read_delimited

HEADERS = (
    *("项目编码", "调整类型", "金额（元）", "资金性质", "生效日期", "文号"),
    *("调出项目编码", "调入项目编码", "备注", "项目名称", "单位编码", "单位名称"),
)
"""The columns of a list; the last three only for projects that are not recorded yet."""
_NEEDED = ("调整类型", "金额", "生效日期", "文号")
_UNITS = {"": MoneyUnit.YUAN, **{each.value: each for each in MoneyUnit}}
_MOST_UNPACKED = 64 * 2**20
_BY_HAND = Place("")
T = TypeVar("T", AdjustmentKind, Fund)


@dataclass(frozen=True, slots=True)
class NewProject:
    """What must be told of a project that no document has brought."""

    name: str
    unit_code: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An adjustment, with its project where that is to be entered, and where it stands."""

    adjustment: Adjustment
    new: NewProject | None = None
    place: Place = _BY_HAND


class _Wrong(ValueError):
    """A cell that cannot be used; `column` is its header."""

    def __init__(self, column: str, text: str, why: str) -> None:
        super().__init__(why)
        self.column, self.text, self.why = column, text, why


def template() -> bytes:
    """An empty list, as Excel opens it."""
    target = io.StringIO()
    csv.writer(target, lineterminator="\r\n").writerow(HEADERS)
    return target.getvalue().encode("utf-8-sig")


def read_adjustments(data: bytes, file: str, *, year: int | None = None) -> list[Entry]:
    """The entries of a list. Raises InputError with a diagnostic for every mistake in it."""
    rows = [(place, cells) for place, cells in _rows(data, file) if any(cells)]
    if not rows:
        raise kinds.HEADER_MISSING.refusal(file, missing="、".join(_NEEDED))
    columns, unit = _columns(rows[0][1], rows[0][0])
    entries: list[Entry] = []
    found: list[Diagnostic] = []
    for place, cells in rows[1:]:
        row = {name: cells[at].strip() for name, at in columns.items() if at < len(cells)}
        try:
            entries.append(_entry(row, place, unit, year))
        except _Wrong as wrong:
            found.append(_told(wrong, place))
    if not entries and not found:
        found.append(kinds.CELL_WRONG.at(Place(file), why="清单只有表头，没有调整"))
    if found:
        raise InputError(f"{file} 没有登记。", "请按以下各条改正后重新登记。", None, found)
    return entries


def _told(wrong: _Wrong, place: Place) -> Diagnostic:
    at = Place(place.file, place.line, wrong.column, sheet=place.sheet, cell=place.cell)
    return kinds.CELL_WRONG.at(at, wrong.text, why=wrong.why)


def _columns(header: Sequence[str], place: Place) -> tuple[dict[str, int], MoneyUnit]:
    """Where each column stands, 金额 without its unit, and that unit."""
    columns: dict[str, int] = {}
    unit = MoneyUnit.YUAN
    for at, cell in enumerate(header):
        name = "".join(cell.replace("（", "(").replace("）", ")").split())
        if name.startswith("金额"):
            stated = name.removeprefix("金额").strip("()")
            if stated not in _UNITS:
                raise kinds.HEADER_MISSING.refusal(place.file, cell, missing="金额（元）")
            name, unit = "金额", _UNITS[stated]
        if name in columns:
            raise kinds.HEADER_MISSING.refusal(place.file, cell, missing=f"“{name}”有两列")
        if name:
            columns[name] = at
    missing = [name for name in _NEEDED if name not in columns]
    if missing:
        raise kinds.HEADER_MISSING.refusal(place.file, missing="、".join(missing))
    return columns, unit


def _entry(row: Mapping[str, str], place: Place, unit: MoneyUnit, year: int | None) -> Entry:
    kind = _one_of(row, "调整类型", AdjustmentKind)
    codes = {name: _code(row, name) for name in ("项目编码", "调出项目编码", "调入项目编码")}
    giver, taker = codes["调出项目编码"], codes["调入项目编码"]
    if kind is AdjustmentKind.MOVE:
        if codes["项目编码"]:
            raise _Wrong("项目编码", codes["项目编码"], "调剂不写项目编码，写调出和调入的项目编码")
    elif giver or taker:
        raise _Wrong("调出项目编码", giver or taker, f"{kind.value}只写项目编码")
    else:
        giver, taker = ("", codes["项目编码"]) if kind.adds else (codes["项目编码"], "")
    adjustment = Adjustment(
        kind=kind,
        amount_fen=_amount(row, unit),
        fund=_one_of(row, "资金性质", Fund) if row.get("资金性质") else kind.usual_fund,
        effective=_day(row, year),
        document_number=_text(row, "文号"),
        giver=giver,
        taker=taker,
        note=row.get("备注", ""),
    )
    if not adjustment.is_whole:
        column = "调出项目编码" if kind is AdjustmentKind.MOVE else "项目编码"
        needs = (
            "须有调出、调入两个不同的项目编码" if kind is AdjustmentKind.MOVE else "须写项目编码"
        )
        raise _Wrong(column, "", f"{kind.value}{needs}")
    return Entry(adjustment, _new(row), place)


def _new(row: Mapping[str, str]) -> NewProject | None:
    name, unit, unit_name = (row.get(key, "") for key in HEADERS[-3:])
    return (
        NewProject(name, normalise_code(unit), unit_name) if name and unit and unit_name else None
    )


def _text(row: Mapping[str, str], column: str) -> str:
    text = row.get(column, "")
    if not text:
        raise _Wrong(column, "", f"“{column}”为空")
    return text


def _one_of(row: Mapping[str, str], column: str, of: type[T]) -> T:
    text = _text(row, column)
    try:
        return of(text)
    except ValueError:
        names = "、".join(each.value for each in of)
        raise _Wrong(column, text, f"“{column}”应是 {names} 之一") from None


def _code(row: Mapping[str, str], column: str) -> str:
    text = row.get(column, "")
    if is_mangled(text):
        raise _Wrong(column, text, "编码被电子表格改坏了，请将该列设为文本后重填")
    return normalise_code(text)


def _amount(row: Mapping[str, str], unit: MoneyUnit) -> int:
    text = _text(row, "金额")
    try:
        fen = parse_fen(text, unit)
    except NotAnAmount as error:
        raise _Wrong("金额", text, f"金额{error.reason}") from None
    if fen <= 0:
        raise _Wrong("金额", text, "金额须大于 0，增减由调整类型表示")
    return fen


def _day(row: Mapping[str, str], year: int | None) -> date:
    text = _text(row, "生效日期")
    for shape in ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d", "%Y年%m月%d日"):
        try:
            day = datetime.strptime(text, shape).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        if year is not None and day.year != year:
            raise _Wrong("生效日期", text, f"生效日期不在 {year} 年内")
        if not 2000 <= day.year <= 2099:
            break
        return day
    raise _Wrong("生效日期", text, "生效日期不是日期，请写成 2025-07-15 这样")


def _rows(data: bytes, file: str) -> Iterator[tuple[Place, list[str]]]:
    if kind_of(data) is Kind.XLSX:
        yield from _sheet_rows(data, file)
    elif kind_of(data) is Kind.TEXT:
        for line, cells in read_delimited(data, file).rows:
            yield Place(file, line), cells
    else:
        raise InputError(f"{file} 不是 CSV 或 .xlsx 文件。", "请另存为 CSV 或 .xlsx。")


def _sheet_rows(data: bytes, file: str) -> Iterator[tuple[Place, list[str]]]:
    """The first sheet. Formulas stay formulas and so are refused as amounts."""
    from openpyxl import load_workbook

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
        if unpacked > _MOST_UNPACKED:
            raise InputError(f"{PurePath(file).name} 解压后太大。", "请只保留调整清单一张工作表。")
        sheet = load_workbook(io.BytesIO(data), read_only=True).worksheets[0]
        for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
            place = Place(file, number, sheet=sheet.title, cell=f" 第 {number} 行")
            yield place, [_cell(value) for value in row]
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError, IndexError, SyntaxError) as error:
        raise InputError(f"{file} 已损坏，无法读取。", "请用 Excel 打开后另存。") from error


def _cell(value: object) -> str:
    """What a spreadsheet shows: 15 digits of a number, the day of a date."""
    match value:
        case None:
            return ""
        case datetime() | date():
            return value.strftime("%Y-%m-%d")
        case float():
            return format(value, ".15g")
        case _:
            return str(value)
