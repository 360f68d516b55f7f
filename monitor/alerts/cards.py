"""A warning as a card of a mail, or as one line of it."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.alerts import wording
from monitor.alerts.blocks import COLOURS, Bar, Block, Bullets, Card, Text
from monitor.alerts.mail_facts import Facts, Item, days
from monitor.alerts.rule_catalogue import LEAD_RULES, NO_PLAN
from monitor.alerts.wording import Row
from monitor.domain.calendar import day_name
from monitor.domain.money import yuan
from monitor.domain.progress import Grade

MOST_CARDS = 30
"""A mail of more warnings shows the rest as lines: some readers cut a mail at 100 kB."""
_FEW_CODES = 2
_WHAT_TO_DO = (
    "是年中追加的项目，请导入目标文本；是人员、公用等基本支出，请在 rules/outside.toml 写成规则，"
    "或用 monitor payments ignore --code 编码 注明不属监控范围。"
)
_GREY = "#7b8ba3"


def cards(items: Sequence[Item], *, soft: bool, first: int = 1) -> list[Block]:
    """The first warnings as cards, further ones as lines; many codes of one kind in one list."""
    codes = [each for each in items if _is_unknown_code(each)]
    if len(codes) > _FEW_CODES:
        others = [each for each in items if not _is_unknown_code(each)]
        return [*cards(others, soft=soft, first=first), *_unknown_codes(codes)]
    shown = [card(each, soft=soft, number=n) for n, each in enumerate(items, first)]
    if len(shown) <= MOST_CARDS:
        return list(shown)
    rest = [line(each) for each in items[MOST_CARDS:]]
    more = Text(f"其余 {len(rest)} 条从简列出：", "strong")
    return [*shown[:MOST_CARDS], more, Bullets(rest)]


def _is_unknown_code(item: Item) -> bool:
    """Whether it says that a code was paid which no target document has: mostly 基本支出."""
    return item["rule"] == NO_PLAN.id and item["figures"].get("budget_fen") is None


def _unknown_codes(items: Sequence[Item]) -> list[Block]:
    lines = [
        f"{wording.subject_of(each)}（{each['project_code']}，{_number(each)}）："
        f"{each['figures'].get('lines')} 笔 {yuan(each['figures'].get('paid_fen') or 0)} 元"
        for each in items
    ]
    return [
        Text(f"无计划：{len(items)} 个编码已有支付，但没有绩效目标文本", "strong"),
        Bullets(lines),
        Text(_WHAT_TO_DO),
    ]


def card(item: Item, *, soft: bool, number: int, extra: Sequence[Row] = ()) -> Card:
    colour = COLOURS[item["severity"]]
    return Card(
        badge=f"{Grade(item['severity']).label}·{item['rule_name']}",
        colour=colour,
        title=f"{number}. {wording.subject_of(item)}",
        subtitle="，".join([*filter(None, [_code(item)]), _number(item)]),
        rows=[*wording.rows(item, soft=soft), *extra],
        bars=_bars(item, colour),
        notes=_notes(item, soft=soft),
    )


def _code(item: Item) -> str:
    return str(item["project_code"] or item["unit_code"])


def _number(item: Item) -> str:
    """By which `monitor warnings show` and the answer to a call find the warning."""
    return f"预警 {item['id']}"


def line(item: Item) -> str:
    """A warning in one line: `红色·滞后　项目甲（P1）：差额 1.00 元`."""
    gap = item["figures"].get("gap_fen")
    amount = f"：差额 {yuan(gap)} 元" if gap is not None else ""
    code = _code(item)
    where = f"（{code}）" if code else ""
    name = f"{Grade(item['severity']).label}·{item['rule_name']}"
    return f"{name}　{wording.period(item['period'])}　{wording.subject_of(item)}{where}{amount}"


def _bars(item: Item, colour: str) -> list[Bar]:
    figures = item["figures"]
    planned, rate = figures.get("planned_bp"), figures.get("rate_bp")
    if planned is None or rate is None or figures.get("due_fen") is None:
        return []
    return [Bar("应支付", planned, _GREY), Bar("已支付", rate, colour)]


def _notes(item: Item, *, soft: bool) -> list[str]:
    """Doubts, the rule's own sentences, and what changed since the last mail.

    A rule that looks ahead names what is still to be paid: late in the year no lead reads that.
    """
    said = [f"存疑：{each}" for each in wording.doubts(item)]
    if not (soft and item["rule"] in LEAD_RULES):
        said += item["details"]
    if (changed := _changed(item)) is not None:
        said.append(changed)
    return said


def _changed(item: Item) -> str | None:
    before = item.get("before")
    if before is None:
        return None
    if not before:
        return "与上次邮件相比：本次新增。"
    grade = Grade(before["severity"])
    was = f"上次为{wording.period(before['period'])}{grade.label}"
    now, paid = item["figures"].get("paid_fen"), before["paid_fen"]
    if now is None or paid is None:
        return f"与上次邮件相比：{was}。"
    return f"与上次邮件相比：{was}，此后支付 {yuan(now - paid)} 元。"


def changes(facts: Facts) -> list[Block]:
    """What got better since the last mail, and what was wrong."""
    changed = facts["changes"]
    lines = [
        f"已消除：{_brief(each)}" for each in changed["resolved"]
    ] + [
        f"程度下降为{Grade(each['severity']).label}：{_brief(each)}" for each in changed["fallen"]
    ]  # fmt: skip
    found: list[Block] = []
    if lines:
        found += [Text("自上次邮件以来", "h2"), Bullets(lines)]
    if changed["withdrawn"]:
        found += [Text("撤回的预警", "h2"), *withdrawn(changed["withdrawn"])]
    return found


def withdrawn(items: Sequence[Item]) -> list[Block]:
    lines = [f"{_brief(each)}{_reason(each)}" for each in items]
    return [Text("下列预警经后来的资料证实不成立，现予撤回，无需说明："), Bullets(lines)]


def resolved(items: Sequence[Item]) -> Bullets:
    return Bullets([_brief(each) for each in items])


def _brief(item: Item) -> str:
    code = _code(item)
    where = f"（{code}）" if code else ""
    period = wording.period(item["period"])
    return f"{period}“{item['rule_name']}”　{wording.subject_of(item)}{where}"


def _reason(item: Item) -> str:
    return f"。原因：{item['reason']}" if item["reason"] else ""


def as_of_words(items: Sequence[Item]) -> str:
    return "、".join(day_name(day) for day in days(items))
