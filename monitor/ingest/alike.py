"""Which payments are alike for a decision: the same unit, code and name; else the same words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row

from monitor.domain.codes import normalise_name
from monitor.domain.matchable import Wording
from monitor.ingest.row_texts import texts_of
from monitor.store import waiting


class AlikeKey(NamedTuple):
    """What alike payments of a year share, normalised.

    Payments that name no project are alike if they pay the same payee for the same purpose;
    where a list does not even say that, each stands alone by its `id`.
    """

    year: int
    unit_code: str
    unit_name: str
    project_code: str
    project_name: str
    purpose: str = ""
    payee: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class Alike:
    """Unmatched payments that one decision can settle: the first of them, and the ids of all.

    `amount_fen` is their sum. Of those that name a project only `wordings` are known; see `ids`.
    """

    key: AlikeKey
    first: Row[Any]
    rows: int
    amount_fen: int
    wordings: frozenset[int] = frozenset()
    listed: tuple[int, ...] = ()

    def ids(self, connection: Connection) -> list[int]:
        """The ids of the payments."""
        if self.listed:
            return list(self.listed)
        return [row.id for row in waiting.rows_of(connection, self.key.year, self.wordings)]


def key_of(row: Row[Any]) -> AlikeKey:
    """What the row, with its texts, is alike to others by."""
    named = _named(row)
    if named.project_code or named.project_name:
        return named
    texts = texts_of(row)
    purpose, payee = normalise_name(texts.purpose), normalise_name(texts.payee)
    if not (purpose or payee):
        return named._replace(id=row.id)
    return named._replace(purpose=purpose, payee=payee)


def _named(row: Row[Any]) -> AlikeKey:
    plain = Wording(row.unit_code, row.unit_name, row.project_code, row.project_name).plain()
    # lists spell a unit's name in many ways, its code in one
    name = "" if plain.unit_code else plain.unit_name
    return AlikeKey(row.year, plain.unit_code, name, plain.project_code, plain.project_name)


def unmatched_alike(
    connection: Connection, *, year: int | None = None, unit_code: str | None = None
) -> list[Alike]:
    """All unmatched payments, those that are alike together, the most rows first."""
    named: defaultdict[AlikeKey, list[Row[Any]]] = defaultdict(list)
    others: defaultdict[int, set[int]] = defaultdict(set)
    for group in waiting.groups(connection, year=year, unit_code=unit_code):
        key = _named(group)
        if key.project_code or key.project_name:
            named[key].append(group)
        else:
            others[group.year].add(group.wording_id)
    first = waiting.by_id(connection, (groups[0].first_id for groups in named.values()))
    found = [
        Alike(
            key,
            first[groups[0].first_id],
            sum(each.rows for each in groups),
            sum(each.amount_fen for each in groups),
            frozenset(each.wording_id for each in groups),
        )
        for key, groups in named.items()
    ]
    for of_year, ids in sorted(others.items()):
        found += _by_row(waiting.rows_of(connection, of_year, ids))
    return sorted(found, key=lambda each: (-each.rows, each.key))


def _by_row(rows: Iterable[Row[Any]]) -> list[Alike]:
    grouped: defaultdict[AlikeKey, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        grouped[key_of(row)].append(row)
    return [
        Alike(
            key,
            members[0],
            len(members),
            sum(row.amount_fen for row in members),
            listed=tuple(row.id for row in members),
        )
        for key, members in grouped.items()
    ]


def others_alike(connection: Connection, row: Row[Any]) -> list[int]:
    """The ids of further unmatched payments like this one, a row with its texts."""
    key = key_of(row)
    if key.id:
        return []
    wordings = {
        group.wording_id
        for group in waiting.groups(connection, year=row.year)
        if _named(group) == key._replace(purpose="", payee="")
    }
    open_rows = waiting.rows_of(connection, row.year, wordings)
    if key.project_code or key.project_name:
        return [each.id for each in open_rows if each.id != row.id]
    return [each.id for each in open_rows if each.id != row.id and key_of(each) == key]
