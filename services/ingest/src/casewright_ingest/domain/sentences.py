"""Sentences, and how much each one looks like something that can be tested."""

import re
from collections.abc import Iterator
from enum import IntEnum

LONGEST_SENTENCE = 2_000

_END = re.compile(r"[.!?。！？]+[\"')\]]*(?:\s+|$)|(?<=[。！？])")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:e\.g|i\.e|etc|vs|cf|mr|ms|dr|no|nr|approx|resp|incl|fig|z\.b|d\.h|bzw|p\.ex)\.$",
    re.IGNORECASE,
)
_OPEN_END = re.compile(
    r"(?:,|\b(?:a|an|the|of|to|and|or|in|on|for|with|by|is|are|be|should|must|can|will|that|which|from|as|at|not))$",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"^\s*(?:at\s+[\w.$<>]+\(|caused by\b|exception in\b|\d{4}-\d\d-\d\d[ T]\d\d[:.]|\d\d:\d\d:\d\d|\[?(?:debug|info|warn|warning|error|trace|severe)\]?\s*[:\[(]"
    r"|(?:public|private|protected|import|package|static|function|var|select|insert|update|create table|alter table|drop table)\s[^.]*[;({]"
    r"|</?\w|<\?|//|/\*|\$\s|\$\w+\s*[=(-]|#!|>\s|xd:>|mvn |curl |git |java |sudo |cd /|wget |line \d+ of )"
    r"|[;{}]\s*$|(?:\w+\.){3,}\w*(?:exception|error)\b|=>|::\w+\(|\w\(\w*\)\s*[;{]",
    re.IGNORECASE,
)
_URL = re.compile(r"\S+://\S+|\bwww\.\S+")
_WORD = re.compile(r"[^\W\d_]{2,}")
_ASIAN = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_QUESTION = re.compile(
    r"[?？][\s\"')\]]*$|^(?:why|what|how|who|where|which|should we|do we|does|is there|can we|could we|shall we)\b.*\?"
)
_AS_A = re.compile(
    r"^\W*(?:in order to\b[^,]{3,200},\s*)?as (?:an?|the|our)?\s*(?P<role>[^,\n]{2,80}?)\s*[,:;]?\s*\(?"
    r"\b(?:i|we|he|she|they)(?:['’]d| would| will|['’]ll)?\s*\)?\s*(?:really )?"
    r"(?:want(?:s)?|like|love|need(?:s)?|must|should|can|expect|wish|prefer|have)\b\s*(?P<want>.*)",
    re.IGNORECASE | re.DOTALL,
)
_WANT = re.compile(
    r"^\W*(?:i|we)(?:['’]d| would)?\s+(?:want|like|love|need)\s+(?P<want>.*)", re.IGNORECASE | re.DOTALL
)
_BENEFIT = re.compile(
    r"[\s,;.-]*\b(?:so that|so (?:i|we|they|he|she|the|my|our|it|users?)\b|in order (?:to|that)\b|such that i\b|because\b|to be able to in order).*",
    re.IGNORECASE | re.DOTALL,
)
_STRONG = re.compile(
    r"\b(?:must|mustn['’]t|shall|shan['’]t|should|shouldn['’]t|ought to|is required to|are required to"
    r"|(?:is|are) (?:not )?(?:expected|supposed|allowed|permitted) to|(?:is|are) (?:only|never|always) \w+"
    r"|(?:is|are) (?:mandatory|optional|required|read-only|disabled by default|enabled by default)"
    r"|not (?:be )?(?:allowed|permitted)|may not|may only|can only|has to be|have to be|needs? to be"
    r"|expected (?:result|behaviou?r|outcome)"
    r"|muss|müssen|soll|sollen|sollte|sollten|darf|dürfen|doit|doivent|devrait|devraient|debe|deben|debería"
    r"|deberían|deve|devem|deveria|devono|moet|moeten|powinien|powinna|должен|должна|должны)\b"
    r"|必须|应该|应当|必要がある|すること",
    re.IGNORECASE,
)
_MEDIUM = re.compile(
    r"\b(?:can(?:not|['’]t)?|will(?: not)?|won['’]t|(?:is|are|be) able to|has to|have to|needs? to|need not"
    r"|kann|können|peut|peuvent|puede|pueden|pode|podem|può|possono)\b",
    re.IGNORECASE,
)
_BEHAVIOUR = re.compile(
    r"\b(?:displays?|shows?|returns?|throws?|appears?|sends?|saves?|stores?|opens?|closes?|redirects?|rejects?"
    r"|accepts?|hides?|updates?|deletes?|removes?|creates?|contains?|includes?|lists?|logs?|prints?|sorts?"
    r"|filters?|validates?|prevents?|allows?|supports?|notifies|receives?|defaults?|remains?|stays?|becomes?"
    r"|(?:is|are|gets?) (?:displayed|shown|returned|thrown|sent|saved|stored|opened|closed|redirected|rejected"
    r"|accepted|hidden|updated|deleted|removed|created|listed|logged|printed|sorted|filtered|validated"
    r"|prevented|notified|visible|enabled|disabled|selected|highlighted|available))\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"^(?:when|if|once|whenever|as soon as|after|unless|given|on)\b.{3,}?(?:,|\bthen\b)",
    re.IGNORECASE | re.DOTALL,
)
_IMPERATIVE_BEHAVIOUR = re.compile(
    r"^(?:(?:also|please|only|always|never|do not|don['’]t)\s+)?(?:show|display|allow|hide|support|prevent|include"
    r"|ensure|make sure|make it possible|let|warn|notify|reject|limit|restrict|return|validate|disallow|exclude"
    r"|provide|enforce|default|sort|highlight|redirect|alert|ability to|option to|possibility to|possible to)\b(?!\s*[:=])",
    re.IGNORECASE,
)
_IMPERATIVE_CHANGE = re.compile(
    r"^(?:add|remove|rename|replace|change|enable|disable|implement|create|introduce|expose|make|use|move|set|store"
    r"|save|send|export|import|convert|extend|handle|delete|drop|update|switch|separate|split|merge|link|log|report"
    r"|print|open|close|keep|preserve|copy|load|register|generate|delegate|improve error|bring back|reduce|increase"
    r"|avoid|filter|search|cache|check|verify|should|support|provide|only|automatically|auto-\w+|new)\b(?!\s*[:=])",
    re.IGNORECASE,
)
_CHORE = re.compile(
    r"^(?:please\s+)?(?:upgrade|bump|refactor|investigate|research|spike|document|review|analy[sz]e|explore|evaluate"
    r"|discuss|figure out|find out|look (?:at|into)|think about|release|clean ?up|migrate|rework|study|benchmark"
    r"|prototype|design|write|revisit|follow[- ]up|decide|identify|backport|cherry-pick|tidy|see|refer|read|ask"
    r"|talk|prepare|plan|triage|understand|deprecate|define|determine|consider|experiment|try|learn|track"
    r"|(?:add|create|implement|update|extend|improve|fix|complete|provide|make|more|use|get|set ?up|run|enable|remove|move|split)\s+(?:\w+[\s-]+){0,4}?(?:unit|integration|junit|acceptance|behat|phpunit|automated)?[\s-]*(?:tests?|test ?cases?|documentation|docs?|javadocs?|readme|wiki|sonar|ci build|ci plan|jenkins|build plan|bamboo plan|poc|changelog|release notes)\b)"
    r"|^(?:poc|docs?|documentation|tests?|unit tests?)\b\s*[:-]?|\bspike\b",
    re.IGNORECASE,
)
_META = re.compile(
    r"\b(?:as (?:you|we) can see|can be (?:seen|found|reproduced|closed|read|viewed at)|you can (?:see|find|reproduce|read|check|use|also)"
    r"|should (?:we|i|this|probably (?:we|be discussed))\b|should (?:be|get|have been) (?:discussed|investigated|fixed|reviewed|considered|refactored|reworked|revisited|documented|tested|cleaned|done in|done as|addressed|closed|backported|part of|released|backported|split|safe|fairly|relatively|easy|straightforward|simple)"
    r"|(?:i|we) (?:think|believe|guess|feel|wonder|don['’]t know|am not sure|are not sure|assume|noticed|found|tried|discovered|saw|see|had|got|get|did|have (?:a|an|been|noticed|found|seen|tried|some|no|the|two|already))\b"
    r"|not sure|this (?:issue|ticket|bug|task|jira|story|card) (?:is|was|should|can|has|will|needs|covers|tracks|must)\b|(?:see|refer to) (?:the )?(?:attached|attachment|screenshot|comment|also|above|below|https?)"
    r"|blocked by|depends on [a-z]+-\d+|linked issue|pull request|code review|sub-?tasks?\b|follow-?up|this sprint|next sprint|story points?|unit tests?|test coverage|needs? (?:to be )?(?:more )?(?:discuss|investigat|research|refactor|review|rework|think|thought|decide|clarif)\w*"
    r"|tests? (?:should|must|needs?|pass)|(?:has|have) been\b|had been\b|hope(?:fully)?\b|unfortunately|for some reason|thanks|perhaps|maybe|might|probably|in theory|wondering|it seems|seems to|looks like|apparently|to be honest|afaik|imho|imo|btw)\b",
    re.IGNORECASE,
)
_OBSERVATION = re.compile(
    r"\b(?:currently|at the moment|at present|right now|nowadays|previously|in the past|formerly|used to|as of now|until now|so far|existing behaviou?r"
    r"|no longer|fails?|failed|failing|broken|wrong(?:ly)?|incorrect(?:ly)?|does(?:n['’]t| not)|do(?:n['’]t| not)|did(?:n['’]t| not)|was|were|wasn['’]t|weren['’]t|bug|crash(?:es)?|stack ?trace|exception|error|npe|unable to|instead of|could(?:n['’]t| not)|problem|issue|regression|hangs?|freezes?|unexpected(?:ly)?|actually|even though|although|despite)\b",
    re.IGNORECASE,
)
_BACKGROUND = re.compile(
    r"^\W*(?:currently|at the moment|at present|right now|nowadays|today|previously|in the past|formerly|as of now|until now|so far|the problem|this is because|the reason|the issue is|for instance|for example|e\.g|fyi|note\b|nb\b|ps\b|p\.s|thus|actual|btw|by the way|imagine|suppose|let['’]s say)\b",
    re.IGNORECASE,
)
_TEAM = re.compile(
    r"\b(?:we|i|you|let['’]s|us|someone|developers?|dev team|one)\b|\b(?:would|might) be (?:nice|good|great|better|useful|helpful|cool|ideal)\b",
    re.IGNORECASE,
)
_INTENT = re.compile(
    r"^\W*(?:this|the) (?:issue|task|story|ticket|improvement|feature|item|bug|card|jira|work|epic|enhancement) (?:is|aims|will be|involves|intends|calls|covers|tracks|includes)\s*(?:to|for|about|adding|that of)?\s+(?P<what>\S.*)",
    re.IGNORECASE | re.DOTALL,
)
_CHECK_PREFIX = re.compile(
    r"^(?:please\s+)?(?:verify|ensure|check|confirm|validate|make sure|assert|test)\s+that\s+(?=\S)|^(?:ensure|make sure)\s+(?=(?:the|an?|all|no|it|each|every|only|users?|that)\b)"
    r"|^expected (?:result|behaviou?r|outcome)s?(?: is| are|:)?(?: that)?\s+(?=\S)",
    re.IGNORECASE,
)
_STEP = re.compile(
    r"^(?:then |now |and |next,? )?(?:click|go to|go into|goto|open|log ?in|log ?out|login|navigate|enter|type|select|choose|press|run|start|launch|install|visit|drag|scroll|create an?|create the|add an?|edit|set up|turn on|turn off|enable|disable|configure|deploy|browse|view|load|save|check out|right[- ]click|double[- ]click|import|execute|download|upload|purge|make an?|switch|set the|try to|as an?(?: \w+){1,2} (?:go|log|click))\b",
    re.IGNORECASE,
)


