"""From the store to the facts that a project's forms are made of, by a handful of statements."""

from __future__ import annotations

import tomllib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Connection, Row

from monitor.domain.adjustment import Fund
from monitor.domain.advice import AdviceRules
from monitor.domain.calendar import CHINA, month_end
from monitor.domain.coverage import Coverage
from monitor.domain.money_words import MoneyWords
from monitor.domain.progress import Limits, Standing, stand
from monitor.errors import NotFound
from monitor.ingest.payment_layout import Layout
from monitor.ingest.profiles import Meaning
from monitor.ingest.shipped import shipped
from monitor.reports.assessment import unsettled
from monitor.reports.assessment.advice_settings import shipped_advice
from monitor.reports.assessment.copied_texts import copied_notes
from monitor.reports.assessment.evidence_money import asks_for_lines
from monitor.reports.assessment.facts import (
    AdjustmentUsed,
    PaidLine,
    ProjectFacts,
    RevisionUsed,
    Source,
)
from monitor.reports.assessment.fund_split import (
    FundSplit,
    ListedSum,
    PaidByFund,
    StatedFunds,
    split,
)
from monitor.reports.charts.curves import bases
from monitor.reports.explaining.explanation import other_years
from monitor.store import (
    acknowledgements,
    adjustments,
    coverage,
    entries,
    fund_sums,
    imports,
    ledger,
    projects,
)
from monitor.store.fund_sums import FundSum
from monitor.store.imports import Import
from monitor.store.projects import Stored


def project_facts(
    connection: Connection,
    *,
    year: int,
    as_of: date,
    limits: Limits,
    unit_code: str | None = None,
    project_code: str | None = None,
    words: MoneyWords | None = None,
    advice: AdviceRules | None = None,
) -> list[ProjectFacts]:
    """The facts of a year's projects at `as_of`, by unit and code. Raises NotFound for none.

    `words` are the workspace's rules/funds.toml (`Settings.funds`), `advice` its rules/advice.toml
    (`Settings.advice`), else the shipped ones.
    """
    stored = projects.load(connection, year=year, unit_code=unit_code, project_code=project_code)
    if not stored:
        raise NotFound(f"{year} 年没有这样的项目。", other_years(connection, project_code))
    reviewing = advice or shipped_advice()
    gathered = _Gathered(connection, year, as_of, words or shipped_words(), reviewing, stored)
    accounts = ledger.accounts(
        connection, year=year, as_of=as_of, unit_code=unit_code, project_code=project_code
    )
    standings = {each.project_code: stand(each, as_of, limits) for each in accounts}
    return [gathered.facts(each, standings[each.project.project_code], limits) for each in stored]


@cache
def shipped_words() -> MoneyWords:
    """The words that come with the program, where no workspace has its own."""
    return MoneyWords.from_toml(tomllib.loads(shipped("rules/funds.toml")))


