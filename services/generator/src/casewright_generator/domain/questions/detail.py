"""Whether a story says enough to be tested, and what to ask its author where it doesn't."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from casewright_common.events import QuestionKind, Technique
from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.planning.conditions import TestCondition
from casewright_generator.domain.planning.measured import conditions as measured
from casewright_generator.domain.planning.measured.reactions import with_reactions
from casewright_generator.domain.planning.plan import plan
from casewright_generator.domain.reading import observing, phrasing
from casewright_generator.domain.reading.analysis import Analysis
from casewright_generator.domain.reading.chores import is_chore
from casewright_generator.domain.reading.statements import Kind, Statement

MOST_QUESTIONS = 6
_MOST_OPAQUE = 3
_LONGEST_QUOTE = 110
_LONGEST_NAME = 10
_MEASURES = {
    "fast": "how many seconds at most",
    "quickly": "within how many seconds",
    "slow": "how many seconds at most",
    "efficient": "what time or memory at most",
    "efficiently": "with what time or memory at most",
    "several": "how many",
    "some": "which ones exactly",
    "various": "which ones exactly",
    "etc": "what else belongs to it",
    "and so on": "what else belongs to it",
    "appropriate": "what exactly is shown or done",
    "appropriately": "what exactly is shown or done",
    "properly": "what exactly must be seen",
    "correctly": "what exactly must be seen",
    "better": "better by what measure",
    "improved": "better by what measure",
    "easy": "in how many steps at most",
    "easily": "in how many steps at most",
    "simple": "in how many steps at most",
    "tbd": "what is decided",
    "to be defined": "what is decided",
    "tbc": "what is decided",
    "reasonable": "what limit exactly",
    "adequate": "what limit exactly",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question before it has an id.

    Attributes:
        criteria: Ids of the criteria that it is about; empty for the story as a whole.
        term: The word, or the place in the story, that it is about, as written; may be empty.
        subject: What is asked about, without numbers of criteria; empty where the text says it.
    """

    kind: QuestionKind
    text: str
    criteria: tuple[str, ...] = ()
    term: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Detail:
    """What is missing in a story.

    Attributes:
        enough: Whether at least one case can be written.
        questions: For the author, about this story, at most `MOST_QUESTIONS`; there may be some beside
            cases too, and there is at least one where `enough` is false.
    """

    enough: bool
    questions: tuple[str, ...] = ()


def questions(analysis: Analysis) -> Detail:
    """What the author should answer, the most useful first."""
    enough = bool(plan(analysis, max_cases=1).conditions)
    asked: dict[str, None] = {}
    if not enough:
        asked |= dict.fromkeys(one.text for one in about_title(analysis))
    if not _is_team_work(analysis, enough=enough):
        asked |= dict.fromkeys(one.text for one in islice(_opaque(analysis), _MOST_OPAQUE))
        asked |= dict.fromkeys(one.text for one in _unsaid(analysis))
        asked |= dict.fromkeys(_vague(analysis))
    return Detail(enough, tuple(asked)[:MOST_QUESTIONS])


def about_statements(analysis: Analysis, *, enough: bool) -> Iterator[Asked]:
    """What single criteria leave open: all of it.

    Args:
        analysis: Of the story.
        enough: Whether a case can be written.
    """
    if not _is_team_work(analysis, enough=enough):
        yield from _opaque(analysis)
        yield from _unsaid(analysis)


def _is_team_work(analysis: Analysis, *, enough: bool) -> bool:
    return not enough and is_chore(phrasing.heading(analysis.title))


def quoted(text: str) -> str:
    """A text in quotation marks on one line, shortened where it is long."""
    flat = " ".join(text.split()).rstrip(".")
    short = flat if len(flat) <= _LONGEST_QUOTE else flat[: _LONGEST_QUOTE - 1].rsplit(" ", 1)[0] + "…"
    return f"“{short}”"


def about_title(analysis: Analysis) -> Iterator[Asked]:
    """What to ask where the story says too little: at least one question."""
    for text in _of_title(analysis):
        yield Asked(QuestionKind.UNCLEAR_STORY, text, term=" ".join(analysis.title.split()))


def _of_title(analysis: Analysis) -> Iterator[str]:
    title = " ".join(analysis.title.split())
    plain = phrasing.heading(title).rstrip(".")
    clause = clauses.parse(plain)
    if not title:
        yield f"What must a user be able to do once this is finished, {_HOW}?"
    elif analysis.language != "en":
        yield f"What must a user be able to do once {quoted(title)} is finished, {_HOW}?"
    elif is_chore(plain):
        yield f"{quoted(title)} is work inside the team: what would a user notice of it, and where?"
    elif quality := _unmeasured(plain):
        thing = _noun(quality) if quality else quoted(title)
        yield f"What exactly is wrong with {thing} today, and what should a user see or do instead?"
        yield f"By what measure is {thing} good enough: a time, a number, or a list of cases that must work?"
    elif clause.form is clauses.Form.IMPERATIVE and clause.rest:
        yield f"What does a user do to see that {quoted(plain)} is done, and what do they see then?"
        yield f"Which inputs or situations must {_thing(clause, plain)} refuse, and with what message?"
    elif clause.has_predicate and clause.subject:
        yield f"{quoted(title)}: which steps lead there, and what should be seen instead or in the end?"
    else:
        yield f"What must a user be able to do with {_noun(plain)}, {_HOW}?"
        yield f"What should happen when {_noun(plain)} gets input that is missing or wrong?"


