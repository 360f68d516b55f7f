"""Makes payment documents be recorded as the lists in force alone would have them.

What `domain.replay` says and what is recorded are held against each other: what is right stays
as it is, what is not is taken back, what is missing comes in from the list that shows it. A row
whose second numbers or conflicts no longer hold is taken back too, and comes in once more.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row

from monitor.domain.payment import Content, Numbered, Payment, Status, Wording
from monitor.domain.replay import Decision, Rejected, Replayed, Shown, Stand, recorded, replay
from monitor.ingest.assigning import Assigner, Assignment
from monitor.ingest.list_block import ListRow
from monitor.ingest.list_records import conflict_row
from monitor.ingest.payment_layout import Layout
from monitor.ingest.profiles import Meaning
from monitor.ingest.rereading import Rereader
from monitor.store import conflicts, decisions, imports, mendings, payments, sums, undoing, wordings
from monitor.store.batches import batches
from monitor.store.payment_tables import payments as table
from monitor.store.payments import NewPayment
from monitor.store.undoing import Evidence, Place

_CONTENT = "content"


@dataclass(slots=True)
class Reconciled:
    """Ids of payments that were taken back, and those that came in; lapsed decisions."""

    gone: list[int] = field(default_factory=list)
    came: list[int] = field(default_factory=list)
    lapsed: int = 0


@dataclass(slots=True)
class Documents:
    """All that is known of some payment documents: the evidence, and each list's own rows."""

    evidence: Evidence
    rows: dict[Place, ListRow]
    lists: dict[int, imports.Import]
    in_force: set[int]


def gather(connection: Connection, names: set[str], rereader: Rereader) -> Documents:
    """The documents of these names, and all that hang together with them by a second name."""
    lists = {each.id: each for each in undoing.every(connection)}
    in_force = {each.id for each in imports.load(connection)}
    found = Documents(Evidence(), {}, lists, in_force)
    done: set[str] = set()
    todo = set(names)
    while todo:
        undoing.gather(connection, todo, found.evidence)
        done |= todo
        _read_rows(found, rereader)
        listed = {name for row in found.rows.values() for name in (row.number, row.voucher)}
        todo = (found.evidence.names | listed) - done - {""}
    return found


def _read_rows(found: Documents, rereader: Rereader) -> None:
    evidence = found.evidence
    for place, row in evidence.rows.items():
        found.rows[place] = list_row(row)
    wanted: defaultdict[int, dict[int, tuple[ListRow, Layout]]] = defaultdict(dict)
    for (import_id, line), seen in evidence.seen.items():
        if (import_id, line) not in found.rows:
            there = evidence.payments[seen.payment_id]
            layout = Layout.from_json(found.lists[there.import_id].layout)
            wanted[import_id][line] = (list_row(there), layout)
    for import_id, same in wanted.items():
        for line, read in rereader.rows(found.lists[import_id], same).items():
            # Which of several alike a row without number is, only the whole list tells.
            alike = read.named_by == _CONTENT
            number = evidence.seen[import_id, line].number if alike else read.number
            found.rows[import_id, line] = read._replace(number=number)


def list_row(row: Row[Any]) -> ListRow:
    """A recorded row as its list had it."""
    return ListRow(
        row.line, row.number, row.named_by, row.voucher, row.day, row.amount_fen, row.status,
        row.wording_id, row.cells,
    )  # fmt: skip


def reconcile(
    connection: Connection, found: Documents, assigner: Assigner, *, at: datetime, by: str
) -> Reconciled:
    """Puts the documents right. Needs the write lock.

    Decisions about conflicts that arise no more lapse.
    """
    decided = undoing.decided(connection, found.evidence.names)
    said_of = {row.wording for row in found.rows.values()}
    said_of.update(id_ for row in decided for id_ in (row.wording_id, row.kept_wording_id))
    said = wordings.load(connection, said_of)
    replayed = replay(_shown(connection, found, said, decided))
    lapsed = [row.id for row in decided if (row.import_id, row.line) not in replayed.decided]
    undoing.lapse(connection, lapsed, at=at, by=by)
    work = _Work(connection, found, said, assigner, at, by)
    done = work.run(replayed)
    done.lapsed = len(lapsed)
    return done


