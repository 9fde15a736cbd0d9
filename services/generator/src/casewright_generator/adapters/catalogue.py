"""Tells everybody once which models there are and what they cost, after LiteLLM has changed."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from casewright_common.delivery import Publish
from casewright_common.errors import CasewrightError
from casewright_common.events import ModelCataloguedV1
from casewright_common.postgres import Database
from casewright_generator.adapters.prices import Price, price_table, table_version
from casewright_generator.adapters.spending_tables import catalogues

_logger = logging.getLogger(__name__)
NOBODY: Final = UUID(int=0)
"""Prices are the same for all organisations."""
_AT_ONCE: Final = 64
_FIRST_RETRY_S: Final = 1.0
_LONGEST_RETRY_S: Final = 60.0
_MILLION: Final = 1_000_000


def catalogued(price: Price, *, table: str, at: datetime) -> ModelCataloguedV1:
    """The event about one model; always the same for one version of the price table, but for its time."""
    return ModelCataloguedV1(
        event_id=ModelCataloguedV1.derive_id(table, price.model),
        occurred_at=at,
        org_id=NOBODY,
        model=price.model,
        provider=price.provider,
        input_usd_per_million_tokens=_per_million(price.input_usd),
        output_usd_per_million_tokens=_per_million(price.output_usd),
        context_tokens=price.context_tokens,
    )


def _per_million(usd: float | None) -> float | None:
    return None if usd is None else round(usd * _MILLION, 6)


class Catalogue:
    """Publishes all models in the background, unless this version's were published.

    Two replicas may both do it: the same events, by the same ids.
    """

    def __init__(self, database: Database, publish: Publish, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._publish = publish
        self._clock = clock

    async def until_published(self) -> None:
        """Publish, as often as it takes; nothing where this version's was published."""
        pause_s = _FIRST_RETRY_S
        while True:
            await asyncio.sleep(pause_s)
            try:
                await self.publish_once()
            except CasewrightError as error:
                _logger.info("The models are not published yet: %s", error)
                pause_s = min(pause_s * 2, _LONGEST_RETRY_S)
            else:
                return

    async def publish_once(self) -> int:
        """Publish every model unless that was done for this version of the table; returns how many.

        Raises:
            UpstreamUnavailableError: PostgreSQL or Kafka can't be reached.
        """
        table = table_version()
        async with self._database.transaction(None) as connection:
            known = select(catalogues.c.version).where(catalogues.c.version == table)
            if await connection.scalar(known) is not None:
                return 0
        # In a thread: the file is large.
        prices = list((await asyncio.to_thread(price_table)).values())
        now = self._clock()
        for begin in range(0, len(prices), _AT_ONCE):
            batch = prices[begin : begin + _AT_ONCE]
            await asyncio.gather(*(self._publish(catalogued(price, table=table, at=now)) for price in batch))
        async with self._database.transaction(None) as connection:
            await connection.execute(insert(catalogues).values(version=table).on_conflict_do_nothing())
        return len(prices)
