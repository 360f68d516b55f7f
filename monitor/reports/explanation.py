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
from monitor.ingest.row_texts import texts_of
from monitor.reports.rows import month, progress_row
from monitor.store import ledger, matches, projects

METHODS = {
    "code": "项目编码",
    "name": "单位和项目名称",
    "slip": "项目编码（一处笔误）",
    "remembered": "与人工确认过的写法相同",
    "rule": "已保存的规则",
    "manual": "人工",
}
"""How a payment found its project."""


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
        "payments": _payments(connection, stored.id, year, as_of),
    }


def other_years(connection: Connection, project_code: str | None = None) -> str:
    """Where to look instead, in Chinese: the years that have the project, or projects at all."""
    known = projects.years(connection, project_code) or projects.years(connection)
    if not known:
        return "先用 monitor targets import 导入绩效目标文本。"
    listed = "、".join(map(str, known))
    return f"已导入的年度有 {listed}，请用 --year 指明，或用 monitor targets list 查看。"


def _payments(
    connection: Connection, project_id: int, year: int, as_of: date
) -> list[dict[str, Any]]:
    rows = matches.of_project(connection, project_id, year)
    changes = {each.payment_id: each for each in matches.log(connection, (r.id for r in rows))}
    return [_payment(row, changes.get(row.id), as_of) for row in rows]


def _payment(row: Row[Any], change: Row[Any] | None, as_of: date) -> dict[str, Any]:
    """A payment with how it came to its project: on landing, or by the last change since."""
    texts = texts_of(row)
    return {
        "number": line_label(row.number, row.ordinal),
        "pay_date": row.pay_date.isoformat(),
        "amount_fen": row.amount_fen,
        "status": Status(row.status).label,
        "payee": texts.payee,
        "purpose": texts.purpose,
        "counted": row.pay_date <= as_of,
        "method": METHODS[row.method],
        "matched_at": china_time(change.matched_at if change else row.imported_at),
        "actor": change.actor if change else row.imported_by,
        "reason": change.reason if change else "",
        "file": row.file,
        "line": row.line,
        "sha256": row.sha256,
    }
