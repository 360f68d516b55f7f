"""`monitor demo`: the whole main job on a made-up county, a year in a minute."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.chinese import Command
from monitor.cli.demo_reports import UNIT
from monitor.cli.output import say
from monitor.domain.calendar import CHINA, checkpoint_name
from monitor.errors import WorkspaceError

if TYPE_CHECKING:
    from monitor.bootstrap import App

YEAR = 2025
_STAGES = (
    (date(2025, 3, 31), range(1, 4), datetime(2025, 4, 8, 9, tzinfo=CHINA)),
    (date(2025, 6, 30), range(4, 7), datetime(2025, 7, 8, 9, tzinfo=CHINA)),
    (date(2025, 10, 31), range(7, 11), datetime(2025, 11, 7, 9, tzinfo=CHINA)),
    (date(2025, 12, 31), range(11, 13), datetime(2026, 1, 8, 9, tzinfo=CHINA)),
)
"""Checkpoint, the months whose lists arrive for it, and the day on which the office works."""

_ANSWERED, _FOLLOWED_UNTIL = date(YEAR, 7, 11), date(YEAR, 7, 25)
_SILENT = "322001"
"""The unit whose lead answers nothing; the county has written down whom it answers to."""
_REPLIES = (
    ("政府采购/招标周期", "招标公告已发布，合同签订后按进度支付。", date(YEAR, 9, 30)),
    ("资料/验收未完成", "已完工，正在整理验收资料。", date(YEAR, 8, 29)),
    ("上级资金到位晚", "上级资金 6 月底到账，正在办理用款申请。", date(YEAR, 9, 30)),
    ("指标未下达", "追加的指标尚未收到。", None),
)

_OUTSIDE = """
# 云溪县：编码第 9 位为 R 的是人员类，为 Y 的是公用经费，都是基本支出，没有绩效目标。
[[rules]]
id = "county"
text = "人员类、公用经费类编码"
code_prefix = ["13069825R", "13069825Y"]
"""


@click.command("demo", cls=Command)
@click.argument(
    "folder", metavar="[文件夹]", default="demo", type=click.Path(file_okay=False, path_type=Path)
)
@click.pass_context
def demo_command(ctx: click.Context, folder: Path) -> None:
    """生成一个虚构的县，把主要工作从头到尾做一遍。

    单位、项目、支付全是虚构的，每次生成的内容完全相同；默认写到 demo 文件夹。
    """
    if folder.exists() and any(folder.iterdir()):
        raise WorkspaceError(f"{folder} 里已有文件，没有改动。", "请删去它，或换一个文件夹。")
    sample = folder / "sample"
    _set_up(folder, sample)
    for checkpoint, months, at in _STAGES:
        app = _app_at(folder, at)
        if checkpoint == _STAGES[0][0]:
            _import_targets(app, sample)
        _quarter(app, sample, checkpoint, months)
        if checkpoint.month == 6:
            _follow_up(app)
        app.engine.dispose()
    app = _app_at(folder, _STAGES[-1][2])
    ctx.call_on_close(app.engine.dispose)
    _show_progress(app)
    _write_reports(app, folder)
    _what_now(folder)


def _app_at(folder: Path, at: datetime) -> App:
    """The workspace with the clock stopped: the same demo on every day and machine."""
    from monitor import bootstrap

    return bootstrap.open_workspace(folder, now=lambda: at, actor="示例")


def _set_up(folder: Path, sample: Path) -> None:
    from monitor.bootstrap import make_workspace
    from monitor.demo.county import generate
    from monitor.demo.units import COUNTY

    county = generate(sample, year=YEAR)
    say(
        f"已生成虚构的{COUNTY}：12 个单位的绩效目标文本（{len(county.projects)} 个项目），"
        f"12 份支付明细（{county.rows} 行，多数是不属监控范围的基本支出）。"
    )
    make_workspace(folder)
    settings = folder / "monitor.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('office = ""', f'office = "{COUNTY}财政局"'), encoding="utf-8")
    (folder / "contacts.csv").write_bytes((sample / "contacts.csv").read_bytes())
    outside = folder / "rules" / "outside.toml"
    outside.write_text(outside.read_text(encoding="utf-8") + _OUTSIDE, encoding="utf-8")


def _import_targets(app: App, sample: Path) -> None:
    projects = indicators = 0
    for path in sorted((sample / "targets").iterdir()):
        document = app.targets.import_file(path, year=YEAR).document
        projects += len(document.projects)
        indicators += sum(len(project.indicators) for project in document.projects)
    say(f"已导入绩效目标文本 12 份：{projects} 个项目，{indicators} 条指标。")


def _quarter(app: App, sample: Path, checkpoint: date, months: Iterable[int]) -> None:
    from monitor.cli.alerts import summary
    from monitor.ingest.import_payments import OUTCOMES

    rows: dict[str, int] = {}
    listed = list(months)
    for month in listed:
        receipt = app.import_payments(sample / "payments" / f"{YEAR}-{month:02d}.csv")
        for name, (count, _) in receipt.outcomes.items():
            rows[name] = rows.get(name, 0) + count
    told = "，".join(f"{OUTCOMES[name]} {rows[name]}" for name in OUTCOMES if name in rows)
    say(f"已导入 {listed[0]}—{listed[-1]} 月支付明细：{told}。")
    outcome = app.check(as_of=checkpoint)
    sent = app.notify().sent
    say(f"{checkpoint_name(checkpoint.month)}核查：{summary(outcome)}已写邮件 {len(sent)} 封。")


def _follow_up(app: App) -> None:
    """Units answer, but for one: its lead is reminded, then whoever it answers to is told."""
    units, count = _answer(_on(app, _ANSWERED))
    calendar, day = app.settings.alerts.calendar, _ANSWERED
    while day < _FOLLOWED_UNTIL:
        day = calendar.add(day, 1)
        today = _on(app, day)
        today.remind(day)
        today.send_due()
    sent = _sent_by_kind(app)
    say(
        f"7 月跟踪：{units} 个单位说明了 {count} 条预警的原因；没有说明的，"
        f"催办 {sent['reminder']} 封，报上级 {sent['escalation']} 封。"
    )


def _on(app: App, day: date) -> App:
    """The app on the morning of a day."""
    at = datetime.combine(day, time(9), CHINA)
    return replace(app, now=lambda: at)


def _answer(app: App) -> tuple[int, int]:
    """One answer a unit, to all that it was told; how many units, and warnings."""
    from monitor.alerts.answering import acknowledge
    from monitor.domain.warning import Acknowledgement, State
    from monitor.store import alerts

    told: dict[str, list[int]] = {}
    with app.reading() as connection:
        for warning in alerts.load(connection, year=YEAR, state=State.SENT):
            if not warning.for_office and warning.unit_code != _SILENT:
                told.setdefault(warning.unit_code, []).append(warning.id)
    for number, (_, ids) in enumerate(sorted(told.items())):
        cause, text, until = _REPLIES[number % len(_REPLIES)]
        answer = Acknowledgement(cause, text, "", "", until, "单位财务", app.now(), app.actor)
        acknowledge(app.engine, answer, is_soft=app.settings.alerts.is_soft, ids=ids)
    return len(told), sum(len(ids) for ids in told.values())


def _sent_by_kind(app: App) -> Counter[str]:
    from monitor.store import outbox

    with app.reading() as connection:
        return Counter(row["kind"] for row in outbox.rows(connection, state="sent"))


def _show_progress(app: App) -> None:
    from monitor.cli.progress import show

    show(app.standings(as_of=_STAGES[-1][0]), _STAGES[-1][0], "table", None)


def _write_reports(app: App, folder: Path) -> None:
    from monitor.cli.demo_reports import (
        fill_form,
        write_monitoring_forms,
        write_overview,
        write_reports,
    )

    reports, as_of = folder / "reports", _STAGES[-1][0]
    fill_form(app, folder / "forms", as_of=as_of, seed=f"demo/{YEAR}")
    write_reports(app, reports, as_of=as_of)
    write_monitoring_forms(app, reports, year=YEAR)
    write_overview(app, reports / "overview.html", as_of=as_of)


def _what_now(folder: Path) -> None:
    say(
        f"""
