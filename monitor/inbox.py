"""The workspace's inbox/: files put there are imported, moved away, and answered by a receipt.

A file goes to done/ or refused/ after its import has landed: whoever dies in between finds it in
the inbox again and imports it again, which changes nothing (its bytes are known).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.domain.calendar import CHINA, china_time
from monitor.errors import ConfigError
from monitor.files import write_whole
from monitor.ingest.archive_names import is_hidden

if TYPE_CHECKING:
    from monitor.bootstrap import App
    from monitor.inbox_reading import Taken

QUIET = timedelta(seconds=10)
"""A file that has not changed for so long has come as a whole."""
_DONE, _REFUSED = "done", "refused"
_UNFINISHED = (".part", ".tmp", ".crdownload", ".download", ".partial", ".filepart")

Signature = tuple[tuple[str, int, int, int], ...]
"""Of a file or a folder: name, bytes, and when content and state changed, of each file in it."""

_log = logging.getLogger(__name__)


class Inbox:
    """The inbox of a workspace, watched: it remembers what lay there when it looked last.

    The times that files carry are not believed: copies keep older ones, and other machines'
    clocks write them. What counts is that nothing has changed between two looks.
    """

    def __init__(self, app: App, stopping: Callable[[], bool] = lambda: False) -> None:
        self._app, self._stopping = app, stopping
        self._folder = app.settings.folder / "inbox"
        self._seen: dict[str, tuple[Signature, datetime]] = {}

    def look(self) -> list[Path]:
        """What has been quiet long enough, by name."""
        now = self._app.now()
        before, self._seen = self._seen, {}
        quiet = []
        for path in _entries(self._folder):
            signature = _signature(path)
            if signature is None:
                continue  # it is coming, or going
            known, since = before.get(path.name, (None, now))
            since = since if known == signature else now
            self._seen[path.name] = signature, since
            if abs(now - since) >= QUIET:
                quiet.append(path)
        return quiet

    def has_unsettled(self) -> bool:
        """Whether something lay there at the last look."""
        return bool(self._seen)

    def take_in(self) -> str:
        """Imports what is quiet, and says what came of it; nothing, where there was nothing.

        Raises OSError and MonitorError where a file could be neither imported nor refused: it
        stays, and the others are done first.
        """
        taken, refused, trouble = 0, 0, None
        for path in self.look():
            if self._stopping():
                break
            try:
                outcome = self._take(path)
            except FileNotFoundError:
                if path.exists():
                    raise
                continue  # another service was sooner, or somebody took it back
            except OSError as error:
                trouble = error
                continue
            taken, refused = taken + (not outcome.refused), refused + outcome.refused
        if trouble is not None:
            raise trouble
        return f"收件夹导入 {taken} 个，拒绝 {refused} 个" if taken or refused else ""

    def _take(self, path: Path) -> Taken:
        from monitor.inbox_reading import import_whatever

        signature, _ = self._seen[path.name]
        taken = import_whatever(self._app, path, self._stopping)
        at = self._app.now()
        self._mail(path.name, signature, taken, at)
        place = _free(self._folder / (_REFUSED if taken.refused else _DONE), path.name, at)
        path.rename(place)
        del self._seen[path.name]
        write_whole(
            place.with_name(f"{place.name}.回执.txt"),
            _receipt(path.name, taken, at).encode("utf-8-sig"),  # Notepad's mark
        )
        words = "拒绝" if taken.refused else "已导入"
        _log.info("收件夹 %s：%s", path.name, words, extra={"job": "inbox", "file": place.name})
        return taken

    def _mail(self, name: str, signature: Signature, taken: Taken, at: datetime) -> None:
        """The receipt to each contact of the office, once for this arrival of the file."""
        from monitor.domain.draft import Draft
        from monitor.domain.warning import MailKind
        from monitor.store import outbox
        from monitor.store.engine import writing

        mail = self._app.settings.mail
        domain = (mail.sender if mail else "monitor@localhost").rpartition("@")[2]
        run = f"receipt-{sha256(repr((name, signature)).encode()).hexdigest()[:32]}"
        facts = {
            "file": name,
            "outcome": taken.outcome,
            "lines": list(taken.lines),
            "refused": taken.refused,
        }
        try:
            office = self._app.contacts().office(at.astimezone(CHINA).date())
        except ConfigError as error:  # the receipt beside the file is there all the same
            _log.error("收件夹 %s 的回执没有发信：%s", name, error, extra={"job": "inbox"})
            return
        with writing(self._app.engine) as connection:
            for contact in office:
                draft = Draft(
                    kind=MailKind.RECEIPT,
                    email=contact.email,
                    name=contact.name,
                    run=run,
                    year=0,
                    unit_code="",
                    subject=f"【收件夹】{name}：{taken.outcome}",
                    facts=facts,
                    tells=(),
                    release_at=at,
                )
                outbox.prepare(connection, draft, domain=domain, at=at)


def _entries(folder: Path) -> Iterator[Path]:
    """The files and folders that lie in the inbox to be imported."""
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        is_ours = path.name in (_DONE, _REFUSED) and path.is_dir()
        if not is_ours and not is_hidden(path.name) and not _is_unfinished(path):
            yield path


def _is_unfinished(path: Path) -> bool:
    return path.suffix.lower() in _UNFINISHED


def _signature(path: Path) -> Signature | None:
    """None where it cannot be told just now, or a download in it is under way."""
    with suppress(OSError):
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        if any(_is_unfinished(each) for each in files):
            return None
        told = ((each, each.stat()) for each in files)
        return tuple(
            (each.relative_to(path).as_posix(), of.st_size, of.st_mtime_ns, of.st_ctime_ns)
            for each, of in told
        )
    return None


def _free(folder: Path, name: str, at: datetime) -> Path:
    """A place in the folder that nothing has: by its name, else with the time, else a number."""
    folder.mkdir(exist_ok=True)
    stem, ending = Path(name).stem, Path(name).suffix
    stamp = f"{at.astimezone(CHINA):%Y%m%d-%H%M%S}"
    place, number = folder / name, 1
    while place.exists() or place.with_name(f"{place.name}.回执.txt").exists():
        more = f"-{number}" if number > 1 else ""
        place, number = folder / f"{stem}-{stamp}{more}{ending}", number + 1
    return place


def _receipt(name: str, taken: Taken, at: datetime) -> str:
    head = ("收件夹回执", f"文件：{name}", f"时间：{china_time(at)}", f"结果：{taken.outcome}")
    return "\r\n".join((*head, "", *taken.lines, ""))
