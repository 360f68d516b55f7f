"""What `monitor explain` prints for people: every figure of a project with where it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from monitor.cli.output import Column, as_table, code, money
from monitor.domain.calendar import checkpoint_name
from monitor.domain.money import percent, yuan
from monitor.domain.progress import Grade
from monitor.domain.refunds import Bond

PAYMENTS = (
    code("number", "编号"),
    code("pay_date", "支付日期"),
    money("amount_fen", "金额"),
    Column("status", "状态"),
    Column("payee", "收款人"),
    Column("purpose", "用途"),
    Column("method", "匹配"),
    Column("reason", "依据"),
    Column("actor", "经手"),
    Column("file", "文件"),
    Column("line", "行", right=True),
)


def as_text(told: dict[str, Any]) -> str:
    """The whole chain: the budget's steps, each payment, points, entries, answers, sources."""
    parts = (
        _head(told),
        _section("预算", map(_budget_step, told["budget_steps"])),
        _section("支出计划", map(_plan_step, told["plan"])),
        _section("各类资金", map(_fund, told["funds"])),
        _paid(told),
        _section("各月支付", _months(told["months"])),
        _section("应支", _due(told["due"])),
        _points(told),
        _section("填报", map(_entry, told["entries"])),
        _section("预警答复", map(_answer, told["answers"])),
        _section("数据到达", map(_month, told["coverage"])),
        _section("尚待处理", _unsettled(told["unsettled"])),
        _section("数据来源", map(_source, told["sources"])),
        _section("定稿", _finalized(told["finalized"])),
    )
    return "".join(parts)


def _section(title: str, lines: Iterable[str]) -> str:
    listed = [f"  {line}" for line in lines]
    return "\n".join([f"{title}：", *listed, ""]) if listed else ""


def _head(told: dict[str, Any]) -> str:
    row, source = told["progress"], told["source"]
    lines = [
        f"{row['project_code']} {row['project_name']}（{row['unit_code']} {row['unit_name']}）",
        f"  预算数 {_yuan(row['budget_fen'])}，支出计划 {_plan(told['plan_bp'])}",
        f"  出处：{source['file']} 第 {source['line']} 行（SHA-256 {source['sha256'][:12]}…）",
        f"  截至 {told['as_of']}：已支付 {_yuan(row['paid_fen'])}，{row['payments']} 笔，"
        f"执行率 {_percent(row['rate_bp'])}",
    ]
    if row["checkpoint"]:
        lag = f"，程度 {Grade(row['severity']).label}" if row["severity"] else ""
        lines.append(
            f"  {_checkpoint(row['checkpoint'])}应支 {_yuan(row['due_fen'])}（计划 "
            f"{_percent(row['planned_bp'])}），差额 {_yuan(row['gap_fen'])}{lag}"
        )
    return "\n".join(lines) + "\n"


def _paid(told: dict[str, Any]) -> str:
    counted = [each for each in told["payments"] if each["counted"]]
    later = [each for each in told["payments"] if not each["counted"]]
    text = as_table(counted, PAYMENTS, title="计入的支付")
    if later:
        text += as_table(later, PAYMENTS, title="截至日期以后的支付，不计入")
    if told["in_transit"]:
        text += as_table(told["in_transit"], PAYMENTS, title="在途，尚未支付，不计入")
    return text + _returned(told["payments"]) + _decisions(told["payments"])


def _returned(payments: list[dict[str, Any]]) -> str:
    """What the refunds return, one line each."""
    lines = []
    for each in payments:
        if returns := each["returns"]:
            original = returns["original"]
            paid = f"，退的是 {original['number']}" if original else ""
            lines.append(f"  {each['number']}：{Bond(returns['state']).label}{paid}")
    return "\n".join(["退款：", *lines, ""]) if lines else ""


def _decisions(payments: list[dict[str, Any]]) -> str:
    """What was decided about the payments after they landed, one line a change."""
    lines = [
        f"  {each['number']}：{change['from']} → {change['to']}，{change['at']}，"
        f"{change['actor']}{'，' + change['reason'] if change['reason'] else ''}"
        for each in payments
        for change in each["history"]
    ]
    return "\n".join(["导入之后的匹配和决定：", *lines, ""]) if lines else ""


def _yuan(fen: int | None) -> str:
    return "空" if fen is None else f"{yuan(fen)} 元"


def _percent(bp: int | None) -> str:
    return "空" if bp is None else percent(bp)


def _plan(plan: dict[str, int | None]) -> str:
    return "，".join(f"{_checkpoint(month)} {_percent(bp)}" for month, bp in plan.items()) or "无"


def _checkpoint(month: str) -> str:
    return checkpoint_name(int(month))


def _place(step: dict[str, Any]) -> str:
    line = f"第 {step['line']} 行" if step["line"] else ""
    return " ".join(filter(None, (step["document_number"], step["file"], line)))


