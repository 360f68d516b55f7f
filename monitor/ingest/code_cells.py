"""Cells that name a unit or project: a code, a name, or both in one (430001-某某局)."""

from __future__ import annotations

import re
import unicodedata

from monitor.domain.codes import is_mangled, normalise_code
from monitor.ingest.profiles import Columns

_JOINT = r"\s*[-‐‑–—_:/\s]\s*"
# “430001-某某局”, “[430001]某某局”, “430001某某局” (six digits), “430001”
UNIT_CELL = re.compile(
    rf"(?:[\[(](\d{{3,12}})[\])]\s*|(\d{{3,12}})(?:{_JOINT}|$)|(\d{{6}})(?=[\u4e00-\u9fff]))(.*)",
    re.DOTALL | re.ASCII,
)
PROJECT_CELL = re.compile(
    rf"(?=\D*\d)(?:[\[(]([0-9A-Z]{{10,}})[\])]\s*|([0-9A-Z]{{10,}})(?:{_JOINT}|$)"
    r"|([0-9A-Z]{21})(?=[^0-9A-Z]))(.*)",
    re.DOTALL | re.ASCII | re.IGNORECASE,
)


class Mangled(ValueError):
    """A code that a spreadsheet spoiled."""


def read_code(text: str, columns: Columns) -> str:
    """The normalised code or number in `text`, '' for a blank one. Raises Mangled."""
    if not text:
        return ""
    if text.isascii() and text.isalnum():
        code = text.upper()
    else:
        if is_mangled(text):
            raise Mangled(text)
        code = normalise_code(text)
    return "" if code in columns.blanks else code


def read_named(shape: re.Pattern[str], cells: tuple[str, ...], columns: Columns) -> tuple[str, str]:
    """Code and name out of the cells of a code column, a name column and one that holds both.

    The code column is the strongest; another cell gives the code only where it is blank.
    Raises Mangled.
    """
    code, name, both = cells
    stated = read_code(code, columns)
    for cell in (name, both):
        found = shape.fullmatch(unicodedata.normalize("NFKC", cell).strip())
        if found is None:
            continue
        inner, rest = normalise_code(found[1] or found[2] or found[3]), found[4].strip()
        if not stated or stated == inner:
            other = both if cell is name else name
            return inner, rest or ("" if shape.fullmatch(other) else _name(other, columns))
    return stated, _name(name, columns) or _name(both, columns)


def _name(text: str, columns: Columns) -> str:
    stripped = text.strip()
    return "" if stripped in columns.blanks else stripped
