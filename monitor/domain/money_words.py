"""What lists call a fund (资金性质), and the words of a purpose that tell a part of the money.

The words stand in rules/funds.toml: they differ from place to place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.domain.adjustment import Fund
from monitor.domain.codes import normalise_name
from monitor.errors import ConfigError, Place

_KEYS = {"carried": Fund.CARRIED, "other": Fund.OTHER, "fiscal": Fund.FISCAL}
"""In the order of the look-up: 上年结转的财政拨款 is carried, 非同级财政拨款 is other money."""
_SECTIONS = ("funds", "purposes")

_FEE = re.compile(r"([一-鿿]{2,6})费用?")
_GENERAL = re.compile(
    "本年度?|年度|全年|当年|本?项目|各项|所需|实际|全部|支付|发生|控制数?|支出|成本|标准|预算"
    "|总额|金额|数额|总|的|不超过?|低于"
)
_NO_FEE = ("经", "收", "消", "免", "缴", "付", "自", "公")  # 经费, 收费, 消费 …


@dataclass(frozen=True, slots=True)
class MoneyWords:
    """The words as the office has them, normalised."""

    funds: tuple[tuple[Fund, tuple[str, ...]], ...] = ()
    purposes: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @classmethod
    def from_toml(cls, table: Mapping[str, Any]) -> MoneyWords:
        """The words of a parsed funds.toml. Raises ConfigError that lists its mistakes."""
        mistakes: list[str] = [f"不认识 {key}" for key in table if key not in _SECTIONS]
        funds = _section(table, "funds", mistakes)
        mistakes += [f"不认识 funds.{key}" for key in funds if key not in _KEYS]
        purposes = _section(table, "purposes", mistakes)
        words = cls(
            tuple((fund, _words(funds, "funds", key, mistakes)) for key, fund in _KEYS.items()),
            tuple(
                (normalise_name(name), _words(purposes, "purposes", name, mistakes))
                for name in sorted(purposes, key=lambda name: (-len(name), name))
            ),
        )
        if mistakes:
            problem = "；".join(mistakes) + "。"
            raise ConfigError(problem, "请改正后重试。", Place("rules/funds.toml"))
        return words

    def fund_of(self, said: str) -> Fund | None:
        """The fund that a cell 资金性质 names; None where it is blank or names none we know."""
        plain = normalise_name(said)
        return next((fund for fund, words in self.funds if any(w in plain for w in words)), None)

    def part_of(self, *texts: str) -> tuple[str, tuple[str, ...]] | None:
        """The part of the money that an indicator's texts name, and the words that tell it.

        The first text that names one decides; a configured name before any 某某费. None where
        no text does.
        """
        for text in map(normalise_name, texts):
            if found := next(_named(text, self.purposes), None):
                return found
            fee = _FEE.fullmatch(_GENERAL.sub("", text))
            if fee and not fee[1].endswith(_NO_FEE):
                return f"{fee[1]}费", (fee[1],)
        return None


def _named(
    text: str, purposes: Sequence[tuple[str, tuple[str, ...]]]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    return (each for each in purposes if each[0] in text)


def _section(table: Mapping[str, Any], name: str, mistakes: list[str]) -> Mapping[str, Any]:
    section = table.get(name, {})
    if isinstance(section, dict):
        return section
    mistakes.append(f"{name} 应为一节 [{name}]")
    return {}


def _words(
    section: Mapping[str, Any], where: str, key: str, mistakes: list[str]
) -> tuple[str, ...]:
    said = section.get(key, [])
    if not isinstance(said, list) or not all(isinstance(w, str) and w.strip() for w in said):
        mistakes.append(f'{where}.{key} 应为一列词，如 ["某词"]')
        return ()
    return tuple(normalise_name(word) for word in said)
