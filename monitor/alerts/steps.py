"""What a finding, or its absence, makes of one warning: the steps of a warning's life."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from monitor.domain.finding import Finding
from monitor.domain.progress import Grade
from monitor.domain.warning import Change, Recorded, State, Step

NOW_DUE = "检查点已到期，转为按到期检查点核查"
"""Why a look ahead ends that has done its work."""


def raised(finding: Finding) -> Change:
    return Change(Step.RAISED, None, finding, State.RAISED, finding.as_of)


def succeeding(finding: Finding, other: Recorded) -> Change:
    """A lag in the place of nothing paid, or the reverse: nobody is asked the same thing twice."""
    if _has_expired(other, finding.as_of):
        return raised(finding)
    state = _state(finding, other)
    note = f"接替 {other.rule}（预警 {other.id}）"
    return Change(Step.RAISED, None, finding, state, finding.as_of, note, other)


def found_again(finding: Finding, before: Recorded) -> Iterator[Change]:
    """What a finding changes in its own row."""
    state = _state(finding, before)
    if not before.state.is_open:
        yield Change(Step.REOPENED, before, finding, state, finding.as_of)
    elif _has_expired(before, finding.as_of):
        promised = before.answer and before.answer.promised
        note = f"承诺日期 {promised} 已过"
        yield Change(Step.EXPIRED, before, finding, State.RAISED, finding.as_of, note)
    elif finding.severity is not before.severity:
        note = f"{before.severity.label}→{finding.severity.label}"
        yield Change(Step.SEVERITY, before, finding, state, finding.as_of, note)
    elif not _is_same(finding, before):
        note = _about_doubt(finding, before)
        yield Change(Step.FIGURES, before, finding, state, finding.as_of, note)


def _has_expired(before: Recorded, as_of: date) -> bool:
    promised = before.answer.promised if before.answer else None
    return before.state is State.ACKNOWLEDGED and promised is not None and as_of > promised


def _is_same(finding: Finding, before: Recorded) -> bool:
    return (
        dict(finding.figures) == dict(before.figures)
        and finding.doubts == before.doubts
        and finding.details == before.details
        and (finding.quiet, finding.for_office) == (before.quiet, before.for_office)
    )


def _about_doubt(finding: Finding, before: Recorded) -> str:
    if finding.is_doubtful == before.is_doubtful:
        return ""
    return "存疑" if finding.is_doubtful else "已无存疑"


def _state(finding: Finding, before: Recorded) -> State:
    """Of an open row that is found again: whether the severity in force has been told.

    What only the office was told, because it was doubtful, its lead is still to be told. One
    that was answered rests, also where it was over for a while before the promised date.
    """
    to_office = finding.for_office or finding.is_doubtful
    told = before.told if to_office else before.told_lead
    is_told = before.state is not State.WITHDRAWN and _covers(told, finding.severity)
    if before.state is State.ACKNOWLEDGED or _is_promised(before, finding.as_of):
        rises = finding.severity.weight > before.severity.weight
        return State.RAISED if rises and not is_told else State.ACKNOWLEDGED
    return State.SENT if is_told else State.RAISED


def _is_promised(before: Recorded, as_of: date) -> bool:
    if before.state is not State.RESOLVED or before.answer is None:
        return False
    return before.answer.promised is None or as_of <= before.answer.promised


def _covers(told: Grade | None, severity: Grade) -> bool:
    return told is not None and told.weight >= severity.weight


def closed(warning: Recorded, state: State, as_of: date, note: str) -> Change:
    step = Step.RESOLVED if state is State.RESOLVED else Step.CARRIED_ON
    return Change(step, warning, None, state, as_of, note)
