"""The tables of payments: what the lists said, and what was decided about it.

The rules of `monitor.store.tables` hold here too. `payments.project_id` and `payments.method`
are the present answer to whose payment it is; `matches` says how it came to that, if it changed
after landing. `monthly_sums` is derived, and kept in the transaction that changes the payments.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
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

wordings = Table(
    "wordings",  # what lists say of a payment's unit, project and classes; few, each kept once
    metadata,
    id_column(),
    Column("key", String(32), nullable=False, unique=True),  # of all that follows
    Column("unit_code", String(32), nullable=False),
    Column("unit_name", Text, nullable=False),
    Column("project_code", String(64), nullable=False),
    Column("project_name", Text, nullable=False),
    Column("fund", Text, nullable=False),
    Column("category", Text, nullable=False),
    Column("economic", Text, nullable=False),
    Column("cells", Text, nullable=False),  # as they stood, joined by U+001F
)


def _said_columns(cells: str = "cells") -> list[Column[object]]:
    """What a list says in one row; the cells are those that are not in its wording."""
    return [
        Column("year", Integer, nullable=False),
        Column("number", String(64), nullable=False),
        Column("ordinal", Integer, nullable=False),
        Column("named_by", String(12), nullable=False),  # application, voucher, content
        Column("voucher", String(64), nullable=False),  # beside an application number
        Column("pay_date", Date, nullable=False),
        Column("amount_fen", BigInteger, nullable=False),
        Column("status", String(16), nullable=False),
        Column("wording_id", Id, to("wordings"), nullable=False),
        # joined by U+001F; NULL: they stand in `row_texts`, see store/row_texts.py
        Column(cells, Text, nullable=cells != "cells"),
    ]


payments = Table(
    "payments",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),  # given by the import
    Column("import_id", Id, to("imports"), nullable=False),
    Column("line", Integer, nullable=False),
    *_said_columns("own_cells"),
    Column("project_id", Id, to("projects")),
    Column("method", String(12), nullable=False),  # '': nobody has said whose it is
    Column("undone", Id, nullable=False, server_default="0"),
    Column("undone_at", Moment),
    Column("undone_by", Text),
    UniqueConstraint("year", "number", "ordinal", "undone"),
    Index("ix_payments_pay_date_project_id", "pay_date", "project_id"),
)

row_texts = Table(
    "row_texts",  # the cells of payments that came in one after the other; many texts in one
    metadata,
    Column("first_id", Id, primary_key=True, autoincrement=False),
    Column("rows", Integer, nullable=False),
    # of each payment, joined by U+001E; see store/row_texts.py
    Column("cells", Text().with_variant(LargeBinary(), "sqlite"), nullable=False),
)

numberings = Table(
    "numberings",  # by which numbers a year's payments go: whether two lists can name one twice
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("named_by", String(12), primary_key=True),
    Column("with_voucher", Integer, primary_key=True, autoincrement=False),
)

sightings = Table(
    "sightings",  # rows of a later list that say what is already recorded
    metadata,
    id_column(),
    Column("import_id", Id, to("imports"), nullable=False),
    Column("first_payment_id", Id, nullable=False),
    Column("last_payment_id", Id, nullable=False),
    Column("pairs", LargeBinary, nullable=False),  # line, payment id, line, …: 64 bits each
    Index("ix_sightings_import_id", "import_id"),
)

aliases = Table(
    "aliases",  # a second number of a recorded payment, as a later list gives it beside the first
    metadata,
    Column("import_id", Id, to("imports"), primary_key=True),
    Column("payment_id", Id, to("payments"), primary_key=True),
    Column("year", Integer, nullable=False),
    Column("number", String(64), nullable=False),
    Column("meaning", String(16), nullable=False),  # application, voucher
    Index("ix_aliases_year_number", "year", "number"),
    Index("ix_aliases_payment_id", "payment_id"),
)

conflicts = Table(
    "conflicts",  # a row whose number is recorded with other content; the recorded one stays
    metadata,
    id_column(),
    Column("import_id", Id, to("imports"), nullable=False),
    Column("line", Integer, nullable=False),
    *_said_columns(),
    Column("payment_id", Id, to("payments"), nullable=False),
    Column("differences", JSON, nullable=False),
    UniqueConstraint("import_id", "line", "payment_id"),
    Index("ix_conflicts_payment_id", "payment_id"),
)

resolutions = Table(
    "resolutions",  # what the office decided about a conflict
    metadata,
    id_column(),
    Column("conflict_id", Id, to("conflicts"), nullable=False),
    Column("keep", String(4), nullable=False),  # old, new
    Column("payment_id", Id, to("payments")),  # the row that took the old one's place
    Column("reason", Text, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    *undone_columns(),
    UniqueConstraint("conflict_id", "undone"),
)

rejections = Table(
    "rejections",
    metadata,
    Column("import_id", Id, to("imports"), primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("number", String(64), nullable=False),
    Column("column", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("reason_id", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("advice", Text, nullable=False),
    Column("amount_fen", BigInteger),  # where it is readable
    Column("content", String(64), nullable=False),  # of the row, to know it again in another list
    Column("cells", JSON, nullable=False),
    Index("ix_rejections_content", "content"),
)

mendings = Table(
    "mendings",  # rows that came back for rejected ones, which the list of them names
    metadata,
    Column("import_id", Id, to("imports"), primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("rejected_import_id", Id, to("imports"), nullable=False),
    Column("rejected_line", Integer, nullable=False),
    Index("ix_mendings_rejected_import_id", "rejected_import_id"),
)

matches = Table(
    "matches",  # every change of a payment's project after it landed
    metadata,
    id_column(),
    Column("payment_id", Id, to("payments"), nullable=False),
    Column("before_project_id", Id, to("projects")),
    Column("before_method", String(12), nullable=False),
    Column("project_id", Id, to("projects")),
    Column("method", String(12), nullable=False),
    Column("cause", String(32), nullable=False),  # such as `import 7`, `retirement 3`, `rule 2`
    Column("reason", Text, nullable=False),
    Column("matched_at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    Index("ix_matches_payment_id", "payment_id"),
    Index("ix_matches_cause", "cause"),
)

match_rules = Table(
    "match_rules",  # what the office said for all alike: unit and words → project
    metadata,
    id_column(),
    Column("year", Integer, nullable=False),  # 0: every year
    Column("unit_code", String(32), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("payee", Text, nullable=False),
    Column("project_name", Text, nullable=False),
    Column("project_code", String(64), nullable=False),
    Column("reason", Text, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    *undone_columns(),
)

ignored_codes = Table(
    "ignored_codes",  # codes that the office said are outside monitoring
    metadata,
    id_column(),
    Column("project_code", String(64), nullable=False),
    Column("year", Integer, nullable=False),  # 0: every year
    Column("unit_code", String(32), nullable=False),  # '': whichever unit the list names
    Column("reason", Text, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    *undone_columns(),
    UniqueConstraint("project_code", "year", "unit_code", "undone"),
)

MONTHS = range(1, 13)


def _sums_table(name: str) -> Table:
    """Derived: of a project, payments by each month's end, see store/sums.py.

    A row a project: read without grouping millions of rows, or adding up months. The last months
    stand first, as databases walk to a column from the left.
    """
    return Table(
        name,
        metadata,
        Column("project_id", Id, to("projects"), primary_key=True, autoincrement=False),
        *(
            Column(f"{what}_to_{month:02d}", kind, nullable=False, server_default="0")
            for month in reversed(MONTHS)
            for what, kind in (("fen", BigInteger), ("lines", Integer))
        ),
    )


monthly_sums = _sums_table("monthly_sums")  # of what counts
monthly_in_transit = _sums_table("monthly_in_transit")  # few projects have any
