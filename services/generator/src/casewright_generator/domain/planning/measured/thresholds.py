"""Conditions with a number: on one side of it something happens, on the other it doesn't."""

import re
from dataclasses import replace

from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.language.clauses import Clause, Form
from casewright_generator.domain.planning.conditions import TestCondition
from casewright_generator.domain.planning.measured.cases import Datum, lowered, made, upper
from casewright_generator.domain.planning.measured.points import Point, points
from casewright_generator.domain.planning.measured.sites import Site
from casewright_generator.domain.planning.measured.spans import is_property
from casewright_generator.domain.reading.sentences import split
from casewright_generator.domain.requirements.model import Constraint, ConstraintKind

_KINDS = frozenset(
    {
        ConstraintKind.NUMBER,
        ConstraintKind.MONEY,
        ConstraintKind.PERCENT,
        ConstraintKind.SIZE,
        ConstraintKind.WEIGHT,
        ConstraintKind.AGE,
        ConstraintKind.COUNT,
        ConstraintKind.LENGTH,
        ConstraintKind.DURATION,
    }
)
_MORE = re.compile(
    r"^(?:more|over|above|longer|heavier|bigger|larger|higher|older|greater|beyond|past|exceed\w*|from|"
    r"at least|[\d.,]+\W.*\bor (?:more|older|above|higher))\b",
    re.IGNORECASE,
)
_LESS = re.compile(
    r"^(?:less|under|below|fewer|shorter|lighter|smaller|lower|younger|up to|at most|[\d.,]+\W.*\bor (?:less|"
    r"fewer|younger|below|lower))\b",
    re.IGNORECASE,
)
_ADJECTIVE = re.compile(
    r"^(?:longer|heavier|bigger|larger|higher|older|shorter|lighter|smaller|lower|younger|greater|over|above|"
    r"below|under|past|beyond|more|less|fewer|exceeding)\b",
    re.IGNORECASE,
)
_LED = re.compile(r"^(?P<lead>(?:with|for|from|at|in|on|above|below|over|under)\b.*?)?$", re.IGNORECASE)
_ONWARDS = re.compile(
    r"^(?:on|onwards?|upwards?|or more|or less|and more|and above|or above)\b,?\s*", re.IGNORECASE
)
_UPWARDS = re.compile(r"^(?:on|onwards?|upwards?|and (?:more|above))$", re.IGNORECASE)
_STARTS = re.compile(r"\b(?:the|an?|no|every|each|all|nobody|nothing|only|its|their)\b(?= \w)", re.IGNORECASE)
_OTHERS = re.compile(
    r"[,;] (?P<other>(?:and |but )?(?:(?:bigger|larger|longer|heavier|smaller|shorter|higher|lower|older|"
    r"younger) ones|(?:all )?others|"
    r"everything (?:else|above|below|after)[\w ]*?|anything (?:else|above|below)[\w ]*?|everybody else) .+)$",
    re.IGNORECASE,
)
_REFUSING = re.compile(
    r"\b(?:refused|rejected|turned away|not (?:allowed|accepted|possible)|denied|declined|blocked|barred)\b",
    re.IGNORECASE,
)


def thresholds(site: Site, errand: str, *, three: bool) -> list[TestCondition]:
    """The conditions on both sides of a number that decides; none where the sentence says it otherwise."""
    one = site.constraint
    ranged = one.low is not None and one.high is not None
    if one.kind not in _KINDS or (ranged and one.low == one.high):
        return []
    found = _parts(site)
    whom = one.kind is ConstraintKind.AGE and site.sentence.lower().startswith("only ")
    if found is None or whom:
        return []
    lead, rule, subject = found
    if ranged and not subject:
        return []
    timed = one.kind is ConstraintKind.DURATION and not one.text.lower().startswith("within ")
    if timed and not subject and not _is_length(site, lead):
        return []
    if not (_is_rule(rule) or (subject and _plainly(site))) or _ALTERNATIVE.search(rule):
        return []
    if one.unit == "times" and one.low is None:
        one = replace(one, low=one.high, high=None)
    flipped = is_flipped(one)
    return [
        condition
        for point in points(one, three=three)
        for condition in [
            _condition(site, errand, point, lead, rule, subject=subject, holds=point.inside != flipped)
        ]
        if condition
    ]


