"""What to ask where sentences were read, but no case made of them says anything."""

from casewright_generator.domain.planning.conditions import Plan
from casewright_generator.domain.reading.analysis import Analysis

_MOST = 3
_LONGEST = 110


def unclear(analysis: Analysis, plan: Plan) -> tuple[str, ...]:
    """At least one question, in the story's own words."""
    texts = {criterion.id: criterion.text for criterion in analysis.criteria}
    cited = dict.fromkeys(id_ for condition in plan.conditions for id_ in condition.criteria)
    asked = [texts[id_] for id_ in cited if id_ in texts][:_MOST] or [analysis.title]
    return tuple(
        f"“{_short(text)}”: what does a user do, and what exactly do they see then?" for text in asked
    )


def _short(text: str) -> str:
    flat = " ".join(text.split()).rstrip(".")
    return flat if len(flat) <= _LONGEST else flat[: _LONGEST - 1].rsplit(" ", 1)[0] + "…"
