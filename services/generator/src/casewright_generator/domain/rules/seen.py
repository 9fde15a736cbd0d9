"""Who can see what: `The clerk can view the order, including its items`."""

import re

from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.reading import observing
from casewright_generator.domain.reading.situations import Setting, without_determiner
from casewright_generator.domain.reading.statements import Statement
from casewright_generator.domain.rules.said import Said

_CAN = (
    r"^(?P<who>(?:(?:the|an?|all|each|every) )?[a-z]+(?: [a-z]+)?) (?:can|may|must be able to|"
    r"should be able to|is able to|are able to) (?:also |clearly |easily )?(?:see|view|look at) "
)
_PARTS = re.compile(
    rf"{_CAN}(?P<thing>[^,:]{{3,80}}?),? (?:including|such as|namely|consisting of):? "
    r"(?P<items>.{3,200})$",
    re.IGNORECASE,
)
_OWN = re.compile(
    rf"{_CAN}(?P<thing>(?:the |all |their )?[a-z]+(?: [a-z]+)?s) "
    r"(?P<which>(?:(?:that|which|who|in which|for which) )?"
    r"(?:they|he or she|he|she|are|were|have)\b.{3,80})$",
    re.IGNORECASE,
)
_SORTED = re.compile(
    rf"{_CAN}(?P<thing>(?:the |all |their )?[a-z]+(?: [a-z]+)?s),? (?:ordered|sorted|arranged) by "
    r"(?P<key>[a-z ]{2,40})$",
    re.IGNORECASE,
)


def seen(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """What is seen, with its parts, its order, or nothing beside it."""
    for form, write in ((_PARTS, _with_parts), (_SORTED, _in_order), (_OWN, _no_others)):
        match = form.match(flat)
        if match and clauses.is_actor(match["who"], setting.roles):
            return [write(flat, said, match)]
    return []


def _acting(match: re.Match[str]) -> tuple[str, ...]:
    who = without_determiner(match["who"]).lower()
    who = words.singular(who) if words.is_plural(who) else who
    return (
        () if who in {"user", "person", "they", "he", "she"} else (f"Acting as {words.with_article(who)}.",)
    )


def _with_parts(flat: str, said: Said, match: re.Match[str]) -> Statement:
    thing = observing.definite(match["thing"])
    be = words.is_are(thing)
    return said.case(
        flat[: match.end("thing")],
        (f"Look at {thing}",),
        (
            f"{thing} {be} shown",
            f"These are among it: {match['items']}",
            "Each value agrees with the test data",
        ),
        given=_acting(match),
    )


def _in_order(flat: str, said: Said, match: re.Match[str]) -> Statement:
    thing = observing.definite(match["thing"])
    things = re.sub("^(?:the|all|their) ", "", match["thing"])
    return said.case(
        flat,
        (f"Look at {thing}",),
        (f"{thing} are listed by {match['key']}, from the first to the last",),
        given=(*_acting(match), f"There are three {things} that differ in their {match['key']}."),
        data=((things, "3"),),
    )


def _no_others(flat: str, said: Said, match: re.Match[str]) -> Statement:
    things = re.sub("^(?:the|all|their) ", "", match["thing"])
    return said.case(
        flat,
        (f"Look at the {things}",),
        (f"The {things} {match['which']} are shown", f"Other {things} are not among them"),
        given=(*_acting(match), f"There are {things} {match['which']}, and others."),
    )
