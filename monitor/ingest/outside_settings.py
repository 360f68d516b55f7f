"""Reads rules/outside.toml: what the office says is outside monitoring. All mistakes at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.domain.codes import normalise_code, normalise_name
from monitor.domain.outside import CodeClass, OutsideRule, OutsideRules, words_of
from monitor.errors import ConfigError

_KEYS = (
    *("id", "text", "category", "not_category", "economic"),
    *("unit", "code", "code_prefix", "code_class"),
)
_TELLING = ("category", "economic", "code", "code_prefix", "code_class")
_CLASS_KEYS = ("length", "position", "characters")
_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
_LONGEST_CODE, _SHORTEST_ECONOMIC = 64, 3


def read_outside(table: Mapping[str, object]) -> OutsideRules:
    """The rules of a parsed outside.toml. Raises ConfigError that lists all its mistakes."""
    mistakes = [f"不认识 {name}" for name in table if name != "rules"]
    listed = table.get("rules", [])
    if not isinstance(listed, list) or not all(isinstance(each, Mapping) for each in listed):
        mistakes.append("rules 应写成若干节 [[rules]]")
        listed = []
    rules = tuple(_Reader(n, each, mistakes).rule() for n, each in enumerate(listed, start=1))
    ids = [rule.id for rule in rules if rule.id]
    mistakes += [f"编号 {each} 写了两次" for each in dict.fromkeys(ids) if ids.count(each) > 1]
    if mistakes:
        raise ConfigError("rules/outside.toml 有误：" + "；".join(mistakes) + "。")
    return OutsideRules(rules)


@dataclass(slots=True)
class _Reader:
    """Reads one rule and adds what is wrong with it to the mistakes of the file."""

    position: int
    table: Mapping[str, object]
    mistakes: list[str] = field(default_factory=list)

    def rule(self) -> OutsideRule:
        for key in self.table:
            if key not in _KEYS:
                self._note(f"不认识 {key}")
        if not any(key in self.table for key in _TELLING):
            self._note(f"没有条件，至少写 {'、'.join(_TELLING)} 之一")
        return OutsideRule(
            id=self._id(),
            text=self._text(),
            categories=frozenset(self._words("category")),
            not_categories=frozenset(self._words("not_category")),
            economic=tuple(self._economic()),
            units=tuple(map(normalise_code, self._texts("unit"))),
            codes=frozenset(map(normalise_code, self._texts("code"))),
            code_prefixes=tuple(map(normalise_code, self._texts("code_prefix"))),
            code_class=self._class(),
        )

    def _note(self, problem: str) -> None:
        self.mistakes.append(f"第 {self.position} 条规则{problem}")

    def _id(self) -> str:
        value = self.table.get("id")
        if isinstance(value, str) and _ID.fullmatch(value):
            return value
        self._note("的 id 应为字母、数字和 - 组成的编号")
        return ""

    def _text(self) -> str:
        value = self.table.get("text")
        if isinstance(value, str) and value.strip() and value.isprintable():
            return value.strip()
        self._note("缺少 text（一行说明）")
        return ""

    def _texts(self, key: str) -> list[str]:
        """Non-blank texts; an empty list would make the condition vanish, and is a mistake."""
        if key not in self.table:
            return []
        value = self.table[key]
        good = isinstance(value, list) and bool(value)
        if isinstance(value, list) and good:
            texts = [each for each in value if isinstance(each, str) and normalise_name(each)]
            if len(texts) == len(value):
                return texts
        self._note(f"的 {key} 应为一列加引号的文字，不能是空的")
        return []

    def _words(self, key: str) -> list[str]:
        """Whole words, as cells are split into them."""
        words = []
        for text in self._texts(key):
            word = normalise_name(text)
            if words_of(text) != {word}:
                self._note(f"的 {key} 中“{text}”应写成一个词，不带编码和分隔符")
            words.append(word)
        return words

    def _economic(self) -> list[str]:
        """Beginnings of codes, of three digits at least, or whole names."""
        found = []
        for text in self._texts("economic"):
            name = normalise_name(text)
            code = name.isascii() and name.isdigit()
            if len(name) < _SHORTEST_ECONOMIC if code else words_of(name) != {name}:
                self._note(f"的 economic 中“{text}”应为三位以上的编码，或单独的名称")
            found.append(name)
        return found

    def _class(self) -> CodeClass | None:
        if "code_class" not in self.table:
            return None
        value = self.table["code_class"]
        if isinstance(value, Mapping) and set(value) == set(_CLASS_KEYS):
            length, place, characters = (value[key] for key in _CLASS_KEYS)
            if _is_place(length, _LONGEST_CODE) and _is_place(place, length):
                letters = _letters(characters)
                if letters:
                    return CodeClass(length, place, letters)
        self._note(
            '的 code_class 应写成 { length = 21, position = 9, characters = ["R"] }，'
            "位数从 1 数起，不超过总长度"
        )
        return None


def _is_place(value: object, highest: object) -> bool:
    """A whole number from 1 to `highest`."""
    if not isinstance(value, int) or not isinstance(highest, int) or isinstance(value, bool):
        return False
    return 1 <= value <= highest


def _letters(value: object) -> frozenset[str]:
    """Single letters and digits, as capitals; none where one of the list is something else."""
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        return frozenset()
    letters = [normalise_code(each) for each in value]
    if not all(len(each) == 1 and each.isascii() and each.isalnum() for each in letters):
        return frozenset()
    return frozenset(letters)
