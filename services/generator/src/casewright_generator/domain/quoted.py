"""A criterion that can't be taken apart: its own words are what must be seen."""

from casewright_generator.domain import chores, clauses, observing, words
from casewright_generator.domain.constraints import constraints
from casewright_generator.domain.masking import quotations
from casewright_generator.domain.reading import Setting
from casewright_generator.domain.statements import Kind, Statement

_NOT_OPENING = words.word_set(
    "note when if while once see as then also but not no this these that those it i we you please for in and or only"
)
_SHORTEST = 3
_LONGEST = 400


def of_text(criterion: str, text: str, setting: Setting) -> list[Statement]:
    """The statement of a criterion as it stands; none of what is too short, too long, or asks."""
    flat = " ".join(text.split())
    if not _SHORTEST <= len(flat.split()) or len(flat) > _LONGEST or chores.is_talk(flat):
        return []
    clause = clauses.parse(flat)
    first = flat.split(maxsplit=1)[0].lower().strip("\"'(*_:,.")
    if clause.form is clauses.Form.IMPERATIVE or first in _NOT_OPENING or words.base_of_participle(first):
        return []
    if setting.errand:
        action = setting.errand
    elif setting.topic:
        action = observing.approach(setting.topic)
    else:
        return []
    outcome = clauses.sentence(flat)
    return [
        Statement(
            criterion,
            text,
            Kind.QUOTED,
            flat.rstrip("."),
            actions=(clauses.sentence(action),),
            outcomes=(outcome,),
            constraints=constraints(flat),
            quotes=quotations(text),
            main=flat,
        )
    ]
