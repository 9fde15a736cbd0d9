"""Requests over loopback as fast as a server answers, from one process that is cheap enough not to matter."""

import asyncio
import re
import time
from collections.abc import Sequence

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class UnexpectedAnswerError(Exception):
    """The server answered something else than 200: what was measured would mean nothing."""


async def requests_per_second(
    port: int, requests: Sequence[bytes], *, connections: int, seconds: float
) -> float:
    """Send `requests` in turn over keep-alive connections, one at a time on each, for `seconds`.

    Raises:
        UnexpectedAnswerError: An answer was not 200.
    """
    stop = time.perf_counter() + seconds
    started = time.perf_counter()
    counts = await asyncio.gather(
        *(
            _send(port, requests, offset=number, stride=connections, stop=stop)
            for number in range(connections)
        )
    )
    return sum(counts) / (time.perf_counter() - started)


async def _send(port: int, requests: Sequence[bytes], *, offset: int, stride: int, stop: float) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answered = 0
    try:
        while time.perf_counter() < stop:
            writer.write(requests[(offset + answered * stride) % len(requests)])
            head = await reader.readuntil(b"\r\n\r\n")
            if (length := _LENGTH.search(head)) is not None and int(length[1]):
                await reader.readexactly(int(length[1]))
            if not head.startswith(b"HTTP/1.1 200"):
                raise UnexpectedAnswerError(head.split(b"\r\n", 1)[0].decode())
            answered += 1
    finally:
        writer.close()
    return answered
