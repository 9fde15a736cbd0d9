"""How many of something there may be, and how often something may be done."""

import re
from dataclasses import replace
from decimal import Decimal

from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.planning.conditions import TestCondition
from casewright_generator.domain.planning.measured.cases import Datum, as_act, lowered, made, upper
from casewright_generator.domain.planning.measured.points import agreed, allowed
from casewright_generator.domain.planning.measured.sites import Site, phrase
from casewright_generator.domain.requirements.model import ConstraintKind

_ORDINALS = [
    "zeroth",
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
]
_MODAL = r"(?:can|may|could|might|must|should|shall|is allowed to|are allowed to|is able to|are able to)"
_ABLE = re.compile(rf"^(?P<who>.+?) {_MODAL}(?P<no> not| never)? (?P<act>.+)$", re.IGNORECASE)
_HOLDING = re.compile(
    r"^(?P<who>(?:an?|the|each|every|one|no|all)? ?[\w'\u2019 -]{2,40}?) (?:(?:can|may|must|"
    r"should) )?(?P<verb>has|have|holds?|contains?|carr(?:y|ies)|includes?|comprises?|offers?|consists? of|"
    r"supports?|allows?|accepts?|takes?)$",
    re.IGNORECASE,
)
_PER = re.compile(
    r"\b(?:per|for each|in each|for every|in every|an?) (?P<carrier>(?!time\b|"
    r"moment\b)[a-z]+(?: and [a-z]+)?)\b",
    re.IGNORECASE,
)
_ONCE = re.compile(
    r"^(?:works?|is valid|are valid|can be used|may be used|is accepted|can be redeemed|is good for)$",
    re.IGNORECASE,
)
_SHOWN = re.compile(r"\b(?:shows?|lists?|displays?|shown|listed|displayed)\b", re.IGNORECASE)
_MOST = 100_000
_SHORT = 2
_TWO = 2


def counted(site: Site) -> list[TestCondition]:
    """The conditions of a number of things or times; none where the sentence says something else of it."""
    one = site.constraint
    if one.kind is not ConstraintKind.COUNT:
        return []
    if one.unit == "times":
        return _times(site)
    high = one.high
    if isinstance(high, Decimal) and _SHOWN.search(site.before) and high == high.to_integral():
        return _listed(site, int(high))
    if one.low is not None and one.low == one.high and not one.text.lower().startswith("exactly"):
        return []
    what = _what(site)
    return _bounded(site, what) if what else []


def _bounded(site: Site, what: str) -> list[TestCondition]:
    """The fewest and the most that are allowed, and one less and one more."""
    one = site.constraint
    found: list[TestCondition] = []
    low, high = one.low, one.high
    if isinstance(low, Decimal):
        least = int(low) if one.low_in else int(low) + 1
        if least > 0:
            found.append(_few(site, what, least - 1))
        if low != high and least > 0:
            found.append(_right(site, what, least, "the minimum"))
    if isinstance(high, Decimal):
        most = int(high) if one.high_in else int(high) - 1
        found.append(_right(site, what, most, "the maximum" if low != high else "as required"))
        found.append(_many(site, what, most))
    return found


def _told(site: Site, number: int) -> str:
    return f"{number} {agreed(site.constraint.unit, number)}"


def _few(site: Site, what: str, number: int) -> TestCondition:
    return made(
        site,
        f"{upper(what)}: {number} refused (one below the minimum)",
        [
            (
                f"For {as_act(what)}, bring the number to {number}, and try to save",
                _refusal(site, number, what),
            )
        ],
        data=[Datum(f"number of {lowered(site.constraint.unit)}", _told(site, number))],
        negative=True,
    )


def _right(site: Site, what: str, number: int, place: str) -> TestCondition:
    return made(
        site,
        f"{upper(what)}: {number} accepted ({place})",
        [
            (
                f"For {as_act(what)}, bring the number to {number}, and save",
                f"{_all(number)} accepted without an error, and still there when the view is opened again",
            )
        ],
        data=[Datum(f"number of {lowered(site.constraint.unit)}", _told(site, number))],
    )


def _all(number: int) -> str:
    return "It is" if number == 1 else f"All {number} are"


def _many(site: Site, what: str, most: int) -> TestCondition:
    return made(
        site,
        f"{upper(what)}: {most + 1} refused (one above the maximum)",
        [
            (
                f"For {as_act(what)}, try to add one more, so that there are {most + 1}",
                f"{_refusal(site, most + 1, what)}, and the number stays at {most}",
            )
        ],
        given=[f"The number is {most}: {as_act(what)}"],
        data=[Datum(f"number of {lowered(site.constraint.unit)}", _told(site, most + 1))],
        negative=True,
    )


