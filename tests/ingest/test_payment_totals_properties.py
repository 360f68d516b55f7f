"""Overlapping lists in any order and spelling: the sums are those of the payments themselves."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from monitor.domain.calendar import CHINA
from monitor.ingest.import_payments import PaymentReceipt, import_payments
from monitor.ingest.importing import Incoming
from monitor.ingest.profiles import Columns
from monitor.ingest.shipped import shipped
from monitor.store import tables
from monitor.store.engine import open_engine, reading

AT = datetime(2025, 12, 31, 9, 30, tzinfo=CHINA)
COLUMNS = Columns.from_toml(tomllib.loads(shipped("rules/columns.toml")))
CODES = ("13022925P00JXC4198855", "13022925P00JXC4198951", "BASIC0000001")
HEADERS = {
    "application": ("支付申请单号",),
    "voucher": ("支付凭证编号",),
    "both": ("支付凭证号", "支付申请编号"),
    "none": (),
}
WAYS = {  # which numbers the lists give; the first of them is imported first
    "applications": ("both", "application"),
    "vouchers": ("voucher", "both"),
    "joined": ("both", "voucher", "application"),
    "without": ("none",),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a payment document, as it truly is."""

    application: str
    voucher: str
    code: str
    day: int
    fen: int


@dataclass(frozen=True, slots=True)
class Spelling:
    """How one list writes what it says."""

    encoding: str
    separator: str
    date: str
    spaced: bool
    refunds_positive: bool


LINES = st.tuples(st.sampled_from(CODES), st.integers(1, 28), st.integers(-300, 900))
# A voucher, the applications that share it, and the lines of each.
VOUCHERS = st.lists(
    st.lists(st.lists(LINES, min_size=1, max_size=2), min_size=1, max_size=3),
    min_size=1,
    max_size=5,
)
SPELLINGS = st.builds(
    Spelling,
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    st.sampled_from([",", "\t", ";"]),
    st.sampled_from(["2025-03-{:02}", "2025/3/{}", "202503{:02}", "2025年03月{:02}日"]),
    st.booleans(),
    st.booleans(),
)


def documents(drawn: Sequence[Sequence[Sequence[tuple[str, int, int]]]]) -> list[list[Line]]:
    """The lines of each voucher: these stand in a list together."""
    numbers = count(1)
    return [
        [
            Line(number, f"V{voucher}", *line)
            for application in applications
            for number in [f"A{next(numbers)}"]
            for line in application
        ]
        for voucher, applications in enumerate(drawn, 1)
    ]


def written(lines: Sequence[Line], numbers: str, spelling: Spelling) -> bytes:
    names = (*HEADERS[numbers], "付款日期", "单位代码", "项目代码", "金额", "支付状态")
    rows = [names, *(_cells(line, numbers, spelling) for line in lines), ("合计",)]
    return "\n".join(map(spelling.separator.join, rows)).encode(spelling.encoding)


def _cells(line: Line, numbers: str, spelling: Spelling) -> tuple[str, ...]:
    known = {"支付凭证": line.voucher, "支付申请": line.application}
    code = f" {line.code.lower()}\u3000" if spelling.spaced else line.code
    turned = spelling.refunds_positive and line.fen < 0
    return (
        *(known[name[:4]] for name in HEADERS[numbers]),
        spelling.date.format(line.day),
        "434001",
        code,
        _yuan(-line.fen if turned else line.fen),
        "已退款" if turned else "支付成功",
    )


def _yuan(fen: int) -> str:
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02}"


def counted(engine: Engine) -> Counter[tuple[str, int]]:
    with reading(engine) as connection:
        found: Any = connection.execute(
            select(tables.payments).where(tables.payments.c.undone == 0)
        )
        return Counter((row.project_code, row.amount_fen) for row in found)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("offices")


OFFICES = count()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_overlapping_lists_in_any_order_and_spelling_count_each_payment_once(
    folder: Path, data: st.DataObject
) -> None:
    vouchers = documents(data.draw(VOUCHERS))
    styles = WAYS[data.draw(st.sampled_from(sorted(WAYS)))]
    everything = [line for voucher in vouchers for line in voucher]
    lists = [(everything, styles[0])]
    for _ in range(data.draw(st.integers(1, 3))):
        some = data.draw(st.lists(st.sampled_from(range(len(vouchers))), unique=True))
        lines = data.draw(st.permutations([line for at in some for line in vouchers[at]]))
        lists.append((lines, data.draw(st.sampled_from(styles))))
    if len(styles) < 3:  # where all three meet, the list with both numbers must come first
        lists = data.draw(st.permutations(lists))
    engine = open_engine(f"sqlite:///{folder / str(next(OFFICES))}.db")
    tables.metadata.create_all(engine)

    def land(content: bytes) -> PaymentReceipt:
        incoming = Incoming("2025-03.csv", content, AT, "测试")
        return import_payments(engine, incoming, folder=folder, columns=COLUMNS)

    for lines, numbers in lists:
        content = written(lines, numbers, data.draw(SPELLINGS))
        receipt = land(content)
        assert len(lines) == receipt.rows
        assert receipt.known or sum(rows for rows, _ in receipt.outcomes.values()) == len(lines)

    truth = Counter((line.code, line.fen) for line in everything)
    assert counted(engine) == truth
    again = land(written(everything, styles[0], data.draw(SPELLINGS)))
    assert set(again.outcomes) <= {"known"} or again.known
    assert counted(engine) == truth
    engine.dispose()
