"""Use case: a payment list lands whole or not at all, and every row of it gets an outcome."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy import Connection, Engine

from monitor import collector
from monitor.domain.calendar import CHINA
from monitor.domain.matchable import MatchSettings
from monitor.domain.outside import OutsideRules
from monitor.domain.titled_units import units_in_title
from monitor.errors import Diagnostic, InputError, Severity
from monitor.ingest import payment_kinds as kinds
from monitor.ingest.assigning import Assigner
from monitor.ingest.held_rows import HeldRows
from monitor.ingest.ignoring import Deciding
from monitor.ingest.importing import Incoming
from monitor.ingest.kept_file import KeptFile, kept
from monitor.ingest.list_block import Block
from monitor.ingest.list_landing import Landed, ListLanding
from monitor.ingest.list_records import record_landed, record_rejections
from monitor.ingest.mending import ComeBack
from monitor.ingest.name_check import warnings
from monitor.ingest.payment_block import BlockReader
from monitor.ingest.payment_header import Header, find_header
from monitor.ingest.payment_layout import Layout
from monitor.ingest.payment_list import Listing
from monitor.ingest.payment_receipt import OUTCOMES, PaymentReceipt, Tally, known_receipt, told
from monitor.ingest.payment_source import (
    EncodingChanges,
    ListRows,
    Reader,
    blocks,
    open_text,
)
from monitor.ingest.profiles import Columns
from monitor.ingest.reader_program import Launcher, is_long
from monitor.ingest.row_book import RowBook
from monitor.ingest.settling_again import settle_again
from monitor.store import coverage, decisions, imports, mendings, rejections, sums
from monitor.store.engine import writing
from monitor.store.imports import Source
from monitor.store.mendings import Key

__all__ = ["OUTCOMES", "Options", "PaymentReceipt", "PaymentRules", "import_payments"]


@dataclass(frozen=True, slots=True)
class PaymentRules:
    """The office's rules that bear on an import."""

    columns: Columns
    outside: OutsideRules = OutsideRules()
    matching: MatchSettings = MatchSettings()


@dataclass(frozen=True, slots=True)
class Options:
    """How a list is imported. `months` (such as `2025-03`) override what the list itself says.

    `accept_total` lets in a list whose total line does not fit, which is recorded. A `dry_run`
    does everything and takes it back. `inspect` is called with the import's id while the import
    can be seen, dry or not, and with the rows of the list; it may raise EncodingChanges where it
    needs them as a whole. `progress` is called with the number of rows read so far. `within` is a
    transaction of the caller's, to be taken back: lists landed in it meet each other. `launcher`
    may have made a reader ready.
    """

    months: tuple[str, ...] = ()
    accept_total: bool = False
    dry_run: bool = False
    inspect: Callable[[Connection, int, ListRows], None] | None = None
    progress: Callable[[int], None] | None = None
    within: Connection | None = None
    launcher: Launcher = field(default_factory=Launcher)


def import_payments(
    engine: Engine,
    incoming: Incoming,
    *,
    folder: Path,
    rules: PaymentRules,
    options: Options = Options(),
    rows: ListRows | None = None,
) -> PaymentReceipt:
    """Reads a payment list and records what is new in it; `folder` is the archive.

    `rows` are those of a list that is no delimited text. Raises InputError for a list that
    cannot be read for sure, or whose total line does not fit; nothing has changed then.
    """
    content = incoming.content
    reader = Reader(options.launcher, early=rows is None and is_long(content))
    with collector.put_off(), reader, kept(folder, content) as file:
        given = (engine, incoming, file, rules, options, rows, reader)
        try:
            return _Import(*given).run()
        except EncodingChanges:
            return _Import(*given, whole=True).run()


