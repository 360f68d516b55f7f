"""rules/matching.toml: what ships is the default, and all mistakes come at once."""

from __future__ import annotations

import tomllib

import pytest

from monitor.domain.matchable import MatchSettings
from monitor.errors import ConfigError
from monitor.ingest.match_settings import read_matching
from monitor.ingest.shipped import shipped


def test_the_shipped_file_says_what_holds_without_it() -> None:
    shipped_settings = read_matching(tomllib.loads(shipped("rules/matching.toml")))

    assert shipped_settings == read_matching({}) == MatchSettings()
    assert not shipped_settings.take_slips


def test_the_office_may_take_slips_and_limit_the_candidates() -> None:
    table = {
        "slips": {"one_slip": "take"},
        "candidates": {"most": 3, "least_score": 60},
        "names": {"warn_misfit": False},
    }

    assert read_matching(table) == MatchSettings(True, 3, 60, False)


def test_all_mistakes_come_in_one_message() -> None:
    table = {
        "slip": {},
        "slips": {"one_slip": True, "two": 1},
        "candidates": {"most": 6, "least_score": "30"},
        "names": {"warn_misfit": 1},
    }
    with pytest.raises(ConfigError) as error:
        read_matching(table)

    for said in (
        "不认识 slip；",
        "不认识 slips.two",
        "slips.one_slip 应为",
        "candidates.most 应为 1 至 5",
        "candidates.least_score 应为 0 至 100",
        "names.warn_misfit 应为 true 或 false",
    ):
        assert said in str(error.value)
