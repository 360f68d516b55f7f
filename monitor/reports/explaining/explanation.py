"""Why a project's figures are what they are, down to file and line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row

from monitor.domain.calendar import china_time
from monitor.domain.codes import normalise_code
from monitor.domain.matchable import MatchSettings
from monitor.domain.payment import Status, line_label
from monitor.domain.progress import Limits, stand
from monitor.errors import NotFound
from monitor.ingest.row_texts import texts_of
from monitor.reports.match_reasons import MatchReasons
from monitor.reports.refunds import refund_rows
from monitor.reports.rows import month, progress_row
from monitor.store import ledger, matches, projects
from monitor.store.payment_tables import payments

METHODS = {
    "code": "项目编码",
    "name": "单位和项目名称",
    "slip": "项目编码（一处笔误）",
    "remembered": "与人工确认过的写法相同",
    "rule": "已保存的规则",
    "manual": "人工",
    "": "待匹配",
    "held": "人工取消匹配",
    "outside": "按规则不属监控范围",
    "ignored": "编码已定为不属监控范围",
    "excluded": "人工定为不属监控范围",
}
"""How a payment found its project, or why it has none."""


def explain(
    connection: Connection,
    code: str,
    *,
    year: int | None,
    as_of: date,
    limits: Limits,
    matching: MatchSettings = MatchSettings(),
    blanks: Collection[str] = (),
) -> dict[str, Any]:
    """The project's progress row, where its budget and plan stand, and every payment.

    `in_transit` are those not paid yet, which do not count. Without `year` it is the project's
    latest. `blanks` are texts that stand for an empty cell. Raises NotFound for a project that
    does not exist.
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
    told = _payments(connection, stored.id, year, as_of, matching)
    returned = {
        each["number"]: each
        for each in refund_rows(connection, year=year, project_id=stored.id, blanks=blanks)
    }
    for each in told["payments"]:
        each["returns"] = _returns(returned.get(each["number"]))
    return {
        "as_of": as_of.isoformat(),
        "progress": progress_row(stand(account, as_of, limits)),
        "plan_bp": {month(point.month): point.planned_bp for point in account.plan},
        "source": {"file": place.file, "line": place.line, "sha256": stored.sha256},
        **told,
    }


def _returns(refund: dict[str, Any] | None) -> dict[str, Any] | None:
    """What a refund returns, as `payments refunds` says."""
    return refund and {name: refund[name] for name in ("state", "fitting", "original")}


def other_years(connection: Connection, project_code: str | None = None) -> str:
    """Where to look instead, in Chinese: the years that have the project, or projects at all."""
    known = projects.years(connection, project_code) or projects.years(connection)
    if not known:
        return "先用 monitor targets import 导入绩效目标文本。"
    listed = "、".join(map(str, known))
    return f"已导入的年度有 {listed}，请用 --year 指明，或用 monitor targets list 查看。"


def _payments(
    connection: Connection, project_id: int, year: int, as_of: date, matching: MatchSettings
) -> dict[str, list[dict[str, Any]]]:
    counted = matches.of_project(connection, project_id, year)
    waiting = matches.like(
        connection,
        *matches.in_project(project_id, year),
        payments.c.status == Status.IN_TRANSIT.value,
    )
    rows = [*counted, *waiting]
    history: defaultdict[int, list[Row[Any]]] = defaultdict(list)
    for change in matches.log(connection, (row.id for row in rows)):
        history[change.payment_id].append(change)
    reasons = MatchReasons(connection, year, matching)
    return {
        "payments": [_payment(row, history[row.id], reasons, as_of) for row in counted],
        "in_transit": [_payment(row, history[row.id], reasons, as_of) for row in waiting],
    }


def _payment(
    row: Row[Any], history: Sequence[Row[Any]], reasons: MatchReasons, as_of: date
) -> dict[str, Any]:
    """A payment with how it came to its project: on landing, or by the last change since."""
    texts = texts_of(row)
    change = history[-1] if history else None
    return {
        "number": line_label(row.number, row.ordinal),
        "pay_date": row.pay_date.isoformat(),
        "amount_fen": row.amount_fen,
        "status": Status(row.status).label,
        "payee": texts.payee,
        "purpose": texts.purpose,
        "counted": row.pay_date <= as_of and Status(row.status).counts,
        "method": METHODS[row.method],
        "matched_at": china_time(change.matched_at if change else row.imported_at),
        "actor": change.actor if change else row.imported_by,
        "reason": (change.reason if change else "") or reasons.of(row, texts),
        "file": row.file,
        "line": row.line,
        "sha256": row.sha256,
        "history": [_change(each) for each in history],
    }


def _change(change: Row[Any]) -> dict[str, Any]:
    """One change of a payment's project after it landed."""
    return {
        "from": change.before_code or METHODS[change.before_method],
        "to": change.project_code or METHODS[change.method],
        "method": METHODS[change.method],
        "at": china_time(change.matched_at),
        "actor": change.actor,
        "cause": change.cause,
        "reason": change.reason,
    }
