"""Sentences of running text, and what kind of text a line is."""

import re
from collections.abc import Iterator

from casewright_ingest.domain.refused import (
    ASKS_INSIDE,
    BEGINS_BADLY,
    EMPTY_QUALITY,
    EMPTY_TASK,
    ENDS_WITH_PARTICLE,
    NAMED_THING,
    TEAM_LEAD,
    UNFINISHED,
)
from casewright_ingest.domain.vocabulary import CHORE, CODE, NUMBERED_STEP, QUESTION, STEP

LONGEST_SENTENCE = 2_000
_LONGEST_BEGINNING = 300
_LONGEST_ENDING = 40
_SHORTEST_CODE = 12
_PROSE_SHARE = 0.7
_LETTER_SHARE = 0.4

_END = re.compile(r"(?<![.!?。\uff01\uff1f])[.!?。\uff01\uff1f]++[\"')\]]*+(?:\s++|$)|(?<=[。\uff01\uff1f])")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:e\.g|i\.e|etc|vs|cf|mr|mrs|ms|dr|prof|st|no|nos|nr|approx|ca|resp|incl|excl|fig|max"
    r"|min|avg|vol"
    r"|dept|inc|ltd|sec|art|abs|str|tel|ext|z\. ?b|d\. ?h|u\. ?a|bzw|ggf|inkl|mind|evtl|usw|p\. ?ex"
    r"|p\. ?ej|aprox|máx|mín"
    r"|sr|sra|env)\.$",
    re.IGNORECASE,
)
_ORDINAL = re.compile(
    r"(?:^|\b(?:am|vom|zum|bis|den|der|des|dem|im|ab|seit|jeden|jedes)\s)\(?\d{1,2}\.$", re.IGNORECASE
)
"""The number of an item, or a day of the month as in German."""
_OPEN_END = re.compile(
    r"(?:,|\b(?:a|an|the|of|to|and|or|in|on|for|with|by|is|are|be|should|must|can|will|that|which|from|as"
    r"|at|not))$",
    re.IGNORECASE,
)
_URL = re.compile(r"\S{1,60}://\S+|\bwww\.\S+")
_WORD = re.compile(r"[^\W\d_]{2,}")
_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SEE_ASIDE = re.compile(r"\((?:see|cf|refer|e\.g)\b[^()]{0,200}\)", re.IGNORECASE)
_APOSTROPHE = "\u2019"


def sentences(text: str) -> Iterator[str]:
    """Sentences of a paragraph; a line end closes one unless the sentence visibly goes on."""
    for line in _unwrapped(text):
        start = 0
        for end in _END.finditer(line):
            head = line[start : end.end()].strip()
            following = line[end.end() : end.end() + 1]
            if (
                not head
                or following.islower()
                or _ABBREVIATION.search(head[-8:])
                or _ORDINAL.search(head[-12:])
            ):
                continue
            yield head
            start = end.end()
        if tail := line[start:].strip():
            yield tail


def _unwrapped(text: str) -> Iterator[str]:
    current: list[str] = []
    for line in text.split("\n"):
        stripped = line.strip()
        goes_on = current and stripped and (stripped[0].islower() or _OPEN_END.search(current[-1][-12:]))
        if current and not goes_on:
            yield " ".join(current)
            current = []
        if stripped:
            current.append(stripped)
    if current:
        yield " ".join(current)


def judged(text: str) -> str:
    """The part of a text that is judged: its beginning, on one line, without asides such as `(see …)`."""
    plain = text[:LONGEST_SENTENCE].replace(_APOSTROPHE, "'")
    return " ".join(_SEE_ASIDE.sub("", plain).split())


def words_in(text: str) -> int:
    """Number of words of at least two letters, without addresses; in Chinese and the like each character."""
    prose = _URL.sub("", text[:LONGEST_SENTENCE])
    return len(_WORD.findall(prose)) + len(_ASIAN.findall(prose))


def looks_like_code(text: str) -> bool:
    """Whether a line is code, a log line or part of a stack trace rather than prose."""
    sample = text[:LONGEST_SENTENCE]
    if CODE.search(sample):
        return True
    if len(sample) < _SHORTEST_CODE:
        return False
    prose = sum(char.isalpha() or char.isspace() for char in sample)
    digits = sum(char.isdigit() for char in sample)
    return prose < _LETTER_SHARE * len(sample) or prose + digits < _PROSE_SHARE * len(sample)


def is_question(text: str) -> bool:
    """Whether it asks instead of telling."""
    return bool(QUESTION.search(judged(text)))


def is_chore(text: str) -> bool:
    """Whether it is work for the team (refactor, document, write tests) that no test of the product shows."""
    beginning = judged(text[:_LONGEST_BEGINNING])
    return bool(CHORE.search(beginning)) and not NAMED_THING.match(beginning)


def is_step(text: str, *, numbered: bool = False) -> bool:
    """Whether it tells a person what to do, as steps to reproduce do; more does in a numbered list."""
    beginning = text[:_LONGEST_BEGINNING]
    return bool(STEP.match(beginning) or (numbered and NUMBERED_STEP.match(beginning)))


def is_empty_task(text: str) -> bool:
    """Whether it names work without an outcome: `We need to improve it`, `Make the search better`."""
    plain = judged(text[:_LONGEST_BEGINNING])
    task = TEAM_LEAD.sub("", plain, count=1)
    is_empty = EMPTY_TASK.match(task) or EMPTY_QUALITY.match(plain)
    return bool(is_empty) or (task != plain and is_chore(task))


def is_fragment(text: str) -> bool:
    """Whether running text is torn: it begins with punctuation, asks without a question mark, or stops."""
    plain = judged(text)
    return is_torn(plain) or _stops(plain)


def is_unfinished(text: str) -> bool:
    """Whether running text stops before its end, or begins with punctuation."""
    plain = judged(text)
    return bool(BEGINS_BADLY.match(plain[:_LONGEST_BEGINNING]) or _stops(plain))


def _stops(plain: str) -> bool:
    ending = plain[-_LONGEST_ENDING:]
    return bool(UNFINISHED.search(ending)) and not ENDS_WITH_PARTICLE.search(ending)


def is_torn(text: str) -> bool:
    """Whether an entry begins with punctuation, or asks without a question mark."""
    beginning = text[:_LONGEST_BEGINNING]
    return bool(BEGINS_BADLY.match(beginning) or ASKS_INSIDE.search(beginning))
