"""What lists say of whose payment a row is: each wording once, by the rows that share it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, func, select

from monitor.domain.payment import Wording
from monitor.store.batches import add_many, among, batches, plain_rows
from monitor.store.payment_tables import wordings

_NAMES = ("id", "key", *Wording._fields)


def are_there(connection: Connection) -> bool:
    """Whether there is any wording."""
    return connection.scalar(select(wordings.c.id).limit(1)) is not None


def ids(connection: Connection, said: Sequence[Wording], *, new: bool = False) -> list[int]:
    """The ids of wordings, in their order; those not recorded are added. Needs the write lock.

    `new` says that none is recorded, and no two are equal.
    """
    keys = [key_of(each) for each in said]
    known: dict[str, int] = {}
    if not new:
        query = select(wordings.c.key, wordings.c.id).where(among(connection, wordings.c.key, keys))
        known = dict(plain_rows(connection, query))
    added = {key: each for key, each in zip(keys, said, strict=True) if key not in known}
    if added:
        first = (connection.scalar(select(func.max(wordings.c.id))) or 0) + 1
        known.update({key: id_ for id_, key in enumerate(added, first)})
        rows = [(known[key], key, *each) for key, each in added.items()]
        add_many(connection, wordings, _NAMES, rows)
    return [known[key] for key in keys]


def load(connection: Connection, wanted: Iterable[int]) -> dict[int, Wording]:
    """Wordings by id."""
    columns = [wordings.c[name] for name in Wording._fields]
    found = {}
    for batch in batches(sorted(set(wanted))):
        query = select(wordings.c.id, *columns).where(wordings.c.id.in_(batch))
        found.update({row[0]: Wording(*row[1:]) for row in connection.execute(query)})
    return found


def key_of(said: Wording) -> str:
    return hashlib.sha256("\x1e".join(said).encode()).hexdigest()[:32]
