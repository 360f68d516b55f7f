"""The charts of documents and pages. Integers become floats here alone, for the drawing itself.

Each function gives a matplotlib Figure; `drawing.png` and `drawing.svg` turn it into bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator

from monitor.domain.calendar import checkpoint_name, month_end
from monitor.domain.money import WHOLE_BP, percent, round_half_up, ten_thousand_yuan
from monitor.domain.progress import share_fen
from monitor.reports.drawing import (
    ACTUAL,
    BAR,
    GREY,
    INK,
    PALE,
    PLAN,
    STATE_COLOURS,
    canvas,
    drawing,
)
from monitor.reports.facts import Curve
from monitor.reports.glyphs import drawable
from monitor.reports.states import STATES

_TEN_THOUSAND = 1_000_000  # fen of 万元
_HALO = [withStroke(linewidth=2.5, foreground="white")]
_FAR_BP = 5_000  # a lag or lead that has the deepest colour of the heat map
_LONGEST_NAME = 16


def plan_chart(curve: Curve) -> Figure:
    """Plan (steps at the checkpoints) and payments (months as bars, their sum as a line).

    Month m reaches from m − 1 to m. A blank share is left out, and a line below says so.
    """
    with drawing():
        figure, axes = canvas(7.0, 3.3)
        paid_at, sums = _paid_line(curve)
        months = len(sums) - 1
        bars = [_wan(fen) for fen in curve.paid_by_month[:months]]
        axes.bar([m + 0.5 for m in range(months)], bars, 0.7, color=BAR, label="当月支付")
        planned = _draw_plan(axes, curve)
        line = [_wan(fen) for fen in sums]
        axes.plot(paid_at, line, color=ACTUAL, marker="o", markersize=3, label="实际（累计）")
        _label_sum(axes, curve, (paid_at[-1], sums[-1]), planned)
        _frame(axes, [*bars, *line, *(_wan(fen) for _, fen in planned)])
        if note := _plan_note(curve):
            figure.supxlabel(note, fontsize=8, color=GREY)
    return figure


def severity_chart(units: Sequence[tuple[str, Sequence[int]]]) -> Figure:
    """Projects of each unit by state, stacked; the counts are in the order of STATES."""
    with drawing():
        figure, axes = canvas(7.0, 1.0 + 0.3 * max(len(units), 1))
        left = [0] * len(units)
        for position, state in enumerate(STATES):
            counts = [unit[1][position] for unit in units]
            _stack(axes, state, left, counts)
            left = [start + count for start, count in zip(left, counts, strict=True)]
        axes.set_yticks(range(len(units)), [short_name(name) for name, _ in units])
        axes.set_ylim(len(units) - 0.5, -0.5)
        axes.set_xlim(0, max([*left, 1]) * 1.01)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.tick_params(axis="y", length=0)
        axes.set_xlabel("项目数（个）")
        # A legend of its own patches: a bar that no unit has would give it no outline.
        keys = [Patch(label=label, **_look(state)) for state, label in STATES.items()]
        figure.legend(handles=keys, loc="outside upper left", ncols=len(STATES), frameon=False)
    return figure


def _look(state: str) -> dict[str, Any]:
    edge = GREY if state == "undue" else "white"
    return {"facecolor": STATE_COLOURS[state], "edgecolor": edge, "linewidth": 0.7}


def _stack(axes: Axes, state: str, left: Sequence[int], counts: Sequence[int]) -> None:
    """One state's part of all bars, each with its count in it."""
    ink = "white" if state == "red" else INK
    for row, (start, count) in enumerate(zip(left, counts, strict=True)):
        if count:
            axes.barh(row, count, 0.72, left=start, **_look(state))
            axes.text(start + count / 2, row, str(count), ha="center", va="center", color=ink)


def heat_map(
    units: Sequence[str], months: Sequence[int], lead_bp: Sequence[Sequence[int | None]]
) -> Figure:
    """Paid share less planned share, unit × checkpoint, in basis points; None: nothing due.

    Behind is brown, ahead is purple; the sign in each field says the same without colour.
    """
    colours = mpl.colormaps["PuOr"]
    with drawing():
        figure, axes = canvas(7.0, 1.0 + 0.32 * max(len(units), 1))
        for row, leads in enumerate(lead_bp):
            for column, lead in enumerate(leads):
                _field(axes, row, column, lead, colours)
        axes.set_xticks(range(len(months)), [checkpoint_name(month) for month in months])
        axes.set_yticks(range(len(units)), [short_name(name) for name in units])
        axes.set_xlim(-0.5, max(len(months), 1) - 0.5)
        axes.set_ylim(max(len(units), 1) - 0.5, -0.5)
        axes.tick_params(length=0, top=True, labeltop=True, bottom=False, labelbottom=False)
        axes.spines[:].set_visible(False)
        axes.set_xlabel("负数为落后于计划，正数为超前（百分点）；“—”为无到期计划")
    return figure


def _wan(fen: int) -> float:
    return fen / _TEN_THOUSAND


