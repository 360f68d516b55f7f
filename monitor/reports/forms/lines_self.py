"""The lines of a unit's 绩效自评填报表, from the drafts of its projects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from monitor.domain.entry import Field, Form, Key, items
from monitor.domain.scoring_rules import Level, ScoringRules
from monitor.domain.target import Indicator
from monitor.domain.target_value import ValueKind
from monitor.domain.weights import group_of
from monitor.ingest import form_book as b
from monitor.ingest.form_book import Book, Line, Shown, Slot, Wants
from monitor.reports.assessment import drafting as self_assessment
from monitor.reports.assessment.draft import Cell, Draft, FundRow, IndicatorRow
from monitor.reports.assessment.facts import ProjectFacts
from monitor.reports.forms.held import fund_fields, held
from monitor.reports.forms.lines import (
    fit,
    hint,
    label,
    notices,
    number,
    of_project,
    proposal,
    slot,
    unit_lines,
    yuan,
)
from monitor.reports.forms.notes import actual_rule, column_notes, points_rule

_BY_RULE = (ValueKind.NUMBER, ValueKind.RANGE)
YES_NO = ("是", "部分达成", "否")
_LEVELS = tuple(level.label for level in Level)


def self_book(facts: Sequence[ProjectFacts], rules: ScoringRules) -> Book:
    """What a unit is asked for its self-assessments; `facts` are those of all its projects."""
    first = facts[0]
    forms = [_Form(each, rules) for each in facts]
    department = forms[0].now.department.shown
    parts = (
        [form.project() for form in forms],
        [line for form in forms for line in form.funds()],
        [line for form in forms for line in form.indicators()],
        unit_lines(facts, Form.SELF_ASSESSMENT, "", department),
    )
    return Book(
        form=Form.SELF_ASSESSMENT,
        period="",
        year=first.project.year,
        unit_code=first.standing.account.unit_code,
        unit_name=first.standing.account.unit_name,
        as_of=first.as_of,
        lines=tuple(line for part in parts for line in part),
        notices=notices(facts),
        notes=column_notes(rules),
    )


class _Form:
    """One project: `own` is the draft without people's words, `now` the one with them."""

    def __init__(self, facts: ProjectFacts, rules: ScoringRules) -> None:
        bare = replace(facts, entries={}, unit_entries={})
        self.facts, self.rules = facts, rules
        self.own: Draft = self_assessment.draft(bare, rules)
        self.now: Draft = self_assessment.draft(facts, rules) if facts.entries else self.own
        self.held = held(self.now)

    def _slot(self, field: Field, wants: Wants, item: str = "", **more: object) -> Slot:
        key = Key(Form.SELF_ASSESSMENT, field, item)
        return slot(self.facts.entries, key, wants, own=self.held.get(key, ""), **more)

    def project(self) -> Line:
        account, total = self.facts.standing.account, self.own.funds[0]
        slow, now = self.own.execution_reason, self.now.execution_reason
        draft = f"系统草稿：{slow.text}" if slow is not None and not slow.is_open else ""
        cells: dict[str, Shown | Slot] = {
            **of_project(self.facts),
            b.INITIAL: yuan(account.initial_budget_fen),
            b.BUDGET: yuan(account.budget_fen),
            b.PAID: yuan(account.paid_fen),
            b.RATE: total.rate.text or None,
            "执行率得分": total.points.text,
            "年度总体目标\n预期目标": fit("\n".join(cell.text for cell in self.own.expected)),
            b.ACHIEVED: self._slot(Field.ACHIEVED, Wants.TEXT),
            b.SLOW: self._slot(
                Field.EXECUTION_REASON,
                Wants.TEXT,
                needed=now is not None and now.is_open,
                rule=fit(draft),
            ),
        }
        return Line(b.PROJECTS, self.facts.project.project_code, "", label(self.facts), cells)

    def funds(self) -> Iterator[Line]:
        """The funds of a project of which something is open: the others are in its form."""
        rows = [(row, fund_fields(row)) for row in self.own.funds]
        if any(cell.is_open for row, fields in rows if fields for cell in _money(row)):
            for row, fields in rows:
                if fields:
                    yield self._fund(row, fields)

    def _fund(self, row: FundRow, fields: tuple[Field, ...]) -> Line:
        name = row.name.replace("其中：", "").strip()
        money = _money(row)
        headers = (b.INITIAL, b.BUDGET, b.PAID)
        cells: dict[str, Shown | Slot] = {**of_project(self.facts), "资金": name}
        for header, field, cell in zip(headers, fields, money, strict=True):
            cells[header] = self._amount(field, cell)
        cells[b.HINT] = hint(*money) or None
        code = self.facts.project.project_code
        return Line(b.FUNDS, code, fields[0].value, f"{label(self.facts)} {name}", cells)

    def _amount(self, field: Field, cell: Cell) -> Slot:
        """Open where the draft has nothing; else the figure in 元, of the draft's 万元."""
        ten_thousands = number(cell.text)
        closed = cell.text if ten_thousands is None else ten_thousands * 10_000
        is_open = cell.is_open
        return self._slot(field, Wants.AMOUNT, is_open=is_open, closed=None if is_open else closed)

    def indicators(self) -> Iterator[Line]:
        listed = self.facts.project.indicators
        known = dict(zip(items(listed), listed, strict=True))
        now = {row.item: row for row in self.now.indicators if row.item}
        for row in self.own.indicators:
            if row.item in known:
                yield self._indicator(row, now.get(row.item, row), known[row.item])

    def _indicator(self, row: IndicatorRow, now: IndicatorRow, said: Indicator) -> Line:
        own = proposal(row.actual)
        cells: dict[str, Shown | Slot] = {
            **of_project(self.facts),
            "一级指标": row.level1.partition("(")[0],
            "二级指标": fit(row.level2),
            "三级指标": fit(row.level3.text),
            "年度指标值": fit(row.target.text),
            b.WEIGHT: self._weight(row),
            b.OWN: own or None,
            b.HINT: hint(row.actual, row.evidence, now.points) or None,
            b.ACTUAL: self._actual(row, said),
            b.POINTS: self._points(row, now, said),
            b.REASON: self._reason(row, now),
            b.EVIDENCE: self._slot(Field.EVIDENCE, Wants.TEXT, row.item, needed=False),
        }
        name = f"{label(self.facts)} 指标“{row.level3.text}”"
        return Line(b.INDICATORS, self.facts.project.project_code, row.item, name, cells)

    def _weight(self, row: IndicatorRow) -> Slot:
        weight = number(row.weight.text)
        return self._slot(
            Field.WEIGHT,
            Wants.POINTS,
            row.item,
            is_open=row.weight.is_open,
            closed=weight if weight is not None else row.weight.text,
            most=Decimal(100 - self.rules.execution_points),
        )

    def _actual(self, row: IndicatorRow, said: Indicator) -> Slot:
        kind = said.value.kind
        choices: tuple[str, ...] = YES_NO if kind is ValueKind.YES_NO else ()
        if kind in (ValueKind.TEXT, ValueKind.BLANK):
            choices = _LEVELS
        return self._slot(
            Field.ACTUAL,
            Wants.VALUE,
            row.item,
            needed=row.actual.is_open,
            choices=choices,
            target=said.value,
            target_text=said.target,
            rule=actual_rule(said.value, self.rules, group_of(said)),
        )

    def _points(self, row: IndicatorRow, now: IndicatorRow, said: Indicator) -> Slot:
        """Open where the actual value alone does not make the points, or somebody gave some."""
        key = Key(Form.SELF_ASSESSMENT, Field.POINTS, row.item)
        has_value = Key(Form.SELF_ASSESSMENT, Field.ACTUAL, row.item) in self.facts.entries
        undecided = has_value and now.points.is_open
        by_rule = said.value.kind in _BY_RULE
        weight = number(now.weight.text)
        return self._slot(
            Field.POINTS,
            Wants.POINTS,
            row.item,
            is_open=not by_rule or undecided or key in self.facts.entries,
            closed="由系统计算",
            needed=undecided or (row.points.is_open and _is_qualitative(said)),
            most=weight if weight is not None else Decimal(100),
            rule=points_rule(weight, said.value, self.rules),
        )

    def _reason(self, row: IndicatorRow, now: IndicatorRow) -> Slot:
        proposed = proposal(row.reason)
        return self._slot(
            Field.REASON,
            Wants.TEXT,
            row.item,
            needed=now.reason.is_open and not now.actual.is_open,
            rule=f"系统草稿：{proposed}" if proposed else "",
        )


def _money(row: FundRow) -> tuple[Cell, ...]:
    return row.initial, row.budget, row.paid


def _is_qualitative(said: Indicator) -> bool:
    return said.value.kind in (ValueKind.TEXT, ValueKind.BAND, ValueKind.BLANK)
