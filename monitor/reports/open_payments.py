"""What waits for the finance office: unmatched, rejected and conflicting rows, as JSON rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row

from monitor.domain.calendar import china_time
from monitor.domain.matchable import Candidate, MatchSettings
from monitor.domain.payment import line_label
from monitor.ingest.proposals import Proposals
from monitor.ingest.row_texts import cells_of, texts_of
from monitor.store import conflicts as conflicting
from monitor.store import matches, waiting


def unmatched(
    connection: Connection,
    *,
    year: int | None = None,
    unit_code: str | None = None,
    limit: int | None = None,
    matching: MatchSettings = MatchSettings(),
) -> list[dict[str, Any]]:
    """Counted payments without a project, each with the projects that it may belong to."""
    rows = matches.unmatched(connection, year=year, unit_code=unit_code, limit=limit)
    proposals = Proposals(connection, matching, {(row.year, row.unit_code) for row in rows})
    return [_unmatched(row, proposals) for row in rows]


def _unmatched(row: Row[Any], proposals: Proposals) -> dict[str, Any]:
    texts = texts_of(row)
    return {
        "number": line_label(row.number, row.ordinal),
        "voucher": row.number if row.named_by == "voucher" else row.voucher,
        "pay_date": row.pay_date.isoformat(),
        "unit_code": row.unit_code,
        "unit_name": row.unit_name,
        "project_code": row.project_code,
        "project_name": row.project_name,
        "amount_fen": row.amount_fen,
        "payee": texts.payee,
        "purpose": texts.purpose,
        "file": row.file,
        "line": row.line,
        "candidates": [_candidate(each) for each in proposals.of(row, texts)],
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return {
        "project_code": candidate.project_code,
        "score": candidate.score,
        "reasons": list(candidate.reasons),
    }


def by_code(
    connection: Connection, *, year: int | None = None, unit_code: str | None = None
) -> list[dict[str, Any]]:
    """Unmatched rows grouped by unit and project code, the largest groups first."""
    groups: dict[tuple[str, str], dict[str, Any]] = {}
    for row in waiting.groups(connection, year=year, unit_code=unit_code):
        shared = ("project_code", "project_name", "unit_code", "unit_name")
        key = (row.unit_code, row.project_code or row.project_name)
        group = groups.setdefault(
            key, {**{name: getattr(row, name) for name in shared}, "rows": 0, "amount_fen": 0}
        )
        group["rows"] += row.rows
        group["amount_fen"] += row.amount_fen
    return sorted(groups.values(), key=lambda g: (-g["rows"], g["unit_code"], g["project_code"]))


def conflicts(connection: Connection, *, year: int | None = None) -> list[dict[str, Any]]:
    """Rows whose number is recorded with other content, beside the one that came first.

    `state` is open, or what the office decided to keep: old, new. `version` counts, from 1, what
    later lists hold against one document.
    """
    versions: dict[tuple[int, str], dict[int, int]] = {}
    found = []
    for row in conflicting.load(connection, year=year):
        places = versions.setdefault((row.year, row.number), {})
        found.append(
            {
                "number": line_label(row.number, row.ordinal),
                "kept": {
                    "file": row.kept_file,
                    "line": row.kept_line,
                    "cells": cells_of(row, "kept_"),
                },
                "other": {"file": row.file, "line": row.line, "cells": cells_of(row)},
                "differences": [
                    {"field": field, "kept": kept, "other": other}
                    for field, kept, other in row.differences
                ],
                "files": [row.kept_file, row.file],
                "state": row.keep or "open",
                "year": row.year,
                "version": places.setdefault(row.import_id, len(places) + 1),
                "reason": row.reason or "",
                "actor": row.actor or "",
                "decided_at": china_time(row.recorded_at) if row.recorded_at else None,
            }
        )
    return found
