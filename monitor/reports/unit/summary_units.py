"""The summary's second sheet: a row a unit, all of it formulas over the projects' sheet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from monitor.domain.calendar import day_name
from monitor.domain.money import round_half_up
from monitor.domain.scoring_rules import Grade
from monitor.reports.glyphs import printable
from monitor.reports.sheet_page import print_wide
from monitor.reports.unit.summary_facts import ProjectLine, Summary, sums
from monitor.reports.unit.summary_looks import (
    FIRST,
    HEADER,
    Face,
    Looks,
    amounts,
    sheet_top,
    write_heads,
    write_rate,
    yuan_of,
)
from monitor.reports.unit.summary_projects import (
    BUDGET,
    INITIAL,
    PAID,
    PROJECTS,
    TITLE,
    UNIT,
    ProjectSheet,
)

UNITS = "单位汇总"
_ABOVE_0, _FROM_0 = '">0"', '">=0"'
_UNIT_HEADS = (
    *(("单位编码", 9), ("单位名称", 24), ("项目数", 8)),
    *(("年初预算数（元）", 17), ("全年预算数（元）", 17), ("全年执行数（元）", 17)),
    *(
        ("执行率", 9),
        ("已评项目数", 9),
        ("平均得分", 9),
        ("优", 6),
        ("良", 6),
        ("中", 6),
        ("差", 6),
    ),
)


class UnitSheet:
    """A row a unit, by formulas over the projects' sheet, whatever order that is sorted in."""

    _MONEY_FROM = 3

    def __init__(self, sheet: Any, summary: Summary, looks: Looks, projects: ProjectSheet) -> None:
        self.sheet, self.summary, self.looks, self.projects = sheet, summary, looks, projects
        self.units = {line.unit_code: line.unit_name for line in summary.lines}

    def write(self) -> None:
        notes = (f"数据截至{day_name(self.summary.as_of)}。由“{PROJECTS}”自动汇总。",)
        title = f"{self.summary.year}年度{TITLE}（按单位）"
        sheet_top(self.sheet, title, notes, len(_UNIT_HEADS) - 1, self.looks)
        write_heads(self.sheet, _UNIT_HEADS, self.looks)
        members: defaultdict[str, list[ProjectLine]] = defaultdict(list)
        for line in self.summary.lines:
            members[line.unit_code].append(line)
        for row, (code, name) in enumerate(self.units.items(), FIRST):
            self.sheet.write_string(row, 0, printable(code), self.looks.name)
            self.sheet.write_string(row, 1, printable(name), self.looks.name)
            self._figures(
                row, members[code], self._of_unit(xl_rowcol_to_cell(row, 0)), self.looks.line
            )
        last = FIRST + len(self.units)
        self.sheet.merge_range(last, 0, last, 1, "合计", self.looks.sum.text)
        self._figures(last, self.summary.lines, self._of_all(), self.looks.sum)
        self.sheet.autofilter(HEADER, 0, last - 1, len(_UNIT_HEADS) - 1)
        print_wide(self.sheet, HEADER, frozen=2)
        if self.summary.stamp:
            self.sheet.set_header(f"&C{printable(self.summary.stamp).replace('&', '&&')}")

    def _of_unit(self, code: str) -> Of:
        units = self.projects.span(UNIT)
        return Of(
            count=lambda column, test: f"COUNTIFS({units},{code},{column},{test})",
            sum_=lambda column: f"SUMIFS({column},{units},{code})",
        )

    def _of_all(self) -> Of:
        return Of(
            count=lambda column, test: f"COUNTIFS({column},{test})",
            sum_=lambda column: f"SUM({column})",
        )

    def _figures(self, row: int, lines: Sequence[ProjectLine], of: Of, face: Face) -> None:
        sheet, span = self.sheet, self.projects.span
        whole = sums(lines)
        count = f"={of.count(span(0), _ABOVE_0)}"
        sheet.write_formula(row, 2, count, face.text, whole.projects)
        columns_ = zip((INITIAL, BUDGET, PAID), amounts(whole, self._MONEY_FROM), strict=True)
        for source, (column, fen) in columns_:
            formula = f"=ROUND({of.sum_(span(source))},2)"
            sheet.write_formula(row, column, formula, face.money, yuan_of(fen))
        write_rate(sheet, row, self._MONEY_FROM + 3, whole, face)
        self._scores(row, lines, of, face)

    def _scores(self, row: int, lines: Sequence[ProjectLine], of: Of, face: Face) -> None:
        sheet, span = self.sheet, self.projects.span
        first = self._MONEY_FROM + 4
        totals = [line.total for line in lines if line.total is not None]
        scored = of.count(span(self.projects.total), _FROM_0)
        sheet.write_formula(row, first, f"={scored}", face.text, len(totals))
        cell = xl_rowcol_to_cell(row, first)
        hundredths = f"ROUND({of.sum_(span(self.projects.total))}*100,0)"
        mean = f'=IF({cell}=0,"",ROUND({hundredths}/{cell},0)/100)'
        sheet.write_formula(row, first + 1, mean, face.points, _mean(totals))
        for column, grade in enumerate(Grade, first + 2):
            formula = f"={of.count(span(self.projects.grade), _quoted(grade.label))}"
            value = sum(line.grade is grade for line in lines)
            sheet.write_formula(row, column, formula, face.text, value)


@dataclass(frozen=True, slots=True)
class Of:
    """How a formula counts and sums a column of the projects: of one unit, or of all."""

    count: Callable[[str, str], str]
    sum_: Callable[[str], str]


def _mean(totals: Sequence[Decimal]) -> Decimal | str:
    """The mean of totals, half up to two decimals; blank where there is none."""
    if not totals:
        return ""
    hundredths = int(sum(totals, Decimal(0)).scaleb(2))
    return Decimal(round_half_up(hundredths, len(totals))).scaleb(-2)


def _quoted(text: str) -> str:
    return f'"{text}"'
