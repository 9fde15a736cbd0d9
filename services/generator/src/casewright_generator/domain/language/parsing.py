"""Takes an English clause apart: who, does what, under which modal.

Everything runs once over the words. What isn't understood comes back with an empty verb, and is quoted
by the caller rather than bent.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from casewright_generator.domain.language import phrasal, words
from casewright_generator.domain.language.masking import Token, tokens

_NEGATIONS = frozenset({"not", "never", "no", "n't"})
_ADVERBS = words.word_set(
    "also only always still already then now just automatically immediately instead either currently "
    "directly "
    "correctly properly successfully successively again first later simply clearly even ever actually "
    "explicitly implicitly all both therefore"
)
_LEADING = words.word_set("then and also so but please or that")
_ABLE = frozenset(
    {"able", "allowed", "required", "supposed", "permitted", "expected", "obliged", "forced", "unable"}
)
_FINITE_MODALS = words.MODALS | {"is", "are", "does", "do", "has"}


class Form(StrEnum):
    """How a clause is built."""

    ACTIVE = "active"
    PASSIVE = "passive"
    COPULA = "copula"
    IMPERATIVE = "imperative"
    GERUND = "gerund"
    PHRASE = "phrase"
    """No verb was found."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause and its parts, each as written.

    Attributes:
        modal: `must`, `should`, `can`, `may`, … in lower case; empty without one.
        verb: Base form; empty where none was recognised.
        adverb: Adverbs between auxiliary and verb.
        past: Whether the verb stood in the past tense; `perfect` whether with `has`.
        written: The verb as written, in lower case.
    """

    text: str
    form: Form
    subject: str = ""
    modal: str = ""
    negated: bool = False
    verb: str = ""
    adverb: str = ""
    rest: str = ""
    past: bool = False
    perfect: bool = False
    written: str = ""

    @property
    def has_predicate(self) -> bool:
        """Whether a verb was found."""
        return self.form is not Form.PHRASE


@lru_cache(maxsize=4096)
def parse(text: str) -> Clause:
    """Take one clause apart."""
    text = text.strip().rstrip(".;:!, ").strip()
    found = tokens(text)
    start = 0
    while start < len(found) - 1 and found[start].bare in _LEADING:
        start += 1
    if not found:
        return Clause(text=text, form=Form.PHRASE)
    text = text[found[start].start :]
    found = tokens(text)
    for reader in (_gerund, _imperative, _finite):
        if clause := reader(text, found):
            return clause
    return Clause(text=text, form=Form.PHRASE)


def _rest(text: str, found: tuple[Token, ...], index: int) -> str:
    return text[found[index].end :].strip() if index < len(found) else ""


def _gerund(text: str, found: tuple[Token, ...]) -> Clause | None:
    negated = found[0].bare in {"without", "not"}
    index = 1 if negated or found[0].bare in {"by", "on", "upon"} else 0
    if index >= len(found):
        return None
    base = words.base_of_gerund(found[index].bare)
    if not base:
        return None
    if any(token.bare in _FINITE_MODALS for token in found[index + 1 : index + 14]):
        return None  # "Saving a metric … should throw": the gerund is the subject
    if not negated and index == 0 and _lexical(found[index:], strict=False) is not None:
        return None  # "Clicking Reset clears both dates"
    return Clause(text=text, form=Form.GERUND, verb=base, negated=negated, rest=_rest(text, found, index))


def _imperative(text: str, found: tuple[Token, ...]) -> Clause | None:
    index, negated = 0, False
    if found[0].bare in {"do", "don't", "never"}:
        negated = found[0].bare != "do" or (len(found) > 1 and found[1].bare == "not")
        index = 2 if found[0].bare == "do" and negated else int(negated)
    while index < len(found) - 1 and found[index].bare in _ADVERBS | {"to"}:
        index += 1
    if index >= len(found) or not words.is_verb(found[index].bare) or found[index].bare in {"be", "have"}:
        return None
    if found[index].text.isupper() and index + 1 < len(found) and found[index + 1].text.startswith("/"):
        return None  # "GET /orders returns …"
    base = found[index].bare
    following = found[index + 1] if index + 1 < len(found) else None
    if following and following.bare in words.AUXILIARIES:
        return None
    described = index + 2 < len(found) and _describes(found[index + 1], found[index + 2])
    starts = _object_starts(following) or described
    if words.may_be_noun(base) and not negated and not starts and _finite(text, found):
        return None
    return Clause(text=text, form=Form.IMPERATIVE, verb=base, negated=negated, rest=_rest(text, found, index))


def _describes(word: Token, noun: Token) -> bool:
    """`attached` in `Download attached files`: a participle before the object's noun."""
    little = words.PREPOSITIONS | words.DETERMINERS | words.AUXILIARIES | words.PRONOUNS
    plain = word.bare.endswith("ed") and bool(words.base_of_participle(word.bare))
    return plain and noun.bare.isalpha() and noun.bare not in little and noun.bare.endswith("s")


