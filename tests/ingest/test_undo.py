"""Taking an import back: what others show stays, what people decided comes back with the rows."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from sqlalchemy import event, select

from monitor.bootstrap import App, make_workspace, open_workspace
from monitor.domain.calendar import CHINA
from monitor.errors import NotFound, UsageError
from monitor.ingest.ignoring import Deciding
from monitor.ingest.resolving import Keep, resolve
from monitor.store import conflicts, matches, payment_tables, rejections, sums, tables
from tests.cli.test_public_interface import TARGET

AT = datetime(2025, 12, 31, 9, 30, tzinfo=CHINA)
CODE = "13022925P00JXC4198855"
HEADER = "支付申请编号,支付凭证号,支付日期,预算单位编码,项目编码,项目名称,支付金额,用途,状态\n"
Land = Callable[..., int]


def row(number: str, amount: str = "100.00", **said: str) -> str:
    cells = {"voucher": "", "day": "2025-03-20", "code": CODE, "name": "热线服务", **said}
    status = cells.get("status", "已支付")
    return (
        f"{number},{cells['voucher']},{cells['day']},434001,{cells['code']},{cells['name']},"
        f"{amount},服务费,{status}\n"
    )


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("undo") / "template"
    make_workspace(folder)
    document = folder.parent / "目标.txt"
    document.write_text(TARGET, encoding="utf-8")
    app = open_workspace(folder, now=lambda: AT, actor="测试")
    app.targets.import_file(document)
    app.engine.dispose()
    return folder


@pytest.fixture
def app(template: Path, tmp_path: Path) -> Iterator[App]:
    folder = tmp_path / "office"
    shutil.copytree(template, folder)
    opened = open_workspace(folder, now=lambda: AT, actor="王会计")
    yield opened
    opened.engine.dispose()


@pytest.fixture
def land(app: App, tmp_path: Path) -> Land:
    def land(name: str, *rows: str) -> int:
        path = tmp_path / name
        path.write_text(HEADER + "".join(rows), encoding="utf-8")
        import_id = app.import_payments(path).import_id
        assert import_id is not None
        return import_id

    return land


def in_force(app: App) -> list[tuple[Any, ...]]:
    """(list, line, number, ordinal, fen, method) of all payments in force, the sums proved."""
    table, lists = payment_tables.payments, tables.imports
    with app.reading() as connection:
        assert not sums.differences(connection)
        rows = connection.execute(
            select(
                lists.c.file, table.c.line, table.c.number, table.c.ordinal,
                table.c.amount_fen, table.c.method,
            )
            .join(lists, lists.c.id == table.c.import_id)
            .where(table.c.undone == 0)
            .order_by(table.c.number, table.c.ordinal)
        ).all()  # fmt: skip
    return [tuple(each) for each in rows]


def decide(app: App, number: str) -> None:
    """A person says that a payment is the project's."""
    with app.engine.begin() as connection:
        (found,) = matches.like(connection, payment_tables.payments.c.number == number)
        project = connection.scalar(select(tables.projects.c.id))
        change = matches.Change(found.id, project, "manual")
        matches.change(connection, [change], at=AT, actor="李科长", reason="电话核实")


def open_conflicts(app: App) -> list[tuple[str, str]]:
    with app.reading() as connection:
        return [
            (each.number, each.kept_file)
            for each in conflicts.load(connection)
            if each.resolution_id is None
        ]


def test_vouchers_are_compared_only_where_a_list_is_named_by_them(app: App, land: Land) -> None:
    """There is no index of them otherwise: among ten million payments it would take for ever."""
    first = land("一.csv", row("A1", voucher="V1"), row("A2", voucher="V2"))
    land("二.csv", row("A2", voucher="V2"))
    asked: list[str] = []
    event.listen(app.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))

    app.undo_import(first, reason="重复")

    assert [each[2:3] for each in in_force(app)] == [("A2",)]
    assert not [each for each in asked if "others.voucher" in each or "mine.voucher" in each]


def test_a_payment_that_a_later_list_shows_stays_as_that_lists_row(app: App, land: Land) -> None:
    first = land("一.csv", row("A1"), row("A2"))
    land("二.csv", row("B1"), row("A2"))
    receipt = app.undo_import(first, reason="重复")
    assert in_force(app) == [
        ("二.csv", 3, "A2", 1, 10_000, "code"),
        ("二.csv", 2, "B1", 1, 10_000, "code"),
    ]
    assert (receipt.rows, receipt.fen, receipt.kept, receipt.came_in) == (2, 20_000, 1, 0)


