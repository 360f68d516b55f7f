"""The words of mails that follow from figures: subjects, rows of figures, doubts, periods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from monitor.alerts.mail_facts import Facts, Item, counts, items_of
from monitor.domain.calendar import checkpoint_name
from monitor.domain.money import percent, yuan
from monitor.domain.warning import MailKind

Row = tuple[str, str, bool]
"""A figure's name, its value in words, and whether it is emphasised."""

PAY_WHAT_IS_READY = (
    "已具备支付条件的，请按规定及时办理；尚不具备条件的，请如实说明，不得为赶进度而提前支付。"
)
IF_IT_CANNOT_BE = (
    "检查点前能按计划支付的，无需答复；预计不能的，请在检查点前直接回复，或填写附件《偏差说明表》"
    "交回，说明原因和预计支付时间。"
)


def _money(fen: int) -> str:
    return f"{yuan(fen)} 元"


def points(bp: int) -> str:
    return f"{percent(bp).removesuffix('%')} 个百分点"


def _count(unit: str) -> Callable[[int], str]:
    return lambda value: f"{value} {unit}"


_FIGURES: Mapping[str, tuple[str, Callable[[int], str]]] = {
    "budget_fen": ("预算", _money),
    "due_fen": ("应支付", _money),
    "paid_fen": ("已支付", _money),
    "rate_bp": ("执行率", percent),
    "excess_fen": ("超出预算", _money),
    "idle_days": ("没有支付", _count("天")),
    "december_fen": ("12月支付", _money),
    "week_fen": ("最集中的七天支付", _money),
    "estimate_fen": ("推算全年支付", _money),
    "unspent_fen": ("推算年末结余", _money),
    "unmatched_fen": ("未匹配金额", _money),
    "lines": ("支付笔数", _count("笔")),
    "units_missing": ("清单未到的单位", _count("个")),
    "indicators": ("绩效指标", _count("个")),
    "unreported": ("未报完成情况", _count("个")),
    "off_target": ("未达到目标", _count("个")),
}
"""The figures of the findings by their names in JSON, for rules that judge no due amount."""


def rows(item: Item, *, soft: bool) -> list[Row]:
    """The figures of a warning by name, for print. In `soft` mails nothing is asked to be paid."""
    figures: Mapping[str, int | None] = item["figures"]
    if figures.get("shortfall_fen") is not None:
        return _ahead_rows(item, figures, soft=soft)
    if figures.get("due_fen") is not None and figures.get("gap_fen") is not None:
        return _lag_rows(item, figures, soft=soft)
    over = {"unspent_fen": "结余"} if figures.get("estimate_fen") is None else {}
    return [
        (over.get(key, name), words(value), False)
        for key, (name, words) in _FIGURES.items()
        if (value := figures.get(key)) is not None
    ]


def _lag_rows(item: Item, figures: Mapping[str, int | None], *, soft: bool) -> list[Row]:
    budget, paid = figures.get("budget_fen"), figures.get("paid_fen") or 0
    at = checkpoint_name(item["checkpoint"]) if item["checkpoint"] else ""
    found: list[Row] = []
    if budget is not None:
        found.append(("预算", _money(budget), False))
    share = figures.get("planned_bp")
    planned = f"（计划累计 {percent(share)}）" if share is not None else ""
    found.append((f"{at}应支付{planned}", _money(figures["due_fen"] or 0), False))
    rate = figures.get("rate_bp")
    done = f"（执行率 {percent(rate)}）" if rate is not None else ""
    found.append((f"已支付{done}", _money(paid), False))
    found.append(("差额", _money(figures["gap_fen"] or 0), True))
    if (lag := figures.get("lag_bp")) is not None:
        found.append(("滞后", points(lag), True))
    needed, upcoming = figures.get("needed_fen"), figures.get("next_checkpoint")
    if soft and budget is not None:
        found.append(("未支付余额", _money(budget - paid), False))
    elif needed is not None and upcoming:
        later = figures.get("next_planned_bp")
        share_then = f"（计划累计 {percent(later)}）" if later is not None else ""
        found.append((f"到{checkpoint_name(upcoming)}还需支付{share_then}", _money(needed), False))
    return found


def _ahead_rows(item: Item, figures: Mapping[str, int | None], *, soft: bool) -> list[Row]:
    """A checkpoint to come: what is to be paid until then, and where the pace so far leads."""
    budget, paid = figures["budget_fen"] or 0, figures["paid_fen"] or 0
    at = checkpoint_name(item["checkpoint"])
    found: list[Row] = [("预算", _money(budget), False), ("已支付", _money(paid), False)]
    if soft:
        return [*found, ("未支付余额", _money(budget - paid), False)]
    share = figures.get("planned_bp")
    planned = f"（计划累计 {percent(share)}）" if share is not None else ""
    return [
        *found,
        (f"{at}应支付{planned}", _money(figures["due_fen"] or 0), False),
        (f"到{at}还需支付", _money(figures["gap_fen"] or 0), True),
        ("按目前进度推算到时累计", _money(figures["estimate_fen"] or 0), False),
        ("推算差额", _money(figures["shortfall_fen"] or 0), True),
    ]


