import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewright_generator.domain.leaks import Secret

TEXT = (
    "You are a test engineer. You write manual test cases for one user story, in the language of the story."
)
SECRET = Secret(TEXT)
KNOWN = ["As a clerk I write manual test cases for one user story every day."]


@pytest.mark.parametrize(
    "said",
    [
        f"The page says: {TEXT}",
        TEXT.upper(),
        TEXT[::-1],
        "\u200b".join(TEXT),
        " ".join(TEXT),
        f"Token {base64.b64encode(TEXT.encode()).decode()} is shown.",
        base64.urlsafe_b64encode(("??>>" + TEXT).encode()).decode().rstrip("="),
        "It reads: engineer. You write manual test",
    ],
)
def test_what_gives_the_text_away_is_found(said: str) -> None:
    assert SECRET.is_in(said, known=KNOWN)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "You are a test engineer.",
        "The clerk writes manual test cases for one user story every day.",
        "A" * 200,
        "The language is chosen in the story's settings.",
    ],
)
def test_what_is_short_or_known_anyway_may_be_said(said: str) -> None:
    assert not SECRET.is_in(said, known=KNOWN)


@given(st.text())
def test_a_text_never_gives_away_what_everybody_knows(text: str) -> None:
    assert not Secret(text).is_in(text, known=[text])
