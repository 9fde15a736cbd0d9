"""The published smells of manual tests, as far as words alone show them.

Hauptmann et al., "Hunting for smells in natural language tests" (ICSE 2013), and Soares et al., "Manual tests
do smell!" (ESEM 2023). Each check is a function from a case to what it found. What the story itself says is
no smell.
"""

import re
from collections.abc import Callable, Iterator
from typing import Final

from casewright_common.events import CaseDraft, GateFinding
from casewright_generator.domain.gate.checks import found
from casewright_generator.domain.gate.facts import Facts
from casewright_generator.domain.language import words
from casewright_generator.domain.language.masking import mask
from casewright_generator.domain.planning.conditions import is_ambiguous, normal

Smell = Callable[[CaseDraft, Facts], Iterator[GateFinding]]

_NO_RESULT = re.compile(
    r"^\W*(?:n/?a|none|nil|tb[ad]|todo|t\.b\.d|to be (?:defined|determined|done|confirmed|clarified)|"
    r"see (?:above|below)|"
    r"(?:same )?as above|ditto|not applicable|unknown|no (?:expected )?(?:result|check|verification)s?|"
    r"nothing(?: to (?:check|verify|see))?|nothing is (?:to be )?checked|expected result)?\W*$",
    re.IGNORECASE,
)


def unverified_step(case: CaseDraft, _known: Facts) -> Iterator[GateFinding]:
    """A last step without expected result, or any whose expected result says that there is none."""
    last = len(case.steps)
    for number, step in enumerate(case.steps, start=1):
        said = step.expected.strip()
        if (number == last or said) and _NO_RESULT.match(said):
            yield found("unverified_step", "It doesn't say what must be seen.", step=number)


_VAGUE = re.compile(
    r"\bas (?:expected|intended|desired|usual|required|designed|specified|planned|wanted|it should|"
    r"appropriate)\b|"
    r"\b(?:works?|functions?|behaves?|reacts?|responds?|operates?|performs?|looks?|seems?) "
    r"(?:fine|well|good|ok|okay|right|normal(?:ly)?|properly|correct(?:ly)?|appropriately|accordingly|as)\b|"
    r"\b(?:accordingly|appropriately|properly|satisfactor\w+)\b|"
    r"\bthe (?:expected|right|desired|correct|proper|appropriate|intended) "
    r"(?:behaviou?r|results?|things?|outcomes?|data|state|reaction|response|action|information|way)\b|"
    r"\b(?:is|are|was) (?:successful|ok|okay|fine|correct|good|right|in order|all right)\W*$|"
    r"\bwithout (?:any )?(?:problems?|issues?|trouble|difficult\w+)\b|"
    r"\bmeets? (?:the |all )?(?:requirements?|expectations?|criteri\w+)\b|"
    r"\bin an? (?:reasonable|suitable|proper|appropriate|timely|adequate|sensible|correct) "
    r"(?:way|manner|time|fashion|state|order)\b|"
    r"\b(?:an?|some|the) (?:appropriate|adequate|suitable|reasonable|sensible|meaningful) \w+|"
    r"\b(?:etc\b|and so on\b|and so forth\b|or similar\b)|\beverything (?:is|works|looks)\b",
    re.IGNORECASE,
)


def ambiguous_test(case: CaseDraft, known: Facts) -> Iterator[GateFinding]:
    """An expected result that everybody may read in their own way."""
    for number, step in enumerate(case.steps, start=1):
        masked = mask(step.expected)
        vague = next((one.group() for one in _VAGUE.finditer(masked) if not known.says(one.group())), "")
        if vague or is_ambiguous(masked, known.folded):
            yield found("ambiguous_test", f"Nobody can check “{vague or step.expected}”.", step=number)


