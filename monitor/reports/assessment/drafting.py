"""From the facts of a project to its self-assessment draft (项目支出绩效自评表).

The form is that of 财预〔2020〕10号 (domain notes, section 1a). What people entered stands as
they wrote it; what payments, documents and answers decide is filled in and marked 系统测算, to be
confirmed; what none of them holds is marked 待填, never guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from monitor.domain.entry import Field, Form, Key
from monitor.domain.money import WHOLE_BP
from monitor.domain.money_note import money_note
from monitor.domain.scoring_rules import FULL_POINTS, ScoringRules
from monitor.domain.weights import weight_text
from monitor.reports.assessment.answers_told import told
from monitor.reports.assessment.draft import (
    NOTHING,
    Cell,
    Draft,
    FundRow,
    IndicatorRow,
    Mark,
    computed,
    entered,
    to_fill,
)
from monitor.reports.assessment.draft_check import advice, contradictions
from monitor.reports.assessment.facts import Curve, ProjectFacts
from monitor.reports.assessment.funds import fund_part, rate_cell
from monitor.reports.assessment.indicator_part import IndicatorPart, indicator_part
from monitor.reports.assessment.notices import notices, provenance, remarks
from monitor.reports.assessment.provisional import stamp

_TO_REVIEW = "据预警答复，请按全年情况核对"


def draft(
    facts: ProjectFacts, rules: ScoringRules, *, provisional: bool = False, digest: str = ""
) -> Draft:
    """The draft of one project. Raises nothing: what is missing becomes 待填.

    A draft of an open year always carries its stamp; whether one may be made is for
    `provisional.require_closed`. `provisional` says that it was asked for as such.
    """
    project, account = facts.project, facts.standing.account
    indicators, funds = indicator_part(facts, rules), fund_part(facts, rules)
    total_weight, total_points, scored, doubts = _totals(facts, funds.rows[0], indicators, rules)
    form = Draft(
        year=project.year,
        as_of=facts.as_of,
        project_code=project.project_code,
        project_name=Cell(project.project_name) if project.project_name else to_fill(),
        department=_department(facts),
        unit=Cell("-".join(filter(None, (account.unit_code, account.unit_name)))),
        funds=funds.rows,
        execution_reason=_execution_reason(facts, rules),
        expected=_numbered(project.goals),
        achieved=_achieved(facts),
        indicators=indicators.rows,
        total_weight=total_weight,
        total_points=total_points,
        scored=scored,
        remarks=remarks(facts, indicators.remarks),
        provenance=provenance(facts, rules),
        curve=_curve(facts),
        stamp=stamp(facts),
        digest=digest,
    )
    said = (*funds.notices, *indicators.notices, *doubts)
    form = replace(form, notices=notices(facts, form, provisional=provisional, contradictions=said))
    return replace(form, advice=_advice(facts, form, rules))


def _advice(facts: ProjectFacts, form: Draft, rules: ScoringRules) -> tuple[str, ...]:
    """What a reviewer would strike out, and what contradicts itself (domain notes, 1a and 2)."""
    said = (*advice(facts), *contradictions(form, rules))
    return tuple(dict.fromkeys(said))


def _department(facts: ProjectFacts) -> Cell:
    entry = facts.unit_entries.get(Key(Form.UNIT_REPORT, Field.DEPARTMENT))
    if entry is not None and entry.value.strip():
        return entered(entry, entry.value, entry.shown)
    code = facts.standing.account.unit_code[:3]
    return to_fill(f"部门编码 {code}" if code else "")


def _achieved(facts: ProjectFacts) -> Cell:
    entry = facts.entries.get(Key(Form.SELF_ASSESSMENT, Field.ACHIEVED))
    if entry is None or not entry.value.strip():
        return to_fill()
    return entered(entry, entry.value, entry.shown)


def _numbered(goals: tuple[str, ...]) -> tuple[Cell, ...]:
    if not goals:
        return (to_fill("目标文本未列绩效目标"),)
    if len(goals) == 1:
        return (Cell(goals[0]),)
    return tuple(Cell(f"{i}. {goal}") for i, goal in enumerate(goals, 1))


def _curve(facts: ProjectFacts) -> Curve:
    account = facts.standing.account
    return Curve(
        facts.project.year,
        facts.as_of,
        account.budget_fen,
        account.plan,
        facts.paid_by_month,
        facts.bases,
        facts.limits,
    )


def _execution_reason(facts: ProjectFacts, rules: ScoringRules) -> Cell | None:
    """A rate below 90 % needs a reason (D6); the comparison is of products, nothing is rounded.

    What the unit has answered to warnings stands there as a draft, whatever the rate.
    """
    rate = rate_cell(facts)
    against = "" if rate is NOTHING else rate.text
    entry = facts.entries.get(Key(Form.SELF_ASSESSMENT, Field.EXECUTION_REASON))
    if entry is not None and entry.value.strip():
        return entered(entry, entry.value, against)
    if facts.explanations:
        text = "".join(map(told, facts.explanations))
        return Cell(text, Mark.PROPOSED, _TO_REVIEW, against)
    account, limit = facts.standing.account, rules.reason_below_bp
    if not account.budget_fen or account.paid_fen * WHOLE_BP >= limit * account.budget_fen:
        return None
    asked = to_fill(f"执行率低于{weight_text(Decimal(limit) / 100)}%，须说明原因")
    return replace(asked, against=against)


def _totals(
    facts: ProjectFacts, execution: FundRow, indicators: IndicatorPart, rules: ScoringRules
) -> tuple[Cell, Cell, str, Sequence[str]]:
    """The totals of weights and points, how much is scored so far, and what does not add up.

    总分 stays open until every row has its points.
    """
    weighed = [row for row in indicators.rows if not row.weight.is_open and row.weight != NOTHING]
    rows = [(Decimal(rules.execution_points), execution.points)]
    rows += [(Decimal(row.weight.text), row.points) for row in weighed]
    filled = [(weight, Decimal(cell.text)) for weight, cell in rows if not cell.is_open]
    points = sum((each for _, each in filled), Decimal("0.00"))
    scored = f"已评 {points:.2f} / {weight_text(sum((w for w, _ in filled), Decimal(0)))} 分"
    if not indicators.has_weights:
        return to_fill(), to_fill(), scored, ()
    whole = sum((weight for weight, _ in rows), Decimal(0))
    doubts = [] if whole == FULL_POINTS else [_not_whole(whole, weighed)]
    if len(filled) < len(rows):
        return Cell(weight_text(whole)), to_fill(), scored, doubts
    account = facts.standing.account
    of_indicators = points - Decimal(execution.points.text), whole - rules.execution_points
    note = money_note(*of_indicators, account.paid_fen, account.budget_fen or 0, rules)
    return (
        Cell(weight_text(whole)),
        computed(f"{points:.2f}"),
        scored,
        [*doubts, *([note] if note else [])],
    )


def _not_whole(whole: Decimal, rows: Sequence[IndicatorRow]) -> str:
    by_hand = sum(row.weight.mark is Mark.ENTERED for row in rows)
    told = f"（其中 {by_hand} 个分值由人填报）" if by_hand else ""
    return f"各行分值合计 {weight_text(whole)} 分，不是 {FULL_POINTS} 分{told}，请核对。"
