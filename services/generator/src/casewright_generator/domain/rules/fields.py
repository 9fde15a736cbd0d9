"""What may be typed into a field: `The amount field accepts only digits`."""

import re

from casewright_common.events import Technique
from casewright_generator.domain.language import clauses
from casewright_generator.domain.reading import observing
from casewright_generator.domain.reading.situations import Setting
from casewright_generator.domain.reading.statements import Statement
from casewright_generator.domain.rules.said import Said

_KINDS = {  # of characters: an example that is all of them, and one with another in it
    "digits": ("4711", "47a1"),
    "numbers": ("4711", "47a1"),
    "numeric values": ("4711", "47a1"),
    "numeric characters": ("4711", "47a1"),
    "letters": ("abcd", "ab4d"),
    "alphabetic characters": ("abcd", "ab4d"),
    "alphanumeric characters": ("ab47", "ab-7"),
    "letters and digits": ("ab47", "ab-7"),
    "letters and numbers": ("ab47", "ab-7"),
    "whole numbers": ("47", "47.5"),
    "integers": ("47", "47.5"),
    "positive numbers": ("47", "-47"),
}
_KIND = "|".join(sorted(map(re.escape, _KINDS), key=len, reverse=True))
_ONLY = re.compile(
    rf"^(?P<field>(?:the |an? )?[A-Za-z][\w -]{{2,40}}?) (?:must |should |shall |can |may |will )?(?:"
    rf"only (?:accepts?|allows?|takes?|contains?)|(?:accepts?|allows?|takes?|contains?|be) only|"
    rf"(?:contain|consist of) only|consists? only of) (?P<kind>{_KIND})$|"
    rf"^only (?P<kinds>{_KIND}) (?:can|may) be (?:entered|typed) "
    rf"in(?:to)? (?P<into>(?:the |an? )?[\w -]{{3,40}})$",
    re.IGNORECASE,
)


def fields(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """A value of the kind, and one with another character in it."""
    match = _ONLY.match(flat)
    if not match or setting.reported:
        return []
    kind = (match["kind"] or match["kinds"]).lower()
    good, bad = _KINDS[kind]
    field = observing.definite(match["field"] or match["into"])
    into = f"in {field}" if observing.head(field) in {"field", "box", "input"} else f"as {field}"
    return [
        _case(said, f"“{good}” is accepted {into}", f"Enter “{good}” {into}", good),
        _case(said, f"“{bad}” is not accepted {into}", f"Enter “{bad}” {into}", bad, negative=True),
    ]


def _case(said: Said, outcome: str, action: str, value: str, *, negative: bool = False) -> Statement:
    return said.case(
        clauses.capital(outcome),
        (action,),
        (outcome,),
        technique=Technique.EQUIVALENCE_PARTITION,
        data=(("value", value),),
        negative=negative,
    )
