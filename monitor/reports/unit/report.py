"""A unit's self-assessment report (单位自评报告): what its six chapters say.

Drafted from the same facts and forms as the projects' self-assessments (domain notes, section
1d). What people wrote comes first and is kept word for word; what only they know is 待填.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from monitor.domain.adjustment import AdjustmentKind
from monitor.domain.entry import Field
from monitor.domain.money import WHOLE_BP, percent, ten_thousand_yuan
from monitor.domain.scoring_rules import Grade, ScoringRules
from monitor.reports.assessment.draft import NOTHING, Cell, Draft, Mark
from monitor.reports.assessment.drafting import draft as drafted
from monitor.reports.assessment.facts import ProjectFacts
from monitor.reports.paper.blocks import Paragraph, Style
from monitor.reports.unit import narrative as told
from monitor.reports.unit.summary_facts import ProjectLine, Sums, project_line, sums

OPEN = Mark.OPEN.label


@dataclass(frozen=True, slots=True)
class Assessed:
    """One project: its facts, the form drafted from them, and its line of the summary."""

    facts: ProjectFacts
    draft: Draft
    line: ProjectLine


@dataclass(frozen=True, slots=True)
class UnitReport:
    """The report as values: the paragraphs of each chapter, and the projects for its tables.

    Where a project's execution rate is below `rules.reason_below_bp`, it must give its reason.
    """

    projects: tuple[Assessed, ...]
    rules: ScoringRules

    @property
    def first(self) -> Assessed:
        return self.projects[0]

    @property
    def unit_name(self) -> str:
        account = self.first.facts.standing.account
        return account.unit_name or account.unit_code

    @property
    def lines(self) -> tuple[ProjectLine, ...]:
        return tuple(each.line for each in self.projects)

    @property
    def sums(self) -> Sums:
        return sums(self.lines)

    @property
    def facts(self) -> tuple[ProjectFacts, ...]:
        return tuple(each.facts for each in self.projects)

    def notices(self) -> Iterator[str]:
        """What a reader must know first: what is open, unmatched, missing."""
        unscored = sum(line.total is None for line in self.lines)
        open_items = sum(line.open_items for line in self.lines)
        if unscored:
            yield (
                f"{len(self.projects)} 个项目中 {unscored} 个的自评表尚未填齐"
                f"（共 {open_items} 处待填），其总分和等级待填。"
            )
        yield "“草稿”由预警答复整理，须由单位核实；“待填”须由单位据实撰写。"
        yield from told.months_notice(self.facts)
        yield from told.unmatched_notice(self.facts, "本报告")
        yield from dict.fromkeys(text for each in self.facts for text in each.fund_remarks)
        yield from self.first.facts.unit_copied

    def general(self) -> list[Paragraph]:
        """一、基本情况."""
        whole = self.sums
        text = (
            f"{self.unit_name}{self.first.line.year}年度纳入绩效自评的项目{whole.projects}个，"
            f"年初批复{ten_thousand_yuan(whole.initial_fen)}万元，"
            f"调整后{ten_thousand_yuan(whole.budget_fen)}万元，年中增加{whole.added}个。"
        )
        if whole.unknown:
            text += f"其中{whole.unknown}个项目的目标文本没有预算数，未计入合计。"
        return [told.body(text), *map(told.body, _adjustments(self.facts))]

    def work_done(self) -> list[Paragraph]:
        """二、绩效自评工作开展情况."""
        own = told.written(self.first.facts.unit_entries, Field.WORK_DONE)
        return own or [told.open_body("如何组织自评、时间、方法")]

    def execution(self) -> list[Paragraph]:
        """三、预算执行情况: the sums, and the projects below the rate that needs a reason."""
        whole = self.sums
        found = [told.body(f"{whole.projects}个项目{told.money_of(whole, '全年执行')}")]
        low = [each for each in self.projects if self._is_low(each.line)]
        limit = percent(self.rules.reason_below_bp).replace(".00%", "%")
        if not low:
            return [*found, told.body(f"没有执行率低于{limit}的项目。")]
        names = [f"{each.line.project_name}（{percent(each.line.rate_bp or 0)}）" for each in low]
        found.append(told.body(f"执行率低于{limit}的项目{len(low)}个：{told.named(names)}。"))
        return [*found, *_why(low)]

    def _is_low(self, line: ProjectLine) -> bool:
        if not line.budget_fen:
            return False
        return line.paid_fen * WHOLE_BP < self.rules.reason_below_bp * line.budget_fen

    def results(self) -> list[Paragraph]:
        """四、绩效目标完成情况: how many indicators are scored, and how the totals grade."""
        rows = [row for each in self.projects for row in each.draft.indicators if row.item]
        scored = [row for row in rows if not row.points.is_open and row.points != NOTHING]
        full = sum(_same(row.points, row.weight) for row in scored)
        found = [
            told.body(
                f"绩效指标共{len(rows)}个，已评分{len(scored)}个，其中得满分{full}个；"
                f"待填{len(rows) - len(scored)}个。"
            )
        ]
        totals = [line.total for line in self.lines if line.total is not None]
        if len(totals) == len(self.lines):
            count = [(g.label, sum(line.grade is g for line in self.lines)) for g in Grade]
            words = "、".join(f"“{label}”{number}个" for label, number in count if number)
            found.append(told.body(f"自评等级为{words}。各项目得分见下表。"))
        else:
            lacking = len(self.lines) - len(totals)
            found.append(told.open_body(f"尚有{lacking}个项目没有总分，等级汇总待填"))
        return found

    def published(self) -> list[Paragraph]:
        """A paragraph a project, as it is published (domain notes, section 1d)."""
        return [_published(each) for each in self.projects]

    def problems(self) -> list[Paragraph]:
        """五、存在问题及原因."""
        own = told.written(self.first.facts.unit_entries, Field.PROBLEMS)
        if own:
            return own
        causes = told.causes_told(self.facts)
        if not causes:
            return [told.open_body("存在问题及原因")]
        summary = told.body(f"年度内对预警的答复中，原因有：{'、'.join(causes)}。")
        return [summary, *told.answers_of(self.facts)]

    def measures(self) -> list[Paragraph]:
        """六、改进措施和结果应用."""
        own = told.written(self.first.facts.unit_entries, Field.MEASURES)
        if own:
            return own
        return [*told.measures_of(self.facts), told.open_body("改进措施和结果应用")]


def unit_report(
    facts: Sequence[ProjectFacts],
    rules: ScoringRules,
    *,
    provisional: bool = False,
    digest: str = "",
) -> UnitReport:
    """The report of one unit's projects. Raises ValueError where there are none."""
    if not facts:
        raise ValueError("a report has projects")
    forms = [drafted(each, rules, provisional=provisional, digest=digest) for each in facts]
    return UnitReport(
        tuple(
            Assessed(each, form, project_line(each, form, rules))
            for each, form in zip(facts, forms, strict=True)
        ),
        rules,
    )


