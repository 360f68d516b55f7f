"""Rejected rows that came back mended, as the list of them names them: `R3f2a9c1b-17`."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, insert, select

from monitor.store.batches import batches
from monitor.store.payment_tables import mendings, payments, rejections
from monitor.store.tables import imports

_REFERENCE = re.compile(r"R([0-9A-F]{8})-([0-9]{1,7})", re.ASCII)


class Key(NamedTuple):
    """A row of an import."""

    import_id: int
    line: int


def reference(sha256: str, part: str, line: int) -> str:
    """How the list of rejected rows names one: the same however often its file is imported."""
    return f"R{_file(sha256, part)}-{line}"


def _file(sha256: str, part: str) -> str:
    return hashlib.sha256(f"{sha256}/{part}".encode()).hexdigest()[:8] if part else sha256[:8]


def find(connection: Connection, references: Iterable[str]) -> dict[str, Key]:
    """The rejected rows that are meant; of a file imported several times, that in force."""
    wanted = {text: parsed for text in references if (parsed := _parsed(text))}
    by_place: dict[tuple[str, int], Key] = {}
    for batch in batches({line for _, line in wanted.values()}):
        query = (
            select(rejections.c.line, imports.c.id, imports.c.sha256, imports.c.scope)
            .join(imports, imports.c.id == rejections.c.import_id)
            .where(rejections.c.line.in_(batch))
            .order_by(imports.c.undone != 0, imports.c.id.desc())
        )
        for row in connection.execute(query):
            place = (_file(row.sha256, row.scope).upper(), row.line)
            by_place.setdefault(place, Key(row.id, row.line))
    return {text: by_place[place] for text, place in wanted.items() if place in by_place}


def _parsed(text: str) -> tuple[str, int] | None:
    found = _REFERENCE.fullmatch(unicodedata.normalize("NFKC", text).strip().upper())
    return (found[1], int(found[2])) if found else None


def add(connection: Connection, import_id: int, found: Mapping[int, Key]) -> None:
    """Records which rejected rows the lines of an import came back for."""
    rows = [
        {
            "import_id": import_id,
            "line": line,
            "rejected_import_id": key.import_id,
            "rejected_line": key.line,
        }
        for line, key in sorted(found.items())
    ]
    if rows:
        connection.execute(insert(mendings), rows)


def load(connection: Connection) -> dict[Key, Key]:
    """By rows of imports in force: the rejected rows that they came back for."""
    query = (
        select(mendings)
        .join(imports, imports.c.id == mendings.c.import_id)
        .where(imports.c.undone == 0)
    )
    return {
        Key(row.import_id, row.line): Key(row.rejected_import_id, row.rejected_line)
        for row in connection.execute(query)
    }


def places(connection: Connection, payment_ids: Iterable[int]) -> list[Row[Any]]:
    """Where payments were recorded: id, import, line."""
    found: list[Row[Any]] = []
    for batch in batches(sorted(set(payment_ids))):
        query = select(payments.c.id, payments.c.import_id, payments.c.line)
        found.extend(connection.execute(query.where(payments.c.id.in_(batch))))
    return found
