"""The words that make a bound of a number: `at least`, `or more`, `not exceed`, in seven languages."""

import re
from enum import StrEnum


class Relation(StrEnum):
    """How a value stands to the number."""

    AT_LEAST = "ge"
    AT_MOST = "le"
    MORE = "gt"
    LESS = "lt"
    EXACT = "eq"
    NONE = ""


FLIPPED = {
    Relation.MORE: Relation.AT_MOST,
    Relation.LESS: Relation.AT_LEAST,
    Relation.AT_LEAST: Relation.LESS,
    Relation.AT_MOST: Relation.MORE,
}
"""What is allowed where the relation is what is refused."""

_FILL = (
    r"(?:[\s:=(|]|(?<=\w)-|\b(?:a|an|the|of|is|are|be|being|to|about|approximately|approx\.|around|roughly|"
    r"some|"
    r"totals?|another|further|"
    r"additional|more|number|length|size|age|ages|aged|amount|value|any|its|their|at|set|worth|"
    r"combined|only|just|level|a total of|"
    r"de|von|zu|auf|la|le|el|les|des|den|dem|di|os|van|once|by|least|ganze|the age of|einem|einer|"
    r"einen|weiteren?|"
    r"as|every)(?!\w))*$"
)
_BEFORE: dict[str, tuple[tuple[Relation, str], ...]] = {
    "en": (
        (
            Relation.AT_LEAST,
            (
                r"at least|at the very least|at minimum|(?:not?|never|n['\u2019]t|cannot) (?:\w+ "
                r"){0,3}?(?:less|fewer|smaller|lower|shorter|younger|earlier|"
                r"sooner|lighter|nearer|closer) than|not (?:below|under|before)|starting (?:at|from|"
                r"with)|starts (?:at|from)|(?<=s )start (?:at|from)|"
                r">=|=>|≥|reach(?:es|ed|ing)?|hits|"
                r"attain(?:s|ed)?|as soon as|as (?:few|little) as|no (?:less|fewer|earlier|"
                r"sooner)\s+than|upwards? of|from the "
                r"age of|from age|a minimum of|minimum of|min\.?|"
                r"minimum|and up from|amounts? to at least|onwards from|not until|"
                r"(?:bottom|start)(?:s|ed)? out at|a floor of|anything from"
            ),
        ),
        (
            Relation.AT_MOST,
            (
                r"at most|at maximum|at the most|up to(?: and including)?|(?:not?|never|n['\u2019]t|"
                r"cannot) (?:\w+ ){0,3}?(?:more|greater|larger|bigger|higher|longer|older|"
                r"later|heavier|deeper|wider|taller|further) than|not (?:above|over|beyond|after|exceed|"
                r"exceeding|to exceed)|no (?:more|longer|"
                r"later|larger|bigger|older|higher|heavier|greater|further|wider|taller)\s+than|within|"
                r"inside(?: of)?|"
                r"<=|=<|≤|a maximum of|maximum of|max\.?|maximum|capped at|limited to|restricted to|as "
                r"many as|(?:no|not) exceeding|a ceiling of|for up to|by no more than|upper limit of|in at "
                r"most|"
                r"(?:space|room|place|capacity) for(?: an? (?:[\w-]+ ){1,3}of)?(?: up to)?|"
                r"(?:bounded|bound) (?:by|to)|to the extent of|fits? (?:in|into|inside)|"
                r"stops? at most at|(?:top|max|cap|"
                r"peak)(?:e?s|ped|ed)? "
                r"(?:out )?at|a cap of|a limit of|not in excess of|(?:no|not) beyond"
            ),
        ),
        (
            Relation.MORE,
            (
                r"more than|in excess of|over(?! by)|above|beyond|past|exceed(?:s|ed|ing)?|"
                r"surpass(?:es|ed|ing)?|"
                r"(?<!o)(?<!rath)(?<!eith)(?<!oth)(?<!wheth)"
                r"(?:great|larg|bigg|high|long|old|lat|heavi|deep|wid|tall|fast|furth|farth|bett|warm|hott|"
                r"strong|loud|thick|cost|dear|hard|steep|dens)"
                r"[a-z]{0,4}er than|(?:greater|larger|bigger|higher|longer|older|later|heavier|deeper|"
                r"wider|taller|further|farther|warmer|hotter|"
                r"better|thicker|louder|slower|stronger) than|>|north of|go(?:es)? (?:over|above|beyond)"
            ),
        ),
        (
            Relation.LESS,
            (
                r"(?:less|fewer|smaller|lower|shorter|younger|earlier|sooner|lighter|nearer|closer|"
                r"narrower|cheaper|cooler|colder|thinner|weaker|"
                r"faster|quicker|newer) than|not yet|up to,? but (?:not including|excluding|"
                r"exclusive of|without),?|"
                r"under|below|beneath|short of|<|in under|in less than|before"
            ),
        ),
        (Relation.EXACT, r"exactly|precisely|always|equals?|equal to|every|each|=|just"),
    ),
    "de": (
        (
            Relation.AT_LEAST,
            (
                r"mindestens|wenigstens|minimal|ab|nicht (?:weniger|kürzer|kleiner|jünger|früher) als|"
                r"frühestens|≥|>=|nicht unter|min\."
            ),
        ),
        (
            Relation.AT_MOST,
            (
                r"höchstens|maximal|bis zu|bis|nicht (?:mehr|länger|größer|älter|später|schwerer|höher) "
                r"als|innerhalb|innert|binnen|"
                r"begrenzt auf|beschränkt auf|≤|<=|nicht über|max\.|spätestens(?: nach)?|(?:der )?letzten"
            ),
        ),
        (
            Relation.MORE,
            (
                r"(?:mehr|länger|größer|älter|später|schwerer|höher|weiter) als|über|übersteig(?:t|en)|"
                r"überschreite[tn]|>|mehr denn"
            ),
        ),
        (
            Relation.LESS,
            r"(?:weniger|kürzer|kleiner|jünger|früher|leichter|niedriger) als|unter|unterhalb|<|vor",
        ),
        (Relation.EXACT, r"genau|exakt|alle|jede[rnsm]?"),
    ),
    "es": (
        (
            Relation.AT_LEAST,
            (
                r"al menos|como mínimo|por lo menos|(?:un )?mínimo(?: de)?|a partir de|desde|no (?:\w+ "
                r"){0,2}menos de|≥|>="
            ),
        ),
        (
            Relation.AT_MOST,
            (
                r"como máximo|(?:un )?máximo(?: de)?|hasta|a lo sumo|no (?:\w+ ){0,3}?(?:más|mayor(?:es)?) "
                r"(?:de|que)|ni (?:\w+ ){0,3}?más de|en un plazo(?: máximo)? de|"
                r"dentro de|≤|<=|limitado a|antes de|en los últimos|los últimos|no (?:\w+ ){0,2}?superar?|"
                r"menos de(?= x)"
            ),
        ),
        (
            Relation.MORE,
            (
                r"más de|mayor(?:es)? (?:de|que|a)|superior(?:es)? a|supera[rn]?|exced(?:e|a|er|en)|más "
                r"que|>|por encima de"
            ),
        ),
        (Relation.LESS, r"menos de|menor(?:es)? (?:de|que|a)|inferior(?:es)? a|<|por debajo de"),
        (Relation.EXACT, r"exactamente|cada|justo"),
    ),
    "fr": (
        (Relation.AT_LEAST, r"au moins|au minimum|minimum(?: de)?|à partir de|dès|≥|>=|pas moins de"),
        (
            Relation.AT_MOST,
            (
                r"au plus(?: tard)?|au maximum|(?:un )?maximum(?: de)?|jusqu['\u2019]à|pas (?:\w+ )?plus "
                r"de|sous|dans (?:les|un délai de)|en moins de(?= x)|≤|<=|"
                r"limitée?s? à|pas dépasser|ne (?:\w+ )?dépass(?:e|ent|era) pas|"
                r"des? (?:\w+ )?derniers|dans un délai (?:maximum )?de"
            ),
        ),
        (
            Relation.MORE,
            r"plus de|supérieure?s? à|dépass(?:e|er|ent)|au-delà de|excèd(?:e|ent)|>|âgée?s? de plus de",
        ),
        (Relation.LESS, r"moins de|inférieure?s? à|en dessous de|<|avant"),
        (Relation.EXACT, r"exactement|tou(?:te)?s les|chaque|précisément"),
    ),
    "it": (
        (Relation.AT_LEAST, r"almeno|(?:un )?minimo(?: di)?|a partire da|dai?|non meno di|≥"),
        (
            Relation.AT_MOST,
            (
                r"al massimo|(?:un )?massimo(?: di)?|fino a|entro|non (?:\w+ ){0,3}?più di|≤|non (?:\w+ "
                r")?superare"
            ),
        ),
        (Relation.MORE, r"più di|superior[ei] a|oltre|maggior[ei] di|supera(?:no)?"),
        (Relation.LESS, r"meno di|inferior[ei] a|minor[ei] di|sotto"),
        (Relation.EXACT, r"esattamente|ogni"),
    ),
    "nl": (
        (Relation.AT_LEAST, r"minstens|minimaal|ten minste|tenminste|vanaf|niet minder dan|≥"),
        (
            Relation.AT_MOST,
            (
                r"maximaal|hoogstens|ten hoogste|tot|binnen|niet (?:meer|langer|groter|ouder|later) dan|≤|"
                r"uiterlijk"
            ),
        ),
        (Relation.MORE, r"(?:meer|langer|groter|ouder|later|hoger) dan|boven"),
        (Relation.LESS, r"(?:minder|korter|kleiner|jonger|eerder|lager) dan|onder"),
        (Relation.EXACT, r"precies|exact|elke"),
    ),
    "pt": (
        (Relation.AT_LEAST, r"pelo menos|no mínimo|(?:um )?mínimo(?: de)?|a partir de|não menos de|≥"),
        (
            Relation.AT_MOST,
            (
                r"no máximo|(?:um )?máximo(?: de)?|até|não (?:\w+ ){0,3}?mais de|dentro de|≤|em até|não "
                r"(?:\w+ )?exceder"
            ),
        ),
        (Relation.MORE, r"mais de|superior(?:es)? a|maior(?:es)? (?:de|que)|acima de|excede[rm]?"),
        (Relation.LESS, r"menos de|inferior(?:es)? a|menor(?:es)? (?:de|que)|abaixo de"),
        (Relation.EXACT, r"exatamente|cada"),
    ),
}
_AFTER: dict[str, tuple[tuple[Relation, str], ...]] = {
    "en": (
        (
            Relation.AT_LEAST,
            (
                r",? (?:or|and) (?:more|above|older|over|longer|higher|greater|later|up|upwards?|larger|"
                r"heavier|beyond|better|farther|further|"
                r"onwards?|bigger)(?! than| to\b)|\+|,? (?:at (?:least|minimum|the (?:very )?least|the "
                r"(?:earliest|shortest|lowest|smallest|youngest|lightest|fewest))|"
                r"minimum|min\b\.?|upwards|onwards?|and counting|plus\b)|"
                r",? (?:at|as) an? (?:\w+ )?minimum|,? as (?:a|the) (?:lower (?:limit|bound)|floor)| (?:is|"
                r"are|being) the "
                r"(?:minimum|least|lowest|fewest|floor|lower limit)"
            ),
        ),
        (
            Relation.AT_MOST,
            (
                r",? (?:or|and) (?:less|fewer|below|under|younger|lower|shorter|smaller|earlier|lighter|"
                r"down|nearer|closer)(?! than)|"
                r",? (?:at (?:the )?(?:most|very most|maximum|latest|"
                r"longest|highest|largest|biggest|oldest|heaviest|furthest|farthest|outside)|maximum|"
                r"max\b\.?|tops\b)|"
                r",? (?:at|as) an? (?:\w+ )?maximum|,? as (?:an?|the|its|their) (?:absolute )?(?:(?:upper "
                r")?limit|"
                r"cap|ceiling|upper bound)|"
                r",? (?:and |but )?(?:no|not|never) (?:one |any )?(?:more|longer|further|deeper|later|"
                r"higher|bigger|"
                r"larger)(?: than (?:that|this))?(?=\s*(?:[.;,|]|$))|"
                r"(?: per \w+| each)? (?:is|are|being) (?:the (?:maximum|limit|most|upper limit|highest|cap|"
                r"ceiling)|all\b)"
            ),
        ),
        (Relation.EXACT, r" (?:exactly|precisely|sharp)"),
    ),
    "de": (
        (
            Relation.AT_LEAST,
            r" (?:oder|und) (?:mehr|älter|länger|höher|größer|darüber|später)|,? mindestens|\+",
        ),
        (
            Relation.AT_MOST,
            r" (?:oder|und) (?:weniger|jünger|kürzer|darunter|kleiner|niedriger)|,? (?:höchstens|maximal)",
        ),
    ),
    "es": (
        (Relation.AT_LEAST, r" o más| o mayor(?:es)?|,? (?:como|al) mínimo| en adelante|\+"),
        (Relation.AT_MOST, r" o menos| o menor(?:es)?|,? como máximo|,? a lo sumo"),
    ),
    "fr": (
        (Relation.AT_LEAST, r" (?:ou|et) (?:plus|davantage)|,? au (?:moins|minimum)|\+"),
        (Relation.AT_MOST, r" (?:ou|et) moins|,? au (?:plus|maximum)|,? maximum"),
    ),
    "it": ((Relation.AT_LEAST, r" o più|,? almeno"), (Relation.AT_MOST, r" o meno|,? al massimo")),
    "nl": ((Relation.AT_LEAST, r" of meer| of ouder"), (Relation.AT_MOST, r" of minder|,? maximaal")),
    "pt": ((Relation.AT_LEAST, r" ou mais"), (Relation.AT_MOST, r" ou menos|,? no máximo")),
}
_FAR = (
    (
        Relation.AT_MOST,
        (
            r"(?:\bmax(?:\.|im(?:um|al))?|\bmaximum|\bmáximo|\bmassimo)(?: [\w'/-]+){0,4}?(?: ?(?:of|is|"
            r"are|be|to|at|:|=|\||de|des|von|ist|beträgt))*\s*$|"
            r"(?<!above the )(?<!over the )(?<!beyond the )(?<!below the )(?<!under the )\blimit\s*$|"
            r"(?<!above the )(?<!over the )(?<!beyond the )(?<!below the )(?<!under the )\b(?:limit|cap|"
            r"ceiling|quota|allowance|upper bound|budget|limite|límite|capacity|grenze|"
            r"obergrenze|limits|maxima)(?: [\w'/-]+){0,4}? ?"
            r"(?:of|is|are|be|to|at|:|=|\||de|von|ist|liegt bei|beträgt)(?: (?:set|capped|fixed|limited) "
            r"(?:to|at))?\s*$|"
            r"\b(?:limited|restricted|capped)(?: [\w'/-]+){0,3} (?:to|at)\s*$"
        ),
    ),
    (
        Relation.AT_LEAST,
        (
            r"(?:\bmin(?:\.|imum|imal)|\bmin|\bmínimo|\bminimo)(?: [\w'/-]+){0,4}?(?: ?(?:of|is|are|be|to|"
            r"at|:|=|\||de|des|von|ist|beträgt))*\s*$|"
            r"\b(?:lower bound|lower limit|floor|threshold|untergrenze)(?: [\w'/-]+){0,3}? ?(?:of|is|are|"
            r"be|to|at|:|=|\|)\s*$"
        ),
    ),
)
_HOLDS = re.compile(
    r"\b(?:can|may) (?:only |each |then |also |together |altogether |at once )?(?!be\b|see\b|view\b|find\b|"
    r"read\b|know\b|"
    r"only\b|not\b|also\b|need\b)[a-z]{2,20}(?: (?:up|in|out|on|to|a total of|only))?\s*$|"
    r"\b(?:can|may) (?:\w+ )?be\s*$|\b(?:can|may) (?:\w+ )?be (?:used|sent|given|held|kept|booked|added|"
    r"made|picked|chosen|redeemed|repeated|shared|viewed|downloaded|swapped|tried|extended|drawn|played|"
    r"borrowed|renewed|postponed|moved|claimed)\s*$|"
    r"\b(?:only|just|no more than)\s*$|\b(?:fits?|seats?|accommodates?|has (?:space|room) for|"
    r"there(?:'s| is) (?:space|room) for)\s*$",
    re.IGNORECASE,
)
_WINDOW = re.compile(
    (
        r"(?:\b(?:the|in|over|within|during|my|your|our|their|its|his|her|each|every|of)|['\u2019]s|"
        r"s['\u2019]) "
        r"(?:the |his |her |their |its )?(?:last|past|previous|preceding|next|following|first|top|newest|"
        r"latest|most recent|oldest|best)\s*$"
    ),
    re.IGNORECASE,
)
"""`the last 30 days`; of things, as opposed to times, it is no bound."""
_NEGATION = {
    "en": (
        r"\b(?:no|not|never|cannot|nobody|no one|none|nothing|neither|nor|without|mustn|hardly)\b|"
        r"n['\u2019]t\b"
    ),
    "de": r"\b(?:nicht|kein\w*|nie|niemals|niemand|weder|noch)\b",
    "es": r"\b(?:no|nunca|ning[uú]n\w*|nadie|ni)\b",
    "fr": r"\b(?:ne|pas|jamais|aucune?|ni)\b|\bn['\u2019]",
    "it": r"\b(?:non|nessun\w*|mai|né)\b",
    "nl": r"\b(?:niet|geen|nooit|niemand)\b",
    "pt": r"\b(?:não|nunca|nenhuma?|ninguém|nem)\b",
}
_BOUNDARY = re.compile(
    (
        r"[,;:.!?|\n]|\b(?:and|but|if|when|while|because|so|which|where|whose|once|und|aber|wenn|y|pero|si|"
        r"et|mais|quand|that|who)\b"
    ),
    re.IGNORECASE,
)
_BEFORE_RX = {
    language: tuple(
        (relation, re.compile(rf"(?:(?<![\w-])(?:{words}))(?P<fill>{_FILL[:-1]})$", re.IGNORECASE))
        for relation, words in table
    )
    for language, table in _BEFORE.items()
}
_AFTER_RX = {
    language: tuple(
        (relation, re.compile(rf"(?:{words})(?!\w)" if "+" not in words else rf"(?:{words})", re.IGNORECASE))
        for relation, words in table
    )
    for language, table in _AFTER.items()
}
_FAR_RX = tuple((relation, re.compile(words, re.IGNORECASE)) for relation, words in _FAR)
_NEGATION_RX = {language: re.compile(words, re.IGNORECASE) for language, words in _NEGATION.items()}
_REACH = 60
_NEGATION_REACH = 90


