"""A workbook that the program wrote, people filled in, and that comes back."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Callable, Collection
from typing import Any

from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from monitor.errors import InputError, Place

PROPERTY = "monitor_round"
"""The document property by which a workbook of ours is known."""
_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")  # .xls, and every workbook with a password
_ODS = "content.xml"
_SAVE_AS = "请另存为不加密码的 .xlsx 工作簿后交回。"
_HEAD = 20  # rows in which the headers are looked for


def returned_sheet(
    data: bytes,
    file: str,
    *,
    sheet: str,
    is_ours: Callable[[str], bool],
    what: str,
    remedy: str,
    most: int,
) -> tuple[Worksheet, str]:
    """The sheet that was filled in, and what the workbook's property says.

    `what` is its name in messages, `most` the bytes that it may unpack to. Raises InputError for
    any other file.
    """
    book = _opened(data, file, remedy, most)
    properties: Any = getattr(book, "custom_doc_props", ())  # the stubs do not know it
    said = next((str(each.value) for each in properties if each.name == PROPERTY), "")
    if not is_ours(said) or sheet not in book.sheetnames:
        raise InputError(f"这不是{what}。", remedy, Place(file))
    found: Worksheet = book[sheet]
    return found, said


def headers(
    sheet: Worksheet, file: str, required: Collection[str], remedy: str
) -> tuple[dict[str, int], int]:
    """Header → column, and the row of the headers. Raises InputError where one is missing or
    stands twice."""
    for row in sheet.iter_rows(max_row=min(sheet.max_row, _HEAD)):
        said = [str(c.value) for c in row if isinstance(c.value, str)]
        named = {str(c.value): int(c.column or 0) for c in row if isinstance(c.value, str)}
        if named.keys() >= set(required):
            if any(said.count(name) > 1 for name in required):
                break  # which of two columns is meant nobody can tell
            return named, int(row[0].row or 0)
    raise InputError("清单的表头已被改动。", remedy, Place(file, sheet=sheet.title))


def _opened(data: bytes, file: str, remedy: str, most: int) -> Workbook:
    if data.startswith(_COMPOUND):
        raise InputError("这是 .xls 格式或加了密码的工作簿。", _SAVE_AS, Place(file))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            is_ods = _ODS in archive.namelist()
            unpacked = sum(each.file_size for each in archive.infolist())
        if is_ods:
            raise InputError("这是 .ods 格式的工作簿。", _SAVE_AS, Place(file))
        if unpacked > most:
            raise InputError("这个工作簿解压后过大，不予读取。", remedy, Place(file))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what openpyxl drops, nothing is read
            return load_workbook(io.BytesIO(data))
    except InputError:
        raise
    except Exception as error:  # the library answers a damaged workbook in a dozen ways
        raise InputError("这个文件不是可读取的 .xlsx 工作簿。", remedy, Place(file)) from error
