"""What units answer to warnings: checked, recorded, taken back, and brought back in a sheet."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import Engine, insert, select

from monitor.alerts import answering
from monitor.alerts.answering import Answered, News, land, reopen
from monitor.alerts.returning import AnswerReceipt, compare_answers, land_answers
from monitor.alerts.rule_settings import AlertRules
from monitor.domain.answers import CAUSES, FINANCE_CAUSES, Fault, check
from monitor.domain.finding import Finding
from monitor.domain.progress import Grade
from monitor.domain.warning import Acknowledgement, Change, Recorded, State, Step
from monitor.errors import InputError, MonitorError, NotFound
from monitor.ingest.explanation_form import (
    ANSWER,
    CAUSE,
    KEY,
    MEASURE,
    PROMISED,
    SHEET,
    TEXT,
)
from monitor.ingest.importing import Incoming
from monitor.reports.explanation_sheet import write
from monitor.store import acknowledgements, alerts
from monitor.store.alert_tables import mail_warnings, mails, warning_events
from monitor.store.engine import reading, writing

AT = datetime(2025, 7, 10, 1, tzinfo=UTC)
DAY = date(2025, 6, 30)
REPLY = Acknowledgement(
    "政府采购/招标周期", "七月开标", "继续执行", "专人跟进", date(2025, 8, 31), "张三", AT, "李四"
)
Fill = Callable[[Worksheet, dict[str, int], int], None]


def finding(code: str, period: str = "06", **changes: Any) -> Finding:
    figures = {"budget_fen": 1_000_01, "due_fen": 500_01, "paid_fen": 0, "gap_fen": 500_01}
    figures |= {"lag_bp": 5_000, "needed_fen": 750_00}
    fields: dict[str, Any] = {
        "rule": "W02",
        "year": 2025,
        "unit_code": "430001",
        "project_code": code,
        "period": period,
        "severity": Grade.RED,
        "as_of": DAY,
        "figures": tuple(figures.items()),
    }
    return Finding(**(fields | changes))


@pytest.fixture
def raised(engine: Engine) -> Engine:
    """The county with warnings 1 and 2, of the projects P1 and P2, at the end of June."""
    with writing(engine) as connection:
        changes = [
            Change(Step.RAISED, None, finding(code), State.RAISED, DAY) for code in ("P1", "P2")
        ]
        alerts.apply(connection, changes, at=AT, actor="核查")
    return engine


def acknowledge(engine: Engine, reply: Acknowledgement, **chosen: Any) -> list[Answered]:
    """With the rules as shipped: from 1 November the answers of the year's end are asked for."""
    return answering.acknowledge(engine, reply, is_soft=AlertRules().is_soft, **chosen)


def recorded(engine: Engine) -> dict[int, Recorded]:
    with reading(engine) as connection:
        return {each.id: each for each in alerts.load(connection)}


def close(engine: Engine, warning_id: int, state: State = State.RESOLVED) -> None:
    before = recorded(engine)[warning_id]
    with writing(engine) as connection:
        change = Change(Step(state.value), before, None, state, DAY)
        alerts.apply(connection, [change], at=AT, actor="核查")


def tell(engine: Engine, warning_id: int) -> None:
    """As if a mail had told the lead of a red warning."""
    with writing(engine) as connection:
        connection.execute(
            insert(mails).values(
                id=1, message_id="<1@x>", kind="digest", recipient="a@x", name="", run="r",
                year=2025, unit_code="430001", subject="s", facts={}, state="sent", attempts=1,
                error="", created_at=AT, lease="", sent_at=AT,
            )
        )  # fmt: skip
        row = {"mail_id": 1, "warning_id": warning_id, "purpose": "tell", "severity": "red"}
        connection.execute(insert(mail_warnings).values(row))


