"""Use case: a payment list lands whole or not at all, and every row of it gets an outcome."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, Engine

from monitor.domain.calendar import CHINA
from monitor.domain.matchable import MatchSettings
from monitor.domain.outside import OutsideRules
from monitor.domain.payment import Status
from monitor.domain.titled_units import units_in_title
from monitor.errors import Diagnostic, InputError, MonitorError
from monitor.ingest import payment_kinds as kinds
from monitor.ingest.assigning import Assigner
from monitor.ingest.importing import Incoming
from monitor.ingest.kept_file import KeptFile, kept
from monitor.ingest.list_landing import Landed, ListLanding
from monitor.ingest.list_records import record_landed, record_rejections
from monitor.ingest.payment_block import Block, BlockReader
from monitor.ingest.payment_header import Header, find_header
from monitor.ingest.payment_layout import Layout
from monitor.ingest.payment_list import Listing
from monitor.ingest.payment_source import EncodingChanges, ListRows, blocks, open_text
from monitor.ingest.profiles import Columns
from monitor.store import coverage, imports, rejections, sums
from monitor.store.engine import writing
from monitor.store.imports import Source

OUTCOMES = {
    "counted": "计入并已匹配项目",
    "unmatched": "计入、待匹配项目",
    "outside": "不属监控范围",
    "known": "以前已导入，不重复计",
    "rejected": "拒收",
    "rejected_before": "以前已拒收的同一行",
    "conflict": "同一编号内容不同，待裁定",
    "in_transit": "在途，未支付不计入",
    "voided": "已作废或支付失败，不计入",
    "earlier_year": "上年退回，不计入本年",
}
"""What can become of a row, in the order of the receipt, with the words for it."""


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
    can be seen, dry or not; `progress` with the number of rows read so far.
    """

    months: tuple[str, ...] = ()
    accept_total: bool = False
    dry_run: bool = False
    inspect: Callable[[Connection, int], None] | None = None
    progress: Callable[[int], None] | None = None


@dataclass(frozen=True, slots=True)
class PaymentReceipt:
    """What became of a list: outcome → rows, and fen over the rows with a readable amount.

    The rows of all outcomes add up to `rows`, with `passed_over` (lines that are no payments, by
    kind) to all lines of the list. `known` is a file whose very bytes are imported already.
    `methods` are the counted rows by how their project was found.
    """

    file: str
    known: bool
    months: tuple[str, ...]
    rows: int
    passed_over: dict[str, int]
    outcomes: dict[str, tuple[int, int]]
    methods: dict[str, int]
    diagnostics: tuple[Diagnostic, ...]
    import_id: int | None = None
    dry_run: bool = False


@dataclass(slots=True)
class _Tally:
    """Rows and fen by outcome."""

    found: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))

    def count(self, outcome: str, rows: int, fen: int) -> None:
        self.found[outcome][0] += rows
        self.found[outcome][1] += fen

    def sums(self) -> dict[str, tuple[int, int]]:
        """In the order of the receipt."""
        found = self.found
        return {name: (found[name][0], found[name][1]) for name in OUTCOMES if found[name][0]}


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
    with kept(folder, incoming.content) as file:
        try:
            return _Import(engine, incoming, file, rules, options, rows).run()
        except EncodingChanges:
            return _Import(engine, incoming, file, rules, options, rows, whole=True).run()


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
        *,
        whole: bool = False,
    ) -> None:
        self._engine, self._incoming, self._file = engine, incoming, file
        self._rules, self._options = rules, options
        self._rows, self._whole = rows, whole

    def run(self) -> PaymentReceipt:
        incoming, file = self._incoming, self._file
        source = Source("payments", incoming.part, incoming.name, file.sha256, file.size)
        with writing(self._engine) as connection:
            earlier = imports.find(connection, source)
            if earlier is not None:
                return _known(earlier)
            receipt = self._land(connection, source)
            if self._options.dry_run:
                connection.rollback()
            else:
                file.settle()
        return receipt

    def _land(self, connection: Connection, source: Source) -> PaymentReceipt:
        rules, incoming = self._rules, self._incoming
        rows = self._rows or open_text(self._file.path, incoming.name, whole=self._whole)
        position, header = find_header(rows.head, rules.columns, incoming.name)
        today = incoming.at.astimezone(CHINA).date().isoformat()
        months = self._options.months
        listing = Listing(rows.head[:position], header, incoming.name, months, today)
        layout = Layout.of(header)
        import_id = imports.begin(connection, source, at=incoming.at, actor=incoming.actor)
        assigner = Assigner(connection, outside=rules.outside, matching=rules.matching)
        landing = ListLanding(
            connection,
            import_id,
            assigner,
            layout,
            lambda lines: _again(rows, lines, header, rules.columns, incoming.name),
            at=incoming.at,
        )
        units: set[tuple[str, str]] = set()
        for reader, block in blocks(rows, position, header, rules.columns, incoming.name):
            listing.add(block)
            units.update((said[0], said[1]) for said in block.said)
            landing.take(reader, block)
            if self._options.progress:
                self._options.progress(listing.rows)
        self._check_totals(listing)
        landed = landing.finish()
        return self._record(connection, import_id, listing, landed, layout, units)

    def _check_totals(self, listing: Listing) -> None:
        wrong = listing.wrong_totals()
        if wrong and wrong[0].id == kinds.TOTAL_DIFFERS.id and not self._options.accept_total:
            first = wrong[0]
            raise InputError(first.meaning, first.advice, first.place, wrong)

    def _record(
        self,
        connection: Connection,
        import_id: int,
        listing: Listing,
        landed: Landed,
        layout: Layout,
        units: set[tuple[str, str]],
    ) -> PaymentReceipt:
        before = rejections.known_contents(connection, (r.content for r in listing.rejections))
        tally, methods = _tally(listing, landed, before)
        _check_receipt(listing, tally)
        sums.change(connection, _sums(landed))
        record_landed(connection, import_id, landed)
        record_rejections(connection, import_id, listing.rejections)
        titled = units_in_title(
            listing.titles,
            listing.file,
            {**dict(sorted(units, reverse=True)), **coverage.unit_names(connection)},
            {code for code, _ in units if code},
        )
        coverage.record(connection, import_id, listing.spans, titled)
        listing.odd.add(kinds.IDENTICAL_ROWS.id, sorted(landed.repeated), "")
        diagnostics = (*listing.diagnostics(), *listing.wrong_totals())
        imports.complete(
            connection,
            import_id,
            months=listing.months,
            receipt=tally.sums(),
            diagnostics=diagnostics,
            layout=layout.to_json()
            | {"rows": listing.rows, "passed_over": dict(listing.passed_over), "methods": methods},
        )
        if self._options.inspect:
            self._options.inspect(connection, import_id)
        new = (r for r in listing.rejections if r.content not in before)
        return PaymentReceipt(
            file=listing.file,
            known=False,
            months=listing.months,
            rows=listing.rows,
            passed_over=dict(listing.passed_over),
            outcomes=tally.sums(),
            methods=methods,
            diagnostics=(
                *diagnostics,
                *(each.diagnostic(listing.file) for each in new),
            ),
            import_id=None if self._options.dry_run else import_id,
            dry_run=self._options.dry_run,
        )


