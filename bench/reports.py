"""Self-assessments as .docx with a chart: ours beside docxtpl with a fresh figure each.

    python -m bench.reports [--documents 1000] [--rounds 3] [--memory]

docxtpl is no dependency of the project: `pip install docxtpl==0.20.2` beside it for this bench.
Both start from the same facts, draft them by the same code, and write files from two processes;
docxtpl fills a plain template without merged cells, and draws with a new Figure each, without
pyplot. Run alternately, and the medians compared, by the clock and by the work of the processors:
at most 0.7 of the clock is wanted, 0.3 is aimed at. With --memory the peak of the processes for 200
and for 1,000 documents is compared too. Exit status 1 where a limit is passed. Use a quiet machine.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from functools import cache, partial
from io import BytesIO
from itertools import accumulate
from multiprocessing import get_context
from pathlib import Path

import docx
from matplotlib.figure import Figure

from monitor.domain.money import MoneyUnit
from monitor.domain.progress import Account, stand
from monitor.domain.target import Indicator, PlanPoint, Project
from monitor.domain.target_value import parse_target
from monitor.errors import Place
from monitor.files import write_whole
from monitor.ingest.shipped import shipped
from monitor.reports.assessment.drafting import draft
from monitor.reports.assessment.facts import Curve, ProjectFacts, Source
from monitor.reports.assessment.papers import write_drafts
from monitor.reports.assessment.scoring_settings import SHIPPED, ScoringBook, read_scoring
from monitor.reports.charts.drawing import drawing

AS_OF = date(2025, 12, 31)
WORKERS = 2
_LIMIT, _GROWTH = 0.7, 1.25
_KINDS = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
_LEVELS = (
    *[("产出指标", level2) for level2 in ("数量指标", "质量指标", "时效指标", "成本指标") * 2][:8],
    *[("效益指标", level2) for level2 in ("经济效益指标", "社会效益指标", "可持续影响指标")],
    ("满意度指标", "服务对象满意度指标"),
)
_TARGETS = ("≥12场", "100%", "12月底前", "≤10万元", "≥95%", "进一步提升")


def facts(number: int) -> ProjectFacts:
    """A made-up project of twelve indicators with payments in every month."""
    indicators = tuple(
        Indicator(
            level1, level2, f"第{n}项工作完成情况", f"说明{n}", target, parse_target(target), "计划"
        )
        for n, (level1, level2) in enumerate(_LEVELS, 1)
        for target in [_TARGETS[(n + number) % len(_TARGETS)]]
    )
    budget = 10_000_000 + number * 137_00
    unit = f"6230{number % 20:02d}"
    project = Project(
        year=2025, unit_code=unit, unit_name=f"测试县第{number % 20}单位",
        project_code=f"13030325P{number:011d}X", project_name=f"公共服务能力提升项目{number}",
        money_unit=MoneyUnit.YUAN, budget_fen=budget, fiscal_fen=budget, other_fen=0,
        purpose="办公和活动经费",
        plan=tuple(PlanPoint(m, bp) for m, bp in ((3, 2500), (6, 5000), (9, 7500), (12, 10000))),
        goals=("完成全年任务", "服务对象满意"), indicators=indicators,
        place=Place("目标.txt", number),
    )  # fmt: skip
    paid = tuple(budget // 14 + (number * month) % 9973 for month in range(12))
    account = Account(
        2025, unit, project.unit_name, project.project_code, project.project_name,
        initial_budget_fen=budget, budget_fen=budget, paid_fen=sum(paid), payments=12,
        plan=project.plan,
    )  # fmt: skip
    source = Source("目标.txt", "ab" * 32, "targets", date(2025, 1, 10))
    return ProjectFacts(project, stand(account, AS_OF), paid, AS_OF, 0, 0, (source,), AS_OF)


@cache
def book() -> ScoringBook:
    return read_scoring({n: tomllib.loads(shipped(f"rules/scoring/{n}.toml")) for n in SHIPPED})


def ours(count: int, folder: Path) -> None:
    write_drafts([facts(n) for n in range(count)], book(), folder)


def theirs(count: int, folder: Path) -> None:
    """docxtpl, in as many processes."""
    folder.mkdir(parents=True)
    template = folder / "template.docx"
    _make_template(template)
    all_facts = [facts(n) for n in range(count)]
    with ProcessPoolExecutor(WORKERS, get_context("spawn")) as pool:
        for _ in pool.map(partial(_fill, template, folder), all_facts, chunksize=4):
            pass


_FUNDS = ("name", "initial.words", "budget.words", "paid.words", "weight.words", "rate.words",
          "points.words")  # fmt: skip
_ROWS = ("level1", "level2", "level3.words", "target.words", "actual.words", "weight.words",
         "points.words", "reason.words")  # fmt: skip


def _make_template(path: Path) -> None:
    document = docx.Document()
    document.add_heading("{{ d.title }}", 0)
    document.add_paragraph("{{ d.project_code }} {{ d.project_name.words }} {{ d.unit.words }}")
    for names, of in ((_FUNDS, "d.funds"), (_ROWS, "d.indicators")):
        table = document.add_table(4, len(names), style="Table Grid")
        for cell, name in zip(table.rows[0].cells, names, strict=True):
            cell.text = name
        table.rows[1].cells[0].text = f"{{%tr for r in {of} %}}"
        for cell, name in zip(table.rows[2].cells, names, strict=True):
            cell.text = f"{{{{ r.{name} }}}}"
        table.rows[3].cells[0].text = "{%tr endfor %}"
    document.add_paragraph("{{ picture }}")
    for part in ("remarks", "provenance"):
        document.add_paragraph(f"{{%p for r in d.{part} %}}")
        document.add_paragraph("{{ r }}")
        document.add_paragraph("{%p endfor %}")
    document.save(str(path))


def _fill(template: Path, folder: Path, of: ProjectFacts) -> None:
    from docx.shared import Mm
    from docxtpl import DocxTemplate, InlineImage

    form = draft(of, book().of(2025, of.project.unit_code))
    document = DocxTemplate(str(template))
    document.init_docx()
    picture = InlineImage(document, BytesIO(_figure(form.curve)), width=Mm(165))
    document.render({"d": form, "picture": picture}, autoescape=True)
    content = BytesIO()
    document.save(content)
    write_whole(folder / f"{of.project.project_code}.docx", content.getvalue())


def _figure(curve: Curve) -> bytes:
    """What a fresh Figure of the same content and size takes."""
    with drawing():
        figure = Figure(figsize=(6.5, 3.0), layout="constrained")
        axes = figure.subplots()
        sums = [fen / 1e6 for fen in accumulate(curve.paid_by_month)]
        axes.bar(range(1, 13), [fen / 1e6 for fen in curve.paid_by_month], label="当月支付")
        axes.plot(range(1, 13), sums, marker="o", label="实际（累计）")
        budget = (curve.budget_fen or 0) / 1e6
        plan = [(p.month, (p.planned_bp or 0) / 1e4 * budget) for p in curve.plan]
        axes.plot([m for m, _ in plan], [y for _, y in plan], drawstyle="steps-post", label="计划")
        axes.set_ylabel("万元")
        axes.legend()
        content = BytesIO()
        figure.savefig(content, format="png", dpi=200)
    return content.getvalue()


def timed(work: Callable[[int, Path], None], count: int) -> tuple[float, float]:
    """Seconds of the clock, and of the processors in all processes."""
    with tempfile.TemporaryDirectory(prefix="bench.") as folder:
        start, worked = time.perf_counter(), _worked()
        work(count, Path(folder) / "out")
        return time.perf_counter() - start, _worked() - worked


def _worked() -> float:
    """Seconds of the processors in this process and those it has waited for."""
    used = (resource.getrusage(kind) for kind in _KINDS)
    return sum(each.ru_utime + each.ru_stime for each in used)


def memory(count: int) -> tuple[float, float]:
    """Peak MB of the process that hands out, and of the largest that writes, in a fresh run."""
    command = [sys.executable, "-m", "bench.reports", "--peak-of", str(count)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    own, children = json.loads(done.stdout.splitlines()[-1])
    return own, children


def _peak_of(count: int) -> None:
    timed(ours, count)
    print(json.dumps([resource.getrusage(kind).ru_maxrss / 1024 for kind in _KINDS]))


def _rounds(count: int, rounds: int) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    for n in range(rounds):
        mine, other = timed(ours, count), timed(theirs, count)
        print(f"round {n + 1}: ours {mine[0]:.2f} s ({mine[1]:.2f} s of processors),"
              f" docxtpl {other[0]:.2f} s ({other[1]:.2f})")  # fmt: skip
        yield mine, other


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--documents", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--peak-of", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.peak_of:
        _peak_of(asked.peak_of)
        return 0
    over = False
    pairs = list(_rounds(asked.documents, asked.rounds))
    for name, column in (("clock", 0), ("processors", 1)):
        mine, other = (statistics.median(pair[side][column] for pair in pairs) for side in (0, 1))
        per = 1000 / asked.documents
        print(f"{name}: ours {mine * per:.1f} ms, docxtpl {other * per:.1f} ms a document:"
              f" {mine / other:.2f}")  # fmt: skip
        if column == 0:
            over = mine / other > _LIMIT
    if asked.memory:
        few, many = memory(200), memory(1_000)
        print("peak MB with 200 and with 1,000 documents:")
        print(
            f"  handing out {few[0]:.0f} and {many[0]:.0f}, writing {few[1]:.0f} and {many[1]:.0f}"
        )
        over |= many[1] > _GROWTH * few[1]
    return int(over)


if __name__ == "__main__":
    sys.exit(main())