# --- what an answer must say ---


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({}, []),
        ({"cause": ""}, [Fault.CAUSE_MISSING]),
        ({"cause": "天气"}, [Fault.CAUSE_UNKNOWN]),
        ({"cause": "其他", "text": ""}, [Fault.TEXT_MISSING]),
        ({"cause": "其他"}, []),
        ({"answer": ""}, [Fault.ANSWER_MISSING]),
        ({"answer": "结转"}, [Fault.ANSWER_UNKNOWN]),
        ({"promised": None}, [Fault.DATE_MISSING]),
        ({"promised": None, "answer": "取消"}, []),
        ({"promised": date(2025, 7, 9)}, [Fault.DATE_PAST]),
        ({"promised": date(2025, 7, 10)}, []),
        ({"promised": date(2025, 12, 31)}, []),
        ({"promised": date(2026, 1, 1)}, [Fault.DATE_AFTER_YEAR]),
        ({"text": "长" * 1001, "measure": "长" * 1001}, [Fault.TEXT_LONG, Fault.MEASURE_LONG]),
        ({"cause": "", "answer": "", "promised": date(2025, 1, 1)},
         [Fault.CAUSE_MISSING, Fault.ANSWER_MISSING, Fault.DATE_PAST]),
    ],
)  # fmt: skip
def test_an_answer_is_told_everything_that_it_lacks(
    changes: dict[str, Any], faults: list[Fault]
) -> None:
    assert check(replace(REPLY, **changes), year=2025, on=date(2025, 7, 10), soft=False) == faults


@pytest.mark.parametrize("cause", FINANCE_CAUSES)
def test_a_cause_of_the_finance_side_needs_nothing_else(cause: str) -> None:
    bare = replace(REPLY, cause=cause, text="", answer="", measure="", promised=None)

    assert check(bare, year=2025, on=DAY, soft=False) == []


def test_from_november_the_answers_are_those_of_the_years_end() -> None:
    on = date(2025, 11, 1)
    later = replace(REPLY, promised=None)

    assert check(replace(REPLY, promised=None), year=2025, on=on, soft=True) == [
        Fault.ANSWER_UNKNOWN,
        Fault.DATE_MISSING,
    ]
    assert check(replace(later, answer="结余收回"), year=2025, on=on, soft=True) == []
    assert check(replace(later, answer="可支付"), year=2025, on=on, soft=True) == [
        Fault.DATE_MISSING
    ]


def test_every_cause_has_its_place_among_the_five_of_the_monitoring_form() -> None:
    assert set(FINANCE_CAUSES) < set(CAUSES)
    assert {place.value for place in CAUSES.values()} <= {
        "经费保障",
        "制度保障",
        "人员保障",
        "硬件条件保障",
        "其他",
    }


# --- one by one ---


def test_an_answer_is_recorded_with_its_step_and_its_author(raised: Engine) -> None:
    [answered] = acknowledge(raised, REPLY, ids=[1])

    now = recorded(raised)
    assert answered.news is News.NEW
    assert (now[1].state, now[1].answer, now[1].judged) == (State.ACKNOWLEDGED, REPLY, DAY)
    assert (now[2].state, now[2].answer) == (State.RAISED, None)
    with reading(raised) as connection:
        event = connection.execute(
            select(warning_events).where(warning_events.c.event == "acknowledged")
        ).one()
    assert (event.actor, event.at) == ("李四", AT)
    assert event.note == (
        "张三：政府采购/招标周期；七月开标；继续执行；专人跟进；承诺日期 2025-08-31"
    )


def test_a_newer_answer_takes_the_place_of_the_former_which_stays_on_record(
    raised: Engine,
) -> None:
    acknowledge(raised, REPLY, ids=[1])
    newer = replace(REPLY, answer="调剂", promised=None, at=AT + timedelta(days=1))

    [answered] = acknowledge(raised, newer, ids=[1])

    assert (answered.news, answered.before) == (News.CHANGED, REPLY)
    assert recorded(raised)[1].answer == newer
    with reading(raised) as connection:
        assert acknowledgements.history(connection, 1) == [REPLY, newer]
        assert acknowledgements.load(connection, [1, 2]) == {1: newer}


def test_the_same_answer_again_changes_nothing(raised: Engine) -> None:
    acknowledge(raised, REPLY, ids=[1])

    [again] = acknowledge(raised, replace(REPLY, at=AT + timedelta(hours=1)), ids=[1])

    assert again.news is News.UNCHANGED
    with reading(raised) as connection:
        assert acknowledgements.history(connection, 1) == [REPLY]


