"""Words of a text with their places, in which a quotation or a piece of code counts as one word."""

import re
from dataclasses import dataclass
from functools import lru_cache

_CLOSING = {
    '"': '"',
    "“": "”",
    "„": "“”",
    "«": "»",
    "`": "`",
    "\u2018": "\u2019",
    "'": "'",
    "(": ")",
    "[": "]",
    "{": "}",
    "<": ">",
}
_PUNCTUATION = ".,;:!?()[]{}\"“”„«»\u2018\u2019'`*_"
_OPENING = re.compile("[" + re.escape("".join(_CLOSING)) + "]")
_REMEMBERED = 4096
"""A story's sentences are looked at many times: by each reader, and again for each variant."""
_FILL = "x"
_MAX_QUOTE = 160
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Token:
    """A word.

    Attributes:
        text: As written.
        bare: In lower case, without surrounding punctuation.
        start: Offset of the first character; `end` that of the one after the last.
        quoted: Whether it is a quotation, a piece of code or a bracket.
    """

    text: str
    bare: str
    start: int
    end: int
    quoted: bool


@lru_cache(maxsize=_REMEMBERED)
def mask(text: str) -> str:
    """The text with quotations, code and brackets blotted out, of the same length."""
    parts: list[str] = []
    done = 0
    for match in _OPENING.finditer(text):
        start = match.start()
        if start < done:
            continue
        end = _quote_end(text, start, _CLOSING[match.group()])
        if end > start:
            parts += [text[done:start], _FILL * (end + 1 - start)]
            done = end + 1
    return "".join([*parts, text[done:]])


def _quote_end(text: str, start: int, closing: str) -> int:
    """Where the quotation that starts at `start` ends; -1 if it is none."""
    if text[start] in "'\u2018<" and (start and text[start - 1].isalnum()):
        return -1
    if text[start] == "<" and text[start + 1 : start + 2] in {" ", "=", ""}:
        return -1
    limit = min(len(text), start + _MAX_QUOTE)
    for at in range(start + 1, limit):
        if text[at] == "\n":
            return -1
        if text[at] in closing:
            if text[start] == "'" and at + 1 < len(text) and text[at + 1].isalnum():
                continue
            return at if at > start + 1 else -1
    return -1


@lru_cache(maxsize=_REMEMBERED)
def tokens(text: str) -> tuple[Token, ...]:
    """The words in order."""
    masked = mask(text)
    found = []
    for match in _WORD.finditer(masked):
        raw = text[match.start() : match.end()]
        blotted = masked[match.start() : match.end()] != raw
        bare = raw.lower().strip(_PUNCTUATION).replace("\u2019", "'")
        found.append(Token(raw, bare, match.start(), match.end(), blotted and _mostly(match.group(), raw)))
    return tuple(found)


def _mostly(masked: str, raw: str) -> bool:
    changed = sum(one != other for one, other in zip(masked, raw, strict=True))
    return changed * 2 >= len(raw)


_QUOTATION = re.compile(
    r"\"([^\"\n]{1,160})\"|“([^”\n]{1,160})”|„([^“”\n]{1,160})[“”]|«([^»\n]{1,160})»|`([^`\n]{1,160})`"
)
_SINGLE = re.compile(r"(?<![\w])['\u2018]([^'\u2019\n]{2,160})['\u2019](?![\w])")


def quotations(text: str) -> tuple[str, ...]:
    """Quoted texts in order, without their quotation marks."""
    found = [
        (match.start(), next(group for group in match.groups() if group))
        for pattern in (_QUOTATION, _SINGLE)
        for match in pattern.finditer(text)
    ]
    return tuple(quote.strip() for _, quote in sorted(found) if quote.strip())
