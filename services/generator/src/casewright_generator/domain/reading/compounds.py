"""Sentences that demand more than one thing, cut where a second clause starts."""

import re

from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.language.masking import mask
from casewright_generator.domain.reading.sentences import split
from casewright_generator.domain.reading.spans import timed

_JOINT = re.compile(
    r"(?:;|,) (?:and |but |so |yet )?|\s(?:and|but) (?=(?:the|an?|it|they|he|she|its|their|\d) )"
)
_OTHERWISE = re.compile(r"\b(?:otherwise|or else|if not|further|any more)\b", re.IGNORECASE)
_LONGEST = 500
_MOST = 6
_FILLERS = re.compile(
    r"^(?:then|also|likewise|optionally|moreover|furthermore|additionally|in addition|however|though|"
    r"otherwise|(?:please )?note that)\b,? ",
    re.IGNORECASE,
)


def demands(sentence: str) -> list[str]:
    """The sentence's independent clauses, each with the condition that opens the sentence, if one does."""
    flat = _FILLERS.sub("", " ".join(sentence.split()))
    flat = flat[:1].upper() + flat[1:]
    if len(flat) > _LONGEST:
        return [flat]
    if _OTHERWISE.search(flat):
        return [flat]
    conditions, main = split(flat)
    lead = flat[: len(flat) - len(main)] if conditions and flat.endswith(main) else ""
    parts = _cut(main if lead or not conditions else flat)
    if lead and not any(map(timed, parts)):
        return [flat]  # one case sees all that follows from one condition
    return [f"{lead}{part}" if lead else _capital(part) for part in parts]


def _cut(text: str) -> list[str]:
    masked = mask(text)
    parts: list[str] = []
    start = 0
    for joint in _JOINT.finditer(masked):
        left, right = text[start : joint.start()].strip(), text[joint.end() :].strip()
        if len(parts) < _MOST and _stands_alone(left) and _stands_alone(right):
            parts.append(left)
            start = joint.end()
    return [*parts, text[start:].strip()]


def _stands_alone(text: str) -> bool:
    """Whether it has a subject and a verb of its own, and isn't what another clause leans on."""
    text = _FILLERS.sub("", text)
    first = text.split(maxsplit=1)[0].lower() if text.split() else ""
    if first in words.RELATIVES | _LEANING or words.base_of_gerund(first):
        return False
    clause = clauses.parse(text.split(", ")[0])
    joined = set(clause.subject.lower().split()) & (words.RELATIVES | _LEANING - {"and", "or"})
    return bool(clause.subject and clause.verb) and clause.form is not clauses.Form.IMPERATIVE and not joined


_LEANING = frozenset(
    {"because", "since", "so", "as", "than", "if", "when", "unless", "until", "while", "or", "and"}
)


def _capital(text: str) -> str:
    text = _FILLERS.sub("", text)
    return clauses.capital(text) if text else text
