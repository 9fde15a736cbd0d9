"""What somebody does, or tries in vain: instruction, result and refusal of one act."""

import re
from dataclasses import dataclass

from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.language.clauses import Clause, Form
from casewright_generator.domain.reading import observing
from casewright_generator.domain.reading.demands import of_sentence
from casewright_generator.domain.reading.situations import Setting
from casewright_generator.domain.reading.statements import Kind

REFUSED = "This is refused or not offered"
_ONE_BY_ONE = re.compile(r"(?:,? and |,? or |, )(?:the |an? )?", re.IGNORECASE)
_NO_ROLES = words.word_set(
    "parameter counter folder letter order offer voucher paper layer tracker calculator monitor error factor "
    "colour color vector sensor processor connector number filter footer header server container printer "
    "router buffer cluster character identifier trigger timer pointer register wrapper logger "
    "listener reader "
    "writer adapter driver handler installer provider scheduler newsletter editor browser computer banner "
    "operator iterator indicator separator discount amount account payment statement document attachment "
    "comment content event element component environment department shipment answer chapter corner "
    "membership "
    "helper parser player launcher runner validator generator constructor plant variant transfer reminder "
    "list playlist checklist fee tree employeeid employ degree coupon tier pier paragraph barrier"
)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One act.

    Attributes:
        action: The instruction, as written after `Try to`: in lower case, without a full stop.
        seen: What is seen once it was done, as sentences.
        undone: What is seen where it is refused, as a sentence.
    """

    action: str
    seen: tuple[str, ...]
    undone: str

    @property
    def tried(self) -> str:
        """The instruction to try it in vain."""
        return f"Try to {self.action}"


def of_person(act: str, setting: Setting) -> Attempt | None:
    """`publish articles`, as somebody does it; `None` where that can't be said."""
    return _capable(f"The user can {act}", setting)


def of_thing(thing: str, done: str, setting: Setting) -> Attempt | None:
    """`the order`, `shipped to the customer`: what somebody does to a thing."""
    return _capable(f"{clauses.capital(thing)} can be {done}", setting) or _plain(thing, done)


def _plain(thing: str, done: str) -> Attempt | None:
    participle, _, rest = done.partition(" ")
    base = words.base_of_participle(participle)
    if not base:
        return None
    what = observing.definite(thing)
    be, tail = words.is_are(what), f" {rest}" if rest else ""
    seen = clauses.sentence(f"{what} {be} {participle}{tail}")
    return Attempt(f"{base} {what}{tail}", (seen,), f"{REFUSED}: {what} {be} not {participle}{tail}.")


def of_event(text: str, setting: Setting) -> Attempt | None:
    """`the exam starts`, `the order is shipped`, `they can register`: what a tester brings about."""
    clause = clauses.parse(text)
    if not clause.verb or clause.negated or not clause.subject:
        return None
    if clause.subject.lower() in words.PRONOUNS or clauses.is_actor(clause.subject, setting.roles):
        return (
            of_person(f"{clause.verb} {clause.rest}".strip(), setting) if clause.form is Form.ACTIVE else None
        )
    if clause.form is Form.PASSIVE:
        done = f"{words.participle(clause.verb)} {clause.rest}".strip()
        return of_thing(clause.subject, done, setting)
    if clause.form is not Form.ACTIVE or clause.rest:
        return None
    thing = observing.definite(clause.subject)
    seen = clauses.sentence(clauses.present(clause, subject=thing, negated=False))
    undone = clauses.present(clause, subject=thing, negated=True)
    return Attempt(f"{clause.verb} {thing}", (seen,), f"{REFUSED}: {undone}.")


def _capable(sentence: str, setting: Setting) -> Attempt | None:
    found = of_sentence("", sentence, setting)
    if not found or found.kind is not Kind.CAPABILITY or len(found.actions) != 1 or not found.outcomes:
        return None
    action = found.actions[0].rstrip(".")
    if len(action.split()) < _FEWEST and action.lower() not in _ALONE:
        return None
    undone = observing.undone(action)
    return Attempt(
        f"{action[:1].lower()}{action[1:]}",
        found.outcomes,
        f"{REFUSED}: {undone}." if undone else f"{REFUSED}, and nothing has changed.",
    )


@dataclass(frozen=True, slots=True)
class Fact:
    """A state that holds, and its contrary, as sentences; `told` the state for the middle of one."""

    holds: str
    fails: str
    told: str


