"""The warning rules: what is found in the standings of a date. Rules have no memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from monitor.domain.finding import Finding
from monitor.domain.money import WHOLE_BP, NotAShare, parse_bp
from monitor.domain.progress import Grade, Limits, Standing
from monitor.errors import ConfigError


@dataclass(frozen=True, slots=True)
class WarningRule:
    """An entry of the catalogue: id, Chinese name, and what it means, in Chinese."""

    id: str
    name: str
    meaning: str


LAG = WarningRule(
    "W01",
    "滞后",
    "到检查点时，累计已支付金额少于支出计划应支付金额，程度按滞后多少分提示、黄色、红色。",
)
NOTHING_PAID = WarningRule(
    "W02",
    "零支出",
    "到检查点时按支出计划应有支付，但累计支付为零（含退款后不大于零），一律为红色。",
)
WARNING_RULES: Mapping[str, WarningRule] = {rule.id: rule for rule in (LAG, NOTHING_PAID)}


def check(
    standings: Iterable[Standing], rules: Collection[str] = tuple(WARNING_RULES)
) -> list[Finding]:
    """What the switched-on `rules` (ids) find: at most one finding for a project.

    W02 stands in W01's place; where it is switched off, nothing paid is an ordinary W01. A blank
    share, a blank budget and a due amount of nothing raise nothing.
    """
    found = []
    for standing in standings:
        rule = _rule_of(standing, rules)
        if rule and standing.severity and standing.checkpoint:
            found.append(_finding(rule, standing, standing.severity, standing.checkpoint))
    return found


def _rule_of(standing: Standing, rules: Collection[str]) -> str | None:
    nothing_paid = standing.account.paid_fen <= 0
    if nothing_paid and NOTHING_PAID.id in rules:
        return NOTHING_PAID.id
    return LAG.id if LAG.id in rules else None


def _finding(rule: str, standing: Standing, severity: Grade, checkpoint: int) -> Finding:
    account = standing.account
    return Finding(
        rule=rule,
        year=account.year,
        unit_code=account.unit_code,
        project_code=account.project_code,
        checkpoint=checkpoint,
        severity=severity,
        as_of=standing.as_of,
        figures=(
            ("budget_fen", account.budget_fen),
            ("planned_bp", standing.planned_bp),
            ("due_fen", standing.due_fen),
            ("paid_fen", account.paid_fen),
            ("gap_fen", standing.gap_fen),
            ("lag_bp", standing.lag_bp),
            ("rate_bp", standing.rate_bp),
            ("next_checkpoint", standing.next_checkpoint),
            ("next_planned_bp", standing.next_planned_bp),
            ("needed_fen", standing.needed_fen),
        ),
    )


@dataclass(frozen=True, slots=True)
class AlertRules:
    """rules/alerts.toml and rules/calendar.toml. Times of day and dates are China's.

    `answer_days` are working days (D5 of the domain notes, after 川财绩〔2025〕10号).
    """

    limits: Limits = Limits()
    rules: tuple[str, ...] = tuple(WARNING_RULES)
    answer_days: int = 10
    office_phone: str = ""
    legal_basis: str = ""
    next_step: str = ""
    check_time: time = time(8, 30)
    days_after_checkpoint: int = 7
    soft_wording_from: tuple[int, int] = (11, 1)

    @classmethod
    def from_toml(cls, tables: Mapping[str, Any]) -> AlertRules:
        """The rules from the tables of both files together; what is left out is as by default.

        Raises ConfigError with all mistakes: unknown tables and keys, values of a wrong kind or
        out of range, limits that contradict each other.
        """
        values, faults = _read_tables(tables)
        limits = Limits(**{name: values.pop(name) for name in _LIMITS if name in values})
        if limits.red_ratio_bp > limits.yellow_ratio_bp:
            faults.append("limits.red_ratio：不能大于 yellow_ratio。")
        if faults:
            raise ConfigError(
                f"预警规则（alerts.toml、calendar.toml）有 {len(faults)} 处错误：\n  "
                + "\n  ".join(faults)
            )
        switched_on = tuple(rule for rule in WARNING_RULES if values.pop(rule, True))
        return cls(limits=limits, rules=switched_on, **values)


def _read_tables(tables: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The values by the names of the fields, and all mistakes."""
    values: dict[str, Any] = {}
    faults = []
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
                values[name] = read(value)
            except ValueError as error:
                faults.append(f"{table}.{key} = {value!r}：{error}。")
    return values, faults


def _share(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError('应为整数百分数，或加引号的小数，如 80 或 "82.5"')
    try:
        share = parse_bp(str(value))
    except NotAShare as error:
        raise ValueError(error.reason) from None
    if share > WHOLE_BP:
        raise ValueError("不能大于 100")
    return share


def _switch(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("应为 true 或 false")
    return value


def _days(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 60:
        raise ValueError("应为 0 到 60 的整数")
    return value


def _words(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("应为加引号的文字")
    return " ".join(value.split())


def _time_of_day(value: object) -> time:
    try:
        return datetime.strptime(str(value), "%H:%M").time()  # noqa: DTZ007 - a time of day has no zone
    except ValueError:
        raise ValueError('应为加引号的时刻，如 "08:30"') from None


def _day_of_year(value: object) -> tuple[int, int]:
    try:
        day = date.fromisoformat(f"2024-{value}")
    except ValueError:
        raise ValueError('应为加引号的月日，如 "11-01"') from None
    return day.month, day.day


_LIMITS = ("yellow_ratio_bp", "yellow_lag_bp", "red_ratio_bp")
_KEYS: Mapping[str, Mapping[str, tuple[str, Callable[[object], Any]]]] = {
    "limits": {
        "yellow_ratio": ("yellow_ratio_bp", _share),
        "yellow_lag": ("yellow_lag_bp", _share),
        "red_ratio": ("red_ratio_bp", _share),
    },
    "rules": {rule: (rule, _switch) for rule in WARNING_RULES},
    "mail": {
        "answer_days": ("answer_days", _days),
        "office_phone": ("office_phone", _words),
        "legal_basis": ("legal_basis", _words),
        "next_step": ("next_step", _words),
    },
    "service": {
        "check_time": ("check_time", _time_of_day),
        "days_after_checkpoint": ("days_after_checkpoint", _days),
    },
    "year_end": {"soft_wording_from": ("soft_wording_from", _day_of_year)},
}
