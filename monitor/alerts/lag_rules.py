"""W01 滞后, W02 零支出, W03 临近, W11 底线: a project against its plan, or against a floor."""

from __future__ import annotations

from datetime import date

from monitor.alerts.case import Case, known_words
from monitor.alerts.doubts import doubts_of
from monitor.alerts.rule_catalogue import APPROACHING, FLOOR, LAG, NOTHING_PAID, WarningRule
from monitor.domain.calendar import checkpoint_name, day_name, due_month, month_end
from monitor.domain.finding import Finding
from monitor.domain.forecast import RunRate
from monitor.domain.money import WHOLE_BP, percent, round_half_up, yuan
from monitor.domain.progress import Grade, severity, share_fen


def lag(case: Case) -> Finding | None:
    """W01 or W02 at the due checkpoint (design.md, section 5; D3 of the domain notes).

    W02 stands in W01's place; where it is switched off, nothing paid is an ordinary W01. A blank
    share, a blank budget and a due amount of nothing raise nothing. From the last day for
    applications what is unspent is 结余, told to the office by W07 (domain notes, section 4),
    and a lag is recorded without a mail.
    """
    rule = _lag_rule(case)
    standing, account = case.standing, case.account
    base, planned, checkpoint = account.base_fen, standing.planned_bp, standing.checkpoint
    if rule is None or base is None or planned is None or checkpoint is None:
        return None
    paid, limits = account.paid_fen, case.by.limits
    grade = severity(paid, base, planned, limits)
    if grade is None:
        return None
    small = case.is_small(planned * base - paid * WHOLE_BP, base)
    return case.finding(
        rule,
        f"{checkpoint:02d}",
        grade,
        _figures(case),
        (_lag_words(case, checkpoint, planned),),
        doubts_of(
            case, lambda more, less: _is_behind(paid + more, base - less, planned), at_due=True
        ),
        quiet=small or case.is_closed,
    )


def _lag_rule(case: Case) -> WarningRule | None:
    if case.account.paid_fen <= 0 and case.on(NOTHING_PAID):
        return NOTHING_PAID
    return LAG if case.on(LAG) else None


def _is_behind(paid_fen: int, budget_fen: int, planned_bp: int) -> bool:
    return severity(paid_fen, budget_fen, planned_bp) is not None


def _figures(case: Case) -> list[tuple[str, int | None]]:
    standing, account = case.standing, case.account
    return [
        ("budget_fen", account.budget_fen),
        ("planned_bp", standing.planned_bp),
        ("due_fen", standing.due_fen),
        ("paid_fen", account.paid_fen),
        ("gap_fen", standing.gap_fen),
        ("lag_bp", standing.lag_bp),
        ("rate_bp", standing.rate_bp),
        ("next_checkpoint", standing.next_checkpoint),
        ("next_planned_bp", standing.next_planned_bp),
        ("needed_fen", standing.needed_fen),
    ]


def _lag_words(case: Case, checkpoint: int, planned_bp: int) -> str:
    standing = case.standing
    lag_bp = percent(standing.lag_bp or 0).removesuffix("%")
    return (
        f"到{checkpoint_name(checkpoint)}计划累计支付 {percent(planned_bp)}，"
        f"即 {yuan(standing.due_fen or 0)} 元；累计已支付 {yuan(case.account.paid_fen)} 元，"
        f"相差 {yuan(standing.gap_fen or 0)} 元，滞后 {lag_bp} 个百分点。"
    )


