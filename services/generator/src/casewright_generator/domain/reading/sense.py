"""Whether what was read from a sentence makes sense: better no case than a wrong one."""

import re

from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.language.clauses import Clause, Form
from casewright_generator.domain.language.masking import mask, tokens
from casewright_generator.domain.reading import observing

_LONGEST_SUBJECT = 14
_LONGEST_OUTCOME = 45
_STARTS = words.word_set(
    "currently also this these that those it they there then so but because since as if when while for "
    "in on at by with "
    "from to of about after before what which who how why where here now please maybe perhaps note "
    "its example trying start "
    "instead without considering assuming handle given however further furthermore regardless although "
    "though unless unfortunately ideally basically essentially additionally "
    "furthermore "
    "most any either neither possible just very thus need needs hopefully otherwise and or similar same not"
)
_INSIDE = words.word_set("because but so although whereas however")
_TEAMWORK = words.word_set(
    "abstract refactor document upgrade deprecate extract port backport rework consolidate clean "
    "investigate discuss "
    "decide consider review fix revisit address test implement reuse write rewrite develop factor split "
    "update do make "
    "get back reorganize restructure schedule research explore define determine understand clarify agree "
    "improve"
)
_INTERNAL = words.word_set(
    "class interface package module repository bean code constructor variable javadoc dependency library "
    "jar branch "
    "method subproject annotation script test documentation namespace artifact pom plugin api implementation "
    "approach solution work team we i one idea thing issue task"
)
_UNMEASURED = words.word_set(
    "good better best nice nicer fast faster quick quicker quickly slow easy easier simple simpler intuitive "
    "friendly friendlier user-friendly flexible robust efficient improved smooth smoother seamless modern "
    "and or but as more much very a lot even far still clearly way to use of for the now again possible"
)
"""Qualities without a measure, and what stands between them."""
_SPLICED = re.compile(r",\s+(?:this|these|it|we|but|so|i|you|there)\s", re.IGNORECASE)
_FAULT = re.compile(
    r"\b(?:invalid|wrong\w*|fail\w*|error\w*|exceptions?|missing|broken|incorrect\w*|lost|gone|"
    r"disappear\w*|crash\w*|hangs?|"
    r"nothing|null|stuck|npe|problem\w*|instead|no longer|gets? removed|unexpected\w*|cannot|can't|"
    r"still|overlap\w*|causes?|"
    r"http [45]\d\d)\b",
    re.IGNORECASE,
)
_PERSONAL = re.compile(r"\b(?:i|we|us|let's|i'm|we're|i'd|we'd|i've|we've)\b", re.IGNORECASE)


def is_sound(clause: Clause, *, strict: bool) -> bool:
    """Whether the main clause can be trusted; `strict` for running text, which isn't meant as a criterion."""
    if strict and (_SPLICED.search(mask(clause.text)) or _PERSONAL.search(mask(clause.rest))):
        return False
    if clause.form is Form.COPULA and _is_unmeasured(clause.rest):
        return False
    if strict and (clause.verb == "do" or clause.rest.lower().startswith(("it ", "this ", "them "))):
        return False
    if clause.form in (Form.IMPERATIVE, Form.GERUND):
        return bool(clause.rest) and not _PERSONAL.search(clause.rest)
    return _sound_subject(clause.subject, strict=strict) and (not strict or not _is_teamwork(clause))


def _sound_subject(subject: str, *, strict: bool) -> bool:
    found = tokens(subject)
    if not found or len(found) > _LONGEST_SUBJECT or any(t.bare in _INSIDE and not t.quoted for t in found):
        return False
    first, last = found[0].bare, found[-1].bare
    opens = _STARTS if strict else _STARTS - {"most", "any", "either", "neither", "same"}
    ends = words.RELATIVES | words.MODALS | (words.PREPOSITIONS - {"up", "out", "in"})
    if first in opens or last in ends or (len(found) == 1 and first in words.DETERMINERS):
        return False
    if first == "the" and last == "following":
        return False
    if len(found) > 1 and any(t.bare in {"where", "i", "we", "you"} and not t.quoted for t in found):
        return False
    personal = bool(_PERSONAL.search(mask(subject))) or (len(found) == 1 and first in words.PRONOUNS)
    vague = observing.head(subject) in {"reason", "idea", "way", "problem", "thing", "goal", "point"}
    return not (strict and (personal or vague or ", " in mask(subject)))


def _is_unmeasured(quality: str) -> bool:
    """`better and faster`: nobody can say whether it holds."""
    found = [token.bare for token in tokens(quality)]
    return bool(found) and all(word in _UNMEASURED for word in found)


