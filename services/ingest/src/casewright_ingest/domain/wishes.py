"""Role sentences (`As a user, I want to …`) as statements that can be checked."""

import re

from casewright_ingest.domain.sentences import is_chore, is_empty_task, is_question, judged
from casewright_ingest.domain.vocabulary import CHECK_PREFIX, CONNECTIVE, INTENT, META

_FEWEST_WORDS = 2
_ROLE = re.compile(
    r"^\W*(?:in order to\b[^,]{3,200}, ?)?as (?:an?|the|our)? ?(?P<role>[^,\n]{2,80}?)(?:, [^,\n]{2,80}?)?"
    r" ?[,:;]? ?\(?"
    r"\b(?:i|we|he|she|they)(?:'d| would| will|'ll)?\)? ?(?:really |also )?"
    r"\b(?P<verb>wants?|like|love|needs?|must|should|can|expect|wish|prefer|have|am able)\b ?"
    r"(?P<want>.*)",
    re.IGNORECASE,
)
_WANT = re.compile(r"^\W*i(?:'d| would)? (?P<verb>want|like|love|need) (?P<want>.*)", re.IGNORECASE)
_ROLE_ELSEWHERE = re.compile(
    r"^\W*(?:als [^,.]{2,80}? (?:möchte|will|brauche|wünsche|wil|zou) "
    r"|en tant qu[e'\u2019][^.]{2,80}?\bj[e'\u2019]"
    r"|como [^.]{2,80}?\b(?:quiero|necesito|quisiera|quero|preciso|gostaria)\b"
    r"|come [^.]{2,80}?\b(?:voglio|vorrei)\b|jako [^.]{2,80}?\bchc)",
    re.IGNORECASE,
)
"""A role sentence in another language; what it asks for is passed through whole."""
_BENEFIT = re.compile(
    r"[\s,;.-]*\b(?:so that|so (?:i|we|they|he|she|the|my|our|it|users?|as)\b"
    r"|in order (?:to|that)\b|because\b)",
    re.IGNORECASE,
)
_ACTION = re.compile(
    r"(?:to )?(?:be able to|be allowed to|have the (?:ability|option|possibility) to"
    r"|(?:have )?(?:the |an? )?(?:ability|option|possibility|way) to|to) (?P<action>.+)",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"(?:for |that )?(?P<who>.{3,200}?) (?P<not>not )?to (?P<not2>not )?"
    r"(?P<what>(?:be|show|display|remember|have|work|support|allow"
    r"|return|give|include|contain|open|close|appear|stay|remain|cascade|use|send|reflect|update|match"
    r"|default"
    r"|understand|follow|respect|reload|refresh|behave)\b.*)",
    re.IGNORECASE,
)
_MAKING = re.compile(
    r"(?:add|create|implement|introduce|make|build|change|rename|replace|remove|update|extend|fix|improve"
    r"|enable"
    r"|disable|expose|move|convert|set up|integrate|generate|split|merge|use|leverage|switch|provide"
    r"|include)\b",
    re.IGNORECASE,
)
_NO_ROLE = re.compile(
    r"(?:complement|result|part|consequence|first|next|side|workaround|temporary|replacement|matter)\b",
    re.IGNORECASE,
)
_USE = re.compile(
    r"(?:just |also |only )?(?:see|read|review|track|plan|submit|publish|define|ask|design"
    r"|collect|release|commit"
    r"|identify|prepare|explore|evaluate|analy[sz]e|document|write|start|finish|complete|continue|agree"
    r"|determine"
    r"|consider|try|learn|talk|discuss|schedule|decide|assess|refer|look|find|know|get|have|make|work"
    r"|handle|do)\b",
    re.IGNORECASE,
)
"""What is work when the team does it, and use of the product when a user does."""
_WRITINGS = re.compile(
    r"\b(?:documentation|docs?|wiki|guides?|tutorials?|javadocs?|readme|samples?|how to|tests?|coverage|spike"
    r"|poc|design)\b",
    re.IGNORECASE,
)
_MAKER = re.compile(r"\b(?:qa|developer|dev|engineer|team|maintainer|committer|contributor)\b", re.IGNORECASE)
_MODALS = {"must", "should", "can"}


def is_role_sentence(text: str) -> bool:
    """Whether it tells who wants something."""
    return bool(_ROLE.match(text) or _WANT.match(text) or _ROLE_ELSEWHERE.match(text))


def wish(sentence: str) -> str | None:
    """What a role sentence asks for, as a statement: `As a user, I want to sort` gives `A user can sort`.

    `None` where it isn't one, or asks for work that no test shows.
    """
    text = judged(sentence)
    story = _ROLE.match(text) or _WANT.match(text)
    if story is None and _ROLE_ELSEWHERE.match(text):
        return text
    if story is None:
        intent = INTENT.match(text)
        return capitalised(intent["what"]) if intent and not is_chore(intent["what"]) else None
    benefit = _BENEFIT.search(story["want"])
    want = story["want"][: benefit.start() if benefit else None].strip(" .,;*_")
    role = (story.groupdict().get("role") or "").strip(" *_\"'()")
    if len(want.split()) < _FEWEST_WORDS or is_question(text) or _NO_ROLE.match(role):
        return None
    if story["verb"].lower() in _MODALS:
        return capitalised(f"{_with_article(role)} {story['verb'].lower()} {want}")
    return _statement(role, want)


def _statement(role: str, want: str) -> str | None:
    action = _ACTION.fullmatch(want)
    if action and not action["action"].lower().startswith("have "):
        doing = action["action"]
        uses = bool(role) and not _MAKER.search(role) and _USE.match(doing) and not _WRITINGS.search(doing)
        if META.search(doing) or (not uses and (is_chore(doing) or is_empty_task(doing))):
            return None
        if _MAKER.search(role) and _MAKING.match(doing):
            return capitalised(doing)
        return capitalised(f"{_with_article(role)} can {doing}")
    others = None if action else _OTHERS.fullmatch(want)
    if others:
        negation = "not " if others["not"] or others["not2"] else ""
        return capitalised(f"{others['who']} should {negation}{others['what']}")
    thing = (action["action"] if action else want).removeprefix("to ").removeprefix("have ")
    return None if is_chore(thing) else f"{_with_article(role)} has {thing}"


def stated(text: str) -> str:
    """A statement without what only leads it in: `So verify that the page opens` as `The page opens`."""
    rest = CONNECTIVE.sub("", text, count=1)
    rest = CHECK_PREFIX.sub("", rest, count=1)
    return rest if rest == text else capitalised(rest)


def capitalised(text: str) -> str:
    """The text with its first letter as a capital, and no other changed."""
    return text[:1].upper() + text[1:]


def _with_article(role: str) -> str:
    if not role:
        return "The user"
    if " " not in role and role[0].isupper():
        return role
    return ("An " if role[0].lower() in "aeio" else "A ") + role
