"""`A user can log in with a valid password`: with an invalid one, it must not be possible."""

import re
from dataclasses import replace

from casewright_common.events import Technique
from casewright_generator.domain.language import clauses
from casewright_generator.domain.reading.contraries import left_undone
from casewright_generator.domain.reading.statements import Kind, Statement

_VALID = re.compile(r"\b(?:(?P<an>an? )(?P<one>valid|correct)|(?P<many>valid|correct)) (?=[a-z])")
_CONTRARY = {"valid": "invalid", "correct": "incorrect"}


def attempt(statement: Statement) -> list[Statement]:
    """The attempt with what isn't valid, refused by assumption; none where nothing has to be valid."""
    if statement.kind is not Kind.CAPABILITY or statement.conditions or not statement.actions:
        return []
    *before, last = statement.actions
    matches = list(_VALID.finditer(last))
    if len(matches) != 1 or " with " not in last[: matches[0].start() + 1]:
        return []
    (match,) = matches
    contrary = _CONTRARY[match["one"] or match["many"]]
    act = f"{last[: match.start()]}{'an ' if match['an'] else ''}{contrary} {last[match.end() :]}".rstrip(".")
    plain = f"{act[:1].lower()}{act[1:]}"
    seen = clauses.parse(statement.outcomes[0].rstrip(".")) if statement.outcomes else None
    refused = left_undone(act)
    if "nothing has changed" in refused and seen is not None and seen.subject and seen.verb:
        denied = clauses.present(seen, negated=True)
        refused = refused if _VALID.search(denied) else denied
    return [
        replace(
            statement,
            kind=Kind.CASE,
            headline=f"Refuse to {plain}",
            actions=(*before, clauses.sentence(f"Try to {plain}")),
            outcomes=(clauses.sentence(refused),),
            constraints=(),
            technique=Technique.EQUIVALENCE_PARTITION,
            negated=True,
            supposed=True,
        )
    ]
