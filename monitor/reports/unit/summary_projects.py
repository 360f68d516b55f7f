"""The summary's first sheet: a row a project, and the grand total."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from monitor.domain.calendar import day_name
from monitor.domain.scoring_rules import Grade
from monitor.reports.assessment.draft import NOTHING
from monitor.reports.glyphs import printable
from monitor.reports.sheet_page import lines_of, print_wide
from monitor.reports.unit.summary_facts import (
    GroupPoints,
    ProjectLine,
    Summary,
    columns,
    sums,
)
from monitor.reports.unit.summary_looks import (
    FIRST,
    HEADER,
    LINE_PT,
    Looks,
    amounts,
    rate_formula,
    rate_value,
    sheet_top,
    write_heads,
    write_rate,
    yuan_of,
)

TITLE = "项目支出绩效自评汇总表"
PROJECTS = "项目汇总"
_PROJECT_HEADS = (
    *(("序号", 5), ("单位编码", 9), ("单位名称", 18), ("项目编码", 23), ("项目名称", 28)),
    *(("年初预算数（元）", 16), ("全年预算数（元）", 16), ("全年执行数（元）", 16)),
    *(("执行率", 9), ("预算执行得分", 9)),
)
UNIT, INITIAL, BUDGET, PAID, _EXECUTION = 1, 5, 6, 7, 9  # columns, counted from 0


class ProjectSheet:
    """A row a project, then the grand total. What is open in a form is an empty yellow cell."""

    def __init__(self, sheet: Any, summary: Summary, looks: Looks) -> None:
        self.sheet, self.summary, self.looks = sheet, summary, looks
        self.groups = columns(summary.lines)
        self.total = _EXECUTION + len(self.groups) + 1
        self.grade, self.open = self.total + 1, self.total + 2
        self.last_row = HEADER + len(summary.lines)

    def write(self) -> None:
        heads = (
            *_PROJECT_HEADS,
            *((f"{name}得分", 9) for name in self.groups),
            *(("总分", 9), ("等级", 6), ("待填项", 7)),
        )
        sheet_top(
            self.sheet, f"{self.summary.year}年度{TITLE}", self._notes(), self.open, self.looks
        )
        write_heads(self.sheet, heads, self.looks)
        for number, line in enumerate(self.summary.lines, 1):
            self._line(HEADER + number, number, line)
        self._sum()
        self.sheet.autofilter(HEADER, 0, self.last_row, self.open)
        print_wide(self.sheet, HEADER, frozen=5)
        if self.summary.stamp:
            self.sheet.set_header(f"&C{printable(self.summary.stamp).replace('&', '&&')}")

    def _notes(self) -> tuple[str, ...]:
        return (
            *((self.summary.stamp,) if self.summary.stamp else ()),
            f"数据截至{day_name(self.summary.as_of)}。黄色空格为自评表中的待填项，补填后总分、"
            f"等级和汇总自动重算；“{NOTHING.text}”表示没有这一项。",
            *self.summary.notes,
        )

    def _line(self, row: int, number: int, line: ProjectLine) -> None:
        sheet, looks = self.sheet, self.looks
        sheet.write_number(row, 0, number, looks.line.text)
        texts = (line.unit_code, line.unit_name, line.project_code, line.project_name)
        for column, text in enumerate(texts, UNIT):
            sheet.write_string(row, column, printable(text), looks.name)
        for column, fen in (
            (INITIAL, line.initial_fen),
            (BUDGET, line.budget_fen),
            (PAID, line.paid_fen),
        ):
            self._amount(row, column, fen)
        budget, paid = xl_rowcol_to_cell(row, BUDGET), xl_rowcol_to_cell(row, PAID)
        rate = rate_value(line.rate_bp)
        sheet.write_formula(row, PAID + 1, rate_formula(paid, budget), looks.line.rate, rate)
        self._earned(row, line)
        sheet.write_number(row, self.open, line.open_items, looks.line.text)
        wrapped = max(lines_of(printable(line.project_name), 28), lines_of(line.unit_name, 18))
        sheet.set_row(row, LINE_PT * max(wrapped, 1) + 3)

    def _amount(self, row: int, column: int, fen: int | None) -> None:
        if fen is None:
            self.sheet.write_blank(row, column, None, self.looks.line.money)
        else:
            self.sheet.write_number(row, column, yuan_of(fen), self.looks.line.money)

    def _earned(self, row: int, line: ProjectLine) -> None:
        self._points(row, _EXECUTION, line.execution)
        for column, name in enumerate(self.groups, _EXECUTION + 1):
            self._points(row, column, line.groups.get(name))
        first = xl_rowcol_to_cell(row, _EXECUTION)
        last = xl_rowcol_to_cell(row, self.total - 1)
        whole = f'=IF(COUNTBLANK({first}:{last})=0,ROUND(SUM({first}:{last}),2),"")'
        value: Decimal | str = "" if line.total is None else line.total
        self.sheet.write_formula(row, self.total, whole, self.looks.line.points, value)
        grade = "" if line.grade is None else line.grade.label
        formula = _grade_formula(xl_rowcol_to_cell(row, self.total), line.limits)
        self.sheet.write_formula(row, self.grade, formula, self.looks.line.text, grade)

    def _points(self, row: int, column: int, points: GroupPoints | None) -> None:
        """A dash where the project has no such group; what is open stays blank."""
        if points is None:
            self.sheet.write_string(row, column, NOTHING.text, self.looks.line.text)
        elif points.points is None:
            self.sheet.write_blank(row, column, None, self.looks.blank)
        else:
            self.sheet.write_number(row, column, points.points, self.looks.line.points)

    def _sum(self) -> None:
        row, looks, sheet = self.last_row + 1, self.looks, self.sheet
        whole = sums(self.summary.lines)
        for column in range(self.open + 1):
            sheet.write_blank(row, column, None, looks.sum.text)
        sheet.merge_range(
            row, 0, row, INITIAL - 1, f"合计（{whole.projects} 个项目）", looks.sum.text
        )
        for column, fen in amounts(whole, INITIAL):
            name = xl_col_to_name(column)
            formula = f"=ROUND(SUM({name}{FIRST + 1}:{name}{self.last_row + 1}),2)"
            sheet.write_formula(row, column, formula, looks.sum.money, yuan_of(fen))
        write_rate(sheet, row, PAID + 1, whole, looks.sum)

    def span(self, column: int) -> str:
        """A column of the projects, as another sheet's formula names it."""
        name = xl_col_to_name(column)
        return f"'{PROJECTS}'!${name}${FIRST + 1}:${name}${self.last_row + 1}"


def _grade_formula(total: str, limits: tuple[Decimal, Decimal, Decimal]) -> str:
    """The grade by the limits of the project's rule set (D13): a limit itself is reached."""
    words = [grade.label for grade in Grade]
    inner = f'"{words[-1]}"'
    for least, word in reversed(list(zip(limits, words, strict=False))):
        inner = f'IF({total}>={least:f},"{word}",{inner})'
    return f'=IF({total}="","",{inner})'
