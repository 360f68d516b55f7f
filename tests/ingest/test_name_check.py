"""A name that cannot mean the project whose code stands beside it."""

from __future__ import annotations

from monitor.domain.matchable import Known
from monitor.domain.payment import Wording
from monitor.errors import Place
from monitor.ingest.assigning import UNMATCHED, Assignment
from monitor.ingest.name_check import misfits

PROJECT = Known(7, 2025, "434001", "某办公室", "P1", "热线服务")


def said(name: str) -> Wording:
    return Wording("434001", "某办公室", "P1", name)


def test_only_a_name_that_fits_nowhere_is_told() -> None:
    by_code = Assignment(7, "code")
    found = [
        (1, said("热线服务项目"), by_code),
        (2, said("2025年热线服务（第二批）"), by_code),
        (3, said(""), by_code),
        (4, said("校舍屋顶防水"), by_code),
        (5, said("校舍屋顶防水"), Assignment(7, "manual")),
        (6, said("校舍屋顶防水"), UNMATCHED),
    ]

    [only] = misfits(found, {7: PROJECT})

    assert (only.key, only.project) == (4, PROJECT)
    told = only.diagnostic(Place("三月.csv", 5), "第 5 行，共 1 行")
    assert told.id == "P114"
    assert "“热线服务”" in str(told)
    assert "校舍屋顶防水" in str(told)


def test_a_project_of_another_year_is_no_question() -> None:
    assert misfits([(1, said("校舍屋顶防水"), Assignment(9, "code"))], {7: PROJECT}) == []
