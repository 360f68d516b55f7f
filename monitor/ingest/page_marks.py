"""Page numbers and running headers that a converter left among the cells of a document."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from monitor.domain.codes import normalise_name
from monitor.errors import Diagnostic
from monitor.ingest import target_kinds as kinds
from monitor.ingest.document import Paragraph

_PAGE_NUMBER = re.compile(r"([-—–])\d{1,4}\1|第\d{1,4}页(?:[,/]?共\d{1,4}页)?")
_SHORTEST = 4
"""In characters: shorter lines are repeated by chance."""


def is_page_number(paragraph: Paragraph) -> bool:
    """Whether it is a page number beyond doubt: `- 12 -`, `第 3 页 共 20 页`."""
    return _PAGE_NUMBER.fullmatch(normalise_name(paragraph.text)) is not None


def doubtful(sheets: Iterable[Iterable[Paragraph]]) -> Iterator[Diagnostic]:
    """Of the paragraphs read as the rest of a cell, those that may be no part of it.

    A bare number may be a page's; a line that stands in several places, a running header.
    """
    places: dict[str, list[Paragraph]] = defaultdict(list)
    for sheet in sheets:
        for paragraph in sheet:
            places[normalise_name(paragraph.text)].append(paragraph)
    for text, found in places.items():
        if text.isdecimal() or (len(found) > 1 and len(text) >= _SHORTEST):
            yield from (kinds.PAGE_MARK.at(each.place, each.text) for each in found)
