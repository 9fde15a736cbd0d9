"""How many of something are allowed in a day, a week, …: the last one that is, and the next one."""

import re

from casewright_common.events import Technique
from casewright_generator.domain.language import words
from casewright_generator.domain.reading.attempts import people
from casewright_generator.domain.reading.situations import Setting
from casewright_generator.domain.reading.statements import Statement
from casewright_generator.domain.rules.refusals import MADE
from casewright_generator.domain.rules.said import NUMBER, Said, number

_MOST = r"(?:at most|up to|no more than|not more than|a maximum of|at maximum|max\.?|maximum|only|a limit of)"
_PER = r"(?:per|a|each|every|in one|within one) (?P<period>minute|hour|day|week|month|year)"
_BARE = re.compile(
    rf"^(?:there (?:can|may|must) be |we allow |the system allows )?{_MOST} (?P<n>{NUMBER}) "
    rf"(?P<thing>[a-z][a-z -]{{2,30}}?) (?P<tail>(?:(?:can|may) be [a-z]+|are (?:allowed|permitted|possible|"
    rf"accepted)) )?{_PER}(?: (?:are|is) (?:allowed|permitted|possible|accepted)|(?: can| may) be [a-z]+)?"
    r"(?: (?:per|for each) (?:account|customer|user|person|card))?$",
    re.IGNORECASE,
)
_ACTING = re.compile(
    rf"^(?P<who>(?:an?|the|each|every|all)? ?[a-z][a-z -]{{2,30}}?) (?:can|may|must|is allowed to|"
    rf"are allowed to) (?:not )?(?P<verb>[a-z]+) {_MOST} (?P<n>{NUMBER}) "
    rf"(?P<thing>[a-z][a-z -]{{2,30}}?) {_PER}$",
    re.IGNORECASE,
)
_LIMITED = re.compile(
    rf"^(?:the number of )?(?P<thing>[a-z][a-z -]{{2,30}}?) (?:is|are) "
    rf"(?:limited|restricted|capped) (?:to|at) "
    rf"(?:{_MOST} )?(?P<n>{NUMBER}) {_PER}$",
    re.IGNORECASE,
)
_ORDINALS = words.phrases(
    "second | third | fourth | fifth | sixth | seventh | eighth | ninth | tenth | eleventh | twelfth"
)
_MOST_IN_WORDS = 11


def quotas(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """As many as are allowed in the period, and one more."""
    if setting.reported:
        return []
    match = _BARE.match(flat) or _ACTING.match(flat) or _LIMITED.match(flat)
    if not match:
        return []
    named, allowed = match.groupdict(), number(match["n"])
    things = match["thing"].lower()
    thing = words.singular(things) if words.is_plural(things) else things
    verb = (named.get("verb") or MADE.get(thing.split()[-1], "")).capitalize()
    if not verb or not words.is_verb(verb.lower()) or allowed < 1:
        return []
    who = people(named.get("who") or "", setting)
    given = (f"Acting as {who[0]}.",) if len(who) == 1 and not who[0].endswith(" user") else ()
    many = f"{allowed} {words.plural(thing) if allowed > 1 else thing}"
    done, next_ = words.participle(verb.lower()), _nth(allowed + 1)
    on = "on" if match["period"].lower() == "day" else "in"
    period, same = f"{on} one {match['period'].lower()}", f"{on} the same {match['period'].lower()}"
    be = "are" if allowed > 1 else "is"
    return [
        said.case(
            f"{many} {be} {done} {period}",
            (f"{verb} {many} {period}",),
            (f"{f'All {many}' if allowed > 1 else f'The {thing}'} {be} {done}",),
            given=given,
            technique=Technique.BOUNDARY_VALUE,
            data=((f"{words.plural(thing)} {period}", str(allowed)),),
        ),
        said.case(
            f"The {next_} {thing} {period} is refused",
            (
                f"{verb} {many} {period}",
                f"Try to {verb.lower()} {words.with_article(next_)} {thing} {same}",
            ),
            (f"The {next_} {thing} is refused",),
            given=given,
            technique=Technique.BOUNDARY_VALUE,
            data=((f"{words.plural(thing)} {period}", str(allowed + 1)),),
            negative=True,
        ),
    ]


def _nth(value: int) -> str:
    return _ORDINALS[value - 2] if 1 < value <= _MOST_IN_WORDS + 1 else "next"
