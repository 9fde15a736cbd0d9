"""How much a sentence looks like something that can be tested."""

import re
from enum import IntEnum
from functools import lru_cache

from casewright_ingest.domain import refused
from casewright_ingest.domain import vocabulary as say
from casewright_ingest.domain.sentences import (
    is_chore,
    is_empty_task,
    is_fragment,
    is_question,
    is_step,
    is_torn,
    judged,
    looks_like_code,
    words_in,
)
from casewright_ingest.domain.wishes import is_role_sentence

_LEADING_NUMBER = re.compile(r"^\(?\d{1,2}[.:)]+ ")
_FEWEST_WORDS = 3
_MOST_WORDS_OF_A_NAME = 6
_FEWEST_WORDS_OF_A_STATEMENT = 4
_FEWEST_WORDS_AMONG_STATEMENTS = 2
_MOST_WORDS_OF_A_BARE_NAME = 2


class Testability(IntEnum):
    """How likely a sentence is a statement that a test can check."""

    __test__ = False  # pytest would collect the name

    NONE = 0
    WEAK = 1
    """A wish, a change to make: good enough where there is nothing else."""
    MEDIUM = 2
    """Says what can or will happen, or happens on a condition; in a report of a fault perhaps the fault."""
    STRONG = 3
    """Says what must or must not be."""


def is_demand(sentence: str) -> bool:
    """Whether it asks for something to be so, or to be made so; parts wanted from observed."""
    text = judged(sentence)
    return bool(
        say.STRONG.search(text) or say.DEMANDED_BEHAVIOUR.search(text) or say.NICE_TO_HAVE.search(text)
    )


def is_prose_criterion(sentence: str) -> bool:
    """Whether a sentence of running text may be taken as a criterion, which nobody meant it to be.

    What demands nothing must speak of the product by name, and neither explain nor complain.
    """
    text = judged(sentence)
    if is_fragment(text):
        return False
    if say.STRONG.search(text) or say.STRONG_ASIAN.search(text):
        return not refused.DANGLING_DEMAND.match(text)
    if say.DEMANDED_BEHAVIOUR.search(text) or say.DEMANDED_CHANGE.search(text):
        return True
    return not (refused.DANGLING.match(text) or refused.EXPLAINS.search(text))


def is_firm(sentence: str) -> bool:
    """Whether it says so clearly what must be, or who can do what, that it counts beside marked criteria."""
    text = judged(sentence)
    if (
        refused.DANGLING.match(text)
        or refused.NARRATED.search(text)
        or say.TEAM.search(text)
        or say.OBSERVATION.search(text)
    ):
        return False
    return bool(say.STRONG.search(text) or say.STRONG_ASIAN.search(text) or refused.CAN_BY_NAME.match(text))


@lru_cache(maxsize=512)
def testability(sentence: str) -> Testability:
    """Judge one sentence of running text, without its context.

    Background, observations of a fault, questions, code, the team's talk and role sentences
    (`As a …`, which `wishes` reads) are not testable.
    """
    text = judged(sentence)
    if _is_noise(text) or is_empty_task(text):
        return Testability.NONE
    strong = bool(say.STRONG.search(text) or say.STRONG_ASIAN.search(text))
    if say.TEAM.search(text) or say.TEAM_TASK.search(text) or say.NICE_TO_HAVE.search(text):
        asks = strong or say.MEDIUM.search(text) or say.NICE_TO_HAVE.search(text)
        return Testability.WEAK if asks else Testability.NONE
    if strong:
        return Testability.STRONG
    if say.DEMANDED_BEHAVIOUR.search(text):
        return Testability.MEDIUM
    return _without_demand(text)


def _without_demand(text: str) -> Testability:
    if say.DEMANDED_CHANGE.search(text):
        seen = not say.FAULT.search(text) and not refused.CODE_WORK.search(text)
        return Testability.WEAK if seen else Testability.NONE
    if say.BACKGROUND.search(text) or say.OBSERVATION.search(text) or say.FAULT.search(text):
        return Testability.NONE
    if say.MEDIUM.search(text) or (say.BEHAVIOUR.search(text) and say.CONDITION.search(text)):
        return Testability.MEDIUM
    return Testability.WEAK if say.WOULD.search(text) else Testability.NONE


def only_names(text: str) -> bool:
    """Whether a short entry names a thing, as headings do, instead of stating something about it."""
    own = _LEADING_NUMBER.sub("", judged(text))
    return (
        0 < len(own.split()) <= _MOST_WORDS_OF_A_NAME
        and not own.endswith((".", "!", "?"))
        and testability(own) is Testability.NONE
        and not any(
            pattern.search(own)
            for pattern in (
                say.PREDICATE,
                say.BEHAVIOUR,
                say.DEMANDED_BEHAVIOUR,
                say.DEMANDED_CHANGE,
                say.STRONG,
            )
        )
        and not is_step(own)
        and not any(char.isdigit() for char in own)
    )


def is_statement(text: str) -> bool:
    """Whether a list item says something whole about the product, in whatever words."""
    own = judged(text)
    return (
        words_in(own) >= _FEWEST_WORDS_OF_A_STATEMENT
        and not _is_noise(own)
        and not is_step(own)
        and not is_torn(own)
        and not say.OBSERVATION.search(own)
        and not say.FAULT.search(own)
    )


def may_be_statement(text: str) -> bool:
    """Whether an item among statements may be one as well."""
    own = judged(text)
    return (
        not _is_noise(own, fewest_words=_FEWEST_WORDS_AMONG_STATEMENTS)
        and not say.BACKGROUND.search(own)
        and not is_torn(own)
        and not (len(own.split()) <= _MOST_WORDS_OF_A_BARE_NAME and only_names(own))
    )


def tells_what_will_be(title: str) -> bool:
    """Whether a title only tells what can or will happen, and not who can."""
    text = judged(title)
    asks = say.STRONG.search(text) or say.DEMANDED_BEHAVIOUR.search(text) or say.DEMANDED_CHANGE.search(text)
    return not asks and not say.USER_CAN.search(text)


def is_fault_title(title: str) -> bool:
    """Whether a title reports a fault; what such an issue tells in the present tense is the fault."""
    text = judged(title)
    asks = (
        say.DEMANDED_BEHAVIOUR.search(text) or say.DEMANDED_CHANGE.search(text) or say.USER_CAN.search(text)
    )
    return (
        bool(say.BUG_TITLE.search(text))
        and not say.STRONG.search(text)
        and not (asks and not say.FAULT.search(text))
    )


def is_trouble_title(title: str) -> bool:
    """Whether a title tells how things are, or names a trouble: `Page is slow`."""
    return bool(say.OBSERVATION.search(judged(title)))


def is_mending_title(title: str) -> bool:
    """Whether a title asks for an end of what the issue goes on to tell."""
    return bool(refused.MENDING_TITLE.match(judged(title)))


def is_fault_text(text: str) -> bool:
    """Whether a text speaks of reproducing, or of expected and actual results."""
    return bool(say.BUG_TEXT.search(judged(text)))


def _is_noise(text: str, *, fewest_words: int = _FEWEST_WORDS) -> bool:
    return (
        words_in(text) < fewest_words
        or is_question(text)
        or looks_like_code(text)
        or is_chore(text)
        or bool(say.META.search(text))
        or is_role_sentence(text)
    )
