"""Closed choices: `one of`, `either … or`, `by card or by invoice`, lists after a colon, cells."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from casewright_generator.domain.language import words
from casewright_generator.domain.requirements.found import Found
from casewright_generator.domain.requirements.model import ConstraintKind

_OR = r"(?:or|oder|o|u|ou|of|e/o)"
_AND = r"(?:and|und|y|e|et|en|&)"
_TYPE_NOUNS = (
    r"types?|status(?:es)?|modes?|options?|levels?|kinds?|categor(?:y|ies)|colou?rs?|sizes?|values?|"
    r"genders?|priorit(?:y|ies)|severit(?:y|ies)|languages?|units?|"
    r"currenc(?:y|ies)|qualit(?:y|ies)|directions?|answers?|reasons?|methods?|frequenc(?:y|ies)|"
    r"states?|results?|purposes?|positions?|origins?|sources?|themes?|"
    r"choices?|roles?|relations?|suggestions?|formats?|classes|ratings?|intervals?|periods?|variants?|"
    r"versions?|layouts?|shapes?|materials?|channels?|tones?|views?|"
    r"plans?|grades?|phases?|stages?|topics?|actions?|filters?|orders?|outcomes?|decisions?|causes?|"
    r"places?|countr(?:y|ies)|salutations?|titles?|durations?|terms?|"
    r"art(?:en)?|sprachen?|größen?|farben?|gründe?|werte?|tipos?|estados?|opciones|idiomas|motivos?|"
    r"types|langues|motifs|tailles|cabin|fuel level|shipping"
)
_ALLOWED = (
    r"allowed|accepted|available|possible|supported|valid|permitted|selectable|offered|following|only|"
    r"erlaubt|zulässig|möglich|verfügbar|permitidos?|disponibles?|"
    r"posibles?|autorisés?|acceptés?"
)
_NUMBER = (
    r"(?:two|three|four|five|six|seven|eight|\d{1,2}|zwei|drei|vier|fünf|dos|tres|cuatro|deux|trois|quatre)"
)
_ITEM = (
    r"(?:\"[^\"\n]{1,80}\"|“[^”\n]{1,80}”|„[^“”\n]{1,80}[“”]|«[^»\n]{1,80}»|`[^`\n]{1,80}`|"
    r"\*[^*\n]{1,40}\*|(?![,;:|()\n]| ?\.(?:\s|$))(?:(?<=\d):(?=\d)|(?!, | (?:or|oder|and|und|ou|et|y|o) |"
    r"[,;:|()\n\u2013]|\.(?:\s|$)| - | / ).){1,60})"
)
_SEPARATOR = rf"(?:\s*[,;/]\s+(?:{_OR}|{_AND})\s+|\s*,\s+|\s+(?:{_OR}|{_AND})\s+|\s*/\s*)"
_LIST = re.compile(rf"{_ITEM}(?:{_SEPARATOR}{_ITEM}){{1,24}}", re.IGNORECASE)
_SPLIT = re.compile(_SEPARATOR, re.IGNORECASE)
_LAST_OR = re.compile(rf"\s{_OR}\s", re.IGNORECASE)
_LAST_AND = re.compile(rf"\s{_AND}\s|\s&\s", re.IGNORECASE)
_PIECE = re.compile(rf"(?P<item>{_ITEM})(?P<sep>{_SEPARATOR})?", re.IGNORECASE)
_LEADING = re.compile(
    (
        r"^(?:(?:an?|the|his|her|their|by|through|via|either|also|per|der|die|das|den|ein|eine|einen|mit|"
        r"el|la|los|las|un|una|por|le|les|une|par|soit)\s+)+(?=\S)"
    ),
    re.IGNORECASE,
)
_STOP = re.compile(
    r"\s+(?:as|is|are|in|for|when|if|from|with|at|on|to|by|per|but|so|that|which|who|before|after|"
    r"until|unless|during|only|can|must|may|will|has|have|his|her|the|"
    r"their|them|it|him|depending|according|within|where|while|here|there|this|these|instead|too|again|"
    r"its|first|should|then|because|of|into|be|always|once|"
    r"wählen|gewählt|wählbar|auswählen|ausgewählt|möglich|werden|wird|sein|ist|sind|für|auf|ansehen|"
    r"para|pour|cuando|si|wenn|als|via|each|daily basis|without|not|"
    r"files?|nothing|up|requests?|it\.)(?=\s|$|[.,;])",
    re.IGNORECASE,
)
_VERBAL = re.compile(
    (
        r"\b(?:is|are|was|were|must|should|can|may|will|has|have|does|do|gets?|cannot|can't|shall|wird|"
        r"werden|muss|kann|ist|sind|debe|puede|est|sont|doit|n't|shows?|sees?|needs?|holds?)\b"
    ),
    re.IGNORECASE,
)
_BOUND = re.compile(
    r"\b(?:more|less|fewer|higher|lower|older|younger|longer|shorter|above|below|later|earlier|over|"
    r"under|greater|larger|smaller|mehr|weniger|más|menos|plus|moins|both|so|"
    r"nothing|else|all|later|vice versa|never|down|up|back|two|another|every|each|everyone|anyone|"
    r"nobody|if|then|when|at least|at most|max|min|optional|mandatory|required|exactly|unique)\b",
)
_CONDITION = re.compile(
    (
        r"\b(?:if|when|whenever|unless|without|once|while|where|wenn|falls|ohne|si|cuando|sin|sans|quand|"
        r"no|not|never|nor|than|before|after|until|any|every|all)\b[^,;:]{0,60}$"
    ),
    re.IGNORECASE,
)
_SAYS = re.compile(
    (
        r"\b(?:says?|reads?|shows?|message|text|labelled|titled|called|named|warning|error|display(?:s|"
        r"ed)?)\b[^,;:]{0,20}$"
    ),
    re.IGNORECASE,
)
_MOST_WORDS = 5
_PAIR = 2
_FREQUENT = words.word_set(
    "daily weekly monthly quarterly yearly annually hourly fortnightly biweekly never always "
    "immediately täglich wöchentlich monatlich jährlich"
)
_LANGUAGES = words.word_set(
    "english german french spanish italian dutch polish danish swedish norwegian finnish portuguese "
    "greek turkish russian ukrainian czech slovak hungarian romanian "
    "bulgarian croatian serbian slovenian arabic hebrew chinese japanese korean hindi catalan basque "
    "irish welsh icelandic estonian latvian lithuanian en de fr es it nl "
    "pl eur usd gbp chf deutsch englisch französisch spanisch italienisch inglés francés español "
    "alemán anglais français allemand espagnol italien mandarin"
)
_ROLES = words.word_set(
    "owner owners admin admins administrator administrators manager managers user users customer "
    "customers author moderator moderators member members guest guests nurse doctor clerk agent agents "
    "editor editors supervisor parent parents teacher host planner approver reviewer operator staff "
    "colleague lead"
)
_FLAGS = frozenset({"yes", "no", "ja", "nein", "sí", "oui", "non", "y", "n", "x", "-"})


@dataclass(frozen=True, slots=True)
class _Trigger:
    """Words after which a list is a choice.

    Attributes:
        pattern: Matches up to the first item.
        joined: Which last conjunction the list needs: `or`, `and` (either of both), or `any` (commas do, too).
        least: How many items it needs.
    """

    pattern: re.Pattern[str]
    joined: str = "or"
    least: int = 2
    conditional: bool = False


def _trigger(pattern: str, joined: str = "or", least: int = 2, *, conditional: bool = False) -> _Trigger:
    return _Trigger(re.compile(pattern, re.IGNORECASE), joined, least, conditional)


_TRIGGERS = (
    _trigger(
        rf"\b(?:any |exactly |only )?one of(?: the)?(?: following| these| {_NUMBER})?(?: [\w-]+){{0,3}}: ?",
        "any",
    ),
    _trigger(
        (
            rf"\b(?:any |exactly )?one of (?:the |these )?(?:{_NUMBER} )?(?:[a-z-]+ ){{0,2}}?[a-z]+s "
            rf"(?=[A-Z\"“„`«])"
        ),
        "and",
    ),
    _trigger(r"\b(?:any |exactly )?one of (?!the |these |them|those |its |their |our |which|whom)", "any"),
    _trigger(
        r"\b(?:either|entweder|soit)(?: (?:of|by|as|in|the))? (?!way|side|case|of\b)", "or", conditional=True
    ),
    _trigger(
        r"\b(?:choos\w+|chose\w*|pick\w*|select\w*|switch\w*|decid\w+|choices?|toggl\w+|wähl\w+|"
        r"auswahl|eleg\w+|elij\w+|escog\w+|seleccion\w+|choi\w+|sceglie\w+|kie\w+|alternat\w+)"
        r"(?: [\w-]+){0,4}? (?:between|from|among|out of|entre|zwischen|parmi|aus|tra|tussen|one "
        r"of)(?: the)?(?: (?:following|options|values))?:? ",
        "and",
    ),
    _trigger(
        (
            r"\b(?:chooses?|picks?|selects?|answers? with|repl(?:y|ies) with|responds? with|elige|escoge|"
            r"choisit|wählt)(?: (?:either|as|a|an))? "
        ),
        "or",
        conditional=True,
    ),
    _trigger(
        r"\b(?:set to|given as|(?:is|are|be|been) (?:marked|flagged|classified|rated|labelled|saved|"
        r"categori[sz]ed|recorded|filed|tagged|displayed|shown|stored|sent|sorted|grouped|ordered|"
        r"filtered|priced|offered|delivered|granted|issued|exported|sold) (?:as|by|in|via|on|through|"
        r"with|either))(?: either| being)? ",
        "or",
        conditional=True,
    ),
    _trigger(
        (
            r"\b(?:by|via|through|per|por|par|mit|with|using|over|durch) (?!the |an? |his |her |their |its "
            r"|der |die |das |el |la |le |clicking|pressing|entering|default)"
        ),
        "or",
        conditional=True,
    ),
    _trigger(
        (
            rf"\b(?:{_TYPE_NOUNS})(?: (?:of|for) [\w-]+(?: [\w-]+)?)?,? (?:which |that )?(?:can be|may be|"
            rf"is|are|must be|has to be|ist|sind|es|son|puede ser|est|sont|peut être)(?: either)? "
        ),
        "or",
    ),
    _trigger(
        (
            r"\b(?:shows?|displays?|turns?|contains?|uses?|has|have|gets?|takes?|sends?|attach(?:es)?|"
            r"adds?|uploads?|enters?|states?|names?|prints?|lights?) (?:an? |the |in )?"
        ),
        "or",
        3,
        conditional=True,
    ),
    _trigger(r"\b(?:which|that) (?:is|are|can be|may be) ", "or", 3),
    _trigger(
        r"\b(?:can|may|must|has to|puede|peut|kann) (?:only )?(?:be|ser|être) (?!\w+ed\b)",
        "or",
        2,
        conditional=True,
    ),
    _trigger(
        (
            rf"\b(?:{_ALLOWED}) (?:values |ones |types |options )?(?:are|is|sind|son|sont|ist|es|est)(?: "
            rf"only)?:? "
        ),
        "and",
    ),
    _trigger(
        (
            rf"\b(?:{_ALLOWED}|the) (?:{_TYPE_NOUNS})(?: (?:for|of) [\w -]{{1,30}}?)? (?:are|is|"
            rf"include)(?: only)?:? "
        ),
        "and",
    ),
    _trigger(rf"\b(?:{_TYPE_NOUNS}) (?:{_ALLOWED}) (?:are|is) ", "and"),
    _trigger(
        (
            r"\b(?:available|comes?|ships?|offered|exists?|sold|printed|shown|written|provided|published) "
            r"in (?:either )?(?=[A-Z\"“])"
        ),
        "and",
    ),
    _trigger(
        r"\b(?:supports?|accepts?) (?:the (?:values|types|currencies|languages|options) )?(?=[A-Z\"“`])",
        "and",
    ),
    _trigger(rf"\b(?:{_TYPE_NOUNS}) (?=[\"“„`«])", "and"),
    _trigger(
        r"\b(?:als|como|comme) [\w]+ (?:lässt sich|lassen sich|kann|können|steht|stehen|puede|peut) ", "or"
    ),
    _trigger(r"\b(?:lässt sich|lassen sich) (?:als |per |in )?", "or"),
    _trigger(r"\b(?:elegir|escoger|seleccionar|choisir|wählen) (?:entre |zwischen )?", "or"),
)
_COLON = re.compile(r"(?P<lead>[^:|\n.;]{1,120}):\s+")
_LISTING = re.compile(
    (
        rf"\b(?:{_ALLOWED}|{_TYPE_NOUNS}|one of|any of|choose|chooses|pick|picks|select|selects|choice|"
        rf"either|between|from)\b|\b{_NUMBER} [\w-]+(?: [\w-]+)*$"
    ),
    re.IGNORECASE,
)
_NOTHING_ELSE = re.compile(
    r"^\s*(?:[-\u2013\u2014,(]\s*)(?:nothing else|no others?|only these|and nothing else|nothing more)",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"\((?P<list>[^()\n]{3,160})\)")
_SUBJECT = re.compile(
    (
        rf"(?:^|[.;|]\s+|, )(?P<list>(?![^,]{{60}})[^.;:|\n]{{3,160}}?) (?:is|are|werden|sind|can be|may "
        rf"be|son|sont) (?:all |also |both |the only )?(?:{_ALLOWED}|accepted|supported|offered|allowed|"
        rf"akzeptiert|unterstützt|aceptad\w+|acceptés)\b"
    ),
    re.IGNORECASE,
)
_APPROVE = (
    r"approv\w+|accept\w*|confirm\w*|grant\w*|allow\w*|validat\w+|verif\w+|sign\w*|agree\w*|keep\w*|"
    r"publish\w*|releas\w+|admit\w*|genehmig\w+|annehm\w+|acept\w+|aprueb\w+"
)
_REJECT = (
    r"reject\w*|refus\w+|declin\w+|den(?:y|ies|ied)|disapprov\w+|withhold\w*|disput\w+|dismiss\w*|"
    r"discard\w*|ablehn\w+|lehn\w+|rechaz\w+|return\w*|send\w* back"
)
_DECISION = re.compile(
    rf"\b(?P<one>{_APPROVE}) or (?P<two>{_REJECT})\b(?! by)|\b(?P<one2>{_REJECT}) or (?P<two2>{_APPROVE})\b",
    re.IGNORECASE,
)
_CELL_LIST = re.compile(r"(?P<list>[^|\n.]{3,160})")
_OF_VALUES = re.compile(
    r"\b(?:values?|options?|choices?|allowed|possible|one of|enum|werte|valores|valeurs)\b", re.IGNORECASE
)


def choices(text: str, cells: tuple[tuple[str, int, int], ...] = ()) -> list[Found]:
    """The closed choices of a text, in order, none within another.

    Args:
        cells: Header, start and end of each cell, where the text is a table's row.
    """
    found: list[Found] = []
    taken: list[tuple[int, int]] = []
    for one in (
        *_in_cells(text, cells),
        *_by_nature(text),
        *_after_triggers(text),
        *_after_colons(text),
        *_in_brackets(text),
        *_as_subjects(text),
        *_decisions(text),
    ):
        if not any(one.start < end and start < one.end for start, end in taken):
            found.append(one)
            taken.append((one.start, one.end))
    return sorted(found, key=lambda one: one.start)


def _after_triggers(text: str) -> Iterator[Found]:
    for trigger in _TRIGGERS:
        for match in trigger.pattern.finditer(text):
            if trigger.conditional and _CONDITION.search(text[max(0, match.start() - 70) : match.start()]):
                continue
            if one := _list_at(text, match.end(), joined=trigger.joined, least=trigger.least):
                yield one


def _after_colons(text: str) -> Iterator[Found]:
    for match in _COLON.finditer(text):
        lead = match["lead"]
        listing = bool(_LISTING.search(lead[-80:]))
        end = text.find("\n", match.end())
        closing = _NOTHING_ELSE.search(text[_list_end(text, match.end()) : end if end > 0 else None])
        joined = "any" if closing or listing else "or"
        if one := _list_at(text, match.end(), joined=joined, least=2, whole=not listing):
            yield one


def _list_end(text: str, at: int) -> int:
    match = _LIST.match(text, at)
    return match.end() if match else at


def _in_brackets(text: str) -> Iterator[Found]:
    for match in _BRACKET.finditer(text):
        if one := _list_at(text, match.start("list"), joined="or", least=2, stop=match.end("list")):
            if one.end >= match.end("list") - 1:
                yield one


def _as_subjects(text: str) -> Iterator[Found]:
    for match in _SUBJECT.finditer(text):
        start = match.start("list")
        if one := _list_at(text, start, joined="and", least=2, stop=match.end("list"), capital=True):
            if one.end == match.end("list"):
                yield one


def _decisions(text: str) -> Iterator[Found]:
    for match in _DECISION.finditer(text):
        if _CONDITION.search(text[max(0, match.start() - 60) : match.start()]) or re.search(
            r"\b(?:be|is|are|been|was|were|gets?)\s$", text[: match.start()][-5:]
        ):
            continue
        values = (match["one"] or match["one2"], match["two"] or match["two2"])
        yield Found(ConstraintKind.ENUMERATION, match.start(), match.end(), values=values)


_NATURE = re.compile(r"[^\W\d_]+(?:, [^\W\d_]+)*,? (?:or|and|oder|und|o|y|ou|et) [^\W\d_]+")


def _by_nature(text: str) -> Iterator[Found]:
    """Lists of languages or frequencies, whatever stands before them."""
    for match in _NATURE.finditer(text):
        items = [one for one in re.split(r", |,? (?:or|and|oder|und|o|y|ou|et) ", match.group()) if one]
        low = [one.lower() for one in items]
        conjunction = re.search(r" (?:or|oder|o|ou) ", match.group())
        start = match.start()
        if (
            len(items) > 1
            and all(
                one in _LANGUAGES and (item[0].isupper() or conjunction)
                for one, item in zip(low, items, strict=True)
            )
            and min(map(len, low)) > 2
        ):  # no codes
            yield Found(ConstraintKind.ENUMERATION, start, match.end(), values=tuple(items))
        elif conjunction and len(items) > 1 and all(one in _FREQUENT for one in low):
            yield Found(ConstraintKind.ENUMERATION, start, match.end(), values=tuple(items))


def _in_cells(text: str, cells: tuple[tuple[str, int, int], ...]) -> Iterator[Found]:
    for header, start, end in cells:
        cell = text[start:end].strip()
        listed = _OF_VALUES.search(header)
        joined = "any" if listed else "or"
        at = start + (len(text[start:end]) - len(text[start:end].lstrip()))
        if (
            "/" in cell
            and all(0 < len(part.split()) <= 2 and part.strip().isalpha() for part in cell.split("/"))
            and {part.strip().lower() for part in cell.split("/")} - _FLAGS
        ):  # short values
            values = tuple(part.strip() for part in cell.split("/"))
            if len(values) > 1:
                yield Found(ConstraintKind.ENUMERATION, at, end, values=values)
            continue
        one = _list_at(text, at, joined=joined, least=2, stop=end)
        if (
            one
            and one.end >= at + len(cell.rstrip("."))
            and (listed or len(one.values) > 2 or all(len(value.split()) <= 2 for value in one.values))
        ):  # short values
            if listed or not any(words.base_of_participle(value.split()[-1].lower()) for value in one.values):
                yield one


def _list_at(
    text: str,
    at: int,
    *,
    joined: str,
    least: int,
    stop: int | None = None,
    whole: bool = False,
    capital: bool = False,
) -> Found | None:
    """The list that begins at `at`; `None` where none does, or where its items aren't values."""
    limit = min(len(text), stop if stop is not None else len(text), at + 400)
    match = _LIST.match(text, at, limit)
    if not match:
        return None
    raw = match.group()
    items: list[tuple[str, int, int, str]] = []
    position = match.start()
    separator = ""
    while position < match.end() and (piece := _PIECE.match(text, position, match.end())):
        items.append((piece["item"], piece.start("item"), piece.end("item"), separator.strip().lower()))
        separator = piece["sep"] or ""
        if piece.end() == position:
            break
        position = piece.end()
    _ = raw
    return _made(items, joined=joined, least=least, whole=whole, capital=capital)


