"""The refunds of a year, each with the payment that it returns, or that none is found."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row

from monitor.domain.codes import normalise_code, normalise_name
from monitor.domain.payment import line_label
from monitor.domain.refunds import Line, Link, link
from monitor.ingest.payment_layout import SEPARATOR, Layout
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
    lists = _Lists(connection, blanks)
    owners = refunds.Owners(connection, year, listed)
    rows = {row.id: row for row in (*listed, *owners.refunds())}
    asked = set(map(lists.owner_and_payee, rows.values()))
    for row in owners.returnable():
        if lists.owner_and_payee(row) in asked:
            rows[row.id] = row
    named = {lists.line(row).original for row in listed} - {""}
    documents = {name.rsplit("/", 1)[0] for name in named if not name.startswith("/")}
    numbers = named | documents | {row.number for row in listed}
    rows |= {row.id: row for row in refunds.numbered(connection, year, numbers)}
    rows |= {row.id: row for row in refunds.with_vouchers(connection, year, named)}
    lines = {id_: lists.line(row) for id_, row in rows.items()}
    wanted = {row.id for row in listed}
    return [
        _told(each, rows, lines[each.refund].original, lists)
        for each in link(lines.values())
        if each.refund in wanted
    ]


def _told(each: Link, rows: Mapping[int, Row[Any]], named: str, lists: _Lists) -> dict[str, Any]:
    row = rows[each.refund]
    paid = None if each.payment is None else rows[each.payment]
    return {
        **_said(row, lists),
        "unit_code": row.unit_code,
        "project_code": row.matched_code or row.project_code,
        "project_name": row.project_name,
        "payee": lists.payee(row),
        "state": each.bond.value,
        "fitting": each.fitting,
        "named": named,
        "original": None if paid is None else _said(paid, lists),
    }


class _Lists:
    """Every payment list's file and layout, and where its rows say what linking needs."""

    def __init__(self, connection: Connection, blanks: Collection[str]) -> None:
        self._blanks = blanks
        self.file: dict[int, str] = {}
        self.layout: dict[int, Layout] = {}
        self._payee: dict[int, int | None] = {}
        self._original: dict[int, int | None] = {}
        self._payees: dict[str, str] = {}
        for import_id, (file, kept) in refunds.layouts(connection).items():
            layout = Layout.from_json(kept)
            self.file[import_id], self.layout[import_id] = file, layout
            self._payee[import_id] = _place(layout, Meaning.PAYEE)
            self._original[import_id] = _place(layout, Meaning.ORIGINAL)

    def line(self, row: Row[Any]) -> Line:
        """A row as linking needs it."""
        cells = row.cells.split(SEPARATOR)
        owner, payee = self.owner_and_payee(row)
        names = {row.number, line_label(row.number, row.ordinal), row.voucher} - {""}
        return Line(
            key=row.id,
            document=row.number,
            owner=owner,
            payee=payee,
            pay_date=row.pay_date.isoformat(),
            amount_fen=row.amount_fen,
            names=tuple(names),
            original=self._named(row, cells),
        )

    def owner_and_payee(self, row: Row[Any]) -> tuple[str, str]:
        """Of a row, of which there may be millions: only what is needed is read."""
        owner = f"#{row.project_id}"
        if row.project_id is None:
            owner = f"{row.unit_code}/{row.project_code or normalise_name(row.project_name)}"
        place = self._payee[row.import_id]
        if place is None:
            return owner, ""
        written = row.cells.split(SEPARATOR)[place]
        if written not in self._payees:  # many are paid again and again
            self._payees[written] = normalise_name(written)
        return owner, self._payees[written]

    def _named(self, row: Row[Any], cells: Sequence[str]) -> str:
        original = self._original[row.import_id]
        if original is None or row.amount_fen >= 0:
            return ""
        number = normalise_code(cells[original])
        return "" if number in self._blanks else number

    def payee(self, row: Row[Any]) -> str:
        """As written."""
        layout = self.layout[row.import_id]
        return layout.text(layout.row(row.wording_cells, row.cells), Meaning.PAYEE)


def _place(layout: Layout, meaning: Meaning) -> int | None:
    """Where the second part of a row has this; neither payee nor original is in a wording."""
    column = layout.at.get(meaning.value)
    return None if column is None else layout.others.index(column)


def _said(row: Row[Any], lists: _Lists) -> dict[str, Any]:
    return {
        "number": line_label(row.number, row.ordinal),
        "pay_date": row.pay_date.isoformat(),
        "amount_fen": row.amount_fen,
        "file": lists.file[row.import_id],
        "line": row.line,
    }
