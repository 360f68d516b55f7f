"""Coverage as stored: what imports in force cover, and what is confirmed by hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from monitor.domain.coverage import Confirmation, Coverage, Span, State
from monitor.store import coverage as covering
from monitor.store import imports, tables
from monitor.store.coverage_tables import confirmations
from monitor.store.engine import open_engine, reading, writing
from monitor.store.imports import Source

LANDED = datetime(2025, 4, 8, 2, tzinfo=UTC)
UNIT = "434001"


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'monitor.db'}")
    tables.metadata.create_all(engine)
    yield engine
    engine.dispose()


def land(
    engine: Engine, file: str, *spans: Span, units: set[str] | None = None, at: datetime = LANDED
) -> int:
    source = Source("payments", "", file, file, 1)
    with writing(engine) as connection:
        import_id = imports.record(connection, source, at=at, actor="王某")
        covering.record(connection, import_id, spans, units)
    return import_id


def undo(engine: Engine, import_id: int) -> None:
    with writing(engine) as connection:
        mine = tables.imports.c.id == import_id
        connection.execute(update(tables.imports).where(mine).values(undone=import_id))


def loaded(engine: Engine, year: int | None = None) -> Coverage:
    with reading(engine) as connection:
        return covering.load(connection, year)


def confirm(engine: Engine, month: str = "2025-03", *, nil: bool = False, note: str = "") -> bool:
    with writing(engine) as connection:
        return covering.confirm(
            connection, UNIT, month, nil=nil, note=note, at=LANDED, actor="王某"
        )


def test_what_is_recorded_of_an_import_is_loaded_again(engine: Engine) -> None:
    land(engine, "all.csv", Span("2025-01"), Span("2025-02", through=date(2025, 2, 20)))
    land(engine, "one.csv", Span("2025-02", since=date(2025, 2, 21)), units={UNIT, "434003"})

    coverage = loaded(engine)

    assert coverage.complete("434002", "2025-01")
    assert coverage.cell("434002", "2025-02").files == ("all.csv",)
    assert coverage.cell("434002", "2025-02").state is State.PARTIAL
    for unit in (UNIT, "434003"):
        assert coverage.complete(unit, "2025-02")
        assert coverage.cell(unit, "2025-02").files == ("all.csv", "one.csv")


def test_an_import_that_covers_no_month_is_no_mistake(engine: Engine) -> None:
    land(engine, "empty.csv")

    assert loaded(engine).months == ()


def test_an_undone_import_covers_nothing(engine: Engine) -> None:
    import_id = land(engine, "3.csv", Span("2025-03"))
    assert loaded(engine).complete(UNIT, "2025-03")

    undo(engine, import_id)

    assert loaded(engine).months == ()


def test_only_the_months_of_the_year_are_loaded(engine: Engine) -> None:
    land(engine, "turn.csv", Span("2024-12"), Span("2025-01"))
    confirm(engine, "2025-12")
    confirm(engine, "2026-01")

    assert loaded(engine, 2025).months == ("2025-01", "2025-12")
    assert loaded(engine).months == ("2024-12", "2025-01", "2025-12", "2026-01")


def test_a_list_covers_the_days_before_it_came_by_the_time_in_china(engine: Engine) -> None:
    land(engine, "3.csv", Span("2025-03"), at=datetime(2025, 3, 30, 16, tzinfo=UTC))
    land(engine, "4.csv", Span("2025-04"), at=datetime(2025, 4, 29, 15, tzinfo=UTC))

    assert loaded(engine).complete(UNIT, "2025-03")
    assert [str(each.first) for each in loaded(engine).cell(UNIT, "2025-04").uncovered] == [
        "2025-04-30"
    ]


def test_a_confirmation_is_loaded_with_who_and_when(engine: Engine) -> None:
    assert confirm(engine, nil=True, note="电话核实")

    cell = loaded(engine).cell(UNIT, "2025-03")

    assert cell.confirmed == Confirmation(UNIT, "2025-03", True, "电话核实", LANDED, "王某")
    assert cell.state is State.COMPLETE


def test_the_same_confirmation_again_changes_nothing(engine: Engine) -> None:
    assert confirm(engine)
    assert not confirm(engine)

    with reading(engine) as connection:
        assert len(connection.execute(select(confirmations)).all()) == 1


def test_another_word_takes_the_place_of_the_former_which_stays_on_record(engine: Engine) -> None:
    confirm(engine)
    assert confirm(engine, nil=True)

    said = loaded(engine).cell(UNIT, "2025-03").confirmed
    assert said is not None
    assert said.nil
    with reading(engine) as connection:
        rows = connection.execute(select(confirmations).order_by(confirmations.c.id)).all()
    assert [(row.nil, row.undone, row.undone_by) for row in rows] == [
        (False, 1, "王某"),
        (True, 0, None),
    ]


def test_a_withdrawn_confirmation_leaves_the_month_as_it_was_and_may_come_again(
    engine: Engine,
) -> None:
    confirm(engine)
    later = LANDED + timedelta(days=1)
    with writing(engine) as connection:
        assert covering.withdraw(connection, UNIT, "2025-03", at=later, actor="李某")
    with writing(engine) as connection:
        assert not covering.withdraw(connection, UNIT, "2025-03", at=later, actor="李某")

    assert loaded(engine).cell(UNIT, "2025-03").state is State.MISSING
    assert confirm(engine)
    assert loaded(engine).complete(UNIT, "2025-03")


def test_the_database_itself_refuses_a_second_confirmation_of_a_month(engine: Engine) -> None:
    confirm(engine)
    second = {
        "unit_code": UNIT, "month": "2025-03", "nil": True, "note": "", "recorded_at": LANDED,
        "actor": "李某", "undone": 0,
    }  # fmt: skip

    with writing(engine) as connection, pytest.raises(IntegrityError):
        connection.execute(insert(confirmations).values(second))
