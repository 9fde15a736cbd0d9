from hypothesis import given
from hypothesis import strategies as st

from casewright_embedder.domain.sparse import sparse_vector, terms


def test_terms_are_words_without_regard_to_case() -> None:
    assert terms("The Link, the LINK") == ["the", "link", "the", "link"]


def test_an_identifier_is_found_whole_and_by_its_parts() -> None:
    assert terms("resetPassword") == ["resetpassword", "reset", "password"]
    assert terms("max_retries") == ["max_retries", "max", "retries"]


def test_repeating_a_word_weighs_more_but_less_each_time() -> None:
    weights = [max(sparse_vector("link " * n + "x " * (10 - n)).values) for n in (6, 8, 10)]
    assert weights[0] < weights[1] < weights[2]
    assert weights[2] - weights[1] < weights[1] - weights[0]


def test_the_same_word_weighs_less_in_a_longer_text() -> None:
    link = sparse_vector("link").indices[0]
    long = sparse_vector("link " + " ".join(f"w{n}" for n in range(300)))
    assert long.values[long.indices.index(link)] < sparse_vector("link").values[0]


@given(st.text(max_size=500))
def test_any_text_gives_what_qdrant_accepts(text: str) -> None:
    vector = sparse_vector(text)
    assert list(vector.indices) == sorted(set(vector.indices))
    assert all(0 <= index < 2**32 for index in vector.indices)
    assert len(vector.values) == len(vector.indices)
    assert all(value > 0 for value in vector.values)
