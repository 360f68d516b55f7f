"""How the cells of a 绩效填报表 look: locked grey, to be filled yellow, optional light yellow."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from monitor.ingest.form_book import RATE, Shown, Slot, Wants

NEEDED, OPTIONAL, LOCKED = "#FFE699", "#FFF9DB", "#F2F2F2"


class Formats:
    """The formats of one workbook."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        base = {"font_name": "宋体", "font_size": 10, "border": 1, "valign": "vcenter"}
        self._base, self._made = base, {}  # type: ignore[var-annotated]
        head = {**base, "bold": True, "align": "center", "text_wrap": True}
        self.head = self._add({**head, "bg_color": "#D9E2F3"})
        self.head_open = self._add({**head, "bg_color": "#FFD966"})
        self.text = self._add({**base, "text_wrap": True, "num_format": "@"})
        plain = {"font_name": "宋体", "font_size": 11, "valign": "vcenter"}
        self.plain = self._add(plain)
        self.wrapped = self._add({**plain, "text_wrap": True, "valign": "top"})
        self.strong = self._add({**plain, "bold": True})
        self.right = self._add({**plain, "bold": True, "align": "right"})
        self.title = self._add({**plain, "font_size": 16, "bold": True, "align": "center"})

    def swatch(self, colour: str) -> Any:
        return self._add({**self._base, "bg_color": colour, "align": "center"})

    def author(self) -> Any:
        return self._add({**self._base, "bg_color": OPTIONAL, "locked": False, "num_format": "@"})

    def locked(self, header: str, shown: Shown) -> Any:
        if isinstance(shown, Decimal):
            number = "#,##0.00" if "（元）" in header else "General"
            look = {"num_format": number, "align": "right", "shrink": True}
        else:
            right = {"align": "right"} if header in (RATE, "执行率得分") else {}
            look = {"num_format": "@", "text_wrap": True, **right}
        return self._add({**self._base, "bg_color": LOCKED, **look})

    def open(self, slot: Slot) -> Any:
        colour = NEEDED if slot.needed else OPTIONAL
        look: dict[str, Any] = {"num_format": "@", "text_wrap": True}
        if slot.wants is Wants.AMOUNT:
            look = {"num_format": "#,##0.00", "align": "right", "shrink": True}
        elif slot.wants is Wants.POINTS:
            look = {"num_format": "General", "align": "right"}
        elif slot.wants in (Wants.CHOICE, Wants.TICK):
            look |= {"align": "center"}
        return self._add({**self._base, "bg_color": colour, "locked": False, **look})

    def _add(self, look: dict[str, Any]) -> Any:
        key = tuple(sorted(look.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(look)
        return self._made[key]
