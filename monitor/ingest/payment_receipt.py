"""The receipt of a payment list: what became of each row, in rows and money."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from monitor.domain.payment import Status
from monitor.errors import Diagnostic, MonitorError
from monitor.ingest.list_landing import Landed
from monitor.ingest.payment_list import Listing
from monitor.store.imports import Import

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
class PaymentReceipt:
    """What became of a list: outcome → rows, and fen over the rows with a readable amount.

    The rows of all outcomes add up to `rows`, with the header and `passed_over` (lines that are
    no payments, by kind) to all `lines` of the list. `known` is a file whose very bytes are
    imported already. `methods` are the counted rows by how their project was found. `units` are
    those that the list covers, by code, none if it covers the whole office. `mended` rows came
    back for rejected ones, and are rejected no longer.
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
    header_lines: int = 1
    units: Mapping[str, str] = field(default_factory=dict)
    mended: int = 0

    @property
    def lines(self) -> int:
        """All lines of the list."""
        return self.rows + self.header_lines + sum(self.passed_over.values())


_TOLD = ("rows", "passed_over", "header_lines", "methods", "units", "mended")


class Tally:
    """Rows and fen by outcome, and the counted rows by how their project was found."""

    def __init__(self) -> None:
        self._found: defaultdict[str, list[int]] = defaultdict(lambda: [0, 0])
        self._methods: defaultdict[str, int] = defaultdict(int)

    @classmethod
    def of(cls, listing: Listing, landed: Landed, before: set[str]) -> Tally:
        """`before` are the contents of rejected rows that were rejected in an earlier list."""
        tally = cls()
        for (_, status), sums in landed.sums.items():
            counts = Status(status).counts
            for (project_id, method), (rows, fen) in sums.items():
                outcome = status.replace("-", "_")
                if counts and project_id is None:
                    outcome = "outside" if method else "unmatched"
                elif counts:
                    outcome = "counted"
                    tally._methods[method] += rows
                tally._count(outcome, rows, fen)
        tally._count("known", len(landed.known_lines), landed.known_fen)
        for line, _, _ in landed.conflicts:
            tally._count("conflict", 1, line.payment.amount_fen)
        for each in listing.rejections:
            outcome = "rejected_before" if each.content in before else "rejected"
            outcome = "in_transit" if each.in_transit else outcome
            tally._count(outcome, 1, each.amount_fen or 0)
        return tally

    def _count(self, outcome: str, rows: int, fen: int) -> None:
        self._found[outcome][0] += rows
        self._found[outcome][1] += fen

    @property
    def outcomes(self) -> dict[str, tuple[int, int]]:
        """In the order of the receipt."""
        found = self._found
        return {name: (found[name][0], found[name][1]) for name in OUTCOMES if found[name][0]}

    @property
    def methods(self) -> dict[str, int]:
        return {method: rows for method, rows in sorted(self._methods.items()) if rows}

    def check(self, listing: Listing) -> None:
        """Raises MonitorError where the outcomes do not add up to the list."""
        for what, there, found in (
            ("行", listing.rows, sum(rows for rows, _ in self._found.values())),
            ("分", listing.fen, sum(fen for _, fen in self._found.values())),
        ):
            if found != there:
                raise MonitorError(
                    f"{listing.file} 共 {there} {what}，但各类结果合计 {found} {what}，"
                    "对不上，没有导入。",
                    "这是程序的错误，请连同该文件报告。",
                )


def told(
    listing: Listing, tally: Tally, units: Mapping[str, str], back: Mapping[int, Any]
) -> dict[str, Any]:
    """What the receipt says besides the outcomes; kept with the import."""
    still_wrong = {each.line for each in listing.rejections}
    return {
        "rows": listing.rows,
        "passed_over": dict(listing.passed_over),
        "header_lines": len(listing.header.lines),
        "methods": tally.methods,
        "units": dict(units),
        "mended": sum(line not in still_wrong for line in back),
    }


def known_receipt(earlier: Import) -> PaymentReceipt:
    """The receipt of an import as it was then."""
    layout = earlier.layout
    return PaymentReceipt(
        file=earlier.file,
        known=True,
        months=earlier.months,
        outcomes={name: earlier.receipt[name] for name in OUTCOMES if name in earlier.receipt},
        diagnostics=(),
        import_id=earlier.id,
        **{name: layout[name] for name in _TOLD},
    )