def _refusal(site: Site, number: int, counted_: str) -> str:
    told = (
        f'the message "{site.reaction}" is shown'
        if site.reaction
        else f"a message names {allowed(site.constraint)} as allowed"
    )
    of, _, per = lowered(counted_).partition(" per ")
    what = f"{number} {agreed(of, number)}{f' per {per}' if per else ''}"
    return f"{what} {'is' if number == 1 else 'are'} not accepted: {told}"


def _what(site: Site) -> str:  # noqa: C901, PLR0911  # one return for each form of a sentence
    """What is counted, with what it belongs to: `Chapters per episode`; empty where that isn't clear."""
    one, before, after = site.constraint, site.before, site.after
    unit = one.unit
    if re.search(r"\b(?:concurrent|simultaneous|parallel)\b", one.text, re.IGNORECASE):
        return ""
    if not unit or not re.fullmatch(r"[A-Za-z][A-Za-z' -]{1,40}", unit):
        return ""
    whole = re.search(
        r"(?:\d[\d,.]*|[a-z]+) (?P<noun>(?:[a-z-]+ )?" + re.escape(unit) + r")\b", one.text, re.IGNORECASE
    )
    noun = (
        whole["noun"]
        if whole and len(whole["noun"].split()) > 1 and whole["noun"].split()[0].lower() not in _NO_ADJECTIVES
        else unit
    )
    if (match := _NONE_MORE.match(one.text)) and _END.match(after):
        return f"{noun} per {lowered(match['who'])}"
    opens = not before or _ABLE.match(f"{before} X") or site.label
    if (match := _PER.match(after)) and opens and _REST.match(after[match.end() :].strip()):
        return f"{noun} per {match['carrier']}"
    if match := re.match(
        r"^(?:an?|per) (?P<span>day|week|month|year|semester|season|hour|night)\b(?P<rest>.*)$",
        after,
        re.IGNORECASE,
    ):
        per = re.search(r"\bper (?P<carrier>[a-z]+)\b", match["rest"], re.IGNORECASE)
        who = (m := _ABLE.match(f"{before} X")) and phrase(m["who"])
        carrier = per["carrier"] if per else lowered(who) if who else ""
        return f"{noun} per {f'{carrier} and ' if carrier else ''}{match['span']}"
    if match := _HOLDING.match(before):
        who = phrase(match["who"])
        if who and _END.match(after):
            single = words.singular(lowered(who)) if words.is_plural(who) else lowered(who)
            return f"{noun} per {single}"
        return ""
    if (match := _ABLE.match(f"{before} X")) and _END.match(after):
        who = phrase(match["who"])
        act = match["act"].removesuffix(" X").split()
        if who and len(act) <= _SHORT and not match["no"]:
            single = words.singular(lowered(who)) if words.is_plural(who) else lowered(who)
            return f"{noun} per {single}"
    if site.label and not before and phrase(site.label) and re.match(r"^(?:$|,)", after):
        return (
            noun
            if lowered(site.label) in noun
            else f"{upper(site.label)}: {noun}"
            if words.singular(lowered(site.label)) != words.singular(noun)
            else noun
        )
    if not before and re.match(
        r"^(?:can|may|are|is|must) (?:be )?(?:chosen|selected|added|attached|uploaded|open|possible|allowed|"
        r"accepted|stored|saved|picked|booked|entered)\b",
        after,
    ):
        return noun
    return ""


_NONE_MORE = re.compile(
    r"^no (?P<who>[a-z]+(?: [a-z]+)?) (?:may|can|must|should) [a-z]+ more than\b", re.IGNORECASE
)
_NO_ADJECTIVES = words.word_set(
    "most least than to of up exactly only the a an and or contain have more fewer less for at no between "
    "one two three four five six seven eight nine ten eleven twelve"
)
_END = re.compile(
    r"^(?:$|[,;.]|at (?:most|once|a time|any time|the same time|the most)|open|and\b|as a maximum|in total|"
    r"per\b|each\b|simultaneously|concurrently)",
    re.IGNORECASE,
)
_REST = re.compile(r"^(?:$|[,;.]|may|can|are|is|at|must)\b|^$", re.IGNORECASE)


