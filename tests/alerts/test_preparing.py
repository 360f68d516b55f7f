"""Mails as they are written to the outbox: several checks make one mail, letters on paper none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from openpyxl import load_workbook
from sqlalchemy import Connection, Engine, select, update

from monitor.alerts import letters_docx, preparing, preview
from monitor.alerts.letters import Stationery
from monitor.domain.finding import Finding
from monitor.domain.progress import Grade
from monitor.domain.warning import Change, MailKind, MailState, Purpose, State, Step
from monitor.store import alerts, leases, open_mails, outbox
from monitor.store.alert_tables import mails, warnings
from monitor.store.engine import reading, writing
from tests.alerts.mail_samples import ALL, DAY, FIGURES, LI, RULES, STATIONERY, ZHANG, at

NEXT_DAY = date(2025, 7, 9)


def finding(code: str = "P1", severity: Grade = Grade.RED, paid_fen: int = 123_45) -> Finding:
    figures = {**FIGURES, "paid_fen": paid_fen}
    unit = {"P3": "507001"}.get(code, "430001")
    return Finding(
        "W01", 2025, unit, code, "06", severity, date(2025, 6, 30), tuple(figures.items())
    )


def raise_(connection: Connection, *found: Finding) -> None:
    changes = [Change(Step.RAISED, None, each, State.RAISED, each.as_of) for each in found]
    alerts.apply(connection, changes, at=at(), actor="测试")


def prepare(
    connection: Connection, now: datetime | None = None, stationery: Stationery = STATIONERY
) -> int:
    return preparing.prepare(connection, ALL, now=now or at(), stationery=stationery)[0]


def rows(connection: Connection, **wanted: Any) -> list[Any]:
    query = select(mails).order_by(mails.c.id)
    return [
        row
        for row in connection.execute(query)
        if all(getattr(row, name) == value for name, value in wanted.items())
    ]


def send(connection: Connection, mail_id: int, when: datetime) -> None:
    """As if the sender had sent it."""
    connection.execute(
        update(mails).where(mails.c.id == mail_id).values(state=MailState.SENT, sent_at=when)
    )
    alerts.record_sent(connection, mail_id, at=when, actor="测试")


@pytest.mark.parametrize(
    ("policy", "release", "state"),
    [
        ("auto", at(), MailState.WAITING),
        ("veto", at(NEXT_DAY), MailState.PREPARED),
        ("manual", None, MailState.PREPARED),
    ],
)
def test_a_digest_is_released_as_the_policy_says(
    engine: Engine, policy: str, release: datetime | None, state: MailState
) -> None:
    stationery = replace(STATIONERY, rules=replace(RULES, release=policy))
    with writing(engine) as connection:
        raise_(connection, finding(), finding("P3"))
        assert prepare(connection, stationery=stationery) == 2
        (lead,) = rows(connection, recipient=ZHANG.email)
        (office,) = rows(connection, recipient=LI.email)

    assert (lead.state, lead.release_at) == (state, release)
    assert office.state == MailState.WAITING  # the office's own mail waits for nobody


def test_veto_leaves_a_working_day_over_a_weekend() -> None:
    friday = at(date(2025, 7, 11), 17)

    released = preparing.release_at(MailKind.DIGEST, "veto", friday, RULES.calendar)

    assert released == at(date(2025, 7, 14), 17, 30)


def test_a_second_run_with_nothing_new_writes_nothing(engine: Engine) -> None:
    with writing(engine) as connection:
        raise_(connection, finding())
        assert prepare(connection) == 1
        assert prepare(connection, at(NEXT_DAY, 7)) == 0
        assert len(rows(connection)) == 1


def test_several_checks_before_the_release_make_one_mail_at_the_first_ones_time(
    engine: Engine,
) -> None:
    with writing(engine) as connection:
        raise_(connection, finding())
        prepare(connection)
        raise_(connection, finding("P2", Grade.YELLOW))
        assert prepare(connection, at(DAY, 16)) == 1
        first, second = rows(connection)

    assert (first.state, second.state) == (MailState.CANCELLED, MailState.PREPARED)
    assert second.release_at == at(NEXT_DAY)
    assert "2个项目" in second.subject


def test_a_held_digest_stays_held_when_it_is_written_anew(engine: Engine) -> None:
    with writing(engine) as connection:
        raise_(connection, finding())
        prepare(connection)
        outbox.hold(connection)
        raise_(connection, finding("P2"))
        prepare(connection)

        assert [row.state for row in rows(connection)] == [MailState.CANCELLED, MailState.HELD]


def test_a_digest_whose_warnings_are_all_closed_meanwhile_is_cancelled(engine: Engine) -> None:
    with writing(engine) as connection:
        raise_(connection, finding())
        prepare(connection)
        connection.execute(update(warnings).values(state=State.RESOLVED))
        (mail,) = rows(connection)
        leased = leases.load(connection, mail.id)
        assert leased
        assert not preparing.still_true(connection, leased)
        assert prepare(connection) == 0

        assert [row.state for row in rows(connection)] == [MailState.CANCELLED]


def test_the_next_digest_compares_with_the_one_that_was_sent(engine: Engine) -> None:
    with writing(engine) as connection:
        raise_(connection, finding(paid_fen=100_00))
        prepare(connection)
        send(connection, rows(connection)[0].id, at(NEXT_DAY))
        (recorded,) = alerts.load(connection)
        worse = finding(severity=Grade.RED, paid_fen=110_00)
        change = Change(Step.EXPIRED, recorded, worse, State.RAISED, worse.as_of)
        alerts.apply(connection, [change], at=at(date(2025, 7, 30)), actor="测试")
        assert prepare(connection, at(date(2025, 7, 30))) == 1

        (item,) = rows(connection)[-1].facts["parts"][0]["items"]
    assert item["before"] == {"severity": "red", "period": "06", "paid_fen": 100_00}


def test_whoever_was_told_gets_one_notice_of_the_end(engine: Engine) -> None:
    with writing(engine) as connection:
        raise_(connection, finding())
        prepare(connection)
        send(connection, rows(connection)[0].id, at(NEXT_DAY))
        connection.execute(update(warnings).values(state=State.RESOLVED))
        assert prepare(connection, at(date(2025, 7, 20))) == 1
        (notice,) = rows(connection, kind=MailKind.RESOLVED)
        assert notice.state == MailState.WAITING
        send(connection, notice.id, at(date(2025, 7, 21)))
        assert prepare(connection, at(date(2025, 7, 22))) == 0


def test_a_notice_of_the_end_that_nobody_sent_yet_stays_when_all_is_put_together_again(
    engine: Engine,
) -> None:
    with writing(engine) as connection:
        raise_(connection, finding())
        prepare(connection)
        send(connection, rows(connection)[0].id, at(NEXT_DAY))
        connection.execute(update(warnings).values(state=State.RESOLVED))
        prepare(connection, at(date(2025, 7, 20)))
        assert prepare(connection, at(date(2025, 7, 20), 9)) == 0
        (notice,) = rows(connection, kind=MailKind.RESOLVED)

    assert notice.state == MailState.WAITING


def test_reminders_are_written_once_a_day_and_kind(engine: Engine) -> None:
    with writing(engine) as connection:
        raise_(connection, finding())
        prepare(connection)
        send(connection, rows(connection)[0].id, at())
        days = [date(2025, 7, 18), date(2025, 7, 18), date(2025, 7, 22)]
        said = [preparing.remind(connection, ALL, STATIONERY, on=on, now=at(on)) for on in days]
        purposes = [each.purpose for each in outbox.tellings(connection)]

    assert said == [f"写成提醒和上报邮件 {n} 封" for n in (1, 0, 1)]
    assert purposes == [Purpose.TELL, Purpose.REMIND, Purpose.DEADLINE]


def test_the_weekly_summary_goes_to_the_office_once_a_week(engine: Engine) -> None:
    monday = date(2025, 7, 14)
    with writing(engine) as connection:
        nothing = preparing.weekly(connection, ALL, STATIONERY, on=monday, now=at(monday))
        raise_(connection, finding(), finding("P2", Grade.YELLOW))
        said = [
            preparing.weekly(connection, ALL, STATIONERY, on=on, now=at(on))
            for on in (monday, date(2025, 7, 15), date(2025, 7, 21))
        ]
        first = rows(connection)[0]

    assert nothing == "写成周报 0 封"
    assert said == [f"写成周报 {n} 封" for n in (1, 0, 1)]
    assert first.facts["open"] == [{"name": "滞后", "words": "红色 1、黄色 1（待通知 2）"}]
    assert first.facts["week"] == [["新增预警", 2]]


def test_a_preview_shows_recipient_project_figures_and_doubts(
    engine: Engine, tmp_path: Path
) -> None:
    with writing(engine) as connection:
        raise_(connection, finding(), finding("P3"))
        prepare(connection)
    with reading(engine) as connection:
        assert preview.write(connection, tmp_path / "看.xlsx") == 2

    book = load_workbook(tmp_path / "看.xlsx")
    shown = [[cell.value for cell in row] for row in book["逐项"].iter_rows(min_row=2)]
    lead = next(row for row in shown if row[2] == ZHANG.email)
    assert lead[1:10] == ["张三", ZHANG.email, "预警", "430001 教育局", "P1", "项目P1", "滞后",
                          "红色", "6月底"]  # fmt: skip
    assert lead[10:14] == [1000, 500, 123.45, 376.55]
    assert book["邮件"]["G3"].value == "2025-07-09 08:30" or book["邮件"]["G2"].value


def written(engine: Engine, folder: Path, now: datetime) -> Sequence[Path]:
    return letters_docx.write_all(engine, ALL, folder, STATIONERY, now=now, actor="测试")


def test_each_unit_gets_one_letter_and_one_line_and_is_not_told_again(
    engine: Engine, tmp_path: Path
) -> None:
    with writing(engine) as connection:
        raise_(connection, finding(), finding("P2"), finding("P3"))
        prepare(connection)
    files = written(engine, tmp_path, at())

    assert sorted(each.name for each in files) == [
        "提醒函-430001-教育局.docx", "提醒函-430001-教育局.txt",
        "提醒函-507001-水利局.docx", "提醒函-507001-水利局.txt",
    ]  # fmt: skip
    line = (tmp_path / "提醒函-430001-教育局.txt").read_text("utf-8")
    assert line.count("\n") == 1
    assert "教育局：截至2025年6月30日，2 项支出预警（红色 2），请说明原因和安排" in line
    assert written(engine, tmp_path, at(DAY, 9)) == []
    with writing(engine) as connection:
        assert {each.state for each in alerts.load(connection)} == {State.SENT}
        assert rows(connection, state=MailState.PREPARED) == []
        assert not any(
            row.kind == MailKind.DIGEST
            for row in rows(connection)
            if row.state == MailState.WAITING
        )
        events = alerts_events(connection)
    assert {note.partition(" ")[0] for note in events} == {"提醒函"}


@pytest.mark.parametrize(("state", "letters"), [(MailState.HELD, 0), (MailState.FAILED, 2)])
def test_a_letter_takes_the_place_of_a_refused_mail_but_not_of_a_held_one(
    engine: Engine, tmp_path: Path, state: MailState, letters: int
) -> None:
    with writing(engine) as connection:
        raise_(connection, finding())
        prepare(connection)
        tried = 0 if state is MailState.HELD else 1
        connection.execute(
            update(mails).where(mails.c.kind == MailKind.DIGEST).values(state=state, attempts=tried)
        )

    assert len(written(engine, tmp_path, at())) == letters
    with reading(engine) as connection:
        digests = [row.state for row in rows(connection) if row.kind == MailKind.DIGEST]
    assert digests == ([state] if state is MailState.HELD else [state, MailState.SENT])


def alerts_events(connection: Connection) -> list[str]:
    from monitor.store.alert_tables import warning_events

    query = select(warning_events.c.note).where(warning_events.c.event == Step.SENT)
    return list(connection.scalars(query))


def test_a_letter_has_its_table_its_fonts_and_a_blank_number(
    engine: Engine, tmp_path: Path
) -> None:
    with writing(engine) as connection:
        raise_(connection, finding())
    paper = next(each for each in written(engine, tmp_path, at()) if each.suffix == ".docx")
    document = docx.Document(BytesIO(paper.read_bytes()))
    words = [paragraph.text for paragraph in document.paragraphs]

    assert words[0] == "关于教育局支出进度的提醒函"
    assert words[1] == "　　　　〔2025〕　　　号"
    cells = [cell.text for cell in document.tables[0].rows[1].cells]
    assert cells == ["1", "项目P1", "红色", "1,000.00", "500.00", "123.45", "376.55", "37.66%"]
    xml = document.element.xml
    assert 'w:eastAsia="方正小标宋简体"' in xml
    assert "w:tblHeader" in xml
    assert any("2025年7月22日前" in text for text in words)


def test_a_unit_told_by_letter_without_a_lead_hears_of_the_end_through_the_office(
    engine: Engine, tmp_path: Path
) -> None:
    with writing(engine) as connection:
        raise_(connection, finding("P3"))
    written(engine, tmp_path, at())
    with writing(engine) as connection:
        connection.execute(update(warnings).values(state=State.RESOLVED))
        assert prepare(connection, at(date(2025, 7, 20))) == 1
        (notice,) = rows(connection, kind=MailKind.RESOLVED)

    assert notice.recipient == LI.email


def test_the_states_of_warnings_are_found_by_their_ids(engine: Engine) -> None:
    with writing(engine) as connection:
        raise_(connection, finding(), finding("P2"))
        ids = open_mails.open_warnings(connection)

        assert open_mails.states(connection, ids) == dict.fromkeys(ids, State.RAISED)