def _budget_step(step: dict[str, Any]) -> str:
    amount = step["amount_fen"]
    sign = "+" if amount is not None and amount >= 0 else ""
    text = f"{step['effective']} {step['what']} {sign}{_yuan(amount)}"
    text += f"（{step['fund']}）" if step["fund"] else ""
    text += f" → {_yuan(step['budget_fen'])}；{_place(step) or '直接登记'}"
    if step["actor"]:
        text += f"；{step['recorded_at'][:16].replace('T', ' ')} {step['actor']}"
    return text + (f"；{step['note']}" if step["note"] else "")


def _plan_step(step: dict[str, Any]) -> str:
    return f"{_checkpoint(step['checkpoint'])} {_percent(step['planned_bp'])}；{_place(step)}"


def _fund(fund: dict[str, Any]) -> str:
    heads = (("initial_fen", "年初预算数"), ("budget_fen", "全年预算数"), ("paid_fen", "执行数"))
    sums = "，".join(
        f"{head} {'待填' if fund[key] is None else _yuan(fund[key])}" for key, head in heads
    )
    why = "；".join(dict.fromkeys(filter(None, (fund["because"], fund["because_paid"]))))
    return f"{fund['fund']}：{sums}" + (f"（{why}）" if why else "")


def _months(months: list[dict[str, Any]]) -> Iterator[str]:
    paid = [
        f"{int(each['month'])}月 {yuan(each['paid_fen'])}" for each in months if each["paid_fen"]
    ]
    if paid:
        total = sum(each["paid_fen"] for each in months)
        yield "，".join(paid) + f"；合计 {_yuan(total)}"


def _due(due: dict[str, Any] | None) -> Iterator[str]:
    if due is not None:
        yield (
            f"{_checkpoint(due['checkpoint'])}应支 = {_percent(due['planned_bp'])} × "
            f"{_yuan(due['base_fen'])} = {_yuan(due['due_fen'])}；差额 = 应支 − 已支付 "
            f"{_yuan(due['paid_fen'])} = {_yuan(due['gap_fen'])}；滞后 {_percent(due['lag_bp'])}"
        )


def _points(told: dict[str, Any]) -> str:
    from monitor.reports.assessment.score_view import ScoreRow, row_lines

    rules = told["rules"]
    lines = [f"自评得分（规则集：{rules['name']}，{told['scored']}）："]
    for row in told["points"]:
        lines += (f"  {line}" for line in row_lines(ScoreRow(**row)) if line)
    return "\n".join([*lines, ""])


def _entry(entry: dict[str, Any]) -> str:
    from monitor.domain.entry import Field, Form
    from monitor.reports.assessment.entry_words import field_name

    name = field_name(Form(entry["form"]), Field(entry["field"]), entry["period"])
    where = f"“{entry['indicator']}”" if entry["indicator"] else ""
    whose = "" if entry["project_code"] else "（单位）"
    file = f"，文件 {entry['source'][:12]}…" if entry["source"] else ""
    held = f"，填报时系统数 {entry['shown']}" if entry["shown"] else ""
    return (
        f"{name}{whose}{where}：{entry['value']}（{entry['author']}，"
        f"{entry['at'][:16].replace('T', ' ')} {entry['actor']} 登记{file}{held}）"
    )


def _answer(each: dict[str, Any]) -> str:
    promised = f"，承诺 {each['promised']}" if each["promised"] else ""
    told = "；".join(filter(None, (each["cause"], each["text"], each["answer"], each["measure"])))
    return f"{told}{promised}（{each['author']}，{each['at'][:16].replace('T', ' ')}）"


def _month(cell: dict[str, Any]) -> str:
    state = {"complete": "全", "partial": "部分", "missing": "缺"}[cell["state"]]
    said = cell["confirmed"]
    by_hand = f"；{said['actor']} 确认{'无支付' if said['nil'] else '已齐'}" if said else ""
    files = "、".join(cell["files"])
    return f"{cell['month']} {state}" + (f"：{files}" if files else "") + by_hand


def _unsettled(told: dict[str, Any]) -> Iterator[str]:
    if told["unmatched"]:
        yield f"本单位未匹配的支付 {told['unmatched']} 笔，{_yuan(told['unmatched_fen'])}"
    if told["rejected"]:
        yield f"写有本项目编码、被拒收的行 {told['rejected']}"
    if told["conflicting"]:
        yield f"写有本项目编码、与已登记支付冲突的行 {told['conflicting']}"


def _source(source: dict[str, Any]) -> str:
    counted = ""
    if source["rows"] is not None:
        counted = f"，计入 {source['rows']} 笔、{_yuan(source['amount_fen'])}"
    return f"{source['file']}（SHA-256 {source['sha256'][:12]}…{counted}）"


def _finalized(signed: dict[str, Any] | None) -> Iterator[str]:
    if signed is not None:
        yield (
            f"本单位已于 {signed['at'][:10]} 定稿（校验码 {signed['seal']}）；以上是现在的数，"
            "与定稿的差别用 monitor report compare 查看"
        )
