"""From the bytes of a target document to its projects and diagnostics."""

from __future__ import annotations

from monitor.ingest.detect import Kind, decode, kind_of
from monitor.ingest.document import Document
from monitor.ingest.labels import Labels
from monitor.ingest.readers import text
from monitor.ingest.target_form import Reading, recognise


def read_target_document(data: bytes, file: str, *, year: int | None, labels: Labels) -> Reading:
    """Reads a target document, .docx, .html or text; `year` is the budget year, if it is given.

    Raises InputError for a file of another kind, and for one that is damaged.
    """
    return recognise(_document(data, file), year=year, labels=labels)


def _document(data: bytes, file: str) -> Document:
    """The reader goes by the bytes; lxml is loaded for the kinds that need it."""
    match kind_of(data):
        case Kind.DOCX:
            from monitor.ingest.readers import docx

            return docx.read(data, file)
        case Kind.HTML:
            from monitor.ingest.readers import html

            return html.read(data, file)
        case Kind.TEXT:
            return text.read(decode(data, file)[0], file)
