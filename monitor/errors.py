"""Where something is wrong, what is wrong, and what to do.

Two ways of saying so. A `Diagnostic` is a value: it is returned beside the good results, all of
a file's together. A `MonitorError` ends a command:

    MonitorError                exit status 1: refused, nothing changed
    ├── InputError              a file is wrong in a way that its owner can mend
    ├── ConfigError             monitor.toml, rules/*.toml or contacts.csv is wrong
    ├── WorkspaceError          no workspace here, or one of another version
    ├── NotFound                what was asked for does not exist
    └── UsageError              exit status 2: the command was called wrongly
"""

from __future__ import annotations

import errno
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Place:
    """A spot in a source file, as a person would look it up; all counts from 1.

    Where a file has no lines (.docx, .html, .xlsx, .pdf), `line` counts its lines of text and
    rows of tables from the top; `table` and `row`, `page`, or `sheet` and `cell` (`B3`) then say
    where to look.
    """

    file: str
    line: int | None = None
    column: str | None = None
    table: int | None = None
    row: int | None = None
    page: int | None = None
    sheet: str | None = None
    cell: str | None = None

    def __str__(self) -> str:
        return f"{self.file}{' ' if self._is_inside else ''}{self.spot}"

    @property
    def _is_inside(self) -> bool:
        return any(each is not None for each in (self.line, self.page, self.sheet))

    @property
    def spot(self) -> str:
        """Where in the file: `第 12 行`, `第 3 页（表格 5 第 2 行）`, `工作表“项目”B3`."""
        column = "" if self.column is None else f"“{self.column}”"
        if self.sheet is not None:
            return f"工作表“{self.sheet}”{self.cell or ''}{column}"
        line = "" if self.line is None else f"第 {self.line} 行"
        page = line if self.page is None else f"第 {self.page} 页"
        table = "" if self.table is None else f"（表格 {self.table} 第 {self.row} 行）"
        return f"{page}{table}{column}"

    def below(self, lines: int) -> Place:
        """The place so many lines further down; inside a row of a table it stays the same."""
        if self.line is None or self.table is not None:
            return self
        return replace(self, line=self.line + lines)


class Severity(StrEnum):
    """How much a diagnostic weighs: an error keeps its subject out, the others let it in."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def label(self) -> str:
        return {"error": "错误", "warning": "警告", "note": "提示"}[self.value]


@dataclass(frozen=True, slots=True)
class Kind:
    """An entry of the catalogue: a stable id, and words that may be reworded.

    `meaning` and `advice` are Chinese; `meaning` may hold `{name}` fields.
    """

    id: str
    severity: Severity
    meaning: str
    advice: str

    def at(self, place: Place, text: str = "", **fields: object) -> Diagnostic:
        """This kind of trouble at `place`; `text` is the offending source text, quoted as is."""
        meaning = self.meaning.format(**fields) if fields else self.meaning
        return Diagnostic(self.id, self.severity, place, text, meaning, self.advice)

    def refusal(self, file: str, text: str = "", **fields: object) -> InputError:
        """The error that refuses a whole file for this; it carries the diagnostic."""
        found = self.at(Place(file), text, **fields)
        return InputError(found.meaning, found.advice, found.place, (found,))


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing found in a source, with its place, its text, its meaning and the way out."""

    id: str
    severity: Severity
    place: Place
    text: str
    meaning: str
    advice: str

    def __str__(self) -> str:
        quoted = f"：“{_shorten(self.text)}”" if self.text else ""
        head = f"{self.severity.label} {self.id} {self.place}{quoted}"
        return f"{head}\n    {self.meaning}{self.advice}"


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    return any(each.severity is Severity.ERROR for each in diagnostics)


def _shorten(text: str, limit: int = 60) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= limit else one_line[: limit - 1] + "…"


class MonitorError(Exception):
    """Ends a command with a message in Chinese; nothing has been changed."""

    exit_status = 1

    def __init__(self, problem: str, remedy: str = "", place: Place | None = None) -> None:
        self.problem, self.remedy, self.place = problem, remedy, place
        where = f"{place}：" if place else ""
        super().__init__(f"{where}{problem}{remedy}")


class InputError(MonitorError):
    """A file is wrong in a way that its owner can mend. Carries all that was found in it."""

    def __init__(
        self,
        problem: str,
        remedy: str = "",
        place: Place | None = None,
        diagnostics: Iterable[Diagnostic] = (),
    ) -> None:
        super().__init__(problem, remedy, place)
        self.diagnostics = tuple(diagnostics)


class ConfigError(MonitorError):
    """Settings, rules or contacts are wrong; the message lists all mistakes at once."""


class WorkspaceError(MonitorError):
    """There is no workspace here, or its database is not of this program's version."""


class NotFound(MonitorError):
    """A project, payment, unit or file that was named does not exist."""


class UsageError(MonitorError):
    """The command was called in a way that cannot mean anything."""

    exit_status = 2


_SYSTEM = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EROFS: "所在磁盘只读",
    errno.ENOENT: "不存在",
    errno.EEXIST: "同名文件已存在",
    errno.ENOTDIR: "路径中有一段不是文件夹",
    errno.EISDIR: "是文件夹，不是文件",
    errno.ENOSPC: "磁盘已满",
    errno.ENAMETOOLONG: "名称太长",
}


def system_words(error: OSError) -> str:
    """Why the system refused a file or folder, in Chinese where we know the reason."""
    return _SYSTEM.get(error.errno or 0) or error.strerror or str(error)


def toml_words(error: ValueError) -> str:
    """Where a settings file stops being one, in Chinese; Python's parser says it in English."""
    if isinstance(error, UnicodeDecodeError):
        return "文字不是 UTF-8，请另存为 UTF-8"
    found = re.search(r"line (\d+), column (\d+)", str(error))
    where = f"第 {found[1]} 行第 {found[2]} 个字符处" if found else "文件末尾"
    return f"{where}看不懂，多半是这里或前一行少了引号、逗号、括号，或同一项写了两次"
