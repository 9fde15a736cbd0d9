"""What can be seen on a screen, and what leaves a trace."""

from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.language.clauses import Form
from casewright_generator.domain.reading import observing

_LONGEST_THING = 6
"""Words up to which a phrase is a name of something."""
_ON_SCREEN = words.word_set(
    "column button field link page screen dialog popup menu tooltip icon checkbox list label message text "
    "warning report chart graph table view tab panel section header footer banner toolbar wizard form gadget "
    "dashboard image logo thumbnail title dropdown selector picker badge avatar prompt hint "
    "placeholder heading "
    "window box bar sidebar calendar item row card tile notification profile shortcut survey quiz forum"
)
SHOWING = words.word_set(
    "show display list appear disappear hide highlight sort order group label name rename disable "
    "enable lock "
    "contain include have collapse expand select check underline align print render translate mark "
    "colour color "
    "activate deactivate pop resize scroll open close redirect move place position replace filter "
    "pre-select clear prefill populate remember keep"
)
"""Verbs of what the eye can check."""
_QUALITIES = words.word_set(
    "there visible hidden disabled enabled empty read-only readonly editable sortable clickable selectable "
    "mandatory optional required collapsed expanded selected checked unchecked bold red green grey gray blue "
    "aligned available in on at below above under next beside first last no"
)
_EFFECTS = words.word_set(
    "log redirect send return accept reject write record report create delete remove launch update "
    "reload notify warn "
    "validate refuse store save restart reconnect retry start stop restore reset register deploy "
    "undeploy add download "
    "export import generate trigger fire load complete end destroy move copy assign cancel terminate "
    "produce emit"
)


def is_seen(outcomes: tuple[str, ...]) -> bool:
    """Whether each outcome is visible, or leaves a trace."""
    return all(is_visible((one,)) or is_effect((one,)) for one in outcomes)


def is_effect(outcomes: tuple[str, ...]) -> bool:
    """Whether each outcome is something that is done, and leaves a trace."""
    found = [clauses.parse(outcome) for outcome in outcomes]
    return all(one.form in (Form.ACTIVE, Form.PASSIVE) and one.verb in _EFFECTS for one in found)


def is_on_screen(thing: str) -> bool:
    """Whether a phrase names something that a screen shows: a button, a list."""
    return len(thing.split()) <= _LONGEST_THING and observing.head(thing) in _ON_SCREEN and "(" not in thing


def is_visible(outcomes: tuple[str, ...]) -> bool:
    """Whether each outcome is one that the eye can check."""
    for outcome in outcomes:
        clause = clauses.parse(outcome)
        first = clause.rest.split(maxsplit=1)[0].lower().strip(".,") if clause.rest else ""
        if clause.form is Form.COPULA and first not in _QUALITIES:
            return False
        if clause.form in (Form.ACTIVE, Form.PASSIVE) and clause.verb not in SHOWING:
            return False
        if not clause.has_predicate:
            return False
    return True
