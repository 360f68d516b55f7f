"""The outline of a unit's monitoring report (绩效监控报告), figures filled, words left to people.

Its five chapters are those of the report that 冀财绩〔2022〕4号 asks for beside the form (domain
notes, section 1c).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from monitor.domain.calendar import checkpoint_name, day_name
from monitor.domain.entry import Field, Form
from monitor.domain.likelihood import Likelihood
from monitor.domain.money import ten_thousand_yuan
from monitor.domain.progress import Grade
from monitor.domain.scoring_rules import ScoringRules
from monitor.reports.assessment.facts import ProjectFacts
from monitor.reports.glyphs import printable
from monitor.reports.monitoring.form import MonitoringForm, signed_by
from monitor.reports.monitoring.funds import estimate_fen
from monitor.reports.monitoring.rows import MonitoredRow
from monitor.reports.monitoring.settings import IndicatorColumn
from monitor.reports.paper.blocks import Block, Paper, Style
from monitor.reports.unit import narrative as told
from monitor.reports.unit.merged_sources import merged_provenance
from monitor.reports.unit.summary_facts import Sums


def paper(
    facts: Sequence[ProjectFacts], forms: Sequence[MonitoringForm], scoring: ScoringRules
) -> Paper:
    """The report of one unit, of its projects and their forms, in the same order."""
    first = forms[0]
    title = f"{printable(_unit(facts))}{first.year}年1–{first.month}月绩效监控报告"
    if first.month == 1:
        title = title.replace("1–1月", "1月")
    return Paper(
        title=title,
        as_of=first.as_of,
        blocks=tuple(_blocks(facts, forms, scoring, title)),
        foot=f"数据截至 {day_name(first.as_of)}",
    )


def _unit(facts: Sequence[ProjectFacts]) -> str:
    account = facts[0].standing.account
    return account.unit_name or account.unit_code


def _blocks(
    facts: Sequence[ProjectFacts],
    forms: Sequence[MonitoringForm],
    scoring: ScoringRules,
    title: str,
) -> Iterator[Block]:
    for text in _notices(facts, forms):
        yield told.line(text, Style.NOTICE)
    yield from told.title(_unit(facts), title)
    yield from _chapters(facts, forms)
    first = forms[0]
    used = merged_provenance(facts, [scoring])[:-1]
    last = signed_by(first.profile, first.month, first.as_of)
    yield from told.items("数据来源", (*used, last))


def _notices(facts: Sequence[ProjectFacts], forms: Sequence[MonitoringForm]) -> Iterator[str]:
    yield (
        f"本提纲的数字截至{day_name(forms[0].as_of)}，由已导入的支付明细和填报的监控表汇总；"
        "“草稿”须由单位核实，“待填”须由单位据实撰写。"
    )
    yield from told.months_notice(facts)
    yield from told.unmatched_notice(facts, "本报告")


def _chapters(facts: Sequence[ProjectFacts], forms: Sequence[MonitoringForm]) -> Iterator[Block]:
    entries, period = facts[0].unit_entries, forms[0].period

    def own(field: Field) -> list[Block]:
        return [*told.written(entries, field, Form.MONITORING, period)]

    yield told.chapter(1, "监控工作开展情况")
    yield told.body(_scope(facts, forms[0]))
    yield from own(Field.WORK_DONE) or [told.open_body("监控的组织、方式和时间")]
    yield told.chapter(2, "预算执行情况")
    yield from _money(facts, forms[0])
    yield told.chapter(3, "绩效目标完成情况")
    yield from _results(forms)
    yield told.chapter(4, "偏差原因")
    yield from own(Field.PROBLEMS) or _causes(facts)
    yield told.chapter(5, "改进措施")
    yield from own(Field.MEASURES) or told.measures_of(facts) or [told.open_body("改进措施")]


def _scope(facts: Sequence[ProjectFacts], first: MonitoringForm) -> str:
    indicators = sum(len(each.project.indicators) for each in facts)
    return (
        f"依据{first.profile.basis}，{_unit(facts)}{first.year}年纳入绩效监控的项目{len(facts)}个，"
        f"绩效指标{indicators}个，监控期间截至{day_name(first.as_of)}。"
    )


def _money(facts: Sequence[ProjectFacts], first: MonitoringForm) -> Iterator[Block]:
    accounts = [each.standing.account for each in facts]
    whole = Sums(
        projects=len(accounts),
        initial_fen=sum(each.initial_budget_fen or 0 for each in accounts),
        budget_fen=sum(each.budget_fen or 0 for each in accounts),
        paid_fen=sum(each.paid_fen for each in accounts),
        unknown=sum(None in (each.budget_fen, each.initial_budget_fen) for each in accounts),
        added=0,
    )
    months = "1月" if first.month == 1 else f"1–{first.month}月"
    yield told.body(f"{len(facts)}个项目{told.money_of(whole, f'{months}执行')}")
    estimates = [estimate_fen(each, first.period) for each in facts]
    known = [each for each in estimates if each is not None]
    if len(known) == len(estimates):
        yield told.body(f"全年预计执行{ten_thousand_yuan(sum(known))}万元。")
    else:
        lacking = len(estimates) - len(known)
        yield told.open_body(f"全年预计执行数：尚有{lacking}个项目未填报")
    yield from _lagging(facts)


def _lagging(facts: Sequence[ProjectFacts]) -> Iterator[Block]:
    """The projects behind their plans, worst first, each with its figures."""
    behind = [each.standing for each in facts if each.standing.severity is not None]
    if not behind:
        yield told.body("没有项目的支出落后于到期的支出计划。")
        return
    count = Counter(each.severity for each in behind)
    parts = [f"{grade.label}{count[grade]}个" for grade in reversed(Grade) if count[grade]]
    yield told.body(f"支出落后于计划的项目{len(behind)}个（{'、'.join(parts)}）：")
    for each in sorted(behind, key=lambda s: -s.severity.weight if s.severity else 0):
        if each.due_fen is not None and each.gap_fen is not None and each.checkpoint is not None:
            yield told.body(
                f"{each.account.project_name}：{checkpoint_name(each.checkpoint)}"
                f"应支{ten_thousand_yuan(each.due_fen)}万元，"
                f"实支{ten_thousand_yuan(each.account.paid_fen)}万元，"
                f"差额{ten_thousand_yuan(each.gap_fen)}万元。"
            )


def _results(forms: Sequence[MonitoringForm]) -> Iterator[Block]:
    """How many indicators were reported, and how the year is likely to end for them."""
    rows = [row for form in forms for row in form.rows if row.item]
    open_ = sum(row.cells[IndicatorColumn.ACHIEVED][0].is_open for row in rows)
    count = Counter(row.likelihood for row in rows)
    drafted = sum(bool(row.because) for row in rows)
    words = "、".join(f"{each}的{count[each]}个" for each in Likelihood)
    unknown = f"、待定的{count[None]}个" if count[None] else ""
    yield told.body(
        f"{len(rows)}个绩效指标中，已有执行情况的{len(rows) - open_}个，待填的{open_}个。"
        f"年底完成目标的可能性：{words}{unknown}"
        + (f"（其中{drafted}个为系统草稿，须核实）。" if drafted else "。")
    )
    for form in forms:
        parts = [_at_risk(form.rows, word) for word in Likelihood if word.needs_reason]
        if any(parts):
            yield told.body(f"{form.project_name.text}：{'；'.join(filter(None, parts))}。")


def _at_risk(rows: Sequence[MonitoredRow], word: Likelihood) -> str:
    """`有可能完成的2个（演出场次、观众满意度）`; nothing where there is none."""
    names = [row.level3.text for row in rows if row.likelihood is word]
    return f"{word}完成的{len(names)}个（{told.named(names)}）" if names else ""


def _causes(facts: Sequence[ProjectFacts]) -> list[Block]:
    causes = told.causes_told(facts)
    if not causes:
        return [told.open_body("偏差原因")]
    summary = told.body(f"单位对预警的答复中，原因有：{'、'.join(causes)}。")
    return [summary, *told.answers_of(facts)]
