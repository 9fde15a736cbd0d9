"""How a tester brings about, or gets to see, what a sentence says happens."""

import re
from dataclasses import replace

from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.language.clauses import Clause, Form
from casewright_generator.domain.language.masking import mask
from casewright_generator.domain.reading import observing
from casewright_generator.domain.reading.constraints import constraints
from casewright_generator.domain.reading.situations import Setting

_LONGEST_SIGHT = 7
"""Words up to which a thing is looked at by its whole name."""
_PROGRAM = words.word_set("api system server endpoint service response")
_MAKING = words.word_set("export download print generate")
_HOLDING = words.word_set("contain have show include list")
_ANSWERING = words.word_set("send notify return")
_CHANGING = words.word_set("reduce increase lower raise double")
_WHERE = re.compile(
    r"\b(?:on|in|at|from) ((?:the|an?|each|every) [^,.;]{3,50}?)(?=$| (?:when|if|with|as|for|by|so|that|"
    r"which|instead|and)\b|[,.;])",
    re.IGNORECASE,
)


_NEW = re.compile(
    r"^(?:an?|the|every|each) (?:newly created |freshly created |new )([a-z][\w -]{2,30})$", re.IGNORECASE
)
"""What has to be made first, to be seen new."""
_NO_LONGER = re.compile(r" no longer$")
_LISTED = words.word_set("sort show display list group highlight")


def way_to(clause: Clause, setting: Setting) -> str:
    """The instruction, without a full stop; empty where the story names none.

    First the place that the clause names, then what the story lets its user do, then the thing itself.
    """
    clause = replace(clause, subject=_NO_LONGER.sub("", clause.subject))
    for match in _WHERE.finditer(mask(clause.rest)):
        place = clause.rest[match.start(1) : match.end(1)]
        if observing.head(place) in observing.PLACES:
            return f"{observing.approach(place)} and look at {observing.definite(clause.subject)}"
    if observing.is_request(clause.subject):
        return f"Send {clause.subject}"
    if setting.errand and _comes_of(clause, setting.errand):
        return setting.errand
    if clause.subject.lower().startswith("no ") or observing.is_reaction(clause.subject):
        return _reaction(clause, setting)
    return _sight(clause, setting)


def _comes_of(clause: Clause, errand: str) -> bool:
    """Whether what the clause says happens in answer to what the story lets its user do."""
    noun, verb = observing.head(clause.subject), errand.split(maxsplit=1)[0].lower()
    plain = not constraints(clause.subject) and not any(map(str.isdigit, clause.subject))
    return (
        (clause.form is Form.PASSIVE and clause.verb in _ANSWERING)
        or clause.verb in {"receive", "get"}
        or observing.is_reaction(clause.subject)
        or noun in _PROGRAM
        or (noun == verb and plain)
        or (verb in _MAKING and noun in map(observing.head, errand.split()))
    )


def _reaction(clause: Clause, setting: Setting) -> str:
    if clause.subject.lower().startswith("no "):
        return f"Watch for {observing.watched(clause.subject)}"
    if clause.form is Form.ACTIVE and clause.verb in _HOLDING:
        return f"Look at {observing.definite(clause.subject)}"
    return observing.approach(setting.topic) if setting.topic else ""


def _sight(clause: Clause, setting: Setting) -> str:
    if clause.form is Form.ACTIVE and clause.verb in _CHANGING:
        return f"Use {clauses.lower_first(clause.subject)}"
    if clause.form is Form.ACTIVE and clauses.is_actor(clause.subject, setting.roles):
        thing, _ = observing.object_of(clause.rest)
        return observing.approach(thing or setting.topic or clause.rest)
    if clause.form is Form.PASSIVE and clause.verb in _LISTED and words.is_plural(clause.subject):
        return f"Look at {observing.definite(clause.subject)}"
    if made := _NEW.match(clause.subject):
        return f"Create {words.with_article(f'new {made[1]}')}"
    thing, _ = observing.object_of(clause.subject)
    shortened = thing and len(clause.subject.split()) > _LONGEST_SIGHT
    return observing.approach(thing if shortened else clause.subject)
