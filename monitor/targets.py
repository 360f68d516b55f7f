"""The use cases of target documents; warnings that a change shows to be wrong go with it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.domain.calendar import CHINA
from monitor.ingest.importing import Incoming
from monitor.mailroom import Mailroom

if TYPE_CHECKING:
    from monitor.domain.plan_review import Doubtful
    from monitor.ingest.import_targets import TargetReceipt
    from monitor.ingest.plan_return import PlanReceipt
    from monitor.ingest.retiring import RetireReceipt
    from monitor.ingest.target_form import Reading


@dataclass(frozen=True)
class Targets:
    """The projects of a workspace: how they come in, are put right and leave."""

    workspace: Mailroom

    def import_file(
        self,
        path: Path,
        *,
        year: int | None = None,
        all_or_nothing: bool = False,
        effective: date | None = None,
        document: str = "",
        dry_run: bool = False,
    ) -> TargetReceipt:
        """Reads a target document and records its projects."""
        from monitor.ingest.target_reading import read_target_document

        incoming = self.workspace.incoming(path)
        labels = self.workspace.settings.labels
        return self.land(
            incoming,
            read_target_document(incoming.data, incoming.name, year=year, labels=labels),
            all_or_nothing=all_or_nothing,
            effective=effective,
            document=document,
            dry_run=dry_run,
        )

    def land(
        self,
        incoming: Incoming,
        reading: Reading,
        *,
        all_or_nothing: bool = False,
        effective: date | None = None,
        document: str = "",
        dry_run: bool = False,
    ) -> TargetReceipt:
        """Records the projects of a target document that has been read; see `land` in ingest.

        Open warnings that a 勘误 shows to be wrong are withdrawn.
        """
        from monitor.ingest.import_targets import land
        from monitor.ingest.plan_notes import with_plan_notes

        settings = self.workspace.settings
        on = incoming.at.astimezone(CHINA).date()
        receipt = land(
            self.workspace.engine,
            incoming,
            with_plan_notes(reading, on, settings.plans),
            folder=settings.archive,
            all_or_nothing=all_or_nothing,
            effective=effective,
            document=document,
            dry_run=dry_run,
            matching=settings.matching,
        )
        corrected = {e.project.project_code for e in receipt.revised if e.effective is None}
        if dry_run or not corrected:
            return receipt
        withdrawn = self.withdraw(receipt.document.year, corrected, "勘误后不再成立")
        note = (f"勘误后有 {withdrawn} 条预警不再成立，已撤回。",) if withdrawn else ()
        return replace(receipt, notes=receipt.notes + note)

    def retire(self, code: str, *, year: int | None, reason: str) -> RetireReceipt:
        """Takes a project out of its year, with its payments and its open warnings."""
        from monitor.ingest.retiring import retire

        here = self.workspace
        receipt = retire(
            here.engine, code, year=year, reason=reason, at=here.now(), actor=here.actor
        )
        if not receipt.already:
            why = f"项目退出：{reason}"
            self.withdraw(receipt.year, [receipt.project_code], why, open_only=True)
        return receipt

    def doubtful_plans(self, *, year: int | None = None, unit: str | None = None) -> list[Doubtful]:
        """The projects whose plans can hardly be met, by year and unit, and why."""
        from monitor.reports.plan_list import doubtful_plans

        covered, rules = self.workspace.covered(), self.workspace.settings.plans
        with self.workspace.reading() as connection:
            return doubtful_plans(connection, rules, covered=covered, year=year, unit=unit)

    def return_plans(self, path: Path, *, dry_run: bool = False) -> PlanReceipt:
        """Records what units corrected in the workbook of doubtful plans, all or nothing."""
        from monitor.ingest.plan_return import return_plans

        here = self.workspace
        receipt = return_plans(
            here.engine, here.incoming(path), folder=here.settings.archive, dry_run=dry_run
        )
        if not (dry_run or receipt.known):
            corrected = [each.project for each in receipt.corrections]
            for year in {each.year for each in corrected}:
                codes = {each.project_code for each in corrected if each.year == year}
                self.withdraw(year, codes, "支出计划勘误后不再成立")
        return receipt

    def withdraw(
        self,
        year: int,
        codes: Collection[str],
        why: str,
        import_id: int | None = None,
        *,
        open_only: bool = False,
    ) -> int:
        """Withdraws the warnings of these projects that their facts no longer bear out.

        With the note to whoever had been told, in one transaction. How many were.
        """
        from monitor.alerts.withdrawal import withdraw

        here = self.workspace
        checker = here.preparing_checker(import_id)
        return withdraw(here.engine, checker, year=year, codes=codes, why=why, open_only=open_only)
