"""Warnings in the database: what is written only once, and what is never written over."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from sqlite3 import IntegrityError

import pytest
from sqlalchemy import Engine, text

from monitor.domain.finding import Finding
from monitor.domain.progress import Grade, Standing
from monitor.domain.warning import Change, Purpose, Recorded, State, Step
from monitor.errors import MonitorError
from monitor.store import alerts, warning_rows
from monitor.store.engine import reading, writing
from tests.alerts.conftest import engine, standing
from tests.alerts.judged_office import AT, Office, doubtful

__all__ = ["engine", "standing"]
Stand = Callable[..., Standing]
JUNE = date(2025, 6, 30)


def finding(**values: object) -> Finding:
    given = {"rule": "W09", "year": 2025, "unit_code": "430001", "project_code": ""}
    rest = {"period": "year", "severity": Grade.YELLOW, "as_of": JUNE, "figures": (("lines", 2),)}
    return Finding(**{**given, **rest, **values})  # type: ignore[arg-type]


def raised(engine: Engine, *findings: Finding) -> None:
    changes = [Change(Step.RAISED, None, each, State.RAISED, each.as_of) for each in findings]
    with writing(engine) as connection:
        alerts.apply(connection, changes, at=AT, actor="测试")


def assert_not_written_over(engine: Engine, standing: Stand) -> None:
    """A change from a state that another one has left is refused, and with it all others."""
    office = Office(engine)
    office.judge(standing(100_00), standing(0, code="P3"))
    with reading(engine) as connection:
        seen = alerts.load(connection, year=2025)
    with writing(engine) as connection:
        connection.execute(text("UPDATE warnings SET state = 'sent' WHERE id = 2"))
    stale = [Change(Step.RESOLVED, each, None, State.RESOLVED, JUNE) for each in seen]

    with pytest.raises(MonitorError, match="已被别处更改"), writing(engine) as connection:
        alerts.apply(connection, stale, at=AT, actor="测试")
    assert [row["state"] for row in office.rows()] == ["raised", "sent"]


def test_a_state_that_moved_on_is_not_written_over(engine: Engine, standing: Stand) -> None:
    assert_not_written_over(engine, standing)


def test_a_key_is_on_record_once(engine: Engine) -> None:
    raised(engine, finding())

    with pytest.raises(IntegrityError):
        raised(engine, finding(severity=Grade.RED))


def test_units_the_office_and_codes_without_a_project_have_their_names(engine: Engine) -> None:
    raised(
        engine,
        finding(),
        finding(rule="W08", unit_code="", period="m04"),
        finding(rule="W10", unit_code="507001", project_code="P99"),
        finding(rule="W05", project_code="P1"),
    )

    with reading(engine) as connection:
        loaded = alerts.load(connection)
        rows = warning_rows.rows(connection)

    assert [(each.unit_code, each.unit_name, each.project_code) for each in loaded] == [
        ("430001", "教育局", ""),
        ("", "", ""),
        ("507001", "水利局", "P99"),
        ("430001", "教育局", "P1"),
    ]
    assert [row["project_name"] for row in rows] == ["", "", "", "项目P1"]
    assert [row["unit_name"] for row in rows] == [each.unit_name for each in loaded]


def test_loading_chooses_by_year_state_and_id(engine: Engine) -> None:
    raised(engine, finding(), finding(period="m04"), finding(year=2024))

    with reading(engine) as connection:
        assert [each.id for each in alerts.load(connection, year=2025)] == [1, 2]
        assert [each.id for each in alerts.load(connection, ids={2, 3})] == [2, 3]
        assert alerts.load(connection, state=State.SENT) == []


def test_a_mail_that_reminds_or_escalates_tells_no_stage(engine: Engine, standing: Stand) -> None:
    office = Office(engine)
    office.judge(standing(100_00))
    office.tell(1, "red", Purpose.REMIND)
    office.tell(1, "red", Purpose.ESCALATE)

    assert office.states == [("W01", "06", "red", "raised")]
    assert office.events == [["raised", "reminded", "escalated"]]


def test_a_mail_that_tells_less_than_is_in_force_leaves_it_untold(
    engine: Engine, standing: Stand
) -> None:
    office = Office(engine)
    office.judge(standing(100_00))
    office.tell(1, "yellow")

    assert office.states == [("W01", "06", "red", "raised")]


def test_what_the_office_was_told_of_a_leads_lag_counts_only_while_it_is_doubtful(
    engine: Engine, standing: Stand
) -> None:
    office = Office(engine)
    office.judge_facts(doubtful(standing(100_00), 400_00))
    office.judge(standing(100_00))
    office.tell(1, "red", Purpose.OFFICE, at=AT.replace(year=2025))

    (warning,) = _load(engine)
    assert (warning.state, warning.told) == (State.RAISED, None)


def test_once_the_year_is_over_the_office_is_told_in_the_leads_place(
    engine: Engine, standing: Stand
) -> None:
    office = Office(engine)
    office.judge(standing(100_00))
    office.tell(1, "red", Purpose.OFFICE, at=AT)

    (warning,) = _load(engine)
    assert (warning.state, warning.told) == (State.SENT, Grade.RED)


def _load(engine: Engine) -> list[Recorded]:
    with reading(engine) as connection:
        return alerts.load(connection)


def test_more_warnings_than_one_statement_takes_are_changed_together(
    engine: Engine,
) -> None:
    raised(engine, *(finding(rule="W10", project_code=f"X{number}") for number in range(1_200)))
    changes = [
        Change(Step.FIGURES, each, finding(figures=(("lines", 3),)), State.SENT, JUNE)
        for each in _load(engine)
    ]
    with writing(engine) as connection:
        alerts.apply(connection, changes, at=AT, actor="测试")

    assert {(each.state, each.figures["lines"]) for each in _load(engine)} == {(State.SENT, 3)}
