"""数据来源 of a document about several projects: each file once, with what it gave them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from monitor.domain.scoring_rules import ScoringRules
from monitor.reports.assessment.facts import ProjectFacts, Source
from monitor.reports.assessment.notices import provenance


def merged_provenance(
    facts: Sequence[ProjectFacts], rules: Iterable[ScoringRules]
) -> tuple[str, ...]:
    """The files, revisions and adjustments of all these projects, then each rule set used."""
    whole = replace(
        facts[0],
        sources=_sources(facts),
        revisions=tuple(dict.fromkeys(replace(r, line=0) for f in facts for r in f.revisions)),
        adjustments=tuple(each for one in facts for each in one.adjustments),
    )
    told: dict[str, None] = {}
    for each in dict.fromkeys(rules):
        *used, last = provenance(whole, each)
        told |= dict.fromkeys(used)
        told.pop(last, None)
        told[last] = None
    return tuple(told)


def _sources(facts: Iterable[ProjectFacts]) -> tuple[Source, ...]:
    found: dict[tuple[str, str, str], Source] = {}
    for one in facts:
        for source in one.sources:
            key = source.kind, source.file, source.sha256
            known = found.get(key)
            found[key] = source if known is None else _together(known, source)
    return tuple(found.values())


def _together(one: Source, other: Source) -> Source:
    if other.rows is None or other.amount_fen is None:
        return one
    return replace(
        one,
        rows=(one.rows or 0) + other.rows,
        amount_fen=(one.amount_fen or 0) + other.amount_fen,
    )
