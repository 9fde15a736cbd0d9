"""Which part of a description a heading or label opens, in a handful of languages."""

import re
from enum import StrEnum

LONGEST_LABEL = 80
_COLONS = (":", "\uff1a")

_CRITERIA = frozenset(
    """
    acceptance criteria | acceptance criterion | acceptance | acceptance tests | acceptance test
    | acceptance conditions | ac | acs | a/c | cos | conditions of satisfaction | condition of satisfaction
    | satisfaction criteria | success criteria | success conditions | exit criteria | done when
    | requirements | requirement | functional requirements | functional requirement | business rules
    | business requirements | business rule | rules | validation rules | validations | validation | must have
    | must haves | must | should | it should | expected | expected result | expected results
    | expected behaviour | expected behavior | expected behaviours | expected behaviors | expected outcome
    | expected output | expectation | expectations | desired behaviour | desired behavior | desired result
    | definition of done | dod
    | what should happen | what you expect to happen | intended behaviour | intended behavior
    | specification | scenario | scenarios | acceptance scenarios | gherkin
    | akzeptanzkriterien | akzeptanzkriterium | abnahmekriterien | anforderungen | anforderung
    | erwartetes verhalten | erwartetes ergebnis | erwartet
    | critères d'acceptation | critères d'acceptance | critere d'acceptation | exigences | exigence
    | résultat attendu | résultats attendus | comportement attendu
    | criterios de aceptación | criterios de aceptacion | requisitos | resultado esperado
    | resultados esperados | comportamiento esperado
    | critérios de aceitação | critérios de aceite | comportamento esperado
    | criteri di accettazione | requisiti | risultato atteso
    | acceptatiecriteria | verwacht resultaat | kryteria akceptacji | критерии приёмки | критерии приемки
    | ожидаемый результат | 验收标准 | 验收条件 | 受け入れ条件 | 受け入れ基準 | 受入基準 | 期待結果
    """.replace("\n", " ").split("|")
)
_WEAK = frozenset(
    """
    scope | in scope | features | feature | use cases | use case | functionality
    | behaviour | behavior | proposed solution | solution | proposal | suggested solution | goals | goal
    | improvements | changes | changes required | required changes | details | lieferumfang
    """.replace("\n", " ").split("|")
)
_EXCLUDED = frozenset(
    """
    out of scope | not in scope | non-goals | non goals | nice to have | dev notes | dev note
    | developer notes | development notes | technical notes | tech notes | technical details
    | testing | integration testing | integration tests | unit tests | unit testing | manual testing
    | testing notes | test notes | qa notes | assumptions | assumption
    | technical information | implementation notes | implementation details | implementation | notes | note
    | nb | n.b | background | context | motivation | rationale | why | reason | reasoning | problem
    | problem statement | the problem | issue | current | current behaviour | current behavior
    | current situation | currently | actual | actually result
    | actual result | actual results | actual behaviour
    | actual behavior | observed | observed behaviour | observed behavior | observed result | observations
    | result | results | what happens | what actually happens | steps to reproduce | step to reproduce
    | steps to replicate | to reproduce | reproduce | reproduction | reproduction steps | how to reproduce
    | repro | repro steps | steps | test steps | testing steps | testing instructions | test instructions
    | how to test | replication steps | replication instructions | environment | system | version
    | workaround | workarounds | stack trace | stacktrace | log | logs | error | error message | exception
    | output | open questions | open question | questions | question | q | a | discussion | discussions
    | comments | comment | links | link | references | reference | resources | see also | see | related
    | mockups | mockup | design | designs | screenshots | screenshot | attachments | dependencies
    | blocked by | blockers | todo | to do | todos | tasks | task | subtasks | sub-tasks | hints | hint
    | ideas | risks | definition of ready | dor | analysis | root cause | cause | impact | example code
    | update | edit | p.s | ps | thanks | cheers | caveats | caveat | limitations | known issues | history
    | ausserhalb des umfangs | nicht im umfang | hintergrund | hinweise | hinweis | schritte
    | schritte zur reproduktion | tatsächliches ergebnis | tatsächliches verhalten | offene fragen
    | hors périmètre | contexte | étapes de reproduction | étapes pour reproduire | résultat actuel
    | résultat obtenu | fuera de alcance | contexto | pasos para reproducir | resultado actual
    | resultado obtenido | fora do escopo | passos para reproduzir | contesto
    """.replace("\n", " ").split("|")
)
_NEUTRAL = frozenset(
    """
    user story | story | description | summary | overview | introduction | purpose | aim | objective
    | beschreibung | zusammenfassung | descripción | descrição | récit utilisateur | historia de usuario
    """.replace("\n", " ").split("|")
)
_CONTAINED_CRITERIA = re.compile(
    r"\bacceptance criteri|\bconditions? of satisfaction|\bexpected (?:result|behaviou?r|outcome)s?\b"
    r"|akzeptanzkriteri|crit[eè]res d.accept|criterios de acept|crit[eé]rios de aceit|验收标准|受け入れ"
)
_CONTAINED_EXCLUDED = re.compile(
    r"^(?:not|no|non|without|excluded|excluding|exclusions?|out|left out|later|beyond|future|won't"
    r"|what(?:'s| is| we)?"
    r" (?:not|out|don't|won't|left)|nicht|no incluid\w+|non compris|hors)\b(?!.*\b(?:found|logged|signed"
    r"|allowed|authori[sz]ed"
    r"|available|enough|empty|valid|more than|set)\b)"
    r"|\bout of scope\b|\bnot in scope\b|\bto (?:reproduce|replicate)\b|\bstack ?trace\b"
    r"|\btest(?:ing)? (?:steps|instructions)\b"
    r"|\b(?:dev|development|developer|technical|implementation|testing|test|qa)\b.{0,12}\bnotes?\b"
    r"|\bopen questions?\b"
    r"|\bactual (?:result|behaviou?r)|\bcurrent behaviou?r"
)
_NUMBERED_CRITERION = re.compile(
    r"(?:ac|a/c|cos|acceptance criteri(?:on|a)|akzeptanzkriterium)[\s_#-]{0,3}\d{1,3}(?:\.\d{1,2})?"
)
_DECORATION = re.compile(r"^[\W\d_]+|\([^()]{0,40}\)|[\W_]+$")
_OF_A_FIELD = re.compile(
    r"\((?:optional|mandatory|required|read-only|free text|pflicht|obligatori[oa]|obligatoire"
    r"|facultati[fv]o?)\)\s*$",
    re.IGNORECASE,
)
"""`Comment (optional): max 80 characters` speaks of a field."""
_LABEL = re.compile(r"([^:\uff1a\n]{1,80})(?:[:\uff1a]|\s+[-\u2013—](?=\s))\s*(.*)", re.DOTALL)


