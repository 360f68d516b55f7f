"""The indicators of a monitoring form: how far, why not, and how likely by the end of the year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from monitor.domain.actual import parse_actual
from monitor.domain.answers import CAUSES, FormCause
from monitor.domain.cost_target import cost_cap_fen
from monitor.domain.entry import Field, items
from monitor.domain.likelihood import Likelihood, Proposal, Reached, propose
from monitor.domain.scoring_rules import Level
from monitor.domain.target import Indicator
from monitor.domain.warning import Acknowledgement
from monitor.reports.assessment.answers_told import told
from monitor.reports.assessment.draft import NOTHING, Cell, Draft, IndicatorRow, Mark, to_fill
from monitor.reports.assessment.draft import entered as of_entry
from monitor.reports.assessment.facts import ProjectFacts
from monitor.reports.monitoring.funds import entered
from monitor.reports.monitoring.settings import IndicatorColumn

TICK = "√"
_BLANK = Cell("")
_MUST_EXPLAIN = "须说明原因"
_MUST_ACT = "须填写措施"


@dataclass(frozen=True, slots=True)
class MonitoredRow:
    """A row of the form's indicators; `cells` are the columns, `causes` five, `likelihood` three.

    What is open in a group of ticks is one open cell. `because` says what the proposed
    likelihood rests on, `doubt` what speaks against one that a person gave. `item` is the
    indicator's name in entry.items, empty where the form prints a row without one.
    """

    level1: str
    level2: str
    level3: Cell
    cells: Mapping[IndicatorColumn, tuple[Cell, ...]]
    item: str = ""
    likelihood: Likelihood | None = None
    because: str = ""
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class _Judged:
    """A likelihood, by a person or proposed, and what that rests on."""

    likelihood: Likelihood | None
    mark: Mark
    because: str = ""
    doubt: str = ""

    @property
    def needs_reason(self) -> bool:
        return self.likelihood is not None and self.likelihood.needs_reason


def monitored_rows(
    facts: ProjectFacts, draft: Draft, period: str, sure_bp: int
) -> tuple[MonitoredRow, ...]:
    """The rows in the order of the official form, which the self-assessment's draft has."""
    known = dict(zip(items(facts.project.indicators), facts.project.indicators, strict=True))
    return tuple(
        _row(facts, row, known[row.item], period, sure_bp) if row.item in known else _empty(row)
        for row in draft.indicators
    )


def _level1(row: IndicatorRow) -> str:
    """`产出指标(50分)`: a monitoring form has no weights."""
    name, _, _ = row.level1.partition("(")
    return name or row.level1


def _empty(row: IndicatorRow) -> MonitoredRow:
    """A row that the form prints without an indicator, or of a project without any."""
    cell = to_fill() if row.level3.is_open else NOTHING
    cells = dict.fromkeys(IndicatorColumn, (cell,))
    return MonitoredRow(_level1(row), row.level2, row.level3, cells)


def _row(
    facts: ProjectFacts, row: IndicatorRow, indicator: Indicator, period: str, sure_bp: int
) -> MonitoredRow:
    judged = _judge(facts, row, indicator, period, sure_bp)
    cells: dict[IndicatorColumn, tuple[Cell, ...]] = {
        IndicatorColumn.TARGET: (row.target,),
        IndicatorColumn.ACHIEVED: (_achieved(facts, row, period),),
        IndicatorColumn.FORECAST: (_written(facts, Field.FORECAST, row, period) or to_fill(),),
        IndicatorColumn.CAUSES: _causes(facts, row, period, judged),
        IndicatorColumn.REASON: (_reason(facts, row, period, judged),),
        IndicatorColumn.LIKELIHOOD: _ticks(judged),
        IndicatorColumn.NOTE: (_note(facts, row, period, judged),),
    }
    return MonitoredRow(
        _level1(row),
        row.level2,
        row.level3,
        cells,
        item=row.item,
        likelihood=judged.likelihood,
        because=judged.because,
        doubt=judged.doubt,
    )


def _written(facts: ProjectFacts, field: Field, row: IndicatorRow, period: str) -> Cell | None:
    entry = entered(facts, field, period, row.item)
    return None if entry is None else Cell(entry.value, Mark.ENTERED)


