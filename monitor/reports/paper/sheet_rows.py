"""How wide and high the rows of a printed sheet must be, so that no text is cut.

A sheet does not grow a row over merged boxes by itself; so the lines are counted here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate

from monitor.reports.paper.blocks import Box, Table, beneath, grid
from monitor.reports.sheet_page import lines_of

_HIGHEST = 380.0  # points; a row takes 409
_POINT_MM = 25.4 / 72
_MARGIN_MM = 2.0  # what a box keeps free left and right
_PITCH = 1.45  # a line's height in sizes of its type

Height = Callable[[Box, float], float]


def edges(widths: Iterable[Sequence[float]]) -> list[float]:
    """Where columns begin and end, in mm from the left, for all tables of a sheet together.

    Edges nearer than half a millimetre are one.
    """
    found = sorted({0.0, *(edge for each in widths for edge in accumulate(each))})
    kept: list[float] = []
    for edge in found:
        if not kept or edge - kept[-1] > 0.5:
            kept.append(edge)
    return kept


def lines_in(text: str, size: float, millimetres: float) -> int:
    """Lines that a text of `size` points takes in a box so wide."""
    cells = int((millimetres - _MARGIN_MM) / (size / 2 * _POINT_MM))
    return sum(lines_of(line, max(4, cells + 1)) for line in text.split("\n"))


def height_of(box: Box, millimetres: float, *, size: float, small_size: float) -> float:
    """Points that the contents of a box need."""
    points = 4.0
    for cell in box.cells:
        points += lines_in(cell.text, size, millimetres) * size * _PITCH
        if small := beneath(cell):
            points += lines_in(small, small_size, millimetres) * small_size * _PITCH
    return points


def cut(text: str, size: float, millimetres: float, pitch: float) -> Iterator[str]:
    """A text in parts, each of which a row of a sheet can hold."""
    most = max(1, int(_HIGHEST / pitch))
    a_line = int((millimetres - _MARGIN_MM) / (size * _POINT_MM)) - 1
    while lines_in(text, size, millimetres) > most:
        length = max(1, a_line * most)
        yield text[:length]
        text = text[length:]
    yield text


def sheet_heights(table: Table, height: Height) -> list[list[float]]:
    """For each row of the table the heights of its rows on the sheet, in points.

    What a tall box needs beyond its rows goes to the last of them.
    """
    needed = [row.height_mm / _POINT_MM for row in table.rows]
    full = grid(table)
    tall: list[tuple[int, int, float]] = []
    for r, line in enumerate(full):
        for c, (box, begins) in enumerate(line):
            if begins:
                points = height(box, sum(table.widths_mm[c : c + box.columns]))
                if box.rows == 1:
                    needed[r] = max(needed[r], points)
                else:
                    tall.append((r, box.rows, points))
    for r, rows, points in tall:
        lacking = points - sum(needed[r : r + rows])
        needed[r + rows - 1] += max(0.0, lacking)
    return [_parts(points) for points in needed]


def _parts(points: float) -> list[float]:
    count = max(1, -int(-points // _HIGHEST))
    return [points / count] * count
