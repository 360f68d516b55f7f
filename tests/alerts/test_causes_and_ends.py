"""What makes a warning begin, and how it ends: settled, or shown to have been wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import Engine, select, update

from monitor.alerts import preparing
from monitor.alerts.answering import reopen
from monitor.alerts.facts import IndicatorState
from monitor.alerts.rule_settings import AlertRules
from monitor.alerts.thresholds import Thresholds
from monitor.domain.calendar import CHINA
from monitor.domain.contact import Contact, Contacts, Role
from monitor.domain.warning import MailKind, MailState, State
from monitor.store import leases, outbox, warning_query
from monitor.store.alert_tables import mails, warnings
from monitor.store.engine import reading, writing
from tests.alerts.conftest import Stand
from tests.alerts.judged_office import AT, Office, facts
from tests.alerts.mail_samples import LI, RULES, STATIONERY, ZHANG, telling, warning
from tests.alerts.mail_samples import at as at_hour
from tests.alerts.test_checking import Clerk, clerk, first_quarter, template
from tests.alerts.test_digests_and_letters import composed, only
from tests.alerts.test_preparing import finding, raise_, rows
from tests.cli.small_office import line

__all__ = ["clerk", "template"]


def test_a_list_that_came_late_was_missing_all_the_same(clerk: Clerk) -> None:
    clerk.at = datetime(2025, 3, 20, 9, tzinfo=CHINA)
    clerk.pay("2025-01")
    clerk.app.check()
    assert clerk.states("W08") == [("m02", "raised")]

    clerk.at = datetime(2025, 3, 25, 9, tzinfo=CHINA)
    clerk.pay("2025-02")
    clerk.app.check()

    assert clerk.states("W08") == [("m02", "resolved")]


def test_an_indicator_reported_late_was_not_reported_all_the_same(
    engine: Engine, standing: Stand
) -> None:
    office = Office(engine, AlertRules(thresholds=Thresholds(on=frozenset({"W12"}))))

    def known(day: date, *, reported: bool) -> None:
        whole = facts(standing(500_00, as_of=day), forms_collected=frozenset({"06"}))
        state = IndicatorState(1, "次数", reported, True if reported else None)
        office.days = {}
        office.judge_facts(
            replace(whole, projects=(replace(whole.projects[0], indicators=(state,)),))
        )

    known(date(2025, 7, 10), reported=False)
    assert office.states == [("W12", "06", "notice", "raised")]
    known(date(2025, 7, 15), reported=True)

    assert office.states == [("W12", "06", "notice", "resolved")]


@pytest.mark.parametrize("month", ["2025-01", "2025-04"])
def test_money_above_the_budget_is_found_at_the_import_that_brought_it(
    clerk: Clerk, month: str
) -> None:
    if month > "2025-03":
        first_quarter(clerk, "250.00")
    clerk.at = datetime(2025, int(month[-2:]) + 1, 8, 9, tzinfo=CHINA)
    number = clerk.pay(month, line("much", "5000.00", day=f"{month}-20"))

    clerk.app.check_due(number)

    (row,) = clerk.rows(rule="W04")
    assert (row["state"], row["for_office"]) == ("raised", True)
    assert row["events"][0]["file"] == f"{month}.csv"


def test_the_last_import_since_the_year_was_judged_is_the_cause_where_none_is_named(
    clerk: Clerk,
) -> None:
    first_quarter(clerk)
    clerk.app.check_due()
    clerk.at = datetime(2025, 5, 8, 9, tzinfo=CHINA)
    clerk.pay("2025-04", line("2", "1500.00", day="2025-04-10"))
    clerk.at = datetime(2025, 5, 8, 10, tzinfo=CHINA)
    clerk.app.check_due()

    (over,) = clerk.rows(rule="W04")
    (lag,) = clerk.rows(rule="W01")
    assert over["events"][0]["file"] == lag["events"][-1]["file"] == "2025-04.csv"

    clerk.at = datetime(2025, 7, 15, 9, tzinfo=CHINA)
    clerk.app.check()
    (missing, *_) = clerk.rows(rule="W08")
    assert missing["events"][0]["import_id"] is None  # time has passed, nothing came


def test_before_any_checkpoint_nothing_is_judged_twice_with_nothing_new(clerk: Clerk) -> None:
    clerk.at = datetime(2025, 2, 20, 9, tzinfo=CHINA)
    clerk.pay("2025-01")
    assert len(clerk.app.check_due()) == 1

    assert clerk.app.check_due() == []


def test_an_answer_taken_back_does_not_move_the_day_that_a_warning_was_raised_for(
    engine: Engine, standing: Stand
) -> None:
    office = Office(engine)
    office.judge(standing(100_00))
    office.judge(standing(110_00, as_of=date(2025, 7, 20)))
    office.answer(1, date(2025, 9, 1))
    reopen(engine, [1], reason="不充分", at=AT, actor="李四")

    with reading(engine) as connection:
        assert warning_query.last_raised(connection, [1]) == {1: date(2025, 6, 30)}


def test_the_end_of_a_lag_is_told_though_an_indicator_is_still_open() -> None:
    open_ = warning(2, subject="P1", project_code="P1", rule="W12", state=State.SENT)
    told = (telling(), telling(warning_id=2, mail_id=2))

    one = only(composed(warning(state=State.RESOLVED), open_, told=told))

    assert (one.kind, [tell.warning_id for tell in one.tells]) == (MailKind.RESOLVED, [1])


def test_a_lag_too_small_for_a_mail_is_not_counted_in_the_weekly_one(engine: Engine) -> None:
    with writing(engine) as connection:
        raise_(connection, finding(), replace(finding("P2"), quiet=True))
        preparing.weekly(
            connection, Contacts((ZHANG, LI)), STATIONERY, on=date(2025, 7, 14), now=at_hour()
        )
        (mail,) = rows(connection, kind=MailKind.WEEKLY)

    assert mail.facts["open"] == [{"name": "滞后", "words": "红色 1（待通知 1）"}]


def test_a_deputy_of_two_units_keeps_the_copies_of_both_leads_mails(engine: Engine) -> None:
    other = Contact("507001", "周七", "zhou@example.cn", Role.LEAD, None, None)
    both = [
        Contact(unit, "赵六", "zhao@example.cn", Role.DEPUTY, None, None)
        for unit in ("430001", "507001")
    ]
    people = Contacts((ZHANG, other, LI, *both))
    stationery = replace(STATIONERY, rules=replace(RULES, cc_deputies=True))
    with writing(engine) as connection:
        raise_(connection, finding(), finding("P3"))
        for hour in (8, 10, 12):
            preparing.prepare(connection, people, now=at_hour(hour=hour), stationery=stationery)
        copies = rows(connection, recipient="zhao@example.cn")

    assert [copy.state for copy in copies] == [MailState.PREPARED] * 2
    assert len({copy.release_at for copy in copies}) == 1


def test_a_unit_held_is_held_in_the_mail_of_a_lead_of_several(engine: Engine) -> None:
    again = replace(ZHANG, unit_code="507001")
    people = Contacts((ZHANG, again, LI))
    with writing(engine) as connection:
        raise_(connection, finding(), finding("P3"))
        preparing.prepare(connection, people, now=at_hour(), stationery=STATIONERY)

        assert [row["to"] for row in outbox.rows(connection, unit="507001")] == [ZHANG.email]
        assert outbox.hold(connection, unit="999999") == 0
        assert outbox.hold(connection, unit="507001") == 1
        assert connection.scalars(select(mails.c.state)).all() == [MailState.HELD]
        assert outbox.release(connection, at=at_hour(), unit="430001") == 1


def test_the_offices_mail_is_not_held_with_one_of_its_units(engine: Engine) -> None:
    with writing(engine) as connection:
        raise_(connection, finding("P3"), finding())
        preparing.prepare(connection, Contacts((LI,)), now=at_hour(), stationery=STATIONERY)

        assert outbox.hold(connection, unit="507001") == 0


@pytest.mark.parametrize(("state", "goes"), [(State.ACKNOWLEDGED, False), (State.RAISED, True)])
def test_a_digest_of_which_all_is_answered_already_does_not_ask_again(
    engine: Engine, state: State, goes: bool
) -> None:
    with writing(engine) as connection:
        raise_(connection, finding(), finding("P2"))
        preparing.prepare(connection, Contacts((ZHANG, LI)), now=at_hour(), stationery=STATIONERY)
        connection.execute(update(warnings).values(state=State.ACKNOWLEDGED))
        connection.execute(update(warnings).where(warnings.c.id == 1).values(state=state))
        mail = leases.load(connection, rows(connection)[0].id)
        assert mail

        assert preparing.still_true(connection, mail) is goes


@pytest.mark.parametrize(
    ("returns_on", "state"), [(date(2025, 8, 1), "acknowledged"), (date(2025, 8, 2), "sent")]
)
def test_an_answered_lag_that_returns_rests_until_the_promised_date(
    engine: Engine, standing: Stand, returns_on: date, state: str
) -> None:
    office = Office(engine)
    office.judge(standing(100_00))
    office.tell(1, "red")
    office.answer(1, date(2025, 8, 1))
    office.judge(standing(600_00, as_of=date(2025, 7, 10)))
    assert office.states == [("W01", "06", "red", "resolved")]

    office.judge(standing(100_00, as_of=returns_on))

    assert office.states == [("W01", "06", "red", state)]


def test_a_year_that_leaves_money_is_settled_all_the_same(clerk: Clerk) -> None:
    clerk.at = datetime(2026, 1, 9, 9, tzinfo=CHINA)
    for month in range(1, 13):
        paid = line(str(month), "200.00", day=f"2025-{month:02d}-10")
        clerk.pay(f"2025-{month:02d}", paid if month in (3, 6, 9, 12) else "")

    clerk.app.check(year=2025)

    left = {(row["rule"], row["period"]) for row in clerk.rows() if row["state"] == "raised"}
    assert left == {("W01", "12"), ("W07", "year")}
    assert clerk.app.unsettled_years() == [2026]


def test_an_import_taken_back_withdraws_what_was_carried_on_as_well(clerk: Clerk) -> None:
    first_quarter(clerk, "250.00")
    wrong = clerk.pay(
        "2025-03", line("9", "150.00", day="2025-03-25", status="已退款"), name="误记退款.csv"
    )
    clerk.app.check_due()
    clerk.at = datetime(2025, 7, 8, 9, tzinfo=CHINA)
    for month in ("2025-04", "2025-05", "2025-06"):
        clerk.pay(month)
    clerk.app.check_due()
    assert clerk.states("W01") == [("03", "carried-on"), ("06", "raised")]

    clerk.app.undo_import(wrong, reason="不是退款")

    assert clerk.states("W01") == [("03", "withdrawn"), ("06", "raised")]


def test_the_note_of_a_withdrawal_is_written_with_it(clerk: Clerk) -> None:
    (clerk.folder / "contacts.csv").write_text(
        "unit_code,name,email,role,valid_from,valid_to\n"
        "434001,张三,zhang@example.cn,lead,,\n,李四,office@example.cn,office,,\n",
        encoding="utf-8",
    )
    rules = clerk.folder / "rules" / "alerts.toml"
    small = rules.read_text(encoding="utf-8").replace("quiet_yuan = 1000 ", "quiet_yuan = 0 ")
    rules.write_text(small, encoding="utf-8")
    first_quarter(clerk, "250.00")
    wrong = clerk.pay(
        "2025-03", line("9", "150.00", day="2025-03-25", status="已退款"), name="误记退款.csv"
    )
    clerk.app.check_due()
    clerk.app.notify()
    assert clerk.states("W01") == [("03", "sent")]

    clerk.app.undo_import(wrong, reason="不是退款")

    with clerk.app.reading() as connection:
        notes = outbox.rows(connection, kind="withdrawn")
    assert [note["to"] for note in notes] == ["zhang@example.cn"]
