"""The examples of a document: ```console blocks, typed into one shell from top to bottom.

A line that begins with `$ ` is a command, the lines after it are its output. `…` stands for what
is left out: within a line for any text, on a line of its own for any lines.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_MARK = "\x1e"


@dataclass(frozen=True, slots=True)
class Example:
    """A command, and the lines that the document shows as its output."""

    command: str
    shown: tuple[str, ...]

    @property
    def pattern(self) -> str:
        return "".join(_pattern(line) for line in self.shown)


def _pattern(line: str) -> str:
    if line == "…":
        return r"(?:.*\n)*?"
    return ".*".join(re.escape(part) for part in line.split("…")) + "\n"


def blocks(document: str, language: str) -> list[str]:
    return [text for name, text in _BLOCK.findall(document) if name == language]


def examples(document: str) -> list[Example]:
    found = []
    for text in blocks(document, "console"):
        _, *typed = re.split(r"^\$ ", text, flags=re.MULTILINE)
        for each in typed:
            command, *shown = each.splitlines()
            found.append(Example(command, tuple(line.rstrip() for line in shown if line.strip())))
    return found


def outputs(commands: list[str], folder: Path) -> list[str]:
    """What each command prints, without blank lines; all in one shell, which stops at a failure."""
    script = "".join(f"{command}\nprintf '{_MARK}'\n" for command in commands)
    done = subprocess.run(
        ["bash", "-e"],
        input=script,
        cwd=folder,
        env=_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    printed = done.stdout.split(_MARK)
    assert done.returncode == 0, f"{commands[len(printed) - 1]}\n{printed[-1]}"
    return [without_blanks(each) for each in printed[:-1]]


def _environment() -> dict[str, str]:
    """Nothing of the developer's settings counts, and this environment's `monitor` comes first."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MONITOR_")}
    path = os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", "")])
    return kept | {"PATH": path, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}


def without_blanks(text: str) -> str:
    """The text without blank lines and blanks at the ends of lines."""
    return "".join(f"{line.rstrip()}\n" for line in text.splitlines() if line.strip())
