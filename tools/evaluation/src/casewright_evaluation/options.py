"""What is measured, and with what."""

from collections.abc import Callable
from dataclasses import dataclass, field

from casewright_evaluation import stories
from casewright_evaluation.settings import EvaluationSettings
from casewright_evaluation.stories import Part

Tell = Callable[[str], None]
SECTIONS = ("stories", "fullteaching", "issues", "gate", "retrieval", "cost", "model")


@dataclass(frozen=True, slots=True)
class Options:
    """What to measure.

    Attributes:
        sections: Of `SECTIONS`.
        parts: Parts of the stories and of the planted faults.
        sample: How many real issues are looked at closely.
        limit: Only so many of all issues; `None` for all.
        workers: Processes that read the issues.
        model: LiteLLM's name of a model, as `provider/model`; `None` asks none.
        api_base: Address of its endpoint; `None` for the provider's own.
        stories: How many tuning stories the model is asked about.
    """

    sections: tuple[str, ...] = SECTIONS
    parts: tuple[Part, ...] = stories.PARTS
    sample: int = 200
    limit: int | None = None
    workers: int = 2
    model: str | None = None
    api_base: str | None = None
    stories: int = 5
    settings: EvaluationSettings = field(default_factory=EvaluationSettings)
