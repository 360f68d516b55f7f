"""Alembic's entry: migrations run on the connection that `monitor.store.schema` hands over."""

from alembic import context

from monitor.store import (  # noqa: F401
    alert_tables,
    coverage_tables,
    form_tables,
    payment_tables,
)
from monitor.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
