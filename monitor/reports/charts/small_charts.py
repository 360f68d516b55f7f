"""Charts a table row high, drawn for the page itself: thousands of them would be too much for
matplotlib. Colours and shapes are those of the large charts.

Plan and payments of a project (`spark`), and its lag as a dot on a line that all rows of a unit
share (`dot`). Coordinates are whole pixels; the marks are defined once a page (`MARKS`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import accumulate

from markupsafe import Markup

from monitor.domain.calendar import checkpoint_name, month_end
from monitor.reports.assessment.facts import Curve
from monitor.reports.charts.curves import Checkpoint, checkpoints
from monitor.reports.charts.drawing import INK, PLAN, STATE_COLOURS
from monitor.reports.states import STATES

_MONTH, _HEIGHT, _EDGE = 10, 30, 5  # pixels
_WIDTH = 12 * _MONTH
_DOTS = 150
_MOST_BP = 10_000  # a dot beyond that stands at the edge
_SHAPES = {
    "red": "M-4-4L4 4M4-4L-4 4",
    "yellow": "M0-4.5L4.5 3.5H-4.5Z",
    "notice": "M0-4.5L4.5 0 0 4.5-4.5 0Z",
    "none": "M-3.5 0a3.5 3.5 0 1 0 7 0a3.5 3.5 0 1 0-7 0Z",
    "undue": "M-3-3H3V3H-3Z",
}


def _marks() -> Markup:
    paths = []
    for state, shape in _SHAPES.items():
        colour = STATE_COLOURS[state]
        look = (
            f'stroke="{colour}" stroke-width="2.6"'
            if state == "red"  # a cross has no inside
            else f'fill="{colour}" stroke="{INK}" stroke-width=".8"'
        )
        paths.append(f'<path id="m-{state}" d="{shape}" {look}/>')
    paths.append(f'<path id="m-later" d="M-2-2H2V2H-2Z" fill="#fff" stroke="{PLAN}"/>')
    return Markup(  # noqa: S704
        f'<svg width="0" height="0" aria-hidden="true"><defs>{"".join(paths)}</defs></svg>'
    )


MARKS = _marks()


def mark(state: str) -> Markup:
    """The mark of a state alone, for keys and tables."""
    return Markup(  # noqa: S704
        f'<svg class="m" viewBox="-6 -6 12 12" aria-hidden="true"><use href="#m-{state}"/></svg>'
    )


def spark(curve: Curve) -> Markup:
    """Plan as steps, payments as a line, the months as bars, a mark for each checkpoint."""
    points = checkpoints(curve)
    months = _shown_months(curve)
    sums = [0, *accumulate(curve.paid_by_month[:months])]
    amounts = [*sums, *curve.paid_by_month[:months], *(p.due_fen or 0 for p in points)]
    low, high = min(amounts), max(amounts)
    room = (high - low) or 1

    def y(fen: int) -> int:
        return _EDGE + (high - fen) * _HEIGHT // room

    bars = "".join(
        f"M{_MONTH * m + 5} {y(0)}V{y(fen)}"
        for m, fen in enumerate(curve.paid_by_month[:months])
        if y(fen) != y(0)
    )
    line = "L".join(f"{_MONTH * m} {y(fen)}" for m, fen in enumerate(sums))
    marks = "".join(
        f'<use href="#m-{p.state or "later"}" x="{_MONTH * p.month}" y="{y(p.due_fen)}"/>'
        for p in points
        if p.due_fen is not None
    )
    return Markup(  # noqa: S704
        f'<svg class="s" viewBox="-5 0 {_WIDTH + 10} {_HEIGHT + 2 * _EDGE}" role="img"'
        f' aria-label="{_words(points)}"><path class="b" d="{bars}"/>'
        f'<path class="z" d="M0 {y(0)}H{_WIDTH}"/><path class="p" d="{_steps(points, y)}"/>'
        f'<path class="a" d="M{line}"/>{marks}</svg>'
    )


def _shown_months(curve: Curve) -> int:
    if curve.as_of >= month_end(curve.year, 12):
        return 12
    return curve.as_of.month if curve.as_of.year == curve.year else 0


def _words(points: Iterable[Checkpoint]) -> str:
    told = [f"{checkpoint_name(p.month)}{STATES[p.state]}" for p in points if p.state]
    return "，".join(told) or "无到期时点"


def _steps(points: Iterable[Checkpoint], y: Callable[[int], int]) -> str:
    """The plan's line, broken off at a blank share until the next stated one."""
    path, broken = f"M0 {y(0)}", False
    for point in points:
        x = _MONTH * point.month
        path += "" if broken else f"H{x}"
        if point.due_fen is not None:
            path += f"M{x} {y(point.due_fen)}" if broken else f"V{y(point.due_fen)}"
        broken = point.due_fen is None
    return path if broken else f"{path}H{_WIDTH}"


def span(lags_bp: Iterable[int | None]) -> tuple[int, int]:
    """From where to where the dots of some rows reach, in basis points; 0 is always within."""
    known = [max(-_MOST_BP, min(_MOST_BP, lag)) for lag in lags_bp if lag is not None]
    low, high = min([0, *known]), max([0, *known])
    return (low, high) if high > low else (low, high + 100)


def dot(lag_bp: int | None, state: str, span_bp: tuple[int, int]) -> Markup:
    """A row's lag as a dot at its place between the ends of `span_bp`; the line is the plan."""
    low, high = span_bp
    lag = None if lag_bp is None else max(low, min(high, lag_bp))

    def x(bp: int) -> int:
        return (bp - low) * _DOTS // (high - low)

    drawn = (
        ""
        if lag is None
        else f'<path class="l" d="M{x(0)} 8H{x(lag)}"/><use href="#m-{state}" x="{x(lag)}" y="8"/>'
    )
    return Markup(  # noqa: S704
        f'<svg class="d" viewBox="-6 0 {_DOTS + 12} 16" aria-hidden="true">'
        f'<path class="z" d="M{x(0)} 0V16"/>{drawn}</svg>'
    )
