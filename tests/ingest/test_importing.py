"""Landing files in a database: whole or not at all, each row once, everything traceable."""

from __future__ import annotations

import hashlib
import sqlite3
import tomllib
from datetime import date, datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from monitor.domain.calendar import CHINA
from monitor.errors import InputError, NotFound, UsageError
from monitor.ingest.import_payments import PaymentReceipt, PaymentRules, import_payments
from monitor.ingest.import_targets import TargetReceipt, import_targets
from monitor.ingest.importing import Incoming
from monitor.ingest.labels import default_labels
from monitor.ingest.match_by_hand import match_by_hand
from monitor.ingest.profiles import Columns
from monitor.ingest.shipped import shipped
from monitor.store import conflicts, ledger, matches, payment_tables, rejections, tables
from monitor.store.engine import open_engine, reading
from monitor.store.schema import upgrade

AT = datetime(2025, 7, 3, 9, 30, tzinfo=CHINA)
COLUMNS = Columns.from_toml(tomllib.loads(shipped("rules/columns.toml")))
CODE, OTHER = "13022925P00JXC4198855", "13022925P00JXC4198951"
HEADER = "支付申请编号,支付凭证号,支付日期,预算单位编码,项目编码,项目名称,支付金额,用途,状态\n"


def row(
    number: str,
    amount: str = "100.00",
    *,
    voucher: str = "",
    code: str = CODE,
    day: str = "2025-03-20",
    status: str = "已支付",
    name: str = "热线服务",
) -> str:
    return f"{number},{voucher},{day},434001,{code},{name},{amount},服务费,{status}\n"


class Office:
    """A database and an archive, and files landing in them."""

    def __init__(self, folder: Path, engine: Engine) -> None:
        self.archive, self.engine = folder / "archive", engine

    def targets(self, text: str, name: str = "目标.txt", **options: Any) -> TargetReceipt:
        return import_targets(
            self.engine,
            Incoming(name, text.encode(), AT, "测试"),
            folder=self.archive,
            labels=default_labels(),
            **options,
        )

    def in_transit(self, on: date) -> tuple[int, int]:
        """Fen and lines applied for but not paid, of all projects."""
        with reading(self.engine) as connection:
            found = ledger.accounts(connection, year=on.year, as_of=on)
        return sum(each.in_transit_fen for each in found), sum(each.in_transit for each in found)

    def payments(self, *rows: str, name: str = "2025-03.csv") -> PaymentReceipt:
        data = (HEADER + "".join(rows)).encode()
        return import_payments(
            self.engine,
            Incoming(name, data, AT, "测试"),
            folder=self.archive,
            rules=PaymentRules(COLUMNS),
        )

    def paid(self, code: str = CODE) -> tuple[int, int]:
        """Fen and lines of a project in 2025."""
        with reading(self.engine) as connection:
            found = ledger.accounts(
                connection, year=2025, as_of=AT.date().replace(month=12, day=31), project_code=code
            )
        return found[0].paid_fen, found[0].payments

    def count(self, table: Any) -> int:
        with reading(self.engine) as connection:
            return int(connection.scalar(select(func.count()).select_from(table)) or 0)


def document(
    *, budget: str = "1000.00", names: tuple[str, ...] = ("热线服务", "政府业务费")
) -> str:
    tables_ = []
    for position, (code, name) in enumerate(zip((CODE, OTHER), names, strict=False), 1):
        cells = [
            [f"{position}.{name}绩效目标表"],
            ["434001某办公室本级", "单位：元"],
            ["项目编码", code, "项目名称", name],
            ["预算规模及资金用途", "预算数", budget, "其中：财政资金", budget, "其他资金", ""],
            ["", f"{name}用途"],
            ["资金支出计划（%）", "3月底", "6月底", "10月底", "12月底"],
            ["", "25%", "50%", "75%", "100%"],
            ["绩效目标", "1.完成"],
            *(
                ["一级指标", "二级指标", "三级指标", "绩效指标描述", "指标值", "指标值确定依据"],
                ["产出指标", "数量指标", "次数", "次数", "≥5次", "计划"],
            ),
        ]
        head, *rows = cells
        tables_.append(head[0] + "\n" + "\n".join("".join(f"\t{c}\n" for c in r) for r in rows))
    return "第二部分\n预算项目绩效目标\n" + "\n".join(tables_)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    engine = open_engine(f"sqlite:///{tmp_path / 'monitor.db'}")
    upgrade(engine)
    office = Office(tmp_path, engine)
    office.targets(document())
    return office


