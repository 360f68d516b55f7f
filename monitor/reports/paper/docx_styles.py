"""The looks of a .docx: paragraph styles and fonts of official papers (domain notes, 1a and 1d)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from xml.sax.saxutils import quoteattr

from monitor.reports.paper.blocks import Style
from monitor.reports.paper.docx_package import PROLOG, W

FANGSONG, HEITI, KAITI, TITLE_FONT = "仿宋", "黑体", "楷体", "方正小标宋简体"
DIGITS = "Times New Roman"
GREY, BLUE, RED = "59636E", "1C4F82", "8C1D18"
_FALLBACKS = {  # what takes a font's place on a machine that lacks it, best first
    TITLE_FONT: "小标宋;方正小标宋_GBK;华文中宋;STZhongsong;黑体;SimHei;宋体;SimSun",
    FANGSONG: "仿宋_GB2312;FangSong;华文仿宋;STFangsong;宋体;SimSun",
    HEITI: "SimHei;华文黑体;STHeiti;微软雅黑;Microsoft YaHei",
    KAITI: "楷体_GB2312;KaiTi;华文楷体;STKaiti;仿宋;宋体;SimSun",
}


@dataclass(frozen=True, slots=True)
class Look:
    """A paragraph style of Word: sizes in half points, distances in twips.

    `line` is the exact height of a line, 0 for that of the font; `first` indents the first line,
    negative it hangs; `level` is the outline level that screen readers go by.
    """

    id: str
    name: str
    family: str = FANGSONG
    size: int = 21
    align: str = "left"
    before: int = 0
    after: int = 0
    line: int = 0
    left: int = 0
    first: int = 0
    right: int = 0
    keep: bool = False
    level: int | None = None
    colour: str = ""
    box: bool = False


LOOKS = {
    Style.PLAIN: Look("Normal", "Normal"),
    Style.TITLE: Look("Title", "Title", TITLE_FONT, 44, "center", after=60, keep=True, level=0),
    Style.SUBTITLE: Look("Subtitle", "Subtitle", size=28, align="center", after=60, keep=True),
    Style.HEADING: Look(
        "FormHeading", "Form Heading", HEITI, before=160, after=40, keep=True, level=1
    ),
    Style.ITEM: Look("FormItem", "Form Item", size=18, left=280, first=-280),
    Style.NOTICE: Look("FormNotice", "Form Notice", size=18, left=60, right=60, box=True),
    Style.CAPTION: Look("Caption", "caption", size=18, align="center", before=40, after=40),
    Style.CHAPTER: Look(
        "Heading1", "heading 1", HEITI, 32, line=600, first=640, keep=True, level=0
    ),
    Style.SECTION: Look(
        "Heading2", "heading 2", KAITI, 32, line=600, first=640, keep=True, level=1
    ),
    Style.BODY: Look("BodyText", "Body Text", size=32, align="both", line=600, first=640),
    Style.SIGNATURE: Look("Signature", "Signature", size=32, align="right", line=600, right=640),
}
CELL = Look("FormCell", "Form Cell", align="center")
CELL_LEFT = Look("FormCellLeft", "Form Cell Left")
HEADER = Look("Header", "header", HEITI, align="center", colour=RED)
FOOTER = Look("Footer", "footer", size=18, align="center", colour=GREY)


@cache
def fonts(family: str) -> str:
    """The fonts of a run or style; a name alone would set that of Latin text only.

    The hint has quotation marks and dashes, which both scripts share, printed as Chinese.
    """
    return (
        f'<w:rFonts w:ascii="{DIGITS}" w:hAnsi="{DIGITS}" w:eastAsia="{family}" w:cs="{DIGITS}"'
        ' w:hint="eastAsia"/>'
    )


def style_sheet() -> str:
    """styles.xml: every style names its Chinese font, none takes it from a theme."""
    base = _text_look(LOOKS[Style.PLAIN])
    language = '<w:lang w:val="en-US" w:eastAsia="zh-CN"/>'
    table = (
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal">'
        f'<w:name w:val="Normal Table"/><w:rPr>{fonts(FANGSONG)}</w:rPr><w:tblPr>'
        '<w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style>'
    )
    looks = (*LOOKS.values(), CELL, CELL_LEFT, HEADER, FOOTER)
    return (
        f"{PROLOG}<w:styles {W}><w:docDefaults><w:rPrDefault><w:rPr>{base}{language}</w:rPr>"
        "</w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        f"{''.join(map(_style, looks))}{table}</w:styles>"
    )


def _style(look: Look) -> str:
    normal = look.id == "Normal"
    default = ' w:default="1"' if normal else ""
    based = "" if normal else '<w:basedOn w:val="Normal"/>'
    return (
        f'<w:style w:type="paragraph"{default} w:styleId="{look.id}">'
        f'<w:name w:val="{look.name}"/>{based}<w:qFormat/>'
        f"<w:pPr>{_paragraph_look(look)}</w:pPr><w:rPr>{_text_look(look)}</w:rPr></w:style>"
    )


def _paragraph_look(look: Look) -> str:
    line = f' w:line="{look.line}" w:lineRule="exact"' if look.line else ""
    first = f'w:hanging="{-look.first}"' if look.first < 0 else f'w:firstLine="{look.first}"'
    side = '<w:{0} w:val="single" w:sz="4" w:space="3" w:color="8C1D18"/>'
    sides = "".join(side.format(name) for name in ("top", "left", "bottom", "right"))
    parts = (
        "<w:keepNext/>" if look.keep else "",
        f"<w:pBdr>{sides}</w:pBdr>" if look.box else "",
        f'<w:spacing w:before="{look.before}" w:after="{look.after}"{line}/>',
        f'<w:ind w:left="{look.left}" w:right="{look.right}" {first}/>',
        f'<w:jc w:val="{look.align}"/>',
        "" if look.level is None else f'<w:outlineLvl w:val="{look.level}"/>',
    )
    return "".join(parts)


def _text_look(look: Look) -> str:
    colour = f'<w:color w:val="{look.colour}"/>' if look.colour else ""
    return f'{fonts(look.family)}{colour}<w:sz w:val="{look.size}"/><w:szCs w:val="{look.size}"/>'


def font_table() -> str:
    """fontTable.xml: the fallbacks of the fonts."""
    entries = "".join(
        f"<w:font w:name={quoteattr(name)}><w:altName w:val={quoteattr(others)}/>"
        '<w:charset w:val="86"/><w:family w:val="auto"/></w:font>'
        for name, others in _FALLBACKS.items()
    )
    return f"{PROLOG}<w:fonts {W}>{entries}</w:fonts>"
