"""Rows and fen by month, status and wording: as somebody would count them one by one."""

from __future__ import annotations

import random
from collections import defaultdict

import pytest

from monitor.ingest.row_counts import RowCounts

STATUSES = ["paid"] * 8 + ["refunded", "in-transit"]
Sums = dict[tuple[str, str, int], tuple[int, int]]


class Columns:
    """So many random rows; in the order of their days, if asked for."""

    def __init__(self, rows: int, *, seed: int, ordered: bool, most: int = 10**9) -> None:
        chance = random.Random(seed)
        days = [
            f"2025-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}" for _ in range(rows)
        ]
        self.days = sorted(days) if ordered else days
        self.statuses = [chance.choice(STATUSES) for _ in range(rows)]
        self.wordings = [chance.choice([7, 3, 90_000, 12]) for _ in range(rows)]
        self.fen = [chance.randint(-most, most) for _ in range(rows)]

    def one_by_one(self) -> Sums:
        found: defaultdict[tuple[str, str, int], list[int]] = defaultdict(lambda: [0, 0])
        rows = zip(self.days, self.statuses, self.wordings, self.fen, strict=True)
        for day, status, wording, fen in rows:
            found[day[:7], status, wording][0] += 1
            found[day[:7], status, wording][1] += fen
        return {key: (rows, fen) for key, (rows, fen) in found.items()}

    def count(self, counts: RowCounts) -> None:
        counts.add_columns(self.days, self.statuses, self.wordings, self.fen)


def told(counts: RowCounts) -> Sums:
    itself = {2025: {wording: wording for wording in (3, 7, 12, 90_000)}}
    return {
        (month, status, key): both
        for month, status, sums in counts.by(itself)
        for key, both in sums.items()
    }


@pytest.mark.parametrize("ordered", [True, False])
@pytest.mark.parametrize("rows", [0, 1, 40, 20_000])
def test_columns_are_counted_as_rows_would_be(rows: int, ordered: bool) -> None:
    columns = Columns(rows, seed=rows, ordered=ordered)
    counts = RowCounts()

    columns.count(counts)

    assert told(counts) == columns.one_by_one()


def test_amounts_near_the_largest_are_summed_exactly() -> None:
    columns = Columns(20_000, seed=1, ordered=True, most=10**14)
    counts = RowCounts()

    columns.count(counts)

    assert told(counts) == columns.one_by_one()


def test_a_sum_beyond_63_bits_is_an_error_and_no_other_sum() -> None:
    counts = RowCounts()

    with pytest.raises(OverflowError):
        counts.add_columns(
            ["2025-01-01"] * 20_000, ["paid"] * 20_000, [3] * 20_000, [10**15 - 1] * 20_000
        )


def test_rows_that_go_leave_nothing() -> None:
    columns = Columns(5_000, seed=2, ordered=True)
    counts = RowCounts()
    columns.count(counts)

    rows = zip(columns.days, columns.statuses, columns.wordings, columns.fen, strict=True)
    for day, status, wording, fen in rows:
        counts.add(day, status, wording, -1, -fen)

    assert told(counts) == {}


def test_wordings_are_put_together_by_what_they_belong_to() -> None:
    counts = RowCounts()
    counts.add("2025-03-05", "paid", 3, 1, 100)
    counts.add("2025-03-06", "paid", 7, 1, 20)
    counts.add("2025-03-06", "paid", 12, 2, 3)

    (found,) = counts.by({2025: {3: "甲", 7: "甲", 12: "乙"}})

    assert found == ("2025-03", "paid", {"甲": (2, 120), "乙": (2, 3)})
