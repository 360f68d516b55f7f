"""Which units a payment list is titled with, by its title lines, its file name and its rows.

Where a title could be read in two ways, the answer is the one that covers less: what is taken
as covered although it is not raises false warnings; the other way round one only waits.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from monitor.domain.codes import normalise_code, normalise_name

_DEPARTMENT = 3  # characters of a unit code that name its department
_CODE = re.compile(r"(?<![0-9A-Za-z])([0-9]{6})(?![0-9A-Za-z])", re.ASCII)
_MONTH = re.compile(r"20\d\d(?:0[1-9]|1[0-2])", re.ASCII)
_AT_ITS_OWN_LEVEL = re.compile(r"\(?本级\)?$")
_SHORTEST_NAME = 3


def units_in_title(
    titles: Sequence[str],
    file_name: str,
    units: Mapping[str, str],
    rows: Collection[str] = (),
) -> frozenset[str] | None:
    """The codes of the units that a list covers alone; None where it covers the whole office.

    `units`: code → name of all units that could be meant, those named in the rows too; `rows`:
    the unit codes in the list's rows. A unit in the title counts if the rows are of the named
    units. Where they are of its department, the list is the department's, and covers the named
    unit and those in the rows. Where they are of others, as under the finance bureau's own
    name, the list is the office's.
    """
    texts = [*titles, re.split(r"[/\\]", file_name)[-1].rsplit(".", 1)[0]]
    seen = {code for code in map(normalise_code, rows) if code}
    named = _by_name(texts, units) | _by_code(texts, units, seen)
    if not named:
        return None
    if seen <= named:
        return frozenset(named)
    departments = {code[:_DEPARTMENT] for code in named}
    if all(code[:_DEPARTMENT] in departments for code in seen):
        return frozenset(named | seen)
    return None


def _by_name(texts: Sequence[str], units: Mapping[str, str]) -> set[str]:
    """Units whose name stands in a text; a name inside a longer one is that of the longer."""
    names: dict[str, set[str]] = {}
    for code, name in units.items():
        for written in _written(name):
            names.setdefault(written, set()).add(code)
    found: set[str] = set()
    for text in texts:
        left = normalise_name(text)
        for name in sorted(names, key=len, reverse=True):
            if name in left:
                left = left.replace(name, "\0")
                found |= names[name]
    return found


def _written(name: str) -> set[str]:
    """A unit's name as titles have it: with and without 本级."""
    whole = normalise_name(name)
    short = _AT_ITS_OWN_LEVEL.sub("", whole)
    return {each for each in (whole, short) if len(each) >= _SHORTEST_NAME}


def _by_code(texts: Sequence[str], units: Mapping[str, str], seen: set[str]) -> set[str]:
    """Units whose code stands in a text; 202001 may be a month, unless all rows are of it."""
    codes = {normalise_code(code) for code in units}
    found = {each for text in texts for each in _CODE.findall(normalise_name(text))}
    return {code for code in found & codes if not _MONTH.fullmatch(code) or seen == {code}}
