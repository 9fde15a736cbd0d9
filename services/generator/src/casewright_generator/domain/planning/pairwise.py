"""Several choices that a story lets combine: every pair of their values, in few cases."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from covertable import make  # type: ignore[import-untyped]  # published without type information

from casewright_common.events import Technique, TestData
from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.planning import partitions
from casewright_generator.domain.planning.conditions import TestCondition, normal
from casewright_generator.domain.reading.analysis import Analysis
from casewright_generator.domain.reading.statements import Kind, Statement

_FEWEST, _MOST, _VALUES = 2, 6, 6
_LONGEST = 300
_FIELD = re.compile(
    r"^(?P<name>(?:the |an? )?[A-Za-z][\w -]{1,30}?)"
    r"(?::| is one of:?| (?:can|may) be(?: either)?| is either) (?P<list>[^.;:]{3,120}?)\.?$"
)
_PART = re.compile(
    r"; (?:and )?|, (?:and|while) |\. | and (?=[a-z]+(?: [a-z]+)? (?:by |as |is )?[\w-]+(?:, [\w-]+)* or )"
)
_LEADS = words.word_set(
    "by as in to via on is are be can may must either with the a an of from at one whether for"
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A choice that a tester makes, and the criterion that names it."""

    name: str
    values: tuple[str, ...]
    criterion: str


def conditions(analysis: Analysis) -> list[TestCondition]:
    """All pairs of the choices that one criterion names, and of the fields that several name."""
    found: list[TestCondition] = []
    fields: list[Parameter] = []
    for criterion in analysis.criteria:
        text = " ".join(criterion.text.split())
        if (" or " not in text and ":" not in text) or len(text) > _LONGEST:
            continue
        if field := _field(criterion.id, text):
            fields.append(field)
        elif len(own := _parameters(criterion.id, text)) >= _FEWEST:
            found.extend(_pairs(own, text, analysis))
    if len({one.name for one in fields}) >= _FEWEST:
        found.extend(_pairs(fields, " ".join(one.name for one in fields), analysis))
    return found


def _field(criterion: str, text: str) -> Parameter | None:
    """`Delivery: standard or express`, `Size can be S, M or L`."""
    match = _FIELD.match(text)
    if not match:
        return None
    values = tuple(one.strip() for one in re.split(r",? or |, ", match["list"]) if one.strip())
    name = re.sub(r"^(?:the|an?) ", "", match["name"], flags=re.IGNORECASE).lower()
    short = all(len(value.split()) <= _FEWEST and value[:1].isalnum() for value in values)
    return Parameter(name, values, criterion) if short and _FEWEST <= len(values) <= _VALUES else None


def _parameters(criterion: str, text: str) -> list[Parameter]:
    """The `or` lists of one sentence, each with the words before it as its name."""
    found: list[Parameter] = []
    for part in _PART.split(text.rstrip(".")):
        listed = partitions.alternatives(part)
        if listed is None or len(listed[2]) > _VALUES:
            continue
        start, _, items = listed
        if any(set(item.lower().split()) & _NO_VALUES for item in items):
            continue
        before = [word.strip(",:").lower() for word in part[:start].split()]
        while before and before[-1] in _LEADS:
            before.pop()
        name = before[-1] if before and before[-1].isalpha() else f"choice {len(found) + 1}"
        if name not in {one.name for one in found}:
            found.append(Parameter(name, items, criterion))
    return found if len(found) <= _MOST else []


_NO_VALUES = words.word_set(
    "more less not other another both neither if when later earlier he she they it is are was"
)


def _pairs(parameters: Sequence[Parameter], text: str, analysis: Analysis) -> list[TestCondition]:
    factors = {one.name: list(one.values) for one in parameters}
    criteria = tuple(dict.fromkeys(one.criterion for one in parameters))
    rows = [{name: str(row[name]) for name in factors} for row in make(factors, strength=2)]
    rows.sort(key=lambda row: [factors[name].index(row[name]) for name in factors])
    return [_condition(row, criteria, text, analysis) for row in rows]


def _condition(
    row: dict[str, str], criteria: tuple[str, ...], text: str, analysis: Analysis
) -> TestCondition:
    told = ", ".join(
        f"{name} {value}" if not name.startswith("choice ") else value for name, value in row.items()
    )
    act = (
        f"{analysis.setting.errand.rstrip('.')}, with"
        if analysis.setting.errand
        else "Choose this combination:"
    )
    title = clauses.capital(f"combination of {told}")
    return TestCondition(
        key=f"{normal(text)} {normal(told)}",
        technique=Technique.PAIRWISE,
        criteria=criteria,
        description=title,
        title=title,
        statement=Statement(
            criteria[0],
            text,
            Kind.CASE,
            title,
            actions=(f"{act} {told}.",),
            outcomes=("The combination is accepted.", f"It is shown with {told}."),
            main=text,
            technique=Technique.PAIRWISE,
        ),
        values=tuple(TestData(name=name, value=value) for name, value in row.items()),
        assumption=True,
        constraint=text,
    )
