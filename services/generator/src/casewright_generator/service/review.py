"""Keep what people decide about cases, and show the story's cases as they are then."""

from dataclasses import dataclass

from casewright_common.events import CasesGeneratedV1, CasesReviewedV1
from casewright_generator.domain.change.deciding import after_decision
from casewright_generator.service.ports import ReviewStore


@dataclass(frozen=True)
class RecordReview:
    """The next generation of the story goes by it, and so does one that runs just now."""

    store: ReviewStore

    async def __call__(self, review: CasesReviewedV1) -> CasesGeneratedV1 | None:
        """Keep the decision; one that is older than what is kept changes nothing.

        Returns:
            What to publish: the story's latest cases as they are by now, the same for every delivery of
            `review`; nothing where they are what they were, or the story has none.

        Raises:
            UpstreamUnavailableError: PostgreSQL is down; retryable.
        """
        return await self.store.record(review, after_decision)
