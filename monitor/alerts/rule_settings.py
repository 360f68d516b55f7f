"""rules/alerts.toml and rules/calendar.toml: the rules in force, and what goes with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from monitor.alerts import rule_values as values
from monitor.alerts import timetable, work_calendar
from monitor.alerts.rule_catalogue import WARNING_RULES, Audience
from monitor.alerts.rule_tables import read_overrides, read_rules
from monitor.alerts.rule_values import Keys
from monitor.alerts.thresholds import Book, Override, Thresholds, audience_of
from monitor.domain.progress import Limits
from monitor.domain.working_days import SendingHours, WorkCalendar
from monitor.errors import ConfigError


@dataclass(frozen=True, slots=True)
class AlertRules:
    """All that both files say. Times of day and dates are China's.

    `answer_days` are working days (D5 of the domain notes, after 川财绩〔2025〕10号).
    `doubt_days`: so many working days the office has to look into a doubtful warning.
    `release`: mails to units go at once (auto), one working day later unless held (veto), or
    when a person lets them go (manual). `remind_days` are working days before the deadline.
    `closing_day` is the last day for applications: it stands for 31 December.
    """

    thresholds: Thresholds = Thresholds()
    overrides: tuple[Override, ...] = ()
    recipients: Mapping[str, Audience] = field(default_factory=dict)
    answer_days: int = 10
    office_phone: str = ""
    legal_basis: str = ""
    next_step: str = ""
    doubt_days: int = 5
    cc_deputies: bool = False
    remind_days: int = 2
    release: str = "veto"
    check_time: time = time(8, 30)
    weekly_day: int = 0
    weekly_time: time = time(9)
    jobs_off: frozenset[str] = frozenset()
    soft_wording_from: tuple[int, int] = (11, 1)
    closing_day: tuple[int, int] = (12, 31)
    opens: time = time(8)
    closes: time = time(18)
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()

    @property
    def limits(self) -> Limits:
        """Where a lag turns yellow and red, unless an override says otherwise."""
        return self.thresholds.limits

    @property
    def rules(self) -> tuple[str, ...]:
        """The ids of the rules that are on, unless an override says otherwise."""
        return tuple(rule for rule in WARNING_RULES if rule in self.thresholds.on)

    @property
    def calendar(self) -> WorkCalendar:
        """The official working days, as the office's own lists mend them."""
        return work_calendar.official().with_own(self.holidays, self.workdays)

    @property
    def sending(self) -> SendingHours:
        return SendingHours(self.calendar, self.opens, self.closes)

    @property
    def by_fund(self) -> bool:
        """Whether anything depends on 资金性质, which is dear to find out."""
        return any(each.fund for each in self.overrides)

    def book(self) -> Book:
        """What each unit's money is judged by, overrides applied."""
        return Book(self.thresholds, self.overrides)

    def ever_on(self, rule: str) -> bool:
        """Whether a rule is on for anybody."""
        return rule in self.thresholds.on or any(
            each.rule == rule and each.on for each in self.overrides
        )

    def audience(self, rule: str, unit_code: str = "") -> Audience:
        """Who is told first of a rule's findings about a unit."""
        return audience_of(rule, unit_code, self.recipients, self.overrides)

    def is_soft(self, year: int, day: date) -> bool:
        """Whether no text may urge anybody any more to spend the money of `year`."""
        return day >= date(year, *self.soft_wording_from)

    def last_day(self, year: int) -> date:
        """The last day on which the year's money can be applied for."""
        return date(year, *self.closing_day)

    @classmethod
    def from_toml(cls, tables: Mapping[str, Any]) -> AlertRules:
        """The rules from the tables of both files together; what is left out is as by default.

        Raises ConfigError with all mistakes: unknown tables and keys, values of a wrong kind or
        out of range, limits that contradict each other.
        """
        faults: list[str] = []
        thresholds, recipients = read_rules(tables, faults)
        overrides = read_overrides(tables.get("override", []), thresholds, faults)
        others = {name: table for name, table in tables.items() if name not in _BY_RULE}
        found = _read_tables(others, faults)
        if found.get("opens", time(8)) >= found.get("closes", time(18)):
            faults.append("sending.until：不能早于 from。")
        if faults:
            raise ConfigError(
                f"预警规则（alerts.toml、calendar.toml）有 {len(faults)} 处错误：\n  "
                + "\n  ".join(faults)
            )
        return cls(thresholds, overrides, recipients, **found)


def _read_tables(tables: Mapping[str, Any], faults: list[str]) -> dict[str, Any]:
    """The values of the tables that are about no single rule, by the names of the fields."""
    found: dict[str, Any] = {}
    for table, entries in tables.items():
        if table not in _KEYS or not isinstance(entries, Mapping):
            faults.append(f"{table}：没有这个配置节。")
            continue
        for key, value in entries.items():
            if key not in _KEYS[table]:
                faults.append(f"{table}.{key}：没有这个配置项。")
                continue
            name, read = _KEYS[table][key]
            try:
                found[name] = read(value)
            except ValueError as error:
                faults.append(f"{table}.{key} = {value!r}：{error}。")
    return found


_BY_RULE = frozenset({*WARNING_RULES, "floors", "override"})
_KEYS: Mapping[str, Keys] = {
    "mail": {
        "answer_days": ("answer_days", values.whole_number(60)),
        "office_phone": ("office_phone", values.words),
        "legal_basis": ("legal_basis", values.words),
        "next_step": ("next_step", values.words),
        "doubt_days": ("doubt_days", values.whole_number(60)),
        "cc_deputies": ("cc_deputies", values.switch),
        "remind_days": ("remind_days", values.whole_number(60)),
        "release": (
            "release",
            values.one_of(auto="写成即发", veto="隔一个工作日", manual="人工放行"),
        ),
    },
    "service": {
        "check_time": ("check_time", values.time_of_day),
        "weekly_day": ("weekly_day", timetable.weekday),
        "weekly_time": ("weekly_time", values.time_of_day),
        "off": ("jobs_off", timetable.job_names),
    },
    "year_end": {
        "soft_wording_from": ("soft_wording_from", values.day_of_year),
        "closing_day": ("closing_day", values.day_of_year),
    },
    "sending": {
        "from": ("opens", values.time_of_day),
        "until": ("closes", values.time_of_day),
    },
    "calendar": {
        "holidays": ("holidays", values.days),
        "workdays": ("workdays", values.days),
    },
}
