"""What people wrote into forms. A newer entry takes the place of the former, which stays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from monitor.domain.entry import Entry, Field, Form, Key
from monitor.store.form_tables import form_entries

Entries = Mapping[Key, Entry]


def record(
    connection: Connection,
    *,
    year: int,
    unit_code: str,
    project_code: str,
    entries: Iterable[Entry],
) -> int:
    """Records entries of a project, or of the unit itself (`project_code` empty).

    Each takes the place of the one in force under its key; an empty value only takes that back.
    How many there were.
    """
    count = 0
    for entry in entries:
        key = {
            "year": year,
            "unit_code": unit_code,
            "project_code": project_code,
            "form": entry.key.form.value,
            "period": entry.key.period,
            "field": entry.key.field.value,
            "item": entry.key.item,
        }
        _take_back(connection, key, entry.at, entry.actor)
        if entry.value:
            words = {"value": entry.value, "shown": entry.shown, "author": entry.author}
            noted = {"source": entry.source, "recorded_at": entry.at, "actor": entry.actor}
            connection.execute(insert(form_entries).values(**key, **words, **noted, undone=0))
        count += 1
    return count


def _take_back(connection: Connection, key: Mapping[str, Any], at: datetime, actor: str) -> None:
    same = [form_entries.c[name] == value for name, value in key.items()]
    connection.execute(
        update(form_entries)
        .where(*same, form_entries.c.undone == 0)
        .values(undone=form_entries.c.id, undone_at=at, undone_by=actor)
    )


def load(
    connection: Connection, *, year: int, unit_code: str | None = None
) -> dict[tuple[str, str], dict[Key, Entry]]:
    """The entries in force of a year by (unit code, project code); "" is the unit itself."""
    query = select(form_entries).where(form_entries.c.year == year, form_entries.c.undone == 0)
    if unit_code is not None:
        query = query.where(form_entries.c.unit_code == unit_code)
    found: defaultdict[tuple[str, str], dict[Key, Entry]] = defaultdict(dict)
    for row in connection.execute(query.order_by(form_entries.c.id)):
        entry = _entry(row)
        found[row.unit_code, row.project_code][entry.key] = entry
    return dict(found)


def has_come(connection: Connection, source: str) -> bool:
    """Whether a workbook has brought entries before, in force or not."""
    query = select(form_entries.c.id).where(form_entries.c.source == source)
    return connection.execute(query.limit(1)).first() is not None


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        key=Key(Form(row.form), Field(row.field), row.item, row.period),
        value=row.value,
        shown=row.shown,
        author=row.author,
        at=row.recorded_at,
        actor=row.actor,
        source=row.source,
    )