_DEPENDS = re.compile(
    r"(?:^|(?<=[\s,;(]))(?:(?<!check )(?<!see )(?<!verify )(?<!even )(?<!as )(?<!know )(?<!test )(?<!ask )"
    r"(?<!confirm )(?<!validate )if\b|in case\b(?! of\b)|depending on\b|depends on\b|optionally\b|unless\b|"
    r"provided(?: that)?(?= (?:that|it|the|there|they|he|she|a|an|this)\b)|otherwise\b|"
    r"(?:when|where|if|as far as|whenever|wherever) (?:possible|necessary|applicable|needed|required|"
    r"available|present)\b|"
    r"should (?:the|it|there|this|a|an|they|he|she)\b(?= .*,)|or else\b)|[,;] else\b",
    re.IGNORECASE,
)
_EITHER = re.compile(
    r"\b(?:may|might) be\b|\b(?:may|might) (?:or may not|also)\b|\beither\b.{1,80}\bor\b", re.IGNORECASE
)
_FOLLOWING = 4
"""Words from the condition on that tell whether the story says it."""


def conditional_test(case: CaseDraft, known: Facts) -> Iterator[GateFinding]:
    """A step that is done, or a result that comes out, only if something holds: two tests in one."""
    for number, step in enumerate(case.steps, start=1):
        for text, patterns in ((step.action, (_DEPENDS,)), (step.expected, (_DEPENDS, _EITHER))):
            masked = mask(text)
            hits = (match for pattern in patterns for match in pattern.finditer(masked))
            if said := next((one for one in hits if not _story_says(text, one.start(), known)), None):
                detail = f"It depends: “{text[said.start() : said.start() + 60].strip()}”."
                yield found("conditional_test", detail, step=number)
                break


def _story_says(text: str, at: int, known: Facts) -> bool:
    """Whether the story has the condition that starts there, with the words after or before it."""
    before, after = normal(text[:at]).split(), normal(text[at:]).split()
    if len(after) == 1:  # nothing follows on which it could depend
        return True
    if known.says(" ".join(after[:_FOLLOWING])):
        return True
    return bool(before) and known.says(" ".join((*before[-_FOLLOWING:], *after[:1])))


_CHECK = (
    r"(?:verify|ensure|validate|assert|make sure|double-check|(?:check|confirm|see) (?:that|if|whether))\b"
)
_CHECKS = re.compile(rf"^\W*(?:then |now |please |to )?{_CHECK}", re.IGNORECASE)
_AND_CHECKS = re.compile(rf"(?:\b(?:and|then|to)|[,.;:])\s+(?:then |also |now )?{_CHECK}", re.IGNORECASE)
_THAT = re.compile(r"\b(?:that|if|whether)\b", re.IGNORECASE)


def misplaced_verification(case: CaseDraft, known: Facts) -> Iterator[GateFinding]:
    """A check among the actions; it blocks where the step does nothing else."""
    for number, step in enumerate(case.steps, start=1):
        masked = mask(step.action)
        if start := _CHECKS.match(masked):
            if not _is_task(start.group(), masked[start.end() :], known):
                detail = "It checks and does nothing."
                yield found("misplaced_verification", detail, step=number, blocking=True)
        elif any(
            not _is_task(one.group(), masked[one.end() :], known) for one in _AND_CHECKS.finditer(masked)
        ):
            detail = "What is checked belongs to the result."
            yield found("misplaced_verification", detail, step=number, blocking=False)


def _is_task(said: str, rest: str, known: Facts) -> bool:
    """Whether the story asks somebody to do just that: `the technician validates the result`."""
    parts = [word for word in re.findall(r"[a-z]+", said.casefold()) if word not in _LEADING_WORDS]
    that = next((word for word in (*parts[1:], *rest.casefold().split()[:1]) if _THAT.fullmatch(word)), "")
    ending = f" {that} " if that else ""
    return bool(parts) and bool(re.search(rf" {parts[0][:_STEM]}\w*{ending}", known.plain))


_LEADING_WORDS: Final = words.word_set("and then to also now please")


