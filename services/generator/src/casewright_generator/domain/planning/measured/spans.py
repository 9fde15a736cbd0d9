"""What a sentence says about a span of time."""

import re
from dataclasses import dataclass, replace

from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.language.clauses import Form
from casewright_generator.domain.planning.measured.sites import Site
from casewright_generator.domain.reading.sentences import split
from casewright_generator.domain.reading.statements import Condition


@dataclass(frozen=True, slots=True)
class Span:
    """What a sentence says about a span.

    Attributes:
        start: What starts the clock, or what the span precedes, as written; may be empty.
        rule: What happens or holds, as a clause.
        holds: Whether `rule` holds up to the moment, and not from then on; otherwise it comes with it.
        ahead: Whether the span lies before `start`.
        since: Whether `start` is a state that lasts for the span, not an event.
        clause: Whether `start` is a clause, not a noun.
        given: What must be so besides, as written.
    """

    start: str
    rule: str
    holds: bool = False
    ahead: bool = False
    since: bool = False
    clause: bool = False
    given: tuple[str, ...] = ()


_WHEN = frozenset({"if", "when", "whenever", "once", "as soon as", "in case", "after"})
_PREPOSITION = re.compile(
    r" (?:for|in|within|after|during)(?: (?:about|more than|longer than|up to))?$", re.IGNORECASE
)
_TAIL = re.compile(r"^(?:$|[,;.]|and\b|to (?:a|the)\b)")


def span(site: Site) -> Span | None:  # noqa: PLR0911  # one return for each form of a sentence
    """What the sentence says about its span; `None` where it says it in no known way."""
    text = site.constraint.text
    conditions, main = split(site.sentence)
    if any(_is_cut(one, main, text) for one in conditions):
        conditions, main = (), site.sentence
    if text not in main:
        return _conditioned(site)
    if any(one.marker not in _WHEN or len(one.text.split()) > _LONGEST for one in conditions):
        return None
    at = main.find(text)
    before, after = main[:at].rstrip(" ,"), main[at + len(text) :].strip()
    found = next((one for form in _FORMS if (one := form(before, after, text))), None)
    if found is None or not is_rule(found.rule, known=bool(conditions)) or _DANGLING.search(found.rule):
        return None
    start = re.sub(r" at the (?:latest|earliest)$", "", found.start)
    if start != found.start and not found.holds:
        return None
    found = replace(found, start=_named(start, found.rule))
    found = replace(found, clause=not found.since and is_clause(found.start))
    if _PRONOUN.match(found.start) or any(len(one.text.split()) < _SHORTEST for one in conditions):
        return None
    if conditions and not found.start:
        first, *others = conditions
        clause = first.marker != "after" or is_clause(first.text)
        start = _named(first.text, found.rule)
        lasting = bool(re.search(r"n['\u2019]t\b|\bnot\b", start))
        given = tuple(one.text for one in others)
        if _PRONOUN.match(start):
            return None
        return replace(found, start=start, clause=clause, since=lasting, given=given)
    return replace(found, given=tuple(one.text for one in conditions))


def _is_cut(condition: Condition, main: str, text: str) -> bool:
    """Whether the cut goes through the words around the span: `until 2 hours | before the start`."""
    around = condition.marker in {"before", "after"}
    return around and (
        main.rstrip().endswith(text) or condition.text.startswith(text) or main.startswith(text)
    )


_LONGEST = 14
_SHORTEST = 2
_DANGLING = re.compile(
    r"\b(?:for|from|to|of|in|on|at|by|with|until|and|or|is|are)$|^(?:since|because|although)\b", re.IGNORECASE
)
_PRONOUN = re.compile(r"^(?:it|they|this|that|he|she|one)\b", re.IGNORECASE)


def is_rule(rule: str, *, known: bool) -> bool:
    """Whether a text is a clause about something that is named."""
    clause = clauses.parse(rule)
    first = clause.subject.lower().split()[:1]
    vague = {"this", "that", "which", "who", "they", "he", "she", "what"} | (set() if known else {"it"})
    return is_clause(rule) and bool(first) and (first[0] not in vague or rule.startswith("this person"))


def is_clause(text: str) -> bool:
    """Whether a text has a subject and a verb."""
    clause = clauses.parse(text)
    return clause.form in (Form.ACTIVE, Form.PASSIVE, Form.COPULA) and bool(clause.subject)


