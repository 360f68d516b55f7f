"""Goals (绩效目标) of a project: a line each, freed of the numbers that they begin with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from monitor.ingest.document import prose

_CHINESE = "一二三四五六七八九十"
_DIGITS = "[0-9０-９]{1,2}"
_YEAR = r"(?=20\d\d年)"
_BY_ITSELF = re.compile(
    rf"(?:[（(](?:{_DIGITS}|[{_CHINESE}]{{1,3}})[)）][、.．]?"
    rf"|{_DIGITS}[)）](?!\d)"
    rf"|{_DIGITS}\s*[、，：:](?:(?!\s*\d)|\s*{_YEAR})"
    rf"|{_DIGITS}\s*[.．](?:(?!\d)|{_YEAR})"
    rf"|[{_CHINESE}]{{1,3}}[、.．](?![{_CHINESE}])"
    rf"|目标(?:{_DIGITS}|[{_CHINESE}]{{1,3}})[：:、]"
    r"|[①-⑳⑴-⒛])\s*"
)
_BEFORE_A_DIGIT = re.compile(rf"({_DIGITS})\s*[.．、](?=\s*\d)")


def goals_of(lines: Iterable[str]) -> tuple[str, ...]:
    """The goals in the lines of a cell, without `1.` `1、` `（1）` `①` `一、` before them.

    A number that may belong to the text stays (`2021年`, `3.5万`). `1.14名` is a number and
    a text only where the line above or below is numbered in step, as `2.完成` would be.
    """
    stated = [line for line in map(prose, lines) if line]
    goals = [_unnumbered(stated, i) for i in range(len(stated))]
    return tuple(goal for goal in goals if goal)


def skips_a_number(lines: Iterable[str]) -> bool:
    """Whether the lines that are numbered in digits leave one out: 1, 3."""
    numbers = [number for line in lines if (number := _leading(prose(line))) is not None]
    return any(later == earlier + 2 for earlier, later in zip(numbers, numbers[1:], strict=False))


def _unnumbered(lines: Sequence[str], i: int) -> str:
    line = lines[i]
    if found := _BY_ITSELF.match(line):
        return line[found.end() :]
    found = _BEFORE_A_DIGIT.match(line)
    if found and _in_step(lines, i, int(found[1])):
        return line[found.end() :].lstrip()
    return line


def _in_step(lines: Sequence[str], i: int, number: int) -> bool:
    """Whether the line's number follows the one above and the one below follows it."""
    above = _leading(lines[i - 1]) if i else 0
    below = _leading(lines[i + 1]) if i + 1 < len(lines) else None
    return above == number - 1 and (number > 1 or below == number + 1)


def _leading(line: str) -> int | None:
    found = re.match(rf"({_DIGITS})\s*[.．、]", line)
    return int(found[1]) if found else None