_LONG = re.compile(r"^(?:longer|shorter|more|less|over|under|at least|at most)\b", re.IGNORECASE)


def _is_length(site: Site, lead: str) -> bool:
    """`If a booking is longer than 2 hours, …`: how long a thing is, not how long somebody waits."""
    return bool(_LONG.match(site.constraint.text)) and is_property(lead[: lead.find(site.constraint.text)])


_PLAINLY = re.compile(r"^(?P<verb>[a-z]{3,14}) (?P<rest>(?P<next>[a-z]+)\b.*)$")
_TO_VERBS = words.word_set("free for by the a an no")


def _plainly(site: Site) -> Clause | None:
    """`Orders above 50 EUR ship free`: a verb that looks like a noun, or isn't known, after a plural."""
    match = _PLAINLY.match(site.after)
    nouns = site.before.split()
    if not match or not nouns or not words.is_plural(nouns[-1]) or len(nouns) > _FEW_NOUNS:
        return None
    verb, after = match["verb"], match["next"]
    little = words.PREPOSITIONS | words.AUXILIARIES | words.DETERMINERS | words.PRONOUNS | _NO_VERBS
    if verb in little or words.is_plural(verb) or verb.endswith(("ing", "ed", "ly")):
        return None
    if after not in _TO_VERBS:
        return None
    return Clause(f"{site.before} {site.after}", Form.ACTIVE, site.before, verb=verb, rest=match["rest"])


_FEW_NOUNS = 3
_NO_VERBS = words.word_set(
    "and or but nor only per each more less not never free old long high wide deep total value weight"
)


def is_flipped(one: Constraint) -> bool:
    """`Exports of over 1,000 rows are refused` allows up to 1,000: the rule applies beyond."""
    return bool(
        (_MORE.match(one.text) and one.high is not None and one.low is None)
        or (_LESS.match(one.text) and one.low is not None and one.high is None)
    )


def _parts(site: Site) -> tuple[str, str, bool] | None:  # noqa: C901, PLR0911  # one return for each form of a sentence
    """What leads to the number, what happens, and whether the number is in the subject of that."""
    before, after = site.before, _ONWARDS.sub("", site.after)
    conditions, main = split(site.sentence)
    if not after and not conditions and _UPWARDS.match(site.after) and _is_rule(before):
        return f"at {site.constraint.text}", before, False
    for condition in conditions:
        if site.constraint.text in condition.text and condition.marker in WHEN:
            if len(conditions) > 1 or " or " in condition.text:
                return None
            return condition.text, main, False
    if re.search(r"['\u2019]s?(?: (?:first|last))?$", before):
        return None
    if any(condition.marker not in _AROUND for condition in conditions):
        return None
    if not before or before.lower() in words.PREPOSITIONS or _LEADING.match(before):
        for match in _STARTS.finditer(after):
            tail, rule = after[: match.start()].strip(" ,"), after[match.start() :]
            last = tail.lower().split()[-1:]
            if len(tail.split()) <= _LONGEST and not set(last) & words.PREPOSITIONS and _is_rule(rule):
                return f"{before} {site.constraint.text} {tail}".strip(), rule, False
        return None
    clause = clauses.parse(f"{before} X {after}".strip())
    plain = _bare(before)
    if plain and after and ((clause.has_predicate and _predicate(after)) or _plainly(site)):
        return f"{before} {site.constraint.text}", f"{before} {site.constraint.text} {after}", True
    return None