def _is_teamwork(clause: Clause) -> bool:
    """`X should be refactored`: the team's work, not the product's behaviour."""
    noun = observing.head(clause.subject)
    if clause.form is Form.PASSIVE and clause.verb in _TEAMWORK:
        return True
    if (
        clause.form is Form.PASSIVE
        and clause.verb in {"change", "modify", "extend", "adapt"}
        and not clause.rest
    ):
        return True
    if clause.form is Form.ACTIVE and clause.verb in {
        "check",
        "investigate",
        "consider",
        "look",
        "review",
        "discuss",
        "decide",
        "think",
        "refactor",
    }:
        return True
    code = noun in _INTERNAL
    return (
        code
        and clause.form is Form.PASSIVE
        and clause.verb
        in {
            "move",
            "remove",
            "rename",
            "create",
            "replace",
            "add",
            "change",
            "merge",
            "convert",
            "use",
            "provide",
        }
    )


def is_demand(clause: Clause, *, conditional: bool) -> bool:
    """Whether running text demands rather than describes."""
    if clause.modal in {"must", "shall", "should"}:
        return True
    if clause.form is Form.IMPERATIVE:
        return True
    if clause.form is Form.COPULA and clause.modal in {"can", "may", "could", "might", "will", "would"}:
        return False
    if clause.modal in {"can", "may", "will"}:
        return clause.form is not Form.COPULA and not _FAULT.search(mask(clause.text))
    return (
        conditional and clause.form is not Form.COPULA and not clause.past and not _FAULT.search(clause.text)
    )


def is_short(outcome: str) -> bool:
    """Whether an outcome is one that a tester can check at a glance."""
    return len(outcome.split()) <= _LONGEST_OUTCOME


_LOOKED_AT = re.compile(r"^(?:Look at|Look for|Use|Open|Watch for|Call|Run) ")
_LONGEST_THING = 9
_CLAUSAL = words.MODALS | words.word_set(
    "what why how when if because whether is are was were does do doesn't don't"
)


def is_doable(action: str) -> bool:
    """Whether an instruction to look at, open or use something names a thing, and not half a sentence."""
    match = _LOOKED_AT.match(action)
    if not match:
        return any(map(str.isalnum, action[:2])) and _is_instruction(action)
    thing = re.split(r" and look (?:at|for) ", action[match.end() :].rstrip("."))[-1]
    found = [token for token in tokens(thing) if not token.quoted]
    if not 0 < len(found) <= _LONGEST_THING or (
        not thing[:1].isalnum() and thing[:1] not in "\"“'(-./{<$@#`"
    ):
        return False
    related = next((n for n, token in enumerate(found) if n and token.bare in words.RELATIVES), len(found))
    if any(token.bare in _CLAUSAL for token in found[:related]):
        return False
    clause = clauses.parse(thing[: found[related].start] if related < len(found) else thing)
    return not (clause.form is Form.ACTIVE and clause.subject and not words.may_be_noun(clause.verb))


_ENDLESS = (words.PREPOSITIONS - words.word_set("in on up out off over inside outside before after")) | (
    words.DETERMINERS
    - words.word_set("all each both one either neither that this these those some any another")
)
_JOINS = words.RELATIVES | words.word_set(
    "when if whether what how because as while so than why since that unless"
)
_FINITE = words.word_set("is are was were")


_LONGEST_EVENT = 4


def _is_instruction(action: str) -> bool:
    """Whether an instruction ends where it should and holds no second clause by accident."""
    found = tokens(action)
    if found[-1].bare in _ENDLESS | {"using", "and", "or", "at"} and not found[-1].quoted:
        return False
    if action.lower().startswith(("do this", "do that", "do it")):
        return False
    driven = found[0].bare in {"let", "make"} and len(found) > _LONGEST_EVENT
    if driven and clauses.parse(action.split(" ", 1)[1]).form is Form.GERUND:
        return False
    for token in found[1:]:
        if token.quoted:
            continue
        if token.bare in _JOINS:
            return True
        if token.bare in _FINITE:
            return False
    return True


def is_thing(noun_phrase: str) -> bool:
    """Whether the phrase can stand after `Look at`."""
    return not clauses.is_actor(noun_phrase) and _sound_subject(noun_phrase, strict=True)


def is_personal(text: str) -> bool:
    """Whether somebody speaks of himself, or the sentence leans on the one before."""
    first = tokens(text)[:1]
    leaning = bool(first) and first[0].bare in _STARTS - {"when", "if"}
    return leaning or bool(_PERSONAL.search(mask(text)))
