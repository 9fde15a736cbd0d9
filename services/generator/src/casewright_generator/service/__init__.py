"""What the generator does: cases of a story, and what people decide about them."""

from casewright_generator.domain.change.past import (
    Decision,
    Known,
    Past,
)
from casewright_generator.domain.learning.accepted import (
    Accepted,
)
from casewright_generator.domain.learning.rejected import (
    Rejected,
)
from casewright_generator.service.generate import (
    GenerateCases,
)
from casewright_generator.service.ports import (
    Announced,
    Assignment,
    Build,
    Busy,
    CaseWriter,
    Cause,
    Claimed,
    ContextSource,
    Done,
    GenerationStore,
    Lessons,
    LessonSource,
    NoLessons,
    NoProgress,
    Notes,
    Observer,
    Opened,
    Outcome,
    Passage,
    Progress,
    Published,
    Result,
    Retell,
    ReviewStore,
    Superseded,
    Timing,
    UnknownStory,
)
from casewright_generator.service.review import (
    RecordReview,
)
from casewright_generator.service.writing import (
    Designer,
    Writing,
    Written,
)

__all__ = [
    "Accepted",
    "Announced",
    "Assignment",
    "Build",
    "Busy",
    "CaseWriter",
    "Cause",
    "Claimed",
    "ContextSource",
    "Decision",
    "Designer",
    "Done",
    "GenerateCases",
    "GenerationStore",
    "Known",
    "LessonSource",
    "Lessons",
    "NoLessons",
    "NoProgress",
    "Notes",
    "Observer",
    "Opened",
    "Outcome",
    "Passage",
    "Past",
    "Progress",
    "Published",
    "RecordReview",
    "Rejected",
    "Result",
    "Retell",
    "ReviewStore",
    "Superseded",
    "Timing",
    "UnknownStory",
    "Writing",
    "Written",
]
