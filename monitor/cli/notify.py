"""`monitor notify`: what is untold leaves now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.chinese import Command
from monitor.cli.common import end, open_app, strict_option, workspace_option
from monitor.cli.output import say, tell

if TYPE_CHECKING:
    from monitor.alerts.notifying import NotifyOutcome


@click.command("notify", cls=Command)
@click.option(
    "--letters",
    metavar="文件夹",
    type=click.Path(file_okay=False, path_type=Path),
    help="不发邮件，每个单位写一份提醒函（.docx）和一行可粘贴到聊天软件的文字，放进这个文件夹。",
)
@strict_option
@workspace_option
@click.pass_context
def notify_command(ctx: click.Context, letters: Path | None, strict: bool) -> None:
    """把尚未通知的预警立即发出，每人一封，不等放行和发信时间；暂缓的不发，发过的不再发。

    没有配置发信服务器时，邮件写成 .eml 文件放进 outbox/。
    """
    app = open_app(ctx)
    if letters is not None:
        _write_letters(app.write_letters(letters), letters)
        return
    outcome = app.notify()
    tell(outcome.diagnostics, verbose=True)
    _say_deliveries(outcome, into=None if app.settings.mail else app.settings.outbox)
    untold = outcome.waiting or outcome.failed or outcome.undelivered
    end(ctx, strict=strict, awaiting=untold or outcome.diagnostics)


def _write_letters(files: list[Path], folder: Path) -> None:
    if not files:
        say("没有需要通知的预警。")
        return
    say(f"已写入 {folder}，{len(files)} 个文件，文号和印章留空：")
    for file in files:
        say(f"  {file.name}")


def _say_deliveries(outcome: NotifyOutcome, *, into: Path | None) -> None:
    if outcome.sent:
        done = f"写入 {into}" if into else "发出"
        say(f"已{done} {len(outcome.sent)} 封：")
        for mail in outcome.sent:
            say(f"  {mail.recipient}：{mail.subject}")
    groups = (("暂时发不出，下次再试", outcome.waiting), ("被拒收，不再重试", outcome.failed))
    for label, mails in groups:
        for mail in mails:
            say(f"{label}：{mail.recipient}：{mail.subject}（{mail.words}）")
    for mail in outcome.cancelled:
        say(f"情况已变，不再发送：{mail.recipient}：{mail.subject}")
    if outcome.undelivered:
        say(
            f"有 {outcome.undelivered} 条预警还没有送到：邮件被暂缓、被拒收，或正由别的程序发送，"
            "用 monitor mail list 查看。"
        )
    told = outcome.sent or outcome.undelivered or any(mails for _, mails in groups)
    if not (told or outcome.diagnostics):  # a diagnostic says what could not be told
        say("没有需要通知的预警。")
