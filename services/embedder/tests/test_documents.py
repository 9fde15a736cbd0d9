from hypothesis import given
from hypothesis import strategies as st

from casewright_embedder.domain.chunks import chunks_of_text
from casewright_embedder.domain.documents import sections


def test_a_section_carries_the_headings_that_lead_to_it() -> None:
    text = "Before.\n# One\n## Deep\ntext\n# Two ##\nmore"
    assert list(sections("Doc", text)) == [
        ("Doc", "Before."),
        ("Doc > One > Deep", "text"),
        ("Doc > Two", "more"),
    ]


def test_a_comment_in_a_block_of_code_is_no_heading() -> None:
    text = "# Setup\n```sh\n# not a heading\nmake\n```\nDone."
    assert list(sections("Doc", text)) == [("Doc > Setup", "```sh\n# not a heading\nmake\n```\nDone.")]


def test_plain_text_is_one_section_and_an_empty_one_none() -> None:
    assert list(sections("", "Just text.")) == [("", "Just text.")]
    assert list(sections("Doc", "# Only\n## Headings\n")) == []


@given(st.text(max_size=2_000), st.integers(min_value=1, max_value=40))
def test_no_word_of_a_section_is_lost_and_no_chunk_is_too_long(text: str, window: int) -> None:
    chunks = list(chunks_of_text("", text, window=window, count=lambda part: len(part.split())))
    assert "".join("".join(chunk.text.split()) for chunk in chunks) == "".join(text.split())
    assert all(len(chunk.text.split()) <= window for chunk in chunks)


def test_a_heading_stands_in_every_chunk_unless_it_leaves_no_room() -> None:
    def count(text: str) -> int:
        return len(text.split())

    text = "\n\n".join(f"paragraph number {number}" for number in range(6))
    chunks = list(chunks_of_text("A > B", text, window=10, count=count))
    assert len(chunks) > 1
    assert all(chunk.text.startswith("A > B\n\n") for chunk in chunks)
    assert not any("A > B" in chunk.text for chunk in chunks_of_text("A > B", text, window=4, count=count))
