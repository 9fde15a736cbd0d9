"""Numbers as people write them: `1,500`, `2.000`, `1.5k`, `twenty-five`, `half an`, `drei`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from casewright_generator.domain.language import words

_ONES = dict(
    zip(
        words.phrases(
            "zero | one | two | three | four | five | six | seven | eight | nine | ten | eleven | twelve | "
            "thirteen | fourteen | fifteen | sixteen | seventeen | eighteen | nineteen"
        ),
        range(20),
        strict=True,
    )
)
_TENS = dict(
    zip(
        words.phrases("twenty | thirty | forty | fifty | sixty | seventy | eighty | ninety"),
        range(20, 100, 10),
        strict=True,
    )
)
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000, "dozen": 12}
_OTHERS = {
    "de": {
        "null": 0,
        "ein": 1,
        "eine": 1,
        "einen": 1,
        "einem": 1,
        "einer": 1,
        "zwei": 2,
        "drei": 3,
        "vier": 4,
        "fünf": 5,
        "sechs": 6,
        "sieben": 7,
        "acht": 8,
        "neun": 9,
        "zehn": 10,
        "elf": 11,
        "zwölf": 12,
        "fünfzehn": 15,
        "zwanzig": 20,
        "dreißig": 30,
        "vierzig": 40,
        "fünfzig": 50,
        "hundert": 100,
    },
    "es": {
        "uno": 1,
        "una": 1,
        "un": 1,
        "dos": 2,
        "tres": 3,
        "cuatro": 4,
        "cinco": 5,
        "seis": 6,
        "siete": 7,
        "ocho": 8,
        "nueve": 9,
        "diez": 10,
        "doce": 12,
        "quince": 15,
        "veinte": 20,
        "treinta": 30,
        "cien": 100,
    },
    "fr": {
        "un": 1,
        "une": 1,
        "deux": 2,
        "trois": 3,
        "quatre": 4,
        "cinq": 5,
        "six": 6,
        "sept": 7,
        "huit": 8,
        "neuf": 9,
        "dix": 10,
        "douze": 12,
        "quinze": 15,
        "vingt": 20,
        "trente": 30,
        "cent": 100,
    },
    "it": {"un": 1, "una": 1, "due": 2, "tre": 3, "quattro": 4, "cinque": 5, "sei": 6, "dieci": 10},
    "nl": {"een": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "tien": 10, "twaalf": 12},
    "pt": {"um": 1, "uma": 1, "dois": 2, "duas": 2, "três": 3, "quatro": 4, "cinco": 5, "seis": 6, "dez": 10},
}
"""Articles among them (`ein`, `un`) count only beside a comparator."""
_DIGITS = (
    r"\d{1,3}(?:[,.'\u2019\u00a0\u202f ]\d{3}){1,3}(?![\d])(?:[.,]\d{1,2}(?!\d))?|\d{1,12}(?:[.,]\d{1,6})?"
)
_NUMBER = re.compile(rf"(?:(?<![\w.,/#@^])|(?<=\d[x\u00d7]))(?:{_DIGITS})", re.IGNORECASE)
_ENGLISH = "|".join((*_ONES, *_TENS))
_SPELLED = re.compile(
    rf"(?<![\w-])(?:half a dozen|(?:(?:an?|one|three) quarters?|(?<=every )quarter)(?= of an? )|half "
    rf"(?:an?|of an?)(?= )|an? "
    rf"(?:hundred|thousand|dozen|million)(?![\w-])|"
    rf"(?:{_ENGLISH}|hundred|dozen)(?:(?:(?: |-)|(?<=hundred) and |(?<=thousand) and )(?:{_ENGLISH}|"
    rf"hundred|thousand|"
    rf"million|dozen)(?![\w-])| and a half(?![\w-])){{0,5}}"
    r"(?![\w]))(?!-(?!(?:digit|character|letter|word|line|second|minute|hour|day|week|month|year)))",
    re.IGNORECASE,
)
_OF_A = re.compile(r" of an?(?= )", re.IGNORECASE)
_SINGLE = re.compile(r"(?<![\w-])an? single(?= )", re.IGNORECASE)
"""An article that counts beside a comparator."""
_FOREIGN = {
    name: re.compile(rf"(?<![\w-])(?:{'|'.join(table)})(?![\w-])", re.IGNORECASE)
    for name, table in _OTHERS.items()
}
_SUFFIXES = {
    "k": 1000,
    "thousand": 1000,
    "tsd": 1000,
    "million": 1_000_000,
    "m": 1_000_000,
    "dozen": 12,
    "hundred": 100,
}
_SCALED = re.compile(
    r" ?(?:(?P<short>k|m)(?=\b|[€$£])|(?P<long>thousand|million|dozen|hundred|tsd)\b)", re.IGNORECASE
)
_OVERAGE = re.compile(r"(?<![\w-])(?:over|under)-$", re.IGNORECASE)
_GROUP = 3
_HALF = Decimal("0.5")
_QUARTER = Decimal("0.25")
_HUNDRED = 100


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number in a text.

    Attributes:
        spelled: Whether it is written in words.
        article: Whether its word may as well be an article (`ein`, `un`).
    """

    value: Decimal
    start: int
    end: int
    spelled: bool = False
    article: bool = False


