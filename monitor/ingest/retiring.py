"""Use case: a project is taken out of its year with a reason, or taken in again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine

from monitor.domain.codes import normalise_code
from monitor.domain.matchable import MatchSettings
from monitor.errors import NotFound, UsageError
from monitor.ingest.importing import match_waiting
from monitor.store import projects, retirements
from monitor.store.engine import writing


@dataclass(frozen=True, slots=True)
class RetireReceipt:
    """What became of a project and its payments.

    `already` is the reason of an earlier retirement that still stands, and then nothing changed.
    `rows` and `amount_fen` are its payments that wait again, or, taken in, those matched again.
    """

    year: int
    project_code: str
    already: str
    rows: int
    amount_fen: int = 0


def retire(
    engine: Engine, code: str, *, year: int | None, reason: str, at: datetime, actor: str
) -> RetireReceipt:
    """Takes a project out; its payments wait again. Raises NotFound."""
    project_code = normalise_code(code)
    with writing(engine) as connection:
        years = projects.years(connection, project_code) or _retired_years(connection, project_code)
        of_year = _year(year, years, project_code)
        for row in retirements.in_force(connection, year=of_year):
            if row.project_code == project_code:
                return RetireReceipt(of_year, project_code, row.reason, 0)
        project_id = projects.find(connection, of_year, project_code)
        if project_id is None:
            raise _not_there(of_year, project_code)
        rows, fen = retirements.retire(connection, project_id, reason=reason, at=at, actor=actor)
    return RetireReceipt(of_year, project_code, "", rows, fen)


def take_in_again(
    engine: Engine,
    code: str,
    *,
    year: int | None,
    reason: str,
    at: datetime,
    actor: str,
    matching: MatchSettings = MatchSettings(),
) -> RetireReceipt:
    """Takes a retired project in again, with its payments. Raises NotFound if it is not retired."""
    project_code = normalise_code(code)
    with writing(engine) as connection:
        of_year = _year(year, _retired_years(connection, project_code), project_code)
        for row in retirements.in_force(connection, year=of_year):
            if row.project_code == project_code:
                back = retirements.undo(
                    connection, row.id, row.project_id, reason=reason, at=at, actor=actor
                )
                back += match_waiting(
                    connection,
                    [of_year],
                    matching=matching,
                    at=at,
                    actor=actor,
                    cause=f"return of {row.project_id}",
                )
                return RetireReceipt(of_year, project_code, "", back)
    raise NotFound(
        f"{of_year} 年没有已退出的项目 {project_code}。", "用 monitor targets retire --list 查看。"
    )


def _retired_years(connection: Connection, project_code: str) -> list[int]:
    rows = retirements.in_force(connection)
    return [row.year for row in rows if row.project_code == project_code]


def _year(year: int | None, years: list[int], project_code: str) -> int:
    if year is not None:
        return year
    if not years:
        raise NotFound(f"没有项目 {project_code}。", "用 monitor targets list 查看项目编码。")
    if len(years) > 1:
        listed = "、".join(map(str, years))
        raise UsageError(f"项目 {project_code} 在 {listed} 年都有。", "请用 --year 写明年度。")
    return years[0]


def _not_there(year: int, project_code: str) -> NotFound:
    return NotFound(
        f"{year} 年没有项目 {project_code}。",
        f"用 monitor targets list --year {year} 查看项目编码。",
    )
