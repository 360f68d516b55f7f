"""What can be wrong with whom mails go to: the diagnostics, by their ids."""

from __future__ import annotations

from monitor.errors import Kind, Severity

NO_LEAD = Kind(
    "W101",
    Severity.NOTE,
    "单位 {unit} 在 {on} 没有在任的财务负责人（lead），{count} 条预警已转财政部门联系人。",
    "请在 contacts.csv 中补充。",
)
NO_RECIPIENT = Kind(
    "W102",
    Severity.WARNING,
    "单位 {unit} 在 {on} 既没有财务负责人（lead），也没有财政部门联系人（office），"
    "{count} 条预警留待发送。",
    "请在 contacts.csv 中补充后重新发送。",
)
NO_PROJECT = Kind(
    "W103",
    Severity.WARNING,
    "项目 {project} 的绩效目标已不在库中，其预警留待发送。",
    "如系误撤，请重新导入绩效目标文本。",
)
NO_OFFICE = Kind(
    "W104",
    Severity.WARNING,
    "{on} 没有在任的财政部门联系人（office），{count} 条应由财政部门处理的预警留待发送。",
    "请在 contacts.csv 中补充后重新发送。",
)
KINDS = (NO_LEAD, NO_RECIPIENT, NO_PROJECT, NO_OFFICE)
