"""The official working days of China, as the State Council announced them for 2004 to 2026.

From the package chinesecalendar 1.11, whose tables follow 国务院办公厅's yearly notices. A year
that they do not know yet has Monday to Friday, until [calendar] in rules/calendar.toml says more.
"""

from __future__ import annotations

from functools import cache

from monitor.domain.working_days import WorkCalendar


@cache
def official() -> WorkCalendar:
    from chinese_calendar import constants

    return WorkCalendar(frozenset(constants.holidays), frozenset(constants.workdays))