_STEM = 5
_INSTRUCTS: Final = words.word_set(
    "click press tap select choose open close go navigate enter type fill scroll wait log sign submit reload "
    "refresh read check verify look count copy save send repeat request try scan compare return swipe drag "
    "hover upload download watch set start stop restart switch delete remove add create change edit pick "
    "double-click right-click confirm make ensure use visit inspect take put move turn leave clear "
    "find search "
    "expand collapse attach download print insert run call approve reject assign unblock log-in"
)
_LEADS = re.compile(
    r"^\W*(?:(?:and|then|now|next|please|afterwards|after that|finally|first)[, ]+)*", re.IGNORECASE
)
_SENTENCE = re.compile(r"[.;:!?\n]\s*|, (?=then\b)")
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|can't|cannot|will|does|do|did|exists?|appears?|remains?|"
    r"shows?|goes|"
    r"fails?|accepted|refused|rejected|failed|succeeds|stays?|lies?|isn't|aren't|works?|comes?|became|"
    r"becomes)\b",
    re.IGNORECASE,
)
_OBJECT = re.compile(
    r"^(?:the|a|an|this|that|these|those|all|any|each|every|another|one|it|them|him|her|his|their|its|"
    r"your|my)\b",
    re.IGNORECASE,
)
_TOWARDS = re.compile(
    r"^(?:to|in|on|into|for|until|through|down|up|out|as|at|back|over|with|once|again|off|away|[A-Z\"“'x])"
)


def misplaced_action(case: CaseDraft, known: Facts) -> Iterator[GateFinding]:
    """An instruction among the expected results."""
    for number, step in enumerate(case.steps, start=1):
        for sentence in _SENTENCE.split(mask(step.expected)):
            plain = sentence[_LEADS.match(sentence).end() :] if _LEADS.match(sentence) else sentence  # type: ignore[union-attr]  # matched
            if _is_instruction(plain) and not known.says(plain):
                yield found("misplaced_action", f"This is something to do: “{plain.strip()}”.", step=number)
                break


def _is_instruction(sentence: str) -> bool:
    verb, _, rest = sentence.strip().partition(" ")
    if verb.casefold() not in _INSTRUCTS or not rest:
        return False
    if _OBJECT.match(rest):
        return True
    return bool(_TOWARDS.match(rest)) and not _FINITE.search(rest)


_ASSUMES = re.compile(
    r"^\W*(?:given\b|pre-?conditions?\b|pre-?requisites?\b|assum(?:e|ing)\b|suppos(?:e|ing)\b|it is given\b|"
    r"it's given\b|provided that\b|there (?:is|are|exists?)\b)",
    re.IGNORECASE,
)
_ADVERBIAL: Final = words.word_set(
    "as with when while after before at on in during for from to by via under without within until "
    "once since "
    "not do don't then now next finally first please afterwards again still try and if unless never only"
)
_STATE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|exists?|been|lies|contains?|isn't|aren't|hasn't|haven't)\b",
    re.IGNORECASE,
)
_ASKED: Final = words.word_set("how what which whether where who when")
_SUBJECT: Final = words.word_set("user users customer admin system page screen application app card claim")


def misplaced_precondition(case: CaseDraft, known: Facts) -> Iterator[GateFinding]:
    """A state to start from among the actions."""
    for number, step in enumerate(case.steps, start=1):
        if _is_state(mask(step.action)) and not known.says(step.action):
            yield found("misplaced_precondition", "It says how things are, not what to do.", step=number)


def _is_state(action: str) -> bool:
    if _ASSUMES.match(action):
        return True
    clause = re.split(r"[.;:,]", action.strip(), maxsplit=1)[0]
    first, _, rest = clause.partition(" ")
    lowered = first.casefold().strip("\"“”'(")
    if lowered in _ADVERBIAL or not rest:
        return False
    determined = lowered in words.DETERMINERS
    second = rest.split(" ", 1)[0].casefold()
    if not determined and (second in words.DETERMINERS or second in words.PREPOSITIONS or second in _ASKED):
        return False  # an instruction whose verb isn't listed
    acts = not determined and lowered not in _SUBJECT and (words.is_verb(lowered) or lowered in _INSTRUCTS)
    return not acts and bool(_STATE.search(rest))


_MOST_ACTIONS = 3
_PARTS = re.compile(r"[,;.]\s*(?:and |then |and then )?|\b(?:and then|and|then)\b\s*", re.IGNORECASE)
_MORE_VERBS: Final = words.word_set("write insert search wait log read look answer count")


