"""Pieces of a report in chapters (domain notes, section 1d): headings, text, what is still open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from monitor.domain.answers import CAUSES
from monitor.domain.entry import Entry, Field, Form, Key
from monitor.domain.money import percent, ten_thousand_yuan, yuan
from monitor.reports.assessment.answers_told import told
from monitor.reports.assessment.draft import Cell, Mark, to_fill
from monitor.reports.assessment.facts import ProjectFacts
from monitor.reports.glyphs import printable
from monitor.reports.paper.blocks import Block, Paragraph, Style
from monitor.reports.unit.summary_facts import Sums

_NUMBERS = "一二三四五六七八九十"
_MOST_NAMED = 20  # projects that a paragraph names; a table has them all


def line(text: str, style: Style) -> Paragraph:
    return Paragraph(Cell(text), style)


def title(unit: str, text: str) -> Iterator[Paragraph]:
    """A title that begins with the unit's name, which has a line of its own."""
    name = printable(unit)
    yield line(name, Style.TITLE)
    yield line(text.removeprefix(name), Style.TITLE)


def chapter(number: int, title: str) -> Paragraph:
    """`三、预算执行情况`; counted from 1."""
    return line(f"{_NUMBERS[number - 1]}、{title}", Style.CHAPTER)


def section(number: int, title: str) -> Paragraph:
    return line(f"（{_NUMBERS[number - 1]}）{title}", Style.SECTION)


def body(text: str) -> Paragraph:
    return line(text, Style.BODY)


def open_body(note: str) -> Paragraph:
    """A paragraph that only people can write."""
    return Paragraph(to_fill(note), Style.BODY)


def items(title: str, texts: Sequence[str]) -> Iterator[Block]:
    """A numbered list under its heading, as at the end of each document."""
    if texts:
        yield line(title, Style.HEADING)
    for number, text in enumerate(texts, 1):
        yield line(f"{number}. {text}", Style.ITEM)


def written(
    entries: Mapping[Key, Entry], field: Field, form: Form = Form.UNIT_REPORT, period: str = ""
) -> list[Paragraph]:
    """What people wrote, a paragraph a line; nothing where they did not."""
    entry = entries.get(Key(form, field, "", period))
    texts = entry.value.splitlines() if entry else []
    return [
        Paragraph(Cell(text.strip(), Mark.ENTERED), Style.BODY) for text in texts if text.strip()
    ]


def money_of(sums: Sums, paid: str) -> str:
    """`年初批复预算 … 万元，调整后 … 万元；执行 … 万元，执行率 …。` with what is unknown."""
    rate = "无法计算" if sums.rate_bp is None else percent(sums.rate_bp)
    text = (
        f"年初批复预算{ten_thousand_yuan(sums.initial_fen)}万元，"
        f"调整后预算{ten_thousand_yuan(sums.budget_fen)}万元，"
        f"{paid}{ten_thousand_yuan(sums.paid_fen)}万元，执行率{rate}。"
    )
    if sums.unknown:
        text += f"其中{sums.unknown}个项目的目标文本没有预算数，未计入预算合计，其支出已计入。"
    return text


def causes_told(facts: Iterable[ProjectFacts]) -> list[str]:
    """How often each cause was given in the year's answers, most frequent first."""
    given = Counter(
        answer.cause for each in facts for answer in each.explanations if answer.cause in CAUSES
    )
    return [f"{cause}（{count}次）" for cause, count in sorted(given.items(), key=_by_count)]


def _by_count(pair: tuple[str, int]) -> tuple[int, int]:
    cause, count = pair
    return -count, list(CAUSES).index(cause)


def answers_of(facts: Sequence[ProjectFacts]) -> list[Paragraph]:
    """What units answered to warnings, project by project, as a draft."""
    return [
        Paragraph(
            Cell(f"{each.project.project_name}：{''.join(map(told, each.explanations))}",
                 Mark.PROPOSED),
            Style.BODY,
        )
        for each in facts
        if each.explanations
    ]  # fmt: skip


def measures_of(facts: Sequence[ProjectFacts]) -> list[Paragraph]:
    """The measures that units promised in their answers, as a draft."""
    found = []
    for each in facts:
        measures = dict.fromkeys(a.measure.rstrip("。；") for a in each.explanations if a.measure)
        if measures:
            text = f"{each.project.project_name}：{'；'.join(measures)}。"
            found.append(Paragraph(Cell(text, Mark.PROPOSED), Style.BODY))
    return found


def named(names: Sequence[str]) -> str:
    """`甲、乙等 30 个`: not more names than a paragraph can hold."""
    if len(names) <= _MOST_NAMED:
        return "、".join(names)
    return f"{'、'.join(names[:_MOST_NAMED])}等{len(names)}个"


def unmatched_notice(facts: Sequence[ProjectFacts], what: str) -> Iterator[str]:
    """The unit's money that is in none of its projects."""
    first = facts[0]
    if first.unmatched_rows:
        yield (
            f"本单位另有 {first.unmatched_rows} 笔支付"
            f"（合计 {yuan(first.unmatched_fen)} 元）未与项目匹配，未计入{what}。"
        )


def months_notice(facts: Sequence[ProjectFacts]) -> Iterator[str]:
    """The months of which the payments have not all come."""
    missing = sorted({month for each in facts for month in each.missing_months})
    if missing:
        yield f"{'、'.join(missing)} 的支付明细尚未到齐，执行数可能偏少。"
