"""An A4 document in the manner of official papers: fonts, footer, and bytes that never vary."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from io import BytesIO
from typing import cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from monitor.reports.glyphs import printable
from monitor.reports.paper.docx_styles import DIGITS, FANGSONG, TITLE_FONT, font_table

BODY, TITLE = FANGSONG, TITLE_FONT
GREY, BLUE = RGBColor(0x59, 0x63, 0x6E), RGBColor(0x1C, 0x4F, 0x82)
_EPOCH = (1980, 1, 1, 0, 0, 0)


def a4_document(title: str, as_of: date) -> Document:
    """An empty portrait A4 document in 仿宋 10.5 pt, dated `as_of`."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(15)
    section.top_margin, section.bottom_margin = Mm(18), Mm(16)
    section.footer_distance = Mm(9)
    normal = cast("ParagraphStyle", document.styles["Normal"])
    normal.font.name, normal.font.size = DIGITS, Pt(10.5)
    set_east_asia(normal.element.get_or_add_rPr(), BODY)
    normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(0)
    _declare_fonts(document)
    _describe(document, title, as_of)
    return document


def set_east_asia(properties: BaseOxmlElement, family: str) -> None:
    """The font of Chinese text; a name alone would set that of Latin text only."""
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    fonts.set(qn("w:eastAsia"), family)


def write(
    paragraph: Paragraph,
    text: str,
    *,
    size: float | None = None,
    family: str | None = None,
    colour: RGBColor | None = None,
    italic: bool = False,
) -> Run:
    """Adds a run of user text; `size` in points, what is None is the style's."""
    run = paragraph.add_run(printable(text))
    run.font.size = None if size is None else Pt(size)
    if family is not None:
        run.font.name = DIGITS
        set_east_asia(run.element.get_or_add_rPr(), family)
    if colour is not None:
        run.font.color.rgb = colour
    run.italic = italic or None
    return run


def save(document: Document) -> bytes:
    """The .docx file; equal documents give equal bytes, for no entry carries the time."""
    raw, packed = BytesIO(), BytesIO()
    document.save(raw)
    with ZipFile(raw) as parts, ZipFile(packed, "w") as target:
        for name in parts.namelist():
            entry = ZipInfo(name, _EPOCH)
            entry.compress_type = ZIP_DEFLATED
            target.writestr(entry, parts.read(name))
    return packed.getvalue()


def _declare_fonts(document: Document) -> None:
    """Names the fallbacks of the fonts, in a font table of our own."""
    blob = font_table().encode()
    part = document.part
    for relation in part.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.FONT_TABLE:
            del part.rels[relation.rId]
            break
    fonts = Part(PackURI("/word/fontTable.xml"), CONTENT_TYPE.WML_FONT_TABLE, blob, part.package)
    part.relate_to(fonts, RELATIONSHIP_TYPE.FONT_TABLE)


def _describe(document: Document, title: str, as_of: date) -> None:
    """The file's properties: fixed, and in time no later than the data."""
    properties, stamp = document.core_properties, datetime.combine(as_of, time(), UTC)
    properties.title, properties.language = printable(title)[:255], "zh-CN"
    properties.author = properties.last_modified_by = "monitor"
    properties.comments = ""
    properties.created = properties.modified = stamp
    properties.revision = 1
