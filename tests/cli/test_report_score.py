"""`monitor report score`: every point of a project with its rule and arithmetic."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.domain.entry import Entry, Field, Form, Key, items
from monitor.store import entries, projects
from monitor.store.engine import writing
from tests.cli.conftest import Monitor
from tests.cli.small_office import CODE, HEADER, TARGET, line

WriteFile = Callable[[str, str], Path]
NOW = datetime(2026, 1, 15, tzinfo=UTC)
MORE = "".join(
    f"\t{cell}\n"
    for cell in ("效益指标", "社会效益指标", "市民知晓", "市民知晓", "进一步提升", "计划")
)


@pytest.fixture
def office(monitor: Monitor, write: WriteFile) -> Monitor:
    """A project with two indicators, 1,000 yuan and 860 of them paid."""
    monitor.ok("targets", "import", write("目标.txt", TARGET + MORE), "--year", "2025")
    lists = HEADER + line("6218755860000001", "860.00")
    monitor.ok("payments", "import", write("支付.csv", lists), "--month", "2025-03")
    return monitor


def fill(office: Monitor, item: int, field: Field, value: str) -> None:
    """What the unit wrote into its form about the indicator number `item`."""
    import monitor

    app = monitor.open(office.folder)
    with writing(app.engine) as connection:
        (stored,) = projects.load(connection, year=2025, project_code=CODE)
        name = items(stored.project.indicators)[item]
        entry = Entry(Key(Form.SELF_ASSESSMENT, field, name), value, "", "李四", NOW, "cli")
        entries.record(
            connection, year=2025, unit_code="434001", project_code=CODE, entries=[entry]
        )
    app.engine.dispose()


def test_each_row_says_its_rule_paper_and_arithmetic(office: Monitor) -> None:
    fill(office, 0, Field.ACTUAL, "4次")

    execution, number, quality, total = office.json("report", "score", CODE, "--year", "2025")

    assert (execution["points"], execution["weight"]) == ("8.60", "10")
    assert execution["steps"][:2] == ["执行率＝0.086/0.10＝86%", "得分＝10×0.086/0.10＝8.60"]
    assert number["level1"] == "产出指标(50分)"
    assert (number["target"], number["actual"], number["actual_from"]) == ("≥5次", "4次", "entered")
    assert (number["weight"], number["weight_from"]) == ("50", "assigned")
    assert number["rule"] == "定量指标（≥）：未达成按完成率计分"
    assert number["article"] == "财预〔2020〕10号"
    assert number["steps"] == ["完成率＝4/5＝80%，未达到指标值", "得分＝50×4/5＝40.00"]
    assert number["state"] == "computed"
    assert (quality["points"], quality["state"]) == (None, "open")
    assert "由人在所属一档内评分" in quality["rule"]
    assert (total["level1"], total["points"]) == ("总分", None)
    assert total["steps"] == ["已评 48.60 / 60 分"]


def test_a_level_shows_the_band_in_which_a_person_scores(office: Monitor) -> None:
    fill(office, 1, Field.ACTUAL, "达成年度指标")

    text = office.ok("report", "score", CODE, "--year", "2025").out

    assert "市民知晓：分值 40（系统分配），得分待填" in text
    assert "达成年度指标：分值的 100%～80%，即 40.00～32.00 分，由人评分" in text
    assert "尚有 2 行的得分待填" in text


def test_points_by_a_person_are_told_as_such_and_make_the_total(office: Monitor) -> None:
    fill(office, 0, Field.ACTUAL, "5次")
    fill(office, 1, Field.ACTUAL, "达成年度指标")
    fill(office, 1, Field.POINTS, "36")

    rows = office.json("report", "score", CODE, "--year", "2025")

    assert rows[2]["state"] == "entered"
    assert rows[2]["steps"][-1] == "得分由人填报：36 分"
    assert (rows[3]["points"], rows[3]["steps"]) == ("94.60", ["已评 94.60 / 100 分"])


def test_the_rule_set_that_is_chosen_for_year_and_unit_is_used(office: Monitor) -> None:
    choose = (
        'default = "national-2020"\n[[choose]]\nset = "local"\nfrom_year = 2025\nunits = ["434"]\n'
    )
    (office.folder / "rules" / "scoring" / "choose.toml").write_text(choose, encoding="utf-8")

    execution = office.json("report", "score", CODE, "--year", "2025")[0]

    assert execution["rule"] == "预算执行率（分档）"
    assert execution["points"] == "7.00"


def test_a_spreadsheet_gets_the_same_rows(office: Monitor, tmp_path: Path) -> None:
    out = tmp_path / "得分.csv"
    office.ok("report", "score", CODE, "--year", "2025", "--format", "csv", "--out", out)

    rows = list(csv.DictReader(out.read_text("utf-8-sig").splitlines()))

    assert [row["一级指标"] for row in rows][::3] == ["预算执行率", "总分"]
    assert rows[1]["得分来源"] == "待填"


def test_a_project_that_is_not_there_is_refused(office: Monitor) -> None:
    result = office("report", "score", "13022925P00JXC419885Z", "--year", "2025")

    assert result.status == 1
    assert "没有这样的项目" in result.err