def _paid_line(curve: Curve) -> tuple[list[float], list[int]]:
    """Where the line of payments has its points, and their sums; it ends at `as_of`."""
    end = min(curve.as_of, month_end(curve.year, 12))
    months = end.month if end.year == curve.year else 0
    sums = [0, *accumulate(curve.paid_by_month[:months])]
    at = [float(month) for month in range(months + 1)]
    if months:
        at[-1] = months - 1 + end.day / month_end(curve.year, months).day
    return at, sums


def _draw_plan(axes: Axes, curve: Curve) -> list[tuple[int, int]]:
    """Draws the plan as steps; gives its points as (month, fen).

    At a blank share the line breaks off until the next stated one: a blank is no value.
    """
    budget = curve.budget_fen
    if budget is None or not curve.plan:
        return []
    amounts = [
        None if point.planned_bp is None else share_fen(budget, point.planned_bp)
        for point in curve.plan
    ]
    steps = [0.0, *(float("nan") if fen is None else _wan(fen) for fen in amounts)]
    at = [0, *(point.month for point in curve.plan), 12]
    line = [*steps, steps[-1]]
    axes.plot(at, line, "--", color=PLAN, drawstyle="steps-post", label="计划（累计）")
    axes.plot(at[1:-1], steps[1:], "s", color=PLAN, markersize=4)
    for point, fen in zip(curve.plan, amounts, strict=True):
        if point.planned_bp is not None and fen is not None:
            _label_share(axes, point.planned_bp, point.month, fen)
    return [(p.month, fen) for p, fen in zip(curve.plan, amounts, strict=True) if fen is not None]


def _label_share(axes: Axes, planned_bp: int, month: int, fen: int) -> None:
    axes.annotate(
        percent(planned_bp).replace(".00", ""),
        (month, _wan(fen)),
        (-4, 4),
        textcoords="offset points",
        ha="right",
        color=PLAN,
        path_effects=_HALO,
    )


def _label_sum(
    axes: Axes, curve: Curve, last: tuple[float, int], planned: list[tuple[int, int]]
) -> None:
    """The sum paid and its share of the budget, at the end of its line; below the plan's there."""
    at, fen = last
    share = (
        f"\n{percent(round_half_up(fen * WHOLE_BP, curve.budget_fen))}" if curve.budget_fen else ""
    )
    below = any(month >= at and amount >= fen for month, amount in planned)
    axes.annotate(
        f"{ten_thousand_yuan(fen)}{share}",
        (at, _wan(fen)),
        (7, 0),
        textcoords="offset points",
        va="top" if below else "bottom",
        color=ACTUAL,
        path_effects=_HALO,
    )


def _frame(axes: Axes, amounts: Sequence[float]) -> None:
    low, high = min([*amounts, 0.0]), max([*amounts, 0.0])
    high = high if high > low else 1.0
    room = high - low
    axes.set_xlim(0, 13.4)
    axes.set_ylim(low - (0.08 * room if low < 0 else 0), high + 0.16 * room)
    axes.set_xticks([m + 0.5 for m in range(12)], [f"{m}月" for m in range(1, 13)])
    axes.tick_params(axis="x", length=0)
    axes.set_ylabel("万元")
    axes.yaxis.set_major_formatter("{x:,g}")
    axes.grid(axis="y", color=PALE, linewidth=0.7)
    axes.set_axisbelow(True)
    axes.axhline(0, color=GREY, linewidth=0.8)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, frameon=False)


def _plan_note(curve: Curve) -> str:
    blank = [checkpoint_name(point.month) for point in curve.plan if point.planned_bp is None]
    if curve.budget_fen is None:
        return "无预算数，未绘计划"
    if not curve.plan:
        return "目标文本未列支出计划"
    return f"{'、'.join(blank)}未填计划比例，未绘" if blank else ""


def _field(
    axes: Axes, row: int, column: int, lead: int | None, colours: mpl.colors.Colormap
) -> None:
    depth = 0.5 if lead is None else 0.5 + max(-_FAR_BP, min(_FAR_BP, lead)) / (2 * _FAR_BP)
    face = PALE if lead is None else colours(depth)
    axes.add_patch(
        Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor=face, edgecolor="white", linewidth=1.5)
    )
    tenths = None if lead is None else round_half_up(lead, 10)
    words = "—" if tenths is None else _signed(tenths)
    ink = "white" if abs(depth - 0.5) > 0.32 else INK
    axes.text(column, row, words, ha="center", va="center", color=ink)


def _signed(tenths: int) -> str:
    """Tenths of a percentage point with their sign: `+3.2`, `-0.4`, `0.0`."""
    sign = "+" if tenths > 0 else "-" if tenths < 0 else ""
    return f"{sign}{abs(tenths) // 10}.{abs(tenths) % 10}"


def short_name(name: str) -> str:
    """A unit's name as the charts print it."""
    plain = drawable(name)
    return plain if len(plain) <= _LONGEST_NAME else plain[: _LONGEST_NAME - 1] + "…"
