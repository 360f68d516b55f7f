"""Reads rules/advice.toml: what a reviewer would say of the indicators."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from monitor.domain.advice import AdviceRules
from monitor.errors import ConfigError
from monitor.ingest.shipped import shipped

_KEYS = {
    "payment": ("words", "paid", "exceptions"),
    "vague": ("words",),
    "survey": ("words",),
    "same": ("ignored", "least"),
    "copied": ("least",),
}
_LEVELS = ("数量", "质量", "时效", "成本", "经济", "社会", "生态", "可持续", "满意度")
_MOST = 1_000


def read_advice(table: Mapping[str, object]) -> AdviceRules:
    """The rules of a parsed advice.toml. Raises ConfigError that lists all its mistakes."""
    reader = _Reader(table)
    rules = AdviceRules(
        payment=reader.words("payment", "words"),
        paid=reader.words("payment", "paid"),
        payment_exceptions=reader.words("payment", "exceptions"),
        vague=reader.words("vague", "words"),
        survey=reader.words("survey", "words"),
        level2=tuple(
            (name, reader.words("level2", name)) for name in _LEVELS if reader.names("level2", name)
        ),
        ignored=reader.words("same", "ignored"),
        same_least=reader.whole("same", "least"),
        copied_least=reader.whole("copied", "least"),
    )
    if reader.mistakes:
        raise ConfigError("rules/advice.toml 有误：" + "；".join(reader.mistakes) + "。")
    return rules


@cache
def shipped_advice() -> AdviceRules:
    """The rules that come with the program."""
    return read_advice(tomllib.loads(shipped("rules/advice.toml")))


@dataclass(slots=True)
class _Reader:
    """Reads key by key and gathers all that is wrong, in Chinese."""

    table: Mapping[str, object]
    mistakes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        known = {**_KEYS, "level2": _LEVELS}
        for name, section in self.table.items():
            if name not in known or not isinstance(section, Mapping):
                self.mistakes.append(f"不认识 {name}")
            else:
                others = [key for key in section if key not in known[name]]
                self.mistakes.extend(f"不认识 {name}.{key}" for key in others)

    def names(self, name: str, key: str) -> bool:
        section = self.table.get(name)
        return isinstance(section, Mapping) and key in section

    def words(self, name: str, key: str) -> tuple[str, ...]:
        value = self._value(name, key)
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self.mistakes.append(f'{name}.{key} 应为若干词，如 ["及时", "准确"]')
            return ()
        wrong = [each for each in value if not each or not _is_pattern(each)]
        self.mistakes.extend(f"{name}.{key} 中的“{each}”不是词或正则表达式" for each in wrong)
        return () if wrong else tuple(value)

    def whole(self, name: str, key: str) -> int:
        value = self._value(name, key)
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _MOST:
            return value
        self.mistakes.append(f"{name}.{key} 应为 1 至 {_MOST} 的整数")
        return 1

    def _value(self, name: str, key: str) -> object:
        section = self.table.get(name)
        return section.get(key) if isinstance(section, Mapping) else None


def _is_pattern(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True
