"""Which project a row of a list belongs to, or why it is outside monitoring.

Decided once for all rows that say the same of it; only saved rules look at a row itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection

from monitor.domain.matchable import Known, MatchSettings
from monitor.domain.matchable import Wording as Named
from monitor.domain.matching import Directory
from monitor.domain.outside import OutsideDecisions, OutsideRules
from monitor.domain.payment import Wording
from monitor.ingest.importing import directory
from monitor.store import ignored, projects


class Assignment(NamedTuple):
    """The project's id and how it was found; without a project, why none is looked for."""

    project_id: int | None
    method: str


class _Row(NamedTuple):
    """What matching needs to know of a row."""

    pay_date: date
    unit_code: str
    unit_name: str
    project_code: str
    project_name: str


UNMATCHED = Assignment(None, "")
OUTSIDE = Assignment(None, "outside")
IGNORED = Assignment(None, "ignored")


class Assigner:
    """Assigns rows to the projects that the database holds now."""

    def __init__(
        self, connection: Connection, *, outside: OutsideRules, matching: MatchSettings
    ) -> None:
        self._connection, self._outside, self._matching = connection, outside, matching
        self._decisions = OutsideDecisions.of(ignored.load(connection))
        self._directories: dict[int, Directory] = {}
        self._coded: dict[int, Mapping[str, Assignment]] = {}
        self._codes: dict[int, frozenset[str]] = {}
        self._projects: dict[int, dict[int, Known]] = {}
        self._matches: dict[tuple[int, tuple[str, ...]], Assignment | None] = {}
        self._found: dict[tuple[int, Wording], Assignment] = {}

    def of(self, year: int, wording: Wording) -> Assignment:
        """By what the row says of unit and project, saved rules aside."""
        coded = self._by_code(year).get(wording.project_code)
        if coded is not None:
            return coded
        key = (year, wording)
        if key not in self._found:
            self._found[key] = self._assign(year, wording)
        return self._found[key]

    def asks_rows(self, year: int, wording: Wording) -> bool:
        """Whether a saved rule may match some of the rows of this wording.

        Never where it is outside monitoring: basic expenditure says 电费 too.
        """
        return self.of(year, wording) == UNMATCHED and self.directory(year).asks_rows(
            year, Named(*wording[:4])
        )

    def of_row(self, year: int, wording: Wording, purpose: str, payee: str) -> Assignment:
        """By the wording; where that leaves it open, by saved rules."""
        if not self.asks_rows(year, wording):
            return self.of(year, wording)
        row = _Row(date(year, 1, 1), *wording[:4])
        found = self.directory(year).match_row(row, purpose, payee)
        return Assignment(found.key, found.method) if found else UNMATCHED

    def directory(self, year: int) -> Directory:
        if year not in self._directories:
            known = projects.known(self._connection, year)
            self._directories[year] = directory(self._connection, year, self._matching, known)
            self._codes[year] = frozenset(each.project_code for each in known)
            self._projects[year] = {each.key: each for each in known}
        return self._directories[year]

    def projects(self, year: int) -> Mapping[int, Known]:
        """The projects of a year, by id."""
        self.directory(year)
        return self._projects[year]

    def _by_code(self, year: int) -> Mapping[str, Assignment]:
        """By the code alone, which decides before all else that a row says."""
        if year not in self._coded:
            known = self.directory(year).coded(year)
            self._coded[year] = {code: Assignment(each.key, "code") for code, each in known.items()}
        return self._coded[year]

    def _matched(self, year: int, named: tuple[str, ...]) -> Assignment | None:
        """By unit and project alone: the classes of a payment make many wordings of one."""
        key = (year, named)
        if key not in self._matches:
            match = self.directory(year).match_wording(year, Named(*named))
            self._matches[key] = Assignment(match.key, match.method) if match else None
        return self._matches[key]

    def _assign(self, year: int, wording: Wording) -> Assignment:
        match = self._matched(year, wording[:4])
        if match is not None:
            return match
        known = self._codes[year]
        if self._decisions.find(wording, year, known):
            return IGNORED
        return OUTSIDE if self._outside.reason(wording, known) else UNMATCHED