def _made(
    items: list[tuple[str, int, int, str]], *, joined: str, least: int, whole: bool, capital: bool
) -> Found | None:
    values: list[str] = []
    end = items[0][1]
    disjunction = conjunction = False
    for index, (raw, start, item_end, separator) in enumerate(items):
        bare = separator.strip(" ,;/")
        is_or, is_and = (
            bool(re.fullmatch(_OR, bare, re.IGNORECASE)),
            bool(re.fullmatch(_AND, bare, re.IGNORECASE)),
        )
        if index and disjunction and not (is_or or is_and):
            break  # what comes after `A, B or C,` is another clause
        last = index == len(items) - 1 or is_or or is_and
        value, stopped, length = _value(raw, last=last)
        if index and (conjunction or disjunction) and (is_or or is_and) and not values:
            break
        if value is None:
            if index and (disjunction or conjunction or len(values) >= least):
                break
            return None
        if index and conjunction and separator and not (is_or or is_and):
            break
        values.append(value)
        end = start + length if stopped else item_end
        disjunction, conjunction = disjunction or is_or, conjunction or is_and
        if stopped:
            if whole and length < len(raw.rstrip(" .!")):
                return None
            break
    if least > _PAIR and any(len(value.split()) > _PAIR for value in values):
        return None
    if len(values) < max(2, least) or len({value.lower() for value in values}) != len(values):
        return None
    if (joined == "or" and not disjunction) or (joined == "and" and not (disjunction or conjunction)):
        return None
    low = [value.lower() for value in values]
    if set(low) <= _FLAGS or all(set(value.split()) & _ROLES for value in low):
        return None
    acting = {bool(words.base_of_participle(value.split()[0].lower())) for value in values}
    if len(values) == _PAIR and acting == {True, False} and disjunction and not whole:
        return None  # `by post or handed in`: two clauses
    if capital and not all(value[:1].isupper() for value in values):
        return None
    return Found(ConstraintKind.ENUMERATION, items[0][1], end, values=tuple(values))


def _value(raw: str, *, last: bool) -> tuple[str | None, bool, int]:
    """An item's value, whether it ended before the item did, and how long it is; `None` where it is no value."""
    text = raw.rstrip()
    quoted = re.match(
        r"(?:(?:an?|the|by|as|via|with|to|in) )?[\"“„`«*](?P<in>[^\"”“„`»*\n]{1,80})[\"”“`»*]", text
    )
    if quoted:
        return quoted["in"].strip(), len(text) > quoted.end(), quoted.end()
    lead = _LEADING.match(text)
    shift = lead.end() if lead else 0
    body = text[shift:]
    stop = _STOP.search(body) if last else None
    cut = body[: stop.start()] if stop else body
    value = cut.strip(" .!?*_\"'“”„«»`")
    count = len(value.split())
    if not value or count > _MOST_WORDS or _VERBAL.search(value) or _BOUND.search(value):
        return None, False, 0
    if not re.search(r"\w", value):
        return None, False, 0
    return value, bool(stop), shift + len(cut)
