"""The life of a warning: what a check changes in what is recorded. Decides; writes nothing.

A warning's key is rule, year, subject and period. What was not judged is left alone.

- A finding without a record is raised; a record whose finding is gone is resolved; one that
  returns reopens its own row. One that looked ahead ends when its checkpoint is due: it is
  carried on to the judgement of that checkpoint, and nobody is told that it is over.
- Rules about a checkpoint that is due (a lag, nothing paid, floors, indicators) go on from one
  checkpoint to the next: a finding at a later one closes the earlier ones as carried on; a
  later checkpoint that is met resolves them; a blank share there settles nothing.
- An open warning is `sent` while the severity in force has been told, else `raised`: a mail
  goes out once a stage, and a figure that hovers, or a lag that returns, costs no second one.
- An answered one rests until the date that its unit promised, the next checkpoint, or a
  severity that has not been told yet.
- A check as of an earlier day than was judged changes nothing that is known better, and is
  given back as outdated. What it finds anew is put on record as closed, so that the list is
  complete and nobody is written to about it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from monitor.alerts import steps
from monitor.domain.calendar import checkpoint_name, due_month, month_end
from monitor.domain.finding import Finding
from monitor.domain.progress import Standing
from monitor.domain.warning import Change, Recorded, State, Step

if TYPE_CHECKING:
    from monitor.alerts.facts import Facts
    from monitor.alerts.rules import Judgement

LAG, NOTHING_PAID, AHEAD = "W01", "W02", "W03"
ALONG_THE_PLAN = frozenset({LAG, NOTHING_PAID, "W11", "W12"})
"""Rules that judge the latest checkpoint that is due; a later one takes an earlier one's place."""
_NOW_CLOSED = "支付申请已截止，未支付部分年后按结余处理"
_DECEMBER = 12
_MONTHS = range(1, 13)


@dataclass(frozen=True, slots=True)
class Outdated:
    """A judgement that came too late: the subject's period was judged as of `judged`."""

    subject: str
    period: str
    as_of: date
    judged: date


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be recorded, and what is not because newer knowledge stands."""

    changes: tuple[Change, ...]
    outdated: tuple[Outdated, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """The latest check of the year: as of when, and the units that it did not judge."""

    as_of: date
    held_back: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Case:
    """What is recorded of a subject by one rule (a lag and nothing paid are one), and found."""

    records: list[Recorded] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def unit_code(self) -> str:
        return self.findings[0].unit_code if self.findings else self.records[0].unit_code


def family(rule: str) -> str:
    """Nothing paid stands in a lag's place: the two share one life."""
    return LAG if rule == NOTHING_PAID else rule


def decide(
    recorded: Iterable[Recorded],
    facts: Facts,
    judgement: Judgement,
    before: Before | None = None,
) -> Decision:
    """Holds what was found in the facts of a year against all that is recorded of that year.

    The same facts a second time change nothing.
    """
    cases: defaultdict[tuple[str, str], _Case] = defaultdict(_Case)
    for warning in recorded:
        cases[family(warning.rule), warning.subject].records.append(warning)
    for finding in judgement.findings:
        cases[family(finding.rule), finding.subject].findings.append(finding)
    unjudged = {(family(rule), subject) for rule, subject in judgement.unjudged}
    judge = _Judge(facts, before, closed=judgement.closed)
    for (rule, subject), case in cases.items():
        judge.case(rule, subject, case, is_judged=(rule, subject) not in unjudged)
    return Decision(tuple(judge.changes), tuple(judge.outdated))


