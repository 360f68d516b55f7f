"""Use case: a unit's year is finalized (定稿), or a finalization taken back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Connection, Engine

from monitor.domain.advice import AdviceRules
from monitor.domain.money_words import MoneyWords
from monitor.domain.progress import Limits
from monitor.errors import MonitorError, NotFound
from monitor.reports.assessment.drafting import draft
from monitor.reports.assessment.facts import ProjectFacts
from monitor.reports.assessment.gathering import project_facts
from monitor.reports.assessment.provisional import month_words, open_months
from monitor.reports.assessment.scoring_settings import ScoringBook
from monitor.reports.paper.writing import Told, document_path, write_papers
from monitor.reports.signed import frozen
from monitor.reports.signed.frozen import SEAL_HERE, Frozen, FrozenProject, FrozenReport, Signed
from monitor.reports.signed.open_places import of_form, of_report
from monitor.reports.unit.merged_sources import merged_provenance
from monitor.reports.unit.papers import by_unit, narrative, summary, unit_paper
from monitor.reports.unit.summary_facts import project_line
from monitor.reports.unit.summary_workbook import summary_workbook
from monitor.store import counted, finalizations
from monitor.store.engine import reading, writing

_MOST_NAMED = 30  # open places that a refusal lists
SUMMARY = "绩效自评汇总表.xlsx"


@dataclass(frozen=True, slots=True)
class Drafting:
    """The settings by which a year's forms are made."""

    scoring: ScoringBook
    limits: Limits
    words: MoneyWords
    advice: AdviceRules


@dataclass(frozen=True, slots=True)
class Asked:
    """Which year is to be finalized: of one unit or of all, as of its last day.

    `formats` are those of which the documents' SHA-256 are kept. `allow_open`: also where
    somebody has still to fill in something.
    """

    year: int
    as_of: date
    unit_code: str | None
    formats: tuple[str, ...]
    allow_open: bool = False


@dataclass(frozen=True, slots=True)
class Finalized:
    """What was done: the new finalizations, those that were there, and how much is open."""

    new: tuple[Signed, ...]
    known: tuple[Signed, ...]
    open_places: int


def finalize(
    engine: Engine,
    drafting: Drafting,
    asked: Asked,
    *,
    at: datetime,
    actor: str,
    told: Told = lambda _done: None,
) -> Finalized:
    """Freezes the year of a unit, or of every unit that is not frozen yet: all or none.

    The documents are made first, and what they show is compared with the record again under the
    write lock. Raises MonitorError where months or cells are open, or where the record changes
    meanwhile; NotFound for no such unit.
    """
    with reading(engine) as connection:
        known = frozen.signed(connection, asked.year, asked.unit_code)
        ready, open_places = _prepare(connection, drafting, asked, known)
    new = [Signed(each, each.digest, at, actor, {}) for each in ready]
    made = documents(new, asked.formats, drafting.scoring, told)
    new = [
        Signed(each.frozen, each.digest, at, actor, made[each.unit_code], each.id) for each in new
    ]
    with writing(engine) as connection:
        before = finalizations.in_force(connection, asked.year, asked.unit_code)
        again, _ = _prepare(connection, drafting, asked, known)
        if [row.id for row in before] != [each.id for each in known] or again != ready:
            raise MonitorError("没有定稿：准备文件期间，记录又有变化。", "请重新运行。")
        for each in new:
            frozen.record(connection, each)
    return Finalized(tuple(new), tuple(known), open_places)


def take_back(
    engine: Engine, year: int, unit_code: str | None, *, reason: str, at: datetime, actor: str
) -> list[str]:
    """Takes the finalizations of a year or unit back; they stay in the history. Their units.

    Raises NotFound where there is none.
    """
    with writing(engine) as connection:
        rows = finalizations.in_force(connection, year, unit_code)
        if not rows:
            raise not_signed(year, unit_code)
        for row in rows:
            finalizations.take_back(connection, row.id, reason=reason, at=at, actor=actor)
    return [row.unit_code for row in rows]


def not_signed(year: int, unit_code: str | None) -> NotFound:
    """There is no finalization in force."""
    whose = f"单位 {unit_code} " if unit_code else ""
    return NotFound(
        f"{whose}{year} 年没有定稿。", f"定稿用 monitor report finalize --year {year}。"
    )