def test_a_receipt_adds_up_to_the_rows_of_the_file(office: Office) -> None:
    receipt = office.payments(
        row("A1"),
        row("A2", code="X"),
        row("A3", "待核"),
        row("A4", status="已作废"),
        row("A5", status="待支付"),
        row("A6", "-30.00", status="已退款"),
    )

    assert receipt.rows == 6 == sum(rows for rows, _ in receipt.outcomes.values())
    assert receipt.outcomes == {
        "counted": (2, 7_000),
        "unmatched": (1, 10_000),
        "rejected": (1, 0),
        "in_transit": (1, 10_000),
        "voided": (1, 10_000),
    }
    assert office.paid() == (7_000, 2)


def test_a_file_is_kept_in_the_archive_under_its_checksum(office: Office) -> None:
    office.payments(row("A1"))

    data = (HEADER + row("A1")).encode()
    assert (office.archive / hashlib.sha256(data).hexdigest()).read_bytes() == data


def test_a_refused_file_leaves_nothing_behind(office: Office) -> None:
    before = office.count(tables.imports), len(list(office.archive.iterdir()))

    with pytest.raises(InputError):
        import_payments(
            office.engine,
            Incoming("x.csv", b"\xff\xfe\x00", AT, "测试"),
            folder=office.archive,
            rules=PaymentRules(COLUMNS),
        )

    assert (office.count(tables.imports), len(list(office.archive.iterdir()))) == before


def test_an_import_that_breaks_half_way_leaves_nothing_in_the_database(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_args: object) -> None:
        raise sqlite3.OperationalError("disk full")

    monkeypatch.setattr(rejections, "add", break_down)
    with pytest.raises(sqlite3.OperationalError):
        office.payments(row("A1"), row("A2", "待核"))
    monkeypatch.undo()

    assert office.count(payment_tables.payments) == 0
    assert office.count(payment_tables.monthly_sums) == 0
    assert office.paid() == (0, 0)
    assert office.payments(row("A1"), row("A2", "待核")).outcomes["counted"] == (1, 10_000)


def test_a_mended_row_settles_the_rejected_one(office: Office) -> None:
    office.payments(row("A1", "待核"))
    office.payments(row("A1", "55.00"), name="2025-03改.csv")

    with reading(office.engine) as connection:
        assert rejections.load(connection) == []
    assert office.paid() == (5_500, 1)


@pytest.mark.parametrize(
    ("date", "amount"),
    [("2025/3/5", "1,234.50"), ("2025年3月5日", "1234.5"), ("20250305", "1234.50元")],
)
def test_a_rejected_row_spelled_otherwise_is_the_same_row(
    office: Office, date: str, amount: str
) -> None:
    mangled = row("2.02501E+13", "1234.50", day="2025-03-05")
    again = mangled.replace("2025-03-05", date).replace("1234.50", f'"{amount}"')
    office.payments(mangled)

    receipt = office.payments(again, name="2025-03又.csv")

    assert receipt.outcomes == {"rejected_before": (1, 123_450)}
    with reading(office.engine) as connection:
        assert len(rejections.load(connection)) == 1


def test_rejected_rows_of_other_amounts_or_days_are_others(office: Office) -> None:
    office.payments(row("2.02501E+13", "1234.50", day="2025-03-05"))

    for n, (day, amount) in enumerate([("2025-03-06", "1234.50"), ("2025-03-05", "1234.51")]):
        receipt = office.payments(row("2.02501E+13", amount, day=day), name=f"{n}.csv")
        assert list(receipt.outcomes) == ["rejected"]


