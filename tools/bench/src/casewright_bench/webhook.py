"""How many webhooks a second ingest's door accepts, each acknowledged by Kafka before the answer.

Yardstick: a bare route that checks the same HMAC over the same bodies and answers at once.
"""

import asyncio
import hashlib
import hmac
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from casewright_bench.figures import Figure
from casewright_bench.http_load import requests_per_second
from casewright_bench.webhook_server import PATH, SECRET
from casewright_common.topics import Topic
from casewright_standalone import topics
from casewright_standalone.engines.kafka import Kafka
from casewright_standalone.engines.process import free_port

CONNECTIONS = 64
_LEAST_RATIO = 0.6
_ISSUES = 500
_SECONDS = 5.0


def webhook(number: int) -> bytes:
    """A body as Jira sends it, about 4 kB."""
    text = " ".join(f"The cart holds at most {limit} pieces of one article." for limit in range(10, 60))
    fields = {
        "summary": f"Limit the quantity of article {number}",
        "description": f"h3. Acceptance criteria\r\n* {text}",
        "issuetype": {"id": "10001", "name": "Story", "subtask": False},
        "project": {"id": "10000", "key": "SHOP", "name": "Shop"},
        "status": {"id": "1", "name": "To Do"},
        "labels": ["checkout"],
        "updated": "2026-11-20T09:30:00.000+0000",
        "creator": {"accountId": "712020:someone", "displayName": "Somebody", "active": True},
        "priority": {"id": "3", "name": "Medium"},
        "customfield_10016": 5.0,
    }
    return json.dumps(
        {
            "timestamp": 1_763_631_000_000 + number,
            "webhookEvent": "jira:issue_created",
            "user": {"accountId": "712020:someone"},
            "issue": {"id": str(20_000 + number), "key": f"SHOP-{number}", "fields": fields},
        }
    ).encode()


def request(number: int) -> bytes:
    """The whole HTTP request with that body."""
    body = webhook(number)
    signature = hmac.new(SECRET, body, hashlib.sha256).hexdigest()
    return (
        f"POST {PATH} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nX-Hub-Signature: sha256={signature}\r\n"
        f"X-Atlassian-Webhook-Identifier: delivery-{number}\r\n\r\n"
    ).encode() + body


@contextmanager
def _serving(*arguments: str) -> Iterator[int]:
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "casewright_bench.webhook_server",
        arguments[0],
        str(port),
        *arguments[1:],
    ]
    with subprocess.Popen(command) as process:  # noqa: S603  # our own code
        try:
            for _ in range(200):
                try:
                    httpx.get(f"http://127.0.0.1:{port}/", timeout=1)
                    break
                except httpx.HTTPError:
                    time.sleep(0.1)
            time.sleep(2)  # the producer connects in the background
            yield port
        finally:
            process.terminate()


def measure(*, runs: int = 5) -> Sequence[Figure]:
    """Load both servers in turn, each run right beside the other's.

    Raises:
        UnexpectedAnswerError: A webhook was not accepted.
    """
    requests = [request(number) for number in range(_ISSUES)]

    def rate(port: int) -> float:
        return asyncio.run(requests_per_second(port, requests, connections=CONNECTIONS, seconds=_SECONDS))

    with tempfile.TemporaryDirectory() as folder:
        broker = Kafka(Path(folder) / "kafka")
        broker.start()
        try:
            asyncio.run(topics.create(broker.bootstrap, partitions=6, replication_factor=1))
            with _serving("bare") as bare, _serving("ours", broker.bootstrap) as ours:
                rate(bare)
                rate(ours)
                pairs = [(rate(ours), rate(bare)) for _ in range(runs)]
        finally:
            broker.stop()
    return [
        Figure(
            name=f"webhooks accepted, each in {Topic.ISSUE_RECEIVED} with acks=all",
            samples=[accepted for accepted, _ in pairs],
            yardstick="bare route, same body and HMAC, no Kafka",
            yardstick_samples=[answered for _, answered in pairs],
            unit="/s",
            least_ratio=_LEAST_RATIO,
        )
    ]
