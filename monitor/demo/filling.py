"""A unit fills in its 绩效填报表 as people do: most is reached, some is not and says why."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import ROUND_DOWN, ROUND_UP, Decimal
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from monitor.demo.dice import Dice
from monitor.domain.calendar import day_name
from monitor.domain.target_value import TargetValue, ValueKind, parse_target
from monitor.ingest.form_book import (
    ACHIEVED,
    ACTUAL,
    EVIDENCE,
    HELP,
    INDICATORS,
    NAME,
    OWN,
    POINTS,
    PROJECTS,
    RATE,
    REASON,
    SLOW,
    TOP,
    UNIT,
    WEIGHT,
    WORDS,
)

_EPOCH = (1980, 1, 1, 0, 0, 0)
_SAVED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")
_LOW_RATE = Decimal(90)
"""Below it the form asks for a reason (D6 of the domain notes)."""

_PROOF = {
    "数量指标": "工作台账、验收单",
    "质量指标": "验收报告",
    "时效指标": "合同和验收记录",
    "成本指标": "记账凭证、合同",
    "经济效益指标": "年度工作总结",
    "社会效益指标": "年度工作总结、新闻报道",
    "生态效益指标": "监测报告",
    "可持续影响指标": "制度文件",
    "服务对象满意度指标": "问卷调查汇总表（发放 120 份，收回 113 份）",
}
_SHORT_OF = (
    "部分工作因验收推迟，未能全部完成，已列入下年第一季度计划，逐月检查进度。",
    "年初对需求估计不足，实际参加的少于预期；明年先摸底，再定指标值。",
    "供货周期较长，年底前未全部到位；已与供应商约定交货日期，明年起提前采购。",
)
_UNIT = (
    "101-云溪县人民政府办公室",
    "成立自评工作小组，由财务股牵头，各项目负责人逐项填报，财务股复核，主要领导审定。",
    "个别项目采购启动较晚，支付集中在下半年；少数指标值设定偏高，佐证资料收集不及时。",
    "年初即编制采购计划，按月通报支付进度；申报下年目标时由业务股室和财务股共同核定指标值，"
    "自评结果作为安排下年预算的依据。",
)


def fill(workbook: bytes, *, author: str, year: int, seed: str) -> bytes:
    """The workbook of a self-assessment, filled in and saved by openpyxl: always the same bytes."""
    book, dice = load_workbook(BytesIO(workbook)), Dice(f"{seed}/form")
    [named] = [row for row in book[HELP].iter_rows() if row[0].value == "填报人："]
    named[1].value = author
    for row in _rows(book[PROJECTS]):
        _project(row)
    for row in _rows(book[INDICATORS]):
        _indicator(row, year, dice)
    for row, words in zip(_rows(book[UNIT]), _UNIT, strict=True):
        row[WORDS].value = words
    saved = BytesIO()
    book.save(saved)
    return _timeless(saved.getvalue())


def _rows(sheet: Worksheet) -> Iterator[dict[str, Cell]]:
    """The rows below the headers, by header."""
    every: Any = sheet.iter_rows(min_row=TOP + 1)
    headers = [str(cell.value) for cell in next(every)]
    for row in every:
        yield dict(zip(headers, row, strict=True))


def _project(row: dict[str, Cell]) -> None:
    rate = str(row[RATE].value or "")
    row[ACHIEVED].value = f"{row[NAME].value}的年度任务已按计划完成，资金使用合规，目标基本实现。"
    if rate.endswith("%") and Decimal(rate[:-1]) < _LOW_RATE:
        row[SLOW].value = "按实际工作量结算，节约的资金年底收回；明年按上年结算数编制预算。"


def _indicator(row: dict[str, Cell], year: int, dice: Dice) -> None:
    short = dice.happens(8)
    proof = _PROOF.get(str(row["二级指标"].value))
    row[EVIDENCE].value = proof or "年度工作总结"
    if row[OWN].value is not None:  # the program has it from the payments; the unit lets it stand
        return
    value = parse_target(str(row["年度指标值"].value or ""), year)
    row[ACTUAL].value = reached(value, year, dice, short=short)
    if not row[POINTS].protection.locked and value.kind is not ValueKind.YES_NO:
        weight = Decimal(str(row[WEIGHT].value))
        row[POINTS].value = round(weight * dice.between(62, 78) / 100, 1) if short else weight
    if short:
        row[REASON].value = dice.pick(_SHORT_OF)


def reached(value: TargetValue, year: int, dice: Dice, *, short: bool) -> str:
    """What was reached: `short` of the target, or as much as it asks for."""
    if value.number is not None:
        return _figure(value, dice, short=short)
    if value.date is not None:
        return day_name(date(year, 12, dice.between(2, 26)))
    if value.kind is ValueKind.YES_NO:
        return "部分达成" if short else "是"
    return "部分达成并具有一定效果" if short else "达成年度指标"


def _figure(value: TargetValue, dice: Dice, *, short: bool) -> str:
    number = value.number or Decimal(0)
    at_most = value.comparison in ("≤", "<")
    share = dice.between(106, 118) if at_most else dice.between(82, 94)
    if not short:
        share = dice.between(84, 97) if at_most else 100
    places = Decimal(1) if number == number.to_integral_value() else Decimal("0.1")
    got = (number * share / 100).quantize(places, ROUND_UP if share > 100 else ROUND_DOWN)
    return f"{got:f}{value.unit}"


def _timeless(workbook: bytes) -> bytes:
    """The same workbook without the moment at which it was saved."""
    target = BytesIO()
    with ZipFile(BytesIO(workbook)) as saved, ZipFile(target, "w", ZIP_DEFLATED) as fixed:
        for name in saved.namelist():
            content = _SAVED.sub(rb"\g<1>1980-01-01T00:00:00Z", saved.read(name))
            fixed.writestr(ZipInfo(name, _EPOCH), content, ZIP_DEFLATED)
    return target.getvalue()
