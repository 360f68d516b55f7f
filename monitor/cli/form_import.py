"""`monitor form import`: a filled 绩效填报表 comes back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.chinese import Command
from monitor.cli.common import Refused, open_app, workspace_option, year_option
from monitor.cli.form import form_rules
from monitor.cli.output import say, tell
from monitor.errors import InputError

if TYPE_CHECKING:
    from monitor.bootstrap import App
    from monitor.reports.forms.holding import Compared
    from monitor.reports.forms.landing import FormReceipt, Landing

_NEWS = {"new": "新增", "changed": "改动", "cleared": "收回", "unchanged": "不变"}
_LONGEST = 80


@click.command("import", cls=Command)
@click.argument(
    "file", metavar="文件", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@year_option
@click.option("--unit", metavar="单位编码", help="只收这个单位的填报表；是别的单位的则拒绝。")
@click.option("--author", metavar="姓名", default="", help="填报的人；默认为表中的填报人。")
@click.option("--yes", is_flag=True, help="显示差异后直接登记，不再询问。")
@workspace_option
@click.pass_context
def import_command(
    ctx: click.Context, file: Path, year: int | None, unit: str | None, author: str, yes: bool
) -> None:
    """收回单位填好的绩效填报表（.xlsx）：逐格检查，先显示与现有记录的差异，确认后登记。

    有一格不对就全部不登记；没有动过的格保留现登记；清空的格视为收回。同一份文件再次导入不作改动。
    """
    from monitor.reports.forms.landing import Landing

    app = open_app(ctx)
    landing = Landing(form_rules(app), app.settings.archive, author, year, unit)
    try:
        _import(app, file, landing, yes=yes)
    except InputError as error:
        tell(error.diagnostics)
        say(f"拒绝：{error}")
        raise Refused(1) from error


def _import(app: App, file: Path, landing: Landing, *, yes: bool) -> None:
    from monitor.reports.forms.landing import compare_form, land_form

    incoming = app.incoming(file)
    receipt = compare_form(app.engine, incoming, landing)
    _show(receipt)
    if not receipt.changes:
        return
    if not (yes or (sys.stdin.isatty() and click.confirm("登记以上内容？", err=True))):
        say("没有登记；核对无误后加 --yes 登记。")
        return
    landed = land_form(app.engine, incoming, receipt, landing)
    say(f"{landed.file}：已登记 {len(landed.changes)} 处，尚有 {landed.blank} 处待填。")
    if landed.round.period:
        say("指标完成情况有新到的，请运行 monitor check 核查；监控服务运行时会自动核查。")


def _show(receipt: FormReceipt) -> None:
    """The difference between the workbook and the record."""
    if receipt.known:
        say(f"{receipt.file}：以前已导入过，没有改动。")
        return
    tell(receipt.notes, verbose=True)
    counts = [
        f"{label} {sum(each.news == news for each in receipt.compared)}"
        for news, label in _NEWS.items()
    ]
    say(f"{receipt.file}（{receipt.round.words}）：{'，'.join(counts)}，待填 {receipt.blank}。")
    subject = ""
    for each in receipt.changes:
        if each.name != subject:
            subject = each.name
            say(f"  {subject}")
        say(f"    {_NEWS[each.news]}  {each.header}：{_words(each)}")
    if not receipt.changes:
        say("没有新的内容，没有改动。")


def _words(each: Compared) -> str:
    if not each.before:
        return _short(each.value)
    return f"{_short(each.before)} → {_short(each.value) or '（空白）'}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
