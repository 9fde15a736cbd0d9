"""Who may and who may not, said in a customary form: each role that is named, and somebody without it."""

import re

from casewright_common.events import Technique
from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.reading import observing
from casewright_generator.domain.reading.attempts import (
    REFUSED,
    Attempt,
    is_role,
    of_person,
    of_thing,
    people,
)
from casewright_generator.domain.reading.situations import Setting
from casewright_generator.domain.reading.statements import Statement
from casewright_generator.domain.rules.said import Said

_WHO = r"[A-Za-z][\w ,-]{2,70}?"
_CAN = r"(?:can|may|must be able to|should be able to|shall be able to|(?:is|are) (?:allowed|permitted) to)"
_NOT = r"(?:cannot|can't|can not|may not|must not|mustn't|(?:is|are) not (?:allowed|permitted) to)"
_WITH_ROLE = re.compile(
    rf"^(?P<only>only )?(?:an? |the |all )?(?P<noun>users?|people|employees|members?|persons?|somebody) "
    rf"(?:with|in|having|who have) (?:the |an? )?roles? (?:of )?(?P<roles>{_WHO}) {_CAN} "
    rf"(?P<act>[^;:]{{3,100}})$",
    re.IGNORECASE,
)
_ONLY = re.compile(rf"^only (?P<who>{_WHO}) {_CAN} (?!be )(?P<act>[^;:]{{3,100}})$", re.IGNORECASE)
_MAY_NOT = re.compile(rf"^(?P<who>{_WHO}) {_NOT} (?!be )(?P<act>[^;:]{{3,100}})$", re.IGNORECASE)
_BY_ONLY = re.compile(
    rf"^(?P<thing>(?:an?|the|all|every|each)? ?[\w -]{{2,50}}?) (?:can|may|must|should) (?:"
    rf"only be (?P<one>[a-z]+(?: [\w -]{{2,40}}?)?) by|be (?P<two>[a-z]+(?: [\w -]{{2,40}}?)?) only by|"
    rf"be (?P<three>[a-z]+(?: [\w -]{{2,40}}?)?) by) (?P<who>{_WHO})(?P<only> only)?$",
    re.IGNORECASE,
)
_SEEN_BY = re.compile(
    rf"^(?P<thing>(?:the |an? |all )?[\w -]{{3,50}}?) (?:is|are|must be|should be) (?P<early>only )?"
    rf"(?:available|visible|accessible|shown|displayed|open) (?P<mid>only )?(?:to|for) (?P<late>only )?"
    rf"(?P<who>{_WHO})(?P<last> only)?$",
    re.IGNORECASE,
)
_HALVES = re.compile(
    rf"^(?P<one>{_WHO} {_CAN} (?P<act>[^;:,]{{3,80}}?))(?:;|,|,? but|,? whereas|,? while) "
    rf"(?P<who>{_WHO}) {_NOT}$",
    re.IGNORECASE,
)
_BUT_NOT = re.compile(
    rf"^(?P<who>{_WHO}) {_CAN} (?P<act>[^;:,]{{3,80}}?)(?:;|,|,? but|,? and|,? yet)(?: they)? "
    rf"{_NOT} (?!be )(?P<other>[^;:,]{{3,80}})$",
    re.IGNORECASE,
)


