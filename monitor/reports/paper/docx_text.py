"""Paragraphs and runs of a .docx as XML."""

from __future__ import annotations

from functools import cache
from xml.sax.saxutils import escape

from monitor.reports.assessment.draft import Mark
from monitor.reports.glyphs import printable
from monitor.reports.paper.docx_styles import BLUE, GREY, Look, fonts

COLOURS = {Mark.OPEN: GREY, Mark.COMPUTED: BLUE, Mark.PROPOSED: BLUE}
"""What is open is grey, what the program put there is blue; both say so in words."""


def paragraph(look: Look, runs: str, *, exact: int = 0, keep: bool = False) -> str:
    """`exact`: the height of its lines in twips; `keep`: on one page with what follows."""
    spacing = f'<w:spacing w:line="{exact}" w:lineRule="exact"/>' if exact else ""
    stays = "<w:keepNext/>" if keep else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{look.id}"/>{stays}{spacing}</w:pPr>{runs}</w:p>'


def run(
    text: str, look: Look, *, size: int | None = None, colour: str = "", italic: bool = False
) -> str:
    """A text as it is, line breaks kept; `size` in half points, what is not given is the look's."""
    plain = escape(printable(text))
    if not plain:
        return ""
    inner = '</w:t><w:br/><w:t xml:space="preserve">'.join(plain.split("\n"))
    style = run_look(look, size, colour, italic=italic)
    return f'<w:r>{style}<w:t xml:space="preserve">{inner}</w:t></w:r>'


@cache
def run_look(look: Look, size: int | None = None, colour: str = "", *, italic: bool = False) -> str:
    """The properties of a run: it names its Chinese font itself, as some programs want it."""
    ink = colour or look.colour
    return "".join(
        (
            f"<w:rPr>{fonts(look.family)}",
            "<w:i/><w:iCs/>" if italic else "",
            f'<w:color w:val="{ink}"/>' if ink else "",
            f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>' if size else "",
            "</w:rPr>",
        )
    )
