"""Keep what people decide about cases."""

from dataclasses import dataclass

from casewright_common.events import CasesReviewedV1
from casewright_generator.service.ports import ReviewStore


@dataclass(frozen=True)
class RecordReview:
    """The next generation of the story goes by it, and so does one that runs just now."""

    store: ReviewStore

    async def __call__(self, review: CasesReviewedV1) -> None:
        """Keep the decision; one that is older than what is kept changes nothing.

        Raises:
            UpstreamUnavailableError: PostgreSQL is down; retryable.
        """
        await self.store.record(review)