def _is_request(found: tuple[Token, ...]) -> bool:
    """`GET /orders`: a method, not a verb."""
    return found[0].text.isupper() and len(found) > 1 and found[1].text.startswith("/")


def _object_starts(token: Token | None) -> bool:
    if token is None:
        return False
    return token.quoted or token.bare[:1].isdigit() or token.bare in words.DETERMINERS | words.PREPOSITIONS


def _finite(text: str, found: tuple[Token, ...]) -> Clause | None:
    first = words.base_of_third(found[0].bare)
    phrasal = len(found) > 1 and found[1].bare in {"up", "out", "off", "in", "on", "down"}
    if (
        first
        and len(found) > 1
        and (phrasal or not words.may_be_noun(first))
        and first not in {"be", "have", "do"}
    ):
        return Clause(text=text, form=Form.ACTIVE, verb=first, rest=_rest(text, found, 0))
    index = _auxiliary(found)
    if index is not None:
        return _group(text, found, index)
    for strict in (True, False):
        index = _lexical(found, strict=strict)
        if index is not None:
            word = found[index].bare
            past = not words.base_of_third(word) and not words.is_verb(word)
            base = words.base_of_third(word) or (word if words.is_verb(word) else words.base_of_past(word))
            subject, adverb = _subject(text, found, index)
            return Clause(
                text=text,
                form=Form.ACTIVE,
                subject=subject,
                verb=base,
                adverb=adverb,
                rest=_rest(text, found, index),
                past=past,
            )
    return None


def _subject(text: str, found: tuple[Token, ...], index: int) -> tuple[str, str]:
    """What stands before the verb at `index`, and the adverbs directly before it."""
    first = index
    while first > 0 and found[first - 1].bare in _ADVERBS and found[first - 1].bare not in {"all", "both"}:
        first -= 1
    adverb = " ".join(token.bare for token in found[first:index])
    return text[: found[first].start].strip().rstrip(","), adverb


def _auxiliary(found: tuple[Token, ...]) -> int | None:
    """Index of the main clause's auxiliary: one inside a relative clause is passed over."""
    skip = False
    for index, token in enumerate(found):
        if token.quoted or (not index and _is_request(found)):
            continue
        if index and (token.bare in {"who", "which"} or (token.bare == "that" and index > 1)):
            skip = True
            continue
        if token.bare in words.AUXILIARIES:
            if (
                token.bare in {"get", "gets", "do", "have"}
                and index
                and found[index - 1].bare in {"to", "not"}
            ):
                continue
            if skip and _later_verb(found, index + 1):
                skip = False
                continue
            return index
        if token.bare in {"when", "if", "because", "so", "while", "until", "unless"} and index:
            return None
        if index and not skip and _plain_verb(found, index):
            return None
    return None


def _later_verb(found: tuple[Token, ...], start: int) -> bool:
    return any(
        token.bare in words.AUXILIARIES or (words.base_of_third(token.bare) and not token.quoted)
        for token in found[start:]
    )


def _plain_verb(found: tuple[Token, ...], index: int) -> bool:
    """Whether an unmistakable finite verb stands at `index`."""
    base = words.base_of_third(found[index].bare)
    if not base or found[index].quoted or words.may_be_noun(base):
        return False
    return found[index - 1].bare not in words.DETERMINERS | words.PREPOSITIONS


def _lexical(found: tuple[Token, ...], *, strict: bool) -> int | None:
    skip = False
    for index, token in enumerate(found[1:], start=1):
        before = found[index - 1]
        if token.quoted:
            continue
        if token.bare in {"who", "which"} or (token.bare == "that" and index > 1):
            skip = True
            continue
        if token.bare in {"when", "if", "because", "while", "until", "unless"}:
            return None
        if not _verbal(found, index, strict=strict) or before.bare in words.DETERMINERS | words.PREPOSITIONS:
            continue
        if skip:
            skip = False
            continue
        return index
    return None


