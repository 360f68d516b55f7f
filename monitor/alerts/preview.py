"""What waits in the outbox as a workbook, so that a person can look before it goes."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter
from sqlalchemy import Connection

from monitor.alerts import wording
from monitor.alerts.mail_facts import Item, items_of
from monitor.domain.calendar import CHINA
from monitor.domain.money import percent
from monitor.domain.progress import Grade
from monitor.domain.warning import MailKind, MailState
from monitor.files import write_whole
from monitor.store import open_mails
from monitor.store.open_mails import Waiting

KINDS = {
    MailKind.DIGEST: "预警",
    MailKind.OFFICE: "财政待办",
    MailKind.REMINDER: "提醒",
    MailKind.ESCALATION: "上报",
    MailKind.RESOLVED: "消除通知",
    MailKind.WITHDRAWN: "撤回通知",
    MailKind.WEEKLY: "周报",
    MailKind.RECEIPT: "导入回执",
    MailKind.TROUBLE: "退信",
}
"""What each kind of mail is called."""
_STATES = {MailState.PREPARED: "待放行", MailState.HELD: "已拦下", MailState.WAITING: "待发"}
_ENDED = {"fallen": "程度下降", "resolved": "已消除", "withdrawn": "撤回"}
_MAILS = (("编号", 8), ("收件人", 12), ("邮箱", 28), ("类型", 10), ("标题", 56), ("状态", 10),
          ("放行时间", 18), ("预警数", 8))  # fmt: skip
_ITEMS = (("邮件编号", 8), ("收件人", 12), ("邮箱", 28), ("事由", 10), ("单位", 20),
          ("项目编码", 24), ("项目名称", 36), ("规则", 10), ("程度", 8), ("时点", 8),
          ("预算数（元）", 16), ("应支付（元）", 16), ("已支付（元）", 16), ("差额（元）", 16),
          ("滞后", 10), ("还需支付（元）", 16), ("疑点", 44), ("说明", 50))  # fmt: skip
_Cell = str | int | Decimal | None


def write(connection: Connection, path: Path) -> int:
    """Writes the mails that no sender has yet, and every warning that they tell; how many mails.

    Raises OSError, which names the file.
    """
    waiting = open_mails.load(connection)
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        _fill(book, "邮件", _MAILS, [_mail(each) for each in waiting])
        _fill(book, "逐项", _ITEMS, [row for each in waiting for row in _items(each)])
    write_whole(path, target.getvalue())
    return len(waiting)


def _mail(mail: Waiting) -> list[_Cell]:
    return [
        mail.mail.id,
        mail.name,
        mail.recipient,
        KINDS[mail.kind],
        mail.subject,
        _STATES[mail.mail.state],
        _moment(mail.mail.release_at),
        len(items_of(mail.facts)),
    ]


def _moment(at: datetime | None) -> str:
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if at else "等人放行"


def _items(mail: Waiting) -> Iterator[list[_Cell]]:
    for item in items_of(mail.facts):
        yield _item(mail, KINDS[mail.kind], item)
    for name, words in _ENDED.items():
        for item in mail.facts.get("changes", {}).get(name, ()):
            yield _item(mail, words, item)


def _item(mail: Waiting, why: str, item: Item) -> list[_Cell]:
    figures = item["figures"]
    amounts = (figures.get(f"{name}_fen") for name in ("budget", "due", "paid", "gap"))
    lag = figures.get("lag_bp")
    return [
        mail.mail.id,
        mail.name,
        mail.recipient,
        why,
        f"{item['unit_code']} {item['unit_name']}".strip(),
        item["project_code"],
        item["project_name"],
        item["rule_name"],
        Grade(item["severity"]).label,
        wording.period(item["period"]),
        *map(_yuan, amounts),
        percent(lag) if lag is not None else None,
        _yuan(figures.get("needed_fen")),
        "\n".join(wording.doubts(item)),
        "\n".join([*item["details"], item.get("reason", "")]).strip(),
    ]


def _yuan(fen: int | None) -> Decimal | None:
    return None if fen is None else Decimal(fen).scaleb(-2)


def _fill(
    book: Any, name: str, columns: Sequence[tuple[str, int]], rows: Sequence[Sequence[_Cell]]
) -> None:
    sheet = book.add_worksheet(name)
    head = book.add_format({"bold": True, "bg_color": "#D9E2F3", "border": 1})
    text = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    money = book.add_format({"num_format": "#,##0.00", "valign": "top"})
    plain = book.add_format({"valign": "top"})
    for column, (title, width) in enumerate(columns):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, head)
    for number, row in enumerate(rows, 1):
        for column, cell in enumerate(row):
            if isinstance(cell, Decimal):
                sheet.write_number(number, column, cell, money)
            elif isinstance(cell, int):
                sheet.write_number(number, column, cell, plain)
            elif cell:
                sheet.write_string(number, column, _clean(cell), text)
    sheet.freeze_panes(1, 3)
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)


def _clean(text: str) -> str:
    return "".join(c if c.isprintable() or c == "\n" else " " for c in text)
