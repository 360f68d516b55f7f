"""While a year's lists have not all come, a self-assessment is made only as a provisional one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from monitor.domain.calendar import day_name, month_end
from monitor.errors import InputError
from monitor.reports.assessment.facts import ProjectFacts

_MOST_UNITS = 5


def open_months(facts: ProjectFacts) -> tuple[str, ...]:
    """The months of the year, `2025-11`, of which the unit's payments are not all known.

    Those that have not ended by the report's day are among them.
    """
    year = facts.project.year
    ahead = (m for m in range(1, 13) if month_end(year, m) > facts.as_of)
    return tuple(sorted({*facts.missing_months, *(f"{year}-{month:02d}" for month in ahead)}))


def stamp(facts: ProjectFacts) -> str:
    """What stands on every page of a draft of an open year; '' once all has come."""
    if not open_months(facts):
        return ""
    day = min(facts.as_of, date(facts.project.year, 12, 31))
    return f"阶段数据，截至{day.month}月{day.day}日"


def require_closed(facts: Sequence[ProjectFacts], provisional: bool) -> None:
    """Refuses final drafts of an open year, unless a provisional one is asked for.

    Raises InputError that names the months by unit, and both ways out.
    """
    if provisional or not (by_unit := _by_unit(facts)):
        return
    units = sorted(by_unit)
    told = [f"单位 {code} 缺 {month_words(by_unit[code])}" for code in units[:_MOST_UNITS]]
    if len(units) > _MOST_UNITS:
        told.append(f"等 {len(units)} 个单位")
    raise InputError(
        f"全年支付明细还没有到齐，不能生成正式自评表：{'；'.join(told)}。",
        "请导入这些月份的清单，或在核实没有遗漏后用 monitor payments coverage confirm 确认；"
        "只要阶段草稿的，加 --provisional（每页注明截至日期）。",
    )


def _by_unit(facts: Sequence[ProjectFacts]) -> dict[str, tuple[str, ...]]:
    found = {each.standing.account.unit_code: open_months(each) for each in facts}
    return {code: months for code, months in found.items() if months}


def month_words(months: Sequence[str]) -> str:
    """`2025-02`, `2025-11`, `2025-12` → `2月、11月至12月`."""
    numbers = sorted({int(month[-2:]) for month in months})
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return "、".join(f"{run[0]}月" if len(run) == 1 else f"{run[0]}月至{run[-1]}月" for run in runs)


def notice(facts: ProjectFacts, provisional: bool) -> str:
    """What the first page says of a draft of an open year; '' once all has come."""
    months = open_months(facts)
    if not months:
        return ""
    day = day_name(min(facts.as_of, date(facts.project.year, 12, 31)))
    kind = "本表为阶段草稿" if provisional else "本表只供核对"
    return (
        f"{kind}：数据截至{day}，{month_words(months)}的支付尚未到齐，"
        "执行数、执行率和得分均为阶段数，不是年度自评结果。"
    )
