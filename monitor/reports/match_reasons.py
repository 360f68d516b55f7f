"""Why a payment was matched as it was, where the list and the database still tell."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection, Row

from monitor.domain.matchable import MatchSettings
from monitor.domain.matching import Directory
from monitor.domain.payment import line_label
from monitor.ingest.alike import key_of
from monitor.ingest.importing import directory
from monitor.ingest.row_texts import Texts
from monitor.store import matches


class MatchReasons:
    """The reasons of automatic matches of one year, worked out when first asked for."""

    def __init__(self, connection: Connection, year: int, matching: MatchSettings) -> None:
        self._connection, self._year, self._matching = connection, year, matching
        self._directory: Directory | None = None
        self._decided: dict[Any, str] | None = None

    def of(self, row: Row[Any], texts: Texts) -> str:
        """In Chinese; '' where the method says it all, or what it was is not in force any more."""
        if row.method == "remembered":
            return self._decision(row)
        if row.method not in ("slip", "rule"):
            return ""
        if self._directory is None:
            self._directory = directory(self._connection, self._year, self._matching)
        found = self._directory.match_row(row, texts.purpose, texts.payee)
        same = found is not None and (found.key, found.method) == (row.project_id, row.method)
        return found.reason if found is not None and same else ""

    def _decision(self, row: Row[Any]) -> str:
        if self._decided is None:
            found: defaultdict[Any, list[str]] = defaultdict(list)
            for each in matches.decided(self._connection, self._year):
                if not (each.project_code or each.project_name):
                    continue
                said = f"编号 {line_label(each.number, each.ordinal)} 由 {each.actor} 确认"
                reason = f"：{each.reason}" if each.reason else ""
                found[each.project_id, key_of(each)].append(said + reason)
            self._decided = {key: told[0] for key, told in found.items()}
        return self._decided.get((row.project_id, key_of(row)), "")
