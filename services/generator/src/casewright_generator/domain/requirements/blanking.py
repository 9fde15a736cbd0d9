"""Texts in which what must not be read is blotted out, at the same length."""

import re

from casewright_generator.domain.language.masking import mask

_FILL = "~"
_BRACKETS = str.maketrans("()[]{}", "      ")
_BACKGROUND = re.compile(
    r"(?:\b(?:because|weil|porque|parce que)|(?<=, )(?:denn|car(?! \w+ (?:is|are|must|has))))\b[^.;\n|"
    r"]{0,200}|"
    r"(?<![^\s(,])(?:e\.g\.|for example|for instance|such as|z\.B\.|zum Beispiel|por ejemplo|par "
    r"exemple|example:)[^.;\n)|]{0,160}|"
    r"\b(?:at the moment|currently|right now|so far|at present|up to now|nowadays|derzeit|bisher|"
    r"momentan|actualmente|actuellement)\b(?! (?:on|valid|signed))"
    r"[^.;\n)|]{0,160}|"
    r"\b(?:instead of|rather than|unlike|compared (?:to|with)|as opposed to|up from|down from) (?:the "
    r")?(?:\w+ ){0,2}\d[^.,;\n)|]{0,40}|"
    r"(?<![^\n.] )Since [^.;\n|,]{0,200},",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"\bhttps?://[^\s|]{1,300}|\bwww\.[^\s|]{1,200}|\b[A-Z][A-Z0-9]{1,9}-\d{1,7}\b|\bv\d[\w.]*|"
    r"\bversions? \d[\w.]*|\bbuild \d[\w.]*|"
    r"\b[\w.+-]{1,60}@[\w-]{1,60}\.[\w.]{2,20}|\b\d{1,3}(?:\.\d{1,3}){2,3}\b|\bRFC ?\d+|"
    r"\bISO(?:/IEC)?(?: |-)?\d[\d-]*|"
    r"\b(?:POST|GET|PUT|PATCH|DELETE) /\S{1,100}",
)
_QUOTED = re.compile(
    r"\"[^\"\n]{1,200}\"|“[^”\n]{1,200}”|„[^“”\n]{1,200}[“”]|«[^»\n]{1,200}»|`[^`\n]{1,200}`|"
    r"'(?<![\w']')[^'\n]{2,80}'(?!\w)"
)


def without_quotations(text: str) -> str:
    """The text without what stands in quotation marks, so that no message or code in it is read as a rule."""
    return _blot(_QUOTED, mask(text.translate(_BRACKETS)).replace("\u2212", "-"))


def for_numbers(text: str) -> str:
    """Also without reasons, examples, how it is today, addresses, versions and keys of issues."""
    return _blot(_ADDRESS, _blot(_BACKGROUND, without_quotations(text)))


def blot(text: str, spans: list[tuple[int, int]]) -> str:
    """The text without what stands in the spans."""
    made = list(text)
    for start, end in spans:
        made[start:end] = _FILL * (end - start)
    return "".join(made)


def _blot(pattern: re.Pattern[str], text: str) -> str:
    return pattern.sub(lambda match: _FILL * len(match.group()), text)
