"""The cells of rows that came in together: each row keeps its own, whatever was known before."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from tests.cli.conftest import Monitor
from tests.cli.small_office import HEADER, line

Write = Callable[[str, str], Path]


def rows(numbers: Iterable[int]) -> str:
    return HEADER + "".join(line(f"A{n}", code="X", payee=f"第{n}户") for n in numbers)


def payees(monitor: Monitor) -> dict[str, str]:
    found = monitor.ok("payments", "unmatched", "--format", "json").rows
    return {each["number"]: each["payee"] for each in found}


def test_rows_keep_their_texts_where_lists_overlap_in_any_way(
    monitor: Monitor, write: Write
) -> None:
    lists = (
        range(700),  # more than stand in one text
        [*range(650), 1000, *range(650, 690), 1001],  # nearly all known
        range(700),  # the same once more, in another file: all known
        [*range(300, 700), *range(2000, 2700)],
        [3000],
    )
    for n, numbers in enumerate(lists):
        listed = rows(numbers) + "\n" * n
        monitor.ok("payments", "import", write(f"2025-03-{n}.csv", listed))

    expected = {*range(700), 1000, 1001, *range(2000, 2700), 3000}
    assert payees(monitor) == {f"A{n}": f"第{n}户" for n in expected}
    assert monitor("doctor").status == 0


def test_a_list_taken_back_and_imported_again_keeps_its_texts(
    monitor: Monitor, write: Write
) -> None:
    first = write("2025-03.csv", rows(range(520)))
    monitor.ok("payments", "import", first)
    monitor.ok("payments", "import", write("2025-04.csv", rows(range(510, 530))))
    monitor.ok("imports", "undo", "1", "--reason", "重复")
    monitor.ok("payments", "import", first)

    assert payees(monitor) == {f"A{n}": f"第{n}户" for n in range(530)}
