"""Documents of units and of the office as files: forms and reports of monitoring, unit reports."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path

from monitor.domain.money import yuan
from monitor.domain.scoring_rules import ScoringRules
from monitor.reports.assessment.drafting import draft
from monitor.reports.assessment.facts import ProjectFacts
from monitor.reports.assessment.scoring_settings import ScoringBook
from monitor.reports.monitoring import layout as monitoring_layout
from monitor.reports.monitoring import outline as monitoring_report
from monitor.reports.monitoring.form import form, period_of
from monitor.reports.monitoring.settings import MonitoringRules, Profile
from monitor.reports.paper.blocks import Paper
from monitor.reports.paper.manifest import Written
from monitor.reports.paper.writing import Job, Told, document_path, unit_path, write_papers
from monitor.reports.signed.frozen import Signed
from monitor.reports.unit import layout as unit_report_layout
from monitor.reports.unit.merged_sources import merged_provenance
from monitor.reports.unit.narrative import months_notice
from monitor.reports.unit.report import unit_report
from monitor.reports.unit.summary_facts import Summary, project_line

NARRATIVE = ("docx", "pdf")
"""The formats of a report in chapters; a form may be a workbook too."""


def by_unit(facts: Iterable[ProjectFacts]) -> dict[str, list[ProjectFacts]]:
    """The facts of each unit, in their order."""
    found: defaultdict[str, list[ProjectFacts]] = defaultdict(list)
    for each in facts:
        found[each.standing.account.unit_code].append(each)
    return dict(found)


def write_monitoring(
    facts: Sequence[ProjectFacts],
    scoring: ScoringBook,
    rules: MonitoringRules,
    profile: Profile,
    month: int,
    folder: Path,
    *,
    formats: Sequence[str] = ("docx",),
    whole: bool = True,
    reports: bool = True,
    told: Told = lambda _done: None,
) -> list[Written]:
    """Each project's form and, unless told otherwise, each unit's report, with manifests.

    `facts` are those of the month's end. Raises OSError, which names the file.
    """
    of = f"{facts[0].project.year}-{period_of(month)}"
    written = write_papers(
        _forms(facts, scoring, rules, profile, month),
        folder,
        formats,
        manifest=f"manifest-monitoring-{of}.csv",
        whole=whole,
        told=told,
    )
    if not reports:
        return written
    return written + write_papers(
        _outlines(facts, scoring, rules, profile, month),
        folder,
        narrative(formats),
        manifest=f"manifest-monitoring-report-{of}.csv",
        whole=whole,
        told=lambda done: told(len(facts) + done),
    )


def narrative(formats: Sequence[str]) -> tuple[str, ...]:
    """The formats that suit a report in chapters; .docx where none of them does."""
    return tuple(each for each in formats if each in NARRATIVE) or NARRATIVE[:1]


def write_unit_reports(
    facts: Sequence[ProjectFacts],
    scoring: ScoringBook,
    folder: Path,
    *,
    formats: Sequence[str] = ("docx",),
    provisional: bool = False,
    signed: Sequence[Signed] = (),
    whole: bool = True,
    told: Told = lambda _done: None,
) -> list[Written]:
    """Each unit's self-assessment report: YEAR/UNIT/单位自评报告.docx, and their manifest.

    `signed` are written as they were frozen, beside those of `facts`.
    """
    drafted = (
        Job(
            _unit_path(members[0], f"单位自评报告-{members[0].standing.account.unit_name}"),
            partial(unit_paper, members, _rules(scoring, members[0]), provisional=provisional),
            members[0].as_of,
        )
        for members in by_unit(facts).values()
    )
    year = facts[0].project.year if facts else signed[0].frozen.year
    return write_papers(
        chain((each.report_job for each in signed), drafted),
        folder,
        formats,
        manifest=f"manifest-unit-{year}.csv",
        whole=whole,
        told=told,
    )


def summary(
    facts: Sequence[ProjectFacts],
    scoring: ScoringBook,
    *,
    provisional: bool = False,
    signed: Sequence[Signed] = (),
) -> Summary:
    """The summary of these projects, each drafted as its own form is, beside `signed` ones."""
    lines = [each.line for unit in signed for each in unit.frozen.projects.values()]
    stamp = ""
    for each in facts:
        rules = _rules(scoring, each)
        made = draft(each, rules, provisional=provisional)
        stamp = stamp or made.stamp
        lines.append(project_line(each, made, rules))
    return Summary(
        year=lines[0].year,
        as_of=facts[0].as_of if facts else signed[0].frozen.as_of,
        lines=tuple(sorted(lines, key=lambda line: (line.unit_code, line.project_code))),
        notes=tuple(_notes(facts, signed)),
        provenance=_sources(facts, scoring, signed),
        stamp=stamp,
    )


def _sources(
    facts: Sequence[ProjectFacts], scoring: ScoringBook, signed: Sequence[Signed]
) -> tuple[str, ...]:
    """What the summary rests on: the files of the signed units, when they were signed, the rest."""
    told = [text for unit in signed for text in unit.frozen.report.sources]
    told += [f"单位 {unit.unit_code} {unit.words}" for unit in signed]
    if facts:
        told += merged_provenance(facts, [_rules(scoring, each) for each in facts])
    return tuple(dict.fromkeys(told))


def _notes(facts: Sequence[ProjectFacts], signed: Sequence[Signed]) -> Iterator[str]:
    yield from months_notice(facts)
    sums = [unit.frozen.report.unmatched for unit in signed]
    sums += [(m[0].unmatched_rows, m[0].unmatched_fen) for m in by_unit(facts).values()]
    if found := [(rows, fen) for rows, fen in sums if rows]:
        rows, fen = sum(rows for rows, _ in found), sum(fen for _, fen in found)
        yield (
            f"{len(found)} 个单位另有 {rows} 笔支付（合计 {yuan(fen)} 元）"
            "未与项目匹配，未计入本表。"
        )


def _rules(scoring: ScoringBook, facts: ProjectFacts) -> ScoringRules:
    return scoring.of(facts.project.year, facts.standing.account.unit_code)


def _unit_path(first: ProjectFacts, name: str) -> Path:
    return unit_path(first.project.year, first.standing.account.unit_code, name)


def _forms(
    facts: Sequence[ProjectFacts],
    scoring: ScoringBook,
    rules: MonitoringRules,
    profile: Profile,
    month: int,
) -> Iterator[Job]:
    for each in facts:
        project = each.project
        path = document_path(
            project.year,
            each.standing.account.unit_code,
            project.project_code,
            project.project_name,
        )
        yield Job(
            path.with_name(f"{path.name}-监控表-{period_of(month)}月"),
            partial(form_paper, each, _rules(scoring, each), rules, profile, month),
            each.as_of,
            project.project_code,
        )


def _outlines(
    facts: Sequence[ProjectFacts],
    scoring: ScoringBook,
    rules: MonitoringRules,
    profile: Profile,
    month: int,
) -> Iterator[Job]:
    for members in by_unit(facts).values():
        first = members[0]
        yield Job(
            _unit_path(first, f"绩效监控报告-{period_of(month)}月-{_name(first)}"),
            partial(outline_paper, members, _rules(scoring, first), rules, profile, month),
            first.as_of,
        )


def _name(facts: ProjectFacts) -> str:
    return facts.standing.account.unit_name or facts.standing.account.unit_code


def form_paper(
    facts: ProjectFacts, scoring: ScoringRules, rules: MonitoringRules, profile: Profile, month: int
) -> Paper:
    """A project's monitoring form, laid out."""
    return monitoring_layout.paper(form(facts, scoring, rules, profile, month))


def outline_paper(
    facts: Sequence[ProjectFacts],
    scoring: ScoringRules,
    rules: MonitoringRules,
    profile: Profile,
    month: int,
) -> Paper:
    """A unit's monitoring report, laid out."""
    forms = [form(each, scoring, rules, profile, month) for each in facts]
    return monitoring_report.paper(facts, forms, scoring)


def unit_paper(
    facts: Sequence[ProjectFacts],
    rules: ScoringRules,
    *,
    provisional: bool = False,
    digest: str = "",
) -> Paper:
    """A unit's self-assessment report, laid out; `digest` once it is finalized."""
    report = unit_report(facts, rules, provisional=provisional, digest=digest)
    return unit_report_layout.paper(report)
