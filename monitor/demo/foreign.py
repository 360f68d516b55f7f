"""Rows outside monitoring: 基本支出, units and projects without a target document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from monitor.demo.dice import Dice
from monitor.demo.units import DIVISION, OUTSIDERS, UNITS
from monitor.demo.vouchers import Fate, Line, Voucher, draw_workday
from monitor.domain.codes import check_character

_OTHER_SERVICES = "2012999"


@dataclass(frozen=True, slots=True)
class _Item:
    """What is paid under one number. `lines`: (purpose, 经济分类, usual sum in 元)."""

    name: str
    kind: str
    payee: str
    lines: tuple[tuple[str, str, int], ...]


_EVERY_MONTH = (
    _Item("在职人员工资", "R00GZ1", "云溪县工资统发专户", (
        ("{m}月基本工资", "30101", 96000), ("{m}月津贴补贴", "30102", 64000),
        ("{m}月绩效工资", "30107", 41000))),
    _Item("社会保险缴费", "R00BX2", "云溪县社会保险事业管理所", (
        ("{m}月机关事业单位养老保险", "30108", 32000), ("{m}月职工基本医疗保险", "30110", 14800),
        ("{m}月失业、工伤保险", "30112", 2600))),
    _Item("住房公积金", "R00GJ3", "云溪县住房公积金管理部", (("{m}月住房公积金", "30113", 24000),)),
    _Item("离退休费", "R00TX4", "云溪县工资统发专户", (("{m}月离退休补贴", "30302", 8600),)),
)  # fmt: skip


def _office_cost(purpose: str, economic: str, payee: str, usual: int) -> _Item:
    return _Item("公用经费", "Y00GY5", payee, ((purpose, economic, usual),))


_OFFICE_COSTS = (
    _office_cost("支付办公用品费", "30201", "云溪县文汇办公用品商行", 1900),
    _office_cost("印刷费", "30202", "云溪县印刷厂", 1200),
    _office_cost("邮电费", "30207", "云溪县畅联通信服务部", 800),
    _office_cost("差旅费", "30211", "单位职工", 2400),
    _office_cost("公务用车燃油费", "30231", "云溪县城东加油站", 3100),
    _office_cost("办公设备维修费", "30213", "云溪县“小工匠”维修,服务部", 950),
    _office_cost("公务接待费", "30217", "云溪县机关食堂", 700),
    _office_cost("工会经费", "30228", "云溪县总工会", 2700),
    _office_cost("支付{m}月份\n报刊、邮寄费", "30207", "云溪县邮政报刊亭", 420),
)


def _without_document(name: str, kind: str) -> _Item:
    return _Item(name, kind, "云溪县众合社会服务中心", ((f"支付{name}", "30299", 9000),))


_WITHOUT_DOCUMENT = (
    _without_document("上级专项转移支付", "P00TW6"),
    _without_document("融媒体平台建设", "P00TW7"),
    _without_document("为农服务网点改造", "P00TW8"),
)


def draw_foreign(year: int, seed: str) -> list[Voucher]:
    """A year's vouchers for which no target document exists."""
    vouchers = []
    for unit in UNITS:
        dice = Dice(f"{seed}/foreign/{unit.code}")
        for month in range(1, 13):
            payer = _Payer(year, month, unit.code, unit.name, unit.function)
            items = (*_EVERY_MONTH, *dice.sample(_OFFICE_COSTS, dice.between(6, 8)))
            vouchers += [payer.pay(item, dice) for item in items]
    return vouchers + _draw_outsiders(year, Dice(f"{seed}/outsiders"))


def _draw_outsiders(year: int, dice: Dice) -> list[Voucher]:
    vouchers = []
    for month in range(1, 13):
        for unit_code, unit_name in OUTSIDERS:
            payer = _Payer(year, month, unit_code, unit_name, _OTHER_SERVICES)
            vouchers.append(payer.pay(dice.pick(_WITHOUT_DOCUMENT), dice))
    return vouchers


@dataclass(frozen=True, slots=True)
class _Payer:
    """A unit in a month."""

    year: int
    month: int
    unit_code: str
    unit_name: str
    function: str

    def pay(self, item: _Item, dice: Dice) -> Voucher:
        """All lines of the item under one number, on one day."""
        day = draw_workday(self.year, self.month, dice)
        stem = f"{DIVISION}{self.year % 100:02d}{item.kind}{self.unit_code}"
        code = stem + (check_character(stem) or "")
        return Voucher(tuple(self._line(item, code, day, line, dice) for line in item.lines))

    def _line(
        self, item: _Item, code: str, day: date, line: tuple[str, str, int], dice: Dice
    ) -> Line:
        purpose, economic, usual = line
        return Line(
            pay_date=day,
            unit_code=self.unit_code,
            unit_name=self.unit_name,
            project_code=code,
            project_name=item.name,
            amount_fen=dice.between(usual * 70, usual * 140),
            payee=item.payee,
            purpose=purpose.format(m=self.month),
            function=self.function,
            economic=economic,
            fate=Fate.UNMATCHED,
        )
