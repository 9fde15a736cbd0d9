"""What is written down, and as what a thing begins: `Every override is logged with its date and user`."""

import re

from casewright_common.events import Technique
from casewright_generator.domain.language import words
from casewright_generator.domain.reading.situations import Setting
from casewright_generator.domain.reading.statements import Statement
from casewright_generator.domain.rules.said import Said

_LOGGED = re.compile(
    r"^(?:every|each|any) (?P<thing>[a-z]+(?: [a-z]+)?) (?:is|must be|has to be|should be|shall be|gets) "
    r"(?:logged|recorded|documented|journalled)(?:,? (?:with|together with) (?:its |the )?"
    r"(?P<items>[a-z][a-z, -]{2,80}))?$",
    re.IGNORECASE,
)
_CREATED = re.compile(
    r"^(?:[Aa]n?|[Ee]very|[Ee]ach) (?:new )?(?P<thing>[a-z]+(?: [a-z]+)?) "
    r"(?:is|must be|should be|gets) (?:always )?"
    r"(?P<done>created|opened|added|saved|registered) (?:as|in (?:the )?(?:state|status)) "
    r"(?P<state>[A-Z][\w-]*(?: [A-Z][\w-]*)?|[\"\u201c][^\"\u201d]{1,30}[\"\u201d])$"
)


def records(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """The entry that one event leaves in the log, or the state of a thing that was just made."""
    if setting.reported:
        return []
    if match := _LOGGED.match(flat):
        return [_logged(said, match["thing"].lower(), match["items"] or "")]
    if (match := _CREATED.match(flat)) and (verb := words.base_of_participle(match["done"])):
        thing = match["thing"].lower()
        state = match["state"].strip('"\u201c\u201d')
        return [
            said.case(
                f"a new {thing} is in the state {state}",
                (f"{verb} {words.with_article(thing)}, and look at its state",),
                (f'The state of the {thing} is "{state}"',),
                technique=Technique.STATE_TRANSITION,
                data=(("state", state),),
            )
        ]
    return []


def _logged(said: Said, thing: str, items: str) -> Statement:
    told = f", with {items}" if items else ""
    return said.case(
        f"one {thing} leaves one entry in the log{told}",
        (f"Note how many entries the log has; then bring about one {thing}, and open the log again",),
        (
            f"The log has exactly one entry more, of this {thing}",
            f"The entry shows {items} as they were at this {thing}" if items else "",
        ),
        data=((f"number of {words.plural(thing.rsplit(maxsplit=1)[-1])}", "1"),),
    )
