"""Whether a text gives away another one, also backwards or in base64, as a model does that recites."""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator

_PIECE = 24
"""Letters in a row that two texts don't share by chance, unless both speak of the same thing."""
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{32,}={0,2}")


class Secret:
    """A text that must not come back.

    Args:
        text: What is kept back.
    """

    def __init__(self, text: str) -> None:
        letters = _letters(text)
        self._pieces = frozenset((*_pieces(letters), *_pieces(letters[::-1])))

    def is_in(self, text: str, *, known: Iterable[str] = ()) -> bool:
        """Whether some of it stands in `text`, forwards, backwards or encoded.

        Args:
            text: What is looked at.
            known: Texts that everybody may know: what they share with the secret may be said.
        """
        said = {
            piece
            for shown in (text, *_decoded(text))
            for piece in _pieces(_letters(shown))
            if piece in self._pieces
        }
        return bool(said and said.difference(*(_pieces(_letters(one)) for one in known)))


def _letters(text: str) -> str:
    """Letters and digits only, in lower case: blanks and marks between them hide nothing."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _pieces(letters: str) -> Iterator[str]:
    return (letters[start : start + _PIECE] for start in range(len(letters) - _PIECE + 1))


def _decoded(text: str) -> Iterator[str]:
    for match in _BASE64.finditer(text):
        coded = match.group().rstrip("=").replace("-", "+").replace("_", "/")
        coded = coded[: len(coded) // 4 * 4]
        try:
            yield base64.b64decode(coded, validate=True).decode(errors="replace")
        except binascii.Error:
            continue
