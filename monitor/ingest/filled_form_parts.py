"""One filled self-assessment form, row by row: head, funds, goals, indicators, total."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from monitor.domain import form_kinds as kinds
from monitor.domain.filled_form import (
    FilledForm,
    FormCell,
    FundLine,
    IndicatorLine,
    number,
    squeezed,
)
from monitor.domain.money import MoneyUnit
from monitor.errors import Diagnostic, Place
from monitor.ingest.document import prose
from monitor.ingest.filled_form_cells import (
    FUND_ROLES,
    INDICATOR_ROLES,
    NEEDED_ROLES,
    form_cell,
    is_indicators,
    named,
    pairs,
    total_first,
    with_budget,
    year_in,
)
from monitor.ingest.filled_form_labels import (
    FUNDS,
    HEAD,
    INDICATORS,
    TOTALS,
    is_part_of_part,
)
from monitor.ingest.filled_form_rows import Columns, Line, header, under

_UNIT = re.compile(r"[(（]?(?:金额)?单位[:：]\s*(万元|千元|元)|[(（](万元|千元|元)[)）]")
_LONGEST_GRADE = 4
_RULER = re.compile(r"[-—=:+\s─━]*")


class _Mode(Enum):
    HEAD = auto()
    FUNDS = auto()
    GOALS = auto()
    INDICATORS = auto()


@dataclass
class FormReading:
    """What has been read of a form so far. `above` is the year of the form above it, if any."""

    place: Place
    above: int | None = None
    diagnostics: list[Diagnostic] = field(default_factory=list)
    _mode: _Mode = _Mode.HEAD
    _columns: Columns | None = None
    _head: dict[str, FormCell] = field(default_factory=dict)
    _texts: list[FormCell] = field(default_factory=list)
    _funds: list[FundLine] = field(default_factory=list)
    _indicators: list[IndicatorLine] = field(default_factory=list)
    _total: tuple[FormCell | None, FormCell | None] = (None, None)
    _unit: MoneyUnit = MoneyUnit.TEN_THOUSAND_YUAN
    _year: int | None = None

    @property
    def is_form(self) -> bool:
        """Whether there is a form at all: a name and a table, or one of the tables."""
        return bool(self._funds or self._indicators)

    @property
    def year(self) -> int | None:
        return self._year or self.above

    @property
    def is_over(self) -> bool:
        """Whether what follows may be another form."""
        return "name" in self._head or self.is_form

    def form(self) -> FilledForm:
        weight, points = self._total
        return FilledForm(
            place=replace(self._head["name"].place, column=None)
            if "name" in self._head
            else self.place,
            name=self._head.get("name"),
            department=self._head.get("department"),
            unit=self._head.get("unit"),
            year=self.year,
            money_unit=self._unit,
            funds=total_first(self._funds),
            execution_reason=self._head.get("reason"),
            expected=self._head.get("expected"),
            achieved=self._head.get("achieved"),
            indicators=tuple(self._indicators),
            total_weight=weight,
            total_points=points,
            grade=self._head.get("grade"),
            texts=tuple(self._texts),
            has_gaps=any(each.id == kinds.ROW_UNPLACED.id for each in self.diagnostics),
        )

    def take(self, line: Line) -> None:
        """A row or a paragraph of this form, or of what stands between."""
        if all(_RULER.fullmatch(cell.text) for cell in line.cells) or self._repeats_head(line):
            return
        self._note(line)
        if self._is_header(line):
            return
        first = line.labels[line.filled[0]]
        said_again = self._mode is _Mode.GOALS and HEAD.get(first) == "goal"  # not merged
        if first in HEAD and not said_again:
            self._take_pairs(line)
        elif line.is_text:
            if first in TOTALS and len(line.cells) > 1 and self._indicators:
                self._total = (self._total[0], form_cell(line.cells[1], "总分"))
        elif self._mode is _Mode.INDICATORS and first in TOTALS:
            self._take_total(line)
        else:
            self._take_row(line)

    def _take_row(self, line: Line) -> None:
        match self._mode:
            case _Mode.FUNDS:
                self._take_fund(line)
            case _Mode.GOALS:
                self._take_goals(line)
            case _Mode.INDICATORS:
                self._take_indicator(line)
            case _Mode.HEAD:
                pass

    def _repeats_head(self, line: Line) -> bool:
        """A header row that is printed again on the next page."""
        again = header(line, INDICATORS) if self._mode is _Mode.INDICATORS else None
        columns = self._columns
        return bool(again and columns and is_indicators(again) and again.names == columns.names)

    def _note(self, line: Line) -> None:
        """Year and unit of money, where a title or a label names them."""
        for cell in line.cells:
            text = cell.text
            if line.is_text and (year := year_in(text)) and not self._funds:
                self._year = self._year or year
            is_about_money = line.is_text or "资金" in text or "预算" in text
            if is_about_money and not self._funds and (unit := _UNIT.search(text)):
                self._unit = MoneyUnit(unit[1] or unit[2])

    def _is_header(self, line: Line) -> bool:
        if line.is_text or len(line.filled) < 3:
            return self._is_goal_header(line)
        columns = header(line, INDICATORS)
        if columns and is_indicators(columns):
            self._mode, self._columns = _Mode.INDICATORS, columns
            return True
        columns = header(line, FUNDS)
        if columns and "paid" in columns.spans and {"budget", "initial"} & set(columns.spans):
            self._mode, self._columns = _Mode.FUNDS, with_budget(columns)
            return True
        return self._is_goal_header(line)

    def _is_goal_header(self, line: Line) -> bool:
        """预期目标 beside 实际完成情况, and nothing beside either: the texts stand below."""
        names = {name: role for name, role in HEAD.items() if role in ("expected", "achieved")}
        columns = None if line.is_text else header(line, names)
        if columns is None or len(columns.spans) < 2:
            return False
        roles = [HEAD.get(name) for n, name in enumerate(line.labels) if n in line.filled]
        if any(role not in ("expected", "achieved", "goal") for role in roles):
            return False
        self._mode, self._columns = _Mode.GOALS, columns
        for role, name in columns.names.items():
            self._head.setdefault(role, FormCell("", replace(line.place, column=name)))
        return True

    def _take_pairs(self, line: Line) -> None:
        """Labels and what stands beside them; cells that go on belong to the label before."""
        for name, role, cell in pairs(line):
            made = form_cell(cell, name)
            of_funds = self._mode is _Mode.FUNDS and "reason" not in self._head
            is_text = (role == "reason" and not of_funds) or (
                role == "grade" and len(made.text) > _LONGEST_GRADE
            )
            if is_text:
                self._texts.append(made)
            elif role != "other" and (role not in self._head or self._head[role].is_blank):
                self._head[role] = made
        if self._mode is not _Mode.INDICATORS and HEAD.get(line.labels[line.filled[0]]) != "reason":
            self._mode = _Mode.HEAD

    def _take_fund(self, line: Line) -> None:
        found = under(line, self._columns) if self._columns else None
        if found is None or self._columns is None:
            self._unplaced(line)
            return
        cells, left = found
        names = [cell for cell in left if not cell.is_blank]
        name = form_cell(names[-1], "") if names else FormCell("", line.place)
        if "原因" in name.text:
            text = "".join(cell.text for cell in cells.values())
            self._head.setdefault("reason", FormCell(text.strip(), line.place))
            return
        if not names and not any(cell.text for cell in cells.values()):
            return
        get = {role: self._columns.cell(cells, role, line.place) for role in FUND_ROLES}
        self._funds.append(FundLine(name, **get, nested=self._is_nested(name.text)))

    def _is_nested(self, name: str) -> bool:
        """Whether a fund is a part of the one above: `其中` again, or a kind of 财政拨款."""
        parts = [squeezed(row.name.text) for row in self._funds]
        above = any(part.startswith("其中") for part in parts)
        again = squeezed(name).startswith("其中") and above
        return again or (is_part_of_part(name) and any("财政" in part for part in parts))

    def _take_goals(self, line: Line) -> None:
        found = under(line, self._columns) if self._columns else None
        for role, cell in (found[0] if found else {}).items():
            before = self._head.get(role)
            if before is None or before.is_blank:
                self._head[role] = cell
            elif cell.text:
                self._head[role] = replace(before, text=f"{before.text}\n{cell.text}")

    def _take_indicator(self, line: Line) -> None:
        found = under(line, self._columns) if self._columns else None
        if found is None or self._columns is None:
            self._unplaced(line)
            return
        get = {role: self._columns.cell(found[0], role, line.place) for role in INDICATOR_ROLES}
        blank = FormCell("", line.place)
        need = {role: get[role] or blank for role in NEEDED_ROLES}
        above = self._indicators[-1] if self._indicators else None
        if above and not need["level1"].text:
            need["level1"] = above.level1
            if not need["level2"].text:
                need["level2"] = above.level2
        need["level3"] = named(need["level3"])
        reason, nature, unit = get["reason"], get["nature"], get["unit"]
        self._indicators.append(IndicatorLine(**need, reason=reason, nature=nature, unit=unit))

    def _take_total(self, line: Line) -> None:
        """总分: by the columns, else its last number is the points, the one before the weight."""
        columns = self._columns
        if columns and columns.on_grid and (found := under(line, columns)):
            weight, points = found[0].get("weight"), found[0].get("points")
            if number(points.content if points else "") or (points and points.is_open):
                self._total = (_of_total(weight), _of_total(points))
                return
        after = [form_cell(line.cells[n], "总分") for n in line.filled[1:]]
        figures = [cell for cell in after if number(cell.content) or cell.is_open]
        weight = figures[-2] if len(figures) > 1 else None
        last = figures[-1] if figures else FormCell("", line.place)
        if len(figures) == 1 and len(after) == 1 and squeezed(last.text) == "100":
            self._total = (last, FormCell("", line.place))
            return
        self._total = (weight, last)

    def _unplaced(self, line: Line) -> None:
        columns = self._columns.size if self._columns else 0
        quoted = " | ".join(prose(cell.text) for cell in line.cells)
        words = {"cells": len(line.cells), "columns": columns}
        self.diagnostics.append(kinds.ROW_UNPLACED.at(line.place, quoted, **words))


def _of_total(cell: FormCell | None) -> FormCell | None:
    return cell and replace(cell, place=replace(cell.place, column="总分"))