class Testability(IntEnum):
    """How likely a sentence is a statement that a test can check."""

    __test__ = False  # pytest would collect the name

    NONE = 0
    WEAK = 1
    """A wish, a change to make: good enough where there is nothing else."""
    MEDIUM = 2
    STRONG = 3


def sentences(text: str) -> Iterator[str]:
    """Sentences of a paragraph; a line end closes one unless the sentence visibly goes on."""
    for line in _unwrapped(text):
        start = 0
        for end in _END.finditer(line):
            head = line[start : end.end()].strip()
            following = line[end.end() : end.end() + 1]
            if not head or _ABBREVIATION.search(head[-8:]) or following.islower():
                continue
            yield head
            start = end.end()
        if tail := line[start:].strip():
            yield tail


def _unwrapped(text: str) -> Iterator[str]:
    current: list[str] = []
    for line in text.split("\n"):
        stripped = line.strip()
        goes_on = current and stripped and (stripped[0].islower() or _OPEN_END.search(current[-1][-12:]))
        if current and not goes_on:
            yield " ".join(current)
            current = []
        if stripped:
            current.append(stripped)
    if current:
        yield " ".join(current)


def looks_like_code(text: str) -> bool:
    """Whether a line is code, a log line or part of a stack trace rather than prose."""
    sample = text[:LONGEST_SENTENCE]
    if _CODE.search(sample):
        return True
    prose = sum(char.isalpha() or char.isspace() for char in sample)
    return len(sample) >= 12 and prose < 0.7 * len(sample) and not _ASIAN.search(sample)  # noqa: PLR2004