def test_the_same_rejected_row_in_a_cumulative_list_is_listed_once(office: Office) -> None:
    office.payments(row("A1", "待核"))
    receipt = office.payments(row("A1", "待核"), row("A2"), name="2025-04.csv")

    assert receipt.outcomes["rejected_before"] == (1, 0)
    with reading(office.engine) as connection:
        assert len(rejections.load(connection)) == 1


def test_a_voucher_with_one_bad_line_is_not_settled_by_its_good_line(office: Office) -> None:
    office.payments(row("", "10.00", voucher="V"), row("", "待核", voucher="V"))

    with reading(office.engine) as connection:
        assert [each.number for each in rejections.load(connection)] == ["V"]


def test_one_mended_line_does_not_hide_the_other_bad_line_of_its_voucher(office: Office) -> None:
    bad = row("", "2O", voucher="V")
    office.payments(row("", "1O", voucher="V"), bad)
    office.payments(row("", "10", voucher="V"), bad, name="2025-03改.csv")

    with reading(office.engine) as connection:
        assert "2O" in [each.value for each in rejections.load(connection)]


def test_a_row_that_was_mended_at_the_second_attempt_is_settled(office: Office) -> None:
    for attempt in ("1O", "1O.0", "10"):
        office.payments(row("A1", attempt), name=f"2025-03 {attempt}.csv")

    with reading(office.engine) as connection:
        assert rejections.load(connection) == []


def test_next_years_payment_of_the_same_number_settles_no_rejected_row(office: Office) -> None:
    office.payments(row("0012", "1O"))
    office.payments(row("0012", "10", day="2026-03-01"), name="2026-03.csv")

    with reading(office.engine) as connection:
        assert [each.number for each in rejections.load(connection)] == ["0012"]


@pytest.mark.parametrize("ends", list(permutations((row("A1"), row("", voucher="V1")))))
@pytest.mark.parametrize("first", [True, False])
def test_a_list_with_both_numbers_joins_those_with_one_of_them(
    office: Office, ends: tuple[str, str], *, first: bool
) -> None:
    both = row("A1", voucher="V1")
    for position, listed in enumerate((both, *ends) if first else (ends[0], both, ends[1])):
        office.payments(listed, name=f"{position}.csv")

    assert office.paid() == (10_000, 1)


def test_one_payment_under_both_its_numbers_counts_once_when_a_list_shows_that_it_is_one(
    office: Office,
) -> None:
    office.payments(row("A1"))
    office.payments(row("", voucher="V1"), name="凭证.csv")
    assert office.paid() == (20_000, 2)  # nothing says yet that they are one

    receipt = office.payments(row("A1", voucher="V1"), name="两个编号.csv")

    assert receipt.outcomes == {"known": (1, 10_000)}
    assert office.paid() == (10_000, 1)
    again = office.payments(row("", voucher="V1"), row("", voucher="V2"), name="再.csv")
    assert again.outcomes == {"counted": (1, 10_000), "known": (1, 10_000)}


def test_two_equal_payments_of_one_voucher_stay_two_when_a_list_links_them(
    office: Office,
) -> None:
    office.payments(row("A1"), row("A2"))
    office.payments(row("", voucher="V1"), row("", voucher="V1"), name="凭证.csv")

    office.payments(row("A1", voucher="V1"), row("A2", voucher="V1"), name="两个编号.csv")

    assert office.paid() == (20_000, 2)


def test_equal_payments_without_number_are_one_however_the_list_spells_them(
    office: Office,
) -> None:
    office.payments(row("", name="热线(服务)"))
    office.payments(row("", name="热线 （服务）"), name="2025-04.csv")

    assert office.paid() == (10_000, 1)


def test_a_mended_line_of_a_voucher_comes_in_beside_its_good_lines(office: Office) -> None:
    good, bad = row("", "10.00", voucher="V"), row("", "待核", voucher="V")
    office.payments(bad, good)

    receipt = office.payments(row("", "25.00", voucher="V"), good, name="2025-03改.csv")

    assert receipt.outcomes == {"counted": (1, 2_500), "known": (1, 1_000)}
    assert office.paid() == (3_500, 2)
    with reading(office.engine) as connection:
        assert rejections.load(connection) == []
    again = office.payments(row("", "25.00", voucher="V"), good, row("A9"), name="2025-04.csv")
    assert again.outcomes == {"counted": (1, 10_000), "known": (2, 3_500)}


