"""The words that nothing measures, by what would measure them, in a handful of languages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from casewright_generator.domain.language.words import word_set
from casewright_generator.domain.requirements.model import ConstraintKind

_K = ConstraintKind
_TIMES = frozenset({_K.DURATION, _K.TIMEOUT, _K.TIME, _K.DATE})
_NUMBERS = _TIMES | {_K.COUNT, _K.NUMBER, _K.PERCENT, _K.SIZE, _K.LENGTH, _K.MONEY, _K.WEIGHT}
_VOWELS = "aeiou"
_LONGEST_COMPARED = 6
"""Letters of a word that English compares by an ending: `quicker`, but `more careful`."""


@dataclass(frozen=True, slots=True)
class Sort:
    """Words of one kind.

    Attributes:
        ask: What would measure them.
        measured: Constraints that do, in the same sentence.
    """

    ask: str
    measured: frozenset[ConstraintKind] = _NUMBERS


_SOON = Sort("within what time at most, and counted from which moment", _TIMES)
_FREQUENCY = Sort("how often exactly")
_SMOOTH = Sort("what must not be noticed, and what delay or jump is still allowed")
_EASE = Sort("in how many steps, or how would a tester decide that it is")
_PLAIN = Sort("what must it hold or show: which words, which size, which contrast")
_PLEASING = Sort("what must be in it, or who decides, and by what")
_FITTING = Sort("by which rule is that decided, or what is the limit")
_SOUND = Sort("by what measure, and how much of it at least")
_EXTENT = Sort("how much at least, and how much at most")
_SOME = Sort("how many, or which ones exactly")
_REST = Sort("what else belongs to it", frozenset())
_CASES = Sort("in which cases exactly", frozenset())
_UNDECIDED = Sort("what was decided", frozenset())


def _english(adjectives: str) -> Iterator[str]:
    """English adjectives with what is compared by them, and their adverbs."""
    for word in adjectives.split():
        yield word
        yield _adverb(word)
        if len(word) <= _LONGEST_COMPARED and not word.endswith(("ly", "ful", "ive")):
            yield f"{word[:-1]}i" * word.endswith("y") + f"{word.rstrip('e')}" * (word[-1] != "y") + "er"


def _adverb(word: str) -> str:
    if word.endswith("le") and word[-3] not in _VOWELS:
        return f"{word[:-1]}y"
    if word.endswith("y"):
        return f"{word[:-1]}ily"
    return f"{word}ally" if word.endswith("ic") else f"{word}ly"


def _ending(words: str, endings: str) -> Iterator[str]:
    """Words as they stand and with each of the endings."""
    for word in words.split():
        yield word
        yield from (f"{word}{ending}" for ending in endings.split())


def _german(words: str) -> Iterator[str]:
    return _ending(words, "e er es en em ere eren erer")


def _romance(stems: str) -> Iterator[str]:
    """Adjectives of Spanish, Italian and Portuguese that end in o."""
    for stem in stems.split():
        yield from (f"{stem}{ending}" for ending in ("o", "a", "os", "as", "i", "e", "amente"))


ANYWHERE: dict[str, Sort] = {
    word: sort
    for sort, groups in (
        (
            _SOON,
            (
                "fast faster timely soon shortly performant snappy belatedly",
                "promptly",
                *_english("quick slow swift rapid speedy responsive sluggish"),
                *_german("schnell zügig zeitnah rasch"),
                "rechtzeitig bald umgehend frühzeitig flott pronto cuanto antes",
                *_romance("rápid rapid"),
                "rapide rapides rapidement bientôt veloce veloci velocemente snel snelle tijdig vlot ",
                "rápidamente",
            ),
        ),
        (
            _FREQUENCY,
            (
                *_english("frequent"),
                "regularly often periodical periodically occasionally rarely regelmäßig häufig regularmente",
                "frecuentemente régulièrement fréquemment regolarmente frequentemente regelmatig",
            ),
        ),
        (
            _SMOOTH,
            (
                *_english("smooth seamless fluid frictionless"),
                *_german("flüssig reibungslos nahtlos"),
                "fluidamente soepel",
            ),
        ),
        (
            _EASE,
            (
                *_english("easy intuitive convenient effortless comfortable ergonomic painless hassle-free"),
                "simpler user-friendly user-friendlier customer-friendly straightforward ",
                "self-explanatory handy",
                "usable beginner-friendly",
                *_german("intuitiv benutzerfreundlich nutzerfreundlich bequem komfortabel unkompliziert"),
                *_romance("sencill intuitiv cómod comod"),
                "fácil fáciles fácilmente facile faciles facili facilement facilmente intuitif intuitifs",
                "intuitive intuitives convivial conviviale conviviaux semplice semplici makkelijk makkelijke",
                "eenvoudig eenvoudige gebruiksvriendelijk gebruiksvriendelijke gemakkelijk",
            ),
        ),
        (
            _PLAIN,
            (
                "clearly prominently discreetly noticeably understandably legibly readably eye-catching",
                "self-evident noticeable unobtrusive unobtrusively",
                *_english(
                    "recognisable recognizable memorable understandable comprehensible legible "
                    "readable prominent discreet intelligible"
                ),
                "human-readable tidily neatly concisely",
                *_german("übersichtlich verständlich lesbar deutlich auffällig unauffällig"),
                *_romance("clar"),
                "legible legibles visiblement clair clairs claire claires clairement lisible lisibles",
                "compréhensible compréhensibles chiaro chiara chiari chiaramente leggibile leggibili",
                "comprensible comprensibles duidelijk duidelijke overzichtelijk overzichtelijke begrijpelijk",
                "leesbaar leesbare legível legíveis",
            ),
        ),
        (
            _PLEASING,
            (
                *_english(
                    "helpful meaningful useful informative polite pleasant beautiful attractive appealing "
                    "elegant tasteful inviting engaging courteous stylish classy"
                ),
                "friendly nice nicely modern professional professionally welcoming",
                *_german("hilfreich aussagekräftig freundlich ansprechend modern schön nützlich höflich"),
                "útil útiles amable amables amigable amigables agradable agradables moderno moderna ",
                "utile utiles",
                "agréable agréables moderne modernes nuttig nuttige vriendelijk vriendelijke prettig ",
                "aantrekkelijk",
            ),
        ),
        (
            _FITTING,
            (
                *_english(
                    "appropriate inappropriate adequate inadequate reasonable unreasonable acceptable "
                    "unacceptable suitable unsuitable sensible sufficient insufficient proper decent "
                    "offensive "
                    "excessive suspicious unusual abnormal significant considerable substantial satisfactory "
                    "disproportionate plausible implausible trustworthy unreliable questionable dubious "
                    "conspicuous objectionable noteworthy"
                ),
                "correctly relevant tolerable fairly popular recent nearby obvious obviously",
                *_german(
                    "angemessen passend geeignet ungeeignet ausreichend sinnvoll vernünftig "
                    "ordnungsgemäß zumutbar "
                    "akzeptabel verdächtig ungewöhnlich unpassend"
                ),
                *_romance("adecuad apropiad oportun adeguat adequad apropriad"),
                "razonable razonables suficiente suficientes aceptable aceptables approprié appropriés ",
                "appropriée",
                "appropriées adéquat adéquate adéquats adéquates raisonnable raisonnables suffisant ",
                "suffisante",
                "suffisants suffisantes suffisamment acceptables convenable convenables ragionevole ",
                "ragionevoli",
                "geschikt geschikte redelijk redelijke passende voldoende razoável razoáveis",
            ),
        ),
        (
            _SOUND,
            (
                *_english(
                    "robust flexible scalable reliable efficient graceful optimal resilient sustainable"
                ),
                "securely safely high-quality state-of-the-art lightweight future-proof flawlessly",
                *_german("stabil zuverlässig flexibel effizient optimal robust"),
                *_romance("robust"),
                "eficiente eficientemente fiable fiables efficace efficacement flexibles betrouwbaar ",
                "betrouwbare",
                "efficiënt",
            ),
        ),
        (
            _SOME,
            (
                "several various numerous countless sundry mehrere einige diverse verschiedene etliche ",
                "varios varias",
                "algunos algunas plusieurs quelques divers diverses alcuni alcune enkele diversas alguns ",
                "algumas",
                "verschillende",
            ),
        ),
    )
    for group in groups
    for word in group.split()
}
"""Vague wherever they stand; in lower case."""

SAID_OF: dict[str, Sort] = {
    word: sort
    for sort, groups in (
        (
            _EXTENT,
            (
                "big small large short long tall wide narrow high low deep thick thin heavy light loud ",
                "quiet bright ",
                "strong weak warm cool cheap expensive inexpensive near close far minimal few generous ",
                "strict lenient ",
                "bigger larger smaller shorter longer higher lower better worse cheaper ",
                "groß klein kurz lang hoch niedrig laut leise hell stark günstig groot klein kort lang ",
                "hoog laag luid ",
                "grande grandes pequeño pequeña corto corta cortos cortas largo larga breve breves grand ",
                "grands ",
                "petit petite petits petites court courte courts courtes long longue piccolo piccola ",
                "curto curta",
            ),
        ),
        (
            _EASE,
            ("simple complex complicated hard difficult einfach leicht simples schwer",),
        ),
        (
            _PLAIN,
            (
                "clear tidy clean neat concise brief compact crisp sharp plain subtle uncluttered klar ",
                "knapp helder",
            ),
        ),
        (
            _SOUND,
            (
                "fair good bad great poor stable secure safe recent fresh accurate precise consistent ",
                "similar comparable ",
                "realistic credible logical natural sturdy prompt instant sicher ähnlich fair gut ",
                "aktuell goed ",
                "veilig bueno buena ",
                "buenos buenas seguro segura bon bonne sûr sûre fiables buono sicuro bom boa",
            ),
        ),
    )
    for group in groups
    for word in group.split()
}
"""Vague where they are said of something (`must be short`); before a noun they mostly name a sort of it."""

BEFORE_NOUN = word_set(
    "clear tidy clean concise brief simple fair good similar stable secure safe recent accurate consistent "
    "neat prompt"
)
"""Those of `SAID_OF` that are vague before a noun as well, behind `a` or what intensifies them."""

CAPABLE = word_set("readable legible understandable comprehensible intelligible usable lesbar")
"""A thing can be denied them, or put under the condition of them, without any degree: `no readable label`."""

COMPOUNDS: dict[str, frozenset[str]] = {
    word: frozenset(others.split())
    for word, others in (
        ("fast", "forward food lane track charger charging"),
        (
            "quick",
            "search start view access filter filters link links reply replies action actions response guide",
        ),
        ("quickly", "filter"),
        ("prompt", "asks appears is for says text shows opens window"),
        ("slow", "motion"),
        ("swift", "code codes number"),
        ("hard", "disk disks copy copies drive drives cover reset"),
        ("soon", "as"),
        ("shortly", "before after"),
        ("simply", "click press by as a an the not because"),
        ("simple", "majority interest click"),
        ("simpler", "click"),
        ("professional", "account plan licence license qualification training body"),
        ("fairly", "distributed"),
        ("friendly", "match name"),
        ("easy", "care going"),
        ("clear", "button text that whether how what which who if why"),
        ("close", "the a it down all as if button"),
        ("good", "friday morning to"),
        ("fair", "use trade"),
        ("safe", "mode"),
        ("smooth", "scrolling"),
        ("proper", "name names noun nouns"),
        ("responsive", "design"),
        ("modern", "languages"),
        ("inviting", "them"),
    )
}
"""Words behind a word with which it names something."""


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.IGNORECASE)


PHRASES = (
    (
        _words(
            r"as (?:soon|fast|quickly|early|short|promptly) as possible|so schnell wie möglich|lo antes "
            r"posible|"
            r"dès que possible|zo snel mogelijk|il prima possibile|o mais rápido possível"
        ),
        Sort("within what time at most, counted from which moment", _TIMES),
    ),
    (
        _words(
            r"as (?!soon|far|long|well)\w+ as possible|möglichst \w+|so \w+ wie möglich|lo más \w+ posible|"
            r"aussi \w+ que possible|zo \w+ mogelijk|il più \w+ possibile"
        ),
        Sort("what is the least that must be reached"),
    ),
    (
        _words(
            r"without (?:undue |noticeable |long |much |unnecessary )?(?:delays?|waiting)|in (?:good|due) "
            r"(?:time|course)|"
            r"(?:well|long) (?:in advance|before|ahead)|in near real[- ]time|in no time|within moments|"
            r"(?:after|for|within) (?:a (?:short|little|long)? ?(?:while|time|moment|period)|some time|a "
            r"while)|"
            r"(?:a|the) (?:short|long) (?:time|while|delay|period)|con antelación suficiente|ohne "
            r"verzögerung|"
            r"nach (?:einiger|kurzer) zeit|sans délai|senza ritardi"
        ),
        _SOON,
    ),
    (
        _words(
            r"from time to time|every now and then|once in a while|de vez en cuando|de temps en temps|af "
            r"en toe"
        ),
        _FREQUENCY,
    ),
    (
        _words(
            r"(?:work|perform|run|behave|scale|look|read|fit)s? (?:(?:very|equally|reasonably) )?(?:well|"
            r"fine)"
            r"(?! (?:before|in advance|ahead|known))|run(?:s|ning)? stable"
        ),
        _SOUND,
    ),
    (
        _words(
            r"(?:little|minimal|minimum|as little|low|no great|without much|reasonable) (?:effort|"
            r"training|friction)|"
            r"without (?:much )?(?:training|effort|help)"
        ),
        _EASE,
    ),
    (
        _words(r"(?:(?<=not )|(?<=not be )|(?<=n't be )|(?<=not get )|(?<=not look )|(?<=but not ))too \w+"),
        _EXTENT,
    ),
    (_words(r"near(?= (?:the|an?|their|his|her|its|your|our|to)\b)"), _EXTENT),
    (
        _words(
            r"accessible(?= (?:to everyone|for all))|(?:einfach|leicht) zu \w+|"
            r"leicht (?:verständlich|auffindbar|bedienbar|erreichbar)"
        ),
        _EASE,
    ),
    (_words(r"gut (?:sichtbar|lesbar|erkennbar)|bien visibles?|goed (?:zichtbaar|leesbaar)"), _PLAIN),
    (_words(r"(?:justified|valid|good|important) (?:reasons?|grounds|causes?)|pretty(?= \w+\.)"), _FITTING),
    (_words(r"important(?= \w+)"), _FITTING),
    (
        _words(
            r"a few|a couple of|a number of|a lot of|lots of|plenty of|a handful of|dozens of|"
            r"(?<!how )(?<!as )(?<!so )(?<!too )many(?= (?:users|items|results|files))|"
            r"an? (?:large|small|high|low|certain|limited|sufficient|reasonable|great|huge) "
            r"(?:number|amount|quantity|volume|share|portion)(?: of)?"
        ),
        _SOME,
    ),
    (
        _words(
            r"etc\.?|and so on|and so forth|and the like|among others|or similar|and others|usw\.?|"
            r"u\.\s?a\.|und so weiter|und ähnliche[sn]?|o\.\s?ä\.|y así sucesivamente|entre otros|et "
            r"cetera|ecc\.?|enz\.?|"
            r"(?:including )?but not limited to"
        ),
        _REST,
    ),
    (
        _words(
            r"(?:if|as|when|where|wherever|whenever) (?:necessary|needed|required|appropriate|possible|"
            r"applicable|desired|sensible|feasible|reasonable)|as far as possible|if need be|bei bedarf|"
            r"falls nötig|wenn "
            r"möglich|ggf\.?|nach möglichkeit|"
            r"gegebenenfalls|si es necesario|si procede|cuando sea posible|si nécessaire|si possible|"
            r"le cas échéant|se necessario|se possibile|indien nodig|zo nodig|waar mogelijk|se necessário"
        ),
        _CASES,
    ),
    (
        _words(
            r"tbd|tbc|to be (?:defined|decided|clarified|confirmed|determined)|n\.\s?n\.|noch offen|"
            r"wird noch geklärt|por definir|à définir|da definire|nader te bepalen"
        ),
        _UNDECIDED,
    ),
    (
        _words(
            r"(?:large|small|big|long|short|high|low|loud|bright|strong|old|visible|wide|fast|good|near|safe|"
            r"early|often|clear|close|deep|light|thick|simple|quick) enough|(?:groß|lang|hoch|gut|"
            r"schnell) genug"
        ),
        Sort("how much at least"),
    ),
)
"""More than one word, or a word whose company decides; the first that matches counts."""