def _achieved(facts: ProjectFacts, row: IndicatorRow, period: str) -> Cell:
    """What was reported, else what payments show; where both speak and differ, it is said."""
    entry = entered(facts, Field.ACTUAL, period, row.item)
    own = row.actual.text if row.actual.mark is Mark.COMPUTED else ""
    if entry is None:
        return row.actual if own else to_fill(row.actual.note)
    cell = of_entry(entry, entry.value, own)
    if own and not cell.note and own != entry.value:
        return replace(cell, note=f"系统测算为{own}，请核对")
    return cell


def _judge(
    facts: ProjectFacts, row: IndicatorRow, indicator: Indicator, period: str, sure_bp: int
) -> _Judged:
    entry = entered(facts, Field.LIKELIHOOD, period, row.item)
    proposal = _proposal(facts, row, indicator, period, sure_bp)
    if entry is not None and entry.value in tuple(Likelihood):
        given = Likelihood(entry.value)
        return _Judged(given, Mark.ENTERED, doubt=_doubt(given, proposal))
    if proposal is None:
        return _Judged(None, Mark.OPEN)
    return _Judged(proposal.likelihood, Mark.PROPOSED, proposal.because)


def _doubt(given: Likelihood, proposal: Proposal | None) -> str:
    """Where the facts speak for another word than the person's, which is kept."""
    if proposal is None or proposal.likelihood is given:
        return ""
    return f"填报为{given}，按规则为{proposal.likelihood}（{proposal.because}）"


def _proposal(
    facts: ProjectFacts, row: IndicatorRow, indicator: Indicator, period: str, sure_bp: int
) -> Proposal | None:
    entry = entered(facts, Field.ACTUAL, period, row.item)
    budget = facts.standing.account.budget_fen
    return propose(
        indicator.value,
        Reached() if entry is None else reached(entry.value, indicator),
        facts.standing,
        cap_fen=cost_cap_fen(indicator, facts.project, budget) if budget else None,
        answers=facts.explanations,
        sure_bp=sure_bp,
    )


def reached(text: str, indicator: Indicator) -> Reached:
    """What people wrote as 执行情况, as far as it can be read beyond doubt."""
    actual = parse_actual(text, indicator.value)
    if actual is None or actual.doubt:
        return Reached()
    met = actual.answer if actual.level is None else actual.level is Level.MET
    return Reached(actual.number, actual.date, met)


def _ticks(judged: _Judged) -> tuple[Cell, ...]:
    if judged.likelihood is None:
        return (to_fill(),)
    tick = Cell(TICK, judged.mark)
    return tuple(tick if each is judged.likelihood else _BLANK for each in Likelihood)


def _causes(
    facts: ProjectFacts, row: IndicatorRow, period: str, judged: _Judged
) -> tuple[Cell, ...]:
    """The five columns: as written, else by the year's answers where there is a deviation."""
    entry = entered(facts, Field.CAUSES, period, row.item)
    if entry is not None:
        return _cause_ticks(set(entry.value.split("、")), Mark.ENTERED)
    if not judged.needs_reason:
        return tuple(_BLANK for _ in FormCause)
    given = {CAUSES[each.cause] for each in facts.explanations if each.cause in CAUSES}
    if not given:
        return (to_fill(),)
    return _cause_ticks({each.value for each in given}, Mark.PROPOSED)


def _cause_ticks(given: set[str], mark: Mark) -> tuple[Cell, ...]:
    return tuple(Cell(TICK, mark) if each.value in given else _BLANK for each in FormCause)


def _reason(facts: ProjectFacts, row: IndicatorRow, period: str, judged: _Judged) -> Cell:
    """Mandatory beside 有可能 and 完全不可能 (domain notes, section 1c)."""
    written = _written(facts, Field.REASON, row, period)
    if written is not None:
        return written
    if not judged.needs_reason:
        return _BLANK
    return _from_answers(facts.explanations) or to_fill(_MUST_EXPLAIN)


def _from_answers(answers: Sequence[Acknowledgement]) -> Cell | None:
    """What the unit answered to warnings, with date and author, as a draft of the reason."""
    if not answers:
        return None
    return Cell("".join(map(told, answers)), Mark.PROPOSED)


def _note(facts: ProjectFacts, row: IndicatorRow, period: str, judged: _Judged) -> Cell:
    """备注 takes the measures for what will not be met (domain notes, section 1c)."""
    written = _written(facts, Field.NOTE, row, period)
    if written is not None:
        return written
    if not judged.needs_reason:
        return _BLANK
    measures = dict.fromkeys(each.measure for each in facts.explanations if each.measure)
    return Cell("；".join(measures), Mark.PROPOSED) if measures else to_fill(_MUST_ACT)
