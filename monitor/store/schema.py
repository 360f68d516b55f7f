"""The schema's version: making a new database, checking and upgrading an old one."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, inspect, text

from monitor.errors import WorkspaceError

HEAD = "0001"
"""The revision in migrations/versions that this program works with."""


def version(engine: Engine) -> str | None:
    """The database's schema revision; None where there is no schema yet."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return str(connection.scalar(text("SELECT version_num FROM alembic_version")))


def require_head(engine: Engine) -> None:
    """Raises WorkspaceError unless the database is at this program's revision."""
    found = version(engine)
    if found != HEAD:
        state = "还没有建立" if found is None else f"版本是 {found}"
        raise WorkspaceError(
            f"数据库{state}，本程序需要版本 {HEAD}。", "请运行 monitor database upgrade。"
        )


def upgrade(engine: Engine) -> None:
    """Brings the database to HEAD, whatever it holds now; nothing happens if it is there."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
