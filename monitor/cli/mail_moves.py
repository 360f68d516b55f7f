"""`monitor mail hold|release|retry|test`: what a person decides about mails."""

from __future__ import annotations

import click

from monitor.cli.chinese import Command, Group
from monitor.cli.common import open_app, workspace_option
from monitor.cli.output import say
from monitor.errors import MonitorError, NotFound, UsageError

_unit = click.option("--unit", metavar="单位编码", help="这个预算单位的邮件，写六位单位编码。")
_all = click.option("--all", "everything", is_flag=True, help="所有单位的邮件。")


def _one_of(ctx: click.Context, unit: object, everything: bool, name: str) -> None:
    if (unit is None) == (not everything):
        raise UsageError(f"请写明 {name} 或 --all，只写一个。", f"见 {ctx.command_path} --help。")


@click.command("hold", cls=Command)
@_unit
@_all
@workspace_option
@click.pass_context
def hold(ctx: click.Context, unit: str | None, everything: bool) -> None:
    """暂缓还没有发出的邮件：到时间也不发，直到放行。"""
    from monitor.store import outbox
    from monitor.store.engine import writing

    _one_of(ctx, unit, everything, "--unit")
    with writing(open_app(ctx).engine) as connection:
        held = outbox.hold(connection, unit=unit)
    say(f"已暂缓 {held} 封。用 monitor mail release 放行。")


@click.command("release", cls=Command)
@_unit
@_all
@workspace_option
@click.pass_context
def release(ctx: click.Context, unit: str | None, everything: bool) -> None:
    """放行暂缓和待放行的邮件：服务在下一个发信时间发出，monitor notify 立即发出。"""
    from monitor.store import outbox
    from monitor.store.engine import writing

    _one_of(ctx, unit, everything, "--unit")
    app = open_app(ctx)
    with writing(app.engine) as connection:
        released = outbox.release(connection, at=app.now(), unit=unit)
    say(f"已放行 {released} 封。")


@click.command("retry", cls=Command)
@click.argument("number", metavar="[编号]", required=False, type=click.IntRange(min=1))
@_all
@workspace_option
@click.pass_context
def retry(ctx: click.Context, number: int | None, everything: bool) -> None:
    """被拒收的邮件改为待发，待发的不再等待；之后由服务或 monitor notify 发出。"""
    from monitor.store import outbox
    from monitor.store.engine import writing

    _one_of(ctx, number, everything, "编号")
    app = open_app(ctx)
    with writing(app.engine) as connection:
        again = outbox.retry(connection, at=app.now(), mail_id=number)
    if number is not None and not again:
        raise NotFound(
            f"没有编号为 {number} 的被拒收或待发的邮件。", "用 monitor mail list 查看各邮件的状态。"
        )
    say(f"改为待发 {again} 封。")


@click.command("test", cls=Command)
@click.option("--to", "address", metavar="邮箱", required=True, help="收件人的邮箱地址。")
@workspace_option
@click.pass_context
def test(ctx: click.Context, address: str) -> None:
    """立即发一封试验邮件，说出服务器的答复；不记入发件箱。"""
    from monitor.alerts.smtp import SendError, is_address

    if not is_address(address):
        raise UsageError(f"“{address}”不是可用的邮箱地址。", "应如 name@example.gov.cn。")
    app = open_app(ctx)
    server = app.settings.mail
    where = f"{server.host}:{server.port}" if server else str(app.settings.outbox)
    try:
        words = app.send_trial(address)
    except SendError as error:
        again = "稍后可以再试" if error.temporary else "再试也不会成功"
        raise MonitorError(
            f"试验邮件没有发出：{error.words}（{again}）。",
            "请检查 monitor.toml 的 [mail] 和收件人地址。",
        ) from None
    if server is None:
        say(f"没有配置发信服务器，试验邮件写成了文件：{words}")
    else:
        say(f"服务器 {where} 收下了给 {address} 的试验邮件：{words}")


def register(group: Group) -> None:
    """Hangs the commands into `monitor mail`."""
    for command in (hold, release, retry, test):
        group.add_command(command)
