"""What became of the mails of `bench.mail_campaign`, by the server's log and the database."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select

from bench.mail_server import LATER, NEVER
from monitor.domain.warning import MailState
from monitor.store import outbox
from monitor.store.alert_tables import mails, warning_events
from monitor.store.engine import reading


@dataclass
class Killed:
    """Sender processes that were killed, by the name that the server knows them by."""

    names: set[str] = field(default_factory=set)
    at_any_moment: int = 0
    at_acceptance: int = 0


def accepted(log: Path) -> list[dict[str, Any]]:
    lines = log.read_text("utf-8").splitlines() if log.exists() else []
    return [line for line in map(json.loads, lines) if "accepted" in line]


def judge(engine: Engine, log: Path, killed: Killed) -> dict[str, Any]:
    """The figures of the campaign; see the module's text for what they mean."""
    copies: defaultdict[str, list[tuple[int, dict[str, Any]]]] = defaultdict(list)
    last_of: dict[str, int] = {}
    for number, each in enumerate(accepted(log)):
        copies[each["accepted"]].append((number, each))
        last_of[each["by"]] = number
    with reading(engine) as connection:
        rows = outbox.rows(connection)
        events = connection.execute(
            select(warning_events.c.warning_id, func.count()).group_by(warning_events.c.warning_id)
        ).all()
        first = connection.scalar(select(func.count()).where(mails.c.content.is_not(None)))
    lost = [row for row in rows if _is_lost(row, copies)]
    doubled = {name: each for name, each in copies.items() if len(each) > 1}
    outside = [
        name
        for name, each in doubled.items()
        for number, copy in each[:-1]
        if copy["said"] and not (copy["by"] in killed.names and last_of[copy["by"]] == number)
    ]
    by_server = sum(not copy["said"] for each in doubled.values() for _, copy in each[:-1])
    return {
        "mails": len(rows),
        "rendered": first,
        "accepted": sum(map(len, copies.values())),
        "states": dict(Counter(row["state"] for row in rows)),
        "lost": len(lost),
        "doubled": len(doubled),
        "extra copies: server said nothing": by_server,
        "extra copies: sender killed": sum(len(e) - 1 for e in doubled.values()) - by_server,
        "doubled outside of the window": len(outside),
        "altered": sum(len({c["digest"] for _, c in each}) > 1 for each in doubled.values()),
        "told more than once": sum(count > 1 for _, count in events),
        "never@": _fate(rows, NEVER),
        "later@": _fate(rows, LATER),
    }


def _is_lost(row: dict[str, Any], copies: dict[str, Any]) -> bool:
    if row["message_id"] in copies:
        return bool(row["state"] != MailState.SENT)  # accepted, and not recorded in the end
    if row["to"].startswith((NEVER, LATER)):
        return row["state"] not in (MailState.FAILED, MailState.WAITING, MailState.SENDING)
    return bool(row["state"] != MailState.CANCELLED)


def _fate(rows: list[dict[str, Any]], name: str) -> str:
    row = next(row for row in rows if row["to"].startswith(name))
    return f"{row['state']} after {row['attempts']} attempts: {row['error']}"
