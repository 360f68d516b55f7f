"""Damaged samples: the truth, or a word about it; never a traceback or a silent wrong figure."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.domain.target import Project
from monitor.errors import Diagnostic
from monitor.ingest.labels import default_labels
from monitor.ingest.readers import text
from monitor.ingest.target_form import Reading, recognise

YEARS = {"000": 2021, "001": 2021, "002": 2022, "003": 2025, "004": 2024}
Damage = Callable[[str, random.Random], str]


def lose_the_end(document: str, dice: random.Random) -> str:
    return document[: dice.randrange(len(document))]


def lose_a_piece(document: str, dice: random.Random) -> str:
    start = dice.randrange(len(document))
    return document[:start] + document[start + dice.randrange(1, 300) :]


def lose_a_line(document: str, dice: random.Random) -> str:
    lines = document.split("\n")
    del lines[dice.randrange(len(lines))]
    return "\n".join(lines)


def double_a_line(document: str, dice: random.Random) -> str:
    lines = document.split("\n")
    at = dice.randrange(len(lines))
    return "\n".join([*lines[:at], lines[at], *lines[at:]])


def _cells(lines: list[str]) -> list[int]:
    return [i for i, line in enumerate(lines) if line.startswith("\t")]


def lose_a_cell(document: str, dice: random.Random) -> str:
    lines = document.split("\n")
    del lines[dice.choice(_cells(lines))]
    return "\n".join(lines)


def lose_a_tab(document: str, dice: random.Random) -> str:
    lines = document.split("\n")
    at = dice.choice(_cells(lines))
    lines[at] = lines[at][1:]
    return "\n".join(lines)


def break_a_row(document: str, dice: random.Random) -> str:
    lines = document.split("\n")
    lines.insert(dice.choice(_cells(lines)), "")
    return "\n".join(lines)


def join_two_rows(document: str, dice: random.Random) -> str:
    lines = document.split("\n")
    del lines[dice.choice([i for i, line in enumerate(lines) if not line])]
    return "\n".join(lines)


DAMAGES: tuple[Damage, ...] = (
    lose_the_end,
    lose_a_piece,
    lose_a_line,
    double_a_line,
    lose_a_cell,
    lose_a_tab,
    break_a_row,
    join_two_rows,
)


def read(document: str, name: str) -> Reading:
    return recognise(text.read(document, name), year=YEARS[name[:3]], labels=default_labels())


def figures(project: Project) -> object:
    return (
        project.project_code,
        project.unit_code,
        project.money_unit,
        project.budget_fen,
        project.fiscal_fen,
        project.other_fen,
        project.plan,
    )


def said(diagnostics: tuple[Diagnostic, ...]) -> Counter[tuple[str, str, str]]:
    return Counter((each.id, each.text, each.meaning) for each in diagnostics)


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_document_gives_the_truth_or_says_so(damage: Damage, samples: Path) -> None:
    paths = sorted((samples / "targets").glob("*.txt"))
    whole = {path.name: path.read_text(encoding="utf-8") for path in paths}
    sound = {name: read(document, name) for name, document in whole.items()}
    dice = random.Random(f"2026 {damage.__name__}")
    for _ in range(60):
        name = dice.choice(sorted(whole))
        reading = read(damage(whole[name], dice), name)
        known = sound[name]
        assert known.document is not None
        true = {figures(project) for project in known.document.projects}
        if said(reading.diagnostics) - said(known.diagnostics):
            continue
        assert reading.document is not None
        assert {figures(project) for project in reading.document.projects} <= true
