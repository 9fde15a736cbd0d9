"""Who acts in a story, or is acted upon, by the name of their part."""

import re
from collections.abc import Iterable, Iterator

from casewright_generator.domain.language import words
from casewright_generator.domain.requirements.role_names import FOREIGN_HEADS, HEADS

_AS_A = re.compile(
    r"(?:^|(?<=[.:*\n!]) ?|\bshort: |\()\W{0,3}[Aa]s(?:\*|_)*\s*(?:\*|_)*\s*"
    r"(?:(?:an?|the)\b|(?=[^,.\n]{2,60},? *(?:\*|_)*"
    r"(?:I|we)\b))(?:\*|_)*\s*"
    r"(?P<role>[^,.\n*;]{2,60}?)(?:\s*(?:\*|_)*\s*(?:,|\n|$|\*I\b|\b(?:I|i|we|We)(?:['\u2019]d|"
    r"['\u2019]m)?\b))|"
    r"\bAs an? (?P<later>[^,.\n]{2,60}?),? (?:I|we)\b|"
    r"\b(?:als|Als) (?:eine?[rn]? )?(?P<de>[^,.\n]{2,50}?),? (?:möchte|will|brauche|kann|muss) ich\b|"
    r"\b(?:Como|como) (?:una? )?(?P<es>[^,.\n]{2,50}?),? (?:quiero|necesito|quisiera|deseo)\b|"
    r"\bEn tant que?(?: |['\u2019])(?:une? )?(?P<fr>[^,.\n]{2,50}?),? (?:je|j['\u2019])|"
    r"\b(?:Come|come) (?P<it>[^,.\n]{2,50}?),? (?:voglio|vorrei)\b|\bAls (?P<nl>[^,.\n]{2,50}?) (?:wil|"
    r"moet) ik\b",
    re.MULTILINE,
)
_NOT_ROLES = words.word_set("system service server app application platform user users page browser team")
_SUBJECT = re.compile(
    r"(?P<role>(?:[A-Za-z][\w'\u2019-]*[ ]){0,3}?[A-Za-z][\w-]{2,20})(?=\W|$)",
)
_DETERMINERS = words.word_set(
    "de het een six seven eight nine ten eleven twelve twenty "
    "a an the each every any no only all his her their its our this that these those some another "
    "other more most both either neither which whose one two three four five new old same next last "
    "first "
    "many few several own der die das den dem ein eine einen einem einer jeder jede kein keine el la "
    "los las un una cada le les une chaque du des aux del al"
)
_MODIFIER = re.compile(r"^[a-z][a-z-]{1,16}$")
_STOP_MODIFIERS = words.word_set(
    "and or but if when once after before for with without of to in on at by from is are be was were "
    "has have had can may must should will not never no it they she he who which that whoever as than "
    "so then "
    "while because only also still again up out about into over under between among during until "
    "through being been gets get got does do did make makes made let lets tell tells told notify "
    "notified show shows "
    "shown give gives given ask asks asked sees see send sends sent mail mails inform informed pay "
    "pays paid until unless where what how why there here via per plus minus more less than least most "
    "current waiting paying lowest highest approved registered valid invalid different second third "
    "previous own unknown existing interested logged signed active additional new former-x certain "
    "respective responsible "
    "same other another missing many late early present good bad available hand letting-x remaining "
    "eligible wrong right "
    "online offline selected chosen given affected concerned "
    "incoming outgoing und oder für mit von zu auf an bei nach vor ohne durch am im zum zur"
)
_PLAIN = {
    "children": "child",
    "people": "person",
    "persons": "person",
    "staff": "staff",
    "ladies": "lady",
    "secretaries": "secretary",
    "men": "man",
}
_GROUPED = re.compile(
    r"\b(?P<role>head of (?:the )?[a-z]+(?: (?:office|department|team|unit))?)\b", re.IGNORECASE
)
_POSSESSIVE = re.compile(r"['\u2019]s?$")


