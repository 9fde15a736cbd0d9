"""What must come first: `X must be done before Y`, `X cannot be changed after Y`, `X only once Y`."""

import re

from casewright_common.events import Technique
from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.reading.attempts import (
    Attempt,
    Fact,
    of_event,
    of_person,
    of_state,
    of_thing,
)
from casewright_generator.domain.reading.constraints import constraints, points
from casewright_generator.domain.reading.situations import Setting
from casewright_generator.domain.reading.statements import Statement
from casewright_generator.domain.rules.said import SPAN, Said

_AFTER = r"(?:after|once|as soon as|when|if)"
# Main clause, its negated modal apart; then what has happened by then.
_BARRED = re.compile(
    r"^(?P<subject>[^,;:]{2,60}?) (?:cannot|can't|can not|must not|mustn't|may not|can no longer|"
    r"may no longer|must no longer|(?:is|are) (?:not|no longer) allowed to) (?P<act>[^,;:]{3,80}?)"
    rf"(?: any ?more| any longer)?,? {_AFTER} (?P<fact>[^,;:]{{6,80}})$",
    re.IGNORECASE,
)
_BARRED_THEN = re.compile(
    rf"^{_AFTER} (?P<fact>[^,;:]{{6,80}}), (?P<subject>[^,;:]{{2,60}}?) (?:cannot|can't|must not|may not|"
    r"can no longer|may no longer|must no longer) (?P<act>[^,;:]{3,80}?)(?: any ?more| any longer)?$",
    re.IGNORECASE,
)
_ONLY_THEN = re.compile(
    r"^(?P<subject>[^,;:]{2,60}?) (?:can|may|must|should|shall) "
    rf"(?:only (?P<one>[^,;:]{{3,80}}?) {_AFTER}|(?P<two>[^,;:]{{3,80}}?) only {_AFTER}) "
    r"(?P<fact>[^,;:]{6,80})$",
    re.IGNORECASE,
)
_NOT_BEFORE = re.compile(
    r"^(?P<subject>[^,;:]{2,60}?) (?:cannot|can't|can not|must not|may not|(?:is|are) not allowed to) "
    r"(?P<act>[^,;:]{3,80}?) (?:before|until|unless) (?P<fact>[^,;:]{6,80})$",
    re.IGNORECASE,
)
_FIRST = re.compile(
    r"^(?P<subject>[^,;:]{2,60}?) (?:must|has to|have to|shall|needs to|need to) (?:first |already )?"
    r"(?P<act>[^,;:]{3,80}?),? before (?P<event>[^,;:]{6,80})$",
    re.IGNORECASE,
)
_LATEST = re.compile(
    r"^(?P<subject>[^,;:]{2,60}?) (?:can|may) (?:only )?(?P<act>[^,;:]{3,60}?),? (?:only )?"
    rf"(?:until|up to|no later than|at the latest|"
    rf"at least) (?P<span>{SPAN}) before (?P<event>[^,;:\d]{{3,50}})$",
    re.IGNORECASE,
)


