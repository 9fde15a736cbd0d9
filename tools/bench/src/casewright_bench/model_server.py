"""An OpenAI-compatible endpoint in a process of its own, so that its CPU is not counted; prints its address.

Answers everything at once with one text of 6,000 characters, or streams it: pieces of about 20 characters,
one every 40 ms to each stream.
"""

import asyncio
import contextlib
import json

from casewright_generator.testing import chunks, completion

LENGTH = 6000
PIECES = 300
_PACE_S = 0.04
_TEXT = json.dumps({"cases": [f"case {number:05d}" for number in range(LENGTH // 14)]})
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\n"


def _answer(content: bytes) -> bytes:
    return (
        _HEAD % b"application/json" + b"Content-Length: " + str(len(content)).encode() + b"\r\n\r\n" + content
    )


def _chunk(content: bytes) -> bytes:
    return f"{len(content):x}\r\n".encode() + content + b"\r\n"


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    whole = _answer(completion({"model": "some"}, _TEXT).encode())
    pieces = [_chunk(piece.encode()) for piece in chunks({"model": "some"}, _TEXT, PIECES)]
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            size = int(head.split(b"content-length: ", 1)[1].split(b"\r\n", 1)[0])
            body = await reader.readexactly(size)
            if b'"stream":true' not in body.replace(b" ", b""):
                writer.write(whole)
                continue
            writer.write(_HEAD % b"text/event-stream" + b"Transfer-Encoding: chunked\r\n\r\n")
            for piece in pieces:
                await asyncio.sleep(_PACE_S)
                writer.write(piece)
            writer.write(_chunk(b""))
            await writer.drain()
    writer.close()


async def _main() -> None:
    server = await asyncio.start_server(_serve, "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_main())