def numerals(text: str, language: str = "en") -> tuple[Numeral, ...]:
    """All numbers of a text, in order; none that are part of a word, a version or an address."""
    found = [*_digits(text, language), *_words(text, language)]
    found.sort(key=lambda one: one.start)
    kept: list[Numeral] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return tuple(kept)


def _digits(text: str, language: str) -> Iterator[Numeral]:
    for match in _NUMBER.finditer(text):
        start, end, raw = match.start(), match.end(), match.group()
        coded = start and text[start - 1] == "-" and text[start - 2 : start - 1].isalpha()
        if coded and not _OVERAGE.search(text, max(0, start - 7), start):
            continue  # XD-194
        if re.match(r"[.,:/]?\d|[.,]?\d*[.]\d|[-\u2011][A-Z]{2,}|/\d", text[end : end + 8]):
            continue  # 4.1.3, 24/7
        negative = text[start - 1 : start] in {"-", "\u2212"} and text[start - 2 : start - 1] in {
            "",
            " ",
            "(",
        }
        value = _value(raw, language) * (-1 if negative else 1)
        start -= negative
        if scaled := _SCALED.match(text, end):
            many = _SUFFIXES[(scaled["short"] or scaled["long"]).lower()]
            if (
                scaled["long"]
                or (many == _SUFFIXES["k"] and not raw.startswith("0"))
                or _is_amount(text, start, scaled.end())
            ):
                value, end = _whole(value * many), scaled.end()
        yield Numeral(value, start, end)


def _whole(value: Decimal) -> Decimal:
    """`1500000` instead of `1500000.0`."""
    return value.to_integral() if value == value.to_integral() else value


def _is_amount(text: str, start: int, end: int) -> bool:
    """Whether `2m` stands beside a currency, so that it isn't two metres."""
    beside = text[max(0, start - 4) : start] + text[end : end + 4]
    return any(mark in beside for mark in ("EUR", "USD", "GBP", "CHF", "€", "$", "£"))


def _value(raw: str, language: str) -> Decimal:
    plain = re.sub(r"['\u2019\u00a0\u202f ]", "", raw)
    comma, point = plain.rfind(","), plain.rfind(".")
    if comma >= 0 and point >= 0:
        thousands = "," if comma < point else "."
        return Decimal(plain.replace(thousands, "").replace(",", "."))
    mark = "," if comma >= 0 else "."
    at = max(comma, point)
    if at < 0:
        return Decimal(plain)
    grouped = len(plain) - at - 1 == _GROUP and plain[0] != "0"
    english = language in {"en", ""}
    if grouped and (plain.count(mark) > 1 or (mark == ",") == english):
        return Decimal(plain.replace(mark, ""))
    if plain.count(mark) > 1:
        return Decimal(plain.replace(mark, ""))
    return Decimal(plain.replace(",", "."))


def _words(text: str, language: str) -> Iterator[Numeral]:
    for match in _SPELLED.finditer(text):
        if text[match.start() - 1 : match.start()] == "'":
            continue
        phrase = match.group().lower()
        of = _OF_A.match(text, match.end()) if "quarter" in phrase else None
        yield Numeral(_spelled(phrase), match.start(), of.end() if of else match.end(), spelled=True)
    for match in _SINGLE.finditer(text):
        yield Numeral(Decimal(1), match.start(), match.end(), spelled=True, article=True)
    if language in _FOREIGN:
        for match in _FOREIGN[language].finditer(text):
            value = _OTHERS[language][match.group().lower()]
            yield Numeral(Decimal(value), match.start(), match.end(), spelled=True, article=value == 1)


def _spelled(phrase: str) -> Decimal:
    if "quarter" in phrase:
        return _QUARTER * (_ONES["three"] if phrase.startswith("three") else 1)
    if phrase.startswith("half"):
        return _whole(_HALF * _SCALES["dozen"]) if phrase.endswith("dozen") else _HALF
    total = current = Decimal(0)
    for word in re.split(r"[ -]", phrase.replace("a half", "half")):
        if word in _ONES or word in _TENS:
            current += _ONES.get(word, _TENS.get(word, 0))
        elif word == "half":
            current += _HALF
        elif word in _SCALES:
            scaled = max(current, Decimal(1)) * _SCALES[word]
            if _SCALES[word] > _HUNDRED:
                total, current = total + scaled, Decimal(0)
            else:
                current = scaled
    return total + current
