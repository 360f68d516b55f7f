"""Opening the database, and the two ways to work in it: reading, and one writing transaction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL, ExceptionContext

from monitor.errors import ConfigError, MonitorError
from monitor.store.packed_texts import split_part

_CACHE, _BULK_CACHE = 16_384, 32_768  # KiB of a SQLite connection
_WRITERS = 20_200_610  # the advisory lock of all writers on one PostgreSQL database


def open_engine(url: str | URL) -> Engine:
    """An engine for a SQLite or PostgreSQL URL. Raises ConfigError for any other kind."""
    target = make_url(url)
    backend = target.get_backend_name()
    if backend == "postgresql":
        server = create_engine(
            target.set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            connect_args={} if "options" in target.query else {"options": "-c datestyle=ISO"},
        )
        event.listen(server, "handle_error", _tell_trouble)
        return server
    if backend != "sqlite":
        raise ConfigError(f"不支持的数据库：{backend}。", "请使用 sqlite 或 postgresql。")
    engine = create_engine(target, connect_args={"timeout": 60})
    event.listen(engine, "handle_error", _tell_trouble)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """WAL for readers beside a writer, FULL so that a commit survives a power cut.

    The size of a page is settled when the file is made: rows of lists are long.
    """
    connection.isolation_level = None  # the driver must not begin transactions of its own
    connection.create_function("split_part", 3, split_part, deterministic=True)
    pragmas = ("page_size=16384", "journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL")
    try:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
    except Exception as error:
        connection.close()
        raise trouble(error) or error from error


# Part of SQLite's words → what is the matter, and what to do.
_TROUBLES = (
    ("readonly database", "数据库只读，不能写入。", "请检查数据库文件和所在文件夹的权限。"),
    ("unable to open", "打不开数据库文件。", "请检查文件是否存在、有没有权限。"),
    ("locked", "数据库正被别的程序占用。", "请稍后再试。"),
    ("disk is full", "磁盘已满。", "请清理后再试。"),
    ("not a database", "数据库文件不是 SQLite 数据库，或已损坏。", "请用备份恢复。"),
    ("malformed", "数据库文件已损坏。", "请用备份恢复。"),
)


def _tell_trouble(context: ExceptionContext) -> None:
    told = trouble(context.original_exception)
    if told:
        raise told from context.original_exception


def trouble(error: BaseException) -> MonitorError | None:
    """What the machine or the server refuses; anything else is a mistake of ours."""
    words = str(error)
    for part, problem, remedy in _TROUBLES:
        if part in words:
            return MonitorError(problem, remedy)
    if type(error).__module__.startswith("psycopg") and "connection" in words:
        first = words.strip().splitlines()[0]
        return MonitorError(
            f"连不上数据库服务器（{first}）。", "请检查 database 的设置，以及服务器是否在运行。"
        )
    return None


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    is_bulk = bool(options.get("bulk", False))
    cache = _BULK_CACHE if is_bulk else _CACHE
    connection.exec_driver_sql(f"PRAGMA foreign_keys={'OFF' if is_bulk else 'ON'}")
    connection.exec_driver_sql(f"PRAGMA cache_size=-{cache}")
    connection.exec_driver_sql(f"BEGIN {options.get('begin', 'DEFERRED')}")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection for reading; all that it reads is one state of the database."""
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as connection:
        yield connection


@contextmanager
def writing(engine: Engine, *, bulk: bool = False) -> Iterator[Connection]:
    """One transaction that holds the write lock from its first statement: all or nothing.

    `bulk` is for a million rows whose references are ids that the transaction itself has read
    or written: they are not looked up once more, row by row.
    """
    with engine.execution_options(begin="IMMEDIATE", bulk=bulk).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITERS})
        yield connection
