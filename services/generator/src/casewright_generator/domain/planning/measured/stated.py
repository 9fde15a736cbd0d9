"""Bounds that a clause sets on what is done or on how things are: the clause is tried with each value."""

import re
from dataclasses import replace

from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.language.clauses import Clause, Form
from casewright_generator.domain.planning.conditions import TestCondition
from casewright_generator.domain.planning.measured.cases import Datum, as_act, lowered, made, upper
from casewright_generator.domain.planning.measured.points import Point, allowed, points
from casewright_generator.domain.planning.measured.sites import Site, phrase, rejoined
from casewright_generator.domain.planning.measured.thresholds import WHEN, is_flipped
from casewright_generator.domain.reading import observing
from casewright_generator.domain.reading.sentences import split
from casewright_generator.domain.requirements.model import ConstraintKind

_KINDS = frozenset(
    {
        ConstraintKind.LENGTH,
        ConstraintKind.COUNT,
        ConstraintKind.NUMBER,
        ConstraintKind.MONEY,
        ConstraintKind.PERCENT,
        ConstraintKind.SIZE,
        ConstraintKind.WEIGHT,
        ConstraintKind.AGE,
        ConstraintKind.DURATION,
    }
)
_NUMBER = (
    r"(?:[$€£]? ?\d[\d,.\u202f\u00a0]*\d|[$€£]? ?\d|\b(?:one|two|three|four|five|six|seven|eight|"
    r"nine|ten|eleven|twelve)\b)"
)
_VALUE = re.compile(rf"^(?P<lead>.*?)(?P<number>{_NUMBER})(?P<rest>.*)$", re.IGNORECASE | re.DOTALL)
_COMPARED = re.compile(
    r"\b(?:(?:not |no )?(?:more|less|fewer|higher|lower|larger|greater|smaller|bigger) than|"
    r"(?:not )?(?:over|above|below|under|beyond|past)|at (?:least|most)|up to|no|between|from|within|exactly|"
    r"only|(?:a |the )?(?:maximum|minimum|limit) of|max\.?|min\.?)$",
    re.IGNORECASE,
)
_AGED = re.compile(r"^(?:not )?(?:be )?(?P<how>older|longer|younger|shorter) than$", re.IGNORECASE)
_BEFORE = re.compile(
    r"(?:, (?:(?:and|but|or|so|otherwise)\b ?)?| but | and (?=(?:an?|the|no|each|every|all|"
    r"nobody|nothing)\b))",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"[,;](?!\d)| and | but | because | so that | otherwise | \(| - | \u2013 | \u2014 ", re.IGNORECASE
)
_DENIED = re.compile(r"\b(?:no|not|never|nobody|none|cannot)\b|n['\u2019]t\b|^no\b", re.IGNORECASE)
_NOBODY = re.compile(r"^(?:nobody|no one|no-one|no user)$", re.IGNORECASE)
_SHOWN = words.word_set("show display list return support offer mean earn cost send")
_LASTING = words.word_set("lie last cover rest span")
_MEASURED = re.compile(r"\b(?:old|long|ahead|away|apart)\b", re.IGNORECASE)
_FURTHER = re.compile(
    r"\b(?:an?|each|every|any) (?:further|additional|second|third|fourth|fifth|sixth|seventh|eighth|"
    r"ninth|tenth|eleventh)\b",
    re.IGNORECASE,
)
"""The story says itself what one more does."""
_CONDITION = re.compile(r"\b(?:provided|unless|if|when|because|since|while)\b", re.IGNORECASE)
_OUTSIDE = re.compile(r"^(?:up to|at the (?:most|longest|outside|latest|earliest))\b", re.IGNORECASE)
_ABLE = frozenset({"can", "may", "could", "might"})
_LONGEST = 22


_LOAD = re.compile(
    r"\b(?:finish(?:es)?|takes?|loads?|respond(?:s)?|answers?|renders?|completes?|ends?|"
    r"is (?:done|ready|created|shown))"
    r" (?:within|in (?:less than|under|at most)|at most|no longer than) [\w.]{1,12} ?[a-z]{1,12}\b",
    re.IGNORECASE,
)
"""What is measured in time: another number in the sentence is the load, and no bound."""


def acted(site: Site, *, three: bool) -> list[TestCondition]:
    """The conditions of a bound on what somebody can do, as instructions: `Upload 6 files`."""
    tried = _all_tried(site, three=three)
    return _conditions(site, tried) if all(said[1] for _, said in tried) else []


def stated(site: Site, *, three: bool) -> list[TestCondition]:
    """The conditions of a bound inside a clause; none where the clause only says when something happens.

    Args:
        site: Where the bound stands.
        three: Whether both neighbours of each bound are taken.
    """
    return _conditions(site, _all_tried(site, three=three))


