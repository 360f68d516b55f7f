"""Payments whose code is a project's, but whose project name cannot mean it: a warning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import Connection

from monitor.domain.matchable import Known
from monitor.domain.name_fit import name_misfits
from monitor.domain.payment import Wording
from monitor.errors import Diagnostic, Place
from monitor.ingest import payment_kinds as kinds
from monitor.ingest.assigning import Assignment
from monitor.ingest.payment_checks import name_lines
from monitor.ingest.row_book import RowBook
from monitor.store import payments


class Misfit(NamedTuple):
    """A wording by its key, and the project whose code it bears."""

    key: int
    wording: Wording
    project: Known

    def diagnostic(self, place: Place, rows: str) -> Diagnostic:
        """The warning at the first such row; `rows` says how many rows and which."""
        return kinds.NAME_MISFITS.at(
            place,
            self.wording.project_name,
            code=self.project.project_code,
            project=self.project.project_name,
            rows=rows,
        )


def warnings(connection: Connection, import_id: int, file: str, book: RowBook) -> list[Diagnostic]:
    """One warning for each wording of an import, in the order of the first lines."""
    found = []
    for year, assigned in book.assigned.items():
        coded = ((key, book.wording(key), each) for key, each in assigned.items())
        found += misfits(coded, book.projects(year))
    wanted = [each.key for each in found]
    lines = payments.lines_of_wordings(connection, import_id, wanted, since=book.first_id)
    told = ((lines[each.key], each) for each in found if each.key in lines)
    return [
        each.diagnostic(Place(file, first), name_lines([first], rows))
        for (first, rows), each in sorted(told, key=lambda pair: pair[0])
    ]


def misfits(
    found: Iterable[tuple[int, Wording, Assignment]], known: Mapping[int, Known]
) -> list[Misfit]:
    """The wordings, each with its id, that were matched by code and name something else.

    `known` are the projects of the year, by id.
    """
    told = []
    judged: dict[tuple[str, str], bool] = {}
    for key, wording, assigned in found:
        project = known.get(assigned.project_id or 0)
        if project is None or assigned.method != "code":
            continue
        names = wording.project_name, project.project_name
        if names[0] == names[1]:
            continue
        if names not in judged:
            judged[names] = name_misfits(*names)
        if judged[names]:
            told.append(Misfit(key, wording, project))
    return told
