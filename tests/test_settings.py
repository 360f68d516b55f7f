"""Settings: all mistakes in one message, secrets elsewhere, the workspace's rules in force."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import monitor
from monitor import config
from monitor.bootstrap import make_workspace
from monitor.errors import ConfigError, WorkspaceError


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("MONITOR_DATABASE", "MONITOR_MAIL_PASSWORD", "MONITOR_WORKSPACE"):
        monkeypatch.delenv(name, raising=False)
    make_workspace(tmp_path / "office")
    return tmp_path / "office"


def settings_file(folder: Path, text: str) -> None:
    (folder / "monitor.toml").write_text(text, encoding="utf-8")


def test_a_new_workspace_has_all_its_parts_and_no_mail_server(folder: Path) -> None:
    names = {path.name for path in folder.iterdir()}

    assert {"monitor.toml", "contacts.csv", "rules", "monitor.db"} <= names
    assert {"inbox", "archive", "outbox", "reports"} <= names
    assert config.load(folder).mail is None


def test_making_a_workspace_again_touches_nothing(folder: Path) -> None:
    settings_file(folder, 'office = "某县财政局"\n')

    assert make_workspace(folder) == []
    assert config.load(folder).office == "某县财政局"


def test_an_older_workspace_made_again_keeps_its_scoring_rules(folder: Path) -> None:
    standard = folder / "rules" / "scoring" / "national-2020.toml"
    standard.rename(folder / "rules" / "scoring.toml")

    assert make_workspace(folder) == []
    assert not standard.exists()
    config.load(folder)


def test_all_mistakes_come_in_one_message(folder: Path) -> None:
    settings_file(folder, 'ofice = "x"\n[mail]\nhost = "h"\nport = "25"\nsecurty = "none"\n')
    (folder / "rules" / "alerts.toml").write_text("[W01]\nyellow_ratio = 2\n", encoding="utf-8")
    (folder / "rules" / "scoring" / "local.toml").write_text("name = 1\n", encoding="utf-8")

    with pytest.raises(ConfigError) as error:
        config.load(folder)

    message = str(error.value)
    for said in ("ofice", "mail.port", "mail.securty", "yellow_ratio", "scoring/local.toml"):
        assert said in message


def test_a_rules_file_that_is_no_toml_is_one_mistake_in_chinese(folder: Path) -> None:
    path = folder / "rules" / "columns.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    wrong = next(n for n, line in enumerate(lines, 1) if line.startswith("voucher"))
    lines[wrong - 1] = lines[wrong - 1].replace("]", "")
    path.write_text("\n".join(lines), encoding="utf-8")

    with pytest.raises(ConfigError) as refusal:
        config.load(folder)

    said = str(refusal.value).splitlines()
    assert len(said) == 2
    assert "columns.toml 的写法不对：第 " in said[1]
    assert "line" not in said[1]


def test_a_mail_server_needs_a_sender_and_a_known_security(folder: Path) -> None:
    settings_file(folder, '[mail]\nhost = "h"\nsecurity = "ssl"\n')

    with pytest.raises(ConfigError, match=r"mail\.security.*mail\.sender"):
        config.load(folder)


@pytest.mark.parametrize("sender", ["财政局@example.cn", "a b@example.cn", "a@b\\nBcc: x@y", "a"])
def test_a_sender_that_is_no_address_is_a_mistake(folder: Path, sender: str) -> None:
    settings_file(folder, f'[mail]\nhost = "h"\nsender = "{sender}"\n')

    with pytest.raises(ConfigError, match=r"mail\.sender"):
        config.load(folder)


def test_the_password_comes_from_a_file_and_stays_out_of_every_text(folder: Path) -> None:
    (folder / "secret").write_text("七个字的密码啊\n", encoding="utf-8")
    settings_file(folder, '[mail]\nhost = "h"\nsender = "a@b.example"\npassword_file = "secret"\n')

    server = config.load(folder).mail

    assert server is not None
    assert server.password == "七个字的密码啊"
    assert "七个字" not in repr(server)


def test_a_file_from_notepad_is_read(folder: Path) -> None:
    settings_file(folder, "\ufeff" + 'office = "某县财政局"\n')

    assert config.load(folder).office == "某县财政局"


def test_the_workspace_is_found_from_a_folder_inside_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder / "reports")

    assert config.find() == folder


def test_outside_of_a_workspace_it_says_how_to_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MONITOR_WORKSPACE", raising=False)
    monkeypatch.chdir(tmp_path)

    with pytest.raises(WorkspaceError, match="monitor init"):
        config.find()


def test_a_notebook_gets_progress_as_a_frame_of_integers(folder: Path, samples: Path) -> None:
    app = monitor.open(folder)
    for file in sorted((samples / "targets").glob("*.txt")):
        app.targets.import_file(file)
    for file in sorted((samples / "payments" / "yutian-2025").glob("*.csv")):
        app.import_payments(file)

    frame = app.progress(as_of=date(2025, 6, 30))

    assert len(frame) == 7
    assert str(frame["paid_fen"].dtype) == "Int64"
    assert str(frame["due_fen"].dtype) == "Int64"
    assert frame["paid_fen"].sum() == 47_826_081
    app.engine.dispose()