def before(text: str, language: str) -> tuple[Relation, int]:
    """The relation that the end of `text` states, and where its words start; the longest phrase wins.

    Args:
        text: What stands before a number, from the number before it on.
        language: A code of `tongue`; another has none.
    """
    tail = text[-_REACH:]
    shift = len(text) - len(tail)
    best, start, length = Relation.NONE, len(text), 0
    for relation, pattern in _BEFORE_RX.get(language, ()):
        match = pattern.search(tail)
        if match is None:
            continue
        place, span = shift + match.start(), match.start("fill") - match.start()
        if place < start or (place == start and span > length):
            best, start, length = relation, place, span
    if best in {Relation.MORE, Relation.LESS} and denied(text[:start], language):
        best = FLIPPED[best]
        return (Relation.AT_MOST if best is Relation.AT_MOST else Relation.AT_LEAST), start
    if best in {Relation.NONE, Relation.EXACT}:  # `max. attempts = 3`
        relation, place = _far(tail, language, plain=best is Relation.NONE)
        return (relation, shift + place) if relation is not Relation.NONE else (best, start)
    return best, start


def _far(tail: str, language: str, *, plain: bool) -> tuple[Relation, int]:
    """What words say of a number that don't stand right before it; `plain` if none do."""
    windowed = _WINDOW.search(tail) if plain and language == "en" else None
    if windowed:
        return Relation.AT_MOST, windowed.start()
    for relation, pattern in _FAR_RX:
        if match := pattern.search(tail):
            return relation, match.start()
    if plain and language == "en" and (match := _HOLDS.search(tail)):
        return Relation.AT_MOST, match.start()
    return Relation.NONE, len(tail)


