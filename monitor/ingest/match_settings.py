"""Reads rules/matching.toml: what is matched without a person, and what is proposed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from monitor.domain.matchable import MOST_CANDIDATES, MatchSettings
from monitor.errors import ConfigError

_KEYS = {
    "slips": ("one_slip",),
    "candidates": ("most", "least_score"),
    "names": ("warn_misfit",),
}
_SLIPS = {"propose": False, "take": True}


def read_matching(table: Mapping[str, object]) -> MatchSettings:
    """The settings of a parsed matching.toml; what is not set keeps its default.

    Raises ConfigError that lists all its mistakes.
    """
    reader, default = _Reader(table), MatchSettings()
    settings = MatchSettings(
        take_slips=reader.take_slips(),
        most_candidates=reader.whole("candidates", "most", 1, MOST_CANDIDATES),
        least_score=reader.whole("candidates", "least_score", 0, 100, default.least_score),
        warn_misfits=reader.yes_or_no("names", "warn_misfit"),
    )
    if reader.mistakes:
        raise ConfigError("rules/matching.toml 有误：" + "；".join(reader.mistakes) + "。")
    return settings


@dataclass(slots=True)
class _Reader:
    """Reads key by key and gathers all that is wrong, in Chinese."""

    table: Mapping[str, object]
    mistakes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        for name, section in self.table.items():
            if name not in _KEYS or not isinstance(section, Mapping):
                self.mistakes.append(f"不认识 {name}")
            else:
                others = [key for key in section if key not in _KEYS[name]]
                self.mistakes.extend(f"不认识 {name}.{key}" for key in others)

    def _value(self, name: str, key: str, default: object) -> object:
        section = self.table.get(name)
        return section.get(key, default) if isinstance(section, Mapping) else default

    def take_slips(self) -> bool:
        value = self._value("slips", "one_slip", "propose")
        if isinstance(value, str) and value in _SLIPS:
            return _SLIPS[value]
        self.mistakes.append('slips.one_slip 应为 "propose" 或 "take"')
        return False

    def whole(self, name: str, key: str, least: int, most: int, default: int | None = None) -> int:
        value = self._value(name, key, most if default is None else default)
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.mistakes.append(f"{name}.{key} 应为 {least} 至 {most} 的整数")
        return least

    def yes_or_no(self, name: str, key: str) -> bool:
        value = self._value(name, key, True)
        if isinstance(value, bool):
            return value
        self.mistakes.append(f"{name}.{key} 应为 true 或 false")
        return True
