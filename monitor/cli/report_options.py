"""What the commands under `report` share: formats, the folder, and drafts of an open year."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from monitor.domain.codes import normalise_code

if TYPE_CHECKING:
    from datetime import date

    from monitor.bootstrap import App
    from monitor.reports.facts import ProjectFacts

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
        from monitor.reports.paper_pdf import require_typst

        require_typst()
    return tuple(dict.fromkeys(formats))


def gather(
    app: App, year: int, as_of: date, unit: str | None, project: str | None = None
) -> list[ProjectFacts]:
    """The facts of the projects asked for. Raises NotFound for none."""
    from monitor.reports.gathering import project_facts

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