_HOW = "and how would they see that it worked"


_BETTER = re.compile(
    r"^(?:make (?P<one>.{3,60}?) (?:more |much |a bit )?(?:better|faster|nicer|easier|simpler|quicker|"
    r"prettier|user[- ]friendly|intuitive|robust|stable|usable)|"
    r"(?:improve|enhance|optimi[sz]e) (?P<two>.{3,60}?))\W*$",
    re.IGNORECASE,
)


def _unmeasured(title: str) -> str:
    """What `Make the search better` is about; empty where the title says what must come out."""
    match = _BETTER.match(title)
    return (match["one"] or match["two"]) if match else ""


def _thing(clause: clauses.Clause, title: str) -> str:
    thing, _ = observing.object_of(clause.rest)
    return _noun(thing) if thing else f"the result of {quoted(title)}"


def _noun(title: str) -> str:
    phrase = observing.definite(title)
    return phrase if len(phrase.split()) <= _LONGEST_NAME else quoted(title)


_WISHING = re.compile(r"^(?:we|i|it|this)\b", re.IGNORECASE)


def _opaque(analysis: Analysis) -> Iterator[Asked]:
    for criterion in analysis.opaque:
        if " ".join(criterion.text.split()) == " ".join(analysis.title.split()):
            continue
        if any(vague == criterion.id for vague, _ in analysis.vague) and _WISHING.match(criterion.text):
            continue
        if is_chore(criterion.text):
            said = f"{criterion.id} {quoted(criterion.text)}"
            text = f"{said} is work inside the team: what would a user notice of it?"
        else:
            text = f"{criterion.id} {quoted(criterion.text)}: what does a user do, and what do they see then?"
        yield Asked(QuestionKind.UNCLEAR_CRITERION, text, (criterion.id,), subject=criterion.text)


def _unsaid(analysis: Analysis) -> Iterator[Asked]:
    bounds = measured.conditions(analysis.requirements, errand=analysis.setting.errand)
    for statement in analysis.statements:
        if question := _beyond(statement, bounds, analysis):
            yield question
        elif statement.kind is Kind.CASE and statement.supposed:
            text = f"Is it right that {clauses.lower_first(statement.headline)} ({statement.criterion})?"
            yield _about(statement, QuestionKind.ASSUMPTION, text)
        elif statement.kind is Kind.PROHIBITION and not statement.otherwise and statement.actions:
            act = statement.actions[-1].rstrip(".")
            who = f"the {statement.actor}" if statement.actor else "somebody"
            verb = "tries" if not words.is_plural(statement.actor) else "try"
            who = statement.actor if words.is_plural(statement.actor) else who
            own = "themselves" if words.is_plural(who) else "their own account"
            attempt = f"{clauses.lower_first(who)} {verb} to {act[0].lower()}{act[1:]}".replace(
                "yourself", own
            )
            text = f"What is shown when {attempt} ({statement.criterion})?"
            yield _about(statement, QuestionKind.MISSING_OUTCOME, text)


def _about(statement: Statement, kind: QuestionKind, text: str) -> Asked:
    subject = text.replace(f" ({statement.criterion})", "")
    return Asked(kind, text, (statement.criterion,), subject=subject)


def _beyond(statement: Statement, bounds: Sequence[TestCondition], analysis: Analysis) -> Asked | None:
    """What is seen beyond a bound, where no sentence says it."""
    if statement.otherwise:
        return None
    for condition in bounds:
        if condition.criteria[0] != statement.criterion or not condition.negative or not condition.values:
            continue
        said = condition.statement.outcomes[0]
        if condition.technique is not Technique.BOUNDARY_VALUE or condition.constraint not in statement.text:
            continue
        if "the message" in said or len(with_reactions(condition, analysis.statements).criteria) > 1:
            continue
        state, _, outcome = condition.title.rpartition(" (")[0].partition(": ")
        if condition.statement.assumed and outcome:
            text = f"Is it right that {outcome} if {clauses.lower_first(state)} ({statement.criterion})?"
            return _about(statement, QuestionKind.ASSUMPTION, text)
        if "refused" not in condition.title:
            continue
        name = observing.definite(condition.values[0].name)
        text = f"What does the user see when {name} {words.is_are(name)} refused ({statement.criterion})?"
        return _about(statement, QuestionKind.MISSING_OUTCOME, text)
    return None


def _vague(analysis: Analysis) -> Iterator[str]:
    for criterion, word in analysis.vague:
        measure = _MEASURES.get(word)
        if measure:
            yield f"{criterion} says “{word}”: {measure}?"
