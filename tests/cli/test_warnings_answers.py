"""`monitor warnings ack`, `reopen` and `import`, as people call them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time
from openpyxl import load_workbook

import monitor as package
from monitor.domain.finding import Finding
from monitor.domain.progress import Grade
from monitor.domain.warning import Change, State, Step
from monitor.ingest.explanation_form import ANSWER, CAUSE, KEY, PROMISED, SHEET, TEXT
from monitor.reports.explanation_sheet import write as sheet_of
from monitor.store import alerts, warning_rows
from monitor.store.engine import writing
from tests.cli.conftest import Monitor
from tests.cli.small_office import CODE, TARGET

DAY = date(2025, 6, 30)


@pytest.fixture
def office(monitor: Monitor, write: Callable[..., Path]) -> Iterator[Monitor]:
    """An office on 10 July 2025 whose project has a warning of the end of June."""
    with freeze_time("2025-07-10 09:00:00+08:00"):
        monitor.ok("targets", "import", write("目标.txt", TARGET), "--year", "2025")
        figures = {"budget_fen": 1_000_00, "due_fen": 500_00, "paid_fen": 0, "gap_fen": 500_00}
        finding = Finding("W02", 2025, "434001", CODE, "06", Grade.RED, DAY, tuple(figures.items()))
        app = package.open(monitor.folder)
        with writing(app.engine) as connection:
            change = Change(Step.RAISED, None, finding, State.RAISED, DAY)
            alerts.apply(connection, [change], at=app.now(), actor="核查")
        app.engine.dispose()
        yield monitor


def warning(office: Monitor) -> dict[str, Any]:
    app = package.open(office.folder)
    with app.reading() as connection:
        [row] = warning_rows.rows(connection)
    app.engine.dispose()
    return row


def filled(office: Monitor, folder: Path, **cells: Any) -> Path:
    """The sheet of the warning, with these cells filled in."""
    data = sheet_of([warning(office)], round_id="甲", soft=False, author="王五")
    book = load_workbook(io.BytesIO(data))
    headers = {cell.value: cell.column for cell in book[SHEET][5]}
    assert KEY in headers
    for header, value in cells.items():
        book[SHEET].cell(6, int(headers[header] or 0)).value = value
    path = folder / "说明.xlsx"
    book.save(path)
    return path


ANSWERED = {CAUSE: "资料/验收未完成", ANSWER: "继续执行", PROMISED: date(2025, 8, 31)}


def test_an_answer_is_recorded_shown_and_taken_back(office: Monitor) -> None:
    args = ("--cause", "其他", "--text", "等天气", "--until", "2025-08-31", "--author", "张三")
    said = office.ok("warnings", "ack", "1", *args).err

    assert "已登记 1 条预警的说明" in said
    assert f"预警 1 {CODE} 热线服务：其他；等天气；继续执行；承诺日期 2025-08-31" in said
    now = warning(office)
    assert (now["state"], now["answer"]["author"]) == ("acknowledged", "张三")
    assert "没有改动" in office.ok("warnings", "ack", "--project", CODE, *args).err

    assert "已收回 1 条" in office.ok("warnings", "reopen", "1", "--reason", "写错了").err
    assert (warning(office)["state"], warning(office)["answer"]) == ("raised", None)


@pytest.mark.parametrize(
    ("args", "status", "said"),
    [
        (("ack", "1"), 2, "缺少选项 --cause"),
        (("ack", "--cause", "其他"), 2, "两者取一"),
        (("ack", "1", "--cause", "天气"), 2, "不是以下之一"),
        (("ack", "1", "--cause", "其他"), 1, "须写明承诺日期"),
        (("ack", "9", "--cause", "库款调度"), 1, "没有编号为 9 的预警"),
        (("reopen", "1", "--reason", "错了"), 1, "没有说明可以收回"),
        (("reopen", "--reason", "错了"), 2, "请写明预警编号"),
        (("reopen", "1", "--reason", " "), 2, "须写明原因"),
    ],
)
def test_wrong_calls_are_refused_in_chinese(
    office: Monitor, args: tuple[str, ...], status: int, said: str
) -> None:
    result = office("warnings", *args)

    assert (result.status, warning(office)["state"]) == (status, "raised")
    assert said in result.err


def test_a_sheet_is_shown_before_it_lands_and_lands_once(office: Monitor, tmp_path: Path) -> None:
    path = filled(office, tmp_path, **ANSWERED)

    shown = office.ok("warnings", "import", path).err
    assert warning(office)["state"] == "raised"
    landed = office.ok("warnings", "import", path, "--yes").err
    now = warning(office)
    again = office.ok("warnings", "import", path, "--yes").err

    assert "新增 1，改动 0，不变 0，未填写 0" in shown
    assert f"新增  预警 1 {CODE} 热线服务（王五）" in shown
    assert "说明：资料/验收未完成；继续执行；承诺日期 2025-08-31" in shown
    assert "没有登记；核对无误后加 --yes" in shown
    assert "已登记说明 1 条" in landed
    assert (now["state"], now["answer"]["author"]) == ("acknowledged", "王五")
    assert "以前已导入过，没有改动" in again
    assert warning(office) == now


def test_a_change_shows_both_wordings(office: Monitor, tmp_path: Path) -> None:
    office.ok("warnings", "import", filled(office, tmp_path, **ANSWERED), "--yes")

    path = filled(office, tmp_path, **{**ANSWERED, TEXT: "缺发票"})
    shown = office.ok("warnings", "import", path, "--yes", "--author", "赵六").err

    assert "原：资料/验收未完成；继续执行；承诺日期 2025-08-31" in shown
    assert "现：资料/验收未完成；缺发票；继续执行；承诺日期 2025-08-31" in shown
    assert warning(office)["answer"]["author"] == "赵六"


def test_a_wrong_sheet_is_refused_with_its_cells(office: Monitor, tmp_path: Path) -> None:
    path = filled(office, tmp_path, **{**ANSWERED, CAUSE: "天气", PROMISED: "八月底"})
    result = office("warnings", "import", path, "--yes")

    assert result.status == 1
    assert "错误 F015 说明.xlsx 工作表“偏差说明表”O6：“八月底”" in result.err
    assert "没有导入，任何说明都没有登记" in result.err
    assert warning(office)["answer"] is None


def test_what_was_answered_stands_in_the_draft_of_the_self_assessment(
    office: Monitor, tmp_path: Path
) -> None:
    office.ok("warnings", "import", filled(office, tmp_path, **ANSWERED), "--yes")
    app = package.open(office.folder)

    from monitor.reports.assessment.gathering import project_facts

    with app.reading() as connection:
        limits = app.settings.alerts.limits
        [facts] = project_facts(connection, year=2025, as_of=DAY, limits=limits)
    app.engine.dispose()

    assert [each.cause for each in facts.explanations] == ["资料/验收未完成"]
