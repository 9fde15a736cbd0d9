"""What to ask where sentences were read, but no case made of them says anything."""

from casewright_common.events import QuestionKind
from casewright_generator.domain.planning.conditions import Plan
from casewright_generator.domain.questions.detail import Asked
from casewright_generator.domain.reading.analysis import Analysis

_MOST = 3
_LONGEST = 110


def unclear(analysis: Analysis, plan: Plan) -> tuple[str, ...]:
    """At least one question, in the story's own words."""
    return tuple(one.text for one in asked_of(analysis, plan)[:_MOST])


def asked_of(analysis: Analysis, plan: Plan) -> tuple[Asked, ...]:
    """A question about each criterion that the plan cites; one about the title where it cites none."""
    texts = {criterion.id: criterion.text for criterion in analysis.criteria}
    cited = dict.fromkeys(id_ for condition in plan.conditions for id_ in condition.criteria)
    asked = [(id_, texts[id_]) for id_ in cited if id_ in texts]
    told = "what does a user do, and what exactly do they see then?"
    if not asked:
        return (
            Asked(QuestionKind.UNCLEAR_STORY, f"“{_short(analysis.title)}”: {told}", term=analysis.title),
        )
    return tuple(
        Asked(QuestionKind.UNCLEAR_CRITERION, f"“{_short(text)}”: {told}", (id_,), subject=text)
        for id_, text in asked
    )


def _short(text: str) -> str:
    flat = " ".join(text.split()).rstrip(".")
    return flat if len(flat) <= _LONGEST else flat[: _LONGEST - 1].rsplit(" ", 1)[0] + "…"
