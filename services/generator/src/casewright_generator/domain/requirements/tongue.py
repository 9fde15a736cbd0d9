"""Which language a text is in, by its little words."""

import re

from casewright_generator.domain.language import words

_LITTLE = {
    "en": words.word_set(
        "the a an and or of to in is are be with for on at by from that this it when if then must should can "
        "not as will which has have only after before than more i want so"
    ),
    "de": words.word_set(
        "der die das den dem des und oder ist sind nicht ein eine einen einem einer mit für auf wird "
        "werden kann "
        "darf muss soll können müssen sollen im am zum zur von bei wenn nach vor als auch ich möchte "
        "damit nur"
    ),
    "es": words.word_set(
        "el la los las y o que es un una con para por del se puede debe al en de no más como quiero "
        "sin su cada"
    ),
    "fr": words.word_set(
        "le la les et ou une un des du de dans pour est sont il elle doit peut être sur avec au aux ne "
        "pas que "
        "qui en tant je veux afin"
    ),
    "it": words.word_set(
        "il lo la gli le e o che è un una di del della per con non può deve nel al dal sono come voglio ogni"
    ),
    "nl": words.word_set(
        "de het een en of van in is zijn niet met voor op wordt worden kan moet als dan naar bij ik wil zodat"
    ),
    "pt": words.word_set(
        "o os a as e ou que é um uma com para por do da em não pode deve mais no na como quero cada ao"
    ),
}
_WORD = re.compile(r"[^\W\d_]+")
_ENOUGH = 20_000
"""Characters after which the language is known."""
_FEWEST_LETTERS = 8
_LEAD = 2
"""How many more little words another language must have than English, where that has any."""


def language(text: str) -> str:
    """ISO 639 code of the language with the most little words; English for the shortest texts; else empty."""
    head = text[:_ENOUGH]
    letters = [letter for letter in head if letter.isalpha()]
    if len(letters) < _FEWEST_LETTERS:
        return "en"
    if sum(not letter.isascii() for letter in letters) * 2 > len(letters):
        return ""
    found = [word.lower() for word in _WORD.findall(head)]
    scores = {name: sum(word in little for word in found) for name, little in _LITTLE.items()}
    best = max(scores, key=lambda name: scores[name])
    if scores[best] == 0 or 0 < scores["en"] > scores[best] - _LEAD:
        return "en"
    return best
