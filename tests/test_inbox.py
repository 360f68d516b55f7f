"""inbox/: what is put there is imported once it is whole, moved away, and answered."""

from __future__ import annotations

import os
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from monitor.alerts.scheduler import BrokenOff
from monitor.bootstrap import App, make_workspace, open_workspace
from monitor.domain.calendar import CHINA
from monitor.errors import MonitorError
from monitor.inbox import Inbox
from monitor.store import imports
from monitor.store.alert_tables import mails
from tests.cli.small_office import HEADER, TARGET, line

CONTACTS = "unit_code,name,email,role,valid_from,valid_to\n,王五,wang@example.cn,office,,\n"
LIST = HEADER + line("A1") + line("A2")


class Clock:
    """Ours; the files' own times are the machine's, years away."""

    def __init__(self) -> None:
        self.at = datetime(2025, 4, 8, 9, 0, tzinfo=CHINA)

    def __call__(self) -> datetime:
        return self.at


class Office:
    def __init__(self, app: App, clock: Clock) -> None:
        self.app, self.clock = app, clock
        self.folder = app.settings.folder / "inbox"
        self.inbox = Inbox(app)

    def put(self, name: str, text: str = LIST) -> Path:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def later(self, seconds: float = 60) -> str:
        self.clock.at += timedelta(seconds=seconds)
        return self.inbox.take_in()

    def lies(self) -> list[str]:
        """All files below inbox/, receipts among them."""
        files = (each for each in self.folder.rglob("*") if each.is_file())
        return sorted(each.relative_to(self.folder).as_posix() for each in files)

    def receipt(self, name: str) -> str:
        return (self.folder / f"{name}.回执.txt").read_text(encoding="utf-8-sig")

    def letters(self) -> list[Any]:
        with self.app.reading() as connection:
            return list(connection.execute(mails.select().order_by(mails.c.id)))

    def landed(self) -> list[str]:
        with self.app.reading() as connection:
            return [each.file for each in imports.load(connection)]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.delenv("MONITOR_DATABASE", raising=False)
    folder = tmp_path / "office"
    make_workspace(folder)
    (folder / "contacts.csv").write_text(CONTACTS, encoding="utf-8")
    document = tmp_path / "目标.txt"
    document.write_text(TARGET, encoding="utf-8")
    clock = Clock()
    app = open_workspace(folder, now=clock, actor="测试")
    app.targets.import_file(document, year=2025)
    yield Office(app, clock)
    app.engine.dispose()


def test_a_list_is_imported_when_it_has_been_quiet_and_goes_to_done(office: Office) -> None:
    office.put("3月.csv")

    assert office.inbox.take_in() == ""
    assert office.later(9) == ""
    assert office.later(1) == "收件夹导入 1 个，拒绝 0 个"
    assert office.lies() == ["done/3月.csv", "done/3月.csv.回执.txt"]
    assert office.landed() == ["目标.txt", "3月.csv"]
    receipt = office.receipt("done/3月.csv")
    assert "结果：已导入" in receipt
    assert "计入并已匹配项目：2 行，200.00 元" in receipt
    assert office.later() == ""


def test_the_receipt_is_mailed_to_the_office(office: Office) -> None:
    office.put("3月.csv")
    office.inbox.take_in()
    office.later()

    [letter] = office.letters()
    assert (letter.kind, letter.recipient, letter.name) == ("receipt", "wang@example.cn", "王五")
    assert letter.subject == "【收件夹】3月.csv：已导入"
    assert letter.state == "waiting"
    assert (letter.facts["file"], letter.facts["refused"]) == ("3月.csv", False)
    assert "  计入并已匹配项目：2 行，200.00 元" in letter.facts["lines"]


def test_a_file_that_still_grows_is_left_however_old_its_own_times_are(office: Office) -> None:
    path = office.put("3月.csv", HEADER)
    office.inbox.take_in()
    for number in range(5):
        with path.open("a", encoding="utf-8") as file:
            file.write(line(f"A{number}"))
        os.utime(path, (1, 1))  # as copies keep it
        assert office.later() == ""

    assert office.later() == "收件夹导入 1 个，拒绝 0 个"
    assert "计入并已匹配项目：5 行" in office.receipt("done/3月.csv")


@pytest.mark.parametrize(
    "name", ["~$3月.xlsx", ".3月.csv.swp", "3月.csv.part", "3月.csv.tmp", "3月.CSV.crdownload"]
)
def test_what_is_temporary_is_left_alone(office: Office, name: str) -> None:
    office.put(name)
    office.inbox.take_in()

    assert office.later(3600) == ""
    assert office.lies() == [name]


def test_a_file_that_is_no_list_is_refused_and_says_why(office: Office) -> None:
    office.put("会议通知.txt", "请于周五开会。\n")
    office.inbox.take_in()

    assert office.later() == "收件夹导入 0 个，拒绝 1 个"
    assert office.lies() == ["refused/会议通知.txt", "refused/会议通知.txt.回执.txt"]
    receipt = office.receipt("refused/会议通知.txt")
    assert "结果：未导入" in receipt
    assert "拒绝 会议通知.txt：" in receipt
    [letter] = office.letters()
    assert letter.facts["refused"] is True


def test_a_refused_file_does_not_hold_up_the_others(office: Office) -> None:
    office.put("1.csv", "没有表头\n")
    office.put("2.csv")
    office.inbox.take_in()

    assert office.later() == "收件夹导入 1 个，拒绝 1 个"