_AROUND = frozenset({"before", "after", "while", "until"})
WHEN = frozenset({"if", "when", "whenever", "once", "as soon as", "in case", "where"})
_LEADING = re.compile(
    r"^(?:with|for|from|at|in case of|above|below|over|under)\b(?! the last)[\w' -]{0,40}$", re.IGNORECASE
)


def _is_rule(text: str) -> bool:
    clause = clauses.parse(text)
    plain = clause.form in (Form.ACTIVE, Form.PASSIVE, Form.COPULA) and bool(clause.subject)
    return plain or bool(_LOOKING.match(text))


_LOOKING = re.compile(
    r"^(?:the|an?|every|each) (?:[a-z]+ ){1,2}[a-z]+[^s\W]s (?:the|an?|its|their|no|[a-z]+) ", re.IGNORECASE
)
"""A clause with a verb that isn't known: `the receipt bears the signature`."""


def _bare(before: str) -> str:
    """The noun before the number: `Vehicles`, `Gifts`, `A restore of`; empty for a clause."""
    found = before.split()
    if len(found) > _LONGEST or found[0].lower() in words.PREPOSITIONS:
        return ""
    inner = [word.lower() for word in found]
    return (
        ""
        if set(inner) & (words.AUXILIARIES | words.PRONOUNS)
        or any(words.base_of_third(w) and not words.may_be_noun(words.base_of_third(w)) for w in inner[1:])
        else before
    )


_LONGEST = 6


def _predicate(after: str) -> bool:
    first = after.split(maxsplit=1)[0].lower()
    return (
        first in words.AUXILIARIES
        or bool(words.base_of_third(first))
        or (words.is_verb(first) and len(after.split()) > 1)
    )


def _spoken(text: str, site: Site, point: Point) -> str:
    """The text with the point in the place of the bound."""
    at = text.find(site.constraint.text)
    before, after = text[:at].rstrip(), _ONWARDS.sub("", text[at + len(site.constraint.text) :].strip())
    last = before.split()[-1].lower() if before else ""
    value = point.text
    if site.constraint.kind is ConstraintKind.DURATION and re.search(r"\b(?:is|are|be)$", before):
        return f"{before} {value} long {after}".strip(" ,")
    if site.constraint.kind is ConstraintKind.AGE:
        value = f"aged {value.split()[0]}"
    elif site.constraint.text.lower().startswith("within "):
        value = f"after {value}"
    elif site.constraint.unit == "times":
        value = point.text
    elif not last:
        value = f"with {value}"
    elif (
        last in words.PREPOSITIONS
        or last in words.AUXILIARIES
        or last in _WORTH
        or (words.base_of_third(last) and not words.is_plural(last))
    ):
        value = point.text
    elif _ADJECTIVE.match(site.constraint.text) or last not in words.VERBS:
        value = f"of {value}"
    if last in _MOVING:
        value = f"to {point.text}"
    before = re.sub(r"\bfrom$", "with", before) if before.lower() == "from" else before
    return " ".join(f"{before} {value} {after}".split()).rstrip(" ,")


_WORTH = words.word_set(
    "worth cost costs weigh weighs measure measures last lasts contain contains reach reaches "
    "total totals hold holds"
)
_ALTERNATIVE = re.compile(r"\bor \d", re.IGNORECASE)
_MOVING = words.word_set(
    "rise rises climb climbs fall falls drop drops go goes sink sinks grow grows increase increases "
    "decrease decreases"
)


