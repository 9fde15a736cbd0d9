"""A criterion that can't be taken apart: its own words are what must be seen."""

from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.language.masking import quotations
from casewright_generator.domain.reading import chores, german, observing, sense
from casewright_generator.domain.reading.constraints import constraints
from casewright_generator.domain.reading.situations import Setting
from casewright_generator.domain.reading.statements import Kind, Statement

_NOT_OPENING = words.word_set(
    "note how what which why where who when if while once see as then also but not no this these that "
    "those it i we you please for in and or only"
)
_SHORTEST = 3
_LONGEST = 400


def of_text(criterion: str, text: str, setting: Setting) -> list[Statement]:
    """The statement of a criterion as it stands; none of what is too short, too long, or asks."""
    flat = " ".join(text.split())
    if is_foreign(flat):
        found = german.limits(criterion, text)
        return found or _foreign(criterion, text, flat, setting)
    if (
        not len(flat.split()) >= _SHORTEST
        or len(flat) > _LONGEST
        or chores.is_talk(flat)
        or chores.is_code(flat)
        or sense.is_personal(flat)
    ):
        return []
    clause = clauses.parse(flat)
    first = flat.split(maxsplit=1)[0].lower().strip("\"'(*_:,.")
    if (
        not clause.has_predicate
        or not (flat[0].isalnum() or flat[0] in "\"“'`(")
        or clause.form is clauses.Form.IMPERATIVE
        or first in _NOT_OPENING
        or words.base_of_participle(first)
    ):
        return []
    action = setting.errand or (observing.approach(setting.topic) if setting.topic else "")
    if not action or not sense.is_doable(clauses.sentence(action)):
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


def is_foreign(text: str) -> bool:
    """Whether a text of some length has none of the little words that every English sentence needs."""
    bare = [word.strip(".,;:!?()\"'") for word in text.lower().split()]
    little = (
        words.DETERMINERS
        | words.PREPOSITIONS
        | words.AUXILIARIES
        | words.PRONOUNS
        | {"and", "or", "if", "when"}
    )
    english = sum(word in little for word in bare)
    foreign = sum(word in _FOREIGN for word in bare)
    letters = [letter for letter in text if letter.isalpha()]
    exotic = sum(not letter.isascii() for letter in letters)
    if len(letters) < _FEW_LETTERS:
        return False
    return exotic * 2 > len(letters) or foreign > english


_FEW_LETTERS = 8
_FOREIGN = words.word_set(
    "der die das den dem des und ist sind nicht ein eine einen mit für auf wird werden kann darf muss "
    "soll el la los las "
    "y que es un una con para por del se puede debe debería le les et une dans pour est du il doit peut "
    "être sur avec o "
    "os as em não pode deve uma di che il lo gli della deve può het een en van moet kan niet met"
)


def _foreign(criterion: str, text: str, flat: str, setting: Setting) -> list[Statement]:
    """In the author's own words, where the story itself says what to do; else nothing, and a question."""
    if not setting.errand or len(flat) > _LONGEST:
        return []
    return [
        Statement(
            criterion,
            text,
            Kind.QUOTED,
            flat.rstrip(".。"),
            actions=(clauses.sentence(setting.errand),),
            outcomes=(flat,),
            quotes=quotations(text),
            main=flat,
        )
    ]
