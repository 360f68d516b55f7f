"""What mails tell already: nothing that is on its way, or arrived, is told again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from monitor.domain.warning import MailState, Purpose, Recorded, Telling

STAGE = frozenset({Purpose.TELL, Purpose.OFFICE})
"""The purposes that tell a warning's stage in force."""
ASKED = STAGE | {Purpose.REMIND, Purpose.DEADLINE, Purpose.ESCALATE}
"""The purposes after which a recipient is to hear how it ended."""
ENDED = frozenset({Purpose.RESOLVED, Purpose.WITHDRAWN})


class Told:
    """The tellings by warning, oldest first; cancelled mails tell nothing.

    What was told before a warning's `untold_since`, or before its recipient heard that it was
    over, counts no more.
    """

    def __init__(self, tellings: Iterable[Telling], warnings: Iterable[Recorded]) -> None:
        self._all: defaultdict[int, list[Telling]] = defaultdict(list)
        for telling in sorted(tellings, key=lambda each: each.mail_id):
            if telling.state is not MailState.CANCELLED:
                self._all[telling.warning_id].append(telling)
        self._since = {each.id: each.untold_since for each in warnings if each.untold_since}

    def round(self, warning_id: int) -> str:
        """Names how often the warning began anew: what is told of it again is another telling."""
        over = sum(each.purpose in ENDED for each in self._all.get(warning_id, ()))
        since = self._since.get(warning_id)
        return f"{over}/{since.timestamp():.0f}" if since else f"{over}"

    def _counting(self, warning_id: int) -> list[Telling]:
        tellings = self._all.get(warning_id, [])
        since = self._since.get(warning_id)
        over: dict[str, int] = {}
        for each in tellings:
            if each.purpose in ENDED and each.state is not MailState.FAILED:
                over[each.recipient.casefold()] = each.mail_id
        return [
            each
            for each in tellings
            if each.mail_id > over.get(each.recipient.casefold(), 0)
            and not (since and each.created_at and each.created_at < since)
        ]

    def of(self, warning_id: int, purposes: Collection[Purpose]) -> list[Telling]:
        """Those for one of these purposes that were not refused."""
        return [
            each
            for each in self._counting(warning_id)
            if each.purpose in purposes and each.state is not MailState.FAILED
        ]

    def sent(self, warning_id: int, purposes: Collection[Purpose]) -> list[Telling]:
        return [each for each in self.of(warning_id, purposes) if each.state is MailState.SENT]

    def needs(self, warning: Recorded, purposes: Collection[Purpose], recipient: str) -> bool:
        """Whether the latest of these mails tells less than the severity in force.

        A mail that its server refused for good stays parked for that address; a corrected
        address gets a new one.
        """
        tellings = [
            each
            for each in self._counting(warning.id)
            if each.purpose in purposes
            and (each.state is not MailState.FAILED or _same(each.recipient, recipient))
        ]
        return not tellings or tellings[-1].severity.weight < warning.severity.weight

    def fallen_for(self, warning: Recorded) -> list[str]:
        """The addresses that were last told a higher severity than the one in force."""
        last = {each.recipient.casefold(): each for each in self.sent(warning.id, STAGE)}
        return [
            email for email, each in last.items() if each.severity.weight > warning.severity.weight
        ]

    def to_be_told_the_end(self, warning_id: int) -> list[str]:
        """The addresses that were told, or asked, and not yet how it ended."""
        asked: dict[str, str] = {}
        for each in self._all.get(warning_id, ()):
            key = each.recipient.casefold()
            if each.purpose in ENDED and each.state is not MailState.FAILED:
                asked.pop(key, None)
            elif each.purpose in ASKED and each.state is MailState.SENT:
                asked[key] = each.recipient
        return list(asked.values())


def _same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()
