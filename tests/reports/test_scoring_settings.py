"""rules/scoring/*.toml: who uses which rule set, and all mistakes of all files at once."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from monitor import config
from monitor.bootstrap import make_workspace
from monitor.domain.scoring_rules import AtMost, Group, Step
from monitor.errors import ConfigError
from monitor.ingest.shipped import shipped
from monitor.reports.assessment.scoring_settings import SHIPPED, read_scoring

SMALL = """
name = "本县"
[execution]
points = 10
[weights]
output = 60
benefit = 20
satisfaction = 10
"""


def tables(**changed: str) -> dict[str, dict[str, Any]]:
    """The shipped files, some of them with another text; `_` in a name stands for `-`."""
    texts = {name: shipped(f"rules/scoring/{name}.toml") for name in SHIPPED}
    texts |= {name.replace("_", "-"): text for name, text in changed.items()}
    return {name: tomllib.loads(text) for name, text in texts.items()}


def mistakes(**changed: str) -> str:
    with pytest.raises(ConfigError) as caught:
        read_scoring(tables(**changed))
    return str(caught.value)


def test_the_default_is_the_national_set_of_2020() -> None:
    rules = read_scoring(tables()).of(2025, "430001")

    assert rules.name == "财预〔2020〕10号（全国通用）"
    assert (rules.execution_points, rules.reason_below_bp) == (10, 9_000)
    assert dict(rules.weights) == {Group.OUTPUT: 50, Group.BENEFIT: 30, Group.SATISFACTION: 10}
    assert rules.at_most is AtMost.LINEAR


def test_the_first_choice_that_fits_year_and_unit_is_taken() -> None:
    choose = """
        default = "national-2020"
        [[choose]]
        set = "local"
        from_year = 2026
        to_year = 2027
        units = ["430", "219001"]
        [[choose]]
        set = "national-2021"
        from_year = 2026
    """
    book = read_scoring(tables(choose=choose))

    asked = [
        (2025, "430001"),
        (2026, "430001"),
        (2027, "219001"),
        (2026, "219002"),
        (2028, "430001"),
    ]
    assert [book.of(*each).key for each in asked] == [
        *("national-2020", "local", "local"),
        *("national-2021", "national-2021"),
    ]


def test_what_a_set_does_not_say_is_as_in_the_national_one() -> None:
    book = read_scoring(tables(small=SMALL, choose='default = "small"'))
    small, national = book.of(2025, ""), book.sets["national-2020"]

    assert dict(small.weights)[Group.OUTPUT] == 60
    for name in ("bands", "over", "grades", "weights_with_cost", "satisfaction", "money_note"):
        assert getattr(small, name) == getattr(national, name)


def test_the_variant_of_2021_scores_directly_with_a_pass_mark_and_bands() -> None:
    """财预〔2021〕101号 as in the domain notes, section 2."""
    rules = read_scoring(tables()).sets["national-2021"]

    assert (rules.direct, rules.pass_bp) == (True, 6_000)
    assert rules.satisfaction is not None
    assert (rules.satisfaction.full_from_bp, rules.satisfaction.none_below_bp) == (9_000, 6_000)
    assert [points for _, points in rules.weights_with_cost] == [20, 40, 20, 10]


def test_percents_may_have_two_decimals_in_quotes() -> None:
    text = SMALL.replace("points = 10", 'points = 10\nsteps = [["99.5", 100], [80, "62.25"]]')

    assert read_scoring(tables(small=text)).sets["small"].execution_steps == (
        Step(9_950, 10_000),
        Step(8_000, 6_225),
    )


def test_all_mistakes_of_all_files_come_together_with_file_and_key() -> None:
    national = """
        name = ""
        extra = 1
        [execution]
        points = "10"
        [weights]
        output = 50
        benefit = 30
        satisfaction = true
        [weights_with_cost]
        cost = 20
        output = 40
        benefit = 20
        satisfaction = 11
        [quantitative]
        at_most = "cubic"
        pass_percent = 60.5
        [over]
        explain_above_percent = 90
        [direct]
        on = "yes"
        [grades]
        good = 95
    """
    local = SMALL.replace("benefit = 20", "benefit = 21") + "[bands]\npartly = [50, 70]\n"
    choose = 'default = "nothing"\n[[choose]]\nset = "local"\nunits = "430"\nfrom_year = 25\n'

    said = mistakes(national_2020=national, local=local, choose=choose)

    for words in (
        "rules/scoring/national-2020.toml：不认识 extra",
        "rules/scoring/national-2020.toml：name 应为一段文字",
        "execution.points 应为 0 至 100 的整数",
        "weights.satisfaction 应为",
        "quantitative.at_most 应为",
        "quantitative.pass_percent 应为",
        "over.explain_above_percent 不应小于 100",
        "direct.on 应为 true 或 false",
        "grades 应当从高到低",
        "rules/scoring/local.toml：weights 与 execution.points 合计为 101，应为 100",
        "rules/scoring/local.toml：bands 的三档应当从 100 到 0 首尾相接",
        "rules/scoring/choose.toml：default 应为规则集的代号之一",
        "第 1 条 choose.units 应为单位编码的一列",
        "第 1 条 choose.from_year 应为四位数的年度",
    ):
        assert words in said


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ("[weights]\n", "[weights] 没有写"),
        ("[weights]\noutput = 50\n", "weights.benefit 应为"),
        ("weights = 3\n", "weights 应为一节 [weights]"),
        ("execution.steps = [[90, 80], [95, 100]]\n", "execution.steps 应为一列"),
        ("execution.steps = 90\n", "execution.steps 应为一列"),
        ("satisfaction.steps = [[95, 80], [60, 60]]\n", "satisfaction.steps 应低于"),
        ("satisfaction.full_from_percent = 50\n", "不小于 none_below_percent"),
        ("bands.met = [100, 80]\n", "bands.met 应为 [下限, 上限]"),
        ("bands = [1]\n", "bands 应为一节 [bands]"),
        ("over.deduct_percent = true\n", "over.deduct_percent 应为"),
    ],
)
def test_a_mistake_is_named_by_its_key(changed: str, words: str) -> None:
    assert words in mistakes(other=f'name = "一"\n{changed}')


@pytest.mark.parametrize(
    ("choose", "words"),
    [
        ('default = "local"\nchoose = 3\n', "choose 应写成 [[choose]]"),
        ('default = "local"\nchoose = [3]\n', "choose 应写成 [[choose]]"),
        ('default = "local"\n[[choose]]\nset = "x"\n', "第 1 条 choose.set 应为规则集的代号之一"),
        (
            'default = "local"\n[[choose]]\nset = "local"\nfrom_year = 2026\nto_year = 2025\n',
            "第 1 条 choose.from_year 不应晚于 to_year",
        ),
        (
            'default = "local"\n[[choose]]\nset = "local"\nunit = "430"\n',
            "不认识 第 1 条 choose.unit",
        ),
    ],
)
def test_a_mistake_of_the_choice_is_named(choose: str, words: str) -> None:
    said = mistakes(choose=choose)

    assert f"rules/scoring/choose.toml：{words}" in said


def test_a_new_workspace_has_the_sets_and_its_copy_is_in_force(tmp_path: Path) -> None:
    make_workspace(tmp_path)
    folder = tmp_path / "rules" / "scoring"

    assert {path.stem for path in folder.iterdir()} == set(SHIPPED)
    (folder / "own.toml").write_text(SMALL, encoding="utf-8")
    (folder / "choose.toml").write_text('default = "own"\n', encoding="utf-8")
    assert config.load(tmp_path).scoring.of(2025, "430001").name == "本县"


def test_a_deleted_file_falls_back_to_the_shipped_one(tmp_path: Path) -> None:
    make_workspace(tmp_path)
    for path in (tmp_path / "rules" / "scoring").iterdir():
        path.unlink()

    assert config.load(tmp_path).scoring.of(2025, "430001").key == "national-2020"


def test_the_single_file_of_an_older_workspace_still_holds(tmp_path: Path) -> None:
    make_workspace(tmp_path)
    (tmp_path / "rules" / "scoring" / "national-2020.toml").unlink()
    (tmp_path / "rules" / "scoring.toml").write_text(SMALL, encoding="utf-8")

    assert config.load(tmp_path).scoring.of(2025, "430001").name == "本县"


def test_the_single_file_beside_its_successor_is_refused(tmp_path: Path) -> None:
    make_workspace(tmp_path)
    (tmp_path / "rules" / "scoring.toml").write_text(SMALL, encoding="utf-8")

    with pytest.raises(ConfigError, match=r"两个不能并存，请把改动移入后者，删去前者"):
        config.load(tmp_path)
