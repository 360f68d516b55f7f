"""The week's summary for the office: what is open, what changed, who has not answered."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from monitor.alerts import mail_facts, reminders, wording
from monitor.alerts.digest import Known
from monitor.alerts.rule_catalogue import LIST_MISSING, WARNING_RULES
from monitor.alerts.rule_settings import AlertRules
from monitor.domain.calendar import CHINA, day_name
from monitor.domain.draft import Draft
from monitor.domain.warning import MailKind, Recorded, State, Step
from monitor.store import open_mails, waiting

_WEEK = timedelta(days=7)
_STEPS = (
    (Step.RAISED, "新增预警"),
    (Step.REOPENED, "再次出现"),
    (Step.ACKNOWLEDGED, "单位已答复"),
    (Step.RESOLVED, "已消除"),
    (Step.CARRIED_ON, "转入后续核查"),
    (Step.WITHDRAWN, "撤回"),
)


def compose(connection: Connection, known: Known, rules: AlertRules, *, on: date) -> list[Draft]:
    """One mail for each contact of the office; none where there is nothing at all to tell."""
    facts = _facts(connection, known, rules, on)
    if facts is None:
        return []
    year, week, _ = on.isocalendar()
    subject = wording.subject(MailKind.WEEKLY, facts)
    run = f"weekly-{year}-W{week:02d}"
    return [
        Draft(MailKind.WEEKLY, each.email, each.name, run, on.year, "", subject, facts, (), None)
        for each in known.contacts.office(on)
    ]


def _facts(
    connection: Connection, known: Known, rules: AlertRules, on: date
) -> dict[str, Any] | None:
    still_open = [each for each in known.warnings if each.state.is_open and not each.quiet]
    until = datetime.combine(on, rules.weekly_time, CHINA)
    steps = open_mails.steps_between(connection, until - _WEEK, until)
    changed = [[name, steps[step]] for step, name in _STEPS if steps.get(step)]
    groups = [each for each in waiting.groups(connection) if each.year >= on.year - 1]
    parked = [
        f"邮件 {mail_id}　{to}　{subject}：{words}"
        for mail_id, to, subject, words in open_mails.parked(connection)
    ]
    if not (still_open or changed or groups or parked):
        return None
    return {
        "kind": MailKind.WEEKLY.value,
        "year": max((each.year for each in still_open), default=on.year),
        "from": (on - _WEEK).isoformat(),
        "to": on.isoformat(),
        "open": _by_rule(still_open),
        "week": changed,
        "unanswered": _unanswered(known, rules, on),
        "data": {
            "unmatched": sum(each.rows for each in groups),
            "unmatched_fen": sum(each.amount_fen for each in groups),
            "missing": _missing(still_open),
            "parked": parked,
        },
        **mail_facts.letterhead(rules, known.contacts.office(on)),
    }


def _by_rule(still_open: Sequence[Recorded]) -> list[dict[str, str]]:
    """`滞后`: `红色 3、黄色 2（待通知 1、已通知 4）`, the largest number first."""
    by_rule: defaultdict[str, list[Recorded]] = defaultdict(list)
    for warning in still_open:
        by_rule[warning.rule].append(warning)
    rows = []
    for rule, listed in sorted(by_rule.items()):
        states = Counter(each.state for each in listed)
        told = "、".join(f"{state.label} {states[state]}" for state in State if states[state])
        words = mail_facts.counts(each.severity.value for each in listed)
        rows.append({"name": WARNING_RULES[rule].name, "words": f"{words}（{told}）"})
    return rows


def _unanswered(known: Known, rules: AlertRules, on: date) -> list[str]:
    """By unit, how many warnings are past their deadline, and since when."""
    late: defaultdict[str, list[date]] = defaultdict(list)
    for asked in reminders.unanswered(known, rules, on=on):
        if asked.deadline < on:
            name = asked.warning.unit_name or asked.warning.unit_code
            late[name].append(asked.deadline)
    return [
        f"{name}：{len(days)} 项，最早的期限为 {day_name(min(days))}"
        for name, days in sorted(late.items())
    ]


def _missing(still_open: Sequence[Recorded]) -> list[str]:
    found = [each for each in still_open if each.rule == LIST_MISSING.id]
    return [
        f"{wording.period(each.period)}（{'；'.join(each.details)}）" if each.details
        else wording.period(each.period)
        for each in sorted(found, key=lambda each: (each.year, each.period))
    ]  # fmt: skip