def roles(story_text: str, criteria: Iterable[str], *, language: str) -> tuple[str, ...]:
    """Roles in lower case and singular, those of the wish first."""
    found: dict[str, None] = {}
    for role in _wished(story_text):
        found.setdefault(role)
    for text in criteria:
        for role in _named(text, language):
            found.setdefault(role)
    return tuple(
        one
        for one in found
        if not any(
            other != one and other.endswith(f" {one}") and other.split()[0] not in _ADJECTIVES
            for other in found
        )
    )


def _wished(text: str) -> Iterator[str]:
    for match in _AS_A.finditer(text):
        raw = next(group for group in match.groups() if group)
        role = re.sub(r"^(?:an?|the|eine?[rn]?|una?|une)\s+", "", raw.strip(" *_").lower())
        role = re.split(r" (?:who|that|of a|with|in the|at|from|on) ", role)[0].strip()
        if role and len(role.split()) <= _MOST_WORDS and role not in _NOT_ROLES and not _TALK.search(role):
            yield singular(role) if match["role"] or match["later"] else role


_ADJECTIVES = words.word_set(
    "former new anonymous premium gold silver external internal senior junior old potential second"
)
_MOST_WORDS = 4
_TALK = re.compile(
    r"\b(?:soon|long|far|well|discussed|agreed|said|before|usual|result|much|many|it|we|they|is|are|"
    r"was|above|below|a)\b"
)


def _named(text: str, language: str) -> Iterator[str]:
    for match in _GROUPED.finditer(text):
        yield match["role"].lower()
    tokens = [
        (match.group(), match.start(), match.end()) for match in re.finditer(r"[^\W\d_][\w'\u2019-]*", text)
    ]
    for index, (token, start, end) in enumerate(tokens):
        bare = _POSSESSIVE.sub("", token)
        low = singular(bare.lower())
        if low in _ANYBODY:
            yield from _particular(tokens, index, low, text)
            continue
        if _DOTTED.match(text[end : end + 2]) or text[max(0, start - 1) : start] in _MARKS:
            continue  # `major.minor`
        known = low in HEADS or (language != "en" and low in FOREIGN_HEADS)
        if not known or low in _NOT_ROLES:
            continue
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        if (
            following
            and following[1] == end + 1
            and text[end] == " "
            and singular(_POSSESSIVE.sub("", following[0].lower())) in _COMPOUND_TAILS | HEADS
            and not token.endswith(("s", "s'", "'s"))
            and not _is_verb_of(following[0], text[max(0, start - _REACH) : start])
        ):
            continue  # `ticket holder`'s own head comes next, or `host name` is a thing
        if _is_kind_of_thing(text, tokens, index) or (language == "en" and _is_field(text, tokens, index)):
            continue
        yield _with_modifiers(tokens, index, low, text)


_DOTTED = re.compile(r"[._/+@]\w")
_MARKS = frozenset("._/+@")
_ANYBODY = words.word_set("user person people")
"""Nouns that name a part only with the word before them: `wheelchair user`, `insured person`."""
_NO_PART = words.word_set(
    "app web mobile desktop internal external active inactive single multiple end several current logged "
    "signed-in logged-in young old real natural legal same contact right wrong second third next last test "
    "anonymous unknown many few other more most waiting different named deleted blocked"
)


def _particular(tokens: list[tuple[str, int, int]], index: int, head: str, text: str) -> Iterator[str]:
    if not index or text[tokens[index - 1][2] : tokens[index][1]] != " ":
        return
    low = tokens[index - 1][0].lower()
    plain = low in _DETERMINERS or low in _STOP_MODIFIERS or low in _NO_PART or not _MODIFIER.match(low)
    if plain or low.endswith(("ly", "s")) or words.is_verb(low):
        return
    if head == "user" and (words.base_of_participle(low) or words.base_of_gerund(low)):
        return
    if head != "user" and not words.base_of_participle(low):
        return
    yield f"{low} {'person' if head == 'people' else head}"


