"""Every mail of the simulated year, as it follows from the rules; see the notes beside each.

Working days of 2021 (国务院办公厅): off 11–17 February, 3–5 April, 1–5 May, 12–14 June, 19–21
September, 1–7 October; worked 7 and 20 February, 25 April, 8 May, 18 and 26 September, 9 October.
Mails to the office go at once, a digest one working day after it was written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tests.live.year_lists import (
    CANTEEN,
    CLEANING,
    LABOUR,
    POWER,
    RENT,
    SUMMER,
    counted,
)
from tests.live.year_office import LI, OFFICE, ZHANG, ZHAO

CENTRE_NAME = "暑服中心秦皇岛市山海关区暑期工作服务中心本级"
AFFAIRS_NAME = "秦皇岛市北戴河区机关事务管理局(本级)"
Card = tuple[str, str]
"""`红色·滞后` and the project."""


@dataclass(frozen=True, slots=True)
class Expected:
    """A mail: when (China), to whom, its subject, its cards in order, and what else it says."""

    at: str
    to: str
    subject: str
    cards: tuple[Card, ...] = ()
    says: tuple[str, ...] = ()

    @property
    def day(self) -> str:
        return self.at[:10]


def _receipt(at: str, file: str, *says: str) -> Expected:
    return Expected(at, OFFICE, f"【收件夹】{file}：已导入", (), says)


def _list(at: str, month: int, note: str = "", *, slip: bool = False) -> Expected:
    rows, yuan = counted(month, slip=slip)
    says = (f"覆盖 2021-{month:02d}", f"计入并已匹配项目：{rows} 行，{yuan} 元")
    return _receipt(at, f"2021年{month}月支付明细{note}.csv", *says)


RECEIPTS = (
    _receipt("2021-01-04 10:02", "暑服中心.txt", "3 个项目", "848,100.00 元：新增 3，"),
    _receipt("2021-01-04 10:02", "机关事务管理局.txt", "8 个项目", "6,323,100.00 元：新增 8，"),
    _list("2021-02-05 10:02", 1),
    _list("2021-03-05 10:02", 2),
    _list("2021-04-15 10:02", 3),
    _list("2021-05-10 10:02", 4, "有误", slip=True),
    _list("2021-05-12 10:02", 4),
    _list("2021-06-04 10:02", 5),
    _list("2021-07-05 10:02", 6),
    _receipt("2021-07-08 10:02", "机关事务管理局-勘误.txt", "新增 0，修订 1，不变 7", LABOUR),
    _list("2021-08-05 10:02", 7),
    _list("2021-09-06 10:02", 8),
    _list("2021-10-11 10:02", 9),
    _list("2021-11-05 10:02", 10),
    _list("2021-12-06 10:02", 11),
    _list("2022-01-07 10:02", 12),
)

MARCH_LAG = (
    "预算：250,000.00 元", "3月底应支付（计划累计 25.00%）：62,500.00 元",
    "已支付（执行率 5.00%）：12,500.00 元", "差额：50,000.00 元", "滞后：20.00 个百分点",
)  # fmt: skip
JUNE_LAG = (
    "6月底应支付（计划累计 50.00%）：125,000.00 元", "已支付（执行率 25.00%）：62,500.00 元",
    "差额：62,500.00 元", "滞后：25.00 个百分点",
)  # fmt: skip
CANTEEN_LAG = (
    "3月底应支付（计划累计 20.00%）：60,000.00 元", "已支付（执行率 14.00%）：42,000.00 元",
    "差额：18,000.00 元", "滞后：6.00 个百分点",
)  # fmt: skip
DOUBTFUL = (
    # 36 % of 500,000: a lag only by the money of 28 June, for 180,000 is 60 % of 300,000
    "预算：500,000.00 元", "6月底应支付（计划累计 50.00%）：250,000.00 元", "差额：70,000.00 元",
    "滞后：14.00 个百分点", "存疑：检查点前不久新增预算 200,000.00 元",
    # 45 % of 1,050,000; a tenth of it is on its way
    "6月底应支付（计划累计 50.00%）：525,000.00 元", "差额：52,500.00 元",
    "存疑：另有在途支付申请 1 笔 105,000.00 元",
)  # fmt: skip
SOFT = (
    "未支付余额：1,195,008.00 元", "逐项确认未支付余额的安排：可支付、申请调减、结转",
    "不得为完成进度而支付",
)  # fmt: skip


def _li(at: str, period: str, matter: str, card: str, *says: str) -> Expected:
    subject = f"【{period}】{CENTRE_NAME}：1个项目支出进度{matter}"
    return Expected(at, LI, subject, ((card, SUMMER),), says)


def _asked(at: str, to: str, about: str, *says: str) -> Expected:
    head, _, tail = about.partition("：")
    return Expected(at, to, f"【{head}】{CENTRE_NAME}：{tail}", (("红色·滞后", SUMMER),), says)


def _zhang(at: str, period: str, matter: str, cards: Iterable[Card], *says: str) -> Expected:
    return Expected(at, ZHANG, f"【{period}】{AFFAIRS_NAME}：{matter}", tuple(cards), says)


def _office(at: str, matter: str, cards: Iterable[Card], *says: str) -> Expected:
    return Expected(at, OFFICE, f"【财政】2021年支出监控{matter}", tuple(cards), says)


def _ended(at: str, to: str, subject: str, unit: str, *says: str) -> Expected:
    return Expected(at, to, f"{subject}：{unit}", (), says)


TOLD = (
    # February's list comes on Friday 5 March, 26 days before the checkpoint: 12,500 in 59 days
    # make 12,500 × 90/59 in 90. A look ahead asks for no answer, and nobody is reminded of it.
    _li("2021-03-08 10:02", "3月底", "需关注（提示1）", "提示·临近",
        "到3月底还需支付：50,000.00 元", "按目前进度推算到时累计：19,067.80 元"),
    # 15 days before it, and five working days (25, 26, 29, 30, 31 March): each told once
    _li("2021-03-17 08:30", "3月底", "需关注（黄色1）", "黄色·临近",
        "到3月底还需支付：50,000.00 元"),
    _li("2021-03-25 08:30", "3月底", "需关注（红色1）", "红色·临近",
        "到3月底还需支付：50,000.00 元"),
    # March's list is missing: 1, 2, 6, 7, 8, 9, 12, 13 April. The units hear nothing of it.
    _office("2021-04-13 08:30", "1项待处理（清单未到1）", [("黄色·清单未到", "全部单位")],
            "3月：全部 2 个单位的支付明细都没有到齐。"),
    # It comes on 15 April. 20 % of what is due: red; 70 %: yellow.
    _li("2021-04-16 10:02", "3月底", "滞后（红色1）", "红色·滞后", *MARCH_LAG,
        "2021年4月29日前", "到6月底还需支付（计划累计 50.00%）：112,500.00 元"),
    _zhang("2021-04-16 10:02", "3月底", "1个项目支出进度滞后（黄色1）", [("黄色·滞后", CANTEEN)],
           *CANTEEN_LAG, "2021年4月29日前"),
    # Zhang answers on the 20th. Li does not: 19–23, 25 (a worked Sunday), 26–29 April.
    _asked("2021-04-27 08:30", LI, "提醒：1项预警的说明期限将到（红色1）", *MARCH_LAG,
           "说明期限：2021年4月29日"),
    _asked("2021-04-29 08:30", LI, "提醒：1项预警的说明期限已到（红色1）", *MARCH_LAG),
    _asked("2021-04-30 08:30", ZHAO, "逾期未说明：1项支出进度预警（红色1）", *MARCH_LAG,
           "首次告知：2021年4月16日", "提醒：2021年4月27日", "到期提醒：2021年4月29日"),
    # The slip in April's list: 30 % and all of the rent once more, told at the import.
    _office("2021-05-10 10:02", "2项待处理（超预算1、突击1）",
            [("黄色·超预算", RENT), ("提示·突击", RENT)],
            "已支付：1,014,000.00 元", "超出预算：234,000.00 元",
            "最集中的七天支付：780,000.00 元", "已消除：3月“清单未到”"),
    # It is undone on the 11th.
    _ended("2021-05-11 14:01", OFFICE, "【撤回】撤回2项支出预警", AFFAIRS_NAME,
           "全年“超预算”　“创意之家”租赁费", "全年“突击”　“创意之家”租赁费", "撤销导入"),
    # Zhang's promise of 20 May has passed, April's list shows nothing: it returns by itself.
    _zhang("2021-05-24 08:30", "3月底", "1个项目支出进度滞后（黄色1）", [("黄色·滞后", CANTEEN)],
           *CANTEEN_LAG, "上次为3月底黄色，此后支付 0.00 元", "2021年6月7日前"),
    # He promises again; May's list (44 %) settles it.
    _ended("2021-06-04 10:02", ZHANG, "【已消除】1项支出预警已消除", AFFAIRS_NAME,
           "3月底“滞后”　后勤保障经费"),
    # 37,500 in 151 days. March's lag has fallen: 15 of 25 % is no longer below 60 %.
    _li("2021-06-07 10:02", "6月底", "需关注（提示1）", "提示·临近",
        "按目前进度推算到时累计：44,950.33 元", "程度下降为黄色：3月底“滞后”"),
    _li("2021-06-16 08:30", "6月底", "需关注（黄色1）", "黄色·临近",
        "到6月底还需支付：87,500.00 元"),
    _li("2021-06-24 08:30", "6月底", "需关注（红色1）", "红色·临近",
        "到6月底还需支付：87,500.00 元"),
    # 200,000 are added on 28 June: the pace misses the new half, but not that of before.
    _office("2021-06-28 14:01", "1项待处理（临近1）", [("红色·临近", CANTEEN)],
            "预算：500,000.00 元", "存疑：检查点前不久新增预算 200,000.00 元",
            "5 个工作日后仍存疑的"),
    # June's list: what is doubtful goes to the office, what is not to the leads a day later.
    _office("2021-07-05 10:02", "2项待处理（滞后2）",
            [("黄色·滞后", CANTEEN), ("提示·滞后", POWER)], *DOUBTFUL, "5 个工作日后仍存疑的"),
    _li("2021-07-06 10:02", "6月底", "滞后（红色1）", "红色·滞后", *JUNE_LAG, "2021年7月20日前"),
    _zhang("2021-07-06 10:02", "6月底", "1个项目支出进度滞后（提示1）", [("提示·滞后", LABOUR)],
           "6月底应支付（计划累计 50.00%）：597,500.00 元", "差额：95,600.00 元",
           "滞后：8.00 个百分点"),
    # The corrected plan says 40 %.
    _ended("2021-07-08 10:02", ZHANG, "【撤回】撤回1项支出预警", AFFAIRS_NAME,
           "6月底“滞后”　劳务派遣人员经费", "勘误后不再成立"),
    # Five working days after 5 July both are doubtful still: written on the 12th.
    _zhang("2021-07-13 08:30", "6月底", "2个项目支出进度滞后（黄色1、提示1）",
           [("黄色·滞后", CANTEEN), ("提示·滞后", POWER)], *DOUBTFUL),
    # Zhang answers both on the 16th, Li nothing.
    _asked("2021-07-16 08:30", LI, "提醒：1项预警的说明期限将到（红色1）", *JUNE_LAG),
    _asked("2021-07-20 08:30", LI, "提醒：1项预警的说明期限已到（红色1）", *JUNE_LAG),
    _asked("2021-07-21 08:30", ZHAO, "逾期未说明：1项支出进度预警（红色1）", *JUNE_LAG,
           "首次告知：2021年7月6日"),
    # July's list settles everything; whoever was told hears it.
    _ended("2021-08-05 10:02", LI, "【已消除】1项支出预警已消除", CENTRE_NAME,
           "6月底“滞后”　暑期服务保障经费"),
    _ended("2021-08-05 10:02", ZHAO, "【已消除】1项支出预警已消除", CENTRE_NAME,
           "6月底“滞后”　暑期服务保障经费"),
    *(_ended("2021-08-05 10:02", to, "【已消除】2项支出预警已消除", AFFAIRS_NAME,
             "6月底“滞后”　后勤保障经费", "6月底“滞后”　综合办供楼水电费")
      for to in (ZHANG, OFFICE)),
    # From November on: 52 % in 304 days leave 1,294,592 × 358/304 paid by 24 December.
    _office("2021-11-05 10:02", "1项待处理（年末结余1）", [("提示·年末结余", CLEANING)],
            "已支付：1,294,592.00 元", "推算全年支付：1,524,552.42 元"),
    # The last day for applications is 24 December; 30 and 15 days, five working days before it.
    # Zhang answers on 29 November and 13 December; that it grows nearer is told all the same.
    _zhang("2021-11-25 08:30", "12月底", "1个项目支出进度需关注（提示1）",
           [("提示·临近", CLEANING)], *SOFT),
    _zhang("2021-12-10 08:30", "12月底", "1个项目支出进度需关注（黄色1）",
           [("黄色·临近", CLEANING)], *SOFT),
    _zhang("2021-12-20 08:30", "12月底", "1个项目支出进度需关注（红色1）",
           [("红色·临近", CLEANING)], *SOFT),
    # December's list: 45 % in one month. The lead hears nothing of the 3 % that are left.
    _office("2022-01-07 10:02", "1项待处理（突击1）", [("黄色·突击", CLEANING)],
            "12月支付：1,120,320.00 元", "占预算的 45.00%"),
)  # fmt: skip

_LATE_MARCH = f"- {CENTRE_NAME}：1 项，最早的期限为 2021年4月29日"
_LATE_JUNE = f"- {CENTRE_NAME}：1 项，最早的期限为 2021年7月20日"
_NOBODY = "没有。"
_REST = "年末结余：提示 1（已通知 1）"


def _week(day: str, still_open: tuple[str, ...], changed: tuple[str, ...], late: str = _NOBODY,
          sent: str = "") -> Expected:  # fmt: skip
    """The summary of Monday `day`; on a holiday it leaves on the next working day, `sent`.

    What it says is its first three sections, line by line.
    """
    began = _a_week_before(day)
    body = (
        "未结的预警", *(still_open or ("没有未结的预警。",)),
        "本周变化", *(changed or ("没有变化。",)), "逾期未说明", late, "数据与邮件",
    )  # fmt: skip
    subject = f"【周报】2021年预算执行监控（{began}至{day}）"  # in January too: 2021's is open
    return Expected(sent or f"{day} 09:00", OFFICE, subject, (), body)


def _a_week_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(7)).isoformat()


WEEKLY = (
    _week("2021-03-08", ("临近：提示 1（待通知 1）",), ("新增预警：1 条",)),
    _week("2021-03-15", ("临近：提示 1（已通知 1）",), ()),
    _week("2021-03-22", ("临近：黄色 1（已通知 1）",), ()),
    _week("2021-03-29", ("临近：红色 1（已通知 1）",), ()),
    _week("2021-04-05", (), ("转入后续核查：1 条",), sent="2021-04-06 08:30"),
    # nothing open on 12 April, nothing changed: no summary
    _week("2021-04-19", ("滞后：红色 1、黄色 1（已通知 2）",), ("新增预警：3 条", "已消除：1 条")),
    _week("2021-04-26", ("滞后：红色 1、黄色 1（已通知 1、已答复 1）",), ("单位已答复：1 条",)),
    _week("2021-05-03", ("滞后：红色 1、黄色 1（已通知 1、已答复 1）",), (), _LATE_MARCH,
          sent="2021-05-06 08:30"),
    _week("2021-05-10", ("滞后：红色 1、黄色 1（已通知 1、已答复 1）",), (), _LATE_MARCH),
    _week("2021-05-17", ("滞后：红色 1、黄色 1（已通知 1、已答复 1）",),
          ("新增预警：2 条", "撤回：2 条"), _LATE_MARCH),
    _week("2021-05-24", ("滞后：红色 1、黄色 1（已通知 2）",), (), _LATE_MARCH),
    _week("2021-05-31", ("滞后：红色 1、黄色 1（已通知 1、已答复 1）",), ("单位已答复：1 条",),
          _LATE_MARCH),
    _week("2021-06-07", ("滞后：黄色 1（已通知 1）", "临近：提示 1（待通知 1）"),
          ("新增预警：1 条", "已消除：1 条"), _LATE_MARCH),
    _week("2021-06-14", ("滞后：黄色 1（已通知 1）", "临近：提示 1（已通知 1）"), (), _LATE_MARCH,
          sent="2021-06-15 08:30"),
    _week("2021-06-21", ("滞后：黄色 1（已通知 1）", "临近：黄色 1（已通知 1）"), (), _LATE_MARCH),
    _week("2021-06-28", ("滞后：黄色 1（已通知 1）", "临近：红色 1（已通知 1）"), (), _LATE_MARCH),
    _week("2021-07-05", ("滞后：黄色 1（已通知 1）",),
          ("新增预警：1 条", "转入后续核查：2 条"), _LATE_MARCH),
    _week("2021-07-12", ("滞后：红色 1、黄色 1、提示 1（已通知 3）",),
          ("新增预警：4 条", "转入后续核查：1 条", "撤回：1 条")),
    _week("2021-07-19", ("滞后：红色 1、黄色 1、提示 1（已通知 1、已答复 2）",),
          ("单位已答复：2 条",)),
    _week("2021-07-26", ("滞后：红色 1、黄色 1、提示 1（已通知 1、已答复 2）",), (), _LATE_JUNE),
    _week("2021-08-02", ("滞后：红色 1、黄色 1、提示 1（已通知 1、已答复 2）",), (), _LATE_JUNE),
    _week("2021-08-09", (), ("已消除：3 条",)),
    # nothing until November
    _week("2021-11-08", (_REST,), ("新增预警：1 条",)),
    _week("2021-11-15", (_REST,), ()),
    _week("2021-11-22", (_REST,), ()),
    _week("2021-11-29", ("临近：提示 1（已通知 1）", _REST), ("新增预警：1 条",)),
    _week("2021-12-06", ("临近：提示 1（已答复 1）", _REST), ("单位已答复：1 条",)),
    _week("2021-12-13", ("临近：黄色 1（已通知 1）", _REST), ()),
    _week("2021-12-20", ("临近：红色 1（已通知 1）", _REST), ("单位已答复：1 条",)),
    _week("2021-12-27", (_REST,), ("转入后续核查：1 条",)),
    _week("2022-01-03", (_REST,), (), sent="2022-01-04 08:30"),
    _week("2022-01-10", ("突击：黄色 1（已通知 1）", _REST), ("新增预警：1 条",)),
    _week("2022-01-17", ("突击：黄色 1（已通知 1）", _REST), ()),
    _week("2022-01-24", ("突击：黄色 1（已通知 1）", _REST), ()),
)  # fmt: skip

ALL_MAILS = (*RECEIPTS, *TOLD, *WEEKLY)