def test_all_open_warnings_of_a_project_are_answered_at_once(raised: Engine) -> None:
    with writing(raised) as connection:
        more = [
            Change(Step.RAISED, None, finding("P1", "09", rule="W03"), State.RAISED, DAY),
            Change(Step.RAISED, None, finding("P1", "year", rule="W04"), State.RAISED, DAY),
        ]
        alerts.apply(connection, more, at=AT, actor="核查")

    answered = acknowledge(raised, REPLY, project="P1")

    assert [each.warning.rule for each in answered] == ["W02", "W03"]
    assert recorded(raised)[4].state is State.RAISED  # a matter of the office


def test_an_answer_without_words_on_what_will_be_done_means_going_on(raised: Engine) -> None:
    acknowledge(raised, replace(REPLY, answer=""), ids=[1])
    bare = replace(REPLY, cause="库款调度", answer="", promised=None)
    acknowledge(raised, bare, ids=[2])

    now = recorded(raised)
    assert now[1].answer is not None
    assert now[1].answer.answer == "继续执行"
    assert now[2].answer == bare


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.RESOLVED, "已消除"),
        (State.CARRIED_ON, "转入后续核查"),
        (State.WITHDRAWN, "已撤回"),
    ],
)
def test_closed_warnings_are_not_answered_and_nothing_lands(
    raised: Engine, state: State, said: str
) -> None:
    close(raised, 2, state)

    with pytest.raises(MonitorError, match=f"预警 2 {said}"):
        acknowledge(raised, REPLY, ids=[1, 2])

    assert recorded(raised)[1].answer is None


def test_unknown_numbers_and_poor_answers_are_refused_with_the_way_out(raised: Engine) -> None:
    with pytest.raises(NotFound, match="没有编号为 7、9 的预警"):
        acknowledge(raised, REPLY, ids=[1, 7, 9])
    with pytest.raises(NotFound, match="P3"):
        acknowledge(raised, REPLY, project="P3")
    with pytest.raises(MonitorError, match="须写明承诺日期"):
        acknowledge(raised, replace(REPLY, promised=None), ids=[1])
    with pytest.raises(MonitorError, match="可支付、申请调减、结转、结余收回"):
        acknowledge(raised, replace(REPLY, at=datetime(2025, 11, 1, tzinfo=UTC)), ids=[1])

    assert recorded(raised)[1].answer is None


def test_a_warning_that_moved_on_meanwhile_takes_no_answer_at_all(raised: Engine) -> None:
    [stale] = acknowledge(raised, REPLY, ids=[2])
    seen = recorded(raised)[1]
    close(raised, 1)

    with pytest.raises(MonitorError, match="已被别处更改"), writing(raised) as connection:
        land(connection, [replace(stale, warning=seen)])

    assert recorded(raised)[1].answer is None


@pytest.mark.parametrize("is_told", [False, True])
def test_an_answer_taken_back_leaves_the_warning_as_it_was_told(
    raised: Engine, is_told: bool
) -> None:
    if is_told:
        tell(raised, 1)
    acknowledge(raised, REPLY, ids=[1])

    reopen(raised, [1], reason="写错了", at=AT, actor="李四")

    now = recorded(raised)[1]
    assert (now.state, now.answer) == (State.SENT if is_told else State.RAISED, None)
    with reading(raised) as connection:
        assert acknowledgements.history(connection, 1) == [REPLY]
        notes = connection.scalars(select(warning_events.c.note)).all()
    assert "收回说明：写错了" in notes


def test_there_must_be_an_answer_to_take_back(raised: Engine) -> None:
    acknowledge(raised, REPLY, ids=[1])

    with pytest.raises(MonitorError, match="预警 2 没有说明可以收回"):
        reopen(raised, [1, 2], reason="x", at=AT, actor="李四")

    assert recorded(raised)[1].answer == REPLY


# --- a sheet that comes back ---


def rows_of(engine: Engine) -> list[dict[str, Any]]:
    return [
        {
            "id": each.id,
            "rule": each.rule,
            "year": each.year,
            "period": each.period,
            "unit_code": each.unit_code,
            "unit_name": each.unit_name,
            "project_code": each.project_code,
            "project_name": each.project_name,
            "severity": each.severity,
            "as_of": each.as_of.isoformat(),
            "figures": dict(each.figures),
        }
        for each in recorded(engine).values()
    ]