_REACH = 40
_ONE = re.compile(r"\b(?:an?|each|every|another|one) (?:[a-z-]+ ){0,2}$", re.IGNORECASE)
"""An article of the singular: a word in `-s` behind its noun is a verb."""


def _is_verb_of(word: str, before: str) -> bool:
    """Whether the word after a role in the singular is what it does (`the operator types`)."""
    plural = word.islower() and word.endswith("s")
    return plural and (words.is_verb(singular(word)) or _ONE.search(before) is not None)


def _is_kind_of_thing(text: str, tokens: list[tuple[str, int, int]], index: int) -> bool:
    """`a doctor's note`: what kind of thing, and nobody in particular."""
    token, start, end = tokens[index]
    return (
        token.endswith(("'s", "\u2019s"))
        and index + 1 < len(tokens)
        and text[end : tokens[index + 1][1]] == " "
        and bool(re.search(r"\ban? $", text[max(0, start - 3) : start], re.IGNORECASE))
    )


def _is_field(text: str, tokens: list[tuple[str, int, int]], index: int) -> bool:
    """`title and author`: a datum among others, since somebody would have an article."""
    token, start, end = tokens[index]
    if token[0].isupper() or singular(token.lower()) != token.lower() or token.lower() in _NO_ARTICLE:
        return False
    before = text[max(0, start - 6) : start]
    return bool(re.search(r"(?:[a-z],|\b(?:and|or)) $", before)) and bool(
        re.match(r"[.,;)]|$", text[end : end + 1])
    )


_NO_ARTICLE = words.word_set("staff police crew")


_COMPOUND_TAILS = words.word_set(
    "name number list id address page portal account group role view app data fee table board form "
    "letter mailbox card code area desk office service support screen dashboard mode login record "
    "profile file type "
    "review note notes message email mail query export import limit plan link base field question"
)


_MOST_PARTS = 3
"""Words of a role that is named by its head: two modifiers at most."""


def _with_modifiers(tokens: list[tuple[str, int, int]], index: int, head: str, text: str) -> str:
    parts = [head]
    at = index - 1
    while at >= 0 and len(parts) < _MOST_PARTS:
        token, _, end = tokens[at]
        if text[end : tokens[at + 1][1]] != " ":
            break
        low = token.lower()
        if (
            low in _DETERMINERS
            or low in _STOP_MODIFIERS
            or not _MODIFIER.match(low)
            or "'" in token
            or (
                low.endswith("s")
                and not low.endswith(("ss", "us"))
                and low
                not in {
                    "claims",
                    "sales",
                    "reservations",
                    "operations",
                    "customs",
                    "sports",
                    "premises",
                    "systems",
                    "accounts",
                }
            )
        ):
            break
        if (
            low.endswith("ly")
            or (
                words.is_verb(low)
                and low not in HEADS
                and not low.endswith("ing")
                and low not in _NOUN_MODIFIERS
            )
            or (words.base_of_participle(low) and low != "letting")
        ):
            break
        parts.insert(0, low)
        at -= 1
    return " ".join(parts)


_NOUN_MODIFIERS = words.word_set(
    "ward desk account shift team line project branch support store finance warehouse service school "
    "class exam guild tour coach reservation front back office release integration security fraud "
    "compliance "
    "card policy ticket sales store shop market field site plant quality data case claim tax bank box "
    "crew ground gate hotel event help hand head lab stock order network care test"
)


def singular(phrase: str) -> str:
    """The phrase with its last word in the singular."""
    head, _, last = phrase.rpartition(" ")
    if last in _PLAIN:
        last = _PLAIN[last]
    elif last.endswith("ies") and last not in {"ties", "pies"}:
        last = f"{last[:-3]}y"
    elif last.endswith(("sses", "shes", "ches", "xes")):
        last = last[:-2]
    elif last.endswith("s") and not last.endswith(("ss", "us", "is")):
        last = last[:-1]
    return f"{head} {last}".strip()
