"""Reminders, escalation, and when they stop."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from monitor.alerts import reminders
from monitor.alerts.digest import Known
from monitor.domain.contact import Contacts
from monitor.domain.draft import Draft
from monitor.domain.progress import Grade
from monitor.domain.warning import (
    Acknowledgement,
    MailKind,
    Purpose,
    Recorded,
    State,
    Telling,
)
from tests.alerts.mail_samples import (
    ALL,
    LI,
    RULES,
    UNMATCHED,
    WANG,
    ZHANG,
    own_matter,
    render,
    telling,
    text_of,
    warning,
)

TOLD = telling(date(2025, 7, 8))
SOON, DEADLINE, AFTER = date(2025, 7, 18), date(2025, 7, 22), date(2025, 7, 23)
REMINDED = telling(SOON, purpose=Purpose.REMIND, mail_id=2)
WARNED = telling(DEADLINE, purpose=Purpose.DEADLINE, mail_id=3)
ESCALATED = telling(AFTER, purpose=Purpose.ESCALATE, recipient=WANG.email, mail_id=4)


def sent(**other: Any) -> Recorded:
    return warning(state=State.SENT, **other)


def due(
    on: date, *told: Telling, of: Recorded | None = None, contacts: Contacts = ALL
) -> list[Draft]:
    known = Known((of or sent(),), told, contacts)
    return reminders.compose(known, RULES, on=on)


def purposes(drafts: list[Draft]) -> list[tuple[str, Purpose]]:
    return [(each.email, tell.purpose) for each in drafts for tell in each.tells]


def test_two_working_days_before_the_deadline_the_lead_is_reminded_once() -> None:
    assert due(date(2025, 7, 17), TOLD) == []
    assert purposes(due(SOON, TOLD)) == [(ZHANG.email, Purpose.REMIND)]
    assert due(SOON, TOLD, REMINDED) == []
    assert due(date(2025, 7, 21), TOLD, REMINDED) == []


def test_at_the_deadline_there_is_one_more_and_then_the_superior_is_told_once() -> None:
    assert purposes(due(DEADLINE, TOLD, REMINDED)) == [(ZHANG.email, Purpose.DEADLINE)]
    assert due(DEADLINE, TOLD, REMINDED, WARNED) == []
    assert purposes(due(AFTER, TOLD, REMINDED, WARNED)) == [(WANG.email, Purpose.ESCALATE)]
    assert due(date(2025, 8, 1), TOLD, REMINDED, WARNED, ESCALATED) == []


def test_a_service_that_was_down_reminds_before_it_escalates() -> None:
    late = date(2025, 8, 1)

    assert purposes(due(late, TOLD)) == [(ZHANG.email, Purpose.DEADLINE)]


def test_the_time_to_answer_runs_from_the_acceptance_of_the_first_mail() -> None:
    unsent = replace(TOLD, sent_at=None, state=TOLD.state.PREPARED)
    assert due(SOON, unsent) == []
    later = telling(date(2025, 7, 9))
    assert due(SOON, later) == []
    assert purposes(due(date(2025, 7, 21), later)) == [(ZHANG.email, Purpose.REMIND)]


@pytest.mark.parametrize("state", [s for s in State if s is not State.SENT])
def test_what_is_answered_or_closed_is_not_reminded_of(state: State) -> None:
    assert due(DEADLINE, TOLD, of=warning(state=state)) == []


def test_a_cause_of_the_finance_side_stops_the_escalation() -> None:
    moment = datetime(2025, 7, 10, tzinfo=UTC)

    def answered(cause: str) -> Recorded:
        answer = Acknowledgement(cause, "", "继续执行", "", None, "张三", moment, "李四")
        return sent(answer=answer)

    assert due(AFTER, TOLD, WARNED, of=answered("库款调度")) == []
    assert purposes(due(AFTER, TOLD, WARNED, of=answered("前期准备不足"))) == [
        (WANG.email, Purpose.ESCALATE)
    ]


def test_without_a_superior_the_office_is_told() -> None:
    contacts = Contacts((ZHANG, LI))

    assert purposes(due(AFTER, TOLD, WARNED, contacts=contacts)) == [(LI.email, Purpose.ESCALATE)]


@pytest.mark.parametrize(
    "of", [sent(doubts=(UNMATCHED,)), sent(quiet=True), own_matter(1, state=State.SENT)]
)
def test_the_doubtful_the_quiet_and_the_offices_own_are_not_reminded_of(of: Recorded) -> None:
    office = telling(date(2025, 7, 8), purpose=Purpose.OFFICE)
    told = office if of.rule == "W08" else TOLD

    assert due(AFTER, told, WARNED, of=of) == []


def test_a_fall_that_is_told_starts_no_new_time_to_answer_and_a_rise_does() -> None:
    first = telling(date(2025, 7, 8), severity=Grade.YELLOW)
    fallen = telling(date(2025, 7, 9), severity=Grade.NOTICE, mail_id=2)
    risen = telling(date(2025, 7, 10), severity=Grade.RED, mail_id=3)

    assert purposes(due(SOON, first, fallen)) == [(ZHANG.email, Purpose.REMIND)]
    assert due(date(2025, 7, 21), first, fallen, risen) == []
    assert purposes(due(date(2025, 7, 22), first, fallen, risen)) == [(ZHANG.email, Purpose.REMIND)]


def test_after_the_year_no_lead_is_reminded_of_what_is_unspent() -> None:
    assert due(date(2026, 1, 5), telling(date(2025, 12, 19))) == []


def test_a_reminder_says_when_it_was_told_and_by_when_to_answer() -> None:
    (draft,) = due(SOON, TOLD)
    mail = render(draft, SOON)
    text = text_of(mail)

    assert str(mail["Subject"]) == "【提醒】教育局：1项预警的说明期限将到（红色1）"
    assert "首次告知：2025年7月8日" in text
    assert "请于 2025年7月22日 前直接回复" in text
    assert [each.get_filename() for each in mail.iter_attachments()] == [
        "explain-430001-20250630.xlsx"
    ]


def test_an_escalation_says_what_was_asked_of_whom_and_when() -> None:
    (draft,) = due(AFTER, TOLD, REMINDED, WARNED)
    text = text_of(render(draft, AFTER))

    assert draft.kind is MailKind.ESCALATION
    for words in ("已发给财务负责人（张三）", "首次告知：2025年7月8日", "提醒：2025年7月18日",
                  "到期提醒：2025年7月22日", "说明期限：2025年7月22日"):  # fmt: skip
        assert words in text


def test_late_in_the_year_neither_reminder_nor_escalation_urges_to_spend() -> None:
    told = telling(date(2025, 11, 10))
    warned = telling(date(2025, 11, 24), purpose=Purpose.DEADLINE, mail_id=3)
    for drafts, on in ((due(date(2025, 11, 20), told), date(2025, 11, 20)),
                       (due(date(2025, 11, 25), told, warned), date(2025, 11, 25))):  # fmt: skip
        text = text_of(render(drafts[0], on))
        assert "可支付、申请调减、结转或结余收回" in text
        assert "还需支付" not in text
        assert "将予通报" not in text


def test_what_rose_after_it_was_told_is_reminded_of_at_its_present_severity() -> None:
    (draft,) = due(SOON, replace(TOLD, severity=Grade.YELLOW))

    assert draft.tells[0].severity is Grade.RED


def test_a_mail_that_tells_a_rise_gives_the_unit_its_time_anew() -> None:
    yellow = replace(TOLD, severity=Grade.YELLOW)
    risen = telling(DEADLINE, mail_id=3)

    assert due(AFTER, yellow, REMINDED, risen) == []
    assert purposes(due(date(2025, 8, 5), yellow, REMINDED, risen)) == [
        (ZHANG.email, Purpose.DEADLINE)
    ]


def test_a_look_ahead_asks_for_no_answer_until_every_mail_does() -> None:
    ahead = sent(rule="W03", period="09")
    late = sent(rule="W03", period="12")

    assert due(AFTER, TOLD, of=ahead) == []
    assert purposes(due(date(2025, 12, 1), telling(date(2025, 11, 14)), of=late)) == [
        (ZHANG.email, Purpose.DEADLINE)
    ]