def test_more_further_lines_than_were_rejected_are_a_conflict(office: Office) -> None:
    good = row("", "10.00", voucher="V")
    office.payments(good, row("", "待核", voucher="V"))

    lines = (good, row("", "25.00", voucher="V"), row("", "26.00", voucher="V"))
    receipt = office.payments(*lines, name="2025-03改.csv")

    assert receipt.outcomes == {"conflict": (3, 6_100)}
    assert office.paid() == (1_000, 1)


def test_a_changed_line_does_not_pass_for_a_mended_one(office: Office) -> None:
    office.payments(row("", "10.00", voucher="V"), row("", "待核", voucher="V"))

    receipt = office.payments(row("", "11.00", voucher="V"), name="2025-03改.csv")

    assert receipt.outcomes == {"conflict": (1, 1_100)}


def test_a_conflict_keeps_what_came_first(office: Office) -> None:
    office.payments(row("A1", "100.00"))
    receipt = office.payments(row("A1", "90.00"), name="2025-04.csv")

    assert receipt.outcomes == {"conflict": (1, 9_000)}
    assert office.paid() == (10_000, 1)
    with reading(office.engine) as connection:
        [conflict] = conflicts.load(connection)
    assert conflict.differences == [["金额（分）", "10000", "9000"]]


def test_a_payment_in_transit_counts_once_it_is_paid(office: Office) -> None:
    office.payments(row("A1", status="审核中"))
    assert office.paid() == (0, 0)

    office.payments(row("A1"), name="2025-04.csv")
    assert office.paid() == (10_000, 1)


def test_a_correction_moves_money_between_projects(office: Office) -> None:
    office.payments(row("A1", "100.00"))
    office.payments(
        row("", "-40.00", voucher="K1", status="更正"),
        row("", "40.00", voucher="K1", status="更正", code=OTHER),
        name="2025-04.csv",
    )

    assert office.paid(CODE) == (6_000, 2)
    assert office.paid(OTHER) == (4_000, 1)


def test_payments_that_came_before_their_document_match_when_it_comes(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'm.db'}")
    upgrade(engine)
    office = Office(tmp_path, engine)
    office.payments(row("A1"), row("A2", code=""))

    receipt = office.targets(document())

    assert receipt.matched == 2
    assert office.paid() == (20_000, 2)


def test_a_payment_of_another_year_is_not_matched_to_this_years_project(office: Office) -> None:
    receipt = office.payments(row("A1", day="2024-12-30"), name="2024-12.csv")

    assert receipt.outcomes == {"unmatched": (1, 10_000)}


def test_a_payment_dated_after_the_import_is_told(office: Office) -> None:
    receipt = office.payments(row("A1", day="2025-08-01"), name="2025-08.csv")

    assert "P113" in [each.id for each in receipt.diagnostics]


def test_every_match_says_how_when_and_by_whom(office: Office) -> None:
    office.payments(row("A1"), row("A2", code=""), row("A3", code="X"))
    match_by_hand(office.engine, "A3", OTHER, year=None, at=AT, actor="李会计")

    with reading(office.engine) as connection:
        made = {
            each.id: (each.number, each.method, each.imported_by)
            for each in matches.like(connection)
        }
        changed = [
            (each.payment_id, each.before_method, each.method, each.actor, each.matched_at)
            for each in matches.log(connection, made)
        ]
    assert made == {
        1: ("A1", "code", "测试"),
        2: ("A2", "name", "测试"),
        3: ("A3", "manual", "测试"),
    }
    assert changed == [(3, "", "manual", "李会计", AT)]


