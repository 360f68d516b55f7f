"""Rows of a payment list that could not be read for sure, kept with the reason."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.errors import Diagnostic, Place, Severity


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that does not count, why, and what to do; several reasons are joined in `reason`.

    `column`, `value` and `reason_id` are of the first reason. `number` is the application
    number or voucher as far as it can be read, `cells` the row as it stood, and `content` a
    sha256 of what the row says, whatever the order and names of the columns, so that the same
    row is known again in another list.
    """

    line: int
    number: str
    column: str
    value: str
    reason_id: str
    reason: str
    advice: str
    cells: tuple[tuple[str, str], ...]
    content: str

    def diagnostic(self, file: str) -> Diagnostic:
        """The same as a diagnostic, for printing beside the others of `file`."""
        place = Place(file, self.line, self.column or None)
        return Diagnostic(
            self.reason_id, Severity.ERROR, place, self.value, self.reason, self.advice
        )
