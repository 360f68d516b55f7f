"""The life of a warning: what a check changes in what is recorded. Decides; writes nothing.

A check speaks only about the projects whose standings it was given, and for each of them only
about its due checkpoint and those before:

- a finding without a record is raised; a record whose finding is gone is resolved; one that
  returns reopens its own row;
- a finding at a later checkpoint closes the open warnings of earlier ones as carried on; a
  later checkpoint that is met resolves them; a blank share there settles nothing;
- an open warning is `sent` while the severity in force has been told, else `raised`: a mail
  goes out once a stage, and a figure that hovers, or a lag that returns, costs no second one;
- a check as of an earlier day than a project's checkpoint was judged for changes nothing there
  and is given back as outdated. A finding for a checkpoint before one already recorded is put
  on record as carried on, so that the list is complete and nobody is written to about it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from monitor.domain.calendar import checkpoint_name
from monitor.domain.finding import Finding
from monitor.domain.progress import Grade, Standing
from monitor.domain.warning import Change, Recorded, State, Step


@dataclass(frozen=True, slots=True)
class Outdated:
    """A judgement that came too late: the project's checkpoint was judged as of `judged`."""

    project_code: str
    checkpoint: int
    as_of: date
    judged: date


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be recorded, and what is not because newer knowledge stands."""

    changes: tuple[Change, ...]
    outdated: tuple[Outdated, ...]


def decide(
    recorded: Iterable[Recorded], standings: Iterable[Standing], findings: Iterable[Finding]
) -> Decision:
    """Holds the findings of one year's standings against the year's recorded warnings.

    The same facts a second time change nothing.
    """
    records: defaultdict[str, list[Recorded]] = defaultdict(list)
    for warning in recorded:
        records[warning.project_code].append(warning)
    found = {finding.project_code: finding for finding in findings}
    changes: list[Change] = []
    outdated: list[Outdated] = []
    for standing in standings:
        if standing.checkpoint is None:
            continue
        code = standing.account.project_code
        late = _outdated(records[code], standing, standing.checkpoint)
        if late:
            outdated.append(late)
        else:
            changes += _judge(records[code], standing, standing.checkpoint, found.get(code))
    return Decision(tuple(changes), tuple(outdated))


def _outdated(records: Sequence[Recorded], standing: Standing, checkpoint: int) -> Outdated | None:
    here = [warning for warning in records if warning.checkpoint == checkpoint]
    if not here:
        return None
    newest = max(here, key=lambda warning: warning.judged)
    superseded = any(warning.checkpoint > checkpoint for warning in records)
    if newest.judged <= standing.as_of and not superseded:
        return None
    return Outdated(
        standing.account.project_code, checkpoint, standing.as_of, _last_judged(records, checkpoint)
    )


def _last_judged(records: Iterable[Recorded], checkpoint: int) -> date:
    return max(warning.judged for warning in records if warning.checkpoint >= checkpoint)


def _judge(
    records: Sequence[Recorded], standing: Standing, checkpoint: int, finding: Finding | None
) -> Iterator[Change]:
    later = [warning.checkpoint for warning in records if warning.checkpoint > checkpoint]
    here = {warning.rule: warning for warning in records if warning.checkpoint == checkpoint}
    if finding:
        yield from _found(finding, here.get(finding.rule), max(later, default=None))
    for warning in here.values():
        if warning.state.is_open and (finding is None or finding.rule != warning.rule):
            yield _close(warning, State.RESOLVED, standing.as_of, _why_gone(finding))
    for warning in records:
        if warning.state.is_open and warning.checkpoint < checkpoint:
            yield from _pass_on(warning, standing, checkpoint, finding)


def _why_gone(finding: Finding | None) -> str:
    return f"现为 {finding.rule}" if finding else ""


def _found(finding: Finding, before: Recorded | None, later: int | None) -> Iterator[Change]:
    if before is None:
        yield _raise(finding, later)
    elif not before.state.is_open:
        yield _update(Step.REOPENED, before, finding)
    elif finding.severity is not before.severity:
        note = f"{before.severity.label}→{finding.severity.label}"
        yield _update(Step.SEVERITY, before, finding, note)
    elif dict(finding.figures) != dict(before.figures):
        yield _update(Step.FIGURES, before, finding)


def _raise(finding: Finding, later: int | None) -> Change:
    if later is None:
        return Change(Step.RAISED, None, finding, State.RAISED, finding.as_of)
    note = f"{checkpoint_name(later)}已有记录，补记"
    return Change(Step.RAISED, None, finding, State.CARRIED_ON, finding.as_of, note)


def _update(step: Step, before: Recorded, finding: Finding, note: str = "") -> Change:
    state = State.SENT if _is_told(before.told, finding.severity) else State.RAISED
    return Change(step, before, finding, state, finding.as_of, note)


def _is_told(told: Grade | None, severity: Grade) -> bool:
    return told is not None and told.weight >= severity.weight


def _pass_on(
    warning: Recorded, standing: Standing, checkpoint: int, finding: Finding | None
) -> Iterator[Change]:
    at = checkpoint_name(checkpoint)
    if finding:
        yield _close(warning, State.CARRIED_ON, standing.as_of, f"{at}仍滞后")
    elif standing.due_fen is not None:
        yield _close(warning, State.RESOLVED, standing.as_of, f"{at}已不滞后")


def _close(warning: Recorded, state: State, as_of: date, note: str) -> Change:
    step = Step.RESOLVED if state is State.RESOLVED else Step.CARRIED_ON
    return Change(step, warning, None, state, as_of, note)
