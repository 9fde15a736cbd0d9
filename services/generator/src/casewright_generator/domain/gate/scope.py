"""Whether a case is about what its story excludes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from casewright_common.events import CaseDraft, Criterion, GateFinding
from casewright_generator.domain.gate import lexicon
from casewright_generator.domain.gate.checks import found
from casewright_generator.domain.gate.verdicts import clauses
from casewright_generator.domain.language import words

_TELLS = words.phrases(
    "out of scope | not in scope | not part of | not in this story | not included | not covered | no part | "
    "isn't in here | isn't part | aren't part | won't be touched | don't touch | not affected | "
    "later story | "
    "follow in | different topic | own story | this ticket | this story | this one | for the moment | "
    "for now | non-goals | handled by | stay as they are | touch them here | is not | are not | out-of-scope"
)
_ABOUT_SCOPE = words.word_set(
    "scope story ticket topic issue part goal touch affect cover include belong later follow handle moment "
    "different own department stay now here either this non anything something release version sprint phase "
    "iteration future separate separately epic team"
)
_TAIL = re.compile(
    r"\b(?:(?:is|are|will|would|won't|does|do|isn't|aren't|don't|doesn't|stays?|remains?)\b.*)$|"
    r"^\W*(?:out[ -]of[ -]scope|not (?:in|part of) (?:this|the)? ?(?:story|ticket|scope)?|non-goals?|"
    r"excluded)\W*|"
    r"^\W*(?:no|not|without)\b",
    re.IGNORECASE | re.DOTALL,
)
_PARTS = re.compile(r"\s*(?:,|;|\band\b|\bor\b|\bnor\b|\bas well as\b|/)\s*", re.IGNORECASE)
_BINDING = re.compile(r"\b(?:of|for|from|by|with|inside|in|on|to|where|that|which)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")
_MOST = 0.75
"""Share of an exclusion's words that a sentence must have to be about it."""
_SHORT = 3
"""Words up to which two of an exclusion's that stand together are enough."""
_SOME = 0.5
"""The same where one of them stands nowhere else in the story."""


@dataclass(frozen=True)
class Exclusion:
    """Something that the story leaves out.

    Attributes:
        text: As written.
        words: What it is about.
        own: Those of them that no criterion has.
        alone: Those of them that the story has nowhere else.
        pairs: Words that stand side by side in it, and nowhere else in the story.
    """

    text: str
    words: frozenset[str]
    own: frozenset[str]
    alone: frozenset[str]
    pairs: frozenset[frozenset[str]]


def exclusions(texts: Sequence[str], criteria: Sequence[Criterion], story: str) -> tuple[Exclusion, ...]:
    """What the texts exclude; a list of things is taken apart.

    Args:
        texts: As the story has them.
        criteria: What is wanted.
        story: All that the story says, also the exclusions.
    """
    for text in texts:
        story = story.replace(text, " ")
    elsewhere, together = lexicon.stems(story), lexicon.pairs(story)
    wanted = frozenset().union(*(lexicon.stems(one.text) for one in criteria))
    found_: list[Exclusion] = []
    for text in texts:
        for sentence in _SENTENCE.split(text):
            for part in _things(sentence):
                about = _about(part)
                if about and (len(about) > 1 or about - wanted):
                    found_.append(
                        Exclusion(
                            text, about, about - wanted, about - wanted - elsewhere, _pairs(part) - together
                        )
                    )
    return tuple(found_)


_SCOPE_STEMS = frozenset(lexicon.stem(word) for word in _ABOUT_SCOPE)


def _about(text: str) -> frozenset[str]:
    """Its words, without those that only say that it is excluded; generic ones where there are no others."""
    told = lexicon.stems(text) - _SCOPE_STEMS
    return (told - lexicon.GENERIC_STEMS) if len(told - lexicon.GENERIC_STEMS) > 1 else told


def _pairs(part: str) -> frozenset[frozenset[str]]:
    return frozenset(two for two in lexicon.pairs(part) if not two & (_SCOPE_STEMS | lexicon.GENERIC_STEMS))


def _things(sentence: str) -> Iterator[str]:
    """`Rental cars, e-scooters and trucks` are three things; `refunds for monthly and yearly plans` one."""
    bare = _TAIL.sub(" ", _TAIL.sub(" ", sentence)).strip(" .:-*")
    if not lexicon.stems(bare):
        bare = sentence
    parts = [part for part in _PARTS.split(bare) if part.strip()]
    bound = _BINDING.search(parts[0]) if parts else None
    if len(parts) > 1 and bound and not _alike(parts):
        yield parts[0]
        for part in parts[1:]:  # `approving from the chat and staging environments`
            yield part if _BINDING.search(part) else f"{parts[0][: bound.end()]} {part}"
    elif len(parts) > 1 and _alike(parts):
        head = parts[-1].split()[-1] if parts[-1].split() else ""
        for part in parts:
            lone = len(part.split()) == 1 and len(parts[-1].split()) > 1
            yield f"{part} {head}" if lone and part is not parts[-1] else part
    else:
        yield bare


def _alike(parts: Sequence[str]) -> bool:
    """Whether they are things of equal rank: the first has no preposition that binds the others too."""
    return not _BINDING.search(parts[0]) or all(_BINDING.search(part) for part in parts)


def outside(
    case: CaseDraft, excluded: Sequence[Exclusion], criteria: Sequence[Criterion]
) -> Iterator[GateFinding]:
    """Sentences of the case that are about an exclusion rather than about a criterion."""
    if not excluded:
        return
    wanted = [lexicon.stems(part) for one in criteria for part in clauses(one.text)]
    steps = (text for step in case.steps for text in (step.action, step.expected))
    whole = (f"{step.action} {step.expected}" for step in case.steps)
    for text in (case.title, *case.preconditions, *steps, *whole):
        for one in excluded:
            if _is_about(text, one, wanted):
                yield found("out_of_scope", f"The story excludes this: {one.text}")
                return


def _is_about(text: str, one: Exclusion, wanted: Sequence[frozenset[str]]) -> bool:
    told = lexicon.stems(text)
    shared = told & one.words
    if (len(one.own) > 1 and one.own <= told) or (told & one.alone and len(shared) >= _SOME * len(one.words)):
        return True
    if lexicon.pairs(text) & one.pairs and (len(one.words) <= _SHORT or told & one.own):
        return True
    if one.own:
        return len(shared) >= _MOST * len(one.words) and bool(shared & one.own)
    if len(one.words) == 1 or any(one.words <= said for said in wanted):
        return False
    return any(one.words <= lexicon.stems(part) for part in clauses(text))  # in one breath
