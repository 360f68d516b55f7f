"""Why a project's figures are what they are, down to file and line."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Connection, Row

from monitor.domain.calendar import china_time
from monitor.domain.codes import normalise_code
from monitor.domain.payment import Status, line_label
from monitor.domain.progress import Limits, stand
from monitor.errors import NotFound
from monitor.reports.rows import month, progress_row
from monitor.store import ledger, matches, projects

_METHODS = {"code": "项目编码", "name": "单位和项目名称", "manual": "人工"}


def explain(
    connection: Connection, code: str, *, year: int | None, as_of: date, limits: Limits
) -> dict[str, Any]:
    """The project's progress row, where its budget and plan stand, and every payment.

    Without `year` it is the project's latest. Raises NotFound for a project that does not exist.
    """
    project_code = normalise_code(code)
    if year is None:
        year = max(projects.years(connection, project_code), default=as_of.year)
    found = projects.load(connection, year=year, project_code=project_code)
    if not found:
        raise NotFound(f"{year} 年没有项目 {project_code}。", other_years(connection, project_code))
    stored = found[0]
    account = ledger.accounts(connection, year=year, as_of=as_of, project_code=project_code)[0]
    place = stored.project.place
    return {
        "as_of": as_of.isoformat(),
        "progress": progress_row(stand(account, as_of, limits)),
        "plan_bp": {month(point.month): point.planned_bp for point in account.plan},
        "source": {"file": place.file, "line": place.line, "sha256": stored.sha256},
        "payments": [_payment(row, as_of) for row in matches.of_project(connection, stored.id)],
    }


def other_years(connection: Connection, project_code: str | None = None) -> str:
    """Where to look instead, in Chinese: the years that have the project, or projects at all."""
    known = projects.years(connection, project_code) or projects.years(connection)
    if not known:
        return "先用 monitor targets import 导入绩效目标文本。"
    listed = "、".join(map(str, known))
    return f"已导入的年度有 {listed}，请用 --year 指明，或用 monitor targets list 查看。"


def _payment(row: Row[Any], as_of: date) -> dict[str, Any]:
    return {
        "number": line_label(row.number, row.ordinal),
        "pay_date": row.pay_date.isoformat(),
        "amount_fen": row.amount_fen,
        "status": Status(row.status).label,
        "payee": row.payee,
        "purpose": row.purpose,
        "counted": row.pay_date <= as_of,
        "method": _METHODS[row.method],
        "matched_at": china_time(row.matched_at),
        "actor": row.actor,
        "file": row.file,
        "line": row.line,
        "sha256": row.sha256,
    }
