"""Ctrl-C at an awkward moment: while a library closes what it had open."""

from __future__ import annotations

import logging
import sys
import threading
from _thread import interrupt_main
from typing import Any

_SOON = 0.01  # seconds: when what is being cleaned away is gone


def tell_once() -> None:
    """For the whole process: an interrupt ends it with our words alone, and is never lost."""
    sys.unraisablehook = _raise_again
    if logging.lastResort:
        logging.lastResort.addFilter(_is_no_interrupt)


def _is_no_interrupt(record: logging.LogRecord) -> bool:
    """SQLAlchemy logs the interrupt that meets the closing of a connection, then passes it on."""
    return not (record.exc_info and record.exc_info[0] is KeyboardInterrupt)


def _raise_again(unraisable: Any) -> None:
    """Python drops what is raised while a value is cleaned away, and so would go on working."""
    if unraisable.exc_type is KeyboardInterrupt and not sys.is_finalizing():
        threading.Timer(_SOON, interrupt_main).start()
    else:
        sys.__unraisablehook__(unraisable)
