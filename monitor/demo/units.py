"""The units of 云溪县, a county that does not exist, and how each writes its target document."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from monitor.domain.money import MoneyUnit

COUNTY = "云溪县"
DIVISION = "130698"
"""First six characters of all project codes; no division of Hebei bears this number."""

YUAN, WAN = MoneyUnit.YUAN, MoneyUnit.TEN_THOUSAND_YUAN
_USUAL = (3, 6, 10, 12)
_QUARTERS = (3, 6, 9, 12)
_FLOORS = (4, 6, 8, 10, 12)


class Marks(StrEnum):
    """What the word processor left beside the headings."""

    NONE = "none"
    BOOKMARK = "bookmark"  # [bookmark: _Toc_4_4_0000000004]
    FIELD = "field"  # TC … \f C \l 1


@dataclass(frozen=True, slots=True)
class Style:
    """The look of one unit's document. `other` is how an empty 其他资金 is written.

    `split` documents hold empty cells of split columns; `spaced` ones write 其中：财政    资金;
    `cut` ones end before the last cell of the last row.
    """

    encoding: str
    marks: Marks
    spaced: bool = True
    split: bool = False
    decimals: bool = False
    other: str = " "
    cut: bool = False
    newline: str = "\n"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: as payment lists name it, as its own document does, and its contact.

    `older` is how many of its project codes are of the older kind, `earlier` how many of its
    projects began before the document's year (fewer than half); `function` is 支出功能分类.
    """

    code: str
    name: str
    written: str
    contact: str
    mailbox: str
    function: str
    money_unit: MoneyUnit
    checkpoints: tuple[int, ...]
    style: Style
    bases: tuple[str, ...]
    older: int = 0
    earlier: int = 0

    @property
    def short_name(self) -> str:
        """Its name without the 本级 that tells it from its department."""
        return self.name.removesuffix("(本级)").removesuffix("本级")


_WORK_PLAN = ("年度工作计划",)
_COUNTY_ORDER = ("县委、县政府工作安排", "年度工作计划")
_CONTRACT = ("合同文件", "工作计划", "工作要求", "项目实施方案")

UNITS = (
    Unit("101001", "云溪县人民政府办公室本级", "云溪县人民政府办公室本级", "周科长", "zfb",
         "2010301", YUAN, _USUAL, Style("utf-8", Marks.BOOKMARK), _CONTRACT),
    Unit("205001", "云溪县教育局本级", "云溪县教育局本级", "吴科长", "jyj",
         "2050299", WAN, _USUAL, Style("utf-8-sig", Marks.BOOKMARK), _COUNTY_ORDER, earlier=2),
    Unit("218001", "云溪县民政局(本级)", "云溪县民政局(本级)", "郑会计", "mzj",
         "2080299", YUAN, _QUARTERS,
         Style("gb18030", Marks.NONE, other="0", newline="\r\n"), _WORK_PLAN),
    Unit("231001", "云溪县农业农村局本级", "农业农村局云溪县农业农村局本级", "冯科长", "nyncj",
         "2130199", WAN, _USUAL, Style("utf-8", Marks.BOOKMARK, split=True), _WORK_PLAN,
         earlier=3),
    Unit("236001", "云溪县水利局本级", "云溪县水利局本级", "陈会计", "slj",
         "2130399", WAN, _USUAL,
         Style("gb18030", Marks.FIELD, spaced=False, decimals=True, other="0"), ("",), older=3),
    Unit("245001", "云溪县住房和城乡建设局本级", "云溪县住房和城乡建设局本级", "褚科长", "zjj",
         "2120399", WAN, _FLOORS, Style("utf-8", Marks.BOOKMARK), _COUNTY_ORDER, earlier=3),
    Unit("252001", "云溪县交通运输局本级", "云溪县交通运输局本级", "卫会计", "jtj",
         "2140199", YUAN, _USUAL, Style("utf-8-sig", Marks.NONE, other=" 0"), _CONTRACT),
    Unit("261001", "云溪县卫生健康局本级", "云溪县卫生健康局本级", "蒋科长", "wjj",
         "2100199", WAN, _QUARTERS, Style("utf-8", Marks.BOOKMARK), _CONTRACT, earlier=1),
    Unit("270001", "云溪县文化广电和旅游局本级", "云溪县文化广电和旅游局本级", "沈会计", "wglj",
         "2070199", YUAN, _USUAL,
         Style("gb18030", Marks.BOOKMARK, split=True, other="0"), _WORK_PLAN),
    Unit("305001", "云溪县机关事务中心(本级)", "云溪县机关事务中心(本级)", "韩会计", "jgswzx",
         "2010303", WAN, _USUAL,
         Style("utf-8", Marks.FIELD, spaced=False, decimals=True, other="0", cut=True), ("",),
         older=10),
    Unit("322001", "云溪县应急管理局本级", "云溪县应急管理局本级", "杨科长", "yjglj",
         "2240199", YUAN, _USUAL, Style("utf-8", Marks.NONE), ("年度工作计划", "合同文件"),
         older=2, earlier=2),
    Unit("410001", "云溪县溪口街道办事处本级", "溪口街道办事处部门云溪县溪口街道办事处本级",
         "朱会计", "xkjd", "2010399", WAN, _USUAL,
         Style("utf-8", Marks.BOOKMARK, split=True), ("年度工作计划", "云财预[2024]7号"),
         older=1, earlier=4),
)  # fmt: skip

OUTSIDERS = (("366001", "云溪县融媒体中心本级"), ("371001", "云溪县供销合作社联合社本级"))
"""Units in the office's lists that hand in no target document."""

OFFICE = ("县财政局预算绩效股", "jxg")

SUPERIOR = ("322001", "秦副县长", "qin")
"""Whom one unit's lead answers to: told where a warning stays unanswered."""
