"""The tables [W01] … [W12], [floors] and [[override]] of rules/alerts.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from monitor.alerts import rule_values as values
from monitor.alerts.rule_catalogue import WARNING_RULES, Audience
from monitor.alerts.rule_values import Keys
from monitor.alerts.thresholds import SICHUAN_2025, Floors, Override, Thresholds

_DAYS = values.whole_number(366)
RULE_KEYS: Mapping[str, Keys] = {
    "W01": {
        "yellow_ratio": ("yellow_ratio_bp", values.share),
        "yellow_lag": ("yellow_lag_bp", values.share),
        "red_ratio": ("red_ratio_bp", values.share),
        "quiet_lag": ("quiet_lag_bp", values.share),
        "quiet_yuan": ("quiet_fen", values.yuan_amount),
        "recent_money_days": ("recent_money_days", values.whole_number(60)),
    },
    "W03": {
        "notice_days": ("notice_days", _DAYS),
        "yellow_days": ("yellow_days", _DAYS),
        "red_working_days": ("red_working_days", _DAYS),
    },
    "W05": {"idle_days": ("idle_days", _DAYS)},
    "W06": {
        "december_share": ("december_bp", values.share),
        "week_share": ("week_bp", values.share),
    },
    "W07": {
        "from": ("unspent_from", values.day_of_year),
        "unspent_share": ("unspent_bp", values.share),
    },
    "W08": {"working_days": ("list_working_days", values.whole_number(60))},
    "W09": {
        "days": ("unmatched_days", _DAYS),
        "amount_yuan": ("unmatched_fen", values.yuan_amount),
    },
}
"""The thresholds that a rule's table may set, beside `on` and `to`."""
_BY_FUND = frozenset({"W01", "W02", "W03", "W04", "W05", "W06", "W07", "W10", "W11", "W12"})
_FOR_ALL = frozenset({"W08"})  # of the whole office: no unit's and no fund's


def read_rules(
    tables: Mapping[str, Any], faults: list[str]
) -> tuple[Thresholds, dict[str, Audience]]:
    """The thresholds for all, and who is told first where a table says so."""
    floor_tables = _floor_tables(tables.get("floors", {}), faults)
    on, found, recipients = set(Thresholds().on), dict[str, Any](), dict[str, Audience]()
    for rule in WARNING_RULES:
        table = tables.get(rule, {})
        if not isinstance(table, Mapping):
            faults.append(f"{rule}：应为一节 [{rule}]。")
            continue
        read = _read_rule(rule, rule, table, floor_tables, faults)
        is_on = read.pop("on", rule in on)
        on = on | {rule} if is_on else on - {rule}
        if "to" in read:
            recipients[rule] = read.pop("to")
        found |= read
    thresholds = Thresholds(on=frozenset(on), **found)
    faults += thresholds.contradictions()
    return thresholds, recipients


def read_overrides(tables: object, general: Thresholds, faults: list[str]) -> tuple[Override, ...]:
    """The [[override]] tables in their order: of two that fit, the later holds."""
    if not isinstance(tables, list):
        faults.append("override：应写成 [[override]]。")
        return ()
    found = []
    for number, table in enumerate(tables, 1):
        here: list[str] = []
        override = _override(f"第 {number} 个 override", table, general, here)
        faults += here
        if override and not here:
            found.append(override)
    return tuple(found)


def _override(
    where: str, table: Mapping[str, Any], general: Thresholds, faults: list[str]
) -> Override | None:
    rule, unit, fund = (table.get(key, "") for key in ("rule", "unit", "fund"))
    if rule not in WARNING_RULES:
        faults.append(f"{where}.rule = {rule!r}：应为 W01 到 W12 之一。")
        return None
    if not all(isinstance(each, str) for each in (unit, fund)) or not (unit or fund):
        faults.append(f"{where}：要写明 unit（单位编码或其开头）或 fund（资金性质），加引号。")
        return None
    if rule in _FOR_ALL or (fund and rule not in _BY_FUND):
        what = "资金性质" if fund and rule not in _FOR_ALL else "单位"
        faults.append(f"{where}.rule = {rule!r}：这条规则不能按{what}设置。")
        return None
    own = {key: value for key, value in table.items() if key not in ("rule", "unit", "fund")}
    read = _read_rule(where, rule, own, {}, faults)
    on, audience = read.pop("on", None), read.pop("to", None)
    if audience and fund:
        faults.append(f"{where}.to：收件人不能按资金性质设置。")
    faults += (f"{where}：{each}" for each in replace(general, **read).contradictions())
    return Override(rule, unit, fund, tuple(sorted(read.items())), on, audience)


def _read_rule(
    where: str,
    rule: str,
    table: Mapping[str, Any],
    floor_tables: Mapping[str, Floors],
    faults: list[str],
) -> dict[str, Any]:
    """The fields of Thresholds that a rule's table sets, with `on` and `to`."""
    found: dict[str, Any] = {}
    both = {"on": ("on", values.switch), "to": ("to", values.audience)}
    keys: Keys = {**RULE_KEYS.get(rule, {}), **both}
    if rule == "W11":
        keys = {**keys, "table": ("floors", lambda name: _floors(name, floor_tables))}
    for key, value in table.items():
        if key not in keys:
            faults.append(f"{where}.{key}：没有这个配置项。")
            continue
        name, read = keys[key]
        try:
            found[name] = read(value)
        except ValueError as error:
            faults.append(f"{where}.{key} = {value!r}：{error}。")
    return found


def _floors(name: object, tables: Mapping[str, Floors]) -> Floors:
    if not isinstance(name, str) or name not in tables:
        raise ValueError(f'没有 [floors."{name}"] 这一节')
    return tables[name]


def _floor_tables(tables: object, faults: list[str]) -> dict[str, Floors]:
    found: dict[str, Floors] = {"四川2025": SICHUAN_2025}
    if not isinstance(tables, Mapping):
        faults.append("floors：应为一节。")
        return found
    for name, table in tables.items():
        try:
            found[name] = values.floors(table)
        except ValueError as error:
            faults.append(f"floors.{name}：{error}。")
    return found