def has_substance(text: str) -> bool:
    """Whether there are words beside addresses and symbols."""
    rest = _URL.sub("", text[:LONGEST_SENTENCE])
    return bool(_WORD.search(rest) or _ASIAN.search(rest))


def is_question(text: str) -> bool:
    """Whether it asks instead of telling."""
    return bool(_QUESTION.search(text[-LONGEST_SENTENCE:].strip().lower()))


def is_chore(text: str) -> bool:
    """Whether it is work for the team (refactor, document, write tests) that no test of the product shows."""
    return bool(_CHORE.search(text[:300].strip()))


def is_step(text: str) -> bool:
    """Whether it tells a person what to do, as steps to reproduce do."""
    return bool(_STEP.match(text[:300].strip()))


def is_intent_of_team(text: str) -> bool:
    """Whether it is about who says or does something rather than about the product."""
    return bool(_META.search(text[:LONGEST_SENTENCE]))


def testability(sentence: str) -> Testability:
    """Judge one sentence of running text, without its context.

    Background, observations of a fault, questions, code, the team's talk and role sentences
    (`As a …`) are not testable; `wish` reads the latter.
    """
    text = sentence[:LONGEST_SENTENCE].strip()
    if _is_noise(text):
        return Testability.NONE
    strong = bool(_STRONG.search(text))
    if _BACKGROUND.search(text) and not strong:
        return Testability.NONE
    if _TEAM.search(text):
        return Testability.WEAK if strong or _MEDIUM.search(text) else Testability.NONE
    if strong:
        return Testability.STRONG
    if _OBSERVATION.search(text):
        return Testability.NONE
    return _without_modal(text)


