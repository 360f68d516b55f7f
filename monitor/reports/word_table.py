"""Tables of a form, row by row: boxes that span columns and run down over rows.

Built on the XML elements of python-docx, because merging finished cells is slow and reorders
their text. Texts go in as runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from docx.document import Document
from docx.enum.table import WD_ALIGN_VERTICAL, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.oxml.table import CT_Row, CT_Tbl, CT_Tc
from docx.shared import Emu, Mm
from docx.table import Table
from docx.text.paragraph import Paragraph

from monitor.reports.assessment.draft import Cell, Mark
from monitor.reports.word import BLUE, GREY, write

_SMALL = 8.0  # points, for what stands beneath a cell's content
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


@dataclass(frozen=True, slots=True)
class Box:
    """A cell of the table: its paragraphs, and the columns it spans.

    `down` is `restart` where it begins to run down, `continue` in the rows below. `open_side`
    is a side without a line.
    """

    cells: tuple[Cell, ...] = ()
    span: int = 1
    down: str = ""
    left: bool = False
    open_side: str = ""


def label(text: str, span: int = 1, down: str = "", open_side: str = "") -> Box:
    return Box((Cell(text),), span, down, open_side=open_side)


class FormTable:
    """A bordered table of fixed column widths (in mm) at the end of a document."""

    def __init__(self, document: Document, widths_mm: Sequence[float]) -> None:
        self._document = document
        self._widths = [Mm(width) for width in widths_mm]
        self._table = CT_Tbl.new_tbl(0, len(widths_mm), Emu(sum(self._widths)))
        document.element.body.insert_element_before(self._table, "w:sectPr")
        for column, width in zip(self._table.tblGrid.gridCol_lst, self._widths, strict=True):
            column.w = width
        proxy = Table(self._table, document)
        proxy.alignment, proxy.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        self._rule()

    def row(
        self, *boxes: Box, height_mm: float = 7.5, header: bool = False, splits: bool = False
    ) -> None:
        """Adds a row. A header is repeated on each page; a row stays on one page unless it splits.

        Only the rows at the top of a table can be headers: so the word processors have it.
        """
        row = self._table.add_tr()
        row.trHeight_val, row.trHeight_hRule = Mm(height_mm), WD_ROW_HEIGHT_RULE.AT_LEAST
        for wanted, name in ((not splits, "w:cantSplit"), (header, "w:tblHeader")):
            if wanted:
                row.get_or_add_trPr().append(OxmlElement(name))
        column = 0
        for box in boxes:
            self._box(row, box, column)
            column += box.span

    def _box(self, row: CT_Row, box: Box, column: int) -> None:
        cell = row.add_tc()
        cell.width = Emu(sum(self._widths[column : column + box.span]))
        if box.span > 1:
            cell.grid_span = box.span
        if box.down:
            cell.vMerge = box.down
        if box.open_side:
            _leave_open(cell, box.open_side)
        cell.get_or_add_tcPr().vAlign_val = WD_ALIGN_VERTICAL.CENTER
        for i, content in enumerate(box.cells):
            first = cell.p_lst[0] if i == 0 else cell.add_p()
            self._fill(cell, Paragraph(first, self._document), content, left=box.left)

    def _fill(self, cell: CT_Tc, paragraph: Paragraph, content: Cell, *, left: bool) -> None:
        """What is open is grey, what the program computed is blue; both say so in words."""
        colour = {Mark.OPEN: GREY, Mark.COMPUTED: BLUE}.get(content.mark)
        align = WD_ALIGN_PARAGRAPH.LEFT if left else WD_ALIGN_PARAGRAPH.CENTER
        paragraph.alignment = align
        write(paragraph, content.text, colour=colour, italic=content.is_open)
        small = content.note if content.is_open else content.mark.label
        if small and content.note and not content.is_open:
            small = f"{small}：{content.note}"
        if small:
            beneath = Paragraph(cell.add_p(), self._document)
            beneath.alignment = align
            write(beneath, small, size=_SMALL, colour=colour, italic=True)

    def _rule(self) -> None:
        """Thin black lines, and narrow margins inside the cells."""
        properties = self._table.tblPr
        borders, margins = OxmlElement("w:tblBorders"), OxmlElement("w:tblCellMar")
        for side in _SIDES:
            line = {"val": "single", "sz": "4", "space": "0", "color": "000000"}
            attributes = {qn(f"w:{key}"): value for key, value in line.items()}
            borders.append(OxmlElement(f"w:{side}", attributes))
        for side, twips in (("top", 25), ("left", 45), ("bottom", 25), ("right", 45)):
            attributes = {qn("w:w"): str(twips), qn("w:type"): "dxa"}
            margins.append(OxmlElement(f"w:{side}", attributes))
        properties.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblLook")
        properties.insert_element_before(margins, "w:tblLook")


def _leave_open(cell: CT_Tc, side: str) -> None:
    borders = OxmlElement("w:tcBorders")
    borders.append(OxmlElement(f"w:{side}", {qn("w:val"): "nil"}))
    cell.get_or_add_tcPr().insert_element_before(borders, "w:shd", "w:vAlign")