def test_a_file_of_the_same_name_never_takes_anothers_place(office: Office) -> None:
    for number in range(3):
        office.put("本月.csv", HEADER + line(f"B{number}"))
        office.inbox.take_in()
        office.later(10)
        office.clock.at -= timedelta(seconds=10)  # all within the same second

    assert [each for each in office.lies() if "回执" not in each] == [
        "done/本月-20250408-090010-2.csv",
        "done/本月-20250408-090010.csv",
        "done/本月.csv",
    ]
    assert len([each for each in office.lies() if "回执" in each]) == 3
    assert len(office.letters()) == 3


def test_a_target_document_is_known_as_one(office: Office) -> None:
    office.put("追加.txt", TARGET.replace("XC4198855", "XC4198856"))
    office.inbox.take_in()

    assert office.later() == "收件夹导入 1 个，拒绝 0 个"
    assert "新增 1" in office.receipt("done/追加.txt")


def test_a_folder_is_imported_as_a_whole_lists_and_documents(office: Office) -> None:
    office.put("四月/3月.csv")
    office.put("四月/追加.txt", TARGET.replace("XC4198855", "XC4198856"))
    office.put("四月/说明.md", "无关")
    office.inbox.take_in()

    assert office.later() == "收件夹导入 1 个，拒绝 0 个"
    assert "done/四月/3月.csv" in office.lies()
    receipt = office.receipt("done/四月")
    assert "3月.csv：覆盖 2025-03" in receipt
    assert "新增 1" in receipt


def test_of_an_archive_what_can_land_lands_and_the_rest_is_named(office: Office) -> None:
    with zipfile.ZipFile(office.folder / "一季度.zip", "w") as archive:
        archive.writestr("1.csv", LIST)
        archive.writestr("2.csv", "没有表头\n")
    office.inbox.take_in()

    assert office.later() == "收件夹导入 0 个，拒绝 1 个"
    receipt = office.receipt("refused/一季度.zip")
    assert "结果：部分导入（1 份已导入）" in receipt
    assert "拒绝 一季度.zip/2.csv" in receipt
    assert office.landed() == ["目标.txt", "一季度.zip/1.csv"]


def test_an_empty_folder_is_refused(office: Office) -> None:
    (office.folder / "空").mkdir()
    office.inbox.take_in()

    assert office.later() == "收件夹导入 0 个，拒绝 1 个"
    assert "没有可导入的支付明细或绩效目标文本" in office.receipt("refused/空")


def test_who_died_after_the_import_does_it_again_and_nothing_counts_twice(office: Office) -> None:
    path = office.put("3月.csv")
    office.inbox.take_in()
    office.later()
    shutil.move(office.folder / "done" / "3月.csv", path)  # as it was before it was moved
    (office.folder / "done" / "3月.csv.回执.txt").unlink()

    office.inbox.take_in()
    assert office.later() == "收件夹导入 1 个，拒绝 0 个"
    assert "以前已导入过" in office.receipt("done/3月.csv")
    assert office.landed() == ["目标.txt", "3月.csv"]


def test_a_busy_database_leaves_the_file_for_the_next_look(office: Office) -> None:
    office.put("3月.csv")
    office.inbox.take_in()
    engine = office.app.engine
    event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA busy_timeout=50"))
    engine.dispose()  # the next connection is less patient
    with sqlite3.connect(office.app.settings.folder / "monitor.db") as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(MonitorError, match="正被别的程序占用"):
            office.later()
        other.rollback()
    other.close()

    assert office.lies() == ["3月.csv"]
    assert office.later() == "收件夹导入 1 个，拒绝 0 个"


def test_a_service_that_is_to_stop_leaves_the_file(office: Office) -> None:
    office.put("3月.csv")
    stopping: list[bool] = []
    inbox = Inbox(office.app, lambda: bool(stopping))
    inbox.take_in()
    office.clock.at += timedelta(minutes=1)
    [path] = inbox.look()
    stopping.append(True)

    with pytest.raises(BrokenOff):
        inbox._take(path)
    assert office.lies() == ["3月.csv"]
    assert office.landed() == ["目标.txt"]


def test_a_faulty_contacts_file_costs_the_mail_but_not_the_import(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    (office.app.settings.folder / "contacts.csv").write_text("不对\n", encoding="utf-8")
    office.put("3月.csv")
    office.inbox.take_in()

    assert office.later() == "收件夹导入 1 个，拒绝 0 个"
    assert office.letters() == []
    assert "的回执没有发信" in caplog.text


def test_a_file_that_goes_while_it_is_looked_at_is_nobodys_trouble(office: Office) -> None:
    first, second = office.put("1.csv"), office.put("2.csv", HEADER + line("B1"))

    def somebody_takes_it_back() -> bool:
        if first.exists():  # while the first one is being imported
            second.unlink(missing_ok=True)
        return False

    inbox = Inbox(office.app, somebody_takes_it_back)
    inbox.take_in()
    office.clock.at += timedelta(minutes=1)

    assert inbox.take_in() == "收件夹导入 1 个，拒绝 0 个"
    assert [each for each in office.lies() if "回执" not in each] == ["done/1.csv"]


def test_the_office_without_contacts_gets_no_mail_and_the_receipt_lies_there(
    office: Office,
) -> None:
    (office.app.settings.folder / "contacts.csv").write_text(
        CONTACTS.splitlines()[0] + "\n", encoding="utf-8"
    )
    office.put("3月.csv")
    office.inbox.take_in()
    office.later()

    assert office.letters() == []
    assert "done/3月.csv.回执.txt" in office.lies()


def test_receipt_mails_are_once_for_each_arrival(office: Office) -> None:
    office.put("3月.csv")
    signature = (("", 1, 2, 3),)
    from monitor.inbox_reading import Taken

    for _ in range(2):
        office.inbox._mail("3月.csv", signature, Taken(landed=1), office.clock.at)
    office.inbox._mail("3月.csv", (("", 1, 2, 4),), Taken(landed=1), office.clock.at)

    assert len(office.letters()) == 2
