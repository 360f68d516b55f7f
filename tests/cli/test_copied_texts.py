"""The same words in two units' forms are noted in the facts that both units' drafts are made of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from monitor.bootstrap import china_now, open_workspace
from monitor.domain.entry import Entry, Field, Form, Key
from monitor.reports.assessment.drafting import draft
from monitor.reports.assessment.gathering import project_facts
from monitor.reports.unit.report import unit_report
from monitor.store import entries
from tests.cli.conftest import Monitor
from tests.cli.test_public_interface import CODE, TARGET

OTHER = "13022925P00JXC419884X"
LONG = "因项目前期手续办理时间较长，招标工作推迟到第三季度，导致资金支付进度滞后于计划。"


def test_a_copied_text_stands_in_the_drafts_of_both_units(
    monitor: Monitor, write: Callable[..., Path]
) -> None:
    other = TARGET.replace(CODE, OTHER).replace("434001某办公室", "434002某中心")
    monitor.ok("targets", "import", write("一.txt", TARGET), write("二.txt", other))
    app = open_workspace(monitor.folder)
    at = china_now()
    reason = Entry(Key(Form.SELF_ASSESSMENT, Field.EXECUTION_REASON), LONG, "", "甲", at, "甲")
    problem = Entry(Key(Form.UNIT_REPORT, Field.PROBLEMS), LONG, "", "乙", at, "乙")
    with app.engine.begin() as connection:
        for unit, project, entry in (("434001", CODE, reason), ("434002", "", problem)):
            entries.record(
                connection, year=2025, unit_code=unit, project_code=project, entries=[entry]
            )
        first, second = project_facts(
            connection, year=2025, as_of=at.date().replace(2025, 12, 31),
            limits=app.settings.alerts.limits, advice=app.settings.advice,
        )  # fmt: skip
    rules = app.settings.scoring.of(2025, "434001")
    app.engine.dispose()

    assert (
        "“执行率偏低的原因”与 434002 单位的文字相同，请按本单位的实际情况填写。"
        in draft(first, rules).advice
    )
    told = f"“存在问题及原因”与 434001 单位项目 {CODE} 的文字相同，请按本单位的实际情况填写。"
    assert told in list(unit_report([second], rules).notices())
