"""Checks on a real workspace: what imports, late lists and corrections do to warnings."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from monitor import bootstrap
from monitor.bootstrap import App
from monitor.cli.warning_labels import OPEN
from monitor.domain.calendar import CHINA
from monitor.store import warning_rows
from monitor.store.engine import open_engine
from tests.cli.small_office import CODE, HEADER, TARGET, line

APRIL = datetime(2025, 4, 8, 9, tzinfo=CHINA)
MARCH_END, JUNE_END = date(2025, 3, 31), date(2025, 6, 30)


class Clerk:
    """Works in one workspace, on days that the test names."""

    def __init__(self, folder: Path, at: datetime = APRIL) -> None:
        self.folder, self.at = folder, at

    @property
    def app(self) -> App:
        return bootstrap.open_workspace(self.folder, now=lambda: self.at, actor="测试")

    def pay(self, month: str, *lines: str, name: str = "") -> int:
        """Imports a month's list; the import's number."""
        path = self.folder / (name or f"{month}.csv")
        void = line(f"作废{month}{name}", "1.00", day=f"{month}-02", status="已作废")
        path.write_text(HEADER + void + "".join(lines), encoding="utf-8")
        app = self.app
        import_id = app.import_payments(path, months=[month]).import_id
        app.engine.dispose()
        assert import_id is not None
        return import_id

    def rows(self, **wanted: Any) -> list[dict[str, Any]]:
        app = self.app
        with app.reading() as connection:
            rows = warning_rows.rows(connection, **wanted)
        app.engine.dispose()
        return rows

    def states(self, rule: str) -> list[tuple[str, str]]:
        return [(row["period"], row["state"]) for row in self.rows(rule=rule)]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with one project of 1,000 元 by the plan 25/50/75/100, and no payments."""
    folder = tmp_path_factory.mktemp("template") / "office"
    bootstrap.make_workspace(folder)
    document = folder.parent / "目标.txt"
    document.write_text(TARGET, encoding="utf-8")
    app = bootstrap.open_workspace(folder, now=lambda: datetime(2025, 1, 10, tzinfo=CHINA))
    app.targets.import_file(document, year=2025)
    app.engine.dispose()
    return folder


