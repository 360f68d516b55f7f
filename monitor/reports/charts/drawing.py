"""How charts are drawn and saved: the shipped font, the colours, and bytes that never vary.

Figures are made without pyplot: no global state, nothing to close.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from html import escape
from io import BytesIO, StringIO
from types import MappingProxyType
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from numpy.typing import NDArray
from PIL import Image

from monitor.reports.glyphs import font_path

DPI = 200
_FAMILY = "monitor report"
"""The shipped font under a name of its own, so that no installed font of its family stands in."""
PAGE_FAMILY = "Overview Sans"
"""The same font as the page embeds it, with the characters that the page has."""

INK, GREY, PALE = "#1f2933", "#6b7785", "#e8ebee"
PLAN, ACTUAL, BAR = "#b5541c", "#1c4f82", "#c3d3e4"
STATE_COLOURS: Mapping[str, str] = MappingProxyType(  # dark to light, so that they differ in grey
    {
        "red": "#8c1d18",
        "yellow": "#e39a1f",
        "notice": "#a9cbe8",
        "none": "#e3e7ea",
        "undue": "#ffffff",
    }
)
STATE_MARKERS: Mapping[str, str] = MappingProxyType(  # each a shape of its own, also without colour
    {"red": "X", "yellow": "^", "notice": "D", "none": "o", "undue": "s"}
)

_STYLE: dict[Any, Any] = {  # Any: the stubs spell out every key
    "font.family": [_FAMILY],
    "font.size": 9.0,
    "axes.unicode_minus": False,
    "text.parse_math": False,  # a $ in a project's name is a $
    "text.hinting": "none",
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "svg.fonttype": "none",  # as text: it can be found and copied, and is a fifth of the size
    "svg.hashsalt": "monitor",
}


@cache
def _register() -> None:
    known = font_manager.fontManager.ttflist
    known.append(font_manager.FontEntry(fname=str(font_path()), name=_FAMILY, weight=400))


@contextmanager
def drawing() -> Iterator[None]:
    """The house style; both making and saving a figure happen inside."""
    _register()
    with mpl.rc_context(_STYLE):
        yield


def canvas(
    width: float, height: float, *, left: float, right: float, top: float, bottom: float
) -> tuple[Figure, Axes]:
    """A figure of `width` × `height` inches with one pair of axes inside margins in inches."""
    figure = Figure(figsize=(width, height), dpi=DPI)
    FigureCanvasAgg(figure)
    inner = (width - left - right) / width, (height - top - bottom) / height
    return figure, figure.add_axes((left / width, bottom / height, *inner))


def agg(figure: Figure) -> Any:  # a FigureCanvasAgg, whose methods are untyped
    """What a figure made by `canvas` is drawn on."""
    return figure.canvas


def text_points(text: str, size: float) -> float:
    """How wide a line of text is at most, in points: a Chinese character is as wide as high."""
    return sum(size if ord(c) > 0xFF or c in "@mMW%" else 0.65 * size for c in text)


def fitting(text: str, size: float, width: float) -> float:
    """The font size, `size` at most, at which a text fits into `width` points."""
    return min(size, size * width / max(text_points(text, size), 1.0))


def png(figure: Figure) -> bytes:
    """The figure at 200 dpi, for documents."""
    with drawing():
        figure.canvas.draw()
    return paletted(figure)


def paletted(figure: Figure) -> bytes:
    """What is drawn on a figure's canvas as a PNG of at most 256 colours; fast and small."""
    pixels = np.asarray(agg(figure).buffer_rgba()).view("<u4")[..., 0]  # 0xAABBGGRR
    colours, nearest = _palette()
    drawn = pixels != 0xFFFFFFFF  # nearly all is white
    few = pixels[drawn]
    keys = (few & 0xF8) << 7 | (few & 0xF800) >> 6 | (few & 0xF80000) >> 19
    image = np.full(pixels.shape, nearest[-1], dtype=np.uint8)  # white
    image[drawn] = nearest[keys]
    picture = Image.fromarray(image)
    picture.putpalette(colours)
    buffer = BytesIO()
    picture.save(buffer, "PNG", dpi=(DPI, DPI), compress_level=4)
    return buffer.getvalue()


@cache
def _palette() -> tuple[bytes, NDArray[np.uint8]]:
    """Our colours in steps towards white, which comes last; the nearest of every 15-bit colour."""
    own = [INK, GREY, PALE, PLAN, ACTUAL, BAR, *STATE_COLOURS.values()]
    steps = np.linspace(0, 1, 20)
    mixed: set[tuple[int, ...]] = {(255, 255, 255)}
    for colour in own:
        rgb = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])
        mixed |= {tuple((rgb + (255 - rgb) * step).astype(int).tolist()) for step in steps}
    colours = np.array(sorted(mixed), dtype=np.int32)
    fifths = np.arange(1 << 15)
    every = np.stack([(fifths >> shift & 31) * 255 // 31 for shift in (10, 5, 0)], axis=1)
    # the squared distance less the part that is the same for all colours
    distance = (colours**2).sum(axis=1) - 2 * every @ colours.T
    return colours.astype(np.uint8).tobytes(), distance.argmin(axis=1).astype(np.uint8)


def svg(figure: Figure, name: str, title: str, description: str) -> str:
    """The figure as an `<svg>` element for a page, with its title and description.

    `name` keeps its ids apart from those of other charts on the page.
    """
    buffer = StringIO()
    nothing: dict[str, Any] = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    with drawing():
        figure.savefig(buffer, format="svg", metadata=nothing)
    return _inline(buffer.getvalue(), name, title, description)


def _inline(document: str, name: str, title: str, description: str) -> str:
    """Without prolog and name spaces, which HTML does not need, and scaling with the page."""
    element = document[document.index("<svg") :]
    head, body = element.split(">", 1)
    box = re.search(r'viewBox="[^"]*"', head)
    body = re.sub(r'\bid="', f'id="{name}-', body)
    body = re.sub(r'(xlink:href="#|url\(#)', rf"\1{name}-", body)
    body = body.replace(f"font-family: '{_FAMILY}'", f"font-family: '{PAGE_FAMILY}'")
    opening = (
        f'<svg {box[0] if box else ""} role="img" class="chart"'
        f' aria-labelledby="{name}-title {name}-text">'
    )
    titles = (
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-text">{escape(description)}</desc>'
    )
    return opening + titles + body.strip()
