"""Patterns that a code or a text follows: `AAA-999`, `<year>-<number>`, `major.minor.patch`, `^[a-z]+$`."""

import re
from collections.abc import Iterator

_SHAPE = (
    r"(?:patterns?|formats?|form|masks?|regex(?:p|es)?|regular expressions?|notation|scheme|schema|template|"
    r"syntax|structure|layout|convention|shape|muster|formato|patrón|schema|modèle)"
)
_CUED = re.compile(
    (
        rf"\b(?:{_SHAPE}(?: (?:is|are|of|like|the|must|be|match|has|as|lautet|es|looks))*|"
        r"as|like|match(?:es|ing|ed)?|follow(?:s|ing)?|reads?|written|against|"
        r"(?:conforms?|conforming|corresponds?|sticks?|adheres?|keeps?) to)"
        rf"(?: (?:the|an?))?(?: {_SHAPE})?(?: (?:of|is|like))?:? "
        r"(?P<mark>[\"“„`']?)(?P<token>[^\s\"”“`]{3,80})"
    ),
    re.IGNORECASE,
)
_EXAMPLE = re.compile(
    r"\b(?:look(?:s|ing)?|shaped|formed|built|structured|formatted|patterned|modelled|styled|written|spelled|made|"
    r"composed|reads?|in the (?:form|style|shape|pattern|format)|of the (?:form|shape|pattern|format|kind)) "
    r"(?:(?:like|as|of|similar to) )?(?:this: |in )?(?P<mark>[\"“„`']?)(?P<token>[^\s\"”“`]{3,40})"
)
_NAMED = re.compile(rf"\b{_SHAPE}\b", re.IGNORECASE)
_REGULAR = re.compile(r"(?<![^\s\"“`'(:])\^\S{2,80}?\$(?=[\s\"”`',.;)]|$)")
_RUN = re.compile(r"([NX#9AYDMHZ?Tx])\1")
_CODE = re.compile(r"[A-Za-z0-9#?]{1,12}(?:[-/._:+][A-Za-z0-9#?]{1,12}){0,6}")
_SEGMENTS = re.compile(r"[a-z]{2,15}(?:[-._+/:][a-z]{2,15}){1,6}")
_SLOTS = re.compile(r"(?:[\w.+/:@-]*(?:<[\w -]{1,24}>|\{[\w -]{1,24}\}|\[[\w -]{1,24}\])[\w.+/:@-]*){1,8}")
_CLASSES = re.compile(r"(?=\S*(?:\[[^\]]{1,30}\]|\\[dw]))(?=\S*[+*{?])\S{4,80}")
_SAMPLE = re.compile(r"[A-Z]{1,4}[-/]?(?:\d{2,}|[A-Z]{0,4}\d{2,})(?:-[A-Z0-9]+)*")
_FURTHER = re.compile(r"(?<![\w-])[A-Za-z][A-Za-z0-9#?/-]{2,20}(?![\w-])")
_REACH = 90


def masks(text: str) -> Iterator[tuple[int, int, bool]]:
    """Start and end of each pattern, and whether it stands beside the one before it."""
    for match in _REGULAR.finditer(text):
        yield match.start(), match.end(), False
    for match in _CUED.finditer(text):
        start = match.start("token")
        token = match["token"].rstrip(".,;:!?)'\u2019")
        if match["token"].startswith("^") or not is_mask(token, shaped=bool(_NAMED.search(match.group()))):
            continue
        yield start, start + len(token), False
        yield from ((at, end, True) for at, end in beside(text, start + len(token)))


def examples(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each code by which a text shows what all of its kind look like."""
    for match in _EXAMPLE.finditer(text):
        token = match["token"].rstrip(".,;:!?)'\u2019")
        parts = re.split(r"[-/._]", token)
        mixed = any(letter.isalpha() for letter in token) or len(parts) > 1
        figures = sum(letter.isdigit() for letter in token)
        if _CODE.fullmatch(token) and mixed and figures >= _FEWEST and not _DECIMAL.fullmatch(token):
            yield match.start("token"), match.start("token") + len(token)


_DECIMAL = re.compile(r"\d+[.,/]\d+|\d+[a-z]{1,5}|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}|\d{1,2}:\d{2}(?::\d{2})?")


def is_mask(token: str, *, shaped: bool) -> bool:
    """Whether a token is a pattern; `shaped` where the words before it say that one comes."""
    if _CODE.fullmatch(token) and _RUN.search(token) and not token.isdigit():
        return any(not one.isalpha() for one in token) and any(not one.isdigit() for one in token)
    if _SLOTS.fullmatch(token):
        return True
    if _SEGMENTS.fullmatch(token):
        parts = len(re.split(r"[-._+/:]", token))
        return any(mark in token for mark in "._+") and (shaped or parts > _FEWEST)
    return bool(_CLASSES.fullmatch(token))


_FEWEST = 2


def beside(text: str, at: int) -> Iterator[tuple[int, int]]:
    """What follows in the same clause: `the form NL99, a Belgian one BE9999`."""
    stop = re.compile(r"[.;\n]").search(text, at)
    end = min(stop.start() if stop else len(text), at + _REACH)
    if not re.match(r",? ?(?:or|and)\b|,", text[at : at + 6]):
        return
    for match in _FURTHER.finditer(text, at, end):
        token = match.group()
        if (is_mask(token, shaped=False) or _SAMPLE.fullmatch(token)) and not token.isalpha():
            yield match.start(), match.end()