def _all_tried(site: Site, *, three: bool) -> list[tuple[Point, tuple[str, bool]]]:
    """Each value with what is so or done with it; none where one of them can't be said."""
    one = site.constraint
    exact = one.low == one.high and not one.text.lower().startswith("exactly")
    load = one.kind is not ConstraintKind.DURATION and _LOAD.search(f"{site.before} {site.after}")
    if load or one.kind not in _KINDS or exact or one.unit == "times" or _FURTHER.search(site.criterion.text):
        return []
    conditions, main = split(site.sentence)
    at = main.find(one.text)
    if at < 0 or any(told.marker not in WHEN for told in conditions):
        return []
    before, after = _around(rejoined(main[:at]), main[at + len(one.text) :])
    if _CONDITION.search(before):
        return []
    if ")" in before or ":" in before or (_OUTSIDE.match(after) and one.high is None):
        return []
    if is_flipped(one) != bool(_DENIED.search(before)):
        return []
    tried = [(point, _tried(site, before, after, point)) for point in points(one, three=three)]
    found = [(point, said) for point, said in tried if said]
    return found if len(found) == len(tried) else []


def _conditions(site: Site, tried: list[tuple[Point, tuple[str, bool]]]) -> list[TestCondition]:
    conditions, _ = split(site.sentence)
    given = [f"This is so: {lowered(told.text)}" for told in conditions if clauses.parse(told.text).subject]
    return [_condition(site, point, said, given) for point, said in tried]


def _around(before: str, after: str) -> tuple[str, str]:
    """What belongs to the same clause as the bound."""
    cuts = [match.end() for match in _BEFORE.finditer(before)]
    end = _AFTER.search(after)
    own = "" if before.endswith(",") else before[cuts[-1] if cuts else 0 :].strip()
    return own, (after[: end.start()] if end else after).strip()


def _tried(site: Site, before: str, after: str, point: Point) -> tuple[str, bool] | None:
    """What is so with the value, and whether that is an instruction; `None` where it can't be said."""
    one = site.constraint
    match = _VALUE.match(one.text)
    if not match:
        return None
    lead, how = match["lead"].strip(), ""
    if aged := _AGED.match(lead):
        lead, how = "be", {"older": "old", "longer": "long"}.get(aged["how"].lower(), "")
    elif re.search(r"\bexceed\w*$", lead, re.IGNORECASE):
        lead = "have" if one.kind in (ConstraintKind.SIZE, ConstraintKind.COUNT) else "be"
    else:
        lead = _COMPARED.sub("", lead).strip()
    lead = re.sub(r"^(?:not|never)\b ?", "", lead)
    if lead == "be" and one.kind is ConstraintKind.SIZE:
        lead = "have"
    elif lead == "be" and _IS.search(before):
        lead = ""
    value = _value(site, point, match["rest"])
    how = "" if value.endswith("old") else how
    if not before and (needed := _NEEDED.match(after)):
        return f"{upper(needed['who'])} {words.has_have(needed['who'])} {value}", False
    after = re.sub(r"^(?:years )?old\b", "", after) if value.endswith("old") else after
    if within := lead.lower() == "within" or one.text.lower().startswith("within "):
        lead, value = "", f"after {value}"
    said = _LOOSE.sub("", f"{before} {lead} {value} {how} {after}")
    clause = clauses.parse(" ".join(said.split()))
    if not clause.subject or (not clause.verb and clause.form is not Form.COPULA):
        return None
    if within and clause.modal not in _ABLE:
        return None
    return _said(site, clause, value, within=within)


_NEEDED = re.compile(r"^(?:is|are) (?:required|needed|necessary) for (?P<who>[\w' -]{2,60})$", re.IGNORECASE)
_LIMITED = re.compile(
    r"^(?:the |an? )?(?:(?:maximum|max\.?) (?P<most>[\w -]{2,40})|"
    r"(?P<thing>[\w -]{2,40}) (?:limit|maximum))$",
    re.IGNORECASE,
)
_TRIED = {"upload": "file", "weight": "load"}
_IS = re.compile(r"\b(?:is|are|be)(?:n['\u2019]t| not)?$", re.IGNORECASE)
_LOOSE = re.compile(
    r"\b(?:or (?:more|less|fewer|older|above|below|higher|lower)|at most|at least)\b", re.IGNORECASE
)


def _value(site: Site, point: Point, rest: str) -> str:
    """The value with the words that stand between the number and its unit: `3 wheelchair places`."""
    one = site.constraint
    if one.kind is ConstraintKind.AGE:
        return f"{point.order[0].to_integral()} years old"
    last = re.search(rf"(?P<more>(?:[a-z-]+ ){{1,2}}){re.escape(one.unit)}\b", rest) if one.unit else None
    number, _, unit = point.text.partition(" ")
    ranged = one.low is not None and one.high is not None
    if one.kind not in _NAMED or not last or ranged or last["more"].split()[0] in _JOINING:
        return point.text
    return f"{number} {last['more'].strip()} {unit}"


_NAMED = (ConstraintKind.COUNT, ConstraintKind.DURATION)
_JOINING = words.word_set("and to or at of")


