"""What was decided about two versions of a payment document holds when they meet again.

A list that shows once more what a decision in force is against changes nothing. A decision that
lapsed with an import comes back with it, whichever of the two versions comes second now; one that
a person took back does not.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row

from monitor.domain.payment import Content
from monitor.ingest.conflict_versions import (
    Version,
    content_of,
    same_version,
    versions,
)
from monitor.ingest.ignoring import Deciding
from monitor.ingest.replacing import Keep, Replacing
from monitor.store import conflicts

_LAPSED = re.compile(r"import \d+ undone")
AGAIN = "（撤销后再次导入，照原裁定）"


class _Refused(NamedTuple):
    """A version that a decision is against, and whether that still holds."""

    contents: list[Content]
    in_force: bool


@dataclass(frozen=True, slots=True)
class _Act:
    """What a person decided about a document at once: the version that holds, and the others."""

    rows: Sequence[Row[Any]]
    chosen: list[Content]
    refused: Sequence[_Refused]

    @property
    def taken_back(self) -> bool:
        """Whether a person did that; what went with an import only waits for its return."""
        return any(row.undone and not _LAPSED.fullmatch(row.undone_by or "") for row in self.rows)

    @property
    def reason(self) -> str:
        return str(self.rows[0].reason)

    @property
    def actor(self) -> str:
        return str(self.rows[0].actor)

    def refuses(self, contents: Sequence[Content]) -> bool:
        return any(same_version(contents, each.contents) for each in self.refused)

    def keeps(self, old: Sequence[Content], new: Sequence[Content]) -> Keep | None:
        """Which of two versions holds; None where nothing was decided about these two."""
        if same_version(old, self.chosen) and self.refuses(new):
            return "old"
        return "new" if same_version(new, self.chosen) and self.refuses(old) else None


@dataclass(slots=True)
class Settled:
    """How many rows are settled, and the ids of the payments that went and came in by that."""

    rows: int = 0
    gone: list[int] = field(default_factory=list)
    came: list[int] = field(default_factory=list)


def settle_again(connection: Connection, import_id: int, by: Deciding) -> Settled:
    """Settles conflicts of a new import as they were decided before.

    Needs the write lock. The decision is that of the person who took it then.
    """
    settling = _Settling(connection, by, conflicts.history(connection))
    settling.settle_all(conflicts.of_import(connection, import_id))
    return settling.done


def settle_lapsed(connection: Connection, mark: str, by: Deciding) -> Settled:
    """Settles what stands against each other after an import went, as decisions said till then.

    `mark` is that by which they lapsed: a later list may show the very version that was chosen.
    """
    history = conflicts.history(connection)
    settling = _Settling(connection, by, history, mark)
    lapsed = [row for row in history if row.undone_by == mark]
    names = {(row.year, name) for row in lapsed for name in (row.number, row.kept_number)}
    for year, number in sorted(names):
        settling.settle_all(conflicts.open_of(connection, number, year=year))
    return settling.done


class _Settling:
    """Finds what was decided about open conflicts; with a `mark`, only what lapsed by that."""

    def __init__(
        self, connection: Connection, by: Deciding, history: Iterable[Row[Any]], mark: str = ""
    ) -> None:
        self._connection, self._by, self._mark = connection, by, mark
        self._history: defaultdict[tuple[int, str], list[Row[Any]]] = defaultdict(list)
        for row in history:
            for number in {row.number, row.kept_number}:
                self._history[row.year, number].append(row)
        self.done = Settled()

    def settle_all(self, rows: Iterable[Row[Any]]) -> None:
        """Each document of each list for itself."""
        documents: defaultdict[tuple[int, int, str], list[Row[Any]]] = defaultdict(list)
        for row in rows:
            documents[row.import_id, row.year, row.number].append(row)
        for (_, year, number), document in documents.items():
            self.done.rows += self.settle(year, number, document)

    def settle(self, year: int, number: str, rows: Sequence[Row[Any]]) -> int:
        """The conflicts of one document; how many rows are settled."""
        acts = [self._act(each) for each in _acts(self._history.get((year, number), ()))]
        if not acts:
            return 0
        waiting = conflicts.open_of(self._connection, number, year=year)
        if not {row.id for row in rows} <= {row.id for row in waiting}:
            return 0
        contents = list(map(content_of, rows))
        for act in acts if not self._mark else ():
            if any(e.in_force and same_version(contents, e.contents) for e in act.refused):
                return self._keep_old(rows, act, act.reason)
        return self._settle_lapsed(number, rows, versions(waiting), acts[::-1])

    def _settle_lapsed(
        self,
        number: str,
        rows: Sequence[Row[Any]],
        found: Sequence[Version],
        acts: Sequence[_Act],
    ) -> int:
        """By the last of `acts`, the latest first, about the list's version and the recorded one.

        `found` are all versions that wait for a decision.
        """
        mine = next(each for each in found if _shown_by(each, rows[0].import_id))
        gone = Replacing(self._connection, number, "", self._by).exchange(mine).gone
        there = conflicts.by_id(self._connection, {each.id for each in gone})
        new, old = list(map(content_of, rows)), list(map(content_of, there))
        for act in acts:
            keep = act.keeps(old, new)
            if keep is None:
                continue
            if not self._returns(act):
                return 0
            if keep == "old":
                return self._keep_old(rows, act, _again(act.reason))
            return self._keep_new(number, found, mine, act)
        return 0

    def _returns(self, act: _Act) -> bool:
        by_mark = not self._mark or any(row.undone_by == self._mark for row in act.rows)
        return by_mark and not act.taken_back

    def _keep_old(self, rows: Sequence[Row[Any]], act: _Act, reason: str) -> int:
        told = [(row.id, "old", None) for row in rows]
        conflicts.resolve(self._connection, told, reason=reason, at=self._by.at, actor=act.actor)
        return len(rows)

    def _keep_new(self, number: str, found: Sequence[Version], mine: Version, act: _Act) -> int:
        """Where another version waits too, of which that decision says nothing, a person is asked.

        What waits would be held against lines that are no more.
        """
        others = [list(map(content_of, each.rows)) for each in found if each is not mine]
        if not all(map(act.refuses, others)):
            return 0
        by = replace(self._by, actor=act.actor)
        waiting = [row for each in found for listed in each.lists for row in listed]
        replacing = Replacing(self._connection, number, _again(act.reason), by)
        replacing.replace(waiting, mine)
        self.done.gone += replacing.gone
        self.done.came += replacing.came
        return len(waiting)

    def _act(self, rows: Sequence[Row[Any]]) -> _Act:
        """The versions that stood against each other when these decisions were taken."""
        listed: defaultdict[int, list[Row[Any]]] = defaultdict(list)
        for row in rows:
            listed[row.import_id].append(row)
        chosen: list[Content] = []
        refused = []
        for of_list in listed.values():
            contents = list(map(content_of, of_list))
            if of_list[0].keep == "new":
                chosen = contents
            else:
                refused.append(_Refused(contents, not any(row.undone for row in of_list)))
        first = rows[0]
        if chosen:
            aside = conflicts.put_aside(self._connection, first.year, first.resolution_id)
            refused.append(_Refused(list(map(content_of, aside)), not first.undone))
        else:
            numbers = {row.kept_number for row in rows}
            by = {row.kept_import_id for row in rows}
            kept = conflicts.recorded_by(self._connection, first.year, numbers, by)
            chosen = list(map(content_of, kept))
        return _Act(rows, chosen, refused)


def _acts(history: Iterable[Row[Any]]) -> list[list[Row[Any]]]:
    """Decisions by when they were taken: those taken at once follow each other."""
    acts: list[list[Row[Any]]] = []
    for row in history:
        last = acts[-1] if acts else []
        if last and _goes_on(last, row):
            last.append(row)
        else:
            acts.append([row])
    return acts


def _goes_on(act: Sequence[Row[Any]], row: Row[Any]) -> bool:
    last = act[-1]
    same = (last.recorded_at, last.actor, last.reason) == (row.recorded_at, row.actor, row.reason)
    follows = row.resolution_id == last.resolution_id + 1
    return same and follows and all((e.import_id, e.line) != (row.import_id, row.line) for e in act)


def _shown_by(version: Version, import_id: int) -> bool:
    return any(row.import_id == import_id for rows in version.lists for row in rows)


def _again(reason: str) -> str:
    return reason if reason.endswith(AGAIN) else reason + AGAIN
