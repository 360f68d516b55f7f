"""From the facts of a project to its monitoring form (项目支出绩效目标执行监控表) of a month.

The form is that of 财预〔2019〕136号 or of a local paper, as rules/monitoring.toml has it (domain
notes, section 1c). Money is filled from payments; how far the goals are, and what the year will
bring, only people know: it is 待填, or a draft marked as such.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import monitor
from monitor.domain.calendar import checkpoint_name, day_name, month_end
from monitor.domain.entry import Form
from monitor.domain.likelihood import Likelihood
from monitor.domain.money import ten_thousand_yuan, yuan
from monitor.domain.scoring_rules import ScoringRules
from monitor.reports.assessment import drafting as self_assessment
from monitor.reports.assessment.draft import Cell
from monitor.reports.assessment.facts import ProjectFacts
from monitor.reports.assessment.notices import homeless
from monitor.reports.monitoring.funds import MonitoredFunds, fund_rows
from monitor.reports.monitoring.rows import MonitoredRow, monitored_rows
from monitor.reports.monitoring.settings import IndicatorColumn, MonitoringRules, Profile


@dataclass(frozen=True, slots=True)
class MonitoringForm:
    """The form of one project and cut-off month, as values.

    `notices` stand on the first page; `remarks` below the form say where a draft comes from.
    """

    profile: Profile
    year: int
    month: int
    as_of: date
    project_code: str
    project_name: Cell
    department: Cell
    unit: Cell
    goals: tuple[Cell, ...]
    funds: tuple[MonitoredFunds, ...]
    rows: tuple[MonitoredRow, ...]
    notices: tuple[str, ...]
    remarks: tuple[str, ...]
    provenance: tuple[str, ...]

    @property
    def period(self) -> str:
        return period_of(self.month)

    @property
    def open_items(self) -> int:
        """How many cells must be filled, reasons and measures included."""
        return sum(cell.is_open for cell in self.cells())

    def cells(self) -> Iterator[Cell]:
        """All cells of the form, in reading order."""
        yield from (self.project_name, self.department, self.unit, *self.goals)
        for fund in self.funds:
            yield from fund.cells
        for row in self.rows:
            yield row.level3
            for column in self.profile.indicator_columns:
                yield from row.cells[column]


def period_of(month: int) -> str:
    """The month of a form as entries are addressed by it: `07`."""
    return f"{month:02d}"


def signed_by(profile: Profile, month: int, as_of: date) -> str:
    """The last line of 数据来源: form, day and program."""
    return (
        f"监控表：{profile.title}（{profile.basis}，{profile.name}，截至{month}月）；"
        f"数据截至：{day_name(as_of)}；程序：monitor {monitor.__version__}"
    )


def cut_off(year: int, month: int, today: date) -> date:
    """The last day that the form of a month tells of: its end, or today while it lasts."""
    return min(month_end(year, month), today)


def form(
    facts: ProjectFacts, scoring: ScoringRules, rules: MonitoringRules, profile: Profile, month: int
) -> MonitoringForm:
    """The form filled as far as facts and people go; `facts` are those of the month's end."""
    draft = self_assessment.draft(replace(facts, entries={}), scoring, provisional=True)
    rows = monitored_rows(facts, draft, period_of(month), rules.sure_bp)
    made = MonitoringForm(
        profile=profile,
        year=facts.project.year,
        month=month,
        as_of=facts.as_of,
        project_code=facts.project.project_code,
        project_name=draft.project_name,
        department=draft.department,
        unit=draft.unit,
        goals=draft.expected,
        funds=fund_rows(facts, profile, period_of(month)),
        rows=rows,
        notices=(),
        remarks=(),
        provenance=(
            *draft.provenance[:-1],
            signed_by(profile, month, facts.as_of),
        ),
    )
    return replace(made, notices=tuple(_notices(facts, made)), remarks=tuple(_remarks(facts, made)))


def _notices(facts: ProjectFacts, made: MonitoringForm) -> Iterator[str]:
    end = month_end(made.year, made.month)
    of_profile = made.month == made.profile.month  # another month is filed when it is asked for
    filed = f"，{made.profile.filed_month}月报送" if of_profile else ""
    yield (
        f"监控期间为{made.year}年1月1日至{day_name(made.as_of)}{filed}；"
        f"尚有 {made.open_items} 处待填。"
        "“系统测算”由已导入的支付明细计算，“草稿”须由单位核实，“待填”须由单位据实填写。"
    )
    if made.as_of < end:
        yield f"{made.month}月尚未结束，执行数为截至{day_name(made.as_of)}的阶段数。"
    if facts.missing_months:
        months = "、".join(facts.missing_months)
        yield f"{months} 的支付明细尚未到齐，执行数可能偏少。"
    if facts.unmatched_rows:
        yield (
            f"本单位另有 {facts.unmatched_rows} 笔支付（合计 {yuan(facts.unmatched_fen)} 元）"
            "未与项目匹配，未计入本表。"
        )
    yield from filter(None, [homeless(facts, Form.MONITORING, made.period)])


def _remarks(facts: ProjectFacts, made: MonitoringForm) -> Iterator[str]:
    yield from _standing(facts)
    yield from _fund_reasons(facts)
    yield from facts.fund_remarks
    if _has_proposals(made):
        yield (
            "“完成目标可能性”的草稿依据填报的执行情况、支出计划和支付速度提出，"
            f"单位可改；{Likelihood.MAYBE}、{Likelihood.NEVER}的，原因和措施必填。"
        )
    yield from _grounds(made)


def _grounds(made: MonitoringForm) -> Iterator[str]:
    """What each proposal rests on; indicators that share it are named together."""
    shared: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for row in made.rows:
        if row.because and row.likelihood is not None:
            shared[row.likelihood.value, row.because].append(f"“{row.level3.text}”")
    for (word, because), names in shared.items():
        yield f"{word}——{''.join(names)}：{because}。"
    for row in made.rows:
        if row.doubt:
            yield f"“{row.level3.text}”：{row.doubt}，请核对。"


def _has_proposals(made: MonitoringForm) -> bool:
    shown = IndicatorColumn.LIKELIHOOD in made.profile.indicator_columns
    return shown and any(row.because for row in made.rows)


def _standing(facts: ProjectFacts) -> Iterator[str]:
    """How payments stand to the plan at the checkpoint that is due."""
    standing = facts.standing
    if standing.checkpoint is None or standing.due_fen is None or standing.gap_fen is None:
        return
    plan = (
        f"{checkpoint_name(standing.checkpoint)}计划应支{ten_thousand_yuan(standing.due_fen)}万元"
    )
    paid = f"已支出{ten_thousand_yuan(standing.account.paid_fen)}万元"
    if standing.severity is None:
        yield f"支出进度：{plan}，{paid}，未滞后。"
    else:
        gap = ten_thousand_yuan(standing.gap_fen)
        yield f"支出进度：{plan}，{paid}，差额{gap}万元（{standing.severity.label}）。"


def _fund_reasons(facts: ProjectFacts) -> Iterator[str]:
    for each in facts.funds:
        if each.because:
            yield f"{each.fund}：{each.because.rstrip('。')}。"
