"""A least age: somebody a year too young, and somebody just old enough."""

import re

from casewright_common.events import Technique
from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.reading.attempts import of_person, people
from casewright_generator.domain.reading.situations import Setting
from casewright_generator.domain.reading.statements import Statement
from casewright_generator.domain.rules.said import Said

_WHO = r"(?P<who>(?:an?|the|every|each|all|any)? ?[A-Za-z][a-z -]{1,30}?)"
_YEARS = r"(?P<age>\d{1,3})\+?(?: years?)?(?: old| of age)?"
_UP = r"(?: (?:or|and) (?:older|over|above|more|up))?"
_ELSE = r"(?:[,;]? (?:otherwise|or else|if not),? (?P<else>.{3,120}))?"
_MUST = re.compile(
    rf"^(?:to (?P<first>[a-z][^,;]{{2,50}}?),? )?{_WHO} (?:must|has to|have to|needs to|need to|"
    rf"should) be (?P<at>at least |over )?(?:the age of |aged? )?{_YEARS}{_UP}"
    rf"(?: (?:in order )?to (?P<act>[a-z][^,;]{{2,60}}?))?"
    rf"{_ELSE}$",
    re.IGNORECASE,
)
_UNDER = re.compile(
    rf"^{_WHO} (?:who are |who is |aged )?(?:under|below|younger than) (?:the age of )?{_YEARS} "
    rf"(?:cannot|can't|can not|may not|must not|are not allowed to|is not allowed to) "
    rf"(?P<act>[a-z][^,;]{{2,60}}?){_ELSE}$",
    re.IGNORECASE,
)
_ONLY = re.compile(
    rf"^only {_WHO} (?:who are |aged |of )?(?:at least )?{_YEARS}{_UP} (?:can|may|are allowed to) "
    rf"(?P<act>[a-z][^,;]{{2,60}}?){_ELSE}$",
    re.IGNORECASE,
)
_LEAST = re.compile(
    rf"^(?:the )?minimum age (?:to (?P<act>[a-z][^,;]{{2,50}}?) |"
    rf"for (?P<for>[a-z]+ing(?: [^,;]{{2,40}}?)?) )?"
    rf"is {_YEARS}{_ELSE}$",
    re.IGNORECASE,
)
_YOUNGEST, _OLDEST = 10, 120
_PERSONS = words.word_set(
    "you one i we people persons person everyone everybody somebody someone anyone user users"
)


def ages(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """The age below, refused, and the age itself."""
    if setting.reported:
        return []
    match = _MUST.match(flat) or _UNDER.match(flat) or _ONLY.match(flat) or _LEAST.match(flat)
    if not match:
        return []
    named = match.groupdict()
    least = int(match["age"]) + (1 if (named.get("at") or "").lower().startswith("over") else 0)
    who = _person(named.get("who") or "", setting)
    if not who or not _YOUNGEST <= least <= _OLDEST:
        return []
    act = named.get("act") or named.get("first") or ""
    if gerund := named.get("for"):
        base, _, rest = gerund.partition(" ")
        act = f"{words.base_of_gerund(base)} {rest}".strip()
    act = act or setting.errand
    attempt = of_person(f"{act[:1].lower()}{act[1:]}", setting) if act else None
    if attempt is None:
        return []
    told = named.get("else") or ""
    young, old = f"{who} who is {least - 1} years old", f"{who} who is {least} years old"
    undone = attempt.undone if "nothing has changed" not in attempt.undone else f"{young} is not accepted"
    hollow = any(one.lower().startswith("the user ") for one in attempt.seen)
    return [
        said.case(
            f"Refuse {young}",
            (attempt.tried,),
            (told or undone,),
            given=(f"Acting as {young}.",),
            technique=Technique.BOUNDARY_VALUE,
            data=(("age", str(least - 1)),),
            negative=True,
        ),
        said.case(
            f"Admit {old}",
            (attempt.action,),
            (f"{old} is accepted",) if hollow else attempt.seen,
            given=(f"Acting as {old}.",),
            technique=Technique.BOUNDARY_VALUE,
            data=(("age", str(least)),),
        ),
    ]


def _person(told: str, setting: Setting) -> str:
    bare = re.sub(r"^(?:an?|the|every|each|all|any) ", "", told.strip().lower())
    if not bare or bare in _PERSONS:
        return words.with_article(setting.role) if setting.role else "a user"
    found = people(bare, setting)
    return clauses.lower_first(found[0]) if len(found) == 1 else ""
