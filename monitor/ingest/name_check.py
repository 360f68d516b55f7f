"""Payments whose code is a project's, but whose project name cannot mean it: a warning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from monitor.domain.matchable import Known
from monitor.domain.name_fit import name_misfits
from monitor.domain.payment import Wording
from monitor.errors import Diagnostic, Place
from monitor.ingest import payment_kinds as kinds
from monitor.ingest.assigning import Assignment


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


def misfits(
    found: Iterable[tuple[int, Wording, Assignment]], projects: Mapping[int, Known]
) -> list[Misfit]:
    """The wordings, each with its id, that were matched by code and name something else.

    `projects` are those of the year, by id.
    """
    told = []
    for key, wording, assigned in found:
        project = projects.get(assigned.project_id or 0)
        if project is None or assigned.method != "code":
            continue
        if name_misfits(wording.project_name, project.project_name):
            told.append(Misfit(key, wording, project))
    return told
