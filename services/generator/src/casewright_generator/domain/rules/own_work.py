"""Nobody decides on their own work: `An author may not approve their own document`."""

import re

from casewright_common.events import Technique
from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.reading import observing
from casewright_generator.domain.reading.attempts import of_person, people
from casewright_generator.domain.reading.situations import Setting
from casewright_generator.domain.reading.statements import Statement
from casewright_generator.domain.rules.said import Said

_WHO = r"(?P<who>(?:an?|the|every|each|all|no)? ?[A-Za-z][a-z -]{1,30}?)"
_NOT = (
    r"(?:cannot|can't|can not|may not|must not|mustn't|(?:is|are) not (?:allowed|permitted) to|"
    r"(?:should|shall) not(?: be able to)?|(?:must|should) never)"
)
_OWN = re.compile(
    rf"^{_WHO} {_NOT} (?P<verb>[a-z]+) (?:their|his|her|its|his or her|his/her) own "
    rf"(?P<thing>[a-z][a-z -]{{1,40}})$",
    re.IGNORECASE,
)
_SELF = re.compile(
    rf"^{_WHO} {_NOT} (?P<verb>[a-z]+) (?P<thing>it|them|(?:the|an?) [a-z][a-z -]{{1,40}}?) "
    r"(?:himself|herself|themselves|themself|himself or herself|on (?:his|her|their) own)$",
    re.IGNORECASE,
)
_BY_ITS = re.compile(
    rf"^(?P<thing>(?:an?|the|every|each)? ?[A-Za-z][a-z -]{{1,40}}?) {_NOT} be (?P<done>[a-z]+) by "
    r"(?:its|their|the same) (?:own )?(?P<who>[a-z]+(?: [a-z]+)?)(?: (?:himself|herself|themselves))?$",
    re.IGNORECASE,
)


def own_work(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """The refusal of somebody who tries it with what is theirs."""
    if setting.reported:
        return []
    match = _OWN.match(flat) or _SELF.match(flat) or _BY_ITS.match(flat)
    if not match:
        return []
    named = match.groupdict()
    who = people(match["who"], setting)
    verb = (named.get("verb") or words.base_of_participle((named.get("done") or "").lower()) or "").lower()
    thing = _thing(match["thing"], setting)
    if len(who) != 1 or not verb or not words.is_verb(verb) or not thing:
        return []
    person = words.with_article(re.sub("^(?:the|an?) ", "", who[0]))
    attempt = of_person(f"{verb} the {thing}", setting)
    if attempt is None:
        return []
    role = person.partition(" ")[2]
    return [
        said.case(
            f"{person} cannot {verb} their own {thing}",
            (f"Try to {verb} this {thing}",),
            (attempt.undone,),
            given=(f"Acting as {person}.", f"There is {words.with_article(thing)} of this {role}."),
            technique=Technique.ROLE_PERMISSION,
            negative=True,
        )
    ]


def _thing(told: str, setting: Setting) -> str:
    """One of what is meant, without article; empty where `it` stands for nobody knows what."""
    name = setting.topic if told.lower() in {"it", "them"} else told
    bare = re.sub("^(?:the|an?|every|each) ", "", name.strip(), flags=re.IGNORECASE)
    bare = clauses.lower_first(words.singular(bare) if bare and words.is_plural(bare) else bare)
    return (
        "" if not bare or clauses.is_actor(bare) or observing.head(bare) in {"approval", "status"} else bare
    )
