"""`monitor payments import`: several lists at once, their receipts, dry runs, outcomes."""

from __future__ import annotations

import csv
import io
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest
from freezegun import freeze_time

from tests.cli.conftest import Monitor
from tests.cli.test_public_interface import CODE, HEADER, TARGET, row

Write = Callable[..., Path]


def dump(monitor: Monitor) -> list[str]:
    """All that the database holds."""
    with closing(sqlite3.connect(monitor.folder / "monitor.db")) as connection:
        return list(connection.iterdump())


@pytest.fixture
def office(monitor: Monitor, write: Write) -> Monitor:
    monitor.ok("targets", "import", write("目标.txt", TARGET))
    return monitor


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def test_folders_archives_and_workbooks_are_imported_at_once(
    office: Monitor, tmp_path: Path
) -> None:
    folder = tmp_path / "清单"
    folder.mkdir()
    (folder / "2025-01.csv").write_text(HEADER + row("A1", "1.00", day="2025-01-05"))
    with zipfile.ZipFile(folder / "更多.zip", "w") as archive:
        archive.writestr("2025-02.csv", HEADER + row("A2", "2.00", day="2025-02-05"))
    book = openpyxl.Workbook()
    for name, rows in (("说明", [["本表由国库科编制"]]), ("三月", None), ("四月", None)):
        sheet = book.create_sheet(name)
        month = {"三月": "03", "四月": "04"}.get(name)
        lines = rows or [
            *csv.reader([HEADER.strip()]),
            *csv.reader([row(f"A{month}", "4.00", day=f"2025-{month}-05").strip()]),
        ]
        for line in lines:
            sheet.append(line)
    book.remove(book["Sheet"])
    book.save(folder / "三四月.xlsx")
    (folder / "说明.docx").write_bytes(b"x")

    said = office.ok("payments", "import", folder).err

    assert "找到 3 个文件" in said
    assert "说明.docx" in said
    assert "三四月.xlsx［三月］" in said
    assert "三四月.xlsx［四月］" in said
    assert "没有清单的工作表：说明" in said
    [progress] = office.json("progress", "--as-of", "2025-12-31")
    assert (progress["paid_fen"], progress["payments"]) == (1100, 4)


def test_a_receipt_tells_all_lines_by_kind(office: Monitor, write: Write) -> None:
    lines = row("A1", "100.00") + row("A2", "7.00", code="X") + row("A3", "待核")
    text = f"国库支付明细\n\n{HEADER}{lines}{HEADER}合计,,,,107.00\n制表人：张三\n"
    text = text.replace("合计,,,,107.00", ",".join(total(HEADER, "107.00")))

    said = office.ok("payments", "import", write("2025-03.csv", text)).err

    assert "不是支付的行：6 行（标题 1、表头 2、合计 1、空行 1、表外说明 1）" in said
    assert "合计 9 行" in said
    assert "拒收：1 行，其中能读出的金额 0.00 元" in said
    assert said.count("只含") == 0


def total(header: str, amount: str) -> list[str]:
    names = header.strip().split(",")
    cells = [""] * len(names)
    cells[0] = "合计"
    cells[next(n for n, name in enumerate(names) if "金额" in name)] = amount
    return cells


def test_a_total_that_does_not_fit_refuses_the_list_unless_it_is_accepted(
    office: Monitor, write: Write
) -> None:
    text = HEADER + row("A1", "100.00") + ",".join(total(HEADER, "180.00")) + "\n"
    path = write("2025-03.csv", text)

    refused = office("payments", "import", path)
    assert refused.status == 1
    assert "P206" in refused.err
    assert "--accept-total" in refused.err
    assert [each["kind"] for each in office.json("imports", "list")] == ["targets"]

    accepted = office.ok("payments", "import", "--accept-total", path)
    assert "警告 P206" in accepted.err
    assert office.json("progress", "--as-of", "2025-12-31")[0]["paid_fen"] == 100_00


def test_a_dry_run_says_what_the_import_says_and_changes_nothing(
    office: Monitor, write: Write
) -> None:
    """Lists that overlap, too: each meets those before it, as it will."""
    first = row("A1", "100.00") + row("A2", "7.00", code="X") + row("A3", "待核")
    second = row("A1", "100.00") + row("A2", "8.00", code="X") + row("A4", "9.00")
    paths = [
        write("2025-03.csv", HEADER + first),
        write("坏.csv", "没有表头\n"),
        write("2025-04.csv", HEADER + second),
        write("再来.csv", HEADER + first),
    ]
    before = dump(office)
    archived = sorted((office.folder / "archive").glob("*"))

    dry = office("payments", "import", "--dry-run", *paths)

    assert dump(office) == before
    assert sorted((office.folder / "archive").glob("*")) == archived
    assert dry.err.startswith("试运行")
    assert "没有写入任何数据。" in dry.err
    real = office("payments", "import", *paths)
    assert (dry.status, real.status) == (1, 1)
    assert "再来.csv：以前已导入过" in real.err
    assert "以前已导入，不重复计：1 行" in real.err
    assert "待裁定：1 行" in real.err
    kept = [line for line in dry.err.splitlines() if not line.startswith("试运行")]
    assert kept == real.err.splitlines()


