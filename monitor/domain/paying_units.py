"""Which unit a list means: by its code, or where that is blank, by its name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from monitor.domain.codes import normalise_code, normalise_name
from monitor.domain.matchable import Known, Wording

# A document glues department and unit name; a shorter ending (本级) would fit every unit.
_SHORTEST_ENDING = 6


class PayingUnits:
    """The units that have projects. Codes and names given to its methods are normalised."""

    def __init__(self, projects: Iterable[Known]) -> None:
        codes: set[str] = set()
        self._by_name: defaultdict[str, set[str]] = defaultdict(set)
        self._by_ending: dict[str, set[str]] | None = None
        for each in projects:
            unit = normalise_code(each.unit_code)
            codes.add(unit)
            self._by_name[normalise_name(each.unit_name)].add(unit)
        self._codes = frozenset(codes)

    def surely(self, wanted: Wording) -> frozenset[str]:
        """The units that a payment may be of; none where code and name contradict each other."""
        named = self._named(wanted.unit_name)
        if not wanted.unit_code:
            return named
        contradicted = named and wanted.unit_code not in named
        return frozenset() if contradicted else self._codes & {wanted.unit_code}

    def perhaps(self, wanted: Wording) -> frozenset[str]:
        """The units that its code or its name speaks of, for proposals."""
        return (self._codes & {wanted.unit_code}) | self._named(wanted.unit_name)

    def _named(self, name: str) -> frozenset[str]:
        if self._by_ending is None:
            self._by_ending = self._endings()
        return frozenset(self._by_ending.get(name, ())) if name else frozenset()

    def _endings(self) -> dict[str, set[str]]:
        """The units by their whole names and by all endings of them that are long enough."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for known, units in self._by_name.items():
            for start in range(max(1, len(known) - _SHORTEST_ENDING + 1)):
                found[known[start:]] |= units
        return dict(found)