def _again(
    rows: ListRows, lines: set[int], header: Header, columns: Columns, file: str
) -> Iterable[Block]:
    """Rows of the list once more."""
    found = rows.at(lines)
    reader = BlockReader(header, columns, file)
    yield reader.read([cells for _, cells in found], [line for line, _ in found])


def _tally(listing: Listing, landed: Landed, before: set[str]) -> tuple[_Tally, dict[str, int]]:
    """Rows and fen by outcome, and the counted rows by how their project was found."""
    tally = _Tally()
    methods: dict[str, int] = {}
    for (found, _, status), (rows, fen) in landed.sums.items():
        outcome = status.replace("-", "_")
        if found.project_id is None and found.method and Status(status).counts:
            outcome = "outside"
        elif Status(status).counts:
            outcome = "unmatched" if found.project_id is None else "counted"
        tally.count(outcome, rows, fen)
        if outcome == "counted":
            methods[found.method] = methods.get(found.method, 0) + rows
    tally.count("known", len(landed.known_lines), landed.known_fen)
    for line, _, _ in landed.conflicts:
        tally.count("conflict", 1, line.payment.amount_fen)
    for each in listing.rejections:
        outcome = "rejected_before" if each.content in before else "rejected"
        tally.count(outcome, 1, each.amount_fen or 0)
    return tally, {method: rows for method, rows in sorted(methods.items()) if rows}


def _check_receipt(listing: Listing, tally: _Tally) -> None:
    counted = sum(rows for rows, _ in tally.found.values())
    if counted != listing.rows:
        raise MonitorError(
            f"{listing.file} 共 {listing.rows} 行，但各类结果合计 {counted} 行，对不上，没有导入。",
            "这是程序的错误，请连同该文件报告。",
        )


def _sums(landed: Landed) -> dict[tuple[int, int], tuple[int, int]]:
    """What the new payments add to the sums by project and month."""
    found: defaultdict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    for (assigned, month, status), (rows, fen) in landed.sums.items():
        if assigned.project_id is not None and status in sums.COUNTED:
            both = found[assigned.project_id, int(month[5:])]
            both[0] += fen
            both[1] += rows
    return {key: (fen, rows) for key, (fen, rows) in found.items()}


def _known(earlier: imports.Import) -> PaymentReceipt:
    layout = earlier.layout
    return PaymentReceipt(
        file=earlier.file,
        known=True,
        months=earlier.months,
        rows=layout.get("rows", 0),
        passed_over=layout.get("passed_over", {}),
        outcomes={name: earlier.receipt[name] for name in OUTCOMES if name in earlier.receipt},
        methods=layout.get("methods", {}),
        diagnostics=(),
        import_id=earlier.id,
    )
