"""Whether a clause says that something happens, or forbids it, or only makes it a condition."""

import re

from casewright_generator.domain.language import words

_REACH = 90
"""Characters before a place that are looked at."""
_AUXILIARY = (
    r"is|are|was|were|be|been|being|am|has|have|had|do|does|did|can|could|may|might|must|shall|should|will|"
    r"would|and|or|but|also|still|simply|it|they|then"
)
_NEGATION = re.compile(
    (
        r"\b(?P<alone>never|no longer|cannot|can['\u2019]t|mustn['\u2019]t|won['\u2019]t|isn['\u2019]t|"
        r"aren['\u2019]t|hasn['\u2019]t|haven['\u2019]t|"
        r"doesn['\u2019]t|don['\u2019]t|didn['\u2019]t|wasn['\u2019]t|nobody|no one|neither|nor|"
        r"(?<!\ba )(?<!\bthe )(?<!\bnew )(?<!\bach )(?<!\bery )stays?|remains?|already|nicht|kein\w*|no "
        r"se|ne|nunca)\b|"
        rf"(?:\b(?P<before>{_AUXILIARY}) )?\b(?P<bare>not)\b"
    ),
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    (
        r"\b(?:that|which|who|whom|whoever|whose [\w-]+|die|der|das|que|qui)"
        r"(?: (?:it|he|she|they|we|[a-z]+ly|is|are|was|were|has|have|had|still|itself|himself|the [\w-]+))"
        r"{0,3} $"
    ),
    re.IGNORECASE,
)
_SUBORDINATE = re.compile(
    (
        r"(?:^|[,;.\n]\s*|\b(?:and|or|but|only|even) )(?:once|when|whenever|if|while|as long as|as soon as|"
        r"until|given|unless|wenn|sobald|solange|cuando|si|quand|lorsque|que)\b"
        r"(?P<rest>[^,;\n]{0,90})\Z"
    ),
    re.IGNORECASE,
)
_SUBJECT = words.word_set(
    "the an a its it their they this that these those each every his her he she such der die das el la le les"
)
_FINITE = words.word_set(
    "is are was were has have had can could may must will would does do did "
    "isn't aren't wasn't hasn't haven't"
)
_RELATIVES = words.word_set("who which that whose where whom")


def is_forbidden(text: str, at: int) -> bool:
    """Whether the clause at `at` is negated; what only its subject's relative clause denies doesn't count."""
    head = text[max(0, at - _REACH) : at]
    start = max(head.rfind(mark) for mark in ",;.\n") + 1
    clause = head[start:]
    for match in _NEGATION.finditer(clause):
        if match["bare"] and not match["before"]:
            continue  # `anything not collected`
        if _RELATIVE.search(clause[: match.start()]):
            continue  # `drafts that nobody reads`
        return True
    return False


def happens(text: str, at: int) -> bool:
    """Whether the clause at `at` is neither forbidden nor only a condition."""
    return not is_forbidden(text, at) and not is_condition(text, at)


def is_condition(text: str, at: int) -> bool:
    """Whether `at` stands in a clause that began with `when` or its like, and is not over yet."""
    match = _SUBORDINATE.search(text[max(0, at - _REACH) : at])
    return match is not None and not _is_over(match["rest"].split())


def _is_over(inner: list[str]) -> bool:
    """Whether the words after `when` are a clause of their own and the subject of the next one."""
    low = [word.lower().strip("'\"“”") for word in inner]
    if _RELATIVES & set(low):
        return False
    last = next((index for index in range(len(low) - 1, 0, -1) if low[index] in _SUBJECT), 0)
    return last > 0 and any(
        word in _FINITE
        or (index > 0 and (words.base_of_third(word) or words.base_of_past(word)))
        or words.base_of_participle(word)
        for index, word in enumerate(low[:last])
    )
