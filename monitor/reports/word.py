"""An A4 document in the manner of official papers: fonts, footer, and bytes that never vary."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from io import BytesIO
from typing import cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
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

BODY, HEAD, TITLE, DIGITS = "仿宋", "黑体", "方正小标宋简体", "Times New Roman"
_FALLBACKS = {  # what takes a font's place on a machine that lacks it, best first
    TITLE: "小标宋;方正小标宋_GBK;华文中宋;STZhongsong;黑体;SimHei;宋体;SimSun",
    BODY: "仿宋_GB2312;FangSong;华文仿宋;STFangsong;宋体;SimSun",
    HEAD: "SimHei;华文黑体;STHeiti;微软雅黑;Microsoft YaHei",
}
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


def add_footer(document: Document, words: str) -> None:
    """第 X 页 共 Y 页, and `words`, in the middle of each page's foot."""
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for before, field in (("第 ", "PAGE"), (" 页　共 ", "NUMPAGES")):
        write(paragraph, before, size=9, colour=GREY)
        _add_field(paragraph, field)
    write(paragraph, f" 页　　{words}", size=9, colour=GREY)


def add_picture(
    document: Document, paragraph: Paragraph, png: bytes, width_mm: int, description: str
) -> None:
    """A picture in the line, with `description` for those who cannot see it."""
    inline = document.part.new_pic_inline(BytesIO(png), width=Mm(width_mm))
    inline.docPr.set("descr", printable(description))
    paragraph.add_run().element.add_drawing(inline)


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


def _add_field(paragraph: Paragraph, name: str) -> None:
    """A field that the word processor computes, such as PAGE; its first content is a 1."""
    for kind in ("begin", "instruction", "separate", "result", "end"):
        run = write(paragraph, "1" if kind == "result" else "", size=9, colour=GREY)
        if kind == "instruction":
            instruction = OxmlElement("w:instrText")
            instruction.text = f" {name} "
            run.element.append(instruction)
        elif kind != "result":
            run.element.append(OxmlElement("w:fldChar", {qn("w:fldCharType"): kind}))


def _declare_fonts(document: Document) -> None:
    """Names the fallbacks of the fonts, in a font table of our own."""
    table = OxmlElement("w:fonts")
    for family, fallbacks in _FALLBACKS.items():
        font = OxmlElement("w:font", {qn("w:name"): family})
        details = {"w:altName": fallbacks, "w:charset": "86", "w:family": "auto"}
        for name, value in details.items():
            font.append(OxmlElement(name, {qn("w:val"): value}))
        table.append(font)
    blob = serialize_part_xml(table)
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
