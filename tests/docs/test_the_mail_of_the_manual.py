"""The mail that the manual shows is the one that a unit's finance lead gets."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

import pytest

from docs import generate
from monitor import bootstrap
from monitor.bootstrap import App
from monitor.domain.calendar import CHINA
from tests.cli.conftest import Monitor
from tests.docs.examples import Example, without_blanks

_SHOWN = re.compile(r"<!-- mail: .*? -->\n```text\n(.*?)^```$", re.DOTALL | re.MULTILINE)
UNIT = "322001"
IN_JULY = datetime(2025, 7, 8, 9, tzinfo=CHINA)


def office_in_july(folder: Path, sample: Path) -> App:
    """A workspace in which one unit's goals and half a year of payments are checked and told."""
    bootstrap.make_workspace(folder)
    (folder / "contacts.csv").write_bytes((sample / "contacts.csv").read_bytes())
    app = bootstrap.open_workspace(folder, now=lambda: IN_JULY, actor="测试")
    [document] = (sample / "targets").glob(f"{UNIT}-*")
    app.targets.import_file(document, year=2025)
    for month in range(1, 7):
        app.import_payments(sample / "payments" / f"2025-{month:02d}.csv")
    app.check()
    app.notify()
    return app


def test_the_mail_of_the_manual_is_what_the_lead_of_the_unit_gets(
    beside_the_demo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    [shown] = _SHOWN.findall(generate.MANUAL.read_text(encoding="utf-8"))
    folder = beside_the_demo / "office"
    monkeypatch.delenv("MONITOR_DATABASE", raising=False)
    monkeypatch.setenv("MONITOR_WORKSPACE", str(folder))
    office_in_july(folder, beside_the_demo / "demo" / "sample").engine.dispose()
    monitor = Monitor(folder)

    [mail] = monitor.json("mail", "list", "--unit", UNIT, "--kind", "digest")
    printed = without_blanks(monitor.ok("mail", "show", str(mail["id"])).out)

    assert re.search(Example("", tuple(shown.splitlines())).pattern, printed), printed
