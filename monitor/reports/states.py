"""How a project can stand at a date, in the words of tables and charts."""

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
