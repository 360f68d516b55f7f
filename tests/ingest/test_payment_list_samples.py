"""The shared lists of two years, read in any order, give what is known to be true of them."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest

from monitor.domain.calendar import month_end
from monitor.domain.matching import Directory, Known
from monitor.domain.payment import Numbered, Status, number_lines
from monitor.ingest.payment_list import PaymentList, read_payment_list
from monitor.ingest.profiles import Columns
from monitor.ingest.shipped import shipped

COLUMNS = Columns.from_toml(tomllib.loads(shipped("rules/columns.toml")))
FOLDERS = ("beidaihe-2021", "yutian-2025")


@dataclass
class Year:
    """Twelve lists put together, each (year, number, ordinal) taken once."""

    lines: dict[tuple[int, str, int], Numbered] = field(default_factory=dict)
    rejected: set[str] = field(default_factory=set)
    duplicates: int = 0

    def take(self, listed: PaymentList) -> None:
        self.rejected |= {each.number for each in listed.rejections}
        for line in number_lines(listed.payments):
            key = (line.payment.pay_date.year, line.number, line.ordinal)
            self.duplicates += key in self.lines
            kept = self.lines.setdefault(key, line)
            assert kept.payment.content == line.payment.content


def _known(samples: Path) -> Directory:
    targets = json.loads((samples / "targets" / "truth.json").read_text(encoding="utf-8"))
    return Directory(
        Known(
            key,
            each["year"],
            each["unit_code"],
            each["unit_name_as_written"],
            each["project_code"],
            each["project_name"],
        )
        for key, each in enumerate(targets)
    )


def _read(folder: Path, order: int) -> Year:
    files = sorted(folder.glob("*.csv"))
    Random(order).shuffle(files)
    year = Year()
    for file in files:
        year.take(read_payment_list(file.read_bytes(), file.name, columns=COLUMNS))
    return year


def _paid_by(lines: list[Numbered], last: date) -> int:
    return sum(
        line.payment.amount_fen
        for line in lines
        if line.payment.status.counts and line.payment.pay_date <= last
    )


@pytest.mark.parametrize("order", [0, 1, 2])
@pytest.mark.parametrize("folder", FOLDERS)
def test_a_year_of_lists_in_any_order_gives_the_truth(
    samples: Path, folder: str, order: int
) -> None:
    truth: dict[str, Any] = json.loads(
        (samples / "payments" / folder / "truth.json").read_text(encoding="utf-8")
    )
    year, directory = _read(samples / "payments" / folder, order), _known(samples)

    counted = [line for line in year.lines.values() if line.payment.status.counts]
    found = [(line, directory.match(line.payment)) for line in counted]
    codes = [
        each["project_code"]
        for each in json.loads((samples / "targets" / "truth.json").read_text(encoding="utf-8"))
    ]
    by_project: dict[str, list[Numbered]] = {}
    for line, match in found:
        if match:
            by_project.setdefault(codes[match.key], []).append(line)

    statuses = Counter(line.payment.status for line in year.lines.values())
    assert sorted(year.rejected) == truth["rejected"]
    assert sorted(line.label for line, match in found if match is None) == truth["unmatched"]
    assert statuses[Status.VOIDED] == truth["voided"]
    assert year.duplicates == truth["duplicates"]
    assert sum(1 for _, match in found if match and match.method == "name") == truth["name_matched"]
    assert {code: len(lines) for code, lines in by_project.items()} == {
        code: project["payments"] for code, project in truth["projects"].items()
    }
    assert {
        code: {
            name: _paid_by(by_project[code], month_end(truth["year"], int(name.split("月")[0])))
            for name in project["paid_fen"]
        }
        for code, project in truth["projects"].items()
    } == {code: project["paid_fen"] for code, project in truth["projects"].items()}


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_list_covers_the_month_of_its_name(samples: Path, folder: str) -> None:
    for file in sorted((samples / "payments" / folder).glob("*.csv")):
        listed = read_payment_list(file.read_bytes(), file.name, columns=COLUMNS)
        assert listed.months == (file.stem,)


@pytest.mark.parametrize("folder", FOLDERS)
def test_foreign_rows_of_the_samples_get_no_candidates(samples: Path, folder: str) -> None:
    directory = _known(samples)
    year = _read(samples / "payments" / folder, 0)
    foreign = [
        line.payment for line in year.lines.values() if line.payment.unit_code.startswith("999")
    ]

    assert foreign
    assert [directory.candidates(payment) for payment in foreign] == [[]] * len(foreign)
