"""The shipped rule sets, as the tests of scoring use them."""

from __future__ import annotations

import tomllib
from decimal import Decimal

from monitor.domain.actual import parse_actual
from monitor.domain.scoring import Scored, score
from monitor.domain.scoring_rules import Group, ScoringRules
from monitor.domain.target_value import parse_target
from monitor.ingest.shipped import shipped
from monitor.reports.assessment.scoring_settings import SHIPPED, read_scoring

SETS = read_scoring({n: tomllib.loads(shipped(f"rules/scoring/{n}.toml")) for n in SHIPPED}).sets
NATIONAL_2020, NATIONAL_2021, LOCAL = (
    SETS[key] for key in ("national-2020", "national-2021", "local")
)


def scored(
    target: str,
    actual: str,
    weight: str = "10",
    rules: ScoringRules = NATIONAL_2020,
    group: Group = Group.OUTPUT,
) -> Scored:
    """One indicator scored from what the document and the person wrote."""
    value = parse_target(target)
    done = parse_actual(actual, value)
    assert done is not None
    return score(value, done, Decimal(weight), rules, group=group)


def points(*args: str, **kwargs: ScoringRules | Group) -> str:
    return str(scored(*args, **kwargs).points)  # type: ignore[arg-type]
