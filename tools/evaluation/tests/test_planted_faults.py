from collections import Counter

import pytest

from casewright_evaluation.faults import Planted, is_tuning, planted
from casewright_evaluation.gate import look, measure
from casewright_generator.domain.gate.checks import BY_CODE

WANTED = {
    "uncited_step", "wrong_citation", "invented_number", "invented_quote", "invented_name",
    "invented_behaviour", "invented_role",
    "invented_link", "invented_mention", "wrong_boundary", "out_of_scope", "duplicate",
    "duplicate_of_approved",
    "unverified_step", "ambiguous_test", "conditional_test", "eager_step", "misplaced_action",
    "misplaced_precondition", "misplaced_verification", "tacit_knowledge",
}  # fmt: skip


@pytest.fixture(scope="module")
def everything() -> tuple[Planted, ...]:
    return planted()


def test_there_are_faults_of_every_kind_over_many_stories(everything: tuple[Planted, ...]) -> None:
    faults = [one for one in everything if one.check]
    counts = Counter(one.check for one in faults)

    assert len(faults) >= 240
    assert len({one.name.split("/")[0] for one in faults}) >= 25
    assert set(counts) >= WANTED
    assert set(counts) <= set(BY_CODE)
    assert min(counts[check] for check in WANTED) >= 12


def test_names_are_unique_and_both_halves_have_every_kind(everything: tuple[Planted, ...]) -> None:
    assert len({one.name for one in everything}) == len(everything)
    for half in (True, False):
        assert {one.check for one in everything if is_tuning(one.name) is half} >= WANTED


def test_there_are_as_many_clean_cases_as_faults(everything: tuple[Planted, ...]) -> None:
    assert sum(one.check is None for one in everything) >= sum(one.check is not None for one in everything)


def test_each_check_finds_its_faults_and_leaves_clean_cases_alone(everything: tuple[Planted, ...]) -> None:
    by_check = {one.check: one.counts for one in measure(look(everything))}

    assert {check for check in WANTED if by_check[check].recall < 0.95} == set()
    assert {check for check in WANTED if by_check[check].precision < 0.95} == set()
