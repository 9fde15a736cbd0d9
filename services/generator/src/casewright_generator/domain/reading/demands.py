"""From one sentence of a story to the statement that it makes."""

import re
from dataclasses import replace

from casewright_generator.domain.language import clauses
from casewright_generator.domain.reading import defects, observing, phrasing, sense
from casewright_generator.domain.reading.chores import is_chore, is_code, is_talk
from casewright_generator.domain.reading.constraints import constraints
from casewright_generator.domain.reading.main_clause import Reader
from casewright_generator.domain.reading.sentences import split
from casewright_generator.domain.reading.situations import Setting, resolved, without_determiner
from casewright_generator.domain.reading.statements import Kind, Statement

_MAX_SENTENCE = 600
_OPENING = "\"“'`(<-/{$@#*"
_LONGEST_LIMIT = 160
_LONGEST_FIELD = 6
"""Words up to which a phrase may be the name of a field."""


_ASKS = re.compile(
    r"^(?:should|would|could|can|do|does|did|is|are|will|may) (?:we|it|i|you|they|the|this|these|there)\b",
    re.IGNORECASE,
)


def of_sentence(criterion: str, text: str, setting: Setting) -> Statement | None:
    """The statement of one sentence; `None` where it demands nothing that can be seen."""
    sentence = phrasing.prepared(text)
    if not _is_readable(sentence):
        return None
    if wish := phrasing.AS_A.match(sentence):
        setting = replace(setting, role=without_determiner(wish["role"].strip()).lower())
        sentence = phrasing.wished(wish, setting)
    sentence = phrasing.IF_ANY.sub("", sentence)
    demanded = bool(phrasing.CHECK.match(sentence))
    sentence = phrasing.BENEFIT.sub("", phrasing.CHECK.sub("", sentence, count=1)).strip()
    if setting.strict:
        sentence = phrasing.BUT.sub("", sentence)
    if setting.complaints and not demanded and (defect := defects.read(criterion, text, sentence)):
        return defect
    sentence = phrasing.CHECK.sub("", phrasing.NEED.sub("", sentence, count=1), count=1)
    sentence = phrasing.normalised(sentence)
    if expiring := phrasing.expiry(sentence):
        sentence = text = expiring
    if ability := phrasing.ABILITY.match(sentence):
        who = ability["who"] or ability["whom"]
        sentence = f"{setting.person if not who else 'the ' + who.rstrip('s')} can {ability['act']}"
    if is_chore(sentence):
        return None
    if setting.topic:
        sentence = phrasing.PRONOUN.sub(lambda _: setting.topic, sentence, count=1)
    sentence, otherwise = phrasing.alternative(sentence)
    return _stated(criterion, text, sentence, otherwise, setting, wished=bool(wish))


def _stated(
    criterion: str, text: str, sentence: str, otherwise: str, setting: Setting, *, wished: bool
) -> Statement | None:
    conditions, main = split(sentence)
    main = resolved(main, conditions, setting)
    clause = clauses.parse(main)
    if not clause.verb:
        return None if setting.strict else _bare_limit(criterion, text, sentence)
    if clause.subject.lower() == "we" and clause.modal not in {"can", "may"} and not wished:
        return None  # the team speaks of itself
    reader = Reader(criterion, text, sentence, conditions, main, otherwise, setting)
    found = reader.read(clause)
    return found if found and all(map(sense.is_doable, found.actions)) else None


def _is_readable(sentence: str) -> bool:
    """Whether a sentence may demand something: no question, no code, no work for the team, no torn piece."""
    return (
        bool(sentence)
        and len(sentence) <= _MAX_SENTENCE
        and (sentence[0].isalnum() or sentence[0] in _OPENING)
        and not _ASKS.match(sentence)
        and not (is_talk(sentence) or is_code(sentence) or is_chore(sentence))
    )


def _bare_limit(criterion: str, text: str, sentence: str) -> Statement | None:
    """`Password: 8 to 64 characters`, `Maximum upload size 10 MB`."""
    found = constraints(sentence)
    if not found or len(sentence) > _LONGEST_LIMIT:
        return None
    label, colon, _ = sentence.partition(":")
    subject = label if colon and len(label) < found[0].start + 1 else sentence[: found[0].start]
    subject = re.sub(
        r"\b(?:must|is|the|a|an|max\w*|min\w*|of|limit)\b\.?", "", subject, flags=re.IGNORECASE
    ).strip(" :-\u2013(")
    subject = " ".join(subject.split())
    if not subject or len(subject.split()) > _LONGEST_FIELD:
        return None
    return Statement(
        criterion,
        text,
        Kind.LIMIT,
        sentence,
        subject=subject,
        constraints=found,
        main=sentence,
        verb="be",
        outcomes=(clauses.sentence(sentence),),
        actions=(clauses.sentence(observing.approach(subject)),),
    )
