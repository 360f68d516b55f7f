"""From the facts of a mail to its page: what it says, in which order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from monitor.alerts import cards, wording
from monitor.alerts.blocks import Block, Bullets, Page, Table, Text
from monitor.alerts.mail_facts import Facts, Item, counts, items_of
from monitor.alerts.rule_catalogue import APPROACHING
from monitor.domain.calendar import day_name
from monitor.domain.money import yuan
from monitor.domain.warning import MailKind
from monitor.domain.working_days import WorkCalendar

_NO_RUSH = "本邮件只为核实情况。不具备支付条件的，请如实说明，不得为完成进度而支付。"


@dataclass(frozen=True, slots=True)
class Sending:
    """Whom a mail goes to, on which day, and who signs it."""

    name: str
    on: date
    sender: str
    calendar: WorkCalendar


def page(kind: MailKind, facts: Facts, sending: Sending) -> Page:
    """What a mail says, from its facts alone and the day on which it goes."""
    return _PAGES[kind](facts, sending)


def is_soft_on(facts: Facts, on: date) -> bool:
    month, day = facts["soft_from"]
    return wording.is_soft(facts["year"], on, (month, day))


def deadline(facts: Facts, sending: Sending) -> date:
    """Until when the unit is to answer: D5 of the domain notes, from the day of sending."""
    return sending.calendar.add(sending.on, facts["answer_days"])


def _digest(facts: Facts, sending: Sending) -> Page:
    items, soft = items_of(facts), is_soft_on(facts, sending.on)
    name, found = wording.units(items), counts(each["severity"] for each in items)
    several = len({each["project_code"] for each in items})
    as_of = cards.as_of_words(items)
    lagging = all(each["rule"] in ("W01", "W02") for each in items)
    what = "支出进度滞后" if lagging else "支出进度需关注"
    blocks: list[Block] = []
    if facts.get("copy_of"):
        blocks.append(Text(f"本邮件抄送供您了解，由 {facts['copy_of']} 办理答复。", "note"))
    short = "的累计支付少于支出计划应支付金额" if lagging else "的支出进度需要关注"
    blocks.append(Text(
        f"经与支出计划核对，截至 {as_of}，{name}共有 {several} 个项目{short}（{found}）。"
    ))  # fmt: skip
    blocks.append(Text("一、项目情况", "h2"))
    blocks += _parts(facts, soft=soft, headed=len(facts["parts"]) > 1)
    blocks += cards.changes(facts)
    blocks.append(Text("二、请您办理", "h2"))
    blocks += _duty(facts, day_name(deadline(facts, sending)), soft=soft)
    return Page(
        f"{name}：{several} 个项目{what}",
        f"{facts['year']}年　检查点 {wording.periods(items)}　{found}",
        f"{sending.name}：",
        [*blocks, *_closing(facts, sending, "三、联系方式")],
        f"本邮件由预算执行监控系统根据已导入的支付明细生成，数据截至 {as_of}。",
    )


def _parts(facts: Facts, *, soft: bool, headed: bool) -> list[Block]:
    blocks: list[Block] = []
    for each in facts["parts"]:
        if headed and each["code"]:
            blocks.append(Text(f"{each['name']}（{each['code']}）".lstrip(), "h3"))
        if each["note"]:
            blocks.append(Text(each["note"], "note"))
        blocks += cards.cards(each["items"], soft=soft)
    return blocks


def _duty(facts: Facts, until: str, *, soft: bool) -> list[Block]:
    """What is asked of the unit, and by when. A look ahead asks for no answer: nothing is late."""
    ahead = {each["rule"] == APPROACHING.id for each in items_of(facts)}
    if ahead == {True} and not soft:
        return [Text(wording.IF_IT_CANNOT_BE, "strong"), Text(wording.PAY_WHAT_IS_READY)]
    within = f"请在 {facts['answer_days']} 个工作日内（{until}前）"
    asked = f"{within}直接回复，或填写附件《偏差说明表》交回，"
    if soft:
        return [
            Text(asked + "对上列项目逐项确认未支付余额的安排：可支付、申请调减、结转或结余收回，"
                 "并说明理由。", "strong"),
            Text(_NO_RUSH),
        ]  # fmt: skip
    blocks: list[Block] = [
        Text(asked + "对上列滞后的项目逐项说明原因、改进措施和预计完成时间，并明确继续执行、"
             "调剂或取消的意见。", "strong"),
        *([Text(f"“临近”的项目尚未到期：{wording.IF_IT_CANNOT_BE}")] if True in ahead else []),
        Text(wording.PAY_WHAT_IS_READY),
    ]  # fmt: skip
    if facts["next_step"]:
        blocks.append(Text(facts["next_step"]))
    return blocks


def _closing(facts: Facts, sending: Sending, title: str) -> list[Block]:
    """Whom to call, the basis, and who writes."""
    office, phone = facts["office"], facts["phone"]
    if office:
        number = f"，电话 {phone}" if phone else ""
        call = f"如有疑问，请联系 {office['name']}{number}，邮箱 {office['email']}。"
    else:
        call = f"如有疑问，请致电 {phone}。" if phone else "如有疑问，请直接回复本邮件。"
    blocks: list[Block] = [Text(title, "h2"), Text(call)]
    if facts["basis"]:
        blocks.append(Text(f"依据：{facts['basis']}"))
    return [*blocks, Text(f"{sending.sender}　{day_name(sending.on)}")]


def _office(facts: Facts, sending: Sending) -> Page:
    items = items_of(facts)
    blocks: list[Block] = [Text(f"下列 {len(items)} 项需要财政部门处理或核实。")]
    blocks += _parts(facts, soft=True, headed=True)
    if any(each["without_lead"] for each in facts["parts"]):
        until = day_name(deadline(facts, sending))
        blocks += [
            Text("没有财务负责人的单位", "h2"),
            Text(f"请转告上列单位在 {facts['answer_days']} 个工作日内（{until}前）说明原因和安排，"
                 "可用附件《偏差说明表》。"),
        ]  # fmt: skip
    return Page(
        f"{facts['year']}年支出监控：{len(items)} 项待处理",
        counts(each["severity"] for each in items),
        f"{sending.name}：",
        [*blocks, *cards.changes(facts), Text(f"{sending.sender}　{day_name(sending.on)}")],
        "本邮件由预算执行监控系统生成。用 monitor warnings show 编号 可查每条预警的来历。",
    )


def _reminder(facts: Facts, sending: Sending) -> Page:
    items, soft = items_of(facts), is_soft_on(facts, sending.on)
    due = [each for each in items if each["stage"] == "deadline"]
    soon = [each for each in items if each["stage"] != "deadline"]
    blocks: list[Block] = []
    groups = (("已到说明期限，请尽快说明", due), ("即将到期，请按时说明", soon))
    for title, listed in groups:
        if listed:
            blocks.append(Text(f"{title}（{len(listed)} 项）", "h2"))
            blocks += _asked(listed, soft=soft)
    blocks.append(Text("请您办理", "h2"))
    last = max(date.fromisoformat(each["deadline"]) for each in items)
    blocks += _reply(soft=soft, until=last)
    return Page(
        f"{wording.units(items)}：{len(items)} 项预警尚未说明",
        counts(each["severity"] for each in items),
        f"{sending.name}：",
        [*blocks, *_closing(facts, sending, "联系方式")],
        "已经答复的，请忽略本邮件；财政部门登记答复后不再提醒。",
    )


def _asked(items: list[Item], *, soft: bool) -> list[Block]:
    """Warnings with the days on which was asked what."""
    names = (("told_on", "首次告知"), ("reminded_on", "提醒"), ("warned_on", "到期提醒"),
             ("deadline", "说明期限"))  # fmt: skip
    found: list[Block] = []
    for number, each in enumerate(items, 1):
        extra = [
            (name, day_name(date.fromisoformat(each[key])), key == "deadline")
            for key, name in names
            if each.get(key)
        ]
        found.append(cards.card(each, soft=soft, number=number, extra=extra))
    return found


def _reply(*, soft: bool, until: date) -> list[Block]:
    asked = f"请于 {day_name(until)} 前直接回复，或填写附件《偏差说明表》交回，"
    if soft:
        wanted = "逐项确认未支付余额的安排：可支付、申请调减、结转或结余收回。"
        return [Text(asked + wanted), Text(_NO_RUSH)]
    wanted = "逐项说明滞后原因、改进措施和预计完成时间。期满仍未说明的，将报上级负责人。"
    return [Text(asked + wanted)]


def _escalation(facts: Facts, sending: Sending) -> Page:
    items, soft = items_of(facts), is_soft_on(facts, sending.on)
    who = "、".join(dict.fromkeys(each["asked_of"] for each in items if each["asked_of"]))
    said = f"{wording.units(items)}下列 {len(items)} 项支出预警"
    asked = f"已发给财务负责人（{who}）" if who else "已经发出"
    blocks: list[Block] = [
        Text(f"{said}{asked}，期满仍未收到说明，现报请督促。"),
        *_asked(items, soft=soft),
        Text("请您督促", "h2"),
    ]  # fmt: skip
    if soft:
        blocks.append(Text("请督促有关单位尽快确认未支付余额的安排：可支付、申请调减、结转或结余收回；"
                           "不得为完成进度而支付。"))  # fmt: skip
    else:
        blocks.append(Text("请督促有关单位尽快说明滞后原因、改进措施和预计完成时间。"))
        if facts["next_step"]:
            blocks.append(Text(facts["next_step"]))
    return Page(
        f"{wording.units(items)}：{len(items)} 项预警逾期未说明",
        counts(each["severity"] for each in items),
        f"{sending.name}：",
        [*blocks, *_closing(facts, sending, "联系方式")],
        "单位说明原因后，不再上报。",
    )


def _ended(facts: Facts, sending: Sending) -> Page:
    changed = facts["changes"]
    done, gone = changed["resolved"], changed["withdrawn"]
    blocks: list[Block] = []
    if done:
        blocks += [
            Text("下列此前告知的预警，根据最新的支付数据已经消除，无需再作说明："),
            cards.resolved(done),
        ]
    if gone:
        blocks += cards.withdrawn(gone)
    name = wording.units([*done, *gone])
    counted = [f"{len(done)} 项预警已消除"] * bool(done) + [f"撤回 {len(gone)} 项预警"] * bool(gone)
    return Page(
        f"{name}：{'，'.join(counted)}",
        f"{facts['year']}年",
        f"{sending.name}：" if sending.name else "您好：",
        [*blocks, *_closing(facts, sending, "联系方式")],
    )


def _weekly(facts: Facts, sending: Sending) -> Page:
    blocks: list[Block] = [Text("未结的预警", "h2")]
    blocks.append(Table([(each["name"], each["words"], False) for each in facts["open"]])
                  if facts["open"] else Text("没有未结的预警。"))  # fmt: skip
    rows = [(name, f"{value} 条", False) for name, value in facts["week"]]
    blocks += [Text("本周变化", "h2"), Table(rows) if rows else Text("没有变化。")]
    blocks += [Text("逾期未说明", "h2"),
               Bullets(facts["unanswered"]) if facts["unanswered"] else Text("没有。")]  # fmt: skip
    data = facts["data"]
    waiting = f"{data['unmatched']} 笔，{yuan(data['unmatched_fen'])} 元"
    told: list[Block] = [Text("数据与邮件", "h2"), Table([("未匹配支付", waiting, False)])]
    told.append(Text("清单未到：" + ("；".join(data["missing"]) or "无。")))
    told.append(Text("退回或未送达的邮件：" + ("无。" if not data["parked"] else "")))
    if data["parked"]:
        told.append(Bullets(data["parked"]))
    return Page(
        f"{facts['year']}年预算执行监控周报",
        f"{facts['from']} 至 {facts['to']}",
        f"{sending.name}：",
        [*blocks, *told, Text(f"{sending.sender}　{day_name(sending.on)}")],
    )


def _receipt(facts: Facts, sending: Sending) -> Page:
    state = "未导入，内容没有任何改动" if facts["refused"] else "已处理"
    return Page(
        f"{facts['file']}：{'未导入' if facts['refused'] else '已导入'}",
        str(facts["outcome"]),
        f"{sending.name}：",
        [
            Text(f"放入收件夹的文件“{facts['file']}”{state}。"),
            Bullets([str(each) for each in facts["lines"]]),
            Text(f"{sending.sender}　{day_name(sending.on)}"),
        ],
    )


def _trouble(facts: Facts, sending: Sending) -> Page:
    refused = facts["mails"]
    blocks: list[Block] = [Text(f"下列 {len(refused)} 封邮件被拒收，已停止重发：")]
    for each in refused:
        who = f"{each['name']} {each['to']}".strip()
        blocks.append(Text(f"邮件 {each['id']}", "h3"))
        rows = [("收件人", who, False), ("标题", each["subject"], False)]
        blocks.append(Table([*rows, ("对方答复", each["words"], True)]))
    blocks.append(Text(
        "请核对 contacts.csv 中的邮箱，更正后用 monitor mail retry 编号 重发，或改用其他方式告知。"
    ))  # fmt: skip
    blocks.append(Text(f"{sending.sender}　{day_name(sending.on)}"))
    return Page(f"{len(refused)} 封邮件被对方服务器拒收", "", f"{sending.name}：", blocks)


_Maker = Callable[[Facts, Sending], Page]
_PAGES: Mapping[MailKind, _Maker] = {
    MailKind.DIGEST: _digest,
    MailKind.OFFICE: _office,
    MailKind.REMINDER: _reminder,
    MailKind.ESCALATION: _escalation,
    MailKind.RESOLVED: _ended,
    MailKind.WITHDRAWN: _ended,
    MailKind.WEEKLY: _weekly,
    MailKind.RECEIPT: _receipt,
    MailKind.TROUBLE: _trouble,
}
