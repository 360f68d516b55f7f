"""The service's log on stderr: one JSON object a line for machines, or lines for people."""

from __future__ import annotations

import json
import logging
import sys
from datetime import datetime

from monitor.domain.calendar import CHINA, china_time

_ABOUT = ("job", "period", "file", "mail", "import", "year")
"""What a line may be about besides its message: given by `extra=` where it is logged."""


def log_to_stderr(form: str) -> None:
    """`form` is `json` or `text`. From now on, for the whole process."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("apscheduler").setLevel(logging.WARNING)


class TextLines(logging.Formatter):
    """Time in China, level, message; then, where a bug is told, its trace."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: ARG002, N802
        return china_time(datetime.fromtimestamp(record.created, CHINA))


class JsonLines(TextLines):
    """Keys: time, level, logger, message; job, period, file, mail … where the line is about one;
    trace, where a bug is told."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": self.formatTime(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line.update({key: getattr(record, key) for key in _ABOUT if hasattr(record, key)})
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)
