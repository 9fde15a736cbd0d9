"""Faults: what a bug's title complains about, turned into what must come out instead."""

import re
from dataclasses import replace

from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.language.clauses import Form
from casewright_generator.domain.language.masking import quotations
from casewright_generator.domain.reading import observing, sense, sights
from casewright_generator.domain.reading.sentences import split
from casewright_generator.domain.reading.situations import Setting, sort_conditions
from casewright_generator.domain.reading.statements import Condition, Kind, Statement

_UNABLE = re.compile(
    r"^(?:(?P<who>users?|i|we|you|admins?|one|it is|it's)\s+)?(?:cannot|can't|can not|unable to|"
    r"not able to|not possible to|impossible to|am unable to|is unable to|are unable to|could not|"
    r"couldn't|fail(?:s|ed)? to|failure to|failing to)\s+(?P<act>[a-z]+\b.*)$",
    re.IGNORECASE,
)
_FAILS = re.compile(
    r"^(?P<thing>.{3,120}?)\s+(?:fails?|failed|failing|crash(?:es|ed)?|hangs?|breaks?|is broken|"
    r"are broken|(?:does not|doesn't|do not|don't|is not|isn't|not) work(?:ing)?)(?P<tail>(?:\s.*)?)$",
    re.IGNORECASE,
)
_THROWN = re.compile(
    r"^(?P<fault>(?:an? )?[\w. ]{0,50}?(?:exception|npe|nullpointerexception|nullpointer|error|"
    r"stack ?trace|warning|timeout|deadlock|memory leak|leak)s?)\s+(?:is |are |was |were |gets |"
    r"being )?(?:thrown |raised |shown |occurs? |happens? |displayed |returned |logged )?(?P<marker>when|"
    r"while|on|if|after|during|in|at|with|upon)\s+(?P<cause>.+)$",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"\b(?:does not|doesn't|do not|don't|is not|isn't|are not|aren't|did not|didn't|won't|not)\b",
    re.IGNORECASE,
)
_MISSING = re.compile(
    r"^(?:missing (?P<a>.{3,100})|(?P<b>.{3,100}?) (?:is|are) missing(?P<tail>.*))$", re.IGNORECASE
)


def read(criterion: str, text: str, sentence: str) -> Statement | None:
    """The statement of a sentence that complains; `None` where it doesn't, or demands instead."""
    plain = sentence.strip().rstrip(".!")
    if sense.is_personal(plain) and not _UNABLE.match(plain):
        return None
    if any(
        f" {modal} " in f" {plain.lower()} "
        for modal in ("should", "must", "shall", "may", "needs to", "user can")
    ):
        return None
    for reader in (_unable, _impossible, _failing, _thrown, _missing, _causes, _doing, _denied, _fails):
        if found := reader(plain):
            headline, actions, outcome, given = found
            return Statement(
                criterion,
                text,
                Kind.DEFECT,
                headline,
                given,
                tuple(clauses.sentence(action) for action in actions),
                (clauses.sentence(outcome),),
                quotes=quotations(text),
                main=sentence,
                negated=False,
                assumed=False,
            )
    return None


_Found = tuple[str, tuple[str, ...], str, tuple[str, ...]]


_GETS = re.compile(
    r"^(?:(?:it|the system|this|i|we|you|users?) )?(?:gets?|got|shows?|throws?|returns?|displays?|raises?|"
    r"produces?) "
    r"(?:an? |two |some |the following |the )?(?P<fault>[\w. -]{0,40}?(?:error|exception|npe|"
    r"stack ?trace)s?)(?: message| dialog| popup)?$",
    re.IGNORECASE,
)


