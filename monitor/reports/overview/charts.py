"""The large charts of the overview, each with its title and what it says in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup
from matplotlib.figure import Figure

from monitor.domain.calendar import checkpoint_name
from monitor.domain.money import percent, round_half_up, yuan
from monitor.reports.charts.curves import checkpoints
from monitor.reports.charts.drawing import svg
from monitor.reports.charts.plan_chart import plan_chart
from monitor.reports.charts.units import (
    Lag,
    heat_map,
    lag_chart,
    lag_words,
    ranked_lags,
    severity_chart,
    short_name,
)
from monitor.reports.glyphs import MISSING, printable
from monitor.reports.overview.facts import OverviewFacts
from monitor.reports.overview.pivots import UnitRow, leads, whole
from monitor.reports.states import STATES, state_of

_MOST_ROWS = 30
"""How many units a chart shows; the tables below it have them all."""

_MOST_DOTS = 20


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as an element of the page; `note` says what it leaves out."""

    title: str
    picture: Markup
    note: str


def charts(facts: OverviewFacts, units: Sequence[UnitRow]) -> list[Chart]:
    """The charts that the facts allow, in the order of the page."""
    if not units:
        return []
    shown = units[:_MOST_ROWS]
    note = "" if len(shown) == len(units) else f"仅列滞后最多的 {len(shown)} 个单位。"
    if any(MISSING in short_name(unit.name) for unit in shown):
        note += f"“{MISSING}”代替图中字体没有的字。"
    found = [_whole(facts), _severity(shown, note), _lags(facts)]
    if facts.at_checkpoints:
        found.append(_heat(facts, shown, note))
    return [each for each in found if each]


def _chart(figure: Figure, name: str, title: str, words: str, note: str) -> Chart:
    return Chart(title, Markup(svg(figure, name, title, printable(words))), note)  # noqa: S704


def _whole(facts: OverviewFacts) -> Chart | None:
    drawn = whole(list(facts.curves.values()))
    if drawn is None:
        return None
    curve = drawn.curve
    paid = yuan(round_half_up(sum(curve.paid_by_month), 10_000))
    stood = "，".join(
        f"{checkpoint_name(p.month)}计划 {percent(p.planned_bp or 0)}"
        + (f"、{STATES[p.state]}" if p.state else "")
        for p in checkpoints(curve)
    )
    budget = yuan(round_half_up(curve.budget_fen or 0, 10_000))
    words = f"预算数 {budget} 万元，累计支付 {paid} 万元；{stood}。"
    left = drawn.projects - drawn.included
    note = f"{drawn.included} 个项目合计，程度按合计数判断。"
    if left:
        note += f"另有 {left} 个项目没有预算数、计划不全或时点不同，未计入本图。"
    return _chart(plan_chart(curve), "whole", "支出进度：计划与实际", words, note)


def _severity(units: Sequence[UnitRow], note: str) -> Chart:
    figure = severity_chart([(unit.name, unit.counts) for unit in units])
    words = "；".join(
        f"{unit.name}："
        + "，".join(
            f"{label} {count} 个" for label, count in zip(STATES.values(), unit.counts, strict=True)
        )
        for unit in units
    )
    return _chart(figure, "severity", "各单位项目按滞后程度", words, note)


def _lags(facts: OverviewFacts) -> Chart | None:
    """The projects that lag most, as dots; those without a due plan are in the tables."""
    every = [
        Lag(each.account.project_name, each.lag_bp, state_of(each))
        for each in facts.standings
        if each.lag_bp is not None
    ]
    if not every:
        return None
    lags = ranked_lags(every)[:_MOST_DOTS]
    words = "；".join(f"{lag.name} {lag_words(lag)}" for lag in lags)
    title = "滞后最多的项目" if len(lags) < len(every) else "各项目的滞后"
    note = (
        f"有到期计划的 {len(every)} 个项目中的 {len(lags)} 个。" if len(lags) < len(every) else ""
    )
    if any(MISSING in short_name(lag.name) for lag in lags):
        note += f"“{MISSING}”代替图中字体没有的字。"
    return _chart(lag_chart(lags), "lags", title, words, note)


def _heat(facts: OverviewFacts, units: Sequence[UnitRow], note: str) -> Chart:
    months = sorted(facts.at_checkpoints)
    table = leads(facts.at_checkpoints, [unit.code for unit in units])
    figure = heat_map([unit.name for unit in units], months, table)
    words = "；".join(
        f"{unit.name}："
        + "，".join(
            f"{checkpoint_name(month)}{'无到期计划' if lead is None else percent(lead)}"
            for month, lead in zip(months, row, strict=True)
        )
        for unit, row in zip(units, table, strict=True)
    )
    return _chart(figure, "heat", "各单位在各时点的支出比例与计划之差", words, note)