def _shown(
    connection: Connection,
    found: Documents,
    said: dict[int, Wording],
    decided: Sequence[Row[Any]],
) -> Iterable[Shown]:
    by_import: defaultdict[int, list[ListRow]] = defaultdict(list)
    for (import_id, _), row in sorted(found.rows.items()):
        by_import[import_id].append(row)
    rejected = undoing.rejected(connection, found.evidence.names)
    back: defaultdict[int, dict[int, Place]] = defaultdict(dict)
    for place, key in mendings.load(connection).items():
        if place.import_id in by_import or place.import_id in rejected:
            back[place.import_id][place.line] = (key.import_id, key.line)
    decisions_ = _decisions(decided, said)
    for import_id in sorted({*by_import, *rejected}):
        yield Shown(
            import_id,
            _numbered(by_import[import_id], said),
            [Rejected(r.line, r.number, r.content, r.months) for r in rejected.get(import_id, ())],
            back[import_id],
            decisions_[import_id],
            in_force=import_id in found.in_force,
        )


def _decisions(
    decided: Sequence[Row[Any]], said: dict[int, Wording]
) -> defaultdict[int, dict[int, Decision]]:
    """By import and line. What was decided for one version holds against all others."""
    holding: defaultdict[tuple[int, str], list[Content]] = defaultdict(list)
    for row in decided:
        document = holding[row.year, row.number]
        document.append(_content(row.kept_day, row, "kept_", said))
        if row.keep == "new":
            document.append(_content(row.day, row, "", said))
    found: defaultdict[int, dict[int, Decision]] = defaultdict(dict)
    for row in decided:
        contents = holding[row.year, row.number]
        found[row.import_id][row.line] = Decision(row.keep == "new", contents)
    return found


def _content(day: str, row: Row[Any], side: str, said: dict[int, Wording]) -> Content:
    fen, status, wording = (
        getattr(row, f"{side}{name}") for name in ("amount_fen", "status", "wording_id")
    )
    return Content(day, str(fen), status, said[wording].project_code, said[wording].unit_code)


def _numbered(rows: Sequence[ListRow], said: dict[int, Wording]) -> list[Numbered]:
    """The rows of one list with their places in their documents."""
    places: defaultdict[tuple[str, str], int] = defaultdict(int)
    numbered = []
    for row in rows:
        places[row.pay_date[:4], row.number] += 1
        ordinal = 1 if row.named_by == _CONTENT else places[row.pay_date[:4], row.number]
        numbered.append(Numbered(_payment(row, said[row.wording]), row.number, ordinal))
    return numbered


def _payment(row: ListRow, said: Wording) -> Payment:
    """Without the texts that nothing is decided by."""
    return Payment(
        line=row.line,
        application=row.number if row.named_by == "application" else "",
        voucher=row.number if row.named_by == "voucher" else row.voucher,
        pay_date=date.fromisoformat(row.pay_date),
        unit_code=said.unit_code,
        unit_name=said.unit_name,
        project_code=said.project_code,
        project_name=said.project_name,
        amount_fen=row.amount_fen,
        status=Status(row.status),
    )


