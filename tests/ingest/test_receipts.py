"""Receipts of generated lists: all lines of the file, in a dry run as in the import, row by row."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from sqlalchemy import Connection, select

from monitor.bootstrap import App
from monitor.ingest.import_payments import OUTCOMES, Options, PaymentReceipt
from monitor.ingest.payment_files import list_in
from monitor.ingest.payment_source import EncodingChanges, ListRows
from monitor.reports.outcomes import write_outcomes
from monitor.store.tables import metadata
from tests.ingest.generated_lists import Case, cases, conflicting_cases
from tests.ingest.test_generated_lists import ORDINARY, office, template

__all__ = ["template"]
FEW = settings(ORDINARY, max_examples=max(1, ORDINARY.max_examples // 8))


def tables(app: App) -> dict[str, list[str]]:
    """All that the database holds."""
    with app.reading() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table))))
            for table in metadata.sorted_tables
        }


def check(app: App, case: Case) -> None:
    """Imports the lists, each dry before; both receipts and the outcomes row by row are one."""
    for at in dict.fromkeys(case.order):
        data, others = case.data(at)
        path = app.settings.archive.parent / f"list{at}.csv"
        path.write_bytes(data)
        before = tables(app)
        dry, dry_rows = _land(app, path, Options(dry_run=True))
        assert tables(app) == before
        real, rows = _land(app, path, Options())

        assert replace(dry, import_id=real.import_id, dry_run=False) == real
        assert dry_rows == rows
        if real.known:
            continue
        lines = len(case.lists[at].rows) + others + 1
        assert real.lines == lines
        assert (real.rows, real.header_lines) == (len(case.lists[at].rows), 1)
        _check_rows(rows, real)


def _check_rows(rows: list[list[str]], receipt: PaymentReceipt) -> None:
    """Every row once, in the order of the list, and the sums of the receipt."""
    lines = [int(row[0]) for row in rows]
    assert lines == sorted(set(lines))
    assert len(lines) == receipt.rows
    fen: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        fen[row[1]] += int(row[4].replace(".", "") or 0)
    assert Counter(row[1] for row in rows) == {
        OUTCOMES[outcome]: count for outcome, (count, _) in receipt.outcomes.items()
    }
    assert fen == {OUTCOMES[outcome]: sum_ for outcome, (_, sum_) in receipt.outcomes.items()}


def _land(app: App, path: Path, options: Options) -> tuple[PaymentReceipt, list[list[str]]]:
    target = path.with_suffix(".outcomes")
    target.unlink(missing_ok=True)

    def inspect(connection: Connection, import_id: int, rows: ListRows) -> None:
        write_outcomes(target, connection, import_id, rows, app.settings.outside)

    listed = list_in(path, app.settings.columns)
    receipt = app.land_payments(listed, replace(options, inspect=inspect))
    text = target.read_text(encoding="utf-8-sig") if target.exists() else ""
    return receipt, list(csv.reader(io.StringIO(text, newline="")))[1:]


@FEW
@given(cases())
def test_dry_run_import_and_outcomes_say_the_same_of_every_list(
    template: Path,
    case: Case,
) -> None:
    with office(template) as app:
        check(app, case)


@FEW
@given(conflicting_cases())
def test_conflicting_rows_are_told_once(template: Path, case: Case) -> None:
    with office(template) as app:
        check(app, case)


@pytest.mark.parametrize("odd", ["", '"两行\n用途"', "3,5"])
def test_a_long_list_has_all_its_rows_in_the_outcomes(
    template: Path,
    odd: str,
) -> None:
    """Long enough to be read in pieces, by a process of its own, with a piece that is not plain."""
    with office(template) as app:
        path = app.settings.archive.parent / "2025-03.csv"
        header = "支付凭证号,支付日期,单位编码,项目名称,支付金额,用途"
        body = [f"V{n},2025-03-05,430001,项目,{n}.00,{'很长的用途' * 4}" for n in range(70_000)]
        if odd == "3,5":
            body[60_000] = body[60_000].replace("60000.00", '"3,5')  # quotes that do not pair
            body[60_001] = body[60_001].replace("很长的用途", '"很长的用途', 1)
        elif odd:
            body[60_000] = body[60_000].replace("很长的用途" * 4, odd)
        path.write_text("\n".join((header, *body)) + "\n", encoding="utf-8")
        if odd == "3,5":
            with pytest.raises(Exception, match="引号"):
                _land(app, path, Options())
            return

        receipt, rows = _land(app, path, Options())

        assert receipt.outcomes == {"unmatched": (70_000, sum(range(70_000)) * 100)}
        assert [row[2] for row in rows] == [f"V{n}" for n in range(70_000)]
        assert all(row[10] == row[2] for row in rows)
        assert path.with_suffix(".outcomes").exists()


def test_no_file_is_left_where_the_rows_cannot_be_had_piece_by_piece(
    template: Path,
) -> None:
    with office(template) as app:
        folder = app.settings.archive.parent
        path = folder / "2025-03.csv"
        header = "支付凭证号,支付日期,单位编码,项目名称,支付金额"
        path.write_text(f"{header}\nV1,2025-03-05,430001,甲,1.00\n", encoding="utf-8")
        target = folder / "结果.csv"

        def inspect(connection: Connection, import_id: int, rows: ListRows) -> None:
            none = replace(rows, head=[])
            with pytest.raises(EncodingChanges):
                write_outcomes(target, connection, import_id, none, app.settings.outside)

        app.land_payments(list_in(path, app.settings.columns), Options(inspect=inspect))

        assert not list(folder.glob("*结果.csv*"))
