"""Tables of the forms: what people wrote into them, and what was frozen when they were signed."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    Date,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from monitor.store.columns import Id, Moment, id_column, to, undone_columns
from monitor.store.tables import metadata

form_entries = Table(
    "form_entries",  # see domain/entry.py; a newer one undoes the former
    metadata,
    id_column(),
    Column("year", Integer, nullable=False),
    Column("unit_code", String(32), nullable=False),
    Column("project_code", String(64), nullable=False),  # "": of the unit itself
    Column("form", String(16), nullable=False),
    Column("period", String(8), nullable=False),
    Column("field", String(24), nullable=False),
    Column("item", String(24), nullable=False),
    Column("value", Text, nullable=False),
    Column("shown", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    *undone_columns(),
    UniqueConstraint(
        "year", "unit_code", "project_code", "form", "period", "field", "item", "undone"
    ),
)

finalizations = Table(
    "finalizations",  # a unit's year, signed
    metadata,
    id_column(),
    Column("year", Integer, nullable=False),
    Column("unit_code", String(32), nullable=False),
    Column("as_of", Date, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("documents", JSON, nullable=False),  # {path: SHA-256}
    Column("report", JSON, nullable=False),  # the unit's own report, as values
    Column("recorded_at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    *undone_columns(),
    Column("undone_reason", Text, nullable=False, default=""),
    UniqueConstraint("year", "unit_code", "undone"),
)

frozen_projects = Table(
    "frozen_projects",  # the figures of a project as they were signed
    metadata,
    Column("finalization_id", Id, to("finalizations"), primary_key=True),
    Column("project_code", String(64), primary_key=True),
    Column("draft", JSON, nullable=False),  # its form and its line of the summary, as values
    Column("payments", JSON, nullable=False),  # each that counted: number, day, fen, file, line
    Index("ix_frozen_projects_project_code", "project_code"),
)
