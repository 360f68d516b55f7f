"""A warning's life, told through the use case `check` on a real database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest
from sqlalchemy import Connection, Engine

from monitor.alerts import checking
from monitor.alerts.checking import Gather
from monitor.alerts.facts import Facts
from monitor.alerts.thresholds import Thresholds
from monitor.domain.progress import Standing
from monitor.domain.warning import Purpose, Step
from monitor.errors import UsageError
from monitor.store import alerts, outbox, projects
from monitor.store.engine import writing
from tests.alerts.judged_office import LAGS, Office, doubtful, facts

Stand = Callable[..., Standing]
MARCH, JUNE, SEPTEMBER = date(2025, 3, 31), date(2025, 6, 30), date(2025, 9, 30)
MAY, JULY, AUGUST = date(2025, 5, 20), date(2025, 7, 20), date(2025, 8, 20)


@pytest.fixture
def office(engine: Engine) -> Office:
    return Office(engine)


def test_a_lag_is_raised_once(office: Office, standing: Stand) -> None:
    office.judge(standing(100_00), standing(500_00, code="P2"))

    assert office.states == [("W01", "06", "red", "raised")]
    assert office.events == [["raised"]]


def test_the_same_facts_twice_change_nothing(office: Office, standing: Stand) -> None:
    first = office.judge(standing(100_00), standing(0, code="P3"))
    before = office.rows()

    second = office.judge(standing(100_00), standing(0, code="P3"))

    assert (first.findings, first.steps) == (2, {Step.RAISED: 2})
    assert (second.findings, second.changes, second.outdated) == (2, (), ())
    assert office.rows() == before


def test_a_later_day_with_the_same_facts_changes_nothing(office: Office, standing: Stand) -> None:
    office.judge(standing(100_00))

    assert office.judge(standing(100_00, JULY)).changes == ()


def test_payments_that_cure_a_lag_resolve_its_warning(office: Office, standing: Stand) -> None:
    office.judge(standing(100_00))
    office.judge(standing(500_00, JULY))

    (warning,) = office.rows()
    assert warning["state"] == "resolved"
    assert (warning["events"][-1]["event"], warning["events"][-1]["as_of"]) == (
        "resolved",
        "2025-07-20",
    )


def test_a_lag_that_returns_reopens_its_own_row(office: Office, standing: Stand) -> None:
    for paid, day in ((100_00, JUNE), (500_00, JULY), (90_00, AUGUST)):
        office.judge(standing(paid, day))

    assert office.states == [("W01", "06", "red", "raised")]
    assert office.events == [["raised", "resolved", "reopened"]]


def test_a_told_lag_that_returns_is_not_told_a_second_time(office: Office, standing: Stand) -> None:
    office.judge(standing(100_00))
    office.tell(1, "red")
    office.judge(standing(500_00, JULY))
    office.judge(standing(100_00, AUGUST))

    assert office.states == [("W01", "06", "red", "sent")]


def test_a_lag_that_was_never_there_is_withdrawn(office: Office, standing: Stand) -> None:
    office.judge(standing(100_00))
    office.judge(standing(500_00))

    (warning,) = office.rows()
    assert warning["state"] == "withdrawn"
    assert "当时并不符合预警条件" in warning["events"][-1]["note"]


def test_a_later_check_withdraws_what_a_late_list_shows_to_have_been_wrong(
    office: Office, standing: Stand
) -> None:
    office.judge(standing(100_00), standing(100_00, code="P3"))
    office.days[JUNE] = facts(standing(500_00), standing(100_00, code="P3"))
    office.judge(standing(500_00, JULY), standing(500_00, JULY, code="P3"))

    assert [w["state"] for w in office.rows()] == ["withdrawn", "resolved"]


def test_a_withdrawn_warning_that_returns_is_to_be_told_anew(
    office: Office, standing: Stand
) -> None:
    office.judge(standing(100_00))
    office.tell(1, "red")
    office.judge(standing(500_00))
    office.judge(standing(100_00, JULY))

    assert office.states == [("W01", "06", "red", "raised")]
    assert office.events == [["raised", "sent", "withdrawn", "reopened"]]


def test_a_warning_is_wrong_only_if_the_day_it_was_last_raised_for_shows_nothing(
    office: Office, standing: Stand
) -> None:
    for paid, day in ((100_00, JUNE), (500_00, JULY), (90_00, AUGUST)):
        office.judge(standing(paid, day))
    office.days[JUNE] = facts(standing(500_00))
    office.judge(standing(600_00, SEPTEMBER - timedelta(1)))

    assert office.states == [("W01", "06", "red", "resolved")]


def test_a_told_lag_that_gets_worse_is_to_be_told_again(office: Office, standing: Stand) -> None:
    office.judge(standing(450_00))
    office.tell(1, "notice")
    office.judge(standing(350_00))

    assert office.states == [("W01", "06", "yellow", "raised")]
    assert office.rows()[0]["events"][-1]["note"] == "提示→黄色"


def test_a_told_lag_that_gets_better_stays_told(office: Office, standing: Stand) -> None:
    office.judge(standing(100_00))
    office.tell(1, "red")
    office.judge(standing(450_00))

    assert office.states == [("W01", "06", "notice", "sent")]


def test_a_figure_that_hovers_costs_no_second_mail(office: Office, standing: Stand) -> None:
    office.judge(standing(100_00))
    office.tell(1, "red")
    for paid in (450_00, 100_00, 450_00, 100_00):
        office.judge(standing(paid))

    assert office.states == [("W01", "06", "red", "sent")]


def test_a_late_list_corrects_the_figures_of_a_warning(office: Office, standing: Stand) -> None:
    office.judge(standing(100_00))
    office.judge(standing(120_00))

    (warning,) = office.rows()
    assert (warning["figures"]["paid_fen"], warning["severity"]) == (120_00, "red")
    assert office.events == [["raised", "figures"]]


def test_a_first_payment_turns_nothing_paid_into_a_lag(office: Office, standing: Stand) -> None:
    office.judge(standing(0))
    office.judge(standing(100_00))

    assert office.states == [("W02", "06", "red", "carried-on"), ("W01", "06", "red", "raised")]
    assert office.rows()[0]["events"][-1]["note"] == "现为 W01"


def test_a_lead_who_was_told_of_nothing_paid_hears_no_more_of_a_mere_lag(
    office: Office, standing: Stand
) -> None:
    office.judge(standing(0))
    office.tell(1, "red")
    office.judge(standing(100_00, JULY))

    assert office.states == [("W02", "06", "red", "carried-on"), ("W01", "06", "red", "sent")]
    with writing(office.engine) as connection:
        (lag,) = alerts.load(connection, ids={2})
        assert lag.told_lead is lag.severity
        assert [each.warning_id for each in outbox.tellings(connection)] == [1, 2]


def test_a_late_list_does_not_withdraw_a_lag_that_was_one_when_nothing_was_paid(
    office: Office, standing: Stand
) -> None:
    office.judge(standing(0))
    office.tell(1, "red")
    office.judge(standing(100_00, JULY))
    office.days[JULY] = facts(standing(500_00, JULY))
    office.judge(standing(500_00, AUGUST))

    assert office.states == [("W02", "06", "red", "carried-on"), ("W01", "06", "red", "resolved")]


def test_an_answer_stays_when_a_first_payment_comes_until_its_promise_is_over(
    office: Office, standing: Stand
) -> None:
    office.judge(standing(0))
    office.tell(1, "red")
    office.answer(1, date(2025, 8, 1))
    office.judge(standing(100_00, JULY))

    assert office.states[1] == ("W01", "06", "red", "acknowledged")
    assert office.rows()[1]["answer"]["promised"] == "2025-08-01"

    office.judge(standing(100_00, AUGUST))
    assert office.states[1] == ("W01", "06", "red", "raised")


def test_a_lag_at_the_next_checkpoint_carries_the_earlier_one_on(
    office: Office, standing: Stand
) -> None:
    office.judge(standing(0, MARCH))
    office.judge(standing(100_00, JUNE))

    assert office.states == [("W02", "03", "red", "carried-on"), ("W01", "06", "red", "raised")]


def test_a_next_checkpoint_that_is_met_resolves_the_earlier_warning(
    office: Office, standing: Stand
) -> None:
    office.judge(standing(100_00, MARCH))
    office.judge(standing(500_00, JUNE))

    assert office.states == [("W01", "03", "red", "resolved")]


def test_a_next_checkpoint_with_a_blank_share_settles_nothing(
    office: Office, standing: Stand
) -> None:
    plan = {3: 2_500, 6: None, 12: 10_000}
    office.judge(standing(100_00, MARCH, plan=plan))
    office.judge(standing(100_00, JUNE, plan=plan))

    assert office.states == [("W01", "03", "red", "raised")]


def test_a_share_that_turns_out_blank_withdraws_its_warning(
    office: Office, standing: Stand
) -> None:
    office.judge(standing(100_00))
    office.judge(standing(100_00, plan={3: 2_500, 6: None}))

    assert office.states == [("W01", "06", "red", "withdrawn")]


def test_a_checkpoint_that_a_corrected_plan_no_longer_has_loses_its_warning(
    office: Office, standing: Stand
) -> None:
    office.judge(standing(0))
    office.judge(standing(0, JULY, plan={3: 0, 12: 10_000}))

    assert [w["state"] for w in office.rows()] == ["resolved"]
    assert office.rows()[0]["events"][-1]["note"] == "支出计划已无此检查点"


def test_a_project_that_left_takes_its_warnings_with_it(office: Office, standing: Stand) -> None:
    office.judge(standing(100_00), standing(100_00, code="P3"))
    office.judge(standing(100_00, code="P3"))

    assert [w["state"] for w in office.rows()] == ["withdrawn", "raised"]


def test_a_check_as_of_an_earlier_day_does_not_undo_newer_knowledge(
    office: Office, standing: Stand
) -> None:
    office.judge(standing(100_00, JUNE))
    office.judge(standing(500_00, JULY))

    outcome = office.judge(standing(0, JUNE))

    assert outcome.changes == ()
    assert [(late.subject, late.period, late.judged) for late in outcome.outdated] == [
        ("P1", "06", JULY)
    ]
    assert office.states == [("W01", "06", "red", "resolved")]


def test_an_earlier_checkpoint_judged_later_is_put_on_record_only(
    office: Office, standing: Stand
) -> None:
    office.judge(standing(100_00, SEPTEMBER))
    office.judge(standing(100_00, JUNE))

    assert office.states == [("W01", "09", "red", "raised"), ("W01", "06", "red", "carried-on")]
    assert office.judge(standing(100_00, JUNE)).changes == ()


def test_what_a_later_check_did_not_find_is_put_on_record_as_over(
    office: Office, standing: Stand
) -> None:
    office.judge(standing(500_00, JULY))
    office.judge(standing(100_00, JUNE))

    assert office.states == [("W01", "06", "red", "resolved")]
    assert office.rows()[0]["events"][0]["note"] == "截至 2025-07-20 的核查已不再出现，补记"


def test_a_unit_held_back_before_is_judged_at_the_earlier_day_later(
    office: Office, standing: Stand
) -> None:
    office.judge(standing(100_00, JULY), missing=("2025-06",))
    office.judge(standing(100_00, JUNE))

    assert office.states == [("W01", "06", "red", "raised")]


def test_a_day_that_has_not_come_cannot_be_judged(office: Office, standing: Stand) -> None:
    with pytest.raises(UsageError, match="还没有到"):
        office.judge(standing(0, date(2026, 12, 31)))
    assert office.rows() == []


def test_a_unit_whose_lists_are_missing_keeps_its_warnings_as_they_are(
    office: Office, standing: Stand
) -> None:
    office.judge(standing(100_00))
    outcome = office.judge(standing(500_00, JULY), missing=("2025-05", "2025-06"))

    assert office.states == [("W01", "06", "red", "raised")]
    (held,) = outcome.held_back
    assert (held.unit_code, held.unit_name, held.months) == (
        "430001",
        "教育局",
        ("2025-05", "2025-06"),
    )


def test_an_answered_warning_rests_until_the_promised_date_has_passed(
    office: Office, standing: Stand
) -> None:
    office.judge(standing(100_00))
    office.tell(1, "red")
    office.answer(1, promised=JULY)

    office.judge(standing(120_00, JULY))
    assert office.states == [("W01", "06", "red", "acknowledged")]

    office.judge(standing(120_00, JULY + timedelta(1)))
    assert office.states == [("W01", "06", "red", "raised")]
    assert office.events[0][-1] == "expired"
    assert office.rows()[0]["events"][-1]["note"] == "承诺日期 2025-07-20 已过"


def test_an_expired_answer_is_told_once_more_and_then_no_more(
    office: Office, standing: Stand
) -> None:
    office.judge(standing(100_00))
    office.tell(1, "red")
    office.answer(1, promised=JULY)
    office.judge(standing(120_00, AUGUST))
    office.judge(standing(130_00, AUGUST))

    assert office.states == [("W01", "06", "red", "raised")]


def test_an_answer_without_a_date_holds_until_the_next_checkpoint(
    office: Office, standing: Stand
) -> None:
    office.judge(standing(100_00))
    office.tell(1, "red")
    office.answer(1, promised=None)
    office.judge(standing(100_00, AUGUST))
    assert office.states == [("W01", "06", "red", "acknowledged")]

    office.judge(standing(100_00, SEPTEMBER))
    assert office.states == [("W01", "06", "red", "carried-on"), ("W01", "09", "red", "raised")]


def test_an_answered_warning_returns_when_it_gets_worse_than_was_told(
    office: Office, standing: Stand
) -> None:
    office.judge(standing(450_00))
    office.tell(1, "notice")
    office.answer(1, promised=AUGUST)
    office.judge(standing(100_00, JULY))

    assert office.states == [("W01", "06", "red", "raised")]


def test_an_answered_lag_that_is_paid_is_resolved(office: Office, standing: Stand) -> None:
    office.judge(standing(100_00))
    office.answer(1, promised=AUGUST)
    office.judge(standing(500_00, JULY))

    assert office.states == [("W01", "06", "red", "resolved")]


def test_a_lag_told_to_the_office_as_doubtful_is_to_be_told_when_the_doubt_is_gone(
    office: Office, standing: Stand
) -> None:
    office.judge_facts(doubtful(standing(100_00), 400_00))
    office.tell(1, "red", Purpose.OFFICE)
    assert office.states == [("W01", "06", "red", "sent")]

    office.judge(standing(100_00))

    assert office.states == [("W01", "06", "red", "raised")]
    assert office.rows()[0]["events"][-1]["note"] == "已无存疑"


def test_a_doubt_is_recorded_and_what_does_not_cure_is_no_doubt(
    office: Office, standing: Stand
) -> None:
    office.judge_facts(doubtful(standing(100_00), 399_99))
    (row,) = office.rows()
    assert row["doubts"] == [{"kind": "unmatched", "lines": 1, "fen": 399_99, "cures": False}]

    office.judge_facts(doubtful(standing(100_00), 400_00))
    (row,) = office.rows()
    assert row["doubts"][0]["cures"] is True
    assert office.events == [["raised", "figures"]]


def test_after_the_year_a_lag_is_the_offices_matter(office: Office, standing: Stand) -> None:
    office.judge(standing(100_00, date(2025, 12, 31)))
    office.judge(standing(100_00, date(2026, 1, 8)))

    (row,) = office.rows()
    assert (row["state"], row["for_office"]) == ("raised", True)


AHEAD = replace(LAGS, thresholds=Thresholds(on=frozenset({"W01", "W03", "W08"})))


def test_a_look_ahead_ends_when_its_checkpoint_is_due(engine: Engine, standing: Stand) -> None:
    office = Office(engine, AHEAD)
    office.judge(standing(260_00, date(2025, 6, 20)))
    office.judge(standing(260_00, JUNE))

    assert office.states == [("W03", "06", "yellow", "carried-on"), ("W01", "06", "red", "raised")]
    assert "已到期" in office.rows()[0]["events"][-1]["note"]


def test_a_look_ahead_that_the_pace_no_longer_bears_out_is_resolved(
    engine: Engine, standing: Stand
) -> None:
    office = Office(engine, AHEAD)
    office.judge(standing(260_00, date(2025, 6, 10)))
    office.judge(standing(490_00, date(2025, 6, 20)))

    assert office.states == [("W03", "06", "notice", "resolved")]


def test_a_look_ahead_ends_even_where_the_checkpoint_cannot_be_judged_yet(
    engine: Engine, standing: Stand
) -> None:
    office = Office(engine, AHEAD)
    office.judge(standing(260_00, date(2025, 6, 20)))
    office.judge(standing(260_00, JUNE), missing=("2025-06",))

    assert office.states == [("W03", "06", "yellow", "carried-on")]


def test_after_the_closing_day_a_look_ahead_to_the_years_end_is_over_and_not_resolved(
    engine: Engine, standing: Stand
) -> None:
    office = Office(engine, replace(AHEAD, closing_day=(12, 20)))
    office.judge(standing(260_00, date(2025, 12, 20)))
    office.judge(standing(260_00, date(2025, 12, 21)))

    assert [row for row in office.states if row[0] == "W03"] == [("W03", "12", "red", "carried-on")]
    ahead = next(row for row in office.rows() if row["rule"] == "W03")
    assert "截止" in ahead["events"][-1]["note"]


def test_each_month_whose_list_is_missing_has_a_warning_of_the_office(
    engine: Engine, standing: Stand
) -> None:
    office = Office(engine, AHEAD)
    units = {"430001": "教育局"}
    names = {"unit_names": {**units, "507001": "水利局"}}
    both = {"2025-04": units, "2025-05": units}
    office.judge(standing(500_00, date(2025, 6, 16)), missing_lists=both, **names)
    office.judge(standing(500_00, date(2025, 6, 18)), missing_lists={"2025-05": units}, **names)

    assert office.states == [
        ("W08", "m04", "notice", "resolved"),
        ("W08", "m05", "notice", "raised"),
    ]
    row = office.rows()[0]
    assert (row["unit_code"], row["project_code"], row["checkpoint"]) == ("", "", None)
    assert row["for_office"] is True


def test_the_json_row_has_its_promised_keys_in_order(office: Office, standing: Stand) -> None:
    office.judge(standing(100_00))

    (row,) = office.rows()

    assert list(row) == [
        "id", "rule", "severity", "state", "unit_code", "project_code", "checkpoint", "as_of",
        "figures", "raised_at", "events", "year", "unit_name", "project_name", "period",
        "doubts", "details", "quiet", "for_office", "answer",
    ]  # fmt: skip
    assert (row["checkpoint"], row["as_of"]) == ("06", "2025-06-30")
    assert row["raised_at"] == "2026-07-08T09:30:00+08:00"
    assert row["figures"]["next_checkpoint"] == "09"
    assert row["events"] == [
        {
            "event": "raised",
            "at": "2026-07-08T09:30:00+08:00",
            "actor": "测试",
            "severity": "red",
            "as_of": "2025-06-30",
            "note": "",
            "import_id": None,
            "file": None,
        }
    ]


def test_the_list_is_filtered(office: Office, standing: Stand) -> None:
    office.judge(standing(450_00), standing(0, code="P3"))

    assert [w["project_code"] for w in office.rows(unit="507001")] == ["P3"]
    assert [w["project_code"] for w in office.rows(severity="notice")] == ["P1"]
    assert office.rows(state="sent") == []
    assert len(office.rows(as_of=JUNE, year=2025)) == 2
    assert office.rows(as_of=MARCH) == [] == office.rows(year=2024)


def test_names_come_from_the_revision_in_force(office: Office, standing: Stand) -> None:
    office.judge(standing(100_00))
    with writing(office.engine) as connection:
        (before, *_) = projects.load(connection, project_code="P1")
        renamed = replace(before.project, unit_code="430009", project_name="新名")
        projects.record(
            connection, renamed, replacing=before, import_id=1, actor="测试",
            at=datetime(2025, 5, 6, tzinfo=UTC), effective=date(2025, 5, 1),
        )  # fmt: skip

    (row,) = office.rows()

    assert (row["project_code"], row["unit_code"], row["project_name"]) == ("P1", "430009", "新名")


def test_a_check_that_meets_another_waits_and_knows_what_that_one_recorded(
    office: Office, standing: Stand
) -> None:
    known: list[int] = []

    def later(connection: Connection, year: int, day: date) -> Facts:
        known.append(len(alerts.load(connection, year=year)))
        return Facts(year, day)

    def check(gather: Gather) -> None:
        checker = replace(office.checker(), gather=gather)
        checking.check(office.engine, checker, year=2025, as_of=JUNE)

    other = Thread(target=check, args=(later,))

    def first(_: Connection, __: int, ___: date) -> Facts:
        if not known and not other.is_alive():
            other.start()
            other.join(0.2)
        return facts(standing(0))

    check(first)
    other.join()

    assert known[0] == 1
