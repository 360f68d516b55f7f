"""What became of each row of a payment list, a line a row, beside the row as it stood."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import suppress
from heapq import merge
from itertools import chain
from pathlib import Path
from typing import IO, Any, NamedTuple

from sqlalchemy import Connection, and_, or_, select

from monitor.domain.money import yuan
from monitor.domain.outside import OutsideDecisions, OutsideRules
from monitor.domain.payment import Status, line_label
from monitor.ingest.payment_kinds import IN_TRANSIT_UNDATED
from monitor.ingest.payment_receipt import OUTCOMES
from monitor.ingest.payment_source import EncodingChanges, ListRows
from monitor.ingest.readers.delimited import Row
from monitor.reports.explaining.explanation import METHODS
from monitor.store import ignored, rejections, sightings
from monitor.store import projects as known_projects
from monitor.store.batches import batches
from monitor.store.payment_tables import conflicts, payments, resolutions, wordings
from monitor.store.payment_tables import rejections as rejected
from monitor.store.tables import imports, projects

HEADER = (
    *("行号", "结果", "编号", "支付日期", "金额（元）", "项目编码", "匹配方式"),
    *("原文件", "原行号", "原因"),
)
_AT_ONCE = 5_000


class Outcome(NamedTuple):
    """What became of the row at a line, with the words for the cells of `HEADER`."""

    line: int
    outcome: str
    number: str = ""
    pay_date: str = ""
    amount: str = ""
    project_code: str = ""
    method: str = ""
    file: str = ""
    first_line: str = ""
    reason: str = ""

    def cells(self) -> list[str]:
        return [str(self.line), OUTCOMES[self.outcome], *self[2:]]


class _Every(set[int]):
    """All lines there are."""

    def __contains__(self, line: object) -> bool:
        return True


def write_outcomes(
    path: Path, connection: Connection, import_id: int, rows: ListRows, outside: OutsideRules
) -> int:
    """Writes a CSV file; `rows` are those of the list. Gives how many lines it has.

    Raises OSError, and EncodingChanges where the rows cannot be had piece by piece; no file is
    left then.
    """
    aside = path.with_name(f".{path.name}.part")
    try:
        with aside.open("w", encoding="utf-8-sig", newline="") as file:
            written = _write(file, connection, import_id, rows, outside)
        aside.replace(path)
    except BaseException as error:
        with suppress(OSError):
            aside.unlink()
        if isinstance(error, OSError):
            error.filename = str(path)
        raise
    return written


def _write(
    file: IO[str], connection: Connection, import_id: int, rows: ListRows, outside: OutsideRules
) -> int:
    query = select(imports.c.layout).where(imports.c.id == import_id)
    names = connection.scalars(query).one()["names"]
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow([*HEADER, *names])
    further = rows.again(_Every()) if rows.again else ()
    listed: Iterator[Row] = chain(rows.head, further)
    written = 0
    for each in outcomes(connection, import_id, outside):
        cells = next((cells for line, cells in listed if line == each.line), None)
        if cells is None:
            raise EncodingChanges  # the pieces do not give all rows: read it as a whole
        writer.writerow([*each.cells(), *cells])
        written += 1
    return written


def outcomes(connection: Connection, import_id: int, outside: OutsideRules) -> Iterator[Outcome]:
    """What became of the rows of an import, in the order of the list."""
    return merge(
        _new(connection, import_id, outside),
        _known(connection, import_id),
        _conflicting(connection, import_id),
        _rejected(connection, import_id),
    )


def _new(connection: Connection, import_id: int, outside: OutsideRules) -> Iterator[Outcome]:
    """The payments that the import brought, also those that were taken back since."""
    columns = ("line", "year", "number", "ordinal", "pay_date", "amount_fen", "status", "method")
    said = ("unit_code", "project_code", "project_name", "category", "economic")
    query = (
        select(
            *(payments.c[name] for name in columns),
            *(wordings.c[name] for name in said),
            projects.c.project_code.label("found"),
        )
        .join(wordings, wordings.c.id == payments.c.wording_id)
        .outerjoin(projects, projects.c.id == payments.c.project_id)
        .where(payments.c.import_id == import_id, payments.c.id >= _first(connection, import_id))
        .order_by(payments.c.line)
    )
    why = _Why(connection, outside)
    for row in connection.execute(query.execution_options(yield_per=_AT_ONCE)):
        counts, left_out = Status(row.status).counts, row.found is None and row.method
        outcome = row.status.replace("-", "_")
        if counts:
            outcome = "counted" if row.found else "outside" if left_out else "unmatched"
        yield Outcome(
            row.line,
            outcome,
            line_label(row.number, row.ordinal),
            row.pay_date.isoformat(),
            _amount(row.amount_fen),
            row.found or "",
            METHODS.get(row.method, "") if counts and row.method else "",
            reason=why.outside(row) if left_out and counts else "",
        )


def _first(connection: Connection, import_id: int) -> int:
    """Before the first payment of the import; 0 where its payments need not be the last of all.

    Those of the latest import are, until a decision or an import taken back brings others in.
    """
    later = imports.alias("later")
    landed = select(imports.c.imported_at).where(imports.c.id == import_id).scalar_subquery()
    brought = (
        select(later.c.id).where(or_(later.c.id > import_id, later.c.undone_at >= landed)),
        select(resolutions.c.id).where(
            or_(
                and_(resolutions.c.keep == "new", resolutions.c.recorded_at >= landed),
                resolutions.c.undone_at >= landed,
            )
        ),
    )
    if any(connection.scalar(query.limit(1)) is not None for query in brought):
        return 0
    query = select(payments.c.id).where(payments.c.import_id != import_id)
    return connection.scalar(query.order_by(payments.c.id.desc()).limit(1)) or 0


class _Why:
    """Why payments are outside monitoring."""

    def __init__(self, connection: Connection, outside: OutsideRules) -> None:
        self._connection, self._outside = connection, outside
        self._decisions = OutsideDecisions.of(ignored.load(connection))
        self._codes: dict[int, frozenset[str]] = {}
        self._found: dict[tuple[Any, ...], str] = {}

    def outside(self, row: Any) -> str:
        key = (row.method, row.year, *row[8:])
        if key not in self._found:
            self._found[key] = self._reason(row)
        return self._found[key]

    def _reason(self, row: Any) -> str:
        if row.year not in self._codes:
            self._codes[row.year] = frozenset(known_projects.codes(self._connection, row.year))
        known = self._codes[row.year]
        if row.method == "outside":
            return self._outside.reason(row, known) or "按规则"
        decision = self._decisions.find(row, row.year, known)
        return f"按决定：{decision.reason}" if decision else "按决定"


def _known(connection: Connection, import_id: int) -> Iterator[Outcome]:
    pairs = sorted(sightings.of_import(connection, import_id))
    for batch in batches(pairs, 500):
        query = (
            select(payments, imports.c.file, projects.c.project_code)
            .join(imports, imports.c.id == payments.c.import_id)
            .outerjoin(projects, projects.c.id == payments.c.project_id)
            .where(payments.c.id.in_({id_ for _, id_ in batch}))
        )
        there = {row.id: row for row in connection.execute(query)}
        for line, id_ in batch:
            row = there[id_]
            yield Outcome(
                line,
                "known",
                line_label(row.number, row.ordinal),
                row.pay_date.isoformat(),
                _amount(row.amount_fen),
                row.project_code or "",
                METHODS.get(row.method, "") if row.project_code else "",
                row.file,
                str(row.line),
            )


def _conflicting(connection: Connection, import_id: int) -> Iterator[Outcome]:
    """Each row once, beside the first of those that it contradicts."""
    query = (
        select(conflicts, payments.c.line.label("first_line"), imports.c.file)
        .join(payments, payments.c.id == conflicts.c.payment_id)
        .join(imports, imports.c.id == payments.c.import_id)
        .where(conflicts.c.import_id == import_id)
        .order_by(conflicts.c.line, conflicts.c.id)
    )
    last = 0
    for row in connection.execute(query).all():
        if row.line != last:
            yield Outcome(
                row.line,
                "conflict",
                line_label(row.number, row.ordinal),
                row.pay_date.isoformat(),
                _amount(row.amount_fen),
                file=row.file,
                first_line=str(row.first_line),
                reason="；".join(f"{what}：{old} → {new}" for what, old, new in row.differences),
            )
        last = row.line


def _rejected(connection: Connection, import_id: int) -> Iterator[Outcome]:
    query = select(rejected).where(rejected.c.import_id == import_id).order_by(rejected.c.line)
    rows = connection.execute(query).all()
    before = _rejected_before(connection, import_id, [row.content for row in rows])
    for row in rows:
        file, line = before.get(row.content, ("", ""))
        yield Outcome(
            row.line,
            _of_rejected(row.reason_id, before=row.content in before),
            row.number,
            amount="" if row.amount_fen is None else _amount(row.amount_fen),
            file=file,
            first_line=line,
            reason=row.reason,
        )


def _of_rejected(reason_id: str, *, before: bool) -> str:
    if reason_id == IN_TRANSIT_UNDATED.id:
        return "in_transit"
    return "rejected_before" if before else "rejected"


def _rejected_before(
    connection: Connection, import_id: int, contents: Sequence[str]
) -> dict[str, tuple[str, str]]:
    """By content, the file and line in which such a row was rejected first."""
    wanted = rejections.known_contents(connection, contents, before=import_id)
    found: dict[str, tuple[str, str]] = {}
    for batch in batches(sorted(wanted)):
        query = (
            select(rejected.c.content, rejected.c.line, imports.c.file)
            .join(imports, and_(imports.c.id == rejected.c.import_id, imports.c.undone == 0))
            .where(rejected.c.content.in_(batch), rejected.c.import_id < import_id)
            .order_by(rejected.c.import_id, rejected.c.line)
        )
        for row in connection.execute(query):
            found.setdefault(row.content, (row.file, str(row.line)))
    return found


def _amount(fen: int) -> str:
    return yuan(fen).replace(",", "")