def _named(start: str, rule: str) -> str:
    """`60 days after it was issued`, of permits: the thing that the rule is about."""
    match = re.match(r"^(?P<it>it|they) (?P<rest>.+)$", start, re.IGNORECASE)
    if not match:
        return start
    subject = clauses.parse(rule).subject
    plain = (
        subject
        and subject.lower() not in words.PRONOUNS | {"it"}
        and " " not in subject.strip().removeprefix("the ")
    )
    matching = words.is_plural(subject) == (match["it"].lower() == "they")
    nouns = re.findall(r"\b(?:under|of|for|to|in|on) ((?:an?|the) [a-z]+)\b", rule)
    if plain and matching:
        return f"{subject} {match['rest']}"
    if len(nouns) == 1 and match["it"].lower() == "it" and words.is_plural(subject):
        return f"the {nouns[0].partition(' ')[2]} {match['rest']}"
    return f"{subject} {match['rest']}" if matching and subject and len(subject.split()) <= _SHORT else start


_SHORT = 4


def _conditioned(site: Site) -> Span | None:
    """`If the manager doesn't react for 24 hours, the swap is approved`."""
    conditions, main = split(site.sentence)
    if len(conditions) != 1 or conditions[0].marker not in _WHEN or not is_rule(main, known=True):
        return None
    told = conditions[0].text
    at = told.find(site.constraint.text)
    if at < 0 or told[at + len(site.constraint.text) :].strip(" ,."):
        return None
    state = _PREPOSITION.sub("", told[:at].rstrip())
    if is_property(told[:at]):
        return None
    lasting = re.search(
        r"n['\u2019]t\b|\b(?:not|nobody|no|never)\b|\bfor$", told[:at].rstrip()
    ) or _LASTS.match(site.constraint.text)
    whole = is_clause(state) and "," not in state and lasting
    return Span(state, main, since=True, clause=True) if whole else None


def is_property(before: str) -> bool:
    """Whether what precedes a span says how long a thing is: `the booking is | longer than 2 hours`."""
    return bool(_BEING.search(before.rstrip()))


_BEING = re.compile(r"\b(?:is|are|was|were|be|lasts?|takes?|runs?|spans?)$", re.IGNORECASE)
_LASTS = re.compile(r"^(?:for|longer than|more than|over)\b", re.IGNORECASE)


def _precedes(before: str, after: str, text: str) -> Span | None:
    """`Registration closes 30 minutes before the start`."""
    match = re.match(
        r"^(?:before|prior to|ahead of) (?P<event>[^,;]{2,60}?)(?P<rest> (?:without|by itself|automatically|"
        r"on its own)\b.*|, .*)?$",
        after,
        re.IGNORECASE,
    )
    if not match or not before or _BOUNDING.search(f"{before[-16:]} {text}"):
        return None
    if re.search(r"\b(?:that|which|who)\b", before) or is_clause(before) is False:
        return None
    return Span(match["event"], before, ahead=True)


_BOUNDING = re.compile(
    r"\b(?:until|up to|at least|at most|no (?:later|sooner|earlier|more)|not (?:later|sooner|earlier)|than|"
    r"within|in the last|every)\b",
    re.IGNORECASE,
)


def _last(before: str, after: str, text: str) -> Span | None:
    """`In the last 2 hours before a class no offers are made`."""
    if not re.match(r"^(?:in|during|within) the last\b", f"{before} {text}".strip(), re.IGNORECASE):
        return None
    match = re.match(
        r"^before (?P<event>(?:an?|the|its|their) [a-z]+(?: [a-z]+)?),? (?P<main>(?:no|the|an?|nobody|"
        r"every)\b.+)$",
        after,
        re.IGNORECASE,
    )
    return Span(match["event"], match["main"], ahead=True) if match else None


def _until(before: str, after: str, text: str) -> Span | None:
    """`Cancelling is free until an hour before the start`, `up to 24 hours before arrival`."""
    match = re.match(
        r"^(?P<side>before|prior to|after) (?P<event>[^,;]{2,60}?)(?:, (?P<main>.+))?$", after, re.IGNORECASE
    )
    if not match:
        return None
    led = re.search(
        r"(?:^| )(?:only )?(?:until|up to|no later than|not later than|at least)$", before, re.IGNORECASE
    )
    inner = re.match(r"^(?:until|up to|no later than|not later than|at least)\b", text, re.IGNORECASE)
    if not led and not inner:
        return None
    rule = (before[: led.start()] if led else before).strip(" ,") or (match["main"] or "")
    ahead = match["side"].lower() != "after"
    if not ahead and re.search(r"no later|not later|at least", f"{before[-14:]} {text}", re.IGNORECASE):
        return None
    modal = re.match(r"^(?P<who>.+?) (?:has to|have to|must|should|needs to) be (?P<done>.+)$", rule)
    rule = f"{modal['who']} can be {modal['done']}" if modal else rule
    return Span(match["event"], rule, holds=True, ahead=ahead) if rule else None