def _without_modal(text: str) -> Testability:
    if _IMPERATIVE_BEHAVIOUR.search(text) or _MEDIUM.search(text):
        return Testability.MEDIUM
    if _BEHAVIOUR.search(text) and _CONDITION.search(text):
        return Testability.MEDIUM
    if _IMPERATIVE_CHANGE.search(text) and not is_step(text):
        return Testability.WEAK
    return Testability.NONE


def _is_noise(text: str) -> bool:
    words = len(_WORD.findall(_URL.sub("", text)))
    return (
        (words < 3 and not _ASIAN.search(text))  # noqa: PLR2004  # subject, verb, object
        or is_question(text)
        or looks_like_code(text)
        or is_chore(text)
        or is_intent_of_team(text)
        or bool(_AS_A.match(text) or _WANT.match(text))
    )


def wish(sentence: str) -> str | None:
    """What a role sentence asks for, as a statement: `As a user, I want to sort` gives `A user can sort`.

    `None` where it isn't one, or asks for work that no test shows.
    """
    text = sentence[:LONGEST_SENTENCE].strip()
    story = _AS_A.match(text) or _WANT.match(text)
    if not story:
        intent = _INTENT.match(text)
        return _capitalised(intent["what"]) if intent and not is_chore(intent["what"]) else None
    want = _BENEFIT.sub("", story["want"]).strip(" .,;")
    role = story.groupdict().get("role") or ""
    role = role.strip(" *_\"'()")
    action = re.match(
        r"(?:to )?(?:be able to|have the (?:ability|option|possibility) to|(?:have )?(?:the |an? )?(?:ability|option|possibility|way) to|(?:be )?allow(?:ed)? to|to)\s+(.*)",
        want,
        re.IGNORECASE | re.DOTALL,
    )
    if len(want.split()) < 2 or is_question(text) or is_chore(action[1] if action else want):  # noqa: PLR2004
        return None
    if action:
        return _capitalised(f"{_with_article(role)} can {action[1]}")
    passive = re.match(r"(?:for |that )?(.{3,200}?) to (be \S.*|\S.*)", want, re.IGNORECASE | re.DOTALL)
    if passive and not re.search(
        r"\b(?:a way|ability|option|possibility|how|able)$", passive[1], re.IGNORECASE
    ):
        return _capitalised(f"{passive[1]} should {passive[2]}")
    return _capitalised(f"{_with_article(role)} has {want.removeprefix('have ')}")


def without_check_prefix(text: str) -> str:
    """`Verify that the page opens` as `The page opens`."""
    rest = _CHECK_PREFIX.sub("", text, count=1)
    return rest if rest == text else _capitalised(rest)


def _with_article(role: str) -> str:
    if not role:
        return "The user"
    first = role.split(maxsplit=1)[0]
    if first[:1].isupper() and first[1:].islower() and " " not in role:
        return role
    return ("An " if role[0].lower() in "aeio" else "A ") + role


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]
