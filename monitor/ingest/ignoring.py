"""Use case: the finance office says that payments are outside monitoring (不属监控范围)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row

from monitor.domain.codes import normalise_code
from monitor.domain.matchable import MatchSettings
from monitor.domain.outside import OutsideDecision, OutsideRules
from monitor.domain.payment import Status
from monitor.errors import NotFound, UsageError
from monitor.ingest.assigning import IGNORED, OUTSIDE, UNMATCHED, Assigner
from monitor.ingest.importing import match_waiting
from monitor.ingest.match_by_hand import counted_payment
from monitor.store import ignored, matches, projects, waiting, wordings
from monitor.store.engine import writing
from monitor.store.matches import Change


@dataclass(frozen=True, slots=True)
class IgnoreReceipt:
    """What a decision did: its number (0: of a single payment), and rows and fen that count.

    `already`: the very decision was in force before, and nothing changed.
    """

    number: int
    rows: int
    amount_fen: int
    already: bool = False


@dataclass(frozen=True, slots=True)
class Deciding:
    """Who decides, when, and by which rules of the office what is open is matched again."""

    at: datetime
    actor: str
    outside: OutsideRules = OutsideRules()
    matching: MatchSettings = MatchSettings()


def ignore_code(
    engine: Engine, code: str, *, year: int | None, unit: str, reason: str, by: Deciding
) -> IgnoreReceipt:
    """Says that a code is outside: its payments without a project, and those of later lists.

    Those that only a saved rule matched go out too: rules speak last.

    Raises UsageError for a code that a project has.
    """
    with writing(engine) as connection:
        return record_decision(connection, code, year=year, unit=unit, reason=reason, by=by)


def record_decision(
    connection: Connection, code: str, *, year: int | None, unit: str, reason: str, by: Deciding
) -> IgnoreReceipt:
    """The same within the caller's transaction."""
    plain, unit_code = normalise_code(code), normalise_code(unit)
    if not plain:
        raise UsageError("请写明项目编码。", "没有编码的支付，用 monitor payments ignore 编号。")
    _refuse_project(connection, plain, year)
    for each in ignored.load(connection):
        if (each.project_code, each.year, each.unit_code) == (plain, year, unit_code):
            return IgnoreReceipt(each.id, 0, 0, already=True)
    number = ignored.add(
        connection,
        plain,
        year=year,
        unit_code=unit_code,
        reason=reason,
        at=by.at,
        actor=by.actor,
    )
    open_methods = ("", matches.HELD, OUTSIDE.method)
    rows = waiting.of_code(connection, plain, open_methods, year=year, unit=unit_code)
    rows += _by_rules(connection, plain, year, unit_code)
    changes = (Change(row.id, *IGNORED) for row in rows)
    matches.change(
        connection, changes, at=by.at, actor=by.actor, cause=_mark(number), reason=reason
    )
    return _receipt(number, rows)


def _by_rules(connection: Connection, code: str, year: int | None, unit: str) -> list[Row[Any]]:
    """What saved rules matched in spite of this code: a decision goes before them."""
    return [
        row
        for row in waiting.of_method(connection, "rule", years=None if year is None else [year])
        if normalise_code(row.project_code) == code
        and (not unit or normalise_code(row.unit_code) == unit)
    ]


def _refuse_project(connection: Connection, code: str, year: int | None) -> None:
    years = projects.years(connection, code)
    if year in years or (year is None and years):
        listed = "、".join(map(str, years))
        raise UsageError(
            f"{code} 是 {listed} 年的项目，不能整个编码定为不属监控范围。",
            "项目不再监控的，用 monitor targets retire；只对别的年度，请加 --year。",
        )


