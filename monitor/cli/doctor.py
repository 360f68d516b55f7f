"""`monitor doctor`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.chinese import Command
from monitor.cli.common import format_options, open_app, workspace_option
from monitor.cli.output import Column, emit, say
from monitor.cli.row_bar import row_bar

if TYPE_CHECKING:
    from monitor.reports.soundness import Finding

_STATES = {"ok": "正常", "broken": "有误", "note": "提示"}
_COLUMNS = (
    Column("check", "检查", fixed=True),
    Column("state", "结果", _STATES.__getitem__, fixed=True),
    Column("text", "说明"),
)


@click.command("doctor", cls=Command)
@click.option(
    "--repair-sums", is_flag=True, help="月度合计与支付明细不符时，按支付明细重算（别的不改）。"
)
@format_options
@workspace_option
@click.pass_context
def doctor_command(ctx: click.Context, repair_sums: bool, format_: str, out: Path | None) -> None:
    """检查数据库和原始文件是否完好：合计、回执、匹配记录、校验和。

    只检查，不改动。有损坏时以状态码 1 结束；待匹配、拒收、缺联系人等只作提示。
    """
    from monitor.reports.soundness import Finding, awaiting, examine
    from monitor.store.engine import writing
    from monitor.store.soundness import rebuild_sums

    app = open_app(ctx)
    if repair_sums:
        with row_bar("重算月度合计", None), writing(app.engine) as connection:
            mended = rebuild_sums(connection)
        say(f"已按支付明细重算 {mended} 处月度合计。" if mended else "月度合计无须重算。")
    with row_bar("检查", None), app.reading() as connection:
        found = list(examine(connection, app.settings.archive))
        broken = any(each.is_broken for each in found)
        if not broken:
            found += awaiting(connection)
    if not broken:
        found += [
            Finding("联系人", "note", f"{code} {name} 没有财务负责人")
            for code, name in app.units_without_lead()
        ]
    rows = [{"check": each.check, "state": each.state, "text": each.text} for each in found]
    emit(rows, _COLUMNS, format_=format_, out=out)
    say(_advice(found) if broken else "数据库和原始文件完好。")
    ctx.exit(1 if broken else 0)


def _advice(found: list[Finding]) -> str:
    wrong = [each.check for each in found if each.is_broken]
    if set(wrong) == {"月度合计"}:
        return "月度合计由支付明细推出：请用 monitor doctor --repair-sums 重算。"
    return f"有 {len(wrong)} 处损坏，见上。请先停止导入，用备份恢复数据库或原始文件。"
