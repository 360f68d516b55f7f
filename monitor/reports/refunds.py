"""The refunds of a year, each with the payment that it returns, or that none is found."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Connection, Row

from monitor.domain.codes import normalise_code, normalise_name
from monitor.domain.payment import Status, line_label
from monitor.domain.refunds import Line, Link, link
from monitor.ingest.payment_layout import Layout
from monitor.ingest.profiles import Meaning
from monitor.store import refunds


def refund_rows(
    connection: Connection,
    *,
    year: int,
    unit: str | None = None,
    project_id: int | None = None,
    blanks: Collection[str] = (),
) -> list[dict[str, Any]]:
    """By date, of one unit, one project or all; `blanks` are texts that stand for an empty cell."""
    listed = refunds.refunded(connection, year, unit_code=unit, project_id=project_id)
    if not listed:
        return []
    lists = {
        import_id: (file, Layout.from_json(layout))
        for import_id, (file, layout) in refunds.layouts(connection).items()
    }

    def line(row: Row[Any]) -> Line:
        return _line(row, lists[row.import_id][1], blanks)

    rows = {row.id: row for row in refunds.beside(connection, year, listed)}
    named = {line(row).original for row in listed} - {""}
    documents = {name.rsplit("/", 1)[0] for name in named if not name.startswith("/")}
    numbers = named | documents | {row.number for row in listed}
    rows |= {row.id: row for row in refunds.under(connection, year, numbers)}
    lines = {id_: line(row) for id_, row in rows.items()}
    wanted = {row.id for row in listed}
    return [
        _told(each, rows, lines[each.refund].original, lists)
        for each in link(lines.values())
        if each.refund in wanted
    ]


def _told(
    each: Link,
    rows: Mapping[int, Row[Any]],
    named: str,
    lists: Mapping[int, tuple[str, Layout]],
) -> dict[str, Any]:
    row = rows[each.refund]
    file, layout = lists[row.import_id]
    paid = None if each.payment is None else rows[each.payment]
    return {
        **_said(row, file),
        "unit_code": row.unit_code,
        "project_code": row.matched_code or row.project_code,
        "project_name": row.project_name,
        "payee": layout.text(layout.row(row.wording_cells, row.cells), Meaning.PAYEE),
        "state": each.bond.value,
        "fitting": each.fitting,
        "named": named,
        "original": None if paid is None else _said(paid, lists[paid.import_id][0]),
    }


def _line(row: Row[Any], layout: Layout, blanks: Collection[str]) -> Line:
    """What linking needs; of what was paid the line's names, of a refund what it names."""
    cells = layout.row(row.wording_cells, row.cells)
    owner = f"#{row.project_id}"
    if row.project_id is None:
        owner = f"{row.unit_code}/{row.project_code or normalise_name(row.project_name)}"
    original = ""
    if row.status == Status.REFUNDED.value:
        original = normalise_code(layout.text(cells, Meaning.ORIGINAL))
    return Line(
        key=row.id,
        document=row.number,
        owner=owner,
        payee=normalise_name(layout.text(cells, Meaning.PAYEE)),
        pay_date=row.pay_date.isoformat(),
        amount_fen=row.amount_fen,
        names=tuple(
            dict.fromkeys(
                name
                for name in (row.number, line_label(row.number, row.ordinal), row.voucher)
                if name
            )
        ),
        original="" if original in blanks else original,
    )


def _said(row: Row[Any], file: str) -> dict[str, Any]:
    return {
        "number": line_label(row.number, row.ordinal),
        "pay_date": row.pay_date.isoformat(),
        "amount_fen": row.amount_fen,
        "file": file,
        "line": row.line,
    }
