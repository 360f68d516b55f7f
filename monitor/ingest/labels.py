"""What the labels of a target document are called, with synonyms: rules/labels.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from monitor.domain.codes import normalise_name
from monitor.errors import ConfigError
from monitor.ingest.shipped import shipped

_REQUIRED: Mapping[str, tuple[str, ...]] = {
    "parts": ("one", "two", "heading_endings"),
    "sections": ("overall", "itemised", "safeguards"),
    "fields": (
        *("code", "name", "scale", "budget", "fiscal", "other", "purpose", "plan"),
        *("goals", "unit", "department", "schedule", "unkept"),
    ),
    "columns": (
        *("level1", "level2", "level3", "description", "target", "basis"),
        *("weight", "nature", "measure", "other"),
    ),
    "levels": ("level1", "level2"),
}
_MAY_SHARE = ("levels", "parts")
"""Tables where one spelling may stand under two keys: 成本 is of both levels."""

_END_OF_LABEL = re.compile(r"\([^()]*\)$")


@dataclass(frozen=True, slots=True)
class Labels:
    """Spellings of labels, normalised by `plain_label`, and what each of them means.

    `sections`, `fields` and `columns` map a spelling to its meaning, the key in labels.toml.
    """

    part_one: frozenset[str]
    part_two: frozenset[str]
    heading_endings: tuple[str, ...]
    sections: Mapping[str, str]
    fields: Mapping[str, str]
    columns: Mapping[str, str]
    level1: frozenset[str]
    level2: frozenset[str]

    @classmethod
    def from_toml(cls, table: Mapping[str, object]) -> Labels:
        """Labels as in labels.toml. Raises ConfigError with all that is wrong in it."""
        faults = list(_faults(table))
        if faults:
            raise ConfigError("rules/labels.toml 有误：" + "；".join(faults) + "。")
        lists = {
            name: {key: _spellings(table, name, key) for key in _REQUIRED[name]}
            for name in _REQUIRED
        }
        meanings = {name: _by_spelling(lists[name]) for name in ("sections", "fields", "columns")}
        return cls(
            part_one=frozenset(lists["parts"]["one"]),
            part_two=frozenset(lists["parts"]["two"]),
            heading_endings=lists["parts"]["heading_endings"],
            **meanings,
            level1=frozenset(lists["levels"]["level1"]),
            level2=frozenset(lists["levels"]["level2"]),
        )

    def field(self, text: str) -> str | None:
        """The field that a cell's text is the label of."""
        return self.fields.get(plain_label(text))

    def column(self, text: str) -> str | None:
        """The indicator column that a cell's text is the header of."""
        return self.columns.get(plain_label(text))

    def level_of(self, text: str) -> frozenset[int]:
        """The levels, 1 or 2, among whose usual names `text` is; none for another name."""
        name = plain_label(text).removesuffix("指标")
        levels = ((1, self.level1), (2, self.level2))
        return frozenset(level for level, names in levels if name in names)


@cache
def default_labels() -> Labels:
    """The labels that come with the program."""
    return Labels.from_toml(tomllib.loads(shipped("rules/labels.toml")))


def plain_label(text: str) -> str:
    """A label for comparing: no blanks, half-width, no colon or parenthesis at its end."""
    return _END_OF_LABEL.sub("", normalise_name(text)).rstrip(":")


def _spellings(table: Mapping[str, object], name: str, key: str) -> tuple[str, ...]:
    part = table[name]
    spellings = part[key] if isinstance(part, Mapping) else ()
    return tuple(plain_label(each) for each in spellings)


def _by_spelling(lists: Mapping[str, Iterable[str]]) -> dict[str, str]:
    return {spelling: key for key, spellings in lists.items() for spelling in spellings}


def _faults(table: Mapping[str, object]) -> Iterable[str]:
    yield from (f"没有名为 [{name}] 的表" for name in table if name not in _REQUIRED)
    for name, keys in _REQUIRED.items():
        part = table.get(name)
        if not isinstance(part, Mapping):
            yield f"缺少 [{name}]"
            continue
        yield from (f"[{name}] 中的 {key} 不是已知的键" for key in part if key not in keys)
        yield from (
            f"[{name}] 的 {key} 应为一列非空文字" for key in keys if not _is_list(part.get(key))
        )
        if name not in _MAY_SHARE:
            yield from _shared(name, part)


def _is_list(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) > 0
        and all(isinstance(each, str) and plain_label(each) for each in value)
    )


def _shared(name: str, part: Mapping[str, object]) -> Iterable[str]:
    seen: dict[str, str] = {}
    for key, value in part.items():
        for spelling in value if isinstance(value, list) else ():
            if seen.setdefault(plain_label(str(spelling)), key) != key:
                yield f"[{name}] 的“{spelling}”同时属于 {seen[plain_label(str(spelling))]} 和 {key}"
