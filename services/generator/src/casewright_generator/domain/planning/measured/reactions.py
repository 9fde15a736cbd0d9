"""What other sentences of a story say happens where a value is beyond its bounds."""

import re
from collections.abc import Sequence
from dataclasses import replace

from casewright_common.events import Technique
from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.planning.conditions import TestCondition, normal
from casewright_generator.domain.reading.sentences import conjuncts
from casewright_generator.domain.reading.statements import Statement

_LOW = re.compile(
    r"\b(?:too (?:short|few|small|low|little|young)|less|fewer|below|under|minimum|shorter|lower)\b",
    re.IGNORECASE,
)
_HIGH = re.compile(
    r"\b(?:exceed\w*|too (?:long|many|large|big|high|much|old)|over|above|maximum|longer|larger|greater)\b",
    re.IGNORECASE,
)
_ANY = re.compile(
    r"\b(?:invalid|out of range|limit|not met|violat\w*|outside|not valid|wrong|incorrect)\b", re.IGNORECASE
)
_EMPTY = (
    words.PREPOSITIONS
    | words.DETERMINERS
    | words.AUXILIARIES
    | {"be", "and", "or", "least", "most", "minimum", "maximum", "limit"}
)


def with_reactions(condition: TestCondition, statements: Sequence[Statement]) -> TestCondition:
    """The condition with what the story says elsewhere of a refused value, and the criterion that does."""
    if told := _otherwise(condition, statements):
        return told
    if not condition.negative or condition.technique is not Technique.BOUNDARY_VALUE or not condition.values:
        return condition
    sides = _LOW if "below" in condition.title else _HIGH
    own = set(normal(condition.values[0].name).split()) - _EMPTY
    for other in statements:
        if len(other.conditions) != 1 or other.assumed or other.constraints or not other.outcomes:
            continue
        said = other.conditions[0].text
        if other.criterion == condition.criteria[0] or len(conjuncts(said)) > 1:
            continue
        if (_ANY.search(said) or sides.search(said)) and own & set(normal(said).split()):
            statement = replace(
                condition.statement, outcomes=(*condition.statement.outcomes, *other.outcomes)
            )
            return replace(condition, statement=statement, criteria=(*condition.criteria, other.criterion))
    return condition


def _otherwise(condition: TestCondition, statements: Sequence[Statement]) -> TestCondition | None:
    """The condition with what the sentence itself says happens otherwise."""
    beyond = condition.negative and "refused" in condition.title
    if not condition.constraint or not (beyond or condition.statement.assumed):
        return None
    for rule in statements:
        if (
            rule.criterion != condition.criteria[0]
            or not rule.otherwise
            or clauses.parse(rule.otherwise).negated
        ):
            continue
        if normal(condition.constraint) in normal(rule.text):
            outcomes = () if beyond else condition.statement.outcomes
            statement = replace(condition.statement, outcomes=(*outcomes, rule.otherwise), assumed=False)
            return replace(condition, statement=statement)
    return None
