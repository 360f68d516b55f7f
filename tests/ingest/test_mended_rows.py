"""Rejected rows written out, mended and imported again: taken in once, and settled for good."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from monitor.bootstrap import App, make_workspace, open_workspace
from monitor.domain.calendar import CHINA
from monitor.ingest.import_payments import PaymentReceipt
from monitor.reports.rejected_sheet import rejected_sheets
from monitor.store import coverage
from monitor.store.engine import writing
from monitor.store.tables import imports

AT = datetime(2025, 12, 31, 9, 30, tzinfo=CHINA)
HEADER = "支付凭证号,支付日期,单位编码,项目名称,支付金额,用途\n"
Mend = Callable[[dict[str, str]], None]


@pytest.fixture
def app(tmp_path: Path) -> App:
    make_workspace(tmp_path / "office")
    return open_workspace(tmp_path / "office", now=lambda: AT, actor="测试")


def land(app: App, name: str, text: str) -> PaymentReceipt:
    path = app.settings.archive.parent / name
    path.write_text(text, encoding="utf-8")
    return app.import_payments(path)


def row(number: str, amount: str, *, purpose: str = "货款", day: str = "2025-03-05") -> str:
    return f"{number},{day},430001,热线服务,{amount},{purpose}\n"


def sheets(app: App) -> dict[str, str]:
    with app.reading() as connection:
        return rejected_sheets(connection, app.settings.columns)[1]


def listed(app: App) -> list[tuple[str, str, int]]:
    """What is rejected still: number, file and line."""
    with app.reading() as connection:
        rows, _ = rejected_sheets(connection, app.settings.columns)
    return [(each.number, each.file, each.line) for each in rows]


def mended(text: str, mend: Mend) -> str:
    """The list as somebody has mended it in a spreadsheet."""
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(header)
    for cells in rows:
        said = dict(zip(header, cells, strict=False))
        mend(said)
        writer.writerow([*said.values(), *cells[len(header) :]])
    return target.getvalue()


def amount(fen: str) -> Mend:
    def mend(cells: dict[str, str]) -> None:
        cells["支付金额（元）"] = fen

    return mend


def test_the_list_has_reason_file_line_and_name_before_the_rows_own_cells(app: App) -> None:
    land(app, "三月.csv", HEADER + row("6222020200012345678", "1O0") + row("007", ""))

    [text] = sheets(app).values()

    header, first, second = csv.reader(io.StringIO(text, newline=""))
    assert header[:5] == ["原因", "怎样处理", "文件", "行", "拒收编号"]
    assert header[5:] == [
        "支付凭证号",
        "支付日期",
        "单位编码",
        "项目名称",
        "支付金额（元）",
        "用途",
    ]
    assert "不是金额" in first[0]
    assert first[2:4] == ["三月.csv", "2"]
    assert first[5] == '="6222020200012345678"'  # a spreadsheet would keep 15 digits of it
    assert second[5] == '="007"'
    assert first[4] != second[4]


def test_mended_rows_come_in_and_are_rejected_no_longer(app: App) -> None:
    land(app, "三月.csv", HEADER + row("V1", "1O0") + row("V2", "2O0") + row("V3", "3.00"))
    [text] = sheets(app).values()

    receipt = land(app, "改正.csv", mended(text, amount("100.00")))

    assert receipt.outcomes == {"unmatched": (2, 200_00)}
    assert (receipt.mended, receipt.rows) == (2, 2)
    assert listed(app) == []
    assert sheets(app) == {}


def test_rows_without_number_are_settled_too(app: App) -> None:
    land(app, "三月.csv", HEADER + row("", "1O0"))
    [text] = sheets(app).values()

    assert land(app, "改正.csv", mended(text, amount("100.00"))).mended == 1
    assert listed(app) == []


def test_a_row_that_is_still_wrong_is_listed_once(app: App) -> None:
    land(app, "三月.csv", HEADER + row("V1", "1O0") + row("V2", "2O0"))
    [text] = sheets(app).values()

    def half(cells: dict[str, str]) -> None:
        cells["支付金额（元）"] = "5" if "V1" in cells["支付凭证号"] else "2OO"

    receipt = land(app, "改正.csv", mended(text, half))

    assert receipt.outcomes == {"unmatched": (1, 5_00), "rejected": (1, 0)}
    assert listed(app) == [("V2", "改正.csv", 3)]
    [again] = sheets(app).values()
    land(app, "再改.csv", mended(again, amount("7")))
    assert listed(app) == []


def test_rows_that_came_back_untouched_change_nothing(app: App) -> None:
    land(app, "三月.csv", HEADER + row("V1", "1O0") + row("", "2O0"))
    before = listed(app)
    [text] = sheets(app).values()

    receipt = land(app, "没改.csv", text)

    assert receipt.outcomes == {"rejected_before": (2, 0)}
    assert receipt.mended == 0
    assert listed(app) == before


def test_equal_rows_are_settled_one_by_one(app: App) -> None:
    land(app, "三月.csv", HEADER + row("", "1O0") * 2)
    [text] = sheets(app).values()
    header, first, second = text.splitlines(keepends=True)

    land(app, "改一.csv", mended(header + first, amount("100")))
    assert listed(app) == [("", "三月.csv", 3)]

    receipt = land(app, "改二.csv", mended(header + second, amount("100")))
    assert receipt.outcomes == {"unmatched": (1, 100_00)}  # an honest second payment
    assert listed(app) == []


def test_a_further_line_of_a_document_comes_in_beside_the_readable_ones(app: App) -> None:
    land(app, "三月.csv", HEADER + row("V1", "100.00") + row("V1", "1O0") + row("V1", "7.O0"))
    [text] = sheets(app).values()

    receipt = land(app, "改正.csv", mended(text, amount("100.00")))

    assert receipt.outcomes == {"unmatched": (2, 200_00)}
    assert listed(app) == []
    whole = HEADER + row("V1", "100.00") * 3
    assert land(app, "全.csv", whole).outcomes == {"known": (3, 300_00)}


def test_a_row_without_number_is_beside_its_equals(app: App) -> None:
    land(app, "三月.csv", HEADER + row("", "100.00") + row("", "1O0"))
    [text] = sheets(app).values()

    receipt = land(app, "改正.csv", mended(text, amount("100.00")))

    assert receipt.outcomes == {"unmatched": (1, 100_00)}
    whole = HEADER + row("", "100.00") * 2
    assert land(app, "全.csv", whole).outcomes == {"known": (2, 200_00)}


def test_the_same_mended_row_in_another_file_counts_once(app: App) -> None:
    land(app, "三月.csv", HEADER + row("V1", "100.00") + row("V1", "1O0"))
    [text] = sheets(app).values()
    back = mended(text, amount("100.00"))

    land(app, "改正.csv", back)
    again = land(app, "改正又一份.csv", back + "\n")

    assert again.outcomes == {"known": (1, 100_00)}


def test_a_sibling_that_comes_with_the_same_unreadable_line_mends_nothing(app: App) -> None:
    land(app, "三月.csv", HEADER + row("V1", "1O0"))
    land(app, "累计.csv", HEADER + row("V1", "8.10") + row("V1", "1O0"))
    assert listed(app) == [("V1", "三月.csv", 2)]

    land(app, "全.csv", HEADER + row("V1", "8.10") + row("V1", "100.00"))
    assert listed(app) == []


def test_what_another_list_brought_meanwhile_is_not_counted_again(app: App) -> None:
    land(app, "三月.csv", HEADER + row("V1", "1O0"))
    [text] = sheets(app).values()
    land(app, "累计.csv", HEADER + row("V1", "100.00"))

    receipt = land(app, "改正.csv", mended(text, amount("100.00")))

    assert receipt.outcomes == {"known": (1, 100_00)}
    assert listed(app) == []


def test_lists_of_several_forms_are_one_list_that_can_be_read(app: App) -> None:
    land(app, "甲.csv", HEADER + row("V1", "1O0"))
    other = "申请,付款日期,支付申请编号,单位代码,项目名称,金额,备用\n"
    land(app, "乙.csv", other + "x,2025-04-31,A1,430001,热线服务,50.00,留\n")
    [text] = sheets(app).values()

    def mend(cells: dict[str, str]) -> None:
        cells["支付金额（元）"] = cells["支付金额（元）"].replace("1O0", "100")
        cells["支付日期"] = cells["支付日期"].replace("31", "30")

    receipt = land(app, "改正.csv", mended(text, mend))

    assert receipt.outcomes == {"unmatched": (2, 150_00)}
    assert listed(app) == []


def test_amounts_in_another_unit_are_a_list_of_their_own(app: App) -> None:
    land(app, "甲.csv", HEADER + row("V1", "1O0"))
    land(app, "乙.csv", "单位：万元\n" + HEADER + row("V2", "2O0"))
    found = sheets(app)

    assert sorted(found) == ["万元", "元"]
    assert "支付金额（万元）" in found["万元"]

    def mend(cells: dict[str, str]) -> None:
        cells["支付金额（万元）"] = "2"

    receipt = land(app, "改正.csv", mended(found["万元"], mend))
    assert receipt.outcomes == {"unmatched": (1, 20_000_00)}
    assert listed(app) == [("V1", "甲.csv", 2)]


def test_a_file_named_like_a_total_hides_no_row(app: App) -> None:
    land(app, "合计.csv", HEADER + ",,430001,热线服务,,货款\n")
    assert listed(app) == [("", "合计.csv", 2)]
    [text] = sheets(app).values()

    receipt = land(app, "没改.csv", text)

    assert receipt.rows == 1
    assert listed(app) == [("", "合计.csv", 2)]


def test_a_formula_is_not_run_and_a_negative_amount_stays_one(app: App) -> None:
    land(app, "三月.csv", HEADER + row("V1", "-1.00", day="", purpose="=HYPERLINK(1)"))
    [text] = sheets(app).values()

    assert ",=HYPERLINK" not in text
    assert ",-1.00," in text


def test_undoing_the_mended_list_opens_the_rejected_rows_again(app: App) -> None:
    land(app, "三月.csv", HEADER + row("", "1O0"))
    [text] = sheets(app).values()
    receipt = land(app, "改正.csv", mended(text, amount("100.00")))
    assert listed(app) == []

    with writing(app.engine) as connection:  # what `imports undo` marks
        taken = update(imports).where(imports.c.id == receipt.import_id)
        connection.execute(taken.values(undone=imports.c.id))

    assert listed(app) == [("", "三月.csv", 2)]


def test_a_list_of_mended_rows_covers_no_month(app: App) -> None:
    land(app, "2025-03.csv", HEADER + row("", "1O0"))
    [text] = sheets(app).values()
    land(
        app,
        "改正.csv",
        mended(text, lambda c: c.update({"支付金额（元）": "1", "支付日期": "2025-05-05"})),
    )

    with app.reading() as connection:
        covered = coverage.load(connection, 2025)
    assert not covered.complete("430001", "2025-05")
