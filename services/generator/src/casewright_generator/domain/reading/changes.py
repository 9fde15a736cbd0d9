"""Instructions to the developers whose result can be seen: `Show X in Y`, `Rename X to Y`, `Add a link`."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.language.clauses import Clause, Form
from casewright_generator.domain.language.masking import mask
from casewright_generator.domain.reading import observing


@dataclass(frozen=True, slots=True)
class Change:
    """What must be seen once the change is made.

    Attributes:
        action: Instruction that brings it before the tester's eyes, without a full stop.
        outcome: What is seen then, without a full stop.
        subject: The thing that changes.
    """

    verb: str
    action: str
    outcome: str
    subject: str
    negated: bool = False
    assumed: bool = False


_SHOW = words.word_set("show display list print output render highlight expose report")
_ADD = words.word_set("add include introduce provide create implement have put insert support restore")
_DROP = words.word_set("remove hide drop delete")
_TURN = words.word_set("rename change replace convert")
_PLACED = re.compile(
    r"\s(?:in|on|at|to|into|for|from|of|next to|under|below|above|within|inside|beside|via)\s", re.IGNORECASE
)
_TO = re.compile(r"\s(?:to|with|by|into)\s", re.IGNORECASE)
_ADJECTIVE = re.compile(
    r"^(?P<thing>.{3,100}?) (?P<quality>(?:more )?(?:configurable|optional|visible|mandatory|required|"
    r"available|sortable|clickable|editable|"
    r"read-only|readonly|case[- ]insensitive|case[- ]sensitive|selectable|searchable|collapsible|"
    r"resizable|accessible|"
    r"readable|unique|hidden|enabled|disabled|bold|draggable)(?:\b.*))$",
    re.IGNORECASE,
)
_LET = re.compile(
    r"^(?:for )?(?P<who>(?:an? |the |all )?[\w -]{2,40}?) to (?P<act>(?:be )?[a-z]+\b.*)$|"
    r"^(?P<doing>[a-z]+ing\b.*)$",
    re.IGNORECASE,
)


def read(clause: Clause) -> Change | None:
    """The change that an instruction asks for; `None` where its result can't be seen."""
    rest = clause.rest.strip().rstrip(".")
    if not rest or rest.split()[0].lower() in _LEANING:
        return None
    for verbs, reader in _READERS:
        if clause.verb in verbs:
            return reader(clause.verb, rest)
    return None


_LEANING = frozenset({"this", "that", "these", "those", "it", "them", "so", "also"})


def _make(verb: str, rest: str) -> Change | None:
    quality = _ADJECTIVE.match(rest)
    if not quality:
        return None
    thing = observing.definite(quality["thing"])
    outcome = f"{_big(thing)} {words.is_are(thing)} {quality['quality']}"
    return Change(verb, observing.approach(quality["thing"]), outcome, thing)


def _sort(verb: str, rest: str) -> Change:
    thing, tail = observing.object_of(rest)
    outcome = f"{_big(observing.definite(thing))} {words.is_are(thing)} sorted {tail}"
    return Change(verb, observing.approach(thing), outcome, thing)


def _allow(_: str, rest: str) -> Change | None:
    match = _LET.match(rest)
    if not match:
        return None
    if match["doing"]:
        base = words.base_of_gerund(match["doing"].split(maxsplit=1)[0])
        act = f"{base} {match['doing'].partition(' ')[2]}".strip() if base else ""
        who = "the user"
    else:
        act, who = match["act"], match["who"]
    first = act.split(maxsplit=1)[0].lower() if act else ""
    if not words.is_verb(first):
        return None
    clause = Clause(text=act, form=Form.ACTIVE, subject=who, verb=first, rest=act.partition(" ")[2])
    if first == "be":
        return Change("allow", observing.approach(who), f"{_big(observing.definite(who))} can {act}", who)
    if not clauses.is_actor(who):
        return Change("allow", observing.approach(who), f"{_big(observing.definite(who))} can {act}", who)
    return Change(
        "allow", clauses.imperative(clause), observing.result_of(clause).rstrip("."), act, assumed=True
    )


def _prevent(_: str, rest: str) -> Change | None:
    who, keyword, doing = rest.partition(" from ")
    if not keyword:
        doing, who = rest, ""
    base = words.base_of_gerund(doing.split(maxsplit=1)[0]) if doing.split() else ""
    if not base:
        return None
    act = f"{base} {doing.partition(' ')[2]}".strip()
    return Change("prevent", f"Try to {act}", f"{_big(who) or 'The user'} cannot {act}", act, negated=True)


