"""Target documents for the commands: found in files, folders and archives, read in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.cli.output import bar, say
from monitor.errors import NotFound

if TYPE_CHECKING:
    from monitor.ingest.labels import Labels
    from monitor.ingest.reading_pool import Read
    from monitor.ingest.sources import Found, Passed

ENDINGS = (".txt", ".docx", ".doc", ".xlsx", ".xls", ".html", ".htm", ".pdf")
"""Of the documents that are looked for in folders and archives; archives end in .zip."""
_SHOWN = 10
"""Files passed over that are named at most."""


def read_documents(paths: Iterable[Path], *, year: int | None, labels: Labels) -> Iterator[Read]:
    """Reads all documents in the paths, in order; says first what it found and what it passes.

    Raises NotFound where there is none.
    """
    from monitor.ingest.reading_pool import processes_for, read_all
    from monitor.ingest.sources import sources, survey

    listed = list(dict.fromkeys(paths))
    sizes = []
    for found in survey(listed, ENDINGS):
        say_found(found, ENDINGS)
        sizes += found.sizes
    if not sizes:
        raise NotFound("没有可导入的绩效目标文本。", "请检查文件夹。")
    reading = read_all(
        sources(listed, ENDINGS),
        year=year,
        labels=labels,
        processes=processes_for(len(sizes), sum(sizes)),
    )
    return bar(reading, total=len(sizes), title="读取")


def say_found(found: Found, looked_for: Iterable[str]) -> None:
    """A line about a folder or an archive; a plain file needs none."""
    if not found.path.is_dir() and len(found.sizes) == 1 and not found.passed:
        return
    what = "文件夹" if found.path.is_dir() else "压缩包"
    others = [each for each in found.passed if not each.taken]
    plain = [_inside(found, each) for each in others if not each.why]
    shown = "、".join(plain[:_SHOWN]) + "……" * (len(plain) > _SHOWN)
    passed = f"，跳过 {len(plain)} 个其他文件（{shown}）" if plain else ""
    endings = "、".join((*looked_for, ".zip"))
    say(f"{what} {found.path}：找到 {len(found.sizes)} 个文件（{endings}）{passed}。")
    for each in found.passed:
        if each.why:
            say(f"  {each.name} {each.why}{'' if each.taken else '，跳过'}。")


def _inside(found: Found, passed: Passed) -> str:
    return passed.name if found.path.is_dir() else passed.name.removeprefix(f"{found.path.name}/")
