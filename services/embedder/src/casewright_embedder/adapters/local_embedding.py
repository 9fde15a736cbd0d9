"""all-MiniLM-L6-v2 on the CPU: one session, one text after the other, whichever message they are from."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from casewright_embedder.service.ports import Vector

MODEL: Final = "local/all-MiniLM-L6-v2"
DIMENSION: Final = 384
_POSITIONS = 256
_SPECIAL_TOKENS = 2  # [CLS] and [SEP]
_AT_A_TIME = 16


@dataclass(eq=False)
class _Waiting:
    text: str
    vector: asyncio.Future[Vector] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class LocalEmbedding:
    """`Embedding` by ONNX Runtime; loads its files when first used.

    Unbounded concurrent inference is dozens of times slower than inference in turn, so that one loop
    takes what waits, a few at a time, and runs it in a thread.

    Args:
        model: The ONNX file.
        tokenizer: The `tokenizer.json`.
        threads: Threads that one inference may use.
    """

    def __init__(self, model: Path, tokenizer: Path, *, threads: int = 1) -> None:
        self._model = model
        self._threads = threads
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_POSITIONS)
        self._counter = Tokenizer.from_file(str(tokenizer))
        self._counter.no_padding()
        self._counter.no_truncation()
        self._session: onnxruntime.InferenceSession | None = None
        self._waiting: deque[_Waiting] = deque()
        self._worker: asyncio.Task[None] | None = None

    @property
    def window(self) -> int:
        """Tokens of one text, without the special ones."""
        return _POSITIONS - _SPECIAL_TOKENS

    def count(self, text: str) -> int:
        """Number of word pieces."""
        return len(self._counter.encode(text, add_special_tokens=False).ids)

    async def embed(self, texts: Sequence[str]) -> list[Vector]:
        """One vector of 384 numbers and unit length per text, in order; text past the window is cut."""
        waiting = [_Waiting(text) for text in texts]
        self._waiting.extend(waiting)
        if waiting and (self._worker is None or self._worker.done()):
            self._worker = asyncio.create_task(self._work(), name="local-embedding")
        return list(await asyncio.gather(*(one.vector for one in waiting)))

    async def close(self) -> None:
        """Give up what still waits."""
        if self._worker is not None:
            self._worker.cancel()
            await asyncio.gather(self._worker, return_exceptions=True)
        for one in self._waiting:
            one.vector.cancel()
        self._waiting.clear()

    async def _work(self) -> None:
        while self._waiting:
            # Whoever was cancelled meanwhile needs no vector.
            batch = [
                one
                for one in (self._waiting.popleft() for _ in range(min(_AT_A_TIME, len(self._waiting))))
                if not one.vector.done()
            ]
            try:
                vectors = await asyncio.to_thread(self._infer, [one.text for one in batch])
            except asyncio.CancelledError:
                for one in batch:
                    one.vector.cancel()
                raise
            except Exception as error:  # noqa: BLE001  # whoever waits gets it; the next batch may go better
                for one in batch:
                    if not one.vector.done():
                        one.vector.set_exception(error)
                continue
            for one, vector in zip(batch, vectors, strict=True):
                if not one.vector.done():
                    one.vector.set_result(vector)

    def _infer(self, texts: list[str]) -> list[Vector]:
        if not texts:
            return []
        if self._session is None:
            self._session = self._load()
        return [self._vector(self._session, one.ids) for one in self._tokenizer.encode_batch(texts)]

    @staticmethod
    def _vector(session: onnxruntime.InferenceSession, tokens: list[int]) -> Vector:
        # By itself: padded to its longest neighbour it would cost three times as much, and the model's
        # dynamic quantisation would make its vector depend on the neighbours.
        ids = np.array([tokens], dtype=np.int64)
        (hidden,) = session.run(
            None,
            {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)},
        )
        mean = hidden[0].mean(axis=0)
        return [float(number) for number in mean / np.linalg.norm(mean)]

    def _load(self) -> onnxruntime.InferenceSession:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        return onnxruntime.InferenceSession(
            str(self._model), sess_options=options, providers=["CPUExecutionProvider"]
        )
