"""Limits and lists said the other way round, put as the rest reads them."""

import re

from casewright_generator.domain.language import clauses, words

_MOST = r"up to|at most|no more than|not more than|a maximum of|maximum|max\.?|a limit of"
_LEAST = r"at least|a minimum of|no fewer than|no less than|minimum|min\.?"
_NUMBER = r"(?:\d[\d.,]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_FOR = re.compile(
    rf"^(?P<limit>(?:{_MOST}|{_LEAST}|exactly|between {_NUMBER} and) {_NUMBER} [a-z]+(?: [a-z]+)?) "
    r"(?:is|are|must be) (?P<how>required|needed|necessary|mandatory|allowed|permitted|possible) "
    r"(?:for|in|per|on) (?P<thing>(?:the |an? |each |every )?[a-z][\w -]{1,40})$",
    re.IGNORECASE,
)
_SPELLED = re.compile(
    rf"^(?P<how>{_MOST}|{_LEAST}) (?P<n>two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) "
    r"(?=[a-z]+(?: [a-z]+)? (?:can|may|must|should) be )",
    re.IGNORECASE,
)
_ONLY = re.compile(
    r"^only (?P<rest>[a-z]+s (?:of|with|over|under|above|below|from|worth) [^,;]*\d[^;]* (?:can|may) be .+)$",
    re.IGNORECASE,
)
_NO = re.compile(
    r"^no (?P<thing>[a-z][a-z-]*(?: [a-z][a-z-]*)?) (?P<modal>may|must|can|should|shall) "
    r"(?P<rest>[a-z]+ .+)$",
    re.IGNORECASE,
)
_NOBODY = re.compile(
    r"^(?:nobody|no one|no-one) (?P<modal>may|must|can|should|shall) (?=[a-z]+ )", re.IGNORECASE
)
_EXTREME = re.compile(
    rf"^the (?P<side>maximum|minimum) (?P<thing>load|weight|amount|price|temperature|order value|"
    rf"transfer amount) is (?P<limit>{_NUMBER}[^,;:]{{0,20}})$",
    re.IGNORECASE,
)
_FORMATS = re.compile(
    r"^(?:supported|allowed|accepted|permitted|valid) (?:(?P<noun>image|photo|picture|document|"
    r"attachment|file) )?"
    r"(?:file )?(?:formats|types|extensions)(?: are)?:? (?P<list>[^;:()]{3,80})$",
    re.IGNORECASE,
)
_THESE = re.compile(
    r"^only (?P<list>[A-Z.][\w.]{1,5}(?:, [A-Z.][\w.]{1,5})*,? (?:and|or) [A-Z.][\w.]{1,5}) "
    r"(?P<noun>image|photo|picture|document|attachment|file)s? (?:is|are|can be|may be) "
    r"(?:accepted|allowed|supported|permitted|uploaded|attached)$",
    re.IGNORECASE,
)


def put_plainly(sentence: str) -> str:
    """The same rule with its subject first; the sentence itself where it needs no other words."""
    flat = " ".join(sentence.split()).rstrip(".")
    if match := _NO.match(flat):
        thing = words.with_article(match["thing"])
        modal = "cannot" if match["modal"].lower() == "can" else "must not"
        flat = f"{clauses.capital(thing)} {modal} {match['rest']}"
        sentence = f"{flat}."
    if match := _NOBODY.match(flat):
        modal = "cannot" if match["modal"].lower() == "can" else "must not"
        flat = f"A user {modal} {flat[match.end() :]}"
        sentence = f"{flat}."
    if match := _FOR.match(flat):
        return _limited(match) or sentence
    if match := _SPELLED.match(flat):
        digits = _DIGITS[match["n"].lower()]
        return f"{match['how']} {digits} {flat[match.end() :]}."
    if match := _EXTREME.match(flat):
        most = "at most" if match["side"].lower() == "maximum" else "at least"
        return f"The {match['thing']} must be {most} {match['limit']}."
    if match := _ONLY.match(flat):
        return f"{clauses.capital(match['rest'])}."
    if match := _FORMATS.match(flat) or _THESE.match(flat):
        items = re.split(r",? (?:and|or) |, ", match["list"])
        if len(items) > 1 and all(len(item.split()) == 1 for item in items):
            noun = (match["noun"] or "file").lower()
            return f"The {noun} type must be {', '.join(items[:-1])} or {items[-1]}."
    return sentence


_DIGITS = {
    word: number
    for number, word in enumerate(
        words.phrases("two | three | four | five | six | seven | eight | nine | ten | eleven | twelve"), 2
    )
}
_HAPPENING = words.word_set("attempt try retry login request call time")


def _limited(match: re.Match[str]) -> str:
    """`At least 8 characters are required for the password` as `The password must have at least 8 …`."""
    thing = re.sub(r"^(?:each|every) ", "a ", match["thing"], flags=re.IGNORECASE)
    noun = words.singular(match["limit"].rsplit(" ", 1)[-1].lower())
    if clauses.is_actor(thing) or noun in _HAPPENING:
        return ""
    have = "must have" if noun in {"character", "letter", "digit"} else "needs"
    if match["how"].lower() in {"allowed", "permitted", "possible"}:
        have = "must have" if have == "must have" else "holds"
    if words.is_plural(thing):
        have = {"needs": "need", "holds": "hold"}.get(have, have)
    limit = clauses.lower_first(match["limit"]) if match["limit"][:1].isalpha() else match["limit"]
    return f"{clauses.capital(thing)} {have} {limit[:1].lower()}{limit[1:]}."
