"""Rules in a customary form (lock-outs, tiers, repetitions, …): the cases that it always asks for."""

import re
from collections.abc import Callable
from dataclasses import replace

from casewright_common.events import Technique
from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.reading import observing
from casewright_generator.domain.reading.constraints import constraints, points
from casewright_generator.domain.reading.situations import Setting
from casewright_generator.domain.reading.statements import Statement
from casewright_generator.domain.rules.ages import ages
from casewright_generator.domain.rules.barred import barred
from casewright_generator.domain.rules.deadlines import deadlines
from casewright_generator.domain.rules.fields import fields
from casewright_generator.domain.rules.formats import formats
from casewright_generator.domain.rules.lifecycles import lifecycles
from casewright_generator.domain.rules.lockouts import lock_out
from casewright_generator.domain.rules.needs import needs
from casewright_generator.domain.rules.own_work import own_work
from casewright_generator.domain.rules.qualities import qualities
from casewright_generator.domain.rules.quotas import quotas
from casewright_generator.domain.rules.records import records
from casewright_generator.domain.rules.refusals import refusals
from casewright_generator.domain.rules.rights import rights
from casewright_generator.domain.rules.said import NUMBER, SPAN, Said, counted, number
from casewright_generator.domain.rules.seen import seen
from casewright_generator.domain.rules.sequence import sequence
from casewright_generator.domain.rules.uploads import uploads

_LONGEST = 300


def read(criterion: str, text: str, sentence: str, setting: Setting) -> list[Statement]:
    """The cases of a sentence in one of the forms; none where it has another."""
    flat = " ".join(sentence.split()).strip().rstrip(".")
    if len(flat) > _LONGEST:
        return []
    said = Said(criterion, text, flat)
    found = next((made for form in _FORMS if (made := form(flat, said, setting))), [])
    return [replace(one, customary=True) for one in found]


_TAKES = re.compile(
    rf"^(?P<what>(?:the |an? |every |each )?[A-Za-z][\w -]{{2,60}}?) (?:(?:must|should|shall|may|can|will) )?"
    rf"(?:takes?|lasts?) (?:no (?:longer|more) than|not (?:longer|more) than|at most|up to|less than|under|"
    rf"a maximum of|max\.?) (?P<span>{SPAN})$",
    re.IGNORECASE,
)


