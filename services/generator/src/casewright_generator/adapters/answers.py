"""The shape of a model's answer, and the cases in it."""

import json
import re
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from casewright_common.events import CaseDraft, CaseStep, Provenance, TestData
from casewright_generator.domain.designer import case_id
from casewright_generator.domain.planning.conditions import Plan, TestCondition
from casewright_generator.service import Assignment

_FENCED = re.compile(r"^\s*```[a-zA-Z]*\s*\n(.*?)\n?```\s*$", re.DOTALL)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_MOST_PROBLEMS = 3
_LONGEST_TEXT = 2000
_MOST_STEPS = 30


class AnswerUnusableError(Exception):
    """The answer is not the JSON that was asked for; the message says where, for the model to read."""


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)


class _Step(_Lenient):
    action: str = Field(min_length=1, max_length=_LONGEST_TEXT)
    expected: str = Field(default="", max_length=_LONGEST_TEXT)
    criteria: list[str] = []
    assumption: bool = False


class _Value(_Lenient):
    name: str = Field(max_length=_LONGEST_TEXT)
    value: str = Field(max_length=_LONGEST_TEXT)
    sample: bool = False


class _Case(_Lenient):
    condition: str
    title: str = Field(min_length=1, max_length=_LONGEST_TEXT)
    preconditions: list[str] = []
    data: list[_Value] = []
    steps: list[_Step] = Field(min_length=1, max_length=_MOST_STEPS)


class _Answer(_Lenient):
    cases: list[_Case]


def answer_schema(assignment: Assignment) -> dict[str, Any]:
    """JSON Schema of the answer, strict as OpenAI wants it; conditions and criteria are enumerated."""
    conditions = [condition.id for condition in assignment.missing.conditions]
    criteria = [criterion.id for criterion in assignment.plan.criteria]
    text = {"type": "string"}
    step = _object(
        action=text,
        expected=text,
        criteria={"type": "array", "items": {"type": "string", "enum": criteria} if criteria else text},
        assumption={"type": "boolean"},
    )
    case = _object(
        condition={"type": "string", "enum": conditions},
        title=text,
        preconditions={"type": "array", "items": text},
        data={"type": "array", "items": _object(name=text, value=text, sample={"type": "boolean"})},
        steps={"type": "array", "items": step},
    )
    return _object(cases={"type": "array", "items": case})


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def read_answer(text: str, assignment: Assignment) -> tuple[CaseDraft, ...]:
    """The cases of an answer, one per missing condition; those of other conditions are left out.

    Raises:
        AnswerUnusableError: It isn't JSON of that shape, or has no case for any missing condition.
    """
    fenced = _FENCED.match(text)
    try:
        answer = _Answer.model_validate(_storable(json.loads(fenced[1] if fenced else text)))
    except (json.JSONDecodeError, RecursionError) as error:
        raise AnswerUnusableError(f"not JSON: {error}"[:300]) from error
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=False, include_input=False)
        raise AnswerUnusableError(
            "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in problems[:_MOST_PROBLEMS])
        ) from error
    conditions = {condition.id: condition for condition in assignment.missing.conditions}
    cases: dict[str, CaseDraft] = {}
    for case in answer.cases:
        condition = conditions.get(case.condition)
        if condition is not None and condition.id not in cases:
            cases[condition.id] = _draft(case, condition, assignment)
    if not cases:
        raise AnswerUnusableError(f"no case for any of {', '.join(conditions)}")
    return tuple(cases.values())


def _storable(value: Any) -> Any:
    """The value without characters that PostgreSQL or JSON can't hold."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("", value)
    if isinstance(value, list):
        return [_storable(one) for one in value]
    if isinstance(value, dict):
        return {name: _storable(one) for name, one in value.items()}
    return value


def _draft(case: _Case, condition: TestCondition, assignment: Assignment) -> CaseDraft:
    known = _criteria(assignment.plan)
    steps = tuple(
        CaseStep(
            action=step.action,
            expected=step.expected,
            criteria=tuple(dict.fromkeys(one for one in step.criteria if one in known)),
            assumption=step.assumption,
        )
        for step in case.steps
    )
    return CaseDraft(
        case_id=case_id(condition, story_id=assignment.story_id),
        title=case.title,
        technique=condition.technique,
        priority=condition.priority,
        negative=condition.negative,
        condition=condition.description,
        criteria=condition.criteria,
        preconditions=tuple(one for one in case.preconditions if one.strip()),
        data=tuple(TestData(name=one.name, value=one.value, sample=one.sample) for one in case.data),
        steps=steps,
        provenance=Provenance.MODEL,
    )


def _criteria(plan: Plan) -> frozenset[str]:
    return frozenset(criterion.id for criterion in plan.criteria)