def test_matching_by_hand_moves_a_payment_and_keeps_the_earlier_match(office: Office) -> None:
    office.payments(row("A1"))

    outcome = match_by_hand(office.engine, "A1", OTHER.lower(), year=2025, at=AT, actor="李会计")

    assert outcome.before == CODE
    assert (office.paid(CODE), office.paid(OTHER)) == ((0, 0), (10_000, 1))
    with reading(office.engine) as connection:
        logged = matches.log(connection, [1])
    assert [(each.before_code, each.project_code) for each in logged] == [(CODE, OTHER)]


def test_a_further_line_of_a_document_is_named_with_its_place(office: Office) -> None:
    office.payments(row("", "1.00", voucher="V", code="X"), row("", "2.00", voucher="V", code="X"))

    match_by_hand(office.engine, "V/2", CODE, year=None, at=AT, actor="李会计")

    assert office.paid() == (200, 1)
    with reading(office.engine) as connection:
        assert [each.ordinal for each in matches.unmatched(connection)] == [1]


def test_a_number_that_holds_a_slash_is_matched_by_hand(office: Office) -> None:
    office.payments(row("冀支/0012", code="X"))

    match_by_hand(office.engine, "冀支/0012", CODE, year=None, at=AT, actor="李会计")

    assert office.paid() == (10_000, 1)


def test_matching_by_hand_refuses_what_is_unknown_or_does_not_count(office: Office) -> None:
    office.payments(row("A1"), row("A2", status="已作废"))

    with pytest.raises(NotFound, match="没有编号为 A9"):
        match_by_hand(office.engine, "A9", CODE, year=None, at=AT, actor="x")
    with pytest.raises(NotFound, match="没有项目"):
        match_by_hand(office.engine, "A1", "P", year=None, at=AT, actor="x")
    with pytest.raises(UsageError, match="不计入"):
        match_by_hand(office.engine, "A2", CODE, year=None, at=AT, actor="x")


def test_a_match_across_units_is_done_and_said(office: Office) -> None:
    office.payments(row("A1", code="X").replace("434001", "999001"))

    outcome = match_by_hand(office.engine, "A1", CODE, year=None, at=AT, actor="李会计")

    assert outcome.other_unit == "999001"
    assert office.paid() == (10_000, 1)


def test_a_revised_document_is_a_revision_with_its_differences(office: Office) -> None:
    receipt = office.targets(document(budget="1200.00"), name="修订.txt")

    assert (receipt.new, receipt.same, len(receipt.revised)) == (0, 0, 2)
    budget = next(c for c in receipt.revised[0].changes if c.field.startswith("预算数"))
    assert (budget.old, budget.new) == ("1,000.00", "1,200.00")
    assert office.count(tables.revisions) == 4
    with reading(office.engine) as connection:
        accounts = ledger.accounts(connection, year=2025, as_of=AT.date())
    assert [each.budget_fen for each in accounts] == [120_000, 120_000]


def test_an_unchanged_project_in_another_file_is_no_revision(office: Office) -> None:
    receipt = office.targets(document() + "\n", name="又一份.txt")

    assert (receipt.new, receipt.same, receipt.revised) == (0, 2, ())
    assert office.count(tables.revisions) == 2


def test_the_same_document_for_another_year_is_another_import(office: Office) -> None:
    assert office.targets(document(), year=2026).new == 2
    assert office.targets(document(), year=2026).known


def test_the_same_bytes_are_recorded_once(office: Office) -> None:
    first = office.payments(row("A1"))
    again = office.payments(row("A1"), name="改了名.csv")

    assert (first.known, again.known) == (False, True)
    assert again.outcomes == first.outcomes
    assert office.count(tables.imports) == 2


def test_a_row_that_cannot_be_read_makes_no_conflict_of_its_document(office: Office) -> None:
    office.payments(row("A1", "10.00"), row("A1", "20.00"))

    again = office.payments(row("A1", "10.00"), row("A1", "2O.00"), name="再.csv")

    assert {name: rows for name, (rows, _) in again.outcomes.items()} == {"known": 1, "rejected": 1}
    assert office.paid() == (3_000, 2)


