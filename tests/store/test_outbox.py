from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert
from sqlalchemy.exc import IntegrityError

from monitor.domain.warning import MailState
from monitor.store import outbox, tables
from monitor.store.engine import open_engine, reading, writing
from monitor.store.outbox import Letter

AT = datetime(2025, 7, 8, tzinfo=UTC)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'monitor.db'}")
    tables.metadata.create_all(engine)
    yield engine
    engine.dispose()


def letter(number: int = 1, recipient: str = "a@b.cn", run: str = "r1") -> Letter:
    return Letter(f"<{number}@x>", recipient, run, "430001", "主题", b"text", ())


def queue(engine: Engine, each: Letter) -> int | None:
    with writing(engine) as connection:
        return outbox.queue(connection, each, at=AT)


def state(engine: Engine) -> str:
    with reading(engine) as connection:
        return str(outbox.rows(connection)[0]["state"])


def test_a_recipient_gets_a_run_once(engine: Engine) -> None:
    assert queue(engine, letter(1)) == 1
    assert queue(engine, letter(2)) is None
    assert queue(engine, letter(3, recipient="c@b.cn")) == 2
    assert queue(engine, letter(4, run="r2")) == 3


def test_the_database_itself_refuses_a_second_mail_of_a_run(engine: Engine) -> None:
    queue(engine, letter())
    second = {
        "message_id": "<2@x>", "recipient": "a@b.cn", "run": "r1", "unit_code": "", "subject": "",
        "content": b"", "state": "waiting", "attempts": 0, "error": "", "created_at": AT,
    }  # fmt: skip

    with writing(engine) as connection, pytest.raises(IntegrityError):
        connection.execute(insert(tables.mails).values(second))


def test_a_mail_is_claimed_by_one_sender(engine: Engine) -> None:
    queue(engine, letter())

    with writing(engine) as connection:
        claimed = outbox.claim(connection, 1, at=AT)
        again = outbox.claim(connection, 1, at=AT)

    assert claimed is not None
    assert (claimed.recipient, claimed.content, again) == ("a@b.cn", b"text", None)


def test_what_was_sent_is_neither_settled_anew_nor_given_up(engine: Engine) -> None:
    queue(engine, letter())
    with writing(engine) as connection:
        outbox.claim(connection, 1, at=AT)
        outbox.settle(connection, 1, MailState.SENT, at=AT)
        outbox.settle(connection, 1, MailState.WAITING, at=AT, error="late")
        later = AT + timedelta(days=1)
        assert outbox.give_up_on(connection, claimed_before=later, error="gone") == []

    assert state(engine) == "sent"


def test_the_list_is_filtered_by_unit_and_state(engine: Engine) -> None:
    queue(engine, letter())

    with reading(engine) as connection:
        assert len(outbox.rows(connection, unit="430001", state="waiting")) == 1
        assert outbox.rows(connection, unit="507001") == []
        assert outbox.rows(connection, state="sent") == []
