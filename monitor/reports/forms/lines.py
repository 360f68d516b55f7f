"""What the lines of both forms' books share: a project's own cells, slots, the unit's sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from monitor.domain.entry import Entry, Field, Form, Key
from monitor.ingest import form_book as b
from monitor.ingest.form_book import Line, Shown, Slot, Wants
from monitor.reports.assessment.draft import Cell, Mark
from monitor.reports.assessment.facts import ProjectFacts
from monitor.reports.glyphs import printable
from monitor.reports.paper.blocks import Paragraph
from monitor.reports.unit import narrative

_LONGEST = 2_000  # characters that a locked cell shows
_DEPARTMENT = ("主管部门", "按表上的写法填写，如 219-某某人民政府。")
_UNIT = {
    Form.SELF_ASSESSMENT: {
        Field.DEPARTMENT: _DEPARTMENT,
        Field.WORK_DONE: ("绩效自评工作开展情况", "如何组织自评、时间、方法。"),
        Field.PROBLEMS: ("存在问题及原因", "写入单位自评报告；左侧草稿据预警答复，可改写。"),
        Field.MEASURES: ("改进措施和结果应用", "写入单位自评报告；左侧草稿据预警答复，可改写。"),
    },
    Form.MONITORING: {
        Field.DEPARTMENT: _DEPARTMENT,
        Field.WORK_DONE: ("监控工作开展情况", "监控的组织、方式和时间。"),
        Field.PROBLEMS: ("偏差原因", "写入监控报告；左侧草稿据预警答复，可改写。"),
        Field.MEASURES: ("改进措施", "写入监控报告；左侧草稿据预警答复，可改写。"),
    },
}


def fit(text: str) -> str:
    """A text as a cell can show it."""
    plain = printable(text).strip()
    return plain if len(plain) <= _LONGEST else plain[: _LONGEST - 1] + "…"


def yuan(fen: int | None) -> Decimal | None:
    return None if fen is None else Decimal(fen).scaleb(-2)


def number(text: str) -> Decimal | None:
    """The number that a cell of a draft shows; None for `—` and words."""
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None


def of_project(facts: ProjectFacts) -> dict[str, Shown]:
    project = facts.project
    return {b.CODE: project.project_code, b.NAME: fit(project.project_name)}


def label(facts: ProjectFacts) -> str:
    return f"项目 {facts.project.project_code} {facts.project.project_name}".strip()


def slot(entries: Mapping[Key, Entry], key: Key, wants: Wants, **more: Any) -> Slot:
    """A slot with the entry in force."""
    entry = entries.get(key)
    return Slot(key, wants, entry.value if entry else "", **more)


def proposal(cell: Cell) -> str:
    """What the program has in a cell, as text; empty where it has nothing."""
    return fit(cell.text) if cell.mark in (Mark.COMPUTED, Mark.PROPOSED) else ""


def hint(*cells: Cell) -> str:
    """What stands beside cells as evidence, each said once."""
    notes = (cell.note for cell in cells)
    return fit("\n".join(dict.fromkeys(filter(None, notes))))


def unit_lines(
    facts: Sequence[ProjectFacts], form: Form, period: str, department: str
) -> Iterator[Line]:
    """The lines about the unit itself: 主管部门 is the same in all its forms, the texts are those
    of its report. What the year's answers say stands beside them as a draft."""
    drafted = {
        Field.DEPARTMENT: department,
        Field.PROBLEMS: _joined(narrative.answers_of(facts)),
        Field.MEASURES: _joined(narrative.measures_of(facts)),
    }
    for field, (name, rule) in _UNIT[form].items():
        shared = field is Field.DEPARTMENT or form is Form.SELF_ASSESSMENT
        key = Key(Form.UNIT_REPORT, field) if shared else Key(form, field, period=period)
        own = drafted.get(field, "")
        needed = not own or field is Field.DEPARTMENT
        entries = facts[0].unit_entries
        cell = slot(entries, key, Wants.TEXT, own=own, rule=rule, needed=needed)
        cells = {"栏目": name, b.DRAFTED: own or None, b.WORDS: cell}
        yield Line(b.UNIT, "", field.value, name, cells)


def notices(facts: Sequence[ProjectFacts]) -> tuple[str, ...]:
    """What of the figures is not whole yet, for the first sheet."""
    return (*narrative.months_notice(facts), *narrative.unmatched_notice(facts, "本表"))


def _joined(paragraphs: Sequence[Paragraph]) -> str:
    return fit("\n".join(each.cell.text for each in paragraphs))