def _takes(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """`Sending takes no longer than 5 seconds`: it is done, and timed."""
    del setting
    match = _TAKES.match(flat)
    if not match or re.search(r"\b(?:not|never|it|this|that)\b", match["what"], re.IGNORECASE):
        return []
    limit = constraints(flat)
    strict = bool(limit) and not limit[0].high_in
    what = clauses.lower_first(match["what"])
    gerund = words.base_of_gerund(what.split()[0])
    thing = what if gerund else observing.definite(what)
    bound = f"after less than {match['span']}" if strict else f"after {match['span']} at the latest"
    return [
        said.case(
            flat,
            (f"Start {thing}, and measure the time until it is done",),
            (f"{thing} is done {bound}",),
            technique=Technique.BOUNDARY_VALUE,
            data=(("time", match["span"]),),
        )
    ]


_OWN = re.compile(
    r"^(?P<one>(?:(?:an?|the) )?[\w-]+(?: [\w-]+)?) (?:can|may) (?P<verb>[a-z]+) (?:any|every|all|each)"
    r"(?: of the)? (?P<thing>[a-z][a-z -]{1,40}?),? (?:and |but |while |whereas )?"
    r"(?P<two>(?:(?:an?|the) )?[\w-]+(?: (?!can |may |only )[\w-]+)?) (?:can |may )?"
    r"(?:(?P=verb) )?only (?:(?:can |may )?(?P<other>[a-z]+) )?"
    r"(?:their|his|her|its|his or her) own(?: [a-z -]{1,40})?$",
    re.IGNORECASE,
)


def _own_only(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """`An admin can delete any comment, an author only their own`."""
    del setting
    match = _OWN.match(flat)
    if not match or not words.is_verb(match["verb"].lower()):
        return []
    thing = words.singular(match["thing"]) if words.is_plural(match["thing"]) else match["thing"]
    one, two, verb = _person(match["one"]), _person(match["two"]), match["verb"].lower()
    own = (match["other"] or verb).lower()
    if not words.is_verb(own):
        return []
    person = two.partition(" ")[2]
    other = f"{words.with_article(thing)} of another user"
    done = observing.result_of(clauses.parse(f"{verb.capitalize()} the {thing}"))
    refused = f"This is refused or not offered: the {thing} of the other user"
    theirs = f"There is {other}."
    technique = Technique.ROLE_PERMISSION
    return [
        said.case(
            f"{one} can {verb} {other}",
            (f"{verb} the {thing} of the other user",),
            (done,),
            given=(f"Acting as {one}.", theirs),
            technique=technique,
        ),
        said.case(
            f"{two} can {own} their own {thing}",
            (f"{own} the own {thing}",),
            (observing.result_of(clauses.parse(f"{own.capitalize()} the {thing}")),),
            given=(f"Acting as {two}.", f"There is {words.with_article(thing)} of this {person}."),
            technique=technique,
        ),
        said.case(
            f"{two} cannot {own} {other}",
            (f"Try to {own} the {thing} of the other user",),
            (f"{refused} is not {words.participle(own)}",),
            given=(f"Acting as {two}.", theirs),
            technique=technique,
            negative=True,
        ),
    ]


def _person(told: str) -> str:
    """`Moderators` → `a moderator`."""
    told = told.lower()
    return words.with_article(words.singular(told)) if words.is_plural(told) else told


_MONEY = r"(?:[$€£] ?)?\d[\d.,]*\d?(?: ?(?:[$€£]|[A-Za-z]{2,12}))?"
_RATE = r"(?:[$€£] ?)?\d[\d.,]*(?: ?(?:%|percent|[$€£]|[A-Z]{3}))?"
_TIER = rf"(?P<rate>{_RATE}) (?:from|starting at|as of|at or above) (?P<at>{_MONEY})"
_TIERS = re.compile(
    rf"^(?P<what>(?:the |an? )?[A-Za-z][A-Za-z -]{{2,40}}?) (?:is|are|amounts to) "
    rf"(?P<tiers>{re.sub(r'[?]P<[a-z]+>', '?:', _TIER)}"
    rf"(?:(?:,| and|, and|;) {re.sub(r'[?]P<[a-z]+>', '?:', _TIER)}){{1,5}})$"
)


def _tiers(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """`The discount is 10 % from 100 EUR and 15 % from 200 EUR`: the value below and at each step."""
    del setting
    match = _TIERS.match(flat)
    if not match:
        return []
    steps = [(tier["rate"].rstrip(",. "), tier["at"]) for tier in re.finditer(_TIER, match["tiers"])]
    what = observing.definite(match["what"])
    bare = re.sub("^(?:the|an?) ", "", match["what"].lower())
    found: list[Statement] = []
    for index, (rate, start) in enumerate(steps):
        limit = next(iter(constraints(f"The amount is at least {start}.")), None)
        if limit is None:
            return []
        for point in points(limit):
            got = rate if point.inside else steps[index - 1][0] if index else ""
            outcome = f"{what} {words.is_are(what)} {got}" if got else f"There is no {bare} of {rate}"
            found.append(
                said.case(
                    f"{outcome} at {point.text}",
                    (f"Use a value of {point.text}",),
                    (outcome,),
                    technique=Technique.BOUNDARY_VALUE,
                    data=(("value", point.text),),
                    supposed=not got,
                )
            )
    return found


_RETRIES = re.compile(
    rf"^(?:if|when|whenever) (?P<when>[^,]{{3,100}}),? (?:then )?(?P<who>(?:the|an?) [\w -]{{2,40}}?) "
    rf"(?:(?:must |should |shall )?waits? (?:for )?(?P<wait>{SPAN})(?:,? and|,| then)+ )?(?:then )?"
    rf"(?:(?:must |should |shall )?(?:tries|try) (?:it |the request )?again|(?:tries|try) it again|"
    rf"retries|retry|repeats? (?:it|the \w+)) "
    rf"(?:(?:for )?(?:at most|up to|no more than|not more than|a maximum of|max\.?) )?"
    rf"(?P<times>{NUMBER}) times$",
    re.IGNORECASE,
)


def _retries(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """`If the API returns 429, the client waits 30 seconds and tries again at most 3 times`."""
    del setting
    match = _RETRIES.match(flat)
    clause = clauses.parse(match["when"]) if match else None
    if not match or clause is None or not clause.subject or clause.form is not clauses.Form.ACTIVE:
        return []
    times = number(match["times"])
    if times < 1:
        return []
    fails = clauses.causative(clause)
    when, who = clauses.lower_first(match["when"]), match["who"]
    pause = f"It waits {match['wait']} before each of them." if match["wait"] else ""
    once = f"{who} waits {match['wait']} and then tries again" if match["wait"] else f"{who} tries again"
    often = counted(times, "times")
    data = "failed tries"
    found = [
        said.case(
            f"{once}, and is done, if {when} only once",
            (f"{fails} once, and not again",),
            (once, "The second try is the last one"),
            data=((data, "1"),),
            supposed=False,
        ),
        said.case(
            f"{who} still succeeds if only the last of its {times} repetitions does not fail",
            (f"{fails} {often} in a row, and not again",),
            (f"{who} tries again {often}, and the last try succeeds", pause),
            technique=Technique.BOUNDARY_VALUE,
            data=((data, str(times)),),
        ),
        said.case(
            f"{who} tries again {often} at most, if {when} each time",
            (f"{fails} every time",),
            (f"{who} tries again {often}, and not once more", pause),
            technique=Technique.BOUNDARY_VALUE,
            data=((data, str(times + 1)),),
            negative=True,
        ),
    ]
    return found if times > 1 else [found[0], found[-1]]


_ITEM = rf"(?:at least )?(?P<n>{NUMBER}|an?) (?P<unit>[a-z][a-z-]*(?: [a-z][a-z-]*){{0,2}})"
_CONTAINS = re.compile(
    r"^(?P<what>(?:the |an? |every |each |all )?[a-z][a-z -]{2,40}?) (?:must|should|shall|has to|have to|"
    r"needs to|need to) (?:contain|include|have|consist of) at least "
    r"(?P<items>[^.;:]{3,120},? and (?:at least )?[^,.;:]{3,60})$",
    re.IGNORECASE,
)


def _contains(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """`Passwords must contain at least one digit and one special character`: all, and each one missing."""
    del setting
    match = _CONTAINS.match(flat)
    parts = re.split(r",? and |, ", match["items"]) if match else []
    read_ = [re.fullmatch(_ITEM, part.strip(), re.IGNORECASE) for part in parts]
    items = [
        (1 if one["n"].lower() in {"a", "an"} else number(one["n"]), one["unit"]) for one in read_ if one
    ]
    if not match or len(items) != len(parts) or len(items) < _FEWEST:
        return []
    name = re.sub(r"^(?:the|an?|every|each|all) ", "", match["what"], flags=re.IGNORECASE).lower()
    thing = words.with_article(words.singular(name) if words.is_plural(name) else name)
    full = _listed([counted(count, unit) for count, unit in items])
    found = [_tried(said, thing, f"with {full}", accepted=True, data=())]
    for missing, (count, unit) in enumerate(items):
        rest = _listed([counted(n, other) for index, (n, other) in enumerate(items) if index != missing])
        lacking = "no " + words.singular(unit) if count == 1 else f"only {counted(count - 1, unit)}"
        told = f"number of {words.plural(words.singular(unit))}"
        found.append(
            _tried(said, thing, f"with {rest}, but {lacking}", accepted=False, data=((told, str(count - 1)),))
        )
    return found


def _listed(items: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(items[:-1]), items[-1])))


_FEWEST = 2


def _tried(
    said: Said, thing: str, told: str, *, accepted: bool, data: tuple[tuple[str, str], ...]
) -> Statement:
    comma = "," if ", but" in told else ""
    return said.case(
        f"{'Accept' if accepted else 'Reject'} {thing} {told}",
        (f"Enter {thing} {told}",),
        (f"{thing} {told}{comma} is {'' if accepted else 'not '}accepted",),
        technique=Technique.BOUNDARY_VALUE,
        data=data,
        negative=not accepted,
    )


_RATE_LIMIT = re.compile(
    rf"^(?:(?P<thing>(?:the|an?|each|every) [\w -]{{2,40}}?) (?:can|may|must) (?:only )?be (?P<done>[a-z]+)|"
    rf"(?:(?:the|an?|each|every) )?[a-z]+(?: [a-z]+)? (?:can|may) (?:only )?(?P<act>[a-z]+ [\w -]{{2,60}}?))"
    rf" (?:at most|up to|no more than|a maximum of|not more than) (?P<n>{NUMBER}) times "
    rf"(?:within|in|per|during) (?P<window>{SPAN})$",
    re.IGNORECASE,
)


def _rate_limit(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """`A code can be requested at most 3 times within 10 minutes`: as often, once more, and again later."""
    del setting
    match = _RATE_LIMIT.match(flat)
    if not match:
        return []
    verb = words.base_of_participle(match["done"]) if match["done"] else match["act"].split()[0].lower()
    if not words.is_verb(verb):
        return []
    thing = match["thing"] if match["done"] else match["act"].partition(" ")[2]
    thing = re.sub(r"^(?:each|every) ", "the ", clauses.lower_first(thing))
    act, times, window = f"{verb} {thing}", number(match["n"]), match["window"]
    what = f"{observing.definite(thing)} {words.is_are(thing)}"
    done, often = words.participle(verb), counted(times, "times")
    return [
        said.case(
            f"{act} {often} within {window}",
            (f"{act} {often} within {window}",),
            (f"{what} {done} each time",),
            technique=Technique.BOUNDARY_VALUE,
            data=(("number of times", str(times)),),
        ),
        said.case(
            f"Refuse to {act} {times + 1} times within {window}",
            (f"{act} {often} within {window}", f"Try to {act} once more within that time"),
            (f"This is refused: {what} not {done} once more",),
            technique=Technique.BOUNDARY_VALUE,
            data=(("number of times", str(times + 1)),),
            negative=True,
        ),
        said.case(
            f"{act} again after {window}",
            (f"{act} {often} within {window}", f"Let {window} pass", f"{act} again"),
            (f"{what} {done} again",),
            technique=Technique.BOUNDARY_VALUE,
            data=(("time passed", window),),
            supposed=True,
        ),
    ]


_FORMS: tuple[Callable[[str, Said, Setting], list[Statement]], ...] = (
    needs,
    records,
    lock_out,
    qualities,
    _rate_limit,
    quotas,
    uploads,
    _takes,
    deadlines,
    ages,
    lifecycles,
    _own_only,
    own_work,
    seen,
    _tiers,
    _retries,
    _contains,
    sequence,
    barred,
    rights,
    fields,
    formats,
    refusals,
)
