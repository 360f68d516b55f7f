"""What the overview rests on: files, versions of target documents, and adjustments of budgets."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from monitor.domain.calendar import CHINA
from monitor.reports.assessment.facts import Source
from monitor.store import adjustments, fund_sums
from monitor.store.imports import Import
from monitor.store.ledger import Contribution


@dataclass(frozen=True, slots=True)
class VersionUsed:
    """A target document, from its day on, and of how many projects it says something."""

    file: str
    document_number: str
    effective: date
    projects: int


@dataclass(frozen=True, slots=True)
class AdjustmentsUsed:
    """Adjustments of one kind, fund, document and day: how many, and their amounts in fen.

    `amount_fen` is what they add to budgets; of a 调剂, which only moves money, how much moved.
    """

    kind: str
    fund: str
    document_number: str
    effective: date
    count: int
    amount_fen: int


def files(landed: Iterable[Import], given: Iterable[Contribution], year: int) -> Iterable[Source]:
    """The files behind the year: its target documents, and the lists that count or cover it."""
    sums: defaultdict[int, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for each in given:
        lines, fen = sums[each.import_id]
        sums[each.import_id] = (lines + each.lines, fen + each.paid_fen)
    for file in landed:
        if file.kind == "targets" and file.scope == str(year):
            yield _source(file)
        elif file.kind == "payments" and (file.id in sums or _covers(file, year)):
            yield _source(file, *sums[file.id])


def versions(
    connection: Connection, projects: Iterable[int], *, year: int, as_of: date
) -> tuple[VersionUsed, ...]:
    """The target documents in force by the day, by day and name.

    Of a project whose first comes later that one counts, as in its own forms.
    """
    rows = fund_sums.said(connection, year=year, only=set(projects))
    first = {row.project_id: row.effective for row in reversed(rows)}
    counted = Counter(
        (row.effective, row.file, row.document_number)
        for row in rows
        if row.effective <= as_of or row.effective == first[row.project_id]
    )
    return tuple(
        VersionUsed(file, number, effective, count)
        for (effective, file, number), count in sorted(counted.items())
    )


def adjusted(connection: Connection, *, year: int, as_of: date) -> tuple[AdjustmentsUsed, ...]:
    """The adjustments in force by the day, those of one document together."""
    sums: defaultdict[tuple[date, str, str, str], list[int]] = defaultdict(list)
    for recorded in adjustments.load(connection, year=year):
        each = recorded.adjustment
        if recorded.undone_at is None and each.effective <= as_of:
            key = each.effective, each.document_number, each.kind.value, each.fund.value
            adds = sum(fen for _, fen in each.signed)
            sums[key].append(adds or each.amount_fen)
    return tuple(
        AdjustmentsUsed(kind, fund, number, effective, len(amounts), sum(amounts))
        for (effective, number, kind, fund), amounts in sorted(sums.items())
    )


def _covers(landed: Import, year: int) -> bool:
    return any(month.startswith(f"{year}-") for month in landed.months)


def _source(landed: Import, rows: int | None = None, amount_fen: int | None = None) -> Source:
    return Source(
        file=landed.file,
        sha256=landed.sha256,
        kind=landed.kind,
        imported=landed.imported_at.astimezone(CHINA).date(),
        months=landed.months,
        rows=rows,
        amount_fen=amount_fen,
    )
