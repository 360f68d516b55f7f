"""Use case: the finance office says which project a payment belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row

from monitor.domain.codes import normalise_code
from monitor.domain.payment import Status
from monitor.errors import NotFound, UsageError
from monitor.store import matches, payments, projects
from monitor.store.engine import writing


@dataclass(frozen=True, slots=True)
class HandMatch:
    """What was settled. `before` is the code of the project it was matched to, if any.

    `other_unit` names the payment's unit where it is not the project's.
    """

    pay_date: date
    amount_fen: int
    project_code: str
    project_name: str
    before: str | None
    other_unit: str


def match_by_hand(
    engine: Engine, label: str, code: str, *, year: int | None, at: datetime, actor: str
) -> HandMatch:
    """Matches the payment `label` (a number, or `number/2`) to the project of its year.

    An earlier match is taken back, and stays recorded as such. Raises NotFound for an unknown
    payment or project, UsageError where the number is ambiguous or the payment does not count.
    """
    with writing(engine) as connection:
        payment = _payment(connection, label, year)
        if not Status(payment.status).counts:
            raise UsageError(f"{label} 是{Status(payment.status).label}，不计入支出，不需要匹配。")
        project_code = normalise_code(code)
        found = projects.load(connection, year=payment.year, project_code=project_code)
        if not found:
            raise NotFound(
                f"{payment.year} 年没有项目 {project_code}。",
                f"用 monitor targets list --year {payment.year} 查看项目编码。",
            )
        before = payment.project_id and matches.project_of(connection, payment.project_id)
        if payment.project_id != found[0].id:
            change = matches.Change(payment.id, found[0].id, "manual")
            matches.change(connection, [change], at=at, actor=actor)
    project = found[0].project
    return HandMatch(
        pay_date=payment.pay_date,
        amount_fen=payment.amount_fen,
        project_code=project_code,
        project_name=project.project_name,
        before=before.project_code if before else None,
        other_unit="" if payment.unit_code in ("", project.unit_code) else payment.unit_code,
    )


def _payment(connection: Connection, label: str, year: int | None) -> Row[Any]:
    found = payments.find(connection, _normalise(label), 1, year)  # a number may hold a slash
    if not found:
        found = payments.find(connection, *_parts(label), year)
    if not found:
        raise NotFound(f"没有编号为 {label} 的支付。", "用 monitor payments unmatched 查看编号。")
    if len(found) > 1:
        years = "、".join(str(row.year) for row in found)
        raise UsageError(f"编号 {label} 在 {years} 年都有。", "请用 --year 写明年度。")
    return found[0]


def _parts(label: str) -> tuple[str, int]:
    number, slash, place = label.strip().rpartition("/")
    if slash and place.isascii() and place.isdigit():
        return _normalise(number), int(place)
    return _normalise(label), 1


def _normalise(text: str) -> str:
    """Numbers are kept like codes; those of rows without a number keep their small letters."""
    return text.strip() if text.strip().startswith("~") else normalise_code(text)
