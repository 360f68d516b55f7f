"""The chart of one project: its plan as steps, its payments as a line, the months as bars.

Integers become floats here alone, for the drawing itself. Nothing can run into each other:
shares and severities stand in a strip above the plot, sums in the margin to the right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text

from monitor.domain.calendar import checkpoint_name, month_end
from monitor.domain.money import WHOLE_BP, percent, round_half_up, yuan
from monitor.reports.assessment.facts import Curve
from monitor.reports.charts.curves import Checkpoint, checkpoints
from monitor.reports.charts.drawing import (
    ACTUAL,
    BAR,
    GREY,
    INK,
    PALE,
    PLAN,
    STATE_COLOURS,
    STATE_MARKERS,
    agg,
    canvas,
    drawing,
    fitting,
    paletted,
)
from monitor.reports.charts.plan_scale import Scale, scale_of
from monitor.reports.charts.stamps import stamp
from monitor.reports.states import STATES

_WIDTH, _HEIGHT = 6.5, 3.0  # inches: as wide as the documents show it
_LEFT, _RIGHT, _TOP, _BOTTOM = 0.66, 0.95, 0.72, 0.5
_MARGIN_POINTS = (_RIGHT - 0.18) * 72
_BETWEEN = 0.17  # of the plot's height, between two labels in the margin
_MANY = 6  # checkpoints: more have smaller labels
_AXIS = 0.8


def plan_chart(curve: Curve) -> Figure:
    """A figure of its own, for SVG."""
    with drawing():
        figure, axes = _ground()
        _paint(axes, curve)
    return figure


def plan_png(curve: Curve) -> bytes:
    """The chart at 200 dpi. One figure a process is drawn upon again and again.

    What stands in every chart is drawn once. Equal curves give equal bytes, whatever was drawn
    before.
    """
    with drawing():
        figure, axes, ground = _prepared()
        agg(figure).restore_region(ground)
        painted = _paint(axes, curve)
        labels = [artist for artist in painted if isinstance(artist, Text)]
        for artist in sorted(
            (a for a in painted if not isinstance(a, Text)), key=Artist.get_zorder
        ):
            axes.draw_artist(artist)
        picture = np.asarray(agg(figure).buffer_rgba())
        for label in labels:
            stamp(picture, label)
        for artist in painted:
            artist.remove()
        return paletted(figure)


@cache
def _prepared() -> tuple[Figure, Axes, Any]:
    figure, axes = _ground()
    agg(figure).draw()
    return figure, axes, agg(figure).copy_from_bbox(figure.bbox)


def _ground() -> tuple[Figure, Axes]:
    """What every chart has: the months, and what the signs mean."""
    figure, axes = canvas(_WIDTH, _HEIGHT, left=_LEFT, right=_RIGHT, top=_TOP, bottom=_BOTTOM)
    axes.set_axis_off()
    axes.set_xlim(0, 12)
    below: dict[str, Any] = {"ha": "center", "va": "top", "fontsize": 8.5}
    for month in range(12):
        _text(axes, month + 0.5, -0.04, f"{month + 1}月", **below)
    y = 1 - 0.13 / _HEIGHT
    keys: tuple[tuple[float, str, dict[str, Any]], ...] = (
        (0.11, "当月支付", {"color": BAR, "linewidth": 7}),
        (0.26, "计划（累计）", {"color": PLAN, "linestyle": "--"}),
        (0.44, "实际（累计）", {"color": ACTUAL, "marker": "o", "markersize": 3}),
    )
    for x, label, look in keys:
        figure.add_artist(Line2D([x - 0.04, x - 0.012], [y, y], **look))
        figure.text(x + 0.003, y, label, va="center", fontsize=8.5)
    return figure, axes


def _text(axes: Axes, x: float, y: float, words: str, **look: Any) -> Text:
    """A text at month `x`, and `y` of the plot's height."""
    return axes.text(x, y, words, transform=axes.get_xaxis_transform(), **look)


