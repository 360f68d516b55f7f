"""W04 超预算, W05 沉淀, W06 突击, W07 年末结余, W10 无计划: how a project's money moves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from monitor.alerts.case import Case, known_words
from monitor.alerts.rule_catalogue import IDLE, NO_PLAN, OVER_BUDGET, RUSH, UNSPENT
from monitor.domain.calendar import day_name
from monitor.domain.finding import WHOLE_YEAR, Finding
from monitor.domain.forecast import RunRate
from monitor.domain.money import WHOLE_BP, percent, round_half_up, yuan
from monitor.domain.progress import Grade


def over_budget(case: Case) -> Finding | None:
    """W04: paid above the budget in force. Payment is controlled by 指标 (domain notes, 4)."""
    budget, paid = case.account.budget_fen, case.account.paid_fen
    if not case.on(OVER_BUDGET) or budget is None or paid <= budget:
        return None
    return case.finding(
        OVER_BUDGET,
        WHOLE_YEAR,
        Grade.YELLOW,
        [
            ("budget_fen", budget),
            ("paid_fen", paid),
            ("excess_fen", paid - budget),
            ("rate_bp", case.standing.rate_bp),
        ],
        (
            f"累计已支付 {yuan(paid)} 元，超过现行预算 {yuan(budget)} 元，"
            f"超出 {yuan(paid - budget)} 元。",
            "多半是预算调整没有登记（monitor targets adjust），"
            "或者别的项目的支付挂到了本项目（monitor payments match 改正）。",
        ),
    )


def idle(case: Case) -> Finding | None:
    """W05: no payment for so many days while the plan is unfinished.

    Counted from the last payment, else from the day on which the project got its budget, else
    from 1 January, up to the day until which payments are known. Once the year is over, the rest
    is 结余 (W07).
    """
    account, pace = case.account, case.facts.pace
    budget, shares = account.budget_fen, _stated_shares(case)
    known = case.known_until
    if not case.on(IDLE) or not budget or not shares or case.is_over or known is None:
        return None
    since = pace.last_payment or pace.began or date(account.year, 1, 1)
    unfinished = account.paid_fen * WHOLE_BP < shares[-1] * budget
    days = (known - since).days
    if not unfinished or days < case.by.idle_days:
        return None
    last = f"最近一次支付在{day_name(since)}" if pace.last_payment else "今年还没有支付"
    return case.finding(
        IDLE,
        WHOLE_YEAR,
        Grade.NOTICE,
        [
            ("budget_fen", budget),
            ("paid_fen", account.paid_fen),
            ("planned_bp", shares[-1]),
            ("rate_bp", case.standing.rate_bp),
            ("idle_days", days),
        ],
        (f"支出计划尚未完成，{last}，{known_words(known)}已有 {days} 天没有支付。",),
    )


def _stated_shares(case: Case) -> list[int]:
    return [point.planned_bp for point in case.account.plan if point.planned_bp is not None]


def rush(case: Case) -> Finding | None:
    """W06: more than a share of the budget paid in December, or within seven days."""
    budget, pace = case.account.budget_fen, case.facts.pace
    if not case.on(RUSH) or not budget or budget < 0:
        return None
    december, week = pace.months_fen[11], pace.busiest_week_fen
    late = december * WHOLE_BP > case.by.december_bp * budget
    quick = week * WHOLE_BP > case.by.week_bp * budget
    if not late and not quick:
        return None
    details = []
    if late:
        details.append(f"12 月支付 {_part(december, budget)}。")
    if quick:
        details.append(f"连续七天内支付 {_part(week, budget)}。")
    return case.finding(
        RUSH,
        WHOLE_YEAR,
        Grade.YELLOW if late else Grade.NOTICE,
        [
            ("budget_fen", budget),
            ("paid_fen", case.account.paid_fen),
            ("december_fen", december if late else None),
            ("week_fen", week if quick else None),
        ],
        details,
    )


def _part(fen: int, budget_fen: int) -> str:
    share = round_half_up(fen * WHOLE_BP, budget_fen)
    return f"{yuan(fen)} 元，占预算的 {percent(share)}"


def unspent(case: Case) -> Finding | None:
    """W07: what will be left of the budget by the pace so far; after the year, what is left.

    The estimate is a hint beside 全年预计执行数, which a person states. It reaches to
    `closing_day`, the last day for applications.
    """
    account, known = case.account, case.known_until
    budget, paid = account.budget_fen, account.paid_fen
    if not case.on(UNSPENT) or not budget or budget < 0 or known is None:
        return None
    if case.is_over:
        return _left(case, budget, paid) if paid < budget else None
    if case.as_of < date(account.year, *case.by.unspent_from):
        return None
    pace = RunRate(paid, known, max(case.last_day, known))
    if not pace.leaves_more_than(budget, case.by.unspent_bp):
        return None
    estimate = pace.estimate_fen
    return case.finding(
        UNSPENT,
        WHOLE_YEAR,
        Grade.NOTICE,
        [
            ("budget_fen", budget),
            ("paid_fen", paid),
            ("rate_bp", case.standing.rate_bp),
            ("estimate_fen", estimate),
            ("unspent_fen", budget - estimate),
        ],
        (
            f"按今年以来的支付进度推算（已支付 ÷ 已过天数 × 到年末的天数）："
            f"{known_words(known)}的 {pace.days} 天共支付 {yuan(paid)} 元，"
            f"到{day_name(pace.until)}约支付 {yuan(estimate)} 元，"
            f"预计结余 {_part(budget - estimate, budget)}。推算仅供参考。",
        ),
    )


def _left(case: Case, budget_fen: int, paid_fen: int) -> Finding:
    rest = budget_fen - paid_fen
    is_much = rest * WHOLE_BP > case.by.unspent_bp * budget_fen
    return case.finding(
        UNSPENT,
        WHOLE_YEAR,
        Grade.YELLOW if is_much else Grade.NOTICE,
        [
            ("budget_fen", budget_fen),
            ("paid_fen", paid_fen),
            ("rate_bp", case.standing.rate_bp),
            ("estimate_fen", None),
            ("unspent_fen", rest),
        ],
        (f"年度已结束，结余 {_part(rest, budget_fen)}。",),
        quiet=rest < case.by.quiet_fen,
    )


def no_plan(case: Case) -> Finding | None:
    """W10: no checkpoint of the plan has a share, or money was paid without a document."""
    if not case.on(NO_PLAN):
        return None
    reasons = list(_what_lacks(case))
    if not reasons:
        return None
    account = case.account
    return case.finding(
        NO_PLAN,
        WHOLE_YEAR,
        Grade.YELLOW if account.paid_fen > 0 else Grade.NOTICE,
        [
            ("budget_fen", account.budget_fen),
            ("paid_fen", account.paid_fen),
            ("lines", account.payments),
        ],
        reasons,
    )


def _what_lacks(case: Case) -> Iterator[str]:
    if not _stated_shares(case):
        yield "没有支出计划（各检查点的比例都是空白），无从对照。"
    if not case.facts.has_document and case.account.paid_fen > 0:
        paid = yuan(case.account.paid_fen)
        yield f"已支付 {paid} 元，但没有绩效目标文本（年中追加），请补报绩效目标和支出计划。"


def of_project(case: Case, *, complete: bool) -> Iterable[Finding | None]:
    """What these rules find; those that lists yet to come could refute only if `complete`."""
    yield over_budget(case)
    yield rush(case)
    yield no_plan(case)
    if complete:
        yield idle(case)
        yield unspent(case)
