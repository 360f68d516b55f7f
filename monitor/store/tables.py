"""The schema. Facts are append-only: a row says when and by what it was recorded.

What is taken back is marked, never deleted: `undone` is 0 while a row is in force, and its own
id (never 0) once it is taken back, with when and by what; a unique key that includes it so
holds among the rows in force. All columns of unique keys are NOT NULL. Money is integer fen,
times are UTC, dates are dates in China.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Date,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from monitor.store.columns import Id, Moment, id_column, to, undone_columns

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

imports = Table(
    "imports",
    metadata,
    id_column(),
    Column("kind", String(16), nullable=False),  # targets, payments
    Column("scope", String(16), nullable=False, default=""),  # the year of a target document
    Column("file", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("imported_at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    Column("months", JSON, nullable=False),  # ["2025-03"]: what the list covers
    Column("receipt", JSON, nullable=False),  # outcome → [rows, fen]
    Column("diagnostics", JSON, nullable=False),
    Column("layout", JSON, nullable=False, default=dict),  # a payment list's columns
    *undone_columns(),
    Column("undone_reason", Text, nullable=False, default=""),
    UniqueConstraint("kind", "scope", "sha256", "undone"),
)

documents = Table(
    "documents",
    metadata,
    id_column(),
    Column("import_id", Id, to("imports"), nullable=False),
    Column("year", Integer, nullable=False),
    Column("year_source", Text, nullable=False),
    Column("overall", Text, nullable=False),
    Column("itemised", Text, nullable=False),
    Column("safeguards", Text, nullable=False),
)

projects = Table(
    "projects",
    metadata,
    id_column(),
    Column("year", Integer, nullable=False),
    Column("project_code", String(64), nullable=False),
    Column("revision_id", Id),  # derived: the latest of its revisions in force
    UniqueConstraint("year", "project_code"),
)

revisions = Table(
    "revisions",
    metadata,
    id_column(),
    Column("project_id", Id, to("projects"), nullable=False),
    Column("import_id", Id, to("imports")),  # NULL: entered without a document
    Column("recorded_at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    Column("effective", Date, nullable=False),  # 1 January: the original or a 勘误; later: a 调整
    Column("document_number", Text, nullable=False),
    Column("line", Integer, nullable=False),
    Column("spot", Text, nullable=False),
    Column("unit_code", String(32), nullable=False),
    Column("unit_name", Text, nullable=False),
    Column("project_name", Text, nullable=False),
    Column("money_unit", String(8), nullable=False),
    Column("budget_fen", BigInteger),
    Column("fiscal_fen", BigInteger),
    Column("other_fen", BigInteger),
    Column("purpose", Text, nullable=False),
    Column("goals", JSON, nullable=False),
    *undone_columns(),
    UniqueConstraint("project_id", "effective", "undone"),
    Index("ix_revisions_unit_code", "unit_code"),
)

plan_points = Table(
    "plan_points",
    metadata,
    Column("revision_id", Id, to("revisions"), primary_key=True),
    Column("month", Integer, primary_key=True),
    Column("planned_bp", Integer),
)

indicators = Table(
    "indicators",
    metadata,
    Column("revision_id", Id, to("revisions"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("level1", Text, nullable=False),
    Column("level2", Text, nullable=False),
    Column("level3", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("basis", Text, nullable=False),
    Column("weight", String(16)),
)

adjustments = Table(
    "adjustments",
    metadata,
    id_column(),
    Column("year", Integer, nullable=False),
    Column("kind", String(8), nullable=False),  # 追加, 调减, 收回, 结转, 调剂
    Column("amount_fen", BigInteger, nullable=False),  # above 0; the lines have the signs
    Column("fund", String(16), nullable=False),
    Column("effective", Date, nullable=False),
    Column("document_number", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("import_id", Id, to("imports")),
    Column("line", Integer),
    Column("recorded_at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    *undone_columns(),
    Column("undone_reason", Text, nullable=False, default=""),
    Index("ix_adjustments_year", "year"),
)

adjustment_lines = Table(
    "adjustment_lines",
    metadata,
    Column("adjustment_id", Id, to("adjustments"), primary_key=True),
    Column("project_id", Id, to("projects"), primary_key=True),
    Column("amount_fen", BigInteger, nullable=False),
    Index("ix_adjustment_lines_project_id", "project_id"),
)

retirements = Table(
    "retirements",  # a project taken out of the year; its payments wait again
    metadata,
    id_column(),
    Column("project_id", Id, to("projects"), nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    *undone_columns(),
    Column("undone_reason", Text, nullable=False, default=""),
    UniqueConstraint("project_id", "undone"),
)
