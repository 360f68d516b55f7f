"""`monitor mail …`: what a person sees of the mails, and decides about them."""

# ruff: noqa: ARG002, N802 - the arguments and the name that aiosmtpd calls a handler by

from __future__ import annotations

import re
import socket
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from openpyxl import load_workbook

from monitor.bootstrap import open_workspace
from monitor.domain.draft import Draft
from monitor.domain.warning import MailKind, MailState
from monitor.store import leases, outbox
from monitor.store.engine import writing
from tests.cli.conftest import Monitor, Result


@pytest.fixture
def office(monitor: Monitor) -> Monitor:
    """An office with a mail of each of two units, to be released next year."""
    app = open_workspace(monitor.folder)
    now = app.now()
    with writing(app.engine) as connection:
        for unit in ("430001", "507001"):
            facts = {"file": f"{unit}.csv", "outcome": "导入 3 行", "lines": ["新增 3 行"]}
            draft = Draft(
                MailKind.RECEIPT, f"u{unit}@example.cn", "甲", f"receipt-{unit}", 0, unit,
                f"回执 {unit}", facts | {"refused": False}, (), now + timedelta(days=365),
            )  # fmt: skip
            outbox.prepare(connection, draft, domain="example.cn", at=now)
    app.engine.dispose()
    return monitor


def states(office: Monitor) -> list[str]:
    return [row["state"] for row in office.json("mail", "list")]


def refuse(office: Monitor, number: int) -> None:
    """As a sender that the server told 550."""
    app = open_workspace(office.folder)
    with writing(app.engine) as connection:
        mail = leases.lease(
            connection, at=app.now(), word="x", gone_before=app.now(), after=number - 1
        )
        assert mail is not None
        leases.settle(connection, mail, MailState.FAILED, at=app.now(), error="550 查无此人")
    app.engine.dispose()


def test_the_list_shows_state_kind_and_release_in_chinese(office: Monitor) -> None:
    result = office.ok("mail", "list")

    for word in ("待放行", "导入回执", "u430001@example.cn", "回执 507001"):
        assert word in result.out
    assert result.err == "邮件 2 封：待放行 2。\n"
    assert [row["unit_code"] for row in office.json("mail", "list", "--unit", "507001")] == [
        "507001"
    ]
    assert office.json("mail", "list", "--state", "sent") == []
    assert office.json("mail", "list", "--kind", "digest") == []


def test_a_mail_is_shown_as_it_would_leave_before_anything_is_sent(office: Monitor) -> None:
    shown = office.ok("mail", "show", "1").out
    row = office.json("mail", "show", "1")

    assert "邮件 1（导入回执）：待放行" in shown
    assert "收件人：u430001@example.cn" in shown
    assert "新增 3 行" in shown
    assert row["to"] == "u430001@example.cn"
    assert (row["tells"], row["attachments"], row["attempts"]) == ([], [], 0)
    assert "新增 3 行" in row["text"]
    assert states(office) == ["prepared", "prepared"]


def test_a_mail_as_sent_is_shown_and_saved_to_the_byte(office: Monitor, tmp_path: Path) -> None:
    office.ok("notify")
    [first, _] = sorted((office.folder / "outbox").glob("*.eml"))
    number = 1 if "430001" in first.name else 2

    office.ok("mail", "show", str(number), "--format", "eml", "--out", tmp_path / "one.eml")

    assert (tmp_path / "one.eml").read_bytes() == first.read_bytes()
    assert office.json("mail", "show", str(number))["state"] == "sent"


def test_what_is_held_stays_and_what_is_released_leaves(office: Monitor) -> None:
    assert office.ok("mail", "hold", "--all").err.startswith("已暂缓 2 封")
    assert office.ok("notify").err == "没有需要通知的预警。\n"
    assert office.ok("mail", "release", "--unit", "507001").err == "已放行 1 封。\n"
    sent = office.ok("notify").err

    assert "u507001@example.cn" in sent
    assert states(office) == ["held", "sent"]


def test_a_refused_mail_is_named_and_tried_again_when_told_to(office: Monitor) -> None:
    refuse(office, 1)
    listed = office("mail", "list", "--strict")
    assert listed.status == 3
    assert "550 查无此人" in listed.out
    assert "被拒收" in listed.out

    assert office.ok("mail", "retry", "1").err == "改为待发 1 封。\n"
    assert states(office) == ["waiting", "prepared"]
    refuse(office, 1)
    assert office.ok("mail", "retry", "--all").err == "改为待发 1 封。\n"
    office.ok("notify")
    assert states(office) == ["sent", "sent"]


