"""A warning's life, told through the use case `check` on a real database."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from threading import Thread
from typing import Any

from sqlalchemy import Connection, Engine, insert, update

from monitor.alerts import sweep
from monitor.alerts.sweep import CheckOutcome
from monitor.domain.progress import Standing
from monitor.domain.warning import Step
from monitor.store import alerts, tables
from monitor.store.engine import reading, writing

Stand = Callable[..., Standing]
AT = datetime(2025, 7, 8, 1, 30, tzinfo=UTC)
MARCH, JUNE, SEPTEMBER = date(2025, 3, 31), date(2025, 6, 30), date(2025, 9, 30)


def judge(engine: Engine, *standings: Standing) -> CheckOutcome:
    return sweep.check(engine, lambda _: standings, year=2025, at=AT, actor="测试")


def listed(engine: Engine, **wanted: Any) -> list[dict[str, Any]]:
    with reading(engine) as connection:
        return alerts.rows(connection, **wanted)


def states(engine: Engine) -> list[tuple[str, str, str, str]]:
    return [(w["rule"], w["checkpoint"], w["severity"], w["state"]) for w in listed(engine)]


def events(engine: Engine) -> list[list[str]]:
    return [[event["event"] for event in warning["events"]] for warning in listed(engine)]


def tell(engine: Engine, warning_id: int, severity: str) -> None:
    """As if a mail had told the warning at that severity."""
    with writing(engine) as connection:
        connection.execute(
            insert(tables.mails).values(
                id=warning_id, message_id=f"<{warning_id}@x>", recipient="a@b.cn", run="r",
                unit_code="", subject="", content=b"", state="sent", attempts=1, error="",
                created_at=AT, sent_at=AT,
            )
        )  # fmt: skip
        connection.execute(
            insert(tables.mail_warnings).values(
                mail_id=warning_id, warning_id=warning_id, severity=severity
            )
        )
        alerts.record_sent(connection, warning_id, at=AT, actor="测试")


def test_a_lag_is_raised_once(engine: Engine, standing: Stand) -> None:
    judge(engine, standing(100_00), standing(500_00, code="P2"))

    assert states(engine) == [("W01", "06", "red", "raised")]
    assert events(engine) == [["raised"]]


def test_the_same_facts_twice_change_nothing(engine: Engine, standing: Stand) -> None:
    first = judge(engine, standing(100_00), standing(0, code="P3"))
    before = listed(engine)

    second = judge(engine, standing(100_00), standing(0, code="P3"))

    assert (first.findings, first.steps) == (2, {Step.RAISED: 2})
    assert (second.findings, second.changes, second.outdated) == (2, (), ())
    assert listed(engine) == before


def test_a_later_day_with_the_same_facts_changes_nothing(engine: Engine, standing: Stand) -> None:
    judge(engine, standing(100_00))

    assert judge(engine, standing(100_00, date(2025, 7, 20))).changes == ()


def test_payments_that_cure_a_lag_resolve_its_warning(engine: Engine, standing: Stand) -> None:
    judge(engine, standing(100_00))
    judge(engine, standing(500_00, date(2025, 7, 20)))

    (warning,) = listed(engine)
    assert warning["state"] == "resolved"
    assert (warning["events"][-1]["event"], warning["events"][-1]["as_of"]) == (
        "resolved",
        "2025-07-20",
    )


def test_a_lag_that_returns_reopens_its_own_row(engine: Engine, standing: Stand) -> None:
    for paid in (100_00, 500_00, 90_00):
        judge(engine, standing(paid))

    assert states(engine) == [("W01", "06", "red", "raised")]
    assert events(engine) == [["raised", "resolved", "reopened"]]


def test_a_told_lag_that_returns_is_not_told_a_second_time(engine: Engine, standing: Stand) -> None:
    judge(engine, standing(100_00))
    tell(engine, 1, "red")
    judge(engine, standing(500_00))
    judge(engine, standing(100_00))

    assert states(engine) == [("W01", "06", "red", "sent")]


def test_a_told_lag_that_gets_worse_is_to_be_told_again(engine: Engine, standing: Stand) -> None:
    judge(engine, standing(450_00))
    tell(engine, 1, "notice")
    judge(engine, standing(350_00))

    assert states(engine) == [("W01", "06", "yellow", "raised")]
    assert listed(engine)[0]["events"][-1]["note"] == "提示→黄色"


def test_a_told_lag_that_gets_better_stays_told(engine: Engine, standing: Stand) -> None:
    judge(engine, standing(100_00))
    tell(engine, 1, "red")
    judge(engine, standing(450_00))

    assert states(engine) == [("W01", "06", "notice", "sent")]


def test_a_figure_that_hovers_costs_no_second_mail(engine: Engine, standing: Stand) -> None:
    judge(engine, standing(100_00))
    tell(engine, 1, "red")
    for paid in (450_00, 100_00, 450_00, 100_00):
        judge(engine, standing(paid))

    assert states(engine) == [("W01", "06", "red", "sent")]


def test_a_late_list_corrects_the_figures_of_a_warning(engine: Engine, standing: Stand) -> None:
    judge(engine, standing(100_00))
    judge(engine, standing(120_00))

    (warning,) = listed(engine)
    assert (warning["figures"]["paid_fen"], warning["severity"]) == (120_00, "red")
    assert events(engine) == [["raised", "figures"]]


def test_a_first_payment_turns_nothing_paid_into_a_lag(engine: Engine, standing: Stand) -> None:
    judge(engine, standing(0))
    judge(engine, standing(100_00))

    assert states(engine) == [("W02", "06", "red", "resolved"), ("W01", "06", "red", "raised")]
    assert listed(engine)[0]["events"][-1]["note"] == "现为 W01"


def test_a_lag_at_the_next_checkpoint_carries_the_earlier_one_on(
    engine: Engine, standing: Stand
) -> None:
    judge(engine, standing(0, MARCH))
    judge(engine, standing(100_00, JUNE))

    assert states(engine) == [("W02", "03", "red", "carried-on"), ("W01", "06", "red", "raised")]


def test_a_next_checkpoint_that_is_met_resolves_the_earlier_warning(
    engine: Engine, standing: Stand
) -> None:
    judge(engine, standing(100_00, MARCH))
    judge(engine, standing(500_00, JUNE))

    assert states(engine) == [("W01", "03", "red", "resolved")]


def test_a_next_checkpoint_with_a_blank_share_settles_nothing(
    engine: Engine, standing: Stand
) -> None:
    plan = {3: 2_500, 6: None, 12: 10_000}
    judge(engine, standing(100_00, MARCH, plan=plan))
    judge(engine, standing(100_00, JUNE, plan=plan))

    assert states(engine) == [("W01", "03", "red", "raised")]


def test_a_share_that_turns_out_blank_resolves_its_warning(engine: Engine, standing: Stand) -> None:
    judge(engine, standing(100_00))
    judge(engine, standing(100_00, plan={3: 2_500, 6: None}))

    assert states(engine) == [("W01", "06", "red", "resolved")]


def test_a_check_as_of_an_earlier_day_does_not_undo_newer_knowledge(
    engine: Engine, standing: Stand
) -> None:
    judge(engine, standing(100_00, JUNE))
    judge(engine, standing(500_00, date(2025, 7, 20)))

    outcome = judge(engine, standing(0, JUNE))

    assert outcome.changes == ()
    assert [(late.project_code, late.judged) for late in outcome.outdated] == [
        ("P1", date(2025, 7, 20))
    ]
    assert states(engine) == [("W01", "06", "red", "resolved")]


def test_an_earlier_checkpoint_judged_later_is_put_on_record_only(
    engine: Engine, standing: Stand
) -> None:
    judge(engine, standing(100_00, SEPTEMBER))
    judge(engine, standing(100_00, JUNE))

    assert states(engine) == [("W01", "09", "red", "raised"), ("W01", "06", "red", "carried-on")]
    assert judge(engine, standing(100_00, JUNE)).changes == ()


def test_projects_that_were_not_judged_are_left_alone(engine: Engine, standing: Stand) -> None:
    judge(engine, standing(100_00), standing(100_00, code="P3"))
    judge(engine, standing(500_00, code="P3"))

    assert [w["state"] for w in listed(engine)] == ["raised", "resolved"]


def test_the_json_row_has_its_promised_keys_in_order(engine: Engine, standing: Stand) -> None:
    judge(engine, standing(100_00))

    (row,) = listed(engine)

    assert list(row) == [
        "id", "rule", "severity", "state", "unit_code", "project_code", "checkpoint", "as_of",
        "figures", "raised_at", "events", "year", "unit_name", "project_name",
    ]  # fmt: skip
    assert (row["checkpoint"], row["as_of"]) == ("06", "2025-06-30")
    assert row["raised_at"] == "2025-07-08T09:30:00+08:00"
    assert row["figures"]["next_checkpoint"] == "09"
    assert row["events"] == [
        {
            "event": "raised",
            "at": "2025-07-08T09:30:00+08:00",
            "actor": "测试",
            "severity": "red",
            "as_of": "2025-06-30",
            "note": "",
        }
    ]


def test_the_list_is_filtered(engine: Engine, standing: Stand) -> None:
    judge(engine, standing(450_00), standing(0, code="P3"))

    assert [w["project_code"] for w in listed(engine, unit="507001")] == ["P3"]
    assert [w["project_code"] for w in listed(engine, severity="notice")] == ["P1"]
    assert listed(engine, state="sent") == []
    assert len(listed(engine, as_of=JUNE, year=2025)) == 2
    assert listed(engine, as_of=MARCH) == [] == listed(engine, year=2024)


def test_names_come_from_the_revision_in_force(engine: Engine, standing: Stand) -> None:
    judge(engine, standing(100_00))
    with writing(engine) as connection:
        first = tables.revisions.c.project_id == 1
        connection.execute(update(tables.revisions).where(first).values(undone=1))

    (row,) = listed(engine)

    assert (row["project_code"], row["unit_code"], row["project_name"]) == ("P1", "", "")


def test_a_check_that_meets_another_waits_and_knows_what_that_one_recorded(
    engine: Engine, standing: Stand
) -> None:
    known: list[int] = []

    def later(connection: Connection) -> list[Standing]:
        known.append(len(alerts.load(connection, year=2025)))
        return []

    def check(read: Callable[[Connection], list[Standing]]) -> None:
        sweep.check(engine, read, year=2025, at=AT, actor="测试")

    other = Thread(target=check, args=(later,))

    def first(_: Connection) -> list[Standing]:
        other.start()
        other.join(0.2)
        return [standing(0)]

    check(first)
    other.join()

    assert known == [1]
