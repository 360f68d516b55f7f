"""The points of one project explained row by row, from its self-assessment draft."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.domain.entry import items
from monitor.domain.scoring import execution
from monitor.domain.scoring_rules import ScoringRules
from monitor.domain.scoring_words import rule_words
from monitor.domain.weights import group_of
from monitor.reports.assessment.draft import NOTHING, Cell, Draft, IndicatorRow, Mark
from monitor.reports.assessment.facts import ProjectFacts

SOURCES = {
    Mark.STATED: "目标文本",
    Mark.COMPUTED: "系统测算",
    Mark.ASSIGNED: "系统分配",
    Mark.PROPOSED: "草稿",
    Mark.ENTERED: "单位填报",
    Mark.OPEN: "待填",
}


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One row of points, as JSON has it. Texts that are open are None; `state` is a `Mark`.

    `actual_from` and `weight_from` say whence those come, also as marks; `note` is the evidence
    of the actual value, or what is asked for.
    """

    level1: str
    level2: str
    level3: str
    target: str | None
    actual: str | None
    actual_from: str
    weight: str | None
    weight_from: str
    points: str | None
    rule: str
    article: str
    steps: tuple[str, ...]
    note: str
    state: str


def score_rows(form: Draft, facts: ProjectFacts, rules: ScoringRules) -> list[ScoreRow]:
    """The row of the execution, each indicator in the order of the form, and 总分 as the last."""
    indicators = facts.project.indicators
    asked = {
        item: rule_words(each.value, rules, group_of(each))
        for item, each in zip(items(indicators), indicators, strict=True)
    }
    rows = [
        _indicator(row, asked.get(row.item, ""), rules)
        for row in form.indicators
        if row.level3 != NOTHING
    ]
    return [_execution(form, facts, rules), *rows, _total(form)]


def _execution(form: Draft, facts: ProjectFacts, rules: ScoringRules) -> ScoreRow:
    total, account = form.funds[0], facts.standing.account
    scored = execution(account.paid_fen, account.budget_fen or 0, rules)
    return ScoreRow(
        level1="预算执行率",
        level2="",
        level3="年度资金总额",
        target=_text(total.budget),
        actual=_text(total.paid),
        actual_from=total.paid.mark,
        weight=total.weight.text,
        weight_from=Mark.ASSIGNED,
        points=_text(total.points),
        rule=scored.rule,
        article=scored.article,
        steps=(*scored.steps, *scored.flags, *_by_hand(total.points)),
        note=total.points.note,
        state=total.points.mark,
    )


def _indicator(row: IndicatorRow, asked: str, rules: ScoringRules) -> ScoreRow:
    """`asked` is how the row will be scored, for one that has no points by a rule yet."""
    notes = (
        row.actual.note,
        row.points.note,
        row.evidence.text if row.evidence.text != "—" else "",
    )
    return ScoreRow(
        level1=row.level1,
        level2=row.level2,
        level3=row.level3.text,
        target=_text(row.target),
        actual=_text(row.actual),
        actual_from=row.actual.mark,
        weight=_text(row.weight),
        weight_from=row.weight.mark,
        points=_text(row.points),
        rule=row.rule or asked,
        article=row.article or (rules.document if asked else ""),
        steps=tuple(each for each in row.explained if not each.startswith("规则：")),
        note="；".join(dict.fromkeys(filter(None, notes))),
        state=row.points.mark,
    )


def _total(form: Draft) -> ScoreRow:
    return ScoreRow(
        level1="总分",
        level2="",
        level3="",
        target=None,
        actual=None,
        actual_from=Mark.COMPUTED,
        weight=_text(form.total_weight),
        weight_from=Mark.COMPUTED,
        points=_text(form.total_points),
        rule="各行得分之和，全部填好才有总分",
        article="",
        steps=(form.scored,),
        note="",
        state=form.total_points.mark,
    )


def _text(cell: Cell) -> str | None:
    return None if cell.is_open else cell.text


def _by_hand(points: Cell) -> tuple[str, ...]:
    return (f"得分由人填报：{points.text} 分",) if points.mark is Mark.ENTERED else ()


def as_text(form: Draft, rows: Sequence[ScoreRow], rules: ScoringRules) -> str:
    """All rows for people, each with its arithmetic, and what is open."""
    open_rows = sum(row.state == Mark.OPEN for row in rows[:-1])
    head = [
        f"{form.project_code} {form.project_name.text}（{form.unit.text}），{form.year} 年度",
        f"  规则集：{rules.name}；数据截至 {form.as_of.isoformat()}",
        f"  {form.scored}，尚有 {open_rows} 行的得分待填",
    ]
    return "\n".join([*head, *(line for row in rows for line in row_lines(row)), ""])


def row_lines(row: ScoreRow) -> list[str]:
    """One row for people, after an empty line."""
    name = " › ".join(filter(None, (row.level1, row.level2, row.level3)))
    source = f"（{SOURCES[Mark(row.state)]}）" if row.points is not None else ""
    weight = "分值待填" if row.weight is None else f"分值 {row.weight}"
    assigned = "（系统分配）" if row.weight_from == Mark.ASSIGNED else ""
    points = "得分待填" if row.points is None else f"得分 {row.points}{source}"
    lines = ["", f"{name}：{weight}{assigned}，{points}"]
    if row.level1 != "总分":
        actual = (
            "待填" if row.actual is None else f"{row.actual}（{SOURCES[Mark(row.actual_from)]}）"
        )
        money = "（万元）" if row.level1 == "预算执行率" else ""
        wanted = f"全年预算数{money}" if money else "指标值"
        lines.append(f"  {wanted} {row.target or '待填'}；实际{money} {actual}")
    if row.note:
        lines.append(f"  说明：{row.note}")
    if row.rule:
        lines.append(f"  规则：{row.rule}" + (f"（{row.article}）" if row.article else ""))
    return [*lines, *(f"    {step}" for step in row.steps)]