def failed(result: Result, status: int, words: str) -> None:
    assert (result.status, result.out) == (status, "")
    assert words in result.err


def test_wrong_calls_are_refused_with_what_to_do(office: Monitor) -> None:
    failed(office("mail", "hold"), 2, "--unit 或 --all")
    failed(office("mail", "hold", "--all", "--unit", "430001"), 2, "只写一个")
    failed(office("mail", "release"), 2, "--unit 或 --all")
    failed(office("mail", "retry"), 2, "编号 或 --all")
    failed(office("mail", "retry", "9"), 1, "没有编号为 9")
    failed(office("mail", "show", "9"), 1, "没有编号为 9 的邮件")
    failed(office("mail", "test", "--to", "张三"), 2, "不是可用的邮箱地址")
    assert states(office) == ["prepared", "prepared"]


def test_a_test_mail_becomes_a_file_where_there_is_no_server(office: Monitor) -> None:
    said = office.ok("mail", "test", "--to", "me@example.cn").err

    [file] = (office.folder / "outbox").glob("*.eml")
    assert str(file) in said
    assert b"To: me@example.cn" in file.read_bytes()
    assert len(office.json("mail", "list")) == 2


def configure(office: Monitor, **values: Any) -> None:
    path = office.folder / "monitor.toml"
    text = path.read_text("utf-8")
    for key, value in values.items():
        text = re.sub(rf"(?m)^{key} = .*$", f"{key} = {value}", text)
    path.write_text(text, "utf-8")


def test_where_the_server_cannot_be_reached_the_test_says_why(office: Monitor) -> None:
    configure(office, host='"localhost"', port=1, security='"none"', sender='"m@example.cn"')

    result = office("mail", "test", "--to", "me@example.cn")

    failed(result, 1, "试验邮件没有发出：localhost:1 服务器拒绝连接（稍后可以再试）")
    notified = office.ok("notify").err
    assert "暂时发不出，下次再试：u430001@example.cn" in notified
    assert states(office) == ["waiting", "waiting"]


def test_the_password_from_the_environment_is_in_no_output(
    office: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONITOR_MAIL_PASSWORD", "open-sesame")
    configure(
        office, host='"localhost"', port=1, security='"none"', sender='"m@example.cn"', user='"m"'
    )

    for words in (("mail", "test", "--to", "a@b.cn"), ("notify",), ("mail", "list")):
        result = office(*words)
        assert "open-sesame" not in result.out + result.err


def test_the_preview_lists_every_mail_that_has_not_left(office: Monitor, tmp_path: Path) -> None:
    target = tmp_path / "预览.xlsx"

    said = office.ok("mail", "preview", "--out", target).err

    assert said == f"已写入 {target}，邮件 2 封。\n"
    sheet = load_workbook(target).worksheets[0]
    texts = {str(cell.value) for row in sheet.iter_rows() for cell in row}
    assert any("u430001@example.cn" in text for text in texts)
    assert states(office) == ["prepared", "prepared"]


def test_a_server_that_takes_the_test_mail_is_quoted(office: Monitor) -> None:
    got = []

    class Sink:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            got.append(envelope.rcpt_tos)
            return "250 2.0.0 queued as 42"

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(Sink(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        configure(office, host='"127.0.0.1"', port=port, security='"none"', sender='"m@example.cn"')
        said = office.ok("mail", "test", "--to", "me@example.cn").err
        notified = office.ok("notify").err
    finally:
        controller.stop()

    assert said.endswith("收下了给 me@example.cn 的试验邮件：250 2.0.0 queued as 42\n")
    assert notified.startswith("已发出 2 封：")
    assert got == [["me@example.cn"], ["u430001@example.cn"], ["u507001@example.cn"]]


def test_letters_are_written_only_where_something_is_untold(
    office: Monitor, tmp_path: Path
) -> None:
    said = office.ok("notify", "--letters", tmp_path / "letters").err

    assert said == "没有需要通知的预警。\n"
    assert states(office) == ["prepared", "prepared"]
