"""Telling by hand: everything untold, to the right people, once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

from monitor.alerts import preparing
from monitor.alerts.desk import desk
from monitor.alerts.letters import Stationery
from monitor.alerts.notifying import NotifyOutcome, notify
from monitor.alerts.rule_settings import AlertRules
from monitor.alerts.smtp import SendError
from monitor.domain.contact import Contact, Contacts, Role
from monitor.domain.finding import Finding
from monitor.domain.progress import Grade
from monitor.domain.warning import Change, State, Step
from monitor.errors import Diagnostic
from monitor.store import alerts, outbox
from monitor.store.engine import reading, writing
from tests.alerts.outbox_office import AT, Clock, Postbag, rows, states

STATIONERY = Stationery("monitor@x.cn", "财政局", AlertRules())
ZHANG = Contact("430001", "张三", "zhang@x.cn", Role.LEAD, None, None)
WANG = Contact("507001", "王五", "wang@x.cn", Role.LEAD, None, None)
CONTACTS = Contacts((ZHANG, WANG))
UNITS = {"P1": "430001", "P2": "430001", "P3": "507001"}
NEVER = SendError("550 5.1.1 no such user", temporary=False)
LATER = SendError("450 4.2.0 greylisted", temporary=True)


def lag(code: str, severity: Grade = Grade.RED) -> Finding:
    """A project of 1,000.00 元 with 100.00 paid of the 500.00 that were due in June."""
    figures = {
        "budget_fen": 100_000, "planned_bp": 5_000, "due_fen": 50_000, "paid_fen": 10_000,
        "gap_fen": 40_000, "lag_bp": 4_000, "rate_bp": 1_000, "next_checkpoint": 9,
        "next_planned_bp": 7_500, "needed_fen": 65_000,
    }  # fmt: skip
    return Finding(
        "W01", 2025, UNITS[code], code, "06", severity, date(2025, 6, 30), tuple(figures.items())
    )


def raised(engine: Engine, *findings: Finding) -> None:
    with writing(engine) as connection:
        changes = [Change(Step.RAISED, None, f, State.RAISED, f.as_of) for f in findings]
        alerts.apply(connection, changes, at=AT, actor="测试")


def changed(engine: Engine, step: Step, state: State, finding: Finding | None) -> None:
    """What a later check finds of the project of warning 1."""
    with writing(engine) as connection:
        [before] = alerts.load(connection, ids=[1])
        change = Change(step, before, finding, state, date(2025, 7, 31))
        alerts.apply(connection, [change], at=AT, actor="测试")


@pytest.fixture
def warned(engine: Engine) -> Engine:
    """Two lags of one unit, and one of another."""
    raised(engine, lag("P1"), lag("P2", Grade.YELLOW), lag("P3"))
    return engine


def tell(
    engine: Engine, bag: Postbag, clock: Clock | None = None, contacts: Contacts = CONTACTS
) -> NotifyOutcome:
    now = clock or Clock()

    def prepare(connection: Connection, at: datetime) -> tuple[int, Sequence[Diagnostic]]:
        return preparing.prepare(connection, contacts, now=at, stationery=STATIONERY)

    office = desk(STATIONERY, None, lambda: contacts, now)
    return notify(engine, bag, office, prepare, now=now, actor="测试")


def warning_states(engine: Engine) -> list[Any]:
    with reading(engine) as connection:
        return [each.state for each in alerts.load(connection)]


def test_every_lead_gets_one_mail_at_once_and_what_was_told_is_sent(warned: Engine) -> None:
    bag = Postbag()

    outcome = tell(warned, bag)

    assert sorted(bag.recipients) == ["wang@x.cn", "zhang@x.cn"]
    assert (outcome.queued, len(outcome.sent), outcome.undelivered) == (2, 2, 0)
    assert warning_states(warned) == [State.SENT] * 3
    assert "教育局" in bag.mails[bag.recipients.index("zhang@x.cn")].subject


def test_a_second_run_sends_nothing(warned: Engine) -> None:
    tell(warned, Postbag())
    bag = Postbag()

    outcome = tell(warned, bag)

    assert (bag.mails, outcome.queued, outcome.sent) == ([], 0, ())


def test_what_a_check_has_prepared_leaves_without_its_release(warned: Engine) -> None:
    with writing(warned) as connection:
        preparing.prepare(connection, CONTACTS, now=AT, stationery=STATIONERY)
    assert states(warned) == {"zhang": "prepared", "wang": "prepared"}
    bag = Postbag()

    outcome = tell(warned, bag)

    assert (outcome.queued, len(bag.mails)) == (0, 2)


def test_what_is_held_stays_and_is_counted(warned: Engine) -> None:
    with writing(warned) as connection:
        preparing.prepare(connection, CONTACTS, now=AT, stationery=STATIONERY)
        outbox.hold(connection, unit="430001")
    bag = Postbag()

    outcome = tell(warned, bag)

    assert bag.recipients == ["wang@x.cn"]
    assert outcome.undelivered == 2


def test_a_temporary_failure_is_tried_by_the_next_run_with_the_same_id(warned: Engine) -> None:
    outcome = tell(warned, Postbag({"wang@x.cn": LATER}))
    bag = Postbag()
    tell(warned, bag)

    assert [each.words for each in outcome.waiting] == ["450 4.2.0 greylisted"]
    assert bag.recipients == ["wang@x.cn"]
    assert bag.mails[0].message_id in {row["message_id"] for row in rows(warned)}
    assert warning_states(warned) == [State.SENT] * 3


def test_a_refused_address_is_not_tried_again_but_a_corrected_one_gets_its_mail(
    warned: Engine,
) -> None:
    refused = tell(warned, Postbag({"wang@x.cn": NEVER}))
    bag = Postbag()
    again = tell(warned, bag)
    assert (bag.mails, refused.undelivered, again.undelivered) == ([], 1, 1)

    corrected = Contact("507001", "王五", "wangwu@x.cn", Role.LEAD, None, None)
    outcome = tell(warned, bag, contacts=Contacts((ZHANG, corrected)))

    assert bag.recipients == ["wangwu@x.cn"]
    assert outcome.undelivered == 0
    assert warning_states(warned) == [State.SENT] * 3


def test_of_a_refusal_the_office_is_told_in_the_same_run(warned: Engine) -> None:
    office = Contact("", "科长", "office@x.cn", Role.OFFICE, None, None)
    bag = Postbag({"wang@x.cn": NEVER})

    tell(warned, bag, contacts=Contacts((*CONTACTS.all, office)))

    assert bag.recipients == ["zhang@x.cn", "office@x.cn"]
    text = message_from_bytes(bag.mails[1].content, policy=policy.SMTP).get_body(("plain",))
    assert text is not None
    assert "550 5.1.1 no such user" in text.get_content()


def test_a_rise_is_told_in_a_new_mail_and_a_fall_in_none_of_its_own(engine: Engine) -> None:
    raised(engine, lag("P1", Grade.YELLOW))
    tell(engine, Postbag())
    for step, state, grade, mails in (
        (Step.SEVERITY, State.RAISED, Grade.RED, 1),
        (Step.SEVERITY, State.SENT, Grade.YELLOW, 0),
    ):
        changed(engine, step, state, lag("P1", grade))
        bag = Postbag()
        tell(engine, bag)
        assert len(bag.mails) == mails, grade


def test_a_warning_cured_before_it_was_told_is_told_to_nobody(engine: Engine) -> None:
    raised(engine, lag("P1"))
    with writing(engine) as connection:
        preparing.prepare(connection, CONTACTS, now=AT, stationery=STATIONERY)
    changed(engine, Step.RESOLVED, State.RESOLVED, None)
    bag = Postbag()

    tell(engine, bag)

    assert bag.mails == []
    assert states(engine) == {"zhang": "cancelled"}


def test_without_contacts_nothing_is_lost(warned: Engine) -> None:
    outcome = tell(warned, Postbag(), contacts=Contacts())
    bag = Postbag()
    tell(warned, bag)

    assert "W102" in [each.id for each in outcome.diagnostics]
    assert sorted(bag.recipients) == ["wang@x.cn", "zhang@x.cn"]


def test_the_same_mail_left_by_a_dead_sender_goes_later_not_twice(warned: Engine) -> None:
    clock = Clock()
    with pytest.raises(KeyboardInterrupt):
        tell(warned, Postbag({"zhang@x.cn": KeyboardInterrupt()}), clock)
    bag = Postbag()
    tell(warned, bag, clock)
    assert "zhang@x.cn" not in bag.recipients
    clock.now += timedelta(minutes=16)
    tell(warned, bag, clock)
    tell(warned, bag, clock)

    assert bag.recipients.count("zhang@x.cn") == 1
