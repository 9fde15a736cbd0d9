"""all-MiniLM-L6-v2 on the CPU: one session, fed in batches that are joined over concurrent messages."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from casewright_embedder.service import Vector

MODEL: Final = "local/all-MiniLM-L6-v2"
DIMENSION: Final = 384
_POSITIONS = 256
_SPECIAL_TOKENS = 2  # [CLS] and [SEP]
_BATCH = 16


@dataclass(eq=False)
class _Waiting:
    text: str
    vector: asyncio.Future[Vector] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class LocalEmbedding:
    """`Embedding` by ONNX Runtime; loads its files when first used.

    Unbounded concurrent inference is dozens of times slower than inference in turn, so that one loop
    takes what waits, up to a batch, and runs it in a thread.

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
                for one in (self._waiting.popleft() for _ in range(min(_BATCH, len(self._waiting))))
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
        encoded = self._tokenizer.encode_batch(texts)
        width = max(len(one.ids) for one in encoded)
        ids = np.zeros((len(texts), width), dtype=np.int64)
        mask = np.zeros((len(texts), width), dtype=np.int64)
        for row, one in enumerate(encoded):
            ids[row, : len(one.ids)] = one.ids
            mask[row, : len(one.ids)] = 1
        (hidden,) = self._session.run(
            None, {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        )
        weights = mask[:, :, None].astype(np.float32)
        mean = (hidden * weights).sum(axis=1) / weights.sum(axis=1)
        unit = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return [[float(number) for number in row] for row in unit]

    def _load(self) -> onnxruntime.InferenceSession:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.inter_op_num_threads = 1
        return onnxruntime.InferenceSession(
            str(self._model), sess_options=options, providers=["CPUExecutionProvider"]
        )