def _big(text: str) -> str:
    return text[:1].upper() + text[1:] if text[:4].lower() == "the " else text


def _split(rest: str) -> tuple[str, str, str]:
    """A thing, the preposition after it, and the place."""
    masked = mask(rest)
    for match in _PLACED.finditer(masked):
        following = rest[match.end() :].split(maxsplit=1)[:1]
        if match.group().strip() == "to" and following and words.is_verb(following[0]):
            return rest[: match.start()].strip(), "", ""
        if match.start() > 0:
            return rest[: match.start()].strip(), match.group().strip(), rest[match.end() :].strip()
    return rest, "", ""


def _at(rest: str) -> tuple[str, str]:
    """A thing and the instruction that leads to the place where it is."""
    masked = mask(rest)
    for match in _PLACED.finditer(masked):
        place = rest[match.end() :].strip()
        if match.group().strip() not in {"for", "of"} and observing.head(place) in observing.PLACES:
            return rest[: match.start()].strip(), observing.approach(place)
    return rest, ""


def _show(verb: str, rest: str) -> Change:
    thing, way = _at(rest)
    what = observing.definite(thing)
    done = words.participle(verb)
    head, tail = observing.object_of(rest)
    if not head:
        head, tail = rest, ""
    shown = observing.definite(head)
    return Change(
        verb,
        way or observing.approach(head),
        f"{_capital(shown)} {words.is_are(head)} {done} {tail}".strip(),
        what,
    )


def _capital(text: str) -> str:
    return clauses.capital(text)


def _add(verb: str, rest: str) -> Change | None:
    thing, preposition, place = _split(rest)
    if not observing.is_visible(thing):
        return None
    what = observing.definite(thing)
    if place and preposition in {
        "to",
        "in",
        "on",
        "into",
        "at",
        "within",
        "inside",
        "under",
        "below",
        "above",
        "next to",
    }:
        where = observing.definite(place)
        inside = "in" if preposition in {"to", "into"} else preposition
        return Change(
            verb,
            f"{observing.approach(place)} and look for {what}",
            f"{_capital(what)} {words.is_are(what)} there, {inside} {where}",
            what,
        )
    whole = observing.definite(rest if place else thing)
    return Change(verb, f"Look for {whole}", f"{_capital(whole)} {words.is_are(thing)} there", whole)


def _drop(verb: str, rest: str) -> Change | None:
    thing, preposition, place = _split(rest)
    if not (observing.is_visible(thing) or observing.head(place) in observing.PLACES):
        return None
    what = observing.definite(thing)
    gone = "shown" if verb == "hide" else "there"
    if place:
        where = "in" if preposition == "from" else preposition
        return Change(
            verb,
            f"{observing.approach(place)} and look for {what}",
            f"{_capital(what)} {words.is_are(what)} no longer {gone} {where} {observing.definite(place)}",
            what,
            negated=True,
        )
    return Change(
        verb,
        f"Look for {what}",
        f"{_capital(what)} {words.is_are(what)} no longer {gone}",
        what,
        negated=True,
    )


def _turn(verb: str, rest: str) -> Change | None:
    masked = mask(rest)
    match = _TO.search(masked)
    if not match or verb == "convert":
        return None
    old, new = rest[: match.start()].strip(), rest[match.end() :].strip().removeprefix("be ")
    if words.is_verb(new.split()[0]) and not words.may_be_noun(new.split()[0].lower()):
        return None
    if not observing.is_visible(old) and '"' not in rest and "“" not in rest:
        return None
    _, way = _at(rest)
    return Change(
        verb,
        way or f"Look for {observing.definite(old)}",
        f"{_capital(observing.definite(new))} {words.is_are(new)} there instead of {observing.definite(old)}",
        old,
    )


_READERS: tuple[tuple[frozenset[str], Callable[[str, str], Change | None]], ...] = (
    (_SHOW, _show),
    (_ADD, _add),
    (_DROP, _drop),
    (_TURN, _turn),
    (frozenset({"make"}), _make),
    (frozenset({"sort"}), _sort),
    (frozenset({"allow", "let", "enable", "permit"}), _allow),
    (frozenset({"prevent", "disallow", "forbid", "avoid"}), _prevent),
)
