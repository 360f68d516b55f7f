"""A check of which nothing has changed is known as such at once, and no other one is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from sqlalchemy import event

from monitor.alerts.checking import CheckOutcome
from monitor.bootstrap import App
from monitor.store import outbox, settled
from monitor.store.engine import writing
from monitor.store.tables import metadata
from tests.alerts.test_checking import APRIL, MARCH_END, Clerk, clerk, first_quarter, template
from tests.cli.small_office import line

__all__ = ["clerk", "template"]
LEAD = "unit_code,name,email,role,valid_from,valid_to\n434001,张三,zhang@example.cn,lead,,\n"


@contextmanager
def looking(app: App) -> Iterator[list[str]]:
    """The statements that ask for what was paid."""
    sent: list[str] = []

    def note(*args: object) -> None:
        if "monthly_sums" in str(args[2]):
            sent.append(str(args[2]))

    event.listen(app.engine, "before_cursor_execute", note)
    yield sent
    app.engine.dispose()


def judged(clerk: Clerk, as_of: date = MARCH_END) -> tuple[bool, CheckOutcome]:
    """Whether the check looked at payments, and what it came to."""
    app = clerk.app
    with looking(app) as sent:
        outcome = app.check(as_of=as_of)
    return bool(sent), outcome


def test_every_table_is_watched_or_known_to_need_no_watch() -> None:
    sorts = [settled.WATCHED, settled.BY_STATE, settled.FOLLOWING, settled.APART]
    tables = [table.name for sort in sorts for table in sort]

    assert sorted(tables) == sorted(metadata.tables)


def test_a_check_of_which_nothing_has_changed_says_the_same_without_judging(clerk: Clerk) -> None:
    (clerk.folder / "contacts.csv").write_text(LEAD, encoding="utf-8")
    clerk.pay("2025-03", line("1"), line("2", code="X9"))
    looked, first = judged(clerk)
    again, second = judged(clerk)

    assert (looked, again) == (True, False)
    assert first.found
    assert first.held_back
    assert first.changes
    assert second.changes == ()
    assert second.found == first.found
    assert (second.held_back, second.outdated) == (first.held_back, first.outdated)


def test_what_an_earlier_day_left_alone_is_said_again(clerk: Clerk) -> None:
    first_quarter(clerk)
    clerk.pay("2025-04", line("4", day="2025-04-02"))
    judged(clerk, APRIL.date())
    _, first = judged(clerk)
    looked, second = judged(clerk)

    assert first.outdated
    assert (looked, second.outdated) == (False, first.outdated)


def a_list(clerk: Clerk) -> None:
    clerk.pay("2025-03", line("9", "1.00"), name="补充.csv")


def an_undone_list(clerk: Clerk) -> None:
    clerk.app.undo_import(3, reason="重复")


def a_contact(clerk: Clerk) -> None:
    (clerk.folder / "contacts.csv").write_text(LEAD, encoding="utf-8")


def write_rule(clerk: Clerk, old: str, new: str) -> None:
    path = clerk.folder / "rules" / "alerts.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def a_rule(clerk: Clerk) -> None:
    write_rule(clerk, "answer_days = 10", "answer_days = 9")


def a_day(clerk: Clerk) -> None:
    clerk.at += timedelta(days=1)


def a_retired_project(clerk: Clerk) -> None:
    clerk.app.targets.retire("13022925P00JXC4198855", year=2025, reason="退出")


def a_held_mail(clerk: Clerk) -> None:
    app = clerk.app
    with writing(app.engine) as connection:
        assert outbox.hold(connection)


def sent_mails(clerk: Clerk) -> None:
    assert clerk.app.notify().sent


@pytest.mark.parametrize(
    "change",
    [a_list, an_undone_list, a_contact, a_rule, a_day, a_retired_project, sent_mails, a_held_mail],
)
def test_after_a_change_the_year_is_judged_again(
    clerk: Clerk, change: Callable[[Clerk], None]
) -> None:
    office = ",财政科,office@example.cn,office,,\n"
    (clerk.folder / "contacts.csv").write_text(LEAD + office, encoding="utf-8")
    write_rule(clerk, "quiet_yuan = 1000", "quiet_yuan = 0")
    first_quarter(clerk)
    judged(clerk)
    assert not judged(clerk)[0]

    change(clerk)

    assert judged(clerk)[0]
    assert not judged(clerk)[0]


def test_another_day_is_another_check(clerk: Clerk) -> None:
    first_quarter(clerk)
    judged(clerk)

    assert judged(clerk, APRIL.date())[0]
