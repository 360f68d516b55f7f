"""The sample county: its files on disk, and the truth about what they say.

Everything follows from `year`: the same bytes at every run and on every Python from 3.11 on. The
truth is what the generator meant, not what the program's readers make of the files.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.demo.dice import Dice
from monitor.demo.documents import write_document
from monitor.demo.faults import draw_faults
from monitor.demo.foreign import draw_foreign
from monitor.demo.lists import write_list
from monitor.demo.sheets import Sheet, draw_sheets
from monitor.demo.spending import draw_spending
from monitor.demo.units import OFFICE, SUPERIOR, UNITS
from monitor.demo.vouchers import Fate, Line, Voucher, number_vouchers

_MAIL_DOMAIN = "yunxi.example"


@dataclass(frozen=True, slots=True)
class Spent:
    """What counts for a project: lines (refunds included), and fen in each of the 12 months."""

    project_code: str
    payments: int
    monthly_fen: tuple[int, ...]

    def paid_fen(self, *, by_month: int) -> int:
        """The sum from January to the end of `by_month`."""
        return sum(self.monthly_fen[:by_month])


@dataclass(frozen=True, slots=True)
class County:
    """The truth. `projects` and `spent` are parallel; numbers are as users see them (`N/2`).

    `by_name` is how many counted lines show no project code, `known_again` how many lines repeat
    an earlier list, `rows` how many lines all lists hold together.
    """

    year: int
    projects: tuple[Sheet, ...]
    spent: tuple[Spent, ...]
    rejected: tuple[str, ...]
    unmatched: tuple[str, ...]
    voided: tuple[str, ...]
    by_name: int
    known_again: int
    rows: int


def generate(folder: Path, *, year: int = 2025) -> County:
    """Writes targets/*.txt, payments/YYYY-MM.csv and contacts.csv under `folder`."""
    seed = f"云溪县/{year}"
    sheets = draw_sheets(year, seed)
    vouchers = number_vouchers(
        draw_spending(sheets, seed) + draw_foreign(year, seed) + draw_faults(sheets, year, seed)
    )
    lists = _monthly_lists(vouchers, Dice(f"{seed}/lists"))
    _write_targets(folder / "targets", sheets, seed)
    _write_payments(folder / "payments", year, lists, seed)
    (folder / "contacts.csv").write_bytes(_contacts(year))
    return _truth(year, sheets, vouchers, sum(len(v.lines) for each in lists for v in each))


def _monthly_lists(vouchers: Sequence[Voucher], dice: Dice) -> list[list[Voucher]]:
    """Each month's own vouchers, and from February on some of the two months before."""
    months: list[list[Voucher]] = [[] for _ in range(12)]
    for voucher in vouchers:
        months[voucher.pay_date.month - 1].append(voucher)
    lists = []
    for index, own in enumerate(months):
        before = [v for month in months[max(index - 2, 0) : index] for v in month]
        again = dice.sample([v for v in before if _may_be_repeated(v)], dice.between(4, 12))
        lists.append(dice.shuffled([*own, *again]))
    return lists


def _may_be_repeated(voucher: Voucher) -> bool:
    """Rows that count; how a list repeats a row that it could not state is another matter."""
    return all(line.fate in (Fate.COUNTED, Fate.UNMATCHED) for line in voucher.lines)


def _write_targets(folder: Path, sheets: Sequence[Sheet], seed: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for unit in UNITS:
        own = [sheet for sheet in sheets if sheet.unit is unit]
        content = write_document(unit, own, seed)
        (folder / f"{unit.code}-{unit.short_name}.txt").write_bytes(content)


def _write_payments(folder: Path, year: int, lists: Iterable[Sequence[Voucher]], seed: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for month, vouchers in enumerate(lists, 1):
        content = write_list(year, month, vouchers, Dice(f"{seed}/list/{month}"))
        (folder / f"{year}-{month:02d}.csv").write_bytes(content)


def _contacts(year: int) -> bytes:
    """A finance lead for each unit, a superior, the office; addresses that can reach nobody."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("unit_code", "name", "email", "role", "valid_from", "valid_to"))
    since = f"{year}-01-01"
    for unit in UNITS:
        address = f"{unit.mailbox}@{_MAIL_DOMAIN}"
        writer.writerow((unit.code, unit.contact, address, "lead", since, ""))
    code, name, mailbox = SUPERIOR
    writer.writerow((code, name, f"{mailbox}@{_MAIL_DOMAIN}", "superior", since, ""))
    name, mailbox = OFFICE
    writer.writerow(("", name, f"{mailbox}@{_MAIL_DOMAIN}", "office", since, ""))
    return text.getvalue().encode("utf-8")


def _truth(year: int, sheets: tuple[Sheet, ...], vouchers: Sequence[Voucher], rows: int) -> County:
    labelled = [
        (label, line)
        for voucher in vouchers
        for label, line in zip(voucher.labels, voucher.lines, strict=True)
    ]
    counted = [line for _, line in labelled if line.fate is Fate.COUNTED]
    return County(
        year=year,
        projects=sheets,
        spent=tuple(_spent(sheet.project_code, counted) for sheet in sheets),
        rejected=_labels(labelled, Fate.REJECTED),
        unmatched=_labels(labelled, Fate.UNMATCHED),
        voided=_labels(labelled, Fate.VOIDED),
        by_name=sum(not line.project_code for line in counted),
        known_again=rows - len(labelled),
        rows=rows,
    )


def _labels(labelled: Iterable[tuple[str, Line]], fate: Fate) -> tuple[str, ...]:
    return tuple(label for label, line in labelled if line.fate is fate)


def _spent(project_code: str, counted: Iterable[Line]) -> Spent:
    lines = [line for line in counted if line.counts_for == project_code]
    monthly = [0] * 12
    for line in lines:
        monthly[line.pay_date.month - 1] += line.amount_fen
    return Spent(project_code, len(lines), tuple(monthly))
