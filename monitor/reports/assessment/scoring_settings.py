"""Reads rules/scoring/*.toml: the rule sets for self-assessments, and who uses which when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.domain.scoring_rules import ScoringRules
from monitor.errors import ConfigError
from monitor.reports.assessment.scoring_reader import RuleReader

CHOICE = "choose"
FOLDER = "rules/scoring"
STANDARD = "national-2020"
SHIPPED = (CHOICE, STANDARD, "national-2021", "local")
"""The files of rules/scoring that come with the program, without their suffix."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Who uses a rule set: projects of these years and units. None and () are no limit."""

    key: str
    from_year: int | None = None
    to_year: int | None = None
    units: tuple[str, ...] = ()

    def fits(self, year: int, unit_code: str) -> bool:
        return (
            (self.from_year is None or year >= self.from_year)
            and (self.to_year is None or year <= self.to_year)
            and (not self.units or unit_code.startswith(self.units))
        )


@dataclass(frozen=True, slots=True)
class ScoringBook:
    """All rule sets of a workspace, and which is used when."""

    sets: Mapping[str, ScoringRules]
    default: str
    choices: tuple[Choice, ...] = ()

    def of(self, year: int, unit_code: str) -> ScoringRules:
        """The rule set for the projects of a unit in a budget year: the first choice that fits."""
        keys = (each.key for each in self.choices if each.fits(year, unit_code))
        return self.sets[next(keys, self.default)]


def read_scoring(tables: Mapping[str, Mapping[str, object]]) -> ScoringBook:
    """The book of the parsed files of rules/scoring, by their names without `.toml`.

    Raises ConfigError that lists all mistakes of all files, each with its file and key.
    """
    mistakes: list[str] = []
    sets = {}
    for key, table in sorted(tables.items()):
        if key != CHOICE:
            reader = RuleReader(f"{FOLDER}/{key}.toml", mistakes)
            sets[key] = reader.rules(key, table)
    book = _book(tables.get(CHOICE, {}), sets, mistakes)
    if mistakes:
        raise ConfigError("；".join(mistakes) + "。", "请改正后重试。")
    return book


def _book(
    table: Mapping[str, object], sets: Mapping[str, ScoringRules], mistakes: list[str]
) -> ScoringBook:
    reader = RuleReader(f"{FOLDER}/{CHOICE}.toml", mistakes)
    reader.no_others(table, "", ("default", "choose"))
    default = _one_of_the_sets(reader, table, "default", sets)
    listed = table.get("choose", [])
    if not isinstance(listed, list):
        reader.say("choose 应写成 [[choose]]，每条一节")
        listed = []
    choices = [_choice(reader, each, i, sets) for i, each in enumerate(listed, 1)]
    return ScoringBook(sets, default, tuple(choices))


def _one_of_the_sets(
    reader: RuleReader,
    table: Mapping[str, object],
    key: str,
    sets: Mapping[str, ScoringRules],
    of: str = "",
) -> str:
    value = table.get(key)
    if isinstance(value, str) and value in sets:
        return value
    reader.say(f"{of}{key} 应为规则集的代号之一：{'、'.join(sets)}")
    return next(iter(sets), "")


def _choice(
    reader: RuleReader, table: object, number: int, sets: Mapping[str, ScoringRules]
) -> Choice:
    of = f"第 {number} 条 choose."
    if not isinstance(table, Mapping):
        reader.say("choose 应写成 [[choose]]，每条一节")
        return Choice("")
    reader.no_others(table, of, ("set", "from_year", "to_year", "units"))
    first, last = (_year(reader, table, key, of) for key in ("from_year", "to_year"))
    if first and last and first > last:
        reader.say(f"{of}from_year 不应晚于 to_year")
    units = table.get("units", [])
    known: list[object] = units if isinstance(units, list) else [None]
    prefixes = tuple(each for each in known if isinstance(each, str) and each.isalnum())
    if len(prefixes) < len(known):
        reader.say(f'{of}units 应为单位编码的一列，如 ["430", "219001"]')
    key = _one_of_the_sets(reader, table, "set", sets, of)
    return Choice(key, first, last, prefixes)


def _year(reader: RuleReader, table: Mapping[str, object], key: str, of: str) -> int | None:
    year = table.get(key)
    if year is None or (type(year) is int and 2000 <= year <= 2099):
        return year
    reader.say(f"{of}{key} 应为四位数的年度")
    return None