def rights(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """The permitted case of each role, and the refusal of somebody without it."""
    if setting.reported:
        return []  # a fault is told, not a rule
    for form in (_but_not, _halves, _with_role, _seen_by, _by_only, _only, _may_not):
        if found := form(flat, said, setting):
            return found
    return []


def _but_not(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """`Readers can view pages but cannot edit them`."""
    match = _BUT_NOT.match(flat)
    who = people(match["who"], setting) if match else ()
    if not match or not who:
        return []
    thing, _ = observing.object_of(match["act"].partition(" ")[2])
    other = match["other"]
    if re.search(r"\b(?:it|them)\b", other):
        if not thing:
            return []
        other = re.sub(r"\b(?:it|them)\b", thing, other, count=1)
    attempt, refused = of_person(match["act"], setting), of_person(other, setting)
    if attempt is None or refused is None or re.search(r"\b(?:it|them)\b", refused.action):
        return []
    return [
        *(_allowed(said, attempt, one) for one in who),
        *(_refused(said, refused, one) for one in who),
    ]


def _halves(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """`Admins and team leads can approve time sheets; employees cannot`."""
    match = _HALVES.match(flat)
    first = re.match(rf"(?P<who>{_WHO}) {_CAN} ", match["one"]) if match else None
    if not match or not first:
        return []
    may, may_not = people(first["who"], setting), people(match["who"], setting)
    attempt = of_person(match["act"], setting)
    if not (may and may_not and attempt):
        return []
    return [
        *(_allowed(said, attempt, one) for one in may),
        *(_refused(said, attempt, one) for one in may_not),
    ]


def _with_role(flat: str, said: Said, setting: Setting) -> list[Statement]:
    match = _WITH_ROLE.match(flat)
    if not match or '"' in match["roles"] or "“" in match["roles"]:
        return []
    roles = [one for one in re.split(r",? or |,? and |, ", match["roles"].strip()) if one]
    attempt = of_person(match["act"], setting)
    if attempt is None or any(len(one.split()) > _LONGEST for one in roles):
        return []
    noun = words.singular(match["noun"].lower()) if match["noun"].lower() != "people" else "person"
    allowed = [_allowed(said, attempt, f"{words.with_article(noun)} with the role {one}") for one in roles]
    without = f"{words.with_article(noun)} {_without(roles)}"
    return [*allowed, _refused(said, attempt, without)] if match["only"] else allowed


_LONGEST = 3


def _without(roles: list[str]) -> str:
    if len(roles) == 1:
        return f"without the role {roles[0]}"
    return f"with none of the roles {', '.join(roles[:-1])} and {roles[-1]}"


def _only(flat: str, said: Said, setting: Setting) -> list[Statement]:
    match = _ONLY.match(flat)
    who = people(match["who"], setting) if match else ()
    attempt = of_person(match["act"], setting) if match and len(who) > 1 else None
    if not match or attempt is None:
        return []  # one role alone is told apart by its plan
    return [
        *(_allowed(said, attempt, one) for one in who),
        _refused(said, attempt, f"a user who is neither {' nor '.join(who)}"),
    ]


def _may_not(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """`Viewers cannot delete a report`, where only the name shows that these are people."""
    match = _MAY_NOT.match(flat)
    if not match or re.search(r"\b(?:after|once|when|if|until|before|unless|while)\b|\d", flat.lower()):
        return []
    who = people(match["who"], setting)
    if not who or any(clauses.is_actor(one, setting.roles) for one in who):
        return []  # read as it stands
    attempt = of_person(match["act"], setting)
    return [_refused(said, attempt, one) for one in who] if attempt else []


def _by_only(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """`A project can only be archived by its owner`."""
    match = _BY_ONLY.match(flat)
    if not match or (match["three"] and not match["only"]):
        return []
    owned = re.match(r"(?:its|their) (?:own )?(?P<role>[\w -]+)$", match["who"], re.IGNORECASE)
    done = match["one"] or match["two"] or match["three"]
    attempt = of_thing(_one_of_them(match["thing"]) if owned else match["thing"], done, setting)
    if attempt is None:
        return []
    if owned:
        thing = _one_of_them(match["thing"])
        role = owned["role"].lower()
        role = words.singular(role) if words.is_plural(role) else role
        own = f"the {role} of {thing}"
        return [
            _allowed(said, attempt, own),
            _refused(said, attempt, f"a user who is not {own}"),
        ]
    who = people(match["who"], setting)
    return _all_and_another(said, attempt, who)


def _one_of_them(thing: str) -> str:
    """`A project`, `projects` → `the project`."""
    bare = re.sub(r"^(?:all|every|each) ", "", thing, flags=re.IGNORECASE)
    return observing.definite(clauses.lower_first(words.singular(bare) if words.is_plural(bare) else bare))


def _seen_by(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """`The audit log is only available to managers`."""
    match = _SEEN_BY.match(flat)
    if not match:
        return []
    limited = match["early"] or match["mid"] or match["late"] or match["last"]
    who = people(match["who"], setting)
    thing = observing.definite(match["thing"])
    if not limited or not who or clauses.parse(thing).has_predicate or is_role(thing, setting):
        return []
    action = f"{'look for' if observing.head(thing) in _PARTS else 'open'} {thing}"
    seen = (clauses.sentence(f"{thing} {words.is_are(thing)} shown"),)
    attempt = Attempt(action, seen, f"{REFUSED}: {thing} {words.is_are(thing)} not shown.")
    return _all_and_another(said, attempt, who)


_PARTS = words.word_set(
    "button link icon field column checkbox option item entry badge menu label banner section toggle price "
    "filter shortcut"
)
"""What stands on a page, and isn't opened to be seen."""


def _all_and_another(said: Said, attempt: Attempt, who: tuple[str, ...]) -> list[Statement]:
    if not who:
        return []
    other = f"a user who is not {who[0]}" if len(who) == 1 else f"a user who is neither {' nor '.join(who)}"
    return [*(_allowed(said, attempt, one) for one in who), _refused(said, attempt, other)]


def _allowed(said: Said, attempt: Attempt, who: str) -> Statement:
    return said.case(
        f"{who} can {attempt.action}",
        (attempt.action,),
        attempt.seen,
        given=(f"Acting as {who}.",),
        technique=Technique.ROLE_PERMISSION,
    )


def _refused(said: Said, attempt: Attempt, who: str) -> Statement:
    return said.case(
        f"{who} cannot {attempt.action}",
        (attempt.tried,),
        (attempt.undone,),
        given=(f"Acting as {who}.",),
        technique=Technique.ROLE_PERMISSION,
        negative=True,
    )
