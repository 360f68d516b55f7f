"""The rules in Chinese, with the values in force: what `monitor warnings rules` says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from monitor.alerts.rule_catalogue import WARNING_RULES, WarningRule
from monitor.alerts.rule_settings import AlertRules
from monitor.alerts.rule_tables import RULE_KEYS
from monitor.alerts.thresholds import Floors, Override, Thresholds
from monitor.domain.money import percent, yuan

Words = Callable[[Thresholds, AlertRules], str]


def explain(rule: WarningRule, by: Thresholds, settings: AlertRules) -> str:
    """What a rule does, with the thresholds that are in force."""
    own = _WORDS.get(rule.id)
    return rule.meaning if own is None else f"{rule.meaning}{own(by, settings)}"


def rows(settings: AlertRules, unit: str = "", fund: str = "") -> list[dict[str, Any]]:
    """The rules as JSON rows, for all or as they hold for a unit's money of a kind.

    `thresholds` are by the keys of alerts.toml: basis points, fen, days; `overrides` those that
    change the rule for some.
    """
    by = settings.book().of(unit, fund)
    return [_row(rule, by, settings, unit) for rule in WARNING_RULES.values()]


def _row(rule: WarningRule, by: Thresholds, settings: AlertRules, unit: str) -> dict[str, Any]:
    audience = settings.audience(rule.id, unit)
    return {
        "id": rule.id,
        "name": rule.name,
        "on": rule.id in by.on,
        "audience": audience.value,
        "audience_name": audience.label,
        "period": rule.period.value,
        "thresholds": _thresholds(rule.id, by),
        "explanation": explain(rule, by, settings),
        "overrides": [_override(each) for each in settings.overrides if each.rule == rule.id],
    }


def _thresholds(rule: str, by: Thresholds) -> dict[str, Any]:
    found = {field: getattr(by, field) for field, _ in RULE_KEYS.get(rule, {}).values()}
    if rule == "W11":
        found["floors_bp"] = {f"{month:02d}": bp for month, bp in by.floors}
    if rule == "W07":
        found["unspent_from"] = "{:02d}-{:02d}".format(*by.unspent_from)
    return found


def _override(override: Override) -> dict[str, Any]:
    return {
        "unit": override.unit,
        "fund": override.fund,
        "on": override.on,
        "audience": override.audience.value if override.audience else None,
        "thresholds": dict(override.values),
        "explanation": _override_words(override),
    }


def _override_words(override: Override) -> str:
    whom = [f"单位编码以 {override.unit} 开头"] if override.unit else []
    whom += [f"资金性质含“{override.fund}”"] if override.fund else []
    what = [] if override.on is None else ["开启" if override.on else "关闭"]
    what += [f"先告知{override.audience.label}"] if override.audience else []
    for name, value in override.values:
        words, write = _FIELDS[name]
        what.append(f"{words} {write(value)}")
    return f"{'、'.join(whom)}的：{'；'.join(what)}。"


def _lag(by: Thresholds, _: AlertRules) -> str:
    return (
        f"已支付 ÷ 应支付低于 {percent(by.yellow_ratio_bp)}，或滞后超过 "
        f"{_points(by.yellow_lag_bp)}，为黄色；低于 {percent(by.red_ratio_bp)} 或分文未付，为红色；"
        f"其余为提示。滞后不到 {_points(by.quiet_lag_bp)}或不到 {yuan(by.quiet_fen)} 元的，"
        f"只登记、不发信。检查点前 {by.recent_money_days} 个工作日内下达的追加单独造成的滞后，"
        "以及未匹配支付、在途申请可以补足的滞后，记为存疑，先告知财政部门。"
    )


def _approaching(by: Thresholds, settings: AlertRules) -> str:
    return (
        f"距检查点不超过 {by.notice_days} 天为提示，不超过 {by.yellow_days} 天为黄色，"
        f"不超过 {by.red_working_days} 个工作日为红色。推算办法：已支付 ÷ 已过天数 × "
        f"到检查点的天数；{_closing(settings)}。"
    )


def _unspent(by: Thresholds, settings: AlertRules) -> str:
    month, day = by.unspent_from
    return (
        f"{month}月{day}日起推算，预计未支付超过预算的 {percent(by.unspent_bp)} 即提示；"
        f"年度结束后列出结余，超过此比例的为黄色。{_closing(settings)}。"
    )


def _closing(settings: AlertRules) -> str:
    month, day = settings.closing_day
    return f"12 月以 {month}月{day}日（支付申请截止日）为限"


def _floor(by: Thresholds, _: AlertRules) -> str:
    return f"底线：{_floors(by.floors)}。程度按 W01 的界限分。"


def _points(bp: int) -> str:
    return f"{percent(bp).removesuffix('%')} 个百分点"


_WORDS: Mapping[str, Words] = {
    "W01": _lag,
    "W03": _approaching,
    "W05": lambda by, _: f"连续 {by.idle_days} 天没有支付即提示。",
    "W06": lambda by, _: (
        f"12 月的支付超过预算的 {percent(by.december_bp)} 为黄色，"
        f"连续七天的支付超过预算的 {percent(by.week_bp)} 为提示。"
    ),
    "W07": _unspent,
    "W08": lambda by, _: (
        f"月份结束后满 {by.list_working_days} 个工作日仍未到齐即提示，各单位都未到为黄色。"
    ),
    "W09": lambda by, _: (
        f"最早一笔超过 {by.unmatched_days} 天为提示，合计超过 {yuan(by.unmatched_fen)} 元为黄色。"
    ),
    "W11": _floor,
}


def _floors(floors: Floors) -> str:
    return "、".join(f"{month}月底 {percent(bp)}" for month, bp in floors)


_FIELDS: Mapping[str, tuple[str, Callable[[Any], str]]] = {
    "yellow_ratio_bp": ("已支付 ÷ 应支付的黄色界限", percent),
    "yellow_lag_bp": ("滞后的黄色界限", _points),
    "red_ratio_bp": ("已支付 ÷ 应支付的红色界限", percent),
    "quiet_lag_bp": ("不发信的滞后", _points),
    "quiet_fen": ("不发信的金额（元）", yuan),
    "recent_money_days": ("追加存疑的工作日数", str),
    "notice_days": ("提示的天数", str),
    "yellow_days": ("黄色的天数", str),
    "red_working_days": ("红色的工作日数", str),
    "idle_days": ("没有支付的天数", str),
    "december_bp": ("12 月支付的界限", percent),
    "week_bp": ("连续七天支付的界限", percent),
    "unspent_from": ("推算起始日", lambda day: f"{day[0]}月{day[1]}日"),
    "unspent_bp": ("预计未支付的界限", percent),
    "list_working_days": ("月份结束后的工作日数", str),
    "unmatched_days": ("未匹配的天数", str),
    "unmatched_fen": ("未匹配的金额（元）", yuan),
    "floors": ("底线", _floors),
}
