"""A Paper as a PDF, set by typst (`monitor[pdf]`) in the shipped font: it looks the same anywhere.

Texts go in as data, never as markup. Equal papers give equal bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.errors import ConfigError
from monitor.reports.assessment.draft import Cell
from monitor.reports.charts.plan_chart import plan_png
from monitor.reports.glyphs import MISSING, font_path, lacks, printable
from monitor.reports.paper.blocks import (
    Box,
    Paper,
    Paragraph,
    Picture,
    Row,
    Style,
    Table,
    beneath,
    grid,
    is_official,
)

if TYPE_CHECKING:
    import typst

_TEMPLATE = Path(__file__).parent / "templates" / "paper.typ"


def pdf(paper: Paper) -> bytes:
    """The .pdf file. What the font cannot draw is printed as 〓, and a first line says so.

    Raises ConfigError without typst, ValueError where a table's boxes overlap or leave a gap.
    """
    made = _Values().document(paper)
    compiled = _compiler().compile(
        sys_inputs={"paper": json.dumps(made, ensure_ascii=False)},
        timestamp=datetime.combine(paper.as_of, time(), UTC),
    )
    if not isinstance(compiled, bytes):
        raise TypeError("typst gave no single file")
    return compiled


def require_typst() -> None:
    """Raises ConfigError, which says how to install it, where PDF cannot be written."""
    _compiler()


@cache
def _compiler() -> typst.Compiler:
    """Kept, because reading the font takes longer than setting a page."""
    try:
        import typst
    except ImportError as error:
        raise ConfigError(
            "没有安装 PDF 组件，写不了 .pdf。",
            '请运行 pip install "monitor[pdf]"，或改用 docx、xlsx。',
        ) from error
    return typst.Compiler(
        str(_TEMPLATE), font_paths=[str(font_path().parent)], ignore_system_fonts=True
    )


@dataclass(slots=True)
class _Values:
    """A paper as the JSON that the template takes; remembers what the font lacks."""

    missing: dict[str, None] = field(default_factory=dict)

    def document(self, paper: Paper) -> dict[str, Any]:
        blocks = list(self._blocks(paper))
        whole = {
            "title": self._text(paper.title),
            "day": [paper.as_of.year, paper.as_of.month, paper.as_of.day],
            "foot": self._text(paper.foot),
            "stamp": self._text(paper.stamp),
            "landscape": paper.landscape,
            "official": is_official(paper),
        }
        if self.missing:
            lacking = Paragraph(Cell(self._lacking()), Style.NOTICE)
            blocks.insert(0, self._paragraph(lacking, Style.NOTICE.value))
        return whole | {"blocks": blocks}

    def _lacking(self) -> str:
        """The characters cannot be shown here, so their code points name them."""
        codes = "、".join(f"U+{ord(each):04X}" for each in self.missing)
        return (
            f"本文件的字库缺 {len(self.missing)} 个字（{codes}），以“{MISSING}”代替；"
            "请以 .docx 为准。"
        )

    def _text(self, text: str) -> str:
        plain = printable(text)
        self.missing |= {each: None for each in plain if each != "\n" and lacks(each)}
        return "".join(MISSING if c != "\n" and lacks(c) else c for c in plain)

    def _blocks(self, paper: Paper) -> Iterator[dict[str, Any]]:
        for number, block in enumerate(paper.blocks):
            after = paper.blocks[number + 1] if number + 1 < len(paper.blocks) else None
            if isinstance(block, Paragraph):
                above = block.style is Style.CAPTION and isinstance(after, Table)
                yield self._paragraph(block, "above" if above else block.style.value)
            elif isinstance(block, Picture):
                yield self._picture(block)
            else:
                yield self._table(block, followed=isinstance(after, Table) and after.joined)

    def _paragraph(self, paragraph: Paragraph, style: str) -> dict[str, Any]:
        """`style`: the name of a look in the template."""
        return {"kind": "paragraph", "style": style, "cell": self._cell(paragraph.cell)}

    def _picture(self, picture: Picture) -> dict[str, Any]:
        return {
            "kind": "picture",
            "png": list(plan_png(picture.curve)),
            "width": picture.width_mm,
            "description": self._text(picture.description),
        }

    def _cell(self, cell: Cell) -> dict[str, str]:
        small = self._text(beneath(cell))
        return {"text": self._text(cell.text), "mark": cell.mark.value, "small": small}

    def _table(self, table: Table, *, followed: bool) -> dict[str, Any]:
        """`followed`: the next table continues it, and draws the line between them."""
        grid(table)  # raises where it cannot be drawn
        last = len(table.rows) - 1
        rows = []
        for r, row in enumerate(table.rows):
            props = next((box for box in row.boxes if box.rows == 1), None)
            rows.append(
                [
                    self._box(box, row, least=box is props, open_=followed and r + box.rows > last)
                    for box in row.boxes
                ]
            )
        return {
            "kind": "table",
            "widths": list(table.widths_mm),
            "header_rows": table.header_rows,
            "joined": table.joined,
            "followed": followed,
            "rows": rows,
        }

    def _box(self, box: Box, row: Row, *, least: bool, open_: bool) -> dict[str, Any]:
        return {
            "cells": [self._cell(cell) for cell in box.cells],
            "columns": box.columns,
            "rows": box.rows,
            "left": box.left,
            "open_top": box.open_top,
            "open_bottom": box.open_bottom or open_,
            "breakable": row.splits or box.rows > 1,
            "least": row.height_mm - 1.8 if least else 0,
        }
