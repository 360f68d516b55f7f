"""Files that the program writes: whole or not at all, under names that every system takes."""

from __future__ import annotations

import os
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

if sys.platform != "win32":
    import fcntl

_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\s]+')


def write_whole(target: Path, content: bytes) -> None:
    """Puts a file in its place at once; a reader never sees a part of it.

    Raises OSError, which names the target; nothing is left behind.
    """
    # short, and its own: two writers of one target never share it
    aside = target.with_name(f".{os.getpid()}-{threading.get_ident()}.part")
    try:
        with aside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(target)
    except BaseException as error:  # an interruption too leaves nothing behind
        with suppress(OSError):
            aside.unlink()
        if isinstance(error, OSError):
            error.filename = str(target)
        raise


@contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Waits until no other process is in here for the same folder, which must exist.

    The lock goes with its process, however that ends. Where the file system knows no such locks
    (some network drives, Windows), nobody waits.
    """
    if sys.platform == "win32":
        yield
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def clear_unfinished(folder: Path) -> None:
    """Removes what writers that were killed left in a folder; for who is alone in it."""
    for left in folder.glob(".[0-9]*-[0-9]*.part"):
        with suppress(OSError):
            left.unlink()


def safe_name(text: str) -> str:
    """`text` with an underscore for what some system does not allow in a file's name."""
    return _UNSAFE.sub("_", text)
