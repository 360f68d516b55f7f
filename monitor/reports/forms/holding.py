"""Holds the cells of a returned 绩效填报表 against what is asked and recorded at present.

Three states of a cell meet: as it went out, as it came back, as it is recorded now. What nobody
touched stays as it is recorded; what was changed on both sides is refused, so that nobody's words
are lost. A later return of the same export by the same person goes before an earlier one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from monitor.domain.calendar import CHINA, day_name
from monitor.domain.entry import Entry, Field, Form, Key
from monitor.domain.likelihood import Likelihood
from monitor.errors import Diagnostic, Kind, Place
from monitor.ingest import form_return_kinds as kinds
from monitor.ingest.form_book import (
    BUDGET,
    EXECUTED,
    TICK,
    WEIGHT,
    Book,
    Line,
    Shown,
    Slot,
    Wants,
    plain,
)
from monitor.ingest.form_return import Content, Given, Returned, round_of
from monitor.ingest.form_values import Unfit, points_below, told, value_of
from monitor.ingest.importing import Incoming


class News(StrEnum):
    """How a cell stands to the record."""

    NEW = "new"
    CHANGED = "changed"
    CLEARED = "cleared"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Compared:
    """A cell that says something, or takes something back. `is_outdated`: the program itself
    holds something else against it now than when the workbook went out."""

    project_code: str
    name: str
    header: str
    before: str
    entry: Entry
    is_outdated: bool = False

    @property
    def key(self) -> Key:
        return self.entry.key

    @property
    def value(self) -> str:
        return self.entry.value

    @property
    def news(self) -> News:
        if self.value == self.before:
            return News.UNCHANGED
        if not self.value:
            return News.CLEARED
        return News.CHANGED if self.before else News.NEW


@dataclass(frozen=True, slots=True)
class _Said:
    """What a line says for one entry: one cell, or several that are ticked."""

    slot: Slot
    header: str
    value: str
    touched: bool
    content: Content
    place: Place


class Holding:
    """Goes through the lines of a workbook and collects what is new and what is wrong."""

    def __init__(
        self,
        returned: Returned,
        now: Book,
        in_force: Mapping[tuple[str, Key], Entry],
        incoming: Incoming,
        author: str,
        folder: Path,
    ) -> None:
        self.returned, self.incoming, self.author = returned, incoming, author
        self.folder = folder
        self.lines = {line.subject: line for line in now.lines}
        self.in_force = in_force
        self.wrong: list[Diagnostic] = []
        self.notes: list[Diagnostic] = []
        self.compared: list[Compared] = []

    def hold(self) -> None:
        for given in self.returned.lines:
            line = self.lines.get(given.subject)
            if line is not None:
                self._line(given, line)
            elif given.touched:
                place = given.places[next(iter(given.open))]
                year = self.returned.round.year
                self.wrong.append(
                    kinds.SUBJECT_GONE.at(place, given.name, name=f"“{given.name}”", year=year)
                )

    def _line(self, given: Given, line: Line) -> None:
        said = self._said(given, line)
        if said is None:
            return
        before = len(self.compared)
        for each in said:
            self._compare(given, line, each)
        news = self.compared[before:]
        if any(each.news is not News.UNCHANGED for each in news):
            self._outdated(given, line)
        if self.returned.round.form is Form.MONITORING:
            self._reasoned(said)
            self._estimated(said, line)

    def _estimated(self, said: Iterable[_Said], line: Line) -> None:
        """A whole year's estimate that is below what is paid, or above the budget."""
        given = next((x for x in said if x.slot.key.field is Field.YEAR_ESTIMATE), None)
        if given is None or not given.value or not given.touched:
            return
        amount, paid, budget = Decimal(given.value), line.cells[EXECUTED], line.cells[BUDGET]
        why = ""
        if isinstance(paid, Decimal) and amount < paid:
            why = f"小于已执行数 {paid:,.2f} 元"
        elif isinstance(budget, Decimal) and amount > budget:
            why = f"大于全年预算数 {budget:,.2f} 元"
        if why:
            words = {"header": "".join(given.header.split()), "said": f"{amount:,.2f}", "why": why}
            self.notes.append(kinds.ESTIMATE_ODD.at(given.place, given.content.text, **words))

    def _said(self, given: Given, line: Line) -> list[_Said] | None:
        """What the open cells say by entry; None where one of them cannot be read."""
        found: dict[Key, _Said] = {}
        before = len(self.wrong)
        weight: str | None = None
        for header, content in given.open.items():
            slot = line.slots.get(header)
            if slot is None:
                continue
            touched, place = header in given.touched, given.places[header]
            try:
                value = value_of(content, points_below(slot, weight), header)
            except Unfit as fault:
                if touched:
                    self.wrong.append(told(fault, content, place))
                continue
            weight = value if header == WEIGHT else weight
            same = found.get(slot.key)
            if same is not None:  # ticks: several cells are one entry
                value = "、".join(filter(None, (same.value, value)))
                touched, place = touched or same.touched, same.place
            found[slot.key] = _Said(slot, header, value, touched, content, place)
        return list(found.values()) if len(self.wrong) == before else None

    def _compare(self, given: Given, line: Line, said: _Said) -> None:
        stored = self.in_force.get((line.project_code, said.slot.key))
        now = stored.value if stored else ""
        header = "原因分类" if said.slot.wants is Wants.TICK else "".join(said.header.split())
        if said.value != now and not said.touched:
            if stored is not None:
                self.notes.append(self._newer(kinds.KEPT_NEWER, said, header, stored))
            return
        if not said.value and not now:
            return
        if said.value != now and self._is_newer(stored, given, line, said):
            assert stored is not None  # noqa: S101 - what is newer is there
            self.wrong.append(self._newer(kinds.NEWER_ENTRY, said, header, stored))
            return
        shown = given.own.get(said.header, "")
        entry = Entry(
            key=said.slot.key,
            value=said.value,
            shown=shown,
            author=self.author,
            at=self.incoming.at,
            actor=self.incoming.actor,
            source=self.incoming.sha256,
        )
        outdated = shown != said.slot.sealed
        self.compared.append(
            Compared(line.project_code, line.name, header, now, entry, is_outdated=outdated)
        )

    def _is_newer(self, stored: Entry | None, given: Given, line: Line, said: _Said) -> bool:
        """Whether what is recorded came after this workbook went out, and not by a return of it."""
        if stored is None:
            return False
        shown = {
            header: _shown(slot, header, stored.value)
            for header, slot in line.slots.items()
            if slot.key == said.slot.key
        }
        return not given.went_out_as(shown) and not self._own_return(stored)

    def _own_return(self, stored: Entry) -> bool:
        """Whether an entry came by an earlier return of this very export, by the same person."""
        source = stored.source
        path = self.folder / source
        if stored.author != self.author or not source or not path.is_file():
            return False
        return round_of(path.read_bytes()) == self.returned.round

    def _newer(self, kind: Kind, said: _Said, header: str, stored: Entry) -> Diagnostic:
        day = day_name(stored.at.astimezone(CHINA).date())
        words = {"header": header, "now": _short(stored.value), "author": stored.author}
        return kind.at(said.place, said.content.text, **words, day=day)

    def _outdated(self, given: Given, line: Line) -> None:
        """Tells which shown cells of a line that brings something are no longer so."""
        for header, content in given.locked.items():
            cell = line.cells.get(header)
            shown = cell.shown if isinstance(cell, Slot) else cell
            if _plain(content) != plain(shown):
                words = {"header": "".join(header.split()), "now": _short(plain(shown)) or "空白"}
                self.notes.append(
                    kinds.FIGURES_MOVED.at(given.places[header], content.text, **words)
                )
        for header in given.open:
            slot = line.slots.get(header)
            if slot is not None and not slot.is_open and header in given.touched:
                words = {"header": "".join(header.split()), "now": plain(slot.closed)}
                self.notes.append(kinds.NOT_ASKED.at(given.places[header], **words))

    def _reasoned(self, said: Iterable[_Said]) -> None:
        """有可能 and 完全不可能 need a reason (domain notes, section 1c)."""
        by_field = {each.slot.key.field: each for each in said}
        likelihood, reason = by_field.get(Field.LIKELIHOOD), by_field.get(Field.REASON)
        if likelihood is None or reason is None or reason.value or not likelihood.value:
            return
        if Likelihood(likelihood.value).needs_reason:
            word = likelihood.value
            self.notes.append(kinds.REASON_MISSING.at(reason.place, word, likelihood=word))


def _shown(slot: Slot, header: str, value: str) -> Shown:
    """How a cell shows an entry's value."""
    if slot.wants is Wants.TICK:
        value = TICK if header in value.split("、") else ""
    return replace(slot, value=value, is_open=True).shown


def _plain(content: Content) -> str:
    """A locked cell as `plain` writes it: a number with two decimals."""
    return plain(content.number) if content.number is not None else plain(content.text)


def _short(text: str, limit: int = 40) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
