"""The head of a project's sheet: unit, money unit, code, name, amounts, purpose and goals."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from monitor.domain.codes import (
    PROJECT_CODE_LENGTH,
    holds,
    is_mangled,
    normalise_code,
    normalise_name,
)
from monitor.domain.money import MoneyUnit, NotAnAmount, parse_fen, yuan
from monitor.errors import Diagnostic
from monitor.ingest import target_kinds as kinds
from monitor.ingest.document import Cell, joined, prose, quoted, says_nothing
from monitor.ingest.goal_text import goals_of, skips_a_number
from monitor.ingest.labels import Labels
from monitor.ingest.plan_text import checkpoint_month
from monitor.ingest.target_fields import MONEY_UNIT, NAMES, Fields

_MONEY_IN_LABEL = re.compile(r"\((?:单位:)?(元|千元|万元)\)$")
_UNIT_LABEL = re.compile(
    r"^(?:(?:预算|填报|编制)?单位(?:名称|编码|代码)?|(?:主管)?部门)(?:[:：]|(?=[\s\d\[(（【])|$)\s*"
)
_UNIT = re.compile(r"[\[(（【]?(\d{6})(?!\d)[\])）】]?[-－—_:：、\s]*(.*)")
_YEAR = re.compile(r"[(（]?\s*20\d\d\s*年度?\s*[)）]?")
_SHARE = re.compile(r"[\d.]+%")


@dataclass(frozen=True, slots=True)
class Amounts:
    """In fen; None where the cell is blank, or there is none, or it is an error."""

    budget: int | None = None
    fiscal: int | None = None
    other: int | None = None


def money_units(text: str) -> set[str]:
    """The money units that a text states, such as `单位：万元`."""
    return {"".join(unit.split()) for unit in MONEY_UNIT.findall(joined(text))}


class Head:
    """Reads a sheet's head, one method a field; `diagnostics` gathers what is found."""

    def __init__(self, fields: Fields, labels: Labels) -> None:
        self._fields, self._labels = fields, labels
        self.diagnostics: list[Diagnostic] = []

    def unit(self) -> tuple[str, str]:
        """Code (6 digits) and name of the unit; the name as written, department run in or not.

        The name may stand in a cell of its own, right after that of the code.
        """
        found: list[tuple[str, str]] = []
        after_code = False
        cells = self._unit_cells()
        for cell in cells:
            text = _UNIT_LABEL.sub("", joined(MONEY_UNIT.sub("", cell.text)).strip(), count=1)
            if match := _UNIT.fullmatch(text):
                found.append((normalise_code(match[1]), match[2].strip()))
                after_code = not match[2].strip()
            elif text and after_code:
                found[-1] = (found[-1][0], text)
                after_code = False
            elif text and cell not in self._fields.stated("unit") and not _YEAR.fullmatch(text):
                self._add(kinds.TEXT_UNPLACED.at(cell.place, text))
        if len(set(found)) == 1 and found[0][1]:
            return found[0]
        if not found and (named := self._fields.stated("unit")):
            name = joined(named[0].text)
            self._add(kinds.UNIT_CODE_MISSING.at(named[0].place, quoted(cells), name=name))
            return "", name
        self._add(kinds.UNIT_UNKNOWN.at(self._fields.sheet.place, quoted(self._head_cells())))
        return "", ""

    def money_unit(self, of_all: frozenset[str] = frozenset()) -> MoneyUnit | None:
        """The unit that the head or the labels of the amounts state; nothing is assumed.

        `of_all` is what the document states once, before its first sheet: it holds for the
        sheets that state none.
        """
        stated: set[str] = set()
        for cell in self._head_cells():
            stated |= money_units(cell.text)
        for key in ("scale", "budget", "fiscal", "other"):
            label = self._fields.labels.get(key)
            found = _MONEY_IN_LABEL.search(normalise_name(label.text)) if label else None
            stated |= {found[1]} if found else set()
        stated = stated or set(of_all)
        if len(stated) == 1 and stated <= {unit.value for unit in MoneyUnit}:
            return MoneyUnit(stated.pop())
        place, text = self._fields.sheet.place, quoted(self._head_cells())
        if len(stated) > 1:
            self._add(kinds.MONEY_UNIT_TWICE.at(place, text, units="、".join(sorted(stated))))
        else:
            self._add(kinds.MONEY_UNIT_MISSING.at(place, text))
        return None

    def code(self) -> str:
        text = self._value("code")
        code = normalise_code(text)
        cell = self._first("code")
        if cell is None or says_nothing(code):
            return ""
        if is_mangled(text):
            self._add(kinds.CODE_MANGLED.at(cell.place, text))
        elif len(code) != PROJECT_CODE_LENGTH:
            self._add(kinds.CODE_LENGTH.at(cell.place, text, length=len(code)))
        elif not holds(code):
            self._add(kinds.CODE_CHECK.at(cell.place, text))
        return code

    def name(self) -> str:
        """The name; a line of its own that is a label shows a cell that lost its tab."""
        name, cell = self._value("name"), self._first("name")
        lines = cell.text.split("\n")[1:] if cell else ()
        if cell and any(map(self._labels.field, lines)):
            self._add(kinds.VALUE_UNCLEAR.at(cell.place, cell.text, field=NAMES["name"]))
        return name

    def amounts(self, unit: MoneyUnit) -> Amounts:
        """Budget, fiscal and other funds. 其他资金 is often blank; the budget should not be."""
        amounts = Amounts(*(self._amount(key, unit) for key in ("budget", "fiscal", "other")))
        self._check_sum(amounts)
        return amounts

    def purpose(self) -> str:
        cells = self._fields.stated("purpose")
        if not cells:
            self._add(self._blank("purpose"))
        self._check_text("purpose", cells)
        return prose("\n".join(cell.text for cell in cells))

    def goals(self) -> tuple[str, ...]:
        """Each line is a goal, without the number that it begins with."""
        cells = self._fields.stated("goals")
        self._check_text("goals", cells)
        lines = [line for cell in cells for line in cell.text.split("\n")]
        found = goals_of(lines)
        if not found:
            self._add(self._blank("goals"))
        if skips_a_number(lines):
            self._add(kinds.GOALS_GAP.at(cells[0].place, quoted(tuple(cells))))
        if twice := [goal for goal, count in Counter(found).items() if count > 1]:
            self._add(kinds.GOALS_TWICE.at(cells[0].place, twice[0]))
        return found

    def _amount(self, key: str, unit: MoneyUnit) -> int | None:
        if not self._fields.has(key):
            missing = self._missing if key == "budget" else self._no_column
            self._add(missing(key))
            return None
        text = self._value(key, may_be_blank=key != "budget")
        cell = self._first(key)
        if cell is None or says_nothing(text):
            return None
        try:
            fen = parse_fen(text, unit)
        except NotAnAmount as fault:
            self._add(
                kinds.AMOUNT_UNREADABLE.at(cell.place, text, field=NAMES[key], reason=fault.reason)
            )
            return None
        if fen < 0:
            self._add(kinds.AMOUNT_NEGATIVE.at(cell.place, text, field=NAMES[key]))
        return fen

    def _check_sum(self, amounts: Amounts) -> None:
        """A blank fiscal amount is told where the other funds do not make the whole budget."""
        if amounts.budget is None:
            return
        if amounts.fiscal is None:
            if self._fields.has("fiscal") and amounts.budget != (amounts.other or 0):
                self._add(self._blank("fiscal"))
            return
        if amounts.budget == amounts.fiscal + (amounts.other or 0):
            return
        other = "（空白）" if amounts.other is None else f" {yuan(amounts.other)} 元"
        budget, fiscal = yuan(amounts.budget), yuan(amounts.fiscal)
        place = self._fields.labels["budget"].place
        self._add(kinds.BUDGET_SUM.at(place, budget=budget, fiscal=fiscal, other=other))

    def _value(self, key: str, *, may_be_blank: bool = False) -> str:
        """The text of a field; a missing label and an unclear or blank value are noted."""
        if not self._fields.has(key):
            self._add(self._missing(key))
            return ""
        text, found = self._fields.value(key)
        self.diagnostics += found
        if says_nothing(text) and not found and not may_be_blank:
            kind = kinds.VALUE_BLANK if key == "budget" else kinds.KEY_BLANK
            self._add(kind.at(self._fields.labels[key].place, field=NAMES[key]))
        return text

    def _first(self, key: str) -> Cell | None:
        return next(iter(self._fields.stated(key)), None)

    def _head_cells(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self._fields.head if not cell.is_blank)

    def _unit_cells(self) -> tuple[Cell, ...]:
        """The cells that may name the unit; its department only where nothing else does."""
        own = (*self._head_cells(), *self._fields.stated("unit"))
        if any(MONEY_UNIT.sub("", cell.text).strip() for cell in own):
            return own
        return (*own, *self._fields.stated("department"))

    def _check_text(self, key: str, cells: list[Cell]) -> None:
        """A line that begins with a tab makes a cell of its own: the parts are put together."""
        if len(cells) > 1 or any(map(self._is_stray, cells)):
            kind = kinds.VALUE_UNCLEAR if any(map(self._is_stray, cells)) else kinds.TEXT_IN_PARTS
            self._add(kind.at(cells[0].place, quoted(tuple(cells)), field=NAMES[key]))

    def _is_stray(self, cell: Cell) -> bool:
        """Whether the text is of another field: a checkpoint, a share, a header, a level."""
        text = cell.text
        return (
            checkpoint_month(text) is not None
            or _SHARE.fullmatch(normalise_name(text)) is not None
            or self._labels.column(text) is not None
            or (normalise_name(text).endswith("指标") and bool(self._labels.level_of(text)))
        )

    def _missing(self, key: str) -> Diagnostic:
        return kinds.LABEL_MISSING.at(self._fields.sheet.place, field=NAMES[key])

    def _no_column(self, key: str) -> Diagnostic:
        return kinds.COLUMN_MISSING.at(self._fields.sheet.place, field=NAMES[key])

    def _blank(self, key: str) -> Diagnostic:
        label = self._fields.labels.get(key)
        place = label.place if label else self._fields.sheet.place
        return kinds.VALUE_BLANK.at(place, field=NAMES[key])

    def _add(self, diagnostic: Diagnostic) -> None:
        self.diagnostics.append(diagnostic)
