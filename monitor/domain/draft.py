"""A mail before it is rendered: to whom, about what, and all the facts that it is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.domain.progress import Grade
from monitor.domain.warning import MailKind, Purpose


@dataclass(frozen=True, slots=True)
class Tell:
    """That the mail speaks of this warning at this severity, and why."""

    warning_id: int
    severity: Grade
    purpose: Purpose


@dataclass(frozen=True, slots=True)
class Draft:
    """What `store.outbox.prepare` takes. `run` names what the mail tells: one recipient gets a
    run's mail once, and the Message-ID follows from both.

    `facts` are plain JSON values: the templates and attachments are made from them alone, at the
    mail's first lease. `release_at` None waits for a person's release. `year` 0: of none.
    """

    kind: MailKind
    email: str
    name: str
    run: str
    year: int
    unit_code: str
    subject: str
    facts: Mapping[str, Any]
    tells: tuple[Tell, ...]
    release_at: datetime | None
