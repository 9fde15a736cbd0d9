from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright_evaluation.constraints import canonical, match_constraints
from casewright_evaluation.scores import Counts
from casewright_evaluation.stories import ExpectedConstraint
from casewright_generator.domain.requirements.model import Constraint, ConstraintKind


def expected(kind: str, **fields: Any) -> ExpectedConstraint:
    return ExpectedConstraint.model_validate({"kind": kind, **fields})


def found(kind: str, **fields: Any) -> Constraint:
    return Constraint(ConstraintKind(kind), "AC-1", "as written", **fields)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (expected("length", high="35", unit="characters"), found("length", high=Decimal(35), unit="chars")),
        (
            expected("length", high="35", unit="characters"),
            found("length", high=Decimal("35.0"), unit="character"),
        ),
        (expected("duration", high="60", unit="minutes"), found("duration", high=Decimal(1), unit="hour")),
        (expected("timeout", high="24", unit="months"), found("timeout", high=Decimal(2), unit="years")),
        (expected("duration", high="0.5", unit="seconds"), found("duration", high=Decimal(500), unit="ms")),
        (expected("size", high="6", unit="MB"), found("size", high=Decimal(6), unit="megabytes")),
        (expected("weight", high="15", unit="kg"), found("weight", high=Decimal(15), unit="kilograms")),
        (expected("money", low="20", unit="EUR"), found("money", low=Decimal("20.00"), unit="€")),
        (expected("number", high="90", unit="°C"), found("number", high=Decimal(90), unit="°C")),
        (
            expected("count", high="5", unit="active requests"),
            found("count", high=Decimal(5), unit="request"),
        ),
        (expected("count", high="3", unit="Versuche"), found("count", high=Decimal(3), unit="Versuchen")),
        (expected("age", low="18", unit="years"), found("age", low=Decimal(18))),
        (expected("time", high="8:15"), found("time", high="08:15")),
        (expected("date", high="today"), found("date", high="Today")),
        (
            expected("percent", low="80", high="80"),
            found("percent", low=Decimal(80), high=Decimal(80), unit="%"),
        ),
        (expected("format", values=["e-mail", "ISO 8601"]), found("format", values=("iso-8601", "Email"))),
        (expected("enumeration", values=["red", "the green"]), found("enumeration", values=("Green", "Red"))),
        (
            expected("transition", **{"from": "To review", "to": "Final"}),
            found("transition", from_state="to review", to_state="“Final”"),
        ),
    ],
)
def test_constraints_that_say_the_same_are_equal(one: ExpectedConstraint, other: Constraint) -> None:
    assert match_constraints([one], [other]).counts == Counts(right=1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (expected("length", high="35", unit="characters"), found("length", high=Decimal(35), unit="words")),
        (
            expected("length", high="35", unit="characters"),
            found("count", high=Decimal(35), unit="characters"),
        ),
        (
            expected("length", high="35", unit="characters"),
            found("length", low=Decimal(35), unit="characters"),
        ),
        (
            expected("money", low="50", low_in="false", unit="EUR"),
            found("money", low=Decimal(50), unit="EUR"),
        ),
        (expected("money", low="50", unit="EUR"), found("money", low=Decimal(50), unit="USD")),
        (expected("duration", high="1", unit="months"), found("duration", high=Decimal(30), unit="days")),
        (expected("count", low="2", high="8", unit="guests"), found("count", low=Decimal(2), unit="guests")),
        (expected("enumeration", values=["red", "green"]), found("enumeration", values=("red",))),
        (expected("transition", to="Final"), found("transition", from_state="Open", to_state="Final")),
    ],
)
def test_constraints_that_say_something_else_are_not(one: ExpectedConstraint, other: Constraint) -> None:
    assert match_constraints([one], [other]).counts == Counts(missed=1, surplus=1)


def test_one_that_is_said_twice_must_be_found_twice() -> None:
    wanted = [expected("timeout", high="8", unit="hours")] * 2
    one = found("timeout", high=Decimal(8), unit="hours")
    assert match_constraints(wanted, [one]).counts == Counts(right=1, missed=1)
    assert match_constraints(wanted[:1], [one, one]).counts == Counts(right=1, surplus=1)


@given(
    st.decimals(min_value=0, max_value=10**9, places=2), st.sampled_from(["seconds", "MB", "EUR", "rows", ""])
)
def test_a_number_is_itself_however_many_noughts_it_is_written_with(number: Decimal, unit: str) -> None:
    one = canonical(expected("number", high=str(number), unit=unit))
    assert one == canonical(found("number", high=number.normalize(), unit=unit))
    assert hash(one) == hash(canonical(found("number", high=number, unit=unit)))
