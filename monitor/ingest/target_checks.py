"""Checks of what was read against itself: totals, budgets out of scale, impossible units."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from statistics import median_low

from monitor.domain.codes import normalise_name
from monitor.domain.money import MoneyUnit, NotAnAmount, parse_fen, yuan
from monitor.domain.target import Indicator, Project
from monitor.domain.target_value import ValueKind
from monitor.errors import Diagnostic, Place
from monitor.ingest import target_kinds as kinds
from monitor.ingest.document import Paragraph
from monitor.ingest.target_sheets import Item

_FIGURE = r"([\d,]+(?:\.(\d+))?)"
_TOTAL = re.compile(
    rf"[^。;]{{0,15}}项目[^。;\d]{{0,12}}(?:合计|总计)[^。;\d]{{0,4}}{_FIGURE}(千元|万元|元)"
)
_TOTAL_LABELS = frozenset(("合计", "总计", "项目合计", "预算合计", "项目支出合计", "项目预算合计"))
_UNIT_IN_TEXT = re.compile(r"(?:单位:|预算[^()]{0,6}\(|金额\()(?:单位:)?(千元|万元|元)")

_TIMES = 10_000
_FEWEST = 3
"""Projects, to know what is usual in a document."""
_HUGE_FEN = 10**11
"""1 000 000 000 yuan: more than a county's usual project by far."""
_COUNTED = frozenset(
    (
        "次",
        "人",
        "人次",
        "个",
        "件",
        "户",
        "辆",
        "台",
        "套",
        "场",
        "场次",
        "家",
        "名",
        "位",
        "批",
        "批次",
        "条",
        "项",
        "处",
        "座",
    )
)
_MAY_EXCEED = ("增长", "增幅", "增速", "增加", "倍", "完成率", "利率", "汇率")


def stated_total(text: str) -> tuple[int, int] | None:
    """`项目支出合计1,234.56万元`: the amount in fen, and what its last digit is worth."""
    found = _TOTAL.match(normalise_name(text))
    return _amount(found[1], MoneyUnit(found[3])) if found else None


def unlike_total(projects: Sequence[Project], items: Sequence[Item]) -> Iterator[Diagnostic]:
    """The document's own totals of its projects that the budgets do not add up to."""
    budgets = [project.budget_fen for project in projects if project.budget_fen is not None]
    if len(budgets) < len(projects):
        return
    added = sum(budgets)
    for place, text, (stated, exact) in _totals(items):
        if abs(stated - added) >= max(exact, 1):
            yield kinds.TOTAL_DIFFERS.at(
                place, text, stated=yuan(stated), count=len(projects), added=yuan(added)
            )


def oddities(projects: Sequence[Project]) -> Iterator[Diagnostic]:
    """Budgets out of scale, and indicators whose number and unit do not go together."""
    yield from _out_of_scale(projects)
    for project in projects:
        for each in project.indicators:
            yield from _impossible(each, project.place)


def _totals(items: Sequence[Item]) -> Iterator[tuple[Place, str, tuple[int, int]]]:
    """Totals in running text with their unit, and in tables with the only unit that is named."""
    texts = [_text(item) for item in items]
    units = {found for text in texts for found in _UNIT_IN_TEXT.findall(normalise_name(text))}
    for item, text in zip(items, texts, strict=True):
        if isinstance(item, Paragraph):
            for line in text.split("\n"):
                if (total := stated_total(line)) is not None:
                    yield item.place, line, total
            continue
        stated = [cell for cell in item if not cell.is_blank]
        if (
            len(units) != 1
            or len(stated) < 2
            or normalise_name(stated[0].text) not in _TOTAL_LABELS
        ):
            continue
        total = _amount(normalise_name(stated[1].text), MoneyUnit(*units))
        if total is not None:
            yield stated[0].place, text, total


def _text(item: Item) -> str:
    return item.text if isinstance(item, Paragraph) else " ".join(cell.text for cell in item)


def _amount(text: str, unit: MoneyUnit) -> tuple[int, int] | None:
    try:
        decimals = len(text.partition(".")[2])
        return parse_fen(text, unit), unit.fen // 10 ** min(decimals, 8)
    except NotAnAmount:
        return None


def _out_of_scale(projects: Sequence[Project]) -> Iterator[Diagnostic]:
    budgets = [(each, each.budget_fen) for each in projects if each.budget_fen]
    if not budgets:
        return
    middle = median_low([fen for _, fen in budgets])
    if middle >= _HUGE_FEN and all(p.money_unit is MoneyUnit.TEN_THOUSAND_YUAN for p, _ in budgets):
        yield kinds.BUDGETS_HUGE.at(budgets[0][0].place, median=yuan(middle))
    if len(budgets) < _FEWEST:
        return
    in_order = sorted(fen for _, fen in budgets)
    middle_of_others = (len(in_order) - 2) // 2
    for project, fen in budgets:
        before = bisect_left(in_order, fen) <= middle_of_others
        usual = in_order[middle_of_others + before]
        if fen >= _TIMES * usual or fen * _TIMES <= usual:
            yield kinds.BUDGET_SCALE.at(project.place, budget=yuan(fen), median=yuan(usual))


def _impossible(indicator: Indicator, place: Place) -> Iterator[Diagnostic]:
    value, name = indicator.value, indicator.level3
    if value.kind is not ValueKind.NUMBER or value.number is None:
        return
    rate = "率" in name and not any(word in name for word in _MAY_EXCEED)
    if rate and value.unit == "%" and value.number > 100 and value.comparison not in ("<", "≤"):
        yield kinds.RATE_ABOVE_WHOLE.at(place, indicator.target, name=name)
    elif value.number < 0 and not any(word in name for word in _MAY_EXCEED):
        yield kinds.UNIT_IMPOSSIBLE.at(place, indicator.target, name=name, why="数值是负数")
    elif value.unit in _COUNTED and value.number != value.number.to_integral_value():
        yield kinds.UNIT_IMPOSSIBLE.at(place, indicator.target, name=name, why="应是整数")
