"""The overview of an office's year: one HTML file that needs nothing from outside."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

import monitor
from monitor.domain.calendar import checkpoint_name, day_name, month_end
from monitor.domain.money import percent, round_half_up, yuan
from monitor.reports.charts import heat_map, severity_chart, short_name
from monitor.reports.drawing import svg
from monitor.reports.facts import OverviewFacts
from monitor.reports.glyphs import MISSING, lacks, printable, woff
from monitor.reports.pivots import (
    UnitRow,
    leads,
    ranked_projects,
    totals,
    units_by_severity,
)
from monitor.reports.states import STATES

_MOST_UNITS = 30
"""How many units a chart shows; the table below it has them all."""


@dataclass(frozen=True, slots=True)
class _Chart:
    title: str
    picture: Markup
    note: str


def overview(facts: OverviewFacts) -> str:
    """The page. Equal facts give equal pages; names and texts are escaped."""
    units = units_by_severity(facts.progress)
    page = (
        _environment()
        .get_template("overview.html.j2")
        .render(
            facts=facts,
            totals=totals(facts.progress),
            units=units,
            states=STATES,
            projects=ranked_projects(facts.progress),
            charts=_charts(facts, units),
            unmatched=sorted(
                facts.unmatched, key=lambda g: (-abs(g.amount_fen), g.project_code, g.unit_code)
            ),
            arrived=_arrived(facts),
            rare=_rare_characters(facts),
            version=monitor.__version__,
        )
    )
    # The first </head> is the template's own: in texts from outside every < is escaped.
    return page.replace("</head>", f"<style>{_font_face(page)}</style>\n</head>", 1)


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("monitor.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_clean,
    )
    environment.filters |= {
        "yuan": lambda fen: "—" if fen is None else yuan(fen),
        # hundredths of 万元, written as hundredths of 元 are
        "wan": lambda fen: "—" if fen is None else yuan(round_half_up(fen, 10_000)),
        "percent": lambda bp: "—" if bp is None else percent(bp),
        "day": day_name,
        "checkpoint": lambda month: "—" if month is None else checkpoint_name(int(month)),
    }
    return environment


def _clean(value: object) -> object:
    """Texts from outside without control characters; what is markup already stays."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _font_face(page: str) -> str:
    """The page's characters out of the shipped font, taken where the machine has no other."""
    data = b64encode(woff(page)).decode()
    return (
        '@font-face{font-family:"Overview Sans";font-display:swap;'
        f'src:url("data:font/woff;base64,{data}") format("woff")}}'
    )


def _charts(facts: OverviewFacts, units: Sequence[UnitRow]) -> list[_Chart]:
    if not units:
        return []
    shown = units[:_MOST_UNITS]
    note = "" if len(shown) == len(units) else f"仅列滞后最多的 {len(shown)} 个单位。"
    if any(MISSING in short_name(unit.name) for unit in shown):
        note += f"“{MISSING}”代替图中字体没有的字。"
    charts = [_severity(shown, note)]
    months = sorted(facts.at_checkpoints)
    if months:
        charts.append(_heat(facts, shown, months, note))
    return charts


def _severity(units: Sequence[UnitRow], note: str) -> _Chart:
    title = "各单位项目按滞后程度"
    figure = severity_chart([(unit.name, unit.counts) for unit in units])
    words = "；".join(
        f"{unit.name}："
        + "，".join(
            f"{label} {count} 个" for label, count in zip(STATES.values(), unit.counts, strict=True)
        )
        for unit in units
    )
    return _Chart(title, Markup(svg(figure, "severity", title, printable(words))), note)  # noqa: S704


def _heat(facts: OverviewFacts, units: Sequence[UnitRow], months: list[int], note: str) -> _Chart:
    title = "各单位在各时点的支出比例与计划之差"
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
    return _Chart(title, Markup(svg(figure, "heat", title, printable(words))), note)  # noqa: S704


def _arrived(facts: OverviewFacts) -> list[tuple[int, str]]:
    """Each month of the year, and whether its payment list is there: 已到, 缺 or 未到期."""
    covered = {month for source in facts.sources for month in source.months}
    return [(month, _state(facts, month, covered)) for month in range(1, 13)]


def _state(facts: OverviewFacts, month: int, covered: Iterable[str]) -> str:
    if f"{facts.year}-{month:02d}" in covered:
        return "已到"
    return "缺" if month_end(facts.year, month) <= facts.as_of else "未到期"


def _rare_characters(facts: OverviewFacts) -> str:
    """Characters of names that the embedded font lacks: other machines may not show them."""
    names = pd.concat([facts.progress["project_name"], facts.progress["unit_name"]])
    texts = [*names.astype(str), *(group.unit_name for group in facts.unmatched)]
    return "".join(
        sorted({c for text in texts for c in printable(text) if not c.isspace() and lacks(c)})
    )
