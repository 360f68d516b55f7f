"""Finding recorded projects: by a piece of text, or one by its code."""

from __future__ import annotations

import unicodedata

from rapidfuzz import fuzz, process
from sqlalchemy import Connection

from monitor.domain.codes import normalise_code
from monitor.domain.target import Project
from monitor.errors import NotFound
from monitor.store import imports, projects
from monitor.store.imports import Import
from monitor.store.projects import Stored

_NEAR = 5
_LEAST_LIKENESS = 70


def mentions(project: Project, text: str) -> bool:
    """Whether its name, code, unit or purpose has `text`; case, width and blanks do not count."""
    fields = (
        *(project.project_name, project.project_code, project.unit_name),
        *(project.unit_code, project.purpose),
    )
    return any(_plain(text) in _plain(field) for field in fields)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def one_project(
    connection: Connection, code: str, *, year: int | None
) -> tuple[Stored, tuple[int, ...]]:
    """The project of this code, of `year` or its latest, and the other years that have it.

    Raises NotFound, with projects whose code or name is near.
    """
    wanted = normalise_code(code)
    found = projects.load(connection, project_code=wanted)
    chosen = [each for each in found if year in (None, each.project.year)]
    if not chosen:
        years = tuple(each.project.year for each in found)
        raise NotFound(*_missing(connection, code, wanted, year, years))
    latest = max(chosen, key=lambda each: each.project.year)
    others = (each.project.year for each in found if each is not latest)
    return latest, tuple(others) if year is None else ()


def _missing(
    connection: Connection, code: str, wanted: str, year: int | None, years: tuple[int, ...]
) -> tuple[str, str]:
    if years:
        there = "、".join(map(str, years))
        return f"{year} 年没有项目 {wanted}。", f"这个编码在 {there} 年有记录。"
    known = {each.project.project_code: each.project for each in projects.load(connection)}
    near = [
        found for found, *_ in process.extract(
            wanted, list(known), scorer=fuzz.ratio, score_cutoff=_LEAST_LIKENESS, limit=_NEAR
        )
    ]  # fmt: skip
    near += [each for each in known if mentions(known[each], code) and each not in near]
    if not near:
        return f"没有项目 {code}。", "项目编码可用 monitor targets list 查。"
    listed = "；".join(f"{each} {known[each].project_name}" for each in near[:_NEAR])
    return f"没有项目 {code}。", f"相近的有：{listed}。"


def landing_of(connection: Connection, stored: Stored) -> Import:
    """The import that a project's record came by."""
    return next(each for each in imports.load(connection) if each.id == stored.import_id)
