"""The tables of coverage: what imports cover, and what was confirmed by hand."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, Index, String, Table, Text, UniqueConstraint

from monitor.store.columns import Id, Moment, id_column, to, undone_columns
from monitor.store.tables import metadata

coverage = Table(
    "coverage",
    metadata,
    Column("import_id", Id, to("imports"), primary_key=True),
    Column("month", String(7), primary_key=True),  # 2025-03
    Column("unit_code", String(32), primary_key=True),  # blank: the whole office
    Column("since", Date),  # NULL: from the first day of the month
    Column("through", Date),  # NULL: to its last
    Index("ix_coverage_month", "month"),
)

confirmations = Table(
    "confirmations",
    metadata,
    id_column(),
    Column("unit_code", String(32), nullable=False),
    Column("month", String(7), nullable=False),
    Column("nil", Boolean, nullable=False),  # nothing was paid
    Column("note", Text, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    *undone_columns(),
    UniqueConstraint("unit_code", "month", "undone"),
)
