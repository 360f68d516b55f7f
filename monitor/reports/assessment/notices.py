"""What a self-assessment says beside its cells: notices of the first page, remarks, sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import monitor
from monitor.domain.adjustment import AdjustmentKind
from monitor.domain.calendar import day_name
from monitor.domain.entry import Form, items
from monitor.domain.money import ten_thousand_yuan, yuan
from monitor.domain.scoring_rules import ScoringRules
from monitor.reports.assessment.draft import Cell, Draft, Mark
from monitor.reports.assessment.facts import AdjustmentUsed, ProjectFacts, RevisionUsed, Source
from monitor.reports.assessment.funds import paid_entered, taken_back
from monitor.reports.assessment.provisional import month_words, notice


def notices(
    facts: ProjectFacts, form: Draft, *, provisional: bool, contradictions: Sequence[str]
) -> tuple[str, ...]:
    """The first page: what is open, unmatched, not in the lists, provisional, contradictory."""
    return tuple(
        filter(
            None,
            (
                notice(facts, provisional),
                f"尚有 {form.open_items} 处待填（得分未定的，偏差原因不计在内）。"
                "“系统测算”由已导入的支付明细等计算，须经核对；“待填”须由单位据实填写。",
                _unmatched(facts),
                _unsettled(facts),
                *_funds_not_held(facts),
                _missing_lists(facts),
                _decision(facts),
                *contradictions,
                _changed(form),
                homeless(facts, Form.SELF_ASSESSMENT),
            ),
        )
    )


def _unmatched(facts: ProjectFacts) -> str:
    if not facts.unmatched_rows:
        return ""
    return (
        f"本单位另有 {facts.unmatched_rows} 笔支付（合计 {yuan(facts.unmatched_fen)} 元）"
        "未与项目匹配，未计入本表。"
    )


def _unsettled(facts: ProjectFacts) -> str:
    kinds = ((facts.rejected, "被拒收"), (facts.conflicting, "与已登记的支付冲突"))
    told = [f"{count} 行{kind}" for count, kind in kinds if count]
    if not told:
        return ""
    return f"支付明细中写有本项目编码的有 {'、'.join(told)}，尚待处理，未计入本表。"


def _funds_not_held(facts: ProjectFacts) -> Iterator[str]:
    """The funds of which the lists tell nothing, with the reason; equal reasons once."""
    by_reason: dict[str, list[str]] = {}
    for each in facts.funds:
        is_open = each.paid_fen is None and paid_entered(facts, each.fund) is None
        if is_open and each.because_paid:
            by_reason.setdefault(each.because_paid, []).append(each.fund.value)
    for reason, names in by_reason.items():
        yield f"{'、'.join(names)}的执行数待填：{reason}。"
    yield from facts.fund_remarks


def _missing_lists(facts: ProjectFacts) -> str:
    if not facts.missing_months:
        return ""
    return f"本单位{month_words(facts.missing_months)}的支付明细没有导入或不全。"


def _decision(facts: ProjectFacts) -> str:
    kinds = taken_back(facts)
    if not kinds:
        return ""
    initial = facts.standing.account.initial_budget_fen or 0
    return (
        f"年初预算 {ten_thousand_yuan(initial)} 万元已全部{kinds}，全年预算数为 0："
        "执行率不适用（—），执行率的分值如何计分须作出决定。"
    )


def _changed(form: Draft) -> str:
    """How many entries were written against figures that are others today."""
    changed = sum(
        each.mark is Mark.ENTERED and each.note.startswith("填报时为") for each in _all(form)
    )
    if not changed:
        return ""
    return f"有 {changed} 处填报所依据的数据后来有变（格内注明“填报时为…，现为…”），请重新核对。"


_MOST_TOLD = 5


def homeless(facts: ProjectFacts, form: Form, period: str = "") -> str:
    """What people wrote of indicators that the document no longer has: kept, but in no cell."""
    known = set(items(facts.project.indicators))
    lost = [
        each
        for key, each in facts.entries.items()
        if (key.form, key.period) == (form, period) and key.item and key.item not in known
    ]
    if not lost:
        return ""
    told = "、".join(f"“{_short(each.value)}”（{each.author}）" for each in lost[:_MOST_TOLD])
    more = " 等" if len(lost) > _MOST_TOLD else ""
    return (
        f"有 {len(lost)} 处填报所属的指标已不在目标文本中，未用于本表，"
        f"请核对后重新填报：{told}{more}。"
    )


def _short(text: str, limit: int = 30) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _all(form: Draft) -> Iterator[Cell]:
    yield from form.cells()
    yield from (row.evidence for row in form.indicators)


def remarks(facts: ProjectFacts, of_indicators: Sequence[str]) -> tuple[str, ...]:
    """What the figures rest on, after the form."""
    return (_state_of_data(facts), *_money_remarks(facts), *of_indicators)


def _state_of_data(facts: ProjectFacts) -> str:
    last = (
        f"本项目最后一笔支付日期为{day_name(facts.last_payment)}"
        if facts.last_payment
        else "本项目尚无支付"
    )
    text = f"数据截至{day_name(facts.as_of)}，{last}。"
    if facts.as_of < date(facts.project.year, 12, 31):
        text += "年度尚未结束，执行数、执行率和得分均为截至该日的阶段数。"
    return text


def _money_remarks(facts: ProjectFacts) -> Iterator[str]:
    account = facts.standing.account
    yield from _derived(facts)
    if not account.budget_fen:
        if not taken_back(facts):
            yield "目标文本没有预算数或预算数为 0，执行率和执行得分无法计算。"
    elif account.paid_fen > account.budget_fen:
        over = ten_thousand_yuan(account.paid_fen - account.budget_fen)
        yield (
            f"全年执行数超过全年预算数 {over} 万元，"
            "请核实预算调整是否已登记、支付是否记错项目；执行得分以满分为限。"
        )
    if account.paid_fen < 0:
        yield "退款多于支付，全年执行数为负，请核实是否有上年支付在本年退回。"


def _derived(facts: ProjectFacts) -> Iterator[str]:
    """The budgets of funds that no document states: they follow from those that it does."""
    by_reason: dict[str, list[str]] = {}
    for each in facts.funds:
        if "initial" in each.derived and each.because:
            by_reason.setdefault(each.because, []).append(each.fund.value)
    for reason, names in by_reason.items():
        yield (
            f"{'、'.join(names)}的年初预算数列 0.00：{reason}；财政资金中含上年结转的，请据实调整。"
        )


def provenance(facts: ProjectFacts, rules: ScoringRules) -> tuple[str, ...]:
    """数据来源: files, documents and adjustments used, then rule set, day and program.

    No moments, and the files in an order of their own: the same data gives the same texts.
    """
    return (
        *(_file(each) for each in _sorted(facts.sources)),
        *(_revision(each) for each in facts.revisions),
        *(_adjustment(each) for each in facts.adjustments),
        f"计分规则：{rules.name}（{rules.key}）；数据截至：{day_name(facts.as_of)}；"
        f"程序：monitor {monitor.__version__}",
    )


def _sorted(sources: Sequence[Source]) -> list[Source]:
    kinds = ("targets", "plans", "payments")
    return sorted(
        sources,
        key=lambda each: (
            kinds.index(each.kind) if each.kind in kinds else len(kinds),
            each.months,
            each.file,
            each.sha256,
        ),
    )


def _file(source: Source) -> str:
    counted = ""
    if source.rows is not None and source.amount_fen is not None:
        counted = f"，计入 {source.rows} 笔、{yuan(source.amount_fen)} 元"
    return f"{source.kind_label}：{source.file}（SHA-256 {source.sha256[:12]}{counted}）"


def _revision(used: RevisionUsed) -> str:
    number = f"{used.document_number}，" if used.document_number else ""
    line = f"第 {used.line} 行，" if used.line else ""
    return f"目标文本版本：{number}{used.file}，{line}自{day_name(used.effective)}起"


def _adjustment(used: AdjustmentUsed) -> str:
    each = used.adjustment
    sign = "+" if used.signed_fen >= 0 else "-"
    other = ""
    if each.kind is AdjustmentKind.MOVE:
        other = f"，调入项目 {each.taker}" if used.signed_fen < 0 else f"，调出项目 {each.giver}"
    number = each.document_number or "无文号"
    return (
        f"预算调整：{each.kind.value} {sign}{yuan(abs(used.signed_fen))} 元"
        f"（{each.fund.value}，{number}，{day_name(each.effective)}起{other}）"
    )
