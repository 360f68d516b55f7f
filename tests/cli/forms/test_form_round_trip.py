"""`monitor form export`, `import` and `status`: out to the unit, and back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from openpyxl import load_workbook
from sqlalchemy import select

import monitor as package
from monitor.domain.entry import Field, Form, Key
from monitor.ingest.form_book import INDICATORS, PROJECTS
from monitor.store.alert_tables import indicator_results
from tests.cli.conftest import Monitor
from tests.cli.form_office import (
    ACHIEVED,
    ACTUAL,
    FILLED,
    PEOPLE,
    PLEASED,
    POINTS,
    RATE,
    REASON,
    TIMES,
    UNIT,
    WHEN,
    by_hand,
    cell_at,
    cells,
    export,
    fill,
    header_columns,
    notes,
    recorded,
    refused,
    row_of,
)
from tests.cli.small_office import CODE, HEADER, line


def test_what_is_filled_in_is_shown_then_landed_then_known(office: Monitor, form: Path) -> None:
    fill(form, FILLED)

    said = office.ok("form", "import", form).err
    assert "新增 6，改动 0，收回 0，不变 0" in said
    assert "新增  得分：28.5" in said
    assert "加 --yes 登记" in said
    assert not recorded(office)

    assert "已登记 6 处" in office.ok("form", "import", form, "--yes", "--author", "王五").err
    found = recorded(office)
    points = found[CODE, Field.POINTS]
    assert (points.value, points.author) == ("28.5", "王五")
    assert found["", Field.DEPARTMENT].value == "434-某办公室"
    assert (office.folder / "archive" / points.source).read_bytes() == form.read_bytes()
    assert "以前已导入过" in office.ok("form", "import", form, "--yes").err
    assert recorded(office) == found


def test_a_new_draft_changes_only_what_was_filled_in(office: Monitor, form: Path) -> None:
    before = cells(office)
    office.ok("form", "import", fill(form, FILLED), "--yes")
    after = cells(office)

    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {
        f"{TIMES} {ACTUAL}",
        f"{TIMES} {POINTS}",
        f"{TIMES} {REASON}",
        f"{PEOPLE} {ACTUAL}",
        f"{PEOPLE} {POINTS}",
        *(
            {f"{PEOPLE} {REASON}"}
            if after[f"{PEOPLE} {REASON}"] != before[f"{PEOPLE} {REASON}"]
            else ()
        ),
        "完成",
        "部门",
    }
    assert after[f"{TIMES} {ACTUAL}"] == "4次"
    assert after["部门"] == "434-某办公室"


def test_a_second_export_shows_what_was_landed_and_is_the_same_each_time(
    office: Monitor, form: Path, tmp_path: Path
) -> None:
    office.ok("form", "import", fill(form, FILLED), "--yes")
    again = export(office, tmp_path / "again.xlsx")

    assert cell_at(again, INDICATORS, TIMES, ACTUAL).value == "4次"
    assert cell_at(again, INDICATORS, PEOPLE, POINTS).value == 28.5
    assert "没有新的内容" in office.ok("form", "import", again, "--yes").err
    assert export(office, tmp_path / "third.xlsx").read_bytes() == again.read_bytes()


def test_a_cleared_cell_takes_the_entry_back(office: Monitor, form: Path, tmp_path: Path) -> None:
    office.ok("form", "import", fill(form, FILLED), "--yes")
    again = export(office, tmp_path / "again.xlsx")
    said = office.ok(
        "form", "import", fill(again, {(INDICATORS, TIMES, REASON): None}), "--yes"
    ).err

    assert "收回 1" in said
    assert (CODE, Field.REASON) not in recorded(office)
    assert recorded(office)[CODE, Field.ACHIEVED].value == "热线全年运行。"


def test_words_are_kept_and_said_where_the_facts_have_changed_since(
    office: Monitor, form: Path, write: Callable[..., Path]
) -> None:
    slow = (PROJECTS, CODE, "执行率偏低的原因及改进措施")
    office.ok("form", "import", fill(form, FILLED | {slow: "话费年底结算。"}), "--yes")
    assert not [note for note in notes(office) if "填报时" in note]

    office.ok("payments", "import", write("2025年7月.csv", HEADER + line("A2", day="2025-07-01")))
    assert "填报时为10.00%，现为20.00%" in " ".join(notes(office))
    assert recorded(office)[CODE, Field.EXECUTION_REASON].value == "话费年底结算。"


def test_a_newer_entry_is_not_overwritten_by_an_old_export(office: Monitor, form: Path) -> None:
    by_hand(office, ACHIEVED, "另有说法。")
    said = refused(office, fill(form, FILLED), "F222")
    assert "“另有说法。”（李四，2026年1月10日）" in said


def test_a_cell_that_nobody_touched_keeps_the_newer_entry(office: Monitor, form: Path) -> None:
    by_hand(office, ACHIEVED, "另有说法。")
    others = {key: value for key, value in FILLED.items() if key[0] != PROJECTS}

    assert "F223" in office.ok("form", "import", fill(form, others), "--yes").err
    assert recorded(office)[CODE, Field.ACHIEVED].value == "另有说法。"
    assert recorded(office)[CODE, Field.POINTS].value == "28.5"


def test_a_unit_may_correct_the_workbook_that_it_has_returned(
    office: Monitor, form: Path, tmp_path: Path
) -> None:
    office.ok("form", "import", fill(form, FILLED), "--yes")
    later = fill(form, {(INDICATORS, PEOPLE, POINTS): 27}, tmp_path / "改.xlsx")

    said = office.ok("form", "import", later, "--yes").err
    assert "改动 1" in said
    assert "28.5 → 27" in said
    assert recorded(office)[CODE, Field.POINTS].value == "27"


def test_points_beside_an_earlier_result_are_held_against_what_it_makes(
    office: Monitor, form: Path, tmp_path: Path
) -> None:
    office.ok("form", "import", fill(form, {(INDICATORS, PLEASED, ACTUAL): "是"}), "--yes")
    later = fill(form, {(INDICATORS, PLEASED, POINTS): 9}, tmp_path / "改.xlsx")
    office.ok("form", "import", later, "--yes")

    assert recorded(office)[CODE, Field.POINTS].shown == "10"
    assert not [note for note in notes(office) if "填报时" in note]


def test_an_old_export_says_which_figures_have_changed(
    office: Monitor, form: Path, write: Callable[..., Path]
) -> None:
    office.ok("payments", "import", write("2025年7月.csv", HEADER + line("A2", day="2025-07-01")))
    said = office.ok("form", "import", fill(form, FILLED), "--yes").err

    assert "F224" in said
    assert "“全年执行数（元）”已变为“200.00”" in said
    assert recorded(office)[CODE, Field.ACHIEVED].value == "热线全年运行。"


def test_a_monitoring_form_brings_the_results_of_the_indicators(
    office: Monitor, tmp_path: Path
) -> None:
    path = export(office, tmp_path / "m.xlsx", "--month", "6")
    office.ok(
        "form",
        "import",
        fill(
            path,
            {
                (INDICATORS, TIMES, "执行情况"): "3次",
                (INDICATORS, RATE, "执行情况"): "80%",
                (INDICATORS, RATE, "完成目标可能性"): "完全不可能",
                (INDICATORS, RATE, "经费保障"): "√",
                (INDICATORS, RATE, "其他"): "√",
                (INDICATORS, RATE, "原因说明"): "线路不足",
                (PROJECTS, CODE, "全年预计执行数（元）"): 950.5,
                ("单位", "监控工作开展情况", "填写内容"): "七月上旬逐项核对。",
            },
        ),
        "--yes",
    )
    found = recorded(office)
    assert found[CODE, Field.CAUSES].value == "经费保障、其他"
    assert found[CODE, Field.YEAR_ESTIMATE].value == "950.50"
    assert found["", Field.WORK_DONE].key == Key(Form.MONITORING, Field.WORK_DONE, period="06")
    app = package.open(office.folder)
    with app.reading() as connection:
        rows = connection.execute(
            select(indicator_results).where(indicator_results.c.undone == 0)
        ).all()
    app.engine.dispose()
    results = {row.position: (row.period, row.result, row.on_target) for row in rows}
    assert results == {1: ("06", "3次", True), 2: ("06", "80%", False)}

    again = export(office, tmp_path / "m2.xlsx", "--month", "6")
    assert cell_at(again, INDICATORS, RATE, "其他").value == "√"
    assert "没有新的内容" in office.ok("form", "import", again, "--yes").err


def test_a_doubtful_likelihood_without_a_reason_is_said(office: Monitor, tmp_path: Path) -> None:
    path = export(office, tmp_path / "m.xlsx", "--month", "6")
    fill(path, {(INDICATORS, RATE, "完成目标可能性"): "有可能"})
    assert "F220" in office.ok("form", "import", path, "--yes").err
    fill(path, {(INDICATORS, RATE, "完成目标可能性"): "也许"})
    refused(office, path, "F215")


def test_status_counts_what_is_open_and_names_who_filled_in(office: Monitor, form: Path) -> None:
    [before] = office.json("form", "status", "--year", "2025")
    office.ok("form", "import", fill(form, FILLED), "--yes", "--author", "王五")
    [after] = office.json("form", "status", "--year", "2025", "--unit", UNIT)

    assert (before["filled"], before["last_at"]) == (0, None)
    assert (after["filled"], after["last_by"]) == (6, "王五")
    assert after["last_at"] == "2026-01-10T09:00:00+08:00"
    assert after["open"] < before["open"]
    assert [after["form"], after["projects"], after["finalized"]] == ["self", 1, False]


def test_a_share_in_a_percent_cell_is_read_as_it_shows(office: Monitor, form: Path) -> None:
    book = load_workbook(form)
    sheet = book[INDICATORS]
    cell = sheet.cell(row_of(sheet, RATE), header_columns(sheet)[ACTUAL])
    cell.value, cell.number_format = 0.955, "0.0%"
    book.save(form)

    office.ok("form", "import", form, "--yes")
    assert recorded(office)[CODE, Field.ACTUAL].value == "95.5%"


def test_a_day_is_read_as_a_date_or_as_text(office: Monitor, form: Path) -> None:
    for value, read in (
        (datetime.fromisoformat("2025-11-20"), "2025-11-20"),
        ("2025年11月21日", "2025年11月21日"),
    ):
        office.ok("form", "import", fill(form, {(INDICATORS, WHEN, ACTUAL): value}), "--yes")
        assert recorded(office)[CODE, Field.ACTUAL].value == read
