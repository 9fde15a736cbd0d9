"""What `it`, `they` and `she` at the start of a sentence stand for: what the sentence before is about."""

import re

from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.reading import observing
from casewright_generator.domain.reading.sentences import conjuncts, sentences, split
from casewright_generator.domain.reading.situations import Setting

_OPENING = re.compile(
    r"^(?P<only>only )?(?P<word>it|they|he|she|its|their|his|her)(?P<tail>'s|'re|'ll)?(?= )", re.IGNORECASE
)
_TAILS = {"'s": "is", "'re": "are", "'ll": "will"}
_LONGEST = 5
_VOID = words.PRONOUNS | words.RELATIVES | {"nothing", "nobody", "everything", "anything", "none", "there"}


def resolved(text: str, before: str, setting: Setting) -> str:
    """The text with its opening pronoun replaced; the text itself where nothing fits.

    Args:
        text: A sentence.
        before: What stands before it in the story.
        setting: What it is read with.
    """
    match = _OPENING.match(text)
    if not match:
        return text
    word = match["word"].lower()
    person = word in {"he", "she", "his", "her"}
    many = word in {"they", "their"}
    found = _person(before, setting) if person else _thing(before, setting, many=many)
    if not found:
        return text
    rest = text[match.end() :]
    verb = f" {_TAILS[match['tail']]}" if match["tail"] else ""
    if word in {"its", "their", "his", "her"}:
        owned, _, others = rest.strip().partition(" ")
        return clauses.capital(f"the {owned} of {found} {others}")
    return clauses.capital(f"{match['only'] or ''}{found}{verb}{rest}")


def _phrases(before: str) -> list[str]:
    """Subjects and objects of what stands before, the latest sentence first."""
    found: list[str] = []
    for sentence in reversed(sentences(before)[-3:]):
        conditions, main = split(sentence)
        for text in (*reversed(conjuncts(main)), *(one.text for one in conditions)):
            clause = clauses.parse(text)
            thing, _ = observing.object_of(clause.rest) if clause.form is clauses.Form.ACTIVE else ("", "")
            found.extend(one for one in (clause.subject, thing) if 0 < len(one.split()) <= _LONGEST)
    return [one for one in found if not set(one.lower().split()) & _VOID]


def _person(before: str, setting: Setting) -> str:
    for phrase in _phrases(before):
        if clauses.is_actor(phrase, setting.roles) and not words.is_plural(phrase):
            return observing.definite(phrase)
    return f"the {setting.role}" if setting.role else ""


def _thing(before: str, setting: Setting, *, many: bool) -> str:
    for phrase in _phrases(before):
        actor = clauses.is_actor(phrase, setting.roles)
        if words.is_plural(phrase) == many and (many or not actor):
            return observing.definite(phrase)
    return setting.topic if setting.topic and words.is_plural(setting.topic) == many else ""