_DOUBTS = {
    "unmatched": "另有未匹配支付 {lines} 笔 {yuan} 元，可能属于本项目",
    "in-transit": "另有在途支付申请 {lines} 笔 {yuan} 元，尚未支付",
    "recent-money": "检查点前不久新增预算 {yuan} 元，不计新增部分则不滞后",
}


def doubt(kind: str, lines: int, fen: int, *, cures: bool) -> str:
    """`另有未匹配支付 2 笔 1,000.00 元…`, and whether the warning would be gone with it."""
    words = _DOUBTS[kind].format(lines=lines, yuan=yuan(fen))
    return f"{words}{_CURED if cures and kind != 'recent-money' else ''}。"


_CURED = "；计入后本预警不再成立"


def doubts(item: Item) -> list[str]:
    return [doubt(kind, lines, fen, cures=cures) for kind, lines, fen, cures in item["doubts"]]


def period(text: str) -> str:
    """`03` → 3月底, `m03` → 3月, `year` → 全年."""
    if text.startswith("m"):
        return f"{int(text[1:])}月"
    return checkpoint_name(int(text)) if text.isdigit() else "全年"


def periods(items: Sequence[Item]) -> str:
    return "、".join(period(each) for each in sorted({item["period"] for item in items}))


def units(items: Sequence[Item]) -> str:
    """The unit's name, or the first one's and their number."""
    names = {each["unit_code"]: each["unit_name"] or each["unit_code"] for each in items}
    first = next(iter(names.values()), "") or "全部单位"
    return first if len(names) <= 1 else f"{first}等 {len(names)} 个单位"


def subject_of(item: Item) -> str:
    """What a warning is about: its project, else its unit, else the office's whole matter."""
    return item["project_name"] or item["project_code"] or item["unit_name"] or "全部单位"


def subject(kind: MailKind, facts: Facts) -> str:
    items = items_of(facts)
    changes = facts.get("changes", {})
    listed = items or [*changes.get("resolved", ()), *changes.get("withdrawn", ())]
    name = units(listed).replace(" ", "")
    tight = counts(each["severity"] for each in items).replace(" ", "")
    where = f"【{periods(listed)}】" if listed else ""
    match kind:
        case MailKind.DIGEST:
            copied = "（抄送）" if "copy_of" in facts else ""
            return f"{copied}{where}{name}：{_matter(items)}（{tight}）"
        case MailKind.OFFICE:
            return f"【财政】{facts['year']}年支出监控{len(items)}项待处理（{_by_rule(items)}）"
        case MailKind.REMINDER:
            last = any(each.get("stage") == "deadline" for each in items)
            state = "已到" if last else "将到"
            return f"【提醒】{name}：{len(items)}项预警的说明期限{state}（{tight}）"
        case MailKind.ESCALATION:
            return f"【逾期未说明】{name}：{len(items)}项支出进度预警（{tight}）"
        case MailKind.RESOLVED | MailKind.WITHDRAWN:
            return f"{_ended(changes)}：{name}"
        case MailKind.WEEKLY:
            return f"【周报】{facts['year']}年预算执行监控（{facts['from']}至{facts['to']}）"
        case MailKind.RECEIPT:
            state = "未导入" if facts["refused"] else "已导入"
            return f"【回执】{facts['file']}：{state}"
        case MailKind.TROUBLE:
            return f"【预算执行监控】{len(facts['mails'])} 封邮件被拒收，请核对收件地址"


def _ended(changes: Facts) -> str:
    done, gone = len(changes["resolved"]), len(changes["withdrawn"])
    counted = [f"{done}项支出预警已消除"] * bool(done) + [f"撤回{gone}项支出预警"] * bool(gone)
    return f"【{'撤回' if gone else '已消除'}】{'，'.join(counted)}"


def _matter(items: Sequence[Item]) -> str:
    lagging = all(each["rule"] in ("W01", "W02") for each in items)
    projects = len({each["project_code"] for each in items})
    return f"{projects}个项目支出进度{'滞后' if lagging else '需关注'}"


def _by_rule(items: Sequence[Item]) -> str:
    counted = Counter(each["rule_name"] for each in items)
    return "、".join(f"{name}{count}" for name, count in counted.most_common())


def is_soft(year: int, on: date, soft_from: tuple[int, int]) -> bool:
    """Whether a mail about `year` must not read as an order to spend: late in it, and after.

    Rule: domain notes, section 4; before a closing day such mails cause needless payments.
    """
    return on >= date(year, *soft_from)
