"""The same text found in the reports of two units: copied, where it should be their own."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

LEAST = 30
"""Shorter texts may well be the same by chance: 已完成年度目标."""


@dataclass(frozen=True, slots=True)
class Text:
    """What somebody wrote: of which unit and project ("" for the unit's own), in which cell."""

    unit_code: str
    project_code: str
    field: str
    text: str


def same_texts(texts: Iterable[Text], least: int = LEAST) -> list[tuple[Text, ...]]:
    """The texts that are the same in two or more units, in the order of the first of each.

    Compared without white space and punctuation; shorter ones than `least` characters are left
    out. A unit that says the same of two projects copies from nobody. Takes linear time.
    """
    found: defaultdict[str, list[Text]] = defaultdict(list)
    for each in texts:
        plain = bare(each.text)
        if len(plain) >= least:
            found[plain].append(each)
    groups = map(tuple, found.values())
    return [group for group in groups if len({each.unit_code for each in group}) > 1]


def bare(text: str) -> str:
    """Letters and digits alone, half-width."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if c.isalnum())
