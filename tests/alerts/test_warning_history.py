"""Whatever a year brings: random histories of checks on a real database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete

from monitor.domain.progress import Grade, Standing
from monitor.store.alert_tables import (
    acknowledgements,
    checks,
    mail_warnings,
    mails,
    warning_events,
    warnings,
)
from monitor.store.engine import writing
from tests.alerts.judged_office import Office

Stand = Callable[..., Standing]
DAYS = [date(2025, 3, 31), date(2025, 4, 20), date(2025, 6, 30), date(2025, 8, 1)]
DAYS += [date(2025, 9, 30), date(2025, 12, 31)]
OPEN = ("raised", "sent", "acknowledged")
CODES = ("P1", "P3")

steps = st.tuples(
    st.sampled_from(DAYS),
    st.tuples(*[st.integers(-50, 1_100)] * 2),  # yuan paid, of each project
    st.sampled_from(["", "tell", "answer", "hold back"]),
)
slow = settings(
    max_examples=40,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def fresh(engine: Engine) -> Callable[[], Office]:
    """The office with nothing on record: one database for all examples."""

    def make() -> Office:
        with writing(engine) as connection:
            for table in (
                mail_warnings, mails, acknowledgements, warning_events, warnings, checks,
            ):  # fmt: skip
                connection.execute(delete(table))
        return Office(engine)

    return make


def live(office: Office, history: list[tuple[date, tuple[int, ...], str]], standing: Stand) -> None:
    for day, paid, then in history:
        missing = ("2025-01",) if then == "hold back" else ()
        made = [
            standing(yuan * 100, day, code=code) for code, yuan in zip(CODES, paid, strict=True)
        ]
        office.judge(*made, missing=missing)
        for row in office.rows():
            if then == "tell" and row["state"] == "raised":
                office.tell(row["id"], row["severity"])
            if then == "answer" and row["state"] in ("raised", "sent"):
                office.answer(row["id"], promised=day)


@slow
@given(history=st.lists(steps, min_size=1, max_size=6))
def test_a_project_never_has_two_open_lags(
    fresh: Callable[[], Office], standing: Stand, history: list[tuple[date, tuple[int, ...], str]]
) -> None:
    office = fresh()
    live(office, history, standing)

    open_ = [row["project_code"] for row in office.rows() if row["state"] in OPEN]
    assert len(open_) == len(set(open_))


@slow
@given(history=st.lists(steps, min_size=1, max_size=4))
def test_the_same_facts_a_second_time_change_nothing(
    fresh: Callable[[], Office], standing: Stand, history: list[tuple[date, tuple[int, ...], str]]
) -> None:
    office = fresh()
    live(office, history, standing)
    latest = max(office.days)
    office.judge_facts(office.days[latest])
    before = office.rows()

    again = office.judge_facts(office.days[latest])

    assert again.changes == ()
    assert office.rows() == before


@slow
@given(paid=st.integers(0, 600_00), more=st.integers(1, 300_00))
def test_more_paid_never_makes_a_warning_worse(
    fresh: Callable[[], Office], standing: Stand, paid: int, more: int
) -> None:
    office = fresh()

    def weight() -> int:
        open_ = [row for row in office.rows() if row["state"] in OPEN]
        return max((Grade(row["severity"]).weight for row in open_), default=0)

    office.judge(standing(paid, date(2025, 6, 30)))
    before = weight()
    office.judge(standing(paid + more, date(2025, 7, 1)))

    assert weight() <= before


@slow
@given(history=st.lists(steps, min_size=1, max_size=6))
def test_every_change_of_state_has_its_event(
    fresh: Callable[[], Office], standing: Stand, history: list[tuple[date, tuple[int, ...], str]]
) -> None:
    office = fresh()
    live(office, history, standing)

    closing = {"resolved", "carried-on", "withdrawn"}
    for row in office.rows():
        names = [event["event"] for event in row["events"]]
        assert names[0] == "raised"
        past = "补记" in row["events"][0]["note"]
        last = [name for name in names if name in closing | {"reopened"}][-1:]
        is_closed = row["state"] in closing
        assert is_closed == (last[0] in closing if last else past)
