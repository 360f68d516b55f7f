"""A sheet's cells under their labels: what stands after 项目编码, 预算数, 绩效目标 ..."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from monitor.errors import Diagnostic
from monitor.ingest import target_kinds as kinds
from monitor.ingest.document import Cell, Row, joined, quoted
from monitor.ingest.indicator_columns import UNKEPT
from monitor.ingest.labels import Labels
from monitor.ingest.target_sheets import Sheet

NAMES: Mapping[str, str] = {
    "code": "项目编码",
    "name": "项目名称",
    "scale": "预算规模及资金用途",
    "budget": "预算数",
    "fiscal": "其中：财政资金",
    "other": "其他资金",
    "purpose": "资金用途",
    "plan": "资金支出计划",
    "goals": "绩效目标",
    "unit": "实施单位",
    "schedule": "实施进度计划",
}
"""How diagnostics name the fields."""

_SEVERAL = ("unkept", "department")
"""Labels that may stand several times, and whose text is not kept."""

MONEY_UNIT = re.compile(
    r"[(（【\[]?(?:金额|货币|计量)?单\s*位\s*[:：]\s*(?:人民币)?\s*([十百千万亿]*\s*元)"
    r"(?:[(（]人民币[)）])?(?:[)）】\]]|(?=\s|$))"
)
_CODE_AND_NAME = re.compile(r"([0-9A-Z]{20,22})\s*[-－—–_]+\s*(\S.*)")
_BELOW = dict.fromkeys(("scale", "budget", "fiscal", "other"), "purpose")
"""Below the row of the amounts stands the purpose, without a label of its own."""


@dataclass(frozen=True, slots=True)
class Fields:
    """A sheet taken apart. `cells` holds the rows of cells after each label, from its own row on.

    `head` are the cells before the first label; `indicators` the rows from the table's header on.
    """

    sheet: Sheet
    labels: Mapping[str, Cell]
    cells: Mapping[str, Sequence[Row]]
    head: Row
    indicators: tuple[Row, ...]
    diagnostics: tuple[Diagnostic, ...]

    def has(self, key: str) -> bool:
        return key in self.labels

    def stated(self, key: str) -> list[Cell]:
        """The cells of a field that hold text."""
        return [cell for row in self.cells.get(key, ()) for cell in row if not cell.is_blank]

    def value(self, key: str) -> tuple[str, list[Diagnostic]]:
        """The text of a field that has one cell; it stands in the row of its label.

        An error where there is no cell, or more than one with text: '' then means nothing.
        """
        label = self.labels[key]
        own_row = self.cells[key][0]
        if not own_row:
            return "", [kinds.VALUE_MISSING.at(label.place, label.text, field=NAMES[key])]
        stated = self.stated(key)
        if len(stated) > 1 or (stated and stated[0] not in own_row):
            found = kinds.VALUE_UNCLEAR.at(stated[0].place, quoted(tuple(stated)), field=NAMES[key])
            return "", [found]
        return (joined(stated[0].text) if stated else ""), []


def read_fields(sheet: Sheet, labels: Labels) -> Fields:
    """The sheet's cells by label. Text below 项目编码 and 项目名称 is an error: it has no place."""
    found: dict[str, Cell] = {}
    rows: dict[str, list[list[Cell]]] = {}
    diagnostics: list[Diagnostic] = []
    all_rows = tuple(_with_header_apart(sheet.rows, labels))
    current, end = "head", len(all_rows)
    unkept: list[Cell] = []
    label = Cell("", sheet.place)
    for i, row in enumerate(all_rows):
        if is_indicator_header(row, labels):
            end = i
            break
        current = _BELOW.get(current, current)
        rows.setdefault(current, []).append([])
        for cell in row:
            key = labels.field(cell.text)
            if key is None:
                _holder(cell, rows, current).append(cell)
                if current in _SEVERAL and not cell.is_blank:
                    unkept.append(label)
                continue
            label = cell
            if key in found and key not in _SEVERAL:
                diagnostics.append(kinds.LABEL_TWICE.at(cell.place, cell.text, field=NAMES[key]))
            found.setdefault(key, cell)
            current = key
            rows.setdefault(current, []).append([])
    if unkept:
        names = "、".join(dict.fromkeys(f"“{joined(each.text)}”" for each in unkept))
        diagnostics.append(kinds.COLUMNS_UNKEPT.at(unkept[0].place, columns=names))
    _code_before_name(found, rows)
    head = tuple(cell for row in rows.pop("head", []) for cell in row)
    cells = {key: tuple(tuple(row) for row in value) for key, value in rows.items()}
    return Fields(sheet, found, cells, head, all_rows[end:], tuple(diagnostics))


def _holder(cell: Cell, rows: dict[str, list[list[Cell]]], current: str) -> list[Cell]:
    """Where a cell belongs: a money unit to the head, wherever it stands."""
    if MONEY_UNIT.fullmatch(joined(cell.text).strip()):
        return rows.setdefault("head", [[]])[-1]
    return rows[current][-1]


def _code_before_name(found: dict[str, Cell], rows: dict[str, list[list[Cell]]]) -> None:
    """Without a cell for the code: `51000021Y000000017048-医疗补助` is code and name."""
    if "code" in found or "name" not in found:
        return
    for i, cell in enumerate(rows["name"][0]):
        if match := _CODE_AND_NAME.fullmatch(joined(cell.text)):
            found["code"] = found["name"]
            rows["code"] = [[replace(cell, text=match[1])]]
            rows["name"][0][i] = replace(cell, text=match[2])


def _with_header_apart(rows: Sequence[Row], labels: Labels) -> Iterator[Row]:
    """The rows; a header of indicators that ran into the row of a field is one of its own."""
    for row in rows:
        columns = [i for i, cell in enumerate(row) if labels.column(cell.text) is not None]
        start = columns[0] if is_indicator_header(row, labels) else 0
        if any(labels.field(cell.text) for cell in row[:start]):
            yield from (row[:start], row[start:])
        else:
            yield row


def is_indicator_header(row: Row, labels: Labels) -> bool:
    """Whether a row names columns of the indicator table, two at least that are kept."""
    keys = [labels.column(cell.text) for cell in row]
    return sum(key not in (None, UNKEPT) for key in keys) >= 2
