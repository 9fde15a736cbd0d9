"""Requirements with items inside a sentence: `he can: (6.1) start a class, (6.2) end it` says two things."""

import re

from casewright_generator.domain.language import clauses, words

_ITEM = re.compile(r"\((?:\d{1,3}(?:\.\d{1,3})*|[a-h]|i{1,3}|iv)\)\s*")
_PERSON = re.compile(r"^(?:specifically|in particular|namely|that is),?\s+", re.IGNORECASE)
_FEWEST = 2
_MOST = 30
_LONGEST_LEAD = 200


def expanded(text: str) -> list[str]:
    """One sentence per item, each with the lead's words; the text alone where it has no items."""
    flat = " ".join(text.split())
    marks = list(_ITEM.finditer(flat))[:_MOST]
    if not marks:
        return _either(text)
    if len(marks) < _FEWEST or marks[0].start() == 0 or marks[0].start() > _LONGEST_LEAD:
        return [text]
    lead = flat[: marks[0].start()].rstrip(" :,-")
    before, _, last = lead.rpartition(". ")
    last = _PERSON.sub("", last)
    opening = clauses.parse(last)
    if (before and opening.subject.lower() in words.PRONOUNS) or (before and not opening.subject):
        opening = clauses.parse(before.rpartition(". ")[2])
    found = [before] if before else []
    for index, mark in enumerate(marks):
        end = marks[index + 1].start() if index + 1 < len(marks) else len(flat)
        item = flat[mark.end() : end].strip().rstrip(".;, ")
        item = re.sub(r",? (?:and|or)$", "", item).strip()
        if item:
            found.append(_joined(last, opening, item))
    return [one for sentence in found for one in _either(sentence)]


_EITHER = re.compile(r"\b([a-z]{3,12})/([a-z]{3,12})\b")


_ACTS = re.compile(
    r"\b(?:can(?:not|'t)?|may|must|should|able to) "
    r"(?P<acts>[a-z]+(?:, [a-z]+)*,? (?:or|and) [a-z]+)(?= [a-z])"
)


def _either(text: str) -> list[str]:
    """`start/stop the server`, `can start or stop the server` and `can start and stop it` ask for both."""
    if match := _ACTS.search(text):
        acts = re.split(r",? (?:or|and) |, ", match["acts"])
        if all(words.is_verb(act) for act in acts):
            return [f"{text[: match.start('acts')]}{act}{text[match.end('acts') :]}" for act in acts]
    match = _EITHER.search(text)
    if not match or not (words.is_verb(match[1]) and words.is_verb(match[2])):
        return [text]
    return [f"{text[: match.start()]}{verb}{text[match.end() :]}" for verb in match.groups()]


def _joined(lead: str, opening: clauses.Clause, item: str) -> str:
    parts = item.split()
    verb = next((word.lower() for word in parts[:2] if not word.lower().endswith("ly")), "")
    if opening.subject and words.is_verb(verb.partition("/")[0]):
        return f"{opening.subject} can {item}"
    return f"{lead} {item}"
