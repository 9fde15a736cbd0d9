"""Fields, buttons, pages and other names: only those that the story knows."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from casewright_common.events import CaseDraft, GateFinding
from casewright_generator.domain.gate import lexicon
from casewright_generator.domain.gate.checks import found
from casewright_generator.domain.gate.facts import Facts, claims
from casewright_generator.domain.language import words
from casewright_generator.domain.language.masking import mask

_IDENTIFIER = re.compile(r"[A-Za-z][\w./@$-]*[A-Za-z0-9]")
_REFERENCE = re.compile(r"^(?:AC|TC|C)-\d+$", re.IGNORECASE)
_ABBREVIATION = 2
"""Letters up to which a word in capitals proves nothing: `OK`, `ID`."""
_UNIVERSAL: Final = words.word_set("ok id ui url app http https api html n/a tbd tba todo gui pc os utf")
_ELEMENTS: Final = words.word_set(
    "button buttons tab tabs menu menus field fields checkbox checkboxes dropdown drop-down combobox "
    "icon icons "
    "toggle toggles switch slider dialog dialogue modal popup pop-up panel sidebar page pages screen screens "
    "section sections column columns form forms toolbar banner tooltip wizard widget widgets "
    "settings dashboard "
    "console input inputs textbox radio option options filter filters list view box "
    "preferences hyperlink breadcrumb picker spinner accordion carousel window pane subpage submenu drawer"
)
_MANY_SENSES: Final = words.word_set("list view box option options filter filters form forms window")
"""Elements that are as often ordinary words."""
_GENERIC: Final = words.word_set(
    "login log-in sign-in signin logon home start main landing error confirmation overview detail "
    "details same "
    "next previous first second third last new empty own whole other another further corresponding "
    "respective "
    "following relevant given current open opened mandatory required optional input text entry "
    "submit save ok "
    "confirm continue primary only single separate appropriate invalid valid wrong correct full "
    "short long free "
    "large small different unknown existing matching web browser app application mobile such named actual "
    "said entire original usual standard default upper lower left right top bottom old former "
    "displayed shown "
    "selected chosen visible affected any one two three four five six remaining enabled disabled resulting "
    "result results search own's test sample example random arbitrary certain particular public private "
    "completed filled complete initial final outer inner related associated proper"
)
_COMMON_OBJECTS: Final = words.word_set(
    "value values text texts amount amounts number numbers data date dates time times name names item items "
    "entry entries record records file files character characters letter letters digit digits word words "
    "detail details information field fields form forms thing things one ones it them option options "
    "combination combinations set string strings sentence input inputs content contents title reason answer "
    "response choice selection request quantity length size unit format type kind piece line lines day days "
    "minute minutes hour hours week weeks month months year years moment while step steps row rows "
    "case cases "
    "page screen result key enter space mouse keyboard browser change changes limit limits maximum minimum "
    "boundary range duration total sum status state count level price cost weight height width age "
    "user account start end rest first second third last next other others place part parts copy version"
)
_ENTERS = re.compile(
    r"\b(?:enter|type(?: in)?|fill(?: in| out)?|input|provide|specify|select|choose|pick|tick|check|untick|"
    r"toggle|tap|click(?: on)?|press|turn on|turn off|switch on|switch off|enable|disable|rate|answer|upload|"
    r"attach|apply|expand|collapse|drag|swipe|set|scan)"
    r"(?: (?:the|an?|his|her|their|your|its|my|this|that|any|some|both|all|each))+ "
    r"(?P<what>[^,.;:()\n]{2,80})",
    re.IGNORECASE,
)
_BOUND = re.compile(
    r"\b(?:of|for|from|in|on|at|to|as|with|without|and|or|by|via|into|onto|that|which|who|whose|until|after|"
    r"before|when|while|is|are|was|were|has|have|so|than|between|again|during|because|if|under|next|once|"
    r"has|must|can|will|should|may|against|inside|behind|through|within|about|per|then|but)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+(?:[-'\u2019][^\W\d_]+)*|\d+")
_CLAUSE = re.compile(r"[.;:!?\n,()/>\u2013\u2014]|(?:^|\s)-\s")
_CALENDAR: Final = words.word_set(
    "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays "
    "saturdays sundays january february march april may june july august september october november december "
    "english german french spanish latin greek european american british i internet web christmas easter"
)
_MOST_WORDS = 4
_TITLED = 0.6


def invented(
    case: CaseDraft, known: Facts, planned: Facts, sample: Facts, *, english: bool
) -> Iterator[GateFinding]:
    """Names that neither story, context, condition nor sample has.

    Args:
        case: That is looked at.
        known: Of story and context.
        planned: Of its condition.
        sample: Of its own sample data.
        english: Whether plain words can be told from names by English rules; identifiers always can.
    """
    grounds = (known, planned, sample)
    told: dict[str, int | None] = {}
    for name in _identifiers(mask_links(claims(case))):
        if not _has_identifier(name, grounds):
            told.setdefault(name, None)
    if english:
        for item in case.data:
            if _unheard(_words(item.name), grounds):
                told.setdefault(item.name, None)
        for number, text in _texts(case):
            for name in _plain_names(text, grounds):
                told.setdefault(name, number)
    for name, at in told.items():
        yield found("invented_name", f"Nothing says “{name}”.", step=at)


def _texts(case: CaseDraft) -> Iterator[tuple[int | None, str]]:
    yield None, case.title
    for text in case.preconditions:
        yield None, text
    for number, step in enumerate(case.steps, start=1):
        yield number, step.action
        yield number, step.expected


_LINK = re.compile(r"\S*(?:://|@|www\.)\S*")


def mask_links(text: str) -> str:
    """Without links and addresses, which are checked elsewhere."""
    return _LINK.sub(" ", text)


def _identifiers(text: str) -> Iterator[str]:
    """Words that look like identifiers or abbreviations, not like prose."""
    for match in _IDENTIFIER.finditer(text):
        word = match.group()
        coded = any(letter in "_$" for letter in word) or any(letter.isupper() for letter in word[1:])
        if coded and len(word) > _ABBREVIATION and not _REFERENCE.match(word):
            yield word


def _has_identifier(name: str, grounds: Sequence[Facts]) -> bool:
    folded = name.casefold()
    if folded in _UNIVERSAL or any(folded in facts.folded for facts in grounds):
        return True
    parts = [part for part in re.split(r"[\W_]+", folded) if part]
    return all(any(_hears(part, facts) for facts in grounds) for part in parts)


def _hears(part: str, facts: Facts) -> bool:
    return (
        part in facts.vocabulary
        or part.removesuffix("s") in facts.vocabulary
        or lexicon.stem(part) in facts.stems
    )


def _plain_names(text: str, grounds: Sequence[Facts]) -> Iterator[str]:
    masked = mask(mask_links(text))
    yield from _elements(masked, grounds)
    yield from _objects(masked, grounds)
    yield from _capitals(masked, grounds)


def _elements(text: str, grounds: Sequence[Facts]) -> Iterator[str]:
    """`the Export button`, `the nickname field`: what stands before the kind of element."""
    for clause in _CLAUSE.split(text):
        parts = _WORD.findall(clause)
        for at, word in enumerate(parts):
            if word.casefold() not in _ELEMENTS or at == 0:
                continue
            name = _modifiers(parts[:at])
            if _is_title(name, starts=len(name) == at) and not any(
                facts.says(" ".join(name)) for facts in grounds
            ):
                yield " ".join((*name, word))
                continue
            if not name or (word.casefold() in _MANY_SENSES and not _named(name)):
                continue
            missing = [one for one in name if not _is_fine(one, grounds)]
            large = any(one[:1].isupper() for one in missing if not (len(name) == at and one is name[0]))
            if missing and (large or not _is_fine(name[-1], grounds)):
                yield " ".join((*name, word))


def _is_title(name: Sequence[str], *, starts: bool) -> bool:
    """Whether it is a name of several words, all large: such a name is known as a whole or not at all."""
    large = name[1:] if starts else name
    return len(large) > 1 and all(one[:1].isupper() for one in large)


def _named(name: Sequence[str]) -> bool:
    """Whether it is written as a name, or is long enough to be one."""
    return any(one[:1].isupper() for one in name)


def _modifiers(before: Sequence[str]) -> list[str]:
    """The words that belong to the element: back to the last article, preposition or verb."""
    name: list[str] = []
    for word in reversed(before[-_MOST_WORDS:]):
        folded = word.casefold()
        if (
            (folded in _STOPS and not word[:1].isupper())
            or folded.isdigit()
            or (_is_doing(folded) and not word[:1].isupper())
        ):
            break
        name.insert(0, word)
    return name


_STOPS = (
    lexicon.STOP
    | words.word_set(
        "click press tap hit select choose open pick tick check toggle enter fill scroll push use see"
    )
) - {"own", "same", "more", "get", "go"}


@lru_cache(maxsize=4_096)
def _is_doing(word: str) -> bool:
    """Whether it is a verb rather than part of a name."""
    return (words.is_verb(word) and not words.may_be_noun(word)) or (
        bool(words.base_of_third(word)) and not words.may_be_noun(words.base_of_third(word))
    )


def _objects(text: str, grounds: Sequence[Facts]) -> Iterator[str]:
    """`enter the tax number`, `answer the security question`: what is entered, chosen or pressed."""
    for match in _ENTERS.finditer(text):
        parts = _WORD.findall(_BOUND.split(match["what"])[0])[: _MOST_WORDS + 1]
        while parts and (parts[-1].casefold().isdigit() or parts[-1].casefold() in _TRAILING):
            parts.pop()
        name = [one for one in parts if not one.isdigit()]
        if name and _unheard(name, grounds):
            yield " ".join(name)


_TRAILING = words.word_set(
    "away up down out off too again twice once instead first now today tomorrow there here back "
    "together alone "
    "only directly immediately later afterwards anyway yet completely manually online offline"
)


def _unheard(name: Sequence[str], grounds: Sequence[Facts]) -> bool:
    """Whether nobody speaks of the thing: of its noun or, where that says little, of the word before."""
    if not name:
        return False
    head = name[-1].casefold()
    if head in _COMMON_OBJECTS or words.singular(head) in _COMMON_OBJECTS or head in _ELEMENTS:
        rest = [one for one in name[:-1] if one.casefold() not in _COMMON_OBJECTS]
        return bool(rest) and not _is_fine(rest[-1], grounds)
    return not _is_fine(head, grounds)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.replace("_", " "))


def _capitals(text: str, grounds: Sequence[Facts]) -> Iterator[str]:
    """`Billing Settings` in the middle of a sentence."""
    if _is_titled(text):
        return
    for clause in _CLAUSE.split(text):
        parts = clause.split()
        for word in parts[1:]:
            bare = word.strip(_AROUND)
            if (
                len(bare) > 1
                and bare[0].isupper()
                and bare[1:].islower()
                and bare.casefold() not in _CALENDAR
                and not all(_is_fine(one, grounds) for one in _WORD.findall(bare))
            ):
                yield bare


def _is_titled(text: str) -> bool:
    """Whether most words are written large, as in a heading."""
    parts = [word for word in _WORD.findall(text) if len(word) > _TITLE_WORD]
    return len(parts) > 1 and sum(word[0].isupper() for word in parts) >= _TITLED * len(parts)


_AROUND = "\"'“”\u2018\u2019()[]{}*_-.,"
_TITLE_WORD = 3


def _is_fine(word: str, grounds: Sequence[Facts]) -> bool:
    folded = word.casefold().split("'")[0].split("\u2019")[0]
    if folded in _GENERIC or folded in lexicon.STOP or folded in _UNIVERSAL or set(folded) == {"x"}:
        return True
    if any(facts.knows(folded) for facts in grounds):
        return True
    return "-" in folded and all(
        part in lexicon.STOP or any(facts.knows(part) for facts in grounds)
        for part in folded.split("-")
        if part
    )