def test_a_number_of_two_years_in_one_list_is_known_by_its_other_name_in_both(
    office: Office,
) -> None:
    office.payments(
        row("A1", voucher="V1", day="2025-03-20"), row("A1", voucher="V1", day="2024-03-20")
    )

    by_voucher = office.payments(
        row("", voucher="V1", day="2025-03-20"), row("", voucher="V1", day="2024-03-20")
    )

    assert {name: rows for name, (rows, _) in by_voucher.outcomes.items()} == {"known": 2}


def test_equal_rows_without_number_of_two_years_in_one_list_are_known_again(
    office: Office,
) -> None:
    """Each year's rows are read once more at the end, and so are their wordings."""
    last_year = row("", day="2024-05-25", name="校舍维修", code="13022924P00JXC4198846")
    this_year = row("", day="2025-05-23")
    office.payments(last_year, this_year, this_year, last_year)

    again = office.payments(this_year, this_year, last_year, last_year, name="2025-06.csv")

    assert {name: rows for name, (rows, _) in again.outcomes.items()} == {"known": 4}
    assert office.paid() == (20_000, 2)


def test_a_code_with_a_name_that_does_not_fit_counts_and_is_told(office: Office) -> None:
    receipt = office.payments(
        row("A1"), row("A2", name="公路养护工程"), row("A3", name="公路养护工程")
    )

    told = [str(each) for each in receipt.diagnostics if each.id == "P114"]
    assert len(told) == 1
    assert "第 3 行" in told[0]
    assert "公路养护工程" in told[0]
    assert office.paid() == (30_000, 3)


def test_an_application_in_transit_without_a_date_is_in_transit_until_it_is_paid(
    office: Office,
) -> None:
    waiting = office.payments(row("A1", "70.00", day="", status="审核中"))

    assert waiting.outcomes == {"in_transit": (1, 7_000)}
    assert "P115" in {each.id for each in waiting.diagnostics}
    assert office.in_transit(date(2025, 3, 31)) == (7_000, 1)
    assert office.in_transit(date(2025, 2, 28)) == (0, 0)

    still = office.payments(row("A1", "70.00", day="", status="待支付"), name="2025-04.csv")
    assert still.outcomes == {"in_transit": (1, 7_000)}
    assert office.in_transit(date(2025, 4, 30)) == (7_000, 1)

    paid = office.payments(row("A1", "70.00", day="2025-05-06"), name="2025-05.csv")
    assert paid.outcomes == {"counted": (1, 7_000)}
    assert office.in_transit(date(2025, 5, 31)) == (0, 0)
    with reading(office.engine) as connection:
        assert rejections.load(connection) == []


def test_an_undated_application_of_a_list_of_no_month_waits_among_the_rejected(
    office: Office,
) -> None:
    waiting = office.payments(row("A1", day="", status="审核中"), name="清单.csv")

    assert waiting.outcomes == {"in_transit": (1, 10_000)}
    assert office.in_transit(date(2025, 12, 31)) == (0, 0)
    with reading(office.engine) as connection:
        assert [each.reason_id for each in rejections.load(connection)] == ["P012"]


def test_a_total_that_holds_a_row_of_unknown_status_is_no_refusal(office: Office) -> None:
    rows = (
        row("A1", "100.00", status="已拨付"),
        row("A2", "50.00", status="审核中"),
        row("A3", "70.00"),
    )

    receipt = office.payments(*rows, "合计,,,,,,170.00,,\n")

    assert {name: n for name, (n, _) in receipt.outcomes.items()} == {
        "counted": 1,
        "rejected": 1,
        "in_transit": 1,
    }
    assert "P106" in {each.id for each in receipt.diagnostics}


def test_a_total_that_no_sum_explains_refuses_the_list_unless_it_is_accepted(
    office: Office,
) -> None:
    rows = (row("A1", "100.00"), "合计,,,,,,90.00,,\n")

    with pytest.raises(InputError) as refused:
        office.payments(*rows)
    assert "P206" in {each.id for each in refused.value.diagnostics}
    assert office.count(payment_tables.payments) == 0