def _condition(
    site: Site,
    errand: str,
    point: Point,
    lead: str,
    rule: str,
    *,
    subject: bool,
    holds: bool,
) -> TestCondition | None:
    state = _spoken(lead, site, point)
    told = _spoken(rule, site, point) if subject else rule
    other = ""
    if match := _OTHERS.search(told):
        told, other = told[: match.start()], re.sub(r"^(?:and|but) ", "", match["other"])
    clause = clauses.parse(told)
    plainly = _plainly(site) if subject and not clause.verb else None
    if plainly:
        clause = replace(plainly, text=told, subject=told[: -len(site.after)].strip())
    duty = _duty(clause, lead, site, holds=holds) if not subject else ""
    outcome = clauses.present(clause) if clause.modal and clause.modal not in _MAY else told
    simple = (
        not _JOINED.search(told)
        and bool(clause.subject)
        and clause.form in (Form.ACTIVE, Form.PASSIVE, Form.COPULA)
    )
    simple = simple and not site.sentence.lower().startswith("not ")
    if not holds:
        negated = clauses.present(clause, negated=not clause.negated) if simple and not clause.modal else ""
        if plainly:
            negated = f"{clause.subject} do not {clause.verb} {clause.rest}"
        outcome = other or negated or f'The rule "{site.sentence}" does not apply'
    outcome = duty or outcome
    action = (
        f"{errand.rstrip('.')}, with this test data: {_data(state)}"
        if errand
        else f"Use this test data: {_data(state)}"
    )
    event = clauses.parse(state)
    if not subject and event.form is Form.ACTIVE and not event.negated and clauses.is_actor(event.subject):
        action = clauses.imperative(event)
    where = "" if subject and holds else f"{upper(state)}: "
    title = (
        f"{where}{lowered(outcome) if where else upper(outcome)}"
        if holds or simple
        else f"{upper(state)}: the rule does not apply"
    )
    if subject and simple:
        title = upper(outcome) if not other or holds else f"{upper(state)}: {lowered(other)}"
    elif other and not holds:
        title = f"{upper(state)}: {lowered(other)}"
    return made(
        site,
        f"{title} ({point.place})",
        [(action, outcome)],
        data=[Datum(_carrier(site), point.text)],
        negative=(not holds) != bool(_REFUSING.search(told)),
        assumed=not holds and not other,
    )


_DUTIES = frozenset({"must", "shall", "should", "has to", "have to", "needs to", "need to"})


def _duty(clause: Clause, lead: str, site: Site, *, holds: bool) -> str:
    """`The manager must approve it` as a state of things: the manager has to, or doesn't have to."""
    if clause.modal not in _DUTIES or clause.negated or clause.form is not Form.ACTIVE:
        return ""
    who, rest = clause.subject, clause.rest
    if not clauses.is_actor(who) or _JOINED.search(f"{clause.verb} {rest}"):
        return ""
    thing = re.split(r"\b(?:and|,) ", lead[: lead.find(site.constraint.text)])[-1]
    told = clauses.parse(f"{thing.strip()} X").subject
    rest = re.sub(r"^it\b", told, rest) if told and not words.is_plural(told) else rest
    have = words.has_have(who) if holds else f"{'do' if words.is_plural(who) else 'does'} not have"
    return f"{who} {have} to {clause.verb} {rest}".strip()


def _data(state: str) -> str:
    bare = re.sub(r"^(?:with|for|at) ", "", lowered(state), flags=re.IGNORECASE)
    return f"a value of {bare}" if bare[:1].isdigit() and lowered(state).startswith("at ") else bare


def _carrier(site: Site) -> str:
    """The noun that the number is said of: `gift` of `Gifts below 5 EUR`."""
    if _UPWARDS.match(site.after):
        return "value"
    before = re.sub(r" (?:lasts?|takes?|runs?|spans?)$", "", site.before)
    nouns = [word.lower() for word in re.findall(r"[A-Za-z-]+", before)]
    nouns = [
        word
        for word in nouns
        if word not in WHEN | words.PREPOSITIONS | words.AUXILIARIES | words.DETERMINERS
        and not words.is_verb(word)
    ]
    if site.constraint.kind is ConstraintKind.COUNT and site.constraint.unit:
        return f"number of {lowered(site.constraint.unit)}"
    return words.singular(nouns[-1]) if nouns else "value"


_MAY = frozenset({"can", "may", "could", "might"})
_JOINED = re.compile(r"\b(?:and|but|or|who|which|that)\b|, |\bno\b|\bnot\b|\bonly\b", re.IGNORECASE)
