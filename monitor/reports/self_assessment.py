"""From the facts of a project to its self-assessment draft (项目支出绩效自评表).

The form is that of 财预〔2020〕10号 (domain notes, section 1a). What payments decide is filled in
and marked 系统测算; what neither document nor payments hold is marked 待填, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import monitor
from monitor.domain.answers import in_words
from monitor.domain.calendar import CHINA, day_name
from monitor.domain.money import WHOLE_BP, percent, ten_thousand_yuan, yuan
from monitor.domain.scoring import ScoringRules, execution_points
from monitor.domain.warning import Acknowledgement
from monitor.reports.draft import NOTHING, Cell, Draft, FundRow, IndicatorRow, computed, to_fill
from monitor.reports.facts import Curve, ProjectFacts, Source
from monitor.reports.indicator_part import IndicatorPart, indicator_part, weight_text

_TO_REVIEW = "（据预警答复，请按全年情况核对）"


def draft(facts: ProjectFacts, rules: ScoringRules) -> Draft:
    """The draft of one project. Raises nothing: what is missing becomes 待填."""
    project, account = facts.project, facts.standing.account
    indicators = indicator_part(facts, rules)
    funds = _funds(facts, rules)
    reason = _execution_reason(facts, rules)
    expected = _numbered(project.goals)
    total_weight, total_points, scored = _totals(funds[0], indicators, rules)
    form = Draft(
        year=project.year,
        as_of=facts.as_of,
        project_code=project.project_code,
        project_name=Cell(project.project_name) if project.project_name else to_fill(),
        department=_department(facts),
        unit=Cell("-".join(filter(None, (account.unit_code, account.unit_name)))),
        funds=funds,
        execution_reason=reason,
        expected=expected,
        achieved=to_fill(),
        indicators=indicators.rows,
        total_weight=total_weight,
        total_points=total_points,
        scored=scored,
        remarks=(),
        provenance=_provenance(facts.sources, rules, facts.as_of),
        curve=Curve(
            project.year, facts.as_of, account.budget_fen, account.plan, facts.paid_by_month
        ),
    )
    return replace(form, remarks=_remarks(facts, indicators, form.open_items))


def _department(facts: ProjectFacts) -> Cell:
    code = facts.standing.account.unit_code[:3]
    return to_fill(f"部门编码 {code}" if code else "")


def _numbered(goals: tuple[str, ...]) -> tuple[Cell, ...]:
    if not goals:
        return (to_fill("目标文本未列绩效目标"),)
    if len(goals) == 1:
        return (Cell(goals[0]),)
    return tuple(Cell(f"{i}. {goal}") for i, goal in enumerate(goals, 1))


def _money(fen: int | None) -> Cell:
    """An amount of the document in 万元; a blank there is not zero, and is left to be filled."""
    return to_fill() if fen is None else Cell(ten_thousand_yuan(fen))


def _paid(fen: int) -> Cell:
    return computed(ten_thousand_yuan(fen))


def _funds(facts: ProjectFacts, rules: ScoringRules) -> tuple[FundRow, ...]:
    """The four rows of 项目资金. Without a fund column all payments are 当年财政拨款."""
    project, account = facts.project, facts.standing.account
    total = FundRow(
        "年度资金总额",
        _money(account.initial_budget_fen),
        _money(account.budget_fen),
        _paid(account.paid_fen),
        Cell(str(rules.execution_points)),
        _rate(facts),
        _execution_points(facts, rules),
    )
    adjusted = account.initial_budget_fen != account.budget_fen
    # The record is the latest revision's: after a 调整 its funds are not those of 1 January.
    is_initial = project.budget_fen == account.initial_budget_fen
    fiscal, other = (project.fiscal_fen, project.other_fen) if is_initial else (None, None)
    return (
        total,
        _part("其中：当年财政拨款", fiscal, adjusted, _paid(account.paid_fen)),
        _part("　　　上年结转资金", None, adjusted, to_fill()),
        _part("　　　其他资金", other, adjusted, _paid_of_others(other)),
    )


def _part(name: str, initial_fen: int | None, adjusted: bool, paid: Cell) -> FundRow:
    """A row of one fund. Which fund an adjustment changed is not recorded: then it is open."""
    dash = Cell("－")
    budget = to_fill() if adjusted else _money(initial_fen)
    return FundRow(name, _money(initial_fen), budget, paid, dash, Cell(""), dash)


def _paid_of_others(other_fen: int | None) -> Cell:
    """Where the document has no other funds, none were spent; else the lists do not tell."""
    return computed(ten_thousand_yuan(0)) if other_fen == 0 else to_fill()


def _rate(facts: ProjectFacts) -> Cell:
    rate = facts.standing.rate_bp
    return NOTHING if rate is None else computed(percent(rate))


def _execution_points(facts: ProjectFacts, rules: ScoringRules) -> Cell:
    account = facts.standing.account
    if not account.budget_fen:
        return to_fill("无预算数")
    points = execution_points(account.paid_fen, account.budget_fen, rules.execution_points)
    return computed(str(points))


def _execution_reason(facts: ProjectFacts, rules: ScoringRules) -> Cell | None:
    """A rate below 90 % needs a reason (D6); the comparison is of products, nothing is rounded.

    What the unit has answered to warnings stands there as a draft, whatever the rate.
    """
    if facts.explanations:
        return Cell("".join(map(_explained, facts.explanations)), note=_TO_REVIEW)
    account, limit = facts.standing.account, rules.reason_below_bp
    if not account.budget_fen or account.paid_fen * WHOLE_BP >= limit * account.budget_fen:
        return None
    return to_fill(f"执行率低于{weight_text(Decimal(limit) / 100)}%，须说明原因")


def _explained(ack: Acknowledgement) -> str:
    return (
        f"偏差说明（{day_name(ack.at.astimezone(CHINA).date())}，{ack.author}）：{in_words(ack)}。"
    )


def _totals(
    execution: FundRow, indicators: IndicatorPart, rules: ScoringRules
) -> tuple[Cell, Cell, str]:
    """The total of weights and points, and how much of it is scored so far."""
    whole = Cell("100") if indicators.has_weights else to_fill()
    rows: list[tuple[Decimal, Cell]] = [(Decimal(rules.execution_points), execution.points)]
    rows += [(Decimal(r.weight.text), r.points) for r in indicators.rows if _is_weighed(r)]
    filled = [(weight, Decimal(points.text)) for weight, points in rows if not points.is_open]
    points = sum((each for _, each in filled), Decimal("0.00"))
    weights = sum((each for each, _ in filled), Decimal(0))
    complete = indicators.has_weights and len(filled) == len(rows)
    total = computed(f"{points:.2f}") if complete else to_fill()
    return whole, total, f"已评 {points:.2f} / {weight_text(weights)} 分"


def _is_weighed(row: IndicatorRow) -> bool:
    return not row.weight.is_open and row.weight != NOTHING


def _remarks(facts: ProjectFacts, indicators: IndicatorPart, open_items: int) -> tuple[str, ...]:
    return (
        _state_of_data(facts),
        f"尚有 {open_items} 处待填（不含偏差原因）。“系统测算”由已导入的支付明细计算，"
        "“待填”须由单位据实填写。",
        *_money_remarks(facts),
        *indicators.remarks,
        *_unmatched(facts),
    )


def _state_of_data(facts: ProjectFacts) -> str:
    last = (
        f"本项目最后一笔支付日期为{day_name(facts.last_payment)}"
        if facts.last_payment
        else ("本项目尚无支付")
    )
    text = f"数据截至{day_name(facts.as_of)}，{last}。"
    if facts.as_of < date(facts.project.year, 12, 31):
        text += "年度尚未结束，执行数、执行率和得分均为截至该日的阶段数。"
    return text


def _money_remarks(facts: ProjectFacts) -> Iterable[str]:
    account = facts.standing.account
    yield (
        "本表未按资金性质拆分支付，全部暂列“当年财政拨款”；目标文本未单列上年结转资金。"
        "如有上年结转资金或其他资金支出，请据实调整。"
    )
    if account.initial_budget_fen != account.budget_fen:
        yield "预算数有调整，各类资金的全年预算数请按调整文件填写。"
    if not account.budget_fen:
        yield "目标文本没有预算数或预算数为 0，执行率和执行得分无法计算。"
    elif account.paid_fen > account.budget_fen:
        over = ten_thousand_yuan(account.paid_fen - account.budget_fen)
        yield (
            f"全年执行数超过全年预算数 {over} 万元，"
            "请核实预算调整是否已登记、支付是否记错项目；执行得分以满分为限。"
        )


def _unmatched(facts: ProjectFacts) -> Iterable[str]:
    if facts.unmatched_rows:
        yield (
            f"本单位另有 {facts.unmatched_rows} 笔支付（合计 {yuan(facts.unmatched_fen)} 元）"
            "未与项目匹配，未计入本表。"
        )


def _provenance(sources: tuple[Source, ...], rules: ScoringRules, as_of: date) -> tuple[str, ...]:
    files = [
        f"{source.kind_label}：{source.file}"
        f"（SHA-256 {source.sha256[:12]}，{source.imported.isoformat()} 导入）"
        for source in sources
    ]
    program = (
        f"计分规则：{rules.name}；数据截至：{day_name(as_of)}；程序：monitor {monitor.__version__}"
    )
    return (*files, program)