def _leading(before: str, after: str, text: str) -> Span | None:
    """`After 8 weeks an item … moves`, `Ten days after the inspection, the keeper gets a hint`."""
    low = before.lower()
    if re.match(r"^(?:up to|at (?:least|most)|no |within|every)\b", text, re.IGNORECASE):
        return None
    if not low:
        match = re.match(
            r"^after (?P<event>[^,;]{2,60}?)(?:, | (?=(?:the|an?|it|every|all)\b))(?P<main>.+)$",
            after,
            re.IGNORECASE,
        )
        return Span(match["event"], match["main"]) if match else None
    if low != "after":
        return None
    lead = re.match(
        r"^(?P<event>(?:of|without|with no|since|from)\b[^,]*), (?P<main>.+)$", after, re.IGNORECASE
    )
    if lead:
        start = re.sub(r"^(?:of|since|from) ", "", lead["event"], flags=re.IGNORECASE)
        return Span(start, lead["main"], since=lead["event"].lower().startswith("of "))
    return Span("", after.lstrip(", "))


def _trailing(before: str, after: str, text: str) -> Span | None:  # noqa: PLR0911  # one return for each form of a sentence
    """`The screen returns to its start page after 20 seconds`, `… 60 days after it was published`."""
    low = before.lower()
    if low.endswith((" after", " after about")):
        rule = re.sub(r",? (?:and )?after(?: about)?$", "", before)
        if re.search(r"n['\u2019]t\b|\bnot\b", rule):
            return None
        lead = re.match(r"^(?:of|without|with no|since) [^,]+$", after, re.IGNORECASE)
        if not lead and not _TAIL.match(after):
            return None
        leading = re.match(
            r"^(?P<lead>without [^,]+?),? (?=(?:the|an?|every)\b)(?P<main>.+)$", rule, re.IGNORECASE
        )
        if leading:
            return Span(leading["lead"], leading["main"])
        start = re.sub(r"^(?:of|since) ", "", after) if lead else ""
        return Span(start, rule, since=after.lower().startswith("of "))
    match = re.match(r"^(?:after|from) (?P<event>[^,;]{2,60}?)(?:$|, )", after, re.IGNORECASE)
    if not match or not before or _BOUNDING.search(f"{before[-12:]} {text}"):
        return None
    if low.endswith(" for"):
        return Span(match["event"], before[:-4], holds=True)
    return Span(match["event"], before)


_NEGLECT = re.compile(
    r"^(?P<who>whoever|anything|anybody|anyone|everything|(?:an? |the |every |"
    r"any )?[\w' -]{2,40}?) (?P<rel>(?:(?:that|which|who) )?(?:nobody|no one|"
    r"(?:has|have|had|is|are|was|do|does)(?:n['\u2019]t| not)|not|stays?|remains?|the [\w ]+ (?:has|have|"
    r"does|do)(?:n['\u2019]t| not))\b.*)$",
    re.IGNORECASE,
)


def _neglected(before: str, after: str, text: str) -> Span | None:  # noqa: PLR0911  # one return for each form of a sentence
    """`Comments that nobody touches for 5 days are moved`: what isn't done for so long brings it about."""
    if text.lower().startswith(("up to", "at least", "at most")):
        return None
    match = _NEGLECT.match(re.sub(r" (?:for|in|within|after|during)$", "", before, flags=re.IGNORECASE))
    if not match or not after or after.startswith((",", "before", "after")):
        return None
    who, rel = match["who"], match["rel"]
    if not rel.lower().startswith(("that", "which", "who")) and clauses.parse(who).has_predicate:
        return None
    rule = f"{who} {after}"
    if not is_clause(rule):
        return None
    low = who.lower()
    if low in {"whoever", "anybody", "anyone"}:
        rel = rel if rel.startswith(("who ", "that ")) else f"who {rel}"
        return Span(f"somebody {rel}", f"this person {after}", since=True)
    if low in {"anything", "everything"}:
        return Span(f"something {rel}", f"the thing {after}", since=True)
    return Span(f"{who} {rel}", rule, since=True)


_STAYING = re.compile(
    r"\b(?:stays?|remains?|is|are|keeps?|kept|lasts?|goes on|go on|cached|valid|open|locked|blocked|barred|"
    r"available|visible|stored|can|may)\b",
    re.IGNORECASE,
)


def _lasting(before: str, after: str, text: str) -> Span | None:
    """`The link stays valid for 72 hours`, `the recording is open for the following 14 days`."""
    rule = re.sub(r" for(?: up to)?$", "", before, flags=re.IGNORECASE)
    led = rule != before or text.lower().startswith("for ")
    if re.search(r"(?:^|\band )for$", before, re.IGNORECASE):
        return Span("", after, holds=True) if is_clause(after) else None
    if not led or not _STAYING.search(rule) or not _TAIL.match(after):
        return None
    return Span("", rule, holds=True)


_FORMS = (_precedes, _last, _until, _leading, _trailing, _neglected, _lasting)
