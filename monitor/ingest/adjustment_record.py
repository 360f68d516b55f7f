"""Recording adjustments in a transaction: what they may concern, and what they did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from monitor.domain.adjustment import Adjustment, AdjustmentKind
from monitor.domain.budget import BudgetHistory
from monitor.domain.calendar import day_name
from monitor.domain.codes import holds
from monitor.domain.matchable import MatchSettings
from monitor.domain.money import MoneyUnit, yuan
from monitor.domain.target import Project
from monitor.errors import Diagnostic, InputError, MonitorError, NotFound, Place, UsageError
from monitor.ingest import adjustment_kinds as kinds
from monitor.ingest.adjustment_lines import Entry, NewProject
from monitor.ingest.importing import match_waiting
from monitor.store import adjustments, ledger, projects, retirements


@dataclass(frozen=True, slots=True)
class Budget:
    """A project's budget on the day of an adjustment, with it."""

    project_code: str
    project_name: str
    budget_fen: int | None


@dataclass(frozen=True, slots=True)
class AdjustReceipt:
    """What became of adjustments. `known` are the numbers of those recorded before.

    `added` are the numbers given; `created` are projects entered by them; `matched` counts
    payments that had waited for these. After a `dry_run` it is what would have become.
    """

    known: tuple[int, ...]
    added: tuple[int, ...]
    created: tuple[str, ...]
    budgets: tuple[Budget, ...]
    matched: int
    warnings: tuple[str, ...]
    dry_run: bool = False


def refuse(file: str, found: Sequence[Diagnostic]) -> None:
    """Raises InputError with what was found, if anything was."""
    if found:
        raise InputError(f"{file} 没有登记。", "请按以下各条改正后重新登记。", None, found)


def record(
    connection: Connection,
    entries: Sequence[Entry],
    *,
    at: datetime,
    actor: str,
    import_id: int | None,
    file: str = "",
    dry_run: bool = False,
    matching: MatchSettings = MatchSettings(),
) -> AdjustReceipt:
    """All entries, or the reasons why not: of a list as diagnostics, of a single one raised."""
    created: list[str] = []
    added: list[int] = []
    found: list[Diagnostic] = []
    touched: dict[int, str] = {}
    years = {entry.adjustment.effective.year for entry in entries}
    out = _retired(connection, years)
    histories = {year: adjustments.histories(connection, year) for year in years}
    for entry in entries:
        try:
            ids = _projects(connection, entry, created, out, histories, at=at, actor=actor)
        except MonitorError as error:
            if import_id is None:
                raise
            words = f"{error.problem}{error.remedy}"
            found.append(kinds.IMPOSSIBLE.at(entry.place, _codes(entry), why=words))
            continue
        touched |= {key: code for code, key in ids.items()}
        number = adjustments.record(
            connection,
            entry.adjustment,
            ids,
            at=at,
            actor=actor,
            import_id=import_id,
            line=entry.place.line,
        )
        added.append(number)
    shortfalls = list(_shortfalls(connection, entries, touched))
    if import_id is None and shortfalls:
        raise UsageError(f"没有登记：{shortfalls[0][1]}", "请核对金额、日期，或先登记追加。")
    found += [kinds.BELOW_ZERO.at(e.place, _codes(e), why=words) for e, words in shortfalls]
    refuse(file, found)
    matched = (
        match_waiting(connection, years, matching=matching, at=at, actor=actor, cause="adjustment")
        if created
        else 0
    )
    return AdjustReceipt(
        known=(),
        added=tuple(added),
        created=tuple(created),
        budgets=tuple(_budgets(connection, entries)),
        matched=matched,
        warnings=tuple(_warnings(connection, entries, created)),
        dry_run=dry_run,
    )


def _codes(entry: Entry) -> str:
    return "、".join(code for code, _ in entry.adjustment.signed)


def _retired(connection: Connection, years: Iterable[int]) -> dict[tuple[int, str], str]:
    return {
        (row.year, row.project_code): row.reason
        for year in years
        for row in retirements.in_force(connection, year=year)
    }


def _projects(
    connection: Connection,
    entry: Entry,
    created: list[str],
    out: Mapping[tuple[int, str], str],
    histories: Mapping[int, Mapping[int, BudgetHistory]],
    *,
    at: datetime,
    actor: str,
) -> dict[str, int]:
    """The ids of the entry's projects; one that is not recorded is entered if it is described."""
    year, ids = entry.adjustment.effective.year, {}
    for code, _ in entry.adjustment.signed:
        if (year, code) in out:
            raise UsageError(
                f"{year} 年的项目 {code} 已退出（原因：{out[year, code]}），不能调整。",
                f"如要恢复，请先运行 monitor targets retire {code} --year {year} --undo。",
            )
        project_id = projects.find(connection, year, code)
        if project_id is None:
            project_id = _enter(connection, entry, code, at=at, actor=actor)
            created.append(code)
        elif project_id in histories[year]:
            _check_budget(histories[year][project_id], entry.adjustment, code)
        ids[code] = project_id
    return ids


