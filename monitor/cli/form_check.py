"""`monitor form check`: what contradicts itself in a filled self-assessment form."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.chinese import Command
from monitor.cli.common import YEAR, format_options, paths_argument, workspace_option
from monitor.cli.output import Column, code, emit, write
from monitor.errors import InputError, NotFound, Severity, WorkspaceError, system_words

if TYPE_CHECKING:
    from monitor.ingest.filled_form_reading import Checked
    from monitor.ingest.sources import Source
    from monitor.reports.assessment.scoring_settings import ScoringBook

_COLUMNS = (
    Column("file", "文件"),
    code("id", "编号"),
    Column("severity", "程度", lambda value: Severity(value).label),
    Column("place", "位置"),
    Column("line", "行", right=True),
    Column("text", "原文"),
    Column("meaning", "含义"),
    Column("advice", "办法"),
)


@click.command("check", cls=Command)
@paths_argument
@click.option("--year", metavar="年度", type=YEAR, help="自评表没有写明年度时按这一年；默认今年。")
@format_options
@workspace_option
@click.pass_context
def check_command(
    ctx: click.Context, paths: tuple[Path, ...], year: int | None, format_: str, out: Path | None
) -> None:
    """检查填好的绩效自评表（.docx、.xlsx、.txt 等）有无自相矛盾之处，逐处指明。

    只查不导入，没有工作区也能用。一个文件里可以有几张表。有错误或读不出的，以状态码 1 结束。
    """
    from monitor.bootstrap import china_now
    from monitor.cli.reading import ENDINGS, say_found
    from monitor.ingest.sources import sources, survey

    listed = list(dict.fromkeys(paths))
    found = survey(listed, ENDINGS)
    for each in found:
        say_found(each, ENDINGS)
    if not any(each.sizes for each in found):
        raise NotFound("没有可检查的自评表。", "请检查文件夹。")
    book = _book(ctx.find_root().obj)
    by_default = year or china_now().year
    checked = [_check(source, book, by_default) for source in sources(listed, ENDINGS)]
    if format_ == "table":
        write(_as_text(checked), out)
    else:
        emit([row for each in checked for row in _rows(each)], _COLUMNS, format_=format_, out=out)
    if any(_count(each, Severity.ERROR) for each in checked):
        ctx.exit(1)


def _book(folder: Path | None) -> ScoringBook:
    """The workspace's rule sets, where one is named or near; else those of the program."""
    from monitor import config
    from monitor.ingest.shipped import shipped
    from monitor.reports.assessment.scoring_settings import FOLDER, SHIPPED, read_scoring

    try:
        return config.load(config.find(folder)).scoring
    except WorkspaceError:
        if folder or os.environ.get("MONITOR_WORKSPACE"):
            raise
        names = {name: shipped(f"{FOLDER}/{name}.toml") for name in SHIPPED}
        return read_scoring({name: tomllib.loads(text) for name, text in names.items()})


def _check(source: Source, book: ScoringBook, year: int) -> Checked:
    from monitor.domain.form_kinds import NO_FORM
    from monitor.errors import Place
    from monitor.ingest.filled_form_reading import Checked, check_forms
    from monitor.ingest.readers.kinds import NOT_A_DOCUMENT

    try:
        return check_forms(source.read(), source.name, book.of, year=year)
    except InputError as error:
        wrong = error.diagnostics or (NO_FORM.at(Place(source.name)),)
    except OSError as error:
        why = f"不能读：{system_words(error)}。"
        wrong = (NOT_A_DOCUMENT.at(Place(source.name), why=why),)
    return Checked(source.name, (), wrong)


def _rows(checked: Checked) -> list[dict[str, Any]]:
    return [
        {
            "file": checked.file,
            "id": each.id,
            "severity": each.severity.value,
            "place": each.place.spot,
            "line": each.place.line,
            "text": each.text,
            "meaning": each.meaning,
            "advice": each.advice,
        }
        for each in checked.diagnostics
    ]


def _as_text(checked: list[Checked]) -> str:
    lines = [line for each in checked for line in (*map(str, each.diagnostics), _summary(each))]
    if len(checked) > 1:
        counts = "、".join(
            f"{sum(_count(each, severity) for each in checked)} 个{severity.label}"
            for severity in Severity
        )
        forms = sum(len(each.forms) for each in checked)
        lines.append(f"共 {len(checked)} 个文件，{forms} 张自评表，{counts}。")
    return "\n".join(lines) + "\n"


def _summary(checked: Checked) -> str:
    counts = "、".join(f"{_count(checked, each)} 个{each.label}" for each in Severity)
    if not checked.forms:
        return f"{checked.file}：没有读出自评表，{counts}。"
    names = "、".join(form.title or "（没有项目名称）" for form in checked.forms[:3])
    more = " 等" if len(checked.forms) > 3 else ""
    clean = "没有矛盾之处" if not checked.diagnostics else counts
    return f"{checked.file}：{len(checked.forms)} 张自评表（{names}{more}），{clean}。"


def _count(checked: Checked, severity: Severity) -> int:
    return sum(1 for each in checked.diagnostics if each.severity is severity)