class _Import:
    """One list on its way in."""

    def __init__(
        self,
        engine: Engine,
        incoming: Incoming,
        file: KeptFile,
        rules: PaymentRules,
        options: Options,
        rows: ListRows | None,
        reader: Reader,
        *,
        whole: bool = False,
    ) -> None:
        self._engine, self._incoming, self._file = engine, incoming, file
        self._rules, self._options = rules, options
        self._rows, self._reader, self._whole = rows, reader, whole
        self._misfits: list[Diagnostic] = []

    def run(self) -> PaymentReceipt:
        within = self._options.within
        if within is not None:
            with within.begin_nested():
                return self._land_new(within)
        with writing(self._engine, bulk=True) as connection:
            receipt = self._land_new(connection)
            if self._options.dry_run:
                connection.rollback()
            elif not receipt.known:
                self._file.settle()
        return receipt

    def _land_new(self, connection: Connection) -> PaymentReceipt:
        incoming, file = self._incoming, self._file
        source = Source("payments", incoming.part, incoming.name, file.sha256, file.size)
        earlier = imports.find(connection, source)
        return self._land(connection, source) if earlier is None else known_receipt(earlier)

    def _land(self, connection: Connection, source: Source) -> PaymentReceipt:
        rules, incoming = self._rules, self._incoming
        rows = self._rows or open_text(
            self._file.path,
            incoming.name,
            rules.columns.forced,
            whole=self._whole,
            reader=self._reader,
        )
        position, header = find_header(rows.head, rules.columns, incoming.name)
        today = incoming.at.astimezone(CHINA).date().isoformat()
        months = self._options.months
        above = rows.head[: position + 1 - len(header.lines)]
        listing = Listing(above, header, incoming.name, months, today)
        header = header.of_months(listing.months)  # those said, before any row is read
        layout = Layout.of(header)
        import_id = imports.begin(connection, source, at=incoming.at, actor=incoming.actor)
        assigner = Assigner(connection, outside=rules.outside, matching=rules.matching)
        back = ComeBack.of(connection, layout)
        landing = ListLanding(
            RowBook(connection, import_id, assigner, layout), hold_all=back is not None
        )
        units: set[tuple[str, str]] = set()
        for reader, block in blocks(rows, position, header, rules.columns, incoming.name):
            listing.add(block)
            units.update((said[0], said[1]) for said in block.said)
            landing.take(reader, block)
            if back:
                back.look(block)
            if self._options.progress:
                self._options.progress(listing.rows)
        self._check_totals(listing)
        held = HeldRows(
            landing,
            lambda lines: _again(rows, lines, header, rules.columns, incoming.name),
            at=incoming.at,
            come_back=back,
            unread=Counter(each.number for each in listing.rejections if each.number),
        )
        landed = held.settle()
        if rules.matching.warn_misfits:
            self._misfits = warnings(connection, import_id, incoming.name, landing.book)
        found = back.found if back else {}
        receipt = self._record(connection, import_id, listing, landed, layout, units, found)
        if self._options.inspect:
            self._options.inspect(connection, import_id, rows)
        return receipt

    def _decided_before(self, connection: Connection, import_id: int, landed: Landed) -> None:
        """What people decided about the same rows when they were in another import."""
        at, rules = self._incoming.at, self._rules
        if landed.conflicts:
            by = Deciding(at, self._incoming.actor, rules.outside, rules.matching)
            settle_again(connection, import_id, by)
        carried = decisions.of_import(connection, import_id)
        decisions.carry(connection, carried, at=at, cause=f"import {import_id} again")

    def _check_totals(self, listing: Listing) -> None:
        wrong = listing.wrong_totals()
        if wrong and wrong[0].id == kinds.TOTAL_DIFFERS.id and not self._options.accept_total:
            first = wrong[0]
            rejected = [each.diagnostic(listing.file) for each in listing.rejections]
            raise InputError(first.meaning, first.advice, first.place, [*rejected, *wrong])

    def _record(
        self,
        connection: Connection,
        import_id: int,
        listing: Listing,
        landed: Landed,
        layout: Layout,
        units: set[tuple[str, str]],
        back: Mapping[int, Key],
    ) -> PaymentReceipt:
        before = rejections.known_contents(connection, (r.content for r in listing.rejections))
        tally = Tally.of(listing, landed, before)
        tally.check(listing)
        sums.change(connection, _sums(landed))
        record_landed(connection, import_id, landed)
        record_rejections(connection, import_id, listing.rejections)
        mendings.add(connection, import_id, back)
        names = {**dict(sorted(units, reverse=True)), **coverage.unit_names(connection)}
        titled = units_in_title(
            listing.titles, listing.file, names, {code for code, _ in units if code}
        )
        if not back or len(back) < listing.rows:  # rows that came back are no list of a month
            coverage.record(connection, import_id, listing.spans, titled)
        listing.odd.add(kinds.IDENTICAL_ROWS.id, sorted(landed.repeated), "")
        wrong_totals = map(_accepted, listing.wrong_totals())
        diagnostics = (*listing.diagnostics(), *self._misfits, *wrong_totals)
        covered = {code: names.get(code, "") for code in sorted(titled or ())}
        said = told(listing, tally, covered, back)
        amounts_in = {meaning: unit.value for meaning, unit in listing.header.units.items()}
        imports.complete(
            connection,
            import_id,
            months=listing.months,
            receipt=tally.outcomes,
            diagnostics=diagnostics,
            layout=layout.to_json() | {"amounts_in": amounts_in} | said,
        )
        self._decided_before(connection, import_id, landed)
        new = (r for r in listing.rejections if r.content not in before and not r.in_transit)
        return PaymentReceipt(
            file=listing.file,
            known=False,
            months=listing.months,
            outcomes=tally.outcomes,
            **said,
            diagnostics=(
                *diagnostics,
                *(each.diagnostic(listing.file) for each in new),
            ),
            import_id=None if self._options.dry_run else import_id,
            dry_run=self._options.dry_run,
        )


def _accepted(wrong_total: Diagnostic) -> Diagnostic:
    """What is told of a total that does not fit once its list is in."""
    if wrong_total.id != kinds.TOTAL_DIFFERS.id:
        return wrong_total
    advice = "按 --accept-total 照明细导入。"
    return replace(wrong_total, severity=Severity.WARNING, advice=advice)


def _again(
    rows: ListRows, lines: set[int], header: Header, columns: Columns, file: str
) -> Iterable[Block]:
    """Rows of the list once more."""
    found = rows.at(lines)
    reader = BlockReader(header, columns, file)
    yield reader.read([cells for _, cells in found], [line for line, _ in found])


def _sums(landed: Landed) -> dict[sums.Key, tuple[int, int]]:
    """What the new payments add to the sums by project and month."""
    found: defaultdict[sums.Key, list[int]] = defaultdict(lambda: [0, 0])
    for (month, status), sums_of in landed.sums.items():
        if status not in sums.SUMMED:
            continue
        number, which = int(month[5:]), sums.SUMMED[status]
        for (project_id, _), (rows, fen) in sums_of.items():
            if project_id is not None:
                both = found[project_id, number, which]
                both[0] += fen
                both[1] += rows
    return {key: (fen, rows) for key, (fen, rows) in found.items()}
