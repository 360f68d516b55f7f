"""The life of warnings on a real PostgreSQL is the one on SQLite."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from monitor.domain.progress import Standing
from monitor.store import tables
from monitor.store.engine import open_engine
from tests.alerts.conftest import add_projects, standing
from tests.alerts.judged_office import Office, doubtful
from tests.live.test_postgresql import new_database, server
from tests.store.test_warnings import assert_not_written_over

__all__ = ["server", "standing"]
pytestmark = pytest.mark.live

Stand = Callable[..., Standing]
JUNE, JULY, SEPTEMBER = date(2025, 6, 30), date(2025, 7, 20), date(2025, 9, 30)


def lived(engine: Engine, standing: Stand) -> list[dict[str, Any]]:
    """Raised, doubtful, told, answered, expired, carried on, withdrawn: all in one office."""
    tables.metadata.create_all(engine)
    add_projects(engine)
    office = Office(engine)
    office.judge(standing(0, code="P1"), standing(450_00, code="P2"), standing(1, code="P3"))
    office.tell(1, "red")
    office.answer(1, promised=JULY)
    office.judge_facts(doubtful(standing(100_00, JULY), 400_00))
    office.judge(standing(100_00, SEPTEMBER), standing(0, SEPTEMBER, code="P3"))
    return office.rows()


def test_a_warnings_life_is_the_same_on_both_databases(
    server: str, tmp_path: Any, standing: Stand
) -> None:
    on_postgresql = open_engine(new_database(server, "lives"))
    on_sqlite = open_engine(f"sqlite:///{tmp_path / 'lives.db'}")

    assert lived(on_postgresql, standing) == lived(on_sqlite, standing)
    on_postgresql.dispose()


def test_a_state_that_moved_on_is_not_written_over(server: str, standing: Stand) -> None:
    engine = open_engine(new_database(server, "moved"))
    try:
        tables.metadata.create_all(engine)
        add_projects(engine)
        assert_not_written_over(engine, standing)
    finally:
        engine.dispose()