def sheet(engine: Engine, fill: Fill, *, round_id: str = "甲", soft: bool = False) -> bytes:
    """The sheet of all warnings after a lead has filled it; `fill` gets the header's row."""
    data = write(rows_of(engine), round_id=round_id, soft=soft, author="王五")
    return edited(data, fill)


def edited(data: bytes, fill: Fill) -> bytes:
    book = load_workbook(io.BytesIO(data))
    [top] = [row[0].row for row in book[SHEET].iter_rows() if row[0].value == KEY]
    headers = {str(cell.value): int(cell.column or 0) for cell in book[SHEET][top]}
    fill(book[SHEET], headers, int(top or 0))
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def fills(answers: dict[int, dict[str, Any]]) -> Fill:
    """Fills rows, counted from 1, by header."""

    def fill(sheet: Worksheet, headers: dict[str, int], top: int) -> None:
        for row, cells in answers.items():
            for header, value in cells.items():
                sheet.cell(top + row, headers[header]).value = value

    return fill


GOOD = {
    CAUSE: "政府采购/招标周期", TEXT: "七月开标", ANSWER: "继续执行", MEASURE: "专人跟进",
    PROMISED: date(2025, 8, 31),
}  # fmt: skip


def incoming(data: bytes, at: datetime = AT) -> Incoming:
    return Incoming("说明.xlsx", data, at, "李四")


def bring(engine: Engine, data: bytes, folder: Path, author: str = "") -> AnswerReceipt:
    came = incoming(data)
    receipt = compare_answers(engine, came, author)
    return land_answers(engine, came, receipt, folder=folder, author=author)


def test_a_filled_sheet_comes_back_as_it_was_meant(raised: Engine, tmp_path: Path) -> None:
    data = sheet(raised, fills({1: GOOD}))

    receipt = bring(raised, data, tmp_path / "archive")

    assert ([each.news for each in receipt.answered], receipt.blank) == ([News.NEW], 1)
    now = recorded(raised)
    assert (now[1].state, now[1].answer) == (State.ACKNOWLEDGED, replace(REPLY, author="王五"))
    assert now[2].state is State.RAISED
    assert (tmp_path / "archive" / incoming(data).sha256).read_bytes() == data


def test_nothing_lands_before_it_has_been_shown(raised: Engine, tmp_path: Path) -> None:
    data = sheet(raised, fills({1: GOOD}))
    came = incoming(data)

    receipt = compare_answers(raised, came)
    assert recorded(raised)[1].answer is None

    acknowledge(raised, REPLY, ids=[2])
    acknowledge(raised, replace(REPLY, text="另有说法"), ids=[1])
    with pytest.raises(MonitorError, match="记录又有变化"):
        land_answers(raised, came, receipt, folder=tmp_path)


def test_the_same_file_twice_changes_nothing_and_says_so(raised: Engine, tmp_path: Path) -> None:
    data = sheet(raised, fills({1: GOOD, 2: GOOD}))
    bring(raised, data, tmp_path)
    later = replace(REPLY, answer="取消")
    acknowledge(raised, later, ids=[1])

    again = bring(raised, data, tmp_path)

    assert again == AnswerReceipt("说明.xlsx", known=True)
    assert recorded(raised)[1].answer == later


def test_another_file_shows_what_is_new_changed_and_the_same(
    raised: Engine, tmp_path: Path
) -> None:
    bring(raised, sheet(raised, fills({1: GOOD})), tmp_path)
    second = {1: GOOD, 2: GOOD | {CAUSE: "用款计划未批", ANSWER: None, PROMISED: None}}
    receipt = bring(raised, sheet(raised, fills(second)), tmp_path)
    third = {1: GOOD | {PROMISED: "2025年9月30日"}, 2: second[2]}
    changed = bring(raised, sheet(raised, fills(third)), tmp_path, author="赵六")

    assert [each.news for each in receipt.answered] == [News.UNCHANGED, News.NEW]
    assert [each.news for each in changed.answered] == [News.CHANGED, News.UNCHANGED]
    answer = recorded(raised)[1].answer
    assert answer is not None
    assert (answer.promised, answer.author) == (date(2025, 9, 30), "赵六")


