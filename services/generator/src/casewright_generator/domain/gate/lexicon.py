"""What two texts must share to be about the same: stems, with words of one meaning taken for one."""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import Final

from casewright_generator.domain.language import words

_WORD = re.compile(r"\d+|[^\W\d_]+(?:['\u2019](?=[a-z]{1,2}\b)[a-z]+)?")
_ENDINGS = (
    "ations", "itions", "ation", "ition", "ments", "ment", "sions", "tions", "sion", "tion", "ances", "ences",
    "ance", "ence", "ingly", "ness", "ables", "able", "ible", "als", "al", "ings", "ing", "edly", "ed", "ies",
    "ily", "ly", "ives", "ive", "ors", "ers", "or", "er", "ities", "ity", "ates", "ate", "es", "s", "y", "e",
)  # fmt: skip
_SHORTEST = 4
"""Letters that a stem keeps at least."""
_LONG = 4
"""Letters up to which a word is its own stem, but for its plural."""

STOP: Final = words.word_set(
    "a an the this that these those my your his her its our their it he she they we you i who whom "
    "which what "
    "and or but nor so then also too as at by for from in into of off on onto out over to up with without "
    "within "
    "is are was were be been being am do does did done has have had having will would shall should can could "
    "may might must not no none nothing nobody any anything some somebody someone all both each every other "
    "another one there here when while after before until till since if unless than again still already now "
    "only just very more most less least much many few own same such per via about against between during "
    "under above below through because where whether how why however any anymore longer yet even once "
    "let make get got take go goes comes come don't doesn't can't isn't aren't won't wasn't weren't cannot"
) | {"s", "t", "re", "ve", "ll"}

GENERIC: Final = words.word_set(
    "open try attempt start begin end look see watch observe check verify view click tap press push select "
    "choose pick enter type fill put set use using perform execute log login signin navigate visit "
    "wait show display appear visible list present page screen app application system site website form "
    "field button link menu tab dialog window message text user tester person value data step result test "
    "case expected successful success successfully happen exist existing new old valid invalid possible "
    "available correct wrong first second third last next previous current further additional extra"
)
"""Words of any test: they tell nothing about what is tested."""

_GROUPS = words.phrases(
    "refuse reject decline deny disallow forbid prohibit bar refusal rejection | "
    "delete remove erase discard deletion removal | create add insert | save store persist | "
    "send submit dispatch transmit | show display visible appear list present see view look | "
    "change modify alter update edit | choose select pick selection choice | enter type input fill put key | "
    "try attempt | begin start launch | end finish complete stop | picture photo image photograph | "
    "buy purchase | customer client shopper buyer | administrator admin | mail email e-mail | "
    "expire lapse expiry expiration | permitted allowed allow permit possible able | "
    "user tester person somebody someone people anyone anybody | press click tap push hit | "
    "amount sum total | error failure fail | message text notice wording | notify notification "
    "inform alert | "
    "demand require need ask request | longer long | shorter short | more further additional extra another | "
    "biggest large big larger bigger largest | lower reduce decrease | raise increase | "
    "cancel cancellation | approve approval consent | confirm confirmation | receive get arrive | "
    "mobile phone smartphone | himself herself themselves themself itself | "
    "signin login logon log | book reserve booking reservation | "
    "money amount price cost | day daily | week weekly | month monthly | year yearly annual | "
    "keep remain stay | turn away | get obtain | upload attach | empty blank | "
    "document file | password passcode | find locate search | member participant | jpg jpeg | eur euro | "
    "usd dollar | gbp pound | employee worker | car vehicle | plate number | second sec | minute min "
    "| hour hr h"
)


def is_undone(word: str) -> bool:
    """Whether the word, in lower case, is a participle turned into its opposite: `unsigned`."""
    return word.startswith("un") and bool(words.base_of_participle(word[2:]))


def _stem(word: str) -> str:
    if is_undone(word):
        word = word[2:]
    base = (
        words.base_of_third(word)
        or words.base_of_participle(word)
        or words.base_of_past(word)
        or words.base_of_gerund(word)
        or word
    )
    if len(base) <= _LONG:
        return base[:-1] if base.endswith("s") and not base.endswith("ss") and len(base) > 2 else base  # noqa: PLR2004  # `is`, `us`
    for ending in _ENDINGS:
        if base.endswith(ending) and len(base) - len(ending) >= _SHORTEST:
            base = base[: -len(ending)]
            break
    if base[-1] == base[-2] and base[-1] not in "aeiou":
        base = base[:-1]
    return base


def _fold() -> dict[str, str]:
    folded: dict[str, str] = {}
    for group in _GROUPS:
        members = group.split()
        for member in members:
            folded.setdefault(_stem(member), _stem(members[0]))
    return folded


_FOLDED: Final = _fold()
GENERIC_STEMS: Final = frozenset(_FOLDED.get(_stem(word), _stem(word)) for word in GENERIC)


@lru_cache(maxsize=16_384)
def stem(word: str) -> str:
    """Of a word in lower case; words of one meaning have one stem."""
    plain = _stem(word)
    return _FOLDED.get(plain, plain)


@lru_cache(maxsize=16_384)
def plain_stem(word: str) -> str:
    """Of a word in lower case, without regard to its meaning."""
    return _stem(word)


@lru_cache(maxsize=8_192)
def tokens(text: str) -> tuple[str, ...]:
    """Words and numbers in lower case, in order; `can't` stays one word, `guest's` loses its ending."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("\u2019", "'")
    return tuple(match.removesuffix("'s") for match in _WORD.findall(folded))


@lru_cache(maxsize=8_192)
def sequence(text: str) -> tuple[str, ...]:
    """What the text is about, in order: without little words."""
    return tuple(stem(word) for word in tokens(text) if word not in STOP)


@lru_cache(maxsize=8_192)
def stems(text: str) -> frozenset[str]:
    """What the text is about: without little words."""
    return frozenset(sequence(text))


@lru_cache(maxsize=8_192)
def pairs(text: str) -> frozenset[frozenset[str]]:
    """Words of the text that stand side by side, in either order, little words aside."""
    order = sequence(text)
    return frozenset(frozenset(two) for two in pairwise(order) if two[0] != two[1])


@lru_cache(maxsize=8_192)
def subject(text: str) -> frozenset[str]:
    """What the text is about: without little words and without the words of any test."""
    return stems(text) - GENERIC_STEMS