def eager_step(case: CaseDraft, known: Facts) -> Iterator[GateFinding]:
    """Many actions in one step: where it fails, nobody knows at which."""
    for number, step in enumerate(case.steps, start=1):
        done = sum(_is_done(part) for part in _PARTS.split(mask(step.action)))
        if done > _MOST_ACTIONS and not known.says(step.action):
            yield found("eager_step", f"{done} actions in one step.", step=number)


def _is_done(part: str) -> bool:
    first, _, rest = part.strip().casefold().partition(" ")
    if not rest:
        return first.strip("\"“”'()") in _ALONE
    return words.is_verb(first) or first in _INSTRUCTS or first in _MORE_VERBS


_ALONE: Final = words.word_set("save submit confirm wait pay publish send leave continue")


_TACIT = re.compile(
    r"\bas (?:usual|before|always|above|you know|(?:described|explained|shown|done) (?:above|before|"
    r"earlier|in the))\b|"
    r"\bas (?:needed|necessary|required|appropriate)\b|"
    r"\b(?:the|in|by|via) (?:the )?(?:usual|normal|regular|standard|common|well-known|known|customary|"
    r"typical|same) "
    r"(?:way|manner|fashion|procedure|process|workflow|flow|path|route|steps?|method|workaround|means)\b|"
    r"\b(?:standard|usual|normal|regular|known) (?:procedure|process|workflow|workaround|routine)\b|"
    r"\b(?:previous|other|earlier|last|first|another) test(?: case)?s?\b|\bsame way as\b|"
    r"\b(?:necessary|needed|required|remaining|relevant|appropriate|suitable|usual) "
    r"(?:steps?|test data|data|preparations?|set-?up|actions?|settings|information|details|inputs?|"
    r"values?)\b|"
    r"\bsteps? (?:needed|necessary|required)\b|\bwhatever (?:is|it|you)\b|\brest of the\b|\bother fields\b|"
    r"\b(?:fill (?:in|out)|enter|do|complete|prepare|set up|configure) (?:everything|all|it all|the rest)\b|"
    r"\b(?:appropriately|properly|accordingly|correctly)\b|\bset(?:ting)? up the (?:system|"
    r"environment|test)\b|"
    r"\bwell-known\b|\byour (?:own )?(?:credentials|account|data)\b|\bknown workaround\b",
    re.IGNORECASE,
)


def tacit_knowledge(case: CaseDraft, known: Facts) -> Iterator[GateFinding]:
    """A step that only those who know already can do."""
    for number, step in enumerate(case.steps, start=1):
        masked = mask(step.action)
        if said := next((one.group() for one in _TACIT.finditer(masked) if not known.says(one.group())), ""):
            yield found("tacit_knowledge", f"Only those who know can do “{said}”.", step=number)


_PLACEHOLDER = re.compile(
    r"^(?:(?:carry out|do|perform|execute|follow|test|try|check) (?:what |as )?)?(?:the )?"
    r"(?:(?:acceptance )?criterion |requirement )?ac-\d+(?: (?:describes|says|demands|states|asks for))?\W*$|"
    r"^(?:carry out|do|perform|execute|follow) (?:what|as) .{1,60} (?:describe|say|demand|state)s\W*$",
    re.IGNORECASE,
)


def placeholder_step(case: CaseDraft, _known: Facts) -> Iterator[GateFinding]:
    """A step that points to the criterion instead of saying what to do."""
    for number, step in enumerate(case.steps, start=1):
        if _PLACEHOLDER.match(step.action.strip()):
            yield found("placeholder_step", "It doesn't say what to do.", step=number)


ANY_LANGUAGE: Final[tuple[Smell, ...]] = (unverified_step, placeholder_step)
ENGLISH: Final[tuple[Smell, ...]] = (
    ambiguous_test,
    conditional_test,
    misplaced_verification,
    misplaced_action,
    misplaced_precondition,
    eager_step,
    tacit_knowledge,
)
