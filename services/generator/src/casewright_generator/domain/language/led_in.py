"""Items behind what leads them in: `A guest can do three things: pay, …`, `They enter: a name`."""

import re

from casewright_generator.domain.language import words

_LED = re.compile(
    r"^(?P<subject>[^:;.]{2,80}?) "
    r"(?P<modal>can|may|(?:should|must) be able to|must|(?:is|are) able to|ha(?:s|ve) to|should|shall|will)\b"
    r"(?P<rest>[^:]{0,160}):\s+(?P<item>[^:]+)$",
    re.IGNORECASE,
)
_WAY = re.compile(r" (?:in|by) (?:[a-z]+ ){0,2}(?:ways?|means|forms?|methods?)$", re.IGNORECASE)


def joined(text: str) -> str:
    """The item as a sentence of its own, with the subject that leads it in; any other text as it is."""
    match = _LED.match(text)
    if match is None:
        return text
    subject, modal, rest, item = match["subject"], match["modal"], match["rest"], match["item"]
    if words.is_verb(_first_verb(item)):
        return f"{subject} {modal} {item}"
    if way := _WAY.search(rest):
        return f"{subject} {modal}{rest[: way.start()]} {item}"
    last = rest.rstrip().rpartition(" ")[2].lower()
    return f"{subject} {modal}{rest} {item}" if words.is_verb(last) else text


def _first_verb(item: str) -> str:
    """The first word that isn't an adverb; of `share/block` the first one."""
    return next(
        (word.lower().partition("/")[0] for word in item.split()[:2] if not word.lower().endswith("ly")), ""
    )
