"""The JSON of `monitor imports list|show`: a public interface, its keys stay."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Row

from monitor.domain.calendar import china_time
from monitor.errors import NotFound
from monitor.reports.rows import import_row
from monitor.store import import_facts as facts
from monitor.store.imports import as_import


def import_list(connection: Connection, *, undone: bool) -> list[dict[str, Any]]:
    """The imports in force, or all of them; with when, by whom and why they were taken back."""
    return [_listed(row) for row in facts.every(connection) if undone or not row.undone]


def _listed(row: Row[Any]) -> dict[str, Any]:
    return {
        **import_row(as_import(row)),
        "state": "undone" if row.undone else "in_force",
        "undone_at": china_time(row.undone_at) if row.undone_at else None,
        "undone_by": row.undone_by,
        "undone_reason": row.undone_reason or None,
    }


def import_view(connection: Connection, import_id: int, archive: Path) -> dict[str, Any]:
    """All that is recorded of one import. Raises NotFound."""
    every = {row.id: row for row in facts.every(connection)}
    row = every.get(import_id)
    if row is None:
        raise NotFound(f"没有导入 {import_id}。", "用 monitor imports list --all 查看编号。")
    names = {id_: each.file for id_, each in every.items()}
    view = {
        **_listed(row),
        "sheet": row.scope if row.kind == "payments" else "",
        "size": row.size,
        "archive": str(archive / row.sha256),
        "diagnostics": row.diagnostics,
    }
    if row.kind == "payments":
        return view | _payments(connection, row, names)
    return view | {
        "projects": [_project(each) for each in facts.brought(connection, import_id)],
        "adjustments": facts.adjusted(connection, import_id),
    }


def _payments(connection: Connection, row: Row[Any], names: dict[int, str]) -> dict[str, Any]:
    rows, fen = facts.counting(connection, row.id)

    def by_import(found: dict[int, int]) -> list[dict[str, Any]]:
        return [{"id": id_, "file": names[id_], "rows": n} for id_, n in found.items()]

    return {
        "units": row.layout.get("units", {}),
        "methods": row.layout.get("methods", {}),
        "passed_over": row.layout.get("passed_over", {}),
        "columns": row.layout.get("names", []),
        "counting": {"rows": rows, "fen": fen},
        "repeats": by_import(facts.repeats(connection, row.id)),
        "repeated_by": by_import(facts.repeated_by(connection, row.id)),
        "conflicts": [_conflict(each, names) for each in facts.conflicting(connection, row.id)],
    }


def _conflict(row: Row[Any], names: dict[int, str]) -> dict[str, Any]:
    return {
        "number": row.number,
        "kept": {"file": names[row.kept_import_id], "line": row.kept_line},
        "other": {"file": row.file, "line": row.line},
        "state": row.keep or "open",
        "reason": row.reason,
    }


def _project(row: Any) -> dict[str, Any]:
    return {
        "year": row["year"],
        "project_code": row["project_code"],
        "project_name": row["project_name"],
        "unit_code": row["unit_code"],
        "effective": row["effective"].isoformat(),
        "new": bool(row["new"]),
        "in_force": bool(row["in_force"]),
    }
