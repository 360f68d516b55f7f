"""The facts of mails: plain JSON values, from which alone mails and attachments are made."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from monitor.alerts.rule_catalogue import APPROACHING, LAG, NOTHING_PAID, WARNING_RULES
from monitor.alerts.rule_settings import AlertRules
from monitor.domain.contact import Contact
from monitor.domain.progress import Grade
from monitor.domain.warning import Recorded

Item = dict[str, Any]
Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """The warnings of one unit in a mail; `note` says why they stand in it, in Chinese."""

    code: str
    name: str
    note: str
    warnings: tuple[Recorded, ...]
    without_lead: bool = False


def item(warning: Recorded) -> Item:
    """A warning as mails show it; figures in fen and basis points."""
    return {
        "id": warning.id,
        "rule": warning.rule,
        "rule_name": WARNING_RULES[warning.rule].name,
        "severity": warning.severity.value,
        "period": warning.period,
        "checkpoint": warning.checkpoint,
        "unit_code": warning.unit_code,
        "unit_name": warning.unit_name,
        "project_code": warning.project_code,
        "project_name": warning.project_name,
        "as_of": warning.as_of.isoformat(),
        "figures": dict(warning.figures),
        "doubts": [[each.kind.value, each.lines, each.fen, each.cures] for each in warning.doubts],
        "details": list(warning.details),
    }


def part(of: Part, former: Facts | None) -> dict[str, Any]:
    items = [item(each) for each in of.warnings]
    for each, warning in zip(items, of.warnings, strict=True):
        each["before"] = _before(each, former)
        if each["before"] == {} and warning.told:
            told = warning.told.value
            each["before"] = {"severity": told, "period": each["period"], "paid_fen": None}
    return {
        "code": of.code,
        "name": of.name,
        "note": of.note,
        "without_lead": of.without_lead,
        "items": items,
    }


def _before(of: Item, former: Facts | None) -> Item | None:
    """What the recipient's last mail said of the same matter of the same project, or unit."""
    if former is None:
        return None
    for each in items_of(former):
        same = each["project_code"] == of["project_code"] and each["unit_code"] == of["unit_code"]
        if same and _is_comparable(each["rule"], of["rule"]):
            return {
                "severity": each["severity"],
                "period": each["period"],
                "paid_fen": each["figures"].get("paid_fen"),
            }
    return {}


def _is_comparable(one: str, other: str) -> bool:
    """Whether two rules speak of one matter: the same one, or both of the plan."""
    return one == other or {one, other} <= _OF_THE_PLAN


_OF_THE_PLAN = frozenset({LAG.id, NOTHING_PAID.id, APPROACHING.id})


def items_of(facts: Facts) -> list[Item]:
    """All warnings that a mail tells, over its parts."""
    return [each for part_ in facts.get("parts", ()) for each in part_["items"]]


def all_ids(facts: Facts) -> set[int]:
    """The ids of all warnings that a mail speaks of."""
    ended = facts.get("changes", {})
    changed = [each for name in ("fallen", "resolved", "withdrawn") for each in ended.get(name, ())]
    return {each["id"] for each in [*items_of(facts), *changed]}


def letterhead(rules: AlertRules, office: Sequence[Contact]) -> dict[str, Any]:
    """What all mails end with: whom to call, the basis, the next step."""
    contact = office[0] if office else None
    return {
        "office": {"name": contact.name, "email": contact.email} if contact else None,
        "phone": rules.office_phone,
        "basis": rules.legal_basis,
        "next_step": rules.next_step,
        "answer_days": rules.answer_days,
    }


def worst_first(warnings: Iterable[Recorded]) -> tuple[Recorded, ...]:
    def key(warning: Recorded) -> tuple[int, int, str, str]:
        gap = warning.figures.get("gap_fen") or 0
        return -warning.severity.weight, -gap, warning.project_code, warning.rule

    return tuple(sorted(warnings, key=key))


def counts(severities: Iterable[str]) -> str:
    """`红色 1、黄色 2`: the severities that occur, the worst first."""
    counted = Counter(Grade(each) for each in severities)
    ordered = sorted(counted, key=lambda grade: -grade.weight)
    return "、".join(f"{grade.label} {counted[grade]}" for grade in ordered)


def days(items: Iterable[Item]) -> list[date]:
    """The days up to which the figures count payments; more than one if checks differ."""
    return sorted({date.fromisoformat(each["as_of"]) for each in items})


def run_name(kind: str, year: int, facts: Facts, rounds: Iterable[str] = ()) -> str:
    """Names what a mail tells: the same figures of the same stages give the same name."""
    told = [facts.get("parts"), facts.get("changes"), facts.get("copy_of")]
    text = json.dumps([told, sorted(rounds)], ensure_ascii=False, sort_keys=True)
    return f"{kind}-{year}-{sha256(text.encode()).hexdigest()[:16]}"
