"""W08 清单未到, W09 未匹配, W10 无计划 (paid codes without a project), W12 指标."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from monitor.alerts.case import Case
from monitor.alerts.facts import Facts, Undocumented, Waiting
from monitor.alerts.rule_catalogue import (
    INDICATORS,
    LIST_MISSING,
    NO_PLAN,
    UNMATCHED,
    WarningRule,
)
from monitor.alerts.thresholds import Book
from monitor.domain.calendar import checkpoint_name, day_name, month_end
from monitor.domain.finding import WHOLE_YEAR, Finding, month_period
from monitor.domain.money import yuan
from monitor.domain.progress import Grade
from monitor.domain.working_days import WorkCalendar

_NAMED = 50  # units or indicators that a finding names; of more, it says how many


def missing_lists(facts: Facts, book: Book, calendar: WorkCalendar) -> Iterator[Finding]:
    """W08: a month whose lists are not complete so many working days after its end."""
    if LIST_MISSING.id not in book.general.on:
        return
    for month, units in sorted(facts.missing_lists.items()):
        year, number = map(int, month.split("-"))
        passed = calendar.days_between(month_end(year, number), facts.as_of)
        if not units or passed < book.general.list_working_days:
            continue
        whole = set(units) >= set(facts.unit_names)
        yield _finding(
            facts,
            LIST_MISSING,
            period=month_period(number),
            severity=Grade.YELLOW if whole else Grade.NOTICE,
            figures=(
                ("month", number),
                ("units_missing", len(units)),
                ("units", len(facts.unit_names)),
            ),
            details=_missing_words(number, units, whole=whole),
        )


def _missing_words(month: int, units: Mapping[str, str], *, whole: bool) -> tuple[str, ...]:
    if whole:
        return (f"{month}月：全部 {len(units)} 个单位的支付明细都没有到齐。",)
    names = [f"{code} {name}".strip() for code, name in sorted(units.items())]
    return (f"{month}月：{len(units)} 个单位的支付明细没有到齐。", *_few(names))


def _few(names: list[str]) -> list[str]:
    rest = len(names) - _NAMED
    return names[:_NAMED] + ([f"……另有 {rest} 个"] if rest > 0 else [])


def unmatched(facts: Facts, book: Book) -> Iterator[Finding]:
    """W09: a unit's unmatched payments of which one is old, or which are much together."""
    for unit, waiting in sorted(facts.unmatched.items()):
        by = book.of(unit)
        old = (facts.as_of - waiting.oldest).days > by.unmatched_days
        much = abs(waiting.fen) > by.unmatched_fen
        if UNMATCHED.id in by.on and (old or much):
            yield _finding(
                facts,
                UNMATCHED,
                unit=unit,
                severity=Grade.YELLOW if much else Grade.NOTICE,
                figures=(("lines", waiting.lines), ("unmatched_fen", waiting.fen)),
                details=(_unmatched_words(facts, unit, waiting),),
            )


def _unmatched_words(facts: Facts, unit: str, waiting: Waiting) -> str:
    name = facts.unit_names.get(unit) or facts.list_names.get(unit, "")
    whose = f"{unit} {name}".strip() or "没有单位编码的记录"
    return (
        f"{whose}：未匹配支付 {waiting.lines} 笔 {yuan(waiting.fen)} 元，"
        f"最早一笔在{day_name(waiting.oldest)}。"
    )


def undocumented(facts: Facts, book: Book) -> Iterator[Finding]:
    """W10 for codes that were paid, though no target document has them (年中追加)."""
    for each in facts.paid_without_document:
        if NO_PLAN.id in book.of(each.unit_code).on:
            yield _finding(
                facts,
                NO_PLAN,
                unit=each.unit_code,
                project=each.project_code,
                severity=Grade.YELLOW,
                figures=(
                    ("budget_fen", None),
                    ("paid_fen", each.waiting.fen),
                    ("lines", each.waiting.lines),
                ),
                details=(_undocumented_words(each),),
            )


def _undocumented_words(each: Undocumented) -> str:
    name = f"（{each.project_name}）" if each.project_name else ""
    unit = f"{each.unit_code} {each.unit_name}".strip()
    return (
        f"{unit}的项目 {each.project_code}{name}已支付 {each.waiting.lines} 笔 "
        f"{yuan(each.waiting.fen)} 元，但没有绩效目标文本（年中追加）。"
        "请导入目标文本；不属于监控范围的，用 monitor payments ignore 注明。"
    )


def indicators(case: Case, forms: frozenset[str]) -> Finding | None:
    """W12: at the latest checkpoint for which forms came, results are missing or off target.

    A result that cannot be held against its target says nothing. 双监控: goals and money.
    """
    ended = [period for period in forms if month_end(case.account.year, int(period)) <= case.as_of]
    states = case.facts.indicators
    if not case.on(INDICATORS) or not ended or not states:
        return None
    absent = [each.name for each in states if not each.reported]
    off = [each.name for each in states if each.reported and each.on_target is False]
    if not absent and not off:
        return None
    period = max(ended)
    details = []
    if off:
        details.append(f"{checkpoint_name(int(period))}未达到目标的指标：{'；'.join(_few(off))}。")
    if absent:
        details.append(f"{checkpoint_name(int(period))}未报完成情况：{'；'.join(_few(absent))}。")
    return case.finding(
        INDICATORS,
        period,
        Grade.YELLOW if off else Grade.NOTICE,
        [("indicators", len(states)), ("unreported", len(absent)), ("off_target", len(off))],
        details,
    )


def _finding(
    facts: Facts,
    rule: WarningRule,
    *,
    severity: Grade,
    figures: tuple[tuple[str, int | None], ...],
    details: tuple[str, ...],
    unit: str = "",
    project: str = "",
    period: str = WHOLE_YEAR,
) -> Finding:
    return Finding(
        rule=rule.id,
        year=facts.year,
        unit_code=unit,
        project_code=project,
        period=period,
        severity=severity,
        as_of=facts.as_of,
        figures=figures,
        details=details,
    )
