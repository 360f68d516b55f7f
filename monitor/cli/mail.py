"""`monitor mail …`: what became of the mails, and what a person decides about them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.chinese import Group
from monitor.cli.common import (
    end,
    format_options,
    open_app,
    strict_option,
    unit_option,
    workspace_option,
)
from monitor.cli.mail_moves import register
from monitor.cli.output import Column, emit, moment, say, write
from monitor.cli.warning_labels import PURPOSES
from monitor.domain.warning import MailState
from monitor.errors import NotFound

if TYPE_CHECKING:
    from email.message import EmailMessage

    from monitor.bootstrap import App
    from monitor.store.leases import Mail

STATES = {state.value: state.label for state in MailState}
KINDS = {
    "digest": "预警",
    "office": "财政部门预警",
    "reminder": "催办",
    "escalation": "上报",
    "resolved": "消除通知",
    "withdrawn": "撤回通知",
    "weekly": "每周汇总",
    "receipt": "导入回执",
    "trouble": "拒收通知",
}


@click.group("mail", cls=Group)
def mail_command() -> None:
    """预警邮件的去向。"""


_MAILS = (
    Column("id", "编号", right=True),
    Column("kind", "种类", lambda kind: KINDS[kind], fixed=True),
    Column("to", "收件人"),
    Column("subject", "标题"),
    Column("state", "状态", lambda state: STATES[state], fixed=True),
    Column("attempts", "次数", right=True),
    moment("created_at", "写成时间"),
    moment("release_at", "放行时间"),
    moment("due_at", "下次发送"),
    moment("sent_at", "发出时间"),
    Column("error", "对方答复"),
)


@mail_command.command("list")
@unit_option
@click.option(
    "--state", metavar="状态", type=click.Choice(list(STATES)), help="只看这个状态，英文名见手册。"
)
@click.option(
    "--kind", metavar="种类", type=click.Choice(list(KINDS)), help="只看这个种类，英文名见手册。"
)
@strict_option
@format_options
@workspace_option
@click.pass_context
def list_(
    ctx: click.Context,
    unit: str | None,
    state: str | None,
    kind: str | None,
    strict: bool,
    format_: str,
    out: Path | None,
) -> None:
    """列出已写成的邮件：发给谁、什么时候放行、发出没有、对方怎么说。"""
    from monitor.store import outbox

    with open_app(ctx).reading() as connection:
        rows = outbox.rows(connection, unit=unit, state=state, kind=kind)
    emit(rows, _MAILS, format_=format_, out=out)
    counts = "，".join(
        f"{label} {count}"
        for name, label in STATES.items()
        if (count := sum(row["state"] == name for row in rows))
    )
    say(f"邮件 {len(rows)} 封{'：' if counts else ''}{counts}。")
    end(ctx, strict=strict, awaiting=[row for row in rows if row["state"] == "failed"])


@mail_command.command("show")
@click.argument("number", metavar="编号", type=click.IntRange(min=1))
@click.option(
    "--format", "format_", metavar="text|json|eml", type=click.Choice(["text", "json", "eml"]),
    default="text", show_default=True, help="输出形式：文字、JSON 或邮件原文。",
)  # fmt: skip
@click.option(
    "--out", metavar="文件", type=click.Path(dir_okay=False, path_type=Path), help="写入文件。"
)
@workspace_option
@click.pass_context
def show(ctx: click.Context, number: int, format_: str, out: Path | None) -> None:
    """一封邮件的去向、所通知的预警和正文；还没有发过的，按现在发出的样子显示。"""
    import json

    from monitor.files import write_whole

    app = open_app(ctx)
    mail, row = _found(app, number)
    message = _message(app, mail)
    if format_ == "eml":
        content = message.as_bytes()
        if out is None:
            write(content.decode("utf-8", "replace"), None)
            return
        write_whole(out, content)
        say(f"已写入 {out}")
        return
    row |= {"from": str(message["From"]), "date": str(message["Date"])}
    row |= {"text": _text(message), "attachments": _attachments(message)}
    if format_ == "json":
        write(json.dumps(row, ensure_ascii=False, indent=1) + "\n", out)
        return
    write(_as_text(row), out)


def _found(app: App, number: int) -> tuple[Mail, dict[str, Any]]:
    from monitor.store import leases, outbox

    with app.reading() as connection:
        mail = leases.load(connection, number)
        if mail is None:
            raise NotFound(f"没有编号为 {number} 的邮件。", "用 monitor mail list 查看。")
        [row] = outbox.rows(connection, ids=[number])
        return mail, row | {"tells": outbox.told_by(connection, number)}


def _message(app: App, mail: Mail) -> EmailMessage:
    from email import message_from_bytes, policy

    content = app.desk().render(mail).as_bytes() if mail.content is None else mail.content
    return message_from_bytes(content, policy=policy.SMTP)


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    return "" if body is None else str(body.get_content()).replace("\r\n", "\n")


def _attachments(message: EmailMessage) -> list[str]:
    return [each.get_filename() or "" for each in message.iter_attachments()]


def _as_text(row: dict[str, Any]) -> str:
    lines = [
        f"邮件 {row['id']}（{KINDS[row['kind']]}）：{STATES[row['state']]}",
        f"尝试次数：{row['attempts']}",
        f"收件人：{row['to']}",
        f"发件人：{row['from']}",
        f"标题：{row['subject']}",
        f"编号：{row['message_id']}",
        f"写成：{row['created_at']}",
    ]
    times = (("放行", "release_at"), ("下次发送", "due_at"), ("发出", "sent_at"))
    lines += [f"{label}：{row[key]}" for label, key in times if row[key]]
    if row["error"]:
        lines.append(f"对方答复：{row['error']}")
    if row["attachments"]:
        lines.append(f"附件：{'、'.join(row['attachments'])}")
    lines += [
        f"通知：预警 {told['warning_id']}（{told['rule']} {told['subject']}），"
        f"{PURPOSES[told['purpose']]}"
        for told in row["tells"]
    ]
    return "\n".join([*lines, "", row["text"].rstrip("\n"), ""])


@mail_command.command("preview")
@click.option(
    "--out", metavar="文件", required=True, type=click.Path(dir_okay=False, path_type=Path),
    help="写成的工作簿（.xlsx）。",
)  # fmt: skip
@workspace_option
@click.pass_context
def preview(ctx: click.Context, out: Path) -> None:
    """发出之前先看：把待放行、暂缓和待发的邮件逐条列成工作簿（收件人、项目、数字、疑点）。"""
    from monitor.alerts.preview import write as write_preview

    with open_app(ctx).reading() as connection:
        mails = write_preview(connection, out)
    say(f"已写入 {out}，邮件 {mails} 封。")


register(mail_command)
