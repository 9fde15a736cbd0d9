"""Delivers events to the registered addresses: signed, retried as Jira retries, in order per issue."""

import asyncio
import hmac
import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from random import Random
from typing import Literal

import httpx

from casewright_jira_simulator.domain.faults import FaultSet
from casewright_jira_simulator.domain.model import Delivery, Webhook
from casewright_jira_simulator.settings import SimulatorSettings

RETRIED = frozenset({408, 409, 425, 429})
KEPT_RECORDS = 20_000
DEFAULT_UNORDERED_S = 1.0

logger = logging.getLogger(__name__)
Lane = tuple[str, str]


@dataclass
class DeliveryRecord:
    """What became of one delivery; `attempts` holds the status or the error's name of each try."""

    delivery: Delivery
    state: Literal["pending", "delivered", "failed"] = "pending"
    attempts: list[str] = field(default_factory=list)
    finished: datetime | None = None


class WebhookSender:
    """Sends what `announce` is told, never blocking it.

    One lane per registration and issue keeps the order; a lane waits for the retries of its first
    event. At most `webhook_concurrency` requests are open at once. After a restart, `start` resumes
    what was pending.
    """

    def __init__(
        self,
        settings: SimulatorSettings,
        webhooks: Mapping[str, Webhook],
        faults: FaultSet,
        settle: Callable[[str], None],
    ) -> None:
        self._settings = settings
        self._webhooks = webhooks
        self._faults = faults
        self._settle = settle
        self._slots = asyncio.Semaphore(settings.webhook_concurrency)
        self._lanes: dict[Lane, deque[Delivery]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._client: httpx.AsyncClient | None = None
        self._random = Random(0)  # noqa: S311 - reproducible disorder, no secret
        self.records: dict[str, DeliveryRecord] = {}
        self.retry_s = settings.webhook_retry_s

    async def start(self, pending: Sequence[Delivery]) -> None:
        """Open the client and resume `pending`."""
        timeout = httpx.Timeout(
            self._settings.webhook_response_timeout_s, connect=self._settings.webhook_connect_timeout_s
        )
        limits = httpx.Limits(max_connections=self._settings.webhook_concurrency)
        self._client = httpx.AsyncClient(timeout=timeout, limits=limits, trust_env=False)
        self.announce(pending)

    async def stop(self) -> None:
        """Give up what is in flight; what is pending stays so in the journal."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()
        self._client = None
        self._lanes.clear()

    def announce(self, deliveries: Sequence[Delivery]) -> None:
        """Queue deliveries; without a running client they wait for the next start."""
        for delivery in deliveries:
            self._remember(delivery)
            if self._client is None:
                continue
            fault = self._faults.for_event(delivery.event)
            if fault is not None and fault.kind == "webhook_unordered":
                latest = DEFAULT_UNORDERED_S if fault.delay_s is None else fault.delay_s
                self._spawn(self._late(delivery, self._random.uniform(0, latest)))
                continue
            self._enqueue(delivery)
            if fault is not None:
                self._enqueue(delivery)

    def _remember(self, delivery: Delivery) -> None:
        self.records[delivery.id] = DeliveryRecord(delivery)
        while len(self.records) > KEPT_RECORDS:
            oldest = next(iter(self.records))
            if self.records[oldest].state == "pending":
                break
            del self.records[oldest]

    def _enqueue(self, delivery: Delivery) -> None:
        key = (delivery.webhook_id, delivery.issue_id)
        lane = self._lanes.get(key)
        if lane is not None:
            lane.append(delivery)
            return
        self._lanes[key] = deque([delivery])
        self._spawn(self._drain(key))

    def _spawn(self, work: "asyncio._CoroutineLike[None]") -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drain(self, key: Lane) -> None:
        lane = self._lanes[key]
        try:
            while lane:
                await self._deliver(lane[0])
                lane.popleft()
        finally:
            self._lanes.pop(key, None)

    async def _late(self, delivery: Delivery, delay_s: float) -> None:
        await asyncio.sleep(delay_s)
        await self._deliver(delivery)

    async def _deliver(self, delivery: Delivery) -> None:
        record = self.records.setdefault(delivery.id, DeliveryRecord(delivery))
        pause_s = self.retry_s
        for retry in range(self._settings.webhook_retries + 1):
            hook = self._webhooks.get(delivery.webhook_id)
            if hook is None:
                break
            outcome = await self._attempt(hook, delivery, retry)
            record.attempts.append(outcome)
            if outcome.isdigit() and not _is_retried(int(outcome)):
                self._finish(record, delivered=int(outcome) < httpx.codes.BAD_REQUEST)
                return
            if retry < self._settings.webhook_retries:
                await asyncio.sleep(pause_s)
                pause_s *= 2
        self._finish(record, delivered=False)

    def _finish(self, record: DeliveryRecord, *, delivered: bool) -> None:
        record.state = "delivered" if delivered else "failed"
        record.finished = datetime.now(UTC)
        self._settle(record.delivery.id)
        if not delivered:
            logger.warning(
                "webhook %s for %s given up: %s",
                record.delivery.event,
                record.delivery.issue_key,
                record.attempts,
            )

    async def _attempt(self, hook: Webhook, delivery: Delivery, retry: int) -> str:
        """Status of the answer, or the name of what went wrong."""
        client = self._client
        if client is None:
            return "stopped"
        body = delivery.body.encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Atlassian HttpClient simulator",
            "X-Atlassian-Webhook-Identifier": delivery.id,
            "X-Atlassian-Webhook-Flow": delivery.flow,
        }
        if retry:
            headers["X-Atlassian-Webhook-Retry"] = str(retry)
        if hook.secret is not None:
            headers["X-Hub-Signature"] = "sha256=" + hmac.new(hook.secret.encode(), body, sha256).hexdigest()
        async with self._slots:
            try:
                answer = await client.post(hook.url, content=body, headers=headers)
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                return type(error).__name__
        return str(answer.status_code)


def _is_retried(status: int) -> bool:
    return status in RETRIED or status >= httpx.codes.INTERNAL_SERVER_ERROR
