"""From the bytes of a target document to its projects and diagnostics."""

from __future__ import annotations

from importlib import import_module
from typing import Protocol, cast

from monitor.errors import InputError, Place
from monitor.ingest.detect import Kind, decode, kind_of
from monitor.ingest.document import Document
from monitor.ingest.labels import Labels
from monitor.ingest.readers import kinds, text
from monitor.ingest.target_form import Reading, recognise

_READERS = {
    Kind.DOCX: "docx",
    Kind.DOC: "doc",
    Kind.HTML: "html",
    Kind.XLSX: "sheet",
    Kind.XLS: "sheet",
    Kind.PDF: "pdf",
}


class _Reader(Protocol):
    def read(self, data: bytes, file: str) -> Document: ...


def read_target_document(data: bytes, file: str, *, year: int | None, labels: Labels) -> Reading:
    """Reads a target document of any kind; `year` is the budget year, if it is given.

    A file that cannot be read gives a Reading without a document, and the reason.
    """
    try:
        document = read_document(data, file)
    except InputError as error:
        found = kinds.NOT_A_DOCUMENT.at(Place(file), why=error.problem)
        return Reading(None, error.diagnostics or (found,))
    return recognise(document, year=year, labels=labels)


def read_document(data: bytes, file: str) -> Document:
    """A document of any kind. Raises InputError for what is none.

    The reader goes by the bytes; it is loaded, with its library, when it is needed.
    """
    kind = kind_of(data)
    if kind not in _READERS:
        return text.read(decode(data, file)[0], file)
    reader = cast("_Reader", import_module(f"monitor.ingest.readers.{_READERS[kind]}"))
    return reader.read(data, file)
