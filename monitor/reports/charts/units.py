"""The charts of many projects: units by state, the heat map, and lags as dots.

Integers become floats here alone, for the drawing itself. Each function gives a matplotlib
Figure; `drawing.png` and `drawing.svg` turn it into bytes. The chart of one project is in
plan_chart.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from monitor.domain.calendar import checkpoint_name
from monitor.domain.money import round_half_up
from monitor.reports.charts.drawing import (
    ACTUAL,
    GREY,
    INK,
    PALE,
    PLAN,
    STATE_COLOURS,
    STATE_MARKERS,
    canvas,
    drawing,
    fitting,
)
from monitor.reports.glyphs import drawable
from monitor.reports.states import STATES

_WIDTH, _NAMES, _SIDE = 6.5, 1.75, 0.15  # inches; the names' margin holds 16 characters
_INNER = _WIDTH - _NAMES - _SIDE
_ROW = 0.25  # inches
_LABELS = 1.15  # inches, right of the dots
_FAR_BP = 5_000  # a lag or lead that has the deepest colour of the heat map
_DARK = 0.6  # a field as deep as this takes white words
_MOST_BP = 10_000  # beyond that a dot stands at the chart's edge
_LONGEST_NAME = 16


@dataclass(frozen=True, slots=True)
class Lag:
    """A project's lag in basis points, negative where it is ahead; None: nothing is due.

    `state` is a key of STATES.
    """

    name: str
    lag_bp: int | None
    state: str


def short_name(name: str) -> str:
    """A name as the charts print it."""
    plain = drawable(name)
    return plain if len(plain) <= _LONGEST_NAME else plain[: _LONGEST_NAME - 1] + "…"


def severity_chart(units: Sequence[tuple[str, Sequence[int]]]) -> Figure:
    """Projects of each unit by state, stacked; the counts are in the order of STATES."""
    with drawing():
        figure, axes = _rows([name for name, _ in units], top=0.35, bottom=0.25, right=_SIDE)
        most = max([sum(counts) for _, counts in units] or [1]) or 1
        axes.set_xlim(0, most * 1.005)
        for row, (_, counts) in enumerate(units):
            _stack(axes, row, counts, most)
        _legend(figure)
        _below(axes, "项目数（个）")
    return figure


def _stack(axes: Axes, row: int, counts: Sequence[int], most: int) -> None:
    """One unit's bar, each part with its count in it where there is room."""
    left = 0
    for state, count in zip(STATES, counts, strict=True):
        if count:
            axes.barh(row, count, 0.74, left=left, **_look(state))
            ink = "white" if state == "red" else INK
            room = _INNER * 72 * count / most - 1
            size = fitting(str(count), 8.5, room)
            if size > 4:
                middle: dict[str, Any] = {"ha": "center", "va": "center_baseline", "fontsize": size}
                axes.text(left + count / 2, row, str(count), color=ink, **middle)
        left += count


def _look(state: str) -> dict[str, Any]:
    edge = GREY if state == "undue" else "white"
    return {"facecolor": STATE_COLOURS[state], "edgecolor": edge, "linewidth": 0.7}


def heat_map(
    units: Sequence[str], months: Sequence[int], lead_bp: Sequence[Sequence[int | None]]
) -> Figure:
    """Paid share less planned share, unit × checkpoint, in basis points; None: nothing due.

    Behind is brown, ahead is blue; the sign in each field says the same without colour.
    """
    with drawing():
        figure, axes = _rows(units, top=0.3, bottom=0.25, right=_SIDE)
        axes.set_xlim(-0.5, max(len(months), 1) - 0.5)
        colours, corners = [], []
        for row, leads in enumerate(lead_bp):
            for column, lead in enumerate(leads):
                x, y = column - 0.5, row - 0.5
                corners.append([(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)])
                colours.append(_field(axes, row, column, lead))
        fields = PolyCollection(corners, facecolors=colours, edgecolors="white", linewidths=1.5)
        axes.add_collection(fields, autolim=False)
        for column, month in enumerate(months):
            place: dict[str, Any] = {"ha": "center", "va": "bottom", "fontsize": 8.5}
            axes.text(column, -0.6, checkpoint_name(month), **place)
        _below(axes, "负数为落后于计划，正数为超前（百分点）；“—”为无到期计划")
    return figure


def _field(axes: Axes, row: int, column: int, lead: int | None) -> Any:
    """Writes a field's figure; gives its colour."""
    depth = min(_FAR_BP, abs(lead or 0)) / _FAR_BP
    words = "—" if lead is None else signed(lead)
    columns = round(abs(axes.get_xlim()[1] - axes.get_xlim()[0]))
    size = fitting(words, 8.5, _INNER * 72 / columns - 3)
    look: dict[str, Any] = {"ha": "center", "va": "center_baseline", "fontsize": size}
    axes.text(column, row, words, color="white" if depth > _DARK else INK, **look)
    if lead is None:
        return PALE
    return tuple(1 + (part - 1) * depth for part in to_rgb(PLAN if lead < 0 else ACTUAL))


