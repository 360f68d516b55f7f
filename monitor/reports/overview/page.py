"""The overview of an office's year: one HTML file that needs nothing from outside."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

import monitor
from monitor.domain.calendar import checkpoint_name, day_name
from monitor.domain.money import percent, round_half_up, yuan
from monitor.reports.charts.drawing import PAGE_FAMILY
from monitor.reports.charts.small_charts import MARKS, mark
from monitor.reports.charts.units import signed
from monitor.reports.glyphs import lacks, printable, woff
from monitor.reports.overview.charts import charts
from monitor.reports.overview.facts import OverviewFacts
from monitor.reports.overview.parts import (
    COVERED,
    coverage,
    limits_in_words,
    news,
    project_rows,
    unit_parts,
)
from monitor.reports.overview.pivots import totals, units_by_severity
from monitor.reports.states import STATES

_FILTERS: dict[str, Callable[..., object]] = {
    "yuan": lambda fen: "—" if fen is None else yuan(fen),
    # hundredths of 万元, written as hundredths of 元 are
    "wan": lambda fen: "—" if fen is None else yuan(round_half_up(fen, 10_000)),
    "percent": lambda bp: "—" if bp is None else percent(bp),
    "points": lambda bp: "—" if bp is None else signed(bp, plus=""),
    "day": day_name,
    "checkpoint": lambda month: "—" if month is None else checkpoint_name(month),
    "mark": mark,
}


def overview(facts: OverviewFacts) -> str:
    """The page. Equal facts give equal pages; names and texts are escaped."""
    units = units_by_severity(facts.standings)
    arrived = coverage(facts, units)
    parts = unit_parts(facts, units, arrived)
    page = (
        _environment()
        .get_template("overview.html.j2")
        .render(
            facts=facts,
            totals=totals(facts.standings),
            units=parts,
            states=STATES,
            covered=COVERED,
            projects=project_rows(facts, parts),
            charts=charts(facts, units),
            unmatched=sorted(
                facts.unmatched, key=lambda g: (-abs(g.amount_fen), g.project_code, g.unit_code)
            ),
            arrived=arrived,
            news=news(facts),
            open=_open(facts),
            limits=limits_in_words(facts.limits),
            marks=MARKS,
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
    environment.filters.update(_FILTERS)
    return environment


def _clean(value: object) -> object:
    """Texts from outside without control characters; what is markup already stays."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _font_face(page: str) -> str:
    """The page's characters out of the shipped font, taken where the machine has no other."""
    data = b64encode(woff(page)).decode()
    return (
        f'@font-face{{font-family:"{PAGE_FAMILY}";font-display:swap;'
        f'src:url("data:font/woff;base64,{data}") format("woff")}}'
    )


def _open(facts: OverviewFacts) -> dict[str, int]:
    """Open warnings by severity, of all units."""
    return {
        grade: sum(n for (_, severity), n in facts.warnings.items() if severity == grade)
        for grade in ("red", "yellow", "notice")
    }


def _rare_characters(facts: OverviewFacts) -> str:
    """Characters of names that the embedded font lacks: other machines may not show them."""
    accounts = [each.account for each in facts.standings]
    texts = {text for a in accounts for text in (a.project_name, a.unit_name)}
    texts |= {group.unit_name for group in facts.unmatched}
    characters = set(printable("".join(texts)))
    return "".join(sorted(c for c in characters if not c.isspace() and lacks(c)))
