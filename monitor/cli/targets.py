"""`monitor targets …`: target documents in; what is done with them is in targets_*.py."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli import (
    targets_adjust,
    targets_check,
    targets_history,
    targets_retire,
    targets_review,
    targets_view,
)
from monitor.cli.chinese import Group
from monitor.cli.common import (
    YEAR,
    Day,
    each_file,
    end,
    open_app,
    paths_argument,
    strict_option,
    verbose_option,
    workspace_option,
)
from monitor.cli.output import say, tell
from monitor.errors import UsageError, has_errors

if TYPE_CHECKING:
    from monitor.ingest.reading_pool import Read


@click.group("targets", cls=Group)
def targets_command() -> None:
    """绩效目标文本：导入、检查、查看、导出。"""


@targets_command.command("import")
@paths_argument
@click.option(
    "--year",
    metavar="年度",
    type=YEAR,
    help="文本的预算年度；不写则由项目编码推定，推不定就拒绝。",
)
@click.option("--all-or-nothing", is_flag=True, help="有一个项目读不准，整份文本都不导入。")
@click.option("--dry-run", is_flag=True, help="试运行：显示会有什么变化，不写入任何数据。")
@click.option(
    "--effective",
    metavar="日期",
    type=Day(),
    help="修订是年中调整，自这一天起生效；须同时写明 --document。不写则为勘误，自年初起有效。",
)
@click.option("--document", metavar="文号", default="", help="批准调整的文号。")
@strict_option
@verbose_option
@workspace_option
@click.pass_context
def import_(
    ctx: click.Context,
    paths: tuple[Path, ...],
    year: int | None,
    all_or_nothing: bool,
    dry_run: bool,
    effective: date | None,
    document: str,
    strict: bool,
    verbose: bool,
) -> None:
    """导入绩效目标文本（.docx、.doc、.xlsx、.xls、.html、.pdf、.txt）。

    文件夹连同下级文件夹、压缩包（.zip）里的文本一并导入。
    读不准的项目不导入并说明原因，其余照常导入；同一文本再次导入不会改变任何数据。
    """
    from monitor.cli.reading import read_documents
    from monitor.ingest.importing import Incoming
    from monitor.reports.receipt_words import target_lines

    if (effective is None) != (not document.strip()):
        raise UsageError("--effective 和 --document 须一同写明：", "调整自哪一天起、依据哪个文号。")
    app = open_app(ctx)
    awaiting = []

    def land(read: Read) -> None:
        if read.failure:
            raise read.failure
        receipt = app.targets.land(
            Incoming(read.name, read.data, app.now(), app.actor),
            read.reading,
            all_or_nothing=all_or_nothing,
            effective=effective,
            document=document.strip(),
            dry_run=dry_run,
        )
        tell(receipt.diagnostics, verbose=verbose)
        for line in target_lines(receipt):
            say(line)
        if has_errors(receipt.diagnostics):
            awaiting.append(read.name)

    documents = read_documents(paths, year=year, labels=app.settings.labels)
    each_file(documents, land, name=lambda read: read.name)
    end(ctx, strict=strict, awaiting=awaiting)


for _command in (
    targets_check.check,
    *targets_view.COMMANDS,
    targets_adjust.adjust,
    targets_history.history,
    targets_retire.retire,
    targets_review.plan_review,
):
    targets_command.add_command(_command)
