"""`Up to 3 files of 5 MB each can be uploaded within 2 minutes`: how many, how large, how long."""

import re

from casewright_common.events import Technique
from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.reading import observing
from casewright_generator.domain.reading.situations import Setting
from casewright_generator.domain.reading.statements import Statement
from casewright_generator.domain.rules.said import NUMBER, SPAN, Said, counted, number

_MOST = r"(?:up to|at most|no more than|not more than|a maximum of|max\.?|maximum)"
_SIZE = r"\d{1,6}(?:\.\d{1,3})? ?(?:bytes|kb|kib|mb|mib|gb|gib|tb)\b"
_THINGS = (
    rf"{_MOST} (?P<n>{NUMBER}) (?P<what>(?:[a-z][a-z-]* ){{0,2}}[a-z]+?s)"
    rf"(?:,? (?:of|with|each of|each with|each) (?:{_MOST} )?(?P<size>{_SIZE})(?: each| per \w+)?,?)?"
)
_TAIL = (
    r"(?P<tail>(?: (?:at once|at a time|at the same time|"
    r"(?:to|into|in|per|for each|for) (?:the |an? )?[a-z][a-z -]{1,30}?))?)"
)
_WITHIN = rf"(?: (?:within|in) (?P<window>{SPAN}))?"
_PASSIVE = re.compile(
    rf"^{_THINGS} (?:can|may|must be able to|should be able to) be (?P<done>[a-z]+){_TAIL}{_WITHIN}$",
    re.IGNORECASE,
)
_ACTIVE = re.compile(
    rf"^(?P<who>(?:the |an? )?[a-z][a-z ]{{1,30}}?) (?:can|may) (?P<verb>[a-z]+) {_THINGS}{_TAIL}{_WITHIN}$",
    re.IGNORECASE,
)


def uploads(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """As many as allowed, one more, one that is too large, and the time; only where two of them are said."""
    del setting
    match = _PASSIVE.match(flat) or _ACTIVE.match(flat)
    if not match or not (
        match["size"] or match["window"] or match["tail"].startswith((" per ", " for each "))
    ):
        return []
    named = match.groupdict()
    verb = words.base_of_participle(named.get("done") or "") or (named.get("verb") or "").lower()
    if not words.is_verb(verb):
        return []
    times, what, tail = number(match["n"]), match["what"].lower(), match["tail"]
    each = f" of {match['size']}{' each' if times > 1 else ''}" if match["size"] else ""
    allowed, many = f"{counted(times, what)}{each}{tail}", f"{counted(times + 1, what)}{each}{tail}"
    who = re.sub(r"^the ", "", named.get("who") or "", flags=re.IGNORECASE).lower()
    who = who if who and not re.fullmatch(r"(?:an? )?(?:users?|people|everyone)", who) else ""
    who = words.with_article(words.singular(who)) if words.is_plural(who) and who else who
    given = (f"Acting as {who}.",) if who else ()
    most = counted(times, what)
    name = f"number of {words.plural(words.singular(what))}"
    done = words.participle(verb)
    found = [
        said.case(
            f"{verb} {allowed}",
            (f"{verb} {allowed}",),
            (
                f"all {counted(times, what)}{each} are {done}{tail}"
                if times > 1
                else f"The {words.singular(what)} is {done}",
            ),
            given=given,
            technique=Technique.BOUNDARY_VALUE,
            data=((name, str(times)),),
        ),
        said.case(
            f"Refuse to {verb} {many}",
            (f"Try to {verb} {many}",),
            (f"This is refused: no more than {most} {words.is_are(most)} {done}{tail}",),
            given=given,
            technique=Technique.BOUNDARY_VALUE,
            data=((name, str(times + 1)),),
            negative=True,
        ),
    ]
    if match["size"]:
        one = f"{words.with_article(words.singular(what))} of {match['size']} plus 1 byte"
        found.append(
            said.case(
                f"Refuse to {verb} {one}{tail}",
                (f"Try to {verb} {one}{tail}",),
                (f"This is refused: {observing.definite(one)} is not {done}",),
                given=given,
                technique=Technique.BOUNDARY_VALUE,
                data=((f"size of the {words.singular(what)}", f"{match['size']} plus 1 byte"),),
                negative=True,
            )
        )
    if match["window"]:
        gerund = words.gerund(verb)
        found.append(
            said.case(
                f"{clauses.capital(gerund)} {allowed} is done within {match['window']}",
                (f"{verb} {allowed}, and measure the time until it is done",),
                (f"{gerund} {allowed} is done after {match['window']} at the latest",),
                given=given,
                technique=Technique.BOUNDARY_VALUE,
                data=(("time", match["window"]),),
            )
        )
    return found
