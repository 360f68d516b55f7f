"""Use case: an import is taken back as a whole, as if its file had never come.

Later lists that show the same payments keep them; what only this list held against others is
dropped. Nothing is deleted: rows of both states stay, with when, by whom and why.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row

from monitor.domain.calendar import CHINA, day_name
from monitor.errors import NotFound, UsageError
from monitor.ingest.assigning import Assigner
from monitor.ingest.ignoring import Deciding
from monitor.ingest.import_payments import PaymentRules
from monitor.ingest.reconciling import Reconciled, gather, reconcile
from monitor.ingest.rereading import Rereader
from monitor.ingest.settling_again import settle_lapsed
from monitor.store import import_facts, sums, undoing
from monitor.store.engine import writing
from monitor.store.payment_tables import payments

_INSTEAD = {
    "targets": "绩效目标文件不能整份撤销：错了的内容请导入更正后的文件（勘误），"
    "不该有的项目用 monitor targets retire 退出。",
    "adjustments": "预算调整请逐条撤销：monitor targets adjust --undo 编号 --reason 理由。",
    "plans": "计划更正请改回后再交：monitor targets plan-review --out 导出，改正后用 --in 交回。",
}


@dataclass(frozen=True, slots=True)
class UndoReceipt:
    """What became of an import that was taken back.

    `rows` and `fen` are its payments whose money counted. Of the documents that other lists show
    too, `kept` payments stay counted as those lists' rows, and `came_in` others now count, which
    it had kept out. `lapsed` decisions about conflicts hold no more. `projects` are those whose
    payments changed, by year.
    """

    import_id: int
    file: str
    rows: int
    fen: int
    kept: int
    came_in: int
    lapsed: int
    projects: frozenset[tuple[int, str]]


def undo_import(
    engine: Engine,
    import_id: int,
    *,
    folder: Path,
    rules: PaymentRules,
    reason: str,
    at: datetime,
    actor: str,
) -> UndoReceipt:
    """Takes an import of payments back; `folder` is the archive.

    Raises NotFound, and UsageError for what cannot be taken back (as yet).
    """
    if not reason.strip():
        raise UsageError("撤销要写明理由。", "请用 --reason 写明。")
    with writing(engine) as connection:
        landed = _landed(connection, import_id)
        rereader = Rereader(connection, folder, rules.columns)
        assigner = Assigner(connection, outside=rules.outside, matching=rules.matching)
        deciding = Deciding(at, actor, rules.outside, rules.matching)
        undo = _Undo(connection, landed, rereader, assigner, deciding)
        undoing.mark(connection, import_id, at=at, actor=actor, reason=reason.strip())
        return undo.run()


def _landed(connection: Connection, import_id: int) -> Row[Any]:
    landed = undoing.landed(connection, import_id)
    if landed is None:
        raise NotFound(f"没有导入 {import_id}。", "用 monitor imports list 查看编号。")
    if landed.undone:
        day = day_name(landed.undone_at.astimezone(CHINA).date())
        raise UsageError(
            f"导入 {import_id}（{landed.file}）已于{day}由 {landed.undone_by} 撤销，"
            f"理由：{landed.undone_reason}。",
            "用 monitor imports list --all 查看。",
        )
    if landed.kind in _INSTEAD:
        raise UsageError(f"导入 {import_id}（{landed.file}）没有撤销。", _INSTEAD[landed.kind])
    return landed


class _Undo:
    """One import on its way out."""

    def __init__(
        self,
        connection: Connection,
        landed: Row[Any],
        rereader: Rereader,
        assigner: Assigner,
        deciding: Deciding,
    ) -> None:
        self._connection, self._landed, self._at = connection, landed, deciding.at
        self._deciding = deciding
        self._rereader, self._assigner = rereader, assigner
        self._by = f"import {landed.id} undone"

    def run(self) -> UndoReceipt:
        connection, import_id = self._connection, self._landed.id
        given = sums.of_payments(connection, payments.c.import_id == import_id)
        rows, fen = import_facts.counting(connection, import_id)
        sums.change(connection, sums.negated(given))
        undoing.take_back_all(connection, import_id, at=self._at, by=self._by)
        found = gather(connection, undoing.shared_names(connection, import_id), self._rereader)
        done = reconcile(connection, found, self._assigner, at=self._at, by=self._by)
        self._settle(done)
        there, came = undoing.facts(connection, done.gone), undoing.facts(connection, done.came)
        mine = {
            _same(row)
            for row in found.evidence.payments.values()
            if row.import_id == import_id and row.undone_by == self._by
        }
        kept = [row for row in came if _same(row) in mine]
        again = {_same(row) for row in there}
        others = [row for row in came if _same(row) not in mine and _same(row) not in again]
        touched = {project for project, _, which in given if which is sums.Sum.PAID}.union(
            row.project_id for row in (*there, *came) if row.project_id is not None
        )
        return UndoReceipt(
            import_id=import_id,
            file=self._landed.file,
            rows=rows,
            fen=fen,
            kept=len(kept),
            came_in=len(others),
            lapsed=done.lapsed,
            projects=frozenset(undoing.projects_of(connection, touched)),
        )

    def _settle(self, done: Reconciled) -> None:
        """Decisions hold on where a later list shows the version that went."""
        if done.lapsed:
            settled = settle_lapsed(self._connection, self._by, self._deciding)
            done.lapsed = max(0, done.lapsed - settled.rows)
            brief = set(done.came) & set(settled.gone)
            done.gone += [each for each in settled.gone if each not in brief]
            done.came = [each for each in (*done.came, *settled.came) if each not in brief]


def _same(row: Row[Any]) -> tuple[Any, ...]:
    return row.year, row.number, row.ordinal, row.pay_date, row.amount_fen, row.status
