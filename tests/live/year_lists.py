"""The money of the simulated year: what each project of the samples was paid, month by month.

In percent of the approved budget; what is not said otherwise pays a tenth a month, January to
October, ahead of every plan but that of the insurance, which is paid in three parts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

CENTRE, OFFICE_AFFAIRS = "623001", "430001"
UNITS = {
    CENTRE: "秦皇岛市山海关区暑期工作服务中心本级",
    OFFICE_AFFAIRS: "秦皇岛市北戴河区机关事务管理局(本级)",
}
STAFF, SUMMER, CAR = "人事代理专项补助", "暑期服务保障经费", "车辆保险"
REFORM, BUILDING, LABOUR = "公务用车制度改革费", "政府大楼保险", "劳务派遣人员经费"
RENT, POWER, CLEANING = "“创意之家”租赁费", "综合办供楼水电费", "物业管理费"
CANTEEN, REPAIRS = "后勤保障经费", "维修费"


@dataclass(frozen=True, slots=True)
class Work:
    """A project of the samples as the lists need it."""

    unit: str
    code: str
    budget_fen: int


PROJECTS: Mapping[str, Work] = {
    STAFF: Work(CENTRE, "13030321GXZAM3PWVCM9I", 594_100_00),
    SUMMER: Work(CENTRE, "13030321HXNV0ALB8ABW5", 250_000_00),
    CAR: Work(CENTRE, "13030321LFFDADEEMQVRH", 4_000_00),
    REFORM: Work(OFFICE_AFFAIRS, "130304213LHGD879DWSLU", 59_100_00),
    BUILDING: Work(OFFICE_AFFAIRS, "130304214MAHG2QAL9V76", 129_400_00),
    LABOUR: Work(OFFICE_AFFAIRS, "1303042165KHLXVAKKD74", 1_195_000_00),
    RENT: Work(OFFICE_AFFAIRS, "130304217AGVPMY1OGX5C", 780_000_00),
    POWER: Work(OFFICE_AFFAIRS, "130304217VQ00YC05WYGT", 1_050_000_00),
    CLEANING: Work(OFFICE_AFFAIRS, "13030421M3DID1AILW7AP", 2_489_600_00),
    CANTEEN: Work(OFFICE_AFFAIRS, "13030421PKSO67C7VKQ0L", 300_000_00),
    REPAIRS: Work(OFFICE_AFFAIRS, "13030421SGNX5QC4K2HEV", 320_000_00),
}
_ORDERLY = dict.fromkeys(range(1, 11), 1000)
_PAID_BP: Mapping[str, Mapping[int, int]] = {
    BUILDING: {2: 3500, 3: 3500, 4: 3000},
    # the lead who answers nothing: hardly anything before the summer, then all of it
    SUMMER: {2: 500, 4: 500, 5: 500, 6: 1000, 7: 3000, 8: 3000, 9: 500, 10: 1000},
    # bought late, with money added at the end of June (500,000 yuan then)
    CANTEEN: {1: 700, 2: 700, 5: 3000, 6: 1600, 7: 3333, 8: 1667, 9: 1667, 10: 2000, 11: 2000},
    # in June the application is on its way; July's list has it as paid, and one more
    POWER: {1: 900, 2: 900, 3: 900, 4: 900, 5: 900, 7: 1500, 8: 1000, 9: 1000, 10: 1000, 11: 1000},
    # its document says 50 % by June and means 40 %
    LABOUR: {1: 1000, 2: 800, 3: 800, 4: 800, 5: 800, 7: 800, 8: 1200, 9: 1200, 10: 1200,
             11: 1000, 12: 400},
    # just ahead of its plan until October; nothing in November, nearly all in December
    CLEANING: {**dict.fromkeys(range(1, 11), 520), 12: 4500},
}  # fmt: skip
_DAYS = {(CANTEEN, 2): 26, (CLEANING, 12): 10}
_HEADER = (
    "序号,支付凭证号,支付日期,预算单位编码,预算单位名称,项目编码,项目名称,支付金额,"
    "收款人全称,收款人账号,用途,资金性质,支付方式,状态"
)
IN_TRANSIT = "待支付"


def a_list(month: int, *, slip: bool = False, year: int = 2021) -> str:
    """A month's list of the whole office; with the slip, April's rent has one nought too many."""
    rows: list[str] = []
    for number, (name, work) in enumerate(PROJECTS.items(), 1):
        day = f"{year}-{month:02d}-{_DAYS.get((name, month), 15):02d}"
        for part, fen, state in _payments(name, work, month):
            amount = fen * 10 if slip and name == RENT else fen
            voucher = f"{year}{month:02d}{number:03d}{part:03d}"
            if (name, month, part) == (POWER, 7, 1):
                voucher = f"{year}06{number:03d}001"  # the application of June
            rows.append(_row(len(rows) + 1, voucher, day, name, work, amount, state))
    head = (f"{year}年{month}月国库集中支付明细表", "单位：元", _HEADER)
    return "\r\n".join([*head, *rows, ""])


def _payments(name: str, work: Work, month: int) -> Iterable[tuple[int, int, str]]:
    share = _PAID_BP.get(name, _ORDERLY).get(month, 0)
    fen = work.budget_fen * share // 10_000
    if (name, month) == (POWER, 6):
        return [(1, work.budget_fen // 10, IN_TRANSIT)]
    if (name, month) == (POWER, 7):
        return [(1, work.budget_fen // 10, "已支付"), (2, work.budget_fen // 20, "已支付")]
    if (name, month) == (CANTEEN, 7):
        return [(1, 100_000_00, "已支付")]
    if name == CANTEEN and month in (8, 9):
        return [(1, 50_000_00, "已支付")]
    return [(1, fen, "已支付")] if fen else []


def _row(number: int, voucher: str, day: str, name: str, work: Work, fen: int, state: str) -> str:
    payee = f"河北{UNITS[work.unit][-6:-4]}服务有限公司"
    cells = (
        str(number), voucher, day, work.unit, UNITS[work.unit], work.code, name,
        f"{fen // 100}.{fen % 100:02d}", payee, "6222250000000000001", f"支付{name}",
        "一般公共预算资金", "财政直接支付", state,
    )  # fmt: skip
    return ",".join(cells)


def counted(month: int, *, slip: bool = False) -> tuple[int, str]:
    """How many payments a month's list has, and their sum in yuan."""
    paid = [
        fen * (10 if slip and name == RENT else 1)
        for name, work in PROJECTS.items()
        for _, fen, state in _payments(name, work, month)
        if state != IN_TRANSIT
    ]
    return len(paid), f"{sum(paid) // 100:,}.{sum(paid) % 100:02d}"