def _impossible(text: str) -> _Found | None:
    """`The folder can not be deleted`."""
    conditions, main = split(re.sub(r"\bcan not\b", "cannot", text, flags=re.IGNORECASE))
    clause = clauses.parse(main)
    if (
        not clause.negated
        or clause.modal not in {"can", "could", "will"}
        or not clause.subject
        or not clause.verb
    ):
        return None
    able = replace(clause, negated=False, modal="")
    given, actions = _conditions(conditions)
    when = " ".join(f"{condition.marker} {condition.text}" for condition in conditions)
    if clause.form is Form.PASSIVE:
        act, outcome = clauses.passive_as_imperative(able), observing.result_of(able)
        return f"{_capital(act)} {when}".strip(), (*actions, act), outcome, given
    if clause.form is not Form.ACTIVE:
        return None
    if clauses.is_actor(clause.subject):
        act = clauses.imperative(able)
    elif clause.verb in _SHOWS and sights.is_on_screen(clause.subject):
        act = observing.approach(clause.subject)  # "The dialog can not show the node"
    else:
        act = clauses.causative(able)
    outcome = clauses.present(able)
    if clause.modal == "will":
        return (
            f"{_capital(outcome)} {when}".strip(),
            actions or (observing.approach(clause.subject),),
            outcome,
            given,
        )
    return f"{_capital(outcome)} {when}".strip(), (*actions, act), observing.result_of(able), given


def _failing(text: str) -> _Found | None:
    """`When importing a file, get two errors`."""
    conditions, main = split(text)
    match = _GETS.match(main)
    given, actions = _conditions(conditions)
    if not match or not actions:
        return None
    fault = words.singular(match["fault"])
    when = " ".join(f"{condition.marker} {condition.text}" for condition in conditions)
    return f"No {fault} {when}", actions, f"No {fault} occurs", given


def _capital(text: str) -> str:
    return clauses.capital(text)


def _unable(text: str) -> _Found | None:
    """`Cannot import a file when …`."""
    conditions, main = split(text)
    match = _UNABLE.match(main)
    if not match:
        return None
    act = match["act"]
    first = act.split(maxsplit=1)[0].lower()
    if not words.is_verb(first) or first in {"be", "have", "work"}:
        return None
    rest = act.partition(" ")[2]
    clause = clauses.Clause(text=act, form=Form.ACTIVE, subject="the user", verb=first, rest=rest)
    given, actions = _conditions(conditions)
    when = " ".join(f"{condition.marker} {condition.text}" for condition in conditions)
    return (
        f"{_capital(act)} {when}".strip(),
        (*actions, clauses.imperative(clause)),
        observing.result_of(clause),
        given,
    )


_NAMED_FAULT = re.compile(
    r"\b(?:throws?|raises?|returns?|gives?|causes?|gets?|shows?|reports?) (?:an? |the )?(?P<fault>\S.*)$",
    re.IGNORECASE,
)


def _thrown(text: str) -> _Found | None:
    match = _THROWN.match(text)
    if not match:
        return None
    cause = match["cause"]
    clause = clauses.parse(cause)
    named = _NAMED_FAULT.search(match["fault"])
    fault = observing.definite(named["fault"] if named else match["fault"]).removeprefix("the ")
    outcome = f"No {fault} occurs"
    if clause.form in (Form.GERUND, Form.IMPERATIVE) or (
        clause.form is Form.ACTIVE and clauses.is_actor(clause.subject)
    ):
        action = clauses.imperative(clause)
        return f"{_capital(action)} without {_article(fault)}", (action,), outcome, ()
    if match["marker"].lower() in {"when", "while", "if", "after"} and clause.verb:
        if clause.form is Form.PASSIVE and not clause.negated:
            action = clauses.passive_as_imperative(clause)
        elif clause.form is Form.ACTIVE and not clause.negated and clause.verb not in words.STATIVE:
            action = clauses.causative(clause)
        else:
            return None
        return f"No {fault} {match['marker']} {clauses.lower_first(cause)}", (action,), outcome, ()
    return None


_SHOWS = words.word_set("show display list contain include print render hide open")


def _article(noun: str) -> str:
    return f"an {noun}" if noun[:1].lower() in "aeiou" else f"a {noun}"


