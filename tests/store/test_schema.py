"""The schema: what migrations build is what the tables say, and an old one is not worked with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, Inspector, UniqueConstraint, inspect, literal, select, text

from monitor.domain.calendar import CHINA
from monitor.errors import WorkspaceError
from monitor.store import coverage_tables, form_tables, payment_tables  # noqa: F401
from monitor.store.columns import Moment
from monitor.store.engine import open_engine
from monitor.store.schema import HEAD, require_head, upgrade, version
from monitor.store.tables import metadata


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def migrated(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'migrated.db'}")
    upgrade(engine)
    yield engine
    engine.dispose()


def shape(engine: Engine) -> dict[str, dict[str, Any]]:
    """By table, all that the database itself says about it, in an order that does not matter."""
    looked = inspect(engine)
    tables = sorted(set(looked.get_table_names()) - {"alembic_version"})
    return {table: _table(looked, table) for table in tables}


def _table(looked: Inspector, table: str) -> dict[str, Any]:
    return {
        "columns": {
            each["name"]: (str(each["type"]), each["nullable"], each["default"])
            for each in looked.get_columns(table)
        },
        "primary key": looked.get_pk_constraint(table),
        "unique": sorted(looked.get_unique_constraints(table), key=str),
        "foreign keys": sorted(looked.get_foreign_keys(table), key=str),
        "indexes": sorted(map(_index, looked.get_indexes(table)), key=str),
        "checks": sorted(looked.get_check_constraints(table), key=str),
    }


def _index(said: Any) -> dict[str, Any]:
    """An index; of one over some rows, the condition as its words."""
    options = {name: str(option) for name, option in said["dialect_options"].items()}
    return {**said, "dialect_options": options}


def test_migrations_build_what_the_tables_say(empty: Engine, migrated: Engine) -> None:
    metadata.create_all(empty)
    wanted, built = shape(empty), shape(migrated)

    assert wanted.keys() == built.keys() == metadata.tables.keys()
    for table in wanted:
        assert built[table] == wanted[table], table


def test_alembic_sees_no_difference_between_migrations_and_tables(migrated: Engine) -> None:
    with migrated.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_every_column_of_a_unique_key_is_filled() -> None:
    for table in metadata.tables.values():
        keys = (each for each in table.constraints if isinstance(each, UniqueConstraint))
        blank = [column.name for key in keys for column in key.columns if column.nullable]
        assert not blank, table.name


def test_a_migrated_database_is_at_the_version_that_the_program_needs(migrated: Engine) -> None:
    require_head(migrated)

    assert version(migrated) == HEAD


def test_a_new_database_has_no_version_and_is_refused(empty: Engine) -> None:
    assert version(empty) is None
    with pytest.raises(WorkspaceError, match="monitor database upgrade"):
        require_head(empty)


def test_a_database_of_another_version_is_refused_with_the_way_out(migrated: Engine) -> None:
    with migrated.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))

    with pytest.raises(WorkspaceError) as refused:
        require_head(migrated)

    assert "版本是 0000" in refused.value.problem
    assert refused.value.remedy == "请运行 monitor database upgrade。"


def test_upgrading_twice_changes_nothing(migrated: Engine) -> None:
    before = shape(migrated)
    with migrated.begin() as connection:
        connection.execute(text("INSERT INTO projects (year, project_code) VALUES (2025, 'P1')"))

    upgrade(migrated)

    assert shape(migrated) == before
    with migrated.connect() as connection:
        kept = connection.scalars(text("SELECT project_code FROM projects")).all()
    assert kept == ["P1"]


def test_a_moment_without_its_time_zone_is_refused(empty: Engine) -> None:
    naive = datetime(2025, 7, 8, 8, 30)  # noqa: DTZ001 - the mistake itself
    with pytest.raises(ValueError, match="time zone"):
        Moment().process_bind_param(naive, empty.dialect)


def test_a_moment_comes_back_in_utc_as_the_same_instant(empty: Engine) -> None:
    morning = datetime(2025, 7, 8, 8, 30, tzinfo=CHINA)
    with empty.connect() as connection:
        back = connection.scalar(select(literal(morning, Moment())))

    assert back == morning
    assert back is not None
    assert back.tzinfo is UTC
