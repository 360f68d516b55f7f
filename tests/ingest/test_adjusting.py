"""Adjustments: what they do to budgets at every date, what they may not do, and lists of them."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from monitor.domain.adjustment import Adjustment, AdjustmentKind
from monitor.domain.calendar import CHINA
from monitor.domain.progress import Account
from monitor.errors import InputError, NotFound, UsageError
from monitor.ingest.adjusting import adjust, adjust_file, undo_adjustment
from monitor.ingest.adjustment_lines import Entry, NewProject, template
from monitor.ingest.adjustment_record import AdjustReceipt
from monitor.ingest.importing import Incoming
from monitor.reports.history import history
from monitor.store import ledger, tables
from monitor.store.engine import open_engine, reading
from monitor.store.schema import upgrade
from tests.ingest.test_importing import CODE, OTHER, Office, document, row

AT = datetime(2025, 7, 20, 9, 0, tzinfo=CHINA)
NEW = "13022925P00JXC4198999"
JULY = date(2025, 7, 15)
ADD, CUT, RECALL, CARRY, MOVE = AdjustmentKind
HEADER = "项目编码,调整类型,金额（元）,资金性质,生效日期,文号,调出项目编码,调入项目编码,备注\n"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    engine = open_engine(f"sqlite:///{tmp_path / 'monitor.db'}")
    upgrade(engine)
    made = Office(tmp_path, engine)
    made.targets(document())
    return made


def entry(
    kind: AdjustmentKind,
    yuan: int,
    code: str = CODE,
    *,
    on: date = JULY,
    to: str = "",
    number: str = "财预〔2025〕12号",
    new: NewProject | None = None,
) -> Entry:
    giver, taker = (code, to) if to else ("", code) if kind.adds else (code, "")
    adjustment = Adjustment(kind, yuan * 100, kind.usual_fund, on, number, giver, taker)
    return Entry(adjustment, new)


def do(office: Office, *args: object, again: bool = False, **kwargs: object) -> AdjustReceipt:
    made = entry(*args, **kwargs)  # type: ignore[arg-type]
    return adjust(office.engine, made, at=AT, actor="测试", again=again)


def account(office: Office, on: str, code: str = CODE) -> Account:
    with reading(office.engine) as connection:
        day = date.fromisoformat(on)
        [found] = ledger.accounts(connection, year=2025, as_of=day, project_code=code)
    return found


def budget(office: Office, on: str, code: str = CODE) -> int | None:
    fen = account(office, on, code).budget_fen
    return None if fen is None else fen // 100


def listed(office: Office, text: str, **options: Any) -> AdjustReceipt:
    incoming = Incoming("调整.csv", text.encode(), AT, "测试")
    return adjust_file(office.engine, incoming, folder=office.archive, **options)


def test_the_budget_is_the_adjusted_one_from_its_day_and_the_initial_one_stays(
    office: Office,
) -> None:
    do(office, ADD, 500)
    do(office, CUT, 200, on=date(2025, 9, 1))
    do(office, CARRY, 50, on=date(2025, 10, 1))
    do(office, RECALL, 30, on=date(2025, 11, 1))

    asked = ("2025-07-14", "2025-07-15", "2025-09-01", "2025-10-01", "2025-11-01")
    assert [budget(office, day) for day in asked] == [1000, 1500, 1300, 1350, 1320]
    assert account(office, "2025-12-31").initial_budget_fen == 100_000
    assert budget(office, "2025-12-31", OTHER) == 1000


def test_a_transfer_is_one_record_that_takes_and_gives(office: Office) -> None:
    do(office, MOVE, 300, CODE, to=OTHER)

    assert (budget(office, "2025-07-15"), budget(office, "2025-07-15", OTHER)) == (700, 1300)
    assert (office.count(tables.adjustments), office.count(tables.adjustment_lines)) == (1, 2)


def test_the_same_adjustment_again_changes_nothing_unless_it_is_said_to_be_another(
    office: Office,
) -> None:
    first = do(office, ADD, 500)
    second = do(office, ADD, 500)

    assert (second.known, second.added) == (first.added, ())
    assert budget(office, "2025-12-31") == 1500
    assert do(office, ADD, 500, again=True).added
    assert budget(office, "2025-12-31") == 2000


def test_a_budget_may_not_fall_below_nothing_on_any_later_day(office: Office) -> None:
    do(office, CUT, 900, on=date(2025, 9, 1))
    with pytest.raises(UsageError, match="2025年9月1日的预算数将为 -100"):
        do(office, CUT, 200)
    assert office.count(tables.adjustments) == 1


def test_taking_back_what_later_cuts_need_is_refused_and_else_done(office: Office) -> None:
    [added] = do(office, ADD, 500).added
    [cut] = do(office, CUT, 1200, on=date(2025, 9, 1)).added
    with pytest.raises(UsageError, match="成了负数"):
        undo_adjustment(office.engine, added, reason="登错", at=AT, actor="测试")
    assert budget(office, "2025-12-31") == 300

    undo_adjustment(office.engine, cut, reason="登错", at=AT, actor="测试")
    undo_adjustment(office.engine, added, reason="登错", at=AT, actor="测试")
    assert budget(office, "2025-12-31") == 1000
    with pytest.raises(UsageError, match="撤销"):
        undo_adjustment(office.engine, added, reason="登错", at=AT, actor="测试")
    with pytest.raises(NotFound):
        undo_adjustment(office.engine, 99, reason="登错", at=AT, actor="测试")


def test_a_cut_below_what_is_paid_is_done_and_said(office: Office) -> None:
    office.payments(row("A1", "600.00"))

    assert "已支付 600.00 元" in "".join(do(office, CUT, 500).warnings)
    assert not do(office, ADD, 500).warnings


def test_a_blank_budget_cannot_be_adjusted(office: Office) -> None:
    office.targets(document(budget=""), name="空白.txt")

    with pytest.raises(UsageError, match="空白不是 0"):
        do(office, ADD, 500)
    assert account(office, "2025-12-31").budget_fen is None


def test_a_project_without_a_document_must_be_described(office: Office) -> None:
    with pytest.raises(NotFound, match="--name"):
        do(office, ADD, 500, NEW)

    assert office.count(tables.projects) == 2


def test_a_project_entered_without_a_document_takes_the_payments_that_waited(
    office: Office,
) -> None:
    assert office.payments(row("A1", "40.00", code=NEW, name="抢险")).file
    new = NewProject("抢险", "434001", "某办公室本级")
    receipt = do(office, ADD, 500, NEW, new=new)

    assert (receipt.created, receipt.matched) == ((NEW,), 1)
    found = account(office, "2025-12-31", NEW)
    assert (found.initial_budget_fen, found.budget_fen, found.paid_fen) == (0, 50_000, 4_000)
    assert (found.plan, found.project_name) == ((), "抢险")
    assert budget(office, "2025-07-14", NEW) == 0


def test_its_document_counts_from_the_day_of_its_first_addition_so_nothing_counts_twice(
    office: Office,
) -> None:
    text = document().replace(OTHER, NEW)
    new = NewProject("政府业务费", "434001", "某办公室本级")
    do(office, ADD, 1000, NEW, new=new)
    do(office, ADD, 200, NEW, on=date(2025, 9, 1))
    receipt = office.targets(text, name="年中.txt")

    assert [each.effective for each in receipt.revised] == [JULY]
    assert any("年中追加" in note for note in receipt.notes)
    asked = ("2025-07-14", "2025-07-15", "2025-09-01")
    assert [budget(office, day, NEW) for day in asked] == [0, 1000, 1200]
    assert account(office, "2025-12-31", NEW).initial_budget_fen == 0
    assert [point.month for point in account(office, "2025-12-31", NEW).plan] == [10, 12]


def test_a_list_lands_whole_and_is_known_again(office: Office) -> None:
    text = HEADER + (
        f'{CODE},追加,"1,500.50",,2025-07-15,财预〔2025〕12号,,,\n'
        f",调剂,300,其他资金,2025年8月1日,财预〔2025〕13号,{CODE},{OTHER},备注\n"
    )
    assert len(listed(office, text, dry_run=True).added) == 2
    assert office.count(tables.adjustments) == 0
    receipt = listed(office, text)

    assert len(receipt.added) == 2
    assert account(office, "2025-07-31").budget_fen == 250_050
    assert account(office, "2025-08-01").budget_fen == 220_050
    assert budget(office, "2025-08-01", OTHER) == 1300
    assert listed(office, text).known == receipt.added
    assert office.count(tables.adjustments) == 2


def test_a_list_with_mistakes_lands_not_at_all_and_names_every_one(office: Office) -> None:
    text = HEADER + (
        f"{CODE},追加,500,,2025-07-15,财预〔2025〕12号,,,\n"
        f"{CODE},增加,500,,2025-07-15,财预〔2025〕12号,,,\n"
        f"{CODE},调减,-500,,2025-07-15,财预〔2025〕12号,,,\n"
        f"{CODE},调减,500,,7月15日,财预〔2025〕12号,,,\n"
        f"{CODE},调剂,500,,2025-07-15,财预〔2025〕12号,{CODE},{OTHER},\n"
        f"1.30E+20,调减,500,,2025-07-15,财预〔2025〕12号,,,\n"
    )
    with pytest.raises(InputError) as refused:
        listed(office, text)

    places = [(each.place.line, each.place.column) for each in refused.value.diagnostics]
    assert places == [
        (3, "调整类型"),
        (4, "金额"),
        (5, "生效日期"),
        (6, "项目编码"),
        (7, "项目编码"),
    ]
    assert office.count(tables.adjustments) == 0


def test_a_list_that_cannot_be_recorded_says_which_line(office: Office) -> None:
    text = HEADER + (
        f"{CODE},调减,5000,,2025-07-15,财预〔2025〕12号,,,\n"
        f"{NEW},追加,500,,2025-07-15,财预〔2025〕12号,,,\n"
    )
    with pytest.raises(InputError) as refused:
        listed(office, text)

    found = {(each.id, each.place.line) for each in refused.value.diagnostics}
    assert found == {("T104", 2), ("T103", 3)}
    assert (office.count(tables.adjustments), office.count(tables.imports)) == (0, 1)


def test_a_line_that_is_recorded_already_or_stands_twice_is_refused(office: Office) -> None:
    line = f"{CODE},追加,500,,2025-07-15,财预〔2025〕12号,,,\n"
    other = f"{OTHER},追加,500,,2025-07-15,财预〔2025〕12号,,,\n"
    do(office, ADD, 500)
    with pytest.raises(InputError) as refused:
        listed(office, HEADER + line + other + other)

    assert [each.place.line for each in refused.value.diagnostics] == [2, 4]
    assert len(listed(office, HEADER + line + other + other, again=True).added) == 3


def test_a_workbook_says_the_same_as_a_csv_file(office: Office) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["项目编码", "调整类型", "金额（万元）", "生效日期", "文号"])
    sheet.append([CODE, "追加", 0.05, datetime(2025, 7, 15), "财预〔2025〕12号"])  # noqa: DTZ001
    sheet.append([CODE, "追加", 12, "2025-07-16", "财预〔2025〕12号"])
    target = io.BytesIO()
    book.save(target)
    incoming = Incoming("调整.xlsx", target.getvalue(), AT, "测试")
    adjust_file(office.engine, incoming, folder=office.archive)

    assert budget(office, "2025-07-15") == 1500
    assert budget(office, "2025-07-16") == 121_500


def test_a_formula_for_an_amount_is_refused(office: Office) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["项目编码", "调整类型", "金额（元）", "生效日期", "文号"])
    sheet.append([CODE, "追加", "=1+1", "2025-07-15", "财预〔2025〕12号"])
    target = io.BytesIO()
    book.save(target)
    with pytest.raises(InputError) as refused:
        adjust_file(
            office.engine,
            Incoming("调整.xlsx", target.getvalue(), AT, "测试"),
            folder=office.archive,
        )

    assert refused.value.diagnostics[0].text == "=1+1"


def test_the_template_is_read_as_a_list_without_lines(office: Office) -> None:
    with pytest.raises(InputError, match="没有登记") as refused:
        listed(office, template().decode("utf-8-sig"))

    assert "只有表头" in refused.value.diagnostics[0].meaning


def test_the_history_tells_all_with_the_budget_after_each(office: Office) -> None:
    [added] = do(office, ADD, 500).added
    undo_adjustment(office.engine, added, reason="登错", at=AT + timedelta(hours=1), actor="复核")
    with reading(office.engine) as connection:
        rows = history(connection, CODE, year=None)

    told = [(r["event"], r["effective"], r["amount_fen"], r["budget_fen"]) for r in rows]
    assert told == [
        ("导入", "2025-01-01", None, 100_000),
        ("追加", "2025-07-15", 50_000, 150_000),
        ("撤销追加", "2025-07-15", -50_000, 100_000),
    ]
    assert (rows[0]["file"], rows[2]["actor"], rows[2]["note"]) == (
        "目标.txt",
        "复核",
        "撤销理由：登错",
    )


DAYS = [date(2025, 1, 1) + timedelta(days=n) for n in range(0, 365, 7)]
acts = st.lists(
    st.tuples(
        st.sampled_from([ADD, CUT, MOVE, CARRY, RECALL]),
        st.integers(1, 60),
        st.sampled_from([CODE, OTHER]),
        st.sampled_from(DAYS),
    ),
    max_size=6,
)


@settings(max_examples=12)
@given(acts, st.randoms())
def test_the_order_of_recording_makes_no_difference_to_any_days_budget(
    tmp_path_factory: pytest.TempPathFactory,
    done: list[tuple[AdjustmentKind, int, str, date]],
    dice: Random,
) -> None:
    folder = tmp_path_factory.mktemp("orders")
    engine = open_engine(f"sqlite:///{folder / 'monitor.db'}")
    upgrade(engine)
    office = Office(folder, engine)
    office.targets(document())
    shuffled = list(enumerate(done))
    dice.shuffle(shuffled)
    for number, (kind, yuan, code, on) in shuffled:
        to = (OTHER if code == CODE else CODE) if kind is MOVE else ""
        do(office, kind, yuan, code, on=on, to=to, number=f"{number} 号")
    with reading(engine) as connection:
        for day in DAYS[::5]:
            for found in ledger.accounts(connection, year=2025, as_of=day):
                assert found.budget_fen == 100 * (1000 + _sum(done, found.project_code, day))
    engine.dispose()


def _sum(done: list[tuple[AdjustmentKind, int, str, date]], code: str, day: date) -> int:
    """By hand: what the adjustments make of a budget by a day."""
    total = 0
    for kind, yuan, of, on in done:
        if on > day:
            continue
        if kind is MOVE:
            total += -yuan if of == code else yuan
        elif of == code:
            total += yuan if kind in (ADD, CARRY) else -yuan
    return total
