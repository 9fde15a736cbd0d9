"""The shape of a model's answer, and the cases in it."""

import json
import re
from collections.abc import Iterator
from typing import Any

import json_repair
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from casewright_common.events import CaseDraft, CaseStep, Provenance, TestData
from casewright_generator.domain.designer import case_id
from casewright_generator.domain.planning.conditions import Plan, TestCondition
from casewright_generator.service import Assignment

_FENCED = re.compile(r"```[a-zA-Z]*\s*\n(.*?)(?:\n?```|\Z)", re.DOTALL)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_MOST_PROBLEMS = 3
_LONGEST_TEXT = 2000
_MOST_STEPS = 30
_MOST_CASES = 1000
_MOST_REPAIRED = 400_000
"""Characters; what is longer and still not JSON is no honest try."""
_IN_A_CASE = 3
"""So many brackets are open within a case: the answer's, the list's and its own."""


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

    Prose and fences around the JSON are skipped, slips such as a comma too many mended. Of an answer that was
    cut off the complete cases are taken, and of several cases those that have the shape.

    Raises:
        AnswerUnusableError: It has no case of that shape for any missing condition.
    """
    conditions = {condition.id: condition for condition in assignment.missing.conditions}
    cases: dict[str, CaseDraft] = {}
    problems: list[str] = []
    for number, found in enumerate(_found(text)):
        try:
            case = _Case.model_validate(_storable(found))
        except ValidationError as error:
            problems += _said(number, error)
            continue
        except RecursionError:
            problems.append(f"cases.{number}: nested too deeply")
            continue
        condition = conditions.get(case.condition)
        if condition is not None and condition.id not in cases:
            cases[condition.id] = _draft(case, condition, assignment)
    if not cases:
        raise AnswerUnusableError(
            "; ".join(problems[:_MOST_PROBLEMS]) or f"no case for any of {', '.join(conditions)}"[:300]
        )
    return tuple(cases.values())


def _said(number: int, error: ValidationError) -> Iterator[str]:
    for one in error.errors(include_url=False, include_context=False, include_input=False):
        place = ".".join(map(str, ("cases", number, *one["loc"])))
        yield f"{place}: {one['msg']}"


def _found(text: str) -> list[Any]:
    """What stands where the cases should, at most a thousand.

    Raises:
        AnswerUnusableError: There is no such place.
    """
    fenced = _FENCED.search(text)
    inner = fenced[1] if fenced else text
    try:
        answer = json.loads(inner)
    except (json.JSONDecodeError, RecursionError) as error:
        answer = _mended(inner)
        if answer is None:
            raise AnswerUnusableError(f"not JSON: {error}"[:300]) from error
    if isinstance(answer, dict):
        answer = answer.get("cases")
    if not isinstance(answer, list):
        raise AnswerUnusableError("cases: a list is wanted")
    return answer[:_MOST_CASES]


def _mended(text: str) -> Any:
    """What the text was probably meant to be, without a last case that was cut off; `None` for prose."""
    begin = min((at for at in (text.find("{"), text.find("[")) if at >= 0), default=-1)
    if begin < 0 or len(text) > _MOST_REPAIRED:
        return None
    try:
        return json.JSONDecoder().raw_decode(text, begin)[0]  # prose after it
    except (json.JSONDecodeError, RecursionError):
        pass
    depth = _open_at_end(text[begin:])
    if depth > _IN_A_CASE + 20:
        return None
    try:
        answer = json_repair.loads(text[begin:], skip_json_loads=True)
    except (ValueError, RecursionError):
        return None
    if isinstance(answer, list) and text[begin] == "{":
        answer = next((one for one in answer if isinstance(one, dict)), None)
    cases = answer.get("cases") if isinstance(answer, dict) else answer
    cut_off = depth >= _IN_A_CASE - (text[begin] == "[")
    if isinstance(cases, list) and cut_off:
        return {"cases": cases[:-1]}
    return answer if isinstance(answer, dict | list) else None


def _open_at_end(text: str) -> int:
    """How many brackets are still open where the text ends."""
    depth, quoted, escaped = 0, False, False
    for character in text:
        if escaped:
            escaped = False
        elif character == "\\":
            escaped = quoted
        elif character == '"':
            quoted = not quoted
        elif not quoted:
            depth += (character in "{[") - (character in "}]")
    return depth


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
