"""How charts are drawn and saved: the shipped font, the colours, and bytes that never vary.

Figures are made without pyplot: no global state, nothing to close.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import escape
from io import BytesIO, StringIO
from types import MappingProxyType
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from monitor.reports.glyphs import font_path

_FAMILY = "monitor report"
"""The shipped font under a name of its own, so that no installed font of its family stands in."""

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

_STYLE: dict[Any, Any] = {  # Any: the stubs spell out every key
    "font.family": [_FAMILY],
    "font.size": 9.0,
    "axes.unicode_minus": False,
    "text.parse_math": False,  # a $ in a project's name is a $
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": GREY,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "svg.fonttype": "path",
    "svg.hashsalt": "monitor",
}


def _register() -> None:
    known = font_manager.fontManager.ttflist
    if not any(entry.name == _FAMILY for entry in known):
        known.append(font_manager.FontEntry(fname=str(font_path()), name=_FAMILY, weight=400))


@contextmanager
def drawing() -> Iterator[None]:
    """The house style; both making and saving a figure happen inside."""
    _register()
    with mpl.rc_context(_STYLE):
        yield


def canvas(width: float, height: float) -> tuple[Figure, Axes]:
    """A figure of `width` × `height` inches with one pair of axes."""
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots()


def png(figure: Figure) -> bytes:
    """The figure at 200 dpi, for documents."""
    buffer = BytesIO()
    with drawing():
        figure.savefig(buffer, format="png", dpi=200, metadata={"Software": None})
    return buffer.getvalue()


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
    opening = (
        f'<svg {box[0] if box else ""} role="img" class="chart"'
        f' aria-labelledby="{name}-title {name}-text">'
    )
    titles = (
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-text">{escape(description)}</desc>'
    )
    return opening + titles + body.strip()
