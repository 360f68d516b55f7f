"""What an import records beside the payments: what it repeats, contradicts, and rejects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from monitor.domain.landing import Recorded, second_number
from monitor.domain.payment import Numbered
from monitor.ingest.list_block import ListRow
from monitor.ingest.list_landing import Landed
from monitor.ingest.rejection import Rejection
from monitor.store import conflicts, payments, rejections, sightings

_COMPARED = ("编号", "支付日期", "金额（分）", "状态", "项目编码", "单位编码")


def record_landed(connection: Connection, import_id: int, landed: Landed) -> None:
    sightings.add(connection, import_id, landed.known_lines, landed.known_ids)
    payments.add_aliases(connection, _aliases(import_id, landed))
    conflicts.add(connection, [conflict_row(import_id, *each) for each in landed.conflicts])


def record_rejections(
    connection: Connection, import_id: int, rejected: Sequence[Rejection]
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
                "amount_fen": each.amount_fen,
                "content": each.content,
                "cells": [list(cell) for cell in each.cells],
            }
            for each in rejected
        ],
    )


def _aliases(import_id: int, landed: Landed) -> list[dict[str, Any]]:
    named = ((line, kept, second_number(line, kept)) for line, kept in landed.beside)
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


def conflict_row(import_id: int, line: Numbered, kept: Recorded, row: ListRow) -> dict[str, Any]:
    """A row of a list beside the recorded one that it contradicts, as it is kept."""
    pairs = zip(
        _COMPARED,
        (kept.number, *kept.content),
        (line.number, *line.payment.content),
        strict=True,
    )
    return {
        "import_id": import_id,
        "line": row.line,
        "year": line.payment.pay_date.year,
        "number": line.number,
        "ordinal": line.ordinal,
        "named_by": row.named_by,
        "voucher": row.voucher,
        "pay_date": line.payment.pay_date,
        "amount_fen": row.amount_fen,
        "status": row.status,
        "wording_id": row.wording,
        "cells": row.cells,
        "payment_id": kept.id,
        "differences": [[name, old, new] for name, old, new in pairs if old != new],
    }
