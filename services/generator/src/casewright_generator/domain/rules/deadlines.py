"""What the system does in time: `A refund is paid within 5 business days` is waited for, never entered."""

import re

from casewright_common.events import Technique
from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.reading import observing
from casewright_generator.domain.reading.attempts import of_event
from casewright_generator.domain.reading.sentences import split
from casewright_generator.domain.reading.situations import Setting, sort_conditions
from casewright_generator.domain.reading.statements import Statement
from casewright_generator.domain.rules.refusals import MADE
from casewright_generator.domain.rules.said import Said

TIME = (
    r"(?:\d{1,6}|one|two|three|four|five|six|seven|ten) ?(?:(?:business|working|calendar|bank|banking) )?"
    r"(?:milliseconds?|ms|seconds?|secs?|s|minutes?|mins?|hours?|hrs?|h|days?|weeks?|months?|years?)\b"
)
_WITHIN = re.compile(
    rf"^(?P<main>[^,;]{{5,120}}?) (?:within|in less than|in under|in at most|in no more than|"
    rf"no later than|not later than) (?P<span>{TIME})"
    r"(?: (?:of|after|from|following) (?P<event>[^,;]{3,100}))?$",
    re.IGNORECASE,
)
_NOUNS = {  # of what a user does: how it is done
    "registration": "Register",
    "login": "Log in",
    "sign-in": "Sign in",
    "sign-up": "Sign up",
    "payment": "Pay",
    "checkout": "Check out",
    "purchase": "Make a purchase",
}
_STEM = 5
_DUTIES = words.word_set("can may could might")


def deadlines(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """One case: what starts the time, and what must be seen in it; none where nothing starts it."""
    if setting.reported:
        return []
    if found := _left_alone(flat, said):
        return found
    conditions, main = split(flat)
    match = _WITHIN.match(main)
    if not match and conditions and len(conditions) == 1 and conditions[0].marker == "after":
        match = _WITHIN.match(f"{main} after {conditions[0].text}")  # the event was taken for a condition
        conditions = ()
    clause = clauses.parse(match["main"]) if match else None
    if not match or clause is None or not _is_behaviour(clause, setting):
        return []
    given, actions = sort_conditions(conditions, setting)
    if not actions:
        trigger = _trigger(match["event"] or "", clause, setting)
        actions = (trigger,) if trigger else ()
    if not actions:
        return []
    seen = clauses.present(clause).rstrip(".")
    *before, last = actions
    return [
        said.case(
            flat,
            (*before, f"{last.rstrip('.')}, and note the time"),
            (f"{seen} within {match['span']}, and not later",),
            given=given,
            technique=Technique.BOUNDARY_VALUE,
            data=(("time", match["span"]),),
        )
    ]


_UNTIL = re.compile(
    rf"^(?P<one>(?:an?|the|every|each) [a-z][a-z -]{{2,40}}?) (?:that|which) (?:is|has) not (?:been )?"
    rf"(?P<done>[a-z]+) within (?P<span>{TIME}) (?:is|must be|should be|will be|gets) (?:automatically )?"
    r"(?P<fate>[a-z]+ed|sent|set [a-z ]+)$",
    re.IGNORECASE,
)


def _left_alone(flat: str, said: Said) -> list[Statement]:
    """`A resolved ticket that is not reopened within 14 days is closed`."""
    match = _UNTIL.match(flat)
    verb = words.base_of_participle(match["done"].lower()) if match else ""
    if not match or not verb:
        return []
    thing = observing.definite(match["one"])
    return [
        said.case(
            flat,
            (f"Let {match['span']} pass, and do not {verb} {thing}",),
            (f"{thing} is {match['fate']}",),
            given=(clauses.sentence(f"There is {clauses.lower_first(match['one'])}"),),
            technique=Technique.BOUNDARY_VALUE,
            data=(("time", match["span"]),),
        )
    ]


def _is_behaviour(clause: clauses.Clause, setting: Setting) -> bool:
    """Whether the system does it: what a person may or must do in time is tried, not waited for."""
    if not clause.verb or not clause.subject or clause.negated or clause.modal in _DUTIES:
        return False
    if clause.subject.lower() in words.PRONOUNS | {"it", "this", "that"}:
        return False
    received = clause.verb in {"receive", "get", "see"}
    acts = clauses.is_actor(clause.subject, setting.roles) and not received
    return clause.form in (clauses.Form.ACTIVE, clauses.Form.PASSIVE) and not acts


def _trigger(event: str, clause: clauses.Clause, setting: Setting) -> str:
    """What starts the time: the event that is named, or else what the story lets its user do."""
    if event:
        noun = re.fullmatch(r"(?:the |an? |their |successful )*(?P<noun>[a-z]+(?:-[a-z]+)?)", event.lower())
        if noun:
            named = setting.errand.lower()[:_STEM] == noun["noun"][:_STEM]
            return setting.errand if named else _NOUNS.get(noun["noun"], "")
        attempt = of_event(event, setting)
        return attempt.action if attempt else ""
    thing = observing.head(clause.subject)
    if thing in MADE and thing == "refund":
        return f"{MADE[thing]} {words.with_article(thing)}"
    return setting.errand