def _paint(axes: Axes, curve: Curve) -> list[Artist]:
    """Draws what is this curve's own; gives the artists, so that they can be taken away."""
    points = checkpoints(curve)
    due = [(point.month, point.due_fen) for point in points if point.due_fen is not None]
    at, sums = _paid_line(curve)
    bars = curve.paid_by_month[: len(sums) - 1]
    scale = scale_of([*bars, *sums, *(fen for _, fen in due)])
    axes.set_ylim(scale.low, scale.high)
    return [
        *_grid(axes, scale, points),
        *_bars(axes, bars),
        *_plan(axes, points),
        *_actual(axes, at, sums),
        *_strip(axes, points),
        *_margin(axes, curve, sums[-1], due, scale),
        *_note(axes, curve, points),
    ]


def _paid_line(curve: Curve) -> tuple[list[float], list[int]]:
    """Where the line of payments has its points, and their sums; it ends at `as_of`."""
    end = min(curve.as_of, month_end(curve.year, 12))
    months = end.month if end.year == curve.year else 0
    sums = [0, *accumulate(curve.paid_by_month[:months])]
    at = [float(month) for month in range(months + 1)]
    if months:
        at[-1] = months - 1 + end.day / month_end(curve.year, months).day
    return at, sums


def _grid(axes: Axes, scale: Scale, points: Sequence[Checkpoint]) -> Iterator[Artist]:
    """Lines of the ticks, of zero, and from each checkpoint up to its label."""
    lines = [[(0.0, tick), (12.0, tick)] for tick in scale.ticks if tick]
    feet = [scale.low if point.due_fen is None else point.due_fen for point in points]
    stems = [[(p.month, foot), (p.month, scale.high)] for p, foot in zip(points, feet, strict=True)]
    looks: tuple[tuple[Any, dict[str, Any]], ...] = (
        (lines, {"colors": PALE, "linewidths": 0.7, "zorder": 0.5}),
        (stems, {"colors": GREY, "linewidths": 0.5, "linestyles": ":", "zorder": 0.8}),
    )
    for these, look in looks:
        yield axes.add_collection(LineCollection(these, **look), autolim=False)
    yield axes.add_line(Line2D([0, 12], [0, 0], color=GREY, linewidth=_AXIS, zorder=1.5))
    room = (_LEFT - 0.12) * 72
    for tick in scale.ticks:
        words = scale.written(tick)
        yield axes.text(
            *(-0.12, tick, words),
            ha="right",
            va="center",
            fontsize=fitting(words, 8.0, room),
        )
    yield _text(axes, -0.12, 1.07, scale.unit, ha="right", va="bottom", fontsize=8.0, color=GREY)


def _bars(axes: Axes, amounts: Sequence[int]) -> Iterator[Artist]:
    corners = [
        [(m + 0.15, 0), (m + 0.85, 0), (m + 0.85, fen), (m + 0.15, fen)]
        for m, fen in enumerate(amounts)
        if fen
    ]
    yield axes.add_collection(PolyCollection(corners, facecolors=BAR, zorder=1), autolim=False)


def _plan(axes: Axes, points: Sequence[Checkpoint]) -> Iterator[Artist]:
    """The steps. At a blank share the line breaks off until the next stated one."""
    if all(point.due_fen is None for point in points):
        return
    nothing = float("nan")
    steps = [0.0, *(nothing if p.due_fen is None else float(p.due_fen) for p in points)]
    at = [0, *(point.month for point in points), 12]
    look: dict[str, Any] = {"color": PLAN, "linestyle": "--", "linewidth": 1.5, "zorder": 2}
    line = Line2D(
        at, [*steps, steps[-1]], drawstyle="steps-post", label="plan", clip_on=False, **look
    )
    yield axes.add_line(line)
    for state in {point.state: None for point in points}:
        which = [p for p in points if p.state == state and p.due_fen is not None]
        places = [p.month for p in which], [float(p.due_fen or 0) for p in which]
        yield axes.add_line(Line2D(*places, linestyle="", clip_on=False, **_look(state)))


def _look(state: str | None) -> dict[str, Any]:
    """A checkpoint's marker: the shape and colour of its state, hollow while not due."""
    look: dict[str, Any] = {"markeredgewidth": 0.8, "zorder": 4}
    if state is None:
        return look | {"marker": "s", "markersize": 4, "color": PLAN, "markerfacecolor": "white"}
    face, shape = STATE_COLOURS[state], STATE_MARKERS[state]
    return look | {"marker": shape, "markersize": 6.5, "color": INK, "markerfacecolor": face}