def _said(  # noqa: C901, PLR0911  # one return for each form of a clause
    site: Site, clause: Clause, value: str, *, within: bool
) -> tuple[str, bool] | None:
    one, subject = site.constraint, clause.subject
    inner = {word.lower() for word in re.findall(r"[\w'\u2019-]+", subject)}
    if inner & (words.RELATIVES | words.PRONOUNS | _VAGUE) and not _NOBODY.match(subject):
        return None
    if subject.split()[0].lower() in words.PREPOSITIONS | _NO_STARTS:
        return None
    able = clause.modal in _ABLE and not (_DENIED.search(subject) and clause.form is not Form.PASSIVE)
    counted = value in subject
    if counted and (
        not (subject.startswith(value) or (able and subject.endswith(value)))
        or (one.low is not None and one.high is None)
    ):
        return None
    if clause.verb in _SHOWN or (clause.adverb and clause.adverb not in _ALWAYS):
        return None
    capped = "exceed" in one.text and not _TAKEN.search(subject)
    lasts = (
        (able and bool(_AHEAD.search(clause.rest)))
        or capped
        or clause.verb in _LASTING
        or (clause.form is Form.COPULA and _MEASURED.search(clause.rest))
    )
    steady = clause.verb in _STEADY and one.kind is ConstraintKind.NUMBER
    if steady or (one.kind is ConstraintKind.DURATION and not ((counted or within) and able) and not lasts):
        return None
    bare = replace(clause, modal="", negated=False, adverb="")
    if clause.verb in {"stay", "remain"} and one.kind in _HELD:
        bare = replace(bare, verb="have", written="has")
    if one.kind is ConstraintKind.PERCENT and one.high is None:
        return None
    if clause.form is Form.COPULA and (match := _LIMITED.match(subject)):
        noun = (match["most"] or match["thing"]).lower()
        noun = _TRIED.get(noun, noun)
        return f"Use {words.with_article(noun)} of {value}", True
    if able and clause.form is Form.PASSIVE and not _DENIED.search(subject):
        return upper(clauses.passive_as_imperative(bare)), True
    if (
        able
        and clause.form is Form.ACTIVE
        and clauses.is_actor(re.sub(r"^(?:an?|the|each|every|no) ", "", subject, flags=re.IGNORECASE))
    ):
        return clauses.imperative(bare), True
    who = "a user" if _NOBODY.match(subject) else re.sub(r"^no ", "a ", subject, flags=re.IGNORECASE)
    if one.kind is ConstraintKind.AGE:
        bare = replace(bare, rest=re.sub(r" to [a-z]+\b.*$", "", bare.rest))
    state = clauses.present(bare, subject=who, negated=False)
    return (upper(state), False) if len(state.split()) <= _LONGEST else None


_AHEAD = re.compile(r"\b(?:in advance|ahead(?: of time)?|beforehand)$", re.IGNORECASE)
_HELD = (ConstraintKind.SIZE, ConstraintKind.COUNT, ConstraintKind.LENGTH)
_TAKEN = re.compile(r"\b(?:time|latency|duration|delay)\b", re.IGNORECASE)
_STEADY = words.word_set("stay keep remain")
_NO_STARTS = words.word_set("to never always not only per")
_VAGUE = words.word_set("whoever anything everything nothing something this these those it ones")
_ALWAYS = frozenset({"always", "only", "still", "also"})


def _condition(site: Site, point: Point, said: tuple[str, bool], given: list[str]) -> TestCondition:
    told, act = said
    aged = site.constraint.kind is ConstraintKind.AGE
    ahead = bool(_AHEAD.search(told))
    doing = "" if act else "go on with this test data: " if aged else "bring this about: "
    tried = f"{doing}{as_act(told) if act else lowered(told)}"
    named = (
        f'the message "{site.reaction}" is shown'
        if site.reaction
        else f"a message names {allowed(site.constraint)} as allowed"
    )
    if point.inside:
        succeeded = "This succeeds without an error, and is the same when it is opened again"
        action, seen = upper(tried), _done(told) if act and not ahead else succeeded
    else:
        undone = observing.undone(told) if act and not ahead else ""
        action = f"Try to {tried}"
        seen = f"This is refused: {undone}, and {named}" if undone else f"This is refused: {named}"
    return made(
        site,
        f"{told}: {'accepted' if point.inside else 'refused'} ({point.place})",
        [(action, seen)],
        given=given,
        data=[Datum(_measured(site, told), point.text)],
        negative=not point.inside,
    )


def _done(act: str) -> str:
    clause = clauses.command(act)
    return observing.result_of(clause) if clause.verb else "This succeeds without an error"


def _measured(site: Site, told: str) -> str:
    """The name of the value: what is counted, or what is measured."""
    kind, unit = site.constraint.kind, site.constraint.unit
    if kind is ConstraintKind.AGE:
        return "age"
    if _AHEAD.search(told):
        return "time in advance"
    if unit and (kind is ConstraintKind.COUNT or (kind is ConstraintKind.LENGTH and unit != "characters")):
        return f"number of {lowered(site.constraint.unit)}"
    subject = phrase(clauses.parse(told).subject)
    return lowered(subject) or site.constraint.kind.value
