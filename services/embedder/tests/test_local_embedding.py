import asyncio
import math
from collections.abc import AsyncIterator

import pytest

from casewright_embedder.adapters import weights
from casewright_embedder.adapters.local_embedding import DIMENSION, LocalEmbedding
from casewright_embedder.service.ports import Vector

pytestmark = pytest.mark.connected


@pytest.fixture
async def model() -> AsyncIterator[LocalEmbedding]:
    model = LocalEmbedding(weights.model_path(), weights.tokenizer_path())
    yield model
    await model.close()


def cosine(one: Vector, other: Vector) -> float:
    return math.fsum(a * b for a, b in zip(one, other, strict=True))


async def test_like_texts_are_closer_than_unlike_ones(model: LocalEmbedding) -> None:
    reset, mail, invoice, vat = await model.embed(
        [
            "A customer who forgot the password gets a link to reset it.",
            "Send a mail with which a user can choose a new password.",
            "The invoice lists the value added tax of each line.",
            "Show VAT per position on the bill.",
        ]
    )
    assert cosine(reset, mail) > cosine(reset, invoice) + 0.2
    assert cosine(invoice, vat) > cosine(mail, vat) + 0.2


async def test_vectors_have_the_dimension_and_unit_length(model: LocalEmbedding) -> None:
    for vector in await model.embed(["short", "", "long " * 600]):
        assert len(vector) == DIMENSION
        assert cosine(vector, vector) == pytest.approx(1)


async def test_a_text_has_the_same_vector_in_any_company(model: LocalEmbedding) -> None:
    (alone,) = await model.embed(["The link expires after 30 minutes."])
    together = await model.embed(["The link expires after 30 minutes.", "padding " * 100])
    assert together[0] == alone


async def test_texts_of_concurrent_messages_share_batches_and_keep_their_order(
    model: LocalEmbedding, monkeypatch: pytest.MonkeyPatch
) -> None:
    batches: list[int] = []
    infer = model._infer  # noqa: SLF001  # counts what the session is asked

    def counting(texts: list[str]) -> list[Vector]:
        batches.append(len(texts))
        return infer(texts)

    monkeypatch.setattr(model, "_infer", counting)
    texts = [f"text number {number}" for number in range(20)]
    vectors = await asyncio.gather(*(model.embed([text]) for text in texts))
    assert len(batches) < 5
    assert cosine(vectors[7][0], (await model.embed([texts[7]]))[0]) > 0.99


async def test_a_cancelled_message_does_not_take_its_neighbours_along(model: LocalEmbedding) -> None:
    doomed = asyncio.create_task(model.embed(["one"]))
    other = asyncio.create_task(model.embed(["two"]))
    await asyncio.sleep(0)
    doomed.cancel()
    assert len(await other) == 1
    assert len(await model.embed(["three"])) == 1


async def test_closing_leaves_nobody_waiting(model: LocalEmbedding) -> None:
    waiting = asyncio.create_task(model.embed(["one"] * 100))
    await asyncio.sleep(0.01)
    await model.close()
    with pytest.raises(asyncio.CancelledError):
        await waiting


def test_counting_leaves_out_the_special_tokens(model: LocalEmbedding) -> None:
    assert model.count("") == 0
    assert model.count("hello world") == 2
    assert model.count("word " * 1000) == 1000