def _check_budget(history: BudgetHistory, adjustment: Adjustment, code: str) -> None:
    if history.at(adjustment.effective) is None:
        day = day_name(adjustment.effective)
        raise UsageError(
            f"项目 {code} 在{day}没有预算数（文本中是空白，空白不是 0），无从调整。",
            "请先导入写明预算数的绩效目标文本。",
        )


def _enter(connection: Connection, entry: Entry, code: str, *, at: datetime, actor: str) -> int:
    """A project without a document: nothing at first, then what adjustments give it."""
    adjustment, new = entry.adjustment, entry.new
    year = adjustment.effective.year
    if new is None or code != adjustment.taker or adjustment.kind is AdjustmentKind.MOVE:
        years = "、".join(f"{each} 年" for each in projects.years(connection, code))
        elsewhere = f"（{years}有）" if years else ""
        raise NotFound(
            f"{year} 年没有项目 {code}{elsewhere}。",
            "请核对项目编码和年度；如是年中新增的项目，"
            "请用追加，并写明项目名称、单位编码、单位名称（--name、--unit、--unit-name）。",
        )
    if adjustment.effective == date(year, 1, 1):
        raise UsageError(
            "自 1 月 1 日起的是年初预算，不是年中追加。",
            "请导入绩效目标文本，或写明文件的日期。",
        )
    project = _blank(year, code, new, adjustment.document_number)
    projects.record(
        connection,
        project,
        replacing=None,
        import_id=None,
        at=at,
        actor=actor,
        document_number=adjustment.document_number,
    )
    project_id = projects.find(connection, year, code)
    assert project_id is not None  # noqa: S101 - recorded just now
    return project_id


def _blank(year: int, code: str, new: NewProject, document_number: str) -> Project:
    return Project(
        year=year,
        unit_code=new.unit_code,
        unit_name=new.unit_name,
        project_code=code,
        project_name=new.name,
        money_unit=MoneyUnit.YUAN,
        budget_fen=0,
        fiscal_fen=0,
        other_fen=0,
        purpose="",
        plan=(),
        goals=(),
        indicators=(),
        place=Place(document_number),
    )


def _shortfalls(
    connection: Connection, entries: Sequence[Entry], touched: dict[int, str]
) -> Iterator[tuple[Entry, str]]:
    """Where a budget would fall below 0, with the last entry that takes from it by then."""
    by_year: dict[int, date] = {}
    for entry in entries:
        year, since = entry.adjustment.effective.year, entry.adjustment.effective
        by_year[year] = min(since, by_year.get(year, since))
    for year, since in by_year.items():
        for project_id, history in adjustments.histories(connection, year, touched.keys()).items():
            short = history.first_shortfall(since)
            if short is None:
                continue
            day, budget = short
            code = touched[project_id]
            taking = [e for e in entries if _takes(e.adjustment, code, year, day)]
            if taking:
                words = f"项目 {code} {day_name(day)}的预算数将为 {yuan(budget)} 元，成了负数。"
                yield taking[-1], words


def _takes(adjustment: Adjustment, code: str, year: int, day: date) -> bool:
    effective = adjustment.effective
    return adjustment.giver == code and effective.year == year and effective <= day


def _budgets(connection: Connection, entries: Iterable[Entry]) -> Iterator[Budget]:
    """Each project's budget on the last day on which an entry changes it."""
    last: dict[tuple[int, str], date] = {}
    for entry in entries:
        day = entry.adjustment.effective
        for code, _ in entry.adjustment.signed:
            last[day.year, code] = max(day, last.get((day.year, code), day))
    accounts = {
        (year, day): {a.project_code: a for a in ledger.accounts(connection, year=year, as_of=day)}
        for (year, _), day in last.items()
    }
    for (year, code), day in last.items():
        account = accounts[year, day][code]
        yield Budget(code, account.project_name, account.budget_fen)


def _warnings(
    connection: Connection, entries: Sequence[Entry], created: Sequence[str]
) -> Iterator[str]:
    yield from (
        f"注意：项目编码 {code} 的末位校验字符不符，可能抄错了一位，请与预算系统核对。"
        for code in created
        if not holds(code)
    )
    takers = {(e.adjustment.effective.year, e.adjustment.giver) for e in entries}
    for year in sorted({year for year, giver in takers if giver}):
        for account in ledger.accounts(connection, year=year, as_of=date(year, 12, 31)):
            budget = account.budget_fen
            if (year, account.project_code) not in takers or budget is None:
                continue
            if account.paid_fen > budget:
                yield (
                    f"注意：{account.project_code} {account.project_name} 已支付 "
                    f"{yuan(account.paid_fen)} 元，超过调整后的预算数 {yuan(budget)} 元。"
                )