def approaching(case: Case) -> Finding | None:
    """W03: the next checkpoint is near, and the pace so far will miss it.

    The pace is what was paid, by the days of the year up to which payments are known. For the
    year's last checkpoint `closing_day` stands for 31 December; after it nothing can be asked.
    """
    standing, account, known = case.standing, case.account, case.known_until
    month, planned, budget = standing.next_checkpoint, standing.next_planned_bp, account.budget_fen
    if not case.on(APPROACHING) or month is None or not planned or not budget or known is None:
        return None
    end = min(month_end(account.year, month), case.last_day if month == 12 else date.max)
    grade = _nearness(case, end)
    pace = RunRate(account.paid_fen, known, end)
    if grade is None or budget < 0 or not pace.misses(budget, planned):
        return None
    due, estimate = share_fen(budget, planned), pace.estimate_fen
    return case.finding(
        APPROACHING,
        f"{month:02d}",
        grade,
        [
            ("budget_fen", budget),
            ("planned_bp", planned),
            ("due_fen", due),
            ("paid_fen", account.paid_fen),
            ("gap_fen", due - account.paid_fen),
            ("lag_bp", _bp(planned * budget - account.paid_fen * WHOLE_BP, budget)),
            ("rate_bp", standing.rate_bp),
            ("next_checkpoint", month),
            ("next_planned_bp", planned),
            ("needed_fen", standing.needed_fen),
            ("estimate_fen", estimate),
            ("shortfall_fen", due - estimate),
        ],
        _ahead_words(case, pace, due),
        doubts_of(
            case,
            lambda more, less: RunRate(account.paid_fen + more, known, end).misses(
                budget - less, planned
            ),
            ahead=True,
        ),
        quiet=case.is_small(planned * budget - estimate * WHOLE_BP, budget),
    )


def _nearness(case: Case, end: date) -> Grade | None:
    days = (end - case.as_of).days
    if days < 0 or days > case.by.notice_days or case.as_of.year != case.account.year:
        return None
    if case.calendar.days_between(case.as_of, end) <= case.by.red_working_days:
        return Grade.RED
    return Grade.YELLOW if days <= case.by.yellow_days else Grade.NOTICE


def _ahead_words(case: Case, pace: RunRate, due_fen: int) -> tuple[str, ...]:
    """The method and its result; from 1 November no word that urges anybody to spend."""
    end, estimate = day_name(pace.until), pace.estimate_fen
    needed = due_fen - pace.paid_fen
    method = (
        f"按今年以来的支付进度推算（已支付 ÷ 已过天数 × 到检查点的天数）："
        f"{known_words(pace.known)}的 {pace.days} 天共支付 {yuan(pace.paid_fen)} 元，"
        f"到{end}约支付 {yuan(estimate)} 元，比计划的 {yuan(due_fen)} 元少 "
        f"{yuan(due_fen - estimate)} 元。"
    )
    if case.soft:
        return (method, f"按计划，到{end}尚有 {yuan(needed)} 元未支付。")
    return (method, f"到{end}按计划还需支付 {yuan(needed)} 元。")


def floor_month(case: Case) -> tuple[int, int] | None:
    """The latest month of the table of floors that has ended, and its floor in basis points.

    None where the rule is off, or no month has ended.
    """
    if not case.on(FLOOR):
        return None
    floors = dict(case.by.floors)
    month = due_month(floors, case.account.year, case.as_of)
    return None if month is None else (month, floors[month])


def below_floor(case: Case) -> Finding | None:
    """W11: paid less of the budget than a province's paper asks for (D4 of the domain notes).

    The severity is a lag's, held against the floor in the plan's place.
    """
    account, due = case.account, floor_month(case)
    budget = account.budget_fen
    if due is None or not budget:
        return None
    month, floor = due
    grade = severity(account.paid_fen, budget, floor, case.by.limits)
    if grade is None:
        return None
    paid = account.paid_fen
    missing = floor * budget - paid * WHOLE_BP
    return case.finding(
        FLOOR,
        f"{month:02d}",
        grade,
        [
            ("budget_fen", budget),
            ("planned_bp", floor),
            ("due_fen", share_fen(budget, floor)),
            ("paid_fen", paid),
            ("gap_fen", share_fen(budget, floor) - paid),
            ("lag_bp", _bp(missing, budget)),
            ("rate_bp", case.standing.rate_bp),
        ],
        (
            f"到{checkpoint_name(month)}支付应不低于预算的 {percent(floor)}，"
            f"实际为 {percent(case.standing.rate_bp or 0)}。",
        ),
        doubts_of(case, lambda more, less: _is_behind(paid + more, budget - less, floor)),
        quiet=case.is_small(missing, budget) or case.is_closed,
    )


def _bp(numerator: int, budget_fen: int) -> int:
    return round_half_up(numerator, budget_fen)
