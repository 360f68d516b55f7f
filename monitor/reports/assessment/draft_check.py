"""Our own drafts under the checks that forms of others undergo, and a reviewer's advice.

What contradicts itself by what people entered or the document states is named in the draft; what
would contradict itself by our own figures alone is a mistake of the program, and is not written.
"""

from __future__ import annotations

from collections.abc import Iterable

from monitor.domain import form_kinds as kinds
from monitor.domain.advice import Filled, advise
from monitor.domain.entry import Field, Form, Key, items
from monitor.domain.filled_form import FilledForm, FormCell, FundLine, IndicatorLine
from monitor.domain.form_check import check
from monitor.domain.scoring_rules import ScoringRules
from monitor.errors import Diagnostic, Place
from monitor.reports.assessment.advice_settings import shipped_advice
from monitor.reports.assessment.draft import Cell, Draft, FundRow, IndicatorRow, Mark
from monitor.reports.assessment.facts import ProjectFacts

_OPEN = Mark.OPEN.label
_TOLD_ELSEWHERE = frozenset(
    kind.id
    for kind in (
        *(kinds.STILL_OPEN, kinds.BUDGET_ZERO, kinds.TAKEN_BACK, kinds.PAID_OVER_BUDGET),
        *(kinds.RATE_LOW, kinds.PART_MISSING, kinds.INDICATOR_TWICE),
    )
)
"""What the draft says by itself: in its notices, its open cells, its remarks, or as advice."""
_OURS = frozenset(
    kind.id
    for kind in (
        *(kinds.RATE_WRONG, kinds.EXECUTION_POINTS, kinds.WEIGHTS_SUM, kinds.POINTS_SUM),
        *(kinds.TOTAL_OUT_OF_RANGE, kinds.GROUP_SUM, kinds.POINTS_ABOVE_WEIGHT),
    )
)
"""What only figures that people entered can be the cause of."""


class SelfContradiction(AssertionError):
    """Our own figures contradict each other: a mistake of the program, not of any user."""


def advice(facts: ProjectFacts) -> tuple[str, ...]:
    """What a reviewer would strike out (domain notes, section 2), and which texts are shared."""
    named = items(facts.project.indicators)
    filled = [
        Filled(each, _entered(facts, Field.ACTUAL, item), _entered(facts, Field.EVIDENCE, item))
        for each, item in zip(facts.project.indicators, named, strict=True)
    ]
    return (*advise(filled, facts.reviewing or shipped_advice()), *facts.copied)


def _entered(facts: ProjectFacts, field: Field, item: str) -> str:
    entry = facts.entries.get(Key(Form.SELF_ASSESSMENT, field, item))
    return entry.value.strip() if entry is not None else ""


def check_draft(draft: Draft, rules: ScoringRules) -> list[Diagnostic]:
    """Every contradiction in a draft; what is open is none."""
    return check(as_form(draft), rules)


def contradictions(draft: Draft, rules: ScoringRules) -> tuple[str, ...]:
    """What contradicts itself in a draft, in Chinese, for Draft.advice.

    Raises SelfContradiction where nobody but the program can be the cause.
    """
    found = [each for each in check_draft(draft, rules) if each.id not in _TOLD_ELSEWHERE]
    if not any(cell.mark is Mark.ENTERED for cell in draft.cells()):
        ours = [each for each in found if each.id in _OURS]
        if ours:
            raise SelfContradiction("\n".join(map(str, ours)))
    return tuple(f"{_at(each)}{each.meaning}{each.advice}（{each.id}）" for each in found)


def _at(found: Diagnostic) -> str:
    return f"{found.place.column}：" if found.place.column else ""


def as_form(draft: Draft) -> FilledForm:
    """A draft as the form that it will be."""
    return FilledForm(
        place=Place(draft.title),
        name=_cell(draft.project_name, "项目名称"),
        department=_cell(draft.department, "主管部门"),
        unit=_cell(draft.unit, "实施单位"),
        year=draft.year,
        funds=tuple(map(_fund, draft.funds)),
        execution_reason=_of(draft.execution_reason, "执行偏差原因"),
        expected=_joined(draft.expected, "预期目标"),
        achieved=_cell(draft.achieved, "实际完成情况"),
        indicators=tuple(map(_indicator, draft.indicators)),
        total_weight=_cell(draft.total_weight, "总分"),
        total_points=_cell(draft.total_points, "总分"),
    )


def _cell(cell: Cell, column: str) -> FormCell:
    text = _OPEN if cell.is_open else cell.text.strip()
    return FormCell(text, Place("", column=column))


def _of(cell: Cell | None, column: str) -> FormCell | None:
    return None if cell is None else _cell(cell, column)


def _joined(cells: Iterable[Cell], column: str) -> FormCell:
    texts = [_cell(cell, column).text for cell in cells]
    return FormCell("\n".join(texts), Place("", column=column))


def _fund(row: FundRow) -> FundLine:
    name = "".join(row.name.split())
    plain = name.removeprefix("其中：")
    return FundLine(
        name=FormCell(name, Place("", column=plain)),
        initial=_cell(row.initial, f"{plain} 年初预算数"),
        budget=_cell(row.budget, f"{plain} 全年预算数"),
        paid=_cell(row.paid, f"{plain} 全年执行数"),
        weight=_cell(row.weight, f"{plain} 分值"),
        rate=_cell(row.rate, f"{plain} 执行率"),
        points=_cell(row.points, f"{plain} 得分"),
    )


def _indicator(row: IndicatorRow) -> IndicatorLine:
    name = row.level3.text
    return IndicatorLine(
        level1=FormCell(row.level1, Place("", column=row.level1)),
        level2=FormCell(row.level2, Place("", column=row.level2)),
        level3=_cell(row.level3, "三级指标"),
        target=_cell(row.target, f"“{name}”年度指标值"),
        actual=_cell(row.actual, f"“{name}”实际完成值"),
        weight=_cell(row.weight, f"“{name}”分值"),
        points=_cell(row.points, f"“{name}”得分"),
        reason=_cell(row.reason, f"“{name}”偏差原因"),
    )
