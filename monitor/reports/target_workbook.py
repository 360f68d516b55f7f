"""The recorded projects as a workbook for people: 项目, 资金支出计划, 绩效指标."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import xlsxwriter

from monitor.domain.calendar import checkpoint_name
from monitor.domain.target import Project

_A4 = 9
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONGEST = 32_767
"""Characters that a cell can hold."""

Cell = str | int | Decimal | None


@dataclass(frozen=True, slots=True)
class _Column:
    header: str
    width: int
    money: bool = False


_KEYS = (_Column("年度", 6), _Column("单位编码", 10), _Column("单位名称", 24))
_PROJECT = (_Column("项目编码", 24), _Column("项目名称", 32))
_HEAD = (*_KEYS, *_PROJECT)


def as_workbook(projects: Sequence[Project]) -> bytes:
    """The workbook's bytes. All texts are texts, codes too; amounts are numbers in yuan."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        _Sheet(book, "项目", _project_columns()).fill(map(_project, projects))
        months = sorted({point.month for each in projects for point in each.plan})
        plan = (*_HEAD, *(_Column(f"{checkpoint_name(m)}（%）", 12, money=True) for m in months))
        _Sheet(book, "资金支出计划", plan).fill(_shares(each, months) for each in projects)
        _Sheet(book, "绩效指标", _indicator_columns()).fill(
            row for each in projects for row in _indicators(each)
        )
    return target.getvalue()


def _project_columns() -> tuple[_Column, ...]:
    amounts = (
        _Column(f"{name}（元）", 18, money=True) for name in ("预算数", "财政资金", "其他资金")
    )
    rest = (_Column("资金用途", 40), _Column("绩效目标", 50), _Column("指标数", 8))
    return (*_HEAD, *amounts, *rest, _Column("来源文件", 30), _Column("位置", 16))


def _indicator_columns() -> tuple[_Column, ...]:
    names = (("一级指标", 12), ("二级指标", 14), ("三级指标", 24), ("绩效指标描述", 30))
    more = (("指标值", 16), ("指标值确定依据", 24), ("分值", 8))
    return (*_HEAD, *(_Column(name, width) for name, width in (*names, *more)))


def _key(project: Project) -> tuple[Cell, ...]:
    unit = (project.year, project.unit_code, project.unit_name)
    return (*unit, project.project_code, project.project_name)


def _project(project: Project) -> tuple[Cell, ...]:
    amounts = (project.budget_fen, project.fiscal_fen, project.other_fen)
    goals = "\n".join(f"{n}.{goal}" for n, goal in enumerate(project.goals, 1))
    return (
        *_key(project),
        *map(_hundredth, amounts),
        *(project.purpose, goals, len(project.indicators)),
        *(project.place.file, project.place.spot),
    )


def _shares(project: Project, months: Iterable[int]) -> tuple[Cell, ...]:
    shares = {point.month: point.planned_bp for point in project.plan}
    return (*_key(project), *(_hundredth(shares.get(month)) for month in months))


def _indicators(project: Project) -> Iterable[tuple[Cell, ...]]:
    for each in project.indicators:
        texts = (each.level1, each.level2, each.level3, each.description, each.target, each.basis)
        yield (*_key(project), *texts, each.weight)


def _hundredth(number: int | None) -> Decimal | None:
    """Fen as yuan, basis points as percent: exact."""
    return None if number is None else Decimal(number) / 100


class _Sheet:
    """A sheet with a frozen head, that prints on A4 across."""

    def __init__(self, book: Any, name: str, columns: Sequence[_Column]) -> None:
        self._sheet, self._columns = book.add_worksheet(name), columns
        border = {"border": 1, "valign": "top", "text_wrap": True, "font_size": 10}
        self._text = book.add_format({**border, "num_format": "@"})
        self._number = book.add_format({**border, "num_format": "General"})
        self._money = book.add_format({**border, "num_format": "#,##0.00"})
        bold = book.add_format({**border, "bold": True, "align": "center", "bg_color": "#D9E2F3"})
        for index, column in enumerate(columns):
            self._sheet.set_column(index, index, column.width)
            self._sheet.write_string(0, index, column.header, bold)
        self._lay_out()

    def _lay_out(self) -> None:
        self._sheet.freeze_panes(1, 0)
        self._sheet.repeat_rows(0)
        self._sheet.set_paper(_A4)
        self._sheet.set_landscape()
        self._sheet.fit_to_pages(1, 0)
        self._sheet.set_footer("&C第 &P 页，共 &N 页")

    def fill(self, rows: Iterable[Sequence[Cell]]) -> None:
        last = 0
        for last, row in enumerate(rows, 1):
            for index, (cell, column) in enumerate(zip(row, self._columns, strict=True)):
                self._write(last, index, cell, column)
        self._sheet.autofilter(0, 0, max(last, 1), len(self._columns) - 1)

    def _write(self, row: int, index: int, cell: Cell, column: _Column) -> None:
        if cell is None:
            self._sheet.write_blank(row, index, None, self._number)
        elif isinstance(cell, str):
            text = _CONTROL.sub("", cell)[:_LONGEST]
            self._sheet.write_string(row, index, text, self._text)
        else:
            # The only float: a workbook knows no other number. 15 digits survive it.
            self._sheet.write_number(
                row, index, float(cell), self._money if column.money else self._number
            )
