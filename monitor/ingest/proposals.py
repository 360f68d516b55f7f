"""Candidates for unmatched payments, with whom the unit has paid for which project before."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Row

from monitor.domain.matchable import Candidate, MatchSettings, Wording
from monitor.domain.matching import Directory, PayeeHistory
from monitor.ingest.importing import directory
from monitor.ingest.payment_layout import SEPARATOR, Layout
from monitor.ingest.profiles import Meaning
from monitor.ingest.row_texts import Texts
from monitor.store import imports, row_texts, waiting


class Proposals:
    """Proposes projects for payments of these units, given as (year, unit code).

    Payments that say the same are worked out once.
    """

    def __init__(
        self, connection: Connection, matching: MatchSettings, units: Iterable[tuple[int, str]]
    ) -> None:
        self._connection, self._matching = connection, matching
        self._units: defaultdict[int, set[str]] = defaultdict(set)
        for year, unit in units:
            self._units[year].add(unit)
        self._directories: dict[int, Directory] = {}
        self._histories: dict[int, PayeeHistory] = {}
        self._found: dict[tuple[object, ...], list[Candidate]] = {}

    def of(self, row: Row[Any], texts: Texts) -> list[Candidate]:
        """Up to five candidates for a payment with its unit and project, best first."""
        said = Wording(row.unit_code, row.unit_name, row.project_code, row.project_name)
        key = (row.year, said, texts.purpose, texts.payee)
        if key not in self._found:
            history = self._history(row.year).of(row.unit_code, texts.payee)
            known = self._directory(row.year)
            self._found[key] = known.candidates(row, texts.purpose, history)
        return self._found[key]

    def _directory(self, year: int) -> Directory:
        if year not in self._directories:
            self._directories[year] = directory(self._connection, year, self._matching)
        return self._directories[year]

    def _history(self, year: int) -> PayeeHistory:
        if year not in self._histories:
            self._histories[year] = payee_history(self._connection, year, self._units[year])
        return self._histories[year]


def payee_history(connection: Connection, year: int, units: Iterable[str]) -> PayeeHistory:
    """Whom these units paid for which project, by their newest matched payments."""
    rows = waiting.paid_to(connection, year, units)
    places = _payee_places(connection, {row.import_id for row in rows})
    times: Counter[tuple[str, str, int]] = Counter()
    cells = row_texts.load(connection, (row.id for row in rows))
    for row in rows:
        place = places[row.import_id]
        if place is not None:
            payee = cells[row.id].split(SEPARATOR)[place].strip()
            times[row.unit_code, payee, row.project_id] += 1
    history = PayeeHistory()
    for (unit, payee, project_id), count in times.items():
        history.add(unit, payee, project_id, count)
    return history


def _payee_places(connection: Connection, import_ids: Iterable[int]) -> Mapping[int, int | None]:
    """At which of a row's own cells its payee stands, by import."""
    found: dict[int, int | None] = {}
    for import_id, kept in imports.layouts(connection, import_ids).items():
        layout = Layout.from_json(kept)
        at = layout.at.get(Meaning.PAYEE)
        found[import_id] = None if at is None else layout.others.index(at)
    return found
