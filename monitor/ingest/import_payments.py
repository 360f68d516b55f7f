"""Use case: a payment list lands whole or not at all, and every row of it gets an outcome."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from monitor.domain.calendar import CHINA
from monitor.domain.landing import Landing, Recorded, documents, second_number
from monitor.domain.matching import Match
from monitor.domain.payment import Numbered, number_lines
from monitor.errors import Diagnostic, MonitorError, Place
from monitor.ingest.importing import Incoming, archive, directories
from monitor.ingest.payment_checks import name_rows
from monitor.ingest.payment_kinds import FUTURE_DATE
from monitor.ingest.payment_list import PaymentList, read_payment_list
from monitor.ingest.profiles import Columns
from monitor.store import imports, matches, payments, rejections
from monitor.store.engine import writing

OUTCOMES = {
    "counted": "计入并已匹配项目",
    "unmatched": "计入、待匹配项目",
    "known": "以前已导入，不重复计",
    "rejected": "拒收",
    "rejected_before": "以前已拒收的同一行",
    "conflict": "同一编号内容不同，待裁定",
    "in_transit": "在途，未支付不计入",
    "voided": "已作废或支付失败，不计入",
    "earlier_year": "上年退回，不计入本年",
}
"""What can become of a row, in the order of the receipt, with the words for it."""


@dataclass(frozen=True, slots=True)
class PaymentReceipt:
    """What became of a list: outcome → rows and fen. The rows always add up to `rows`."""

    file: str
    known: bool
    months: tuple[str, ...]
    rows: int
    passed_over: int
    outcomes: dict[str, tuple[int, int]]
    by_name: int
    diagnostics: tuple[Diagnostic, ...]


@dataclass(slots=True)
class _Tally:
    """Rows and fen by outcome, while a list is being decided about."""

    rows: Counter[str] = field(default_factory=Counter)
    fen: Counter[str] = field(default_factory=Counter)

    def count(self, outcome: str, fen: int = 0) -> None:
        self.rows[outcome] += 1
        self.fen[outcome] += fen

    def sums(self) -> dict[str, tuple[int, int]]:
        return {name: (self.rows[name], self.fen[name]) for name in OUTCOMES if self.rows[name]}


def import_payments(
    engine: Engine,
    incoming: Incoming,
    *,
    folder: Path,
    columns: Columns,
    months: tuple[str, ...] = (),
) -> PaymentReceipt:
    """Reads a payment list and records what is new in it; `folder` is the archive.

    `months` (such as `2025-03`) are the months that it covers, where the list itself does not
    say. Raises InputError for a list that cannot be read; nothing has changed then.
    """
    listed = read_payment_list(incoming.data, incoming.name, columns=columns, months=months)
    source = incoming.source("payments")
    with writing(engine) as connection:
        earlier = imports.find(connection, source)
        if earlier is not None:
            return _receipt(listed, earlier.receipt, (), known=True)
        landing, tally = _decide(connection, listed), _Tally()
        for outcome, pairs in (("known", landing.known), ("conflict", landing.conflicts)):
            for line, _ in pairs:
                tally.count(outcome, line.payment.amount_fen)
        rejected_before = _count_rejections(connection, listed, tally)
        chosen = _match(connection, landing.new, tally)
        _check_sum(listed, tally)
        archive(folder, incoming)
        import_id = imports.record(
            connection,
            source,
            at=incoming.at,
            actor=incoming.actor,
            months=listed.months,
            receipt=tally.sums(),
            diagnostics=listed.diagnostics,
        )
        _write(connection, import_id, incoming, landing, chosen)
        _write_rejections(connection, import_id, listed, rejected_before)
    by_name = sum(1 for match in chosen if match and match.method == "name")
    news = (
        *listed.diagnostics,
        *_from_the_future(listed, landing.new, incoming),
        *(r.diagnostic(listed.file) for r in listed.rejections if r.content not in rejected_before),
    )
    return _receipt(listed, tally.sums(), news, known=False, by_name=by_name)


def _from_the_future(
    listed: PaymentList, lines: Sequence[Numbered], incoming: Incoming
) -> list[Diagnostic]:
    """Payments of a day that has not come, as one diagnostic."""
    today = incoming.at.astimezone(CHINA).date()
    found = [line.payment for line in lines if line.payment.pay_date > today]
    return [
        FUTURE_DATE.at(Place(listed.file, first.line), rows=name_rows(found)) for first in found[:1]
    ]


def _decide(connection: Connection, listed: PaymentList) -> Landing:
    """Holds every document of the list against what is recorded under its numbers."""
    grouped = documents(number_lines(listed.payments))
    wanted: defaultdict[int, set[str]] = defaultdict(set)
    for (year, number), lines in grouped.items():
        wanted[year] |= {number, *(line.payment.voucher for line in lines)} - {""}
    met = {year: payments.recorded(connection, year, numbers) for year, numbers in wanted.items()}
    landing = Landing()
    for (year, _), lines in grouped.items():
        landing.settle(lines, met[year].met_by(lines))
    return landing


def _count_rejections(connection: Connection, listed: PaymentList, tally: _Tally) -> set[str]:
    before = rejections.known_contents(connection, (r.content for r in listed.rejections))
    for rejection in listed.rejections:
        tally.count("rejected_before" if rejection.content in before else "rejected")
    return before


def _match(connection: Connection, lines: Sequence[Numbered], tally: _Tally) -> list[Match | None]:
    """For each new line the project that it belongs to, if that is sure."""
    known = directories(connection, (line.payment.pay_date.year for line in lines))
    chosen = []
    for line in lines:
        payment = line.payment
        counts = payment.status.counts
        match = known[payment.pay_date.year].match(payment) if counts else None
        outcome = payment.status.value.replace("-", "_")
        if counts:
            outcome = "counted" if match else "unmatched"
        tally.count(outcome, payment.amount_fen)
        chosen.append(match)
    return chosen


def _check_sum(listed: PaymentList, tally: _Tally) -> None:
    if tally.rows.total() != listed.rows:
        raise MonitorError(
            f"{listed.file} 共 {listed.rows} 行，但各类结果合计 {tally.rows.total()} 行，"
            "对不上，没有导入。",
            "这是程序的错误，请连同该文件报告。",
        )


def _write(
    connection: Connection,
    import_id: int,
    incoming: Incoming,
    landing: Landing,
    chosen: Sequence[Match | None],
) -> None:
    replaced = [line.id for line in landing.replaced]
    payments.replace(connection, replaced, at=incoming.at, by=f"import {import_id}")
    ids = payments.add(connection, import_id, landing.new)
    found = [
        (payment_id, match.key, match.method)
        for payment_id, match in zip(ids, chosen, strict=True)
        if match is not None
    ]
    matches.add(connection, found, at=incoming.at, actor=incoming.actor)
    payments.add_sightings(
        connection, import_id, {line.payment.line: kept.id for line, kept in landing.known}
    )
    payments.add_aliases(connection, _aliases(import_id, landing))
    payments.add_conflicts(
        connection, [_conflict(import_id, line, kept) for line, kept in landing.conflicts]
    )


def _aliases(import_id: int, landing: Landing) -> list[dict[str, Any]]:
    named = ((line, kept, second_number(line, kept)) for line, kept in landing.known)
    return [
        {
            "import_id": import_id,
            "payment_id": kept.id,
            "year": line.payment.pay_date.year,
            "number": second[1],
            "meaning": second[0],
        }
        for line, kept, second in named
        if second
    ]


_COMPARED = ("编号", "支付日期", "金额（分）", "状态", "项目编码", "单位编码")


def _conflict(import_id: int, line: Numbered, kept: Recorded) -> dict[str, Any]:
    pairs = zip(
        _COMPARED,
        (kept.number, *kept.content),
        (line.number, *line.payment.content),
        strict=True,
    )
    return {
        "import_id": import_id,
        "line": line.payment.line,
        "payment_id": kept.id,
        "number": line.label,
        "amount_fen": line.payment.amount_fen,
        "differences": [[name, old, new] for name, old, new in pairs if old != new],
        "cells": [list(cell) for cell in line.payment.cells],
    }


def _write_rejections(
    connection: Connection, import_id: int, listed: PaymentList, before: set[str]
) -> None:
    rejections.add(
        connection,
        [
            {
                "import_id": import_id,
                "line": each.line,
                "number": each.number,
                "column": each.column,
                "value": each.value,
                "reason_id": each.reason_id,
                "reason": each.reason,
                "advice": each.advice,
                "content": each.content,
                "cells": [list(cell) for cell in each.cells],
            }
            for each in listed.rejections
            if each.content not in before
        ],
    )


def _receipt(
    listed: PaymentList,
    outcomes: dict[str, tuple[int, int]],
    diagnostics: tuple[Diagnostic, ...],
    *,
    known: bool,
    by_name: int = 0,
) -> PaymentReceipt:
    return PaymentReceipt(
        file=listed.file,
        known=known,
        months=listed.months,
        rows=listed.rows,
        passed_over=sum(listed.passed_over.values()),
        outcomes=outcomes,
        by_name=by_name,
        diagnostics=diagnostics,
    )
