"""What the generator does: cases of a story, and what people decide about them."""

from casewright_generator.domain.learning.rejected import Rejected
from casewright_generator.service.generate import GenerateCases
from casewright_generator.service.ports import (
    Assignment,
    Busy,
    CaseWriter,
    Cause,
    Claimed,
    ContextSource,
    Done,
    GenerationStore,
    NoProgress,
    Observer,
    Opened,
    Outcome,
    Passage,
    Progress,
    Superseded,
    Timing,
    UnknownStory,
)
from casewright_generator.service.writing import Designer, Writing

__all__ = [
    "Assignment",
    "Busy",
    "CaseWriter",
    "Cause",
    "Claimed",
    "ContextSource",
    "Designer",
    "Done",
    "GenerateCases",
    "GenerationStore",
    "NoProgress",
    "Observer",
    "Opened",
    "Outcome",
    "Passage",
    "Progress",
    "Rejected",
    "Superseded",
    "Timing",
    "UnknownStory",
    "Writing",
]