def test_outcomes_have_one_line_a_row_with_the_rows_own_cells(
    office: Monitor, write: Write, tmp_path: Path
) -> None:
    office.ok(
        *("payments", "import"),
        write("2025-03.csv", HEADER + row("A1", "100.00") + row("A2", "7.00") + row("A9", "待核")),
    )
    rows = row("A1", "100.0") + row("A2", "8.00") + row("A3", "3.00", code="X") + row("A4", "1O.00")
    path = write("2025-04.csv", f"四月明细\n{HEADER}{rows}{row('A9', '待核')}{row('A5', '5.00')}")
    for dry in ("--dry-run", "--strict"):
        out = tmp_path / f"结果{dry}.csv"

        office("payments", "import", dry, path, "--outcomes", out)

        found = table(out)
        assert [each["行号"] for each in found] == ["3", "4", "5", "6", "7", "8"]
        assert [each["结果"] for each in found] == [
            "以前已导入，不重复计",
            "同一编号内容不同，待裁定",
            "计入、待匹配项目",
            "拒收",
            "以前已拒收的同一行",
            "计入并已匹配项目",
        ]
        assert (found[0]["原文件"], found[0]["原行号"]) == ("2025-03.csv", "2")
        assert (found[1]["原文件"], found[1]["原行号"]) == ("2025-03.csv", "3")
        assert (found[4]["原文件"], found[4]["原行号"]) == ("2025-03.csv", "4")
        assert "金额" in found[1]["原因"]
        assert "不是金额" in found[3]["原因"]
        lines = list(csv.reader(io.StringIO(out.read_text(encoding="utf-8-sig"), newline="")))
        assert lines[1][10:] == next(csv.reader([row("A1", "100.0").strip()]))
        assert lines[6][5:7] == [CODE, "项目编码"]
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")


def test_outcomes_are_never_written_over_a_list(
    office: Monitor, write: Write, tmp_path: Path
) -> None:
    first = write("2025-04.csv", HEADER + row("A1", "100.00"))
    second = write("四月-2.csv", HEADER + row("A2", "7.00"))
    for out in (first, tmp_path / "四月.csv"):
        before = [path.read_bytes() for path in (first, second)]

        refused = office("payments", "import", first, second, "--outcomes", out)

        assert refused.status == 2
        assert "逐行结果会盖掉要导入的清单" in refused.err
        assert [path.read_bytes() for path in (first, second)] == before
    assert office.json("payments", "unmatched", "--format", "json") == []


def test_a_profile_says_what_columns_mean_and_how_the_text_is_written(
    office: Monitor, write: Write
) -> None:
    text = "号|日子|哪家|哪个|多少\nA1|2025-03-05|434001|" + CODE + "|100.00\n"
    path = write("2025-03.csv", text.replace("|", ";"))
    profiles = office.folder / "rules" / "profiles"
    profiles.mkdir(parents=True, exist_ok=True)
    (profiles / "外地.toml").write_text(
        '[columns]\n"号"="支付申请编号"\n"日子"="支付日期"\n"哪家"="单位编码"\n'
        '"哪个"="项目编码"\n"多少"="支付金额"\n[list]\ndelimiter="分号"\n',
        encoding="utf-8",
    )

    assert office("payments", "import", path).status == 1
    office.ok("payments", "import", "--profile", "外地", path)

    assert office.json("progress", "--as-of", "2025-12-31")[0]["paid_fen"] == 100_00


def test_outcomes_need_their_folder_before_anything_is_told(
    office: Monitor, write: Write, tmp_path: Path
) -> None:
    path = write("2025-04.csv", HEADER + row("A1", "100.00"))

    for more in ((), ("--dry-run",)):
        refused = office(
            "payments", "import", path, *more, "--outcomes", tmp_path / "没有/结果.csv"
        )

        assert refused.status == 2
        assert refused.err.startswith(f"没有文件夹 {tmp_path / '没有'}")
        assert len(refused.err.splitlines()) == 1
    assert [each["kind"] for each in office.json("imports", "list")] == ["targets"]


def test_a_missing_list_is_named_in_chinese_quotes(office: Monitor) -> None:
    refused = office("payments", "import", "没有.csv")

    assert "路径 “没有.csv” 不存在" in refused.err


def test_a_path_without_any_list_is_told(office: Monitor, tmp_path: Path) -> None:
    empty = tmp_path / "空"
    empty.mkdir()

    result = office("payments", "import", empty)

    assert result.status != 0
    assert "没有可导入的支付明细" in result.err


def test_a_list_of_the_year_under_way_asks_for_a_check_until_there_was_one(
    office: Monitor, write: Write
) -> None:
    with freeze_time("2025-04-08 09:00:00+08:00"):
        first = office.ok("payments", "import", write("2025-03.csv", HEADER + row("A1", "1.00")))
        office.ok("check")
        again = office.ok("payments", "import", write("2025-03.csv", HEADER + row("A1", "1.00")))
        more = office.ok("payments", "import", write("三月2025-03.csv", HEADER + row("A2", "1.00")))
    with freeze_time("2026-04-08 09:00:00+08:00"):
        late = office.ok("payments", "import", write("2025-12.csv", HEADER + row("A3", "1.00")))

    asked = [("请运行 monitor check 核查" in each.err) for each in (first, again, more, late)]
    assert asked == [True, False, True, False]
