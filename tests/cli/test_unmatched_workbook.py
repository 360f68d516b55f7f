"""`payments unmatched --out F.xlsx`, projects chosen in it, and `payments match --from F.xlsx`."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from monitor.ingest.match_sheet import CHOICE, CHOICES, REASON, SHEET
from tests.cli.conftest import Monitor
from tests.cli.test_public_interface import CODE, HEADER
from tests.cli.test_settling_payments import OTHER, line, office, open_numbers, paid

Write = Callable[..., Path]
__all__ = ["office"]


@pytest.fixture
def loaded(office: Monitor, write: Write) -> Monitor:
    rows = [
        line("A1", name="热线服务费", purpose="热线外包"),
        line("A2", name="热线服务费", purpose="热线外包"),
        line("A3", name="热线 服务费"),
        line("B1", code="JB01", name="工资"),
        line("B2", code="JB01", name="工资"),
        line("C1", name="", purpose="押金"),
        line("D1", name="", purpose="", payee=""),
        line("D2", name="", purpose="", payee=""),
    ]
    office.ok("payments", "import", write("三月.csv", HEADER + "".join(rows)))
    return office


class Book:
    """The exported workbook, as somebody fills it in."""

    def __init__(self, monitor: Monitor, path: Path) -> None:
        self.monitor, self.path = monitor, path
        monitor.ok("payments", "unmatched", "--out", path)
        self.book = openpyxl.load_workbook(path)
        self.sheet: Worksheet = self.book[SHEET]
        self.columns = {
            str(cell.value): int(cell.column or 0) for cell in self.sheet[4] if cell.value
        }

    def rows(self) -> dict[str, int]:
        """The number of the first payment of each line → its row."""
        first = self.columns["首笔"]
        return {
            str(self.sheet.cell(row, first).value).split("，")[0]: row
            for row in range(5, self.sheet.max_row + 1)
        }

    def cell(self, number: str, header: str) -> Any:
        return self.sheet.cell(self.rows()[number], self.columns[header])

    def choose(self, number: str, choice: str, reason: str = "") -> None:
        self.cell(number, CHOICE).value = choice
        self.cell(number, REASON).value = reason or None

    def back(self, *options: str) -> Any:
        self.book.save(self.path)
        return self.monitor("payments", "match", "--from", self.path, *options)


@pytest.fixture
def book(loaded: Monitor, tmp_path: Path) -> Book:
    return Book(loaded, tmp_path / "待匹配.xlsx")


def test_payments_that_are_alike_stand_in_one_line(book: Book) -> None:
    assert sorted(book.rows()) == ["A1", "B1", "C1", "D1", "D2"]
    assert [book.cell("A1", name).value for name in ("年度", "单位", "笔数", "合计（元）")] == [
        "2025",
        "434001 某办公室本级",
        3,
        30,
    ]
    assert book.cell("B1", "项目编码").value == "JB01"
    assert "供电公司；热线外包" in str(book.cell("A1", "首笔").value)


def test_the_candidates_can_be_chosen_from_a_list(book: Book) -> None:
    choices = book.book[CHOICES]
    assert choices.sheet_state == "hidden"
    row = book.rows()["A1"]
    offered = [cell.value for cell in choices[row] if cell.value]
    assert offered[0] == f"{CODE} 热线服务"
    assert offered[-2:] == ["不属监控范围", "暂不处理"]
    rules = {str(rule.sqref): rule.formula1 for rule in book.sheet.data_validations.dataValidation}
    last = "ABCDEFG"[len(offered) - 1]
    cell = book.cell("A1", CHOICE)
    assert rules[cell.coordinate] == f"{CHOICES}!$A${row}:${last}${row}"
    assert f"{CODE} " in str(book.cell("A1", "候选及理由").value)


def test_only_the_answers_can_be_written(book: Book) -> None:
    assert book.sheet.protection.sheet
    open_cells = {name for name in book.columns if not book.cell("A1", name).protection.locked}
    assert open_cells == {CHOICE, REASON}


def test_one_decision_settles_all_alike(book: Book) -> None:
    book.choose("A1", f"{CODE} 热线服务", "合同")
    book.choose("C1", OTHER)
    book.choose("D1", "暂不处理")

    told = book.back()

    assert told.status == 0
    assert "匹配到项目 4 笔" in told.err
    assert "还有 3 行暂不处理或没有填写" in told.err
    assert paid(book.monitor) == {CODE: 3000, OTHER: 1000}
    assert open_numbers(book.monitor) == {"B1", "B2", "D1", "D2"}
    explained = book.monitor.json("explain", CODE, "--as-of", "2025-12-31")["payments"]
    row = book.rows()["A1"]
    assert {p["reason"] for p in explained} == {f"合同（待匹配.xlsx 第 {row} 行）"}


def test_a_code_that_is_left_out_is_left_out_of_later_lists(book: Book, write: Write) -> None:
    book.choose("B1", "不属监控范围", "基本支出")
    book.choose("C1", "不属监控范围", "押金")

    told = book.back()
    later = HEADER + line("B3", code="JB01", name="工资", day="2025-04-01")
    book.monitor.ok("payments", "import", write("四月.csv", later))

    assert "不属监控范围 3 笔" in told.err
    assert open_numbers(book.monitor) == {"A1", "A2", "A3", "D1", "D2"}
    [decision] = book.monitor.json("payments", "ignore", "--list")
    assert (decision["project_code"], decision["unit_code"], decision["year"]) == (
        "JB01",
        "434001",
        2025,
    )
    assert decision["rows"] == 3


def test_a_code_with_another_open_wording_is_left_out_by_payment_only(
    office: Monitor, write: Write, tmp_path: Path
) -> None:
    rows = line("B1", code="JB01", name="工资") + line("B2", code="JB01", name="维修")
    office.ok("payments", "import", write("三月.csv", HEADER + rows))
    book = Book(office, tmp_path / "待匹配.xlsx")
    book.choose("B1", "不属监控范围", "基本支出")

    assert book.back().status == 0

    assert open_numbers(office) == {"B2"}
    assert office.json("payments", "ignore", "--list") == []


def test_a_trial_changes_nothing(book: Book) -> None:
    book.choose("A1", CODE)

    told = book.back("--dry-run")

    assert "试运行" in told.err
    assert "匹配到项目 3 笔" in told.err
    assert paid(book.monitor) == {}


def test_one_wrong_line_keeps_all_of_it_out_and_is_named(book: Book) -> None:
    book.choose("A1", CODE)
    book.choose("B1", "NO-SUCH-CODE")
    book.choose("C1", "不属监控范围")
    book.choose("D1", f"={CODE}")
    book.cell("D2", "项目名称").value = "别的"
    book.choose("D2", CODE)

    told = book.back()

    assert told.status == 1
    assert paid(book.monitor) == {}
    wrong = (
        ("P301", "B1", CHOICE),
        ("P302", "D1", CHOICE),
        ("P303", "D2", "年度"),
        ("P304", "C1", REASON),
    )
    for kind, number, header in wrong:
        cell = book.cell(number, header).coordinate
        assert f"错误 {kind} 待匹配.xlsx 工作表“{SHEET}”{cell}：" in told.err


def test_lines_that_are_settled_meanwhile_are_told(book: Book) -> None:
    book.choose("A1", CODE)
    book.choose("C1", OTHER)
    book.monitor.ok("payments", "match", "A1", OTHER, "--alike")

    told = book.back()
    again = book.back()

    assert told.status == again.status == 0
    assert "有 1 行的支付在生成清单之后已经处理" in told.err
    assert "有 2 行的支付在生成清单之后已经处理" in again.err
    assert paid(book.monitor) == {OTHER: 4000}


def test_lines_may_be_sorted_but_not_doubled(book: Book) -> None:
    book.choose("A1", CODE)
    rows = book.rows()
    one, other = rows["A1"], rows["D2"]
    for column in book.columns.values():
        first, second = book.sheet.cell(one, column), book.sheet.cell(other, column)
        first.value, second.value = second.value, first.value

    assert book.back().status == 0
    assert paid(book.monitor) == {CODE: 3000}
    for column in book.columns.values():
        book.sheet.cell(one, column).value = book.sheet.cell(other, column).value
    assert "同一行出现两次" in book.back().err


def test_another_workbook_is_refused(loaded: Monitor, tmp_path: Path) -> None:
    target = io.BytesIO()
    openpyxl.Workbook().save(target)
    other, damaged = tmp_path / "别的.xlsx", tmp_path / "坏.xlsx"
    other.write_bytes(target.getvalue())
    damaged.write_bytes(b"PK\x03\x04" + bytes(40))

    assert "这不是待匹配支付的清单" in loaded("payments", "match", "--from", other).err
    assert "不是可读取的 .xlsx" in loaded("payments", "match", "--from", damaged).err


def test_nothing_open_makes_no_workbook(office: Monitor, tmp_path: Path) -> None:
    told = office.ok("payments", "unmatched", "--out", tmp_path / "x.xlsx")

    assert "没有待匹配的支付" in told.err
    assert not (tmp_path / "x.xlsx").exists()


def test_wrong_calls_of_match_are_told(book: Book) -> None:
    for wrong in ((), ("A1",), ("A1", CODE, "--dry-run"), ("--from", book.path, "--alike")):
        assert book.monitor("payments", "match", *wrong).status == 2


def test_candidates_know_whom_the_unit_paid_before(office: Monitor, write: Write) -> None:
    known = "".join(line(f"K{n}", code=OTHER, payee="某物业公司") for n in range(3))
    rows = known + line("A1", name="", purpose="三月", payee="某物业公司")
    office.ok("payments", "import", write("三月.csv", HEADER + rows))

    [row] = office.json("payments", "unmatched")

    [best] = row["candidates"]
    assert best["project_code"] == OTHER
    assert any("3 次" in reason or "物业" in reason for reason in best["reasons"])


def test_open_rows_are_grouped_and_limited(loaded: Monitor) -> None:
    grouped = loaded.json("payments", "unmatched", "--by-code")
    assert (grouped[0]["rows"], grouped[0]["amount_fen"]) == (3, 3000)
    assert sum(row["rows"] for row in grouped) == 8
    limited = loaded.ok("payments", "unmatched", "--limit", "2", "--format", "json")
    assert len(limited.rows) == 2
    assert "待匹配 8 笔" in limited.err
