"""The shared samples through the command line: every figure as truth.json has it."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Monitor

YEARS = {"beidaihe-2021": "2021", "yutian-2025": "2025"}
PROJECT_FIELDS = (
    *("year", "unit_code", "project_code", "project_name", "money_unit"),
    *("budget_fen", "fiscal_fen", "other_fen", "plan_bp"),
)


def plain(text: str) -> str:
    return "".join(text.split())


def targets(samples: Path) -> list[Path]:
    return sorted((samples / "targets").glob("*.txt"))


def lists(samples: Path, name: str) -> list[Path]:
    return sorted((samples / "payments" / name).glob("*.csv"))


def truth(samples: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((samples / "payments" / name / "truth.json").read_text())
    return found


def test_all_34_projects_are_exported_field_by_field(monitor: Monitor, samples: Path) -> None:
    monitor.ok("targets", "import", *targets(samples))

    rows = {(r["year"], r["project_code"]): r for r in monitor.json("targets", "export")}
    expected = json.loads((samples / "targets" / "truth.json").read_text())

    assert len(rows) == len(expected) == 34
    assert sum(row["budget_fen"] for row in rows.values()) == 1_824_014_109
    assert sum(len(row["indicators"]) for row in rows.values()) == 296
    for wanted in expected:
        row = rows[wanted["year"], wanted["project_code"]]
        assert {f: row[f] for f in PROJECT_FIELDS} == {f: wanted[f] for f in PROJECT_FIELDS}
        assert row["unit_name"] == wanted["unit_name_as_written"]
        assert plain(row["purpose"]) == plain(wanted["purpose"])
        assert [plain(g) for g in row["goals"]] == [plain(g) for g in wanted["goals"]]
        assert row["source"]["file"] == wanted["source"]
        keys = ("level1", "level2", "level3", "description", "target", "basis")
        assert [[plain(i[k]) for k in keys] for i in row["indicators"]] == [
            [plain(i[k]) for k in keys] for i in wanted["indicators"]
        ]


@pytest.mark.parametrize("name", YEARS)
@pytest.mark.parametrize("order", ["as-listed", "shuffled", "payments-first"])
def test_payments_of_a_year_are_as_in_truth_whatever_the_order(
    monitor: Monitor, samples: Path, name: str, order: str
) -> None:
    files = lists(samples, name)
    if order == "shuffled":
        random.Random(7).shuffle(files)
    if order == "payments-first":
        monitor.ok("payments", "import", *files)
        monitor.ok("targets", "import", *targets(samples))
    else:
        monitor.ok("targets", "import", *targets(samples))
        monitor.ok("payments", "import", *files)

    assert_as_in_truth(monitor, truth(samples, name), YEARS[name])


def assert_as_in_truth(monitor: Monitor, expected: dict[str, Any], year: str) -> None:
    for checkpoint, day in (
        *(("3月底", "03-31"), ("6月底", "06-30")),
        *(("10月底", "10-31"), ("12月底", "12-31")),
    ):
        rows = {r["project_code"]: r for r in monitor.json("progress", "--as-of", f"{year}-{day}")}
        for code, wanted in expected["projects"].items():
            assert rows[code]["paid_fen"] == wanted["paid_fen"][checkpoint], (code, checkpoint)
            if checkpoint == "12月底":
                assert rows[code]["payments"] == wanted["payments"]
    rejected = [row["number"] for row in monitor.json("payments", "rejected", "--year", year)]
    unmatched = [row["number"] for row in monitor.json("payments", "unmatched", "--year", year)]
    assert sorted(rejected) == sorted(expected["rejected"])
    assert sorted(unmatched) == sorted(expected["unmatched"])
    imported = monitor.json("imports", "list")
    receipts = [row["receipt"] for row in imported if any(year in m for m in row["months"])]

    def rows_of(outcome: str) -> int:
        return sum(r[outcome]["rows"] for r in receipts if outcome in r)

    assert rows_of("known") == expected["duplicates"]
    assert rows_of("voided") == expected["voided"]
    assert rows_of("conflict") == expected["conflicts"]


def test_importing_everything_again_changes_nothing_and_says_so(
    monitor: Monitor, samples: Path
) -> None:
    files = lists(samples, "yutian-2025")
    monitor.ok("targets", "import", *targets(samples))
    monitor.ok("payments", "import", *files)
    before = monitor.json("progress", "--as-of", "2025-12-31"), monitor.json("imports", "list")

    again = monitor.ok("payments", "import", *reversed(files))
    also = monitor.ok("targets", "import", *targets(samples))

    assert again.err.count("以前已导入过，没有改动") == 12
    assert also.err.count("以前已导入过，没有改动") == 5
    assert before == (
        monitor.json("progress", "--as-of", "2025-12-31"),
        monitor.json("imports", "list"),
    )


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_the_same_lists_in_another_encoding_add_nothing(
    monitor: Monitor, samples: Path, tmp_path: Path, encoding: str
) -> None:
    files = lists(samples, "yutian-2025")
    monitor.ok("targets", "import", *targets(samples))
    monitor.ok("payments", "import", *files)
    before = monitor.json("progress", "--as-of", "2025-12-31")

    for file in files:
        copy = tmp_path / f"again-{file.name}"
        copy.write_text(decoded(file) + "\r\n", encoding=encoding, newline="")
        monitor.ok("payments", "import", copy)

    assert monitor.json("progress", "--as-of", "2025-12-31") == before
    assert len(monitor.json("payments", "rejected")) == 9


def decoded(file: Path) -> str:
    data = file.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")
