"""A list's version of a payment document comes in the place of what is recorded.

The recorded lines are taken back and the list's own lines come in under its import, as if it had
been the first; nothing is overwritten, so that the decision can be taken back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Connection, Row

from monitor.domain.landing import Landing, Met, Recorded
from monitor.domain.payment import Numbered, Status, Wording
from monitor.ingest.assigning import Assigner
from monitor.ingest.conflict_versions import Version
from monitor.ingest.ignoring import Deciding
from monitor.ingest.list_block import ListRow
from monitor.ingest.payment_layout import Layout
from monitor.ingest.payment_list import payment_of
from monitor.store import (
    conflicts,
    decisions,
    matches,
    numberings,
    payments,
    sightings,
    sums,
    undoing,
    waiting,
    wordings,
)
from monitor.store.decisions import Decision
from monitor.store.payment_tables import payments as table
from monitor.store.payments import NewPayment

Keep = Literal["old", "new"]


@dataclass(frozen=True, slots=True)
class ResolveReceipt:
    """What a decision did: rows settled, and the payments (rows, fen) that went and came in."""

    number: str
    keep: Keep
    settled: int
    gone: tuple[int, int] = (0, 0)
    came: tuple[int, int] = (0, 0)


@dataclass(slots=True)
class Exchange:
    """Which recorded lines go, and which lines of the list come in instead."""

    gone: list[Recorded] = field(default_factory=list)
    come: list[Numbered] = field(default_factory=list)


class Replacing:
    """Puts a version of a document in the place of what is recorded.

    `gone` and `came` are the ids of the payments that it took back and brought in.
    """

    def __init__(self, connection: Connection, number: str, reason: str, by: Deciding) -> None:
        self._connection, self._number, self._reason, self._by = connection, number, reason, by
        self._first = conflicts.reserve_resolution(connection)
        self._mark = f"resolution {self._first}"
        self.gone: list[int] = []
        self.came: list[int] = []

    def replace(self, rows: Sequence[Row[Any]], chosen: Version) -> ResolveReceipt:
        said = self._said(chosen)
        exchange = self.exchange(chosen)
        before = waiting.by_id(self._connection, (each.id for each in exchange.gone))
        gone = sorted(before.values(), key=lambda row: (row.number, row.ordinal))
        self.gone = [row.id for row in gone]
        self._take_back(self.gone)
        ids = self._bring_in(chosen, exchange.come, said)
        self.came = list(ids.values())
        self._carry(gone, ids, said, chosen)
        self._decide(rows, chosen, ids)
        came = undoing.facts(self._connection, ids.values())
        return ResolveReceipt(self._number, "new", len(rows), counted(gone), counted(came))

    def exchange(self, chosen: Version) -> Exchange:
        """Decided as by an import today, document by document: lists may name it otherwise."""
        found, said = Exchange(), self._said(chosen)
        alone = conflicts.returned(self._connection, chosen.rows[0].import_id)
        documents: defaultdict[tuple[int, str], list[Row[Any]]] = defaultdict(list)
        for row in chosen.rows:
            documents[row.year, row.number].append(row)
        for (year, _), rows in documents.items():
            lines = [_numbered(row, said[row.wording_id]) for row in rows]
            names = {name for row in rows for name in (row.number, row.voucher)} - {""}
            bare = set() if lines[0].payment.application else {lines[0].number}
            met = payments.recorded(self._connection, year, names, bare).met_by(lines)
            for row, line in zip(rows, lines, strict=True):
                if row.line in alone:
                    found.gone += [each for each in met.lines if each.id == row.payment_id]
                    found.come.append(line)
            self._settle([line for line in lines if line.payment.line not in alone], met, found)
        return found

    def _said(self, chosen: Version) -> dict[int, Wording]:
        return wordings.load(self._connection, {row.wording_id for row in chosen.rows})

    def _settle(self, lines: Sequence[Numbered], met: Met, found: Exchange) -> None:
        landing = Landing()
        if lines:
            landing.settle(lines, met)
        found.gone += landing.replaced
        found.come += landing.new
        if landing.conflicts:
            found.gone += met.lines if met.whole else self._not_repeated(met.lines)
            found.come += lines

    def _not_repeated(self, lines: Iterable[Recorded]) -> list[Recorded]:
        """Of a voucher's lines those that no list in force shows as another application's."""
        listed = list(lines)
        seen = sightings.of_payments(self._connection, [each.id for each in listed])
        return [each for each in listed if each.id not in seen] or listed[:1]

    def _take_back(self, ids: Sequence[int]) -> None:
        these = table.c.id.in_(ids)
        sums.change(self._connection, sums.negated(sums.of_payments(self._connection, these)))
        payments.take_back(self._connection, ids, at=self._by.at, by=self._mark)

    def _bring_in(
        self, chosen: Version, lines: Sequence[Numbered], said: dict[int, Wording]
    ) -> dict[int, int]:
        """The ids of the new payments, by their line in the list."""
        assigner = Assigner(self._connection, outside=self._by.outside, matching=self._by.matching)
        by_line = {row.line: row for row in chosen.rows}
        first = payments.next_id(self._connection)
        new = []
        for id_, line in enumerate(lines, first):
            row = by_line[line.payment.line]
            found = assigner.of_row(
                row.year, said[row.wording_id], line.payment.purpose, line.payment.payee
            )
            new.append(
                NewPayment(
                    id_, row.import_id, row.line, row.year, line.number, line.ordinal,
                    row.named_by, row.voucher, row.pay_date.isoformat(), row.amount_fen,
                    row.status, row.wording_id, row.cells, *found,
                )
            )  # fmt: skip
        payments.add(self._connection, new)
        used = {(each.year, each.named_by, bool(each.voucher)) for each in new}
        numberings.add(self._connection, used)
        these = table.c.id.in_([each.id for each in new])
        sums.change(self._connection, sums.of_payments(self._connection, these))
        return {each.line: each.id for each in new}

    def _carry(
        self,
        gone: Sequence[Row[Any]],
        ids: dict[int, int],
        said: dict[int, Wording],
        chosen: Version,
    ) -> None:
        """Second numbers, and what a person decided where the project is named the same."""
        by_line = {row.line: row for row in chosen.rows}
        pairs = [(old, by_line[line], id_) for old, (line, id_) in zip(gone, ids.items())]  # noqa: B905
        seconds = conflicts.second_numbers(self._connection, [row.id for row in gone])
        new_of = {old.id: id_ for old, _, id_ in pairs}
        payments.add_aliases(
            self._connection,
            [
                {**row, "payment_id": new_of[row["payment_id"]]}
                for row in seconds
                if row["payment_id"] in new_of
            ],
        )
        last = {row.payment_id: row for row in matches.log(self._connection, list(new_of))}
        carried = {}
        for old, row, id_ in pairs:
            wording = said[row.wording_id]
            same = (old.project_code, old.project_name) == wording[2:4]
            log = last.get(old.id)
            if same and log is not None and old.method in _BY_HAND:
                carried[id_] = Decision(old.project_id, old.method, log.actor, log.reason)
        decisions.carry(self._connection, carried, at=self._by.at, cause=self._mark)

    def _decide(self, rows: Sequence[Row[Any]], chosen: Version, ids: dict[int, int]) -> None:
        holding = {row.id for listed in chosen.lists for row in listed}
        own = {row.id: ids.get(row.line) for row in chosen.rows}
        # in the order of the chosen version first: its mark is the first decision's id
        ordered = sorted(rows, key=lambda row: row.id not in holding)
        told = [(row.id, "new" if row.id in holding else "old", own.get(row.id)) for row in ordered]
        conflicts.resolve(
            self._connection,
            told,
            reason=self._reason,
            at=self._by.at,
            actor=self._by.actor,
            first=self._first,
        )


_BY_HAND = ("manual", matches.HELD, matches.EXCLUDED)


def _numbered(row: Row[Any], said: Wording) -> Numbered:
    listed = ListRow(
        row.line, row.number, row.named_by, row.voucher, row.pay_date.isoformat(),
        row.amount_fen, row.status, row.wording_id, row.cells,
    )  # fmt: skip
    payment = payment_of(listed, said, Layout.from_json(row.layout))
    return Numbered(payment, row.number, row.ordinal)


def counted(rows: Iterable[Row[Any]]) -> tuple[int, int]:
    """Rows and fen of those whose money counts."""
    fen = [row.amount_fen for row in rows if Status(row.status).counts]
    return len(fen), sum(fen)
