"""Changes of state: the one that is told, and the same event where it must change nothing."""

import re
from collections.abc import Sequence

from casewright_common.events import Technique
from casewright_generator.domain.language import clauses
from casewright_generator.domain.planning.conditions import TestCondition
from casewright_generator.domain.planning.measured.cases import lowered, made, upper
from casewright_generator.domain.planning.measured.sites import Site, phrase
from casewright_generator.domain.reading.sentences import split
from casewright_generator.domain.requirements.model import Constraint, ConstraintKind

_WHEN = frozenset({"if", "when", "whenever", "once", "as soon as", "after"})
_PRONOUN = re.compile(r"^(?:it|they|he|she|this|that)\b", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:is|are|gets?|has been|have been|will be|be)? ?(?:(?:automatically|then|also) )?"
    r"(?:set|put|moved|changed|changes|moves|passes|pass|switches|goes|go|falls|fall|returns|turns|ends up|"
    r"becomes|become|counts|is shown|saved|marked|flagged|shows)\b"
)
_PUTS = re.compile(
    r"^(?P<act>[A-Z][a-z]+ing(?: [\w' ]{1,40}?)?) (?:puts|moves|sets|changes|switches|brings|"
    r"turns) (?P<thing>(?:the|an?) [\w' -]{2,30}?) (?:back )?(?:from|to|in|into)?$"
)
_WITH = re.compile(
    r"^(?:with|by|on|upon) (?P<event>(?:the|an?) [\w' -]{2,40}?) (?P<thing>(?:the|an?|"
    r"it)(?: [\w'-]+){0,3}?) ?(?:becomes?|is|goes|moves|changes|switches|passes|turns)\b",
    re.IGNORECASE,
)


def moves(site: Site, transitions: Sequence[Constraint]) -> list[TestCondition]:
    """The change as told; where its start is known, the same event from another state too.

    Args:
        site: Where the change stands.
        transitions: All changes of the story, whose states are the known ones.
    """
    one = site.constraint
    if one.kind is not ConstraintKind.TRANSITION or not one.to_state:
        return []
    found = _event(site)
    if found is None:
        return []
    thing, event, clause = found
    name, old, new = lowered(thing), one.from_state, one.to_state
    start = [f"{upper(_definite(name))} is in the state {old}"] if old else []
    act = f"Bring this about: {lowered(event)}" if clause else upper(event)
    told = f"{upper(_definite(name))} is in the state {new}" + (f", and no longer {old}" if old else "")
    title = f"{upper(phrase(thing) or thing)}: {f'{old} to ' if old else 'to '}{new} ({lowered(event)})"
    made_ = [made(site, title, [(act, told)], given=start, technique=Technique.STATE_TRANSITION)]
    other = _other(one, transitions) if old else ""
    if other:
        made_.append(
            made(
                site,
                f"{upper(phrase(thing) or thing)}: {other} stays {other} ({lowered(event)})",
                [
                    (
                        f"Try to {lowered(act)}" if not clause else act,
                        f"{upper(_definite(name))} stays in the state {other}, and is not {new}",
                    )
                ],
                given=[f"{upper(_definite(name))} is in the state {other}"],
                technique=Technique.STATE_TRANSITION,
                negative=True,
                supposed=True,
            )
        )
    return made_


def _other(one: Constraint, transitions: Sequence[Constraint]) -> str:
    """A known state from which the story tells no change to this one."""
    sources = {each.from_state for each in transitions if each.to_state == one.to_state}
    states = dict.fromkeys(
        state for each in transitions for state in (each.from_state, each.to_state) if state
    )
    return next((state for state in states if state not in sources and state != one.to_state), "")


def _definite(thing: str) -> str:
    bare = re.sub(r"^(?:an?|the|each|every) ", "", thing)
    return f"the {bare}"


def _event(site: Site) -> tuple[str, str, bool] | None:
    """What changes, what makes it change, and whether that is a clause."""
    conditions, main = split(site.sentence)
    text = site.constraint.text
    if (
        len(conditions) == 1
        and conditions[0].marker in _WHEN
        and text in main
        and not _PRONOUN.match(conditions[0].text)
    ):
        thing = _thing(main, conditions[0].text)
        return (thing, conditions[0].text, True) if thing else None
    if match := _PUTS.match(site.before):
        return match["thing"], match["act"], False
    if match := _WITH.match(f"{site.before} {text}"):
        return (match["thing"], match["event"], True) if match["thing"].lower() != "it" else None
    return None


def _thing(main: str, condition: str) -> str:
    subject = clauses.parse(main).subject
    if subject.lower() in {"it", "this", "the state", "the status"}:
        noun = re.search(r"\b(?:an?|the) ([a-z]+)$", condition)
        return noun[1] if noun else ""
    match = re.match(r"^(?P<owner>the [\w-]+)(?:['\u2019]s) (?:state|status)$", subject)
    return match["owner"] if match else subject if phrase(subject) else ""
