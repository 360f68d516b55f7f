"""`monitor init` and `monitor database upgrade`."""

from __future__ import annotations

from pathlib import Path

import click

from monitor.cli.chinese import Command, Group
from monitor.cli.common import workspace_option
from monitor.cli.output import say


@click.command("init", cls=Command)
@click.argument(
    "folder", metavar="[文件夹]", default=".", type=click.Path(file_okay=False, path_type=Path)
)
def init_command(folder: Path) -> None:
    """建立工作区：设置、规则、联系人表、数据库和各文件夹。

    已有的文件一律不动；默认建在当前文件夹。
    """
    from monitor.bootstrap import make_workspace

    made = make_workspace(folder)
    if not made:
        say(f"{folder} 已经是工作区，没有改动。")
        return
    say(f"已在 {folder} 建立工作区：{'、'.join(path.name for path in made)}")
    say("下一步：在 contacts.csv 填各单位财务负责人，在 monitor.toml 填发信服务器，然后运行")
    say("  monitor targets import 绩效目标文本.txt")
    say("  monitor payments import 支付明细.csv")


@click.group("database", cls=Group)
def database_command() -> None:
    """数据库的维护。"""


@database_command.command("upgrade")
@workspace_option
@click.pass_context
def upgrade(ctx: click.Context) -> None:
    """把数据库升级到本程序需要的版本。"""
    from monitor import config
    from monitor.store import schema
    from monitor.store.engine import open_engine

    settings = config.load(config.find(ctx.find_root().obj))
    engine = open_engine(settings.database)
    before = schema.version(engine)
    schema.upgrade(engine)
    engine.dispose()
    if before == schema.HEAD:
        say(f"数据库已是版本 {schema.HEAD}，没有改动。")
    else:
        say(f"数据库已从 {before or '空库'} 升级到版本 {schema.HEAD}。")
