"""Cuts texts into sentences, and sentences into condition and consequence."""

import re
from dataclasses import dataclass

from casewright_generator.domain.language import clauses, words
from casewright_generator.domain.language.masking import mask, tokens
from casewright_generator.domain.reading.statements import Condition

_END = re.compile(r"[.!?;](?=\s+[\"“'(A-Z0-9]|\s*$)")
_ABBREVIATIONS = ("e.g.", "i.e.", "etc.", "vs.", "approx.", "max.", "min.", "no.", "incl.")
_BULLET = re.compile(r"^\s*(?:[-*•+#]+|\(?\d{1,3}(?:\.\d{1,3})*[.)]|\([a-z]\)|\[[ xX]?\])\s+")
_LEADING = words.phrases(
    "in the event that | in case that | in the case that | every time | each time | as soon "
    "as | in case | only if | only when | only while | only after | only before | only until "
    "| even if | if | when | whenever | once | after | before | while | unless | until | "
    "given that | given | assuming | upon | where"
)
_TRAILING = words.phrases(
    "as soon as | every time | each time | only if | only when | only while | only after | "
    "only before | only until | even if | in case | if | when | whenever | once | after | "
    "before | while | unless | until | upon"
)
_ASKING = words.word_set(
    "check checks specify choose indicate define tell configure control see know knows determine "
    "determines verify ask asks decide detect whether test and or as"
)
_ENDING = re.compile(r"[\s,]+(?:so|and|but|then|or|only|that|even)$")
_MAX_COMMAS = 6
_SHORTEST = 4
_LONGEST_LABEL = 12
MAX_SENTENCE = 600


def lines(text: str) -> list[str]:
    """The lines with words in them, without bullets, numbers and check boxes."""
    return [
        bare
        for line in text.splitlines()
        if (bare := _BULLET.sub("", line).strip()) and any(map(str.isalnum, bare))
    ]


_WHERE_THEY = re.compile(r", where (they|he|she|users|you) can ")


def sentences(text: str) -> list[str]:
    """The sentences of a text, line by line."""
    found: list[str] = []
    for line in lines(_WHERE_THEY.sub(r"\n\1 can ", text)):
        start = 0
        masked = mask(line)
        for match in _END.finditer(masked):
            if masked[: match.end()].lower().endswith(_ABBREVIATIONS):
                continue
            found.append(line[start : match.end()].strip().rstrip(";"))
            start = match.end()
        found.append(line[start:].strip())
    return [sentence for sentence in found if any(map(str.isalnum, sentence))]


def split(sentence: str) -> tuple[tuple[Condition, ...], str]:
    """Conditions and what follows from them; no condition where none is marked."""
    sentence = sentence.strip()
    if len(sentence) > MAX_SENTENCE:
        return (), sentence
    masked = mask(sentence).lower()
    for marker in _LEADING:
        if masked.startswith(marker + " "):
            if found := _leading(sentence, masked, marker):
                condition, rest = found
                more, main = _trailing(rest)
                return (condition, *more), main
            return (), sentence
    return _trailing(sentence)


def _leading(sentence: str, masked: str, marker: str) -> tuple[Condition, str] | None:
    at = len(marker)
    then = masked.find(" then ")
    if then > at:
        return Condition(marker, sentence[at:then].strip(" ,")), sentence[then + 6 :].strip()
    for _ in range(_MAX_COMMAS):
        at = masked.find(", ", at + 1)
        if at < 0:
            break
        main = sentence[at + 1 :].strip()
        if clauses.parse(main).has_predicate and not main.lower().startswith(("and ", "or ")):
            return Condition(marker, sentence[len(marker) : at].strip()), main
    return _without_comma(sentence, marker)


def _without_comma(sentence: str, marker: str) -> tuple[Condition, str] | None:
    """`When the user saves the form the data is stored`: cut where a second clause starts."""
    body = sentence[len(marker) :].strip()
    tries = 0
    found = tokens(body)
    for token in found[2:]:
        if token.quoted or token.bare not in _STARTERS:
            continue
        tries += 1
        if tries > _MAX_COMMAS:
            break
        left, right = body[: token.start].strip(), body[token.start :]
        if left.rsplit(None, 1)[-1].lower() in words.PREPOSITIONS | words.DETERMINERS | {"and", "or", "that"}:
            continue
        one, two = clauses.parse(left), clauses.parse(right)
        if marker in {"after", "upon"} and not one.has_predicate and two.has_predicate and two.subject:
            return Condition(marker, left), right
        complete = one.has_predicate and (bool(one.rest) or one.form is clauses.Form.PASSIVE)
        if complete and two.has_predicate and two.subject and len(tokens(two.subject)) <= _LONGEST_SUBJECT:
            return Condition(marker, left), right
    return None


_STARTERS = words.word_set("the a an it they he she i we you no all this these there then nothing users")
_LONGEST_SUBJECT = 6


_SPAN = re.compile(r"\d (?:seconds?|minutes?|hours?|days?|weeks?|months?|years?)$")


