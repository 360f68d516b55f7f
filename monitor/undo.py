"""Taking an import back; warnings that this shows to be wrong go with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.mailroom import Mailroom
from monitor.targets import Targets

if TYPE_CHECKING:
    from monitor.ingest.undoing import UndoReceipt


def undo_import(here: Mailroom, import_id: int, *, reason: str) -> UndoReceipt:
    """Takes an import back as a whole. Raises NotFound and UsageError, and then nothing changed."""
    from monitor.ingest.import_payments import PaymentRules
    from monitor.ingest.undoing import undo_import as undo

    settings = here.settings
    receipt = undo(
        here.engine,
        import_id,
        folder=settings.archive,
        rules=PaymentRules(settings.columns, settings.outside, settings.matching),
        reason=reason,
        at=here.now(),
        actor=here.actor,
    )
    for year in sorted({year for year, _ in receipt.projects}):
        codes = {code for of_year, code in receipt.projects if of_year == year}
        Targets(here).withdraw(year, codes, f"撤销导入 {import_id} 后不再成立", import_id)
    return receipt