class _Work:
    """Holds what should be recorded against what is, and changes that."""

    def __init__(
        self,
        connection: Connection,
        found: Documents,
        said: dict[int, Wording],
        assigner: Assigner,
        at: datetime,
        by: str,
    ) -> None:
        self._connection, self._found, self._said = connection, found, said
        self._assigner, self._at, self._by = assigner, at, by
        self._present = {
            (row.import_id, row.line, row.number, row.ordinal): row
            for row in found.evidence.payments.values()
            if not row.undone
        }
        self._seconds: defaultdict[int, dict[int, tuple[str, str]]] = defaultdict(dict)
        for row in undoing.seconds(connection, found.evidence.payments):
            self._seconds[row.payment_id][row.import_id] = (row.meaning, row.number)
        self._conflicts: defaultdict[int, set[Place]] = defaultdict(set)

    def run(self, replayed: Replayed) -> Reconciled:
        for row in self._found.evidence.conflicts.values():
            place = (row.import_id, row.line)
            if place not in replayed.decided:
                self._conflicts[row.payment_id].add(place)
        ids: dict[int, Stand] = {}
        new: list[tuple[Stand, Row[Any] | None]] = []
        for stand in replayed.stands:
            line = stand.line
            key = (stand.import_id, line.payment.line, line.number, line.ordinal)
            there = self._present.pop(key, None)
            if there is not None and self._holds(there, stand):
                ids[there.id] = stand
            else:
                new.append((stand, there))
        gone = [*self._present.values(), *(there for _, there in new if there is not None)]
        done = Reconciled(sorted(row.id for row in gone))
        for batch in batches(done.gone):
            these = table.c.id.in_(batch)
            sums.change(self._connection, sums.negated(sums.of_payments(self._connection, these)))
        payments.take_back(self._connection, done.gone, at=self._at, by=self._by)
        done.came = self._add(new)
        ids.update(zip(done.came, (stand for stand, _ in new), strict=True))
        self._note(ids)
        return done

    def _holds(self, there: Row[Any], stand: Stand) -> bool:
        """Whether nothing that is recorded beside the row would be wrong."""
        conflicting = {(import_id, line.payment.line) for import_id, line in stand.conflicts}
        return (
            self._seconds[there.id].items() <= stand.seconds.items()
            and self._conflicts[there.id] <= conflicting
        )

    def _add(self, new: Sequence[tuple[Stand, Row[Any] | None]]) -> list[int]:
        first = payments.next_id(self._connection)
        added = [self._new(id_, stand) for id_, (stand, _) in enumerate(new, first)]
        payments.add(self._connection, added)
        ids = [each.id for each in added]
        for batch in batches(ids):
            these = table.c.id.in_(batch)
            sums.change(self._connection, sums.of_payments(self._connection, these))
        decided = decisions.of_payments(self._connection, ids)
        decisions.carry(self._connection, decided, at=self._at, cause=self._by)
        return ids

    def _new(self, id_: int, stand: Stand) -> NewPayment:
        row = self._found.rows[stand.import_id, stand.line.payment.line]
        found = self._assign(stand.year, stand.import_id, row)
        return NewPayment(
            id_, stand.import_id, row.line, stand.year, row.number, stand.line.ordinal,
            row.named_by, row.voucher, row.pay_date, row.amount_fen, row.status, row.wording,
            row.cells, *found,
        )  # fmt: skip

    def _assign(self, year: int, import_id: int, row: ListRow) -> Assignment:
        said = self._said[row.wording]
        if not self._assigner.asks_rows(year, said):
            return self._assigner.of(year, said)
        layout = Layout.from_json(self._found.lists[import_id].layout)
        cells = layout.row(said.cells, row.cells)
        purpose, payee = (layout.text(cells, each) for each in (Meaning.PURPOSE, Meaning.PAYEE))
        return self._assigner.of_row(year, said, purpose, payee)

    def _note(self, ids: dict[int, Stand]) -> None:
        """Records the second numbers and conflicts that are not recorded yet."""
        further, contradicting = [], []
        for id_, stand in ids.items():
            for import_id, (meaning, number) in stand.seconds.items():
                if import_id not in self._seconds[id_]:
                    named = {"import_id": import_id, "number": number, "meaning": meaning}
                    further.append(named | {"payment_id": id_, "year": stand.year})
            kept = recorded(id_, stand)
            for import_id, line in stand.conflicts:
                place = (import_id, line.payment.line)
                if place not in self._conflicts[id_]:
                    row = self._found.rows[place]
                    contradicting.append(conflict_row(import_id, line, kept, row))
        payments.add_aliases(self._connection, further)
        conflicts.add(self._connection, contradicting)
