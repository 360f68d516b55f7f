"""A check of which nothing has changed since: what it follows from, and what it came to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from hashlib import sha256
from itertools import chain, repeat
from typing import Any

from monitor import __version__
from monitor.alerts.lifecycle import Outdated
from monitor.domain.finding import Finding
from monitor.domain.progress import Grade


@dataclass(frozen=True, slots=True)
class Found:
    """What a summary says of a finding: its rule and severity, whether in doubt, or not mailed."""

    rule: str
    severity: Grade
    is_doubtful: bool
    quiet: bool


@dataclass(frozen=True, slots=True)
class HeldBack:
    """A unit whose projects were not judged at the due checkpoint: these lists are missing."""

    unit_code: str
    unit_name: str
    months: tuple[str, ...]


def basis(*values: object) -> str:
    """Names settings, contacts and days, the same in every process, and this program's version."""
    return sha256(repr([__version__, *map(_plain, values)]).encode()).hexdigest()


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        own = (_plain(getattr(value, each.name)) for each in fields(value))
        return [type(value).__name__, *own]
    if isinstance(value, Mapping):
        return sorted((repr(_plain(key)), repr(_plain(of))) for key, of in value.items())
    if isinstance(value, AbstractSet):
        return sorted(repr(_plain(each)) for each in value)
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return value


def summaries(findings: Iterable[Finding]) -> tuple[Found, ...]:
    """What was found, without its figures."""
    return tuple(Found(each.rule, each.severity, each.is_doubtful, each.quiet) for each in findings)


def stored(
    found: Iterable[Found], held_back: Iterable[HeldBack], outdated: Iterable[Outdated]
) -> dict[str, Any]:
    """What a check came to, as JSON keeps it."""
    counted: dict[Found, int] = {}
    for each in found:
        counted[each] = counted.get(each, 0) + 1
    return {
        "found": [
            [each.rule, each.severity.value, each.is_doubtful, each.quiet, count]
            for each, count in counted.items()
        ],
        "held_back": [[each.unit_code, each.unit_name, each.months] for each in held_back],
        "outdated": [
            [each.subject, each.period, each.as_of.isoformat(), each.judged.isoformat()]
            for each in outdated
        ],
    }


def found_of(outcome: Mapping[str, Any]) -> tuple[Found, ...]:
    return tuple(
        chain.from_iterable(
            repeat(Found(rule, Grade(severity), doubtful, quiet), count)
            for rule, severity, doubtful, quiet, count in outcome["found"]
        )
    )


def held_back_of(outcome: Mapping[str, Any]) -> tuple[HeldBack, ...]:
    return tuple(HeldBack(code, name, tuple(months)) for code, name, months in outcome["held_back"])


def outdated_of(outcome: Mapping[str, Any]) -> tuple[Outdated, ...]:
    return tuple(
        Outdated(subject, period, date.fromisoformat(as_of), date.fromisoformat(judged))
        for subject, period, as_of, judged in outcome["outdated"]
    )
