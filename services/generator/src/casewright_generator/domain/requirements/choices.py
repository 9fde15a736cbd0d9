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
        r"^(?:(?:an?|the|(?:amount|value|sum|size|period) of|his|her|their|by|through|via|either|also|"
        r"per|der|die|das|den|ein|eine|einen|mit|"
        r"el|la|los|las|un|una|por|le|les|une|par|soit)\s+)+(?=\S)"
    ),
    re.IGNORECASE,
)
_STOP = re.compile(
    r"\s+(?:as|is|are|in|for|when|if|from|with|at|on|to|by|per|but|so|that|which|who|before|after|"
    r"until|unless|during|only|can|must|may|will|has|have|his|her|the|"
    r"their|them|it|him|depending|according|within|where|while|here|there|this|these|instead|too|again|"
    r"its|first|should|then|because|of|into|be|always|once|"
    r"zur|wählen|gewählt|wählbar|auswählen|ausgewählt|möglich|werden|wird|sein|ist|sind|für|auf|ansehen|"
    r"para|pour|cuando|si|wenn|als|via|each|daily basis|without|not|"
    r"files?|nothing|up|requests?|it\.)(?=\s|$|[.,;])",
    re.IGNORECASE,
)
_VERBAL = re.compile(
    (
        r"\b(?:that|which|this|is|are|was|were|must|should|can|may|will|has|have|does|do|gets?|cannot|"
        r"can't|shall|wird|"
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
        joined: The last conjunction that the list needs: `or`, `and` (either), or `any` (commas do, too).
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
            rf"(?=(?-i:[A-Z\"“„`«]))"
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
        r"categori[sz]ed|recorded|filed|tagged|displayed|shown|given|entered|measured|stated|written|"
        r"provided|paid|stored|sent|sorted|grouped|ordered|"
        r"filtered|priced|offered|delivered|granted|issued|exported|sold) (?:as|by|in|via|on|through|"
        r"with|either))(?: either| being)? ",
        "or",
        conditional=True,
    ),
    _trigger(
        (
            r"\b(?:by|via|through|per|por|par|mit|with|using|over|durch) (?!the |an? |his |her |their |its "
            r"|der |die |das |el |la |le |\w+ing\b|clicking|pressing|entering|default)"
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
    _trigger(r"\bmarks? (?:the |an? )?[\w-]+(?: [\w-]+)? as ", "or"),
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
            r"in (?:either )?(?=(?-i:[A-Z\"“]))"
        ),
        "and",
    ),
    _trigger(
        (
            r"\b(?:supports?|accepts?) (?:the (?:values|types|currencies|languages|options) "
            r")?(?=(?-i:[A-Z\"“`]))"
        ),
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


_JOINS = re.compile(rf"\s(?:{_OR}|{_AND})\s|[,/]", re.IGNORECASE)


def choices(text: str, cells: tuple[tuple[str, int, int], ...] = ()) -> list[Found]:
    """The closed choices of a text, in order, none within another.

    Args:
        text: As written, with its quotations.
        cells: Header, start and end of each cell, where the text is a table's row.
    """
    if not _JOINS.search(text):
        return []
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
        one = _list_at(text, match.start("list"), joined="or", least=2, stop=match.end("list"))
        if one and one.end >= match.end("list") - 1:
            yield one


def _as_subjects(text: str) -> Iterator[Found]:
    for match in _SUBJECT.finditer(text):
        end = match.end("list")
        one = _list_at(text, match.start("list"), joined="and", least=2, stop=end)
        if one and one.end == end and all(value[:1].isupper() for value in one.values):
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
        items = tuple(one for one in _NATURE_SPLIT.split(match.group()) if one)
        low = [one.lower() for one in items]
        disjoint = _NATURE_OR.search(match.group()) is not None
        spoken = all(len(one) > _PAIR and one in _LANGUAGES for one in low)
        spoken = spoken and (disjoint or all(one[0].isupper() for one in items))
        if len(items) > 1 and (spoken or (disjoint and all(one in _FREQUENT for one in low))):
            yield Found(ConstraintKind.ENUMERATION, match.start(), match.end(), values=items)


_NATURE_SPLIT = re.compile(r", |,? (?:or|and|oder|und|o|y|ou|et) ")
_NATURE_OR = re.compile(r" (?:or|oder|o|ou) ")


def _in_cells(text: str, cells: tuple[tuple[str, int, int], ...]) -> Iterator[Found]:
    for header, start, end in cells:
        cell = text[start:end]
        at = start + len(cell) - len(cell.lstrip())
        values = tuple(part.strip() for part in cell.split("/"))
        if len(values) > 1 and all(value.isalpha() for value in values):
            if {value.lower() for value in values} - _FLAGS:
                yield Found(ConstraintKind.ENUMERATION, at, end, values=values)
            continue
        listed = bool(_OF_VALUES.search(header))
        one = _list_at(text, at, joined="any" if listed else "or", least=2, stop=end)
        if one and one.end >= at + len(cell.strip().rstrip(".")) and (listed or _are_names(one.values)):
            yield one


def _are_names(values: tuple[str, ...]) -> bool:
    """Whether the items of a cell are short and nothing that was done (`swapped or tuned`)."""
    short = len(values) > _PAIR or all(len(value.split()) <= _PAIR for value in values)
    return short and not any(words.base_of_participle(value.split()[-1].lower()) for value in values)


def _list_at(
    text: str, at: int, *, joined: str, least: int, stop: int | None = None, whole: bool = False
) -> Found | None:
    """The list that begins at `at`; `None` where none does, or where its items aren't values."""
    limit = min(len(text), stop if stop is not None else len(text), at + _FURTHEST)
    match = _LIST.match(text, at, limit)
    if not match:
        return None
    items: list[_Item] = []
    position, separator = match.start(), ""
    while position < match.end() and (piece := _PIECE.match(text, position, match.end())):
        items.append(_Item(piece["item"], piece.start("item"), separator.strip(" ,;/").lower()))
        separator = piece["sep"] or ""
        if piece.end() == position:
            break
        position = piece.end()
    taken = _taken(items, least=least, whole=whole)
    values = tuple(value for value, _, _ in taken)
    if not _is_choice(values, {joint for _, _, joint in taken}, joined=joined, least=least, whole=whole):
        return None
    return Found(ConstraintKind.ENUMERATION, match.start(), taken[-1][1], values=values)


@dataclass(frozen=True, slots=True)
class _Item:
    """An item of a list, with what joins it to the one before it."""

    raw: str
    start: int
    joint: str


def _taken(items: list[_Item], *, least: int, whole: bool) -> list[tuple[str, int, str]]:
    """The items that are values, each with its end and its conjunction (`or`, `and` or none)."""
    taken: list[tuple[str, int, str]] = []
    closed = ""
    for index, item in enumerate(items):
        joint = "or" if _IS_OR.fullmatch(item.joint) else "and" if _IS_AND.fullmatch(item.joint) else ""
        if closed and (not joint or (closed == "or" and items[index - 1].joint != items[1].joint)):
            break  # what comes after `A, B or C,` is another clause
        value, stopped, length = _value(item.raw, last=index == len(items) - 1 or bool(joint))
        if value is None:
            return taken if closed or len(taken) >= least else []
        if stopped and whole and length < len(item.raw.rstrip(" .!")):
            return []
        taken.append((value, item.start + (length if stopped else len(item.raw)), joint))
        closed = joint or closed
        if stopped:
            break
    return taken


_IS_OR = re.compile(_OR, re.IGNORECASE)
_IS_AND = re.compile(_AND, re.IGNORECASE)
_FURTHEST = 400


def _is_choice(values: tuple[str, ...], joints: set[str], *, joined: str, least: int, whole: bool) -> bool:
    """Whether values are enough, different, joined as they must be, and neither flags nor roles."""
    low = [value.lower() for value in values]
    if len(set(low)) != len(values) or len(values) < max(_PAIR, least):
        return False
    if least > _PAIR and any(len(value.split()) > _PAIR for value in values):
        return False
    if (joined == "or" and "or" not in joints) or (joined == "and" and not joints - {""}):
        return False
    acting = {bool(words.base_of_participle(value.split()[0])) for value in low}
    two_clauses = len(values) == _PAIR and len(acting) > 1 and "or" in joints and not whole
    return not two_clauses and not set(low) <= _FLAGS and not all(set(one.split()) & _ROLES for one in low)


_DANGLING = re.compile(r"(?:^|\s)(?:in|on|at|to|of|for|by|with|from|as|the|an?|than)$")


def _value(raw: str, *, last: bool) -> tuple[str | None, bool, int]:
    """An item's value, whether it ended before the item did, and its length; `None` where it is no value."""
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
    if not re.search(r"\w", value) or _DANGLING.search(value):
        return None, False, 0
    return value, bool(stop), shift + len(cut)