def _times(site: Site) -> list[TestCondition]:
    """`Each code works once`, `A registrant may switch twice at most`."""
    one = site.constraint
    most = one.high if isinstance(one.high, Decimal) else None
    if most is None or most > len(_ORDINALS) - 2 or re.match(r"^(?:a|an|per|every|each)\b", site.after):
        return []
    number = int(most)
    before = site.before.strip(" ,")
    clause = clauses.parse(f"{before} {_ENDING.sub('', site.after)}".strip(" ,"))
    if (
        not clause.subject
        or not clause.has_predicate
        or clause.negated
        or clause.subject.lower() in words.PRONOUNS | {"it", "this"}
    ):
        return []
    rule = _act(clause)
    rule = re.sub(r"\bsame (?=same\b)|\bonly ", "", rule)
    if not rule or any(mark in rule for mark in ";:,"):
        return []
    last, beyond = _ORDINALS[number], _ORDINALS[number + 1]
    thing = upper(rule)
    given = [f"Done {_often(number)} already: {as_act(rule)}"]
    earlier = [f"Done {_often(number - 1)} already: {as_act(rule)}"] if number > 1 else []
    refused_ = "This is refused or not offered, and nothing has changed"
    return [
        made(
            site,
            f"{thing}: the {last} time it is possible",
            [(f"{thing} for the {last} time", "This succeeds without an error")],
            given=earlier,
            data=[Datum("times", str(number))],
        ),
        made(
            site,
            f"{thing}: the {beyond} time it is refused",
            [(f"Try to {as_act(rule)} for the {beyond} time", refused_)],
            given=given,
            data=[Datum("times", str(number + 1))],
            negative=True,
        ),
    ]


def _act(clause: clauses.Clause) -> str:
    """What is done so often, as an instruction where it can be one."""
    subject = re.sub(r"^(?:each|every|an?|the|any) ", "", clause.subject, flags=re.IGNORECASE)
    if clause.verb in {"work", "count", "apply"} or (clause.verb == "be" and clause.rest.startswith("valid")):
        return f"use the same {lowered(subject)}"
    if clause.form is clauses.Form.ACTIVE and clause.modal in {"can", "may"}:
        return clauses.imperative(replace(clause, modal=""))
    if clause.form is clauses.Form.PASSIVE and clause.modal in {"can", "may"}:
        return clauses.passive_as_imperative(replace(clause, subject=f"the same {lowered(subject)}"))
    if clause.form is clauses.Form.IMPERATIVE:
        return clause.text.rstrip(" ,.")
    return ""


_ENDING = re.compile(r"^(?:at most|at the most|only|as a maximum|in total|altogether)\b,? ?", re.IGNORECASE)


def _often(number: int) -> str:
    return "once" if number == 1 else "twice" if number == _TWO else f"{number} times"


def _listed(site: Site, most: int) -> list[TestCondition]:
    """`The board lists the last five numbers called`: of six, five are there."""
    one = site.constraint
    unit = one.unit
    if not unit or most < 1 or most > _MOST:
        return []
    match = re.match(
        r"^(?P<where>(?:the|an?|every|each) [\w' -]{2,50}?) (?:always |only |then )?(?:shows?|lists?|"
        r"displays?)$",
        site.before,
        re.IGNORECASE,
    )
    if not match:
        return []
    tail = re.match(r"^(?P<tail>[a-z]+(?:ed|wn|en)\b)?", site.after)
    thing = f"{unit}{f' {tail[1]}' if tail and tail[1] else ''}"
    newest = bool(re.search(r"\b(?:last|latest|most recent|newest)\b", one.text, re.IGNORECASE))
    first = bool(re.search(r"\b(?:first|top)\b", one.text, re.IGNORECASE))
    which = f"the last {most}" if newest else f"the first {most}" if first else f"{most}"
    where = lowered(match["where"])
    gone = "; the oldest is not there" if newest else "; the last one is not there" if first else ""
    return [
        made(
            site,
            f"{upper(where)}: {most} {agreed(thing, most) if thing == unit else thing}, all shown",
            [(f"Look at {_the(where)}", f"All {most} are shown")],
            given=[f"There are {most} {thing}"],
            data=[Datum(f"number of {unit}", str(most))],
        ),
        made(
            site,
            f"{upper(where)}: of {most + 1} {thing}, {which} shown",
            [(f"Look at {_the(where)}", f"Exactly {which} are shown{gone}")],
            given=[f"There are {most + 1} {thing}"],
            data=[Datum(f"number of {unit}", str(most + 1))],
        ),
    ]


def _the(where: str) -> str:
    return re.sub(r"^(?:an?|every|each) ", "the ", where)
