"""How a project can stand at a date, in the words of tables and charts."""

from __future__ import annotations

from monitor.domain.progress import Standing

STATES = {
    "red": "红色",
    "yellow": "黄色",
    "notice": "提示",
    "none": "不滞后",
    "undue": "无到期计划",
}
"""How a project stands, in the order of all tables and charts.

`undue`: no checkpoint is due, its share is blank, or there is no budget. That is not 不滞后.
"""


def state_of(standing: Standing) -> str:
    """A project's key of STATES."""
    if standing.severity is not None:
        return standing.severity.value
    return "undue" if standing.due_fen is None else "none"
