"""Whether a story is told as one: by somebody who says what shall be, rather than in a developer's notes."""

import re

from casewright_generator.domain.language import words
from casewright_generator.domain.language.masking import mask, tokens

_WISH = re.compile(
    r"\bas an? [^\n.]{2,300}|^\W*(?:given|when|then|and) [^\n]{2,300}", re.IGNORECASE | re.MULTILINE
)
_NOTES = re.compile(
    r"\b(?:exceptions?|stack ?traces?|"
    r"components?|controllers?|definitions?|parameters?|json|runtime|hdfs|clusters?|undeploy\w*|rest|ami|"
    r"null|class(?:es)?|methods?|modules?|jars?|xml|plugins?|bugs?|patch(?:es)?|commits?|"
    r"branches|refactor\w*|repro\w*|npe|maven|spring|implement\w*|beans?|config\w*|backport\w*|regressions?|"
    r"unit tests?|tested|testing|fix(?:ed|es)?|screenshots?|eg|streams?|containers?|nodes?|servers?|"
    r"database|db|schema|editor|wizard|dialog|popup|upgrade|libraries|frameworks?|repository|build|ui|urls?|"
    r"errors?|(?:this|the|original) (?:issue|task|ticket|jira)|unable|won't|analysis|metadata|"
    r"plan mode|gradebook|moodle|services|functionality|source|sink|js|css|html|java|php|sql|tests?|jira)\b",
    re.IGNORECASE,
)
"""Words that fill the notes of developers; in a story of a product they are rare."""
_SELF = re.compile(r"\b(?:I|I'm|I've|I'd|I'll)\b")
_WORRIED = re.compile(
    r"\b(?:seems?|maybe|perhaps|probably|it would be|would be (?:nice|good|great|useful)|doesn't work|"
    r"does not work|steps to|currently)\b",
    re.IGNORECASE,
)
_SHORTEST, _LONGEST = 40, 900
"""Words: less tells nothing, more is no story."""
_WORDS_PER_NOTE = 50
_MOST_CODE = 3
_MOST_WORRIES = 1
_MOST_SELVES = 2
_MOST_QUESTIONS = 2


def is_developers(text: str) -> bool:
    """Whether a sentence speaks as developers do: of code, or with doubt or of themselves."""
    plain = mask(text)
    return bool(
        _SELF.search(plain) or _WORRIED.search(plain) or any(_CODE.search(one.text) for one in tokens(plain))
    )


def is_told(title: str, text: str) -> bool:
    """Whether a description reads like a story of a product, so that its plain statements are demands."""
    if "http" in text or "```" in text or _FAULT.search(mask(title)) or _TASK.search(text):
        return False
    body = _WISH.sub("", mask(text))
    count = len(body.split())
    if not _SHORTEST <= len(text.split()) <= _LONGEST:
        return False
    coded = {token.text for token in tokens(body) if _CODE.search(token.text)}
    return (
        len(coded) <= _MOST_CODE
        and len(set(_NAMED.findall(body))) <= _MOST_NAMED
        and len(_NOTES.findall(body)) <= max(1, count // _WORDS_PER_NOTE)
        and len(_SELF.findall(body)) <= _MOST_SELVES
        and len(_WORRIED.findall(body)) <= _MOST_WORRIES
        and body.count("?") <= _MOST_QUESTIONS
        and _is_english(mask(text))
    )


_TASK = re.compile(
    r"\b[Tt]his (?:task|issue|improvement|bug|jira|feature) (?:is|was|will|should|adds|affects|requires)\b|"
    r"\b(?:[Tt]he|[Aa]nother) (?:issue|problem|bug) (?:is|was) that\b|"
    r"\b(?:steps to reproduce|actual result)\b"
)
"""What speaks of the work instead of the product."""
_FAULT = re.compile(
    r"\b(?:not|can't|cannot|doesn't|don't|isn't|fails?|failed|wrong|errors?|exceptions?|missing|broken|crash\w*|hangs?|"
    r"bug|issue|problem|incorrect\w*)\b",
    re.IGNORECASE,
)
"""What a title that reports a fault says."""
_NAMED = re.compile(r"\b[A-Z][a-z]+[A-Z]\w+")
"""Names of classes and programs: `StorageProvider`."""
_MOST_NAMED = 1
_CODE = re.compile(r"[a-z][A-Z]|\w\.\w+\.\w|^--\w|\w\(\)|[_{}<>=@$\\]")
_ENGLISH = words.word_set("the a an is are of to and in for by with it when that be can on at")
_SHARE = 8
"""One word in so many is one of these in English."""


def _is_english(body: str) -> bool:
    found = body.lower().split()
    return sum(word in _ENGLISH for word in found) * _SHARE >= len(found)
