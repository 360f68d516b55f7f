"""The budget year of a target document: given, or what its project codes agree on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.domain.codes import code_year
from monitor.errors import Diagnostic, Place
from monitor.ingest import target_kinds as kinds

CodeAt = tuple[str, Place]
"""A project code and where it stands."""


@dataclass(frozen=True, slots=True)
class Year:
    """The year, None where it cannot be known, and in Chinese where it came from."""

    year: int | None
    source: str
    diagnostics: tuple[Diagnostic, ...]


def decide_year(codes: Sequence[CodeAt], given: int | None, file: str) -> Year:
    """The given year; else the latest year of the codes, if more than half of them carry it.

    A code's year is the project's first: continuing projects carry older ones (domain.md 4).
    """
    if given is not None:
        return Year(given, "由 --year 指定", tuple(_later(codes, given)))
    years = Counter(year for code, _ in codes if (year := code_year(code)) is not None)
    latest = max(years, default=None)
    if latest is None or 2 * years[latest] <= len(codes):
        question = kinds.YEAR_UNKNOWN.at(Place(file), codes=_spread(years, len(codes)))
        return Year(None, "", (question,))
    evidence = f"{len(codes)} 个项目编码中 {years[latest]} 个为 {latest}"
    others = [
        f"{code}（{code_year(code) or '无年份'}）" for code, _ in codes if code_year(code) != latest
    ]
    if others:
        evidence += "；其余：" + "、".join(others)
    found = kinds.YEAR_INFERRED.at(Place(file), year=latest, evidence=evidence)
    return Year(latest, f"由项目编码推定（{evidence}）", (found,))


def _later(codes: Iterable[CodeAt], given: int) -> Iterable[Diagnostic]:
    for code, place in codes:
        year = code_year(code)
        if year is not None and year > given:
            yield kinds.CODE_LATER_THAN_YEAR.at(place, code, code_year=year, year=given)


def _spread(years: Counter[int], codes: int) -> str:
    """`12 个项目编码中，2021 年 6 个、2022 年 6 个`."""
    if not years:
        return "项目编码中没有可用的年份"
    listed = "、".join(f"{year} 年 {count} 个" for year, count in sorted(years.items()))
    unread = codes - years.total()
    return f"{codes} 个项目编码中，{listed}" + (f"、无年份 {unread} 个" if unread else "")
