"""Plain limits in German (`mindestens 8 Zeichen`), each value beside them a case in the author's language."""

import re

from casewright_common.events import Technique
from casewright_generator.domain import words
from casewright_generator.domain.statements import Kind, Statement

_LIMIT = re.compile(
    r"\b(?:(?P<low>mindestens|minimal|nicht weniger als)|(?P<high>höchstens|maximal|bis zu|nicht mehr als))"
    r" (?P<value>\d{1,9})(?![\d.,:]*\d) (?P<unit>[^\W\d_][\w-]*)|"
    r"\b(?:zwischen (?P<from>\d{1,9}) und|von (?P<since>\d{1,9}) bis) (?P<to>\d{1,9}) (?P<of>[^\W\d_][\w-]*)",
    re.IGNORECASE,
)
_THING = re.compile(
    r"^(?:(?:der|die|das|ein|eine|jeder|jede|jedes|pro|je) )?(?P<name>[^\W\d_][\w-]*(?: [A-ZÄÖÜ][\w-]*)?)"
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
    flat = " ".join(text.split())
    thing, match = _THING.match(flat), _LIMIT.search(flat)
    if not thing or not match or re.search(r"\b(?:wenn|falls|nachdem|sobald|nach|innerhalb)\b", flat.lower()):
        return []
    unit = match["unit"] or match["of"]
    if unit.lower() in _MEASURED:
        return []
    low = (match["value"] if match["low"] else None) or match["from"] or match["since"]
    high = (match["value"] if match["high"] else None) or match["to"]
    values: list[tuple[int, bool]] = []
    if low:
        values += [(int(low) - 1, False), (int(low), True)]
    if high:
        values += [(int(high), True), (int(high) + 1, False)]
    name = thing["name"]
    return [
        Statement(
            criterion,
            text,
            Kind.CASE,
            f"{name}: {value} {unit} {'annehmen' if inside else f'ablehnen, erlaubt: {match.group()}'}",
            actions=(f"{name} mit dieser Größe ausprobieren: {value} {unit}.",),
            outcomes=(f"{name}, {value} {unit}: wird {'angenommen' if inside else 'abgelehnt'}.",),
            main=flat,
            negated=not inside,
            technique=Technique.BOUNDARY_VALUE,
            data=((name, f"{value} {unit}"),),
        )
        for value, inside in dict(values).items()
        if value >= 0
    ]