def _actual(axes: Axes, at: Sequence[float], sums: Sequence[int]) -> Iterator[Artist]:
    """The sum paid; dots lead from its end to its figure in the margin."""
    look: dict[str, Any] = {
        "color": ACTUAL,
        "linewidth": 1.5,
        "marker": "o",
        "markersize": 3,
        "zorder": 3,
    }
    yield axes.add_line(Line2D(at, sums, label="actual", clip_on=False, **look))
    end = Line2D([at[-1], 12], [sums[-1]] * 2, color=ACTUAL, linestyle=":", linewidth=0.8)
    yield axes.add_line(end)


def _strip(axes: Axes, points: Sequence[Checkpoint]) -> Iterator[Artist]:
    """Above the plot, over each checkpoint: its share, and how the project stood."""
    size = 7.5 if len(points) <= _MANY else 6.2
    for point in points:
        look: dict[str, Any] = {
            "ha": "center",
            "va": "bottom",
            "fontsize": size,
            "linespacing": 1.1,
        }
        yield _text(axes, point.month, 1.02, _words(point), **look)


def _words(point: Checkpoint) -> str:
    share = "未填" if point.planned_bp is None else percent(point.planned_bp).replace(".00", "")
    if point.due_fen is None:
        return share
    return f"{share}\n{STATES[point.state] if point.state else '未到期'}"


def _margin(
    axes: Axes, curve: Curve, paid: int, due: Sequence[tuple[int, int]], scale: Scale
) -> Iterator[Artist]:
    """To the right of the plot: what is planned at the end, what is paid, and its share."""
    budget = curve.budget_fen
    rate = f"，{percent(round_half_up(paid * WHOLE_BP, budget))}" if budget else ""
    labels = [(paid, f"实际 {_rounded(paid)}\n万元{rate}", ACTUAL)]
    if due and due[-1][0] == curve.plan[-1].month:
        labels.append((due[-1][1], f"计划 {_rounded(due[-1][1])}\n万元", PLAN))
    labels.sort(key=lambda label: label[0])
    span = scale.high - scale.low
    heights = [(fen - scale.low) / span for fen, _, _ in labels]
    for (_, words, colour), y in zip(labels, _apart(heights), strict=True):
        size = min(fitting(line, 7.8, _MARGIN_POINTS) for line in words.split("\n"))
        look: dict[str, Any] = {
            "va": "center",
            "color": colour,
            "fontsize": size,
            "linespacing": 1.15,
        }
        yield _text(axes, 12.32, y, words, **look)


def _rounded(fen: int) -> str:
    """Hundredths of 万元, written as hundredths of 元 are."""
    return yuan(round_half_up(fen, 10_000))


def _apart(heights: Sequence[float]) -> list[float]:
    """Ascending heights (0 to 1), moved apart so far that two labels do not meet."""
    placed = [min(max(height, _BETWEEN / 2), 1 - _BETWEEN / 2) for height in heights]
    if any(b - a < _BETWEEN for a, b in pairwise(placed)):
        middle = min(max(sum(placed) / len(placed), _BETWEEN), 1 - _BETWEEN)
        placed = [middle - _BETWEEN / 2, middle + _BETWEEN / 2]
    return placed


def _note(axes: Axes, curve: Curve, points: Sequence[Checkpoint]) -> Iterator[Artist]:
    """Below the months: what could not be drawn."""
    blank = [checkpoint_name(point.month) for point in points if point.planned_bp is None]
    if curve.budget_fen is None:
        words = "无预算数，未绘计划"
    elif not curve.plan:
        words = "目标文本未列支出计划"
    elif blank:
        words = f"{'、'.join(blank)}未填计划比例，未绘"
    else:
        return
    room = (_WIDTH - _LEFT - 0.1) * 72
    size = fitting(words, 8.0, room)
    yield _text(axes, 0, -0.17, words, va="top", fontsize=size, color=GREY)
