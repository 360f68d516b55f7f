"""`monitor targets`: check, dry runs, list, show and export."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from rich.cells import cell_len

from monitor.domain.money import MoneyUnit
from monitor.domain.target import Project
from monitor.errors import Place
from monitor.reports.target_workbook import as_workbook
from tests.cli.conftest import Monitor
from tests.cli.test_public_interface import CODE, TARGET

Write = Callable[..., Path]
BROKEN = TARGET.replace("\t1000.00\n\t其中", "\t一千\n\t其中", 1)
KEYS = ["file", "id", "severity", "place", "line", "text", "meaning", "advice"]


@pytest.fixture
def loaded(monitor: Monitor, write: Write) -> Monitor:
    monitor.ok("targets", "import", write("目标.txt", TARGET))
    return monitor


def test_a_check_tells_what_is_wrong_and_changes_nothing(monitor: Monitor, write: Write) -> None:
    good, bad = write("好.txt", TARGET), write("坏.txt", BROKEN)

    result = monitor("targets", "check", good, bad)

    assert result.status == 1
    assert "错误 T017 坏.txt" in result.out
    assert "好.txt：2025 年，1 个项目、1 条指标，预算合计 1,000.00 元，0 个错误" in result.out
    assert "共 2 个文件，1 个项目，1 个错误" in result.out
    assert monitor.json("targets", "list") == []
    assert not list((monitor.folder / "archive").glob("*"))


def test_a_check_of_a_good_document_ends_with_status_0(monitor: Monitor, write: Write) -> None:
    assert "T003" in monitor.ok("targets", "check", write("好.txt", TARGET)).out


def test_a_check_needs_no_workspace(
    monitor: Monitor, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MONITOR_WORKSPACE")
    monkeypatch.chdir(tmp_path)

    assert monitor("targets", "list").status == 1
    assert "1 个项目" in monitor.ok("targets", "check", write("好.txt", TARGET)).out


def test_a_check_takes_the_labels_of_the_workspace(monitor: Monitor, write: Write) -> None:
    other = write("别名.txt", TARGET.replace("\t项目编码", "\t本项目之编号"))
    assert monitor("targets", "check", other).status == 1
    labels = monitor.folder / "rules" / "labels.toml"
    text = labels.read_text(encoding="utf-8")
    labels.write_text(text.replace('"项目编码"', '"项目编码", "本项目之编号"', 1), encoding="utf-8")

    assert "1 个项目" in monitor.ok("targets", "check", other).out


def test_rows_of_a_check(monitor: Monitor, write: Write) -> None:
    result = monitor("targets", "check", write("坏.txt", BROKEN), "--format", "json")

    assert result.status == 1
    assert [list(row) for row in result.rows] == [KEYS] * len(result.rows)
    [error] = [row for row in result.rows if row["severity"] == "error"]
    assert (error["file"], error["id"], error["text"]) == ("坏.txt", "T017", "一千")
    assert error["line"] == BROKEN.split("\n").index("\t一千") + 1
    assert error["place"].startswith(f"第 {error['line']} 行")


def test_a_dry_run_shows_the_receipt_and_writes_nothing(loaded: Monitor, write: Write) -> None:
    revised = write("修订.txt", TARGET.replace("1000.00", "2000.00"))

    said = loaded.ok("targets", "import", "--dry-run", revised).err

    assert "新增 0，修订 1，不变 0" in said
    assert "1,000.00" in said
    assert "2,000.00" in said
    assert "试运行，没有写入" in said
    assert [row["budget_fen"] for row in loaded.json("targets", "list")] == [100_000]
    again = loaded.ok("targets", "import", revised).err
    assert "修订 1" in again
    assert "试运行" not in again


@pytest.mark.parametrize("options", [["--effective", "2025-07-01"], ["--document", "财预1号"]])
def test_a_day_and_a_document_belong_together(
    loaded: Monitor, write: Write, options: list[str]
) -> None:
    result = loaded("targets", "import", write("a.txt", TARGET), *options)

    assert result.status == 2
    assert "--effective 和 --document 须一同写明" in result.err


def test_an_effective_revision_says_from_when_it_holds(loaded: Monitor, write: Write) -> None:
    revised = write("修订.txt", TARGET.replace("1000.00", "2000.00"))

    said = loaded.ok(
        *("targets", "import", revised, "--effective", "2025-07-01"),
        *("--document", "财预〔2025〕12号"),
    ).err

    assert f"修订（调整，自 2025-07-01 起） {CODE}" in said


@pytest.mark.parametrize(
    ("text", "count"), [("热线", 1), ("13022925p00", 1), ("某 办公室", 1), ("外包", 1), ("桥梁", 0)]
)
def test_the_list_can_be_searched(loaded: Monitor, text: str, count: int) -> None:
    assert len(loaded.json("targets", "list", "--text", text)) == count
    assert len(loaded.json("targets", "export", "--text", text)) == count


def test_the_list_is_of_one_unit_and_year(loaded: Monitor) -> None:
    assert len(loaded.json("targets", "list", "--unit", "434001", "--year", "2025")) == 1
    assert loaded.json("targets", "list", "--unit", "434002") == []
    assert loaded.json("targets", "list", "--year", "2024") == []


def test_a_project_is_shown_as_its_form_looks(loaded: Monitor) -> None:
    shown = loaded.ok("targets", "show", CODE.lower()).out

    for words in (
        *("热线服务绩效目标表（2025 年）", "434001 某办公室本级", CODE, "1,000.00 元", "热线外包"),
        *("其他资金 空", "3月底", "25.00%", "空", "100.00%", "1.接听热线", "来电接听率", "≥95%"),
        *("出处：目标.txt 第 7 行", "导入：20", "SHA-256"),
    ):
        assert words in shown, words
    assert max(map(cell_len, shown.splitlines())) <= 100


def test_the_json_of_a_project_is_its_row_of_the_export(loaded: Monitor) -> None:
    assert [loaded.json("targets", "show", CODE)] == loaded.json("targets", "export")


def test_the_latest_year_is_shown_and_the_others_are_named(loaded: Monitor, write: Write) -> None:
    loaded.ok("targets", "import", "--year", "2026", write("次年.txt", TARGET))

    result = loaded.ok("targets", "show", CODE)

    assert "（2026 年）" in result.out
    assert "2025 年也有记录" in result.err
    assert "（2025 年）" in loaded.ok("targets", "show", CODE, "--year", "2025").out


def test_an_unknown_project_is_refused_with_what_is_near(loaded: Monitor) -> None:
    slip = loaded("targets", "show", CODE.replace("4198855", "4198856"))
    assert slip.status == 1
    assert f"相近的有：{CODE} 热线服务" in slip.err
    assert f"相近的有：{CODE} 热线服务" in loaded("targets", "show", "热线").err
    assert "相近的有" not in loaded("targets", "show", "完全不同").err
    assert "这个编码在 2025 年有记录" in loaded("targets", "show", CODE, "--year", "2024").err


def test_a_workbook_needs_a_name(loaded: Monitor) -> None:
    result = loaded("targets", "export", "--format", "xlsx")

    assert result.status == 2
    assert "--out" in result.err


def sheets(path: Path | io.BytesIO) -> dict[str, list[tuple[Any, ...]]]:
    book = openpyxl.load_workbook(path)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_a_workbook_has_projects_plans_and_indicators(loaded: Monitor, tmp_path: Path) -> None:
    loaded.ok("targets", "export", "--format", "xlsx", "--out", tmp_path / "a.xlsx")

    found = sheets(tmp_path / "a.xlsx")

    key = (2025, "434001", "某办公室本级", CODE, "热线服务")
    assert list(found) == ["项目", "资金支出计划", "绩效指标"]
    [_, row] = found["项目"]
    assert row == (*key, 1000, 1000, None, "热线外包", "1.接听热线", 1, "目标.txt", "第 7 行")
    [head, plan] = found["资金支出计划"]
    assert head[5:] == ("3月底（%）", "6月底（%）", "10月底（%）", "12月底（%）")
    assert plan == (*key, 25, None, 75, 100)
    [_, indicator] = found["绩效指标"]
    assert indicator[5:] == (
        *("产出指标", "数量指标", "接听率", "来电接听率", "≥95%", "电话记录", None),
    )
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["项目"]
    assert (sheet.freeze_panes, sheet.page_setup.orientation) == ("A2", "landscape")
    assert sheet.page_setup.paperSize == 9


def project(budget: int | None, name: str = "项目") -> Project:
    return Project(
        2025, "434001", "单位", CODE, name, MoneyUnit.YUAN, budget, None, None, "", (), (), (),
        Place("a.txt", 1),
    )  # fmt: skip


def test_every_amount_comes_back_to_the_fen() -> None:
    amounts = [0, 1, 10, 29, 57, 99, 113, 123_456_789_01, 999_999_999_999_999, 100_000_000_000_001]

    rows = sheets(io.BytesIO(as_workbook([project(each) for each in amounts])))["项目"][1:]

    assert [Decimal(repr(row[5])) * 100 for row in rows] == amounts


def test_a_text_that_looks_like_a_formula_stays_a_text() -> None:
    data = io.BytesIO(as_workbook([project(1, "=1+1"), project(None, "a\x01b")]))

    sheet = openpyxl.load_workbook(data)["项目"]

    assert [(cell.value, cell.data_type) for cell in sheet["E"][1:]] == [("=1+1", "s"), ("ab", "s")]
    assert b"<f>" not in zipfile.ZipFile(data).read("xl/worksheets/sheet1.xml")
    assert sheet["F3"].value is None


def test_a_csv_quotes_what_a_spreadsheet_would_run(monitor: Monitor, write: Write) -> None:
    monitor.ok("targets", "import", write("a.txt", TARGET.replace("\t热线服务", "\t=1+1")))

    [row] = csv.DictReader(io.StringIO(monitor.ok("targets", "export", "--format", "csv").out))

    assert row["项目名称"] == "'=1+1"
    assert row["预算数（元）"] == "1000.00"


def test_a_vanished_project_is_told(monitor: Monitor, write: Write) -> None:
    second = TARGET[TARGET.index("1.某项目") :].replace(CODE, "13022925P00JXC4198863")
    both = TARGET + second.replace("1.某项目", "2.另一项目", 1)
    monitor.ok("targets", "import", write("全.txt", both))

    said = monitor.ok("targets", "import", write("缺.txt", TARGET)).err

    assert "13022925P00JXC4198863 热线服务，以前的文本里有" in said
    assert len(monitor.json("targets", "list")) == 2


def test_all_samples_are_shown_and_exported(
    monitor: Monitor, samples: Path, tmp_path: Path
) -> None:
    monitor.ok("targets", "import", samples / "targets")
    truth = json.loads((samples / "targets" / "truth.json").read_text())
    monitor.ok("targets", "export", "--format", "xlsx", "--out", tmp_path / "a.xlsx")

    found = sheets(tmp_path / "a.xlsx")

    budgets = {row[3]: row[5] for row in found["项目"][1:]}
    assert {code: round(value * 100) for code, value in budgets.items()} == {
        each["project_code"]: each["budget_fen"] for each in truth
    }
    assert len(found["绩效指标"]) == 1 + 296
    for each in truth:
        assert each["project_code"] in monitor.ok("targets", "show", each["project_code"]).out