def test_rows_of_closed_warnings_are_noted_and_the_others_land(
    raised: Engine, tmp_path: Path
) -> None:
    data = sheet(raised, fills({1: {CAUSE: "天气"}, 2: GOOD}))
    close(raised, 1)

    receipt = bring(raised, data, tmp_path)

    [note] = receipt.notes
    assert (note.id, note.place.cell) == ("F016", "B6")
    assert "预警 1 现在的状态是“已消除”" in note.meaning
    assert recorded(raised)[2].state is State.ACKNOWLEDGED


def test_an_answer_lands_at_the_lag_that_took_the_place_of_nothing_paid_meanwhile(
    raised: Engine, tmp_path: Path
) -> None:
    data = sheet(raised, fills({1: GOOD}))
    before = recorded(raised)[1]
    lag = finding("P1", rule="W01")
    with writing(raised) as connection:
        changes = [
            Change(Step.RAISED, None, lag, State.RAISED, DAY, "", before),
            Change(Step.CARRIED_ON, before, None, State.CARRIED_ON, DAY),
        ]
        alerts.apply(connection, changes, at=AT, actor="核查")

    bring(raised, data, tmp_path)

    now = recorded(raised)
    assert (now[3].rule, now[3].state, now[1].state) == (
        "W01", State.ACKNOWLEDGED, State.CARRIED_ON,
    )  # fmt: skip


def test_an_answer_to_older_figures_lands_with_a_note(raised: Engine, tmp_path: Path) -> None:
    data = sheet(raised, fills({1: GOOD, 2: GOOD}))
    newer = finding("P1", figures=(("budget_fen", 1_000_01), ("paid_fen", 1)))
    with writing(raised) as connection:
        change = Change(Step.FIGURES, recorded(raised)[1], newer, State.RAISED, DAY)
        alerts.apply(connection, [change], at=AT, actor="核查")

    receipt = bring(raised, data, tmp_path)

    assert [(each.id, each.place.cell) for each in receipt.notes] == [("F017", "B6")]
    assert receipt.changes == 2


def refused(engine: Engine, data: bytes, folder: Path, at: datetime = AT) -> InputError:
    """The refusal of a file; nothing of it has landed."""
    with pytest.raises(InputError) as error:
        compare_answers(engine, incoming(data, at))
    assert not any(each.answer for each in recorded(engine).values())
    assert not folder.exists()
    return error.value


@pytest.mark.parametrize(
    ("cells", "id_", "cell"),
    [
        ({TEXT: "只有说明"}, "F006", "K6"),
        ({CAUSE: "天气"}, "F007", "K6"),
        ({CAUSE: "其他", TEXT: None}, "F008", "L6"),
        ({MEASURE: "长" * 1001}, "F009", "N6"),
        ({ANSWER: None}, "F010", "M6"),
        ({ANSWER: "再等等"}, "F011", "M6"),
        ({ANSWER: "结转"}, "F011", "M6"),
        ({PROMISED: None}, "F012", "O6"),
        ({PROMISED: date(2025, 7, 9)}, "F013", "O6"),
        ({PROMISED: "2026-01-01"}, "F014", "O6"),
        ({PROMISED: "八月底"}, "F015", "O6"),
        ({PROMISED: "2025-02-30"}, "F015", "O6"),
        ({PROMISED: 0.5}, "F015", "O6"),
        ({TEXT: "=1+1"}, "F005", "L6"),
        ({PROMISED: "=TODAY()"}, "F005", "O6"),
        ({"项目名称": "改名"}, "F004", "C6"),
        ({"已支数（元）": 0.01}, "F004", "G6"),
        ({"滞后": "1.00%"}, "F004", "I6"),
        ({"预算数（元）": "=1000.01"}, "F005", "E6"),
        ({KEY: "1|1|W02"}, "F001", "B6"),
        ({KEY: None}, "F001", "B6"),
    ],
)
def test_every_cell_is_checked_and_named(
    raised: Engine, tmp_path: Path, cells: dict[str, Any], id_: str, cell: str
) -> None:
    row = cells if cells == {TEXT: "只有说明"} else GOOD | cells
    error = refused(raised, sheet(raised, fills({1: row, 2: GOOD})), tmp_path / "archive")

    first = error.diagnostics[0]
    assert (first.id, first.place.sheet, first.place.cell) == (id_, SHEET, cell)


