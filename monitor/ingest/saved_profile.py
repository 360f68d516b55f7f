"""Saved profiles of payment lists (rules/profiles/NAME.toml): what an office says of its lists.

A profile names columns that rules/columns.toml does not know, and may state what is otherwise
found out: encoding, delimiter, header line, money unit.
"""

from __future__ import annotations

import codecs
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from monitor.domain.money import MoneyUnit
from monitor.errors import ConfigError, NotFound, UsageError, toml_words
from monitor.ingest.profiles import Columns, Forced, Meaning, plain

_NAME = re.compile(r"[\w-]{1,40}")
_SECTIONS = ("columns", "list")
_SETTINGS = ("encoding", "delimiter", "header_line", "unit")
_MEANINGS = {each.label: each for each in Meaning} | {each.value: each for each in Meaning}
_UNUSED = ("", "不用")
_DELIMITERS = {",": ",", "逗号": ",", "\t": "\t", "制表符": "\t", ";": ";", "分号": ";"}
_LAST_LINE = 1_048_576


@dataclass(frozen=True, slots=True)
class SavedProfile:
    """Header names, as `plain` leaves them, and their meanings; None: the column is not used."""

    name: str
    columns: Mapping[str, Meaning | None]
    forced: Forced = Forced()


def profile_path(folder: Path, name: str) -> Path:
    """Where the profile `name` of a workspace is. Raises UsageError for what is no name."""
    if not _NAME.fullmatch(name):
        raise UsageError(f"“{name}”不能作方案名。", "请用 40 个以内的汉字、字母、数字、- 或 _。")
    return folder / "rules" / "profiles" / f"{name}.toml"


def load_profile(folder: Path, name: str) -> SavedProfile:
    """Reads a profile of a workspace. Raises NotFound, and ConfigError that names all mistakes."""
    path = profile_path(folder, name)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        others = "、".join(sorted(each.stem for each in path.parent.glob("*.toml"))) or "还没有方案"
        raise NotFound(
            f"没有名为“{name}”的清单方案（{others}）。",
            "用 monitor payments profile 文件 --save 名称 建立。",
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{_file(name)} 的写法不对：{toml_words(error)}。") from error
    return read_profile(table, name)


def read_profile(table: Mapping[str, object], name: str) -> SavedProfile:
    """A parsed profile. Raises ConfigError that names all its mistakes."""
    mistakes = [f"不认识的一节 [{each}]" for each in table if each not in _SECTIONS]
    columns = _columns(_section(table, "columns", mistakes), mistakes)
    forced = _forced(_section(table, "list", mistakes), mistakes)
    if mistakes:
        raise ConfigError(f"{_file(name)} 有 {len(mistakes)} 处错误：" + "；".join(mistakes) + "。")
    return SavedProfile(name, columns, forced)


def with_profile(columns: Columns, profile: SavedProfile) -> Columns:
    """The words with those of the profile: its names go before all others, in its order."""
    used = [(name, meaning) for name, meaning in profile.columns.items() if meaning]
    first = {name: (meaning, n - len(used)) for n, (name, meaning) in enumerate(used)}
    return replace(
        columns,
        synonyms={**columns.synonyms, **first},
        unused=frozenset(profile.columns) - first.keys(),
        forced=profile.forced,
    )


def profile_text(
    name: str, file: str, columns: Sequence[tuple[str, Meaning | None]], found: Sequence[str]
) -> str:
    """A profile for the user to correct: the columns of `file`, and what was `found` of its form.

    Columns that mean nothing yet are comments, ready to be filled in.
    """
    once = {plain(text): meaning for text, meaning in columns if plain(text)}
    known = [f"{_quoted(text)} = {_quoted(m.label)}" for text, m in once.items() if m]
    unknown = [f'# {_quoted(text)} = ""' for text, m in once.items() if m is None]
    if unknown:
        unknown = [
            "",
            "# 以下各列认不出来，原样保留。要用的，删去行首的 #，右边写上含义。",
            *unknown,
        ]
    labels = [each.label for each in Meaning]
    lines = [
        f"# 支付明细的清单方案“{name}”，取自 {' '.join(file.split())}。",
        f"# 改好后用 monitor payments profile 文件 --profile {name} 核对，再用",
        f"# monitor payments import 文件 --profile {name} 导入。",
        "",
        "# 左边是清单的列名（两行表头为上下两行连写），右边是它的含义；不用的列写 \"\"。",
        *(f"# {'含义可写：' if not n else '　　　　　'}{'、'.join(labels[n : n + 8])}"
          for n in range(0, len(labels), 8)),
        "[columns]",
        *known,
        *unknown,
        "",
        "# 以下各项不写时自动判断；要指定的，删去行首的 #。",
        "[list]",
        *(f"# 这份清单：{each}" for each in found),
        '# encoding = "gb18030"',
        '# delimiter = "逗号"    # 或 制表符、分号',
        "# header_line = 3       # 表头（两行表头为其末行）在第几行",
        '# unit = "元"           # 或 千元、万元',
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _file(name: str) -> str:
    return f"rules/profiles/{name}.toml"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _section(table: Mapping[str, object], name: str, mistakes: list[str]) -> Mapping[str, object]:
    found = table.get(name, {})
    if isinstance(found, Mapping):
        return found
    mistakes.append(f"[{name}] 应是一节")
    return {}


def _columns(found: Mapping[str, object], mistakes: list[str]) -> dict[str, Meaning | None]:
    columns: dict[str, Meaning | None] = {}
    for text, said in found.items():
        name = plain(text)
        if not name:
            mistakes.append("[columns] 里有空白的列名")
        elif name in columns:
            mistakes.append(f"[columns] 中“{text}”写了两次")
        elif not isinstance(said, str) or (said not in _UNUSED and said not in _MEANINGS):
            mistakes.append(f"[columns] 中“{text}”的含义 {said} 不认识")
        else:
            columns[name] = _MEANINGS.get(said)
    return columns


def _forced(found: Mapping[str, object], mistakes: list[str]) -> Forced:
    mistakes += [f"[list] 中不认识的 {each}" for each in found if each not in _SETTINGS]
    encoding, delimiter, line, unit = (found.get(each) for each in _SETTINGS)
    if encoding is not None and not _is_encoding(encoding):
        mistakes.append(f"[list] 的 encoding 不认识 {encoding}")
    if delimiter is not None and delimiter not in _DELIMITERS:
        mistakes.append("[list] 的 delimiter 应是 逗号、制表符 或 分号")
    is_line = isinstance(line, int) and not isinstance(line, bool) and 1 <= line <= _LAST_LINE
    if line is not None and not is_line:
        mistakes.append("[list] 的 header_line 应是行号，如 3")
    if unit is not None and unit not in set(MoneyUnit):
        mistakes.append("[list] 的 unit 应是 元、千元 或 万元")
    if mistakes:
        return Forced()
    return Forced(
        encoding=encoding if isinstance(encoding, str) else None,
        delimiter=_DELIMITERS[str(delimiter)] if delimiter is not None else None,
        header_line=line if isinstance(line, int) else None,
        unit=MoneyUnit(str(unit)) if unit is not None else None,
    )


def _is_encoding(name: object) -> bool:
    """Whether it is an encoding of text (not, say, `zlib` or `rot13`)."""
    try:
        return isinstance(name, str) and "支付".encode(name) != b"" and bool(codecs.lookup(name))
    except (LookupError, ValueError):
        return False
