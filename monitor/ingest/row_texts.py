"""What a recorded row says besides its figures: the texts that only people read."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import Row

from monitor.ingest.payment_layout import Layout
from monitor.ingest.profiles import Meaning


class Texts(NamedTuple):
    """Texts of a row, as written; '' where its list has no such column."""

    payee: str
    account: str
    purpose: str


def texts_of(row: Row[Any]) -> Texts:
    """Out of a row with `layout`, `cells` and `wording_cells`."""
    layout = Layout.from_json(row.layout)
    cells = layout.row(row.wording_cells, row.cells)
    return Texts(
        *(layout.text(cells, m) for m in (Meaning.PAYEE, Meaning.ACCOUNT, Meaning.PURPOSE))
    )


def cells_of(row: Row[Any], prefix: str = "") -> dict[str, str]:
    """The row as it stood, by column name; those of a second row of the query have a prefix."""
    kept = Layout.from_json(getattr(row, f"{prefix}layout"))
    cells = kept.row(getattr(row, f"{prefix}wording_cells"), getattr(row, f"{prefix}cells"))
    return dict(zip(kept.names, cells, strict=True))
