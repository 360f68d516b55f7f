"""From the bytes of a target document to its projects and diagnostics."""

from __future__ import annotations

from monitor.ingest.detect import decode
from monitor.ingest.labels import Labels
from monitor.ingest.readers import text
from monitor.ingest.target_form import Reading, recognise


def read_target_document(data: bytes, file: str, *, year: int | None, labels: Labels) -> Reading:
    """Reads a target document in its text form; `year` is the budget year, if it is given.

    Raises InputError for a file that is no text in a known encoding.
    """
    content, _ = decode(data, file)
    return recognise(text.read(content, file), year=year, labels=labels)
