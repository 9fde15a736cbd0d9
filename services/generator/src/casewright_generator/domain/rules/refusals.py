"""A range that is turned away or needs more: `Orders below 20 EUR are refused`, `… can't be shipped`."""

import re

from casewright_common.events import Technique
from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.reading.constraints import constraints, points
from casewright_generator.domain.reading.situations import Setting
from casewright_generator.domain.reading.statements import Statement
from casewright_generator.domain.rules.said import Said

_RANGE = (
    r"(?P<thing>(?:all |any )?[A-Za-z][\w -]{2,40}?) (?P<link>of |with |that (?:are|have) )?"
    r"(?P<limit>(?:[^,;:]|,(?=\d)){0,40}\d(?:[^,;:]|,(?=\d)){0,30}?)"
)
_REFUSED = re.compile(
    rf"^{_RANGE} (?:is|are|must be|should be|will be|get|gets) (?:automatically )?"
    r"(?P<fate>refused|rejected|declined|blocked|not accepted|not allowed|forbidden|denied|"
    r"not possible|not permitted)$",
    re.IGNORECASE,
)
_CANNOT = re.compile(
    rf"^{_RANGE} (?:cannot|can't|can not|can no longer|may not|must not|should not) be (?P<done>[a-z]+)"
    r"(?: any more| anymore| any longer)?$",
    re.IGNORECASE,
)
_NEEDS = re.compile(
    rf"^{_RANGE} (?:must |should )?(?:needs?|requires?) (?P<what>(?:the |an? )?(?:[a-z]+ )?"
    r"(?:approval|confirmation|consent|permission|signature|authori[sz]ation|review|release)\b[^,;:]{0,60})$",
    re.IGNORECASE,
)
MADE = {
    "order": "Place",
    "booking": "Make",
    "reservation": "Make",
    "payment": "Make",
    "transfer": "Make",
    "withdrawal": "Make",
    "deposit": "Make",
    "donation": "Make",
    "purchase": "Make",
    "refund": "Request",
    "discount": "Give",
    "upload": "Upload",
    "file": "Upload",
    "image": "Upload",
    "photo": "Upload",
    "picture": "Upload",
    "document": "Upload",
    "attachment": "Attach",
    "video": "Upload",
    "request": "Send",
    "message": "Send",
    "bid": "Place",
    "expense": "Submit",
    "claim": "Submit",
    "invoice": "Submit",
    "application": "Submit",
    "password": "Enter",
    "amount": "Enter",
    "value": "Enter",
    "price": "Enter",
    "quantity": "Enter",
    "name": "Enter",
    "username": "Enter",
    "title": "Enter",
    "comment": "Enter",
}


def refusals(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """At the limit, and next to it: what is turned away or needs more, and what isn't."""
    if setting.reported:
        return []
    match = _REFUSED.match(flat) or _CANNOT.match(flat) or _NEEDS.match(flat)
    limits = constraints(flat)
    if not match or len(limits) != 1:
        return []
    thing = match["thing"].lower()
    thing = re.sub("^(?:all|any) ", "", thing)
    thing = words.singular(thing) if words.is_plural(thing) else re.sub("^(?:the|an?) ", "", thing)
    done = match.groupdict().get("done", "")
    verb = words.base_of_participle(done).capitalize() if done else MADE.get(thing.split()[-1], "")
    if not verb:
        return []
    named = "file" if thing == "upload" else thing
    aged = re.search(r"\bold(?:er)?\b", match["limit"])
    found = []
    for point in points(limits[0]):
        size = f"that is {point.text} old" if aged else f"of {point.text}"
        what = f"{words.with_article(named)} {size}"
        outcome, good = _fate(match.groupdict(), what, inside=point.inside)
        turned_away = "what" not in match.groupdict() and point.inside
        action = f"{verb} {what}"
        found.append(
            said.case(
                outcome,
                (f"Try to {action[0].lower()}{action[1:]}" if turned_away else action,),
                (outcome,),
                technique=Technique.BOUNDARY_VALUE,
                data=((named, point.text),),
                negative=not good,
                supposed=not point.inside,
            )
        )
    return found


def _fate(named: dict[str, str], what: str, *, inside: bool) -> tuple[str, bool]:
    """What is seen, and whether the thing gets through."""
    if done := named.get("done"):
        return (f"{what} is not {done}", False) if inside else (f"{what} is {done}", True)
    if fate := named.get("fate"):
        plain = fate.lower()
        return (f"{what} is {plain}", False) if inside else (f"{what} is accepted", True)
    asked = clauses.lower_first(named["what"])
    return (f"{what} needs {asked}", True) if inside else (f"{what} does not need {asked}", True)
