"""The defaults that come with the program: packed into the wheel, or in a checkout's config/."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def shipped(name: str) -> str:
    """The text of a shipped default file, such as `rules/labels.toml`. Raises OSError."""
    packed = files("monitor").joinpath("defaults", name)
    if packed.is_file():
        return packed.read_text(encoding="utf-8")
    return (Path(__file__).parents[2] / "config" / name).read_text(encoding="utf-8")