def _prepare(
    connection: Connection, drafting: Drafting, asked: Asked, known: Sequence[Signed]
) -> tuple[list[Frozen], int]:
    """What would be frozen, and how many places of it are open."""
    done = {each.unit_code for each in known}
    if asked.unit_code in done:
        return [], 0
    facts = project_facts(
        connection,
        year=asked.year,
        as_of=asked.as_of,
        limits=drafting.limits,
        unit_code=asked.unit_code,
        words=drafting.words,
        advice=drafting.advice,
    )
    units = {code: each for code, each in by_unit(facts).items() if code not in done}
    _require_closed(units)
    ready = [_freeze(connection, members, drafting, asked) for members in units.values()]
    places = [place for each in ready for place in _open_places(each)]
    if places and not asked.allow_open:
        raise _still_open(asked.year, places)
    return ready, len(places)


def _require_closed(units: Mapping[str, Sequence[ProjectFacts]]) -> None:
    """A year of which payments may still come is not signed."""
    lacking = [
        f"单位 {code} 缺 {month_words(months)}"
        for code, members in units.items()
        if (months := sorted({month for each in members for month in open_months(each)}))
    ]
    if lacking:
        raise MonitorError(
            f"没有定稿，全年支付明细还没有到齐：{'；'.join(lacking)}。",
            "请导入这些月份的清单，或在核实没有遗漏后用 monitor payments coverage confirm 确认；"
            "只给已到齐的单位定稿的，用 --unit。",
        )


def _freeze(
    connection: Connection, facts: Sequence[ProjectFacts], drafting: Drafting, asked: Asked
) -> Frozen:
    unit = facts[0].standing.account.unit_code
    rules = drafting.scoring.of(asked.year, unit)
    codes = [each.project.project_code for each in facts]
    paid = counted.counted(connection, year=asked.year, as_of=asked.as_of, codes=codes)
    projects = {}
    for each, code in zip(facts, codes, strict=True):
        form = draft(each, rules)
        projects[code] = FrozenProject(form, project_line(each, form, rules), paid.get(code, ()))
    return Frozen(
        asked.year,
        unit,
        asked.as_of,
        projects,
        FrozenReport(
            facts[0].standing.account.unit_name,
            unit_paper(facts, rules, digest=SEAL_HERE),
            merged_provenance(facts, [rules]),
            (facts[0].unmatched_rows, facts[0].unmatched_fen),
        ),
    )


def _open_places(unit: Frozen) -> Iterator[str]:
    for code, each in unit.projects.items():
        for place in of_form(each.draft):
            yield f"{unit.unit_code} {code} {each.draft.project_name.text}：{place}"
    for place in of_report(unit.report.paper):
        yield f"{unit.unit_code} 单位自评报告：{place}"


def _still_open(year: int, places: Sequence[str]) -> MonitorError:
    listed = "\n".join(f"  {place}" for place in places[:_MOST_NAMED])
    by_unit_ = Counter(place.partition(" ")[0] for place in places)
    more = f"\n  ……共 {len(places)} 处" if len(places) > _MOST_NAMED else ""
    units = "，".join(f"单位 {code} {count} 处" for code, count in sorted(by_unit_.items()))
    return MonitorError(
        f"没有定稿，还有 {len(places)} 处待填（{units}）：\n{listed}{more}\n",
        f"请用 monitor form export --year {year} 请单位填写；仍要照此定稿的，加 --allow-open。",
    )


def documents(
    units: Sequence[Signed],
    formats: Sequence[str],
    scoring: ScoringBook,
    told: Told = lambda _done: None,
) -> dict[str, dict[str, str]]:
    """By unit, the SHA-256 of each document that its reports give, by path in their folder."""
    found: dict[str, dict[str, str]] = {each.unit_code: {} for each in units}
    if not units:
        return found
    folders = {_folder(each): each.unit_code for each in units}
    with TemporaryDirectory() as folder:
        for jobs, kinds in (
            ([job for each in units for job in each.jobs()], tuple(formats)),
            ([each.report_job for each in units], narrative(formats)),
        ):
            for each in write_papers(jobs, Path(folder), kinds, manifest="m.csv", told=told):
                found[folders[Path(each.path).parent.as_posix()]][each.path] = each.sha256
    for unit in units:
        book = summary_workbook(summary((), scoring, signed=[unit]))
        found[unit.unit_code][f"{_folder(unit)}/{SUMMARY}"] = sha256(book).hexdigest()
    return {code: dict(sorted(each.items())) for code, each in found.items()}


def _folder(unit: Signed) -> str:
    return document_path(unit.frozen.year, unit.unit_code, "", "").parent.as_posix()
