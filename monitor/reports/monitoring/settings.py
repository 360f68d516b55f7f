"""Reads rules/monitoring.toml: what a monitoring form looks like is configuration, not code."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from monitor.domain.adjustment import Fund
from monitor.errors import ConfigError, UsageError

_NAME = re.compile(r"[A-Za-z0-9_-]{1,32}")
_PROFILE_KEYS = (
    *("name", "title", "basis", "month", "filed_month"),
    *("fund_columns", "indicator_columns", "fund_rows", "titles"),
)
_MOST_PERCENT = 200


class FundColumn(StrEnum):
    """A column of the form's funds."""

    INITIAL = "initial"
    ADJUSTED = "adjusted"
    EXECUTED = "executed"
    RATE = "rate"
    ESTIMATE = "estimate"


class IndicatorColumn(StrEnum):
    """A column of the form's indicators; `causes` and `likelihood` are five and three."""

    TARGET = "target"
    ACHIEVED = "achieved"
    FORECAST = "forecast"
    CAUSES = "causes"
    REASON = "reason"
    LIKELIHOOD = "likelihood"
    NOTE = "note"


C = TypeVar("C", FundColumn, IndicatorColumn)
_TITLES: Mapping[str, str] = {
    FundColumn.INITIAL: "年初预算数",
    FundColumn.ADJUSTED: "调整后预算数",
    FundColumn.EXECUTED: "1–{month}月执行数",
    FundColumn.RATE: "1–{month}月执行率",
    FundColumn.ESTIMATE: "全年预计执行数",
    IndicatorColumn.TARGET: "年度指标值",
    IndicatorColumn.ACHIEVED: "1–{month}月执行情况",
    IndicatorColumn.FORECAST: "全年预计完成情况",
    IndicatorColumn.CAUSES: "偏差原因分析",
    IndicatorColumn.REASON: "原因说明",
    IndicatorColumn.LIKELIHOOD: "完成目标可能性",
    IndicatorColumn.NOTE: "备注",
}


