"""`monitor payments import`: lists in, each with its receipt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.chinese import Command
from monitor.cli.common import (
    Month,
    each_file,
    end,
    open_app,
    paths_argument,
    strict_option,
    verbose_option,
    workspace_option,
)
from monitor.cli.outcomes_path import check_outcomes
from monitor.cli.output import say, tell
from monitor.cli.row_bar import row_bar
from monitor.errors import InputError, NotFound

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from monitor.bootstrap import App
    from monitor.ingest.import_payments import Options
    from monitor.ingest.payment_files import ListFile
    from monitor.ingest.payment_source import ListRows
    from monitor.ingest.profiles import Columns

_AWAITING = ("unmatched", "rejected", "conflict")
_SAMPLE = 2**18  # bytes, to estimate by how many rows a file has
_LAST_YEAR_UNTIL = 3  # the month until which last year's lists still come
_DRY_RUN = "试运行：下面是导入将有的结果，没有写入任何数据；去掉 --dry-run 才会导入。"


@click.command("import", cls=Command)
@paths_argument
@click.option(
    "--month",
    "months",
    metavar="月份",
    type=Month(),
    multiple=True,
    help="清单覆盖的月份，如 2025-03，可写多次；默认看标题、文件名和支付日期。",
)
@click.option(
    "--profile",
    "named",
    metavar="名称",
    help="套用已保存的清单方案，见 monitor payments profile。",
)
@click.option("--accept-total", is_flag=True, help="合计行与明细对不上也导入，并记录在案。")
@click.option("--dry-run", is_flag=True, help="试运行：显示会有什么结果，不写入任何数据。")
@click.option(
    "--outcomes",
    metavar="文件.csv",
    type=click.Path(dir_okay=False, path_type=Path),
    help="把每一行的结果写成可用 Excel 打开的 CSV；有几张清单时依次写成 -2、-3 等。",
)
@strict_option
@verbose_option
@workspace_option
@click.pass_context
def import_(
    ctx: click.Context,
    paths: tuple[Path, ...],
    months: tuple[str, ...],
    named: str | None,
    accept_total: bool,
    dry_run: bool,
    outcomes: Path | None,
    strict: bool,
    verbose: bool,
) -> None:
    """导入支付明细（.csv、.txt、.tsv、.xlsx、.xls、.html、.xml，或装着它们的文件夹、.zip）。

    每份清单要么整份导入，要么整份不导入；同一笔支付无论在几份清单里出现，只计一次。
    """
    from monitor.ingest.reader_program import Launcher

    launcher = ctx.with_resource(Launcher())
    launcher.make_ready(paths)  # while this program takes what it needs itself

    from monitor.ingest.import_payments import Options
    from monitor.store.engine import writing

    app = open_app(ctx)
    if outcomes is not None:
        check_outcomes(outcomes, paths)
    options = Options(months=months, accept_total=accept_total, dry_run=dry_run, launcher=launcher)
    columns = _columns(app, named)
    within: AbstractContextManager[Connection | None] = nullcontext()
    if dry_run:
        say(_DRY_RUN)
        within = writing(app.engine, bulk=True)  # the lists meet each other, and all is taken back
    with within as connection:
        work = _Imports(app, columns, replace(options, within=connection), outcomes, verbose)
        try:
            each_file(_listed(paths, columns), work.land, name=_name)
        finally:
            if connection is not None:
                connection.rollback()
                say("试运行结束，没有写入任何数据。")
    if not dry_run:
        _say_what_awaits(app, work.months)
    end(ctx, strict=strict, awaiting=work.awaiting)


def _say_what_awaits(app: App, months: Iterable[str]) -> None:
    """Lists of the year under way are to be judged: by the service, where one runs.

    Last year's belong to it while December's are still on their way; older ones are history.
    """
    now = app.now()
    watched = {app.today.year, app.today.year - (app.today.month <= _LAST_YEAR_UNTIL)}
    if not watched & {int(month[:4]) for month in months}:
        return
    from monitor.alerts import checking
    from monitor.store import heartbeats

    with app.reading() as connection:
        awaiting = [year for year in watched if checking.awaits(connection, year, app.today)]
        served = any(each.is_alive(now) for each in heartbeats.load(connection))
    if awaiting and served:
        say("监控服务会随即核查新到的支付。")
    elif awaiting:
        say("支付有新到的，请运行 monitor check 核查；监控服务（monitor run）运行时会自动核查。")


def _columns(app: App, named: str | None) -> Columns:
    from monitor.ingest.saved_profile import load_profile, with_profile

    settings = app.settings
    if named is None:
        return settings.columns
    return with_profile(settings.columns, load_profile(settings.folder, named))


def _listed(paths: Iterable[Path], columns: Columns) -> Iterator[ListFile | InputError]:
    """All lists in the paths; says first what it found. Raises NotFound where there is none."""
    from monitor.cli.reading import say_found
    from monitor.ingest.payment_files import ENDINGS, lists_in
    from monitor.ingest.sources import survey

    listed = list(dict.fromkeys(paths))
    found = survey(listed, ENDINGS)
    for each in found:
        say_found(each, ENDINGS)
    if not any(each.sizes for each in found):
        raise NotFound("没有可导入的支付明细。", "请检查文件夹。")
    lists = lists_in(listed, columns)
    while True:
        with row_bar("读取文件", None):
            each_list = next(lists, None)
        if each_list is None:
            return
        yield each_list


def _name(listed: ListFile | InputError) -> str:
    return "" if isinstance(listed, InputError) else listed.shown


@dataclass
class _Imports:
    """The lists of one call, one after the other; `months` are those that came in anew."""

    app: App
    columns: Columns
    options: Options
    outcomes: Path | None
    verbose: bool
    awaiting: list[str] = field(default_factory=list)
    months: set[str] = field(default_factory=set)
    _lists: int = 0

    def land(self, listed: ListFile | InputError) -> None:
        from monitor.reports.receipt_words import payment_lines, worth_telling

        if isinstance(listed, InputError):
            raise listed
        self._lists += 1
        target = self._target()
        with row_bar(f"导入 {listed.shown}", _about_rows(listed)) as done:
            options = replace(self.options, progress=done, inspect=self._inspect(target))
            try:
                receipt = self.app.land_payments(listed, options, self.columns)
            except KeyboardInterrupt:
                say(
                    f"已中止：{listed.shown} 这份清单不会只导入一部分。"
                    "再次导入即可，已导入的不会重复计。"
                )
                raise
        self.months.update(() if receipt.known else receipt.months)
        told = receipt.diagnostics if self.verbose else worth_telling(receipt.diagnostics)
        tell(told, verbose=self.verbose)
        for line in payment_lines(receipt, listed):
            say(line)
        if target is not None:
            if receipt.known and receipt.import_id is not None:
                self._write_again(target, listed, receipt.import_id)
            say(f"  已写入 {target}")
        if any(outcome in receipt.outcomes for outcome in _AWAITING):
            self.awaiting.append(listed.shown)

    def _write_again(self, target: Path, listed: ListFile, import_id: int) -> None:
        """The outcomes of an import of the same bytes, as they are on record."""
        from monitor.ingest.payment_source import open_list
        from monitor.reports.outcomes import write_outcomes

        rows = listed.rows or open_list(listed.content, listed.name, self.columns.forced)
        with self.app.reading() as connection:
            write_outcomes(target, connection, import_id, rows, self.app.settings.outside)

    def _target(self) -> Path | None:
        """Where the outcomes of this list go."""
        path = self.outcomes
        if path is None or self._lists == 1:
            return path
        return path.with_name(f"{path.stem}-{self._lists}{path.suffix}")

    def _inspect(self, target: Path | None) -> Callable[[Connection, int, ListRows], None] | None:
        if target is None:
            return None
        from monitor.reports.outcomes import write_outcomes

        def write(connection: Connection, import_id: int, rows: ListRows) -> None:
            write_outcomes(target, connection, import_id, rows, self.app.settings.outside)

        return write


def _about_rows(listed: ListFile) -> int | None:
    """How many rows a list has: counted, or by the length of its first lines."""
    if listed.rows is not None and listed.rows.rest is None:
        return len(listed.rows.head)
    if isinstance(listed.content, Path):
        size = listed.content.stat().st_size
        with listed.content.open("rb") as file:
            sample = file.read(_SAMPLE)
    else:
        size, sample = len(listed.content), listed.content[:_SAMPLE]
    lines = sample.count(b"\n")
    return size * lines // len(sample) if lines else None
