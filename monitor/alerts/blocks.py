"""What a mail consists of. HTML and plain text are both made from these, so they say the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from monitor.alerts.wording import Row

COLOURS = {"red": "#b42318", "yellow": "#a66a00", "notice": "#1f5fa8", "done": "#2f7d4f"}


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph, a heading (`h2`, `h3`), a note that stands out, or small print."""

    words: str
    kind: Literal["p", "h2", "h3", "note", "strong", "quiet"] = "p"


@dataclass(frozen=True, slots=True)
class Bar:
    """A share of the budget in basis points, drawn as two cells of a table."""

    label: str
    bp: int
    colour: str
    kind: Literal["bar"] = "bar"

    @property
    def width(self) -> int:
        return max(0, min(100, (self.bp + 50) // 100))


@dataclass(frozen=True, slots=True)
class Card:
    """One warning: its badge, its subject, bars, figures, and sentences."""

    badge: str
    colour: str
    title: str
    subtitle: str
    rows: Sequence[Row]
    bars: Sequence[Bar] = ()
    notes: Sequence[str] = ()
    kind: Literal["card"] = "card"


@dataclass(frozen=True, slots=True)
class Bullets:
    """Short lines, one below the other."""

    lines: Sequence[str]
    kind: Literal["bullets"] = "bullets"


@dataclass(frozen=True, slots=True)
class Table:
    """Names and values in two columns."""

    rows: Sequence[Row]
    kind: Literal["table"] = "table"


Block = Text | Card | Bullets | Table


@dataclass(frozen=True, slots=True)
class Page:
    """A whole mail: its heading, a line below it, whom it greets, and the rest."""

    title: str
    subtitle: str
    greeting: str
    blocks: Sequence[Block] = field(default_factory=tuple)
    foot: str = ""
