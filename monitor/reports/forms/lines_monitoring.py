"""The lines of a unit's 绩效监控填报表 of a month, from the monitoring forms of its projects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from monitor.domain.entry import Field, Form, Key, items
from monitor.domain.likelihood import Likelihood, run_rate
from monitor.domain.money import percent
from monitor.domain.scoring_rules import ScoringRules
from monitor.domain.target import Indicator
from monitor.ingest import form_book as b
from monitor.ingest.form_book import TICK, Book, Line, Shown, Slot, Wants
from monitor.reports.assessment import drafting as self_assessment
from monitor.reports.assessment.facts import ProjectFacts
from monitor.reports.forms.lines import (
    fit,
    hint,
    label,
    notices,
    of_project,
    proposal,
    slot,
    unit_lines,
    yuan,
)
from monitor.reports.forms.notes import column_notes
from monitor.reports.monitoring.rows import MonitoredRow, monitored_rows
from monitor.reports.monitoring.settings import IndicatorColumn

_WORDS = tuple(each.value for each in Likelihood)


def monitoring_book(
    facts: Sequence[ProjectFacts], rules: ScoringRules, sure_bp: int, month: int
) -> Book:
    """What a unit is asked for the monitoring forms of a month; `facts` are of its end."""
    first, period = facts[0], f"{month:02d}"
    forms = [_Form(each, rules, sure_bp, period) for each in facts]
    department = self_assessment.draft(first, rules).department.shown
    parts = (
        [form.project() for form in forms],
        [line for form in forms for line in form.indicators()],
        unit_lines(facts, Form.MONITORING, period, department),
    )
    return Book(
        form=Form.MONITORING,
        period=period,
        year=first.project.year,
        unit_code=first.standing.account.unit_code,
        unit_name=first.standing.account.unit_name,
        as_of=first.as_of,
        lines=tuple(line for part in parts for line in part),
        notices=notices(facts),
        notes={**column_notes(rules), b.OWN: "由已导入的支付明细计算，供核对。"},
    )


class _Form:
    """One project of the book."""

    def __init__(self, facts: ProjectFacts, rules: ScoringRules, sure_bp: int, period: str) -> None:
        self.facts, self.period = facts, period
        bare = replace(facts, entries={})
        draft = self_assessment.draft(bare, rules)
        self.own = monitored_rows(bare, draft, period, sure_bp)
        self.now = {
            row.item: row for row in monitored_rows(facts, draft, period, sure_bp) if row.item
        }

    def _slot(self, field: Field, wants: Wants, item: str = "", **more: object) -> Slot:
        key = Key(Form.MONITORING, field, item, self.period)
        return slot(self.facts.entries, key, wants, **more)

    def project(self) -> Line:
        standing = self.facts.standing
        account, rate = standing.account, standing.rate_bp
        cells: dict[str, Shown | Slot] = {
            **of_project(self.facts),
            b.INITIAL: yuan(account.initial_budget_fen),
            b.BUDGET: yuan(account.budget_fen),
            b.EXECUTED: yuan(account.paid_fen),
            b.RATE: "—" if rate is None else percent(rate),
            b.ESTIMATE_HINT: yuan(max(run_rate(standing).estimate_fen, 0)),
            b.ESTIMATE: self._slot(Field.YEAR_ESTIMATE, Wants.AMOUNT),
        }
        return Line(b.PROJECTS, self.facts.project.project_code, "", label(self.facts), cells)

    def indicators(self) -> Iterator[Line]:
        listed = self.facts.project.indicators
        known = dict(zip(items(listed), listed, strict=True))
        for row in self.own:
            if row.item in known:
                yield self._indicator(row, self.now[row.item], known[row.item])

    def _indicator(self, row: MonitoredRow, now: MonitoredRow, said: Indicator) -> Line:
        [achieved] = row.cells[IndicatorColumn.ACHIEVED]
        own, word = proposal(achieved), str(row.likelihood or "")
        proposed = f"可能性草稿：{word}（{row.because}）" if row.because else ""
        evidence = "\n".join(filter(None, (hint(achieved), fit(proposed))))
        [why], [note] = now.cells[IndicatorColumn.REASON], now.cells[IndicatorColumn.NOTE]
        text = Wants.TEXT
        cells: dict[str, Shown | Slot] = {
            **of_project(self.facts),
            "一级指标": row.level1,
            "二级指标": fit(row.level2),
            "三级指标": fit(row.level3.text),
            "年度指标值": fit(said.target),
            b.OWN: own or None,
            b.HINT: evidence or None,
            b.DONE: self._slot(Field.ACTUAL, text, row.item, own=own, needed=achieved.is_open),
            b.FORECAST: self._slot(Field.FORECAST, text, row.item),
            **self._ticks(row.item),
            b.WHY: self._slot(Field.REASON, text, row.item, needed=why.is_open),
            b.LIKELIHOOD: self._slot(
                Field.LIKELIHOOD,
                Wants.CHOICE,
                row.item,
                own=word,
                choices=_WORDS,
                needed=not word,
            ),
            b.NOTE: self._slot(Field.NOTE, text, row.item, needed=note.is_open),
        }
        name = f"{label(self.facts)} 指标“{row.level3.text}”"
        return Line(b.INDICATORS, self.facts.project.project_code, row.item, name, cells)

    def _ticks(self, item: str) -> dict[str, Slot]:
        """One entry in five cells: each shows whether its cause is in it."""
        whole = self._slot(Field.CAUSES, Wants.TICK, item, needed=False, choices=(TICK,))
        given = whole.value.split("、")
        return {cause: replace(whole, value=TICK if cause in given else "") for cause in b.CAUSES}
