"""A decision about two versions of a payment comes back with the import it lapsed with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from monitor.bootstrap import App
from monitor.ingest.ignoring import Deciding
from monitor.ingest.resolving import Keep, resolve, undo_resolution
from monitor.ingest.settling_again import AGAIN
from monitor.store import conflicts, payment_tables
from tests.ingest.test_undo import (  # noqa: F401
    AT,
    Land,
    app,
    decide,
    in_force,
    land,
    open_conflicts,
    row,
    settled,
    template,
)

Rows = tuple[str, ...]

VERSIONS: dict[str, tuple[Rows, Rows]] = {
    "another amount": ((row("A1", "100.00"),), (row("A1", "150.00"),)),
    "voided": ((row("A1"),), (row("A1", status="已作废"),)),
    "one line fewer": ((row("A1", "100.00"), row("A1", "7.00")), (row("A1", "100.00"),)),
    "one line more": ((row("A1", "100.00"),), (row("A1", "100.00"), row("A1", "7.00"))),
    "several lines": (
        (row("A1", "100.00"), row("A1", "7.00"), row("A2")),
        (row("A1", "9.00"), row("A1", "100.00"), row("B1")),
    ),
    "named by the voucher": ((row("", "100.00", voucher="V1"),), (row("", "9.00", voucher="V1"),)),
}
NUMBERS = {"named by the voucher": "V1"}
Settle = Callable[..., None]


def deciding(app: App) -> Deciding:  # noqa: F811
    return Deciding(AT, "李科长", app.settings.outside, app.settings.matching)


@pytest.fixture
def settle(app: App) -> Settle:  # noqa: F811
    def settle(number: str, keep: Keep, version: int | None = None) -> None:
        resolve(
            app.engine,
            number,
            keep=keep,
            version=version,
            year=None,
            reason="与单位核对",
            by=deciding(app),
        )

    return settle


def take_back(app: App, number: str) -> None:  # noqa: F811
    undo_resolution(
        app.engine,
        number,
        year=None,
        by=deciding(app),
        folder=app.settings.archive,
        columns=app.settings.columns,
    )


def paid(app: App) -> list[tuple[Any, ...]]:  # noqa: F811
    return [each[2:] for each in in_force(app)]


def log(app: App) -> list[tuple[str, str]]:  # noqa: F811
    with app.reading() as connection:
        return [(e.reason, e.actor) for e in conflicts.load(connection) if e.resolution_id]


@pytest.mark.parametrize("keep", ["old", "new"])
@pytest.mark.parametrize("place", [0, 1], ids=["the first", "the second"])
@pytest.mark.parametrize("name", VERSIONS)
def test_a_decision_returns_with_either_import(
    app: App,  # noqa: F811
    land: Land,  # noqa: F811
    settle: Settle,
    name: str,
    place: int,
    keep: Keep,
) -> None:
    lists = {"一.csv": VERSIONS[name][0], "二.csv": VERSIONS[name][1]}
    ids = [land(*each) for each in ((file, *rows) for file, rows in lists.items())]
    settle(NUMBERS.get(name, "A1"), keep)
    before = paid(app)
    file = list(lists)[place]
    app.undo_import(ids[place], reason="试")
    land(file, *lists[file])
    assert (paid(app), open_conflicts(app)) == (before, [])
    assert set(log(app)) == {("与单位核对" + AGAIN, "李科长")}


def test_a_decision_returns_time_after_time_and_says_so_once(
    app: App,  # noqa: F811
    land: Land,  # noqa: F811
    settle: Settle,
) -> None:
    land("一.csv", row("A1", "100.00"))
    second = land("二.csv", row("A1", "150.00"))
    settle("A1", "new")
    for _ in range(3):
        app.undo_import(second, reason="试")
        assert [each[2] for each in paid(app)] == [10_000]
        second = land("二.csv", row("A1", "150.00"))
    assert [each[2] for each in paid(app)] == [15_000]
    assert log(app) == [("与单位核对" + AGAIN, "李科长")]


def test_what_a_person_took_back_does_not_return(
    app: App,  # noqa: F811
    land: Land,  # noqa: F811
    settle: Settle,
) -> None:
    land("一.csv", row("A1", "100.00"))
    second = land("二.csv", row("A1", "150.00"))
    settle("A1", "new")
    app.undo_import(second, reason="试")
    second = land("二.csv", row("A1", "150.00"))
    take_back(app, "A1")  # after an earlier decision to the same lapsed with the import
    app.undo_import(second, reason="试")
    land("二.csv", row("A1", "150.00"))
    assert [each[2] for each in paid(app)] == [10_000]
    assert open_conflicts(app) == [("A1", "一.csv")]


def test_the_last_decision_about_two_versions_returns(
    app: App,  # noqa: F811
    land: Land,  # noqa: F811
    settle: Settle,
) -> None:
    land("一.csv", row("A1", "100.00"))
    second = land("二.csv", row("A1", "150.00"))
    settle("A1", "new")
    take_back(app, "A1")
    settle("A1", "old")
    app.undo_import(second, reason="试")
    land("二.csv", row("A1", "150.00"))
    assert [each[2] for each in paid(app)] == [10_000]
    assert (open_conflicts(app), settled(app)) == ([], ["old"])


def test_a_decision_says_nothing_of_a_version_that_came_since(
    app: App,  # noqa: F811
    land: Land,  # noqa: F811
    settle: Settle,
) -> None:
    land("一.csv", row("A1", "100.00"))
    second = land("二.csv", row("A1", "150.00"))
    settle("A1", "new")
    app.undo_import(second, reason="试")
    third = land("三.csv", row("A1", "170.00"))
    land("二.csv", row("A1", "150.00"))
    assert [each[2] for each in paid(app)] == [10_000]
    assert len(open_conflicts(app)) == 2
    app.undo_import(third, reason="试")
    assert len(open_conflicts(app)) == 1


def test_of_three_versions_each_returns_to_its_place(
    app: App,  # noqa: F811
    land: Land,  # noqa: F811
    settle: Settle,
) -> None:
    amounts = {"一.csv": "100.00", "二.csv": "150.00", "三.csv": "170.00"}
    ids = {file: land(file, row("A1", amount)) for file, amount in amounts.items()}
    settle("A1", "new", 1)
    for file in ("三.csv", "一.csv", "二.csv", "三.csv"):
        app.undo_import(ids[file], reason="试")
        ids[file] = land(file, row("A1", amounts[file]))
        assert [each[2] for each in paid(app)] == [15_000], file
        assert open_conflicts(app) == [], file


def test_other_content_under_the_number_is_asked_about(
    app: App,  # noqa: F811
    land: Land,  # noqa: F811
    settle: Settle,
) -> None:
    land("一.csv", row("A1", "100.00"))
    second = land("二.csv", row("A1", "150.00"))
    settle("A1", "new")
    app.undo_import(second, reason="试")
    land("二.csv", row("A1", "160.00"))
    assert [each[2] for each in paid(app)] == [10_000]
    assert open_conflicts(app) == [("A1", "一.csv")]


def test_what_a_person_said_of_the_chosen_payment_returns_too(
    app: App,  # noqa: F811
    land: Land,  # noqa: F811
    settle: Settle,
) -> None:
    land("一.csv", row("A1", "100.00", code="", name="别的"))
    second = land("二.csv", row("A1", "150.00", code="", name="另外的"))
    settle("A1", "new")
    with app.engine.begin() as connection:
        payments = payment_tables.payments
        assert connection.scalars(select(payments.c.method)).all() == ["", ""]
    decide(app, "A1")
    before = paid(app)
    assert before[0][3] == "manual"
    app.undo_import(second, reason="试")
    land("二.csv", row("A1", "150.00", code="", name="另外的"))
    assert paid(app) == before


def test_a_later_list_with_the_chosen_version_keeps_the_decision(
    app: App,  # noqa: F811
    land: Land,  # noqa: F811
    settle: Settle,
) -> None:
    land("一.csv", row("A1", "100.00"))
    second = land("二.csv", row("A1", "150.00"))
    settle("A1", "new")
    land("三.csv", row("B1"), row("A1", "150.00"))
    receipt = app.undo_import(second, reason="试")
    assert (receipt.kept, receipt.came_in, receipt.lapsed) == (1, 0, 0)
    assert [each[:3] for each in in_force(app)] == [("三.csv", 3, "A1"), ("三.csv", 2, "B1")]
    assert (open_conflicts(app), settled(app)) == ([], ["new"])
    land("二.csv", row("A1", "150.00"))
    assert [each[2] for each in paid(app)] == [15_000, 10_000]
    assert open_conflicts(app) == []
