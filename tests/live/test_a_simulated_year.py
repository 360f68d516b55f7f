"""A whole year of a finance office, told as a story; every mail of it is known beforehand.

The two units of the samples that have target documents for 2021 live through that year, from 4
January to 28 January after it: see year_lists.py for the money, year_story.py for what happens
and year_mails.py for all mails. The workspace, the service's jobs, the inbox, the clock that
they read (frozen) and the mail server are the real ones.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, time
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from monitor.alerts.work_calendar import official
from tests.live.year_lists import PROJECTS
from tests.live.year_mails import ALL_MAILS, Expected
from tests.live.year_office import Arrived, office
from tests.live.year_story import BEGIN, Story, live, story

pytestmark = pytest.mark.live

MONDAY, SATURDAY = 0, 5
_CARD = re.compile(r"^\[([^\]]+)\] \d+\. ([^（\n]+)", re.MULTILINE)
_PROJECT = re.compile("|".join(map(re.escape, sorted(PROJECTS, key=len, reverse=True))))


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder in memory, where there is one: thousands of commits need not wait for a disk."""
    shared = Path("/dev/shm")
    with TemporaryDirectory(dir=shared if shared.is_dir() else None) as folder:
        yield Path(folder)


def test_every_mail_of_the_year_is_sent_once_at_its_time_with_its_figures(
    memory: Path, samples: Path
) -> None:
    told = story(samples)

    def every_day(day: date) -> tuple[time, ...]:
        weekly = (time(9),) if day.weekday() == MONDAY else ()
        return (time(8, 30), *weekly, *_around(day, told, (time(10, 1), time(10, 2))))

    got = _mails_of(memory, told, every_day)

    assert_are([(f"{each.at:%Y-%m-%d %H:%M}", each) for each in got],
               [(each.at, each) for each in ALL_MAILS])  # fmt: skip


def test_a_service_that_is_off_at_weekends_and_for_days_makes_up_the_same_mails(
    memory: Path, samples: Path
) -> None:
    """What fell due in the three breaks leaves after them, and nothing twice."""
    told = story(samples)
    off = {date(2021, 3, d) for d in (16, 17, 18)} | {date(2021, 7, d) for d in (14, 15, 16)}
    off |= {date(2021, 9, d) for d in (2, 3, 6)}
    later = {
        "2021-03-17": "2021-03-22",  # judged on Friday the 19th, and a working day to look at it
        "2021-07-16": "2021-07-19",  # the reminder
        "2021-09-06": "2021-09-07",  # the list waits in the inbox
    }

    def now_and_then(day: date) -> tuple[time, ...]:
        is_weekend = day.weekday() >= SATURDAY and not official().is_working(day)
        if is_weekend or day in off:
            return ()
        weekly = (time(9, 20),) if day.weekday() == MONDAY else ()
        return (time(8, 47), *weekly, *_around(day, told, (time(11, 30), time(11, 31))))

    got = _mails_of(memory, told, now_and_then)

    assert_are([(f"{each.at:%Y-%m-%d}", each) for each in got],
               [(later.get(each.day, each.day), each) for each in ALL_MAILS])  # fmt: skip


def _around(day: date, told: Story, after_files: tuple[time, ...]) -> tuple[time, ...]:
    """When else the service is looked at: after what happens, and a working day later."""

    def is_near(days: Iterable[date]) -> bool:
        return any(day in (each, official().add(each, 1)) for each in days)

    files = after_files if is_near(told.files) else ()
    return (*files, time(14, 1)) if is_near(told.deeds) else files


def _mails_of(
    folder: Path, told: Story, ticks: Callable[[date], tuple[time, ...]]
) -> list[Arrived]:
    with office(folder / "office", BEGIN) as here:
        live(here, told, ticks=ticks)
        return here.post.got


def assert_are(got: list[tuple[str, Arrived]], expected: list[tuple[str, Expected]]) -> None:
    """None more, none less; each with its projects in their order and with its figures."""

    def key(each: tuple[str, Arrived | Expected]) -> tuple[str, str, str]:
        when, mail = each
        return when, mail.to, mail.subject

    got, expected = sorted(got, key=key), sorted(expected, key=key)
    assert [key(each) for each in got] == [key(each) for each in expected]
    assert len({mail.message_id for _, mail in got}) == len(got)
    for (_, mail), (_, wanted) in zip(got, expected, strict=True):
        _assert_is(mail, wanted)


def _assert_is(mail: Arrived, wanted: Expected) -> None:
    about = f"{mail.at} {mail.to} {mail.subject}"
    assert tuple(_CARD.findall(mail.text)) == wanted.cards, about
    if "周报" in mail.subject:
        assert _sections(mail.text) == wanted.says, about
        return
    assert [each for each in wanted.says if each not in mail.text] == [], (about, mail.text)
    named = set(_PROJECT.findall(mail.text))
    mentioned = set(_PROJECT.findall("".join(wanted.says)))
    assert named == {project for _, project in wanted.cards if project in PROJECTS} | mentioned
    urges = "还需支付" in mail.text or "及时办理" in mail.text
    assert not (urges and mail.at.date() >= date(2021, 11, 1)), about


def _sections(text: str) -> tuple[str, ...]:
    """The lines of a summary from what is open to who has not answered."""
    lines = [line for line in text.splitlines() if line]
    return tuple(lines[lines.index("未结的预警") : lines.index("数据与邮件") + 1])
