"""The service's jobs and hours. All times are China's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any

from monitor.domain.calendar import CHINA

JOBS: Mapping[str, str] = MappingProxyType(
    {
        "inbox": "收件夹",
        "after-import": "导入后核查",
        "checkpoints": "检查点核查",
        "daily": "每日查看",
        "reminders": "提醒与上报",
        "weekly": "每周汇总",
        "outbox": "发信",
    }
)
"""The jobs, in the order in which they are done, with their Chinese names."""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEK = 7


@dataclass(frozen=True, slots=True)
class Slot:
    """A time of every day, or of one day of every week (0 is Monday)."""

    at: time
    weekday: int | None = None

    def latest(self, now: datetime) -> datetime:
        """The last such moment that is not after `now`."""
        local = now.astimezone(CHINA)
        days_back = 0 if self.weekday is None else (local.weekday() - self.weekday) % _WEEK
        moment = _at(local.date() - timedelta(days_back), self.at)
        step = 1 if self.weekday is None else _WEEK
        return moment if moment <= now else _at(moment.date() - timedelta(step), self.at)


def _at(day: date, at: time) -> datetime:
    return datetime.combine(day, at, CHINA)


def weekday(value: Any) -> int:
    """0 for "mon" to 6 for "sun". Raises ValueError, in Chinese."""
    if value not in WEEKDAYS:
        raise ValueError(f"应当是 {'、'.join(WEEKDAYS)} 之一")
    return WEEKDAYS.index(value)


def job_names(value: Any) -> frozenset[str]:
    """A list of names of jobs. Raises ValueError, in Chinese."""
    if not isinstance(value, list) or any(each not in JOBS for each in value):
        raise ValueError(f"应当是列表，其中可写 {'、'.join(JOBS)}")
    return frozenset(value)
