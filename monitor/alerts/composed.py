"""One mail in the making: what it tells of which warning, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from monitor.alerts import mail_facts, wording
from monitor.alerts.mail_facts import Facts, Part
from monitor.domain.contact import Contact
from monitor.domain.draft import Draft, Tell
from monitor.domain.warning import MailKind, Purpose, Recorded, State

DOUBTFUL = (
    "以下预警存疑：另有尚未计入的款项或新增预算，可能并非真实滞后。请先核实；"
    "{days} 个工作日后仍存疑的，将连同疑点告知单位。"
)
NO_LEAD_NOTE = "该单位目前没有登记在任的财务负责人，请财政部门代为转达，并补充联系人。"
YEAR_OVER = "{year}年度已经结束，未支付部分按结余处理，不再向单位提醒。"
OWN = ""


@dataclass
class Letter:
    """One mail in the making."""

    recipient: Contact
    year: int
    kind: MailKind
    told: list[tuple[Recorded, Purpose, str]] = field(default_factory=list)
    fallen: list[Recorded] = field(default_factory=list)
    ended: list[Recorded] = field(default_factory=list)


def parts(letter: Letter) -> Iterator[Part]:
    """The warnings by unit and reason: own matters first, then what is doubtful, then the rest."""
    groups: defaultdict[tuple[int, str, str], list[Recorded]] = defaultdict(list)
    for warning, _, note in letter.told:
        groups[_NOTES.index(note) if note in _NOTES else 1, warning.unit_code, note].append(warning)
    for (_, unit, note), warnings in sorted(groups.items()):
        ordered = mail_facts.worst_first(warnings)
        yield Part(unit, ordered[0].unit_name, note, ordered, note == NO_LEAD_NOTE)


_NOTES = (OWN, "存疑", NO_LEAD_NOTE)


def tells(letter: Letter) -> tuple[Tell, ...]:
    told = [Tell(each.id, each.severity, purpose) for each, purpose, _ in letter.told]
    lead = letter.kind is MailKind.DIGEST
    fallen = Purpose.TELL if lead else Purpose.OFFICE
    told += [Tell(each.id, each.severity, fallen) for each in letter.fallen]
    for each in letter.ended:
        withdrawn = each.state is State.WITHDRAWN
        told.append(
            Tell(each.id, each.severity, Purpose.WITHDRAWN if withdrawn else Purpose.RESOLVED)
        )
    return tuple(told)


def only_unit(letter: Letter) -> str:
    """The unit's code; empty where the mail is about several."""
    told = [each for each, _, _ in letter.told] or letter.ended
    units = {each.unit_code for each in told}
    return units.pop() if len(units) == 1 else ""


def copy_for(draft: Draft, deputy: Contact, facts: Facts) -> Draft:
    return replace(
        draft,
        email=deputy.email,
        name=deputy.name,
        run=f"{draft.run}-copy",
        subject=wording.subject(draft.kind, facts),
        facts=facts,
        tells=(),
    )
