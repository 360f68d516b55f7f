"""A Paper as a workbook (.xlsx) that prints as the form does: every text whole, every box merged.

All contents are texts as printed, never formulas. Equal papers give equal bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time
from functools import partial
from io import BytesIO
from struct import unpack
from typing import Any

import xlsxwriter

from monitor.reports.assessment.draft import Cell, Mark
from monitor.reports.charts.plan_chart import plan_png
from monitor.reports.glyphs import printable
from monitor.reports.paper.blocks import (
    Block,
    Box,
    Paper,
    Paragraph,
    Picture,
    Style,
    Table,
    beneath,
    grid,
    tables,
)
from monitor.reports.paper.docx_styles import BLUE, DIGITS, FANGSONG, GREY, LOOKS
from monitor.reports.paper.sheet_rows import cut, edges, height_of, lines_in, sheet_heights

_A4 = 9
_SMALL = 8.0  # points
_CELL = 10.5
_LONGEST = 32_000  # characters; a cell takes 32,767
_COLOURS = {Mark.OPEN: GREY, Mark.COMPUTED: BLUE, Mark.PROPOSED: BLUE}


def xlsx(paper: Paper) -> bytes:
    """The .xlsx file: the form on the first sheet, what follows it on a second.

    Raises ValueError where a table's boxes overlap or leave a gap.
    """
    packed = BytesIO()
    font = {"font_name": DIGITS, "font_size": 12}  # anew each time: xlsxwriter writes into it
    book = xlsxwriter.Workbook(packed, {"in_memory": True, "default_format_properties": font})
    created = datetime.combine(paper.as_of, time())
    book.set_properties({"title": printable(paper.title)[:255], "author": "monitor",
                         "created": created})  # fmt: skip
    form, rest = _parted(paper.blocks)
    for name, blocks in (("正表", form), ("附页", rest)):
        if blocks:
            _Sheet(book, name, paper).write(blocks)
    book.close()
    return packed.getvalue()


def _parted(blocks: Sequence[Block]) -> tuple[Sequence[Block], Sequence[Block]]:
    """The form, to its last table and the lines below, and what comes after under a heading.

    On a sheet of its own, because the head of a table is repeated on every page of its sheet.
    """
    last = max((i for i, block in enumerate(blocks) if isinstance(block, Table)), default=-1)
    for i, block in enumerate(blocks):
        heads = isinstance(block, Paragraph) and block.style is Style.HEADING
        if i > last >= 0 and (heads or isinstance(block, Picture)):
            return blocks[:i], blocks[i:]
    return blocks, ()


class _Sheet:
    """A sheet that grows downwards. Its columns are those of all its tables together."""

    def __init__(self, book: Any, name: str, paper: Paper) -> None:
        self._book, self._sheet = book, book.add_worksheet(name)
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}
        self._row = 0
        whole = (22.5,) * 8 if not paper.landscape else (22.25,) * 12
        self._edges = edges([table.widths_mm for table in tables(paper)] or [whole])
        self._set_up(paper)

    def write(self, blocks: Sequence[Block]) -> None:
        repeated = False
        before: Block | None = None
        for block in blocks:
            if isinstance(block, Paragraph):
                self._paragraph(block)
            elif isinstance(block, Picture):
                self._picture(block)
            else:
                if isinstance(before, Table) and not block.joined:
                    self._row += 1
                if block.header_rows and not repeated:
                    repeated = True
                    self._sheet.repeat_rows(self._row, self._row + block.header_rows - 1)
                self._table(block)
            before = block

    def _set_up(self, paper: Paper) -> None:
        sheet = self._sheet
        for column, (left, right) in enumerate(zip(self._edges, self._edges[1:], strict=False)):
            sheet.set_column_pixels(column, column, round((right - left) / 25.4 * 96))
        sheet.set_paper(_A4)
        if paper.landscape:
            sheet.set_landscape()
        sheet.set_margins(left=0.59, right=0.59, top=0.75, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.center_horizontally()
        sheet.hide_gridlines(2)
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
        if paper.stamp:
            sheet.set_header(f"&C{_field(paper.stamp)}")
        sheet.set_footer(f"&C第 &P 页　共 &N 页　　{_field(paper.foot)}")

    def _format(self, **look: Any) -> Any:
        key = tuple(sorted(look.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(look)
        return self._formats[key]

    def _paragraph(self, paragraph: Paragraph) -> None:
        look, cell = LOOKS[paragraph.style], paragraph.cell
        small = beneath(cell)
        text = _clean(cell.text + (f"（{small}）" if small else ""))
        first = "　　" if look.first > 0 else ""
        style = self._format(
            **_font(text, look.size / 2, look.family, _COLOURS.get(cell.mark, look.colour)),
            **_place(look.align),
            italic=cell.is_open,
            border=int(look.box),
        )
        wide = self._edges[-1]
        pitch = look.line / 20 if look.line else look.size / 2 * 1.4
        spare = (look.before + look.after) / 20
        for part in cut(first + text, look.size / 2, wide, pitch):
            points = lines_in(part, look.size / 2, wide) * pitch + spare + 2
            self._sheet.set_row(self._row, points)
            self._fill((self._row, 0, self._row, len(self._edges) - 2), [(part, None)], style)
            self._row += 1

    def _picture(self, picture: Picture) -> None:
        image = plan_png(picture.curve)
        pixels = unpack(">II", image[16:24])
        scale = picture.width_mm / 25.4 * _dots(image) / pixels[0]
        high = pixels[1] / pixels[0] * picture.width_mm / 25.4 * 72
        rows = -int(-(high + 6) // 15)
        for row in range(self._row, self._row + rows):
            self._sheet.set_row(row, 15)
        options = {
            "image_data": BytesIO(image),
            "x_scale": scale,
            "y_scale": scale,
            "y_offset": 3,
            "object_position": 3,  # stays as large, whatever a program makes of the cells
            "description": printable(picture.description),
        }
        self._sheet.insert_image(self._row, 0, "chart.png", options)
        self._row += rows

    def _table(self, table: Table) -> None:
        """Each row as high as its texts; a row too high for a sheet becomes several."""
        heights = sheet_heights(table, partial(height_of, small_size=_SMALL, size=_CELL))
        tops = [self._row]
        for parts in heights:
            for points in parts:
                self._sheet.set_row(self._row, points)
                self._row += 1
            tops.append(self._row)
        for box, row, column in _boxes(table):
            mm = (sum(table.widths_mm[:column]), sum(table.widths_mm[: column + box.columns]))
            left, right = (self._column(each) for each in mm)
            area = (tops[row], left, tops[row + box.rows] - 1, right - 1)
            self._fill(area, list(self._texts(box)), self._box_format(box))

    def _column(self, millimetres: float) -> int:
        return min(range(len(self._edges)), key=lambda i: abs(self._edges[i] - millimetres))

    def _box_format(self, box: Box) -> Any:
        first = box.cells[0] if box.cells else Cell("")
        small = beneath(first) or len(box.cells) > 1
        lines = {"left": 1, "right": 1, "top": int(not box.open_top)}
        return self._format(
            **_font("中" if small else first.text, _CELL, FANGSONG, _COLOURS.get(first.mark, "")),
            **_place("left" if box.left else "center"),
            **lines,
            bottom=int(not box.open_bottom),
            italic=first.is_open,
        )

    def _texts(self, box: Box) -> Iterator[tuple[str, Any]]:
        """What is open is grey, what the program put there is blue; both say so in words."""
        for number, cell in enumerate(box.cells):
            colour, before = _COLOURS.get(cell.mark, ""), "\n" if number else ""
            big = _font(cell.text, _CELL, FANGSONG, colour)
            yield before + _clean(cell.text), self._format(**big, italic=cell.is_open)
            if small := _clean(beneath(cell)):
                look = self._format(**_font("中", _SMALL, FANGSONG, colour), italic=True)
                yield f"\n{small}", look

    def _fill(
        self, area: tuple[int, int, int, int], texts: list[tuple[str, Any]], style: Any
    ) -> None:
        """Texts in a box, never a formula or a number. One look alone is that of the cell."""
        row, column, last_row, last_column = area
        if (row, column) != (last_row, last_column):
            self._sheet.merge_range(*area, "", style)
        full = [(text, look) for text, look in texts if text]
        if not full:
            self._sheet.write_blank(row, column, None, style)
        elif len(full) == 1:
            self._sheet.write_string(row, column, full[0][0], style)
        else:
            fragments = [each for text, look in full for each in (look, text)]
            self._sheet.write_rich_string(row, column, *fragments, style)


def _boxes(table: Table) -> Iterator[tuple[Box, int, int]]:
    """Each box with the row and column of the table in which it begins."""
    for r, line in enumerate(grid(table)):
        for c, (box, begins) in enumerate(line):
            if begins:
                yield box, r, c


def _dots(png: bytes) -> float:
    """Dots an inch that a picture says it has, 96 where it says none: so its size is taken."""
    at = png.find(b"pHYs")
    return unpack(">I", png[at + 4 : at + 8])[0] * 0.0254 if at > 0 else 96.0


def _clean(text: str) -> str:
    plain = printable(text)
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]}…（过长，全文见 .docx）"


def _field(text: str) -> str:
    """A text in a page's head or foot, which & would make a code."""
    return printable(text).replace("\n", " ").replace("&", "&&")[:200]


def _font(text: str, size: float, family: str, colour: str) -> dict[str, Any]:
    """Digits and Latin letters alone are set in Times New Roman, as in the .docx."""
    name = DIGITS if text.isascii() and text else family
    look: dict[str, Any] = {"font_name": name, "font_size": size}
    return look | ({"font_color": f"#{colour}"} if colour else {})


def _place(align: str) -> dict[str, Any]:
    across = "left" if align == "both" else align
    return {"align": across, "valign": "vcenter", "text_wrap": True}