class _Gathered:
    """Everything that was read of a year for some projects, to be taken apart by project."""

    def __init__(
        self,
        connection: Connection,
        year: int,
        as_of: date,
        words: MoneyWords,
        reviewing: AdviceRules,
        stored: Sequence[Stored],
    ) -> None:
        self.year, self.as_of, self.words, self.reviewing = year, as_of, words, reviewing
        ids = {each.id for each in stored}
        self._landed = {each.id: each for each in imports.load(connection)}
        self._layouts: dict[int, Layout] = {}
        self._sums: defaultdict[int, list[FundSum]] = defaultdict(list)
        for each in fund_sums.by_fund(connection, year=year, as_of=as_of, only=ids):
            self._sums[each.project_id].append(each)
        self._held = _held(fund_sums.funds_listed(connection, year=year), words)
        self._said: defaultdict[int, list[Row[Any]]] = defaultdict(list)
        for row in fund_sums.said(connection, year=year, only=ids):
            self._said[row.project_id].append(row)
        self._adjusted = _adjusted(connection, year, as_of)
        self._histories = adjustments.histories(connection, year, ids)
        self._monthly = ledger.monthly(connection, year=year, as_of=as_of)
        self._unmatched = _unmatched_by_unit(connection, year, as_of)
        self._explained = acknowledgements.of_projects(connection, year=year, as_of=as_of)
        self._entries = entries.load(connection, year=year)
        self._copied = copied_notes(self._entries, reviewing.copied_least)
        codes = {each.project.project_code for each in stored}
        self._rejected = unsettled.rejected(connection, year=year, codes=codes)
        self._conflicting = unsettled.conflicting(connection, year=year, codes=codes)
        self._missing = _missing(coverage.load(connection, year), stored, year, as_of)
        asked = {each.id for each in stored if asks_for_lines(each.project, words)}
        self._lines: defaultdict[int, list[PaidLine]] = defaultdict(list)
        for row in fund_sums.lines(connection, year=year, as_of=as_of, only=asked):
            self._lines[row.project_id].append(self._line(row))

    def facts(self, stored: Stored, standing: Standing, limits: Limits) -> ProjectFacts:
        project, sums = stored.project, self._sums[stored.id]
        code, unit = project.project_code, project.unit_code
        used = tuple(self._adjusted.get(code, ()))
        funds = self._funds(stored.id, used)
        lines = tuple(self._lines.get(stored.id, ()))
        return ProjectFacts(
            project=project,
            standing=standing,
            paid_by_month=self._monthly.get(code, (0,) * 12),
            last_payment=max((each.last for each in sums), default=None),
            unmatched_rows=self._unmatched[unit][0],
            unmatched_fen=self._unmatched[unit][1],
            sources=tuple(self._sources(stored, sums)),
            as_of=self.as_of,
            explanations=tuple(self._explained.get(code, ())),
            funds=funds.figures,
            missing_months=self._missing.get(unit, ()),
            entries=self._entries.get((unit, code), {}),
            unit_entries=self._entries.get((unit, ""), {}),
            adjustments=used,
            revisions=tuple(self._revisions(stored.id)),
            purposes=_purposes(lines),
            fund_remarks=funds.remarks,
            rejected=self._rejected[code],
            conflicting=self._conflicting[code],
            lines=lines,
            words=self.words,
            reviewing=self.reviewing,
            copied=self._copied.get((unit, code), ()),
            unit_copied=self._copied.get((unit, ""), ()),
            bases=bases(self._histories[stored.id], standing.account.plan, self.as_of),
            limits=limits,
        )

    def _funds(self, project_id: int, used: Sequence[AdjustmentUsed]) -> FundSplit:
        listed = (
            ListedSum(each.fund, self._names_funds(each.import_id), each.lines, each.paid_fen)
            for each in self._sums[project_id]
        )
        return split(
            year=self.year,
            as_of=self.as_of,
            stated=[
                StatedFunds(row.effective, row.budget_fen, row.fiscal_fen, row.other_fen)
                for row in self._said[project_id]
            ],
            adjustments=used,
            paid=PaidByFund.of(listed, self.words),
            held=self._held,
        )

    def _layout(self, import_id: int) -> Layout:
        if import_id not in self._layouts:
            self._layouts[import_id] = Layout.from_json(self._landed[import_id].layout)
        return self._layouts[import_id]

    def _names_funds(self, import_id: int) -> bool:
        return Meaning.FUND.value in self._landed[import_id].layout.get("at", ())

    def _line(self, row: Row[Any]) -> PaidLine:
        layout = self._layout(row.import_id)
        cells = layout.row(row.wording_cells, row.cells)
        purpose = " ".join(layout.text(cells, Meaning.PURPOSE).split())
        file = self._landed[row.import_id].file
        return PaidLine(row.pay_date, row.amount_fen, purpose, file, row.line)

    def _revisions(self, project_id: int) -> Iterable[RevisionUsed]:
        """Those effective by the day, and the earliest where all come later: it is the record."""
        said = self._said[project_id]
        by_then = [row for row in said if row.effective <= self.as_of] or said[:1]
        for row in by_then:
            yield RevisionUsed(row.effective, row.document_number, row.file, row.line or 0)

    def _sources(self, stored: Stored, sums: Sequence[FundSum]) -> Iterable[Source]:
        """The documents first, the latest one's too if it is not in force yet; then the lists."""
        documents = [row.import_id for row in self._said[stored.id]] + [stored.import_id]
        for import_id in sorted({each for each in documents if each is not None}):
            yield _source(self._landed[import_id])
        rows: Counter[int] = Counter()
        fen: Counter[int] = Counter()
        for each in sums:
            rows[each.import_id] += each.lines
            fen[each.import_id] += each.paid_fen
        for import_id in sorted(rows):
            yield _source(self._landed[import_id], rows[import_id], fen[import_id])


def _held(listed: Collection[str], words: MoneyWords) -> frozenset[Fund] | None:
    """The funds that the year's lists name; None where none has anything in that column."""
    if not any(text.strip() for text in listed):
        return None
    return frozenset(fund for text in listed if (fund := words.fund_of(text)))


def _adjusted(
    connection: Connection, year: int, as_of: date
) -> Mapping[str, Sequence[AdjustmentUsed]]:
    """By project code, the adjustments in force by a day, in the order of their days."""
    found: defaultdict[str, list[AdjustmentUsed]] = defaultdict(list)
    for each in adjustments.load(connection, year=year):
        if each.undone_at is None and each.adjustment.effective <= as_of:
            for code, fen in each.adjustment.signed:
                found[code].append(AdjustmentUsed(each.adjustment, fen))
    for used in found.values():
        used.sort(key=lambda each: each.adjustment.effective)
    return found


def _unmatched_by_unit(
    connection: Connection, year: int, as_of: date
) -> defaultdict[str, tuple[int, int]]:
    sums: defaultdict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for group in ledger.waiting(connection, year=year, as_of=as_of):
        rows, fen = sums[group.unit_code]
        sums[group.unit_code] = (rows + group.lines, fen + group.amount_fen)
    return sums


def _missing(
    come: Coverage, stored: Iterable[Stored], year: int, as_of: date
) -> Mapping[str, tuple[str, ...]]:
    """By unit, the months ended by `as_of` of which not all has come."""
    ended = [month for month in range(1, 13) if month_end(year, month) <= as_of]
    if not ended:
        return {}
    units = {each.project.unit_code for each in stored}
    return {unit: come.missing(unit, f"{year}-{ended[-1]:02d}") for unit in units}


def _purposes(lines: Iterable[PaidLine]) -> Mapping[str, int]:
    sums: Counter[str] = Counter()
    for each in lines:
        sums[each.purpose] += each.amount_fen
    return dict(sorted(sums.items()))


def _source(landed: Import, rows: int | None = None, amount_fen: int | None = None) -> Source:
    return Source(
        file=landed.file,
        sha256=landed.sha256,
        kind=landed.kind,
        imported=landed.imported_at.astimezone(CHINA).date(),
        months=landed.months,
        rows=rows,
        amount_fen=amount_fen,
    )
