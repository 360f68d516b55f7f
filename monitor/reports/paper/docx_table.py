"""Tables of a .docx as XML: boxes that span columns and run down over rows."""

from __future__ import annotations

from functools import cache
from xml.sax.saxutils import quoteattr

from monitor.reports.assessment.draft import Cell
from monitor.reports.glyphs import printable
from monitor.reports.paper.blocks import Box, Row, Table, beneath, grid
from monitor.reports.paper.docx_styles import CELL, CELL_LEFT, Look
from monitor.reports.paper.docx_text import COLOURS, paragraph, run

_SMALL = 15  # half points, for what stands beneath a cell's content


def table_xml(table: Table, *, runs_on: bool) -> str:
    """The table. `runs_on`: the next one continues it, so its last line is left to that one.

    Raises ValueError where the boxes overlap or leave a gap.
    """
    widths = [_twips(width) for width in table.widths_mm]
    columns = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    full = grid(table)
    last = len(full) - 1
    rows = (
        _row(table.rows[r], line, widths, header=r < table.header_rows, open_=runs_on and r == last)
        for r, line in enumerate(full)
    )
    caption = quoteattr(printable(table.caption))
    properties = (
        f'<w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'{_borders()}<w:tblLayout w:type="fixed"/>{_margins()}'
        f'<w:tblLook w:val="0020" w:firstRow="1"/>'
        f"<w:tblCaption w:val={caption}/><w:tblDescription w:val={caption}/></w:tblPr>"
    )
    return f"<w:tbl>{properties}<w:tblGrid>{columns}</w:tblGrid>{''.join(rows)}</w:tbl>"


@cache
def _borders() -> str:
    line = '<w:{0} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    return f"<w:tblBorders>{''.join(line.format(side) for side in sides)}</w:tblBorders>"


@cache
def _margins() -> str:
    sides = (("top", 25), ("left", 45), ("bottom", 25), ("right", 45))
    each = "".join(f'<w:{side} w:w="{twips}" w:type="dxa"/>' for side, twips in sides)
    return f"<w:tblCellMar>{each}</w:tblCellMar>"


def _row(
    row: Row, line: list[tuple[Box, bool]], widths: list[int], *, header: bool, open_: bool
) -> str:
    """The boxes of a row, and the continuations of those that run down through it."""
    cells, column = [], 0
    while column < len(line):
        box, begins = line[column]
        wide = sum(widths[column : column + box.columns])
        cells.append(_box(box, wide, begins=begins, open_=open_, keep=row.keeps))
        column += box.columns
    properties = (
        ("" if row.splits else "<w:cantSplit/>")
        + f'<w:trHeight w:val="{_twips(row.height_mm)}" w:hRule="atLeast"/>'
        + ("<w:tblHeader/>" if header else "")
    )
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def _box(box: Box, width: int, *, begins: bool, open_: bool, keep: bool) -> str:
    down = ""
    if box.rows > 1:
        down = '<w:vMerge w:val="restart"/>' if begins else "<w:vMerge/>"
    sides = [("top", box.open_top), ("bottom", box.open_bottom or open_)]
    lines = "".join(f'<w:{side} w:val="nil"/>' for side, wanted in sides if wanted)
    properties = (
        f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>'
        + (f'<w:gridSpan w:val="{box.columns}"/>' if box.columns > 1 else "")
        + down
        + (f"<w:tcBorders>{lines}</w:tcBorders>" if lines else "")
        + '<w:vAlign w:val="center"/></w:tcPr>'
    )
    look = CELL_LEFT if box.left else CELL
    texts = "".join(_content(cell, look, keep=keep) for cell in box.cells) if begins else ""
    return f"<w:tc>{properties}{texts or paragraph(look, '', keep=keep)}</w:tc>"


def _content(cell: Cell, look: Look, *, keep: bool) -> str:
    colour, small = COLOURS.get(cell.mark, ""), beneath(cell)
    text = paragraph(look, run(cell.text, look, colour=colour, italic=cell.is_open), keep=keep)
    if not small:
        return text
    beneath_it = run(small, look, size=_SMALL, colour=colour, italic=True)
    return text + paragraph(look, beneath_it, keep=keep)


def _twips(millimetres: float) -> int:
    return round(millimetres * 1440 / 25.4)
