"""Use case: the finance office says which project a payment belongs to, or that it is none's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row

from monitor.domain.codes import normalise_code
from monitor.domain.payment import Status
from monitor.errors import NotFound, UsageError
from monitor.ingest.alike import others_alike
from monitor.store import matches, payments, projects, waiting
from monitor.store.engine import writing
from monitor.store.projects import Stored


@dataclass(frozen=True, slots=True)
class HandMatch:
    """What was settled. `before` is the code of the project it was matched to, if any.

    `other_unit` names the payment's unit where it is not the project's. `alike` is how many
    further payments alike were matched with it, or (not `with_alike`) still wait.
    """

    pay_date: date
    amount_fen: int
    project_code: str
    project_name: str
    before: str | None
    other_unit: str
    alike: int = 0
    with_alike: bool = False


def match_by_hand(
    engine: Engine,
    label: str,
    code: str,
    *,
    year: int | None,
    at: datetime,
    actor: str,
    reason: str = "",
    with_alike: bool = False,
) -> HandMatch:
    """Matches the payment `label` (a number, or `number/2`) to the project of its year.

    An earlier match is taken back, and stays recorded as such; `with_alike` settles all payments
    like it that wait. Raises NotFound for an unknown payment or project, UsageError where the
    number is ambiguous or the payment does not count.
    """
    with writing(engine) as connection:
        payment = counted_payment(connection, label, year)
        found = project_of_year(connection, code, payment.year)
        before = payment.project_id and matches.project_of(connection, payment.project_id)
        others = others_alike(connection, payment)
        wanted = [payment.id] if payment.project_id != found.id else []
        changes = [
            matches.Change(each, found.id, "manual")
            for each in (*wanted, *(others if with_alike else ()))
        ]
        matches.change(connection, changes, at=at, actor=actor, reason=reason)
    project = found.project
    return HandMatch(
        pay_date=payment.pay_date,
        amount_fen=payment.amount_fen,
        project_code=project.project_code,
        project_name=project.project_name,
        before=before.project_code if before else None,
        other_unit="" if payment.unit_code in ("", project.unit_code) else payment.unit_code,
        alike=len(others),
        with_alike=with_alike,
    )


@dataclass(frozen=True, slots=True)
class HandUnmatch:
    """What was taken from its project. `before` is the project's code."""

    pay_date: date
    amount_fen: int
    before: str


def unmatch_by_hand(
    engine: Engine, label: str, *, year: int | None, reason: str, at: datetime, actor: str
) -> HandUnmatch:
    """Takes a payment from its project: it waits until somebody matches it by hand.

    Raises NotFound and UsageError as `match_by_hand`, UsageError also where it has no project.
    """
    with writing(engine) as connection:
        payment = counted_payment(connection, label, year)
        if payment.project_id is None:
            raise UsageError(f"{label} 没有匹配到项目，不需要取消。")
        before = matches.project_of(connection, payment.project_id)
        held = [matches.Change(payment.id, None, matches.HELD)]
        matches.change(connection, held, at=at, actor=actor, reason=reason)
    return HandUnmatch(payment.pay_date, payment.amount_fen, before.project_code)


def project_of_year(connection: Connection, code: str, year: int) -> Stored:
    """The project in force. Raises NotFound."""
    project_code = normalise_code(code)
    found = projects.load(connection, year=year, project_code=project_code)
    if not found:
        raise NotFound(
            f"{year} 年没有项目 {project_code}。",
            f"用 monitor targets list --year {year} 查看项目编码。",
        )
    return found[0]


def counted_payment(connection: Connection, label: str, year: int | None) -> Row[Any]:
    """The payment in force under a number, with its texts.

    Raises NotFound, and UsageError where the number is ambiguous or the payment does not count.
    """
    found = payments.find(connection, _normalise(label), 1, year)  # a number may hold a slash
    if not found:
        found = payments.find(connection, *_parts(label), year)
    if not found:
        raise NotFound(f"没有编号为 {label} 的支付。", "用 monitor payments unmatched 查看编号。")
    if len(found) > 1:
        years = "、".join(str(row.year) for row in found)
        raise UsageError(f"编号 {label} 在 {years} 年都有。", "请用 --year 写明年度。")
    if not Status(found[0].status).counts:
        raise UsageError(f"{label} 是{Status(found[0].status).label}，不计入支出，不需要匹配。")
    return waiting.by_id(connection, [found[0].id])[found[0].id]


def _parts(label: str) -> tuple[str, int]:
    number, slash, place = label.strip().rpartition("/")
    if slash and place.isascii() and place.isdigit():
        return _normalise(number), int(place)
    return _normalise(label), 1


def _normalise(text: str) -> str:
    """Numbers are kept like codes; those of rows without a number keep their small letters."""
    return text.strip() if text.strip().startswith("~") else normalise_code(text)
