"""A list of thousands of rows that says again what others brought, and something more."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from monitor.bootstrap import App
from monitor.ingest.import_payments import PaymentReceipt
from monitor.store import payments
from tests.ingest.test_undo import HEADER, app, in_force, row, template  # noqa: F401

ROWS = 5_000  # several blocks of them


@dataclass(frozen=True)
class Said:
    """What a row of a list says; `fate` is what becomes of it in the second list."""

    number: str
    fen: int
    voucher: str
    fate: str = "known"
    named: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        amount = f"{self.fen // 100}.{self.fen % 100:02d}"
        return row(self.number, amount, voucher=self.voucher, **self.named)


@pytest.fixture
def recorded() -> list[Said]:
    """Every fiftieth application has two lines."""
    chance = random.Random(7)
    rows = [Said(f"A{n:06d}", chance.randint(1, 10**6), f"V{n:06d}") for n in range(ROWS)]
    for n in range(0, ROWS, 50):
        rows[n + 1] = replace(rows[n + 1], number=rows[n].number, voucher=rows[n].voucher)
    return rows


def told_again(recorded: list[Said], chance: random.Random) -> list[Said]:
    """The same rows: some without voucher, some worded otherwise, some with another amount."""
    rows = list(recorded)
    for n in chance.sample([n for n in range(ROWS) if n % 50 > 1], 900):
        match n % 3:
            case 0:
                rows[n] = replace(rows[n], voucher="")
            case 1:
                rows[n] = replace(rows[n], named={"name": "热线服务（另一写法）"})
            case 2:
                rows[n] = replace(rows[n], fen=rows[n].fen + 1, fate="conflict")
    return rows


def land(office: App, folder: Path, name: str, rows: list[Said]) -> PaymentReceipt:
    path = folder / name
    path.write_text(HEADER + "".join(map(str, rows)), encoding="utf-8")
    return office.import_payments(path)


ORDERS = ["as recorded", "backwards", "shuffled", "far apart", "sorted otherwise"]


@pytest.mark.parametrize("order", ORDERS)
def test_every_row_is_told_for_what_it_is(
    app: App,  # noqa: F811
    tmp_path: Path,
    recorded: list[Said],
    order: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chance = random.Random(order)
    if order == "sorted otherwise":  # as a server may do: it misses some
        between = payments.brief_rows_between
        monkeypatch.setattr(
            payments, "brief_rows_between", lambda *args: (between(*args) or [])[::3]
        )
    land(app, tmp_path, "一.csv", recorded)
    before = in_force(app)
    new = [Said(f"B{n:06d}", n, f"W{n:06d}", "counted") for n in range(1, 701)]
    rows = [*told_again(recorded, chance), *new]
    if order == "backwards":
        rows.reverse()
    elif order == "shuffled":
        chance.shuffle(rows)
    elif order == "far apart":  # what is known stands among what is not
        rows = [*rows[:4_000], *new[:350], *rows[4_000:-700], *new[350:]]

    receipt = land(app, tmp_path, "二.csv", rows)

    expected = {
        fate: (len(some), sum(each.fen for each in some))
        for fate in ("known", "conflict", "counted")
        if (some := [each for each in rows if each.fate == fate])
    }
    assert receipt.outcomes == expected
    after = in_force(app)
    assert [each for each in after if each[0] == "一.csv"] == before
    assert [each[2] for each in after if each[0] == "二.csv"] == [each.number for each in new]


def test_a_row_that_stands_twice_in_it_is_one_payment_that_is_asked_about(
    app: App,  # noqa: F811
    tmp_path: Path,
    recorded: list[Said],
) -> None:
    """Far from each other, so that the first one was told long before."""
    land(app, tmp_path, "一.csv", recorded)
    twice = recorded[100 * 2 + 7]

    receipt = land(app, tmp_path, "二.csv", [*recorded, twice])

    assert receipt.outcomes["known"][0] == ROWS - 1
    assert receipt.outcomes["conflict"] == (2, 2 * twice.fen)
    assert len(in_force(app)) == ROWS


def test_what_is_recorded_is_fetched_in_one_go_where_numbers_follow_each_other(
    app: App,  # noqa: F811
    tmp_path: Path,
    recorded: list[Said],
) -> None:
    land(app, tmp_path, "一.csv", recorded)
    numbers = [each.number for each in recorded[1_000:2_000]]
    with app.reading() as connection:
        between = payments.brief_rows_between(connection, 2025, numbers)
        one_by_one = payments.brief_rows(connection, 2025, numbers)
        far_apart = payments.brief_rows_between(connection, 2025, [numbers[0], "A004999"])

    assert between is not None
    assert sorted(between) == sorted(one_by_one)
    assert len(between) == len(numbers)
    assert far_apart is None
