"""All that a story's author should answer, the most useful first."""

from collections.abc import Iterator
from uuid import UUID, uuid5

from casewright_common.events import EVENT_NAMESPACE, OpenQuestion, QuestionKind, Story
from casewright_generator.domain.planning.conditions import Plan
from casewright_generator.domain.questions.contradictions import contradictions
from casewright_generator.domain.questions.detail import Asked, about_statements, about_title, quoted
from casewright_generator.domain.questions.unclear import asked_of
from casewright_generator.domain.questions.vague import vague
from casewright_generator.domain.reading.analysis import Analysis
from casewright_generator.domain.requirements.model import Requirements

_ORDER = (
    QuestionKind.CONTRADICTION,
    QuestionKind.UNCLEAR_STORY,
    QuestionKind.VAGUE_WORD,
    QuestionKind.UNCLEAR_CRITERION,
    QuestionKind.MISSING_OUTCOME,
    QuestionKind.ASSUMPTION,
)


def ask(
    story: Story, requirements: Requirements, analysis: Analysis, plan: Plan, *, story_id: str
) -> tuple[OpenQuestion, ...]:
    """What is open in a story: all of it, contradictions first, each once; nothing about what it excludes.

    Args:
        story: As it stands.
        requirements: Read in `story`.
        analysis: Of `story`.
        plan: Of `analysis`; without conditions the story says too little: one question at least.
        story_id: What the questions' ids are derived from; the same question keeps its id over revisions.
    """
    kept = {criterion.id for criterion in requirements.criteria}
    excluded = {criterion.id for criterion in story.criteria} - kept
    found: dict[UUID, OpenQuestion] = {}
    for one in _asked(requirements, analysis, plan):
        if excluded & set(one.criteria):
            continue
        question = OpenQuestion(
            question_id=_id(story_id, one), kind=one.kind, text=one.text, criteria=one.criteria, term=one.term
        )
        found.setdefault(question.question_id, question)
    if not found and not plan.conditions:
        for one in asked_of(analysis, plan):
            question = OpenQuestion(
                question_id=_id(story_id, one), kind=one.kind, text=one.text, criteria=one.criteria
            )
            found.setdefault(question.question_id, question)
    return tuple(sorted(found.values(), key=lambda question: _ORDER.index(question.kind)))


def _asked(requirements: Requirements, analysis: Analysis, plan: Plan) -> Iterator[Asked]:
    for odd in contradictions(requirements.criteria, requirements.constraints):
        first, second = (quoted(sentence) for sentence in odd.sentences)
        subject = " / ".join(sorted(odd.sentences))
        text = f"{odd.criteria[0]} says {first}, {odd.criteria[1]} says {second}. {odd.ask}"
        yield Asked(QuestionKind.CONTRADICTION, text, tuple(dict.fromkeys(odd.criteria)), subject=subject)
    enough = bool(plan.conditions)
    if not enough:
        yield from about_title(analysis)
    for one in vague(requirements.criteria, requirements.constraints):
        text = f"{one.criterion} says “{one.word}” in {quoted(one.sentence)}: {one.ask}?"
        yield Asked(
            QuestionKind.VAGUE_WORD,
            text,
            (one.criterion,),
            term=one.word,
            subject=f"{one.word} {one.sentence}",
        )
    yield from about_statements(analysis, enough=enough)


def _id(story_id: str, asked: Asked) -> UUID:
    subject = " ".join((asked.subject or asked.text).lower().split())
    return uuid5(EVENT_NAMESPACE, f"question:{story_id}:{asked.kind}:{subject}")