def test_a_row_taken_over_has_its_own_lists_cells(app: App, land: Land) -> None:
    first = land("一.csv", row("A1", name="热线服务费"))
    land("二.csv", row("A1", name="热线服务（续）"))
    app.undo_import(first, reason="重复")
    with app.reading() as connection:
        (found,) = matches.like(connection, payment_tables.payments.c.number == "A1")
    assert found.project_name == "热线服务（续）"


def test_a_file_gone_from_the_archive_leaves_what_the_other_list_said(app: App, land: Land) -> None:
    first = land("一.csv", row("A1", name="热线服务费"))
    land("二.csv", row("A1", name="热线服务（续）"))
    for kept in app.settings.archive.iterdir():
        kept.unlink()
    app.undo_import(first, reason="重复")
    assert in_force(app) == [("二.csv", 2, "A1", 1, 10_000, "code")]
    with app.reading() as connection:
        (found,) = matches.like(connection, payment_tables.payments.c.number == "A1")
    assert found.project_name == "热线服务费"


def test_a_row_of_a_sheet_is_read_again_there(app: App, land: Land, tmp_path: Path) -> None:
    first = land("一.csv", row("A1", name="热线服务费"), row("A2"))
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for line in (HEADER, row("A1", name="热线服务（续）")):
        sheet.append(line.strip().split(","))
    book.save(tmp_path / "二.xlsx")
    app.import_payments(tmp_path / "二.xlsx")
    app.undo_import(first, reason="重复")
    with app.reading() as connection:
        (found,) = matches.like(connection, payment_tables.payments.c.number == "A1")
    assert (found.file, found.line, found.project_name) == ("二.xlsx", 2, "热线服务（续）")


def test_the_other_version_of_a_conflict_comes_in(app: App, land: Land) -> None:
    first = land("一.csv", row("A1", "100.00"))
    land("二.csv", row("A1", "150.00"))
    land("三.csv", row("B1"), row("A1", "100.00"))
    app.undo_import(first, reason="错")
    assert [each[:5] for each in in_force(app)][:1] == [("二.csv", 2, "A1", 1, 15_000)]
    assert open_conflicts(app) == [("A1", "二.csv")]


def test_all_lines_of_a_document_stay_where_another_list_shows_them(app: App, land: Land) -> None:
    lines = (row("A1", "1.00"), row("A1", "2.00"), row("A1", "1.00"))
    first = land("一.csv", *lines)
    land("二.csv", row("B1"), *lines)
    app.undo_import(first, reason="重复")
    assert [each[:5] for each in in_force(app)] == [
        ("二.csv", 3, "A1", 1, 100),
        ("二.csv", 4, "A1", 2, 200),
        ("二.csv", 5, "A1", 3, 100),
        ("二.csv", 2, "B1", 1, 10_000),
    ]


def test_a_row_in_transit_is_in_force_again(app: App, land: Land) -> None:
    land("一.csv", row("A1", status="待支付"))
    paid = land("二.csv", row("A1"))
    assert in_force(app)[0][0] == "二.csv"
    app.undo_import(paid, reason="没有付")
    assert [each[:3] for each in in_force(app)] == [("一.csv", 2, "A1")]
    with app.reading() as connection:
        (found,) = matches.like(connection, payment_tables.payments.c.number == "A1")
    assert found.status == "in-transit"


def test_a_mended_row_is_rejected_again(app: App, land: Land) -> None:
    land("一.csv", row("A1", "一百"))
    mended = land("二.csv", row("A1"))
    with app.reading() as connection:
        assert rejections.load(connection) == []
    app.undo_import(mended, reason="错")
    with app.reading() as connection:
        assert [each.number for each in rejections.load(connection)] == ["A1"]


def test_a_second_number_that_is_gone_joins_no_more(app: App, land: Land) -> None:
    land("一.csv", row("", voucher="V1"))
    both = land("二.csv", row("A1", voucher="V1"))
    land("三.csv", row("A1"))
    assert len(in_force(app)) == 1
    app.undo_import(both, reason="错")
    assert [each[:3] for each in in_force(app)] == [("三.csv", 2, "A1"), ("一.csv", 2, "V1")]


def test_what_a_person_decided_goes_over_to_the_other_lists_row(app: App, land: Land) -> None:
    first = land("一.csv", row("A1", code="", name="不知何物"))
    land("二.csv", row("B1"), row("A1", code="", name="不知何物"))
    decide(app, "A1")
    app.undo_import(first, reason="重复")
    assert in_force(app)[0] == ("二.csv", 3, "A1", 1, 10_000, "manual")
    with app.reading() as connection:
        (found,) = matches.like(connection, payment_tables.payments.c.number == "A1")
        (told,) = matches.log(connection, [found.id])
    assert (told.actor, told.reason, told.cause) == ("李科长", "电话核实", f"import {first} undone")


