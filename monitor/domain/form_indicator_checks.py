"""Contradictions in the indicators of a filled form: weights, points, reasons (domain, 1a)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from monitor.domain import form_kinds as kinds
from monitor.domain.filled_form import FilledForm, IndicatorLine, Number, squeezed
from monitor.domain.form_fund_checks import POINTS_TOLERANCE, plain, unreadable, value
from monitor.domain.form_judging import judge, target_text
from monitor.domain.scoring_rules import FULL_POINTS, ScoringRules
from monitor.errors import Diagnostic

_STATED = re.compile(r"[(（]\s*(\d+(?:\.\d+)?)\s*分?\s*[)）]")


def check_indicators(form: FilledForm, rules: ScoringRules) -> Iterator[Diagnostic]:
    rows = [row for row in form.indicators if not row.is_printed_only]
    for row in rows:
        yield from _row(row, form.year, rules)
    yield from _twice(rows)
    if not form.has_gaps:
        yield from _group_sums(rows)
        yield from _weights_sum(form, rows, rules)
    yield from _points_sum(form, rows)
    yield from _grade(form, rules)


def _row(row: IndicatorLine, year: int | None, rules: ScoringRules) -> Iterator[Diagnostic]:
    yield from unreadable(row.weight, "分值")
    yield from unreadable(row.points, "得分")
    yield from _blanks(row)
    weight, points = value(row.weight), value(row.points)
    if weight and points and points.value > weight.value:
        figures = {"points": row.points.content, "weight": row.weight.content}
        yield kinds.POINTS_ABOVE_WEIGHT.at(row.points.place, row.points.text, **figures)
        points = None  # what else may be said of these points is the same mistake
    yield from _judgement(row, weight, points, year, rules)


def _blanks(row: IndicatorLine) -> Iterator[Diagnostic]:
    if row.level3.is_blank:
        yield kinds.LEVEL3_BLANK.at(row.level3.place)
    if row.target.is_blank:
        yield kinds.TARGET_BLANK.at(row.target.place, name=row.name)
    if row.weight.is_blank:
        yield kinds.WEIGHT_MISSING.at(row.weight.place, name=row.name)
    if row.points.is_blank:
        yield kinds.POINTS_MISSING.at(row.points.place, name=row.name)
    points = value(row.points)
    if row.actual.is_blank and points is not None and points.value > 0:
        figures = {"name": row.name, "points": row.points.content}
        yield kinds.POINTS_WITHOUT_ACTUAL.at(row.actual.place, **figures)


def _judgement(
    row: IndicatorLine,
    weight: Number | None,
    points: Number | None,
    year: int | None,
    rules: ScoringRules,
) -> Iterator[Diagnostic]:
    """The actual value against the target, and the points against both."""
    full = weight.value if weight else Decimal(0)
    judged = judge(row, full, year, rules)
    explained = row.reason is None or not row.reason.is_blank
    words = {"name": row.name, "actual": row.actual.content, "target": target_text(row)}
    if judged is not None and not judged.met:
        if not explained:
            yield kinds.REASON_MISSING.at(row.actual.place, row.actual.text, **words)
        if not (weight and points):
            return
        printed = {**words, "points": row.points.content}
        if points.value == full > 0 and (judged.most is None or judged.most < full):
            yield kinds.FULL_POINTS_MISSED.at(row.points.place, row.points.text, **printed)
        elif judged.most is not None and points.value > judged.most + POINTS_TOLERANCE:
            most = {"computed": f"{judged.most:.2f}"}
            yield kinds.POINTS_ABOVE_RULE.at(row.points.place, row.points.text, **printed, **most)
    elif weight and points and points.value < full and not explained:
        printed = {"points": row.points.content, "weight": row.weight.content}
        yield kinds.LOSS_UNEXPLAINED.at(row.points.place, row.points.text, name=row.name, **printed)


def _twice(rows: list[IndicatorLine]) -> Iterator[Diagnostic]:
    first: dict[tuple[str, str], IndicatorLine] = {}
    for row in rows:
        key = (squeezed(row.level3.content), squeezed(target_text(row)))
        if not (row.level3.says and row.target.says):
            continue
        if key in first:
            words = {"name": row.name, "other": first[key].level3.place.spot}
            yield kinds.INDICATOR_TWICE.at(row.level3.place, row.level3.text, **words)
        first.setdefault(key, row)


def _group_sums(rows: list[IndicatorLine]) -> Iterator[Diagnostic]:
    """`产出指标(50分)` against the weights of the rows under it."""
    groups: defaultdict[str, list[IndicatorLine]] = defaultdict(list)
    for row in rows:
        groups[row.level1.content].append(row)
    for level1, members in groups.items():
        found = _STATED.search(level1)
        weights = [value(row.weight) for row in members]
        if found is None or any(each is None for each in weights):
            continue
        added = sum((each.value for each in weights if each), Decimal(0))
        if added != Decimal(found[1]):
            words = {"level1": level1, "added": plain(added), "stated": found[1]}
            yield kinds.GROUP_SUM.at(members[0].level1.place, level1, **words)


def _weights_sum(
    form: FilledForm, rows: list[IndicatorLine], rules: ScoringRules
) -> Iterator[Diagnostic]:
    """The weights make 100 with that of the execution; a form without one may leave it out.

    The weight printed at 总分 is their sum, or that of the indicators alone.
    """
    weights = [value(row.weight) for row in rows]
    if not weights or any(each is None for each in weights):
        return
    of_funds = form.funds[0].weight if form.funds else None
    execution = value(of_funds)
    if of_funds is not None and of_funds.is_open:
        return
    indicators = sum((each.value for each in weights if each), Decimal(0))
    total = indicators + (execution.value if execution else 0)
    right = [FULL_POINTS] if execution else [FULL_POINTS, FULL_POINTS - rules.execution_points]
    if total in right:
        printed = value(form.total_weight)
        if printed and form.total_weight and printed.value not in (total, indicators, FULL_POINTS):
            cell = form.total_weight
            words = {"printed": cell.content, "added": plain(total)}
            yield kinds.TOTAL_WEIGHT_WRONG.at(cell.place, cell.text, **words)
        return
    cell = form.total_weight if form.total_weight and form.total_weight.says else rows[0].weight
    words = {"total": plain(total), "indicators": plain(indicators)}
    words["execution"] = plain(execution.value) if execution else "—"
    yield kinds.WEIGHTS_SUM.at(cell.place, cell.text, **words)


def _points_sum(form: FilledForm, rows: list[IndicatorLine]) -> Iterator[Diagnostic]:
    """总分 is the sum of the rows, ±0.1 for sums that were rounded."""
    cell = form.total_points
    if cell is None:
        return
    points = [value(row.points) for row in rows]
    execution = value(form.funds[0].points) if form.funds else None
    has_execution = bool(form.funds) and form.funds[0].points is not None
    all_there = (
        not form.has_gaps and None not in points and not (has_execution and execution is None)
    )
    added = sum((each.value for each in points if each), Decimal(0))
    added += execution.value if execution else 0
    total = value(cell)
    if total is None:
        yield from unreadable(cell, "总分")
        if cell.is_blank and rows and all_there:
            yield kinds.TOTAL_MISSING.at(cell.place)
        return
    if not 0 <= total.value <= FULL_POINTS:
        yield kinds.TOTAL_OUT_OF_RANGE.at(cell.place, cell.text, total=cell.content)
    if rows and all_there and abs(total.value - added) > POINTS_TOLERANCE:
        words = {"total": cell.content, "added": plain(added)}
        yield kinds.POINTS_SUM.at(cell.place, cell.text, **words)


_GRADES = {"优秀": "优", "优": "优", "良好": "良", "良": "良", "中等": "中", "中": "中", "差": "差"}


def _grade(form: FilledForm, rules: ScoringRules) -> Iterator[Diagnostic]:
    """A printed grade against the total (D13); other words are no grade of ours."""
    total = value(form.total_points)
    if form.grade is None or total is None:
        return
    printed, computed = squeezed(form.grade.content), rules.grade(total.value).label
    if _GRADES.get(printed, computed) != computed:
        words = {"total": plain(total.value), "computed": computed, "grade": form.grade.content}
        yield kinds.GRADE_WRONG.at(form.grade.place, form.grade.text, **words)
