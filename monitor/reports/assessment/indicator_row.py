"""One indicator of a self-assessment: what a person entered, else what facts show, else 待填."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal

from monitor.domain.actual import parse_actual
from monitor.domain.codes import normalise_name
from monitor.domain.cost_target import as_meant
from monitor.domain.entry import Entry, Field, Form, Key
from monitor.domain.scoring import Scored, score
from monitor.domain.scoring_rules import Group, ScoringRules
from monitor.domain.target import Indicator
from monitor.domain.warning import Acknowledgement
from monitor.domain.weights import weight_text
from monitor.reports.assessment.answers_told import told
from monitor.reports.assessment.draft import (
    NOTHING,
    Cell,
    IndicatorRow,
    Mark,
    computed,
    entered,
    to_fill,
)
from monitor.reports.assessment.evidence import evidence
from monitor.reports.assessment.evidence_money import Evidence
from monitor.reports.assessment.facts import ProjectFacts

_POINTS = re.compile(r"([0-9]{1,4}(?:\.[0-9]{1,2})?)分?")
TO_EXPLAIN = "未达成年度指标值，须说明原因及改进措施"
_LOST = "得分低于分值，须说明原因"


@dataclass(frozen=True, slots=True)
class Weighed:
    """An indicator with its name among the entries, its group, its weight and the weight's cell."""

    indicator: Indicator
    item: str
    group: Group | None
    weight: Decimal | None
    cell: Cell


def entered_weight(weighed: Weighed, facts: ProjectFacts) -> Weighed:
    """With the weight that a person entered, if there is one and it is a number."""
    entry = _entry(facts, Field.WEIGHT, weighed.item)
    points = points_of(entry.value) if entry is not None else None
    if entry is None or points is None:
        return weighed
    cell = entered(entry, weight_text(points), weighed.cell.shown)
    return replace(weighed, weight=points, cell=cell)


def indicator_row(
    level1: str, weighed: Weighed, facts: ProjectFacts, rules: ScoringRules
) -> tuple[IndicatorRow, list[str]]:
    """The row, and what is to be said of it on the first page."""
    indicator = weighed.indicator
    found = evidence(indicator, weighed.item, facts)
    actual = _actual(found, _entry(facts, Field.ACTUAL, weighed.item))
    scored = _scored(weighed, found, actual, rules)
    points, notices = _points_cell(weighed, scored, _entry(facts, Field.POINTS, weighed.item))
    row = IndicatorRow(
        level1=level1,
        level2=indicator.level2 or "（未列）",
        level3=Cell(indicator.level3) if indicator.level3 else to_fill(),
        target=Cell(indicator.target) if indicator.target else to_fill("目标文本未列"),
        actual=actual,
        weight=weighed.cell,
        points=points,
        reason=_reason(weighed, scored, points, actual, facts),
        item=weighed.item,
        evidence=_evidence_cell(found, _entry(facts, Field.EVIDENCE, weighed.item)),
        explained=_explained(scored, points),
        rule=scored.rule if scored else "",
        article=scored.article if scored else "",
    )
    return row, notices


def _entry(facts: ProjectFacts, field: Field, item: str) -> Entry | None:
    found = facts.entries.get(Key(Form.SELF_ASSESSMENT, field, item))
    return found if found is not None and found.value.strip() else None


def points_of(text: str) -> Decimal | None:
    """Points as a person wrote them, two decimals at most; None for any other text."""
    found = _POINTS.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return Decimal(found[1]) if found else None


def _actual(found: Evidence, entry: Entry | None) -> Cell:
    if entry is not None:
        cell = entered(entry, entry.value, found.actual)
        if found.actual and not cell.note and found.actual != entry.value:
            return replace(cell, note=f"系统测算为{found.actual}")
        return cell
    return computed(found.actual, found.note) if found.actual else to_fill(found.note)


def _scored(weighed: Weighed, found: Evidence, cell: Cell, rules: ScoringRules) -> Scored | None:
    """The points that follow from the actual value; None where there is none to score by."""
    if weighed.weight is None or cell.is_open:
        return None
    if cell.mark is Mark.ENTERED:
        value, written = as_meant(weighed.indicator), cell.text
    elif found.scored_as and found.value is not None:
        value, written = found.value, found.scored_as
    else:
        return None
    actual = parse_actual(written, value)
    if actual is None:
        return None
    return score(value, actual, weighed.weight, rules, group=weighed.group)


