"""What a story leaves out: nothing is planned about it."""

import re
from collections.abc import Sequence

from casewright_generator.domain.language import words
from casewright_generator.domain.planning.conditions import TestCondition
from casewright_generator.domain.planning.content import content

_SCOPE = words.word_set(
    "scope part story ticket issue epic cover covered covering include included including handle handled "
    "touch touched change changed address addressed support supported later release phase version sprint "
    "iteration mvp separate separately follow follow-up own another future now yet still stay stays remain "
    "remains unchanged consider considered deal dealt plan planned goal non-goal want wanted need needed "
    "feature functionality leave left implement implemented here not no never also anything nothing"
)
_REASON = re.compile(
    r"\s*(?:,|;|\(|\.\s|\s-\s|:\s| because | since | as (?:it|they|we|this|that) ).*$", re.DOTALL
)


def topics(exclusions: Sequence[str]) -> tuple[frozenset[str], ...]:
    """What each exclusion is about, as stems; those that say nothing are left out."""
    found = []
    for exclusion in exclusions:
        stems = content(_REASON.sub("", _without_heading(exclusion))) - _STEMS
        if stems:
            found.append(frozenset(stems))
    return tuple(found)


_STEMS = frozenset(content(" ".join(sorted(_SCOPE))))


def _without_heading(exclusion: str) -> str:
    """`text messages` of `Out of scope: text messages`."""
    heading, colon, rest = exclusion.partition(": ")
    return rest if colon and not content(heading) - _STEMS else exclusion


def excludes(text: str, outside: Sequence[frozenset[str]]) -> bool:
    """Whether a text is about one of the topics: it holds all words of it."""
    if not outside:
        return False
    said = content(text)
    return any(topic <= said for topic in outside)


def is_outside(condition: TestCondition, outside: Sequence[frozenset[str]]) -> bool:
    """Whether a condition is about something that the story leaves out."""
    statement = condition.statement
    told = (statement.text, condition.title, *statement.actions, *statement.outcomes)
    return bool(outside) and excludes("\n".join(told), outside)
