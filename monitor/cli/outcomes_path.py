"""Where `--outcomes` may write: told before anything is imported."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from monitor.errors import UsageError


def check_outcomes(outcomes: Path, paths: Iterable[Path]) -> None:
    """Raises UsageError where the outcomes have no folder, or would go over a given list."""
    _folder_is_there(outcomes)
    _no_list_is_overwritten(outcomes, paths)


def _folder_is_there(outcomes: Path) -> None:
    """Raises UsageError where the outcomes cannot be written: better before the import."""
    folder = outcomes.absolute().parent
    if not folder.is_dir():
        raise UsageError(
            f"没有文件夹 {folder}，逐行结果无处可写，没有导入。",
            "请先建好文件夹，或给 --outcomes 换一个地方。",
        )


def _no_list_is_overwritten(outcomes: Path, paths: Iterable[Path]) -> None:
    """Raises UsageError where a given list has a name that the outcomes will have."""
    stem, suffix = map(re.escape, (outcomes.stem, outcomes.suffix))
    written = re.compile(f"{stem}(-[1-9][0-9]*)?{suffix}")
    folder = outcomes.resolve().parent
    for path in map(Path.resolve, paths):
        if path.is_file() and path.parent == folder and written.fullmatch(path.name):
            raise UsageError(
                f"逐行结果会盖掉要导入的清单 {path.name}，没有导入。",
                "请给 --outcomes 换一个文件名。",
            )
