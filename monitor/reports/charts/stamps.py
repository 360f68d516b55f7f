"""Labels as pictures that are drawn once and stamped again and again.

Most labels of plan charts say the same in every chart (25 %, 红色, 未到期), and drawing one takes
matplotlib longer than all lines of a chart. A label stands on whole dots, so that its picture is
the same wherever and whenever it is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, floor
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import IdentityTransform
from numpy.typing import NDArray

from monitor.reports.charts.drawing import DPI

SPACING = 1.12
"""The line spacing that all labels have that are stamped."""

_MOST = 1000  # labels kept, of some 8 KB each
_EDGE = 2  # dots around a label
_Look = tuple[float, str, str, str]  # size, colour, horizontal and vertical alignment


@dataclass(frozen=True, slots=True)
class _Stamp:
    """Dots as RGBA, upside up, and where their lower left corner is from the label's point."""

    dots: NDArray[np.uint8]
    x: int
    y: int


def stamp(picture: NDArray[np.uint8], text: Text) -> None:
    """Draws a label into a picture (RGBA, 200 dpi, without transparent places)."""
    drawn = _drawn(text.get_text(), _look(text))
    x, y = text.get_transform().transform(text.get_position())
    left = round(float(x)) + drawn.x
    height, width = drawn.dots.shape[:2]
    top = picture.shape[0] - (round(float(y)) + drawn.y + height)
    rows, columns = slice(max(top, 0), top + height), slice(max(left, 0), left + width)
    below = picture[rows, columns, :3]
    above = drawn.dots[max(-top, 0) :, max(-left, 0) :][: below.shape[0], : below.shape[1]]
    alpha = above[..., 3:] / 255
    below[:] = np.rint(above[..., :3] * alpha + below * (1 - alpha))


def _look(text: Text) -> _Look:
    where = text.get_horizontalalignment(), text.get_verticalalignment()
    return (float(text.get_fontsize()), str(text.get_color()), *where)


@lru_cache(maxsize=_MOST)
def _drawn(words: str, look: _Look) -> _Stamp:
    size, colour, ha, va = look
    more: dict[str, Any] = {"ha": ha, "va": va, "linespacing": SPACING, "color": colour}
    text = Text(0, 0, words, fontsize=size, **more)
    text.set_figure(_sheet())
    text.set_transform(IdentityTransform())
    new: Any = RendererAgg  # untyped
    box = text.get_window_extent(new(1, 1, DPI))
    x, y = floor(box.x0) - _EDGE, floor(box.y0) - _EDGE
    text.set_position((-x, -y))
    width, height = ceil(box.x1) + _EDGE - x, ceil(box.y1) + _EDGE - y
    renderer = new(width, height, DPI)
    text.draw(renderer)
    return _Stamp(np.array(renderer.buffer_rgba()), x, y)


@lru_cache(maxsize=1)
def _sheet() -> Figure:
    return Figure(dpi=DPI)
