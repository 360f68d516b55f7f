"""Which texts of a year's forms stand in another unit's forms too, as notes for the drafts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from monitor.domain.entry import Entry, Field, Form, Key
from monitor.domain.same_text import LEAST, Text, same_texts

Subject = tuple[str, str]
"""Unit code and project code; the latter is empty for the unit itself."""
_FIELDS = {
    Field.ACHIEVED: "实际完成情况",
    Field.EXECUTION_REASON: "执行率偏低的原因",
    Field.REASON: "偏差原因分析及改进措施",
    Field.WORK_DONE: "绩效自评工作开展情况",
    Field.PROBLEMS: "存在问题及原因",
    Field.MEASURES: "改进措施和结果应用",
}
_SHOWN = 3


def copied_notes(
    entries: Mapping[Subject, Mapping[Key, Entry]], least: int = LEAST
) -> dict[Subject, tuple[str, ...]]:
    """For each project and unit the notes on its texts; of `least` characters or more.

    Monitoring forms repeat from month to month and are left out.
    """
    notes: defaultdict[Subject, list[str]] = defaultdict(list)
    for group in same_texts(_texts(entries), least):
        for each in group:
            others = [text for text in group if text.unit_code != each.unit_code]
            note = _note(each, others)
            if note not in notes[each.unit_code, each.project_code]:
                notes[each.unit_code, each.project_code].append(note)
    return {subject: tuple(each) for subject, each in notes.items()}


def _texts(entries: Mapping[Subject, Mapping[Key, Entry]]) -> Iterable[Text]:
    for (unit, project), written in sorted(entries.items(), key=lambda each: each[0]):
        for key, entry in written.items():
            if key.field in _FIELDS and key.form is not Form.MONITORING:
                yield Text(unit, project, _FIELDS[key.field], entry.value)


def _note(own: Text, others: list[Text]) -> str:
    named = list(dict.fromkeys(_whose(each) for each in others))
    more = f"等 {len(named)} 处" if len(named) > _SHOWN else ""
    where = "、".join(named[:_SHOWN])
    return f"“{own.field}”与 {where}{more}的文字相同，请按本单位的实际情况填写。"


def _whose(text: Text) -> str:
    project = f"项目 {text.project_code} " if text.project_code else ""
    return f"{text.unit_code} 单位{project}"