def sequence(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """The act in its time, and the same act too early or too late."""
    if setting.reported:
        return []  # a fault is told, not a rule
    for form in (_latest, _first, _barred, _only_then):
        if found := form(flat, said, setting):
            return found
    return []


def _barred(flat: str, said: Said, setting: Setting) -> list[Statement]:
    match = _BARRED.match(flat) or _BARRED_THEN.match(flat)
    if not match or any(map(str.isdigit, match["fact"])):
        return []
    read = _read(match["subject"], match["act"], match["fact"], setting)
    if not read:
        return []
    attempt, fact, who = read
    return [
        _possible(said, attempt, who, fact.fails, _lower(fact.fails)),
        _refused(said, attempt, who, fact.holds, _lower(fact.holds)),
    ]


def _only_then(flat: str, said: Said, setting: Setting) -> list[Statement]:
    match = _ONLY_THEN.match(flat) or _NOT_BEFORE.match(flat)
    if not match or any(map(str.isdigit, match["fact"])):
        return []
    named = match.groupdict()
    act = named.get("one") or named.get("two") or named.get("act") or ""
    read = _read(match["subject"], act, match["fact"], setting)
    if not read:
        return []
    attempt, fact, who = read
    return [
        _possible(said, attempt, who, fact.holds, _lower(fact.holds)),
        _refused(said, attempt, who, fact.fails, _lower(fact.fails)),
    ]


def _first(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """`The training must be completed before the exam starts`: with and without it."""
    match = _FIRST.match(flat)
    named = re.sub(r"^(?:they|it) (?=(?:is|are) )", f"{match['subject']} ", match["event"]) if match else ""
    event = of_event(named, setting) if match else None
    if not match or event is None:
        return []
    clause = clauses.parse(f"{match['subject']} must {match['act']}")
    if clause.form not in (clauses.Form.PASSIVE, clauses.Form.ACTIVE) or not clause.verb:
        return []
    done = words.participle(clause.verb)
    rest = f"{'been ' if clause.form is clauses.Form.PASSIVE else ''}{done} {clause.rest}".strip()
    person = clause.form is clauses.Form.ACTIVE and clauses.is_actor(clause.subject, setting.roles)
    subject = _one(clause.subject) if person else clause.subject
    fact = of_state(f"{subject} {words.has_have(subject)} {rest}", "", setting)
    if fact is None:
        return []
    return [
        _possible(said, event, "", fact.holds, _lower(fact.holds)),
        _refused(said, event, "", fact.fails, _lower(fact.fails)),
    ]


def _latest(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """`A booking can be cancelled until 24 hours before departure`: just in time, and just too late."""
    match = _LATEST.match(flat)
    limit = next(iter(constraints(f"at least {match['span']}")), None) if match else None
    read = _act(match["subject"], match["act"], setting) if match else None
    if not match or not limit or not read:
        return []
    attempt, who = read
    found = []
    for point in points(limit):
        when = f"{point.text} before {match['event']}"
        action = f"{attempt.action} {when}"
        found.append(
            said.case(
                action if point.inside else f"Refuse to {action}",
                (action if point.inside else f"Try to {action}",),
                attempt.seen if point.inside else (attempt.undone,),
                given=_acting(who),
                technique=Technique.BOUNDARY_VALUE,
                data=((f"time before {match['event']}", point.text),),
                negative=not point.inside,
            )
        )
    return found


def _read(subject: str, act: str, fact: str, setting: Setting) -> tuple[Attempt, Fact, str] | None:
    read = _act(subject, act, setting)
    if read is None or not _is_past(fact):
        return None
    attempt, who = read
    topic = clauses.lower_first(subject)
    if who:  # `Users cannot edit a comment after it has been approved`: what is acted upon
        thing = re.match(r"[a-z]+ (?P<thing>.+)$", attempt.action)
        topic = thing["thing"] if thing else ""
    state = of_state(fact, _definite(topic), setting)
    return (attempt, state, who) if state else None


def _is_past(fact: str) -> bool:
    """Whether it tells of something that is then so for good: `has been shipped`, `is closed`."""
    clause = clauses.parse(fact)
    if clause.form is clauses.Form.PASSIVE or re.search(r"\b(?:has|have) been \w", fact):
        return True
    return clause.form is clauses.Form.ACTIVE and (
        clause.perfect or (bool(clause.subject) and not clause.rest)
    )


def _act(subject: str, act: str, setting: Setting) -> tuple[Attempt, str] | None:
    """The act, and by whom where that is said."""
    subject = re.sub(r"^only ", "", subject, flags=re.IGNORECASE)
    if act.lower().startswith("be "):
        attempt = of_thing(_definite(clauses.lower_first(subject)), act[3:], setting)
        return (attempt, "") if attempt else None
    if not clauses.is_actor(subject, setting.roles):
        return None
    attempt = of_person(act, setting)
    return (attempt, _one(subject)) if attempt else None


def _possible(said: Said, attempt: Attempt, who: str, given: str, told: str) -> Statement:
    return said.case(
        f"{attempt.action} when {told}",
        (attempt.action,),
        attempt.seen,
        given=(*_acting(who), given),
        technique=Technique.STATE_TRANSITION,
    )


def _refused(said: Said, attempt: Attempt, who: str, given: str, told: str) -> Statement:
    return said.case(
        f"Refuse to {attempt.action} when {told}",
        (attempt.tried,),
        (attempt.undone,),
        given=(*_acting(who), given),
        technique=Technique.STATE_TRANSITION,
        negative=True,
    )


def _acting(who: str) -> tuple[str, ...]:
    bare = re.sub(r"^(?:the|an?) ", "", who.lower())
    return (f"Acting as {words.with_article(bare)}.",) if bare and bare not in {"user", "people"} else ()


def _one(people: str) -> str:
    bare = re.sub(r"^(?:the|an?|all|every|each|any) ", "", people, flags=re.IGNORECASE)
    bare = bare[:1].lower() + bare[1:]
    return f"the {words.singular(bare) if words.is_plural(bare) else bare}"


def _definite(topic: str) -> str:
    return re.sub(r"^(?:an?|any|every|each|their|his|her) ", "the ", topic)


def _lower(sentence: str) -> str:
    return clauses.lower_first(sentence.rstrip("."))