_CAUSES = re.compile(
    r"^(?P<doing>.{3,120}?) (?:causes?|makes?) (?P<thing>.{2,80}?) (?:to )?(?P<verb>fail|crash|hang|break|"
    r"disappear|throw|freeze|timeout|time out|not work)\b(?P<tail>.*)$",
    re.IGNORECASE,
)
_NOT_DOING = re.compile(
    r"^(?P<thing>.{3,100}?) (?:is |are )?not (?P<doing>[a-z]+ing)\b(?P<tail>.*)$", re.IGNORECASE
)


def _causes(text: str) -> _Found | None:
    match = _CAUSES.match(text)
    doing = clauses.parse(match["doing"]) if match else None
    if not match or not doing or doing.form is not Form.GERUND:
        return None
    thing = match["thing"]
    verb = "do" if words.is_plural(thing) else "does"
    outcome = f"{_capital(thing)} {verb} not {match['verb'].lower().removeprefix('not ')}{match['tail']}"
    act = clauses.imperative(doing)
    return f"{act}: {thing} {verb} not {match['verb']}", (act,), outcome, ()


def _doing(text: str) -> _Found | None:
    """`The arrows are not showing up on Android`."""
    conditions, main = split(text)
    match = _NOT_DOING.match(main)
    base = words.base_of_gerund(match["doing"]) if match else ""
    if not match or not base or base == "work" or not sense.is_thing(match["thing"]):
        return None
    if clauses.parse(match["thing"]).has_predicate or observing.is_cut(match["thing"]):
        return None
    thing = observing.definite(match["thing"])
    given, actions = _conditions(conditions)
    finite = base if words.is_plural(thing) else words.third_person(base)
    outcome = f"{_capital(thing)} {finite}{match['tail']}"
    when = " ".join(f"{condition.marker} {condition.text}" for condition in conditions)
    return f"{outcome} {when}".strip(), actions or (observing.approach(match["thing"]),), outcome, given


def _missing(text: str) -> _Found | None:
    match = _MISSING.match(text)
    if not match:
        return None
    thing = match["a"] or match["b"]
    if not observing.is_visible(thing):
        return None
    what = observing.definite(thing)
    return (
        f"{_capital(what)} is there",
        (f"Look for {what}",),
        f"{_capital(what)} {words.is_are(thing)} there{match['tail'] or ''}",
        (),
    )


def _denied(text: str) -> _Found | None:
    conditions, main = split(text)
    clause = clauses.parse(main)
    if not clause.negated or clause.modal or not clause.verb or not clause.subject or clause.verb == "work":
        return None
    if clause.form is Form.COPULA:
        return None
    if clauses.is_actor(clause.subject):
        return None
    given, actions = _conditions(conditions)
    outcome = clauses.present(clause, negated=False)
    if doing := clauses.gerund_subject(clause):
        return (
            f"{_capital(outcome)}",
            (*actions, doing),
            clauses.effect(replace(clause, negated=False)),
            given,
        )
    if not actions:
        actions = (observing.approach(clause.subject),)
    when = " ".join(f"{condition.marker} {condition.text}" for condition in conditions)
    return f"{_capital(outcome)} {when}".strip(), actions, _capital(outcome), given


def _fails(text: str) -> _Found | None:
    conditions, main = split(text)
    if not conditions:
        return None
    match = _FAILS.match(main)
    if not match or match["tail"].strip():
        return None
    subject = re.sub(
        r"\s(?:has|have|had|is|are|was|were|always|sometimes|also|just|often)$", "", match["thing"]
    )
    given, actions = _conditions(conditions)
    thing = observing.definite(subject)
    doing = clauses.parse(subject)
    if doing.form is Form.GERUND:
        actions = (*actions, clauses.imperative(doing))
        outcome = f"{_capital(match['thing'])} succeeds"
    else:
        actions = actions or (observing.approach(subject),)
        outcome = f"{_capital(thing)} {'succeed' if words.is_plural(thing) else 'succeeds'} without an error"
    when = " ".join(f"{condition.marker} {condition.text}" for condition in conditions)
    return f"{outcome} {when}", actions, outcome, given


def _conditions(conditions: tuple[Condition, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return sort_conditions(conditions, Setting())