class _Judge:
    """One judgement of one year, subject by subject."""

    def __init__(self, facts: Facts, before: Before | None, *, closed: bool) -> None:
        self.changes: list[Change] = []
        self.outdated: list[Outdated] = []
        self._facts, self._before, self._closed = facts, before, closed
        self._standings: Mapping[str, Standing] = {
            each.standing.account.project_code: each.standing for each in facts.projects
        }

    def case(self, rule: str, subject: str, case: _Case, *, is_judged: bool) -> None:
        if not is_judged:
            self.changes += self._no_longer_ahead(case.records) if rule == AHEAD else ()
        elif rule in ALONG_THE_PLAN:
            self._along_the_plan(rule, subject, case)
        else:
            self._by_itself(case)

    def _known_better(self, case: _Case) -> date | None:
        """The later day as of which the unit has been judged before, if there is one."""
        before, as_of = self._before, self._facts.as_of
        if before is None or before.as_of <= as_of or case.unit_code in before.held_back:
            return None
        return before.as_of

    def _by_itself(self, case: _Case) -> None:
        """Each period of its own: months, years, and the checkpoint that is to come."""
        as_of = self._facts.as_of
        if self._before and self._before.as_of > as_of:
            return
        found = {(each.rule, each.period): each for each in case.findings}
        for warning in case.records:
            finding = found.pop((warning.rule, warning.period), None)
            if warning.judged > as_of:
                self._is_outdated(warning.subject, warning.period, warning.judged)
            elif finding:
                self.changes += steps.found_again(finding, warning)
            elif warning.rule == AHEAD and self._is_behind_us(warning):
                self.changes += self._no_longer_ahead([warning])
            elif warning.state.is_open:
                self.changes.append(steps.closed(warning, State.RESOLVED, as_of, ""))
        self.changes += [steps.raised(finding) for finding in found.values()]

    def _is_due(self, warning: Recorded) -> bool:
        month = warning.checkpoint
        return month is not None and month_end(warning.year, month) <= self._facts.as_of

    def _no_longer_ahead(self, records: Iterable[Recorded]) -> Iterator[Change]:
        for warning in records:
            if warning.state.is_open and self._is_behind_us(warning):
                note = steps.NOW_DUE if self._is_due(warning) else _NOW_CLOSED
                yield steps.closed(warning, State.CARRIED_ON, self._facts.as_of, note)

    def _is_behind_us(self, warning: Recorded) -> bool:
        """Whether there is nothing left to look ahead to, though it may not be reached."""
        return self._is_due(warning) or (self._closed and warning.checkpoint == _DECEMBER)

    def _along_the_plan(self, rule: str, subject: str, case: _Case) -> None:
        finding = max(case.findings, key=lambda each: each.checkpoint or 0, default=None)
        standing = self._standings.get(subject)
        checkpoint = self._checkpoint(rule, standing, finding)
        here = [each for each in case.records if each.checkpoint == checkpoint]
        later = [each for each in case.records if (each.checkpoint or 0) > checkpoint]
        overtaken = [each for each in later if not self._is_due(each)]
        known = max((each.judged for each in (*here, *overtaken)), default=self._facts.as_of)
        better = self._known_better(case)
        if here and (overtaken or better or known > self._facts.as_of):
            self._is_outdated(subject, f"{checkpoint:02d}", max(known, better or known))
            return
        self._at_checkpoint(case, here, overtaken, finding)
        if not overtaken and not better:
            self._pass_on(rule, case, checkpoint, standing, finding)

    def _checkpoint(self, rule: str, standing: Standing | None, finding: Finding | None) -> int:
        """The month of the checkpoint that was judged; 0 where none is due."""
        if finding and finding.checkpoint:
            return finding.checkpoint
        if rule == LAG:
            return (standing.checkpoint or 0) if standing else 0
        return due_month(_MONTHS, self._facts.year, self._facts.as_of) or 0

    def _is_outdated(self, subject: str, period: str, judged: date) -> None:
        self.outdated.append(Outdated(subject, period, self._facts.as_of, judged))

    def _at_checkpoint(
        self,
        case: _Case,
        here: Sequence[Recorded],
        overtaken: Sequence[Recorded],
        finding: Finding | None,
    ) -> None:
        if finding:
            mine = next((each for each in here if each.rule == finding.rule), None)
            if mine:
                self.changes += steps.found_again(finding, mine)
            else:
                self.changes.append(self._raise_at(case, finding, here, overtaken))
        for warning in here:
            if warning.state.is_open and (finding is None or finding.rule != warning.rule):
                state = State.CARRIED_ON if finding else State.RESOLVED
                note = f"现为 {finding.rule}" if finding else ""
                self.changes.append(steps.closed(warning, state, self._facts.as_of, note))

    def _raise_at(
        self,
        case: _Case,
        finding: Finding,
        here: Sequence[Recorded],
        overtaken: Sequence[Recorded],
    ) -> Change:
        if overtaken:
            latest = max(each.checkpoint or 0 for each in overtaken)
            note = f"{checkpoint_name(latest)}已有记录，补记"
            return Change(Step.RAISED, None, finding, State.CARRIED_ON, finding.as_of, note)
        if known := self._known_better(case):
            note = f"截至 {known} 的核查已不再出现，补记"
            return Change(Step.RAISED, None, finding, State.RESOLVED, finding.as_of, note)
        other = next((each for each in here if each.state.is_open), None)
        return steps.succeeding(finding, other) if other else steps.raised(finding)

    def _pass_on(
        self,
        rule: str,
        case: _Case,
        checkpoint: int,
        standing: Standing | None,
        finding: Finding | None,
    ) -> None:
        """Closes what is open at other checkpoints: earlier ones, and those of a former plan."""
        as_of = self._facts.as_of
        for warning in case.records:
            if not warning.state.is_open or warning.checkpoint == checkpoint:
                continue
            if (warning.checkpoint or 0) > checkpoint:
                note = "支出计划已无此检查点" if standing else "项目已退出"
                self.changes.append(steps.closed(warning, State.RESOLVED, as_of, note))
            elif finding:
                note = f"{checkpoint_name(checkpoint)}仍{'滞后' if rule == LAG else '未达到'}"
                self.changes.append(steps.closed(warning, State.CARRIED_ON, as_of, note))
            elif rule != LAG or (standing and standing.due_fen is not None):
                note = f"{checkpoint_name(checkpoint)}已不滞后" if rule == LAG else ""
                self.changes.append(steps.closed(warning, State.RESOLVED, as_of, note))
