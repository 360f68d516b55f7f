"""Why a lag may be wrong: money that is known, but not counted for the project (存疑).

What would end the finding is found out by asking the rule again, in integers: nothing is
estimated. Each kind is asked alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from monitor.alerts.case import Case
from monitor.domain.finding import Doubt, DoubtKind
from monitor.domain.money import yuan

Lags = Callable[[int, int], bool]
"""Whether the finding holds where so much more had been paid, and the budget were so much less."""


def doubts_of(
    case: Case, lags: Lags, *, at_due: bool = False, ahead: bool = False
) -> tuple[Doubt, ...]:
    """Money that may be the project's (unmatched), that is on its way, that came too late.

    Unmatched payments are those of `ProjectFacts.could_be`; sums of refunds cure nothing and
    are left out. In transit are the project's own applications. Recent money is what the budget
    gained shortly before the due checkpoint, for findings `at_due`, or before the next one, for
    those that look `ahead`.
    """
    paid, pace = tuple(_paid_elsewhere(case, lags)), case.facts.pace
    if at_due:
        return (*paid, *_recent_money(pace.recent_money_fen, pace.recent_additions, lags))
    if ahead:
        return (*paid, *_recent_money(pace.coming_money_fen, pace.coming_additions, lags))
    return paid


def _paid_elsewhere(case: Case, lags: Lags) -> Iterator[Doubt]:
    could_be, account = case.facts.could_be, case.account
    if could_be and could_be.fen > 0:
        cures = not lags(could_be.fen, 0)
        yield Doubt(DoubtKind.UNMATCHED, could_be.lines, could_be.fen, cures)
    if account.in_transit_fen > 0:
        cures = not lags(account.in_transit_fen, 0)
        yield Doubt(DoubtKind.IN_TRANSIT, account.in_transit, account.in_transit_fen, cures)


def _recent_money(fen: int, lines: int, lags: Lags) -> Iterator[Doubt]:
    if fen > 0:
        yield Doubt(DoubtKind.RECENT_MONEY, lines, fen, cures=not lags(0, fen))


def doubt_words(doubt: Doubt) -> str:
    """A doubt as a sentence in Chinese."""
    amount = yuan(doubt.fen)
    match doubt.kind:
        case DoubtKind.UNMATCHED:
            known = f"另有未匹配支付 {doubt.lines} 笔 {amount} 元，可能属于本项目"
            cure = "如属于本项目则不再滞后"
        case DoubtKind.IN_TRANSIT:
            known = f"另有在途支付申请 {doubt.lines} 笔 {amount} 元"
            cure = "支付后不再滞后"
        case DoubtKind.RECENT_MONEY:
            known = f"检查点前不久追加预算 {amount} 元"
            cure = "不计追加则不滞后"
    return f"{known}；{cure}。" if doubt.cures else f"{known}。"
