"""A target document recognised: its projects, its first part, its year, and what is wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from monitor.domain.codes import normalise_code
from monitor.domain.target import (
    Indicator,
    OverallGoals,
    PlanPoint,
    Project,
    TargetDocument,
    in_year,
)
from monitor.errors import Diagnostic, Place, has_errors
from monitor.ingest import target_kinds as kinds
from monitor.ingest.document import Document, Paragraph, joined, prose
from monitor.ingest.indicator_table import read_indicators
from monitor.ingest.labels import Labels
from monitor.ingest.overall_goals import joined_goals, read_goals
from monitor.ingest.page_marks import doubtful
from monitor.ingest.plan_text import read_plan, unlike_others
from monitor.ingest.target_checks import oddities, stated_total, unlike_total
from monitor.ingest.target_fields import Fields, read_fields
from monitor.ingest.target_sheets import Item, gaps, split
from monitor.ingest.target_table import Head, money_units
from monitor.ingest.target_year import decide_year


@dataclass(frozen=True, slots=True)
class Reading:
    """A document as far as it can be read for sure, and all that was found in it, by line.

    `document` is None where nothing can be: no sheets, or no year. Projects with an error
    are not in it; `codes` has the codes of all sheets, theirs too.
    """

    document: TargetDocument | None
    diagnostics: tuple[Diagnostic, ...]
    codes: frozenset[str] = frozenset()


def recognise(document: Document, *, year: int | None, labels: Labels) -> Reading:
    """The target document in a neutral document. `year` is the budget year, if it is known."""
    front, sheets = split(document, labels)
    if not sheets:
        return Reading(None, (kinds.NO_PROJECTS.at(Place(document.file)),))
    forms = [read_fields(sheet, labels) for sheet in sheets]
    goals, diagnostics = _goals(front, forms, labels, document.file)
    diagnostics += gaps(sheets)
    diagnostics += doubtful(sheet.continued for sheet in sheets)
    coded = [(form, *code) for form in forms if (code := _code(form))]
    decided = decide_year([(code, place) for _, code, place in coded], year, document.file)
    diagnostics += decided.diagnostics
    twice, found = _repeated(coded)
    diagnostics += found
    of_all = _units_of_all(front)
    projects = []
    for form in forms:  # without a year too: all that is wrong is said at once
        project, found = _project(form, decided.year or 0, labels, of_all)
        diagnostics += found
        if project and project.project_code not in twice and not has_errors(found):
            projects.append(project)
    diagnostics += unlike_others((each.place, each.plan) for each in projects)
    diagnostics += oddities(projects)
    if len(projects) == len(sheets):
        diagnostics += unlike_total(projects, [*front, *(p for s in sheets for p in s.rest)])
    in_order = tuple(sorted(diagnostics, key=lambda each: each.place.line or 0))
    if decided.year is None:
        return Reading(None, in_order)
    recognised = TargetDocument(document.file, decided.year, decided.source, goals, tuple(projects))
    return Reading(recognised, in_order, frozenset(code for _, code, _ in coded))


def _units_of_all(front: Sequence[Item]) -> frozenset[str]:
    """The money units that stand before the first sheet."""
    found: set[str] = set()
    for item in front:
        for each in (item,) if isinstance(item, Paragraph) else item:
            found |= money_units(each.text)
    return frozenset(found)


def _goals(
    front: Sequence[Item], forms: Sequence[Fields], labels: Labels, file: str
) -> tuple[OverallGoals, list[Diagnostic]]:
    """The document's first part; those of several units are one, each with its unit's name."""
    fronts = [(front, 0), *((form.sheet.after, i + 1) for i, form in enumerate(forms))]
    parts, diagnostics = [], []
    for items, i in fronts:
        if i and not items:
            continue
        goals, found = read_goals(items, labels, file)
        unit = "".join(Head(forms[i], labels).unit()) if i < len(forms) else ""
        parts.append((unit, goals))
        diagnostics += found
    return joined_goals(parts), diagnostics


_SHOWN = 5
"""Lines that a message names at most."""

Coded = tuple[Fields, str, Place]


def _code(form: Fields) -> tuple[str, Place] | None:
    stated = form.stated("code")
    return (normalise_code(stated[0].text), stated[0].place) if stated else None


def _repeated(coded: Iterable[Coded]) -> tuple[set[str], list[Diagnostic]]:
    """Codes that stand in several sheets, and an error at each: which one holds is unknown."""
    places: dict[str, list[Place]] = defaultdict(list)
    for _, code, place in coded:
        places[code].append(place)
    found = []
    for code, at in places.items():
        lines = "、".join(place.spot for place in at[:_SHOWN]) + "……" * (len(at) > _SHOWN)
        if len(at) > 1:
            found += [kinds.CODE_TWICE.at(each, code, count=len(at), lines=lines) for each in at]
    return {code for code, at in places.items() if len(at) > 1}, found


def _project(
    form: Fields, year: int, labels: Labels, of_all: frozenset[str]
) -> tuple[Project | None, list[Diagnostic]]:
    """The project of a sheet and what is wrong with it; None without a money unit."""
    head = Head(form, labels)
    unit_code, unit_name = head.unit()
    money_unit = head.money_unit(of_all)
    plan, found_in_plan = _plan(form)
    indicators, found_in_indicators = _indicators(form, labels)
    project = None
    code, name = head.code(), head.name()
    purpose, goals = head.purpose(), head.goals()
    if money_unit is not None:
        amounts = head.amounts(money_unit)
        project = Project(
            year=year,
            unit_code=unit_code,
            unit_name=unit_name,
            project_code=code,
            project_name=name,
            money_unit=money_unit,
            budget_fen=amounts.budget,
            fiscal_fen=amounts.fiscal,
            other_fen=amounts.other,
            purpose=purpose,
            plan=plan,
            goals=goals,
            indicators=tuple(in_year(each, year) for each in indicators),
            place=form.sheet.place,
        )
    return project, [
        *form.diagnostics,
        *head.diagnostics,
        *found_in_plan,
        *found_in_indicators,
        *_at_the_end(form),
    ]


def _plan(form: Fields) -> tuple[tuple[PlanPoint, ...], list[Diagnostic]]:
    key = "plan" if form.has("plan") else "schedule"
    if not form.has(key):
        return (), [kinds.PLAN_MISSING.at(form.sheet.place)]
    plan, found = read_plan(form.cells[key], form.labels[key])
    if key == "plan" and form.stated("schedule"):
        label = form.labels["schedule"]
        found.append(kinds.COLUMNS_UNKEPT.at(label.place, columns=f"“{joined(label.text)}”"))
    return plan, found


def _indicators(form: Fields, labels: Labels) -> tuple[tuple[Indicator, ...], list[Diagnostic]]:
    if not form.indicators:
        return (), [kinds.INDICATORS_MISSING.at(form.sheet.place)]
    return read_indicators(form.indicators, labels)


def _at_the_end(form: Fields) -> Iterator[Diagnostic]:
    """What is missing at the sheet's end, and text under no field: before 预算数, at the end."""
    if not form.has("goals") and not form.indicators:
        yield kinds.SHEET_CUT.at(form.sheet.place)
    for cell in form.stated("scale"):
        yield kinds.TEXT_UNPLACED.at(cell.place, cell.text)
    rest = [each for each in form.sheet.rest if stated_total(each.text) is None]
    if rest:
        text = " ".join(prose(each.text) for each in rest)
        yield kinds.TEXT_UNPLACED.at(rest[0].place, text)