def test_what_a_person_decided_comes_back_with_the_import(app: App, land: Land) -> None:
    rows = (row("A1", code="", name=""), row("A2"))
    first = land("一.csv", *rows)
    decide(app, "A1")
    before = in_force(app)
    for _ in range(2):
        app.undo_import(first, reason="试")
        assert in_force(app) == []
        first = land("一.csv", *rows)
        assert in_force(app) == before


def test_nothing_is_lost_from_the_record(app: App, land: Land) -> None:
    first = land("一.csv", row("A1"), row("A2"))
    land("二.csv", row("A2"))
    app.undo_import(first, reason="重复")
    table = payment_tables.payments
    with app.reading() as connection:
        gone = connection.execute(select(table).where(table.c.undone != 0)).all()
    assert [(each.number, each.import_id) for each in gone] == [("A1", first), ("A2", first)]
    assert {each.undone_by for each in gone} == {f"import {first} undone"}


def test_an_import_is_taken_back_once(app: App, land: Land) -> None:
    first = land("一.csv", row("A1"))
    app.undo_import(first, reason="发错了")
    with pytest.raises(UsageError, match="王会计 撤销，理由：发错了"):
        app.undo_import(first, reason="再撤")
    with pytest.raises(NotFound):
        app.undo_import(first + 1, reason="没有的")


def settle(app: App, number: str, keep: Keep) -> None:
    settings = app.settings
    resolve(
        app.engine,
        number,
        keep=keep,
        version=None,
        year=None,
        reason="与单位核对",
        by=Deciding(AT, "李科长", settings.outside, settings.matching),
    )


def settled(app: App) -> list[str]:
    with app.reading() as connection:
        return [e.keep for e in conflicts.load(connection) if e.resolution_id is not None]


@pytest.mark.parametrize(("keep", "fen"), [("old", 10_000), ("new", 15_000)])
def test_a_decision_between_other_lists_stands(app: App, land: Land, keep: Keep, fen: int) -> None:
    third = land("零.csv", row("C1"), row("A1", "100.00"))
    land("一.csv", row("A1", "100.00"))
    land("二.csv", row("A1", "150.00"))
    settle(app, "A1", keep)
    app.undo_import(third, reason="试")
    assert [each[4] for each in in_force(app)] == [fen]
    assert open_conflicts(app) == []
    assert settled(app) == [keep]


@pytest.mark.parametrize(("keep", "fen", "now"), [("old", 10_000, "new"), ("new", 15_000, "old")])
def test_a_decision_lapses_while_its_older_side_is_undone_and_returns_with_it(
    app: App, land: Land, keep: Keep, fen: int, now: Keep
) -> None:
    first = land("一.csv", row("A1", "100.00"))
    second = land("二.csv", row("A1", "150.00"))
    settle(app, "A1", keep)
    receipt = app.undo_import(first, reason="试")
    assert [each[:5] for each in in_force(app)] == [("二.csv", 2, "A1", 1, 15_000)]
    assert (receipt.lapsed, open_conflicts(app), settled(app)) == (1, [], [])
    land("一.csv", row("A1", "100.00"))
    assert [each[4] for each in in_force(app)] == [fen]
    assert (open_conflicts(app), settled(app)) == ([], [now])
    app.undo_import(second, reason="试")
    assert [each[4] for each in in_force(app)] == [10_000]


def test_what_a_decision_put_aside_is_back_once_the_chosen_list_is_gone(
    app: App, land: Land
) -> None:
    land("一.csv", row("A1", "100.00"))
    second = land("二.csv", row("A1", "150.00"))
    settle(app, "A1", "new")
    app.undo_import(second, reason="试")
    assert [each[:5] for each in in_force(app)] == [("一.csv", 2, "A1", 1, 10_000)]
    assert (open_conflicts(app), settled(app)) == ([], [])


def test_a_decision_for_what_is_gone_does_not_speak_for_another_version(
    app: App, land: Land
) -> None:
    first = land("一.csv", row("A1", "100.00"))
    land("二.csv", row("A1", "150.00"))
    land("三.csv", row("A1", "200.00"))
    settle(app, "A1", "old")
    app.undo_import(first, reason="试")
    assert [each[4] for each in in_force(app)] == [15_000]
    assert open_conflicts(app) == [("A1", "二.csv")]