def _adjustments(facts: Sequence[ProjectFacts]) -> Iterator[str]:
    """What changed the budgets, kind by kind; a 调剂 within the unit is told once."""
    used = {each.adjustment.same_as: each.adjustment for one in facts for each in one.adjustments}
    by_kind: defaultdict[AdjustmentKind, list[int]] = defaultdict(list)
    for adjustment in used.values():
        by_kind[adjustment.kind].append(adjustment.amount_fen)
    parts = [
        f"{kind.value}{len(by_kind[kind])}笔{ten_thousand_yuan(sum(by_kind[kind]))}万元"
        for kind in AdjustmentKind
        if kind in by_kind
    ]
    if parts:
        yield f"年中预算调整：{'、'.join(parts)}。"


def _why(low: Sequence[Assessed]) -> Iterator[Paragraph]:
    """Why projects spent little: the words of their forms; those without are named together."""
    silent = []
    for each in low:
        name, reason = each.line.project_name, each.draft.execution_reason
        if reason is None or reason.is_open:
            silent.append(name)
        else:
            yield Paragraph(Cell(f"{name}：{reason.text}", reason.mark, reason.note), Style.BODY)
    if silent:
        yield told.open_body(f"执行率偏低的原因：{told.named(silent)}")


def _same(points: Cell, weight: Cell) -> bool:
    if weight.is_open or weight == NOTHING:
        return False
    return Decimal(points.text) == Decimal(weight.text)


def _published(each: Assessed) -> Paragraph:
    """XX项目绩效自评得分为X分。…; one cell, open or drafted as its parts are."""
    line, draft = each.line, each.draft
    total = OPEN if line.total is None else f"为{line.total:.2f}分"
    parts = [draft.achieved, _problems(draft), _measures(each)]
    achieved, problems, measures = (
        OPEN if part.is_open and part.text == OPEN else _in_one_line(part.text) for part in parts
    )
    text = (
        f"{line.project_name}绩效自评得分{total}。{_money(line)}"
        f"项目绩效目标完成情况：{achieved}。发现的主要问题及原因：{problems}。"
        f"下一步改进措施：{measures}。"
    )
    is_open = total == OPEN or line.budget_fen is None or any(part.is_open for part in parts)
    is_drafted = any(part.mark is Mark.PROPOSED for part in parts)
    mark = Mark.OPEN if is_open else Mark.PROPOSED if is_drafted else Mark.STATED
    return Paragraph(Cell(text, mark), Style.BODY)


def _money(line: ProjectLine) -> str:
    """全年预算数为X万元，执行数为X万元，完成预算的X%。"""
    paid = f"执行数为{ten_thousand_yuan(line.paid_fen)}万元"
    if line.budget_fen is None:
        return f"全年预算数{OPEN}，{paid}。"
    done = "执行率不适用" if line.rate_bp is None else f"完成预算的{percent(line.rate_bp)}"
    return f"全年预算数为{ten_thousand_yuan(line.budget_fen)}万元，{paid}，{done}。"


def _in_one_line(text: str) -> str:
    lines = (each.strip().rstrip("。；;") for each in text.splitlines())
    return "；".join(filter(None, lines))


def _problems(draft: Draft) -> Cell:
    """The reasons given in the form, for the money first; 无 where none is asked for."""
    asked = [draft.execution_reason] if draft.execution_reason else []
    asked += [row.reason for row in draft.indicators if row.item]
    given = dict.fromkeys(
        cell.text for cell in asked if not cell.is_open and cell.text not in ("", NOTHING.text)
    )
    text = "；".join(map(_in_one_line, given))
    has_rows = any(row.item for row in draft.indicators)
    if not has_rows or any(cell.is_open for cell in asked):
        return Cell(f"{text}；其余{OPEN}" if text else OPEN, Mark.OPEN)
    drafted = any(cell.mark is Mark.PROPOSED for cell in asked)
    text = text or "无"
    return Cell(text, Mark.PROPOSED if drafted else Mark.STATED)


def _measures(each: Assessed) -> Cell:
    measures = dict.fromkeys(a.measure.rstrip("。；") for a in each.facts.explanations if a.measure)
    if measures:
        return Cell("；".join(measures), Mark.PROPOSED)
    if told.written(each.facts.unit_entries, Field.MEASURES):
        return Cell("见本报告第六部分")  # the form asks the unit once, not project by project
    return Cell(OPEN, Mark.OPEN)