@pytest.fixture
def clerk(template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clerk:
    for name in ("MONITOR_DATABASE", "MONITOR_ACTOR"):
        monkeypatch.delenv(name, raising=False)
    shutil.copytree(template, tmp_path / "office")
    return Clerk(tmp_path / "office")


def first_quarter(clerk: Clerk, paid: str = "100.00") -> None:
    clerk.pay("2025-01")
    clerk.pay("2025-02")
    clerk.pay("2025-03", line("1", paid))


def test_a_checkpoint_is_judged_by_itself_when_its_last_list_has_come(clerk: Clerk) -> None:
    clerk.pay("2025-01")
    clerk.pay("2025-03", line("1"))
    (first,) = clerk.app.check_due()
    assert [(unit.unit_code, unit.months) for unit in first.held_back] == [("434001", ("2025-02",))]
    assert clerk.rows(rule="W01") == []

    clerk.pay("2025-02")
    outcomes = clerk.app.check_due()

    assert outcomes[0].as_of == MARCH_END
    (row,) = clerk.rows(rule="W01")
    assert (row["period"], row["severity"], row["as_of"]) == ("03", "red", "2025-03-31")
    assert row["figures"]["paid_fen"] == 100_00


def test_with_nothing_new_nothing_is_judged_again(clerk: Clerk) -> None:
    first_quarter(clerk)
    assert len(clerk.app.check_due()) == 1

    assert clerk.app.check_due() == []


def test_the_import_that_caused_a_check_stands_in_the_events(clerk: Clerk) -> None:
    first_quarter(clerk)
    import_id = clerk.pay("2025-04")
    clerk.app.check_due(import_id)

    (row,) = clerk.rows(rule="W01")
    assert (row["events"][0]["import_id"], row["events"][0]["file"]) == (import_id, "2025-04.csv")


def test_a_late_list_that_shows_a_warning_to_be_wrong_withdraws_it(clerk: Clerk) -> None:
    first_quarter(clerk)
    clerk.app.check_due()
    assert clerk.states("W01") == [("03", "raised")]

    clerk.pay("2025-03", line("2", "150.00"), name="补充.csv")
    clerk.app.check_due()

    assert clerk.states("W01") == [("03", "withdrawn")]


def test_a_late_payment_resolves_a_warning_that_was_right(clerk: Clerk) -> None:
    first_quarter(clerk)
    clerk.app.check_due()

    clerk.at = datetime(2025, 5, 8, 9, tzinfo=CHINA)
    clerk.pay("2025-04", line("2", "150.00", day="2025-04-10"))
    clerk.app.check_due()

    assert clerk.states("W01") == [("03", "resolved")]


def test_an_import_taken_back_withdraws_what_it_had_caused(clerk: Clerk) -> None:
    first_quarter(clerk)
    wrong = clerk.pay("2025-03", line("9", "5000.00"), name="重复.csv")
    clerk.app.check_due()
    assert clerk.states("W04") == [("year", "raised")]

    clerk.app.undo_import(wrong, reason="导错了文件")

    (row,) = clerk.rows(rule="W04")
    assert row["state"] == "withdrawn"
    assert (row["events"][-1]["file"], row["events"][-1]["note"]) == (
        "重复.csv",
        f"撤销导入 {wrong} 后不再成立",
    )


def test_a_project_that_leaves_has_its_warnings_withdrawn(clerk: Clerk) -> None:
    first_quarter(clerk)
    clerk.app.check_due()

    clerk.app.targets.retire(CODE, year=2025, reason="项目取消")

    assert clerk.states("W01") == [("03", "withdrawn")]


def test_decembers_list_is_waited_for_in_january(clerk: Clerk) -> None:
    clerk.at = datetime(2026, 1, 9, 9, tzinfo=CHINA)
    first_quarter(clerk)
    for month in range(4, 12):
        clerk.pay(f"2025-{month:02d}")
    clerk.app.check_due()
    assert clerk.app.unsettled_years() == [2025, 2026]
    assert "12" not in [row["period"] for row in clerk.rows(rule="W01")]

    clerk.pay("2025-12", line("12", "300.00", day="2025-12-20"))
    clerk.app.check_due()

    (row,) = [row for row in clerk.rows(rule="W01") if row["period"] == "12"]
    assert (row["severity"], row["figures"]["paid_fen"]) == ("red", 400_00)
    assert (row["for_office"], row["as_of"]) == (True, "2025-12-31")


def test_a_year_that_is_settled_is_not_judged_any_more(clerk: Clerk) -> None:
    clerk.at = datetime(2026, 1, 9, 9, tzinfo=CHINA)
    first_quarter(clerk, paid="250.00")
    for month in range(4, 13):
        paid = line(str(month), "250.00", day=f"2025-{month:02d}-10")
        clerk.pay(f"2025-{month:02d}", paid if month in (6, 9, 12) else "")
    assert clerk.app.unsettled_years() == [2025, 2026]

    clerk.app.check(year=2025)

    assert [row["rule"] for row in clerk.rows()] == []
    assert clerk.app.unsettled_years() == [2026]


InOrder = Callable[[tuple[int, ...]], list[tuple[str, ...]]]
MONTHS = [f"2025-{month:02d}" for month in range(1, 7)]
PAID = (
    (0, 0, 0, 0, 0, 0),
    (0, 0, 250, 0, 0, 250),
    (0, 0, 249, 0, 0, 0),
    (0, 0, 0, 300, 0, 0),
    (1, 0, 0, 0, 0, 499),
    (100, 100, 100, 0, 0, 0),
    (0, 0, 0, 0, 1_200, 0),
    (400, 400, 400, 400, 400, 400),
)
"""Yuan a month, of 1,000: nothing, as planned, behind, made good later, too early, too much."""
KEYS = ("rule", "project_code", "unit_code", "period", "severity", "quiet", "details", "doubts")


@pytest.fixture(scope="module")
def halfyear(template: Path) -> App:
    """The workspace in July."""
    july = datetime(2025, 7, 8, 9, tzinfo=CHINA)
    app = bootstrap.open_workspace(template, now=lambda: july, actor="测试")
    app.engine.dispose()
    return app


@pytest.fixture(scope="module")
def in_order(halfyear: App) -> InOrder:
    """What is open where the lists come month by month and are judged at the end."""
    return cache(lambda paid: open_warnings(halfyear, MONTHS, paid, {6}))


@settings(
    max_examples=32,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    order=st.permutations(MONTHS),
    paid=st.sampled_from(PAID),
    halfway=st.integers(1, 5),
)
def test_the_order_of_imports_never_matters(
    halfyear: App, in_order: InOrder, order: list[str], paid: tuple[int, ...], halfway: int
) -> None:
    assert open_warnings(halfyear, order, paid, {halfway, 6}) == in_order(paid)


def open_warnings(
    app: App, months: list[str], paid: tuple[int, ...], checks: set[int]
) -> list[tuple[str, ...]]:
    """What is open after these lists; `checks` says after how many of them all was judged."""
    amounts = dict(zip(MONTHS, paid, strict=True))
    with in_memory(app) as copy:
        for count, month in enumerate(months, 1):
            rows = line(f"作废{month}", "1.00", day=f"{month}-02", status="已作废")
            if amounts[month]:
                rows += line(month, f"{amounts[month]}.00", day=f"{month}-15")
            path = app.settings.folder / f"{month}.csv"
            path.write_text(HEADER + rows, encoding="utf-8")
            copy.import_payments(path, months=[month])
            if count in checks:
                copy.check_due()
        with copy.reading() as connection:
            rows_ = warning_rows.rows(connection)
    return sorted(
        (*(str(row[key]) for key in KEYS), str(row["figures"].get("paid_fen")))
        for row in rows_
        if row["state"] in OPEN
    )


@contextmanager
def in_memory(app: App) -> Iterator[App]:
    """The app on a copy of its database that no disk has to keep."""
    engine = open_engine("sqlite://")
    copy = engine.raw_connection()
    with closing(sqlite3.connect(app.settings.folder / "monitor.db")) as original:
        assert isinstance(copy.driver_connection, sqlite3.Connection)
        original.backup(copy.driver_connection)
    copy.close()
    yield replace(app, engine=engine)
    engine.dispose()
