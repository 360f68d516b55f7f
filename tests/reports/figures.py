"""What stands in a figure, and whether all of it can be read."""

from __future__ import annotations

from itertools import combinations

from matplotlib.figure import Figure
from matplotlib.text import Text

from monitor.reports.charts.drawing import png


def texts(figure: Figure) -> list[Text]:
    """All texts of a figure that show, as they stand after drawing."""
    png(figure)
    found: list[Text] = figure.findobj(Text)
    return [each for each in found if each.get_text() and each.get_visible() and shown(each)]


def shown(text: Text) -> bool:
    """Whether it is no tick label of axes that are switched off."""
    return text.axes is None or text in text.axes.texts


def words(figure: Figure) -> list[str]:
    return [each.get_text() for each in texts(figure)]


def cut_or_meeting(figure: Figure) -> list[str]:
    """Labels that meet another one or the figure's edge."""
    boxes = {each: each.get_window_extent() for each in texts(figure)}
    width, height = figure.canvas.get_width_height()
    meeting = [
        f"{a.get_text()} / {b.get_text()}"
        for (a, box), (b, other) in combinations(boxes.items(), 2)
        if box.shrunk(0.9, 0.9).overlaps(other.shrunk(0.9, 0.9))
    ]
    return meeting + [
        each.get_text()
        for each, box in boxes.items()
        if box.x0 < 0 or box.y0 < 0 or box.x1 > width or box.y1 > height
    ]
