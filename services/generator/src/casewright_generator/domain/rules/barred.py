"""What is turned away for what it is: transfers to blocked accounts, disabled accounts, expired coupons."""

import re

from casewright_common.events import Technique
from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.reading import observing
from casewright_generator.domain.reading.attempts import of_state
from casewright_generator.domain.reading.sentences import split
from casewright_generator.domain.reading.situations import Setting
from casewright_generator.domain.reading.statements import Statement
from casewright_generator.domain.rules.refusals import MADE
from casewright_generator.domain.rules.said import Said

_FATE = (
    r"(?:is|are|must be|should be|will be|shall be|get|gets) (?:automatically |always )?"
    r"(?P<fate>refused|rejected|declined|blocked|not accepted|not allowed|forbidden|denied|not permitted|"
    r"not possible)"
)
_ACT = re.compile(
    rf"^(?:all |any |an? |the )?(?P<act>[A-Za-z]+(?: [a-z]+)?) "
    rf"(?P<link>to|from|with|without|by|for|in|into|of|on) "
    rf"(?P<what>(?:an? |the )?[a-z][a-z -]{{2,50}}?) {_FATE}$",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    rf"^(?:the |an? |any )?(?P<what>[A-Za-z]+)(?: (?:it|of [a-z ]+))? {_FATE}$", re.IGNORECASE
)
_STEM = 5
"""Letters that a verb and its noun share: `cancel`, `cancellation`."""
_UNAPPLIED = re.compile(
    r"^(?P<thing>(?:all |any |the )?(?:[a-z]+ )?"
    r"(?:discounts?|coupons?|vouchers?|rebates?|surcharges?|fees?)) "
    r"(?:(?:is|are|must be|should be) not applied|(?:cannot|can't|can not|may not|must not) be applied|"
    r"(?:do|does) not apply) (?:to|on|for) (?P<what>(?:an? |the )?[a-z][a-z -]{2,40})$",
    re.IGNORECASE,
)
_STATE = r"(?P<state>(?:[a-z]{2,10}-)?[a-z]+(?:ed|en|id|ive))"
_THING = re.compile(
    rf"^(?:all |any |an? )?{_STATE} (?P<thing>coupons?|vouchers?|cards?|credit cards?|links?|tokens?|codes?|"
    rf"tickets?|keys?|api keys?|discount codes?|gift cards?) "
    rf"(?:{_FATE}|(?:cannot|can't|can not|may not|must not) be "
    r"(?P<done>used|redeemed|entered|applied))$",
    re.IGNORECASE,
)
_SIGN_IN = re.compile(
    rf"^(?:all |any |an? )?(?:(?:users?|customers?|members?|people) with )?(?:an? )?{_STATE} "
    r"(?P<thing>accounts?) "
    r"(?:cannot|can't|can not|may not|must not|(?:is|are) not (?:allowed|able) to|"
    r"(?:should|must) not be able to) "
    r"(?P<act>sign in|log ?in|sign up|log on)(?: (?:any more|anymore|any longer))?$",
    re.IGNORECASE,
)


def barred(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """The try, with just what is barred, and its refusal."""
    if setting.reported or any(char.isdigit() for char in flat):
        return []
    if found := _in_state(flat, said, setting):
        return found
    for form in (_sign_in, _thing, _unapplied, _act):
        if found := form(flat, said):
            return found
    return []


def _in_state(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """`If the order has been shipped, cancellation is refused`: what is refused must be tried."""
    conditions, main = split(flat)
    match = _REFUSED.match(main) if conditions else None
    errand = setting.errand
    if not match or errand.lower()[:_STEM] != match["what"].lower()[:_STEM]:
        return []
    facts = [of_state(one.text, setting.topic, setting) for one in conditions]
    given = tuple(fact.holds for fact in facts if fact)
    if len(given) != len(conditions) or any(one.marker in {"unless", "until"} for one in conditions):
        return []
    refused = (
        f"This is {match['fate'].lower()}: {observing.undone(errand)}" if observing.undone(errand) else main
    )
    return [_case(said, flat, f"{errand[:1].lower()}{errand[1:]}", refused, given=given)]


def _one(told: str) -> str:
    bare = re.sub("^(?:an?|the) ", "", told.lower())
    return words.singular(bare) if words.is_plural(bare) else bare


def _act(flat: str, said: Said) -> list[Statement]:
    """`Transfers to blocked accounts are refused`, `Paying with an expired card is declined`."""
    match = _ACT.match(flat)
    if not match:
        return []
    act, link = match["act"].lower(), match["link"].lower()
    plural = words.is_plural(match["what"].split()[-1])
    what = match["what"] if not plural else words.with_article(_one(match["what"]))
    first, _, rest = act.partition(" ")
    if base := words.base_of_gerund(first):
        action = f"{base} {rest} {link} {what}"
        undone = observing.undone(clauses.sentence(action))
        refused = f"This is {match['fate']}: {undone}" if undone else flat
        headline = flat
    else:
        one = _one(act)
        verb = MADE.get(one.split()[-1], "")
        if not verb:
            return []
        action = f"{verb.lower()} {words.with_article(one)} {link} {what}"
        definite = observing.definite(re.sub("^an? ", "the ", what))
        refused = f"The {one} {link} {definite} is {match['fate']}"
        headline = f"{words.with_article(one)} {link} {what} is {match['fate']}"
    return [_case(said, headline, " ".join(action.split()), refused)]


def _thing(flat: str, said: Said) -> list[Statement]:
    """`Expired coupons are rejected`, `A used link cannot be used`."""
    match = _THING.match(flat)
    if not match:
        return []
    thing = f"{match['state'].lower()} {_one(match['thing'])}"
    verb = words.base_of_participle((match["done"] or "used").lower()) or "use"
    fate = match["fate"].lower() if match["fate"] else "refused"
    return [_case(said, flat, f"{verb} {words.with_article(thing)}", f"The {thing} is {fate}")]


def _unapplied(flat: str, said: Said) -> list[Statement]:
    """`Discounts are not applied to gift cards`."""
    match = _UNAPPLIED.match(flat)
    if not match:
        return []
    thing = _one(re.sub("^(?:all|any) ", "", match["thing"].lower()))
    what = _one(match["what"]) if words.is_plural(match["what"].split()[-1]) else match["what"]
    bare = re.sub("^(?:an?|the) ", "", what)
    refused = f"The {thing} is not applied to the {bare}"
    return [_case(said, flat, f"apply {words.with_article(thing)} to {words.with_article(bare)}", refused)]


def _sign_in(flat: str, said: Said) -> list[Statement]:
    """`Disabled accounts cannot sign in`."""
    match = _SIGN_IN.match(flat)
    if not match:
        return []
    thing = f"{match['state'].lower()} account"
    act = match["act"].lower().replace("login", "log in")
    noun = {"sign in": "sign-in", "sign up": "sign-up"}.get(act, "login")
    refused = f"The {noun} with the {thing} is refused"
    return [_case(said, flat, f"{act} with {words.with_article(thing)}", refused)]


def _case(said: Said, headline: str, action: str, refused: str, *, given: tuple[str, ...] = ()) -> Statement:
    return said.case(
        headline,
        (f"Try to {action}",),
        (refused,),
        given=given,
        technique=Technique.NEGATIVE,
        negative=True,
    )