def after(text: str, at: int, language: str) -> tuple[Relation, int]:
    """The relation that the text states from `at` on (`or more`), and where its words end."""
    if language == "en" and (size := _DIMENSION.match(text, at)):
        relation, end = after(text, size.end(), "")
        if relation is not Relation.NONE:
            return relation, end
    for relation, pattern in _AFTER_RX.get(language or "en", ()):
        match = pattern.match(text, at)
        if match and not (match.group().startswith((",", " or", " and")) and _NEXT.match(text, match.end())):
            return relation, match.end()
    return Relation.NONE, at


_DIMENSION = re.compile(
    r" (?:long|wide|high|tall|deep|thick|old|away|apart|ahead|back|each|every|in (?:total|all|advance|length|"
    r"width|height|depth|size))"
    r"(?=[ ,])"
)
"""Between an amount and its comparator: `3 km long at most`."""
_NEXT = re.compile(
    r"\s+(?:an? |of )?(?:\d|[$€£]|one|two|three|four|five|six|ten|drei|zwei|tres|dos|deux|trois)"
)


_NO_SUCH = re.compile(
    r"\b(?:nothing|nobody|no one|none)\b[^,;:.!?|\n]{1,40} (?:that|who|which)\b[^,;:.!?|\n]*$", re.IGNORECASE
)
"""`nothing is delivered that is due before`: what is denied is said in the clause before."""


def denied(text: str, language: str) -> bool:
    """Whether the clause at the end of `text` is negated."""
    tail = text[-_NEGATION_REACH:]
    if language == "en" and _NO_SUCH.search(tail):
        return True
    clause = tail[max((match.end() for match in _BOUNDARY.finditer(tail.rstrip(" ,"))), default=0) :]
    pattern = _NEGATION_RX.get(language)
    return bool(pattern and pattern.search(clause))