@dataclass(frozen=True, slots=True)
class FundLine:
    """A row of the form's funds: its name as printed, and the funds that it adds up."""

    name: str
    funds: tuple[Fund, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """One local form: its title, its cut-off month, its columns and rows."""

    name: str
    title: str
    basis: str
    month: int
    filed_month: int
    fund_columns: tuple[FundColumn, ...]
    indicator_columns: tuple[IndicatorColumn, ...]
    fund_lines: tuple[FundLine, ...]
    titles: Mapping[str, str] = field(default_factory=dict)

    def heading(self, column: FundColumn | IndicatorColumn, month: int) -> str:
        """What stands above a column in the form of that month; January has no `1–`."""
        text = self.titles.get(column) or _TITLES[column]
        if month == 1:
            text = text.replace("1–{month}月", "1月")
        return text.replace("{month}", str(month))


@dataclass(frozen=True, slots=True)
class MonitoringRules:
    """What rules/monitoring.toml says. `sure_bp`: see likelihood.propose."""

    default: str
    sure_bp: int
    profiles: tuple[Profile, ...]

    def profile(self, name: str | None = None) -> Profile:
        """The profile of that name, else the default one. Raises UsageError that names all."""
        wanted = name or self.default
        for each in self.profiles:
            if each.name == wanted:
                return each
        known = "、".join(each.name for each in self.profiles)
        raise UsageError(f"没有名为“{wanted}”的监控表。", f"rules/monitoring.toml 里有：{known}。")

    @classmethod
    def from_toml(cls, table: Mapping[str, object]) -> MonitoringRules:
        """The rules of a parsed monitoring.toml. Raises ConfigError that lists its mistakes."""
        mistakes: list[str] = []
        rules = _rules(table, mistakes)
        if mistakes:
            raise ConfigError("rules/monitoring.toml 有误：" + "；".join(mistakes) + "。")
        return rules


def _rules(table: Mapping[str, object], mistakes: list[str]) -> MonitoringRules:
    known = ("default", "likelihood", "profiles")
    mistakes.extend(f"不认识 {key}" for key in table if key not in known)
    listed = table.get("profiles", [])
    if not isinstance(listed, list) or not all(isinstance(each, Mapping) for each in listed):
        mistakes.append("profiles 应写成若干节 [[profiles]]")
        listed = []
    profiles = tuple(_Reader(n, each, mistakes).profile() for n, each in enumerate(listed, start=1))
    names = [each.name for each in profiles]
    mistakes.extend(
        f"profiles 的 name {n} 写了两次" for n in dict.fromkeys(names) if _twice(n, names)
    )
    default = table.get("default")
    if not isinstance(default, str) or default not in names:
        mistakes.append("default 应为一节 [[profiles]] 的 name")
        default = ""
    return MonitoringRules(default, _sure_bp(table.get("likelihood", {}), mistakes), profiles)


def _twice(name: str, names: Sequence[str]) -> bool:
    return bool(name) and names.count(name) > 1


def _sure_bp(section: object, mistakes: list[str]) -> int:
    if isinstance(section, Mapping) and set(section) == {"sure_percent"}:
        value = section["sure_percent"]
        if _is_whole(value, 1, _MOST_PERCENT):
            return int(value) * 100
    mistakes.append(f"[likelihood] 应只有 sure_percent，为 1 至 {_MOST_PERCENT} 的整数")
    return 0


def _is_whole(value: object, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


@dataclass(slots=True)
class _Reader:
    """Reads one profile and adds what is wrong with it to the mistakes of the file."""

    position: int
    table: Mapping[str, object]
    mistakes: list[str]

    def profile(self) -> Profile:
        for key in self.table:
            if key not in _PROFILE_KEYS:
                self._note(f"里不认识 {key}")
        return Profile(
            name=self._text("name", _NAME),
            title=self._text("title"),
            basis=self._text("basis"),
            month=self._month("month"),
            filed_month=self._month("filed_month"),
            fund_columns=self._columns("fund_columns", FundColumn),
            indicator_columns=self._columns("indicator_columns", IndicatorColumn),
            fund_lines=self._lines(),
            titles=self._titles(),
        )

    def _note(self, problem: str) -> None:
        self.mistakes.append(f"第 {self.position} 节 [[profiles]] {problem}")

    def _text(self, key: str, form: re.Pattern[str] | None = None) -> str:
        value = self.table.get(key)
        if isinstance(value, str) and value.strip() and value.isprintable():
            if form is None or form.fullmatch(value):
                return value.strip()
            self._note(f"的 {key} 应由字母、数字、- 和 _ 组成")
            return ""
        self._note(f"缺少 {key}（一行文字）")
        return ""

    def _month(self, key: str) -> int:
        value = self.table.get(key)
        if isinstance(value, int) and _is_whole(value, 1, 12):
            return value
        self._note(f"的 {key} 应为 1 至 12 的整数")
        return 1

    def _columns(self, key: str, known: type[C]) -> tuple[C, ...]:
        value = self.table.get(key)
        names = [each.value for each in known]
        if isinstance(value, list) and value and all(each in names for each in value):
            columns = tuple(known(each) for each in value)
            if len(set(columns)) == len(columns):
                return columns
        self._note(f"的 {key} 应从这些中选，各写一次：{'、'.join(names)}")
        return ()

    def _lines(self) -> tuple[FundLine, ...]:
        value = self.table.get("fund_rows")
        lines = [self._line(each) for each in value] if isinstance(value, list) else []
        good = [each for each in lines if each is not None]
        if not good or len(good) < len(lines):
            self._note('的 fund_rows 应写成 { name = "行名", funds = ["当年财政拨款"] } 的一列')
        elif set(good[0].funds) != set(Fund):
            self._note("的 fund_rows 第一行是总额，funds 应包括全部三类资金")
        return tuple(good)

    def _line(self, row: object) -> FundLine | None:
        if not isinstance(row, Mapping) or set(row) != {"name", "funds"}:
            return None
        name, funds = row["name"], row["funds"]
        if not isinstance(name, str) or not name.strip() or not isinstance(funds, list):
            return None
        if not funds or any(each not in tuple(Fund) for each in funds):
            return None
        return FundLine(name.rstrip(), tuple(dict.fromkeys(Fund(each) for each in funds)))

    def _titles(self) -> Mapping[str, str]:
        value = self.table.get("titles", {})
        if isinstance(value, Mapping) and all(
            key in _TITLES and isinstance(text, str) and text.strip() for key, text in value.items()
        ):
            return {str(key): str(text).strip() for key, text in value.items()}
        self._note(f"的 titles 只能改这些列名：{'、'.join(_TITLES)}")
        return {}