全部完成，都在 {folder} 里：
  sample/                        虚构的绩效目标文本、支付明细、联系人
  monitor.db                     数据库：每个数都能追到文件和行
  outbox/*.eml                   邮件：发给各单位财务负责人的预警、催办、消除通知，发给上级的上报，
                                 发给财政部门的待办（没有配置发信服务器，只写成文件）
  reports/overview.html          执行情况总览，用浏览器打开：图示、各单位、各项目、数据到达
  reports/绩效自评汇总表-{YEAR}.xlsx  全部项目的汇总，合计、总分、等级都是可重算的公式
  reports/{YEAR}/{UNIT}/           已填报的单位：自评表（docx、xlsx，装有 monitor[pdf] 时还有 pdf）
                                 已有总分；单位自评报告；1—7 月监控表和监控报告提纲
  reports/{YEAR}/其他单位/         同样的文件，自评表里只有单位知道的各项注明“待填”
  reports/manifest-*.csv         每个文件的 SHA-256
  forms/                         {UNIT} 的绩效填报表：发出的一份，单位填好交回的一份

接着可以试（先运行 source .venv/bin/activate 和 cd {folder}）：
  monitor progress --as-of {YEAR}-10-31          10 月底各项目的进度
  monitor payments unmatched --by-code         待匹配的支付，按项目编码汇总
  monitor payments rejected                    被拒收的行和原因
  monitor warnings list --year {YEAR}            全部预警
  monitor warnings show 编号                   一条预警的依据、经过、单位的说明和有关邮件
  monitor warnings rules                       各条预警规则和现在执行的界限
  monitor mail list                            全部邮件；mail show 编号 看其中一封
  monitor explain 项目编码 --as-of {YEAR}-12-31  一个项目的数从哪里来
  monitor report score 项目编码 --year {YEAR}    一份自评表的每一分怎么来
  monitor form export --unit 205001 --year {YEAR} --out 填报表.xlsx
                                               另一个单位的填报表；填好后用 form import 收回
  monitor report finalize --year {YEAR} --unit {UNIT}
                                               已填报的单位定稿；以后用 report compare 看变化"""
    )
