"""The tables of warnings, their answers, the outbox and the service's runs."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from monitor.store.columns import Id, Moment, id_column, to, undone_columns
from monitor.store.tables import metadata

warnings = Table(
    "warnings",
    metadata,
    id_column(),
    Column("rule", String(8), nullable=False),
    Column("year", Integer, nullable=False),
    Column("subject", String(64), nullable=False),  # project code, unit code, or "" for the office
    Column("period", String(8), nullable=False),  # "03": checkpoint, "m03": month, "year"
    Column("project_id", Id, to("projects")),  # NULL: about a unit or the office
    Column("unit_code", String(32), nullable=False),  # of the unit that it is about; "" the office
    Column("severity", String(8), nullable=False),
    Column("state", String(16), nullable=False),
    Column("as_of", Date, nullable=False),
    Column("figures", JSON, nullable=False),
    Column("doubts", JSON, nullable=False),  # [[kind, lines, fen, cures]]
    Column("details", JSON, nullable=False),
    Column("quiet", Boolean, nullable=False),
    Column("for_office", Boolean, nullable=False),
    Column("raised_at", Moment, nullable=False),
    UniqueConstraint("rule", "year", "subject", "period"),
    Index("ix_warnings_state", "state"),
)

warning_events = Table(
    "warning_events",
    metadata,
    id_column(),
    Column("warning_id", Id, to("warnings"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    Column("import_id", Id, to("imports")),  # the import that caused it
    Column("event", String(16), nullable=False),
    Column("severity", String(8), nullable=False),
    Column("as_of", Date),
    Column("figures", JSON, nullable=False),
    Column("note", Text, nullable=False),
    Index("ix_warning_events_warning_id", "warning_id"),
)

acknowledgements = Table(
    "acknowledgements",  # what units answer to warnings; a newer answer undoes the former
    metadata,
    id_column(),
    Column("warning_id", Id, to("warnings"), nullable=False),
    Column("cause", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("answer", Text, nullable=False),
    Column("measure", Text, nullable=False),
    Column("promised", Date),
    Column("author", Text, nullable=False),
    Column("source", Text, nullable=False),  # a returned workbook's name and SHA-256, or ""
    Column("recorded_at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    *undone_columns(),
    UniqueConstraint("warning_id", "undone"),
)

mails = Table(
    "mails",
    metadata,
    id_column(),
    Column("message_id", String(128), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("recipient", String(320), nullable=False),
    Column("name", Text, nullable=False),
    Column("run", String(128), nullable=False),
    Column("year", Integer, nullable=False),  # 0: of no budget year
    Column("unit_code", String(32), nullable=False),
    Column("subject", Text, nullable=False),
    Column("facts", JSON, nullable=False),  # what it is rendered from, at its first lease
    Column("content", LargeBinary),  # as rendered; NULL until then
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("release_at", Moment),  # NULL: not before a person releases it
    Column("due_at", Moment),  # of a waiting mail: not before
    Column("leased_at", Moment),
    Column("lease", String(32), nullable=False),  # the sender's own word; "" without
    Column("sent_at", Moment),
    UniqueConstraint("recipient", "run"),
    Index("ix_mails_state", "state", "due_at", "attempts"),
)

mail_warnings = Table(
    "mail_warnings",  # which stage of which warning a mail tells, and why
    metadata,
    Column("mail_id", Id, to("mails"), primary_key=True),
    Column("warning_id", Id, to("warnings"), primary_key=True),
    Column("purpose", String(16), primary_key=True),
    Column("severity", String(8), nullable=False),
    Index("ix_mail_warnings_warning_id", "warning_id"),
)

indicator_results = Table(
    "indicator_results",  # what units report of their indicators; a newer one undoes the former
    metadata,
    id_column(),
    Column("project_id", Id, to("projects"), nullable=False),
    Column("position", Integer, nullable=False),  # of the indicator in the project's document
    Column("period", String(8), nullable=False),  # the checkpoint, such as "06"
    Column("result", Text, nullable=False),  # as written
    Column("on_target", Boolean),  # NULL: not to be told
    Column("source", Text, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    *undone_columns(),
    UniqueConstraint("project_id", "position", "period", "undone"),
)

checks = Table(
    "checks",  # the latest judgement of each year's checkpoints; see alerts/checking.py
    metadata,
    Column("year", Integer, primary_key=True),
    Column("month", Integer, primary_key=True),  # the latest checkpoint that was due
    Column("as_of", Date, nullable=False),
    Column("judged_at", Moment, nullable=False),
    Column("known", String(64), nullable=False),  # SHA-256 of what was on record then
    Column("held_back", JSON, nullable=False),  # [unit_code]: not judged, as lists are missing
)

settled = Table(
    "settled",  # the last check of each year, as long as nothing changes; see store/settled.py
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("mark", String(64), nullable=False),
    Column("outcome", JSON, nullable=False),
)

job_runs = Table(
    "job_runs",
    metadata,
    Column("job", String(32), primary_key=True),
    Column("period", String(32), primary_key=True),
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment),
    Column("outcome", Text, nullable=False),
    Column("service", String(64), nullable=False, default=""),  # whose run it is: a heartbeat's
    Column("failures", Integer, nullable=False, default=0),  # one after the other, up to now
)

heartbeats = Table(
    "heartbeats",  # services that are alive, or were
    metadata,
    Column("service", String(64), primary_key=True),  # host, process and start
    Column("started_at", Moment, nullable=False),
    Column("beat_at", Moment, nullable=False),
    Column("stopped_at", Moment),
    Column("next_runs", JSON, nullable=False),  # job → when next
)
