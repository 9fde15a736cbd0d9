"""Words that can't be measured, where nothing beside them measures them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from casewright_common.events import Criterion
from casewright_generator.domain.requirements.blanking import without_quotations
from casewright_generator.domain.requirements.exclusions import sentences
from casewright_generator.domain.requirements.model import Constraint, ConstraintKind

_K = ConstraintKind
_TIMES = frozenset({_K.DURATION, _K.TIMEOUT, _K.TIME, _K.DATE})
_NUMBERS = frozenset(
    {
        _K.DURATION,
        _K.TIMEOUT,
        _K.TIME,
        _K.DATE,
        _K.COUNT,
        _K.NUMBER,
        _K.PERCENT,
        _K.SIZE,
        _K.LENGTH,
        _K.MONEY,
        _K.WEIGHT,
    }
)
_BE = (
    r"(?:be|is|are|lies?|stays?|remains?|feels?|looks?|seems?|as|very|too|so|more|most|a|an|and|"
    r"reasonably|fairly|sufficiently|quite|really)"
)


@dataclass(frozen=True, slots=True)
class _Class:
    """Words of one kind.

    Attributes:
        ask: What would measure them.
        measured: Constraints that do, in the same sentence.
    """

    pattern: re.Pattern[str]
    ask: str
    measured: frozenset[ConstraintKind] = _NUMBERS


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.IGNORECASE)


_CLASSES = (
    _Class(
        _words(
            r"as (?:soon|fast|quickly|early|short|promptly) as possible|so schnell wie möglich|lo "
            r"antes posible|dès que possible"
        ),
        "within what time at most, counted from which moment",
        _TIMES,
    ),
    _Class(
        _words(
            r"as (?!soon|far|long|well)\w+ as possible|möglichst \w+|lo más \w+ posible|aussi \w+ que "
            r"possible"
        ),
        "what is the least that must be reached",
    ),
    _Class(
        _words(
            r"fast(?:er)?(?! (?:forward|food|lane|track))|quick(?:ly|er)?(?! (?:search|start|view|"
            r"access|filter|links?))|slow(?:ly|er)?|prompt(?:ly)?(?! (?:asks|appears|is|for|says))|"
            r"timely|soon(?! as)|shortly(?! (?:before|after))|swift(?:ly)?|speed(?:y|ily)|rapid(?:ly)?|"
            r"responsive(?:ly)?|performant|snappy|without (?:undue |noticeable |long )?delays?|in good "
            r"time|well in advance|"
            r"well before|in near real[- ]time|schnell(?:e[rnms]?|er)?|zügig|zeitnah|rechtzeitig|bald|"
            r"umgehend|performant|frühzeitig|rápid[oa]s?|rápidamente|pronto|"
            r"con antelación suficiente|rapides?|rapidement|bientôt|velocemente|rapidamente|veloce|"
            r"snel|tijdig"
        ),
        "within what time at most, and counted from which moment",
        _TIMES,
    ),
    _Class(
        _words(
            r"regular(?:ly)?(?= *[.,;]|$| \w+)(?<!regular)|regularly|frequent(?:ly)?|(?<!how )often|"
            r"periodical(?:ly)?|from time to time|occasionally|rarely|every now and then|regelmäßig|"
            r"häufig|"
            r"regularmente|frecuentemente|régulièrement|fréquemment|regolarmente|regelmatig"
        ),
        "how often exactly",
    ),
    _Class(
        _words(r"smooth(?:ly)?|seamless(?:ly)?|fluid(?:ly)?|flüssig|reibungslos|nahtlos|fluidamente"),
        "what must not be noticed, and what delay or jump is still allowed",
    ),
    _Class(
        _words(
            r"eas(?:y|ily|ier)|simpl(?:y|er)(?! (?:click|press|by|as|a|an|the|not|because))|(?<=be "
            r")simple|(?<=are )simple|(?<=is )simple|intuitive(?:ly)?|user[- ]friendly|"
            r"convenient(?:ly)?|"
            r"effortless(?:ly)?|comfortabl[ey]|accessible(?= (?:to everyone|for all))|ergonomic|"
            r"painless(?:ly)?|straightforward|self-explanatory|handy|usable|"
            r"(?<=muss )einfach|(?<=ist )einfach|einfach zu|leicht(?= (?:zu|verständlich|auffindbar|"
            r"bedienbar|erreichbar))|intuitiv|benutzerfreundlich|bequem|komfortabel|"
            r"fácil(?:es|mente)?|sencill[oa]s?|intuitiv[oa]s?|cómod[oa]s?|faciles?|facilement|"
            r"intuitifs?|intuitives?|convivia(?:l|le|ux)|facile|facilmente|semplice|makkelijk|eenvoudig"
        ),
        "in how many steps, or how would a tester decide that it is",
    ),
    _Class(
        _words(
            r"(?:clearly|clear(?=ly)|understandabl[ey]|comprehensibl[ey]|legibl[ey]|readabl[ey]|"
            r"(?<=human-)readable|prominent(?:ly)?|discreet(?:ly)?|eye-catching|self-evident|"
            r"noticeabl[ey]|"
            r"übersichtlich\w*|verständlich\w*|lesbar|gut sichtbar|deutlich|auffällig|clar[oa]s?|"
            r"claramente|legibles?|visiblement|clairs?|claires?|clairement|lisibles?|compréhensibles?|"
            r"chiaro|chiaramente|duidelijk)"
        ),
        "what must it hold or show: which words, which size, which contrast",
    ),
    _Class(
        re.compile(
            rf"\b{_BE} (?P<word>clear|tidy|clean|concise|short and clear)\b(?! (?:the|all|of|from|and "
            rf"(?:save|reset)|button|text|up))",
            re.IGNORECASE,
        ),
        "what must it hold or show: which words, which size, which contrast",
    ),
    _Class(
        _words(
            r"helpful|meaningful|useful(?:ly)?|informative|friendly|polite(?:ly)?|pleasant(?:ly)?|"
            r"nice(?:ly)?|pretty(?= \w+\.)|beautiful(?:ly)?|attractive(?:ly)?|appealing|modern|"
            r"professional(?:ly)?(?! (?:account|plan|licen))|"
            r"elegant(?:ly)?|engaging|tasteful(?:ly)?|inviting|hilfreich\w*|aussagekräftig\w*|"
            r"freundlich\w*|ansprechend\w*|modern\w*|schön\w*|útil(?:es)?|amable|amigable|agradable|"
            r"moderno|"
            r"utiles?|agréables?|modernes?|utile|nuttig|vriendelijk"
        ),
        "what must be in it, or who decides, and by what",
    ),
    _Class(
        _words(
            r"(?:in)?appropriate(?:ly)?|adequate(?:ly)?|reasonabl[ey]|acceptabl[ey]|(?:un)?suitabl[ey]|"
            r"sensibl[ey]|sufficient(?:ly)?|proper(?:ly)?|correctly|decent(?:ly)?|fairly(?! \w+ (?:of|"
            r"in))|"
            r"offensive(?:ly)?|excessive(?:ly)?|suspicious(?:ly)?|unusual(?:ly)?|abnormal(?:ly)?|"
            r"significant(?:ly)?|considerabl[ey]|substantial(?:ly)?|noteworthy|relevant|trustworthy|"
            r"plausible|"
            r"satisfactor(?:y|ily)|tolerable|justified(?= reason)|valid reason|good reason|"
            r"important(?= \w+)|angemessen\w*|passend\w*|geeignet\w*|ausreichend\w*|sinnvoll\w*|"
            r"vernünftig\w*|ordnungsgemäß|"
            r"zumutbar\w*|adecuad[oa]s?|apropiad[oa]s?|razonables?|suficientes?|aceptables?|"
            r"oportun[oa]s?|appropriée?s?|adéquate?s?|raisonnables?|suffisante?s?|suffisamment|"
            r"acceptables?|convenables?|"
            r"adeguat[oaie]|ragionevol[ei]|geschikt|redelijk|adequad[oa]s?|razoáve(?:l|is)"
        ),
        "by which rule is that decided, or what is the limit",
    ),
    _Class(
        re.compile(
            rf"\b(?:{_BE}|not) (?P<word>fair|close|similar|good|stable|secure|reliable|robust|safe|"
            rf"recent|accurate|consistent)\b(?! (?:the|a|it|down|all|as|if)\b)",
            re.IGNORECASE,
        ),
        "by what measure, and how much of it at least",
    ),
    _Class(
        _words(
            r"robust(?:ly)?|flexibl[ey]|scalabl[ey]|reliabl[ey]|efficient(?:ly)?|graceful(?:ly)?|"
            r"securely|high[- ]quality|state[- ]of[- ]the[- ]art|optimal(?:ly)?|lightweight|"
            r"future-proof|"
            r"stabil|zuverlässig|flexibel|effizient|optimal|robust[oa]|eficiente(?:mente)?|flexible|"
            r"fiable|efficace(?:ment)?|as smooth"
        ),
        "by what measure, and how much of it at least",
    ),
    _Class(
        _words(
            r"several|various|a few|a couple of|a number of|numerous|a lot of|(?<!how )(?<!as )(?<!so "
            r")(?<!too )many(?= (?:users|items|results|files))|a handful of|mehrere|einige|diverse|"
            r"verschiedene|vari[oa]s|algun[oa]s|"
            r"plusieurs|quelques|divers(?:es)?|alcun[ie]|enkele"
        ),
        "how many, or which ones exactly",
    ),
    _Class(
        _words(
            r"etc\.?|and so on|and so forth|and the like|among others|or similar|and others|usw\.?|"
            r"u\.\s?a\.|und so weiter|o\.\s?ä\.|y así sucesivamente|entre otros|et cetera|ecc\.?|enz\.?"
        ),
        "what else belongs to it",
        frozenset(),
    ),
    _Class(
        _words(
            r"(?:if|as|when|where|wherever|whenever) (?:necessary|needed|required|appropriate|possible|"
            r"applicable|desired|sensible)|as far as possible|if need be|bei bedarf|falls nötig|wenn "
            r"möglich|ggf\.?|"
            r"gegebenenfalls|si es necesario|si procede|cuando sea posible|si nécessaire|si possible|"
            r"le cas échéant|se necessario|indien nodig"
        ),
        "in which cases exactly",
        frozenset(),
    ),
    _Class(
        _words(
            r"tbd|tbc|to be (?:defined|decided|clarified|confirmed|determined)|n\.\s?n\.|noch offen|"
            r"wird noch geklärt|por definir|à définir"
        ),
        "what was decided",
        frozenset(),
    ),
    _Class(
        re.compile(
            r"\b(?P<word>(?:large|small|big|long|short|high|low|loud|bright|strong|old|visible|wide|"
            r"fast|good|near|safe) enough)\b",
            re.IGNORECASE,
        ),
        "how much at least",
    ),
)
_BACKGROUND = re.compile(
    r"\b(?:as (?:is|it was)|at the moment|currently|so far|today)\b[^.;]*$", re.IGNORECASE
)
_TITLE = re.compile(
    r"^\s*(?:Scenario|Szenario|Escenario|Scénario|Feature|Background|Rule)\b[^:]{0,20}:", re.IGNORECASE
)
_LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class Vague:
    """A vague word with the sentence that it stands in."""

    criterion: str
    word: str
    sentence: str
    ask: str


def vague(criteria: Sequence[Criterion], constraints: Sequence[Constraint]) -> Iterator[Vague]:
    """The vague words of criteria, in order; one that a number in its sentence measures is none."""
    by_criterion: dict[str, list[Constraint]] = {}
    for constraint in constraints:
        by_criterion.setdefault(constraint.criterion, []).append(constraint)
    for criterion in criteria:
        own = by_criterion.get(criterion.id, [])
        for line in criterion.text[:_LONGEST].split("\n"):
            if _TITLE.match(line):
                continue
            for sentence in sentences(line):
                yield from _of_sentence(criterion.id, sentence, own)


def _of_sentence(criterion: str, sentence: str, constraints: Sequence[Constraint]) -> Iterator[Vague]:
    masked = without_quotations(sentence)
    kinds = {one.kind for one in constraints if one.text and one.text in sentence}
    seen: list[tuple[int, int]] = []
    for one in _CLASSES:
        if kinds & one.measured:
            continue
        for match in one.pattern.finditer(masked):
            start, end = match.span("word") if "word" in match.groupdict() else match.span()
            if any(start < other_end and other_start < end for other_start, other_end in seen):
                continue
            if _BACKGROUND.search(masked[:start]):
                continue
            seen.append((start, end))
            yield Vague(criterion, sentence[start:end], sentence, one.ask)
