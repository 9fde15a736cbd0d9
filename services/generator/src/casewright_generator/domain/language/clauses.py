"""Puts an English clause together again: as an instruction, as an observation, as a title."""

import itertools

from casewright_generator.domain.language import phrasal, words
from casewright_generator.domain.language.masking import tokens
from casewright_generator.domain.language.parsing import Clause, Form, command, parse

__all__ = ["Clause", "Form", "command", "parse"]

_OWN = frozenset({"my", "our", "their", "his", "her"})
_SELVES = frozenset({"himself", "herself", "themselves"})
_MUST = frozenset({"must", "shall"})
_CAN = frozenset({"can", "may", "could", "might"})


def is_actor(noun_phrase: str, roles: frozenset[str] = frozenset()) -> bool:
    """Whether a noun phrase names people: its head, the last word before a preposition, is one of them."""
    head = ""
    for token in tokens(noun_phrase):
        if token.bare in words.PREPOSITIONS or token.bare in words.RELATIVES:
            break
        head = token.bare
    return head in words.ACTORS or head in roles


def _join(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def sentence(text: str) -> str:
    """With a capital and a full stop."""
    text = text.strip().rstrip(",;:").strip()
    if not text:
        return ""
    if text[0].islower() and not _code_like(text.split(maxsplit=1)[0]):
        text = text[0].upper() + text[1:]
    return text if text[-1] in ".!?…" else text + "."


def capital(text: str) -> str:
    """With a capital, unless it starts with code."""
    return sentence(text)[: len(text)] if text and not text.startswith(" ") else text


def _code_like(word: str) -> bool:
    """`jobName`, `my_key`, `--date`: not to be capitalised."""
    return any(letter.isupper() or letter in "_/{}<>=@$\\" for letter in word[1:]) or "." in word[:-1]


def lower_first(text: str) -> str:
    """For the middle of a sentence: `The cart` → `the cart`, but `PDF files` and `Save` stay."""
    first = text.split(maxsplit=1)[0] if text.split() else ""
    bare = first.rstrip(",.").lower()
    second = text[len(first) :].lstrip()[:1]
    if second.isupper() and bare not in words.DETERMINERS | words.PREPOSITIONS | words.ACTORS:
        return text
    if bare == "i" or not words.is_common(bare) or (len(first) > 1 and not first[1:].rstrip(",.").islower()):
        return text
    return text[0].lower() + text[1:]


def imperative(clause: Clause, *, negated: bool | None = None) -> str:
    """The clause as an instruction to the tester: `the user clicks Save` → `Click Save`."""
    no = clause.negated if negated is None else negated
    rest = _impersonal(clause.rest)
    if no and clause.verb in {"enter", "provide", "fill", "specify", "supply"} and rest:
        return f"Leave {_definite(rest)} empty"
    return _join("Do not" if no else "", clause.verb if no else clause.verb.capitalize(), rest)


def _definite(noun_phrase: str) -> str:
    """`a name` → `the name`, `any data` → `the data`."""
    first, _, others = noun_phrase.partition(" ")
    if first.lower() in {"a", "an", "any"} and others:
        return f"the {others}"
    return noun_phrase


def _impersonal(rest: str) -> str:
    """`my cart` → `the cart`, so that the tester isn't told about somebody's self."""
    return " ".join(
        "the" if word in _OWN else "yourself" if word in _SELVES else word
        for word in rest.split(" ")
        if word != "own"
    )


def passive_as_imperative(clause: Clause) -> str:
    """`a file is uploaded to the space` → `Upload a file to the space`."""
    particle, others = phrasal.parts(clause.verb, clause.rest)
    subject = clause.subject
    subject = f"u{subject[1:]}" if subject.startswith("Up to ") else lower_first(subject)
    return _join(clause.verb.capitalize(), particle, subject, others)


def causative(clause: Clause) -> str:
    """An event that no person does, as an instruction: `the session expires` → `Let the session expire`."""
    subject = lower_first(clause.subject)
    verb = "Make" if clause.verb in {"fail", "crash", "stop", "throw", "break", "hang"} else "Let"
    return _join(verb, subject, "not" if clause.negated else "", clause.verb, clause.rest)


def present(clause: Clause, *, subject: str | None = None, negated: bool | None = None) -> str:
    """The clause as an observation: `X should be shown` → `X is shown`; without a full stop."""
    who = clause.subject if subject is None else subject
    no = clause.negated if negated is None else negated
    if clause.form in (Form.IMPERATIVE, Form.GERUND):
        return _observed_system(clause, negated=no)
    many = words.is_plural(who) or who.lower() == "i"
    if clause.form is Form.PASSIVE:
        be = "am" if who == "I" else words.is_are(who)
        done = clause.written or words.participle(clause.verb)
        return _join(who, be, "not" if no else "", clause.adverb, done, clause.rest)
    if clause.form is Form.COPULA:
        return _join(who, words.is_are(who), "not" if no else "", clause.adverb, clause.rest)
    if no:
        return _join(who, "do" if many else "does", "not", clause.adverb, clause.verb, clause.rest)
    finite = clause.verb if many else words.third_person(clause.verb)
    rest = _continued(clause.rest) if clause.modal and not many else clause.rest
    return _join(who, clause.adverb, finite, rest)


def perfected(clause: Clause, *, negated: bool) -> str:
    """`the code has expired` with or without its `not`; without a full stop."""
    has = words.has_have(clause.subject)
    return _join(
        clause.subject,
        has,
        "not" if negated else "",
        clause.adverb,
        words.participle(clause.verb),
        clause.rest,
    )


def _continued(rest: str) -> str:
    """`provide a parameter and have a default` after `should`, as `… and has a default`."""
    found = tokens(rest)
    for before, token in itertools.pairwise(found):
        if (
            before.bare == "and"
            and words.is_verb(token.bare)
            and not words.may_be_noun(token.bare)
            and not token.quoted
        ):
            return f"{rest[: token.start]}{words.third_person(token.bare)}{rest[token.end :]}"
    return rest


def _observed_system(clause: Clause, *, negated: bool) -> str:
    verb = f"does not {clause.verb}" if negated else words.third_person(clause.verb)
    return _join("The system", verb, clause.rest)


def wants(clause: Clause) -> bool:
    """Whether the clause demands something: it has a modal that isn't a mere prediction."""
    return bool(clause.modal)


def is_capability(clause: Clause) -> bool:
    """Whether the clause says what somebody can do."""
    return clause.modal in _CAN


def gerund_subject(clause: Clause) -> str:
    """`Saving a metric should throw …` → `Save a metric`; empty where the subject is a thing."""
    found = tokens(clause.subject)
    if not found:
        return ""
    base = words.base_of_gerund(found[0].bare)
    if not base or found[0].bare in words.GERUND_NOUNS:
        return ""
    return _join(base.capitalize(), clause.subject[found[0].end :].strip())


def effect(clause: Clause) -> str:
    """What an action as subject leads to: `throws an exception` → `An exception is thrown`."""
    thing = clause.rest
    no_object = words.INTRANSITIVE | words.STATIVE | {"lead", "cause", "result", "make", "allow", "let"}
    if clause.form is Form.ACTIVE and thing and clause.verb not in no_object:
        first, tail = _first_object(thing)
        return _join(
            first, words.is_are(first), "not" if clause.negated else "", words.participle(clause.verb), tail
        )
    return present(clause)


def _first_object(text: str) -> tuple[str, str]:
    for token in tokens(text)[1:]:
        if token.bare in words.PREPOSITIONS - {"of"}:
            return text[: token.start].strip(), text[token.start :].strip()
    return text, ""
