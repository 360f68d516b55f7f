"""What holds of matching whatever the projects and rows: order, exact codes, dirty rows."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.dirty_matches import HUNG, World, dirty
from bench.dirty_names import slipped
from monitor.domain.matching import Directory, Known, MatchRule, name_misfits
from monitor.domain.payment import Payment, Status

BODY = "13022925P00JXC4198951"
CODES = st.one_of(
    st.sampled_from([BODY, "13022925P00JXC419610D", "13030421M3DID1AILW7AP"]),
    st.text("0123AP", min_size=1, max_size=4),
    st.randoms().map(lambda chance: slipped(BODY, chance)[1]),
)
NAMES = st.sampled_from(
    ["政府业务费", "政府业务", "河道治理（一期）", "河道治理（二期）", "2025年培训费", "培训费", ""]
)
UNITS = st.sampled_from(["434001", "434002", "434010"])
UNIT_NAMES = {"434001": "县政府办公室本级", "434002": "县农业农村局", "434010": ""}
PROJECTS = st.lists(
    st.builds(lambda code, name, unit: (code, name, unit), CODES, NAMES.filter(bool), UNITS),
    max_size=9,
    unique_by=lambda each: each[0],
).map(
    lambda each: [
        Known(n, 2025, unit, UNIT_NAMES[unit], code, name)
        for n, (code, name, unit) in enumerate(each)
    ]
)


def _payment(code: str, name: str, unit: str, unit_name: str) -> Payment:
    paid = date(2025, 3, 5)
    return Payment(1, "", "", paid, unit, unit_name, code, name, 100, Status.PAID)


PAYMENTS = st.lists(
    st.builds(
        _payment,
        st.one_of(st.just(""), CODES),
        NAMES,
        st.one_of(st.just(""), UNITS),
        st.sampled_from(["", *filter(None, UNIT_NAMES.values())]),
    ),
    max_size=6,
)


@given(PROJECTS, PAYMENTS, st.randoms(), st.booleans())
def test_the_order_of_projects_and_of_rows_never_matters(
    projects: list[Known], payments: list[Payment], chance: Random, take: bool
) -> None:
    mixed = list(projects)
    chance.shuffle(mixed)
    one, other = Directory(projects, take_slips=take), Directory(mixed, take_slips=take)

    said = [(one.match(row), one.candidates(row, "培训")) for row in payments]
    again = [(other.match(row), other.candidates(row, "培训")) for row in reversed(payments)]
    assert said == again[::-1]


@given(PROJECTS, PAYMENTS, st.booleans())
def test_a_code_that_is_one_projects_never_matches_another(
    projects: list[Known], payments: list[Payment], take: bool
) -> None:
    rules = [
        MatchRule(1, None, unit, each.project_code, purpose="付")
        for each in projects
        for unit in UNIT_NAMES
    ]
    directory = Directory(projects, take_slips=take, rules=rules)
    codes = {each.project_code: each.key for each in projects}

    for row in payments:
        if row.project_code in codes:
            found = directory.match_row(row, "付款", "")
            assert found is not None
            assert (found.key, found.method) == (codes[row.project_code], "code")


@given(PROJECTS, PAYMENTS, st.sampled_from(["", "付培训费", "河道治理一期"]))
def test_candidates_are_sorted_five_at_most_and_each_once_with_reasons(
    projects: list[Known], payments: list[Payment], purpose: str
) -> None:
    directory = Directory(projects)

    for row in payments:
        found = directory.candidates(row, purpose, {each.key: 1 for each in projects[:2]})
        codes = [each.project_code for each in found]
        assert len(found) <= 5
        assert len(set(codes)) == len(codes)
        assert found == sorted(found, key=lambda each: (-each.score, each.project_code))
        assert all(0 <= each.score <= 100 and each.reasons for each in found)


@given(PROJECTS, PAYMENTS)
def test_taking_slips_only_adds_matches(projects: list[Known], payments: list[Payment]) -> None:
    wary, taking = Directory(projects), Directory(projects, take_slips=True)

    for row in payments:
        before, after = wary.match(row), taking.match(row)
        assert before == after or (before is None and after is not None and after.method == "slip")


@pytest.fixture(scope="module", params=[21, 22])
def world(request: pytest.FixtureRequest) -> World:
    return dirty(2_500, seed=request.param, units=30)


@pytest.mark.parametrize("take_slips", [False, True])
def test_no_dirty_row_is_matched_to_a_wrong_project(world: World, take_slips: bool) -> None:
    directory = Directory(world.monitored, take_slips=take_slips)
    found = [(row, match) for row in world.rows if (match := directory.match(row))]

    assert [row for row, match in found if match.key != row.truth] == []
    assert len(found) > len(world.rows) // 5
    assert any(match.method == "slip" for _, match in found) == take_slips


def test_the_right_project_of_a_dirty_row_is_among_the_first(world: World) -> None:
    directory, history = Directory(world.monitored), world.history()
    codes = {each.key: each.project_code for each in world.monitored}
    first = among = count = 0
    for row in world.rows:
        if row.truth is None or directory.match(row):
            continue
        paid = history.of(row.unit_code, row.payee)
        found = [each.project_code for each in directory.candidates(row, row.purpose, paid)]
        count += 1
        first += found[:1] == [codes[row.truth]]
        among += codes[row.truth] in found

    assert first > 0.94 * count
    assert among > 0.96 * count


def test_a_name_is_warned_of_where_it_is_another_projects_and_nowhere_else(world: World) -> None:
    names = {each.key: each.project_name for each in world.monitored}
    told = [row for row in world.rows if row.truth is not None]
    warned = {row for row in told if name_misfits(row.project_name, names[row.truth or 0])}
    hung = {row for row in told if row.kind == HUNG}

    assert warned <= hung
    assert len(warned) > 0.9 * len(hung) > 0


def test_the_same_seed_makes_the_same_rows() -> None:
    assert dirty(300, seed=5) == dirty(300, seed=5)
    assert dirty(300, seed=5).rows != dirty(300, seed=6).rows
