"""A seal over values (校验码): the same values give the same one, whatever the machine."""

from __future__ import annotations

import hashlib
import json

_GROUP, _GROUPS = 4, 3


def seal(values: object) -> str:
    """The SHA-256 of values that JSON knows, written in the one canonical way."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def short_seal(digest: str) -> str:
    """What is printed on the page to be signed: the first twelve digits, as `ab12-cd34-ef56`."""
    starts = range(0, _GROUP * _GROUPS, _GROUP)
    return "-".join(digest[start : start + _GROUP] for start in starts)