def _points_cell(
    weighed: Weighed, scored: Scored | None, entry: Entry | None
) -> tuple[Cell, list[str]]:
    ours = "" if scored is None or scored.points is None else weight_text(scored.points)
    if entry is None:
        if scored is None or scored.points is None:
            return to_fill(_how_to_choose(scored)), []
        return computed(weight_text(scored.points)), []
    points = points_of(entry.value)
    if points is None:
        return to_fill(f"填报的“{entry.value}”不是分数"), []
    return entered(entry, weight_text(points), ours), _doubts(weighed, scored, points)


def _how_to_choose(scored: Scored | None) -> str:
    if scored is None or scored.band is None:
        return ""
    low, high = scored.band
    return f"{weight_text(low)}～{weight_text(high)} 分内由人评分"


def _doubts(weighed: Weighed, scored: Scored | None, points: Decimal) -> list[str]:
    """Where a person's points stand against the weight, the rule, or the band of a level."""
    name, mine = weighed.indicator.level3 or weighed.indicator.level2, weight_text(points)
    if weighed.weight is not None and points > weighed.weight:
        return [f"“{name}”填报得分 {mine} 分，高于分值 {weight_text(weighed.weight)} 分，请核对。"]
    if scored is None:
        return []
    if scored.points is not None and points != scored.points:
        ours = weight_text(scored.points)
        return [f"“{name}”填报得分 {mine} 分，按“{scored.rule}”测算为 {ours} 分，请核对。"]
    if scored.band is not None and not scored.band[0] <= points <= scored.band[1]:
        low, high = map(weight_text, scored.band)
        return [f"“{name}”填报得分 {mine} 分，不在 {low}～{high} 分之内，请核对。"]
    return []


def _reason(
    weighed: Weighed, scored: Scored | None, points: Cell, actual: Cell, facts: ProjectFacts
) -> Cell:
    """偏差原因分析及改进措施: required where a target is missed, points are lost or a rule asks."""
    entry = _entry(facts, Field.REASON, weighed.item)
    against = actual.text if not actual.is_open else ""
    if entry is not None:
        return entered(entry, entry.value, against)
    missed = scored is not None and scored.met is False
    if missed or _is_below(points, weighed.weight) or (scored and _must_explain(scored)):
        answers = _answers(weighed.indicator, facts)
        if answers:
            return Cell("".join(map(told, answers)), Mark.PROPOSED, "据预警答复，请核对", against)
        lost = _LOST if scored is not None and scored.met else TO_EXPLAIN
        why = TO_EXPLAIN if missed or not scored else "；".join(scored.flags) or lost
        return replace(to_fill(why), against=against)
    if points.is_open and not (scored is not None and scored.met):
        return replace(to_fill(), against=against)
    return replace(NOTHING, against=against)


def _must_explain(scored: Scored) -> bool:
    return any("说明原因" in flag for flag in scored.flags)


def _is_below(points: Cell, weight: Decimal | None) -> bool:
    """Whether points are lost: a person took them off, or a band gives less than all (2021)."""
    return not points.is_open and weight is not None and Decimal(points.text) < weight


def _answers(indicator: Indicator, facts: ProjectFacts) -> list[Acknowledgement]:
    """The year's answers that are about this: money and time, or the indicator by its name."""
    if "时效" in indicator.level2 or "成本" in indicator.level2:
        return list(facts.explanations)
    name = normalise_name(indicator.level3)
    return [
        each
        for each in facts.explanations
        if len(name) > 2 and name in normalise_name(each.text + each.measure)
    ]


def _evidence_cell(found: Evidence, entry: Entry | None) -> Cell:
    if entry is not None:
        return entered(entry, entry.value, found.aside)
    return computed(found.aside) if found.aside else NOTHING


def _explained(scored: Scored | None, points: Cell) -> tuple[str, ...]:
    by_hand = (f"得分由人填报：{points.text} 分",) if points.mark is Mark.ENTERED else ()
    return by_hand if scored is None else (*scored.steps, *scored.flags, *by_hand)
