"""Plain limits in German (`mindestens 8 Zeichen`), each value beside them a case in the author's language."""

import re

from casewright_common.events import Technique
from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.reading import sentences
from casewright_generator.domain.reading.statements import Kind, Statement

_LOW = r"(?:mindestens|minimal|wenigstens|nicht weniger als)"
_HIGH = r"(?:höchstens|maximal|bis zu|nicht mehr als)"
_NUMBER = r"\d{1,9}(?![\d.,:]*\d)"
_UNIT = r"(?!(?:und|oder|bis|aber|sowie|mal)\b)[^\W\d_][\w-]*"
_LIMIT = re.compile(
    rf"\b{_LOW} (?P<least>{_NUMBER})(?: {_UNIT})?(?: lang)?,? (?:und|aber|bis)(?: darf)?(?: {_HIGH})? "
    rf"(?P<most>{_NUMBER}) (?P<both>{_UNIT})|"
    rf"\b(?:(?P<low>{_LOW})|(?P<high>{_HIGH})) (?P<value>{_NUMBER}) (?P<unit>{_UNIT})|"
    rf"\b(?:zwischen (?P<from>{_NUMBER}) und|von (?P<since>{_NUMBER}) bis(?: zu)?) "
    rf"(?P<to>{_NUMBER}) (?P<of>{_UNIT})|"
    rf"\b(?P<first>{_NUMBER}) ?(?:bis|-|\u2013) ?(?P<last>{_NUMBER}) (?P<ranged>{_UNIT})",
    re.IGNORECASE,
)
_THING = re.compile(
    r"^(?P<article>(?:der|die|das|ein|eine|jeder|jede|jedes|pro|je) )?"
    r"(?P<name>[^\W\d_][\w-]*(?: [A-ZÄÖÜ][\w-]*)?)"
    r" (?:muss|müssen|darf|dürfen|soll|sollen|kann|können|hat|haben|enthält|ist|sind)\b",
    re.IGNORECASE,
)
_MEASURED = words.word_set(
    "sekunde sekunden minute minuten stunde stunden tag tage tagen woche wochen monat monate monaten jahr "
    "jahre jahren mal prozent uhr kb mb gb"
)
"""What isn't counted in whole pieces, so that the next value isn't one more."""


def limits(criterion: str, text: str) -> list[Statement]:
    """The cases of the limit that a German sentence sets on what it opens with; none without such a one."""
    found: list[Statement] = []
    for flat in sentences.sentences(" ".join(text.split())):
        found.extend(_of_sentence(criterion, text, flat.strip().rstrip(".")))
    return found


def _of_sentence(criterion: str, text: str, flat: str) -> list[Statement]:
    thing, match = _THING.match(flat), _LIMIT.search(flat)
    if not thing or not match or re.search(r"\b(?:wenn|falls|nachdem|sobald|nach|innerhalb)\b", flat.lower()):
        return []
    unit = match["both"] or match["unit"] or match["of"] or match["ranged"]
    if unit.lower() in _MEASURED:
        return []
    low = (match["value"] if match["low"] else None) or match["from"] or match["since"]
    low = low or match["least"] or match["first"]
    high = (match["value"] if match["high"] else None) or match["to"] or match["most"] or match["last"]
    values: list[tuple[int, bool]] = []
    if low:
        values += [(int(low) - 1, False), (int(low), True)]
    if high:
        values += [(int(high), True), (int(high) + 1, False)]
    name = thing["name"]
    if name[:1].islower():  # "das neue Passwort": the adjective leans on its article
        name = f"{(thing['article'] or '').lower()}{name}"
    return [
        Statement(
            criterion,
            text,
            Kind.CASE,
            f"{name}: {value} {unit} {'annehmen' if inside else f'ablehnen, erlaubt: {match.group()}'}",
            actions=(f"{clauses.capital(name)} mit dieser Größe ausprobieren: {value} {unit}.",),
            outcomes=(
                f"{clauses.capital(name)}, {value} {unit}: wird {'angenommen' if inside else 'abgelehnt'}.",
            ),
            main=flat,
            negated=not inside,
            technique=Technique.BOUNDARY_VALUE,
            data=((name, f"{value} {unit}"),),
        )
        for value, inside in dict(values).items()
        if value >= 0
    ]