def of_state(text: str, topic: str, setting: Setting) -> Fact | None:
    """`it has been shipped`, `the ticket is closed`, `the exam starts`; `topic` is what `it` stands for."""
    clause = clauses.parse(text.strip())
    if match := _BEEN.match(text.strip()):  # whatever the verb
        subject = _resolved(match["subject"], topic, setting)
        have = words.has_have(subject)
        told = f"{subject} {have} been {match['done']}"
        return Fact(
            clauses.sentence(told), clauses.sentence(f"{subject} {have} not been {match['done']} yet"), told
        )
    if not clause.verb or not clause.subject or clause.negated or (clause.modal and clause.modal != "can"):
        return None
    subject = _resolved(clause.subject, topic, setting)
    have = words.has_have(subject)
    verb = _stated(clause)
    if not verb:
        return None
    if clause.form is Form.COPULA:
        be = words.is_are(subject)
        told = f"{subject} {be} {verb}"
        return Fact(clauses.sentence(told), clauses.sentence(f"{subject} {be} not {verb}"), told)
    told = f"{subject} {have} {verb}"
    return Fact(clauses.sentence(told), clauses.sentence(f"{subject} {have} not {verb} yet"), told)


_BEEN = re.compile(
    r"^(?P<subject>(?!not\b)[^,;]{2,50}?) (?:has|have) (?:already )?been (?P<done>[a-z]+(?: [^,;]{1,50})?)$"
)


def _resolved(subject: str, topic: str, setting: Setting) -> str:
    """The subject, a pronoun replaced, for the middle of a sentence."""
    lowered = subject.lower()
    if lowered in {"it", "they", "this", "that"} and topic:
        subject = setting.person if lowered == "they" and clauses.is_actor(topic) else topic
    elif lowered in words.PRONOUNS:
        subject = setting.person
    return clauses.lower_first(subject)


def _stated(clause: Clause) -> str:
    done = words.participle(clause.verb)
    if clause.form is Form.PASSIVE:
        return f"been {clause.written or done} {clause.rest}".strip()
    if clause.form is Form.COPULA:
        return clause.rest
    return f"{done} {clause.rest}".strip() if clause.form is Form.ACTIVE and clause.verb != "have" else ""


def is_role(noun_phrase: str, setting: Setting) -> bool:
    """Whether a short noun phrase names people by what they are: `viewers`, `team leads`, `an auditor`."""
    bare = re.sub(r"^(?:the|an?|all|every|each|any|its|their) ", "", noun_phrase.strip(), flags=re.IGNORECASE)
    if not bare or len(bare.split()) > _LONGEST_ROLE or not bare.replace(" ", "").replace("-", "").isalpha():
        return False
    if clauses.is_actor(bare, setting.roles):
        return True
    head = words.singular(bare).rsplit(" ", 1)[-1].lower()
    if head in _NO_ROLES or head in _ROLES or observing.is_visible(head) or head in observing.PLACES:
        return head in _ROLES
    return len(head) > _SHORTEST_ROLE and head.endswith(("er", "or", "ee", "ist", "ian"))


_LONGEST_ROLE = 3
_SHORTEST_ROLE = 4
_ROLES = words.word_set(
    "admin guest customer owner author member student staff user lead manager editor viewer auditor operator "
    "accountant assistant agent consultant tenant parent patient client clerk head chief supervisor "
    "applicant "
    "participant attendant"
)


def people(listed: str, setting: Setting) -> tuple[str, ...]:
    """`admins and team leads` as one person each, with an article; none where one of them is no role."""
    found = [one.strip() for one in _ONE_BY_ONE.split(listed.strip()) if one.strip()]
    if not found or len(found) > _MOST_ROLES or not all(is_role(one, setting) for one in found):
        return ()
    return tuple(person(one) for one in found)


_MOST_ROLES = 5
_FEWEST = 2
_ALONE = frozenset({"register", "login", "logout", "pay", "vote", "subscribe", "unsubscribe"})


def person(told: str) -> str:
    """`Moderators` → `a moderator`; `the author` stays."""
    bare = re.sub(r"^(?:all|every|each|any) ", "", told.strip(), flags=re.IGNORECASE)
    bare = bare if len(bare.split()[0]) > 1 and bare.split()[0].isupper() else bare[:1].lower() + bare[1:]
    return words.with_article(words.singular(bare) if words.is_plural(bare) else bare)