def _trailing(sentence: str) -> tuple[tuple[Condition, ...], str]:
    masked = mask(sentence).lower()
    best = -1
    chosen = ""
    for marker in _TRAILING:
        at = masked.find(f" {marker} ", 1)
        if at < 0 or (best >= 0 and at >= best):
            continue
        right = sentence[at + len(marker) + 2 :]
        if marker in {"before", "after"} and _SPAN.search(masked[:at]):
            continue
        if _asks(masked[:at]) or not _holds_clause(right) or (marker == "while" and _is_gerund(right)):
            continue
        best, chosen = at, marker
    if best < 0:
        return (), sentence
    main, condition = (
        _ENDING.sub("", sentence[:best].strip(" ,")),
        sentence[best + len(chosen) + 2 :].strip(" ,."),
    )
    if len(main) < _SHORTEST or not clauses.parse(main).has_predicate:
        return (), sentence
    return (Condition(chosen, condition),), main


def _is_gerund(text: str) -> bool:
    return clauses.parse(text).form is clauses.Form.GERUND


def _asks(before: str) -> bool:
    return before.rsplit(None, 1)[-1].strip(",") in _ASKING if before.split() else True


def _holds_clause(text: str) -> bool:
    clause = clauses.parse(text)
    return clause.has_predicate and bool(clause.subject or clause.form is not clauses.Form.ACTIVE)


def conjuncts(text: str) -> list[str]:
    """The clauses that `and` or a comma joins, each with a verb of its own; else the text alone."""
    masked = mask(text).lower()
    parts: list[str] = []
    start = at = 0
    while len(parts) < _MAX_COMMAS:
        at = masked.find(" and ", at + 1)
        if at < 0:
            break
        left, right = text[start:at].strip(" ,"), text[at + 5 :].strip()
        if _full(left) and _full(right):
            parts.append(left)
            start = at + 5
    return [*parts, text[start:].strip(" ,")]


def _full(text: str) -> bool:
    first = text.split(maxsplit=1)[0].lower() if text.split() else ""
    if first in {"wherever", "where", "when", "if", "that", "which", "who", "because", "so"}:
        return False
    clause = clauses.parse(text)
    if not clause.has_predicate:
        return False
    if clause.form in (clauses.Form.GERUND, clauses.Form.IMPERATIVE):
        return True
    return bool(clause.subject) or (
        clause.form is clauses.Form.ACTIVE and bool(words.base_of_third(tokens(text)[0].bare))
    )


_GHERKIN = re.compile(r"(?:^|(?<=[\s,;.:*_]))(given|when|then)\b[:*_]*(?= )", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Scenario:
    """Given, When and Then of one scenario, each a list of clauses as written."""

    given: tuple[str, ...]
    when: tuple[str, ...]
    then: tuple[str, ...]


def scenario(text: str) -> Scenario | None:
    """Given/When/Then on one or several lines; `None` where Then or the order is missing."""
    flat = " ".join(
        line for line in lines(text) if not line.lower().startswith(("scenario", "feature", "example"))
    )
    masked = mask(flat)
    places: dict[str, tuple[int, int]] = {}
    for match in _GHERKIN.finditer(masked):
        word = match[1].lower()
        if word not in places and all(match.start() > start for start, _ in places.values()):
            places[word] = (match.start(), match.end())
    if "then" not in places or not {"given", "when"} & places.keys():
        return None
    order = sorted(places, key=lambda word: places[word][0])
    if order[-1] != "then" or places[order[0]][0] > _LONGEST_LABEL:
        return None
    if order[0] == "when" and "\n" not in text:
        return None  # "When X then Y" is an ordinary sentence
    parts = {}
    for index, word in enumerate(order):
        end = places[order[index + 1]][0] if index + 1 < len(order) else len(flat)
        parts[word] = _clauses_of(flat[places[word][1] : end])
    return Scenario(parts.get("given", ()), parts.get("when", ()), parts["then"])


_AND = re.compile(r"(?:^|[\s,;.])(?:and|but)\s", re.IGNORECASE)


def _clauses_of(text: str) -> tuple[str, ...]:
    text = text.strip(" ,;.")
    masked = mask(text)
    parts: list[str] = []
    start = 0
    for match in _AND.finditer(masked):
        left, right = text[start : match.start()].strip(" ,;."), text[match.end() :].strip()
        if _is_keyword(match, masked) or (_full(left) and _full(right)):
            parts.append(left)
            start = match.end()
    parts.append(text[start:].strip(" ,;."))
    return tuple(part for part in parts if part)


def _is_keyword(match: re.Match[str], masked: str) -> bool:
    """Whether an `And` in capitals starts the next clause, and joins no names: `Terms And Conditions`."""
    before, after = masked[: match.start()].rsplit(None, 1)[-1:], masked[match.end() : match.end() + 1]
    name = bool(before) and before[0][:1].isupper() and after.isupper()
    return match.group().strip(" ,;.") in {"And", "But", "AND", "BUT"} and not name
