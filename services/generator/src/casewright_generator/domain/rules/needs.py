"""What an act needs: `Deleting a standing order needs a TAN`."""

import re

from casewright_common.events import Technique
from casewright_generator.domain.language import clauses
from casewright_generator.domain.reading.attempts import of_person
from casewright_generator.domain.reading.situations import Setting
from casewright_generator.domain.reading.statements import Statement
from casewright_generator.domain.rules.said import Said

_NEEDS = re.compile(
    r"^(?P<act>[a-z]+ing (?:an?|the|one's|their|any|every) [a-z][a-z -]{1,50}?) (?:always )?"
    r"(?:needs?|requires?|demands?|is only possible with) "
    r"(?P<thing>(?:an?|the|another) [^,;:.]{2,50})$",
    re.IGNORECASE,
)
_PERSONAL = re.compile(
    r"\b(?:right|rights|permission|role|approval|consent|privilege|licence|license)\b", re.IGNORECASE
)
"""What somebody has rather than gives: a case of roles."""
_JOINED = re.compile(r"\b(?:and|or|if|when|unless|that|which|who|until|to|be)\b", re.IGNORECASE)


def needs(flat: str, said: Said, setting: Setting) -> list[Statement]:
    """With it the act succeeds, and without it it is refused."""
    match = _NEEDS.match(flat)
    if not match or setting.reported or _JOINED.search(match["thing"]) or _PERSONAL.search(match["thing"]):
        return []
    doing = clauses.gerund_subject(clauses.parse(f"{match['act']} works"))
    attempt = of_person(f"{doing[:1].lower()}{doing[1:]}", setting) if doing else None
    if attempt is None:
        return []
    thing = re.sub(r"^(?:an?|the|another) ", "", match["thing"])
    return [
        said.case(
            f"{attempt.action} with {match['thing']}",
            (f"{attempt.action}, and give {match['thing']}",),
            attempt.seen,
            technique=Technique.EQUIVALENCE_PARTITION,
            data=((thing, "given"),),
        ),
        said.case(
            f"{attempt.action} without {match['thing']} is refused",
            (f"{attempt.tried}, and give no {thing}",),
            (attempt.undone,),
            technique=Technique.EQUIVALENCE_PARTITION,
            data=((thing, "not given"),),
            negative=True,
        ),
    ]
