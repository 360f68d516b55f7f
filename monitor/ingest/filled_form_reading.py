"""Filled self-assessment forms out of a document (.docx, .xlsx, .txt and the like).

Tolerant of layouts (domain notes, 1a and 1b): what a row is, its labels say, whatever the order
of the columns, one table or two, one form in the file or many.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from monitor.domain import form_kinds as kinds
from monitor.domain.filled_form import FilledForm, squeezed
from monitor.domain.form_check import check
from monitor.domain.scoring_rules import ScoringRules
from monitor.errors import Diagnostic, InputError, Place
from monitor.ingest.document import Document
from monitor.ingest.filled_form_labels import is_title
from monitor.ingest.filled_form_parts import FormReading
from monitor.ingest.filled_form_rows import lines
from monitor.ingest.readers import kinds as file_kinds
from monitor.ingest.target_reading import read_document

RulesFor = Callable[[int, str], ScoringRules]
"""Year and unit code → the rule set in force."""
_UNIT_CODE = re.compile(r"\d{6}(?!\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class FormsRead:
    """The forms of a file, and what could not be read of it."""

    forms: tuple[FilledForm, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """A file's forms, and everything that is wrong with each, in the order of the file."""

    file: str
    forms: tuple[FilledForm, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()


def read_forms(data: bytes, file: str) -> FormsRead:
    """The self-assessment forms in a file. A file that cannot be read gives the reason."""
    try:
        document = read_document(data, file)
    except InputError as error:
        found = file_kinds.NOT_A_DOCUMENT.at(Place(file), why=error.problem)
        return FormsRead((), error.diagnostics or (found,))
    return recognise(document)


def check_forms(data: bytes, file: str, rules: RulesFor, *, year: int) -> Checked:
    """Reads a file's forms and checks each by the rule set of its year and unit.

    `year` is that of forms that name none.
    """
    read = read_forms(data, file)
    found = list(read.diagnostics)
    for form in read.forms:
        found += check(form, rules(form.year or year, unit_code_of(form)))
    return Checked(file, read.forms, tuple(found))


def unit_code_of(form: FilledForm) -> str:
    """The six digits before the name in 实施单位, as in `219001-XX人民政府`; "" without them."""
    found = _UNIT_CODE.match(squeezed(form.unit.text)) if form.unit else None
    return found[0] if found else ""


def recognise(document: Document) -> FormsRead:
    """The forms of a document that is read already."""
    readings: list[FormReading] = []
    for line in lines(document):
        text = line.cells[0].text
        titled = line.is_text and is_title(text)
        begins = titled or "项目名称" in line.labels[:2]
        if not readings or (begins and readings[-1].is_over):
            readings.append(FormReading(line.place, readings[-1].year if readings else None))
        readings[-1].take(line)
    whole = [each for each in readings if each.is_form]
    if not whole:
        return FormsRead((), (kinds.NO_FORM.at(Place(document.file)),))
    wrong = tuple(each for reading in whole for each in reading.diagnostics)
    return FormsRead(tuple(each.form() for each in whole), wrong)
