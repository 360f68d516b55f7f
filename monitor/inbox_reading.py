"""A file of the inbox, whatever it is: payment lists and target documents, alone or in folders."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from monitor.alerts.scheduler import BrokenOff
from monitor.errors import InputError, MonitorError, has_errors
from monitor.ingest import payment_kinds
from monitor.ingest.import_payments import Options
from monitor.ingest.importing import Incoming
from monitor.ingest.payment_files import ENDINGS, ListFile, lists_in
from monitor.ingest.reading_pool import Read, read_all
from monitor.ingest.sources import sources
from monitor.reports.receipt_words import payment_lines, target_lines, worth_telling

if TYPE_CHECKING:
    from monitor.bootstrap import App

_DOCUMENTS = (".docx", ".doc", ".pdf")
"""Endings of what is never a payment list."""
_NO_LIST = {payment_kinds.NO_HEADER.id, payment_kinds.FILE_EMPTY.id}

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Taken:
    """What became of a file: Chinese lines, how many lists and documents landed, how many not."""

    lines: list[str] = field(default_factory=list)
    landed: int = 0
    not_landed: int = 0

    @property
    def refused(self) -> bool:
        """Whether anything in it did not land; what did land stays."""
        return self.not_landed > 0 or self.landed == 0

    @property
    def outcome(self) -> str:
        if not self.refused:
            return "已导入"
        return f"部分导入（{self.landed} 份已导入）" if self.landed else "未导入"

    def refuse(self, name: str, error: InputError) -> None:
        self.not_landed += 1
        told = worth_telling(error.diagnostics)
        self.lines += [f"拒绝 {name}：{error}", *(str(each) for each in told)]


def import_whatever(app: App, path: Path, stopping: Callable[[], bool]) -> Taken:
    """Imports all payment lists in a file, folder or archive, and the target documents.

    A file that has no payment list's header is read as a target document. Raises BrokenOff where
    the service is to stop, OSError, and MonitorError where the machine refuses, such as a
    database that is busy: then what has not landed can be imported later.
    """
    taken = Taken()
    others = _Others()
    try:
        _land_lists(app, path, stopping, taken, others)
        _land_documents(app, path, stopping, taken, others)
    except (BrokenOff, MonitorError, OSError):
        raise
    except Exception as error:  # a bug of ours must not hold up all other files
        _log.exception("收件夹 %s：程序出错", path.name)
        taken.refuse(path.name, InputError(f"程序出错（{error!r}）。", "请把此文件交给维护人员。"))
    if not taken.lines:
        taken.lines.append(f"{path.name} 里没有可导入的支付明细或绩效目标文本。")
    return taken


class _Others:
    """Files that are no payment lists, by name, with why."""

    def __init__(self) -> None:
        self.why: dict[str, InputError] = {}

    def is_meant(self, name: str) -> bool:
        return name in self.why or PurePosixPath(name).suffix.lower() in _DOCUMENTS


def _land_lists(
    app: App, path: Path, stopping: Callable[[], bool], taken: Taken, others: _Others
) -> None:
    if path.is_file() and path.suffix.lower() in _DOCUMENTS:
        return

    def go_on(_rows: int = 0) -> None:
        if stopping():
            raise BrokenOff

    columns = app.settings.columns
    for listed in lists_in([path], columns):
        go_on()
        if isinstance(listed, InputError):
            taken.refuse(path.name, listed)
            continue
        try:
            receipt = app.land_payments(listed, Options(progress=go_on), columns)
        except InputError as error:
            if _is_no_list(listed, error):
                others.why[listed.name] = error
            else:
                taken.refuse(listed.shown, error)
            continue
        taken.landed += 1
        taken.lines += map(str, worth_telling(receipt.diagnostics))
        taken.lines += payment_lines(receipt, listed)


def _is_no_list(listed: ListFile, error: InputError) -> bool:
    return not listed.part and any(each.id in _NO_LIST for each in error.diagnostics)


def _land_documents(
    app: App, path: Path, stopping: Callable[[], bool], taken: Taken, others: _Others
) -> None:
    inside = sources([path], (*ENDINGS, *_DOCUMENTS))
    meant = (each for each in inside if others.is_meant(each.name))
    for read in read_all(meant, year=None, labels=app.settings.labels, processes=1):
        if stopping():
            raise BrokenOff
        if read.failure:
            raise read.failure
        try:
            receipt = app.targets.land(
                Incoming(read.name, read.data, app.now(), app.actor), read.reading
            )
        except InputError as error:
            taken.refuse(read.name, _why(others, read, error))
            continue
        taken.landed += 1
        told = (each for each in receipt.diagnostics if has_errors([each]))
        taken.lines += map(str, told)
        taken.lines += target_lines(receipt)


def _why(others: _Others, read: Read, error: InputError) -> InputError:
    """A file without projects that could have been a list is refused as the list that it is not."""
    is_document = read.reading.codes or read.name not in others.why
    return error if is_document else others.why[read.name]
