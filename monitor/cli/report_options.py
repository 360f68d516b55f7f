"""What the commands under `report` share: formats, the folder, and drafts of an open year."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from monitor.cli.output import say
from monitor.domain.codes import normalise_code
from monitor.errors import NotFound

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import Connection

    from monitor.bootstrap import App
    from monitor.reports.assessment.facts import ProjectFacts
    from monitor.reports.signed.frozen import Signed

F = TypeVar("F", bound=Callable[..., Any])

project_option = click.option("--project", metavar="项目编码", help="只写这个项目。")
provisional_option = click.option(
    "--provisional",
    is_flag=True,
    help="年度支付明细尚未到齐也起草，每页注明数据截至哪一天。",
)


def formats_option(*names: str) -> Callable[[F], F]:
    """`--format`, which may be given several times; the first name is the default."""
    return click.option(
        "--format",
        "formats",
        metavar="|".join(names),
        type=click.Choice(names),
        multiple=True,
        default=names[:1],
        help=f"文件格式，可写多次；不写为 {names[0]}。pdf 须先安装 monitor[pdf]。",
    )


def folder_option(layout: str) -> Callable[[F], F]:
    """`--out`, a folder; `layout` says in Chinese where in it the files go."""
    return click.option(
        "--out",
        metavar="文件夹",
        required=True,
        type=click.Path(file_okay=False, path_type=Path),
        help=f"写到哪个文件夹；其下按 {layout} 存放。",
    )


def wanted(formats: Sequence[str]) -> tuple[str, ...]:
    """The formats, each once. Raises MonitorError where one needs what is not installed."""
    if "pdf" in formats:
        from monitor.reports.paper.pdf import require_typst

        require_typst()
    return tuple(dict.fromkeys(formats))


def gather(
    app: App, year: int, as_of: date, unit: str | None, project: str | None = None
) -> list[ProjectFacts]:
    """The facts of the projects asked for. Raises NotFound for none."""
    from monitor.reports.assessment.gathering import project_facts

    with app.reading() as connection:
        return project_facts(
            connection,
            year=year,
            as_of=as_of,
            limits=app.settings.alerts.limits,
            unit_code=unit,
            project_code=normalise_code(project) if project else None,
            words=app.settings.funds,
            advice=app.settings.advice,
        )


def gather_year(
    app: App, year: int, as_of: date, unit: str | None, project: str | None = None
) -> tuple[list[Signed], list[ProjectFacts]]:
    """The units whose year is finalized, as they were signed, and the facts of all others.

    Says which reports are the signed ones. Raises NotFound where neither has what is asked for.
    """
    from monitor.reports.signed.frozen import signed

    with app.reading() as connection:
        frozen = signed(connection, year, unit)
    code = normalise_code(project) if project else None
    facts: list[ProjectFacts] = []
    try:
        facts = gather(app, year, as_of, unit, project)
    except NotFound:
        if not frozen:
            raise
    done = {each.unit_code for each in frozen}
    facts = [each for each in facts if each.standing.account.unit_code not in done]
    if code is not None and not facts:
        frozen = [each for each in frozen if code in each.frozen.projects]
        if not frozen:
            raise NotFound(
                f"{year} 年的定稿里没有项目 {code}。", "请用 monitor report compare 查看变化。"
            )
    elif code is not None:
        frozen = []
    for each in frozen:
        say(f"单位 {each.unit_code} 已于 {each.day} 定稿（校验码 {each.short}），写出的是定稿。")
    return frozen, facts


def tell_signed(connection: Connection, year: int, unit: str) -> None:
    """Where a unit's year is finalized, says that what is shown is of now."""
    from monitor.domain.sealing import short_seal
    from monitor.store import finalizations

    row = finalizations.of(connection, year, unit)
    if row is not None:
        seal = short_seal(row.digest)
        say(f"单位 {unit} 的 {year} 年已定稿（校验码 {seal}），这里是现在的数，不是定稿。")