def _verbal(found: tuple[Token, ...], index: int, *, strict: bool) -> bool:
    word, before = found[index].bare, found[index - 1]
    third = words.base_of_third(word)
    if third:
        if not words.may_be_noun(third):
            return True
        if third in words.HARDLY_NOUNS and found[0].bare in words.DETERMINERS and index > 1:
            return not before.quoted or not strict
        following = found[index + 1] if index + 1 < len(found) else None
        particle = following is not None and following.bare in phrasal.PARTICLES
        return not strict and (_object_starts(following) or following is None or particle)
    person = before.bare in words.PRONOUNS or before.bare in words.ACTORS
    plural = (
        person
        or before.bare.endswith("s")
        or words.is_plural(" ".join(token.bare for token in found[:index]))
    )
    if words.is_verb(word) and plural and not before.quoted:
        return person or not words.may_be_noun(word) or (word in words.HARDLY_NOUNS and not strict)
    past = words.base_of_past(word)
    if past and not strict and not before.quoted:
        return person or past in words.INTRANSITIVE
    return False


def _group(text: str, found: tuple[Token, ...], index: int) -> Clause | None:
    """Read the verb group that starts with the auxiliary at `index`."""
    subject, adverb = _subject(text, found, index)
    aux = found[index].bare
    negated = aux.endswith("n't") or aux == "cannot"
    modal = ""
    if aux in words.MODALS:
        modal = {"cannot": "can", "can't": "can", "won't": "will"}.get(aux, aux.removesuffix("n't"))
    adverbs = [adverb] if adverb else []
    at = index + 1
    verb_aux = "" if modal else aux.removesuffix("n't")
    while at < len(found):
        word = found[at].bare
        if word in _NEGATIONS and word != "no":
            negated = True
        elif word in _ADVERBS or (word.endswith("ly") and not words.is_verb(word)):
            adverbs.append(word)
        elif modal and word in {"be", "have"} and verb_aux == "":
            verb_aux = word
        elif word in {"been", "being"} and verb_aux:
            verb_aux = "be"
        elif word in _ABLE and at + 1 < len(found) and found[at + 1].bare == "to":
            negated = negated or word == "unable"
            modal = "must" if word in {"required", "obliged", "forced"} and not negated else "can"
            if word in {"supposed", "expected"}:
                modal = "should"
            verb_aux = ""
            at += 1
        elif word == "to" and verb_aux in {"has", "have"}:
            modal, verb_aux = "must", ""
        else:
            break
        at += 1
    clause = Clause(
        text=text, form=Form.COPULA, subject=subject, modal=modal, negated=negated, adverb=" ".join(adverbs)
    )
    return _with_verb(clause, found, at, verb_aux, text)


def _with_verb(clause: Clause, found: tuple[Token, ...], at: int, aux: str, text: str) -> Clause | None:
    """The clause with the verb that follows its auxiliaries."""
    word = found[at].bare if at < len(found) and not found[at].quoted else ""
    here, behind = _rest(text, found, at), _rest(text, found, at - 1)
    if aux in _BE:
        return _after_be(clause, word, here, behind, aux)
    done = words.base_of_participle(word)
    if aux in _HAVE:
        perfect = replace(clause, form=Form.ACTIVE, verb=done, rest=here, past=True, perfect=True)
        return perfect if done else replace(clause, form=Form.ACTIVE, verb="have", rest=behind)
    if at >= len(found):
        return None
    if aux in _DO and not clause.negated:
        return replace(clause, form=Form.ACTIVE, verb="do", rest=behind)
    plausible = bool(clause.modal or clause.negated) and word.isalpha() and not word.endswith("s")
    if words.is_verb(word) or (plausible and word not in words.DETERMINERS | words.PREPOSITIONS):
        return replace(clause, form=Form.ACTIVE, verb=word, rest=here)
    return None


_BE = frozenset({"is", "are", "was", "were", "am", "be", "gets", "get"})
_HAVE = frozenset({"has", "have", "had"})
_DO = frozenset({"do", "does", "did"})


def _after_be(clause: Clause, word: str, here: str, behind: str, aux: str) -> Clause:
    past = aux in {"was", "were"}
    if done := words.base_of_participle(word):
        return replace(clause, form=Form.PASSIVE, verb=done, rest=here, past=past, written=word)
    if doing := words.base_of_gerund(word):
        return replace(clause, form=Form.ACTIVE, verb=doing, rest=here, past=past)
    if aux in {"gets", "get"}:
        return replace(clause, form=Form.ACTIVE, verb="get", rest=behind)
    return replace(clause, form=Form.COPULA, verb="be", rest=behind, past=past)


def command(text: str) -> Clause:
    """An instruction that is known to be one: `Pay orders` has the verb `pay`."""
    first, _, rest = text.strip().rstrip(".").partition(" ")
    if not words.is_verb(first):
        return parse(text)
    return Clause(text=text, form=Form.IMPERATIVE, verb=first.lower(), rest=rest)