class Section(StrEnum):
    """What a part of a description holds."""

    CRITERIA = "criteria"
    WEAK = "weak"
    """May hold criteria among other things: each entry must look like one."""
    EXCLUDED = "excluded"
    NEUTRAL = "neutral"


_WORDS: dict[str, Section] = {
    label.strip(): section
    for section, labels in (
        (Section.WEAK, _WEAK),
        (Section.NEUTRAL, _NEUTRAL),
        (Section.EXCLUDED, _EXCLUDED),
        (Section.CRITERIA, _CRITERIA),
    )
    for label in labels
}


def section_of_heading(heading: str) -> Section | None:
    """Section that a heading opens, or `None` for a heading that says nothing about it."""
    if len(heading) > LONGEST_LABEL:
        return None
    text = _normalised(heading)
    if text in _WORDS:
        return _WORDS[text]
    if _NUMBERED_CRITERION.fullmatch(text):
        return Section.CRITERIA
    if _CONTAINED_EXCLUDED.search(text):
        return Section.EXCLUDED
    if _CONTAINED_CRITERIA.search(text):
        return Section.CRITERIA
    return None


def is_numbered_criterion(label: str) -> bool:
    """Whether a label is the number of one criterion: `AC 1`."""
    return bool(_NUMBERED_CRITERION.fullmatch(_normalised(label)))


def split_label(line: str) -> tuple[Section | None, str]:
    """A line such as `Expected: the page opens` as section and rest; `(None, line)` where there is no label.

    A whole line that is a label of more than one word, or an abbreviation (`AC`, `DoD`), needs no colon.
    """
    match = _LABEL.match(line)
    if match and _OF_A_FIELD.search(match[1]):
        return None, line
    section = section_of_heading(match[1]) if match else None
    if match and section is not None:
        label = match[1].strip()
        # A dash makes a label only of what can't begin a sentence.
        if line[len(match[1]) :].lstrip()[:1] in _COLONS or " " in label or label.isupper():
            return section, match[2].strip()
    if len(line) <= LONGEST_LABEL and (" " in line.strip() or line[1:] != line[1:].lower()):
        text = _normalised(line)
        section = Section.CRITERIA if _NUMBERED_CRITERION.fullmatch(text) else _WORDS.get(text)
        if section is not None:
            return section, ""
    return None, line


def _normalised(label: str) -> str:
    text = label.casefold().replace("\u2019", "'")
    return " ".join(_DECORATION.sub("", _DECORATION.sub("", text)).split())
