"""contacts.csv: who answers for which unit, and since when. All its mistakes come at once."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from monitor.domain.codes import is_mangled, normalise_code
from monitor.domain.contact import Contact, Contacts, Role
from monitor.errors import ConfigError, InputError, Place
from monitor.ingest.detect import decode
from monitor.ingest.pay_date import NotADate, parse_pay_date

COLUMNS = ("unit_code", "name", "email", "role", "valid_from", "valid_to")
# What a mail server on the Internet takes without extensions: ASCII, and a domain with a dot.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_OVERLAP = (
    "单位 {unit} 的财务负责人（lead）与第 {line} 行在任时间重叠，"
    "请用 valid_from、valid_to 分开，或将其一改为 deputy。"
)
_EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")


def read_contacts(data: bytes, file: str) -> Contacts:
    """Reads contacts.csv, in UTF-8 or GB18030, as written by hand or by Excel.

    Columns are found by their names, in any order; blank lines are passed over. Raises
    ConfigError with all mistakes and their lines.
    """
    rows, faults = _rows(_text(data, file))
    read = []
    for line, row in rows:
        contact, problems = _contact(row)
        faults += [(line, problem) for problem in problems]
        if contact:
            read.append((line, contact))
    faults += _two_leads(read)
    if faults:
        _refuse(file, faults)
    return Contacts(tuple(contact for _, contact in read))


def _text(data: bytes, file: str) -> str:
    try:
        return decode(data, file)[0]
    except InputError as error:
        raise ConfigError(error.problem, error.remedy, error.place) from error


def _refuse(file: str, faults: list[tuple[int, str]]) -> None:
    lines = "".join(f"\n  第 {line} 行：{problem}" for line, problem in sorted(faults))
    raise ConfigError(f"联系人名单有 {len(faults)} 处错误：{lines}", place=Place(file))


def _rows(text: str) -> tuple[list[tuple[int, dict[str, str]]], list[tuple[int, str]]]:
    """The filled rows with their line numbers, by column name."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    rows, faults = [], []
    names: list[str] | None = None
    line = 1
    for cells in reader:
        begins, line = line, reader.line_num + 1
        values = [cell.strip() for cell in cells]
        if not any(values):
            continue
        if names is None:
            names = [value.lower() for value in values]
            if missing := [name for name in COLUMNS if name not in names]:
                return [], [(begins, f"表头缺少 {'、'.join(missing)} 列。")]
        elif any(values[len(names) :]):
            faults.append((begins, "列数多于表头，可能有未加引号的逗号。"))
        else:
            values += [""] * (len(names) - len(values))
            rows.append((begins, dict(zip(names, values, strict=False))))
    if names is None:
        faults.append((1, f"没有表头，应为 {','.join(COLUMNS)}。"))
    return rows, faults


def _delimiter(text: str) -> str:
    """Excel writes semicolons or tabs under some settings of the machine."""
    head = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=head.count)


def _contact(row: dict[str, str]) -> tuple[Contact | None, list[str]]:
    problems: list[str] = []
    role = _role(row["role"], problems)
    unit_code = _unit_code(row["unit_code"], role, problems)
    if not row["name"]:
        problems.append("姓名（name）为空。")
    if not row["name"].isprintable():
        problems.append("姓名（name）中有换行或不可见字符。")
    if not _EMAIL.fullmatch(row["email"]):
        shown = row["email"] or "（空）"
        problems.append(f"邮箱（email）“{shown}”不是可用的邮箱地址，应如 name@example.gov.cn。")
    valid_from = _date(row["valid_from"], "valid_from", problems)
    valid_to = _date(row["valid_to"], "valid_to", problems)
    if valid_from and valid_to and valid_from > valid_to:
        problems.append("起始日期（valid_from）晚于截止日期（valid_to）。")
    if problems or role is None:
        return None, problems
    return Contact(unit_code, row["name"], row["email"], role, valid_from, valid_to), problems


def _role(text: str, problems: list[str]) -> Role | None:
    try:
        return Role(text.lower())
    except ValueError:
        choices = "、".join(Role)
        problems.append(f"角色（role）“{text}”无法识别，只能是 {choices}。")
        return None


def _unit_code(text: str, role: Role | None, problems: list[str]) -> str:
    code = normalise_code(text)
    if not code and role is not Role.OFFICE:
        problems.append("单位编码（unit_code）为空。")
    elif is_mangled(text):
        problems.append(f"单位编码（unit_code）“{text}”已被电子表格改成科学计数法，请按文本重填。")
    elif code and not re.fullmatch(r"[0-9A-Z]{6,}", code):
        problems.append(f"单位编码（unit_code）“{text}”不足 6 位，开头的 0 可能被电子表格删去。")
    return code


def _date(text: str, column: str, problems: list[str]) -> date | None:
    if not text:
        return None
    try:
        return parse_pay_date(text)
    except NotADate as error:
        problems.append(f"日期（{column}）“{text}”{error.reason}。")
        return None


def _two_leads(read: Sequence[tuple[int, Contact]]) -> Iterable[tuple[int, str]]:
    """A unit has one lead at a time; who else is to answer for it is its deputy."""
    leads: defaultdict[str, list[tuple[int, Contact]]] = defaultdict(list)
    for line, contact in read:
        if contact.role is Role.LEAD:
            for earlier, other in leads[contact.unit_code]:
                if contact.overlaps(other):
                    yield line, _OVERLAP.format(unit=contact.unit_code, line=earlier)
            leads[contact.unit_code].append((line, contact))