def undo_decision(engine: Engine, number: int, *, by: Deciding) -> IgnoreReceipt:
    """Takes a decision back: what it left out is looked at again. Raises NotFound."""
    with writing(engine) as connection:
        found = next((d for d in ignored.load(connection) if d.id == number), None)
        if found is None:
            raise NotFound(
                f"没有编号为 {number} 的决定。", "用 monitor payments ignore --list 查看编号。"
            )
        ignored.undo(connection, number, at=by.at, by=by.actor)
        rows = waiting.of_code(
            connection,
            found.project_code,
            (IGNORED.method,),
            year=found.year,
            unit=found.unit_code,
        )
        back = _look_again(connection, rows, number, by)
        years = {row.year for row in back}
        matches.change(
            connection,
            (Change(row.id, None, method) for row, method in back.items()),
            at=by.at,
            actor=by.actor,
            cause=f"{_mark(number)} undone",
        )
        match_waiting(
            connection,
            years,
            matching=by.matching,
            at=by.at,
            actor=by.actor,
            cause=f"{_mark(number)} undone",
        )
        return _receipt(number, list(back))


def _look_again(
    connection: Connection, rows: Sequence[Row[Any]], number: int, by: Deciding
) -> dict[Row[Any], str]:
    """The rows that no other decision leaves out, with how they stand then."""
    assigner = Assigner(connection, outside=by.outside, matching=by.matching)
    said = wordings.load(connection, {row.wording_id for row in rows})
    held = {
        each.payment_id
        for each in matches.caused_by(connection, _mark(number))
        if each.before_method == matches.HELD
    }
    found = {}
    for row in rows:
        assigned = assigner.of(row.year, said[row.wording_id])
        if assigned == IGNORED:
            continue
        method = OUTSIDE.method if assigned == OUTSIDE else UNMATCHED.method
        found[row] = matches.HELD if row.id in held else method
    return found


def ignore_payment(
    engine: Engine, label: str, *, year: int | None, reason: str, by: Deciding
) -> IgnoreReceipt:
    """Says of one payment that it is outside. Raises UsageError while it has a project."""
    with writing(engine) as connection:
        payment = counted_payment(connection, label, year)
        if payment.project_id is not None:
            raise UsageError(
                f"{label} 已经匹配到项目。", "先用 monitor payments unmatch 取消匹配。"
            )
        already = payment.method in (matches.EXCLUDED, IGNORED.method)
        change = [] if already else [Change(payment.id, None, matches.EXCLUDED)]
        matches.change(connection, change, at=by.at, actor=by.actor, reason=reason)
        return IgnoreReceipt(0, 1, payment.amount_fen, already=already)


def undo_payment(engine: Engine, label: str, *, year: int | None, by: Deciding) -> IgnoreReceipt:
    """Takes back what was said of one payment: it waits again, or finds its project.

    Raises UsageError where nothing was said of it.
    """
    with writing(engine) as connection:
        payment = counted_payment(connection, label, year)
        if payment.method != matches.EXCLUDED:
            raise UsageError(
                f"{label} 没有单笔定为不属监控范围。",
                "整个编码的决定，用 monitor payments ignore --list 查看，用 --undo 决定编号撤销。",
            )
        said = wordings.load(connection, [payment.wording_id])[payment.wording_id]
        assigner = Assigner(connection, outside=by.outside, matching=by.matching)
        assigned = assigner.of(payment.year, said)
        method = assigned.method if assigned.project_id is None else UNMATCHED.method
        change = [Change(payment.id, None, method)]
        matches.change(connection, change, at=by.at, actor=by.actor)
        match_waiting(
            connection,
            [payment.year],
            matching=by.matching,
            at=by.at,
            actor=by.actor,
            cause="ignore undone",
        )
        return IgnoreReceipt(0, 1, payment.amount_fen)


def decisions(connection: Connection) -> list[tuple[OutsideDecision, int, int]]:
    """The decisions in force, each with the rows and fen that count and bear its code."""
    listed = []
    for each in ignored.load(connection):
        rows = waiting.of_code(
            connection, each.project_code, (IGNORED.method,), year=each.year, unit=each.unit_code
        )
        told = _receipt(each.id, rows)
        listed.append((each, told.rows, told.amount_fen))
    return listed


def _receipt(number: int, rows: Sequence[Row[Any]]) -> IgnoreReceipt:
    counted = [row.amount_fen for row in rows if Status(row.status).counts]
    return IgnoreReceipt(number, len(counted), sum(counted))


def _mark(number: int) -> str:
    """The cause of what a decision changed."""
    return f"ignore {number}"
