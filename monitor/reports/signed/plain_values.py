"""Report values ↔ what JSON holds: dataclasses by their fields, exact, and readable for years.

A field that a later program adds takes its default when old values are read, and one that it has
dropped is passed over; nothing else is guessed.
"""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

T = TypeVar("T")


def plain(value: object) -> Any:
    """The value as dicts, lists, texts and numbers. Raises TypeError for what has no such form."""
    if value is None or isinstance(value, bool | int | float) or type(value) is str:
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if is_dataclass(value):
        return {each.name: plain(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, Mapping):
        return {_key(key): plain(each) for key, each in value.items()}
    if isinstance(value, Sequence):
        return [plain(each) for each in value]
    raise TypeError(f"{type(value).__name__} has no plain form")


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError("only texts are keys")
    return key


def revive(kind: type[T], data: Any) -> T:
    """The value that `plain` was given. Raises TypeError, ValueError or KeyError for others."""
    return cast("T", _revive(kind, data))


def _revive(hint: Any, data: Any) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return _one_of(get_args(hint), data)
    if origin is tuple:
        return _tuple(get_args(hint), data)
    if origin is not None and issubclass(origin, Mapping):
        return {key: _revive(get_args(hint)[1], each) for key, each in data.items()}
    if is_dataclass(hint):
        return _dataclass(hint, data)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(data)
    if hint is date:
        return date.fromisoformat(data)
    if hint is Decimal:
        return Decimal(data)
    if hint is float and isinstance(data, int):
        return float(data)
    if not isinstance(data, hint):
        raise TypeError(f"{data!r} is no {hint.__name__}")
    return data


def _tuple(items: tuple[Any, ...], data: Any) -> tuple[Any, ...]:
    if len(items) == 2 and items[1] is Ellipsis:
        return tuple(_revive(items[0], each) for each in data)
    return tuple(_revive(item, each) for item, each in zip(items, data, strict=True))


def _one_of(hints: tuple[Any, ...], data: Any) -> Any:
    """Of several dataclasses, that whose fields these are."""
    if data is None:
        return None
    known = [each for each in hints if each is not type(None)]
    if len(known) == 1:
        return _revive(known[0], data)
    [found] = [each for each in known if _required(each) <= data.keys()]
    return _revive(found, data)


def _dataclass(kind: Any, data: Mapping[str, Any]) -> Any:
    hints = _hints(kind)
    return kind(**{name: _revive(hints[name], data[name]) for name in hints if name in data})


@cache
def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {each.name: hints[each.name] for each in fields(kind)}


@cache
def _required(kind: Any) -> frozenset[str]:
    return frozenset(
        each.name
        for each in fields(kind)
        if each.default is MISSING and each.default_factory is MISSING
    )
