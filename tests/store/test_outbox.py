"""The outbox: one mail a run and recipient, held and released, leased by one sender."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, update
from sqlalchemy.exc import IntegrityError

from monitor.domain.draft import Draft, Tell
from monitor.domain.progress import Grade
from monitor.domain.warning import MailKind, MailState, Purpose
from monitor.store import leases, outbox, tables
from monitor.store.alert_tables import mails, warnings
from monitor.store.engine import open_engine, reading, writing
from monitor.store.leases import Mail
from monitor.store.outbox import OpenMail

AT = datetime(2025, 7, 8, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'monitor.db'}")
    tables.metadata.create_all(engine)
    yield engine
    engine.dispose()


def draft(run: str = "r1", email: str = "a@b.cn", **other: Any) -> Draft:
    values: dict[str, Any] = {
        "kind": MailKind.DIGEST, "name": "张三", "year": 2025, "unit_code": "430001",
        "subject": "主题", "facts": {"run": run}, "tells": (), "release_at": AT, **other,
    }  # fmt: skip
    return Draft(email=email, run=run, **values)


def prepare(engine: Engine, each: Draft, instead_of: OpenMail | None = None) -> int | None:
    with writing(engine) as connection:
        return outbox.prepare(connection, each, domain="x.cn", at=AT, instead_of=instead_of)


def open_mail(engine: Engine, email: str = "a@b.cn") -> OpenMail | None:
    with reading(engine) as connection:
        return outbox.open_digest(connection, email, 2025, MailKind.DIGEST)


def rows(engine: Engine) -> list[dict[str, Any]]:
    with reading(engine) as connection:
        return outbox.rows(connection)


def states(engine: Engine) -> list[str]:
    return [row["state"] for row in rows(engine)]


def lease(engine: Engine, at: datetime = AT, word: str = "one", **other: Any) -> Mail | None:
    with writing(engine) as connection:
        return leases.lease(connection, at=at, word=word, gone_before=at - HOUR, **other)


def leased(engine: Engine, at: datetime = AT, word: str = "one") -> Mail:
    mail = lease(engine, at, word)
    assert mail is not None
    return mail


def settle(engine: Engine, mail: Mail, state: MailState, **other: Any) -> bool:
    with writing(engine) as connection:
        return leases.settle(connection, mail, state, at=AT, **other)


def test_a_recipient_gets_a_run_once(engine: Engine) -> None:
    assert prepare(engine, draft()) == 1
    assert prepare(engine, draft()) is None
    assert prepare(engine, draft(email="A@B.cn")) is None
    assert prepare(engine, draft(email="c@b.cn")) == 2
    assert prepare(engine, draft("r2")) == 3


def test_the_message_id_follows_from_run_and_recipient_alone(engine: Engine) -> None:
    prepare(engine, draft())

    assert rows(engine)[0]["message_id"] == outbox.message_id("r1", "A@b.cn", "x.cn")
    assert outbox.message_id("r2", "a@b.cn", "x.cn") != outbox.message_id("r1", "a@b.cn", "x.cn")


def test_the_database_itself_refuses_a_second_mail_of_a_run(engine: Engine) -> None:
    prepare(engine, draft())
    copied = ["kind", "recipient", "name", "run", "year", "unit_code", "subject", "facts"]
    copied += ["state", "attempts", "error", "created_at", "lease"]
    with writing(engine) as connection:
        first = connection.execute(mails.select()).one()
        second = {name: getattr(first, name) for name in copied} | {"message_id": "<2@x>"}
        with pytest.raises(IntegrityError):
            connection.execute(insert(mails).values(second))


def test_a_mail_waits_for_its_release_and_without_one_for_a_person(engine: Engine) -> None:
    prepare(engine, draft(release_at=AT))
    prepare(engine, draft("r2", release_at=AT + DAY))
    prepare(engine, draft("r3", release_at=None))

    assert states(engine) == ["waiting", "prepared", "prepared"]
    for number, at in ((1, AT), (2, AT + DAY)):
        assert lease(engine, at - HOUR / 60) is None
        mail = leased(engine, at)
        assert mail.id == number
        settle(engine, mail, MailState.SENT)
    assert lease(engine, AT + 999 * DAY) is None
    by_hand = lease(engine, after=0)
    assert by_hand is not None
    assert by_hand.id == 3


def test_a_newer_digest_takes_the_place_the_release_and_the_hold_of_an_open_one(
    engine: Engine,
) -> None:
    prepare(engine, draft("r1", release_at=AT + DAY))
    with writing(engine) as connection:
        outbox.hold(connection)
    prepare(engine, draft("r2", release_at=AT + 2 * DAY), open_mail(engine))

    assert states(engine) == ["cancelled", "held"]
    assert rows(engine)[1]["release_at"] == "2025-07-09T08:00:00+08:00"


def test_the_same_digest_again_leaves_the_open_one_as_it_is(engine: Engine) -> None:
    prepare(engine, draft("r1", release_at=AT + DAY))

    assert prepare(engine, draft("r1"), open_mail(engine)) is None
    assert states(engine) == ["prepared"]


def test_an_open_digest_is_cancelled_where_what_was_sent_before_is_true_again(
    engine: Engine,
) -> None:
    prepare(engine, draft("r1"))
    settle(engine, leased(engine), MailState.SENT)
    prepare(engine, draft("r2", release_at=AT + DAY))

    assert prepare(engine, draft("r1"), open_mail(engine)) is None
    assert states(engine) == ["sent", "cancelled"]


def test_a_run_that_was_overtaken_comes_back_under_its_message_id(engine: Engine) -> None:
    prepare(engine, draft("r1", release_at=AT + DAY))
    prepare(engine, draft("r2"), open_mail(engine))
    before = rows(engine)[0]["message_id"]

    assert prepare(engine, draft("r1", facts={"new": 1}), open_mail(engine)) == 1
    assert states(engine) == ["prepared", "cancelled"]
    assert rows(engine)[0]["message_id"] == before
    with reading(engine) as connection:
        revived = leases.load(connection, 1)
    assert revived is not None
    assert revived.facts == {"new": 1}


def test_a_mail_that_a_sender_has_had_is_neither_replaced_nor_cancelled(engine: Engine) -> None:
    prepare(engine, draft())
    mail = leased(engine)
    settle(engine, mail, MailState.WAITING, due_at=AT, error="450")

    assert open_mail(engine) is None
    with writing(engine) as connection:
        assert not outbox.cancel(connection, mail.id)


def test_a_held_mail_goes_only_when_it_is_released(engine: Engine) -> None:
    prepare(engine, draft())
    prepare(engine, draft("r2", unit_code="507001", release_at=None))
    with writing(engine) as connection:
        assert outbox.hold(connection, unit="430001") == 1
        assert outbox.hold(connection) == 1
    assert lease(engine, AT + 9 * DAY) is None
    assert lease(engine, after=0) is None
    with writing(engine) as connection:
        assert outbox.release(connection, at=AT, unit="507001") == 1

    assert leased(engine).id == 2
    assert states(engine) == ["held", "sending"]


def test_a_mail_is_leased_by_one_sender(engine: Engine) -> None:
    prepare(engine, draft())

    mail = leased(engine)

    assert (mail.recipient, mail.facts, mail.content) == ("a@b.cn", {"run": "r1"}, None)
    assert (mail.attempts, mail.lease) == (1, "one")
    assert lease(engine, word="two") is None
    assert lease(engine, word="two", after=0) is None


def test_a_lease_that_ran_out_is_taken_again_with_the_same_content(engine: Engine) -> None:
    prepare(engine, draft())
    dead = leased(engine)
    with writing(engine) as connection:
        leases.keep(connection, dead, b"as rendered")

    assert lease(engine, AT + HOUR, word="two") is None
    again = leased(engine, AT + HOUR + HOUR / 60, word="two")

    assert (again.content, again.message_id, again.attempts) == (b"as rendered", dead.message_id, 2)
    with writing(engine) as connection:
        assert not leases.keep(connection, dead, b"late")
    assert not settle(engine, dead, MailState.WAITING, due_at=AT)
    assert not settle(engine, dead, MailState.FAILED, error="late")
    assert states(engine) == ["sending"]


def test_that_the_server_took_it_is_recorded_once_whoever_says_so(engine: Engine) -> None:
    prepare(engine, draft())
    slow = leased(engine)
    other = leased(engine, AT + 2 * HOUR, word="two")

    assert settle(engine, slow, MailState.SENT)
    assert not settle(engine, other, MailState.SENT)
    assert not settle(engine, other, MailState.WAITING, due_at=AT)
    assert lease(engine, AT + 9 * DAY, word="three") is None
    assert states(engine) == ["sent"]


def test_a_mail_put_off_waits_for_its_time_and_lets_others_go_first(engine: Engine) -> None:
    prepare(engine, draft("r1"))
    settle(engine, leased(engine), MailState.WAITING, due_at=AT + HOUR, error="450 later")
    prepare(engine, draft("r2"))

    assert leased(engine).id == 2
    assert lease(engine, AT + HOUR - HOUR / 60) is None
    assert leased(engine, AT + HOUR).id == 1


def test_a_refused_mail_is_tried_again_only_when_a_person_says_so(engine: Engine) -> None:
    prepare(engine, draft())
    settle(engine, leased(engine), MailState.FAILED, error="550 no")
    assert lease(engine, AT + 9 * DAY) is None
    assert lease(engine, AT + 9 * DAY, after=0) is None

    with writing(engine) as connection:
        assert outbox.retry(connection, at=AT, mail_id=7) == 0
        assert outbox.retry(connection, at=AT, mail_id=1) == 1
    assert leased(engine).attempts == 2


def test_tellings_say_which_mail_tells_what_to_whom_and_why(engine: Engine) -> None:
    with writing(engine) as connection:
        for year in (2024, 2025):
            connection.execute(
                insert(warnings).values(
                    rule="W01", year=year, subject="P1", period="06", unit_code="430001",
                    severity="red", state="raised", as_of=date(2025, 6, 30), figures={},
                    doubts=[], details=[], quiet=False, for_office=False, raised_at=AT,
                )
            )  # fmt: skip
    tells = (Tell(1, Grade.RED, Purpose.TELL), Tell(2, Grade.YELLOW, Purpose.REMIND))
    prepare(engine, draft(tells=tells))
    settle(engine, leased(engine), MailState.SENT)
    prepare(engine, draft("r2", tells=tells[:1]))
    prepare(engine, draft("r3"), open_mail(engine))

    with reading(engine) as connection:
        every, of_2025 = outbox.tellings(connection), outbox.tellings(connection, 2025)
        told = outbox.told_by(connection, 1)
    assert [(each.warning_id, each.purpose, each.mail_id) for each in every] == [
        (1, Purpose.TELL, 1), (2, Purpose.REMIND, 1),
    ]  # fmt: skip
    assert [(each.warning_id, each.sent_at, each.severity) for each in of_2025] == [
        (2, AT, Grade.YELLOW)
    ]
    assert told[0] == {
        "warning_id": 1, "rule": "W01", "subject": "P1", "period": "06", "severity": "red",
        "purpose": "tell",
    }  # fmt: skip


def test_the_list_has_its_promised_keys_and_is_filtered(engine: Engine) -> None:
    prepare(engine, draft())

    assert list(rows(engine)[0]) == [
        "id", "message_id", "to", "subject", "state", "attempts", "created_at", "sent_at", "run",
        "unit_code", "error", "kind", "release_at", "due_at",
    ]  # fmt: skip
    with reading(engine) as connection:
        assert len(outbox.rows(connection, unit="430001", state="waiting", kind="digest")) == 1
        assert outbox.rows(connection, unit="507001") == []
        assert outbox.rows(connection, state="sent") == []
        assert outbox.rows(connection, kind="office") == []
        assert outbox.rows(connection, ids=[2]) == []


def test_a_state_that_moved_on_is_not_leased(engine: Engine) -> None:
    prepare(engine, draft())
    with writing(engine) as connection:
        connection.execute(update(mails).values(state=MailState.CANCELLED))

    assert lease(engine) is None
