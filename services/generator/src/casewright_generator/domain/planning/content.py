"""What a text says, as a set of stems: to tell whether one text adds anything to another."""

import re
from functools import lru_cache

from casewright_generator.domain.language import words

_WORD = re.compile(r"\d+(?:[.,:/-]\d+)*|[^\W\d_]+(?:[-'\u2019_.][^\W\d_]+)*", re.UNICODE)
_FUNCTION = (
    words.PREPOSITIONS
    | words.DETERMINERS
    | words.PRONOUNS
    | words.AUXILIARIES
    | words.MODALS
    | words.RELATIVES
    | words.word_set(
        "and or but nor so then than as if when while once unless until because since although though "
        "be been being am there here it its also only just too very still even yet now not no never none "
        "can't don't doesn't isn't aren't won't cannot shouldn't mustn't n't "
        "at least most more less exactly up down out off away again same own each other such per "
        "das die der den dem des ein eine einen einer eines und oder ist sind wird werden muss kann nicht "
        "mit von zu im in am auf für bei nach aus sich es er sie man wenn dann nur"
    )
)
_NUMBERS = {
    word: str(value)
    for value, word in enumerate(
        words.phrases(
            "zero | one | two | three | four | five | six | seven | eight | nine | ten | eleven | twelve"
        )
    )
}
_SHORTEST = 4
"""Letters from which an ending is cut off a word that isn't known."""
_ENDINGS = ("ing", "ed", "es", "s")


@lru_cache(maxsize=4096)
def content(text: str) -> frozenset[str]:
    """Stems of the words that carry meaning, and the numbers, in digits."""
    found = {_stem(match.group()) for match in _WORD.finditer(text.casefold())}
    return frozenset(found - {""})


@lru_cache(maxsize=8192)
def _stem(word: str) -> str:
    word = word.strip("'\u2019.-_").removesuffix("'s").removesuffix("\u2019s")
    if word in _NUMBERS:
        return _NUMBERS[word]
    if word in _FUNCTION or (len(word) == 1 and not word.isdigit()):
        return ""
    base = (
        words.base_of_third(word)
        or words.base_of_participle(word)
        or words.base_of_past(word)
        or words.base_of_gerund(word)
        or (words.singular(word) if words.is_plural(word) else word)
    )
    if base != word or not word.isalpha() or words.is_verb(word):
        return base
    if word.endswith("ss"):
        return word
    ending = next((one for one in _ENDINGS if word.endswith(one) and len(word) - len(one) >= _SHORTEST), "")
    return word.removesuffix(ending)