def test_all_mistakes_of_a_sheet_come_together(raised: Engine, tmp_path: Path) -> None:
    data = sheet(raised, fills({1: GOOD | {CAUSE: "天气", PROMISED: "八月"}, 2: {TEXT: "=A1"}}))

    error = refused(raised, data, tmp_path / "archive")

    assert [each.id for each in error.diagnostics] == ["F015", "F005"]
    assert "没有导入，任何说明都没有登记" in str(error)


def test_rows_may_be_sorted_whole_but_not_deleted_doubled_or_mixed(
    raised: Engine, tmp_path: Path
) -> None:
    def swap(whole: bool) -> Fill:
        def fill(sheet: Worksheet, headers: dict[str, int], top: int) -> None:
            fills({1: GOOD})(sheet, headers, top)
            for header, column in headers.items():
                if whole or header != KEY:
                    a, b = sheet.cell(top + 1, column), sheet.cell(top + 2, column)
                    a.value, b.value = b.value, a.value

        return fill

    def drop(sheet: Worksheet, headers: dict[str, int], top: int) -> None:
        sheet.delete_rows(top + 1)

    def double(sheet: Worksheet, headers: dict[str, int], top: int) -> None:
        for column in headers.values():
            sheet.cell(top + 2, column).value = sheet.cell(top + 1, column).value

    folder = tmp_path / "archive"
    mixed = refused(raised, sheet(raised, swap(whole=False)), folder)
    assert {each.id for each in mixed.diagnostics} == {"F004"}
    missing = refused(raised, sheet(raised, drop), folder).diagnostics
    assert [(each.id, each.meaning) for each in missing] == [("F003", "表中少了第 1 行项目。")]
    twice = refused(raised, sheet(raised, double), folder).diagnostics
    assert [each.id for each in twice] == ["F002", "F003"]

    bring(raised, sheet(raised, swap(whole=True)), folder)
    assert recorded(raised)[1].state is State.ACKNOWLEDGED


def test_a_row_of_another_sheet_or_of_another_office_is_refused(
    raised: Engine, tmp_path: Path
) -> None:
    other = load_workbook(io.BytesIO(sheet(raised, fills({}), round_id="乙")))[SHEET]

    def paste(sheet: Worksheet, headers: dict[str, int], top: int) -> None:
        sheet.cell(top + 1, headers[KEY]).value = other.cell(top + 1, headers[KEY]).value

    pasted = refused(raised, sheet(raised, paste), tmp_path / "archive").diagnostics
    assert [each.id for each in pasted] == ["F001", "F003"]
    assert "另一份偏差说明表" in pasted[0].meaning
    foreign = [row | {"year": 2024} for row in rows_of(raised)]
    data = edited(write(foreign, round_id="甲", soft=False), fills({1: GOOD}))
    told = refused(raised, data, tmp_path / "archive").diagnostics
    assert {each.meaning for each in told} == {
        "这一行不是这份偏差说明表里的：本工作区没有登记这条预警。"
    }


def test_the_sheet_of_november_takes_the_answers_of_the_years_end(
    raised: Engine, tmp_path: Path
) -> None:
    given = GOOD | {ANSWER: "申请调减", PROMISED: None}
    at = datetime(2025, 11, 20, tzinfo=UTC)

    receipt = compare_answers(raised, incoming(sheet(raised, fills({1: given}), soft=True), at))

    assert [each.now.answer for each in receipt.answered] == ["申请调减"]


@pytest.mark.parametrize(
    "spoil", [lambda data: data[: len(data) // 2], lambda _: b"", lambda _: b"PK\x03\x04x"]
)
def test_another_file_is_refused_with_the_way_out(
    raised: Engine, tmp_path: Path, spoil: Callable[[bytes], bytes]
) -> None:
    error = refused(raised, spoil(sheet(raised, fills({}))), tmp_path / "archive")

    assert "邮件所附的偏差说明表" in error.remedy


def test_what_leads_answered_is_found_by_project_for_the_reports(raised: Engine) -> None:
    acknowledge(raised, REPLY, ids=[1, 2])
    close(raised, 2, State.WITHDRAWN)

    with reading(raised) as connection:
        found = acknowledgements.of_projects(connection, year=2025, as_of=DAY)
        before = acknowledgements.of_projects(connection, year=2025, as_of=date(2025, 6, 29))

    assert found == {"P1": [REPLY]}
    assert before == {}
