"""A document's first part: 总体绩效目标, 分项绩效目标, 工作保障措施 of the whole unit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from monitor.domain.target import OverallGoals
from monitor.errors import Diagnostic, Kind, Place
from monitor.ingest import target_kinds as kinds
from monitor.ingest.document import Paragraph, prose
from monitor.ingest.labels import Labels, plain_label
from monitor.ingest.target_sheets import Item

_NAMES = {"overall": "总体绩效目标", "itemised": "分项绩效目标", "safeguards": "工作保障措施"}
_ORDER = tuple(_NAMES)
_NUMBER = re.compile(r"^[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）]?[、.．]?")
Line = tuple[str, Place]


def read_goals(
    front: Sequence[Item], labels: Labels, file: str
) -> tuple[OverallGoals, list[Diagnostic]]:
    """The three sections before the first project, a line of text each paragraph.

    A section begins at its title, never before the one that precedes it; the same title again,
    as people type it into the text, belongs to the text. Lines before the first title and
    lines of the second part are noted. Contents at a document's beginning name both parts
    too: the last mention counts.
    """
    lines = list(_lines(front))
    plain = [plain_label(text) for text, _ in lines]
    second = _last(plain, labels.part_two, len(lines))
    first = _last(plain[:second], labels.part_one, 0)
    texts: dict[str, list[str]] = {}
    preface = list(lines[:first])
    section = ""
    for text, place in lines[first:second]:
        title = _title(text, labels)
        if title and (not section or _ORDER.index(title) > _ORDER.index(section)):
            section = title
            texts[section] = []
        elif section:
            texts[section].append(text)
        elif plain_label(text) not in labels.part_one:
            preface.append((text, place))
    stray = [line for line in lines[second:] if plain_label(line[0]) not in labels.part_two]
    diagnostics = [
        *_noted(kinds.PREFACE, preface),
        *_missing(texts, Place(file)),
        *_noted(kinds.TEXT_UNPLACED, stray),
    ]
    return OverallGoals(*("\n".join(texts.get(key, ())) for key in _ORDER)), diagnostics


def joined_goals(parts: Sequence[tuple[str, OverallGoals]]) -> OverallGoals:
    """The first parts of several units as one, each text below the name of its unit."""
    if len(parts) == 1:
        return parts[0][1]
    texts = (
        [f"{unit}\n{text}" for unit, goals in parts if (text := getattr(goals, key))]
        for key in _ORDER
    )
    return OverallGoals(*("\n".join(each) for each in texts))


def _lines(front: Sequence[Item]) -> Iterator[Line]:
    """All lines that are not blank, tables included: a tab at a line's start makes a cell."""
    for item in front:
        for block in (item,) if isinstance(item, Paragraph) else item:
            for i, line in enumerate(block.text.split("\n")):
                if prose(line):
                    yield prose(line), block.place.below(i)


def _last(lines: Sequence[str], titles: frozenset[str], otherwise: int) -> int:
    """The last run of titles begins here: 第二部分 and 预算项目绩效目标 stand together."""
    found = [i for i, line in enumerate(lines) if line in titles]
    if not found:
        return otherwise
    start = len(found) - 1
    while (
        start
        and found[start] - found[start - 1] == 1
        and lines[found[start]] != lines[found[start - 1]]
    ):
        start -= 1
    return found[start]


def _title(text: str, labels: Labels) -> str | None:
    plain = plain_label(text)
    return labels.sections.get(plain) or labels.sections.get(_NUMBER.sub("", plain, count=1))


def _missing(texts: dict[str, list[str]], place: Place) -> Iterator[Diagnostic]:
    missing = [_NAMES[key] for key in _ORDER if not texts.get(key)]
    if missing:
        yield kinds.SECTION_MISSING.at(place, sections="、".join(missing))


def _noted(kind: Kind, lines: Sequence[Line]) -> Iterator[Diagnostic]:
    if lines:
        yield kind.at(lines[0][1], " ".join(text for text, _ in lines))
