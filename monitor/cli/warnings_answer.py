"""`monitor warnings ack`, `reopen` and `import`: what units answer to warnings."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.chinese import Command, Group
from monitor.cli.common import Day, Refused, open_app, workspace_option, year_option
from monitor.cli.output import say, tell
from monitor.domain.answers import ANSWERS, CAUSES, YEAR_END_ANSWERS, in_words
from monitor.errors import InputError, UsageError

if TYPE_CHECKING:
    from monitor.alerts.answering import Answered
    from monitor.alerts.returning import AnswerReceipt
    from monitor.bootstrap import App

_IDS = click.argument("ids", metavar="编号...", nargs=-1, type=click.IntRange(1))
_NEWS = {"new": "新增", "changed": "改动", "unchanged": "不变"}


@click.command("ack", cls=Command)
@_IDS
@click.option(
    "--project", metavar="项目编码", default="", help="改为答复这个项目全部未消除的预警。"
)
@year_option
@click.option(
    "--cause",
    metavar="原因",
    required=True,
    type=click.Choice(list(CAUSES)),
    help=f"偏差原因：{'、'.join(CAUSES)}。",
)
@click.option("--text", metavar="文字", default="", help="情况说明；原因为“其他”时必填。")
@click.option(
    "--answer",
    metavar="意见",
    type=click.Choice([*ANSWERS, *YEAR_END_ANSWERS]),
    help=f"处理意见：{'、'.join(ANSWERS)}，不写为继续执行；"
    f"11 月起为{'、'.join(YEAR_END_ANSWERS)}，必填。",
)
@click.option("--measure", metavar="文字", default="", help="改进措施。")
@click.option(
    "--until",
    metavar="日期",
    type=Day(),
    help="承诺日期；继续执行或可支付的必填，到期仍未改善的再次预警。",
)
@click.option("--author", metavar="姓名", default="", help="作出说明的人；默认为经手人。")
@workspace_option
@click.pass_context
def ack(
    ctx: click.Context,
    ids: tuple[int, ...],
    project: str,
    year: int | None,
    cause: str,
    text: str,
    answer: str | None,
    measure: str,
    until: date | None,
    author: str,
) -> None:
    """登记单位对预警的说明：原因、处理意见和承诺日期；可一次写几个编号。

    原因在财政部门一方的（指标未下达、用款计划未批、库款调度）不必写意见和日期，也不再升级提醒。
    新的说明取代以前的，以前的仍在记录中。
    """
    from monitor.alerts.answering import acknowledge
    from monitor.domain.warning import Acknowledgement

    if bool(ids) == bool(project):
        raise UsageError("请写明预警编号，或用 --project 指明项目，两者取一。")
    app = open_app(ctx)
    at = app.now()
    reply = Acknowledgement(
        cause, text, answer or "", measure, until, author.strip() or app.actor, at, app.actor
    )
    is_soft = app.settings.alerts.is_soft
    answered = acknowledge(app.engine, reply, is_soft=is_soft, ids=ids, project=project, year=year)
    changed = [each for each in answered if each.news != "unchanged"]
    if not changed:
        say("所写的说明与已登记的相同，没有改动。")
        return
    say(f"已登记 {len(changed)} 条预警的说明：")
    for each in changed:
        say(f"  {_subject(each)}：{in_words(each.now)}")


@click.command("reopen", cls=Command)
@_IDS
@click.option("--reason", metavar="原因", required=True, help="为什么收回说明。")
@workspace_option
@click.pass_context
def reopen(ctx: click.Context, ids: tuple[int, ...], reason: str) -> None:
    """收回已登记的说明，预警回到待通知或已通知；收回的说明仍在记录中。"""
    from monitor.alerts.answering import reopen as take_back

    if not ids:
        raise UsageError("请写明预警编号。", "用 monitor warnings list 查看编号。")
    if not reason.strip():
        raise UsageError("收回说明须写明原因。", "请加 --reason。")
    app = open_app(ctx)
    taken = take_back(app.engine, ids, reason=reason.strip(), at=app.now(), actor=app.actor)
    say(f"已收回 {len(taken)} 条预警的说明：{'、'.join(str(each.id) for each in taken)}。")


@click.command("import", cls=Command)
@click.argument(
    "file", metavar="文件", type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--yes", is_flag=True, help="显示差异后直接登记，不再询问。")
@click.option("--author", metavar="姓名", default="", help="作出说明的人；默认为表中的填报人。")
@workspace_option
@click.pass_context
def import_(ctx: click.Context, file: Path, yes: bool, author: str) -> None:
    """收回单位填好的偏差说明表（.xlsx）：逐格检查，先显示与现有记录的差异，确认后登记。

    有一处不对就全部不登记；已消除、已转入后续核查或已撤回的预警只作提示，其余各行照常登记。
    同一份文件再次导入不作改动。
    """
    app = open_app(ctx)
    try:
        _import(app, file, yes=yes, author=author)
    except InputError as error:
        tell(error.diagnostics)
        say(f"拒绝：{error}")
        raise Refused(1) from error


def _import(app: App, file: Path, *, yes: bool, author: str) -> None:
    from monitor.alerts.returning import compare_answers, land_answers

    incoming = app.incoming(file)
    receipt = compare_answers(app.engine, incoming, author)
    _show(receipt)
    if not receipt.changes:
        return
    if not (yes or (sys.stdin.isatty() and click.confirm("登记以上说明？", err=True))):
        say("没有登记；核对无误后加 --yes 登记。")
        return
    folder = app.settings.archive
    landed = land_answers(app.engine, incoming, receipt, folder=folder, author=author)
    say(f"{landed.file}：已登记说明 {landed.changes} 条。")


def _show(receipt: AnswerReceipt) -> None:
    """The difference between the sheet and the record."""
    if receipt.known:
        say(f"{receipt.file}：以前已导入过，没有改动。")
        return
    tell(receipt.notes, verbose=True)
    counts = [
        f"{label} {sum(each.news == news for each in receipt.answered)}"
        for news, label in _NEWS.items()
    ]
    say(f"{receipt.file}：{'，'.join(counts)}，未填写 {receipt.blank}。")
    for each in receipt.answered:
        if each.news == "unchanged":
            continue
        say(f"  {_NEWS[each.news]}  {_subject(each)}（{each.now.author}）")
        if each.before is not None:
            say(f"    原：{in_words(each.before)}")
        say(f"    {'现' if each.before else '说明'}：{in_words(each.now)}")
    if not receipt.changes:
        say("没有新的说明，没有改动。")


def _subject(each: Answered) -> str:
    of = each.warning
    name = f"{of.project_code} {of.project_name}" if of.project_code else of.unit_name
    return f"预警 {of.id} {name.strip()}"


def register(group: Group) -> None:
    """Hangs the commands into `monitor warnings`."""
    for command in (ack, reopen, import_):
        group.add_command(command)
