"""The payments of the projects: what their behaviour asks for, refunds and corrections too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from monitor.demo.dice import Dice
from monitor.demo.kinds import Rhythm
from monitor.demo.plans import Behaviour, deal_behaviours, monthly_spending
from monitor.demo.sheets import Sheet
from monitor.demo.vouchers import Line, Voucher, draw_workday

_CORRECTIONS = 4


def draw_spending(sheets: Sequence[Sheet], seed: str) -> list[Voucher]:
    """All payments that count for a project, in no particular order."""
    behaviours = deal_behaviours(len(sheets), Dice(f"{seed}/behaviours"))
    vouchers: list[Voucher] = []
    for sheet, behaviour in zip(sheets, behaviours, strict=True):
        dice = Dice(f"{seed}/spending/{sheet.unit_code}/{sheet.project_code}")
        vouchers += _spend(sheet, behaviour, dice)
    return _correct_some(sheets, vouchers, Dice(f"{seed}/corrections"))


def _spend(sheet: Sheet, behaviour: Behaviour, dice: Dice) -> list[Voucher]:
    rhythm = sheet.kind.rhythm
    months = monthly_spending(sheet.budget_fen, sheet.plan, behaviour, rhythm, dice)
    vouchers = []
    for month, fen in enumerate(months, 1):
        if fen:
            vouchers += _pay(sheet, month, fen, dice)
    return vouchers


def _pay(sheet: Sheet, month: int, fen: int, dice: Dice) -> list[Voucher]:
    """The month's sum in one or two payments; now and then one is too high and returned."""
    most = 1 if sheet.kind.rhythm is Rhythm.LUMP else dice.pick((1, 1, 1, 2))
    amounts = dice.split(fen, most)
    refund = amounts[-1] // 4 if dice.happens(4) else 0
    if not refund:
        return [Voucher((draw_line(sheet, month, amount, dice),)) for amount in amounts]
    amounts[-1] += refund
    returned = replace(draw_line(sheet, month, -refund, dice), status="已退款")
    paid = [Voucher((draw_line(sheet, month, amount, dice),)) for amount in amounts]
    return [*paid, Voucher((returned,))]


def draw_line(sheet: Sheet, month: int, fen: int, dice: Dice) -> Line:
    """A payment of this project, in three of a hundred rows without the project's code."""
    return Line(
        pay_date=draw_workday(sheet.year, month, dice),
        unit_code=sheet.unit_code,
        unit_name=sheet.unit.name,
        project_code="" if dice.happens(3) else sheet.project_code,
        project_name=sheet.project_name,
        amount_fen=fen,
        payee=dice.pick(sheet.kind.payees),
        purpose=_purpose(sheet.project_name, month, dice),
        function=sheet.unit.function,
        economic=sheet.kind.economic,
        counts_for=sheet.project_code,
    )


def _purpose(name: str, month: int, dice: Dice) -> str:
    wordings = ("{name}", "支付{name}", "拨付{month}月份{name}", "{month}月{name}", "{name}尾款",
                "{name}(第{quarter}季度)", "支付{month}月份\n{name}")  # fmt: skip
    return dice.pick(wordings).format(name=name, month=month, quarter=(month + 2) // 3)


def _correct_some(sheets: Sequence[Sheet], vouchers: list[Voucher], dice: Dice) -> list[Voucher]:
    """Books a few payments on a neighbouring project first, to be corrected a month later."""
    neighbours = {
        after.project_code: before
        for before, after in pairwise(sheets)
        if before.unit_code == after.unit_code
    }
    mistakable = [i for i, v in enumerate(vouchers) if _is_mistakable(v.lines[0], neighbours)]
    corrected = list(vouchers)
    for i in dice.sample(mistakable, _CORRECTIONS):
        line = vouchers[i].lines[0]
        wrong, correction = _mistake(line, neighbours[line.counts_for], dice)
        corrected[i] = Voucher((wrong,))
        corrected.append(correction)
    return corrected


def _is_mistakable(line: Line, neighbours: Mapping[str, Sheet]) -> bool:
    """A payment with a code whose correction comes in time for the project's next checkpoint."""
    neighbour = neighbours.get(line.counts_for)
    return (
        neighbour is not None
        and bool(line.project_code)
        and line.amount_fen > 0
        and line.pay_date.month not in neighbour.unit.checkpoints
    )


def _mistake(line: Line, neighbour: Sheet, dice: Dice) -> tuple[Line, Voucher]:
    """The wrong payment, and its 支付更正: one voucher of sum zero, a minus and a plus line."""
    wrong = replace(
        line,
        project_code=neighbour.project_code,
        project_name=neighbour.project_name,
        counts_for=neighbour.project_code,
    )
    day = draw_workday(line.pay_date.year, line.pay_date.month + 1, dice)
    purpose = f"支付更正：{line.pay_date.month}月误列{neighbour.project_name}"
    taken = replace(wrong, pay_date=day, amount_fen=-line.amount_fen, purpose=purpose)
    given = replace(line, pay_date=day, purpose=purpose)
    return wrong, Voucher((taken, given))
