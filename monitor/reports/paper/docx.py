"""A Paper as a Word document (.docx): its XML put together as text, which is ten times as fast as
through an object model. Equal papers give equal bytes.

Fonts and sizes are those of official papers (domain notes, sections 1a and 1d).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from io import BytesIO
from itertools import zip_longest
from struct import unpack
from xml.sax.saxutils import quoteattr
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from monitor.reports.charts.plan_chart import plan_png
from monitor.reports.glyphs import printable
from monitor.reports.paper import docx_package as package
from monitor.reports.paper.blocks import (
    Block,
    Paper,
    Paragraph,
    Picture,
    Style,
    Table,
    beneath,
    is_official,
)
from monitor.reports.paper.docx_package import PROLOG
from monitor.reports.paper.docx_styles import FOOTER, HEADER, LOOKS, Look, font_table, style_sheet
from monitor.reports.paper.docx_table import table_xml
from monitor.reports.paper.docx_text import COLOURS, paragraph, run, run_look

_EPOCH = (1980, 1, 1, 0, 0, 0)
_EMU_MM = 36_000
_SEAM = Look("Normal", "Normal", size=2)
"""A paragraph too thin to be seen: without it Word would make one table of two."""


def docx(paper: Paper) -> bytes:
    """The .docx file. Raises ValueError where a table's boxes overlap or leave a gap."""
    pictures = [block for block in paper.blocks if isinstance(block, Picture)]
    images = [plan_png(each.curve) for each in pictures]
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        for name, text in _texts(paper, images):
            _put(archive, name, text.encode(), ZIP_DEFLATED)
        for number, image in enumerate(images, 1):
            _put(archive, f"word/media/image{number}.png", image, ZIP_STORED)
    return packed.getvalue()


def _put(archive: ZipFile, name: str, content: bytes, method: int) -> None:
    entry = ZipInfo(name, _EPOCH)
    entry.compress_type = method
    archive.writestr(entry, content)


def _texts(paper: Paper, images: Sequence[bytes]) -> Iterator[tuple[str, str]]:
    yield from _fixed_texts()
    yield "word/_rels/document.xml.rels", package.document_relations(len(images))
    yield "docProps/core.xml", package.core_properties(printable(paper.title), str(paper.as_of))
    stamp = paragraph(HEADER, run(paper.stamp, HEADER))
    yield "word/header1.xml", f"{PROLOG}<w:hdr {package.W}>{stamp}</w:hdr>"
    yield "word/footer1.xml", f"{PROLOG}<w:ftr {package.W}>{_footer(paper.foot)}</w:ftr>"
    body = "".join(_body(paper, images)) + _section(paper)
    yield (
        "word/document.xml",
        f"{PROLOG}<w:document {package.NAMES}><w:body>{body}</w:body></w:document>",
    )


@cache
def _fixed_texts() -> tuple[tuple[str, str], ...]:
    return (
        ("[Content_Types].xml", package.content_types()),
        ("_rels/.rels", package.package_relations()),
        ("word/styles.xml", style_sheet()),
        ("word/settings.xml", package.settings()),
        ("word/fontTable.xml", font_table()),
    )


def _section(paper: Paper) -> str:
    """A4; with a stamp the head takes a little of the page."""
    wide, high = (16838, 11906) if paper.landscape else (11906, 16838)
    across = ' w:orient="landscape"' if paper.landscape else ""
    side, top = (1474, 1701) if is_official(paper) else (850, 1020)
    return (
        '<w:sectPr><w:headerReference w:type="default" r:id="rId4"/>'
        '<w:footerReference w:type="default" r:id="rId5"/>'
        f'<w:pgSz w:w="{wide}" w:h="{high}"{across}/>'
        f'<w:pgMar w:top="{top}" w:right="{side}" w:bottom="907" w:left="{side}"'
        ' w:header="510" w:footer="454" w:gutter="0"/></w:sectPr>'
    )


def _footer(words: str) -> str:
    """第 X 页 共 Y 页, and `words`; the word processor counts."""
    runs = [
        run("第 ", FOOTER),
        *_field("PAGE"),
        run(" 页　共 ", FOOTER),
        *_field("NUMPAGES"),
        run(f" 页　　{words}" if words else " 页", FOOTER),
    ]
    return paragraph(FOOTER, "".join(runs))


def _field(name: str) -> Iterator[str]:
    look = run_look(FOOTER)
    for kind in ("begin", "instruction", "separate", "result", "end"):
        if kind == "result":
            yield f"<w:r>{look}<w:t>1</w:t></w:r>"
        elif kind == "instruction":
            yield f'<w:r>{look}<w:instrText xml:space="preserve"> {name} </w:instrText></w:r>'
        else:
            yield f'<w:r>{look}<w:fldChar w:fldCharType="{kind}"/></w:r>'


def _body(paper: Paper, images: Sequence[bytes]) -> Iterator[str]:
    found = iter(enumerate(images, 1))
    before: Block | None = None
    for block, after in zip_longest(paper.blocks, paper.blocks[1:]):
        if isinstance(block, Paragraph):
            yield _text(block, keep=isinstance(after, Table))
        elif isinstance(block, Picture):
            number, image = next(found)
            yield _picture(block, number, image)
        else:
            if isinstance(before, Table):
                yield paragraph(_SEAM, "", exact=20 if block.joined else 120)
            yield table_xml(block, runs_on=isinstance(after, Table) and after.joined)
        before = block


def _text(of: Paragraph, *, keep: bool) -> str:
    """`keep`: on one page with the table below."""
    look, cell = LOOKS[of.style], of.cell
    colour = COLOURS.get(cell.mark, "")
    small = beneath(cell)
    runs = run(cell.text, look, colour=colour, italic=cell.is_open)
    if small:
        runs += run(f"（{small}）", look, colour=colour, italic=True)
    return paragraph(look, runs, keep=keep)


def _picture(picture: Picture, number: int, image: bytes) -> str:
    """In the line, with its description for those who cannot see it."""
    pixels_wide, pixels_high = unpack(">II", image[16:24])
    wide = picture.width_mm * _EMU_MM
    size = f'cx="{wide}" cy="{wide * pixels_high // pixels_wide}"'
    words = quoteattr(printable(picture.description))
    kind = "http://schemas.openxmlformats.org/drawingml/2006/picture"
    drawing = (
        f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent {size}/>'
        f'<wp:docPr id="{number}" name="图 {number}" descr={words}/>'
        "<wp:cNvGraphicFramePr/><a:graphic>"
        f'<a:graphicData uri="{kind}"><pic:pic><pic:nvPicPr>'
        f'<pic:cNvPr id="{number}" name="image{number}.png" descr={words}/><pic:cNvPicPr/>'
        f'</pic:nvPicPr><pic:blipFill><a:blip r:embed="rIdP{number}"/><a:stretch><a:fillRect/>'
        f'</a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData>'
        "</a:graphic></wp:inline>"
    )
    look = LOOKS[Style.CAPTION]
    inline = f"<w:r>{run_look(look)}<w:drawing>{drawing}</w:drawing></w:r>"
    return paragraph(look, inline, keep=True)