def lag_chart(lags: Sequence[Lag]) -> Figure:
    """Projects as dots, the largest lag first; what has no due plan comes last, without a dot.

    Right of the line of the plan is behind it. The shape of a dot is its state's, and each dot
    has its figure (percentage points) and its state in words.
    """
    with drawing():
        ranked = ranked_lags(lags)
        figure, axes = _rows([lag.name for lag in ranked], top=0.15, bottom=0.25, right=_LABELS)
        known = [max(-_MOST_BP, min(_MOST_BP, lag.lag_bp)) for lag in ranked if lag.lag_bp]
        low, high = min([0, *known]), max([0, *known])
        room = max(high - low, 100)
        axes.set_xlim(low - 0.04 * room, low + 1.04 * room)
        ends = [(row, lag) for row, lag in enumerate(ranked) if lag.lag_bp is not None]
        _stems(axes, ends)
        for row, lag in enumerate(ranked):
            words = lag_words(lag)
            edge: dict[str, Any] = {
                "transform": axes.get_yaxis_transform(),
                "va": "center_baseline",
            }
            size = fitting(words, 8.5, (_LABELS - 0.1) * 72)
            axes.text(1.02, row, words, fontsize=size, **edge)
        _below(axes, "滞后（百分点）：竖线为计划，右边落后，左边超前")
    return figure


def ranked_lags(lags: Sequence[Lag]) -> list[Lag]:
    """The largest lag first; without a due plan last."""
    return sorted(lags, key=lambda lag: (lag.lag_bp is None, -(lag.lag_bp or 0)))


def lag_words(lag: Lag) -> str:
    """`12.3 红色`, as a dot is labelled."""
    if lag.lag_bp is None:
        return STATES[lag.state]
    return f"{signed(lag.lag_bp, plus='')} {STATES[lag.state]}"


def _stems(axes: Axes, ends: Sequence[tuple[int, Lag]]) -> None:
    axes.axvline(0, color=GREY, linewidth=0.9)
    at = {row: max(-_MOST_BP, min(_MOST_BP, lag.lag_bp or 0)) for row, lag in ends}
    lines = [[(0.0, row), (x, row)] for row, x in at.items()]
    axes.add_collection(LineCollection(lines, colors=PALE, linewidths=3, zorder=1), autolim=False)
    for state in STATES:
        rows = [row for row, lag in ends if lag.state == state]
        look: dict[str, Any] = {
            "marker": STATE_MARKERS[state],
            "color": INK,
            "markeredgewidth": 0.7,
        }
        face = STATE_COLOURS[state]
        places = [at[row] for row in rows], rows
        dots = Line2D(*places, linestyle="", markersize=6.5, markerfacecolor=face, **look)
        dots.set_clip_on(False)
        axes.add_line(dots)


def signed(bp: int, plus: str = "+") -> str:
    """Basis points as percentage points to a tenth with their sign: `+3.2`, `-0.4`, `0.0`."""
    tenths = round_half_up(bp, 10)
    sign = plus if tenths > 0 else "-" if tenths < 0 else ""
    return f"{sign}{abs(tenths) // 10}.{abs(tenths) % 10}"


def _rows(names: Sequence[str], *, top: float, bottom: float, right: float) -> tuple[Figure, Axes]:
    """A figure with a row for each name, from top to bottom."""
    count = max(len(names), 1)
    figure, axes = canvas(
        _WIDTH, top + bottom + _ROW * count, left=_NAMES, right=right, top=top, bottom=bottom
    )
    axes.set_axis_off()
    axes.set_ylim(count - 0.5, -0.5)
    for row, name in enumerate(map(short_name, names)):
        size = fitting(name, 8.5, (_NAMES - 0.16) * 72)
        place: dict[str, Any] = {
            "transform": axes.get_yaxis_transform(),
            "ha": "right",
            "va": "center_baseline",
        }
        axes.text(-0.02, row, name, fontsize=size, **place)
    return figure, axes


def _below(axes: Axes, words: str) -> None:
    look: dict[str, Any] = {"ha": "center", "va": "top", "color": GREY, "fontsize": 8.5}
    at: dict[str, Any] = {"xycoords": "axes fraction", "textcoords": "offset points"}
    axes.annotate(words, (0.5, 0), (0, -4), **at, **look)


def _legend(figure: Figure) -> None:
    """Above the rows: every state, whether a unit has it or not."""
    height = figure.get_size_inches()[1]
    y = 1 - 0.14 / height
    for place, (state, label) in enumerate(STATES.items()):
        x = (_NAMES + 0.85 * place) / _WIDTH
        figure.add_artist(
            Rectangle((x, y - 0.05 / height), 0.16 / _WIDTH, 0.1 / height, **_look(state))
        )
        figure.text(x + 0.22 / _WIDTH, y, label, va="center_baseline", fontsize=8.5)
