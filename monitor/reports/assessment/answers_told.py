"""What a unit answered to a warning, as words for a form: with the day and who said so."""

from __future__ import annotations

from monitor.domain.answers import in_words
from monitor.domain.calendar import CHINA, day_name
from monitor.domain.warning import Acknowledgement


def told(ack: Acknowledgement) -> str:
    """`偏差说明（2025年8月1日，张三）：资料/验收未完成；继续执行。`"""
    on = day_name(ack.at.astimezone(CHINA).date())
    return f"偏差说明（{on}，{ack.author}）：{in_words(ack)}。"
