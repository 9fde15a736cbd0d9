"""Amounts in a text: a number with what it counts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from casewright_generator.domain.language import words
from casewright_generator.domain.requirements.model import ConstraintKind
from casewright_generator.domain.requirements.numerals import Numeral, numerals
from casewright_generator.domain.requirements.units import CURRENCY_BEFORE, Unit, unit_after, unit_named

_K = ConstraintKind
_MORE = re.compile(
    r"\+? (?:or|and|oder|und|o|ou|of|et) (?:more|fewer|less|above|below|over|under|up|higher|lower|"
    r"longer|shorter|"
    r"mehr|weniger|más|menos|plus|moins|meer)(?= (?!than\b)[^\W\d])|\+(?= ?[^\W\d])"
)
"""`10 or more characters`: the comparator before the unit."""
_AGAIN = re.compile(
    r" (?:more|other|further|additional|extra)(?= (?!(?:than|or|and|is|are|was|were|must|can|may|"
    r"shall|should|will|per|for|in|on|at|if|when|to|from|has|have)\b)[a-z])"
)
"""`two more times`."""
_BY = re.compile(r" ?(?:[x\u00d7]|by) ?(?=\d)")
"""Between the sides of something: `20 x 30 cm`."""
_PERIOD = (
    r"(?P<unit>second|minute|hour|day|week|month|year|sekunde|minute|stunde|tag|woche|monat|jahr|"
    r"minuto|hora|día|"
    r"semana|mes|año|heure|jour|semaine|mois|an)"
)
_ARTICLE = re.compile(
    rf"(?P<before>\b(?:within|after|(?<![.\n] )(?<!^)for|at least|at most|more than|less than|longer "
    rf"than|no later than|up to|under|in under|"
    rf"over|every|nach|innerhalb|nach|mindestens|höchstens|en menos de|después de|après|dans|sous|tras|"
    rf"once|older than|"
    rf"no longer than|for more than|for at least|in less than|half|apart from|\bor|until|once in|in) )"
    rf"(?P<article>an?|eine[rmns]?|ein|una?|une) (?:single )?(?!second (?!of|after|before|later|and|or|"
    rf"if|when|for|at|until|from|without)[a-z])"
    rf"{_PERIOD}\b(?! and a half)",
    re.IGNORECASE,
)
_AND_HALF = re.compile(
    r"\b(?P<article>an?) (?P<unit>hour|minute|year|month|day|second|week) and a half\b", re.IGNORECASE
)
_AT_MOST_ONE = re.compile(
    r"(?:^|(?<=\bby )|(?<=\bfor )|(?<=\bof )|(?<=\bin )|(?<=\bis )|(?<=\bbe )|(?<=\bto )|(?<=\blasts )|"
    r"(?<=\blast )|"
    r"(?<=\btakes )|(?<=\btake )|(?<=, )|(?<=ed )|(?<=en ))"
    rf"(?P<article>an?) {_PERIOD}(?=(?: ahead| in advance| back)?,? (?:at (?:an? |the "
    rf")?(?:very )?"
    r"(?:most|least|longest|shortest|latest|outside|maximum|minimum)|or (?:more|less|longer|shorter)|max\b|"
    r"tops\b))",
    re.IGNORECASE,
)
"""`a minute at most`."""
_BEFORE_EVENT = re.compile(
    (
        rf"(?<![\w/] )(?<!times )\b(?P<article>an?|one) {_PERIOD}(?= (?:before|after|later|earlier|ahead|"
        rf"in advance|prior)\b)"
    ),
    re.IGNORECASE,
)
_NOT_NOUNS = words.word_set(
    "and or of the a an to for in on at by is are be was were has have must should can will may then when if "
    "with from per via more less than older out as that which who not but so up over under after before "
    "within without until till while because unless once each every both all only also still again ever "
    "may might shall could would do does did get gets got long wide high deep tall maximum minimum max min "
    "no none nothing larger bigger smaller longer shorter higher lower greater goes go went one "
    "it its their his her my your our they them he she we you this these those there here where whose into "
    "onto off down through "
    "during since between among against about above below near around across apart ago old away later "
    "earlier "
    "und oder der die das den dem des für in im auf an am von mit bei ist sind wird werden kann darf "
    "muss soll "
    "pro je nach vor bis zu zum zur als wenn ein eine einen einem einer nicht höchstens mindestens "
    "y o de del la el los las un una por para en con sin a al se que es son debe puede como más menos "
    "et ou des du le les une pour dans avec sans sur est sont doit peut par chaque au aux à plus moins "
    "e di che il lo gli per con il della non op voor met van het een en of niet worden os as em com não"
)
_NEVER_NOUNS = words.word_set(
    "share shares get gets take takes need needs receive receives leave leaves cost costs see sees "
    "apply applies "
    "appear appears exist exists remain remains fit fits join joins work works count counts wait waits "
    "run runs"
)
_ONLY_VERBS = words.word_set("applies apply appears appear exists exist remains remain receives gets")
_SINGULAR_S = words.word_set(
    "access status address process business series news sales goods class bus gas basis analysis "
    "canvas loss pass "
    "previous various press express wireless windows sports customs physics express less plus bonus "
    "focus campus virus "
    "success consensus corpus"
)
_PLURALS = {
    "person": "persons",
    "people": "people",
    "child": "children",
    "children": "children",
    "man": "men",
    "foot": "feet",
    "entry": "entries",
    "criterion": "criteria",
    "index": "indices",
    "leaf": "leaves",
    "half": "halves",
    "data": "data",
    "staff": "staff",
    "personnel": "personnel",
    "media": "media",
    "men": "men",
    "women": "women",
    "feet": "feet",
    "teeth": "teeth",
    "mice": "mice",
    "woman": "women",
    "tooth": "teeth",
    "knife": "knives",
    "shelf": "shelves",
    "life": "lives",
}
_NOUN = re.compile(r"[ \u00a0\u202f-]{0,2}(?P<word>[^\W\d_](?:[^\W_]|[-'\u2019](?=[^\W_])){0,40})")
_LONGEST_NOUN = 5
_LABELS = words.word_set(
    "step page section version level phase chapter figure frame frames table row column story ticket "
    "sprint season week "
    "hall gate tier stage tab layer option scenario case appendix annex article paragraph build "
    "release part item no nr "
    "number id code room floor line lane bay dock port priority severity class zone area track "
    "platform terminal channel "
    "schritt seite abschnitt kapitel stufe phase página paso nivel étape niveau rule example iteration "
    "finding comments "
    "comment error status year grade q quarter type category slot station counter desk window door "
    "building block "
    "vlan group team"
)
_STATUS_CODE = re.compile(
    r"(?:\bHTTP(?:[ -]?(?:status|error|code))*|\b(?:status|response|return|error|exit|result|reply|"
    r"reason)[ -]codes?|\bstatus|"
    r"\bstatuscode|\bcódigo|\bcode HTTP|\bmit Code)(?: of| is|:)? ?$",
    re.IGNORECASE,
)
_ANSWER = re.compile(
    (
        r"\b(?:fails?|returns?|respond(?:s|ed)?|answer(?:s|ed)?|repl(?:y|ies)|get|gets|answer is|"
        r"response is)(?: "
        r"with| by)?(?: an?)? $"
    ),
    re.IGNORECASE,
)
_BOUND_BEFORE = re.compile(
    r"\b(?:under|over|below|above|beyond|than|past|yet|including|exceed\w*) (?:[\d.,]+|[a-z]{3,9})$",
    re.IGNORECASE,
)
_BOUND_REACH = 24
_DETERMINERS = words.word_set(
    "the a an no its his her their this that nothing half double twice nobody none all"
)
_SAID_BEFORE = _DETERMINERS | {"as"}
_OVER = re.compile(r"(?<![\w-])(?:over|under)-$", re.IGNORECASE)
_CODES = range(100, 600)
_PLURAL_LEAST = 3


_SYMBOL = re.compile(r"[a-zµ]{0,2}[A-Z][A-Za-z]{0,2}")
"""A unit that isn't known: `mAh`, `kN`."""
_MEASURED = frozenset({_K.LENGTH, _K.DURATION, _K.SIZE})


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with what it counts.

    Attributes:
        kind: What its unit is; `None` without a unit.
        unit: The name that a constraint carries; the noun that is counted; empty for a bare number.
        start: Offset of the number, or of the currency before it.
        number_end: Offset behind the number itself.
        end: Offset behind the unit.
        more: A comparator between number and unit (`10 or more characters`); may be empty.
        label: Whether it numbers something (`step 3`) rather than counts.
        code: Whether it is a status code.
    """

    value: Decimal
    kind: ConstraintKind | None
    unit: str
    start: int
    number_end: int
    end: int
    spelled: bool = False
    article: bool = False
    more: str = ""
    label: bool = False
    code: bool = False


def amounts(text: str, language: str) -> tuple[Amount, ...]:
    """All amounts of a text in order; a bare number takes the unit of the one it is joined to."""
    found = [_amount(text, one, language) for one in numerals(text, language)]
    taken = bytearray(len(text))
    for one in found:
        taken[one.start : one.end] = b"\x01" * (one.end - one.start)
    for pattern in (_AND_HALF, _ARTICLE, _AT_MOST_ONE, _BEFORE_EVENT):
        for match in pattern.finditer(text):
            start, end = match.start("article"), match.end()
            if any(taken[start:end]):
                continue
            unit, _ = unit_after(text, match.start("unit") - 1)
            value = Decimal("1.5") if pattern is _AND_HALF else Decimal(1)
            found.append(
                Amount(value, _K.DURATION, unit.name if unit else "", start, start, end, spelled=True)
            )
            taken[start:end] = b"\x01" * (end - start)
    found.sort(key=lambda one: one.start)
    return tuple(_shared(text, found))


def _amount(text: str, number: Numeral, language: str) -> Amount:
    start, end = number.start, number.end
    if _BY.match(text, end) or _OVER.search(text, max(0, start - 7), start):
        return Amount(number.value, None, "", start, end, end, number.spelled)
    more, after = _more(text, number, language)
    unit, unit_end = unit_after(text, after)
    currency = CURRENCY_BEFORE.search(text, max(0, start - 5), start)
    if currency and (unit is None or unit.kind is not _K.MONEY):
        named = _currency(currency["unit"])
        return Amount(number.value, _K.MONEY, named, currency.start(), end, end, number.spelled)
    label = _is_label(text, start)
    made = Amount(number.value, None, "", start, end, end, number.spelled, number.article, more, label)
    known = unit if unit and not _is_ordinary(text, unit, unit_end) else None
    if not number.spelled and _is_code(text, number, known=known is not None):
        return replace(made, kind=_K.NUMBER, code=True, label=False)
    if known:
        label = label and known.kind is _K.COUNT
        return replace(made, kind=known.kind, unit=known.name, end=unit_end, label=label)
    return _with_noun(text, made, after, language)


def _more(text: str, number: Numeral, language: str) -> tuple[str, int]:
    """A comparator between number and unit, and where it ends."""
    match = _MORE.match(text, number.end)
    if not match:
        again = _AGAIN.match(text, number.end)
        return "", again.end() if again and language == "en" else number.end
    counted = unit_after(text, match.end())[0] or _noun(text, match.end(), number.value)[0]
    return (match.group().strip(), match.end()) if counted or language != "en" else ("", number.end)


def _is_code(text: str, number: Numeral, *, known: bool) -> bool:
    """Whether a number is a status code: `HTTP 404`, `answers with 404`."""
    lead = max(0, number.start - 24)
    if _STATUS_CODE.search(text, lead, number.start):
        return True
    if known or number.value not in _CODES or not _ANSWER.search(text, lead, number.start):
        return False
    return not _noun(text, number.end, number.value)[0]  # `gets 404`, not `gets 400 sheets`


def _with_noun(text: str, made: Amount, after: int, language: str) -> Amount:
    """The amount with the noun that it counts, or a unit that stands behind an adjective."""
    noun, end = _noun(text, after, made.value, english=language == "en")
    if not noun:
        return made
    written = text[after:end].strip()
    if _SYMBOL.fullmatch(written):
        return replace(made, kind=_K.NUMBER, unit=written, end=end, label=False)
    if (measured := unit_named(noun)) and measured.kind in _MEASURED:
        return replace(made, kind=measured.kind, unit=measured.name, end=end, label=False)
    if made.label and made.value != 1 and not _is_plural(noun):
        return made
    return replace(made, kind=_K.COUNT, unit=noun, end=end, label=False)


def _currency(written: str) -> str:
    unit, _ = unit_after(f" {written}", 0)
    return unit.name if unit else written.upper()


def _is_ordinary(text: str, unit: Unit, end: int) -> bool:
    """Whether the word is a part of a noun here: `3 day passes`, `5 line items`, `2 letter boxes`."""
    if unit.name not in {"lines", "letters", "words", "points", "days", "times"}:
        return False
    written = text[max(0, end - 40) : end].rsplit(maxsplit=1)[-1].lower()
    following = re.match(r" ([a-z]{3,}s)\b", text[end : end + 20])
    return bool(
        following
        and not written.endswith("s")
        and "-" not in written
        and following[1] not in {"does", "has", "is", "was"}
    )


def _is_label(text: str, start: int) -> bool:
    before = text[max(0, start - 16) : start].rstrip(" #.").rsplit(maxsplit=1)
    return (
        bool(before) and before[-1].lower().strip("(:,") in _LABELS and text[start - 1 : start] in {" ", "#"}
    )


def _noun(text: str, at: int, value: Decimal, *, english: bool = True) -> tuple[str, int]:
    """The head of the noun phrase that follows, in the plural, and its end; empty where none follows."""
    found = _phrase(text, at)
    if not found:
        return "", at
    nouns = [word for word, _ in found]
    if abs(value) == 1 or value == Decimal("0.5"):
        lower = all(word[:1].islower() for word in nouns)
        word, end = found[_singular_head(nouns) if lower else len(found) - 1]
        return plural_of(word), end
    word, end = found[_plural_head(nouns, english=english)]
    if english and word.islower() and word.isascii() and not _is_plural(word):
        return "", at  # `under 16 need`: a verb
    if english and len(found) == 1 and _is_said(text, at, word, end):
        return "", at
    return word, end


def _is_said(text: str, at: int, word: str, end: int) -> bool:
    """Whether a word behind a bound is what happens there, and no noun: `anything below 16 shows the …`."""
    if not words.base_of_third(word) or not _BOUND_BEFORE.search(text, max(0, at - _BOUND_REACH), at):
        return False
    behind = _NOUN.match(text, end)
    low = behind["word"].lower() if behind else ""
    rated = re.match(rf" (?:an?|per|each|every) {_PERIOD}", text[end : end + 20])
    said = low in _SAID_BEFORE or (text[at - 1].isdigit() and low not in _NOT_NOUNS | words.AUXILIARIES)
    return bool(low) and said and not rated and not words.base_of_third(low)


def _phrase(text: str, at: int) -> list[tuple[str, int]]:
    """The words that may belong to the noun phrase at `at`, each with its end."""
    found: list[tuple[str, int]] = []
    while len(found) < _LONGEST_NOUN and (match := _NOUN.match(text, at)):
        joint = match.group()[0]
        if joint not in " \u00a0\u202f-" or (joint == "-" and found) or _ends_phrase(match["word"], found):
            break
        found.append((match["word"], match.end()))
        at = match.end()
        if text[at : at + 1] not in {" ", "\u00a0", "-"}:
            break
    return found


def _ends_phrase(word: str, found: Sequence[tuple[str, int]]) -> bool:
    low = word.lower().replace("\u2019", "'")
    if low in _NOT_NOUNS or low.endswith("n't"):
        return True
    if not found:
        return low in _ONLY_VERBS
    last = found[-1][0]
    if _is_plural(last) and not (_is_plural(low) and last.lower() in _SINGULAR_S):
        return True
    return low in _NEVER_NOUNS or low in words.MODALS or low.endswith("ly")


def _plural_head(nouns: Sequence[str], *, english: bool) -> int:
    large = [place for place, word in enumerate(nouns) if word[:1].isupper()]
    if large and not english:
        return large[0]  # a German noun
    plural = [place for place, word in enumerate(nouns) if _is_plural(word)]
    if plural:
        index = plural[0]
        while index + 1 in plural and nouns[index].lower() in _SINGULAR_S:
            index += 1
        return index
    if all(word.isascii() for word in nouns) and len(nouns) > 1:
        return next((place for place, word in enumerate(nouns) if word[:1].isupper()), 0)
    return len(nouns) - 1


def _singular_head(found: Sequence[str]) -> int:
    """The last word before one that can only be a verb: `one photo shows` has its head first."""
    for place, word in enumerate(found[1:], start=1):
        if (words.base_of_third(word.lower()) and word.endswith("s")) or words.base_of_participle(
            word.lower()
        ):
            return place - 1
    return len(found) - 1


def _is_plural(word: str) -> bool:
    low = word.lower()
    if low in _PLURALS:
        return _PLURALS[low] == low
    return (
        len(low) > _PLURAL_LEAST
        and low.endswith("s")
        and not low.endswith(("ss", "us", "'s"))
        and low not in _SINGULAR_S
    )


def plural_of(word: str) -> str:
    """The English plural of a noun; as it is where it is one already."""
    low = word.lower()
    if low in _PLURALS:
        return _PLURALS[low]
    if _is_plural(word):
        return word
    if low.endswith("y") and low[-2:-1] not in set("aeiou"):
        return word[:-1] + "ies"
    if low.endswith(("s", "x", "z", "ch", "sh")):
        return word + "es"
    return word + "s"


_JOINED = re.compile(
    r"(?:,? ?(?:and|or|nor|to|through|und|oder|bis|y|o|a|et|ou|à|e|en|ou)|,|-|\u2013|\u2014|\.{2,3}|/|,? "
    r"(?:and|or|but)?,? ?(?:at (?:most|least)|up to|"
    r"(?:no|not) (?:more|less|fewer|longer|later) than|(?:more|less|fewer) than|above|below|over|under|"
    r"max(?:imum|\.)?|"
    r"höchstens|maximal|como máximo))+",
    re.IGNORECASE,
)


_ELLIPSIS = re.compile(
    r",?(?: (?:as|at) (?:an? |the )?(?:very )?(?:minimum|maximum|least|most|fewest|shortest|longest|smallest|"
    r"lowest))?,? (?:and|but) (?:(?:at|as) (?:an? |the )?(?:very )?(?:most|least|maximum|minimum) )?"
    r"(?:(?:it |they )?(?:tops?|maxe?s?|caps?|bottoms?|peaks?|ends?|stops?|goes|go|runs?) (?:out |up |down "
    r")?(?:at|to) )?"
    r"(?:(?:no|not) (?:more|less|fewer|longer|later) than |up to |never (?:more|less|fewer) than )?",
    re.IGNORECASE,
)
"""Between a number with a unit and one that shares it: `one hour as a minimum and ten at the longest`."""
_COMPARED = re.compile(
    r"\b(?:most|least|up to|than|max|maximum|min|minimum|höchstens|maximal|máximo)\b", re.IGNORECASE
)


def _shared(text: str, found: Sequence[Amount]) -> list[Amount]:
    """`10 and 500 EUR`: a number without a unit has that of the one after it, or of a currency before it."""
    made = list(found)
    for index in range(len(made) - 2, -1, -1):
        one, two = made[index], made[index + 1]
        gap = " ".join(text[one.end : two.start].split())
        joined = beside(text, one.end, two.start) or _JOINED.fullmatch(gap)
        if one.kind is None and two.kind is not None and not two.code and joined:
            made[index] = replace(one, kind=two.kind, unit=two.unit, label=False)
    for index in range(1, len(made)):
        one, two = made[index - 1], made[index]
        if two.kind is None and not two.label and one.kind and _ELLIPSIS.fullmatch(text, one.end, two.start):
            made[index] = replace(two, kind=one.kind, unit=one.unit)
            continue
        gap = " ".join(text[one.end : two.start].split())
        joined = gap in {"to", "-", "\u2013", "and"} or (_JOINED.fullmatch(gap) and _COMPARED.search(gap))
        if two.kind is None and joined and (one.kind in {_K.MONEY, _K.PERCENT} or _COMPARED.search(gap)):
            made[index] = replace(two, kind=one.kind, unit=one.unit, label=False)
    made = [_counted_before(text, one) for one in made]
    return [one for index, one in enumerate(made) if one.kind is not None or not _is_side(text, made, index)]


_OF_THEM = re.compile(
    r" of them\b|,? (?:is|are|being) the (?:limit|maximum|minimum|most|least|cap|"
    r"ceiling|floor)\b"
)
_AS_MANY = re.compile(r"\bas (?:few|many) as $")
_WORDS = re.compile(r"[a-z][a-z-]{2,30}\b(?=[ ,;:.])")
_BEFORE_IT = 120


def _counted_before(text: str, one: Amount) -> Amount:
    """`tickets … more than 10 of them`, `greetings, five being the limit`: the noun stands before."""
    if one.kind is not None or one.label or one.code:
        return one
    told = _OF_THEM.match(text, one.number_end)
    start = max(0, one.start - _BEFORE_IT)
    if not told and not (
        _AS_MANY.search(text, start, one.start) and text[one.end : one.end + 1] in {",", "."}
    ):
        return one
    nouns = [
        word
        for word in _WORDS.findall(text, start, one.start)
        if _is_plural(word) and not words.is_verb(word[:-1])
    ]
    return replace(one, kind=_K.COUNT, unit=nouns[-1]) if nouns else one


def _is_side(text: str, made: Sequence[Amount], index: int) -> bool:
    """Whether a number is a side of something: `1920x1080`."""
    one = made[index]
    return bool(_BY.match(text, one.end)) or (index > 0 and beside(text, made[index - 1].end, one.start))


def beside(text: str, end: int, start: int) -> bool:
    """Whether a number that ends at `end` and one that starts at `start` are sides: `20 x 30 cm`."""
    match = _BY.match(text, end)
    return match is not None and match.end() == start
